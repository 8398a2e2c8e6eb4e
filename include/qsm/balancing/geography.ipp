#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>

#include <qsm/balancing/geography.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::balancing {
namespace detail {

/// Successive shortest paths from regions with something left to sites with room, by Dijkstra on reduced costs.
class Transport {
 public:
  Transport(const std::vector<double>& demands, const std::vector<double>& capacities,
            const std::vector<std::vector<double>>& ways)
      : costs(ways),
        left(demands),
        room(capacities),
        sent(demands.size(), std::vector<double>(capacities.size(), 0)),
        potential_(demands.size() + capacities.size(), 0) {
    double most = 0;
    for (const double demand : demands) most += demand;
    small_ = 1e-13 * most;
    while (advance()) continue;
  }

  /// How much dearer the last way is than one over this site: the worth of its capacity.
  double capacity_price(std::size_t site) const { return std::max(0.0, end_ - potential_[left.size() + site]); }

  const std::vector<std::vector<double>>& costs;  // infinite where a region may not go
  std::vector<double> left, room;
  std::vector<std::vector<double>> sent;

 private:
  static constexpr double never = std::numeric_limits<double>::infinity();

  bool advance() {
    const std::size_t m = left.size(), n = room.size(), nobody = m + n;
    std::vector<double> distance(m + n, never);
    std::vector<std::size_t> before(m + n, nobody);
    std::vector<bool> settled(m + n, false);
    for (std::size_t i = 0; i < m; ++i)
      if (left[i] > small_) distance[i] = std::max(0.0, -potential_[i]);
    double to_end = never;
    std::size_t last = nobody;
    const auto reach = [&](std::size_t from, std::size_t to, double cost) {
      const double there = distance[from] + std::max(0.0, cost + potential_[from] - potential_[to]);
      if (there < distance[to]) distance[to] = there, before[to] = from;
    };
    while (true) {
      std::size_t next = nobody;
      for (std::size_t v = 0; v < m + n; ++v)
        if (!settled[v] && distance[v] < never && (next == nobody || distance[v] < distance[next])) next = v;
      if (next == nobody || distance[next] >= to_end) break;
      settled[next] = true;
      if (next < m) {
        for (std::size_t j = 0; j < n; ++j)
          if (costs[next][j] < never && !settled[m + j]) reach(next, m + j, costs[next][j]);
      } else {
        const std::size_t j = next - m;
        if (room[j] > small_) {
          const double end = distance[next] + std::max(0.0, potential_[next] - end_);
          if (end < to_end) to_end = end, last = next;
        }
        for (std::size_t i = 0; i < m; ++i)
          if (sent[i][j] > small_ && !settled[i]) reach(next, i, -costs[i][j]);
      }
    }
    if (last == nobody) return false;
    for (std::size_t v = 0; v < m + n; ++v) potential_[v] += std::min(distance[v], to_end);
    end_ += to_end;
    double amount = room[last - m];
    std::size_t first = last;
    for (std::size_t v = last; before[v] != nobody; v = first = before[v])
      if (v < m) amount = std::min(amount, sent[v][before[v] - m]);
    amount = std::min(amount, left[first]);
    for (std::size_t v = last; before[v] != nobody; v = before[v]) {
      if (v < m)
        sent[v][before[v] - m] -= amount;
      else
        sent[before[v]][v - m] += amount;
    }
    left[first] -= amount;
    room[last - m] -= amount;
    return true;
  }

  std::vector<double> potential_;
  double end_ = 0, small_ = 0;
};

}  // namespace detail

QSM_INLINE GeographicPlan geographic_plan(const std::vector<double>& demands, const std::vector<double>& capacities,
                                          const std::vector<std::vector<double>>& latencies,
                                          const GeographyOptions& options) {
  Check check("geographic_plan");
  const std::size_t m = demands.size(), n = capacities.size();
  const auto size = [](std::size_t count) { return static_cast<double>(count); };
  const auto at = [](const char* name, std::size_t i) { return std::string(name) + "[" + std::to_string(i) + "]"; };
  check.that(m > 0, "number of demands", size(m), ">= 1");
  check.that(n > 0, "number of capacities", size(n), ">= 1");
  check.that(m + n <= 2000, "regions and sites together", size(m + n), "at most 2000");
  check.that(latencies.size() == m, "rows of latencies", size(latencies.size()), "the number of demands");
  check.that(options.prices.empty() || options.prices.size() == n, "number of prices", size(options.prices.size()),
             "the number of capacities");
  check.not_negative("latency_price", options.latency_price);
  check.not_negative("latency_limit", options.latency_limit);
  for (std::size_t i = 0; i < m; ++i) check.not_negative(at("demands", i).c_str(), demands[i]);
  for (std::size_t j = 0; j < n; ++j) check.not_negative(at("capacities", j).c_str(), capacities[j]);
  for (std::size_t j = 0; j < options.prices.size(); ++j)
    check.not_negative(at("prices", j).c_str(), options.prices[j]);
  std::vector<std::vector<double>> costs(m, std::vector<double>(n));
  const auto price = [&](std::size_t j) { return options.prices.empty() ? 0 : options.prices[j]; };
  for (std::size_t i = 0; i < m; ++i) {
    check.that(latencies[i].size() == n, (at("latencies", i) + " columns").c_str(), size(latencies[i].size()),
               "the number of capacities");
    for (std::size_t j = 0; j < n; ++j) {
      const double latency = latencies[i][j];
      check.not_negative(at(at("latencies", i).c_str(), j).c_str(), latency);
      costs[i][j] = latency > options.latency_limit ? std::numeric_limits<double>::infinity()
                                                    : options.latency_price * latency + price(j);
    }
  }
  const detail::Transport transport(demands, capacities, costs);
  GeographicPlan plan{transport.sent, std::vector<double>(n, 0), transport.left, true, 0, 0, 0, 0, 0, {}};
  double total = 0, served = 0;
  for (std::size_t i = 0; i < m; ++i) {
    total += demands[i];
    for (std::size_t j = 0; j < n; ++j) {
      const double rate = plan.rates[i][j];
      if (rate <= 0) continue;
      served += rate;
      plan.loads[j] += rate;
      plan.mean_latency += rate * latencies[i][j];
      plan.longest_latency = std::max(plan.longest_latency, latencies[i][j]);
      plan.price += rate * price(j);
      plan.cost += rate * costs[i][j];
    }
  }
  for (double& rest : plan.unserved) {
    if (rest <= 1e-12 * total) rest = 0;
    plan.feasible = plan.feasible && rest == 0;
  }
  if (served > 0) plan.mean_latency /= served;
  // The dual: what a request costs at least, with prices on the capacities.
  for (std::size_t j = 0; j < n; ++j) {
    plan.capacity_prices.push_back(transport.capacity_price(j));
    plan.bound -= plan.capacity_prices[j] * capacities[j];
  }
  for (std::size_t i = 0; i < m; ++i) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < n; ++j) least = std::min(least, costs[i][j] + plan.capacity_prices[j]);
    if (demands[i] > 0) plan.bound += demands[i] * least;
  }
  if (!plan.feasible) plan.bound = std::numeric_limits<double>::infinity();
  return plan;
}

}  // namespace qsm::inline v0::balancing
