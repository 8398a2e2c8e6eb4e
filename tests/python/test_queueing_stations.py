"""Single stations beyond M/M/c: 50-digit rows, published cases, and what must hold for all of them."""

import math
import pickle

import golden
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import qsm
from qsm import queueing

servers = st.integers(1, 10**5) | st.integers(1, 200)
probabilities = st.floats(1e-9, 1 - 1e-9)

INVERSES = {
    "erlang_b_continuous": "erlang_b_continuous",
    "load_for_blocking": "load_for_probability",
    "load_for_waiting": "load_for_probability",
    "arrival_rate_for_wait": "rates_for_wait",
    "service_rate_for_wait": "rates_for_wait",
    "arrival_rate_for_blocking": "mmck_inverses",
    "service_rate_for_blocking": "mmck_inverses",
    "gg1_kingman": "gg1",
    "gg1_marchal": "gg1",
    "ggc_allen_cunneen": "ggc",
    "ggc_kraemer_langenbach_belz": "ggc",
    "ggc_whitt": "ggc",
    "mgc_cosmetatos": "mgc",
    "mgc_kimura": "mgc",
}
MODELS = [
    "mm_infinity", "engset", "mmc_finite_source", "erlang_a", "retrial", "mdc", "fixed_batch", "dynamic_batch",
]  # fmt: skip
COUNTS = {
    "servers_for_blocking": "servers_for_blocking",
    "servers_for_waiting": "servers_for_waiting",
    "servers_for_utilization": "servers_for_utilization",
    "servers_for_service": "servers_for_service",
    "best_fixed_batch": "best_fixed_batch",
    "capacity_for_blocking": "mmck_inverses",
    "servers_for_blocking_within": "mmck_inverses",
}


@pytest.mark.parametrize("name", INVERSES)
def test_function_agrees_with_50_digits(name):
    golden.assert_function(getattr(queueing, name), f"queueing/{INVERSES[name]}.csv")


@pytest.mark.parametrize("name", COUNTS)
def test_count_is_exact(name):
    rows = golden.read(f"queueing/{COUNTS[name]}.csv")
    function = getattr(queueing, name)
    assert np.array_equal(function(**golden.arguments(function, rows)), rows[name])


@pytest.mark.parametrize("name", MODELS)
def test_model_agrees_with_50_digits(name):
    golden.assert_model(getattr(queueing, name), f"queueing/{name}.csv")


def test_means_of_constant_service_agree_with_50_digits():
    rows = golden.read("queueing/mdc_means.csv")
    queue = queueing.mdc(**golden.arguments(queueing.mdc, rows))
    for name in ("mean_wait", "mean_queue_length", "probability_wait"):
        golden.assert_agrees(getattr(queue, name), rows, name)


def test_call_centre_of_a_published_tool():
    """100 calls of 3 min in 30 min, at most 70 % busy, 30 % away: 15 at work, 22 on the roster; 17 without a queue, 25."""
    at_work = max(queueing.servers_for_wait(100, 10, 0.011, 0.8), queueing.servers_for_utilization(10, 0.7))
    assert at_work == 15
    assert math.ceil(at_work / (1 - 0.3)) == 22
    assert queueing.servers_for_blocking(10, 0.02) == 17
    assert math.ceil(17 / (1 - 0.3)) == 25


@given(servers, probabilities)
def test_load_for_blocking_turns_erlang_b_around(c, p):
    assert queueing.erlang_b(c, queueing.load_for_blocking(c, p)) == pytest.approx(p, rel=1e-11)


@given(servers, probabilities)
def test_load_for_waiting_turns_erlang_c_around(c, p):
    load = queueing.load_for_waiting(c, p)
    assert 0 < load < c
    assert queueing.erlang_c(c, load) == pytest.approx(p, rel=1e-9)


