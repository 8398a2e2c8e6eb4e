"""Golden rows of the short floats: what ml_dtypes and NumPy round floats to.

Run: python scripts/golden/kernels.py tests/golden/kernels (needs ml_dtypes and NumPy)
"""

import sys
from pathlib import Path

import ml_dtypes
import numpy as np

TYPES = {
    "bfloat16": ml_dtypes.bfloat16,
    "float16": np.float16,
    "float8_e4m3": ml_dtypes.float8_e4m3fn,
    "float8_e5m2": ml_dtypes.float8_e5m2,
}


def interesting() -> np.ndarray:
    """Every border between two numbers of 8 bits and some of 16, with the floats beside it, and a random lot."""
    borders = []
    for kind in TYPES.values():
        unsigned = np.uint16 if kind(0).itemsize == 2 else np.uint8
        count = 1 << (8 * kind(0).itemsize - 1)
        step = max(1, count // 128)
        bits = np.arange(0, count - 1, step)
        low = bits.astype(unsigned).view(kind).astype(np.float64)
        high = (bits + 1).astype(unsigned).view(kind).astype(np.float64)
        middle = ((low + high) / 2)[np.isfinite(low + high)].astype(np.float32)
        borders += [middle, np.nextafter(middle, np.float32(np.inf)), np.nextafter(middle, np.float32(0))]
    random = np.random.default_rng(1).integers(0, 1 << 32, 200, dtype=np.uint32).view(np.float32)
    special = np.array(
        [0, -0.0, 1, -1, 448, 449, 464, 465, 57344, 61439, 61440, 65504, 65519, 65520, np.inf], np.float32
    )
    values = np.concatenate([*borders, random, special])
    values = values[~np.isnan(values)]
    return np.unique(np.concatenate([values, -values]).view(np.uint32)).view(np.float32)


def main() -> None:
    values = interesting()
    with np.errstate(over="ignore"):
        columns = {name: values.astype(kind).view(f"uint{8 * kind(0).itemsize}") for name, kind in TYPES.items()}
    # ml_dtypes makes NaN of what is too large for e4m3; with saturation, as processors have it, it is 448.
    too_large = np.isnan(columns["float8_e4m3"].view(ml_dtypes.float8_e4m3fn).astype(np.float32))
    columns["float8_e4m3"] = np.where(too_large, np.where(np.signbit(values), 0xFE, 0x7E), columns["float8_e4m3"])
    lines = [
        f"# ml_dtypes {ml_dtypes.__version__} and NumPy {np.__version__}, scripts/golden/kernels.py: bits of a float and of what it is",
        "# rounded to. Exact. Beyond 448 e4m3 saturates, where ml_dtypes gives NaN.",
        "float32," + ",".join(columns),
    ]
    for i, bits in enumerate(values.view(np.uint32)):
        lines.append(f"{bits}," + ",".join(str(column[i]) for column in columns.values()))
    Path(sys.argv[1], "short_floats.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
