#include <cmath>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/detail/special.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/samplers.hpp>

namespace qsm::inline v0::inline core {

QSM_INLINE double Gamma::mean() const { return shape * scale; }
QSM_INLINE double Gamma::variance() const { return shape * scale * scale; }
QSM_INLINE double Gamma::skewness() const { return 2 / std::sqrt(shape); }

QSM_INLINE double Gamma::moment(int order) const {
  double result = 1;
  for (int i = 0; i < order; ++i) result *= (shape + i) * scale;
  return result;
}

QSM_INLINE double Gamma::pdf(double value) const {
  if (value < 0) return 0;
  if (value == 0) return shape < 1 ? infinity : shape > 1 ? 0 : 1 / scale;
  if (std::isinf(value)) return 0;
  return detail::gamma_density(shape, value / scale) / scale;
}

QSM_INLINE double Gamma::cdf(double value) const {
  if (value <= 0) return 0;
  return std::isinf(value) ? 1 : detail::gamma_lower(shape, value / scale);
}

QSM_INLINE double Gamma::survival(double value) const {
  if (value <= 0) return 1;
  return std::isinf(value) ? 0 : detail::gamma_upper(shape, value / scale);
}

QSM_INLINE double Gamma::quantile(double probability) const {
  if (probability == 0) return 0;
  if (probability == 1) return infinity;
  return scale * detail::gamma_lower_inverse(shape, probability);
}

QSM_INLINE double Gamma::survival_quantile(double probability) const {
  if (probability == 0) return infinity;
  if (probability == 1) return 0;
  return scale * detail::gamma_upper_inverse(shape, probability);
}

QSM_INLINE double Gamma::laplace(double argument) const { return std::exp(-shape * std::log1p(argument * scale)); }

QSM_INLINE void Gamma::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  fill_gamma(stream, first, shape, scale, out);
}

QSM_INLINE std::string Gamma::describe() const {
  return detail::call_text("gamma", {{"shape", detail::shortest(shape)}, {"scale", detail::shortest(scale)}});
}

QSM_INLINE Gamma gamma(double shape, double scale) {
  Check check("gamma");
  check.positive("shape", shape);
  check.positive("scale", scale);
  return {shape, scale};
}

QSM_INLINE double Erlang::mean() const { return stages / rate; }
QSM_INLINE double Erlang::variance() const { return stages / rate / rate; }
QSM_INLINE double Erlang::skewness() const { return 2 / std::sqrt(stages); }

QSM_INLINE double Erlang::moment(int order) const {
  double result = 1;
  for (int i = 0; i < order; ++i) result *= (stages + i) / rate;
  return result;
}

QSM_INLINE double Erlang::pdf(double value) const {
  if (value < 0 || std::isinf(value)) return 0;
  if (value == 0) return stages > 1 ? 0 : rate;
  return detail::gamma_density(stages, value * rate) * rate;
}

QSM_INLINE double Erlang::cdf(double value) const {
  if (value <= 0) return 0;
  return std::isinf(value) ? 1 : detail::gamma_lower(stages, value * rate);
}

QSM_INLINE double Erlang::survival(double value) const {
  if (value <= 0) return 1;
  return std::isinf(value) ? 0 : detail::gamma_upper(stages, value * rate);
}

QSM_INLINE double Erlang::quantile(double probability) const { return Gamma{stages, 1}.quantile(probability) / rate; }
QSM_INLINE double Erlang::survival_quantile(double probability) const {
  return Gamma{stages, 1}.survival_quantile(probability) / rate;
}

QSM_INLINE double Erlang::laplace(double argument) const { return std::exp(-stages * std::log1p(argument / rate)); }

QSM_INLINE void Erlang::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  if (stages <= 16) {
    fill_erlang(stream, first, static_cast<std::uint64_t>(stages), stages / rate, out);
  } else {
    fill_gamma(stream, first, stages, 1 / rate, out);
  }
}

QSM_INLINE std::string Erlang::describe() const {
  return detail::call_text("erlang", {{"stages", detail::shortest(stages)}, {"rate", detail::shortest(rate)}});
}

QSM_INLINE Erlang erlang(double stages, double rate) {
  Check check("erlang");
  check.positive_count("stages", stages);
  check.positive("rate", rate);
  return {stages, rate};
}

}  // namespace qsm::inline v0::inline core