@given(st.floats(0.01, 2), st.integers(1, 1000), st.floats(0.01, 100), probabilities)
def test_erlang_a_quantile_turns_the_distribution_around(rho, c, patience, p):
    queue = queueing.erlang_a(rho * c, 1, patience, c)
    for cdf, quantile in (
        (queue.wait_cdf, queue.wait_quantile),
        (queue.served_wait_cdf, queue.served_wait_quantile),
    ):
        assert cdf(quantile(p)) >= p * (1 - 1e-9)
    assert queue.throughput == pytest.approx(queue.arrival_rate * (1 - queue.probability_abandon), rel=1e-11)


@given(st.floats(0.01, 0.99), st.integers(1, 50), st.floats(0.01, 1 - 1e-6))
def test_constant_service_waits_less_than_exponential(rho, c, p):
    constant, random = queueing.mdc(rho * c, 1, c), queueing.mmc(rho * c, 1, c)
    assume(random.mean_wait > 1e-290)
    assert constant.mean_wait < random.mean_wait
    assert constant.mean_wait >= random.mean_wait / 2 * (1 - 1e-12)
    assert constant.wait_cdf(constant.wait_quantile(p)) >= p * (1 - 1e-9)


@given(st.floats(1e-6, 1e3), st.integers(1, 50), st.integers(1, 500))
def test_finite_sources_lose_less_than_their_time_share(load, c, sources):
    queue = queueing.engset(load, 1, c, sources)
    assert 0 <= queue.probability_blocked <= queue.probability_full * (1 + 1e-12) <= 1 + 1e-12


def test_disciplines_of_the_published_case():
    for name, mean in (("srpt", 2.3527732703), ("psjf", 2.658896822008), ("sjf", 2.88221861624), ("lrpt", 25)):
        assert queueing.mg1(0.8, qsm.exponential(1), name).mean_sojourn == pytest.approx(mean, rel=1e-11)
    queue = queueing.mg1(0.8, qsm.hyperexponential([0.5, 0.5], [1, 4]))
    assert (queue.mean_wait, queue.mean_number) == (pytest.approx(0.85, rel=1e-13), pytest.approx(1.18, rel=1e-13))
    assert np.all(np.diff(queue.wait_cdf(np.linspace(0, 20, 50))) > 0)


def test_gim1_of_the_published_case():
    for load, sigma in ((0.5, 0.20318786997998), (0.8, 0.628629796496947), (0.95, 0.901695110031088)):
        queue = queueing.gim1(qsm.deterministic(1 / load), 1)
        assert queue.probability_wait == pytest.approx(sigma, rel=1e-12)
        assert queue.mean_wait == pytest.approx(sigma / (1 - sigma), rel=1e-11)


