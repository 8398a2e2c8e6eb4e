#include <algorithm>
#include <cmath>
#include <limits>

#include <qsm/queueing/fork_join.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// Hₙ = 1 + 1/2 + ... + 1/n.
inline double harmonic(double n) {
  if (n > 1000) {
    constexpr double euler = 0.57721566490153286061;
    return std::log(n) + euler + 1 / (2 * n) - 1 / (12 * n * n) + 1 / (120 * n * n * n * n);
  }
  double sum = 0;
  for (double k = n; k >= 1; --k) sum += 1 / k;
  return sum;
}

}  // namespace detail

QSM_INLINE double ForkJoin::mean_sojourn() const {
  if (!stable()) return std::numeric_limits<double>::infinity();
  const double spare = service_rate - arrival_rate;
  if (branches == 1) return 1 / spare;
  const double load = utilization();
  const double ratio = detail::harmonic(branches) / 1.5;
  return (ratio + 4.0 / 11 * (1 - ratio) * load) * (12 - load) / 8 / spare;
}

QSM_INLINE double ForkJoin::mean_sojourn_low() const {
  if (!stable()) return std::numeric_limits<double>::infinity();
  const double few = ForkJoin{arrival_rate, service_rate, std::min(branches, 2.0)}.mean_sojourn();
  return std::max(few, detail::harmonic(branches) / service_rate);
}

QSM_INLINE double ForkJoin::mean_sojourn_high() const {
  if (!stable()) return std::numeric_limits<double>::infinity();
  return detail::harmonic(branches) / (service_rate - arrival_rate);
}

QSM_INLINE double ForkJoin::mean_number() const { return arrival_rate > 0 ? arrival_rate * mean_sojourn() : 0; }

QSM_INLINE ForkJoin fork_join(double arrival_rate, double service_rate, double branches) {
  Check check("fork_join");
  ForkJoin::validate(check, arrival_rate, service_rate, branches);
  return {arrival_rate, service_rate, branches};
}

}  // namespace qsm::inline v0::queueing
