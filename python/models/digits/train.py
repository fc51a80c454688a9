"""Trains the `digits` model and writes digits.safetensors.

    cd python && python -m models.digits.train

needs the packages of requirements-train.txt and a few minutes on one core. The result is a function
of the seed: two runs with the same versions on the same kind of CPU give the same file.

Protocol. The scans are split once (data.py): 1,157 for training, 180 for validation, 460 held out.
Weights are averaged exponentially while they are trained; after each epoch of the last part of the
schedule the average is scored on the validation images, and the average with the smallest
validation loss is kept. The held-out images are looked at once, after that file has been written,
and with the float64 reference. `--skip-held-out` leaves this out; use it to try settings.
"""

import copy
import math
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

from bench import flops
from command_line import Parser, run_command
from models.digits import data, reference

LATENTS = "embeddings.latents"
QUERY = "decoder.output_position_encodings.position_embeddings"

BETAS = (0.9, 0.98)
GRADIENT_CLIP = 1.0


def parse_arguments():
    """Return the command line's settings."""
    parser = Parser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=7, help="of weights, order and augmentation")
    parser.add_argument("--split-seed", type=int, default=data.DEFAULT_SEED)
    parser.add_argument("--epochs", type=int, default=300)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--weight-decay", type=float, default=0.1)
    parser.add_argument("--label-smoothing", type=float, default=0.05)
    parser.add_argument("--average-decay", type=float, default=0.995)
    parser.add_argument("--select-from", type=float, default=0.5, help="share of the schedule")
    parser.add_argument("--skip-held-out", action="store_true")
    parser.add_argument("--output", type=Path, default=reference.WEIGHTS)
    return parser.parse_args()


def initial_parameters(generator):
    """Return {name: tensor}: tables of std 0.02, linears of variance 1/fan-in, zero biases."""
    parameters = {}
    for name, shape in reference.parameter_shapes().items():
        if name in (LATENTS, QUERY):
            std = 0.02
        elif len(shape) == 2:
            std = shape[1] ** -0.5
        else:
            is_scale = "layernorm" in name and name.endswith(".weight")
            parameters[name] = torch.full(shape, float(is_scale))
            continue
        values = torch.empty(shape)
        torch.nn.init.trunc_normal_(values, 0.0, std, -2 * std, 2 * std, generator=generator)
        parameters[name] = values
    return parameters


def layer_norm(parameters, prefix, x):
    """LayerNorm with the parameters under `prefix`."""
    weight, bias = parameters[f"{prefix}.weight"], parameters[f"{prefix}.bias"]
    return F.layer_norm(x, weight.shape, weight, bias)


def linear(parameters, prefix, x):
    """Linear layer with the parameters under `prefix`."""
    return F.linear(x, parameters[f"{prefix}.weight"], parameters[f"{prefix}.bias"])


def block(parameters, prefix, query, kv, heads):
    """Pre-norm attention with query residual and MLP; self-attention where `kv` is None."""
    attention = f"{prefix}.attention.self"
    normed_query = layer_norm(parameters, f"{attention}.layernorm1", query)
    if kv is None:
        normed_kv = normed_query
    else:
        normed_kv = layer_norm(parameters, f"{attention}.layernorm2", kv)
    q, k, v = (
        linear(parameters, f"{attention}.{name}", x).unflatten(-1, (heads, -1)).transpose(1, 2)
        for name, x in (("query", normed_query), ("key", normed_kv), ("value", normed_kv))
    )
    weights = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]), dim=-1)
    merged = (weights @ v).transpose(1, 2).flatten(-2)
    x = query + linear(parameters, f"{prefix}.attention.output.dense", merged)
    normed = layer_norm(parameters, f"{prefix}.layernorm", x)
    hidden = F.gelu(linear(parameters, f"{prefix}.mlp.dense1", normed))
    return x + linear(parameters, f"{prefix}.mlp.dense2", hidden)


def forward(parameters, positions, inputs):
    """The differentiable twin of reference.forward."""
    batch = len(inputs)
    tokens = torch.cat([inputs.reshape(batch, -1, 1), positions.expand(batch, -1, -1)], dim=-1)
    latents = parameters[LATENTS].expand(batch, -1, -1)
    latents = block(parameters, "encoder.cross_attention", latents, tokens, 1)
    config = reference.CONFIG
    for _ in range(config.num_blocks):
        for index in range(config.num_self_attends_per_block):
            prefix = f"encoder.self_attends.{index}"
            latents = block(parameters, prefix, latents, None, config.num_self_attention_heads)
    query = parameters[QUERY].expand(batch, -1, -1)
    decoded = block(parameters, "decoder.decoding_cross_attention", query, latents, 1)
    return linear(parameters, "decoder.final_layer", decoded)[:, 0]


