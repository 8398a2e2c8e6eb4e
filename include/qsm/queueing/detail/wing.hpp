#pragma once
// Sums over one side of a birth-death chain, for .ipp files.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>

#include <qsm/core/detail/special.hpp>

namespace qsm::inline v0::queueing::detail {

/// A number >= 0 with an exponent of its own: value 2^exponent.
struct Wide {
  double value;
  std::int64_t exponent;  // 1e8 sources in the queue are past 2^(2^31)

  double over(std::int64_t other) const {
    return std::ldexp(value, static_cast<int>(std::clamp<std::int64_t>(exponent - other, -4000, 4000)));
  }
};

/// Σ u_j and Σ f(j) u_j over j = 0..count, u_0 = 1, u_j = u_(j-1) ratio(j), for ratios that never rise. All terms are
/// positive, so nothing cancels; the sums stop where nothing more is added.
struct Wing {
  static constexpr double longest = 0x1p30;  // some seconds

  double total = 1, after = 0, moment = 0;  // after: without j = 0
  std::int64_t exponent = 0;

  template <class Ratio, class Value>
  Wing(const char* model, double count, Ratio&& ratio, Value&& value) {
    double term = 1;
    moment = value(0.0);
    for (double j = 1; j <= count; ++j) {
      const double step = ratio(j);
      if (step > 0x1p100) {
        const int up = std::ilogb(step);
        for (double* sum : {&total, &after, &moment}) *sum = std::ldexp(*sum, -up);
        exponent += up;
        term *= std::ldexp(step, -up);
      } else {
        term *= step;
      }
      const double part = value(j) * term;
      total += term;
      after += term;
      moment += part;
      if (total > 0x1p900) {
        for (double* sum : {&term, &total, &after, &moment}) *sum *= 0x1p-900;
        exponent += 900;
      }
      if (step < 1 && term <= 1e-18 * after * (1 - step) && part <= 1e-18 * moment * (1 - step)) break;
      if (j == longest)
        throw std::domain_error(std::string(model) +
                                ": more than 2^30 states carry weight: too many sources, or too patient");
    }
  }
};

}  // namespace qsm::inline v0::queueing::detail
