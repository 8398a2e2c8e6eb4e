"""Balancing from Python: policies to embed, farms simulated and replayed, the theory beside them."""

from __future__ import annotations

import pickle

import golden
import numpy as np
import pytest

import qsm
from qsm import balancing

rng = np.random.default_rng(11)


def test_policies_are_embedded_as_in_a_service():
    policy = balancing.LeastConnections(3)
    first = [policy.pick(0.0) for _ in range(3)]
    assert sorted(first) == [0, 1, 2]
    policy.finish(1.0, first[1], latency=0.2)
    assert policy.pick(1.0) == first[1]
    policy.remove(first[1])
    assert policy.pick(1.0) != first[1]
    for server in set(range(3)) - {first[1]}:
        policy.remove(server)
    assert policy.pick(2.0) is None
    weighted = balancing.SmoothRoundRobin([5, 1, 1])
    assert [weighted.pick(0) for _ in range(7)] == [0, 0, 1, 0, 2, 0, 0]
    prequal = balancing.Prequal(20, probes=2, age=0.5)
    assert len(set(prequal.probes(0.0))) == 2


def test_a_farm_under_each_policy_takes_the_same_requests():
    options = {"requests": 2000, "warmup": 100, "replications": 3, "threads": 1}
    runs = {}
    for balancer in ("random", "power_of_choices", balancing.PowerOfChoices(10, 10), "least_work", "prequal"):
        run = balancing.simulate(qsm.exponential(8), qsm.exponential(1), 10, balancer, **options)
        assert run.servers == 10
        assert run.stable
        runs[str(balancer)[:20]] = run
    arrivals = {float(run.arrival_rate) for run in runs.values()}
    assert len(arrivals) == 1
    assert runs["power_of_choices"].mean_wait < runs["random"].mean_wait
    assert pickle.loads(pickle.dumps(runs["random"])) == runs["random"]
    assert len(runs["random"].server_utilization) == 10
    one = runs["random"]
    assert one.sojourn_cdf(one.sojourn_quantile(0.9)) == pytest.approx(0.9, abs=0.02)


def test_replay_of_one_server_is_the_queue():
    arrivals = np.cumsum(rng.exponential(1.0, 500))
    services = rng.exponential(0.8, 500)
    farm = balancing.replay(arrivals, services, 1, "round_robin")
    queue = qsm.queueing.replay(arrivals, services, 1)
    assert farm.mean_wait == pytest.approx(queue.mean_wait, rel=1e-9)
    assert farm.mean_sojourn == pytest.approx(queue.mean_sojourn, rel=1e-9)


def test_subsets_use_servers_evenly():
    counts = np.zeros(12)
    for client in range(300):
        subset = balancing.deterministic_subset(12, client, 4)
        assert len(set(subset)) == 4
        counts[np.asarray(subset, int)] += 1
    assert counts.tolist() == [100] * 12
    assert len(set(balancing.random_subset(12, 3, 4))) == 4


