#pragma once
/// @file
/// The M/D/c queue: every service takes the same time.

#include <qsm/core/error.hpp>

namespace qsm::inline v0::queueing {

/// c servers before one queue, Poisson arrivals, constant service, first come first served (M/D/c), exact.
///
/// Counted at instants one service time apart the queue is a random walk with Poisson steps, kept from falling below
/// zero. With a = λs and N_l Poisson of mean la, Spitzer's identity gives ln P(W = 0) = -Σ P(N_l >= lc) / l and
/// λ E[W] = Σ E[(N_l - lc)^+] / l, l = 1, 2, ...: positive terms, so that nothing cancels from light load to saturation;
/// beyond l = 128 the sums go on as integrals with Euler and Maclaurin's correction. The number waiting follows from
/// the same identity, and the law of the wait is Franx's sum over it. At λs >= c the queue grows without bound:
/// `stable` is false, times and lengths are infinite.
///
/// @param arrival_rate  λ [1/s], finite and >= 0
/// @param service_time  s [s], finite and > 0
/// @param servers       c [1], integer in [1, 1000000]
/// @source              F. Spitzer 1956, Transactions of the AMS 82; C. D. Crommelin 1932, Post Office Electrical
///                      Engineers' Journal 25; G. J. Franx 2001, Operations Research Letters 29(5)
/// @golden              queueing/mdc.csv
struct MDC {
  double arrival_rate;
  double service_time;
  double servers;

  static void validate(auto& check, double arrival_rate, double service_time, double servers) {
    check.not_negative("arrival_rate", arrival_rate);
    check.positive("service_time", service_time);
    check.positive_count("servers", servers);
    check.that(!(servers > 1e6), "servers", servers, "at most 1000000");
  }

  /// Offered load of one server, ρ = λs / c [1].
  double utilization() const { return arrival_rate * service_time / servers; }

  /// Whether λs < c, so that a steady state exists.
  bool stable() const { return gap() > 0; }

  /// Mean wait in the queue before service, E[W] [s].
  double mean_wait() const;

  /// Mean time in the system, E[T] = E[W] + s [s].
  double mean_sojourn() const { return mean_wait() + service_time; }

  /// Mean number waiting, E[Q] = λ E[W] [1].
  double mean_queue_length() const;

  /// Mean number in the system, E[N] = E[Q] + λs [1].
  double mean_number() const { return mean_queue_length() + arrival_rate * service_time; }

  /// Probability that an arrival has to wait [1]; 1 when unstable.
  double probability_wait() const;

  /// Probability that the wait is at most `time`, P(W <= t) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double wait_cdf(double time) const;

  /// Wait that a fraction p of the arrivals does not exceed [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double wait_quantile(double probability) const;

  /// Probability that the time in the system is at most `time`, P(W <= t - s) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double sojourn_cdf(double time) const;

  /// Time in the system that a fraction p of the arrivals does not exceed [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double sojourn_quantile(double probability) const;

 private:
  double gap() const;  // c - a
};

/// The M/D/c queue with this arrival rate, service time and servers.
MDC mdc(double arrival_rate, double service_time, double servers);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/mdc.ipp>
#endif
