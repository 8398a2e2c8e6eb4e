"""The M/M/c family: 50-digit rows, and what must hold for every queue."""

import math
import warnings

import golden
import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import qsm
from qsm.queueing import erlang_b, erlang_c, mm1, mmc, mmck, servers_for_wait

servers = st.integers(1, 10**7) | st.integers(1, 200)
loads = st.floats(0, 1e9) | st.floats(0, 200)
rates = st.floats(1e-6, 1e6)
utilizations = st.floats(0, 1, exclude_max=True) | st.floats(0.9, 1, exclude_max=True)
probabilities = st.floats(0, 1)
NOISE = 1 + 1e-12  # neighbours may be equal but for their rounding errors


@pytest.mark.parametrize("function", [erlang_b, erlang_c], ids=lambda f: f.__name__)
def test_erlang_agrees_with_50_digits(function):
    golden.assert_function(function, "queueing/erlang.csv")


@pytest.mark.parametrize("factory", [mm1, mmc, mmck], ids=lambda f: f.__name__)
def test_model_agrees_with_50_digits(factory):
    golden.assert_model(factory, f"queueing/{factory.__name__}.csv")


def test_servers_for_wait_agrees_with_50_digits():
    rows = golden.read("queueing/servers_for_wait.csv")
    assert np.array_equal(servers_for_wait(**golden.arguments(servers_for_wait, rows)), rows["servers_for_wait"])


@given(servers, loads)
def test_blocking_is_below_waiting_and_both_are_probabilities(c, a):
    assert 0 <= erlang_b(c, a) <= erlang_c(c, a) <= 1


@given(loads)
def test_one_server_waits_with_probability_of_its_load(a):
    assert erlang_c(1, a) == pytest.approx(min(1, a), rel=1e-15)


@given(servers, loads)
def test_blocking_obeys_its_recurrence(c, a):
    now, before = erlang_b(c, a), a * erlang_b(c - 1, a)
    assume(now > 1e-290)
    assert now == pytest.approx(before / (c + before), rel=1e-13 * max(1, -math.log(now)))


@given(servers, loads, st.floats(1, 2))
def test_more_servers_help_and_more_load_hurts(c, a, factor):
    for function in (erlang_b, erlang_c):
        assert function(c + 1, a) <= function(c, a) * NOISE
        assert function(c, a) <= function(c, a * factor) * NOISE


@given(rates, rates, st.floats(0, 100), probabilities)
def test_mmc_with_one_server_is_mm1(arrival, service, time, p):
    one, many = mm1(arrival, service), mmc(arrival, service, 1)
    for name in one.properties:
        assert getattr(many, name) == pytest.approx(getattr(one, name), rel=1e-13), name
    assert many.wait_cdf(time) == pytest.approx(one.wait_cdf(time), rel=1e-13, abs=1e-300)
    assert many.sojourn_cdf(time) == pytest.approx(one.sojourn_cdf(time), rel=1e-12, abs=1e-300)
    assert many.sojourn_quantile(p) == pytest.approx(one.sojourn_quantile(p), rel=1e-12, abs=1e-300)


@given(utilizations, rates, servers)
def test_littles_law(rho, mu, c):
    queue = mmc(rho * c * mu, mu, c)
    assume(queue.stable and rho > 1e-290)
    assert queue.mean_number == pytest.approx(queue.arrival_rate * queue.mean_sojourn, rel=1e-14)
    assert queue.mean_queue_length == pytest.approx(queue.arrival_rate * queue.mean_wait, rel=1e-14, abs=1e-300)


@given(utilizations, rates, servers, probabilities, probabilities)
@example(0.5, 1.0, 1, 1.0, 0.0)
def test_quantile_turns_the_distribution_around(rho, mu, c, p, q):
    low, high = sorted((p, q))
    queue = mmc(rho * c * mu, mu, c)
    assume(queue.stable)
    for cdf, quantile in ((queue.wait_cdf, queue.wait_quantile), (queue.sojourn_cdf, queue.sojourn_quantile)):
        assert 0 <= quantile(low) <= quantile(high) * (1 + 1e-15)
        assert cdf(quantile(p)) >= p * (1 - 1e-13) - 1e-300
    assert queue.sojourn_quantile(p) >= queue.wait_quantile(p) * (1 - 1e-13)


@given(utilizations, rates, servers, st.floats(0, math.inf), st.floats(0, math.inf))
def test_distributions_rise_from_zero_to_one(rho, mu, c, t, u):
    early, late = sorted((t, u))
    queue = mmc(rho * c * mu, mu, c)
    for cdf in (queue.wait_cdf, queue.sojourn_cdf):
        assert 0 <= cdf(early) <= cdf(late) * (1 + 1e-15) <= 1 + 1e-15
        assert cdf(late) <= 1
    assert queue.sojourn_cdf(t) <= queue.wait_cdf(t) * (1 + 1e-15)


