#pragma once
/// @file
/// What every balancer is: it says which of several servers takes a request.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace qsm::inline v0::policies {

/// Says which server takes the next request. Servers are numbered from 0. `pick(now, size, key)` names one, nothing where
/// none is in use; `size` is the work that the request brings, `key` whatever it should stay together with. `remove` takes
/// a server out of use and `add` puts it back; both refuse a server that is unknown or already there. A value: a copy goes
/// on by itself. `now` [s] starts anywhere and does not run backwards. The classes are in qsm/balancing.
///
///     struct Fixed {
///       bool used = true;
///       std::optional<std::size_t> pick(double, double, std::uint64_t) {
///         return used ? std::optional<std::size_t>(0) : std::nullopt;
///       }
///       void remove(std::size_t) { used = false; }
///       void add(std::size_t) { used = true; }
///       std::size_t size() const { return 1; }
///     };
template <class Type>
concept Balancer = std::copyable<Type> && requires(Type balancer, const Type& seen, double now, double size,
                                                   std::uint64_t key, std::size_t server) {
  { balancer.pick(now, size, key) } -> std::same_as<std::optional<std::size_t>>;
  balancer.remove(server);
  balancer.add(server);
  { seen.size() } -> std::convertible_to<std::size_t>;
};

/// A Balancer that learns how each request that it placed has ended: where, after what latency [s], and whether well.
template <class Type>
concept ResponseAware = Balancer<Type> && requires(Type balancer, double now, std::size_t server, bool succeeded) {
  balancer.finish(now, server, now, succeeded);
};

/// A Balancer that is told by servers, or by a board of notices, how many requests they hold and what latency [s] they
/// see. What it is told may be old.
template <class Type>
concept LoadAware = Balancer<Type> &&
                    requires(Type balancer, double now, std::size_t server) { balancer.report(now, server, now, now); };

/// A LoadAware Balancer that asks: `probes(now)` names the servers whose load it wants to hear by `report`.
template <class Type>
concept ProbeAware = LoadAware<Type> && requires(Type balancer, double now) { balancer.probes(now); };

}  // namespace qsm::inline v0::policies
