// Products beside a reference in double precision, at every level of vector instructions.
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/kernels/gemm.hpp>

#include "core/simd_levels.hpp"

namespace {

using namespace qsm::kernels;
using qsm_test::at_each_level;

/// Numbers in [-1, 1) that the Dtype holds exactly.
template <class Number>
std::vector<Number> numbers(std::size_t count, std::uint64_t seed) {
  std::vector<double> uniforms(count);
  qsm::Stream(seed).uniforms(0, uniforms);
  std::vector<Number> all(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto& number = all[i];
    const double uniform = uniforms[i];
    if constexpr (std::is_integral_v<Number>)
      number = static_cast<Number>(std::floor(uniform * 256) - 128);
    else
      number = Number(static_cast<float>(2 * uniform - 1));
  }
  return all;
}

template <class X, class W>
std::vector<double> product(const std::vector<X>& x, const std::vector<W>& w, std::size_t m, std::size_t k,
                            std::size_t n, std::vector<double>* sizes = nullptr) {
  std::vector<double> y(m * n);
  if (sizes) sizes->assign(m * n, 0);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t l = 0; l < k; ++l)
      for (std::size_t j = 0; j < n; ++j) {
        const double term = static_cast<double>(x[i * k + l]) * static_cast<double>(w[l * n + j]);
        y[i * n + j] += term;
        if (sizes) (*sizes)[i * n + j] += std::abs(term);
      }
  return y;
}

struct Shape {
  std::size_t m, k, n;
};
// Every rest of rows, words and columns; more than one block each way.
const Shape shapes[] = {{1, 1, 1},     {2, 3, 5},     {3, 8, 48},   {7, 64, 47},   {8, 65, 49},   {9, 127, 96},
                        {5, 300, 100}, {33, 513, 50}, {1, 1030, 3}, {257, 40, 49}, {300, 264, 97}};

template <class X, class W>
void expect_near_reference(double tolerance) {
  for (const auto& [m, k, n] : shapes) {
    SCOPED_TRACE(std::to_string(m) + " x " + std::to_string(k) + " x " + std::to_string(n));
    const auto x = numbers<X>(m * k, 1);
    const auto w = numbers<W>(k * n, 2);
    std::vector<double> sizes;
    const auto truth = product(x, w, m, k, n, &sizes);
    std::vector<float> y(m * n, NAN);
    gemm(ConstMatrix(x.data(), m, k), ConstMatrix(w.data(), k, n), MutableMatrix(y.data(), m, n));
    for (std::size_t i = 0; i < m * n; ++i)
      ASSERT_NEAR(static_cast<double>(y[i]), truth[i], tolerance * sizes[i] + 1e-30) << "number " << i;
  }
}

TEST(Gemm, IsTheProductOfFloatingNumbers) {
  at_each_level([] {
    // A sum of K terms is off by at most K roundings; in practice by the root of that.
    expect_near_reference<float, float>(2e-6);
    expect_near_reference<bfloat16, bfloat16>(2e-6);
    expect_near_reference<float16, float16>(2e-6);
    expect_near_reference<float, bfloat16>(2e-6);
    expect_near_reference<bfloat16, float>(2e-6);
    expect_near_reference<float16, bfloat16>(2e-6);
    expect_near_reference<float, float16>(2e-6);
    expect_near_reference<float, std::int8_t>(2e-6);
    expect_near_reference<bfloat16, std::int8_t>(2e-6);
  });
}

TEST(Gemm, IsExactForIntegers) {
  at_each_level([] {
    for (const auto& [m, k, n] : shapes) {
      const auto x = numbers<std::int8_t>(m * k, 3);
      const auto w = numbers<std::int8_t>(k * n, 4);
      const auto truth = product(x, w, m, k, n);
      std::vector<std::int32_t> y(m * n);
      gemm(ConstMatrix(x.data(), m, k), ConstMatrix(w.data(), k, n), MutableMatrix(y.data(), m, n));
      for (std::size_t i = 0; i < m * n; ++i)
        ASSERT_EQ(static_cast<double>(y[i]), truth[i]) << m << " " << k << " " << n;
    }
    // The largest sums there are.
    const std::vector<std::int8_t> x(131072, -128), w(131072, -128);
    std::int32_t y = 0;
    gemm(ConstMatrix(x.data(), 1, 131071), ConstMatrix(w.data(), 131071, 1), MutableMatrix(&y, 1, 1));
    EXPECT_EQ(y, 16384 * 131071);
  });
}

