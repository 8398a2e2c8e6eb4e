#pragma once
/// @file
/// Sharding by several dimensions: curves through space, the intervals of a box on them, grids and k-d trees.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::sharding {

/// A curve that visits every cell of a cube once.
enum class SpaceCurve {
  z_order,  // bits of the coordinates in turn
  hilbert,  // each step goes to a neighbour
};

/// Place of a cell on a curve.
///
/// @param coordinates  of the cell [1], one per dimension, integers in [0, 2^bits); 1 to 16 of them
/// @param bits         bits of a coordinate [1], an integer >= 1; dimensions times bits is at most 64
/// @param curve        which curve
/// @returns            place [1], in [0, 2^(dimensions bits))
/// @source             Morton 1966, A computer oriented geodetic data base; Skilling 2004, Programming the Hilbert curve
/// @golden             sharding/curves.csv
std::uint64_t curve_place(const std::vector<std::uint64_t>& coordinates, int bits,
                          SpaceCurve curve = SpaceCurve::hilbert);

/// Cell at a place of a curve: what `curve_place` takes.
///
/// @param place       place [1], in [0, 2^(dimensions bits))
/// @param dimensions  dimensions [1], an integer in [1, 16]
/// @param bits        bits of a coordinate [1], an integer >= 1; dimensions times bits is at most 64
/// @param curve       which curve
/// @returns           coordinates of the cell [1], in [0, 2^bits)
/// @source            Morton 1966, A computer oriented geodetic data base; Skilling 2004, Programming the Hilbert curve
/// @golden            sharding/curves.csv
std::vector<std::uint64_t> curve_cell(std::uint64_t place, int dimensions, int bits,
                                      SpaceCurve curve = SpaceCurve::hilbert);

/// Places of a curve from the first to the last, both within.
struct PlaceInterval {
  /// First place [1].
  std::uint64_t first;
  /// Last place [1].
  std::uint64_t last;
};

/// Intervals of a curve that cover a box, in order: exactly, or with some places beside it where there may be only
/// `most` of them; the narrowest gaps are closed first.
///
/// @param low    least corner of the box [1], integers in [0, 2^bits)
/// @param high   greatest corner [1], within the box, integers in [low, 2^bits)
/// @param bits   bits of a coordinate [1], an integer >= 1; dimensions times bits is at most 64
/// @param curve  which curve
/// @param most   most intervals [1], an integer >= 1; 0 for as many as it takes
/// @returns      intervals [1], disjoint and in increasing order
/// @source       Lawder, King 2001, Querying multi-dimensional data indexed using the Hilbert space-filling curve: cells
///               of a coarser grid are runs of places
std::vector<PlaceInterval> curve_intervals(const std::vector<std::uint64_t>& low,
                                           const std::vector<std::uint64_t>& high, int bits,
                                           SpaceCurve curve = SpaceCurve::hilbert, std::uint64_t most = 0);

/// Mean number of intervals that a box has on the Hilbert curve, over all its positions in a large cube: a quarter of the
/// perimeter in two dimensions, in general the surface over twice the number of dimensions.
///
/// @param sides  cells of the box along each dimension [1], integers >= 1
/// @returns      intervals [1], >= 1
/// @source       Moon, Jagadish, Faloutsos, Saltz 2001, Analysis of the clustering properties of the Hilbert
///               space-filling curve, theorem 1
double hilbert_intervals(const std::vector<double>& sides);

/// Mean number of cells of a grid that a box touches, over all its positions: the product of 1 + (side - 1) / cell.
///
/// @param sides  of the box along each dimension [1], integers >= 1
/// @param cells  of the grid, the same [1], integers >= 1
/// @returns      cells [1], >= 1
/// @source       a segment of s points crosses s - 1 gaps, of which one in c is a border
double grid_cells_touched(const std::vector<double>& sides, const std::vector<double>& cells);

/// Parts of space with equally many points, by splitting the longest side at the median again and again.
///
///     const KdTree shards(points, 16);
///     shards.shard({3.5, 7.0});
///     shards.shards_within({0, 0}, {10, 10});
///
/// @source  Bentley 1975, Multidimensional binary search trees used for associative searching; Friedman, Bentley, Finkel
///          1977, An algorithm for finding best matches in logarithmic expected time, for the longest side
class KdTree {
 public:
  /// Of points that are typical.
  ///
  /// @param points  coordinates of each, finite, equally many; as many points as shards at least
  /// @param shards  parts [1], an integer in [1, 2^20]
  explicit KdTree(const std::vector<std::vector<double>>& points, std::uint64_t shards);

  /// Shard that holds a point [1].
  ///
  /// @param point  coordinates [1], finite
  std::uint32_t shard(const std::vector<double>& point) const;
  /// Shards that hold a part of a box, in increasing order.
  ///
  /// @param low   least corner [1], finite
  /// @param high  greatest corner [1], within the box, >= low
  std::vector<std::uint32_t> shards_within(const std::vector<double>& low, const std::vector<double>& high) const;

  /// Number of shards [1].
  std::uint64_t size() const { return shards_; }
  /// Number of dimensions [1].
  std::uint64_t dimensions() const { return dimensions_; }

 private:
  struct Split {
    double at = 0;  // less than this goes left
    std::uint32_t axis = 0, left = 0, right = 0;
    std::uint32_t shard = 0;  // of a leaf, whose left is 0
  };

  std::uint32_t grow(std::vector<const std::vector<double>*>& points, std::size_t begin, std::size_t end,
                     std::uint64_t shards);
  void check_point(const char* member, const char* argument, const std::vector<double>& point) const;

  std::uint64_t shards_, dimensions_;
  std::uint32_t given_ = 0;
  std::vector<Split> splits_;
};

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/space.ipp>
#endif
