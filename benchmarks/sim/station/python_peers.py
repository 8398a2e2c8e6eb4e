"""M/M/3 with room for ten from Python: qsm beside Ciw, SimPy and qsm's own C++, in customers per CPU second.

Run: python benchmarks/sim/station/python_peers.py   (needs ciw and simpy)
"""

from __future__ import annotations

import json
import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path

import ciw
import numpy as np
import simpy

import qsm

ROOT = Path(__file__).resolve().parents[3]
ARRIVAL, SERVICE, SERVERS, CAPACITY = 6.0, 2.5, 3, 10
TRUTH = qsm.queueing.mmck(ARRIVAL, SERVICE, SERVERS, CAPACITY)


def by_qsm(customers: int, seed: int) -> tuple[float, float]:
    run = qsm.queueing.simulate(
        qsm.exponential(ARRIVAL), qsm.exponential(SERVICE), SERVERS, capacity=CAPACITY,
        customers=customers / 4, replications=4, warmup=1000, seed=seed, threads=1,
    )  # fmt: skip
    return float(run.mean_wait), float(run.probability_blocked)


def by_ciw(customers: int, seed: int) -> tuple[float, float]:
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(ARRIVAL)],
        service_distributions=[ciw.dists.Exponential(SERVICE)],
        number_of_servers=[SERVERS],
        queue_capacities=[CAPACITY - SERVERS],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(customers / ARRIVAL)
    records = simulation.get_all_records()
    waits = [r.waiting_time for r in records if r.record_type == "service"]
    lost = sum(r.record_type == "rejection" for r in records)
    return float(np.mean(waits)), lost / len(records)


def by_simpy(customers: int, seed: int) -> tuple[float, float]:
    rng = random.Random(seed)
    environment = simpy.Environment()
    servers = simpy.Resource(environment, SERVERS)
    waits: list[float] = []
    lost = 0

    def customer() -> object:
        came = environment.now
        with servers.request() as request:
            yield request
            waits.append(environment.now - came)
            yield environment.timeout(rng.expovariate(SERVICE))

    def source() -> object:
        nonlocal lost
        for _ in range(customers):
            yield environment.timeout(rng.expovariate(ARRIVAL))
            if len(servers.users) + len(servers.queue) < CAPACITY:
                environment.process(customer())
            else:
                lost += 1

    environment.process(source())
    environment.run()
    return float(np.mean(waits)), lost / customers


def rate(run: Callable[[int, int], tuple[float, float]], customers: int, repeats: int) -> tuple[float, float, float]:
    """Best customers per CPU second, with the answer of the last run."""
    best, answer = 0.0, (0.0, 0.0)
    for repeat in range(repeats):
        began = time.process_time()
        answer = run(customers, repeat + 1)
        best = max(best, customers / (time.process_time() - began))
    return best, *answer


def main() -> None:
    rows = {}
    for name, run, customers in (("qsm", by_qsm, 8_000_000), ("Ciw", by_ciw, 20_000), ("SimPy", by_simpy, 50_000)):
        speed, wait, blocked = rate(run, customers, 3)
        rows[name] = {"customers_per_cpu_second": speed, "mean_wait": wait, "probability_blocked": blocked}
        print(f"{name:6} {speed:14,.0f} customers/s   mean wait {wait:.4f} s   lost {blocked:.4%}")
    print(f"{'theory':6} {'':26}   mean wait {TRUTH.mean_wait:.4f} s   lost {TRUTH.probability_blocked:.4%}")
    ours = rows["qsm"]["customers_per_cpu_second"]
    ratios = {name: ours / row["customers_per_cpu_second"] for name, row in rows.items() if name != "qsm"}
    program = ROOT / "build" / "bench" / "benchmarks" / "bench_sim_station"
    if program.exists():
        found = json.loads(
            subprocess.run(
                [program, "--benchmark_format=json", "--benchmark_filter=qsm_mm3_10", "--benchmark_repetitions=3"],
                capture_output=True, text=True, check=True,
            ).stdout
        )  # fmt: skip
        speeds = [b["customers"] for b in found["benchmarks"] if b.get("run_type") == "iteration"]
        if speeds:
            rows["qsm, C++"] = {"customers_per_cpu_second": max(speeds)}
            ratios["qsm, C++"] = ours / max(speeds)
    for name, ratio in ratios.items():
        print(f"qsm from Python / {name}: {ratio:,.2f}")
    result = {
        "task": f"M/M/{SERVERS}/{CAPACITY}, arrivals {ARRIVAL}/s, service {SERVICE}/s; one thread, CPU time, best of 3",
        "date": date.today().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, SIMD {qsm._core.core.simd_level}",
        "versions": {
            "python": platform.python_version(),
            "qsm": qsm.__version__,
            "ciw": version("ciw"),
            "simpy": version("simpy"),
        },
        "rows": rows,
        "qsm_over": ratios,
    }
    target = ROOT / "benchmarks" / "results" / "station_python_peers.json"
    target.write_text(json.dumps(result, indent=1) + "\n")
    print(target.relative_to(ROOT), file=sys.stderr)


if __name__ == "__main__":
    main()
