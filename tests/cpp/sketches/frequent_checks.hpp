#pragma once
// What sketches of the most frequent items must do, whatever their kind.

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/sketches/frequent_item.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm_test {

using Numbers = std::span<const std::uint64_t>;

/// Items of which few come often: about c / k times item k.
inline std::vector<std::uint64_t> skewed(std::size_t number, std::uint64_t seed, double highest = 1e4) {
  std::vector<double> uniforms(number);
  qsm::Stream(seed).uniforms(0, uniforms);
  std::vector<std::uint64_t> items(number);
  for (std::size_t i = 0; i < number; ++i) items[i] = static_cast<std::uint64_t>(std::pow(highest, uniforms[i]));
  return items;
}

inline std::map<std::uint64_t, double> exact(Numbers items) {
  std::map<std::uint64_t, double> truth;
  for (const auto item : items) ++truth[item];
  return truth;
}

/// Bounds that hold of every item, an error of `share` of all at most, and every more frequent item has a counter.
template <class Sketch>
void expect_bounds(const Sketch& sketch, const std::map<std::uint64_t, double>& truth, double share) {
  const double most = share * static_cast<double>(sketch.total());
  EXPECT_LE(static_cast<double>(sketch.error()), most);
  std::vector<std::uint64_t> counted;
  for (const auto& entry : sketch.top(2 * sketch.capacity())) counted.push_back(entry.hash);
  for (const auto& [item, number] : truth) {
    const auto count = sketch.count(item);
    ASSERT_LE(count.low, number);
    ASSERT_GE(count.high, number);
    ASSERT_LE(count.high - count.low, most);
    const std::uint64_t hash = sketch.hasher()(item);
    std::uint64_t same = 0;
    sketch.count_hashes({&hash, 1}, {&same, 1});
    ASSERT_EQ(static_cast<double>(same), count.value);
    if (number > most) {
      ASSERT_NE(std::ranges::find(counted, sketch.hasher()(item)), counted.end());
    }
  }
}

/// The bounds hold, alone, merged, and fed further; share(capacity) is what a count may be off.
template <class Sketch, class Share>
void expect_kept_bounds(Share share) {
  const auto all = skewed(100'000, 1);
  for (const std::uint64_t capacity : {3, 40, 600, 20'000}) {
    Sketch sketch(capacity);
    sketch.add(Numbers(all));
    expect_bounds(sketch, exact(all), share(capacity));
  }
  for (const std::size_t first : {10u, 4000u, 29'000u}) {
    for (const std::uint64_t capacity : {5, 60, 400}) {
      const auto items = skewed(30'000, first + capacity);
      const auto third = (items.size() - first) / 2;
      Sketch one(capacity), other(capacity);
      one.add(Numbers(items).first(first));
      other.add(Numbers(items).subspan(first, third));
      Sketch backwards = other;
      backwards.merge(one);
      one.merge(other);
      EXPECT_EQ(one, backwards);
      expect_bounds(one, exact(Numbers(items).first(first + third)), share(capacity));
      one.add(Numbers(items).subspan(first + third));
      expect_bounds(one, exact(items), share(capacity));
    }
  }
}

/// Labels come back, through bytes too.
template <class Sketch>
void expect_labels(const std::string& method) {
  Sketch sketch(10);
  for (int i = 0; i < 5; ++i) sketch.add("often");
  sketch.add(~std::uint64_t{0});
  sketch.add(~std::uint64_t{0});
  sketch.add_hash(sketch.hasher()("later"), 4);
  EXPECT_EQ(sketch.unlabelled().size(), 1u);
  sketch.label("later");
  sketch.label("never seen");
  EXPECT_TRUE(sketch.unlabelled().empty());
  for (const Sketch& each : {sketch, Sketch::decode(sketch.encode())}) {
    const auto top = each.top(3);
    EXPECT_EQ(std::get<std::string>(top[0].item), "often");
    EXPECT_EQ(std::get<std::string>(top[1].item), "later");
    EXPECT_EQ(std::get<std::int64_t>(top[2].item), -1);
    EXPECT_EQ(top[0].count.low, 5);
    EXPECT_EQ(top[0].count.method, method);
  }
  EXPECT_EQ(sketch.top(0).size(), 0u);
  EXPECT_EQ(sketch.count("never seen").high, 0);
  sketch.reset();
  EXPECT_EQ(sketch, Sketch(10));
}

template <class Sketch>
void expect_weights() {
  Sketch one(3), other(3);
  one.add_hash(7, 1000);
  one.add_hash(8, 0);
  for (int i = 0; i < 1000; ++i) other.add_hash(7);
  EXPECT_EQ(one, other);
  EXPECT_THROW(one.add_hash(1, ~std::uint64_t{0}), std::domain_error);
  EXPECT_EQ(one, other);
}

}  // namespace qsm_test
