#include <algorithm>
#include <cmath>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/distributions/pareto.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/samplers.hpp>

namespace qsm::inline v0::inline core {

namespace detail {

/// ln(x / m) for x >= m, accurate where both are close.
inline double log_ratio(double x, double m) { return x < 2 * m ? std::log1p((x - m) / m) : std::log(x / m); }

}  // namespace detail

QSM_INLINE double Pareto::mean() const { return moment(1); }

QSM_INLINE double Pareto::variance() const {
  if (shape <= 2) return infinity;
  return minimum * minimum * shape / ((shape - 1) * (shape - 1) * (shape - 2));
}

QSM_INLINE double Pareto::skewness() const {
  if (shape <= 3) return infinity;
  return 2 * (1 + shape) / (shape - 3) * std::sqrt((shape - 2) / shape);
}

QSM_INLINE double Pareto::moment(int order) const {
  if (shape <= order) return infinity;
  return shape / (shape - order) * std::pow(minimum, order);
}

QSM_INLINE double Pareto::pdf(double value) const {
  return value < minimum || std::isinf(value) ? 0 : survival(value) * shape / value;
}
QSM_INLINE double Pareto::cdf(double value) const {
  return value <= minimum ? 0 : -std::expm1(-shape * detail::log_ratio(value, minimum));
}
QSM_INLINE double Pareto::survival(double value) const {
  return value <= minimum ? 1 : std::exp(-shape * detail::log_ratio(value, minimum));
}
QSM_INLINE double Pareto::quantile(double probability) const {
  return minimum * std::exp(-std::log1p(-probability) / shape);
}
QSM_INLINE double Pareto::survival_quantile(double probability) const {
  return minimum * std::pow(probability, -1 / shape);
}

/// a exp(-z) ∫ exp(y - z exp(y) - (a + 1) ln(1 + exp(y))) dy with z = sm, where the law is m (1 + exp(y)).
QSM_INLINE double Pareto::laplace(double argument) const {
  const double z = argument * minimum;
  if (z == 0) return 1;
  if (z > 800) return 0;  // exp(-z) bounds it
  const double peak = std::log(2 / (z + shape + std::sqrt((z + shape) * (z + shape) + 4 * z)));
  const auto exponent = [&](double y) {
    const double softplus = y > 0 ? y + std::log1p(std::exp(-y)) : std::log1p(std::exp(y));
    return y - z * std::exp(y) - (shape + 1) * softplus;
  };
  const double top = exponent(peak);
  return std::min(1.0, shape * std::exp(top - z) *
                           detail::integrate_line([&](double y) { return std::exp(exponent(y) - top); }, peak, 0.25));
}

QSM_INLINE void Pareto::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  fill_pareto(stream, first, shape, minimum, out);
}

QSM_INLINE std::string Pareto::describe() const {
  return detail::call_text("pareto", {{"shape", detail::shortest(shape)}, {"minimum", detail::shortest(minimum)}});
}

QSM_INLINE Pareto pareto(double shape, double minimum) {
  Check check("pareto");
  check.positive("shape", shape);
  check.positive("minimum", minimum);
  return {shape, minimum};
}

// Below, u = a ln(x/m) is exponential, cut at c = a ln(M/m).

QSM_INLINE double BoundedPareto::mean() const { return moment(1); }

QSM_INLINE double BoundedPareto::moment(int order) const {
  const double width = detail::log_ratio(maximum, minimum);
  const double power = shape - order;
  const double integral = power == 0 ? width : -std::expm1(-power * width) / power;
  return shape * std::pow(minimum, order) * integral / -std::expm1(-shape * width);
}

/// Second moment less squared mean, or an integral where the law is so narrow that these would cancel.
QSM_INLINE double BoundedPareto::variance() const {
  const double center = mean(), second = moment(2);
  if (second > 2 * center * center) return second - center * center;
  const auto square = [&](double x) { return (x - center) * (x - center); };
  return detail::expectation([&](double p) { return square(quantile(p)); },
                             [&](double q) { return square(survival_quantile(q)); }, [](double y) { return y; });
}

QSM_INLINE double BoundedPareto::pdf(double value) const {
  if (value < minimum || value > maximum) return 0;
  const double cut = shape * detail::log_ratio(maximum, minimum);
  return shape / value * std::exp(-shape * detail::log_ratio(value, minimum)) / -std::expm1(-cut);
}

QSM_INLINE double BoundedPareto::cdf(double value) const {
  if (value <= minimum) return 0;
  if (value >= maximum) return 1;
  return std::expm1(-shape * detail::log_ratio(value, minimum)) /
         std::expm1(-shape * detail::log_ratio(maximum, minimum));
}

QSM_INLINE double BoundedPareto::survival(double value) const {
  if (value <= minimum) return 1;
  if (value >= maximum) return 0;
  return std::exp(-shape * detail::log_ratio(value, minimum)) * std::expm1(-shape * detail::log_ratio(maximum, value)) /
         std::expm1(-shape * detail::log_ratio(maximum, minimum));
}

QSM_INLINE double BoundedPareto::quantile(double probability) const {
  if (probability > 0.5) return survival_quantile(1 - probability);
  const double cut = shape * detail::log_ratio(maximum, minimum);
  return std::min(maximum, minimum * std::exp(-std::log1p(probability * std::expm1(-cut)) / shape));
}

QSM_INLINE double BoundedPareto::survival_quantile(double probability) const {
  if (probability > 0.5) return quantile(1 - probability);
  const double cut = shape * detail::log_ratio(maximum, minimum);
  const double growth = probability * std::expm1(cut);
  if (!std::isfinite(growth)) return std::min(maximum, minimum * std::pow(probability + std::exp(-cut), -1 / shape));
  return std::max(minimum, maximum * std::exp(-std::log1p(growth) / shape));
}

QSM_INLINE double BoundedPareto::laplace(double argument) const {
  const double width = detail::log_ratio(maximum, minimum);
  const double load = argument * minimum;
  if (argument == 0) return 1;
  if (load > 800) return 0;  // exp(-load) bounds it
  std::vector<double> ends = {0};
  for (double end = 1 / (shape + load); end < width; end *= 4) ends.push_back(end);
  ends.push_back(width);
  const auto f = [&](double y) { return std::exp(-shape * y - load * std::expm1(y)); };
  return shape * std::exp(-load) * detail::integrate(f, ends, 1e-15) / -std::expm1(-shape * width);
}

QSM_INLINE void BoundedPareto::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  fill_bounded_pareto(stream, first, shape, minimum, maximum, out);
}

QSM_INLINE std::string BoundedPareto::describe() const {
  return detail::call_text("bounded_pareto", {{"shape", detail::shortest(shape)},
                                              {"minimum", detail::shortest(minimum)},
                                              {"maximum", detail::shortest(maximum)}});
}

QSM_INLINE BoundedPareto bounded_pareto(double shape, double minimum, double maximum) {
  Check check("bounded_pareto");
  check.positive("shape", shape);
  check.positive("minimum", minimum);
  check.positive("maximum", maximum);
  check.that(maximum > minimum, "maximum", maximum, "> minimum");
  return {shape, minimum, maximum};
}

}  // namespace qsm::inline v0::inline core
