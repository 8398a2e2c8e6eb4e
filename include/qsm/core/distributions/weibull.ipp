#include <cmath>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/detail/special.hpp>
#include <qsm/core/distributions/weibull.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/samplers.hpp>

namespace qsm::inline v0::inline core {

QSM_INLINE double Weibull::mean() const { return scale * detail::gamma_1p(1 / shape); }

/// Γ(1 + 2/k) - Γ(1 + 1/k)², by logarithms in extended precision: for large k both are nearly equal.
QSM_INLINE double Weibull::variance() const {
  const long double inverse = 1 / static_cast<long double>(shape);
  const long double once = std::log1p(boost::math::tgamma1pm1(inverse, detail::Quiet()));
  const long double twice = std::log1p(boost::math::tgamma1pm1(2 * inverse, detail::Quiet()));
  const double average = mean();
  return average * average * static_cast<double>(std::expm1(twice - 2 * once));
}

QSM_INLINE double Weibull::moment(int order) const { return std::pow(scale, order) * detail::gamma_1p(order / shape); }

QSM_INLINE double Weibull::pdf(double value) const {
  if (value < 0 || std::isinf(value)) return 0;
  if (value == 0) return shape < 1 ? infinity : shape > 1 ? 0 : 1 / scale;
  const double power = std::pow(value / scale, shape);
  return std::exp(-power) * power * shape / value;
}

QSM_INLINE double Weibull::cdf(double value) const {
  return value <= 0 ? 0 : -std::expm1(-std::pow(value / scale, shape));
}
QSM_INLINE double Weibull::survival(double value) const {
  return value <= 0 ? 1 : std::exp(-std::pow(value / scale, shape));
}
QSM_INLINE double Weibull::quantile(double probability) const {
  return scale * std::pow(0 - std::log1p(-probability), 1 / shape);
}
QSM_INLINE double Weibull::survival_quantile(double probability) const {
  return scale * std::pow(0 - std::log(probability), 1 / shape);
}

/// ∫ exp(y - exp(y) - sλ exp(y/k)) dy, the logarithm of a unit exponential as variable.
QSM_INLINE double Weibull::laplace(double argument) const {
  if (argument == 0) return 1;
  const double log_load = std::log(argument) + std::log(scale);
  double peak = std::min(0.0, shape * (std::log(shape) - log_load));
  for (int i = 0; i < 100; ++i) {  // 1 = exp(y) + sλ/k exp(y/k), convex and rising, from the right
    const double first = std::exp(peak);
    const double second = std::exp(log_load + peak / shape) / shape;
    const double step = (first + second - 1) / (first + second / shape);
    peak -= step;
    if (!(std::abs(step) > 1e-12)) break;
  }
  const auto exponent = [&](double y) { return y - std::exp(y) - std::exp(log_load + y / shape); };
  const double top = exponent(peak);
  if (!(std::exp(top) > 0)) return 0;
  return std::exp(top) * detail::integrate_line([&](double y) { return std::exp(exponent(y) - top); }, peak,
                                                0.25 * std::min(1.0, shape));
}

QSM_INLINE void Weibull::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  fill_weibull(stream, first, shape, scale, out);
}

QSM_INLINE std::string Weibull::describe() const {
  return detail::call_text("weibull", {{"shape", detail::shortest(shape)}, {"scale", detail::shortest(scale)}});
}

QSM_INLINE Weibull weibull(double shape, double scale) {
  Check check("weibull");
  check.positive("shape", shape);
  check.positive("scale", scale);
  return {shape, scale};
}

}  // namespace qsm::inline v0::inline core
