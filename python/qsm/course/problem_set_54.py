"""Problem set 54: balancing. Texts, numbers, misunderstandings and verifiers; the answers are with the teacher."""

from __future__ import annotations

import math
from typing import Any

from qsm.balancing import SmoothRoundRobin, mean_field_sojourn
from qsm.course._draws import Draws
from qsm.course._problems import Misconception, Problem, ProblemSet, numbers_of, whole

# --- 1 ---------------------------------------------------------------------------------------------------------------


def _draw_spread(draws: Draws) -> dict[str, Any]:
    return {"requests": draws.integer(50, 900) * 10, "servers": draws.integer(5, 9)}


_SPREAD = Problem(
    name="spread",
    title="Random is uneven",
    text="{requests} requests go to {servers} servers at random. By how much does the number at one server deviate from its mean "
    "(standard deviation over mean)?",
    returns="a deviation over the mean",
    draw=_draw_spread,
    level=1,
    plausible=lambda requests, servers: (0, 10),
    misconceptions=(
        Misconception(
            lambda requests, servers: servers / requests, "Chance falls with the square root, not with the number."
        ),
        Misconception(lambda requests, servers: 1 / math.sqrt(requests), "A server gets only a part of the requests."),
        Misconception(
            lambda requests, servers: math.sqrt(requests * (servers - 1)) / servers,
            "That is in requests. Asked is it over the mean.",
        ),
    ),
)


# --- 2 ---------------------------------------------------------------------------------------------------------------


def _draw_tall(draws: Draws) -> dict[str, Any]:
    return {
        "utilization": draws.uniform(0.6, 0.92, 0.001),
        "choices": draws.integer(2, 3),
        "requests": draws.integer(3, 4),
    }


_TALL = Problem(
    name="tall",
    title="The tall queues",
    text="In a very large farm at load {utilization:g} each request goes to the shortest of {choices} random queues (Poisson arrivals, "
    "exponential service). Which share of the servers has at least {requests} requests?",
    returns="a share of the servers",
    draw=_draw_tall,
    plausible=lambda utilization, choices, requests: (0, 1),
    misconceptions=(
        Misconception(
            lambda utilization, choices, requests: utilization**requests,
            "That is for one choice: the second one is missing.",
        ),
        Misconception(
            lambda utilization, choices, requests: utilization ** (choices * requests),
            "The exponent grows by a power with each request more, not by a product.",
        ),
        Misconception(
            lambda utilization, choices, requests: utilization ** (choices**requests),
            "The exponent is a sum of powers, from the first on.",
        ),
    ),
)


# --- 3 ---------------------------------------------------------------------------------------------------------------


def _draw_cut(draws: Draws) -> dict[str, Any]:
    low = draws.uniform(0.5, 4, 0.1)
    return {"low": low, "high": round(low * draws.uniform(5, 30, 0.1), 3)}


_CUT = Problem(
    name="cut",
    title="Small ones here, large ones there",
    text="Requests take a time between {low:g} and {high:g} ms, all equally likely. One server is to take those below a cutoff, another "
    "those above. Where must the cutoff lie so that both have the same load?",
    returns="a time in milliseconds",
    draw=_draw_cut,
    level=3,
    plausible=lambda low, high: (low, high),
    misconceptions=(
        Misconception(lambda low, high: (low + high) / 2, "That gives both as many requests, not as much work."),
        Misconception(lambda low, high: math.sqrt(low * high), "Sizes are equally likely here, not their logarithms."),
        Misconception(lambda low, high: (high - low) / 2, "That is half of the range, which does not begin at zero."),
    ),
)


# --- 4 ---------------------------------------------------------------------------------------------------------------


def _draw_farm(draws: Draws) -> dict[str, Any]:
    service_rate = draws.uniform(2, 20, 0.5)
    return {
        "arrival_rate": round(service_rate * draws.uniform(80, 900), 1),
        "service_rate": service_rate,
        "time": round(draws.uniform(1.4, 4) / service_rate, 4),
    }


