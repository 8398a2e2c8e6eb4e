#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/sharding.hpp>
#include <qsm/sharding/testing.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::sharding;
using qsm::sketches::HashFunction;
using qsm_test::agrees;
using qsm_test::relative_error;

std::vector<std::uint64_t> many_keys(std::size_t number) {
  std::vector<std::uint64_t> keys(number);
  for (std::size_t i = 0; i < number; ++i) keys[i] = i;
  return keys;
}

TEST(theory, golden) {
  for (const auto& row : qsm_test::golden("sharding/ring.csv")) {
    const double nodes = row["nodes"], points = row["virtual_nodes"];
    EXPECT_TRUE(agrees(ring_deviation(nodes, points), row, "deviation"));
    EXPECT_LT(relative_error(ring_peak(nodes, points), row["peak"]), 1e-11) << row.where;
    EXPECT_LT(relative_error(ring_least(nodes, points), row["least"]), 1e-11) << row.where;
  }
  for (const auto& row : qsm_test::golden("sharding/modulo_movement.csv"))
    EXPECT_TRUE(agrees(modulo_movement(row["before"], row["after"]), row, "moved"));
  for (const auto& row : qsm_test::golden("sharding/cross_shard.csv")) {
    EXPECT_TRUE(agrees(cross_shard_probability(row["shards"], row["keys"]), row, "probability"));
    EXPECT_TRUE(agrees(shards_touched(row["shards"], row["keys"]), row, "touched"));
  }
}

TEST(theory,
     one_point_per_node_is_a_broken_stick) {  // the largest of n spacings has the mean H(n) / n, the least 1 / n^2
  double harmonic = 0;
  for (int n = 1; n <= 200; ++n) {
    harmonic += 1.0 / n;
    EXPECT_LT(relative_error(ring_peak(n, 1), harmonic), 1e-11) << n;
    EXPECT_LT(relative_error(ring_least(n, 1), 1.0 / n), 1e-11) << n;
  }
}

TEST(theory, rings_are_as_uneven_as_it_says) {
  constexpr int runs = 400, nodes = 20, points = 25;
  double peak = 0, peak_squared = 0, least = 0, variance = 0;
  for (std::uint64_t seed = 0; seed < runs; ++seed) {
    const auto shares = Ring(numbered_nodes(nodes), {HashFunction::xxh3, seed}, {points}).shares();
    const double most = nodes * *std::max_element(shares.begin(), shares.end());
    peak += most / runs;
    peak_squared += most * most / runs;
    least += nodes * *std::min_element(shares.begin(), shares.end()) / runs;
    for (const double share : shares) variance += (nodes * share - 1) * (nodes * share - 1) / (nodes * runs);
  }
  const double error = std::sqrt((peak_squared - peak * peak) / runs);
  EXPECT_NEAR(peak, ring_peak(nodes, points), 4 * error);
  EXPECT_NEAR(least, ring_least(nodes, points), 4 * error);
  EXPECT_NEAR(std::sqrt(variance), ring_deviation(nodes, points), 0.03 * ring_deviation(nodes, points));
}

TEST(theory, multi_probe_is_as_uneven_as_it_says) {
  constexpr int nodes = 500;
  const auto keys = many_keys(2'000'000);
  for (const std::uint64_t probes : {2, 5, 21}) {
    const auto found = balance(MultiProbe(numbered_nodes(nodes), {}, {probes}), keys);
    const double structure = std::sqrt(found.deviation * found.deviation - found.chance * found.chance);
    const double k = static_cast<double>(probes);
    EXPECT_NEAR(structure, multi_probe_deviation(k), 0.12 * multi_probe_deviation(k)) << probes;
    EXPECT_LT(found.peak, multi_probe_peak(k) * (1 + 6 * found.chance)) << probes;
    EXPECT_GT(found.peak, multi_probe_peak(k) * 0.9) << probes;
  }
}

/// Measured movement within 4 standard deviations of the theory.
void moves(const Movement& found, double theory, std::size_t keys) {
  EXPECT_NEAR(found.moved, theory, 4 * std::sqrt(theory * (1 - theory) / static_cast<double>(keys)));
}