TEST(Gemm, TakesAnyStrides) {
  const std::size_t m = 10, k = 66, n = 51;
  const auto x = numbers<float>(m * k, 5);
  const auto w = numbers<float>(k * n, 6);
  std::vector<float> y(m * n), again(m * n);
  gemm(ConstMatrix(x.data(), m, k), ConstMatrix(w.data(), k, n), MutableMatrix(y.data(), m, n));
  std::vector<float> x_turned(m * k), w_turned(k * n);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t l = 0; l < k; ++l) x_turned[l * m + i] = x[i * k + l];
  for (std::size_t l = 0; l < k; ++l)
    for (std::size_t j = 0; j < n; ++j) w_turned[j * k + l] = w[l * n + j];
  gemm(ConstMatrix(x_turned.data(), k, m).transposed(), ConstMatrix(w_turned.data(), n, k).transposed(),
       MutableMatrix(again.data(), m, n));
  EXPECT_EQ(y, again);
  std::vector<float> y_turned(m * n);
  gemm(ConstMatrix(x.data(), m, k), ConstMatrix(w.data(), k, n),
       MutableMatrix(y_turned.data(), Dtype::float32, m, n, 1, static_cast<std::ptrdiff_t>(m)));
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < n; ++j) EXPECT_EQ(y_turned[j * m + i], y[i * n + j]);
  // Rows from last to first.
  std::vector<float> backwards(m * n);
  gemm(ConstMatrix(x.data() + (m - 1) * k, Dtype::float32, m, k, -static_cast<std::ptrdiff_t>(k)),
       ConstMatrix(w.data(), k, n), MutableMatrix(backwards.data(), m, n));
  for (std::size_t j = 0; j < n; ++j) EXPECT_EQ(backwards[j], y[(m - 1) * n + j]);
}

TEST(Gemm, GivesARowTheSameBitsInEveryBatch) {
  at_each_level([] {
    const std::size_t m = 290, k = 600, n = 100;
    const auto x = numbers<float>(m * k, 7);
    const auto w = numbers<bfloat16>(k * n, 8);
    const PackedMatrix packed{ConstMatrix(w.data(), k, n)};
    std::vector<float> all(m * n), alone(n), two_threads(m * n);
    gemm(ConstMatrix(x.data(), m, k), packed, MutableMatrix(all.data(), m, n), {.threads = 1});
    gemm(ConstMatrix(x.data(), m, k), packed, MutableMatrix(two_threads.data(), m, n), {.threads = 2});
    EXPECT_EQ(all, two_threads);
    for (const std::size_t row : {0, 7, 8, 255, 256, 289}) {
      gemm(ConstMatrix(x.data() + row * k, 1, k), packed, MutableMatrix(alone.data(), 1, n));
      for (std::size_t j = 0; j < n; ++j) ASSERT_EQ(alone[j], all[row * n + j]) << row;
    }
  });
}

struct Fours {
  std::vector<std::int8_t> values;
  std::vector<float> scales, zeros, dense;
};

