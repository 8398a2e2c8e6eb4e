#pragma once
/// @file
/// Queues before and without a steady state: transients, and arrival rates that change over the day.

#include <limits>
#include <span>
#include <vector>

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::queueing {

/// Distribution of the number in M/M/c/K a time after the start, by uniformisation.
///
/// @param arrival_rate  λ [1/s], finite and >= 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param servers       c [1], integer >= 1
/// @param initial       number at the start [1], integer >= 0 and <= capacity
/// @param time          t [s], finite and >= 0
/// @param capacity      K [1], integer >= c, or infinity
/// @returns             P(n present) for n = 0, 1, ... [1]; of an infinite room so many that 1e-16 at most is missing
/// @source              A. Jensen 1953, Markoff chains as an aid in the study of Markoff processes; W. Grassmann 1977,
///                      Transient solutions in Markovian queueing systems
/// @golden              queueing/transient.csv
std::vector<double> transient_distribution(double arrival_rate, double service_rate, double servers, double initial,
                                           double time, double capacity = std::numeric_limits<double>::infinity());

/// A queue over time: what holds at the end of each interval.
struct TimeVaryingQueue {
  /// Ends of the intervals [s].
  std::vector<double> times = {};
  /// Mean number in the system [1].
  std::vector<double> mean_number = {};
  /// Mean number waiting [1].
  std::vector<double> mean_queue_length = {};
  /// Probability that an arrival then has to wait [1].
  std::vector<double> probability_wait = {};
};

/// M(t)/M/s(t) from empty, exact: arrival rate and servers are constant within each interval.
///
/// When servers leave, those whom they served wait again.
///
/// @param arrival_rates  λ in each interval [1/s], finite and >= 0
/// @param interval       length of an interval [s], finite and > 0
/// @param service_rate   μ [1/s], of one server, finite and > 0
/// @param servers        in each interval, or one number for all [1], integers >= 1
/// @returns              the queue at the ends of the intervals
/// @source               W. Grassmann 1977, Transient solutions in Markovian queueing systems
TimeVaryingQueue time_varying_mmc(std::span<const double> arrival_rates, double interval, double service_rate,
                                  std::span<const double> servers);

/// Mean number of busy servers in M(t)/G/infinity from empty, m(t) = ∫ λ(u) P(S > t - u) du.
///
/// @param arrival_rates  λ in each interval [1/s], finite and >= 0
/// @param interval       length of an interval [s], finite and > 0
/// @param service        law of a service, with a finite mean
/// @returns              m at the ends of the intervals [1]
/// @source               S. Eick, W. Massey, W. Whitt 1993, The physics of the Mt/G/∞ queue
std::vector<double> time_varying_load(std::span<const double> arrival_rates, double interval,
                                      const Distribution& service);

/// M(t)/G/s(t) by the modified offered load: M/M/s with the load that infinitely many servers would have just then.
///
/// Where that load exceeds the servers, numbers are infinite and the probability is 1.
///
/// @param arrival_rates  λ in each interval [1/s], finite and >= 0
/// @param interval       length of an interval [s], finite and > 0
/// @param service        law of a service, with a finite mean > 0
/// @param servers        in each interval, or one number for all [1], integers >= 1
/// @returns              the queue at the ends of the intervals
/// @source               O. Jennings and others 1996, Server staffing to meet time-varying demand
TimeVaryingQueue modified_offered_load(std::span<const double> arrival_rates, double interval,
                                       const Distribution& service, std::span<const double> servers);

/// M(t)/M/s(t) as if each interval had its steady state (pointwise stationary approximation).
///
/// @param arrival_rates  λ in each interval [1/s], finite and >= 0
/// @param interval       length of an interval [s], finite and > 0
/// @param service_rate   μ [1/s], of one server, finite and > 0
/// @param servers        in each interval, or one number for all [1], integers >= 1
/// @returns              the queue at the ends of the intervals
/// @source               L. Green and P. Kolesar 1991, The pointwise stationary approximation for queues with nonstationary
///                       arrivals
TimeVaryingQueue pointwise_stationary(std::span<const double> arrival_rates, double interval, double service_rate,
                                      std::span<const double> servers);

/// Capacity that n on-off sources need together: fewest m with P(more than m are active) <= ε, where the peak provision
/// is n.
///
/// @param sources               n [1], integer >= 1
/// @param activity              probability that a source is active p [1], in [0, 1]
/// @param overflow_probability  ε [1], in (0, 1)
/// @returns                     m, in units of one source's peak [1], an integer in [0, n]
/// @source                      M. Schwartz 1996, Broadband Integrated Networks, ch. 3
/// @golden                      queueing/multiplexed_capacity.csv
double multiplexed_capacity(double sources, double activity, double overflow_probability);

/// Statistical multiplexing gain: peak provision over multiplexed_capacity(), n / m.
///
/// @param sources               n [1], integer >= 1
/// @param activity              probability that a source is active p [1], in (0, 1]
/// @param overflow_probability  ε [1], in (0, 1)
/// @returns                     the gain [1], >= 1; infinite where no capacity is needed
/// @source                      M. Schwartz 1996, Broadband Integrated Networks, ch. 3
double multiplexing_gain(double sources, double activity, double overflow_probability);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/time_varying.ipp>
#endif
