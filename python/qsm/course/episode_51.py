"""Episode 51: latency, from the speed of light to the response time a user feels."""

from __future__ import annotations

import math

from qsm import core
from qsm.course._blocks import Bet, Check, Claim, Content, Idea, Mission, Published, Track, Verdict
from qsm.latency import (
    fan_out_slow_probability,
    hedged,
    max_of,
    propagation_delay,
    retry,
    revenue_claims,
    revenue_ratio,
    revenue_sensitivity,
)

# One server of the missions: nearly always quick, one answer in fifty slow.
SERVER = core.mixture([0.98, 0.02], [core.lognormal(math.log(0.008), 0.4), core.lognormal(math.log(0.2), 0.5)])
# Of each three, all are within half of the longest way between two from its middle.
CUSTOMERS = (
    "New York, London, Singapore",
    "Frankfurt, Mumbai, Tokyo",
    "Toronto, Paris, Cape Town",
    "London, Tokyo, Seoul",
    "Chicago, Madrid, New York",
)


def _site(latitude: float, longitude: float, *, customers: str = CUSTOMERS[0]) -> Verdict:
    names = customers.split(", ")
    floors = {name: propagation_delay((latitude, longitude), name, round_trip=True) for name in names}
    worst = max(floors, key=lambda name: floors[name])
    words = f"The farthest is {worst}: {floors[worst] * 1000:.1f} ms there and back, at the speed of light in fibre."
    limit = max(propagation_delay(one, two, round_trip=True) for one in names for two in names) / 2
    if floors[worst] > 1.02 * limit:
        return Verdict(False, f"{words} It can be done in {limit * 1000:.0f} ms, and nobody can do better.")
    return Verdict(True, f"{words} Half of the longest way between two customers: no place on the Earth is better.")


def _promise(probability: float, *, servers: int = 100) -> Verdict:
    if isinstance(probability, bool) or not 0 < probability < 1:
        raise ValueError(f"mission 'promise': probability must be in (0, 1), got {probability!r}")
    page = 1 - float(fan_out_slow_probability(1 - probability, servers))
    words = f"Then {page:.2%} of the pages are quick."
    if page < 0.99:
        return Verdict(False, f"{words} The promise is 99 %.")
    if page > 0.991:
        return Verdict(
            False, f"{words} The promise is kept, but a weaker one would do, to within a tenth of a per cent."
        )
    return Verdict(True, f"{words} Each server must be slow less than once in {1 / (1 - probability):,.0f} requests.")


def _hedge(delay: float, *, budget: float = 0.05, goal: float = 0.05) -> Verdict:
    extra = 1 - float(SERVER.cdf(delay))
    high = float(hedged(SERVER, delay).quantile(0.999))
    words = f"{extra:.1%} of the requests are sent twice; the 99.9th percentile is {high * 1000:.1f} ms."
    if extra > budget:
        return Verdict(False, f"{words} The budget for extra load is {budget:.0%}.")
    if high > goal:
        return Verdict(False, f"{words} The goal is {goal * 1000:g} ms.")
    return Verdict(True, f"{words} Without the hedge it would be {float(SERVER.quantile(0.999)) * 1000:.0f} ms.")


def _timeout(timeout: float, attempts: int, *, goal: float = 0.05) -> Verdict:
    law = retry(SERVER, timeout, attempts)
    lost = (1 - float(SERVER.cdf(timeout))) ** attempts
    high = float(law.quantile(0.999))
    words = f"{lost:.1e} of the requests get no answer; the 99.9th percentile is {high * 1000:.1f} ms."
    if lost > 1e-5:
        return Verdict(False, f"{words} At most one in 100,000 may stay without one.")
    if high > goal:
        return Verdict(False, f"{words} The goal is {goal * 1000:g} ms.")
    return Verdict(True, words)


_LINDEN = float(revenue_sensitivity(0.01, 0.1))
_KNOWN = revenue_claims()["sensitivity"]

