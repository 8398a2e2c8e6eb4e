#pragma once
/// @file
/// Which way of sharding suits a trace: heat, transactions over shards, and movement of each, predicted from the first half
/// and checked on the second.

#include <cstdint>
#include <string>
#include <vector>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::sharding {

/// What is known of the accesses besides their keys, and what counts.
struct OptimizeShardingOptions {
  /// Transaction of each access; equal numbers in a row belong together; empty where each access is alone.
  std::vector<std::uint64_t> transactions = {};
  /// Place of each key in an order, for ranges; empty where there is none.
  std::vector<std::uint64_t> places = {};
  /// Hash of what each key belongs to, a tenant or a user; empty where there is nothing.
  std::vector<std::uint64_t> groups = {};
  /// Shard of each key as it is now; empty where nothing has to move.
  std::vector<std::uint64_t> before = {};
  /// A key or group with a larger share of the accesses is placed apart [1], in (0, 1).
  double hot_share = 0.01;
  /// What a peak of twice the mean costs [1], finite and >= 0.
  double heat_cost = 1;
  /// What it costs if every transaction needs several shards [1], finite and >= 0.
  double transaction_cost = 1;
  /// What it costs if every key moves [1], finite and >= 0.
  double movement_cost = 0.1;
};

/// A way of sharding and what comes of it.
struct ShardingPlan {
  /// "hash", "hash, hot keys apart", "ranges", "groups", "groups, hot groups apart" or "as before".
  std::string strategy;
  /// Largest load over the mean in the first half of the trace, from which the plan is made [1].
  double peak;
  /// The same in the second half [1].
  double later_peak;
  /// Share of transactions that need several shards, in the first half [1].
  double cross_shard;
  /// The same in the second half [1].
  double later_cross_shard;
  /// Share of unlike keys that move [1].
  double moved;
  /// Keys or groups that are placed one by one [1].
  std::uint64_t placed;
  /// What it costs [1]: heat_cost (peak - 1) + transaction_cost cross_shard + movement_cost moved, of the first half.
  double cost;
};

/// Tries every way of sharding that the trace allows; the cheapest first.
///
///     for (const auto& plan : optimize_sharding(hashes, 8, {.transactions = ids})) ...
///
/// Hot keys or groups go one by one to the shard with the least load, the hottest first, and the rest by rendezvous with
/// the weights that are left; ranges are cut so that the heaviest is as light as it can be.
///
/// @param keys     hash of the key of each access [1], 64-bit integers; at least two
/// @param shards   shards [1], an integer in [1, 2^16]
/// @param options  what else is known, and what counts
/// @returns        plans with predictions and what became of them
/// @source         Graham 1969, Bounds on multiprocessing timing anomalies, for placing by decreasing load; Curino, Jones,
///                 Zhang, Madden 2010, Schism: a workload-driven approach to database replication and partitioning, for
///                 the measures
std::vector<ShardingPlan> optimize_sharding(const std::vector<std::uint64_t>& keys, std::uint64_t shards,
                                            const OptimizeShardingOptions& options = {});

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/optimize.ipp>
#endif
