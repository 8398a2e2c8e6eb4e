#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/detail/root.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/transformed.hpp>
#include <qsm/core/error.hpp>
#include <qsm/latency/extremes.hpp>
#include <qsm/latency/sum.hpp>

namespace qsm::inline v0::latency {
namespace detail {

/// 1 - (1 - q)^(1/n).
inline double root_complement(double q, double n) { return -std::expm1(std::log1p(-q) / n); }

inline std::string extreme_text(const char* name, const std::vector<Distribution>& parts,
                                const std::vector<double>& counts) {
  if (parts.size() == 1)
    return std::string(name) + "(" + parts[0].describe() + ", " + core::detail::shortest(counts[0]) + ")";
  std::string laws;
  for (std::size_t i = 0; i < parts.size(); ++i)
    laws += (i > 0 ? ", " : "") + (counts[i] == 1 ? parts[i].describe() : extreme_text(name, {parts[i]}, {counts[i]}));
  return std::string(name) + "([" + laws + "])";
}

/// Mean and variance as integrals over quantiles.
template <class Law>
double mean_of_law(const Law& law) {
  return core::detail::expectation([&](double p) { return law.quantile(p); },
                                   [&](double q) { return law.survival_quantile(q); }, [](double x) { return x; });
}
template <class Law>
double variance_of_law(const Law& law) {
  const double center = mean_of_law(law);
  if (!std::isfinite(center)) return std::numeric_limits<double>::infinity();
  return core::detail::expectation([&](double p) { return law.quantile(p); },
                                   [&](double q) { return law.survival_quantile(q); },
                                   [center](double x) { return (x - center) * (x - center); });
}

inline void check_parts(const char* function, const std::vector<Distribution>& parts) {
  if (parts.empty())
    throw std::invalid_argument(std::string(function) + ": distributions must have at least one element, got none");
}

}  // namespace detail

QSM_INLINE Maximum::Maximum(std::vector<Distribution> parts, std::vector<double> counts)
    : parts_(std::move(parts)), counts_(std::move(counts)) {}

QSM_INLINE double Maximum::mean() const { return detail::mean_of_law(*this); }
QSM_INLINE double Maximum::variance() const { return detail::variance_of_law(*this); }

/// Σ n f F^(n-1) times the cdfs of the others.
QSM_INLINE double Maximum::pdf(double value) const {
  double sum = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    double others = 1;
    for (std::size_t j = 0; j < parts_.size(); ++j)
      others *= std::pow(parts_[j].cdf(value), i == j ? counts_[j] - 1 : counts_[j]);
    if (others > 0) sum += counts_[i] * parts_[i].pdf(value) * others;  // an infinite density may meet none
  }
  return sum;
}

QSM_INLINE double Maximum::cdf(double value) const {
  double product = 1;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const double above = parts_[i].survival(value);
    product *= above < 0.5 ? std::exp(counts_[i] * std::log1p(-above)) : std::pow(parts_[i].cdf(value), counts_[i]);
  }
  return product;
}

QSM_INLINE double Maximum::survival(double value) const {
  double log_below = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const double above = parts_[i].survival(value);
    log_below += counts_[i] * (above < 0.5 ? std::log1p(-above) : std::log(parts_[i].cdf(value)));
  }
  return 0 - std::expm1(log_below);
}

/// One law: its own quantile. Several: between the largest of theirs at p, and at p^(1/all).
QSM_INLINE double Maximum::quantile(double probability) const {
  if (probability == 0) return low();
  if (probability > 0.5) return survival_quantile(1 - probability);
  double below = -std::numeric_limits<double>::infinity(), above = below;
  const auto one = [&](std::size_t i, double count) {
    const double own = std::exp(std::log(probability) / count);
    return own <= 0.5 ? parts_[i].quantile(own)
                      : parts_[i].survival_quantile(-std::expm1(std::log(probability) / count));
  };
  double all = 0;
  for (const double count : counts_) all += count;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    below = std::max(below, one(i, counts_[i]));
    above = std::max(above, one(i, all));
  }
  if (parts_.size() == 1 || !(below < above)) return below;
  return core::detail::invert_cdf([this](double x) { return cdf(x); }, [this](double x) { return pdf(x); }, probability,
                                  below, above, below + (above - below) / 2);
}

