"""Golden rows of HdrHistogram, made by the Python package hdrhistogram 0.10.x, which is not how the library does it.

Each row lists the values as `value x count` and, where `interval` is not 0, adds the values that coordinated omission
left out: value - interval, value - 2 interval, ... down to interval, as the Java and C programs do (the package itself
adds one more where the interval does not divide the value). Percentiles come from the sorted values themselves: the smallest with a share of p at or below it, then the
package's largest equivalent value. `payload` is the V2 form, before compression, in hexadecimal digits; of the corrected
histogram where there is an interval.

Run: python scripts/golden/sketches.py tests/golden/sketches
"""

import base64
import random
import sys
import zlib
from fractions import Fraction
from math import ceil, sqrt
from pathlib import Path

from hdrh.histogram import HdrHistogram

HEADER = """\
# Python package hdrhistogram, scripts/golden/sketches.py; integers are exact.
# mean, standard_deviation: relative error <= 1e-12, from the middles of the package's buckets in exact arithmetic.
"""
PERCENTILES = ("0", "25", "50", "75", "90", "99", "99.9", "99.99", "100")


def case(lowest: int, highest: int, digits: int, values: list[tuple[int, int]], interval: int = 0) -> str:
    histogram = HdrHistogram(lowest, highest, digits)
    recorded: list[int] = []
    for value, count in values:
        recorded += [value] * count
        missing = value - interval
        while interval and missing >= interval:
            recorded += [missing] * count
            missing -= interval
    for value in recorded:
        histogram.record_value(value)
    recorded.sort()
    n = len(recorded)
    assert histogram.get_total_count() == n
    middle = [histogram.get_lowest_equivalent_value(v) for v in recorded]
    middle = [low + (histogram.get_highest_equivalent_value(low) - low + 1) // 2 for low in middle]
    mean = Fraction(sum(middle), n)
    variance = Fraction(sum(m * m for m in middle), n) - mean**2
    assert abs(histogram.get_mean_value() - float(mean)) <= 1e-9 * mean
    assert abs(histogram.get_stddev() - sqrt(variance)) <= 1e-6 * sqrt(variance)
    quantiles = []
    for p in PERCENTILES:
        value = recorded[max(1, ceil(Fraction(p) / 100 * n)) - 1]
        low = histogram.get_lowest_equivalent_value(value)
        quantiles.append(low if p == "0" else histogram.get_highest_equivalent_value(low))
    envelope = base64.b64decode(histogram.encode())
    payload = zlib.decompress(envelope[8:]).hex()
    cells = [lowest, highest, digits, " ".join(f"{v}x{c}" for v, c in values), interval, histogram.counts_len, n]
    return ",".join(map(str, [*cells, repr(float(mean)), repr(sqrt(variance)), *quantiles, payload]))


def main(folder: Path) -> None:
    draw = random.Random(60)
    hiccup = [(1000, 10000), (100_000_000, 1)]
    spread = [(int(draw.lognormvariate(8, 2)), draw.choice((1, 1, 1, 5, 300))) for _ in range(80)]
    rows = [
        case(1, 3_600_000_000, 3, hiccup),  # DataAccessTest of the Java program
        case(1, 3_600_000_000, 3, hiccup, 10_000),
        case(1, 3_600_000_000, 3, [(0, 1)]),
        case(1, 3_600_000_000, 3, [(1, 1), (2, 1)]),
        case(1, 2**62, 1, [(2**k, 1) for k in range(62)]),
        case(1, 100_000, 5, [(v, 1) for v in range(1, 400)]),
        case(1000, 3_600_000_000, 3, spread),
        case(1, 10**9, 2, spread),
        case(1, 10**9, 4, spread, 50),
        case(7, 10**7, 3, [(v, 2) for v in range(0, 10**7, 99_991)]),
    ]
    names = "lowest,highest,digits,values,interval,counts_length,count,mean,standard_deviation"
    columns = ",".join([names, *(f"p{p}" for p in PERCENTILES), "payload"])
    (folder / "hdr_histogram.csv").write_text(HEADER + columns + "\n" + "\n".join(rows) + "\n")


main(Path(sys.argv[1]))
