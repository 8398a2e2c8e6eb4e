"""What this installation is made of, and where C++ finds it."""

from __future__ import annotations

import platform
from pathlib import Path

import numpy as np

from qsm import _core
from qsm._core import core as _ground

__version__ = ".".join(map(str, _core.version))

_HERE = Path(__file__).resolve().parent


def get_include() -> str:
    """Folder to put on a C++ compiler's include path; compile with -DQSM_HEADER_ONLY."""
    return str(_HERE / "include")


def get_cmake_dir() -> str:
    """Folder to give to CMake as `qsm_DIR`, or through `CMAKE_PREFIX_PATH`."""
    return str(_HERE / "share" / "cmake" / "qsm")


def show_config() -> dict[str, str]:
    """Version, compiler, vector instructions in use and threads, as a table that prints; returned as a dict."""
    config = {
        "qsm": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "compiler": _core.compiler,
        "vector instructions": _ground.simd_level,
        "threads": str(_core.default_threads()),
        "headers": get_include(),
    }
    width = max(map(len, config))
    for key, value in config.items():
        print(f"{key:<{width}}  {value}")
    return config
