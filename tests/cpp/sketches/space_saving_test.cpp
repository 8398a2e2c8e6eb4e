#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/sketches/space_saving.hpp>
#include <qsm/sketches/testing.hpp>

namespace {

using qsm::sketches::HashFunction;
using qsm::sketches::SpaceSaving;
using Numbers = std::span<const std::uint64_t>;

static_assert(qsm::sketches::FrequencySketch<SpaceSaving>);

/// Items of which few come often: about c / k times item k.
std::vector<std::uint64_t> skewed(std::size_t number, std::uint64_t seed, double highest = 1e4) {
  std::vector<double> uniforms(number);
  qsm::Stream(seed).uniforms(0, uniforms);
  std::vector<std::uint64_t> items(number);
  for (std::size_t i = 0; i < number; ++i) items[i] = static_cast<std::uint64_t>(std::pow(highest, uniforms[i]));
  return items;
}

std::map<std::uint64_t, double> exact(Numbers items) {
  std::map<std::uint64_t, double> truth;
  for (const auto item : items) ++truth[item];
  return truth;
}

/// Bounds that hold of every item, and every frequent item has a counter.
void expect_bounds(const SpaceSaving& sketch, const std::map<std::uint64_t, double>& truth) {
  EXPECT_LE(sketch.error(), sketch.total() / sketch.capacity());
  std::vector<std::uint64_t> counted;
  for (const auto& entry : sketch.top(sketch.capacity())) counted.push_back(entry.hash);
  for (const auto& [item, number] : truth) {
    const auto count = sketch.count(item);
    ASSERT_LE(count.low, number);
    ASSERT_GE(count.high, number);
    ASSERT_LE(count.high - count.low, static_cast<double>(sketch.total() / sketch.capacity()));
    if (number > static_cast<double>(sketch.total()) / static_cast<double>(sketch.capacity())) {
      ASSERT_NE(std::ranges::find(counted, sketch.hasher()(item)), counted.end());
    }
  }
}

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

TEST(space_saving, keeps_its_bounds_against_exact_counts) {
  const auto items = skewed(100'000, 1);
  for (const std::uint64_t capacity : {3, 40, 600, 20'000}) {
    SpaceSaving sketch(capacity);
    sketch.add(Numbers(items));
    expect_bounds(sketch, exact(items));
  }
}

TEST(space_saving, keeps_its_bounds_merged_and_fed_further) {
  for (const std::size_t first : {10u, 4000u, 29'000u}) {
    for (const std::uint64_t capacity : {5, 60, 400}) {
      const auto items = skewed(30'000, first + capacity);
      const auto third = (items.size() - first) / 2;
      SpaceSaving one(capacity), other(capacity);
      one.add(Numbers(items).first(first));
      other.add(Numbers(items).subspan(first, third));
      SpaceSaving backwards = other;
      backwards.merge(one);
      one.merge(other);
      EXPECT_EQ(one, backwards);
      expect_bounds(one, exact(Numbers(items).first(first + third)));
      one.add(Numbers(items).subspan(first + third));
      expect_bounds(one, exact(items));
    }
  }
}

TEST(space_saving, tells_the_items) {
  SpaceSaving sketch(10);
  for (int i = 0; i < 5; ++i) sketch.add("often");
  sketch.add(~std::uint64_t{0});
  sketch.add(~std::uint64_t{0});
  sketch.add_hash(sketch.hasher()("later"), 4);
  EXPECT_EQ(sketch.unlabelled().size(), 1u);
  sketch.label("later");
  sketch.label("never seen");
  EXPECT_TRUE(sketch.unlabelled().empty());
  for (const SpaceSaving& each : {sketch, SpaceSaving::decode(sketch.encode())}) {
    const auto top = each.top(3);
    EXPECT_EQ(std::get<std::string>(top[0].item), "often");
    EXPECT_EQ(std::get<std::string>(top[1].item), "later");
    EXPECT_EQ(std::get<std::int64_t>(top[2].item), -1);
    EXPECT_EQ(top[0].count.low, 5);
    EXPECT_EQ(top[0].count.method, "space-saving, certain");
  }
  EXPECT_EQ(sketch.top(0).size(), 0u);
  EXPECT_EQ(sketch.count("never seen").high, 0);
  sketch.reset();
  EXPECT_EQ(sketch, SpaceSaving(10));
}

TEST(space_saving, counts_weights) {
  SpaceSaving one(3), other(3);
  one.add_hash(7, 1000);
  one.add_hash(8, 0);
  for (int i = 0; i < 1000; ++i) other.add_hash(7);
  EXPECT_EQ(one, other);
  EXPECT_THROW(one.add_hash(1, ~std::uint64_t{0}), std::domain_error);
  EXPECT_EQ(one, other);
}

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
