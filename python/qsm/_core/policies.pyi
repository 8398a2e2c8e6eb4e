# Made by scripts/apigen.py from the headers; change those instead.
# ruff: noqa
from typing import Literal, Self, overload
import numpy as np
from numpy.typing import ArrayLike, NDArray
from qsm._record import Record

def admitted(
    limiter: TokenBucket | Gcra | LeakyBucket | FixedWindow | SlidingWindowLog | SlidingWindowCounter,
    times: ArrayLike,
    costs: ArrayLike | None,
) -> NDArray[np.bool_]: ...

class Fifo:
    """First come, first served."""

    def __init__(self) -> None:
        """Nothing waits."""
    def push(self, now: float, job: Job) -> None:
        """Lets a job wait from `now` [s]."""
    def pop(self, now: float) -> Job | None:
        """Takes the next job; None where none waits."""
    def preempts(self, running: Job) -> bool:
        """Whether the next job comes strictly before `running`, whose size is what is left of it."""
    @property
    def size(self) -> int:
        """Number of jobs that wait [1]."""

class EarliestDeadlineFirst:
    """Earliest deadline first: optimal for one server where all deadlines can be met (Dertouzos 1974)."""

    def __init__(self) -> None:
        """Nothing waits."""
    def push(self, now: float, job: Job) -> None:
        """Lets a job wait from `now` [s]."""
    def pop(self, now: float) -> Job | None:
        """Takes the next job; None where none waits."""
    def preempts(self, running: Job) -> bool:
        """Whether the next job comes strictly before `running`, whose size is what is left of it."""
    @property
    def size(self) -> int:
        """Number of jobs that wait [1]."""

class ShortestRemaining:
    """Shortest remaining size first: the least mean sojourn of all policies of one server (Schrage 1968) where the
    caller honours `preempts`; shortest job first where not.
    """

    def __init__(self) -> None:
        """Nothing waits."""
    def push(self, now: float, job: Job) -> None:
        """Lets a job wait from `now` [s]."""
    def pop(self, now: float) -> Job | None:
        """Takes the next job; None where none waits."""
    def preempts(self, running: Job) -> bool:
        """Whether the next job comes strictly before `running`, whose size is what is left of it."""
    @property
    def size(self) -> int:
        """Number of jobs that wait [1]."""

class PriorityScheduler:
    """Priorities, the lowest number first, with ageing against starvation.

    With ageing a job's number falls by that much for each second of waiting, so that nobody starves.
    """

    def __init__(self, ageing: float = ...) -> None:
        """Nothing waits.

        Parameters
        ----------
        ageing
            levels that a second of waiting is worth [1/s], finite and >= 0
        """
    def push(self, now: float, job: Job) -> None:
        """Lets a job wait from `now` [s]."""
    def pop(self, now: float) -> Job | None:
        """Takes the next job; None where none waits."""
    def preempts(self, running: Job) -> bool:
        """Whether the next job comes strictly before `running`, whose size is what is left of it."""
    @property
    def size(self) -> int:
        """Number of jobs that wait [1]."""

class CircuitBreaker:
    """Circuit breaker over the last calls. Ask `allow(now)` before a call, tell `observe(now, succeeded)` after it.

    Results that come while it is open, or half open before the first probe, do not count; later ones count as probes.
    Tell the end of every call, of those given up too: probes whose end is not told by `open_time` are sent anew.
    """
    def __init__(self, *, failure_share: float = ..., window: float = ..., least_calls: float = ..., open_time: float = ..., probes: float = ...) -> None:
        """A closed circuit.
        """
    def allow(self, now: float) -> bool:
        """Whether a call may be made at `now` [s].
        """
    def observe(self, now: float, succeeded: bool) -> None:
        """Learns how a call that was allowed has ended.
        """
    def state(self, now: float) -> Literal["closed", "open", "half_open"]:
        """What it is doing at `now` [s].
        """

