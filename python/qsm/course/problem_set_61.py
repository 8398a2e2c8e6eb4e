"""Problem set 61: sharding. Texts, numbers, misunderstandings and verifiers; the answers are with the teacher."""

from __future__ import annotations

import math
from typing import Any

from qsm.course._draws import Draws
from qsm.course._problems import Misconception, Problem, ProblemSet, numbers_of, whole
from qsm.sharding import cross_shard_probability, jump

# --- 1 ---------------------------------------------------------------------------------------------------------------


def _draw_moved(draws: Draws) -> dict[str, Any]:
    before = draws.integer(11, 200)
    return {"before": before, "after": before + draws.integer(1, 5)}


_MOVED = Problem(
    name="moved",
    title="A new remainder",
    text="Keys lie on the node that the remainder of their hash names. There were {before} nodes, and now there are {after}. "
    "Which share of the keys has to move, when there are very many?",
    returns="a share of the keys, from 0 to 1",
    draw=_draw_moved,
    level=1,
    plausible=lambda before, after: (0, 1),
    misconceptions=(
        Misconception(
            lambda before, after: (after - before) / after,
            "That is the least that has to move. The remainder moves far more.",
        ),
        Misconception(
            lambda before, after: before / after / 2,
            "Keys do not move with even odds: work out when both remainders are the same.",
        ),
        Misconception(
            lambda before, after: 1 / after, "That share stays, or would move at the least, but does not move here."
        ),
    ),
)


# --- 2 ---------------------------------------------------------------------------------------------------------------


def _draw_hottest(draws: Draws) -> dict[str, Any]:
    return {
        "keys": draws.integer(2, 50) * 100,
        "exponent": draws.uniform(0.9, 1.4, 0.01),
        "shards": draws.integer(20, 120),
    }


def _first(keys: int, exponent: float) -> float:
    return float(1 / sum(k**-exponent for k in range(1, keys + 1)))


_HOTTEST = Problem(
    name="hottest",
    title="One hot key",
    text="{keys} keys are accessed by Zipf's law: the k-th has a share in proportion to k to the power of minus {exponent:g}. They "
    "are placed on {shards} shards, and each key is on one. How many times the mean does the busiest shard get at the least?",
    returns="a number of times the mean, at least 1",
    draw=_draw_hottest,
    plausible=lambda keys, exponent, shards: (1, shards),
    misconceptions=(
        Misconception(lambda keys, exponent, shards: 1, "A good hash evens out keys, not the accesses to one of them."),
        Misconception(
            lambda keys, exponent, shards: _first(keys, exponent),
            "That is the share of the hottest key, of all accesses.",
        ),
        Misconception(
            lambda keys, exponent, shards: shards * _first(keys, exponent) + 1,
            "At the least there is nothing else on that shard.",
        ),
    ),
)


# --- 3 ---------------------------------------------------------------------------------------------------------------


def _draw_ring(draws: Draws) -> dict[str, Any]:
    return {"nodes": draws.integer(5, 150), "points": draws.integer(10, 400)}


_RING = Problem(
    name="ring",
    title="Shares on a ring",
    text="Each of {nodes} nodes has {points} random points on a ring, and holds the arcs that end in them. By how much does the share "
    "of a node deviate from the mean share (standard deviation over mean)?",
    returns="a deviation over the mean",
    draw=_draw_ring,
    level=3,
    plausible=lambda nodes, points: (0, 2),
    misconceptions=(
        Misconception(lambda nodes, points: 1 / points, "Random lengths add up by their squares, not by their number."),
        Misconception(
            lambda nodes, points: 1 / math.sqrt(nodes * points),
            "That is the deviation of one arc of all; a node has several.",
        ),
        Misconception(
            lambda nodes, points: math.sqrt((nodes - 1) / (nodes * points + 1)) / nodes,
            "That is the deviation of the share itself. Asked is it over the mean share.",
        ),
    ),
)


# --- 4 ---------------------------------------------------------------------------------------------------------------


def _draw_together(draws: Draws) -> dict[str, Any]:
    return {"keys": draws.integer(2, 4), "limit": draws.uniform(0.6, 0.9995, 0.0005)}


