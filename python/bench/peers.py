"""The other systems. Runs in .venv-peers; float32 everywhere, one number of threads for all.

A job's `results` are the names of what is computed, in the order of ours.
"""

import numpy as np
from safetensors.numpy import load_file

from bench.configurations import PERCEIVER
from bench.lines import ATTENTIONS, LUCIDRAINS
from bench.torch_perceiver import make_perceiver
from bench.torch_threads import import_torch
from bench.transformers_peer import SaveTransformers, make_transformers


def _attention(torch, sizes, use_sdpa: bool):
    """Attention as users write it: split heads, attend, join heads."""

    class Attention(torch.nn.Module):
        def forward(self, query, key, value):
            q, k, v = (
                x.unflatten(-1, (sizes.heads, -1)).transpose(1, 2) for x in (query, key, value)
            )
            if use_sdpa:
                attended = torch.nn.functional.scaled_dot_product_attention(q, k, v)
            else:
                scores = q @ k.transpose(-1, -2) * sizes.qk_width**-0.5
                attended = scores.softmax(-1) @ v
            return attended.transpose(1, 2).flatten(-2)

    return Attention()


def _lucidrains(torch, weights: str):
    """The model of perceiver-pytorch with its default sizes."""
    from perceiver_pytorch import Perceiver
    from safetensors.torch import load_file as load_torch

    model = Perceiver(input_channels=3, input_axis=2, weight_tie_layers=False,
                      fourier_encode_data=True, self_per_cross_attn=1, **PERCEIVER)  # fmt: skip
    model.load_state_dict(load_torch(weights), strict=True)
    return model


def input_names(job: dict) -> list[str]:
    """Return the names of a job's inputs in the order in which models get them."""
    if job["model"] in ATTENTIONS:
        return ["query", "key", "value"]
    return sorted(load_file(job["inputs"]))


def build_model(torch, job: dict, use_sdpa: bool = True):
    """Return a job's model as a torch module of the inputs by input_names."""
    if job["model"] in ATTENTIONS:
        return _attention(torch, ATTENTIONS[job["model"]], use_sdpa).eval()
    if "class" in job:
        return make_transformers(torch, job, input_names(job)).eval()
    if job["model"] == LUCIDRAINS:
        return _lucidrains(torch, job["weights"]).eval()
    if "perceiver" in job:
        from safetensors.torch import load_file as load_torch

        return make_perceiver(torch, job["perceiver"], load_torch(job["weights"])).eval()
    raise ValueError(f"no torch model of {job['model']}")


def _by_name(job: dict, arrays) -> dict[str, np.ndarray]:
    return dict(zip(job["results"], arrays, strict=True))


class Torch:
    """torch eager; attention alone by scaled_dot_product_attention."""

    use_sdpa = True
    compile = False

    def __init__(self, job: dict) -> None:
        self.job = job

    def prepare(self) -> None:
        """Build the model with the job's weights and read its inputs."""
        torch = import_torch(self.job["threads"])
        self.model = build_model(torch, self.job, self.use_sdpa)
        if self.compile:
            self.model = torch.compile(self.model)
        inputs = load_file(self.job["inputs"])
        self.inputs = [torch.from_numpy(inputs[name]) for name in input_names(self.job)]

    def run(self) -> None:
        """Compute the outputs once."""
        self.output = self.model(*self.inputs)

    def result(self) -> dict[str, np.ndarray]:
        """What the last run computed."""
        outputs = self.output if isinstance(self.output, tuple) else (self.output,)
        return _by_name(self.job, (each.numpy() for each in outputs))


class TorchCompile(Torch):
    """torch.compile, which compiles in the first run."""

    compile = True


class TorchMatmul(Torch):
    """Attention alone as products of matrices and a softmax."""

    use_sdpa = False


class Export(Torch):
    """Writes the ONNX file that the next two read. Attention as products: what exporters get."""

    use_sdpa = False

    def run(self) -> None:
        import torch

        super().run()
        torch.onnx.export(
            self.model, tuple(self.inputs), self.job["onnx"], input_names=input_names(self.job),
            output_names=self.job["results"], dynamo=True, external_data=False,
        )  # fmt: skip


class _Onnx:
    def __init__(self, job: dict) -> None:
        self.job = job

    def inputs(self) -> dict[str, np.ndarray]:
        return load_file(self.job["inputs"])


class OnnxRuntime(_Onnx):
    """ONNX Runtime's CPU provider, all optimisations."""

    def prepare(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.job["threads"]
        options.inter_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        self.session = onnxruntime.InferenceSession(
            self.job["onnx"], options, providers=["CPUExecutionProvider"]
        )
        self.feed = self.inputs()

    def run(self) -> None:
        self.output = self.session.run(None, self.feed)

    def result(self) -> dict[str, np.ndarray]:
        return _by_name(self.job, self.output)


class OpenVino(_Onnx):
    """OpenVINO's CPU plugin; without the hint it computes in bf16 where the machine has AMX."""

    def prepare(self) -> None:
        import openvino

        core = openvino.Core()
        compiled = core.compile_model(self.job["onnx"], "CPU", {
            "INFERENCE_PRECISION_HINT": "f32",
            "INFERENCE_NUM_THREADS": self.job["threads"],
            "NUM_STREAMS": 1,
            "PERFORMANCE_HINT": "LATENCY",
        })  # fmt: skip
        self.request = compiled.create_infer_request()
        for name, array in self.inputs().items():
            self.request.set_tensor(name, openvino.Tensor(array))

    def run(self) -> None:
        self.request.infer()

    def result(self) -> dict[str, np.ndarray]:
        count = len(self.job["results"])
        tensors = (self.request.get_output_tensor(number) for number in range(count))
        return _by_name(self.job, (tensor.data.copy() for tensor in tensors))


SYSTEMS = {
    "torch": Torch,
    "torch-sdpa": Torch,
    "torch-matmul": TorchMatmul,
    "torch.compile": TorchCompile,
    "onnxruntime": OnnxRuntime,
    "openvino": OpenVino,
    "export": Export,
    "transformers": Torch,
    "save": SaveTransformers,
}
