#include <qsm/core/hashing.hpp>
#include <qsm/sharding/multi_probe.hpp>

namespace qsm::inline v0::sharding {

QSM_INLINE MultiProbe::MultiProbe(const detail::Image& image) : Placement(traits, image) {
  check(probes() >= 1 && probes() <= 1024, "probes", static_cast<double>(probes()), "an integer in [1, 1024]");
  std::vector<detail::Circle::Point> points;
  for (std::uint32_t i = 0; i < positions(); ++i)
    if (taken(i)) points.push_back(point_of(i));
  circle_.set(std::move(points));
}

QSM_INLINE std::uint32_t MultiProbe::find(std::uint64_t hash) const {
  const auto& points = circle_.points();
  std::uint64_t least = ~std::uint64_t{0};
  std::uint32_t owner = points.front().owner;
  for (std::uint64_t i = 0; i < probes(); ++i) {
    const std::uint64_t place = splitmix64(hash + i * 0x9e3779b97f4a7c15);
    const auto& point = points[circle_.successor(place)];
    if (const std::uint64_t distance = point.hash - place; distance < least) {
      least = distance;
      owner = point.owner;
    }
  }
  return owner;
}

}  // namespace qsm::inline v0::sharding
