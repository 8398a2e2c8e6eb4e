#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/sketches/space_saving.hpp>
#include <qsm/sketches/testing.hpp>

#include "sketches/frequent_checks.hpp"

namespace {

using qsm::sketches::HashFunction;
using qsm::sketches::SpaceSaving;
using qsm_test::Numbers;
using qsm_test::skewed;

static_assert(qsm::sketches::FrequencySketch<SpaceSaving>);

TEST(space_saving, is_a_sketch) {
  EXPECT_EQ(qsm::sketches::check_sketch(SpaceSaving(1500)), std::vector<std::string>());
  EXPECT_EQ(qsm::sketches::check_sketch(SpaceSaving(20, {HashFunction::murmur3, 4}), false),
            std::vector<std::string>());
  EXPECT_EQ(qsm::sketches::check_sketch(SpaceSaving(1), false), std::vector<std::string>());
}

TEST(space_saving, is_what_the_paper_says_done_by_search) {
  // Twin: a map of counters and errors, searched through for the least.
  struct Counter {
    std::uint64_t count, error;
  };
  for (const std::size_t capacity : {1, 2, 7, 50}) {
    SpaceSaving sketch(capacity);
    std::map<std::uint64_t, Counter> twin;  // by hash
    for (const auto item : skewed(5000, capacity)) {
      sketch.add(item);
      const std::uint64_t hash = sketch.hasher()(item);
      if (!twin.contains(hash)) {
        std::uint64_t least = 0;
        if (twin.size() == capacity) {
          const auto victim = std::ranges::min_element(twin, {}, [](const auto& entry) { return entry.second.count; });
          least = victim->second.count;
          twin.erase(victim);
        }
        twin[hash] = {least, least};
      }
      ++twin[hash].count;
    }
    const auto top = sketch.top(capacity);
    ASSERT_EQ(top.size(), twin.size());
    for (const auto& entry : top) {
      EXPECT_EQ(entry.count.high, static_cast<double>(twin.at(entry.hash).count));
      EXPECT_EQ(entry.count.high - entry.count.low, static_cast<double>(twin.at(entry.hash).error));
      EXPECT_EQ(sketch.hasher()(static_cast<std::uint64_t>(std::get<std::int64_t>(entry.item))), entry.hash);
    }
    EXPECT_TRUE(std::ranges::is_sorted(top, std::greater(), [](const auto& entry) { return entry.count.high; }));
  }
}

TEST(space_saving, keeps_its_bounds) {
  qsm_test::expect_kept_bounds<SpaceSaving>([](std::uint64_t capacity) { return 1 / static_cast<double>(capacity); });
}

TEST(space_saving, takes_no_more_memory_as_counters_change_hands) {
  SpaceSaving sketch(50);
  for (std::uint64_t item = 0; item < 200; ++item) sketch.add(item);
  const std::size_t before = sketch.bytes_used();
  for (std::uint64_t item = 0; item < 20'000; ++item) sketch.add(item);
  EXPECT_EQ(sketch.bytes_used(), before);
}

TEST(space_saving, tells_the_items) { qsm_test::expect_labels<SpaceSaving>("space-saving, certain"); }

TEST(space_saving, counts_weights) { qsm_test::expect_weights<SpaceSaving>(); }

TEST(space_saving, refuses_what_makes_no_sense) {
  EXPECT_THROW(SpaceSaving(0), std::domain_error);
  EXPECT_THROW(SpaceSaving((std::uint64_t{1} << 28) + 1), std::domain_error);
  SpaceSaving sketch(10);
  EXPECT_THROW(sketch.merge(SpaceSaving(11)), std::domain_error);
  EXPECT_THROW(sketch.merge(SpaceSaving(10, {HashFunction::wyhash, 0})), std::domain_error);
  std::vector<std::uint64_t> out(2);
  EXPECT_THROW(sketch.count_hashes(Numbers(out).first(1), out), std::domain_error);
}

/// Bytes of a sketch of capacity 2 with these counters, under a true checksum.
std::vector<std::byte> bytes(std::uint64_t total, std::vector<std::array<std::uint64_t, 4>> counters) {
  qsm::ByteWriter writer;
  qsm::sketches::detail::put_head(writer, "QSSV", 1, {});
  for (const std::uint64_t number : {std::uint64_t{2}, total, std::uint64_t{counters.size()}}) writer.varint(number);
  for (const auto& [hash, count, excess, kind] : counters) {
    writer.u64(hash);
    writer.varint(count);
    writer.varint(excess);
    writer.u8(static_cast<std::uint8_t>(kind));
    if (kind == 1) writer.u64(0);
  }
  writer.checksum();
  return writer.take();
}

TEST(space_saving, refuses_bytes_that_contradict_themselves) {
  EXPECT_EQ(SpaceSaving::decode(bytes(9, {{1, 5, 2, 0}, {2, 3, 0, 0}})).error(), 3u);
  using Lot = std::vector<std::array<std::uint64_t, 4>>;
  const std::pair<std::uint64_t, Lot> lots[] = {
      {7, {{1, 5, 0, 0}, {2, 3, 0, 0}}},                // more than all
      {9, {{1, 5, 0, 0}}},                              // fewer than all, with a counter free
      {5, {{1, 5, 2, 0}}},                              // excess with a counter free
      {8, {{1, 5, 5, 0}, {2, 3, 0, 0}}},                // nothing but excess
      {8, {{1, 3, 0, 0}, {2, 5, 0, 0}}},                // out of order
      {8, {{1, 5, 0, 0}, {1, 3, 0, 0}}},                // an item twice
      {8, {{1, 5, 0, 4}, {2, 3, 0, 0}}},                // a label of no kind
      {8, {{1, 5, 0, 1}, {2, 3, 0, 0}}},                // another item's label
      {9, {{3, 3, 0, 0}, {2, 3, 0, 0}, {1, 3, 0, 0}}},  // three of two counters
      {5, {{1, 5, 0, 0}, {2, 0, 0, 0}}},                // a counter of nothing
  };
  for (const auto& [total, lot] : lots) EXPECT_THROW(SpaceSaving::decode(bytes(total, lot)), qsm::MalformedBytes);
}

}  // namespace
