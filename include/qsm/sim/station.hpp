#pragma once
/// @file
/// One station of a feed-forward network by recursion: the wait of each customer from the one before, without events.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::sim {

/// A station of c servers that serves in order of arrival (G/G/c/K, first come first served).
///
///     Station station(3, 10);
///     station.serve(interarrival, service, waits);  // again and again: the state carries over
///
/// One server follows Lindley's recursion, several that of Kiefer and Wolfowitz on the times at which servers fall
/// free. A customer who finds the K of the capacity present is turned away: in order of arrival, K are present exactly
/// when the last but K - c of those admitted has not begun its service. At equal times a departure comes before an
/// arrival. A value: copies continue alike, and results do not depend on how the customers are cut into spans. One
/// writer at a time.
///
/// @source  Lindley 1952, The theory of queues with a single server
/// @source  Kiefer and Wolfowitz 1955, On the theory of queues with many servers
class Station {
 public:
  /// What stands for the wait of a customer who is turned away.
  static constexpr double turned_away = std::numeric_limits<double>::infinity();

  /// An empty station of `servers` c [1], an integer in [1, 2^24], with room for `capacity` K [1] customers, an integer
  /// >= c or infinity.
  explicit Station(double servers, double capacity = std::numeric_limits<double>::infinity());

  /// Serves the next customers: `interarrival` [s], the time since the arrival before, and `service` [s], each finite
  /// and >= 0, all three spans of one length. Writes the waits in queue [s] and returns how many were turned away.
  std::size_t serve(std::span<const double> interarrival, std::span<const double> service, std::span<double> waits);

  /// Throws what the constructor would, in the name of `function`.
  static void require(const char* function, double servers, double capacity);

  /// Number of servers c [1].
  double servers() const { return servers_; }
  /// Largest number present K [1].
  double capacity() const { return capacity_; }

 private:
  template <class Servers>
  std::size_t dispatch(Servers servers, const double* interarrival, const double* service, double* waits,
                       std::size_t count);
  void lindley(const double* interarrival, const double* service, double* waits, std::size_t count);
  void rebase();

  double servers_;
  double capacity_;
  std::vector<double> free_;           // times at which servers fall free: sorted, or a tournament tree
  std::vector<std::uint32_t> winner_;  // leaf of the earliest server below each node of the tree
  double clock_ = 0;                   // last arrival, since the last rebase; the last wait where Lindley's holds
  double service_ = 0;                 // last service time, where Lindley's recursion holds
  std::size_t since_rebase_ = 0;
  std::vector<double> starts_;  // ring of the starts of service of those admitted last; grows up to K - c
  std::size_t oldest_ = 0;      // its oldest entry
};

}  // namespace qsm::inline v0::sim

#ifdef QSM_HEADER_ONLY
#include <qsm/sim/station.ipp>
#endif
