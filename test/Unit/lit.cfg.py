"""The GoogleTests of the build folder, each test case by itself."""

import os

import lit.formats

config.name = "Perceiver-Unit"
config.test_format = lit.formats.GoogleTest(".", "Tests")
config.suffixes = []
config.test_source_root = os.path.join(config.perceiver_obj_root, "test", "Unit")
config.test_exec_root = config.test_source_root
