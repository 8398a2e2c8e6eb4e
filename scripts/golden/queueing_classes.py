"""Golden rows of single servers with classes or ranks, of the joint GI/G/c call, and of the shortest of d queues.

In 50 digits, of the very doubles that stand in the rows. Priorities by Cobham's formulas, sharing by weights from the
linear equations of Fayolle, Mitrani and Iasnogorodski, Gittins' policy for two sizes by hand from the SOAP theorem, many
queues by the fixed point of the mean field. Published cases must agree with every digit that was printed.

Run: python scripts/golden/queueing_classes.py tests/golden/queueing
"""

import csv
import sys
from pathlib import Path

from mpmath import lu_solve, matrix, mp, mpf, nstr

mp.dps = 50
HEADER = """\
# mpmath with 50 digits, scripts/golden/queueing_classes.py; inputs are exact doubles. Relative error <= 1e-12.
"""
CLASSES = HEADER + "# Of several classes: numbers separated by semicolons, laws by bars.\n"


def text(value):
    return nstr(value, 25) if isinstance(value, mpf) else repr(float(value))


def listed(values):
    return ";".join(text(value) for value in values)


def agree(value, printed):
    digits = len(printed.replace(".", "").lstrip("0"))
    assert abs(value / mpf(printed) - 1) < mpf(10) ** (1 - digits), (nstr(value, 20), printed)


def moments(law):
    """First two moments of a law by its text."""
    name, _, inside = law[:-1].partition("(")
    given = {
        k: [mpf(float(x)) for x in v.split()] for k, _, v in (part.strip().partition("=") for part in inside.split(";"))
    }
    if name == "exponential":
        return 1 / given["rate"][0], 2 / given["rate"][0] ** 2
    if name == "uniform":
        low, high = given["low"][0], given["high"][0]
        return (low + high) / 2, (low**2 + low * high + high**2) / 3
    if name == "deterministic":
        return given["value"][0], given["value"][0] ** 2
    assert name == "gamma"
    shape, scale = given["shape"][0], given["scale"][0]
    return shape * scale, shape * (shape + 1) * scale**2


def by_class(rates, laws, discipline):
    """Mean times in the system."""
    rates = [mpf(rate) for rate in rates]
    means, squares = zip(*map(moments, laws), strict=True)
    work = [rate * square / 2 for rate, square in zip(rates, squares, strict=True)]
    load = [rate * mean for rate, mean in zip(rates, means, strict=True)]
    if discipline == "fcfs":
        return [sum(work) / (1 - sum(load)) + mean for mean in means]
    found = []
    for i, mean in enumerate(means):
        before, through = 1 - sum(load[:i]), 1 - sum(load[: i + 1])
        if discipline == "priority":
            found.append(sum(work) / before / through + mean)
        else:
            found.append(sum(work[: i + 1]) / before / through + mean / before)
    return found


def shared(rates, speeds, weights):
    """T_k = 1/mu_k + sum_j lambda_j g_j (T_j + T_k) / (mu_j g_j + mu_k g_k)."""
    n = len(rates)
    rates, speeds, weights = ([mpf(x) for x in row] for row in (rates, speeds, weights))
    a, b = matrix(n, n), matrix(n, 1)
    for k in range(n):
        a[k, k] += 1
        b[k] = 1 / speeds[k]
        for j in range(n):
            part = rates[j] * weights[j] / (speeds[j] * weights[j] + speeds[k] * weights[k])
            a[k, j] -= part
            a[k, k] -= part
    return list(lu_solve(a, b))


def two_sizes(rate, small, share, large):
    """Gittins' policy for sizes a (with probability p) and b. From age 0 it pays to stop at a, where the rank is a/p;
    beyond a it is the rest. By SOAP, with old and new work per rank: a small job waits for jobs before their age a and
    for large ones with less than a/p left; a large one for all there is and for the first a of all who come while more
    than a/p of it is left."""
    rate, a, p, b = mpf(rate), mpf(small), mpf(share), mpf(large)
    rank = a / p
    assert rank < b - a, "else no job beyond a is held back"
    mean, square = p * a + (1 - p) * b, p * a**2 + (1 - p) * b**2
    of_small = rate / 2 * (a**2 + (1 - p) * rank**2) / (1 - rate * a) + a
    of_large = rate / 2 * square / (1 - rate * mean) / (1 - rate * a) + (b - rank) / (1 - rate * a) + rank
    return p * of_small + (1 - p) * of_large, of_small, of_large


def fixed_point(load, drawn):
    """Mean time in the system with unit service and the shortest of d drawn queues, as the queues become many."""
    load, power, total, k = mpf(load), mpf(0), mpf(0), 0
    while True:
        term = load**power
        total += term
        if term < mpf(10) ** -45:
            return total
        k += 1
        power = power * drawn + drawn if drawn > 1 else mpf(k)


