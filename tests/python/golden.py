"""Reads tests/golden/<room>/<name>.csv, as tests/cpp/golden.hpp does, and compares whole columns with the library.

A column named like an argument is an argument, one named like a result is the truth.
"""

from __future__ import annotations

import csv
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parent.parent / "golden"
Rows = dict[str, NDArray[Any]]


def read(name: str) -> Rows:
    """Columns by name: float64 where all cells are numbers, else text."""
    lines = [line for line in (FOLDER / name).read_text().splitlines() if line and not line.startswith("#")]
    columns, *rows = csv.reader(lines)
    assert rows, f"{name} has no rows"
    table = np.array(rows)

    def typed(cells: NDArray[Any]) -> NDArray[Any]:
        try:
            return cells.astype(np.float64)
        except ValueError:
            return cells

    return {column: typed(cells) for column, cells in zip(columns, table.T, strict=True)}


def assert_agrees(value: Any, rows: Rows, column: str) -> None:
    """Relative error <= 1e-13 max(1, |ln truth|), times the column `<column>_condition` where there is one.

    Truths below 1e-300 only have to be that small.
    """
    truth = rows[column]
    assert np.shape(value) == truth.shape
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.where(value == truth, 0, np.abs(value - truth) / np.abs(truth))
        allowed = 1e-13 * np.maximum(1, np.abs(np.log(truth))) * rows.get(f"{column}_condition", 1)
    fine = (error <= allowed) | ((truth < 1e-300) & (value >= 0) & (value < 1e-300))
    if not fine.all():
        worst = int(np.argmin(fine))
        row = {name: cells[worst] for name, cells in rows.items()}
        raise AssertionError(f"{column} is {value[worst]!r}, relative error {error[worst]:.3g}; row {row}")


def arguments(call: Callable[..., Any], rows: Rows) -> dict[str, NDArray[Any]]:
    """The columns that `call` takes."""
    return {name: rows[name] for name in inspect.signature(call).parameters if name in rows}


def assert_function(function: Any, name: str, result: str = "") -> None:
    """All rows in one call, then each of them alone."""
    rows = read(name)
    inputs = arguments(function, rows)
    values = function(**inputs)
    assert_agrees(values, rows, result or function.__name__)
    alone = [function(*row) for row in zip(*(column.tolist() for column in inputs.values()), strict=True)]
    assert np.array_equal(values, alone)


def assert_model(factory: Any, name: str) -> None:
    """Every property and method of the model; each must have its column."""
    rows = read(name)
    model = factory(**arguments(factory, rows))
    for result in model.properties:
        assert_agrees(getattr(model, result), rows, result)
    for result, method in inspect.getmembers(type(model), inspect.ismethoddescriptor):
        if result in rows:
            assert_agrees(getattr(model, result)(**arguments(method, rows)), rows, result)
    methods = {name for name in vars(type(model)) if inspect.ismethoddescriptor(getattr(type(model), name))}
    assert methods <= {*rows, "_factory"}, f"no column for {methods - set(rows)}"
