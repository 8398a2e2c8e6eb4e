#include <algorithm>
#include <cmath>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::inline core {

QSM_INLINE double Deterministic::mean() const { return value; }
QSM_INLINE double Deterministic::variance() const { return 0; }
QSM_INLINE double Deterministic::skewness() const { return 0; }
QSM_INLINE double Deterministic::moment(int order) const { return std::pow(value, order); }
QSM_INLINE double Deterministic::pdf(double x) const { return x == value ? infinity : 0; }
QSM_INLINE double Deterministic::cdf(double x) const { return x >= value ? 1 : 0; }
QSM_INLINE double Deterministic::survival(double x) const { return x >= value ? 0 : 1; }
QSM_INLINE double Deterministic::quantile(double) const { return value; }
QSM_INLINE double Deterministic::survival_quantile(double) const { return value; }
QSM_INLINE double Deterministic::laplace(double argument) const { return std::exp(-argument * value); }
QSM_INLINE void Deterministic::sample(const Stream&, std::uint64_t, std::span<double> out) const {
  std::fill(out.begin(), out.end(), value);
}
QSM_INLINE std::string Deterministic::describe() const {
  return detail::call_text("deterministic", {{"value", detail::shortest(value)}});
}

QSM_INLINE Deterministic deterministic(double value) {
  Check("deterministic").finite("value", value);
  return {value};
}

}  // namespace qsm::inline v0::inline core
