"""Golden rows of the M/M/c family, at 50 digits, of the very doubles that stand in the rows.

Erlang's formula by its integral 1/B = ∫ exp(-t) (1 + t/a)^c dt, t = 0..∞ (R. Fortet 1948), and again by its plain sum
where that is short; the times of M/M/c as an atom and exponentials, quantiles by bisection. None of this is how the
library computes them. Published cases are recomputed and must agree with every digit that was printed.

Run: python scripts/golden/queueing.py tests/golden/queueing
"""

import math
import sys
from functools import cache
from itertools import accumulate
from pathlib import Path

from mpmath import exp, expm1, inf, linspace, log, mp, mpf, nstr, quad, sqrt, workdps

mp.dps = 60
DEPTH = 150  # an integrand e^-150 times its peak is no longer seen
HEADER = """\
# mpmath 1.4.1 with 50 digits, scripts/golden/queueing.py; inputs are exact doubles.
# Relative error <= 1e-13 max(1, |ln result|) for results >= 1e-300.
"""
CONDITION = """\
# wait_quantile_condition: the wait's quantile is ln(C / (1 - p)) / (cμ - λ), so a relative error of C comes back times
# 1 / ln(C / (1 - p)) beside the atom at zero wait. It multiplies the error allowed.
"""
MMCK_CONDITION = """\
# wait_quantile_condition: how much larger a relative error of the smaller tail comes out in the wait's quantile.
# sojourn_quantile_condition: the same for the time in the system.
"""


@cache
def erlang_b(c: float, a: mpf) -> mpf:
    if c == 0 or a == 0:
        return mpf(c == 0)
    peak = max(mpf(0), c - a)
    left = max(mpf(0), peak - sqrt(2 * DEPTH * c))
    right = peak + DEPTH + sqrt(DEPTH**2 + 2 * DEPTH * c)
    if a > c:  # falls from the start
        right = min(right, DEPTH / (1 - c / a) * 2)
    top = c * log(1 + peak / a) - peak
    value, error = quad(lambda t: exp(c * log(1 + t / a) - t - top), linspace(left, right, 25), error=True)
    assert error < value * mpf("1e-48"), (c, a, error)
    blocking = exp(-top) / value
    if c <= 1000:
        total = term = mpf(1)
        for k in range(int(c), 0, -1):
            term *= k / a
            total += term
        assert abs(blocking * total - 1) < mpf("1e-48"), (c, a)
    return blocking


def erlang_c(c: float, a: mpf) -> mpf:
    return mpf(1) if a >= c else c * erlang_b(c, a) / (c - a * (1 - erlang_b(c, a)))


