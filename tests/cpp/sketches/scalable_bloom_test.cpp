#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/sketches/scalable_bloom.hpp>
#include <qsm/sketches/testing.hpp>

#include "sketches/filter_checks.hpp"

namespace {

using qsm::MalformedBytes;
using qsm::sketches::HashFunction;
using qsm::sketches::ScalableBloomFilter;
using qsm_test::from;

static_assert(qsm::sketches::MembershipSketch<ScalableBloomFilter>);

TEST(scalable_bloom, is_a_sketch) {
  EXPECT_EQ(qsm::sketches::check_sketch(ScalableBloomFilter(100, 0.01, 0.5, {HashFunction::wyhash, 1}), false),
            std::vector<std::string>());
  EXPECT_EQ(qsm::sketches::check_sketch(ScalableBloomFilter(10'000)), std::vector<std::string>());
}

TEST(scalable_bloom, errs_as_often_as_its_bits_say) {
  constexpr std::size_t questions = 200'000;
  for (const double rate : {0.05, 0.005}) {
    ScalableBloomFilter filter(100, rate);
    std::size_t items = 0;
    for (const std::size_t next : {50u, 100u, 1000u, 60'000u}) {
      filter.add(from(items, next - items));
      items = next;
      const double theory = filter.rate(), found = qsm_test::false_positives(filter, items, questions);
      EXPECT_NEAR(found, theory, 5 * std::sqrt(theory / questions) + 0.03 * theory) << items;
    }
    EXPECT_EQ(filter.stages(), 10u);  // 100 (2^10 - 1) >= 60,000
    EXPECT_NEAR(static_cast<double>(filter.items()), 60'000, 60'000 * 1.2 * rate);
    const auto guess = filter.estimate();
    EXPECT_NEAR(guess.value, static_cast<double>(filter.items()), 2 * (guess.high - guess.value));
  }
}

TEST(scalable_bloom, keeps_its_rate_however_many_items_come) {
  // The mean over hash functions: that of one filter varies with the fill of its first, small stages.
  constexpr int runs = 40;
  for (const double tightening : {0.5, 0.8})
    for (const double rate : {0.05, 0.005}) {
      double few = 0, many = 0;
      for (std::uint64_t seed = 0; seed < runs; ++seed) {
        ScalableBloomFilter filter(100, rate, tightening, {HashFunction::xxh3, seed});
        filter.add(from(0, 100));
        few += filter.rate() / runs;
        filter.add(from(100, 12'500));
        many += filter.rate() / runs;
      }
      EXPECT_NEAR(few / rate, 1 - tightening, 0.15);
      EXPECT_NEAR(many / rate, 1 - std::pow(tightening, 7), 0.08) << tightening << " " << rate;
    }
}

TEST(scalable_bloom, takes_the_bits_that_its_stages_need) {
  ScalableBloomFilter filter(1000, 0.01, 0.5);
  filter.add(from(0, 6500));
  ASSERT_EQ(filter.stages(), 3u);
  double bits = 0, items = 1000, rate = 0.005;
  for (int stage = 0; stage < 3; ++stage, items *= 2, rate /= 2)
    bits += 64 * std::ceil(items * std::log(1 / rate) / std::pow(std::log(2.0), 2) / 64);
  EXPECT_NEAR(static_cast<double>(filter.bits()) / bits, 1, 0.01);  // k is an integer
  EXPECT_GE(static_cast<double>(filter.bits()), bits);
}

TEST(scalable_bloom, adds_an_item_once) {
  ScalableBloomFilter filter(100);
  for (int i = 0; i < 10'000; ++i) filter.add("the same");
  EXPECT_EQ(filter.items(), 1u);
  EXPECT_EQ(filter.stages(), 1u);
}

TEST(scalable_bloom, merges) {
  ScalableBloomFilter one(100, 0.01), other(100, 0.01);
  one.add(from(0, 40));
  other.add(from(100, 50));
  one.merge(other);
  EXPECT_EQ(one.stages(), 1u);  // room for both
  EXPECT_EQ(one.items(), 90u);
  one.add(from(200, 3000));
  other.add(from(4000, 2000));
  const double rates = one.rate() + other.rate();
  const std::uint64_t items = one.items() + other.items();
  one.merge(other);
  EXPECT_EQ(one.items(), items);
  EXPECT_LE(one.rate(), rates);
  for (const auto& [first, number] : {std::pair{0, 40}, {100, 50}, {200, 3000}, {4000, 2000}})
    for (int i = first; i < first + number; ++i) ASSERT_TRUE(one.contains(static_cast<std::uint64_t>(i)));
  one.add(from(1 << 20, 5000));
  EXPECT_LT(one.rate(), 0.02);
  const auto before = one;
  one.merge(one);
  for (std::uint64_t i = 0; i < 40; ++i) ASSERT_TRUE(one.contains(i));
  EXPECT_LE(one.rate(), 2 * before.rate());
  one.reset();
  EXPECT_EQ(one, ScalableBloomFilter(100, 0.01));
  EXPECT_FALSE(one.contains(std::uint64_t{3}));
}

TEST(scalable_bloom, comes_back_from_its_bytes) {
  ScalableBloomFilter filter(100, 0.02, 0.8);
  qsm_test::expect_bytes(filter);
  filter.add(from(0, 600));
  qsm_test::expect_bytes(filter);
  const auto bytes = filter.encode();
  for (std::size_t at = 14; at < 38; at += 8)  // sizes that are no numbers
    for (const std::byte byte : {std::byte{0x7f}, std::byte{0xff}}) {
      auto damaged = bytes;
      damaged[at + 7] = damaged[at + 6] = byte;
      EXPECT_THROW(ScalableBloomFilter::view(damaged, false), MalformedBytes) << at;
    }
  for (const std::size_t at : {38u, 39u, 40u, 45u, 56u}) {  // stages
    auto damaged = bytes;
    damaged[at] ^= std::byte{0x41};
    EXPECT_THROW(ScalableBloomFilter::view(damaged, false), MalformedBytes) << at;
  }
}

TEST(scalable_bloom, refuses_what_makes_no_sense) {
  EXPECT_THROW(ScalableBloomFilter(0), std::domain_error);
  EXPECT_THROW(ScalableBloomFilter(10, 1), std::domain_error);
  EXPECT_THROW(ScalableBloomFilter(10, 0.1, 1), std::domain_error);
  EXPECT_THROW(ScalableBloomFilter(1e15), std::domain_error);
  ScalableBloomFilter filter(100);
  EXPECT_THROW(filter.merge(ScalableBloomFilter(101)), std::domain_error);
  EXPECT_THROW(filter.merge(ScalableBloomFilter(100, 0.02)), std::domain_error);
  EXPECT_THROW(filter.merge(ScalableBloomFilter(100, 0.01, 0.6)), std::domain_error);
  EXPECT_THROW(filter.merge(ScalableBloomFilter(100, 0.01, 0.5, {HashFunction::wyhash, 0})), std::domain_error);
}

}  // namespace
