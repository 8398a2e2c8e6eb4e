"""Golden rows of the room latency, by mpmath at 50 digits and by GeographicLib; inputs are exact doubles.

Run: python scripts/golden/latency.py tests/golden/latency
"""

import sys
from collections.abc import Callable
from fractions import Fraction
from math import ceil
from pathlib import Path

from geographiclib.geodesic import Geodesic
from mpmath import erfc, exp, expm1, log, log1p, mp, mpf, nstr, pi, quad, sqrt

mp.dps = 50
MPMATH = "# mpmath with 50 digits, scripts/golden/latency.py; inputs are exact doubles.\n"


def text(value: object) -> str:
    return nstr(value, 30) if isinstance(value, mpf) else str(value)


def write(folder: Path, name: str, header: str, columns: str, rows: list[tuple[object, ...]]) -> None:
    assert all(len(row) == columns.count(",") + 1 for row in rows), name
    lines = [",".join(map(text, row)) for row in rows]
    (folder / name).write_text(header + columns + "\n" + "\n".join(lines) + "\n")


# --- numbers ----------------------------------------------------------------------------------------------------------


def fan_out(folder: Path) -> None:
    rows = []
    for p in (0.5, 0.01, 0.001, 1e-9, 1e-17, 0.99, 1.0):
        for n in (1, 2, 100, 2000, 1e6):
            slow = 1 - (1 - mpf(p)) ** mpf(n)
            rows.append((p, n, slow, mpf(p) ** (1 / mpf(n))))
    columns = "probability,count,fan_out_slow_probability,server_probability_for_fan_out"
    note = "# 0.01, 100 is the 63 % of Dean and Barroso 2013, The tail at scale.\n"
    write(folder, "fan_out.csv", MPMATH + note, columns, rows)


def retry_attempts(folder: Path) -> None:
    rows = [
        (q, n, sum(mpf(q) ** k for k in range(n)))
        for q in (0.0, 1e-12, 0.001, 0.3, 0.5, 0.999999, 1.0)
        for n in (1, 2, 3, 10, 100)
    ]
    write(folder, "retry_attempts.csv", MPMATH, "probability_timeout,attempts,retry_attempts", rows)


def liu_layland(folder: Path) -> None:
    rows = [(n, n * (mpf(2) ** (1 / mpf(n)) - 1)) for n in (1, 2, 3, 4, 10, 1000, 10**9)]
    write(folder, "liu_layland.csv", MPMATH, "tasks,liu_layland_bound", rows)


def revenue(folder: Path) -> None:
    rows = []
    for loss, added in ((0.01, 0.1), (0.07, 0.1), (0.0059, 0.4), (0.043, 2.0), (-0.02, 1.0), (1e-12, 1.0)):
        beta = -log1p(-mpf(loss)) / mpf(added)
        double = float(beta)
        for latency, baseline in ((0.25, 0.1), (3.0, 0.5), (0.1, 0.2)):
            ratio = exp(-mpf(double) * (mpf(latency) - mpf(baseline)))
            rows.append((loss, added, beta, latency, baseline, repr(double), ratio))
    columns = "loss,added_latency,revenue_sensitivity,latency,baseline,sensitivity,revenue_ratio"
    write(folder, "revenue.csv", MPMATH, columns, rows)


def fibre_delay(folder: Path) -> None:
    rows = [
        (d, n, r, mpf(d) * mpf(r) * mpf(n) / 299792458)
        for d in (0.0, 1.0, 5570222.0, 20003931.0)
        for n in (1.0, 1.4682, 1.0003)
        for r in (1.0, 1.5)
    ]
    write(folder, "fibre_delay.csv", MPMATH, "distance,refractive_index,route_factor,fibre_delay", rows)


# --- places -----------------------------------------------------------------------------------------------------------


