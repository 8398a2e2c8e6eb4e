#pragma once
/// @file
/// One station by simulation or by replay of a trace, under the names of the models.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <qsm/core/distribution.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/core/progress.hpp>

namespace qsm::inline v0::queueing {

/// How long and how often to simulate.
struct SimulationOptions {
  /// Customers whose waits count in each replication [1], an integer in [1, 2^53].
  double customers = 1e6;
  /// Number of replications [1], an integer in [1, 2^24].
  double replications = 20;
  /// Customers of each replication before those that count [1], an integer >= 0; -1 finds a warm-up by MSER.
  double warmup = -1;
  /// Seed; equal seeds give equal customers to different stations.
  std::uint64_t seed = 1;
  /// Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
  int threads = 0;
  /// 1 - α of the intervals [1], in (0, 1).
  double confidence = 0.95;
  /// Whether to record the distribution of sojourns, which costs some nanoseconds per customer.
  bool sojourns = true;
  /// Whether to sharpen means and probabilities by a twin station M/M/c/K with exponential laws of the same means, driven
  /// by the same random numbers, whose own means are known; needs three replications. Quantiles and distributions stay
  /// as they are. For M/G/1 at utilization 0.7 the squared half-width of the mean wait fell by 11 for Erlang service of
  /// two stages, 8 for lognormal with c² = 1, 6 for hyperexponential with c² = 2 and 1.4 for constant service, for 12,
  /// 2.6, 2 and 1.6 times the work: the twin asks each law twice for its tail, which is dear for gamma laws.
  bool control_variate = false;
  /// Where to report, and whether to stop.
  Progress progress = {};
};

namespace detail {
struct StationRecord;
struct StationRun;
}  // namespace detail

/// A simulated or replayed G/G/c/K station: what the models compute, as estimates.
///
/// From a simulation each value is the mean over replications with its t interval; a quantile is that of all customers
/// together, between the quantiles that the t interval of the fraction below it reaches to. From a replay each value is
/// exact and its interval has no width: it says what this trace met, not what others will, for which the swings of a
/// trace leave no honest interval. Waits and sojourns are those of the customers admitted. A value that shares what was
/// recorded; read it from any thread.
class StationSimulation {
 public:
  /// Number of servers c [1].
  double servers() const;
  /// Largest number present K [1]; infinity where nothing limits it.
  double capacity() const;
  /// Whether a limit to all waits exists: offered load below servers, or a capacity. True of a replay.
  bool stable() const;
  /// Customers of each replication left out at the beginning [1].
  double warmup() const;

  /// Arrivals per second, those turned away included λ [1/s].
  Estimate arrival_rate() const;
  /// Reciprocal of the mean service time μ [1/s].
  Estimate service_rate() const;
  /// Customers served per second [1/s].
  Estimate throughput() const;
  /// Fraction of time that a server is busy ρ [1].
  Estimate utilization() const;
  /// Mean wait in queue E[W] [s].
  Estimate mean_wait() const;
  /// Mean time in the station E[T] [s].
  Estimate mean_sojourn() const;
  /// Mean number waiting E[Q] [1].
  Estimate mean_queue_length() const;
  /// Mean number waiting or in service E[N] [1].
  Estimate mean_number() const;
  /// Probability of a wait above zero P(W > 0) [1].
  Estimate probability_wait() const;
  /// Probability of being turned away [1].
  Estimate probability_blocked() const;
  /// Probability of a wait of at most `time` P(W <= t) [1]; t [s], >= 0.
  Estimate wait_cdf(double time) const;
  /// Wait that a fraction `probability` does not exceed [s]; p [1], in [0, 1].
  Estimate wait_quantile(double probability) const;
  /// Probability of a sojourn of at most `time` P(T <= t) [1]; t [s], >= 0.
  Estimate sojourn_cdf(double time) const;
  /// Sojourn that a fraction `probability` does not exceed [s]; p [1], in [0, 1].
  Estimate sojourn_quantile(double probability) const;

