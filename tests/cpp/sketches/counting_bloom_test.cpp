#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/sketches/bloom.hpp>
#include <qsm/sketches/counting_bloom.hpp>
#include <qsm/sketches/testing.hpp>

#include "sketches/filter_checks.hpp"

namespace {

using qsm::sketches::BloomFilter;
using qsm::sketches::CountingBloomFilter;
using qsm::sketches::HashFunction;
using qsm_test::from;

static_assert(qsm::sketches::RemovableFilter<CountingBloomFilter>);

TEST(counting_bloom, is_a_sketch) {
  EXPECT_EQ(qsm::sketches::check_sketch(CountingBloomFilter(2000)), std::vector<std::string>());
  // Small enough to saturate, which merging does as adding does.
  EXPECT_EQ(qsm::sketches::check_sketch(CountingBloomFilter::of_size(777, 3, {HashFunction::wyhash, 1})),
            std::vector<std::string>());
}

TEST(counting_bloom, answers_as_the_bloom_filter_of_its_size) {
  CountingBloomFilter counting(5000, 0.02);
  BloomFilter plain(5000, 0.02);
  counting.add(from(0, 5000));
  plain.add(from(0, 5000));
  EXPECT_EQ(counting.counters(), plain.bits());
  EXPECT_EQ(counting.counters_set(), plain.bits_set());
  EXPECT_EQ(counting.rate(), plain.rate());
  EXPECT_EQ(counting.estimate().high, plain.estimate().high);
  for (std::uint64_t i = 0; i < 50'000; ++i) ASSERT_EQ(counting.contains(i), plain.contains(i));
}

TEST(counting_bloom, forgets_what_is_removed_and_nothing_else) {
  CountingBloomFilter filter(4000, 0.001);
  std::map<std::uint64_t, int> twin;
  qsm::Stream stream(3);
  std::vector<double> draws(40'000);
  stream.uniforms(0, draws);
  for (std::size_t i = 0; i + 1 < draws.size(); i += 2) {
    const auto item = static_cast<std::uint64_t>(draws[i] * 3000);
    if (draws[i + 1] < 0.6 && twin[item] < 2) {
      filter.add(item);
      ++twin[item];
    } else if (twin[item] > 0) {
      ASSERT_TRUE(filter.remove(item));
      --twin[item];
    }
  }
  int wrong = 0, gone = 0;
  for (const auto& [item, number] : twin) {
    if (number > 0) {
      ASSERT_TRUE(filter.contains(item));
    } else {
      wrong += filter.contains(item);
      ++gone;
    }
  }
  EXPECT_GT(gone, 500);
  EXPECT_LE(wrong, 6);
  ASSERT_EQ(filter.saturated(), 0u);
  for (auto& [item, number] : twin)
    for (; number > 0; --number) ASSERT_TRUE(filter.remove(item));
  EXPECT_EQ(filter, CountingBloomFilter(4000, 0.001));
  EXPECT_FALSE(filter.remove("never added"));
}

TEST(counting_bloom, keeps_an_item_whose_counters_are_saturated) {
  CountingBloomFilter filter(100, 0.01);
  for (int i = 0; i < 20; ++i) filter.add("often");
  EXPECT_EQ(filter.saturated(), filter.counters_set());
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(filter.remove("often"));
  EXPECT_TRUE(filter.contains("often"));
  for (int i = 0; i < 14; ++i) filter.add("fourteen times");
  for (int i = 0; i < 14; ++i) EXPECT_TRUE(filter.remove("fourteen times"));
  EXPECT_FALSE(filter.contains("fourteen times"));
  filter.reset();
  EXPECT_EQ(filter.counters_set(), 0u);
}

TEST(counting_bloom, comes_back_from_its_bytes) {
  for (const std::uint64_t counters : {1u, 2u, 777u, 4000u}) {
    auto filter = CountingBloomFilter::of_size(counters, 4);
    qsm_test::expect_bytes(filter);
    filter.add(from(0, 300));
    qsm_test::expect_bytes(filter);
  }
  auto bytes = CountingBloomFilter::of_size(777, 4).encode();
  bytes[64 + 388] = std::byte{0x10};  // a counter after the last
  EXPECT_THROW(CountingBloomFilter::view(bytes, false), qsm::MalformedBytes);
  bytes[64 + 388] = std::byte{0x01};
  EXPECT_EQ(CountingBloomFilter::view(bytes, false).counters_set(), 1u);
}

TEST(counting_bloom, refuses_what_makes_no_sense) {
  EXPECT_THROW(CountingBloomFilter(0), std::domain_error);
  EXPECT_THROW(CountingBloomFilter(10, 1), std::domain_error);
  EXPECT_THROW(CountingBloomFilter::of_size(0, 1), std::domain_error);
  EXPECT_THROW(CountingBloomFilter::of_size(10, 0), std::domain_error);
  auto filter = CountingBloomFilter::of_size(100, 2);
  EXPECT_THROW(filter.merge(CountingBloomFilter::of_size(101, 2)), std::domain_error);
  EXPECT_THROW(filter.merge(CountingBloomFilter::of_size(100, 3)), std::domain_error);
  EXPECT_THROW(filter.merge(CountingBloomFilter::of_size(100, 2, {HashFunction::wyhash, 0})), std::domain_error);
}

}  // namespace
