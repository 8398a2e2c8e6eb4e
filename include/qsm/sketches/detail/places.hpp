#pragma once
// Several places in a table from one 64-bit hash, by double hashing (Kirsch, Mitzenmacher 2006).

#include <cstddef>
#include <cstdint>

#include <qsm/core/detail/integer_hashes.hpp>
#include <qsm/core/hashing.hpp>

namespace qsm::inline v0::sketches::detail {

/// x of [0, 2^64) as one of [0, size), in proportion.
QSM_ALWAYS_INLINE std::uint64_t share_of(std::uint64_t x, std::uint64_t size) {
  return qsm::detail::multiply(x, size).high;
}

/// The finaliser of MurmurHash3, of a hash and the filter's seed.
QSM_ALWAYS_INLINE std::uint64_t seeded(std::uint64_t hash, std::uint64_t seed) {
  hash += seed;
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
  return hash ^ (hash >> 33);
}

/// Hands out one place in [0, size) after the other.
class Places {
 public:
  Places(std::uint64_t hash, std::uint64_t size) : hash_(hash), step_(splitmix64(hash) | 1), size_(size) {}

  std::uint64_t next() {
    const std::uint64_t place = share_of(hash_, size_);
    hash_ += step_;
    return place;
  }

 private:
  std::uint64_t hash_, step_, size_;
};

/// The same with independent places, for small tables: there those of double hashing meet too often.
class IndependentPlaces {
 public:
  IndependentPlaces(std::uint64_t hash, std::uint64_t size) : hash_(hash), size_(size) {}

  std::uint64_t next() {
    hash_ = splitmix64(hash_);
    return share_of(hash_, size_);
  }

 private:
  std::uint64_t hash_, size_;
};

/// Sets so many bits of a Bloom filter's table.
template <class Kind = Places>
void put_bits(std::byte* table, std::uint64_t bits, int hashes, std::uint64_t hash) {
  Kind places(hash, bits);
  for (int i = 0; i < hashes; ++i) {
    const std::uint64_t bit = places.next();
    table[bit / 8] |= std::byte{1} << (bit % 8);
  }
}

/// Whether they are all set.
template <class Kind = Places>
bool all_bits(const std::byte* table, std::uint64_t bits, int hashes, std::uint64_t hash) {
  Kind places(hash, bits);
  for (int i = 0; i < hashes; ++i) {
    const std::uint64_t bit = places.next();
    if ((table[bit / 8] >> (bit % 8) & std::byte{1}) == std::byte{0}) return false;
  }
  return true;
}

}  // namespace qsm::inline v0::sketches::detail
