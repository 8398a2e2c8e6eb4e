"""What including a header costs: user time of a translation unit that includes it alone, compiled at -O2.

header_cost.py [--check] [--repeat N] [--out FILE.json]

The smallest time of N runs counts. `--check` fails when a header costs more than its goal.
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


def command(compiler: str, flags: list[str], source: Path) -> list[str]:
    return [compiler, "-std=c++20", "-O2", *flags, f"-I{INCLUDE}", "-c", str(source), "-o", os.devnull]


def user_time(arguments: list[str]) -> float:
    """User time of a process and its children [s]."""
    process = subprocess.Popen(arguments)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"failed: {' '.join(arguments)}")
    return usage.ru_utime


def kind(compiler: str, flags: list[str], source: Path) -> str:
    """The dearest library that the header brings in."""
    listed = subprocess.run(
        [compiler, "-std=c++20", *flags, f"-I{INCLUDE}", "-M", str(source)], capture_output=True, text=True, check=True
    )
    return next((name for name in ("boost", "Eigen", "xtensor") if f"/{name}/" in listed.stdout), "std")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail when a goal is missed")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "header_cost.json")
    options = parser.parse_args()

    headers = sorted(p.relative_to(INCLUDE).as_posix() for p in INCLUDE.rglob("*.hpp") if "detail" not in p.parts)
    units = {header: f"#include <{header}>\n" for header in headers}
    units["whole library"] = "".join(units.values())
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "unit.cpp"
        for name, text in units.items():
            source.write_text(text)
            for form, flags in FORMS.items():
                runs = [user_time(command(options.compiler, flags, source)) for _ in range(options.repeat)]
                what = name if name == "whole library" else kind(options.compiler, flags, source)
                best, goal = round(min(runs), 3), GOALS[what]
                rows.append(
                    {"header": name, "form": form, "kind": what, "user_s": best, "goal_s": goal, "met": best <= goal}
                )
                print(f"{name:45} {form:12} {what:13} {best:6.2f} s  {'' if best <= goal else f'above {goal}'}")
    result = {
        "what": "user time of a translation unit that includes one header, g++ -std=c++20 -O2 -c",
        "runs_each": options.repeat,
        "machine": machine(),
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
