"""Compute the expected numbers of execution tests with the float64 reference.

usage: generate.py [--check] FILE.mlir...

A comment `// %e = EXPRESSION` before `%e = arith.constant` says what the constant is, in Python:
NumPy is `np`, everything of python/reference is known by its name, and so is each value of the
test or checkpoint that `check.generate` or a constant without such a comment defines (%x as x).
`tensor(KEY)` is the tensor of the checkpoint with that key, `block(PREFIX, ..)` a block whose
tensors are named PREFIX.query.weight and so on, as `weights @PREFIX` binds them. Comments
`// >>> STATEMENT` are executed where they stand. Without --check the constants are rewritten (or
inserted) in place; with it, files whose numbers differ are reported, and the exit status is 1.
"""

import argparse
import re
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))
import reference  # noqa: E402

TYPE = r"tensor<((?:\d+x)*)(\w+)>"
GENERATE = re.compile(
    rf'\s*%(\w+) = check\.generate "([^"]*)"(?: scale = (\S+))?(?: offset = (\S+))? : {TYPE}'
)
CONSTANT = re.compile(rf"(\s*)%(\w+) = arith\.constant dense<(.*)> : {TYPE}")
TENSOR = re.compile(r'\s*check\.tensor "([^"]*)", %(\w+)')
FORMULA = re.compile(r"(\s*)// %(\w+) = (.*)")
STATEMENT = re.compile(r"\s*// >>> ?(.*)")


def shape_of(text):
    return tuple(int(size) for size in text.split("x")[:-1])


def generated(key, scale, offset, shape, element):
    """What check.generate gives (test/lib/Check/CheckOps.td)."""
    values = reference.deterministic_values(key, shape)
    values = float(offset or 0.0) + float(scale or 1.0) * values
    if element == "i1":
        return values >= 0
    if element.startswith("i"):
        return np.floor(values).astype(np.int64)
    return values.astype(np.float32 if element == "f32" else np.float64).astype(np.float64)


class Checkpoint(dict):
    """The tensors by key, and what the reference makes of them."""

    def norm(self, prefix):
        return reference.NormParameters(self[prefix + ".weight"], self[prefix + ".bias"])

    def linear(self, prefix):
        return reference.LinearParameters(self[prefix + ".weight"], self.get(prefix + ".bias"))

    def block(self, prefix, heads, activation=None):
        """A block; one with a norm of its inputs is a cross block."""
        roles = ("query", "key", "value", "output")
        attention = reference.AttentionParameters(
            *(self.linear(f"{prefix}.{role}") for role in roles), heads
        )
        mlp = norm_mlp = None
        if activation:
            up, down = (self.linear(f"{prefix}.{role}") for role in ("mlp_in", "mlp_out"))
            mlp = reference.MlpParameters(up, down, activation)
            norm_mlp = self.norm(prefix + ".mlp_norm")
        norms = [self.norm(prefix + ".q_norm")]
        if f"{prefix}.kv_norm.weight" not in self:
            return reference.SelfBlockParameters(*norms, attention, norm_mlp, mlp)
        norms.append(self.norm(prefix + ".kv_norm"))
        return reference.CrossBlockParameters(*norms, attention, norm_mlp, mlp)


def parse_constant(text, shape, element):
    if element == "i1":
        text = text.replace("true", "True").replace("false", "False")
    elif "0x" in text:  # NaN or infinity
        return None
    dtype = {"i1": bool, "f32": np.float64, "f64": np.float64}.get(element, np.int64)
    return np.broadcast_to(np.asarray(eval(text, {}), dtype), shape)


def format_number(value):
    if not np.isfinite(value):
        return {"inf": "0x7F800000", "-inf": "0xFF800000"}.get(str(value), "0x7FC00000")
    text = f"{np.float32(value):.9g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        return (mantissa if "." in mantissa else mantissa + ".0") + "e" + exponent
    return text if "." in text else text + ".0"


def format_constant(indent, name, value):
    def nest(part):
        if part.ndim == 0:
            return format_number(float(part))
        return "[" + ", ".join(nest(row) for row in part) + "]"

    shape = "x".join(map(str, value.shape)) + "x" if value.ndim else ""
    return f"{indent}%{name} = arith.constant dense<{nest(value)}> : tensor<{shape}f32>"


def numbers_of(line):
    text = re.search(r"dense<(.*)>", line)[1]
    special = {"0x7F800000": "inf", "0xFF800000": "-inf", "0x7FC00000": "nan"}
    for spelling, word in special.items():
        text = text.replace(spelling, word)
    return np.array([float(n) for n in re.findall(r"[-+.\w]+", text.split("> :")[0])])


def agree(old, new):
    if old.split(" : ")[-1] != new.split(" : ")[-1]:
        return False
    old, new = numbers_of(old), numbers_of(new)
    return old.shape == new.shape and np.allclose(old, new, rtol=1e-6, atol=1e-7, equal_nan=True)


def regenerate(path):
    """Return the file's lines with new constants, and the old ones that differ."""
    known = {name: getattr(reference, name) for name in reference.__all__}
    tensors = Checkpoint()
    known.update(np=np, tensor=tensors.__getitem__, block=tensors.block, linear_of=tensors.linear)
    values, lines, differing = {}, [], []
    source = path.read_text().splitlines()
    skipped = None
    for number, line in enumerate(source):
        if number == skipped:
            continue
        lines.append(line)
        if re.match(r"\s*check\.(test|checkpoint)", line):
            values = dict(known)
        elif match := GENERATE.match(line):
            name, key, scale, offset, sizes, element = match.groups()
            values[name] = generated(key, scale, offset, shape_of(sizes), element)
        elif match := TENSOR.match(line):
            tensors[match[1]] = values[match[2]]
        elif match := CONSTANT.match(line):
            values[match[2]] = parse_constant(match[3], shape_of(match[4]), match[5])
        elif match := STATEMENT.match(line):
            exec(match[1], values)
        elif match := FORMULA.match(line):
            indent, name, expression = match.groups()
            value = np.asarray(eval(expression, values))
            values[name] = value
            new = format_constant(indent, name, value)
            old = source[number + 1]
            if re.match(rf"\s*%{name} = arith\.constant", old):
                skipped = number + 1
            if skipped == number + 1 and agree(old, new):
                lines.append(old)
                continue
            lines.append(new)
            differing.append(f"{path}:{number + 2}: expected {new.strip()}, but got {old.strip()}")
    return lines, differing


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="report what differs, change nothing")
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE.mlir")
    arguments = parser.parse_args()
    failed = False
    for path in arguments.paths:
        lines, differing = regenerate(path)
        if differing and arguments.check:
            failed = True
            print("\n".join(differing))
        elif differing:
            path.write_text("\n".join(lines) + "\n")
    return failed


if __name__ == "__main__":
    sys.exit(main())
