"""Golden rows of the single stations beyond M/M/c: inverses, finite sources, Erlang A, retrials, M/D/c.

At 50 digits or more, of the very doubles that stand in the rows, by other ways than the library's: state probabilities
one by one, integrals over the offered wait, roots by Lambert's W, quantiles by bisection. Published cases must agree with
every digit that was printed.

Run: python scripts/golden/queueing_stations.py tests/golden/queueing
"""

import math
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from mpmath import (binomial, exp, expm1, factorial, findroot, gammainc, inf, lambertw, linspace, log, mp, mpc, mpf, pi, quad, sqrt,
                    workdps)  # fmt: skip
from queueing import HEADER, agree, cell, erlang_b, erlang_c

mp.dps = 60
CONDITION = """\
# <column>_condition: by how much an error of the distribution, relative to its smaller side, comes back in the
# quantile, where that is more than one. It multiplies the error allowed.
"""
Row = dict[str, float | mpf | str]


def write(folder: Path, name: str, rows: list[Row], comment: str = "") -> None:
    header = HEADER.replace("queueing.py", "queueing_stations.py") + comment
    lines = [",".join(rows[0]), *(",".join(map(cell, row.values())) for row in rows)]
    (folder / name).write_text(header + "\n".join(lines) + "\n")
    print(f"{name}: {len(rows)} rows")


def bisect(rising: Callable[[mpf], mpf], low: mpf, high: mpf) -> mpf:
    """Where a rising function passes zero."""
    low, high = mpf(low), mpf(high)
    while high - low > abs(high) * mpf("1e-40"):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return high


def quantile(cdf: Callable[[mpf], mpf], p: float, scale: float) -> tuple[mpf, mpf]:
    """The quantile and its condition."""
    if cdf(mpf(0)) >= p:
        return mpf(0), mpf(1)
    high = mpf(scale)
    while cdf(high) < p:
        high *= 2
    t = mpf(findroot(lambda u: cdf(u) - p, (mpf(0), high), solver="illinois", tol=mpf("1e-70"), maxsteps=80))
    step = t * mpf("1e-12")
    density = (cdf(t + step) - cdf(t - step)) / (2 * step)
    return t, max(mpf(1), min(mpf(p), 1 - mpf(p)) / (t * density))


# --- inverses ---------------------------------------------------------------------------------------------------------


def continuous_rows() -> list[Row]:
    rows = []
    for c in (0.0, 0.5, 1.0, 2.75, 10.5, 49.999, 99.5, 100.25, 1234.5, 1e5 + 0.5):
        for load in (1e-3, 0.3, 0.8, 1.0, 1.2, 3.0, 1e3):
            a = mpf(load * max(c, 1.0))
            with workdps(80):
                blocking = exp(c * log(a) - a) / gammainc(mpf(c) + 1, a) if c < 2000 else erlang_b_real(c, a)
            if blocking > mpf("1e-300"):
                rows.append({"servers": c, "offered_load": float(a), "erlang_b_continuous": blocking, "source": "grid"})
    return rows


def erlang_b_real(c: float, a: mpf) -> mpf:
    peak = max(mpf(0), c - a)
    left, right = max(mpf(0), peak - sqrt(300 * mpf(c))), peak + 150 + sqrt(150**2 + 300 * mpf(c))
    top = c * log(1 + peak / a) - peak
    return exp(-top) / quad(lambda t: exp(c * log(1 + t / a) - t - top), linspace(left, right, 25))


def blocking_by_recurrence(c: int, a: mpf) -> mpf:
    inverse = mpf(1)
    for k in range(1, c + 1):
        inverse = 1 + inverse * k / a
    return 1 / inverse


def waiting_by_recurrence(c: float, a: mpf) -> mpf:
    blocking = blocking_by_recurrence(int(c), a)
    return mpf(1) if a >= c else c * blocking / (c - a * (1 - blocking))


def fewest(first: int, late: Callable[[int], mpf], allowed: float) -> float:
    """Smallest c with late(c) <= allowed, which must not hang on a rounding error."""
    c = first
    while late(c) > allowed:
        c += 1
    for near in {c, max(c - 1, first)}:
        assert abs(late(near) / mpf(allowed) - 1) > 1e-11
    return float(c)


