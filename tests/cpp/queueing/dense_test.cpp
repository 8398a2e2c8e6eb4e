#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/queueing/detail/dense.hpp>

using namespace qsm::queueing::detail;

namespace {

Dense random(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  Dense matrix(rows, columns);
  qsm::Stream(seed).uniforms(0, matrix.values);
  for (double& value : matrix.values) value -= 0.5;
  return matrix;
}

Dense naive_product(const Dense& a, const Dense& b) {
  Dense product(a.rows, b.columns);
  for (std::size_t i = 0; i < a.rows; ++i)
    for (std::size_t j = 0; j < b.columns; ++j)
      for (std::size_t k = 0; k < a.columns; ++k) product(i, j) += a(i, k) * b(k, j);
  return product;
}

// Sizes on both sides of the tile of 4, of the block of 24 and of the depth of 128.
const std::size_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 23, 24, 25, 61, 131};

TEST(Dense, ProductIsThatOfThePlainLoop) {
  for (const std::size_t rows : sizes)
    for (const std::size_t depth : sizes)
      for (const std::size_t columns : sizes) {
        const Dense a = random(rows, depth, rows), b = random(depth, columns, columns + 1000);
        ASSERT_LT(largest(a * b - naive_product(a, b)), 1e-13) << rows << ' ' << depth << ' ' << columns;
      }
}

TEST(Dense, SolveLeavesNoRemainder) {
  for (const std::size_t size : sizes)
    for (const std::size_t columns : sizes) {
      const Dense matrix = random(size, size, size), right = random(size, columns, columns + 1000);
      const Dense found = solve(matrix, right);
      ASSERT_LT(largest(naive_product(matrix, found) - right), 1e-13 * (1 + largest(found)) * std::sqrt(size))
          << size << ' ' << columns;
      const Dense left = transposed(right);
      ASSERT_LT(largest(naive_product(over(left, matrix), matrix) - left),
                1e-13 * (1 + largest(found)) * std::sqrt(size));
    }
}

TEST(Dense, SolveExchangesRowsWhereTheDiagonalIsZero) {
  const Dense matrix{{0, 0, 1}, {2, 0, 0}, {0, 4, 0}};
  EXPECT_EQ(solve(matrix, Dense{{3}, {2}, {8}}), (Dense{{1}, {2}, {3}}));
}

TEST(Dense, NothingOfNothing) {
  const Dense none(0, 0), row(1, 0), column(0, 1);
  EXPECT_EQ(inverse(none), none);
  EXPECT_EQ(row * column, Dense(1, 1));
  EXPECT_EQ((column * row).size(), 0U);
  EXPECT_EQ(largest(none), 0);
}

}  // namespace