QSM_INLINE double Maximum::survival_quantile(double probability) const {
  if (probability == 0) return high();
  if (probability > 0.5) return quantile(1 - probability);
  double below = -std::numeric_limits<double>::infinity(), above = below;
  double all = 0;
  for (const double count : counts_) all += count;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    below = std::max(below, parts_[i].survival_quantile(detail::root_complement(probability, counts_[i])));
    above = std::max(above, parts_[i].survival_quantile(detail::root_complement(probability, all)));
  }
  if (parts_.size() == 1 || !(below < above)) return below;
  return core::detail::invert_survival([this](double x) { return survival(x); }, [this](double x) { return pdf(x); },
                                       probability, below, above, below + (above - below) / 2);
}

QSM_INLINE double Maximum::low() const {
  double bound = -std::numeric_limits<double>::infinity();
  for (const Distribution& part : parts_) bound = std::max(bound, part.low());
  return bound;
}

QSM_INLINE double Maximum::high() const {
  double bound = -std::numeric_limits<double>::infinity();
  for (const Distribution& part : parts_) bound = std::max(bound, part.high());
  return bound;
}

/// One uniform per law: the largest of n is its quantile at u^(1/n).
QSM_INLINE void Maximum::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  std::vector<double> own(out.size());
  std::fill(out.begin(), out.end(), -std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (counts_[i] == 1) {
      parts_[i].sample(stream.child(i), first, own);
    } else {
      stream.child(i).uniforms(first, own);
      for (double& u : own) u = -std::expm1(std::log(u) / counts_[i]);
      parts_[i].fill_survival_quantile(own, own);
    }
    for (std::size_t j = 0; j < out.size(); ++j) out[j] = std::max(out[j], own[j]);
  }
}

QSM_INLINE std::string Maximum::describe() const { return detail::extreme_text("max_of", parts_, counts_); }

QSM_INLINE Minimum::Minimum(std::vector<Distribution> parts, std::vector<double> counts)
    : parts_(std::move(parts)), counts_(std::move(counts)) {}

QSM_INLINE double Minimum::mean() const { return detail::mean_of_law(*this); }
QSM_INLINE double Minimum::variance() const { return detail::variance_of_law(*this); }

QSM_INLINE double Minimum::pdf(double value) const {
  double sum = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    double others = 1;
    for (std::size_t j = 0; j < parts_.size(); ++j)
      others *= std::pow(parts_[j].survival(value), i == j ? counts_[j] - 1 : counts_[j]);
    if (others > 0) sum += counts_[i] * parts_[i].pdf(value) * others;  // an infinite density may meet none
  }
  return sum;
}

QSM_INLINE double Minimum::survival(double value) const {
  double product = 1;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const double below = parts_[i].cdf(value);
    product *=
        below < 0.5 ? std::exp(counts_[i] * std::log1p(-below)) : std::pow(parts_[i].survival(value), counts_[i]);
  }
  return product;
}

QSM_INLINE double Minimum::cdf(double value) const {
  double log_above = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const double below = parts_[i].cdf(value);
    log_above += counts_[i] * (below < 0.5 ? std::log1p(-below) : std::log(parts_[i].survival(value)));
  }
  return 0 - std::expm1(log_above);
}

QSM_INLINE double Minimum::quantile(double probability) const {
  if (probability == 0) return low();
  if (probability > 0.5) return survival_quantile(1 - probability);
  double below = std::numeric_limits<double>::infinity(), above = below;
  double all = 0;
  for (const double count : counts_) all += count;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    above = std::min(above, parts_[i].quantile(detail::root_complement(probability, counts_[i])));
    below = std::min(below, parts_[i].quantile(detail::root_complement(probability, all)));
  }
  if (parts_.size() == 1 || !(below < above)) return above;
  return core::detail::invert_cdf([this](double x) { return cdf(x); }, [this](double x) { return pdf(x); }, probability,
                                  below, above, below + (above - below) / 2);
}

