#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/detail/weights.hpp>
#include <qsm/core/distributions/mixture.hpp>
#include <qsm/core/distributions/transformed.hpp>
#include <qsm/core/error.hpp>
#include <qsm/latency/bounds.hpp>
#include <qsm/latency/extremes.hpp>
#include <qsm/latency/retry.hpp>
#include <qsm/latency/sum.hpp>

namespace qsm::inline v0::latency {
namespace detail {

/// Shares of a law that stand on single values, in rising order; the last may be infinity.
class Atoms {
 public:
  Atoms(std::vector<double> values, const std::vector<double>& below, const std::vector<double>& above,
        std::string text)
      : values_(std::move(values)), below_(below), above_(above), text_(std::move(text)) {}

  std::string describe() const { return text_; }

  double mean() const {
    double sum = 0;
    for (std::size_t i = 0; i < values_.size(); ++i)
      if (share(i) > 0) sum += share(i) * values_[i];
    return sum;
  }
  double variance() const {
    const double center = mean();
    if (std::isinf(center)) return center;
    double sum = 0;
    for (std::size_t i = 0; i < values_.size(); ++i) sum += share(i) * (values_[i] - center) * (values_[i] - center);
    return sum;
  }
  double cdf(double value) const { return below_[count(value)]; }
  double survival(double value) const { return above_[count(value)]; }
  double quantile(double probability) const {
    if (probability > 0.5) return survival_quantile(1 - probability);
    const auto found = std::lower_bound(below_.begin() + 1, below_.end(), std::max(probability, 1e-300));
    return values_[std::min<std::size_t>(static_cast<std::size_t>(found - below_.begin()), values_.size()) - 1];
  }
  double survival_quantile(double probability) const {
    if (probability > 0.5) return quantile(1 - probability);
    const auto found = std::lower_bound(above_.begin() + 1, above_.end(), probability, std::greater<>());
    return values_[std::min<std::size_t>(static_cast<std::size_t>(found - above_.begin()), values_.size()) - 1];
  }

 private:
  double share(std::size_t i) const {
    return below_[i + 1] < 0.5 ? below_[i + 1] - below_[i] : above_[i] - above_[i + 1];
  }
  std::size_t count(double value) const {
    return static_cast<std::size_t>(std::upper_bound(values_.begin(), values_.end(), value) - values_.begin());
  }

  std::vector<double> values_, below_, above_;
  std::string text_;
};

QSM_INLINE bool exact(const Distribution& law) {
  const auto all = [](const std::vector<Distribution>& parts) {
    return std::all_of(parts.begin(), parts.end(), exact);
  };
  if (law.as<Convolution>() != nullptr || law.as<Buckets>() != nullptr) return false;
  if (const auto* held = law.as<Shifted>()) return exact(held->distribution);
  if (const auto* held = law.as<Scaled>()) return exact(held->distribution);
  if (const auto* held = law.as<Truncated>()) return exact(held->distribution());
  if (const auto* held = law.as<Mixture>()) return all(held->components);
  if (const auto* held = law.as<Maximum>()) return all(held->parts());
  if (const auto* held = law.as<Minimum>()) return all(held->parts());
  if (const auto* held = law.as<Retry>()) return exact(held->distribution());
  return true;
}

template <class Make>
DistributionBounds bounds_of_parts(const std::vector<Distribution>& parts, Make&& make) {
  std::vector<Distribution> lower, upper;
  for (const Distribution& part : parts) {
    const auto [below, above] = bounds(part);
    lower.push_back(below);
    upper.push_back(above);
  }
  return {make(std::move(lower)), make(std::move(upper))};
}

}  // namespace detail

QSM_INLINE Buckets::Buckets(std::vector<double> lower_edges, std::vector<double> upper_edges,
                            std::vector<double> counts)
    : lower_edges_(std::move(lower_edges)), upper_edges_(std::move(upper_edges)), counts_(std::move(counts)) {
  if (counts_.empty()) throw std::invalid_argument("from_buckets: counts must have at least one element, got none");
  core::detail::check_size("from_buckets", "lower_edges", lower_edges_.size(), "counts", counts_.size());
  core::detail::check_size("from_buckets", "upper_edges", upper_edges_.size(), "counts", counts_.size());
  Check check("from_buckets");
  double total = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    check.finite("lower_edges", lower_edges_[i]);
    check.that(upper_edges_[i] >= lower_edges_[i], "upper_edges", upper_edges_[i], ">= its lower edge");
    check.that(i == 0 || lower_edges_[i] >= upper_edges_[i - 1], "lower_edges", lower_edges_[i],
               ">= the upper edge before");
    check.not_negative("counts", counts_[i]);
    total += counts_[i];
  }
  check.positive("sum of counts", total);
  below_.resize(counts_.size() + 1);
  above_.resize(counts_.size() + 1);
  for (std::size_t i = 0; i < counts_.size(); ++i) below_[i + 1] = below_[i] + counts_[i];
  for (std::size_t i = counts_.size(); i-- > 0;) above_[i] = above_[i + 1] + counts_[i];
  for (double& share : below_) share = std::min(1.0, share / below_.back());
  for (double& share : above_) share = std::min(1.0, share / total);
  above_.front() = below_.back() = 1;
}

