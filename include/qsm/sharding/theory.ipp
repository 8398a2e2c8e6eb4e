#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include <boost/math/special_functions/digamma.hpp>

#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/detail/special.hpp>
#include <qsm/core/error.hpp>
#include <qsm/sharding/theory.hpp>

namespace qsm::inline v0::sharding {
namespace detail {

inline void check_change(const char* function, double before, double after) {
  Check check(function);
  check.positive_count("before", before);
  check.positive_count("after", after);
}

inline void check_ring(const char* function, double nodes, double virtual_nodes) {
  Check check(function);
  check.positive_count("nodes", nodes);
  check.that(nodes <= 1e9, "nodes", nodes, "an integer in [1, 1e9]");
  check.positive_count("virtual_nodes", virtual_nodes);
  check.that(virtual_nodes <= 1e9, "virtual_nodes", virtual_nodes, "an integer in [1, 1e9]");
}

inline void check_transaction(const char* function, double shards, double keys) {
  Check check(function);
  check.positive_count("shards", shards);
  check.positive_count("keys", keys);
}

/// Integral of `survival`, which falls from 1 before `low` to 0 after `high`, from 0 on.
template <class Survival>
double mean_of(Survival survival, double low, double high) {
  return low + core::detail::integrate(survival, {low, high}, 1e-12);
}

}  // namespace detail

QSM_INLINE double least_movement(double before, double after) {
  detail::check_change("least_movement", before, after);
  return std::abs(before - after) / std::max(before, after);
}

QSM_INLINE double modulo_movement(double before, double after) {
  detail::check_change("modulo_movement", before, after);
  const auto common =
      static_cast<double>(std::gcd(static_cast<std::uint64_t>(before), static_cast<std::uint64_t>(after)));
  return 1 - common / std::max(before, after);  // min / lcm = gcd / max
}

QSM_INLINE double renamed_movement(double nodes) {
  Check check("renamed_movement");
  check.count("nodes", nodes);
  check.that(nodes >= 2, "nodes", nodes, "an integer >= 2");
  return (1 + (nodes - 2) / (nodes - 1)) / nodes;
}

QSM_INLINE double hierarchical_movement(double weight, double domain_weight, double total_weight) {
  Check check("hierarchical_movement");
  check.positive("weight", weight);
  check.positive("domain_weight", domain_weight);
  check.that(domain_weight >= weight, "domain_weight", domain_weight, ">= weight");
  check.positive("total_weight", total_weight);
  check.that(total_weight > weight && total_weight >= domain_weight, "total_weight", total_weight,
             "> weight and >= domain_weight");
  const double before = domain_weight / total_weight;
  const double after = (domain_weight - weight) / (total_weight - weight);
  return weight / total_weight + (before - after) * (1 - weight / domain_weight);
}

QSM_INLINE double ring_deviation(double nodes, double virtual_nodes) {
  detail::check_ring("ring_deviation", nodes, virtual_nodes);
  return std::sqrt((nodes - 1) / (nodes * virtual_nodes + 1));
}

QSM_INLINE double ring_peak(double nodes, double virtual_nodes) {
  detail::check_ring("ring_peak", nodes, virtual_nodes);
  if (nodes == 1) return 1;
  const double low = core::detail::gamma_lower_inverse(virtual_nodes, std::exp(-40 / nodes));
  const double high = core::detail::gamma_upper_inverse(virtual_nodes, 1e-17 / nodes);
  const auto survival = [&](double x) {
    return -std::expm1(nodes * std::log1p(-core::detail::gamma_upper(virtual_nodes, x)));
  };
  return detail::mean_of(survival, low, high) / virtual_nodes;
}

QSM_INLINE double ring_least(double nodes, double virtual_nodes) {
  detail::check_ring("ring_least", nodes, virtual_nodes);
  if (nodes == 1) return 1;
  const double low = core::detail::gamma_lower_inverse(virtual_nodes, 1e-17 / nodes);
  const double high = core::detail::gamma_upper_inverse(virtual_nodes, std::exp(-40 / nodes));
  const auto survival = [&](double x) {
    return std::exp(nodes * std::log1p(-core::detail::gamma_lower(virtual_nodes, x)));
  };
  return detail::mean_of(survival, low, high) / virtual_nodes;
}

QSM_INLINE double multi_probe_deviation(double probes) {
  Check("multi_probe_deviation").positive_count("probes", probes);
  return 1 / std::sqrt(2 * probes - 1);
}

QSM_INLINE double multi_probe_peak(double probes) {
  Check("multi_probe_peak").positive_count("probes", probes);
  return probes == 1 ? infinity : probes / (probes - 1);
}

QSM_INLINE double chance_deviation(double nodes, double keys) {
  Check check("chance_deviation");
  check.positive_count("nodes", nodes);
  check.positive_count("keys", keys);
  return std::sqrt((nodes - 1) / keys);
}

QSM_INLINE double anchor_steps(double capacity, double nodes) {
  Check check("anchor_steps");
  check.positive_count("nodes", nodes);
  check.count("capacity", capacity);
  check.that(capacity >= nodes && capacity <= 1e9, "capacity", capacity, "an integer in [nodes, 1e9]");
  const auto digamma = [](double x) { return boost::math::digamma(x, core::detail::Quiet()); };
  return 1 + (capacity == nodes ? 0 : digamma(capacity + 1) - digamma(nodes + 1));
}

QSM_INLINE double cross_shard_probability(double shards, double keys) {
  detail::check_transaction("cross_shard_probability", shards, keys);
  return -std::expm1((1 - keys) * std::log(shards));
}

QSM_INLINE double shards_touched(double shards, double keys) {
  detail::check_transaction("shards_touched", shards, keys);
  return shards == 1 ? 1 : -shards * std::expm1(keys * std::log1p(-1 / shards));
}

}  // namespace qsm::inline v0::sharding
