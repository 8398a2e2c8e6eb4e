#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/sketches/misra_gries.hpp>
#include <qsm/sketches/testing.hpp>

namespace {

using qsm::sketches::HashFunction;
using qsm::sketches::MisraGries;
using Numbers = std::span<const std::uint64_t>;

static_assert(qsm::sketches::FrequencySketch<MisraGries>);

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
void expect_bounds(const MisraGries& sketch, const std::map<std::uint64_t, double>& truth) {
  EXPECT_LE(sketch.error(), sketch.total() / (sketch.capacity() + 1));
  std::vector<std::uint64_t> counted;
  for (const auto& entry : sketch.top(2 * sketch.capacity())) counted.push_back(entry.hash);
  for (const auto& [item, number] : truth) {
    const auto count = sketch.count(item);
    ASSERT_LE(count.low, number);
    ASSERT_GE(count.high, number);
    ASSERT_LE(count.high - count.low, static_cast<double>(sketch.total() / (sketch.capacity() + 1)));
    if (number > static_cast<double>(sketch.total()) / static_cast<double>(sketch.capacity() + 1)) {
      ASSERT_NE(std::ranges::find(counted, sketch.hasher()(item)), counted.end());
    }
  }
}

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

TEST(misra_gries, keeps_its_bounds_against_exact_counts) {
  const auto items = skewed(100'000, 1);
  for (const std::uint64_t capacity : {3, 40, 600, 20'000}) {
    MisraGries sketch(capacity);
    sketch.add(Numbers(items));
    expect_bounds(sketch, exact(items));
  }
}

TEST(misra_gries, keeps_its_bounds_merged_and_fed_further) {
  for (const std::size_t first : {10u, 4000u, 29'000u}) {
    for (const std::uint64_t capacity : {5, 60, 400}) {
      const auto items = skewed(30'000, first + capacity);
      const auto third = (items.size() - first) / 2;
      MisraGries one(capacity), other(capacity);
      one.add(Numbers(items).first(first));
      other.add(Numbers(items).subspan(first, third));
      MisraGries backwards = other;
      backwards.merge(one);
      one.merge(other);
      EXPECT_EQ(one, backwards);
      expect_bounds(one, exact(Numbers(items).first(first + third)));
      one.add(Numbers(items).subspan(first + third));
      expect_bounds(one, exact(items));
    }
  }
}

TEST(misra_gries, tells_the_items) {
  MisraGries sketch(10);
  for (int i = 0; i < 5; ++i) sketch.add("often");
  sketch.add(~std::uint64_t{0});
  sketch.add(~std::uint64_t{0});
  sketch.add_hash(sketch.hasher()("later"), 4);
  EXPECT_EQ(sketch.unlabelled().size(), 1u);
  sketch.label("later");
  sketch.label("never seen");
  EXPECT_TRUE(sketch.unlabelled().empty());
  for (const MisraGries& each : {sketch, MisraGries::decode(sketch.encode())}) {
    const auto top = each.top(3);
    EXPECT_EQ(std::get<std::string>(top[0].item), "often");
    EXPECT_EQ(std::get<std::string>(top[1].item), "later");
    EXPECT_EQ(std::get<std::int64_t>(top[2].item), -1);
    EXPECT_EQ(top[0].count.low, 5);
    EXPECT_EQ(top[0].count.method, "misra-gries, certain");
  }
  EXPECT_EQ(sketch.top(0).size(), 0u);
  EXPECT_EQ(sketch.count("never seen").high, 0);
  sketch.reset();
  EXPECT_EQ(sketch, MisraGries(10));
}

TEST(misra_gries, counts_weights) {
  MisraGries one(3), other(3);
  one.add_hash(7, 1000);
  one.add_hash(8, 0);
  for (int i = 0; i < 1000; ++i) other.add_hash(7);
  EXPECT_EQ(one, other);
  EXPECT_THROW(one.add_hash(1, ~std::uint64_t{0}), std::domain_error);
  EXPECT_EQ(one, other);
}

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
