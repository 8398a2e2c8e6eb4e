"""Episode 52: queueing theory, from one line before one server to a production trace."""

from __future__ import annotations

import math

from qsm.course._blocks import Bet, Check, Claim, Content, Idea, Mission, Published, Track, Verdict
from qsm.queueing import mm1, mmc, servers_for_wait

DAY = 86_400


def _enough(servers: int) -> Verdict:
    fewest = int(servers_for_wait(90, 10, 0.1, 0.99))
    share = float(mmc(90, 10, servers).wait_cdf(0.1))
    words = f"With {servers} servers, {share:.2%} of the arrivals wait at most 0.1 s."
    if share < 0.99:
        return Verdict(False, f"{words} The promise is 99 %.")
    if servers > fewest:
        return Verdict(False, f"{words} The promise is kept, but a server fewer would keep it too.")
    return Verdict(True, f"{words} One server fewer would break the promise.")


def _pool(servers: int) -> Verdict:
    split = float(mm1(8, 10).mean_wait)
    pooled = mmc(80, 10, servers)
    words = (
        f"Ten lines of their own: mean wait {split:.3g} s. One line before {servers} servers: {pooled.mean_wait:.3g} s."
    )
    if not pooled.mean_wait <= split:
        return Verdict(False, words)
    if servers > 1 and mmc(80, 10, servers - 1).mean_wait <= split:
        return Verdict(False, f"{words} A server fewer would still do.")
    return Verdict(True, f"{words} The shared line saves {10 - servers} of 10 servers.")


def _steady(service_scv: float) -> Verdict:
    if isinstance(service_scv, bool) or not 0 <= service_scv < math.inf:
        raise ValueError(f"mission 'steady': service_scv must be finite and >= 0, got {service_scv!r}")
    wait = float(mm1(9, 10).mean_wait) * (1 + service_scv) / 2
    words = f"With cs² = {service_scv:g} the mean wait is {wait:.4g} s."
    if wait > 0.6:
        return Verdict(False, f"{words} The goal is 0.6 s.")
    if wait < 0.59:
        return Verdict(False, f"{words} The goal is met, but service may vary more than that.")
    return Verdict(True, words)


def _knee(arrival_rate: float) -> Verdict:
    model = mm1(arrival_rate, 10)
    high = float(model.sojourn_quantile(0.99))
    words = (
        f"At {arrival_rate:g} arrivals/s the 99th percentile of the time in system is {high * 10:.3g} service times."
    )
    if high > 1:
        return Verdict(False, f"{words} The promise is 10.")
    if high < 0.98:
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
            lambda: 10.0,
            "minutes",
            (
                (lambda: 40.0, "That is the expected total, counted from the start. How much is still to come?"),
                (lambda: 5.0, "Half the mean would be right for a random instant of a fixed ten-minute build."),
                (lambda: 30.0, "An exponential time does not know how long it has lasted: age is not a forecast."),
            ),
        ),
        "poisson": Check(
            lambda: math.exp(-2),
            "a probability",
            (
                (lambda: 1 - math.exp(-2), "That is the probability of at least one."),
                (lambda: 0.5, "One over the mean is no probability of a count. Use exp(-mean)."),
                (lambda: 2 * math.exp(-2), "That is the probability of exactly one."),
            ),
        ),
        "geometric": Check(
            lambda: 0.9 / 0.1,
            "requests",
            (
                (lambda: 10.0, "1/(1 - ρ) is the mean of a count that starts at one; this one starts at zero."),
                (lambda: 0.9, "That is the probability of at least one, not the mean."),
            ),
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
            "90 requests/s, 10/s per server: the fewest servers so that 99 % wait at most 0.1 s. Give servers=...",
            _enough,
        ),
        "pool": Mission(
            "Ten servers with a line of their own each get 8 requests/s and serve 10/s. One shared line instead: the "
            "fewest servers with a mean wait no longer than before. Give servers=...",
            _pool,
        ),
        "steady": Mission(
            "9 requests/s, 10/s served, one server: the most variable service, as cs², that keeps the mean wait at most "
            "0.6 s, and uses at least 0.59 s of it. Give service_scv=...",
            _steady,
        ),
        "knee": Mission(
            "One server, 10/s: the highest arrival rate at which 99 % are done within 10 mean service times, to within "
            "2 %. Give arrival_rate=...",
            _knee,
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