def _verify_together(answer: Any, keys: int, limit: float) -> str:
    if not whole(answer):
        return "The answer must be a whole number of shards, at least 1."
    if float(cross_shard_probability(answer, keys)) > limit:
        return "On that many shards too many transactions need several."
    if float(cross_shard_probability(answer + 1, keys)) <= limit:
        return "One shard more would keep within the limit, too."
    return ""


_TOGETHER = Problem(
    name="together",
    title="How far to divide",
    text="Transactions touch {keys} random keys each. What is the largest number of equal shards on which at most a share of "
    "{limit:g} of the transactions needs more than one shard?",
    returns="a whole number of shards",
    draw=_draw_together,
    verify=_verify_together,
    misconceptions=(
        Misconception(
            lambda keys, limit: math.floor((1 / (1 - limit)) ** (1 / keys) + 1e-9),
            "The first key is nowhere wrong: it chooses the shard, and only the others must follow.",
        ),
        Misconception(
            lambda keys, limit: max(1, math.floor(limit * keys)),
            "The probability falls with a power of the number of shards, not in proportion.",
        ),
    ),
)


# --- 5 ---------------------------------------------------------------------------------------------------------------

_PRIME = 2_147_483_647


def _draw_attack(draws: Draws) -> dict[str, Any]:
    shards = draws.integer(8, 60)
    return {
        "shards": shards,
        "target": draws.integer(0, shards - 1),
        "multiplier": draws.integer(1_000_000, 2_000_000_000),
        "count": draws.integer(30, 80),
    }


def _verify_attack(answer: Any, shards: int, target: int, multiplier: int, count: int) -> str:
    if not numbers_of(answer, count, count) or any(not isinstance(key, int) for key in answer):
        return f"The answer must be a list of {count} whole numbers."
    if len(set(answer)) < count:
        return "The keys must be unlike each other."
    if not all(1 <= key <= 1_000_000_000 for key in answer):
        return "Keys lie between 1 and 1,000,000,000."
    missed = sum(key * multiplier % _PRIME % shards != target for key in answer)
    return f"{missed} of {count} keys lie on another shard." if missed else ""


_ATTACK = Problem(
    name="attack",
    title="Keys that meet",
    text="A store puts key x, from 1 to 1,000,000,000, on the shard x · {multiplier} mod 2147483647 mod {shards}. Show that its "
    "balance depends on who chooses the keys: find {count} unlike keys that all lie on shard {target}.",
    returns="a list of whole numbers",
    draw=_draw_attack,
    verify=_verify_attack,
    misconceptions=(
        Misconception(
            lambda shards, target, multiplier, count: [target + shards * (k + 1) for k in range(count)],
            "These have the same remainder as keys. What counts is the remainder of their hashes.",
        ),
    ),
)


# --- 6 ---------------------------------------------------------------------------------------------------------------


def _draw_jumps(draws: Draws) -> dict[str, Any]:
    keys = [draws.integer(0, 2**32 - 1) << 32 | draws.integer(0, 2**32 - 1) for _ in range(60)]
    return {"keys": [*keys, 0, 1, 2**64 - 1], "buckets": draws.integer(2, 5000)}


def _verify_jumps(answer: Any, keys: list[int], buckets: int) -> str:
    if not numbers_of(answer, len(keys), len(keys)):
        return "The answer must be a list with one number for each key."
    wrong = sum(mine != jump(key, buckets) for mine, key in zip(answer, keys, strict=True))
    return f"{wrong} of {len(keys)} keys are in a wrong bucket." if wrong else ""


_JUMPS = Problem(
    name="jumps",
    title="Jump hash from scratch",
    text="Write jump consistent hash (Lamping and Veach 2014) for a list of 64-bit keys and {buckets} buckets (for you). Begin with "
    "b = -1, j = 0. While j is below the number of buckets: b = j; the key becomes key · 2862933555777941757 + 1, in 64 bits; j "
    "becomes (b + 1) · (2^31 / ((key >> 33) + 1)), rounded down, where the quotient is a double. The bucket is b. Write it "
    "yourself: the grader takes `qsm` away.",
    returns="a list of buckets, one for each key",
    draw=_draw_jumps,
    verify=_verify_jumps,
    points=15,
    from_scratch=True,
    misconceptions=(
        Misconception(
            lambda keys, buckets: [key % buckets for key in keys], "That is the remainder, which moves nearly all keys."
        ),
    ),
)


