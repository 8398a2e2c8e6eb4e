"""Writes fit.csv, fit_samples.csv, kolmogorov.csv and hyperexponential_fit.csv: maximum likelihood by SciPy.

python scripts/golden/fit.py tests/golden/core
"""

import gzip
import sys

import numpy
import scipy
from scipy import optimize, special, stats

folder = sys.argv[1]
rng = numpy.random.default_rng(20240501)
samples = {
    "gamma": numpy.round(rng.gamma(2.7, 0.4, 200), 6),
    "heavy": numpy.round(rng.lognormal(-0.5, 1.1, 200), 6),
    "weibull": numpy.round(0.8 * rng.weibull(0.7, 200) + 1e-6, 6),
}
with open(f"{folder}/fit_samples.csv", "w") as file:
    file.write("# Samples for fit.csv, drawn by scripts/golden/fit.py and rounded to six places.\nsample,value\n")
    for name, values in samples.items():
        file.writelines(f"{name},{float(value)!r}\n" for value in values)

rows = []


def tight(logpdf, start):
    """Maximum of the likelihood by a simplex run to the last digits, restarted."""
    best = numpy.asarray(start, float)
    for _ in range(4):
        best = optimize.minimize(
            lambda p: -logpdf(numpy.exp(p)).sum(),
            best,
            method="Nelder-Mead",
            options=dict(xatol=1e-13, fatol=1e-13, maxiter=20000, maxfev=20000),
        ).x
    return numpy.exp(best)


for name, x in samples.items():

    def row(family, parameters, law):
        logl = law.logpdf(x).sum()
        k = len(parameters)
        ks = stats.kstest(x, law.cdf, method="exact")
        s = numpy.sort(x)
        n = len(s)
        i = numpy.arange(1, n + 1)
        with numpy.errstate(divide="ignore"):
            ad = -n - ((2 * i - 1) * (law.logcdf(s) + law.logsf(s)[::-1])).sum() / n
        first, second = (list(parameters) + [0])[:2]
        rows.append((name, family, first, second, logl, 2 * k - 2 * logl, ks.statistic, ks.pvalue, ad))

    row("exponential", [1 / x.mean()], stats.expon(scale=x.mean()))
    a, _, scale = stats.gamma.fit(x, floc=0)
    a, scale = tight(lambda p: stats.gamma.logpdf(x, p[0], scale=p[1]), numpy.log([a, scale]))
    row("gamma", [a, scale], stats.gamma(a, scale=scale))
    k = max((stats.gamma.logpdf(x, k, scale=x.mean() / k).sum(), k) for k in range(1, 30))[1]
    row("erlang", [k, k / x.mean()], stats.gamma(k, scale=x.mean() / k))
    sigma, _, median = stats.lognorm.fit(x, floc=0)
    row(
        "lognormal",
        [numpy.log(x).mean(), numpy.log(x).std()],
        stats.lognorm(numpy.log(x).std(), scale=numpy.exp(numpy.log(x).mean())),
    )
    shape, _, scale = stats.weibull_min.fit(x, floc=0)
    shape, scale = tight(lambda p: stats.weibull_min.logpdf(x, p[0], scale=p[1]), numpy.log([shape, scale]))
    row("weibull", [shape, scale], stats.weibull_min(shape, scale=scale))
    a = 1 / numpy.log(x / x.min()).mean()
    row("pareto", [a, x.min()], stats.pareto(a, scale=x.min()))

with open(f"{folder}/fit.csv", "w") as file:
    file.write(f"# Maximum likelihood on fit_samples.csv by SciPy {scipy.__version__} (scripts/golden/fit.py).\n")
    file.write("# Tolerance: parameters 1e-6 relative (the simplex finds no more), statistics 1e-8 relative.\n")
    file.write("# p_value is the exact one of the test of a given law; ours may differ by 0.001.\n")
    file.write("sample,family,first,second,log_likelihood,aic,ks_statistic,p_value,anderson_darling\n")
    for row in rows:
        file.write(",".join(str(v) if isinstance(v, str) else repr(float(v)) for v in row) + "\n")

with open(f"{folder}/kolmogorov.csv", "w") as file:
    file.write(
        f"# P(D_n > d), scipy.stats.kstwo {scipy.__version__} (scripts/golden/fit.py). Tolerance 0.002 absolute.\n"
    )
    file.write("statistic,samples,p_value\n")
    for n in (10, 30, 100, 1000, 20000):
        for scaled in (0.5, 0.7, 0.9, 1.2, 1.5, 2.0):
            d = scaled / n**0.5
            file.write(f"{float(d)!r},{n},{float(stats.kstwo.sf(d, n))!r}\n")


def tops(x, phases, starts=40):
    """Highest of the tops of the likelihood of a hyperexponential law that many random starts reach, fastest first."""
    x = numpy.sort(x)
    fastest = numpy.log(1e6 / x.mean())

    def fall(p):
        weight, rate = p[:phases, None], p[phases:, None]
        terms = weight + rate - numpy.exp(rate) * x
        logs = special.logsumexp(terms, axis=0)
        shares = numpy.exp(terms - logs)
        weights = numpy.exp(p[:phases] - special.logsumexp(p[:phases]))
        slope = [shares.sum(1) - len(x) * weights, (shares * (1 - numpy.exp(rate) * x)).sum(1)]
        return len(x) * special.logsumexp(p[:phases]) - logs.sum(), -numpy.concatenate(slope)

    best = None
    for _ in range(starts):
        rates = -numpy.log(numpy.quantile(x, rng.uniform(size=phases)) + 1e-5 * x.mean())
        found = optimize.minimize(
            fall,
            numpy.concatenate([2 * rng.normal(size=phases), rates]),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-30, 30)] * phases + [(None, fastest)] * phases,
            options=dict(maxiter=5000, ftol=1e-15, gtol=1e-7),
        )
        best = found if best is None or found.fun < best.fun else best
    order = numpy.argsort(-best.x[phases:])
    weights = numpy.exp(best.x[:phases] - special.logsumexp(best.x[:phases]))[order]
    return -best.fun, weights, numpy.exp(best.x[phases:])[order]


with gzip.open("python/qsm/datasets/azure_llm_conversation_2023.csv.gz", "rt") as file:
    gaps = numpy.diff(numpy.loadtxt(file, delimiter=",", skiprows=1, usecols=0))
with open(f"{folder}/hyperexponential_fit.csv", "w") as file:
    file.write(
        "# Highest likelihood of hyperexponential laws on fit_samples.csv and on the gaps between the arrivals of\n"
    )
    file.write(
        f"# the packaged Azure conversation trace, by L-BFGS-B of SciPy {scipy.__version__} from 40 random starts\n"
    )
    file.write("# (scripts/golden/fit.py). Tolerance: log_likelihood 1e-6 absolute, parameters 1e-4 relative.\n")
    file.write("sample,phases,log_likelihood,weight,other_weight,rate,other_rate\n")
    for name, phases in (("heavy", 2), ("weibull", 2), ("weibull", 3), ("azure", 2), ("azure", 3)):
        top, weights, rates = tops(samples.get(name, gaps), phases)
        numbers = ",".join(repr(float(v)) for v in (top, *weights[:2], *rates[:2]))
        file.write(f"{name},{phases},{numbers}\n")
