# Made by scripts/apigen.py from the headers; change those instead.
# ruff: noqa
from collections.abc import Callable, Sequence
from typing import Any, Self, overload
import numpy as np
from numpy.typing import ArrayLike, NDArray
from qsm._law import DistributionLike
from qsm._record import Record

simd_level: str

class Distribution:
    """Any law behind one type: a value that is cheap to copy, never changes and may be shared between threads. Values are mostly times, hence the unit [s]; any real support is allowed. Arguments out of range throw std::domain_error.
    """
    def __init__(self, law: DistributionLike) -> None: ...
    @property
    def mean(self) -> float:
        """Mean E[X] [s]; may be infinite.
        """
    @property
    def variance(self) -> float:
        """Variance Var[X] [s²]; infinite where the second moment is.
        """
    @property
    def standard_deviation(self) -> float:
        """Standard deviation σ [s].
        """
    @property
    def scv(self) -> float:
        """Squared coefficient of variation c² = Var[X] / E[X]² [1]; infinite where the variance is.
        """
    @property
    def skewness(self) -> float:
        """Skewness E[(X - E[X])³] / σ³ [1]; 0 for a constant, infinite where the third moment is.
        """
    @property
    def low(self) -> float:
        """Lower end of the support [s]; may be -infinity.
        """
    @property
    def high(self) -> float:
        """Upper end of the support [s]; may be infinity.
        """
    def moment(self, order: int) -> float:
        """Raw moment E[Xᵏ] [sᵏ], order k an integer >= 1; infinite where it does not exist.
        """
    @overload
    def laplace(self, rate: float) -> float: ...
    @overload
    def laplace(self, rate: ArrayLike) -> NDArray[np.float64]:
        """Laplace transform E[exp(-sX)] [1], s [1/s] finite and >= 0.
        """
    @overload
    def pdf(self, value: float) -> float: ...
    @overload
    def pdf(self, value: ArrayLike) -> NDArray[np.float64]:
        """Density f(x) [1/s]; infinite on an atom.
        """
    @overload
    def cdf(self, value: float) -> float: ...
    @overload
    def cdf(self, value: ArrayLike) -> NDArray[np.float64]:
        """P(X <= x) [1].
        """
    @overload
    def survival(self, value: float) -> float: ...
    @overload
    def survival(self, value: ArrayLike) -> NDArray[np.float64]:
        """P(X > x) [1], accurate however small it is.
        """
    @overload
    def quantile(self, probability: float) -> float: ...
    @overload
    def quantile(self, probability: ArrayLike) -> NDArray[np.float64]:
        """Smallest x with P(X <= x) >= p [s], p in [0, 1]; p = 0 and 1 give the ends of the support.
        """
    @overload
    def survival_quantile(self, probability: float) -> float: ...
    @overload
    def survival_quantile(self, probability: ArrayLike) -> NDArray[np.float64]:
        """Smallest x with P(X > x) <= q [s], q in [0, 1]: the quantile of 1 - q for q of any smallness.
        """
    def sample(self, count: int, stream: Stream, first: int = ...) -> NDArray[np.float64]:
        """Variates first, first + 1, ... of the stream; variate i depends on nothing but the law, the stream and i.
        """

def deterministic(value: float) -> Distribution:
    """Constant: every variate is d.

    Parameters
    ----------
    value
        d [s], finite

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition
    """

def empirical(samples: ArrayLike) -> Distribution:
    """Law of a sample, drawn from by resampling.

    quantile(p) is the smallest value with at least a share p of the sample at or below it (Hyndman and Fan's
    definition 1); the variance divides by n.

    Parameters
    ----------
    samples
        measured values [s], at least one, each finite

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Hyndman, Fan 1996, Sample quantiles in statistical packages, definition 1
    """

def exponential(rate: float) -> Distribution:
    """Exponential law: the time to the next event of a Poisson process.

    Density λ exp(-λx), x >= 0; accurate to a few units in the last place.

    Parameters
    ----------
    rate
        λ [1/s], finite and > 0

    Returns
    -------
    the law, mean 1/λ [s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 19
    """

