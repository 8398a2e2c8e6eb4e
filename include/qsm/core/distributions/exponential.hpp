#pragma once
/// @file
/// The exponential law: what has no memory.

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::inline core {

/// Exponential law, density λ exp(-λx) on x >= 0; made by exponential().
struct Exponential {
  /// Rate λ [1/s].
  double rate;

  double mean() const { return 1 / rate; }
  double variance() const { return 1 / rate / rate; }
  double skewness() const { return 2; }
  double moment(int order) const;
  double pdf(double value) const;
  double cdf(double value) const;
  double survival(double value) const;
  double quantile(double probability) const;
  double survival_quantile(double probability) const;
  double laplace(double argument) const { return rate / (rate + argument); }
  void sample(const Stream& stream, std::uint64_t first, std::span<double> out) const;
  std::string describe() const;
};

/// Exponential law: the time to the next event of a Poisson process.
///
/// Density λ exp(-λx), x >= 0; accurate to a few units in the last place.
///
/// @param rate  λ [1/s], finite and > 0
/// @returns     the law, mean 1/λ [s]
/// @source      Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 19
Exponential exponential(double rate);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/distributions/exponential.ipp>
#endif
