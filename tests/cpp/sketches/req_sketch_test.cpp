#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/sketches/req_sketch.hpp>
#include <qsm/sketches/testing.hpp>

#include "golden.hpp"

namespace {

using qsm::MalformedBytes;
using qsm::sketches::ReqEnd;
using qsm::sketches::ReqSketch;
using Numbers = std::vector<double>;

static_assert(qsm::sketches::QuantileSketch<ReqSketch>);

Numbers uniforms(std::size_t size, std::uint64_t seed) {
  Numbers numbers(size);
  qsm::Stream(seed).uniforms(0, numbers);
  return numbers;
}

TEST(req_sketch, is_a_sketch) {
  EXPECT_EQ(check_quantile_sketch(ReqSketch(), false), std::vector<std::string>());
  EXPECT_EQ(check_quantile_sketch(ReqSketch(8, ReqEnd::low), false, 100'000), std::vector<std::string>());
  EXPECT_EQ(check_quantile_sketch(ReqSketch(1024), false, 700), std::vector<std::string>());
}

TEST(req_sketch, keeps_as_many_as_datasketches_and_errs_by_as_much) {
  for (const auto& row : qsm_test::golden("sketches/req_datasketches.csv")) {
    SCOPED_TRACE(row.where);
    ReqSketch sketch(static_cast<int>(row["k"]), row.text("end") == "high" ? ReqEnd::high : ReqEnd::low);
    Numbers numbers(static_cast<std::size_t>(row["n"]));
    std::iota(numbers.begin(), numbers.end(), 0);
    sketch.add(numbers);
    EXPECT_EQ(static_cast<double>(sketch.kept()), row["kept"]);
    for (const std::string rank : {"0.001", "0.2", "0.5", "0.9", "0.9999"})
      EXPECT_NEAR(sketch.rank_error(std::stod(rank)) / 2.576 * 3, row["e" + rank], 1e-6) << rank;
  }
}

/// How often ranks of so many sketches, whole or merged, are off by more than the bound, and the mean of the error.
template <class Make>
void expect_bound(ReqEnd end, Make make) {
  constexpr int trials = 150;
  constexpr std::size_t size = 40'000;
  constexpr std::array<double, 7> from_end = {0.0005, 0.002, 0.01, 0.05, 0.2, 0.5, 0.8};
  std::array<double, 7> sum{}, squares{}, bound{};
  int outside = 0;
  for (std::uint64_t trial = 0; trial < trials; ++trial) {
    Numbers numbers = uniforms(size, trial);
    const ReqSketch sketch = make(numbers, trial);
    ASSERT_EQ(sketch.count(), size);
    std::ranges::sort(numbers);
    for (std::size_t i = 0; i < from_end.size(); ++i) {
      const double rank = end == ReqEnd::high ? 1 - from_end[i] : from_end[i];
      const auto at = static_cast<std::size_t>(std::llround(rank * size));
      const double off = sketch.cdf(numbers[at - 1]).value - static_cast<double>(at) / size;
      bound[i] = sketch.rank_error(rank);
      outside += std::abs(off) > bound[i];
      sum[i] += off / trials;
      squares[i] += off * off / trials;
    }
  }
  constexpr double all = trials * 7;
  EXPECT_LE(outside, all / 100 + 4 * std::sqrt(all / 100));  // 99 in 100 in the long run
  for (std::size_t i = 0; i < from_end.size(); ++i) {
    EXPECT_LE(std::abs(sum[i]), 4 * std::sqrt(squares[i] / trials)) << from_end[i] << " " << static_cast<int>(end);
    if (from_end[i] > 0.04) {
      EXPECT_GT(2.576 * std::sqrt(squares[i]), bound[i] / 10) << from_end[i] << " " << static_cast<int>(end);
    }
  }
}

TEST(req_sketch, ranks_are_within_the_bound) {
  for (const ReqEnd end : {ReqEnd::high, ReqEnd::low}) {
    expect_bound(end, [end](const Numbers& numbers, std::uint64_t seed) {
      ReqSketch sketch(12, end, seed);
      sketch.add(numbers);
      return sketch;
    });
    expect_bound(end, [end](const Numbers& numbers, std::uint64_t seed) {
      ReqSketch all(12, end, seed);
      for (std::size_t i = 0; i < 8; ++i) {
        ReqSketch part(12, end, seed + 1000 * i);
        part.add(std::span(numbers).subspan(5000 * i, 5000));
        all.merge(part);
      }
      return all;
    });
  }
}

TEST(req_sketch, knows_the_outermost_numbers_exactly) {
  Numbers numbers = uniforms(500'000, 4);
  ReqSketch high(20), low(20, ReqEnd::low);
  high.add(numbers);
  low.add(numbers);
  std::ranges::sort(numbers);
  for (std::size_t i = 0; i < 60; ++i) {
    const double rank = static_cast<double>(numbers.size() - i) / static_cast<double>(numbers.size());
    EXPECT_DOUBLE_EQ(high.cdf(numbers[numbers.size() - 1 - i]).value, rank);
    EXPECT_DOUBLE_EQ(low.cdf(numbers[i]).value, static_cast<double>(i + 1) / static_cast<double>(numbers.size()));
  }
  EXPECT_EQ(high.rank_error(1), 0);
  EXPECT_GT(high.rank_error(0), high.rank_error(0.9));
  EXPECT_GT(low.rank_error(1), low.rank_error(0.1));
}

TEST(req_sketch, seeds_tell_sketches_apart_and_the_same_seed_does_not) {
  ReqSketch one(12, ReqEnd::high, 1), same(12, ReqEnd::high, 1), other(12, ReqEnd::high, 2);
  const auto numbers = uniforms(20'000, 5);
  for (ReqSketch* sketch : {&one, &same, &other}) sketch->add(numbers);
  EXPECT_EQ(one, same);
  EXPECT_NE(one, other);
  ReqSketch copy = ReqSketch::decode(one.encode());
  copy.add(numbers);
  one.add(numbers);
  EXPECT_EQ(copy, one);
  one.merge(one);
  EXPECT_EQ(one.count(), 80'000u);
  one.reset();
  EXPECT_EQ(one, ReqSketch(12));
  EXPECT_EQ(one.quantile(0.5).method, "REQ, exact");
}

TEST(req_sketch, refuses_what_makes_no_sense) {
  EXPECT_THROW(ReqSketch(6), std::domain_error);
  EXPECT_THROW(ReqSketch(13), std::domain_error);
  EXPECT_THROW(ReqSketch(1026), std::domain_error);
  ReqSketch sketch;
  EXPECT_THROW(sketch.merge(ReqSketch(14)), std::domain_error);
  EXPECT_THROW(sketch.merge(ReqSketch(12, ReqEnd::low)), std::domain_error);
  EXPECT_THROW(sketch.rank_error(1.1), std::domain_error);
}

TEST(req_sketch, refuses_bytes_that_contradict_themselves) {
  struct Lot {
    std::uint64_t k, end;
    double least, largest;
    std::vector<Numbers> levels;
    std::uint64_t second = 0;
  };
  const auto bytes = [](const Lot& lot) {
    qsm::ByteWriter writer;
    qsm::sketches::detail::put_letters(writer, "QREQ", 1);
    writer.varint(lot.k);
    writer.u8(static_cast<std::uint8_t>(lot.end));
    writer.u64(1);
    writer.varint(0);
    writer.f64(lot.least);
    writer.f64(lot.largest);
    writer.varint(lot.levels.size());
    for (const Numbers& level : lot.levels) {
      writer.varint(0);
      writer.u8(static_cast<std::uint8_t>(lot.second));
      writer.varint(level.size());
      for (const double number : level) writer.f64(number);
    }
    writer.checksum();
    return writer.take();
  };
  EXPECT_EQ(ReqSketch::decode(bytes({8, 1, 1, 9, {{9, 1}, {2, 3}}})).count(), 6u);
  const Lot lots[] = {
      {9, 1, 1, 9, {{9, 1}}},                  // an odd size
      {8, 2, 1, 9, {{9, 1}}},                  // no end
      {8, 1, 1, 9, {}},                        // no level
      {8, 1, 1, 9, std::vector<Numbers>(62)},  // too many
      {8, 1, 1, 9, {{9, 1}}, 2},               // no choice
      {8, 1, 1, 9, {{10, 1}}},                 // above the largest
      {8, 1, 1, 9, {{9, NAN}}},                // no number
      {8, 1, 1, 9, {{9, 1}, {3, 2}}},          // out of order
      {8, 1, 1, 9, {Numbers(48, 5)}},          // full
      {8, 1, 1, 9, {{}}},                      // bounds of nothing
      {8, 1, -HUGE_VAL, HUGE_VAL, {{9, 1}}},   // bounds that are infinite
  };
  for (const Lot& lot : lots) EXPECT_THROW(ReqSketch::decode(bytes(lot)), MalformedBytes);
}

}  // namespace
