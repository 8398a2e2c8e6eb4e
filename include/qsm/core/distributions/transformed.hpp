#pragma once
/// @file
/// Laws made from a law: moved, stretched, cut.

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::inline core {

/// X + offset; made by shifted().
struct Shifted {
  /// The law of X.
  Distribution distribution;
  /// What is added [s].
  double offset;

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

/// X · factor; made by scaled().
struct Scaled {
  /// The law of X.
  Distribution distribution;
  /// What X is multiplied by [1].
  double factor;

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

/// X given low < X <= high; made by truncated().
class Truncated {
 public:
  /// Checks and prepares; see truncated().
  Truncated(Distribution distribution, double low, double high);

  const Distribution& distribution() const { return distribution_; }
  double from() const { return from_; }
  double to() const { return to_; }
  double mean() const { return mean_; }
  double variance() const { return variance_; }
  double pdf(double value) const;
  double cdf(double value) const;
  double survival(double value) const;
  double quantile(double probability) const;
  double survival_quantile(double probability) const;
  std::string describe() const;

 private:
  double between(double from, double to) const;

  Distribution distribution_;
  double from_, to_;      // as given
  double low_, high_;     // ends of the support
  double below_, above_;  // mass cut off
  double mass_;           // mass kept
  double mean_, variance_;
};

/// Law of X + offset: a time that cannot be less than a floor.
///
/// @param distribution  X [s], any law
/// @param offset        what is added [s], finite
/// @returns             the law
/// @source              definition
Shifted shifted(Distribution distribution, double offset);

/// Law of X · factor: the same work on a machine of another speed.
///
/// @param distribution  X [s], any law
/// @param factor        what X is multiplied by [1], finite and > 0
/// @returns             the law
/// @source              definition
Scaled scaled(Distribution distribution, double factor);

/// Law of X given low < X <= high: what a timeout leaves.
///
/// A bound at or beyond an end of the support cuts nothing there, not even an atom at that end. Mean and variance by
/// quadrature, relative error about 1e-12.
///
/// @param distribution  X [s], any law
/// @param low           lower bound [s], may be -infinity
/// @param high          upper bound [s], > low, may be infinity; some of X must lie between
/// @returns             the law
/// @source              definition
Truncated truncated(Distribution distribution, double low, double high);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/distributions/transformed.ipp>
#endif
