# Made by scripts/apigen.py from the headers; change those instead.
# ruff: noqa
from collections.abc import Callable, Sequence
from typing import Any, Literal, Self, final, overload
import numpy as np
from numpy.typing import ArrayLike, NDArray
from qsm._core import Model
from qsm._core.core import Distribution
from qsm._estimate import Estimate
from qsm._law import DistributionLike
from qsm._record import Record

def closed_mva(
    demands: ArrayLike, population: ArrayLike, think_time: ArrayLike = ..., servers: ArrayLike = ...
) -> NetworkSolution: ...
def jackson(
    arrival_rates: ArrayLike, routing: ArrayLike, service_rates: ArrayLike, servers: ArrayLike = ...
) -> NetworkSolution: ...
def product_form_of(
    service_times: ArrayLike,
    arrival_rate: ArrayLike,
    population: ArrayLike,
    think_time: ArrayLike,
    servers: ArrayLike,
    visits: ArrayLike | None,
    rates: Sequence[ArrayLike] | None,
) -> ProductForm: ...

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
        Whether to sharpen means and probabilities by a twin station M/M/c/K with exponential laws of the same means, driven by the same random numbers, whose own means are known; needs three replications. Quantiles and distributions stay as they are. For M/G/1 at utilization 0.7 the squared half-width of the mean wait fell by 11 for Erlang service of two stages, 8 for lognormal with c² = 1, 6 for hyperexponential with c² = 2 and 1.4 for constant service, for 12, 2.6, 2 and 1.6 times the work: the twin asks each law twice for its tail, which is dear for gamma laws.
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
        Whether to sharpen means and probabilities by a twin station M/M/c/K with exponential laws of the same means, driven by the same random numbers, whose own means are known; needs three replications. Quantiles and distributions stay as they are. For M/G/1 at utilization 0.7 the squared half-width of the mean wait fell by 11 for Erlang service of two stages, 8 for lognormal with c² = 1, 6 for hyperexponential with c² = 2 and 1.4 for constant service, for 12, 2.6, 2 and 1.6 times the work: the twin asks each law twice for its tail, which is dear for gamma laws.
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

@final
class FixedBatch(Model):
    """One server that waits until exactly b customers are there and serves them together for α + βb; Poisson arrivals.

    The batches form the queue E_b/D/1, whose wait is that of M/D/b with the same arrivals and service time, so that it is
    exact. A customer waits for the batch to fill, for the batches before it, and for the service.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and > 0
    setup_time
        α [s], of any batch, finite and >= 0
    item_time
        β [s], of each customer in it, finite and > 0
    batch_size
        b [1], integer in [1, 1000000]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    C. D. Crommelin 1932, Post Office Electrical Engineers' Journal 25, for the equivalence; N. T. J. Bailey 1954, Journal of the Royal Statistical Society B 16
    """

    @property
    def arrival_rate(self) -> Any: ...
    @property
    def setup_time(self) -> Any: ...
    @property
    def item_time(self) -> Any: ...
    @property
    def batch_size(self) -> Any: ...
    @property
    def service_time(self) -> Any:
        """Time of one batch, α + βb [s].
        """
    @property
    def utilization(self) -> Any:
        """Fraction of time that the server is busy, λ (α + βb) / b [1].
        """
    @property
    def stable(self) -> Any:
        """Whether λ (α + βb) < b, so that a steady state exists.
        """
    @property
    def mean_fill(self) -> Any:
        """Mean wait until the batch is full, (b - 1) / (2λ) [s].
        """
    @property
    def mean_wait(self) -> Any:
        """Mean wait for the batch to fill and for the batches before it [s].
        """
    @property
    def mean_sojourn(self) -> Any:
        """Mean time in the system [s].
        """
    @property
    def mean_number(self) -> Any:
        """Mean number in the system, λ E[T] [1].
        """

def fixed_batch(arrival_rate: ArrayLike, setup_time: ArrayLike, item_time: ArrayLike, batch_size: ArrayLike) -> FixedBatch:
    """One server that waits until exactly b customers are there and serves them together for α + βb; Poisson arrivals.

    The batches form the queue E_b/D/1, whose wait is that of M/D/b with the same arrivals and service time, so that it is
    exact. A customer waits for the batch to fill, for the batches before it, and for the service.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and > 0
    setup_time
        α [s], of any batch, finite and >= 0
    item_time
        β [s], of each customer in it, finite and > 0
    batch_size
        b [1], integer in [1, 1000000]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    C. D. Crommelin 1932, Post Office Electrical Engineers' Journal 25, for the equivalence; N. T. J. Bailey 1954, Journal of the Royal Statistical Society B 16
    """

@final
class DynamicBatch(Model):
    """One server that takes at once all who wait, but at most B, for α + βb when they are b; Poisson arrivals.

    Dynamic batching: an idle server begins with the first arrival alone. Solved exactly as the Markov chain of the number
    left behind by a batch, cut where doubling the cut moves the mean by less than 1e-13 of it.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and > 0
    setup_time
        α [s], of any batch, finite and >= 0
    item_time
        β [s], of each customer in it, finite and > 0
    batch_size
        B [1], integer in [1, 1000]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. F. Neuts 1967, Annals of Mathematical Statistics 38(3); Y. Inoue 2021, Performance Evaluation 147, for servers of neural networks
    """

    @property
    def arrival_rate(self) -> Any: ...
    @property
    def setup_time(self) -> Any: ...
    @property
    def item_time(self) -> Any: ...
    @property
    def batch_size(self) -> Any: ...
    @property
    def stable(self) -> Any:
        """Whether λ (α + βB) < B, so that a steady state exists.
        """
    @property
    def utilization(self) -> Any:
        """Fraction of time that the server is busy [1]; 1 when unstable.
        """
    @property
    def mean_batch(self) -> Any:
        """Mean size of the batches [1]; B when unstable.
        """
    @property
    def mean_wait(self) -> Any:
        """Mean time until the batch begins [s].
        """
    @property
    def mean_sojourn(self) -> Any:
        """Mean time in the system [s].
        """
    @property
    def mean_number(self) -> Any:
        """Mean number in the system, λ E[T] [1].
        """

def dynamic_batch(arrival_rate: ArrayLike, setup_time: ArrayLike, item_time: ArrayLike, batch_size: ArrayLike) -> DynamicBatch:
    """One server that takes at once all who wait, but at most B, for α + βb when they are b; Poisson arrivals.

    Dynamic batching: an idle server begins with the first arrival alone. Solved exactly as the Markov chain of the number
    left behind by a batch, cut where doubling the cut moves the mean by less than 1e-13 of it.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and > 0
    setup_time
        α [s], of any batch, finite and >= 0
    item_time
        β [s], of each customer in it, finite and > 0
    batch_size
        B [1], integer in [1, 1000]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. F. Neuts 1967, Annals of Mathematical Statistics 38(3); Y. Inoue 2021, Performance Evaluation 147, for servers of neural networks
    """

