"""Grades submissions: runs each in a process without answers, and judges here what its functions return."""

from __future__ import annotations

import ast
import contextlib
import csv
import json
import os
import secrets
import select
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import numpy as np

from qsm._table import Table
from qsm.course._child import plain
from qsm.course._problems import Assignment, Problem, ProblemSet, check_name, problem_set, references

_CHILD = Path(__file__).with_name("_child.py")
_LONGEST = 64 << 20  # bytes of answers from one submission
_PATIENCE = 20  # so many times the time of one function for a whole submission


@dataclass(frozen=True)
class Item:
    """What a submission got for one problem, and why."""

    problem: str
    title: str
    points: float
    most: float
    words: str


@dataclass(frozen=True)
class Grade:
    """A graded submission."""

    student: str
    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """Points reached."""
        return sum(item.points for item in self.items)

    @property
    def most(self) -> float:
        """Points there are."""
        return sum(item.most for item in self.items)

    def table(self) -> Table:
        """One row per problem."""
        return Table(
            {
                "problem": [item.problem for item in self.items],
                "points": [f"{item.points:g} of {item.most:g}" for item in self.items],
                "why": [item.words for item in self.items],
            },
            f"{self.student}: {self.points:g} of {self.most:g}",
        )

    def __repr__(self) -> str:
        return "\n".join([str(self.table()), *self.notes])

    def to_gradescope(self) -> dict[str, Any]:
        """The `results.json` of a Gradescope autograder."""
        tests = [
            {
                "name": f"{item.problem}: {item.title}",
                "score": item.points,
                "max_score": item.most,
                "output": item.words,
                "visibility": "visible",
            }
            for item in self.items
        ]
        return {"score": self.points, "output": "\n".join(self.notes), "output_format": "text", "tests": tests}


def read_cells(path: str | Path) -> list[str]:
    """The code cells of a notebook. Lines for the shell and for IPython become comments.

    Raises
    ------
    ValueError
        The file is no notebook.
    """
    try:
        notebook = json.loads(Path(path).read_text(encoding="utf-8"))
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in cells]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"grade: {path} is not a notebook ({type(error).__name__})") from error
    return [_python(source) for source in sources]


def _python(source: str) -> str:
    """Lines for the shell and for IPython as comments; what is Python already stays as it is."""
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(source)
        return source
    lines = []
    for line in source.split("\n"):
        start = line.lstrip()
        special = start.startswith(("%", "!", "?")) or start.rstrip().endswith("?")
        lines.append(f"{line[: len(line) - len(start)]}pass  # {start}" if special else line)
    return "\n".join(lines)


def _hidden(*paths: Path) -> list[str]:
    """What a submission must not see: the folders of these files, or the files alone where Python stands in that folder."""
    needed = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable), _CHILD, Path(gettempdir())]
    needed += [Path(place) for place in sys.path if place]
    found = []
    for path in (path.resolve() for path in paths):
        inside = any(place.resolve().is_relative_to(path.parent) for place in needed)
        found.append(str(path if inside else path.parent))
    return sorted(set(found))


def _run(
    cells: Sequence[str], calls: Mapping[str, Any], seconds: float, without: str, hidden: Sequence[str]
) -> _Answers:
    """Everything the functions return, however the submission behaves."""
    answers = _Answers()
    skipped: set[str] = set()
    most = 60 + _PATIENCE * seconds
    until = time.monotonic() + most
    for _ in range(len(cells) + len(calls) + 1):
        job = {
            "cells": [(i, source) for i, source in enumerate(cells, 1) if f"cell {i}" not in skipped],
            "calls": {name: sets for name, sets in calls.items() if f"call {name}" not in skipped},
            "seconds": seconds,
            "megabytes": 8192,
            "processor_seconds": int(60 + (len(cells) + len(calls)) * (1.5 * seconds + 2)),
            "without": without,
            "hidden": hidden,
        }
        stopped_at = _once(job, answers, seconds, until)
        if stopped_at is None:
            break
        skipped.add(stopped_at)
        over = time.monotonic() > until
        words = f"the whole ran longer than {most:g} s" if over else "ended the program, or ran on and on"
        kind, _space, name = stopped_at.partition(" ")
        if kind == "call":
            answers.stops[name] = words
        else:
            answers.cells[int(name)] = words
        if over:
            break
    return answers


class _Answers:
    """What a submission's process reported."""

    def __init__(self) -> None:
        self.values: dict[str, dict[int, tuple[str, Any]]] = {}
        self.cells: dict[int, str] = {}
        self.stops: dict[str, str] = {}
        self.began = ""

    def take(self, line: bytes) -> bool:
        """Takes one line, whatever it holds; whether it is the last."""
        try:
            message = json.loads(line)
            if "begin" in message:
                self.began = str(message["begin"])
            elif "cell" in message:
                self.cells[int(message["cell"])] = str(message["error"])[:300]
            elif "at" in message:
                kind = "value" if "value" in message else "error"
                what = plain(message["value"]) if kind == "value" else str(message["error"])[:300]
                self.values.setdefault(str(message["call"]), {})[int(message["at"])] = (kind, what)
            elif "call" in message:
                self.stops[str(message["call"])] = str(message["error"])[:300]
            return "end" in message
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return False  # not ours: the submission wrote to our pipe


