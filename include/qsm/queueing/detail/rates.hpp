#pragma once
// What the Markovian stations share, for .ipp files.

#include <algorithm>
#include <cmath>
#include <limits>

#include <qsm/queueing/erlang.hpp>

namespace qsm::inline v0::queueing::detail {

inline constexpr double unbounded = infinity;

/// cμ - λ, rounded once; the largest double where it would overflow.
inline double spare_rate(double arrival_rate, double service_rate, double servers) {
  return std::min(std::fma(servers, service_rate, -arrival_rate), std::numeric_limits<double>::max());
}

inline Erlang erlang_of(double arrival_rate, double service_rate, double servers) {
  const double load = arrival_rate / service_rate;
  const double spare = spare_rate(arrival_rate, service_rate, servers);
  return erlang(servers, load, spare < std::numeric_limits<double>::max() ? spare / service_rate : servers - load);
}

}  // namespace qsm::inline v0::queueing::detail
