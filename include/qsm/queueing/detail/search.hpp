#pragma once
// Turning monotone properties around, for .ipp files.

#include <algorithm>
#include <cmath>
#include <limits>

#include <qsm/core/detail/root.hpp>
#include <qsm/core/error.hpp>
#include <qsm/queueing/detail/rates.hpp>

namespace qsm::inline v0::queueing::detail {

/// Smallest integer n >= first with holds(n), for a property that stays once reached; infinity where none below 2^53.
template <class Property>
double first_count(double first, Property&& holds, double last = largest_count) {
  if (holds(first)) return first;
  double low = first, step = 1;
  while (!holds(std::min(low + step, last))) {
    if (low + step >= last) return unbounded;
    low += step;
    step *= 2;
  }
  double high = std::min(low + step, last);
  while (high - low > 1) {
    const double middle = low + std::floor((high - low) / 2);
    (holds(middle) ? high : low) = middle;
  }
  return high;
}

/// x > 0 at which a rising function ln g(x) meets its target; `excess(x)` = ln target - ln g(x), `slope(x)` its
/// derivative or NaN.
template <class Excess, class Slope>
double positive_root(Excess&& excess, Slope&& slope, double start, double highest = unbounded) {
  double low = start, high = start;
  while (excess(low) <= 0 && low > std::numeric_limits<double>::min()) low /= 16;
  while (high < highest && excess(high) > 0) high = std::min(high * 16, highest);
  return core::detail::first_not_above_zero(excess, slope, low, high, low + (high - low) / 2);
}

inline double unknown_slope(double) { return std::numeric_limits<double>::quiet_NaN(); }

}  // namespace qsm::inline v0::queueing::detail
