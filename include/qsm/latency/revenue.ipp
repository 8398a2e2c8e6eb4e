#include <cmath>

#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/error.hpp>
#include <qsm/latency/revenue.hpp>

namespace qsm::inline v0::latency {

QSM_INLINE double revenue_sensitivity(double loss, double added_latency) {
  Check check("revenue_sensitivity");
  check.that(loss < 1 && std::isfinite(loss), "loss", loss, "finite and < 1");
  check.positive("added_latency", added_latency);
  return -std::log1p(-loss) / added_latency;
}

QSM_INLINE double revenue_ratio(double latency, double baseline, double sensitivity) {
  Check check("revenue_ratio");
  check.finite("latency", latency);
  check.finite("baseline", baseline);
  check.finite("sensitivity", sensitivity);
  return std::exp(-sensitivity * (latency - baseline));
}

QSM_INLINE double expected_revenue_ratio(const Distribution& distribution, double baseline, double sensitivity) {
  Check check("expected_revenue_ratio");
  check.finite("baseline", baseline);
  check.not_negative("sensitivity", sensitivity);
  const double ratio = std::exp(sensitivity * baseline) * distribution.laplace(sensitivity);
  if (std::isnormal(ratio)) return ratio;
  // Either factor is beyond the range of doubles; together they need not be.
  return core::detail::expectation(
      [&](double p) { return distribution.quantile(p); }, [&](double q) { return distribution.survival_quantile(q); },
      [&](double x) { return std::exp(-sensitivity * (x - baseline)); }, std::isfinite(distribution.low()));
}

}  // namespace qsm::inline v0::latency
