"""What `make test` costs from nothing: a fresh clone of this commit, a new environment, an empty compiler cache.

suite_cost.py [--output FILE.json]

System packages that are missing are installed within that time. Wall time depends on who else uses the machine, so that
the load stands beside it; CPU time does not.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import compiler_version, machine

ROOT = Path(__file__).resolve().parent.parent


def size(path: Path) -> float:
    """Size of a file or folder, links not followed [MB]."""
    files = [path, *path.rglob("*")] if path.is_dir() else [path]
    return round(sum(file.lstat().st_size for file in files) / 1e6, 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "results" / "suite_cost.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clone, cache = Path(folder, "qsm"), Path(folder, "ccache")
        subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
        environment = os.environ | {"CCACHE_DIR": str(cache)}
        steps = []
        for target in ("run", "test", "test"):  # the last one finds everything built
            start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
            status = subprocess.run(["make", target], cwd=clone, env=environment, check=False).returncode
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            steps.append(
                {
                    "command": f"make {target}",
                    "status": status,
                    "wall_s": round(time.monotonic() - start),
                    "cpu_s": round(cpu),
                    "load": round(os.getloadavg()[1], 1),
                }
            )
            print(steps[-1])
        result = {
            "what": "make run, make test and make test again, in this order, on a fresh clone",
            "commit": subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=clone, text=True).strip(),
            "machine": machine(),
            "python": sys.version.split()[0],
            "compiler": compiler_version("g++"),
            "steps": steps,
            "size_mb": {name: size(clone / name) for name in (".git", ".venv", "build", "python/qsm", "include")}
            | {"compiler cache": size(cache)},
        }
    options.output.write_text(json.dumps(result, indent=1) + "\n")
    return any(step["status"] for step in steps)


if __name__ == "__main__":
    sys.exit(main())
