#pragma once
/// @file
/// A farm of servers behind a balancer, simulated request by request or replayed from a trace: old information, unlike and
/// failing servers, health checks, retries, slow start, cascades.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <qsm/balancing/any_balancer.hpp>
#include <qsm/core/distribution.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/core/progress.hpp>

namespace qsm::inline v0::balancing {

/// What the farm is like, and how long and how often to simulate it.
struct FarmOptions {
  /// Speed of each server [1], each finite and > 0; empty: all 1. A request of size s takes s / speed.
  std::vector<double> speeds = {};
  /// Balancers side by side, each with the requests that it placed; a request comes to any of them [1], an integer >= 1.
  double dispatchers = 1;
  /// How often every server reports its load to all dispatchers [s], > 0; 0: at each change; infinity: never.
  double report_every = std::numeric_limits<double>::infinity();
  /// How old a report is when it comes, and the answer to a probe [s], finite and >= 0.
  double report_delay = 0;
  /// Mean time until a server fails, exponential [s], > 0; infinity: never.
  double time_to_failure = std::numeric_limits<double>::infinity();
  /// Mean time until a failed server is back, exponential, its queue empty [s], finite and > 0.
  double time_to_repair = 10;
  /// Requests at which a server breaks down under its load [1], an integer >= 1, or infinity.
  double crash_load = std::numeric_limits<double>::infinity();
  /// How long a failed server takes to refuse a request [s], finite and >= 0; 0 draws least connections in.
  double refusal_time = 0;
  /// Time after which a request is given up; its server goes on with it [s], > 0.
  double timeout = std::numeric_limits<double>::infinity();
  /// Further attempts of a request that failed [1], an integer in [0, 100].
  double retries = 0;
  /// Longest pause before the first retry, doubled each time, scattered from 0 [s], finite and > 0.
  double pause = 0.1;
  /// Retries for each request in the long run (policies::RetryBudget) [1], >= 0; infinity: no limit.
  double retry_ratio = std::numeric_limits<double>::infinity();
  /// How often each server is checked; ill ones are out of use [s], > 0.
  double check_every = std::numeric_limits<double>::infinity();
  /// Checks in a row that make an ill server well, two, and a well one ill, `fall` [1], an integer >= 1.
  double fall = 3;
  /// Failures in a row that eject a server [1], an integer >= 1, or infinity.
  double eject_after = std::numeric_limits<double>::infinity();
  /// Time of the first ejection, then multiples of it [s], finite and > 0.
  double ejection_time = 30;
  /// Greatest share of servers ejected at a time [1], in [0, 1].
  double ejected_share = 0.1;
  /// Time in which a returning server's weight rises to its own, where the balancer has weights [s], finite and >= 0.
  double slow_start = 0;
  /// Different keys that requests have, all equally often [1], an integer in [1, 2^53].
  double keys = 1e6;
  /// Requests that count in each replication [1], an integer in [1, 2^53].
  double requests = 1e5;
  /// Requests of each replication before those that count [1], an integer >= 0.
  double warmup = 1e4;
  /// Number of replications [1], an integer in [1, 2^24].
  double replications = 20;
  /// Seed; equal seeds bring equal requests to different balancers.
  std::uint64_t seed = 1;
  /// Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
  int threads = 0;
  /// 1 - α of the intervals [1], in (0, 1).
  double confidence = 0.95;
  /// Where to report, and whether to stop.
  Progress progress = {};
};

namespace detail {
struct FarmRun;
}  // namespace detail

/// A simulated or replayed farm. Each value is the mean over replications with its t interval; of a replay it is what this
/// trace met, without an interval. Times are those of the requests that succeeded. A value that shares what was recorded.
class FarmSimulation {
 public:
  /// Number of servers n [1].
  double servers() const;
  /// Whether the servers together can do the work, were none to fail. If not, times are those of the time simulated.
  bool stable() const;
  /// Requests that came, per second λ [1/s].
  Estimate arrival_rate() const;
  /// Requests that succeeded, per second [1/s].
  Estimate throughput() const;
  /// Share of the servers' time in which they work [1].
  Estimate utilization() const;
  /// Mean time in queue of the attempt that succeeded [s].
  Estimate mean_wait() const;
  /// Mean time from the first attempt to success [s].
  Estimate mean_sojourn() const;
  /// Probability that the attempt that succeeded found its server idle [1].
  Estimate probability_idle() const;
  /// Probability of a wait of at most `time` [1]; t [s], >= 0.
  Estimate wait_cdf(double time) const;
  /// Wait that a fraction `probability` does not exceed [s]; p [1], in [0, 1].
  Estimate wait_quantile(double probability) const;
  /// Probability of a sojourn of at most `time` [1]; t [s], >= 0.
  Estimate sojourn_cdf(double time) const;
  /// Sojourn that a fraction `probability` does not exceed [s]; p [1], in [0, 1].
  Estimate sojourn_quantile(double probability) const;
  /// Share of the requests that failed for good [1].
  Estimate probability_failed() const;
  /// Retries for each request [1].
  Estimate retries() const;
  /// Mean number of requests at a server [1].
  Estimate mean_load() const;
  /// Fraction of the servers, over time, that hold at least `load` requests [1]; k [1], an integer >= 0.
  Estimate load_tail(double load) const;
  /// Most requests that any server held at a time [1].
  Estimate max_load() const;
  /// Work of the busiest server over the mean of all [1], >= 1.
  Estimate imbalance() const;
  /// Utilization of each server [1].
  std::vector<Estimate> server_utilization() const;
  /// Breakdowns per second, of all servers together [1/s].
  Estimate crash_rate() const;
  /// Mean share of servers that are up [1].
  Estimate availability() const;
  /// Ejections and failed checks that took a server out of use, per second [1/s].
  Estimate removal_rate() const;