QSM_INLINE double Minimum::survival_quantile(double probability) const {
  if (probability == 0) return high();
  if (probability > 0.5) return quantile(1 - probability);
  double below = std::numeric_limits<double>::infinity(), above = below;
  const auto one = [&](std::size_t i, double count) {
    const double own = std::exp(std::log(probability) / count);
    return own <= 0.5 ? parts_[i].survival_quantile(own)
                      : parts_[i].quantile(-std::expm1(std::log(probability) / count));
  };
  double all = 0;
  for (const double count : counts_) all += count;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    above = std::min(above, one(i, counts_[i]));
    below = std::min(below, one(i, all));
  }
  if (parts_.size() == 1 || !(below < above)) return above;
  return core::detail::invert_survival([this](double x) { return survival(x); }, [this](double x) { return pdf(x); },
                                       probability, below, above, below + (above - below) / 2);
}

QSM_INLINE double Minimum::low() const {
  double bound = std::numeric_limits<double>::infinity();
  for (const Distribution& part : parts_) bound = std::min(bound, part.low());
  return bound;
}

QSM_INLINE double Minimum::high() const {
  double bound = std::numeric_limits<double>::infinity();
  for (const Distribution& part : parts_) bound = std::min(bound, part.high());
  return bound;
}

QSM_INLINE void Minimum::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  std::vector<double> own(out.size());
  std::fill(out.begin(), out.end(), std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (counts_[i] == 1) {
      parts_[i].sample(stream.child(i), first, own);
    } else {
      stream.child(i).uniforms(first, own);
      for (double& u : own) u = -std::expm1(std::log(u) / counts_[i]);
      parts_[i].fill_quantile(own, own);
    }
    for (std::size_t j = 0; j < out.size(); ++j) out[j] = std::min(out[j], own[j]);
  }
}

QSM_INLINE std::string Minimum::describe() const { return detail::extreme_text("min_of", parts_, counts_); }

QSM_INLINE Distribution max_of(const Distribution& distribution, double count) {
  Check("max_of").positive_count("count", count);
  return count == 1 ? distribution : Maximum({distribution}, {count});
}

QSM_INLINE Distribution max_of(const std::vector<Distribution>& distributions) {
  detail::check_parts("max_of", distributions);
  return distributions.size() == 1 ? distributions[0]
                                   : Maximum(distributions, std::vector<double>(distributions.size(), 1.0));
}

QSM_INLINE Distribution min_of(const Distribution& distribution, double count) {
  Check("min_of").positive_count("count", count);
  if (const auto* memoryless = distribution.as<Exponential>()) return exponential(memoryless->rate * count);
  return count == 1 ? distribution : Minimum({distribution}, {count});
}

QSM_INLINE Distribution min_of(const std::vector<Distribution>& distributions) {
  detail::check_parts("min_of", distributions);
  double rate = 0;
  for (const Distribution& law : distributions) {
    const auto* memoryless = law.as<Exponential>();
    if (memoryless == nullptr) return Minimum(distributions, std::vector<double>(distributions.size(), 1.0));
    rate += memoryless->rate;
  }
  return exponential(rate);
}

QSM_INLINE Distribution hedged(const Distribution& distribution, double delay) {
  Check("hedged").not_negative("delay", delay);
  return delay == 0 ? min_of(distribution, 2) : min_of({distribution, shifted(distribution, delay)});
}

QSM_INLINE Distribution tied(const Distribution& wait, const Distribution& service, double count, double tolerance) {
  Check("tied").positive_count("count", count);
  return sum_of({min_of(wait, count), service}, tolerance);
}

QSM_INLINE double fan_out_slow_probability(double probability, double count) {
  Check check("fan_out_slow_probability");
  check.probability("probability", probability);
  check.count("count", count);
  return count == 0 ? 0 : -std::expm1(count * std::log1p(-probability));
}

QSM_INLINE double server_probability_for_fan_out(double probability, double count) {
  Check check("server_probability_for_fan_out");
  check.probability("probability", probability);
  check.positive_count("count", count);
  return std::pow(probability, 1 / count);
}

}  // namespace qsm::inline v0::latency
