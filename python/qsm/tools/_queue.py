"""The queue simulator."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qsm import core
from qsm._estimate import Estimate
from qsm._table import Table
from qsm.queueing import MMC, mmc, simulate
from qsm.tools._common import Result, answer, number, outputs

if TYPE_CHECKING:
    from qsm.plots import Animation, Figure, Scene

_QUANTILES = {"50th": 0.5, "90th": 0.9, "99th": 0.99}


def _scale(model: MMC, service_scv: float) -> Any:
    """Mean wait of those who wait, E[W | W > 0], with the factor (1 + cs²)/2 for the variability of service."""
    spare = np.asarray(model.servers * model.service_rate - model.arrival_rate, dtype=float)
    with np.errstate(divide="ignore"):
        return np.where(model.stable, (1 + service_scv) / 2 / spare, np.inf)


def _tail(model: MMC, service_scv: float, time: Any) -> Any:
    """P(W > t) ≈ C exp(-t / E[W | W > 0]); exact for exponential service."""
    return model.probability_wait * np.exp(-np.asarray(time) / _scale(model, service_scv))


def _quantile(model: MMC, service_scv: float, probability: float) -> Any:
    waits = np.asarray(model.probability_wait)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(waits > 1 - probability, _scale(model, service_scv) * np.log(waits / (1 - probability)), 0.0)
    return np.where(model.stable, value, np.inf)


@dataclass(frozen=True, repr=False)
class Queue(Result):
    """One waiting line before equal servers: what theory says, and what a simulation of it shows."""

    arrival_rate: float
    service_rate: float
    servers: int
    service_scv: float
    customers: int
    seed: int
    simulated: dict[str, Estimate]

    @property
    def model(self) -> MMC:
        """The same queue with exponential service."""
        return mmc(self.arrival_rate, self.service_rate, self.servers)

    @property
    def method(self) -> str:
        """What the closed form is: exact, exact in the mean, or an approximation."""
        if self.service_scv == 1:
            return "exact (M/M/c)"
        if self.servers == 1:
            return "mean exact (Pollaczek-Khinchine), percentiles approximate"
        return "approximate (M/M/c times (1 + cs²)/2)"

    @property
    def computed(self) -> dict[str, float]:
        """Closed form by name, in SI units."""
        model = self.model
        factor = (1 + self.service_scv) / 2
        wait = float(model.mean_wait * factor)
        values = {
            "utilization": float(model.utilization),
            "probability_wait": float(model.probability_wait),
            "mean_wait": wait,
        }
        values |= {
            f"wait_{name}": float(_quantile(model, self.service_scv, probability))
            for name, probability in _QUANTILES.items()
        }
        return values | {
            "mean_sojourn": wait + 1 / self.service_rate,
            "mean_queue_length": self.arrival_rate * wait if self.arrival_rate else 0.0,
            "mean_number": self.arrival_rate * (wait + 1 / self.service_rate) if self.arrival_rate else 0.0,
        }

    def table(self) -> Table:
        """Closed form beside simulation."""
        columns: dict[str, Sequence[Any]] = {
            "quantity": [_LABELS[name] for name in self.computed],
            "closed form": list(self.computed.values()),
        }
        if self.simulated:
            columns["simulation, 95 % interval"] = [self.simulated.get(name) for name in self.computed]
        return Table(columns, str(self).partition("\n")[0])

    def to_dict(self) -> dict[str, Any]:
        """Inputs and results as plain numbers, for JSON; what is not finite as None."""
        inputs = ("arrival_rate", "service_rate", "servers", "service_scv", "customers", "seed")
        computed = {name: value if np.isfinite(value) else None for name, value in self.computed.items()}
        simulated = {
            name: {
                "value": value.value,
                "low": value.low,
                "high": value.high if np.isfinite(value.high) else None,
            }
            for name, value in self.simulated.items()
            if np.isfinite(value)
        }
        head = {name: getattr(self, name) for name in inputs} | {
            "stable": bool(self.model.stable),
            "method": self.method,
        }
        return head | {"closed_form": computed, "simulation": simulated}

    def figure(self) -> Figure:
        """Wait against utilization, with this queue marked, and the share of arrivals that wait longer than t."""
        return self._scene().figure

    def controls(self) -> Any:
        """A slider over the utilization, and inputs for the rest; needs `qsm[notebook]`."""
        from qsm.plots import Number, controls

        def build(service_rate: float, servers: float, service_scv: float) -> Scene:
            if servers != int(servers) or servers < 1:
                raise ValueError(f"queue: servers must be an integer >= 1, got {servers:g}")
            arrival_rate = self.model.utilization * servers * service_rate
            return queue(arrival_rate, service_rate, int(servers), service_scv=service_scv, customers=0)._scene()

        numbers = (
            Number("service_rate", "service rate of one server [1/s]", 0.001, 1e6, 0.001, self.service_rate),
            Number("servers", "servers", 1, 10_000, 1, self.servers),
            Number("service_scv", "variability of service cs²", 0, 100, 0.05, self.service_scv),
        )
        return controls(build, numbers)

    def animation(self, customers: int = 300) -> Animation:
        """The first customers of a run, to watch: line, servers, number waiting, and the mean wait beside its theory.

        The same customers for the same seed. Plays in JupyterLab, Voila and saved pages, without kernel and network;
        `.save("queue.html")` writes a page of its own.
        """
        from qsm.tools._queue_motion import animation

        return animation(self, _service(self.service_rate, self.service_scv), customers)

    def _scene(self) -> Scene:
        from qsm.plots import Figure, Frame, Scene
        from qsm.plots._figure import COLOURS, DASHES, drawing, logarithmic, styled

        loads = np.round(np.arange(0.05, 0.995, 0.01), 2)
        models = mmc(loads * self.servers * self.service_rate, self.service_rate, self.servers)
        service = 1 / self.service_rate
        times = service * np.geomspace(0.01, 1000, 120)
        factor = (1 + self.service_scv) / 2
        mean, high = models.mean_wait * factor, _quantile(models, self.service_scv, 0.99)
        here = float(self.model.utilization)
        now = self.computed
        tail = _tail(self.model, self.service_scv, times) if self.model.stable else np.ones_like(times)
        with styled():
            figure, (left, right) = drawing(width=8.6, axes=2)
            left.plot(loads, mean, color=COLOURS[0], linestyle=DASHES[0], label="mean")
            left.plot(loads, high, color=COLOURS[1], linestyle=DASHES[1], label="99th percentile")
            (mark,) = left.plot(
                [here, here], [service / 1e3, service * 1e4], color="#595959", linewidth=1.2, gid="mark"
            )
            left.set(xlabel="utilization [1]", ylabel="wait [s]", title="Wait against load", xlim=(0, 1))
            logarithmic(left.yaxis)
            left.set_ylim(service / 100, service * 1000)
            left.legend(loc="upper left")
            (line,) = right.plot(times, tail, color=COLOURS[0], gid="tail")
            right.axhline(0.01, color="#595959", linewidth=1.2, linestyle=(0, (2, 2)))
            right.set(xlabel="time t [s]", ylabel="share that waits longer than t", title="Tail of the wait")
            logarithmic(right.xaxis)
            logarithmic(right.yaxis)
            right.set(xlim=(times[0], times[-1]), ylim=(1e-4, 1.5))
            if self.simulated and self.model.stable:
                for name, colour, marker in (("mean_wait", COLOURS[0], "o"), ("wait_99th", COLOURS[1], "s")):
                    point = self.simulated[name]
                    top = min(point.high, 10 * left.get_ylim()[1])  # too few customers know no upper end
                    spread = [[point - point.low], [max(0.0, top - point)]]
                    left.errorbar([here], [point.value], spread, fmt=marker, color=colour, capsize=3)
        title = f"Queue with {self.servers} server{'s' if self.servers > 1 else ''}"

        def words(load: float, average: float, percentile: float, waiting: float) -> str:
            if not load < 1:
                return (
                    f"{title}. At utilization {load:.2f} work arrives faster than it is done: waits grow without bound."
                )
            return (
                f"{title}. At utilization {load:.2f}, {waiting:.1%} of the arrivals wait; the mean wait is {average:.3g} s "
                f"and the 99th percentile {percentile:.3g} s. Both rise without bound as the utilization nears 1."
            )

        def numbers(index: int) -> Table:
            return Table(
                {
                    "arrival rate [1/s]": [float(loads[index] * self.servers * self.service_rate)],
                    "utilization": [float(loads[index])],
                    "share that waits": [float(models.probability_wait[index])],
                    "mean wait [s]": [float(mean[index])],
                    "99th percentile [s]": [float(high[index])],
                }
            )

        def frame(index: int) -> Frame:
            load = float(loads[index])
            text = f"{load:.2f}: mean wait {mean[index]:.3g} s, 99th percentile {high[index]:.3g} s"
            description = words(load, mean[index], high[index], models.probability_wait[index])
            tails = mmc(load * self.servers * self.service_rate, self.service_rate, self.servers)
            data: dict[str, tuple[Any, Any]] = {
                "mark": ([load, load], mark.get_ydata()),
                "tail": (times, np.maximum(_tail(tails, self.service_scv, times), 1e-12)),
            }
            return Frame(data, text, description, numbers(index))

        shown = words(here, now["mean_wait"], now["wait_99th"], now["probability_wait"])
        keep = np.unique(np.linspace(0, len(loads) - 1, 12).round().astype(int))
        table = Table(
            {"utilization": loads[keep], "mean wait [s]": mean[keep], "99th percentile [s]": high[keep]}, title
        )
        return Scene(
            Figure(title, shown, table, figure),
            {"mark": mark, "tail": line},
            "utilization ",
            [frame(index) for index in range(len(loads))],
            int(np.abs(loads - min(here, 0.99)).argmin()),
        )

    def __str__(self) -> str:
        return (
            f"queue: {self.arrival_rate:.6g} arrivals/s, {self.servers} x {self.service_rate:.6g} services/s, "
            f"cs² = {self.service_scv:.4g}; {self.method}"
        )


_LABELS = {
    "utilization": "utilization [1]",
    "probability_wait": "share that waits [1]",
    "mean_wait": "mean wait [s]",
    "wait_50th": "wait, 50th percentile [s]",
    "wait_90th": "wait, 90th percentile [s]",
    "wait_99th": "wait, 99th percentile [s]",
    "mean_sojourn": "mean time in system [s]",
    "mean_queue_length": "mean number waiting [1]",
    "mean_number": "mean number in system [1]",
}


def queue(
    arrival_rate: float,
    service_rate: float,
    servers: int = 1,
    *,
    service_scv: float = 1.0,
    customers: int = 1_000_000,
    seed: int = 52,
) -> Queue:
    """How long customers of one waiting line wait: by closed form and by seeded simulation.

    Poisson arrivals, independent service times, first come first served.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0.
    service_rate
        μ [1/s] of one server, finite and > 0.
    servers
        c [1], integer >= 1.
    service_scv
        cs² [1] >= 0, variance of the service time over its squared mean: 0 constant, 1 exponential.
    customers
        How many to simulate; 0 for the closed form alone.
    seed
        Seed of the simulation.

    Raises
    ------
    ValueError
        An argument is out of its range.
    """
    model = mmc(arrival_rate, service_rate, servers)  # refuses what it cannot be
    scv = number("queue", "service_scv", service_scv)
    if customers != int(number("queue", "customers", customers)):
        raise ValueError(f"queue: customers must be an integer >= 0, got {customers!r}")
    simulated = _simulate(model, scv, int(customers), seed) if customers and model.stable and model.arrival_rate else {}
    return Queue(
        float(model.arrival_rate), float(model.service_rate), int(servers), scv, int(customers), int(seed), simulated
    )


def _service(rate: float, scv: float) -> core.Distribution:
    """Gamma-distributed service times of the given variability."""
    return core.gamma(1 / scv, scv / rate) if scv else core.deterministic(1 / rate)


def _simulate(model: MMC, service_scv: float, customers: int, seed: int) -> dict[str, Estimate]:
    """The same station with gamma-distributed service of the given variability, in ten replications."""
    service = _service(float(model.service_rate), service_scv)
    station = simulate(
        core.exponential(float(model.arrival_rate)),
        service,
        float(model.servers),
        customers=max(1, customers // 10),
        replications=10,
        seed=seed,
    )
    waits = {f"wait_{name}": station.wait_quantile(probability) for name, probability in _QUANTILES.items()}
    names = ("utilization", "probability_wait", "mean_wait", "mean_sojourn", "mean_queue_length", "mean_number")
    return {name: getattr(station, name) for name in names} | waits


def cli(arguments: Sequence[str]) -> int:
    """`qsm tool queue`: prints the table, or JSON; writes the figure on request."""
    parser = argparse.ArgumentParser(prog="qsm tool queue", description="How long customers of one waiting line wait.")
    parser.add_argument("--arrival-rate", type=float, required=True, metavar="RATE", help="arrivals per second")
    parser.add_argument(
        "--service-rate", type=float, required=True, metavar="RATE", help="services per second and server"
    )
    parser.add_argument("--servers", type=float, default=1, metavar="N", help="servers (default 1)")
    parser.add_argument(
        "--service-scv", type=float, default=1, metavar="X", help="variance of service over squared mean"
    )
    parser.add_argument("--customers", type=float, default=1_000_000, metavar="N", help="simulated; 0 for none")
    parser.add_argument("--seed", type=int, default=52, metavar="N", help="of the simulation (default 52)")
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write a page that replays a run")
    outputs(parser)
    options = parser.parse_args(arguments)

    def make() -> Queue:
        result = queue(
            options.arrival_rate,
            options.service_rate,
            options.servers,
            service_scv=options.service_scv,
            customers=options.customers,
            seed=options.seed,
        )
        if options.html:
            print(f"page: {result.animation().save(options.html)}", file=sys.stderr)
        return result

    return answer(options, parser.prog, make)
