#pragma once
// Checks of lists that belong together, for .ipp files.

#include <cmath>
#include <span>
#include <stdexcept>
#include <string>

#include <qsm/core/error.hpp>

namespace qsm::inline v0::inline core::detail {

/// Throws std::invalid_argument("mixture: components must have as many elements as weights, 2, got 3").
inline void check_size(const char* function, const char* argument, std::size_t size, const char* other,
                       std::size_t expected) {
  if (size != expected)
    throw std::invalid_argument(std::string(function) + ": " + argument + " must have as many elements as " + other +
                                ", " + std::to_string(expected) + ", got " + std::to_string(size));
}

/// At least one, each in [0, 1], summing to 1 within 1e-12.
inline void check_weights(const char* function, const char* argument, std::span<const double> weights) {
  if (weights.empty())
    throw std::invalid_argument(std::string(function) + ": " + argument + " must have at least one element, got none");
  Check check(function);
  double sum = 0;
  for (const double weight : weights) {
    check.probability(argument, weight);
    sum += weight;
  }
  check.that(std::abs(sum - 1) <= 1e-12, (std::string("sum of ") + argument).c_str(), sum, "1 within 1e-12");
}

}  // namespace qsm::inline v0::inline core::detail
