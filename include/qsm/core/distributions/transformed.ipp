#include <algorithm>
#include <cmath>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/distributions/transformed.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::inline core {

QSM_INLINE double Shifted::mean() const { return distribution.mean() + offset; }
QSM_INLINE double Shifted::variance() const { return distribution.variance(); }
QSM_INLINE double Shifted::skewness() const { return distribution.skewness(); }

/// Σ C(k, i) offsetᵏ⁻ⁱ E[Xⁱ].
QSM_INLINE double Shifted::moment(int order) const {
  double sum = distribution.moment(order);
  double power = 1;
  double choose = 1;
  for (int i = order - 1; i >= 0 && std::isfinite(sum); --i) {
    power *= offset;
    choose *= static_cast<double>(i + 1) / (order - i);
    sum += choose * power * (i == 0 ? 1 : distribution.moment(i));
  }
  return sum;
}

QSM_INLINE double Shifted::pdf(double value) const { return distribution.pdf(value - offset); }
QSM_INLINE double Shifted::cdf(double value) const { return distribution.cdf(value - offset); }
QSM_INLINE double Shifted::survival(double value) const { return distribution.survival(value - offset); }
QSM_INLINE double Shifted::quantile(double probability) const { return distribution.quantile(probability) + offset; }
QSM_INLINE double Shifted::survival_quantile(double probability) const {
  return distribution.survival_quantile(probability) + offset;
}
QSM_INLINE double Shifted::laplace(double argument) const {
  return std::exp(-argument * offset) * distribution.laplace(argument);
}
QSM_INLINE void Shifted::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  distribution.sample(stream, first, out);
  for (double& value : out) value += offset;
}
QSM_INLINE std::string Shifted::describe() const {
  return detail::call_text("shifted",
                           {{"distribution", distribution.describe()}, {"offset", detail::shortest(offset)}});
}

QSM_INLINE Shifted shifted(Distribution distribution, double offset) {
  Check("shifted").finite("offset", offset);
  return {std::move(distribution), offset};
}

QSM_INLINE double Scaled::mean() const { return distribution.mean() * factor; }
QSM_INLINE double Scaled::variance() const { return distribution.variance() * factor * factor; }
QSM_INLINE double Scaled::skewness() const { return distribution.skewness(); }
QSM_INLINE double Scaled::moment(int order) const { return distribution.moment(order) * std::pow(factor, order); }
QSM_INLINE double Scaled::pdf(double value) const { return distribution.pdf(value / factor) / factor; }
QSM_INLINE double Scaled::cdf(double value) const { return distribution.cdf(value / factor); }
QSM_INLINE double Scaled::survival(double value) const { return distribution.survival(value / factor); }
QSM_INLINE double Scaled::quantile(double probability) const { return distribution.quantile(probability) * factor; }
QSM_INLINE double Scaled::survival_quantile(double probability) const {
  return distribution.survival_quantile(probability) * factor;
}
QSM_INLINE double Scaled::laplace(double argument) const { return distribution.laplace(argument * factor); }
QSM_INLINE void Scaled::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  distribution.sample(stream, first, out);
  for (double& value : out) value *= factor;
}
QSM_INLINE std::string Scaled::describe() const {
  return detail::call_text("scaled", {{"distribution", distribution.describe()}, {"factor", detail::shortest(factor)}});
}

QSM_INLINE Scaled scaled(Distribution distribution, double factor) {
  Check("scaled").positive("factor", factor);
  return {std::move(distribution), factor};
}

QSM_INLINE Truncated::Truncated(Distribution distribution, double low, double high)
    : distribution_(std::move(distribution)), from_(low), to_(high) {
  Check check("truncated");
  check.that(!std::isnan(low), "low", low, "a number");
  check.that(high > low, "high", high, "> low");
  const bool cuts_low = low > distribution_.low();
  const bool cuts_high = high < distribution_.high();
  low_ = cuts_low ? low : distribution_.low();
  high_ = cuts_high ? high : distribution_.high();
  below_ = cuts_low ? distribution_.cdf(low) : 0;
  above_ = cuts_high ? distribution_.survival(high) : 0;
  mass_ = 1;
  mass_ = between(low_, high_);
  check.that(mass_ > 0, "P(low < X <= high)", mass_, "> 0");
  const auto lower = [this](double p) { return quantile(p); };
  const auto upper = [this](double q) { return survival_quantile(q); };
  mean_ = detail::expectation(lower, upper, [](double x) { return x; });
  variance_ = std::isinf(mean_)
                  ? std::abs(mean_)
                  : detail::expectation(lower, upper, [this](double x) { return (x - mean_) * (x - mean_); });
}

/// P(from < X <= to) over the mass kept, by cdf in the lower half and by survival in the upper, so that no digits go.
/// An uncut lower end counts in full.
QSM_INLINE double Truncated::between(double from, double to) const {
  const double below = from == low_ ? below_ : distribution_.cdf(from);
  const double above = to == high_ ? above_ : distribution_.survival(to);
  if (below < 0.5 && above < 0.5) return (1 - below - above) / mass_;
  if (above >= 0.5) return (distribution_.cdf(to) - below) / mass_;
  return (distribution_.survival(from) - above) / mass_;
}

QSM_INLINE double Truncated::pdf(double value) const {
  return value < low_ || value > high_ ? 0 : distribution_.pdf(value) / mass_;
}

QSM_INLINE double Truncated::cdf(double value) const {
  if (value < low_) return 0;
  return value >= high_ ? 1 : std::clamp(between(low_, value), 0.0, 1.0);
}

QSM_INLINE double Truncated::survival(double value) const {
  if (value < low_) return 1;
  return value >= high_ ? 0 : std::clamp(between(value, high_), 0.0, 1.0);
}

QSM_INLINE double Truncated::quantile(double probability) const {
  if (probability == 0) return low_;
  if (probability == 1) return high_;
  const double p = below_ + probability * mass_;
  const double q = above_ + (1 - probability) * mass_;
  return std::clamp(p <= 0.5 ? distribution_.quantile(p) : distribution_.survival_quantile(q), low_, high_);
}

QSM_INLINE double Truncated::survival_quantile(double probability) const {
  if (probability == 0) return high_;
  if (probability == 1) return low_;
  const double p = below_ + (1 - probability) * mass_;
  const double q = above_ + probability * mass_;
  return std::clamp(q <= 0.5 ? distribution_.survival_quantile(q) : distribution_.quantile(p), low_, high_);
}

QSM_INLINE std::string Truncated::describe() const {
  return detail::call_text(
      "truncated",
      {{"distribution", distribution_.describe()}, {"low", detail::shortest(from_)}, {"high", detail::shortest(to_)}});
}

QSM_INLINE Truncated truncated(Distribution distribution, double low, double high) {
  return {std::move(distribution), low, high};
}

}  // namespace qsm::inline v0::inline core