  /// All that was recorded, as bytes that mean the same on every platform.
  std::vector<std::byte> to_bytes() const;
  /// The simulation that gave these bytes; throws MalformedBytes.
  static StationSimulation from_bytes(std::span<const std::byte> bytes);

 private:
  friend struct detail::StationRun;
  explicit StationSimulation(std::shared_ptr<const detail::StationRun> run) : run_(std::move(run)) {}

  std::shared_ptr<const detail::StationRun> run_;
};

/// Simulates a station of several servers in order of arrival (G/G/c/K), from independent draws of two laws.
///
/// An offered load E[S]/E[A] that reaches the servers, with no limit to the capacity, is answered without simulation:
/// infinite waits, `stable` false.
///
/// @param interarrival  law of times between arrivals [s], on [0, ∞); its mean finite and > 0
/// @param service       law of service times [s], on [0, ∞)
/// @param servers       c [1], an integer in [1, 2^24]
/// @param capacity      K, most customers present [1], an integer >= servers, or infinity
/// @param options       length, replications, seed, threads
/// @returns             the estimates
/// @source              Lindley 1952, The theory of queues with a single server; Kiefer and Wolfowitz 1955, On the theory
///                      of queues with many servers; Lavenberg and Welch 1981, A perspective on the use of control variables to increase the
///                      efficiency of Monte Carlo simulations; Rueschendorf 2009, On the distributional transform
StationSimulation simulate(const Distribution& interarrival, const Distribution& service, double servers = 1,
                           double capacity = std::numeric_limits<double>::infinity(),
                           const SimulationOptions& options = {});

/// Replays a trace of arrivals through a station of several servers in order of arrival, from empty to empty.
///
/// Rates and mean numbers are averages from the first arrival to the last departure, so that Little's law holds
/// exactly.
///
/// @param arrival_times  times of arrival [s], finite, none before the one in front of it; at least one
/// @param service_times  service time of each [s], finite and >= 0
/// @param servers        c [1], an integer in [1, 2^24]
/// @param capacity       K, most customers present [1], an integer >= servers, or infinity
/// @returns              exact values of this trace
/// @source               Kiefer and Wolfowitz 1955, On the theory of queues with many servers
StationSimulation replay(std::span<const double> arrival_times, std::span<const double> service_times, double servers,
                         double capacity = std::numeric_limits<double>::infinity());

/// Fewest servers with which a fraction of a trace's customers waits no longer than a limit.
///
/// No customer of a trace waits longer for one more server, so that bisection finds it.
///
/// @param arrival_times  times of arrival [s], finite, none before the one in front of it; at least one
/// @param service_times  service time of each [s], finite and >= 0
/// @param wait           longest wait [s], >= 0
/// @param probability    fraction of customers with at most that wait [1], in [0, 1]
/// @returns              c [1], an integer >= 1
/// @source               Kiefer and Wolfowitz 1955, On the theory of queues with many servers
double servers_for_wait_in_replay(std::span<const double> arrival_times, std::span<const double> service_times,
                                  double wait, double probability);

/// What `servers_for_wait_in_simulation` found.
struct ServersForWait {
  /// Fewest servers c [1], an integer.
  double servers;
  /// P(W <= wait) with them [1]; an interval that spans the goal says that one server more or less is in doubt.
  Estimate probability;
};

/// Fewest servers with which a fraction of simulated customers waits no longer than a limit.
///
/// Every number of servers is tried on the same customers (common random numbers).
///
/// @param interarrival  law of times between arrivals [s], on [0, ∞); its mean finite and > 0
/// @param service       law of service times [s], on [0, ∞); its mean finite
/// @param wait          longest wait [s], >= 0
/// @param probability   fraction of customers with at most that wait [1], in [0, 1)
/// @param options       length, replications, seed, threads
/// @returns             c and the estimate of P(W <= wait) with c
/// @source              Kiefer and Wolfowitz 1955, On the theory of queues with many servers
ServersForWait servers_for_wait_in_simulation(const Distribution& interarrival, const Distribution& service,
                                              double wait, double probability,
                                              const SimulationOptions& options = {.customers = 1e5});

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/simulate.ipp>
#endif
