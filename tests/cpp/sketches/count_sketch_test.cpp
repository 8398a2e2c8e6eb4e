#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/sketches/count_sketch.hpp>
#include <qsm/sketches/testing.hpp>

namespace {

using qsm::sketches::CountSketch;
using qsm::sketches::HashFunction;

static_assert(qsm::sketches::FrequencySketch<CountSketch>);

/// Items of which few come often: about c / k times item k.
std::vector<std::uint64_t> skewed(std::size_t number) {
  std::vector<double> uniforms(number);
  qsm::Stream(5).uniforms(0, uniforms);
  std::vector<std::uint64_t> items(number);
  for (std::size_t i = 0; i < number; ++i) items[i] = static_cast<std::uint64_t>(std::pow(1e4, uniforms[i]));
  return items;
}

std::map<std::uint64_t, double> exact(const std::vector<std::uint64_t>& items) {
  std::map<std::uint64_t, double> truth;
  for (const auto item : items) ++truth[item];
  return truth;
}

TEST(count_sketch, is_a_sketch) {
  EXPECT_EQ(qsm::sketches::check_sketch(CountSketch()), std::vector<std::string>());
  EXPECT_EQ(qsm::sketches::check_sketch(CountSketch(13, 1, {HashFunction::murmur3, 4})), std::vector<std::string>());
}

TEST(count_sketch, keeps_its_interval) {
  const auto items = skewed(50'000);
  const auto truth = exact(items);
  for (const int rows : {1, 3, 5, 9}) {
    double kept = 0, inside = 0, asked = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      CountSketch sketch(256, rows, {HashFunction::xxh3, seed});
      sketch.add(items);
      EXPECT_EQ(sketch.total(), items.size());
      for (const auto& [item, number] : truth) {
        if (number < 5) continue;
        const auto count = sketch.count(item);
        kept += count.low <= number && number <= count.high;
        inside += std::abs(count.value - number) <= sketch.error() / 20;
        ++asked;
      }
    }
    EXPECT_GE(kept / asked, 0.95) << rows;
    EXPECT_LE(inside / asked, 0.95) << rows;  // the interval is not idly wide
  }
}

TEST(count_sketch, has_no_bias_and_knows_the_squares) {
  const auto items = skewed(20'000);
  const auto truth = exact(items);
  double square = 0;
  for (const auto& [item, number] : truth) square += number * number;
  constexpr std::uint64_t trials = 400;
  double bias = 0, squared = 0, squares = 0;
  for (std::uint64_t seed = 0; seed < trials; ++seed) {
    CountSketch sketch(128, 5, {HashFunction::xxh3, seed});
    sketch.add(items);
    const double error = sketch.count(std::uint64_t{40}).value - truth.at(40);
    bias += error;
    squared += error * error;
    squares += sketch.squares();
  }
  EXPECT_LT(std::abs(bias / trials), 4 * std::sqrt(squared) / trials);
  EXPECT_NEAR(squares / trials / square, 1, 0.05);
  // A median of five rows errs less than one row, whose variance is known.
  EXPECT_LT(squared / trials, square / 128);
}

TEST(count_sketch, takes_counts_off_again) {
  CountSketch one, other;
  one.add_hash(7, 1000);
  other.add_hash(7, 1);
  one.add_hash(7, -999);
  for (int i = 0; i < 1998; ++i) other.add_hash(9, i % 2 == 0 ? 1 : -1);
  EXPECT_EQ(one, other);
  EXPECT_EQ(one.count_hash(7).value, 1);
  EXPECT_EQ(one.total(), 1999u);
  EXPECT_EQ(CountSketch::decode(one.encode()), one);
  std::int64_t out[2];
  one.count_hashes(std::vector<std::uint64_t>{7, 8}, out);
  EXPECT_EQ(out[0], 1);
  one.reset();
  EXPECT_EQ(one, CountSketch());
  EXPECT_THROW(one.add_hash(1, std::numeric_limits<std::int64_t>::min()), std::domain_error);
}

TEST(count_sketch, refuses_what_makes_no_sense) {
  EXPECT_THROW(CountSketch(1), std::domain_error);
  EXPECT_THROW(CountSketch(10, 4), std::domain_error);
  EXPECT_THROW(CountSketch(10, 65), std::domain_error);
  CountSketch sketch(10, 3);
  EXPECT_THROW(sketch.merge(CountSketch(11, 3)), std::domain_error);
  EXPECT_THROW(sketch.merge(CountSketch(10, 5)), std::domain_error);
  EXPECT_THROW(sketch.merge(CountSketch(10, 3, {HashFunction::wyhash, 0})), std::domain_error);
}

}  // namespace
