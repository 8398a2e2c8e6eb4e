#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/core/simd.hpp>

#include "core/simd_levels.hpp"
#include "golden.hpp"

namespace {

using qsm::Stream;
using qsm_test::at_each_level;

std::uint64_t integer(const qsm_test::Row& row, const std::string& column, int base = 10) {
  return std::strtoull(row.text(column).c_str(), nullptr, base);
}

std::vector<std::uint64_t> bits(const Stream& stream, std::uint64_t first, std::size_t count) {
  std::vector<std::uint64_t> out(count);
  stream.bits(first, out);
  return out;
}

std::vector<double> uniforms(const Stream& stream, std::uint64_t first, std::size_t count) {
  std::vector<double> out(count);
  stream.uniforms(first, out);
  return out;
}

TEST(philox, gives_the_published_answers) {
  for (const auto& row : qsm_test::golden("core/philox.csv")) {
    const auto word = [&row](const std::string& column) { return static_cast<std::uint32_t>(integer(row, column)); };
    const auto result = qsm::detail::philox({word("counter0"), word("counter1"), word("counter2"), word("counter3")},
                                            {word("key0"), word("key1")});
    const std::array expected{word("result0"), word("result1"), word("result2"), word("result3")};
    EXPECT_EQ(result, expected) << row.where;
  }
}

TEST(stream, gives_the_golden_bits_and_uniforms) {
  for (const auto& row : qsm_test::golden("core/stream.csv"))
    at_each_level([&row] {
      Stream stream(integer(row, "seed"));
      if (!row.text("name").empty()) stream = stream.child(row.text("name"));
      if (!row.text("number").empty()) stream = stream.child(integer(row, "number"));
      const std::uint64_t position = integer(row, "position");
      EXPECT_EQ(bits(stream, position, 1)[0], integer(row, "bits", 16)) << row.where;
      EXPECT_EQ(uniforms(stream, position, 1)[0], std::strtod(row.text("uniform").c_str(), nullptr)) << row.where;
    });
}

TEST(stream, variate_depends_on_position_only_at_each_level) {
  const Stream stream(1);
  constexpr std::uint64_t far = 0xfffffff0;  // where the counter carries into its second word
  std::vector<std::uint64_t> whole(3000);
  for (std::size_t i = 0; i < whole.size(); ++i) stream.bits(2 * far + i, std::span(whole).subspan(i, 1));
  at_each_level([&] {
    for (const std::uint64_t first : {0u, 1u, 2u, 7u, 31u, 33u, 511u, 513u})
      for (const std::size_t count : {0u, 1u, 2u, 3u, 4u, 15u, 16u, 17u, 33u, 512u, 1025u}) {
        const auto part = bits(stream, 2 * far + first, count);
        const auto begin = whole.begin() + static_cast<std::ptrdiff_t>(first);
        EXPECT_TRUE(std::equal(part.begin(), part.end(), begin)) << first << ", " << count;
        const auto floats = uniforms(stream, 2 * far + first, count);
        const auto as_uniform = [](double u, std::uint64_t word) {
          return u == std::ldexp(static_cast<double>(word >> 12) + 0.5, -52);
        };
        EXPECT_TRUE(std::equal(floats.begin(), floats.end(), begin, as_uniform)) << first << ", " << count;
      }
  });
}

TEST(stream, a_million_bits_are_equal_at_each_level) {
  const Stream stream = Stream(2).child("levels");
  std::vector<std::uint64_t> expected;
  at_each_level([&] {
    const auto all = bits(stream, 12345, 1'100'001);
    if (expected.empty()) expected = all;
    EXPECT_EQ(all, expected);
  });
}

TEST(stream, children_differ_from_each_other_and_from_their_parent) {
  const Stream parent(1);
  EXPECT_EQ(parent, Stream(1));
  EXPECT_NE(parent, Stream(2));
  EXPECT_NE(parent.child(1), parent.child(2));
  EXPECT_NE(parent.child(1), parent);
  EXPECT_NE(parent.child(1).child(2), parent.child(2).child(1));
  EXPECT_NE(parent.child("a").child("b"), parent.child("b").child("a"));
  EXPECT_NE(parent.child("1"), parent.child(1));
}

/// Correlation of sums over rows, in standard errors.
double correlation_z(const std::vector<double>& x, const std::vector<double>& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - 0.5) * (y[i] - 0.5);
  return sum * 12 / std::sqrt(static_cast<double>(x.size()));
}

TEST(stream, close_seeds_and_sibling_streams_are_independent) {
  constexpr std::size_t count = 100'000;
  std::vector<std::vector<double>> columns;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    columns.push_back(uniforms(Stream(seed), 0, count));
    for (std::uint64_t id = 0; id < 4; ++id) columns.push_back(uniforms(Stream(seed).child(id), 0, count));
  }
  for (std::size_t a = 0; a < columns.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) EXPECT_LT(std::abs(correlation_z(columns[a], columns[b])), 4) << a << ", " << b;
  // The variance and the excess kurtosis of sums of three neighbours.
  for (std::size_t a = 0; a + 2 < columns.size(); ++a) {
    double square = 0;
    double fourth = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double sum = (columns[a][i] + columns[a + 1][i] + columns[a + 2][i] - 1.5) * 2;  // variance 1, kurtosis 2.6
      square += sum * sum;
      fourth += sum * sum * sum * sum;
    }
    EXPECT_LT(std::abs(square / count - 1) / std::sqrt(1.6 / count), 4) << a;
    EXPECT_LT(std::abs(fourth / count - 2.6) / std::sqrt(16.0 / count), 4) << a;
  }
}

TEST(stream, first_uniforms_of_many_streams_are_uniform) {
  constexpr std::uint64_t count = 65536;
  double sum = 0;
  double neighbours = 0;
  double previous = 0.5;
  std::vector<int> cells(256);
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    const double u = uniforms(Stream(seed), 0, 1)[0];
    sum += u - 0.5;
    neighbours += (u - 0.5) * (previous - 0.5);
    ++cells[static_cast<std::size_t>(u * 256)];
    previous = u;
  }
  EXPECT_LT(std::abs(sum) * std::sqrt(12.0 / count), 4);
  EXPECT_LT(std::abs(neighbours) * 12 / std::sqrt(1.0 * count), 4);
  double chi_square = 0;
  for (const int cell : cells) chi_square += (cell - 256.0) * (cell - 256.0) / 256;
  EXPECT_LT(std::abs(chi_square - 255) / std::sqrt(2 * 255.0), 4);
}

}  // namespace