def servers_for_blocking_rows() -> list[Row]:
    rows = []
    for a, p, source in [(10.0, 0.02, "pyworkforce ErlangB"), (0.0, 0.5, "nobody comes")]:
        c = 1.0 if a == 0 else fewest(0, lambda n, a=a: blocking_by_recurrence(n, mpf(a)), p)
        rows.append({"offered_load": a, "probability": p, "servers_for_blocking": c, "source": source})
    assert rows[0]["servers_for_blocking"] == 17
    for a in (1e-3, 0.7, 5.0, 100.0, 1234.5):
        for p in (0.9, 0.5, 0.01, 1e-9):
            c = fewest(0, lambda n, a=a: blocking_by_recurrence(n, mpf(a)), p) if a < 200 else None
            if c is None:
                low = high = 0
                inverse = mpf(1)
                while 1 / inverse > p:
                    high += 1
                    inverse = 1 + inverse * high / mpf(a)
                c, low = float(high), 1 / inverse
                assert abs(low / mpf(p) - 1) > 1e-11
            rows.append({"offered_load": a, "probability": p, "servers_for_blocking": c, "source": "grid"})
    return rows


def servers_for_waiting_rows() -> list[Row]:
    def waiting(c: int, a: float) -> mpf:
        return mpf(1) if c <= a else erlang_c(float(c), mpf(a))

    rows = [{"offered_load": 10.0, "probability": 0.1021, "servers_for_waiting": 15.0,
             "source": "pyworkforce ErlangC: 15 servers wait with 0.102042367008"}]  # fmt: skip
    agree(waiting(15, 10.0), "0.102042367008")
    for a in (0.0, 1e-3, 0.7, 5.0, 100.0, 1234.5):
        for p in (0.9, 0.5, 0.01, 1e-9):
            c = 1.0 if a == 0 else fewest(math.floor(a) + 1, lambda n, a=a: waiting(n, a), p)
            rows.append({"offered_load": a, "probability": p, "servers_for_waiting": c, "source": "grid"})
    return rows


def load_rows() -> list[Row]:
    rows = []
    for c in (1.0, 2.0, 10.0, 99.0, 100.0, 1000.0):
        for p in (1e-9, 0.01, 0.3, 0.7, 0.999, 1 - 1e-9):
            high = mpf(2 * c / (1 - p)) + 10
            blocked = bisect(lambda a, c=c, p=p: blocking_by_recurrence(int(c), a) - p, mpf("1e-12"), high)
            late = bisect(lambda a, c=c, p=p: waiting_by_recurrence(c, a) - p, mpf("1e-12"), mpf(c))
            rows.append({"servers": c, "probability": p, "load_for_blocking": blocked, "load_for_waiting": late,
                         "source": "grid"})  # fmt: skip
    return rows


def utilization_rows() -> list[Row]:
    rows = []
    for a, u, source in [(10.0, 0.7, "pyworkforce ErlangC with occupancy 0.7"), (0.0, 0.5, "nobody comes"),
                         (5.0, 0.5, "on the edge"), (3.0, 0.1, "grid"), (1e9, 0.875, "grid"), (0.2, 0.9, "grid"),
                         (12345.678, 1 - 1e-12, "grid")]:  # fmt: skip
        c = max(1, math.ceil(Fraction(a) / Fraction(u)))
        rows.append({"offered_load": a, "utilization": u, "servers_for_utilization": float(c), "source": source})
    assert rows[0]["servers_for_utilization"] == 15
    return rows


