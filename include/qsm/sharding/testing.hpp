#pragma once
/// @file
/// Checks that users run on placements of their own.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <qsm/core/bytes.hpp>
#include <qsm/core/hashing.hpp>
#include <qsm/sharding/consistent_hash.hpp>

namespace qsm::inline v0::sharding {

/// What check_consistent_hash expects.
struct ConsistentHashPromise {
  /// Keys that are tried [1].
  std::size_t keys = 100'000;
  /// Standard deviation of a node's share against its fair share [1], beside the chance of the keys.
  double deviation = 0;
  /// Whether any node may leave and only its keys move; else only the last may.
  bool any_leaves = true;
  /// Share of all keys that moves [1], at most, beyond those that must.
  double excess = 0;
};

/// Tries a placement out and says in words what is wrong with it.
///
/// Keys one by one, together and by their hashes come to the same nodes; copies and bytes bring back the same placement,
/// and damaged bytes are refused; shares are as the weights; a node that comes takes its share from all and nothing else
/// moves, and one that leaves gives its share back; replicas are on unlike nodes, the first of them the key's own.
///
///     EXPECT_EQ(check_consistent_hash(Jump(numbered_nodes(10)), {.any_leaves = false}), std::vector<std::string>());
template <ConsistentHash Type>
std::vector<std::string> check_consistent_hash(const Type& placement, const ConsistentHashPromise& promise = {}) {
  std::set<std::string> failures;
  const auto require = [&](bool holds, const std::string& sentence) {
    if (!holds) failures.insert(sentence);
  };
  try {
    const std::size_t keys = promise.keys;
    std::vector<std::uint64_t> hashes(keys);
    for (std::size_t i = 0; i < keys; ++i) hashes[i] = splitmix64(i);
    const auto places = [&](const Type& of) {
      std::vector<std::uint32_t> out(keys);
      of.nodes_of_hashes(hashes, out);
      return out;
    };
    const std::vector<std::uint32_t> before = places(placement);
    for (std::size_t i = 0; i < keys; i += 1 + keys / 5000)
      require(placement.node_of_hash(hashes[i]) == before[i], "one key and many come to unlike nodes");

    const Type copy = placement;
    require(copy == placement && places(copy) == before, "a copy is not the same");
    const std::vector<std::byte> bytes = placement.encode();
    require(Type::decode(bytes) == placement && places(Type::decode(bytes)) == before,
            "bytes do not bring the placement back");
    const auto refused = [](std::span<const std::byte> damaged) {
      try {
        Type::decode(damaged);
      } catch (const MalformedBytes&) {
        return true;
      }
      return false;
    };
    const std::size_t step = 1 + bytes.size() / 50;
    std::vector<std::byte> damaged = bytes;
    for (std::size_t i = 0; i < bytes.size(); i += step) {
      require(refused(std::span(bytes).first(i)), "takes bytes that are cut short");
      damaged[i] ^= std::byte{4};
      require(refused(damaged), "takes bytes with a bit changed");
      damaged[i] = bytes[i];
    }

    const Nodes table = placement.table();
    double total = 0;
    for (const Node& node : table) total += node.weight;
    std::vector<double> counts(table.size());
    for (const std::uint32_t node : before)
      if (node < table.size()) ++counts[node];
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (table[i].name.empty() || table[i].weight == 0) {
        require(counts[i] == 0, "a key comes to no node, or to one without a weight");
        continue;
      }
      const double share = table[i].weight / total, expected = share * static_cast<double>(keys);
      const double deviation = std::hypot(std::sqrt(expected * (1 - share)), promise.deviation * expected);
      require(std::abs(counts[i] - expected) <= 5 * deviation + 1,
              "the share of node '" + table[i].name + "' is wrong");
    }

    // A node comes: what moves goes to it, and it gets its share.
    const auto moved_share = [&](const std::vector<std::uint32_t>& after, auto must) {
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < keys; ++i) wrong += before[i] != after[i] && !must(i, after[i]);
      return static_cast<double>(wrong) / static_cast<double>(keys);
    };
    Type grown = placement;
    grown.add({"one more", 1, ""});
    const auto more = places(grown);
    const auto newcomer = std::find_if(grown.table().begin(), grown.table().end(),
                                       [](const Node& node) { return node.name == "one more"; }) -
                          grown.table().begin();
    require(moved_share(more, [&](std::size_t, std::uint32_t to) { return to == newcomer; }) <= promise.excess,
            "keys move between nodes that stay when a node comes");
    const double share = 1 / (total + 1), expected = share * static_cast<double>(keys);
    const double got = static_cast<double>(std::count(more.begin(), more.end(), newcomer));
    require(std::abs(got - expected) <=
                5 * std::hypot(std::sqrt(expected), promise.deviation * expected) + promise.excess * expected + 1,
            "a node that comes does not get its share");
    grown.remove("one more");
    require(grown == placement && places(grown) == before, "a node that comes and leaves changes the placement");

    // A node leaves: only its keys move.
    std::vector<std::string> leaving;
    for (const Node& node : table)
      if (!node.name.empty()) leaving.push_back(node.name);
    if (!promise.any_leaves) leaving = {leaving.back()};
    for (std::size_t i = 0; i < leaving.size() && leaving.size() + placement.table().size() > 2;
         i += 1 + leaving.size() / 5) {
      Type shrunk = placement;
      const auto left =
          std::find_if(table.begin(), table.end(), [&](const Node& node) { return node.name == leaving[i]; }) -
          table.begin();
      shrunk.remove(leaving[i]);
      const auto less = places(shrunk);
      require(std::count(less.begin(), less.end(), left) == 0, "a node that has left still gets keys");
      require(moved_share(less, [&](std::size_t key, std::uint32_t) { return before[key] == left; }) <= promise.excess,
              "keys move between nodes that stay when a node leaves");
    }

    const auto able = static_cast<std::uint32_t>(std::count_if(
        table.begin(), table.end(), [](const Node& node) { return !node.name.empty() && node.weight > 0; }));
    for (std::size_t i = 0; i < 50; ++i) {
      const auto all = placement.replicas_of_hash(hashes[i], able);
      require(all.size() == able && std::set(all.begin(), all.end()).size() == able, "replicas share a node");
      require(all.front() == before[i], "the first replica is not on the key's node");
      const auto two = placement.replicas_of_hash(hashes[i], std::min(able, 2u));
      require(std::equal(two.begin(), two.end(), all.begin()), "more replicas change the first ones");
    }
  } catch (const std::exception& error) {
    failures.insert(std::string("threw: ") + error.what());
  }
  return {failures.begin(), failures.end()};
}

}  // namespace qsm::inline v0::sharding