class CoDel:
    """Controlled delay: while the time in the queue stays above `target` for `interval`, drops one job, then the next after interval / √2, interval / √3 and so on, until the queue is short again.

        while (auto job = queue.pop(now)) {
          if (!codel.drop(now, now - job->arrival, queue.size())) return job;
        }

    Source
    ------
    K. Nichols and V. Jacobson 2018, RFC 8289
    """
    def __init__(self, target: float = ..., interval: float = ...) -> None:
        """Nothing seen yet.

        Parameters
        ----------
        target
            acceptable standing delay [s], finite and > 0
        interval
            time that a worst-case round trip takes [s], finite and > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def drop(self, now: float, waited: float, left: int) -> bool:
        """Whether to drop the job just taken from the queue: `waited` is its time in the queue [s], >= 0, `left` the number of jobs behind it [1]. Nothing is dropped while none is left.
        """
    @property
    def dropping(self) -> bool:
        """Whether the queue is being shortened.
        """

class LatencySample(Record):
    """What one request told: when it ended, how long it took, how many were in flight when it began, itself among them, and whether it was dropped or timed out.
    """
    def __new__(cls, now: float = ..., latency: float = ..., in_flight: float = ..., dropped: bool = ...) -> Self: ...
    @property
    def now(self) -> float:
        """When it ended [s].
        """
    @property
    def latency(self) -> float:
        """How long it took [s], > 0.
        """
    @property
    def in_flight(self) -> float:
        """Requests in flight when it began [1].
        """
    @property
    def dropped(self) -> bool:
        """Whether it was dropped, refused or timed out.
        """

class AimdLimit:
    """Additive increase, multiplicative decrease: one more while all is well and the limit is used, less after a drop or a timeout.

    Source
    ------
    D. Chiu and R. Jain 1989, Analysis of the increase and decrease algorithms for congestion avoidance
    """
    def __init__(self, initial: float = ..., backoff: float = ..., timeout: float = ..., least: float = ..., most: float = ...) -> None:
        """The limit is `initial`.

        Parameters
        ----------
        initial
            limit at the start [1], from `least` to `most`
        backoff
            factor of the decrease [1], in (0, 1)
        timeout
            latency that counts as a drop [s], > 0, may be infinite
        least
            least limit [1], finite and >= 1
        most
            greatest limit [1], finite and >= least

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def observe(self, sample: LatencySample) -> None:
        """Learns from a request that ended.
        """
    @property
    def limit(self) -> int:
        """Requests that may be in flight [1], an integer.
        """

class VegasLimit:
    """Vegas: estimates the queue from the least latency seen, limit x (1 - least / latency), and keeps it between two marks.

    With g = max(1, floor(log10 limit)): queue <= g adds 6 g, queue < 3 g adds g, queue > 6 g or a drop takes g away.
    Nothing grows while less than half of the limit is in flight. After `probe` x limit requests the least latency is
    measured anew, since it may have changed.

    Source
    ------
    L. Brakmo and L. Peterson 1995, TCP Vegas; concurrency-limits 0.5, VegasLimit
    """
    def __init__(self, initial: float = ..., most: float = ..., smoothing: float = ..., backoff: float = ..., probe: float = ...) -> None:
        """The limit is `initial`.

        Parameters
        ----------
        initial
            limit at the start [1], from 1 to `most`
        most
            greatest limit [1], finite and >= 1
        smoothing
            share of each new estimate [1], in (0, 1]
        backoff
            factor of a decrease [1], in (0, 1]; 1 takes g away instead
        probe
            requests between new measures of the least latency, as a multiple of the limit [1], > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def observe(self, sample: LatencySample) -> None:
        """Learns from a request that ended.
        """
    @property
    def limit(self) -> int:
        """Requests that may be in flight [1], an integer.
        """
    @property
    def least_latency(self) -> float:
        """Latency taken for that of an idle service [s]; 0 before the first request.
        """

class GradientLimit:
    """Gradient: shrinks the limit by the ratio of long-term to present latency, at most to a half, and lets `queue` grow.

    Under a steady overload the long-term latency follows the present one, so that the limit rises again: a known
    weakness, which the tests pin.

    Source
    ------
    concurrency-limits 0.5, Gradient2Limit
    """
    def __init__(self, initial: float = ..., least: float = ..., most: float = ..., queue: float = ..., smoothing: float = ..., window: float = ...) -> None:
        """The limit is `initial`.

        Parameters
        ----------
        initial
            limit at the start [1], from `least` to `most`
        least
            least limit [1], finite and >= 1
        most
            greatest limit [1], finite and >= least
        queue
            what may queue [1], finite and > 0
        smoothing
            share of each new estimate [1], in (0, 1]
        window
            requests over which the long-term latency is averaged [1], finite and >= 1

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def observe(self, sample: LatencySample) -> None:
        """Learns from a request that ended.
        """
    @property
    def limit(self) -> int:
        """Requests that may be in flight [1], an integer.
        """
    @property
    def long_latency(self) -> float:
        """Long-term average of the latency [s]; 0 before the first request.
        """

