#pragma once
#include <array>
#include <stdexcept>
#include <string_view>

#include <qsm/balancing/any_balancer.hpp>
#include <qsm/balancing/consistent_hashing.hpp>
#include <qsm/balancing/latency_aware.hpp>
#include <qsm/balancing/least_loaded.hpp>
#include <qsm/balancing/rotation.hpp>

namespace qsm::inline v0::balancing {

namespace detail {

struct NamedBalancer {
  std::string_view name;
  AnyBalancer (*make)(std::span<const double> speeds, std::uint64_t seed);
};

inline double count_of(std::span<const double> speeds) { return static_cast<double>(speeds.size()); }

inline constexpr std::array<NamedBalancer, 11> named_balancers{{
    {"round_robin", [](auto speeds, auto) -> AnyBalancer { return RoundRobin(count_of(speeds)); }},
    {"smooth_round_robin", [](auto speeds, auto) -> AnyBalancer { return SmoothRoundRobin(speeds); }},
    {"random", [](auto speeds, auto seed) -> AnyBalancer { return RandomServer(speeds, seed); }},
    {"least_connections",
     [](auto speeds, auto seed) -> AnyBalancer { return LeastConnections(count_of(speeds), true, seed); }},
    {"weighted_least_connections", [](auto speeds, auto) -> AnyBalancer { return WeightedLeastConnections(speeds); }},
    {"least_work", [](auto speeds, auto) -> AnyBalancer { return LeastWork(speeds); }},
    {"power_of_choices",
     [](auto speeds, auto seed) -> AnyBalancer { return PowerOfChoices(count_of(speeds), 2, 0, true, seed); }},
    {"join_idle_queue", [](auto speeds, auto seed) -> AnyBalancer { return JoinIdleQueue(count_of(speeds), seed); }},
    {"peak_ewma", [](auto speeds, auto seed) -> AnyBalancer { return PeakEwma(count_of(speeds), 10, 2, seed); }},
    {"prequal", [](auto speeds, auto seed) -> AnyBalancer { return Prequal(count_of(speeds), {.seed = seed}); }},
    {"consistent_hashing", [](auto speeds, auto) -> AnyBalancer { return ConsistentHashing(count_of(speeds)); }},
}};

}  // namespace detail

QSM_INLINE AnyBalancer::AnyBalancer(const std::string& name) : name_(name) {
  std::string known;
  for (const auto& one : detail::named_balancers) {
    if (one.name == name) return;
    known += (known.empty() ? "" : ", ") + std::string(one.name);
  }
  throw std::invalid_argument("balancer: no policy '" + name + "'; there are: " + known);
}

QSM_INLINE AnyBalancer AnyBalancer::made(std::span<const double> speeds, std::uint64_t seed) const {
  for (const auto& one : detail::named_balancers)
    if (!held_ && one.name == name_) return one.make(speeds, seed);
  return *this;
}

}  // namespace qsm::inline v0::balancing
