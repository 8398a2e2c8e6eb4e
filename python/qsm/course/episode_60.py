"""Episode 60: sketches, answers about many items from little memory."""

from __future__ import annotations

import math

from qsm.course._blocks import Bet, Check, Claim, Content, Idea, Mission, Published, Track, Verdict
from qsm.sketches import Hasher, HyperLogLog, bloom_rate, bloom_size, lsh_probability

REDIS = Hasher("redis", 0xADC83B19)


def _dense() -> int:
    """Bytes of Redis' own form once it is dense."""
    sketch = HyperLogLog(14, REDIS)
    sketch.add(range(5000))
    return len(sketch.to_redis())


def _filter(bits: int, hashes: int, *, keys: int = 1_000_000, percent: float = 1.0, megabytes: float = 1.2) -> Verdict:
    rate = float(bloom_rate(keys, bits, hashes))
    words = f"{bits / 8e6:.3f} MB with {hashes} hashes: {rate:.3%} of the other keys are taken for members."
    if rate > percent / 100:
        return Verdict(False, f"{words} The promise is {percent:g} %.")
    if bits > round(8e6 * megabytes):
        return Verdict(False, f"{words} The promise is kept, but {megabytes:g} MB are enough.")
    return Verdict(True, words)


def _room(keys: int, percent: float) -> float:
    """Megabytes that are enough, with less than 2 % to spare."""
    bits = bloom_size(items=keys, rate=percent / 100).bits
    return math.ceil(1.005 * bits / 8e4) / 100


def _cardinality(precision: int, *, percent: float = 2.0) -> Verdict:
    error = float(HyperLogLog(precision).relative_error("improved"))
    words = f"2^{precision} registers: three standard errors are {3 * error:.2%}."
    if 3 * error > percent / 100:
        return Verdict(False, f"{words} The promise is {percent:g} %.")
    if precision > 4 and 3 * float(HyperLogLog(precision - 1).relative_error("improved")) <= percent / 100:
        return Verdict(False, f"{words} Half of the registers would do.")
    return Verdict(True, f"{words} Half of the registers would break the promise.")


def _heavy(
    width: int, rows: int, *, events: int = 10**8, excess: int = 10_000, items: int = 1000, kilobytes: int = 770
) -> Verdict:
    if width < 1 or rows < 1:
        raise ValueError(f"mission 'heavy': width and rows must be >= 1, got {width!r} and {rows!r}")
    most, miss = math.e / width * events, math.exp(-rows)
    words = f"{4 * width * rows:,} bytes: at most {most:,.0f} too many, but for {miss:.2g} of the items, which may have more."
    if most > excess or miss > 1 / items:
        return Verdict(False, f"{words} The promise is {excess:,}, for all but {1 / items:g} of the items.")
    if 4 * width * rows > 1000 * kilobytes:
        return Verdict(False, f"{words} The promise is kept, but {kilobytes:,} kB are enough.")
    return Verdict(True, words)


def _table(events: int, excess: int, items: int) -> int:
    """Kilobytes that are enough, in tens."""
    return 10 * math.ceil(4 * math.ceil(math.e * events / excess) * math.ceil(math.log(items)) / 1e4)


def _near(bands: int, rows: int, *, alike: float = 0.8, unlike: float = 0.3) -> Verdict:
    found, taken = float(lsh_probability(alike, bands, rows)), float(lsh_probability(unlike, bands, rows))
    words = (
        f"Pairs that are {alike:g} alike are found with probability {found:.4f}, those that are {unlike:g} alike with "
        f"{taken:.4f}."
    )
    if bands * rows > 128:
        return Verdict(False, f"{words} That takes {bands * rows} hashes; there are 128.")
    return Verdict(found >= 0.99 and taken <= 0.05, f"{words} Asked for are at least 0.99 and at most 0.05.")


