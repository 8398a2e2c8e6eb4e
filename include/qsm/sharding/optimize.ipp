#include <algorithm>
#include <map>
#include <numeric>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <qsm/core/error.hpp>
#include <qsm/core/hashing.hpp>
#include <qsm/sharding/heat.hpp>
#include <qsm/sharding/jump.hpp>
#include <qsm/sharding/optimize.hpp>
#include <qsm/sharding/rendezvous.hpp>

namespace qsm::inline v0::sharding {
namespace detail {

using Assigned = std::vector<std::uint64_t>;  // the shard of each access

inline std::uint64_t hashed_shard(std::uint64_t hash, std::uint64_t shards) {
  return jump_back(splitmix64(hash), static_cast<std::uint32_t>(shards));
}

inline std::vector<double> shard_loads(std::span<const std::uint64_t> assigned, std::uint64_t shards) {
  std::vector<double> loads(shards);
  for (const std::uint64_t shard : assigned) ++loads[shard];
  return loads;
}

inline double peak_of(std::span<const std::uint64_t> assigned, std::uint64_t shards) {
  const auto loads = shard_loads(assigned, shards);
  return *std::ranges::max_element(loads) * static_cast<double>(shards) / static_cast<double>(assigned.size());
}

/// Share of transactions with accesses on unlike shards.
inline double crossing(std::span<const std::uint64_t> assigned, std::span<const std::uint64_t> transactions) {
  double all = 0, cross = 0;
  for (std::size_t i = 0, end; i < assigned.size(); i = end) {
    bool unlike = false;
    for (end = i + 1; end < assigned.size() && !transactions.empty() && transactions[end] == transactions[i]; ++end)
      unlike = unlike || assigned[end] != assigned[i];
    ++all;
    cross += unlike;
  }
  return cross / all;
}

/// What is hot in the first half goes to the coolest shard, the hottest first; the rest by rendezvous, with weights that
/// fill every shard up to the same level.
inline std::pair<Assigned, std::uint64_t> hot_apart(const Assigned& hashes, std::size_t half, std::uint64_t shards,
                                                    double share) {
  sketches::SpaceSaving counts(std::max<std::uint64_t>(100, static_cast<std::uint64_t>(10 / share)));
  counts.add_hashes(std::span(hashes).first(half));
  std::unordered_map<std::uint64_t, std::uint64_t> apart;
  std::vector<double> loads(shards);
  double rest = 1;
  for (const HotKey& key : hot_keys(counts, share)) {
    const auto coolest = std::ranges::min_element(loads);
    *coolest += key.share.value;
    rest -= key.share.value;
    apart[key.hash] = static_cast<std::uint64_t>(coolest - loads.begin());
  }
  std::vector<double> sorted = loads;
  std::ranges::sort(sorted);
  double level = 1, below = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    below += sorted[i];
    level = (std::max(rest, 1e-9) + below) / static_cast<double>(i + 1);
    if (i + 1 == sorted.size() || level <= sorted[i + 1]) break;
  }
  Bidders bidders;
  for (std::uint32_t i = 0; i < shards; ++i) bidders.add(splitmix64(i), std::max(0.0, level - loads[i]), i);
  bidders.settle();
  std::vector<std::uint32_t> winners(hashes.size());
  bidders.winners(hashes, winners);
  Assigned assigned(winners.begin(), winners.end());
  for (std::size_t i = 0; i < hashes.size(); ++i)
    if (const auto found = apart.find(hashes[i]); found != apart.end()) assigned[i] = found->second;
  return {assigned, apart.size()};
}

/// By ranges that are even in the first half.
inline Assigned by_ranges(const Assigned& places, std::size_t half, std::uint64_t shards) {
  std::map<std::uint64_t, double> counts;
  for (std::size_t i = 0; i < half; ++i) ++counts[places[i]];
  std::vector<std::uint64_t> cells;
  std::vector<double> loads;
  for (const auto& [place, count] : counts) {
    cells.push_back(place);
    loads.push_back(count);
  }
  std::vector<std::uint64_t> starts;
  for (const std::uint64_t cell : even_ranges(loads, std::min<std::uint64_t>(shards, loads.size())))
    starts.push_back(cell == 0 ? 0 : cells[cell]);
  Assigned assigned;
  for (const std::uint64_t place : places)
    assigned.push_back(static_cast<std::uint64_t>(std::ranges::upper_bound(starts, place) - starts.begin()) - 1);
  return assigned;
}

}  // namespace detail

