#pragma once
/// @file
/// Mixtures: one of several laws, chosen at random.

#include <vector>

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::inline core {

/// Mixture Σ wᵢ Fᵢ; made by mixture().
struct Mixture {
  /// Weights wᵢ [1], which sum to 1.
  std::vector<double> weights;
  /// The laws Fᵢ.
  std::vector<Distribution> components;

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

/// Mixture of laws: the i-th with probability wᵢ.
///
/// @param weights     wᵢ [1], each in (0, 1], summing to 1 within 1e-12
/// @param components  Fᵢ [s], laws, as many as weights
/// @returns           the law
/// @source            definition
Mixture mixture(std::vector<double> weights, std::vector<Distribution> components);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/distributions/mixture.ipp>
#endif