Fours fours(std::size_t k, std::size_t n, std::size_t group, bool zeros) {
  const std::size_t rows = group == 0 ? k : group, groups = (k + rows - 1) / rows;
  Fours all{std::vector<std::int8_t>(k * n), std::vector<float>(groups * n), std::vector<float>(groups * n, 8),
            std::vector<float>(k * n)};
  all.values = numbers<std::int8_t>(k * n, 9);
  for (auto& value : all.values) value &= 15;
  all.scales = numbers<float>(groups * n, 21);
  if (zeros) all.zeros = numbers<float>(groups * n, 22);
  for (auto& zero : all.zeros)
    if (zeros) zero = 8 + 7 * zero;
  for (std::size_t l = 0; l < k; ++l)
    for (std::size_t j = 0; j < n; ++j) {
      const std::size_t at = l / rows * n + j;
      all.dense[l * n + j] = all.scales[at] * (static_cast<float>(all.values[l * n + j]) - all.zeros[at]);
    }
  return all;
}

TEST(Gemm, MultipliesFours) {
  at_each_level([] {
    for (const auto& [m, k, n] : shapes)
      for (const std::size_t group : {0, 8, 32, 128, 264})
        for (const bool zeros : {false, true}) {
          SCOPED_TRACE(std::to_string(m) + " x " + std::to_string(k) + " x " + std::to_string(n) + " by " +
                       std::to_string(group) + (zeros ? " with zeros" : ""));
          const Fours w = fours(k, n, group, zeros);
          const std::size_t groups = w.scales.size() / n;
          const auto packed =
              PackedMatrix::of_int4(ConstMatrix(w.values.data(), k, n), ConstMatrix(w.scales.data(), groups, n),
                                    ConstMatrix(w.zeros.data(), groups, n), group);
          std::vector<std::int8_t> back(k * n);
          packed.unpack(MutableMatrix(back.data(), k, n));
          ASSERT_EQ(back, w.values);
          ASSERT_EQ(packed.scales(), w.scales);
          ASSERT_EQ(packed.has_zeros(), zeros);
          std::vector<float> dense(k * n), y(m * n);
          packed.to_dense(MutableMatrix(dense.data(), k, n));
          ASSERT_EQ(dense, w.dense);
          const auto check = [&](const auto& x, double tolerance, const GemmOptions& options) {
            std::vector<double> sizes;
            const auto truth = product(x, w.dense, m, k, n, &sizes);
            gemm(ConstMatrix(x.data(), m, k), packed, MutableMatrix(y.data(), m, n), options);
            for (std::size_t i = 0; i < m * n; ++i)
              ASSERT_NEAR(static_cast<double>(y[i]), truth[i], tolerance * sizes[i] + 1e-6);
          };
          check(numbers<float>(m * k, 10), 4e-6, {});
          check(numbers<bfloat16>(m * k, 10), 4e-6, {});
          const auto whole = numbers<std::int8_t>(m * k, 11);
          check(whole, 4e-6, {});
          // Rounding a row to 8 bits moves each number by at most 1/254 of the largest.
          check(numbers<float>(m * k, 10), 0.1, {.quantize_rows = true});
        }
  });
}

TEST(Gemm, GivesARowOfFoursTheSameBitsInEveryBatch) {
  at_each_level([] {
    const std::size_t m = 70, k = 1200, n = 50;
    for (const std::size_t group : {0, 8, 128, 264, 600})
      for (const bool zeros : {false, true}) {
        const Fours w = fours(k, n, group, zeros);
        const std::size_t groups = w.scales.size() / n;
        const auto packed =
            PackedMatrix::of_int4(ConstMatrix(w.values.data(), k, n), ConstMatrix(w.scales.data(), groups, n),
                                  ConstMatrix(w.zeros.data(), groups, n), group);
        const auto check = [&](const auto& x, const GemmOptions& options) {
          std::vector<float> all(m * n), alone(n);
          gemm(ConstMatrix(x.data(), m, k), packed, MutableMatrix(all.data(), m, n), options);
          for (const std::size_t row : {0, 31, 69}) {
            gemm(ConstMatrix(x.data() + row * k, 1, k), packed, MutableMatrix(alone.data(), 1, n), options);
            for (std::size_t j = 0; j < n; ++j) ASSERT_EQ(alone[j], all[row * n + j]) << group << " " << row;
          }
        };
        check(numbers<float>(m * k, 23), {});
        check(numbers<bfloat16>(m * k, 23), {});
        check(numbers<float>(m * k, 23), {.quantize_rows = true});
      }
  });
}

