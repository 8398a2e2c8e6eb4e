"""Latency: floors, budgets, laws and their algebra, percentiles, and how measuring goes wrong."""

from __future__ import annotations

import csv
import difflib
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qsm import core as _core
from qsm._core import InvalidType
from qsm._core import latency as _latency
from qsm._core.latency import (
    Budget,
    CoordinatedOmission,
    DistributionBounds,
    LittlesLaw,
    StageShare,
    bounds,
    correct_coordinated_omission,
    deadline_miss_probability,
    edf_schedulable,
    expected_revenue_ratio,
    fan_out,
    fan_out_slow_probability,
    fibre_delay,
    from_buckets,
    from_percentiles,
    geodesic_distance,
    hedged,
    littles_law,
    liu_layland_bound,
    merged_percentile,
    optional,
    parallel,
    periodic_miss_probability,
    quantile_bounds,
    race,
    response_times,
    retry,
    retry_attempts,
    revenue_ratio,
    revenue_sensitivity,
    serial,
    server_probability_for_fan_out,
    simulate_coordinated_omission,
    stage,
    stalled_latency,
    tied,
)
from qsm._table import Table
from qsm.core import Distribution, mixture
from qsm.sketches import HdrHistogram

if TYPE_CHECKING:
    from qsm._law import DistributionLike

__all__ = [
    "Budget",
    "CoordinatedOmission",
    "DistributionBounds",
    "HdrHistogram",
    "LittlesLaw",
    "Place",
    "StageShare",
    "bounds",
    "budget",
    "correct_coordinated_omission",
    "deadline_miss_probability",
    "edf_schedulable",
    "expected_revenue_ratio",
    "fan_out",
    "fan_out_slow_probability",
    "fibre_delay",
    "from_buckets",
    "from_hdr",
    "from_percentiles",
    "geodesic_distance",
    "hedged",
    "littles_law",
    "liu_layland_bound",
    "max_of",
    "merged_percentile",
    "min_of",
    "mixture",
    "optional",
    "parallel",
    "percentiles",
    "periodic_miss_probability",
    "place",
    "places",
    "propagation_delay",
    "quantile_bounds",
    "race",
    "read_k6",
    "read_latencies",
    "read_prometheus",
    "read_wrk2",
    "response_times",
    "retry",
    "retry_attempts",
    "revenue_claims",
    "revenue_ratio",
    "revenue_sensitivity",
    "serial",
    "server_probability_for_fan_out",
    "shares",
    "simulate_coordinated_omission",
    "stage",
    "stalled_latency",
    "sum_of",
    "tied",
]

# --- laws: one law so often, or several ------------------------------------------------------------------------------


def _parts(name: str, first: Any, others: tuple[Any, ...], count: float | None) -> tuple[Any, float | None]:
    """Either a list of laws, or one law and a count."""
    if isinstance(first, (list, tuple)):
        if others or count is not None:
            raise InvalidType(f"{name}: a list of laws takes no count and no more laws")
        return list(first), None
    if len(others) == 1 and isinstance(others[0], (int, float, np.integer, np.floating)):
        if count is not None:
            raise InvalidType(f"{name}: count is given twice")
        return first, float(others[0])
    if others and count is not None:
        raise InvalidType(f"{name}: several laws take no count")
    return ([first, *others], None) if count is None else (first, count)


def sum_of(
    distribution: DistributionLike | Sequence[DistributionLike],
    *others: DistributionLike | float,
    count: float | None = None,
    tolerance: float = 0.05,
    progress: Callable[[float], None] | None = None,
) -> Distribution:
    """Law of a sum of independent times: `sum_of(law, 3)`, `sum_of(a, b)` or `sum_of([a, b])`.

    Exact where there is a form: constants, normal laws, gamma laws of one scale, phase-type laws of 64 phases together.
    What remains is added on a grid; `bounds` then gives two laws between which the true one lies.

    Parameters
    ----------
    distribution, others
        Laws of X₁, X₂, ... [s], or one law and how many of it.
    count
        n [1], an integer in [1, 1e6], of one law.
    tolerance
        Relative width of the bounds [1], in [0.001, 0.5]; the law in their middle is far closer.
    progress
        Called with the fraction done of the additions on the grid.
    """
    laws, number = _parts("sum_of", distribution, others, count)
    if number is None:
        return _latency.sum_of_laws(laws, tolerance, progress=progress)
    return _latency.sum_of_count(laws, number, tolerance, progress=progress)


