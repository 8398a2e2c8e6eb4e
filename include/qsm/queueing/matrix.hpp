#pragma once
/// @file
/// Numbers in rows and columns: how routing, demands and generators are given and results by station and class come back.

#include <cstddef>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

namespace qsm::inline v0::queueing {

/// Numbers in rows and columns, stored row by row.
struct Matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  /// All numbers, row by row.
  std::vector<double> values;

  Matrix() = default;
  Matrix(std::size_t row_count, std::size_t column_count, double value = 0)
      : rows(row_count), columns(column_count), values(row_count * column_count, value) {}
  /// From rows: `Matrix{{1, 2}, {3, 4}}`; all rows must be of one length.
  Matrix(std::initializer_list<std::initializer_list<double>> lists) : Matrix(from(lists)) {}
  /// From rows; throws std::invalid_argument where one is longer or shorter than the first.
  explicit Matrix(const std::vector<std::vector<double>>& lists) : Matrix(from(lists)) {}

  double& operator()(std::size_t row, std::size_t column) { return values[row * columns + column]; }
  double operator()(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
  bool empty() const { return values.empty(); }
  bool operator==(const Matrix&) const = default;

 private:
  template <class Lists>
  static Matrix from(const Lists& lists) {
    Matrix matrix;
    for (const auto& list : lists) {
      if (matrix.rows > 0 && list.size() != matrix.columns)
        throw std::invalid_argument("Matrix: rows must be of one length, row 0 has " + std::to_string(matrix.columns) +
                                    " columns, row " + std::to_string(matrix.rows) + " has " +
                                    std::to_string(list.size()));
      matrix.columns = list.size();
      ++matrix.rows;
      matrix.values.insert(matrix.values.end(), list.begin(), list.end());
    }
    return matrix;
  }
};

}  // namespace qsm::inline v0::queueing
