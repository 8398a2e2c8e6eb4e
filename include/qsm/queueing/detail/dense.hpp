#pragma once
// Dense matrices for .ipp files. A few plain loops: the templates of a linear algebra library would cost each unit that
// includes a solver seconds, and the product and the solver below are as fast.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
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

/// A part of a matrix: where it begins, and how far it is from row to row.
template <class Value>
struct View {
  Value* first;
  std::size_t stride;
  Value* row(std::size_t index) const { return first + index * stride; }
};

#ifdef __GNUC__
using Pair = double __attribute__((vector_size(16)));
#else
struct Pair {
  double first = 0, second = 0;
  Pair& operator+=(const Pair& other) { return first += other.first, second += other.second, *this; }
  friend Pair operator*(double factor, const Pair& pair) { return {factor * pair.first, factor * pair.second}; }
};
#endif

/// Products of four rows of `depth` numbers with four columns, whose numbers stand in groups of four: 16 sums in registers.
inline void tile(const double* const (&rows)[4], const double* columns, std::size_t depth, double (&products)[16]) {
  const auto [a, b, c, d] = rows;
  Pair sums[8] = {};
  for (std::size_t k = 0; k < depth; ++k) {
    Pair left, right;
    std::memcpy(&left, columns + 4 * k, sizeof left);
    std::memcpy(&right, columns + 4 * k + 2, sizeof right);
    sums[0] += a[k] * left;
    sums[1] += a[k] * right;
    sums[2] += b[k] * left;
    sums[3] += b[k] * right;
    sums[4] += c[k] * left;
    sums[5] += c[k] * right;
    sums[6] += d[k] * left;
    sums[7] += d[k] * right;
  }
  std::memcpy(products, sums, sizeof products);
}

/// to += factor a b, where a has `rows` rows and `depth` columns and b has `columns` columns.
inline void add_product(double factor, View<const double> a, View<const double> b, View<double> to, std::size_t rows,
                        std::size_t depth, std::size_t columns) {
  if (rows < 4 || columns < 4) {
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t k = 0; k < depth; ++k)
        if (const double weight = factor * a.row(i)[k]; weight != 0)
          for (std::size_t j = 0; j < columns; ++j) to.row(i)[j] += weight * b.row(k)[j];
    return;
  }
  constexpr std::size_t deepest = 128;
  double strip[4 * deepest];  // four columns of b, in the nearest cache
  for (std::size_t from = 0; from < depth; from += deepest) {
    const std::size_t deep = std::min(deepest, depth - from);
    for (std::size_t j = 0; j < columns; j += 4) {
      const std::size_t wide = std::min<std::size_t>(4, columns - j);
      for (std::size_t k = 0; k < deep; ++k)
        for (std::size_t l = 0; l < 4; ++l) strip[4 * k + l] = l < wide ? b.row(from + k)[j + l] : 0;
      for (std::size_t i = 0; i < rows; i += 4) {
        const std::size_t high = std::min<std::size_t>(4, rows - i);
        const auto line = [&](std::size_t k) { return a.row(i + std::min(k, high - 1)) + from; };
        double products[16];
        tile({line(0), line(1), line(2), line(3)}, strip, deep, products);
        for (std::size_t k = 0; k < high; ++k)
          for (std::size_t l = 0; l < wide; ++l) to.row(i + k)[j + l] += factor * products[4 * k + l];
      }
    }
  }
}

inline Dense operator*(const Dense& a, const Dense& b) {
  Dense product(a.rows, b.columns);
  add_product(1, {a.row(0), a.columns}, {b.row(0), b.columns}, {product.row(0), product.columns}, a.rows, a.columns,
              b.columns);
  return product;
}

/// Solves upper x = right in place, where `right` becomes x, by blocks from below.
inline void substitute_back(const Dense& upper, Dense& right, std::size_t wide) {
  const std::size_t n = upper.rows, columns = right.columns;
  for (std::size_t end = n; end > 0;) {
    const std::size_t start = (end - 1) / wide * wide;
    for (std::size_t k = end; k-- > start;) {
      for (std::size_t i = k + 1; i < end; ++i)
        for (std::size_t j = 0; j < columns; ++j) right(k, j) -= upper(k, i) * right(i, j);
      for (std::size_t j = 0; j < columns; ++j) right(k, j) /= upper(k, k);
    }
    add_product(-1, {upper.row(0) + start, n}, {right.row(start), columns}, {right.row(0), columns}, start, end - start,
                columns);
    end = start;
  }
}

/// matrix⁻¹ right: elimination by blocks of columns, with the largest number of a column as its pivot.
inline Dense solve(Dense matrix, Dense right) {
  constexpr std::size_t wide = 24;
  const std::size_t n = matrix.rows, columns = right.columns;
  for (std::size_t start = 0; start < n; start += wide) {
    const std::size_t end = std::min(n, start + wide);
    for (std::size_t k = start; k < end; ++k) {
      std::size_t pivot = k;
      for (std::size_t i = k + 1; i < n; ++i)
        if (std::abs(matrix(i, k)) > std::abs(matrix(pivot, k))) pivot = i;
      if (pivot != k) {
        std::swap_ranges(matrix.row(k), matrix.row(k) + n, matrix.row(pivot));
        std::swap_ranges(right.row(k), right.row(k) + columns, right.row(pivot));
      }
      for (std::size_t i = k + 1; i < n; ++i) {
        const double factor = matrix(i, k) /= matrix(k, k);
        if (factor == 0) continue;
        for (std::size_t j = k + 1; j < end; ++j) matrix(i, j) -= factor * matrix(k, j);
      }
    }
    for (std::size_t k = start; k < end; ++k)
      for (std::size_t i = k + 1; i < end; ++i) {
        const double factor = matrix(i, k);
        if (factor == 0) continue;
        for (std::size_t j = end; j < n; ++j) matrix(i, j) -= factor * matrix(k, j);
        for (std::size_t j = 0; j < columns; ++j) right(i, j) -= factor * right(k, j);
      }
    if (end == n) break;
    const View<const double> factors{matrix.row(end) + start, n};
    add_product(-1, factors, {matrix.row(start) + end, n}, {matrix.row(end) + end, n}, n - end, end - start, n - end);
    add_product(-1, factors, {right.row(start), columns}, {right.row(end), columns}, n - end, end - start, columns);
  }
  substitute_back(matrix, right, wide);
  return right;
}
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
