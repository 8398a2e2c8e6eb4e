"""Runs an episode without a browser and writes what it shows into one HTML file that needs nothing else."""

from __future__ import annotations

import html
import itertools
import json
import os
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qsm._extras import need
from qsm._progress import Bar
from qsm.course._blocks import LEVELS, PARTS
from qsm.course._parts import mark, primer

_HERE = Path(__file__).resolve().parent
# In a wheel the notebooks lie inside the package; in a source tree where they are written.
_FOLDERS = (_HERE / "episodes", _HERE.parents[2] / "notebooks" / "episodes")


class EpisodeError(RuntimeError):
    """A cell of an episode failed; `path` is the report up to it."""

    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True)
class Report:
    """Where the report is, the answer it comes to, and how long it took [s]."""

    path: Path
    answer: str
    seconds: float

    def __repr__(self) -> str:
        return f"{self.answer}\nreport: {self.path}  ({self.seconds:.1f} s)"


def episodes() -> dict[str, Path]:
    """The notebooks by name, for example "episode-52"."""
    found: dict[str, Path] = {}
    for folder in _FOLDERS:
        for path in sorted(folder.glob("[0-9]*_*.ipynb")):
            found.setdefault(f"episode-{path.name.partition('_')[0]}", path)
    return found


def run(
    name: str | Path, output: str | Path = "reports", *, level: int = max(LEVELS), progress: bool | None = None
) -> Report:
    """Runs an episode or a notebook file headless and writes its report.

    Parameters
    ----------
    name
        An episode, such as "episode-52", its primer, "primer-52", or the path of a notebook.
    output
        Folder for the report; made where it is missing.
    level
        1 intuition, 2 practice, 3 theory, 4 research: blocks that go deeper come folded.
    progress
        Whether to show a bar; by default only on a terminal.

    Raises
    ------
    ValueError
        No such episode or level.
    EpisodeError
        A cell failed: names the cell, the line and the message; the report up to it is kept.
    """
    path = Path(name) if str(name).endswith(".ipynb") else episodes().get(str(name).replace("primer-", "episode-"))
    if path is None:
        raise ValueError(f"run: no episode {str(name)!r}; there are: {', '.join(episodes()) or 'none'}")
    if not path.is_file():
        raise FileNotFoundError(f"run: no such file: {path}")
    if isinstance(level, bool) or level not in LEVELS:
        raise ValueError(f"run: level must be 1, 2, 3 or 4, got {level!r}")
    began = time.monotonic()
    nbformat = need("nbformat", "qsm run")
    nbclient = need("nbclient", "qsm run")
    for package in ("nbconvert", "latex2mathml", "matplotlib", "ipykernel"):
        need(package, "qsm run")
    notebook = nbformat.read(path, as_version=4)
    stem = path.stem
    if str(name).startswith("primer-"):
        notebook, stem = nbformat.reads(json.dumps(primer(path)), as_version=4), f"{stem}_primer"
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{stem}.html"
    cells = len(notebook.cells)

    with Bar(stem, progress) as bar, TemporaryDirectory(prefix="qsm-") as private:

        def started(cell: Any, cell_index: int) -> None:
            bar(cell_index / cells, f"cell {cell_index + 1} of {cells}")

        client = nbclient.NotebookClient(
            notebook,
            kernel_name="python3",
            kernel_manager_class=_kernel_manager(private),
            timeout=600,
            on_cell_start=started,
            store_widget_state=False,
        )
        try:
            client.execute(env={**os.environ, "QSM_HEADLESS": str(level)})
        except nbclient.exceptions.CellExecutionError as error:
            target.write_text(_page(notebook, stem, level), encoding="utf-8")
            raise EpisodeError(_explain(notebook, path, error) + f" The report up to there: {target}", target) from None
        bar(1.0)
    target.write_text(_page(notebook, stem, level), encoding="utf-8")
    return Report(target, _answer(notebook), time.monotonic() - began)


def _kernel_manager(folder: str) -> type[Any]:
    """Starts this interpreter, whatever kernels are registered, and talks to it through sockets in a private folder."""
    client = need("jupyter_client", "qsm run")
    spec = need("jupyter_client.kernelspec", "qsm run")
    specs: Any = spec.KernelSpecManager
    manager: Any = client.AsyncKernelManager

    class ThisPython(specs):  # type: ignore[misc]
        def get_kernel_spec(self, kernel_name: str) -> Any:
            command = [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return spec.KernelSpec(argv=command, display_name="Python 3", language="python", name=kernel_name)

    class Private(manager):  # type: ignore[misc]
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.kernel_spec_manager = ThisPython()
            self.connection_file = str(Path(folder) / "kernel.json")
            self.transport = "ipc" if os.name == "posix" else "tcp"

    return Private


def _explain(notebook: Any, path: Path, error: Any) -> str:
    """Which cell, which line, what happened."""
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if output.output_type != "error":
                continue
            trace = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(output.traceback))
            places = re.findall(r"Cell In ?\[\d+\], line (\d+)", trace)
            lines = cell.source.splitlines()
            line = lines[int(places[0]) - 1].strip() if places and int(places[0]) <= len(lines) else ""
            where = f", line {places[0]}: {line}" if line else ""
            return f"{path.name}, cell {number}{where}\n{output.ename}: {output.evalue}\n"
    return f"{path.name}: {error}\n"


