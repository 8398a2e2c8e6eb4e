"""Results with named fields: small values that never change."""

from __future__ import annotations

import math
from operator import itemgetter
from typing import Any, ClassVar, Self

import numpy as np

from qsm._table import Table


class Record(tuple[Any, ...]):
    """A tuple whose elements have names: compares by value, pickles, shows itself as a table."""

    __slots__ = ()
    fields: ClassVar[tuple[str, ...]] = ()
    otherwise: ClassVar[dict[str, Any]] = {}

    def __new__(cls, *values: Any, **named: Any) -> Self:
        given = dict(zip(cls.fields, values, strict=False)) | named
        twice = len(values) > len(cls.fields) or len(given) < len(values) + len(named)
        given = cls.otherwise | given
        if twice or {*given} != {*cls.fields}:
            raise TypeError(f"{cls.__name__} takes {', '.join(cls.fields)}, each once")
        return super().__new__(cls, (_frozen(given[name]) for name in cls.fields))

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.fields)})"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return False
        return all(_same(one, two) for one, two in zip(self, other, strict=True))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((type(self), *map(_key, self)))

    def table(self) -> Table:
        """One row per field."""
        return Table({"quantity": self.fields, "value": self}, type(self).__name__)

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    if isinstance(value, np.ndarray):
        value = value.copy()
        value.setflags(write=False)
    return value


def _key(value: Any) -> Any:
    """What stands for a value in a hash."""
    if isinstance(value, np.ndarray):
        return value.tobytes()
    if type(value) is tuple:
        return tuple(map(_key, value))
    return "nan" if _is_nan(value) else value


def _same(one: Any, two: Any) -> bool:
    if type(one) is tuple and type(two) is tuple:
        return len(one) == len(two) and all(map(_same, one, two))
    if isinstance(one, np.ndarray) or isinstance(two, np.ndarray):
        return np.array_equal(one, two, equal_nan=True)
    return bool(one == two) or (_is_nan(one) and _is_nan(two))


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def make(name: str, module: str, doc: str, fields: list[tuple[Any, ...]]) -> type[Record]:
    """The class of a C++ struct, from its fields' names, texts and, where there are any, defaults."""
    members: dict[str, Any] = {
        "__slots__": (),
        "__module__": module,
        "__doc__": doc,
        "fields": tuple(field for field, *_ in fields),
        "otherwise": {field: default[0] for field, _, *default in fields if default},
    }
    members |= {field: property(itemgetter(i), doc=text) for i, (field, text, *_) in enumerate(fields)}
    return type(name, (Record,), members)
