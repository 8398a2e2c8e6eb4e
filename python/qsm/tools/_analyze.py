"""How many slots a service needs, asked of its own trace in four ways."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qsm import queueing
from qsm._core import InvalidType
from qsm._estimate import Estimate
from qsm._table import Table
from qsm.core import Distribution, Fit, fit_best, student_quantile
from qsm.measure import Trace

__all__ = ["Analysis", "Method", "analyze"]


@dataclass(frozen=True)
class Method:
    """One way to the number of slots."""

    name: str
    arrival_rate: float  # assumed [1/s]
    slots: int
    predicted_wait: float | Estimate  # quantile of the wait with that many slots, by this method [s]
    replayed_wait: float  # the same quantile when the trace is replayed with that many slots [s]
    utilization: float  # in the replay


@dataclass(frozen=True)
class Analysis:
    """The answer, the ways to it, and why they differ. Prints as a short table."""

    trace: Trace
    wait: float
    probability: float
    service_times: NDArray[np.float64]
    interarrival_fit: Fit
    service_fit: Fit
    methods: tuple[Method, ...]
    busiest_width: float

    @property
    def answer(self) -> int:
        """Fewest slots with which the trace itself keeps the promise."""
        return self.methods[-1].slots

    def table(self) -> Table:
        """One row per method."""
        percentile = self._percentile()
        return Table(
            {
                "method": [m.name for m in self.methods],
                "arrivals/s": [m.arrival_rate for m in self.methods],
                "slots": [m.slots for m in self.methods],
                f"{percentile} predicted [s]": [m.predicted_wait for m in self.methods],
                f"{percentile} in replay [s]": [m.replayed_wait for m in self.methods],
                "utilization": [m.utilization for m in self.methods],
            },
            f"Slots that keep the {percentile} at most {self.wait:g} s ({self.trace.name}, {len(self.trace):,} requests)",
        )

    def _percentile(self) -> str:
        return f"p{100 * self.probability:g} wait"

    def reasons(self) -> list[str]:
        """Why the methods differ, in sentences computed from the trace."""
        mean, busy, simulated, replayed = self.methods
        percentile = self._percentile()
        counts = self.trace.counts(60)
        whole = counts[:-1] if len(counts) > 1 else counts
        cut = (
            "" if counts.min() == whole.min() else f" ({counts.min():,} in the last minute, which the trace cuts short)"
        )
        gaps = self.trace.interarrival_times
        scv = float(np.var(self.service_times) / np.mean(self.service_times) ** 2)
        gap_scv = float(np.var(gaps) / np.mean(gaps) ** 2)
        sentences = [
            f"Arrivals swing between {whole.min():,} and {whole.max():,} a minute{cut}; the mean is "
            f"{60 * self.trace.arrival_rate:,.0f}.",
            f"The closed form at the mean rate assumes that the swings are not there: with its {mean.slots} "
            f"slots the {percentile} of the trace is {mean.replayed_wait:.3g} s.",
            f"The busiest {self.busiest_width / 60:g} minutes bring {busy.arrival_rate:.3g} requests a second, "
            f"{busy.arrival_rate / mean.arrival_rate:.2f} times the mean. The closed form holds that rate for ever, with the "
            f"mean service time of the whole trace: {busy.slots - replayed.slots:+d} slots against the replay."
            if busy.slots != replayed.slots
            else f"The closed form at the busiest {self.busiest_width / 60:g} minutes meets the replay.",
            self._together(),
            f"Service times vary less than exponential ones (c² = {scv:.2f})"
            if scv < 1
            else f"Service times vary at least as much as exponential ones (c² = {scv:.2f})",
        ]
        sentences[-1] += (
            f" and gaps {'more' if gap_scv > 1 else 'less'} (c² = {gap_scv:.2f}); the simulation draws both "
            f"independently from fitted laws ({self.interarrival_fit.family} and {self.service_fit.family}), so it knows "
            f"their spread but not their order in time. With its {simulated.slots} slots the {percentile} of the "
            f"trace is {simulated.replayed_wait:.3g} s."
        )
        sentences.append(
            f"The replay keeps the order in which the requests came. It answers for this trace alone: {replayed.slots} slots."
        )
        return sentences

    def _together(self) -> str:
        """Whether busy windows bring long or short requests; a model with independent service times cannot know."""
        width = self.busiest_width
        whole = int(self.trace.duration // width)
        if whole < 3:
            return "The trace is too short to say whether busy minutes bring longer requests."
        if whole > 10_000_000:
            return f"Windows of {width:g} s are too many to say whether busy ones bring longer requests."
        window = (self.trace.arrival_times // width).astype(np.int64)
        counts = np.bincount(window)[:whole]
        work = np.bincount(window, weights=self.service_times)[:whole]
        some = counts > 0
        means = work[some] / counts[some]  # of an empty window nothing is known
        swing = float(counts[some].std() * means.std())
        both = float(np.mean((counts[some] - counts[some].mean()) * (means - means.mean()))) / swing if swing else 0.0
        way = "neither shorter nor longer" if _by_chance(both, int(some.sum())) else "shorter" if both < 0 else "longer"
        return (
            f"Busy minutes bring {way} requests (correlation {both:.2f} over windows of {width / 60:g} minutes): the offered "
            f"load stays between {work.min() / width:.1f} and {work.max() / width:.1f} slots, and no closed form here knows."
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, for files."""
        table = self.table()
        return {
            "title": table.title,
            "columns": {name: [float(v) if isinstance(v, float) else v for v in table[name]] for name in table},
            "text": str(table),
            "reasons": self.reasons(),
            "answer": self.answer,
        }

    def __str__(self) -> str:
        return str(self.table()) + "\n\n" + "\n".join(f"- {reason}" for reason in self.reasons())

    __repr__ = __str__

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        reasons = "".join(f"<li>{html.escape(reason)}</li>" for reason in self.reasons())
        return {
            "text/plain": str(self),
            "text/html": f"{self.table()._repr_html_()}<ul>{reasons}</ul>",
            "application/vnd.qsm.answer+json": json.loads(json.dumps(self.to_dict())),
        }


