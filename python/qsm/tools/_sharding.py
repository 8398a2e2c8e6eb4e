"""The sharding planner: what moves when a node comes, how even the nodes are, and ways to shard a trace of keys."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qsm._table import Table
from qsm.sharding import (
    JumpBack,
    Maglev,
    Modulo,
    Placement,
    Rendezvous,
    Ring,
    chance_deviation,
    least_movement,
    least_peak,
    modulo_movement,
    numbered_nodes,
    optimize_sharding,
    ring_deviation,
)
from qsm.sketches import hash_items
from qsm.tools._common import Result, answer, number, outputs

if TYPE_CHECKING:
    from qsm.plots import Figure, Scene

_NODES = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
_KINDS: dict[str, type[Placement]] = {
    "modulo": Modulo,
    "ring": Ring,
    "jump": JumpBack,
    "rendezvous": Rendezvous,
    "maglev": Maglev,
}

ALGORITHMS = tuple(_KINDS)


def _moves(algorithm: str, nodes: int) -> float | None:
    """Share of keys that moves when a node joins: the mean over hash functions; None where there is no formula."""
    if algorithm == "modulo":
        return float(modulo_movement(nodes, nodes + 1))
    return None if algorithm == "maglev" else float(least_movement(nodes, nodes + 1))


def _deviation(algorithm: str, nodes: int, keys: int) -> float:
    chance = float(chance_deviation(nodes, keys))
    return math.hypot(chance, float(ring_deviation(nodes, 160))) if algorithm == "ring" else chance


@dataclass(frozen=True)
class _Run:
    """One algorithm with one number of nodes."""

    algorithm: str
    moves: float | None
    moved: float
    deviation: float
    deviates: float
    loads: NDArray[np.float64]  # of the nodes, in accesses over their mean, the largest first


@dataclass(frozen=True, repr=False)
class Sharding(Result):
    """Placements before one set of keys, at several numbers of nodes, and the accesses to these keys."""

    nodes: int
    accesses: NDArray[np.uint64]
    source: str
    skew: float | None
    seed: int
    keys: int
    hottest: float
    numbers: tuple[int, ...]
    runs: tuple[tuple[_Run, ...], ...]  # of each number of nodes, one for each algorithm

    @property
    def _here(self) -> int:
        return self.numbers.index(self.nodes)

    @property
    def algorithms(self) -> tuple[str, ...]:
        """The placements that are compared."""
        return tuple(run.algorithm for run in self.runs[0])

    def _table(self, index: int) -> Table:
        runs = self.runs[index]
        nodes = self.numbers[index]
        columns: dict[str, Sequence[Any]] = {
            "placement": [run.algorithm for run in runs],
            "moves, theory": [run.moves for run in runs],
            "moved": [run.moved for run in runs],
            "spread, theory": [run.deviation for run in runs],
            "spread": [run.deviates for run in runs],
            "hottest node": [float(run.loads[0]) for run in runs],
        }
        title = (
            f"{self.keys:,} keys on {nodes} nodes and on one more; {len(self.accesses):,} accesses, {self.source}: no "
            f"placement of whole keys has a hottest node below {float(least_peak(self.hottest, nodes)):.3g} times the mean"
        )
        return Table(columns, title)

    def table(self) -> Table:
        """Each placement: keys that move when a node joins, spread of the keys over nodes, load of the hottest node."""
        return self._table(self._here)

    def plans(self, **options: Any) -> Table:
        """Ways to shard the accesses over this many nodes, the cheapest first.

        Parameters
        ----------
        options
            What `qsm.sharding.optimize_sharding` takes: transactions, places, groups, before, hot_share, ...
        """
        plans = optimize_sharding(self.accesses, self.nodes, **options)
        names = ("strategy", "peak", "later_peak", "cross_shard", "later_cross_shard", "moved", "placed", "cost")
        return Table(
            {name.replace("_", " "): [getattr(plan, name) for plan in plans] for name in names},
            f"plans from the first half of {len(self.accesses):,} accesses, and what became of them in the second",
        )

    def to_dict(self) -> dict[str, Any]:
        """Inputs and results as plain numbers, for JSON."""
        return {
            "nodes": self.nodes,
            "keys": self.keys,
            "accesses": len(self.accesses),
            "source": self.source,
            "skew": self.skew,
            "seed": self.seed,
            "hottest_key": self.hottest,
            "rows": [
                {
                    "placement": run.algorithm,
                    "moves": run.moves,
                    "moved": run.moved,
                    "spread_theory": run.deviation,
                    "spread": run.deviates,
                    "hottest_node": float(run.loads[0]),
                }
                for run in self.runs[self._here]
            ],
        }

    def figure(self) -> Figure:
        """Share of keys that moves when a node joins, against the nodes, and the load of each node at this number."""
        return self._scene().figure

    def controls(self) -> Any:
        """A slider over the nodes, and inputs for keys, accesses and skew; needs `qsm[notebook]`."""
        from qsm.plots import Number, controls

        def build(keys: float, skew: float) -> Scene:
            return sharding(self.nodes, tuple(self.algorithms), keys=keys, skew=skew, seed=self.seed)._scene()  # type: ignore[arg-type]

        if self.skew is None:
            return controls(lambda: self._scene())
        numbers = [Number("keys", "keys", 100, 1_000_000, 100, self.keys)]
        numbers.append(Number("skew", "skew of the accesses", 0, 3, 0.1, self.skew))
        return controls(build, numbers)

    def _scene(self) -> Scene:
        from qsm.plots import Figure, Frame, Scene
        from qsm.plots._figure import COLOURS, DASHES, MARKERS, drawing, logarithmic, styled

        here = self._here
        lines: dict[str, Any] = {}
        moved = [run.moved for row in self.runs for run in row if run.moved > 0] or [0.01]
        low, high = min(moved) / 2, 1.5
        top = max(float(run.loads[0]) for row in self.runs for run in row) * 1.1

        def loads(index: int, place: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
            values = self.runs[index][place].loads
            return (np.arange(len(values)) + 0.5) / len(values), values

        def least(index: int) -> tuple[list[float], list[float]]:
            return [0.0, 1.0], [float(least_peak(self.hottest, self.numbers[index]))] * 2

        with styled():
            figure, (left, right) = drawing(width=8.6, axes=2)
            for place, name in enumerate(self.algorithms):
                colour = COLOURS[place % len(COLOURS)]
                theory = [row[place].moves or math.nan for row in self.runs]
                seen = [row[place].moved or math.nan for row in self.runs]
                left.plot(self.numbers, theory, color=colour, linestyle=DASHES[place % len(DASHES)], linewidth=1.4)
                left.plot(self.numbers, seen, MARKERS[place % len(MARKERS)], color=colour, label=name, markersize=4.5)
                (lines[f"load-{place}"],) = right.plot(
                    *loads(here, place),
                    color=colour,
                    linestyle=DASHES[place % len(DASHES)],
                    marker=None,
                    gid=f"load-{place}",
                )
            (lines["least"],) = right.plot(*least(here), color="#595959", linewidth=1.2, gid="least")
            (lines["mark"],) = left.plot(
                [self.nodes, self.nodes], [low, high], color="#595959", linewidth=1.2, gid="mark"
            )
            left.set(xlabel="nodes before one more joins", ylabel="share of keys that moves")
            left.set(title="Theory (lines), measured (marks)")
            logarithmic(left.xaxis)
            logarithmic(left.yaxis)
            left.set_ylim(low, high)
            left.legend(loc="lower left", fontsize=7)
            right.set(title="Load of nodes; least peak (grey)", xlim=(0, 1))
            right.set(xlabel="nodes, the hottest first", ylabel="accesses over the mean")
            logarithmic(right.yaxis)
            right.set_ylim(0.1, top)
        title = f"{len(self.algorithms)} placements of {self.keys:,} keys, {self.source}"

        def words(index: int) -> str:
            runs, nodes = self.runs[index], self.numbers[index]
            said = "; ".join(f"{run.algorithm} {run.moved:.1%} and {float(run.loads[0]):.2f}" for run in runs)
            return (
                f"{title}. Share of keys that moves from {nodes} to {nodes + 1} nodes, and accesses of the hottest of {nodes} "
                f"nodes over the mean: {said}. The hottest key alone makes {self.hottest:.1%} of the accesses."
            )

        def frame(index: int) -> Frame:
            nodes = self.numbers[index]
            data: dict[str, tuple[Any, Any]] = {"mark": ([nodes, nodes], [low, high]), "least": least(index)}
            data |= {f"load-{place}": loads(index, place) for place in range(len(self.algorithms))}
            runs = self.runs[index]
            most, few = max(runs, key=lambda run: run.moved), min(runs, key=lambda run: run.moved)
            text = f"{nodes}: {few.algorithm} moves {few.moved:.1%}, {most.algorithm} {most.moved:.1%}"
            return Frame(data, text, words(index), self._table(index))

        columns: dict[str, list[Any]] = {"nodes": list(self.numbers)}
        for place, name in enumerate(self.algorithms):
            columns[f"{name}, moves by theory"] = [row[place].moves for row in self.runs]
            columns[f"{name}, moved"] = [row[place].moved for row in self.runs]
            columns[f"{name}, hottest node"] = [float(row[place].loads[0]) for row in self.runs]
        frames = [frame(index) for index in range(len(self.numbers))]
        return Scene(Figure(title, words(here), Table(columns, title), figure), lines, "nodes ", frames, here)


def sharding(
    nodes: int = 8,
    algorithms: Sequence[str] = ALGORITHMS,
    *,
    keys: int = 20_000,
    accesses: int = 100_000,
    skew: float = 1.0,
    trace: Sequence[Any] | NDArray[Any] | None = None,
    seed: int = 61,
) -> Sharding:
    """How many keys move when a node joins, how even the nodes are, and how hot the hottest is, for several placements.

    Parameters
    ----------
    nodes
        Nodes before one joins [1], an integer in [2, 256].
    algorithms
        Of "modulo", "ring", "jump", "rendezvous" and "maglev".
    keys
        Unlike keys [1], an integer in [100, 1,000,000]; a trace brings its own.
    accesses
        Accesses to them [1], an integer in [100, 10,000,000]; a trace brings its own.
    skew
        Exponent of Zipf's law of the accesses [1], in [0, 10]; 0 is even.
    trace
        Key of each access, texts or whole numbers, in place of what is drawn; at least 100.
    seed
        Of the accesses.

    Raises
    ------
    ValueError
        An argument is out of its range, or an algorithm is unknown.
    """
    for name, value, low, high in (
        ("nodes", nodes, 2, 256),
        ("keys", keys, 100, 1_000_000),
        ("accesses", accesses, 100, 10_000_000),
        ("seed", seed, 0, 2**32),
    ):
        if isinstance(value, bool) or not low <= number("sharding", name, value) <= high or value != int(value):
            raise ValueError(f"sharding: {name} must be an integer in [{low}, {high}], got {value!r}")
    if number("sharding", "skew", skew) > 10:
        raise ValueError(f"sharding: skew must be in [0, 10], got {skew!r}")
    names = tuple([algorithms] if isinstance(algorithms, str) else algorithms)
    if not names:
        raise ValueError("sharding: algorithms must not be empty")
    for name in names:
        if name not in _KINDS:
            raise ValueError(f"sharding: no algorithm {name!r}; there are: {', '.join(_KINDS)}")
    if trace is None:
        weights = np.cumsum(np.arange(1, int(keys) + 1, dtype=float) ** -float(skew))
        drawn = np.random.default_rng(int(seed)).uniform(0, weights[-1], int(accesses))
        ranks = np.searchsorted(weights, drawn)
        all_keys = np.asarray(hash_items(np.arange(int(keys))))
        hashes, source = all_keys[ranks], f"drawn by Zipf's law of exponent {skew:g}"
    else:
        if len(trace) < 100:
            raise ValueError(f"sharding: trace must have at least 100 accesses, got {len(trace)}")
        hashes, source = np.asarray(hash_items(trace)), "of a trace"
        all_keys = np.unique(hashes)
    counts = np.unique(hashes, return_counts=True)[1]
    numbers = tuple(sorted({*_NODES, int(nodes)}))

    def run(algorithm: str, n: int) -> _Run:
        make = _KINDS[algorithm]
        before, after = make(numbered_nodes(n)), make(numbered_nodes(n + 1))  # type: ignore[call-arg]
        placed = before.node_of_hash(all_keys)
        spread = np.bincount(placed, minlength=n)
        load = np.bincount(before.node_of_hash(hashes), minlength=n)
        return _Run(
            algorithm,
            _moves(algorithm, n),
            float(np.mean(placed != after.node_of_hash(all_keys))),
            _deviation(algorithm, n, len(all_keys)),
            float(spread.std() / spread.mean()),
            np.sort(load)[::-1] / load.mean(),
        )

    return Sharding(
        int(nodes),
        hashes,
        source,
        None if trace is not None else float(skew),
        int(seed),
        len(all_keys),
        float(counts.max() / len(hashes)),
        numbers,
        tuple(tuple(run(algorithm, n) for algorithm in names) for n in numbers),
    )


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"sharding: {path} is no text: {error.reason}") from None


def cli(arguments: Sequence[str]) -> int:
    """`qsm tool sharding`: prints the table, or the plans, or JSON; writes the figure on request."""
    parser = argparse.ArgumentParser(prog="qsm tool sharding", description="What moves, and how even the nodes are.")
    parser.add_argument("--nodes", type=float, default=8, metavar="N", help="nodes before one joins (default 8)")
    parser.add_argument("--algorithms", nargs="+", default=ALGORITHMS, metavar="NAME", help="placements (default: all)")
    parser.add_argument("--keys", type=float, default=20_000, metavar="N", help="unlike keys (default 20,000)")
    parser.add_argument("--accesses", type=float, default=100_000, metavar="N", help="accesses (default 100,000)")
    parser.add_argument("--skew", type=float, default=1, metavar="X", help="exponent of Zipf's law (default 1)")
    parser.add_argument("--trace", type=Path, metavar="FILE", help="the key of each access, one in a line")
    parser.add_argument("--seed", type=int, default=61, metavar="N", help="of the accesses (default 61)")
    outputs(parser)
    options = parser.parse_args(arguments)

    def make() -> Sharding:
        return sharding(
            options.nodes,
            options.algorithms,
            keys=options.keys,
            accesses=options.accesses,
            skew=options.skew,
            trace=_lines(options.trace) if options.trace else None,
            seed=options.seed,
        )

    return answer(options, parser.prog, make)
