"""Priorities under correlated arrivals, rank functions, network calculus and retries from Python; more published rows."""

import math
import pickle

import golden
import numpy as np
import pytest

import qsm
from qsm import queueing


def numbers(text):
    return np.array([float(word) for word in str(text).split()])


def rows(text):
    return [numbers(part) for part in str(text).split(";")]


def each(name):
    table = golden.read(f"queueing/{name}.csv")
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]


@pytest.mark.parametrize("row", each("mmap_ph_1"), ids=lambda row: row["discipline"])
def test_priorities_under_correlated_arrivals_agree_with_butools(row):
    services = [
        qsm.phase_type(numbers(initial), rows(generator))
        for initial, generator in zip(row["initial"].split("|"), row["generator"].split("|"), strict=True)
    ]
    arriving = [rows(part) for part in row["arriving"].split("|")]
    means = queueing.mmap_ph_1(rows(row["hidden"]), arriving, services, row["discipline"])
    assert means.mean_sojourn == pytest.approx(numbers(row["mean_sojourn"]), rel=1e-11)


def test_priorities_refuse_what_is_out_of_range():
    law = qsm.exponential(1)
    with pytest.raises(ValueError, match="mmap_ph_1: services must have one value for each of the 1 classes, got 0"):
        queueing.mmap_ph_1([[-1]], [[[1]]], [])
    with pytest.raises(ValueError, match="mmap_ph_1: sum of row 0 of hidden \\+ arriving must be 0, got -0.5"):
        queueing.mmap_ph_1([[-1]], [[[0.5]]], [law])


def test_an_overloaded_class_leaves_the_higher_ones_only_its_services_in_progress():
    laws = [qsm.exponential(1), qsm.exponential(2)]
    means = queueing.mg1([0.5, 9], laws, "priority")
    assert means.mean_wait == pytest.approx([(0.5 + 0.5 * 0.5) / 0.5, math.inf])


def test_ranks_of_age_and_gittins():
    law = qsm.lognormal_from(1, 2)
    fb = queueing.soap([0.5], [law], [queueing.RankFunction([0, 1], [0, 1])])
    assert fb.mean_sojourn == pytest.approx([queueing.mg1(0.5, law, "fb").mean_sojourn], rel=1e-8)
    least = queueing.mg1(0.5, law, "gittins")
    assert least.mean_sojourn < min(queueing.mg1(0.5, law, name).mean_sojourn for name in ("fcfs", "fb", "ps"))
    rank = queueing.gittins_rank(law)
    assert queueing.soap([0.5], [law], [rank]).mean_sojourn == pytest.approx([least.mean_sojourn], rel=1e-8)
    assert queueing.soap_sojourn_of_size([0.5], [law], [rank], 0, 2) == pytest.approx(least.mean_sojourn_of_size(2))
    assert pickle.loads(pickle.dumps(rank)) == rank
    with pytest.raises(ValueError, match="soap: first age of ranks must be 0, got 1"):
        queueing.soap([0.5], [law], [queueing.RankFunction([1], [0])])


@pytest.mark.parametrize("row", each("network_calculus"), ids=lambda row: f"{row['peak']}")
def test_bounds_agree_with_the_textbook(row):
    arrival = queueing.curve_minimum(
        queueing.token_bucket_curve(row["peak"], row["packet"]), queueing.token_bucket_curve(row["rate"], row["burst"])
    )
    service = queueing.rate_latency_curve(row["service_rate"], row["latency"])
    assert queueing.delay_bound(arrival, service) == pytest.approx(row["delay_bound"], rel=1e-14)
    assert queueing.backlog_bound(arrival, service) == pytest.approx(row["backlog_bound"], rel=1e-14)


def test_curves_are_values():
    both = queueing.convolve(queueing.rate_latency_curve(2, 1), queueing.rate_latency_curve(3, 2))
    assert both == queueing.rate_latency_curve(2, 3)
    assert queueing.curve_value(both, 5) == 4
    assert queueing.curve_sum(both, both).slopes == pytest.approx([0, 4])
    left = queueing.residual_service(queueing.rate_latency_curve(10), queueing.token_bucket_curve(4, 6), blocking=3)
    assert queueing.delay_bound(queueing.token_bucket_curve(2, 5), left) == pytest.approx(14 / 6)
    share = queueing.fair_service("wfq", 10, [1, 3], [2, 1], 0)
    assert share == queueing.rate_latency_curve(2.5, 0.2)
    with pytest.raises(ValueError, match="fair_service: scheduler must be one of 'wfq', 'wf2q', 'scfq', 'drr'"):
        queueing.fair_service("gps", 10, [1, 3], [2, 1], 0)
    with pytest.raises(ValueError, match="output_curve: rate of arrival must be at most the rate of service, got 3"):
        queueing.output_curve(queueing.token_bucket_curve(3, 1), both)


