#include <algorithm>
#include <cmath>
#include <utility>

#include <qsm/core/error.hpp>
#include <qsm/sharding/bounded.hpp>

namespace qsm::inline v0::sharding {

QSM_INLINE BoundedLoads::BoundedLoads(const Placement& placement, const BoundedLoadOptions& options)
    : placement_(placement.clone()),
      balance_(options.balance),
      total_weight_(placement.total_weight()),
      loads_(placement.table().size()) {
  Check("BoundedLoads").that(balance_ > 1 && balance_ <= 0x1p512, "balance", balance_, "finite and > 1");
  for (const Node& node : table()) able_ += !node.name.empty() && node.weight > 0;
}

QSM_INLINE BoundedLoads::BoundedLoads(const BoundedLoads& other)
    : placement_(other.placement_->clone()),
      balance_(other.balance_),
      total_weight_(other.total_weight_),
      able_(other.able_),
      total_(other.total_),
      overflowed_(other.overflowed_),
      loads_(other.loads_) {}

QSM_INLINE BoundedLoads& BoundedLoads::operator=(BoundedLoads other) noexcept {
  std::swap(placement_, other.placement_);
  std::swap(balance_, other.balance_);
  std::swap(total_weight_, other.total_weight_);
  std::swap(able_, other.able_);
  std::swap(total_, other.total_);
  std::swap(overflowed_, other.overflowed_);
  std::swap(loads_, other.loads_);
  return *this;
}

QSM_INLINE std::uint64_t BoundedLoads::capacity(std::uint32_t position) const {
  Check("BoundedLoads.capacity")
      .that(position < loads_.size() && !table()[position].name.empty(), "position", position, "that of a node");
  const double share = table()[position].weight / total_weight_;
  return static_cast<std::uint64_t>(std::min(0x1p62, std::ceil(balance_ * share * static_cast<double>(total_ + 1))));
}

QSM_INLINE std::uint32_t BoundedLoads::place_hash(std::uint64_t hash) {
  std::uint32_t position = placement_->node_of_hash(hash);
  if (!free(position)) {
    ++overflowed_;
    // Together the nodes hold more than there are keys, so that one is free.
    for (std::uint32_t asked = std::min(able_, 4u), seen = 0; !free(position);
         seen = asked, asked = std::min(able_, 4 * asked)) {
      const std::vector<std::uint32_t> order = placement_->preferred(hash, asked);
      for (std::size_t i = seen; i < order.size() && !free(position); ++i) position = order[i];
    }
  }
  ++loads_[position];
  ++total_;
  return position;
}

QSM_INLINE void BoundedLoads::release(std::uint32_t position) {
  Check("BoundedLoads.release")
      .that(position < loads_.size() && loads_[position] > 0, "position", position, "that of a node which holds a key");
  --loads_[position];
  --total_;
}

}  // namespace qsm::inline v0::sharding
