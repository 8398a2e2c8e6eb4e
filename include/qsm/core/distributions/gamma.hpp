#pragma once
/// @file
/// Gamma laws: sums of exponential stages, whole (Erlang) or not.

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::inline core {

/// Gamma law, density xᵃ⁻¹ exp(-x/θ) / (Γ(a) θᵃ) on x >= 0; made by gamma().
struct Gamma {
  /// Shape a [1].
  double shape;
  /// Scale θ [s].
  double scale;

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

/// Erlang law, the sum of k exponential stages of one rate; made by erlang().
struct Erlang {
  /// Number of stages k [1], an integer.
  double stages;
  /// Rate of each stage λ [1/s].
  double rate;

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

/// Gamma law with mean aθ and squared coefficient of variation 1/a.
///
/// Density xᵃ⁻¹ exp(-x/θ) / (Γ(a) θᵃ), x >= 0.
///
/// @param shape  a [1], finite and > 0
/// @param scale  θ [s], finite and > 0
/// @returns      the law
/// @source       Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 17
Gamma gamma(double shape, double scale);

/// Erlang law: k exponential stages one after another.
///
/// Mean k/λ, squared coefficient of variation 1/k.
///
/// @param stages  k [1], integer >= 1
/// @param rate    λ of each stage [1/s], finite and > 0
/// @returns       the law
/// @source        Erlang 1917; Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 17
Erlang erlang(double stages, double rate);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/distributions/gamma.ipp>
#endif
