"""What a call from Python costs: one value, a million values, a table, and a second thread beside it.

Beside each array call stands the C++ loop with the same checks and allocation (reference.cpp), compiled and timed in the
same run, and what plain NumPy takes. Minima of CPU time over many interleaved repeats.

    python benchmarks/queueing/python_calls.py [--output benchmarks/results/queueing_python.json]
"""

from __future__ import annotations

import argparse
import ctypes
import datetime
import json
import platform
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import qsm
from qsm.queueing import erlang_b, erlang_c, mm1

HERE = Path(__file__).resolve().parent
GOALS = {
    "function, two numbers": (120, "ns"),
    "model and one property": (450, "ns"),
    "erlang_c, 10^6 servers": (1000, "ns"),
    "a million mean waits": (1.3, "x"),
    "a table of 1000 x 1000": (1.3, "x"),
    "second thread's progress": (0.8, "of idle"),
}


def reference() -> ctypes.CDLL:
    """The loops of reference.cpp, compiled now against the headers of this installation."""
    library = Path(tempfile.mkdtemp()) / "reference.so"
    command = [
        "c++",
        "-std=c++20",
        "-O3",
        "-shared",
        "-fPIC",
        "-DQSM_HEADER_ONLY",
        f"-I{HERE.parent.parent / 'include'}",
    ]
    subprocess.run([*command, str(HERE / "reference.cpp"), "-o", str(library)], check=True)
    loops = ctypes.CDLL(str(library))
    pointer = ctypes.c_void_p
    loops.mean_waits.argtypes, loops.mean_waits.restype = [pointer, pointer, ctypes.c_size_t], pointer
    loops.mean_wait_table.argtypes = [pointer, pointer, ctypes.c_size_t, ctypes.c_size_t]
    loops.mean_wait_table.restype = pointer
    loops.erlang_c_many.argtypes, loops.erlang_c_many.restype = (
        [ctypes.c_double, pointer, ctypes.c_size_t],
        ctypes.c_double,
    )
    loops.release.argtypes = [pointer]
    return loops


def fastest(calls: dict[str, Callable[[], Any]], repeats: int) -> dict[str, float]:
    """Least CPU seconds of each call; the calls take turns, so that all meet the same machine."""
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(repeats):
        for name, call in calls.items():
            start = time.thread_time_ns()
            call()
            best[name] = min(best[name], (time.thread_time_ns() - start) / 1e9)
    return best


def per_call(statement: str, names: dict[str, Any], calls: int = 20_000, repeats: int = 60) -> float:
    """Nanoseconds of one call, the empty loop taken off."""
    loops: dict[str, Any] = {}
    for name, body in (("call", statement), ("empty", "pass")):
        space = dict(names)
        exec(f"def loop():\n for _ in range({calls}):\n  {body}", space)
        loops[name] = space["loop"]
    best = fastest(loops, repeats)
    return 1e9 * (best["call"] - best["empty"]) / calls


def progress(work: Callable[[], Any] | None, windows: int = 20) -> float:
    """Most steps per second that this thread makes in a window of 50 ms while another one works."""
    stop = threading.Event()

    def busy() -> None:
        while work and not stop.is_set():
            work()

    other = threading.Thread(target=busy)
    other.start()
    best = 0.0
    for _ in range(windows):
        start, steps = time.perf_counter(), 0
        while time.perf_counter() - start < 0.05:
            for _ in range(1000):
                steps += 1
        best = max(best, steps / (time.perf_counter() - start))
    stop.set()
    other.join()
    return best


def measure() -> dict[str, dict[str, float]]:
    loops = reference()
    random = np.random.default_rng(1)
    million = 1_000_000
    arrival, service = random.uniform(0.1, 0.9, million), random.uniform(1.0, 2.0, million)
    rows, columns = random.uniform(0.1, 0.9, 1000), random.uniform(1.0, 2.0, 1000)

    def numpy_waits(a: Any, s: Any) -> Any:
        return np.where(a < s, a / s / (s - a), np.inf)

    results: dict[str, dict[str, float]] = {}
    results["function, two numbers"] = {"ns": per_call("f(10.0, 5.0)", {"f": erlang_b})}
    results["model and one property"] = {"ns": per_call("f(1.0, 2.0).mean_wait", {"f": mm1})}
    loads = random.uniform(0.99e6, 0.999e6, 10_000)
    best = fastest({"qsm": lambda: loops.erlang_c_many(1e6, loads.ctypes.data, len(loads)),
                    "array": lambda: erlang_c(1e6, loads)}, 60)  # fmt: skip
    results["erlang_c, 10^6 servers"] = {"ns": 1e5 * best["qsm"], "ns_from_python": 1e5 * best["array"]}

    best = fastest(
        {
            "qsm": lambda: mm1(arrival, service).mean_wait,
            "loop": lambda: loops.release(loops.mean_waits(arrival.ctypes.data, service.ctypes.data, million)),
            "numpy": lambda: numpy_waits(arrival, service),
        },
        100,
    )
    results["a million mean waits"] = {"x": best["qsm"] / best["loop"], **{f"{k}_ms": 1e3 * v for k, v in best.items()}}
    best = fastest(
        {
            "qsm": lambda: mm1(rows[:, None], columns).mean_wait,
            "loop": lambda: loops.release(loops.mean_wait_table(rows.ctypes.data, columns.ctypes.data, 1000, 1000)),
            "numpy": lambda: numpy_waits(rows[:, None], columns),
        },
        100,
    )
    results["a table of 1000 x 1000"] = {
        "x": best["qsm"] / best["loop"],
        **{f"{k}_ms": 1e3 * v for k, v in best.items()},
    }

    # Beside a C++ loop that never needs the interpreter, a thread loses only what the machine takes.
    beside: dict[str, Callable[[], Any] | None] = {
        "idle": None,
        "qsm": lambda: mm1(arrival, service).mean_wait,
        "loop": lambda: loops.release(loops.mean_waits(arrival.ctypes.data, service.ctypes.data, million)),
    }
    rates = dict.fromkeys(beside, 0.0)
    for _ in range(8):
        for name, work in beside.items():
            rates[name] = max(rates[name], progress(work))
    results["second thread's progress"] = {
        "of idle": rates["qsm"] / rates["idle"],
        "loop_of_idle": rates["loop"] / rates["idle"],
    }
    return results


def machine() -> dict[str, str]:
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    return {
        "cpu": cpu,
        "system": f"{platform.system()} {platform.machine()}",
        "qsm": qsm.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "compiler": qsm._core.compiler,
        "date": datetime.date.today().isoformat(),
        "method": "least CPU time of interleaved repeats on a shared machine; trust the ratios",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    results = measure()
    print(f"{'task':<28}{'measured':>10}  {'goal':>14}  more")
    for task, figures in results.items():
        goal, unit = GOALS[task]
        relation = ">=" if unit == "of idle" else "<="
        more = "  ".join(f"{name} {value:.3g}" for name, value in figures.items() if name != unit)
        print(f"{task:<28}{figures[unit]:>10.3g}  {f'{relation} {goal:g} {unit}':>14}  {more}")
    if options.output:
        tasks = {task: {"goal": f"{GOALS[task][0]:g} {GOALS[task][1]}", **figures} for task, figures in results.items()}
        options.output.write_text(json.dumps({"machine": machine(), "tasks": tasks}, indent=1) + "\n")


if __name__ == "__main__":
    main()
