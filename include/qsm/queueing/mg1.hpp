#pragma once
/// @file
/// The M/G/1 queue under many disciplines, and the GI/M/1 queue.

#include <memory>
#include <string>

#include <qsm/core/distribution.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::queueing {

/// One server, Poisson arrivals, service times of any law (M/G/1), under one of these disciplines.
///
/// "fcfs", "lcfs" and "random" serve to the end whom they begin, in the order of arrival, the reverse, or any order.
/// "ps" shares the server equally; "lcfs_preemptive" always serves the newest. By size: "sjf" takes the shortest job and
/// finishes it, "psjf" interrupts for a shorter one, "srpt" serves the least remaining time, "fb" the least served so
/// far, "lrpt" the most remaining; "gittins" has the least mean time of all that do not know the sizes. Means come from integrals over the survival function of the service alone, without
/// densities, so that atoms and gaps do no harm; ties of size are served in the order of arrival. At λ E[S] >= 1 the
/// queue grows without bound: `stable` is false, times and lengths are infinite.
class MG1 {
 public:
  MG1(double arrival_rate, const Distribution& service, const std::string& discipline);

  /// Arrival rate λ [1/s].
  double arrival_rate() const { return arrival_rate_; }

  /// Law of the service time [s].
  const Distribution& service() const { return service_; }

  /// The discipline's name.
  std::string discipline() const { return discipline_; }

  /// Offered load ρ = λ E[S] [1].
  double utilization() const;

  /// Whether λ E[S] < 1, so that a steady state exists.
  bool stable() const;

  /// Mean time in the system beyond the service time itself, E[T] - E[S] [s].
  double mean_wait() const;

  /// Mean time in the system, E[T] [s].
  double mean_sojourn() const;

  /// Mean number in the system beyond those served at full speed, λ (E[T] - E[S]) [1].
  double mean_queue_length() const;

  /// Mean number in the system, E[N] = λ E[T] [1].
  double mean_number() const;

  /// Variance of the wait under fcfs [s²]: λ E[S³] / (3 (1 - ρ)) + E[W]².
  double wait_variance() const;

  /// Mean time in the system of a job of this size [s].
  ///
  /// @param size  x [s], service time that the job needs, finite and >= 0
  double mean_sojourn_of_size(double size) const;

  /// Probability under fcfs that the wait is at most `time`, P(W <= t) [1].
  ///
  /// Exact to rounding for constant and phase-type services (exponential, hyperexponential, Erlang, Coxian); for others
  /// by Euler's inversion of the Pollaczek-Khinchine transform, with an absolute error of about 1e-9.
  ///
  /// @param time  t [s], >= 0, may be infinite
  double wait_cdf(double time) const;

  /// Wait under fcfs that a fraction p of the arrivals does not exceed [s], from `wait_cdf`.
  ///
  /// @param probability  p [1], in [0, 1]
  double wait_quantile(double probability) const;

 private:
  struct Wait;
  double arrival_rate_;
  Distribution service_;
  std::string discipline_;
  std::shared_ptr<const Wait> wait_;  // the law of the wait, where an exact one is known
  double mean_of_size(double size) const;
  void needs_order_of_arrival(const char* member) const;
};

/// The M/G/1 queue with this arrival rate, service and discipline.
///
/// @param arrival_rate  λ [1/s], finite and >= 0
/// @param service       law of the service time [s], of values >= 0 with a finite mean > 0
/// @param discipline    one of "fcfs", "lcfs", "random", "ps", "lcfs_preemptive", "sjf", "psjf", "srpt", "fb", "lrpt",
///                      "gittins"
/// @returns             the queue
/// @source              L. Kleinrock 1975, Queueing Systems I, chapter 5; M. Harchol-Balter 2013, Performance Modeling and
///                      Design of Computer Systems, chapters 23 and 28 to 33; L. E. Schrage, L. W. Miller 1966, Operations
///                      Research 14(4); J. Abate, W. Whitt 1995, ORSA Journal on Computing 7(1);
///                      of gittins, see gittins_rank()
/// @golden              queueing/mg1.csv
MG1 mg1(double arrival_rate, const Distribution& service, const std::string& discipline = "fcfs");

/// One server, interarrival times of any law, exponential service, first come first served (GI/M/1).
///
/// An arrival waits with probability σ, the root in (0, 1) of σ = E[exp(-μ (1 - σ) A)]; then for an exponential time with
/// rate μ (1 - σ). Where the law of A offers its Laplace transform in closed form, the root is exact to rounding.
class GIM1 {
 public:
  GIM1(const Distribution& interarrival, double service_rate);

  /// Law of the time between arrivals [s].
  const Distribution& interarrival() const { return interarrival_; }

  /// Service rate μ [1/s].
  double service_rate() const { return service_rate_; }

  /// Offered load ρ = 1 / (μ E[A]) [1].
  double utilization() const;

  /// Whether ρ < 1, so that a steady state exists.
  bool stable() const;

  /// Probability that an arrival has to wait, σ [1]; 1 when unstable.
  double probability_wait() const;

  /// Mean wait in the queue before service, E[W] = σ / (μ (1 - σ)) [s].
  double mean_wait() const;

  /// Mean time in the system, E[T] = 1 / (μ (1 - σ)) [s].
  double mean_sojourn() const;

  /// Mean number waiting, E[W] / E[A] [1].
  double mean_queue_length() const;

  /// Mean number in the system, E[T] / E[A] [1].
  double mean_number() const;

  /// Probability that the wait is at most `time`, P(W <= t) = 1 - σ exp(-μ (1 - σ) t) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double wait_cdf(double time) const;

  /// Wait that a fraction p of the arrivals does not exceed [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double wait_quantile(double probability) const;

  /// Probability that the time in the system is at most `time`, P(T <= t) = 1 - exp(-μ (1 - σ) t) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double sojourn_cdf(double time) const;

  /// Time in the system that a fraction p of the arrivals does not exceed [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double sojourn_quantile(double probability) const;

 private:
  Distribution interarrival_;
  double interarrival_mean_, service_rate_, free_, busy_;  // free: 1 - σ, busy: σ
};

/// The GI/M/1 queue with this law between arrivals and this service rate.
///
/// @param interarrival  law of the time between arrivals [s], of values >= 0 with a finite mean > 0
/// @param service_rate  μ [1/s], finite and > 0
/// @returns             the queue
/// @source              L. Kleinrock 1975, Queueing Systems I, section 6.4
/// @golden              queueing/gim1.csv
GIM1 gim1(const Distribution& interarrival, double service_rate);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/mg1.ipp>
#endif
