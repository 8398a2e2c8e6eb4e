"""Episode 61: sharding, where data lies and what it costs to change one's mind."""

from __future__ import annotations

import math

from qsm.core import exponential
from qsm.course._blocks import Bet, Check, Claim, Content, Idea, Mission, Published, Track, Verdict
from qsm.sharding import (
    cross_shard_probability,
    least_movement,
    least_peak,
    modulo_movement,
    ring_deviation,
    ring_peak,
    two_phase_commit,
)


def _points(virtual_nodes: int) -> Verdict:
    spread = float(ring_deviation(20, virtual_nodes))
    words = f"With {virtual_nodes} points of each of 20 nodes, shares deviate by {spread:.3%}."
    if spread > 0.03:
        return Verdict(False, f"{words} The promise is 3 %.")
    if virtual_nodes > 1 and float(ring_deviation(20, virtual_nodes - 10)) <= 0.03:
        return Verdict(False, f"{words} Ten points fewer would do.")
    return Verdict(True, f"{words} That makes {20 * virtual_nodes:,} points to keep and to search.")


def _isolate(shards: int) -> Verdict:
    peak = float(least_peak(0.06, shards))
    words = f"On {shards} shards the hottest has at least {peak:.3g} times the mean."
    if peak > 1.2:
        return Verdict(False, f"{words} At most 1.2 is allowed, and no placement of whole keys gets there.")
    if float(least_peak(0.06, shards + 1)) <= 1.2:
        return Verdict(False, f"{words} One shard more would be allowed, too.")
    return Verdict(True, f"{words} Beyond that, the key itself has to be divided or copied.")


def _local(local: float) -> Verdict:
    if isinstance(local, bool) or not 0 <= local <= 1:
        raise ValueError(f"mission 'local': local must be in [0, 1], got {local!r}")
    share = (1 - local) * float(cross_shard_probability(8, 3))
    words = f"With {local:.1%} of the transactions kept together, {share:.2%} need several shards."
    if share > 0.1:
        return Verdict(False, f"{words} At most 10 % may.")
    return Verdict(share >= 0.095, f"{words} Asked for is the least share that does it, to within half a per cent.")


def _commit(participants: int) -> Verdict:
    cost = two_phase_commit(exponential(500), participants, 0.001)
    words = f"{participants} participants: {1000 * cost.latency:.2f} ms in the mean, locks are held {1000 * cost.hold:.2f} ms."
    if cost.latency > 0.006:
        return Verdict(False, f"{words} The budget is 6 ms.")
    more = two_phase_commit(exponential(500), participants + 1, 0.001)
    return Verdict(more.latency > 0.006, f"{words} Asked for are the most that fit.")