class SlotQuota:
    """Slots that tenants share: each is sure of its guarantee at any time, and may borrow what is neither used nor guaranteed to others.

    Source
    ------
    property: used <= total, and a tenant below its guarantee is never refused
    """
    def __init__(self, total: float, guarantees: ArrayLike) -> None:
        """Nothing is used.

        Parameters
        ----------
        total
            slots in all [1], an integer >= 1
        guarantees
            slots kept for each tenant [1], integers >= 0 with a sum of at most `total`

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def acquire(self, tenant: int) -> bool:
        """Takes a slot for a tenant, if it may have one.
        """
    def release(self, tenant: int) -> None:
        """Gives a slot back that the tenant holds.
        """
    def used(self, tenant: int) -> float:
        """Slots that a tenant holds [1].
        """

class WeightedFairQueueing:
    """Weighted fair queueing (PGPS): serves in the order in which generalised processor sharing would finish.

    A job leaves at most one largest job later than under GPS. Follows the virtual time of GPS exactly, in O(log n).

    Source
    ------
    A. Parekh and R. Gallager 1993, A generalized processor sharing approach to flow control
    """
    def push(self, now: float, job: Job) -> None:
        """Lets a job wait from `now` [s]; its flow must have a weight.
        """
    def pop(self, now: float) -> Job | None:
        """Takes the next job; nothing where none waits.
        """
    @property
    def size(self) -> int:
        """Number of jobs that wait [1].
        """
    def __init__(self, weights: ArrayLike, rate: float) -> None:
        """Nothing waits.

        Parameters
        ----------
        weights
            share φ of each flow [1], each finite and > 0
        rate
            work that the server does [size/s], finite and > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def virtual_time(self, now: float) -> float:
        """Virtual time of GPS at `now` [size], by which equal work of flows of weight 1 is measured; 0 where it is idle.
        """

class SelfClockedFairQueueing:
    """Self-clocked fair queueing: as WFQ, but virtual time is the tag of the job in service, in place of that of GPS.

    Cheaper, and no rate is needed; a job may have to wait for one job of every other flow more than under WFQ.

    Source
    ------
    S. J. Golestani 1994, A self-clocked fair queueing scheme for broadband applications
    """
    def push(self, now: float, job: Job) -> None:
        """Lets a job wait from `now` [s]; its flow must have a weight.
        """
    def pop(self, now: float) -> Job | None:
        """Takes the next job; nothing where none waits.
        """
    @property
    def size(self) -> int:
        """Number of jobs that wait [1].
        """
    def __init__(self, weights: ArrayLike) -> None:
        """Nothing waits.

        Parameters
        ----------
        weights
            share φ of each flow [1], each finite and > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

class WorstCaseFairQueueing:
    """Worst-case fair weighted fair queueing (WF2Q+): of the jobs that GPS would have begun, the one it finishes first.

    No flow runs ahead of its share, so that jobs of a heavy flow are spread instead of sent in a burst. Virtual time
    moves on by the size of each job as it is taken.

    Source
    ------
    J. Bennett and H. Zhang 1997, Hierarchical packet fair queueing algorithms
    """
    def push(self, now: float, job: Job) -> None:
        """Lets a job wait from `now` [s]; its flow must have a weight.
        """
    def pop(self, now: float) -> Job | None:
        """Takes the next job; nothing where none waits.
        """
    @property
    def size(self) -> int:
        """Number of jobs that wait [1].
        """
    def __init__(self, weights: ArrayLike) -> None:
        """Nothing waits.

        Parameters
        ----------
        weights
            share φ of each flow [1], each finite and > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

