#include <cmath>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/distributions/normal.hpp>
#include <qsm/core/elementary.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/samplers.hpp>

namespace qsm::inline v0::inline core {

/// E[Xᵏ] = μ E[Xᵏ⁻¹] + (k - 1) σ² E[Xᵏ⁻²].
QSM_INLINE double Normal::moment(int order) const {
  double before = 1;
  double here = center;
  for (int k = 2; k <= order; ++k) {
    const double next = center * here + (k - 1) * deviation * deviation * before;
    before = here;
    here = next;
  }
  return here;
}

QSM_INLINE double Normal::pdf(double value) const {
  const double z = (value - center) / deviation;
  return std::exp(-z * z / 2) * 0.39894228040143267794 / deviation;
}

QSM_INLINE double Normal::cdf(double value) const {
  return std::erfc((center - value) / deviation * 0.70710678118654752440) / 2;
}

QSM_INLINE double Normal::survival(double value) const {
  return std::erfc((value - center) / deviation * 0.70710678118654752440) / 2;
}

QSM_INLINE double Normal::quantile(double probability) const {
  return center + deviation * portable_normal_quantile(probability);
}

QSM_INLINE double Normal::survival_quantile(double probability) const {
  return center - deviation * portable_normal_quantile(probability);
}

QSM_INLINE double Normal::laplace(double argument) const {
  return std::exp(argument * (argument * deviation * deviation / 2 - center));
}

QSM_INLINE void Normal::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  fill_normal(stream, first, center, deviation, out);
}

QSM_INLINE std::string Normal::describe() const {
  return detail::call_text("normal",
                           {{"mean", detail::shortest(center)}, {"standard_deviation", detail::shortest(deviation)}});
}

QSM_INLINE Normal normal(double mean, double standard_deviation) {
  Check check("normal");
  check.finite("mean", mean);
  check.positive("standard_deviation", standard_deviation);
  return {mean, standard_deviation};
}

}  // namespace qsm::inline v0::inline core
