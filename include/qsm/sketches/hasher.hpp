#pragma once
/// @file
/// What all sketches of items share: how an item becomes 64 bits. Two sketches can be merged only where they agree on
/// it, so it is a value that each of them holds and writes into its bytes.

#include <cstdint>
#include <span>
#include <string_view>

#include <qsm/core/config.hpp>
#include <qsm/core/hashing.hpp>

namespace qsm::inline v0::sketches {

/// Hash functions that sketches know. All take an integer as its eight bytes, the least significant first, but for
/// `redis`, which takes its decimal digits, as clients of Redis send it.
enum class HashFunction {
  xxh3,          // XXH3 in 64 bits
  xxhash64,      // xxHash64
  murmur3,       // first half of MurmurHash3_x64_128
  murmur64a,     // MurmurHash64A
  wyhash,        // wyhash, final version 4.3
  siphash,       // SipHash-2-4 under the key (seed, 0)
  redis,         // MurmurHash64A as the HyperLogLog of Redis takes it, whose seed is 0xadc83b19
  datasketches,  // both halves of MurmurHash3_x64_128 as Apache DataSketches takes them, whose seed is 9001
};

/// Makes 64 bits of an item: of a 64-bit integer, or of a text or bytes.
///
///     const Hasher hasher{HashFunction::murmur64a, 42};
///     hasher("a");
///     hasher.fill(numbers, hashes);
///
/// `redis` and `datasketches` put the bits in the places where HyperLogLog looks for them: the register in the lowest,
/// what is counted in the highest.
struct Hasher {
  /// Which function.
  HashFunction function = HashFunction::xxh3;
  /// Picks one of 2^64 unlike functions [1], any 64-bit integer.
  std::uint64_t seed = 0;

  std::uint64_t operator()(std::uint64_t value) const;
  std::uint64_t operator()(ByteView bytes) const;
  /// Hash of each value; `out` has the size of `values`, and may be the same.
  void fill(std::span<const std::uint64_t> values, std::span<std::uint64_t> out) const;
  /// Hash of each text or run of bytes; `out` has the size of `texts`.
  void fill(std::span<const ByteView> texts, std::span<std::uint64_t> out) const;

  friend bool operator==(const Hasher&, const Hasher&) = default;
};

/// How the HyperLogLog of Redis hashes its elements.
inline constexpr Hasher redis_hasher{HashFunction::redis, 0xadc83b19};
/// How Apache DataSketches hashes with its default seed.
inline constexpr Hasher datasketches_hasher{HashFunction::datasketches, 9001};

/// Name of a hash function, as Python has it.
std::string_view hash_name(HashFunction function);

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/hasher.ipp>
#endif
