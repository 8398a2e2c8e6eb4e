#pragma once
/// @file
/// How far off a law may be: two laws between which the true one lies; and laws of which only buckets are known.

#include <limits>
#include <string>
#include <vector>

#include <qsm/core/distribution.hpp>
#include <qsm/core/estimate.hpp>

namespace qsm::inline v0::latency {

/// Two laws between which the true one lies at every quantile.
struct DistributionBounds {
  /// Never larger than the true law.
  Distribution lower;
  /// Never smaller than the true law.
  Distribution upper;
};

/// Law of values of which is known only into which interval they fell; made by from_buckets() and from_percentiles().
///
/// Inside an interval the values are taken to be spread evenly; in one without upper end they are taken to stand at its
/// lower end, as Prometheus does. bounds() says what is sure.
class Buckets {
 public:
  /// Checks and prepares; see from_buckets().
  Buckets(std::vector<double> lower_edges, std::vector<double> upper_edges, std::vector<double> counts);

  /// Lower ends of the intervals [s].
  const std::vector<double>& lower_edges() const { return lower_edges_; }
  /// Upper ends of the intervals [s].
  const std::vector<double>& upper_edges() const { return upper_edges_; }
  /// Weights of the intervals, as given [1].
  const std::vector<double>& counts() const { return counts_; }

  double mean() const;
  double variance() const;
  double pdf(double value) const;
  double cdf(double value) const;
  double survival(double value) const;
  double quantile(double probability) const;
  double survival_quantile(double probability) const;
  double low() const;
  double high() const;
  std::string describe() const;

  /// All values at the lower ends, and all at the upper ends.
  DistributionBounds bounds() const;

 private:
  std::vector<double> lower_edges_, upper_edges_, counts_;
  std::vector<double> below_, above_;  // shares before and from each interval on
};

/// Law of values that were counted in intervals, such as the buckets of a monitoring system.
///
/// @param lower_edges  lower ends of the intervals [s], finite, each at least the upper end before
/// @param upper_edges  upper ends [s], each >= its lower end; the last may be infinity
/// @param counts       values in each interval [1], finite and >= 0, not all 0
/// @returns            the law
/// @source             Prometheus documentation, histogram_quantile(), for the spread inside a bucket
Distribution from_buckets(std::vector<double> lower_edges, std::vector<double> upper_edges, std::vector<double> counts);

/// Law of values of which some percentiles are known.
///
/// Between them nothing is known but that they are in order: bounds() says what follows.
///
/// @param probabilities  p₁ < p₂ < ... [1], in (0, 1], at least one
/// @param values         percentiles [s], finite, not falling, as many as probabilities
/// @param low            least value possible [s], finite, <= values
/// @param high           largest value possible [s], >= values, may be infinity
/// @returns              the law
/// @source               definition
Distribution from_percentiles(const std::vector<double>& probabilities, const std::vector<double>& values,
                              double low = 0, double high = std::numeric_limits<double>::infinity());

/// Two laws between which the true law lies.
///
/// For laws that are exact both are the law itself. Sums without a form and laws of buckets know their bounds; sums,
/// maxima, minima, mixtures, retries, shifts and scalings of them keep the order, so that bounds pass through.
///
/// @param distribution  the law [s]
/// @returns             the bounds
/// @source              Shaked and Shanthikumar 2007, Stochastic Orders, section 1.A.3
DistributionBounds bounds(const Distribution& distribution);

/// Quantile with the interval in which that of the true law surely lies.
///
/// @param distribution  the law [s]
/// @param probability   p [1], in [0, 1]
/// @returns             quantile [s] and its bounds
/// @source              Shaked and Shanthikumar 2007, Stochastic Orders, section 1.A
Estimate quantile_bounds(const Distribution& distribution, double probability);

}  // namespace qsm::inline v0::latency

#ifdef QSM_HEADER_ONLY
#include <qsm/latency/bounds.ipp>
#endif