class DeficitRoundRobin:
    """Deficit round robin: flows in turn, each with credit for its quantum of work; O(1) where quanta reach the largest job.

    Source
    ------
    M. Shreedhar and G. Varghese 1996, Efficient fair queuing using deficit round-robin
    """
    def push(self, now: float, job: Job) -> None:
        """Lets a job wait from `now` [s]; its flow must have a weight, and its size may take 2^50 visits.
        """
    def pop(self, now: float) -> Job | None:
        """Takes the next job; nothing where none waits.
        """
    @property
    def size(self) -> int:
        """Number of jobs that wait [1].
        """
    def __init__(self, weights: ArrayLike, quantum: float) -> None:
        """Nothing waits.

        Parameters
        ----------
        weights
            share φ of each flow [1], each finite and > 0
        quantum
            work that a visit allows a flow of weight 1 [size], finite and > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

def jain_index(shares: ArrayLike) -> float:
    """How evenly shares are spread, (Σx)² / (n Σx²): 1 where all are equal, 1/n where one has all.

    Parameters
    ----------
    shares
        x, what each got [any], each finite and >= 0; at least one > 0

    Returns
    -------
    Jain's index [1], in (0, 1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    R. Jain, D. Chiu and W. Hawe 1984, A quantitative measure of fairness and discrimination
    """

def max_min_shares(capacity: float, demands: ArrayLike, weights: ArrayLike = ...) -> NDArray[np.float64]:
    """Weighted max-min fair shares: nobody gets more than asked for, and what they leave goes to the others by weight.

    Parameters
    ----------
    capacity
        what there is to share [any], finite and >= 0
    demands
        what each asks for [unit of capacity], each >= 0, may be infinite
    weights
        share φ of each [1], each finite and > 0; empty for equal ones

    Returns
    -------
    what each gets [unit of capacity]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    D. Bertsekas and R. Gallager 1992, Data Networks, section 6.5.2
    """

class Hedge:
    """Sends a second copy after a delay that only the slowest requests reach: a quantile of the last latencies. A budget keeps the copies a small share of the requests even when everything has become slow.

    Source
    ------
    J. Dean and L. Barroso 2013, The tail at scale
    """
    def __init__(self, probability: float = ..., budget: float = ..., window: float = ...) -> None:
        """No latency seen yet.

        Parameters
        ----------
        probability
            quantile at which to hedge [1], in (0, 1)
        budget
            copies for each request, in the long run [1], in (0, 1]
        window
            last latencies that are looked at [1], an integer in [10, 2^20]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def delay(self) -> float:
        """How long to wait for a request before its copy is sent [s]; infinite until ten latencies are known.
        """
    def observe(self, latency: float) -> None:
        """Learns the latency [s], finite and >= 0, of a request that ended, the faster of both copies if there were two.
        """
    def hedge(self) -> bool:
        """Takes a copy from the budget, if there is one; to be asked when `delay()` has passed.
        """