QSM_INLINE std::vector<ShardingPlan> optimize_sharding(const std::vector<std::uint64_t>& keys, std::uint64_t shards,
                                                       const OptimizeShardingOptions& options) {
  Check check("optimize_sharding");
  check.that(keys.size() >= 2, "number of keys", static_cast<double>(keys.size()), "at least 2");
  check.that(shards >= 1 && shards <= std::uint64_t{1} << 16, "shards", static_cast<double>(shards),
             "an integer in [1, 2^16]");
  check.inner_probability("hot_share", options.hot_share);
  check.not_negative("heat_cost", options.heat_cost);
  check.not_negative("transaction_cost", options.transaction_cost);
  check.not_negative("movement_cost", options.movement_cost);
  const auto each = [&](const char* name, const std::vector<std::uint64_t>& values) {
    check.that(values.empty() || values.size() == keys.size(), name, static_cast<double>(values.size()),
               "as many as keys, or none");
  };
  each("number of transactions", options.transactions);
  each("number of places", options.places);
  each("number of groups", options.groups);
  each("number of before", options.before);
  for (const std::uint64_t shard : options.before)
    check.that(shard < shards, "before", static_cast<double>(shard), "in [0, shards)");

  std::size_t half = keys.size() / 2;  // where a transaction ends
  while (half < keys.size() - 1 && !options.transactions.empty() &&
         options.transactions[half] == options.transactions[half - 1])
    ++half;

  std::vector<ShardingPlan> plans;
  const auto consider = [&](const char* strategy, const detail::Assigned& assigned, std::uint64_t placed) {
    const std::span<const std::uint64_t> all(assigned), ids(options.transactions);
    const auto first = [&](auto part) { return part.empty() ? part : part.first(half); };
    const auto second = [&](auto part) { return part.empty() ? part : part.subspan(half); };
    double moved = 0;
    if (!options.before.empty()) {
      std::unordered_set<std::uint64_t> seen;
      for (std::size_t i = 0; i < keys.size(); ++i)
        if (seen.insert(keys[i]).second) moved += assigned[i] != options.before[i];
      moved /= static_cast<double>(seen.size());
    }
    ShardingPlan plan{strategy,
                      detail::peak_of(first(all), shards),
                      detail::peak_of(second(all), shards),
                      detail::crossing(first(all), first(ids)),
                      detail::crossing(second(all), second(ids)),
                      moved,
                      placed,
                      0};
    plan.cost = options.heat_cost * (plan.peak - 1) + options.transaction_cost * plan.cross_shard +
                options.movement_cost * plan.moved;
    plans.push_back(plan);
  };
  const auto hashed = [&](const std::vector<std::uint64_t>& hashes) {
    detail::Assigned assigned;
    for (const std::uint64_t hash : hashes) assigned.push_back(detail::hashed_shard(hash, shards));
    return assigned;
  };
  const auto hot = [&](const char* strategy, const std::vector<std::uint64_t>& hashes) {
    const auto [assigned, placed] = detail::hot_apart(hashes, half, shards, options.hot_share);
    consider(strategy, assigned, placed);
  };
  consider("hash", hashed(keys), 0);
  hot("hash, hot keys apart", keys);
  if (!options.places.empty()) consider("ranges", detail::by_ranges(options.places, half, shards), 0);
  if (!options.groups.empty()) {
    consider("groups", hashed(options.groups), 0);
    hot("groups, hot groups apart", options.groups);
  }
  if (!options.before.empty()) consider("as before", options.before, 0);
  std::ranges::stable_sort(plans, std::less<>(), &ShardingPlan::cost);
  return plans;
}

}  // namespace qsm::inline v0::sharding
