#pragma once
// Lognormal times in microseconds, the same for all.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

inline std::span<const std::int64_t> values() {
  static const std::vector<std::int64_t> all = [] {
    std::mt19937_64 draw(1);
    std::lognormal_distribution<double> law(9, 1.5);
    std::vector<std::int64_t> made(100'000);
    for (auto& value : made) value = static_cast<std::int64_t>(std::min(law(draw), 3e9));
    return made;
  }();
  return all;
}
