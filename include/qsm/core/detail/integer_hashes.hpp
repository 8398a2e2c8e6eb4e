#pragma once
// Hashes of one 64-bit integer, as eight bytes, the least significant first: what the hashes of bytes come to at that
// length, free of branches, so that loops over them are vectorised.

#include <array>
#include <bit>
#include <cstdint>

#include <qsm/core/hashing.hpp>
#include <qsm/core/simd.hpp>

namespace qsm::inline v0::inline core::detail {

constexpr std::uint64_t byte_swapped(std::uint64_t x) {
  x = (x & 0x00ff00ff00ff00ff) << 8 | (x >> 8 & 0x00ff00ff00ff00ff);
  x = (x & 0x0000ffff0000ffff) << 16 | (x >> 16 & 0x0000ffff0000ffff);
  return std::rotl(x, 32);
}

/// The first 64 bits of the eight bytes at `at`.
inline std::uint64_t read64(const std::byte* at) { return little_endian<8>(at); }
inline std::uint64_t read32(const std::byte* at) { return little_endian<4>(at); }

/// The halves of the 128-bit product.
struct Product {
  std::uint64_t low, high;
};
constexpr Product multiply(std::uint64_t a, std::uint64_t b) {
#ifdef __SIZEOF_INT128__
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return {static_cast<std::uint64_t>(product), static_cast<std::uint64_t>(product >> 64)};
#else
  const std::uint64_t a0 = a & 0xffffffff, a1 = a >> 32, b0 = b & 0xffffffff, b1 = b >> 32;
  const std::uint64_t low = a0 * b0, one = a1 * b0 + (low >> 32), two = a0 * b1 + (one & 0xffffffff);
  return {two << 32 | (low & 0xffffffff), a1 * b1 + (one >> 32) + (two >> 32)};
#endif
}
constexpr std::uint64_t folded(std::uint64_t a, std::uint64_t b) {
  const Product product = multiply(a, b);
  return product.low ^ product.high;
}

// The first part of XXH3's secret, two words of which keep inputs of 4 to 8 bytes apart.
inline constexpr std::uint64_t xxh3_flip8 = 0x1cad21f72c81017c ^ 0xdb979083e96dd4de;

QSM_ALWAYS_INLINE std::uint64_t xxh3_of_8(std::uint64_t value, std::uint64_t seed) {
  const std::uint64_t spread = seed ^ (byte_swapped(seed & 0xffffffff) & 0xffffffff00000000);
  std::uint64_t hash = std::rotl(value, 32) ^ (xxh3_flip8 - spread);
  hash ^= std::rotl(hash, 49) ^ std::rotl(hash, 24);
  hash *= 0x9fb21c651e98df25;
  hash ^= (hash >> 35) + 8;
  hash *= 0x9fb21c651e98df25;
  return hash ^ (hash >> 28);
}

QSM_ALWAYS_INLINE std::uint64_t xxhash64_of_8(std::uint64_t value, std::uint64_t seed) {
  constexpr auto& prime = xxhash64_primes;
  std::uint64_t hash = seed + prime[4] + 8;
  hash = std::rotl(hash ^ xxhash64_round(0, value), 27) * prime[0] + prime[3];
  hash = (hash ^ (hash >> 33)) * prime[1];
  hash = (hash ^ (hash >> 29)) * prime[2];
  return hash ^ (hash >> 32);
}

QSM_ALWAYS_INLINE std::uint64_t murmur_mixed(std::uint64_t hash) {
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
  return hash ^ (hash >> 33);
}

inline constexpr std::uint64_t murmur_primes[] = {0x87c37b91114253d5, 0x4cf5ad432745937f};

QSM_ALWAYS_INLINE std::array<std::uint64_t, 2> murmur3_finished(std::uint64_t one, std::uint64_t two,
                                                                std::uint64_t size) {
  one ^= size;
  two ^= size;
  one += two;
  two += one;
  one = murmur_mixed(one);
  two = murmur_mixed(two);
  one += two;
  return {one, two + one};
}

QSM_ALWAYS_INLINE std::array<std::uint64_t, 2> murmur3_128_of_8(std::uint64_t value, std::uint64_t seed) {
  return murmur3_finished(seed ^ std::rotl(value * murmur_primes[0], 31) * murmur_primes[1], seed, 8);
}

inline constexpr std::uint64_t murmur64a_prime = 0xc6a4a7935bd1e995;

QSM_ALWAYS_INLINE std::uint64_t murmur64a_of_8(std::uint64_t value, std::uint64_t seed) {
  constexpr std::uint64_t prime = murmur64a_prime;
  value *= prime;
  value = (value ^ (value >> 47)) * prime;
  std::uint64_t hash = ((seed ^ 8 * prime) ^ value) * prime;
  hash = (hash ^ (hash >> 47)) * prime;
  return hash ^ (hash >> 47);
}

inline constexpr std::uint64_t wyhash_secret[] = {0x2d358dccaa6c78a5, 0x8bb84b93962eacc9, 0x4b33a62ed433d4a3,
                                                  0x4d5a2da51de1aa47};

QSM_ALWAYS_INLINE std::uint64_t wyhash_finished(std::uint64_t a, std::uint64_t b, std::uint64_t seed,
                                                std::uint64_t size) {
  const Product product = multiply(a ^ wyhash_secret[1], b ^ seed);
  return folded(product.low ^ wyhash_secret[0] ^ size, product.high ^ wyhash_secret[1]);
}

QSM_ALWAYS_INLINE std::uint64_t wyhash_of_8(std::uint64_t value, std::uint64_t seed) {
  seed ^= folded(seed ^ wyhash_secret[0], wyhash_secret[1]);
  return wyhash_finished(std::rotl(value, 32), value, seed, 8);
}

/// The four words of SipHash.
struct SipState {
  std::uint64_t a, b, c, d;

  QSM_ALWAYS_INLINE SipState(std::uint64_t key0, std::uint64_t key1)
      : a(key0 ^ 0x736f6d6570736575),
        b(key1 ^ 0x646f72616e646f6d),
        c(key0 ^ 0x6c7967656e657261),
        d(key1 ^ 0x7465646279746573) {}
  QSM_ALWAYS_INLINE void round() {
    a += b;
    b = std::rotl(b, 13) ^ a;
    a = std::rotl(a, 32);
    c += d;
    d = std::rotl(d, 16) ^ c;
    a += d;
    d = std::rotl(d, 21) ^ a;
    c += b;
    b = std::rotl(b, 17) ^ c;
    c = std::rotl(c, 32);
  }
  QSM_ALWAYS_INLINE void take(std::uint64_t word) {
    d ^= word;
    round();
    round();
    a ^= word;
  }
  QSM_ALWAYS_INLINE std::uint64_t finish() {
    c ^= 0xff;
    for (int i = 0; i < 4; ++i) round();
    return a ^ b ^ c ^ d;
  }
};

QSM_ALWAYS_INLINE std::uint64_t siphash_of_8(std::uint64_t value, std::uint64_t key0, std::uint64_t key1) {
  SipState state(key0, key1);
  state.take(value);
  state.take(std::uint64_t{8} << 56);
  return state.finish();
}

}  // namespace qsm::inline v0::inline core::detail