class TokenBucket:
    """Token bucket: up to `burst` tokens, refilled at `rate`; a request takes as many as it costs.

    Held as the instant at which the bucket is full again, so that no rounding adds up. In any interval of length t it
    admits at most burst + rate t.

    Source
    ------
    J. Turner 1986, New directions in communications
    """
    def __init__(self, rate: float, burst: float) -> None:
        """A full bucket.

        Parameters
        ----------
        rate
            r, tokens that come in [1/s], finite and > 0
        burst
            b, tokens that the full bucket holds [1], finite and > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def admit(self, now: float, cost: float = ...) -> bool:
        """Takes `cost` tokens [1], > 0, at `now` [s] if they are there.
        """
    def ready_at(self, now: float, cost: float = ...) -> float:
        """Earliest time at which `cost` tokens [1] can be taken [s]; infinite above `burst`.
        """
    def tokens(self, now: float) -> float:
        """Tokens in the bucket at `now` [1].
        """
    @property
    def full_at(self) -> float:
        """When the bucket is full again if nothing more is taken [s].
        """
    @property
    def rate(self) -> float:
        """r [1/s].
        """
    @property
    def burst(self) -> float:
        """b [1].
        """

class Gcra:
    """Generic cell rate algorithm: one cell every `interval`, early by at most `tolerance`.

    The virtual scheduling algorithm: a token bucket of rate 1/T and burst 1 + τ/T, in the words of traffic contracts.

    Source
    ------
    ITU-T I.371, annex A
    """
    def __init__(self, interval: float, tolerance: float) -> None:
        """No cell seen yet.

        Parameters
        ----------
        interval
            T, emission interval [s], finite and > 0
        tolerance
            τ, delay variation tolerance [s], finite and >= 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def admit(self, now: float, cost: float = ...) -> bool:
        """Admits `cost` cells [1], > 0, at `now` [s] if they conform.
        """
    def ready_at(self, now: float, cost: float = ...) -> float:
        """Earliest time at which `cost` cells [1] conform [s]; infinite where the tolerance never suffices.
        """
    @property
    def expected(self) -> float:
        """Theoretical arrival time of the next cell [s].
        """

class LeakyBucket:
    """Leaky bucket as a queue: what is admitted leaves at a constant rate, what would overflow is refused.

    As a meter it admits what a token bucket of the same size admits; beside that it says when the request leaves.

    Source
    ------
    J. Turner 1986, New directions in communications
    """
    def __init__(self, rate: float, capacity: float) -> None:
        """An empty bucket.

        Parameters
        ----------
        rate
            r, rate of the leak [1/s], finite and > 0
        capacity
            b, what the bucket holds [1], finite and > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def admit(self, now: float, cost: float = ...) -> bool:
        """Puts `cost` [1], > 0, into the bucket at `now` [s] if there is room.
        """
    def ready_at(self, now: float, cost: float = ...) -> float:
        """Earliest time at which there is room for `cost` [1] [s]; infinite above the capacity.
        """
    def offer(self, now: float, cost: float = ...) -> float | None:
        """As `admit`; says when the request begins to leave [s], nothing where it is refused.
        """
    def level(self, now: float) -> float:
        """What is in the bucket at `now` [1].
        """

class FixedWindow:
    """At most `limit` in each window [k w, (k + 1) w): cheap, but twice the limit can pass around a boundary.

    Source
    ------
    property: at most 2 limit in any interval of length w
    """
    def __init__(self, limit: float, window: float) -> None:
        """No request seen yet.

        Parameters
        ----------
        limit
            most that a window admits [1], finite and > 0
        window
            w, length of a window [s], finite and > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def admit(self, now: float, cost: float = ...) -> bool:
        """Admits `cost` [1], > 0, at `now` [s] if the window has room.
        """
    def ready_at(self, now: float, cost: float = ...) -> float:
        """Earliest time at which `cost` [1] is admitted [s]; infinite above the limit.
        """

class SlidingWindowLog:
    """At most `limit` in every interval of length `window`: exact, remembers each admitted request.

    Source
    ------
    property: at most the limit in any interval (t - w, t]
    """
    def __init__(self, limit: float, window: float) -> None:
        """No request seen yet.

        Parameters
        ----------
        limit
            most that an interval admits [1], finite and > 0
        window
            w, length of the interval [s], finite and > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def admit(self, now: float, cost: float = ...) -> bool:
        """Admits `cost` [1], > 0, at `now` [s] if the last w seconds leave room.
        """
    def ready_at(self, now: float, cost: float = ...) -> float:
        """Earliest time at which `cost` [1] is admitted [s]; infinite above the limit.
        """
    @property
    def size(self) -> int:
        """Number of requests remembered [1].
        """

class SlidingWindowCounter:
    """As the log, from two counters: the last window counts by the share that the interval still covers.

    Exact where requests of a window come evenly; otherwise up to twice the limit in an interval of length w.

    Source
    ------
    property: used <= limit with used = current + previous (1 - elapsed / w)
    """
    def __init__(self, limit: float, window: float) -> None:
        """No request seen yet.

        Parameters
        ----------
        limit
            most that an interval admits [1], finite and > 0
        window
            w, length of the interval [s], finite and > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def admit(self, now: float, cost: float = ...) -> bool:
        """Admits `cost` [1], > 0, at `now` [s] if the estimate leaves room.
        """
    def ready_at(self, now: float, cost: float = ...) -> float:
        """Earliest time at which `cost` [1] is admitted [s]; infinite above the limit.
        """

