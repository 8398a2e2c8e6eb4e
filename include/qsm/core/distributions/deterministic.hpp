#pragma once
/// @file
/// The law of a constant.

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::inline core {

/// All mass on one value; made by deterministic().
struct Deterministic {
  /// The value d [s].
  double value;

  double mean() const;
  double variance() const;
  double skewness() const;
  double moment(int order) const;
  double pdf(double x) const;
  double cdf(double x) const;
  double survival(double x) const;
  double quantile(double probability) const;
  double survival_quantile(double probability) const;
  double laplace(double argument) const;
  void sample(const Stream& stream, std::uint64_t first, std::span<double> out) const;
  std::string describe() const;
};

/// Constant: every variate is d.
///
/// @param value  d [s], finite
/// @returns      the law
/// @source       definition
Deterministic deterministic(double value);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/distributions/deterministic.ipp>
#endif
