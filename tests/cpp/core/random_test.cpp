#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>

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
  for (const auto& row : qsm_test::golden("core/stream.csv")) {
    Stream stream(integer(row, "seed"));
    if (!row.text("name").empty()) stream = stream.child(row.text("name"));
    if (!row.text("number").empty()) stream = stream.child(integer(row, "number"));
    const std::uint64_t position = integer(row, "position");
    EXPECT_EQ(bits(stream, position, 1)[0], integer(row, "bits", 16)) << row.where;
    EXPECT_EQ(uniforms(stream, position, 1)[0], std::strtod(row.text("uniform").c_str(), nullptr)) << row.where;
  }
}

TEST(stream, variate_depends_on_position_only) {
  const Stream stream(1);
  const auto whole = bits(stream, 0, 3000);
  for (const std::uint64_t first : {0, 1, 2, 7, 31, 33, 511, 513})
    for (const std::size_t count : {1, 2, 3, 15, 16, 17, 33, 512, 1025}) {
      const auto part = bits(stream, first, count);
      EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + static_cast<std::ptrdiff_t>(first)))
          << first << ", " << count;
    }
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
