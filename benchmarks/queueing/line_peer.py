"""LINE's Python package beside qsm in one process: the same numbers, how long each takes, and where LINE is wrong.

LINE's own functions for each model are called (`line_solver.api`), without its layer of networks and solvers, which would
only add to its times. Best CPU time of many repeats of each, by turns. Cases with a truth are exact values from 50-digit
arithmetic (tests/golden); their LINE error is reported, not its speed.

    python benchmarks/queueing/line_peer.py [--output benchmarks/results/queueing_line.json]

Needs line-solver 3 beside qsm in one environment.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from line_solver.api import qsys
from line_solver.api.pfqn import pfqn_mva, pfqn_mvams

import qsm
from qsm import queueing

HIDDEN = np.array([[-3.2, 0.2], [0.1, -0.5]])
ARRIVING = np.array([[2.5, 0.5], [0.1, 0.3]])
INITIAL = np.array([0.4, 0.6, 0.0])
PHASES = np.array([[-4.0, 1.0, 0.5], [0.0, -6.0, 2.0], [0.0, 0.0, -5.0]])


def closed(
    demands: np.ndarray, population: list[float], think: list[float]
) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Throughputs of a closed network."""
    numbers, times = np.array(population), np.array(think)
    return (
        lambda: queueing.closed_mva(demands, population, think).throughput,
        lambda: np.ravel(pfqn_mva(demands, numbers, times)[0]),
    )


def same_numbers() -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    """Tasks that both do right."""
    arrivals = queueing.markovian_arrivals(HIDDEN, ARRIVING)
    service = qsm.phase_type(INITIAL, PHASES)
    slow = qsm.phase_type(INITIAL, PHASES * 0.5)
    renewal = qsm.phase_type([0.3, 0.7], [[-0.9, 0.2], [0.0, -2.5]])
    return {
        "closed, 3 stations, 50 customers": closed(np.array([[0.605], [2.1], [1.35]]), [50], [15]),
        "closed, 6 stations, (40, 4) customers": closed(
            np.array([[0.011, 2.0]] + [[0.035 * k, 0.175 / k] for k in range(1, 6)]), [40, 4], [5, 10]
        ),
        "closed, 3 stations, (8, 6, 5) customers": closed(
            np.array([[0.5, 0.04, 0.06], [0.4, 0.2, 0.3], [1.2, 0.05, 0.06]]), [8, 6, 5], [20, 30, 0]
        ),
        "MAP/PH/1, mean number": (
            lambda: [queueing.map_ph_c(arrivals, service).mean_number],
            lambda: [qsys.qsys_mapph1(HIDDEN, ARRIVING, INITIAL, PHASES).meanQueueLength],
        ),
        "PH/PH/1, mean number": (
            lambda: [queueing.ph_ph_c(renewal, service).mean_number],
            lambda: [
                qsys.qsys_phph1(
                    np.array([0.3, 0.7]), np.array([[-0.9, 0.2], [0.0, -2.5]]), INITIAL, PHASES
                ).meanQueueLength
            ],
        ),
        "MAP/PH/3, mean wait": (
            lambda: [queueing.map_ph_c(arrivals, slow, 3).mean_wait],
            lambda: [qsys.qsys_mapphc(HIDDEN, ARRIVING, INITIAL, PHASES * 0.5, 3).meanWaitingTime],
        ),
    }


