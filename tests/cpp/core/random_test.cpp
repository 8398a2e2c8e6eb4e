#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/core/simd.hpp>

#include "golden.hpp"

namespace {

using qsm::Stream;

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

/// Runs the rest of a test at each level of this machine, the scalar one first.
template <class Call>
void at_each_level(Call call) {
  const qsm::SimdLevel before = qsm::simd_level();
  for (const auto level : {qsm::SimdLevel::scalar, qsm::SimdLevel::avx2, qsm::SimdLevel::avx512}) {
    if (level > qsm::simd_level_of_machine()) break;
    SCOPED_TRACE(std::string(qsm::simd_name(level)));
    qsm::force_simd_level(level);
    call();
  }
  qsm::force_simd_level(before);
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
    for (const std::uint64_t first : {0, 1, 2, 7, 31, 33, 511, 513})
      for (const std::size_t count : {0, 1, 2, 3, 4, 15, 16, 17, 33, 512, 1025}) {
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
  qsm::force_simd_level(qsm::SimdLevel::scalar);
  const auto expected = bits(stream, 12345, 1'100'001);
  at_each_level([&] { EXPECT_EQ(bits(stream, 12345, expected.size()), expected); });
  qsm::force_simd_level(qsm::simd_level_of_machine());
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

}  // namespace
