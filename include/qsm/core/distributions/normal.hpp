#pragma once
/// @file
/// The normal law.

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::inline core {

/// Normal law with mean μ and standard deviation σ; made by normal().
struct Normal {
  /// Mean μ [s].
  double center;
  /// Standard deviation σ [s].
  double deviation;

  double mean() const { return center; }
  double variance() const { return deviation * deviation; }
  double skewness() const { return 0; }
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

/// Normal law: what the sum of many small delays tends to.
///
/// As a law of times it gives some weight to times below zero: Φ(-μ/σ).
///
/// @param mean                μ [s], finite
/// @param standard_deviation  σ [s], finite and > 0
/// @returns                   the law
/// @source                    Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 13
Normal normal(double mean, double standard_deviation);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/distributions/normal.ipp>
#endif
