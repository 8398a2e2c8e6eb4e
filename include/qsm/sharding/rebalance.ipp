#include <algorithm>
#include <cmath>
#include <numeric>

#include <qsm/core/error.hpp>
#include <qsm/sharding/rebalance.hpp>

namespace qsm::inline v0::sharding {
namespace detail {

/// Loads of nodes while shards move.
struct Heat {
  std::vector<double> loads, fair;
  double tolerance;

  double limit(std::size_t node) const { return tolerance * fair[node]; }
  double excess(std::size_t node) const { return loads[node] - limit(node); }
  /// Beyond rounding.
  bool hot(std::size_t node) const { return excess(node) > 1e-12 * limit(node); }
  double peak() const {
    double most = 0;
    for (std::size_t i = 0; i < loads.size(); ++i) most = std::max(most, fair[i] > 0 ? loads[i] / fair[i] : 0);
    return most;
  }
};

/// Shards of a node that take `excess` off it with few bytes; `order` is by bytes per load.
inline std::vector<std::size_t> relief(const std::vector<Shard>& shards, const std::vector<std::size_t>& order,
                                       double excess) {
  std::vector<std::size_t> chosen;
  double taken = 0, bytes = 0;
  for (const std::size_t shard : order) {
    if (taken >= excess) break;
    chosen.push_back(shard);
    taken += shards[shard].load;
    bytes += shards[shard].bytes;
  }
  // The most expensive first: is it needed?
  std::vector<std::size_t> dearest = chosen;
  std::ranges::sort(dearest, [&](std::size_t a, std::size_t b) { return shards[a].bytes > shards[b].bytes; });
  for (const std::size_t shard : dearest)
    if (taken - shards[shard].load >= excess) {
      taken -= shards[shard].load;
      bytes -= shards[shard].bytes;
      std::erase(chosen, shard);
    }
  // The last of the greedy choice for a cheaper one that is just enough, and one alone for all.
  for (std::size_t i = 0; i < chosen.size(); ++i)
    for (const std::size_t other : order) {
      const Shard &old = shards[chosen[i]], &candidate = shards[other];
      if (candidate.bytes < old.bytes && taken - old.load + candidate.load >= excess &&
          std::ranges::find(chosen, other) == chosen.end()) {
        taken += candidate.load - old.load;
        bytes += candidate.bytes - old.bytes;
        chosen[i] = other;
      }
    }
  for (const std::size_t shard : order)
    if (shards[shard].load >= excess && shards[shard].bytes < bytes) {
      bytes = shards[shard].bytes;
      chosen = {shard};
    }
  return chosen;
}

}  // namespace detail

QSM_INLINE RebalancePlan rebalance(const std::vector<Shard>& shards, const std::vector<double>& capacities,
                                   const RebalanceOptions& options) {
  Check check("rebalance");
  check.that(!capacities.empty(), "number of capacities", 0, "at least 1");
  check.that(options.byte_limit >= 0, "byte_limit", options.byte_limit, ">= 0");
  check.positive("tolerance", options.tolerance);
  check.that(options.tolerance >= 1, "tolerance", options.tolerance, ">= 1");
  double capacity = 0, total = 0;
  for (const double share : capacities) {
    check.positive("capacities", share);
    capacity += share;
  }
  const std::size_t nodes = capacities.size();
  detail::Heat heat{std::vector<double>(nodes), std::vector<double>(nodes), options.tolerance};
  std::vector<std::vector<std::size_t>> held(nodes);
  for (std::size_t i = 0; i < shards.size(); ++i) {
    check.not_negative("load of shards", shards[i].load);
    check.positive("bytes of shards", shards[i].bytes);
    check.that(shards[i].node < nodes, "node of shards", shards[i].node, "an integer in [0, number of capacities)");
    total += shards[i].load;
    heat.loads[shards[i].node] += shards[i].load;
    held[shards[i].node].push_back(i);
  }
  check.that(total <= 0x1p1000, "sum of loads", total, "finite");
  for (std::size_t i = 0; i < nodes; ++i) heat.fair[i] = total * capacities[i] / capacity;

  RebalancePlan plan{{}, 0, 0, heat.peak(), 0, false};
  std::vector<std::size_t> moving;
  for (std::size_t node = 0; node < nodes; ++node) {
    if (!heat.hot(node)) continue;
    auto& order = held[node];
    std::erase_if(order, [&](std::size_t i) { return shards[i].load == 0; });
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
      const double left = shards[a].bytes * shards[b].load, right = shards[b].bytes * shards[a].load;
      return left != right ? left < right : a < b;
    });
    double rest = heat.excess(node);
    for (const std::size_t shard : order) {  // divided at will
      const double part = std::min(1.0, rest / shards[shard].load);
      plan.least_bytes += part * shards[shard].bytes;
      rest -= part * shards[shard].load;
      if (rest <= 0) break;
    }
    const auto chosen = detail::relief(shards, order, heat.excess(node));
    moving.insert(moving.end(), chosen.begin(), chosen.end());
  }
  // What is heavy finds room first; then the rest, where it fits.
  std::ranges::sort(moving, [&](std::size_t a, std::size_t b) {
    return shards[a].load != shards[b].load ? shards[a].load > shards[b].load : a < b;
  });
  std::vector<Move> moves;
  for (const std::size_t shard : moving) {
    const std::uint32_t from = shards[shard].node;
    std::size_t to = from;
    for (std::size_t node = 0; node < nodes; ++node)
      if (node != from && (to == from || heat.excess(node) < heat.excess(to))) to = node;
    if (to == from) continue;
    // Not where it would make things worse than they are.
    const double after = (heat.loads[to] + shards[shard].load) / heat.fair[to];
    if (after > options.tolerance && after >= heat.loads[from] / heat.fair[from]) continue;
    heat.loads[from] -= shards[shard].load;
    heat.loads[to] += shards[shard].load;
    moves.push_back({shard, from, static_cast<std::uint32_t>(to)});
  }
  std::ranges::stable_sort(moves, [&](const Move& a, const Move& b) {
    return shards[a.shard].load * shards[b.shard].bytes > shards[b.shard].load * shards[a.shard].bytes;
  });
  for (const Move& move : moves) {
    if (plan.bytes + shards[move.shard].bytes <= options.byte_limit) {
      plan.moves.push_back(move);
      plan.bytes += shards[move.shard].bytes;
    } else {  // stays
      heat.loads[move.source] += shards[move.shard].load;
      heat.loads[move.target] -= shards[move.shard].load;
    }
  }
  plan.peak_after = heat.peak();
  plan.balanced = true;
  for (std::size_t node = 0; node < nodes; ++node) plan.balanced = plan.balanced && !heat.hot(node);
  return plan;
}

}  // namespace qsm::inline v0::sharding
