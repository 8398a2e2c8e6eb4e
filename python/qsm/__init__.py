"""qsm: quantitative systems mastery.

How long, how many, how likely, how much: every quantity as a model, a simulation and a measurement, side by side.
"""

from qsm import (
    _model,  # models show themselves as tables
    balancing,
    core,
    datasets,
    hardware,
    kernels,
    latency,
    measure,
    policies,
    queueing,
    sharding,
    sketches,
    tools,
)
from qsm import _units as units
from qsm._config import __version__, get_cmake_dir, get_include, show_config
from qsm._core import InvalidType, Model
from qsm._sweep import Sweep, sweep
from qsm._table import Table
from qsm.core import *

__all__ = [
    "InvalidType",
    "Model",
    "Sweep",
    "Table",
    "__version__",
    "balancing",
    "core",
    "datasets",
    "get_cmake_dir",
    "get_include",
    "hardware",
    "kernels",
    "latency",
    "measure",
    "policies",
    "queueing",
    "sharding",
    "show_config",
    "sketches",
    "sweep",
    "tools",
    "units",
]
__all__ += core.__all__

for _room in (balancing, core, hardware, kernels, latency, measure, policies, queueing, sharding, sketches):
    vars(_room)["__dir__"] = _room.__all__.copy  # dir() shows what is public
del _model, _room
