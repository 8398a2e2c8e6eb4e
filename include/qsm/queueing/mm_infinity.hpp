#pragma once
/// @file
/// The M/M/∞ queue: a server for everybody.

#include <qsm/core/error.hpp>

namespace qsm::inline v0::queueing {

/// Unlimited servers, Poisson arrivals, exponential service (M/M/∞): the number in the system is Poisson.
///
/// The number in the system has the same law for any service times with mean 1/μ.
///
/// @param arrival_rate  λ [1/s], finite and >= 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @source              L. Kleinrock 1975, Queueing Systems I, section 3.4
/// @golden              queueing/mm_infinity.csv
struct MMInfinity {
  double arrival_rate;
  double service_rate;

  static void validate(auto& check, double arrival_rate, double service_rate) {
    check.not_negative("arrival_rate", arrival_rate);
    check.positive("service_rate", service_rate);
  }

  /// Always: nobody waits.
  bool stable() const { return true; }

  /// Mean time in the system, 1/μ [s].
  double mean_sojourn() const { return 1 / service_rate; }

  /// Mean number in the system, a = λ/μ [1]; also the variance of it.
  double mean_number() const { return arrival_rate / service_rate; }

  /// Mean number t seconds after an empty start, a (1 - exp(-μt)) [1]; the number is Poisson then too.
  ///
  /// @param time  t [s], >= 0, may be infinite
  double mean_number_at(double time) const;

  /// Probability that at most `count` customers are in the system, P(N <= n) [1].
  ///
  /// @param count  n [1], an integer >= 0
  double number_cdf(double count) const;

  /// Smallest number n with P(N <= n) >= p [1]: places for all but a share 1 - p of the time.
  ///
  /// @param probability  p [1], in [0, 1)
  double number_quantile(double probability) const;

  /// Probability that the time in the system is at most `time`, 1 - exp(-μt) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double sojourn_cdf(double time) const;

  /// Time in the system that a fraction p of the arrivals does not exceed, -ln(1 - p) / μ [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double sojourn_quantile(double probability) const;
};

/// The M/M/∞ queue with these rates.
MMInfinity mm_infinity(double arrival_rate, double service_rate);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/mm_infinity.ipp>
#endif
