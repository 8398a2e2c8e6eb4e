#pragma once
/// @file
/// What is known of a station of which only means are known.

namespace qsm::inline v0::queueing {

/// Means of a station in its steady state; an unstable one waits for ever.
struct StationMeans {
  /// Offered load ρ of a server, the work that comes over the work that can be done [1].
  double utilization;
  /// Whether ρ < 1, so that a steady state exists.
  bool stable;
  /// Mean wait in the queue before service, E[W] [s].
  double mean_wait;
  /// Mean time in the system, E[T] [s].
  double mean_sojourn;
  /// Mean number waiting, λ E[W] [1].
  double mean_queue_length;
  /// Mean number in the system, λ E[T] [1].
  double mean_number;
};

}  // namespace qsm::inline v0::queueing
