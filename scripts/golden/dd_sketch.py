"""Golden rows of DDSketch, made by Datadog's Python package ddsketch 3.0.1 with protobuf 7.

Each row lists the values, the package's protobuf message and some of its quantiles, each the value at the rank
floor(p (n - 1)) from 0 on, as the package defines them.

Run: python scripts/golden/dd_sketch.py tests/golden/sketches
"""

import random
import sys
from pathlib import Path

from ddsketch.ddsketch import BaseDDSketch
from ddsketch.mapping import CubicallyInterpolatedMapping, LogarithmicMapping
from ddsketch.pb.proto import DDSketchProto
from ddsketch.store import DenseStore

HEADER = "# Python package ddsketch 3.0.1, scripts/golden/dd_sketch.py; quantiles: relative error <= 1e-9.\n"
PERCENTS = (1, 25, 50, 75, 99)


def case(error: float, mapping: str, values: list[float]) -> str:
    maps = {"logarithmic": LogarithmicMapping, "cubic": CubicallyInterpolatedMapping}
    sketch = BaseDDSketch(maps[mapping](error), DenseStore(), DenseStore(), 0.0)
    for value in values:
        sketch.add(value)
    message = DDSketchProto.to_proto(sketch).SerializeToString().hex()
    quantiles = [repr(float(sketch.get_quantile_value(p / 100))) for p in PERCENTS]
    return ",".join([repr(error), mapping, " ".join(map(repr, values)), str(len(values)), *quantiles, message])


def main(folder: Path) -> None:
    draw = random.Random(61)
    rows = []
    for mapping in ("logarithmic", "cubic"):
        rows += [
            case(0.01, mapping, [draw.lognormvariate(0, 1) for _ in range(40)]),
            case(0.05, mapping, [draw.gauss(0, 100) for _ in range(60)] + [0.0, 0.0]),
            case(0.2, mapping, [-draw.expovariate(1) for _ in range(10)]),
            case(0.001, mapping, [3.3]),
        ]
    columns = ",".join(["relative_error,mapping,values,count", *(f"p{p}" for p in PERCENTS), "protobuf"])
    (folder / "ddsketch.csv").write_text(HEADER + columns + "\n" + "\n".join(rows) + "\n")


main(Path(sys.argv[1]))
