"""Writes tests/golden/core/{student,normal}_quantile.csv: roots of the distribution function at 60 digits, by mpmath."""

from pathlib import Path

import mpmath as mp
from scipy.special import stdtrit

mp.mp.dps = 60
FOLDER = Path(__file__).resolve().parents[2] / "tests" / "golden" / "core"


def student_tail(t, degrees):
    """P(T > t): the hypergeometric series in t²/ν for small t, that of the tail for large t (DLMF 8.17.8)."""
    a, half = degrees / 2, mp.mpf(1) / 2
    if t * t < degrees:
        front = t / (mp.sqrt(degrees) * mp.beta(a, half))
        return half - front * mp.hyp2f1(half, a + half, mp.mpf(3) / 2, -t * t / degrees)
    x = degrees / (degrees + t * t)
    return x**a * mp.sqrt(1 - x) / (2 * a * mp.beta(a, half)) * mp.hyp2f1(a + half, 1, a + 1, x)


def student(p, degrees):
    """Newton's method in log t from SciPy's value."""
    tail = min(p, 1 - p)
    t = mp.mpf(-stdtrit(float(degrees), float(tail)))
    for _ in range(6):
        density = (1 + t * t / degrees) ** (-(degrees + 1) / 2) / (
            mp.sqrt(degrees) * mp.beta(degrees / 2, mp.mpf(1) / 2)
        )
        now = student_tail(t, degrees)
        t *= mp.e ** (mp.log(now / tail) * now / (t * density))
    assert abs(student_tail(t, degrees) / tail - 1) < mp.mpf(10) ** -25
    return t if p > 0.5 else -t


def normal(p):
    start = -mp.sqrt(-2 * mp.log(min(p, 1 - p)))
    z = mp.findroot(lambda z: mp.log(mp.erfc(-z / mp.sqrt(2)) / 2 / min(p, 1 - p)), start)
    return z if p < 0.5 else -z


def write(name, columns, rows, tolerance):
    lines = [
        f"# mpmath {mp.__version__}, 60 digits, scripts/golden/quantiles.py; relative error <= {tolerance}",
        columns,
    ]
    (FOLDER / name).write_text("\n".join(lines + rows) + "\n")


if __name__ == "__main__":
    rows = []
    for degrees in (0.5, 1.0, 2.0, 3.0, 4.0, 7.5, 19.0, 100.0, 999.0, 1e5, 1e7):
        for p in (1e-12, 0.005, 0.025, 0.3, 0.51, 0.75, 0.9, 0.975, 0.995, 0.9999):
            rows.append(f"{p!r},{degrees!r},{mp.nstr(student(mp.mpf(p), mp.mpf(degrees)), 20)}")
    write("student_quantile.csv", "probability,degrees,quantile", rows, "1e-12")
    rows = [
        f"{p!r},{mp.nstr(normal(mp.mpf(p)), 20)}"
        for p in (5e-324, 1e-310, 1e-300, 1e-100, 1e-20, 1e-6, 0.001, 0.025, 0.2, 0.4999, 0.75, 0.975, 0.999, 0.999999)
    ]
    write("normal_quantile.csv", "probability,quantile", rows, "1e-14")
