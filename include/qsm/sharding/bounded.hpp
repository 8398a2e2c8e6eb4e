#pragma once
/// @file
/// Bounded loads: no node takes more than its fair share times a factor; what is too much goes to the next node that the
/// key prefers.

#include <cstdint>
#include <memory>
#include <vector>

#include <qsm/sharding/consistent_hash.hpp>

namespace qsm::inline v0::sharding {

/// How tight the bound is.
struct BoundedLoadOptions {
  /// Largest load over the fair share c [1], finite and > 1.
  double balance = 1.25;
};

/// Places keys so that of m keys no node holds more than ceil(c m w / W), w its weight among W.
///
///     BoundedLoads sessions(Ring(numbered_nodes(10)), {1.25});
///     const auto node = sessions.place("user:17");
///     sessions.release(node);
///
/// Which node a key gets depends on those that were placed before it: whoever places a key keeps the answer.
///
/// @source  Mirrokni, Thorup, Zadimoghaddam 2018, Consistent hashing with bounded loads
class BoundedLoads {
 public:
  /// Over a placement, of which a copy is kept.
  ///
  /// @param placement  which nodes a key prefers
  /// @param options    how tight the bound is
  explicit BoundedLoads(const Placement& placement, const BoundedLoadOptions& options = {});
  BoundedLoads(const BoundedLoads& other);
  BoundedLoads(BoundedLoads&&) = default;
  BoundedLoads& operator=(BoundedLoads other) noexcept;

  /// Position of the node that takes a key.
  std::uint32_t place(std::uint64_t key) { return place_hash(hasher()(key)); }
  /// Position of the node that takes a key, a text or bytes.
  std::uint32_t place(ByteView key) { return place_hash(hasher()(key)); }
  /// Position of the node that takes a key of this hash.
  std::uint32_t place_hash(std::uint64_t hash);
  /// Gives a key of this node up.
  ///
  /// @param position  of a node [1], one that holds a key
  void release(std::uint32_t position);
  /// Most keys that the node at this position takes while there are as many in all as now, and one more [1].
  ///
  /// @param position  of a node [1], in [0, number of positions)
  std::uint64_t capacity(std::uint32_t position) const;

  /// Keys by position.
  const std::vector<std::uint64_t>& loads() const { return loads_; }
  /// Keys in all [1].
  std::uint64_t total() const { return total_; }
  /// Keys that did not get the node that they prefer, since the start [1].
  std::uint64_t overflowed() const { return overflowed_; }
  /// Largest load over the fair share c [1].
  double balance() const { return balance_; }
  /// Nodes by position.
  const Nodes& table() const { return placement_->table(); }
  /// How keys become 64 bits.
  const Hasher& hasher() const { return placement_->hasher(); }

 private:
  bool free(std::uint32_t position) const { return loads_[position] < capacity(position); }

  std::unique_ptr<Placement> placement_;
  double balance_, total_weight_;
  std::uint32_t able_ = 0;  // nodes with a weight
  std::uint64_t total_ = 0, overflowed_ = 0;
  std::vector<std::uint64_t> loads_;
};

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/bounded.ipp>
#endif
