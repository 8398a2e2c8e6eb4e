#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/sketches/bloom.hpp>
#include <qsm/sketches/testing.hpp>

#include "core/simd_levels.hpp"
#include "golden.hpp"
#include "sketches/filter_checks.hpp"

namespace {

using qsm::MalformedBytes;
using qsm::sketches::BlockedBloomFilter;
using qsm::sketches::BloomFilter;
using qsm::sketches::HashFunction;

static_assert(qsm::sketches::MembershipSketch<BloomFilter>);
static_assert(qsm::sketches::MembershipSketch<BlockedBloomFilter>);

using qsm_test::from;

/// Share of unseen items that a filter claims to hold.
template <class Filter>
double false_positives(Filter filter, std::size_t items, std::size_t questions) {
  filter.add(from(0, items));
  return qsm_test::false_positives(filter, items, questions);
}

TEST(bloom, rate_is_that_of_the_law) {
  for (const auto& row : qsm_test::golden("sketches/bloom_rate.csv")) {
    const double work = row["items"] * row["hashes"] * std::min(row["bits"], row["items"] * row["hashes"]);
    const double rate = qsm::sketches::bloom_rate(row["items"], row["bits"], row["hashes"]);
    EXPECT_LT(qsm_test::relative_error(rate, row["rate"]), work < 2e7 ? 1e-12 : 1e-6) << row.where << " " << rate;
  }
}

TEST(bloom, is_sized_from_any_two) {
  using qsm::sketches::bloom_size;
  auto size = bloom_size({.items = 1e6, .rate = 0.01});
  EXPECT_EQ(size.bits, 9585059);
  EXPECT_EQ(size.hashes, 7);
  EXPECT_GT(size.rate, size.textbook_rate);
  EXPECT_NEAR(size.rate, 0.01004, 1e-5);
  EXPECT_EQ(bloom_size({.items = 1e6, .rate = 0.001}).bits, 14377588);
  size = bloom_size({.items = 1000, .bits = 10'000});
  EXPECT_EQ(size.hashes, 7);
  size = bloom_size({.bits = 9585059, .rate = 0.01});
  EXPECT_EQ(size.items, 1e6);
  size = bloom_size({.items = 1000, .hashes = 7});
  EXPECT_EQ(size.bits, std::ceil(7000 / std::log(2)));
  size = bloom_size({.items = 1000, .rate = 0.01, .hashes = 3});
  EXPECT_NEAR(size.textbook_rate, 0.01, 1e-5);
  EXPECT_EQ(bloom_size({.items = 1000, .bits = 5000, .hashes = 2}).hashes, 2);
  EXPECT_THROW(bloom_size({.items = 5}), std::domain_error);
  EXPECT_THROW(bloom_size({.rate = 0.1, .hashes = 5}), std::domain_error);
  EXPECT_THROW(bloom_size({.items = 5, .bits = 5, .rate = 0.1}), std::domain_error);
  EXPECT_THROW(bloom_size({.items = -5, .rate = 0.1}), std::domain_error);
  EXPECT_THROW(bloom_size({.items = 5, .rate = 1}), std::domain_error);
  EXPECT_THROW(bloom_size({.items = 5, .hashes = 0.5}), std::domain_error);
}

TEST(bloom, is_a_sketch) {
  qsm_test::at_each_level([] {
    EXPECT_EQ(qsm::sketches::check_sketch(BloomFilter(1000)), std::vector<std::string>());
    EXPECT_EQ(qsm::sketches::check_sketch(BloomFilter::of_size(777, 3, {HashFunction::wyhash, 1})),
              std::vector<std::string>());
    EXPECT_EQ(qsm::sketches::check_sketch(BlockedBloomFilter(1000)), std::vector<std::string>());
    EXPECT_EQ(qsm::sketches::check_sketch(BlockedBloomFilter::of_size(1, {HashFunction::siphash, 1}), true, 50),
              std::vector<std::string>());
  });
}

TEST(bloom, errs_as_often_as_theory_says) {
  constexpr std::size_t questions = 1'000'000;
  for (const double rate : {0.1, 0.01, 0.001}) {
    for (const std::size_t items : {1000u, 100'000u}) {
      const BloomFilter filter(static_cast<double>(items), rate);
      const double theory =
          qsm::sketches::bloom_rate(static_cast<double>(items), static_cast<double>(filter.bits()), filter.hashes());
      const double found = false_positives(filter, items, questions);
      // Chance of the questions, and of the fill of one small filter.
      const double spread = std::sqrt(theory / questions) + theory * 2.5 / std::sqrt(static_cast<double>(items));
      EXPECT_NEAR(found, theory, 4 * spread) << rate << " " << items;
    }
  }
}

TEST(bloom, blocked_errs_as_often_as_its_theory_says) {
  constexpr std::size_t items = 200'000, questions = 2'000'000;
  for (const std::uint64_t blocks : {2500u, 4000u, 6250u}) {
    const double theory = qsm::sketches::blocked_bloom_rate(512.0 * static_cast<double>(blocks) / items);
    const double found = false_positives(BlockedBloomFilter::of_size(blocks), items, questions);
    EXPECT_NEAR(found / theory, 1, 0.03 + 4 / std::sqrt(theory * questions)) << blocks;
  }
  // At 10 bits per item: what 8 words of one bit each come to; 512 free bits would give 0.95 %.
  EXPECT_NEAR(qsm::sketches::blocked_bloom_rate(10), 0.01, 0.002);
  const BlockedBloomFilter filter(1e6, 0.01);
  EXPECT_LE(qsm::sketches::blocked_bloom_rate(512.0 * static_cast<double>(filter.blocks()) / 1e6), 0.01);
}

TEST(bloom, knows_its_fill) {
  int covered = 0, blocked_covered = 0;
  constexpr int runs = 300;
  for (std::uint64_t run = 0; run < runs; ++run) {
    BloomFilter filter(2000, 0.02);
    BlockedBloomFilter blocked(2000, 0.02);
    filter.add(from(run << 32, 1500));
    blocked.add(from(run << 32, 1500));
    covered += filter.estimate().low <= 1500 && 1500 <= filter.estimate().high;
    blocked_covered += blocked.estimate().low <= 1500 && 1500 <= blocked.estimate().high;
  }
  EXPECT_GE(covered, 0.9 * runs);
  EXPECT_GE(blocked_covered, 0.9 * runs);
  BloomFilter filter(1000, 0.01);
  BlockedBloomFilter blocked(1000, 0.01);
  EXPECT_EQ(filter.rate(), 0);
  EXPECT_EQ(filter.estimate().value, 0);
  EXPECT_EQ(blocked.rate(), 0);
  filter.add(from(0, 1000));
  blocked.add(from(0, 1000));
  EXPECT_NEAR(filter.rate(), 0.01, 0.003);
  EXPECT_NEAR(blocked.rate(), 0.01, 0.004);
  filter.reset();
  EXPECT_EQ(filter, BloomFilter(1000, 0.01));
}

TEST(bloom, comes_back_from_its_bytes) {
  for (const std::size_t items : {0u, 700u}) {
    BloomFilter filter(1000, 0.02);
    BlockedBloomFilter blocked(1000, 0.02);
    filter.add(from(0, items));
    blocked.add(from(0, items));
    qsm_test::expect_bytes(filter);
    qsm_test::expect_bytes(blocked);
  }
}

TEST(bloom, takes_a_table_of_its_own_when_it_changes) {
  BlockedBloomFilter filter(1000, 0.02);
  filter.add(from(0, 1000));
  const auto bytes = filter.encode(), before = bytes;
  auto view = BlockedBloomFilter::view(bytes);
  const auto copy = view;
  view.add("more");
  EXPECT_EQ(bytes, before);
  EXPECT_TRUE(view.contains("more"));
  EXPECT_GT(view.bytes_used(), 0u);
  EXPECT_EQ(copy, filter);
  EXPECT_NE(view, filter);
  filter.merge(copy);
  EXPECT_EQ(copy, filter);
}

TEST(bloom, refuses_what_makes_no_sense) {
  EXPECT_THROW(BloomFilter(0), std::domain_error);
  EXPECT_THROW(BloomFilter(100, 0), std::domain_error);
  EXPECT_THROW(BloomFilter(1e15, 0.01), std::domain_error);
  EXPECT_THROW(BloomFilter::of_size(0, 3), std::domain_error);
  EXPECT_THROW(BloomFilter::of_size(100, 65), std::domain_error);
  EXPECT_THROW(BlockedBloomFilter(100, 1e-9), std::domain_error);
  EXPECT_THROW(BlockedBloomFilter::of_size(0), std::domain_error);
  BloomFilter filter(100);
  EXPECT_THROW(filter.merge(BloomFilter(101)), std::domain_error);
  EXPECT_THROW(filter.merge(BloomFilter(100, 0.01, {HashFunction::wyhash, 0})), std::domain_error);
  BlockedBloomFilter blocked(100);
  EXPECT_THROW(blocked.merge(BlockedBloomFilter(1000)), std::domain_error);
  EXPECT_THROW(BlockedBloomFilter::decode(filter.encode()), MalformedBytes);
  bool one = false;
  EXPECT_THROW(blocked.contains(from(0, 5), std::span(&one, 1)), std::domain_error);
}

}  // namespace
