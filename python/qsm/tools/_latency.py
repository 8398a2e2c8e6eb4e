"""The latency budget calculator: which users can be within a budget, from where the servers stand and what they do."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qsm._table import Table
from qsm.core import Distribution, deterministic, distribution_from_text, mixture, shifted
from qsm.latency import Budget, Place, budget, fibre_delay, geodesic_distance, place, places, shares, stage
from qsm.tools._common import Result, answer, number, outputs

if TYPE_CHECKING:
    from qsm._law import DistributionLike
    from qsm.plots import Figure, Scene

Where = str | Place | Sequence[float]


def _name(where: Place) -> str:
    """A place in words."""
    return where.name or f"{where.latitude:g} {where.longitude:g}"


@lru_cache(maxsize=64)
def _distances(region: Place) -> NDArray[np.float64]:
    """From everywhere on the map to a region [m]."""
    from qsm.plots._map import grid

    longitudes, latitudes = grid()
    return np.asarray(geodesic_distance(region.latitude, region.longitude, latitudes, longitudes))


def _law(given: Any, names: Mapping[str, Any]) -> Any:
    """Texts of laws, such as "gamma(2, 0.01)", as laws, wherever they stand in a budget."""
    if isinstance(given, str) and given not in names and "(" in given:
        return distribution_from_text(given)
    return [_law(part, names) for part in given] if isinstance(given, (list, tuple)) else given


@dataclass(frozen=True, repr=False)
class Latency(Result):
    """Users, the regions that serve them, what a request does there, and how long it may take in all."""

    users: tuple[Place, ...]
    weights: tuple[float, ...]  # share of the requests of each user [1]; they add up to 1
    regions: tuple[Place, ...]
    budget: Budget
    limit: float
    probability: float
    round_trips: float
    route_factor: float

    @cached_property
    def work(self) -> Distribution:
        """Law of the time in the region [s]."""
        return self.budget.distribution()

    @cached_property
    def distances(self) -> NDArray[np.float64]:
        """From each user (rows) to each region [m]."""
        here = np.array([(one.latitude, one.longitude) for one in self.users])
        there = np.array([(one.latitude, one.longitude) for one in self.regions])
        return np.asarray(geodesic_distance(*here.T[:, :, None], *there.T[:, None, :]))

    def _travel(self, distance: ArrayLike) -> NDArray[np.float64]:
        """Time on the way over a distance, all round trips together [s]."""
        return np.asarray(2 * self.round_trips * np.asarray(fibre_delay(distance, route_factor=self.route_factor)))

    @cached_property
    def travel(self) -> NDArray[np.float64]:
        """Time of each user's light on its way to the nearest region and back, all round trips together [s]."""
        return self._travel(self.distances.min(axis=1))

    @property
    def percentiles(self) -> NDArray[np.float64]:
        """Latency of each user at the percentile of the target [s]: light is constant, so that it adds to the quantile."""
        return self.travel + float(self.work.quantile(self.probability))

    @property
    def within(self) -> NDArray[np.bool_]:
        """Whether each user's percentile is at most the limit."""
        return np.asarray(self.percentiles <= self.limit)

    @property
    def reach(self) -> float:
        """How far from a region a user may be [m]; below 0 where the work alone takes too long."""
        left = self.limit - float(self.work.quantile(self.probability))
        per_metre = float(self._travel(1.0))
        return left / per_metre if per_metre else float(np.copysign(np.inf, left))

    @property
    def computed(self) -> dict[str, float]:
        """What holds for all users together, in SI units."""
        served = np.array([float(self.work.cdf(max(0.0, self.limit - way))) for way in self.travel])
        served[self.travel > self.limit] = 0
        together = mixture(self.weights, [shifted(self.work, float(way)) for way in self.travel])
        return {
            "work_mean": float(self.work.mean),
            "work_percentile": float(self.work.quantile(self.probability)),
            "percentile": float(together.quantile(self.probability)),
            "requests_within": float(np.dot(self.weights, served)),
            "users_within": float(np.dot(self.weights, self.within)),
            "reach": self.reach,
        }

    def table(self) -> Table:
        """One row per user."""
        return self._at(self.limit)

    def _at(self, limit: float) -> Table:
        nearest = self.distances.argmin(axis=1)
        percentile = f"P{100 * self.probability:g} [ms]"
        return Table(
            {
                "user": [_name(one) for one in self.users],
                "requests": [f"{share:.1%}" for share in self.weights],
                "region": [_name(self.regions[i]) for i in nearest],
                "distance [km]": np.round(self.distances.min(axis=1) / 1000),
                "way at least [ms]": np.round(1000 * self.travel, 2),
                percentile: np.round(1000 * self.percentiles, 2),
                "to spare [ms]": np.round(1000 * (limit - self.percentiles), 2),
                "within": ["yes" if good else "no" for good in self.percentiles <= limit],
            },
            self._words(limit),
        )

    def stages(self, **options: Any) -> Table:
        """What each stage of the work has in the mean and near the percentile; options as of `qsm.latency.shares`."""
        return shares(self.budget, self.probability, **options)

    def _words(self, limit: float) -> str:
        good = self.percentiles <= limit
        return (
            f"Within {1000 * limit:g} ms at P{100 * self.probability:g}: {int(good.sum())} of {len(self.users)} places, "
            f"{np.dot(self.weights, good):.1%} of the requests come from them"
        )

    def to_dict(self) -> dict[str, Any]:
        """Inputs and results as plain numbers, for JSON; what is not finite as None."""
        nearest = self.distances.argmin(axis=1)
        users = [
            {
                "user": _name(one),
                "share": float(self.weights[i]),
                "region": _name(self.regions[nearest[i]]),
                "distance": float(self.distances[i, nearest[i]]),
                "travel": float(self.travel[i]),
                "percentile": float(self.percentiles[i]),
                "within": bool(self.within[i]),
            }
            for i, one in enumerate(self.users)
        ]
        inputs = ("limit", "probability", "round_trips", "route_factor")
        return {
            **{name: getattr(self, name) for name in inputs},
            "regions": [_name(one) for one in self.regions],
            **{name: value if np.isfinite(value) else None for name, value in self.computed.items()},
            "users": users,
        }

    def figure(self) -> Figure:
        """The latency map: isochrones of the way, how far the budget reaches, and which users are beyond it."""
        return self._scene().figure

    def controls(self) -> Any:
        """A slider over the limit, and inputs for the rest; needs `qsm[notebook]`."""
        from qsm.plots import Number, Text, controls

        def build(users: str, regions: str, percentile: float, round_trips: float, route_factor: float) -> Scene:
            return latency(
                _users(users.split(",")),
                [_where(text) for text in regions.split(",") if text.strip()],
                self.budget,
                limit=self.limit,
                probability=percentile / 100,
                round_trips=round_trips,
                route_factor=route_factor,
            )._scene()

        known = list(places()["name"])
        even = len(set(self.weights)) == 1
        pairs = zip(self.users, self.weights, strict=True)
        shown = [_name(one) if even else f"{_name(one)}={share:.4g}" for one, share in pairs]
        return controls(
            build,
            (
                Text("users", "users", ", ".join(shown), known),
                Text("regions", "regions", ", ".join(map(_name, self.regions)), known),
                Number("percentile", "percentile", 1, 99.999, 0.001, 100 * self.probability),
                Number("round_trips", "round trips", 0.5, 20, 0.5, self.round_trips),
                Number("route_factor", "route factor", 1, 5, 0.05, self.route_factor),
            ),
        )

    def _limits(self) -> NDArray[np.float64]:
        """Limits that the slider offers: round numbers from the work to the other end of the Earth, and this one."""
        most = max(self.limit, float(self.work.quantile(self.probability)) + float(self._travel(2.0e7)))
        step = _round(most / 80)
        return np.unique(np.round([*np.arange(1, np.ceil(most / step) + 1) * step, self.limit], 9))

    def _scene(self) -> Scene:
        from qsm.plots import Figure, Frame, Scene
        from qsm.plots._figure import COLOURS, styled
        from qsm.plots._map import isolines, joined, world

        ways = np.min([self._travel(_distances(region)) for region in self.regions], axis=0)
        work = float(self.work.quantile(self.probability))
        levels = [float(k * _round(float(ways.max()) / 10)) for k in range(1, 11)]
        marks = [
            np.array([(-2, -2), (2, 2), (np.nan, np.nan), (-2, 2), (2, -2)]) + self._point(i)
            for i in range(len(self.users))
        ]

        def moving(limit: float) -> dict[str, tuple[Any, Any]]:
            beyond = [mark for mark, late in zip(marks, self.percentiles > limit, strict=True) if late]
            return {"reach": isolines(ways, limit - work), "beyond": joined(beyond)}

        def words(limit: float) -> str:
            late = [_name(one) for one, value in zip(self.users, self.percentiles, strict=True) if value > limit]
            far = max(0.0, (limit - work) / float(self._travel(1e6)) if self.round_trips else np.inf)
            return (
                f"World map of the latency to {', '.join(map(_name, self.regions))}. {self._words(limit)}. "
                f"Beyond, marked with a cross: {', '.join(late) or 'none'}. The work in the region takes {1000 * work:.4g} ms at "
                f"that percentile, which leaves a way of {min(far, 20.0) * 1000:,.0f} km at most. Thin lines join places of equal time on the "
                f"way."
            )

        with styled():
            drawn, axes = world()
            for level in levels:
                axes.plot(*isolines(ways, level), color=COLOURS[0], linewidth=0.9, alpha=0.75, zorder=2)
            self._label(axes, ways, levels)
            (reach,) = axes.plot(
                *moving(self.limit)["reach"],
                color=COLOURS[1],
                linewidth=2.4,
                gid="reach",
                zorder=3,
                label="reach of the budget",
            )
            east, north = np.array([self._point(i) for i in range(len(self.users))]).T
            axes.plot(
                east, north, "o", color=COLOURS[0], markersize=7, markeredgecolor="white", zorder=4, label="users"
            )
            there = np.array([(one.longitude, one.latitude) for one in self.regions])
            axes.plot(*there.T, "^", color="black", markersize=8, markeredgecolor="white", zorder=5, label="regions")
            (beyond,) = axes.plot(
                *moving(self.limit)["beyond"],
                color="black",
                linewidth=2.0,
                gid="beyond",
                zorder=6,
            )
            for i, one in enumerate(self.users[:16]):
                box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.4}
                axes.annotate(
                    _name(one), self._point(i), (7, 3), textcoords="offset points", fontsize=8.5, bbox=box, zorder=7
                )
            axes.set_title(
                f"Least time on the way to the nearest region [ms]; {1000 * work:.4g} ms of work come on top"
            )
            axes.plot([], [], "x", color="black", markersize=8, markeredgewidth=2, label="user beyond it")
            axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=4, fontsize=9)

        def frame(limit: float) -> Frame:
            text = f"{1000 * limit:g} ms: {int((self.percentiles <= limit).sum())} of {len(self.users)} places within"
            return Frame(moving(limit), text, words(limit), self._at(limit))

        limits = self._limits()
        title = "Latency map"
        return Scene(
            Figure(title, words(self.limit), self.table(), drawn),
            {"reach": reach, "beyond": beyond},
            "limit ",
            [frame(float(limit)) for limit in limits],
            int(np.abs(limits - self.limit).argmin()),
        )

    def _point(self, user: int) -> tuple[float, float]:
        """Where a user stands on the map."""
        return ((self.users[user].longitude + 180) % 360 - 180, self.users[user].latitude)

    def _label(self, axes: Any, ways: NDArray[np.float64], levels: Sequence[float]) -> None:
        """Writes its time on each isochrone, where it runs farthest south."""
        from qsm.plots._map import isolines

        for level in levels:
            east, north = isolines(ways, level)
            good = np.flatnonzero(np.isfinite(east) & (np.abs(east) < 170) & (np.abs(north - 15) < 60))
            if not len(good):
                continue
            at = good[np.argmin(north[good])]
            box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5}
            axes.annotate(
                f"{1000 * level:g}",
                (east[at], north[at]),
                ha="center",
                va="center",
                fontsize=8,
                color="#004A75",
                bbox=box,
            )

    def __str__(self) -> str:
        return f"latency: {self._words(self.limit)}"