def geodesic(folder: Path) -> None:
    pairs = [
        (40.7128, -74.006, 51.5074, -0.1278),
        (51.5074, -0.1278, -33.8688, 151.2093),
        (35.6762, 139.6503, 37.7749, -122.4194),
        (0, 0, 0, 90),
        (0, 0, 0, 179),
        (0, 0, 0, 179.5),
        (0, 0, 0, 180),
        (0, 0, 0.5, 179.5),
        (0, 0, 0.5, 179.7),
        (30, 0, -30, 179.8),
        (30, 0, -29.9, 179.8),
        (-30, 10, 30, -169.9),
        (90, 0, -90, 0),
        (90, 0, 0, 33),
        (89.999, 10, 89.999, -170),
        (10, 20, 10, 20),
        (10, 20, 10.00001, 20.00001),
        (45, 45, -45, 45),
        (45, -540, 45, 540),
        (5, 0, 5, 179.9),
        (1e-9, 0, -1e-9, 179.99),
        (60, 179, 61, -179),
        (36.493349428792, 0, 36.49334942879201, 0.0000008),
        (88.202499451857, 0, -88.202499451857, 179.981022032992859592),
        (89.262080389218, 0, -89.262080389218, 179.992207982775375662),
        (41.696077, 0, -41.696077, 179.62255),
    ]
    rows = [(*pair, repr(Geodesic.WGS84.Inverse(*pair, Geodesic.DISTANCE)["s12"])) for pair in pairs]
    header = (
        "# GeographicLib 2.1 (Python), Geodesic.WGS84.Inverse, scripts/golden/latency.py; antipodal cases after C. Karney's\n"
        "# own tests. Absolute error <= 2e-8 m.\n"
    )
    columns = "latitude_a,longitude_a,latitude_b,longitude_b,geodesic_distance"
    write(folder, "geodesic.csv", header, columns, rows)


# --- laws -------------------------------------------------------------------------------------------------------------


class Exponential:
    def __init__(self, rate: str) -> None:
        self.rate = mpf(float(rate))

    def pdf(self, x: mpf) -> mpf:
        return self.rate * exp(-self.rate * x)

    def survival(self, x: mpf) -> mpf:
        return exp(-self.rate * x) if x > 0 else mpf(1)


class Lognormal:
    def __init__(self, mu: str, sigma: str) -> None:
        self.mu, self.sigma = mpf(float(mu)), mpf(float(sigma))

    def pdf(self, x: mpf) -> mpf:
        z = (log(x) - self.mu) / self.sigma
        return exp(-z * z / 2) / (x * self.sigma * sqrt(2 * pi))

    def survival(self, x: mpf) -> mpf:
        return erfc((log(x) - self.mu) / self.sigma / sqrt(2)) / 2 if x > 0 else mpf(1)


class Pareto:
    def __init__(self, shape: str, minimum: str) -> None:
        self.shape, self.minimum = mpf(float(shape)), mpf(float(minimum))

    def pdf(self, x: mpf) -> mpf:
        return self.shape / x * (self.minimum / x) ** self.shape if x > self.minimum else mpf(0)

    def survival(self, x: mpf) -> mpf:
        return (self.minimum / x) ** self.shape if x > self.minimum else mpf(1)


class Weibull(Pareto):
    def pdf(self, x: mpf) -> mpf:
        z = x / self.minimum
        return self.shape / self.minimum * z ** (self.shape - 1) * exp(-(z**self.shape))

    def survival(self, x: mpf) -> mpf:
        return exp(-((x / self.minimum) ** self.shape)) if x > 0 else mpf(1)


LAWS = {
    "exponential(2)": Exponential("2"),
    "lognormal(0 1)": Lognormal("0", "1"),
    "lognormal(-1 0.5)": Lognormal("-1", "0.5"),
    "pareto(1.5 1)": Pareto("1.5", "1"),
    "weibull(0.5 1)": Weibull("0.5", "1"),
    "weibull(2 0.3)": Weibull("2", "0.3"),
}


def survival_of_sum(first: object, second: object, x: mpf) -> mpf:
    """P(X + Y > x) = P(X > x) + ∫ f(t) P(Y > x - t) dt, t = 0..x, in panels that shrink towards both ends."""
    start = getattr(first, "minimum", mpf(0)) if type(first) is Pareto else mpf(0)
    if x <= start:
        return mpf(1)
    edges = {start, x}
    for k in range(12):
        edges |= {start + (x - start) * mpf(4) ** -k / 2, x - (x - start) * mpf(4) ** -k / 2}
    if type(second) is Pareto and x - second.minimum > start:
        edges.add(x - second.minimum)
    with mp.workdps(25):
        return first.survival(x) + quad(lambda t: first.pdf(t) * second.survival(x - t), sorted(edges))


