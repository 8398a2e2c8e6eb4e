#pragma once
/// @file
/// What placements must move and how uneven they are, by formulas.

#include <qsm/core/config.hpp>

namespace qsm::inline v0::sharding {

/// Least share of keys that moves when the number of equal nodes changes: |a - b| / max(a, b).
///
/// @param before  nodes before a [1], an integer >= 1
/// @param after   nodes after b [1], an integer >= 1
/// @returns       share of all keys [1], in [0, 1)
/// @source        Karger and others 1997, Consistent hashing and random trees, section 4 (monotonicity)
double least_movement(double before, double after);

/// Share of keys that moves under hash modulo n: 1 - min(a, b) / lcm(a, b).
///
/// @param before  nodes before a [1], an integer >= 1
/// @param after   nodes after b [1], an integer >= 1
/// @returns       share of all keys [1], in [0, 1)
/// @source        of lcm(a, b) residues, the first min(a, b) leave the same remainder by both (Chinese remainders)
/// @golden        sharding/modulo_movement.csv
double modulo_movement(double before, double after);

/// Share of keys that moves when a node is removed that is not the last, where the last takes its position (Jump,
/// JumpBack, Power): (1 + (n - 2) / (n - 1)) / n.
///
/// @param nodes  nodes before n [1], an integer >= 2
/// @returns      share of all keys [1], in (0, 1]
/// @source       keys of the removed node move; those of the last stay where they now come to the removed position
double renamed_movement(double nodes);

/// Share of keys that moves when a node leaves a placement by HierarchicalRendezvous: its own, and those by which its
/// domain's share shrinks beyond them: w / W + (D / W - (D - w) / (W - w)) (1 - w / D).
///
/// @param weight         of the node that leaves w [1], finite and > 0
/// @param domain_weight  of its domain before D [1], finite and >= w
/// @param total_weight   of all nodes before W [1], finite and > w
/// @returns              share of all keys [1], in (0, 1]
/// @source               the domain's bid does not depend on which of its nodes holds a key
double hierarchical_movement(double weight, double domain_weight, double total_weight);

/// Standard deviation of a node's share on a ring, against its fair share: sqrt((n - 1) / (n V + 1)).
///
/// @param nodes          nodes n [1], an integer >= 1
/// @param virtual_nodes  points of each V [1], an integer >= 1
/// @returns              deviation over mean [1], >= 0
/// @source               arcs between uniform points are Dirichlet: a share is Beta(V, (n - 1) V)
/// @golden               sharding/ring.csv
double ring_deviation(double nodes, double virtual_nodes);

/// Mean share of the node that holds most of a ring, against its fair share: the mean of the largest of n variates of the
/// law Gamma(V, 1), over V.
///
/// @param nodes          nodes n [1], an integer in [1, 1e9]
/// @param virtual_nodes  points of each V [1], an integer in [1, 1e9]
/// @returns              mean over fair share [1], >= 1
/// @source               Dirichlet shares are gamma variates over their sum, which does not depend on them
/// @golden               sharding/ring.csv
double ring_peak(double nodes, double virtual_nodes);

/// Mean share of the node that holds least of a ring, against its fair share.
///
/// @param nodes          nodes n [1], an integer in [1, 1e9]
/// @param virtual_nodes  points of each V [1], an integer in [1, 1e9]
/// @returns              mean over fair share [1], in (0, 1]
/// @source               Dirichlet shares are gamma variates over their sum, which does not depend on them
/// @golden               sharding/ring.csv
double ring_least(double nodes, double virtual_nodes);

/// Standard deviation of a node's share under multi-probe hashing with many nodes, against its fair share:
/// 1 / sqrt(2 k - 1).
///
/// @param probes  tries of a key k [1], an integer >= 1
/// @returns       deviation over mean [1], in (0, 1]
/// @source        a node at gap g has the share k / (k - 1) (1 - e^(-(k - 1) g)); g is exponential
double multi_probe_deviation(double probes);

/// Largest share that a node can have under multi-probe hashing with many nodes, against its fair share: k / (k - 1).
///
/// @param probes  tries of a key k [1], an integer >= 1
/// @returns       largest over fair share [1], > 1; infinite for one try
/// @source        Appleton, O'Reilly 2015, Multi-probe consistent hashing, section 3; a node at gap g has the share
///                k / (k - 1) (1 - e^(-(k - 1) g))
double multi_probe_peak(double probes);

/// Standard deviation of the keys of a node that the chance of the keys alone makes, against their mean:
/// sqrt((n - 1) / m).
///
/// @param nodes  equal nodes n [1], an integer >= 1
/// @param keys   keys m [1], an integer >= 1
/// @returns      deviation over mean [1], >= 0
/// @source       binomial law with m trials of probability 1 / n
double chance_deviation(double nodes, double keys);

/// Mean number of hashes that a lookup by Anchor takes: 1 + H(a) - H(n), H the harmonic numbers.
///
/// @param capacity  positions a [1], an integer in [nodes, 1e9]
/// @param nodes     nodes that are there n [1], an integer >= 1
/// @returns         hashes [1], >= 1
/// @source          Mendelson and others 2020, AnchorHash, theorem 3: a key is hashed again with probability 1 / i when
///                  i nodes shrink to i - 1
double anchor_steps(double capacity, double nodes);

/// Probability that a transaction over k keys, each on a shard of its own choice, needs more than one shard:
/// 1 - N^(1 - k).
///
/// @param shards  equal shards N [1], an integer >= 1
/// @param keys    keys of the transaction k [1], an integer >= 1
/// @returns       probability [1], in [0, 1)
/// @source        all keys after the first are on its shard with probability 1 / N each
/// @golden        sharding/cross_shard.csv
double cross_shard_probability(double shards, double keys);

/// Mean number of shards that a transaction over k keys needs: N (1 - (1 - 1 / N)^k).
///
/// @param shards  equal shards N [1], an integer >= 1
/// @param keys    keys of the transaction k [1], an integer >= 1
/// @returns       shards [1], in [1, N]
/// @source        a shard holds none of the keys with probability (1 - 1 / N)^k
/// @golden        sharding/cross_shard.csv
double shards_touched(double shards, double keys);

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/theory.ipp>
#endif
