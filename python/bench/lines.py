"""What is measured: one Line for each line of the table."""

from dataclasses import dataclass

from bench import flops

PEERS = ("torch", "torch.compile", "onnxruntime", "openvino")
#: The library whose checkpoints are imported.
LIBRARY = "transformers"
#: A peer that is ours, with static sizes.
STATIC = "static"
ATTENTION_PEERS = ("torch-sdpa", "torch-matmul", "onnxruntime", "openvino")


@dataclass(frozen=True)
class Line:
    """`kind` says how it is measured: see measure.py."""

    name: str
    title: str
    kind: str  # "run", "perceiver-run", "memory" or "compile"
    model: str
    flop: int = 0
    entry: str = "run"
    peers: tuple[str, ...] = ()
    threads: int | None = None  # None: what the user asked for
    most_rounds: int | None = None
    # Entries of ours that together are a run, so many times each; of a peer as many runs.
    parts: tuple[tuple[str, int], ...] = ()
    peer_runs: int = 1
    # Times that many bounds and ms more: what to reach, and what to reach at least.
    aim: tuple[float, float] | None = None
    floor: tuple[float, float] | None = None
    goal: str = ""  # the same in words, where it is not a time that follows from the bound

    @property
    def does_run(self) -> bool:
        """Whether its times are those of runs of one entry."""
        return self.kind in ("run", "perceiver-run") and not self.parts


@dataclass(frozen=True)
class Attention:
    """The sizes of an attention alone; widths are those of one head."""

    heads: int
    queries: int
    keys: int
    qk_width: int
    v_width: int

    @property
    def flop(self) -> int:
        """FLOPs of one run."""
        return flops.attention(self.heads, self.queries, self.keys, self.qk_width, self.v_width)

    @property
    def shapes(self) -> dict[str, tuple[int, int, int]]:
        """The inputs' shapes by name."""
        return {
            "query": (1, self.queries, self.heads * self.qk_width),
            "key": (1, self.keys, self.heads * self.qk_width),
            "value": (1, self.keys, self.heads * self.v_width),
        }


ATTENTIONS = {
    "attention-cross": Attention(1, 512, 50176, 261, 261),
    "attention-self": Attention(8, 512, 512, 128, 128),
    "attention-bytes": Attention(8, 256, 2048, 32, 160),
}
ATTENTION_GOALS = {
    "attention-cross": "of peak: floor 0.45, aim 0.62",
    "attention-self": "of peak: floor 0.45, aim 0.60",
    "attention-bytes": "of peak: floor 0.35, aim 0.50",
}

IMAGENET = "perceiver_io_imagenet_fourier"
LUCIDRAINS = "perceiver_lucidrains"


def _attention_title(a: Attention) -> str:
    width = f"d {a.qk_width}" if a.qk_width == a.v_width else f"d {a.qk_width} / {a.v_width}"
    return f"attention alone, {a.heads} x ({a.queries:,} x {a.keys:,}), {width}"


_ALL = [
    Line("latents-1", f"latent stack of {IMAGENET}, 1 thread", "run", IMAGENET,
         flops.imagenet_process(), entry="process", threads=1),
    Line("latents", f"latent stack of {IMAGENET}", "run", IMAGENET,
         flops.imagenet_process(), entry="process", goal="of peak: floor 0.62, aim 0.70"),
    Line("encode", f"`encode` of {IMAGENET}", "run", IMAGENET, flops.imagenet_encode(),
         entry="encode", peers=PEERS, goal="to the commit before rewrites: floor 0.25, aim 0.10"),
    Line("imagenet", f"{IMAGENET}, whole", "run", IMAGENET, flops.imagenet(), peers=PEERS,
         goal="ours / the fastest: floor 0.68, aim 0.55"),
    *(Line(name, _attention_title(sizes), "run", name, sizes.flop, peers=ATTENTION_PEERS,
           goal=ATTENTION_GOALS[name])
      for name, sizes in ATTENTIONS.items()),
    Line("memory", f"resident memory of {IMAGENET}", "memory", IMAGENET, peers=("torch",),
         most_rounds=1, goal="floor 450 MiB, aim 330 MiB"),
    Line("compile", f"compile and load {IMAGENET}", "compile", IMAGENET, most_rounds=3,
         goal="compile: floor 60 s and 4 GB, aim 20 s; load: floor 50 ms, aim 5 ms"),
    Line("digits", "digits, one image, 1 thread", "perceiver-run", "digits", flops.digits(),
         threads=1, aim=(2, 0.005), floor=(5, 0.02)),
    Line("lucidrains", f"{LUCIDRAINS}, whole", "run", LUCIDRAINS, flops.lucidrains(), peers=PEERS,
         goal="ours / the fastest: floor 0.35, aim 0.22"),
]  # fmt: skip
LINES = {line.name: line for line in _ALL}
