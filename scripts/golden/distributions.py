"""Writes tests/golden/core/distributions.csv: laws at 50 digits, with mpmath and nothing of ours.

python scripts/golden/distributions.py > tests/golden/core/distributions.csv
"""

import mpmath as mp

mp.mp.dps = 60
inf = mp.inf


def real(x):
    """The double that a program reads, exactly."""
    return mp.mpf(float(x))


def invert(function, target, low, high):
    """x in (low, high) with function(x) = target, by bisection on the logarithm."""
    low, high = mp.mpf(low), mp.mpf(high)
    rising = function(high) > function(low)
    for _ in range(260):
        middle = (low + high) / 2 if low <= 0 or high / low < 2 else mp.sqrt(low * high)
        if (function(middle) < target) == rising:
            low = middle
        else:
            high = middle
    return (low + high) / 2


class Law:
    bracket = (mp.mpf(10) ** -200, mp.mpf(10) ** 60)

    def cdf(self, x):
        return 1 - self.survival(x)

    def survival(self, x):
        return 1 - self.cdf(x)

    def quantile(self, p):
        return invert(self.cdf, p, *self.bracket)

    def survival_quantile(self, q):
        return invert(self.survival, q, *self.bracket)

    def mean(self):
        return self.moment(1)

    def variance(self):
        return self.moment(2) - self.moment(1) ** 2

    def skewness(self):
        m1, m2, m3 = (self.moment(k) for k in (1, 2, 3))
        return (m3 - 3 * m1 * m2 + 2 * m1**3) / mp.sqrt(m2 - m1**2) ** 3


class Gamma(Law):
    def __init__(self, shape, scale):
        self.a, self.s = shape, scale

    def pdf(self, x):
        z = x / self.s
        return z ** (self.a - 1) * mp.exp(-z) / mp.gamma(self.a) / self.s

    def cdf(self, x):
        return mp.gammainc(self.a, 0, x / self.s, regularized=True)

    def survival(self, x):
        return mp.gammainc(self.a, x / self.s, inf, regularized=True)

    def moment(self, k):
        return self.s**k * mp.rf(self.a, k)

    def laplace(self, s):
        return (1 + s * self.s) ** -self.a


class LargeGamma(Gamma):
    """For shapes at which mpmath gives up: the series of P(a, x), and the continued fraction of Q(a, x), each on its side."""

    def pdf(self, x):
        z = x / self.s
        return mp.exp((self.a - 1) * mp.log(z) - z - mp.loggamma(self.a)) / self.s

    def cdf(self, x):
        if x > self.mean():
            return 1 - self.survival(x)
        term = total = 1 / self.a
        k = 0
        while term > total * mp.mpf(10) ** -45:
            k += 1
            term *= x / self.s / (self.a + k)
            total += term
        return self.pdf(x) * x * total

    def survival(self, x):
        if x <= self.mean():
            return 1 - self.cdf(x)
        z = x / self.s
        fraction = mp.mpf(0)
        for k in range(200000, 0, -1):
            fraction = k * (self.a - k) / (z - self.a + 2 * k + 1 + fraction)
        return self.pdf(x) * x / (z - self.a + 1 + fraction)


class Mixed(Law):
    def __init__(self, weights, laws):
        self.parts = list(zip(weights, laws))

    def __getattr__(self, name):
        if name in ("pdf", "cdf", "survival", "moment", "laplace"):
            return lambda x: sum(w * getattr(law, name)(x) for w, law in self.parts)
        raise AttributeError(name)

    cdf = property(lambda self: lambda x: sum(w * law.cdf(x) for w, law in self.parts))
    survival = property(lambda self: lambda x: sum(w * law.survival(x) for w, law in self.parts))