def gamma(shape: float, scale: float) -> Distribution:
    """Gamma law with mean aθ and squared coefficient of variation 1/a.

    Density xᵃ⁻¹ exp(-x/θ) / (Γ(a) θᵃ), x >= 0.

    Parameters
    ----------
    shape
        a [1], finite and > 0
    scale
        θ [s], finite and > 0

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 17
    """

def erlang(stages: float, rate: float) -> Distribution:
    """Erlang law: k exponential stages one after another.

    Mean k/λ, squared coefficient of variation 1/k.

    Parameters
    ----------
    stages
        k [1], integer >= 1
    rate
        λ of each stage [1/s], finite and > 0

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Erlang 1917; Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 17
    """

def hyperexponential(probabilities: ArrayLike, rates: ArrayLike) -> Distribution:
    """Hyperexponential law: exponential with rate λᵢ with probability pᵢ.

    Squared coefficient of variation >= 1.

    Parameters
    ----------
    probabilities
        pᵢ [1], each in [0, 1], summing to 1 within 1e-12
    rates
        λᵢ [1/s], each finite and > 0, as many as probabilities

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Morse 1958, Queues, Inventories and Maintenance, ch. 5
    """

def hyperexponential_balanced(mean: float, scv: float) -> Distribution:
    """Hyperexponential law of two phases with given mean and variability, both phases carrying half of the mean.

    p = (1 + √((c² - 1)/(c² + 1)))/2, λ₁ = 2p/m, λ₂ = 2(1 - p)/m.

    Parameters
    ----------
    mean
        m [s], finite and > 0
    scv
        c² [1], finite and >= 1

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Morse 1958; Whitt 1982, Approximating a point process by a renewal process I
    """

def lognormal(log_mean: float, log_sd: float) -> Distribution:
    """Lognormal law with median exp(μ).

    The Laplace transform has no closed form; it is integrated about its saddle point.

    Parameters
    ----------
    log_mean
        μ [1], finite
    log_sd
        σ [1], finite and > 0

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 14
    """

def lognormal_from(mean: float, scv: float) -> Distribution:
    """Lognormal law with given mean and variability.

    σ² = ln(1 + c²), μ = ln m - σ²/2.

    Parameters
    ----------
    mean
        m [s], finite and > 0
    scv
        c² [1], finite and > 0

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 14
    """

def mixture(weights: ArrayLike, components: Sequence[DistributionLike]) -> Distribution:
    """Mixture of laws: the i-th with probability wᵢ.

    Parameters
    ----------
    weights
        wᵢ [1], each in (0, 1], summing to 1 within 1e-12
    components
        Fᵢ [s], laws, as many as weights

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition
    """

def normal(mean: float, standard_deviation: float) -> Distribution:
    """Normal law: what the sum of many small delays tends to.

    As a law of times it gives some weight to times below zero: Φ(-μ/σ).

    Parameters
    ----------
    mean
        μ [s], finite
    standard_deviation
        σ [s], finite and > 0

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 13
    """

def pareto(shape: float, minimum: float) -> Distribution:
    """Pareto law: moments of order >= a are infinite.

    Survival (m/x)ᵃ, x >= m.

    Parameters
    ----------
    shape
        a [1], finite and > 0
    minimum
        m [s], finite and > 0

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 20
    """

def bounded_pareto(shape: float, minimum: float, maximum: float) -> Distribution:
    """Bounded Pareto law: heavy up to a largest job.

    Density a mᵃ x⁻ᵃ⁻¹ / (1 - (m/M)ᵃ), m <= x <= M.

    Parameters
    ----------
    shape
        a [1], finite and > 0
    minimum
        m [s], finite and > 0
    maximum
        M [s], finite and > m

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Harchol-Balter 2013, Performance Modeling and Design of Computer Systems, ch. 20
    """