CONTENT = Content(
    name="episode-61",
    title="Episode 61: Sharding, where data lies",
    objectives=(
        "say how many keys move when nodes come and go, and choose a placement by it",
        "say how uneven placements are, and what a hot key does to all of them alike",
        "choose between hash and range, in one dimension and in two",
        "compute what transactions over several shards cost",
        "let an optimiser compare plans on a trace, and judge its predictions on the part it has not seen",
    ),
    prerequisites=("episode 60, or what a hash does", "a little Python with NumPy"),
    claims={
        "petabytes": Claim(
            "A document database shards petabytes automatically",
            "The first outline of this course; statements of vendors about customers",
            f"A petabyte in shards of 2 TB is 500 shards. One more would move {1e15 * float(modulo_movement(500, 501)) / 1e12:,.0f} "
            f"TB by hash modulo, and {1e15 * float(least_movement(500, 501)) / 1e12:,.1f} TB at the least",
            "single source",
            "we know of no measurement by anybody else; and the size says nothing about what matters, which is how much moves and "
            "how hot the hottest shard is",
        ),
        "one-in-n": Claim(
            "Consistent hashing moves only one key in n",
            "Karger and others 1997, and every text since",
            f"From ten nodes to eleven {float(least_movement(10, 11)):.2%} of the keys, and no placement moves fewer",
            "verified",
            "it is the least, and the mean of the known algorithms; on a ring the share of one new node is itself random",
        ),
        "points": Claim(
            "A hundred or two virtual nodes make a ring even",
            "Manuals of stores and balancers, whose defaults are of that size",
            f"100 nodes with 160 points each: shares deviate by {float(ring_deviation(100, 160)):.1%}, and the largest is "
            f"{float(ring_peak(100, 160)) - 1:.0%} above fair",
            "disputed",
            "enough where a fifth more load does not hurt; jump, rendezvous and Maglev are even without any points",
        ),
        "no-hot-spots": Claim(
            "Hash sharding prevents hot spots",
            "Comparisons of hash with range sharding",
            f"A key with 5 % of the accesses makes its shard, one of a hundred, at least "
            f"{float(least_peak(0.05, 100)):.0f} times as busy as the mean, whatever the hash",
            "wrong",
            "it spreads keys, not accesses to one key",
        ),
    },
    checks={
        "modulo": Check(
            lambda: 0.8,
            "a share of the keys",
            (
                (lambda: 0.2, "That is what has to move. The remainder changes for far more keys."),
                (lambda: 0.25, "That is what the new node would take over what the old ones had."),
                (lambda: 0.5, "Write down the remainders of the first twenty numbers, and count."),
            ),
        ),
        "zipf": Check(
            lambda: 1 / sum(1 / k for k in range(1, 1001)),
            "a share of the accesses",
            (
                (lambda: 1 / 1000, "That would be so if all keys were alike."),
                (lambda: 0.5, "The second has half of the first; but there are many more behind it."),
                (
                    lambda: 1 / math.log(1000) ** 2,
                    "The sum of reciprocals grows with the logarithm, not with its square.",
                ),
            ),
        ),
        "share": Check(
            lambda: 1 / math.sqrt(1000),
            "over the mean",
            (
                (lambda: 0.001, "That is one over the keys. Deviations fall with the square root."),
                (lambda: 0.1, "That is for a node that gets a hundred keys."),
                (lambda: 30.0, "That is in keys. Asked is the share of the mean."),
            ),
            tolerance=0.02,
        ),
    },
    bets={
        "hot": Bet(
            "20,000 keys, accessed by Zipf's law of exponent 1.1, rendezvous hashing over 64 shards. How many times the mean "
            "does the hottest shard get?",
            unit="times the mean",
        ),
        "local": Bet(
            "Transactions touch four random keys. From 4 shards to 16, by what factor does the share of transactions that stay "
            "on one shard fall?",
            choices=("4", "16", "64"),
        ),
    },
    ideas={
        "consistent": Idea(
            "Only what the new node gets has to move",
            "When a guest joins the table everybody gives up a spoonful. Nobody has to swap plates with a neighbour, which is "
            "what the remainder makes them do.",
            "From $n$ nodes to $n + 1$ at least $\\frac{1}{n+1}$ of the keys move; by the remainder $\\frac{n}{n+1}$ do.",
            "The new node must get its fair share, and these keys move. More need not: give it just those. Under the "
            "remainder a key stays only if it has the same remainder twice, which one in $n + 1$ has.",
            "With any node free to leave, lookups in constant time and little memory are recent: AnchorHash 2020, Dx and Memento after it.",
        ),
        "virtual-nodes": Idea(
            "A random cut is uneven",
            "Cut a cake with as many random strokes as guests, and the largest piece is several times the mean. Give each guest "
            "many small pieces, and the sums come closer.",
            "Shares on a ring deviate by $\\sqrt{\\frac{n-1}{nV+1}} \\approx \\frac{1}{\\sqrt V}$ of the mean.",
            "Arcs between uniform points are like exponential lengths over their sum. A node has $V$ of $nV$ of them: a Beta "
            "variate, whose variance is known.",
            "Multi-probe hashing turns it round: one point per node, and several tries of each key.",
        ),
        "hot-key": Idea(
            "A key is on one shard",
            "However well the boxes are shuffled among lorries, the piano travels in one piece.",
            "The busiest of $n$ shards has at least $\\max(1, n p)$ times the mean, $p$ the share of the hottest key.",
            "The hottest key's shard gets at least $p$ of the accesses; the mean is $1/n$ of them.",
            "Copies of hot keys help reads; for writes a key must be divided. How little has to be known in advance is open.",
        ),
        "cross-shard": Idea(
            "Togetherness is lost by powers",
            "Ask four friends for a random table of the canteen: that all sit at the same one is rarer than one expects.",
            "$k$ random keys need more than one of $N$ shards with probability $1 - N^{1-k}$.",
            "The first key chooses the shard; each other falls on it with probability $1/N$.",
            "Plans that keep keys together which are used together are found by cutting graphs, with no guarantee for the next day.",
        ),
    },
    missions={
        "points": Mission(
            "A ring of 20 nodes whose shares deviate by at most 3 %, to within ten points of the fewest. Give "
            "virtual_nodes=...",
            _points,
        ),
        "isolate": Mission(
            "The hottest key has 6 % of the accesses. The most shards for which a peak of 1.2 times the mean is possible at all. "
            "Give shards=...",
            _isolate,
        ),
        "local": Mission(
            "8 shards, transactions over 3 keys. Which share must be kept together on one shard, so that at most 10 % of all "
            "need several? Give local=...",
            _local,
        ),
        "commit": Mission(
            "A round to a shard takes 2 ms, exponential; the decision is logged in 1 ms. The most participants of a two-phase "
            "commit with a mean latency of at most 6 ms. Give participants=...",
            _commit,
        ),
    },
    published={
        "ten-to-twelve": Published(
            "The share of the data that has to move from 10 shards to 12.",
            1 / 6,
            "of the data",
            "Lamping and Veach 2014, introduction",
            0.02,
        ),
    },
    tracks={
        "application": Track(
            "You build a web application",
            "Can my users and their orders stay on one shard?",
            ("local", "commit"),
            {"shards": 8, "keys_of_transaction": 3, "hottest_share": 0.01},
        ),
        "reliability": Track(
            "You keep services running",
            "What moves, and for how long, when a node dies?",
            ("points", "isolate"),
            {"shards": 48, "keys_of_transaction": 1, "hottest_share": 0.03},
        ),
        "storage": Track(
            "You write a database",
            "Hash or range, and when is a shard split?",
            ("points", "commit"),
            {"shards": 512, "keys_of_transaction": 4, "hottest_share": 0.002},
        ),
        "platform": Track(
            "You serve many tenants",
            "Which tenant breaks the balance, and what do I do with it?",
            ("isolate", "local"),
            {"shards": 64, "keys_of_transaction": 2, "hottest_share": 0.06},
        ),
    },
    questions={
        "key": "Which key do you shard by today, and which transactions does that tear apart?",
        "hot": "What share has your hottest key, and from how many shards on does it alone set the peak?",
        "rejected": "Which placement did you consider and reject here, and what number decided it?",
    },
)
