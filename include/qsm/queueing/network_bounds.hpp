#pragma once
/// @file
/// Bounds on closed networks from a few additions: what the bottleneck allows, before anything is solved.

#include <span>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::queueing {

/// Between which values throughput and response time of a closed network lie.
struct NetworkBounds {
  /// Lower bound of the throughput X [1/s].
  double throughput_low = 0;
  /// Upper bound of the throughput X [1/s].
  double throughput_high = 0;
  /// Lower bound of the response time R = N/X - Z [s].
  double response_low = 0;
  /// Upper bound of the response time R = N/X - Z [s].
  double response_high = 0;
};

/// Asymptotic bounds: nobody waits, or everybody waits for everybody; valid for any service law.
///
/// @param demands     service time per round at each station D [s], finite and >= 0, not all 0
/// @param population  customers N [1], an integer >= 1
/// @param think_time  time away per round Z [s], finite and >= 0
/// @returns           the bounds
/// @source            P. Denning and J. Buzen 1978, The operational analysis of queueing network models
NetworkBounds asymptotic_bounds(std::span<const double> demands, double population, double think_time = 0);

/// Balanced job bounds: as if all stations were equally busy; for product-form networks.
///
/// @param demands     service time per round at each station D [s], finite and >= 0, not all 0
/// @param population  customers N [1], an integer >= 1
/// @param think_time  time away per round Z [s], finite and >= 0
/// @returns           the bounds
/// @source            J. Zahorjan and others 1982, Balanced job bound analysis of queueing networks
NetworkBounds balanced_job_bounds(std::span<const double> demands, double population, double think_time = 0);

/// Proportional bounds: customers wait in proportion to a power of the demands; for product-form networks.
///
/// @param demands     service time per round at each station D [s], finite and >= 0, not all 0
/// @param population  customers N [1], an integer >= 1
/// @param think_time  time away per round Z [s], finite and >= 0
/// @returns           the bounds
/// @source            C. Hsieh and S. Lam 1987, Two classes of performance bounds for closed queueing networks
NetworkBounds proportional_bounds(std::span<const double> demands, double population, double think_time = 0);

/// Geometric bounds, square-root bounds with a think time: the queues are bounded by geometric sums, the tightest here
/// at large populations; for product-form networks.
///
/// @param demands     service time per round at each station D [s], finite and >= 0, not all 0
/// @param population  customers N [1], an integer >= 1
/// @param think_time  time away per round Z [s], finite and >= 0
/// @returns           the bounds
/// @source            G. Casale, R. Muntz, G. Serazzi 2008, Geometric bounds: a noniterative analysis technique for
///                    closed queueing networks
NetworkBounds geometric_bounds(std::span<const double> demands, double population, double think_time = 0);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/network_bounds.ipp>
#endif
