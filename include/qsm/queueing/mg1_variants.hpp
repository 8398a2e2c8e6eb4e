#pragma once
/// @file
/// Variants of M/G/1 that decompose: batch arrivals, vacations, setup times and breakdowns; M/G/∞; unequal servers.

#include <span>

#include <qsm/core/distribution.hpp>
#include <qsm/core/error.hpp>
#include <qsm/queueing/station_means.hpp>

namespace qsm::inline v0::queueing {

/// Mean values of M^X/G/1: batches come as a Poisson process, one server takes the customers one by one.
///
/// The wait is that of M/G/1 with as many customers per second, and that for those of the own batch. With exponential
/// service the queue is M^X/M/1.
///
/// @param batch_rate  λ [1/s], batches per second, finite and >= 0
/// @param batch_mean  E[X] [1], mean number of customers in a batch, finite and >= 1
/// @param batch_scv   squared coefficient of variation of X [1], finite, at least that of the mean's two nearest integers
/// @param service     law of the service time [s], of values >= 0 with a finite mean > 0
/// @returns           the means over customers
/// @source            M. L. Chaudhry, J. G. C. Templeton 1983, A First Course in Bulk Queues, section 3.2
/// @golden            queueing/batch_arrivals.csv
StationMeans batch_arrivals(double batch_rate, double batch_mean, double batch_scv, const Distribution& service);

/// What a server does who comes back from a vacation and finds nobody.
enum class Vacations {
  multiple,  ///< leaves again, until somebody waits
  single     ///< stays and waits for a customer
};

/// Mean values of M/G/1 whose server leaves for a vacation whenever the queue is empty.
///
/// The wait is that of M/G/1 and, independent of it, one more: the rest of a vacation under `multiple`; under `single`
/// the same times the probability that an arrival which is not delayed by work finds the server away.
///
/// @param arrival_rate  λ [1/s], finite and >= 0
/// @param service       law of the service time [s], of values >= 0 with a finite mean > 0
/// @param vacation      law of the vacation [s], of values >= 0 with a finite mean > 0
/// @param kind          multiple or single
/// @returns             the means
/// @source              S. W. Fuhrmann, R. B. Cooper 1985, Operations Research 33(5); H. Takagi 1991, Queueing Analysis I,
///                      chapter 2
/// @golden              queueing/vacations.csv
StationMeans vacations(double arrival_rate, const Distribution& service, const Distribution& vacation,
                       Vacations kind = Vacations::multiple);

/// Mean values of M/G/1 whose server is switched off when the queue is empty, and started by the next arrival.
///
/// @param arrival_rate  λ [1/s], finite and >= 0
/// @param service       law of the service time [s], of values >= 0 with a finite mean > 0
/// @param setup         law of the time to start [s], of values >= 0 with a finite mean
/// @returns             the means
/// @source              P. D. Welch 1964, Operations Research 12(5); M. Harchol-Balter 2013, Performance Modeling and
///                      Design of Computer Systems, section 27.3
/// @golden              queueing/setup_times.csv
StationMeans setup_times(double arrival_rate, const Distribution& service, const Distribution& setup);

/// Mean values of M/G/1 whose server fails while it works, is repaired, and resumes the service.
///
/// A customer holds the server for its completion time, service and repairs. The wait counts up to the start of
/// service, the load includes the repairs.
///
/// @param arrival_rate  λ [1/s], finite and >= 0
/// @param service       law of the service time [s], of values >= 0 with a finite mean > 0
/// @param failure_rate  ξ [1/s], failures per second of work, finite and >= 0
/// @param repair        law of the repair time [s], of values >= 0 with a finite mean
/// @returns             the means
/// @source              D. P. Gaver 1962, Journal of the Royal Statistical Society B 24(1)
/// @golden              queueing/breakdowns.csv
StationMeans breakdowns(double arrival_rate, const Distribution& service, double failure_rate,
                        const Distribution& repair);

/// Mean values of M/M/m with servers of unequal speed; an arrival picks one of the free servers at random.
///
/// Exact for this choice alone: the states are reversible then, and the numbers are sums over sets of busy servers. To
/// pick the fastest free server is better at light load. All with one speed: M/M/c.
///
/// @param arrival_rate   λ [1/s], finite and >= 0
/// @param service_rates  μ of each server [1/s], finite and > 0
/// @returns              the means; the load is λ over the sum of the rates
/// @source               H. Gumbel 1960, Operations Research 8(4)
/// @golden               queueing/unequal_servers.csv
StationMeans unequal_servers(double arrival_rate, std::span<const double> service_rates);

/// Unlimited servers, Poisson arrivals, service times of any law (M/G/∞): the number in the system is Poisson, at every
/// time after an empty start too.
class MGInfinity {
 public:
  MGInfinity(double arrival_rate, const Distribution& service);

  /// Arrival rate λ [1/s].
  double arrival_rate() const { return arrival_rate_; }

  /// Law of the service time [s].
  const Distribution& service() const { return service_; }

  /// Always: nobody waits.
  bool stable() const { return true; }

  /// Mean time in the system, E[S] [s].
  double mean_sojourn() const { return service_.mean(); }

  /// Mean number in the system, λ E[S] [1]; also the variance of it.
  double mean_number() const { return arrival_rate_ * service_.mean(); }

  /// Mean time from the first arrival until the system is empty again, (exp(λ E[S]) - 1) / λ [s].
  double mean_busy_period() const;

  /// Mean number t seconds after an empty start, λ ∫ P(S > u) du from 0 to t [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double mean_number_at(double time) const;

  /// Departures per second t seconds after an empty start, λ P(S <= t) [1/s].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double departure_rate_at(double time) const;

  /// Probability that at most `count` customers are in the system, P(N <= n) [1].
  ///
  /// @param count  n [1], an integer >= 0
  double number_cdf(double count) const;

  /// Probability that at most `count` customers are in the system t seconds after an empty start [1].
  ///
  /// @param count  n [1], an integer >= 0
  /// @param time   t [s], >= 0, may be infinite
  double number_cdf_at(double count, double time) const;

  /// Smallest number n with P(N <= n) >= p [1].
  ///
  /// @param probability  p [1], in [0, 1)
  double number_quantile(double probability) const;

 private:
  double arrival_rate_;
  Distribution service_;
};

/// The M/G/∞ queue with this arrival rate and service.
///
/// @param arrival_rate  λ [1/s], finite and >= 0
/// @param service       law of the service time [s], of values >= 0 with a finite mean > 0
/// @returns             the queue
/// @source              L. Takács 1962, Introduction to the Theory of Queues, chapter 3
/// @golden              queueing/mg_infinity.csv
MGInfinity mg_infinity(double arrival_rate, const Distribution& service);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/mg1_variants.ipp>
#endif