def _fit(samples: NDArray[np.float64]) -> Fit:
    """The best-fitting family; left out are those that exclude a time of zero where there is one, and those that would be
    fitted to the rounding of equal times."""
    names = ["exponential", "hyperexponential"]
    if samples.min() > 0 and np.std(samples) > 1e-6 * np.mean(samples):
        names += ["erlang", "gamma", "lognormal", "weibull"]
    return fit_best(samples, names)[0]


def _by_chance(correlation: float, count: int) -> bool:
    """Whether so many independent pairs show as large a correlation more than once in a hundred times, or it is small."""
    if abs(correlation) < 0.3 or count < 3:
        return True
    spare = max(1 - correlation**2, 1e-12)
    return abs(correlation) * math.sqrt((count - 2) / spare) < student_quantile(0.995, count - 2)


def _check_seed(seed: object) -> None:
    if isinstance(seed, bool) or not isinstance(seed, Integral) or not 0 <= int(seed) < 2**64:
        raise InvalidType(f"analyze: seed must be an integer in [0, 2^64), got {seed!r}")


def analyze(
    trace: Trace,
    *,
    wait: float = 1.0,
    probability: float = 0.99,
    prefill_rate: float = 7000.0,
    token_time: float = 0.03,
    busiest: float = 300.0,
    replications: int = 20,
    customers: int = 100_000,
    seed: int = 52,
    progress: Callable[[float], None] | None = None,
) -> Analysis:
    """Fewest slots with which a share of the requests of a trace waits no longer than a limit, found in four ways.

    By closed form (M/M/c) at the mean rate and at the busiest minutes, by simulation with independent draws from laws
    fitted to the trace, and by replay of the trace; with the reasons why they differ.

    Parameters
    ----------
    trace
        Requests in order of arrival.
    wait
        Longest wait [s], >= 0.
    probability
        Share of requests that waits no longer [1], in (0, 1).
    prefill_rate, token_time
        How tokens become time, where the trace has tokens: prompt / prefill_rate + output x token_time [s].
    busiest
        Width of the busiest window [s], > 0.
    replications, customers, seed
        Size and seed of the simulation.
    progress
        Called with the fraction done.

    Raises
    ------
    ValueError
        An argument is out of its range, there are fewer than three requests, or all arrive or are served in no time.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, section 3.5; J. Kiefer and J. Wolfowitz 1955.
    """
    service_times = trace.service_times(prefill_rate, token_time)
    mean_service = float(np.mean(service_times))
    if not trace.duration > 0 or not mean_service > 0:
        raise ValueError("analyze: all requests arrive at once, or none takes any time; there is no queue to size")
    if len(trace) < 3:
        raise ValueError(f"analyze: needs at least three requests to fit laws to, got {len(trace)}")
    _check_seed(seed)
    tell = progress or (lambda fraction: None)
    arrivals = trace.arrival_times

    def method(name: str, rate: float, slots: int, predicted: float | Estimate) -> Method:
        replay = queueing.replay(arrivals, service_times, slots)
        return Method(name, rate, slots, predicted, float(replay.wait_quantile(probability)), float(replay.utilization))

    def closed_form(name: str, rate: float) -> Method:
        slots = int(queueing.servers_for_wait(rate, 1 / mean_service, wait, probability))
        return method(name, rate, slots, queueing.mmc(rate, 1 / mean_service, slots).wait_quantile(probability))

    mean = closed_form("closed form, mean rate", trace.arrival_rate)
    busy = closed_form(f"closed form, busiest {busiest / 60:g} min", trace.busiest(busiest)[1])
    tell(0.1)
    gaps_fit, service_fit = _fit(trace.interarrival_times), _fit(service_times)
    laws: tuple[Distribution, Distribution] = (gaps_fit.distribution, service_fit.distribution)
    tell(0.3)
    slots, _ = queueing.servers_for_wait_in_simulation(
        laws[0],
        laws[1],
        wait,
        probability,
        replications=replications,
        customers=customers,
        seed=seed,
        progress=lambda fraction: tell(0.3 + 0.5 * fraction),
    )
    simulation = queueing.simulate(laws[0], laws[1], slots, replications=replications, customers=customers, seed=seed)
    simulated = method("simulation, fitted laws", 1 / laws[0].mean, int(slots), simulation.wait_quantile(probability))
    tell(0.9)
    slots = queueing.servers_for_wait_in_replay(arrivals, service_times, wait, probability)
    replayed = queueing.replay(arrivals, service_times, slots)
    replay = method("replay of the trace", trace.arrival_rate, int(slots), float(replayed.wait_quantile(probability)))
    tell(1.0)
    return Analysis(
        trace, wait, probability, service_times, gaps_fit, service_fit, (mean, busy, simulated, replay), busiest
    )
