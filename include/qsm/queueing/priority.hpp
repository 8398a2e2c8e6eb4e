#pragma once
/// @file
/// Classes of customers at one server: priorities, and processor sharing with weights.

#include <span>
#include <vector>

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::queueing {

/// Mean time in the system of each class in M/G/1 with priorities, the first class first.
///
/// Within a class first come first served. Without preemption a service that has begun is finished; with it a customer of
/// a higher class interrupts, and the work is resumed later. A class whose load together with the higher ones reaches 1
/// never ends waiting: infinity. Without preemption every class waits for the services of all, so that an infinite
/// second moment anywhere is infinite for all.
///
/// @param arrival_rates  λ of each class [1/s], finite and >= 0
/// @param services       laws of the service time of each class [s], of values >= 0, as many as rates
/// @param preemptive     whether a higher class interrupts
/// @returns              mean times in the system [s], in the order of the classes
/// @source               A. Cobham 1954, Operations Research 2; L. Kleinrock 1976, Queueing Systems II, section 3.6
/// @golden               queueing/mg1_classes.csv
std::vector<double> priority_mean_sojourn(std::span<const double> arrival_rates,
                                          const std::vector<Distribution>& services, bool preemptive);

/// How one server treats customers of several classes, the first class first.
enum class ClassDiscipline {
  fcfs,                ///< in the order of arrival, whatever the class
  ps,                  ///< all share the server equally
  priority,            ///< the highest class first; a service that has begun is finished
  preemptive_priority  ///< the highest class first; it interrupts, and the work is resumed later
};

/// Means of each class at one station, in the order of the classes.
struct ClassMeans {
  /// Offered load of each class, λ E[S] [1].
  std::vector<double> utilization;
  /// Mean time in the system beyond the service time itself [s].
  std::vector<double> mean_wait;
  /// Mean time in the system [s].
  std::vector<double> mean_sojourn;
  /// Mean number in the system beyond those served at full speed [1].
  std::vector<double> mean_queue_length;
  /// Mean number in the system [1].
  std::vector<double> mean_number;
};

/// Mean values of each class in M/G/1 with several classes.
///
/// @param arrival_rates  λ of each class [1/s], finite and >= 0
/// @param services       laws of the service time of each class [s], of values >= 0, as many as rates
/// @param discipline     how the classes share the server
/// @returns              the means; infinite for a class that never ends waiting
/// @source               L. Kleinrock 1976, Queueing Systems II, chapters 3 and 4
/// @golden               queueing/mg1_classes.csv
ClassMeans mg1_classes(std::span<const double> arrival_rates, const std::vector<Distribution>& services,
                       ClassDiscipline discipline = ClassDiscipline::fcfs);

/// Mean time in the system of each class in M/M/1 under discriminatory processor sharing.
///
/// A customer of class i present has the share wᵢ / Σ wⱼ nⱼ of the server. Exponential services, by a linear system.
///
/// @param arrival_rates  λ of each class [1/s], finite and >= 0
/// @param service_rates  μ of each class [1/s], finite and > 0, as many as arrival_rates
/// @param weights        w of each class [1], finite and > 0, as many as arrival_rates
/// @returns              mean times in the system [s], in the order of the classes; infinite at a load of 1 or more
/// @source               G. Fayolle, I. Mitrani, R. Iasnogorodski 1980, Journal of the ACM 27(3)
/// @golden               queueing/dps.csv
std::vector<double> dps_mean_sojourn(std::span<const double> arrival_rates, std::span<const double> service_rates,
                                     std::span<const double> weights);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/priority.ipp>
#endif