def phase_type(initial: ArrayLike, generator: ArrayLike) -> Distribution:
    """Phase-type law: the time a Markov chain takes to leave its phases.

    The chain starts in phase i with probability αᵢ, jumps from i to j at rate Tᵢⱼ and leaves at rate -Σⱼ Tᵢⱼ.

    Parameters
    ----------
    initial
        α [1], each in [0, 1], summing to 1 within 1e-12
    generator
        T [1/s], square: off the diagonal >= 0, rows sum to <= 0, every phase leads out

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Neuts 1981, Matrix-Geometric Solutions in Stochastic Models, ch. 2
    """

def coxian(rates: ArrayLike, continue_probabilities: ArrayLike) -> Distribution:
    """Coxian law: stage i takes an exponential time, then the next follows with probability cᵢ.

    Parameters
    ----------
    rates
        λᵢ [1/s], each finite and > 0
    continue_probabilities
        cᵢ [1], each in [0, 1], one fewer than rates

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Cox 1955, A use of complex probabilities in the theory of stochastic processes
    """

def shifted(distribution: DistributionLike, offset: float) -> Distribution:
    """Law of X + offset: a time that cannot be less than a floor.

    Parameters
    ----------
    distribution
        X [s], any law
    offset
        what is added [s], finite

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition
    """

def scaled(distribution: DistributionLike, factor: float) -> Distribution:
    """Law of X · factor: the same work on a machine of another speed.

    Parameters
    ----------
    distribution
        X [s], any law
    factor
        what X is multiplied by [1], finite and > 0

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition
    """

def truncated(distribution: DistributionLike, low: float, high: float) -> Distribution:
    """Law of X given low < X <= high: what a timeout leaves.

    A bound at or beyond an end of the support cuts nothing there, not even an atom at that end. Mean and variance by
    quadrature, relative error about 1e-12.

    Parameters
    ----------
    distribution
        X [s], any law
    low
        lower bound [s], may be -infinity
    high
        upper bound [s], > low, may be infinity; some of X must lie between

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition
    """

def uniform(low: float, high: float) -> Distribution:
    """Uniform law between two values.

    Parameters
    ----------
    low
        a [s], finite
    high
        b [s], finite and > a

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Johnson, Kotz, Balakrishnan 1995, Continuous Univariate Distributions 2, ch. 26
    """

def weibull(shape: float, scale: float) -> Distribution:
    """Weibull law: hazard falls with age below shape 1 and rises above.

    Survival exp(-(x/λ)ᵏ), x >= 0. The Laplace transform is integrated about its peak.

    Parameters
    ----------
    shape
        k [1], finite and > 0
    scale
        λ [s], finite and > 0

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 21
    """

class Fit(Record):
    """A law fitted to a sample, with what speaks for and against it.
    """
    def __new__(cls, distribution: Distribution, family: str, parameters: int, log_likelihood: float, aic: float, ks_statistic: float, ks_p_value: float, anderson_darling: float) -> Self: ...
    @property
    def distribution(self) -> Distribution:
        """The law.
        """
    @property
    def family(self) -> str:
        """Its family: "gamma", ...
        """
    @property
    def parameters(self) -> int:
        """Number of parameters fitted [1].
        """
    @property
    def log_likelihood(self) -> float:
        """Logarithm of the likelihood ln L [1].
        """
    @property
    def aic(self) -> float:
        """Akaike's criterion 2k - 2 ln L [1]; lower is better.
        """
    @property
    def ks_statistic(self) -> float:
        """Kolmogorov-Smirnov distance sup |F_n - F| [1].
        """
    @property
    def ks_p_value(self) -> float:
        """Probability of a larger distance if the law were not fitted but given [1]; too kind to a fitted law.
        """
    @property
    def anderson_darling(self) -> float:
        """Anderson-Darling statistic A² [1], which weighs the tails; infinite where the law excludes a value.
        """

