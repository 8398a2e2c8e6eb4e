# Made by scripts/apigen.py from the headers; change those instead.
# ruff: noqa
from collections.abc import Callable, Sequence
from typing import Self, overload
import numpy as np
from numpy.typing import ArrayLike, NDArray
from qsm._core.core import Distribution
from qsm._estimate import Estimate
from qsm._law import DistributionLike
from qsm._record import Record

def sum_of_laws(distributions: Sequence[DistributionLike], tolerance: float = ..., *, progress: Callable[[float], object] | None = ...) -> Distribution:
    """Law of the sum of independent times, one after another.

    Exact: constants, normal laws, gamma laws of one scale, and exponential, Erlang, hyperexponential, Coxian and
    phase-type laws of 64 phases together. What remains is added on a grid (see Convolution); then bounds() gives two
    laws between which the true one lies, and the difference of their quantiles, seen from the least sum, is at most
    `tolerance` of them above 1/64 of the median, and shrinks no further below.

    Parameters
    ----------
    distributions
        laws of X₁, X₂, ... [s], at least one
    tolerance
        relative width of the bounds [1], in [0.001, 0.5]
    progress
        where to report, and whether to stop

    Returns
    -------
    the law of X₁ + X₂ + ...

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition; bounds by stochastic order, Shaked and Shanthikumar 2007, Stochastic Orders, 1.A
    """

def sum_of_count(distribution: DistributionLike, count: float, tolerance: float = ..., *, progress: Callable[[float], object] | None = ...) -> Distribution:
    """Law of the sum of n independent times of one law.

    Parameters
    ----------
    distribution
        law of X [s]
    count
        n [1], an integer in [1, 1e6]
    tolerance
        relative width of the bounds [1], in [0.001, 0.5]
    progress
        where to report, and whether to stop

    Returns
    -------
    the law of the sum

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition
    """

def max_of_count(distribution: DistributionLike, count: float) -> Distribution:
    """Law of the slowest of n independent times of one law: a request that asks n servers and needs all answers.

    P(max <= x) = F(x)ⁿ. Both tails keep their digits; the quantile is that of X at p^(1/n).

    Parameters
    ----------
    distribution
        law of X [s]
    count
        n [1], an integer >= 1

    Returns
    -------
    the law of max(X₁, ..., Xₙ)

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    David and Nagaraja 2003, Order Statistics, section 2.1
    """

def max_of_laws(distributions: Sequence[DistributionLike]) -> Distribution:
    """Law of the slowest of independent times of several laws.

    Parameters
    ----------
    distributions
        laws of X₁, X₂, ... [s], at least one

    Returns
    -------
    the law of max(X₁, X₂, ...)

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    David and Nagaraja 2003, Order Statistics, section 5.2
    """

def min_of_count(distribution: DistributionLike, count: float) -> Distribution:
    """Law of the fastest of n independent times of one law: a race whose first answer counts.

    P(min > x) = P(X > x)ⁿ. Exponential laws give an exponential law.

    Parameters
    ----------
    distribution
        law of X [s]
    count
        n [1], an integer >= 1

    Returns
    -------
    the law of min(X₁, ..., Xₙ)

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    David and Nagaraja 2003, Order Statistics, section 2.1
    """

def min_of_laws(distributions: Sequence[DistributionLike]) -> Distribution:
    """Law of the fastest of independent times of several laws.

    Parameters
    ----------
    distributions
        laws of X₁, X₂, ... [s], at least one

    Returns
    -------
    the law of min(X₁, X₂, ...)

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    David and Nagaraja 2003, Order Statistics, section 5.2
    """

class DistributionBounds(Record):
    """Two laws between which the true one lies at every quantile.
    """
    def __new__(cls, lower: Distribution, upper: Distribution) -> Self: ...
    @property
    def lower(self) -> Distribution:
        """Never larger than the true law.
        """
    @property
    def upper(self) -> Distribution:
        """Never smaller than the true law.
        """

def from_buckets(lower_edges: ArrayLike, upper_edges: ArrayLike, counts: ArrayLike) -> Distribution:
    """Law of values that were counted in intervals, such as the buckets of a monitoring system.

    Parameters
    ----------
    lower_edges
        lower ends of the intervals [s], finite, each at least the upper end before
    upper_edges
        upper ends [s], each >= its lower end; the last may be infinity
    counts
        values in each interval [1], finite and >= 0, not all 0

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Prometheus documentation, histogram_quantile(), for the spread inside a bucket
    """

