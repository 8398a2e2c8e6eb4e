#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/sketches/ribbon.hpp>

#include "sketches/filter_checks.hpp"

namespace {

using qsm::MalformedBytes;
using qsm::sketches::RibbonFilter;
using qsm_test::from;

TEST(ribbon, takes_any_number_of_bits_and_little_more_than_the_least) {
  for (const int bits : {1, 3, 7, 12, 16}) {
    constexpr std::size_t items = 100'000, questions = 1'000'000;
    const auto filter = RibbonFilter::of(from(0, items), bits);
    const double rate = std::exp2(-bits), found = qsm_test::false_positives(filter, items, questions);
    EXPECT_EQ(filter.rate(), rate);
    EXPECT_NEAR(found, rate, 4 * std::sqrt(rate / questions)) << bits;
    const double per_item = 8 * static_cast<double>(filter.bytes_used()) / items;
    EXPECT_LT(per_item, bits * 1.01 + 0.02) << bits;
    EXPECT_GE(per_item, bits) << bits;  // less is impossible: items' fingerprints are independent
  }
}

TEST(ribbon, holds_all_items_of_any_number) {
  for (std::size_t items = 0; items < 3000; items += 1 + items / 20) {
    const auto filter = RibbonFilter::of(from(1000 * items, items), 4);
    EXPECT_EQ(filter.items(), items);
    for (std::uint64_t item = 1000 * items; item < 1001 * items; ++item) ASSERT_TRUE(filter.contains(item)) << items;
  }
}

TEST(ribbon, takes_hashes_that_are_no_good) {
  std::vector<std::uint64_t> hashes = from(0, 30'000);
  for (std::size_t i = 0; i < 10'000; ++i) hashes[i] <<= 40;
  const auto filter = RibbonFilter::of_hashes(hashes, 10);
  for (const std::uint64_t hash : hashes) ASSERT_TRUE(filter.contains_hash(hash));
}

TEST(ribbon, refuses_sizes_that_contradict_the_bytes) {
  const auto bytes = RibbonFilter::of(from(0, 5000), 9).encode();
  for (std::size_t at = 14; at < 56; ++at) {
    if (at >= 15 && at < 31) continue;  // number of items, seed: any may be
    auto damaged = bytes;
    damaged[at] ^= std::byte{0x41};
    EXPECT_THROW(RibbonFilter::view(damaged, false), MalformedBytes) << at;
  }
  for (const int bits : {-1, 0, 17}) EXPECT_THROW(RibbonFilter::of(from(0, 3), bits), std::domain_error);
}

}  // namespace
