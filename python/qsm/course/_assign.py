"""Makes the notebooks of a problem set: one for each student, or one source for otter-grader or nbgrader."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from qsm.course._problems import Assignment, Problem, assignment, check_name, references


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
        _cell("code", f"from qsm import {', '.join(sorted(['course', *content.modules]))}\n\n{lines}", "task"),
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
    tasks: dict[Path, Assignment] = {}
    for student in students:
        check_name("assign", student)
        path = Path(output) / f"{name}_{student}.ipynb"
        if path in tasks:
            raise ValueError(f"assign: student {student!r} comes twice")
        tasks[path] = assignment(name, student, salt)
    Path(output).mkdir(parents=True, exist_ok=True)
    for path, task in tasks.items():
        path.write_text(student_notebook(task), encoding="utf-8")
    return list(tasks)


def _solved(problem: Problem, reference: Callable[..., Any], begin: str, end: str) -> str:
    """The reference between the marks that otter-grader and nbgrader cut out."""
    body = inspect.getsource(reference).rstrip().split("\n", 1)[1]
    return f"def {problem.name}({', '.join(problem.arguments())}):\n    {begin}\n{body}\n    {end}"


def _hidden(problem: Problem, teacher: str, secret: str) -> str:
    return f'course.hidden_test({problem.name}, "{teacher}", task, secret="{secret}")'


def source(name: str, teacher: str | Path, salt: str, secret: str, form: str) -> str:
    """The teacher's notebook, as text, from which otter-grader or nbgrader makes the students'.

    Both make one notebook for all students, who write their name into it; their numbers come from that. Both run hidden
    tests beside the student's code: `qsm grade` keeps them apart.

    Parameters
    ----------
    name
        The number of the episode, such as "52".
    teacher
        Python file with the answers. For otter-grader it must lie beside the notebook and travels with the autograder;
        nbgrader finds it where it is now, because whatever lies beside its notebook is released to students.
    salt, secret
        Words that choose the students' numbers and the hidden ones.
    form
        "otter" or "nbgrader".

    Raises
    ------
    ValueError
        No such form, or the teacher's file lacks a function.
    """
    known, task = references(teacher), assignment(name, "example", salt)
    for problem in task.content.problems:
        if problem.name not in known:
            raise ValueError(f"assign: {teacher} has no function {problem.name}")
    makers = {"otter": _otter, "nbgrader": _nbgrader}
    if form not in makers:
        raise ValueError(f"assign: no form {form!r}; there are: {', '.join(makers)}")
    first = _first_cells(task)
    for cell in first[1:]:
        cell["metadata"] = (
            {"nbgrader": _mark(cell["id"], locked=True)} if form == "nbgrader" and cell["id"] != "task" else {}
        )
    place = Path(teacher).name if form == "otter" else str(Path(teacher).resolve())
    cells = makers[form](task, known, place, secret)
    return _notebook([*first, *cells])


def _otter(
    task: Assignment, known: Mapping[str, Callable[..., Any]], teacher: str, secret: str
) -> list[dict[str, Any]]:
    config = (
        f"# ASSIGNMENT CONFIG\nname: problem-set-{task.content.name}\nautograder_files:\n  - {teacher}\n"
        "requirements:\n  - qsm\nexport_cell:\n  pdf: false"
    )
    cells = [_cell("raw", config, "config")]
    for problem in task.content.problems:
        name = problem.name

        def mark(text: str, label: str, name: str = name) -> dict[str, Any]:
            return _cell("raw", text, f"{name}-{label}")

        cells += [
            mark(f"# BEGIN QUESTION\nname: {name}\npoints: {problem.points}", "begin"),
            _cell("markdown", _text(problem, task.numbers(name)), f"{name}-text"),
            mark("# BEGIN SOLUTION", "begin-solution"),
            _cell("code", _solved(problem, known[name], "# BEGIN SOLUTION", "# END SOLUTION"), f"{name}-code"),
            mark("# END SOLUTION", "end-solution"),
            mark("# BEGIN TESTS", "begin-tests"),
            _cell("code", f"task.require({name})", f"{name}-check"),
            _cell("code", f"# HIDDEN\n{_hidden(problem, teacher, secret)}", f"{name}-hidden"),
            mark("# END TESTS", "end-tests"),
            mark("# END QUESTION", "end"),
        ]
    return cells


def _mark(name: str, *, locked: bool = False, solution: bool = False, points: int = 0) -> dict[str, Any]:
    mark = {"grade": points > 0, "grade_id": name, "locked": locked, "schema_version": 3, "solution": solution}
    return mark | ({"points": points} if points else {}) | {"task": False}


def _nbgrader(
    task: Assignment, known: Mapping[str, Callable[..., Any]], teacher: str, secret: str
) -> list[dict[str, Any]]:
    cells = []
    for problem in task.content.problems:
        name = problem.name
        tests = (
            f"task.require({name})\n### BEGIN HIDDEN TESTS\n{_hidden(problem, teacher, secret)}\n### END HIDDEN TESTS"
        )
        code = _solved(problem, known[name], "### BEGIN SOLUTION", "### END SOLUTION")
        cells += [
            _cell("markdown", _text(problem, task.numbers(name)), f"{name}-text"),
            _cell("code", code, f"{name}-code", nbgrader=_mark(name, solution=True)),
            _cell("code", tests, f"{name}-check", nbgrader=_mark(f"{name}-check", locked=True, points=problem.points)),
        ]
    return cells
