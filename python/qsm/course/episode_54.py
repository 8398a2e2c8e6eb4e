"""Episode 54: load balancing, which server takes the next request."""

from __future__ import annotations

import math

import numpy as np

from qsm.balancing import mean_field_sojourn, mean_max_load
from qsm.course._blocks import Bet, Check, Claim, Content, Idea, Mission, Published, Track, Verdict
from qsm.sharding import Maglev, numbered_nodes


def _entries(servers: int, size: int) -> float:
    """Largest difference of two servers' entries in a Maglev table, over the mean."""
    counts = np.bincount(Maglev(numbered_nodes(servers), table_size=size).entries())
    return float((counts.max() - counts.min()) / counts.mean())


def _deviation(clients: int, size: int) -> float:
    """Deviation of a server's number of clients, over the mean, when each connects to `size` of 100 servers."""
    return math.sqrt((1 - size / 100) / (clients * size / 100))


def _choices(choices: int, *, load: float = 0.95, most: float = 2.6) -> Verdict:
    time = float(mean_field_sojourn(load, choices))
    words = f"With {choices} choices a request takes {time:.3g} service times at {load:.0%} load."
    if time > most:
        return Verdict(False, f"{words} The goal is {most:g}.")
    if choices > 1 and float(mean_field_sojourn(load, choices - 1)) <= most:
        return Verdict(False, f"{words} A choice fewer would do, and every choice is a question to a server.")
    return Verdict(True, f"{words} With one choice it would be {float(mean_field_sojourn(load, 1)):.3g}.")


def _load(utilization: float, *, most: float = 2.0, least: float = 1.95) -> Verdict:
    time = float(mean_field_sojourn(utilization, 2))
    words = f"At {utilization:.1%} load two choices take {time:.4g} service times."
    if time > most:
        return Verdict(False, f"{words} The promise is {most:g}.")
    return Verdict(
        time >= least, f"{words} Asked is the highest load that keeps the promise of {most:g}, down to {least:g}."
    )


def _subset(size: int, *, clients: int = 300, spread: float = 0.15) -> Verdict:
    if size != int(size) or not 1 <= size <= 100:
        raise ValueError(f"mission 'subset': size must be an integer in [1, 100], got {size!r}")
    words = (
        f"With {size} connections a server has {clients * size / 100:g} clients in the mean, and deviates by "
        f"{_deviation(clients, size):.1%}."
    )
    if _deviation(clients, size) > spread:
        return Verdict(False, f"{words} At most {spread:.0%} is allowed.")
    if size > 1 and _deviation(clients, size - 1) <= spread:
        return Verdict(False, f"{words} Asked are the fewest connections.")
    return Verdict(True, words)


def _table(size: int, *, servers: int = 200) -> Verdict:
    gap = _entries(servers, size)
    words = f"A table of {size:,} entries: two of {servers} servers differ by up to {gap:.2%} of the mean."
    if gap > 0.01:
        return Verdict(False, f"{words} At most 1 % is allowed.")
    return Verdict(size <= 102.5 * servers, f"{words} The smallest table that does it has about {100 * servers:,}.")


