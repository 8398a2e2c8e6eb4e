#pragma once
/// @file
/// The law of a sum of independent times: exact where there is a form, within proven bounds elsewhere.

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <qsm/core/distribution.hpp>
#include <qsm/core/progress.hpp>

namespace qsm::inline v0::latency {

/// Law of a sum that has no closed form; made by sum_of().
///
/// Each law is rounded down, and again up, to a grid of relative resolution; both are added without rounding error to
/// speak of, so that the true law lies between the two sums. In the middle of them lies this law: its quantiles are
/// mostly some hundred times closer to the truth than the bounds say. Mean, variance, skewness, moments, Laplace
/// transform and variates come from the parts and are exact.
class Convolution {
 public:
  struct Tables;

  /// Checks and prepares; see sum_of().
  Convolution(std::vector<Distribution> parts, std::vector<double> counts, double tolerance,
              const Progress& progress = {});

  /// The laws that are added.
  const std::vector<Distribution>& parts() const { return parts_; }
  /// How often each of them is added [1].
  const std::vector<double>& counts() const { return counts_; }
  /// Relative width of the bounds that was asked for [1].
  double tolerance() const { return tolerance_; }

  double mean() const;
  double variance() const;
  double skewness() const;
  double moment(int order) const;
  double pdf(double value) const;
  double cdf(double value) const;
  double survival(double value) const;
  double quantile(double probability) const;
  double survival_quantile(double probability) const;
  double laplace(double rate) const;
  double low() const { return low_; }
  double high() const { return high_; }
  void sample(const Stream& stream, std::uint64_t first, std::span<double> out) const;
  std::string describe() const;

  /// The law that is never larger than the true one, and the one that is never smaller.
  std::pair<Distribution, Distribution> bounds() const;

 private:
  std::vector<Distribution> parts_;
  std::vector<double> counts_;
  double tolerance_;
  double low_, high_;
  std::shared_ptr<const Tables> tables_;
};

/// Law of the sum of independent times, one after another.
///
/// Exact: constants, normal laws, gamma laws of one scale, and exponential, Erlang, hyperexponential, Coxian and
/// phase-type laws of 64 phases together. What remains is added on a grid (see Convolution); then bounds() gives two
/// laws between which the true one lies, and the difference of their quantiles, seen from the least sum, is at most
/// `tolerance` of them above 1/64 of the median, and shrinks no further below.
///
/// @param distributions  laws of X₁, X₂, ... [s], at least one
/// @param tolerance      relative width of the bounds [1], in [0.001, 0.5]
/// @param progress       where to report, and whether to stop
/// @returns              the law of X₁ + X₂ + ...
/// @source               definition; bounds by stochastic order, Shaked and Shanthikumar 2007, Stochastic Orders, 1.A
Distribution sum_of(const std::vector<Distribution>& distributions, double tolerance = 0.05,
                    const Progress& progress = {});

/// Law of the sum of n independent times of one law.
///
/// @param distribution  law of X [s]
/// @param count         n [1], an integer in [1, 1e6]
/// @param tolerance     relative width of the bounds [1], in [0.001, 0.5]
/// @param progress      where to report, and whether to stop
/// @returns             the law of the sum
/// @source              definition
Distribution sum_of(const Distribution& distribution, double count, double tolerance = 0.05,
                    const Progress& progress = {});

}  // namespace qsm::inline v0::latency

#ifdef QSM_HEADER_ONLY
#include <qsm/latency/sum.ipp>
#endif
