"""Golden rows of network calculus (exact fractions) and of retries (mpmath, 50 digits): python scripts/golden/queueing_bounds.py"""

from fractions import Fraction
from pathlib import Path

import mpmath

FOLDER = Path(__file__).resolve().parents[2] / "tests/golden/queueing"
mpmath.mp.dps = 50


def network_calculus():
    """J.-Y. Le Boudec, P. Thiran 2001, proposition 1.4.1: a peak rate, a packet, a rate and a burst into a rate and a latency."""
    rows = []
    for peak, packet, rate, burst, service, latency in (
        (4, 1, 1, 8, 2, 3),
        (4, 1, 1, 8, 6, 3),
        (10, 0, 2, 5, 2, 0),
        (2, 2, 0.5, 2, 0.5, 1.5),
        (3, 0.5, 1, 10, 1.25, 0),
        (3, 0.5, 1, 10, 2, 20),
    ):
        p, m, r, b, c, t = map(Fraction, (peak, packet, rate, burst, service, latency))
        knee = (b - m) / (p - r)
        delay = (m + knee * max(p - c, 0)) / c + t
        backlog = b + r * t + max(knee - t, 0) * (max(p - c, 0) - p + r)
        rows.append([peak, packet, rate, burst, service, latency, float(delay), float(backlog)])
    write(
        "network_calculus",
        "Exact fractions of J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, proposition 1.4.1",
        "peak,packet,rate,burst,service_rate,latency,delay_bound,backlog_bound",
        rows,
    )


def retries():
    """All roots of x = arrival_rate (1 + min(budget, p + ... + p^r)), p = exp(-(mu - x) tau), on a fine grid."""
    rows = []
    for arrival, mu, tau, most, budget in (
        (30, 100, 0.1, 3, mpmath.inf),
        (60, 100, 0.1, 3, mpmath.inf),
        (50, 100, 0.5, 3, 0.1),
        (85, 100, 0.1, 2, mpmath.inf),
        (93, 100, 0.1, 3, 0.1),
        (70, 100, 0.02, 3, 0.2),
        (95, 100, 0.5, 1, mpmath.inf),
        (40, 100, 1, 0, mpmath.inf),
    ):

        def more(x, mu=mu, tau=tau, most=most, budget=budget):
            p = mpmath.exp(-(mu - x) * tau) if x < mu else mpmath.mpf(1)
            return min(budget, sum((p**k for k in range(1, most + 1)), mpmath.mpf(0)))

        def excess(x, arrival=arrival, more=more):
            return arrival * (1 + more(x)) - x

        grid = [mpmath.mpf(mu) * k / 20000 for k in range(20001)]
        values = [excess(x) for x in grid]
        roots = []
        for a, b, u, v in zip(grid, grid[1:], values, values[1:], strict=False):
            if (u > 0) != (v > 0):
                for _ in range(170):
                    middle = (a + b) / 2
                    if (excess(middle) > 0) == (u > 0):
                        a = middle
                    else:
                        b = middle
                roots.append(a)
        top = arrival * (1 + more(mpmath.mpf(mu)))
        if top >= mu:
            roots.append(top)
        good = [x * (1 - mpmath.exp(-(mu - x) * tau)) if x < mu else mpmath.mpf(0) for x in roots]
        text = lambda numbers: " ".join(mpmath.nstr(x, 25) for x in numbers)
        rows.append([arrival, mu, tau, most, budget if budget != mpmath.inf else "inf", text(roots), text(good)])
    write(
        "retry_equilibria",
        f"mpmath {mpmath.__version__} with 50 digits",
        "arrival_rate,service_rate,timeout,retries,budget,attempt_rates,goodputs",
        rows,
    )


def write(name, source, columns, rows):
    """A file of rows."""
    with (FOLDER / f"{name}.csv").open("w") as file:
        file.write(f"# {source}, scripts/golden/queueing_bounds.py. Relative error <= 1e-11.\n{columns}\n")
        for row in rows:
            file.write(",".join(str(cell) for cell in row) + "\n")


if __name__ == "__main__":
    network_calculus()
    retries()
