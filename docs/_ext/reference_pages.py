"""Makes the reference pages: one per room, from the headers' comments as scripts/apigen.py reads them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
TITLES = {"model": "Models", "function": "Functions", "plain": "Types and values"}

Entity = dict[str, Any]


def escape(text: str) -> str:
    """Text of a comment as Markdown: outside of `code`, what Markdown would read as mark-up is shown as written."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        raise ValueError(f"odd number of backticks: {text}")
    for i in range(0, len(pieces), 2):
        for character in "\\*_[]<>|$~":
            pieces[i] = pieces[i].replace(character, "\\" + character)
    return "`".join(pieces)


def prose(body: str) -> list[str]:
    """Paragraphs; those that stand in by four columns are code."""
    out: list[str] = []
    for paragraph in body.split("\n\n"):
        lines = paragraph.splitlines()
        if all(line.startswith("    ") for line in lines if line):
            out += ["```cpp", *(line[4:] for line in lines), "```", ""]
        else:
            out += [escape(" ".join(paragraph.split())), ""]
    return out if body else []


def plain(default: str) -> str:
    """A default as both languages read it."""
    return default.replace("std::numeric_limits<double>::infinity()", "infinity")


def signature(entity: Entity) -> str:
    arguments = ", ".join(p["name"] + (f"={plain(p['default'])}" if p["default"] else "") for p in entity["parameters"])
    return f"{entity['factory'] or entity['name']}({arguments})"


def parameters(entity: Entity) -> list[str]:
    out = []
    if entity["parameters"]:
        out += ["| parameter | meaning, unit, range |", "| --- | --- |"]
        out += [f"| `{p['name']}` | {escape(p['text'])} |" for p in entity["parameters"]]
        out.append("")
    return out


def details(entity: Entity) -> list[str]:
    out = []
    if entity["returns"]:
        out += [f"**Result**: {escape(entity['returns'])}", ""]
    if entity["kind"] in ("function", "model"):
        out += ["**Errors**: an argument out of its range is refused by name; see [](../../guide/errors.md).", ""]
    if entity["source"]:
        out += [f"**Source**: {escape(entity['source'])}", ""]
    if entity["golden"]:
        out += [f"**Checked by**: `tests/golden/{entity['golden']}`; see [](../accuracy.md).", ""]
    return out


def members(entity: Entity) -> list[str]:
    if not entity["members"]:
        return []
    out = ["| member | meaning |", "| --- | --- |"]
    for member in entity["members"]:
        arguments = ", ".join(p["name"] for p in member["parameters"])
        name = f"{member['name']}({arguments})" if arguments else member["name"]
        ranges = "; ".join(f"`{p['name']}`: {escape(p['text'])}" for p in member["parameters"])
        out.append(f"| `{name}` | {escape(member['summary'])}{' ' + ranges if ranges else ''} |")
    return [*out, ""]


def entity_section(entity: Entity) -> list[str]:
    out = [f"### {escape(entity['name'])}", ""]
    if entity["kind"] in ("function", "model"):
        out += ["```text", signature(entity), "```", ""]
    out += [escape(entity["summary"]), "", *prose(entity["body"])]
    return out + parameters(entity) + members(entity) + details(entity)


def room_page(room: str, entities: list[Entity], umbrella: bool) -> str:
    includes = sorted({e["where"].rsplit(":", 1)[0].removeprefix("include/") for e in entities})
    out = [f"# qsm::{room}", ""]
    if umbrella:
        out += [f"C++: `#include <qsm/{room}.hpp>`", ""]
    out += ["Headers: " + ", ".join(f"`{name}`" for name in includes), ""]
    for kind, title in TITLES.items():
        chosen = [e for e in entities if e["kind"] == kind]
        if chosen:
            out += [f"## {title}", ""]
            seen = set()
            for entity in chosen:
                if entity["name"] not in seen:  # overloads share one text
                    out += entity_section(entity)
                seen.add(entity["name"])
    return "\n".join(out).rstrip() + "\n"


def write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def make_pages(app: Sphinx) -> None:
    folder = Path(app.srcdir) / "reference" / "generated"
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "api.json"
    subprocess.run([sys.executable, ROOT / "scripts" / "apigen.py", "json", data], check=True)
    rooms = json.loads(data.read_text())
    for room, entities in rooms.items():
        umbrella = (ROOT / "include" / "qsm" / f"{room}.hpp").exists()
        write(folder / f"{room}.md", room_page(room, entities, umbrella))
    for old in folder.glob("*.md"):
        if old.stem not in rooms:
            old.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", make_pages)
    return {"parallel_read_safe": True}