def from_percentiles(probabilities: ArrayLike, values: ArrayLike, low: float = ..., high: float = ...) -> Distribution:
    """Law of values of which some percentiles are known.

    Between them nothing is known but that they are in order: bounds() says what follows.

    Parameters
    ----------
    probabilities
        p₁ < p₂ < ... [1], in (0, 1], at least one
    values
        percentiles [s], finite, not falling, as many as probabilities
    low
        least value possible [s], finite, <= values
    high
        largest value possible [s], >= values, may be infinity

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition
    """

def bounds(distribution: DistributionLike) -> DistributionBounds:
    """Two laws between which the true law lies.

    For laws that are exact both are the law itself. Sums without a form and laws of buckets know their bounds; sums,
    maxima, minima, mixtures, retries, shifts and scalings of them keep the order, so that bounds pass through.

    Parameters
    ----------
    distribution
        the law [s]

    Returns
    -------
    the bounds

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Shaked and Shanthikumar 2007, Stochastic Orders, section 1.A.3
    """

def quantile_bounds(distribution: DistributionLike, probability: float) -> Estimate:
    """Quantile with the interval in which that of the true law surely lies.

    Parameters
    ----------
    distribution
        the law [s]
    probability
        p [1], in [0, 1]

    Returns
    -------
    quantile [s] and its bounds

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Shaked and Shanthikumar 2007, Stochastic Orders, section 1.A
    """

class StageShare(Record):
    """What one stage has in the latency of the whole.
    """
    def __new__(cls, stage: str, mean: Estimate, tail: Estimate) -> Self: ...
    @property
    def stage(self) -> str:
        """Name of the stage; stages of one name are taken together.
        """
    @property
    def mean(self) -> Estimate:
        """Mean time that the stage adds to the path that decides the latency [s].
        """
    @property
    def tail(self) -> Estimate:
        """The same for requests near the percentile asked for [s]: these shares add up to the percentile.
        """

class Budget:
    """A request, or a part of one, as a tree; made by stage(), serial(), parallel(), race(), fan_out() and optional().

        const Budget page = serial({stage("network", network), parallel({stage("ads", ads), fan_out(shard, 20)})});
        page.distribution().quantile(0.99);

    All stages are independent, and a stage that stands twice in a tree is run twice. A value: it never changes, so that
    no budget can contain itself.
    """
    def distribution(self, tolerance: float = ...) -> Distribution:
        """Law of the latency of the whole [s]; sums without a form keep to bounds of relative width `tolerance` [1].
        """
    def shares(self, probability: float, requests: float = ..., seed: int = ..., confidence: float = ..., *, progress: Callable[[float], object] | None = ...) -> list[StageShare]:
        """What each stage has in the mean and near the p-th percentile of the whole, by simulation of `requests` requests; parts of a race or of parallel branches that do not decide the latency have nothing. The tail is that of requests ranked within (1 - p) / 4 of p. `progress` hears of the two passes through the requests.
        """

def stage(name: str, distribution: DistributionLike) -> Budget:
    """One stage of a request.

    Parameters
    ----------
    name
        name of the stage, not empty
    distribution
        law of its time [s]

    Returns
    -------
    the stage as a budget

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition
    """

def serial(parts: Sequence[Budget]) -> Budget:
    """Parts one after another: their times add up.

    Parameters
    ----------
    parts
        the parts, at least one

    Returns
    -------
    the whole

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition
    """

def parallel(parts: Sequence[Budget]) -> Budget:
    """Parts at the same time, all of which are needed: the slowest decides.

    Parameters
    ----------
    parts
        the parts, at least one

    Returns
    -------
    the whole

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition
    """

def race(parts: Sequence[Budget]) -> Budget:
    """Parts at the same time, of which the first is enough: the fastest decides.

    Parameters
    ----------
    parts
        the parts, at least one

    Returns
    -------
    the whole

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition
    """

def fan_out(part: Budget, count: float) -> Budget:
    """The same part on n servers at the same time, all of which are needed.

    Parameters
    ----------
    part
        the part
    count
        n [1], an integer in [1, 1e6]

    Returns
    -------
    the whole

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Dean and Barroso 2013, The tail at scale
    """

def optional(part: Budget, probability: float) -> Budget:
    """A part that only some requests need, such as a cache miss.

    Parameters
    ----------
    part
        the part
    probability
        share of requests that need it [1], in (0, 1]

    Returns
    -------
    the whole

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition
    """