def _farm_time(arrival_rate: float, service_rate: float, servers: int) -> float:
    load = arrival_rate / service_rate / servers
    return float(mean_field_sojourn(load, 2, service_rate)) if load < 1 else math.inf


def _verify_farm(answer: Any, arrival_rate: float, service_rate: float, time: float) -> str:
    if not whole(answer):
        return "The answer must be a whole number of servers, at least 1."
    if not _farm_time(arrival_rate, service_rate, int(answer)) <= time:
        return "With that many servers requests take longer in the mean."
    if answer > 1 and _farm_time(arrival_rate, service_rate, int(answer) - 1) <= time:
        return "The promise is kept, but a server fewer would keep it too."
    return ""


_FARM = Problem(
    name="farm",
    title="Fewer servers by a second choice",
    text="{arrival_rate:g} requests a second go each to the shorter of two random queues; a server does {service_rate:g} a second. Take the "
    "farm as very large (its mean field). What is the fewest servers with a mean time in the system of at most {time:g} s?",
    returns="a whole number of servers",
    draw=_draw_farm,
    verify=_verify_farm,
    misconceptions=(
        Misconception(
            lambda arrival_rate, service_rate, time: math.ceil(arrival_rate / (service_rate - 1 / time)),
            "That many are needed with one random choice. A second look saves servers.",
        ),
        Misconception(
            lambda arrival_rate, service_rate, time: math.floor(arrival_rate / service_rate) + 1,
            "Enough for stability is not enough for the promise.",
        ),
    ),
)


# --- 5 ---------------------------------------------------------------------------------------------------------------


def _ends(sizes: list[float], servers: int) -> tuple[float, float]:
    """When the last request ends in turn, and by least work, where all come at once in this order."""
    turns, least = [0.0] * servers, [0.0] * servers
    for number, size in enumerate(sizes):
        turns[number % servers] += size
        least[least.index(min(least))] += size
    return max(turns), max(least)


def _draw_unlucky(draws: Draws) -> dict[str, Any]:
    servers = draws.integer(4, 9)
    return {"servers": servers, "factor": draws.uniform(1.5, servers * 0.6, 0.01)}


def _verify_unlucky(answer: Any, servers: int, factor: float) -> str:
    if not numbers_of(answer, servers, 1000) or min(answer) <= 0 or max(answer) > 1e6:
        return f"The answer must be a list of {servers} to 1,000 sizes, above 0 and at most a million."
    turns, least = _ends(answer, servers)
    return "" if turns >= factor * least else f"In turn it takes {turns / least:.2f} times as long as by least work."


_UNLUCKY = Problem(
    name="unlucky",
    title="In turn, and unlucky",
    text="A batch of requests comes at once, in an order of your choice, to {servers} servers. Find sizes with which taking turns (round "
    "robin, from the first server on) ends at least {factor:g} times as late as giving each request to the server with the least work.",
    returns="a list of sizes in the order in which they come",
    draw=_draw_unlucky,
    verify=_verify_unlucky,
    misconceptions=(
        Misconception(
            lambda servers, factor: [1.0] * (5 * servers), "Equal sizes are just what taking turns is good at."
        ),
    ),
)


# --- 6 ---------------------------------------------------------------------------------------------------------------


def _draw_smooth(draws: Draws) -> dict[str, Any]:
    return {"weights": [draws.integer(1, 9) for _ in range(draws.integer(3, 7))], "requests": draws.integer(30, 90)}


def _verify_smooth(answer: Any, weights: list[int], requests: int) -> str:
    if not numbers_of(answer, requests, requests):
        return "The answer must be a list with the number of a server for each request."
    policy = SmoothRoundRobin([float(weight) for weight in weights])
    for number, server in enumerate(answer, 1):
        if server != policy.pick(0.0):
            return f"Request {number} goes to another server."
    return ""


