"""qsm: quantitative systems mastery.

How long, how many, how likely, how much: every quantity as a model, a simulation and a measurement, side by side.
"""

from qsm import queueing
from qsm._config import __version__, get_cmake_dir, get_include, show_config
from qsm._core import InvalidType, Model
from qsm._estimate import Estimate

__all__ = [
    "Estimate",
    "InvalidType",
    "Model",
    "__version__",
    "get_cmake_dir",
    "get_include",
    "queueing",
    "show_config",
]