def rate_rows() -> list[Row]:
    rows = []
    for c in (1.0, 2.0, 15.0, 100.0, 500.0):
        for rate, wait in ((1.0, 0.0), (1 / 3, 0.2), (20.0, 2.0)):
            for p in (0.05, 0.5, 0.99, 1 - 1e-9):

                def late(arrival: mpf, service: mpf, c: float = c, wait: float = wait) -> mpf:
                    return waiting_by_recurrence(c, arrival / service) * exp(-(c * service - arrival) * wait)

                r, allowed = mpf(rate), 1 - mpf(p)
                arrival = bisect(lambda x: late(x, r) - allowed, r * c * mpf("1e-30"), r * c)  # noqa: B023
                service = bisect(lambda x: allowed - late(r, x), r / c, 2 * r / c * mpf("1e15"))  # noqa: B023
                rows.append({"arrival_rate": rate, "service_rate": rate, "servers": c, "wait": wait, "probability": p,
                             "arrival_rate_for_wait": arrival, "service_rate_for_wait": service,
                             "source": "grid"})  # fmt: skip
    return rows


def lost(a: mpf, c: int, k: int) -> mpf:
    term = total = mpf(1)
    for n in range(1, k + 1):
        term *= a / min(n, c)
        total += term
    return term / total


def mmck_inverse_rows() -> list[Row]:
    rows = []
    for c, k in ((1, 1), (1, 8), (3, 3), (3, 20), (10, 12), (40, 60)):
        for load in (0.3, 0.9, 1.0, 1.5):
            for p in (1.03e-4, 0.0203, 0.41, 0.9):
                arrival, service = load * c / 3, 1 / 3
                a = mpf(arrival) / mpf(service)
                floor = max(mpf(0), 1 - c / a)  # what no room goes below
                capacity: float | mpf = inf
                if floor < p:
                    size, term, total = 0, mpf(1), mpf(1)
                    while size < c or term > p * total:
                        size += 1
                        term *= a / min(size, c)
                        total += term
                    assert abs(term / total / p - 1) > mpf("1e-11")
                    capacity = float(size)
                within: float | mpf = inf
                for servers in range(1, k + 1):
                    if lost(a, servers, k) <= p:
                        within = float(servers)
                        break
                root = bisect(lambda x: lost(x, c, k) - p, mpf("1e-20"), mpf(20 * c))  # noqa: B023
                rows.append({
                    "arrival_rate": arrival, "service_rate": service, "servers": float(c), "capacity": float(k),
                    "probability": p, "capacity_for_blocking": capacity, "servers_for_blocking_within": within,
                    "arrival_rate_for_blocking": root * mpf(service), "service_rate_for_blocking": mpf(arrival) / root,
                    "source": "grid",
                })  # fmt: skip
    return rows


# --- models -----------------------------------------------------------------------------------------------------------


def infinity_rows() -> list[Row]:
    rows = []
    for arrival, service in ((3.0, 1.5), (0.1, 1 / 3), (1e3, 0.7), (1e6, 1.0)):
        a = mpf(arrival) / mpf(service)
        spread = float(sqrt(a))
        for shift, time, p in ((-3.0, 1e-3, 0.01), (0.0, 1.0, 0.5), (4.0, 10.0, 0.999)):
            count = max(0.0, math.floor(float(a) + shift * spread))
            cdf = gammainc(count + 1, a, regularized=True) if a < 1e5 else poisson_cdf(count, a)
            n = max(0, math.floor(float(a) - 8 * spread))
            total = gammainc(n + 1, a, regularized=True) if a < 1e5 else poisson_cdf(n, a)
            point = exp(n * log(a) - a - mp.loggamma(n + 1))
            while total < p:
                n += 1
                point *= a / n
                total += point
            rows.append({
                "arrival_rate": arrival, "service_rate": service, "time": time, "count": count, "probability": p,
                "stable": 1.0, "mean_sojourn": 1 / mpf(service), "mean_number": a,
                "mean_number_at": -a * expm1(-mpf(service) * time), "number_cdf": cdf, "number_quantile": float(n),
                "sojourn_cdf": -expm1(-mpf(service) * time), "sojourn_quantile": -log(1 - mpf(p)) / mpf(service),
                "source": "grid",
            })  # fmt: skip
    return rows


def poisson_cdf(n: float, a: mpf) -> mpf:
    term = total = mpf(1)
    k = int(n)
    while k > 0 and term > mpf("1e-70"):
        term *= k / a
        total += term
        k -= 1
    return total * exp(n * log(a) - a - mp.loggamma(n + 1))


