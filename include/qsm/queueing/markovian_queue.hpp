#pragma once
/// @file
/// Queues with phase-type service and Markovian arrivals, exact: MAP/PH/c, PH/PH/c, MAP/MAP/1.

#include <optional>
#include <vector>

#include <qsm/core/detail/members.hpp>
#include <qsm/queueing/markovian_arrivals.hpp>

namespace qsm::inline v0::queueing {

/// Steady state of a queue with Markovian arrivals, first come first served; made by map_ph_c(), ph_ph_c() and
/// map_map_1().
///
/// Distributions of wait and time in the system are of phase type, so that quantiles and small tails are exact.
class MarkovianQueue {
 public:
  struct Parts;
  explicit MarkovianQueue(Parts parts);

  /// Servers c [1].
  double servers() const { return servers_; }
  /// Arrivals per second λ [1/s].
  double arrival_rate() const { return arrival_rate_; }
  /// Fraction of time that a server is busy, λ E[S] / c [1].
  double utilization() const { return utilization_; }
  /// Whether the utilization is below 1.
  bool stable() const { return utilization_ < 1; }
  /// Mean wait in the queue before service E[W] [s].
  double mean_wait() const { return mean_wait_; }
  /// Mean time in the system E[T] [s].
  double mean_sojourn() const { return mean_sojourn_; }
  /// Mean number waiting, λ E[W] [1].
  double mean_queue_length() const { return mean_wait_ * arrival_rate_; }
  /// Mean number in the system, λ E[T] [1].
  double mean_number() const { return mean_sojourn_ * arrival_rate_; }
  /// Probability that an arrival has to wait [1].
  double probability_wait() const { return probability_wait_; }
  /// P(n customers in the system) at any time [1].
  ///
  /// @param number  n [1], an integer >= 0
  double probability(double number) const;
  /// P(W <= t) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double wait_cdf(double time) const;
  /// P(W > t) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double wait_survival(double time) const;
  /// Wait that a fraction p of the arrivals does not exceed [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double wait_quantile(double probability) const;
  /// P(T <= t) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double sojourn_cdf(double time) const;
  /// Time in the system that a fraction p of the arrivals does not exceed [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double sojourn_quantile(double probability) const;
  /// Law of the wait of those who wait; none when unstable.
  const std::optional<PhaseType>& wait_of_waiting() const { return wait_; }
  /// Law of the time in the system; none when unstable.
  const std::optional<PhaseType>& sojourn() const { return sojourn_; }

 private:
  friend core::detail::Members;
  static auto members(auto& self) {
    return std::tie(self.servers_, self.arrival_rate_, self.utilization_, self.mean_wait_, self.mean_sojourn_,
                    self.probability_wait_, self.wait_, self.sojourn_, self.levels_, self.ratio_);
  }
  MarkovianQueue() = default;

  double servers_;
  double arrival_rate_;
  double utilization_;
  double mean_wait_;
  double mean_sojourn_;
  double probability_wait_;
  std::optional<PhaseType> wait_;
  std::optional<PhaseType> sojourn_;
  std::vector<std::vector<double>> levels_;  // probabilities of the phases with 0, ..., c customers
  Matrix ratio_;
};

struct MarkovianQueue::Parts {
  double servers = 1;
  double arrival_rate = 0;
  double utilization = 0;
  double mean_wait = 0;
  double mean_sojourn = 0;
  double probability_wait = 0;
  std::optional<PhaseType> wait = {};
  std::optional<PhaseType> sojourn = {};
  std::vector<std::vector<double>> levels = {};
  Matrix ratio = {};
};

/// Queue with Markovian arrivals and phase-type service at c servers (MAP/PH/c), exact.
///
/// Servers are told apart by their phases only, so that the states at c servers with k phases are the
/// binomial(c + k - 1, k - 1) ways to spread them.
///
/// @param arrivals  the arrival process
/// @param service   law of a service, of phase type as in as_phase_type()
/// @param servers   c [1], an integer in [1, 100000]; at most 3000 states with all servers busy, 2.4 GB of matrices
/// @returns         the steady state
/// @source          M. Neuts 1981, Matrix-Geometric Solutions in Stochastic Models, ch. 3 and 4; B. Sengupta 1989, Markov
///                  processes whose steady state distribution is matrix-exponential with an application to the GI/PH/1 queue
/// @golden          queueing/ph_c.csv
MarkovianQueue map_ph_c(const MarkovianArrivals& arrivals, const Distribution& service, double servers = 1);

/// Queue with independent phase-type times between arrivals and phase-type service at c servers (PH/PH/c), exact.
///
/// @param interarrival  law of the times between arrivals, of phase type as in as_phase_type()
/// @param service       law of a service, of phase type
/// @param servers       c [1], an integer in [1, 100000]; at most 3000 states with all servers busy, 2.4 GB of matrices
/// @returns             the steady state
/// @source              M. Neuts 1981, Matrix-Geometric Solutions in Stochastic Models, ch. 4
/// @golden              queueing/ph_c.csv
MarkovianQueue ph_ph_c(const Distribution& interarrival, const Distribution& service, double servers = 1);

/// Single server with Markovian arrivals and correlated services (MAP/MAP/1), exact.
///
/// @param arrivals  the arrival process
/// @param services  departures of a server that is never idle; its phase stands still while it is
/// @returns         the steady state
/// @source          G. Horváth, B. Van Houdt, M. Telek 2014, Commuting matrices in the queue length and sojourn time
///                  analysis of MAP/MAP/1 queues
/// @golden          queueing/matrix_analytic.csv
MarkovianQueue map_map_1(const MarkovianArrivals& arrivals, const MarkovianArrivals& services);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/markovian_queue.ipp>
#endif
