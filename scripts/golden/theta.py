"""Golden rows of Theta sketches: bytes and estimates of Apache DataSketches.

Run: python scripts/golden/theta.py tests/golden/sketches   (needs the package datasketches)
"""

import sys
from pathlib import Path

from datasketches import theta_a_not_b, theta_intersection, theta_union, update_theta_sketch


def sketch(first, last):
    made = update_theta_sketch(5)
    for item in range(first, last):
        made.update(item)
    return made


with open(Path(sys.argv[1]) / "theta_datasketches.csv", "w") as out:
    out.write(
        "# Apache DataSketches (Python package datasketches 5.2.0): Theta sketches with lgK 5 of the 64-bit integers\n"
        "# 0 ... a - 1 and b ... c - 1. estimate: of what is made of the two. one, other, made: compact ordered bytes, in\n"
        "# hexadecimal digits. Exact.\n"
        "operation,a,b,c,estimate,theta,one,other,made\n"
    )
    for a, b, c in [
        (0, 0, 0),
        (1, 0, 1),
        (1, 1, 2),
        (20, 10, 30),
        (100, 50, 150),
        (1000, 990, 1200),
        (5000, 0, 5000),
        (3000, 20, 60),
    ]:
        one, other = sketch(0, a), sketch(b, c)
        union, both = theta_union(5), theta_intersection()
        for part in (one, other):
            union.update(part)
            both.update(part)
        made = {
            "union": union.get_result(),
            "intersection": both.get_result(),
            "difference": theta_a_not_b().compute(one, other),
        }
        for name, result in made.items():
            cells = [part.compact().serialize().hex() for part in (one, other)] + [result.serialize().hex()]
            out.write(f"{name},{a},{b},{c},{result.get_estimate()!r},{result.theta!r},{','.join(cells)}\n")
