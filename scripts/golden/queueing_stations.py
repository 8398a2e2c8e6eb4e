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

from mpmath import (
    binomial,
    exp,
    expm1,
    eye,
    factorial,
    findroot,
    gammainc,
    inf,
    lambertw,
    linspace,
    log,
    lu_solve,
    matrix,
    mp,
    mpc,
    mpf,
    quad,
    sqrt,
    workdps,  # fmt: skip
)
from queueing import HEADER, agree, cell, erlang_b, erlang_c

mp.dps = 60
CONDITION = """\
# <column>_condition: by how much an error of the distribution, relative to its smaller side, comes back in the
# quantile, where that is more than one. It multiplies the error allowed.
"""
Row = dict[str, float | mpf | str]


def write(folder: Path, name: str, rows: list[Row], comment: str = "") -> None:
    header = HEADER.replace("queueing.py", Path(sys.argv[0]).name) + comment
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
    t = mpf(findroot(lambda u: cdf(u) - p, (mpf(0), high), solver="illinois", tol=mpf("1e-50"), maxsteps=60))
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
                arrival = bisect(lambda x: late(x, r) - allowed, r * c * mpf("1e-30"), r * c)
                service = bisect(lambda x: allowed - late(r, x), r / c, 2 * r / c * mpf("1e15"))
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
                root = bisect(lambda x: lost(x, c, k) - p, mpf("1e-20"), mpf(20 * c))
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
            with workdps(400):  # one minus nearly one
                within = wait_cdf(time, other, mp.fsum(other))
            new: Row = {
                "request_rate": request, "service_rate": service, "servers": float(c), "sources": float(n),
                "time": time, "probability": p, "utilization": busy / c, "stable": 1.0, "throughput": busy * mu,
                "probability_wait": mp.fsum(other[c:]) / others, "mean_wait": queue / busy / mu,
                "mean_sojourn": queue / busy / mu + 1 / mu, "mean_queue_length": queue, "mean_number": number,
                "availability": 1 - number / n, "wait_cdf": within, "wait_quantile": at,
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
        load = self.rate / self.mu
        with workdps(60):
            self.free = 1 / (
                blocking_by_recurrence(int(servers) - 1, load) if servers < 2000 else erlang_b(servers - 1, load)
            )
        full = self.c * self.mu
        self.peak = max(mpf(0), log(self.rate / full) / self.theta)
        self.top = self.exponent(self.peak)
        self.right = self.peak + 1 / full
        while self.exponent(self.right) > self.top - 100:
            self.right = self.peak + 2 * (self.right - self.peak)
        self.left = self.peak
        step = 1 / full
        while self.left > 0 and self.exponent(self.left) > self.top - 100:
            self.left, step = max(mpf(0), self.left - step), 2 * step
        scale = exp(self.top)
        self.j = self.integral(lambda x: mpf(1))
        self.total = self.free / scale + self.rate * self.j

    def exponent(self, x: mpf) -> mpf:
        return -self.rate * expm1(-self.theta * x) / self.theta - self.c * self.mu * x

    def integral(self, f: Callable[[mpf], mpf], low: float | mpf = 0) -> mpf:
        """∫ f exp(exponent - top) from low to infinity."""
        if low >= self.right:
            ends = linspace(low, low + (self.right - self.peak), 10)
            shift = self.exponent(low) - self.top
        else:
            ends, shift = linspace(max(self.left, low), self.right, 10), mpf(0)
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
        served_waiting = self.served_late(0)
        served = in_time + served_waiting
        left = self.rate * self.integral(lambda x: -expm1(-self.theta * x)) / self.total
        queue = left * self.rate / self.theta
        served_wait = self.rate * self.integral(lambda x: x * exp(-self.theta * x)) / self.total / served
        assert abs(served + left - 1) < mpf("1e-26"), (served, left)

        def cdf(t: float | mpf) -> mpf:
            return 1 - self.late(t) * exp(-self.theta * mpf(t))

        def served_cdf(t: float | mpf) -> mpf:
            return 1 - self.served_late(t) / served

        within = self.free / exp(self.top) / self.total + self.rate / self.total * quad(
            lambda x: exp(self.exponent(x) - self.top - self.theta * x), linspace(mpf(0), mpf(time), 10)
        )
        assert abs(within - (served - self.served_late(time))) < mpf("1e-26")
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
            "probability_served_within": within, "wait_cdf": cdf(time), "wait_quantile": at,
            "wait_quantile_condition": condition, "served_wait_cdf": within / served,
            "served_wait_quantile": served_at, "served_wait_quantile_condition": served_condition,
        }  # fmt: skip


