"""Problem sets: every student has numbers of their own, and no check holds an answer."""

from __future__ import annotations

import importlib
import inspect
import math
import re
import runpy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qsm.course._blocks import Block
from qsm.course._child import plain
from qsm.course._draws import Draws
from qsm.course._episode import _look_up


@dataclass(frozen=True)
class Misconception:
    """The answer that a well-known misunderstanding gives, and what to say to it."""

    model: Callable[..., Any]
    hint: str


def whole(answer: Any) -> bool:
    """Whether an answer is a whole number from 1 to 100,000."""
    return isinstance(answer, (int, float)) and not isinstance(answer, bool) and 1 <= answer <= 1e5 and answer % 1 == 0


def numbers_of(answer: Any, least: int, most: int) -> bool:
    """Whether an answer is a list of so many finite numbers."""
    return (
        isinstance(answer, list)
        and least <= len(answer) <= most
        and all(isinstance(x, (int, float)) and not isinstance(x, bool) and math.isfinite(x) for x in answer)
    )


@dataclass(frozen=True)
class Problem:
    """A function to write. Its answer is compared with a teacher's, or verified where `verify` is given.

    `verify(answer, **numbers)` says what is wrong with an answer, and nothing where it is right. It holds no answer: it
    asks a model whether what was promised is kept.
    """

    name: str
    title: str
    text: str
    returns: str
    draw: Callable[[Draws], dict[str, Any]]
    points: int = 10
    level: int = 2
    tolerance: float = 1e-3
    plausible: Callable[..., tuple[float, float]] | None = None
    misconceptions: Sequence[Misconception] = ()
    verify: Callable[..., str] | None = None
    from_scratch: bool = False
    hidden: int = 12

    def numbers(self, student: str, salt: str) -> dict[str, Any]:
        """The student's own numbers."""
        return self._drawn("own", salt, self.name, student)

    def hidden_numbers(self, student: str, secret: str) -> list[dict[str, Any]]:
        """Numbers nobody has seen, for the grader."""
        return [self._drawn("hidden", secret, self.name, student, str(i)) for i in range(self.hidden)]

    def _drawn(self, *path: str) -> dict[str, Any]:
        """Draws until no misconception gives an answer that would be verified."""
        draws = Draws(*path)
        for _ in range(1000):
            numbers = self.draw(draws)
            if self.verify is None or all(
                self.verify(wrong.model(**numbers), **numbers) for wrong in self.misconceptions
            ):
                return numbers
        raise RuntimeError(f"problem {self.name!r}: a misconception is right whatever is drawn")

    def arguments(self) -> list[str]:
        """Names of the function's arguments."""
        return list(self.draw(Draws("arguments")))

    def near(self, answer: float, truth: float) -> bool:
        """Whether an answer equals another within the tolerance."""
        return abs(answer - truth) <= self.tolerance * max(abs(truth), 1e-12)

    def complaint(self, answer: Any, numbers: Mapping[str, Any]) -> str:
        """What is wrong with an answer as far as it can be said without knowing the right one; nothing if unknown."""
        if self.verify is not None:
            wrong = self.verify(answer, **numbers)
            known = (m.hint for m in self.misconceptions if wrong and answer == m.model(**numbers))
            return next(known, wrong)
        if isinstance(answer, bool) or not isinstance(answer, (int, float)) or not math.isfinite(answer):
            return f"The answer must be a finite number: {self.returns}."
        for misconception in self.misconceptions:
            if self.near(answer, misconception.model(**numbers)):
                return misconception.hint
        if self.plausible is not None:
            low, high = self.plausible(**numbers)
            if not low <= answer <= high:
                return f"Nothing with these numbers can give that. The answer is {self.returns}."
        return ""


@dataclass(frozen=True)
class ProblemSet:
    """The problems that go with an episode, and the modules of `qsm` that its notebook imports."""

    name: str
    title: str
    intro: str
    problems: Sequence[Problem]
    modules: Sequence[str] = ()

    def __getitem__(self, name: str) -> Problem:
        problem: Problem = _look_up({problem.name: problem for problem in self.problems}, "problem", name)
        return problem


def problem_set(name: str) -> ProblemSet:
    """The problem set of an episode, for example `problem_set("52")`.

    Raises
    ------
    ValueError
        No such problem set.
    """
    try:
        module = importlib.import_module(f"qsm.course.problem_set_{name}")
    except ModuleNotFoundError as error:
        raise ValueError(f"problem_set: no problem set {name!r}") from error
    content: ProblemSet = module.PROBLEMS
    return content


@dataclass(frozen=True)
class Assignment:
    """A problem set with one student's numbers."""

    content: ProblemSet
    student: str
    salt: str

    def __repr__(self) -> str:
        return f"{self.content.title}, numbers of {self.student!r}"

    def numbers(self, name: str) -> dict[str, Any]:
        """The student's own numbers for a problem, by the function's arguments."""
        return self.content[name].numbers(self.student, self.salt)

    def check(self, function: Callable[..., Any]) -> Block:
        """Tries a function on the student's own numbers. Says what kind of mistake it makes, never the answer."""
        problem = self.content[getattr(function, "__name__", str(function))]
        numbers = self.numbers(problem.name)
        answer = plain(function(**numbers))
        head = f"Problem {problem.name}"
        if answer is None:
            return Block(f"{head}: not answered yet", (f"The function must return {problem.returns}.",))
        complaint = problem.complaint(answer, numbers)
        if complaint:
            return Block(f"{head}: not yet", (complaint,))
        return Block(f"{head}: public checks passed; {problem.hidden} hidden tests remain")

    def require(self, function: Callable[..., Any]) -> None:
        """The public checks as a test: raises AssertionError with what `check` says, unless they pass."""
        block = self.check(function)
        if block.lines:
            raise AssertionError("\n".join([block.heading, *block.lines]))


def check_name(function: str, student: str) -> None:
    """Refuses a student's name that makes no name of a file on every machine, or a formula in a table."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@-]*", student):
        raise ValueError(f"{function}: a student's name must be letters, digits and . _ @ -, got {student!r}")


def assignment(name: str, student: str, salt: str) -> Assignment:
    """A problem set with the numbers of one student.

    Parameters
    ----------
    name
        The number of the episode, such as "52".
    student
        Who solves it: any text that stays the same, such as a matriculation number.
    salt
        A word that the teacher chooses for the course: other salt, other numbers.
    """
    for what, word in (("student", student), ("salt", salt)):
        if not word:
            raise ValueError(f"assignment: {what} must not be empty")
    return Assignment(problem_set(name), student, salt)


def references(path: str | Path) -> dict[str, Callable[..., Any]]:
    """The functions of a teacher's file by name.

    Raises
    ------
    FileNotFoundError
        No such file.
    ValueError
        It is not Python, or it fails.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"grade: no teacher's file {path}")
    try:
        names = runpy.run_path(str(path), run_name="teacher")
    except Exception as error:
        raise ValueError(f"grade: the teacher's file {path} does not run ({type(error).__name__}: {error})") from error
    return {name: value for name, value in names.items() if inspect.isfunction(value)}
