#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/sketches/kll_sketch.hpp>
#include <qsm/sketches/testing.hpp>

#include "bytes.hpp"
#include "golden.hpp"

namespace {

using qsm::MalformedBytes;
using qsm::sketches::DataSketchesItems;
using qsm::sketches::KllSketch;
using Numbers = std::vector<double>;

static_assert(qsm::sketches::QuantileSketch<KllSketch>);

/// The values of the golden rows.
Numbers golden_values(double n) {
  Numbers values;
  for (double i = 1; i <= n; ++i) {
    const double part = i * 0.6180339887498949;
    values.push_back(std::nearbyint(8 * ((part - std::floor(part)) * 1000 - 200)) / 8);
  }
  return values;
}

Numbers uniforms(std::size_t size, std::uint64_t seed) {
  Numbers numbers(size);
  qsm::Stream(seed).uniforms(0, numbers);
  return numbers;
}

TEST(kll_sketch, is_a_sketch) {
  EXPECT_EQ(check_quantile_sketch(KllSketch(), false), std::vector<std::string>());
  EXPECT_EQ(check_quantile_sketch(KllSketch(8), false, 100'000), std::vector<std::string>());
  EXPECT_EQ(check_quantile_sketch(KllSketch(1000), false, 700), std::vector<std::string>());
}

TEST(kll_sketch, reads_what_datasketches_wrote) {
  const char* percents[] = {"1", "25", "50", "75", "99"};
  const char* places[] = {"-200", "0", "333.25"};
  for (const auto& row : qsm_test::golden("sketches/kll_datasketches.csv")) {
    SCOPED_TRACE(row.where);
    const auto items = row.text("items") == "floats" ? DataSketchesItems::floats : DataSketchesItems::doubles;
    const auto bytes = qsm_test::bytes_of(row.text("bytes"));
    const auto sketch = KllSketch::from_datasketches(bytes, items);
    EXPECT_EQ(static_cast<double>(sketch.count()), row["n"]);
    EXPECT_EQ(sketch.k(), row["k"]);
    if (row["n"] > 0) {
      const auto values = golden_values(row["n"]);
      EXPECT_EQ(sketch.min(), *std::ranges::min_element(values));
      EXPECT_EQ(sketch.max(), *std::ranges::max_element(values));
      for (const char* percent : percents)
        EXPECT_EQ(sketch.quantile(std::stod(percent) / 100).value, row[std::string("p") + percent]) << percent;
      for (const char* place : places)
        EXPECT_DOUBLE_EQ(sketch.cdf(std::stod(place)).value, row[std::string("r") + place]) << place;
    }
    // The error of ranks is that of the size, wherever it is not 0.
    KllSketch many(sketch.k());
    many.add(Numbers(100'000, 1));
    EXPECT_NEAR(many.rank_error(), row["single"], 1e-12);
    EXPECT_NEAR(many.rank_error(true), row["difference"], 1e-12);
    // Written again, it is the same but for the order within the lowest level.
    const auto again = sketch.to_datasketches(items);
    EXPECT_EQ(again.size(), bytes.size());
    EXPECT_EQ(KllSketch::from_datasketches(again, items), sketch);
    if (row["n"] == 0) {
      EXPECT_EQ(again, bytes);
    }
  }
}

TEST(kll_sketch, knows_the_error_of_sizes) {
  KllSketch small(100), common(200), large(400);
  for (KllSketch* sketch : {&small, &common, &large}) {
    EXPECT_EQ(sketch->rank_error(), 0);
    sketch->add(Numbers(10'000, 1));
  }
  EXPECT_NEAR(common.rank_error(), 0.0132947575, 1e-10);
  EXPECT_NEAR(common.rank_error(true), 0.0165156191, 1e-10);
  EXPECT_NEAR(small.rank_error(), 0.0260838614, 1e-10);
  EXPECT_NEAR(small.rank_error(true), 0.0317582419, 1e-10);
  EXPECT_NEAR(large.rank_error(), 0.0067762427, 1e-10);
  EXPECT_NEAR(large.rank_error(true), 0.0085888153, 1e-10);
  KllSketch single(200);
  single.add(1);
  EXPECT_EQ(single.to_datasketches(DataSketchesItems::floats), qsm_test::bytes_of("02020f04c80008000000803f"));
}

TEST(kll_sketch, is_no_larger_than_datasketches_says) {
  // The largest sizes of kll_floats_sketch(200), of Apache DataSketches' own documentation.
  for (const auto& [n, bytes] : {std::pair{10, 1968}, {100, 2316}, {1000, 2440}, {1'000'000, 2800}}) {
    KllSketch sketch(200);
    sketch.add(uniforms(static_cast<std::size_t>(n), 3));
    EXPECT_LE(sketch.to_datasketches(DataSketchesItems::floats).size(), static_cast<std::size_t>(bytes)) << n;
    EXPECT_LE(sketch.bytes_used(), 12'000u);
  }
}

/// How often ranks of so many sketches, whole or merged, are off by more than the bound, and the mean of the error.
template <class Make>
void expect_bound(Make make, double error) {
  constexpr int trials = 250;
  const double places[] = {0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99};
  int outside = 0, all = 0;
  double sum = 0, squares = 0;
  for (int trial = 0; trial < trials; ++trial) {
    auto numbers = uniforms(8000, static_cast<std::uint64_t>(trial));
    const KllSketch sketch = make(numbers, static_cast<std::uint64_t>(trial));
    ASSERT_EQ(sketch.rank_error(), error);
    for (const double place : places) {
      const auto truth =
          static_cast<double>(std::ranges::count_if(numbers, [&](double x) { return x <= place; })) / 8000;
      const double off = sketch.cdf(place).value - truth;
      outside += std::abs(off) > error;
      ++all;
      sum += off;
      squares += off * off;
    }
  }
  // 99 in 100 in the long run; errors are larger than normal ones in none of these sketches.
  EXPECT_LE(outside, all / 100 + 4 * std::sqrt(all / 100.0));
  const double deviation = std::sqrt(squares / all);
  EXPECT_LE(std::abs(sum / all), 4 * deviation / std::sqrt(trials));
  EXPECT_LE(2.576 * deviation, error);
  EXPECT_GE(2.576 * deviation, error / 10);
}

TEST(kll_sketch, ranks_are_within_the_bound) {
  KllSketch known(50);
  known.add(Numbers(10'000, 1));
  expect_bound(
      [](const Numbers& numbers, std::uint64_t seed) {
        KllSketch sketch(50, seed);
        sketch.add(numbers);
        return sketch;
      },
      known.rank_error());
  expect_bound(
      [](const Numbers& numbers, std::uint64_t seed) {
        KllSketch all(50, seed);
        for (std::size_t i = 0; i < 8; ++i) {
          KllSketch part(i % 2 == 0 ? 50 : 80, seed + 1000 * i);
          part.add(std::span(numbers).subspan(1000 * i, 1000));
          all.merge(part);
        }
        return all;
      },
      known.rank_error());
}

TEST(kll_sketch, merging_takes_the_larger_error) {
  KllSketch fine(400), coarse(100);
  fine.add(uniforms(5000, 1));
  const double before = fine.rank_error();
  fine.merge(coarse);
  EXPECT_EQ(fine.rank_error(), before);
  coarse.add(uniforms(5000, 2));
  fine.merge(coarse);
  EXPECT_EQ(fine.rank_error(), coarse.rank_error());
  EXPECT_EQ(fine.count(), 10'000u);
  fine.merge(fine);
  EXPECT_EQ(fine.count(), 20'000u);
  EXPECT_EQ(fine.cdf(2).value, 1);
  KllSketch exact(300);
  KllSketch other(300);
  exact.add(uniforms(100, 1));
  other.add(uniforms(100, 2));
  exact.merge(other);
  EXPECT_EQ(exact.rank_error(), 0);
  EXPECT_EQ(exact.quantile(0.5).method, "KLL, exact");
}

TEST(kll_sketch, seeds_tell_sketches_apart_and_the_same_seed_does_not) {
  KllSketch one(50, 1), same(50, 1), other(50, 2);
  const auto numbers = uniforms(20'000, 5);
  for (KllSketch* sketch : {&one, &same, &other}) sketch->add(numbers);
  EXPECT_EQ(one, same);
  EXPECT_NE(one, other);
  KllSketch copy = KllSketch::decode(one.encode());
  copy.add(numbers);
  one.add(numbers);
  EXPECT_EQ(copy, one);
}

TEST(kll_sketch, refuses_what_makes_no_sense) {
  EXPECT_THROW(KllSketch(7), std::domain_error);
  EXPECT_THROW(KllSketch(65536), std::domain_error);
  KllSketch large;
  large.add(1e300);
  EXPECT_THROW(large.to_datasketches(DataSketchesItems::floats), std::domain_error);
  const auto rows = qsm_test::golden("sketches/kll_datasketches.csv");
  const auto& row = rows[3];  // doubles, k = 20, n = 2000
  const auto good = qsm_test::bytes_of(row.text("bytes"));
  for (std::size_t size = 0; size < good.size(); size += 3)
    EXPECT_THROW(KllSketch::from_datasketches(std::span(good).first(size)), MalformedBytes) << size;
  EXPECT_THROW(KllSketch::from_datasketches(good, DataSketchesItems::floats), MalformedBytes);
  const auto with = [&](std::size_t at, std::uint8_t value) {
    auto bytes = good;
    bytes[at] = static_cast<std::byte>(value);
    return bytes;
  };
  const std::pair<std::size_t, std::uint8_t> changes[] = {
      {0, 2}, {1, 3}, {2, 7}, {3, 4}, {4, 3}, {6, 9}, {8, 1}, {16, 21}, {16, 2}, {18, 0}, {18, 62}, {20, 255}, {20, 0}};
  for (const auto& [at, value] : changes)
    EXPECT_THROW(KllSketch::from_datasketches(with(at, value)), MalformedBytes) << at << " " << int(value);
  auto not_a_number = good;
  for (std::size_t i = good.size() - 8; i < good.size(); ++i) not_a_number[i] = std::byte{0xff};
  EXPECT_THROW(KllSketch::from_datasketches(not_a_number), MalformedBytes);
  auto more = good;
  more.push_back(std::byte{0});
  EXPECT_THROW(KllSketch::from_datasketches(more), MalformedBytes);
}

}  // namespace