def _once(job: dict[str, Any], answers: _Answers, seconds: float, until: float) -> str | None:
    """One process; where it stopped, or None when it came to its end."""
    ahead = {f"cell {number}" for number, _ in job["cells"]} | {f"call {name}" for name in job["calls"]}
    reading, writing = os.pipe()
    with TemporaryDirectory(prefix="qsm-grade-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o777)  # where the grader is root, the submission is nobody
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": folder,
            "MPLBACKEND": "Agg",
            "LANG": "C.UTF-8",
            "OPENBLAS_NUM_THREADS": "1",  # its threads would count as processes
        }
        process = subprocess.Popen(
            [sys.executable, "-I", str(_CHILD), str(writing)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[writing],
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        os.close(writing)
        answers.began = ""
        try:
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(json.dumps(job).encode())
                process.stdin.close()
            buffer, total, at = b"", 0, ""
            deadline = time.monotonic() + 60  # to start
            while True:
                ready, _, _ = select.select([reading], [], [], max(0.0, min(deadline, until) - time.monotonic()))
                block = os.read(reading, 1 << 20) if ready else b""
                total += len(block)
                if not block or total > _LONGEST:
                    if not at:
                        raise OSError("grade: the process of a submission did not start; is there memory left?")
                    return at
                *lines, buffer = (buffer + block).split(b"\n")
                for line in lines:
                    if answers.take(line):
                        return None
                    if answers.began in ahead:  # each once, so that chatter does not buy time
                        at = answers.began
                        ahead.discard(at)
                        deadline = time.monotonic() + 1.5 * seconds + 2
        finally:
            os.close(reading)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _judge(
    problem: Problem, sets: Sequence[Mapping[str, Any]], answers: _Answers, reference: Callable[..., Any] | None
) -> Item:
    """Points for one problem: all, or none. The first set of numbers is the student's own."""
    got = answers.values.get(problem.name, {})
    wrong: list[int] = []
    words = ""
    for at, numbers in enumerate(sets):
        kind, value = got.get(at, ("error", answers.stops.get(problem.name, "no answer")))
        if kind == "value" and value is None:
            complaint = "not answered"
        elif kind == "error":
            complaint = str(value)
        else:
            try:
                with np.errstate(all="ignore"):
                    complaint = problem.complaint(value, numbers)
            except (
                ArithmeticError,
                LookupError,
                RuntimeError,
                TypeError,
                ValueError,
            ) as error:  # one odd answer must not end the grading of all the others
                complaint = f"The answer cannot be judged ({type(error).__name__}: {error})."
            if not complaint and problem.verify is None:
                assert reference is not None
                if not problem.near(value, float(reference(**numbers))):
                    complaint = "The number is wrong."
        if complaint:
            wrong.append(at)
            words = words or complaint
    if not wrong:
        return Item(
            problem.name, problem.title, problem.points, problem.points, f"Right for {len(sets)} sets of numbers."
        )
    if 0 not in wrong:
        words = (
            f"Right for your own numbers, wrong for {len(wrong)} of {len(sets) - 1} others. Is a number written into it? "
            + words
        )
    return Item(problem.name, problem.title, 0, problem.points, words)


def _check(path: Path, student: str, salt: str, secret: str, seconds: float) -> None:
    if not student:
        raise ValueError(f"grade: cannot tell the student from {path.name}; name it NUMBER_STUDENT.ipynb")
    for name, word in (("salt", salt), ("secret", secret)):
        if not word:
            raise ValueError(f"grade: {name} must not be empty")
    if not 0 < seconds <= 86_400:
        raise ValueError(f"grade: seconds must be in (0, 86400], got {seconds:g}")


def grade(
    path: str | Path,
    teacher: str | Path,
    *,
    student: str | None = None,
    salt: str,
    secret: str,
    problems: ProblemSet | None = None,
    seconds: float = 20,
) -> Grade:
    """Grades one submission.

    Parameters
    ----------
    path
        The student's notebook, named NUMBER_STUDENT.ipynb.
    teacher
        Python file with a function for each problem that is compared with an answer.
    student
        Whose numbers to use; by default from the name of the file, never from what it holds.
    salt
        The course's word that chose the students' numbers.
    secret
        A word that chooses the hidden numbers.
    seconds
        Most time for a cell, and for all calls of a function.

    Raises
    ------
    ValueError
        The file's name holds no number and student, or an argument is empty.
    """
    path = Path(path)
    number, _, named = path.stem.partition("_")
    student = named if student is None else student
    _check(path, student, salt, secret, seconds)
    content = problem_set(number) if problems is None else problems
    known = references(teacher)
    missing = [p.name for p in content.problems if p.verify is None and p.name not in known]
    if missing:
        raise ValueError(f"grade: {teacher} has no function {', '.join(missing)}")
    sets = {p.name: [p.numbers(student, salt), *p.hidden_numbers(student, secret)] for p in content.problems}
    try:
        cells = read_cells(path)
    except (ValueError, OSError) as error:
        nothing = [Item(p.name, p.title, 0, p.points, "The file cannot be read.") for p in content.problems]
        return Grade(student, tuple(nothing), (str(error),))
    free = {p.name: sets[p.name] for p in content.problems if not p.from_scratch}
    scratch = {p.name: sets[p.name] for p in content.problems if p.from_scratch}
    hidden = _hidden(path, Path(teacher))
    answers = _run(cells, free, seconds, "qsm.course", hidden)
    apart = _run(cells, scratch, seconds, "qsm", hidden) if scratch else answers
    items = tuple(
        _judge(p, sets[p.name], apart if p.from_scratch else answers, known.get(p.name)) for p in content.problems
    )
    notes = [f"Cell {number}: {error}" for number, error in sorted(answers.cells.items())]
    return Grade(student, items, tuple(notes))


def hidden_test(function: Callable[..., Any], teacher: str | Path, task: Assignment, *, secret: str) -> None:
    """The hidden test of one function, for graders that run tests beside the student's code (otter-grader, nbgrader).

    The function is called for all numbers before the answers are read.

    Raises
    ------
    AssertionError
        The function is wrong; says how.
    """
    problem = task.content[function.__name__]
    sets = [problem.numbers(task.student, task.salt), *problem.hidden_numbers(task.student, secret)]
    answers = _Answers()
    answers.values[problem.name] = {at: ("value", plain(function(**numbers))) for at, numbers in enumerate(sets)}
    item = _judge(problem, sets, answers, references(teacher).get(problem.name))
    if not item.points:
        raise AssertionError(item.words)


def code_of(path: str | Path, names: Sequence[str]) -> dict[str, str]:
    """The functions a notebook defines, as their syntax trees: the same for the same code in another layout."""
    found = {}
    for source in read_cells(path):
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.FunctionDef) and node.name in names:
                    body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
                    found[node.name] = ast.dump(ast.Module(body, []))
    return found


def _check_all(paths: Sequence[str | Path], teacher: str | Path, salt: str, secret: str, seconds: float) -> None:
    """Refuses what would stop the grading halfway, or hide one grade behind another."""
    seen: dict[str, Path] = {}
    for path in map(Path, paths):
        number, _, student = path.stem.partition("_")
        if not path.is_file():
            raise FileNotFoundError(f"grade: no such file: {path}")
        if path.stem in seen:
            raise ValueError(f"grade: two files named {path.name}: {seen[path.stem]} and {path}")
        seen[path.stem] = path
        if student:
            check_name("grade", student)
        _check(path, student, salt, secret, seconds)
        problem_set(number)
    references(teacher)


def grade_all(
    paths: Sequence[str | Path],
    teacher: str | Path,
    output: str | Path,
    *,
    salt: str,
    secret: str | None = None,
    seconds: float = 20,
    progress: Callable[[float, str], None] | None = None,
) -> Table:
    """Grades submissions; writes `STUDENT.json` for each (Gradescope's `results.json`) and `grades.csv` for all.

    Returns a table with one row per submission; `same as` names those whose functions are alike to the letter in at least
    half of the problems answered.

    Raises
    ------
    ValueError
        Two files have one name, a name holds no number and student, or an argument is out of its range.
    FileNotFoundError
        No such file.
    """
    secret = secrets.token_hex(8) if secret is None else secret
    _check_all(paths, teacher, salt, secret, seconds)
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    grades: list[Grade] = []
    codes: list[dict[str, str]] = []
    for count, path in enumerate(paths):
        if progress is not None:
            progress(count / len(paths), Path(path).name)
        result = grade(path, teacher, salt=salt, secret=secret, seconds=seconds)
        grades.append(result)
        (folder / f"{Path(path).stem}.json").write_text(json.dumps(result.to_gradescope(), indent=1) + "\n")
        try:
            codes.append(code_of(path, [item.problem for item in result.items]))
        except (ValueError, OSError):
            codes.append({})
    empty = "[Return(value=Constant(value=None))]"
    for code in codes:
        for name in [name for name, text in code.items() if empty in text.replace("body=", "")]:
            del code[name]

    def alike(i: int, j: int) -> bool:
        both = codes[i].keys() & codes[j].keys()
        same = sum(codes[i][name] == codes[j][name] for name in both)
        return i != j and same >= 2 and 2 * same >= len(codes[i])

    names = range(len(grades))
    table = Table(
        {
            "student": [result.student for result in grades],
            "points": [result.points for result in grades],
            "of": [result.most for result in grades],
            **{
                item.problem: [result.items[at].points for result in grades]
                for at, item in enumerate(grades[0].items if grades else ())
            },
            "same as": [", ".join(grades[j].student for j in names if alike(i, j)) for i in names],
        },
        f"Hidden numbers drawn with --secret {secret}",
        limit=10_000,
    )
    with (folder / "grades.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(table)
        writer.writerows(table.rows)
    return table
