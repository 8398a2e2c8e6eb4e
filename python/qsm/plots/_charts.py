"""The kinds of chart that the tools and episodes share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qsm._table import Table
from qsm.plots._figure import COLOURS, DASHES, MARKERS, Figure, drawing, logarithmic, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Series = tuple[ArrayLike, ...]
_ROWS = 12


def _thin(size: int, rows: int = _ROWS) -> NDArray[np.int64]:
    """Indices of at most `rows` rows, first and last among them."""
    return np.unique(np.linspace(0, size - 1, min(size, rows)).round().astype(np.int64))


def _note(axes: Axes, text: str, level: float) -> None:
    """Names a horizontal line at its right end."""
    axes.annotate(
        text,
        (1, level),
        (0, 2),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        ha="right",
        va="bottom",
        color="#404040",
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.8},
    )


def _table(series: Mapping[str, Series], x: str, y: str, title: str) -> Table:
    arrays = {name: [np.asarray(part, dtype=float) for part in parts] for name, parts in series.items()}
    first = next(iter(arrays.values()))[0]
    if all(parts[0].shape == first.shape and np.array_equal(parts[0], first) for parts in arrays.values()):
        keep = _thin(len(first))
        columns: dict[str, Sequence[Any]] = {x: first[keep].tolist()}
        for name, parts in arrays.items():
            columns[name] = parts[1][keep].tolist()
            if len(parts) == 4:
                columns[f"{name}, low"] = parts[2][keep].tolist()
                columns[f"{name}, high"] = parts[3][keep].tolist()
        return Table(columns, title)
    rows = [
        (name, float(parts[0][i]), float(parts[1][i]))
        for name, parts in arrays.items()
        for i in _thin(len(parts[0]), max(4, _ROWS // len(arrays) * 2))
    ]
    names, xs, ys = zip(*rows, strict=True)
    return Table({"series": names, x: xs, y: ys}, title)


def curves(
    series: Mapping[str, Series],
    *,
    x: str,
    y: str,
    title: str,
    description: str,
    log_x: bool = False,
    log_y: bool = False,
    points: Sequence[str] | Mapping[str, str] = (),
    lines: Mapping[str, float] | None = None,
    x_limits: tuple[float, float] | None = None,
    y_limits: tuple[float, float] | None = None,
) -> Figure:
    """Curves over a common axis, each `(x, y)` or, with a band around it, `(x, y, low, high)`.

    Parameters
    ----------
    series
        The curves by name, in the order of the legend.
    x, y
        Names of the axes, with units.
    title, description
        What the figure is called, and what it shows, in words that stand without it.
    log_x, log_y
        Whether an axis is logarithmic.
    points
        Names of series drawn as points with interval instead of curves; a mapping also names the curve of like colour.
    lines
        Horizontal lines by name: a promise, a limit.
    x_limits, y_limits
        Ends of the axes.

    Raises
    ------
    ValueError
        No series, or one that is neither (x, y) nor (x, y, low, high) of equal lengths.
    """
    if not series:
        raise ValueError("curves: needs at least one series")
    for name, parts in series.items():
        if len(parts) not in (2, 4) or len({np.size(part) for part in parts}) != 1:
            raise ValueError(f"curves: series {name!r} must be (x, y) or (x, y, low, high) of equal lengths")
    with styled():
        figure, (axes,) = drawing()
        axes.set(xlabel=x, ylabel=y, title=title)
        if log_x:
            logarithmic(axes.xaxis)
        if log_y:
            logarithmic(axes.yaxis)
        names = list(series)
        for index, (name, parts) in enumerate(series.items()):
            place = names.index(points[name]) if isinstance(points, Mapping) and name in points else index
            colour = COLOURS[place % len(COLOURS)]
            values = [np.asarray(part, dtype=float) for part in parts]
            if name in points:
                spread = None
                if len(values) == 4:
                    spread = [np.maximum(values[1] - values[2], 0), np.maximum(values[3] - values[1], 0)]
                axes.errorbar(
                    values[0], values[1], spread, fmt=MARKERS[index % len(MARKERS)], color=colour, label=name, capsize=3
                )
                continue
            axes.plot(values[0], values[1], color=colour, linestyle=DASHES[index % len(DASHES)], label=name)
            if len(values) == 4:
                axes.fill_between(values[0], values[2], values[3], color=colour, alpha=0.18, linewidth=0)
        for name, level in (lines or {}).items():
            axes.axhline(level, color="#595959", linewidth=1.2, linestyle=(0, (2, 2)))
            _note(axes, name, level)
        if x_limits:
            axes.set_xlim(*x_limits)
        if y_limits:
            axes.set_ylim(*y_limits)
        if len(series) > 1:
            axes.legend(ncols=2 if len(series) > 4 else 1)
    return Figure(title, description, _table(series, x, y, title), figure)


def survival(
    samples: Mapping[str, ArrayLike],
    *,
    x: str = "wait [s]",
    title: str,
    description: str,
    theory: Mapping[str, Series] | None = None,
    lines: Mapping[str, float] | None = None,
    floor: float | None = None,
) -> Figure:
    """The share of each sample that lies above x, on a logarithmic axis: where tails are read off.

    Parameters
    ----------
    samples
        Observed values by name.
    x
        Name of the axis, with its unit.
    title, description
        What the figure is called, and what it shows, in words that stand without it.
    theory
        Curves `(x, probability)` by name to draw beside the samples.
    lines
        Horizontal lines by name.
    floor
        Lower end of the axis; by default ten observations of the largest sample.

    Raises
    ------
    ValueError
        An empty sample.
    """
    series: dict[str, Series] = {}
    largest = 1
    for name, values in samples.items():
        ordered = np.sort(np.asarray(values, dtype=float))
        if ordered.size == 0:
            raise ValueError(f"survival: sample {name!r} is empty")
        largest = max(largest, ordered.size)
        # Equal steps in the logarithm of the tail show all of it with few points.
        tail = np.geomspace(1, 1 / ordered.size, 160)
        position = np.minimum(np.floor((1 - tail) * ordered.size).astype(int), ordered.size - 1)
        series[name] = (ordered[position], tail)
    series |= dict(theory or {})
    floor = floor if floor is not None else 10 / largest
    return curves(
        series,
        x=x,
        y="share above x",
        title=title,
        description=description,
        log_y=True,
        lines=lines,
        y_limits=(floor, 1.5),
    )


def rate(
    times: ArrayLike,
    *,
    window: float,
    title: str,
    description: str,
    unit: str = "s",
    lines: Mapping[str, float] | None = None,
) -> Figure:
    """Events per window of time, as steps.

    Parameters
    ----------
    times
        Instants of the events [s].
    window
        Width of a window [s], > 0.
    title, description
        What the figure is called, and what it shows, in words that stand without it.
    unit
        Unit of the horizontal axis: "s", "min" or "h".
    lines
        Horizontal lines by name, in events per window.

    Raises
    ------
    ValueError
        No event, a window that is not positive, or an unknown unit.
    """
    instants = np.asarray(times, dtype=float)
    if instants.size == 0:
        raise ValueError("rate: needs at least one event")
    if not window > 0:
        raise ValueError(f"rate: window must be > 0, got {window}")
    scale = {"s": 1.0, "min": 60.0, "h": 3600.0}.get(unit)
    if scale is None:
        raise ValueError(f"rate: unit must be 's', 'min' or 'h', got {unit!r}")
    count = max(1, int(np.ceil((instants.max() - instants.min()) / window)))
    edges = instants.min() + window * np.arange(count + 1)
    counts, _ = np.histogram(instants, edges)
    label = f"events per {window:g} s"
    with styled():
        figure, (axes,) = drawing()
        axes.stairs(counts, edges / scale, color=COLOURS[0], fill=True, alpha=0.25)
        axes.stairs(counts, edges / scale, color=COLOURS[0], linewidth=1.4, baseline=None)
        axes.set(xlabel=f"time [{unit}]", ylabel=label, title=title, ylim=(0, None))
        for name, level in (lines or {}).items():
            axes.axhline(level, color=COLOURS[1], linewidth=1.4, linestyle=DASHES[1])
            _note(axes, name, level)
    keep = _thin(count, 24)
    table = Table({f"from [{unit}]": (edges[:-1][keep] / scale).tolist(), label: counts[keep].tolist()}, title)
    return Figure(title, description, table, figure)


def bars(
    values: Mapping[str, float],
    *,
    y: str,
    title: str,
    description: str,
    intervals: Mapping[str, tuple[float, float]] | None = None,
    lines: Mapping[str, float] | None = None,
) -> Figure:
    """One horizontal bar per name, with its value written at its end and its interval where there is one.

    Parameters
    ----------
    values
        Lengths of the bars by name.
    y
        What the bars measure, with its unit.
    title, description
        What the figure is called, and what it shows, in words that stand without it.
    intervals
        Low and high by name, for those that are not exact.
    lines
        Vertical lines by name.

    Raises
    ------
    ValueError
        No bar.
    """
    if not values:
        raise ValueError("bars: needs at least one bar")
    names = list(values)
    lengths = [float(values[name]) for name in names]
    known = intervals or {}
    with styled():
        figure, (axes,) = drawing(height=0.9 + 0.45 * len(names))
        figure.subplots_adjust(left=min(0.5, (0.3 + 0.078 * max(map(len, names))) / figure.get_figwidth()))
        places = np.arange(len(names))
        axes.barh(places, lengths, color=COLOURS[0], alpha=0.85, height=0.6)
        for place, name in zip(places, names, strict=True):
            end = lengths[place]
            if name in known:
                low, high = known[name]
                axes.errorbar(
                    [end], [place], xerr=[[max(0.0, end - low)], [max(0.0, high - end)]], color="black", capsize=4
                )
                end = max(end, high)
            axes.annotate(f"{lengths[place]:.4g}", (end, place), (5, 0), textcoords="offset points", va="center")
        axes.set_yticks(places, names)
        axes.invert_yaxis()
        axes.set(xlabel=y)
        axes.set_title(title, x=-axes.get_position().x0 / axes.get_position().width + 0.02)
        axes.grid(visible=False, axis="y")
        axes.margins(x=0.15)
        for name, level in (lines or {}).items():
            axes.axvline(level, color=COLOURS[1], linewidth=1.4, linestyle=DASHES[1], label=name)
        if lines:
            axes.legend(loc="lower right")
    columns: dict[str, Sequence[Any]] = {"": names, y: lengths}
    if known:
        columns["low"] = [known.get(name, (None, None))[0] for name in names]
        columns["high"] = [known.get(name, (None, None))[1] for name in names]
    return Figure(title, description, Table(columns, title), figure)
