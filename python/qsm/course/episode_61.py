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


def _points(virtual_nodes: int, *, nodes: int = 20, spread: float = 0.03) -> Verdict:
    deviation = float(ring_deviation(nodes, virtual_nodes))
    words = f"With {virtual_nodes} points of each of {nodes} nodes, shares deviate by {deviation:.3%}."
    if deviation > spread:
        return Verdict(False, f"{words} The promise is {spread:.0%}.")
    if virtual_nodes > 10 and float(ring_deviation(nodes, virtual_nodes - 10)) <= spread:
        return Verdict(False, f"{words} Ten points fewer would do.")
    return Verdict(True, f"{words} That makes {nodes * virtual_nodes:,} points to keep and to search.")


def _isolate(shards: int, *, share: float = 0.06, peak: float = 1.2) -> Verdict:
    least = float(least_peak(share, shards))
    words = f"On {shards} shards the hottest has at least {least:.3g} times the mean."
    if least > peak + 1e-9:  # a product that is exactly the peak may be rounded up
        return Verdict(False, f"{words} At most {peak:g} is allowed, and no placement of whole keys gets there.")
    if float(least_peak(share, shards + 1)) <= peak + 1e-9:
        return Verdict(False, f"{words} One shard more would be allowed, too.")
    return Verdict(True, f"{words} Beyond that, the key itself has to be divided or copied.")


def _local(local: float, *, shards: int = 8, keys: int = 3, most: float = 0.1) -> Verdict:
    if isinstance(local, bool) or not 0 <= local <= 1:
        raise ValueError(f"mission 'local': local must be in [0, 1], got {local!r}")
    share = (1 - local) * float(cross_shard_probability(shards, keys))
    words = f"With {local:.1%} of the transactions kept together, {share:.2%} need several shards."
    if share > most + 1e-9:  # the least share itself may be rounded up
        return Verdict(False, f"{words} At most {most:.0%} may.")
    return Verdict(
        share >= most - 0.005, f"{words} Asked for is the least share that does it, to within half a per cent."
    )


def _commit(participants: int, *, trip: float = 2, log: float = 1, budget: float = 6) -> Verdict:
    cost = two_phase_commit(exponential(1000 / trip), participants, log / 1000)
    words = f"{participants} participants: {1000 * cost.latency:.2f} ms in the mean, locks are held {1000 * cost.hold:.2f} ms."
    if cost.latency > budget / 1000:
        return Verdict(False, f"{words} The budget is {budget:g} ms.")
    more = two_phase_commit(exponential(1000 / trip), participants + 1, log / 1000)
    return Verdict(more.latency > budget / 1000, f"{words} Asked for are the most that fit.")


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
            lambda *, nodes=4: nodes / (nodes + 1),
            "a share of the keys",
            (
                (lambda nodes: 1 / (nodes + 1), "That is what has to move. The remainder changes for far more keys."),
                (lambda nodes: 1 / nodes, "That is what the new node would take over what the old ones had."),
                (
                    lambda nodes: 0.5,
                    "Write down both remainders of the numbers up to the product of old and new nodes, and count.",
                ),
            ),
            question="One node joins {nodes}, and keys lie where the remainder says. Which share of the keys moves?",
            draw=lambda draws: {"nodes": draws.integer(3, 24)},
        ),
        "zipf": Check(
            lambda *, keys=1000: 1 / sum(1 / k for k in range(1, keys + 1)),
            "a share of the accesses",
            (
                (lambda keys: 1 / keys, "That would be so if all keys were alike."),
                (lambda keys: 0.5, "The second has half of the first; but there are many more behind it."),
                (
                    lambda keys: 1 / math.log(keys) ** 2,
                    "The sum of reciprocals grows with the logarithm, not with its square.",
                ),
            ),
            question="{keys:,} keys, Zipf's law with exponent one. What share has the first?",
            draw=lambda draws: {"keys": 100 * draws.integer(2, 50)},
        ),
        "share": Check(
            lambda *, keys=1000: 1 / math.sqrt(keys),
            "over the mean",
            (
                (lambda keys: 1 / keys, "That is one over the keys. Deviations fall with the square root."),
                (lambda keys: 0.1, "That is for a node that gets a hundred keys."),
                (lambda keys: math.sqrt(keys), "That is in keys. Asked is the share of the mean."),
            ),
            tolerance=0.02,
            question="A node gets {keys:,} keys in the mean. By how much does it deviate, over the mean?",
            draw=lambda draws: {"keys": 100 * draws.integer(4, 90)},
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
            "A ring of {nodes} nodes whose shares deviate by at most {spread:.0%}, to within ten points of the fewest. Give "
            "virtual_nodes=...",
            _points,
            lambda draws: {"nodes": draws.integer(10, 60), "spread": draws.uniform(0.02, 0.06)},
        ),
        "isolate": Mission(
            "The hottest key has {share:.0%} of the accesses. The most shards for which a peak of {peak:g} times the mean is "
            "possible at all. Give shards=...",
            _isolate,
            lambda draws: {"share": draws.uniform(0.02, 0.09), "peak": draws.uniform(1.1, 1.6, 0.1)},
        ),
        "local": Mission(
            "{shards} shards, transactions over {keys} keys. Which share must be kept together on one shard, so that at most "
            "{most:.0%} of all need several? Give local=...",
            _local,
            lambda draws: {
                "shards": draws.integer(4, 16),
                "keys": draws.integer(2, 4),
                "most": draws.uniform(0.05, 0.2),
            },
        ),
        "commit": Mission(
            "A round to a shard takes {trip:g} ms, exponential; the decision is logged in {log:g} ms. The most participants "
            "of a two-phase commit with a mean latency of at most {budget:g} ms. Give participants=...",
            _commit,
            lambda draws: {
                "trip": (trip := draws.uniform(1, 4, 0.5)),
                "log": (log := draws.uniform(0.5, 2, 0.5)),
                "budget": round(log + trip * draws.uniform(2, 3, 0.1), 2),
            },
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
