#pragma once
// Points on the circle of all 64-bit hashes, each with an owner, and the first point at or after a hash.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::sharding::detail {

class Circle {
 public:
  struct Point {
    std::uint64_t hash;
    std::uint32_t owner;

    friend auto operator<=>(const Point&, const Point&) = default;
  };

  const std::vector<Point>& points() const { return points_; }

  void set(std::vector<Point> points);
  void insert(std::vector<Point> points);
  void erase(std::uint32_t owner);

  /// Where the first point stands whose hash is not less, past the end the first of all.
  std::size_t successor(std::uint64_t hash) const {
    std::size_t i = first_[hash >> shift_];
    while (i < points_.size() && points_[i].hash < hash) ++i;
    return i == points_.size() ? 0 : i;
  }
  std::uint32_t owner(std::uint64_t hash) const { return points_[successor(hash)].owner; }
  std::size_t bytes() const { return points_.capacity() * sizeof(Point) + first_.capacity() * sizeof(std::uint32_t); }

 private:
  /// The first point of each of 2^k equal parts of the circle, twice as many parts as points.
  void index();

  std::vector<Point> points_;
  std::vector<std::uint32_t> first_;
  unsigned shift_ = 63;
};

}  // namespace qsm::inline v0::sharding::detail

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/detail/circle.ipp>
#endif