TEST(Gemm, RoundsRowsToIntegers) {
  at_each_level([] {
    const std::size_t m = 9, k = 300, n = 50;
    const auto x = numbers<float>(m * k, 12);
    const auto w = numbers<std::int8_t>(k * n, 13);
    std::vector<float> scales(3 * n);
    for (std::size_t i = 0; i < scales.size(); ++i) scales[i] = 0.001f * static_cast<float>(1 + i % 7);
    const auto packed = PackedMatrix::of_int8(ConstMatrix(w.data(), k, n), ConstMatrix(scales.data(), 3, n), 104);
    std::vector<float> y(m * n);
    gemm(ConstMatrix(x.data(), m, k), packed, MutableMatrix(y.data(), m, n), {.quantize_rows = true});
    for (std::size_t i = 0; i < m; ++i) {
      float largest = 0;
      for (std::size_t l = 0; l < k; ++l) largest = std::max(largest, std::abs(x[i * k + l]));
      for (std::size_t j = 0; j < n; ++j) {
        double truth = 0;
        for (std::size_t l = 0; l < k; ++l)
          truth += std::nearbyint(x[i * k + l] * (127 / largest)) * w[l * n + j] *
                   static_cast<double>(scales[l / 104 * n + j]);
        truth *= static_cast<double>(largest / 127);
        ASSERT_NEAR(static_cast<double>(y[i * n + j]), truth, 1e-5 * (1 + std::abs(truth)));
      }
    }
  });
}

TEST(Gemm, AppliesWhatFollows) {
  const std::size_t m = 5, k = 20, n = 50;
  const auto x = numbers<float>(m * k, 14), gate = numbers<float>(m * n, 16), bias = numbers<float>(n, 17);
  const auto w = numbers<float>(k * n, 15);
  const auto residual = numbers<bfloat16>(m * n, 18);
  const auto truth = product(x, w, m, k, n);
  for (const auto activation : {Activation::none, Activation::relu, Activation::silu, Activation::gelu}) {
    std::vector<float> y(m * n);
    std::vector<bfloat16> shorter(m * n);
    const GemmOptions options{.bias = bias,
                              .activation = activation,
                              .gate = ConstMatrix(gate.data(), m, n),
                              .residual = ConstMatrix(residual.data(), m, n)};
    gemm(ConstMatrix(x.data(), m, k), ConstMatrix(w.data(), k, n), MutableMatrix(y.data(), m, n), options);
    gemm(ConstMatrix(x.data(), m, k), ConstMatrix(w.data(), k, n), MutableMatrix(shorter.data(), m, n), options);
    for (std::size_t i = 0; i < m * n; ++i) {
      double value = truth[i] + static_cast<double>(bias[i % n]);
      if (activation == Activation::relu) value = std::max(0.0, value);
      if (activation == Activation::silu) value /= 1 + std::exp(-value);
      if (activation == Activation::gelu) value *= 0.5 * std::erfc(-value / std::sqrt(2.0));
      value = value * static_cast<double>(gate[i]) + static_cast<double>(residual[i]);
      ASSERT_NEAR(static_cast<double>(y[i]), value, 1e-5);
      ASSERT_EQ(static_cast<float>(shorter[i]), static_cast<float>(bfloat16(y[i])));
    }
  }
}

