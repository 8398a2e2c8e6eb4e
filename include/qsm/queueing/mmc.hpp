#pragma once
/// @file
/// The M/M/c queue, and the number of servers that a promise about the wait takes.

#include <qsm/core/error.hpp>
#include <qsm/queueing/erlang.hpp>

namespace qsm::inline v0::queueing {

/// c servers before one queue, Poisson arrivals, exponential service, first come first served (M/M/c, Erlang C).
///
/// At λ >= cμ the queue grows without bound: `stable` is false, times and lengths are infinite.
///
/// @param arrival_rate  λ [1/s], finite and >= 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param servers       c [1], integer >= 1
/// @source              L. Kleinrock 1975, Queueing Systems I, section 3.5; D. Gross and others 2008, Fundamentals of
///                      Queueing Theory, section 2.3
/// @golden              queueing/mmc.csv
struct MMC {
  double arrival_rate;
  double service_rate;
  double servers;

  static void validate(auto& check, double arrival_rate, double service_rate, double servers) {
    check.not_negative("arrival_rate", arrival_rate);
    check.positive("service_rate", service_rate);
    check.positive_count("servers", servers);
  }

  /// Offered load of one server, ρ = λ / (cμ) [1].
  double utilization() const { return arrival_rate / servers / service_rate; }

  /// Whether λ < cμ, so that a steady state exists.
  bool stable() const { return spare_rate() > 0; }

  /// Mean wait in the queue before service, E[W] = C / (cμ - λ) [s].
  double mean_wait() const;

  /// Mean time in the system, wait and service, E[T] = E[W] + 1/μ [s].
  double mean_sojourn() const { return mean_wait() + 1 / service_rate; }

  /// Mean number waiting, E[Q] = λ E[W] [1].
  double mean_queue_length() const;

  /// Mean number in the system, E[N] = E[Q] + λ/μ [1].
  double mean_number() const { return mean_queue_length() + arrival_rate / service_rate; }

  /// Probability that an arrival has to wait, C(c, λ/μ) [1]; 1 when unstable.
  double probability_wait() const;

  /// Probability that the wait is at most `time`, P(W <= t) = 1 - C exp(-(cμ - λ) t) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double wait_cdf(double time) const;

  /// Wait that a fraction p of the arrivals does not exceed, max(0, ln(C / (1 - p)) / (cμ - λ)) [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double wait_quantile(double probability) const;

  /// Probability that the time in the system is at most `time`, P(T <= t) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double sojourn_cdf(double time) const;

  /// Time in the system that a fraction p of the arrivals does not exceed [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double sojourn_quantile(double probability) const;

 private:
  double spare_rate() const;  // cμ - λ
  detail::Erlang erlang() const;
};

/// The M/M/c queue with these rates and servers.
MMC mmc(double arrival_rate, double service_rate, double servers);

/// Fewest servers with P(W <= wait) >= probability in M/M/c.
///
/// The wait falls with every server added, so the count is found by doubling and bisection.
///
/// @param arrival_rate  λ [1/s], finite and >= 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param wait          longest wait [s], finite and >= 0
/// @param probability   share of arrivals that waits no longer [1], in (0, 1)
/// @returns             servers [1], an integer >= 1
/// @source              L. Kleinrock 1975, Queueing Systems I, section 3.5
/// @golden              queueing/servers_for_wait.csv
double servers_for_wait(double arrival_rate, double service_rate, double wait, double probability);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/mmc.ipp>
#endif
