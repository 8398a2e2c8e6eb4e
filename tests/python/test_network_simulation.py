"""Simulated networks from Python: against theory, and refused where they make no sense."""

from __future__ import annotations

import pickle

import pytest

from qsm.core import Deterministic, Exponential
from qsm.queueing import (
    RoutedClass,
    RoutedNetwork,
    RoutedStation,
    product_form,
    simulate_network,
    solve,
)


def computer(discipline: str = "fcfs") -> RoutedNetwork:
    """Ten thinkers before a processor and two disks."""
    return RoutedNetwork(
        [
            RoutedStation([Exponential(4)], discipline, name="processor"),
            RoutedStation([Exponential(2)], servers=2, name="disks"),
        ],
        [RoutedClass([1, 0], [[0, 0.6], [1, 0]], population=10, think_time=Deterministic(2))],
    )


@pytest.mark.parametrize("discipline", ["fcfs", "ps"])
def test_what_is_solved_is_simulated(discipline: str) -> None:
    network = computer(discipline)
    theory = solve(product_form(network))
    seen = simulate_network(network, passages=2e4, warmup=2e3, seed=3)
    assert seen.stable
    for estimate, truth in [
        (seen.throughput(0), theory.throughput[0]),
        (seen.response_time(0), theory.response_time[0]),
        (seen.station_number(0, 0), theory.station_number[0, 0]),
        (seen.station_sojourn_time(1, 0), theory.station_sojourn_time[1, 0]),
        (seen.station_utilization(1, 0), theory.station_utilization[1, 0]),
    ]:
        error = (estimate.high - estimate.low) / 2 / 2.093  # t of 19 degrees of freedom
        assert abs(estimate - truth) < 4 * error
        assert error < 0.02 * truth


def test_a_network_is_a_value() -> None:
    network = computer()
    assert pickle.loads(pickle.dumps(network)) == network
    assert network.stations[0].discipline == "fcfs"
    assert network != computer("ps")
    assert network.stations[1].name == "disks"


def test_seeds_and_threads() -> None:
    def response(**options: int) -> float:
        return float(simulate_network(computer(), passages=500, warmup=0, replications=4, **options).response_time(0))

    assert response(threads=1) == response(threads=3)
    assert response(seed=1) != response(seed=2)


def test_progress_is_told() -> None:
    seen: list[float] = []
    simulate_network(computer(), passages=500, warmup=0, replications=2, progress=seen.append)
    assert seen[-1] == 1


def test_bad_networks_are_refused() -> None:
    with pytest.raises(ValueError, match="fcfs.*lcfs.*srpt"):
        simulate_network(computer("fastest"))
    lost = RoutedNetwork(
        [RoutedStation([Exponential(1)])], [RoutedClass([1], [[1.0]], interarrival=Exponential(0.5), name="web")]
    )
    with pytest.raises(ValueError, match="class web: .*one from which routing leads out, got 0"):
        simulate_network(lost)
    row = RoutedNetwork(
        [RoutedStation([Exponential(1)])] * 2,
        [RoutedClass([1, 0], [[0, 0.5], [0.7, 0.6]], interarrival=Exponential(0.5), name="web")],
    )
    with pytest.raises(ValueError, match="class web: sum of row 1 of routing must be <= 1, got 1.29"):
        simulate_network(row)
    with pytest.raises(ValueError, match="station processor must be fcfs, ps, lcfs_preemptive or delay"):
        product_form(computer("srpt"))
