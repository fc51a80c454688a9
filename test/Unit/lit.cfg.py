"""The GoogleTests of the build folder, each test case by itself."""

import os
import sysconfig

import lit.formats

config.name = "Perceiver-Unit"
config.test_format = lit.formats.GoogleTest(".", "Tests")
config.suffixes = []
config.test_source_root = os.path.join(config.perceiver_obj_root, "test", "Unit")
config.test_exec_root = config.test_source_root

# NVIDIA's assembler, as in test/lit.cfg.py.
cuda = os.path.join(sysconfig.get_path("purelib"), "nvidia", "cu13")
config.environment["PATH"] = os.pathsep.join(
    [os.path.join(cuda, "bin"), config.environment["PATH"]]
)
