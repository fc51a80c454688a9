"""The .mlir and .test suites. `ninja check-perceiver` runs them.

`lit -D roundtrip=1` makes every perceiver-opt also print, parse and compare
what it reads.
"""

import importlib.util
import os
import shutil
import sys
import sysconfig

import lit.formats
from lit.llvm import llvm_config
from lit.llvm.subst import ToolSubst

config.name = "Perceiver"
config.test_format = lit.formats.ShTest(not llvm_config.use_lit_shell)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Unit"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.perceiver_obj_root, "test")

config.substitutions.append(("%python", f'"{sys.executable}"'))
config.substitutions.append(("%perceiver_src_root", config.perceiver_src_root))
config.substitutions.append(("%{tools}", config.perceiver_tools_dir))
config.substitutions.append(("%{docs}", os.path.join(config.perceiver_obj_root, "docs")))
emulator = os.path.join(config.perceiver_obj_root, "lib", "libperceiver_cuda_emulator.so")
config.substitutions.append(("%{emulator}", emulator))
config.substitutions.append(("%{llvm_include}", config.llvm_include_dir))
config.substitutions.append(("%{llvm_tblgen}", os.path.join(config.llvm_tools_dir, "llvm-tblgen")))

cuda = os.path.join(sysconfig.get_path("purelib"), "nvidia", "cu13")
config.substitutions.append(("%{cuda_include}", os.path.join(cuda, "include")))

for folder in (config.llvm_tools_dir, os.path.join(cuda, "bin")):
    llvm_config.with_environment("PATH", folder, append_path=True)

roundtrip = lit_config.params.get("roundtrip", "0") == "1"
programs = [
    "perceiver-compile",
    "perceiver-run",
    "perceiver-inspect",
    "perceiver-list-operations",
    "perceiver-lsp-server",
    "perceiver-reduce",
    "perceiver-test-runner",
]
tools = [
    ToolSubst("perceiver-opt", extra_args=["--verify-roundtrip"] if roundtrip else []),
    *programs,
    "FileCheck",
    "count",
    "not",
    "split-file",
]
llvm_config.add_tool_substitutions(tools, [config.perceiver_tools_dir, config.llvm_tools_dir])

# What a build of some targets may lack.
inputs = ["bin/perceiver-opt", *(f"bin/{program}" for program in programs)]
inputs += ["docs/Passes", "lib/libperceiver_compiler.so", "lib/Runtime/libPerceiverRuntime.a"]
inputs += ["test/CAPI/PerceiverCompileInC"]
inputs += [f"test/Tools/models/{model}.so" for model in ("affine", "doubler")]
missing = [name for name in inputs if not os.path.exists(f"{config.perceiver_obj_root}/{name}")]
if missing:
    lit_config.warning(
        f"not built: {', '.join(missing)}; tests that need them fail, until "
        f"`ninja -C {config.perceiver_obj_root}` has built all"
    )

if not os.path.exists(os.path.join(cuda, "bin", "ptxas")):
    lit_config.warning(
        f"python/requirements-gpu.txt is not installed beside {sys.executable}; tests that "
        "need NVIDIA's tools fail; tools/check installs it in .venv"
    )

if "Address" in config.perceiver_sanitizer:
    config.available_features.add("asan")
if shutil.which("clang-format-22"):
    config.available_features.add("clang-format")
if importlib.util.find_spec("ruff"):
    config.available_features.add("ruff")
