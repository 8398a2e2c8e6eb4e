#pragma once
/// @file
/// Random short numbers, and how far a result is from its twin.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include <qsm/kernels/number.hpp>

namespace qsm_test {

template <class Number>
std::vector<Number> normal_numbers(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  std::vector<Number> out(count);
  for (auto& value : out) value = Number(normal(random));
  return out;
}

/// The largest |value - twin| in units of one rounding step of the value, or of the rounding of sums of size 1.
template <class Number>
double worst_of_rounding(const std::vector<Number>& values, const std::vector<float>& twin) {
  const double step = std::is_same_v<Number, qsm::kernels::bfloat16> ? 0x1p-8 : 0x1p-11;
  double worst = 0;
  for (std::size_t i = 0; i < twin.size(); ++i) {
    const double exact = twin[i], error = std::abs(static_cast<double>(values[i]) - exact);
    worst = std::max(worst, std::isnan(error) ? 1e30 : error / (step * std::max(std::abs(exact), 0.03)));
  }
  return worst;
}

}  // namespace qsm_test
