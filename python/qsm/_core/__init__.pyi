from inspect import Signature
from typing import Any

import numpy as np

version: tuple[int, int, int]
compiler: str

class InvalidType(TypeError, ValueError): ...

class Function:
    __name__: str
    __qualname__: str
    @property
    def __signature__(self) -> Signature: ...
    @property
    def ufunc(self) -> np.ufunc | None: ...
    def __call__(self, *args: Any, **keywords: Any) -> Any: ...

class Model:
    parameters: tuple[str, ...]
    properties: tuple[str, ...]
    def inputs(self) -> tuple[Any, ...]: ...