def _round(step: float) -> float:
    """The next larger of 1, 2, 2.5, 5 times a power of ten."""
    power = 10 ** np.floor(np.log10(step)) if step > 0 else 1.0
    return float(next(factor * power for factor in (1, 2, 2.5, 5, 10, 20) if factor * power >= step))


def _where(text: str) -> Where:
    """A name, or degrees with a space or comma between them."""
    parts = re.split(r"[,\s]+", text.strip())
    try:
        return [float(part) for part in parts] if len(parts) == 2 else text.strip()
    except ValueError:
        return text.strip()


def _users(texts: Sequence[str]) -> dict[Any, float]:
    """Places with their weights from texts such as "Tokyo" and "Tokyo=2"."""
    found: dict[Any, float] = {}
    for text in texts:
        if not text.strip():
            continue
        name, equals, share = text.rpartition("=")
        try:
            weight = float(share) if equals else 1.0
        except ValueError:
            raise ValueError(f"latency: the weight of {name.strip()!r} must be a number, got {share!r}") from None
        found[place(_where(name if equals else text))] = weight
    return found


def latency(
    users: Where | Sequence[Where] | Mapping[Any, float],
    regions: Where | Sequence[Where],
    stages: Budget | Mapping[str, Any] | DistributionLike | str | None = None,
    *,
    limit: float = 0.2,
    probability: float = 0.99,
    round_trips: float = 1.0,
    route_factor: float = 1.0,
) -> Latency:
    """Which users a latency budget can reach: light to the nearest region and back, and what the request does there.

    The way is a floor: light in fibre along the shortest way, times the route factor. Nothing that a network adds in queues,
    in the last mile or by retransmission is in it, unless it is a stage.

    Parameters
    ----------
    users
        Places by name (see `qsm.latency.places`) or degrees, or a mapping from these to weights: how many requests come
        from there.
    regions
        Where the servers are; each user is served by the nearest.
    stages
        What a request does there: a budget, what `qsm.latency.budget` takes, or one law; laws may be texts such as
        "lognormal(-4, 0.5)". Nothing where not given.
    limit
        Longest latency [s], finite and > 0.
    probability
        p of the percentile that is to be within the limit [1], in (0, 1).
    round_trips
        Times that the request goes there and back [1], finite and >= 0: 1 on an open connection, 3 with a new one and
        TLS 1.3, 0.5 one way.
    route_factor
        Length of the cable over the shortest way [1], finite and >= 1.

    Raises
    ------
    ValueError
        An unknown place, with names near it; a part of the budget that contains itself; an argument out of its range.

    Source
    ------
    Quantile of a constant and a random time: the sum of the constant and the quantile. J. Dean and L. A. Barroso 2013,
    The tail at scale, for fan-out.
    """
    given = users.items() if isinstance(users, Mapping) else ((where, 1.0) for where in _listed(users))
    weights = {place(where): number("latency", f"weight of {where!r}", weight, above=True) for where, weight in given}
    servers = _listed(regions)
    for what, count in (("users", len(weights)), ("regions", len(servers))):
        if not 1 <= count <= 10_000:
            raise ValueError(f"latency: {what} must be 1 to 10,000 places, got {count}")
    if not 0 < number("latency", "probability", probability) < 1:
        raise ValueError(f"latency: probability must be in (0, 1), got {probability!r}")
    total = sum(weights.values())
    return Latency(
        tuple(weights),
        tuple(weight / total for weight in weights.values()),
        tuple(dict.fromkeys(map(place, servers))),
        _budget(stages),
        number("latency", "limit", limit, above=True),
        float(probability),
        number("latency", "round_trips", round_trips),
        number("latency", "route_factor", route_factor, 1.0),
    )