CONTENT = Content(
    name="episode-51",
    title="Episode 51: The mathematics of latency, from light speed to response time",
    objectives=(
        "say how fast an answer between two places can be at best, and find published numbers that break that floor",
        "add, race, fan out, hedge and retry whole distributions instead of single numbers",
        "say what a percentile from data is worth, and which percentiles can be merged",
        "recognise coordinated omission, and say what it hides",
        "use Little's law on a log, and say what the ends of the window do to it",
    ),
    prerequisites=("elementary probability", "a little Python with NumPy"),
    claims={
        "hundred-ms": Claim(
            "Every 100 ms of latency cost Amazon 1 % of sales",
            "G. Linden, slides of a talk at Stanford, December 2006, one line, about tests before 2002",
            f"if it held for every customer and delay, a second would cost {1 - revenue_ratio(1.0, 0.0, _LINDEN):.1%}",
            "single source",
            "one person's memory of tests whose size, year and range nobody has published; it may well be right",
        ),
        "half-second": Claim(
            "Half a second lost Google 20 % of its traffic",
            "M. Mayer on a stage in 2006, as the same slides and news reports tell it",
            "the page was slower because it showed thirty results instead of ten: two things changed at once",
            "disputed",
            "a page with more results differs in more than time; a later experiment that only added delay found far less",
        ),
        "search-delay": Claim(
            "400 ms of added delay cost Google 0.59 % of the searches per user",
            "J. Brutlag 2009, Speed Matters for Google Web Search: a controlled experiment over weeks",
            f"a sensitivity of {revenue_sensitivity(0.0059, 0.4):.3f} per second, "
            f"{_LINDEN / float(revenue_sensitivity(0.0059, 0.4)):.0f} times less than the first claim's",
            "verified",
            "delay was the only thing that was changed, and its makers published range, duration and result",
        ),
        "our-shop": Claim(
            "So 100 ms will cost our shop 1 %",
            "Nobody; it is what a reader concludes",
            f"nothing: the known sensitivities differ by a factor of {max(_KNOWN) / min(_KNOWN):.0f}, on other pages, years and users",
            "unsupported",
            "the number that counts is that of your own experiment",
        ),
    },
    checks={
        "geometric-mean": Check(
            lambda *, low=10, high=4: math.sqrt(low / 1000 * high) * 1000,
            "milliseconds",
            (
                (
                    lambda low, high: (low + 1000 * high) / 2,
                    "That is the middle on a ruler. On a logarithmic axis the middle multiplies and takes a root.",
                ),
                (lambda low, high: float(low), "That is one of the two ends."),
                (
                    lambda low, high: 1000 * high / low,
                    "That is their ratio; the middle is only its square root above the lower end.",
                ),
            ),
            tolerance=0.005,
            question="One request took {low} ms, another {high} seconds. What is the middle of the two on a logarithmic axis, in "
            "milliseconds?",
            draw=lambda draws: {"low": draws.integer(5, 30), "high": draws.integer(2, 9)},
        ),
        "all-in-time": Check(
            lambda *, count=5, probability=0.9: float(max_of(core.uniform(0, 1), count).cdf(probability)),
            "a probability",
            (
                (
                    lambda count, probability: 1 - count * (1 - probability),
                    "Probabilities of failure may be added only while they are small; these together are not.",
                ),
                (lambda count, probability: probability, "That is one server. All of them have to be in time."),
                (
                    lambda count, probability: 1 - probability**count,
                    "That is the probability that at least one is late.",
                ),
            ),
            question="Each of {count} independent servers answers in time with probability {probability:g}. With which "
            "probability do all of them?",
            draw=lambda draws: {"count": draws.integer(4, 9), "probability": draws.uniform(0.85, 0.95)},
        ),
        "mixture-mean": Check(
            lambda *, hits=0.9, hit=1, miss=51: float(
                core.mixture([hits, 1 - hits], [core.deterministic(hit), core.deterministic(miss)]).mean
            ),
            "milliseconds",
            (
                (
                    lambda hits, hit, miss: (hit + miss) / 2,
                    "That would be right if hits and misses came equally often.",
                ),
                (
                    lambda hits, hit, miss: float(hit),
                    "That is what most requests take; the mean has to carry the misses too.",
                ),
                (lambda hits, hit, miss: (1 - hits) * miss, "That is the part of the misses. The hits add theirs."),
            ),
            question="{hits:.0%} of the requests are hits and take {hit} ms; the others are misses and take {miss} ms. What is "
            "the mean, in milliseconds?",
            draw=lambda draws: {
                "hits": draws.uniform(0.8, 0.95),
                "hit": draws.integer(1, 4),
                "miss": draws.integer(40, 90),
            },
        ),
    },
    bets={
        "half-slow": Bet(
            "Each server answers slowly once in a hundred requests. How many servers must a page ask at the same time until "
            "half of the pages are slow?",
            unit="servers",
        ),
        "two-servers": Bet(
            "The 99th percentile of one server is 100 ms, that of another 300 ms. What is the 99th percentile of their requests "
            "together?",
            choices=("the mean of the two", "between the two", "it can lie outside"),
        ),
        "stall": Bet(
            "A server answers in 0.1 ms and stands still once, for 1.4 s in 30 s. A load generator that waits for each answer "
            "reports a 99th percentile. By what factor is the one that users feel larger?",
            unit="times",
        ),
    },
    ideas={
        "light": Idea(
            "Light sets a floor that no money lowers",
            "A signal in glass covers about 200 km in a millisecond. An ocean is a fixed price for each round trip, so the "
            "only way to be faster is to be nearer, or to ask less often.",
            "$t = \\frac{n\\, r\\, d}{c}$ with distance $d$, index $n = 1.468$ of the fibre, and route factor $r \\ge 1$: how much "
            "longer the cable is than the shortest way.",
            "Nothing that carries information is faster than $c$; the shortest way on the Earth is the geodesic. Both are "
            "lower bounds, so their quotient is one: a measured time below it is an error of measurement or of print.",
            "Hollow-core fibre has an index close to one, and low orbits of satellites have vacuum; both approach the floor "
            "of 3.3 microseconds a kilometre.",
        ),
        "fan-out": Idea(
            "The slowest of many decides",
            "Ask a hundred shards and wait for all: it is enough that one of them has a bad moment. What is rare for a server is "
            "usual for a page.",
            "$P(\\max \\le x) = F(x)^n$, so the percentile $p$ of the page is the percentile $p^{1/n}$ of a server.",
            "All are at most $x$ exactly if each is; independent events multiply. The block on proof runs it.",
            "Servers are not independent: they share switches, clocks of garbage collectors, and load. Positive dependence makes "
            "the page better than $F^n$ says, and the tail of a single server worse to hide.",
        ),
        "omission": Idea(
            "A tester who waits does not measure waiting",
            "Stand in a queue with a stopwatch, and start it only when you reach the counter. A load generator that sends its next "
            "request after the last answer does this: while the server stands still, it asks nothing, and records one bad time.",
            "A stall of $d$ seconds at $\\lambda$ requests a second hurts about $\\lambda d$ users by up to $d$; the record of a "
            "waiting generator has one sample for each connection.",
            "Planned requests arrive at fixed instants. The one that comes $x$ after the stall began waits $d - x$. So latencies are "
            "spread evenly from $0$ to $d$ over $\\lambda d$ requests, not one value $d$.",
            "After the fact only the plan can be restored, not what the users would have done: some would have left.",
        ),
    },
    missions={
        "site": Mission(
            "One site for customers in {customers}: find a place whose worst round trip at the speed of light in fibre is as "
            "short as it can be, to within 2 %. Give latitude=... and longitude=... in degrees.",
            _site,
            lambda draws: {"customers": CUSTOMERS[draws.integer(0, len(CUSTOMERS) - 1)]},
        ),
        "promise": Mission(
            "A page asks {servers} servers at the same time. With which probability must each be quick so that 99 % of the pages are? To "
            "within a tenth of a per cent of the pages. Give probability=...",
            _promise,
            lambda draws: {"servers": draws.integer(40, 250)},
        ),
        "hedge": Mission(
            "One answer in fifty of this server is slow. Ask a second server after a delay, with at most {budget:.0%} extra load, so "
            "that the 99.9th percentile is at most {goal:g} s. Give delay=... in seconds.",
            _hedge,
            lambda draws: {"budget": draws.uniform(0.04, 0.08), "goal": draws.uniform(0.045, 0.06, 0.001)},
        ),
        "timeout": Mission(
            "The same server, without a second one: give up after a timeout and try again, so that at most one request in 100,000 stays "
            "without an answer and the 99.9th percentile is at most {goal:g} s. Give timeout=... in seconds and attempts=...",
            _timeout,
            lambda draws: {"goal": draws.uniform(0.05, 0.07, 0.001)},
        ),
    },
    published={
        "fan-out-63": Published(
            "A request that asks 100 servers, each slower than a second for one request in a hundred: share of slow requests.",
            0.63,
            "of the requests",
            "J. Dean and L. A. Barroso 2013, The Tail at Scale",
            0.01,
        ),
        "fan-out-2000": Published(
            "The same with 2,000 servers, each slow for one request in ten thousand: nearly one request in five.",
            0.2,
            "of the requests",
            "J. Dean and L. A. Barroso 2013, The Tail at Scale",
            0.1,
        ),
    },
    tracks={
        "application": Track(
            "You build pages out of calls",
            "How fast can my page be, and which call has its tail?",
            ("promise", "timeout"),
            {"distance_km": 600.0, "calls": 5.0, "fan_out": 10.0, "median_ms": 8.0, "sigma": 0.6},
        ),
        "reliability": Track(
            "You keep services running",
            "Which percentile do I watch, and can I believe it?",
            ("hedge", "timeout"),
            {"distance_km": 50.0, "calls": 2.0, "fan_out": 100.0, "median_ms": 2.0, "sigma": 0.8},
        ),
        "model-serving": Track(
            "You serve models",
            "What is left for the model after the network has taken its part?",
            ("site", "hedge"),
            {"distance_km": 2500.0, "calls": 1.0, "fan_out": 4.0, "median_ms": 180.0, "sigma": 0.4},
        ),
        "architecture": Track(
            "You decide where things stand",
            "Which regions do I need so that nobody is farther than the budget?",
            ("site", "promise"),
            {"distance_km": 9000.0, "calls": 3.0, "fan_out": 40.0, "median_ms": 5.0, "sigma": 0.7},
        ),
    },
    questions={
        "binding": "What limits the latency of the service you know best: distance, the number of calls in a row, fan-out, or a queue? "
        "How do you know?",
        "rejected": "Which way to make it faster did you reject, and what number decided it?",
        "risk": "Which of your latency numbers could be too good because of how they are measured?",
    },
)
