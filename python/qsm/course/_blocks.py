"""What an episode's content is made of, and how a block shows itself."""

from __future__ import annotations

import html
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qsm._table import Table
from qsm.course._draws import Draws

LEVELS = {1: "intuition", 2: "practice", 3: "theory", 4: "research"}
VERDICTS = ("verified", "single source", "disputed", "unsupported", "wrong")


@dataclass(frozen=True)
class Part:
    """One of the twelve blocks that every episode has: its name, title, minutes, and level of rigor."""

    name: str
    title: str
    minutes: int
    level: int


PARTS = (
    Part("header", "What this episode is about", 3, 1),
    Part("primer", "Primer", 10, 1),
    Part("cold_open", "Cold open", 10, 1),
    Part("first_bet", "Place your bet", 5, 1),
    Part("intuition", "Intuition", 25, 1),
    Part("practice", "Formulas", 30, 2),
    Part("tool_lab", "Tool lab", 35, 2),
    Part("code_lab", "Code lab", 25, 2),
    Part("theory", "Proof", 15, 3),
    Part("case_study", "Case study", 12, 2),
    Part("research", "Research", 5, 4),
    Part("reflection", "Reflection", 5, 1),
)


@dataclass(frozen=True)
class Claim:
    """A statement people repeat, where it comes from, what follows from it, and how well it is supported."""

    text: str
    source: str
    follows: str
    verdict: str
    because: str

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"Claim: verdict must be one of {', '.join(VERDICTS)}, got {self.verdict!r}")


def _numbers(
    function: Callable[..., Any],
    draw: Callable[[Draws], dict[str, Any]] | None,
    path: Sequence[str],
    good: Callable[[Mapping[str, Any]], bool],
) -> dict[str, Any]:
    """The defaults of a function's keywords, or what is drawn for a path in their place."""
    parameters = inspect.signature(function).parameters.values()
    usual = {each.name: each.default for each in parameters if each.kind is each.KEYWORD_ONLY}
    if not path or draw is None:
        return usual
    draws = Draws(*path)
    return next(drawn for drawn in (usual | draw(draws) for _ in range(1000)) if good(drawn))


@dataclass(frozen=True)
class Check:
    """A question with one number as its answer, and the answers of well-known misunderstandings.

    The keywords of `answer` are the numbers of the question, which names them in braces; the misunderstandings take them
    too. `draw` gives every student others.
    """

    answer: Callable[..., float]
    unit: str
    misconceptions: Sequence[tuple[Callable[..., float], str]] = ()
    tolerance: float = 0.01
    question: str = ""
    draw: Callable[[Draws], dict[str, Any]] | None = None

    def numbers(self, *path: str) -> dict[str, Any]:
        """The numbers of the question: those of a student's path, or without one the usual ones."""
        return _numbers(self.answer, self.draw, path, self._apart)

    def _apart(self, numbers: Mapping[str, Any]) -> bool:
        """Whether no misunderstanding comes to the right answer."""
        truth = self.answer(**numbers)
        return all(
            abs(wrong(**numbers) - truth) > 5 * self.tolerance * max(abs(truth), 1e-12)
            for wrong, _ in self.misconceptions
        )


@dataclass(frozen=True)
class Bet:
    """A guess to lock before the result is shown: one of `choices`, or a positive number in `unit`."""

    question: str
    choices: Sequence[str] = ()
    unit: str = ""


@dataclass(frozen=True)
class Idea:
    """One idea at four depths: a picture in words, the formula, why it holds, and what is not known."""

    title: str
    intuition: str
    formula: str
    proof: str
    research: str = ""


@dataclass(frozen=True)
class Verdict:
    """What an attempt at a mission came to."""

    won: bool
    words: str


@dataclass(frozen=True)
class Mission:
    """A goal, and the function that judges an attempt with the model; no answer is stored anywhere.

    The keyword-only arguments of `judge` are the numbers of the goal, which names them in braces. `draw` gives every
    student others.
    """

    goal: str
    judge: Callable[..., Verdict]
    draw: Callable[[Draws], dict[str, Any]] | None = None

    def numbers(self, *path: str) -> dict[str, Any]:
        """The numbers of the goal: those of a student's path, or without one the usual ones."""
        return _numbers(self.judge, self.draw, path, lambda _: True)


