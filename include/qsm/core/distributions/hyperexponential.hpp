#pragma once
/// @file
/// Hyperexponential laws: one of several exponential servers, chosen at random.

#include <vector>

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::inline core {

/// Hyperexponential law, Σ pᵢ λᵢ exp(-λᵢx); made by hyperexponential().
struct Hyperexponential {
  /// Probabilities pᵢ [1], which sum to 1.
  std::vector<double> probabilities;
  /// Rates λᵢ [1/s].
  std::vector<double> rates;

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

/// Hyperexponential law: exponential with rate λᵢ with probability pᵢ.
///
/// Squared coefficient of variation >= 1.
///
/// @param probabilities  pᵢ [1], each in [0, 1], summing to 1 within 1e-12
/// @param rates          λᵢ [1/s], each finite and > 0, as many as probabilities
/// @returns              the law
/// @source               Morse 1958, Queues, Inventories and Maintenance, ch. 5
Hyperexponential hyperexponential(std::vector<double> probabilities, std::vector<double> rates);

/// Hyperexponential law of two phases with given mean and variability, both phases carrying half of the mean.
///
/// p = (1 + √((c² - 1)/(c² + 1)))/2, λ₁ = 2p/m, λ₂ = 2(1 - p)/m.
///
/// @param mean  m [s], finite and > 0
/// @param scv   c² [1], finite and >= 1
/// @returns     the law
/// @source      Morse 1958; Whitt 1982, Approximating a point process by a renewal process I
Hyperexponential hyperexponential_balanced(double mean, double scv);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/distributions/hyperexponential.ipp>
#endif
