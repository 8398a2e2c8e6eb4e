"""Which server takes which request: policies to embed, their theory, and farms of servers simulated behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qsm._core import balancing as _balancing
from qsm._core.balancing import (
    ConsistentHashing,
    FarmSimulation,
    GeographicPlan,
    HealthCheck,
    JoinIdleQueue,
    LeastConnections,
    LeastWork,
    OutlierEjection,
    PeakEwma,
    PolicyComparison,
    PowerOfChoices,
    Prequal,
    RandomServer,
    RoundRobin,
    SizeInterval,
    SizeIntervals,
    SmoothRoundRobin,
    WeightedLeastConnections,
    deterministic_subset,
    geographic_plan,
    least_sojourn,
    load_fraction,
    max_load_cdf,
    max_load_growth,
    mean_field_sojourn,
    mean_field_tail,
    mean_max_load,
    random_subset,
    refined_mean_field_sojourn,
    replay,
    simulate,
    size_interval_cutoffs,
    size_intervals,
    slow_start_share,
)
from qsm._law import DistributionLike
from qsm._table import Table
from qsm.latency import Place, propagation_delay
from qsm.measure import Trace

PlaceLike = str | Place | tuple[float, float]

__all__ = [
    "POLICIES",
    "ConsistentHashing",
    "FarmSimulation",
    "GeographicPlan",
    "HealthCheck",
    "JoinIdleQueue",
    "LeastConnections",
    "LeastWork",
    "OutlierEjection",
    "PeakEwma",
    "PolicyComparison",
    "PowerOfChoices",
    "Prequal",
    "RandomServer",
    "RoundRobin",
    "SizeInterval",
    "SizeIntervals",
    "SmoothRoundRobin",
    "WeightedLeastConnections",
    "compare",
    "deterministic_subset",
    "geographic_plan",
    "least_sojourn",
    "load_fraction",
    "max_load_cdf",
    "max_load_growth",
    "mean_field_sojourn",
    "mean_field_tail",
    "mean_max_load",
    "plan_regions",
    "random_subset",
    "refined_mean_field_sojourn",
    "replay",
    "simulate",
    "size_interval_cutoffs",
    "size_intervals",
    "slow_start_share",
]

POLICIES = (
    "random",
    "round_robin",
    "power_of_choices",
    "peak_ewma",
    "prequal",
    "join_idle_queue",
    "least_connections",
    "least_work",
)
"""Names of policies for servers that are alike; `smooth_round_robin` and `weighted_least_connections` are for others."""


def plan_regions(
    users: Mapping[PlaceLike, float],
    sites: Mapping[PlaceLike, float],
    *,
    prices: Sequence[float] = (),
    latency_price: float = 1.0,
    latency_limit: float = 1e300,
    round_trips: float = 1.0,
    route_factor: float = 1.0,
) -> GeographicPlan:
    """The cheapest plan of which users go to which site, with the latency floors of light in fibre between the places.

    Parameters
    ----------
    users
        Rate [1/s] that comes from each place: a name that `qsm.latency.places()` lists, or degrees.
    sites
        Rate [1/s] that each place can take.
    prices
        Price of each site for a request [dollars], in the order of `sites`; empty: free.
    latency_price
        What a second of latency of one request is worth [dollars/s], finite and >= 0.
    latency_limit
        Longest latency that is allowed [s], >= 0.
    round_trips
        Round trips that a request takes [1], finite and >= 0.
    route_factor
        Length of the route over that of the shortest way [1], >= 1.

    Returns
    -------
    The plan, users by sites in the order given, as `geographic_plan` makes it.
    """
    latencies = [
        [round_trips * propagation_delay(user, site, round_trip=True, route_factor=route_factor) for site in sites]
        for user in users
    ]
    return _balancing.geographic_plan(
        list(users.values()),
        list(sites.values()),
        latencies,
        prices=prices,
        latency_price=latency_price,
        latency_limit=latency_limit,
    )


def compare(
    interarrival: DistributionLike | None = None,
    service: DistributionLike | None = None,
    servers: float = 10,
    policies: Sequence[str] = POLICIES,
    *,
    trace: Trace | None = None,
    **options: Any,
) -> Table:
    """Several policies before one farm in one table: theory, simulation, and the trace replayed.

    Parameters
    ----------
    interarrival, service
        Laws of the times between requests and of their sizes [s]; not given with a trace.
    servers
        n [1], an integer >= 1.
    policies
        Names of policies; all see the same requests.
    trace
        A trace: its own gaps and sizes drive the simulation, and it is replayed as it is.
    options
        What `simulate` takes: speeds, dispatchers, report_every, time_to_failure, requests, replications, seed, ...

    Returns
    -------
    One row per policy: mean times [s] by theory, simulation and trace, the 99th percentile [s], most requests at a server.

    Raises
    ------
    ValueError
        Both laws and a trace, neither, or an unknown policy.
    """
    if any((law is None) == (trace is None) for law in (interarrival, service)):
        raise ValueError("compare: needs both laws, interarrival and service, or a trace")
    if trace is None:
        assert interarrival is not None
        assert service is not None
        rows = _balancing.compare_laws(interarrival, service, servers, policies, **options)
    else:
        rows = _balancing.compare_trace(trace.arrival_times, trace.service_times(), servers, policies, **options)
    columns: dict[str, list[object]] = {
        "policy": [row.policy for row in rows],
        "model": [row.model for row in rows],
        "simulation": [row.simulation for row in rows],
        "99 %": [row.quantile_99 for row in rows],
        "most at a server": [row.max_load for row in rows],
    }
    if trace is not None:
        columns["trace"] = [row.trace for row in rows]
    return Table(columns, f"{servers:g} servers")
