"""Golden rows of KLL and t-digest sketches, made by Apache DataSketches (Python package datasketches 5.2.0).

Values are frac(i x 0.6180339887498949) 1000 - 200 for i = 1 ... n, rounded to multiples of 1/8, so that floats hold them.
`bytes` are the serialised sketch in hexadecimal digits. KLL: quantiles and ranks are those of the package, inclusive.
t-digest: the package's quantiles are wrong between clusters, so the rows hold none.

Run: python scripts/golden/kll_tdigest.py tests/golden/sketches
"""

import sys
from pathlib import Path

import datasketches

PERCENTS = (1, 25, 50, 75, 99)
SOURCE = "# Apache DataSketches (Python package datasketches 5.2.0), scripts/golden/kll_tdigest.py"


def values(n: int) -> list[float]:
    return [round(8 * (i * 0.6180339887498949 % 1 * 1000 - 200)) / 8 for i in range(1, n + 1)]


def kll(kind: str, k: int, n: int) -> str:
    sketch = {"doubles": datasketches.kll_doubles_sketch, "floats": datasketches.kll_floats_sketch}[kind](k)
    for value in values(n):
        sketch.update(value)
    cells = [kind, k, n]
    some = n > 0
    cells += [sketch.get_quantile(p / 100, True) if some else "nan" for p in PERCENTS]
    cells += [repr(sketch.get_rank(x, True)) if some else "nan" for x in (-200.0, 0.0, 333.25)]
    cells += [repr(sketch.normalized_rank_error(False)), repr(sketch.normalized_rank_error(True))]
    return ",".join(map(str, [*cells, sketch.serialize().hex()]))


def tdigest(kind: str, k: int, n: int) -> str:
    sketch = {"doubles": datasketches.tdigest_double, "floats": datasketches.tdigest_float}[kind](k)
    for value in values(n):
        sketch.update(value)
    return f"{kind},{k},{n},{sketch.serialize().hex()}"


def main(folder: Path) -> None:
    rows = [kll(kind, k, n) for kind in ("doubles", "floats") for k, n in ((20, 0), (20, 1), (20, 20), (20, 2000))]
    rows += [kll("floats", k, n) for k, n in ((8, 100_000), (100, 3000), (200, 1), (400, 10))]
    columns = ",".join(["items,k,n", *(f"p{p}" for p in PERCENTS), "r-200,r0,r333.25,single,difference,bytes"])
    text = SOURCE + "; exact, errors of ranks to 1e-12.\n" + columns + "\n" + "\n".join(rows) + "\n"
    (folder / "kll_datasketches.csv").write_text(text)
    sizes = ((100, 0), (100, 1), (100, 2), (20, 500), (10, 100_000), (50, 3000))
    rows = [tdigest(kind, k, n) for kind in ("doubles", "floats") for k, n in sizes]
    text = SOURCE + "; exact.\nitems,k,n,bytes\n" + "\n".join(rows) + "\n"
    (folder / "tdigest_datasketches.csv").write_text(text)


main(Path(sys.argv[1]))
