# Made by scripts/apigen.py from the headers; change those instead.
# ruff: noqa
from collections.abc import Callable
from typing import Any, final, overload
import numpy as np
from numpy.typing import ArrayLike, NDArray
from qsm._core import Model
from qsm._core.core import Distribution
from qsm._estimate import Estimate

class StationSimulation:
    @property
    def servers(self) -> float: ...
    @property
    def capacity(self) -> float: ...
    @property
    def stable(self) -> bool: ...
    @property
    def warmup(self) -> float: ...
    @property
    def arrival_rate(self) -> Estimate: ...
    @property
    def service_rate(self) -> Estimate: ...
    @property
    def throughput(self) -> Estimate: ...
    @property
    def utilization(self) -> Estimate: ...
    @property
    def mean_wait(self) -> Estimate: ...
    @property
    def mean_sojourn(self) -> Estimate: ...
    @property
    def mean_queue_length(self) -> Estimate: ...
    @property
    def mean_number(self) -> Estimate: ...
    @property
    def probability_wait(self) -> Estimate: ...
    @property
    def probability_blocked(self) -> Estimate: ...
    @overload
    def wait_cdf(self, time: float) -> Estimate: ...
    @overload
    def wait_cdf(self, time: ArrayLike) -> NDArray[np.float64]: ...
    @overload
    def wait_quantile(self, probability: float) -> Estimate: ...
    @overload
    def wait_quantile(self, probability: ArrayLike) -> NDArray[np.float64]: ...
    @overload
    def sojourn_cdf(self, time: float) -> Estimate: ...
    @overload
    def sojourn_cdf(self, time: ArrayLike) -> NDArray[np.float64]: ...
    @overload
    def sojourn_quantile(self, probability: float) -> Estimate: ...
    @overload
    def sojourn_quantile(self, probability: ArrayLike) -> NDArray[np.float64]: ...

def simulate(
    interarrival: Distribution,
    service: Distribution,
    servers: float = ...,
    *,
    capacity: float = ...,
    customers: float = ...,
    replications: float = ...,
    warmup: float = ...,
    seed: int = ...,
    threads: int = ...,
    confidence: float = ...,
    control_variate: bool = ...,
    progress: Callable[[float], object] | None = ...,
) -> StationSimulation: ...
def replay(
    arrival_times: ArrayLike, service_times: ArrayLike, servers: float, *, capacity: float = ...
) -> StationSimulation: ...
def servers_for_wait_in_replay(
    arrival_times: ArrayLike, service_times: ArrayLike, wait: float, probability: float
) -> int: ...
def servers_for_wait_in_simulation(
    interarrival: Distribution,
    service: Distribution,
    wait: float,
    probability: float,
    *,
    customers: float = ...,
    replications: float = ...,
    warmup: float = ...,
    seed: int = ...,
    threads: int = ...,
    confidence: float = ...,
    progress: Callable[[float], object] | None = ...,
) -> tuple[int, Estimate]: ...
def compare(
    interarrival: object,
    service: object,
    servers: float,
    trace: bool,
    customers: float,
    replications: float,
    warmup: float,
    seed: int,
    threads: int,
    confidence: float,
    progress: Callable[[float], object] | None,
) -> list[tuple[str, float, Estimate, float | None]]: ...

@overload
def erlang_b(servers: float, offered_load: float) -> float: ...
@overload
def erlang_b(servers: ArrayLike, offered_load: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Probability that an arrival is lost when there is no waiting room: Erlang's loss formula.

    B(c, a) = (a^c / c!) / Σ a^k / k!, k = 0..c. Up to 100 servers by the recurrence over servers; beyond, by Temme's
    uniform expansion of the incomplete gamma function near a = c and by short series elsewhere, so that the time
    does not grow with the number of servers.

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