# --- 7 ---------------------------------------------------------------------------------------------------------------


def _greedy(loads: list[int], nodes: int) -> int:
    """Largest load of a node where the heaviest shards are placed first, each on the node with the least."""
    heights = [0] * nodes
    for load in sorted(loads, reverse=True):
        place = heights.index(min(heights))
        heights[place] += load
    return max(heights)


def _draw_place(draws: Draws) -> dict[str, Any]:
    nodes = draws.integer(3, 7)
    loads = [draws.integer(5, 99) for _ in range(nodes * draws.integer(4, 7))]
    return {"loads": loads, "nodes": nodes, "limit": _greedy(loads, nodes)}


def _verify_place(answer: Any, loads: list[int], nodes: int, limit: int) -> str:
    if not numbers_of(answer, len(loads), len(loads)):
        return "The answer must be a list with the number of a node for each shard."
    if any(node != int(node) or not 0 <= node < nodes for node in answer):
        return f"Nodes are numbered from 0 to {nodes - 1}."
    heaviest = max(sum(load for load, node in zip(loads, answer, strict=True) if node == one) for one in range(nodes))
    return f"A node has {heaviest}, more than {limit}." if heaviest > limit else ""


_PLACE = Problem(
    name="place",
    title="Even the nodes",
    text="Shards with the loads {loads} are to be placed on {nodes} nodes, each shard as a whole, so that no node has more than "
    "{limit}. (That can be done: the rule of Graham, 1969, does it.)",
    returns="a list: for each shard the number of its node, from 0",
    draw=_draw_place,
    verify=_verify_place,
    points=15,
    level=4,
    misconceptions=(
        Misconception(
            lambda loads, nodes, limit: [k % nodes for k in range(len(loads))],
            "In turn is even in numbers, not in load.",
        ),
        Misconception(
            lambda loads, nodes, limit: [k * nodes // len(loads) for k in range(len(loads))],
            "Runs of equal length are not runs of equal load.",
        ),
    ),
)


# --- 8 ---------------------------------------------------------------------------------------------------------------


def _draw_commit(draws: Draws) -> dict[str, Any]:
    mean = draws.uniform(0.5, 8, 0.1)
    return {
        "mean": mean,
        "participants": draws.integer(3, 12),
        "log_time": round(mean * draws.uniform(0.3, 1.5, 0.01), 4),
    }


_COMMIT = Problem(
    name="commit",
    title="Waiting for the slowest",
    text="A transaction over {participants} shards asks all of them at once to prepare. The answers take independent exponential "
    "times of {mean:g} ms in the mean. When the last has come, the decision is logged, which takes {log_time:g} ms, and the client "
    "is answered. How long does the client wait in the mean?",
    returns="a time in milliseconds",
    draw=_draw_commit,
    plausible=lambda mean, participants, log_time: (log_time, mean * participants + log_time),
    misconceptions=(
        Misconception(
            lambda mean, participants, log_time: mean + log_time, "That waits for one shard, not for the slowest."
        ),
        Misconception(
            lambda mean, participants, log_time: mean * participants + log_time,
            "They are asked at once, not one after the other.",
        ),
        Misconception(
            lambda mean, participants, log_time: mean * sum(1 / k for k in range(1, participants + 1)),
            "The decision has to be logged before anybody is told.",
        ),
        Misconception(
            lambda mean, participants, log_time: mean * (1 + math.log(participants)) + log_time,
            "The mean of the largest of a few is a sum of reciprocals; the logarithm is only near it for many.",
        ),
    ),
)


PROBLEMS = ProblemSet(
    name="61",
    title="Problem set 61: sharding",
    intro="Eight functions to write. The numbers in the texts are yours alone; the grader tries your functions on them and "
    "on others that nobody has seen, so that a number written into a function does not help. A check says what kind of "
    "mistake an answer shows, never the answer. You may use the whole of `qsm`, except in problem `jumps`.",
    problems=(_MOVED, _HOTTEST, _RING, _TOGETHER, _ATTACK, _JUMPS, _PLACE, _COMMIT),
    modules=("sharding",),
)
