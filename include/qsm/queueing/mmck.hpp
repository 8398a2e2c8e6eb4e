#pragma once
/// @file
/// The M/M/c/K queue: what an overloaded system turns away.

#include <qsm/core/error.hpp>

namespace qsm::inline v0::queueing {
namespace detail {
struct LimitedWait;
}  // namespace detail

/// c servers and room for K customers in all, Poisson arrivals, exponential service, first come first served (M/M/c/K).
///
/// Who finds K present is lost, so a steady state exists at any load. Waits and times are those of the admitted.
/// K = c is Erlang's loss system. Laws of wait and time cost some √K steps: at 10¹¹ places a tenth of a second.
///
/// @param arrival_rate  λ [1/s], lost customers included, finite and >= 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param servers       c [1], integer >= 1
/// @param capacity      K [1], waiting and in service, integer >= c
/// @source              D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.5
/// @golden              queueing/mmck.csv
struct MMCK {
  double arrival_rate;
  double service_rate;
  double servers;
  double capacity;

  static void validate(auto& check, double arrival_rate, double service_rate, double servers, double capacity) {
    check.not_negative("arrival_rate", arrival_rate);
    check.positive("service_rate", service_rate);
    check.positive_count("servers", servers);
    check.positive_count("capacity", capacity);
    check.that(!(capacity < servers), "capacity", capacity, ">= servers");
    check.finite("arrival_rate / service_rate", arrival_rate / service_rate);
  }

  /// Fraction of time that a server is busy, λ (1 - p_K) / (cμ) [1].
  double utilization() const;

  /// Always: what does not fit is lost.
  bool stable() const { return true; }

  /// Probability that an arrival is lost, p_K [1].
  double probability_blocked() const;

  /// Customers served per second, λ (1 - p_K) [1/s].
  double throughput() const;

  /// Probability that an admitted customer has to wait [1].
  double probability_wait() const;

  /// Mean wait of the admitted in the queue, E[W] = E[Q] / (λ (1 - p_K)) [s].
  double mean_wait() const;

  /// Mean time of the admitted in the system, E[T] = E[W] + 1/μ [s].
  double mean_sojourn() const { return mean_wait() + 1 / service_rate; }

  /// Mean number waiting, E[Q] [1].
  double mean_queue_length() const;

  /// Mean number in the system, E[N] = E[Q] + λ (1 - p_K) / μ [1].
  double mean_number() const;

  /// Probability that the wait of an admitted customer is at most `time`, P(W <= t) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double wait_cdf(double time) const;

  /// Wait that a fraction p of the admitted does not exceed [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double wait_quantile(double probability) const;

  /// Probability that an admitted customer's time in the system is at most `time`, P(T <= t) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double sojourn_cdf(double time) const;

  /// Time in the system that a fraction p of the admitted does not exceed [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double sojourn_quantile(double probability) const;

 private:
  struct Shares;  // of time: full, admitting, with a free server, with waiting for the next; and mean number waiting
  Shares shares() const;
  detail::LimitedWait wait() const;
  double log_load() const;  // ln ρ
};

/// The M/M/c/K queue with these rates, servers and capacity.
MMCK mmck(double arrival_rate, double service_rate, double servers, double capacity);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/mmck.ipp>
#endif
