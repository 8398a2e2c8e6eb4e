# Made by scripts/apigen.py from the headers; change those instead.
# ruff: noqa
from collections.abc import Callable, Sequence
from typing import Any, Self, overload
import numpy as np
from numpy.typing import ArrayLike, NDArray
from qsm._estimate import Estimate
from qsm._law import DistributionLike
from qsm._record import Record

AnyBalancer = (
    RoundRobin
    | SmoothRoundRobin
    | RandomServer
    | LeastConnections
    | WeightedLeastConnections
    | LeastWork
    | PowerOfChoices
    | JoinIdleQueue
    | SizeInterval
    | PeakEwma
    | Prequal
    | ConsistentHashing
    | str
)

def compare_laws(interarrival: DistributionLike, service: DistributionLike, servers: float, policies: Sequence[str], *, speeds: ArrayLike = ..., dispatchers: float = ..., report_every: float = ..., report_delay: float = ..., time_to_failure: float = ..., time_to_repair: float = ..., crash_load: float = ..., refusal_time: float = ..., timeout: float = ..., retries: float = ..., pause: float = ..., retry_ratio: float = ..., check_every: float = ..., fall: float = ..., eject_after: float = ..., ejection_time: float = ..., ejected_share: float = ..., slow_start: float = ..., keys: float = ..., requests: float = ..., warmup: float = ..., replications: float = ..., seed: int = ..., threads: int = ..., confidence: float = ..., progress: Callable[[float], object] | None = ...) -> list[PolicyComparison]:
    """Compares policies by theory and by simulation, on the same requests.

    Theory: "random" is M/M/1; "round_robin" is a queue with Erlang arrivals; "power_of_choices" the refined mean field;
    "least_work" is M/M/n. Others have none.

    Parameters
    ----------
    interarrival
        law of times between requests [s], on [0, ∞); its mean finite and > 0
    service
        law of the sizes of requests [s], on [0, ∞); its mean finite and > 0
    servers
        n [1], an integer in [1, 2^24]
    policies
        names of policies
    speeds
        Speed of each server [1], each finite and > 0; empty: all 1. A request of size s takes s / speed.
    dispatchers
        Balancers side by side, each with the requests that it placed; a request comes to any of them [1], an integer >= 1.
    report_every
        How often every server reports its load to all dispatchers [s], > 0; 0: at each change; infinity: never.
    report_delay
        How old a report is when it comes, and the answer to a probe [s], finite and >= 0.
    time_to_failure
        Mean time until a server fails, exponential [s], > 0; infinity: never.
    time_to_repair
        Mean time until a failed server is back, exponential, its queue empty [s], finite and > 0.
    crash_load
        Requests at which a server breaks down under its load [1], an integer >= 1, or infinity.
    refusal_time
        How long a failed server takes to refuse a request [s], finite and >= 0; 0 draws least connections in.
    timeout
        Time after which a request is given up; its server goes on with it [s], > 0.
    retries
        Further attempts of a request that failed [1], an integer in [0, 100].
    pause
        Longest pause before the first retry, doubled each time, scattered from 0 [s], finite and > 0.
    retry_ratio
        Retries for each request in the long run (policies::RetryBudget) [1], >= 0; infinity: no limit.
    check_every
        How often each server is checked; ill ones are out of use [s], > 0.
    fall
        Checks in a row that make an ill server well, two, and a well one ill, `fall` [1], an integer >= 1.
    eject_after
        Failures in a row that eject a server [1], an integer >= 1, or infinity.
    ejection_time
        Time of the first ejection, then multiples of it [s], finite and > 0.
    ejected_share
        Greatest share of servers ejected at a time [1], in [0, 1].
    slow_start
        Time in which a returning server's weight rises to its own, where the balancer has weights [s], finite and >= 0.
    keys
        Different keys that requests have, all equally often [1], an integer in [1, 2^53].
    requests
        Requests that count in each replication [1], an integer in [1, 2^53].
    warmup
        Requests of each replication before those that count [1], an integer >= 0.
    replications
        Number of replications [1], an integer in [1, 2^24].
    seed
        Seed; equal seeds bring equal requests to different balancers.
    threads
        Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
    confidence
        1 - α of the intervals [1], in (0, 1).
    progress
        Where to report, and whether to stop.

    Returns
    -------
    one row per policy

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. Mitzenmacher 2001; N. Gast and B. Van Houdt 2017; L. Kleinrock 1975, section 3.5 and chapter 6
    """

def compare_trace(arrival_times: ArrayLike, service_times: ArrayLike, servers: float, policies: Sequence[str], *, speeds: ArrayLike = ..., dispatchers: float = ..., report_every: float = ..., report_delay: float = ..., time_to_failure: float = ..., time_to_repair: float = ..., crash_load: float = ..., refusal_time: float = ..., timeout: float = ..., retries: float = ..., pause: float = ..., retry_ratio: float = ..., check_every: float = ..., fall: float = ..., eject_after: float = ..., ejection_time: float = ..., ejected_share: float = ..., slow_start: float = ..., keys: float = ..., requests: float = ..., warmup: float = ..., replications: float = ..., seed: int = ..., threads: int = ..., confidence: float = ..., progress: Callable[[float], object] | None = ...) -> list[PolicyComparison]:
    """Compares policies three ways: theory at the trace's mean rates, simulation with independent draws from the trace's own gaps and sizes, and the trace replayed.

    Parameters
    ----------
    arrival_times
        times of arrival [s], finite, none before the one in front of it; at least two
    service_times
        size of each [s], finite and >= 0
    servers
        n [1], an integer in [1, 2^24]
    policies
        names of policies
    speeds
        Speed of each server [1], each finite and > 0; empty: all 1. A request of size s takes s / speed.
    dispatchers
        Balancers side by side, each with the requests that it placed; a request comes to any of them [1], an integer >= 1.
    report_every
        How often every server reports its load to all dispatchers [s], > 0; 0: at each change; infinity: never.
    report_delay
        How old a report is when it comes, and the answer to a probe [s], finite and >= 0.
    time_to_failure
        Mean time until a server fails, exponential [s], > 0; infinity: never.
    time_to_repair
        Mean time until a failed server is back, exponential, its queue empty [s], finite and > 0.
    crash_load
        Requests at which a server breaks down under its load [1], an integer >= 1, or infinity.
    refusal_time
        How long a failed server takes to refuse a request [s], finite and >= 0; 0 draws least connections in.
    timeout
        Time after which a request is given up; its server goes on with it [s], > 0.
    retries
        Further attempts of a request that failed [1], an integer in [0, 100].
    pause
        Longest pause before the first retry, doubled each time, scattered from 0 [s], finite and > 0.
    retry_ratio
        Retries for each request in the long run (policies::RetryBudget) [1], >= 0; infinity: no limit.
    check_every
        How often each server is checked; ill ones are out of use [s], > 0.
    fall
        Checks in a row that make an ill server well, two, and a well one ill, `fall` [1], an integer >= 1.
    eject_after
        Failures in a row that eject a server [1], an integer >= 1, or infinity.
    ejection_time
        Time of the first ejection, then multiples of it [s], finite and > 0.
    ejected_share
        Greatest share of servers ejected at a time [1], in [0, 1].
    slow_start
        Time in which a returning server's weight rises to its own, where the balancer has weights [s], finite and >= 0.
    keys
        Different keys that requests have, all equally often [1], an integer in [1, 2^53].
    requests
        Requests that count in each replication [1], an integer in [1, 2^53].
    warmup
        Requests of each replication before those that count [1], an integer >= 0.
    replications
        Number of replications [1], an integer in [1, 2^24].
    seed
        Seed; equal seeds bring equal requests to different balancers.
    threads
        Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
    confidence
        1 - α of the intervals [1], in (0, 1).
    progress
        Where to report, and whether to stop.

    Returns
    -------
    one row per policy

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. Mitzenmacher 2001; N. Gast and B. Van Houdt 2017; L. Kleinrock 1975, section 3.5 and chapter 6
    """

