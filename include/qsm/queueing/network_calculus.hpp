#pragma once
/// @file
/// Network calculus: what cannot be exceeded. Curves of arrivals and of service, and the bounds of delay and backlog.

#include <span>
#include <vector>

namespace qsm::inline v0::queueing {

/// A curve over time from 0, never falling, that consists of straight lines; 0 at time 0 itself.
///
/// As an arrival curve: the most work that comes in any time of this length. As a service curve: the least work that is
/// done in a time of this length while there is any to do.
struct Curve {
  /// Where a line begins [s], from 0, rising.
  std::vector<double> times;
  /// Value just after that time [size]; above the line before, the curve jumps.
  std::vector<double> values;
  /// Slope of the line [size/s], >= 0; the last line goes on for ever.
  std::vector<double> slopes;
};

/// Arrivals behind a token bucket: burst + rate x time.
///
/// @param rate   long-run rate r [size/s], finite and >= 0
/// @param burst  most work at once b [size], finite and >= 0
/// @returns      the arrival curve
/// @source       J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, section 1.2
Curve token_bucket_curve(double rate, double burst);

/// Service of a server that may first do nothing: rate x (time - latency), not below 0.
///
/// @param rate     long-run rate R [size/s], finite and >= 0
/// @param latency  longest time without service T [s], finite and >= 0
/// @returns        the service curve
/// @source         J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, section 1.3
Curve rate_latency_curve(double rate, double latency = 0);

/// Value of a curve just after this time.
///
/// @param curve  the curve
/// @param time   t [s], finite and >= 0
/// @returns      work [size]
/// @source       J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, section 1.2
double curve_value(const Curve& curve, double time);

/// Lower of two curves at every time: arrivals that keep both.
///
/// @param first   a curve
/// @param second  another
/// @returns       the curve
/// @source        J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, section 1.2
Curve curve_minimum(const Curve& first, const Curve& second);

/// Sum of two curves: arrivals of two flows together.
///
/// @param first   a curve
/// @param second  another
/// @returns       the curve
/// @source        J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, section 1.2
Curve curve_sum(const Curve& first, const Curve& second);

/// Min-plus convolution: the service of two servers one after another, or arrivals that pass two shapers.
///
/// @param first   a curve f
/// @param second  another g
/// @returns       the least of f(s) + g(t - s) over s in [0, t], at every t
/// @source        J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, section 3.1
Curve convolve(const Curve& first, const Curve& second);

/// Longest delay: the greatest horizontal distance from the arrival curve to the service curve.
///
/// @param arrival  arrival curve
/// @param service  service curve, of a server that is first come first served within the flow
/// @returns        delay [s]; infinite where arrivals outrun service
/// @source         J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, theorem 1.4.2
double delay_bound(const Curve& arrival, const Curve& service);

/// Most work that waits: the greatest vertical distance from the arrival curve to the service curve.
///
/// @param arrival  arrival curve
/// @param service  service curve
/// @returns        backlog [size]; infinite where arrivals outrun service
/// @source         J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, theorem 1.4.1
double backlog_bound(const Curve& arrival, const Curve& service);

/// Arrival curve of a flow as it leaves a server: at every t the greatest of arrival(t + s) - service(s) over s.
///
/// @param arrival  arrival curve into the server
/// @param service  service curve
/// @returns        the arrival curve at the next server; throws std::domain_error where arrivals outrun service
/// @source         J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, theorem 1.4.3
Curve output_curve(const Curve& arrival, const Curve& service);

/// Service that is left when other traffic goes first: the running maximum of service - cross - blocking, not below 0.
///
/// Holds for strict service curves: a constant rate, or what a scheduler leaves of one. With the traffic of higher
/// priority and, without preemption, the largest lower job it is the service of a priority class.
///
/// @param service   strict service curve of the server
/// @param cross     arrival curve of the traffic that goes first, together
/// @param blocking  largest job of those who go later [size], finite and >= 0; 0 where they are interrupted
/// @returns         service curve of the rest
/// @source          J.-Y. Le Boudec, P. Thiran 2001, Network Calculus, theorem 6.2.1
Curve residual_service(const Curve& service, const Curve& cross, double blocking = 0);

/// Schedulers that keep flows apart; see the classes of qsm::policies.
enum class FairScheduler {
  wfq,   ///< WeightedFairQueueing
  wf2q,  ///< WorstCaseFairQueueing
  scfq,  ///< SelfClockedFairQueueing
  drr    ///< DeficitRoundRobin
};

/// What a fair scheduler guarantees one flow, whatever the others do: its share of the rate after a latency.
///
/// Delays of whole jobs are within delay_bound() of it: the job's last bit under drr, the guaranteed-rate clock under the
/// others.
///
/// @param scheduler  wfq, wf2q, scfq or drr
/// @param rate       rate of the server C [size/s], finite and > 0
/// @param weights    share φ of each flow [1], each finite and > 0
/// @param largest    largest job of each flow [size], each finite and > 0
/// @param flow       which flow [1], an integer >= 0
/// @param quantum    of drr: work that a visit allows a flow of weight 1 [size], finite and >= 0
/// @returns          service curve of the flow
/// @source           A. Parekh, R. Gallager 1993; S. J. Golestani 1994; P. Goyal, S. Lam, H. Vin 1997, Determining end-to-end
///                   delay bounds in heterogeneous networks; M. Boyer, G. Stea, W. M. Sofack 2012, Deficit round robin with
///                   network calculus
Curve fair_service(FairScheduler scheduler, double rate, std::span<const double> weights,
                   std::span<const double> largest, double flow, double quantum = 0);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/network_calculus.ipp>
#endif
