#pragma once
/// @file
/// What the simulation of a network of queues is asked, and what it answers.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/core/progress.hpp>

namespace qsm::inline v0::queueing {

/// How long and how often to simulate a network.
struct NetworkSimulationOptions {
  /// Passages, of all classes together, that count in each replication [1], an integer in [1, 2^53].
  double passages = 1e5;
  /// Passages of each replication before those that count [1], an integer >= 0.
  double warmup = 1e4;
  /// Number of replications [1], an integer in [1, 2^24].
  double replications = 20;
  /// Seed; equal seeds give equal customers to different networks.
  std::uint64_t seed = 1;
  /// Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
  int threads = 0;
  /// 1 - α of the intervals [1], in (0, 1).
  double confidence = 0.95;
  /// Time of each replication [s], > 0; where finite it counts from the beginning, in place of `passages` and `warmup`.
  double duration = std::numeric_limits<double>::infinity();
  /// Where to report, and whether to stop.
  Progress progress = {};
};

/// How often to replay a trace in a network.
struct NetworkReplayOptions {
  /// Number of replications [1], an integer in [1, 2^24]; more than one only tells what is drawn, not seen.
  double replications = 1;
  /// Seed of what is drawn.
  std::uint64_t seed = 1;
  /// Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
  int threads = 0;
  /// 1 - α of the intervals [1], in (0, 1).
  double confidence = 0.95;
  /// Where to report, and whether to stop.
  Progress progress = {};
};

/// How a passage went that began with a row of a trace.
enum class Outcome {
  completed,  ///< to its end
  lost,       ///< a station was full, or was not joined
  reneged,    ///< by impatience
  inside      ///< it has not ended
};

/// Who came by a trace, one by one, in its order.
struct ReplayedCustomers {
  /// When they came [s].
  std::vector<double> arrival_times;
  /// Time at stations beyond service, of all visits that have ended [s].
  std::vector<double> waits;
  /// Time from the arrival to the end of the passage, however it ended [s]; NaN: inside.
  std::vector<double> response_times;
  /// How it ended.
  std::vector<Outcome> outcomes;
};

namespace detail {
struct NetworkRun;
}  // namespace detail

/// A simulated network: what solving gives, under the same names, as estimates: the mean over replications with its t
/// interval.
///
/// Lists are by class; lists of lists by station, then by class, in the order of the network. What nobody came for is
/// NaN: the wait of a class at a station that it does not visit. A value that shares what was recorded; read it from any
/// thread.
class NetworkSimulation {
 public:
  /// Names of the stations.
  std::vector<std::string> stations() const;
  /// Names of the classes.
  std::vector<std::string> classes() const;
  /// Whether every station can serve what comes from outside, if nobody were lost. If not, numbers and times are those
  /// of the time simulated, and grow with it.
  bool stable() const;
  /// Time that counts in a replication [s].
  Estimate duration() const;

  /// Passages completed X [1/s], by class.
  std::vector<Estimate> throughput() const;
  /// Mean time of a passage, from its first station to its end, think time excluded R [s], by class.
  std::vector<Estimate> response_time() const;
  /// Mean number in the stations [1], by class.
  std::vector<Estimate> mean_number() const;
  /// Fraction of passages that ended because a station was full or too long a queue was not joined [1], by class.
  std::vector<Estimate> probability_lost() const;
  /// Fraction of passages that ended by impatience [1], by class.
  std::vector<Estimate> probability_reneged() const;
  /// Fraction of the completed passages that ended after their due date [1], by class.
  std::vector<Estimate> probability_late() const;
  /// Probability that a completed passage takes at most `time` [1].
  ///
  /// @param customer_class  [1], < number of classes
  /// @param time            t [s], >= 0
  Estimate response_cdf(std::size_t customer_class, double time) const;
  /// Time that a fraction of the completed passages does not exceed [s].
  ///
  /// @param customer_class  [1], < number of classes
  /// @param probability     p [1], in [0, 1]
  Estimate response_quantile(std::size_t customer_class, double probability) const;

  /// Visits completed [1/s].
  std::vector<std::vector<Estimate>> station_throughput() const;
  /// Busy servers' share of all, from the service given in the visits completed [1]; of a delay the mean number there;
  /// under a timetable the share of `servers`.
  std::vector<std::vector<Estimate>> station_utilization() const;
  /// Mean number, waiting, in service and blocked [1].
  std::vector<std::vector<Estimate>> station_number() const;
  /// Mean time over all visits of a passage (residence time) [s].
  std::vector<std::vector<Estimate>> station_residence_time() const;
  /// Mean time of one visit, of those completed [s].
  std::vector<std::vector<Estimate>> station_sojourn_time() const;
  /// Mean time of a visit beyond its service, of those completed [s].
  std::vector<std::vector<Estimate>> station_wait() const;
  /// Fraction of visits that ended at once: the station was full, or its queue was not joined [1].
  std::vector<std::vector<Estimate>> station_probability_lost() const;
  /// Fraction of the visits joined that ended by impatience [1].
  std::vector<std::vector<Estimate>> station_probability_reneged() const;
  /// Mean number who have been served and wait in the server for a place elsewhere [1].
  std::vector<std::vector<Estimate>> station_blocked() const;

  /// Who came by the trace, in one replication; empty where there was none.
  ///
  /// @param replication  [1], < number of replications
  ReplayedCustomers replayed(std::size_t replication = 0) const;

  /// The circle of stations that block each other for ever, or the station whose batch nobody fills, as in the first
  /// replication that found one; empty: none did.
  std::string deadlock() const;
  /// Fraction of replications that ended in a deadlock [1].
  Estimate probability_deadlock() const;
  /// Mean time to a deadlock, of the replications that ended so [s]; NaN: none did.
  Estimate deadlock_time() const;

  /// All that was recorded.
  std::vector<std::byte> to_bytes() const;
  /// The simulation that wrote these bytes; throws MalformedBytes.
  ///
  /// @param bytes  what `to_bytes` gave
  static NetworkSimulation from_bytes(std::span<const std::byte> bytes);

 private:
  friend struct detail::NetworkRun;
  explicit NetworkSimulation(std::shared_ptr<const detail::NetworkRun> run) : run_(std::move(run)) {}

  std::shared_ptr<const detail::NetworkRun> run_;
};

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/network.hpp>
#endif
