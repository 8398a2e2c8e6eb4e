#pragma once
/// @file
/// What placements do to given keys: how evenly they lie, and how many move.

#include <cstdint>
#include <span>
#include <vector>

#include <qsm/sharding/consistent_hash.hpp>

namespace qsm::inline v0::sharding {

/// How many keys move from one placement to another.
struct Movement {
  /// Keys that move, of all [1].
  double moved;
  /// What must move at least for the shares to be as the weights [1].
  double least;
  /// Keys that move between nodes that are there before and after, and whose share does not grow where the key goes, of
  /// all [1].
  double needless;
};

/// How evenly keys lie on nodes.
struct Balance {
  /// Keys by position.
  std::vector<std::uint64_t> counts;
  /// Largest number of keys over its fair share [1].
  double peak;
  /// Smallest number of keys over its fair share [1].
  double least;
  /// Standard deviation of keys over fair share [1].
  double deviation;
  /// What the chance of the keys makes of it where shares are as the weights [1].
  double chance;
};

/// Compares where keys are, by the names of the nodes.
///
/// @param before        nodes by position before
/// @param places        position of each key before [1], in [0, number of positions)
/// @param after         nodes by position after
/// @param later_places  position of each key after [1], in [0, number of positions)
/// @returns             how many move
/// @source              least movement: half the sum of the changes of the shares (total variation)
Movement movement_of(const Nodes& before, std::span<const std::uint32_t> places, const Nodes& after,
                     std::span<const std::uint32_t> later_places);

/// Counts the keys of each position.
///
/// @param nodes   by position
/// @param places  position of each key [1], in [0, number of positions)
/// @returns       counts, and how even they are
/// @source        fair shares are as the weights; multinomial law of the counts
Balance balance_of(const Nodes& nodes, std::span<const std::uint32_t> places);

/// How many of the keys move between two placements.
template <ConsistentHash Before, ConsistentHash After>
Movement movement(const Before& before, const After& after, std::span<const std::uint64_t> keys) {
  std::vector<std::uint32_t> places(keys.size()), later_places(keys.size());
  before.nodes(keys, places);
  after.nodes(keys, later_places);
  return movement_of(before.table(), places, after.table(), later_places);
}

/// How evenly the keys lie.
template <ConsistentHash Type>
Balance balance(const Type& placement, std::span<const std::uint64_t> keys) {
  std::vector<std::uint32_t> places(keys.size());
  placement.nodes(keys, places);
  return balance_of(placement.table(), places);
}

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/measure.ipp>
#endif
