#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/hashing.hpp>
#include <qsm/sketches/fuse.hpp>
#include <qsm/sketches/ribbon.hpp>

#include "core/simd_levels.hpp"
#include "golden.hpp"
#include "sketches/bytes.hpp"
#include "sketches/filter_checks.hpp"

namespace {

using qsm::MalformedBytes;
using qsm::sketches::BinaryFuseFilter;
using qsm::sketches::Hasher;
using qsm::sketches::HashFunction;
using qsm::sketches::RibbonFilter;
using qsm::sketches::XorFilter;
using qsm_test::from;

static_assert(qsm::sketches::StaticFilter<BinaryFuseFilter>);
static_assert(qsm::sketches::StaticFilter<XorFilter>);
static_assert(qsm::sketches::StaticFilter<RibbonFilter>);
static_assert(!qsm::sketches::MembershipSketch<BinaryFuseFilter>);

template <class Filter>
class built_filter : public testing::Test {};
using Kinds = testing::Types<BinaryFuseFilter, XorFilter, RibbonFilter>;
TYPED_TEST_SUITE(built_filter, Kinds);

template <class Filter>
class fuse : public testing::Test {};
using FuseKinds = testing::Types<BinaryFuseFilter, XorFilter>;
TYPED_TEST_SUITE(fuse, FuseKinds);

TYPED_TEST(built_filter, holds_its_items_and_errs_as_often_as_theory_says) {
  for (const int bits : {8, 16})
    for (const std::size_t items : {0u, 1u, 2u, 3u, 10u, 31u, 1000u, 50'000u}) {
      const auto filter = TypeParam::of(from(0, items), bits);
      EXPECT_EQ(filter.items(), items);
      constexpr std::size_t questions = 1'000'000;
      const double rate = filter.rate(), found = qsm_test::false_positives(filter, items, questions);
      // A table of few places has few fingerprints.
      const double spread = std::sqrt(rate / questions) + (items < 100 ? rate * 4 : 0);
      EXPECT_NEAR(found, rate, 5 * spread) << bits << " " << items;
    }
}

TYPED_TEST(built_filter, has_an_item_in_once) {
  std::vector<std::uint64_t> items = from(0, 20'000);
  for (int i = 0; i < 3; ++i) items.insert(items.end(), items.begin(), items.end());
  items.insert(items.end(), 1000, 77);
  const auto filter = TypeParam::of(items);
  EXPECT_EQ(filter.items(), 20'000u);
  qsm_test::false_positives(filter, 20'000, 1);
  EXPECT_EQ(TypeParam::of(std::vector<std::uint64_t>(100'000, 5)).items(), 1u);
}

TYPED_TEST(built_filter, is_the_same_at_each_level) {
  std::vector<std::byte> bytes;
  qsm_test::at_each_level([&] {
    const auto filter = TypeParam::of(from(0, 5000), 16, Hasher{HashFunction::wyhash, 9});
    if (bytes.empty()) bytes = filter.encode();
    EXPECT_EQ(filter.encode(), bytes);
    qsm_test::false_positives(filter, 5000, 2000);
    qsm_test::false_positives(TypeParam::of(from(0, 5000)), 4999, 33);
  });
}

TYPED_TEST(built_filter, takes_texts) {
  const std::vector<std::string> names = {"Ada", "Alan", "", "Ada"};
  const auto filter = TypeParam::of(names, 16);
  EXPECT_EQ(filter.items(), 3u);
  for (const auto& name : names) EXPECT_TRUE(filter.contains(name));
  EXPECT_FALSE(filter.contains("Grace"));
}

TYPED_TEST(built_filter, comes_back_from_its_bytes) {
  for (const int bits : {8, 16})
    for (const std::size_t items : {0u, 7u, 1500u}) qsm_test::expect_bytes(TypeParam::of(from(0, items), bits));
}

TYPED_TEST(built_filter, refuses_what_makes_no_sense) {
  for (const int bits : {0, 32}) EXPECT_THROW(TypeParam::of(from(0, 3), bits), std::domain_error);
  bool one = false;
  EXPECT_THROW(TypeParam::of(from(0, 3)).contains(from(0, 5), std::span(&one, 1)), std::domain_error);
  EXPECT_THROW(TypeParam::decode(std::vector<std::byte>(200)), MalformedBytes);
}

TYPED_TEST(fuse, refuses_foreign_bytes) {
  EXPECT_THROW(TypeParam::of(from(0, 3), 7), std::domain_error);
  for (const int bits : {8, 16}) {
    const auto filter = TypeParam::of(from(0, 300), bits);
    const auto bytes = filter.to_xor_singleheader();
    EXPECT_EQ(TypeParam::from_xor_singleheader(bytes, bits).to_xor_singleheader(), bytes);
    for (std::size_t size = 0; size < bytes.size(); size += 7)
      EXPECT_THROW(TypeParam::from_xor_singleheader(std::span(bytes).first(size), bits), MalformedBytes);
    EXPECT_THROW(TypeParam::from_xor_singleheader(bytes, 24 - bits), MalformedBytes);
    EXPECT_THROW(TypeParam::from_xor_singleheader(bytes, 4), std::domain_error);
    // Sizes that contradict each other or ask for more memory than there are bytes.
    const bool segments = std::is_same_v<TypeParam, BinaryFuseFilter>;
    for (std::size_t at = segments ? 12 : 8; at < (segments ? 28u : 16u); ++at) {
      auto damaged = bytes;
      damaged[at] ^= std::byte{0x41};
      EXPECT_THROW(TypeParam::from_xor_singleheader(damaged, bits), MalformedBytes) << at;
    }
  }
}

TEST(fuse_sizes, are_refused_where_places_would_lie_elsewhere) {
  auto bytes = BinaryFuseFilter::of(from(0, 1)).encode();  // a segment of 4, one and two more
  ASSERT_EQ(bytes[31], std::byte{4});
  ASSERT_EQ(bytes[39], std::byte{1});
  EXPECT_EQ(BinaryFuseFilter::view(bytes, false).items(), 1u);
  bytes[31] = std::byte{3};  // the same bytes in all, but no power of two
  bytes[39] = std::byte{2};
  EXPECT_THROW(BinaryFuseFilter::view(bytes, false), MalformedBytes);
}

template <class Filter>
void expect_row(const qsm_test::Row& row) {
  const auto bytes = qsm_test::bytes_of(row.text("bytes"));
  const auto filter = Filter::from_xor_singleheader(bytes, static_cast<int>(row["bits"]));
  EXPECT_EQ(filter.to_xor_singleheader(), bytes) << row.where;
  EXPECT_NEAR(static_cast<double>(filter.items()), row["items"], 3) << row.where;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(row["items"]); ++i)
    EXPECT_TRUE(filter.contains_hash(qsm::splitmix64(i))) << row.where;
  std::string found;
  for (std::uint64_t i = 0; i < 2000; ++i)
    if (filter.contains_hash(qsm::splitmix64((std::uint64_t{1} << 40) + i)))
      found.append(found.empty() ? "" : " ").append(std::to_string(i));
  EXPECT_EQ(found, row.text("found")) << row.where;
}

TEST(fuse_reference, answers_as_the_reference_does) {
  for (const auto& row : qsm_test::golden("sketches/xor_singleheader.csv"))
    row.text("kind") == "xor" ? expect_row<XorFilter>(row) : expect_row<BinaryFuseFilter>(row);
}

}  // namespace
