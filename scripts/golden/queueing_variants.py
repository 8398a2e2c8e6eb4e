"""Golden rows of the variants of M/G/1, of M/G/∞ and of unequal servers, at 50 digits and by other ways than the library's.

Waits by derivatives of the transforms at 0 (Fuhrmann and Cooper's decomposition, Gaver's completion time), taken by
Taylor series; unequal servers by the balance equations of every set of busy servers.

Run: python scripts/golden/queueing_variants.py tests/golden/queueing
"""

import sys
from collections.abc import Callable
from pathlib import Path

from mpmath import exp, expm1, lu_solve, matrix, mp, mpf, quad, taylor
from queueing import agree
from queueing_stations import Row, write

mp.dps = 60

# text of a law -> its Laplace transform and survival function
LAWS = {
    "exponential(rate=2)": (lambda s: 2 / (2 + s), lambda t: exp(-2 * t)),
    "gamma(shape=2; scale=0.5)": (lambda s: (1 + s / 2) ** -2, lambda t: exp(-2 * t) * (1 + 2 * t)),
    "deterministic(value=0.75)": (lambda s: exp(-s * 3 / 4), lambda t: mpf(t < 0.75)),
    "uniform(low=0; high=1.5)": (
        lambda s: -expm1(-s * 3 / 2) / (s * 3 / 2) if s else mpf(1),
        lambda t: max(1 - mpf(t) * 2 / 3, mpf(0)),
    ),
}


def moments(transform: Callable[[mpf], mpf]) -> list[mpf]:
    """E[X], E[X²] from the transform."""
    if transform is LAWS["uniform(low=0; high=1.5)"][0]:
        return [mpf("0.75"), mpf("0.75")]
    series = taylor(transform, 0, 2)
    return [-series[1], 2 * series[2]]


def means(rate: mpf, load: mpf, wait: mpf, inside: mpf, source: str) -> Row:
    return {
        "utilization": load, "stable": 1.0, "mean_wait": wait, "mean_sojourn": wait + inside,
        "mean_queue_length": rate * wait, "mean_number": rate * (wait + inside), "source": source,
    }  # fmt: skip


def bulk_rows() -> list[Row]:
    """The batch as one customer of M/G/1, then the own batch, counted for the sizes one by one."""
    sizes = {
        "geometric": [mpf(1) / 2 ** (k + 1) for k in range(400)], "three": [mpf(0), mpf(0), mpf(1)],
        "one or four": [mpf(3) / 4, mpf(0), mpf(0), mpf(1) / 4], "one": [mpf(1)],
    }  # fmt: skip
    rows = []
    for text, (transform, _) in LAWS.items():
        first, second = moments(transform)
        for name, weights in sizes.items():
            mean = mp.fsum(k * w for k, w in enumerate(weights, 1))
            square = mp.fsum(k * k * w for k, w in enumerate(weights, 1))
            for load in (0.3, 0.9):
                batches = float(load / first / mean)
                rate = mpf(batches)
                work = mean * (second - first**2) + square * first**2  # E of (service of a batch)²
                before = mp.fsum(w * k * (k - 1) / 2 for k, w in enumerate(weights, 1)) / mean * first
                wait = rate * work / (2 * (1 - rate * mean * first)) + before
                scv = float(square / mean**2 - 1)
                rows.append({
                    "batch_rate": batches, "batch_mean": float(mean), "batch_scv": scv, "service": text,
                    **means(rate * mean, rate * mean * first, wait, first, name),
                })  # fmt: skip
    return rows


