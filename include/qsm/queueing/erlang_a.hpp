#pragma once
/// @file
/// Erlang A, the M/M/c+M queue: customers who wait too long leave.

#include <qsm/core/error.hpp>

namespace qsm::inline v0::queueing {

/// c servers before one queue whose customers lose patience (M/M/c+M, Erlang A, Palm's model).
///
/// Each customer is ready to wait for an exponential time with mean 1/θ and then leaves, so a steady state exists at
/// any load. The wait of an arrival ends by service or by leaving. With the offered wait V, which an endlessly patient
/// arrival would have, P(V > t) / P(V > 0) = P(s, x exp(-θt)) / P(s, x), where s = cμ/θ, x = λ/θ, and P is the
/// regularised incomplete gamma function. Time grows with the number that waits, not with the servers.
///
/// @param arrival_rate      λ [1/s], finite and >= 0
/// @param service_rate      μ [1/s], of one server, finite and > 0
/// @param abandonment_rate  θ [1/s], of one waiting customer, finite and > 0
/// @param servers           c [1], integer >= 1
/// @source                  C. Palm 1957; A. Mandelbaum, S. Zeltyn 2007, Service engineering in action: the Palm/Erlang-A
///                          queue; S. Zeltyn, A. Mandelbaum 2005, Queueing Systems 51, section 2
/// @golden                  queueing/erlang_a.csv
struct ErlangA {
  double arrival_rate;
  double service_rate;
  double abandonment_rate;
  double servers;

  static void validate(auto& check, double arrival_rate, double service_rate, double abandonment_rate, double servers) {
    check.not_negative("arrival_rate", arrival_rate);
    check.positive("service_rate", service_rate);
    check.positive("abandonment_rate", abandonment_rate);
    check.positive_count("servers", servers);
    check.finite("arrival_rate / abandonment_rate", arrival_rate / abandonment_rate);
    check.finite("servers * service_rate / abandonment_rate", servers * (service_rate / abandonment_rate));
  }

  /// Fraction of time that a server is busy [1].
  double utilization() const;

  /// Always: impatience bounds the queue.
  bool stable() const { return true; }

  /// Probability that an arrival does not find a free server [1].
  double probability_wait() const;

  /// Probability that an arrival leaves without service, θ E[Q] / λ [1].
  double probability_abandon() const;

  /// Customers served per second [1/s].
  double throughput() const;

  /// Mean wait of all arrivals, until service or leaving, E[W] = E[Q] / λ [s].
  double mean_wait() const;

  /// Mean wait of those who are served [s].
  double mean_wait_served() const;

  /// Mean time of all arrivals in the system [s].
  double mean_sojourn() const;

  /// Mean number waiting, E[Q] [1].
  double mean_queue_length() const;

  /// Mean number in the system, E[N] [1].
  double mean_number() const;

  /// Probability that an arrival is served after a wait of at most `time` [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double probability_served_within(double time) const;

  /// Probability that the wait, until service or leaving, is at most `time`, P(W <= t) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double wait_cdf(double time) const;

  /// Wait, until service or leaving, that a fraction p of the arrivals does not exceed [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double wait_quantile(double probability) const;

  /// Probability that the wait is at most `time`, for those who are served [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double served_wait_cdf(double time) const;

  /// Wait that a fraction p of those who are served does not exceed [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double served_wait_quantile(double probability) const;

 private:
  struct Shares;  // what the chain of states says
  Shares shares() const;
};

/// The M/M/c+M queue with these rates and servers.
ErlangA erlang_a(double arrival_rate, double service_rate, double abandonment_rate, double servers);

/// Fewest servers with P(served within `wait`) >= probability in M/M/c+M.
///
/// @param arrival_rate      λ [1/s], finite and >= 0
/// @param service_rate      μ [1/s], of one server, finite and > 0
/// @param abandonment_rate  θ [1/s], of one waiting customer, finite and > 0
/// @param wait              longest wait [s], finite and >= 0
/// @param probability       share of arrivals that is served in time [1], in (0, 1)
/// @returns                 servers [1], an integer >= 1
/// @source                  A. Mandelbaum, S. Zeltyn 2007, Service engineering in action: the Palm/Erlang-A queue
/// @golden                  queueing/servers_for_service.csv
double servers_for_service(double arrival_rate, double service_rate, double abandonment_rate, double wait,
                           double probability);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/erlang_a.ipp>
#endif