CONTENT = Content(
    name="episode-54",
    title="Episode 54: Load balancing, the art of distribution",
    objectives=(
        "say how long requests take under random, round robin, two choices and the shortest of all queues",
        "say what a second choice is worth, in balls and in queues, and why a third is worth little",
        "say what old information does to a clever balancer",
        "write a simulator of a farm with a bulletin board, and test it against theory",
        "choose a balancer for servers that are unequal, fail, or keep state",
    ),
    prerequisites=("episode 52, or what M/M/1 is", "a little Python with NumPy"),
    claims={
        "million": Claim(
            "A load balancer in software handles more than a million requests a second",
            "The first outline of this course, about Google's Maglev",
            f"Its paper says that a machine fills a link of 10 Gbit/s with small packets: {1e10 / (8 * 84):,.0f} frames of the "
            "least size a second",
            "unsupported",
            "the paper counts packets, not requests (Eisenbud and others 2016); a request takes several of them, and how many "
            "it does not say",
        ),
        "one-percent": Claim(
            "A Maglev table of a hundred entries per server is even to 1 %",
            "Eisenbud and others 2016, section 3.4",
            f"200 servers in a table of 20,011: two differ by {_entries(200, 20_011):.2%} of the mean at most",
            "verified",
            "entries are handed out in turn, so that no server has two more than another; the keys that fall on them still "
            "vary by chance",
        ),
        "two-choices": Claim(
            "Two random choices are exponentially better than one",
            "Azar and others 1994; Mitzenmacher 2001",
            f"30 balls in 30 bins: {float(mean_max_load(30, 30)):.2f} in the fullest, {float(mean_max_load(30, 30, 2)):.2f} with two "
            f"choices; mean time at 95 % load {float(mean_field_sojourn(0.95, 1)):.0f} and {float(mean_field_sojourn(0.95, 2)):.2f} "
            "service times",
            "verified",
            "exponentially is meant of how fast the fullest grows with the number of bins; at any real size the gain is a factor",
        ),
        "least-loaded": Claim(
            "Sending each request to the least loaded server is best",
            "Common sense, and the names of many settings",
            "True of a balancer that sees everything at once; with reports of some age all balancers choose the same server",
            "disputed",
            "this notebook measures at which age of the reports it becomes worse than no information at all",
        ),
    },
    checks={
        "spread": Check(
            lambda *, requests=1000, servers=10: math.sqrt(requests * (servers - 1)) / servers,
            "requests",
            (
                (
                    lambda requests, servers: requests * (servers - 1) / servers**2,
                    "That is the variance. The deviation is its square root.",
                ),
                (lambda requests, servers: requests / servers, "That is the mean."),
                (
                    lambda requests, servers: math.sqrt(requests),
                    "Most requests go elsewhere: the variance is that of the ones that could come here.",
                ),
            ),
            question="{requests} requests, {servers} servers, each request to one at random. What is the standard deviation of "
            "the number that a server gets?",
            draw=lambda draws: {"requests": 100 * draws.integer(5, 40), "servers": draws.integer(5, 20)},
        ),
        "each-one": Check(
            lambda *, servers=10: servers * sum(1 / k for k in range(1, servers + 1)),
            "requests",
            (
                (lambda servers: float(servers), "That would need each request to go to a new server."),
                (
                    lambda servers: float(servers**2),
                    "So long one waits for the last one at most in the mean; the first come at once.",
                ),
                (
                    lambda servers: servers * math.log(servers),
                    "The sum of reciprocals is the logarithm and about 0.58 more.",
                ),
            ),
            question="{servers} servers: how many requests, each to one at random, until every server has had one, in the mean?",
            draw=lambda draws: {"servers": draws.integer(6, 30)},
        ),
        "busy": Check(
            lambda *, load=0.9: 1 / (1 - load),
            "service times",
            (
                (lambda load: load / (1 - load), "That is the wait. The service itself comes on top."),
                (
                    lambda load: 1 + load,
                    "So busy a server is not nearly idle: the time is one over what is left of the capacity.",
                ),
                (lambda load: load / (1 - load) ** 2, "Divide by the share that is left once, not twice."),
            ),
            question="Requests go to servers at random, and each server is {load:.0%} busy. How many mean service times does a "
            "request take, its service included?",
            draw=lambda draws: {"load": draws.uniform(0.75, 0.95, 0.01)},
        ),
    },
    bets={
        "fullest": Bet(
            "A thousand requests, a thousand servers, all at random. How many has the fullest server?", unit="requests"
        ),
        "board": Bet(
            "100 servers at 90 % load. A board shows all queues, renewed every 20 service times; every request goes by the board. "
            "Which takes the least time?",
            choices=("any server", "the shorter of two", "the shortest of all"),
        ),
    },
    ideas={
        "two-choices": Idea(
            "To be full, a server must be chosen over another full one",
            "A tall stack grows only when both stacks that were looked at are tall. If one in ten is, that is one time in a "
            "hundred; for the next storey one in ten thousand.",
            "The share of servers with at least $k$ requests is $\\rho^{(d^k - 1)/(d - 1)}$, for one choice $\\rho^k$.",
            "In a large farm the flow up to level $k$ is $\\lambda (s_{k-1}^d - s_k^d)$, the flow down $\\mu (s_k - s_{k+1})$; they "
            "balance, and the recursion $s_{k+1} = \\rho s_k^d$ follows.",
            "For general service times the limit is known only for some orders of service; whether all servers become "
            "independent there is open in part.",
        ),
        "herd": Idea(
            "Everybody reads the same old board",
            "The radio names the shortest queue at the border. Half an hour later it is the longest.",
            "With reports every $T$ one server gets all $n \\lambda T$ requests of the period, and serves $\\mu T$ of them.",
            "The least loaded stays the least loaded on the board however many come; two random choices spread the requests "
            "over half of the servers.",
            "How to use old reports best, when their age is known, is studied (Mitzenmacher 2000); for many balancers that know "
            "only their own requests, less so.",
        ),
        "idle": Idea(
            "Ask who is idle, not who is short",
            "In a supermarket nobody counts queues when there is a till without any.",
            "At load $\\rho$ some of $n$ servers is idle with a probability near $1 - \\rho^n$ were they independent.",
            "If each request finds an idle server, no request waits; idle servers can announce themselves, and nobody has to be "
            "asked while a request waits (join-idle-queue).",
            "Close to full load no server is idle for long, and the rule falls back to chance.",
        ),
    },
    missions={
        "choices": Mission(
            "A very large farm at {load:.0%} load: the fewest choices with a mean time of at most {most:g} service times. Give "
            "choices=...",
            _choices,
            lambda draws: {"load": draws.uniform(0.9, 0.97, 0.01), "most": draws.uniform(1.8, 2.6, 0.1)},
        ),
        "load": Mission(
            "Two choices, a mean time of at most {most:g} service times, and at least {least:g}: the load that does it. Give "
            "utilization=...",
            _load,
            lambda draws: {"most": (most := draws.uniform(1.5, 3, 0.1)), "least": round(0.97 * most, 3)},
        ),
        "subset": Mission(
            "{clients} clients, 100 servers, each client connects to some at random: the fewest connections with which the clients "
            "of a server deviate by at most {spread:.0%}. Give size=...",
            _subset,
            lambda draws: {"clients": 50 * draws.integer(4, 12), "spread": draws.uniform(0.1, 0.2, 0.01)},
        ),
        "table": Mission(
            "A Maglev table for {servers} servers that is even to 1 %, in at most 102.5 entries per server, a prime. Give size=...",
            _table,
            lambda draws: {"servers": draws.integer(120, 240)},
        ),
    },
    published={
        "two-choices-90": Published(
            "Mean time in service times, two choices, load 0.9, very many servers.",
            2.6141,
            "service times",
            "Mitzenmacher 2001, prediction of the differential equations",
            0.001,
        ),
    },
    tracks={
        "application": Track(
            "You build a web application",
            "Does it matter which balancer I switch on?",
            ("choices", "load"),
            {"servers": 10, "utilization": 0.6, "report_every": 1.0},
        ),
        "reliability": Track(
            "You keep services running",
            "What happens when servers fail, and the balancer does not know yet?",
            ("load", "subset"),
            {"servers": 200, "utilization": 0.8, "report_every": 5.0},
        ),
        "network": Track(
            "You run the network's edge",
            "How do packets of one connection stay together, when balancers and servers change?",
            ("table", "subset"),
            {"servers": 1000, "utilization": 0.5, "report_every": 2.0},
        ),
        "model-serving": Track(
            "You serve models",
            "How do I balance requests of very unequal size?",
            ("choices", "table"),
            {"servers": 32, "utilization": 0.9, "report_every": 0.1},
        ),
    },
    questions={
        "information": "What does your balancer know of the servers, how old is it, and who else acts on the same?",
        "rejected": "Which balancer did you consider and reject here, and what number decided it?",
        "risk": "Which of your servers answers fastest when it is ill, and what does your balancer do then?",
    },
)
