#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/bytes.hpp>
#include <qsm/sketches/reservoir.hpp>

namespace {

using qsm::MalformedBytes;
using qsm::sketches::Reservoir;
using Numbers = std::vector<double>;

static_assert(qsm::sketches::Sketch<Reservoir>);

Numbers up_to(std::size_t n) {
  Numbers numbers(n);
  std::iota(numbers.begin(), numbers.end(), 0.0);
  return numbers;
}

constexpr int trials = 20'000;

/// A number of times out of all trials, of this chance, within four standard deviations.
void expect_chance(double times, double chance) {
  EXPECT_NEAR(times, trials * chance, 4 * std::sqrt(trials * chance * (1 - chance)) + 1e-9);
}

TEST(reservoir, every_number_is_as_likely_whole_in_parts_and_merged) {
  const auto numbers = up_to(60);
  for (int way = 0; way < 3; ++way) {
    Numbers times(60), together(60);
    for (int trial = 0; trial < trials; ++trial) {
      const auto seed = static_cast<std::uint64_t>(3 * trial);
      Reservoir sample(12, seed);
      if (way == 0) sample.add(numbers);
      if (way == 1)
        for (const double number : numbers) sample.add(number);
      if (way == 2) {
        Reservoir second(12, seed + 1), third(12, seed + 2);
        sample.add(std::span(numbers).first(5));
        second.add(std::span(numbers).subspan(5, 40));
        third.add(std::span(numbers).subspan(45));
        second.merge(third);
        sample.merge(second);
      }
      const auto drawn = sample.sample();
      ASSERT_EQ(drawn.size(), 12u);
      for (const double number : drawn) ++times[static_cast<std::size_t>(number)];
      if (std::ranges::find(drawn, 7) != drawn.end())
        for (const double number : drawn) ++together[static_cast<std::size_t>(number)];
      ASSERT_NEAR(sample.total(), 60, 1e-12);
    }
    for (std::size_t i = 0; i < 60; ++i) {
      expect_chance(times[i], 12.0 / 60);
      if (i != 7) expect_chance(together[i], 12.0 / 60 * 11 / 59);
    }
  }
}

TEST(reservoir, weights_are_chances) {
  const auto numbers = up_to(8);
  const Numbers weights = {1, 2, 3, 4, 5, 6, 7, 100};
  const double all = 128;
  for (const bool merged : {false, true}) {
    Numbers first(8), second_after_last(8);
    for (int trial = 0; trial < trials; ++trial) {
      const auto seed = static_cast<std::uint64_t>(2 * trial);
      Reservoir sample(2, seed), other(2, seed + 1);
      const std::size_t cut = merged ? 4 : 8;
      sample.add(std::span(numbers).first(cut), std::span(weights).first(cut));
      other.add(std::span(numbers).subspan(cut), std::span(weights).subspan(cut));
      sample.merge(other);
      const auto drawn = sample.sample();
      ++first[static_cast<std::size_t>(drawn[0])];
      if (drawn[0] == 7) ++second_after_last[static_cast<std::size_t>(drawn[1])];
    }
    for (std::size_t i = 0; i < 8; ++i) {
      expect_chance(first[i], weights[i] / all);
      if (i < 7) expect_chance(second_after_last[i], 100 / all * weights[i] / 28);
    }
  }
}

TEST(reservoir, sums_of_its_weights_are_right_on_average) {
  Numbers numbers = up_to(200), weights(200);
  for (std::size_t i = 0; i < 200; ++i) weights[i] = 1 + static_cast<double>(i % 17) * static_cast<double>(i % 5);
  double truth = 0;
  for (std::size_t i = 0; i < 200; i += 3) truth += weights[i];
  for (const bool heavy : {false, true}) {
    double sum = 0, squares = 0;
    for (int trial = 0; trial < trials; ++trial) {
      Reservoir sample(20, static_cast<std::uint64_t>(trial));
      heavy ? sample.add(numbers, weights) : sample.add(numbers);
      const auto drawn = sample.sample(), stands_for = sample.weights();
      double estimate = 0;
      for (std::size_t i = 0; i < drawn.size(); ++i) estimate += std::fmod(drawn[i], 3) == 0 ? stands_for[i] : 0;
      sum += estimate;
      squares += estimate * estimate;
    }
    const double mean = sum / trials, deviation = std::sqrt(squares / trials - mean * mean);
    EXPECT_NEAR(mean, heavy ? truth : 67, 4 * deviation / std::sqrt(trials));
    EXPECT_LT(deviation, mean / 2);
  }
}

TEST(reservoir, jumps_over_most_of_a_stream) {
  Reservoir sample(100, 5);
  const auto numbers = up_to(1'000'000);
  sample.add(numbers);
  EXPECT_EQ(sample.count(), 1'000'000u);
  // Two draws to each of about 101 + 101 log(10^6 / 101) numbers that got in, one to each of the first.
  const auto bytes = sample.encode();
  qsm::ByteReader reader(std::span<const std::byte>(bytes).subspan(5));
  reader.varint();
  reader.u64();
  EXPECT_NEAR(static_cast<double>(reader.varint()), 101 + 2 * 101 * std::log(1e6 / 101), 400);
}

TEST(reservoir, few_numbers_are_all_kept) {
  Reservoir sample(10);
  sample.add(up_to(10), Numbers(10, 2.5));
  auto drawn = sample.sample();
  std::ranges::sort(drawn);
  EXPECT_EQ(drawn, up_to(10));
  EXPECT_EQ(sample.weights(), Numbers(10, 2.5));
  EXPECT_EQ(sample.total(), 25);
  sample.reset();
  EXPECT_EQ(sample, Reservoir(10));
  EXPECT_TRUE(sample.sample().empty());
}

TEST(reservoir, comes_back_from_its_bytes_and_goes_on) {
  for (const std::size_t n : {0u, 3u, 50u, 51u, 4000u}) {
    Reservoir sample(50, 9);
    sample.add(up_to(n));
    Reservoir again = Reservoir::decode(sample.encode());
    EXPECT_EQ(again, sample);
    EXPECT_EQ(again.encode(), sample.encode());
    again.add(up_to(3000));
    sample.add(up_to(3000));
    EXPECT_EQ(again, sample);
    const auto good = sample.encode();
    for (std::size_t size = 0; size < good.size(); size += 7)
      EXPECT_THROW(Reservoir::decode(std::span(good).first(size)), MalformedBytes);
    auto bad = good;
    bad[good.size() / 2] ^= std::byte{1};
    EXPECT_THROW(Reservoir::decode(bad), MalformedBytes);
  }
}

TEST(reservoir, merges_in_any_order) {
  Reservoir one(5, 1), other(5, 2), third(5, 3);
  one.add(up_to(100));
  other.add(up_to(3));
  third.add(up_to(30), Numbers(30, 0.5));
  Reservoir forwards = one, backwards = third;
  forwards.merge(other);
  forwards.merge(third);
  backwards.merge(other);
  backwards.merge(one);
  EXPECT_EQ(forwards, backwards);
}

TEST(reservoir, refuses_what_makes_no_sense) {
  EXPECT_THROW(Reservoir(0), std::domain_error);
  Reservoir sample(5, 1), same(5, 1);
  EXPECT_THROW(sample.add(NAN), std::domain_error);
  EXPECT_THROW(sample.add(Numbers{1, 2}, Numbers{1, 0}), std::domain_error);
  EXPECT_THROW(sample.add(Numbers{1, 2}, Numbers{1, NAN}), std::domain_error);
  EXPECT_THROW(sample.add(Numbers{1, 2}, Numbers{1e308, 1e308}), std::domain_error);
  EXPECT_THROW(sample.add(Numbers{1, 2}, Numbers{1}), std::domain_error);
  EXPECT_EQ(sample, same);
  EXPECT_THROW(sample.merge(Reservoir(6)), std::domain_error);
  sample.add(1);
  same.add(1);
  EXPECT_THROW(sample.merge(same), std::domain_error);
}

}  // namespace
