"""Queues: how long customers wait, and how many servers a promise takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeAlias, cast, overload

import numpy as np

from qsm._core import queueing as _queueing
from qsm._core.queueing import (
    GIM1,
    MDC,
    MG1,
    MM1,
    MMC,
    MMCK,
    BlockedStations,
    ClassMeans,
    Comparison,
    Curve,
    CustomerClass,
    DynamicBatch,
    Engset,
    ErlangA,
    FixedBatch,
    FluidQueue,
    ForkJoin,
    HyperErlangFit,
    MarkovianArrivals,
    MarkovianQueue,
    MGInfinity,
    MMCFiniteSource,
    MMInfinity,
    NetworkBounds,
    NetworkSimulation,
    NetworkSolution,
    NetworkTrace,
    Period,
    ProductForm,
    ProductFormClass,
    ProductFormStation,
    QuasiBirthDeath,
    RankFunction,
    ReplayedCustomers,
    Retrial,
    RetryEquilibrium,
    ServersForWait,
    Station,
    StationMeans,
    StationSimulation,
    TimeVaryingQueue,
    arrival_rate_for_blocking,
    arrival_rate_for_wait,
    arrivals_by_moments,
    as_phase_type,
    asymptotic_bounds,
    backlog_bound,
    balanced_job_bounds,
    batch_arrivals,
    best_fixed_batch,
    breakdowns,
    capacity_for_blocking,
    closed_mva,
    collapse_rate,
    convolve,
    curve_minimum,
    curve_sum,
    curve_value,
    delay_bound,
    derivative,
    dps_mean_sojourn,
    dynamic_batch,
    engset,
    erlang_a,
    erlang_b,
    erlang_b_continuous,
    erlang_c,
    fair_service,
    fit_hyper_erlang,
    fixed_batch,
    fluid_queue,
    fork_join,
    geometric_bounds,
    gg1_kingman,
    gg1_marchal,
    ggc,
    ggc_allen_cunneen,
    ggc_kraemer_langenbach_belz,
    ggc_whitt,
    gim1,
    gittins_rank,
    hyper_erlang,
    jackson,
    load_for_blocking,
    load_for_waiting,
    map_map_1,
    map_ph_c,
    markovian_arrivals,
    mdc,
    mg_infinity,
    mgc_cosmetatos,
    mgc_kimura,
    mm1,
    mm_infinity,
    mmap_ph_1,
    mmc,
    mmc_finite_source,
    mmck,
    modified_offered_load,
    modulated_arrivals,
    multiplexed_capacity,
    multiplexing_gain,
    mva_with_blocking,
    output_curve,
    ph_ph_c,
    phase_type_by_moments,
    phase_type_by_three_moments,
    pointwise_stationary,
    poisson_arrivals,
    priority_mean_sojourn,
    proportional_bounds,
    quasi_birth_death,
    rate_latency_curve,
    renewal_arrivals,
    replay,
    residual_service,
    retrial,
    retry_equilibria,
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
    setup_times,
    simulate,
    soap,
    soap_sojourn_of_size,
    solve,
    station_distribution,
    time_varying_load,
    time_varying_mmc,
    tipping_rate,
    token_bucket_curve,
    traffic,
    transient_distribution,
    unequal_servers,
    vacations,
    visit_ratios,
)
from qsm._table import Table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from qsm._law import DistributionLike
    from qsm.measure import Trace

__all__ = [
    "GIM1",
    "MDC",
    "MG1",
    "MM1",
    "MMC",
    "MMCK",
    "BlockedStations",
    "ClassMeans",
    "Comparison",
    "Curve",
    "CustomerClass",
    "DynamicBatch",
    "Engset",
    "ErlangA",
    "FixedBatch",
    "FluidQueue",
    "ForkJoin",
    "HyperErlangFit",
    "MGInfinity",
    "MMCFiniteSource",
    "MMInfinity",
    "MarkovianArrivals",
    "MarkovianQueue",
    "Network",
    "NetworkBounds",
    "NetworkSimulation",
    "NetworkSolution",
    "NetworkTrace",
    "Period",
    "ProductForm",
    "ProductFormClass",
    "ProductFormStation",
    "QuasiBirthDeath",
    "RankFunction",
    "ReplayedCustomers",
    "Retrial",
    "RetryEquilibrium",
    "ServersForWait",
    "Station",
    "StationMeans",
    "StationSimulation",
    "TimeVaryingQueue",
    "arrival_rate_for_blocking",
    "arrival_rate_for_wait",
    "arrivals_by_moments",
    "as_phase_type",
    "asymptotic_bounds",
    "backlog_bound",
    "balanced_job_bounds",
    "batch_arrivals",
    "best_fixed_batch",
    "breakdowns",
    "by_class",
    "by_station",
    "capacity_for_blocking",
    "closed_mva",
    "collapse_rate",
    "compare",
    "convolve",
    "curve_minimum",
    "curve_sum",
    "curve_value",
    "delay_bound",
    "derivative",
    "dps_mean_sojourn",
    "dynamic_batch",
    "engset",
    "erlang_a",
    "erlang_b",
    "erlang_b_continuous",
    "erlang_c",
    "fair_service",
    "fit_hyper_erlang",
    "fixed_batch",
    "fluid_queue",
    "fork_join",
    "geometric_bounds",
    "gg1_kingman",
    "gg1_marchal",
    "ggc",
    "ggc_allen_cunneen",
    "ggc_kraemer_langenbach_belz",
    "ggc_whitt",
    "gim1",
    "gittins_rank",
    "hyper_erlang",
    "jackson",
    "load_for_blocking",
    "load_for_waiting",
    "map_map_1",
    "map_ph_c",
    "markovian_arrivals",
    "mdc",
    "mg1",
    "mg_infinity",
    "mgc_cosmetatos",
    "mgc_kimura",
    "mm1",
    "mm_infinity",
    "mmap_ph_1",
    "mmc",
    "mmc_finite_source",
    "mmck",
    "modified_offered_load",
    "modulated_arrivals",
    "multiplexed_capacity",
    "multiplexing_gain",
    "mva_with_blocking",
    "output_curve",
    "ph_ph_c",
    "phase_type_by_moments",
    "phase_type_by_three_moments",
    "pointwise_stationary",
    "poisson_arrivals",
    "priority_mean_sojourn",
    "product_form",
    "proportional_bounds",
    "quasi_birth_death",
    "rate_latency_curve",
    "renewal_arrivals",
    "replay",
    "residual_service",
    "retrial",
    "retry_equilibria",
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
    "setup_times",
    "simulate",
    "soap",
    "soap_sojourn_of_size",
    "solve",
    "station_distribution",
    "time_varying_load",
    "time_varying_mmc",
    "tipping_rate",
    "token_bucket_curve",
    "traffic",
    "transient_distribution",
    "unequal_servers",
    "vacations",
    "visit_ratios",
]


def product_form(
    service_times: ArrayLike,
    *,
    arrival_rate: ArrayLike = 0.0,
    population: ArrayLike = 0.0,
    think_time: ArrayLike = 0.0,
    servers: ArrayLike = 1.0,
    visits: ArrayLike | None = None,
    rates: Sequence[ArrayLike] | None = None,
) -> ProductForm:
    """A network by its means alone, from arrays, for solve() and derivative().

    Service times [s] and visits [1] have one row per station and one column per class; a plain list is one class.
    Arrival rates [1/s], populations [1] and think times [s] are by class, servers [1] (inf: nobody waits) by station: one
    number holds for all. `rates` lists the speed of each station with 1, 2, ... customers; an empty list means servers.
    """
    return _queueing.product_form_of(service_times, arrival_rate, population, think_time, servers, visits, rates)


_Routing: TypeAlias = "ArrayLike | Mapping[str, Mapping[str, float]]"


class Network(_queueing.Network):
    """A network of queues: its stations, its classes of customers, and how they go.

    >>> shop = Network(
    ...     stations=[Station("web", exponential(10), servers=2), Station("database", exponential(25))],
    ...     classes=[CustomerClass("readers", interarrival=exponential(12))],
    ...     routing={"web": {"database": 0.8}},
    ... )
    >>> shop.solve().response_time  # exact
    >>> shop.simulate(seed=1).response_time  # estimates, under the same names

    Parameters
    ----------
    stations
        Where customers are served. Their `renege_to` may name stations: renege_to="web", renege_to={"web": 0.5}.
    classes
        Kinds of customers. Their `start` and `present` may name stations: start="web", present={"web": 3}.
    routing
        Probability of going from one station to another [1], by names as above, or as a matrix; what is missing to 1 leaves.
        A list holds one for each class. None: from each station to the next in order, and out of the last.
    """

    __slots__ = ()

    def __new__(
        cls,
        stations: Sequence[Station],
        classes: Sequence[CustomerClass],
        routing: _Routing | Sequence[_Routing] | None = None,
    ) -> Self:
        names = [station.name for station in stations]

        def vector(value: Any, what: str) -> Any:
            """By names, or as it is."""
            given = {value: 1.0} if isinstance(value, str) else value
            if not isinstance(given, Mapping):
                return value
            for name in given:
                if name not in names:
                    raise ValueError(f"Network: {what} must name stations ({', '.join(names)}), got {name}")
            return np.array([float(given.get(name, 0.0)) for name in names])

        def matrix(value: Any) -> Any:
            if not isinstance(value, Mapping):
                return np.asarray(value, float)
            vector(dict.fromkeys(value, 0.0), "routing")
            return np.array([vector(value.get(name, {}), "routing") for name in names])

        def numbered(record: Any, *fields: str) -> Any:
            values = dict(zip(record.fields, record, strict=True))
            return type(record)(**(values | {field: vector(values[field], field) for field in fields}))

        places = [numbered(station, "renege_to") for station in stations]
        kinds = [numbered(kind, "start", "present") for kind in classes]
        given: Any = () if routing is None else routing
        by_name = isinstance(given, Mapping)
        one = by_name or (not any(isinstance(part, Mapping) for part in given) and np.ndim(given) == 2)
        matrices = [matrix(part) for part in ([given] if one else given)]
        return super().__new__(cls, places, kinds, matrices)

    def product_form(self) -> ProductForm:
        """The means of the network, for solve() and derivative(), where its steady state has product form.

        Raises
        ------
        ValueError
            Names the station or class that keeps it from product form, and the feature.
        """
        return _queueing.product_form(self)

    def solve(self, method: str = "exact") -> NetworkSolution:
        """Steady state, exact, where theory knows it.

        That is where the network has product form (Jackson, Gordon-Newell, BCMP); and for one station with one open class:
        M/G/1 under any discipline that mg1() knows, M/M/c/K, Erlang A, and batches of constant times.

        Parameters
        ----------
        method
            "exact", "mva", "schweitzer" or "linearizer", as of solve().

        Raises
        ------
        ValueError
            Names the feature that stands in the way; simulate() takes every network.
        """
        return _queueing.solve_network(self, method)

    def simulate(
        self,
        *,
        passages: float = 1e5,
        warmup: float = 1e4,
        replications: float = 20,
        seed: int = 1,
        threads: int = 0,
        confidence: float = 0.95,
        duration: float = math.inf,
        progress: Callable[[float], object] | None = None,
    ) -> NetworkSimulation:
        """The same numbers as solve() gives, and more, as estimates with intervals.

        Parameters
        ----------
        passages, warmup
            Passages of all classes that count in each replication, and those before them [1].
        replications, seed, threads, confidence
            How often [1], on which numbers, on how many threads (0: one for each processor), 1 - alpha of the intervals [1].
        duration
            Time of each replication [s], > 0; where finite it counts from the beginning, in place of passages and warmup.
        progress
            Called with the fraction done.
        """
        return _queueing.simulate_network(
            self,
            passages=passages,
            warmup=warmup,
            replications=replications,
            seed=seed,
            threads=threads,
            confidence=confidence,
            duration=duration,
            progress=progress,
        )

    def replay(
        self,
        trace: Trace | NetworkTrace | ArrayLike,
        *,
        replications: float = 1,
        seed: int = 1,
        threads: int = 0,
        confidence: float = 0.95,
        progress: Callable[[float], object] | None = None,
    ) -> NetworkSimulation:
        """Sends arrivals that were seen through the network, until all of them have left.

        Parameters
        ----------
        trace
            A NetworkTrace; or a measured Trace, whose service times hold at the only station; or arrival times [s]. What it
            does not say is drawn.
        replications, seed, threads, confidence, progress
            As for simulate(); more than one replication only tells what is drawn, not seen.
        """
        if not isinstance(trace, NetworkTrace):
            times = getattr(trace, "arrival_times", None)
            if times is None:
                trace = NetworkTrace(np.asarray(trace, float))
            elif len(self.stations) == 1:
                service = cast("Trace", trace).service_times()
                trace = NetworkTrace(times - times[0], service_times=service[:, np.newaxis])
            else:
                raise ValueError(
                    "Network.replay: trace must be a NetworkTrace or arrival times where there are several stations, "
                    "to say where its service times hold, got a Trace"
                )
        return _queueing.replay_network(
            self,
            trace,
            replications=replications,
            seed=seed,
            threads=threads,
            confidence=confidence,
            progress=progress,
        )


def _named(names: Sequence[str]) -> list[str]:
    return [name or str(number) for number, name in enumerate(names)]


def by_class(result: NetworkSolution | NetworkSimulation) -> Table:
    """What the classes of a network see: one row for each."""
    return Table(
        {
            "class": _named(result.classes),
            "throughput [1/s]": result.throughput,
            "response time [s]": result.response_time,
            "number": result.mean_number,
            "lost": result.probability_lost,
            "reneged": result.probability_reneged,
        },
        "by class",
    )


def by_station(result: NetworkSolution | NetworkSimulation) -> Table:
    """What the stations of a network see: one row for each and each class."""
    stations, classes = _named(result.stations), _named(result.classes)
    cells = [(i, r) for i in range(len(stations)) for r in range(len(classes))]
    columns: dict[str, list[Any]] = {
        "station": [stations[i] for i, _ in cells],
        "class": [classes[r] for _, r in cells],
    }
    for name, values in {
        "throughput [1/s]": result.station_throughput,
        "utilization": result.station_utilization,
        "number": result.station_number,
        "wait [s]": result.station_wait,
        "sojourn time [s]": result.station_sojourn_time,
    }.items():
        columns[name] = [values[i][r] for i, r in cells]
    return Table(columns, "by station")


@overload
def mg1(arrival_rate: float, service: DistributionLike, discipline: str = "fcfs") -> MG1: ...
@overload
def mg1(arrival_rate: ArrayLike, service: Sequence[DistributionLike], discipline: str = "fcfs") -> ClassMeans: ...
def mg1(
    arrival_rate: ArrayLike, service: DistributionLike | Sequence[DistributionLike], discipline: str = "fcfs"
) -> MG1 | ClassMeans:
    """One server, Poisson arrivals, service times of any law (M/G/1), under one of many disciplines.

    With a list of laws there is one class for each, the first the highest, and as many arrival rates.

    Parameters
    ----------
    arrival_rate
        lambda [1/s], finite and >= 0; of each class where `service` is a list.
    service
        Law of the service time [s], of values >= 0 with a finite mean > 0; or a list of them, one for each class.
    discipline
        "fcfs", "lcfs", "random", "ps", "lcfs_preemptive", "sjf", "psjf", "srpt", "fb", "lrpt" or "gittins"; of classes
        "fcfs", "ps", "priority" (a service that has begun is finished) or "preemptive_priority".

    Returns
    -------
    The queue; of classes the means of each.
    """
    if isinstance(service, (list, tuple)):
        return _queueing.mg1_classes(arrival_rate, service, discipline)  # type: ignore[arg-type]
    return _queueing.mg1(arrival_rate, service, discipline)  # type: ignore[arg-type]


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
