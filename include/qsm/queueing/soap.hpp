#pragma once
/// @file
/// Any policy that is a rank function (SOAP), and Gittins' index: the least mean time where sizes are unknown.

#include <span>
#include <vector>

#include <qsm/core/distribution.hpp>
#include <qsm/queueing/priority.hpp>

namespace qsm::inline v0::queueing {

/// A policy as a number for each age of a job: the server always works on the job of the lowest rank, of equal ranks on
/// the first to arrive.
///
/// Linear from age to age and, beyond the last, on along the last line. The same age twice is a jump there; at age 0 the
/// first of the two holds for jobs that have not begun. So ages 0 and 1 with ranks 0 and 0 are first come first served
/// with nothing to interrupt, ranks 0 and 1 the least served first ("fb"); a class of constant rank is a preemptive
/// priority, ages 0, 0 and 1 with ranks 2, -1 and -1 one without preemption.
struct RankFunction {
  /// Service that the job has had [s], from 0, not falling.
  std::vector<double> ages;
  /// Rank at each age [any].
  std::vector<double> ranks;
};

/// Mean values of each class in M/G/1 under the policy of these rank functions (SOAP).
///
/// Exact but for integration, to about 1e-8. A size that is known makes a class: constant services s with rank s - age
/// are shortest remaining processing time. At a load of 1 or more all is infinite.
///
/// @param arrival_rates  λ of each class [1/s], finite and >= 0
/// @param services       laws of the service time of each class [s], of values >= 0 with a finite mean > 0, as many as rates
/// @param ranks          rank function of each class, as many as rates
/// @returns              the means, in the order of the classes
/// @source               Z. Scully, M. Harchol-Balter, A. Scheller-Wolf 2018, SOAP: one clean analysis of all age-based
///                       scheduling policies, Proceedings of the ACM on Measurement and Analysis of Computing Systems 2(1)
/// @golden               queueing/gittins.csv
ClassMeans soap(std::span<const double> arrival_rates, const std::vector<Distribution>& services,
                const std::vector<RankFunction>& ranks);

/// Mean time in the system of a job of known class and size in M/G/1 under the policy of these rank functions.
///
/// @param arrival_rates  λ of each class [1/s], finite and >= 0
/// @param services       laws of the service time of each class [s], of values >= 0 with a finite mean > 0, as many as rates
/// @param ranks          rank function of each class, as many as rates
/// @param index          class of the job [1], an integer >= 0, below the number of classes
/// @param size           x [s], service time that the job needs, finite and >= 0
/// @returns              mean time in the system [s]
/// @source               Z. Scully, M. Harchol-Balter, A. Scheller-Wolf 2018, theorem 5.5
/// @golden               queueing/gittins.csv
double soap_sojourn_of_size(std::span<const double> arrival_rates, const std::vector<Distribution>& services,
                            const std::vector<RankFunction>& ranks, double index, double size);

/// Rank function of Gittins' policy: the least work per completion that any stopping age promises, the inverse of
/// Gittins' index.
///
/// Of all policies that do not know the sizes it has the least mean time in the system in M/G/1. Where the hazard rate
/// falls it orders as "fb", where it rises as "fcfs". Atoms are met exactly, smooth laws at about a thousand ages.
///
/// @param service  law of the service time [s], of values >= 0 with a finite mean > 0
/// @returns        rank [s] at each age
/// @source         J. C. Gittins 1989, Multi-armed Bandit Allocation Indices; S. Aalto, U. Ayesta, R. Righter 2009, On the
///                 Gittins index in the M/G/1 queue, Queueing Systems 63
/// @golden         queueing/gittins.csv
RankFunction gittins_rank(const Distribution& service);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/soap.ipp>
#endif
