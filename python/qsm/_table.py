"""A small table: prints as text, shows as HTML, converts to pandas."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qsm._estimate import Estimate
from qsm._extras import need

if TYPE_CHECKING:
    import pandas as pd


def show(value: Any) -> str:
    """A cell as a person reads it: four digits, intervals in brackets."""
    if isinstance(value, Estimate):
        if value.low == value.high:
            return show(value.value)
        return f"{show(value.value)} [{show(value.low)}, {show(value.high)}]"
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (int, np.integer)):
        return f"{value:,}"
    if isinstance(value, (float, np.floating)):
        number = float(value)
        whole = abs(number) < 1e6 and number.is_integer()
        return f"{int(number):,}" if whole else f"{number:.4g}"
    return "" if value is None else str(value)


class Table(Mapping[str, Sequence[Any]]):
    """Named columns of equal length."""

    def __init__(self, columns: Mapping[str, Iterable[Any]], title: str = "", *, limit: int = 60) -> None:
        self._columns: dict[str, list[Any]] = {name: list(values) for name, values in columns.items()}
        if len({len(values) for values in self._columns.values()}) > 1:
            lengths = {name: len(values) for name, values in self._columns.items()}
            raise ValueError(f"Table: columns must be of equal length, got {lengths}")
        self.title = title
        self._limit = limit

    def __getitem__(self, name: str) -> Sequence[Any]:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The rows, each a tuple in the order of the columns."""
        return list(zip(*self._columns.values(), strict=True))

    def _cells(self) -> tuple[list[list[str]], int]:
        rows = self.rows
        return [[show(cell) for cell in row] for row in rows[: self._limit]], max(0, len(rows) - self._limit)

    def __str__(self) -> str:
        cells, more = self._cells()
        names = list(self._columns)
        widths = [max([len(name), *(len(row[i]) for row in cells)]) for i, name in enumerate(names)]
        numeric = [all(isinstance(v, (int, float, np.number)) for v in self._columns[name]) for name in names]

        def line(row: Sequence[str]) -> str:
            parts = [c.rjust(w) if n else c.ljust(w) for c, w, n in zip(row, widths, numeric, strict=True)]
            return "  ".join(parts).rstrip()

        lines = [self.title] if self.title else []
        lines += [line(names), "  ".join("-" * w for w in widths), *map(line, cells)]
        if more:
            lines.append(f"... {more} more rows")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        cells, more = self._cells()
        caption = f"<caption>{html.escape(self.title)}</caption>" if self.title else ""
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in self._columns)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in cells)
        tail = f"<p>... {more} more rows</p>" if more else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{tail}"

    def to_pandas(self) -> pd.DataFrame:
        """The table as a `pandas.DataFrame`; estimates become their values."""
        pandas = need("pandas", "to_pandas")
        frame: pd.DataFrame = pandas.DataFrame(self._columns)
        return frame
