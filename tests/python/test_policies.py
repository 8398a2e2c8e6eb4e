"""Policies from Python: the same classes, their bulk form, texts for enumerations, records with defaults."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qsm import InvalidType, policies

rng = np.random.default_rng(7)


def test_admitted_agrees_with_one_call_per_request():
    times = np.cumsum(rng.exponential(0.1, 2000))
    costs = rng.choice([1.0, 2.0], 2000)
    for make in (
        lambda: policies.TokenBucket(8, 4),
        lambda: policies.Gcra(0.125, 0.5),
        lambda: policies.LeakyBucket(8, 4),
        lambda: policies.FixedWindow(8, 1),
        lambda: policies.SlidingWindowLog(8, 1),
        lambda: policies.SlidingWindowCounter(8, 1),
    ):
        one, many = make(), make()
        singly = [one.admit(t, c) for t, c in zip(times, costs, strict=True)]
        together = policies.admitted(many, times, costs)
        assert together.dtype == bool
        assert together.tolist() == singly
        assert 0 < together.sum() < 2000


def test_a_fluid_bound_holds_for_the_token_bucket():
    times = np.cumsum(rng.exponential(0.02, 5000))
    passed = times[policies.admitted(policies.TokenBucket(10, 5), times)]
    for length in (0.1, 1.0, 5.0):
        inside = np.searchsorted(passed, passed + length, side="left") - np.arange(passed.size)
        assert inside.max() <= 5 + 10 * length


def test_fair_scheduler_serves_by_weight():
    scheduler = policies.WeightedFairQueueing([1, 3], rate=1)
    for i in range(80):
        scheduler.push(0, policies.Job(id=i, flow=i % 2))
    assert scheduler.size == 80
    first = [scheduler.pop(float(t)).flow for t in range(40)]
    assert first.count(1) == 30
    assert policies.DeficitRoundRobin([1.0], 1.0).pop(0) is None


def test_job_has_the_defaults_of_the_header():
    job = policies.Job(id=3)
    assert (job.size, job.flow, job.priority, job.deadline) == (1, 0, 0, np.inf)
    assert job == policies.Job(3)
    assert policies.Job(3, size=2) != job
    with pytest.raises(TypeError, match="Job takes id, size"):
        policies.Job(3, id=4)
    with pytest.raises(TypeError):
        policies.Job(3, colour=4)


def test_enumerations_are_texts():
    assert policies.Backoff(1, 8, 2, "none").pause(2, 0.1) == 4
    assert policies.Backoff(1, 8, 2, jitter="equal").pause(2, 0.5) == 3
    with pytest.raises(ValueError, match="Backoff: jitter must be one of 'none', 'full', 'equal', got 'some'"):
        policies.Backoff(1, 8, 2, "some")
    with pytest.raises(InvalidType, match="jitter"):
        policies.Backoff(1, 8, 2, 1)
    breaker = policies.CircuitBreaker(window=4, least_calls=4, open_time=10)
    assert breaker.state(0) == "closed"
    for _ in range(4):
        breaker.observe(0, False)
    assert breaker.state(1) == "open"
    assert not breaker.allow(9.5)
    assert breaker.state(10) == "half_open"


def test_limits_learn():
    limit = policies.VegasLimit(10)
    limit.observe(policies.LatencySample(now=0, latency=0.01, in_flight=10))
    limit.observe(policies.LatencySample(now=1, latency=0.01, in_flight=11))
    assert limit.limit == 16
    assert limit.least_latency == 0.01


def test_shares():
    assert policies.max_min_shares(9, [np.inf, np.inf], [1, 2]).tolist() == [3, 6]
    assert policies.jain_index([0, 0, 5, 0]) == 0.25


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: policies.TokenBucket(0, 1), ValueError, "TokenBucket: rate must be finite and > 0, got 0"),
        (lambda: policies.TokenBucket(True, 1), InvalidType, "rate"),
        (lambda: policies.TokenBucket(1, 1).admit(0, -1), ValueError, "cost"),
        (lambda: policies.WeightedFairQueueing([], 1), ValueError, "weights"),
        (lambda: policies.WeightedFairQueueing([1], 1).push(0, "job"), InvalidType, "job must be a Job"),
        (lambda: policies.SlotQuota(2, [3]), ValueError, "sum of guarantees must be at most total, got 3"),
        (lambda: policies.admitted("bucket", [1]), InvalidType, "limiter"),
        (lambda: policies.admitted(policies.FixedWindow(1, 1), [2, 1]), ValueError, "now must be >= the time"),
        (lambda: policies.admitted(policies.FixedWindow(1, 1), [1, 2], [1]), ValueError, "costs"),
        (lambda: policies.admitted(policies.FixedWindow(1, 1), ["a"]), InvalidType, "times"),
        (lambda: policies.CircuitBreaker(window=0), ValueError, "window"),
    ],
)
def test_bad_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_schedulers_that_keep_one_order():
    def drained(scheduler):
        for number, value in enumerate((3.0, 1.0, 2.0, 1.0)):
            scheduler.push(0.0, policies.Job(id=number, size=value, priority=value, deadline=value))
        return [scheduler.pop(k).id for k in range(4)]

    assert drained(policies.Fifo()) == [0, 1, 2, 3]
    for kind in (policies.EarliestDeadlineFirst, policies.ShortestRemaining, policies.PriorityScheduler):
        scheduler = kind()
        assert drained(scheduler) == [1, 3, 2, 0]
        assert scheduler.size == 0
        assert scheduler.pop(9) is None
    shortest = policies.ShortestRemaining()
    shortest.push(0, policies.Job(id=1, size=3))
    assert shortest.preempts(policies.Job(id=2, size=3.5))
    assert not shortest.preempts(policies.Job(id=2, size=3))


def test_ageing_ends_starvation():
    def wait_of_the_last(ageing):
        scheduler = policies.PriorityScheduler(ageing)
        scheduler.push(0, policies.Job(id=0, priority=10))
        for second in range(100):
            scheduler.push(second, policies.Job(id=1 + second))
            if scheduler.pop(second).id == 0:
                return second
        return math.inf

    assert wait_of_the_last(0) == math.inf
    assert wait_of_the_last(0.5) == 20
    with pytest.raises(ValueError, match="PriorityScheduler: ageing must be finite and >= 0, got -1"):
        policies.PriorityScheduler(-1)
    with pytest.raises(ValueError, match="Scheduler.push: size must be finite and > 0, got 0"):
        policies.Fifo().push(0, policies.Job(id=1, size=0))