def _listed(where: Any) -> list[Any]:
    """Places as a list, also where there is but one."""
    alone = isinstance(where, (str, Place)) or (len(where) == 2 and all(isinstance(x, (int, float)) for x in where))
    return [where] if alone else list(where)


def _budget(stages: Any) -> Budget:
    """A budget from whatever describes one."""
    if stages is None:
        return stage("nothing", deterministic(0))
    if isinstance(stages, Budget):
        return stages
    if isinstance(stages, Mapping):
        return budget({name: _law(entry, stages) for name, entry in stages.items()})
    return stage("work", distribution_from_text(stages) if isinstance(stages, str) else stages)


def _read(path: Path) -> dict[str, Any]:
    """A budget from a JSON file."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"latency: {path} is not JSON: {error}") from None
    if not isinstance(found, dict) or not found:
        raise ValueError(f"latency: {path} must hold an object with the parts of a budget by name")
    return found


def cli(arguments: Sequence[str]) -> int:
    """`qsm tool latency`: prints the table, or JSON; writes the map on request."""
    parser = argparse.ArgumentParser(prog="qsm tool latency", description="Which users a latency budget can reach.")
    add = parser.add_argument
    add("--user", action="append", required=True, metavar="PLACE[=WEIGHT]", help="city, region or 'LAT LON'; repeat")
    add("--region", action="append", required=True, metavar="PLACE", help="where servers are; repeat")
    add("--stages", type=Path, metavar="FILE", help="JSON: name to law such as 'gamma(2, 0.01)', or [shape, parts ...]")
    add("--limit", type=float, default=0.2, metavar="S", help="longest latency [s] (default 0.2)")
    add("--probability", type=float, default=0.99, metavar="P", help="percentile within the limit (default 0.99)")
    add("--round-trips", type=float, default=1, metavar="N", help="there and back (default 1)")
    add("--route-factor", type=float, default=1, metavar="X", help="cable over shortest way (default 1)")
    outputs(parser)
    options = parser.parse_args(arguments)
    return answer(
        options,
        parser.prog,
        lambda: latency(
            _users(options.user),
            [_where(text) for text in options.region],
            _read(options.stages) if options.stages else None,
            limit=options.limit,
            probability=options.probability,
            round_trips=options.round_trips,
            route_factor=options.route_factor,
        ),
    )
