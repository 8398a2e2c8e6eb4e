"""Queues: how long customers wait, and how many servers a promise takes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from qsm._core import queueing as _queueing
from qsm._core.queueing import (
    GIM1,
    MDC,
    MG1,
    MM1,
    MMC,
    MMCK,
    Comparison,
    DynamicBatch,
    Engset,
    ErlangA,
    FixedBatch,
    MMCFiniteSource,
    MMInfinity,
    Retrial,
    ServersForWait,
    StationSimulation,
    arrival_rate_for_blocking,
    arrival_rate_for_wait,
    best_fixed_batch,
    capacity_for_blocking,
    dps_mean_sojourn,
    dynamic_batch,
    engset,
    erlang_a,
    erlang_b,
    erlang_b_continuous,
    erlang_c,
    fixed_batch,
    gg1_kingman,
    gg1_marchal,
    ggc_allen_cunneen,
    ggc_kraemer_langenbach_belz,
    ggc_whitt,
    gim1,
    load_for_blocking,
    load_for_waiting,
    mdc,
    mg1,
    mgc_cosmetatos,
    mgc_kimura,
    mm1,
    mm_infinity,
    mmc,
    mmc_finite_source,
    mmck,
    priority_mean_sojourn,
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

if TYPE_CHECKING:
    from qsm._law import DistributionLike
    from qsm.measure import Trace

__all__ = [
    "GIM1",
    "MDC",
    "MG1",
    "MM1",
    "MMC",
    "MMCK",
    "Comparison",
    "DynamicBatch",
    "Engset",
    "ErlangA",
    "FixedBatch",
    "MMCFiniteSource",
    "MMInfinity",
    "Retrial",
    "ServersForWait",
    "StationSimulation",
    "arrival_rate_for_blocking",
    "arrival_rate_for_wait",
    "best_fixed_batch",
    "capacity_for_blocking",
    "compare",
    "dps_mean_sojourn",
    "dynamic_batch",
    "engset",
    "erlang_a",
    "erlang_b",
    "erlang_b_continuous",
    "erlang_c",
    "fixed_batch",
    "gg1_kingman",
    "gg1_marchal",
    "ggc_allen_cunneen",
    "ggc_kraemer_langenbach_belz",
    "ggc_whitt",
    "gim1",
    "load_for_blocking",
    "load_for_waiting",
    "mdc",
    "mg1",
    "mgc_cosmetatos",
    "mgc_kimura",
    "mm1",
    "mm_infinity",
    "mmc",
    "mmc_finite_source",
    "mmck",
    "priority_mean_sojourn",
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
    interarrival: DistributionLike | None = None,
    service: DistributionLike | None = None,
    servers: float = 1,
    *,
    trace: Trace | None = None,
    prefill_rate: float | None = None,
    token_time: float | None = None,
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
    prefill_rate, token_time
        How the tokens of a trace become time, as for its `service_times` and with the same defaults.
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
    tokens = {"prefill_rate": prefill_rate, "token_time": token_time}
    rates = {name: value for name, value in tokens.items() if value is not None}
    if any((law is None) == (trace is None) for law in (interarrival, service)):
        raise ValueError("compare: needs both laws, interarrival and service, or a trace")
    if rates and trace is None:
        raise ValueError(f"compare: {next(iter(rates))} needs a trace")
    options: dict[str, Any] = {
        "customers": customers,
        "replications": replications,
        "warmup": warmup,
        "seed": seed,
        "threads": threads,
        "confidence": confidence,
        "progress": progress,
    }
    if trace is None:
        assert interarrival is not None
        assert service is not None
        rows = _queueing.compare_laws(interarrival, service, servers, **options)
    else:
        rows = _queueing.compare_trace(trace.arrival_times, trace.service_times(**rates), servers, **options)

    def ratio(above: float, below: float) -> float | None:
        return above / below - 1 if below and math.isfinite(above) and math.isfinite(below) else None

    columns: dict[str, list[object]] = {
        "quantity": [row.quantity for row in rows],
        "model": [row.model for row in rows],
        "simulation": [row.simulation for row in rows],
        "simulation / model - 1": [ratio(row.simulation, row.model) for row in rows],
    }
    if trace is not None:
        columns["trace"] = [row.trace for row in rows]
        columns["trace / simulation - 1"] = [
            None if row.trace is None else ratio(row.trace, row.simulation) for row in rows
        ]
    return Table(columns, f"{servers:g} servers")
