"""Kernels of linear layers."""

import math

import kernels
import numpy as np
from kernels import Operand

rng = np.random.default_rng(1)
suite = kernels.Suite()
erf = np.vectorize(math.erf)


def normal(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def gelu(x):
    return x * 0.5 * (1 + erf(x / math.sqrt(2)))


def gelu_tanh(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


ACTIVATIONS = {"none": lambda x: x, "gelu_erf": gelu, "gelu_tanh": gelu_tanh}


def linear(
    name,
    shape,
    terms,
    tile=(64, 64),
    activation="none",
    bias=True,
    residual=None,
    part=None,
    alignment=16,
    poison=False,
):
    """A layer with a result of `shape`, [N, C] or [B, N, C], in tasks of `tile`.

    `residual`: "own" memory, "result" in that of the result, "rows" without
    batch. `part`: the input is this slice of a wider array.
    """
    rows, columns = shape[:-1], shape[-1]
    gated = activation.startswith("gated")
    x = normal(*rows, part[2] if part else terms)
    if poison:
        x[...] = np.nan
    first = part[0] if part else 0
    x[..., first : first + terms] = normal(*rows, terms)
    w = normal(terms, 2, columns) if gated else normal(terms, columns)
    w /= math.sqrt(terms)
    lead = [0, 1][: len(rows)]
    column = len(rows)
    operands = {
        "x": Operand(
            x, [*lead, None], part=part and part[:2], dynamic=len(rows) == 2, alignment=alignment
        ),
        "w": Operand(w, [None] * (w.ndim - 1) + [column], alignment=alignment),
    }
    text = "block.linear ins({x}, {w} : {x:t}, {w:t})"
    y = np.einsum(
        "...k,kc->...c", x[..., first : first + terms].astype(np.float64), w.reshape(terms, -1)
    )
    if bias:
        b = normal(*w.shape[1:])
        operands["b"] = Operand(b, [None] * (b.ndim - 1) + [column])
        text += " bias({b} : {b:t})"
        y += b.reshape(-1)
    y = y[..., :columns] * gelu(y[..., columns:]) if gated else ACTIVATIONS[activation](y)
    result = np.zeros(shape, np.float32)
    if residual:
        r = normal(*(shape[1:] if residual == "rows" else shape))
        y = y + r
        if residual == "result":
            result = r
            text += " residual({y} : {y:t})"
        else:
            operands["r"] = Operand(r, [*lead, column][-r.ndim :], dynamic=r.ndim == 3)
            text += " residual({r} : {r:t})"
    operands["y"] = Operand(
        result,
        [*lead, column],
        output=True,
        dynamic=len(rows) == 2,
        initialised=residual == "result",
    )
    text += f" outs({{y}} : {{y:t}}) {{{{activation = #perceiver.activation<{activation}>"
    text += ", layout = #block.planes}}" if gated else "}}"
    loops = [rows[0]] if len(rows) == 2 else []
    loops += [(rows[-1], tile[0]), (columns, tile[1])]
    suite.add(name, text, loops, operands, {"y": y})


linear("square", (2, 64, 64), 64, residual="own")
linear("ragged", (3, 70, 100), 48, activation="gelu_erf", residual="rows")
linear("odd", (70, 67), 35, activation="gelu_tanh")
linear("odd_terms", (2, 33, 64), 261, residual="result")
linear("long", (64, 64), 1024 + 40, bias=False)
linear("longest", (33, 20), 5000)
linear("one_term", (65, 5), 1)
linear("part", (2, 40, 64), 48, part=(16, 48, 144), poison=True)
linear("unaligned", (64, 64), 64, alignment=4)
linear("gates", (2, 64, 64), 96, activation="gated(gelu_erf)", residual="own")
linear("gates_ragged", (70, 40), 50, activation="gated(gelu_erf)")
linear("gates_odd", (2, 20, 35), 33, tile=(32, 32), activation="gated(gelu_erf)", bias=False)
linear("high", (300, 64), 36, tile=(128, 64))
linear("wide", (64, 264), 40, tile=(64, 128), residual="result")
linear("large", (200, 300), 70, tile=(128, 128), activation="gelu_erf")
linear("low", (3, 16, 48), 48, tile=(16, 48))
linear("row", (3, 1, 100), 77, tile=(1, 64), residual="own")
linear("row_vectors", (2, 1, 256), 512, tile=(1, 128), activation="gelu_erf", residual="result")
linear("rows", (21, 35), 1041, tile=(8, 32), activation="gelu_tanh")
linear("rows_few_terms", (2, 3, 20), 5, tile=(8, 32), residual="rows")
linear("rows_gates", (2, 9, 64), 100, tile=(8, 32), activation="gated(gelu_erf)", residual="own")
linear("rows_part", (9, 2), 16, tile=(8, 32), part=(3, 16, 40), poison=True)
linear("several_tiles", (1, 300, 300), 20, tile=(300, 300))

# The shapes of latent layers, in the tiles that are chosen for them.
linear("latents", (64, 64), 1024, residual="own")
linear("latents_gates", (128, 32), 512, tile=(128, 32), activation="gated(gelu_erf)")
linear("inputs", (128, 128), 29, tile=(128, 128))

kernels.print_figures(suite.run(), ("latents", "latents_gates", "inputs"))
