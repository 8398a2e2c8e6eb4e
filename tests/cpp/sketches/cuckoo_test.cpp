#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/sketches/cuckoo.hpp>
#include <qsm/sketches/testing.hpp>

#include "core/simd_levels.hpp"
#include "sketches/filter_checks.hpp"

namespace {

using qsm::sketches::CuckooFilter;
using qsm::sketches::HashFunction;
using qsm_test::from;

static_assert(qsm::sketches::RemovableFilter<CuckooFilter>);

TEST(cuckoo, is_a_sketch) {
  qsm_test::at_each_level([] {
    for (const int bits : {8, 16})
      EXPECT_EQ(qsm::sketches::check_sketch(CuckooFilter(4000, bits, {HashFunction::wyhash, 1}), false),
                std::vector<std::string>());
  });
}

TEST(cuckoo, errs_as_often_as_theory_says_and_fills_up) {
  constexpr std::size_t questions = 1'000'000;
  for (const int bits : {8, 16})
    for (const std::size_t items : {1u, 10u, 1000u, 200'000u}) {
      CuckooFilter filter(static_cast<double>(items), bits);
      filter.add(from(0, items));
      EXPECT_EQ(filter.items(), items);
      EXPECT_LT(static_cast<double>(filter.places()), static_cast<double>(items) / 0.94 + 12);
      const double found = qsm_test::false_positives(filter, items, questions);
      EXPECT_NEAR(found, filter.rate(), 5 * std::sqrt(filter.rate() / questions) + (items < 2000 ? filter.rate() : 0));
      EXPECT_LT(filter.rate(), 8 / std::exp2(bits));
    }
}

TEST(cuckoo, forgets_what_is_removed_and_nothing_else) {
  // Twin: a multiset.
  CuckooFilter filter(4000, 16);
  std::map<std::uint64_t, int> twin;
  qsm::Stream stream(7);
  std::vector<double> draws(60'000);
  stream.uniforms(0, draws);
  for (std::size_t i = 0; i + 1 < draws.size(); i += 2) {
    const auto item = static_cast<std::uint64_t>(draws[i] * 2000);
    if (draws[i + 1] < 0.55 && filter.items() < 2800 && twin[item] < 3) {
      filter.add(item);
      ++twin[item];
    } else if (twin[item] > 0) {
      ASSERT_TRUE(filter.remove(item));
      --twin[item];
    }
  }
  std::uint64_t items = 0;
  int wrong = 0;
  for (const auto& [item, number] : twin) {
    items += static_cast<std::uint64_t>(number);
    if (number > 0) {
      ASSERT_TRUE(filter.contains(item));
    } else {
      wrong += filter.contains(item);
    }
  }
  EXPECT_EQ(filter.items(), items);
  EXPECT_LE(wrong, 3);
  for (auto& [item, number] : twin)
    for (; number > 0; --number) ASSERT_TRUE(filter.remove(item));
  EXPECT_EQ(filter.items(), 0u);
  EXPECT_EQ(filter, CuckooFilter(4000, 16));
  EXPECT_FALSE(filter.remove("never added"));
}

TEST(cuckoo, refuses_when_it_is_full_and_stays_as_it_was) {
  for (const int bits : {8, 16}) {
    CuckooFilter filter(500, bits);
    std::uint64_t item = 0;
    CuckooFilter before = filter;
    try {
      for (;; ++item) {
        before = filter;
        filter.add(item);
      }
    } catch (const std::length_error& error) {
      EXPECT_NE(std::string(error.what()).find("CuckooFilter.add: no place for an item"), std::string::npos);
    }
    EXPECT_EQ(filter, before);
    EXPECT_GT(static_cast<double>(item), 0.9 * static_cast<double>(filter.places()));
    for (std::uint64_t i = 0; i < item; ++i) ASSERT_TRUE(filter.contains(i));
    EXPECT_THROW(before.merge(filter), std::length_error);
    EXPECT_EQ(filter, before);
  }
  CuckooFilter filter(1000);
  for (int i = 0; i < 8; ++i) filter.add("the same");
  EXPECT_THROW(filter.add("the same"), std::length_error);
  EXPECT_EQ(filter.items(), 8u);
}

TEST(cuckoo, merges_and_resets) {
  for (const int bits : {8, 16}) {
    CuckooFilter one(2000, bits), other(2000, bits);
    one.add(from(0, 900));
    other.add(from(900, 900));
    one.merge(other);
    EXPECT_EQ(one.items(), 1800u);
    qsm_test::false_positives(one, 1800, 10);
    for (std::uint64_t i = 0; i < 1800; ++i) ASSERT_TRUE(one.remove(i));
    EXPECT_EQ(one.items(), 0u);
    other.reset();
    EXPECT_EQ(other, CuckooFilter(2000, bits));
  }
}

TEST(cuckoo, comes_back_from_its_bytes) {
  for (const int bits : {8, 16}) {
    CuckooFilter filter(700, bits);
    qsm_test::expect_bytes(filter);
    filter.add(from(0, 600));
    qsm_test::expect_bytes(filter);
    auto bytes = filter.encode();
    bytes[23] ^= std::byte{1};  // one item more or fewer than fingerprints
    EXPECT_THROW(CuckooFilter::view(bytes, false), qsm::MalformedBytes);
  }
}

TEST(cuckoo, refuses_what_makes_no_sense) {
  EXPECT_THROW(CuckooFilter(0), std::domain_error);
  EXPECT_THROW(CuckooFilter(1e12), std::domain_error);
  EXPECT_THROW(CuckooFilter(10, 12), std::domain_error);
  CuckooFilter filter(100);
  EXPECT_THROW(filter.merge(CuckooFilter(200)), std::domain_error);
  EXPECT_THROW(filter.merge(CuckooFilter(100, 8)), std::domain_error);
  EXPECT_THROW(filter.merge(CuckooFilter(100, 16, {HashFunction::wyhash, 0})), std::domain_error);
}

}  // namespace
