#pragma once
/// @file
/// Farms of very many servers, and what to add for finite ones: random choice, power of choices, the shortest queue, one line.

#include <qsm/core/config.hpp>

namespace qsm::inline v0::balancing {

/// Fraction of very many servers that hold at least `load` requests, each request having gone to the shortest of d queues.
///
/// Poisson arrivals, exponential services: ρ^((dᵏ - 1)/(d - 1)), for one choice ρᵏ.
///
/// @param load         k [1], an integer >= 0
/// @param utilization  ρ [1], in [0, 1)
/// @param choices      d [1], an integer >= 1, or infinity: the shortest of all
/// @returns            fraction [1]
/// @source             N. Vvedenskaya, R. Dobrushin and F. Karpelevich 1996, Queueing system with selection of the shortest of
///                     two queues; M. Mitzenmacher 2001, The power of two choices in randomized load balancing
/// @golden             balancing/mean_field.csv
double mean_field_tail(double load, double utilization, double choices = 2);

/// Mean time in a farm of very many servers, each request having gone to the shortest of d queues.
///
/// Σ ρ^((dⁱ - d)/(d - 1)) / μ over i >= 1; for one choice that of M/M/1. At a utilization of 1 or more it is infinite.
///
/// @param utilization   ρ [1], >= 0
/// @param choices       d [1], an integer >= 1, or infinity: the shortest of all
/// @param service_rate  μ of each server [1/s], finite and > 0
/// @returns             E[T] [s]
/// @source              N. Vvedenskaya, R. Dobrushin and F. Karpelevich 1996; M. Mitzenmacher 2001
/// @golden              balancing/mean_field.csv
double mean_field_sojourn(double utilization, double choices = 2, double service_rate = 1);

/// Mean time in a farm of n servers, the shortest of d different queues: the mean field and its first correction, of order 1/n.
///
/// The refined mean field. What is left is of order 1/n²: it is small where n (1 - ρ) is large, and grows towards saturation. Never below
/// the least that any balancer reaches.
///
/// @param utilization   ρ [1], in (0, 1)
/// @param servers       n [1], an integer >= d
/// @param choices       d [1], an integer in [2, 64]
/// @param service_rate  μ of each server [1/s], finite and > 0
/// @returns             E[T] [s]
/// @source              N. Gast and B. Van Houdt 2017, A refined mean field approximation; the term for different queues from
///                      the drift (n s choose d) / (n choose d)
/// @golden              balancing/refined_mean_field.csv
double refined_mean_field_sojourn(double utilization, double servers, double choices = 2, double service_rate = 1);

/// The least mean time that any balancer reaches with exponential services and Poisson arrivals: one line before all servers.
///
/// @param utilization   ρ [1], >= 0
/// @param servers       n [1], an integer in [1, 2^24]
/// @param service_rate  μ of each server [1/s], finite and > 0
/// @returns             E[T] of M/M/n [s]
/// @source              R. Wolff 1977, An upper bound for multi-channel queues; L. Kleinrock 1975, section 3.5
double least_sojourn(double utilization, double servers, double service_rate = 1);

}  // namespace qsm::inline v0::balancing

#ifdef QSM_HEADER_ONLY
#include <qsm/balancing/mean_field.ipp>
#endif
