"""Golden rows of sharding: shares of a ring, movement by remainders, transactions over shards."""

from fractions import Fraction
from math import lcm
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


if __name__ == "__main__":
    main()
