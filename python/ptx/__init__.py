"""Kernels in PTX: run on the emulated device, and with faults that it has to notice."""

from .compiled_model import CompiledModel
from .device import Device, DriverError
from .harness import Fault, Report, Runner, Verdict, choose, choose_evenly, survey
from .model_device import open_model
from .model_survey import ModelSurvey
from .mutants import OPERATORS, Mutant, mutants
from .runner import KernelRunner

__all__ = [
    "OPERATORS",
    "CompiledModel",
    "Device",
    "DriverError",
    "Fault",
    "KernelRunner",
    "ModelSurvey",
    "Mutant",
    "Report",
    "Runner",
    "Verdict",
    "choose",
    "choose_evenly",
    "mutants",
    "open_model",
    "survey",
]
