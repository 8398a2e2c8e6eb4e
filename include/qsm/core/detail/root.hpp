#pragma once
// Inverting monotone functions, for .ipp files.

#include <algorithm>
#include <cmath>
#include <limits>

namespace qsm::inline v0::inline core::detail {

/// A point between low and high that halves their distance on the scale on which it is largest.
inline double halfway(double low, double high) {
  if (low > 0 && high / low > 4) return std::sqrt(low) * std::sqrt(high);
  if (high < 0 && low / high > 4) return -std::sqrt(-low) * std::sqrt(-high);
  if (low == 0 && high > 1e-300) return high * 1e-3;
  return low + (high - low) / 2;
}

/// Smallest x in (low, high] with f(x) <= 0, for f that never rises, f(low) > 0 >= f(high): Newton steps kept within
/// the bracket. `slope(x)` is f'(x) where known, NaN where not; jumps of f are found to the last place.
template <class Function, class Slope>
double first_not_above_zero(Function&& f, Slope&& slope, double low, double high, double start) {
  double x = start > low && start < high ? start : halfway(low, high);
  double width = high - low;
  for (int round = 0; round < 2400; ++round) {
    const double value = f(x);
    (value > 0 ? low : high) = x;
    const double gradient = slope(x);
    double next = x - value / gradient;
    const bool newton = std::isfinite(gradient) && gradient < 0 && std::isfinite(next);
    if (newton && std::abs(value) < 0.01 && std::abs(next - x) <= 2e-16 * std::abs(x)) return x;
    if (!(std::nextafter(low, high) < high)) return high;
    if (!newton || !(next > low && next < high) || (round % 4 == 3 && high - low > width / 2)) {
      // Newton has hit the end of the bracket when it is right to rounding: look just beyond.
      if (newton && std::abs(value) < 1e-13 && std::abs(next - x) <= 1e-15 * std::abs(x)) return x;
      next = halfway(low, high);
      if (!(next > low && next < high)) next = low + (high - low) / 2;
    }
    if (round % 4 == 3) width = high - low;
    x = next;
  }
  return high;
}

/// Smallest x with P(X <= x) >= p, for 0 < p <= 1/2. `start` is a guess, low and high the ends of the support.
template <class Cdf, class Pdf>
double invert_cdf(Cdf&& cdf, Pdf&& pdf, double p, double low, double high, double start) {
  const double target = std::log(p);
  double below = low;
  double above = high;
  if (!std::isfinite(above)) {
    double step = std::max(std::abs(start), std::numeric_limits<double>::min());
    for (above = start; cdf(above) < p; step *= 2) above = start + step;
  }
  if (!std::isfinite(below)) {
    double step = std::max(std::abs(start), std::numeric_limits<double>::min());
    for (below = start; cdf(below) >= p; step *= 2) below = start - step;
  }
  if (cdf(below) >= p) return below;
  return first_not_above_zero([&](double x) { return target - std::log(cdf(x)); },
                              [&](double x) { return -pdf(x) / cdf(x); }, below, above, start);
}

/// Smallest x with P(X > x) <= q, for 0 < q <= 1/2.
template <class Survival, class Pdf>
double invert_survival(Survival&& survival, Pdf&& pdf, double q, double low, double high, double start) {
  const double target = std::log(q);
  double below = low;
  double above = high;
  if (!std::isfinite(above)) {
    double step = std::max(std::abs(start), std::numeric_limits<double>::min());
    for (above = start; survival(above) > q; step *= 2) above = start + step;
  }
  if (!std::isfinite(below)) {
    double step = std::max(std::abs(start), std::numeric_limits<double>::min());
    for (below = start; survival(below) <= q; step *= 2) below = start - step;
  }
  if (survival(below) <= q) return below;
  return first_not_above_zero([&](double x) { return std::log(survival(x)) - target; },
                              [&](double x) { return -pdf(x) / survival(x); }, below, above, start);
}

}  // namespace qsm::inline v0::inline core::detail