def erlang_a_rows() -> list[Row]:
    with workdps(34):
        return erlang_a_rows_of_34_digits()


def erlang_a_rows_of_34_digits() -> list[Row]:
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
    with workdps(34):
        return service_rows_of_34_digits()


def service_rows_of_34_digits() -> list[Row]:
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


# --- laws of the service ----------------------------------------------------------------------------------------------


UNIT_LAWS = {
    "exponential": "exponential(rate=1)",
    "uniform": "uniform(low=0; high=2)",
    "erlang": "gamma(shape=2; scale=0.5)",
}


def size_rows() -> list[Row]:
    """M/G/1 by the textbook's integrals of the conditional means over the density, for two laws with a density."""
    published = {
        ("exponential", 0.5): {"srpt": "1.425372663878", "psjf": "1.531383283296", "sjf": "1.712686331939", "fb": "2",
                               "ps": "2", "fcfs": "2", "lrpt": "4"},
        ("exponential", 0.8): {"srpt": "2.3527732703", "psjf": "2.658896822008", "sjf": "2.88221861624", "lrpt": "25"},
        ("exponential", 0.9): {"srpt": "3.552125099627", "psjf": "4.051773203339", "sjf": "4.196912589664",
                               "lrpt": "100"},
        ("exponential", 0.95): {"srpt": "5.541011021154", "psjf": "6.264757140096", "sjf": "6.263960470097",
                                "lrpt": "400"},
    }  # fmt: skip
    laws = {
        "exponential": (lambda x: exp(-x), lambda x: exp(-x), [0, 0.5, 1, 2, 4, 8, 16, 32, 64, 128]),
        "uniform": (lambda x: 1 - x / 2, lambda x: mpf(1) / 2, [0, 0.5, 1, 1.5, 2]),
        "erlang": (
            lambda x: (1 + 2 * x) * exp(-2 * x),
            lambda x: 4 * x * exp(-2 * x),
            [0, 0.5, 1, 2, 4, 8, 16, 32, 64],
        ),
    }
    closed = {  # ∫ F̄ and ∫ u F̄ from 0 to x
        "exponential": (lambda x: -expm1(-x), lambda x: 1 - (1 + x) * exp(-x)),
        "uniform": (lambda x: x - x**2 / 4, lambda x: x**2 / 2 - x**3 / 6),
        "erlang": (lambda x: 1 - (1 + x) * exp(-2 * x),
                   lambda x: mpf(3) / 4 - (x**2 + 3 * x / 2 + mpf(3) / 4) * exp(-2 * x)),
    }  # fmt: skip
    rows = []
    for law, (tail, density, ends) in laws.items():
        below, moment = closed[law]
        second = 2 * moment(mpf(ends[-1]) * (1 if law == "uniform" else 10))
        for load in (0.1, 0.5, 0.8, 0.9, 0.95):
            lam = mpf(load)
            slack = 1 - lam

            def rest(x: mpf, lam: mpf = lam) -> mpf:
                return 1 - lam * (below(x) - x * tail(x))

            def of_size(name: str, x: mpf, lam: mpf = lam, slack: mpf = slack) -> mpf:
                m2 = 2 * moment(x)
                if name == "fb":
                    cut = 1 - lam * below(x)
                    return lam * m2 / (2 * cut**2) + x / cut
                if name == "psjf":
                    return lam * (m2 - x**2 * tail(x)) / (2 * rest(x) ** 2) + x / rest(x)
                if name == "sjf":
                    return lam * second / (2 * rest(x) ** 2) + x
                if name == "lrpt":
                    return lam * second / (2 * slack**2) + x / slack
                if name == "ps":
                    return x / slack
                return x + lam * second / (2 * slack)

            with workdps(30):
                for name in ("fcfs", "ps", "sjf", "psjf", "srpt", "fb", "lrpt"):
                    if name == "srpt":  # the residence integrated in the other order
                        mean = quad(
                            lambda x: lam * 2 * moment(x) / (2 * rest(x) ** 2) * density(x) + tail(x) / rest(x),
                            ends,
                        )
                        middle = lam * 2 * moment(mpf(1)) / (2 * rest(mpf(1)) ** 2) + quad(
                            lambda u: 1 / rest(u), [0, 1]
                        )
                    else:
                        mean = quad(lambda x: of_size(name, x) * density(x), ends)
                        middle = of_size(name, mpf(1))
                    if printed := published.get((law, load), {}).get(name):
                        agree(mean, printed)
                    rows.append({"law": law, "arrival_rate": load, "service": UNIT_LAWS[law], "discipline": name, "mean_sojourn": mean,
                                 "mean_sojourn_of_unit": middle,
                                 "source": "LINE and recomputed" if printed else "grid"})  # fmt: skip
    return rows


