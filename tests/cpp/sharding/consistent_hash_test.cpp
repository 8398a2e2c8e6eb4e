#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/sharding.hpp>
#include <qsm/sharding/testing.hpp>

#include "core/simd_levels.hpp"
#include "golden.hpp"

namespace {

using namespace qsm::sharding;
using qsm::splitmix64;
using Words = std::vector<std::string>;

template <class... Types>
constexpr bool all_are_placements = (ConsistentHash<Types> && ...);
static_assert(all_are_placements<Modulo, Jump, JumpBack, Power, Ring, MultiProbe, Rendezvous, HierarchicalRendezvous,
                                 Maglev, Anchor, JumpBackAnchor, Memento, Dx>);

Nodes weighted() { return {{"a", 1}, {"b", 2}, {"c", 0.5}, {"d", 0}, {"e", 4}}; }

TEST(consistent_hash, promises_hold) {
  const Nodes ten = numbered_nodes(10);
  EXPECT_EQ(check_consistent_hash(Jump(ten), {.any_leaves = false}), Words());
  EXPECT_EQ(check_consistent_hash(JumpBack(ten), {.any_leaves = false}), Words());
  EXPECT_EQ(check_consistent_hash(Power(ten), {.any_leaves = false}), Words());
  EXPECT_EQ(check_consistent_hash(Ring(ten, {}, {500}), {.deviation = 0.05}), Words());
  EXPECT_EQ(check_consistent_hash(MultiProbe(ten, {}, {51}), {.deviation = 0.15}), Words());
  EXPECT_EQ(check_consistent_hash(Rendezvous(ten)), Words());
  EXPECT_EQ(check_consistent_hash(HierarchicalRendezvous(ten)), Words());
  EXPECT_EQ(check_consistent_hash(Maglev(ten, {}, {5003}), {.excess = 0.06}), Words());
  EXPECT_EQ(check_consistent_hash(Anchor(ten, {}, {32})), Words());
  EXPECT_EQ(check_consistent_hash(JumpBackAnchor(ten)), Words());
  EXPECT_EQ(check_consistent_hash(Memento(ten)), Words());
  EXPECT_EQ(check_consistent_hash(Dx(ten, {}, {16})), Words());
  EXPECT_EQ(check_consistent_hash(Modulo(ten), {.any_leaves = false, .excess = 0.91}), Words());
}

TEST(consistent_hash, promises_hold_with_weights) {
  EXPECT_EQ(check_consistent_hash(Ring(weighted(), {}, {1000}), {.deviation = 0.05}), Words());
  EXPECT_EQ(check_consistent_hash(Rendezvous(weighted())), Words());
  EXPECT_EQ(check_consistent_hash(HierarchicalRendezvous(weighted())), Words());
  EXPECT_EQ(check_consistent_hash(Maglev(weighted(), {}, {10007}), {.excess = 0.1}), Words());
}

TEST(consistent_hash, the_check_sees_what_is_wrong) {
  EXPECT_NE(check_consistent_hash(Modulo(numbered_nodes(10)), {.any_leaves = false}), Words());
  EXPECT_NE(check_consistent_hash(Jump(numbered_nodes(10))), Words());
  EXPECT_NE(check_consistent_hash(Ring(numbered_nodes(10), {}, {1}), {.deviation = 0.05}), Words());
}

/// Nodes leave and come in any order: always only what must move does, and the bytes bring the state back.
template <class Type>
void survives_changes(Type placement) {
  std::vector<std::uint64_t> hashes(20'000);
  for (std::size_t i = 0; i < hashes.size(); ++i) hashes[i] = splitmix64(i ^ 77);
  std::vector<std::uint32_t> before(hashes.size()), after(hashes.size()), again(hashes.size());
  std::uint64_t random = 5;
  placement.nodes_of_hashes(hashes, before);
  for (int change = 0; change < 60; ++change) {
    random = splitmix64(random);
    std::uint32_t changed;
    bool added = placement.size() < 3 || (random % 5 < 2 && placement.size() < 20);
    if (added) {
      const std::string name = "new " + std::to_string(change);
      placement.add({name});
      changed = placement.position(name);
    } else {
      std::vector<std::string> names;
      for (const Node& node : placement.table())
        if (!node.name.empty()) names.push_back(node.name);
      const std::string name = names[(random >> 8) % names.size()];
      changed = placement.position(name);
      placement.remove(name);
    }
    placement.nodes_of_hashes(hashes, after);
    std::size_t wrong = 0;
    std::vector<double> counts(placement.table().size());
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      wrong += before[i] != after[i] && (added ? after[i] : before[i]) != changed;
      ASSERT_LT(after[i], placement.table().size());
      ASSERT_FALSE(placement.table()[after[i]].name.empty());
      ++counts[after[i]];
    }
    ASSERT_EQ(wrong, 0u) << "change " << change;
    const double expected = static_cast<double>(hashes.size()) / placement.size();
    for (std::size_t i = 0; i < counts.size(); ++i)
      ASSERT_TRUE(placement.table()[i].name.empty() || std::abs(counts[i] - expected) < 6 * std::sqrt(expected))
          << change;
    const Type back = Type::decode(placement.encode());
    back.nodes_of_hashes(hashes, again);
    ASSERT_EQ(again, after) << "change " << change;
    std::swap(before, after);
  }
}

TEST(consistent_hash, any_order_of_changes_moves_the_least) {
  survives_changes(Rendezvous(numbered_nodes(10)));
  survives_changes(Anchor(numbered_nodes(10), {}, {25}));
  survives_changes(JumpBackAnchor(numbered_nodes(10)));
  survives_changes(Memento(numbered_nodes(10)));
  survives_changes(Dx(numbered_nodes(10), {}, {25}));
}

TEST(jump, golden) {
  for (const auto& row : qsm_test::golden("sharding/jump.csv"))
    EXPECT_EQ(jump(std::stoull(row.text("key")), static_cast<std::uint32_t>(row["buckets"])), row["bucket"])
        << row.where;
}

TEST(jump, moves_as_the_peers_move) {  // golden row: keys 0..99999 from 10 to 11 buckets
  int moved = 0;
  for (std::uint64_t key = 0; key < 100'000; ++key) moved += jump(key, 10) != jump(key, 11);
  EXPECT_EQ(moved, 9042);
}

TEST(jump_back, golden) {
  for (const auto& row : qsm_test::golden("sharding/jump_back.csv"))
    EXPECT_EQ(jump_back(std::stoull(row.text("key"), nullptr, 16), static_cast<std::uint32_t>(row["buckets"])),
              row["bucket"])
        << row.where;
}

TEST(jump_back_anchor, golden) {  // the README of hash4j
  JumpBackAnchor placement(numbered_nodes(3));
  const std::vector<std::uint64_t> hashes = {0x48ac502166f761a8, 0x9b7193f97ec9cb79, 0x6ce88bf7de8c06c2};
  std::vector<std::uint32_t> nodes(3);
  placement.nodes_of_hashes(hashes, nodes);
  EXPECT_EQ(nodes, (std::vector<std::uint32_t>{1, 0, 2}));
  placement.remove("node-1");
  placement.nodes_of_hashes(hashes, nodes);
  EXPECT_EQ(nodes, (std::vector<std::uint32_t>{2, 0, 2}));
}

TEST(rendezvous, every_level_of_instructions_gives_the_same) {
  std::vector<std::uint64_t> hashes(1000);
  for (std::size_t i = 0; i < hashes.size(); ++i) hashes[i] = splitmix64(i ^ 3);
  for (const Nodes& nodes : {numbered_nodes(1), numbered_nodes(37), weighted()}) {
    const Rendezvous placement(nodes);
    std::vector<std::uint32_t> alone(hashes.size());
    for (std::size_t i = 0; i < hashes.size(); ++i) alone[i] = placement.node_of_hash(hashes[i]);
    qsm_test::at_each_level([&] {
      std::vector<std::uint32_t> together(hashes.size());
      placement.nodes_of_hashes(hashes, together);
      EXPECT_EQ(together, alone);
    });
  }
}

TEST(maglev, golden) {
  for (const auto& row : qsm_test::golden("sharding/maglev_table.csv")) {
    const auto numbers = [&](const std::string& column) {
      std::vector<std::uint32_t> out;
      std::istringstream words(row.text(column));
      for (std::uint32_t number; words >> number;) out.push_back(number);
      return out;
    };
    EXPECT_EQ(maglev_table(numbers("offsets"), numbers("skips"), {}, static_cast<std::uint32_t>(row["size"])),
              numbers("table"))
        << row.where;
  }
}

TEST(maglev, has_the_tables_of_envoy) {
  const qsm::sketches::Hasher xxhash64{qsm::sketches::HashFunction::xxhash64, 0};
  using Table = std::vector<std::uint32_t>;
  EXPECT_EQ(Maglev(numbered_nodes(6, "127.0.0.1:9"), xxhash64, {7}).entries(), (Table{2, 4, 0, 1, 5, 0, 3}));
  EXPECT_EQ(Maglev(numbered_nodes(6, "9"), xxhash64, {7}).entries(), (Table{2, 5, 0, 3, 4, 1, 0}));
  const Maglev hundred(numbered_nodes(100, "backend-"), xxhash64, {65537});
  const Table& large = hundred.entries();
  EXPECT_EQ(Table(large.begin(), large.begin() + 8), (Table{64, 7, 2, 31, 70, 77, 33, 82}));
  std::vector<int> counts(100);
  for (const std::uint32_t node : large) ++counts[node];
  EXPECT_EQ(*std::max_element(counts.begin(), counts.end()), 656);
  EXPECT_EQ(*std::min_element(counts.begin(), counts.end()), 655);
}

TEST(maglev, entries_follow_the_weights) {
  const Maglev placement({{"a", 1}, {"b", 2}, {"c", 0}, {"d", 4}}, {}, {7001});
  std::vector<double> counts(4);
  for (const std::uint32_t node : placement.entries()) ++counts[node];
  EXPECT_NEAR(counts[0], 1000.1, 3);
  EXPECT_NEAR(counts[1], 2000.3, 3);
  EXPECT_EQ(counts[2], 0);
  EXPECT_NEAR(counts[3], 4000.6, 3);
}

TEST(ring, golden_arcs) {
  const Ring ring(numbered_nodes(100, "backend-"), {qsm::sketches::HashFunction::xxhash64, 0}, {160});
  const auto shares = ring.shares();
  EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 1, 1e-12);
  EXPECT_NEAR(100 * *std::max_element(shares.begin(), shares.end()), 1.1729, 5e-5);
  EXPECT_NEAR(100 * *std::min_element(shares.begin(), shares.end()), 0.8346, 5e-5);
}

TEST(replicas, spread_over_failure_domains) {
  Nodes nodes = numbered_nodes(9);
  for (std::size_t i = 0; i < 9; ++i) nodes[i].domain = i < 6 ? "east" : i < 8 ? "west" : "north";
  const auto spread = [&](const Placement& placement) {
    for (std::uint64_t key = 0; key < 500; ++key) {
      const auto three = placement.replicas(key, 3);
      std::set<std::string> domains;
      for (const auto node : three) domains.insert(placement.table()[node].domain);
      ASSERT_EQ(domains.size(), 3u);
      ASSERT_EQ(three.front(), placement.node(key));
      const auto five = placement.replicas(key, 5);  // two in the east and the west, one in the north
      std::map<std::string, int> used;
      for (const auto node : five) ++used[placement.table()[node].domain];
      ASSERT_EQ(used["north"], 1);
      ASSERT_EQ(used["west"], 2);
      ASSERT_EQ(placement.replicas(key, 9).size(), 9u);
    }
  };
  spread(Ring(nodes));
  spread(Rendezvous(nodes));
  spread(HierarchicalRendezvous(nodes));
  spread(Maglev(nodes, {}, {1009}));
  spread(Jump(nodes));
}

template <class Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const std::domain_error& error) {
    return error.what();
  }
  return "";
}

