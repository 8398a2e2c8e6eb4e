#pragma once
/// @file
/// From measured times to a law: by moments, by likelihood, and how well it fits.

#include <span>
#include <string>
#include <vector>

#include <qsm/core/distribution.hpp>
#include <qsm/core/progress.hpp>

namespace qsm::inline v0::inline core {

/// A law fitted to a sample, with what speaks for and against it.
struct Fit {
  /// The law.
  Distribution distribution;
  /// Its family: "gamma", ...
  std::string family;
  /// Number of parameters fitted [1].
  int parameters;
  /// Logarithm of the likelihood ln L [1].
  double log_likelihood;
  /// Akaike's criterion 2k - 2 ln L [1]; lower is better.
  double aic;
  /// Kolmogorov-Smirnov distance sup |F_n - F| [1].
  double ks_statistic;
  /// Probability of a larger distance if the law were not fitted but given [1]; too kind to a fitted law.
  double ks_p_value;
  /// Anderson-Darling statistic A² [1], which weighs the tails; infinite where the law excludes a value.
  double anderson_darling;
};

/// The law of phases with given mean and variability.
///
/// c² = 0: constant; below 1: mixture of two Erlang laws of k - 1 and k stages of one rate with 1/k <= c² <= 1/(k - 1);
/// 1: exponential; above: hyperexponential with balanced means.
///
/// @param mean  m [s], finite and > 0
/// @param scv   c² [1], finite and >= 0
/// @returns     the law
/// @source      Tijms 2003, A First Course in Stochastic Models, appendix B
Distribution match_moments(double mean, double scv);

/// match_moments() of the mean and variability of a sample (variance with n - 1).
///
/// @param samples  measured times [s], at least two, each finite and >= 0, not all 0
/// @returns        the law
/// @source         Tijms 2003, A First Course in Stochastic Models, appendix B
Distribution fit_moments(std::span<const double> samples);

/// Exponential law by likelihood: λ = 1 / mean.
///
/// @param samples  measured times [s], each finite and >= 0, not all 0
/// @returns        law and goodness of fit
/// @source         Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 19
Fit fit_exponential(std::span<const double> samples);

/// Erlang law by likelihood over whole numbers of stages.
///
/// @param samples  measured times [s], each finite and > 0, not all equal
/// @returns        law and goodness of fit
/// @source         Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 17
Fit fit_erlang(std::span<const double> samples);

/// Gamma law by likelihood: ln a - ψ(a) = ln(mean x) - mean(ln x).
///
/// @param samples  measured times [s], each finite and > 0, not all equal
/// @returns        law and goodness of fit
/// @source         Minka 2002, Estimating a gamma distribution
Fit fit_gamma(std::span<const double> samples);

/// Lognormal law by likelihood: mean and standard deviation (with n) of the logarithms.
///
/// @param samples  measured times [s], each finite and > 0, not all equal
/// @returns        law and goodness of fit
/// @source         Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 14
Fit fit_lognormal(std::span<const double> samples);

/// Weibull law by likelihood: Σ xᵏ ln x / Σ xᵏ - 1/k = mean(ln x).
///
/// @param samples  measured times [s], each finite and > 0, not all equal
/// @returns        law and goodness of fit
/// @source         Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 21
Fit fit_weibull(std::span<const double> samples);

/// Pareto law by likelihood: m the least value, a = 1 / mean(ln(x/m)).
///
/// @param samples  measured times [s], each finite and > 0, not all equal
/// @returns        law and goodness of fit
/// @source         Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 20
Fit fit_pareto(std::span<const double> samples);

/// Hyperexponential law by likelihood, the fastest phase first.
///
/// The likelihood has several tops, and may have a high one where few values are very short. Seven starts that cut the
/// sorted sample into equal and unequal shares climb on the means of 2,000 groups of neighbours; the best climbs on all
/// values until a step would add less than 1e-8 to ln L. No phase becomes faster than 1e6 / mean, since zeros alone
/// would make one fast without bound.
///
/// @param samples   measured times [s], each finite and >= 0, not all 0
/// @param phases    number of phases [1], integer >= 1, at most the number of samples
/// @param progress  where to report, and whether to stop
/// @returns         law and goodness of fit
/// @source          Titterington, Smith, Makov 1985, Statistical Analysis of Finite Mixture Distributions, section 4.3
/// @source          Marquardt 1963, An algorithm for least-squares estimation of nonlinear parameters
Fit fit_hyperexponential(std::span<const double> samples, int phases = 2, const Progress& progress = {});

/// The named families fitted to a sample, best first by Akaike's criterion.
///
/// @param samples     measured times [s], each finite and in the range of every candidate
/// @param candidates  names out of exponential, erlang, gamma, lognormal, weibull, pareto, hyperexponential; none: all
/// @param progress    where to report, and whether to stop
/// @returns           one fit per candidate, lowest criterion first
/// @source            Akaike 1974, A new look at the statistical model identification
std::vector<Fit> fit_best(std::span<const double> samples, const std::vector<std::string>& candidates = {},
                          const Progress& progress = {});

/// How well a law fits a sample: the likelihood by its density, the distances by its cdf.
///
/// @param distribution  the law
/// @param samples       measured values [s], at least one, each finite
/// @param parameters    number of parameters that were fitted [1], integer >= 0
/// @returns             the law with its goodness of fit; family is empty
/// @source              Stephens 1974, EDF statistics for goodness of fit and some comparisons
Fit goodness_of_fit(const Distribution& distribution, std::span<const double> samples, int parameters = 0);

/// Probability that a sample of n from a given continuous law lies further from it than d.
///
/// Kolmogorov's limit with Vrbik's correction for finite n; absolute error below 0.002 from n = 10 on.
///
/// @param statistic  d [1], in [0, 1]
/// @param samples    n [1], integer >= 1
/// @returns          probability [1]
/// @source           Vrbik 2018, Small-sample corrections to Kolmogorov-Smirnov test statistic
double kolmogorov_p_value(double statistic, double samples);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/fit.ipp>
#endif
