#pragma once
/// @file
/// Dispatch by size: the times of each server, and where to cut.

#include <span>
#include <string>
#include <vector>

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::balancing {

/// A farm in which each server takes the sizes of one interval (SITA).
struct SizeIntervals {
  /// Largest size of each server but the last [s].
  std::vector<double> cutoffs;
  /// Share of the requests that each server takes [1].
  std::vector<double> shares;
  /// Load of each server [1].
  std::vector<double> utilizations;
  /// Mean wait at each server [s].
  std::vector<double> waits;
  /// Mean wait of all requests [s]; infinite where a server that takes any is not stable.
  double mean_wait;
  /// Mean time in the farm [s].
  double mean_sojourn;
  /// Whether every server is stable.
  bool stable;
};

/// Times in a farm of servers that each take the sizes up to their cutoff, in order of arrival.
///
/// Poisson arrivals: each server is an M/G/1 queue with the law of the sizes given their interval.
///
/// @param arrival_rate  λ of all requests [1/s], finite and > 0
/// @param service       law of the sizes [s], of values >= 0 with a finite mean > 0
/// @param cutoffs       largest size of each server but the last [s], each finite and > 0, not falling
/// @returns             loads and waits
/// @source              M. Harchol-Balter, M. Crovella and C. Murta 1999, On choosing a task assignment policy for a distributed
///                      server system; M. Harchol-Balter 2013, Performance Modeling and Design of Computer Systems, section 24.4
SizeIntervals size_intervals(double arrival_rate, const Distribution& service, std::span<const double> cutoffs);

/// Where to cut: so that all servers have the same load, or so that the mean wait is least.
///
/// The least is found by golden sections over one cutoff after the other, from equal loads on, until a round gains less than
/// one part in 1e10; each cutoff's curve has one valley between its neighbours in every case tried, which is no proof.
///
/// @param arrival_rate  λ of all requests [1/s], finite and > 0
/// @param service       law of the sizes [s], of values >= 0 with a finite mean > 0, without atoms where a cut is to lie
/// @param servers       n [1], an integer in [2, 1000]
/// @param objective     "equal_load" or "least_wait"
/// @returns             the farm with these cutoffs
/// @source              M. Harchol-Balter, M. Crovella and C. Murta 1999, On choosing a task assignment policy for a distributed
///                      server system
SizeIntervals size_interval_cutoffs(double arrival_rate, const Distribution& service, double servers,
                                    const std::string& objective = "least_wait");

}  // namespace qsm::inline v0::balancing

#ifdef QSM_HEADER_ONLY
#include <qsm/balancing/size_interval.ipp>
#endif
