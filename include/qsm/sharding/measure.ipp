#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include <qsm/core/error.hpp>
#include <qsm/sharding/measure.hpp>

namespace qsm::inline v0::sharding {
namespace detail {

inline double sum_of_weights(const Nodes& nodes) {
  double total = 0;
  for (const Node& node : nodes) total += node.name.empty() ? 0 : node.weight;
  return total;
}

inline void check_places(const char* function, const char* argument, std::span<const std::uint32_t> places,
                         const Nodes& nodes) {
  Check check(function);
  for (const std::uint32_t place : places)
    check.that(place < nodes.size() && !nodes[place].name.empty(), argument, place, "positions of nodes");
}

}  // namespace detail

QSM_INLINE Movement movement_of(const Nodes& before, std::span<const std::uint32_t> places, const Nodes& after,
                                std::span<const std::uint32_t> later_places) {
  Check check("movement");
  check.that(!places.empty(), "number of keys", 0, "at least 1");
  check.that(places.size() == later_places.size(), "number of later places", static_cast<double>(later_places.size()),
             "that of places");
  detail::check_places("movement", "places", places, before);
  detail::check_places("movement", "later_places", later_places, after);
  std::unordered_map<std::string_view, double> share, later_share;
  const double total = detail::sum_of_weights(before), later_total = detail::sum_of_weights(after);
  check.that(total > 0 && later_total > 0, "sum of weights", std::min(total, later_total), "more than 0");
  for (const Node& node : before)
    if (!node.name.empty()) share[node.name] = node.weight / total;
  for (const Node& node : after)
    if (!node.name.empty()) later_share[node.name] = node.weight / later_total;
  Movement result{0, 0, 0};
  for (const auto& [name, own] : share) {
    const auto later = later_share.find(name);
    result.least += std::max(0.0, own - (later == later_share.end() ? 0 : later->second));
  }
  // Which nodes lose and gain, so that a key that moves from another or to another moves needlessly.
  std::vector<bool> loses(before.size()), gains(after.size());
  constexpr double rounding = 1e-12;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto later = later_share.find(before[i].name);
    loses[i] = later == later_share.end() || later->second < share[before[i].name] - rounding;
  }
  for (std::size_t i = 0; i < after.size(); ++i) {
    const auto earlier = share.find(after[i].name);
    gains[i] = earlier == share.end() || earlier->second < later_share[after[i].name] - rounding;
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (before[places[i]].name == after[later_places[i]].name) continue;
    ++result.moved;
    result.needless += !loses[places[i]] || !gains[later_places[i]];
  }
  const auto keys = static_cast<double>(places.size());
  return {result.moved / keys, result.least, result.needless / keys};
}

QSM_INLINE Balance balance_of(const Nodes& nodes, std::span<const std::uint32_t> places) {
  Check check("balance");
  check.that(!places.empty(), "number of keys", 0, "at least 1");
  detail::check_places("balance", "places", places, nodes);
  const double total = detail::sum_of_weights(nodes), keys = static_cast<double>(places.size());
  check.that(total > 0, "sum of weights", total, "more than 0");
  Balance result{std::vector<std::uint64_t>(nodes.size()), 0, infinity, 0, 0};
  for (const std::uint32_t place : places) ++result.counts[place];
  double number = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].name.empty() || nodes[i].weight == 0) continue;
    const double share = nodes[i].weight / total, ratio = static_cast<double>(result.counts[i]) / (share * keys);
    ++number;
    result.peak = std::max(result.peak, ratio);
    result.least = std::min(result.least, ratio);
    result.deviation += (ratio - 1) * (ratio - 1);
    result.chance += (1 - share) / (share * keys);
  }
  result.deviation = std::sqrt(result.deviation / number);
  result.chance = std::sqrt(result.chance / number);
  return result;
}

}  // namespace qsm::inline v0::sharding
