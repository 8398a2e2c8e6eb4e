#pragma once
/// @file
/// Retries that keep an overload alive: the states in which a server with retrying clients can stay.

#include <limits>
#include <vector>

namespace qsm::inline v0::queueing {

/// A state that keeps itself up: as many attempts as their failures bring forth.
struct RetryEquilibrium {
  /// Attempts per second, first ones and retries [1/s].
  double attempt_rate;
  /// Probability that an attempt takes longer than the timeout [1].
  double probability_failure;
  /// Requests per second that succeed at last [1/s].
  double goodput;
  /// Whether the state is restored after a small push; where not, it is the ridge between two that are.
  bool stable;
};

/// States of one exponential server (M/M/1) whose clients retry after a timeout, and whose work for attempts that timed
/// out is done in vain.
///
/// With λ requests per second there are x = λ (1 + p + p² + ... + p^r) attempts, p = exp(-(μ - x) τ) of which fail; a
/// retry budget caps the retries at budget x λ. Between collapse_rate() and tipping_rate() two states are stable: a good
/// one, and one of permanent overload into which a passing burst pushes the server (metastable failure). Attempts are
/// taken as a Poisson process, as with long or scattered pauses.
///
/// @param arrival_rate  λ [1/s], finite and >= 0
/// @param service_rate  μ [1/s], finite and > 0
/// @param timeout       τ [s], finite and > 0
/// @param retries       r [1], most retries of a request, an integer >= 0
/// @param budget        most retries for each request, in the mean [1], >= 0, may be infinite
/// @returns             the states by rising attempt rate; the last one is stable
/// @source              N. Bronson and others 2021, Metastable failures in distributed systems, HotOS
/// @golden              queueing/retry_equilibria.csv
std::vector<RetryEquilibrium> retry_equilibria(double arrival_rate, double service_rate, double timeout, double retries,
                                               double budget = std::numeric_limits<double>::infinity());

/// Lowest arrival rate at which permanent overload by retries can last: μ / (1 + min(retries, budget)).
///
/// @param service_rate  μ [1/s], finite and > 0
/// @param retries       r [1], most retries of a request, an integer >= 0
/// @param budget        most retries for each request, in the mean [1], >= 0, may be infinite
/// @returns             arrival rate [1/s]
/// @source              N. Bronson and others 2021, Metastable failures in distributed systems, HotOS
double collapse_rate(double service_rate, double retries, double budget = std::numeric_limits<double>::infinity());

/// Highest arrival rate at which the good state exists: above it the server falls into overload without a push.
///
/// @param service_rate  μ [1/s], finite and > 0
/// @param timeout       τ [s], finite and > 0
/// @param retries       r [1], most retries of a request, an integer >= 0
/// @param budget        most retries for each request, in the mean [1], >= 0, may be infinite
/// @returns             arrival rate [1/s]
/// @source              N. Bronson and others 2021, Metastable failures in distributed systems, HotOS
double tipping_rate(double service_rate, double timeout, double retries,
                    double budget = std::numeric_limits<double>::infinity());

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/retry_collapse.ipp>
#endif
