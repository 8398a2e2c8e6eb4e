"""An episode while somebody works through it."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import math
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from qsm._table import Table, show
from qsm.course import _form
from qsm.course._blocks import LEVELS, PARTS, VERDICTS, Bet, Block, Content
from qsm.course._child import plain
from qsm.course._ledger import Entry, Ledger


class ProofError(AssertionError):
    """A step of a proof does not hold."""


def start(name: str, ledger: str | Path | None = None, *, student: str = "") -> Episode:
    """Begins an episode, for example `start("episode-52")`, or goes on with it.

    Parameters
    ----------
    name
        The episode.
    ledger
        A file that keeps what has been done, also when the kernel ends. `qsm run` and Voila, which somebody else may be
        reading at the same time, neither read nor write it.
    student
        Whose report it will be; self-checks and missions then have numbers of the student's own.

    Raises
    ------
    ValueError
        No such episode, or a ledger that was changed.
    """
    try:
        module = importlib.import_module(f"qsm.course.{name.replace('-', '_')}")
        content: Content = module.CONTENT
    except (ModuleNotFoundError, AttributeError) as error:
        known = ", ".join(path.stem.replace("_", "-") for path in sorted(Path(__file__).parent.glob("episode_*.py")))
        raise ValueError(f"start: no episode {name!r}; there are: {known}") from error
    alone = not os.environ.get("QSM_HEADLESS") and not os.environ.get("SERVER_SOFTWARE", "").startswith("voila")
    return Episode(content, Ledger(ledger if alone else None), student)


def commitment(episode: str, bet: str, guess: float | str, nonce: str) -> str:
    """The seal of a guess: says nothing about it, and fits no other. SHA-256 over the four, with lines between them."""
    return hashlib.sha256("\n".join((episode, bet, repr(guess), nonce)).encode()).hexdigest()


def _look_up(entries: Any, kind: str, name: str) -> Any:
    if name not in entries:
        raise ValueError(f"no {kind} {name!r} in this episode; there are: {', '.join(entries)}")
    return entries[name]


def _finite(value: object) -> bool:
    try:
        return not isinstance(value, (bool, str)) and math.isfinite(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):  # a list, more than one number, an integer beyond all doubles
        return False


def _brief(value: object) -> str:
    """How a refused value is shown."""
    try:
        text = repr(value)
    except ValueError:  # an integer of more digits than Python writes
        text = f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:60] + "..."


def _score(bet: Bet, guess: Any, confidence: Any, truth: Any) -> tuple[str, dict[str, float]]:
    """How good a guess was, in words and as a number."""
    if bet.choices:
        brier = (float(confidence) - (guess == truth)) ** 2
        return f"{'right' if guess == truth else 'wrong'}, Brier score {brier:.2f}", {"brier": brier}
    log_error = abs(math.log(guess / float(truth)))
    return f"off by a factor of {math.exp(log_error):.2f}", {"log_error": log_error}


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


@dataclass
class Episode:
    """The blocks of one episode by name, and a record of what has been done."""

    content: Content
    ledger: Ledger = field(default_factory=Ledger)
    student: str = ""

    def __post_init__(self) -> None:
        self.record: dict[str, str] = {}
        self.reflections: dict[str, str] = {}
        self._bets: dict[str, dict[str, Any]] = {}
        self._closed: dict[str, str] = {}
        self._truths: dict[str, float | str] = {}
        self._attempts: dict[str, list[dict[str, Any]]] = {}
        self._opened: list[str] = []
        self._level = int(os.environ.get("QSM_HEADLESS") or max(LEVELS))
        self._track = ""
        for entry in self.ledger.entries(self.content.name):
            try:
                self._apply(entry)
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
                where = f"ledger: {self.ledger.path}, {entry.time}"
                raise ValueError(f"{where}: no event that this version knows: {entry.kind} {entry.name}") from None

    # --- what has happened: every change goes through the ledger, so that reading it again comes to the same state -------

    def _note(self, kind: str, name: str, **what: Any) -> None:
        self._apply(self.ledger.add(self.content.name, kind, name, **what))

    def _apply(self, entry: Entry) -> None:
        kind, name, what = entry.kind, entry.name, entry.what
        if kind == "part":
            self._opened.append(_look_up({part.name: name for part in PARTS}, "block", name))
        elif kind == "level":
            self._level = _look_up({level: level for level in LEVELS}, "level", what["level"])
        elif kind == "track":
            self._track = _look_up({track: track for track in self.content.tracks}, "track", name)
        elif kind == "bet":
            bet = _look_up(self.content.bets, "bet", name)
            if not (what["guess"] in bet.choices if bet.choices else _finite(what["guess"])):
                raise ValueError(f"no guess for bet {name!r}")
            self._bets[name] = {key: what[key] for key in ("guess", "nonce", "seal", "confidence")}
        elif kind == "reveal":
            self._closed[name] = self.record[f"bet {name}"] = str(what["state"])
        elif kind == "attempt":
            self._attempts.setdefault(name, []).append(dict(what["attempt"]))
            if what["won"]:
                self.record.setdefault(f"mission {name}", "")
                if not self.record[f"mission {name}"].startswith("won"):
                    self.record[f"mission {name}"] = f"won at attempt {len(self._attempts[name])}"
            else:
                self.record.setdefault(f"mission {name}", "tried")
        elif kind == "reflection":
            self.reflections[name] = str(what["text"])
        else:
            self.record[f"{kind} {name}"] = str(what["state"])

    # --- the twelve blocks -------------------------------------------------------------------------------------------

    def _block(self) -> Block:
        lines = [f"About {self.content.minutes} minutes. You need: {'; '.join(self.content.prerequisites)}."]
        if self._opened:
            last = next(part for part in PARTS if part.name == self._opened[-1])
            lines.append(f"Welcome back: you last opened the block “{last.title}”, and your ledger is kept.")
        lines.append("Afterwards you can:")
        parts, minute = [], 0
        for number, part in enumerate(PARTS, 1):
            parts.append((number, part.title, _clock(minute), part.minutes, f"{part.level}, {LEVELS[part.level]}"))
            minute += part.minutes
        names = ("block", "title", "from", "minutes", "level")
        table = Table(dict(zip(names, zip(*parts, strict=True), strict=True)))
        map_ = Block(f"The way: {len(PARTS)} blocks", table=table, folded=True)
        return Block(self.content.title, lines, bullets=self.content.objectives, inside=[map_])

    def __repr__(self) -> str:
        return repr(self._block())

    def _repr_html_(self) -> str:
        return self._block()._repr_html_()

    def part(self, name: str) -> Block:
        """Begins one of the twelve blocks: where it stands, how long it takes, how deep it goes."""
        names = [part.name for part in PARTS]
        number = names.index(_look_up({part: part for part in names}, "block", name))
        part = PARTS[number]
        whole = self._block()
        if name not in self._opened:
            self._note("part", name)
        began = sum(before.minutes for before in PARTS[:number])
        lines = [
            f"{_clock(began)} to {_clock(began + part.minutes)} of {_clock(self.content.minutes)}, about {part.minutes} "
            f"minutes. Level {part.level}: {LEVELS[part.level]}."
        ]
        if part.level > self._level:
            after = next((later.title for later in PARTS[number + 1 :] if later.level <= self._level), "the end")
            lines.append(f"This is deeper than level {self._level}, which you chose: you may go on at “{after}”.")
        if name == "header":
            return whole
        return Block(f"Block {number + 1} of {len(PARTS)}: {part.title}", lines)

    def level(self, level: int | None = None) -> Block:
        """How deep to go: 1 intuition, 2 practice, 3 theory, 4 research. What is deeper comes folded."""
        if level is not None:
            if isinstance(level, bool) or level not in LEVELS:
                raise ValueError(f"level: must be 1, 2, 3 or 4, got {level!r}")
            if level != self._level:
                self._note("level", "level", level=level)
        words = "; ".join(f"{number} {name}" for number, name in LEVELS.items())
        state = "everything is open" if self._level == max(LEVELS) else "what is deeper comes folded; one key opens it"
        ask = [_form.number("level", "How deep, 1 to 4:")]
        return Block(
            f"Level {self._level}: {LEVELS[self._level]}",
            (f"{words}. Now {state}.",),
            form=(ask, lambda level=None: self.level(None if level is None else int(level))),
        )

    def track(self, name: str | None = None) -> Block:
        """Chooses whose questions to follow; without a name, shows who there is."""
        tracks = self.content.tracks
        if name is None and not self._track:
            columns = {
                "track": list(tracks),
                "who": [track.who for track in tracks.values()],
                "asks": [track.question for track in tracks.values()],
            }
            ask = [_form.choice("name", "Follow", list(tracks))]
            return Block("Choose a track, or read on without one", table=Table(columns), form=(ask, self.track))
        if name is not None:
            _look_up(tracks, "track", name)
            if name != self._track:
                self._note("track", name)
        track = tracks[self._track]
        lines = (f"{track.who}. {track.question}", f"Your missions: {', '.join(track.missions)}.")
        table = Table({"in your world": list(track.numbers), "value": list(track.numbers.values())})
        return Block(f"Track: {self._track}", lines, table=table)

    @property
    def numbers(self) -> Mapping[str, float]:
        """The numbers of the track's world; those of the first track where none was chosen."""
        name = self._track or next(iter(self.content.tracks))
        return self.content.tracks[name].numbers

    def idea(self, name: str) -> Block:
        """One idea at four depths, each of which opens and closes."""
        idea = _look_up(self.content.ideas, "idea", name)
        texts = (idea.intuition, idea.formula, idea.proof, idea.research)
        heads = ("The picture", "The formula", "Why it holds", "What is not known")
        inside = [
            Block(head, text.split("\n"), folded=level > self._level)
            for level, (head, text) in enumerate(zip(heads, texts, strict=True), 1)
            if text
        ]
        return Block(idea.title, inside=inside)

    # --- claims ------------------------------------------------------------------------------------------------------

    def audit(self, name: str | None = None, verdict: str | None = None) -> Block:
        """Your own verdict about a claim, before you read ours; then both. Without a name, what claims there are."""
        if name is None:
            claims = self.content.claims
            columns = {
                "name": list(claims),
                "claim": [claim.text for claim in claims.values()],
                "source": [claim.source for claim in claims.values()],
                "your verdict": [self.record.get(f"audit {claim}", "open") for claim in claims],
            }
            fields = [_form.choice("name", "Claim:", list(claims)), _form.choice("verdict", "Verdict:", VERDICTS)]
            return Block("Your audit, before you read ours", table=Table(columns), form=(fields, self.audit))
        claim = _look_up(self.content.claims, "claim", name)
        if verdict is None and f"audit {name}" not in self.record:
            ask = [_form.choice("verdict", "Your verdict:", VERDICTS)]
            head = f"Claim {name}: “{claim.text}”"
            lines = (f"Source: {claim.source}.", f"Your verdict: {', '.join(VERDICTS)}?")
            return Block(head, lines, form=(ask, lambda verdict=None: self.audit(name, verdict)))
        if verdict is not None:
            if verdict not in VERDICTS:
                raise ValueError(f"claim {name!r}: the verdict must be one of {', '.join(VERDICTS)}, got {verdict!r}")
            if self.record.get(f"audit {name}", verdict) != verdict or f"audit {name}" not in self.record:
                self._note("audit", name, state=verdict)
        yours = self.record[f"audit {name}"]
        state = "as we see it" if yours == claim.verdict else f"we say: {claim.verdict}"
        return Block(f"Claim {name}: you say {yours}; {state}", (claim.follows, claim.because))

    def claims(self) -> Block:
        """The claims of the cold open, each with its source, what follows from it, and a verdict."""
        claims = self.content.claims.values()
        columns = {
            "claim": [claim.text for claim in claims],
            "source": [claim.source for claim in claims],
            "what follows": [claim.follows for claim in claims],
            "verdict": [f"{claim.verdict}: {claim.because}" for claim in claims],
        }
        return Block("Claims audit", table=Table(columns))

    def _path(self, kind: str, name: str) -> tuple[str, ...]:
        """What a student's numbers are drawn by; nothing where nobody has a name."""
        return ("episode", self.content.name, kind, name, self.student) if self.student else ()

    # --- checks and bets ---------------------------------------------------------------------------------------------

    def check(self, name: str, answer: float | None = None) -> Block:
        """Judges an answer to a self-check at once; says what kind of mistake it is, never the value."""
        check = _look_up(self.content.checks, "check", name)
        numbers = check.numbers(*self._path("check", name))
        form = ([_form.number("answer", f"Your answer, {check.unit}:")], lambda answer=None: self.check(name, answer))
        if answer is None:
            own = (f"With your own numbers: {check.question.format(**numbers)}",) if self.student and check.draw else ()
            return Block(f"Check {name}: not answered yet", (*own, f"Give a number: {check.unit}."), form=form)
        if not _finite(answer):
            raise ValueError(f"check {name!r}: the answer must be a finite number, got {_brief(answer)}")
        answer = float(answer)

        def near(value: float) -> bool:
            return bool(abs(answer - value) <= check.tolerance * max(abs(value), 1e-12))

        truth = check.answer(**numbers)
        if near(truth):
            if self.record.get(f"check {name}") != "right":
                self._note("check", name, state="right")
            return Block(f"Check {name}: right")
        if f"check {name}" not in self.record:
            self._note("check", name, state="tried")
        hint = next((hint for value, hint in check.misconceptions if near(value(**numbers))), None)
        if hint is None:
            hint = f"Try again; the answer is a number of this kind: {check.unit}."
            if truth and answer and not 1 / 8 < abs(answer / truth) < 8:
                hint = (
                    "The magnitude is off by more than a factor of eight; the answer is a number of this kind: "
                    f"{check.unit}."
                )
        return Block(f"Check {name}: not yet", (hint,), form=form)

    def bet(self, name: str, guess: float | str | None = None, *, confidence: float | None = None) -> Block:
        """Locks a guess; the first one counts. Without a guess the bet stays open, and nothing waits for it.

        Parameters
        ----------
        name
            The bet.
        guess
            One of its choices, or a number > 0.
        confidence
            How sure you are of a choice [1], in (0, 1]; scored by (confidence - 1)² where it was right, else
            confidence². By default even odds.

        The guess is sealed: `commitment` of the guess and of a secret number. Give the seal to somebody before the
        result is shown; both come out with the result, and anybody can check that they fit.
        """
        bet = _look_up(self.content.bets, "bet", name)
        kind = f"Choose one of: {', '.join(bet.choices)}." if bet.choices else f"Give a number of {bet.unit}."
        if guess is None:
            if name in self._bets:
                return self._locked(name, "already locked")
            fields = [_form.choice("guess", "Your guess:", bet.choices)] if bet.choices else []
            fields += [] if bet.choices else [_form.number("guess", f"Your guess, {bet.unit}:")]
            fields += [_form.number("confidence", "How sure, from 0 to 1 (may stay empty):")] if bet.choices else []
            form = (fields, lambda guess=None, confidence=None: self.bet(name, guess, confidence=confidence))
            return Block(f"Bet {name}: open", (bet.question, kind), form=form)
        if name in self._bets:
            return self._locked(name, "already locked")
        if bet.choices:
            if guess not in bet.choices:
                raise ValueError(f"bet {name!r}: {kind} Got {guess!r}")
            confidence = 1 / len(bet.choices) if confidence is None else confidence
            if not _finite(confidence) or not 0 < confidence <= 1:
                raise ValueError(f"bet {name!r}: confidence must be in (0, 1], got {confidence!r}")
        elif not _finite(guess) or not guess > 0:  # type: ignore[operator]
            raise ValueError(f"bet {name!r}: the guess must be a number > 0, got {_brief(guess)}")
        elif confidence is not None:
            raise ValueError(f"bet {name!r}: confidence belongs to a choice, not to a number")
        guess = guess if isinstance(guess, str) else float(guess)
        if name in self._closed:
            lines = [bet.question]
            if name in self._truths:
                state, _ = _score(bet, guess, confidence, self._truths[name])
                lines.append(
                    f"Your guess, {show(guess)}: {state}. It does not count, because the result was there already."
                )
            return Block(f"Bet {name}: closed, the result has been shown", lines)
        nonce = secrets.token_hex(8)
        seal = commitment(self.content.name, name, guess, nonce)
        self._note("bet", name, guess=guess, nonce=nonce, seal=seal, confidence=confidence)
        return self._locked(name, "locked")

    def _locked(self, name: str, state: str) -> Block:
        bet = self._bets[name]
        sure = "" if bet["confidence"] is None else f", {bet['confidence']:.0%} sure"
        lines = (self.content.bets[name].question, f"Seal of your guess: {bet['seal']}")
        return Block(f"Bet {name}: {state} at {show(bet['guess'])}{sure}", lines)

    def reveal(self, name: str, truth: float | str) -> Block:
        """Shows the result of a bet beside the guess; folded away, and the bet closed, where none was placed."""
        bet = _look_up(self.content.bets, "bet", name)
        if bet.choices and truth not in bet.choices:
            raise ValueError(f"bet {name!r}: the result must be one of {', '.join(bet.choices)}, got {truth!r}")
        if not bet.choices and (not _finite(truth) or not truth > 0):  # type: ignore[operator]
            raise ValueError(f"bet {name!r}: the result must be a number > 0, got {truth!r}")
        self._truths[name] = truth
        result = f"Result: {show(truth)} {bet.unit}".rstrip()
        placed = self._bets.get(name)
        if placed is None:
            if name not in self._closed:
                self._note("reveal", name, state="no guess")
            head = f"Bet {name}: no guess was locked; open to see the result"
            return Block(head, (bet.question, result), folded=True)
        guess = placed["guess"]
        state, score = _score(bet, guess, placed["confidence"], truth)
        if self._closed.get(name) != state:
            self._note("reveal", name, state=state, truth=truth if bet.choices else float(truth), **score)
        mine = f"Your guess: {show(guess)} {bet.unit}".rstrip()
        opened = f"The seal {placed['seal'][:12]}… is opened by the guess {guess!r} and the number {placed['nonce']}."
        return Block(f"Bet {name}: {state}", (bet.question, mine, result, opened))

    # --- missions, proofs, the case study ------------------------------------------------------------------------------

    def mission(self, name: str, **attempt: Any) -> Block:
        """Judges an attempt at a mission with the model. The same attempt again counts once."""
        mission = _look_up(self.content.missions, "mission", name)
        numbers = mission.numbers(*self._path("mission", name))
        goal = mission.goal.format(**numbers)
        form = (_form.arguments(mission.judge), lambda **attempt: self.mission(name, **attempt))
        if not attempt:
            return Block(f"Mission {name}", (goal,), form=form)
        signature = inspect.signature(mission.judge)
        wanted = signature.replace(
            parameters=[each for each in signature.parameters.values() if each.name not in numbers]
        )
        try:
            wanted.bind(**attempt)
        except TypeError:
            names = ", ".join(wanted.parameters)
            raise ValueError(f"mission {name!r}: give {names}; got {', '.join(attempt)}") from None
        for key, value in attempt.items():
            if value is None or np.ndim(value) != 0:
                raise ValueError(f"mission {name!r}: {key} must be a single value, got {_brief(value)}")
        verdict = mission.judge(**attempt, **numbers)
        attempt = {name: plain(value) for name, value in attempt.items()}
        attempts = self._attempts.setdefault(name, [])
        if attempt not in attempts:
            self._note("attempt", name, attempt=attempt, won=verdict.won)
        count = attempts.index(attempt) + 1
        state = "won" if verdict.won else "not yet"
        return Block(f"Mission {name}: {state} (attempt {count})", (goal, verdict.words), form=form)

    def proof(self, title: str) -> Proof:
        """A proof whose steps are executed."""
        return Proof(title, folded=self._level < 3)

    def reproduce(self, name: str, computed: float) -> Block:
        """Compares a number with the one that was published.

        Raises
        ------
        ProofError
            They differ by more than the stated tolerance.
        """
        number = _look_up(self.content.published, "published number", name)
        gap = abs(computed / number.value - 1)
        lines = (
            number.text,
            f"Published: {show(number.value)} {number.unit} ({number.source}). Computed: {show(float(computed))} "
            f"{number.unit}. They differ by {gap:.2%}; the tolerance is {number.tolerance:.2%}.",
        )
        if not gap <= number.tolerance:
            raise ProofError(f"{name} is not reproduced. {' '.join(lines)}")
        state = "reproduced"
        if self.record.get(f"case {name}") != state:
            self._note("case", name, state=state)
        return Block(f"Case {name}: {state}", lines)

    # --- reflection --------------------------------------------------------------------------------------------------

    def reflect(self, **answers: str) -> Block:
        """Keeps your answers to the closing questions; without any, asks them."""
        for name, text in answers.items():
            _look_up(self.content.questions, "question", name)
            if not isinstance(text, str):
                raise ValueError(f"reflection {name!r}: the answer must be a text, got {text!r}")
            if self.reflections.get(name, "") != text.strip():
                self._note("reflection", name, text=text.strip())
        fields = [
            _form.text(name, question, self.reflections.get(name, ""))
            for name, question in self.content.questions.items()
        ]
        lines = [
            f"{question} {self.reflections.get(name) or '(not answered yet)'}"
            for name, question in self.content.questions.items()
        ]
        done = sum(bool(self.reflections.get(name)) for name in self.content.questions)
        return Block(f"Reflection: {done} of {len(lines)} answered", bullets=lines, form=(fields, self.reflect))

    @property
    def entries(self) -> Sequence[str]:
        """Everything that can be done in this episode, as named in the record."""
        content = self.content
        return [
            *(f"audit {name}" for name in content.claims),
            *(f"check {name}" for name in content.checks),
            *(f"bet {name}" for name in content.bets),
            *(f"mission {name}" for name in content.missions),
        ]

    def report(self) -> Block:
        """What has been done, and what is still open."""
        state = [self.record.get(name, "open") for name in self.entries]
        done = sum(done_well(name, value) for name, value in zip(self.entries, state, strict=True))
        table = Table({"block": list(self.entries), "state": state})
        return Block(f"Your record: {done} of {len(state)} done", self._calibration(), table=table)

    def _calibration(self) -> list[str]:
        """How good the guesses were, of all bets with a result."""
        scores: dict[str, list[float]] = {"brier": [], "log_error": []}
        seen = {e.name: e.what for e in self.ledger.entries(self.content.name) if e.kind == "reveal"}
        for what in seen.values():
            for name in scores:
                scores[name] += [float(what[name])] if name in what else []
        lines = []
        if scores["log_error"]:
            mean = math.exp(sum(scores["log_error"]) / len(scores["log_error"]))
            lines.append(f"Your numeric guesses were off by a factor of {mean:.2f} in the geometric mean.")
        if scores["brier"]:
            mean = sum(scores["brier"]) / len(scores["brier"])
            lines.append(f"Mean Brier score of your choices: {mean:.2f}; 0 is sure and right, 1 is sure and wrong.")
        return lines

    def export(self, path: str | Path) -> Path:
        """Writes the report to a file: JSON, or Markdown where the name ends in `.md`; see `qsm.course.read_report`."""
        from qsm.course._report import write

        return write(self, Path(path))


def done_well(name: str, state: str) -> bool:
    """Whether a state of the record counts as done."""
    if name.startswith("audit "):
        return state != "open"
    return state.startswith(("won", "off", "right", "wrong"))


@dataclass
class Proof:
    """Numbered statements, each with two numbers that must agree; shows the steps so far."""

    title: str
    steps: int = 0
    folded: bool = False
    shown: list[Block] = field(default_factory=list)

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
        lines = (statement, f"{left:.10g} against {right:.10g}; tolerance {tolerance:g}.")
        self.shown.append(Block(f"{head}: holds", lines, folded=self.folded))
        return self.shown[-1]

    def _block(self) -> Block:
        return Block(f"{self.title}: {self.steps} steps hold", inside=self.shown)

    def __repr__(self) -> str:
        return repr(self._block())

    def _repr_html_(self) -> str:
        return self._block()._repr_html_()