def sums(folder: Path) -> None:
    rows = []
    for first, second in (
        ("exponential(2)", "lognormal(0 1)"),
        ("lognormal(0 1)", "lognormal(-1 0.5)"),
        ("lognormal(0 1)", "pareto(1.5 1)"),
        ("weibull(0.5 1)", "weibull(2 0.3)"),
        ("weibull(2 0.3)", "exponential(2)"),
    ):
        for x in (0.2, 0.7, 1.5, 3.0, 8.0, 30.0, 200.0):
            value = survival_of_sum(LAWS[first], LAWS[second], mpf(x))
            back = survival_of_sum(LAWS[second], LAWS[first], mpf(x))
            if value > mpf(10) ** -17:
                assert abs(value / back - 1) < mpf(10) ** -10, (first, second, x, value, back)
                rows.append((first, second, x, +value))
    note = "# P(X + Y > value) by quadrature, both ways round; 10 digits.\n"
    with mp.workdps(15):
        write(folder, "sums.csv", MPMATH + note, "first,second,value,survival", rows)


def extremes(folder: Path) -> None:
    """Lognormal(0, 1): quantiles by root finding, of the slowest and fastest of n and of a hedged request."""
    law = LAWS["lognormal(0 1)"]
    rows = []

    def solve(survival: Callable[[mpf], mpf], q: mpf) -> mpf:
        low, high = log(mpf("1e-6")), log(mpf("1e6"))
        for _ in range(170):
            middle = (low + high) / 2
            low, high = (middle, high) if survival(exp(middle)) > q else (low, middle)
        return exp(low)

    for q in (0.5, 0.01, 1e-6, 1e-12):
        for n in (2, 100, 1000):
            rows.append(("max", n, q, solve(lambda x, n=n: -expm1(n * log1p(-law.survival(x))), mpf(q))))
            rows.append(("min", n, q, solve(lambda x, n=n: law.survival(x) ** n, mpf(q))))
        for d in (0.5, 4.0):
            rows.append(("hedged", d, q, solve(lambda x, d=d: law.survival(x) * law.survival(x - mpf(d)), mpf(q))))
    write(folder, "extremes.csv", MPMATH, "kind,number,probability,survival_quantile", rows)


def retry(folder: Path) -> None:
    """Exponential attempts: mean and second moment by adding the pieces' integrals, survival by the definition."""
    rows = []
    for rate, timeout, attempts, backoff, multiplier in (
        (1.0, 1.0, 1, 0.0, 1.0),
        (1.0, 1.0, 3, 0.0, 1.0),
        (2.0, 0.25, 4, 0.125, 2.0),
        (10.0, 1.0, 2, 0.5, 1.0),
        (0.5, 3.0, 5, 1.0, 1.5),
    ):
        law = Exponential(repr(rate))
        slow = law.survival(mpf(timeout))
        start, reached, first, second = mpf(0), mpf(1), mpf(0), mpf(0)
        starts = []
        pause = mpf(backoff)
        for _ in range(attempts):
            starts.append(start)
            for power in (1, 2):
                part = quad(lambda x, s=start, m=power: (s + x) ** m * law.pdf(x), [0, timeout / 2, timeout])
                first, second = (first + reached * part, second) if power == 1 else (first, second + reached * part)
            reached *= slow
            end = start + mpf(timeout)
            start = end + pause
            pause *= mpf(multiplier)
        first += reached * end
        second += reached * end**2
        for share in (0.1, 0.6, 0.95):
            x = float(end) * share
            k = max(i for i, s in enumerate(starts) if s <= x)
            survival = slow**k * max(slow, law.survival(mpf(x) - starts[k]))
            rows.append((rate, timeout, attempts, backoff, multiplier, first, second - first**2, reached, x, survival))
    columns = "rate,timeout,attempts,backoff,multiplier,mean,variance,failed,value,survival"
    write(folder, "retry.csv", MPMATH, columns, rows)


