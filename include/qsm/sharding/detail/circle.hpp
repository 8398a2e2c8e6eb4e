#pragma once
// Points on the circle of all 64-bit hashes, each with an owner, and the first point at or after a hash.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

namespace qsm::inline v0::sharding::detail {

class Circle {
 public:
  struct Point {
    std::uint64_t hash;
    std::uint32_t owner;

    bool operator<(const Point& other) const { return std::tie(hash, owner) < std::tie(other.hash, other.owner); }
  };

  const std::vector<Point>& points() const { return points_; }

  void set(std::vector<Point> points) {
    points_ = std::move(points);
    std::ranges::sort(points_, std::less<>());
    index();
  }
  void insert(std::vector<Point> points) {
    std::ranges::sort(points, std::less<>());
    const auto middle = static_cast<std::ptrdiff_t>(points_.size());
    points_.insert(points_.end(), points.begin(), points.end());
    std::inplace_merge(points_.begin(), points_.begin() + middle, points_.end());
    index();
  }
  void erase(std::uint32_t owner) {
    std::erase_if(points_, [owner](const Point& point) { return point.owner == owner; });
    index();
  }

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
  void index() {
    const unsigned bits = std::max(1u, static_cast<unsigned>(std::bit_width(points_.size())));
    shift_ = 64 - bits;
    first_.assign(std::size_t{1} << bits, 0);
    std::size_t point = 0;
    for (std::size_t part = 0; part < first_.size(); ++part) {
      while (point < points_.size() && points_[point].hash >> shift_ < part) ++point;
      first_[part] = static_cast<std::uint32_t>(point);
    }
  }

  std::vector<Point> points_;
  std::vector<std::uint32_t> first_;
  unsigned shift_ = 63;
};

}  // namespace qsm::inline v0::sharding::detail
