#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <qsm/core/error.hpp>
#include <qsm/sharding/space.hpp>

namespace qsm::inline v0::sharding {
namespace detail {

using Coordinates = std::vector<std::uint64_t>;

inline void check_cube(const char* function, std::size_t dimensions, int bits) {
  Check check(function);
  check.that(dimensions >= 1 && dimensions <= 16, "dimensions", static_cast<double>(dimensions),
             "an integer in [1, 16]");
  check.that(bits >= 1 && static_cast<std::size_t>(bits) * dimensions <= 64, "bits", bits,
             "an integer >= 1, at most 64 / dimensions");
}

inline void check_cell(const char* function, const char* argument, const Coordinates& cell, int bits) {
  for (const std::uint64_t coordinate : cell)
    Check(function).that(bits == 64 || coordinate >> bits == 0, argument, static_cast<double>(coordinate),
                         "in [0, 2^bits)");
}

/// Bits of the coordinates in turn, the most significant of the first before all.
inline std::uint64_t interleaved(const Coordinates& coordinates, int bits) {
  std::uint64_t place = 0;
  for (int bit = bits; bit-- > 0;)
    for (const std::uint64_t coordinate : coordinates) place = place << 1 | (coordinate >> bit & 1);
  return place;
}

inline void spread(std::uint64_t place, Coordinates& coordinates, int bits) {
  std::ranges::fill(coordinates, 0);
  const int dimensions = static_cast<int>(coordinates.size());
  for (int bit = dimensions * bits; bit-- > 0;) {
    auto& coordinate = coordinates[static_cast<std::size_t>((dimensions * bits - 1 - bit) % dimensions)];
    coordinate = coordinate << 1 | (place >> bit & 1);
  }
}

/// One step of Skilling's: where a bit of coordinate i is set the first coordinate's lower bits turn round, else they
/// change places with those of coordinate i.
inline void hilbert_turn(Coordinates& x, std::size_t i, std::uint64_t bit) {
  const std::uint64_t below = bit - 1;
  if (x[i] & bit) {
    x[0] ^= below;
  } else {
    const std::uint64_t differing = (x[0] ^ x[i]) & below;
    x[0] ^= differing;
    x[i] ^= differing;
  }
}

inline void to_hilbert(Coordinates& x, int bits) {
  const std::uint64_t top = std::uint64_t{1} << (bits - 1);
  for (std::uint64_t bit = top; bit > 1; bit >>= 1)
    for (std::size_t i = 0; i < x.size(); ++i) hilbert_turn(x, i, bit);
  for (std::size_t i = 1; i < x.size(); ++i) x[i] ^= x[i - 1];  // Gray code
  std::uint64_t flips = 0;
  for (std::uint64_t bit = top; bit > 1; bit >>= 1)
    if (x.back() & bit) flips ^= bit - 1;
  for (std::uint64_t& coordinate : x) coordinate ^= flips;
}

inline void from_hilbert(Coordinates& x, int bits) {
  const std::uint64_t top = std::uint64_t{1} << (bits - 1);
  const std::uint64_t flips = x.back() >> 1;
  for (std::size_t i = x.size() - 1; i > 0; --i) x[i] ^= x[i - 1];
  x[0] ^= flips;
  for (std::uint64_t bit = 2; bit <= top && bit != 0; bit <<= 1)
    for (std::size_t i = x.size(); i-- > 0;) hilbert_turn(x, i, bit);
}

inline std::uint64_t lowest_bits(std::uint64_t count) {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

/// Walks the tree of ever finer grids; each of its cells is a run of places.
struct BoxWalk {
  const Coordinates &low, &high;
  int bits;
  SpaceCurve curve;
  std::vector<PlaceInterval> out;

  void visit(std::uint64_t first, int level) {
    const std::size_t dimensions = low.size();
    const auto fine = static_cast<std::uint64_t>(bits - level);  // bits that the cell leaves open
    const std::uint64_t open = lowest_bits(fine);
    const Coordinates cell = curve_cell(first, static_cast<int>(dimensions), bits, curve);
    bool inside = true;
    for (std::size_t i = 0; i < dimensions; ++i) {
      const std::uint64_t least = cell[i] & ~open, greatest = cell[i] | open;
      if (greatest < low[i] || least > high[i]) return;
      inside = inside && least >= low[i] && greatest <= high[i];
    }
    if (inside) {
      const std::uint64_t last = first | lowest_bits(fine * dimensions);
      if (!out.empty() && out.back().last + 1 == first)
        out.back().last = last;
      else
        out.push_back({first, last});
      return;
    }
    const std::uint64_t step = (fine - 1) * dimensions;
    for (std::uint64_t child = 0; child < std::uint64_t{1} << dimensions; ++child)
      visit(first | child << step, level + 1);
  }
};

inline void check_sides(const char* function, const char* argument, const std::vector<double>& sides) {
  Check check(function);
  check.that(!sides.empty(), (std::string("number of ") + argument).c_str(), 0, "at least 1");
  for (const double side : sides) check.positive_count(argument, side);
}

}  // namespace detail

QSM_INLINE std::uint64_t curve_place(const std::vector<std::uint64_t>& coordinates, int bits, SpaceCurve curve) {
  detail::check_cube("curve_place", coordinates.size(), bits);
  detail::check_cell("curve_place", "coordinates", coordinates, bits);
  std::vector<std::uint64_t> x = coordinates;
  if (curve == SpaceCurve::hilbert) detail::to_hilbert(x, bits);
  return detail::interleaved(x, bits);
}

QSM_INLINE std::vector<std::uint64_t> curve_cell(std::uint64_t place, int dimensions, int bits, SpaceCurve curve) {
  const auto number = static_cast<std::size_t>(std::max(0, dimensions));
  detail::check_cube("curve_cell", number, bits);
  const std::uint64_t greatest = detail::lowest_bits(number * static_cast<std::uint64_t>(bits));
  Check("curve_cell").that(place <= greatest, "place", static_cast<double>(place), "in [0, 2^(dimensions bits))");
  std::vector<std::uint64_t> x(number);
  detail::spread(place, x, bits);
  if (curve == SpaceCurve::hilbert) detail::from_hilbert(x, bits);
  return x;
}

QSM_INLINE std::vector<PlaceInterval> curve_intervals(const std::vector<std::uint64_t>& low,
                                                      const std::vector<std::uint64_t>& high, int bits,
                                                      SpaceCurve curve, std::uint64_t most) {
  detail::check_cube("curve_intervals", low.size(), bits);
  Check check("curve_intervals");
  check.that(high.size() == low.size(), "dimensions of high", static_cast<double>(high.size()), "those of low");
  detail::check_cell("curve_intervals", "low", low, bits);
  detail::check_cell("curve_intervals", "high", high, bits);
  for (std::size_t i = 0; i < low.size(); ++i)
    check.that(high[i] >= low[i], "high", static_cast<double>(high[i]), ">= low");
  detail::BoxWalk walk{low, high, bits, curve, {}};
  walk.visit(0, 0);
  std::vector<PlaceInterval>& found = walk.out;
  if (most == 0 || found.size() <= most) return found;
  std::vector<std::uint64_t> gaps;
  for (std::size_t i = 1; i < found.size(); ++i) gaps.push_back(found[i].first - found[i - 1].last);
  const std::size_t closed = found.size() - most;
  std::ranges::nth_element(gaps, gaps.begin() + static_cast<std::ptrdiff_t>(closed) - 1);
  const std::uint64_t widest = gaps[closed - 1];  // that is closed
  std::size_t left = closed - static_cast<std::size_t>(std::ranges::count_if(
                                  gaps, [&](std::uint64_t gap) { return gap < widest; }));  // of just this width
  std::vector<PlaceInterval> joined = {found.front()};
  for (std::size_t i = 1; i < found.size(); ++i) {
    const std::uint64_t gap = found[i].first - found[i - 1].last;
    if (gap < widest || (gap == widest && left > 0)) {
      left -= gap == widest;
      joined.back().last = found[i].last;
    } else {
      joined.push_back(found[i]);
    }
  }
  return joined;
}

QSM_INLINE double hilbert_intervals(const std::vector<double>& sides) {
  detail::check_sides("hilbert_intervals", "sides", sides);
  double volume = 1, surface = 0;
  for (const double side : sides) volume *= side;
  for (const double side : sides) surface += 2 * volume / side;
  return sides.size() == 1 ? 1 : surface / (2 * static_cast<double>(sides.size()));
}

QSM_INLINE double grid_cells_touched(const std::vector<double>& sides, const std::vector<double>& cells) {
  detail::check_sides("grid_cells_touched", "sides", sides);
  detail::check_sides("grid_cells_touched", "cells", cells);
  Check("grid_cells_touched")
      .that(cells.size() == sides.size(), "number of cells", static_cast<double>(cells.size()), "that of sides");
  double touched = 1;
  for (std::size_t i = 0; i < sides.size(); ++i) touched *= 1 + (sides[i] - 1) / cells[i];
  return touched;
}

// --- k-d tree ---------------------------------------------------------------------------------------------------------

QSM_INLINE KdTree::KdTree(const std::vector<std::vector<double>>& points, std::uint64_t shards)
    : shards_(shards), dimensions_(points.empty() ? 0 : points.front().size()) {
  Check check("KdTree");
  check.that(shards >= 1 && shards <= std::uint64_t{1} << 20, "shards", static_cast<double>(shards),
             "an integer in [1, 2^20]");
  check.that(points.size() >= shards, "number of points", static_cast<double>(points.size()), "that of shards or more");
  check.that(dimensions_ >= 1, "dimensions", static_cast<double>(dimensions_), "at least 1");
  std::vector<const std::vector<double>*> all;
  for (const auto& point : points) {
    check_point("", "points", point);
    all.push_back(&point);
  }
  grow(all, 0, all.size(), shards);
}

QSM_INLINE void KdTree::check_point(const char* member, const char* argument, const std::vector<double>& point) const {
  const std::string function = std::string("KdTree") + (*member ? "." : "") + member;
  Check check(function.c_str());
  check.that(point.size() == dimensions_, "number of coordinates", static_cast<double>(point.size()),
             "that of dimensions");
  for (const double coordinate : point) check.finite(argument, coordinate);
}

QSM_INLINE std::uint32_t KdTree::grow(std::vector<const std::vector<double>*>& points, std::size_t begin,
                                      std::size_t end, std::uint64_t shards) {
  const auto index = static_cast<std::uint32_t>(splits_.size());
  splits_.emplace_back();
  if (shards == 1) {
    splits_[index].shard = given_++;
    return index;
  }
  std::uint32_t axis = 0;
  double longest = -1;
  for (std::uint32_t i = 0; i < dimensions_; ++i) {
    double least = infinity, greatest = -infinity;
    for (std::size_t k = begin; k < end; ++k) {
      least = std::min(least, (*points[k])[i]);
      greatest = std::max(greatest, (*points[k])[i]);
    }
    if (greatest - least > longest) {
      longest = greatest - least;
      axis = i;
    }
  }
  const std::uint64_t left = shards / 2;
  const std::size_t middle = begin + static_cast<std::size_t>((end - begin) * left / shards);
  const auto at = [&](std::size_t i) { return points.begin() + static_cast<std::ptrdiff_t>(i); };
  std::nth_element(at(begin), at(middle), at(end),
                   [axis](const auto* a, const auto* b) { return (*a)[axis] < (*b)[axis]; });
  const double split = (*points[middle])[axis];
  const std::uint32_t to_left = grow(points, begin, middle, left);
  const std::uint32_t to_right = grow(points, middle, end, shards - left);
  splits_[index] = {split, axis, to_left, to_right, 0};
  return index;
}

QSM_INLINE std::uint32_t KdTree::shard(const std::vector<double>& point) const {
  check_point("shard", "point", point);
  std::uint32_t index = 0;
  while (splits_[index].left != 0)
    index = point[splits_[index].axis] < splits_[index].at ? splits_[index].left : splits_[index].right;
  return splits_[index].shard;
}

QSM_INLINE std::vector<std::uint32_t> KdTree::shards_within(const std::vector<double>& low,
                                                            const std::vector<double>& high) const {
  check_point("shards_within", "low", low);
  check_point("shards_within", "high", high);
  for (std::size_t i = 0; i < dimensions_; ++i)
    Check("KdTree.shards_within").that(high[i] >= low[i], "high", high[i], ">= low");
  std::vector<std::uint32_t> found, waiting = {0};
  while (!waiting.empty()) {
    const Split& split = splits_[waiting.back()];
    waiting.pop_back();
    if (split.left == 0) {
      found.push_back(split.shard);
      continue;
    }
    if (high[split.axis] >= split.at) waiting.push_back(split.right);
    if (low[split.axis] < split.at) waiting.push_back(split.left);
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace qsm::inline v0::sharding