def test_classes_of_the_published_cases():
    laws = [qsm.exponential(1), qsm.exponential(1.25), qsm.exponential(2)]
    waits = np.array(queueing.priority_mean_sojourn([0.2, 0.3, 0.4], laws, False)) - [1, 0.8, 0.5]
    assert waits == pytest.approx([0.615, 1.098214285714, 2.440476190476], rel=1e-11)
    resumed = queueing.priority_mean_sojourn([0.2, 0.3, 0.4], laws, True)
    assert resumed == pytest.approx([1.25, 1.875, 3.333333333333], rel=1e-11)
    shared = queueing.dps_mean_sojourn([0.2, 0.3], [1, 2], [1, 3])
    assert shared == pytest.approx([1.61668839635, 0.66492829205], rel=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: queueing.erlang_a(1, 1, 0, 1), "erlang_a: abandonment_rate must be finite and > 0, got 0"),
        (lambda: queueing.mdc(1, 1, 0.5), "mdc: servers must be an integer >= 1, got 0.5"),
        (lambda: queueing.retrial(1, 1, 1, 20000), "retrial: servers must be at most 10000, got 20000"),
        (lambda: queueing.servers_for_blocking(1, 0), "servers_for_blocking: probability must be in (0, 1), got 0"),
        (lambda: queueing.mmc_finite_source(-1, 1, 1, 1),
         "mmc_finite_source: request_rate must be finite and >= 0, got -1"),
        (lambda: queueing.mg1(0.5, qsm.exponential(1), "lifo"),
         "mg1: discipline must be one of fcfs, lcfs, random, ps, lcfs_preemptive, sjf, psjf, srpt, fb, lrpt, gittins, got 'lifo'"),
        (lambda: queueing.mg1(0.5, qsm.exponential(1), "ps").wait_cdf(1),
         "MG1.wait_cdf: discipline must be fcfs, got 'ps'"),
        (lambda: queueing.priority_mean_sojourn([0.1, 0.1], [qsm.exponential(1)], True),
         "priority_mean_sojourn: services must have one value for each of the 2 classes, got 1"),
    ],
)  # fmt: skip
def test_refuses_what_is_out_of_range(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message


@pytest.mark.parametrize("name", MODELS)
def test_models_travel(name):
    rows = golden.read(f"queueing/{name}.csv")
    queue = getattr(queueing, name)(**{k: v[:3] for k, v in golden.arguments(getattr(queueing, name), rows).items()})
    again = pickle.loads(pickle.dumps(queue))
    assert np.array_equal(again.mean_number, queue.mean_number)


def law(text):
    return qsm.distribution_from_text(text.replace(";", ","))


VARIANTS = {
    "batch_arrivals": (),
    "vacations": ("kind",),
    "setup_times": (),
    "breakdowns": (),
    "unequal_servers": (),
}


def argument(text):
    """Of a cell: a law, a list of numbers, a number, or the text."""
    if isinstance(text, float):
        return text
    if "(" in text:
        return law(text)
    try:
        return [float(part) for part in text.split()]
    except ValueError:
        return text


@pytest.mark.parametrize("name", VARIANTS)
def test_variant_of_mg1_agrees_with_50_digits(name):
    function = getattr(queueing, name)
    rows = golden.read(f"queueing/{name}.csv")
    columns = list(rows)
    names = columns[: columns.index("utilization")]
    for i in range(len(rows["mean_wait"])):
        means = function(*(argument(rows[column][i]) for column in names))
        for field in ("utilization", "mean_wait", "mean_sojourn", "mean_queue_length", "mean_number"):
            assert getattr(means, field) == pytest.approx(float(rows[field][i]), rel=1e-12), (name, i, field)


def test_mg_infinity_is_poisson():
    queue = queueing.mg_infinity(3, qsm.uniform(0, 2))
    assert queue.number_cdf([2, 4]) == pytest.approx(queueing.mm_infinity(3, 1).number_cdf([2, 4]), rel=1e-14)
    assert queue.mean_number_at(math.inf) == pytest.approx(3)
    assert queue.mean_busy_period == pytest.approx(math.expm1(3) / 3)


def test_ggc_takes_its_method_as_text():
    means = queueing.ggc(1.8, 0.5, 2, 0.5, 3, method="allen_cunneen")
    assert means.mean_wait == queueing.ggc_allen_cunneen(1.8, 0.5, 2, 0.5, 3)
    assert pickle.loads(pickle.dumps(means)) == means
    with pytest.raises(ValueError, match="ggc: method must be one of 'whitt', 'allen_cunneen', .*got 'guess'"):
        queueing.ggc(1, 1, 1, 1, 1, method="guess")
    with pytest.raises(ValueError, match="ggc: servers must be 1 for this method"):
        queueing.ggc(1, 1, 1, 1, 2, method="kingman")


def test_mg1_takes_a_law_or_a_list_of_classes():
    laws = [qsm.exponential(1), qsm.exponential(1.25), qsm.exponential(2)]
    means = queueing.mg1([0.2, 0.3, 0.4], laws, "priority")
    assert means.mean_wait == pytest.approx([0.615, 1.098214285714286, 2.440476190476190], rel=1e-13)
    assert queueing.mg1(0.2, laws[0]).mean_wait == pytest.approx(0.25)
    with pytest.raises(ValueError, match="discipline must be one of 'fcfs', 'ps', 'priority', 'preemptive_priority'"):
        queueing.mg1([0.1], laws[:1], "lottery")
    with pytest.raises(ValueError, match="mg1: discipline must be one of fcfs, lcfs, .*got 'lottery'"):
        queueing.mg1(0.1, laws[0], "lottery")
