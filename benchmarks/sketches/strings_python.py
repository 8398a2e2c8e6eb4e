"""A million strings from Python into a HyperLogLog: from a list, NumPy and Arrow, beside a loop over Apache DataSketches.

Run: python benchmarks/sketches/strings_python.py [--output FILE]   (needs datasketches and pyarrow)
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.metadata import version
from pathlib import Path

import datasketches
import numpy as np
import pyarrow

from qsm import sketches

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import machine
from machine import least_cpu_time as least

TEXTS = [f"user {key}" for key in np.random.default_rng(1).integers(0, 2**62, 1_000_000).tolist()]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    ours, theirs = sketches.HyperLogLog(12), datasketches.hll_sketch(12, datasketches.tgt_hll_type.HLL_8)
    array, column = np.array(TEXTS), pyarrow.array(TEXTS)

    def loop() -> None:
        for text in TEXTS:
            theirs.update(text)

    rows = {
        "list/qsm": least(lambda: ours.add(TEXTS), 7),
        "numpy/qsm": least(lambda: ours.add(array), 7),
        "arrow/qsm": least(lambda: ours.add(column), 7),
        "list/datasketches": least(loop),
    }
    result = {
        "machine": machine.machine(),
        "python": sys.version.split()[0],
        "versions": {name: version(name) for name in ("datasketches", "numpy", "pyarrow")},
        "command": "python benchmarks/sketches/strings_python.py --output benchmarks/results/sketches_strings.json",
        "method": "least CPU time over a million strings of 24 characters [s]",
        "rows": {name: float(f"{seconds:.4g}") for name, seconds in rows.items()},
    }
    text = json.dumps(result, indent=1) + "\n"
    options.output.write_text(text) if options.output else print(text)


main()
