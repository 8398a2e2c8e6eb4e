"""The network simulator beside loops written for each model, Cimba and Ciw, in turns; ratios of least CPU times.

python benchmarks/queueing/network_simulation/peers.py PROGRAM [--cimba PATH] [--rounds N] [--output PATH]

PROGRAM is bench_queueing_network_simulation; PATH is Cimba's own benchmark/MM1_single, a million customers of M/M/1 at 0.9.
Ciw is timed where it is installed.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts"))
from machine import machine

PAIRS = {
    "tandem of 10": "tandem",
    "closed, 16 stations": "closed",
    "shorter of 2 queues of 1,000": "farm",
    "M/M/1": "single",
}
CUSTOMERS = 1e5  # in a run of PROGRAM


def bench(program: Path) -> dict[str, dict[str, float]]:
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [
            str(program),
            "--benchmark_min_time=0.1",
            f"--benchmark_out={out.name}",
            "--benchmark_out_format=json",
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        rows = json.loads(Path(out.name).read_text())["benchmarks"]
    return {row["name"]: {"ms": row["cpu_time"], "events": row["events"]} for row in rows}


def cpu_seconds(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def ciw_customers_per_second(customers: int) -> float:
    import ciw  # type: ignore[import-not-found]

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(0.9)],
        service_distributions=[ciw.dists.Exponential(1.0)],
        number_of_servers=[1],
    )
    ciw.seed(1)
    simulation = ciw.Simulation(network)
    start = time.process_time()
    simulation.simulate_until_max_customers(customers)
    return customers / (time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path)
    parser.add_argument("--cimba", type=Path)
    parser.add_argument("--cimba-version", default="")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "results" / "network_simulation.json")
    options = parser.parse_args()
    runs, cimba = [], []
    for _ in range(options.rounds):
        runs.append(bench(options.program))
        if options.cimba:
            cimba.append(cpu_seconds([str(options.cimba)]))

    def best(name: str) -> float:
        return min(run[name]["ms"] for run in runs)

    def rate(name: str) -> float:
        return max(run[name]["events"] for run in runs)

    result: dict[str, object] = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "method": f"least CPU time of {options.rounds} rounds in turns, one thread; compare rows of one file only",
        "events_per_second": {
            name: {"qsm": round(rate(f"simulated/{key}")), "loop": round(rate(f"{key}_loop"))}
            for name, key in PAIRS.items()
        },
        "ratio_to_loop": {
            name: round(best(f"{key}_loop") / best(f"simulated/{key}"), 3) for name, key in PAIRS.items()
        },
    }
    customers = {"qsm": CUSTOMERS / best("simulated/single") * 1e3}
    if cimba:
        customers[f"Cimba {options.cimba_version}".strip()] = 1e6 / min(cimba)
    try:
        version = metadata.version("ciw")
    except metadata.PackageNotFoundError:
        print("skipped: Ciw is not installed")
    else:
        customers[f"Ciw {version}"] = ciw_customers_per_second(20_000)
    result["mm1_customers_per_second"] = {name: round(value) for name, value in customers.items()}
    result["mm1_ratio"] = {
        name: round(customers["qsm"] / value, 2) for name, value in customers.items() if name != "qsm"
    }
    options.output.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
