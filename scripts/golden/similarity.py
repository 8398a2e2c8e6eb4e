"""Golden rows of the LSH index, in 200 digits, and of SuperMinHash, in rational numbers.

Run: python scripts/golden/similarity.py tests/golden/sketches
"""

import sys
from fractions import Fraction
from pathlib import Path

import mpmath

mpmath.mp.dps = 200
folder = Path(sys.argv[1])

with open(folder / "lsh.csv", "w") as out:
    out.write(
        "# Probability that an index of bands x rows finds a set, and its threshold: scripts/golden/similarity.py, mpmath,\n"
        "# 200 digits. Relative error <= 1e-13.\n"
        "similarity,bands,rows,lsh_probability,lsh_threshold\n"
    )
    for bands, rows in [(20, 5), (1, 1), (32, 4), (128, 1), (1, 128), (1000, 10)]:
        for similarity in ("0", "1e-6", "0.2", "0.4", "0.5", "0.6", "0.8", "0.999", "1"):
            s = mpmath.mpf(float(similarity))
            probability = 1 - (1 - s**rows) ** bands
            threshold = mpmath.power(bands, -mpmath.mpf(1) / rows)
            out.write(f"{similarity},{bands},{rows},{mpmath.nstr(probability, 17)},{mpmath.nstr(threshold, 17)}\n")


def ratio(m, u):
    """Ertl 2017, SuperMinHash, equation 9."""
    total = sum(l**u * ((l + 1) ** u + (l - 1) ** u - 2 * l**u) for l in range(1, m))
    return 1 - Fraction(total, (m - 1) ** (u - 1) * m**u * (u - 1))


with open(folder / "superminhash.csv", "w") as out:
    out.write(
        "# Variance of SuperMinHash over that of MinHash: scripts/golden/similarity.py, rational numbers.\n"
        "# Relative error <= 1e-9.\n"
        "size,items,ratio\n"
    )
    for size in (2, 16, 128, 1000):
        out.writelines(f"{size},{items},{float(ratio(size, items))!r}\n" for items in (2, 3, 10, 100, 500))
