"""What an episode's content is made of, and how a block shows itself."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from qsm._table import Table


@dataclass(frozen=True)
class Claim:
    """A statement people repeat, where it comes from, what follows from it, and how well it is supported."""

    text: str
    source: str
    follows: str
    verdict: str


@dataclass(frozen=True)
class Check:
    """A question with one number as its answer, and the answers of well-known misunderstandings."""

    answer: Callable[[], float]
    unit: str
    misconceptions: Sequence[tuple[Callable[[], float], str]] = ()
    tolerance: float = 0.01


@dataclass(frozen=True)
class Bet:
    """A guess to lock before the result is shown: one of `choices`, or a positive number in `unit`."""

    question: str
    choices: Sequence[str] = ()
    unit: str = ""


@dataclass(frozen=True)
class Verdict:
    """What an attempt at a mission came to."""

    won: bool
    words: str


@dataclass(frozen=True)
class Mission:
    """A goal, and the function that judges an attempt with the model; no answer is stored anywhere."""

    goal: str
    judge: Callable[..., Verdict]


@dataclass(frozen=True)
class Content:
    """Everything that makes one episode unlike the others, besides its notebook."""

    name: str
    title: str
    minutes: int
    objectives: Sequence[str]
    prerequisites: Sequence[str]
    claims: Sequence[Claim] = ()
    checks: Mapping[str, Check] = field(default_factory=dict)
    bets: Mapping[str, Bet] = field(default_factory=dict)
    missions: Mapping[str, Mission] = field(default_factory=dict)


@dataclass(frozen=True)
class Block:
    """A block of an episode as it shows: a heading with its state in words, lines of text, perhaps a table."""

    heading: str
    lines: Sequence[str] = ()
    table: Table | None = None
    bullets: Sequence[str] = ()
    folded: bool = False

    def __repr__(self) -> str:
        parts = [self.heading, *self.lines, *(f"  - {bullet}" for bullet in self.bullets)]
        return "\n".join([*parts, str(self.table)] if self.table is not None else parts)

    def _repr_html_(self) -> str:
        lines = "".join(f"<p style='margin:0.3em 0'>{html.escape(line)}</p>" for line in self.lines)
        bullets = "".join(f"<li>{html.escape(bullet)}</li>" for bullet in self.bullets)
        inside = lines + (f"<ul>{bullets}</ul>" if bullets else "")
        inside += self.table._repr_html_() if self.table is not None else ""
        heading = html.escape(self.heading)
        style = "border-left:4px solid #0072B2;padding:0.3em 0.9em;margin:0.6em 0"
        if self.folded:
            return f"<details class='qsm-block' style='{style}'><summary><b>{heading}</b></summary>{inside}</details>"
        return f"<div class='qsm-block' style='{style}'><p style='margin:0.3em 0'><b>{heading}</b></p>{inside}</div>"
