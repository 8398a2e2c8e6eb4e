"""How many slots a trace needs: the packaged trace, a trace whose answer is known, and what is refused."""

import dataclasses
import json
import math

import numpy as np
import pytest

import qsm
from qsm.measure import trace
from qsm.queueing import mmc, replay
from qsm.tools import analyze

NAMES = [
    "closed form, mean rate",
    "closed form, busiest 5 min",
    "simulation, fitted laws",
    "replay of the trace",
]
FEW = {"customers": 1000, "replications": 3}


@pytest.fixture(scope="module")
def sample():
    return analyze(qsm.datasets.azure_llm_conversation())


def poisson(rate=5, requests=10_000, seed=5):
    stream = qsm.Stream(seed)
    arrivals = np.cumsum(qsm.exponential(rate).sample(requests, stream.child("gaps")))
    return trace(arrivals, qsm.exponential(1).sample(requests, stream.child("services")), name="Poisson")


@pytest.mark.parametrize("spread", [0, 1e-16, 1e-13, 1e-9, 1e-5])
def test_regular_arrivals(spread):
    """A request each half second, up to rounding: no family is fitted to the rounding."""
    arrivals = 0.5 * np.arange(300.0) + 0.1 + spread * np.sin(np.arange(300.0))
    assert analyze(trace(arrivals, 0.3 + 0.01 * (np.arange(300) % 7), name="clock"), **FEW).answer == 1


# --- the packaged trace ----------------------------------------------------------------------------------------------


def test_four_ways_on_the_packaged_trace(sample):
    assert [method.name for method in sample.methods] == NAMES
    mean, busy, simulated, replayed = (method.slots for method in sample.methods)
    assert (mean, busy, replayed) == (47, 64, 52)
    assert 48 <= simulated <= 50
    assert sample.answer == 52


def test_the_answer_is_the_fewest(sample):
    arrivals, services = sample.trace.arrival_times, sample.service_times
    assert replay(arrivals, services, 52).wait_cdf(1) >= 0.99
    assert replay(arrivals, services, 51).wait_cdf(1) < 0.99
    assert replay(arrivals, services, 51).wait_quantile(0.99) > 1 >= replay(arrivals, services, 52).wait_quantile(0.99)


def test_each_way_says_what_it_predicts_and_what_the_trace_would_meet(sample):
    service_rate = 1 / sample.service_times.mean()
    for method in sample.methods:
        station = replay(sample.trace.arrival_times, sample.service_times, method.slots)
        assert method.replayed_wait == station.wait_quantile(0.99)
        assert method.utilization == station.utilization
        assert method.predicted_wait <= 1
    for method in sample.methods[:2]:
        model = mmc(method.arrival_rate, service_rate, method.slots)
        assert method.predicted_wait == model.wait_quantile(0.99)
        assert mmc(method.arrival_rate, service_rate, method.slots - 1).wait_quantile(0.99) > 1
    assert sample.methods[1].arrival_rate == sample.trace.busiest(300)[1]
    assert isinstance(sample.methods[2].predicted_wait, qsm.Estimate)


