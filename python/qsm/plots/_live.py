"""Figures with a slider. The kernel computes every state first; the browser only swaps path data."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from qsm._extras import need
from qsm._table import Table
from qsm.plots._figure import Figure, path_data, styled

if TYPE_CHECKING:
    from matplotlib.lines import Line2D


@dataclass(frozen=True)
class Number:
    """An input of the kernel's: its keyword, its label with unit, its range, and where it starts."""

    name: str
    label: str
    low: float
    high: float
    step: float
    value: float


@dataclass(frozen=True)
class Text:
    """An input of the kernel's that is words: its keyword, its label, where it starts, and words to choose from."""

    name: str
    label: str
    value: str
    words: Sequence[str] = ()


@dataclass(frozen=True)
class Frame:
    """One state of a scene: data of the lines that move, what the slider says, description, table."""

    data: Mapping[str, tuple[ArrayLike, ArrayLike]]
    text: str
    description: str
    table: Table


@dataclass(frozen=True)
class Scene:
    """A figure, its lines that move, each with its `gid`, and all states along one axis, that of the slider."""

    figure: Figure
    lines: Mapping[str, Line2D]
    label: str
    frames: Sequence[Frame]
    start: int

    def message(self) -> dict[str, Any]:
        """What the browser is sent."""
        with styled():
            svg = self.figure.to_svg()
            frames = [
                {
                    "paths": {name: path_data(self.lines[name], *data) for name, data in frame.data.items()},
                    "text": frame.text,
                    "description": frame.description,
                    "table": frame.table._repr_html_(),
                }
                for frame in self.frames
            ]
        return {"svg": svg, "label": self.label, "frames": frames, "start": self.start}


@functools.cache
def _widget_class() -> type[Any]:
    anywidget = need("anywidget", "live controls")
    traitlets = need("traitlets", "live controls")

    base: Any = anywidget.AnyWidget

    class Controls(base):  # type: ignore[misc]
        _esm = (Path(__file__).parent / "live.js").read_text(encoding="utf-8")
        scene = traitlets.Dict().tag(sync=True)
        inputs = traitlets.List().tag(sync=True)
        asked = traitlets.Dict().tag(sync=True)
        message = traitlets.Unicode().tag(sync=True)

        def __init__(self, build: Callable[..., Scene], numbers: Sequence[Number | Text]) -> None:
            first = build(**{number.name: number.value for number in numbers})
            self._still = first.figure
            super().__init__(scene=first.message(), inputs=[vars(number) for number in numbers])

            def rebuild(change: Any) -> None:
                values = {number.name: number.value for number in numbers} | change["new"]
                try:
                    self.scene, self.message = build(**values).message(), ""
                except ValueError as error:
                    self.message = str(error)

            self.observe(rebuild, "asked")

        def _repr_mimebundle_(self, **options: Any) -> Any:
            # The still figure travels along, for pages without a kernel.
            bundle = super()._repr_mimebundle_(**options)
            data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
            return {**data, "text/html": self._still._repr_html_()}, metadata

    return Controls


def controls(build: Callable[..., Scene], numbers: Sequence[Number | Text] = ()) -> Any:
    """A widget for JupyterLab, Voila and others: a slider over the frames of a scene, and inputs that make a new one.

    Parameters
    ----------
    build
        Called with a keyword for every number; returns the scene. A `ValueError` is shown beside the inputs.
    numbers
        The inputs, numbers and texts.

    Raises
    ------
    ImportError
        anywidget is not installed.
    """
    return _widget_class()(build, numbers)