QSM_INLINE double Buckets::mean() const {
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const double high = std::isinf(upper_edges_[i]) ? lower_edges_[i] : upper_edges_[i];
    sum += counts_[i] * (lower_edges_[i] + (high - lower_edges_[i]) / 2);
    total += counts_[i];
  }
  return sum / total;
}

QSM_INLINE double Buckets::variance() const {
  const double center = mean();
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const double width = std::isinf(upper_edges_[i]) ? 0 : upper_edges_[i] - lower_edges_[i];
    const double off = lower_edges_[i] + width / 2 - center;
    sum += counts_[i] * (off * off + width * width / 12);
    total += counts_[i];
  }
  return sum / total;
}

QSM_INLINE double Buckets::pdf(double value) const {
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (value < lower_edges_[i] || value > upper_edges_[i] || counts_[i] == 0) continue;
    const double width = upper_edges_[i] - lower_edges_[i];
    if (std::isinf(width)) return value == lower_edges_[i] ? width : 0;
    return (below_[i + 1] - below_[i]) / width;
  }
  return 0;
}

QSM_INLINE double Buckets::cdf(double value) const {
  const auto next = std::upper_bound(lower_edges_.begin(), lower_edges_.end(), value);
  if (next == lower_edges_.begin()) return 0;
  const auto i = static_cast<std::size_t>(next - lower_edges_.begin()) - 1;
  const double width = upper_edges_[i] - lower_edges_[i];
  if (value >= upper_edges_[i] || std::isinf(width)) return below_[i + 1];
  return below_[i] + (value - lower_edges_[i]) / width * (below_[i + 1] - below_[i]);
}

QSM_INLINE double Buckets::survival(double value) const {
  const auto next = std::upper_bound(lower_edges_.begin(), lower_edges_.end(), value);
  if (next == lower_edges_.begin()) return 1;
  const auto i = static_cast<std::size_t>(next - lower_edges_.begin()) - 1;
  const double width = upper_edges_[i] - lower_edges_[i];
  if (value >= upper_edges_[i] || std::isinf(width)) return above_[i + 1];
  return above_[i + 1] + (upper_edges_[i] - value) / width * (above_[i] - above_[i + 1]);
}

QSM_INLINE double Buckets::quantile(double probability) const {
  if (probability == 0) return low();
  if (probability > 0.5) return survival_quantile(1 - probability);
  const auto found = std::lower_bound(below_.begin() + 1, below_.end(), probability);
  const auto i = static_cast<std::size_t>(found - below_.begin()) - 1;
  const double width = upper_edges_[i] - lower_edges_[i];
  if (std::isinf(width)) return lower_edges_[i];
  return lower_edges_[i] + width * std::clamp((probability - below_[i]) / (below_[i + 1] - below_[i]), 0.0, 1.0);
}

QSM_INLINE double Buckets::survival_quantile(double probability) const {
  if (probability == 0) return high();
  if (probability > 0.5) return quantile(1 - probability);
  const auto found = std::lower_bound(above_.begin() + 1, above_.end(), probability, std::greater<>());
  const auto i = static_cast<std::size_t>(found - above_.begin()) - 1;
  const double width = upper_edges_[i] - lower_edges_[i];
  if (std::isinf(width)) return lower_edges_[i];
  return upper_edges_[i] - width * std::clamp((probability - above_[i + 1]) / (above_[i] - above_[i + 1]), 0.0, 1.0);
}

QSM_INLINE double Buckets::low() const {
  std::size_t i = 0;
  while (counts_[i] == 0) ++i;
  return lower_edges_[i];
}

