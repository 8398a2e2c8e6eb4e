#include <cmath>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/distributions/lognormal.hpp>
#include <qsm/core/elementary.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/samplers.hpp>

namespace qsm::inline v0::inline core {

QSM_INLINE double Lognormal::mean() const { return std::exp(log_mean + log_sd * log_sd / 2); }
QSM_INLINE double Lognormal::variance() const {
  return std::expm1(log_sd * log_sd) * std::exp(2 * log_mean + log_sd * log_sd);
}
QSM_INLINE double Lognormal::skewness() const {
  return (std::exp(log_sd * log_sd) + 2) * std::sqrt(std::expm1(log_sd * log_sd));
}
QSM_INLINE double Lognormal::moment(int order) const {
  return std::exp(order * log_mean + order * log_sd * (order * log_sd) / 2);
}

QSM_INLINE double Lognormal::pdf(double value) const {
  if (value <= 0 || std::isinf(value)) return 0;
  const double z = (std::log(value) - log_mean) / log_sd;
  return std::exp(-z * z / 2) * 0.39894228040143267794 / log_sd / value;
}

QSM_INLINE double Lognormal::cdf(double value) const {
  if (value <= 0) return 0;
  return std::erfc((log_mean - std::log(value)) / log_sd * 0.70710678118654752440) / 2;
}

QSM_INLINE double Lognormal::survival(double value) const {
  if (value <= 0) return 1;
  return std::erfc((std::log(value) - log_mean) / log_sd * 0.70710678118654752440) / 2;
}

QSM_INLINE double Lognormal::quantile(double probability) const {
  return std::exp(log_mean + log_sd * portable_normal_quantile(probability));
}

QSM_INLINE double Lognormal::survival_quantile(double probability) const {
  return std::exp(log_mean - log_sd * portable_normal_quantile(probability));
}

/// ∫ φ(z) exp(-s exp(μ + σz)) dz. The exponent is largest at z = -w/σ, where w + ln w = ln(s σ²) + μ.
QSM_INLINE double Lognormal::laplace(double argument) const {
  if (argument == 0) return 1;
  const double target = std::log(argument) + 2 * std::log(log_sd) + log_mean;
  double w = target > 1 ? target - std::log(target) : std::log1p(std::exp(target));
  for (int i = 0; i < 50; ++i) {
    const double next = w * (1 + target - std::log(w)) / (1 + w);
    if (!(std::abs(next - w) > 1e-15 * w)) break;
    w = next;
  }
  if (!(w > 0)) w = 0;
  const double peak = -w / log_sd;
  const double weight = w / (log_sd * log_sd);  // s exp(μ + σ peak)
  // Relative to the peak, u = z - peak: exp(-u²/2 + u w/σ - weight (exp(σu) - 1)).
  const auto hump = [&](double u) {
    const double linear = log_sd * u;
    const double rest = std::abs(linear) < 0.5 ? std::expm1(linear) - linear : std::exp(linear) - 1 - linear;
    return std::exp(-u * u / 2 - weight * rest);
  };
  const double step = 0.5 * std::min(1 / std::sqrt(1 + w), 1 / log_sd);
  const double height = std::exp(-peak * peak / 2 - weight) * 0.39894228040143267794;
  return height > 0 ? std::min(1.0, height * detail::integrate_line(hump, 0, step)) : 0;
}

QSM_INLINE void Lognormal::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  fill_lognormal(stream, first, log_mean, log_sd, out);
}

QSM_INLINE std::string Lognormal::describe() const {
  return detail::call_text("lognormal",
                           {{"log_mean", detail::shortest(log_mean)}, {"log_sd", detail::shortest(log_sd)}});
}

QSM_INLINE Lognormal lognormal(double log_mean, double log_sd) {
  Check check("lognormal");
  check.finite("log_mean", log_mean);
  check.positive("log_sd", log_sd);
  return {log_mean, log_sd};
}

QSM_INLINE Lognormal lognormal_from(double mean, double scv) {
  Check check("lognormal_from");
  check.positive("mean", mean);
  check.positive("scv", scv);
  const double spread = std::log1p(scv);
  return {std::log(mean) - spread / 2, std::sqrt(spread)};
}

}  // namespace qsm::inline v0::inline core
