#pragma once
#include <algorithm>
#include <cmath>

#include <qsm/balancing/consistent_hashing.hpp>

namespace qsm::inline v0::balancing {

QSM_INLINE ConsistentHashing::ConsistentHashing(double servers, double balance, double virtual_nodes)
    : members_("ConsistentHashing", detail::checked_servers("ConsistentHashing", servers)),
      balance_(balance),
      counts_(members_.size(), 0) {
  Check check("ConsistentHashing");
  check.that(servers <= 0x1p16, "servers", servers, "at most 2^16");
  check.that(balance > 1, "balance", balance, "> 1");
  check.positive_count("virtual_nodes", virtual_nodes);
  check.that(virtual_nodes <= 0x1p20, "virtual_nodes", virtual_nodes, "at most 2^20");
  ring_ = std::make_shared<const sharding::Ring>(sharding::numbered_nodes(static_cast<std::uint32_t>(servers)),
                                                 sharding::Hasher{},
                                                 sharding::RingOptions{static_cast<std::uint64_t>(virtual_nodes)});
}

QSM_INLINE std::optional<std::size_t> ConsistentHashing::pick(double, double, std::uint64_t key) {
  if (members_.empty()) return std::nullopt;
  const double share = static_cast<double>(total_ + 1) / static_cast<double>(members_.count());
  const double most = std::ceil(balance_ * share);
  const std::uint64_t hash = ring_->hasher()(key);
  bool preferred = true;
  const auto takes = [&](std::size_t server) {
    if (!members_.has(server)) return false;
    if (static_cast<double>(counts_[server]) + 1 <= most) return true;
    preferred = false;
    return false;
  };
  std::size_t server = ring_->node_of_hash(hash);
  const auto all = static_cast<std::uint32_t>(size());
  for (std::uint32_t asked = 1, seen = 1; !takes(server);) {  // the next in the key's order; together they have room
    asked = std::min(all, 4 * asked);
    const std::vector<std::uint32_t> order = ring_->preferred(hash, asked);
    const auto found = std::find_if(order.begin() + seen, order.end(), takes);
    seen = asked;
    if (found != order.end()) {
      server = *found;
      break;
    }
  }
  overflowed_ += !preferred;
  ++counts_[server];
  ++total_;
  return server;
}
QSM_INLINE void ConsistentHashing::finish(double, std::size_t server, double, bool) {
  members_.check(server);
  if (counts_[server] == 0) return;
  --counts_[server];
  if (members_.has(server)) --total_;
}
QSM_INLINE std::size_t ConsistentHashing::load(std::size_t server) const {
  members_.check(server);
  return counts_[server];
}
QSM_INLINE void ConsistentHashing::remove(std::size_t server) {
  members_.remove(server);
  total_ -= counts_[server];
}
QSM_INLINE void ConsistentHashing::add(std::size_t server) {
  members_.add(server);
  total_ += counts_[server];
}

}  // namespace qsm::inline v0::balancing