def gim1_rows() -> list[Row]:
    """Root σ of the interarrival law's transform."""
    rows = []
    printed = {0.5: "0.20318786997998", 0.7: "0.466996422218419", 0.8: "0.628629796496947", 0.9: "0.806899832855803",
               0.95: "0.901695110031088"}  # fmt: skip
    transforms = {
        "deterministic": lambda s, rate: exp(-s / rate),
        "erlang": lambda s, rate: (2 * rate / (2 * rate + s)) ** 2,
        "uniform": lambda s, rate: -expm1(-2 * s / rate) * rate / (2 * s),
    }
    texts = {
        "deterministic": lambda mean: f"deterministic(value={mean!r})",
        "erlang": lambda mean: f"gamma(shape=2; scale={mean / 2!r})",
        "uniform": lambda mean: f"uniform(low=0; high={2 * mean!r})",
    }
    for law, transform in transforms.items():
        for load in (0.1, 0.5, 0.7, 0.8, 0.9, 0.95):
            # The interarrival law has the mean 1 / load rounded to a double.
            rate = 1 / mpf(1 / load)
            free = bisect(lambda r: r - (1 - transform(r, rate)), mpf("1e-9"), mpf(1))
            if law == "deterministic" and load in printed:
                agree(1 - free, printed[load])
            for time, p in ((0.5, 0.5), (20.0, 0.999)):
                rows.append({
                    "law": law, "load": load, "interarrival": texts[law](1 / load), "service_rate": 1, "time": time,
                    "probability": p, "probability_wait": 1 - free,
                    "mean_wait": (1 - free) / free, "mean_sojourn": 1 / free, "mean_queue_length": (1 - free) / free * rate,
                    "mean_number": rate / free, "wait_cdf": 1 - (1 - free) * exp(-free * time),
                    "wait_quantile": max(mpf(0), log((1 - free) / (1 - mpf(p))) / free),
                    "sojourn_cdf": -expm1(-free * time), "sojourn_quantile": -log(1 - mpf(p)) / free, "source": "grid",
                })  # fmt: skip
    return rows


def gg1_rows() -> list[Row]:
    rows = []
    for load in (0.05, 0.5, 0.95, 1.2):
        for ca, cs in ((1.0, 1.0), (0.0, 2.5), (4.0, 0.25)):
            lam, mu = mpf(load * 3), mpf(3)
            variance = ca / lam**2 + cs / mu**2
            bound = lam * variance / (2 * (1 - lam / mu)) if load < 1 else inf
            scale = (1 + cs / mpf(1)) / (1 / (lam / mu) ** 2 + cs)
            rows.append({"arrival_rate": float(lam), "arrival_scv": ca, "service_rate": 3.0, "service_scv": cs,
                         "gg1_kingman": bound, "gg1_marchal": bound * scale, "source": "grid"})  # fmt: skip
    return rows


