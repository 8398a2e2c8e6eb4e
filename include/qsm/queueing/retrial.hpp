#pragma once
/// @file
/// The M/M/c retrial queue: who finds all servers busy comes back later.

#include <qsm/core/error.hpp>

namespace qsm::inline v0::queueing {

/// c servers without waiting room whose refused customers try again (M/M/c retrial queue, linear retrials).
///
/// A refused customer goes into orbit and tries again after exponential times with rate γ until served. One server has
/// closed forms. Otherwise the chain of (busy servers, customers in orbit) is solved level by level from above, by
/// elimination without subtraction, with the orbit cut where doubling the cut moves the mean by less than 1e-15 of it.
///
/// @param arrival_rate  λ [1/s], of first attempts, finite and >= 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param retrial_rate  γ [1/s], of one customer in orbit, finite and > 0
/// @param servers       c [1], integer in [1, 10000]
/// @source              G. I. Falin, J. G. C. Templeton 1997, Retrial Queues, sections 1.2 and 2.2
/// @golden              queueing/retrial.csv
struct Retrial {
  double arrival_rate;
  double service_rate;
  double retrial_rate;
  double servers;

  static void validate(auto& check, double arrival_rate, double service_rate, double retrial_rate, double servers) {
    check.not_negative("arrival_rate", arrival_rate);
    check.positive("service_rate", service_rate);
    check.positive("retrial_rate", retrial_rate);
    check.positive_count("servers", servers);
    check.that(!(servers > 10000), "servers", servers, "at most 10000");
  }

  /// Fraction of time that a server is busy, λ / (cμ); above 1 when overloaded [1].
  double utilization() const { return arrival_rate / servers / service_rate; }

  /// Whether λ < cμ, so that a steady state exists.
  bool stable() const;

  /// Probability that a first attempt finds all servers busy [1]; 1 when unstable.
  double probability_blocked() const;

  /// Mean number in orbit [1].
  double mean_queue_length() const;

  /// Mean number in orbit and in service [1].
  double mean_number() const { return mean_queue_length() + arrival_rate / service_rate; }

  /// Mean time in orbit of all arrivals, E[W] = E[orbit] / λ [s].
  double mean_wait() const;

  /// Mean time in the system, in orbit and in service [s].
  double mean_sojourn() const { return mean_wait() + 1 / service_rate; }

  /// Mean attempts of a customer, the first one included: 1 + γ E[W] [1].
  double mean_attempts() const { return 1 + retrial_rate * mean_wait(); }

  /// Probability that at most `count` customers are in orbit [1]; 0 when unstable.
  ///
  /// @param count  n [1], an integer >= 0
  double orbit_cdf(double count) const;

 private:
  struct Orbit;  // shares of time by number in orbit
  Orbit orbit() const;
};

/// The M/M/c retrial queue with these rates and servers.
Retrial retrial(double arrival_rate, double service_rate, double retrial_rate, double servers);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/retrial.ipp>
#endif
