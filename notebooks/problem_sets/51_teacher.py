"""The teacher's answers to problem set 51. Not part of the installed package."""

import math

from qsm import core, latency


def floor(distance, index, route_factor, round_trips):
    return 2 * round_trips * distance * route_factor * index / 299_792_458


def fan(slow, share):
    return math.ceil(math.log1p(-share) / math.log1p(-slow) - 1e-9)


def averages(servers, factor):
    return [[1e-3] * 100] * (servers - 1) + [[1.0] * 100]


def omission(samples, interval):
    values = sorted(latency.correct_coordinated_omission(samples, interval))
    return values[math.ceil(0.99 * len(values)) - 1]


def little(arrivals, departures, begin, end):
    inside = (min(d, end) - max(a, begin) for a, d in zip(arrivals, departures, strict=True))
    return sum(time for time in inside if time > 0) / (end - begin)


def plan(means, prices, limit, budget):
    def cost(machines):
        return sum(n * price for n, price in zip(machines, prices, strict=True))

    def late(machines):
        rates = [n / mean for n, mean in zip(machines, means, strict=True)]
        return latency.sum_of([core.exponential(rate) for rate in rates]).survival(limit)

    some = range(1, 9)
    plans = ([a, b, c] for a in some for b in some for c in some)
    return min((machines for machines in plans if cost(machines) <= budget), key=late)


def sketch(values, error):
    growth = math.log((1 + error) / (1 - error))
    counts = {}
    for value in values:
        index = math.ceil(math.log(value) / growth)
        counts[index] = counts.get(index, 0) + 1
    return sorted([index, count] for index, count in counts.items())


def hedge(mu, sigma, after):
    law = core.lognormal(mu, sigma)
    return latency.hedged(law, law.quantile(after)).quantile(0.99)
