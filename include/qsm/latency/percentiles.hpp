#pragma once
/// @file
/// Percentiles of measured latencies, with intervals; and of several parts together.

#include <limits>
#include <span>
#include <vector>

#include <qsm/core/distribution.hpp>
#include <qsm/core/estimate.hpp>

namespace qsm::inline v0::latency {

/// Percentiles of measured times, each with an interval that holds for every continuous law.
///
/// The value is the smallest x with a share p of the sample at or below it. The interval lies between two order
/// statistics, chosen by the binomial law of the number below the true quantile; its upper end is infinite where the
/// sample is too small to say anything, as for the 99.999th percentile of fewer than 300,000 times.
///
/// @param samples        independent times [s], in any order; at least one, none NaN
/// @param probabilities  p of each percentile [1], in [0, 1]
/// @param confidence     of each interval [1], in (0, 1); reached or exceeded
/// @returns              one estimate for each probability [s]
/// @source               David and Nagaraja 2003, Order Statistics, section 7.1
std::vector<Estimate> percentiles(std::span<const double> samples, std::span<const double> probabilities,
                                  double confidence = 0.95);

/// Percentile of several parts together, of each of which some percentiles are known.
///
/// Percentiles cannot be averaged: the 99th of two servers is not the mean of their 99ths. What their own percentiles
/// say about the percentile of all is an interval, and no more; it contains the truth if theirs are right. Merge
/// histograms or sketches where a number is wanted.
///
/// @param counts         values in each part [1], finite and > 0
/// @param probabilities  which percentiles are known [1], rising, in (0, 1], the same for all parts
/// @param values         the percentiles of each part [s], a row per part, finite, not falling
/// @param probability    p, of the percentile wanted [1], in [0, 1]
/// @param low            least value possible [s], finite
/// @param high           largest value possible [s], may be infinity
/// @returns              percentile by interpolation, and its sure bounds [s]
/// @source               Shaked and Shanthikumar 2007, Stochastic Orders, section 1.A.3
Estimate merged_percentile(const std::vector<double>& counts, const std::vector<double>& probabilities,
                           const std::vector<std::vector<double>>& values, double probability, double low = 0,
                           double high = std::numeric_limits<double>::infinity());

/// Probability that a deadline is missed, P(X > d).
///
/// @param distribution  law of the latency X [s]
/// @param deadline      d [s], not NaN
/// @returns             probability [1], in [0, 1], with all digits however small
/// @source              definition
double deadline_miss_probability(const Distribution& distribution, double deadline);

}  // namespace qsm::inline v0::latency

#ifdef QSM_HEADER_ONLY
#include <qsm/latency/percentiles.ipp>
#endif