CONTENT = Content(
    name="episode-60",
    title="Episode 60: Sketches, accuracy traded for scale",
    objectives=(
        "say which sketch answers which question, and how many bytes an accuracy takes",
        "size a Bloom filter, a HyperLogLog, a Count-Min table and a similarity index from their formulas",
        "tell a bound that is certain from one that holds with a probability, and from none at all",
        "write a HyperLogLog, and test it register by register against the library",
        "merge sketches of many machines, and say what merging does to their errors",
    ),
    prerequisites=("elementary probability", "a little Python with NumPy"),
    claims={
        "redis-size": Claim(
            "Redis counts billions of unlike items in 2.5 kB with its HyperLogLog",
            "The first outline of this course; the documentation of Redis itself says up to 12 kB",
            f"16,384 registers of 6 bits are {16384 * 6 // 8:,} bytes; with its header the value has {_dense():,}",
            "wrong",
            "a value is shorter only while few items are in it; it is full-sized long before the billions, as this notebook "
            "shows byte by byte",
        ),
        "redis-error": Claim(
            "Its standard error is 0.81 %",
            "Documentation of Redis, command PFCOUNT",
            f"{1.04 / math.sqrt(16384):.4%} by the rule 1.04 / √m, {HyperLogLog(14).relative_error('improved'):.4%} by the "
            "exact constant",
            "verified",
            "the formula gives it, and the trials below agree; it is one standard deviation, so that one answer in three is "
            "further off",
        ),
        "ten-bits": Claim(
            "Ten bits per item make a Bloom filter err once in a hundred",
            "A rule of thumb in textbooks and manuals",
            f"{float(bloom_rate(1e6, 1e7, 7)):.3%} for the classic filter with seven hashes",
            "verified",
            "for the classic layout with independent hashes; a filter that keeps each item within one line of cache errs "
            "more often with as many bits",
        ),
        "t-digest": Claim(
            "A t-digest gives every percentile with a guaranteed accuracy",
            "Descriptions of databases that offer one",
            "Nothing: its paper measures, and proves no bound for the worst input",
            "unsupported",
            "inputs are known on which its error is arbitrarily large (Cormode, Mishra, Ross and Veselý 2021); on usual data it "
            "is very accurate",
        ),
    },
    checks={
        "empty": Check(
            lambda *, items=1_000_000, places=1_000_000: math.exp(-items / places),
            "a probability",
            (
                (
                    lambda items, places: 0.0,
                    "Enough items for all places does not mean one in each: some places get two.",
                ),
                (lambda items, places: 1 - math.exp(-items / places), "That is the share of places that are taken."),
                (
                    lambda items, places: 0.5,
                    "Chance is not a coin here: each of many items misses the place by a little.",
                ),
            ),
            question="{items:,} items fall into {places:,} places. Which share of the places stays empty?",
            draw=lambda draws: {"items": 100_000 * draws.integer(11, 30)},
        ),
        "zeros": Check(
            lambda *, zeros=3, bits=64: 2.0**-zeros,
            "a probability",
            (
                (lambda zeros, bits: 1 / zeros, "Each further zero halves the probability; it does not count them."),
                (lambda zeros, bits: 2.0 ** -(zeros + 1), "That asks for one zero more, or for a one behind them."),
                (lambda zeros, bits: zeros / bits, "Not all places of the hash are asked, only the first ones."),
            ),
            question="With what probability does a hash of {bits} bits begin with at least {zeros} zeros?",
            draw=lambda draws: {"zeros": draws.integer(5, 16), "bits": 32 * 4 ** draws.integer(0, 1)},
        ),
        "harmonic": Check(
            lambda *, low=1, high=3: 2 / (1 / low + 1 / high),
            "without a unit",
            (
                (
                    lambda low, high: (low + high) / 2,
                    "That is the arithmetic mean. Take the mean of the reciprocals, and its reciprocal.",
                ),
                (lambda low, high: math.sqrt(low * high), "That is the geometric mean."),
                (
                    lambda low, high: (1 / low + 1 / high) / 2,
                    "That is the mean of the reciprocals; turn it over once more.",
                ),
            ),
            question="What is the harmonic mean of {low} and {high}?",
            draw=lambda draws: {"low": draws.integer(1, 5), "high": draws.integer(15, 40)},
        ),
    },
    bets={
        "best": Bet(
            "4,096 bytes, millions of unlike items, sketches that can be merged. Which counts them with the least error?",
            choices=("HyperLogLog", "UltraLogLog", "ExaLogLog", "Theta"),
        ),
        "thousand": Bet("How many bytes does the value take in Redis after PFADD of 1,000 unlike items?", unit="bytes"),
    },
    ideas={
        "bloom": Idea(
            "A filter forgets who set a bit",
            "Every item presses the same few keys on a long keyboard. If all keys of an item are down, it has probably been "
            "there; if one is up, it certainly has not.",
            "$p \\approx \\left(1 - e^{-kn/m}\\right)^k$, least at $k = \\frac{m}{n} \\ln 2$, where half of the bits are set.",
            "A bit stays 0 with probability $(1 - 1/m)^{kn}$. Given the share of set bits $X$, another item errs with "
            "probability $X^k$; the textbook takes the power of the mean instead of the mean of the power, which is less.",
            "No filter takes less than $\\log_2(1/p)$ bits per item. Bloom's takes 44 % more, a binary fuse filter about 13 %; "
            "what is the least for one to which items can be added at any time?",
        ),
        "hyperloglog": Idea(
            "Rare patterns tell how much has been seen",
            "Someone who has thrown ten heads in a row has thrown a coin often. A hash that begins with ten zeros comes once in a "
            "thousand items; repeated items bring the same hash and change nothing.",
            "$\\hat n = \\alpha_m m^2 \\Big/ \\sum_j 2^{-M_j}$, with a standard error of $1.04 / \\sqrt{m}$.",
            "The items of a register are about $n / m$; its longest row is near $\\log_2(n/m)$, give or take more than one. The "
            "mean over $m$ registers makes the error $\\sqrt{m}$ times less; the harmonic mean keeps one lucky register from "
            "ruling it.",
            "With 28 bits per register instead of six an ExaLogLog needs 43 % fewer bits for the same error. How far down can "
            "the product of memory and variance go for a sketch that merges?",
        ),
        "count-min": Idea(
            "The least of several wrong counts",
            "Each row of counters mixes an item with those that fall into the same place, so that a row never counts too "
            "little. Mixed with other neighbours in each row, the least is the one with the fewest of them.",
            "$f \\le \\hat f \\le f + \\frac{e}{w} N$ with probability $1 - e^{-d}$, in $w$ columns and $d$ rows.",
            "The neighbours bring $N / w$ in the mean; by Markov's inequality they bring $e$ times as much in at most one row of "
            "$e$, and in all $d$ rows with probability $e^{-d}$.",
            "On skewed data the table is far better than its bound; sharper bounds from the data itself are recent work.",
        ),
        "minhash": Idea(
            "The first of a shuffled union",
            "Shuffle all items of both sets together and take the first. It lies in both sets exactly as often as the sets are "
            "alike.",
            "$P(\\min h(A) = \\min h(B)) = \\frac{|A \\cap B|}{|A \\cup B|}$, so that $k$ hashes err by "
            "$\\sqrt{J (1 - J) / k}$.",
            "Every item of the union is as likely to be the least; the minima agree if and only if that one lies in both.",
            "One permutation, cut into bins, does nearly the work of $k$; how empty bins are best filled has several answers.",
        ),
    },
    missions={
        "filter": Mission(
            "{keys:,} keys, at most {percent:g} % false positives, at most {megabytes:g} MB. Give bits=..., hashes=...",
            _filter,
            lambda draws: {
                "keys": (keys := 1_000_000 * draws.integer(1, 9)),
                "percent": (percent := draws.uniform(0.2, 2, 0.1)),
                "megabytes": _room(keys, percent),
            },
        ),
        "cardinality": Mission(
            "A HyperLogLog whose count is within {percent:g} % by three standard errors, in the fewest registers. Give "
            "precision=...",
            _cardinality,
            lambda draws: {"percent": draws.uniform(0.5, 5, 0.1)},
        ),
        "heavy": Mission(
            "{events:,} events: no count more than {excess:,} too large but for one item in {items:,}, 4 bytes a counter, "
            "at most {kilobytes:,} kB. Give width=..., rows=...",
            _heavy,
            lambda draws: {
                "events": (events := 10**8 * draws.integer(1, 9)),
                "excess": (excess := 1000 * draws.integer(5, 20)),
                "items": (items := 10 ** draws.integer(2, 4)),
                "kilobytes": _table(events, excess, items),
            },
        ),
        "near": Mission(
            "128 hashes: find pairs that are {alike:g} alike with probability 0.99, and those that are {unlike:g} alike with "
            "at most 0.05. Give bands=..., rows=...",
            _near,
            lambda draws: {"alike": (alike := draws.uniform(0.73, 0.9)), "unlike": round(alike - 0.5, 2)},
        ),
    },
    published={
        "redis-count": Published(
            "PFCOUNT after PFADD of the texts 0 to 99,999.",
            99_565,
            "items",
            "a redis-server 7.0.15 that was run for this library; its answers are among the tests' golden rows",
            1e-9,
        ),
        "redis-dense": Published(
            "Bytes of the dense form: 16 of header and 16,384 registers of 6 bits.",
            12_304,
            "bytes",
            "comments in the source of Redis, hyperloglog.c, and the same server",
            1e-9,
        ),
    },
    tracks={
        "application": Track(
            "You build a web application",
            "How much memory keeps me from asking the database for keys that are not there?",
            ("filter", "near"),
            {"items": 1e6, "rate": 0.01, "error": 0.02},
        ),
        "reliability": Track(
            "You keep services running",
            "Which clients make most of the load, and which percentiles can I add over machines?",
            ("heavy", "cardinality"),
            {"items": 1e5, "rate": 0.001, "error": 0.01},
        ),
        "analytics": Track(
            "You count users",
            "How many unlike users came this month, by country, by page, and in both?",
            ("cardinality", "near"),
            {"items": 1e9, "rate": 0.02, "error": 0.005},
        ),
        "storage": Track(
            "You write a storage engine",
            "How many bits per key save how many reads?",
            ("filter", "heavy"),
            {"items": 1e8, "rate": 0.004, "error": 0.05},
        ),
    },
    questions={
        "question": "Which question about many items do you answer exactly today, and what would an answer within 1 % save?",
        "bound": "Where you use a sketch: is its error certain, likely, or only measured, and who knows?",
        "risk": "Who could choose the items that go into your sketch, and what would they gain?",
    },
)
