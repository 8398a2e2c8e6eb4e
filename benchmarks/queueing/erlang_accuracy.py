"""Errors of Erlang's formulas over a wide grid: 1 to 10^7 servers, from almost idle to flooded.

The truth is the definition itself, of the very doubles that are handed over: integers of 400 bits sum
1/B = Σ c! / ((c - k)! a^k) where a >= c, and the Poisson tail above c where a < c, whose first term mpmath gives with 80
digits. The goal holds for results of at least 1e-300.

    python benchmarks/queueing/erlang_accuracy.py [--output benchmarks/results/erlang_accuracy.json]
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path

import numpy as np
from mpmath import exp, log, loggamma, mp, mpf

from qsm.queueing import erlang_b, erlang_c

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from machine import machine

GOAL = 6e-16  # times max(1, |ln result|)
ONE = 1 << 400
mp.dps = 80

SERVERS = [
    *range(1, 130), 150, 200, 300, 500, 700, 1000, 2000, 5000, 10**4, 30_000, 10**5, 300_000, 10**6, 3_000_000, 10**7
]  # fmt: skip
SHARES = [
    1e-6, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.59, 0.5999999, 0.6, 0.6000001, 0.65, 0.7, 0.75, 0.8, 0.85,
    0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999, 0.999999, 1 - 1e-9, 1, 1 + 1e-9, 1.000001, 1.0001, 1.001, 1.01, 1.03,
    1.1, 1.2, 1.3, 1.3999999, 1.4, 1.4000001, 1.5, 2, 5, 20, 1000, 1e6
]  # fmt: skip
DEVIATIONS = [-30, -20, -10, -8, -6, -4, -3, -2, -1, -0.5, -0.1, -0.01, 0.01, 0.1, 0.5, 1, 2, 3, 4, 6, 10]


def total(c: int, numerator: int, denominator: int, rising: bool) -> mpf:
    """Σ from k = 0 of the product of k factors a / (c + j), or (c - j + 1) / a, j = 1..k, with a = numerator / denominator."""
    result = term = ONE
    k = 0
    while term:
        k += 1
        if rising:
            term = term * numerator // (denominator * (c + k))
        else:
            term = term * (denominator * (c - k + 1)) // numerator
        result += term
    return mpf(result) / ONE


def blocking(c: int, load: float) -> mpf:
    numerator, denominator = load.as_integer_ratio()
    if load >= c:
        return 1 / total(c, numerator, denominator, rising=False)
    a = mpf(load)
    point = exp(c * log(a) - a - loggamma(c + 1))
    return point / (1 - point * (total(c, numerator, denominator, rising=True) - 1))


def grid() -> list[tuple[int, float]]:
    random = np.random.default_rng(1)
    cases = {(c, c * share) for c in SERVERS for share in SHARES}
    cases |= {(c, c + d * math.sqrt(c)) for c in SERVERS for d in DEVIATIONS if c + d * math.sqrt(c) > 0}
    cases |= {(int(10**x), float(int(10**x) * 10**y)) for x, y in random.uniform((0, -1), (6, 0.5), (2000, 2))}
    return sorted(cases)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "results" / "erlang_accuracy.json")
    options = parser.parse_args()

    worst: dict[tuple[str, str], dict[str, float]] = {}
    for c, load in grid():
        b = blocking(c, load)
        truths = {"erlang_b": b, "erlang_c": c * b / (c - mpf(load) * (1 - b)) if load < c else mpf(1)}
        for function, truth in truths.items():
            if truth < mpf("1e-300"):
                continue
            ours = (erlang_b if function == "erlang_b" else erlang_c)(c, load)
            error = float(abs(mpf(float(ours)) - truth) / truth)
            scaled = error / max(1.0, abs(float(log(truth))))
            share = load / c
            regime = (
                "c < 100" if c < 100 else "a < 0.6 c" if share < 0.6 else "a > 1.4 c" if share > 1.4 else "a near c"
            )
            row = worst.setdefault((function, regime), {"points": 0, "scaled_error": 0, "relative_error": 0})
            row["points"] += 1
            row["relative_error"] = max(row["relative_error"], float(f"{error:.3g}"))
            if scaled >= row["scaled_error"]:
                row |= {
                    "scaled_error": float(f"{scaled:.3g}"),
                    "servers": c,
                    "offered_load": load,
                    "result": float(truth),
                }
    rows = [{"function": f, "regime": r} | row for (f, r), row in sorted(worst.items())]
    met = all(row["scaled_error"] <= GOAL for row in rows)
    for row in rows:
        print(
            f"{row['function']} {row['regime']:10} {row['points']:6} points, error / max(1, |ln|) <= {row['scaled_error']:.2e}"
            f" (servers {row['servers']}, load {row['offered_load']!r})"
        )
    result = {
        "what": "largest error over max(1, |ln result|), and largest relative error, against 400-bit arithmetic",
        "goal": GOAL,
        "met": met,
        "machine": machine(),
        "rows": rows,
    }
    options.output.write_text(json.dumps(result, indent=1) + "\n")
    return not met


if __name__ == "__main__":
    sys.exit(main())