TEST(theory, movement_is_what_it_says) {
  const auto keys = many_keys(200'000);
  const Nodes ten = numbered_nodes(10), eleven = numbered_nodes(11);
  moves(movement(Modulo(ten), Modulo(eleven), keys), modulo_movement(10, 11), keys.size());
  moves(movement(Modulo(numbered_nodes(12)), Modulo(numbered_nodes(18)), keys), modulo_movement(12, 18), keys.size());
  moves(movement(Jump(ten), Jump(eleven), keys), least_movement(10, 11), keys.size());
  moves(movement(JumpBack(ten), JumpBack(eleven), keys), least_movement(10, 11), keys.size());
  moves(movement(Power(ten), Power(eleven), keys), least_movement(10, 11), keys.size());
  moves(movement(Rendezvous(ten), Rendezvous(eleven), keys), least_movement(10, 11), keys.size());
  moves(movement(Anchor(eleven), Anchor(ten, {}, {22}), keys), least_movement(10, 11), keys.size());
  EXPECT_EQ(movement(Jump(ten), Jump(eleven), keys).needless, 0);
  EXPECT_NEAR(movement(Jump(ten), Jump(eleven), keys).least, 1.0 / 11, 1e-15);

  for (const Movement found : {[&] {
                                 Jump less(ten);
                                 less.remove("node-3");
                                 return movement(Jump(ten), less, keys);
                               }(),
                               [&] {
                                 Power less(ten);
                                 less.remove("node-3");
                                 return movement(Power(ten), less, keys);
                               }()})
    moves(found, renamed_movement(10), keys.size());

  Nodes tiers = {{"a", 1, "x"}, {"b", 2, "x"}, {"c", 1, "x"}, {"d", 3, "y"}, {"e", 2, "y"}};
  const HierarchicalRendezvous before(tiers);
  HierarchicalRendezvous after = before;
  after.remove("b");
  moves(movement(before, after, keys), hierarchical_movement(2, 4, 9), keys.size());
}

TEST(theory, anchor_hashes_as_often_as_it_says) {
  // Twin: the share of keys that are hashed again at each removal is 1 / (nodes before), whatever was removed before.
  EXPECT_NEAR(
      anchor_steps(20, 10),
      1 +
          [] {
            double sum = 0;
            for (int i = 11; i <= 20; ++i) sum += 1.0 / i;
            return sum;
          }(),
      1e-14);
  EXPECT_EQ(anchor_steps(7, 7), 1);
}

TEST(theory, transactions_touch_what_it_says) {
  const Jump shards(numbered_nodes(16));
  std::vector<std::uint64_t> bits(4 * 50'000);
  qsm::Stream(3).bits(0, bits);
  double cross = 0, touched = 0;
  for (std::size_t i = 0; i < bits.size(); i += 4) {
    std::set<std::uint32_t> used;
    for (std::size_t k = 0; k < 4; ++k) used.insert(shards.node_of_hash(bits[i + k]));
    cross += used.size() > 1;
    touched += static_cast<double>(used.size());
  }
  EXPECT_NEAR(touched / 50'000, shards_touched(16, 4), 4 * 0.6 / std::sqrt(50'000));
  EXPECT_NEAR(cross / 50'000, cross_shard_probability(16, 4), 4 * std::sqrt(2.5e-4 / 50'000));
}

