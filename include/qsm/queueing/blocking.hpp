#pragma once
/// @file
/// Closed networks whose stations have room for so many customers only, approximately.

#include <span>
#include <vector>

#include <qsm/queueing/matrix.hpp>

namespace qsm::inline v0::queueing {

/// What a visit to each station of a closed network with blocking is like.
struct BlockedStations {
  /// Visits that each station ends [1/s].
  std::vector<double> throughput;
  /// Mean time of a visit, blocking after service included [s].
  std::vector<double> response_time;
  /// Mean number at each station [1].
  std::vector<double> mean_number;
};

/// Closed network of single servers with limited room, by mean values: who is served and finds the next station full stays
/// and blocks its server.
///
/// An approximation: where the mean number at a station would exceed its room, its service is added to the times of those
/// who send there. Exact where nothing fills up. Published cases lie within some 10 % of simulations; a simulation of the
/// same network (simulate_network) says how far it is off.
///
/// @param service_times  mean service times S [s], finite and > 0
/// @param routing        probability of going from the row's to the column's station P [1], rows sum to 1
/// @param capacities     room of each station, the one in service included [1], integers >= 1
/// @param population     customers N [1], an integer >= 1, less than the room of all
/// @returns              means by station
/// @source               I. F. Akyildiz 1988, Mean value analysis for blocking queueing networks, IEEE Transactions on
///                       Software Engineering 14(4)
/// @golden               queueing/mva_with_blocking.csv
BlockedStations mva_with_blocking(std::span<const double> service_times, const Matrix& routing,
                                  std::span<const double> capacities, double population);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/blocking.ipp>
#endif
