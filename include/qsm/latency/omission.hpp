#pragma once
/// @file
/// Coordinated omission: what a load generator does not see while it waits for a slow answer.

#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::latency {

/// Latencies with those added that a waiting load generator left out.
///
/// For each value v above the interval i at which requests were meant to be sent: v, and v - i, v - 2i, ... down to i.
/// The added values follow the recorded ones. Not to be applied to times that were measured from when requests were
/// meant to be sent: those lack nothing.
///
/// @param samples            recorded latencies [s], each finite and >= 0
/// @param expected_interval  i, between requests as planned [s], finite and > 0
/// @returns                  recorded latencies, then the added ones [s]
/// @source                   Tene 2012-2024, HdrHistogram, recordValueWithExpectedInterval
std::vector<double> correct_coordinated_omission(std::span<const double> samples, double expected_interval);

/// One stalled server, measured three ways: made by simulate_coordinated_omission().
struct CoordinatedOmission {
  /// Latency of users who come as planned whatever happens [s]: the truth.
  std::vector<double> open;
  /// What a closed load generator records, from sending to answer [s].
  std::vector<double> recorded;
  /// The same requests, from when they were meant to be sent [s].
  std::vector<double> intended;
};

/// Simulates a server that stalls, under users who come as planned and under a load generator that waits.
///
/// A request is planned every 1/rate seconds, for `duration`. One server answers in order of arrival; once it stands
/// still for a while. Users come as planned (open loop). The generator holds a number of connections that take turns;
/// a connection sends its next request as planned or, if that is later, when its last answer has come (closed loop).
///
/// @param service      law of the service time [s], >= 0
/// @param rate         planned requests per second [1/s], finite and > 0
/// @param duration     length of the run [s], finite and > 0, at most 10 million requests
/// @param stall_start  when the server stops [s], finite and >= 0
/// @param stall        for how long [s], finite and >= 0
/// @param connections  of the generator [1], an integer >= 1
/// @param seed         of the service times [1], any 64-bit integer
/// @returns            latencies three ways, in the order of the plan
/// @source             Tene 2013, How NOT to measure latency; Lindley 1952 for the queue
CoordinatedOmission simulate_coordinated_omission(const Distribution& service, double rate, double duration,
                                                  double stall_start, double stall, double connections = 1,
                                                  std::uint64_t seed = 1);

/// True law of the latency of planned requests to a server of constant service time that stalls once.
///
/// Requests come every 1/λ seconds; with ρ = λs < 1 the backlog of a stall d is gone after d / (1 - ρ), and the
/// latencies on the way fall evenly from s + d to s.
///
/// @param service_time  s [s], finite and > 0
/// @param rate          λ, planned requests per second [1/s], finite and > 0, below 1/s
/// @param stall         d [s], finite and >= 0
/// @param duration      length of the run [s], finite, at least d / (1 - ρ)
/// @returns             the law
/// @source              fluid limit of the D/D/1 queue with one vacation
Distribution stalled_latency(double service_time, double rate, double stall, double duration);

}  // namespace qsm::inline v0::latency

#ifdef QSM_HEADER_ONLY
#include <qsm/latency/omission.ipp>
#endif
