#pragma once
/// @file
/// Finite sources: Engset's loss system, and the machine repair model that queues.

#include <qsm/core/error.hpp>

namespace qsm::inline v0::queueing {

/// N sources before c servers without waiting room (Engset): an idle source asks at rate α, a refused one stays idle.
///
/// @param request_rate  α [1/s], of one idle source, finite and >= 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param servers       c [1], integer >= 1
/// @param sources       N [1], integer >= 1
/// @source              T. O. Engset 1918; R. B. Cooper 1981, Introduction to Queueing Theory, section 3.8
/// @golden              queueing/engset.csv
struct Engset {
  double request_rate;
  double service_rate;
  double servers;
  double sources;

  static void validate(auto& check, double request_rate, double service_rate, double servers, double sources) {
    check.not_negative("request_rate", request_rate);
    check.positive("service_rate", service_rate);
    check.positive_count("servers", servers);
    check.positive_count("sources", sources);
    check.finite("request_rate / service_rate", request_rate / service_rate);
    check.that(request_rate == 0 || request_rate / service_rate >= 1e-290, "request_rate / service_rate",
               request_rate / service_rate, "0 or >= 1e-290");
  }

  /// Fraction of time that a server is busy [1].
  double utilization() const;

  /// Always: what does not fit is lost.
  bool stable() const { return true; }

  /// Probability that a request is refused (call congestion) [1]: what N - 1 sources do to the servers.
  double probability_blocked() const;

  /// Fraction of time that all servers are busy (time congestion) [1].
  double probability_full() const;

  /// Requests served per second, cμ times the utilization [1/s].
  double throughput() const;

  /// Mean number in service [1].
  double mean_number() const;
};

/// Engset's loss system with these rates, servers and sources.
Engset engset(double request_rate, double service_rate, double servers, double sources);

/// N sources before c servers with a queue (M/M/c//N, machine repair): an idle source asks after an exponential time.
///
/// Machines that break at rate α and c repairers with rate μ, or N users with mean think time 1/α. A request sees the
/// system as the N - 1 other sources leave it, by which the wait and its law are known.
///
/// @param request_rate  α [1/s], of one idle source, finite and >= 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param servers       c [1], integer >= 1
/// @param sources       N [1], integer >= 1
/// @source              D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.8; K. C. Sevcik, I. Mitrani
///                      1981, Journal of the ACM 28(2), for what a request sees
/// @golden              queueing/mmc_finite_source.csv
struct MMCFiniteSource {
  double request_rate;
  double service_rate;
  double servers;
  double sources;

  static void validate(auto& check, double request_rate, double service_rate, double servers, double sources) {
    check.not_negative("request_rate", request_rate);
    check.positive("service_rate", service_rate);
    check.positive_count("servers", servers);
    check.positive_count("sources", sources);
    check.finite("request_rate / service_rate", request_rate / service_rate);
    check.that(request_rate == 0 || request_rate / service_rate >= 1e-290, "request_rate / service_rate",
               request_rate / service_rate, "0 or >= 1e-290");
  }

  /// Fraction of time that a server is busy, X / (cμ) [1].
  double utilization() const;

  /// Always: no more than N can be there.
  bool stable() const { return true; }

  /// Requests served per second, X [1/s].
  double throughput() const;

  /// Probability that a request has to wait [1].
  double probability_wait() const;

  /// Mean wait of a request in the queue, E[W] [s].
  double mean_wait() const;

  /// Mean time of a request in the system, E[T] = E[W] + 1/μ [s].
  double mean_sojourn() const { return mean_wait() + 1 / service_rate; }

  /// Mean number waiting, E[Q] = X E[W] [1].
  double mean_queue_length() const;

  /// Mean number waiting and in service, E[N] [1].
  double mean_number() const;

  /// Fraction of its time that a source is idle, that is a machine up [1].
  double availability() const;

  /// Probability that the wait is at most `time`, P(W <= t) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double wait_cdf(double time) const;

  /// Wait that a fraction p of the requests does not exceed [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double wait_quantile(double probability) const;
};

/// The M/M/c//N queue with these rates, servers and sources.
MMCFiniteSource mmc_finite_source(double request_rate, double service_rate, double servers, double sources);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/finite_source.ipp>
#endif
