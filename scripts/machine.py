"""What a measurement has to say about where it was made, and how long work took: nothing that names a place or a person."""

from __future__ import annotations

import datetime
import os
import platform
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


def compiler_version(compiler: str) -> str:
    """First line of what the compiler says about itself."""
    return subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]


def machine() -> dict[str, str | int]:
    """CPU, its number of processors, system and date."""
    cpuinfo = Path("/proc/cpuinfo")
    model = re.search(r"^model name\s*: (.+)$", cpuinfo.read_text(), re.MULTILINE) if cpuinfo.exists() else None
    return {
        "cpu": model[1] if model else platform.machine(),
        "processors": os.cpu_count() or 1,
        "system": platform.system(),
        "date": datetime.date.today().isoformat(),
    }


def least_cpu_time(work: Callable[[], object], times: int = 5) -> float:
    """Least CPU time of several runs [s]."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best
