"""The load-balancer tester."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qsm import core
from qsm._table import Table
from qsm.balancing import (
    POLICIES,
    FarmSimulation,
    least_sojourn,
    mean_field_sojourn,
    refined_mean_field_sojourn,
    replay,
    simulate,
)
from qsm.measure import Trace, read_trace
from qsm.tools._common import Result, answer, number, outputs

if TYPE_CHECKING:
    from qsm.plots import Figure, Scene

_LOADS = np.round(np.arange(0.1, 0.96, 0.05), 2)
_PROBABILITIES = 1 - np.geomspace(1, 1e-3, 40)[1:]


def _theory(policy: str, utilization: float, servers: int, mean_size: float) -> float | None:
    """Mean time by theory, for exponential sizes; None where there is none."""
    rate = 1 / mean_size
    if policy == "random" or servers == 1:
        return float(mean_field_sojourn(utilization, 1, rate))
    if policy == "power_of_choices":
        return float(refined_mean_field_sojourn(utilization, servers, 2, rate))
    return float(least_sojourn(utilization, servers, rate)) if policy == "least_work" else None


@dataclass(frozen=True, repr=False)
class Balancing(Result):
    """Balancers before one farm, at several loads: by simulation, or by replay of a trace that is run faster or slower."""

    servers: int
    utilization: float
    mean_size: float
    service_scv: float
    policies: tuple[str, ...]
    trace: Trace | None
    seed: int
    options: Mapping[str, Any]
    loads: NDArray[np.float64]
    runs: Mapping[str, tuple[FarmSimulation, ...]]  # of each policy, one for each load

    @property
    def _here(self) -> int:
        return int(np.abs(self.loads - self.utilization).argmin())

    def _row(self, policy: str, index: int) -> dict[str, Any]:
        run = self.runs[policy][index]
        exponential = self.trace is None and self.service_scv == 1 and not self.options
        load = float(self.loads[index])
        return {
            "policy": policy,
            "theory": _theory(policy, load, self.servers, self.mean_size) if exponential and load < 1 else None,
            "mean time": run.mean_sojourn,
            "99 %": run.sojourn_quantile(0.99),
            "most at a server": run.max_load,
            "imbalance": run.imbalance,
            "failed": run.probability_failed,
        }

    def _table(self, index: int) -> Table:
        rows = [self._row(policy, index) for policy in self.policies]
        columns: dict[str, Sequence[Any]] = {name: [row[name] for row in rows] for name in rows[0]}
        return Table(columns, f"{self.servers} servers at utilization {self.loads[index]:.2f}, times in s")

    def table(self) -> Table:
        """Each policy at this load: theory where there is one, and what was simulated or replayed."""
        return self._table(self._here)

    def to_dict(self) -> dict[str, Any]:
        """Inputs and results as plain numbers, for JSON."""

        def plain(value: Any) -> Any:
            return value if value is None or isinstance(value, str) else float(value) if np.isfinite(value) else None

        rows = [self._row(policy, self._here) for policy in self.policies]
        return {
            "servers": self.servers,
            "utilization": float(self.loads[self._here]),
            "mean_size": self.mean_size,
            "service_scv": self.service_scv,
            "trace": None if self.trace is None else self.trace.name,
            "seed": self.seed,
            "options": dict(self.options),
            "rows": [{name: plain(value) for name, value in row.items()} for row in rows],
        }

    def figure(self) -> Figure:
        """Mean time against load for each policy, and the share of requests that take longer than t at this load."""
        return self._scene().figure

    def controls(self) -> Any:
        """A slider over the load, and inputs for the farm; needs `qsm[notebook]`."""
        from qsm.plots import Number, controls

        def build(servers: float, service_scv: float) -> Scene:
            if servers != int(servers) or servers < 1:
                raise ValueError(f"balancing: servers must be an integer >= 1, got {servers:g}")
            found = balancing(
                int(servers),
                self.utilization,
                self.policies,
                mean_size=self.mean_size,
                service_scv=service_scv,
                trace=self.trace,
                seed=self.seed,
                **self.options,
            )
            return found._scene()

        numbers = [Number("servers", "servers", 1, 1000, 1, self.servers)]
        numbers.append(Number("service_scv", "variability of sizes cs²", 0, 100, 0.25, self.service_scv))
        return controls(build, numbers)

    def _scene(self) -> Scene:
        from qsm.plots import Figure, Frame, Scene
        from qsm.plots._figure import COLOURS, DASHES, drawing, logarithmic, styled

        means = {policy: np.array([float(run.mean_sojourn) for run in self.runs[policy]]) for policy in self.policies}
        tails = {
            policy: [np.array([float(run.sojourn_quantile(p)) for p in _PROBABILITIES]) for run in self.runs[policy]]
            for policy in self.policies
        }
        shares = 1 - _PROBABILITIES
        lowest, highest = min(map(np.nanmin, means.values())), max(map(np.nanmax, means.values()))
        top = max(float(np.nanmax(tail)) for tail in (one[-1] for one in tails.values()))
        bottom = min(float(np.nanmin(tail)) for tail in (one[0] for one in tails.values()))
        lines: dict[str, Any] = {}
        here = self._here
        with styled():
            figure, (left, right) = drawing(width=8.6, axes=2)
            for place, policy in enumerate(self.policies):
                style = {
                    "color": COLOURS[place % len(COLOURS)],
                    "linestyle": DASHES[(place + place // len(COLOURS)) % len(DASHES)],
                }
                left.plot(self.loads, means[policy], label=policy, **style)
                (lines[f"tail-{place}"],) = right.plot(tails[policy][here], shares, gid=f"tail-{place}", **style)
            load = float(self.loads[here])
            span = [lowest / 2, highest * 2]
            (lines["mark"],) = left.plot([load, load], span, color="#595959", linewidth=1.2, gid="mark")
            left.set(xlabel="utilization [1]", ylabel="mean time [s]", title="Time against load", xlim=(0, 1))
            logarithmic(left.yaxis)
            left.set_ylim(*span)
            left.legend(loc="upper left", fontsize=7)
            right.set(xlabel="time t [s]", ylabel="share that takes longer than t", title="Tail of the times")
            logarithmic(right.xaxis)
            logarithmic(right.yaxis)
            right.set(xlim=(max(bottom, top / 1e5), top), ylim=(1e-3, 1))
        source = "simulated" if self.trace is None else f"replayed from {self.trace.name}"
        title = f"{len(self.policies)} balancers before {self.servers} servers, {source}"

        def words(index: int) -> str:
            order = sorted(self.policies, key=lambda policy: means[policy][index])
            best, worst = order[0], order[-1]
            return (
                f"{title}. At utilization {self.loads[index]:.2f} the mean time is least with {best}, "
                f"{means[best][index]:.3g} s, and longest with {worst}, {means[worst][index]:.3g} s."
            )

        def frame(index: int) -> Frame:
            load = float(self.loads[index])
            data: dict[str, tuple[Any, Any]] = {"mark": ([load, load], lines["mark"].get_ydata())}
            data |= {f"tail-{k}": (tails[policy][index], shares) for k, policy in enumerate(self.policies)}
            ordered = sorted((means[policy][index], policy) for policy in self.policies)
            text = f"{load:.2f}: {ordered[0][1]} {ordered[0][0]:.3g} s, {ordered[-1][1]} {ordered[-1][0]:.3g} s"
            return Frame(data, text, words(index), self._table(index))

        table = Table({"utilization": self.loads} | {f"{name} [s]": mean for name, mean in means.items()}, title)
        frames = [frame(index) for index in range(len(self.loads))]
        return Scene(Figure(title, words(here), table, figure), lines, "utilization ", frames, here)


def balancing(
    servers: int = 10,
    utilization: float = 0.8,
    policies: Sequence[str] = POLICIES,
    *,
    mean_size: float = 1.0,
    service_scv: float = 1.0,
    trace: Trace | None = None,
    requests: int = 20_000,
    seed: int = 54,
    **options: Any,
) -> Balancing:
    """How long requests take under several balancers, at one load and at all others.

    Poisson arrivals and gamma-distributed sizes, or a trace whose time is stretched so that it brings each load.

    Parameters
    ----------
    servers
        n [1], an integer >= 1.
    utilization
        ρ [1], in (0, 1): work that comes over what all servers can do.
    policies
        Names of balancers.
    mean_size
        E[S] [s], finite and > 0; a trace brings its own.
    service_scv
        cs² [1] >= 0, variance of the size over its squared mean: 0 constant, 1 exponential; a trace brings its own.
    trace
        Replayed in place of the simulation.
    requests
        Simulated at each load and policy [1], an integer >= 100.
    seed
        Seed of the simulation.
    options
        What `qsm.balancing.simulate` takes: dispatchers, report_every, time_to_failure, retries, check_every, ...

    Raises
    ------
    ValueError
        An argument is out of its range, or a policy is unknown.
    """
    load = number("balancing", "utilization", utilization, above=True)
    if load >= 1:
        raise ValueError(f"balancing: utilization must be in (0, 1), got {utilization!r}")
    mean = number("balancing", "mean_size", mean_size, above=True)
    scv = number("balancing", "service_scv", service_scv)
    if isinstance(servers, bool) or servers != int(number("balancing", "servers", servers, 1)):
        raise ValueError(f"balancing: servers must be an integer >= 1, got {servers!r}")
    if requests != int(number("balancing", "requests", requests, 100)):
        raise ValueError(f"balancing: requests must be an integer >= 100, got {requests!r}")
    names = tuple([policies] if isinstance(policies, str) else policies)
    if not names:
        raise ValueError("balancing: policies must not be empty")
    loads = np.unique(np.append(_LOADS, round(load, 2)))
    loads = loads[(loads > 0) & (loads < 1)]
    n = int(servers)
    if trace is not None:
        sizes = trace.service_times()
        mean = float(sizes.mean())
        scv = float(sizes.var() / mean**2)
        own = float(sizes.sum() / (n * trace.duration))

        def run(policy: str, at: float) -> FarmSimulation:
            return replay(trace.arrival_times * (own / at), sizes, n, policy, seed=seed, **options)

    else:
        law = core.gamma(1 / scv, scv * mean) if scv else core.deterministic(mean)

        def run(policy: str, at: float) -> FarmSimulation:
            each = max(10, int(requests) // 4)
            settings = {"requests": each, "warmup": each // 5, "replications": 4, "seed": seed}
            return simulate(core.exponential(at * n / mean), law, n, policy, **(settings | options))

    runs = {policy: tuple(run(policy, float(at)) for at in loads) for policy in names}
    return Balancing(n, load, mean, scv, names, trace, int(seed), options, loads, runs)


def cli(arguments: Sequence[str]) -> int:
    """`qsm tool balancing`: prints the table, or JSON; writes the figure on request."""
    parser = argparse.ArgumentParser(prog="qsm tool balancing", description="How long requests take under balancers.")
    parser.add_argument("--servers", type=float, default=10, metavar="N", help="servers (default 10)")
    parser.add_argument("--utilization", type=float, default=0.8, metavar="X", help="load in (0, 1) (default 0.8)")
    parser.add_argument("--policies", nargs="+", default=POLICIES, metavar="NAME", help="balancers (default: all)")
    parser.add_argument("--mean-size", type=float, default=1, metavar="TIME", help="mean size of a request [s]")
    parser.add_argument("--service-scv", type=float, default=1, metavar="X", help="variance of sizes over squared mean")
    parser.add_argument("--trace", type=Path, metavar="FILE", help="replay this trace, stretched to each load")
    parser.add_argument("--requests", type=float, default=20_000, metavar="N", help="simulated at each load and policy")
    parser.add_argument("--seed", type=int, default=54, metavar="N", help="of the simulation (default 54)")
    outputs(parser)
    options = parser.parse_args(arguments)

    def make() -> Balancing:
        return balancing(
            options.servers,
            options.utilization,
            options.policies,
            mean_size=options.mean_size,
            service_scv=options.service_scv,
            trace=read_trace(options.trace) if options.trace else None,
            requests=options.requests,
            seed=options.seed,
        )

    return answer(options, parser.prog, make)
