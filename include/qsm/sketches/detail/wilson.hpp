#pragma once
// The interval of a share of trials that succeeded.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include <qsm/core/estimate.hpp>
#include <qsm/core/interval.hpp>

namespace qsm::inline v0::sketches::detail {

/// "minhash, 95 %".
inline std::string with_percent(const char* method, double confidence) {
  char text[64];
  std::snprintf(text, sizeof text, "%s, %g %%", method, 100 * confidence);
  return text;
}

/// Share of `trials` that are `successes`, with the score interval of Wilson 1927, Probable inference, the law of
/// succession, and statistical inference; without trials anything is possible.
inline Estimate wilson(double successes, double trials, double confidence, const char* method) {
  if (trials == 0) return {0, 0, 1, with_percent(method, confidence)};
  const double z = normal_quantile((1 + confidence) / 2), share = successes / trials, weight = z * z / trials;
  const double middle = (share + weight / 2) / (1 + weight);
  const double reach = z / (1 + weight) * std::sqrt(share * (1 - share) / trials + weight / (4 * trials));
  return {share, successes == 0 ? 0 : std::max(0.0, middle - reach),
          successes == trials ? 1 : std::min(1.0, middle + reach), with_percent(method, confidence)};
}

}  // namespace qsm::inline v0::sketches::detail
