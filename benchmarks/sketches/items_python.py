"""A million keys from Python: sketches fed from one array, beside a loop over Apache DataSketches and rbloom.

Run: python benchmarks/sketches/items_python.py [--output FILE]   (needs datasketches and rbloom)
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import datasketches
import numpy as np
import rbloom

from qsm import sketches

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import machine
from machine import least_cpu_time as least

KEYS = np.random.default_rng(1).integers(0, 2**62, 1_000_000)
LIST = KEYS.tolist()
TEXTS = [f"user {key}" for key in LIST]


def each(call: Callable[[object], object], items: list[object]) -> Callable[[], None]:
    def loop() -> None:
        for item in items:
            call(item)

    return loop


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    ours, theirs = sketches.HyperLogLog(12), datasketches.hll_sketch(12, datasketches.tgt_hll_type.HLL_8)
    blocked, bloom = sketches.BlockedBloomFilter(1e6, 0.01), sketches.BloomFilter(1e6, 0.01)
    rust = rbloom.Bloom(1_000_000, 0.01)
    rows = {
        "hll_add_integers/qsm": least(lambda: ours.add(KEYS)),
        "hll_add_integers/datasketches": least(each(theirs.update, LIST)),
        "hll_add_strings/qsm": least(lambda: ours.add(TEXTS)),
        "hll_add_strings/datasketches": least(each(theirs.update, TEXTS)),
        "bloom_add_integers/qsm_blocked": least(lambda: blocked.add(KEYS)),
        "bloom_add_integers/qsm": least(lambda: bloom.add(KEYS)),
        "bloom_add_integers/rbloom": least(each(rust.add, LIST)),
        "bloom_add_integers/rbloom_update": least(lambda: rust.update(LIST)),
        "bloom_query_integers/qsm_blocked": least(lambda: blocked.contains(KEYS)),
        "bloom_query_integers/qsm": least(lambda: bloom.contains(KEYS)),
        "bloom_query_integers/rbloom": least(each(rust.__contains__, LIST)),
    }
    result = {
        "machine": machine.machine(),
        "python": sys.version.split()[0],
        "versions": {name: version(name) for name in ("datasketches", "rbloom", "numpy")},
        "method": "least CPU time of 5 runs over a million keys [s]",
        "rows": {name: float(f"{seconds:.4g}") for name, seconds in rows.items()},
    }
    text = json.dumps(result, indent=1) + "\n"
    options.output.write_text(text) if options.output else print(text)


main()
