#include <algorithm>
#include <cmath>
#include <numeric>

#include <qsm/core/error.hpp>
#include <qsm/sharding/heat.hpp>

namespace qsm::inline v0::sharding {
namespace detail {

/// Loads of the first 0, 1, ... cells.
inline std::vector<double> running_loads(const char* function, const std::vector<double>& loads) {
  Check check(function);
  check.that(!loads.empty(), "number of loads", 0, "at least 1");
  std::vector<double> sums = {0};
  for (const double load : loads) {
    check.not_negative("loads", load);
    sums.push_back(sums.back() + load);
  }
  check.that(sums.back() <= 0x1p1000, "sum of loads", sums.back(), "finite");
  return sums;
}

/// Fills one range after the other up to `limit`; so many as are needed, or more than `most`.
inline std::vector<std::uint64_t> filled_ranges(const std::vector<double>& sums, double limit, std::uint64_t most) {
  std::vector<std::uint64_t> starts;
  std::size_t at = 0;
  while (at + 1 < sums.size() && starts.size() <= most) {
    starts.push_back(at);
    const auto end = std::upper_bound(sums.begin() + static_cast<std::ptrdiff_t>(at) + 1, sums.end(), sums[at] + limit);
    at = std::max(at + 1, static_cast<std::size_t>(end - sums.begin()) - 1);
  }
  return starts;
}

inline double heaviest(const std::vector<double>& sums, const std::vector<std::uint64_t>& starts) {
  double most = 0;
  for (std::size_t i = 0; i < starts.size(); ++i)
    most = std::max(most, sums[i + 1 < starts.size() ? starts[i + 1] : sums.size() - 1] - sums[starts[i]]);
  return most;
}

}  // namespace detail

QSM_INLINE std::vector<HotKey> hot_keys(const sketches::SpaceSaving& counts, double share) {
  Check("hot_keys").inner_probability("share", share);
  std::vector<HotKey> hot;
  const auto total = static_cast<double>(counts.total());
  for (const auto& item : counts.top(counts.capacity())) {
    if (item.count.low <= share * total) continue;
    hot.push_back(
        {item.hash,
         {item.count.value / total, item.count.low / total, item.count.high / total, "space-saving, certain"}});
  }
  return hot;
}

QSM_INLINE double least_peak(double hottest_share, double shards) {
  Check check("least_peak");
  check.probability("hottest_share", hottest_share);
  check.positive_count("shards", shards);
  return std::max(1.0, shards * hottest_share);
}

QSM_INLINE std::vector<std::uint64_t> even_ranges(const std::vector<double>& loads, std::uint64_t ranges) {
  const std::vector<double> sums = detail::running_loads("even_ranges", loads);
  Check("even_ranges")
      .that(ranges >= 1 && ranges <= loads.size(), "ranges", static_cast<double>(ranges),
            "an integer in [1, number of loads]");
  double low = std::max(*std::ranges::max_element(loads), sums.back() / static_cast<double>(ranges)),
         high = sums.back();
  std::vector<std::uint64_t> best = detail::filled_ranges(sums, high, ranges);
  // Each step takes the heaviest range that was found as the new limit, so that the end is exact.
  while (low < high) {
    const double middle = low + (high - low) / 2;
    const auto tried = detail::filled_ranges(sums, middle, ranges);
    if (tried.size() <= ranges) {
      best = tried;
      const double found = detail::heaviest(sums, tried);
      if (!(found < high) || middle >= high) break;
      high = std::max(found, low);
    } else {
      if (middle <= low) break;
      low = middle;
    }
  }
  // Ranges that are still free halve those of many cells; none gets heavier.
  while (best.size() < ranges) {
    std::size_t widest = 0, width = 0;
    for (std::size_t i = 0; i < best.size(); ++i)
      if (const std::size_t cells = (i + 1 < best.size() ? best[i + 1] : loads.size()) - best[i]; cells > width) {
        width = cells;
        widest = i;
      }
    best.insert(best.begin() + static_cast<std::ptrdiff_t>(widest) + 1, best[widest] + width / 2);
  }
  return best;
}

QSM_INLINE std::vector<std::uint64_t> split_and_merge(const std::vector<double>& loads,
                                                      const std::vector<std::uint64_t>& starts,
                                                      const SplitMergeOptions& options) {
  const std::vector<double> sums = detail::running_loads("split_and_merge", loads);
  Check check("split_and_merge");
  check.that(!starts.empty(), "number of starts", 0, "at least 1");
  for (std::size_t i = 0; i < starts.size(); ++i)
    check.that(i == 0 ? starts[i] == 0 : starts[i] > starts[i - 1] && starts[i] < loads.size(), "starts",
               static_cast<double>(starts[i]), "increasing from 0 on, within the cells");
  check.that(options.split_above > 0, "split_above", options.split_above, "> 0");
  check.not_negative("merge_below", options.merge_below);
  check.that(options.merge_below <= options.split_above, "merge_below", options.merge_below, "at most split_above");

  std::vector<std::uint64_t> cut = starts;
  const auto end_of = [&](std::size_t i) { return i + 1 < cut.size() ? cut[i + 1] : loads.size(); };
  for (std::size_t i = 0; i < cut.size();) {
    const std::size_t begin = cut[i], end = end_of(i);
    if (end - begin == 1 || sums[end] - sums[begin] <= options.split_above) {
      ++i;
      continue;
    }
    std::size_t best = begin + 1;
    for (std::size_t at = begin + 1; at < end; ++at) {
      const auto larger = [&](std::size_t k) { return std::max(sums[k] - sums[begin], sums[end] - sums[k]); };
      if (larger(at) < larger(best)) best = at;
    }
    cut.insert(cut.begin() + static_cast<std::ptrdiff_t>(i) + 1, best);
  }
  while (cut.size() > 1) {
    std::size_t coldest = 0;
    double least = infinity;
    for (std::size_t i = 0; i + 1 < cut.size(); ++i)
      if (const double both = sums[end_of(i + 1)] - sums[cut[i]]; both < least) {
        least = both;
        coldest = i;
      }
    if (!(least < options.merge_below)) break;
    cut.erase(cut.begin() + static_cast<std::ptrdiff_t>(coldest) + 1);
  }
  return cut;
}

}  // namespace qsm::inline v0::sharding
