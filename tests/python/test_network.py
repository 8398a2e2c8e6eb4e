"""Networks from Python: one description, solved, simulated and replayed."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import qsm
from qsm.core import deterministic, exponential
from qsm.measure import Trace
from qsm.queueing import (
    CustomerClass,
    Network,
    NetworkTrace,
    ProductForm,
    Station,
    by_class,
    by_station,
    dynamic_batch,
    mmc,
    solve,
)


def computer(discipline: str = "fcfs") -> Network:
    """Ten thinkers before a processor and two disks."""
    return Network(
        stations=[Station("processor", exponential(4), discipline=discipline), Station("disks", exponential(2), 2)],
        classes=[CustomerClass("thinkers", population=10, think_time=deterministic(2))],
        routing={"processor": {"disks": 0.6}, "disks": {"processor": 1}},
    )


@pytest.mark.parametrize("discipline", ["fcfs", "ps"])
def test_what_is_solved_is_simulated(discipline: str) -> None:
    network = computer(discipline)
    theory = network.solve()
    seen = network.simulate(passages=2e4, warmup=2e3, seed=3)
    assert seen.stable
    for estimate, truth in [
        (seen.throughput[0], theory.throughput[0]),
        (seen.response_time[0], theory.response_time[0]),
        (seen.station_number[0][0], theory.station_number[0][0]),
        (seen.station_sojourn_time[1][0], theory.station_sojourn_time[1][0]),
        (seen.station_wait[1][0], theory.station_wait[1][0]),
        (seen.station_utilization[1][0], theory.station_utilization[1][0]),
    ]:
        error = (estimate.high - estimate.low) / 2 / 2.093  # t of 19 degrees of freedom
        assert abs(estimate - truth) < 4 * error
        assert error < 0.02 * truth


def test_routing_by_name_or_by_number() -> None:
    named = computer()
    numbered = Network(named.stations, named.classes, [[0, 0.6], [1, 0]])
    assert numbered == named
    assert Network(named.stations, named.classes, [[[0, 0.6], [1, 0]]]) == named
    assert Network(named.stations, named.classes, [{"processor": {"disks": 0.6}, "disks": {"processor": 1}}]) == named
    in_order = Network(named.stations, [CustomerClass(interarrival=exponential(1))])
    assert in_order.product_form().visits.tolist() == [[1], [1]]


def test_start_and_present_by_name() -> None:
    kind = CustomerClass(interarrival=exponential(1), start="disks", present={"disks": 3})
    network = Network(computer().stations, [kind])
    assert network.classes[0].start.tolist() == [0, 1]
    assert network.classes[0].present.tolist() == [0, 3]
    assert network.product_form().visits.tolist() == [[0], [1]]


def test_a_network_is_a_value() -> None:
    network = computer()
    assert pickle.loads(pickle.dumps(network)) == network
    assert network.stations[0].discipline == "fcfs"
    assert network != computer("ps")
    assert network.stations[1].name == "disks"
    form = network.product_form()
    assert isinstance(form, ProductForm)
    assert solve(form) == network.solve()


def test_a_simulation_pickles() -> None:
    seen = computer().simulate(passages=500, warmup=0, replications=4)
    again = pickle.loads(pickle.dumps(seen))
    assert again == seen
    assert again.response_time[0].high == seen.response_time[0].high
    assert again.stations == ["processor", "disks"]


def test_tables() -> None:
    network = computer()
    for result in (network.solve(), network.simulate(passages=500, warmup=0, replications=4)):
        assert by_class(result)["class"] == ["thinkers"]
        table = by_station(result)
        assert table["station"] == ["processor", "disks"]
        assert float(table["number"][0]) == pytest.approx(float(result.station_number[0][0]))


def test_behaviours() -> None:
    shop = Network(
        [
            Station("till", exponential(1), 2, patience=exponential(0.5), schedule=[(3, 2), (1, 0)]),
            Station("door", exponential(5), capacity=2, blocking=True),
        ],
        [
            CustomerClass("guests", interarrival=exponential(1.2), batch=[0.7, 0.3], schedule=[(10, 1), (10, 0.5)]),
            CustomerClass("staff", population=2, think_time=exponential(0.1), deadline=deterministic(5), priority=-1),
        ],
    )
    seen = shop.simulate(passages=5e3, warmup=100, replications=5)
    assert 0 < seen.probability_reneged[0] < 1
    assert seen.station_blocked[0][0] > 0
    assert 0 < seen.probability_late[1] < 1
    assert seen.deadlock == ""
    with pytest.raises(ValueError, match="class guests must arrive one by one to be solved; simulate_network takes"):
        shop.solve()
    farm = Network(
        [Station("farm", exponential(1), 100, dispatch="shortest", choices=2)],
        [CustomerClass(interarrival=exponential(90))],
    )
    assert farm.simulate(passages=2e4, replications=5).response_time[0] == pytest.approx(2.645, abs=0.1)


def test_deadlock_names_the_circle() -> None:
    ring = Network(
        [Station(name, exponential(1), capacity=1, blocking=True) for name in ("left", "right")],
        [CustomerClass(population=2, present={"left": 1, "right": 1})],
    )
    seen = ring.simulate(replications=2000)
    assert seen.probability_deadlock == 1
    assert "station left -> station right" in seen.deadlock
    assert seen.deadlock_time == pytest.approx(1.5, abs=0.1)


def test_replay() -> None:
    network = Network([Station("slot", exponential(1))], [CustomerClass(interarrival=exponential(1))])
    trace = Trace(np.array([5.0, 5.5, 12.0]), np.array([1.0, 2.0, 1.0]))
    seen = network.replay(trace)  # they leave after 1, 2.5 and 1
    assert seen.response_time[0].value == pytest.approx(1.5)
    assert network.replay(NetworkTrace([0, 0.5, 7], service_times=[[1], [2], [1]])) == seen
    times = np.cumsum(exponential(1.4).sample(50_000, qsm.Stream(5)))
    two = Network([Station("slots", exponential(1), 2)], [CustomerClass(interarrival=exponential(1))])
    assert two.replay(times).response_time[0] == pytest.approx(mmc(1.4, 1, 2).mean_sojourn, rel=0.05)
    with pytest.raises(ValueError, match="must be a NetworkTrace or arrival times where there are several stations"):
        computer().replay(trace)


def test_each_customer_of_a_replay() -> None:
    network = Network(
        [
            Station("desk", deterministic(2), patience=deterministic(0.5), renege_to="shop"),
            Station("shop", deterministic(1)),
        ],
        [CustomerClass(interarrival=exponential(1))],
        {},
    )
    assert network.stations[0].renege_to.tolist() == [0, 1]
    each = network.replay([0.0, 0.25, 5.0]).replayed()
    assert each.arrival_times.tolist() == [0, 0.25, 5]
    assert each.waits.tolist() == [0, 0.5, 0]
    assert each.response_times.tolist() == [2, 1.5, 2]
    assert each.outcomes == ("completed",) * 3
    assert pickle.loads(pickle.dumps(each)) == each
    with pytest.raises(ValueError, match="replayed: replication must be < number of replications, got 1"):
        network.replay([0.0]).replayed(1)
    with pytest.raises(ValueError, match="Network: renege_to must name stations .desk, shop., got bar"):
        Network([Station("desk", exponential(1), renege_to="bar"), network.stations[1]], network.classes)


def test_batch_server() -> None:
    oven = Network(
        [Station("oven", deterministic(0.1), batch_size=4, batch_setup=deterministic(0.5))],
        [CustomerClass(interarrival=exponential(3))],
    )
    theory = dynamic_batch(3, 0.5, 0.1, 4)
    assert oven.solve().response_time[0] == theory.mean_sojourn
    assert oven.solve().station_wait[0][0] == theory.mean_wait
    assert oven.simulate(passages=3e4).response_time[0] == pytest.approx(theory.mean_sojourn, rel=0.02)


def test_seeds_and_threads() -> None:
    def response(**options: int) -> float:
        return float(computer().simulate(passages=500, warmup=0, replications=4, **options).response_time[0])

    assert response(threads=1) == response(threads=3)
    assert response(seed=1) != response(seed=2)


def test_progress_is_told() -> None:
    seen: list[float] = []
    computer().simulate(passages=500, warmup=0, replications=2, progress=seen.append)
    assert seen[-1] == 1
    computer().simulate(duration=50, replications=2, progress=seen.append)
    assert seen[-1] == 1


def test_bad_networks_are_refused() -> None:
    with pytest.raises(ValueError, match="fcfs.*lcfs.*edf.*srpt"):
        computer("fastest").simulate()
    web = CustomerClass("web", interarrival=exponential(0.5))
    one, two = [Station(service=exponential(1))], [Station("a", exponential(1)), Station("b", exponential(1))]
    with pytest.raises(ValueError, match="class web: .*one from which routing leads out, got 0"):
        Network(one, [web], [[1.0]]).simulate()
    with pytest.raises(ValueError, match="class web: sum of row 1 of routing must be <= 1, got 1.29"):
        Network(two, [web], [[0, 0.5], [0.7, 0.6]]).simulate()
    with pytest.raises(ValueError, match="Network: routing must name stations .a, b., got c"):
        Network(two, [web], {"a": {"c": 1}})
    with pytest.raises(ValueError, match="Network: routing must name stations .a, b., got c"):
        Network(two, [web], {"c": {"a": 1}})
    with pytest.raises(ValueError, match="Network: start must name stations .a, b., got c"):
        Network(two, [CustomerClass(interarrival=exponential(1), start="c")])
    with pytest.raises(ValueError, match="station processor must be fcfs, lcfs, random, ps, lcfs_preemptive or delay"):
        computer("srpt").product_form()
