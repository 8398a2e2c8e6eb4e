"""What including a header costs: user time of a translation unit that includes it alone, compiled at -O2.

header_cost.py [--check] [--repeat N] [--out FILE.json] [HEADER ...]

The smallest time of N runs counts, in CPU time, so that other work on the machine disturbs little; what `#include <vector>`
costs in the same run says how much it did. A header above its goal is measured N times more. Every header is measured in the
compiled form and in the header-only form. An umbrella gathers a room, so its goal is that of the whole library. In the
header-only form a header of a room brings code of the rooms below with it: its goal is by the dearest library in that code.
`--check` fails when a header costs more than its goal.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import compiler_version, machine

ROOT = Path(__file__).resolve().parent.parent
INCLUDE = ROOT / "include"
GOALS = {"std": 0.6, "Eigen": 1.8, "xtensor": 1.8, "boost": 2.5, "whole library": 5.0}  # [s]
FORMS = {"compiled": [], "header-only": ["-DQSM_HEADER_ONLY"]}


def user_time(arguments: list[str]) -> float:
    """User time of a process and its children [s]."""
    process = subprocess.Popen(arguments)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"failed: {' '.join(arguments)}")
    return usage.ru_utime


def measure(command: list[str], repeat: int, folder: Path) -> tuple[float, str]:
    """Least user time [s], and the dearest library that the unit brings in."""
    listing = folder / "unit.d"
    best = min(user_time([*command, "-MD", "-MF", str(listing)]) for _ in range(repeat))
    included = listing.read_text()
    return best, next((name for name in ("boost", "Eigen", "xtensor") if f"/{name}/" in included), "std")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail when a goal is missed")
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "header_cost.json")
    parser.add_argument("headers", nargs="*", metavar="HEADER", help="e.g. qsm/core/error.hpp; default: all")
    options = parser.parse_args()

    headers = sorted(p.relative_to(INCLUDE).as_posix() for p in INCLUDE.rglob("*.hpp") if "detail" not in p.parts)
    units = {header: f"#include <{header}>\n" for header in headers}
    units["whole library"] = "".join(units.values())
    if options.headers:
        units = {header: units[header] for header in options.headers}
    load = os.getloadavg()[0]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "unit.cpp"
        command = [options.compiler, "-std=c++20", "-O2", f"-I{INCLUDE}", "-c", str(source), "-o", os.devnull]
        source.write_text("#include <vector>\n")
        vector, _ = measure(command, 2 * options.repeat, Path(folder))
        for name, text in units.items():
            source.write_text(text)
            umbrella = name.count("/") < 2
            for form, flags in FORMS.items():
                time, library = measure([*command, *flags], options.repeat, Path(folder))
                what = "whole library" if umbrella else library
                goal = GOALS[what]
                if time > goal:
                    time = min(time, measure([*command, *flags], options.repeat, Path(folder))[0])
                best = round(time, 3)
                rows.append(
                    {"header": name, "form": form, "kind": what, "user_s": best, "goal_s": goal, "met": best <= goal}
                )
                print(f"{name:45} {form:12} {what:13} {best:6.2f} s  {'' if best <= goal else f'above {goal}'}")
    result = {
        "what": "user time of a translation unit that includes one header, g++ -std=c++20 -O2 -c",
        "runs_each": options.repeat,
        "include_vector_user_s": round(vector, 3),
        "machine": machine(),
        "load_average": {"before": round(load, 1), "after": round(os.getloadavg()[0], 1)},
        "compiler": compiler_version(options.compiler),
        "rows": rows,
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1) + "\n")
    missed = [row for row in rows if not row["met"]]
    print(f"{len(rows)} measured, {len(missed)} above their goal")
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
