"""Golden rows of the portable functions and samplers.

elementary.csv: 50-digit mpmath values as a sum of two doubles. samplers.csv: bits of variates, from an independent
rendering of the documented algorithms in which every fused multiply-add is exact rational arithmetic, rounded once.
Needs mpmath and xxhash. Run: python scripts/golden/core_elementary.py tests/golden/core
"""

import random
import struct
import sys
from fractions import Fraction
from pathlib import Path

import mpmath
from core_random import Stream, exact

mpmath.mp.dps = 60
hexadecimal = float.fromhex


def word(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def double(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def fma(x, y, z):
    return float(Fraction(x) * Fraction(y) + Fraction(z))


def horner(x, coefficients):
    total = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        total = fma(total, x, c)
    return total


LN2_HIGH, LN2_LOW = hexadecimal("0x1.62e42fefa3800p-1"), hexadecimal("0x1.ef35793c76730p-45")
LOG = [
    hexadecimal(c)
    for c in [
        "0x1.5555555555555p-1",
        "0x1.9999999999a39p-2",
        "0x1.2492492476905p-2",
        "0x1.c71c7201ba2bbp-3",
        "0x1.745cf8df6e793p-3",
        "0x1.3b1c3ca3a4754p-3",
        "0x1.0fbde05e573b5p-3",
        "0x1.0c0a8bd475011p-3",
    ]
]
EXP = [
    hexadecimal(c)
    for c in [
        "0x1p-1",
        "0x1.5555555555557p-3",
        "0x1.5555555555558p-5",
        "0x1.11111111100dbp-7",
        "0x1.6c16c16c151fcp-10",
        "0x1.a01a01abe84bap-13",
        "0x1.a01a01acfacc0p-16",
        "0x1.71de0230beb99p-19",
        "0x1.27e4cccdeb2f7p-22",
        "0x1.af4deb0af45a9p-26",
        "0x1.1f8b4c6b3c913p-29",
    ]
]
# Wichura 1988, PPND16: numerators and denominators of the centre, the tail and the far tail.
A = [
    3.3871328727963666080e0,
    1.3314166789178437745e2,
    1.9715909503065514427e3,
    1.3731693765509461125e4,
    4.5921953931549871457e4,
    6.7265770927008700853e4,
    3.3430575583588128105e4,
    2.5090809287301226727e3,
]
B = [
    1.0,
    4.2313330701600911252e1,
    6.8718700749205790830e2,
    5.3941960214247511077e3,
    2.1213794301586595867e4,
    3.9307895800092710610e4,
    2.8729085735721942674e4,
    5.2264952788528545610e3,
]
C = [
    1.42343711074968357734e0,
    4.63033784615654529590e0,
    5.76949722146069140550e0,
    3.64784832476320460504e0,
    1.27045825245236838258e0,
    2.41780725177450611770e-1,
    2.27238449892691845833e-2,
    7.74545014278341407640e-4,
]
D = [
    1.0,
    2.05319162663775882187e0,
    1.67638483018380384940e0,
    6.89767334985100004550e-1,
    1.48103976427480074590e-1,
    1.51986665636164571966e-2,
    5.47593808499534494600e-4,
    1.05075007164441684324e-9,
]
E = [
    6.65790464350110377720e0,
    5.46378491116411436990e0,
    1.78482653991729133580e0,
    2.96560571828504891230e-1,
    2.65321895265761230930e-2,
    1.24266094738807843860e-3,
    2.71155556874348757815e-5,
    2.01033439929228813265e-7,
]
F = [
    1.0,
    5.99832206555887937690e-1,
    1.36929880922735805310e-1,
    1.48753612908506148525e-2,
    7.86869131145613259100e-4,
    1.84631831751005468180e-5,
    1.42151175831644588870e-7,
    2.04426310338993978564e-15,
]


def log(x):
    exponent = (word(x) + 0x3FF0000000000000 - 0x3FE6A09E667F3BCD) >> 52
    k = float(exponent - 1023)
    f = double(word(x) - (exponent << 52) + 0x3FF0000000000000) - 1
    s = f / (2 + f)
    z = s * s
    inner = fma(0.5 * f, f, z * horner(z, LOG))
    correction = fma(s, inner, k * LN2_LOW)
    return fma(k, LN2_HIGH, f - fma(0.5 * f, f, -correction))


def exp(x):
    shifted = fma(x, hexadecimal("0x1.71547652b82fep+0"), hexadecimal("0x1.8p52"))
    k = shifted - hexadecimal("0x1.8p52")
    r = fma(-k, LN2_LOW, fma(-k, LN2_HIGH, x))
    total = 1 + fma(r * r, horner(r, EXP), r)
    half = (int(k) + 2046) // 2
    return total * 2.0 ** (half - 1023) * 2.0 ** (int(k) - (half - 1023))


def root(x):
    y = double(0x5FE6EB50C7B537A9 - (word(x) >> 1))
    for _ in range(3):
        y *= fma(-(0.5 * x * y), y, 1.5)
    r = x * y
    return fma(0.5 * y, fma(-r, r, x), r)


def quantile(p):
    q = p - 0.5
    centre = fma(-q, q, 0.180625)
    if centre >= 0:
        return q * horner(centre, A) / horner(centre, B)
    depth = root(-log(min(p, 1 - p)))
    r, above, below = (depth - 5, E, F) if depth > 5 else (depth - 1.6, C, D)
    return (-1 if q < 0 else 1) * horner(r, above) / horner(r, below)


def uniform(stream, position):
    return exact(stream.uniform(position))


def pareto(u, shape, scale, rest=0.0):
    return scale * exp(-(1 / shape) * log(fma(u, 1 - rest, rest)))


def erlang(stream, i, stages, mean):
    total = 0.0
    for begin in range(0, stages, 16):
        product = 1.0
        for stage in range(begin, min(begin + 16, stages)):
            product *= uniform(stream, i * stages + stage)
        total += -log(product)
    return total * (mean / stages)


def gamma(stream, i, shape, scale):
    d = (shape + 1 if shape < 1 else shape) - 1 / 3
    c = 1 / float(mpmath.sqrt(9 * d))
    attempt = 0
    while True:
        draws = stream.child("gamma").child(attempt)
        z, v = quantile(uniform(draws, 2 * i)), uniform(draws, 2 * i + 1)
        base = fma(c, z, 1)
        cube = base * base * base
        if base > 0 and log(v) < fma(0.5 * z, z, fma(d, log(cube), fma(-d, cube, d))):
            break
        attempt += 1
    x = scale * (d * cube)
    return x * pareto(uniform(stream.child("gamma power"), i), -shape, 1.0) if shape < 1 else x


SAMPLERS = {  # with the arguments that the C++ test passes too
    "uniform": lambda s, i: fma(uniform(s, i), 5.0, -2.0),
    "exponential": lambda s, i: -1.5 * log(uniform(s, i)),
    "normal": lambda s, i: fma(0.7, quantile(uniform(s, i)), 0.3),
    "lognormal": lambda s, i: exp(fma(0.7, quantile(uniform(s, i)), 0.3)),
    "weibull": lambda s, i: 2.5 * exp(1 / 0.7 * log(-log(uniform(s, i)))),
    "pareto": lambda s, i: pareto(uniform(s, i), 1.7, 0.4),
    "bounded_pareto": lambda s, i: pareto(uniform(s, i), 1.1, 0.4, exp(1.1 * log(0.4 / 90.0))),
    "erlang": lambda s, i: erlang(s, i, 3, 2.5),
    "erlang_20": lambda s, i: erlang(s, i, 20, 2.5),
    "gamma": lambda s, i: gamma(s, i, 1.3, 0.6),
    "gamma_small": lambda s, i: gamma(s, i, 0.4, 0.6),
    "hyperexponential": lambda s, i: -log(uniform(s, 2 * i + 1)) * (0.5 if uniform(s, 2 * i) < 0.75 else 4.0),
}


def two_doubles(value):
    high = float(value)
    return repr(high), repr(float(value - mpmath.mpf(high)))


def main(folder):
    generator = random.Random(1)
    some = [generator.random() for _ in range(60)]
    points = {
        "log": some
        + [1 + s / 1000 for s in some]
        + [1 - s * 1e-9 for s in some]
        + [10 ** (600 * s - 300) for s in some]
        + [
            0.5,
            1.0,
            2.0,
            5e-324,
            1e-310,
            2.2250738585072014e-308,
            1.7976931348623157e308,
            2.0**-53,
            1 - 2.0**-53,
            0.7071067811865475,
            0.7071067811865476,
            1.4142135623730951,
        ],
        "exp": [2 * s - 1 for s in some]
        + [1400 * s - 700 for s in some]
        + [1e-9 * s for s in some]
        + [0.0, 1.0, -1.0, 709.7827128933840, -708.3964185322641, 0.34657359027997264, 1e-320],
        "normal_quantile": some
        + [10 ** (-300 * s) for s in some]
        + [1 - 10 ** (-15 * s) for s in some]
        + [0.075, 0.925, 1.388794386496402e-11, 2.0**-53, 1 - 2.0**-53, 0.25, 1e-4, 0.5 + 2.0**-53, 0.49999],
    }
    functions = {
        "log": mpmath.log,
        "exp": mpmath.exp,
        # erfinv alone loses the lower tail; two Newton steps at 400 digits mend it
        "normal_quantile": lambda p: normal_quantile(p),
    }
    with open(folder / "elementary.csv", "w") as out:
        out.write("# ln x, e^x and the standard normal quantile: value = high + low. Source: mpmath, 60 digits.\n")
        out.write("# Tolerance: 1 ulp for log and exp, relative 1e-15 for the quantile.\nfunction,x,high,low\n")
        for name, xs in points.items():
            out.writelines(",".join([name, repr(x), *two_doubles(functions[name](mpmath.mpf(x)))]) + "\n" for x in xs)
    with open(folder / "samplers.csv", "w") as out:
        out.write("# Variates of the child named like the sampler of the stream with seed 42. Source:\n")
        out.write("# scripts/golden/core_elementary.py, exact rational multiply-adds. Exact.\nsampler,index,variate\n")
        for name, sampler in SAMPLERS.items():
            stream = Stream.seeded(42).child(name)
            out.writelines(f"{name},{i},{sampler(stream, i).hex()}\n" for i in (*range(40), 1023, 10**12 + 1))


def normal_quantile(p):
    with mpmath.workdps(60):
        tail = min(p, 1 - p)
        z = -mpmath.sqrt(-2 * mpmath.log(tail)) if tail < 0.1 else mpmath.sqrt(2) * mpmath.erfinv(2 * tail - 1)
        for _ in range(60):
            step = (mpmath.erfc(-z / mpmath.sqrt(2)) / 2 - tail) / mpmath.npdf(z)
            z -= step / (1 + z * step / 2)  # Halley
            if abs(step) < mpmath.mpf(10) ** -45:
                break
        return z if p <= 0.5 else -z


if __name__ == "__main__":
    main(Path(sys.argv[1]))
