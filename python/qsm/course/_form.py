"""Forms in live notebooks: what a reader enters goes to a function, whose block comes back."""

from __future__ import annotations

import functools
import importlib
import inspect
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qsm.course._blocks import Block


def number(name: str, label: str) -> dict[str, Any]:
    """A field for a number; it may stay empty."""
    return {"name": name, "label": label, "kind": "number"}


def choice(name: str, label: str, choices: Sequence[str]) -> dict[str, Any]:
    """A field for one of several texts."""
    return {"name": name, "label": label, "kind": "choice", "choices": list(choices)}


def text(name: str, label: str, value: str = "") -> dict[str, Any]:
    """A field for a few lines of text."""
    return {"name": name, "label": label, "kind": "text", "value": value}


def arguments(function: Callable[..., Any]) -> list[dict[str, Any]]:
    """A field for each argument of a function, but those by keyword only."""
    fields: list[dict[str, Any]] = []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.KEYWORD_ONLY:
            continue
        fields.append(text(name, name) if parameter.annotation in ("str", str) else number(name, name))
    return fields


def alive() -> bool:
    """Whether somebody can answer a form: a kernel with a front end, and anywidget."""
    shell = sys.modules.get("IPython")
    kernel = getattr(shell.get_ipython(), "kernel", None) if shell is not None else None
    return kernel is not None and not os.environ.get("QSM_HEADLESS")


@functools.cache
def _class() -> type[Any] | None:
    try:
        anywidget: Any = importlib.import_module("anywidget")
        traitlets: Any = importlib.import_module("traitlets")
    except ImportError:
        return None
    base: Any = anywidget.AnyWidget

    class Form(base):  # type: ignore[misc]
        _esm = (Path(__file__).parent / "form.js").read_text(encoding="utf-8")
        fields = traitlets.List().tag(sync=True)
        entered = traitlets.Dict().tag(sync=True)
        shown = traitlets.Unicode().tag(sync=True)

        def __init__(self, fields: Sequence[Mapping[str, Any]], shown: str, act: Callable[..., Block]) -> None:
            super().__init__(fields=[dict(field) for field in fields], shown=shown)

            def answered(change: Any) -> None:
                values = {name: value for name, value in change["new"].items() if name != "count" and value is not None}
                try:
                    self.shown = act(**values)._repr_html_()
                except (ValueError, TypeError) as error:
                    from qsm.course._blocks import Block

                    self.shown = Block("Not accepted", (str(error),))._repr_html_()

            self.observe(answered, "entered")

    return Form


def widget(block: Block) -> dict[str, Any]:
    """The part of a display that makes a block's form live; nothing where nobody could answer."""
    form = _class() if alive() else None
    if form is None or block.form is None:
        return {}
    fields, act = block.form
    bundle = form(fields, block._repr_html_(), act)._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    return dict(data or {})
