"""What the calculators share: numbers that are refused in words, and the end of their commands."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from qsm._table import Table

if TYPE_CHECKING:
    from qsm.plots import Figure


class Result(Protocol):
    """What a calculator returns: as text its table, in a notebook its figure and its table."""

    def table(self) -> Table:
        """Its numbers."""

    def to_dict(self) -> dict[str, Any]:
        """Inputs and results as plain numbers."""

    def figure(self) -> Figure:
        """Its drawing."""

    def __str__(self) -> str:
        return str(self.table())

    def __repr__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.figure()._repr_html_() + self.table()._repr_html_()


def number(tool: str, name: str, value: float, low: float = 0.0, *, above: bool = False) -> float:
    """A finite number at or above `low`, or only above it."""
    good = not isinstance(value, (bool, str)) and math.isfinite(value) and (value > low if above else value >= low)
    if not good:
        raise ValueError(f"{tool}: {name} must be finite and {'>' if above else '>='} {low:g}, got {value!r}")
    return float(value)


def outputs(parser: argparse.ArgumentParser) -> None:
    """The options that every calculator's command has."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="also write the figure")


def answer(options: argparse.Namespace, prog: str, make: Callable[[], Result]) -> int:
    """Prints the table, or JSON; writes the figure on request. Bad input is one line and exit status 2."""
    try:
        result = make()
        print(json.dumps(result.to_dict(), indent=1) if options.json else result.table())
        if options.svg:
            print(f"figure: {result.figure().save(options.svg)}", file=sys.stderr)
    except (ValueError, ImportError, OSError) as error:
        print(f"{prog}: {error}", file=sys.stderr)
        return 2
    return 0
