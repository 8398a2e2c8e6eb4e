"""Queues: how long customers wait, and how many servers a promise takes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from qsm._core import InvalidType
from qsm._core import queueing as _queueing
from qsm._core.queueing import (
    MDC,
    MM1,
    MMC,
    MMCK,
    Engset,
    ErlangA,
    MMCFiniteSource,
    MMInfinity,
    Retrial,
    StationSimulation,
    arrival_rate_for_blocking,
    arrival_rate_for_wait,
    capacity_for_blocking,
    engset,
    erlang_a,
    erlang_b,
    erlang_b_continuous,
    erlang_c,
    load_for_blocking,
    load_for_waiting,
    mdc,
    mm1,
    mm_infinity,
    mmc,
    mmc_finite_source,
    mmck,
    replay,
    retrial,
    servers_for_blocking,
    servers_for_blocking_within,
    servers_for_service,
    servers_for_utilization,
    servers_for_wait,
    servers_for_wait_in_replay,
    servers_for_wait_in_simulation,
    servers_for_waiting,
    service_rate_for_blocking,
    service_rate_for_wait,
    simulate,
)
from qsm._table import Table
from qsm.core import Distribution

if TYPE_CHECKING:
    from qsm.measure import Trace

__all__ = [
    "MDC",
    "MM1",
    "MMC",
    "MMCK",
    "Engset",
    "ErlangA",
    "MMCFiniteSource",
    "MMInfinity",
    "Retrial",
    "StationSimulation",
    "arrival_rate_for_blocking",
    "arrival_rate_for_wait",
    "capacity_for_blocking",
    "compare",
    "engset",
    "erlang_a",
    "erlang_b",
    "erlang_b_continuous",
    "erlang_c",
    "load_for_blocking",
    "load_for_waiting",
    "mdc",
    "mm1",
    "mm_infinity",
    "mmc",
    "mmc_finite_source",
    "mmck",
    "replay",
    "retrial",
    "servers_for_blocking",
    "servers_for_blocking_within",
    "servers_for_service",
    "servers_for_utilization",
    "servers_for_wait",
    "servers_for_wait_in_replay",
    "servers_for_wait_in_simulation",
    "servers_for_waiting",
    "service_rate_for_blocking",
    "service_rate_for_wait",
    "simulate",
]


def compare(
    interarrival: Distribution | None = None,
    service: Distribution | None = None,
    servers: float = 1,
    *,
    trace: Trace | None = None,
    customers: float = 1e5,
    replications: float = 20,
    warmup: float = -1,
    seed: int = 1,
    threads: int = 0,
    confidence: float = 0.95,
    progress: Callable[[float], None] | None = None,
) -> Table:
    """One station three ways in one table: the model M/M/c, the simulation G/G/c, and the trace replayed.

    Model and simulation share rates and servers and differ by the shape of the laws. With a trace the simulation draws
    independently from the trace's own gaps and service times, so that it differs from the trace by order in time alone.

    Parameters
    ----------
    interarrival, service
        Laws of the times between arrivals and of service [s]; not given with a trace.
    servers
        c [1], an integer in [1, 2^24].
    trace
        Requests to replay.
    customers, replications, warmup, seed, threads, confidence, progress
        As for `simulate`.

    Returns
    -------
    Table with columns quantity, model, simulation (an `Estimate`), and with a trace also trace; `simulation / model - 1`
    and `trace / simulation - 1` say by how much they disagree.

    Raises
    ------
    ValueError
        Neither laws nor a trace, or both; an argument out of its range.
    """
    laws = {"interarrival": interarrival, "service": service}
    if any((law is None) == (trace is None) for law in laws.values()):
        raise ValueError("compare: needs both laws, interarrival and service, or a trace")
    for name, law in laws.items():
        if law is not None and not isinstance(law, Distribution):
            raise InvalidType(f"compare: {name} must be a Distribution, got {law!r}")
    options = (customers, replications, warmup, seed, threads, confidence, progress)
    if trace is None:
        rows = _queueing.compare(interarrival, service, servers, False, *options)
    else:
        rows = _queueing.compare(trace.arrival_times, trace.service_times(), servers, True, *options)

    def ratio(above: float, below: float) -> float | None:
        return above / below - 1 if below and math.isfinite(above) and math.isfinite(below) else None

    columns: dict[str, list[object]] = {
        "quantity": [row[0] for row in rows],
        "model": [row[1] for row in rows],
        "simulation": [row[2] for row in rows],
        "simulation / model - 1": [ratio(row[2], row[1]) for row in rows],
    }
    if trace is not None:
        columns["trace"] = [row[3] for row in rows]
        columns["trace / simulation - 1"] = [None if row[3] is None else ratio(row[3], row[2]) for row in rows]
    return Table(columns, f"{servers:g} servers")