class PhaseType(Law):
    bracket = (mp.mpf(10) ** -30, mp.mpf(10) ** 4)

    def __init__(self, initial, generator):
        self.alpha = mp.matrix([initial])
        self.t = mp.matrix(generator)
        self.n = len(initial)
        self.ones = mp.matrix([1] * self.n)
        self.exit = -self.t * self.ones

    def row(self, x):
        """(alpha, 0) exp(Qx) by plain scaling and squaring of the series, at 60 digits plus what squaring costs."""
        with mp.workdps(mp.mp.dps + 40):
            norm = max(abs(self.t[i, i]) for i in range(self.n)) * x
            doublings = max(0, int(mp.ceil(mp.log(norm + 1, 2))) + 4)
            step = self.t * (x / mp.mpf(2) ** doublings)
            term = result = mp.eye(self.n)
            for k in range(1, 60):
                term = term * step / k
                result = result + term
            for _ in range(doublings):
                result = result * result
            return self.alpha * result

    def pdf(self, x):
        return (self.row(x) * self.exit)[0]

    def survival(self, x):
        return (self.row(x) * self.ones)[0]

    def cdf(self, x):
        with mp.workdps(140):
            return sum(self.alpha) - (self.row(x) * self.ones)[0]

    def moment(self, k):
        v = self.ones
        for _ in range(k):
            v = mp.lu_solve(-self.t, v)
        return mp.factorial(k) * (self.alpha * v)[0]

    def laplace(self, s):
        return (self.alpha * mp.lu_solve(s * mp.eye(self.n) - self.t, self.exit))[0]


def coxian(rates, go):
    n = len(rates)
    t = [[mp.mpf(0)] * n for _ in range(n)]
    for i in range(n):
        t[i][i] = -rates[i]
        if i + 1 < n:
            t[i][i + 1] = rates[i] * go[i]
    return PhaseType([1] + [0] * (n - 1), t)


class Lognormal(Law):
    def __init__(self, mu, sigma):
        self.m, self.s = mu, sigma

    def z(self, x):
        return (mp.log(x) - self.m) / self.s

    def pdf(self, x):
        return mp.exp(-(self.z(x) ** 2) / 2) / (x * self.s * mp.sqrt(2 * mp.pi))

    def cdf(self, x):
        return mp.erfc(-self.z(x) / mp.sqrt(2)) / 2

    def survival(self, x):
        return mp.erfc(self.z(x) / mp.sqrt(2)) / 2

    def moment(self, k):
        return mp.exp(k * self.m + (k * self.s) ** 2 / 2)

    def laplace(self, s):
        f = lambda z: mp.npdf(z) * mp.exp(-s * mp.exp(self.m + self.s * z))
        return mp.quad(f, mp.linspace(-24, 20, 441))


class Weibull(Law):
    def __init__(self, shape, scale):
        self.k, self.s = shape, scale

    def pdf(self, x):
        z = x / self.s
        return self.k / self.s * z ** (self.k - 1) * mp.exp(-(z**self.k))

    def cdf(self, x):
        return -mp.expm1(-((x / self.s) ** self.k))

    def survival(self, x):
        return mp.exp(-((x / self.s) ** self.k))

    def quantile(self, p):
        return self.s * (-mp.log1p(-p)) ** (1 / self.k)

    def survival_quantile(self, q):
        return self.s * (-mp.log(q)) ** (1 / self.k)

    def moment(self, n):
        return self.s**n * mp.gamma(1 + n / self.k)

    def laplace(self, s):
        f = lambda y: mp.exp(y - mp.exp(y) - s * self.s * mp.exp(y / self.k))
        return mp.quad(f, mp.linspace(-160, 8, 169))


class Pareto(Law):
    def __init__(self, shape, minimum):
        self.a, self.m = shape, minimum

    def pdf(self, x):
        return self.a / x * self.survival(x)

    def survival(self, x):
        return (self.m / x) ** self.a

    def quantile(self, p):
        return self.m * (1 - p) ** (-1 / self.a)

    def survival_quantile(self, q):
        return self.m * q ** (-1 / self.a)

    def moment(self, k):
        return self.a * self.m**k / (self.a - k) if k < self.a else inf

    def variance(self):
        return self.moment(2) - self.moment(1) ** 2 if self.a > 2 else inf

    def skewness(self):
        return Law.skewness(self) if self.a > 3 else inf

    def laplace(self, s):
        return self.a * mp.expint(self.a + 1, s * self.m)


