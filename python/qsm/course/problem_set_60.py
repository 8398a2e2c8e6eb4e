"""Problem set 60: sketches. Texts, numbers, misunderstandings and verifiers; the answers are with the teacher."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from qsm.course._draws import Draws
from qsm.course._problems import Misconception, Problem, ProblemSet, numbers_of, whole
from qsm.sketches import HyperLogLog, lsh_probability

# --- 1 ---------------------------------------------------------------------------------------------------------------


def _draw_rate(draws: Draws) -> dict[str, Any]:
    items = draws.integer(100, 900) * 1000
    return {"items": items, "bits": int(items * draws.uniform(6, 14, 0.1)), "hashes": draws.integer(3, 8)}


_RATE = Problem(
    name="rate",
    title="Taken for a member",
    text="A classic Bloom filter of {bits} bits and {hashes} hash functions holds {items} items. Which share of the items that "
    "are not in it does it take for members?",
    returns="a probability",
    draw=_draw_rate,
    level=1,
    plausible=lambda items, bits, hashes: (0, 1),
    misconceptions=(
        Misconception(
            lambda items, bits, hashes: 1 - math.exp(-hashes * items / bits),
            "That is the share of bits that are set. An item must find all of its bits set.",
        ),
        Misconception(
            lambda items, bits, hashes: (1 - math.exp(-items / bits)) ** hashes,
            "Every item sets as many bits as there are hash functions, not one.",
        ),
        Misconception(
            lambda items, bits, hashes: math.exp(-hashes * items / bits) ** hashes,
            "That is the probability to find all bits empty.",
        ),
        Misconception(
            lambda items, bits, hashes: hashes * items / bits,
            "Bits are set more than once, and an item asks for several of them.",
        ),
    ),
)


# --- 2 ---------------------------------------------------------------------------------------------------------------


def _draw_size(draws: Draws) -> dict[str, Any]:
    return {"items": draws.integer(1, 90) * 100_000, "rate": draws.uniform(0.0005, 0.05, 0.0001)}


_SIZE = Problem(
    name="size",
    title="The smallest classic filter",
    text="{items} items are to be held by a classic Bloom filter with the best number of hash functions, which need not be "
    "whole. How many bits does it take so that {rate:g} of the other items are taken for members?",
    returns="a number of bits",
    draw=_draw_size,
    plausible=lambda items, rate: (items, 100 * items),
    misconceptions=(
        Misconception(
            lambda items, rate: items * math.log2(1 / rate),
            "That is the least for any filter. Bloom's takes more.",
        ),
        Misconception(
            lambda items, rate: items * math.log(1 / rate),
            "One hash function would set far more bits; the best number leaves half of them empty.",
        ),
        Misconception(
            lambda items, rate: items / rate,
            "With one hash function it would be near this. Several make it far smaller.",
        ),
        Misconception(
            lambda items, rate: items * math.log(1 / rate) / math.log(2) ** 2 / 8,
            "That is in bytes. Asked are bits.",
        ),
    ),
)


# --- 3 ---------------------------------------------------------------------------------------------------------------


def _draw_precision(draws: Draws) -> dict[str, Any]:
    return {"error": draws.uniform(0.003, 0.12, 0.0001), "deviations": draws.integer(1, 3)}


def _verify_precision(answer: Any, error: float, deviations: int) -> str:
    if not whole(answer) or not 4 <= answer <= 21:
        return "The answer must be a whole number from 4 to 21."
    precision = int(answer)
    if not deviations * float(HyperLogLog(precision).relative_error("improved")) <= error:
        return "That many registers err more."
    if precision > 4 and deviations * float(HyperLogLog(precision - 1).relative_error("improved")) <= error:
        return "The promise is kept, but half of the registers would keep it too."
    return ""


_PRECISION = Problem(
    name="precision",
    title="Enough registers",
    text="A HyperLogLog of 2^p registers has a standard error of 1.03896 / sqrt(2^p). What is the least p so that {deviations} times "
    "that error is at most {error:g} of the truth?",
    returns="a whole number, the precision p",
    draw=_draw_precision,
    verify=_verify_precision,
    level=1,
    misconceptions=(
        Misconception(
            lambda error, deviations: math.ceil(math.log2(1.03896 * deviations / error)),
            "The error falls with the square root of the registers, not with the registers.",
        ),
        Misconception(
            lambda error, deviations: 14,
            "That is the habit of one database. The promise here is another one.",
        ),
    ),
)


# --- 4 ---------------------------------------------------------------------------------------------------------------


def _draw_table(draws: Draws) -> dict[str, Any]:
    return {
        "events": draws.integer(1, 90) * 1_000_000,
        "excess": draws.integer(5, 60) * 1000,
        "confidence": draws.uniform(0.9, 0.9995, 0.0005),
    }


def _verify_table(answer: Any, events: int, excess: int, confidence: float) -> str:
    if not isinstance(answer, list) or len(answer) != 2 or not all(map(whole, answer)):
        return "The answer must be a pair of whole numbers: width and rows."
    width, rows = answer
    if math.e / width * events > excess:
        return "Counts may be too large by more than that: the table is too narrow."
    if math.exp(-rows) > 1 - confidence:
        return "Too many items may have a larger excess: there are too few rows."
    best = math.ceil(math.e * events / excess) * math.ceil(-math.log(1 - confidence))
    if width * rows > 1.05 * best:
        return "The promise is kept, but a table with at least 5 % fewer counters would keep it too."
    return ""


_TABLE = Problem(
    name="table",
    title="Count the busy ones",
    text="{events} events are counted by a Count-Min table. For a share of {confidence:g} of the items, the count must be at "
    "most {excess} too large by the bound e / width and 1 - exp(-rows). Give a width and a number of rows that keep the "
    "promise with at most 5 % more counters than the fewest.",
    returns="a pair [width, rows]",
    draw=_draw_table,
    verify=_verify_table,
    misconceptions=(
        Misconception(
            lambda events, excess, confidence: [math.ceil(events / excess), math.ceil(-math.log(1 - confidence))],
            "The mean excess is not the bound: a factor e is missing.",
        ),
        Misconception(
            lambda events, excess, confidence: [math.ceil(math.e * events / excess), 1],
            "One row keeps the bound for two items in three, not for more.",
        ),
    ),
)


# --- 5 ---------------------------------------------------------------------------------------------------------------

_PRIME = 2_147_483_647


def bits_of(item: int, multipliers: list[int], bits: int) -> set[int]:
    """The bits of an item, as the text of the problem says."""
    return {item * multiplier % _PRIME % bits for multiplier in multipliers}


def _draw_witness(draws: Draws) -> dict[str, Any]:
    return {
        "items": [draws.integer(1, 1_000_000) for _ in range(25)],
        "multipliers": [draws.integer(1000, 2_000_000_000) for _ in range(4)],
        "bits": draws.integer(150, 320),
    }


def _verify_witness(answer: Any, items: list[int], multipliers: list[int], bits: int) -> str:
    if isinstance(answer, bool) or not isinstance(answer, int) or not 1 <= answer <= 1_000_000_000:
        return "The answer must be a whole number from 1 to 1,000,000,000."
    if answer in items:
        return "That item is in the filter; it is no mistake to find it."
    filled = set().union(*(bits_of(item, multipliers, bits) for item in items))
    if not bits_of(answer, multipliers, bits) <= filled:
        return "The filter knows that this item is not in it."
    return ""


_WITNESS = Problem(
    name="witness",
    title="A false positive",
    text="A Bloom filter of {bits} bits holds the items {items}. The bits of an item x are x · a mod 2147483647 mod {bits}, for "
    "each a in {multipliers}. Find an item from 1 to 1,000,000,000 that was never added, and that the filter takes for a member.",
    returns="a whole number",
    draw=_draw_witness,
    verify=_verify_witness,
    level=2,
    misconceptions=(
        Misconception(lambda items, multipliers, bits: items[0], "That item was added."),
        Misconception(
            lambda items, multipliers, bits: items[0] + bits, "Adding the number of bits does not keep the bits."
        ),
    ),
)


# --- 6 ---------------------------------------------------------------------------------------------------------------


def _draw_registers(draws: Draws) -> dict[str, Any]:
    count = draws.integer(60, 400)
    halves = [draws.integer(0, 2**32 - 1) for _ in range(2 * count)]
    hashes = [high << 32 | low for high, low in zip(halves[::2], halves[1::2], strict=True)]
    return {"hashes": [*hashes, 0], "precision": draws.integer(4, 7)}


def _verify_registers(answer: Any, hashes: list[int], precision: int) -> str:
    if not numbers_of(answer, 2**precision, 2**precision):
        return "The answer must be a list with one number for each register."
    sketch = HyperLogLog(precision)
    sketch.add_hashes(np.array(hashes, dtype=np.uint64))
    wrong = int(np.sum(np.asarray(answer, dtype=float) != sketch.registers()))
    return f"{wrong} of {2**precision} registers are wrong." if wrong else ""


_REGISTERS = Problem(
    name="registers",
    title="HyperLogLog from scratch",
    text="Write the heart of HyperLogLog: a function that takes hashes of 64 bits and the precision p ({precision} for you), and "
    "returns the 2^p registers. The register of a hash is the number in its p lowest bits; it holds the most that came of "
    "one plus the number of zeros at the high end of the hash, counting at most 64 - p of them; 0 where no hash came. Write it "
    "yourself: the grader takes `qsm` away.",
    returns="a list of 2^p whole numbers",
    draw=_draw_registers,
    verify=_verify_registers,
    points=15,
    level=3,
    from_scratch=True,
    misconceptions=(Misconception(lambda hashes, precision: [0] * 2**precision, "Nothing has been counted."),),
)


# --- 7 ---------------------------------------------------------------------------------------------------------------


def _draw_both(draws: Draws) -> dict[str, Any]:
    first, second = draws.integer(20, 90) * 10_000, draws.integer(20, 90) * 10_000
    both = int(min(first, second) * draws.uniform(0.05, 0.6, 0.001))
    return {
        "first": first,
        "second": second,
        "union": first + second - both,
        "error": draws.uniform(0.004, 0.03, 0.0005),
    }


_BOTH = Problem(
    name="both",
    title="Users of both pages",
    text="Three HyperLogLogs count {first} users of one page, {second} of another, and {union} of either (the two merged). Each "
    "count has a relative standard error of {error:g}; take the three errors as independent. The users of both pages are the "
    "first plus the second minus the third. What is the standard error of that number, relative to it?",
    returns="a relative error, without a unit",
    draw=_draw_both,
    level=4,
    plausible=lambda first, second, union, error: (error / 3, 1000 * error),
    misconceptions=(
        Misconception(
            lambda first, second, union, error: error,
            "A difference of large numbers keeps their errors, not their relative errors.",
        ),
        Misconception(
            lambda first, second, union, error: math.sqrt(3) * error,
            "The three errors belong to three large numbers, not to the small one.",
        ),
        Misconception(
            lambda first, second, union, error: error * (first + second + union) / (first + second - union),
            "Independent errors add by their squares.",
        ),
        Misconception(
            lambda first, second, union, error: error * math.hypot(first, second) / (first + second - union),
            "The count of the union errs as well.",
        ),
    ),
)


# --- 8 ---------------------------------------------------------------------------------------------------------------


def _draw_bands(draws: Draws) -> dict[str, Any]:
    rows, bands = draws.integer(3, 8), draws.integer(10, 30)
    alike, unlike = draws.uniform(0.7, 0.9, 0.01), draws.uniform(0.2, 0.4, 0.01)
    return {
        "hashes": rows * bands,
        "alike": alike,
        "unlike": unlike,
        "found": math.floor(float(lsh_probability(alike, bands, rows)) * 1e4) / 1e4,
        "mistaken": math.ceil(float(lsh_probability(unlike, bands, rows)) * 1e4) / 1e4,
    }


def _verify_bands(answer: Any, hashes: int, alike: float, unlike: float, found: float, mistaken: float) -> str:
    if not isinstance(answer, list) or len(answer) != 2 or not all(map(whole, answer)):
        return "The answer must be a pair of whole numbers: bands and rows."
    bands, rows = map(int, answer)
    if bands * rows > hashes:
        return f"That takes {bands * rows} hashes; there are {hashes}."
    if float(lsh_probability(alike, bands, rows)) < found:
        return "Too few of the pairs that are alike are found: more bands, or fewer rows in each."
    if float(lsh_probability(unlike, bands, rows)) > mistaken:
        return "Too many of the pairs that are unlike are found: more rows in a band."
    return ""


_BANDS = Problem(
    name="bands",
    title="Find the near duplicates",
    text="Documents have MinHash signatures of {hashes} places, cut into bands of some rows each; two documents are compared if all "
    "rows of one band agree. Give bands and rows, within those places, so that a pair that is {alike:g} alike is found with a "
    "probability of at least {found:g}, and one that is {unlike:g} alike with at most {mistaken:g}.",
    returns="a pair [bands, rows]",
    draw=_draw_bands,
    verify=_verify_bands,
    points=15,
    level=3,
    misconceptions=(
        Misconception(
            lambda hashes, alike, unlike, found, mistaken: [hashes, 1],
            "With one row in a band almost every pair agrees somewhere.",
        ),
        Misconception(
            lambda hashes, alike, unlike, found, mistaken: [1, hashes],
            "With one band all places have to agree; only equal documents do.",
        ),
    ),
)


PROBLEMS = ProblemSet(
    name="60",
    title="Problem set 60: sketches",
    intro="Eight functions to write. The numbers in the texts are yours alone; the grader tries your functions on them and "
    "on others that nobody has seen, so that a number written into a function does not help. A check says what kind of "
    "mistake an answer shows, never the answer. You may use the whole of `qsm`, except in problem `registers`.",
    problems=(_RATE, _SIZE, _PRECISION, _TABLE, _WITNESS, _REGISTERS, _BOTH, _BANDS),
    modules=("sketches",),
)
