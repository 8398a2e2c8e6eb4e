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
  AnyBalancer (*make)(std::span<const double> speeds);
};

inline double count_of(std::span<const double> speeds) { return static_cast<double>(speeds.size()); }

inline constexpr std::array<NamedBalancer, 11> named_balancers{{
    {"round_robin", [](auto speeds) -> AnyBalancer { return RoundRobin(count_of(speeds)); }},
    {"smooth_round_robin", [](auto speeds) -> AnyBalancer { return SmoothRoundRobin(speeds); }},
    {"random", [](auto speeds) -> AnyBalancer { return RandomServer(speeds); }},
    {"least_connections", [](auto speeds) -> AnyBalancer { return LeastConnections(count_of(speeds)); }},
    {"weighted_least_connections", [](auto speeds) -> AnyBalancer { return WeightedLeastConnections(speeds); }},
    {"least_work", [](auto speeds) -> AnyBalancer { return LeastWork(speeds); }},
    {"power_of_choices", [](auto speeds) -> AnyBalancer { return PowerOfChoices(count_of(speeds)); }},
    {"join_idle_queue", [](auto speeds) -> AnyBalancer { return JoinIdleQueue(count_of(speeds)); }},
    {"peak_ewma", [](auto speeds) -> AnyBalancer { return PeakEwma(count_of(speeds)); }},
    {"prequal", [](auto speeds) -> AnyBalancer { return Prequal(count_of(speeds)); }},
    {"consistent_hashing", [](auto speeds) -> AnyBalancer { return ConsistentHashing(count_of(speeds)); }},
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

QSM_INLINE AnyBalancer AnyBalancer::made(std::span<const double> speeds) const {
  for (const auto& one : detail::named_balancers)
    if (!held_ && one.name == name_) return one.make(speeds);
  return *this;
}

}  // namespace qsm::inline v0::balancing