TEST(Gemm, PacksEveryFormatExactly) {
  const std::size_t k = 37, n = 101;
  const auto floats = numbers<float>(k * n, 19);
  std::vector<float> back(k * n);
  PackedMatrix(ConstMatrix(floats.data(), k, n)).unpack(MutableMatrix(back.data(), k, n));
  EXPECT_EQ(back, floats);
  const auto bytes = numbers<std::int8_t>(k * n, 20);
  std::vector<std::int8_t> bytes_back(k * n);
  PackedMatrix(ConstMatrix(bytes.data(), k, n)).unpack(MutableMatrix(bytes_back.data(), k, n));
  EXPECT_EQ(bytes_back, bytes);
  std::vector<bfloat16> shorts(k * n), shorts_back(k * n);  // every bit pattern, NaN included
  for (std::size_t i = 0; i < k * n; ++i) shorts[i].bits = static_cast<std::uint16_t>(i * 17);
  PackedMatrix(ConstMatrix(shorts.data(), k, n)).unpack(MutableMatrix(shorts_back.data(), k, n));
  for (std::size_t i = 0; i < k * n; ++i) EXPECT_EQ(shorts_back[i].bits, shorts[i].bits);
}

std::string message(auto call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(Gemm, RefusesWhatDoesNotFit) {
  std::vector<float> numbers_of(100);
  std::vector<std::int8_t> bytes(100, 3);
  std::vector<std::int32_t> whole(100);
  const ConstMatrix x(numbers_of.data(), 2, 3), w(numbers_of.data(), 4, 5);
  const MutableMatrix y(numbers_of.data(), 2, 5);
  EXPECT_EQ(message([&] { gemm(x, w, y); }),
            "gemm: x is 2 x 3 and w is 4 x 5: x must have as many columns as w has rows");
  EXPECT_EQ(message([&] { gemm(ConstMatrix(numbers_of.data(), 2, 4), w, MutableMatrix(numbers_of.data(), 5, 2)); }),
            "gemm: y must be 2 x 5, got 5 x 2");
  EXPECT_EQ(message([&] { gemm(ConstMatrix(bytes.data(), 2, 4), w, y); }),
            "gemm: x must be float32, bfloat16 or float16 for this w, got int8");
  EXPECT_EQ(message([&] { gemm(ConstMatrix(bytes.data(), 2, 4), ConstMatrix(bytes.data(), 4, 5), y); }),
            "gemm: y must be int32 where x and w are int8 without scales, got float32");
  EXPECT_EQ(
      message([&] { gemm(ConstMatrix(numbers_of.data(), 2, 4), w, y, {.bias = std::span(numbers_of).first(4)}); }),
      "gemm: bias must have 5 numbers, got 4");
  EXPECT_EQ(message([&] { gemm(ConstMatrix(numbers_of.data(), 2, 4), w, y, {.quantize_rows = true}); }),
            "gemm: quantize_rows needs a w of integers");
  EXPECT_EQ(message([&] { PackedMatrix(ConstMatrix(whole.data(), 2, 4)); }),
            "PackedMatrix: matrix must be float32, bfloat16, float16 or int8, got int32");
  EXPECT_EQ(message([&] { PackedMatrix(ConstMatrix(numbers_of.data(), 0, 4)); }),
            "PackedMatrix: must have rows and columns, got 0 x 4");
  EXPECT_EQ(message([&] {
              PackedMatrix::of_int4(ConstMatrix(bytes.data(), 16, 4), ConstMatrix(numbers_of.data(), 1, 4), {}, 8);
            }),
            "PackedMatrix.of_int4: scales must be 2 x 4, got 1 x 4");
  EXPECT_EQ(message([&] {
              PackedMatrix::of_int4(ConstMatrix(bytes.data(), 16, 4), ConstMatrix(numbers_of.data(), 1, 4), {}, 12);
            }),
            "PackedMatrix.of_int4: group must be a multiple of 8, or 0 for all rows, got 12");
  bytes[5] = 16;
  EXPECT_EQ(
      message([&] { PackedMatrix::of_int4(ConstMatrix(bytes.data(), 8, 4), ConstMatrix(numbers_of.data(), 1, 4)); }),
      "PackedMatrix.of_int4: values must be in [0, 15], got 16 in row 1, column 1");
  gemm(ConstMatrix(numbers_of.data(), 0, 4), w, MutableMatrix(numbers_of.data(), 0, 5));  // no rows: nothing to do
}

}  // namespace