@overload
def best_fixed_batch(arrival_rate: float, setup_time: float, item_time: float, largest: float) -> float: ...
@overload
def best_fixed_batch(arrival_rate: ArrayLike, setup_time: ArrayLike, item_time: ArrayLike, largest: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Size of fixed batches with the least mean time in the system.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and > 0
    setup_time
        α [s], of any batch, finite and >= 0
    item_time
        β [s], of each customer in it, finite and > 0
    largest
        largest size tried [1], integer in [1, 100000]

    Returns
    -------
    batch size [1], an integer >= 1, or infinity where none up to `largest` is stable

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    N. T. J. Bailey 1954, Journal of the Royal Statistical Society B 16
    """

class BlockedStations(Record):
    """What a visit to each station of a closed network with blocking is like.
    """
    def __new__(cls, throughput: NDArray[np.float64], response_time: NDArray[np.float64], mean_number: NDArray[np.float64]) -> Self: ...
    @property
    def throughput(self) -> NDArray[np.float64]:
        """Visits that each station ends [1/s].
        """
    @property
    def response_time(self) -> NDArray[np.float64]:
        """Mean time of a visit, blocking after service included [s].
        """
    @property
    def mean_number(self) -> NDArray[np.float64]:
        """Mean number at each station [1].
        """

def mva_with_blocking(service_times: ArrayLike, routing: ArrayLike, capacities: ArrayLike, population: float) -> BlockedStations:
    """Closed network of single servers with limited room, by mean values: who is served and finds the next station full stays and blocks its server.

    An approximation: where the mean number at a station would exceed its room, its service is added to the times of those
    who send there. Exact where nothing fills up. How far it is off elsewhere, a simulation of the
    same network (simulate_network) says.

    Parameters
    ----------
    service_times
        mean service times S [s], finite and > 0
    routing
        probability of going from the row's to the column's station P [1], rows sum to 1
    capacities
        room of each station, the one in service included [1], integers >= 1
    population
        customers N [1], an integer >= 1, less than the room of all

    Returns
    -------
    means by station

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    I. F. Akyildiz 1988, Mean value analysis for blocking queueing networks, IEEE Transactions on Software Engineering 14(4)
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
class ErlangA(Model):
    """c servers before one queue whose customers lose patience (M/M/c+M, Erlang A, Palm's model).

    Each customer is ready to wait for an exponential time with mean 1/θ and then leaves, so a steady state exists at
    any load. The wait of an arrival ends by service or by leaving. With the offered wait V, which an endlessly patient
    arrival would have, P(V > t) / P(V > 0) = P(s, x exp(-θt)) / P(s, x), where s = cμ/θ, x = λ/θ, and P is the
    regularised incomplete gamma function. Time grows with the number that waits, not with the servers.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    abandonment_rate
        θ [1/s], of one waiting customer, finite and > 0
    servers
        c [1], integer >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    C. Palm 1957; A. Mandelbaum, S. Zeltyn 2007, Service engineering in action: the Palm/Erlang-A queue; S. Zeltyn, A. Mandelbaum 2005, Queueing Systems 51, section 2
    """

    @property
    def arrival_rate(self) -> Any: ...
    @property
    def service_rate(self) -> Any: ...
    @property
    def abandonment_rate(self) -> Any: ...
    @property
    def servers(self) -> Any: ...
    @property
    def utilization(self) -> Any:
        """Fraction of time that a server is busy [1].
        """
    @property
    def stable(self) -> Any:
        """Always: impatience bounds the queue.
        """
    @property
    def probability_wait(self) -> Any:
        """Probability that an arrival does not find a free server [1].
        """
    @property
    def probability_abandon(self) -> Any:
        """Probability that an arrival leaves without service, θ E[Q] / λ [1].
        """
    @property
    def throughput(self) -> Any:
        """Customers served per second [1/s].
        """
    @property
    def mean_wait(self) -> Any:
        """Mean wait of all arrivals, until service or leaving, E[W] = E[Q] / λ [s].
        """
    @property
    def mean_wait_served(self) -> Any:
        """Mean wait of those who are served [s].
        """
    @property
    def mean_sojourn(self) -> Any:
        """Mean time of all arrivals in the system [s].
        """
    @property
    def mean_queue_length(self) -> Any:
        """Mean number waiting, E[Q] [1].
        """
    @property
    def mean_number(self) -> Any:
        """Mean number in the system, E[N] [1].
        """
    def probability_served_within(self, time: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Probability that an arrival is served after a wait of at most `time` [1].

        Parameters
        ----------
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def wait_cdf(self, time: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Probability that the wait, until service or leaving, is at most `time`, P(W <= t) [1].

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
        """Wait, until service or leaving, that a fraction p of the arrivals does not exceed [s].

        Parameters
        ----------
        probability
            p [1], in [0, 1]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def served_wait_cdf(self, time: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Probability that the wait is at most `time`, for those who are served [1].

        Parameters
        ----------
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def served_wait_quantile(self, probability: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Wait that a fraction p of those who are served does not exceed [s].

        Parameters
        ----------
        probability
            p [1], in [0, 1]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

def erlang_a(arrival_rate: ArrayLike, service_rate: ArrayLike, abandonment_rate: ArrayLike, servers: ArrayLike) -> ErlangA:
    """c servers before one queue whose customers lose patience (M/M/c+M, Erlang A, Palm's model).

    Each customer is ready to wait for an exponential time with mean 1/θ and then leaves, so a steady state exists at
    any load. The wait of an arrival ends by service or by leaving. With the offered wait V, which an endlessly patient
    arrival would have, P(V > t) / P(V > 0) = P(s, x exp(-θt)) / P(s, x), where s = cμ/θ, x = λ/θ, and P is the
    regularised incomplete gamma function. Time grows with the number that waits, not with the servers.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    abandonment_rate
        θ [1/s], of one waiting customer, finite and > 0
    servers
        c [1], integer >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    C. Palm 1957; A. Mandelbaum, S. Zeltyn 2007, Service engineering in action: the Palm/Erlang-A queue; S. Zeltyn, A. Mandelbaum 2005, Queueing Systems 51, section 2
    """

@overload
def servers_for_service(arrival_rate: float, service_rate: float, abandonment_rate: float, wait: float, probability: float) -> float: ...
@overload
def servers_for_service(arrival_rate: ArrayLike, service_rate: ArrayLike, abandonment_rate: ArrayLike, wait: ArrayLike, probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Fewest servers with P(served within `wait`) >= probability in M/M/c+M.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    abandonment_rate
        θ [1/s], of one waiting customer, finite and > 0
    wait
        longest wait [s], finite and >= 0
    probability
        share of arrivals that is served in time [1], in (0, 1)

    Returns
    -------
    servers [1], an integer >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    A. Mandelbaum, S. Zeltyn 2007, Service engineering in action: the Palm/Erlang-A queue
    """

@final
class Engset(Model):
    """N sources before c servers without waiting room (Engset): an idle source asks at rate α, a refused one stays idle.

    Parameters
    ----------
    request_rate
        α [1/s], of one idle source, finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    servers
        c [1], integer >= 1
    sources
        N [1], integer >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    T. O. Engset 1918; R. B. Cooper 1981, Introduction to Queueing Theory, section 3.8
    """

    @property
    def request_rate(self) -> Any: ...
    @property
    def service_rate(self) -> Any: ...
    @property
    def servers(self) -> Any: ...
    @property
    def sources(self) -> Any: ...
    @property
    def utilization(self) -> Any:
        """Fraction of time that a server is busy [1].
        """
    @property
    def stable(self) -> Any:
        """Always: what does not fit is lost.
        """
    @property
    def probability_blocked(self) -> Any:
        """Probability that a request is refused (call congestion) [1]: what N - 1 sources do to the servers.
        """
    @property
    def probability_full(self) -> Any:
        """Fraction of time that all servers are busy (time congestion) [1].
        """
    @property
    def throughput(self) -> Any:
        """Requests served per second, cμ times the utilization [1/s].
        """
    @property
    def mean_number(self) -> Any:
        """Mean number in service [1].
        """

def engset(request_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike, sources: ArrayLike) -> Engset:
    """N sources before c servers without waiting room (Engset): an idle source asks at rate α, a refused one stays idle.

    Parameters
    ----------
    request_rate
        α [1/s], of one idle source, finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    servers
        c [1], integer >= 1
    sources
        N [1], integer >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    T. O. Engset 1918; R. B. Cooper 1981, Introduction to Queueing Theory, section 3.8
    """

@final
class MMCFiniteSource(Model):
    """N sources before c servers with a queue (M/M/c//N, machine repair): an idle source asks after an exponential time.

    Machines that break at rate α and c repairers with rate μ, or N users with mean think time 1/α. A request sees the
    system as the N - 1 other sources leave it, by which the wait and its law are known.

    Parameters
    ----------
    request_rate
        α [1/s], of one idle source, finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    servers
        c [1], integer >= 1
    sources
        N [1], integer >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.8; K. C. Sevcik, I. Mitrani 1981, Journal of the ACM 28(2), for what a request sees
    """

    @property
    def request_rate(self) -> Any: ...
    @property
    def service_rate(self) -> Any: ...
    @property
    def servers(self) -> Any: ...
    @property
    def sources(self) -> Any: ...
    @property
    def utilization(self) -> Any:
        """Fraction of time that a server is busy, X / (cμ) [1].
        """
    @property
    def stable(self) -> Any:
        """Always: no more than N can be there.
        """
    @property
    def throughput(self) -> Any:
        """Requests served per second, X [1/s].
        """
    @property
    def probability_wait(self) -> Any:
        """Probability that a request has to wait [1].
        """
    @property
    def mean_wait(self) -> Any:
        """Mean wait of a request in the queue, E[W] [s].
        """
    @property
    def mean_sojourn(self) -> Any:
        """Mean time of a request in the system, E[T] = E[W] + 1/μ [s].
        """
    @property
    def mean_queue_length(self) -> Any:
        """Mean number waiting, E[Q] = X E[W] [1].
        """
    @property
    def mean_number(self) -> Any:
        """Mean number waiting and in service, E[N] [1].
        """
    @property
    def availability(self) -> Any:
        """Fraction of its time that a source is idle, that is a machine up [1].
        """
    def wait_cdf(self, time: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Probability that the wait is at most `time`, P(W <= t) [1].

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
        """Wait that a fraction p of the requests does not exceed [s].

        Parameters
        ----------
        probability
            p [1], in [0, 1]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

def mmc_finite_source(request_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike, sources: ArrayLike) -> MMCFiniteSource:
    """N sources before c servers with a queue (M/M/c//N, machine repair): an idle source asks after an exponential time.

    Machines that break at rate α and c repairers with rate μ, or N users with mean think time 1/α. A request sees the
    system as the N - 1 other sources leave it, by which the wait and its law are known.

    Parameters
    ----------
    request_rate
        α [1/s], of one idle source, finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    servers
        c [1], integer >= 1
    sources
        N [1], integer >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.8; K. C. Sevcik, I. Mitrani 1981, Journal of the ACM 28(2), for what a request sees
    """

@final
class ForkJoin(Model):
    """Each job splits into one part for each of n single-server queues and leaves when all its parts are served.

    Poisson arrivals, exponential service. The mean is exact for one and two branches; for more it is Nelson's and
    Tantawi's approximation, which simulations confirmed to within 5 % up to 32 branches.

    Parameters
    ----------
    arrival_rate
        λ [1/s], of jobs, finite and >= 0
    service_rate
        μ [1/s], of each branch, finite and > 0
    branches
        n [1], integer >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Flatto and S. Hahn 1984, Two parallel queues created by arrivals with two demands; R. Nelson and A. Tantawi 1988, Approximate analysis of fork/join synchronization in parallel queues
    """

    @property
    def arrival_rate(self) -> Any: ...
    @property
    def service_rate(self) -> Any: ...
    @property
    def branches(self) -> Any: ...
    @property
    def utilization(self) -> Any:
        """Fraction of time that a branch is busy, ρ = λ/μ [1].
        """
    @property
    def stable(self) -> Any:
        """Whether λ < μ.
        """
    @property
    def mean_sojourn(self) -> Any:
        """Mean time from arrival to the end of the last part, (Hₙ/H₂ + 4/11 (1 - Hₙ/H₂) ρ) (12 - ρ)/8 / (μ - λ) [s].
        """
    @property
    def mean_sojourn_low(self) -> Any:
        """Lower bound of it: the mean of two branches, and of n parts that never wait, Hₙ/μ [s].
        """
    @property
    def mean_sojourn_high(self) -> Any:
        """Upper bound of it: as if the branches were independent, Hₙ/(μ - λ) [s].
        """
    @property
    def mean_number(self) -> Any:
        """Mean number of unfinished jobs, λ E[T] [1].
        """

def fork_join(arrival_rate: ArrayLike, service_rate: ArrayLike, branches: ArrayLike) -> ForkJoin:
    """Each job splits into one part for each of n single-server queues and leaves when all its parts are served.

    Poisson arrivals, exponential service. The mean is exact for one and two branches; for more it is Nelson's and
    Tantawi's approximation, which simulations confirmed to within 5 % up to 32 branches.

    Parameters
    ----------
    arrival_rate
        λ [1/s], of jobs, finite and >= 0
    service_rate
        μ [1/s], of each branch, finite and > 0
    branches
        n [1], integer >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Flatto and S. Hahn 1984, Two parallel queues created by arrivals with two demands; R. Nelson and A. Tantawi 1988, Approximate analysis of fork/join synchronization in parallel queues
    """

@overload
def gg1_kingman(arrival_rate: float, arrival_scv: float, service_rate: float, service_scv: float) -> float: ...
@overload
def gg1_kingman(arrival_rate: ArrayLike, arrival_scv: ArrayLike, service_rate: ArrayLike, service_scv: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Upper bound of the mean wait in GI/G/1 by Kingman: λ (Var[A] + Var[S]) / (2 (1 - ρ)).

    Above the exact PH/PH/1 (c² of 0.5, 1, 2 and 4 on either side) by 43 to 368 % at a load of 0.5, 8 to 56 % at 0.8 and
    1.6 to 10 % at 0.95.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and > 0
    arrival_scv
        c_a² of the time between arrivals [1], finite and >= 0
    service_rate
        μ [1/s], finite and > 0
    service_scv
        c_s² of the service time [1], finite and >= 0

    Returns
    -------
    upper bound of E[W] [s]; infinity when unstable

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J. F. C. Kingman 1962, Journal of the Royal Statistical Society B 24(2)
    """

@overload
def gg1_marchal(arrival_rate: float, arrival_scv: float, service_rate: float, service_scv: float) -> float: ...
@overload
def gg1_marchal(arrival_rate: ArrayLike, arrival_scv: ArrayLike, service_rate: ArrayLike, service_scv: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Mean wait in GI/G/1 by Marchal: Kingman's bound scaled to be exact for M/G/1.

    Measured error against the exact PH/PH/1 (c² of 0.5, 1, 2 and 4 on either side): -10 to +59 % at a load of 0.5, -3 to
    +16 % at 0.8, -0.7 to +3.3 % at 0.95.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and > 0
    arrival_scv
        c_a² of the time between arrivals [1], finite and >= 0
    service_rate
        μ [1/s], finite and > 0
    service_scv
        c_s² of the service time [1], finite and >= 0

    Returns
    -------
    approximation of E[W] [s]; infinity when unstable

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    W. G. Marchal 1976, AIIE Transactions 8(4)
    """

@overload
def ggc_allen_cunneen(arrival_rate: float, arrival_scv: float, service_rate: float, service_scv: float, servers: float) -> float: ...
@overload
def ggc_allen_cunneen(arrival_rate: ArrayLike, arrival_scv: ArrayLike, service_rate: ArrayLike, service_scv: ArrayLike, servers: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Mean wait in GI/G/c by Allen and Cunneen: that of M/M/c times (c_a² + c_s²) / 2.

    Measured error: M/D/c -24 %, M/E2/c -9 %, M/H2/c +25 % (c² = 2) and +64 % (c² = 4) at worst, all with
    10 servers at a load of 0.5; within 2 % with 2 servers at 0.9 and more. Against the exact PH/PH/c (c² of 0.5, 1, 2 and
    4 on either side, 1 to 10 servers): -65 to +188 % at a load of 0.5, -27 to +33 % at 0.8, -7 to +6 % at 0.95.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and > 0
    arrival_scv
        c_a² of the time between arrivals [1], finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    service_scv
        c_s² of the service time [1], finite and >= 0
    servers
        c [1], integer >= 1

    Returns
    -------
    approximation of E[W] [s]; infinity when unstable

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    A. O. Allen 1990, Probability, Statistics and Queueing Theory, section 5.6
    """

@overload
def ggc_kraemer_langenbach_belz(arrival_rate: float, arrival_scv: float, service_rate: float, service_scv: float, servers: float) -> float: ...
@overload
def ggc_kraemer_langenbach_belz(arrival_rate: ArrayLike, arrival_scv: ArrayLike, service_rate: ArrayLike, service_scv: ArrayLike, servers: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Mean wait in GI/G/c by Allen and Cunneen with Kraemer and Langenbach-Belz's factor for arrivals that are not Poisson.

    The factor is exp(-2 (1 - ρ) (1 - c_a²)² / (3 ρ (c_a² + c_s²))) for c_a² < 1, else
    exp(-(1 - ρ) (c_a² - 1) / (c_a² + 4 c_s²)). Measured error for Poisson arrivals: that of ggc_allen_cunneen, since the
    factor is 1 there. Against the exact PH/PH/c (c² of 0.5, 1, 2 and 4 on either side, 1 to 10 servers): -73 to +178 % at
    a load of 0.5, -34 to +32 % at 0.8, -9 to +6 % at 0.95.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and > 0
    arrival_scv
        c_a² of the time between arrivals [1], finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    service_scv
        c_s² of the service time [1], finite and >= 0
    servers
        c [1], integer >= 1

    Returns
    -------
    approximation of E[W] [s]; infinity when unstable

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    W. Kraemer, M. Langenbach-Belz 1976, Proceedings of the 8th International Teletraffic Congress
    """

@overload
def ggc_whitt(arrival_rate: float, arrival_scv: float, service_rate: float, service_scv: float, servers: float) -> float: ...
@overload
def ggc_whitt(arrival_rate: ArrayLike, arrival_scv: ArrayLike, service_rate: ArrayLike, service_scv: ArrayLike, servers: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Mean wait in GI/G/c by Whitt, with corrections for the number of servers.

    Measured error: M/D/c -5.6 %, M/E2/c +4.6 %, M/H2/c -4.6 % (c² = 2) and +15.5 % (c² = 4) at worst. Against the exact
    PH/PH/c (c² of 0.5, 1, 2 and 4 on either side, 1 to 10 servers): -57 to +83 % at a load of 0.5, -22 to +12 % at 0.8,
    -5.3 to +2 % at 0.95.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and > 0
    arrival_scv
        c_a² of the time between arrivals [1], finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    service_scv
        c_s² of the service time [1], finite and >= 0
    servers
        c [1], integer >= 1

    Returns
    -------
    approximation of E[W] [s]; infinity when unstable

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    W. Whitt 1993, Production and Operations Management 2(2), eqs. 2.17 to 2.25
    """

@overload
def mgc_cosmetatos(arrival_rate: float, service_rate: float, service_scv: float, servers: float) -> float: ...
@overload
def mgc_cosmetatos(arrival_rate: ArrayLike, service_rate: ArrayLike, service_scv: ArrayLike, servers: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Mean wait in M/G/c by Cosmetatos: c_s² times that of M/M/c plus (1 - c_s²) times his approximation of M/D/c.

    Measured error: M/D/c -0.95 %, M/E2/c -0.72 % at worst.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and > 0
    service_rate
        μ [1/s], of one server, finite and > 0
    service_scv
        c_s² of the service time [1], in [0, 1]
    servers
        c [1], integer >= 1

    Returns
    -------
    approximation of E[W] [s]; infinity when unstable

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    G. P. Cosmetatos 1976, Operational Research Quarterly 27(3)
    """

@overload
def mgc_kimura(arrival_rate: float, service_rate: float, service_scv: float, servers: float) -> float: ...
@overload
def mgc_kimura(arrival_rate: ArrayLike, service_rate: ArrayLike, service_scv: ArrayLike, servers: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Mean wait in M/G/c by Kimura, between the exact waits of M/D/c and M/M/c.

    (1 + c_s²) / ((1 - c_s²) / E[W of M/D/c] + 2 c_s² / E[W of M/M/c]) up to c_s² = 1; beyond it the two are mixed
    linearly, c_s² times M/M/c minus (c_s² - 1) times M/D/c. Measured error: M/E2/c +3.2 %, M/H2/c +11.7 % (c² = 2) and +33 % (c² = 4) at
    worst.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and > 0
    service_rate
        μ [1/s], of one server, finite and > 0
    service_scv
        c_s² of the service time [1], finite and >= 0
    servers
        c [1], integer in [1, 1000000]

    Returns
    -------
    approximation of E[W] [s]; infinity when unstable

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    T. Kimura 1986, Operations Research 34(5); O. J. Boxma and others 1979, Philips Research Reports 34
    """

def ggc(arrival_rate: float, arrival_scv: float, service_rate: float, service_scv: float, servers: float, method: Literal["whitt", "allen_cunneen", "kraemer_langenbach_belz", "kimura", "cosmetatos", "marchal", "kingman"] = ...) -> StationMeans:
    """Mean values of GI/G/c by an approximation of the mean wait.

    Measured errors stand at each method's own function.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and > 0
    arrival_scv
        c_a² of the time between arrivals [1], finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    service_scv
        c_s² of the service time [1], finite and >= 0
    servers
        c [1], integer >= 1
    method
        the approximation

    Returns
    -------
    the means, approximate but for the load

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    W. Whitt 1993, Approximations for the GI/G/m queue; for the other methods see their functions
    """

class MarkovianArrivals:
    """Markovian arrival process (MAP): a Markov chain some of whose transitions are arrivals; made by markovian_arrivals() and its relatives. As the service of a busy server its events are departures.
    """
    @property
    def hidden(self) -> NDArray[np.float64]:
        """Transitions without an arrival D₀ [1/s].
        """
    @property
    def arriving(self) -> NDArray[np.float64]:
        """Transitions with an arrival D₁ [1/s].
        """
    @property
    def phases(self) -> NDArray[np.float64]:
        """Probabilities of the phases at any time π [1].
        """
    @property
    def rate(self) -> float:
        """Arrivals per second λ = π D₁ 1 [1/s].
        """
    @property
    def dispersion(self) -> float:
        """Variance over mean of the number of arrivals in a long time [1]; 1 for a Poisson process.
        """
    def interarrival(self) -> Distribution:
        """Law of the time between two arrivals.
        """
    def correlation(self, lag: int = ...) -> float:
        """Correlation of times between arrivals that are `lag` apart [1].

        Parameters
        ----------
        lag
            how far apart [1], integer >= 1

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

def markovian_arrivals(hidden: ArrayLike, arriving: ArrayLike) -> MarkovianArrivals:
    """Markovian arrival process from its two matrices.

    Parameters
    ----------
    hidden
        transitions without an arrival D₀ [1/s], off the diagonal >= 0
    arriving
        transitions with an arrival D₁ [1/s], >= 0, not all 0; rows of D₀ + D₁ sum to 0, every phase is reached from every other one that it reaches

    Returns
    -------
    the process

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    D. Lucantoni, K. Meier-Hellstern, M. Neuts 1990, A single-server queue with server vacations and a class of non-renewal arrival processes
    """

def poisson_arrivals(rate: float) -> MarkovianArrivals:
    """Poisson process.

    Parameters
    ----------
    rate
        λ [1/s], finite and > 0

    Returns
    -------
    the process

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, section 2.4
    """

def renewal_arrivals(interarrival: DistributionLike) -> MarkovianArrivals:
    """Renewal process: independent times between arrivals.

    Parameters
    ----------
    interarrival
        law of these times, of phase type as in as_phase_type()

    Returns
    -------
    the process

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. Neuts 1979, A versatile Markovian point process
    """

def modulated_arrivals(generator: ArrayLike, rates: ArrayLike) -> MarkovianArrivals:
    """Markov-modulated Poisson process: the rate of a Poisson process changes with a Markov chain.

    Parameters
    ----------
    generator
        of the chain Q [1/s], off the diagonal >= 0, rows sum to 0
    rates
        of arrivals in each phase [1/s], finite and >= 0, not all 0

    Returns
    -------
    the process

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    W. Fischer and K. Meier-Hellstern 1993, The Markov-modulated Poisson process (MMPP) cookbook
    """

def arrivals_by_moments(mean: float, scv: float, correlation: float) -> MarkovianArrivals:
    """Process with this mean, variability and correlation of the times between arrivals.

    For c² > 1 and correlations in [0, (1 - 1/c²)/2) the times are hyperexponential with balanced means; after each arrival
    the phase is kept with probability γ, and drawn anew otherwise: the correlation at lag k is γᵏ (c² - 1)/(2c²). Beyond,
    the times are of two kinds, equally frequent, of means (1 ± d) times the mean and each of phase type with as few phases
    as its variability takes; the kind is kept with probability (1 + γ)/2, γ < 0 where long and short ones alternate: the
    correlation at lag k is γᵏ d²/c².

    Parameters
    ----------
    mean
        time between arrivals [s], finite and > 0
    scv
        its squared coefficient of variation c² [1], in [0.001, 1e12]
    correlation
        of one time and the next ρ [1], |ρ| < min(1, 1/c²), or in [0, (1 - 1/c²)/2)

    Returns
    -------
    the process

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    A. Heindl 2004, Inverse characterization of hyperexponential MAP(2)s
    """

def mmap_ph_1(hidden: ArrayLike, arriving: Sequence[ArrayLike], services: Sequence[DistributionLike], discipline: Literal["fcfs", "ps", "priority", "preemptive_priority"] = ...) -> ClassMeans:
    """Mean values of each class at one server with marked Markovian arrivals and phase-type services (MMAP[K]/PH[K]/1).

    The first class is the highest. The classes may come in bursts and follow each other in any way that one Markov chain
    can express. What a customer finds is a fluid queue of work; how long it takes to drain while higher classes keep
    coming follows from the same fluid's returns. A class that the higher ones leave no time for waits for ever: infinity.
    Means alone: of the times of several classes only transforms are published; of one class map_ph_c() gives the laws.

    Parameters
    ----------
    hidden
        transitions without an arrival D₀ [1/s], off the diagonal >= 0
    arriving
        transitions with an arrival of each class D₁, D₂, ... [1/s], >= 0, none all 0; rows of all matrices together sum to 0, every phase is reached from every other
    services
        laws of the service time of each class, of phase type as in as_phase_type(), as many as classes
    discipline
        fcfs, priority or preemptive_priority

    Returns
    -------
    the means, in the order of the classes

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    G. Horváth 2015, Efficient analysis of the MMAP[K]/PH[K]/1 priority queue, European Journal of Operational Research 246(1)
    """

class MarkovianQueue:
    """Steady state of a queue with Markovian arrivals, first come first served; made by map_ph_c(), ph_ph_c() and map_map_1().

    Distributions of wait and time in the system are of phase type, so that quantiles and small tails are exact.
    """
    @property
    def servers(self) -> float:
        """Servers c [1].
        """
    @property
    def arrival_rate(self) -> float:
        """Arrivals per second λ [1/s].
        """
    @property
    def utilization(self) -> float:
        """Fraction of time that a server is busy, λ E[S] / c [1].
        """
    @property
    def stable(self) -> bool:
        """Whether the utilization is below 1.
        """
    @property
    def mean_wait(self) -> float:
        """Mean wait in the queue before service E[W] [s].
        """
    @property
    def mean_sojourn(self) -> float:
        """Mean time in the system E[T] [s].
        """
    @property
    def mean_queue_length(self) -> float:
        """Mean number waiting, λ E[W] [1].
        """
    @property
    def mean_number(self) -> float:
        """Mean number in the system, λ E[T] [1].
        """
    @property
    def probability_wait(self) -> float:
        """Probability that an arrival has to wait [1].
        """
    @property
    def wait_of_waiting(self) -> Distribution | None:
        """Law of the wait of those who wait; none when unstable.
        """
    @property
    def sojourn(self) -> Distribution | None:
        """Law of the time in the system; none when unstable.
        """
    @overload
    def probability(self, number: float) -> float: ...
    @overload
    def probability(self, number: ArrayLike) -> NDArray[np.float64]:
        """P(n customers in the system) at any time [1].

        Parameters
        ----------
        number
            n [1], an integer >= 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def wait_cdf(self, time: float) -> float: ...
    @overload
    def wait_cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """P(W <= t) [1].

        Parameters
        ----------
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def wait_survival(self, time: float) -> float: ...
    @overload
    def wait_survival(self, time: ArrayLike) -> NDArray[np.float64]:
        """P(W > t) [1].

        Parameters
        ----------
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def wait_quantile(self, probability: float) -> float: ...
    @overload
    def wait_quantile(self, probability: ArrayLike) -> NDArray[np.float64]:
        """Wait that a fraction p of the arrivals does not exceed [s].

        Parameters
        ----------
        probability
            p [1], in [0, 1]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def sojourn_cdf(self, time: float) -> float: ...
    @overload
    def sojourn_cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """P(T <= t) [1].

        Parameters
        ----------
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def sojourn_quantile(self, probability: float) -> float: ...
    @overload
    def sojourn_quantile(self, probability: ArrayLike) -> NDArray[np.float64]:
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

def map_ph_c(arrivals: MarkovianArrivals, service: DistributionLike, servers: float = ...) -> MarkovianQueue:
    """Queue with Markovian arrivals and phase-type service at c servers (MAP/PH/c), exact.

    Servers are told apart by their phases only, so that the states at c servers with k phases are the
    binomial(c + k - 1, k - 1) ways to spread them.

    Parameters
    ----------
    arrivals
        the arrival process
    service
        law of a service, of phase type as in as_phase_type()
    servers
        c [1], an integer in [1, 100000]; at most 3000 states with all servers busy, 2.4 GB of matrices

    Returns
    -------
    the steady state

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. Neuts 1981, Matrix-Geometric Solutions in Stochastic Models, ch. 3 and 4; B. Sengupta 1989, Markov processes whose steady state distribution is matrix-exponential with an application to the GI/PH/1 queue
    """

def ph_ph_c(interarrival: DistributionLike, service: DistributionLike, servers: float = ...) -> MarkovianQueue:
    """Queue with independent phase-type times between arrivals and phase-type service at c servers (PH/PH/c), exact.

    Parameters
    ----------
    interarrival
        law of the times between arrivals, of phase type as in as_phase_type()
    service
        law of a service, of phase type
    servers
        c [1], an integer in [1, 100000]; at most 3000 states with all servers busy, 2.4 GB of matrices

    Returns
    -------
    the steady state

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. Neuts 1981, Matrix-Geometric Solutions in Stochastic Models, ch. 4
    """

def map_map_1(arrivals: MarkovianArrivals, services: MarkovianArrivals) -> MarkovianQueue:
    """Single server with Markovian arrivals and correlated services (MAP/MAP/1), exact.

    Parameters
    ----------
    arrivals
        the arrival process
    services
        departures of a server that is never idle; its phase stands still while it is

    Returns
    -------
    the steady state

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    G. Horváth, B. Van Houdt, M. Telek 2014, Commuting matrices in the queue length and sojourn time analysis of MAP/MAP/1 queues
    """

@final
class MDC(Model):
    """c servers before one queue, Poisson arrivals, constant service, first come first served (M/D/c), exact.

    Counted at instants one service time apart the queue is a random walk with Poisson steps, kept from falling below
    zero. With a = λs and N_l Poisson of mean la, Spitzer's identity gives ln P(W = 0) = -Σ P(N_l >= lc) / l and
    λ E[W] = Σ E[(N_l - lc)^+] / l, l = 1, 2, ...: positive terms, so that nothing cancels from light load to saturation;
    beyond l = 128 the sums go on as integrals with Euler and Maclaurin's correction. The number waiting follows from
    the same identity, and the law of the wait is Franx's sum over it. At λs >= c the queue grows without bound:
    `stable` is false, times and lengths are infinite.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_time
        s [s], finite and > 0
    servers
        c [1], integer in [1, 1000000]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    F. Spitzer 1956, Transactions of the AMS 82; C. D. Crommelin 1932, Post Office Electrical Engineers' Journal 25; G. J. Franx 2001, Operations Research Letters 29(5)
    """

    @property
    def arrival_rate(self) -> Any: ...
    @property
    def service_time(self) -> Any: ...
    @property
    def servers(self) -> Any: ...
    @property
    def utilization(self) -> Any:
        """Offered load of one server, ρ = λs / c [1].
        """
    @property
    def stable(self) -> Any:
        """Whether λs < c, so that a steady state exists.
        """
    @property
    def mean_wait(self) -> Any:
        """Mean wait in the queue before service, E[W] [s].
        """
    @property
    def mean_sojourn(self) -> Any:
        """Mean time in the system, E[T] = E[W] + s [s].
        """
    @property
    def mean_queue_length(self) -> Any:
        """Mean number waiting, E[Q] = λ E[W] [1].
        """
    @property
    def mean_number(self) -> Any:
        """Mean number in the system, E[N] = E[Q] + λs [1].
        """
    @property
    def probability_wait(self) -> Any:
        """Probability that an arrival has to wait [1]; 1 when unstable.
        """
    def wait_cdf(self, time: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Probability that the wait is at most `time`, P(W <= t) [1].

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
        """Wait that a fraction p of the arrivals does not exceed [s].

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
        """Probability that the time in the system is at most `time`, P(W <= t - s) [1].

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

def mdc(arrival_rate: ArrayLike, service_time: ArrayLike, servers: ArrayLike) -> MDC:
    """c servers before one queue, Poisson arrivals, constant service, first come first served (M/D/c), exact.

    Counted at instants one service time apart the queue is a random walk with Poisson steps, kept from falling below
    zero. With a = λs and N_l Poisson of mean la, Spitzer's identity gives ln P(W = 0) = -Σ P(N_l >= lc) / l and
    λ E[W] = Σ E[(N_l - lc)^+] / l, l = 1, 2, ...: positive terms, so that nothing cancels from light load to saturation;
    beyond l = 128 the sums go on as integrals with Euler and Maclaurin's correction. The number waiting follows from
    the same identity, and the law of the wait is Franx's sum over it. At λs >= c the queue grows without bound:
    `stable` is false, times and lengths are infinite.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_time
        s [s], finite and > 0
    servers
        c [1], integer in [1, 1000000]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    F. Spitzer 1956, Transactions of the AMS 82; C. D. Crommelin 1932, Post Office Electrical Engineers' Journal 25; G. J. Franx 2001, Operations Research Letters 29(5)
    """

class MG1:
    """One server, Poisson arrivals, service times of any law (M/G/1), under one of these disciplines.

    "fcfs", "lcfs" and "random" serve to the end whom they begin, in the order of arrival, the reverse, or any order.
    "ps" shares the server equally; "lcfs_preemptive" always serves the newest. By size: "sjf" takes the shortest job and
    finishes it, "psjf" interrupts for a shorter one, "srpt" serves the least remaining time, "fb" the least served so
    far, "lrpt" the most remaining; "gittins" has the least mean time of all that do not know the sizes. Means come from integrals over the survival function of the service alone, without
    densities, so that atoms and gaps do no harm; ties of size are served in the order of arrival. At λ E[S] >= 1 the
    queue grows without bound: `stable` is false, times and lengths are infinite.
    """
    @property
    def arrival_rate(self) -> float:
        """Arrival rate λ [1/s].
        """
    @property
    def discipline(self) -> str:
        """The discipline's name.
        """
    @property
    def utilization(self) -> float:
        """Offered load ρ = λ E[S] [1].
        """
    @property
    def stable(self) -> bool:
        """Whether λ E[S] < 1, so that a steady state exists.
        """
    @property
    def mean_wait(self) -> float:
        """Mean time in the system beyond the service time itself, E[T] - E[S] [s].
        """
    @property
    def mean_sojourn(self) -> float:
        """Mean time in the system, E[T] [s].
        """
    @property
    def mean_queue_length(self) -> float:
        """Mean number in the system beyond those served at full speed, λ (E[T] - E[S]) [1].
        """
    @property
    def mean_number(self) -> float:
        """Mean number in the system, E[N] = λ E[T] [1].
        """
    @property
    def wait_variance(self) -> float:
        """Variance of the wait under fcfs [s²]: λ E[S³] / (3 (1 - ρ)) + E[W]².
        """
    @overload
    def mean_sojourn_of_size(self, size: float) -> float: ...
    @overload
    def mean_sojourn_of_size(self, size: ArrayLike) -> NDArray[np.float64]:
        """Mean time in the system of a job of this size [s].

        Parameters
        ----------
        size
            x [s], service time that the job needs, finite and >= 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def wait_cdf(self, time: float) -> float: ...
    @overload
    def wait_cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Probability under fcfs that the wait is at most `time`, P(W <= t) [1].

        Exact to rounding for constant and phase-type services (exponential, hyperexponential, Erlang, Coxian); for others
        by Euler's inversion of the Pollaczek-Khinchine transform, with an absolute error of about 1e-9.

        Parameters
        ----------
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def wait_quantile(self, probability: float) -> float: ...
    @overload
    def wait_quantile(self, probability: ArrayLike) -> NDArray[np.float64]:
        """Wait under fcfs that a fraction p of the arrivals does not exceed [s], from `wait_cdf`.

        Parameters
        ----------
        probability
            p [1], in [0, 1]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def service(self) -> Distribution:
        """Law of the service time [s].
        """

def mg1(arrival_rate: float, service: DistributionLike, discipline: str = ...) -> MG1:
    """The M/G/1 queue with this arrival rate, service and discipline.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service
        law of the service time [s], of values >= 0 with a finite mean > 0
    discipline
        one of "fcfs", "lcfs", "random", "ps", "lcfs_preemptive", "sjf", "psjf", "srpt", "fb", "lrpt", "gittins"

    Returns
    -------
    the queue

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, chapter 5; M. Harchol-Balter 2013, Performance Modeling and Design of Computer Systems, chapters 23 and 28 to 33; L. E. Schrage, L. W. Miller 1966, Operations Research 14(4); J. Abate, W. Whitt 1995, ORSA Journal on Computing 7(1); of gittins, see gittins_rank()
    """

class GIM1:
    """One server, interarrival times of any law, exponential service, first come first served (GI/M/1).

    An arrival waits with probability σ, the root in (0, 1) of σ = E[exp(-μ (1 - σ) A)]; then for an exponential time with
    rate μ (1 - σ). Where the law of A offers its Laplace transform in closed form, the root is exact to rounding.
    """
    @property
    def utilization(self) -> float:
        """Offered load ρ = 1 / (μ E[A]) [1].
        """
    @property
    def stable(self) -> bool:
        """Whether ρ < 1, so that a steady state exists.
        """
    @property
    def probability_wait(self) -> float:
        """Probability that an arrival has to wait, σ [1]; 1 when unstable.
        """
    @property
    def mean_wait(self) -> float:
        """Mean wait in the queue before service, E[W] = σ / (μ (1 - σ)) [s].
        """
    @property
    def mean_sojourn(self) -> float:
        """Mean time in the system, E[T] = 1 / (μ (1 - σ)) [s].
        """
    @property
    def mean_queue_length(self) -> float:
        """Mean number waiting, E[W] / E[A] [1].
        """
    @property
    def mean_number(self) -> float:
        """Mean number in the system, E[T] / E[A] [1].
        """
    @overload
    def wait_cdf(self, time: float) -> float: ...
    @overload
    def wait_cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Probability that the wait is at most `time`, P(W <= t) = 1 - σ exp(-μ (1 - σ) t) [1].

        Parameters
        ----------
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def wait_quantile(self, probability: float) -> float: ...
    @overload
    def wait_quantile(self, probability: ArrayLike) -> NDArray[np.float64]:
        """Wait that a fraction p of the arrivals does not exceed [s].

        Parameters
        ----------
        probability
            p [1], in [0, 1]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def sojourn_cdf(self, time: float) -> float: ...
    @overload
    def sojourn_cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Probability that the time in the system is at most `time`, P(T <= t) = 1 - exp(-μ (1 - σ) t) [1].

        Parameters
        ----------
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def sojourn_quantile(self, probability: float) -> float: ...
    @overload
    def sojourn_quantile(self, probability: ArrayLike) -> NDArray[np.float64]:
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
    @property
    def interarrival(self) -> Distribution:
        """Law of the time between arrivals [s].
        """
    @property
    def service_rate(self) -> float:
        """Service rate μ [1/s].
        """

def gim1(interarrival: DistributionLike, service_rate: float) -> GIM1:
    """The GI/M/1 queue with this law between arrivals and this service rate.

    Parameters
    ----------
    interarrival
        law of the time between arrivals [s], of values >= 0 with a finite mean > 0
    service_rate
        μ [1/s], finite and > 0

    Returns
    -------
    the queue

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, section 6.4
    """

def batch_arrivals(batch_rate: float, batch_mean: float, batch_scv: float, service: DistributionLike) -> StationMeans:
    """Mean values of M^X/G/1: batches come as a Poisson process, one server takes the customers one by one.

    The wait is that of M/G/1 with as many customers per second, and that for those of the own batch. With exponential
    service the queue is M^X/M/1.

    Parameters
    ----------
    batch_rate
        λ [1/s], batches per second, finite and >= 0
    batch_mean
        E[X] [1], mean number of customers in a batch, finite and >= 1
    batch_scv
        squared coefficient of variation of X [1], finite, at least that of the mean's two nearest integers
    service
        law of the service time [s], of values >= 0 with a finite mean > 0

    Returns
    -------
    the means over customers

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. L. Chaudhry, J. G. C. Templeton 1983, A First Course in Bulk Queues, section 3.2
    """

def vacations(arrival_rate: float, service: DistributionLike, vacation: DistributionLike, kind: Literal["multiple", "single"] = ...) -> StationMeans:
    """Mean values of M/G/1 whose server leaves for a vacation whenever the queue is empty.

    The wait is that of M/G/1 and, independent of it, one more: the rest of a vacation under `multiple`; under `single`
    the same times the probability that an arrival which is not delayed by work finds the server away.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service
        law of the service time [s], of values >= 0 with a finite mean > 0
    vacation
        law of the vacation [s], of values >= 0 with a finite mean > 0
    kind
        multiple or single

    Returns
    -------
    the means

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    S. W. Fuhrmann, R. B. Cooper 1985, Operations Research 33(5); H. Takagi 1991, Queueing Analysis I, chapter 2
    """

def setup_times(arrival_rate: float, service: DistributionLike, setup: DistributionLike) -> StationMeans:
    """Mean values of M/G/1 whose server is switched off when the queue is empty, and started by the next arrival.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service
        law of the service time [s], of values >= 0 with a finite mean > 0
    setup
        law of the time to start [s], of values >= 0 with a finite mean

    Returns
    -------
    the means

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    P. D. Welch 1964, Operations Research 12(5); M. Harchol-Balter 2013, Performance Modeling and Design of Computer Systems, section 27.3
    """

def breakdowns(arrival_rate: float, service: DistributionLike, failure_rate: float, repair: DistributionLike) -> StationMeans:
    """Mean values of M/G/1 whose server fails while it works, is repaired, and resumes the service.

    A customer holds the server for its completion time, service and repairs. The wait counts up to the start of
    service, the load includes the repairs.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service
        law of the service time [s], of values >= 0 with a finite mean > 0
    failure_rate
        ξ [1/s], failures per second of work, finite and >= 0
    repair
        law of the repair time [s], of values >= 0 with a finite mean

    Returns
    -------
    the means

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    D. P. Gaver 1962, Journal of the Royal Statistical Society B 24(1)
    """

def unequal_servers(arrival_rate: float, service_rates: ArrayLike) -> StationMeans:
    """Mean values of M/M/m with servers of unequal speed; an arrival picks one of the free servers at random.

    Exact for this choice alone: the states are reversible then, and the numbers are sums over sets of busy servers. To
    pick the fastest free server is better at light load. All with one speed: M/M/c.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_rates
        μ of each server [1/s], finite and > 0

    Returns
    -------
    the means; the load is λ over the sum of the rates

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    H. Gumbel 1960, Operations Research 8(4)
    """

class MGInfinity:
    """Unlimited servers, Poisson arrivals, service times of any law (M/G/∞): the number in the system is Poisson, at every time after an empty start too.
    """
    @property
    def arrival_rate(self) -> float:
        """Arrival rate λ [1/s].
        """
    @property
    def stable(self) -> bool:
        """Always: nobody waits.
        """
    @property
    def mean_sojourn(self) -> float:
        """Mean time in the system, E[S] [s].
        """
    @property
    def mean_number(self) -> float:
        """Mean number in the system, λ E[S] [1]; also the variance of it.
        """
    @property
    def mean_busy_period(self) -> float:
        """Mean time from the first arrival until the system is empty again, (exp(λ E[S]) - 1) / λ [s].
        """
    @overload
    def mean_number_at(self, time: float) -> float: ...
    @overload
    def mean_number_at(self, time: ArrayLike) -> NDArray[np.float64]:
        """Mean number t seconds after an empty start, λ ∫ P(S > u) du from 0 to t [1].

        Parameters
        ----------
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def departure_rate_at(self, time: float) -> float: ...
    @overload
    def departure_rate_at(self, time: ArrayLike) -> NDArray[np.float64]:
        """Departures per second t seconds after an empty start, λ P(S <= t) [1/s].

        Parameters
        ----------
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def number_cdf(self, count: float) -> float: ...
    @overload
    def number_cdf(self, count: ArrayLike) -> NDArray[np.float64]:
        """Probability that at most `count` customers are in the system, P(N <= n) [1].

        Parameters
        ----------
        count
            n [1], an integer >= 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def number_cdf_at(self, count: float, time: float) -> float:
        """Probability that at most `count` customers are in the system t seconds after an empty start [1].

        Parameters
        ----------
        count
            n [1], an integer >= 0
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def number_quantile(self, probability: float) -> float: ...
    @overload
    def number_quantile(self, probability: ArrayLike) -> NDArray[np.float64]:
        """Smallest number n with P(N <= n) >= p [1].

        Parameters
        ----------
        probability
            p [1], in [0, 1)

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def service(self) -> Distribution:
        """Law of the service time [s].
        """

def mg_infinity(arrival_rate: float, service: DistributionLike) -> MGInfinity:
    """The M/G/∞ queue with this arrival rate and service.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service
        law of the service time [s], of values >= 0 with a finite mean > 0

    Returns
    -------
    the queue

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Takács 1962, Introduction to the Theory of Queues, chapter 3
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
class MMInfinity(Model):
    """Unlimited servers, Poisson arrivals, exponential service (M/M/∞): the number in the system is Poisson.

    The number in the system has the same law for any service times with mean 1/μ.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, section 3.4
    """

    @property
    def arrival_rate(self) -> Any: ...
    @property
    def service_rate(self) -> Any: ...
    @property
    def stable(self) -> Any:
        """Always: nobody waits.
        """
    @property
    def mean_sojourn(self) -> Any:
        """Mean time in the system, 1/μ [s].
        """
    @property
    def mean_number(self) -> Any:
        """Mean number in the system, a = λ/μ [1]; also the variance of it.
        """
    def mean_number_at(self, time: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Mean number t seconds after an empty start, a (1 - exp(-μt)) [1]; the number is Poisson then too.

        Parameters
        ----------
        time
            t [s], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def number_cdf(self, count: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Probability that at most `count` customers are in the system, P(N <= n) [1].

        Parameters
        ----------
        count
            n [1], an integer >= 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def number_quantile(self, probability: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Smallest number n with P(N <= n) >= p [1]: places for all but a share 1 - p of the time.

        Parameters
        ----------
        probability
            p [1], in [0, 1)

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def sojourn_cdf(self, time: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Probability that the time in the system is at most `time`, 1 - exp(-μt) [1].

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
        """Time in the system that a fraction p of the arrivals does not exceed, -ln(1 - p) / μ [s].

        Parameters
        ----------
        probability
            p [1], in [0, 1]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

def mm_infinity(arrival_rate: ArrayLike, service_rate: ArrayLike) -> MMInfinity:
    """Unlimited servers, Poisson arrivals, exponential service (M/M/∞): the number in the system is Poisson.

    The number in the system has the same law for any service times with mean 1/μ.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, section 3.4
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
    K = c is Erlang's loss system. Laws of wait and time cost some √K steps: at 10¹¹ places a tenth of a second.

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
    def wait_cdf(self, time: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Probability that the wait of an admitted customer is at most `time`, P(W <= t) [1].

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
        """Wait that a fraction p of the admitted does not exceed [s].

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
        """Probability that an admitted customer's time in the system is at most `time`, P(T <= t) [1].

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
        """Time in the system that a fraction p of the admitted does not exceed [s].

        Parameters
        ----------
        probability
            p [1], in [0, 1]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

def mmck(arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike, capacity: ArrayLike) -> MMCK:
    """c servers and room for K customers in all, Poisson arrivals, exponential service, first come first served (M/M/c/K).

    Who finds K present is lost, so a steady state exists at any load. Waits and times are those of the admitted.
    K = c is Erlang's loss system. Laws of wait and time cost some √K steps: at 10¹¹ places a tenth of a second.

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

class Period(Record):
    """A stretch of a timetable.
    """
    def __new__(cls, duration: float, level: float) -> Self: ...
    @property
    def duration(self) -> float:
        """How long it lasts [s], finite and > 0.
        """
    @property
    def level(self) -> float:
        """What holds in it: servers, or times the usual rate [1], finite and >= 0.
        """

class Station(Record):
    """A place where customers are served.
    """
    def __new__(cls, name: str = ..., service: DistributionLike | Sequence[DistributionLike] = ..., servers: int = ..., discipline: Literal["fcfs", "lcfs", "lcfs_preemptive", "random", "ps", "priority", "priority_preemptive", "edf", "edf_preemptive", "sjf", "srpt", "delay"] = ..., capacity: int = ..., blocking: bool = ..., preemption: Literal["resume", "restart", "resample"] = ..., patience: DistributionLike | Sequence[DistributionLike] = ..., renege_to: NDArray[np.float64] = ..., joining: NDArray[np.float64] = ..., dispatch: Literal["shared", "random", "round_robin", "shortest"] = ..., choices: int = ..., jockeying: int = ..., schedule: list[Period] = ..., rates: NDArray[np.float64] = ..., batch_size: int = ..., batch_least: int = ..., batch_setup: Distribution | None = ...) -> Self: ...
    @property
    def name(self) -> str:
        """What it is called in tables and errors; may be empty.
        """
    @property
    def service(self) -> DistributionLike | Sequence[DistributionLike]:
        """Law of the service time [s], on [0, ∞), its mean finite: one for all classes, or one for each.
        """
    @property
    def servers(self) -> int:
        """Servers c [1], an integer >= 1.
        """
    @property
    def discipline(self) -> Literal["fcfs", "lcfs", "lcfs_preemptive", "random", "ps", "priority", "priority_preemptive", "edf", "edf_preemptive", "sjf", "srpt", "delay"]:
        """Who is served next.
        """
    @property
    def capacity(self) -> int:
        """Most customers present K [1], an integer >= servers, or infinity.
        """
    @property
    def blocking(self) -> bool:
        """Whether who has been served elsewhere and finds this station full waits in the server there (blocking after service); otherwise, and from outside, the customer is lost. A way back into the same station is never blocked.
        """
    @property
    def preemption(self) -> Literal["resume", "restart", "resample"]:
        """How those are served again who made way.
        """
    @property
    def patience(self) -> DistributionLike | Sequence[DistributionLike]:
        """Law of the longest time before service begins [s]: one for all classes, or one for each; who has waited so long gives up. Empty: all are patient.
        """
    @property
    def renege_to(self) -> NDArray[np.float64]:
        """Probability of going on to each station after giving up [1]; what is missing to 1 leaves the network. Not to where it was. Empty: all leave.
        """
    @property
    def joining(self) -> NDArray[np.float64]:
        """Probability of joining with 0, 1, ... present [1]; the last one holds from there on. Empty: all join.
        """
    @property
    def dispatch(self) -> Literal["shared", "random", "round_robin", "shortest"]:
        """One queue before all servers, or one before each.
        """
    @property
    def choices(self) -> int:
        """Queues that `shortest` draws and compares [1], an integer >= 1; infinity: all.
        """
    @property
    def jockeying(self) -> int:
        """Difference between the longest and the shortest queue at which the last who waits changes over [1], an integer >= 2; infinity: nobody does. Queues of their own only.
        """
    @property
    def schedule(self) -> list[Period]:
        """Servers over time, over and over; empty: always `servers`. Who is in service when a server leaves is finished, but makes way at once under a preemptive discipline.
        """
    @property
    def rates(self) -> NDArray[np.float64]:
        """Speed with 1, 2, ... customers present, relative to one server, each > 0; the last one holds from there on. Only for ps; empty: min(customers, servers).
        """
    @property
    def batch_size(self) -> int:
        """Most customers that a server takes together [1], an integer >= 1; it serves them for the sum of their times, and they leave together.
        """
    @property
    def batch_least(self) -> int:
        """Fewest customers that a server begins with [1], an integer in [1, batch_size].
        """
    @property
    def batch_setup(self) -> Distribution | None:
        """Law of the time that a server takes for a batch of any size, beside the times of its customers [s], on [0, ∞), its mean finite; none: 0.
        """

class CustomerClass(Record):
    """Customers of one kind: open (they come and leave) or closed (a fixed number goes round).
    """
    def __new__(cls, name: str = ..., interarrival: Distribution | None = ..., population: int = ..., think_time: Distribution | None = ..., start: NDArray[np.float64] = ..., priority: float = ..., deadline: Distribution | None = ..., batch: NDArray[np.float64] = ..., schedule: list[Period] = ..., present: NDArray[np.float64] = ...) -> Self: ...
    @property
    def name(self) -> str:
        """What it is called in tables and errors; may be empty.
        """
    @property
    def interarrival(self) -> Distribution | None:
        """Law of the time between arrivals from outside [s], on [0, ∞), its mean finite and > 0; open classes only.
        """
    @property
    def population(self) -> int:
        """Number that goes round N [1], integer >= 0; 0 in an open class.
        """
    @property
    def think_time(self) -> Distribution | None:
        """Law of the time away from all stations between two passages [s], on [0, ∞); none: the next begins at once. Closed classes only.
        """
    @property
    def start(self) -> NDArray[np.float64]:
        """Probability of starting a passage at each station [1]; they sum to 1. Empty: the first station.
        """
    @property
    def priority(self) -> float:
        """Priority at stations that ask for it [1], finite; lower goes first.
        """
    @property
    def deadline(self) -> Distribution | None:
        """Law of the time from the start of a passage to its due date [s], on [0, ∞); none: never due.
        """
    @property
    def batch(self) -> NDArray[np.float64]:
        """Probability that 1, 2, ... come together [1]; they sum to 1. Empty: one at a time. Open classes only.
        """
    @property
    def schedule(self) -> list[Period]:
        """Arrivals over time, as multiples of the usual rate, over and over; empty: always 1. Open classes only.
        """
    @property
    def present(self) -> NDArray[np.float64]:
        """Customers who are at each station from the beginning [1], integers >= 0; of a closed class a part of the population. Empty: nobody.
        """

class NetworkTrace(Record):
    """Arrivals that were seen, to be sent through a network in place of the open classes' own.
    """
    def __new__(cls, arrival_times: NDArray[np.float64], customer_classes: NDArray[np.float64] = ..., service_times: NDArray[np.float64] = ...) -> Self: ...
    @property
    def arrival_times(self) -> NDArray[np.float64]:
        """When they came [s], finite and >= 0, never falling.
        """
    @property
    def customer_classes(self) -> NDArray[np.float64]:
        """Class of each [1], an integer < number of classes, an open one; empty: the first.
        """
    @property
    def service_times(self) -> NDArray[np.float64]:
        """Service time [s] of each (row) at each station (column), finite and >= 0; NaN: drawn from the station's law. Empty: all are drawn.
        """

class Network(Record):
    """A network of queues: its stations, its classes of customers, and how they go.

        const Network shop{{{.name = "web", .service = Exponential{10}}, {.name = "database", .service = Exponential{25}}},
                           {{.interarrival = Exponential{5}}}};
        shop.solve().response_time[0];       // exact
        shop.simulate().response_time()[0];  // an estimate
    """
    def __new__(cls, stations: list[Station], classes: list[CustomerClass], routing: list[NDArray[np.float64]] = ...) -> Self: ...
    @property
    def stations(self) -> list[Station]:
        """The places.
        """
    @property
    def classes(self) -> list[CustomerClass]:
        """The kinds of customers.
        """
    @property
    def routing(self) -> list[NDArray[np.float64]]:
        """Probability of going from the row's to the column's station [1], for all classes or for each; what is missing to 1 ends the passage. Empty: from each station to the next in order, and out of the last.
        """

def product_form(network: Network) -> ProductForm:
    """The means of a network, as theory takes them, where its steady state has product form.

    That is so with Poisson arrivals and, at each station, first come first served (or last, or at random, without making
    way) with exponential service of one mean for all classes that come; or processor sharing, preemptive last come first
    served with one server, or a delay, with any laws. Nobody may be lost, blocked or impatient, no timetable may hold.
    Throws std::invalid_argument that names the first station or class that is otherwise, and the feature.

    Parameters
    ----------
    network
        the network

    Returns
    -------
    mean service times and visits of the same network

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    F. Baskett and others 1975, Open, closed, and mixed networks of queues with different classes of customers
    """

def solve_network(network: Network, method: str = ...) -> NetworkSolution:
    """Steady state of a network, exact, where theory knows it.

    That is where `product_form` holds; and for one station with one open class that leaves after service: M/G/1 under any
    discipline that mg1() knows, M/M/c/K, Erlang A, and batches of constant times, full ones or whoever waits. Elsewhere throws std::invalid_argument that names the feature that
    stands in the way; `simulate_network` takes every network.

    Parameters
    ----------
    network
        the network
    method
        as in solve(), where the network has product form: exact, mva, schweitzer or linearizer

    Returns
    -------
    the steady state

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    F. Baskett and others 1975, Open, closed, and mixed networks of queues with different classes of customers
    """

def simulate_network(network: Network, *, passages: float = ..., warmup: float = ..., replications: float = ..., seed: int = ..., threads: int = ..., confidence: float = ..., duration: float = ..., progress: Callable[[float], object] | None = ...) -> NetworkSimulation:
    """Simulates a network of queues; the customers of closed classes begin by thinking.

    Each station, class and purpose (arrival, service, route, thinking, ...) draws from a stream of its own, so that two
    networks of one seed that differ in a part meet the same numbers elsewhere. A replication in which customers block
    each other for ever ends there, and the result names the circle; so does one in which all wait for batches to fill.

    Parameters
    ----------
    network
        the network
    passages
        Passages, of all classes together, that count in each replication [1], an integer in [1, 2^53].
    warmup
        Passages of each replication before those that count [1], an integer >= 0.
    replications
        Number of replications [1], an integer in [1, 2^24].
    seed
        Seed; equal seeds give equal customers to different networks.
    threads
        Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
    confidence
        1 - α of the intervals [1], in (0, 1).
    duration
        Time of each replication [s], > 0; where finite it counts from the beginning, in place of `passages` and `warmup`.
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
    A. M. Law 2015, Simulation Modeling and Analysis, chapters 1 and 9
    """

def replay_network(network: Network, trace: NetworkTrace, *, replications: float = ..., seed: int = ..., threads: int = ..., confidence: float = ..., progress: Callable[[float], object] | None = ...) -> NetworkSimulation:
    """Sends arrivals that were seen through a network, until all of them have left; what the trace does not say is drawn.

    Closed classes go round beside them. Who waits for a batch that nobody fills any more stays.

    Parameters
    ----------
    network
        the network; the arrival laws of its open classes are not used
    trace
        when they came, and where known of which class and how long they are served
    replications
        Number of replications [1], an integer in [1, 2^24]; more than one only tells what is drawn, not seen.
    seed
        Seed of what is drawn.
    threads
        Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
    confidence
        1 - α of the intervals [1], in (0, 1).
    progress
        Where to report, and whether to stop.

    Returns
    -------
    the estimates, over replications; with one replication their intervals are unbounded

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    A. M. Law 2015, Simulation Modeling and Analysis, section 5.6 on trace-driven simulation
    """

class NetworkBounds(Record):
    """Between which values throughput and response time of a closed network lie.
    """
    def __new__(cls, throughput_low: float = ..., throughput_high: float = ..., response_low: float = ..., response_high: float = ...) -> Self: ...
    @property
    def throughput_low(self) -> float:
        """Lower bound of the throughput X [1/s].
        """
    @property
    def throughput_high(self) -> float:
        """Upper bound of the throughput X [1/s].
        """
    @property
    def response_low(self) -> float:
        """Lower bound of the response time R = N/X - Z [s].
        """
    @property
    def response_high(self) -> float:
        """Upper bound of the response time R = N/X - Z [s].
        """

def asymptotic_bounds(demands: ArrayLike, population: float, think_time: float = ...) -> NetworkBounds:
    """Asymptotic bounds: nobody waits, or everybody waits for everybody; valid for any service law.

    Parameters
    ----------
    demands
        service time per round at each station D [s], finite and >= 0, not all 0
    population
        customers N [1], an integer >= 1
    think_time
        time away per round Z [s], finite and >= 0

    Returns
    -------
    the bounds

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    P. Denning and J. Buzen 1978, The operational analysis of queueing network models
    """

def balanced_job_bounds(demands: ArrayLike, population: float, think_time: float = ...) -> NetworkBounds:
    """Balanced job bounds: as if all stations were equally busy; for product-form networks.

    Parameters
    ----------
    demands
        service time per round at each station D [s], finite and >= 0, not all 0
    population
        customers N [1], an integer >= 1
    think_time
        time away per round Z [s], finite and >= 0

    Returns
    -------
    the bounds

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J. Zahorjan and others 1982, Balanced job bound analysis of queueing networks
    """

def proportional_bounds(demands: ArrayLike, population: float, think_time: float = ...) -> NetworkBounds:
    """Proportional bounds: customers wait in proportion to a power of the demands; for product-form networks.

    Parameters
    ----------
    demands
        service time per round at each station D [s], finite and >= 0, not all 0
    population
        customers N [1], an integer >= 1
    think_time
        time away per round Z [s], finite and >= 0

    Returns
    -------
    the bounds

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    C. Hsieh and S. Lam 1987, Two classes of performance bounds for closed queueing networks
    """

def geometric_bounds(demands: ArrayLike, population: float, think_time: float = ...) -> NetworkBounds:
    """Geometric bounds, square-root bounds with a think time: the queues are bounded by geometric sums, the tightest here at large populations; for product-form networks.

    Parameters
    ----------
    demands
        service time per round at each station D [s], finite and >= 0, not all 0
    population
        customers N [1], an integer >= 1
    think_time
        time away per round Z [s], finite and >= 0

    Returns
    -------
    the bounds

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    G. Casale, R. Muntz, G. Serazzi 2008, Geometric bounds: a noniterative analysis technique for closed queueing networks
    """

class Curve(Record):
    """A curve over time from 0, never falling, that consists of straight lines; 0 at time 0 itself.

    As an arrival curve: the most work that comes in any time of this length. As a service curve: the least work that is
    done in a time of this length while there is any to do.
    """
    def __new__(cls, times: NDArray[np.float64], values: NDArray[np.float64], slopes: NDArray[np.float64]) -> Self: ...
    @property
    def times(self) -> NDArray[np.float64]:
        """Where a line begins [s], from 0, rising.
        """
    @property
    def values(self) -> NDArray[np.float64]:
        """Value just after that time [size]; above the line before, the curve jumps.
        """
    @property
    def slopes(self) -> NDArray[np.float64]:
        """Slope of the line [size/s], >= 0; the last line goes on for ever.
        """

def token_bucket_curve(rate: float, burst: float) -> Curve:
    """Arrivals behind a token bucket: burst + rate x time.

    Parameters
    ----------
    rate
        long-run rate r [size/s], finite and >= 0
    burst
        most work at once b [size], finite and >= 0

    Returns
    -------
    the arrival curve

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, section 1.2
    """

def rate_latency_curve(rate: float, latency: float = ...) -> Curve:
    """Service of a server that may first do nothing: rate x (time - latency), not below 0.

    Parameters
    ----------
    rate
        long-run rate R [size/s], finite and >= 0
    latency
        longest time without service T [s], finite and >= 0

    Returns
    -------
    the service curve

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, section 1.3
    """

def curve_value(curve: Curve, time: float) -> float:
    """Value of a curve just after this time.

    Parameters
    ----------
    curve
        the curve
    time
        t [s], finite and >= 0

    Returns
    -------
    work [size]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, section 1.2
    """

def curve_minimum(first: Curve, second: Curve) -> Curve:
    """Lower of two curves at every time: arrivals that keep both.

    Parameters
    ----------
    first
        a curve
    second
        another

    Returns
    -------
    the curve

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, section 1.2
    """

def curve_sum(first: Curve, second: Curve) -> Curve:
    """Sum of two curves: arrivals of two flows together.

    Parameters
    ----------
    first
        a curve
    second
        another

    Returns
    -------
    the curve

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, section 1.2
    """

def convolve(first: Curve, second: Curve) -> Curve:
    """Min-plus convolution: the service of two servers one after another, or arrivals that pass two shapers.

    Parameters
    ----------
    first
        a curve f
    second
        another g

    Returns
    -------
    the least of f(s) + g(t - s) over s in [0, t], at every t

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, section 3.1
    """

def delay_bound(arrival: Curve, service: Curve) -> float:
    """Longest delay: the greatest horizontal distance from the arrival curve to the service curve.

    Parameters
    ----------
    arrival
        arrival curve
    service
        service curve, of a server that is first come first served within the flow

    Returns
    -------
    delay [s]; infinite where arrivals outrun service

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, theorem 1.4.2
    """

def backlog_bound(arrival: Curve, service: Curve) -> float:
    """Most work that waits: the greatest vertical distance from the arrival curve to the service curve.

    Parameters
    ----------
    arrival
        arrival curve
    service
        service curve

    Returns
    -------
    backlog [size]; infinite where arrivals outrun service

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, theorem 1.4.1
    """

def output_curve(arrival: Curve, service: Curve) -> Curve:
    """Arrival curve of a flow as it leaves a server: at every t the greatest of arrival(t + s) - service(s) over s.

    Parameters
    ----------
    arrival
        arrival curve into the server
    service
        service curve

    Returns
    -------
    the arrival curve at the next server; throws std::domain_error where arrivals outrun service

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, theorem 1.4.3
    """

def residual_service(service: Curve, cross: Curve, blocking: float = ...) -> Curve:
    """Service that is left when other traffic goes first: the running maximum of service - cross - blocking, not below 0.

    Holds for strict service curves: a constant rate, or what a scheduler leaves of one. With the traffic of higher
    priority and, without preemption, the largest lower job it is the service of a priority class.

    Parameters
    ----------
    service
        strict service curve of the server
    cross
        arrival curve of the traffic that goes first, together
    blocking
        largest job of those who go later [size], finite and >= 0; 0 where they are interrupted

    Returns
    -------
    service curve of the rest

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, theorem 6.2.1
    """

def fair_service(scheduler: Literal["wfq", "wf2q", "scfq", "drr"], rate: float, weights: ArrayLike, largest: ArrayLike, flow: float, quantum: float = ...) -> Curve:
    """What a fair scheduler guarantees one flow, whatever the others do: its share of the rate after a latency.

    Delays of whole jobs are within delay_bound() of it: the job's last bit under drr, the guaranteed-rate clock under the
    others.

    Parameters
    ----------
    scheduler
        wfq, wf2q, scfq or drr
    rate
        rate of the server C [size/s], finite and > 0
    weights
        share φ of each flow [1], each finite and > 0
    largest
        largest job of each flow [size], each finite and > 0
    flow
        which flow [1], an integer >= 0
    quantum
        of drr: work that a visit allows a flow of weight 1 [size], finite and >= 0

    Returns
    -------
    service curve of the flow

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    A. Parekh, R. Gallager 1993; S. J. Golestani 1994; P. Goyal, S. Lam, H. Vin 1997, Determining end-to-end delay bounds in heterogeneous networks; M. Boyer, G. Stea, W. M. Sofack 2012, Deficit round robin with network calculus
    """

class ReplayedCustomers(Record):
    """Who came by a trace, one by one, in its order.
    """
    def __new__(cls, arrival_times: NDArray[np.float64], waits: NDArray[np.float64], response_times: NDArray[np.float64], outcomes: list[Literal["completed", "lost", "reneged", "inside"]]) -> Self: ...
    @property
    def arrival_times(self) -> NDArray[np.float64]:
        """When they came [s].
        """
    @property
    def waits(self) -> NDArray[np.float64]:
        """Time at stations beyond service, of all visits that have ended [s].
        """
    @property
    def response_times(self) -> NDArray[np.float64]:
        """Time from the arrival to the end of the passage, however it ended [s]; NaN: inside.
        """
    @property
    def outcomes(self) -> list[Literal["completed", "lost", "reneged", "inside"]]:
        """How it ended.
        """

class NetworkSimulation:
    """A simulated network: what solving gives, under the same names, as estimates: the mean over replications with its t interval.

    Lists are by class; lists of lists by station, then by class, in the order of the network. What nobody came for is
    NaN: the wait of a class at a station that it does not visit. A value that shares what was recorded; read it from any
    thread.
    """
    @property
    def stations(self) -> list[str]:
        """Names of the stations.
        """
    @property
    def classes(self) -> list[str]:
        """Names of the classes.
        """
    @property
    def stable(self) -> bool:
        """Whether every station can serve what comes from outside, if nobody were lost. If not, numbers and times are those of the time simulated, and grow with it.
        """
    @property
    def duration(self) -> Estimate:
        """Time that counts in a replication [s].
        """
    @property
    def throughput(self) -> list[Estimate]:
        """Passages completed X [1/s], by class.
        """
    @property
    def response_time(self) -> list[Estimate]:
        """Mean time of a passage, from its first station to its end, think time excluded R [s], by class.
        """
    @property
    def mean_number(self) -> list[Estimate]:
        """Mean number in the stations [1], by class.
        """
    @property
    def probability_lost(self) -> list[Estimate]:
        """Fraction of passages that ended because a station was full or too long a queue was not joined [1], by class.
        """
    @property
    def probability_reneged(self) -> list[Estimate]:
        """Fraction of passages that ended by impatience [1], by class.
        """
    @property
    def probability_late(self) -> list[Estimate]:
        """Fraction of the completed passages that ended after their due date [1], by class.
        """
    def response_cdf(self, customer_class: int, time: float) -> Estimate:
        """Probability that a completed passage takes at most `time` [1].

        Parameters
        ----------
        customer_class
            [1], < number of classes
        time
            t [s], >= 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def response_quantile(self, customer_class: int, probability: float) -> Estimate:
        """Time that a fraction of the completed passages does not exceed [s].

        Parameters
        ----------
        customer_class
            [1], < number of classes
        probability
            p [1], in [0, 1]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def station_throughput(self) -> list[list[Estimate]]:
        """Visits completed [1/s].
        """
    @property
    def station_utilization(self) -> list[list[Estimate]]:
        """Busy servers' share of all, from the service given in the visits completed [1]; of a delay the mean number there; under a timetable the share of `servers`.
        """
    @property
    def station_number(self) -> list[list[Estimate]]:
        """Mean number, waiting, in service and blocked [1].
        """
    @property
    def station_residence_time(self) -> list[list[Estimate]]:
        """Mean time over all visits of a passage (residence time) [s].
        """
    @property
    def station_sojourn_time(self) -> list[list[Estimate]]:
        """Mean time of one visit, of those completed [s].
        """
    @property
    def station_wait(self) -> list[list[Estimate]]:
        """Mean time of a visit beyond its service, of those completed [s].
        """
    @property
    def station_probability_lost(self) -> list[list[Estimate]]:
        """Fraction of visits that ended at once: the station was full, or its queue was not joined [1].
        """
    @property
    def station_probability_reneged(self) -> list[list[Estimate]]:
        """Fraction of the visits joined that ended by impatience [1].
        """
    @property
    def station_blocked(self) -> list[list[Estimate]]:
        """Mean number who have been served and wait in the server for a place elsewhere [1].
        """
    def replayed(self, replication: int = ...) -> ReplayedCustomers:
        """Who came by the trace, in one replication; empty where there was none.

        Parameters
        ----------
        replication
            [1], < number of replications

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def deadlock(self) -> str:
        """The circle of stations that block each other for ever, or the station whose batch nobody fills, as in the first replication that found one; empty: none did.
        """
    @property
    def probability_deadlock(self) -> Estimate:
        """Fraction of replications that ended in a deadlock [1].
        """
    @property
    def deadlock_time(self) -> Estimate:
        """Mean time to a deadlock, of the replications that ended so [s]; NaN: none did.
        """
    @staticmethod
    def from_bytes(bytes: bytes) -> NetworkSimulation:
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

def as_phase_type(law: DistributionLike) -> Distribution:
    """A law that is of phase type, as its Markov chain.

    Parameters
    ----------
    law
        exponential, Erlang of at most 1000 stages, hyperexponential, Coxian, phase type, or a mixture or multiple of such

    Returns
    -------
    the same law; throws std::invalid_argument for any other

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. Neuts 1981, Matrix-Geometric Solutions in Stochastic Models, ch. 2
    """

def phase_type_by_moments(mean: float, scv: float) -> Distribution:
    """Phase-type law with this mean and variability: hyperexponential with balanced means above c² = 1, a mixture of two Erlang laws of one rate below.

    Parameters
    ----------
    mean
        m [s], finite and > 0
    scv
        squared coefficient of variation c² [1], in [0.001, 1e12]: 1/c² phases below 1

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    H. Tijms 1994, Stochastic Models: An Algorithmic Approach, appendix B
    """

def phase_type_by_three_moments(first: float, second: float, third: float) -> Distribution:
    """Phase-type law of two phases with these three moments.

    Parameters
    ----------
    first
        E[X] [s], finite and > 0
    second
        E[X²] [s²], finite and > 0
    third
        E[X³] [s³], finite and > 0; refused where no two phases have all three

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. Telek and A. Heindl 2002, Matching moments for acyclic discrete and continuous phase-type distributions of second order
    """

def hyper_erlang(stages: ArrayLike, probabilities: ArrayLike, rates: ArrayLike) -> Distribution:
    """Mixture of Erlang laws.

    Parameters
    ----------
    stages
        phases of each [1], integers >= 1
    probabilities
        of each [1], in [0, 1], summing to 1 within 1e-12
    rates
        of each one's phases [1/s], finite and > 0

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    H. Tijms 1994, Stochastic Models: An Algorithmic Approach, section 5.5
    """

class HyperErlangFit(Record):
    """A fitted mixture of Erlang laws.
    """
    def __new__(cls, stages: NDArray[np.float64] = ..., probabilities: NDArray[np.float64] = ..., rates: NDArray[np.float64] = ..., log_likelihood: float = ..., iterations: int = ...) -> Self: ...
    @property
    def stages(self) -> NDArray[np.float64]:
        """Phases of each Erlang law [1].
        """
    @property
    def probabilities(self) -> NDArray[np.float64]:
        """Probability of each [1].
        """
    @property
    def rates(self) -> NDArray[np.float64]:
        """Rate of each one's phases [1/s].
        """
    @property
    def log_likelihood(self) -> float:
        """ln of the sample's density [1].
        """
    @property
    def iterations(self) -> int:
        """Rounds of expectation and maximisation, all tries together [1], an integer.
        """

def fit_hyper_erlang(samples: ArrayLike, phases: float = ...) -> HyperErlangFit:
    """Mixture of Erlang laws with this many phases in all that makes a sample most likely.

    Expectation maximisation for every way to divide the phases; the best is kept. A local maximum.

    Parameters
    ----------
    samples
        times [s], each finite and > 0, at least 2
    phases
        phases in all [1], integer in [1, 12]

    Returns
    -------
    the fit

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    A. Thümmler, P. Buchholz, M. Telek 2006, A novel approach for phase-type fitting with the EM algorithm
    """

def priority_mean_sojourn(arrival_rates: ArrayLike, services: Sequence[DistributionLike], preemptive: bool) -> NDArray[np.float64]:
    """Mean time in the system of each class in M/G/1 with priorities, the first class first.

    Within a class first come first served. Without preemption a service that has begun is finished; with it a customer of
    a higher class interrupts, and the work is resumed later. A class whose load together with the higher ones reaches 1
    never ends waiting: infinity. Without preemption every class waits for the services of all, so that an infinite
    second moment anywhere is infinite for all.

    Parameters
    ----------
    arrival_rates
        λ of each class [1/s], finite and >= 0
    services
        laws of the service time of each class [s], of values >= 0, as many as rates
    preemptive
        whether a higher class interrupts

    Returns
    -------
    mean times in the system [s], in the order of the classes

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    A. Cobham 1954, Operations Research 2; L. Kleinrock 1976, Queueing Systems II, section 3.6
    """

class ClassMeans(Record):
    """Means of each class at one station, in the order of the classes.
    """
    def __new__(cls, utilization: NDArray[np.float64], mean_wait: NDArray[np.float64], mean_sojourn: NDArray[np.float64], mean_queue_length: NDArray[np.float64], mean_number: NDArray[np.float64]) -> Self: ...
    @property
    def utilization(self) -> NDArray[np.float64]:
        """Offered load of each class, λ E[S] [1].
        """
    @property
    def mean_wait(self) -> NDArray[np.float64]:
        """Mean time in the system beyond the service time itself [s].
        """
    @property
    def mean_sojourn(self) -> NDArray[np.float64]:
        """Mean time in the system [s].
        """
    @property
    def mean_queue_length(self) -> NDArray[np.float64]:
        """Mean number in the system beyond those served at full speed [1].
        """
    @property
    def mean_number(self) -> NDArray[np.float64]:
        """Mean number in the system [1].
        """

def mg1_classes(arrival_rates: ArrayLike, services: Sequence[DistributionLike], discipline: Literal["fcfs", "ps", "priority", "preemptive_priority"] = ...) -> ClassMeans:
    """Mean values of each class in M/G/1 with several classes.

    Parameters
    ----------
    arrival_rates
        λ of each class [1/s], finite and >= 0
    services
        laws of the service time of each class [s], of values >= 0, as many as rates
    discipline
        how the classes share the server

    Returns
    -------
    the means; infinite for a class that never ends waiting

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1976, Queueing Systems II, chapters 3 and 4
    """

def dps_mean_sojourn(arrival_rates: ArrayLike, service_rates: ArrayLike, weights: ArrayLike) -> NDArray[np.float64]:
    """Mean time in the system of each class in M/M/1 under discriminatory processor sharing.

    A customer of class i present has the share wᵢ / Σ wⱼ nⱼ of the server. Exponential services, by a linear system.

    Parameters
    ----------
    arrival_rates
        λ of each class [1/s], finite and >= 0
    service_rates
        μ of each class [1/s], finite and > 0, as many as arrival_rates
    weights
        w of each class [1], finite and > 0, as many as arrival_rates

    Returns
    -------
    mean times in the system [s], in the order of the classes; infinite at a load of 1 or more

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    G. Fayolle, I. Mitrani, R. Iasnogorodski 1980, Journal of the ACM 27(3)
    """

class ProductFormStation(Record):
    """A station as theory sees it: one queue before its servers.
    """
    def __new__(cls, name: str = ..., servers: float = ..., rates: NDArray[np.float64] = ...) -> Self: ...
    @property
    def name(self) -> str:
        """What it is called in tables and errors; may be empty.
        """
    @property
    def servers(self) -> float:
        """Servers m [1], >= 1; infinity makes it a delay, where nobody waits.
        """
    @property
    def rates(self) -> NDArray[np.float64]:
        """Speed with 1, 2, ... customers present, relative to one server, each > 0; the last one holds from there on. Empty: min(customers, servers).
        """

class ProductFormClass(Record):
    """A class as theory sees it: open (customers come at a rate and leave) or closed (a fixed number goes round).
    """
    def __new__(cls, name: str = ..., arrival_rate: float = ..., population: int = ..., think_time: float = ...) -> Self: ...
    @property
    def name(self) -> str:
        """What it is called in tables and errors; may be empty.
        """
    @property
    def arrival_rate(self) -> float:
        """Rate at which they come from outside λ [1/s], finite and >= 0; 0 in a closed class.
        """
    @property
    def population(self) -> int:
        """Number that goes round N [1], integer >= 0; 0 in an open class.
        """
    @property
    def think_time(self) -> float:
        """Mean time away from all stations between two rounds Z [s], finite and >= 0; closed classes only.
        """

class ProductForm(Record):
    """A network by its means alone: how often each class visits each station, and how long it is served there.

    `product_form` makes it of a Network; write it down where visits and demands are what is known.
    """
    def __new__(cls, stations: list[ProductFormStation], classes: list[ProductFormClass], service_times: NDArray[np.float64], visits: NDArray[np.float64] = ...) -> Self: ...
    @property
    def stations(self) -> list[ProductFormStation]:
        """The places.
        """
    @property
    def classes(self) -> list[ProductFormClass]:
        """The kinds of customers.
        """
    @property
    def service_times(self) -> NDArray[np.float64]:
        """Mean service time of a visit S [s], finite and >= 0; one row per station, one column per class.
        """
    @property
    def visits(self) -> NDArray[np.float64]:
        """Mean visits per round or passage V [1], finite and >= 0; empty: one each, so that service_times are the demands.
        """

class NetworkSolution(Record):
    """What holds in the steady state of a network. Matrices have one row per station and one column per class. Of a class without customers all times are 0.
    """
    def __new__(cls, stable: bool = ..., throughput: NDArray[np.float64] = ..., response_time: NDArray[np.float64] = ..., mean_number: NDArray[np.float64] = ..., probability_lost: NDArray[np.float64] = ..., probability_reneged: NDArray[np.float64] = ..., station_throughput: NDArray[np.float64] = ..., station_utilization: NDArray[np.float64] = ..., station_number: NDArray[np.float64] = ..., station_residence_time: NDArray[np.float64] = ..., station_sojourn_time: NDArray[np.float64] = ..., station_wait: NDArray[np.float64] = ..., log_normalization: float = ..., iterations: float = ..., stations: list[str] = ..., classes: list[str] = ...) -> Self: ...
    @property
    def stable(self) -> bool:
        """Whether every station can serve what comes from outside; if not, times and numbers there are infinite.
        """
    @property
    def throughput(self) -> NDArray[np.float64]:
        """Rounds or passages completed X [1/s], by class.
        """
    @property
    def response_time(self) -> NDArray[np.float64]:
        """Mean time of a round or passage in the stations, think time excluded R [s], by class.
        """
    @property
    def mean_number(self) -> NDArray[np.float64]:
        """Mean number in the stations [1], by class.
        """
    @property
    def probability_lost(self) -> NDArray[np.float64]:
        """Fraction of passages that ended because a station was full [1], by class.
        """
    @property
    def probability_reneged(self) -> NDArray[np.float64]:
        """Fraction of passages that ended by impatience [1], by class.
        """
    @property
    def station_throughput(self) -> NDArray[np.float64]:
        """Visits completed X V [1/s].
        """
    @property
    def station_utilization(self) -> NDArray[np.float64]:
        """Busy servers' share of all, by class X V S / m [1]; of a delay the mean number there.
        """
    @property
    def station_number(self) -> NDArray[np.float64]:
        """Mean number, waiting and in service [1].
        """
    @property
    def station_residence_time(self) -> NDArray[np.float64]:
        """Mean time over all visits of a round, waiting and in service (residence time) [s].
        """
    @property
    def station_sojourn_time(self) -> NDArray[np.float64]:
        """Mean time of one visit, waiting and in service [s].
        """
    @property
    def station_wait(self) -> NDArray[np.float64]:
        """Mean time of one visit beyond its service [s].
        """
    @property
    def log_normalization(self) -> float:
        """ln G of the closed classes, G summing Π F(n) over all ways to spread the population; NaN if not computed.
        """
    @property
    def iterations(self) -> float:
        """Iterations of an approximation; 0 where exact.
        """
    @property
    def stations(self) -> list[str]:
        """Names of the stations.
        """
    @property
    def classes(self) -> list[str]:
        """Names of the classes.
        """

def solve(network: ProductForm, method: str = ...) -> NetworkSolution:
    """Steady state of a network with product form: Jackson, Gordon-Newell, BCMP.

    Service at first-come-first-served stations is exponential with one mean for all classes; with processor sharing and
    at delays, any law and a mean for each class. Open and closed classes may be mixed.

    The exact method sees the closed network as an open one conditioned on its populations: it convolves the
    distributions that the stations have at well-chosen arrival rates. Only positive numbers are added, so no digits are
    lost at many servers, where mean value analysis breaks down. Its cost is stations × classes × servers × the product
    of (population + 1). Schweitzer and Linearizer replace a station of m servers by one m times as fast and a delay
    (Seidmann), and take no `rates`; with about as many customers as servers they then give up to a quarter too little
    throughput (three customers at three servers: 2.25 per service time in place of 3). Such networks are small: take
    `exact`.

    | method | how |
    | --- | --- |
    | `exact` | convolution; every network, stable |
    | `mva` | mean value analysis over all populations; exact, for stations with one server or infinitely many |
    | `schweitzer` | fixed point; error of some percent, at any population |
    | `linearizer` | Schweitzer corrected; error of some tenths of a percent, at any population |

    Parameters
    ----------
    network
        the network
    method
        exact, mva, schweitzer or linearizer

    Returns
    -------
    the steady state

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    F. Baskett and others 1975, Open, closed, and mixed networks of queues with different classes of customers; M. Reiser and S. Lavenberg 1980, Mean-value analysis of closed multichain queuing networks; P. Schweitzer 1979; K. Chandy and D. Neuse 1982, Linearizer; J. Buzen 1973; M. Reiser 1981
    """

def derivative(network: ProductForm, parameter: str, station: int, customer_class: int, method: str = ...) -> NetworkSolution:
    """Derivatives of every number of solve()'s answer by one input of the network.

    The algorithms run on dual numbers, so that these are derivatives of what solve() computes, without differences.

    Parameters
    ----------
    network
        the network
    parameter
        the kind of input: service_time, visits, arrival_rate or think_time
    station
        its row, for service_time and visits [1], < number of stations
    customer_class
        its column or class [1], < number of classes
    method
        as in solve()

    Returns
    -------
    each field: d field / d input; `stable` as in solve()

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    A. Griewank and A. Walther 2008, Evaluating Derivatives, ch. 3
    """

def station_distribution(network: ProductForm, station: int) -> NDArray[np.float64]:
    """Distribution of the number of closed customers at one station.

    Parameters
    ----------
    network
        the network, with closed classes only
    station
        its row [1], < number of stations

    Returns
    -------
    P(n present) for n = 0, ..., total population [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J. Buzen 1973, Computational algorithms for closed queueing networks with exponential servers
    """

def traffic(arrivals: ArrayLike, routing: ArrayLike) -> NDArray[np.float64]:
    """Visits that satisfy the traffic equations V = a + V P.

    Parameters
    ----------
    arrivals
        rate or probability of starting at each station a [1/s], finite and >= 0
    routing
        probability of going from the row's to the column's station P [1], rows sum to <= 1; what is missing leaves

    Returns
    -------
    arrivals at each station, from outside and inside [1/s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J. R. Jackson 1957, Networks of waiting lines
    """

def visit_ratios(routing: ArrayLike) -> NDArray[np.float64]:
    """Visits in a closed network, relative to one visit at the first station: V = V P, V₀ = 1.

    Parameters
    ----------
    routing
        probability of going from the row's to the column's station P [1], rows sum to 1

    Returns
    -------
    visits at each station per visit at the first [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    W. Gordon and G. Newell 1967, Closed queuing systems with exponential servers
    """

class QuasiBirthDeath:
    """Steady state of a quasi-birth-death process: levels 0, 1, 2, ..., phases within; made by quasi_birth_death().

    From level 1 on, the probabilities of the phases are π₁ Rⁿ⁻¹.
    """
    @property
    def stable(self) -> bool:
        """Whether the level does not drift to infinity.
        """
    @property
    def ratio(self) -> NDArray[np.float64]:
        """R [1]: what level n + 1 has of level n.
        """
    @property
    def empty(self) -> NDArray[np.float64]:
        """Probabilities of the phases at level 0 [1].
        """
    @property
    def rate(self) -> float:
        """Steps up per second [1/s].
        """
    @property
    def mean(self) -> float:
        """Mean level [1].
        """
    @property
    def variance(self) -> float:
        """Variance of the level [1].
        """
    @overload
    def probability(self, level: float) -> float: ...
    @overload
    def probability(self, level: ArrayLike) -> NDArray[np.float64]:
        """P(level = n) [1].

        Parameters
        ----------
        level
            n [1], an integer >= 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def survival(self, level: float) -> float: ...
    @overload
    def survival(self, level: ArrayLike) -> NDArray[np.float64]:
        """P(level > n) [1].

        Parameters
        ----------
        level
            n [1], an integer >= 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

def quasi_birth_death(backward: ArrayLike, local: ArrayLike, forward: ArrayLike, boundary: ArrayLike = ...) -> QuasiBirthDeath:
    """Steady state of a quasi-birth-death process whose level 0 has the phases of all others.

    Solved by logarithmic reduction.

    Parameters
    ----------
    backward
        transitions to the level below [1/s], >= 0
    local
        transitions within a level [1/s], off the diagonal >= 0
    forward
        transitions to the level above [1/s], >= 0; rows of all three sum to 0
    boundary
        transitions within level 0 [1/s], rows with forward sum to 0; empty: local + backward

    Returns
    -------
    the steady state

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    G. Latouche and V. Ramaswami 1993, A logarithmic reduction algorithm for quasi-birth-death processes
    """

class FluidQueue:
    """Steady state of a fluid queue: a level that rises and falls at rates set by a Markov chain; made by fluid_queue().
    """
    @property
    def stable(self) -> bool:
        """Whether the level does not drift to infinity.
        """
    @property
    def probability_empty(self) -> float:
        """P(level = 0) [1].
        """
    @property
    def mean(self) -> float:
        """Mean level [1].
        """
    @overload
    def cdf(self, level: float) -> float: ...
    @overload
    def cdf(self, level: ArrayLike) -> NDArray[np.float64]:
        """P(level <= x) [1].

        Parameters
        ----------
        level
            x [1], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def survival(self, level: float) -> float: ...
    @overload
    def survival(self, level: ArrayLike) -> NDArray[np.float64]:
        """P(level > x) [1].

        Parameters
        ----------
        level
            x [1], >= 0, may be infinite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @overload
    def quantile(self, probability: float) -> float: ...
    @overload
    def quantile(self, probability: ArrayLike) -> NDArray[np.float64]:
        """Level that is not exceeded in a fraction p of the time [1].

        Parameters
        ----------
        probability
            p [1], in [0, 1]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

def fluid_queue(generator: ArrayLike, rates: ArrayLike) -> FluidQueue:
    """Steady state of a fluid queue.

    Solved by the alternating-directional doubling algorithm.

    Parameters
    ----------
    generator
        of the chain Q [1/s], off the diagonal >= 0, rows sum to 0
    rates
        net rate of the level in each phase, inflow less outflow [1/s], finite

    Returns
    -------
    the steady state

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    V. Ramaswami 1999, Matrix analytic methods for stochastic fluid flows; W. Wang, W. Wang, R. Li 2012, Alternating-directional doubling algorithm for M-matrix algebraic Riccati equations
    """

@final
class Retrial(Model):
    """c servers without waiting room whose refused customers try again (M/M/c retrial queue, linear retrials).

    A refused customer goes into orbit and tries again after exponential times with rate γ until served. One server has
    closed forms. Otherwise the chain of (busy servers, customers in orbit) is solved level by level from above, by
    elimination without subtraction, with the orbit cut where doubling the cut moves the mean by less than 1e-15 of it.

    Parameters
    ----------
    arrival_rate
        λ [1/s], of first attempts, finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    retrial_rate
        γ [1/s], of one customer in orbit, finite and > 0
    servers
        c [1], integer in [1, 10000]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    G. I. Falin, J. G. C. Templeton 1997, Retrial Queues, sections 1.2 and 2.2
    """

    @property
    def arrival_rate(self) -> Any: ...
    @property
    def service_rate(self) -> Any: ...
    @property
    def retrial_rate(self) -> Any: ...
    @property
    def servers(self) -> Any: ...
    @property
    def utilization(self) -> Any:
        """Fraction of time that a server is busy, λ / (cμ); above 1 when overloaded [1].
        """
    @property
    def stable(self) -> Any:
        """Whether λ < cμ, so that a steady state exists.
        """
    @property
    def probability_blocked(self) -> Any:
        """Probability that a first attempt finds all servers busy [1]; 1 when unstable.
        """
    @property
    def mean_queue_length(self) -> Any:
        """Mean number in orbit [1].
        """
    @property
    def mean_number(self) -> Any:
        """Mean number in orbit and in service [1].
        """
    @property
    def mean_wait(self) -> Any:
        """Mean time in orbit of all arrivals, E[W] = E[orbit] / λ [s].
        """
    @property
    def mean_sojourn(self) -> Any:
        """Mean time in the system, in orbit and in service [s].
        """
    @property
    def mean_attempts(self) -> Any:
        """Mean attempts of a customer, the first one included: 1 + γ E[W] [1].
        """
    def orbit_cdf(self, count: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
        """Probability that at most `count` customers are in orbit [1]; 0 when unstable.

        Parameters
        ----------
        count
            n [1], an integer >= 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

def retrial(arrival_rate: ArrayLike, service_rate: ArrayLike, retrial_rate: ArrayLike, servers: ArrayLike) -> Retrial:
    """c servers without waiting room whose refused customers try again (M/M/c retrial queue, linear retrials).

    A refused customer goes into orbit and tries again after exponential times with rate γ until served. One server has
    closed forms. Otherwise the chain of (busy servers, customers in orbit) is solved level by level from above, by
    elimination without subtraction, with the orbit cut where doubling the cut moves the mean by less than 1e-15 of it.

    Parameters
    ----------
    arrival_rate
        λ [1/s], of first attempts, finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    retrial_rate
        γ [1/s], of one customer in orbit, finite and > 0
    servers
        c [1], integer in [1, 10000]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    G. I. Falin, J. G. C. Templeton 1997, Retrial Queues, sections 1.2 and 2.2
    """

class RetryEquilibrium(Record):
    """A state that keeps itself up: as many attempts as their failures bring forth.
    """
    def __new__(cls, attempt_rate: float, probability_failure: float, goodput: float, stable: bool) -> Self: ...
    @property
    def attempt_rate(self) -> float:
        """Attempts per second, first ones and retries [1/s].
        """
    @property
    def probability_failure(self) -> float:
        """Probability that an attempt takes longer than the timeout [1].
        """
    @property
    def goodput(self) -> float:
        """Requests per second that succeed at last [1/s].
        """
    @property
    def stable(self) -> bool:
        """Whether the state is restored after a small push; where not, it is the ridge between two that are.
        """

def retry_equilibria(arrival_rate: float, service_rate: float, timeout: float, retries: float, budget: float = ...) -> list[RetryEquilibrium]:
    """States of one exponential server (M/M/1) whose clients retry after a timeout, and whose work for attempts that timed out is done in vain.

    With λ requests per second there are x = λ (1 + p + p² + ... + p^r) attempts, p = exp(-(μ - x) τ) of which fail; a
    retry budget caps the retries at budget x λ. Between collapse_rate() and tipping_rate() two states are stable: a good
    one, and one of permanent overload into which a passing burst pushes the server (metastable failure). Attempts are
    taken as a Poisson process, as with long or scattered pauses.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_rate
        μ [1/s], finite and > 0
    timeout
        τ [s], finite and > 0
    retries
        r [1], most retries of a request, an integer >= 0
    budget
        most retries for each request, in the mean [1], >= 0, may be infinite

    Returns
    -------
    the states by rising attempt rate; the last one is stable

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    N. Bronson and others 2021, Metastable failures in distributed systems, HotOS
    """

def collapse_rate(service_rate: float, retries: float, budget: float = ...) -> float:
    """Lowest arrival rate at which permanent overload by retries can last: μ / (1 + min(retries, budget)).

    Parameters
    ----------
    service_rate
        μ [1/s], finite and > 0
    retries
        r [1], most retries of a request, an integer >= 0
    budget
        most retries for each request, in the mean [1], >= 0, may be infinite

    Returns
    -------
    arrival rate [1/s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    N. Bronson and others 2021, Metastable failures in distributed systems, HotOS
    """

def tipping_rate(service_rate: float, timeout: float, retries: float, budget: float = ...) -> float:
    """Highest arrival rate at which the good state exists: above it the server falls into overload without a push.

    Parameters
    ----------
    service_rate
        μ [1/s], finite and > 0
    timeout
        τ [s], finite and > 0
    retries
        r [1], most retries of a request, an integer >= 0
    budget
        most retries for each request, in the mean [1], >= 0, may be infinite

    Returns
    -------
    arrival rate [1/s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    N. Bronson and others 2021, Metastable failures in distributed systems, HotOS
    """

class StationSimulation:
    """A simulated or replayed G/G/c/K station: what the models compute, as estimates.

    From a simulation each value is the mean over replications with its t interval; a quantile is that of all customers
    together, between the quantiles that the t interval of the fraction below it reaches to. From a replay each value is
    exact and its interval has no width: it says what this trace met, not what others will, for which the swings of a
    trace leave no honest interval. Waits and sojourns are those of the customers admitted. A value that shares what was
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
        Whether to sharpen means and probabilities by a twin station M/M/c/K with exponential laws of the same means, driven by the same random numbers, whose own means are known; needs three replications. Quantiles and distributions stay as they are. For M/G/1 at utilization 0.7 the squared half-width of the mean wait fell by 11 for Erlang service of two stages, 8 for lognormal with c² = 1, 6 for hyperexponential with c² = 2 and 1.4 for constant service, for 12, 2.6, 2 and 1.6 times the work: the twin asks each law twice for its tail, which is dear for gamma laws.
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
        Whether to sharpen means and probabilities by a twin station M/M/c/K with exponential laws of the same means, driven by the same random numbers, whose own means are known; needs three replications. Quantiles and distributions stay as they are. For M/G/1 at utilization 0.7 the squared half-width of the mean wait fell by 11 for Erlang service of two stages, 8 for lognormal with c² = 1, 6 for hyperexponential with c² = 2 and 1.4 for constant service, for 12, 2.6, 2 and 1.6 times the work: the twin asks each law twice for its tail, which is dear for gamma laws.
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

class RankFunction(Record):
    """A policy as a number for each age of a job: the server always works on the job of the lowest rank, of equal ranks on the first to arrive.

    Linear from age to age and, beyond the last, on along the last line. The same age twice is a jump there; at age 0 the
    first of the two holds for jobs that have not begun. So ages 0 and 1 with ranks 0 and 0 are first come first served
    with nothing to interrupt, ranks 0 and 1 the least served first ("fb"); a class of constant rank is a preemptive
    priority, ages 0, 0 and 1 with ranks 2, -1 and -1 one without preemption.
    """
    def __new__(cls, ages: NDArray[np.float64], ranks: NDArray[np.float64]) -> Self: ...
    @property
    def ages(self) -> NDArray[np.float64]:
        """Service that the job has had [s], from 0, not falling.
        """
    @property
    def ranks(self) -> NDArray[np.float64]:
        """Rank at each age [any].
        """

def soap(arrival_rates: ArrayLike, services: Sequence[DistributionLike], ranks: Sequence[RankFunction]) -> ClassMeans:
    """Mean values of each class in M/G/1 under the policy of these rank functions (SOAP).

    Exact but for integration, to about 1e-8. A size that is known makes a class: constant services s with rank s - age
    are shortest remaining processing time. At a load of 1 or more all is infinite.

    Parameters
    ----------
    arrival_rates
        λ of each class [1/s], finite and >= 0
    services
        laws of the service time of each class [s], of values >= 0 with a finite mean > 0, as many as rates
    ranks
        rank function of each class, as many as rates

    Returns
    -------
    the means, in the order of the classes

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Z. Scully, M. Harchol-Balter, A. Scheller-Wolf 2018, SOAP: one clean analysis of all age-based scheduling policies, Proceedings of the ACM on Measurement and Analysis of Computing Systems 2(1)
    """

def soap_sojourn_of_size(arrival_rates: ArrayLike, services: Sequence[DistributionLike], ranks: Sequence[RankFunction], index: float, size: float) -> float:
    """Mean time in the system of a job of known class and size in M/G/1 under the policy of these rank functions.

    Parameters
    ----------
    arrival_rates
        λ of each class [1/s], finite and >= 0
    services
        laws of the service time of each class [s], of values >= 0 with a finite mean > 0, as many as rates
    ranks
        rank function of each class, as many as rates
    index
        class of the job [1], an integer >= 0, below the number of classes
    size
        x [s], service time that the job needs, finite and >= 0

    Returns
    -------
    mean time in the system [s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Z. Scully, M. Harchol-Balter, A. Scheller-Wolf 2018, theorem 5.5
    """

def gittins_rank(service: DistributionLike) -> RankFunction:
    """Rank function of Gittins' policy: the least work per completion that any stopping age promises, the inverse of Gittins' index.

    Of all policies that do not know the sizes it has the least mean time in the system in M/G/1. Where the hazard rate
    falls it orders as "fb", where it rises as "fcfs". Atoms are met exactly, smooth laws at about a thousand ages.

    Parameters
    ----------
    service
        law of the service time [s], of values >= 0 with a finite mean > 0

    Returns
    -------
    rank [s] at each age

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J. C. Gittins 1989, Multi-armed Bandit Allocation Indices; S. Aalto, U. Ayesta, R. Righter 2009, On the Gittins index in the M/G/1 queue, Queueing Systems 63
    """

@overload
def erlang_b_continuous(servers: float, offered_load: float) -> float: ...
@overload
def erlang_b_continuous(servers: ArrayLike, offered_load: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Erlang's loss formula continued to any real number of servers.

    1/B(c, a) = ∫ exp(-t) (1 + t/a)^c dt, t = 0..∞; at whole c equal to erlang_b. Staffing problems that are solved over
    the reals, and overflow traffic, use it.

    Parameters
    ----------
    servers
        c [1], real, finite and >= 0
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
    D. L. Jagerman 1974, Bell System Technical Journal 53(3), eq. 1
    """

@overload
def servers_for_blocking(offered_load: float, probability: float) -> float: ...
@overload
def servers_for_blocking(offered_load: ArrayLike, probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Fewest servers that lose at most a share p of the arrivals: smallest c with B(c, a) <= p.

    Parameters
    ----------
    offered_load
        a = λ/μ [erlang], >= 0 and below 2^52
    probability
        p [1], in (0, 1)

    Returns
    -------
    servers [1], an integer >= 0

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    A. K. Erlang 1917; D. L. Jagerman 1974, Bell System Technical Journal 53(3)
    """

@overload
def load_for_blocking(servers: float, probability: float) -> float: ...
@overload
def load_for_blocking(servers: ArrayLike, probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Offered load at which c servers lose a share p of the arrivals: B(c, a) = p.

    Parameters
    ----------
    servers
        c [1], integer >= 1
    probability
        p [1], in (0, 1)

    Returns
    -------
    offered load a [erlang], > 0

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    D. L. Jagerman 1974, Bell System Technical Journal 53(3), section on derivatives
    """

@overload
def servers_for_waiting(offered_load: float, probability: float) -> float: ...
@overload
def servers_for_waiting(offered_load: ArrayLike, probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Fewest servers before which at most a share p of the arrivals has to wait: smallest c with C(c, a) <= p.

    Parameters
    ----------
    offered_load
        a = λ/μ [erlang], >= 0 and below 2^52
    probability
        p [1], in (0, 1)

    Returns
    -------
    servers [1], an integer >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, eq. 3.40
    """

@overload
def load_for_waiting(servers: float, probability: float) -> float: ...
@overload
def load_for_waiting(servers: ArrayLike, probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Offered load at which a share p of the arrivals waits before c servers: C(c, a) = p.

    Parameters
    ----------
    servers
        c [1], integer >= 1
    probability
        p [1], in (0, 1)

    Returns
    -------
    offered load a [erlang], in (0, c)

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, eq. 3.40
    """

@overload
def servers_for_utilization(offered_load: float, utilization: float) -> float: ...
@overload
def servers_for_utilization(offered_load: ArrayLike, utilization: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Fewest servers that are busy at most a share u of their time: smallest c >= 1 with a / c <= u.

    Parameters
    ----------
    offered_load
        a = λ/μ [erlang], >= 0 and below 2^52
    utilization
        u [1], in (0, 1)

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

@overload
def arrival_rate_for_wait(service_rate: float, servers: float, wait: float, probability: float) -> float: ...
@overload
def arrival_rate_for_wait(service_rate: ArrayLike, servers: ArrayLike, wait: ArrayLike, probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Largest arrival rate of M/M/c at which P(W <= wait) >= probability.

    Parameters
    ----------
    service_rate
        μ [1/s], of one server, finite and > 0
    servers
        c [1], integer >= 1
    wait
        longest wait [s], finite and >= 0
    probability
        share of arrivals that waits no longer [1], in (0, 1)

    Returns
    -------
    arrival rate λ [1/s], > 0

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, section 3.5
    """

@overload
def service_rate_for_wait(arrival_rate: float, servers: float, wait: float, probability: float) -> float: ...
@overload
def service_rate_for_wait(arrival_rate: ArrayLike, servers: ArrayLike, wait: ArrayLike, probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Smallest service rate of M/M/c with P(W <= wait) >= probability.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and > 0
    servers
        c [1], integer >= 1
    wait
        longest wait [s], finite and >= 0
    probability
        share of arrivals that waits no longer [1], in (0, 1)

    Returns
    -------
    service rate μ of one server [1/s], > 0

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Kleinrock 1975, Queueing Systems I, section 3.5
    """

@overload
def capacity_for_blocking(arrival_rate: float, service_rate: float, servers: float, probability: float) -> float: ...
@overload
def capacity_for_blocking(arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike, probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Smallest capacity of M/M/c/K that loses at most a share p of the arrivals; infinity where none does.

    With K the loss falls towards max(0, 1 - cμ/λ), which no waiting room goes below.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    servers
        c [1], integer >= 1
    probability
        p [1], in (0, 1)

    Returns
    -------
    capacity K [1], an integer >= c, or infinity

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.5
    """

@overload
def servers_for_blocking_within(arrival_rate: float, service_rate: float, capacity: float, probability: float) -> float: ...
@overload
def servers_for_blocking_within(arrival_rate: ArrayLike, service_rate: ArrayLike, capacity: ArrayLike, probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Fewest servers in M/M/c/K with K places in all that lose at most a share p; infinity where not even K servers do.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    capacity
        K [1], waiting and in service, integer >= 1
    probability
        p [1], in (0, 1)

    Returns
    -------
    servers c [1], an integer in [1, K], or infinity

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.5
    """

@overload
def arrival_rate_for_blocking(service_rate: float, servers: float, capacity: float, probability: float) -> float: ...
@overload
def arrival_rate_for_blocking(service_rate: ArrayLike, servers: ArrayLike, capacity: ArrayLike, probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Arrival rate at which M/M/c/K loses a share p of the arrivals.

    Parameters
    ----------
    service_rate
        μ [1/s], of one server, finite and > 0
    servers
        c [1], integer >= 1
    capacity
        K [1], waiting and in service, integer >= c
    probability
        p [1], in (0, 1)

    Returns
    -------
    arrival rate λ [1/s], > 0

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.5
    """

@overload
def service_rate_for_blocking(arrival_rate: float, servers: float, capacity: float, probability: float) -> float: ...
@overload
def service_rate_for_blocking(arrival_rate: ArrayLike, servers: ArrayLike, capacity: ArrayLike, probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Service rate at which M/M/c/K loses a share p of the arrivals.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and > 0
    servers
        c [1], integer >= 1
    capacity
        K [1], waiting and in service, integer >= c
    probability
        p [1], in (0, 1)

    Returns
    -------
    service rate μ of one server [1/s], > 0

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.5
    """

class StationMeans(Record):
    """Means of a station in its steady state; an unstable one waits for ever.
    """
    def __new__(cls, utilization: float, stable: bool, mean_wait: float, mean_sojourn: float, mean_queue_length: float, mean_number: float) -> Self: ...
    @property
    def utilization(self) -> float:
        """Offered load ρ of a server, the work that comes over the work that can be done [1].
        """
    @property
    def stable(self) -> bool:
        """Whether ρ < 1, so that a steady state exists.
        """
    @property
    def mean_wait(self) -> float:
        """Mean wait in the queue before service, E[W] [s].
        """
    @property
    def mean_sojourn(self) -> float:
        """Mean time in the system, E[T] [s].
        """
    @property
    def mean_queue_length(self) -> float:
        """Mean number waiting, λ E[W] [1].
        """
    @property
    def mean_number(self) -> float:
        """Mean number in the system, λ E[T] [1].
        """

def transient_distribution(arrival_rate: float, service_rate: float, servers: float, initial: float, time: float, capacity: float = ...) -> NDArray[np.float64]:
    """Distribution of the number in M/M/c/K a time after the start, by uniformisation.

    Parameters
    ----------
    arrival_rate
        λ [1/s], finite and >= 0
    service_rate
        μ [1/s], of one server, finite and > 0
    servers
        c [1], integer >= 1
    initial
        number at the start [1], integer >= 0 and <= capacity
    time
        t [s], finite and >= 0
    capacity
        K [1], integer >= c, or infinity

    Returns
    -------
    P(n present) for n = 0, 1, ... [1]; of an infinite room so many that 1e-16 at most is missing

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    A. Jensen 1953, Markoff chains as an aid in the study of Markoff processes; W. Grassmann 1977, Transient solutions in Markovian queueing systems
    """

class TimeVaryingQueue(Record):
    """A queue over time: what holds at the end of each interval.
    """
    def __new__(cls, times: NDArray[np.float64] = ..., mean_number: NDArray[np.float64] = ..., mean_queue_length: NDArray[np.float64] = ..., probability_wait: NDArray[np.float64] = ...) -> Self: ...
    @property
    def times(self) -> NDArray[np.float64]:
        """Ends of the intervals [s].
        """
    @property
    def mean_number(self) -> NDArray[np.float64]:
        """Mean number in the system [1].
        """
    @property
    def mean_queue_length(self) -> NDArray[np.float64]:
        """Mean number waiting [1].
        """
    @property
    def probability_wait(self) -> NDArray[np.float64]:
        """Probability that an arrival then has to wait [1].
        """

def time_varying_mmc(arrival_rates: ArrayLike, interval: float, service_rate: float, servers: ArrayLike) -> TimeVaryingQueue:
    """M(t)/M/s(t) from empty, exact: arrival rate and servers are constant within each interval.

    When servers leave, those whom they served wait again.

    Parameters
    ----------
    arrival_rates
        λ in each interval [1/s], finite and >= 0
    interval
        length of an interval [s], finite and > 0
    service_rate
        μ [1/s], of one server, finite and > 0
    servers
        in each interval, or one number for all [1], integers >= 1

    Returns
    -------
    the queue at the ends of the intervals

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    W. Grassmann 1977, Transient solutions in Markovian queueing systems
    """

def time_varying_load(arrival_rates: ArrayLike, interval: float, service: DistributionLike) -> NDArray[np.float64]:
    """Mean number of busy servers in M(t)/G/infinity from empty, m(t) = ∫ λ(u) P(S > t - u) du.

    Parameters
    ----------
    arrival_rates
        λ in each interval [1/s], finite and >= 0
    interval
        length of an interval [s], finite and > 0
    service
        law of a service, with a finite mean

    Returns
    -------
    m at the ends of the intervals [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    S. Eick, W. Massey, W. Whitt 1993, The physics of the Mt/G/∞ queue
    """

def modified_offered_load(arrival_rates: ArrayLike, interval: float, service: DistributionLike, servers: ArrayLike) -> TimeVaryingQueue:
    """M(t)/G/s(t) by the modified offered load: M/M/s with the load that infinitely many servers would have just then.

    Where that load exceeds the servers, numbers are infinite and the probability is 1.

    Parameters
    ----------
    arrival_rates
        λ in each interval [1/s], finite and >= 0
    interval
        length of an interval [s], finite and > 0
    service
        law of a service, with a finite mean > 0
    servers
        in each interval, or one number for all [1], integers >= 1

    Returns
    -------
    the queue at the ends of the intervals

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    O. Jennings and others 1996, Server staffing to meet time-varying demand
    """

def pointwise_stationary(arrival_rates: ArrayLike, interval: float, service_rate: float, servers: ArrayLike) -> TimeVaryingQueue:
    """M(t)/M/s(t) as if each interval had its steady state (pointwise stationary approximation).

    Parameters
    ----------
    arrival_rates
        λ in each interval [1/s], finite and >= 0
    interval
        length of an interval [s], finite and > 0
    service_rate
        μ [1/s], of one server, finite and > 0
    servers
        in each interval, or one number for all [1], integers >= 1

    Returns
    -------
    the queue at the ends of the intervals

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    L. Green and P. Kolesar 1991, The pointwise stationary approximation for queues with nonstationary arrivals
    """

@overload
def multiplexed_capacity(sources: float, activity: float, overflow_probability: float) -> float: ...
@overload
def multiplexed_capacity(sources: ArrayLike, activity: ArrayLike, overflow_probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Capacity that n on-off sources need together: fewest m with P(more than m are active) <= ε, where the peak provision is n.

    Parameters
    ----------
    sources
        n [1], integer >= 1
    activity
        probability that a source is active p [1], in [0, 1]
    overflow_probability
        ε [1], in (0, 1)

    Returns
    -------
    m, in units of one source's peak [1], an integer in [0, n]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. Schwartz 1996, Broadband Integrated Networks, ch. 3
    """

@overload
def multiplexing_gain(sources: float, activity: float, overflow_probability: float) -> float: ...
@overload
def multiplexing_gain(sources: ArrayLike, activity: ArrayLike, overflow_probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Statistical multiplexing gain: peak provision over multiplexed_capacity(), n / m.

    Parameters
    ----------
    sources
        n [1], integer >= 1
    activity
        probability that a source is active p [1], in (0, 1]
    overflow_probability
        ε [1], in (0, 1)

    Returns
    -------
    the gain [1], >= 1; infinite where no capacity is needed

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    M. Schwartz 1996, Broadband Integrated Networks, ch. 3
    """
