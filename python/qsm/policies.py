"""What a service embeds: rate limiters, fair schedulers, concurrency limits, retries, circuit breakers, hedging."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qsm._core import InvalidType
from qsm._core import policies as _policies
from qsm._core.policies import (
    AimdLimit,
    Backoff,
    CircuitBreaker,
    CoDel,
    DeficitRoundRobin,
    EarliestDeadlineFirst,
    Fifo,
    FixedWindow,
    Gcra,
    GradientLimit,
    Hedge,
    Job,
    LatencySample,
    LeakyBucket,
    PriorityScheduler,
    RetryBudget,
    RetryThrottle,
    SelfClockedFairQueueing,
    ShortestRemaining,
    SlidingWindowCounter,
    SlidingWindowLog,
    SlotQuota,
    TokenBucket,
    VegasLimit,
    WeightedFairQueueing,
    WorstCaseFairQueueing,
    jain_index,
    max_min_shares,
)

__all__ = [
    "AimdLimit",
    "Backoff",
    "CircuitBreaker",
    "CoDel",
    "DeficitRoundRobin",
    "EarliestDeadlineFirst",
    "Fifo",
    "FixedWindow",
    "Gcra",
    "GradientLimit",
    "Hedge",
    "Job",
    "LatencySample",
    "LeakyBucket",
    "PriorityScheduler",
    "RetryBudget",
    "RetryThrottle",
    "SelfClockedFairQueueing",
    "ShortestRemaining",
    "SlidingWindowCounter",
    "SlidingWindowLog",
    "SlotQuota",
    "TokenBucket",
    "VegasLimit",
    "WeightedFairQueueing",
    "WorstCaseFairQueueing",
    "admitted",
    "jain_index",
    "max_min_shares",
]

RateLimiter = TokenBucket | Gcra | LeakyBucket | FixedWindow | SlidingWindowLog | SlidingWindowCounter


def admitted(limiter: RateLimiter, times: ArrayLike, costs: ArrayLike | None = None) -> NDArray[np.bool_]:
    """Which requests of a trace a limiter admits, from its state on.

    Parameters
    ----------
    limiter
        Any limiter of this module; it goes on from its state, which changes.
    times
        Arrival times [s], not falling.
    costs
        Cost of each request [1], > 0; None for 1 each.

    Returns
    -------
    One truth value per request.

    Raises
    ------
    ValueError
        Times that fall, a cost that is not positive, or not as many costs as times.
    """
    if not isinstance(limiter, RateLimiter):
        raise InvalidType(f"admitted: limiter must be a rate limiter, got {limiter!r}")
    return _policies.admitted(limiter, times, costs)