def weights_of_sources(a: mpf, c: int, sources: int, last: int) -> list[mpf]:
    weights = [mpf(1)]
    for n in range(1, last + 1):
        weights.append(weights[-1] * (sources - n + 1) * a / min(n, c))
    return weights


SOURCES = [(3, 1), (3, 2), (3, 3), (2, 5), (10, 1), (50, 5), (200, 40), (200, 199)]


def engset_rows() -> list[Row]:
    rows = []
    for n, c in SOURCES:
        for load in (1e-4, 0.1, 1.0, 30.0):
            request, service = load / 3, 1 / 3
            a = mpf(request) / mpf(service)
            seen = weights_of_sources(a, c, n, min(n, c))
            other = weights_of_sources(a, c, n - 1, min(n - 1, c))
            total = mp.fsum(seen)
            busy = mp.fsum(k * w for k, w in enumerate(seen)) / total
            assert abs(seen[-1] - binomial(n, min(n, c)) * a ** min(n, c)) < seen[-1] * mpf("1e-50")
            rows.append({
                "request_rate": request, "service_rate": service, "servers": float(c), "sources": float(n),
                "utilization": busy / c, "stable": 1.0, "probability_blocked": other[c] / mp.fsum(other) if c < n else mpf(0),
                "probability_full": seen[c] / total if c <= n else mpf(0), "throughput": busy * mpf(service),
                "mean_number": busy, "source": "grid",
            })  # fmt: skip
    return rows


def source_rows() -> list[Row]:
    rows = []
    cases = [(3, 2, 0.5, 4.0, "LINE getting started: example 3")]
    cases += [(n, c, load / 3, 1 / 3, "grid") for n, c in SOURCES for load in (1e-4, 0.1, 1.0, 30.0)]
    for n, c, request, service, source in cases:
        a, mu = mpf(request) / mpf(service), mpf(service)
        weights = weights_of_sources(a, c, n, n)
        other = weights_of_sources(a, c, n - 1, n - 1)
        total, others = mp.fsum(weights), mp.fsum(other)
        busy = mp.fsum(min(k, c) * w for k, w in enumerate(weights)) / total
        queue = mp.fsum(max(k - c, 0) * w for k, w in enumerate(weights)) / total
        number = mp.fsum(k * w for k, w in enumerate(weights)) / total

        def wait_cdf(t: float | mpf, other: list[mpf] = other, others: mpf = others, c: int = c, mu: mpf = mu) -> mpf:
            x, term, tail, late = c * mu * t, exp(-c * mu * t), mpf(0), mpf(0)
            for j, w in enumerate(other[c:]):
                tail += term
                term *= x / (j + 1)
                late += w * tail
            return 1 - late / others

        for time, p in ((0.01 / service, 0.5), (1 / service, 0.9), (3 / service, 1 - 1e-9)):
            at, condition = quantile(wait_cdf, p, 1 / service) if c < n else (mpf(0), mpf(1))
            new: Row = {
                "request_rate": request, "service_rate": service, "servers": float(c), "sources": float(n),
                "time": time, "probability": p, "utilization": busy / c, "stable": 1.0, "throughput": busy * mu,
                "probability_wait": mp.fsum(other[c:]) / others, "mean_wait": queue / busy / mu,
                "mean_sojourn": queue / busy / mu + 1 / mu, "mean_queue_length": queue, "mean_number": number,
                "availability": 1 - number / n, "wait_cdf": wait_cdf(time), "wait_quantile": at,
                "wait_quantile_condition": condition, "source": source,
            }  # fmt: skip
            if source != "grid":
                agree(weights[0] / total, "0.7018505825908")
                agree(new["mean_number"], "0.3351610692255")
                agree(new["throughput"], "1.332419465387")
            rows.append(new)
    return rows