QSM_INLINE double Buckets::high() const {
  std::size_t i = counts_.size() - 1;
  while (counts_[i] == 0) --i;
  return std::isinf(upper_edges_[i]) ? lower_edges_[i] : upper_edges_[i];
}

QSM_INLINE std::string Buckets::describe() const {
  return core::detail::call_text("from_buckets", {{"lower_edges", core::detail::list_text(lower_edges_)},
                                                  {"upper_edges", core::detail::list_text(upper_edges_)},
                                                  {"counts", core::detail::list_text(counts_)}});
}

QSM_INLINE DistributionBounds Buckets::bounds() const {
  return {detail::Atoms(lower_edges_, below_, above_, "bounds(" + describe() + ").lower"),
          detail::Atoms(upper_edges_, below_, above_, "bounds(" + describe() + ").upper")};
}

QSM_INLINE Distribution from_buckets(std::vector<double> lower_edges, std::vector<double> upper_edges,
                                     std::vector<double> counts) {
  return Buckets(std::move(lower_edges), std::move(upper_edges), std::move(counts));
}

QSM_INLINE Distribution from_percentiles(const std::vector<double>& probabilities, const std::vector<double>& values,
                                         double low, double high) {
  if (probabilities.empty())
    throw std::invalid_argument("from_percentiles: probabilities must have at least one element, got none");
  core::detail::check_size("from_percentiles", "values", values.size(), "probabilities", probabilities.size());
  Check check("from_percentiles");
  check.finite("low", low);
  std::vector<double> lower, upper, counts;
  double before = low, reached = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    check.that(probabilities[i] > reached && probabilities[i] <= 1, "probabilities", probabilities[i],
               "in (0, 1] and rising");
    check.finite("values", values[i]);
    check.that(values[i] >= before, "values", values[i], i == 0 ? ">= low" : "not falling");
    lower.push_back(before);
    upper.push_back(values[i]);
    counts.push_back(probabilities[i] - reached);
    before = values[i];
    reached = probabilities[i];
  }
  check.that(high >= before, "high", high, ">= values");
  if (reached < 1) {
    lower.push_back(before);
    upper.push_back(high);
    counts.push_back(1 - reached);
  }
  return Buckets(std::move(lower), std::move(upper), std::move(counts));
}

QSM_INLINE DistributionBounds bounds(const Distribution& distribution) {
  if (detail::exact(distribution)) return {distribution, distribution};
  if (const auto* law = distribution.as<Convolution>()) {
    const auto [lower, upper] = law->bounds();
    return {lower, upper};
  }
  if (const auto* law = distribution.as<Buckets>()) return law->bounds();
  if (const auto* law = distribution.as<Shifted>()) {
    const auto [lower, upper] = bounds(law->distribution);
    return {shifted(lower, law->offset), shifted(upper, law->offset)};
  }
  if (const auto* law = distribution.as<Scaled>()) {
    const auto [lower, upper] = bounds(law->distribution);
    return {scaled(lower, law->factor), scaled(upper, law->factor)};
  }
  if (const auto* law = distribution.as<Mixture>())
    return detail::bounds_of_parts(law->components,
                                   [&](auto parts) { return mixture(law->weights, std::move(parts)); });
  if (const auto* law = distribution.as<Maximum>())
    return detail::bounds_of_parts(law->parts(), [&](auto parts) { return Maximum(std::move(parts), law->counts()); });
  if (const auto* law = distribution.as<Minimum>())
    return detail::bounds_of_parts(law->parts(), [&](auto parts) { return Minimum(std::move(parts), law->counts()); });
  if (const auto* law = distribution.as<Retry>()) {
    const auto [lower, upper] = bounds(law->distribution());
    const auto again = [law](const Distribution& part) {
      return Retry(part, law->timeout(), law->attempts(), law->backoff(), law->multiplier());
    };
    return {again(lower), again(upper)};
  }
  throw std::invalid_argument("bounds: no bounds pass through " + distribution.describe());
}

QSM_INLINE Estimate quantile_bounds(const Distribution& distribution, double probability) {
  Check("quantile_bounds").probability("probability", probability);
  const auto [lower, upper] = bounds(distribution);
  return {distribution.quantile(probability), lower.quantile(probability), upper.quantile(probability),
          "proven bounds"};
}

}  // namespace qsm::inline v0::latency
