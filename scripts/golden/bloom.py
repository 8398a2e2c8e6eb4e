"""Golden rows of Bloom filters: the exact false-positive rate in rational numbers, or in 60 digits by factorial moments.

Run: python scripts/golden/bloom.py tests/golden/sketches
"""

import sys
from fractions import Fraction
from pathlib import Path

import mpmath

mpmath.mp.dps = 80


def by_law(bits, hashes, items):
    law = {0: Fraction(1)}
    for _ in range(items * hashes):
        after: dict[int, Fraction] = {}
        for used, chance in law.items():
            after[used] = after.get(used, 0) + chance * Fraction(used, bits)
            after[used + 1] = after.get(used + 1, 0) + chance * Fraction(bits - used, bits)
        law = after
    return float(sum(chance * Fraction(used, bits) ** hashes for used, chance in law.items()))


def by_moments(bits, hashes, items):
    """E[(1 - Y/m)^k] for Y empty bits, whose factorial moments are m (m-1) ... (m-i+1) (1 - i/m)^(kn)."""
    stirling = [[0] * (hashes + 1) for _ in range(hashes + 1)]
    stirling[0][0] = 1
    for n in range(1, hashes + 1):
        for k in range(1, n + 1):
            stirling[n][k] = k * stirling[n - 1][k] + stirling[n - 1][k - 1]
    m = mpmath.mpf(bits)
    factorial = [mpmath.ff(m, i) * (1 - i / m) ** (hashes * items) for i in range(hashes + 1)]
    raw = [sum(stirling[r][i] * factorial[i] for i in range(r + 1)) / m**r for r in range(hashes + 1)]
    return float(sum((-1) ** r * mpmath.binomial(hashes, r) * raw[r] for r in range(hashes + 1)))


def main(folder):
    assert abs(by_law(32, 3, 5) / by_moments(32, 3, 5) - 1) < 1e-15
    with open(folder / "bloom_rate.csv", "w") as out:
        out.write(
            "# Exact false-positive rate of a classic Bloom filter: scripts/golden/bloom.py, mpmath, 80 digits.\n"
            "# Relative error <= 1e-12 where hashes x items x bits is small, <= 1e-6 elsewhere.\nitems,bits,hashes,rate\n"
        )
        rows = [
            (5, 32, 3),
            (8, 64, 4),
            (100, 1024, 7),
            (1, 1000, 20),
            (0, 100, 3),
            (300, 2000, 1),
            (1000, 9586, 7),
            (100_000, 958_506, 7),
            (1_000_000, 9_585_059, 7),
            (1_000_000, 14_377_588, 10),
            (50_000, 1_000_000, 14),
        ]
        out.writelines(f"{n},{bits},{hashes},{by_moments(bits, hashes, n)!r}\n" for n, bits, hashes in rows)


main(Path(sys.argv[1]))