def hedged(distribution: DistributionLike, delay: float) -> Distribution:
    """Law of a hedged request: where no answer has come after a delay d, the same is asked of a second server, and the first answer counts.

    min(X, d + X') with independent X and X' of one law. A share P(X > d) of the requests is sent twice: the survival of
    the law at d. The load that this adds to the servers is not in the law; for that, simulate them.

    Parameters
    ----------
    distribution
        law of X [s]
    delay
        d [s], finite and >= 0

    Returns
    -------
    the law of min(X, d + X')

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Dean and Barroso 2013, The tail at scale
    """

def tied(wait: DistributionLike, service: DistributionLike, count: float = ..., tolerance: float = ...) -> Distribution:
    """Law of a tied request: it waits in the queues of n servers, and the first that begins takes it out of the others.

    min(W₁, ..., Wₙ) + S with independent waits and one service. The cancellation is taken to be in time: two that begin
    within the delay of the message both serve, which only wastes work.

    Parameters
    ----------
    wait
        law of the wait in one queue W [s]
    service
        law of the service time S [s]
    count
        n, servers asked [1], an integer >= 1
    tolerance
        relative width of the bounds where the sum has no form, as for sum_of [1], in [0.001, 0.5]

    Returns
    -------
    the law of the time until the answer

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Dean and Barroso 2013, The tail at scale
    """

