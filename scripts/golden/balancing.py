"""Golden rows of balancing: balls in bins in rational numbers, mean fields and size intervals in 40 digits, two queues by
their Markov chain.

Run: python scripts/golden/balancing.py tests/golden/balancing
"""

import sys
from fractions import Fraction
from itertools import pairwise, product
from math import factorial
from pathlib import Path

import mpmath
import numpy as np
import scipy.optimize
import scipy.sparse
import scipy.sparse.linalg

mpmath.mp.dps = 40


def text(x):
    return mpmath.nstr(mpmath.mpf(x), 25)


def fraction_text(x):
    return mpmath.nstr(mpmath.mpf(x.numerator) / x.denominator, 25)


# --- balls in bins ---------------------------------------------------------------------------------------------------


def one_choice(balls, bins, load):
    """m! [x^m] (sum of x^j / j! up to k)^n / n^m, in whole numbers: each polynomial times m!."""
    whole = factorial(balls)

    def times(a, b):
        out = [0] * (balls + 1)
        for i, x in enumerate(a):
            if x:
                for j in range(min(len(b), balls + 1 - i)):
                    out[i + j] += x * b[j]
        return out

    base, power, left, scale, base_scale = (
        [whole // factorial(j) for j in range(min(load, balls) + 1)],
        [1],
        bins,
        1,
        whole,
    )
    while left:
        if left % 2:
            power, scale = times(power, base), scale * base_scale
        base, base_scale, left = times(base, base), base_scale**2, left // 2
    return Fraction(power[balls] * whole, scale * bins**balls)


def by_choices(balls, bins, choices):
    """Law of the fullest bin, every tuple of draws one by one."""
    law = {(0,) * bins: Fraction(1)}
    for _ in range(balls):
        after = {}
        for loads, chance in law.items():
            for draws in product(range(bins), repeat=choices):
                best = min(draws, key=lambda i: loads[i])
                raised = list(loads)
                raised[best] += 1
                key = tuple(sorted(raised))
                after[key] = after.get(key, 0) + chance / bins**choices
        law = after
    of_max = [Fraction(0)] * (balls + 1)
    for loads, chance in law.items():
        of_max[max(loads)] += chance
    return of_max


def max_load(folder):
    with open(folder / "max_load.csv", "w") as out:
        out.write(
            "# Balls in bins, exact in rational numbers: scripts/golden/balancing.py.\n"
            "# Relative error <= 1e-12.\nballs,bins,choices,load,cdf,mean\n"
        )
        for balls, bins in [(3, 3), (5, 2), (10, 10), (12, 5), (30, 30), (60, 20), (60, 100)]:
            cdf = []
            while len(cdf) <= balls and (not cdf or 1 - cdf[-1] > Fraction(1, 10**30)):
                cdf.append(one_choice(balls, bins, len(cdf)))
            mean = sum(1 - p for p in cdf)
            for load in range(1, len(cdf)):
                if 0 < cdf[load] < 1 - Fraction(1, 10**9) and cdf[load] > Fraction(1, 10**40):
                    out.write(f"{balls},{bins},1,{load},{fraction_text(cdf[load])},{fraction_text(mean)}\n")
        for balls, bins, choices in [(3, 3, 2), (6, 3, 2), (5, 5, 2), (6, 4, 3), (8, 2, 2), (4, 4, 4)]:
            law = by_choices(balls, bins, choices)
            mean = sum(k * p for k, p in enumerate(law))
            for load in range(1, balls):
                cdf = sum(law[: load + 1])
                if 0 < cdf < 1:
                    out.write(f"{balls},{bins},{choices},{load},{fraction_text(cdf)},{fraction_text(mean)}\n")


def load_fraction(folder):
    with open(folder / "load_fraction.csv", "w") as out:
        out.write(
            "# Fraction of bins with at least k balls, d choices: mpmath's Taylor series of the equations, 30 digits;\n"
            "# one choice by the Poisson tail. scripts/golden/balancing.py. Error <= 1e-12.\n"
            "load,balls_per_bin,choices,fraction\n"
        )
        for choices, mean in [(2, 1), (2, 3), (3, 1), (4, 2)]:
            most = int(mean) + 4

            def slope(_, s, choices=choices):
                levels = [mpmath.mpf(1), *s]
                return [levels[k] ** choices - levels[k + 1] ** choices for k in range(len(s))]

            with mpmath.workdps(30):
                solution = mpmath.odefun(slope, 0, [mpmath.mpf(0)] * most)(mpmath.mpf(mean))
            out.writelines(f"{k + 1},{mean},{choices},{text(solution[k])}\n" for k in range(most))
        for mean, load in [(1, 1), (1, 6), (10, 20)]:
            out.write(f"{load},{mean},1,{text(mpmath.gammainc(load, 0, mean, regularized=True))}\n")


# --- mean fields -----------------------------------------------------------------------------------------------------


def tail(rho, d, k):
    return rho ** (mpmath.mpf(k) if d == 1 else (mpmath.mpf(d) ** k - 1) / (d - 1))


def mean_field(folder):
    with open(folder / "mean_field.csv", "w") as out:
        out.write(
            "# The supermarket model in 40 digits: scripts/golden/balancing.py. Relative error <= 1e-13.\n"
            "# Known rows: 1.26568603609 (0.5), 2.61405737732 (0.9), 5.43199657916 (0.99) for two choices.\n"
            "utilization,choices,load,tail,sojourn\n"
        )
        for rho_text in ("0.5", "0.7", "0.8", "0.9", "0.95", "0.99", "0.999"):
            for d in (1, 2, 3, 5):
                rho = mpmath.mpf(float(rho_text))
                sojourn = 1 / (1 - rho) if d == 1 else mpmath.nsum(lambda i: tail(rho, d, i) / rho, [1, 40])
                out.writelines(
                    f"{rho_text},{d},{load},{text(tail(rho, d, load))},{text(sojourn)}\n" for load in (1, 3, 4)
                )


def refined(rho, d, n, levels):
    """Mean sojourn with the 1/n term: derivatives of the drift by differences, the linear systems in 40 digits."""
    rho = mpmath.mpf(rho)
    fixed = [tail(rho, d, k + 1) for k in range(levels)]

    def drift(x, servers=None):
        def arrives(s):
            if servers is None:
                return s**d
            chance = mpmath.mpf(1)
            for i in range(d):
                chance *= (servers * s - i) / mpmath.mpf(servers - i)
            return chance

        s = [mpmath.mpf(1), *x, mpmath.mpf(0)]
        return [rho * (arrives(s[k - 1]) - arrives(s[k])) - (s[k] - s[k + 1]) for k in range(1, levels + 1)]

    small = mpmath.mpf(10) ** -13
    slope = mpmath.matrix(levels, levels)
    curve = [mpmath.matrix(levels, levels) for _ in range(levels)]
    base = drift(fixed)
    assert max(abs(b) for b in base) < mpmath.mpf(10) ** -12

    def moved(changes):
        x = list(fixed)
        for index, change in changes:
            x[index] += change
        return drift(x)

    for i in range(levels):
        up, down = moved([(i, small)]), moved([(i, -small)])
        for k in range(levels):
            slope[k, i] = (up[k] - down[k]) / (2 * small)
            curve[k][i, i] = (up[k] - 2 * base[k] + down[k]) / small**2  # mixed derivatives vanish
    noise = mpmath.matrix(levels, levels)
    for k in range(levels):
        above = fixed[k + 1] if k + 1 < levels else mpmath.mpf(0)
        below = fixed[k - 1] if k else mpmath.mpf(1)
        noise[k, k] = rho * (below**d - fixed[k] ** d) + (fixed[k] - above)
    size = levels * levels
    system, right = mpmath.matrix(size, size), mpmath.matrix(size, 1)
    for i in range(levels):
        for j in range(levels):
            right[i * levels + j] = -noise[i, j]
            for k in range(levels):
                system[i * levels + j, k * levels + j] += slope[i, k]
                system[i * levels + j, i * levels + k] += slope[j, k]
    covariance = mpmath.lu_solve(system, right)
    many = mpmath.mpf(10) ** 12
    different = [(a - b) * many for a, b in zip(drift(fixed, many), base, strict=True)]
    force = mpmath.matrix(levels, 1)
    for k in range(levels):
        force[k] = -(different[k] + sum(curve[k][i, i] * covariance[i * levels + i] for i in range(levels)) / 2)
    correction = mpmath.lu_solve(slope, force)
    return (sum(fixed) + sum(correction) / n) / rho


def refined_mean_field(folder):
    with open(folder / "refined_mean_field.csv", "w") as out:
        out.write(
            "# The refined mean field of the shortest of d different queues, derivatives by differences in 40 digits:\n"
            "# scripts/golden/balancing.py. Relative error <= 1e-8.\nutilization,servers,choices,sojourn\n"
        )
        out.writelines(
            f"{rho},{n},{d},{text(refined(rho, d, n, levels))}\n"
            for rho, n, d, levels in [(0.5, 10, 2, 6), (0.9, 100, 2, 9), (0.9, 20, 2, 9), (0.8, 50, 3, 6)]
        )


def two_queues(folder):
    """Join the shortest of two queues: the chain of both lengths, cut where its tail is below 1e-15."""
    with open(folder / "two_queues.csv", "w") as out:
        out.write(
            "# Mean time with the shortest of two queues, by the Markov chain of both lengths: scripts/golden/balancing.py.\n"
            "# Relative error <= 1e-8.\nutilization,sojourn\n"
        )
        for rho, most in [(0.5, 40), (0.8, 90), (0.9, 170)]:
            side = most + 1
            rows, columns, rates = [], [], []

            def go(i, j, a, b, rate, side=side, rows=rows, columns=columns, rates=rates):
                if rate > 0 and a < side and b < side:
                    rows.extend([a * side + b, i * side + j])
                    columns.extend([i * side + j, i * side + j])
                    rates.extend([rate, -rate])

            for i in range(side):
                for j in range(side):
                    go(i, j, i + 1, j, 2 * rho * (1.0 if i < j else 0.5 if i == j else 0.0))
                    go(i, j, i, j + 1, 2 * rho * (1.0 if j < i else 0.5 if i == j else 0.0))
                    go(i, j, i - 1, j, 1.0 if i else 0.0)
                    go(i, j, i, j - 1, 1.0 if j else 0.0)
            chain = scipy.sparse.csc_matrix((rates, (rows, columns)), shape=(side**2, side**2)).tolil()
            chain[0, :] = 1
            right = np.zeros(side**2)
            right[0] = 1
            law = scipy.sparse.linalg.spsolve(chain.tocsc(), right).reshape(side, side)
            number = (law.sum(1) + law.sum(0)) @ np.arange(side)
            out.write(f"{rho},{float(number) / (2 * rho)!r}\n")


# --- sizes -----------------------------------------------------------------------------------------------------------


def intervals(rate, density, cutoffs, high):
    """Mean wait of M/G/1 queues by size, from integrals of the density."""
    ends = [mpmath.mpf(0), *map(mpmath.mpf, cutoffs), high]
    wait = mpmath.mpf(0)
    for low, top in pairwise(ends):
        parts = [low, top] if top != mpmath.inf else [low, low + 1, low + 10, low + 100, mpmath.inf]
        share, load, second = (mpmath.quad(lambda x, k=k: x**k * density(x), parts) for k in range(3))
        wait += share * rate * second / (2 * (1 - rate * load))
    return wait


def size_intervals(folder):
    with open(folder / "size_intervals.csv", "w") as out:
        out.write(
            "# Mean wait by size interval, integrals of densities in 40 digits: scripts/golden/balancing.py.\n"
            "# Relative error <= 1e-11; `best` is the cutoff of two servers at which the derivative vanishes, to 1e-5.\n"
            "law,parameter,other,arrival_rate,cutoff,cutoff_2,mean_wait,best,least_wait\n"
        )
        rows = [
            ("exponential", 1, 0, 1.4, 1.5, 0),
            ("exponential", 1, 0, 2.1, 0.9, 2.0),
            ("uniform", 0, 2, 1.2, 1.3, 0),
            ("weibull", 0.5, 1, 0.5, 4.0, 0),
        ]
        for law, one, two, rate, first, second in rows:
            if law == "exponential":
                density, high = lambda x: mpmath.exp(-x), mpmath.inf
            elif law == "uniform":
                density, high = lambda x: mpmath.mpf(1) / 2, mpmath.mpf(2)
            else:  # shape 1/2, scale 1: F = 1 - exp(-sqrt(x)); integrated over sqrt(x)
                density, high = lambda x: mpmath.exp(-mpmath.sqrt(x)) / (2 * mpmath.sqrt(x)), mpmath.mpf(40000)
            cuts = [first, second] if second else [first]
            wait = intervals(mpmath.mpf(rate), density, cuts, high)
            best = least = None
            if not second:
                with mpmath.workdps(20):
                    best = mpmath.findroot(
                        lambda c: mpmath.diff(lambda x: intervals(mpmath.mpf(rate), density, [x], high), c, h=1e-4),
                        first,
                        tol=1e-12,
                    )
                    least = intervals(mpmath.mpf(rate), density, [best], high)
            out.write(
                f"{law},{one},{two},{rate},{first},{second},{text(wait)},"
                f"{text(best) if best else 0},{text(least) if least else 0}\n"
            )


# --- geography -------------------------------------------------------------------------------------------------------


def geography(folder):
    """The transport problem as a linear program, solved by HiGHS."""
    with open(folder / "geography.csv", "w") as out:
        out.write(
            "# Least cost of serving regions from sites, as a linear program by SciPy's HiGHS: scripts/golden/balancing.py.\n"
            "# Relative error <= 1e-9.\nregions,sites,kind,limit,cost\n"
        )
        for m, n, kind, limit in [
            (1, 1, 0, 100),
            (3, 2, 1, 100),
            (8, 5, 2, 100),
            (8, 5, 2, 1.5),
            (8, 5, 2, 1.1),
            (30, 12, 3, 100),
        ]:
            demands = [1 + (5 * i + kind) % 7 for i in range(m)]
            room = [2 + (3 * j + kind) % 5 for j in range(n)]
            capacities = [c * 1.2 * sum(demands) / sum(room) for c in room]
            prices = [((2 * j + kind) % 3) / 4 for j in range(n)]
            ways = [(i, j) for i in range(m) for j in range(n)]
            latencies = [(((i + 1) * (7 * j + 3) + kind * j * j) % 23 + 1) / 8 for i, j in ways]
            found = scipy.optimize.linprog(
                [t + prices[j] for (_, j), t in zip(ways, latencies, strict=True)],
                A_eq=[[float(i == k) for i, _ in ways] for k in range(m)],
                b_eq=demands,
                A_ub=[[float(j == k) for _, j in ways] for k in range(n)],
                b_ub=capacities,
                bounds=[(0, None if t <= limit else 0) for t in latencies],
                method="highs",
            )
            if found.status == 0:
                out.write(f"{m},{n},{kind},{limit},{float(found.fun)!r}\n")


def main(folder):
    folder.mkdir(exist_ok=True)
    for make in (max_load, load_fraction, mean_field, refined_mean_field, two_queues, size_intervals, geography):
        make(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