def _sum_of(laws: tuple[Distribution, ...], counts: tuple[float, ...], tolerance: float) -> Distribution:
    """What a pickled sum calls."""
    parts = [_latency.sum_of_count(law, count, tolerance) for law, count in zip(laws, counts, strict=True)]
    return _latency.sum_of_laws(parts, tolerance)


def max_of(
    distribution: DistributionLike | Sequence[DistributionLike],
    *others: DistributionLike | float,
    count: float | None = None,
) -> Distribution:
    """Law of the slowest of independent times: `max_of(law, 100)`, `max_of(a, b)` or `max_of([a, b])`.

    P(max <= x) is the product of the cdfs; both tails keep their digits.

    Parameters
    ----------
    distribution, others
        Laws of X₁, X₂, ... [s], or one law and how many of it.
    count
        n [1], an integer >= 1, of one law.
    """
    laws, number = _parts("max_of", distribution, others, count)
    return _latency.max_of_laws(laws) if number is None else _latency.max_of_count(laws, number)


def min_of(
    distribution: DistributionLike | Sequence[DistributionLike],
    *others: DistributionLike | float,
    count: float | None = None,
) -> Distribution:
    """Law of the fastest of independent times: `min_of(law, 2)`, `min_of(a, b)` or `min_of([a, b])`.

    P(min > x) is the product of the survivals; both tails keep their digits.

    Parameters
    ----------
    distribution, others
        Laws of X₁, X₂, ... [s], or one law and how many of it.
    count
        n [1], an integer >= 1, of one law.
    """
    laws, number = _parts("min_of", distribution, others, count)
    return _latency.min_of_laws(laws) if number is None else _latency.min_of_count(laws, number)


_core._LAWS.update(
    (f.__name__, f)
    for f in (sum_of, max_of, min_of, hedged, tied, retry, from_buckets, from_percentiles, stalled_latency)
)

# --- budgets ---------------------------------------------------------------------------------------------------------

_SHAPES = {"serial": serial, "parallel": parallel, "race": race}


def budget(spec: Mapping[str, Any], root: str | None = None) -> Budget:
    """A budget from named parts, as a configuration file would hold it.

    Parameters
    ----------
    spec
        For each name a law, or a list: `["serial", part, ...]`, `["parallel", part, ...]`, `["race", part, ...]`,
        `["fan_out", part, count]`, `["optional", part, probability]`, where a part is a name, a law or such a list.
    root
        The name of the whole; where not given, the one that is part of no other.

    Raises
    ------
    ValueError
        A part that contains itself, named with its circle; an unknown name or shape, with the known ones.
    """
    given: object = spec
    if not isinstance(given, Mapping) or not given:
        raise InvalidType(f"budget: spec must be a mapping with one part at least, got {spec!r}")
    if root is None:
        used = {name for entry in spec.values() for name in _names(entry)}
        free = [name for name in spec if name not in used]
        if len(free) != 1:
            what = "every part belongs to another, so that they form a circle" if not free else f"got {free}"
            raise ValueError(
                f"budget: root must be given where it is not the one part that belongs to no other; {what}"
            )
        root = free[0]

    def build(entry: Any, name: str, above: tuple[str, ...]) -> Budget:
        if isinstance(entry, Budget):
            return entry
        if isinstance(entry, str):
            if entry not in spec:
                raise ValueError(f"budget: {name} needs {entry!r}, known are {', '.join(map(repr, spec))}")
            if entry in above:
                circle = " -> ".join((*above[above.index(entry) :], entry))
                raise ValueError(f"budget: a part must not contain itself: {circle}")
            return build(spec[entry], entry, (*above, entry))
        if not isinstance(entry, (list, tuple)):
            return stage(name, entry)
        if len(above) > 200:
            raise ValueError("budget: parts are nested more than 200 deep")
        shape, *parts = [*entry] or [""]
        if shape in _SHAPES:
            return _SHAPES[shape]([build(part, f"{name}.{i}", above) for i, part in enumerate(parts)])
        if shape in ("fan_out", "optional") and len(parts) == 2:
            return (fan_out if shape == "fan_out" else optional)(build(parts[0], f"{name}.0", above), parts[1])
        known = "serial, parallel, race, fan_out (part, count), optional (part, probability)"
        raise ValueError(f"budget: {name} must be a law or one of {known}, got {entry!r}")

    return build(root, "root", ())


