#pragma once
/// @file
/// The uniform law.

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::inline core {

/// Uniform law, density 1/(b - a) on [a, b]; made by uniform().
struct Uniform {
  /// Least value a [s].
  double low;
  /// Largest value b [s].
  double high;

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

/// Uniform law between two values.
///
/// @param low   a [s], finite
/// @param high  b [s], finite and > a
/// @returns     the law
/// @source      Johnson, Kotz, Balakrishnan 1995, Continuous Univariate Distributions 2, ch. 26
Uniform uniform(double low, double high);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/distributions/uniform.ipp>
#endif
