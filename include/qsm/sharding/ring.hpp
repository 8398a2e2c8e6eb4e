#pragma once
/// @file
/// The ring with virtual nodes: each node stands at many points of a circle and holds what comes before them.

#include <memory>

#include <qsm/sharding/consistent_hash.hpp>
#include <qsm/sharding/detail/circle.hpp>

namespace qsm::inline v0::sharding {

/// How a ring is made.
struct RingOptions {
  /// Points of a node of weight 1 [1], an integer in [1, 2^20].
  std::uint64_t virtual_nodes = 160;
};

/// Places a key on the node whose point follows the key's hash on the circle of all 64-bit hashes.
///
///     Ring shards(numbered_nodes(10), {}, {200});
///     shards.remove("node-3");  // its keys go to the nodes that follow its points, all others stay
///
/// Point i of a node is the hash of its name, an underscore and i, as in Envoy's ring; a node of weight w has w times
/// `virtual_nodes` points, rounded, at least one where w > 0. How uneven the shares are: `ring_deviation`, `ring_peak`.
///
/// @source  Karger, Lehman, Leighton, Panigrahy, Levine, Lewin 1997, Consistent hashing and random trees
class Ring final : public Placement {
 public:
  static constexpr detail::Traits traits{"Ring", true, false};

  /// Of these nodes.
  ///
  /// @param nodes    names, weights and domains, one at least
  /// @param hasher   how keys and points become 64 bits
  /// @param options  how many points a node has
  explicit Ring(const Nodes& nodes, const Hasher& hasher = {}, const RingOptions& options = {})
      : Ring(detail::Image{hasher, {options.virtual_nodes}, nodes, {}}) {}
  explicit Ring(const detail::Image& image);

  /// Points of a node of weight 1 [1].
  std::uint64_t virtual_nodes() const { return setting(0); }
  /// Points in all [1].
  std::uint64_t points() const { return circle_.points().size(); }
  /// Share of all hashes that each position holds [1], exactly: the lengths of its arcs.
  std::vector<double> shares() const;

  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static Ring decode(std::span<const std::byte> bytes) { return read<Ring>(bytes); }
  std::unique_ptr<Placement> clone() const override { return std::make_unique<Ring>(*this); }

 private:
  std::uint32_t find(std::uint64_t hash) const override { return circle_.owner(hash); }
  void find_all(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> out) const override {
    for (std::size_t i = 0; i < hashes.size(); ++i) out[i] = circle_.owner(hashes[i]);
  }
  QSM_INLINE void rank(std::uint64_t hash, std::uint32_t count, std::vector<std::uint32_t>& out) const override;
  void added(std::uint32_t position) override { circle_.insert(points_of(position)); }
  void removed(std::uint32_t position) override { circle_.erase(position); }
  QSM_INLINE void check_room(const char* member, std::uint64_t nodes) const override;
  std::size_t own_bytes() const override { return circle_.bytes(); }
  std::vector<detail::Circle::Point> points_of(std::uint32_t position) const;

  detail::Circle circle_;
};

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/ring.ipp>
#endif