def test_reasons_are_computed_from_the_trace(sample):
    reasons = "\n".join(sample.reasons())
    counts = sample.trace.counts(60)
    for number in (
        f"between {counts[:-1].min()} and {counts.max()} a minute",
        f"{counts[-1]} in the last minute",
        f"the mean is {60 * sample.trace.arrival_rate:.0f}.",
        f"with its 47 slots the p99 wait of the trace is {sample.methods[0].replayed_wait:.3g} s",
        f"{sample.trace.busiest(300)[1]:.3g} requests a second",
        "+12 slots against the replay",
        f"c² = {sample.service_times.var() / sample.service_times.mean() ** 2:.2f}",
        f"({sample.interarrival_fit.family} and {sample.service_fit.family})",
        "for this trace alone: 52 slots",
    ):
        assert number in reasons
    window = (sample.trace.arrival_times // 300).astype(int)
    arrivals = np.bincount(window)[:11]
    work = np.bincount(window, weights=sample.service_times)[:11]
    assert f"correlation {np.corrcoef(arrivals, work / arrivals)[0, 1]:.2f}" in reasons
    assert f"between {work.min() / 300:.1f} and {work.max() / 300:.1f} slots" in reasons


def test_independent_requests_are_not_said_to_be_longer_in_busy_minutes(sample):
    said = {2: 0, 200: 0}  # by the mean gap: few windows with many requests, many windows with few or none
    for seed in range(100):
        for gap in said:
            random = np.random.default_rng([gap, seed])
            arrivals = np.cumsum(random.exponential(gap, 800))
            trace = qsm.measure.trace(arrivals, random.exponential(1, 800))
            analysis = dataclasses.replace(sample, trace=trace, service_times=trace.measured_service_times)
            said[gap] += "neither shorter nor longer" not in "\n".join(analysis.reasons())
    assert max(said.values()) <= 5  # one in a hundred is expected


def test_it_shows_itself_as_text_html_and_json(sample):
    assert repr(sample) == str(sample)
    assert str(sample).startswith(
        "Slots that keep the p99 wait at most 1 s (Azure LLM conversation trace 2023, 19,366 "
    )
    bundle = sample._repr_mimebundle_()
    assert bundle["text/plain"] == str(sample)
    assert bundle["text/html"].count("<li>") == len(sample.reasons())
    data = json.loads(json.dumps(sample.to_dict(), allow_nan=False))
    assert data["answer"] == 52
    assert data["columns"]["slots"] == [method.slots for method in sample.methods]
    assert bundle["application/vnd.qsm.answer+json"] == data
    assert list(sample.table()["method"]) == NAMES


# --- traces whose answer is known ------------------------------------------------------------------------------------


def test_without_swings_all_ways_agree():
    analysis = analyze(poisson(), wait=0.5, probability=0.95, replications=10)
    mean, busy, simulated, replayed = (method.slots for method in analysis.methods)
    assert max(mean, simulated, replayed) - min(mean, simulated, replayed) <= 1
    assert 0 <= busy - mean <= 1
    assert analysis.methods[0].arrival_rate == pytest.approx(5, rel=0.03)
    model = mmc(analysis.methods[0].arrival_rate, 1 / analysis.service_times.mean(), mean)
    assert float(analysis.methods[2].predicted_wait) == pytest.approx(model.wait_quantile(0.95), abs=0.15)


def test_equal_seeds_give_equal_answers():
    one = poisson(requests=300)
    assert str(analyze(one, **FEW)) == str(analyze(one, **FEW))
    assert str(analyze(one, seed=53, **FEW)) != str(analyze(one, **FEW))


def test_tokens_are_turned_into_time():
    stream = qsm.Stream(2)
    arrivals = np.cumsum(qsm.exponential(1).sample(500, stream))
    tokens = np.ceil(qsm.exponential(0.01).sample(500, stream.child("tokens")))
    one = trace(arrivals, prompt_tokens=tokens, output_tokens=tokens)
    slow, fast = analyze(one, token_time=0.05, **FEW), analyze(one, token_time=0.005, **FEW)
    assert slow.service_times.tolist() == (tokens / 7000 + tokens * 0.05).tolist()
    assert slow.answer > fast.answer >= 1


def test_small_traces_are_analyzed_without_a_warning():
    for one in (trace([0, 1, 2.5], [1, 2, 1]), trace([0, 0, 1, 1], [0, 1, 0, 2]), trace(range(400), [1.0] * 400)):
        analysis = analyze(one, **FEW)
        assert analysis.answer >= 1
        assert "too short" in str(analysis) or len(one) == 400
    assert "too many to say" in str(analyze(trace([0, 10, 25], [1e-3, 2e-3, 1e-3]), busiest=1e-6, **FEW))


def test_progress_rises_to_one():
    seen = []
    analyze(poisson(requests=300), progress=seen.append, **FEW)
    assert seen == sorted(seen)
    assert seen[-1] == 1

    def stop(fraction):
        raise LookupError("enough")

    with pytest.raises(LookupError, match="^enough$"):
        analyze(poisson(requests=300), progress=stop, customers=10**12)


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"wait": -1}, "servers_for_wait: wait must be finite and >= 0, got -1"),
        ({"wait": math.nan}, "servers_for_wait: wait must be finite and >= 0, got nan"),
        ({"probability": 1}, "servers_for_wait: probability must be in (0, 1), got 1"),
        ({"probability": 0}, "servers_for_wait: probability must be in (0, 1), got 0"),
        ({"busiest": 0}, "Trace.busiest: width must be finite and > 0, got 0"),
        ({"customers": 0}, "servers_for_wait_in_simulation: customers must be an integer >= 1, got 0"),
        ({"replications": 0.5}, "servers_for_wait_in_simulation: replications must be an integer >= 1, got 0.5"),
        ({"seed": -1}, "analyze: seed must be an integer in [0, 2^64), got -1"),
        ({"seed": 1.5}, "analyze: seed must be an integer in [0, 2^64), got 1.5"),
        ({"seed": True}, "analyze: seed must be an integer in [0, 2^64), got True"),
        ({"prefill_rate": 0}, "Trace.service_times: prefill_rate must be finite and > 0, got 0"),
        ({"token_time": math.inf}, "Trace.service_times: token_time must be finite and > 0, got inf"),
    ],
    ids=str,
)
def test_wrong_arguments_are_refused(options, message):
    one = trace([0, 1, 2.5, 3], prompt_tokens=[1, 2, 3, 4], output_tokens=[9, 8, 7, 6])
    with pytest.raises(ValueError) as error:
        analyze(one, **{"customers": 100, **options})
    assert str(error.value) == message


@pytest.mark.parametrize("value", [True, "1", None])
def test_goals_are_numbers(value):
    for name in ("wait", "probability"):
        with pytest.raises(TypeError):
            analyze(trace([0, 1, 2], [1, 1, 2]), **{name: value})


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (
            trace([0, 0, 0], [1, 1, 1]),
            "analyze: all requests arrive at once, or none takes any time; there is no queue to size",
        ),
        (
            trace([0, 1, 2], [0, 0, 0]),
            "analyze: all requests arrive at once, or none takes any time; there is no queue to size",
        ),
        (trace([0, 1], [1, 1]), "analyze: needs at least three requests to fit laws to, got 2"),
    ],
)
def test_traces_without_a_queue_are_refused(one, message):
    with pytest.raises(ValueError) as error:
        analyze(one)
    assert str(error.value) == message
