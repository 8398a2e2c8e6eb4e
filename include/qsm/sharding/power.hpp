#pragma once
/// @file
/// Power consistent hashing: perfect balance in constant time, without a table; nodes come and go at the end alone.

#include <cstdint>
#include <memory>

#include <qsm/sharding/consistent_hash.hpp>

namespace qsm::inline v0::sharding {

/// Bucket of a key by power consistent hashing: first among the next power of two of buckets; where that bucket is beyond
/// the last, a jump within the upper half, or else the place among the lower half.
///
/// @param key      hash [1], any 64-bit integer
/// @param buckets  buckets n [1], an integer in [1, 2^31 - 1]
/// @returns        bucket [1], in [0, n)
/// @source         Leu 2023, Fast consistent hashing in constant time, algorithms 1 to 3
std::uint32_t power(std::uint64_t key, std::uint32_t buckets);

/// Places keys by power consistent hashing: as `Jump`, in a time that does not grow with the number of nodes.
///
///     Power shards(numbered_nodes(1000));
///     shards.node("user:17");
///
/// Where a node is removed that is not the last, the last takes its position.
///
/// @source  Leu 2023, Fast consistent hashing in constant time
class Power final : public Placement {
 public:
  static constexpr detail::Traits traits{"Power", false, true};

  /// Of these nodes.
  ///
  /// @param nodes   names, one at least, of weight 1
  /// @param hasher  how keys become 64 bits
  explicit Power(const Nodes& nodes, const Hasher& hasher = {}) : Power(detail::Image{hasher, {}, nodes, {}}) {}
  explicit Power(const detail::Image& image) : Placement(traits, image) {}

  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static Power decode(std::span<const std::byte> bytes) { return read<Power>(bytes); }
  std::unique_ptr<Placement> clone() const override { return std::make_unique<Power>(*this); }

 private:
  QSM_INLINE std::uint32_t find(std::uint64_t hash) const override;
  QSM_INLINE void find_all(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> out) const override;
  std::size_t own_bytes() const override { return 0; }
};

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/power.ipp>
#endif