@overload
def fan_out_slow_probability(probability: float, count: float) -> float: ...
@overload
def fan_out_slow_probability(probability: ArrayLike, count: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Probability that a request which asks n servers meets at least one slow answer.

    1 - (1 - p)ⁿ, with all digits for small p.

    Parameters
    ----------
    probability
        p, that one answer is slow [1], in [0, 1]
    count
        n, servers asked [1], an integer >= 0

    Returns
    -------
    probability [1], in [0, 1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Dean and Barroso 2013, The tail at scale
    """

@overload
def server_probability_for_fan_out(probability: float, count: float) -> float: ...
@overload
def server_probability_for_fan_out(probability: ArrayLike, count: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Probability at which one server must keep a promise, so that all n keep it at once with the probability wanted.

    p^(1/n): what percentile of one server is the p-th of the slowest of n.

    Parameters
    ----------
    probability
        p, of the slowest of all [1], in [0, 1]
    count
        n, servers asked [1], an integer >= 1

    Returns
    -------
    probability [1], in [0, 1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Dean and Barroso 2013, The tail at scale
    """

class LittlesLaw(Record):
    """What a log says about L = λW in one window; made by littles_law().

    L = λW + started - left, exactly: who was inside at the start has had a part of the stay before the window, who is
    inside at the end will have a part after it.
    """
    def __new__(cls, mean_number: float, arrival_rate: float, mean_sojourn: float, started: float, left: float, inside_at_start: float, inside_at_end: float) -> Self: ...
    @property
    def mean_number(self) -> float:
        """Mean number inside L, over the window [1].
        """
    @property
    def arrival_rate(self) -> float:
        """Arrivals in the window per second λ [1/s].
        """
    @property
    def mean_sojourn(self) -> float:
        """Mean time in the system W of those who arrived in the window [s]; NaN if none did.
        """
    @property
    def started(self) -> float:
        """Time in the window of those who were inside at its start, over its length [1].
        """
    @property
    def left(self) -> float:
        """Time after the window of those who arrived in it, over its length [1].
        """
    @property
    def inside_at_start(self) -> float:
        """Number inside at the start of the window [1].
        """
    @property
    def inside_at_end(self) -> float:
        """Number inside at the end of the window [1].
        """

def littles_law(arrivals: ArrayLike, departures: ArrayLike, begin: float, end: float) -> LittlesLaw:
    """Little's law on a log, in the window from `begin` to `end`.

    Nothing is assumed about order of service, independence or a steady state: the law is bookkeeping.

    Parameters
    ----------
    arrivals
        times of arrival [s], in any order, finite
    departures
        times of departure [s], one for each arrival and not before it; infinity for who is still inside
    begin
        start of the window [s], finite
    end
        end of the window [s], finite and > begin

    Returns
    -------
    L, λ, W and the terms of the window

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Little 2011, Little's law as viewed on its 50th anniversary, section 2.2; Kim and Whitt 2013
    """

def correct_coordinated_omission(samples: ArrayLike, expected_interval: float) -> NDArray[np.float64]:
    """Latencies with those added that a waiting load generator left out.

    For each value v above the interval i at which requests were meant to be sent: v, and v - i, v - 2i, ... down to i.
    The added values follow the recorded ones. Not to be applied to times that were measured from when requests were
    meant to be sent: those lack nothing.

    Parameters
    ----------
    samples
        recorded latencies [s], each finite and >= 0
    expected_interval
        i, between requests as planned [s], finite and > 0

    Returns
    -------
    recorded latencies, then the added ones [s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Tene 2012-2024, HdrHistogram, recordValueWithExpectedInterval
    """

class CoordinatedOmission(Record):
    """One stalled server, measured three ways: made by simulate_coordinated_omission().
    """
    def __new__(cls, open: NDArray[np.float64], recorded: NDArray[np.float64], intended: NDArray[np.float64]) -> Self: ...
    @property
    def open(self) -> NDArray[np.float64]:
        """Latency of users who come as planned whatever happens [s]: the truth.
        """
    @property
    def recorded(self) -> NDArray[np.float64]:
        """What a closed load generator records, from sending to answer [s].
        """
    @property
    def intended(self) -> NDArray[np.float64]:
        """The same requests, from when they were meant to be sent [s].
        """

def simulate_coordinated_omission(service: DistributionLike, rate: float, duration: float, stall_start: float, stall: float, connections: float = ..., seed: int = ...) -> CoordinatedOmission:
    """Simulates a server that stalls, under users who come as planned and under a load generator that waits.

    A request is planned every 1/rate seconds, for `duration`. One server answers in order of arrival; once it stands
    still for a while. Users come as planned (open loop). The generator holds a number of connections that take turns;
    a connection sends its next request as planned or, if that is later, when its last answer has come (closed loop).

    Parameters
    ----------
    service
        law of the service time [s], >= 0
    rate
        planned requests per second [1/s], finite and > 0
    duration
        length of the run [s], finite and > 0, at most 10 million requests
    stall_start
        when the server stops [s], finite and >= 0
    stall
        for how long [s], finite and >= 0
    connections
        of the generator [1], an integer >= 1
    seed
        of the service times [1], any 64-bit integer

    Returns
    -------
    latencies three ways, in the order of the plan

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Tene 2013, How NOT to measure latency; Lindley 1952 for the queue
    """

def stalled_latency(service_time: float, rate: float, stall: float, duration: float) -> Distribution:
    """True law of the latency of planned requests to a server of constant service time that stalls once.

    Requests come every 1/λ seconds; with ρ = λs < 1 the backlog of a stall d is gone after d / (1 - ρ), and the
    latencies on the way fall evenly from s + d to s.

    Parameters
    ----------
    service_time
        s [s], finite and > 0
    rate
        λ, planned requests per second [1/s], finite and > 0, below 1/s
    stall
        d [s], finite and >= 0
    duration
        length of the run [s], finite, at least d / (1 - ρ)

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    fluid limit of the D/D/1 queue with one vacation
    """

def percentiles(samples: ArrayLike, probabilities: ArrayLike, confidence: float = ...) -> list[Estimate]:
    """Percentiles of measured times, each with an interval that holds for every continuous law.

    The value is the smallest x with a share p of the sample at or below it. The interval lies between two order
    statistics, chosen by the binomial law of the number below the true quantile; its upper end is infinite where the
    sample is too small to say anything, as for the 99.999th percentile of fewer than 300,000 times.

    Parameters
    ----------
    samples
        independent times [s], in any order; at least one, none NaN
    probabilities
        p of each percentile [1], in [0, 1]
    confidence
        of each interval [1], in (0, 1); reached or exceeded

    Returns
    -------
    one estimate for each probability [s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    David and Nagaraja 2003, Order Statistics, section 7.1
    """

def merged_percentile(counts: ArrayLike, probabilities: ArrayLike, values: ArrayLike, probability: float, low: float = ..., high: float = ...) -> Estimate:
    """Percentile of several parts together, of each of which some percentiles are known.

    Percentiles cannot be averaged: the 99th of two servers is not the mean of their 99ths. What their own percentiles
    say about the percentile of all is an interval, and no more; it contains the truth if theirs are right. Merge
    histograms or sketches where a number is wanted.

    Parameters
    ----------
    counts
        values in each part [1], finite and > 0
    probabilities
        which percentiles are known [1], rising, in (0, 1], the same for all parts
    values
        the percentiles of each part [s], a row per part, finite, not falling
    probability
        p, of the percentile wanted [1], in [0, 1]
    low
        least value possible [s], finite
    high
        largest value possible [s], may be infinity

    Returns
    -------
    percentile by interpolation, and its sure bounds [s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Shaked and Shanthikumar 2007, Stochastic Orders, section 1.A.3
    """

def deadline_miss_probability(distribution: DistributionLike, deadline: float) -> float:
    """Probability that a deadline is missed, P(X > d).

    Parameters
    ----------
    distribution
        law of the latency X [s]
    deadline
        d [s], not NaN

    Returns
    -------
    probability [1], in [0, 1], with all digits however small

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition
    """

@overload
def geodesic_distance(latitude_a: float, longitude_a: float, latitude_b: float, longitude_b: float) -> float: ...
@overload
def geodesic_distance(latitude_a: ArrayLike, longitude_a: ArrayLike, latitude_b: ArrayLike, longitude_b: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Shortest way along the WGS 84 ellipsoid between two places.

    Exact to about ten nanometres anywhere, antipodes included: the equations of the geodesic on the auxiliary sphere,
    their integrals by Gauss-Legendre quadrature, the azimuth by bracketing.

    Parameters
    ----------
    latitude_a
        latitude of the first place [degrees], in [-90, 90]
    longitude_a
        longitude of the first place [degrees], in [-540, 540]
    latitude_b
        latitude of the second place [degrees], in [-90, 90]
    longitude_b
        longitude of the second place [degrees], in [-540, 540]

    Returns
    -------
    distance [m], >= 0

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Karney 2013, Algorithms for geodesics, Journal of Geodesy 87
    """

@overload
def fibre_delay(distance: float, refractive_index: float = 1.4682, route_factor: float = 1) -> float: ...
@overload
def fibre_delay(distance: ArrayLike, refractive_index: ArrayLike = 1.4682, route_factor: ArrayLike = 1, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Time that light takes along a fibre of given length.

    Parameters
    ----------
    distance
        length along the ground [m], finite and >= 0
    refractive_index
        group index of the medium [1], finite and >= 1: 1.4682 in single-mode fibre, 1 in vacuum, 1.0003 in air
    route_factor
        length of the cable over the shortest way [1], finite and >= 1

    Returns
    -------
    one-way delay [s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    ITU-T G.652 fibre at 1550 nm, group index as makers print it
    """

def retry(distribution: DistributionLike, timeout: float, attempts: float, backoff: float = ..., multiplier: float = ...) -> Distribution:
    """Law of the time that a caller spends on a request with retries.

    Each attempt takes an independent X. One that has not answered after τ is given up; after a pause the next begins;
    after the last the caller gives up. The law is that of the time until the answer or the giving up, exactly, with an
    atom of P(X > τ)ⁿ at its end: those get no answer.

    Parameters
    ----------
    distribution
        law of X, one attempt [s], >= 0
    timeout
        τ [s], finite and > 0
    attempts
        n, the first included [1], an integer in [1, 10000]
    backoff
        pause before the second attempt [s], finite and >= 0
    multiplier
        what each later pause is longer by [1], finite and > 0

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition
    """

@overload
def retry_attempts(probability_timeout: float, attempts: float) -> float: ...
@overload
def retry_attempts(probability_timeout: ArrayLike, attempts: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Mean number of attempts per request with retries: the factor by which retries multiply the load.

    (1 - qⁿ) / (1 - q), the chance of a timeout q taken to be the same for each attempt.

    Parameters
    ----------
    probability_timeout
        q, that an attempt times out [1], in [0, 1]
    attempts
        n, the first included [1], an integer >= 1

    Returns
    -------
    attempts per request [1], in [1, n]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    geometric sum
    """

@overload
def revenue_sensitivity(loss: float, added_latency: float) -> float: ...
@overload
def revenue_sensitivity(loss: ArrayLike, added_latency: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Sensitivity of revenue to latency that a claim such as "100 ms cost 1 %" states.

    β = -ln(1 - loss) / added latency: the constant rate of loss that turns the one into the other.

    Parameters
    ----------
    loss
        share of revenue lost [1], below 1; negative where latency was said to help
    added_latency
        latency added when it was lost [s], finite and > 0

    Returns
    -------
    β [1/s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition
    """

@overload
def revenue_ratio(latency: float, baseline: float, sensitivity: float) -> float: ...
@overload
def revenue_ratio(latency: ArrayLike, baseline: ArrayLike, sensitivity: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Revenue at one latency over that at another: exp(-β (L - L₀)).

    The model: each added second loses the same share of what is left, whoever the users are. It says nothing outside of
    the latencies and the users from which β was taken, nor about cause.

    Parameters
    ----------
    latency
        L [s], finite
    baseline
        L₀, at which revenue was measured [s], finite
    sensitivity
        β [1/s], finite

    Returns
    -------
    revenue over that at the baseline [1], >= 0

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition, a constant semi-elasticity
    """

def expected_revenue_ratio(distribution: DistributionLike, baseline: float, sensitivity: float) -> float:
    """Revenue where latencies vary, over that where all were equal to the baseline: E[exp(-β (X - L₀))].

    Each request loses by its own latency. At one mean, latencies that vary more lose less by this model, because it
    cannot lose more than all: state the claim behind β by quantile if the tail is what hurts.

    Parameters
    ----------
    distribution
        law of the latency X [s]
    baseline
        L₀ [s], finite
    sensitivity
        β [1/s], finite and >= 0

    Returns
    -------
    revenue over that at the baseline [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Laplace transform of the latency
    """

@overload
def liu_layland_bound(tasks: float) -> float: ...
@overload
def liu_layland_bound(tasks: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Utilization up to which n periodic tasks always meet deadlines equal to their periods under rate-monotonic priority.

    n (2^(1/n) - 1), which falls to ln 2. Sufficient, not necessary: response_times() decides.

    Parameters
    ----------
    tasks
        n [1], an integer >= 1

    Returns
    -------
    utilization [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Liu and Layland 1973, Scheduling algorithms for multiprogramming in a hard-real-time environment
    """

def response_times(periods: ArrayLike, executions: ArrayLike, jitters: ArrayLike = ..., blockings: ArrayLike = ...) -> NDArray[np.float64]:
    """Worst-case response times of periodic tasks under fixed priority with pre-emption.

    Tasks stand in order of priority, the highest first. Each releases a job once per period, up to a jitter late; a job
    may be blocked once by lower priorities. All jobs of the busy period that begins with the worst release are looked
    at, so that responses may exceed periods. Infinite where the load of a task and those above reaches or exceeds 1
    without an end of the busy period.

    Parameters
    ----------
    periods
        T, or least time between releases [s], each finite and > 0
    executions
        C, longest execution [s], each finite and >= 0, as many as periods
    jitters
        J, latest release after the event [s], each finite and >= 0, as many as periods or none
    blockings
        B, longest blocking by lower priorities [s], each finite and >= 0, as many as periods or none

    Returns
    -------
    R of each task, from the event to the end [s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Joseph and Pandya 1986; Tindell, Burns and Wellings 1994, An extendible approach for analyzing fixed priority hard real-time tasks
    """

def edf_schedulable(periods: ArrayLike, executions: ArrayLike, deadlines: ArrayLike = ...) -> bool:
    """Whether earliest-deadline-first meets all deadlines of periodic tasks with pre-emption.

    Exact for synchronous releases without jitter: utilization <= 1, and the work that is due within any time t, Σ max(0,
    ⌊(t - D) / T⌋ + 1) C, is at most t, for each deadline in the first busy period (processor demand criterion).

    Parameters
    ----------
    periods
        T [s], each finite and > 0
    executions
        C [s], each finite and >= 0, as many as periods
    deadlines
        D after release [s], each finite and > 0, as many as periods; none stands for the periods

    Returns
    -------
    [1] true where every deadline is met; throws where at full load the first busy period has no end

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Baruah, Rosier and Howell 1990; Zhang and Burns 2009, Schedulability analysis for real-time systems with EDF scheduling
    """

def periodic_miss_probability(execution: DistributionLike, period: float, deadline: float, jobs: float = ..., replications: float = ..., seed: int = ..., confidence: float = ..., *, progress: Callable[[float], object] | None = ...) -> Estimate:
    """Probability that a job of a periodic loop misses its deadline, where late jobs delay the next ones.

    A job is released every period, takes an independent execution time and waits for those before it: the D/G/1 queue,
    simulated. Where no job can outlast the period, it is P(C > D) exactly.

    Parameters
    ----------
    execution
        law of C [s], >= 0
    period
        T [s], finite and > 0
    deadline
        D after release [s], finite and > 0
    jobs
        in each replication, after as many for warm-up [1], an integer in [1, 1e9]
    replications
        independent runs [1], an integer >= 2
    seed
        of the runs [1], any 64-bit integer
    confidence
        of the interval [1], in (0, 1)
    progress
        where to report, and whether to stop

    Returns
    -------
    probability with its interval [1]; 1 where the mean execution time reaches the period

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Lindley 1952, The theory of queues with a single server
    """
