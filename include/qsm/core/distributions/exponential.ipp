#include <cmath>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/samplers.hpp>

namespace qsm::inline v0::inline core {

QSM_INLINE double Exponential::moment(int order) const {
  double result = 1;
  for (int i = 1; i <= order; ++i) result *= i / rate;
  return result;
}

QSM_INLINE double Exponential::pdf(double value) const { return value < 0 ? 0 : rate * std::exp(-rate * value); }
QSM_INLINE double Exponential::cdf(double value) const { return value <= 0 ? 0 : -std::expm1(-rate * value); }
QSM_INLINE double Exponential::survival(double value) const { return value <= 0 ? 1 : std::exp(-rate * value); }
QSM_INLINE double Exponential::quantile(double probability) const { return (0 - std::log1p(-probability)) / rate; }
QSM_INLINE double Exponential::survival_quantile(double probability) const {
  return (0 - std::log(probability)) / rate;
}

QSM_INLINE void Exponential::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  fill_exponential(stream, first, 1 / rate, out);
}

QSM_INLINE std::string Exponential::describe() const {
  return detail::call_text("exponential", {{"rate", detail::shortest(rate)}});
}

QSM_INLINE Exponential exponential(double rate) {
  Check("exponential").positive("rate", rate);
  return {rate};
}

}  // namespace qsm::inline v0::inline core
