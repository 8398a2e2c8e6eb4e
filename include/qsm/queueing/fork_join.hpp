#pragma once
/// @file
/// Fork-join queues: a job is done when the last of its parts is done.

#include <qsm/core/error.hpp>

namespace qsm::inline v0::queueing {

/// Each job splits into one part for each of n single-server queues and leaves when all its parts are served.
///
/// Poisson arrivals, exponential service. The mean is exact for one and two branches; for more it is Nelson's and
/// Tantawi's approximation, which simulations confirmed to within 5 % up to 32 branches.
///
/// @param arrival_rate  λ [1/s], of jobs, finite and >= 0
/// @param service_rate  μ [1/s], of each branch, finite and > 0
/// @param branches      n [1], integer >= 1
/// @source              L. Flatto and S. Hahn 1984, Two parallel queues created by arrivals with two demands; R. Nelson
///                      and A. Tantawi 1988, Approximate analysis of fork/join synchronization in parallel queues
/// @golden              queueing/fork_join.csv
struct ForkJoin {
  double arrival_rate;
  double service_rate;
  double branches;

  static void validate(auto& check, double arrival_rate, double service_rate, double branches) {
    check.not_negative("arrival_rate", arrival_rate);
    check.positive("service_rate", service_rate);
    check.positive_count("branches", branches);
  }

  /// Fraction of time that a branch is busy, ρ = λ/μ [1].
  double utilization() const { return arrival_rate / service_rate; }

  /// Whether λ < μ.
  bool stable() const { return arrival_rate < service_rate; }

  /// Mean time from arrival to the end of the last part, (Hₙ/H₂ + 4/11 (1 - Hₙ/H₂) ρ) (12 - ρ)/8 / (μ - λ) [s].
  double mean_sojourn() const;

  /// Lower bound of it: the mean of two branches, and of n parts that never wait, Hₙ/μ [s].
  double mean_sojourn_low() const;

  /// Upper bound of it: as if the branches were independent, Hₙ/(μ - λ) [s].
  double mean_sojourn_high() const;

  /// Mean number of unfinished jobs, λ E[T] [1].
  double mean_number() const;
};

/// The fork-join queue with these rates and branches.
ForkJoin fork_join(double arrival_rate, double service_rate, double branches);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/fork_join.ipp>
#endif
