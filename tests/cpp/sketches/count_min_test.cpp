#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/sketches/count_min.hpp>
#include <qsm/sketches/testing.hpp>

namespace {

using qsm::sketches::CountMin;
using qsm::sketches::HashFunction;

static_assert(qsm::sketches::FrequencySketch<CountMin>);

/// Items of which few come often: about c / k times item k.
std::vector<std::uint64_t> skewed(std::size_t number, std::uint64_t seed) {
  std::vector<double> uniforms(number);
  qsm::Stream(seed).uniforms(0, uniforms);
  std::vector<std::uint64_t> items(number);
  for (std::size_t i = 0; i < number; ++i) items[i] = static_cast<std::uint64_t>(std::pow(1e5, uniforms[i]));
  return items;
}

TEST(count_min, is_a_sketch) {
  EXPECT_EQ(qsm::sketches::check_sketch(CountMin()), std::vector<std::string>());
  EXPECT_EQ(qsm::sketches::check_sketch(CountMin::of_size(13, 1, false, {HashFunction::murmur3, 4})),
            std::vector<std::string>());
  EXPECT_EQ(qsm::sketches::check_sketch(CountMin(0.01, 0.9, true), false), std::vector<std::string>());
}

TEST(count_min, is_sized_as_the_paper_says) {  // as DataSketches suggests: 2719 buckets, 5 hashes
  EXPECT_EQ(CountMin(0.001, 0.99).width(), 2719u);
  EXPECT_EQ(CountMin(0.001, 0.99).rows(), 5);
  EXPECT_LE(CountMin(0.001, 0.99).error(), 0.001);
  EXPECT_GE(CountMin(0.001, 0.99).confidence(), 0.99);
}

TEST(count_min, keeps_its_bounds_against_exact_counts) {
  const auto items = skewed(200'000, 1);
  std::map<std::uint64_t, double> truth;
  for (const auto item : items) ++truth[item];
  CountMin plain(0.002, 0.95), conservative(0.002, 0.95, true);
  plain.add(std::span<const std::uint64_t>(items));
  conservative.add(std::span<const std::uint64_t>(items));
  EXPECT_EQ(plain.total(), items.size());
  double outside = 0, excess = 0, conservative_excess = 0;
  for (const auto& [item, number] : truth) {
    const auto count = plain.count(item), fewer = conservative.count(item);
    ASSERT_GE(count.high, number);
    ASSERT_GE(fewer.high, number);
    ASSERT_LE(fewer.high, count.high);
    outside += count.low > number;
    excess += count.high - number;
    conservative_excess += fewer.high - number;
  }
  EXPECT_LE(outside / static_cast<double>(truth.size()), 0.05);
  EXPECT_LT(conservative_excess, 0.7 * excess);
  EXPECT_EQ(plain.count("never seen").low, 0);
  EXPECT_EQ(plain.count("x").method, "count-min, 95 %");
}

TEST(count_min, one_row_holds_the_others_as_well) {
  // Twin: with one row the excess of an item is what falls by chance into its counter, on average (total - own) / width.
  const auto items = skewed(50'000, 2);
  double excess = 0;
  constexpr int runs = 200;
  for (std::uint64_t seed = 0; seed < runs; ++seed) {
    auto sketch = CountMin::of_size(100, 1, false, {HashFunction::xxh3, seed});
    sketch.add(std::span<const std::uint64_t>(items));
    excess += sketch.count(std::uint64_t{1} << 50).value / runs;
  }
  EXPECT_NEAR(excess, 500, 4 * 1000 / std::sqrt(runs));
}

TEST(count_min, counts_weights) {
  CountMin one, other;
  one.add_hash(7, 1000);
  for (int i = 0; i < 1000; ++i) other.add_hash(7);
  EXPECT_EQ(one, other);
  EXPECT_THROW(one.add_hash(1, ~std::uint64_t{0}), std::domain_error);
  one.reset();
  EXPECT_EQ(one, CountMin());
}

TEST(count_min, widens_its_counters_when_they_could_overflow) {
  for (const bool conservative : {false, true}) {
    auto sketch = CountMin::of_size(100, 3, conservative), other = sketch;
    sketch.add_hash(7, 0xffffffff);
    other.add_hash(7, 0xffff0000);
    const std::size_t narrow = sketch.bytes_used();
    const auto before = sketch;
    sketch.add_hashes(std::vector<std::uint64_t>(10, 7));
    EXPECT_EQ(sketch.count_hash(7).value, 0xffffffff + 10.0);
    EXPECT_EQ(sketch.bytes_used(), 2 * narrow);
    EXPECT_EQ(CountMin::decode(sketch.encode()), sketch);
    EXPECT_NE(sketch, before);
    sketch.merge(other);
    other.merge(before);
    EXPECT_EQ(sketch.count_hash(7).value, 0xffffffff + 10.0 + 0xffff0000);
    EXPECT_EQ(other.count_hash(7).value, 0xffffffff + 0.0 + 0xffff0000);
  }
}

TEST(count_min, refuses_what_makes_no_sense) {
  EXPECT_THROW(CountMin(0), std::domain_error);
  EXPECT_THROW(CountMin(0.1, 1), std::domain_error);
  EXPECT_THROW(CountMin::of_size(0, 3), std::domain_error);
  EXPECT_THROW(CountMin::of_size(10, 65), std::domain_error);
  CountMin sketch;
  EXPECT_THROW(sketch.merge(CountMin(0.01)), std::domain_error);
  EXPECT_THROW(sketch.merge(CountMin(0.001, 0.9)), std::domain_error);
  EXPECT_THROW(sketch.merge(CountMin(0.001, 0.99, true)), std::domain_error);
  EXPECT_THROW(sketch.merge(CountMin(0.001, 0.99, false, {HashFunction::wyhash, 0})), std::domain_error);
}

}  // namespace
