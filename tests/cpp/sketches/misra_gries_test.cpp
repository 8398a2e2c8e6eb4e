#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/sketches/misra_gries.hpp>
#include <qsm/sketches/testing.hpp>

#include "sketches/frequent_checks.hpp"

namespace {

using qsm::sketches::HashFunction;
using qsm::sketches::MisraGries;
using qsm_test::Numbers;
using qsm_test::skewed;

static_assert(qsm::sketches::FrequencySketch<MisraGries>);

TEST(misra_gries, is_a_sketch) {
  EXPECT_EQ(qsm::sketches::check_sketch(MisraGries(1500)), std::vector<std::string>());
  EXPECT_EQ(qsm::sketches::check_sketch(MisraGries(20, {HashFunction::murmur3, 4}), false), std::vector<std::string>());
  EXPECT_EQ(qsm::sketches::check_sketch(MisraGries(1), false), std::vector<std::string>());
}

TEST(misra_gries, is_what_the_paper_says_done_slowly) {
  // Twin: lowers each count by one until enough are gone.
  for (const std::size_t capacity : {1, 2, 7, 50}) {
    MisraGries sketch(capacity);
    std::map<std::uint64_t, std::uint64_t> twin;  // by hash
    std::uint64_t lowered = 0;
    for (const auto item : skewed(5000, capacity)) {
      sketch.add(item);
      ++twin[sketch.hasher()(item)];
      if (twin.size() > 2 * capacity)
        for (; twin.size() > capacity; ++lowered)
          for (auto entry = twin.begin(); entry != twin.end();)
            entry = --entry->second == 0 ? twin.erase(entry) : std::next(entry);
    }
    const auto top = sketch.top(3 * capacity);
    ASSERT_EQ(top.size(), twin.size());
    EXPECT_EQ(sketch.error(), lowered);
    for (const auto& entry : top) {
      EXPECT_EQ(entry.count.low, static_cast<double>(twin.at(entry.hash)));
      EXPECT_EQ(entry.count.high, static_cast<double>(twin.at(entry.hash) + lowered));
      EXPECT_EQ(sketch.hasher()(static_cast<std::uint64_t>(std::get<std::int64_t>(entry.item))), entry.hash);
    }
    EXPECT_TRUE(std::ranges::is_sorted(top, std::greater(), [](const auto& entry) { return entry.count.low; }));
  }
}

TEST(misra_gries, keeps_its_bounds) {
  qsm_test::expect_kept_bounds<MisraGries>(
      [](std::uint64_t capacity) { return 1 / static_cast<double>(capacity + 1); });
}

TEST(misra_gries, tells_the_items) { qsm_test::expect_labels<MisraGries>("misra-gries, certain"); }

TEST(misra_gries, counts_weights) { qsm_test::expect_weights<MisraGries>(); }

TEST(misra_gries, refuses_what_makes_no_sense) {
  EXPECT_THROW(MisraGries(0), std::domain_error);
  EXPECT_THROW(MisraGries((std::uint64_t{1} << 27) + 1), std::domain_error);
  MisraGries sketch(10);
  EXPECT_THROW(sketch.merge(MisraGries(11)), std::domain_error);
  EXPECT_THROW(sketch.merge(MisraGries(10, {HashFunction::wyhash, 0})), std::domain_error);
  std::vector<std::uint64_t> out(2);
  EXPECT_THROW(sketch.count_hashes(Numbers(out).first(1), out), std::domain_error);
}

/// Bytes of a sketch of capacity 2 with these counters, under a true checksum.
std::vector<std::byte> bytes(std::uint64_t total, std::uint64_t error,
                             std::vector<std::array<std::uint64_t, 3>> counters) {
  qsm::ByteWriter writer;
  qsm::sketches::detail::put_head(writer, "QMGR", 1, {});
  for (const std::uint64_t number : {std::uint64_t{2}, total, error, std::uint64_t{counters.size()}})
    writer.varint(number);
  for (const auto& [hash, count, kind] : counters) {
    writer.u64(hash);
    writer.varint(count);
    writer.u8(static_cast<std::uint8_t>(kind));
    if (kind == 1) writer.u64(0);
  }
  writer.checksum();
  return writer.take();
}

TEST(misra_gries, refuses_bytes_that_contradict_themselves) {
  EXPECT_EQ(MisraGries::decode(bytes(14, 2, {{1, 5, 0}, {2, 3, 0}})).error(), 2u);
  struct Lot {
    std::uint64_t total, error;
    std::vector<std::array<std::uint64_t, 3>> counters;
  };
  const Lot lots[] = {
      {7, 0, {{1, 5, 0}, {2, 3, 0}}},                                    // more than all
      {9, 0, {{1, 5, 0}, {2, 3, 0}}},                                    // fewer than all, and none lowered
      {13, 2, {{1, 5, 0}, {2, 3, 0}}},                                   // lowered by more than there was
      {5, 2, {}},                                                        // likewise
      {8, 0, {{1, 3, 0}, {2, 5, 0}}},                                    // out of order
      {6, 0, {{2, 3, 0}, {1, 3, 0}}},                                    // likewise
      {8, 0, {{1, 5, 0}, {1, 3, 0}}},                                    // an item twice
      {8, 0, {{1, 5, 4}, {2, 3, 0}}},                                    // a label of no kind
      {8, 0, {{1, 5, 1}, {2, 3, 0}}},                                    // another item's label
      {15, 0, {{1, 3, 0}, {2, 3, 0}, {3, 3, 0}, {4, 3, 0}, {5, 3, 0}}},  // five of twice two
      {5, 0, {{1, 5, 0}, {2, 0, 0}}},                                    // a counter of nothing
  };
  for (const auto& [total, error, counters] : lots)
    EXPECT_THROW(MisraGries::decode(bytes(total, error, counters)), qsm::MalformedBytes);
}

}  // namespace