class BoundedPareto(Law):
    def __init__(self, shape, low, high):
        self.a, self.l, self.h = shape, low, high
        self.mass = 1 - (low / high) ** shape

    def pdf(self, x):
        return self.a / x * (self.l / x) ** self.a / self.mass

    def survival(self, x):
        return ((self.l / x) ** self.a - (self.l / self.h) ** self.a) / self.mass

    def quantile(self, p):
        return self.l * (1 - p * self.mass) ** (-1 / self.a)

    def survival_quantile(self, q):
        return self.quantile(1 - q)

    def moment(self, k):
        d = self.a - k
        integral = mp.log(self.h / self.l) if d == 0 else (1 - (self.l / self.h) ** d) / d
        return self.a * self.l**k * integral / self.mass

    def laplace(self, s):
        difference = mp.gammainc(-self.a, s * self.l) - mp.gammainc(-self.a, s * self.h)
        return self.a * (s * self.l) ** self.a * difference / self.mass


class Uniform(Law):
    def __init__(self, low, high):
        self.l, self.h = low, high

    def pdf(self, x):
        return 1 / (self.h - self.l)

    def cdf(self, x):
        return (x - self.l) / (self.h - self.l)

    def quantile(self, p):
        return self.l + p * (self.h - self.l)

    def survival_quantile(self, q):
        return self.quantile(1 - q)

    def moment(self, k):
        return (self.h ** (k + 1) - self.l ** (k + 1)) / (k + 1) / (self.h - self.l)

    def laplace(self, s):
        return (mp.exp(-s * self.l) - mp.exp(-s * self.h)) / s / (self.h - self.l)


