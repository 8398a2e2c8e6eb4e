"""How models show themselves: as a table of their properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qsm._core import Model
from qsm._table import Table

if TYPE_CHECKING:
    import pandas as pd


def _table(self: Model) -> Table:
    """Inputs and properties: a row each for one model, a column each for arrays (in C order)."""
    columns = dict(zip(self.parameters, self.inputs(), strict=True))
    columns |= {name: getattr(self, name) for name in self.properties}
    if all(np.ndim(value) == 0 for value in columns.values()):
        return Table({"quantity": list(columns), "value": list(columns.values())}, repr(self))
    flat = np.broadcast_arrays(*columns.values())
    return Table({name: array.ravel() for name, array in zip(columns, flat, strict=True)}, type(self).__name__)


def _to_pandas(self: Model) -> pd.DataFrame:
    """One row per element, one column per input and property."""
    columns = dict(zip(self.parameters, self.inputs(), strict=True))
    columns |= {name: getattr(self, name) for name in self.properties}
    flat = np.broadcast_arrays(*columns.values())
    return Table({name: array.ravel() for name, array in zip(columns, flat, strict=True)}).to_pandas()


def _repr_html(self: Model) -> str:
    return _table(self)._repr_html_()


def _equal(self: Model, other: object) -> Any:
    if type(self) is not type(other) or not isinstance(other, Model):
        return NotImplemented
    return all(np.array_equal(a, b) for a, b in zip(self.inputs(), other.inputs(), strict=True))


def _hash(self: Model) -> int:
    return hash((type(self), *(np.asarray(value).tobytes() for value in self.inputs())))


for _name, _member in {
    "table": _table,
    "to_pandas": _to_pandas,
    "_repr_html_": _repr_html,
    "__eq__": _equal,
    "__hash__": _hash,
}.items():
    setattr(Model, _name, _member)