def ggc_rows() -> list[Row]:
    rows = []
    for c in (1.0, 4.0, 30.0):
        for load in (0.3, 0.9, 1.1):
            for ca, cs in ((1.0, 1.0), (0.25, 2.5), (4.0, 0.25), (0.5, 0.125), (1.0, 0.0)):
                lam, mu = mpf(load * c * 2), mpf(2)
                rho = lam / mu / c
                stable = lam < c * mu
                markov = erlang_c(c, lam / mu) / (c * mu - lam) if stable else inf
                both = mpf(ca + cs) / 2
                belz = (
                    exp(-2 * (1 - rho) / (3 * rho) * (1 - mpf(ca)) ** 2 / (ca + cs))
                    if ca < 1
                    else exp(-(1 - rho) * (mpf(ca) - 1) / (ca + 4 * mpf(cs)))
                )
                gamma = min(mpf("0.24"), (1 - rho) * (c - 1) * (sqrt(4 + 5 * mpf(c)) - 2) / (16 * c * rho))
                phi1, phi3 = 1 + gamma, (1 - 4 * gamma) * exp(-2 * (1 - rho) / (3 * rho))
                psi = mpf(1) if both >= 1 else min(mpf(1), (phi1 + phi3) / 2) ** (2 * (1 - both))
                a, s = mpf(ca), mpf(cs)
                if a >= s:
                    phi = 4 * (a - s) / (4 * a - 3 * s) * phi1 + s / (4 * a - 3 * s) * psi
                else:
                    phi = (s - a) / (2 * a + 2 * s) * phi3 + (s + 3 * a) / (2 * a + 2 * s) * psi
                rows.append({
                    "arrival_rate": float(lam), "arrival_scv": ca, "service_rate": 2.0, "service_scv": cs, "servers": c,
                    "ggc_allen_cunneen": both * markov if stable else inf,
                    "ggc_kraemer_langenbach_belz": belz * both * markov if stable else inf,
                    "ggc_whitt": phi * both * markov if stable else inf, "source": "grid",
                })  # fmt: skip
    return rows


def mgc_rows() -> list[Row]:
    rows = []
    for c in (1.0, 4.0, 30.0):
        for load in (0.3, 0.9, 1.1):
            for cs in (0.0, 0.5, 1.0):
                arrival = load * c * 2
                lam, mu, s = mpf(arrival), mpf(2), mpf(cs)
                rho, stable = lam / mu / c, arrival < 2 * c
                cosmetatos = kimura = mpf(inf)
                if stable:
                    markov = erlang_c(c, lam / mu) / (c * mu - lam)
                    roots = constant_roots(lam / mu, int(c))
                    queue = mp.fsum(1 / (1 - z) for z in roots)
                    queue = (queue.real if roots else mpf(0)) - (c * (c - 1) - (lam / mu) ** 2) / (2 * (c - lam / mu))
                    constant = queue / lam
                    half = markov / 2 * (1 + (1 - rho) * (c - 1) * (sqrt(4 + 5 * mpf(c)) - 2) / (16 * rho * c))
                    cosmetatos = s * markov + (1 - s) * half
                    kimura = (1 + s) / ((1 - s) / constant + 2 * s / markov)
                rows.append({"arrival_rate": arrival, "service_rate": 2.0, "service_scv": cs, "servers": c,
                             "mgc_cosmetatos": cosmetatos, "mgc_kimura": kimura, "source": "grid"})  # fmt: skip
    return rows


# --- batches ----------------------------------------------------------------------------------------------------------


def fixed_batch_mean(lam: mpf, alpha: mpf, beta: mpf, b: int) -> mpf:
    """Fill, wait of E_b/D/1 by the roots of M/D/b, service."""
    time = alpha + beta * b
    a = lam * time
    if a >= b:
        return mpf(inf)
    roots = constant_roots(a, b)
    queue = mp.fsum(1 / (1 - z) for z in roots) if roots else mpf(0)
    queue = queue.real - (b * (b - 1) - a**2) / (2 * (b - a))
    return (b - 1) / (2 * lam) + queue / lam + time


SERVERS = [(100.0, 0.02, 0.002), (10.0, 0.02, 0.002), (400.0, 0.02, 0.002), (3.0, 0.0, 0.25)]