def test_slow_start_broadcasts():
    np.testing.assert_allclose(balancing.slow_start_share([0, 5, 10, 20], 10), [0.1, 0.5, 1, 1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: balancing.RoundRobin(0), "RoundRobin: servers must be an integer >= 1, got 0"),
        (lambda: balancing.RandomServer([0, 0]), "sum of weights must be finite and > 0, got 0"),
        (lambda: balancing.LeastConnections(3).remove(7), "server must be known, below 3, got 7"),
        (
            lambda: balancing.simulate(qsm.exponential(1), qsm.exponential(2), 3, "best"),
            "no policy 'best'; there are: round_robin, ",
        ),
        (
            lambda: balancing.simulate(qsm.exponential(1), qsm.exponential(2), 3, balancing.RoundRobin(4)),
            "servers of the balancer must be the number of servers, got 4",
        ),
        (
            lambda: balancing.simulate(qsm.exponential(1), qsm.exponential(2), 0, "random"),
            "servers must be an integer >= 1, got 0",
        ),
        (
            lambda: balancing.simulate(qsm.exponential(1), qsm.exponential(2), 2, "random", speeds=[1, 0]),
            r"speeds\[1\] must be finite and > 0, got 0",
        ),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_what_is_no_balancer_is_refused():
    with pytest.raises(qsm.InvalidType, match="balancer must be a balancer or the name of a policy"):
        balancing.simulate(qsm.exponential(1), qsm.exponential(2), 3, 5)


def test_theory_broadcasts_and_agrees_with_golden_rows():
    rows = golden.read("balancing/mean_field.csv")
    rho, choices, load = (np.array(rows[name], float) for name in ("utilization", "choices", "load"))
    truth = np.array(rows["tail"], float)
    np.testing.assert_allclose(balancing.mean_field_tail(load, rho, choices), truth, rtol=1e-12)
    np.testing.assert_allclose(balancing.mean_field_sojourn(rho, choices), np.array(rows["sojourn"], float), rtol=1e-12)
    rows = golden.read("balancing/max_load.csv")
    balls, bins, load, choices = (np.array(rows[name], float) for name in ("balls", "bins", "load", "choices"))
    np.testing.assert_allclose(
        balancing.max_load_cdf(balls, bins, load, choices), np.array(rows["cdf"], float), rtol=1e-11
    )
    assert balancing.refined_mean_field_sojourn(0.9, 100) == pytest.approx(2.6454, rel=1e-3)


def test_size_intervals_are_a_record():
    farm = balancing.size_interval_cutoffs(1.4, qsm.lognormal_from(1, 4), 2)
    assert farm.stable
    assert sum(farm.shares) == pytest.approx(1)
    again = balancing.size_intervals(1.4, qsm.lognormal_from(1, 4), farm.cutoffs)
    assert again.mean_wait == pytest.approx(farm.mean_wait)
    run = balancing.simulate(
        qsm.exponential(1.4), qsm.lognormal_from(1, 4), 2, balancing.SizeInterval(farm.cutoffs), requests=20000
    )
    assert run.mean_wait == pytest.approx(farm.mean_wait, rel=0.1)


def test_compare_puts_theory_simulation_and_trace_side_by_side():
    options = {"requests": 5000, "warmup": 500, "replications": 4}
    table = balancing.compare(qsm.exponential(8), qsm.exponential(1), 10, ["random", "least_work"], **options)
    assert list(table) == ["policy", "model", "simulation", "99 %", "most at a server"]
    assert table["model"][0] == pytest.approx(5)
    trace = qsm.measure.trace(np.arange(1000.0), np.full(1000, 1.5))  # even: two servers suffice without a wait
    table = balancing.compare(servers=2, policies=["round_robin"], trace=trace, **options)
    assert table["trace"] == [pytest.approx(1.5)]
    with pytest.raises(ValueError, match="needs both laws"):
        balancing.compare(qsm.exponential(8))
    with pytest.raises(ValueError, match="no policy 'best'; there are: "):
        balancing.compare(qsm.exponential(8), qsm.exponential(1), 10, ["best"])


def test_regions_go_to_sites_by_latency_and_price():
    users = {"London": 100.0, "Tokyo": 50.0, (40.7, -74.0): 80.0}
    sites = {"Paris": 150.0, "New York": 200.0}
    plan = balancing.plan_regions(users, sites, latency_price=1.0, route_factor=1.3)
    assert plan.feasible
    assert plan.rates[0, 0] == 100
    assert plan.rates[2, 1] == 80
    assert plan.bound == pytest.approx(plan.cost)
    floor = qsm.latency.propagation_delay("London", "Paris", round_trip=True, route_factor=1.3)
    assert plan.mean_latency > floor
    dear = balancing.plan_regions(users, sites, latency_price=1.0, prices=[10.0, 0.0])
    assert dear.loads[1] == 200
    with pytest.raises(ValueError, match=r"demands\[0\] must be finite and >= 0, got -1"):
        balancing.geographic_plan([-1], [1], [[1]])


def test_keys_stay_with_their_server():
    policy = balancing.ConsistentHashing(5, balance=2)
    servers = set()
    for _ in range(20):
        server = policy.pick(0.0, key=77)
        policy.finish(0.0, server)
        servers.add(server)
    assert len(servers) == 1
    run = balancing.simulate(qsm.exponential(4), qsm.exponential(1), 10, "consistent_hashing", requests=2000)
    assert run.throughput > 3.5