@pytest.mark.parametrize("row", each("retry_equilibria"), ids=lambda row: f"{row['arrival_rate']}")
def test_retries_agree_with_50_digits(row):
    states = queueing.retry_equilibria(
        row["arrival_rate"], row["service_rate"], row["timeout"], row["retries"], row["budget"]
    )
    assert [state.attempt_rate for state in states] == pytest.approx(numbers(row["attempt_rates"]), rel=1e-11)
    assert [state.goodput for state in states] == pytest.approx(numbers(row["goodputs"]), rel=1e-10)


def test_a_budget_takes_the_collapsed_state_away():
    assert queueing.collapse_rate(100, 3) == 25
    assert queueing.collapse_rate(100, 3, 0.1) == pytest.approx(100 / 1.1)
    tip = queueing.tipping_rate(100, 0.2, 3)
    assert len(queueing.retry_equilibria(tip * 0.99, 100, 0.2, 3)) == 3
    assert len(queueing.retry_equilibria(tip * 1.01, 100, 0.2, 3)) == 1


def test_unequal_servers_of_the_published_approximation():
    """Octave's qsammm takes m servers of the mean rate: 6.5278; the exact value for a free server at random is above."""
    rates = [10, 15, 20, 20, 25]
    alike = queueing.mmc(73, 18, 5)
    assert alike.utilization == pytest.approx(0.8111111111, rel=1e-10)
    assert alike.mean_number == pytest.approx(6.527818832122, rel=1e-12)
    exact = queueing.unequal_servers(73, rates)
    assert exact.utilization == pytest.approx(alike.utilization, rel=1e-14)
    assert exact.mean_number > alike.mean_number


@pytest.mark.parametrize("row", each("mva_with_blocking"), ids=lambda row: row["source"])
def test_blocking_agrees_with_the_published_cases(row):
    means = queueing.mva_with_blocking(
        numbers(row["service_times"]), rows(row["routing"]), numbers(row["capacities"]), row["population"]
    )
    assert means.response_time == pytest.approx(numbers(row["response_time"]), abs=float(row["tolerance"]))


@pytest.mark.parametrize(
    "queue",
    [
        queueing.mg1(0.5, qsm.uniform(0, 2), "srpt"),
        queueing.gim1(qsm.erlang(2, 1), 1),
        queueing.mg_infinity(3, qsm.lognormal_from(1, 2)),
        queueing.arrivals_by_moments(2, 0.5, -0.4),
    ],
    ids=lambda queue: type(queue).__name__,
)
def test_queues_are_values(queue):
    again = pickle.loads(pickle.dumps(queue))
    assert again == queue
    assert hash(again) == hash(queue)
    assert queue != queueing.mg1(0.4, qsm.uniform(0, 2), "srpt")
    assert queue != 1


def test_number_of_mg_infinity_at_a_time_is_poisson():
    queue = queueing.mg_infinity(3, qsm.deterministic(2))
    assert queue.number_cdf_at(0, 0) == 1
    assert queue.number_cdf_at(0, 0.5) == pytest.approx(math.exp(-1.5), rel=1e-14)  # nobody has left
    assert queue.number_cdf_at(4, math.inf) == pytest.approx(queue.number_cdf(4), rel=1e-14)
    rng = np.random.default_rng(1)  # the twin: counts of those who came in [0, 1] and are still there
    law = qsm.uniform(0, 2)
    came = rng.poisson(3, 100_000)
    here = np.array([np.count_nonzero(rng.uniform(0, 2, k) > rng.uniform(0, 1, k)) for k in came])
    truth = queueing.mg_infinity(3, law).number_cdf_at(2, 1)
    assert abs(np.mean(here <= 2) - truth) < 4 * math.sqrt(truth * (1 - truth) / len(here))
    with pytest.raises(ValueError, match="MGInfinity.number_cdf_at: count must be an integer >= 0, got 0.5"):
        queue.number_cdf_at(0.5, 1)


def test_arrivals_that_alternate():
    process = queueing.arrivals_by_moments(2, 0.5, -0.4)
    assert process.rate == pytest.approx(0.5)
    assert process.interarrival().scv == pytest.approx(0.5)
    assert process.correlation() == pytest.approx(-0.4)
    with pytest.raises(ValueError, match="arrivals_by_moments: correlation must be below min"):
        queueing.arrivals_by_moments(2, 4, -0.3)


def test_schweitzer_is_off_at_small_multiserver_stations_by_what_its_page_says():
    exact = queueing.closed_mva([1.0], 3, servers=3)
    assert exact.throughput == pytest.approx([3])
    rough = queueing.solve(queueing.product_form([1.0], population=3, servers=3), "schweitzer")
    assert rough.throughput == pytest.approx([2.25], rel=1e-9)
