"""A plain map of the world, longitudes and latitudes as they are, to draw latencies on."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qsm._extras import need
from qsm.plots._figure import drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

Line = tuple[NDArray[np.float64], NDArray[np.float64]]

SOUTH, NORTH = -58, 82  # where people live


def joined(lines: list[NDArray[np.float64]]) -> Line:
    """Lines of points as one line with gaps."""
    gap = np.full((1, 2), np.nan)
    points = np.concatenate([part for line in lines for part in (np.asarray(line, dtype=float), gap)] or [gap])
    return points[:, 0], points[:, 1]


@cache
def coastline() -> Line:
    """Longitudes and latitudes of the coasts, with gaps between lines. Made with Natural Earth (public domain)."""
    path = Path(__file__).parents[1] / "datasets" / "coastline.txt"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return joined([np.array([point.split(",") for point in line.split()], dtype=float) for line in lines])


@cache
def grid() -> Line:
    """Longitudes and latitudes two degrees apart, over the whole map."""
    longitudes, latitudes = np.meshgrid(np.arange(-180.0, 181, 2), np.arange(SOUTH, NORTH + 1.0, 2))
    return longitudes, latitudes


def isolines(values: ArrayLike, level: float) -> Line:
    """Where values on the grid have a level, as a line with gaps."""
    contours = need("contourpy", "qsm.plots").contour_generator(*grid(), np.asarray(values, dtype=float))
    return joined(contours.lines(level))


def world(width: float = 8.6) -> tuple[Drawing, Axes]:
    """A drawing with coasts and a graticule; call it inside `styled()`."""
    ticks = range(-150, 180, 60), range(-30, 61, 30)
    below = 0.3  # for a legend
    height = (width - 1.1) * (NORTH - SOUTH) / 360 + 0.87 + below
    figure, (axes,) = drawing(width, height)
    figure.subplots_adjust(bottom=(0.55 + below) / height)
    axes.plot(*coastline(), color="#9A9A9A", linewidth=0.7, zorder=1)
    axes.set(xlim=(-180, 180), ylim=(SOUTH, NORTH), aspect="equal")
    axes.set_xticks(ticks[0], [f"{abs(x)}° {'W' if x < 0 else 'E'}" for x in ticks[0]])
    axes.set_yticks(ticks[1], [f"{abs(y)}° {'N' if y > 0 else 'S'}" if y else "0°" for y in ticks[1]])
    return figure, axes