class Queue:
    """M/M/c: the wait is zero or exponential(θ), the time in the system that and an exponential(μ)."""

    def __init__(self, arrival: float, service: float, servers: float = 1) -> None:
        self.arrival, self.service, self.servers = mpf(arrival), mpf(service), mpf(servers)
        self.load = self.arrival / self.service
        self.theta = self.servers * self.service - self.arrival
        self.stable = self.theta > 0
        self.waiting = erlang_c(servers, self.load) if servers > 1 else min(mpf(1), self.load)

    def properties(self) -> dict[str, mpf]:
        number_waiting = self.waiting * self.arrival / self.theta if self.stable else inf
        wait = self.waiting / self.theta if self.stable else inf
        return {
            "utilization": self.load / self.servers,
            "stable": mpf(self.stable),
            "mean_wait": wait,
            "mean_sojourn": wait + 1 / self.service,
            "mean_queue_length": number_waiting,
            "mean_number": number_waiting + self.load,
            "probability_wait": self.waiting,
        }

    def wait_cdf(self, t: float) -> mpf:
        return 1 - self.waiting * exp(-self.theta * t) if self.stable else mpf(0)

    def sojourn_cdf(self, t: float) -> mpf:
        if not self.stable or t == 0:
            return mpf(0)
        with workdps(150):  # the two exponentials all but cancel when θ ≈ μ or t ≈ 0
            mu, theta, t = self.service, self.theta, mpf(t)
            one = -expm1(-mu * t)
            both = one - mu * t * exp(-mu * t) if theta == mu else (
                1 - (theta * exp(-mu * t) - mu * exp(-theta * t)) / (theta - mu)
            )  # fmt: skip
            return one + self.waiting * (both - one)

    def wait_quantile(self, p: float) -> mpf:
        if not self.stable:
            return inf
        return max(mpf(0), log(self.waiting / (1 - mpf(p))) / self.theta) if self.waiting > 0 else mpf(0)

    def wait_quantile_condition(self, p: float) -> mpf:
        quantile = self.wait_quantile(p)
        return max(mpf(1), 1 / (quantile * self.theta)) if 0 < quantile < inf else mpf(1)

    def sojourn_quantile(self, p: float) -> mpf:
        if not self.stable:
            return inf
        low, high = mpf(0), -log(1 - mpf(p)) / self.service
        while self.sojourn_cdf(high) < p:
            high *= 2
        while high - low > high * mpf("1e-45"):
            middle = (low + high) / 2
            low, high = (middle, high) if self.sojourn_cdf(middle) < p else (low, middle)
        return high


