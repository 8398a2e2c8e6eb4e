#pragma once
/// @file
/// Jump and JumpBack: no table at all, perfect balance, and nodes that come and go at the end alone.

#include <bit>
#include <cstdint>
#include <memory>

#include <qsm/core/hashing.hpp>
#include <qsm/sharding/consistent_hash.hpp>

namespace qsm::inline v0::sharding {

/// Bucket of a key by jump consistent hash, as Lamping and Veach's own text gives it: from `buckets` to one more a share
/// of 1 / (buckets + 1) moves, all of it into the new bucket.
///
/// @param key      hash [1], any 64-bit integer
/// @param buckets  buckets n [1], an integer in [1, 2^31 - 1]
/// @returns        bucket [1], in [0, n)
/// @source         Lamping, Veach 2014, A fast, minimal memory, consistent hash algorithm, figure 1
/// @golden         sharding/jump.csv
std::uint32_t jump(std::uint64_t key, std::uint32_t buckets);

/// Bucket of a key by JumpBackHash with SplitMix64, as the library hash4j gives it: what `jump` does, in a time that does
/// not grow with the number of buckets.
///
/// @param key      hash [1], any 64-bit integer
/// @param buckets  buckets n [1], an integer in [1, 2^31 - 1]
/// @returns        bucket [1], in [0, n)
/// @source         Ertl 2024, JumpBackHash: say goodbye to the modulo operation to distribute keys uniformly to buckets
/// @golden         sharding/jump_back.csv
std::uint32_t jump_back(std::uint64_t key, std::uint32_t buckets);

/// Places keys by jump consistent hash.
///
///     Jump shards(numbered_nodes(10));
///     shards.add({"node-10"});  // moves an eleventh of all keys, all to the new node
///
/// No memory but the names. Where a node is removed that is not the last, the last takes its position, which moves
/// nearly twice as many keys as must move.
///
/// @source  Lamping, Veach 2014, A fast, minimal memory, consistent hash algorithm
class Jump final : public Placement {
 public:
  static constexpr detail::Traits traits{"Jump", false, true};

  /// Of these nodes.
  ///
  /// @param nodes   names, one at least, of weight 1
  /// @param hasher  how keys become 64 bits
  explicit Jump(const Nodes& nodes, const Hasher& hasher = {}) : Jump(detail::Image{hasher, {}, nodes, {}}) {}
  explicit Jump(const detail::Image& image) : Placement(traits, image) {}

  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static Jump decode(std::span<const std::byte> bytes) { return read<Jump>(bytes); }
  std::unique_ptr<Placement> clone() const override { return std::make_unique<Jump>(*this); }

 private:
  QSM_INLINE std::uint32_t find(std::uint64_t hash) const override;
  QSM_INLINE void find_all(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> out) const override;
  std::size_t own_bytes() const override { return 0; }
};

/// Places keys by JumpBackHash: as `Jump`, and several times faster.
///
///     JumpBack shards(numbered_nodes(1000));
///     shards.node("user:17");
///
/// @source  Ertl 2024, JumpBackHash: say goodbye to the modulo operation to distribute keys uniformly to buckets
class JumpBack final : public Placement {
 public:
  static constexpr detail::Traits traits{"JumpBack", false, true};

  /// Of these nodes.
  ///
  /// @param nodes   names, one at least, of weight 1
  /// @param hasher  how keys become 64 bits
  explicit JumpBack(const Nodes& nodes, const Hasher& hasher = {}) : JumpBack(detail::Image{hasher, {}, nodes, {}}) {}
  explicit JumpBack(const detail::Image& image) : Placement(traits, image) {}

  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static JumpBack decode(std::span<const std::byte> bytes) { return read<JumpBack>(bytes); }
  std::unique_ptr<Placement> clone() const override { return std::make_unique<JumpBack>(*this); }

 private:
  QSM_INLINE std::uint32_t find(std::uint64_t hash) const override;
  QSM_INLINE void find_all(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> out) const override;
  std::size_t own_bytes() const override { return 0; }
};

namespace detail {

inline std::uint32_t jump_of(std::uint64_t key, std::uint32_t buckets) {
  std::int64_t bucket = 0, next = 0;
  while (next < buckets) {
    bucket = next;
    key = key * 2862933555777941757u + 1;
    next = static_cast<std::int64_t>(static_cast<double>(bucket + 1) * (0x1p31 / static_cast<double>((key >> 33) + 1)));
  }
  return static_cast<std::uint32_t>(bucket);
}

/// A jump backwards: the highest bit that is set in a random word says in which octave [2^i, 2^(i+1)) the last jump of a
/// key lies; where it is beyond the buckets, the next lower one that is set.
inline std::uint32_t jump_back_of(std::uint64_t key, std::uint32_t buckets, std::uint64_t& state) {
  constexpr std::uint64_t step = 0x9e3779b97f4a7c15;
  state = key;
  if (buckets == 1) return 0;
  const std::uint64_t first = splitmix64(state);
  state += step;
  auto octaves =
      static_cast<std::uint32_t>(first ^ (first >> 32)) & (~std::uint32_t{0} >> std::countl_zero(buckets - 1));
  while (octaves != 0) {
    const std::uint32_t low = std::bit_floor(octaves);
    const unsigned half = static_cast<unsigned>(std::popcount(octaves) & 1) * 32;
    std::uint32_t bucket = low + (static_cast<std::uint32_t>(first >> half) & (low - 1));
    if (bucket < buckets) return bucket;
    while (true) {
      const std::uint64_t word = splitmix64(state);
      state += step;
      bucket = static_cast<std::uint32_t>(word) & (2 * low - 1);
      if (bucket < low) break;
      if (bucket < buckets) return bucket;
      bucket = static_cast<std::uint32_t>(word >> 32) & (2 * low - 1);
      if (bucket < low) break;
      if (bucket < buckets) return bucket;
    }
    octaves ^= low;
  }
  return 0;
}

}  // namespace detail

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/jump.ipp>
#endif
