"""Packages that only some functions need: asked for by name when they are missing."""

from __future__ import annotations

import importlib
from types import ModuleType

_EXTRA_OF = {
    "IPython": "notebook",
    "anywidget": "notebook",
    "ipykernel": "notebook",
    "ipywidgets": "notebook",
    "jupyter_client": "notebook",
    "jupyterlab": "notebook",
    "latex2mathml": "notebook",
    "matplotlib": "notebook",
    "nbclient": "notebook",
    "nbconvert": "notebook",
    "nbformat": "notebook",
    "traitlets": "notebook",
    "dask": "dask",
}


def need(module: str, what: str) -> ModuleType:
    """The module, or an ImportError that says what needs it and how to install it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        extra = _EXTRA_OF.get(package)
        command = f"pip install 'qsm[{extra}]'" if extra else f"pip install {package}"
        raise ImportError(f"{what} needs {package}, which is not installed: {command}") from error