def wrong_cases() -> dict[str, tuple[float, Callable[[], float], Callable[[], float]]]:
    """Truth, qsm, LINE."""
    sizes = qsm.mixture([0.4, 0.6], [qsm.gamma(0.25, 4.0), qsm.gamma(4.0, 0.125)])
    rates, mu, variation = np.array([0.2, 0.3]), np.array([1.0, 2.0]), np.array([2.0, 0.5])
    pair = [np.array([[4.0]]), np.array([90.0]), np.array([10.0])]

    def crommelin(arrival: float, servers: int) -> float:
        return float(qsys.qsys_mdc_crommelin(arrival, 1.0, servers)["mean_waiting_time"])

    def longest(index: int) -> Callable[[], float]:
        return lambda: float(np.ravel(qsys.qsys_mg1_lrpt(rates, mu, variation)[0])[index])

    return {
        "M/D/500 at 0.9, mean wait": (
            1.72740546615664e-4,
            lambda: queueing.mdc(450, 1, 500).mean_wait,
            lambda: crommelin(450.0, 500),
        ),
        "M/D/250 at 0.96, mean wait": (
            0.022127033919699,
            lambda: queueing.mdc(240, 1, 250).mean_wait,
            lambda: crommelin(240.0, 250),
        ),
        "M/G/1 LRPT, first of two classes, mean time": (
            2.832840236686,
            lambda: queueing.mg1(0.5, sizes, "lrpt").mean_sojourn_of_size(1),
            longest(0),
        ),
        "M/G/1 LRPT, second of two classes, mean time": (
            2.063609467456,
            lambda: queueing.mg1(0.5, sizes, "lrpt").mean_sojourn_of_size(0.5),
            longest(1),
        ),
        "M/M/1 FB at 0.5, mean time": (
            2.0,
            lambda: queueing.mg1(0.5, qsm.exponential(1), "fb").mean_sojourn,
            lambda: float(np.ravel(qsys.qsys_mg1_fb(np.array([0.5]), np.array([1.0]), np.array([1.0]))[0])[0]),
        ),
        "closed, 8 servers, 90 customers, response time": (
            35.0,
            lambda: float(queueing.closed_mva([4.0], [90], [10], [8]).response_time[0]),
            lambda: 90 / float(np.ravel(pfqn_mvams(np.zeros(1), *pair, np.ones(1), np.array([8.0]))[0])[0]) - 10,
        ),
    }


def best(calls: list[Callable[[], Any]], seconds: float) -> list[float]:
    """Least CPU time of each call, by turns."""
    least = [float("inf")] * len(calls)
    counts = []
    for call in calls:
        begin = time.process_time()
        call()
        counts.append(max(1, int(0.002 / max(time.process_time() - begin, 1e-7))))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for i, call in enumerate(calls):
            begin = time.process_time()
            for _ in range(counts[i]):
                call()
            least[i] = min(least[i], (time.process_time() - begin) / counts[i])
    return least


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", default="benchmarks/results/queueing_line.json")
    parser.add_argument("--seconds", type=float, default=4, help="for each task")
    options = parser.parse_args()
    rows, wrong = {}, {}
    for name, calls in same_numbers().items():
        ours, theirs = (np.asarray(call(), float) for call in calls)
        times = best(list(calls), options.seconds)
        rows[name] = {
            "largest_relative_difference": float(np.max(np.abs(ours / theirs - 1))),
            "qsm_microseconds": times[0] * 1e6,
            "line_microseconds": times[1] * 1e6,
            "qsm_faster_by": times[1] / times[0],
        }
        print(
            f"{name:45} {rows[name]['qsm_faster_by']:9.0f}x  differ by {rows[name]['largest_relative_difference']:.1e}"
        )
    for name, (truth, ours_of, theirs_of) in wrong_cases().items():
        ours, theirs = ours_of(), theirs_of()
        wrong[name] = {
            "truth": truth,
            "qsm": ours,
            "line": theirs,
            "qsm_relative_error": abs(ours / truth - 1),
            "line_relative_error": abs(theirs / truth - 1),
        }
        print(f"{name:45} truth {truth:.12g}  qsm {ours:.12g}  LINE {theirs:.12g}")
    result = {
        "task": "closed networks and MAP/PH queues: LINE's own functions beside qsm's, one process, best CPU time",
        "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}",
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "qsm": qsm.__version__,
            "line-solver": importlib.metadata.version("line-solver"),
        },
        "same_numbers": rows,
        "wrong_in_line": wrong,
        "slowest_ratio": min(row["qsm_faster_by"] for row in rows.values()),
    }
    Path(options.output).write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
