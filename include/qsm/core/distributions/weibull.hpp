#pragma once
/// @file
/// The Weibull law: lifetimes whose hazard is a power of age.

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::inline core {

/// Weibull law, survival exp(-(x/λ)ᵏ) on x >= 0; made by weibull().
struct Weibull {
  /// Shape k [1].
  double shape;
  /// Scale λ [s].
  double scale;

  double mean() const;
  double variance() const;
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

/// Weibull law: hazard falls with age below shape 1 and rises above.
///
/// Survival exp(-(x/λ)ᵏ), x >= 0. The Laplace transform is integrated about its peak.
///
/// @param shape  k [1], finite and > 0
/// @param scale  λ [s], finite and > 0
/// @returns      the law
/// @source       Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 21
Weibull weibull(double shape, double scale);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/distributions/weibull.ipp>
#endif