class Impatient:
    """M/M/c+M by integrals over the offered wait (S. Zeltyn, A. Mandelbaum 2005, section 4)."""

    def __init__(self, arrival: float, service: float, abandonment: float, servers: float) -> None:
        self.rate, self.mu, self.theta, self.c = mpf(arrival), mpf(service), mpf(abandonment), mpf(servers)
        self.free = 1 / (erlang_b(servers - 1, self.rate / self.mu))
        full = self.c * self.mu
        self.peak = max(mpf(0), log(self.rate / full) / self.theta)
        self.top = self.exponent(self.peak)
        self.right = self.peak + 1 / full
        while self.exponent(self.right) > self.top - 200:
            self.right = self.peak + 2 * (self.right - self.peak)
        self.left = self.peak
        step = 1 / full
        while self.left > 0 and self.exponent(self.left) > self.top - 200:
            self.left, step = max(mpf(0), self.left - step), 2 * step
        scale = exp(self.top)
        self.j = self.integral(lambda x: mpf(1))
        self.total = self.free / scale + self.rate * self.j

    def exponent(self, x: mpf) -> mpf:
        return -self.rate * expm1(-self.theta * x) / self.theta - self.c * self.mu * x

    def integral(self, f: Callable[[mpf], mpf], low: mpf = mpf(0)) -> mpf:
        """∫ f exp(exponent - top) from low to infinity."""
        if low >= self.right:
            ends = linspace(low, low + (self.right - self.peak), 16)
            shift = self.exponent(low) - self.top
        else:
            ends, shift = linspace(max(self.left, low), self.right, 16), mpf(0)
        value = quad(lambda x: f(x) * exp(self.exponent(x) - self.top - shift), ends)
        return value * exp(shift)

    def late(self, t: float | mpf) -> mpf:
        """P(offered wait > t)."""
        return self.rate * self.integral(lambda x: mpf(1), mpf(t)) / self.total

    def served_late(self, t: float | mpf) -> mpf:
        """P(served after more than t)."""
        return self.rate * self.integral(lambda x: exp(-self.theta * x), mpf(t)) / self.total

    def row(self, time: float, p: float) -> Row:
        in_time = 1 - self.rate * self.j / self.total
        with workdps(50):
            served_waiting = self.served_late(0)
        served = in_time + served_waiting
        left = self.rate * self.integral(lambda x: -expm1(-self.theta * x)) / self.total
        queue = left * self.rate / self.theta
        served_wait = self.rate * self.integral(lambda x: x * exp(-self.theta * x)) / self.total / served
        assert abs(served + left - 1) < mpf("1e-40"), (served, left)

        def cdf(t: float | mpf) -> mpf:
            return 1 - self.late(t) * exp(-self.theta * mpf(t))

        def served_cdf(t: float | mpf) -> mpf:
            return 1 - self.served_late(t) / served

        scale = float(self.right)
        at, condition = quantile(cdf, p, scale)
        served_at, served_condition = quantile(served_cdf, p, scale)
        return {
            "arrival_rate": float(self.rate), "service_rate": float(self.mu), "abandonment_rate": float(self.theta),
            "servers": float(self.c), "time": time, "probability": p,
            "utilization": self.rate * served / self.mu / self.c, "stable": 1.0,
            "probability_wait": self.rate * self.j / self.total, "probability_abandon": left,
            "throughput": self.rate * served, "mean_wait": queue / self.rate, "mean_wait_served": served_wait,
            "mean_sojourn": queue / self.rate + served / self.mu, "mean_queue_length": queue,
            "mean_number": queue + self.rate * served / self.mu,
            "probability_served_within": served - self.served_late(time), "wait_cdf": cdf(time), "wait_quantile": at,
            "wait_quantile_condition": condition, "served_wait_cdf": served_cdf(time),
            "served_wait_quantile": served_at, "served_wait_quantile_condition": served_condition,
        }  # fmt: skip