@dataclass(frozen=True)
class Published:
    """A number that somebody else printed, for the case study to come to."""

    text: str
    value: float
    unit: str
    source: str
    tolerance: float


@dataclass(frozen=True)
class Track:
    """A reader: who it is, what they want to know, the missions that matter to them, and the numbers of their world."""

    who: str
    question: str
    missions: Sequence[str]
    numbers: Mapping[str, float]


@dataclass(frozen=True)
class Content:
    """Everything that makes one episode unlike the others, besides its notebook."""

    name: str
    title: str
    objectives: Sequence[str]
    prerequisites: Sequence[str]
    claims: Mapping[str, Claim] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)
    bets: Mapping[str, Bet] = field(default_factory=dict)
    ideas: Mapping[str, Idea] = field(default_factory=dict)
    missions: Mapping[str, Mission] = field(default_factory=dict)
    published: Mapping[str, Published] = field(default_factory=dict)
    tracks: Mapping[str, Track] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        """How long the episode takes."""
        return sum(part.minutes for part in PARTS)


def _rich(text: str) -> str:
    """Text as HTML, its formulas between dollar signs as MathML, or as they are written without latex2mathml."""

    def formula(found: re.Match[str]) -> str:
        try:
            from latex2mathml.converter import convert
        except ImportError:
            return f"<code>{html.escape(found[1])}</code>"
        return str(convert(found[1]))

    pieces = re.split(r"(\$(?=\S)[^$\n]+?(?<=\S)\$)", text)
    return "".join(
        re.sub(r"^\$(.*)\$$", formula, piece) if index % 2 else html.escape(piece) for index, piece in enumerate(pieces)
    )


@dataclass(frozen=True)
class Block:
    """A block of an episode as it shows: a heading with its state in words, lines of text, perhaps a table.

    Without a browser it is text. `folded` hides what is inside until the heading is opened; `inside` are blocks that
    open and close by themselves, with the keyboard too. `form` names what a reader may enter, and what that does.
    """

    heading: str
    lines: Sequence[str] = ()
    table: Table | None = None
    bullets: Sequence[str] = ()
    folded: bool = False
    inside: Sequence[Block] = ()
    form: tuple[Sequence[Mapping[str, Any]], Callable[..., Block]] | None = field(
        default=None, compare=False, repr=False
    )

    def __repr__(self) -> str:
        parts = [self.heading, *self.lines, *(f"  - {bullet}" for bullet in self.bullets)]
        parts += [str(self.table)] if self.table is not None else []
        return "\n".join([*parts, *(f"  {line}" for block in self.inside for line in repr(block).splitlines())])

    def _inner(self) -> str:
        lines = "".join(f"<p style='margin:0.3em 0'>{_rich(line)}</p>" for line in self.lines)
        bullets = "".join(f"<li>{_rich(bullet)}</li>" for bullet in self.bullets)
        inside = lines + (f"<ul>{bullets}</ul>" if bullets else "")
        inside += self.table._repr_html_() if self.table is not None else ""
        for block in self.inside:
            state = "" if block.folded else " open"
            inside += f"<details{state}><summary>{html.escape(block.heading)}</summary>{block._inner()}</details>"
        return inside

    def _repr_html_(self) -> str:
        heading = html.escape(self.heading)
        style = "border-left:4px solid #0072B2;padding:0.3em 0.9em;margin:0.6em 0"
        if self.folded:
            return (
                f"<details class='qsm-block' style='{style}'><summary><b>{heading}</b></summary>{self._inner()}"
                "</details>"
            )
        return f"<div class='qsm-block' style='{style}'><p style='margin:0.3em 0'><b>{heading}</b></p>{self._inner()}</div>"

    def _repr_mimebundle_(self, **_: Any) -> Any:
        """In a live notebook a form travels along; a saved page shows the same block as HTML."""
        data: dict[str, Any] = {"text/plain": repr(self), "text/html": self._repr_html_()}
        if self.form is None:
            return data
        from qsm.course._form import widget

        return {**widget(self), **data}
