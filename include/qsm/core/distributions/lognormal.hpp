#pragma once
/// @file
/// The lognormal law: times whose logarithm is normal.

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::inline core {

/// Lognormal law, ln X normal with mean μ and standard deviation σ; made by lognormal().
struct Lognormal {
  /// Mean of the logarithm μ [1], of a time in seconds.
  double log_mean;
  /// Standard deviation of the logarithm σ [1].
  double log_sd;

  double mean() const;
  double variance() const;
  double skewness() const;
  double moment(int order) const;
  double pdf(double value) const;
  double cdf(double value) const;
  double survival(double value) const;
  double quantile(double probability) const;
  double survival_quantile(double probability) const;
  double laplace(double argument) const;
  void sample(const Stream& stream, std::uint64_t first, std::span<double> out) const;
  std::string describe() const;
};

/// Lognormal law with median exp(μ).
///
/// The Laplace transform has no closed form; it is integrated about its saddle point.
///
/// @param log_mean  μ [1], finite
/// @param log_sd    σ [1], finite and > 0
/// @returns         the law
/// @source          Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 14
Lognormal lognormal(double log_mean, double log_sd);

/// Lognormal law with given mean and variability.
///
/// σ² = ln(1 + c²), μ = ln m - σ²/2.
///
/// @param mean  m [s], finite and > 0
/// @param scv   c² [1], finite and > 0
/// @returns     the law
/// @source      Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 14
Lognormal lognormal_from(double mean, double scv);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/distributions/lognormal.ipp>
#endif