def match_moments(mean: float, scv: float) -> Distribution:
    """The law of phases with given mean and variability.

    c² = 0: constant; below 1: mixture of two Erlang laws of k - 1 and k stages of one rate with 1/k <= c² <= 1/(k - 1);
    1: exponential; above: hyperexponential with balanced means.

    Parameters
    ----------
    mean
        m [s], finite and > 0
    scv
        c² [1], finite and >= 0

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Tijms 2003, A First Course in Stochastic Models, appendix B
    """

def fit_moments(samples: ArrayLike) -> Distribution:
    """match_moments() of the mean and variability of a sample (variance with n - 1).

    Parameters
    ----------
    samples
        measured times [s], at least two, each finite and >= 0, not all 0

    Returns
    -------
    the law

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Tijms 2003, A First Course in Stochastic Models, appendix B
    """

def fit_exponential(samples: ArrayLike) -> Fit:
    """Exponential law by likelihood: λ = 1 / mean.

    Parameters
    ----------
    samples
        measured times [s], each finite and >= 0, not all 0

    Returns
    -------
    law and goodness of fit

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 19
    """

def fit_erlang(samples: ArrayLike) -> Fit:
    """Erlang law by likelihood over whole numbers of stages.

    Parameters
    ----------
    samples
        measured times [s], each finite and > 0, not all equal

    Returns
    -------
    law and goodness of fit

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 17
    """

def fit_gamma(samples: ArrayLike) -> Fit:
    """Gamma law by likelihood: ln a - ψ(a) = ln(mean x) - mean(ln x).

    Parameters
    ----------
    samples
        measured times [s], each finite and > 0, not all equal

    Returns
    -------
    law and goodness of fit

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Minka 2002, Estimating a gamma distribution
    """

def fit_lognormal(samples: ArrayLike) -> Fit:
    """Lognormal law by likelihood: mean and standard deviation (with n) of the logarithms.

    Parameters
    ----------
    samples
        measured times [s], each finite and > 0, not all equal

    Returns
    -------
    law and goodness of fit

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 14
    """

def fit_weibull(samples: ArrayLike) -> Fit:
    """Weibull law by likelihood: Σ xᵏ ln x / Σ xᵏ - 1/k = mean(ln x).

    Parameters
    ----------
    samples
        measured times [s], each finite and > 0, not all equal

    Returns
    -------
    law and goodness of fit

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 21
    """

def fit_pareto(samples: ArrayLike) -> Fit:
    """Pareto law by likelihood: m the least value, a = 1 / mean(ln(x/m)).

    Parameters
    ----------
    samples
        measured times [s], each finite and > 0, not all equal

    Returns
    -------
    law and goodness of fit

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 20
    """

def fit_hyperexponential(samples: ArrayLike, phases: int = ..., *, progress: Callable[[float], object] | None = ...) -> Fit:
    """Hyperexponential law by likelihood, the fastest phase first.

    The likelihood has several tops, and may have a high one where few values are very short. Seven starts that cut the
    sorted sample into equal and unequal shares climb on the means of 2,000 groups of neighbours; the best climbs on all
    values until a step would add less than 1e-8 to ln L. No phase becomes faster than 1e6 / mean, since zeros alone
    would make one fast without bound.

    Parameters
    ----------
    samples
        measured times [s], each finite and >= 0, not all 0
    phases
        number of phases [1], integer >= 1, at most the number of samples
    progress
        where to report, and whether to stop

    Returns
    -------
    law and goodness of fit

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Marquardt 1963, An algorithm for least-squares estimation of nonlinear parameters
    """

def fit_best(samples: ArrayLike, candidates: Sequence[str] = ..., *, progress: Callable[[float], object] | None = ...) -> list[Fit]:
    """The named families fitted to a sample, best first by Akaike's criterion.

    Parameters
    ----------
    samples
        measured times [s], each finite and in the range of every candidate
    candidates
        names out of exponential, erlang, gamma, lognormal, weibull, pareto, hyperexponential; none: all
    progress
        where to report, and whether to stop

    Returns
    -------
    one fit per candidate, lowest criterion first

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Akaike 1974, A new look at the statistical model identification
    """

