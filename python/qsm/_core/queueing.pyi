# Made by scripts/apigen.py from the headers; change those instead.
# ruff: noqa
from collections.abc import Callable
from typing import Any, Self, final, overload
import numpy as np
from numpy.typing import ArrayLike, NDArray
from qsm._core import Model
from qsm._estimate import Estimate
from qsm._law import DistributionLike
from qsm._record import Record

def compare_laws(interarrival: DistributionLike, service: DistributionLike, servers: float = ..., *, customers: float = ..., replications: float = ..., warmup: float = ..., seed: int = ..., threads: int = ..., confidence: float = ..., sojourns: bool = ..., control_variate: bool = ..., progress: Callable[[float], object] | None = ...) -> list[Comparison]:
    """Compares M/M/c by formula with G/G/c by simulation.

    What separates them is the shape of the two laws alone: rates and servers are the same.

    Parameters
    ----------
    interarrival
        law of times between arrivals [s], on [0, ∞); its mean finite and > 0
    service
        law of service times [s], on [0, ∞); its mean finite and > 0
    servers
        c [1], an integer in [1, 2^24]
    customers
        Customers whose waits count in each replication [1], an integer in [1, 2^53].
    replications
        Number of replications [1], an integer in [1, 2^24].
    warmup
        Customers of each replication before those that count [1], an integer >= 0; -1 finds a warm-up by MSER.
    seed
        Seed; equal seeds give equal customers to different stations.
    threads
        Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
    confidence
        1 - α of the intervals [1], in (0, 1).
    sojourns
        Whether to record the distribution of sojourns, which costs some nanoseconds per customer.
    control_variate
        Whether to sharpen means and probabilities by a twin station M/M/c/K with exponential laws of the same means, driven by the same random numbers, whose own means are known; needs three replications. Quantiles and distributions stay as they are. The variance of the mean wait fell by 14 for M/E2/4, 13 for lognormal service with c² = 1, 6 for hyperexponential with c² = 2, 2 with c² = 4, and 1.4 for constant service, at utilization 0.7; two to four times the work.
    progress
        Where to report, and whether to stop.

    Returns
    -------
    one row per quantity

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, section 3.5; Kiefer and Wolfowitz 1955
    """

def compare_trace(arrival_times: ArrayLike, service_times: ArrayLike, servers: float = ..., *, customers: float = ..., replications: float = ..., warmup: float = ..., seed: int = ..., threads: int = ..., confidence: float = ..., sojourns: bool = ..., control_variate: bool = ..., progress: Callable[[float], object] | None = ...) -> list[Comparison]:
    """Compares three ways: M/M/c at the trace's mean rates, G/G/c with independent draws from the trace's own gaps and service times, and the trace replayed.

    Model and simulation differ by the shape of the laws; simulation and trace by their order in time: swings of the
    rate, and whatever else is not independent.

    Parameters
    ----------
    arrival_times
        times of arrival [s], finite, none before the one in front of it; at least two
    service_times
        service time of each [s], finite and >= 0
    servers
        c [1], an integer in [1, 2^24]
    customers
        Customers whose waits count in each replication [1], an integer in [1, 2^53].
    replications
        Number of replications [1], an integer in [1, 2^24].
    warmup
        Customers of each replication before those that count [1], an integer >= 0; -1 finds a warm-up by MSER.
    seed
        Seed; equal seeds give equal customers to different stations.
    threads
        Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
    confidence
        1 - α of the intervals [1], in (0, 1).
    sojourns
        Whether to record the distribution of sojourns, which costs some nanoseconds per customer.
    control_variate
        Whether to sharpen means and probabilities by a twin station M/M/c/K with exponential laws of the same means, driven by the same random numbers, whose own means are known; needs three replications. Quantiles and distributions stay as they are. The variance of the mean wait fell by 14 for M/E2/4, 13 for lognormal service with c² = 1, 6 for hyperexponential with c² = 2, 2 with c² = 4, and 1.4 for constant service, at utilization 0.7; two to four times the work.
    progress
        Where to report, and whether to stop.

    Returns
    -------
    one row per quantity

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, section 3.5; Kiefer and Wolfowitz 1955
    """

