"""Golden rows of REQ, made by the Python package datasketches.

How many numbers stay, and how far ranks are off at 3 standard deviations, depends on n, k and the end alone: both are the
package's for the numbers 0, 1, ... n - 1.

Run: python scripts/golden/req.py tests/golden/sketches
"""

import sys
from importlib.metadata import version
from pathlib import Path

from datasketches import req_floats_sketch

RANKS = ("0.001", "0.2", "0.5", "0.9", "0.9999")


def main(folder: Path) -> None:
    lines = [
        f"# Apache DataSketches (Python package datasketches {version('datasketches')}), scripts/golden/req.py.",
        "# kept: exact. e<rank>: upper bound of the rank at 3 standard deviations less the rank, to 1e-6 (floats there).",
        "k,end,n,kept," + ",".join(f"e{rank}" for rank in RANKS),
    ]
    for k in (8, 12, 50, 200):
        for end in ("high", "low"):
            for n in (1, 100, 1000, 20_000, 300_000, 2_000_000):
                sketch = req_floats_sketch(k, end == "high")
                for number in range(n):
                    sketch.update(float(number))
                errors = [sketch.get_rank_upper_bound(float(rank), 3) - float(rank) for rank in RANKS]
                cells = [k, end, n, sketch.num_retained, *(f"{error:.9g}" for error in errors)]
                lines.append(",".join(map(str, cells)))
    (folder / "req_datasketches.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
