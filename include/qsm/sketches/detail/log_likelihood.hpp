#pragma once
// What estimators of register sketches share: the likelihood of what m registers show of Poisson arrivals, and its
// theory. A register that is hit with rate x takes value k with rate x 2^-e(k).

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include <qsm/core/estimate.hpp>
#include <qsm/core/interval.hpp>

namespace qsm::inline v0::sketches::detail {

/// ln L(x) = -x absent + Σ present[e] ln(1 - exp(-x 2^-e)).
struct LogLikelihood {
  double absent = 0;                        // sum of 2^-e of the values that have not come
  std::array<std::uint32_t, 65> present{};  // number of values with exponent e that have come

  /// The x at which L is largest: Illinois on the derivative times x; 0 where nothing came, infinity where all did.
  double rate() const {
    if (absent == 0) return std::numeric_limits<double>::infinity();
    int first = 0, last = 64;
    while (first <= 64 && present[static_cast<std::size_t>(first)] == 0) ++first;
    if (first > 64) return 0;
    while (present[static_cast<std::size_t>(last)] == 0) --last;
    const auto excess = [&](double x) {
      double sum = -x * absent;
      for (int e = first; e <= last; ++e) {
        const double u = std::ldexp(x, -e);
        if (const double number = present[static_cast<std::size_t>(e)]; number > 0) sum += number * u / std::expm1(u);
      }
      return sum;
    };
    double low = 0, high = 1;
    while (excess(high) > 0) low = std::exchange(high, 2 * high);
    double at_low = excess(low == 0 ? 1e-300 : low), at_high = excess(high);
    for (int i = 0; i < 200 && high - low > 1e-12 * high; ++i) {
      double middle = (low * at_high - high * at_low) / (at_high - at_low);
      if (!(middle > low && middle < high)) middle = (low + high) / 2;
      const double at = excess(middle);
      if (at == 0) return middle;
      if (at > 0) {
        low = middle;
        at_low = at;
        at_high /= 2;
      } else {
        high = middle;
        at_high = at;
        at_low /= 2;
      }
    }
    return (low + high) / 2;
  }
};

/// Hurwitz' zeta function Σ 1/(n + a)^s, by Euler and Maclaurin.
inline double hurwitz_zeta(int s, double a) {
  constexpr int head = 16;
  double sum = 0;
  for (int n = 0; n < head; ++n) sum += std::pow(n + a, -s);
  const double x = head + a, power = std::pow(x, -s);
  const double rising = s * (s + 1.0) * (s + 2.0);
  return sum + power * (x / (s - 1) + 0.5 + s / (12 * x) - rising / (720 * x * x * x) +
                        rising * (s + 3.0) * (s + 4.0) / (30240 * std::pow(x, 5)));
}

/// Standard errors and bias of many items, times √m and m: registers that hold the largest value of a geometric law with
/// base b = 2^(2^-t), and which of the d values below it have come. Ertl 2024, equations 3 to 6.
struct RegisterTheory {
  double maximum_likelihood;
  double martingale;
  double bias;  // of maximum likelihood, over the truth

  RegisterTheory(int sub_bits, int window_bits) {
    const double log_base = std::log(2.0) * std::ldexp(1.0, -sub_bits);
    const double beyond = std::exp(-window_bits * log_base) / std::expm1(log_base);
    const double information = hurwitz_zeta(2, 1 + beyond);
    maximum_likelihood = std::sqrt(log_base / information);
    martingale = std::sqrt(log_base / 2 * (1 + beyond));
    bias = log_base * (1 + 2 * beyond) * hurwitz_zeta(3, 1 + beyond) / (information * information);
  }
};

/// An estimate whose relative error is known, with its normal interval.
inline Estimate with_relative_error(double value, double error, double confidence, const char* method) {
  const double reach = normal_quantile((1 + confidence) / 2) * error;
  char percent[32];
  std::snprintf(percent, sizeof percent, ", %g %%", 100 * confidence);
  return {value, value / (1 + reach), reach < 1 ? value / (1 - reach) : std::numeric_limits<double>::infinity(),
          std::string(method) + percent};
}

/// Error of linear counting of n items at m places, relative. Whang, Vander-Zanden and Taylor 1990, equation 12.
inline double linear_counting_error(double items, double places) {
  const double load = items / places;
  return items == 0 ? 0 : std::sqrt((std::expm1(load) - load) / places) / load;
}

}  // namespace qsm::inline v0::sketches::detail
