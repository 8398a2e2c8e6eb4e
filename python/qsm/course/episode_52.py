"""Episode 52: queueing theory, from one line before one server to a production trace."""

from __future__ import annotations

import math

from qsm.course._blocks import Bet, Check, Claim, Content, Mission, Verdict
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
    minutes=180,
    objectives=(
        "say from arrival rate, service rate and servers how long requests wait, in the mean and at the 99th percentile",
        "say how many servers a promise takes, and why a large shared group needs less spare capacity than many small ones",
        "write a simulator of a G/G/k queue, and test it against theory",
        "prove Little's law and the Pollaczek-Khinchine formula step by step",
        "size a service from a production trace, and say why theory and trace disagree",
    ),
    prerequisites=("elementary probability", "a little Python with NumPy"),
    claims=(
        Claim(
            "A messenger handles 50 billion messages a day",
            "Its chief executive on a stage in January 2014, reported the same day (bgr.com, 20 Jan 2014; ben-evans.com, "
            "21 Jan 2014)",
            f"{50e9 / DAY:,.0f} messages a second in the mean; {18e9 / DAY:,.0f} of them sent, {36e9 / DAY:,.0f} delivered",
            "supported by the company's statement, and counted twice: 18 billion sent and 36 billion delivered, because "
            "a message to a group is delivered to each member",
        ),
        Claim(
            "It delivers about 100 billion a day",
            "The owner's quarterly earnings call of 29 October 2020, as news reported it (asianet.in, Oct 2020)",
            f"{1e11 / DAY:,.0f} messages a second in the mean",
            "supported by the company's own statement; not measured by anybody else, and not said whether a message to a "
            "group counts once",
        ),
        Claim(
            "So the servers must be sized for that many a second",
            "Nobody; it is what a reader concludes",
            "Nothing: a mean over a day says neither how high the busiest second is nor how long a message may wait",
            "wrong; this episode is about why",
        ),
    ),
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
)
