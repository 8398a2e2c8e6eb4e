"""Every public class is a value: it pickles, copies and compares."""

import copy
import inspect
import pickle

import numpy as np
import pytest

import qsm
from qsm import core, latency, policies, queueing, sketches
from qsm.policies import Job, LatencySample

BY_RATES = ([[2.0, 0], [0, 2]], [[-4, 1], [1, -4]], [[1, 0], [0, 1]])


def changed(thing, *calls):
    """After these calls, each a method and its arguments."""
    for name, *arguments in calls:
        getattr(thing, name)(*arguments)
    return thing


def job(number, flow=0, **more):
    return Job(id=number, size=1 + number % 3, flow=flow, **more)


PUSHES = [("push", 0.5 * k, job(k, k % 2, priority=-k, deadline=9 - k)) for k in range(7)]
SAMPLES = [("observe", LatencySample(k, 0.01 * (k % 4 + 1), 9 + k)) for k in range(5)]

MADE = {
    "MarkovianQueue": lambda: queueing.ph_ph_c(qsm.erlang(2, 2), qsm.hyperexponential_balanced(0.8, 4), 2),
    "QuasiBirthDeath": lambda: queueing.quasi_birth_death(*BY_RATES),
    "FluidQueue": lambda: queueing.fluid_queue([[-1, 1], [2, -2]], [1, -3]),
    "TokenBucket": lambda: changed(policies.TokenBucket(2, 5), ("admit", 1.0, 3)),
    "Gcra": lambda: changed(policies.Gcra(0.1, 0.2), ("admit", 1.0, 1)),
    "LeakyBucket": lambda: changed(policies.LeakyBucket(2, 5), ("admit", 1.0, 3)),
    "FixedWindow": lambda: changed(policies.FixedWindow(5, 1), ("admit", 1.5, 3)),
    "SlidingWindowLog": lambda: changed(policies.SlidingWindowLog(5, 1), ("admit", 1.5, 3), ("admit", 1.7, 1)),
    "SlidingWindowCounter": lambda: changed(policies.SlidingWindowCounter(5, 1), ("admit", 1.5, 3)),
    "Fifo": lambda: changed(policies.Fifo(), *PUSHES),
    "PriorityScheduler": lambda: changed(policies.PriorityScheduler(0.3), *PUSHES),
    "EarliestDeadlineFirst": lambda: changed(policies.EarliestDeadlineFirst(), *PUSHES),
    "ShortestRemaining": lambda: changed(policies.ShortestRemaining(), *PUSHES),
    "WeightedFairQueueing": lambda: changed(policies.WeightedFairQueueing([1, 2], 0.7), *PUSHES, ("pop", 4)),
    "SelfClockedFairQueueing": lambda: changed(policies.SelfClockedFairQueueing([1, 2]), *PUSHES, ("pop", 4)),
    "WorstCaseFairQueueing": lambda: changed(policies.WorstCaseFairQueueing([1, 2]), *PUSHES, ("pop", 4)),
    "DeficitRoundRobin": lambda: changed(policies.DeficitRoundRobin([1, 2], 0.4), *PUSHES, ("pop", 4)),
    "AimdLimit": lambda: changed(policies.AimdLimit(9), *SAMPLES),
    "VegasLimit": lambda: changed(policies.VegasLimit(9), *SAMPLES),
    "GradientLimit": lambda: changed(policies.GradientLimit(), *SAMPLES),
    "SlotQuota": lambda: changed(policies.SlotQuota(10, [2, 3]), ("acquire", 1)),
    "CoDel": lambda: changed(policies.CoDel(), ("drop", 0.0, 1.0, 5), ("drop", 0.2, 1.2, 5)),
    "Backoff": lambda: policies.Backoff(0.2, jitter="equal"),
    "RetryBudget": lambda: changed(policies.RetryBudget(), ("request", 1.0), ("retry", 1.5)),
    "RetryThrottle": lambda: changed(policies.RetryThrottle(), ("observe", False)),
    "CircuitBreaker": lambda: changed(
        policies.CircuitBreaker(least_calls=2), ("allow", 0), ("observe", 0, False), ("observe", 1, False)
    ),
    "Hedge": lambda: changed(policies.Hedge(window=10), *(("observe", 0.1 * k) for k in range(1, 13)), ("hedge",)),
}

NEXT = {  # what an object does next, which its copy must do too
    "admit": (9.0, 1),
    "pop": (9.0,),
    "observe": (LatencySample(9, 0.02, 20),),
    "retry": (9.0,),
    "allow": (40.0,),
    "hedge": (),
    "drop": (0.5, 1.5, 5),
}


@pytest.mark.parametrize("name", MADE)
def test_it_pickles_copies_and_compares(name):
    thing, other = MADE[name](), MADE[name]()
    assert thing == other
    assert thing != 3
    again = pickle.loads(pickle.dumps(thing))
    assert again == thing
    assert copy.deepcopy(thing) == thing
    for member in dir(type(thing)):
        if isinstance(inspect.getattr_static(type(thing), member), property):
            assert np.array_equal(getattr(again, member), getattr(thing, member)), member
    for method, arguments in NEXT.items():
        if hasattr(thing, method) and not (method == "observe" and not isinstance(getattr(thing, "limit", 0), float)):
            assert getattr(again, method)(*arguments) == getattr(thing, method)(*arguments)
            if type(thing).__hash__ is None:  # it has changed, but what was made beside it has not
                assert again == thing
                assert copy.copy(other) == other


def test_every_public_class_is_a_value():
    others = {"DistributionLike"}  # a protocol
    for room in (core, latency, policies, queueing, sketches):
        for name in room.__all__:
            kind = getattr(room, name)
            if not inspect.isclass(kind) or name in others or issubclass(kind, Exception) or name in MADE:
                continue
            assert kind.__eq__ is not object.__eq__, f"{name} does not compare"
            ways = {"__reduce__", "__setstate__", "__getnewargs__", "__dataclass_fields__"}
            assert any(ways & {*vars(base)} for base in kind.__mro__[:-1]), f"{name} does not pickle"


def test_wrong_states_are_refused():
    bucket = policies.TokenBucket.__new__(policies.TokenBucket)
    with pytest.raises(ValueError, match="TokenBucket: state must be the state of an object of this class"):
        bucket.__setstate__((1.0,))
