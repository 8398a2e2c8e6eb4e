#pragma once
/// @file
/// Hash modulo the number of nodes: even, fast, and nearly every key moves when that number changes.

#include <memory>

#include <qsm/sharding/consistent_hash.hpp>

namespace qsm::inline v0::sharding {

/// Places a key by the remainder of its hash: what consistent hashing is measured against.
///
///     Modulo shards(numbered_nodes(10));
///     shards.node("user:17");
///
/// With one node more, n + 1 after n, a share n / (n + 1) of all keys moves. The last node takes the position of one
/// that is removed.
///
/// @source  Karger, Lehman, Leighton, Panigrahy, Levine, Lewin 1997, Consistent hashing and random trees, section 1
class Modulo final : public Placement {
 public:
  static constexpr detail::Traits traits{"Modulo", false, true};

  /// Of these nodes.
  ///
  /// @param nodes   names, one at least, of weight 1
  /// @param hasher  how keys become 64 bits
  explicit Modulo(const Nodes& nodes, const Hasher& hasher = {}) : Modulo(detail::Image{hasher, {}, nodes, {}}) {}
  explicit Modulo(const detail::Image& image) : Placement(traits, image) {}

  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static Modulo decode(std::span<const std::byte> bytes) { return read<Modulo>(bytes); }
  std::unique_ptr<Placement> clone() const override { return std::make_unique<Modulo>(*this); }

 private:
  std::uint32_t find(std::uint64_t hash) const override { return static_cast<std::uint32_t>(hash % size()); }
  std::size_t own_bytes() const override { return 0; }
};

}  // namespace qsm::inline v0::sharding
