from inspect import Signature
from typing import Any, final

import numpy as np
from typing_extensions import disjoint_base

version: tuple[int, int, int]
compiler: str

def default_threads() -> int: ...

class InvalidType(TypeError, ValueError): ...

@final
class Function:
    __name__: str
    __qualname__: str
    @property
    def __signature__(self) -> Signature: ...
    @property
    def ufunc(self) -> np.ufunc | None: ...
    def __call__(self, *args: Any, **keywords: Any) -> Any: ...

@final
class PlainFunction:
    __name__: str
    __qualname__: str
    @property
    def __signature__(self) -> Signature: ...
    def __call__(self, *args: Any, **keywords: Any) -> Any: ...

@final
class PlainMethod:
    __name__: str
    __qualname__: str
    @property
    def __signature__(self) -> Signature: ...
    def __get__(self, instance: object, owner: type | None = None, /) -> Any: ...
    def __call__(self, *args: Any, **keywords: Any) -> Any: ...

@disjoint_base
class Model:
    parameters: tuple[str, ...]
    properties: tuple[str, ...]
    def inputs(self) -> tuple[Any, ...]: ...
