"""The value that every chart returns, and how it becomes accessible SVG."""

from __future__ import annotations

import functools
import hashlib
import html
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from qsm._extras import need
from qsm._table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure as Drawing
    from matplotlib.lines import Line2D

# Okabe and Ito's colours that keep a contrast of 3:1 on white; a dash and a marker say the same again.
COLOURS = ("#0072B2", "#D55E00", "#007A5A", "#000000", "#A8568A")
DASHES: tuple[Any, ...] = ("-", (0, (6, 2.5)), (0, (1.5, 1.5)), (0, (7, 2, 1.5, 2)), (0, (3, 1.5)))
MARKERS = ("o", "s", "^", "D", "v")

STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "qsm",
    "font.family": "sans-serif",
    "font.size": 10.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.titlesize": 11.5,
    "axes.titlelocation": "left",
    "grid.color": "#D9D9D9",
    "grid.linewidth": 0.7,
    "lines.linewidth": 2.0,
    "legend.frameon": False,
    "figure.facecolor": "white",
}


def styled() -> Any:
    """Matplotlib with this package's style, as a context; nothing global changes."""
    return need("matplotlib", "qsm.plots").rc_context(STYLE)


def drawing(width: float = 6.6, height: float = 3.7, axes: int = 1) -> tuple[Drawing, list[Axes]]:
    """An empty drawing with one or more axes side by side; call it inside `styled()`."""
    figure = need("matplotlib.figure", "qsm.plots").Figure(figsize=(width, height))
    left, right, gap = 0.85, 0.25, 1.0
    each = (width - left - right - gap * (axes - 1)) / axes
    figure.subplots_adjust(left / width, 0.55 / height, 1 - right / width, 1 - 0.32 / height, wspace=gap / each)
    return figure, list(np.atleast_1d(figure.subplots(1, axes)))


def _power(value: float, _: int) -> str:
    """A label of a logarithmic axis in plain characters, which a screen reader can say."""
    if not value > 0:
        return ""
    if 0.001 <= value < 1e5:
        return f"{value:,.10g}"
    return f"10{str(round(np.log10(value))).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def logarithmic(axis: Axis) -> None:
    """Makes an axis logarithmic, with a tick per decade."""
    ticker = need("matplotlib.ticker", "qsm.plots")
    axes = axis.axes
    (axes.set_xscale if axis is axes.xaxis else axes.set_yscale)("log")
    axis.set_minor_locator(ticker.NullLocator())
    axis.set_major_formatter(ticker.FuncFormatter(_power))


def path_data(line: Line2D, x: ArrayLike, y: ArrayLike) -> str:
    """The SVG path that `line` would have with other data, as Matplotlib would write it."""
    figure = line.get_figure(root=True)
    assert figure is not None
    points = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    with np.errstate(divide="ignore", invalid="ignore"):
        points = line.get_transform().transform(points) * (72 / figure.dpi)
    points[:, 1] = figure.get_figheight() * 72 - points[:, 1]
    points = np.clip(points, -9999, 9999)
    sound = np.isfinite(points).all(axis=1)
    begins = np.flatnonzero(sound & ~np.concatenate([[False], sound[:-1]]))  # a line breaks where a point is missing
    marks = np.full(len(points), "L")
    marks[begins] = "M"
    path = "".join(f"{mark}{a:.1f} {b:.1f}" for mark, (a, b) in zip(marks[sound], points[sound].tolist(), strict=True))
    return path or "M0 0"


@dataclass(frozen=True)
class Figure:
    """A drawing, what it is called, what it shows in words, and the numbers behind it.

    In a notebook it shows as inline SVG that a screen reader announces by title and description, with the table folded
    away below. It needs no script and no network, so that it looks the same in a saved page.
    """

    title: str
    description: str
    table: Table
    drawing: Drawing

    def to_svg(self) -> str:
        """The drawing as an SVG element, its identifiers unlike those of any other figure."""
        return self._svg

    @functools.cached_property
    def _svg(self) -> str:
        buffer = io.StringIO()
        with styled():
            self.drawing.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        text = buffer.getvalue()
        text = re.sub(r"\s*<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
        mark = "q" + hashlib.sha256((self.title + self.description + text).encode()).hexdigest()[:8]
        text = re.sub(r'\bid="([^"]+)"', rf'id="{mark}-\1"', text)
        text = re.sub(r'(href="|url\()#', rf"\1#{mark}-", text)
        head = (
            f'<title id="{mark}-title">{html.escape(self.title)}</title>'
            f'<desc id="{mark}-desc">{html.escape(self.description)}</desc>'
        )
        role = f'role="img" aria-labelledby="{mark}-title" aria-describedby="{mark}-desc" '
        inches = self.drawing.get_figwidth()
        style = f'style="width:100%;max-width:{inches * 108:.0f}px;height:auto" '
        return re.sub(r"<svg ([^>]*)>", lambda found: f"<svg {role}{style}{found.group(1)}>{head}", text, count=1)

    def save(self, path: str | Path) -> Path:
        """Writes the SVG to a file of its own; the path."""
        path = Path(path)
        path.write_text('<?xml version="1.0" encoding="utf-8"?>\n' + self.to_svg() + "\n", encoding="utf-8")
        return path

    def _repr_html_(self) -> str:
        return (
            f'<figure class="qsm-figure" style="margin:0.5em 0">{self.to_svg()}'
            f"<figcaption>{html.escape(self.description)}</figcaption>"
            f"<details><summary>The numbers as a table</summary>{self.table._repr_html_()}</details></figure>"
        )

    def __repr__(self) -> str:
        return f"Figure({self.title!r})\n{self.description}\n{self.table}"
