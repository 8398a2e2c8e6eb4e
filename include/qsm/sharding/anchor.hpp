#pragma once
/// @file
/// Placements that remember what was removed: any node may leave, and only its keys move. Anchor and Dx hold a fixed
/// capacity, JumpBackAnchor and Memento grow.

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include <qsm/sharding/consistent_hash.hpp>

namespace qsm::inline v0::sharding {

/// How many nodes there may ever be at once.
struct CapacityOptions {
  /// Most nodes [1], an integer in [1, 2^24]; 0 for twice those at the start.
  std::uint64_t capacity = 0;
};

namespace detail {

/// Positions that were removed, in their order: of each, how many were left, and who stands for it.
class Removals {
 public:
  void clear(std::uint32_t positions) {
    left_.assign(positions, 0);
    stand_in_.assign(positions, 0);
  }
  void grow(std::uint32_t positions) {
    left_.resize(positions);
    stand_in_.resize(positions);
  }
  /// The position is removed, and so many are left.
  void remove(std::uint32_t position, std::uint32_t left) {
    left_[position] = left;
    stand_in_[position] = seen(left, left + 1);
  }
  void restore(std::uint32_t position) { left_[position] = 0; }
  /// How many were left when it was removed, 0 where it is there.
  std::uint32_t left(std::uint32_t position) const { return left_[position]; }
  /// Who stood at this place among the `view` positions that were there at some time.
  std::uint32_t seen(std::uint32_t position, std::uint32_t view) const {
    while (left_[position] >= view) position = stand_in_[position];
    return position;
  }
  std::size_t bytes() const { return (left_.capacity() + stand_in_.capacity()) * sizeof(std::uint32_t); }

 private:
  std::vector<std::uint32_t> left_, stand_in_;
};

}  // namespace detail

/// Places keys by AnchorHash: a key of a position without a node is hashed again among those that were left when the
/// position lost its node, until it finds one that is there.
///
///     Anchor shards(numbered_nodes(10), {}, {100});
///     shards.remove("node-3");  // only its keys move, evenly to all others
///
/// Perfect balance and least movement; mean steps of a lookup: 1 + ln(capacity / nodes) at most.
///
/// @source  Mendelson, Vargaftik, Barabash, Lorenz, Keslassy, Orda 2020, AnchorHash: a scalable consistent hash
class Anchor final : public Placement {
 public:
  static constexpr detail::Traits traits{"Anchor", false, false};

  /// Of these nodes.
  ///
  /// @param nodes    names, one at least, of weight 1
  /// @param hasher   how keys become 64 bits
  /// @param options  most nodes at once
  explicit Anchor(const Nodes& nodes, const Hasher& hasher = {}, const CapacityOptions& options = {});
  explicit Anchor(const detail::Image& image);

  /// Most nodes at once [1].
  std::uint64_t capacity() const { return setting(0); }

  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static Anchor decode(std::span<const std::byte> bytes) { return read<Anchor>(bytes); }
  std::unique_ptr<Placement> clone() const override { return std::make_unique<Anchor>(*this); }

 private:
  QSM_INLINE std::uint32_t find(std::uint64_t hash) const override;
  void added(std::uint32_t position) override { removals_.restore(position); }
  QSM_INLINE void removed(std::uint32_t position) override;
  QSM_INLINE void check_room(const char* member, std::uint64_t nodes) const override;
  std::size_t own_bytes() const override { return removals_.bytes(); }

  detail::Removals removals_;
};

/// Places keys by JumpBackHash over all positions and AnchorHash where a position has no node: as `Anchor` without a
/// capacity, and with the positions of hash4j's class of this name.
///
///     JumpBackAnchor shards(numbered_nodes(10));
///     shards.remove("node-3");  // only its keys move, evenly to all others
///
/// @source  Ertl 2024, JumpBackHash; Mendelson and others 2020, AnchorHash: a scalable consistent hash
class JumpBackAnchor final : public Placement {
 public:
  static constexpr detail::Traits traits{"JumpBackAnchor", false, false};

