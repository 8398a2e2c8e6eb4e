#include <algorithm>
#include <bit>
#include <utility>

#include <qsm/sharding/detail/circle.hpp>

namespace qsm::inline v0::sharding::detail {

QSM_INLINE void Circle::set(std::vector<Point> points) {
  points_ = std::move(points);
  std::ranges::sort(points_);
  index();
}

QSM_INLINE void Circle::insert(std::vector<Point> points) {
  std::ranges::sort(points);
  const auto middle = static_cast<std::ptrdiff_t>(points_.size());
  points_.insert(points_.end(), points.begin(), points.end());
  std::inplace_merge(points_.begin(), points_.begin() + middle, points_.end());
  index();
}

QSM_INLINE void Circle::erase(std::uint32_t owner) {
  std::erase_if(points_, [owner](const Point& point) { return point.owner == owner; });
  index();
}

QSM_INLINE void Circle::index() {
  const unsigned bits = std::max(1u, static_cast<unsigned>(std::bit_width(points_.size())));
  shift_ = 64 - bits;
  first_.assign(std::size_t{1} << bits, 0);
  std::size_t point = 0;
  for (std::size_t part = 0; part < first_.size(); ++part) {
    while (point < points_.size() && points_[point].hash >> shift_ < part) ++point;
    first_[part] = static_cast<std::uint32_t>(point);
  }
}

}  // namespace qsm::inline v0::sharding::detail
