#pragma once
/// @file
/// Periodic loops on one processor: do they all meet their deadlines?

#include <cstdint>
#include <vector>

#include <qsm/core/distribution.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/core/progress.hpp>

namespace qsm::inline v0::latency {

/// Utilization up to which n periodic tasks always meet deadlines equal to their periods under rate-monotonic priority.
///
/// n (2^(1/n) - 1), which falls to ln 2. Sufficient, not necessary: response_times() decides.
///
/// @param tasks  n [1], an integer >= 1
/// @returns      utilization [1]
/// @source       Liu and Layland 1973, Scheduling algorithms for multiprogramming in a hard-real-time environment
/// @golden       latency/liu_layland.csv
double liu_layland_bound(double tasks);

/// Worst-case response times of periodic tasks under fixed priority with pre-emption.
///
/// Tasks stand in order of priority, the highest first. Each releases a job once per period, up to a jitter late; a job
/// may be blocked once by lower priorities. All jobs of the busy period that begins with the worst release are looked
/// at, so that responses may exceed periods. Infinite where the load of a task and those above reaches or exceeds 1
/// without an end of the busy period.
///
/// @param periods     T, or least time between releases [s], each finite and > 0
/// @param executions  C, longest execution [s], each finite and >= 0, as many as periods
/// @param jitters     J, latest release after the event [s], each finite and >= 0, as many as periods or none
/// @param blockings   B, longest blocking by lower priorities [s], each finite and >= 0, as many as periods or none
/// @returns           R of each task, from the event to the end [s]
/// @source            Joseph and Pandya 1986; Tindell, Burns and Wellings 1994, An extendible approach for analyzing
///                    fixed priority hard real-time tasks
std::vector<double> response_times(const std::vector<double>& periods, const std::vector<double>& executions,
                                   const std::vector<double>& jitters = {}, const std::vector<double>& blockings = {});

/// Whether earliest-deadline-first meets all deadlines of periodic tasks with pre-emption.
///
/// Exact for synchronous releases without jitter: utilization <= 1, and the work that is due within any time t, Σ max(0,
/// ⌊(t - D) / T⌋ + 1) C, is at most t, for each deadline in the first busy period (processor demand criterion).
///
/// @param periods     T [s], each finite and > 0
/// @param executions  C [s], each finite and >= 0, as many as periods
/// @param deadlines   D after release [s], each finite and > 0, as many as periods; none stands for the periods
/// @returns             [1] true where every deadline is met; throws where at full load the first busy period has no end
/// @source            Baruah, Rosier and Howell 1990; Zhang and Burns 2009, Schedulability analysis for real-time
///                    systems with EDF scheduling
bool edf_schedulable(const std::vector<double>& periods, const std::vector<double>& executions,
                     const std::vector<double>& deadlines = {});

/// Probability that a job of a periodic loop misses its deadline, where late jobs delay the next ones.
///
/// A job is released every period, takes an independent execution time and waits for those before it: the D/G/1 queue,
/// simulated. Where no job can outlast the period, it is P(C > D) exactly.
///
/// @param execution     law of C [s], >= 0
/// @param period        T [s], finite and > 0
/// @param deadline      D after release [s], finite and > 0
/// @param jobs          in each replication, after as many for warm-up [1], an integer in [1, 1e9]
/// @param replications  independent runs [1], an integer >= 2
/// @param seed          of the runs [1], any 64-bit integer
/// @param confidence    of the interval [1], in (0, 1)
/// @param progress      where to report, and whether to stop
/// @returns             probability with its interval [1]; 1 where the mean execution time reaches the period
/// @source              Lindley 1952, The theory of queues with a single server
Estimate periodic_miss_probability(const Distribution& execution, double period, double deadline, double jobs = 100000,
                                   double replications = 20, std::uint64_t seed = 1, double confidence = 0.95,
                                   const Progress& progress = {});

}  // namespace qsm::inline v0::latency

#ifdef QSM_HEADER_ONLY
#include <qsm/latency/schedulability.ipp>
#endif
