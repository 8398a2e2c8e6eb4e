"""Episode 52: queueing theory, from one line before one server to a production trace."""

from __future__ import annotations

import math

from qsm.course._blocks import Bet, Check, Claim, Content, Idea, Mission, Published, Track, Verdict
from qsm.queueing import mm1, mmc, servers_for_wait

DAY = 86_400


def _enough(
    servers: int, *, arrival_rate: float = 90, service_rate: float = 10, wait: float = 0.1, probability: float = 0.99
) -> Verdict:
    fewest = int(servers_for_wait(arrival_rate, service_rate, wait, probability))
    share = float(mmc(arrival_rate, service_rate, servers).wait_cdf(wait))
    words = f"With {servers} servers, {share:.2%} of the arrivals wait at most {wait:g} s."
    if share < probability:
        return Verdict(False, f"{words} The promise is {probability:.0%}.")
    if servers > fewest:
        return Verdict(False, f"{words} The promise is kept, but a server fewer would keep it too.")
    return Verdict(True, f"{words} One server fewer would break the promise.")


def _pool(servers: int, *, lines: int = 10, arrival_rate: float = 8, service_rate: float = 10) -> Verdict:
    split = float(mm1(arrival_rate, service_rate).mean_wait)
    pooled = mmc(lines * arrival_rate, service_rate, servers)
    words = f"{lines} lines of their own: mean wait {split:.3g} s. One line before {servers} servers: {pooled.mean_wait:.3g} s."
    if not pooled.mean_wait <= split:
        return Verdict(False, words)
    if servers > 1 and mmc(lines * arrival_rate, service_rate, servers - 1).mean_wait <= split:
        return Verdict(False, f"{words} A server fewer would still do.")
    return Verdict(True, f"{words} The shared line saves {lines - servers} of {lines} servers.")


def _steady(service_scv: float, *, goal: float = 0.6, least: float = 0.59) -> Verdict:
    if isinstance(service_scv, bool) or not 0 <= service_scv < math.inf:
        raise ValueError(f"mission 'steady': service_scv must be finite and >= 0, got {service_scv!r}")
    wait = float(mm1(9, 10).mean_wait) * (1 + service_scv) / 2
    words = f"With cs² = {service_scv:g} the mean wait is {wait:.4g} s."
    if wait > goal:
        return Verdict(False, f"{words} The goal is {goal:g} s.")
    if wait < least:
        return Verdict(False, f"{words} The goal is met, but service may vary more than that.")
    return Verdict(True, words)


def _knee(arrival_rate: float, *, service_rate: float = 10, times: float = 10) -> Verdict:
    model = mm1(arrival_rate, service_rate)
    high = float(model.sojourn_quantile(0.99)) * service_rate
    words = f"At {arrival_rate:g} arrivals/s the 99th percentile of the time in system is {high:.3g} service times."
    if high > times:
        return Verdict(False, f"{words} The promise is {times:g}.")
    if high < 0.98 * times:
        return Verdict(False, f"{words} The promise is kept, but more load would fit.")
    return Verdict(
        True, f"{words} That is a utilization of {float(model.utilization):.0%}: the rest is the price of the tail."
    )


