#include <cmath>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/distributions/uniform.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::inline core {

QSM_INLINE double Uniform::mean() const { return low + (high - low) / 2; }
QSM_INLINE double Uniform::variance() const { return (high - low) * (high - low) / 12; }
QSM_INLINE double Uniform::skewness() const { return 0; }

/// Σ aⁱ bᵏ⁻ⁱ / (k + 1).
QSM_INLINE double Uniform::moment(int order) const {
  double sum = 1;
  double power = 1;
  for (int i = 1; i <= order; ++i) {
    power *= high;
    sum = sum * low + power;
  }
  return sum / (order + 1);
}

QSM_INLINE double Uniform::pdf(double value) const { return value < low || value > high ? 0 : 1 / (high - low); }
QSM_INLINE double Uniform::cdf(double value) const {
  return value <= low ? 0 : value >= high ? 1 : (value - low) / (high - low);
}
QSM_INLINE double Uniform::survival(double value) const {
  return value <= low ? 1 : value >= high ? 0 : (high - value) / (high - low);
}
QSM_INLINE double Uniform::quantile(double probability) const {
  return probability > 0.5 ? high - (1 - probability) * (high - low) : low + probability * (high - low);
}
QSM_INLINE double Uniform::survival_quantile(double probability) const {
  return probability > 0.5 ? low + (1 - probability) * (high - low) : high - probability * (high - low);
}
QSM_INLINE double Uniform::laplace(double argument) const {
  const double width = argument * (high - low);
  return width == 0 ? std::exp(-argument * low) : std::exp(-argument * low) * (-std::expm1(-width) / width);
}
QSM_INLINE void Uniform::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  stream.uniforms(first, out);
  for (double& value : out) value = low + value * (high - low);
}
QSM_INLINE std::string Uniform::describe() const {
  return detail::call_text("uniform", {{"low", detail::shortest(low)}, {"high", detail::shortest(high)}});
}

QSM_INLINE Uniform uniform(double low, double high) {
  Check check("uniform");
  check.finite("low", low);
  check.finite("high", high);
  check.that(high > low, "high", high, "> low");
  check.finite("high - low", high - low);
  return {low, high};
}

}  // namespace qsm::inline v0::inline core
