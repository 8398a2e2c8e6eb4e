#pragma once
/// @file
/// Hot spots, and ranges that follow the load: what to take apart, where to cut, what to join.

#include <cstdint>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/space_saving.hpp>

namespace qsm::inline v0::sharding {

/// A key that makes more than its part of the load.
struct HotKey {
  /// Hash of the key.
  std::uint64_t hash;
  /// Its share of the load [1], with bounds that are certain.
  Estimate share;
};

/// Keys that certainly make more than a share of all accesses, the hottest first.
///
/// @param counts  of accesses, by key
/// @param share   least share [1], in (0, 1)
/// @returns       the keys; every one above the share where the sketch has more than 1 / share counters and is not full
/// @source        Metwally, Agrawal, El Abbadi 2005, Efficient computation of frequent and top-k elements in data streams
std::vector<HotKey> hot_keys(const sketches::SpaceSaving& counts, double share);

/// Most load that one of n shards has at least, where a key cannot be divided: the hottest key's, or the mean.
///
/// @param hottest_share  share of the hottest key [1], in [0, 1]
/// @param shards         shards n [1], an integer >= 1
/// @returns              largest load over the mean [1], >= 1
/// @source               a key is on one shard: max(1, n p)
double least_peak(double hottest_share, double shards);

/// Cuts cells in a row, such as buckets of ordered keys, into ranges so that the heaviest range is as light as it can be.
///
/// @param loads   of the cells in their order [1], finite and >= 0
/// @param ranges  ranges [1], an integer in [1, number of cells]
/// @returns       first cell of each range [1], in increasing order from 0 on
/// @source        Khanna, Muthukrishnan, Skiena 1997, Efficient array partitioning, section 2; by bisection over the
///                largest load and greedy filling
std::vector<std::uint64_t> even_ranges(const std::vector<double>& loads, std::uint64_t ranges);

/// When ranges are split and joined.
struct SplitMergeOptions {
  /// A range with more load is split at the cell that halves it best [1], finite and > 0; infinite for never.
  double split_above = infinity;
  /// Neighbours that have less together are joined [1], finite and >= 0, at most `split_above`.
  double merge_below = 0;
};

/// Splits hot ranges until none is too hot, or is a single cell; then joins cold neighbours, the coldest pair first.
///
/// @param loads    of the cells in their order [1], finite and >= 0
/// @param starts   first cell of each range [1], in increasing order from 0 on
/// @param options  when to split and to join
/// @returns        first cell of each range afterwards [1]
/// @source         Adya, Myers, Howell and others 2016, Slicer: auto-sharding for datacenter applications, section 4.4
std::vector<std::uint64_t> split_and_merge(const std::vector<double>& loads, const std::vector<std::uint64_t>& starts,
                                           const SplitMergeOptions& options = {});

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/heat.ipp>
#endif
