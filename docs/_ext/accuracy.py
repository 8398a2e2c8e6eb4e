"""Errors of the installed library against the golden rows: what the accuracy page prints."""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from pathlib import Path
from typing import Any

import qsm

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
API = ROOT / "docs" / "reference" / "generated" / "api.json"


def rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def relative_error(value: float, truth: str) -> float:
    """|value / truth - 1|, zero where both are equal, infinities included."""
    exact = float(truth)
    if value == exact:
        return 0.0
    return abs(value - exact) / abs(exact) if exact and math.isfinite(exact) else math.inf


class Worst:
    """Largest error of one function, and where."""

    def __init__(self) -> None:
        self.count, self.plain, self.scaled = 0, 0.0, 0.0

    def add(self, value: float, truth: str, condition: float = 1.0) -> None:
        """`condition`: how much larger an error of the inputs' rounding comes out, where the golden row says so."""
        exact = float(truth)
        if 0 < abs(exact) < 1e-300:
            return  # below the range that is promised
        error = relative_error(value, truth)
        scale = max(1.0, abs(math.log(abs(exact)))) if exact and math.isfinite(exact) else 1.0
        self.count += 1
        self.plain = max(self.plain, error)
        self.scaled = max(self.scaled, error / scale / max(1.0, condition))


def table(worst: dict[str, Worst]) -> str:
    lines = [
        "| function | rows | largest relative error | scaled |",
        "| --- | ---: | ---: | ---: |",
    ]
    lines += [f"| `{name}` | {w.count} | {w.plain:.1e} | {w.scaled:.1e} |" for name, w in worst.items()]
    return "\n".join(lines)


def with_golden() -> list[tuple[str, dict[str, Any]]]:
    """Room and text of every function and model whose text names golden rows."""
    rooms = json.loads(API.read_text()).items()
    return [(room, e) for room, entities in rooms if hasattr(qsm, room) for e in entities if e["golden"]]


def is_one_call(entity: dict[str, Any]) -> bool:
    """Whether a golden row is one call; those with matrices have forms of their own."""
    row = rows(entity["golden"])[0]
    given = [row.get(p["name"], "" if p["default"] else ";") for p in entity["parameters"]]
    if entity["kind"] == "function" and not entity_members(entity):
        given.append(row.get(entity["name"], ";"))
    return not any(";" in cell and "(" not in cell for cell in given)


def entity_members(entity: dict[str, Any]) -> list[dict[str, Any]]:
    """What of the result can be measured: members of a model, or of the class or record that a function returns."""
    found: list[dict[str, Any]] = entity["members"]
    if not found:
        rooms = json.loads(API.read_text()).values()
        found = next((e["members"] for entities in rooms for e in entities if e["name"] == entity["type"]), [])
    return found


def measured_by_tests_alone() -> str:
    return ", ".join(f"`{room}.{e['name']}`" for room, e in with_golden() if not is_one_call(e))


def argument(cell: str) -> Any:
    """A number, a law, several numbers, or a text."""
    if "(" in cell:
        return qsm.distribution_from_text(cell.replace(";", ","))
    try:
        numbers = [float(part) for part in cell.split()]
    except ValueError:
        return cell
    return numbers if len(numbers) > 1 else numbers[0]


def closed_forms() -> dict[str, Worst]:
    """Every function and model of numbers whose text names golden rows."""
    worst: dict[str, Worst] = {}
    for room, entity in with_golden():
        if is_one_call(entity):
            name = entity["factory"] or entity["name"]
            call = getattr(getattr(qsm, room), name)
            names = [p["name"] for p in entity["parameters"]]
            members = entity_members(entity)
            for row in rows(entity["golden"]):
                result = call(*(argument(row[n]) for n in names if n in row))
                if not members:
                    worst.setdefault(f"{room}.{name}", Worst()).add(result, row[name])
                    continue
                for member in members:
                    if member["type"] != "double" or member["name"] not in row:
                        continue
                    value = getattr(result, member["name"])
                    if member["parameters"]:
                        value = value(*(float(row[p["name"]]) for p in member["parameters"]))
                    condition = float(row.get(member["name"] + "_condition", 1))
                    entry = worst.setdefault(f"{room}.{name}.{member['name']}", Worst())
                    entry.add(value, row[member["name"]], condition)
    return worst


def laws() -> dict[str, Worst]:
    """The laws of qsm.core, by family and function."""
    worst: defaultdict[tuple[str, str], Worst] = defaultdict(Worst)
    for row in rows("core/distributions.csv"):
        text = row["law"].replace(";", ",")
        try:
            law = qsm.distribution_from_text(text)
        except ValueError:
            continue  # a law made of laws has no text of numbers
        result = getattr(law, row["function"])
        if callable(result):
            argument = float(row["argument"])
            result = result(int(argument) if row["function"] == "moment" else argument)
        worst[text.partition("(")[0], row["function"]].add(result, row["value"])
    return {f"{family}.{function}": w for (family, function), w in sorted(worst.items())}