def _answer(notebook: Any) -> str:
    """What the cell tagged `answer` shows, as text."""
    for cell in notebook.cells:
        if "answer" in cell.metadata.get("tags", []):
            return "\n".join(
                output.data["text/plain"] for output in cell.outputs if "text/plain" in output.get("data", {})
            )
    return ""


def _markdown() -> Callable[[str], str]:
    """Markdown to HTML with formulas as MathML, which needs no script and can be read aloud."""
    mistune = need("nbconvert.filters.markdown_mistune", "qsm run")
    converter = need("latex2mathml.converter", "qsm run")

    class Renderer(mistune.IPythonRenderer):  # type: ignore[misc,name-defined]
        def block_math(self, body: str) -> str:
            return f"<p>{converter.convert(body.strip(), display='block')}</p>"

        def inline_math(self, body: str) -> str:
            return str(converter.convert(body.strip()))

    def render(source: str) -> str:
        return str(mistune.MarkdownWithMath(renderer=Renderer(escape=False, exclude_anchor_links=True)).render(source))

    return render


_STYLE = """
body { font: 17px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: #1a1a1a; background: #fff;
       max-width: 52rem; margin: 0 auto; padding: 1rem; }
h1, h2, h3 { line-height: 1.25; margin-top: 1.8em; }
a { color: #00518a; }
pre { font: 14px/1.45 "DejaVu Sans Mono", monospace; background: #f5f5f5; padding: 0.7em 0.9em; overflow-x: auto; }
.highlight .k, .highlight .kn, .highlight .ow { color: #003f87; font-weight: bold; }
.highlight .s1, .highlight .s2, .highlight .sa { color: #6d3500; }
.highlight .c1 { color: #4d4d4d; font-style: italic; }
.highlight .mi, .highlight .mf { color: #00513b; }
.jp-InputPrompt, .jp-OutputPrompt, .prompt { display: none; }
table { border-collapse: collapse; margin: 0.8em 0; font-size: 0.92em; display: block; overflow-x: auto; }
caption { text-align: left; font-weight: bold; padding: 0.3em 0; }
th, td { border-bottom: 1px solid #ccc; padding: 0.25em 0.8em 0.25em 0; text-align: left; vertical-align: top; }
figcaption { font-size: 0.92em; color: #333; }
math { font-size: 1.08em; }
.skip { position: absolute; left: -99em; } .skip:focus { left: 1em; }
.ansi-red-fg { color: #9c1c00; } .ansi-green-fg { color: #00513b; }
@media print { nav { display: none; } pre { white-space: pre-wrap; } }
"""


def _sections(notebook: Any, level: int) -> list[tuple[str, list[Any]]]:
    """The cells in runs, each with the words that fold it where it belongs to a block deeper than `level`."""
    deep = {
        part.name: f"{part.title}: level {part.level}, {LEVELS[part.level]}" for part in PARTS if part.level > level
    }
    sections: list[tuple[str, list[Any]]] = [("", [])]
    for cell in notebook.cells:
        begun = mark(cell)
        if begun and deep.get(begun, "") != sections[-1][0]:
            sections.append((deep.get(begun, ""), []))
        sections[-1][1].append(cell)
    return sections


def _page(notebook: Any, name: str, level: int) -> str:
    """The whole report: no script, no style sheet or image from elsewhere."""
    nbconvert = need("nbconvert", "qsm run")
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):  # the still figure that travels with live controls
                output.data.pop("application/vnd.jupyter.widget-view+json", None)
    exporter = nbconvert.HTMLExporter(template_name="basic")
    exporter.register_filter("markdown2html", _markdown())
    body = ""
    for words, cells in _sections(notebook, level):
        part, _ = exporter.from_notebook_node(type(notebook)({**notebook, "cells": cells}))
        body += f"<details><summary>{html.escape(words)}</summary>{part}</details>" if words else part
    body = re.sub(r"<script\b.*?</script>", "", body, flags=re.DOTALL)
    heads = [html.unescape(re.sub("<[^>]+>", "", text)) for text in re.findall(r"<h2[^>]*>(.*?)</h2>", body)]
    numbers = itertools.count()
    body = re.sub(r"<h2[^>]*>", lambda _: f'<h2 id="part-{next(numbers)}">', body)
    title = next(
        (html.unescape(re.sub("<[^>]+>", "", text)) for text in re.findall(r"<h1[^>]*>(.*?)</h1>", body)), name
    )
    links = "".join(f'<li><a href="#part-{i}">{html.escape(text)}</a></li>' for i, text in enumerate(heads))
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head>\n<body><a class='skip' href='#main'>Skip to the text</a>"
        f'<nav aria-label="Contents"><ul>{links}</ul></nav>\n<main id="main">{body}</main></body></html>\n'
    )
