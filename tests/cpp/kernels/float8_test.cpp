// Products of 8-bit floats beside their definition in double precision.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/kernels/float8.hpp>

namespace {

using namespace qsm::kernels;

std::vector<float> numbers(std::size_t count, std::uint64_t seed) {
  std::vector<double> uniforms(count);
  qsm::Stream(seed).uniforms(0, uniforms);
  std::vector<float> all(count);
  for (std::size_t i = 0; i < count; ++i)
    all[i] = static_cast<float>((2 * uniforms[i] - 1) * static_cast<double>(1 + i % 300));
  return all;
}

constexpr std::size_t m = 7, k = 300, n = 150;

double value_of(Dtype dtype, std::uint8_t bits) {
  float8_e4m3 fine;
  float8_e5m2 wide;
  fine.bits = wide.bits = bits;
  return static_cast<double>(dtype == Dtype::float8_e4m3 ? static_cast<float>(fine) : static_cast<float>(wide));
}

/// Which scale a number has, written down anew: by what there is of them.
double scale_of_x(const std::vector<float>& scales, std::size_t row, std::size_t column) {
  if (scales.size() == 1) return static_cast<double>(scales[0]);
  return static_cast<double>(scales.size() == m ? scales[row] : scales[row * 3 + column / 128]);
}
double scale_of_w(const std::vector<float>& scales, std::size_t row, std::size_t column) {
  if (scales.size() == 1) return static_cast<double>(scales[0]);
  return static_cast<double>(scales.size() == n ? scales[column] : scales[row / 128 * 2 + column / 128]);
}

TEST(Float8, ProductsAreTheirDefinition) {
  const auto x = numbers(m * k, 1), w = numbers(k * n, 2);
  const ConstMatrix left(x.data(), m, k), right(w.data(), k, n);
  const std::size_t x_counts[] = {1, m, m * 3}, w_counts[] = {1, n, 3 * 2};
  for (const Dtype dtype : {Dtype::float8_e4m3, Dtype::float8_e5m2})
    for (const int kind : {0, 1, 2}) {
      const auto scales = static_cast<Float8Scales>(kind);
      const Float8Matrix short_x = to_float8(left, dtype, scales), short_w = weights_to_float8(right, dtype, scales);
      ASSERT_EQ(short_x.scales.size(), x_counts[kind]);
      ASSERT_EQ(short_w.scales.size(), w_counts[kind]);
      std::vector<float> y(m * n);
      gemm_float8({short_x.bytes.data(), dtype, m, k, static_cast<std::ptrdiff_t>(k)},
                  {short_w.bytes.data(), dtype, k, n, static_cast<std::ptrdiff_t>(n)}, MutableMatrix(y.data(), m, n),
                  short_x.scales, short_w.scales);
      const double step = dtype == Dtype::float8_e4m3 ? 1.0 / 16 : 1.0 / 8;  // half a unit in the last place
      for (std::size_t r = 0; r < m; ++r)
        for (std::size_t c = 0; c < n; ++c) {
          double truth = 0, exact = 0, size = 0;
          for (std::size_t i = 0; i < k; ++i) {
            const double one = value_of(dtype, short_x.bytes[r * k + i]) * scale_of_x(short_x.scales, r, i);
            const double other = value_of(dtype, short_w.bytes[i * n + c]) * scale_of_w(short_w.scales, i, c);
            const double whole = static_cast<double>(x[r * k + i]) * static_cast<double>(w[i * n + c]);
            truth += one * other;
            exact += whole;
            size += std::abs(whole);
          }
          EXPECT_NEAR(static_cast<double>(y[r * n + c]), truth, 1e-5 * size);
          EXPECT_NEAR(static_cast<double>(y[r * n + c]), exact, (2 * step + step * step + 1e-3) * size);
        }
      // The largest number that shares a scale is the largest there is.
      const auto most = *std::max_element(short_x.bytes.begin(), short_x.bytes.end(), [&](auto a, auto b) {
        return std::abs(value_of(dtype, a)) < std::abs(value_of(dtype, b));
      });
      EXPECT_EQ(std::abs(value_of(dtype, most)), dtype == Dtype::float8_e4m3 ? 448 : 57344);
    }
}

/// One number far larger than all others costs the others their digits only where they share its scale.
TEST(Float8, BlocksKeepAnOutlierToThemselves) {
  auto x = numbers(m * k, 3);
  for (float& one : x) one = std::fmod(one, 1.0f);
  x[5] = 1e6f;
  const ConstMatrix left(x.data(), m, k);
  double before = INFINITY;
  for (const Float8Scales scales : {Float8Scales::tensor, Float8Scales::row, Float8Scales::block}) {
    const Float8Matrix made = to_float8(left, Dtype::float8_e4m3, scales);
    double error = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double off = value_of(Dtype::float8_e4m3, made.bytes[i]) * scale_of_x(made.scales, i / k, i % k) -
                         static_cast<double>(x[i]);
      if (i != 5) error += off * off;
    }
    EXPECT_LT(error, before / 2);
    before = error;
  }
}

TEST(Float8, RefusesWhatDoesNotFit) {
  auto x = numbers(m * k, 4);
  const ConstMatrix left(x.data(), m, k);
  const Float8Matrix made = to_float8(left);
  std::vector<float> y(m * m);
  const ConstMatrix bytes(made.bytes.data(), Dtype::float8_e4m3, m, k, static_cast<std::ptrdiff_t>(k));
  const MutableMatrix to(y.data(), m, m);
  EXPECT_NO_THROW(gemm_float8(bytes, bytes.transposed(), to, made.scales, made.scales));
  const std::vector<float> two(2, 1.0f);
  EXPECT_THROW(gemm_float8(bytes, bytes.transposed(), to, two, made.scales), std::invalid_argument);
  EXPECT_THROW(gemm_float8(left, bytes.transposed(), to, made.scales, made.scales), std::invalid_argument);
  EXPECT_THROW(gemm_float8(bytes, bytes, to, made.scales, made.scales), std::invalid_argument);
  EXPECT_THROW(to_float8(left, Dtype::int8), std::invalid_argument);
  EXPECT_THROW(to_float8(bytes), std::invalid_argument);
  x[3] = NAN;
  EXPECT_THROW(to_float8(left), std::invalid_argument);
}

}  // namespace
