#include <algorithm>
#include <limits>

#include <qsm/core/detail/weights.hpp>
#include <qsm/core/error.hpp>
#include <qsm/latency/littles_law.hpp>

namespace qsm::inline v0::latency {

QSM_INLINE LittlesLaw littles_law(std::span<const double> arrivals, std::span<const double> departures, double begin,
                                  double end) {
  core::detail::check_size("littles_law", "departures", departures.size(), "arrivals", arrivals.size());
  Check check("littles_law");
  check.finite("begin", begin);
  check.finite("end", end);
  check.that(end > begin, "end", end, "> begin");
  const double length = end - begin;
  double area = 0, arrived = 0, sojourns = 0;
  LittlesLaw law{};
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    const double from = arrivals[i], to = departures[i];
    check.finite("arrivals", from);
    check.that(to >= from, "departures", to, ">= its arrival");
    const double inside = std::min(to, end) - std::max(from, begin);
    if (inside > 0) area += inside;
    if (from < begin) {
      if (to > begin) ++law.inside_at_start;
      if (inside > 0) law.started += inside / length;
    } else if (from < end) {
      ++arrived;
      sojourns += to - from;
      if (to > end) law.left += (to - end) / length;
    }
    if (from < end && to > end) ++law.inside_at_end;
  }
  law.mean_number = area / length;
  law.arrival_rate = arrived / length;
  law.mean_sojourn = arrived > 0 ? sojourns / arrived : std::numeric_limits<double>::quiet_NaN();
  return law;
}

}  // namespace qsm::inline v0::latency