  /// Of these nodes.
  ///
  /// @param nodes   names, one at least, of weight 1
  /// @param hasher  how keys become 64 bits
  explicit JumpBackAnchor(const Nodes& nodes, const Hasher& hasher = {})
      : JumpBackAnchor(detail::Image{hasher, {}, nodes, {}}) {}
  explicit JumpBackAnchor(const detail::Image& image);

  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static JumpBackAnchor decode(std::span<const std::byte> bytes) { return read<JumpBackAnchor>(bytes); }
  std::unique_ptr<Placement> clone() const override { return std::make_unique<JumpBackAnchor>(*this); }

 private:
  QSM_INLINE std::uint32_t find(std::uint64_t hash) const override;
  QSM_INLINE void added(std::uint32_t position) override;
  QSM_INLINE void removed(std::uint32_t position) override;
  std::size_t own_bytes() const override { return removals_.bytes(); }

  detail::Removals removals_;
};

/// Places keys by Jump over all positions; memory is spent on removed positions alone.
///
///     Memento shards(numbered_nodes(1'000'000));
///     shards.remove("node-3");  // only its keys move
///
/// @source  Coluzzi, Brocco, Antonucci, Leidi 2023, MementoHash: a stateful, minimal memory, best performing consistent
///          hash algorithm
class Memento final : public Placement {
 public:
  static constexpr detail::Traits traits{"Memento", false, false};

  /// Of these nodes.
  ///
  /// @param nodes   names, one at least, of weight 1
  /// @param hasher  how keys become 64 bits
  explicit Memento(const Nodes& nodes, const Hasher& hasher = {}) : Memento(detail::Image{hasher, {}, nodes, {}}) {}
  explicit Memento(const detail::Image& image);

  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static Memento decode(std::span<const std::byte> bytes) { return read<Memento>(bytes); }
  std::unique_ptr<Placement> clone() const override { return std::make_unique<Memento>(*this); }

 private:
  QSM_INLINE std::uint32_t find(std::uint64_t hash) const override;
  void added(std::uint32_t position) override { replacers_.erase(position); }
  QSM_INLINE void removed(std::uint32_t position) override;
  QSM_INLINE std::size_t own_bytes() const override;

  std::unordered_map<std::uint32_t, std::uint32_t> replacers_;  // of removed positions: how many nodes were left
};

/// Places keys by DxHash: a key's own sequence of random positions, up to the first that has a node.
///
///     Dx shards(numbered_nodes(10), {}, {16});
///     shards.remove("node-3");  // only its keys move, evenly to all others
///
/// Mean steps of a lookup: capacity / nodes.
///
/// @source  Dong, Wang 2021, DxHash: a scalable consistent hashing based on the pseudo-random sequence
class Dx final : public Placement {
 public:
  static constexpr detail::Traits traits{"Dx", false, false};

  /// Of these nodes.
  ///
  /// @param nodes    names, one at least, of weight 1
  /// @param hasher   how keys become 64 bits
  /// @param options  most nodes at once
  explicit Dx(const Nodes& nodes, const Hasher& hasher = {}, const CapacityOptions& options = {});
  explicit Dx(const detail::Image& image);

  /// Most nodes at once [1].
  std::uint64_t capacity() const { return setting(0); }

  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static Dx decode(std::span<const std::byte> bytes) { return read<Dx>(bytes); }
  std::unique_ptr<Placement> clone() const override { return std::make_unique<Dx>(*this); }

 private:
  QSM_INLINE std::uint32_t find(std::uint64_t hash) const override;
  void added(std::uint32_t position) override { there_[position >> 6] |= std::uint64_t{1} << (position & 63); }
  void removed(std::uint32_t position) override { there_[position >> 6] &= ~(std::uint64_t{1} << (position & 63)); }
  QSM_INLINE void check_room(const char* member, std::uint64_t nodes) const override;
  std::size_t own_bytes() const override { return there_.capacity() * sizeof(std::uint64_t); }

  std::vector<std::uint64_t> there_;  // a bit per position
};

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/anchor.ipp>
#endif
