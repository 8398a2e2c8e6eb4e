"""The twelve blocks of a notebook, and the primers as notebooks of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qsm.course._blocks import PARTS

_MARK = re.compile(r"^episode\.part\(\"(\w+)\"\)", re.MULTILINE)


def mark(cell: Any) -> str:
    """The block that a cell begins; nothing where it begins none."""
    found = _MARK.search("".join(cell["source"])) if cell["cell_type"] == "code" else None
    return found[1] if found else ""


def parts(path: str | Path) -> dict[str, list[dict[str, Any]]]:
    """The cells of each block of an episode's notebook, in order. A block begins with its mark, `episode.part(...)`.

    Raises
    ------
    ValueError
        A block that is missing, stands twice, or stands in another order.
    """
    cells: list[dict[str, Any]] = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    found: dict[str, list[dict[str, Any]]] = {}
    current: list[dict[str, Any]] = []
    for cell in cells:
        begun = mark(cell)
        if begun in found:
            raise ValueError(f"parts: {path}: block {begun!r} stands twice")
        if begun:
            current = found[begun] = current if not found else []
        current.append(cell)
    wanted = [part.name for part in PARTS]
    if list(found) != wanted:
        raise ValueError(f"parts: {path}: the blocks must be {', '.join(wanted)}, got {', '.join(found)}")
    return found


def primer(path: str | Path) -> dict[str, Any]:
    """The primer of an episode as a notebook of its own: same text, same checks, same ledger."""
    path = Path(path)
    whole = json.loads(path.read_text(encoding="utf-8"))
    cells = parts(path)
    head = cells["header"]
    title = "".join(head[0]["source"]).partition("\n")[0].removeprefix("# ")
    text = (
        f"# Primer for {title[0].lower()}{title[1:]}\n\nTen minutes of what the episode takes for granted. It is the first "
        "block of the episode as well, and what you do here counts there."
    )
    first = next(cell for cell in head if cell["cell_type"] == "code")
    last: dict[str, Any] = {
        "cell_type": "code",
        "id": "primer-report",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": "episode.report()",
    }
    intro = {"cell_type": "markdown", "id": "primer-title", "metadata": {}, "source": text}
    return {**whole, "cells": [intro, first, *cells["primer"], last]}


def primers(output: str | Path, notebooks: Mapping[str, Path]) -> list[Path]:
    """Writes the primers of episodes as notebooks, one for each, in the order of the course; their paths."""
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for path in notebooks.values():
        written.append(folder / f"{path.stem}_primer.ipynb")
        written[-1].write_text(json.dumps(primer(path), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return written
