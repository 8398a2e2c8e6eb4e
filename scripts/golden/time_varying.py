"""Golden rows of transients, by the spectrum of the birth-death chain in 40 digits, and of multiplexing, by exact binomial
sums.

Run: python scripts/golden/time_varying.py tests/golden/queueing
"""

import sys
from fractions import Fraction
from math import comb
from pathlib import Path

from mpmath import exp, matrix, mp, mpf, nstr, sqrt

mp.dps = 40


def transient(arrival, service, servers, initial, time, capacity):
    """The chain made symmetric; exp of it by its eigenvectors."""
    size = capacity + 1
    births = [mpf(arrival)] * capacity
    deaths = [min(n, servers) * mpf(service) for n in range(1, size)]
    weight = [mpf(1)]
    for n in range(capacity):
        weight.append(weight[-1] * births[n] / deaths[n])
    a = matrix(size, size)
    for n in range(size):
        a[n, n] = -(births[n] if n < capacity else 0) - (deaths[n - 1] if n else 0)
        if n < capacity:
            a[n, n + 1] = a[n + 1, n] = sqrt(births[n] * deaths[n])
    values, vectors = mp.eigsy(a)
    return [
        sqrt(weight[n] / weight[initial])
        * sum(vectors[n, k] * vectors[initial, k] * exp(values[k] * mpf(time)) for k in range(size))
        for n in range(size)
    ]


def main() -> None:
    folder = Path(sys.argv[1])
    lines = [
        "# Spectrum of the chain in 40 digits, scripts/golden/time_varying.py. Absolute error <= 1e-13.",
        "arrival_rate,service_rate,servers,initial,time,capacity,probabilities,source",
    ]
    for arrival, service, servers, initial, time, capacity in [
        (0.75, 1.0, 1, 0, 2.0, 6),
        (3.0, 1.0, 2, 5, 0.5, 12),
        (4.0, 2.0, 3, 1, 10.0, 8),
        (1.0, 0.5, 4, 0, 0.125, 4),
        (2.0, 1.0, 2, 0, 200.0, 10),
    ]:
        chances = transient(arrival, service, servers, initial, time, capacity)
        assert abs(sum(chances) - 1) < mpf("1e-30")
        lines.append(f"{arrival},{service},{servers},{initial},{time},{capacity},"
                     + " ".join(nstr(p, 20) for p in chances) + ",spectrum")  # fmt: skip
    (folder / "transient.csv").write_text("\n".join(lines) + "\n")

    lines = [
        "# Binomial sums in exact fractions, scripts/golden/time_varying.py. The number is exact.",
        "sources,activity,overflow_probability,multiplexed_capacity,source",
    ]
    for n in (1, 2, 10, 30, 100, 400):
        for p in (0.0, 0.01, 0.125, 0.5, 0.9, 1.0):
            for epsilon in (0.5, 0.01, 1e-6, 1e-9):
                a, capacity, total = Fraction(p), n, Fraction(0)
                while capacity > 0:
                    total += comb(n, capacity) * a**capacity * (1 - a) ** (n - capacity)
                    if total > Fraction(epsilon):
                        break
                    capacity -= 1
                lines.append(f"{float(n)},{p},{epsilon},{float(capacity)},grid")
    (folder / "multiplexed_capacity.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
