"""An episode while somebody works through it."""

from __future__ import annotations

import importlib
import math
from dataclasses import dataclass, field
from typing import Any

from qsm._table import Table, show
from qsm.course._blocks import Block, Content


class ProofError(AssertionError):
    """A step of a proof does not hold."""


def start(name: str) -> Episode:
    """Begins an episode, for example `start("episode-52")`.

    Raises
    ------
    ValueError
        No such episode.
    """
    try:
        module = importlib.import_module(f"qsm.course.{name.replace('-', '_')}")
    except ModuleNotFoundError as error:
        raise ValueError(f"start: no episode {name!r}") from error
    return Episode(module.CONTENT)


def _look_up(entries: Any, kind: str, name: str) -> Any:
    if name not in entries:
        raise ValueError(f"no {kind} {name!r} in this episode; there are: {', '.join(entries)}")
    return entries[name]


@dataclass
class Episode:
    """The blocks of one episode by name, and a record of what has been done, kept while the kernel runs."""

    content: Content
    record: dict[str, str] = field(default_factory=dict)
    _guesses: dict[str, float | str | None] = field(default_factory=dict)
    _attempts: dict[str, int] = field(default_factory=dict)

    def _block(self) -> Block:
        needs = "You need: " + "; ".join(self.content.prerequisites) + "."
        lines = (f"About {self.content.minutes} minutes. {needs}", "Afterwards you can:")
        return Block(self.content.title, lines, bullets=self.content.objectives)

    def __repr__(self) -> str:
        return repr(self._block())

    def _repr_html_(self) -> str:
        return self._block()._repr_html_()

    def claims(self) -> Block:
        """The claims of the cold open, each with its source, what follows from it, and a verdict."""
        claims = self.content.claims
        columns = {
            "claim": [claim.text for claim in claims],
            "source": [claim.source for claim in claims],
            "what follows": [claim.follows for claim in claims],
            "verdict": [claim.verdict for claim in claims],
        }
        return Block("Claims audit", table=Table(columns))

    def check(self, name: str, answer: float | None = None) -> Block:
        """Judges an answer to a self-check at once; says what kind of mistake it is, never the value."""
        check = _look_up(self.content.checks, "check", name)
        if answer is None:
            return Block(f"Check {name}: not answered yet", (f"Give a number: {check.unit}.",))
        if isinstance(answer, (bool, str)) or not math.isfinite(answer):
            raise ValueError(f"check {name!r}: the answer must be a finite number, got {answer!r}")

        def near(value: float) -> bool:
            return bool(abs(answer - value) <= check.tolerance * max(abs(value), 1e-12))

        truth = check.answer()
        if near(truth):
            self.record[f"check {name}"] = "right"
            return Block(f"Check {name}: right")
        self.record.setdefault(f"check {name}", "tried")
        for value, hint in check.misconceptions:
            if near(value()):
                return Block(f"Check {name}: not yet", (hint,))
        hint = f"Try again; the answer is a number of this kind: {check.unit}."
        if truth and answer and not 1 / 8 < abs(answer / truth) < 8:
            hint = f"The magnitude is off by more than a factor of eight; the answer is a number of this kind: {check.unit}."
        return Block(f"Check {name}: not yet", (hint,))

    def bet(self, name: str, guess: float | str | None = None) -> Block:
        """Locks a guess; the first one counts. Without a guess the bet stays open, and nothing waits for it."""
        bet = _look_up(self.content.bets, "bet", name)
        kind = f"Choose one of: {', '.join(bet.choices)}." if bet.choices else f"Give a number of {bet.unit}."
        if guess is None:
            return Block(f"Bet {name}: open", (bet.question, kind))
        if name in self._guesses:
            locked = self._guesses[name]
            state = "closed, the result has been shown" if locked is None else f"already locked at {show(locked)}"
            return Block(f"Bet {name}: {state}", (bet.question,))
        if bet.choices:
            if guess not in bet.choices:
                raise ValueError(f"bet {name!r}: {kind} Got {guess!r}")
        elif isinstance(guess, (bool, str)) or not (math.isfinite(guess) and guess > 0):
            raise ValueError(f"bet {name!r}: the guess must be a number > 0, got {guess!r}")
        self._guesses[name] = guess
        return Block(f"Bet {name}: locked at {show(guess)}", (bet.question,))

    def reveal(self, name: str, truth: float | str) -> Block:
        """Shows the result of a bet beside the guess; folded away, and the bet closed, where none was placed."""
        bet = _look_up(self.content.bets, "bet", name)
        result = f"Result: {show(truth)} {bet.unit}".rstrip()
        self._guesses.setdefault(name, None)
        guess = self._guesses[name]
        if guess is None:
            self.record[f"bet {name}"] = "no guess"
            return Block(
                f"Bet {name}: no guess was locked; open to see the result", (bet.question, result), folded=True
            )
        if isinstance(guess, str) or isinstance(truth, str):
            score = "right" if guess == truth else "wrong"
        else:
            score = f"off by a factor of {math.exp(abs(math.log(guess / truth))):.2f}"
        self.record[f"bet {name}"] = score
        return Block(f"Bet {name}: {score}", (bet.question, f"Your guess: {show(guess)} {bet.unit}".rstrip(), result))

    def mission(self, name: str, **attempt: Any) -> Block:
        """Judges an attempt at a mission with the model."""
        mission = _look_up(self.content.missions, "mission", name)
        if not attempt:
            return Block(f"Mission {name}", (mission.goal,))
        count = self._attempts[name] = self._attempts.get(name, 0) + 1
        verdict = mission.judge(**attempt)
        if verdict.won:
            self.record[f"mission {name}"] = f"won at attempt {count}"
        else:
            self.record.setdefault(f"mission {name}", "tried")
        state = "won" if verdict.won else "not yet"
        return Block(f"Mission {name}: {state} (attempt {count})", (mission.goal, verdict.words))

    def proof(self, title: str) -> Proof:
        """A proof whose steps are executed."""
        return Proof(title)

    def report(self) -> Block:
        """What has been done in this run, and what is still open."""
        names = [
            *(f"check {name}" for name in self.content.checks),
            *(f"bet {name}" for name in self.content.bets),
            *(f"mission {name}" for name in self.content.missions),
        ]
        state = [self.record.get(name, "open") for name in names]
        done = sum(value == "right" or value.startswith(("won", "off")) for value in state)
        return Block(f"Your record: {done} of {len(names)} done", table=Table({"block": names, "state": state}))


@dataclass
class Proof:
    """Numbered statements, each with two numbers that must agree."""

    title: str
    steps: int = 0

    def step(self, statement: str, left: float, right: float, *, tolerance: float = 1e-9) -> Block:
        """States a step and checks it: |left - right| <= tolerance · max(1, |right|).

        Raises
        ------
        ProofError
            The step does not hold.
        """
        self.steps += 1
        head = f"{self.title}, step {self.steps}"
        gap = abs(left - right)
        if not gap <= tolerance * max(1.0, abs(right)):
            raise ProofError(f"{head} does not hold: {statement} Got {left!r} and {right!r}, tolerance {tolerance:g}")
        return Block(f"{head}: holds", (statement, f"{left:.10g} against {right:.10g}; tolerance {tolerance:g}."))