def class_rows():
    laws = {
        "exponential": ["exponential(rate=1)", "exponential(rate=1.25)", "exponential(rate=2)"],
        "mixed": ["uniform(low=0; high=2)", "deterministic(value=0.5)", "gamma(shape=2; scale=0.4)"],
        "wide": ["exponential(rate=20)", "gamma(shape=0.5; scale=1)", "exponential(rate=0.2)"],
    }
    rates = {"exponential": [0.2, 0.3, 0.4], "mixed": [0.3, 0.2, 0.5], "wide": [5, 0.5, 0.05]}
    rows = []
    for name, services in laws.items():
        for scale in (1e-3, 1, 1.1):
            for discipline in ("fcfs", "priority", "preemptive_priority"):
                found = [scale * rate for rate in rates[name]]
                times = by_class(found, services, discipline)
                if name == "exponential" and scale == 1:  # published
                    printed = {"priority": ["1.615", "1.898214285714", "2.940476190476"],
                               "preemptive_priority": ["1.25", "1.875", "3.333333333333"]}  # fmt: skip
                    for time, p in zip(times, printed.get(discipline, ()), strict=False):
                        agree(time, p)
                rows.append([listed(found), "|".join(services), discipline, listed(times), name])
    return rows


def weight_rows():
    rows = []
    for rates, speeds, weights in (
        ([0.2, 0.3], [1, 2], [1, 3]),
        ([0.2, 0.3], [1, 2], [1, 1]),
        ([0.5, 0.4], [1, 1], [1, 1000]),
        ([0.1, 0.2, 0.3], [0.5, 1, 3], [4, 2, 1]),
        ([1e-6, 0.9], [1, 1], [0.01, 5]),
        ([3, 2, 1, 0.5], [10, 10, 5, 2], [1, 2, 3, 4]),
    ):
        times = shared(rates, speeds, weights)
        if weights == [1, 3]:
            for time, printed in zip(times, ("1.61668839635", "0.66492829205"), strict=True):
                agree(time, printed)
        rows.append([listed(rates), listed(speeds), listed(weights), listed(times), "linear equations"])
    return rows


def gittins_rows():
    rows = []
    for small, share, large in ((1, 0.5, 10), (0.5, 0.75, 4), (1, 0.875, 32), (2, 0.25, 16)):
        mean = share * small + (1 - share) * large
        for load in (1e-4, 0.3, 0.8, 0.99):
            rate = load / mean
            rows.append([text(rate), text(small), text(share), text(large),
                         *map(text, two_sizes(rate, small, share, large)), "by hand"])  # fmt: skip
    return rows


def method_rows(folder):
    """The joint call gives the means that follow from the wait of its approximation."""
    with (folder / "ggc.csv").open() as file:
        table = list(csv.DictReader(line for line in file if not line.startswith("#")))
    rows = []
    for row in table:
        rate, speed = mpf(float(row["arrival_rate"])), mpf(float(row["service_rate"]))
        for method in ("allen_cunneen", "kraemer_langenbach_belz", "whitt"):
            wait = mpf(row["ggc_" + method])
            number = [rate * wait, rate * wait + rate / speed] if wait != mp.inf else [mp.inf, mp.inf]
            rows.append([row[k] for k in ("arrival_rate", "arrival_scv", "service_rate", "service_scv", "servers")] +
                        [method, text(wait), text(wait + 1 / speed), *map(text, number), row["source"]])  # fmt: skip
    return rows


def shortest_rows():
    rows = []
    published = {2: "1.26568603609 1.61445377032 1.94736338595 2.61405737732 3.38304600252 5.43199657916",
                 3: "2.027855969 3.85784651966", 5: "1.63288123911 2.90168282917"}  # fmt: skip
    for drawn, loads in ((2, (0.5, 0.7, 0.8, 0.9, 0.95, 0.99)), (3, (0.9, 0.99)), (5, (0.9, 0.99))):
        for load, printed in zip(loads, published[drawn].split(), strict=True):
            time = fixed_point(load, drawn)
            agree(time, printed)
            rows.append([text(load), str(drawn), text(time), "N. Vvedenskaya and others 1996; M. Mitzenmacher 1996"])
    return rows


def write(path, names, rows, header):
    assert all("," not in cell for row in rows for cell in row), path
    path.write_text(header + "\n".join(",".join(row) for row in [names, *rows]) + "\n")


def main():
    folder = Path(sys.argv[1])
    write(folder / "mg1_classes.csv", ["arrival_rates", "services", "discipline", "mean_sojourn", "source"], class_rows(),
          CLASSES)  # fmt: skip
    write(folder / "dps.csv", ["arrival_rates", "service_rates", "weights", "dps_mean_sojourn", "source"], weight_rows(),
          CLASSES)  # fmt: skip
    write(folder / "gittins.csv", ["arrival_rate", "small", "share", "large", "mean_sojourn", "mean_sojourn_small",
                                   "mean_sojourn_large", "source"], gittins_rows(), HEADER)  # fmt: skip
    write(folder / "ggc_methods.csv", ["arrival_rate", "arrival_scv", "service_rate", "service_scv", "servers", "method",
                                       "mean_wait", "mean_sojourn", "mean_queue_length", "mean_number", "source"],
          method_rows(folder), HEADER)  # fmt: skip
    write(folder / "shortest_of_drawn.csv", ["load", "choices", "mean_sojourn", "source"], shortest_rows(), HEADER)


if __name__ == "__main__":
    main()