class Backoff:
    """Exponential backoff: base x factor^k before retry k = 0, 1, ..., at most `longest`, then scattered.

    Source
    ------
    M. Brooker 2015, Exponential backoff and jitter
    """
    def __init__(self, base: float = ..., longest: float = ..., factor: float = ..., jitter: Literal["none", "full", "equal"] = ...) -> None:
        """These pauses.

        Parameters
        ----------
        base
            pause before the first retry [s], finite and > 0
        longest
            longest pause [s], finite and >= base
        factor
            growth from one retry to the next [1], finite and >= 1
        jitter
            none, full or equal

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def pause(self, retry: float, uniform: float) -> float:
        """Pause before retry k [s]; `retry` [1] counts from 0, `uniform` [1], in [0, 1], is the caller's random number.
        """

class RetryBudget:
    """Lets retries be at most a share of the requests: each request brings `ratio` tokens, each retry takes one, and a small reserve lets a quiet client retry at all.

    In the long run retries <= ratio x requests + reserve_rate x time, so that the load on a failing service grows by no
    more than the factor 1 + ratio.

    Source
    ------
    B. Beyer and others 2016, Site Reliability Engineering, chapter 21
    """
    def __init__(self, ratio: float = ..., reserve_rate: float = ..., horizon: float = ...) -> None:
        """A budget without tokens but for the reserve of one horizon.

        Parameters
        ----------
        ratio
            retries for each request [1], finite and >= 0
        reserve_rate
            retries that are free [1/s], finite and >= 0
        horizon
            how long unused tokens are kept [s], finite and > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def request(self, now: float) -> None:
        """Notes a first attempt at `now` [s].
        """
    def retry(self, now: float) -> bool:
        """Takes a token for a retry at `now` [s], if there is one.
        """
    @property
    def balance(self) -> float:
        """Tokens that are left, the reserve among them [1].
        """

class RetryThrottle:
    """Stops retries of a client while most of its calls fail: starts with all tokens, a failure takes one, a success gives `ratio` back, and retries are allowed while more than half are left.

    Source
    ------
    gRPC proposal A6, client retries, throttling
    """
    def __init__(self, tokens: float = ..., ratio: float = ...) -> None:
        """All tokens are there.

        Parameters
        ----------
        tokens
            greatest number of tokens [1], finite and > 0
        ratio
            tokens for a success [1], finite and > 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def observe(self, succeeded: bool) -> None:
        """Learns how a call ended.
        """
    @property
    def allows(self) -> bool:
        """Whether retries are allowed.
        """

class Job(Record):
    """What waits to be served.
    """
    def __new__(cls, id: int = ..., size: float = ..., flow: int = ..., priority: float = ..., deadline: float = ..., arrival: float = ...) -> Self: ...
    @property
    def id(self) -> int:
        """Whatever the caller knows it by.
        """
    @property
    def size(self) -> float:
        """Work that is left [1 or s or bytes], finite and > 0.
        """
    @property
    def flow(self) -> int:
        """Flow, tenant or class, from 0.
        """
    @property
    def priority(self) -> float:
        """Lower is served first [1].
        """
    @property
    def deadline(self) -> float:
        """When it should be done [s].
        """
    @property
    def arrival(self) -> float:
        """When it came [s]; NaN until it is first pushed, so that a job taken from its server keeps its place in time.
        """
