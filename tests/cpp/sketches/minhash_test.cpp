#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/hashing.hpp>
#include <qsm/sketches/lsh.hpp>
#include <qsm/sketches/minhash.hpp>
#include <qsm/sketches/simhash.hpp>
#include <qsm/sketches/testing.hpp>
#include <qsm/sketches/weighted_minhash.hpp>

#include "cardinality.hpp"
#include "core/simd_levels.hpp"
#include "golden.hpp"

namespace {

using namespace qsm::sketches;
using qsm::MalformedBytes;
using qsm_test::filled;

static_assert(SimilaritySketch<MinHash>);
static_assert(SimilaritySketch<OnePermutationMinHash>);
static_assert(SimilaritySketch<SuperMinHash>);
static_assert(SimilaritySketch<SimHash>);
static_assert(Sketch<WeightedMinHash>);
static_assert(Sketch<LshIndex>);

/// Means, variances and coverage of an estimate over many runs.
struct Seen {
  double mean = 0, variance = 0, covered = 0;
};
template <class Run>
Seen over(int runs, double truth, Run run) {
  Seen seen;
  for (int i = 0; i < runs; ++i) {
    const qsm::Estimate estimate = run(static_cast<std::uint64_t>(i) << 32);
    seen.mean += estimate.value / runs;
    seen.variance += (estimate.value - truth) * (estimate.value - truth) / runs;
    seen.covered += (estimate.low <= truth && truth <= estimate.high) / static_cast<double>(runs);
  }
  return seen;
}

constexpr int runs = 2000, places = 128;

/// Two sets of so many items of which `shared` are in both: no bias, the variance of theory, intervals that hold.
template <class Sketch>
void expect_similarity(std::uint64_t items, std::uint64_t shared, double variance_ratio, double slack = 0) {
  SCOPED_TRACE(std::to_string(items) + " items, " + std::to_string(shared) + " shared");
  const double truth = static_cast<double>(shared) / static_cast<double>(2 * items - shared);
  const auto seen = over(runs, truth, [&](std::uint64_t first) {
    return filled(Sketch(places), items, first).similarity(filled(Sketch(places), items, first + items - shared));
  });
  const double theory = truth * (1 - truth) / places * variance_ratio;
  EXPECT_NEAR(seen.mean, truth, 4 * std::sqrt(theory / runs) + 1e-12);
  if (truth > 0 && truth < 1) {
    EXPECT_NEAR(seen.variance / theory, 1, 4 * std::sqrt(2.0 / runs) + slack);
  }
  EXPECT_GE(seen.covered, 0.93);
  if (variance_ratio == 1 && truth > 0 && truth < 1) {
    EXPECT_LE(seen.covered, 0.975);
  }
}

TEST(minhash, is_a_sketch) {
  qsm_test::at_each_level([] {
    for (const int size : {1, 32, 100, 256}) EXPECT_EQ(check_sketch(MinHash(size)), std::vector<std::string>()) << size;
  });
  EXPECT_EQ(check_sketch(OnePermutationMinHash(100)), std::vector<std::string>());
  EXPECT_EQ(check_sketch(SuperMinHash(100)), std::vector<std::string>());
  EXPECT_EQ(check_sketch(SuperMinHash(1)), std::vector<std::string>());
}

TEST(minhash, finds_how_alike_sets_are) {
  for (const auto& [items, shared] : {std::pair{1000, 500}, std::pair{20, 10}, std::pair{300, 0}, std::pair{50, 50}}) {
    const auto all = static_cast<std::uint64_t>(items), both = static_cast<std::uint64_t>(shared);
    expect_similarity<MinHash>(all, both, 1);
    const double in_either = static_cast<double>(2 * items - shared);
    expect_similarity<SuperMinHash>(all, both, SuperMinHash(places).variance_ratio(in_either));
  }
  // Of bins that are not all taken, fewer are compared, of fewer items: between the two.
  expect_similarity<OnePermutationMinHash>(1000, 500, 0.93, 0.06);
  expect_similarity<OnePermutationMinHash>(20, 10, 0.54, 0.06);
  EXPECT_EQ(MinHash(4).similarity(MinHash(4)).value, 1);
}

TEST(minhash, one_permutation_fills_its_empty_bins) {
  const auto sketch = filled(OnePermutationMinHash(places), 10);
  EXPECT_GE(sketch.empty_bins(), places - 10);
  const double truth = 10.0 / 30;
  const auto seen = over(runs, truth, [&](std::uint64_t first) {
    const auto one = filled(OnePermutationMinHash(places), 20, first).signature();
    const auto other = filled(OnePermutationMinHash(places), 20, first + 10).signature();
    double same = 0;
    for (std::size_t i = 0; i < one.size(); ++i) {
      EXPECT_NE(one[i], ~std::uint64_t{0});
      same += one[i] == other[i];
    }
    return qsm::Estimate{same / places, 0, 1, ""};
  });
  EXPECT_NEAR(seen.mean, truth, 0.012);
  const auto nothing = OnePermutationMinHash(3).signature();
  EXPECT_EQ(nothing, std::vector<std::uint64_t>(3, ~std::uint64_t{0}));
}

TEST(minhash, a_few_bits_of_each_are_enough) {
  const double truth = 1.0 / 3;
  for (const int bits : {1, 2, 5, 32}) {
    SCOPED_TRACE(bits);
    const auto seen = over(runs, truth, [bits](std::uint64_t first) {
      const auto one = filled(MinHash(places), 100, first), other = filled(MinHash(places), 100, first + 50);
      return one.compressed(bits).similarity(other.compressed(bits));
    });
    const double chance = std::ldexp(1.0, -bits), agree = truth + (1 - truth) * chance;
    const double theory = agree * (1 - agree) / places / ((1 - chance) * (1 - chance));
    EXPECT_NEAR(seen.mean, truth, 4 * std::sqrt(theory / runs));
    EXPECT_NEAR(seen.variance / theory, 1, 4 * std::sqrt(2.0 / runs));
    EXPECT_NEAR(seen.covered, 0.95, 0.025);
  }
  const auto small = filled(MinHash(100), 50).compressed(3);
  EXPECT_EQ(BBitMinHash::decode(small.encode()), small);
  EXPECT_EQ(small.bytes_used(), 40);
  EXPECT_EQ(small.similarity(small).value, 1);
  // Sets of one item each agree in places by chance, and not in all or none.
  const auto alone = filled(MinHash(1000), 1).compressed(1);
  for (std::uint64_t i = 1; i < 9; ++i)
    EXPECT_LT(alone.similarity(filled(MinHash(1000), 1, i).compressed(1)).value, 0.15);
}

TEST(minhash, variance_of_superminhash) {
  for (const auto& row : qsm_test::golden("sketches/superminhash.csv")) {
    SCOPED_TRACE(row.where);
    EXPECT_NEAR(SuperMinHash(static_cast<int>(row["size"])).variance_ratio(row["items"]), row["ratio"], 1e-9);
  }
  EXPECT_NEAR(SuperMinHash(128).variance_ratio(1e6), 1, 1e-3);
}

TEST(minhash, refuses_what_makes_no_sense) {
  EXPECT_THROW(MinHash(0), std::domain_error);
  EXPECT_THROW(OnePermutationMinHash(65537), std::domain_error);
  EXPECT_THROW(SuperMinHash(-1), std::domain_error);
  MinHash sketch(8);
  EXPECT_THROW(sketch.merge(MinHash(9)), std::domain_error);
  EXPECT_THROW(sketch.merge(MinHash(8, {HashFunction::wyhash, 0})), std::domain_error);
  EXPECT_THROW(sketch.similarity(MinHash(9)), std::domain_error);
  EXPECT_THROW(sketch.similarity(sketch, 1), std::domain_error);
  EXPECT_THROW(sketch.compressed(0), std::domain_error);
  EXPECT_THROW(sketch.compressed(33), std::domain_error);
  EXPECT_THROW(sketch.compressed(2).similarity(sketch.compressed(3)), std::domain_error);
  EXPECT_THROW(SuperMinHash(8).variance_ratio(0), std::domain_error);
}

TEST(simhash, is_a_sketch) {
  qsm_test::at_each_level([] {
    EXPECT_EQ(check_sketch(SimHash(64)), std::vector<std::string>());
    EXPECT_EQ(check_sketch(SimHash(200)), std::vector<std::string>());
  });
  EXPECT_EQ(SimHash(65).size(), 128);
  EXPECT_THROW(SimHash(63), std::domain_error);
  EXPECT_THROW(SimHash(64).similarity(SimHash(128)), std::domain_error);
}

/// Sets of 100 items that share 50 are at 60 degrees: signs differ in a third of the places.
TEST(simhash, finds_the_angle) {
  int differ = 0;
  const auto seen = over(runs, 0.5, [&differ](std::uint64_t first) {
    const auto one = filled(SimHash(256), 100, first), other = filled(SimHash(256), 100, first + 50);
    for (std::size_t i = 0; i < 4; ++i) differ += std::popcount(one.fingerprint()[i] ^ other.fingerprint()[i]);
    return one.similarity(other);
  });
  EXPECT_NEAR(differ / 256.0 / runs, 1.0 / 3, 0.004);
  EXPECT_NEAR(seen.covered, 0.95, 0.02);
  // Counts matter: twice each item is the same direction.
  auto once = filled(SimHash(64), 30), twice = once;
  twice.merge(once);
  EXPECT_EQ(once.fingerprint(), twice.fingerprint());
  EXPECT_EQ(once.similarity(twice).value, 1);
}

WeightedMinHash weighted(std::uint64_t first, double least, int period) {
  WeightedMinHash sketch(places);
  for (int i = 0; i < 50; ++i) sketch.add(first + static_cast<std::uint64_t>(i), least + i % period);
  return sketch;
}

TEST(weighted_minhash, finds_how_alike_weights_are) {
  double lesser = 0, greater = 0;
  for (int i = 0; i < 50; ++i) {
    lesser += std::min(1.0 + i % 3, 0.5 + i % 5);
    greater += std::max(1.0 + i % 3, 0.5 + i % 5);
  }
  const double truth = lesser / greater, theory = truth * (1 - truth) / places;
  const auto seen =
      over(1000, truth, [](std::uint64_t first) { return weighted(first, 1, 3).similarity(weighted(first, 0.5, 5)); });
  EXPECT_NEAR(seen.mean, truth, 4 * std::sqrt(theory / 1000));
  EXPECT_NEAR(seen.variance / theory, 1, 4 * std::sqrt(2.0 / 1000));
  EXPECT_NEAR(seen.covered, 0.95, 0.025);
}

TEST(weighted_minhash, merges_to_the_greater_weights) {
  auto one = weighted(0, 1, 3), other = weighted(0, 0.5, 5), backwards = other;
  WeightedMinHash both(places);
  for (int i = 0; i < 50; ++i) both.add(static_cast<std::uint64_t>(i), std::max(1.0 + i % 3, 0.5 + i % 5));
  backwards.merge(one);
  one.merge(other);
  EXPECT_EQ(one, both);
  EXPECT_EQ(backwards, both);
  EXPECT_EQ(WeightedMinHash::decode(one.encode()), one);
  auto bytes = one.encode();
  bytes[30] ^= std::byte{1};
  EXPECT_THROW(WeightedMinHash::decode(bytes), MalformedBytes);
  auto nothing = WeightedMinHash(places);
  nothing.add(1, 0);
  EXPECT_EQ(nothing, WeightedMinHash(places));
  qsm_test::at_each_level([&both] {
    auto again = weighted(0, 1, 3);
    again.merge(weighted(0, 0.5, 5));
    EXPECT_EQ(again, both);
  });
  EXPECT_THROW(both.add(1, -1), std::domain_error);
  EXPECT_THROW(both.add(1, std::nan("")), std::domain_error);
  EXPECT_THROW(both.merge(WeightedMinHash(3)), std::domain_error);
  EXPECT_THROW(both.add_hashes(std::vector<std::uint64_t>{1, 2}, std::vector<double>{1}), std::domain_error);
}

TEST(lsh, probability_and_threshold) {
  for (const auto& row : qsm_test::golden("sketches/lsh.csv")) {
    SCOPED_TRACE(row.where);
    EXPECT_NEAR(lsh_probability(row["similarity"], row["bands"], row["rows"]), row["lsh_probability"],
                1e-13 * row["lsh_probability"]);
    EXPECT_NEAR(lsh_threshold(row["bands"], row["rows"]), row["lsh_threshold"], 1e-13 * row["lsh_threshold"]);
  }
  EXPECT_THROW(lsh_probability(1.5, 1, 1), std::domain_error);
  EXPECT_THROW(lsh_probability(0.5, 0, 1), std::domain_error);
  EXPECT_THROW(lsh_threshold(2, 0.5), std::domain_error);
}

/// The index finds pairs of sets as often as theory says of their similarity.
TEST(lsh, finds_as_often_as_theory_says) {
  constexpr int pairs = 3000;
  for (const std::uint64_t shared : {20u, 40u, 60u, 80u}) {
    LshIndex index(10, 4);
    int found = 0;
    for (std::uint64_t i = 0; i < pairs; ++i) index.add(i, filled(MinHash(40), 100, i << 32).signature());
    for (std::uint64_t i = 0; i < pairs; ++i) {
      const auto keys = index.query(filled(MinHash(40), 100, (i << 32) + 100 - shared).signature());
      found += std::ranges::count(keys, i) == 1;
    }
    const double truth = static_cast<double>(shared) / static_cast<double>(200 - shared);
    const double theory = lsh_probability(truth, 10, 4);
    EXPECT_NEAR(found / static_cast<double>(pairs), theory, 4 * std::sqrt(theory * (1 - theory) / pairs)) << shared;
  }
}

TEST(lsh, adds_removes_and_travels) {
  LshIndex index(8, 2), other(8, 2);
  std::vector<std::vector<std::uint64_t>> signatures;
  for (std::uint64_t i = 0; i < 1000; ++i) signatures.push_back(filled(MinHash(16), 20, i).signature());
  for (std::uint64_t i = 0; i < 1000; ++i) (i % 3 == 0 ? other : index).add(i, signatures[i]);
  const LshIndex before = index;
  index.merge(other);
  EXPECT_EQ(index.size(), 1000);
  const auto brute = [&signatures](std::uint64_t key, auto holds) {
    std::vector<std::uint64_t> found;
    for (std::uint64_t i = 0; i < signatures.size(); ++i) {
      bool same = false;
      for (std::size_t band = 0; band < 16; band += 2)
        same |= signatures[i][band] == signatures[key][band] && signatures[i][band + 1] == signatures[key][band + 1];
      if (same && holds(i)) found.push_back(i);
    }
    return found;
  };
  for (const std::uint64_t key : {0u, 500u, 999u})
    EXPECT_EQ(index.query(signatures[key]), brute(key, [](std::uint64_t) { return true; }));
  EXPECT_EQ(LshIndex::decode(index.encode()), index);
  for (std::uint64_t i = 0; i < 1000; i += 3) index.remove(i);
  EXPECT_EQ(index, before);
  for (const std::uint64_t key : {0u, 500u, 999u})
    EXPECT_EQ(index.query(signatures[key]), brute(key, [](std::uint64_t i) { return i % 3 != 0; }));
  index.merge(other);  // into the gaps
  EXPECT_EQ(index.query(signatures[1]), brute(1, [](std::uint64_t) { return true; }));
  EXPECT_TRUE(index.contains(999));
  EXPECT_FALSE(index.contains(1000));
  EXPECT_THROW(index.add(5, signatures[5]), std::domain_error);
  EXPECT_THROW(index.remove(1000), std::domain_error);
  EXPECT_THROW(index.merge(other), std::domain_error);
  EXPECT_THROW(index.merge(LshIndex(4, 4)), std::domain_error);
  EXPECT_THROW(index.add(2000, std::vector<std::uint64_t>(15)), std::domain_error);
  EXPECT_THROW(index.query(std::vector<std::uint64_t>(15)), std::domain_error);
  EXPECT_THROW(LshIndex(0, 1), std::domain_error);
  EXPECT_THROW(LshIndex(300, 300), std::domain_error);
  auto bytes = before.encode();
  bytes[20] ^= std::byte{1};
  EXPECT_THROW(LshIndex::decode(bytes), MalformedBytes);
}

}  // namespace