def _names(entry: Any, depth: int = 0) -> Iterator[str]:
    if depth > 200:
        raise ValueError("budget: parts are nested more than 200 deep, or a list contains itself")
    if isinstance(entry, (list, tuple)):
        for part in entry[1:]:
            if isinstance(part, str):
                yield part
            yield from _names(part, depth + 1)


def shares(
    whole: Budget,
    probability: float = 0.99,
    *,
    requests: float = 200_000,
    seed: int = 1,
    confidence: float = 0.95,
    progress: Callable[[float], None] | None = None,
) -> Table:
    """What each stage has in the mean and near a percentile of the whole, by simulation.

    Shares of the tail are means over the requests near the percentile, so that they add up to it. A stage that does not
    decide the latency (the faster of two parallel ones) has nothing in that request.

    Parameters
    ----------
    whole
        The budget.
    probability
        p of the percentile [1], in (0, 1).
    requests
        Simulated requests [1], enough for 100 near the percentile.
    seed, confidence
        Of the simulation and its intervals.
    progress
        Called with the fraction done.

    Returns
    -------
    Table with columns stage, mean [s], tail [s] and share, the part of the percentile [1].
    """
    rows = whole.shares(probability, requests, seed, confidence, progress=progress)
    total = sum(float(row.tail) for row in rows)
    return Table(
        {
            "stage": [row.stage for row in rows],
            "mean": [row.mean for row in rows],
            "tail": [row.tail for row in rows],
            "share": [float(row.tail) / total if total else math.nan for row in rows],
        },
        f"{100 * probability:g}th percentile: {total:.4g} s",
    )


# --- percentiles -----------------------------------------------------------------------------------------------------


def percentiles(
    samples: ArrayLike,
    probabilities: ArrayLike = (0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999),
    *,
    confidence: float = 0.95,
) -> Table:
    """Percentiles of measured times, P50 to P99.999, each with an interval that holds for every continuous law.

    Parameters
    ----------
    samples
        Independent times [s], in any order.
    probabilities
        p of each percentile [1], in [0, 1].
    confidence
        Of each interval [1], in (0, 1); reached or exceeded. An end is infinite where the sample is too small.

    Returns
    -------
    Table with columns percentile and latency, an `Estimate` [s].
    """
    wanted = np.atleast_1d(np.asarray(probabilities, dtype=float))
    found = _latency.percentiles(samples, wanted, confidence)
    return Table({"percentile": [f"P{100 * p:.6g}" for p in wanted], "latency": found}, f"{np.size(samples):,} values")


# --- places ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A place on the Earth: degrees, north and east positive."""

    latitude: float
    longitude: float
    name: str = ""
    kind: str = ""


@cache
def _places() -> dict[str, Place]:
    found: dict[str, Place] = {}
    path = Path(__file__).parent / "datasets" / "places.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            entry = Place(float(row["latitude"]), float(row["longitude"]), row["name"], row["kind"])
            for key in (row["name"], *filter(None, row["aliases"].split(";"))):
                found[key.casefold()] = entry
    return found


def places(kind: str | None = None) -> Table:
    """Cities and cloud regions that `propagation_delay` knows by name.

    A cloud region stands where its provider says, to the city: distances to it are good to some tens of kilometres.

    Parameters
    ----------
    kind
        `city`, `aws`, `azure` or `gcp`; all where not given.
    """
    rows = list(dict.fromkeys(_places().values()))
    kinds = {row.kind for row in rows}
    if kind is not None and kind not in kinds:
        raise ValueError(f"places: kind must be one of {', '.join(sorted(kinds))}, got {kind!r}")
    rows = [row for row in rows if kind in (None, row.kind)]
    names = ("name", "kind", "latitude", "longitude")
    return Table({name: [getattr(row, name) for row in rows] for name in names}, "places")