def servers_for_wait(arrival: float, service: float, wait: float, probability: float) -> int:
    def late(servers: int) -> mpf:
        return 1 - Queue(arrival, service, float(servers)).wait_cdf(wait)

    allowed = 1 - mpf(probability)
    low = math.floor(mpf(arrival) / mpf(service))  # not stable
    high = low + 1
    while late(high) > allowed:
        low, high = high, high + 2 * (high - low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if late(middle) > allowed else (low, middle)
    for servers in (low, high):  # the answer must not hang on a rounding error
        assert servers == 0 or abs(late(servers) / allowed - 1) > 1e-11, (arrival, service, wait, probability)
    return high


def cell(value: float | mpf | str) -> str:
    if isinstance(value, str):
        assert "," not in value
        return value
    if isinstance(value, int | float):
        return f"{value:.17g}"
    if value == inf:
        return "inf"
    return nstr(value, 30) if abs(value) >= mpf("1e-320") else "0"


def agree(value: mpf, printed: str) -> None:
    """The value rounds to what was printed, one unit in its last digit allowed (inputs there were not doubles)."""
    mantissa = printed.partition("e")[0]
    digits = len(mantissa.replace(".", "").lstrip("0"))
    assert abs(value / mpf(printed) - 1) <= mpf(10) ** (1 - digits), (nstr(value, 20), printed)


def write(path: Path, comment: str, rows: list[dict[str, float | mpf | str]]) -> None:
    lines = [",".join(rows[0]), *(",".join(map(cell, row.values())) for row in rows)]
    path.write_text(HEADER + comment + "\n".join(lines) + "\n")
    print(f"{path}: {len(rows)} rows")


def erlang_rows() -> list[dict[str, float | mpf | str]]:
    def row(c: float, a: float, source: str = "grid") -> dict[str, float | mpf | str]:
        return {"servers": c, "offered_load": a, "erlang_b": erlang_b(c, mpf(a)), "erlang_c": erlang_c(c, mpf(a)),
                "source": source}  # fmt: skip

    rows = []
    for c, a, blocking, waiting, source in [
        (10, 5, "0.01838457033664813", "0.03610535915832019", "Erlang B and C by recurrence"),
        (100, 100, "0.07570045271086097", "1", "Erlang B by recurrence"),
        (1000, 1000, "0.02481191764616041", "1", "Erlang B by recurrence"),
        (1e4, 1e4, "0.007936563248805672", "1", "Erlang B by recurrence"),
        (1e5, 1e5, "0.002518893423546906", "1", "Erlang B by recurrence"),
        (120, 100, "", "0.03319589535475706", "Erlang C by recurrence"),
        (1000, 900, "", "0.0005926699663787812", "Erlang C by recurrence"),
        (15, 10, "", "0.102042367008", "pyworkforce ErlangC with occupancy 0.7"),
        (16, 10, "0.02230187204", "", "pyworkforce ErlangB: too few"),
        (17, 10, "0.01294887522", "", "pyworkforce ErlangB: enough for 2 %"),
    ]:
        new = row(float(c), float(a), source)
        for column, printed in (("erlang_b", blocking), ("erlang_c", waiting)):
            if printed:
                agree(new[column], printed)
        rows.append(new)
    loads = [1e-6, 1e-3, 0.1, 0.5, 0.599999, 0.6, 0.600001, 0.8, 0.9, 0.97, 0.999, 1 - 1e-6, 1 - 1e-9,
             1, 1 + 1e-9, 1.001, 1.1, 1.399999, 1.4, 1.400001, 2, 1e3, 1e9]  # fmt: skip
    for c in [0.0, 1.0, 2.0, 7.0, 50.0, 99.0, 100.0, 101.0, 137.0, 500.0, 1e3, 1e4, 1e5, 1e6, 1e7]:
        for load in loads:
            a = load * max(c, 1)
            if a < c and c * (math.log(load) + 1 - load) < -750:  # far below 1e-300
                continue
            new = row(c, a)
            if new["erlang_b"] > 1e-300:
                rows.append(new)
    rows += [row(3.0, 0.0), row(100.0, 0.0), row(1e7, 0.0), row(1.0, 1e-300), row(100.0, 0.118), row(500.0, 55.0)]
    return rows


def queue_row(inputs: dict[str, float], time: float, probability: float, source: str) -> dict[str, float | mpf | str]:
    queue = Queue(*inputs.values())
    row = {**inputs, "time": time, "probability": probability, **queue.properties()}
    row |= {"wait_cdf": queue.wait_cdf(time), "wait_quantile": queue.wait_quantile(probability),
            "sojourn_cdf": queue.sojourn_cdf(time), "sojourn_quantile": queue.sojourn_quantile(probability)}  # fmt: skip
    if "servers" in inputs:
        row["wait_quantile_condition"] = queue.wait_quantile_condition(probability)
    return row | {"source": source}


def times_and_probabilities(inputs: dict[str, float]) -> list[tuple[float, float]]:
    """From far below a service time to the far tail; the last probability stands just above the atom at zero."""
    queue = Queue(*inputs.values())
    slow = 1 / min(queue.theta, queue.service) if queue.stable else 1 / queue.service
    pairs = [(1e-9 / inputs["service_rate"], 0.001), (0.7 / inputs["service_rate"], 0.5),
             (float(3 * slow), 0.99), (float(40 * slow), 1 - 1e-12)]  # fmt: skip
    beside = float(1 - queue.waiting * (1 - mpf("1e-4"))) if queue.stable else 1.0
    return [*pairs, (0.0, beside)] if 0 < beside < 1 else pairs


def mm1_rows() -> list[dict[str, float | mpf | str]]:
    published = {"probability_wait": "0.75", "mean_wait": "9", "mean_sojourn": "12", "mean_queue_length": "2.25",
                 "mean_number": "3"}  # fmt: skip
    inputs = {"arrival_rate": 1 / 4, "service_rate": 1 / 3}
    rows = [queue_row(inputs, 1.0, 0.95, "R package queueing: example 10.3")]
    for name, printed in published.items():
        assert abs(rows[0][name] / mpf(printed) - 1) < 1e-14
    for service in (1.0, 1 / 3, 7e4):
        for load in (1e-6, 0.1, 0.5, 0.8, 0.999, 1 - 1e-9, 1.0, 3.0):
            inputs = {"arrival_rate": load * service, "service_rate": service}
            rows += [queue_row(inputs, *pair, "grid") for pair in times_and_probabilities(inputs)]
    rows.append(queue_row({"arrival_rate": 0.0, "service_rate": 2.0}, 1.0, 0.5, "nobody comes"))
    return rows


def mmc_rows() -> list[dict[str, float | mpf | str]]:
    rows = []
    for arrival, service, servers, source, published in [
        (9.0, 5.0, 2.0, "Octave queueing: qsmmm",
         {"probability_wait": "0.852631578947", "mean_queue_length": "7.67368421053", "mean_sojourn": "1.05263157895"}),
        (9.0, 5.0, 4.0, "Octave queueing: qsmmm",
         {"probability_wait": "0.1285336467823", "mean_queue_length": "0.1051638928218",
          "mean_sojourn": "0.2116848769802"}),
        (2 / 3, 1 / 4, 3.0, "PDQ", {"mean_wait": "9.570093457944", "mean_number": "9.046728971963"}),
        (1.0, 1 / 2.5, 3.0, "queuecomputer",
         {"mean_queue_length": "3.511235955056", "mean_sojourn": "6.011235955056"}),
    ]:  # fmt: skip
        new = queue_row({"arrival_rate": arrival, "service_rate": service, "servers": servers}, 0.5, 0.95, source)
        for name, printed in published.items():
            agree(new[name], printed)
        rows.append(new)
    # 100 calls of 3 min in 30 min, answered within 0.33 min; in units of 30 min.
    new = queue_row({"arrival_rate": 100.0, "service_rate": 10.0, "servers": 15.0}, 0.011, 0.8,
                    "pyworkforce ErlangC with occupancy 0.7")  # fmt: skip
    agree(new["probability_wait"], "0.102042367008")
    agree(new["wait_cdf"], "0.941126675704")
    rows.append(new)
    grid = [(c, load) for c in (1.0, 2.0, 10.0, 99.0, 100.0, 101.0, 1e4, 1e7)
            for load in (1e-6, 0.1, 0.599999, 0.8, 0.95, 0.9999, 1 - 1e-9, 1.0, 1.5)]  # fmt: skip
    for c, load in grid:
        for service in (1.0, 1 / 3) if c < 1e4 else (0.7,):
            inputs = {"arrival_rate": load * c * service, "service_rate": service, "servers": c}
            if load < 1 and c * (math.log(load) + 1 - load) < -690:
                continue
            rows += [queue_row(inputs, *pair, "grid") for pair in times_and_probabilities(inputs)]
    # θ = cμ - λ at and beside μ, where the time in the system is gamma distributed.
    for arrival in (4.0, 4.0 * (1 + 1e-14), 4.000001):
        rows.append(queue_row({"arrival_rate": arrival, "service_rate": 1.0, "servers": 5.0}, 2.0, 0.9, "θ beside μ"))
    # So many servers that all but one arrival in a million wait, each for a moment.
    many = {"arrival_rate": (1e12 - 1) / 2, "service_rate": 0.5, "servers": 1e12}
    rows += [queue_row(many, *pair, "grid") for pair in times_and_probabilities(many)]
    rows.append(queue_row({"arrival_rate": 0.0, "service_rate": 2.0, "servers": 3.0}, 1.0, 0.5, "nobody comes"))
    return rows


def mmck_row(inputs: dict[str, float], source: str = "grid") -> dict[str, float | mpf | str]:
    """All from the state probabilities of the birth-death chain, one by one."""
    arrival, service, servers, capacity, time, probability = (mpf(value) for value in inputs.values())
    weights = [mpf(1)]
    for n in range(1, int(capacity) + 1):
        weights.append(weights[-1] * arrival / (service * min(n, servers)))
    total = mp.fsum(weights)
    c, k = int(servers), int(capacity)
    admitted = mp.fsum(weights[:k]) / total
    queue = mp.fsum(w * (n - c) for n, w in enumerate(weights) if n > c) / total
    wait = queue / (arrival * admitted) if arrival else mpf(0)
    # With n >= c inside, the wait ends at departure n - c + 1 of a Poisson process of rate cμ.
    chances = [w / total / admitted for w in weights[c:k]]
    longer = list(accumulate(reversed(chances)))[::-1]

    def poisson(shares: list[mpf], x: mpf) -> mpf:
        terms = mpf(0)
        for i in range(len(shares) - 1, -1, -1):
            terms = shares[i] + terms * x / (i + 1)
        return exp(-x) * terms

    quantile, condition = mpf(0), mpf(1)
    if chances and sum(chances) > 1 - probability:
        high = mpf(1)
        while poisson(longer, high) > 1 - probability:
            high *= 2
        low = mpf(0)
        while high - low > high * mpf("1e-40"):
            x = (low + high) / 2
            low, high = (x, high) if poisson(longer, x) > 1 - probability else (low, x)
        quantile = x / (service * servers)
        condition = max(1, min(probability, 1 - probability) / (x * poisson(chances, x)))

    def longer_stay(time: mpf) -> mpf:
        """P(T > t): the wait is Erlang's, the service exponential; their sum term by term."""
        x, y = service * servers * time, service * (servers - 1) * time
        last = int(max(y, len(chances)) + 60 * (1 + mp.sqrt(max(y, len(chances))))) if chances else 0
        point, above, tails = exp(-y), mpf(0), []
        points = [point := point * y / i if i else point for i in range(last + 1)]
        for i in range(last, 0, -1):
            above += points[i]
            tails.append(above)
        tails.reverse()  # P(Poisson(y) >= 1), ...
        rest = exp(-service * time)
        found = (1 - sum(chances)) * rest
        point, below, factor = exp(-x), mpf(0), mpf(1)
        for m, chance in enumerate(chances):
            below += point
            point *= x / (m + 1)
            if c > 1:
                factor *= servers / (servers - 1)
                found += chance * (below + rest * factor * tails[m])
            else:
                found += chance * (below + point)
        return found

    low, high = mpf(0), 1 / service
    while longer_stay(high) > 1 - probability:
        low, high = high, 2 * high
    while high - low > high * mpf("1e-6"):
        stay = (low + high) / 2
        low, high = (stay, high) if longer_stay(stay) > 1 - probability else (low, stay)
    for _ in range(6):  # Newton's steps in the logarithm, whose slope is the hazard
        step = stay * mpf("1e-25")
        slope = (longer_stay(stay) - longer_stay(stay + step)) / step
        stay += longer_stay(stay) * log(longer_stay(stay) / (1 - probability)) / slope
    stay_condition = max(1, min(probability, 1 - probability) / (stay * slope))
    return {
        **inputs, "utilization": arrival * admitted / (servers * service), "stable": 1.0,
        "probability_blocked": weights[k] / total, "throughput": arrival * admitted,
        "probability_wait": mp.fsum(weights[c:k]) / mp.fsum(weights[:k]), "mean_wait": wait,
        "mean_sojourn": wait + 1 / service, "mean_queue_length": queue,
        "mean_number": mp.fsum(w * n for n, w in enumerate(weights)) / total,
        "wait_cdf": 1 - poisson(longer, service * servers * time), "wait_quantile": quantile,
        "wait_quantile_condition": condition, "sojourn_cdf": 1 - longer_stay(time) if time else mpf(0), "sojourn_quantile": stay,
        "sojourn_quantile_condition": stay_condition, "source": source,
    }  # fmt: skip


def mmck_rows() -> list[dict[str, float | mpf | str]]:
    names = ("arrival_rate", "service_rate", "servers", "capacity", "time", "probability")
    rows = []
    for values, source, published in [
        ((40, 30, 3, 7), "Octave queueing: qsmmmk", {"mean_sojourn": "0.03651700794329"}),
        ((3, 2, 2, 5), "Octave queueing: qsmmmk",
         {"probability_blocked": "0.08511383537653", "mean_number": "2.005954465849", "mean_wait": "0.2308575803982"}),
        ((5, 5.714, 1, 15), "R package queueing: example 10.7",
         {"probability_blocked": "0.01913442800661", "mean_number": "4.858887618307",
          "mean_sojourn": "0.9907346647783"}),
        ((8, 4, 5, 12), "R package queueing: example 10.11",
         {"mean_number": "2.039346064826", "mean_wait": "0.004933220453038"}),
        ((1, 1, 1, 10), "Octave queueing: qsmm1k", {"mean_number": "5", "probability_blocked": "0.0909090909090909"}),
    ]:  # fmt: skip
        new = mmck_row(dict(zip(names, (*map(float, values), 0.1, 0.95), strict=True)), source)
        for name, printed in published.items():
            agree(new[name], printed)
        rows.append(new)
    pairs = [(0.0, 0.5), (0.3, 0.01), (0.6, 0.99), (0.9, 0.999999), (1.0, 0.9), (1.3, 0.2), (2.0, 1 - 1e-12)]
    for c in (1.0, 2.0, 10.0, 99.0, 100.0, 101.0, 1000.0):
        for places in (0.0, 1.0, 2.0, 7.0, 64.0, 1000.0):
            for load in (1e-6, 0.3, 0.8, 0.999, 1 - 1e-9, 1.0, 1 + 1e-9, 1.3, 4.0, 1e3):
                share, probability = pairs[len(rows) % len(pairs)]
                time = share * 3 * (places + 1) / c
                row = mmck_row(dict(zip(names, (load * c / 3, 1 / 3, c, c + places, time, probability), strict=True)))
                known = row["wait_cdf"] > 1e-35  # the rest is rounding of 60 digits
                if known and min(abs(v) for v in row.values() if isinstance(v, mpf) and v) > 1e-300:
                    rows.append(row)
    rows.append(mmck_row(dict(zip(names, (0.0, 2.0, 3.0, 5.0, 1.0, 0.5), strict=True)), "nobody comes"))
    return rows


def servers_rows() -> list[dict[str, float | mpf | str]]:
    def row(arrival: float, service: float, wait: float, probability: float, source: str = "grid", expected: int = 0):
        servers = servers_for_wait(arrival, service, wait, probability)
        assert not expected or servers == expected, (servers, expected)
        return {"arrival_rate": arrival, "service_rate": service, "wait": wait, "probability": probability,
                "servers_for_wait": float(servers), "source": source}  # fmt: skip

    for servers, printed in ((51, "0.0153801"), (52, "2.34694e-4")):
        agree(1 - Queue(1000.0, 20.0, float(servers)).wait_cdf(0.2), printed)
    rows = [row(1000.0, 20.0, 0.2, 0.99, "a Rust capacity planner's example: it says about 55", 52),
            row(100.0, 10.0, 0.011, 0.8, "pyworkforce ErlangC", 14)]  # fmt: skip
    rows += [
        row(load * service, service, wait / service, probability)
        for load in (1e-3, 0.7, 1.0, 10.0, 100.0, 12345.6, 1e6)
        for service in (1.0, 1 / 3)
        for wait in (0.0, 0.01, 5.0)
        for probability in (0.01, 0.5, 0.99, 1 - 1e-9)
    ]
    rows.append(row(0.0, 1.0, 0.0, 0.999))
    return rows


def main() -> None:
    folder = Path(sys.argv[1])
    write(folder / "erlang.csv", "", erlang_rows())
    write(folder / "mm1.csv", "", mm1_rows())
    write(folder / "mmc.csv", CONDITION, mmc_rows())
    write(folder / "mmck.csv", MMCK_CONDITION, mmck_rows())
    write(folder / "servers_for_wait.csv", "# The number of servers is exact.\n", servers_rows())


if __name__ == "__main__":
    main()
