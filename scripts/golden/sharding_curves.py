"""Golden rows of the curves through space, by the package hilbertcurve; Morton's by the bits of decimal texts.

Needs: pip install hilbertcurve==2.0.5
"""

import random
from pathlib import Path

from hilbertcurve.hilbertcurve import HilbertCurve

FILE = Path(__file__).resolve().parents[2] / "tests" / "golden" / "sharding" / "curves.csv"


def z_order(coordinates: list[int], bits: int) -> int:
    texts = [format(c, f"0{bits}b") for c in coordinates]
    return int("".join("".join(column) for column in zip(*texts, strict=True)), 2)


def main() -> None:
    random.seed(1)
    rows = []
    for dimensions, bits in [(1, 5), (2, 1), (2, 2), (2, 3), (2, 16), (2, 32), (3, 2), (3, 21), (4, 7), (8, 8)]:
        curve = HilbertCurve(bits, dimensions)
        for _ in range(6):
            cell = [random.randrange(2**bits) for _ in range(dimensions)]
            place = curve.distance_from_point(cell)
            rows.append(f"{' '.join(map(str, cell))},{bits},{place},{z_order(cell, bits)}")
    head = [
        "# Places of cells on curves: hilbertcurve 2.0.5 (Python) and bits of texts, scripts/golden/sharding_curves.py.",
        "# Exact.",
    ]
    FILE.write_text("\n".join([*head, "cell,bits,hilbert,z_order", *rows]) + "\n")


if __name__ == "__main__":
    main()