  /// All that was recorded.
  std::vector<std::byte> to_bytes() const;
  /// The simulation that wrote these bytes; throws MalformedBytes.
  ///
  /// @param bytes  what `to_bytes` gave
  static FarmSimulation from_bytes(std::span<const std::byte> bytes);

 private:
  friend struct detail::FarmRun;
  explicit FarmSimulation(std::shared_ptr<const detail::FarmRun> run) : run_(std::move(run)) {}

  std::shared_ptr<const detail::FarmRun> run_;
};

/// Simulates servers that each serve in order of arrival, behind one or more balancers.
///
/// The balancer is the class that a service embeds; each replication begins with a copy of it.
///
/// @param interarrival  law of times between requests [s], on [0, ∞); its mean finite and > 0
/// @param service       law of the sizes of requests [s], on [0, ∞); its mean finite and > 0
/// @param servers       n [1], an integer in [1, 2^24]
/// @param balancer      who takes which, or a policy's name
/// @param options       what the farm is like; length, replications, seed, threads
/// @returns             the estimates
/// @source              M. Mitzenmacher 2001, The power of two choices in randomized load balancing; M. Mitzenmacher 2000, How
///                      useful is old information?
FarmSimulation simulate(const Distribution& interarrival, const Distribution& service, double servers,
                        const AnyBalancer& balancer, const FarmOptions& options = {});

/// Replays a trace of requests through a farm, from empty to empty. One replication, nothing left out; what is drawn follows
/// the seed.
///
/// @param arrival_times  times of arrival [s], finite, none before the one in front of it; at least one
/// @param service_times  size of each [s], finite and >= 0
/// @param servers        n [1], an integer in [1, 2^24]
/// @param balancer       who takes which, or a policy's name
/// @param options        what the farm is like, and the seed
/// @returns              values of this trace
/// @source               M. Mitzenmacher 2001, The power of two choices in randomized load balancing
FarmSimulation replay(std::span<const double> arrival_times, std::span<const double> service_times, double servers,
                      const AnyBalancer& balancer, const FarmOptions& options = {});

}  // namespace qsm::inline v0::balancing

#ifdef QSM_HEADER_ONLY
#include <qsm/balancing/simulate.ipp>
#endif
