#pragma once
// Dense matrices for .ipp files. Products and solutions are Eigen's; that they stand behind two functions saves each unit
// that includes a solver the seconds in which Eigen's expressions are compiled.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <qsm/queueing/matrix.hpp>

namespace qsm::inline v0::queueing::detail {

/// A matrix to compute with. A row is one of one row, a column one of one column.
struct Dense : Matrix {
  using Matrix::Matrix;
  Dense(Matrix matrix) : Matrix(std::move(matrix)) {}

  using Matrix::operator();
  double& operator()(std::size_t place) { return values[place]; }
  double operator()(std::size_t place) const { return values[place]; }
  std::size_t size() const { return values.size(); }
  double* row(std::size_t index) { return values.data() + index * columns; }
  const double* row(std::size_t index) const { return values.data() + index * columns; }

  Dense& operator+=(const Dense& other) {
    for (std::size_t i = 0; i < size(); ++i) values[i] += other.values[i];
    return *this;
  }
  Dense& operator-=(const Dense& other) {
    for (std::size_t i = 0; i < size(); ++i) values[i] -= other.values[i];
    return *this;
  }
  Dense& operator*=(double factor) {
    for (double& value : values) value *= factor;
    return *this;
  }
  Dense& operator/=(double divisor) {
    for (double& value : values) value /= divisor;
    return *this;
  }
};

inline Dense row(const std::vector<double>& list) {
  Dense row(1, list.size());
  row.values = list;
  return row;
}
inline Dense ones(std::size_t rows) { return Dense(rows, 1, 1); }
inline Dense identity(std::size_t rows) {
  Dense matrix(rows, rows);
  for (std::size_t i = 0; i < rows; ++i) matrix(i, i) = 1;
  return matrix;
}

inline Dense operator+(Dense a, const Dense& b) { return std::move(a += b); }
inline Dense operator-(Dense a, const Dense& b) { return std::move(a -= b); }
inline Dense operator*(double factor, Dense a) { return std::move(a *= factor); }
inline Dense operator/(Dense a, double divisor) { return std::move(a /= divisor); }
inline Dense operator-(Dense a) { return std::move(a *= -1); }

Dense operator*(const Dense& a, const Dense& b);
/// matrix⁻¹ right.
Dense solve(const Dense& matrix, const Dense& right);
inline Dense inverse(const Dense& matrix) { return solve(matrix, identity(matrix.rows)); }

inline Dense transposed(const Dense& matrix) {
  Dense other(matrix.columns, matrix.rows);
  for (std::size_t i = 0; i < matrix.rows; ++i)
    for (std::size_t j = 0; j < matrix.columns; ++j) other(j, i) = matrix(i, j);
  return other;
}
/// left matrix⁻¹.
inline Dense over(const Dense& left, const Dense& matrix) {
  return transposed(solve(transposed(matrix), transposed(left)));
}

inline Dense kron(const Dense& a, const Dense& b) {
  Dense product(a.rows * b.rows, a.columns * b.columns);
  for (std::size_t i = 0; i < a.rows; ++i)
    for (std::size_t j = 0; j < a.columns; ++j)
      if (a(i, j) != 0)
        for (std::size_t k = 0; k < b.rows; ++k)
          for (std::size_t l = 0; l < b.columns; ++l) product(i * b.rows + k, j * b.columns + l) = a(i, j) * b(k, l);
  return product;
}

inline double sum(std::span<const double> numbers) {
  double total = 0;
  for (const double number : numbers) total += number;
  return total;
}
inline double sum(const Dense& matrix) { return sum(std::span(matrix.values)); }
inline double row_sum(const Dense& matrix, std::size_t index) { return sum({matrix.row(index), matrix.columns}); }
/// A row times a matrix to the power of `steps`: step by step where that is cheaper, else by squaring.
inline Dense after_steps(Dense row, Dense matrix, double steps) {
  const bool few = steps < 64 + static_cast<double>(matrix.rows) * std::log2(steps + 1);
  while (steps >= 1 && sum(row) > 0) {
    if (few || std::fmod(steps, 2) == 1) row = row * matrix;
    if (!few) matrix = matrix * matrix;
    steps = few ? steps - 1 : std::floor(steps / 2);
  }
  return row;
}

/// Largest size of a number, 0 of none.
inline double largest(std::span<const double> numbers) {
  double most = 0;
  for (const double number : numbers) most = std::max(most, std::abs(number));
  return most;
}
inline double largest(const Dense& matrix) { return largest(std::span(matrix.values)); }
inline double dot(const Dense& a, const Dense& b) {
  double total = 0;
  for (std::size_t i = 0; i < a.size(); ++i) total += a(i) * b(i);
  return total;
}

/// The numbers of these rows and columns.
inline Dense part(const Dense& matrix, const std::vector<std::size_t>& rows, const std::vector<std::size_t>& columns) {
  Dense out(rows.size(), columns.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < columns.size(); ++j) out(i, j) = matrix(rows[i], columns[j]);
  return out;
}
/// `count` rows from `first` on.
inline Dense rows_of(const Dense& matrix, std::size_t first, std::size_t count) {
  Dense out(count, matrix.columns);
  std::copy_n(matrix.row(first), out.size(), out.row(0));
  return out;
}
/// Adds a block to a part of `to`, whose first corner is given.
inline void add_block(Dense& to, std::size_t first_row, std::size_t first_column, const Dense& block) {
  for (std::size_t i = 0; i < block.rows; ++i)
    for (std::size_t j = 0; j < block.columns; ++j) to(first_row + i, first_column + j) += block(i, j);
}
/// Row i of the matrix times number i of the column.
inline Dense scaled(const Dense& column, Dense matrix) {
  for (std::size_t i = 0; i < matrix.rows; ++i)
    for (std::size_t j = 0; j < matrix.columns; ++j) matrix(i, j) *= column(i);
  return matrix;
}

}  // namespace qsm::inline v0::queueing::detail

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/detail/dense.ipp>
#endif