def augment(inputs, generator):
    """Return `inputs` [B,8,8,1] randomly rotated, sheared, scaled, shifted and made noisy."""
    batch = len(inputs)

    def uniform(bound):
        return (2 * torch.rand(batch, generator=generator) - 1) * bound

    angle, shear = uniform(0.2), uniform(0.15)
    scale_x, scale_y = 1 + uniform(0.12), 1 + uniform(0.12)
    shift_x, shift_y = uniform(0.25), uniform(0.25)  # 0.25 is one of the eight pixels
    cos, sin = torch.cos(angle), torch.sin(angle)
    rows = [
        torch.stack([scale_x * cos, -sin + shear, shift_x], dim=-1),
        torch.stack([sin, scale_y * cos, shift_y], dim=-1),
    ]
    grid = F.affine_grid(torch.stack(rows, dim=1), (batch, 1, 8, 8), align_corners=False)
    moved = F.grid_sample(inputs.permute(0, 3, 1, 2), grid, align_corners=False)
    contrast = 1 + uniform(0.15).reshape(-1, 1, 1, 1)
    noise = 0.04 * torch.randn(moved.shape, generator=generator)
    return (moved * contrast + noise).clamp(0, 1).permute(0, 2, 3, 1)


def train(settings, train_split, validation_split):
    """Return the averaged parameters with the smallest validation loss."""
    generator = torch.Generator().manual_seed(settings.seed)
    parameters = {
        name: values.requires_grad_() for name, values in initial_parameters(generator).items()
    }
    average = {name: values.detach().clone() for name, values in parameters.items()}
    positions = torch.from_numpy(reference.fourier_positions()).float()
    inputs, labels = map(torch.from_numpy, train_split[:2])
    validation_inputs, validation_labels = map(torch.from_numpy, validation_split[:2])

    is_matrix = {name: values.ndim == 2 for name, values in parameters.items()}
    groups = [
        {
            "params": [values for name, values in parameters.items() if is_matrix[name] == decayed],
            "weight_decay": settings.weight_decay if decayed else 0.0,
        }
        for decayed in (True, False)
    ]
    steps_per_epoch = len(inputs) // settings.batch_size
    total_steps = settings.epochs * steps_per_epoch
    optimizer = torch.optim.AdamW(groups, lr=settings.learning_rate, betas=BETAS)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.learning_rate, total_steps, pct_start=0.1, cycle_momentum=False
    )

    smoothed = torch.nn.CrossEntropyLoss(label_smoothing=settings.label_smoothing)
    best_loss, best = math.inf, None
    start = time.monotonic()
    for epoch in range(1, settings.epochs + 1):
        order = torch.randperm(len(inputs), generator=generator)
        for step in range(steps_per_epoch):
            rows = order[step * settings.batch_size : (step + 1) * settings.batch_size]
            logits = forward(parameters, positions, augment(inputs[rows], generator))
            loss = smoothed(logits, labels[rows])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters.values(), GRADIENT_CLIP)
            optimizer.step()
            schedule.step()
            with torch.no_grad():
                for name, values in parameters.items():
                    average[name].lerp_(values, 1 - settings.average_decay)

        with torch.no_grad():
            logits = forward(average, positions, validation_inputs)
            validation_loss = smoothed(logits, validation_labels).item()
        if epoch >= settings.select_from * settings.epochs and validation_loss < best_loss:
            best_loss, best = validation_loss, copy.deepcopy(average)
        if epoch % 20 == 0 or epoch == settings.epochs:
            correct = (logits.argmax(dim=-1) == validation_labels).float().mean().item()
            print(
                f"epoch {epoch:4}  loss {loss.item():.4f}  validation loss {validation_loss:.4f}"
                f"  accuracy {100 * correct:.2f} %  {time.monotonic() - start:.0f} s",
                flush=True,
            )
    print(f"smallest validation loss {best_loss:.4f}")
    return best


def main():
    """Train, write the weights, print accuracies."""
    settings = parse_arguments()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)

    train_split, validation_split, held_out = data.load_split(seed=settings.split_seed)
    best = train(settings, train_split, validation_split)
    save_file({name: best[name] for name in reference.parameter_shapes()}, settings.output)

    parameters = reference.load_parameters(settings.output)
    count = sum(values.size for values in parameters.values())
    print(f"{count:,} parameters, {flops.digits() / 1e6:.3f} MFLOP per image")
    scored = {"train": train_split, "validation": validation_split}
    if not settings.skip_held_out:
        scored["held-out"] = held_out
    for name, split in scored.items():
        value = reference.accuracy(parameters, split.inputs, split.labels)
        wrong = round(len(split.labels) * (1 - value))
        print(f"{name}: {100 * value:.2f} % ({wrong} of {len(split.labels)} wrong)")


if __name__ == "__main__":
    run_command(main)
