#pragma once
/// @file
/// Which region's users go to which site: by latency, price and capacity, exactly.

#include <vector>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::balancing {

/// A plan of which users go where.
struct GeographicPlan {
  /// Rate that each region sends to each site [1/s], regions by sites.
  std::vector<std::vector<double>> rates;
  /// Rate that comes to each site [1/s].
  std::vector<double> loads;
  /// Rate of each region that finds no site within its latency and capacity [1/s].
  std::vector<double> unserved;
  /// Whether all is served.
  bool feasible;
  /// Mean latency of what is served [s]; 0 where nothing is.
  double mean_latency;
  /// Longest latency of what is served [s]; 0 where nothing is.
  double longest_latency;
  /// What the sites charge [dollars/s].
  double price;
  /// Price and latency together, what is least [dollars/s].
  double cost;
  /// What no plan that serves all goes below, from the capacities' prices alone [dollars/s]: the cost itself where all is
  /// served, which proves the plan; infinite where not all can be served.
  double bound;
  /// What one more request per second of capacity at each site saves [dollars].
  std::vector<double> capacity_prices;
};

/// What a plan weighs, and what it rules out.
struct GeographyOptions {
  /// Price of each site for a request [dollars], each finite and >= 0; empty: free.
  std::vector<double> prices = {};
  /// What a second of latency of one request is worth [dollars/s], finite and >= 0.
  double latency_price = 1;
  /// Longest latency that is allowed [s], >= 0.
  double latency_limit = 1e300;
};

/// The cheapest plan of which region's users go to which site, among those that serve as much as can be served.
///
/// A transport problem, solved by successive shortest paths with potentials: exact up to rounding, in O((m + n)²) for each of
/// about m + n paths. Latencies may come from qsm.latency: floors that no network goes below.
///
/// @param demands     rate of each region [1/s], each finite and >= 0
/// @param capacities  rate that each site can take [1/s], each finite and >= 0
/// @param latencies   from each region to each site [s], finite and >= 0
/// @param options     prices, worth of latency, latency limit
/// @returns           the plan
/// @source            R. Ahuja, T. Magnanti and J. Orlin 1993, Network Flows, section 9.7
GeographicPlan geographic_plan(const std::vector<double>& demands, const std::vector<double>& capacities,
                               const std::vector<std::vector<double>>& latencies, const GeographyOptions& options = {});

}  // namespace qsm::inline v0::balancing

#ifdef QSM_HEADER_ONLY
#include <qsm/balancing/geography.ipp>
#endif
