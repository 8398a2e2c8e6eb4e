#include <qsm/core/detail/weights.hpp>
#include <qsm/core/distributions/mixture.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/interval.hpp>
#include <qsm/latency/bounds.hpp>
#include <qsm/latency/percentiles.hpp>

namespace qsm::inline v0::latency {

QSM_INLINE std::vector<Estimate> percentiles(std::span<const double> samples, std::span<const double> probabilities,
                                             double confidence) {
  std::vector<Estimate> found;
  for (const double probability : probabilities) found.push_back(quantile_interval(samples, probability, confidence));
  return found;
}

QSM_INLINE Estimate merged_percentile(const std::vector<double>& counts, const std::vector<double>& probabilities,
                                      const std::vector<std::vector<double>>& values, double probability, double low,
                                      double high) {
  core::detail::check_size("merged_percentile", "values", values.size(), "counts", counts.size());
  Check check("merged_percentile");
  double total = 0;
  for (const double count : counts) {
    check.positive("counts", count);
    total += count;
  }
  check.positive("sum of counts", total);
  std::vector<double> weights;
  std::vector<Distribution> parts;
  double rest = 1;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    weights.push_back(i + 1 < counts.size() ? counts[i] / total : rest);
    rest -= weights.back();
    parts.push_back(from_percentiles(probabilities, values[i], low, high));
  }
  return quantile_bounds(mixture(std::move(weights), std::move(parts)), probability);
}

QSM_INLINE double deadline_miss_probability(const Distribution& distribution, double deadline) {
  return distribution.survival(deadline);
}

}  // namespace qsm::inline v0::latency
