"""Problem set 51: latency. Texts, numbers, misunderstandings and verifiers; the answers are with the teacher."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qsm.core import exponential, lognormal
from qsm.course._draws import Draws
from qsm.course._problems import Misconception, Problem, ProblemSet, numbers_of, whole
from qsm.latency import fan_out_slow_probability, min_of, sum_of

_LIGHT = 299_792_458.0  # [m/s]


def _ranked(values: Any, probability: float) -> float:
    """The smallest value with at least that share of the values at or below it."""
    return float(np.sort(values)[max(0, math.ceil(probability * len(values) - 1e-9) - 1)])


# --- 1 ---------------------------------------------------------------------------------------------------------------


def _draw_floor(draws: Draws) -> dict[str, Any]:
    return {
        "distance": draws.integer(300, 19_000) * 1000.0,
        "index": draws.uniform(1.44, 1.5, 0.001),
        "route_factor": draws.uniform(1.2, 2.5),
        "round_trips": draws.integer(2, 5),
    }


_FLOOR = Problem(
    name="floor",
    title="No faster than light",
    text="A page needs {round_trips} round trips, one after the other, to a server {distance:g} m away along the shortest way. "
    "The cable is {route_factor:g} times as long, and its glass has the group index {index:g}. What is the least time the page "
    "can take? (Light: 299,792,458 m/s.)",
    returns="a time in seconds",
    draw=_draw_floor,
    level=1,
    plausible=lambda distance, index, route_factor, round_trips: (distance / _LIGHT, 100 * distance / _LIGHT),
    misconceptions=(
        Misconception(
            lambda distance, index, route_factor, round_trips: 2 * round_trips * route_factor * distance / _LIGHT,
            "That is light in a vacuum. In glass it is slower by the index.",
        ),
        Misconception(
            lambda distance, index, route_factor, round_trips: round_trips * route_factor * distance * index / _LIGHT,
            "A round trip goes there and back.",
        ),
        Misconception(
            lambda distance, index, route_factor, round_trips: 2 * route_factor * distance * index / _LIGHT,
            "That is one round trip. The page needs more.",
        ),
        Misconception(
            lambda distance, index, route_factor, round_trips: 2 * round_trips * distance * index / _LIGHT,
            "That is the shortest way. The cable takes a longer one.",
        ),
    ),
)


# --- 2 ---------------------------------------------------------------------------------------------------------------


def _draw_fan(draws: Draws) -> dict[str, Any]:
    return {"slow": draws.uniform(0.001, 0.02, 0.0001), "share": draws.uniform(0.3, 0.9, 0.01)}


def _verify_fan(answer: Any, slow: float, share: float) -> str:
    if not whole(answer):
        return "The answer must be a whole number of servers, at least 1."
    if not fan_out_slow_probability(slow, answer) >= share:
        return "With so many servers, fewer pages than that wait for a slow answer."
    if answer > 1 and fan_out_slow_probability(slow, answer - 1) >= share:
        return "With so many servers enough pages are slow, but with one server fewer, too."
    return ""


_FAN = Problem(
    name="fan",
    title="How many make a page slow",
    text="A page asks many servers at the same time and waits for all. Each is slow for a share {slow:g} of its requests, "
    "independently. What is the smallest number of servers with which at least a share {share:g} of the pages wait for a slow "
    "answer?",
    returns="a whole number of servers",
    draw=_draw_fan,
    verify=_verify_fan,
    level=1,
    misconceptions=(
        Misconception(
            lambda slow, share: math.ceil(share / slow),
            "Chances do not add up: with that rule, more than all pages would be slow in the end.",
        ),
        Misconception(
            lambda slow, share: round(1 / slow),
            "One in so many is a mean. It does not say how many pages meet none.",
        ),
        Misconception(
            lambda slow, share: math.ceil(math.log(share) / math.log(1 - slow)),
            "That many are needed so that a share of the pages meets no slow answer. Asked is the opposite.",
        ),
    ),
)


# --- 3 ---------------------------------------------------------------------------------------------------------------


def _draw_averages(draws: Draws) -> dict[str, Any]:
    servers = draws.integer(4, 12)
    return {"servers": servers, "factor": draws.uniform(2.1, 0.75 * servers, 0.001)}


def _verify_averages(answer: Any, servers: int, factor: float) -> str:
    if not isinstance(answer, list) or len(answer) != servers:
        return f"The answer must be a list of {servers} lists, one for each server."
    if not all(numbers_of(one, 100, 5000) for one in answer):
        return "Give each server 100 to 5,000 latencies."
    if min(map(min, answer)) <= 0 or max(map(max, answer)) > 1e6:
        return "Latencies must be above 0 and at most a million seconds."
    mean = float(np.mean([_ranked(one, 0.99) for one in answer]))
    true = _ranked(np.concatenate(answer), 0.99)
    if not true >= factor * mean:
        return f"The 99th percentile of all requests is {true / mean:.3g} times the mean of the servers' percentiles."
    return ""


_AVERAGES = Problem(
    name="averages",
    title="The mean of percentiles",
    text="A dashboard shows the mean of the 99th percentiles of {servers} servers. Prove that it can be far too low: give the "
    "latencies of each server, 100 to 5,000 of them, so that the 99th percentile of all requests together is at least "
    "{factor:g} times what the dashboard shows. (99th percentile: the smallest value with 99 % of the values at or below it.)",
    returns="a list of lists of times in seconds, one list for each server",
    draw=_draw_averages,
    verify=_verify_averages,
    level=3,
    misconceptions=(
        Misconception(
            lambda servers, factor: [[1.0] * 99 + [1000.0] for _ in range(servers)],
            "A slow request in each hundred of every server: then the dashboard is right. Think of servers that differ.",
        ),
        Misconception(
            lambda servers, factor: [[1.0] * 5000] * (servers - 1) + [[1000.0] * 100],
            "The slow server has so few requests that they vanish among all the others; now the dashboard shows too much.",
        ),
    ),
)


# --- 4 ---------------------------------------------------------------------------------------------------------------


def _draw_omission(draws: Draws) -> dict[str, Any]:
    interval = draws.uniform(0.01, 0.1, 0.005)
    samples = [round(0.02 * interval + time, 6) for time in draws.times(0.05 * interval, 250)]
    for _ in range(2):
        samples.insert(draws.integer(20, 230), round(interval * draws.uniform(20, 60, 0.001), 6))
    return {
        "samples": [min(time, 0.9 * interval) if time < interval else time for time in samples],
        "interval": interval,
    }


def _corrected(samples: list[float], interval: float, stretch: float) -> list[float]:
    """The log with the requests that were not sent; each waited its part of a stall (1), or all of it (0)."""
    missing = [time - stretch * k * interval for time in samples for k in range(1, int(time / interval))]
    return [*samples, *missing]


_OMISSION = Problem(
    name="omission",
    title="What the load generator left out",
    text="A load generator means to send a request each {interval:g} s, but waits for each answer before it sends the next. "
    "`samples` is its log. Put back what it left out: a recorded time v longer than the interval i stands for the requests that "
    "should have been sent meanwhile, which would have waited v - i, v - 2 i, ... as long as that is at least i. What is the "
    "99th percentile of recorded and added times together? (The smallest value with 99 % of the values at or below it.)",
    returns="a time in seconds",
    draw=_draw_omission,
    plausible=lambda samples, interval: (min(samples), max(samples)),
    misconceptions=(
        Misconception(
            lambda samples, interval: _ranked(samples, 0.99),
            "That is the percentile of what was recorded: the requests never sent are missing, and they are the slow ones.",
        ),
        Misconception(
            lambda samples, interval: _ranked([time for time in samples if time < interval], 0.99),
            "A stall is no error of measurement to be thrown away: users meet it.",
        ),
        Misconception(
            lambda samples, interval: _ranked(_corrected(samples, interval, 0), 0.99),
            "Not every request waits for the whole stall. Those sent later wait less.",
        ),
    ),
)


# --- 5 ---------------------------------------------------------------------------------------------------------------


def _draw_little(draws: Draws) -> dict[str, Any]:
    arrivals = [round(float(time), 6) for time in np.cumsum(draws.times(1.0, 80))]
    departures = [round(arrival + 0.2 + time, 6) for arrival, time in zip(arrivals, draws.times(1.5, 80), strict=True)]
    begin, end = round(arrivals[19] + 0.001, 6), round(arrivals[59] + 0.001, 6)
    departures[5] = round(end + draws.uniform(5, 20), 6)  # was there before, and stays till after
    departures[30] = round(end + draws.uniform(5, 20), 6)
    return {"arrivals": arrivals, "departures": departures, "begin": begin, "end": end}


def _inside(arrivals: list[float], departures: list[float], begin: float, end: float) -> list[tuple[float, float]]:
    """Arrival and departure of those who arrive in the window."""
    return [(a, d) for a, d in zip(arrivals, departures, strict=True) if begin <= a < end]


def _naive_little(arrivals: list[float], departures: list[float], begin: float, end: float) -> float:
    return sum(d - a for a, d in _inside(arrivals, departures, begin, end)) / (end - begin)


def _left_little(arrivals: list[float], departures: list[float], begin: float, end: float) -> float:
    return sum(d - a for a, d in _inside(arrivals, departures, begin, end) if d <= end) / (end - begin)


def _poisson_little(arrivals: list[float], departures: list[float], begin: float, end: float) -> float:
    here = _inside(arrivals, departures, begin, end)
    times = [d - a for a, d in here]
    rate = len(here) / (end - begin)
    load = rate * float(np.median(times)) / (1 + rate * float(np.median(times)))
    return load / (1 - load)


_LITTLE = Problem(
    name="little",
    title="How many were inside",
    text="`arrivals` and `departures` are a service's log, a pair for each request, in seconds. How many requests were inside "
    "in the mean over the time from `begin` ({begin:g} s) to `end` ({end:g} s)? Some came before it, some left after it.",
    returns="a mean number of requests",
    draw=_draw_little,
    plausible=lambda arrivals, departures, begin, end: (0, len(arrivals)),
    misconceptions=(
        Misconception(
            _naive_little,
            "Arrivals in the window times their mean time inside: that counts time after the end, and forgets those who were "
            "there at the beginning.",
        ),
        Misconception(_left_little, "Those who are still inside at the end have been inside, too."),
        Misconception(
            _poisson_little,
            "Little's law needs no Poisson arrivals and no model of the queue. Count who is there.",
        ),
    ),
)


# --- 6 ---------------------------------------------------------------------------------------------------------------

_MOST = 8
_PLANS = np.stack(np.meshgrid(*[np.arange(1, _MOST + 1)] * 3, indexing="ij"), -1).reshape(-1, 3)


def _late(rates: NDArray[np.float64], time: float) -> NDArray[np.float64]:
    """P(sum of three exponential times > t); equal rates are moved apart a little, which hides below the margin."""
    a, b, c = (rates * (1, 1 + 1e-5, 1 + 2.3e-5)).T
    terms = [(x, y, z) for x, y, z in ((a, b, c), (b, c, a), (c, a, b))]
    return np.asarray(sum(y * z / ((y - x) * (z - x)) * np.exp(-x * time) for x, y, z in terms))


def _draw_plan(draws: Draws) -> dict[str, Any]:
    means = [draws.uniform(0.02, 0.2, 0.001) for _ in range(3)]
    prices = [draws.integer(2, 20) for _ in range(3)]
    limit = round(sum(means) * draws.uniform(0.6, 1.2), 3)
    good = _late(_PLANS / means, limit) <= 0.0099
    costs = _PLANS @ np.array(prices)
    return {"means": means, "prices": prices, "limit": limit, "budget": int(costs[good].min())}


def _verify_plan(answer: Any, means: list[float], prices: list[float], limit: float, budget: float) -> str:
    if not numbers_of(answer, 3, 3) or not all(whole(machines) and machines <= _MOST for machines in answer):
        return f"The answer must be a list of three whole numbers of machines from 1 to {_MOST}."
    cost = sum(price * machines for price, machines in zip(prices, answer, strict=True))
    if cost > budget:
        return f"That costs {cost:g}, more than {budget:g}."
    total = sum_of([exponential(machines / mean) for machines, mean in zip(answer, means, strict=True)])
    if not total.survival(limit) <= 0.01:
        return "More than one request in a hundred takes longer than that."
    return ""


def _split_plan(means: list[float], prices: list[float], limit: float, budget: float) -> list[int]:
    return [min(_MOST, math.ceil(-math.log(0.01) * mean / (limit / 3))) for mean in means]


def _mean_plan(means: list[float], prices: list[float], limit: float, budget: float) -> list[int]:
    return [min(_MOST, math.ceil(mean / (limit / 3))) for mean in means]


def _even_plan(means: list[float], prices: list[float], limit: float, budget: float) -> list[int]:
    return [next((n for n in range(1, _MOST + 1) if _late(n / np.array([means]), limit)[0] <= 0.01), _MOST)] * 3


_PLAN = Problem(
    name="plan",
    title="A budget for the tail",
    text="A request passes three services one after the other. With n machines, service k takes an exponential time with mean "
    "means[k] / n, and costs n · prices[k]. Yours have means of {means} s and prices of {prices}. Choose 1 to 8 machines for "
    "each, so that 99 % of the requests take at most {limit:g} s in all, and the plan costs at most {budget:g}.",
    returns="a list of three whole numbers of machines",
    draw=_draw_plan,
    verify=_verify_plan,
    points=15,
    level=4,
    misconceptions=(
        Misconception(
            _split_plan,
            "The 99th percentiles of the services do not add up to that of the request: three limits of a third are too strict, "
            "and too dear.",
        ),
        Misconception(_mean_plan, "Means that fit the limit leave the tail above it."),
        Misconception(_even_plan, "The same number everywhere forgets that services differ in time and price."),
    ),
)


# --- 7 ---------------------------------------------------------------------------------------------------------------


def _draw_sketch(draws: Draws) -> dict[str, Any]:
    spread = draws.uniform(2, 5, 0.1)
    values = [round(math.exp(spread * (time - 2)), 6) + 1e-6 for time in draws.times(1.0, 120)]
    return {"values": values, "error": draws.uniform(0.02, 0.1, 0.005)}


def _verify_sketch(answer: Any, values: list[float], error: float) -> str:
    if not isinstance(answer, list) or not all(numbers_of(one, 2, 2) for one in answer):
        return "The answer must be a list of pairs, index and count."
    if not answer or len(answer) > len(values) or any(x % 1 for one in answer for x in one):
        return "Indices and counts must be whole numbers, and no bucket may be empty."
    indices, counts = np.array(answer, dtype=float).T
    if (np.diff(indices) <= 0).any() or counts.min() < 1 or np.abs(indices).max() > 1e6:
        return "Each index must come once, the smallest first, and no bucket may be empty."
    if counts.sum() != len(values):
        return "Not every value is in a bucket."
    growth = math.log1p(2 * error / (1 - error))
    places = np.log(values) / growth
    for index, below in zip(indices, np.cumsum(counts), strict=True):
        if not np.sum(places <= index - 1e-9) <= below <= np.sum(places <= index + 1e-9):
            return f"The buckets up to index {index:g} hold another number of values."
    return ""


def _sketched(values: list[float], place: Any) -> list[list[int]]:
    found = sorted(place(value) for value in values)
    return [[index, found.count(index)] for index in dict.fromkeys(found)]


_SKETCH = Problem(
    name="sketch",
    title="Percentiles without the log",
    text="A sketch of latencies answers for every percentile with a relative error of at most ε (for you {error:g}) and keeps "
    "only counts: bucket i holds the values x with γ^(i-1) < x ≤ γ^i, where γ = (1 + ε) / (1 - ε). Two sketches merge by "
    "adding counts. Write it: from `values` and `error`, the buckets that are not empty, as pairs [i, count], the smallest i "
    "first. Write it yourself: the grader takes `qsm` away.",
    returns="a list of pairs of whole numbers",
    draw=_draw_sketch,
    verify=_verify_sketch,
    points=15,
    level=2,
    from_scratch=True,
    misconceptions=(
        Misconception(
            lambda values, error: _sketched(values, lambda x: math.ceil(x / error)),
            "Buckets of equal width have a small relative error for long times and a large one for short times.",
        ),
        Misconception(
            lambda values, error: _sketched(values, lambda x: math.ceil(math.log(x) / math.log1p(error))),
            "Buckets that grow by 1 + ε are narrower than needed: answers from their middle err by half as much.",
        ),
        Misconception(
            lambda values, error: _sketched(
                values, lambda x: math.floor(math.log(x) / math.log1p(2 * error / (1 - error)))
            ),
            "The upper edge belongs to the bucket, and gives it its index.",
        ),
    ),
)


# --- 8 ---------------------------------------------------------------------------------------------------------------


def _draw_hedge(draws: Draws) -> dict[str, Any]:
    return {"mu": draws.uniform(-4, -2), "sigma": draws.uniform(0.5, 1.2), "after": draws.uniform(0.9, 0.97, 0.005)}


@functools.cache
def _plain_quantile(mu: float, sigma: float, probability: float) -> float:
    return float(lognormal(mu, sigma).quantile(probability))


_HEDGE = Problem(
    name="hedge",
    title="A second try, a little later",
    text="The latency of a request is lognormal: its logarithm has mean {mu:g} and standard deviation {sigma:g} (times in "
    "seconds). When a request has not come back after the {after:g}-quantile of that law, it is sent to a second server "
    "as well, independent of the first; the earlier answer counts. What is the 99th percentile of the latency now?",
    returns="a time in seconds",
    draw=_draw_hedge,
    level=3,
    plausible=lambda mu, sigma, after: (0, _plain_quantile(mu, sigma, 0.99) * 10),
    misconceptions=(
        Misconception(
            lambda mu, sigma, after: _plain_quantile(mu, sigma, 0.99),
            "That is the percentile without the second request.",
        ),
        Misconception(
            lambda mu, sigma, after: float(min_of(lognormal(mu, sigma), 2).quantile(0.99)),
            "That would be so if both were sent at once. The second starts later.",
        ),
        Misconception(
            lambda mu, sigma, after: (
                _plain_quantile(mu, sigma, after) + _plain_quantile(mu, sigma, 1 - 0.01 / (1 - after))
            ),
            "The first request goes on: its answer may still come before that of the second.",
        ),
        Misconception(
            lambda mu, sigma, after: _plain_quantile(mu, sigma, after) + _plain_quantile(mu, sigma, 0.99),
            "Few requests need a second one; of those few, not one in a hundred may be late.",
        ),
    ),
)


PROBLEMS = ProblemSet(
    name="51",
    title="Problem set 51: latency",
    intro="Eight functions to write. The numbers in the texts are yours alone; the grader tries your functions on them and "
    "on others that nobody has seen, so that a number written into a function does not help. A check says what kind of "
    "mistake an answer shows, never the answer. You may use the whole of `qsm`, except in problem `sketch`.",
    problems=(_FLOOR, _FAN, _AVERAGES, _OMISSION, _LITTLE, _PLAN, _SKETCH, _HEDGE),
    modules=("core", "latency"),
)