_SMOOTH = Problem(
    name="smooth",
    title="Smooth weighted round robin from scratch",
    text="Write smooth weighted round robin for servers with the weights {weights} (for you) and {requests} requests. Each server has a "
    "number, at first 0. For each request all numbers grow by the weight of their server; the server with the largest number, the "
    "first of them where there are several, takes the request, and its number falls by the sum of all weights. Write it yourself: the "
    "grader takes `qsm` away.",
    returns="a list: for each request the number of its server, from 0",
    draw=_draw_smooth,
    verify=_verify_smooth,
    points=15,
    from_scratch=True,
    misconceptions=(
        Misconception(
            lambda weights, requests: [k % len(weights) for k in range(requests)],
            "Taking turns takes no notice of weights.",
        ),
        Misconception(
            lambda weights, requests: [
                [server for server, weight in enumerate(weights) for _ in range(weight)][k % sum(weights)]
                for k in range(requests)
            ],
            "The shares are right, but a heavy server gets its requests in a row.",
        ),
    ),
)


# --- 7 ---------------------------------------------------------------------------------------------------------------


def _draw_board(draws: Draws) -> dict[str, Any]:
    service_rate = draws.uniform(5, 50, 0.5)
    return {
        "servers": draws.integer(10, 200),
        "arrival_rate": round(service_rate * draws.uniform(0.4, 0.9), 2),
        "service_rate": service_rate,
        "period": draws.uniform(0.5, 5, 0.1),
    }


_BOARD = Problem(
    name="board",
    title="Everybody to the same server",
    text="Each of {servers} servers gets {arrival_rate:g} requests a second in the mean and can do {service_rate:g}. A board shows the queues, "
    "renewed every {period:g} s, and every request goes to the server that is empty on the board. How long, in the mean, is the time "
    "that this server needs for what is left with it when the board is renewed?",
    returns="a time in seconds",
    draw=_draw_board,
    points=15,
    level=4,
    plausible=lambda servers, arrival_rate, service_rate, period: (0, servers * period),
    misconceptions=(
        Misconception(
            lambda servers, arrival_rate, service_rate, period: servers * arrival_rate * period / service_rate,
            "It has been serving all the while.",
        ),
        Misconception(
            lambda servers, arrival_rate, service_rate, period: arrival_rate * period / service_rate,
            "It gets the requests of all servers, not its own share.",
        ),
        Misconception(
            lambda servers, arrival_rate, service_rate, period: (servers * arrival_rate - service_rate) * period,
            "That is the number of requests. Asked is the time that they take.",
        ),
    ),
)


# --- 8 ---------------------------------------------------------------------------------------------------------------


def _draw_subset(draws: Draws) -> dict[str, Any]:
    servers = draws.integer(50, 300)
    return {"clients": draws.integer(100, 900), "servers": servers, "size": draws.integer(5, servers // 5)}


_SUBSET = Problem(
    name="subset",
    title="Not everybody to everybody",
    text="Each of {clients} clients connects to {size} of {servers} servers, drawn at random. By how much does the number of clients of a "
    "server deviate from its mean (standard deviation over mean)?",
    returns="a deviation over the mean",
    draw=_draw_subset,
    plausible=lambda clients, servers, size: (0, 10),
    misconceptions=(
        Misconception(
            lambda clients, servers, size: math.sqrt(servers / (clients * size)) / servers,
            "That is the deviation of the share, not over the mean.",
        ),
        Misconception(
            lambda clients, servers, size: 1 / math.sqrt(clients), "Only a part of the clients connects to a server."
        ),
        Misconception(
            lambda clients, servers, size: math.sqrt(clients * size / servers * (1 - size / servers)),
            "That is in clients. Asked is it over the mean.",
        ),
    ),
)


PROBLEMS = ProblemSet(
    name="54",
    title="Problem set 54: balancing",
    intro="Eight functions to write. The numbers in the texts are yours alone; the grader tries your functions on them and "
    "on others that nobody has seen, so that a number written into a function does not help. A check says what kind of "
    "mistake an answer shows, never the answer. You may use the whole of `qsm`, except in problem `smooth`.",
    problems=(_SPREAD, _TALL, _CUT, _FARM, _UNLUCKY, _SMOOTH, _BOARD, _SUBSET),
    modules=("balancing",),
)
