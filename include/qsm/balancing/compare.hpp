#pragma once
/// @file
/// Several balancers before the same farm: what theory says, what simulation says, what a trace met.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <qsm/balancing/simulate.hpp>

namespace qsm::inline v0::balancing {

/// One balancer's row.
struct PolicyComparison {
  /// Name of the policy.
  std::string policy;
  /// Mean time by theory, for Poisson arrivals and exponential sizes of the same means and servers of speed 1 that do not
  /// fail [s]; absent where no theory is known.
  std::optional<double> model;
  /// Mean time by simulation [s].
  Estimate simulation;
  /// Time that 99 % of the requests do not exceed, by simulation [s].
  Estimate quantile_99;
  /// Most requests that a server held at a time, by simulation [1].
  Estimate max_load;
  /// Mean time of the trace [s]; absent where there is none.
  std::optional<double> trace;
};

/// Compares policies by theory and by simulation, on the same requests.
///
/// Theory: "random" is M/M/1; "round_robin" is a queue with Erlang arrivals; "power_of_choices" the refined mean field;
/// "least_work" is M/M/n. Others have none.
///
/// @param interarrival  law of times between requests [s], on [0, ∞); its mean finite and > 0
/// @param service       law of the sizes of requests [s], on [0, ∞); its mean finite and > 0
/// @param servers       n [1], an integer in [1, 2^24]
/// @param policies      names of policies
/// @param options       what the farm is like; length, replications, seed, threads
/// @returns             one row per policy
/// @source              M. Mitzenmacher 2001; N. Gast and B. Van Houdt 2017; L. Kleinrock 1975, section 3.5 and chapter 6
std::vector<PolicyComparison> compare(const Distribution& interarrival, const Distribution& service, double servers,
                                      const std::vector<std::string>& policies, const FarmOptions& options = {});

/// Compares policies three ways: theory at the trace's mean rates, simulation with independent draws from the trace's own
/// gaps and sizes, and the trace replayed.
///
/// @param arrival_times  times of arrival [s], finite, none before the one in front of it; at least two
/// @param service_times  size of each [s], finite and >= 0
/// @param servers        n [1], an integer in [1, 2^24]
/// @param policies       names of policies
/// @param options        what the farm is like; length, replications, seed, threads
/// @returns              one row per policy
/// @source               M. Mitzenmacher 2001; N. Gast and B. Van Houdt 2017; L. Kleinrock 1975, section 3.5 and chapter 6
std::vector<PolicyComparison> compare(std::span<const double> arrival_times, std::span<const double> service_times,
                                      double servers, const std::vector<std::string>& policies,
                                      const FarmOptions& options = {});

}  // namespace qsm::inline v0::balancing

#ifdef QSM_HEADER_ONLY
#include <qsm/balancing/compare.ipp>
#endif
