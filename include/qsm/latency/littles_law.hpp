#pragma once
/// @file
/// Little's law on a log of arrivals and departures, with the terms that a finite window adds.

#include <span>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::latency {

/// What a log says about L = λW in one window; made by littles_law().
///
/// L = λW + started - left, exactly: who was inside at the start has had a part of the stay before the window, who is
/// inside at the end will have a part after it.
struct LittlesLaw {
  /// Mean number inside L, over the window [1].
  double mean_number;
  /// Arrivals in the window per second λ [1/s].
  double arrival_rate;
  /// Mean time in the system W of those who arrived in the window [s]; NaN if none did.
  double mean_sojourn;
  /// Time in the window of those who were inside at its start, over its length [1].
  double started;
  /// Time after the window of those who arrived in it, over its length [1].
  double left;
  /// Number inside at the start of the window [1].
  double inside_at_start;
  /// Number inside at the end of the window [1].
  double inside_at_end;

  /// λW [1]: what Little's law says without the terms of the window.
  double predicted() const { return mean_sojourn == mean_sojourn ? arrival_rate * mean_sojourn : 0; }
  /// L - λW [1]: what the window's ends make of it.
  double difference() const { return started - left; }
};

/// Little's law on a log, in the window from `begin` to `end`.
///
/// Nothing is assumed about order of service, independence or a steady state: the law is bookkeeping.
///
/// @param arrivals    times of arrival [s], in any order, finite
/// @param departures  times of departure [s], one for each arrival and not before it; infinity for who is still inside
/// @param begin       start of the window [s], finite
/// @param end         end of the window [s], finite and > begin
/// @returns           L, λ, W and the terms of the window
/// @source            Little 2011, Little's law as viewed on its 50th anniversary, section 2.2; Kim and Whitt 2013
LittlesLaw littles_law(std::span<const double> arrivals, std::span<const double> departures, double begin, double end);

}  // namespace qsm::inline v0::latency

#ifdef QSM_HEADER_ONLY
#include <qsm/latency/littles_law.ipp>
#endif
