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

/// ||values - twin|| / ||twin||; huge where a value is NaN.
template <class Number>
double relative_error(const std::vector<Number>& values, const std::vector<float>& twin) {
  double difference = 0, norm = 0;
  for (std::size_t i = 0; i < twin.size(); ++i) {
    const double exact = twin[i], error = static_cast<double>(values[i]) - exact;
    difference += error * error;
    norm += exact * exact;
  }
  return std::isnan(difference) ? 1e30 : std::sqrt(difference / norm);
}

/// The largest |value - twin| of logarithms, which are minus infinity together; huge where not.
inline double worst_lse(const std::vector<float>& values, const std::vector<float>& twin) {
  double worst = 0;
  for (std::size_t i = 0; i < twin.size(); ++i) {
    const double error =
        values[i] == twin[i] ? 0 : std::abs(static_cast<double>(values[i]) - static_cast<double>(twin[i]));
    worst = std::isnan(error) ? 1e30 : std::max(worst, error);
  }
  return worst;
}

}  // namespace qsm_test
