"""Golden rows of sharding: shares of a ring, movement by remainders, transactions over shards."""

from fractions import Fraction
from math import comb, factorial, lcm
from pathlib import Path

import mpmath as mp

mp.mp.dps = 40
FOLDER = Path(__file__).resolve().parents[2] / "tests" / "golden" / "sharding"


def survival(points: int, x: mp.mpf) -> mp.mpf:
    """P(Gamma(points, 1) > x), by the Poisson sum."""
    term, total = mp.mpf(1), mp.mpf(1)
    for k in range(1, points):
        term *= x / k
        total += term
    return mp.exp(-x) * total


def ring(nodes: int, points: int) -> tuple[mp.mpf, mp.mpf, mp.mpf]:
    spread = mp.sqrt(points)
    low = max(mp.mpf(0), points - 14 * spread)
    places = [mp.mpf(0)] if low > 0 else []
    places += [low + i * (44 * spread + 60 - low + points) / 48 for i in range(49)]
    peak = mp.quad(lambda x: 1 - (1 - survival(points, x)) ** nodes, places) / points
    least = mp.quad(lambda x: survival(points, x) ** nodes, places) / points
    return mp.sqrt(mp.mpf(nodes - 1) / (nodes * points + 1)), peak, least


def shards_law(shards: int, keys: int) -> list[Fraction]:
    """By inclusion and exclusion: C(N, j) times the maps of k keys onto all of j shards, over N^k."""
    onto = [
        sum((-1) ** i * comb(j, i) * (j - i) ** keys for i in range(j + 1)) for j in range(1, min(shards, keys) + 1)
    ]
    return [Fraction(comb(shards, j) * maps, shards**keys) for j, maps in enumerate(onto, 1)]


def lock_conflict(load: Fraction, keys: int, database: int) -> Fraction:
    """One minus the mean chance of a new set of keys to share none with m sets, all pairwise disjoint."""
    free = [Fraction(comb(database - m * keys, keys), comb(database, keys)) for m in range(database // keys + 1)]
    weight, all_, accepted = Fraction(1), Fraction(0), Fraction(0)
    for m, chance in enumerate(free):
        law = weight * load**m / factorial(m)
        all_ += law
        accepted += law * chance
        weight *= chance
    return 1 - accepted / all_


def write(name: str, head: list[str], columns: str, rows: list[str]) -> None:
    (FOLDER / name).write_text("\n".join([*(f"# {line}" for line in head), columns, *rows]) + "\n")


def text(number: mp.mpf) -> str:
    return mp.nstr(number, 17)


def main() -> None:
    write(
        "ring.csv",
        [
            "Shares of a ring: scripts/golden/sharding.py, mpmath, 40 digits.",
            "Relative error <= 1e-11; deviation as all rows.",
        ],
        "nodes,virtual_nodes,deviation,peak,least",
        [
            f"{n},{v}," + ",".join(map(text, ring(n, v)))
            for n, v in [(2, 1), (10, 1), (1000, 1), (3, 2), (10, 100), (100, 160), (1000, 160), (50, 40)]
        ],
    )
    moved = {}
    for before, after in [(10, 11), (16, 17), (8, 16), (11, 10), (12, 18), (7, 7), (1000, 1001)]:
        period = lcm(before, after)
        stay = sum(key % before == key % after for key in range(period))
        moved[before, after] = 1 - Fraction(stay, period)
    write(
        "modulo_movement.csv",
        ["Keys that change their remainder, counted over a whole period: scripts/golden/sharding.py."],
        "before,after,moved",
        [f"{a},{b},{text(mp.mpf(f.numerator) / f.denominator)}" for (a, b), f in moved.items()],
    )
    rows = []
    for shards, keys in [(10, 2), (16, 4), (64, 3), (1, 5), (1000000, 2), (3, 40), (5, 1)]:
        n = Fraction(shards)
        cross, touched = 1 - n ** (1 - keys), n * (1 - (1 - 1 / n) ** keys)
        values = [text(mp.mpf(f.numerator) / f.denominator) for f in (cross, touched)]
        rows.append(f"{shards},{keys}," + ",".join(values))
    write(
        "cross_shard.csv",
        ["Transactions over shards, in fractions: scripts/golden/sharding.py."],
        "shards,keys,probability,touched",
        rows,
    )
    rows = []
    for shards, keys in [(10, 1), (10, 2), (16, 4), (3, 7), (1, 9), (100, 20)]:
        law = shards_law(shards, keys)
        rows += [f"{shards},{keys},{j},{text(mp.mpf(p.numerator) / p.denominator)}" for j, p in enumerate(law, 1)]
    write(
        "shards_law.csv",
        ["Numbers of shards of a transaction, by inclusion and exclusion: scripts/golden/sharding.py."],
        "shards,keys,used,probability",
        rows,
    )
    rows = []
    for load, keys, database in [
        ("0.5", 1, 1),
        ("2", 1, 10),
        ("3", 2, 12),
        ("0.01", 4, 1000),
        ("20", 3, 300),
        ("50", 80, 900),
    ]:
        conflict = lock_conflict(Fraction(load), keys, database)
        rows.append(f"{load},{keys},{database},{text(mp.mpf(conflict.numerator) / conflict.denominator)}")
    write(
        "lock_conflict.csv",
        [
            "Transactions that meet a lock, in fractions over all numbers of holders: scripts/golden/sharding.py.",
            "Absolute error <= 1e-12.",
        ],
        "load,keys,database,conflict",
        rows,
    )


if __name__ == "__main__":
    main()