def goodness_of_fit(distribution: DistributionLike, samples: ArrayLike, parameters: int = ...) -> Fit:
    """How well a law fits a sample: the likelihood by its density, the distances by its cdf.

    Parameters
    ----------
    distribution
        the law
    samples
        measured values [s], at least one, each finite
    parameters
        number of parameters that were fitted [1], integer >= 0

    Returns
    -------
    the law with its goodness of fit; family is empty

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Stephens 1974, EDF statistics for goodness of fit and some comparisons
    """

@overload
def kolmogorov_p_value(statistic: float, samples: float) -> float: ...
@overload
def kolmogorov_p_value(statistic: ArrayLike, samples: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Probability that a sample of n from a given continuous law lies further from it than d.

    Kolmogorov's limit with Vrbik's correction for finite n; absolute error below 0.002 from n = 10 on.

    Parameters
    ----------
    statistic
        d [1], in [0, 1]
    samples
        n [1], integer >= 1

    Returns
    -------
    probability [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Vrbik 2018, Small-sample corrections to Kolmogorov-Smirnov test statistic
    """

@overload
def normal_quantile(probability: float) -> float: ...
@overload
def normal_quantile(probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Quantile of the standard normal distribution.

    Parameters
    ----------
    probability
        p [1], in [0, 1]

    Returns
    -------
    z with Φ(z) = p [1]; infinite at both ends

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Wichura 1988, Algorithm AS 241: the percentage points of the normal distribution, PPND16
    """

@overload
def student_quantile(probability: float, degrees: float) -> float: ...
@overload
def student_quantile(probability: ArrayLike, degrees: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Quantile of Student's t distribution.

    Parameters
    ----------
    probability
        p [1], in [0, 1]
    degrees
        ν, degrees of freedom [1], > 0; infinity gives the normal distribution

    Returns
    -------
    t with P(T <= t) = p [1]; infinite at both ends

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Student 1908, The probable error of a mean; Abramowitz and Stegun 1964, 26.7
    """

class Stream:
    """A stream of Philox4x32-10 (Salmon et al. 2011, Parallel random numbers: as easy as 1, 2, 3), addressed by position.

        const Stream seed(42);
        const Stream arrivals = seed.child("arrivals").child(replication);
        arrivals.uniforms(0, block);

    A stream is 128 bits: the key and the upper half of the counter. Those of a child are one Philox block of the
    parent's bits and the id, under a key that no draw uses. So siblings with different ids are always different
    streams, and seeds that lie close together give streams that do not. Copies, and use from many threads, are free.
    """
    def child(self, id: int | str) -> Stream: ...
    def __init__(self, seed: int) -> None:
        """The stream of a seed.
        """
    def bits(self, count: int, first: int = ...) -> NDArray[np.uint64]:
        """64 random bits for each of the positions first, first + 1, ...
        """
    def uniforms(self, count: int, first: int = ...) -> NDArray[np.float64]:
        """Uniform on the open interval (0, 1), exactly (b + 1/2) 2^-52 with b the upper 52 of the 64 bits at the position; so u and 1 - u are equally likely, the least is 2^-53 and the greatest 1 - 2^-53.
        """
    @staticmethod
    def from_state(state: Sequence[int]) -> Stream:
        """The stream with this state.
        """

def check_distribution(distribution: DistributionLike) -> list[str]:
    """Tries a law out and says in words what is wrong with it.

    The cdf rises from 0 to 1, quantiles invert it, survival is its complement, density, moments and Laplace transform
    agree with integrals over the quantiles (relative 1e-5), 20,000 variates agree with the cdf (Kolmogorov-Smirnov,
    false alarm below 1e-4), and variate i is the same however the blocks are cut. What the law throws is reported too.

        EXPECT_EQ(check_distribution(Triangle{}), std::vector<std::string>());

    Parameters
    ----------
    distribution
        the law, of any type that meets DistributionLike

    Returns
    -------
    one sentence per failure; empty if there is none

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    definition of a law; Kolmogorov 1933 for the test of the sample
    """