def place(where: str | Place | Sequence[float]) -> Place:
    """A place by its name (`"Tokyo"`, `"aws:eu-west-1"`), or from (latitude, longitude) in degrees."""
    if isinstance(where, Place):
        return where
    if isinstance(where, str):
        found = _places().get(where.casefold())
        if found is None:
            known = _places()
            keys = difflib.get_close_matches(where.casefold(), known, 8, 0.6) or [
                key for key in known if where and key.startswith(where.casefold()[:3])
            ]
            near = list(dict.fromkeys(known[key].name for key in keys))
            hint = f"; near it: {', '.join(near[:8])}" if near else ""
            raise ValueError(f"place: {where!r} is not known; see qsm.latency.places(){hint}")
        return found
    try:
        latitude, longitude = (float(value) for value in where)
    except (TypeError, ValueError):
        raise InvalidType(f"place: a name or (latitude, longitude) is needed, got {where!r}") from None
    if not (-90 <= latitude <= 90 and -540 <= longitude <= 540):
        raise ValueError(
            f"place: latitude must be in [-90, 90] and longitude in [-540, 540] degrees, got {latitude:g} and {longitude:g}"
        )
    return Place(latitude, longitude)


def propagation_delay(
    a: str | Place | Sequence[float],
    b: str | Place | Sequence[float],
    round_trip: bool = False,
    *,
    route_factor: float = 1.0,
    refractive_index: float = 1.4682,
) -> float:
    """Least time that a signal takes between two places [s]: light in fibre along the shortest way.

    A floor. Real routes are longer; the route factor says by how much.

    Parameters
    ----------
    a, b
        Names of cities or cloud regions, see `places`, or (latitude, longitude) in degrees.
    round_trip
        There and back.
    route_factor
        Length of the cable over the shortest way [1], finite and >= 1.
    refractive_index
        Group index of the medium [1], finite and >= 1: 1.4682 in single-mode fibre, 1 in vacuum.
    """
    if not isinstance(round_trip, (bool, np.bool_)):
        raise InvalidType(f"propagation_delay: round_trip must be True or False, got {round_trip!r}")
    one, two = place(a), place(b)
    distance = geodesic_distance(one.latitude, one.longitude, two.latitude, two.longitude)
    return (2 if round_trip else 1) * fibre_delay(distance, refractive_index, route_factor)


# --- readers ---------------------------------------------------------------------------------------------------------


def from_hdr(histogram: HdrHistogram, unit: float = 1e-6) -> Distribution:
    """Law of what an HdrHistogram has counted: even inside each bucket, with bounds by `bounds`.

    Parameters
    ----------
    histogram
        Integers in units, rounded down.
    unit
        Seconds per unit [s], finite and > 0: 1e-6 for microseconds.
    """
    if not (math.isfinite(unit) and unit > 0):
        raise ValueError(f"from_hdr: unit must be finite and > 0, got {unit}")
    held = histogram.buckets()
    if not held:
        raise ValueError("from_hdr: histogram must hold one value at least")
    table = np.array([(b.low * unit, (b.high + 1) * unit, b.number) for b in held])
    table[:-1, 1] = np.minimum(table[:-1, 1], table[1:, 0])  # neighbours meet, rounding errors apart
    return from_buckets(table[:, 0], table[:, 1], table[:, 2])


def _lines(reader: str, path: str | Path) -> Iterator[str]:
    """The lines of a text file, with or without a byte-order mark."""
    with Path(path).open(encoding="utf-8-sig") as file:
        try:
            for line in file:
                yield line.rstrip("\n")
        except UnicodeDecodeError as error:
            raise ValueError(f"{reader}: {path} is no text: {error.reason}") from None


