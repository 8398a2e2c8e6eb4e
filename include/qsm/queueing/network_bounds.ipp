#include <algorithm>
#include <cmath>

#include <qsm/core/error.hpp>
#include <qsm/queueing/network_bounds.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

struct Demands {
  std::span<const double> each;
  double total = 0;
  double largest = 0;

  Demands(const char* function, std::span<const double> demands, double population, double think_time) : each(demands) {
    Check check(function);
    for (const double demand : demands) {
      check.not_negative("demands", demand);
      total += demand;
      largest = std::max(largest, demand);
    }
    check.that(total > 0, "sum of demands", total, "> 0");
    check.positive_count("population", population);
    check.not_negative("think_time", think_time);
  }

  /// Σ D^power / largest^power.
  double powers(double power) const {
    double sum = 0;
    for (const double demand : each) sum += std::pow(demand / largest, power);
    return sum;
  }
};

inline NetworkBounds bounds(double population, double think_time, double low, double high) {
  return {low, high, population / high - think_time, population / low - think_time};
}

}  // namespace detail

QSM_INLINE NetworkBounds asymptotic_bounds(std::span<const double> demands, double population, double think_time) {
  const detail::Demands d("asymptotic_bounds", demands, population, think_time);
  return detail::bounds(population, think_time, population / (population * d.total + think_time),
                        std::min(1 / d.largest, population / (d.total + think_time)));
}

QSM_INLINE NetworkBounds balanced_job_bounds(std::span<const double> demands, double population, double think_time) {
  const detail::Demands d("balanced_job_bounds", demands, population, think_time);
  const double others = population - 1;
  const double mean = d.total / static_cast<double>(demands.size());
  const double low =
      population / (d.total + think_time + others * d.largest / (1 + think_time / (population * d.total)));
  const double high = population / (d.total + think_time + others * mean / (1 + think_time / d.total));
  return detail::bounds(population, think_time, low, std::min(1 / d.largest, high));
}

QSM_INLINE NetworkBounds proportional_bounds(std::span<const double> demands, double population, double think_time) {
  const detail::Demands d("proportional_bounds", demands, population, think_time);
  const double others = population - 1;
  const double share = d.largest * d.powers(population) / d.powers(others);
  const double low = population / (think_time + d.total + share * others);
  // At most as many think as without queues.
  const double thinking = think_time * std::min(1 / d.largest, others / (d.total + think_time));
  const double square = d.largest * (d.largest / d.total) * d.powers(2);
  const double high = population / (think_time + d.total + square * (others - thinking));
  return detail::bounds(population, think_time, low, std::min(1 / d.largest, high));
}

QSM_INLINE NetworkBounds geometric_bounds(std::span<const double> demands, double population, double think_time) {
  const detail::Demands d("geometric_bounds", demands, population, think_time);
  const double others = population - 1;
  const double fastest = others > 0 ? proportional_bounds(demands, others, think_time).throughput_high : 0;
  double low = think_time + d.total + d.largest * others;
  double high = low;
  for (const double demand : demands) {
    if (!(demand < d.largest)) continue;
    // Σ yᵏ, k = 1, ..., N-1, with a ratio y that is too small or too large.
    const double few = demand * others / (think_time + d.total + d.largest * others);
    const double many = demand * fastest;
    low -= (d.largest - demand) * few * (1 - std::pow(few, others)) / (1 - few);
    high -= (d.largest - demand) * many * (1 - std::pow(many, others)) / (1 - many);
  }
  if (think_time > 0) {
    low *= (1 + std::sqrt(1 - 4 * (think_time / low) * (d.largest / low) * others)) / 2;
    high *= (1 + std::sqrt(std::max(0.0, 1 - 4 * (think_time / high) * (d.largest / high) * population))) / 2;
  }
  return detail::bounds(population, think_time, population / low, population / high);
}

}  // namespace qsm::inline v0::queueing