class Comparison(Record):
    """One quantity three ways. Where they disagree, an assumption is at work.
    """
    def __new__(cls, quantity: str, model: float, simulation: Estimate, trace: float | None) -> Self: ...
    @property
    def quantity(self) -> str:
        """Name of the quantity, as the models and simulations call it: "mean_wait", "wait_quantile(0.99)".
        """
    @property
    def model(self) -> float:
        """M/M/c with the same arrival rate and mean service time [unit of the quantity].
        """
    @property
    def simulation(self) -> Estimate:
        """G/G/c with independent draws from the laws [unit of the quantity].
        """
    @property
    def trace(self) -> float | None:
        """The trace itself [unit of the quantity]; absent where there is none.
        """

@overload
def erlang_b(servers: float, offered_load: float) -> float: ...
@overload
def erlang_b(servers: ArrayLike, offered_load: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Probability that an arrival is lost when there is no waiting room: Erlang's loss formula.

    B(c, a) = (a^c / c!) / Σ a^k / k!, k = 0..c. Up to 100 servers by the recurrence over servers; beyond, by Temme's
    uniform expansion of the incomplete gamma function near a = c, by a short series below and by the last steps of the
    recurrence above, so that the time does not grow with the number of servers.

    Parameters
    ----------
    servers
        c [1], integer >= 0
    offered_load
        a = λ/μ [erlang], finite and >= 0

    Returns
    -------
    blocking probability B [1], in [0, 1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    A. K. Erlang 1917; D. L. Jagerman 1974, Bell System Technical Journal 53(3); N. M. Temme 1979, SIAM J. Math. Anal. 10(4); NIST DLMF 8.12
    """

@overload
def erlang_c(servers: float, offered_load: float) -> float: ...
@overload
def erlang_c(servers: ArrayLike, offered_load: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Probability that an arrival has to wait in M/M/c: Erlang's delay formula.

    C(c, a) = c B / (c - a (1 - B)) with B = erlang_b(c, a); 1 when a >= c, where the queue grows without bound.

    Parameters
    ----------
    servers
        c [1], integer >= 0
    offered_load
        a = λ/μ [erlang], finite and >= 0

    Returns
    -------
    probability of waiting C [1], in [0, 1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    A. K. Erlang 1917; L. Kleinrock 1975, Queueing Systems I, eq. 3.40
    """

@final
class MM1(Model):
    """One server, Poisson arrivals, exponential service, unlimited queue, first come first served (M/M/1).

    At λ >= μ the queue grows without bound: `stable` is false, times and lengths are infinite.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_rate
        μ [1/s], finite and > 0

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, section 3.2; M. Harchol-Balter 2013, Performance Modeling and Design of Computer Systems, chapter 13
    """

    @property
    def arrival_rate(self) -> Any: ...
    @property
    def service_rate(self) -> Any: ...
    @property
    def utilization(self) -> Any:
        """Offered load of the server, ρ = λ/μ [1].
        """
    @property
    def stable(self) -> Any:
        """Whether λ < μ, so that a steady state exists.
        """
    @property
    def mean_wait(self) -> Any:
        """Mean wait in the queue before service, E[W] = ρ / (μ - λ) [s].
        """
    @property
    def mean_sojourn(self) -> Any:
        """Mean time in the system, wait and service, E[T] = 1 / (μ - λ) [s].
        """
    @property
    def mean_queue_length(self) -> Any:
        """Mean number waiting, E[Q] = ρ² / (1 - ρ) [1].
        """
    @property
    def mean_number(self) -> Any:
        """Mean number in the system, E[N] = ρ / (1 - ρ) [1].
        """
    @property
    def probability_wait(self) -> Any:
        """Probability that an arrival has to wait, ρ [1]; 1 when unstable.
        """
    def wait_cdf(self, time: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Probability that the wait is at most `time`, P(W <= t) = 1 - ρ exp(-(μ - λ) t) [1].

        Parameters
        ----------
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def wait_quantile(self, probability: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Wait that a fraction p of the arrivals does not exceed, max(0, ln(ρ / (1 - p)) / (μ - λ)) [s].

        Parameters
        ----------
        probability
            p [1], in [0, 1]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def sojourn_cdf(self, time: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Probability that the time in the system is at most `time`, P(T <= t) = 1 - exp(-(μ - λ) t) [1].

        Parameters
        ----------
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def sojourn_quantile(self, probability: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Time in the system that a fraction p of the arrivals does not exceed, -ln(1 - p) / (μ - λ) [s].

        Parameters
        ----------
        probability
            p [1], in [0, 1]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

def mm1(arrival_rate: ArrayLike, service_rate: ArrayLike) -> MM1:
    """One server, Poisson arrivals, exponential service, unlimited queue, first come first served (M/M/1).

    At λ >= μ the queue grows without bound: `stable` is false, times and lengths are infinite.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_rate
        μ [1/s], finite and > 0

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, section 3.2; M. Harchol-Balter 2013, Performance Modeling and Design of Computer Systems, chapter 13
    """

@final
class MMC(Model):
    """c servers before one queue, Poisson arrivals, exponential service, first come first served (M/M/c, Erlang C).

    At λ >= cμ the queue grows without bound: `stable` is false, times and lengths are infinite.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    servers
        c [1], integer >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, section 3.5; D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.3
    """

    @property
    def arrival_rate(self) -> Any: ...
    @property
    def service_rate(self) -> Any: ...
    @property
    def servers(self) -> Any: ...
    @property
    def utilization(self) -> Any:
        """Offered load of one server, ρ = λ / (cμ) [1].
        """
    @property
    def stable(self) -> Any:
        """Whether λ < cμ, so that a steady state exists.
        """
    @property
    def mean_wait(self) -> Any:
        """Mean wait in the queue before service, E[W] = C / (cμ - λ) [s].
        """
    @property
    def mean_sojourn(self) -> Any:
        """Mean time in the system, wait and service, E[T] = E[W] + 1/μ [s].
        """
    @property
    def mean_queue_length(self) -> Any:
        """Mean number waiting, E[Q] = λ E[W] [1].
        """
    @property
    def mean_number(self) -> Any:
        """Mean number in the system, E[N] = E[Q] + λ/μ [1].
        """
    @property
    def probability_wait(self) -> Any:
        """Probability that an arrival has to wait, C(c, λ/μ) [1]; 1 when unstable.
        """
    def wait_cdf(self, time: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Probability that the wait is at most `time`, P(W <= t) = 1 - C exp(-(cμ - λ) t) [1].

        Parameters
        ----------
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def wait_quantile(self, probability: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Wait that a fraction p of the arrivals does not exceed, max(0, ln(C / (1 - p)) / (cμ - λ)) [s].

        Parameters
        ----------
        probability
            p [1], in [0, 1]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def sojourn_cdf(self, time: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Probability that the time in the system is at most `time`, P(T <= t) [1].

        Parameters
        ----------
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def sojourn_quantile(self, probability: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Time in the system that a fraction p of the arrivals does not exceed [s].

        Parameters
        ----------
        probability
            p [1], in [0, 1]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

def mmc(arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike) -> MMC:
    """c servers before one queue, Poisson arrivals, exponential service, first come first served (M/M/c, Erlang C).

    At λ >= cμ the queue grows without bound: `stable` is false, times and lengths are infinite.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    servers
        c [1], integer >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, section 3.5; D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.3
    """

@overload
def servers_for_wait(arrival_rate: float, service_rate: float, wait: float, probability: float) -> float: ...
@overload
def servers_for_wait(arrival_rate: ArrayLike, service_rate: ArrayLike, wait: ArrayLike, probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Fewest servers with P(W <= wait) >= probability in M/M/c.

    The wait falls with every server added, so the count is found by doubling and bisection.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    wait
        longest wait [s], finite and >= 0
    probability
        share of arrivals that waits no longer [1], in (0, 1)

    Returns
    -------
    servers [1], an integer >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, section 3.5
    """

@final
class MMCK(Model):
    """c servers and room for K customers in all, Poisson arrivals, exponential service, first come first served (M/M/c/K).

    Who finds K present is lost, so a steady state exists at any load. Waits and times are those of the admitted.
    K = c is Erlang's loss system.

    Parameters
    ----------
    arrival_rate
        λ [1/s], lost customers included, finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    servers
        c [1], integer >= 1
    capacity
        K [1], waiting and in service, integer >= c

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.5
    """

    @property
    def arrival_rate(self) -> Any: ...
    @property
    def service_rate(self) -> Any: ...
    @property
    def servers(self) -> Any: ...
    @property
    def capacity(self) -> Any: ...
    @property
    def utilization(self) -> Any:
        """Fraction of time that a server is busy, λ (1 - p_K) / (cμ) [1].
        """
    @property
    def stable(self) -> Any:
        """Always: what does not fit is lost.
        """
    @property
    def probability_blocked(self) -> Any:
        """Probability that an arrival is lost, p_K [1].
        """
    @property
    def throughput(self) -> Any:
        """Customers served per second, λ (1 - p_K) [1/s].
        """
    @property
    def probability_wait(self) -> Any:
        """Probability that an admitted customer has to wait [1].
        """
    @property
    def mean_wait(self) -> Any:
        """Mean wait of the admitted in the queue, E[W] = E[Q] / (λ (1 - p_K)) [s].
        """
    @property
    def mean_sojourn(self) -> Any:
        """Mean time of the admitted in the system, E[T] = E[W] + 1/μ [s].
        """
    @property
    def mean_queue_length(self) -> Any:
        """Mean number waiting, E[Q] [1].
        """
    @property
    def mean_number(self) -> Any:
        """Mean number in the system, E[N] = E[Q] + λ (1 - p_K) / μ [1].
        """

def mmck(arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike, capacity: ArrayLike) -> MMCK:
    """c servers and room for K customers in all, Poisson arrivals, exponential service, first come first served (M/M/c/K).

    Who finds K present is lost, so a steady state exists at any load. Waits and times are those of the admitted.
    K = c is Erlang's loss system.

    Parameters
    ----------
    arrival_rate
        λ [1/s], lost customers included, finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    servers
        c [1], integer >= 1
    capacity
        K [1], waiting and in service, integer >= c

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.5
    """

class StationSimulation:
    """A simulated or replayed G/G/c/K station: what the models compute, as estimates.

    From a simulation each value is the mean over replications with its t interval. From a replay each value is exact
    and its interval has no width: it says what this trace met, not what others will, for which the swings of a trace
    leave no honest interval. Waits and sojourns are those of the customers admitted. A value that shares what was
    recorded; read it from any thread.
    """
    @property
    def servers(self) -> float:
        """Number of servers c [1].
        """
    @property
    def capacity(self) -> float:
        """Largest number present K [1]; infinity where nothing limits it.
        """
    @property
    def stable(self) -> bool:
        """Whether a limit to all waits exists: offered load below servers, or a capacity. True of a replay.
        """
    @property
    def warmup(self) -> float:
        """Customers of each replication left out at the beginning [1].
        """
    @property
    def arrival_rate(self) -> Estimate:
        """Arrivals per second, those turned away included λ [1/s].
        """
    @property
    def service_rate(self) -> Estimate:
        """Reciprocal of the mean service time μ [1/s].
        """
    @property
    def throughput(self) -> Estimate:
        """Customers served per second [1/s].
        """
    @property
    def utilization(self) -> Estimate:
        """Fraction of time that a server is busy ρ [1].
        """
    @property
    def mean_wait(self) -> Estimate:
        """Mean wait in queue E[W] [s].
        """
    @property
    def mean_sojourn(self) -> Estimate:
        """Mean time in the station E[T] [s].
        """
    @property
    def mean_queue_length(self) -> Estimate:
        """Mean number waiting E[Q] [1].
        """
    @property
    def mean_number(self) -> Estimate:
        """Mean number waiting or in service E[N] [1].
        """
    @property
    def probability_wait(self) -> Estimate:
        """Probability of a wait above zero P(W > 0) [1].
        """
    @property
    def probability_blocked(self) -> Estimate:
        """Probability of being turned away [1].
        """
    @overload
    def wait_cdf(self, time: float) -> Estimate: ...
    @overload
    def wait_cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Probability of a wait of at most `time` P(W <= t) [1]; t [s], >= 0.
        """
    @overload
    def wait_quantile(self, probability: float) -> Estimate: ...
    @overload
    def wait_quantile(self, probability: ArrayLike) -> NDArray[np.float64]:
        """Wait that a fraction `probability` does not exceed [s]; p [1], in [0, 1].
        """
    @overload
    def sojourn_cdf(self, time: float) -> Estimate: ...
    @overload
    def sojourn_cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Probability of a sojourn of at most `time` P(T <= t) [1]; t [s], >= 0.
        """
    @overload
    def sojourn_quantile(self, probability: float) -> Estimate: ...
    @overload
    def sojourn_quantile(self, probability: ArrayLike) -> NDArray[np.float64]:
        """Sojourn that a fraction `probability` does not exceed [s]; p [1], in [0, 1].
        """
    @staticmethod
    def from_bytes(bytes: bytes) -> StationSimulation:
        """The simulation that gave these bytes; throws MalformedBytes.
        """

def simulate(interarrival: DistributionLike, service: DistributionLike, servers: float = ..., capacity: float = ..., *, customers: float = ..., replications: float = ..., warmup: float = ..., seed: int = ..., threads: int = ..., confidence: float = ..., sojourns: bool = ..., control_variate: bool = ..., progress: Callable[[float], object] | None = ...) -> StationSimulation:
    """Simulates a station of several servers in order of arrival (G/G/c/K), from independent draws of two laws.

    An offered load E[S]/E[A] that reaches the servers, with no limit to the capacity, is answered without simulation:
    infinite waits, `stable` false.

    Parameters
    ----------
    interarrival
        law of times between arrivals [s], on [0, ∞); its mean finite and > 0
    service
        law of service times [s], on [0, ∞)
    servers
        c [1], an integer in [1, 2^24]
    capacity
        K, most customers present [1], an integer >= servers, or infinity
    customers
        Customers whose waits count in each replication [1], an integer in [1, 2^53].
    replications
        Number of replications [1], an integer in [1, 2^24].
    warmup
        Customers of each replication before those that count [1], an integer >= 0; -1 finds a warm-up by MSER.
    seed
        Seed; equal seeds give equal customers to different stations.
    threads
        Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
    confidence
        1 - α of the intervals [1], in (0, 1).
    sojourns
        Whether to record the distribution of sojourns, which costs some nanoseconds per customer.
    control_variate
        Whether to sharpen means and probabilities by a twin station M/M/c/K with exponential laws of the same means, driven by the same random numbers, whose own means are known; needs three replications. Quantiles and distributions stay as they are. The variance of the mean wait fell by 14 for M/E2/4, 13 for lognormal service with c² = 1, 6 for hyperexponential with c² = 2, 2 with c² = 4, and 1.4 for constant service, at utilization 0.7; two to four times the work.
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
    Lindley 1952, The theory of queues with a single server; Kiefer and Wolfowitz 1955, On the theory of queues with many servers; Lavenberg and Welch 1981, A perspective on the use of control variables to increase the efficiency of Monte Carlo simulations; Rueschendorf 2009, On the distributional transform
    """

def replay(arrival_times: ArrayLike, service_times: ArrayLike, servers: float, capacity: float = ...) -> StationSimulation:
    """Replays a trace of arrivals through a station of several servers in order of arrival, from empty to empty.

    Rates and mean numbers are averages from the first arrival to the last departure, so that Little's law holds
    exactly.

    Parameters
    ----------
    arrival_times
        times of arrival [s], finite, none before the one in front of it; at least one
    service_times
        service time of each [s], finite and >= 0
    servers
        c [1], an integer in [1, 2^24]
    capacity
        K, most customers present [1], an integer >= servers, or infinity

    Returns
    -------
    exact values of this trace

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Kiefer and Wolfowitz 1955, On the theory of queues with many servers
    """

def servers_for_wait_in_replay(arrival_times: ArrayLike, service_times: ArrayLike, wait: float, probability: float) -> int:
    """Fewest servers with which a fraction of a trace's customers waits no longer than a limit.

    No customer of a trace waits longer for one more server, so that bisection finds it.

    Parameters
    ----------
    arrival_times
        times of arrival [s], finite, none before the one in front of it; at least one
    service_times
        service time of each [s], finite and >= 0
    wait
        longest wait [s], >= 0
    probability
        fraction of customers with at most that wait [1], in [0, 1]

    Returns
    -------
    c [1], an integer >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Kiefer and Wolfowitz 1955, On the theory of queues with many servers
    """

class ServersForWait(Record):
    """What `servers_for_wait_in_simulation` found.
    """
    def __new__(cls, servers: int, probability: Estimate) -> Self: ...
    @property
    def servers(self) -> int:
        """Fewest servers c [1], an integer.
        """
    @property
    def probability(self) -> Estimate:
        """P(W <= wait) with them [1]; an interval that spans the goal says that one server more or less is in doubt.
        """

def servers_for_wait_in_simulation(interarrival: DistributionLike, service: DistributionLike, wait: float, probability: float, *, customers: float = ..., replications: float = ..., warmup: float = ..., seed: int = ..., threads: int = ..., confidence: float = ..., sojourns: bool = ..., control_variate: bool = ..., progress: Callable[[float], object] | None = ...) -> ServersForWait:
    """Fewest servers with which a fraction of simulated customers waits no longer than a limit.

    Every number of servers is tried on the same customers (common random numbers).

    Parameters
    ----------
    interarrival
        law of times between arrivals [s], on [0, ∞); its mean finite and > 0
    service
        law of service times [s], on [0, ∞); its mean finite
    wait
        longest wait [s], >= 0
    probability
        fraction of customers with at most that wait [1], in [0, 1)
    customers
        Customers whose waits count in each replication [1], an integer in [1, 2^53].
    replications
        Number of replications [1], an integer in [1, 2^24].
    warmup
        Customers of each replication before those that count [1], an integer >= 0; -1 finds a warm-up by MSER.
    seed
        Seed; equal seeds give equal customers to different stations.
    threads
        Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
    confidence
        1 - α of the intervals [1], in (0, 1).
    sojourns
        Whether to record the distribution of sojourns, which costs some nanoseconds per customer.
    control_variate
        Whether to sharpen means and probabilities by a twin station M/M/c/K with exponential laws of the same means, driven by the same random numbers, whose own means are known; needs three replications. Quantiles and distributions stay as they are. The variance of the mean wait fell by 14 for M/E2/4, 13 for lognormal service with c² = 1, 6 for hyperexponential with c² = 2, 2 with c² = 4, and 1.4 for constant service, at utilization 0.7; two to four times the work.
    progress
        Where to report, and whether to stop.

    Returns
    -------
    c and the estimate of P(W <= wait) with c

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Kiefer and Wolfowitz 1955, On the theory of queues with many servers
    """
