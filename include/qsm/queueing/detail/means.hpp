#pragma once
// The means of a station from its mean wait, for .ipp files.

#include <qsm/queueing/detail/rates.hpp>
#include <qsm/queueing/station_means.hpp>

namespace qsm::inline v0::queueing::detail {

/// By Little's law; `inside` is the mean time from the start of service to its end.
inline StationMeans means_of(double arrival_rate, double load, bool stable, double wait, double inside) {
  if (!stable) return {load, false, unbounded, unbounded, unbounded, unbounded};
  const double sojourn = wait + inside;
  return {load,
          true,
          wait,
          sojourn,
          arrival_rate > 0 ? arrival_rate * wait : 0,
          arrival_rate > 0 ? arrival_rate * sojourn : 0};
}

}  // namespace qsm::inline v0::queueing::detail
