#pragma once
/// @file
/// Pareto laws: power tails, with and without an upper bound.

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::inline core {

/// Pareto law, survival (m/x)ᵃ on x >= m; made by pareto().
struct Pareto {
  /// Shape, the tail index a [1].
  double shape;
  /// Smallest value m [s].
  double minimum;

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

/// Pareto law cut at both ends, density ∝ x⁻ᵃ⁻¹ on [m, M]; made by bounded_pareto().
struct BoundedPareto {
  /// Shape a [1].
  double shape;
  /// Smallest value m [s].
  double minimum;
  /// Largest value M [s].
  double maximum;

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

/// Pareto law: moments of order >= a are infinite.
///
/// Survival (m/x)ᵃ, x >= m.
///
/// @param shape    a [1], finite and > 0
/// @param minimum  m [s], finite and > 0
/// @returns        the law
/// @source         Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 20
Pareto pareto(double shape, double minimum);

/// Bounded Pareto law: heavy up to a largest job.
///
/// Density a mᵃ x⁻ᵃ⁻¹ / (1 - (m/M)ᵃ), m <= x <= M.
///
/// @param shape    a [1], finite and > 0
/// @param minimum  m [s], finite and > 0
/// @param maximum  M [s], finite and > m
/// @returns        the law
/// @source         Harchol-Balter 2013, Performance Modeling and Design of Computer Systems, ch. 20
BoundedPareto bounded_pareto(double shape, double minimum, double maximum);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/distributions/pareto.ipp>
#endif