TEST(balance, counts_and_weights) {
  const auto keys = many_keys(400'000);
  const auto found = balance(Rendezvous({{"a", 1}, {"b", 3}, {"c", 0}}), keys);
  EXPECT_NEAR(static_cast<double>(found.counts[1]), 300'000, 4 * std::sqrt(75'000));
  EXPECT_EQ(found.counts[2], 0u);
  EXPECT_LT(found.deviation, 4 * found.chance);
  const auto even = balance(JumpBack(numbered_nodes(100)), keys);
  EXPECT_NEAR(even.chance, chance_deviation(100, 400'000), 1e-12);
  EXPECT_NEAR(even.deviation, even.chance, 4 * even.chance / std::sqrt(200));
}

TEST(ranges, are_a_consistent_hash) {
  EXPECT_EQ(check_consistent_hash(Ranges(numbered_nodes(8)), {.deviation = 0.25}), std::vector<std::string>());
}

TEST(ranges, keep_an_order) {
  Ranges users(numbered_nodes(3), {0, 1000, 50'000});
  EXPECT_EQ(users.node_of_hash(999), 0u);
  EXPECT_EQ(users.node_of_hash(1000), 1u);
  EXPECT_EQ(users.nodes_between(500, 1'000'000), (std::vector<std::uint32_t>{0, 1, 2}));
  users.split("node-1", 20'000, {"node-3"});
  EXPECT_EQ(users.starts(), (std::vector<std::uint64_t>{0, 1000, 20'000, 50'000}));
  EXPECT_EQ(users.node_of_hash(20'000), 3u);
  EXPECT_EQ(Ranges::decode(users.encode()), users);
  users.remove("node-0");
  EXPECT_EQ(users.starts(), (std::vector<std::uint64_t>{0, 20'000, 50'000}));
  EXPECT_EQ(users.node_of_hash(0), 1u);
  EXPECT_EQ(ordered("b") >> 56, 'b');
  EXPECT_LT(ordered("apple"), ordered("apricot"));
  EXPECT_THROW(Ranges(numbered_nodes(2), {1, 2}), std::domain_error);
  EXPECT_THROW(Ranges(numbered_nodes(2), {0, 0}), std::domain_error);
  EXPECT_THROW(Ranges(numbered_nodes(2), {0}), std::domain_error);
  EXPECT_THROW(users.split("node-3", 20'000, {"x"}), std::domain_error);
  EXPECT_THROW(users.split("node-3", 60'000, {"x"}), std::domain_error);
}

TEST(bounded_loads, keep_the_bound) {
  const Nodes weighted = {{"a", 1}, {"b", 2}, {"c", 1}, {"d", 0}};
  const Ring ring(numbered_nodes(20), {}, {3});
  const Rendezvous rendezvous(weighted);
  const Maglev maglev(numbered_nodes(20), {}, {1009});
  for (const Placement* placement : {static_cast<const Placement*>(&ring), static_cast<const Placement*>(&rendezvous),
                                     static_cast<const Placement*>(&maglev)})
    for (const double factor : {1.01, 1.25, 2.0}) {
      BoundedLoads loads(*placement, {factor});
      std::vector<std::uint32_t> places;
      for (std::uint64_t key = 0; key < 3000; ++key) {
        const std::uint32_t preferred = placement->node(key);
        const bool room = loads.loads()[preferred] < loads.capacity(preferred);
        places.push_back(loads.place(key));
        ASSERT_TRUE(!room || places.back() == preferred);
        const Node& node = placement->table()[places.back()];
        const double fair = node.weight / placement->total_weight() * static_cast<double>(key + 1);
        ASSERT_LE(static_cast<double>(loads.loads()[places.back()]), std::ceil(factor * fair));
      }
      EXPECT_EQ(loads.total(), 3000u);
      BoundedLoads copy = loads;
      for (const std::uint32_t place : places) loads.release(place);
      EXPECT_EQ(loads.total(), 0u);
      EXPECT_EQ(copy.total(), 3000u);
      EXPECT_THROW(loads.release(0), std::domain_error);
    }
  EXPECT_THROW(BoundedLoads(ring, {1}), std::domain_error);
  EXPECT_THROW(BoundedLoads(ring, {std::nan("")}), std::domain_error);
}

TEST(movement, refuses_what_is_no_position) {
  const Nodes nodes = numbered_nodes(2);
  const std::vector<std::uint32_t> good = {0, 1}, bad = {0, 2};
  EXPECT_THROW(movement_of(nodes, bad, nodes, good), std::domain_error);
  EXPECT_THROW(movement_of(nodes, good, nodes, bad), std::domain_error);
  EXPECT_THROW(movement_of(nodes, {}, nodes, {}), std::domain_error);
  EXPECT_THROW(balance_of(nodes, bad), std::domain_error);
}

TEST(theory, bad_input) {
  EXPECT_THROW(ring_peak(0, 1), std::domain_error);
  EXPECT_THROW(ring_deviation(10, 0.5), std::domain_error);
  EXPECT_THROW(modulo_movement(0, 1), std::domain_error);
  EXPECT_THROW(renamed_movement(1), std::domain_error);
  EXPECT_THROW(hierarchical_movement(2, 1, 5), std::domain_error);
  EXPECT_THROW(anchor_steps(5, 6), std::domain_error);
  EXPECT_THROW(cross_shard_probability(0, 1), std::domain_error);
  EXPECT_THROW(shards_touched(1, 0), std::domain_error);
  EXPECT_EQ(multi_probe_peak(1), qsm::infinity);
}

}  // namespace
