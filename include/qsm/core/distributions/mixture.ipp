#include <algorithm>
#include <array>
#include <cmath>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/detail/root.hpp>
#include <qsm/core/detail/weights.hpp>
#include <qsm/core/distributions/mixture.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::inline core {

QSM_INLINE double Mixture::mean() const { return moment(1); }

QSM_INLINE double Mixture::variance() const {
  const double center = mean();
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double spread = components[i].variance();
    if (std::isinf(spread)) return spread;
    const double off = components[i].mean() - center;
    sum += weights[i] * (spread + off * off);
  }
  return sum;
}

QSM_INLINE double Mixture::skewness() const {
  const double center = mean();
  const double total = std::sqrt(variance());
  if (total == 0) return 0;
  if (std::isinf(total)) return total;
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double spread = components[i].standard_deviation() / total;
    const double off = (components[i].mean() - center) / total;
    const double own = spread == 0 ? 0 : components[i].skewness() * spread * spread * spread;
    sum += weights[i] * (own + 3 * spread * spread * off + off * off * off);
  }
  return sum;
}

QSM_INLINE double Mixture::moment(int order) const {
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * components[i].moment(order);
  return sum;
}

QSM_INLINE double Mixture::pdf(double value) const {
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * components[i].pdf(value);
  return sum;
}

QSM_INLINE double Mixture::cdf(double value) const {
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * components[i].cdf(value);
  return std::min(sum, 1.0);
}

QSM_INLINE double Mixture::survival(double value) const {
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * components[i].survival(value);
  return std::min(sum, 1.0);
}

/// Between the least and the largest quantile of the components.
QSM_INLINE double Mixture::quantile(double probability) const {
  if (probability > 0.5) return survival_quantile(1 - probability);
  double below = infinity;
  double above = -below;
  for (const Distribution& component : components) {
    const double own = component.quantile(probability);
    below = std::min(below, own);
    above = std::max(above, own);
  }
  if (probability == 0 || below == above) return below;
  return detail::invert_cdf([this](double x) { return cdf(x); }, [this](double x) { return pdf(x); }, probability,
                            below, above, below + (above - below) / 2);
}

QSM_INLINE double Mixture::survival_quantile(double probability) const {
  if (probability > 0.5) return quantile(1 - probability);
  double below = infinity;
  double above = -below;
  for (const Distribution& component : components) {
    const double own = component.survival_quantile(probability);
    below = std::min(below, own);
    above = std::max(above, own);
  }
  if (probability == 0 || below == above) return above;
  return detail::invert_survival([this](double x) { return survival(x); }, [this](double x) { return pdf(x); },
                                 probability, below, above, above);
}

QSM_INLINE double Mixture::laplace(double argument) const {
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * components[i].laplace(argument);
  return sum;
}

/// Blocks of 256: a component that has many of the variates fills the block, one that has few is asked for each.
QSM_INLINE void Mixture::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  constexpr std::size_t block = 256;
  const Stream choice = stream.child("component");
  std::array<double, block> uniforms;
  std::array<double, block> values;
  std::array<std::uint32_t, block> chosen;
  std::vector<std::size_t> count(weights.size());
  for (std::size_t begin = 0; begin < out.size(); begin += block) {
    const std::size_t size = std::min(block, out.size() - begin);
    choice.uniforms(first + begin, std::span(uniforms).first(size));
    std::fill(count.begin(), count.end(), 0);
    for (std::size_t i = 0; i < size; ++i) {
      std::size_t k = 0;
      for (double left = uniforms[i]; k + 1 < weights.size() && (left -= weights[k]) > 0;) ++k;
      chosen[i] = static_cast<std::uint32_t>(k);
      ++count[k];
    }
    for (std::size_t k = 0; k < weights.size(); ++k) {
      if (count[k] == 0) continue;
      const Stream own = stream.child(k);
      if (count[k] * 8 >= size) {
        components[k].sample(own, first + begin, std::span(values).first(size));
        for (std::size_t i = 0; i < size; ++i)
          if (chosen[i] == k) out[begin + i] = values[i];
      } else {
        for (std::size_t i = 0; i < size; ++i)
          if (chosen[i] == k) components[k].sample(own, first + begin + i, out.subspan(begin + i, 1));
      }
    }
  }
}

QSM_INLINE std::string Mixture::describe() const {
  std::string laws = "[";
  for (const Distribution& component : components) laws += (laws.size() > 1 ? ", " : "") + component.describe();
  return detail::call_text("mixture", {{"weights", detail::list_text(weights)}, {"components", laws + "]"}});
}

QSM_INLINE Mixture mixture(std::vector<double> weights, std::vector<Distribution> components) {
  detail::check_weights("mixture", "weights", weights);
  detail::check_size("mixture", "components", components.size(), "weights", weights.size());
  Check check("mixture");
  for (const double weight : weights) check.that(weight > 0, "weights", weight, "in (0, 1]");
  return {std::move(weights), std::move(components)};
}

}  // namespace qsm::inline v0::inline core