CONTENT = Content(
    name="episode-52",
    title="Episode 52: Queueing, the hidden framework of scale",
    objectives=(
        "say from arrival rate, service rate and servers how long requests wait, in the mean and at the 99th percentile",
        "say how many servers a promise takes, and why a large shared group needs less spare capacity than many small ones",
        "write a simulator of a G/G/k queue, and test it against theory",
        "prove Little's law and the Pollaczek-Khinchine formula step by step",
        "size a service from a production trace, and say why theory and trace disagree",
    ),
    prerequisites=("elementary probability", "a little Python with NumPy"),
    claims={
        "billions": Claim(
            "A messenger handles 50 billion messages a day",
            "Its chief executive on a stage in January 2014, reported the same day (bgr.com, 20 Jan 2014; ben-evans.com, "
            "21 Jan 2014)",
            f"{50e9 / DAY:,.0f} messages a second in the mean; {18e9 / DAY:,.0f} of them sent, {36e9 / DAY:,.0f} delivered",
            "single source",
            "the company's own statement, and counted twice: 18 billion sent and 36 billion delivered, because a message "
            "to a group is delivered to each member",
        ),
        "hundred-billions": Claim(
            "It delivers about 100 billion a day",
            "The owner's quarterly earnings call of 29 October 2020, as news reported it (asianet.in, Oct 2020)",
            f"{1e11 / DAY:,.0f} messages a second in the mean",
            "single source",
            "the company's own statement; not measured by anybody else, and not said whether a message to a group counts "
            "once",
        ),
        "sized-for-it": Claim(
            "So the servers must be sized for that many a second",
            "Nobody; it is what a reader concludes",
            "Nothing: a mean over a day says neither how high the busiest second is nor how long a message may wait",
            "wrong",
            "this episode is about why",
        ),
    },
    checks={
        "memoryless": Check(
            lambda *, mean=10, passed=30: float(mean),
            "minutes",
            (
                (
                    lambda mean, passed: float(mean + passed),
                    "That is the expected total, counted from the start. How much is still to come?",
                ),
                (
                    lambda mean, passed: mean / 2,
                    "Half the mean would be right for a random instant of a build of constant length.",
                ),
                (
                    lambda mean, passed: float(passed),
                    "An exponential time does not know how long it has lasted: age is not a forecast.",
                ),
            ),
            question="A build takes an exponential time with a mean of {mean} minutes. It has been running for {passed}. How "
            "many more minutes do you expect?",
            draw=lambda draws: {"mean": draws.integer(5, 25), "passed": draws.integer(26, 60)},
        ),
        "poisson": Check(
            lambda *, rate=2.0: math.exp(-rate),
            "a probability",
            (
                (lambda rate: 1 - math.exp(-rate), "That is the probability of at least one."),
                (lambda rate: 1 / rate, "One over the mean is no probability of a count. Use exp(-mean)."),
                (lambda rate: rate * math.exp(-rate), "That is the probability of exactly one."),
            ),
            question="Requests arrive as a Poisson process, {rate:g} a second. What is the probability that a given second "
            "brings none?",
            draw=lambda draws: {"rate": draws.uniform(1.1, 4, 0.1)},
        ),
        "geometric": Check(
            lambda *, rho=0.9: rho / (1 - rho),
            "requests",
            (
                (
                    lambda rho: 1 / (1 - rho),
                    "1/(1 - ρ) is the mean of a count that starts at one; this one starts at zero.",
                ),
                (lambda rho: rho, "That is the probability of at least one, not the mean."),
            ),
            question="What is $E[N]$ for $\\rho = {rho:g}$?",
            draw=lambda draws: {"rho": draws.uniform(0.6, 0.95)},
        ),
    },
    bets={
        "second-server": Bet(
            "One server, 90 % busy, exponential service. Which shortens the mean wait more: a second server of the same "
            "speed, or service times without any variability?",
            choices=("second server", "no variability"),
        ),
        "slots": Bet(
            "The trace of the case study brings 5.5 requests a second, and each holds a slot for 6.5 s in the mean. How "
            "many slots keep the 99th percentile of the wait at most one second when the trace is replayed?",
            unit="slots",
        ),
    },
    ideas={
        "three-factors": Idea(
            "A wait is load times variability times size",
            "A queue forms because work comes in lumps. The fuller the server, the longer a lump stays; the more unequal the "
            "lumps, the more of them stand behind a large one; and everything scales with how long a job takes.",
            "$E[W] \\approx \\frac{\\rho}{1-\\rho} \\cdot \\frac{c_a^2 + c_s^2}{2} \\cdot E[S]$, exact for Poisson arrivals, "
            "where $c_a^2 = 1$.",
            "An arrival waits for the work it finds. With Poisson arrivals that is the time average of the work, whose area "
            "is made of a rectangle $S W$ and a triangle $S^2 / 2$ for each request. The block on proof does it step by step.",
            "Between one server and very many there is no such simple product; the library measures how far each known "
            "approximation is from exact solutions.",
        ),
        "square-root": Idea(
            "Spare capacity grows with the square root of the load",
            "A hundred users make a load that wobbles by ten; ten thousand make one that wobbles by a hundred. The wobble is "
            "what the spare servers are for, so a service a hundred times larger needs only ten times the spare.",
            "$c \\approx a + \\beta \\sqrt{a}$ keeps the share that waits at $1 / (1 + \\beta \\Phi(\\beta) / \\varphi(\\beta))$.",
            "The number of busy servers, were there no limit, is Poisson with mean $a$, which for large $a$ is a normal law of "
            "standard deviation $\\sqrt{a}$. The number of spare servers is measured in such deviations.",
            "How the rule must change when load itself is uncertain by more than its square root is an open area of practice: "
            "then the uncertainty, not the wobble, sets the spare.",
        ),
        "little": Idea(
            "Little's law is bookkeeping",
            "Stand at the door of a cafe, note who comes and goes. The people-minutes spent inside can be added up by person or "
            "by minute; the sum is the same.",
            "$L = \\lambda E[T]$, for any laws, any number of servers, any order of service.",
            "Both sides, times the length of the window, are the area under the number present. It needs no assumption on laws, "
            "servers or order; only who is inside at the ends of the window is counted with part of the stay.",
        ),
    },
    missions={
        "enough": Mission(
            "{arrival_rate:g} requests/s, {service_rate:g}/s per server: the fewest servers so that {probability:.0%} wait at "
            "most {wait:g} s. Give servers=...",
            _enough,
            lambda draws: {"arrival_rate": draws.integer(60, 140), "service_rate": draws.integer(8, 12)},
        ),
        "pool": Mission(
            "{lines} servers with a line of their own each get {arrival_rate:g} requests/s and serve {service_rate:g}/s. One "
            "shared line instead: the fewest servers with a mean wait no longer than before. Give servers=...",
            _pool,
            lambda draws: {"lines": draws.integer(8, 16), "arrival_rate": draws.uniform(7, 8.5, 0.1)},
        ),
        "steady": Mission(
            "9 requests/s, 10/s served, one server: the most variable service, as cs², that keeps the mean wait at most "
            "{goal:g} s, and uses at least {least:g} s of it. Give service_scv=...",
            _steady,
            lambda draws: {"goal": (goal := draws.uniform(0.55, 0.85)), "least": round(goal - 0.01, 2)},
        ),
        "knee": Mission(
            "One server, {service_rate:g}/s: the highest arrival rate at which 99 % are done within {times:g} mean service "
            "times, to within 2 %. Give arrival_rate=...",
            _knee,
            lambda draws: {"service_rate": draws.integer(5, 20), "times": draws.integer(8, 20)},
        ),
    },
    published={
        "median-prompt": Published(
            "The median prompt of the conversation service.",
            1020,
            "tokens",
            "Patel and others 2024, section 3",
            0.005,
        ),
        "median-output": Published(
            "The median answer of the conversation service.",
            129,
            "tokens",
            "Patel and others 2024, section 3",
            0.005,
        ),
    },
    tracks={
        "application": Track(
            "You build a web application",
            "How many workers does my endpoint need before users feel the queue?",
            ("knee", "pool"),
            {"arrival_rate": 90.0, "service_rate": 10.0, "wait": 0.1, "probability": 0.99},
        ),
        "reliability": Track(
            "You keep services running",
            "What do I page on: utilization, wait, or the share that waits?",
            ("knee", "enough"),
            {"arrival_rate": 1200.0, "service_rate": 50.0, "wait": 0.01, "probability": 0.999},
        ),
        "model-serving": Track(
            "You serve models",
            "How many slots does a model need when a request holds one for seconds?",
            ("steady", "enough"),
            {"arrival_rate": 5.5, "service_rate": 0.154, "wait": 1.0, "probability": 0.99},
        ),
        "architecture": Track(
            "You decide what is bought",
            "What do pooling and headroom cost at the size of a fleet?",
            ("pool", "enough"),
            {"arrival_rate": 40_000.0, "service_rate": 20.0, "wait": 0.005, "probability": 0.9999},
        ),
    },
    questions={
        "binding": "Which of the three factors, load, variability or size, limits the service you know best, and how do you know?",
        "rejected": "Which sizing did you consider and reject, and what number decided it?",
        "risk": "What did you leave out that could make your answer wrong (retries, priorities, cold starts, shared slots)?",
    },
)