@overload
def max_load_cdf(balls: float, bins: float, load: float, choices: float = 1) -> float: ...
@overload
def max_load_cdf(balls: ArrayLike, bins: ArrayLike, load: ArrayLike, choices: ArrayLike = 1, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Probability that no bin holds more than `load` of the balls that were thrown, exact.

    One choice: each ball into any bin. More: bins are drawn independently and the ball goes into the emptiest of them.
    With one choice the cost grows as balls² log(bins) or balls x bins x load; with more it grows with the number of
    partitions of the balls, so that they may be 60 at most.

    Parameters
    ----------
    balls
        m [1], an integer in [0, 20000]; with more than one choice at most 60
    bins
        n [1], an integer in [1, 2^24]
    load
        k [1], an integer >= 0
    choices
        d, bins drawn for each ball [1], an integer >= 1

    Returns
    -------
    P(fullest bin holds at most k) [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    N. Johnson and S. Kotz 1977, Urn Models and Their Application, section 3.2; Y. Azar, A. Broder, A. Karlin and E. Upfal 1999, Balanced allocations
    """

@overload
def mean_max_load(balls: float, bins: float, choices: float = 1) -> float: ...
@overload
def mean_max_load(balls: ArrayLike, bins: ArrayLike, choices: ArrayLike = 1, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Mean number of balls in the fullest bin, exact.

    Parameters
    ----------
    balls
        m [1], an integer in [0, 20000]; with more than one choice at most 60
    bins
        n [1], an integer in [1, 2^24]
    choices
        d, bins drawn for each ball [1], an integer >= 1

    Returns
    -------
    E[balls in the fullest bin] [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    N. Johnson and S. Kotz 1977, Urn Models and Their Application, section 3.2; Y. Azar, A. Broder, A. Karlin and E. Upfal 1999, Balanced allocations
    """

@overload
def max_load_growth(bins: float, choices: float = 1) -> float: ...
@overload
def max_load_growth(bins: ArrayLike, choices: ArrayLike = 1, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Mean of the fullest of n bins for n balls, as n grows: Γ⁻¹(n) - 3/2 for one choice, ln ln n / ln d for more.

    For one choice the error goes to 0; for more it stays bounded, so that only the growth is told.

    Parameters
    ----------
    bins
        n, and as many balls [1], an integer >= 3
    choices
        d [1], an integer >= 1

    Returns
    -------
    balls in the fullest bin [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    G. Gonnet 1981, Expected length of the longest probe sequence in hash code searching; Azar and others 1999
    """

@overload
def load_fraction(load: float, balls_per_bin: float, choices: float = 1) -> float: ...
@overload
def load_fraction(load: ArrayLike, balls_per_bin: ArrayLike, choices: ArrayLike = 1, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Fraction of the bins with at least `load` balls, as the number of bins grows with `balls_per_bin` fixed.

    For one choice the Poisson tail; for more the solution of s'(k) = s(k - 1)^d - s(k)^d, s(0) = 1, by steps of order
    four that are halved until they agree to 1e-13; the error is that of the whole, not of a small fraction.

    Parameters
    ----------
    load
        k [1], an integer in [0, 1000]
    balls_per_bin
        c [1], in [0, 1000]
    choices
        d [1], an integer >= 1

    Returns
    -------
    s(k) [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. Mitzenmacher 1999, Studying balanced allocations with differential equations
    """

class PolicyComparison(Record):
    """One balancer's row.
    """
    def __new__(cls, policy: str, model: float | None, simulation: Estimate, quantile_99: Estimate, max_load: Estimate, trace: float | None) -> Self: ...
    @property
    def policy(self) -> str:
        """Name of the policy.
        """
    @property
    def model(self) -> float | None:
        """Mean time by theory, for Poisson arrivals and exponential sizes of the same means and servers of speed 1 that do not fail [s]; absent where no theory is known.
        """
    @property
    def simulation(self) -> Estimate:
        """Mean time by simulation [s].
        """
    @property
    def quantile_99(self) -> Estimate:
        """Time that 99 % of the requests do not exceed, by simulation [s].
        """
    @property
    def max_load(self) -> Estimate:
        """Most requests that a server held at a time, by simulation [1].
        """
    @property
    def trace(self) -> float | None:
        """Mean time of the trace [s]; absent where there is none.
        """

class ConsistentHashing:
    """Consistent hashing with bounded loads: the server that the key prefers, or the next in its order that holds less than `balance` times the fair share of the requests in flight.

    A server that is removed loses its keys to the next ones in their orders, and gets them back; no other key moves but
    for the bound. An infinite balance is plain consistent hashing.

    Source
    ------
    V. Mirrokni, M. Thorup and M. Zadimoghaddam 2018, Consistent hashing with bounded loads
    """
    def __init__(self, servers: float, balance: float = ..., virtual_nodes: float = ...) -> None:
        """All servers in use and empty, on a ring of their numbers.

        Parameters
        ----------
        servers
            n [1], an integer in [1, 2^16]
        balance
            c, most requests at a server over the fair share [1], > 1; infinity: no bound
        virtual_nodes
            points of a server on the ring [1], an integer in [1, 2^20]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def pick(self, now: float, size: float = ..., key: int = ...) -> int | None:
        """Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
        """
    def finish(self, now: float, server: int, latency: float = ..., succeeded: bool = ...) -> None:
        """Learns that a request ended on `server` at `now` [s], with what `latency` [s] and whether it succeeded.
        """
    def load(self, server: int) -> int:
        """Requests that the server is believed to hold [1].
        """
    @property
    def overflowed(self) -> int:
        """Requests that did not get the server they prefer of those in use, since the start [1].
        """
    def remove(self, server: int) -> None:
        """Takes a server out of use; refuses one that is unknown or already out.
        """
    def add(self, server: int) -> None:
        """Puts a removed server back into use.
        """
    @property
    def size(self) -> int:
        """Number of servers, those removed among them [1].
        """

class GeographicPlan(Record):
    """A plan of which users go where.
    """
    def __new__(cls, rates: NDArray[np.float64], loads: NDArray[np.float64], unserved: NDArray[np.float64], feasible: bool, mean_latency: float, longest_latency: float, price: float, cost: float, bound: float, capacity_prices: NDArray[np.float64]) -> Self: ...
    @property
    def rates(self) -> NDArray[np.float64]:
        """Rate that each region sends to each site [1/s], regions by sites.
        """
    @property
    def loads(self) -> NDArray[np.float64]:
        """Rate that comes to each site [1/s].
        """
    @property
    def unserved(self) -> NDArray[np.float64]:
        """Rate of each region that finds no site within its latency and capacity [1/s].
        """
    @property
    def feasible(self) -> bool:
        """Whether all is served.
        """
    @property
    def mean_latency(self) -> float:
        """Mean latency of what is served [s]; 0 where nothing is.
        """
    @property
    def longest_latency(self) -> float:
        """Longest latency of what is served [s]; 0 where nothing is.
        """
    @property
    def price(self) -> float:
        """What the sites charge [dollars/s].
        """
    @property
    def cost(self) -> float:
        """Price and latency together, what is least [dollars/s].
        """
    @property
    def bound(self) -> float:
        """What no plan that serves all goes below, from the capacities' prices alone [dollars/s]: the cost itself where all is served, which proves the plan; infinite where not all can be served.
        """
    @property
    def capacity_prices(self) -> NDArray[np.float64]:
        """What one more request per second of capacity at each site saves [dollars].
        """

def geographic_plan(demands: ArrayLike, capacities: ArrayLike, latencies: ArrayLike, *, prices: ArrayLike = ..., latency_price: float = ..., latency_limit: float = ...) -> GeographicPlan:
    """The cheapest plan of which region's users go to which site, among those that serve as much as can be served.

    A transport problem, solved by successive shortest paths with potentials: exact up to rounding, in O((m + n)²) for
    each of about m + n paths. Latencies may come from qsm.latency: floors that no network goes below.

    Parameters
    ----------
    demands
        rate of each region [1/s], each finite and >= 0
    capacities
        rate that each site can take [1/s], each finite and >= 0
    latencies
        from each region to each site [s], finite and >= 0
    prices
        Price of each site for a request [dollars], each finite and >= 0; empty: free.
    latency_price
        What a second of latency of one request is worth [dollars/s], finite and >= 0.
    latency_limit
        Longest latency that is allowed [s], >= 0.

    Returns
    -------
    the plan

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    R. Ahuja, T. Magnanti and J. Orlin 1993, Network Flows, section 9.7
    """

class HealthCheck:
    """Judges a server by checks: ill after `fall` failures in a row, well again after `rise` successes in a row.

    Source
    ------
    HAProxy, configuration manual: rise and fall
    """
    def __init__(self, rise: float = ..., fall: float = ...) -> None:
        """A server that is well.

        Parameters
        ----------
        rise
            successes in a row after which it is well [1], an integer >= 1
        fall
            failures in a row after which it is ill [1], an integer >= 1

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def observe(self, succeeded: bool) -> bool:
        """Learns the result of a check; gives what is thought of the server after it.
        """
    @property
    def healthy(self) -> bool:
        """Whether it is thought to be well.
        """

class OutlierEjection:
    """Puts servers out of use that fail while others do not: by failures in a row, and by success rates far below the mean.

    Tell the end of every request to `observe`; a true result means that the server is to be removed from the balancer.
    `returning` names those whose time is over, to be added again.

    Source
    ------
    Envoy, outlier detection
    """
    def __init__(self, servers: float, *, failures: float = ..., ejection_time: float = ..., longest: float = ..., share: float = ..., interval: float = ..., least_requests: float = ..., least_servers: float = ..., deviations: float = ...) -> None:
        """All servers in use.

        Parameters
        ----------
        servers
            n [1], an integer in [1, 2^24]
        options
            when to eject, and for how long

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def observe(self, now: float, server: int, succeeded: bool) -> bool:
        """Learns how a request on `server` ended at `now` [s]; whether the server is to be removed for it.
        """
    def sweep(self, now: float) -> NDArray[np.uint64]:
        """Servers with a success rate far below the mean of the interval that has ended by `now` [s]; to be removed.
        """
    def returning(self, now: float) -> NDArray[np.uint64]:
        """Servers whose ejection is over at `now` [s]; to be added again.
        """
    def ejected(self, server: int) -> bool:
        """Whether the server is out.
        """
    @property
    def next_return(self) -> float:
        """When the next server returns [s]; infinite where none is out.
        """

@overload
def slow_start_share(age: float, window: float, aggression: float = 1, least: float = 0.1) -> float: ...
@overload
def slow_start_share(age: ArrayLike, window: ArrayLike, aggression: ArrayLike = 1, least: ArrayLike = 0.1, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Share of its weight that a server gets after it has come into use, so that caches and pools can warm up.

    max(least, (age / window)^(1 / aggression)), 1 from the end of the window on.

    Parameters
    ----------
    age
        time since the server came into use [s], finite and >= 0
    window
        w, time until it takes its full share [s], finite and > 0
    aggression
        above 1 faster at first, below 1 slower [1], finite and > 0
    least
        share at the beginning [1], in [0, 1]

    Returns
    -------
    share of the weight [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Envoy, slow start mode
    """

def deterministic_subset(servers: float, client: float, size: float, seed: int = ...) -> NDArray[np.uint64]:
    """Servers that a client connects to, so that all servers have equally many clients: shuffled anew for each round of clients, and cut into parts.

    Every round of floor(n / size) clients covers each server at most once, so that the numbers of clients differ by no
    more than the number of rounds.

    Parameters
    ----------
    servers
        n [1], an integer in [1, 2^24]
    client
        number of the client [1], an integer >= 0; clients are numbered without gaps
    size
        servers in the subset [1], an integer in [1, n]
    seed
        seed of the shuffles [1], any

    Returns
    -------
    the subset

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    B. Beyer and others 2016, Site Reliability Engineering, chapter 20: deterministic subsetting
    """

def random_subset(servers: float, client: float, size: float, seed: int = ...) -> NDArray[np.uint64]:
    """Servers that a client draws at random: without agreement, but uneven.

    Parameters
    ----------
    servers
        n [1], an integer in [1, 2^24]
    client
        number of the client [1], an integer >= 0
    size
        servers in the subset [1], an integer in [1, n]
    seed
        seed of the draws [1], any

    Returns
    -------
    the subset

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    B. Beyer and others 2016, Site Reliability Engineering, chapter 20: random subsetting
    """

class PeakEwma:
    """The cheaper of servers that are drawn, where a server costs its average latency times its requests in flight and one more; the average jumps up to a peak at once and sinks slowly.

    Source
    ------
    Finagle, load balancing: power of two choices with peak EWMA, 2015
    """
    def __init__(self, servers: float, decay: float = ..., choices: float = ..., seed: int = ...) -> None:
        """All servers in use; those without a latency are tried first.

        Parameters
        ----------
        servers
            n [1], an integer in [1, 2^24]
        decay
            time in which a latency loses all but 1/e of its weight [s], finite and > 0
        choices
            d, servers drawn for each request [1], an integer >= 1; more than n is all
        seed
            seed of the draws

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def pick(self, now: float, size: float = ..., key: int = ...) -> int | None:
        """Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
        """
    def finish(self, now: float, server: int, latency: float = ..., succeeded: bool = ...) -> None:
        """Learns that a request ended on `server` at `now` [s], with what `latency` [s] and whether it succeeded.
        """
    def load(self, server: int) -> int:
        """Requests that the server is believed to hold [1].
        """
    def latency(self, server: int) -> float:
        """Average latency of a server [s]; 0 where none is known.
        """
    def remove(self, server: int) -> None:
        """Takes a server out of use; refuses one that is unknown or already out.
        """
    def add(self, server: int) -> None:
        """Puts a removed server back into use.
        """
    def reseed(self, seed: int) -> None:
        """Begins its random choices anew, by another seed.
        """
    @property
    def size(self) -> int:
        """Number of servers, those removed among them [1].
        """

class Prequal:
    """Probes random servers ahead of need and keeps the answers in a pool. Picks by two signals: of the servers that are not hot, the one with the least latency; where all are hot, the one with the fewest requests in flight.

    Send a probe to each server that `probes` names, after each `pick`, and hand the answers to `report`. An answer is
    used a few times, as often as keeps the pool full; each use counts one request more on that server. Old answers go
    first, and by turns the worst.

    Source
    ------
    B. Wydrowski, R. Kleinberg, S. Rumble and A. Archer 2024, Load is not what you should balance: introducing Prequal
    """
    def __init__(self, servers: float, *, probes: float = ..., pool: float = ..., age: float = ..., hot: float = ..., drops: float = ..., seed: int = ...) -> None:
        """All servers in use, an empty pool: picks at random until there are two answers.

        Parameters
        ----------
        servers
            n [1], an integer in [1, 2^24]
        options
            how it asks and judges

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def pick(self, now: float, size: float = ..., key: int = ...) -> int | None:
        """Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
        """
    def probes(self, now: float) -> NDArray[np.uint64]:
        """Servers that shall be asked at `now` [s], all different; to be called once for each request.
        """
    def report(self, now: float, server: int, load: float, latency: float = ...) -> None:
        """Takes what is said of a server at `now` [s]: `load` requests that it holds [1], and the `latency` that it sees [s].
        """
    def remove(self, server: int) -> None:
        """Takes a server out of use; refuses one that is unknown or already out.
        """
    def add(self, server: int) -> None:
        """Puts a removed server back into use.
        """
    @property
    def pool(self) -> int:
        """Answers in the pool [1].
        """
    def reseed(self, seed: int) -> None:
        """Begins its random choices anew, by another seed.
        """
    @property
    def size(self) -> int:
        """Number of servers, those removed among them [1].
        """

class LeastConnections:
    """The server with the fewest requests; ties are drawn. Join the shortest queue where it sees all requests, least connections where it is one of several that see their own.

    O(1) whatever the number of servers. What `report` says replaces what was counted; with `counts` false nothing is
    counted in between, so that all follow the last report: the herd that old information makes.

    Source
    ------
    W. Winston 1977, Optimality of the shortest line discipline
    """
    def __init__(self, servers: float, counts: bool = ..., seed: int = ...) -> None:
        """All servers in use and empty.

        Parameters
        ----------
        servers
            n [1], an integer in [1, 2^24]
        counts
            whether it counts the requests that it places
        seed
            seed of the ties

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def pick(self, now: float, size: float = ..., key: int = ...) -> int | None:
        """Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
        """
    def finish(self, now: float, server: int, latency: float = ..., succeeded: bool = ...) -> None:
        """Learns that a request ended on `server` at `now` [s], with what `latency` [s] and whether it succeeded.
        """
    def report(self, now: float, server: int, load: float, latency: float = ...) -> None:
        """Takes what is said of a server at `now` [s]: `load` requests that it holds [1], and the `latency` that it sees [s].
        """
    def load(self, server: int) -> int:
        """Requests that the server is believed to hold [1].
        """
    def remove(self, server: int) -> None:
        """Takes a server out of use; refuses one that is unknown or already out.
        """
    def add(self, server: int) -> None:
        """Puts a removed server back into use.
        """
    def reseed(self, seed: int) -> None:
        """Begins its random choices anew, by another seed.
        """
    @property
    def size(self) -> int:
        """Number of servers, those removed among them [1].
        """

class WeightedLeastConnections:
    """The server with the least (requests + 1) / weight. Costs O(n).

    Source
    ------
    property: with equal weights it places as least connections do
    """
    def __init__(self, weights: ArrayLike) -> None:
        """All servers in use and empty.

        Parameters
        ----------
        weights
            speed of each server [1], each finite and >= 0, their sum > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def pick(self, now: float, size: float = ..., key: int = ...) -> int | None:
        """Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
        """
    def finish(self, now: float, server: int, latency: float = ..., succeeded: bool = ...) -> None:
        """Learns that a request ended on `server` at `now` [s], with what `latency` [s] and whether it succeeded.
        """
    def report(self, now: float, server: int, load: float, latency: float = ...) -> None:
        """Takes what is said of a server at `now` [s]: `load` requests that it holds [1], and the `latency` that it sees [s].
        """
    def load(self, server: int) -> int:
        """Requests that the server is believed to hold [1].
        """
    def remove(self, server: int) -> None:
        """Takes a server out of use; refuses one that is unknown or already out.
        """
    def add(self, server: int) -> None:
        """Puts a removed server back into use.
        """
    def set_weight(self, server: int, weight: float) -> None:
        """Gives a server another weight [1], finite and >= 0; the sum of all must stay > 0.
        """
    @property
    def size(self) -> int:
        """Number of servers, those removed among them [1].
        """

class LeastWork:
    """The server that would finish the request first, from the sizes of all requests that it placed: least work left.

    With equal speeds it serves as one line before all servers does, customer by customer (G/G/n). Costs O(n).

    Source
    ------
    S. Foss 1980, Approximation of multichannel queueing systems; J. Kiefer and J. Wolfowitz 1955
    """
    def __init__(self, speeds: ArrayLike) -> None:
        """All servers in use and idle.

        Parameters
        ----------
        speeds
            work that each server does [size/s], each finite and > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def pick(self, now: float, size: float = ..., key: int = ...) -> int | None:
        """Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
        """
    def work(self, now: float, server: int) -> float:
        """Work that the server has left at `now`, in time [s].
        """
    def remove(self, server: int) -> None:
        """Takes a server out of use; refuses one that is unknown or already out.
        """
    def add(self, server: int) -> None:
        """Puts a removed server back into use.
        """
    @property
    def size(self) -> int:
        """Number of servers, those removed among them [1].
        """

class PowerOfChoices:
    """The least loaded of d servers that are drawn at random; with memory also those that were least loaded the last time.

    Source
    ------
    N. Vvedenskaya, R. Dobrushin and F. Karpelevich 1996, Queueing system with selection of the shortest of two queues; M. Mitzenmacher 2001; with memory: M. Mitzenmacher, B. Prabhakar and D. Shah 2002, Load balancing with memory
    """
    def __init__(self, servers: float, choices: float = ..., memory: float = ..., counts: bool = ..., seed: int = ...) -> None:
        """All servers in use and empty.

        Parameters
        ----------
        servers
            n [1], an integer in [1, 2^24]
        choices
            d, servers drawn for each request, all different [1], an integer >= 1; more than n is all
        memory
            m, servers that are remembered [1], an integer >= 0
        counts
            whether it counts the requests that it places
        seed
            seed of the draws

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def pick(self, now: float, size: float = ..., key: int = ...) -> int | None:
        """Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
        """
    def finish(self, now: float, server: int, latency: float = ..., succeeded: bool = ...) -> None:
        """Learns that a request ended on `server` at `now` [s], with what `latency` [s] and whether it succeeded.
        """
    def report(self, now: float, server: int, load: float, latency: float = ...) -> None:
        """Takes what is said of a server at `now` [s]: `load` requests that it holds [1], and the `latency` that it sees [s].
        """
    def load(self, server: int) -> int:
        """Requests that the server is believed to hold [1].
        """
    def remove(self, server: int) -> None:
        """Takes a server out of use; refuses one that is unknown or already out.
        """
    def add(self, server: int) -> None:
        """Puts a removed server back into use.
        """
    def reseed(self, seed: int) -> None:
        """Begins its random choices anew, by another seed.
        """
    @property
    def size(self) -> int:
        """Number of servers, those removed among them [1].
        """

class JoinIdleQueue:
    """A server that has said it is idle, the one that has waited longest; any server where none has.

    The words are few: one from a server each time it falls idle.

    Source
    ------
    Y. Lu, Q. Xie, G. Kliot, A. Geller, J. Larus and A. Greenberg 2011, Join-idle-queue
    """
    def __init__(self, servers: float, seed: int = ...) -> None:
        """All servers in use and idle.

        Parameters
        ----------
        servers
            n [1], an integer in [1, 2^24]
        seed
            seed of the draws

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def pick(self, now: float, size: float = ..., key: int = ...) -> int | None:
        """Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
        """
    def finish(self, now: float, server: int, latency: float = ..., succeeded: bool = ...) -> None:
        """Learns that a request ended on `server` at `now` [s], with what `latency` [s] and whether it succeeded.
        """
    def report(self, now: float, server: int, load: float, latency: float = ...) -> None:
        """Takes what is said of a server at `now` [s]: `load` requests that it holds [1], and the `latency` that it sees [s].
        """
    def load(self, server: int) -> int:
        """Requests that the server is believed to hold [1].
        """
    def remove(self, server: int) -> None:
        """Takes a server out of use; refuses one that is unknown or already out.
        """
    def add(self, server: int) -> None:
        """Puts a removed server back into use.
        """
    def reseed(self, seed: int) -> None:
        """Begins its random choices anew, by another seed.
        """
    @property
    def size(self) -> int:
        """Number of servers, those removed among them [1].
        """

class SizeInterval:
    """By size: the first server takes the smallest requests, the last the largest (SITA).

    Short requests never stand behind long ones. `size_interval_cutoffs` finds where to cut. Where the server of a size
    is out of use, the next larger takes it, then the next smaller.

    Source
    ------
    M. Harchol-Balter, M. Crovella and C. Murta 1999, On choosing a task assignment policy for a distributed server system
    """
    def __init__(self, cutoffs: ArrayLike) -> None:
        """All servers in use.

        Parameters
        ----------
        cutoffs
            largest size of each server but the last [1 or s], each finite and > 0, not falling; n - 1 of them

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def pick(self, now: float, size: float = ..., key: int = ...) -> int | None:
        """Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
        """
    def remove(self, server: int) -> None:
        """Takes a server out of use; refuses one that is unknown or already out.
        """
    def add(self, server: int) -> None:
        """Puts a removed server back into use.
        """
    @property
    def size(self) -> int:
        """Number of servers, those removed among them [1].
        """

@overload
def mean_field_tail(load: float, utilization: float, choices: float = 2) -> float: ...
@overload
def mean_field_tail(load: ArrayLike, utilization: ArrayLike, choices: ArrayLike = 2, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Fraction of very many servers that hold at least `load` requests, each request having gone to the shortest of d queues.

    Poisson arrivals, exponential services: ρ^((dᵏ - 1)/(d - 1)), for one choice ρᵏ.

    Parameters
    ----------
    load
        k [1], an integer >= 0
    utilization
        ρ [1], in [0, 1)
    choices
        d [1], an integer >= 1, or infinity: the shortest of all

    Returns
    -------
    fraction [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    N. Vvedenskaya, R. Dobrushin and F. Karpelevich 1996, Queueing system with selection of the shortest of two queues; M. Mitzenmacher 2001, The power of two choices in randomized load balancing
    """

@overload
def mean_field_sojourn(utilization: float, choices: float = 2, service_rate: float = 1) -> float: ...
@overload
def mean_field_sojourn(utilization: ArrayLike, choices: ArrayLike = 2, service_rate: ArrayLike = 1, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Mean time in a farm of very many servers, each request having gone to the shortest of d queues.

    Σ ρ^((dⁱ - d)/(d - 1)) / μ over i >= 1; for one choice that of M/M/1. At a utilization of 1 or more it is infinite.

    Parameters
    ----------
    utilization
        ρ [1], >= 0
    choices
        d [1], an integer >= 1, or infinity: the shortest of all
    service_rate
        μ of each server [1/s], finite and > 0

    Returns
    -------
    E[T] [s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    N. Vvedenskaya, R. Dobrushin and F. Karpelevich 1996; M. Mitzenmacher 2001
    """

@overload
def refined_mean_field_sojourn(utilization: float, servers: float, choices: float = 2, service_rate: float = 1) -> float: ...
@overload
def refined_mean_field_sojourn(utilization: ArrayLike, servers: ArrayLike, choices: ArrayLike = 2, service_rate: ArrayLike = 1, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Mean time in a farm of n servers, the shortest of d different queues: the mean field and its first correction, of order 1/n.

    The refined mean field. What is left is of order 1/n²: it is small where n (1 - ρ) is large, and grows towards
    saturation. Never below the least that any balancer reaches.

    Parameters
    ----------
    utilization
        ρ [1], in (0, 1)
    servers
        n [1], an integer >= d
    choices
        d [1], an integer in [2, 64]
    service_rate
        μ of each server [1/s], finite and > 0

    Returns
    -------
    E[T] [s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    N. Gast and B. Van Houdt 2017, A refined mean field approximation; the term for different queues from the drift (n s choose d) / (n choose d)
    """

@overload
def least_sojourn(utilization: float, servers: float, service_rate: float = 1) -> float: ...
@overload
def least_sojourn(utilization: ArrayLike, servers: ArrayLike, service_rate: ArrayLike = 1, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """The least mean time that any balancer reaches with exponential services and Poisson arrivals: one line before all servers.

    Parameters
    ----------
    utilization
        ρ [1], >= 0
    servers
        n [1], an integer in [1, 2^24]
    service_rate
        μ of each server [1/s], finite and > 0

    Returns
    -------
    E[T] of M/M/n [s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    R. Wolff 1977, An upper bound for multi-channel queues; L. Kleinrock 1975, section 3.5
    """

class RoundRobin:
    """Each server in turn.

    Source
    ------
    J. Nagle 1987, On packet switches with infinite storage
    """
    def __init__(self, servers: float) -> None:
        """All servers in use.

        Parameters
        ----------
        servers
            n [1], an integer in [1, 2^24]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def pick(self, now: float, size: float = ..., key: int = ...) -> int | None:
        """Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
        """
    def remove(self, server: int) -> None:
        """Takes a server out of use; refuses one that is unknown or already out.
        """
    def add(self, server: int) -> None:
        """Puts a removed server back into use.
        """
    @property
    def size(self) -> int:
        """Number of servers, those removed among them [1].
        """

class SmoothRoundRobin:
    """Each server in turn as often as its weight says, spread evenly: weights 5, 1, 1 give 0 0 1 0 2 0 0.

    Every server gains its weight, the one that has most is picked and pays the sum. In each run of picks as long as the
    sum of whole weights, every server is picked exactly as often as its weight. Costs O(n).

    Source
    ------
    nginx, upstream round robin: smooth weighted balancing, 2012
    """
    def __init__(self, weights: ArrayLike) -> None:
        """All servers in use.

        Parameters
        ----------
        weights
            share of each server [1], each finite and >= 0, their sum > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def pick(self, now: float, size: float = ..., key: int = ...) -> int | None:
        """Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
        """
    def remove(self, server: int) -> None:
        """Takes a server out of use; refuses one that is unknown or already out.
        """
    def add(self, server: int) -> None:
        """Puts a removed server back into use.
        """
    def set_weight(self, server: int, weight: float) -> None:
        """Gives a server another weight [1], finite and >= 0; the sum of all must stay > 0.
        """
    @property
    def size(self) -> int:
        """Number of servers, those removed among them [1].
        """

class RandomServer:
    """Any server, with probabilities in proportion to weights, by the alias method in O(1).

    Source
    ------
    A. J. Walker 1977, An efficient method for generating discrete random variables with general distributions; M. D. Vose 1991
    """
    def __init__(self, weights: ArrayLike, seed: int = ...) -> None:
        """All servers in use.

        Parameters
        ----------
        weights
            share of each server [1], each finite and >= 0, their sum > 0
        seed
            seed of the choices

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def pick(self, now: float, size: float = ..., key: int = ...) -> int | None:
        """Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
        """
    def remove(self, server: int) -> None:
        """Takes a server out of use; refuses one that is unknown or already out.
        """
    def add(self, server: int) -> None:
        """Puts a removed server back into use.
        """
    def set_weight(self, server: int, weight: float) -> None:
        """Gives a server another weight [1], finite and >= 0; the sum of all must stay > 0.
        """
    def reseed(self, seed: int) -> None:
        """Begins its random choices anew, by another seed.
        """
    @property
    def size(self) -> int:
        """Number of servers, those removed among them [1].
        """

class FarmSimulation:
    """A simulated or replayed farm. Each value is the mean over replications with its t interval; of a replay it is what this trace met, without an interval. Times are those of the requests that succeeded. A value that shares what was recorded.
    """
    @property
    def servers(self) -> float:
        """Number of servers n [1].
        """
    @property
    def stable(self) -> bool:
        """Whether the servers together can do the work, were none to fail. If not, times are those of the time simulated.
        """
    @property
    def arrival_rate(self) -> Estimate:
        """Requests that came, per second λ [1/s].
        """
    @property
    def throughput(self) -> Estimate:
        """Requests that succeeded, per second [1/s].
        """
    @property
    def utilization(self) -> Estimate:
        """Share of the servers' time in which they work [1].
        """
    @property
    def mean_wait(self) -> Estimate:
        """Mean time in queue of the attempt that succeeded [s].
        """
    @property
    def mean_sojourn(self) -> Estimate:
        """Mean time from the first attempt to success [s].
        """
    @property
    def probability_idle(self) -> Estimate:
        """Probability that the attempt that succeeded found its server idle [1].
        """
    def wait_cdf(self, time: float) -> Estimate:
        """Probability of a wait of at most `time` [1]; t [s], >= 0.
        """
    def wait_quantile(self, probability: float) -> Estimate:
        """Wait that a fraction `probability` does not exceed [s]; p [1], in [0, 1].
        """
    def sojourn_cdf(self, time: float) -> Estimate:
        """Probability of a sojourn of at most `time` [1]; t [s], >= 0.
        """
    def sojourn_quantile(self, probability: float) -> Estimate:
        """Sojourn that a fraction `probability` does not exceed [s]; p [1], in [0, 1].
        """
    @property
    def probability_failed(self) -> Estimate:
        """Share of the requests that failed for good [1].
        """
    @property
    def retries(self) -> Estimate:
        """Retries for each request [1].
        """
    @property
    def mean_load(self) -> Estimate:
        """Mean number of requests at a server [1].
        """
    def load_tail(self, load: float) -> Estimate:
        """Fraction of the servers, over time, that hold at least `load` requests [1]; k [1], an integer >= 0.
        """
    @property
    def max_load(self) -> Estimate:
        """Most requests that any server held at a time [1].
        """
    @property
    def imbalance(self) -> Estimate:
        """Work of the busiest server over the mean of all [1], >= 1.
        """
    @property
    def server_utilization(self) -> list[Estimate]:
        """Utilization of each server [1].
        """
    @property
    def crash_rate(self) -> Estimate:
        """Breakdowns per second, of all servers together [1/s].
        """
    @property
    def availability(self) -> Estimate:
        """Mean share of servers that are up [1].
        """
    @property
    def removal_rate(self) -> Estimate:
        """Ejections and failed checks that took a server out of use, per second [1/s].
        """
    @staticmethod
    def from_bytes(bytes: bytes) -> FarmSimulation:
        """The simulation that wrote these bytes; throws MalformedBytes.

        Parameters
        ----------
        bytes
            what `to_bytes` gave

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

def simulate(interarrival: DistributionLike, service: DistributionLike, servers: float, balancer: AnyBalancer, *, speeds: ArrayLike = ..., dispatchers: float = ..., report_every: float = ..., report_delay: float = ..., time_to_failure: float = ..., time_to_repair: float = ..., crash_load: float = ..., refusal_time: float = ..., timeout: float = ..., retries: float = ..., pause: float = ..., retry_ratio: float = ..., check_every: float = ..., fall: float = ..., eject_after: float = ..., ejection_time: float = ..., ejected_share: float = ..., slow_start: float = ..., keys: float = ..., requests: float = ..., warmup: float = ..., replications: float = ..., seed: int = ..., threads: int = ..., confidence: float = ..., progress: Callable[[float], object] | None = ...) -> FarmSimulation:
    """Simulates servers that each serve in order of arrival, behind one or more balancers.

    The balancer is the class that a service embeds; each replication begins with a copy of it.

    Parameters
    ----------
    interarrival
        law of times between requests [s], on [0, ∞); its mean finite and > 0
    service
        law of the sizes of requests [s], on [0, ∞); its mean finite and > 0
    servers
        n [1], an integer in [1, 2^24]
    balancer
        who takes which, or a policy's name
    speeds
        Speed of each server [1], each finite and > 0; empty: all 1. A request of size s takes s / speed.
    dispatchers
        Balancers side by side, each with the requests that it placed; a request comes to any of them [1], an integer >= 1.
    report_every
        How often every server reports its load to all dispatchers [s], > 0; 0: at each change; infinity: never.
    report_delay
        How old a report is when it comes, and the answer to a probe [s], finite and >= 0.
    time_to_failure
        Mean time until a server fails, exponential [s], > 0; infinity: never.
    time_to_repair
        Mean time until a failed server is back, exponential, its queue empty [s], finite and > 0.
    crash_load
        Requests at which a server breaks down under its load [1], an integer >= 1, or infinity.
    refusal_time
        How long a failed server takes to refuse a request [s], finite and >= 0; 0 draws least connections in.
    timeout
        Time after which a request is given up; its server goes on with it [s], > 0.
    retries
        Further attempts of a request that failed [1], an integer in [0, 100].
    pause
        Longest pause before the first retry, doubled each time, scattered from 0 [s], finite and > 0.
    retry_ratio
        Retries for each request in the long run (policies::RetryBudget) [1], >= 0; infinity: no limit.
    check_every
        How often each server is checked; ill ones are out of use [s], > 0.
    fall
        Checks in a row that make an ill server well, two, and a well one ill, `fall` [1], an integer >= 1.
    eject_after
        Failures in a row that eject a server [1], an integer >= 1, or infinity.
    ejection_time
        Time of the first ejection, then multiples of it [s], finite and > 0.
    ejected_share
        Greatest share of servers ejected at a time [1], in [0, 1].
    slow_start
        Time in which a returning server's weight rises to its own, where the balancer has weights [s], finite and >= 0.
    keys
        Different keys that requests have, all equally often [1], an integer in [1, 2^53].
    requests
        Requests that count in each replication [1], an integer in [1, 2^53].
    warmup
        Requests of each replication before those that count [1], an integer >= 0.
    replications
        Number of replications [1], an integer in [1, 2^24].
    seed
        Seed; equal seeds bring equal requests to different balancers.
    threads
        Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
    confidence
        1 - α of the intervals [1], in (0, 1).
    progress
        Where to report, and whether to stop.

    Returns
    -------
    the estimates

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. Mitzenmacher 2001, The power of two choices in randomized load balancing; M. Mitzenmacher 2000, How useful is old information?
    """

def replay(arrival_times: ArrayLike, service_times: ArrayLike, servers: float, balancer: AnyBalancer, *, speeds: ArrayLike = ..., dispatchers: float = ..., report_every: float = ..., report_delay: float = ..., time_to_failure: float = ..., time_to_repair: float = ..., crash_load: float = ..., refusal_time: float = ..., timeout: float = ..., retries: float = ..., pause: float = ..., retry_ratio: float = ..., check_every: float = ..., fall: float = ..., eject_after: float = ..., ejection_time: float = ..., ejected_share: float = ..., slow_start: float = ..., keys: float = ..., requests: float = ..., warmup: float = ..., replications: float = ..., seed: int = ..., threads: int = ..., confidence: float = ..., progress: Callable[[float], object] | None = ...) -> FarmSimulation:
    """Replays a trace of requests through a farm, from empty to empty. One replication, nothing left out; what is drawn follows the seed.

    Parameters
    ----------
    arrival_times
        times of arrival [s], finite, none before the one in front of it; at least one
    service_times
        size of each [s], finite and >= 0
    servers
        n [1], an integer in [1, 2^24]
    balancer
        who takes which, or a policy's name
    speeds
        Speed of each server [1], each finite and > 0; empty: all 1. A request of size s takes s / speed.
    dispatchers
        Balancers side by side, each with the requests that it placed; a request comes to any of them [1], an integer >= 1.
    report_every
        How often every server reports its load to all dispatchers [s], > 0; 0: at each change; infinity: never.
    report_delay
        How old a report is when it comes, and the answer to a probe [s], finite and >= 0.
    time_to_failure
        Mean time until a server fails, exponential [s], > 0; infinity: never.
    time_to_repair
        Mean time until a failed server is back, exponential, its queue empty [s], finite and > 0.
    crash_load
        Requests at which a server breaks down under its load [1], an integer >= 1, or infinity.
    refusal_time
        How long a failed server takes to refuse a request [s], finite and >= 0; 0 draws least connections in.
    timeout
        Time after which a request is given up; its server goes on with it [s], > 0.
    retries
        Further attempts of a request that failed [1], an integer in [0, 100].
    pause
        Longest pause before the first retry, doubled each time, scattered from 0 [s], finite and > 0.
    retry_ratio
        Retries for each request in the long run (policies::RetryBudget) [1], >= 0; infinity: no limit.
    check_every
        How often each server is checked; ill ones are out of use [s], > 0.
    fall
        Checks in a row that make an ill server well, two, and a well one ill, `fall` [1], an integer >= 1.
    eject_after
        Failures in a row that eject a server [1], an integer >= 1, or infinity.
    ejection_time
        Time of the first ejection, then multiples of it [s], finite and > 0.
    ejected_share
        Greatest share of servers ejected at a time [1], in [0, 1].
    slow_start
        Time in which a returning server's weight rises to its own, where the balancer has weights [s], finite and >= 0.
    keys
        Different keys that requests have, all equally often [1], an integer in [1, 2^53].
    requests
        Requests that count in each replication [1], an integer in [1, 2^53].
    warmup
        Requests of each replication before those that count [1], an integer >= 0.
    replications
        Number of replications [1], an integer in [1, 2^24].
    seed
        Seed; equal seeds bring equal requests to different balancers.
    threads
        Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
    confidence
        1 - α of the intervals [1], in (0, 1).
    progress
        Where to report, and whether to stop.

    Returns
    -------
    values of this trace

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. Mitzenmacher 2001, The power of two choices in randomized load balancing
    """

class SizeIntervals(Record):
    """A farm in which each server takes the sizes of one interval (SITA).
    """
    def __new__(cls, cutoffs: NDArray[np.float64], shares: NDArray[np.float64], utilizations: NDArray[np.float64], waits: NDArray[np.float64], mean_wait: float, mean_sojourn: float, stable: bool) -> Self: ...
    @property
    def cutoffs(self) -> NDArray[np.float64]:
        """Largest size of each server but the last [s].
        """
    @property
    def shares(self) -> NDArray[np.float64]:
        """Share of the requests that each server takes [1].
        """
    @property
    def utilizations(self) -> NDArray[np.float64]:
        """Load of each server [1].
        """
    @property
    def waits(self) -> NDArray[np.float64]:
        """Mean wait at each server [s].
        """
    @property
    def mean_wait(self) -> float:
        """Mean wait of all requests [s]; infinite where a server that takes any is not stable.
        """
    @property
    def mean_sojourn(self) -> float:
        """Mean time in the farm [s].
        """
    @property
    def stable(self) -> bool:
        """Whether every server is stable.
        """

def size_intervals(arrival_rate: float, service: DistributionLike, cutoffs: ArrayLike) -> SizeIntervals:
    """Times in a farm of servers that each take the sizes up to their cutoff, in order of arrival.

    Poisson arrivals: each server is an M/G/1 queue with the law of the sizes given their interval.

    Parameters
    ----------
    arrival_rate
        λ of all requests [1/s], finite and > 0
    service
        law of the sizes [s], of values >= 0 with a finite mean > 0
    cutoffs
        largest size of each server but the last [s], each finite and > 0, not falling

    Returns
    -------
    loads and waits

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. Harchol-Balter, M. Crovella and C. Murta 1999, On choosing a task assignment policy for a distributed server system; M. Harchol-Balter 2013, Performance Modeling and Design of Computer Systems, section 24.4
    """

def size_interval_cutoffs(arrival_rate: float, service: DistributionLike, servers: float, objective: str = ...) -> SizeIntervals:
    """Where to cut: so that all servers have the same load, or so that the mean wait is least.

    The least is found by golden sections over one cutoff after the other, from equal loads on, until a round gains less
    than one part in 1e10; each cutoff's curve has one valley between its neighbours in every case tried, which is no
    proof.

    Parameters
    ----------
    arrival_rate
        λ of all requests [1/s], finite and > 0
    service
        law of the sizes [s], of values >= 0 with a finite mean > 0, without atoms where a cut is to lie
    servers
        n [1], an integer in [2, 1000]
    objective
        "equal_load" or "least_wait"

    Returns
    -------
    the farm with these cutoffs

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. Harchol-Balter, M. Crovella and C. Murta 1999, On choosing a task assignment policy for a distributed server system
    """