def variant_rows(kind: str) -> list[Row]:
    rows = []
    for text, (transform, _) in LAWS.items():
        first, second = moments(transform)
        for other, (away, _) in LAWS.items():
            gone, twice = moments(away)
            for load in (0.05, 0.5, 0.9):
                arrival = float(load / first) if kind != "breakdowns" else float(load / first / 1.5)
                lam = mpf(arrival)
                queue = lam * second / (2 * (1 - lam * first))
                if kind == "vacations":
                    # Idle time of a cycle starts with a vacation; by the length of what an undelayed arrival finds.
                    nobody = away(lam)
                    for choice, extra in (
                        ("multiple", twice / gone / 2),
                        ("single", twice / 2 / (gone + nobody / lam)),
                    ):
                        rows.append({"arrival_rate": arrival, "service": text, "vacation": other, "kind": choice,
                                     **means(lam, lam * first, queue + extra, first, "grid")})  # fmt: skip
                elif kind == "setup_times":
                    # Who arrives in a setup or starts it waits for the rest, weighted by the cycle of 1/λ and a setup.
                    extra = (gone + lam * twice / 2) / (lam * (1 / lam + gone))
                    rows.append({"arrival_rate": arrival, "service": text, "setup": other,
                                 **means(lam, lam * first, queue + extra, first, "grid")})  # fmt: skip
                else:
                    failure = 1 / 4
                    # Moments of the completion time, S*(s + ξ (1 - D*(s))), by differences of the transform.
                    step = mpf("1e-15")
                    with mp.workdps(100):
                        held = lambda s, t=transform, a=away: t(s + failure * (1 - a(s)))
                        up, down = held(step), held(-step)
                        mean, square = (down - up) / (2 * step), (up + down - 2) / step**2
                    wait = lam * square / (2 * (1 - lam * mean))
                    rows.append({"arrival_rate": arrival, "service": text, "failure_rate": failure, "repair": other,
                                 **means(lam, lam * mean, wait, mean, "grid")})  # fmt: skip
    return rows


def infinity_rows() -> list[Row]:
    rows = []
    for text, (transform, tail) in LAWS.items():
        first, _ = moments(transform)
        for arrival in (0.5, 8.0):
            for time in (0.25, 1.0, 10.0):
                marks = sorted({mpf(0), *(mpf(m) for m in (0.75, 1.5) if m < time), mpf(time)})
                grown = quad(tail, marks)
                count = float(int(arrival * first))
                load = arrival * first
                inside = mp.fsum(load**k / mp.factorial(k) for k in range(int(count) + 1)) * exp(-load)
                rows.append({
                    "arrival_rate": arrival, "service": text, "time": time, "count": count, "mean_sojourn": first,
                    "mean_number": load, "mean_busy_period": expm1(load) / arrival, "mean_number_at": arrival * grown,
                    "departure_rate_at": arrival * (1 - tail(mpf(time))), "number_cdf": inside, "source": "grid",
                })  # fmt: skip
    return rows


def unequal_rows() -> list[Row]:
    rows = []
    for rates in ([10.0, 15.0, 20.0, 20.0, 25.0], [1.0], [3.0, 1.0], [5.0, 0.25, 1.0], [2.0, 2.0, 2.0]):
        for load in (0.05, 0.5, 73 / 90, 0.95):
            arrival = load * sum(rates)
            lam, servers = mpf(arrival), len(rates)
            states = 2**servers
            spare = mpf(sum(rates)) - lam
            flow = matrix(states, states)  # the queue above the full set goes as a geometric series
            for busy in range(states):
                free = [i for i in range(servers) if not busy >> i & 1]
                for i in range(servers):
                    if i in free:
                        flow[busy | 1 << i, busy] += lam / len(free)
                        flow[busy, busy] -= lam / len(free)
                    else:
                        flow[busy & ~(1 << i), busy] += rates[i]
                        flow[busy, busy] -= rates[i]
            for state in range(states):  # total of probabilities, those of the queue included
                flow[0, state] = 1 if state < states - 1 else sum(rates) / spare
            right = matrix(states, 1)
            right[0] = 1
            share = lu_solve(flow, right)
            full = share[states - 1]
            wait = full * sum(rates) / spare / spare
            working = mp.fsum(share[s] * s.bit_count() for s in range(states - 1)) + servers * full * sum(rates) / spare
            if len(set(rates)) == 1 and servers == 1:
                agree(wait, mp.nstr(lam / rates[0] / (rates[0] - lam), 15))
            text = " ".join(map(str, rates))
            rows.append({"arrival_rate": arrival, "service_rates": text,
                         **means(lam, lam / sum(rates), wait, working / lam, "grid")})  # fmt: skip
    return rows


def main() -> None:
    folder = Path(sys.argv[1])
    write(folder, "batch_arrivals.csv", bulk_rows())
    for kind in ("vacations", "setup_times", "breakdowns"):
        write(folder, f"{kind}.csv", variant_rows(kind))
    write(folder, "mg_infinity.csv", infinity_rows())
    write(folder, "unequal_servers.csv", unequal_rows())


if __name__ == "__main__":
    main()