def erlang_a_rows() -> list[Row]:
    rows = []
    for inputs, late, left in [((100.0, 1.0, 1.0, 100.0), "0.5132987982791", "0.03986099680915"),
                               ((50.0, 1.0, 0.5, 45.0), "0.8760565801597", "0.1107321038801"),
                               ((10.0, 1.0, 2.0, 8.0), "0.6816978159492", "0.2665381377853")]:  # fmt: skip
        new = Impatient(*inputs).row(0.1, 0.9) | {"source": "state probabilities one by one"}
        agree(new["probability_wait"], late)
        agree(new["probability_abandon"], left)
        rows.append(new)
    for c in (1.0, 10.0, 300.0):
        for load in (0.3, 0.95, 1.6):
            for patience, time, p in ((0.02, 0.05, 0.9), (1.0, 6.0 / c, 0.999), (20.0, 0.1 / c, 0.2)):
                model = Impatient(load * c / 3, 1 / 3, patience / 3, c)
                rows.append(model.row(time, p) | {"source": "grid"})
    for load in (0.999, 1.0, 1.05):
        rows.append(Impatient(load * 1e6, 1.0, 0.5, 1e6).row(1e-4, 0.9) | {"source": "a million servers"})
    return rows


def service_rows() -> list[Row]:
    rows = []
    for arrival, theta, wait, p in ((10.0, 0.5, 0.1, 0.8), (10.0, 2.0, 0.0, 0.99), (100.0, 1.0, 0.05, 0.9),
                                    (100.0, 0.01, 0.2, 0.5)):  # fmt: skip
        c = 1
        while True:
            model = Impatient(arrival, 1.0, theta, float(c))
            in_time = model.free / exp(model.top) / model.total + model.served_late(0) - model.served_late(wait)
            if in_time >= p:
                break
            c += 1
        assert abs(in_time / mpf(p) - 1) > 1e-11
        rows.append({"arrival_rate": arrival, "service_rate": 1.0, "abandonment_rate": theta, "wait": wait,
                     "probability": p, "servers_for_service": float(c), "source": "grid"})  # fmt: skip
    return rows


def retrial_rows() -> list[Row]:
    """One and two servers, where the probabilities of an idle system follow one from another."""
    rows = []
    for c in (1, 2):
        for load in (0.05, 0.5, 0.9, 0.99):
            for patience in (0.1, 1.0, 25.0):
                arrival, service, again = load * c / 3, 1 / 3, patience / 3
                lam, mu, g = mpf(arrival), mpf(service), mpf(again)
                shares, fulls = [], []
                idle, largest, n = mpf(1), mpf(0), 0
                while True:
                    if c == 1:
                        full = idle * (lam + n * g) / mu
                        states = [idle, full]
                        following = lam * full / ((n + 1) * g)
                    else:
                        one = idle * (lam + n * g) / mu
                        step = (lam + mu + n * g) * one - lam * idle
                        following = step / ((n + 1) * g * (1 + 2 * mu / lam * (1 + (lam + (n + 1) * g) / mu)))
                        full = (n + 1) * g * following * (1 + (lam + (n + 1) * g) / mu) / lam
                        states = [idle, one, full]
                    shares.append(mp.fsum(states))
                    fulls.append(full)
                    largest = max(largest, shares[-1])
                    if n > 50 and shares[-1] * n * n < largest * mpf("1e-52"):
                        break
                    idle, n = following, n + 1
                total = mp.fsum(shares)
                queue = mp.fsum(k * s for k, s in enumerate(shares)) / total
                for count in (0.0, 3.0, 40.0):
                    rows.append({
                        "arrival_rate": arrival, "service_rate": service, "retrial_rate": again, "servers": float(c),
                        "count": count, "utilization": lam / mu / c, "stable": 1.0,
                        "probability_blocked": mp.fsum(fulls) / total, "mean_queue_length": queue,
                        "mean_number": queue + lam / mu, "mean_wait": queue / lam, "mean_sojourn": queue / lam + 1 / mu,
                        "mean_attempts": 1 + g * queue / lam,
                        "orbit_cdf": mp.fsum(shares[: int(count) + 1]) / total, "source": "grid",
                    })  # fmt: skip
    return rows


def constant_roots(a: mpf, c: int) -> list[mpc]:
    rho = a / c
    return [-lambertw(-rho * mp.expjpi(2 * mpf(k) / c) * exp(-rho)) / rho for k in range(1, c)]


