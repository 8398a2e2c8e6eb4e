#pragma once
/// @file
/// Shapes of matrices and rows of probabilities, checked.

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/queueing/matrix.hpp>

namespace qsm::inline v0::queueing::detail {

inline void check_shape(const char* function, const char* argument, const Matrix& matrix, std::size_t rows,
                        std::size_t columns) {
  if (matrix.rows != rows || matrix.columns != columns)
    throw std::invalid_argument(std::string(function) + ": " + argument + " must have " + std::to_string(rows) +
                                " rows and " + std::to_string(columns) + " columns, got " +
                                std::to_string(matrix.rows) + " and " + std::to_string(matrix.columns));
}

/// Refuses rows that are no probabilities; gives what each row leaves out.
inline std::vector<double> check_routing(const char* function, const Matrix& routing, std::size_t stations,
                                         bool closed) {
  check_shape(function, "routing", routing, stations, stations);
  Check check(function);
  std::vector<double> leave(stations);
  for (std::size_t i = 0; i < stations; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < stations; ++j) {
      check.probability(("routing from station " + std::to_string(i)).c_str(), routing(i, j));
      sum += routing(i, j);
    }
    const std::string row = "sum of row " + std::to_string(i) + " of routing";
    if (closed)
      check.that(std::abs(sum - 1) <= 1e-12, row.c_str(), sum, "1 within 1e-12");
    else
      check.that(sum <= 1 + 1e-12, row.c_str(), sum, "<= 1");
    leave[i] = 1 - sum > 1e-12 ? 1 - sum : 0;
  }
  return leave;
}

}  // namespace qsm::inline v0::queueing::detail
