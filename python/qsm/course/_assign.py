"""Makes the notebooks of a problem set: one for each student, or the source for otter-grader or nbgrader."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from qsm.course._problems import Assignment, Problem, assignment

_STUDENT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*")


def _cell(kind: str, source: str, name: str, **metadata: Any) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": metadata, "source": source.splitlines(True)}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _notebook(cells: list[dict[str, Any]]) -> str:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _shown(value: Any) -> Any:
    """A number as the text of a problem shows it."""
    return " and ".join(f"{x:g}" for x in value) if isinstance(value, list) and len(value) < 9 else value


def _text(problem: Problem, numbers: Mapping[str, Any]) -> str:
    text = problem.text.format(**{name: _shown(value) for name, value in numbers.items()})
    return (
        f"## {problem.title}\n\n{text}\n\n*{problem.points} points, level {problem.level}. Return {problem.returns}.*"
    )


def _empty(problem: Problem) -> str:
    return f"def {problem.name}({', '.join(problem.arguments())}):\n    return None"


def _first_cells(task: Assignment) -> list[dict[str, Any]]:
    content = task.content
    lines = f'task = course.assignment("{content.name}", student="{task.student}", salt="{task.salt}")\ntask'
    return [
        _cell("markdown", f"# {content.title}\n\n{content.intro}", "title"),
        _cell("code", "import heapq\nimport math\n\nimport numpy as np", "imports"),
        _cell("code", f"from qsm import course, queueing\n\n{lines}", "task"),
    ]


def student_notebook(task: Assignment, solutions: Mapping[str, Callable[..., Any]] | None = None) -> str:
    """The notebook of one student, as text; with the functions of `solutions` where given."""
    cells = _first_cells(task)
    for problem in task.content.problems:
        code = _empty(problem)
        if solutions and problem.name in solutions:
            code = inspect.getsource(solutions[problem.name]).rstrip()
        cells += [
            _cell("markdown", _text(problem, task.numbers(problem.name)), f"{problem.name}-text"),
            _cell("code", code, f"{problem.name}-code"),
            _cell("code", f"task.check({problem.name})", f"{problem.name}-check"),
        ]
    return _notebook(cells)


def assign(name: str, students: Iterable[str], salt: str, output: str | Path) -> list[Path]:
    """Writes a notebook for each student, NUMBER_STUDENT.ipynb, each with numbers of its own.

    Parameters
    ----------
    name
        The number of the episode, such as "52".
    students
        Names that stay the same: letters, digits and `. _ @ -`, for they become names of files.
    salt
        A word chosen for the course.
    output
        Folder for the notebooks; made where it is missing.

    Raises
    ------
    ValueError
        A name has other characters, or comes twice.
    """
    folder = Path(output)
    written: list[Path] = []
    for student in students:
        if not _STUDENT_NAME.fullmatch(student):
            raise ValueError(f"assign: a student's name must be letters, digits and . _ @ -, got {student!r}")
        path = folder / f"{name}_{student}.ipynb"
        if path in written:
            raise ValueError(f"assign: student {student!r} comes twice")
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(student_notebook(assignment(name, student, salt)), encoding="utf-8")
        written.append(path)
    return written
