"""Condenses a result of Google Benchmark to what is worth keeping: machine, date, and the best of each benchmark.

clean_result.py RESULT.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from machine import compiler_version, machine

STANDARD = {
    "name", "family_index", "per_family_instance_index", "run_name", "run_type", "repetitions", "repetition_index",
    "threads", "iterations", "real_time", "cpu_time", "time_unit",
}  # fmt: skip


def main() -> None:
    path = Path(sys.argv[1])
    result = json.loads(path.read_text())
    rows: dict[str, dict[str, float]] = {}
    for run in result["benchmarks"]:
        if run.get("run_type", "iteration") != "iteration":
            continue
        scale = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}[run["time_unit"]]
        row = {"cpu_time_ns": float(f"{run['cpu_time'] * scale:.5g}")}
        row |= {
            name: float(f"{value:.4g}")
            for name, value in run.items()
            if name not in STANDARD and not isinstance(value, str)
        }
        best = rows.setdefault(run["run_name"], row)
        if row["cpu_time_ns"] < best["cpu_time_ns"]:
            rows[run["run_name"]] = row
    condensed = {
        "date": result["context"]["date"][:10],
        "machine": machine(),
        "compiler": compiler_version("g++"),
        "method": "least CPU time over repetitions in one process; compare rows of one file only",
        "rows": rows,
    }
    path.write_text(json.dumps(condensed, indent=1) + "\n")


if __name__ == "__main__":
    main()
