#pragma once
/// @file
/// What transactions over several shards cost: how many shards they need, how long they take and hold their locks, and how
/// often they meet.

#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::sharding {

/// Probability of each number of shards that a transaction over k keys needs, from one on.
///
/// @param shards  equal shards N [1], an integer >= 1
/// @param keys    keys of the transaction k [1], an integer in [1, 10,000]
/// @returns       probabilities [1] of 1, 2, ..., min(N, k) shards
/// @source        occupancy: the next key falls on one of j shards in use with probability j / N
/// @golden        sharding/shards_law.csv
std::vector<double> shards_law(double shards, double keys);

/// Probability that a transaction finds one of its keys locked and gives up, where transactions come as a Poisson process,
/// take k of D keys by chance, and hold them together for a mean time: exact for every law of that time.
///
/// @param rate      transactions that come [1/s], finite and >= 0
/// @param hold      mean time that keys are held [s], finite and >= 0; rate times hold at most 1e6
/// @param keys      keys of a transaction k [1], an integer >= 1
/// @param database  keys in all D [1], an integer in [k, 1e12]
/// @returns         probability [1], in [0, 1)
/// @source          Kelly 1991, Loss networks, section 2: the product form over sets of transactions that share no key
/// @golden          sharding/lock_conflict.csv
double lock_conflict(double rate, double hold, double keys, double database);

/// What two-phase commit costs a transaction.
struct CommitCost {
  /// Mean time until the client knows [s].
  double latency;
  /// Its 99th percentile [s].
  double tail;
  /// Mean time that locks are held [s].
  double hold;
};

/// Two-phase commit over some shards: all are asked to prepare, the slowest decides; the decision is logged, the client
/// answered, and all are told. One shard alone commits in one round, without the log of a decision.
///
/// @param round         law of a round to one shard and back, its own log included
/// @param participants  shards [1], an integer >= 1
/// @param log_time      time to log the decision [s], finite and >= 0
/// @returns             latency and time of locks
/// @source              Gray, Lamport 2006, Consensus on transaction commit, section 2
CommitCost two_phase_commit(const Distribution& round, double participants, double log_time = 0);

/// What transactions over random keys cost on a number of shards.
struct TransactionCost {
  /// Probability that more than one shard is needed [1].
  double cross_shard;
  /// Mean number of shards [1].
  double shards;
  /// Mean messages: a round is two, one round to a shard that is alone, two to each of several [1].
  double messages;
  /// Mean time until the client knows [s].
  double latency;
  /// Mean time that locks are held [s].
  double hold;
  /// Probability that one of the keys is locked [1].
  double conflict;
};

/// Costs of transactions over k keys on N shards, all shards equally likely.
///
/// @param shards    shards N [1], an integer >= 1
/// @param keys      keys of a transaction k [1], an integer in [1, 10,000]
/// @param rate      transactions that come [1/s], finite and >= 0
/// @param database  keys in all D [1], an integer in [k, 1e12]
/// @param round     law of a round to one shard and back, its own log included
/// @param log_time  time to log a decision [s], finite and >= 0
/// @returns         means over the law of the number of shards
/// @source          `shards_law`, `two_phase_commit` and `lock_conflict` together
TransactionCost transaction_cost(double shards, double keys, double rate, double database, const Distribution& round,
                                 double log_time = 0);

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/transactions.ipp>
#endif