def fixed_batch_rows() -> list[Row]:
    rows = []
    for arrival, alpha, beta in SERVERS:
        for b in (1, 2, 4, 8, 64):
            lam = mpf(arrival)
            # The service time as a double adds it up.
            time = mpf(alpha + beta * b)
            sojourn = fixed_batch_mean(lam, time, mpf(0), b)
            stable = sojourn < inf
            rows.append({
                "arrival_rate": arrival, "setup_time": alpha, "item_time": beta, "batch_size": float(b),
                "service_time": time, "utilization": lam * time / b, "stable": float(stable),
                "mean_fill": (b - 1) / (2 * lam), "mean_wait": sojourn - time, "mean_sojourn": sojourn,
                "mean_number": lam * sojourn, "source": "grid",
            })  # fmt: skip
    return rows


def best_batch_rows() -> list[Row]:
    rows = []
    for arrival, alpha, beta in [*SERVERS, (450.0, 0.02, 0.002), (600.0, 0.02, 0.002)]:
        means = [fixed_batch_mean(mpf(arrival), mpf(alpha), mpf(beta), b) for b in range(1, 121)]
        best = min(means)
        size = float(means.index(best) + 1) if best < inf else inf
        rows.append({"arrival_rate": arrival, "setup_time": alpha, "item_time": beta, "largest": 120.0,
                     "best_fixed_batch": size, "source": "grid"})  # fmt: skip
    return rows


def dynamic_batch_rows() -> list[Row]:
    """The chain of the number left behind, solved by ordinary elimination at 60 digits."""
    rows = []
    for arrival, alpha, beta in SERVERS:
        for b in (1, 2, 4, 8):
            lam = mpf(arrival)
            stable = lam * (alpha + mpf(beta) * b) < b
            if stable and lam * (alpha + mpf(beta) * b) > 0.85 * b:
                continue  # would need more states than mpmath solves
            time = mean_batch = busy = number = served = mpf(0)
            if stable:
                cut = 160
                moves = matrix(cut, cut)
                for n in range(cut):
                    taken, left = min(max(n, 1), b), max(n - b, 0)
                    mean = lam * (alpha + mpf(beta) * taken)
                    point = exp(-mean)
                    for m in range(left, cut):
                        moves[n, m] = point
                        point *= mean / (m - left + 1)
                system = (moves - eye(cut)).T
                for n in range(cut):
                    system[cut - 1, n] = 1
                right = matrix(cut, 1)
                right[cut - 1] = 1
                share = lu_solve(system, right)
                for n in range(cut):
                    taken = min(max(n, 1), b)
                    service = alpha + mpf(beta) * taken
                    time += share[n] * (service + (1 / lam if n == 0 else 0))
                    busy += share[n] * service
                    mean_batch += share[n] * taken
                    served += share[n] * taken * service
                    number += share[n] * service * (max(n, 1) + lam * service / 2)
            rows.append({
                "arrival_rate": arrival, "setup_time": alpha, "item_time": beta, "batch_size": float(b),
                "stable": float(stable), "utilization": busy / time if stable else mpf(1),
                "mean_batch": mean_batch if stable else mpf(b),
                "mean_wait": number / time / lam - served / mean_batch if stable else inf,
                "mean_sojourn": number / time / lam if stable else inf,
                "mean_number": number / time if stable else inf, "source": "grid",
            })  # fmt: skip
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
    "mg1.csv": (size_rows, ""),
    "gim1.csv": (gim1_rows, ""),
    "gg1.csv": (gg1_rows, ""),
    "ggc.csv": (ggc_rows, ""),
    "mgc.csv": (mgc_rows, ""),
    "fixed_batch.csv": (fixed_batch_rows, ""),
    "best_fixed_batch.csv": (best_batch_rows, ""),
    "dynamic_batch.csv": (dynamic_batch_rows, ""),
}


def main() -> None:
    folder, *chosen = sys.argv[1:]
    for name in chosen or FILES:
        rows, comment = FILES[name]
        write(Path(folder), name, rows(), comment)


if __name__ == "__main__":
    main()
