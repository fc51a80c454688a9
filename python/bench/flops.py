"""Dense FLOPs, whatever is executed: two for each multiply-add of a matrix product."""


def attention(heads: int, queries: int, keys: int, qk_width: int, v_width: int) -> int:
    """Scores and weighted sums, without projections; widths are those of one head."""
    return 2 * heads * queries * keys * (qk_width + v_width)


def block(
    queries: int, channels: int, keys: int, key_channels: int, qk: int, v: int, mlp: int
) -> int:
    """An attention with its four projections; `mlp` counts the multiply-adds of a row's MLP."""
    projections = queries * channels * qk + keys * key_channels * (qk + v) + queries * v * channels
    return 2 * (projections + queries * keys * (qk + v) + queries * mlp)


def plain_mlp(channels: int) -> int:
    """Two square layers."""
    return 2 * channels * channels


def gated_mlp(channels: int) -> int:
    """GEGLU: one layer to 8 times the width, of which half comes back from 4 times."""
    return 12 * channels * channels


def imagenet_process() -> int:
    """48 layers on 512 latents."""
    return 48 * block(512, 1024, 512, 1024, 1024, 1024, plain_mlp(1024))


def imagenet_encode() -> int:
    """The cross-attention of 512 latents to 50,176 pixels."""
    return block(512, 1024, 50176, 261, 261, 261, plain_mlp(1024))


def imagenet() -> int:
    """All of perceiver_io_imagenet_fourier."""
    decode = block(1, 1024, 512, 1024, 1024, 1024, plain_mlp(1024)) + 2 * 1024 * 1000
    return imagenet_encode() + imagenet_process() + decode


def lucidrains() -> int:
    """All of perceiver_lucidrains: six times a cross-attention and a self-attention."""
    cross = block(256, 512, 50176, 29, 64, 64, gated_mlp(512))
    latent = block(256, 512, 256, 512, 512, 512, gated_mlp(512))
    return 6 * (cross + latent) + 2 * 512 * 1000


def digits() -> int:
    """All of digits."""
    encode = block(16, 48, 64, 35, 35, 35, plain_mlp(48))
    layers = 8 * block(16, 48, 16, 48, 48, 48, plain_mlp(48))
    decode = block(1, 48, 16, 48, 48, 48, plain_mlp(48)) + 2 * 48 * 10
    return encode + layers + decode