def read_latencies(path: str | Path, column: str | int | None = None, *, unit: float = 1.0) -> NDArray[np.float64]:
    """Latencies from a CSV file [s].

    Parameters
    ----------
    path
        The file. A first line without numbers names the columns; separators are comma, semicolon or tab.
    column
        Name or position of the column; may be left out where there is one column only, or one named `latency`,
        `duration`, `elapsed`, `response_time` or `time`.
    unit
        Seconds per unit of the file [s], finite and > 0: 0.001 for milliseconds.

    Raises
    ------
    ValueError
        Names file and line of a cell that is no number >= 0.
    """
    if not (math.isfinite(unit) and unit > 0):
        raise ValueError(f"read_latencies: unit must be finite and > 0, got {unit}")
    lines = enumerate(_lines("read_latencies", path), 1)
    numbered = [(n, line) for n, line in lines if line.strip() and not line.startswith("#")]
    if not numbered:
        raise ValueError(f"read_latencies: {path} has no lines")
    separator = max(",;\t", key=numbered[0][1].count)
    rows = [(n, row) for n, line in numbered for row in csv.reader([line], delimiter=separator)]
    header: list[str] = []
    if not any(map(_is_number, rows[0][1])):
        header = [cell.strip() for cell in rows[0][1]]
        rows = rows[1:]
    at = _column(str(path), column, header, len(rows[0][1]) if rows else 0)
    values = []
    for number, row in rows:
        cell = row[at] if at < len(row) else ""
        if not _is_number(cell) or not 0 <= float(cell) < math.inf:
            raise ValueError(f"read_latencies: {path}:{number}: expected a number >= 0, got {cell!r}")
        values.append(float(cell))
    if not values:
        raise ValueError(f"read_latencies: {path} has no values")
    return np.array(values) * unit


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _column(path: str, column: str | int | None, header: list[str], width: int) -> int:
    if isinstance(column, str):
        if column not in header:
            raise ValueError(f"read_latencies: {path} has no column {column!r}, it has {header}")
        return header.index(column)
    if column is not None:
        if not 0 <= column < max(width, len(header)):
            raise ValueError(f"read_latencies: column must be in [0, {max(width, len(header))}), got {column}")
        return column
    if max(width, len(header)) == 1:
        return 0
    usual = [name for name in header if name.casefold() in ("latency", "duration", "elapsed", "response_time", "time")]
    if len(usual) != 1:
        raise ValueError(f"read_latencies: column must be given, {path} has {header or f'{width} columns'}")
    return header.index(usual[0])


_SPECTRUM = re.compile(r"^\s*([0-9.]+)\s+([01]\.[0-9]+)\s+([0-9]+)(?:\s+(?:[0-9.]+|inf))?\s*$")


def read_wrk2(path: str | Path, *, unit: float = 0.001) -> Distribution:
    """Law from the detailed percentile spectrum that wrk2 (`--latency`) and HdrHistogram print.

    Between two lines of the spectrum nothing is known but the order: see `bounds`.

    Parameters
    ----------
    path
        The printed text.
    unit
        Seconds per unit of the column Value [s], finite and > 0; wrk2 prints milliseconds.
    """
    if not (math.isfinite(unit) and unit > 0):
        raise ValueError(f"read_wrk2: unit must be finite and > 0, got {unit}")
    points: dict[int, float] = {}
    for line in _lines("read_wrk2", path):
        if found := _SPECTRUM.match(line):
            points.setdefault(int(found[3]), float(found[1]) * unit)
            points[int(found[3])] = max(points[int(found[3])], float(found[1]) * unit)
    points.pop(0, None)
    if not points:
        raise ValueError(f"read_wrk2: {path} has no line of a percentile spectrum: Value Percentile TotalCount ...")
    counts = sorted(points)
    values = np.maximum.accumulate([points[count] for count in counts])
    return from_buckets([0, *values[:-1]], values, np.diff([0, *counts]))


def read_k6(path: str | Path, metric: str = "http_req_duration") -> NDArray[np.float64]:
    """Samples of a trend metric from k6's JSON output (`--out json=...`) [s].

    Parameters
    ----------
    path
        One JSON object per line.
    metric
        Which; k6 gives milliseconds.

    Raises
    ------
    ValueError
        Names file and line of what is no JSON or no number; a metric that does not occur, with those that do.
    """
    values: list[float] = []
    seen: set[str] = set()
    for number, line in enumerate(_lines("read_k6", path), 1):
        if not line.strip():
            continue
        try:
            point = json.loads(line)
            if not isinstance(point, dict):
                raise TypeError
            if point.get("type") != "Point":
                continue
            seen.add(str(point["metric"]))
            if point["metric"] == metric:
                value = point["data"]["value"]
                if isinstance(value, bool) or not 0 <= value < math.inf:
                    raise TypeError
                values.append(value / 1000)
        except (json.JSONDecodeError, KeyError, TypeError, OverflowError, RecursionError):
            raise ValueError(f"read_k6: {path}:{number}: expected a point of k6's JSON output") from None
    if not values:
        raise ValueError(f"read_k6: {path} has no points of {metric!r}, it has {sorted(seen)}")
    return np.array(values)


_BUCKET = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)_bucket\{([^}]*)\}\s+([0-9.eE+-]+|\+?Inf|NaN)(?:\s+-?\d+)?\s*$")
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"')


