"""A figure that moves: a recorded run replayed in the page by a small script, without kernel and without network."""

from __future__ import annotations

import hashlib
import html
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qsm.plots._figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def across(axes: Axes) -> tuple[float, float, float, float]:
    """Where axes stand in the SVG: left, right, top and bottom, in its units."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    wide, high = figure.get_size_inches() * 72
    box = axes.get_position()
    return box.x0 * wide, box.x1 * wide, (1 - box.y1) * high, (1 - box.y0) * high


@dataclass(frozen=True)
class Animation:
    """A still figure, and what a script in the page needs to replay the run that it shows.

    Shows itself in JupyterLab, Voila and saved pages. Where scripts are off, and where they are taken out, the figure and
    its table stay. It stands still until it is started, can be stepped event by event and scrubbed, all by keyboard, and
    slides nothing where the reader asked for reduced motion.
    """

    figure: Figure
    data: dict[str, Any]

    def _repr_html_(self) -> str:
        data = json.dumps(self.data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
        script = (Path(__file__).parent / "motion.js").read_text(encoding="utf-8")
        mark = "m" + hashlib.sha256((self.figure.title + data).encode()).hexdigest()[:10]
        return (
            f'<section class="qsm-motion" data-motion="{mark}" aria-label="{html.escape(self.figure.title)}">'
            f'<div data-part="stage"></div>{self.figure._repr_html_()}</section>'
            f'<script type="module">\n{script}\nbegin("{mark}", {data});\n</script>'
        )

    def save(self, path: str | Path) -> Path:
        """Writes a page of its own, which needs nothing else; the path."""
        path = Path(path)
        head = f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(self.figure.title)}</title>'
        style = "<style>body{font-family:sans-serif;max-width:62em;margin:1em auto;padding:0 1em}</style>"
        path.write_text(
            f"{head}{style}</head><body><main>{self._repr_html_()}</main></body></html>\n", encoding="utf-8"
        )
        return path

    def __repr__(self) -> str:
        return repr(self.figure)