@given(st.floats(0, 1e5), st.floats(0, 10), st.floats(0.001, 1 - 1e-9))
def test_servers_for_wait_is_the_fewest_that_will_do(load, wait, p):
    c = servers_for_wait(load, 1, wait, p)
    assert c == int(c) >= 1
    assert 1 - mmc(load, 1, c).wait_cdf(wait) <= (1 - p) * (1 + 1e-6)
    if c > 1:
        assert 1 - mmc(load, 1, c - 1).wait_cdf(wait) >= (1 - p) * (1 - 1e-6)


@pytest.mark.parametrize("queue", [mm1(2, 1), mm1(1, 1), mmc(6, 2, 3), mmc(7, 2, 3)], ids=repr)
def test_without_a_steady_state_answers_infinity_without_a_warning(queue):
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        assert queue.stable is False
        for name in ("mean_wait", "mean_sojourn", "mean_queue_length", "mean_number"):
            assert getattr(queue, name) == math.inf
        assert queue.wait_quantile(0.5) == queue.sojourn_quantile(0.5) == math.inf
        assert queue.wait_cdf(1e9) == queue.sojourn_cdf(1e9) == 0
        assert queue.probability_wait == 1


def test_nobody_comes():
    queue = mmc(0, 2, 3)
    assert queue.stable is True
    assert queue.mean_wait == queue.mean_number == queue.probability_wait == queue.wait_quantile(1) == 0
    assert queue.mean_sojourn == 0.5
    assert queue.wait_cdf(0) == 1


@given(*[st.floats(0, 1.7e308)] * 3, st.integers(1, 2**53 - 1), probabilities)
def test_no_value_is_nan(arrival, service, time, c, p):
    assume(service > 0)
    for queue in (mm1(arrival, service), mmc(arrival, service, c)):
        for name in queue.properties:
            assert not math.isnan(getattr(queue, name)), name
        for method, argument in (
            ("wait_cdf", time),
            ("sojourn_cdf", time),
            ("wait_quantile", p),
            ("sojourn_quantile", p),
        ):
            assert getattr(queue, method)(argument) >= 0, method


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: erlang_b(10.7, 1), "erlang_b: servers must be an integer >= 0, got 10.7"),
        (lambda: erlang_c(2, -1), "erlang_c: offered_load must be finite and >= 0, got -1"),
        (lambda: mm1(1, 0), "mm1: service_rate must be finite and > 0, got 0"),
        (lambda: mmc(1, 1, 0), "mmc: servers must be an integer >= 1, got 0"),
        (lambda: mm1(1, 2).wait_cdf(-1), "MM1.wait_cdf: time must be >= 0, got -1"),
        (lambda: mmc(1, 2, 1).wait_quantile(1.5), "MMC.wait_quantile: probability must be in [0, 1], got 1.5"),
        (lambda: servers_for_wait(1, 1, 1, 1), "servers_for_wait: probability must be in (0, 1), got 1"),
    ],
)
def test_refuses_what_is_out_of_range(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message


def test_whole_floats_are_counts():
    assert erlang_b(10.0, 5) == erlang_b(10, 5)
    assert isinstance(servers_for_wait(1, 1, 1, 0.5), float)


def test_room_names_its_public_things():
    assert all(hasattr(qsm.queueing, name) for name in qsm.queueing.__all__)


@given(loads, rates, st.integers(1, 10**4), st.integers(0, 10**6))
def test_a_limited_queue_loses_and_holds_less_than_an_unlimited_one(load, service, c, places):
    limited, unlimited = mmck(load * service, service, c, c + places), mmc(load * service, service, c)
    assert limited.mean_queue_length <= unlimited.mean_queue_length * NOISE
    assert 0 <= limited.probability_blocked <= erlang_b(c, limited.arrival_rate / service) * NOISE
    assert limited.throughput <= limited.arrival_rate * NOISE
    assert limited.mean_number <= (c + places) * NOISE


@given(loads, st.integers(1, 10**4))
def test_without_waiting_room_it_is_erlangs_loss_system(load, c):
    queue = mmck(load, 1, c, c)
    assert queue.probability_blocked == pytest.approx(erlang_b(c, load), rel=1e-12)
    assert queue.mean_queue_length == queue.mean_wait == queue.probability_wait == 0


def test_a_large_room_is_as_good_as_none():
    limited, unlimited = mmck(0.9, 1, 1, 10**9), mmc(0.9, 1, 1)
    for name in ("mean_wait", "mean_sojourn", "mean_number", "probability_wait"):
        assert getattr(limited, name) == pytest.approx(getattr(unlimited, name), rel=1e-12)
    assert limited.wait_cdf([0, 0.5, 20]) == pytest.approx(unlimited.wait_cdf([0, 0.5, 20]), rel=1e-12)
    assert limited.wait_quantile([0.05, 0.5, 0.999]) == pytest.approx(
        unlimited.wait_quantile([0.05, 0.5, 0.999]), rel=1e-12
    )


def test_capacity_below_servers_is_refused():
    with pytest.raises(ValueError, match="^mmck: capacity must be >= servers, got 2$"):
        mmck(1, 1, 3, 2)
