#pragma once
/// @file
/// Moving shards between nodes so that no node is overloaded, with few bytes.

#include <cstdint>
#include <vector>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::sharding {

/// A part of the data that moves as a whole.
struct Shard {
  /// Load that it makes [1], finite and >= 0, in any unit.
  double load;
  /// What moving it costs [B], finite and > 0.
  double bytes;
  /// Node that holds it [1], an integer in [0, number of capacities).
  std::uint32_t node;
};

/// A shard goes from one node to another.
struct Move {
  /// Which shard [1].
  std::uint64_t shard;
  /// From this node [1].
  std::uint32_t source;
  /// To this node [1].
  std::uint32_t target;
};

/// What may be moved, and how far.
struct RebalanceOptions {
  /// Most bytes that may move [B], >= 0; infinite for any.
  double byte_limit = infinity;
  /// Largest load of a node over its fair share of all that is borne without a move [1], finite and >= 1.
  double tolerance = 1.1;
};

/// Moves that take load off nodes.
struct RebalancePlan {
  /// In the order in which they help most per byte.
  std::vector<Move> moves;
  /// What they move [B].
  double bytes;
  /// What any plan moves at least, shards divided at will where that helps [B]; infinite where no plan can do it.
  double least_bytes;
  /// Largest load over fair share before [1].
  double peak_before;
  /// The same afterwards [1].
  double peak_after;
  /// Whether every node is within the tolerance.
  bool balanced;
};

/// Plans moves until every node has at most `tolerance` times its fair share.
///
/// Each overloaded node gives the shards away that relieve it with the fewest bytes: greedily by bytes per load, then
/// without those that turn out not to be needed, or by one shard that alone is enough where that is cheaper; they go
/// where there is most room. `least_bytes` is the optimum of the same problem as a flow, where shards can be divided:
/// there each overloaded node sheds exactly its excess by its cheapest shards.
///
/// @param shards      what there is
/// @param capacities  shares that the nodes should have [1], finite and > 0
/// @param options     limit and tolerance
/// @returns           moves, and their bytes beside the least
/// @source            Dantzig 1957, Discrete-variable extremum problems, for the bound: a fractional knapsack per node
RebalancePlan rebalance(const std::vector<Shard>& shards, const std::vector<double>& capacities,
                        const RebalanceOptions& options = {});

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/rebalance.ipp>
#endif
