#pragma once
// Laws on a grid of relative resolution, and their sums with bounds, for .ipp files.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include <qsm/core/distribution.hpp>
#include <qsm/core/progress.hpp>

namespace qsm::inline v0::latency::detail {

/// Cells of the integers >= 0: the first 2·2^b are one wide, each octave above has 2^b of equal width. So no cell is
/// wider than 2^-b of its values, except those of width one.
struct Grid {
  int bits;

  std::size_t cell(std::uint64_t value) const {
    const std::uint64_t below = (std::uint64_t{2} << bits) - 1;
    const int octave = 63 - bits - std::countl_zero(value | below);
    return (static_cast<std::size_t>(octave) << bits) + (value >> octave);
  }
  /// Least value of a cell.
  std::uint64_t edge(std::size_t cell) const {
    const std::size_t half = std::size_t{1} << bits;
    if (cell < 2 * half) return cell;
    return ((cell & (half - 1)) + half) << ((cell >> bits) - 1);
  }
  /// First cell of the octave above that of `cell`.
  std::size_t above(std::size_t cell) const {
    const std::size_t half = std::size_t{1} << bits;
    return cell < 2 * half ? 2 * half : ((cell >> bits) + 1) << bits;
  }
};

/// Mass in each cell of a grid, twice: of a law that is never larger than the true one (its values stand at the lower
/// edges of their cells) and of one that is never smaller (upper edges; `beyond` is what has no upper edge). Only
/// sums and products of numbers >= 0, so that small tails keep their digits.
struct Masses {
  std::vector<double> lower, upper;
  double beyond = 0;
};

/// Running sums from both ends, so that what lies between two cells keeps its digits in both tails.
class Between {
 public:
  explicit Between(const std::vector<double>& masses) : below_(masses.size() + 1), above_(masses.size() + 1) {
    for (std::size_t i = 0; i < masses.size(); ++i) below_[i + 1] = below_[i] + masses[i];
    for (std::size_t i = masses.size(); i-- > 0;) above_[i] = above_[i + 1] + masses[i];
    middle_ =
        static_cast<std::size_t>(std::lower_bound(below_.begin(), below_.end(), below_.back() / 2) - below_.begin());
  }
  /// Sum of the cells from `first` to before `last`.
  double operator()(std::size_t first, std::size_t last) const {
    return last <= middle_ ? below_[last] - below_[first] : above_[first] - above_[last];
  }

 private:
  std::vector<double> below_, above_;
  std::size_t middle_;
};

/// Mass of X - offset in the cells, in units: below the first edge, between edges, and beyond the last.
inline std::pair<std::vector<double>, double> cells_of(const Grid& grid, const Distribution& law, double offset,
                                                       double unit, std::size_t cells) {
  std::vector<double> masses(cells);
  double below = 0, above = 1;
  for (std::size_t k = 0; k < cells; ++k) {
    const double edge = offset + unit * static_cast<double>(grid.edge(k + 1));
    const double next_below = law.cdf(edge), next_above = law.survival(edge);
    masses[k] = std::max(0.0, next_below < 0.5 ? next_below - below : above - next_above);
    below = next_below, above = next_above;
  }
  return {std::move(masses), above};
}

/// One law of a sum, known to lie between `lower` and `upper`. Beyond the last cell lies 1e-18 at most, or what lies
/// beyond `largest`, in units.
inline Masses discretise(const Grid& grid, const Distribution& lower, const Distribution& upper, bool exact,
                         double offset, double unit, double largest) {
  const double top = std::min((upper.survival_quantile(1e-18) - offset) / unit + 1, largest);
  const std::size_t cells = grid.cell(static_cast<std::uint64_t>(std::max(top, 1.0))) + 1;
  Masses masses;
  double beyond = 0;
  std::tie(masses.upper, masses.beyond) = cells_of(grid, upper, offset, unit, cells);
  std::tie(masses.lower, beyond) =
      exact ? std::pair(masses.upper, masses.beyond) : cells_of(grid, lower, offset, unit, cells);
  masses.lower.push_back(beyond);
  return masses;
}

/// Steps in which one addition reports its progress.
inline constexpr std::uint64_t steps_of_sum = 1024;

/// Adds the pairs in which the second value is in the same octave as the first or below (or strictly below).
inline void add_pairs(const Grid& grid, const std::vector<double>& first, const std::vector<double>& second,
                      bool strictly, bool upper, std::vector<double>& out, ProgressMeter& meter) {
  const Between between(second);
  const std::uint64_t shift = upper ? 1 : 0;
  const std::size_t stride = first.size() / (steps_of_sum / 4) + 1;
  std::uint64_t told = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (i % stride == 0) meter.advance(1), ++told;
    if (first[i] == 0) continue;
    const std::uint64_t start = grid.edge(i + shift);
    std::size_t end = grid.above(i);
    if (strictly) end = i < (std::size_t{2} << grid.bits) ? 0 : (i >> grid.bits) << grid.bits;
    end = std::min(end, second.size());
    for (std::size_t j = 0, k = grid.cell(start); j < end; ++k) {
      // Cells j whose values, with the first, stay within output cell k.
      const std::uint64_t room = grid.edge(k + 1) - start;
      const std::size_t next = std::min(end, upper ? grid.cell(room) : grid.cell(room - 1) + 1);
      if (next > j) out[k] += first[i] * between(j, next), j = next;
    }
  }
  meter.advance(steps_of_sum / 4 - told);
}

/// The masses of the sum of two.
inline Masses convolve(const Grid& grid, const Masses& a, const Masses& b, ProgressMeter& meter) {
  Masses sum;
  // Either may be the longer one: masses of the lower law underflow first.
  const auto cells = [&](std::size_t m, std::size_t n) { return grid.cell(grid.edge(m) + grid.edge(n)) + 1; };
  sum.lower.resize(cells(a.lower.size(), b.lower.size()));
  sum.upper.resize(cells(a.upper.size(), b.upper.size()));
  add_pairs(grid, a.lower, b.lower, false, false, sum.lower, meter);
  add_pairs(grid, b.lower, a.lower, true, false, sum.lower, meter);
  add_pairs(grid, a.upper, b.upper, false, true, sum.upper, meter);
  add_pairs(grid, b.upper, a.upper, true, true, sum.upper, meter);
  sum.beyond = a.beyond + b.beyond * (1 - a.beyond);
  while (sum.lower.size() > 1 && sum.lower.back() == 0) sum.lower.pop_back();
  while (sum.upper.size() > 1 && sum.upper.back() == 0) sum.upper.pop_back();
  return sum;
}

}  // namespace qsm::inline v0::latency::detail
