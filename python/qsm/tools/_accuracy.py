"""The accuracy simulator: sketches with equal bytes before the same items, theory beside what was measured."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qsm._estimate import Estimate
from qsm._table import Table
from qsm.sketches import (
    BinaryFuseFilter,
    BlockedBloomFilter,
    BloomFilter,
    CountMin,
    CountSketch,
    CuckooFilter,
    DDSketch,
    ExaLogLog,
    GkSketch,
    HyperLogLog,
    KllSketch,
    LinearCounter,
    MisraGries,
    Reservoir,
    SpaceSaving,
    TDigest,
    ThetaSketch,
    UltraLogLog,
    XorFilter,
)
from qsm.tools._common import Result, answer, number, outputs

if TYPE_CHECKING:
    from qsm.plots import Figure, Scene

_BITS = (5, 6, 8, 10, 12, 16, 20, 24)  # for each item, where membership is asked
_ASKED = 50_000  # items that are not in, asked of each filter
_PROBABILITIES = np.array([0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999])
_BY = "maximum_likelihood"


@dataclass(frozen=True)
class _Stream:
    """The items of one trial, and what a sketch of them is asked."""

    items: NDArray[Any]
    seed: int
    asked: NDArray[Any]
    truth: NDArray[np.float64]


@dataclass(frozen=True)
class _Kind:
    """A kind of sketch: made of a size and fed; sizes to try within so many bytes, the largest first; its theory."""

    name: str
    make: Callable[[int, _Stream], Any]
    sizes: Callable[[int, int], Iterator[int]]
    theory: Callable[[Any, _Stream], float | None]
    promise: str


@dataclass(frozen=True)
class _Question:
    """What is asked, how a trial is drawn and judged, and the kinds of sketch that answer."""

    asks: str
    error: str
    draw: Callable[[int, int, float], _Stream]
    judge: Callable[[Any, _Stream], float]
    kinds: tuple[_Kind, ...]
    budgets: Callable[[int], tuple[int, ...]]
    usual: int  # which of the budgets is shown first


def _fed(sketch: Any, stream: _Stream) -> Any:
    sketch.add(stream.items)
    return sketch


def _powers(low: int, high: int) -> Callable[[int, int], Iterator[int]]:
    return lambda budget, items: iter(range(high, low - 1, -1))


def _down(first: Callable[[int, int], float], low: int, high: int) -> Callable[[int, int], Iterator[int]]:
    """From a first guess downwards, by a twentieth each time."""

    def sizes(budget: int, items: int) -> Iterator[int]:
        size = min(int(first(budget, items)), high)
        while size >= low:
            yield size
            size = min(size - 1, int(size * 0.95))

    return sizes


def _distinct(items: int, seed: int, skew: float) -> _Stream:
    del skew
    return _Stream(np.arange(items) + (seed << 32), seed, np.empty(0), np.array([items], float))


def _theta_error(sketch: ThetaSketch, stream: _Stream) -> float:
    del stream
    return math.sqrt((1 - sketch.theta) / max(sketch.retained, 1))


def _members(items: int, seed: int, skew: float) -> _Stream:
    del skew
    first = seed << 32
    return _Stream(np.arange(items) + first, seed, np.arange(items, items + _ASKED) + first, np.empty(0))


def _zipf(items: int, seed: int, skew: float) -> _Stream:
    ranks = np.arange(1, 10 * items + 1, dtype=float)
    upto = np.cumsum(ranks**-skew)
    drawn = np.searchsorted(upto, np.random.default_rng([60, seed]).uniform(0, upto[-1], items)) + (seed << 32)
    asked, counts = np.unique(drawn, return_counts=True)
    return _Stream(drawn, seed, asked, counts.astype(float))


def _numbers(items: int, seed: int, skew: float) -> _Stream:
    numbers = np.random.default_rng([61, seed]).lognormal(0, skew, items)
    return _Stream(numbers, seed, _PROBABILITIES, np.sort(numbers))


def _rank_error(sketch: Any, stream: _Stream) -> float:
    """Largest distance between the rank that was asked for and those that the answer has."""
    if isinstance(sketch, Reservoir):
        found = np.quantile(sketch.sample(), stream.asked, method="inverted_cdf")
    else:
        found = np.asarray(sketch.quantile(stream.asked))
    low, high = (np.searchsorted(stream.truth, found, side=side) / len(stream.truth) for side in ("left", "right"))
    return float(np.max(np.maximum(0, np.maximum(low - stream.asked, stream.asked - high))))


def _bloom(bits: int, stream: _Stream) -> BloomFilter:
    return _fed(BloomFilter.of_size(bits, max(1, round(bits / len(stream.items) * math.log(2)))), stream)  # type: ignore[no-any-return]


def _by_error(sketch: Any, stream: _Stream) -> float:
    return float(sketch.error) / len(stream.items)


def _rate(sketch: Any, stream: _Stream) -> float:
    del stream
    return float(sketch.rate)


def _relative(sketch: Any, stream: _Stream) -> float:
    del stream
    return float(sketch.relative_error(_BY))


_QUESTIONS = {
    "distinct": _Question(
        "how many unlike items came",
        "relative error",
        _distinct,
        lambda sketch, stream: float(
            (sketch.estimate(_BY) if hasattr(sketch, "merged") else sketch.estimate()) / stream.truth[0] - 1
        ),
        (
            _Kind("HyperLogLog", lambda p, s: _fed(HyperLogLog(p), s), _powers(4, 20), _relative, "standard error"),
            _Kind("UltraLogLog", lambda p, s: _fed(UltraLogLog(p), s), _powers(3, 20), _relative, "standard error"),
            _Kind("ExaLogLog", lambda p, s: _fed(ExaLogLog(p), s), _powers(2, 18), _relative, "standard error"),
            _Kind("Theta", lambda p, s: _fed(ThetaSketch(p), s), _powers(5, 16), _theta_error, "standard error"),
            _Kind(
                "linear",
                lambda bits, s: _fed(LinearCounter(bits), s),
                _down(lambda budget, items: 8 * budget - 512, 64, 1 << 30),
                lambda sketch, stream: float(sketch.relative_error(len(stream.items))),
                "standard error",
            ),
        ),
        lambda items: tuple(2**k for k in range(7, 15)),
        5,
    ),
    "members": _Question(
        "whether an item is among those that came",
        "false-positive rate",
        _members,
        lambda sketch, stream: float(np.mean(sketch.contains(stream.asked))),
        (
            _Kind("Bloom", _bloom, _down(lambda budget, items: 8 * budget - 512, 64, 1 << 40), _rate, "rate"),
            _Kind(
                "blocked Bloom",
                lambda blocks, s: _fed(BlockedBloomFilter.of_size(blocks), s),
                _down(lambda budget, items: budget / 64, 1, 1 << 30),
                _rate,
                "rate",
            ),
            _Kind(
                "cuckoo", lambda b, s: _fed(CuckooFilter(len(s.items), b), s), lambda *_: iter((16, 8)), _rate, "rate"
            ),
            _Kind("xor", lambda b, s: XorFilter(s.items, b), lambda *_: iter((16, 8)), _rate, "rate"),
            _Kind("binary fuse", lambda b, s: BinaryFuseFilter(s.items, b), lambda *_: iter((16, 8)), _rate, "rate"),
        ),
        lambda items: tuple(-(-items * bits // 8) + 64 for bits in _BITS),
        4,
    ),
    "counts": _Question(
        "how often each item came; the error is that of 99 in 100 items, over all that came",
        "error over all that came",
        _zipf,
        lambda sketch, stream: float(
            np.quantile(np.abs(np.asarray(sketch.count(stream.asked), float) - stream.truth), 0.99) / len(stream.items)
        ),
        (
            _Kind(
                "Count-Min",
                lambda width, s: _fed(CountMin.of_size(width, 4), s),
                _down(lambda budget, items: budget / 16, 1, 1 << 28),
                lambda sketch, stream: float(sketch.error),
                "bound, 98 %",
            ),
            _Kind(
                "conservative",
                lambda width, s: _fed(CountMin.of_size(width, 4, True), s),
                _down(lambda budget, items: budget / 16, 1, 1 << 28),
                lambda sketch, stream: float(sketch.error),
                "bound, 98 %",
            ),
            _Kind(
                "Count sketch",
                lambda width, s: _fed(CountSketch(width, 5), s),
                _down(lambda budget, items: budget / 40, 1, 1 << 28),
                _by_error,
                "bound, 95 %",
            ),
            _Kind(
                "Space-Saving",
                lambda capacity, s: _fed(SpaceSaving(capacity), s),
                _down(lambda budget, items: budget / 60, 1, 1 << 24),
                _by_error,
                "certain",
            ),
            _Kind(
                "Misra-Gries",
                lambda capacity, s: _fed(MisraGries(capacity), s),
                _down(lambda budget, items: budget / 60, 1, 1 << 24),
                _by_error,
                "certain",
            ),
        ),
        lambda items: tuple(2**k for k in range(10, 17)),
        3,
    ),
    "percentiles": _Question(
        "which number has a given rank; the error is the worst over ranks from 0.01 to 0.999",
        "error of the rank",
        _numbers,
        _rank_error,
        (
            _Kind(
                "KLL",
                lambda k, s: _fed(KllSketch(k, s.seed), s),
                _down(lambda budget, items: budget / 16, 8, 65535),
                lambda sketch, stream: float(sketch.rank_error()),
                "bound, 99 %",
            ),
            _Kind(
                "t-digest",
                lambda c, s: _fed(TDigest(c), s),
                _down(lambda budget, items: (budget - 32_000) / 80, 10, 10_000),
                lambda sketch, stream: None,
                "none",
            ),
            _Kind(
                "DDSketch",
                lambda inverse, s: _fed(DDSketch(1 / inverse, buckets=1 << 16), s),
                _down(lambda budget, items: budget / 30, 2, 10_000),
                lambda sketch, stream: None,
                "of values, not ranks",
            ),
            _Kind(
                "GK",
                lambda inverse, s: _fed(GkSketch(1 / inverse), s),
                _down(lambda budget, items: budget / 20, 2, 100_000),
                lambda sketch, stream: float(sketch.error),
                "certain",
            ),
            _Kind(
                "sample",
                lambda size, s: _fed(Reservoir(size, s.seed), s),
                _down(lambda budget, items: budget / 16, 1, 1 << 24),
                lambda sketch, stream: math.sqrt(math.log(2 / 0.01) / (2 * sketch.size)),
                "bound, 99 %",
            ),
        ),
        lambda items: tuple(2**k for k in range(11, 18)),
        5,
    ),
}

QUESTIONS = tuple(_QUESTIONS)


@dataclass(frozen=True)
class _Run:
    """A kind of sketch at one size, over all trials."""

    kind: str
    promise: str
    bytes_used: float
    stored: float
    theory: float | None
    errors: NDArray[np.float64]

    @property
    def measured(self) -> Estimate:
        """Mean over trials with its 95 % interval; of a signed error the root of the mean square."""
        signed = bool(np.any(self.errors < 0))
        values = self.errors**2 if signed else self.errors
        mean, spread = float(values.mean()), 1.96 * float(values.std(ddof=1)) / math.sqrt(len(values))
        low, high = max(0.0, mean - spread), mean + spread
        if signed:
            root = math.sqrt
            return Estimate(root(mean), root(low), root(high), "root of the mean square over trials")
        return Estimate(mean, low, high, "mean over trials")


@dataclass(frozen=True, repr=False)
class Accuracy(Result):
    """Sketches that answer one question, each at several sizes, over many trials."""

    question: str
    memory: int
    items: int
    trials: int
    skew: float
    seed: int
    budgets: tuple[int, ...]
    runs: tuple[tuple[_Run | None, ...], ...]  # of each budget, one for each kind; None where nothing fits

    @property
    def _here(self) -> int:
        return self.budgets.index(self.memory)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of sketch that are compared."""
        return tuple(kind.name for kind in _QUESTIONS[self.question].kinds)

    def _table(self, index: int) -> Table:
        found = [run for run in self.runs[index] if run is not None]
        columns: dict[str, Sequence[Any]] = {
            "sketch": [run.kind for run in found],
            "bytes": [round(run.bytes_used) for run in found],
            "stored": [round(run.stored) for run in found],
            "theory": [run.theory for run in found],
            "measured": [run.measured for run in found],
            "what theory says": [run.promise for run in found],
        }
        title = f"{_QUESTIONS[self.question].error} within {self.budgets[index]:,} bytes, {self.items:,} items"
        return Table(columns, title)

    def table(self) -> Table:
        """Each sketch within these bytes: what it takes, its theory, and what was measured."""
        return self._table(self._here)

    def to_dict(self) -> dict[str, Any]:
        """Inputs and results as plain numbers, for JSON."""
        rows = [run for run in self.runs[self._here] if run is not None]
        return {
            "question": self.question,
            "memory": self.memory,
            "items": self.items,
            "trials": self.trials,
            "skew": self.skew,
            "seed": self.seed,
            "rows": [
                {
                    "sketch": run.kind,
                    "bytes": run.bytes_used,
                    "stored": run.stored,
                    "theory": run.theory,
                    "measured": float(run.measured),
                    "low": run.measured.low,
                    "high": run.measured.high,
                    "what theory says": run.promise,
                }
                for run in rows
            ],
        }

    def figure(self) -> Figure:
        """Error against bytes for each sketch, and the error of each trial within these bytes."""
        return self._scene().figure

    def controls(self) -> Any:
        """A slider over the bytes, and inputs for question, items and skew; needs `qsm[notebook]`."""
        from qsm.plots import Number, Text, controls

        def build(question: str, items: float, skew: float) -> Scene:
            return accuracy(question, None, items=items, trials=self.trials, skew=skew, seed=self.seed)._scene()  # type: ignore[arg-type]

        return controls(
            build,
            [
                Text("question", "question", self.question, QUESTIONS),
                Number("items", "items", 100, 1_000_000, 100, self.items),
                Number("skew", "skew (of counts and percentiles)", 0.1, 4, 0.1, self.skew),
            ],
        )

    def _scene(self) -> Scene:
        from qsm.plots import Figure, Frame, Scene
        from qsm.plots._figure import COLOURS, DASHES, MARKERS, drawing, logarithmic, styled

        asked = _QUESTIONS[self.question]
        kinds, here = self.kinds, self._here
        every = [run for row in self.runs for run in row if run is not None]
        positive = [float(run.measured) for run in every if run.measured > 0] or [1e-3]
        positive += [run.theory for run in every if run.theory]
        low, high = min(positive) / 2, max(positive) * 2
        lines: dict[str, Any] = {}

        def dots(index: int, place: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
            """A short stroke for each trial, side by side."""
            run = self.runs[index][place]
            if run is None:
                return np.array([np.nan]), np.array([np.nan])
            errors = np.maximum(np.abs(run.errors), low)
            x = place + np.linspace(-0.3, 0.3, len(errors))
            gap = np.full(len(errors), np.nan)
            return np.column_stack([x, x + 0.004, gap]).ravel(), np.column_stack([errors, errors, gap]).ravel()

        def level(index: int, place: int) -> tuple[list[float], list[float]]:
            run = self.runs[index][place]
            value = math.nan if run is None or not run.theory else run.theory
            return [place - 0.4, place + 0.4], [value, value]

        with styled():
            figure, (left, right) = drawing(width=8.6, axes=2)
            for place, kind in enumerate(kinds):
                colour = COLOURS[place % len(COLOURS)]
                mine = [row[place] for row in self.runs]
                runs = [run for run in mine if run is not None]
                bytes_used = [run.bytes_used for run in runs]
                theory = [run.theory or math.nan for run in runs]
                measured = [float(run.measured) or math.nan for run in runs]
                left.plot(bytes_used, theory, color=colour, linestyle=DASHES[place % len(DASHES)], linewidth=1.4)
                left.plot(bytes_used, measured, MARKERS[place % len(MARKERS)], color=colour, label=kind, markersize=4.5)
                (lines[f"dots-{place}"],) = right.plot(
                    *dots(here, place), color=colour, linewidth=3, solid_capstyle="round", gid=f"dots-{place}"
                )
                (lines[f"theory-{place}"],) = right.plot(
                    *level(here, place), color="#000000", linewidth=1.6, gid=f"theory-{place}"
                )
            (lines["mark"],) = left.plot(
                [self.memory, self.memory], [low, high], color="#595959", linewidth=1.2, gid="mark"
            )
            left.set(xlabel="memory [bytes]", ylabel=asked.error, title="Theory (lines), measured (marks)")
            if self.budgets[-1] > 10 * self.budgets[0]:
                logarithmic(left.xaxis)
            logarithmic(left.yaxis)
            left.set_ylim(low, high)
            left.legend(loc="lower left", fontsize=7)
            right.set(title="Each trial, and theory (bar)", xlim=(-0.6, len(kinds) - 0.4))
            names = [re.sub("[ -]|(?=LogLog)", lambda found: found[0].strip() + "\n", kind) for kind in kinds]
            right.set_xticks(range(len(kinds)), names, fontsize=7)
            right.grid(visible=False, axis="x")
            logarithmic(right.yaxis)
            right.set_ylim(low, high)
        title = f"Sketches that say {asked.asks.partition(';')[0]}"

        def words(index: int) -> str:
            found = sorted((float(run.measured), run.kind) for run in self.runs[index] if run is not None)
            said = "; ".join(f"{kind} {error:.2g}" for error, kind in found) or "none fits"
            return (
                f"{asked.error.capitalize()} of {self.items:,} items over {self.trials} trials, within "
                f"{self.budgets[index]:,} bytes, from the least: {said}."
            )

        def frame(index: int) -> Frame:
            budget = self.budgets[index]
            data: dict[str, tuple[Any, Any]] = {"mark": ([budget, budget], [low, high])}
            for place in range(len(kinds)):
                data[f"dots-{place}"] = dots(index, place)
                data[f"theory-{place}"] = level(index, place)
            found = [(float(run.measured), run.kind) for run in self.runs[index] if run is not None]
            best = "none fits" if not found else "{1} {0:.2g}".format(*min(found))
            return Frame(data, f"{budget:,}: least error {best}", words(index), self._table(index))

        columns: dict[str, list[Any]] = {"within bytes": list(self.budgets)}
        for place, kind in enumerate(kinds):
            mine = [row[place] for row in self.runs]
            columns[f"{kind}, theory"] = [None if run is None else run.theory for run in mine]
            columns[f"{kind}, measured"] = [None if run is None else float(run.measured) for run in mine]
        frames = [frame(index) for index in range(len(self.budgets))]
        return Scene(Figure(title, words(here), Table(columns, title), figure), lines, "bytes ", frames, here)


# Bytes that a sketch of 2^p has at least, so that none is built in vain.
_LEAST: dict[str, float] = {"HyperLogLog": 1, "UltraLogLog": 1, "ExaLogLog": 3.5, "Theta": 32}


def _run(kind: _Kind, budget: int, streams: Sequence[_Stream], judge: Callable[[Any, _Stream], float]) -> _Run | None:
    """The largest size with which each trial's sketch takes at most so many bytes, over all trials."""
    for size in kind.sizes(budget, len(streams[0].items)):
        if kind.name in _LEAST and _LEAST[kind.name] * 2**size > budget:
            continue
        sketches = []
        for stream in streams:
            sketches.append(kind.make(size, stream))
            if sketches[-1].bytes_used > budget:
                break
        else:
            theory = [kind.theory(sketch, stream) for sketch, stream in zip(sketches, streams, strict=True)]
            known = [value for value in theory if value is not None]
            errors = np.array([judge(sketch, stream) for sketch, stream in zip(sketches, streams, strict=True)])
            if not np.all(np.isfinite(errors)):
                return None  # full: a linear counter without a zero
            return _Run(
                kind.name,
                kind.promise,
                float(np.mean([sketch.bytes_used for sketch in sketches])),
                float(np.mean([len(sketch.encode()) for sketch in sketches])),
                float(np.mean(known)) if known else None,
                errors,
            )
    return None


def accuracy(
    question: str = "distinct",
    memory: float | None = None,
    *,
    items: int = 20_000,
    trials: int = 30,
    skew: float = 1.1,
    seed: int = 60,
) -> Accuracy:
    """How far sketches with equal bytes err, by theory and over many trials on items that each trial draws anew.

    Parameters
    ----------
    question
        "distinct", "members", "counts" or "percentiles".
    memory
        Bytes that each sketch may take in memory [B], rounded down to one of the budgets that are tried: powers of two, or
        5 to 24 bits for each item where the question is "members". None for one in the middle. A sketch may take less,
        where its next size would take more.
    items
        Items that come [1], an integer in [100, 1,000,000].
    trials
        Sketches of each kind and size [1], an integer in [2, 10,000].
    skew
        Exponent of Zipf's law for "counts", deviation of the logarithm for "percentiles" [1], in (0, 10].
    seed
        Of the items.

    Raises
    ------
    ValueError
        An argument is out of its range, or the question is unknown.
    """
    if question not in _QUESTIONS:
        raise ValueError(f"accuracy: no question {question!r}; there are: {', '.join(_QUESTIONS)}")
    for name, value, low, high in (("items", items, 100, 1_000_000), ("trials", trials, 2, 10_000)):
        if isinstance(value, bool) or not low <= number("accuracy", name, value) <= high or value != int(value):
            raise ValueError(f"accuracy: {name} must be an integer in [{low}, {high}], got {value!r}")
    if number("accuracy", "skew", skew, above=True) > 10:
        raise ValueError(f"accuracy: skew must be in (0, 10], got {skew!r}")
    if isinstance(seed, bool) or not 0 <= number("accuracy", "seed", seed) < 2**20 or seed != int(seed):
        raise ValueError(f"accuracy: seed must be an integer in [0, 2^20), got {seed!r}")
    asked = _QUESTIONS[question]
    count = int(items)
    budgets = asked.budgets(count)
    if memory is None:
        chosen = budgets[asked.usual]
    else:
        if not budgets[0] <= number("accuracy", "memory", memory) <= budgets[-1]:
            raise ValueError(f"accuracy: memory must be in [{budgets[0]}, {budgets[-1]}], got {memory!r}")
        chosen = max(budget for budget in budgets if budget <= memory)
    streams = [asked.draw(count, int(seed) * 1000 + trial, float(skew)) for trial in range(int(trials))]
    runs = tuple(tuple(_run(kind, budget, streams, asked.judge) for kind in asked.kinds) for budget in budgets)
    return Accuracy(question, chosen, count, int(trials), float(skew), int(seed), budgets, runs)


def cli(arguments: Sequence[str]) -> int:
    """`qsm tool accuracy`: prints the table, or JSON; writes the figure on request."""
    parser = argparse.ArgumentParser(prog="qsm tool accuracy", description="How far sketches with equal bytes err.")
    parser.add_argument("question", nargs="?", default="distinct", metavar="{" + ",".join(QUESTIONS) + "}")
    parser.add_argument("--memory", type=float, metavar="BYTES", help="bytes that each sketch may take")
    parser.add_argument("--items", type=float, default=20_000, metavar="N", help="items that come (default 20,000)")
    parser.add_argument("--trials", type=float, default=30, metavar="N", help="sketches of each kind (default 30)")
    parser.add_argument("--skew", type=float, default=1.1, metavar="X", help="of counts and percentiles (default 1.1)")
    parser.add_argument("--seed", type=int, default=60, metavar="N", help="of the items (default 60)")
    outputs(parser)
    options = parser.parse_args(arguments)

    def make() -> Accuracy:
        return accuracy(
            options.question,
            options.memory,
            items=options.items,
            trials=options.trials,
            skew=options.skew,
            seed=options.seed,
        )

    return answer(options, parser.prog, make)
