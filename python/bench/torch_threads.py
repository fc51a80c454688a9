"""torch as all that is compared has it."""


def import_torch(threads: int):
    """Return torch, set up to compare with: float32 products, `threads` threads."""
    import torch

    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    torch.set_float32_matmul_precision("highest")
    torch.set_grad_enabled(False)
    return torch
