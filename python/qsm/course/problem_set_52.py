"""Problem set 52: queueing. Texts, numbers, misunderstandings and verifiers; the answers are with the teacher."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from qsm.course._draws import Draws
from qsm.course._problems import Misconception, Problem, ProblemSet, numbers_of, whole
from qsm.queueing import mm1, mmc, replay, servers_for_wait

# --- 1 ---------------------------------------------------------------------------------------------------------------


def _draw_tail(draws: Draws) -> dict[str, Any]:
    service_rate = draws.uniform(5, 50, 0.5)
    return {"arrival_rate": round(service_rate * draws.uniform(0.55, 0.93, 0.0001), 4), "service_rate": service_rate}


_TAIL = Problem(
    name="tail",
    title="The slowest one in a hundred",
    text="One server does {service_rate:g} requests a second in the mean, and {arrival_rate:g} arrive. Arrivals are "
    "Poisson, service is exponential. How long are 99 % of the requests in the system at most, wait and service together?",
    returns="a time in seconds",
    draw=_draw_tail,
    level=1,
    plausible=lambda arrival_rate, service_rate: (0, 1000 / (service_rate - arrival_rate)),
    misconceptions=(
        Misconception(
            lambda arrival_rate, service_rate: -math.log(0.01) / service_rate,
            "That is the percentile of the service alone, without the queue.",
        ),
        Misconception(
            lambda arrival_rate, service_rate: 1 / (service_rate - arrival_rate),
            "That is the mean time in the system. The percentile is longer.",
        ),
        Misconception(
            lambda arrival_rate, service_rate: float(mm1(arrival_rate, service_rate).wait_quantile(0.99)),
            "That is the percentile of the wait. The request is then served, too.",
        ),
        Misconception(
            lambda arrival_rate, service_rate: -math.log(0.01) / service_rate * (1 + arrival_rate / service_rate),
            "Time in the system does not grow in proportion to the load.",
        ),
    ),
)


# --- 2 ---------------------------------------------------------------------------------------------------------------


def _draw_enough(draws: Draws) -> dict[str, Any]:
    service_rate = draws.uniform(2, 12, 0.25)
    return {
        "arrival_rate": round(service_rate * draws.uniform(8, 90), 2),
        "service_rate": service_rate,
        "wait": round(draws.uniform(0.1, 1.0) / service_rate, 4),
    }


def _verify_enough(answer: Any, arrival_rate: float, service_rate: float, wait: float) -> str:
    if not whole(answer):
        return "The answer must be a whole number of servers, at least 1."
    if answer > 1 and mmc(arrival_rate, service_rate, answer - 1).wait_cdf(wait) >= 0.99:
        return "The promise is kept, but a server fewer would keep it too."
    if not mmc(arrival_rate, service_rate, answer).wait_cdf(wait) >= 0.99:
        return "More than one request in a hundred waits longer than that."
    return ""


_ENOUGH = Problem(
    name="enough",
    title="Enough servers",
    text="{arrival_rate:g} requests arrive a second; each server does {service_rate:g} a second. What is the fewest "
    "number of servers before one line so that 99 % of the requests wait at most {wait:g} s?",
    returns="a whole number of servers",
    draw=_draw_enough,
    verify=_verify_enough,
    misconceptions=(
        Misconception(
            lambda arrival_rate, service_rate, wait: math.ceil(arrival_rate / service_rate / 0.7),
            "A fixed utilization of 70 % wastes servers in large groups.",
        ),
        Misconception(
            lambda arrival_rate, service_rate, wait: math.floor(arrival_rate / service_rate) + 1,
            "Enough for stability is not enough for the promise.",
        ),
        Misconception(
            lambda arrival_rate, service_rate, wait: 2 * math.ceil(arrival_rate / service_rate),
            "Twice the load is a habit, not an answer.",
        ),
    ),
)


# --- 3 ---------------------------------------------------------------------------------------------------------------


def _draw_spread(draws: Draws) -> dict[str, Any]:
    service_time = draws.uniform(0.02, 0.4, 0.005)
    service_scv = draws.uniform(2, 12, 0.1)
    return {
        "arrival_rate": round(draws.uniform(0.4, 0.92) / service_time, 3),
        "service_time": service_time,
        "service_scv": service_scv,
    }


def _spread_wait(arrival_rate: float, service_time: float, factor: float) -> float:
    load = arrival_rate * service_time
    return load / (1 - load) * factor * service_time


_SPREAD = Problem(
    name="spread",
    title="A few huge jobs",
    text="{arrival_rate:g} jobs arrive a second (Poisson) at one server. They take {service_time:g} s in the mean, with "
    "a squared coefficient of variation of {service_scv:g}. What is the mean wait in the queue?",
    returns="a time in seconds",
    draw=_draw_spread,
    plausible=lambda arrival_rate, service_time, service_scv: (0, 1e6 * service_time),
    misconceptions=(
        Misconception(
            lambda arrival_rate, service_time, service_scv: _spread_wait(arrival_rate, service_time, 1),
            "The mean alone does not decide: that is the wait for exponential service.",
        ),
        Misconception(
            lambda arrival_rate, service_time, service_scv: _spread_wait(
                arrival_rate, service_time, (1 + math.sqrt(service_scv)) / 2
            ),
            "The coefficient of variation is given squared already.",
        ),
        Misconception(
            lambda arrival_rate, service_time, service_scv: (
                _spread_wait(arrival_rate, service_time, (1 + service_scv) / 2) + service_time
            ),
            "That includes the service. Asked is the wait.",
        ),
        Misconception(
            lambda arrival_rate, service_time, service_scv: _spread_wait(arrival_rate, service_time, service_scv),
            "Arrivals vary as well; their share of the formula is missing.",
        ),
    ),
)


# --- 4 ---------------------------------------------------------------------------------------------------------------


def _draw_pool(draws: Draws) -> dict[str, Any]:
    service_rate = draws.uniform(1, 20, 0.5)
    return {
        "arrival_rate": round(service_rate * draws.uniform(0.5, 0.95), 3),
        "service_rate": service_rate,
        "servers": draws.integer(3, 40),
    }


_POOL = Problem(
    name="pool",
    title="One line or many",
    text="{servers} servers do {service_rate:g} requests a second each. Either each has a line of its own, to which "
    "{arrival_rate:g} requests come a second, or all share one line with all the requests. By what factor is the mean wait "
    "of the separate lines longer?",
    returns="a factor without a unit, above 1",
    draw=_draw_pool,
    plausible=lambda arrival_rate, service_rate, servers: (1, 1e30),
    misconceptions=(
        Misconception(lambda arrival_rate, service_rate, servers: 1, "The load is the same, the wait is not."),
        Misconception(
            lambda arrival_rate, service_rate, servers: servers,
            "That would be so if an arrival were as likely to wait in both; in the shared line it rarely has to.",
        ),
        Misconception(
            lambda arrival_rate, service_rate, servers: (
                float(mm1(arrival_rate, service_rate).mean_sojourn)
                / float(mmc(servers * arrival_rate, service_rate, servers).mean_sojourn)
            ),
            "Those are times in the system. Asked are waits.",
        ),
    ),
)


# --- 5 ---------------------------------------------------------------------------------------------------------------


def _draw_witness(draws: Draws) -> dict[str, Any]:
    return {"utilization": draws.uniform(0.3, 0.6, 0.001), "services": draws.integer(8, 20)}


def _verify_witness(answer: Any, utilization: float, services: int) -> str:
    if not isinstance(answer, list) or len(answer) != 2:
        return "The answer must be a pair: arrival times and service times."
    arrivals, times = answer
    if not numbers_of(arrivals, 100, 20_000) or not numbers_of(times, 100, 20_000) or len(arrivals) != len(times):
        return "Give two lists of 100 to 20,000 numbers, equally long."
    if max(map(abs, arrivals + times)) > 1e12:
        return "Keep all times below a trillion seconds."
    if min(times) <= 0 or np.any(np.diff(arrivals) < 0):
        return "Service times must be positive, and arrival times in order."
    trace = replay(arrivals, times, 1)
    if not float(trace.utilization) <= utilization:
        return f"The server is busy {float(trace.utilization):.1%} of the time, more than {utilization:.1%}."
    if not float(trace.wait_quantile(0.99)) > services * float(np.mean(times)):
        return f"The 99th percentile of the wait is not longer than {services} mean services."
    return ""


_WITNESS = Problem(
    name="witness",
    title="Idle, and yet a long line",
    text="Find a trace that proves that utilization says nothing about waits: at least 100 requests at one server that is "
    "busy at most {utilization:.1%} of the time from the first arrival to the last departure, and whose 99th percentile of "
    "the wait is longer than {services} mean service times.",
    returns="a pair of lists: arrival times and service times, in seconds",
    draw=_draw_witness,
    verify=_verify_witness,
    level=3,
)


# --- 6 ---------------------------------------------------------------------------------------------------------------


def _draw_simulator(draws: Draws) -> dict[str, Any]:
    servers = draws.integer(1, 6)
    gaps = draws.times(1.0, 150)
    arrivals: list[float] = [round(float(x), 6) for x in np.cumsum(gaps)]
    return {
        "arrival_times": arrivals,
        "service_times": draws.times(servers * draws.uniform(0.7, 1.1), len(arrivals)),
        "servers": servers,
    }


def _verify_simulator(answer: Any, arrival_times: list[float], service_times: list[float], servers: int) -> str:
    if not numbers_of(answer, len(arrival_times), len(arrival_times)):
        return "The answer must be a list with one number for each request."
    # Later requests do not change the waits of earlier ones, so that replays of the first n give the mean of their waits.
    waits = np.asarray(answer, dtype=float)
    for count in (1, servers, servers + 1, len(arrival_times) // 3, len(arrival_times)):
        exact = float(replay(arrival_times[:count], service_times[:count], servers).mean_wait)
        if not abs(waits[:count].mean() - exact) <= 1e-9 * max(1.0, exact):
            return f"The waits of the first {count} requests are not those of a first-come first-served queue."
    exact = float(replay(arrival_times, service_times, servers).wait_quantile(0.5))
    if not abs(float(np.sort(waits)[math.ceil(0.5 * len(waits)) - 1]) - exact) <= 1e-9 * max(1.0, exact):
        return "The mean wait is right, the waits of single requests are not."
    return ""


_SIMULATOR = Problem(
    name="simulator",
    title="A simulator from scratch",
    text="Write a function that takes arrival times (in order), service times and the number of servers ({servers} for "
    "you), and returns the wait of each request, served in order of arrival by the server that is free first. Write it "
    "yourself: the grader takes `qsm` away.",
    returns="a list of waits in seconds, one for each request",
    draw=_draw_simulator,
    verify=_verify_simulator,
    points=15,
    level=2,
    from_scratch=True,
)


# --- 7 ---------------------------------------------------------------------------------------------------------------


def _draw_network(draws: Draws) -> dict[str, Any]:
    arrival_rate = draws.uniform(2, 20, 0.1)
    back = draws.uniform(0.1, 0.5)
    through = arrival_rate / (1 - back)
    return {
        "arrival_rate": arrival_rate,
        "service_rates": [round(through / draws.uniform(0.5, 0.9), 3) for _ in range(3)],
        "back": back,
    }


_NETWORK = Problem(
    name="network",
    title="Round again",
    text="{arrival_rate:g} requests a second (Poisson) pass three single-server stations one after the other, which do "
    "{service_rates} a second (exponential). After the third, a request fails with probability {back:g} and starts again at "
    "the first. What is the mean time from arrival to final departure?",
    returns="a time in seconds",
    draw=_draw_network,
    level=3,
    plausible=lambda arrival_rate, service_rates, back: (0, 1e6),
    misconceptions=(
        Misconception(
            lambda arrival_rate, service_rates, back: sum(1 / (rate - arrival_rate) for rate in service_rates),
            "Those who start again load the stations, too.",
        ),
        Misconception(
            lambda arrival_rate, service_rates, back: sum(
                1 / (rate - arrival_rate / (1 - back)) for rate in service_rates
            ),
            "That is the time of one round. Some go round more than once.",
        ),
        Misconception(
            lambda arrival_rate, service_rates, back: 1 / (min(service_rates) - arrival_rate / (1 - back)) / (1 - back),
            "The bottleneck is not the only station where time is spent.",
        ),
    ),
)


# --- 8 ---------------------------------------------------------------------------------------------------------------


def _draw_heal(draws: Draws) -> dict[str, Any]:
    service_rate = draws.uniform(1, 5, 0.25)
    return {
        "arrival_rate": round(service_rate * draws.uniform(8, 60), 2),
        "service_rate": service_rate,
        "patience": round(draws.uniform(0.1, 0.8) / service_rate, 3),
        "retries": draws.integer(1, 3),
    }


def _settled(arrival_rate: float, service_rate: float, patience: float, retries: int, servers: int) -> float:
    """Share of attempts that are late, long after all of them were."""
    late = 1.0
    for _ in range(10_000):
        attempts = arrival_rate * sum(late**k for k in range(retries + 1))
        following = 1 - float(mmc(attempts, service_rate, servers).wait_cdf(patience))
        if abs(following - late) <= 1e-10:
            break
        late = following
    return late


def _verify_heal(answer: Any, arrival_rate: float, service_rate: float, patience: float, retries: int) -> str:
    if not whole(answer):
        return "The answer must be a whole number of servers, at least 1."
    if not _settled(arrival_rate, service_rate, patience, retries, answer) <= 0.01:
        return "Once all are late, the retries keep more than one attempt in a hundred late."
    if answer > 1 and _settled(arrival_rate, service_rate, patience, retries, answer - 1) <= 0.01:
        return "The service heals, but with a server fewer it would heal too."
    return ""


_HEAL = Problem(
    name="heal",
    title="A service that heals",
    text="{arrival_rate:g} requests arrive a second; a server does {service_rate:g}. A client that waits longer than "
    "{patience:g} s sends the request again, up to {retries} times, and the servers do the work of every attempt, wanted or "
    "not. If a share b of the attempts waits too long, there are arrival_rate · (1 + b + … + b^retries) attempts a second; "
    "take them as Poisson, and service as exponential. After a short outage all attempts are late (b = 1). What is the "
    "fewest number of servers with which b then falls to at most 1 %?",
    returns="a whole number of servers",
    draw=_draw_heal,
    verify=_verify_heal,
    points=15,
    level=4,
    misconceptions=(
        Misconception(
            lambda arrival_rate, service_rate, patience, retries: int(
                servers_for_wait(arrival_rate, service_rate, patience, 0.99)
            ),
            "That many suffice while nobody retries. After an outage they never catch up.",
        ),
        Misconception(
            lambda arrival_rate, service_rate, patience, retries: int(
                servers_for_wait(arrival_rate * (1 + retries), service_rate, patience, 0.99)
            ),
            "That many would keep the promise while all retry for ever. Fewer are enough to leave that state.",
        ),
    ),
)


PROBLEMS = ProblemSet(
    name="52",
    title="Problem set 52: queueing",
    intro="Eight functions to write. The numbers in the texts are yours alone; the grader tries your functions on them and "
    "on others that nobody has seen, so that a number written into a function does not help. A check says what kind of "
    "mistake an answer shows, never the answer. You may use the whole of `qsm`, except in problem `simulator`.",
    problems=(_TAIL, _ENOUGH, _SPREAD, _POOL, _WITNESS, _SIMULATOR, _NETWORK, _HEAL),
    modules=("queueing",),
)
