"""Makes the coastline that ships with the package from Natural Earth's: python scripts/coastline.py FILE.

FILE is ne_110m_coastline in GeoJSON (1:110 million, public domain, naturalearthdata.com).
"""

import json
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "python/qsm/datasets/coastline.txt"
TOLERANCE = 0.3  # degrees; a pixel of the map that it is for
HEAD = """# Coastlines, one in each line: longitude,latitude ... in degrees, east and north positive. Made with Natural Earth
# (naturalearthdata.com, 1:110m coastline, public domain): points that move a line by less than 0.3 degrees left out,
# the rest rounded to 0.1 degrees, without Antarctica. By scripts/coastline.py. Good for a map of the world, no more.
"""


def simplified(points: list[list[float]]) -> list[list[float]]:
    """Douglas and Peucker 1973: the fewest points that leave the line where it is."""
    if len(points) < 3:
        return points
    (x, y), (u, v) = points[0], points[-1]
    length = ((u - x) ** 2 + (v - y) ** 2) ** 0.5

    def off(a: float, b: float) -> float:
        if length < 1e-9:
            return float(((a - x) ** 2 + (b - y) ** 2) ** 0.5)
        return abs((u - x) * (y - b) - (x - a) * (v - y)) / length

    far = max(range(1, len(points) - 1), key=lambda i: off(*points[i]))
    if off(*points[far]) <= TOLERANCE:
        return [points[0], points[-1]]
    return simplified(points[: far + 1])[:-1] + simplified(points[far:])


def main() -> None:
    features = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["features"]
    lines = []
    for feature in features:
        points = simplified(feature["geometry"]["coordinates"])
        if len(points) > 3 and max(b for _, b in points) > -60:
            lines.append(" ".join(f"{a:.1f},{b:.1f}".replace(".0", "") for a, b in points))
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{TARGET}: {len(lines)} lines, {sum(line.count(' ') + 1 for line in lines)} points")


if __name__ == "__main__":
    main()
