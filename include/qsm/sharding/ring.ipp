#include <algorithm>
#include <cmath>
#include <string>

#include <qsm/sharding/ring.hpp>

namespace qsm::inline v0::sharding {

QSM_INLINE Ring::Ring(const detail::Image& image) : Placement(traits, image) {
  check(virtual_nodes() >= 1 && virtual_nodes() <= std::uint64_t{1} << 20, "virtual_nodes",
        static_cast<double>(virtual_nodes()), "an integer in [1, 2^20]");
  check_room("", 0);
  std::vector<detail::Circle::Point> all;
  for (std::uint32_t i = 0; i < positions(); ++i) {
    const auto points = points_of(i);
    all.insert(all.end(), points.begin(), points.end());
  }
  circle_.set(std::move(all));
}

QSM_INLINE void Ring::check_room(const char* member, std::uint64_t nodes) const {
  Placement::check_room(member, nodes);
  const double points = total_weight() * static_cast<double>(virtual_nodes());
  if (points > 0x1p26) refuse(member, "points must be at most 2^26 in all, got " + qsm::detail::shortest(points));
}

QSM_INLINE std::vector<detail::Circle::Point> Ring::points_of(std::uint32_t position) const {
  const Node& node = table()[position];
  if (!taken(position) || node.weight == 0) return {};
  const double number = std::max(1.0, std::round(node.weight * static_cast<double>(virtual_nodes())));
  std::vector<detail::Circle::Point> points(static_cast<std::size_t>(number));
  for (std::size_t i = 0; i < points.size(); ++i)
    points[i] = {hasher()(ByteView(node.name + "_" + std::to_string(i))), position};
  return points;
}

QSM_INLINE std::vector<double> Ring::shares() const {
  std::vector<double> shares(positions());
  const auto& points = circle_.points();
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::uint64_t before = points[i == 0 ? points.size() - 1 : i - 1].hash;
    shares[points[i].owner] += points.size() == 1 ? 1 : static_cast<double>(points[i].hash - before) * 0x1p-64;
  }
  return shares;
}

/// Round the circle from the key on.
QSM_INLINE void Ring::rank(std::uint64_t hash, std::uint32_t count, std::vector<std::uint32_t>& out) const {
  std::vector<bool> seen(positions());
  const auto& points = circle_.points();
  for (std::size_t i = circle_.successor(hash); out.size() < count; i = i + 1 == points.size() ? 0 : i + 1) {
    const std::uint32_t owner = points[i].owner;
    if (!seen[owner]) out.push_back(owner);
    seen[owner] = true;
  }
}

}  // namespace qsm::inline v0::sharding
