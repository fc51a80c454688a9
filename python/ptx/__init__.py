"""Kernels in PTX: run on the emulated device, and with faults that it has to notice."""

from .device import Device, DriverError
from .harness import Report, Runner, Verdict, choose, survey
from .model_runner import ModelRunner
from .mutants import OPERATORS, Mutant, mutants
from .runner import KernelRunner

__all__ = [
    "OPERATORS",
    "Device",
    "DriverError",
    "KernelRunner",
    "ModelRunner",
    "Mutant",
    "Report",
    "Runner",
    "Verdict",
    "choose",
    "mutants",
    "survey",
]