def worst_response(periods: list[int], executions: list[int], jitters: list[int], blocking: int) -> int | None:
    """Worst response of the last task, by running the processor tick by tick from the worst moment until it falls idle.

    That moment: all tasks release together after their longest jitter, and a lower task has just begun to block.
    """
    if sum(Fraction(c, t) for c, t in zip(executions, periods, strict=True)) > 1:
        return None
    work = [0] * len(periods)  # released and not done
    jobs = [0] * len(periods)  # released so far
    done, worst, time = 0, 0, 0
    while not time or blocking or any(work):
        for i, (period, jitter) in enumerate(zip(periods, jitters, strict=True)):
            while max(0, jobs[i] * period - jitter) <= time:
                jobs[i] += 1
                work[i] += executions[i]
        if blocking:
            blocking -= 1
        else:
            running = next(i for i, left in enumerate(work) if left)
            work[running] -= 1
        time += 1
        while done < jobs[-1] and work[-1] <= (jobs[-1] - done - 1) * executions[-1]:
            worst = max(worst, time - (done * periods[-1] - jitters[-1]))
            done += 1
    return worst


def response_times(folder: Path) -> None:
    """Task sets of the literature; lists are separated by spaces."""
    sets = [
        # Burns and Wellings 2009, Real-Time Systems and Programming Languages, section 11.5, as recalled
        ([7, 12, 20], [3, 3, 5], [], []),
        ([30, 40, 50], [10, 10, 12], [], []),
        # Lehoczky 1990, arbitrary deadlines, as recalled: the worst response is not that of the first job
        ([70, 100], [26, 62], [], []),
        ([10, 20], [5, 10], [], []),
        ([10, 20], [6, 10], [], []),
        ([5, 10, 30], [1, 3, 8], [0, 2, 0], [2, 0, 0]),
        ([5, 10, 30], [1, 3, 8], [1, 0, 3], [0, 4, 0]),
        ([3, 7, 11, 40], [1, 2, 2, 5], [], []),
    ]
    rows = []
    for periods, executions, jitters, blockings in sets:
        count = range(1, len(periods) + 1)
        each = [
            worst_response(
                periods[:n],
                executions[:n],
                (jitters or [0] * len(periods))[:n],
                blockings[n - 1] if blockings else 0,
            )
            for n in count
        ]
        words = ["inf" if one is None else str(one) for one in each]
        rows.append(tuple(" ".join(map(str, part)) for part in (periods, executions, jitters, blockings, words)))
    header = (
        "# Responses by running the processor tick by tick from the worst moment, scripts/golden/latency.py. Exact.\n"
        "# The first three sets are those of Burns and Wellings 2009, section 11.5, and Lehoczky 1990, as recalled; their\n"
        "# responses there (3 6 20; 52 for the last; 118) are the same.\n"
    )
    write(folder, "response_times.csv", header, "periods,executions,jitters,blockings,responses", rows)


def coordinated_omission(folder: Path) -> None:
    """10,000 answers of 1 ms at 100 per second, then one of 100 s [s]: which 10,000 users meant to come meanwhile."""
    times = [mpf("0.001")] * 10000 + [mpf(100) - mpf(k) / 100 for k in range(10000)]
    times.sort()
    rows = [(p, times[ceil(Fraction(str(p)) * 20000) - 1]) for p in (0.5, 0.75, 0.9, 0.99, 0.99999, 1.0)]
    header = (
        "# The case of HdrHistogram's DataAccessTest, exactly: 10,000 times 1 ms, one of 100 s, planned every 10 ms;\n"
        "# the test itself prints 1 ms, 50 s, 80 s (90 %), 98 s, 100 s. Relative error <= 1e-12.\n"
    )
    write(folder, "coordinated_omission.csv", header, "probability,quantile", rows)


def main(folder: Path) -> None:
    for make in (
        fan_out,
        retry_attempts,
        liu_layland,
        revenue,
        fibre_delay,
        geodesic,
        sums,
        extremes,
        retry,
        response_times,
        coordinated_omission,
    ):
        make(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
