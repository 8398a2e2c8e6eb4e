#pragma once
// Several places in a table from one 64-bit hash, by double hashing (Kirsch, Mitzenmacher 2006).

#include <cstdint>

#include <qsm/core/detail/integer_hashes.hpp>
#include <qsm/core/hashing.hpp>

namespace qsm::inline v0::sketches::detail {

/// x of [0, 2^64) as one of [0, size), in proportion.
QSM_ALWAYS_INLINE std::uint64_t share_of(std::uint64_t x, std::uint64_t size) {
  return qsm::detail::multiply(x, size).high;
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

}  // namespace qsm::inline v0::sketches::detail
