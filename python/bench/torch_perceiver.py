"""The Perceiver that reads its inputs again and again, in torch: no library has it at the sizes of
the paper. Runs in .venv-peers.

Perceiver (arXiv 2103.03206), section 3.1, with the names of tensors that
python/models/paper_systems writes.
"""

import numpy as np


def positions(side: int, bands: int) -> np.ndarray:
    """Return Fourier features [side * side, 2 + 4 * bands] of a square grid: positions in [-1, 1],
    sines and cosines of frequencies from 1 to side / 2, in float32 throughout.
    """
    fraction = np.arange(side, dtype=np.float32) / np.float32(side - 1)
    axis = -1 * (1 - fraction) + fraction
    steps = np.arange(bands, dtype=np.float32) / np.float32(bands - 1)
    frequencies = (1 - steps) + np.float32(side / 2) * steps
    grid = np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)
    angles = (grid[:, :, None] * frequencies * np.float32(np.pi)).reshape(len(grid), -1)
    return np.concatenate([grid, np.sin(angles), np.cos(angles)], 1)


def make_perceiver(torch, sizes: dict[str, int], tensors: dict):
    """Return the module: image [batch, side, side, 3] -> logits. `sizes` are `reads` of the image,
    each before so many `layers` of `heads` heads, and `side` and `bands` of positions; `tensors`
    are by name. The first read has weights of its own, the others share theirs.
    """
    functional = torch.nn.functional

    class Block(torch.nn.Module):
        """Attention and a two-layer MLP, both behind norms and with residuals."""

        def __init__(self, scope: str, heads: int):
            super().__init__()
            self.heads = heads
            self.is_cross = f"{scope}.kv_norm.weight" in tensors
            for name, tensor in tensors.items():
                if name.startswith(f"{scope}."):
                    self.register_buffer(name[len(scope) + 1 :].replace(".", "_"), tensor)

        def linear(self, x, name):
            return functional.linear(
                x, getattr(self, f"{name}_weight"), getattr(self, f"{name}_bias")
            )

        def norm(self, x, name):
            weight, bias = getattr(self, f"{name}_weight"), getattr(self, f"{name}_bias")
            return functional.layer_norm(x, weight.shape, weight, bias)

        def split(self, x):
            return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        def forward(self, latents, inputs):
            x = self.norm(latents, "q_norm")
            keys = self.norm(inputs, "kv_norm") if self.is_cross else x
            q, k, v = (
                self.split(self.linear(source, name))
                for source, name in ((x, "query"), (keys, "key"), (keys, "value"))
            )
            attended = functional.scaled_dot_product_attention(q, k, v)
            latents = latents + self.linear(attended.transpose(1, 2).flatten(-2), "output")
            hidden = self.linear(self.norm(latents, "mlp_norm"), "mlp_in")
            return latents + self.linear(functional.gelu(hidden, approximate="tanh"), "mlp_out")

    class Perceiver(torch.nn.Module):
        """All of it."""

        def __init__(self):
            super().__init__()
            self.first = Block("cross_attention_1", 1)
            self.other = Block("cross_attention_2", 1)
            self.layers = torch.nn.ModuleList(
                Block(f"latent_transformer.{i}", sizes["heads"]) for i in range(sizes["layers"])
            )
            self.register_buffer("latents", tensors["latents"])
            self.register_buffer("final_weight", tensors["final.weight"])
            self.register_buffer("final_bias", tensors["final.bias"])
            table = torch.from_numpy(positions(sizes["side"], sizes["bands"]))
            self.register_buffer("positions", table)

        def forward(self, image):
            pixels = image.flatten(1, 2)
            table = self.positions.expand(len(pixels), -1, -1)
            inputs = torch.cat([pixels, table], -1)
            latents = self.latents.expand(len(pixels), -1, -1)
            for number in range(sizes["reads"]):
                latents = (self.other if number else self.first)(latents, inputs)
                for layer in self.layers:
                    latents = layer(latents, latents)
            return functional.linear(latents.mean(1), self.final_weight, self.final_bias)

    return Perceiver()