class Constant:
    """M/D/c: mean and atom from the roots, the wait by Franx's sum over the power series of the number present."""

    def __init__(self, arrival: float, service: float, servers: int) -> None:
        self.rate, self.s, self.c = mpf(arrival), mpf(service), servers
        self.a = self.rate * self.s
        roots = constant_roots(self.a, servers)
        c, a = servers, self.a
        self.queue = (mp.fsum(1 / (1 - z) for z in roots)).real - (c * (c - 1) - a**2) / (2 * (c - a))
        product = mpc(1)
        for z in roots:
            product *= 1 - z
        self.none = ((c - a) / product).real
        # Numerator of the generating function: -none (z - 1) Π (z - z_k).
        poly = [mpc(1)]
        for z in [mpc(1), *roots]:
            poly = [(poly[i - 1] if i > 0 else 0) - (z * poly[i] if i < len(poly) else 0) for i in range(len(poly) + 1)]
        self.numerator = [-self.none * p.real for p in poly]
        self.cumulative: list[mpf] = []

    def present(self, last: int) -> None:
        """P(N <= n) up to last."""
        while len(self.cumulative) <= last:
            n, value = len(self.cumulative), mpf(0)
            for m in range(n // self.c + 1):
                for i, p in enumerate(self.numerator):
                    r = n - m * self.c - i
                    if r >= 0 and (m > 0 or r == 0):
                        value += p * exp(m * self.a) * (-m * self.a) ** r / factorial(r)
            self.cumulative.append(value + (self.cumulative[-1] if n else 0))

    def wait_cdf(self, t: float | mpf) -> mpf:
        k = int(mp.floor(mpf(t) / self.s)) + 1
        mean = self.rate * (k * self.s - t)
        last = k * self.c - 1
        self.present(last + self.c)
        total, term = mpf(0), exp(-mean)
        for j in range(last + 1):
            total += term * self.cumulative[last - j + self.c]
            term *= mean / (j + 1)
        return total

    def properties(self) -> Row:
        return {
            "utilization": self.a / self.c, "stable": 1.0, "mean_wait": self.queue / self.rate,
            "mean_sojourn": self.queue / self.rate + self.s, "mean_queue_length": self.queue,
            "mean_number": self.queue + self.a, "probability_wait": 1 - self.none,
        }  # fmt: skip


def constant_rows() -> list[Row]:
    rows = []

    def row(arrival: float, service: float, c: int, time: float, p: float, source: str = "grid") -> Row:
        with workdps(400):
            model = Constant(arrival, service, c)
            cdf = model.wait_cdf(time)
            at, condition = quantile_low(model, p)
            s = mpf(service)
            sojourn = model.wait_cdf(mpf(time) - s) if time >= service else mpf(0)
            return {
                "arrival_rate": arrival, "service_time": service, "servers": float(c), "time": time, "probability": p,
                **model.properties(), "wait_cdf": cdf, "wait_quantile": at, "wait_quantile_condition": condition,
                "sojourn_cdf": sojourn, "sojourn_quantile": s + at, "sojourn_quantile_condition": condition,
                "source": source,
            }  # fmt: skip

    def quantile_low(model: Constant, p: float) -> tuple[mpf, mpf]:
        if model.wait_cdf(mpf(0)) >= p:
            return mpf(0), mpf(1)
        low, high = mpf(0), model.s
        while model.wait_cdf(high) < p:
            low, high = high, high * 2
        for _ in range(90):
            middle = (low + high) / 2
            low, high = (low, middle) if model.wait_cdf(middle) > p else (middle, high)
        step = high * mpf("1e-9")
        density = (model.wait_cdf(high + step) - model.wait_cdf(high - step)) / (2 * step)
        return high, max(mpf(1), min(mpf(p), 1 - mpf(p)) / (high * density))

    published = {1.0: "0.44510818569849", 2.0: "0.63451993632023", 5.0: "0.8995027617536", 10.0: "0.98834289173499",
                 20.0: "0.9998431563693", 40.0: "0.9999999716065"}  # fmt: skip
    for t, printed in published.items():
        rows.append(row(0.8, 1.0, 1, t, 0.9, "60 digits"))
        agree(rows[-1]["wait_cdf"], printed)
    for t, printed in {20.0: "0.98518265696051", 40.0: "0.99976475593685"}.items():
        rows.append(row(0.9, 1.0, 1, t, 0.99, "60 digits"))
        agree(rows[-1]["wait_cdf"], printed)
    for c in (1, 2, 3, 10):
        for load in (0.01, 0.5, 0.9, 0.98):
            for time, p in ((0.0, 0.3), (0.4, 0.7), (1.7, 0.99)):
                rows.append(row(load * c / 3, 3.0, c, 3 * time, p))
    return rows


TABLE = {
    (2, 0.5): "0.176741057113", (2, 0.7): "0.493610462542", (2, 0.8): "0.903283879417", (2, 0.9): "2.14692321472",
    (2, 0.95): "4.64394757446", (5, 0.5): "0.0306531937974", (5, 0.7): "0.135517076446", (5, 0.8): "0.289060007263",
    (5, 0.9): "0.776695158203", (5, 0.95): "1.77078800184", (10, 0.5): "0.00474179655353", (10, 0.7): "0.0418716099103",
    (10, 0.8): "0.109827789713", (10, 0.9): "0.34458205038", (10, 0.95): "0.837082991845",
}  # fmt: skip
LARGE = {(100, 90): "0.0123334737080969", (250, 240): "0.022127033919699", (500, 450): "1.72740546615664e-4",
         (1000, 900): "4.76352178260657e-6", (1000, 990): "0.0340113034233689"}  # fmt: skip


def constant_mean_rows() -> list[Row]:
    rows = []

    def add(arrival: float, c: int, source: str, printed: str = "") -> None:
        with workdps(500 if arrival < 0.9 * c else 100):
            a = mpf(arrival)
            roots = constant_roots(a, c)
            queue = mp.fsum(1 / (1 - z) for z in roots).real - (c * (c - 1) - a**2) / (2 * (c - a))
            none = ((c - a) * exp(-mp.fsum(log(1 - z) for z in roots))).real
            new: Row = {"arrival_rate": arrival, "service_time": 1.0, "servers": float(c), "mean_wait": queue / a,
                        "mean_queue_length": queue, "probability_wait": 1 - none, "source": source}  # fmt: skip
            if printed:
                agree(new["mean_wait"], printed)
            rows.append(new)

    for (c, load), printed in TABLE.items():
        add(load * c, c, "Lambert roots", printed)
    for (c, arrival), printed in LARGE.items():
        add(float(arrival), c, "Lambert roots", printed)
    for c in (2, 3, 10, 100):
        for load in (1e-3, 0.1, 0.3, 0.999, 1 - 1e-6, 1 - 1e-10):
            add(load * c, c, "grid")
    for arrival in (2700.0, 2990.0, 2999.9):
        add(arrival, 3000, "many servers")
    return rows


FILES: dict[str, tuple[Callable[[], list[Row]], str]] = {
    "erlang_b_continuous.csv": (continuous_rows, ""),
    "servers_for_blocking.csv": (servers_for_blocking_rows, ""),
    "servers_for_waiting.csv": (servers_for_waiting_rows, ""),
    "load_for_probability.csv": (load_rows, ""),
    "servers_for_utilization.csv": (utilization_rows, ""),
    "rates_for_wait.csv": (rate_rows, ""),
    "mmck_inverses.csv": (mmck_inverse_rows, ""),
    "mm_infinity.csv": (infinity_rows, ""),
    "engset.csv": (engset_rows, ""),
    "mmc_finite_source.csv": (source_rows, CONDITION),
    "erlang_a.csv": (erlang_a_rows, CONDITION),
    "servers_for_service.csv": (service_rows, ""),
    "retrial.csv": (retrial_rows, ""),
    "mdc.csv": (constant_rows, CONDITION),
    "mdc_means.csv": (constant_mean_rows, ""),
}


def main() -> None:
    folder, *chosen = sys.argv[1:]
    for name in chosen or FILES:
        rows, comment = FILES[name]
        write(Path(folder), name, rows(), comment)


if __name__ == "__main__":
    main()
