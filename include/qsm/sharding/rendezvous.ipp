#include <algorithm>
#include <bit>
#include <map>
#include <string>

#include <qsm/core/elementary.hpp>
#include <qsm/core/hashing.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/sharding/rendezvous.hpp>

namespace qsm::inline v0::sharding {
namespace detail {

/// A bid of equal weights: the hash itself.
struct PlainBid {
  using Value = std::uint64_t;
  QSM_ALWAYS_INLINE Value operator()(std::uint64_t bits, double) const { return bits; }
};

/// A bid of unlike weights: ln(u) / w with u uniform on (0, 1), exactly (b + 1/2) 2^-52 of the upper bits b.
struct WeightedBid {
  using Value = double;
  QSM_ALWAYS_INLINE Value operator()(std::uint64_t bits, double inverse_weight) const {
    const double uniform = std::bit_cast<double>(bits >> 12 | 0x3ff0000000000000) - (1 - 0x1p-53);
    return qsm::detail::log_of_normal(uniform) * inverse_weight;
  }
};

/// Many keys at once: each of the lanes keeps the highest bid of its key.
template <class Bid>
struct FindWinners {
  QSM_ALWAYS_INLINE void operator()(const std::uint64_t* hashes, std::uint32_t* out, std::size_t size,
                                    const Bidders* bidders) const {
    constexpr std::size_t lanes = 32;
    const std::uint64_t* const seeds = bidders->seeds.data();
    const double* const weights = bidders->inverse_weights.data();  // null where all are alike
    const double first = std::is_same_v<Bid, PlainBid> ? 0 : weights[0];
    const std::size_t number = bidders->seeds.size();
    std::uint64_t keys[lanes], winner[lanes];
    typename Bid::Value best[lanes];
    for (std::size_t at = 0; at < size; at += lanes) {
      const std::size_t filled = std::min(lanes, size - at);
      for (std::size_t i = 0; i < lanes; ++i) {
        keys[i] = i < filled ? hashes[at + i] : 0;
        winner[i] = 0;
        best[i] = Bid()(splitmix64(keys[i] ^ seeds[0]), first);
      }
      for (std::size_t bidder = 1; bidder < number; ++bidder) {
        const std::uint64_t seed = seeds[bidder];
        const double weight = std::is_same_v<Bid, PlainBid> ? 0 : weights[bidder];
        for (std::size_t i = 0; i < lanes; ++i) {
          const auto bid = Bid()(splitmix64(keys[i] ^ seed), weight);
          const bool higher = bid > best[i];
          best[i] = higher ? bid : best[i];
          winner[i] = higher ? bidder : winner[i];
        }
      }
      for (std::size_t i = 0; i < filled; ++i) out[at + i] = bidders->names[winner[i]];
    }
  }
};

QSM_INLINE void Bidders::add(std::uint64_t seed, double weight, std::uint32_t name) {
  if (weight == 0) return;
  seeds.push_back(seed);
  inverse_weights.push_back(1 / weight);
  names.push_back(name);
}

QSM_INLINE void Bidders::settle() {
  if (std::ranges::all_of(inverse_weights, [&](double weight) { return weight == inverse_weights.front(); }))
    inverse_weights.clear();
}

QSM_INLINE std::uint32_t Bidders::winner(std::uint64_t hash) const {
  const auto ask = [&](auto bid, auto weight) {
    std::size_t winner = 0;
    auto best = bid(splitmix64(hash ^ seeds[0]), weight(0));
    for (std::size_t i = 1; i < seeds.size(); ++i)
      if (const auto own = bid(splitmix64(hash ^ seeds[i]), weight(i)); own > best) {
        best = own;
        winner = i;
      }
    return names[winner];
  };
  if (inverse_weights.empty()) return ask(PlainBid(), [](std::size_t) { return 0.0; });
  return ask(WeightedBid(), [&](std::size_t i) { return inverse_weights[i]; });
}

QSM_INLINE void Bidders::winners(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> out) const {
  if (inverse_weights.empty())
    qsm::detail::dispatch(FindWinners<PlainBid>(), hashes.data(), out.data(), hashes.size(), this);
  else
    qsm::detail::dispatch(FindWinners<WeightedBid>(), hashes.data(), out.data(), hashes.size(), this);
}

QSM_INLINE void Bidders::rank(std::uint64_t hash, std::uint32_t count, std::vector<std::uint32_t>& out) const {
  const auto sorted = [&](auto bid, auto weight) {
    std::vector<std::pair<decltype(bid(0, 0.0)), std::size_t>> bids(seeds.size());
    for (std::size_t i = 0; i < seeds.size(); ++i) bids[i] = {bid(splitmix64(hash ^ seeds[i]), weight(i)), i};
    const std::size_t wanted = std::min<std::size_t>(count, bids.size());
    std::ranges::partial_sort(
        bids, bids.begin() + static_cast<std::ptrdiff_t>(wanted),
        [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
    for (std::size_t i = 0; i < wanted; ++i) out.push_back(names[bids[i].second]);
  };
  if (inverse_weights.empty())
    sorted(PlainBid(), [](std::size_t) { return 0.0; });
  else
    sorted(WeightedBid(), [&](std::size_t i) { return inverse_weights[i]; });
}

QSM_INLINE std::size_t Bidders::bytes() const {
  return seeds.capacity() * sizeof(std::uint64_t) + inverse_weights.capacity() * sizeof(double) +
         names.capacity() * sizeof(std::uint32_t);
}

}  // namespace detail

QSM_INLINE Rendezvous::Rendezvous(const detail::Image& image) : Placement(traits, image) { rebuild(); }

QSM_INLINE void Rendezvous::rebuild() {
  bidders_ = {};
  for (std::uint32_t i = 0; i < positions(); ++i)
    if (taken(i)) bidders_.add(hasher()(ByteView(table()[i].name)), table()[i].weight, i);
  bidders_.settle();
}

QSM_INLINE HierarchicalRendezvous::HierarchicalRendezvous(const detail::Image& image) : Placement(traits, image) {
  rebuild();
}

QSM_INLINE void HierarchicalRendezvous::rebuild() {
  domains_ = {};
  members_.clear();
  std::map<std::pair<bool, std::string>, std::vector<std::uint32_t>> groups;
  for (std::uint32_t i = 0; i < positions(); ++i)
    if (const Node& node = table()[i]; taken(i) && node.weight > 0)
      groups[{node.domain.empty(), node.domain.empty() ? node.name : node.domain}].push_back(i);
  for (const auto& [domain, nodes] : groups) {
    double weight = 0;
    detail::Bidders members;
    for (const std::uint32_t i : nodes) {
      weight += table()[i].weight;
      members.add(hasher()(ByteView(table()[i].name)), table()[i].weight, i);
    }
    members.settle();
    // A seed of its own, so that a domain and a node of the same name do not bid alike.
    domains_.add(splitmix64(hasher()(ByteView(domain.second))), weight, static_cast<std::uint32_t>(members_.size()));
    members_.push_back(std::move(members));
  }
  domains_.settle();
}

QSM_INLINE void HierarchicalRendezvous::rank(std::uint64_t hash, std::uint32_t count,
                                             std::vector<std::uint32_t>& out) const {
  std::vector<std::uint32_t> order;
  domains_.rank(hash, static_cast<std::uint32_t>(members_.size()), order);
  for (const std::uint32_t domain : order)
    if (out.size() < count) members_[domain].rank(hash, count - static_cast<std::uint32_t>(out.size()), out);
}

QSM_INLINE std::size_t HierarchicalRendezvous::own_bytes() const {
  std::size_t bytes = domains_.bytes();
  for (const auto& members : members_) bytes += sizeof(detail::Bidders) + members.bytes();
  return bytes;
}

}  // namespace qsm::inline v0::sharding