class Normal(Law):
    def __init__(self, mu, sigma):
        self.mu, self.sigma = mu, sigma

    def pdf(self, x):
        return mp.npdf(x, self.mu, self.sigma)

    def cdf(self, x):
        return mp.erfc((self.mu - x) / self.sigma / mp.sqrt(2)) / 2

    def survival(self, x):
        return mp.erfc((x - self.mu) / self.sigma / mp.sqrt(2)) / 2

    def quantile(self, p):
        return -self.survival_quantile(p) + 2 * self.mu

    def survival_quantile(self, q):
        z = mp.findroot(lambda z: mp.log(mp.erfc(z / mp.sqrt(2)) / 2) - mp.log(q), 5 if q < 0.01 else 0)
        return self.mu + self.sigma * z

    def moment(self, k):
        terms = (
            mp.binomial(k, 2 * i) * mp.fac2(2 * i - 1) * self.sigma ** (2 * i) * self.mu ** (k - 2 * i)
            for i in range(k // 2 + 1)
        )
        return mp.fsum(terms)

    def skewness(self):
        return mp.mpf(0)

    def laplace(self, s):
        return mp.exp(-s * self.mu + (s * self.sigma) ** 2 / 2)


class Shifted(Law):
    def __init__(self, law, offset):
        self.law, self.o = law, offset

    def pdf(self, x):
        return self.law.pdf(x - self.o)

    def cdf(self, x):
        return self.law.cdf(x - self.o)

    def survival(self, x):
        return self.law.survival(x - self.o)

    def quantile(self, p):
        return self.law.quantile(p) + self.o

    def survival_quantile(self, p):
        return self.law.survival_quantile(p) + self.o

    def moment(self, k):
        terms = (mp.binomial(k, i) * self.o ** (k - i) * (self.law.moment(i) if i else 1) for i in range(k + 1))
        return sum(terms)

    def laplace(self, s):
        return mp.exp(-s * self.o) * self.law.laplace(s)


class Scaled(Law):
    def __init__(self, law, factor):
        self.law, self.f = law, factor

    def pdf(self, x):
        return self.law.pdf(x / self.f) / self.f

    def cdf(self, x):
        return self.law.cdf(x / self.f)

    def survival(self, x):
        return self.law.survival(x / self.f)

    def quantile(self, p):
        return self.law.quantile(p) * self.f

    def survival_quantile(self, p):
        return self.law.survival_quantile(p) * self.f

    def moment(self, k):
        return self.law.moment(k) * self.f**k

    def laplace(self, s):
        return self.law.laplace(s * self.f)


class Truncated(Law):
    def __init__(self, law, low, high):
        self.law, self.l, self.h = law, mp.mpf(low), mp.mpf(high)
        self.below = law.cdf(self.l) if low > 0 else mp.mpf(0)
        self.above = law.survival(self.h)
        self.mass = law.survival(self.l) - self.above if low > 0 else law.cdf(self.h)
        self.bracket = (max(self.l, mp.mpf(10) ** -200), self.h)

    def pdf(self, x):
        return self.law.pdf(x) / self.mass

    def cdf(self, x):
        return (self.law.cdf(x) - self.below) / self.mass

    def survival(self, x):
        return (self.law.survival(x) - self.above) / self.mass

    def moment(self, k):
        return mp.quad(lambda x: x**k * self.pdf(x), mp.linspace(self.l, self.h, 60))

    def laplace(self, s):
        return mp.quad(lambda x: mp.exp(-s * x) * self.pdf(x), mp.linspace(self.l, self.h, 60))


def numbers(text):
    return [real(x) for x in text.split()]


exponential = lambda rate: Gamma(mp.mpf(1), 1 / rate)
tail = "1e-20 0.001 0.3 0.5 0.75 0.999"  # probabilities

# text of the law, law, values, probabilities of both quantiles, Laplace arguments, orders of moments, tolerance
laws = [
    ("exponential(rate=2)", exponential(mp.mpf(2)), "1e-30 0.1 1 20 345", tail, "0.5 100", (1, 4), 1e-14),
    (
        "normal(mean=0.02; standard_deviation=0.003)",
        Normal(real(0.02), real(0.003)),
        "-0.01 0.01 0.02 0.03 0.1",
        tail,
        "0.5 100",
        (1, 3, 6),
        1e-13,
    ),
    ("exponential(rate=0.003)", exponential(real(0.003)), "1e-12 5 1000 200000", tail, "1e-8 3", (2,), 1e-14),
    ("erlang(stages=3; rate=2)", Gamma(mp.mpf(3), 1 / mp.mpf(2)), "1e-20 0.01 1 20 340", tail, "0.5 30", (1, 3), 1e-13),
    ("erlang(stages=400; rate=10)", Gamma(mp.mpf(400), 1 / mp.mpf(10)), "10 30 40 50 90", tail, "0.5 30", (2,), 1e-13),
    ("gamma(shape=0.3; scale=2)", Gamma(real(0.3), mp.mpf(2)), "1e-40 0.01 1 40 1300", tail, "0.5 1000", (1, 3), 1e-13),
    (
        "gamma(shape=7.5; scale=0.1)",
        Gamma(real(7.5), real(0.1)),
        "1e-10 0.05 0.7 3 60",
        tail,
        "0.5 1000",
        (1, 3),
        1e-13,
    ),
    (
        "gamma(shape=2500000.5; scale=1)",
        LargeGamma(real(2500000.5), mp.mpf(1)),
        "2450000 2490000 2499000 2500000 2500100 2504000 2555000",
        "",
        "1e-6 2",
        (2,),
        1e-13,
    ),
    (
        "gamma(shape=1500.25; scale=1)",
        Gamma(real(1500.25), mp.mpf(1)),
        "700 1400 1500 1600 2500",
        tail,
        "0.01 2",
        (2,),
        1e-13,
    ),
    (
        "hyperexponential(probabilities=[0.9; 0.1]; rates=[10; 0.5])",
        Mixed(numbers("0.9 0.1"), [exponential(mp.mpf(10)), exponential(real(0.5))]),
        "1e-18 0.1 1 20 1300",
        tail,
        "0.5 100",
        (1, 3),
        1e-13,
    ),
    (
        "hyperexponential(probabilities=[0.25; 0.5; 0.25]; rates=[1000; 1; 0.001])",
        Mixed(numbers("0.25 0.5 0.25"), [exponential(real(x)) for x in (1000, 1, 0.001)]),
        "1e-9 0.01 2 900 500000",
        tail,
        "0.01 100",
        (1, 2),
        1e-13,
    ),
    (
        "coxian(rates=[3; 2; 5]; continue_probabilities=[0.5; 0.75])",
        coxian(numbers("3 2 5"), numbers("0.5 0.75")),
        "1e-12 0.1 1 20 300",
        tail,
        "0.5 100",
        (1, 3),
        1e-13,
    ),
    (
        "phase_type(initial=[0.1; 0.9; 0]; generator=[[-6.2; 2; 0]; [2; -9; 1]; [1; 0; -3]])",
        PhaseType(numbers("0.1 0.9 0"), [numbers("-6.2 2 0"), numbers("2 -9 1"), numbers("1 0 -3")]),
        "1e-12 0.05 0.3 5 100",
        tail,
        "0.5 100",
        (1, 2, 3),
        1e-13,
    ),
    (
        "phase_type(initial=[1; 0; 0]; generator=[[-1; 1; 0]; [0; -1000; 999]; [0.5; 0; -1]])",
        PhaseType(numbers("1 0 0"), [numbers("-1 1 0"), numbers("0 -1000 999"), numbers("0.5 0 -1")]),
        "1e-6 0.1 3 100 1000",
        tail,
        "0.5 100",
        (1, 2, 3),
        1e-12,
    ),
    (
        "lognormal(log_mean=-1; log_sd=0.5)",
        Lognormal(mp.mpf(-1), real(0.5)),
        "0.001 0.1 0.4 3 100",
        tail,
        "1 100 1e5",
        (1, 3),
        1e-13,
    ),
    (
        "lognormal(log_mean=0.5; log_sd=2.5)",
        Lognormal(real(0.5), real(2.5)),
        "1e-20 0.1 2 3000 1e30",
        tail,
        "0.001 1 100",
        (1, 3),
        1e-13,
    ),
    (
        "weibull(shape=0.4; scale=2)",
        Weibull(real(0.4), mp.mpf(2)),
        "1e-40 0.1 2 3000 1e7",
        tail,
        "0.001 1 1000",
        (1, 3),
        1e-13,
    ),
    (
        "weibull(shape=3; scale=0.5)",
        Weibull(mp.mpf(3), real(0.5)),
        "1e-9 0.1 0.5 2 4",
        tail,
        "0.001 1 1000",
        (1, 3),
        1e-13,
    ),
    (
        "weibull(shape=200; scale=1)",
        Weibull(mp.mpf(200), mp.mpf(1)),
        "0.75 0.9 1 1.01 1.03",
        tail,
        "0.001 1 10",
        (2,),
        1e-13,
    ),
    (
        "pareto(shape=1.5; minimum=2)",
        Pareto(real(1.5), mp.mpf(2)),
        "2.0000001 2.5 10 1e20 1e200",
        tail,
        "1e-8 0.3 10 200",
        (1, 2),
        1e-13,
    ),
    (
        "pareto(shape=4.5; minimum=0.1)",
        Pareto(real(4.5), real(0.1)),
        "0.1001 0.15 1 1000 1e50",
        tail,
        "1e-8 0.3 10 200",
        (1, 3),
        1e-13,
    ),
    (
        "bounded_pareto(shape=1.5; minimum=1; maximum=1000)",
        BoundedPareto(real(1.5), mp.mpf(1), mp.mpf(1000)),
        "1.0000001 1.5 10 900 999.9999",
        tail,
        "1e-5 0.3 10 200",
        (1, 3),
        1e-13,
    ),
    (
        "bounded_pareto(shape=1; minimum=0.001; maximum=1e+06)",
        BoundedPareto(mp.mpf(1), real(0.001), mp.mpf(1000000)),
        "0.0011 0.1 10 900 999999",
        tail,
        "1e-5 0.3 10 200",
        (1, 2),
        1e-13,
    ),
    (
        "uniform(low=-1; high=3)",
        Uniform(mp.mpf(-1), mp.mpf(3)),
        "-0.999 0.5 2 2.9 2.999",
        tail,
        "1e-5 0.3 10",
        (1, 2, 3),
        1e-13,
    ),
    (
        "uniform(low=0; high=0.1)",
        Uniform(mp.mpf(0), real(0.1)),
        "1e-30 0.01 0.05 0.06 0.0999",
        tail,
        "1e-5 0.3 10",
        (1, 2),
        1e-13,
    ),
    (
        "mixture(weights=[0.25; 0.75]; components=[erlang(stages=4; rate=2); lognormal(log_mean=0; log_sd=1)])",
        Mixed(numbers("0.25 0.75"), [Gamma(mp.mpf(4), 1 / mp.mpf(2)), Lognormal(mp.mpf(0), mp.mpf(1))]),
        "1e-9 0.1 1 30 1e8",
        tail,
        "1e-5 0.3 10",
        (1, 3),
        1e-13,
    ),
    (
        "shifted(distribution=gamma(shape=2.5; scale=1); offset=0.5)",
        Shifted(Gamma(real(2.5), mp.mpf(1)), real(0.5)),
        "0.5625 1 3 50 700",
        tail,
        "1e-5 0.3 10",
        (1, 3),
        1e-13,
    ),
    (
        "scaled(distribution=weibull(shape=2; scale=1); factor=1000)",
        Scaled(Weibull(mp.mpf(2), mp.mpf(1)), mp.mpf(1000)),
        "1e-6 10 500 3000 25000",
        tail,
        "1e-5 0.3",
        (1, 3),
        1e-13,
    ),
    (
        "truncated(distribution=exponential(rate=1); low=0; high=3)",
        Truncated(exponential(mp.mpf(1)), 0, 3),
        "1e-20 0.1 1 2.5 2.9999",
        tail,
        "1e-5 0.3 10",
        (1, 3),
        1e-12,
    ),
    (
        "truncated(distribution=lognormal(log_mean=0; log_sd=1); low=50; high=1000)",
        Truncated(Lognormal(mp.mpf(0), mp.mpf(1)), 50, 1000),
        "50.001 51 70 300 999",
        tail,
        "1e-5 0.3",
        (1, 2),
        1e-12,
    ),
]

print(
    "# Laws at 50 digits (mpmath "
    + mp.__version__
    + ", scripts/golden/distributions.py): closed forms, quadrature, root finding."
)
print(
    "# Relative error allowed: tolerance x max(1, abs(ln abs(value))). `law` reads as a constructor call, `;` for `,`."
)
print("law,function,argument,value,tolerance")


def row(text, function, argument, value, tolerance):
    if abs(value) < mp.mpf(10) ** -300:
        return
    print(f"{text},{function},{argument},{'inf' if value == inf else mp.nstr(value, 25)},{tolerance:g}")


for text, law, values, probabilities, arguments, orders, tolerance in laws:
    for function in ("mean", "variance", "skewness"):
        value = getattr(law, function)()
        if abs(value) > mp.mpf(10) ** -40:
            row(text, function, 0, value, max(tolerance, 1e-12) if function == "skewness" else tolerance)
    for order in orders:
        row(text, "moment", order, law.moment(order), tolerance)
    for argument in arguments.split():
        row(text, "laplace", argument, law.laplace(real(argument)), max(tolerance, 1e-13))
    for x in values.split():
        for function in ("pdf", "cdf", "survival"):
            value = getattr(law, function)(real(x))
            if value > mp.mpf(10) ** -300:
                row(text, function, x, value, tolerance)
    for p in probabilities.split():
        row(text, "quantile", p, law.quantile(real(p)), tolerance)
        row(text, "survival_quantile", p, law.survival_quantile(real(p)), tolerance)
