#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/sketches/heavy_keeper.hpp>
#include <qsm/sketches/testing.hpp>

#include "sketches/frequent_checks.hpp"

namespace {

using qsm::sketches::HashFunction;
using qsm::sketches::HeavyKeeper;
using qsm_test::Numbers;
using qsm_test::skewed;

static_assert(qsm::sketches::FrequencySketch<HeavyKeeper>);

TEST(heavy_keeper, is_a_sketch) {
  EXPECT_EQ(qsm::sketches::check_sketch(HeavyKeeper(20, 64, 3, {HashFunction::murmur3, 4}), false),
            std::vector<std::string>());
  EXPECT_EQ(qsm::sketches::check_sketch(HeavyKeeper(1, 1, 1), false), std::vector<std::string>());
  EXPECT_EQ(qsm::sketches::check_sketch(HeavyKeeper(200, 100'000), true, 100),  // room for all
            std::vector<std::string>());
}

TEST(heavy_keeper, finds_the_most_frequent_and_counts_none_too_high) {
  const auto items = skewed(300'000, 3, 1e5);
  auto truth = qsm_test::exact(items);
  HeavyKeeper sketch(50, 512);
  sketch.add(Numbers(items));
  EXPECT_EQ(sketch.total(), items.size());
  std::vector<double> counts;
  for (const auto& [item, number] : truth) {
    counts.push_back(number);
    const auto count = sketch.count(item);
    ASSERT_LE(count.value, number);
    EXPECT_EQ(count.low, 0);
    EXPECT_EQ(count.high, 300'000);
    EXPECT_EQ(count.method, "heavy keeper, no bound");
  }
  std::ranges::sort(counts, std::greater());
  const auto top = sketch.top(50);
  ASSERT_EQ(top.size(), 50u);
  EXPECT_TRUE(std::ranges::is_sorted(top, std::greater(), [](const auto& entry) { return entry.count.value; }));
  for (std::size_t i = 0; i < 50; ++i) {
    const auto item = static_cast<std::uint64_t>(std::get<std::int64_t>(top[i].item));
    EXPECT_GE(truth[item], counts[60]) << i;  // within ten places of the list's end
    EXPECT_GT(top[i].count.value, 0.9 * truth[item]) << i;
  }
}

TEST(heavy_keeper, decays_as_the_paper_says) {
  // One bucket: of another item it takes the sum of 1.08^c over c = 1, ... 20 on average to take 20 counts away.
  double sum = 0, squares = 0, theory = 0;
  for (int count = 1; count <= 20; ++count) theory += std::pow(1.08, count);
  constexpr int runs = 4000;
  for (int run = 0; run < runs; ++run) {
    HeavyKeeper other(1, 1, 1);
    for (int i = 0; i < 20; ++i) other.add_hash(1);
    double taken = 0;
    const std::uint64_t base = static_cast<std::uint64_t>(run) * 1000;
    qsm::ByteWriter writer;  // the same bucket, later in the stream
    qsm::sketches::detail::put_head(writer, "QHVK", 1, {});
    for (const std::uint64_t size : {1, 1}) writer.varint(size);
    writer.u8(1);
    writer.varint(base + 20);
    const auto bytes = other.encode();
    writer.raw(std::span(bytes).subspan(18, 8));
    writer.varint(0);
    writer.checksum();
    other = HeavyKeeper::decode(writer.take());
    for (; other.count_hash(2).value == 0; ++taken) other.add_hash(2);
    sum += taken;
    squares += taken * taken;
  }
  const double mean = sum / runs, deviation = std::sqrt((squares / runs - mean * mean) / runs);
  EXPECT_NEAR(mean, theory, 4 * deviation);
  EXPECT_LT(deviation, 0.02 * theory);
}

TEST(heavy_keeper, merges) {
  const auto items = skewed(60'000, 5);
  HeavyKeeper one(30, 300), other(30, 300);
  one.add(Numbers(items).first(20'000));
  other.add(Numbers(items).subspan(20'000));
  HeavyKeeper backwards = other;
  backwards.merge(one);
  one.merge(other);
  EXPECT_EQ(one, backwards);
  EXPECT_EQ(one.total(), 60'000u);
  for (const auto& [item, number] : qsm_test::exact(items)) {
    ASSERT_LE(one.count(item).value, number);
    if (number > 1500) {
      EXPECT_GT(one.count(item).value, 0.9 * number);
    }
  }
  one.merge(one);
  EXPECT_EQ(one.total(), 120'000u);
  one.reset();
  EXPECT_EQ(one, HeavyKeeper(30, 300));
}

TEST(heavy_keeper, leaves_a_bucket_to_the_larger_count_when_it_merges) {
  HeavyKeeper one(2, 1, 1), other(2, 1, 1);
  for (int i = 0; i < 500; ++i) one.add_hash(1);
  for (int i = 0; i < 3; ++i) other.add_hash(2);
  one.merge(other);
  EXPECT_EQ(one.count_hash(1).value, 500);
  EXPECT_EQ(one.count_hash(2).value, 3);  // on the list
  one.add_hash(1);
  EXPECT_EQ(one.count_hash(1).value, 501);
}

TEST(heavy_keeper, tells_the_items) {
  HeavyKeeper sketch(10);
  for (int i = 0; i < 5; ++i) sketch.add("often");
  for (int i = 0; i < 2; ++i) sketch.add(~std::uint64_t{0});
  for (int i = 0; i < 4; ++i) sketch.add_hash(sketch.hasher()("later"));
  EXPECT_EQ(sketch.unlabelled().size(), 1u);
  sketch.label("later");
  sketch.label("never seen");
  EXPECT_TRUE(sketch.unlabelled().empty());
  for (const HeavyKeeper& each : {sketch, HeavyKeeper::decode(sketch.encode())}) {
    const auto top = each.top(3);
    EXPECT_EQ(std::get<std::string>(top[0].item), "often");
    EXPECT_EQ(std::get<std::string>(top[1].item), "later");
    EXPECT_EQ(std::get<std::int64_t>(top[2].item), -1);
    EXPECT_EQ(top[0].count.value, 5);
  }
  EXPECT_EQ(sketch.count("never seen").value, 0);
}

TEST(heavy_keeper, refuses_what_makes_no_sense) {
  EXPECT_THROW(HeavyKeeper(0), std::domain_error);
  EXPECT_THROW(HeavyKeeper(10, 0), std::domain_error);
  EXPECT_THROW(HeavyKeeper(10, 10, 17), std::domain_error);
  HeavyKeeper sketch(10, 20);
  EXPECT_THROW(sketch.merge(HeavyKeeper(11, 20)), std::domain_error);
  EXPECT_THROW(sketch.merge(HeavyKeeper(10, 21)), std::domain_error);
  EXPECT_THROW(sketch.merge(HeavyKeeper(10, 20, 3)), std::domain_error);
  EXPECT_THROW(sketch.merge(HeavyKeeper(10, 20, 2, {HashFunction::wyhash, 0})), std::domain_error);
  std::vector<std::uint64_t> out(2);
  EXPECT_THROW(sketch.count_hashes(Numbers(out).first(1), out), std::domain_error);
}

TEST(heavy_keeper, refuses_bytes_that_contradict_themselves) {
  struct Lot {
    std::uint64_t total, bucket;
    std::vector<std::array<std::uint64_t, 2>> list;
  };
  const auto bytes = [](const Lot& lot) {
    qsm::ByteWriter writer;
    qsm::sketches::detail::put_head(writer, "QHVK", 1, {});
    writer.varint(2);
    writer.varint(1);
    writer.u8(1);
    writer.varint(lot.total);
    writer.u64(lot.bucket);
    writer.varint(lot.list.size());
    for (const auto& [hash, count] : lot.list) {
      writer.u64(hash);
      writer.varint(count);
      writer.u8(0);
    }
    writer.checksum();
    return writer.take();
  };
  EXPECT_EQ(HeavyKeeper::decode(bytes({9, 5 << 24, {{1, 5}, {2, 3}}})).total(), 9u);
  const Lot lots[] = {
      {9, 10 << 24, {}},                // a count above the total
      {9, 7, {}},                       // a fingerprint of nothing
      {std::uint64_t{1} << 40, 0, {}},  // a total that no count holds
      {9, 0, {{1, 10}}},                // likewise on the list
      {9, 0, {{1, 0}}},                 // an item that never came
      {9, 0, {{1, 3}, {2, 5}}},         // out of order
      {9, 0, {{1, 5}, {1, 3}}},         // an item twice
      {9, 0, {{3, 3}, {2, 3}, {1, 3}}}  // three on a list of two
  };
  for (const Lot& lot : lots) EXPECT_THROW(HeavyKeeper::decode(bytes(lot)), qsm::MalformedBytes);
}

}  // namespace