TEST(consistent_hash, bad_input_is_named) {
  EXPECT_EQ(refusal([] { Ring(Nodes{}); }), "Ring: nodes must be at least one, got none");
  EXPECT_EQ(refusal([] { Ring({{"a"}, {"a"}}); }), "Ring: name of a node must be unlike all others, got 'a'");
  EXPECT_EQ(refusal([] { Ring({{""}}); }), "Ring: name of a node must not be empty, got ''");
  EXPECT_EQ(refusal([] { Rendezvous({{"a", 0}, {"b", 0}}); }), "Rendezvous: weights must sum to more than 0, got 0");
  EXPECT_EQ(refusal([] { Rendezvous({{"a", -1}}); }), "Rendezvous: weight of node 'a' must be finite and >= 0, got -1");
  EXPECT_EQ(refusal([] {
              Jump({{"a"}, {"b", 2}});
            }),
            "Jump: weight of node 'b' must be 1, for this algorithm knows no weights, got 2");
  EXPECT_EQ(refusal([] { Maglev(numbered_nodes(3), {}, {8}); }),
            "Maglev: table_size must be a prime in [2, 2^26], got 8");
  EXPECT_EQ(refusal([] { Maglev(numbered_nodes(9), {}, {7}); }),
            "Maglev: nodes must be at most the table's size, 7, got 9");
  EXPECT_EQ(refusal([] { Anchor(numbered_nodes(9), {}, {7}); }),
            "Anchor: nodes must be at most the capacity, 7, got 9");
  EXPECT_EQ(refusal([] { Ring(numbered_nodes(9), {}, {0}); }),
            "Ring: virtual_nodes must be an integer in [1, 2^20], got 0");
  Dx dx(numbered_nodes(3), {}, {3});
  EXPECT_EQ(refusal([&] { dx.add({"d"}); }), "Dx.add: nodes must be at most the capacity, 3, got 4");
  Ring ring({{"a"}, {"b", 0}});
  EXPECT_EQ(refusal([&] { ring.remove("c"); }), "Ring.remove: name must be that of a node, got 'c'");
  EXPECT_EQ(refusal([&] { ring.remove("a"); }), "Ring.remove: weights must sum to more than 0, got 0");
  EXPECT_EQ(refusal([&] { ring.add({"b"}); }), "Ring.add: name of a node must be unlike all others, got 'b'");
  EXPECT_EQ(refusal([&] { ring.replicas(std::uint64_t{1}, 2); }),
            "Ring.replicas: count must be at most the number of nodes with a weight, 1, got 2");
  ring.remove("b");
  EXPECT_EQ(refusal([&] { ring.remove("a"); }), "Ring.remove: name must leave a node behind, got the last, 'a'");
  EXPECT_EQ(refusal([] { jump(1, 0); }), "jump: buckets must be an integer in [1, 2^31 - 1], got 0");
}

}  // namespace