def read_prometheus(
    path: str | Path, metric: str | None = None, labels: Mapping[str, str] | None = None, *, maximum: float = math.inf
) -> Distribution:
    """Law from the cumulative buckets of a Prometheus histogram in the text format.

    The series whose labels agree are added, as `sum by (le)` does. Quantiles are those of `histogram_quantile`; what is
    sure about them is said by `bounds` and `quantile_bounds`: half a bucket is not nothing.

    Parameters
    ----------
    path
        The text that a target exposes.
    metric
        Name without `_bucket`; may be left out where there is one.
    labels
        Labels that a series must have.
    maximum
        Largest latency possible [s], for the last bucket; unknown where not given.
    """
    series: dict[tuple[str, ...], dict[float, float]] = {}
    names: set[str] = set()
    for number, line in enumerate(_lines("read_prometheus", path), 1):
        found = _BUCKET.match(line)
        if line.startswith("#") or not found:
            continue
        names.add(found[1])
        values = dict(_LABEL.findall(found[2]))
        if found[1] != (metric or found[1]) or any(values.get(k) != v for k, v in (labels or {}).items()):
            continue
        edge, count = values.pop("le", ""), float(found[3])
        if not _is_number(edge) or not math.isfinite(count) or count < 0:
            raise ValueError(f"read_prometheus: {path}:{number}: expected a bucket with le and a count >= 0")
        key = (found[1], *(f"{k}={v}" for k, v in sorted(values.items())))
        series.setdefault(key, {})[float(edge)] = count
    if metric is None and len(names) > 1:
        raise ValueError(f"read_prometheus: metric must be given, {path} has {sorted(names)}")
    if not series:
        raise ValueError(f"read_prometheus: {path} has no buckets of {metric or 'any metric'}, it has {sorted(names)}")
    edges = sorted({edge for one in series.values() for edge in one})
    if any(sorted(one) != edges for one in series.values()):
        raise ValueError(f"read_prometheus: {path}: series with unlike buckets cannot be added; choose by labels")
    counts = np.array([[one[edge] for edge in edges] for one in series.values()])
    if (np.diff(counts) < 0).any():
        raise ValueError(f"read_prometheus: {path}: counts of buckets must not fall")
    if edges[-1] < math.inf:
        raise ValueError(f'read_prometheus: {path}: the bucket le="+Inf" is missing')
    if len(edges) < 2:
        raise ValueError(f'read_prometheus: {path}: one bucket beside le="+Inf" is needed at least')
    low = [min(0.0, edges[0]), *edges[:-1]]
    return from_buckets(low, [*edges[:-1], max(maximum, edges[-2])], np.diff(counts.sum(axis=0), prepend=0))


# --- revenue ---------------------------------------------------------------------------------------------------------


def revenue_claims() -> Table:
    """What has been claimed about latency and revenue, with how it is known, as sensitivities of `revenue_ratio`.

    None of these is a law of nature: they belong to one company, year, page and range of latencies. A row with
    `experiment` was a controlled experiment that its makers reported; one with `anecdote` has no published data; a
    `correlation` proves no cause. Numbers repeated elsewhere without their source are left out.
    """
    rows = [
        ("Amazon", 2006, "sales", 0.01, 0.1, "anecdote", "G. Linden 2006, Make Data Useful, slide 15, Stanford CS345"),
        (
            "Google",
            2009,
            "searches per user",
            0.0059,
            0.4,
            "experiment",
            "J. Brutlag 2009, Speed Matters for Google Web Search; in the text 0.2 to 0.6 % for 100 to 400 ms",
        ),
        (
            "Bing",
            2009,
            "revenue per user",
            0.043,
            2.0,
            "experiment",
            "E. Schurman and J. Brutlag 2009, The User and Business Impact of Server Delays, Velocity conference; on a slide, not found again in text",
        ),
        (
            "Akamai",
            2017,
            "conversions on smartphones",
            0.071,
            0.1,
            "correlation",
            "Akamai 2017, State of Online Retail Performance; 2.4 % on desktops, 3.8 % on tablets",
        ),
    ]
    names = ("who", "year", "of what", "loss", "added latency", "evidence", "source")
    columns: dict[str, list[Any]] = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    columns["sensitivity"] = [revenue_sensitivity(loss, added) for _, _, _, loss, added, _, _ in rows]
    return Table(columns, "claims, not laws")
