#pragma once
/// @file
/// The law of a sample: measured times as they are.

#include <vector>

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::inline core {

/// Each of n measured values with probability 1/n; made by empirical().
struct Empirical {
  /// The values [s], in rising order.
  std::vector<double> samples;

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

/// Law of a sample, drawn from by resampling.
///
/// quantile(p) is the smallest value with at least a share p of the sample at or below it (Hyndman and Fan's
/// definition 1); the variance divides by n.
///
/// @param samples  measured values [s], at least one, each finite
/// @returns        the law
/// @source         Hyndman, Fan 1996, Sample quantiles in statistical packages, definition 1
Empirical empirical(std::vector<double> samples);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/distributions/empirical.ipp>
#endif
