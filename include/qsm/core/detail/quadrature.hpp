#pragma once
// Integrals with controlled error, for .ipp files.

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::inline core::detail {

struct Panel {
  double low, high, value, error;

  bool operator<(const Panel& other) const { return error < other.error; }
};

/// Gauss-Kronrod rule of 7 and 15 points on one interval (Kronrod 1965; nodes recomputed at 50 digits). With `ends`, the
/// error counts a jump or a kink beyond the outermost nodes: at the ends the polynomial through the 15 misses the function.
template <class Function>
Panel gauss_kronrod(Function&& f, double low, double high, bool ends = false) {
  constexpr std::array<double, 8> node = {
      0.99145537112081263921, 0.94910791234275852453, 0.86486442335976907279, 0.74153118559939443986,
      0.58608723546769113029, 0.40584515137739716691, 0.20778495500789846760, 0.0};
  constexpr std::array<double, 8> kronrod = {0.022935322010529224964, 0.063092092629978553291, 0.10479001032225018384,
                                             0.14065325971552591875,  0.16900472663926790283,  0.19035057806478540991,
                                             0.20443294007529889241,  0.20948214108472782801};
  constexpr std::array<double, 4> gauss = {0.12948496616886969327, 0.27970539148927666790, 0.38183005050511894495,
                                           0.41795918367346938776};
  // The polynomial's value at the upper end, from the values above the middle and below it.
  constexpr std::array<double, 8> above = {1.4539837311033124182,   -0.70667399340457376876, 0.42004719972088290466,
                                           -0.29141869591999060055, 0.22117597022489271500,  -0.17457035156224131958,
                                           0.13978343178290837649,  -0.11292917291898148351};
  constexpr std::array<double, 8> below = {
      0.0062385286453402827729, -0.018451577046963430117, 0.030438309530367932973, -0.043250815978173977236,
      0.057719118618911434692,  -0.073778979644262450734, 0.091687296848570965734, 0.0};
  const double middle = low + (high - low) / 2;
  const double half = (high - low) / 2;
  double fine = 0, coarse = 0, at_low = 0, at_high = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    const double left = f(middle - half * node[i]);
    const double right = i == 7 ? 0 : f(middle + half * node[i]);
    fine += kronrod[i] * (left + right);
    if (i % 2 == 1) coarse += gauss[i / 2] * (left + right);
    at_low += above[i] * left + below[i] * right;
    at_high += (i == 7 ? above[i] * left : above[i] * right + below[i] * left);
  }
  if (!ends) return {low, high, fine * half, std::abs(fine - coarse) * half};
  const double missed = std::abs(f(low) - at_low) + std::abs(f(high) - at_high);
  const double unseen = std::isfinite(missed) ? missed * (1 - node[0]) : 0;
  return {low, high, fine * half, (std::abs(fine - coarse) + unseen) * half};
}

/// Integral over the panels that `ends` bounds, the worst panel halved until the error is at most `tolerance` of the
/// value or rounding stops it. NaN and infinity of the function come through.
template <class Function>
double integrate(Function&& f, const std::vector<double>& ends, double tolerance = 1e-13) {
  std::vector<Panel> panels;
  double total = 0;
  double error = 0;
  for (std::size_t i = 1; i < ends.size(); ++i) panels.push_back(gauss_kronrod(f, ends[i - 1], ends[i], true));
  const auto sum = [&] {
    total = error = 0;
    for (const Panel& panel : panels) total += panel.value, error += panel.error;
  };
  std::make_heap(panels.begin(), panels.end());
  sum();
  for (int round = 0; round < 2000 && std::isfinite(total) && error > tolerance * std::abs(total); ++round) {
    std::pop_heap(panels.begin(), panels.end());
    const Panel worst = panels.back();
    const double middle = worst.low + (worst.high - worst.low) / 2;
    if (!(worst.low < middle && middle < worst.high)) break;
    panels.back() = gauss_kronrod(f, worst.low, middle, true);
    std::push_heap(panels.begin(), panels.end());
    panels.push_back(gauss_kronrod(f, middle, worst.high, true));
    std::push_heap(panels.begin(), panels.end());
    sum();
  }
  return total;
}

/// Integral over the whole line of a positive analytic function with a single hump near `peak`, which falls off at
/// least exponentially: the trapezoidal rule, halved until two steps agree (Trefethen, Weideman 2014, section 5).
template <class Function>
double integrate_line(Function&& f, double peak, double step, double tolerance = 1e-15) {
  const auto side = [&](double start, double stride, double floor) {
    double sum = 0;
    for (double x = start;; x += stride) {
      const double value = f(x);
      sum += value;
      if (!(value > floor * 1e-18)) return sum;
    }
  };
  const double top = f(peak);
  double sum = side(peak, step, top) + side(peak - step, -step, top);
  double estimate = sum * step;
  for (int round = 0; round < 12; ++round) {
    sum += side(peak + step / 2, step, top) + side(peak - step / 2, -step, top);
    step /= 2;
    const double finer = sum * step;
    const bool settled = std::abs(finer - estimate) <= tolerance * 8 * finer;
    estimate = finer;
    if (settled) break;
  }
  return estimate;
}

/// E[g(X)] as an integral over probabilities, p = e⁻ᵗ/2 for the lower half and its mirror image for the upper, so that
/// both tails are seen down to 1e-300. Infinity where it has not settled there, unless g is known to be bounded.
template <class Quantile, class SurvivalQuantile, class Function>
double expectation(Quantile&& quantile, SurvivalQuantile&& survival_quantile, Function&& g, bool bounded = false) {
  double halves[2];
  for (const bool upper : {false, true}) {
    const auto integrand = [&](double t) {
      const double weight = std::exp(-t) / 2;
      const double value = g(upper ? survival_quantile(weight) : quantile(weight));
      return value == 0 ? 0 : weight * value;
    };
    const double value = integrate(integrand, {0, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 690});
    const double last = integrand(690);
    const bool settled = std::isfinite(value) && std::abs(last) * 690 <= 1e-9 * std::abs(value);
    halves[upper] = settled || bounded || value == 0 ? value : std::copysign(infinity, last);
  }
  return halves[0] + halves[1];
}

}  // namespace qsm::inline v0::inline core::detail
