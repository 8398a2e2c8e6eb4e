#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include <qsm/core/detail/integer_hashes.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/core/xxh3.hpp>

namespace qsm::inline v0::inline core {
namespace detail {

inline constexpr std::array<std::uint64_t, 24> xxh3_words = {
    0xbe4ba423396cfeb8, 0x1cad21f72c81017c, 0xdb979083e96dd4de, 0x1f67b3b7a4a44072, 0x78e5c0cc4ee679cb,
    0x2172ffcc7dd05a82, 0x8e2443f7744608b8, 0x4c263a81e69035e0, 0xcb00c391bb52283c, 0xa32e531b8b65d088,
    0x4ef90da297486471, 0xd8acdea946ef1938, 0x3f349ce33f76faa8, 0x1d4f0bc7c7bbdcf9, 0x3159b4cd4be0518a,
    0x647378d9c97e9fc8, 0xc3ebd33483acc5ea, 0xeb6313faffa081c5, 0x49daf0b751dd0d17, 0x9e68d429265516d3,
    0xfca1477d58be162b, 0xce31d07ad1b8f88f, 0x280416958f3acb45, 0x7e404bbbcafbd7af};
inline constexpr std::uint64_t xxh3_primes32[] = {0x9e3779b1, 0x85ebca77, 0xc2b2ae3d};
inline constexpr std::size_t xxh3_stripe = 64;
inline constexpr std::size_t xxh3_block = 16 * xxh3_stripe;

using Xxh3Secret = std::array<std::byte, 192>;

/// The secret that a seed makes of the fixed one.
inline Xxh3Secret xxh3_secret(std::uint64_t seed) {
  Xxh3Secret secret;
  for (std::size_t i = 0; i < xxh3_words.size(); ++i) {
    const std::uint64_t word = i % 2 == 0 ? xxh3_words[i] + seed : xxh3_words[i] - seed;
    for (std::size_t k = 0; k < 8; ++k) secret[8 * i + k] = static_cast<std::byte>(word >> (8 * k));
  }
  return secret;
}
inline const Xxh3Secret& xxh3_first_secret() {
  static const Xxh3Secret secret = xxh3_secret(0);
  return secret;
}

inline std::uint64_t xxh3_spread(std::uint64_t hash) {
  hash = (hash ^ (hash >> 37)) * 0x165667919e3779f9;
  return hash ^ (hash >> 32);
}
inline std::uint64_t xxhash64_spread(std::uint64_t hash) {
  hash = (hash ^ (hash >> 33)) * xxhash64_primes[1];
  hash = (hash ^ (hash >> 29)) * xxhash64_primes[2];
  return hash ^ (hash >> 32);
}
inline std::uint64_t xxh3_pair(const std::byte* at, const std::byte* secret, std::uint64_t seed) {
  return folded(read64(at) ^ (read64(secret) + seed), read64(at + 8) ^ (read64(secret + 8) - seed));
}

inline std::uint64_t xxh3_to_16(const std::byte* at, std::size_t size, std::uint64_t seed) {
  constexpr auto& word = xxh3_words;
  if (size > 8) {
    const std::uint64_t low = read64(at) ^ ((word[3] ^ word[4]) + seed);
    const std::uint64_t high = read64(at + size - 8) ^ ((word[5] ^ word[6]) - seed);
    return xxh3_spread(size + byte_swapped(low) + high + folded(low, high));
  }
  if (size >= 4) {
    const std::uint64_t spread = seed ^ (byte_swapped(seed & 0xffffffff) & 0xffffffff00000000);
    std::uint64_t hash = (read32(at + size - 4) + (read32(at) << 32)) ^ (xxh3_flip8 - spread);
    hash ^= std::rotl(hash, 49) ^ std::rotl(hash, 24);
    hash *= 0x9fb21c651e98df25;
    hash = (hash ^ ((hash >> 35) + size)) * 0x9fb21c651e98df25;
    return hash ^ (hash >> 28);
  }
  if (size == 0) return xxhash64_spread(seed ^ word[7] ^ word[8]);
  const auto byte = [at](std::size_t i) { return std::to_integer<std::uint64_t>(at[i]); };
  const std::uint64_t combined = byte(0) << 16 | byte(size / 2) << 24 | byte(size - 1) | size << 8;
  return xxhash64_spread(combined ^ (((word[0] & 0xffffffff) ^ (word[0] >> 32)) + seed));
}

inline std::uint64_t xxh3_to_240(const std::byte* at, std::size_t size, std::uint64_t seed) {
  const std::byte* const secret = xxh3_first_secret().data();
  std::uint64_t hash = size * xxhash64_primes[0];
  if (size <= 128) {
    for (std::size_t i = (size - 1) / 32 + 1; i-- > 0;) {  // from the middle outwards
      hash += xxh3_pair(at + 16 * i, secret + 32 * i, seed);
      hash += xxh3_pair(at + size - 16 * (i + 1), secret + 32 * i + 16, seed);
    }
    return xxh3_spread(hash);
  }
  for (std::size_t i = 0; i < 8; ++i) hash += xxh3_pair(at + 16 * i, secret + 16 * i, seed);
  hash = xxh3_spread(hash);
  for (std::size_t i = 8; i < size / 16; ++i) hash += xxh3_pair(at + 16 * i, secret + 16 * (i - 8) + 3, seed);
  return xxh3_spread(hash + xxh3_pair(at + size - 16, secret + 119, seed));
}

/// Takes all of a long input in, stripe by stripe.
struct Xxh3Long {
  QSM_ALWAYS_INLINE static void stripe(std::uint64_t* lanes, const std::byte* at, const std::byte* secret) {
    std::uint64_t word[8], key[8];
    std::memcpy(word, at, sizeof word);
    std::memcpy(key, secret, sizeof key);
    if constexpr (std::endian::native == std::endian::big)
      for (int i = 0; i < 8; ++i) word[i] = byte_swapped(word[i]), key[i] = byte_swapped(key[i]);
    for (int i = 0; i < 8; ++i) key[i] ^= word[i];
    for (int i = 0; i < 8; ++i) lanes[i] += word[i ^ 1] + (key[i] & 0xffffffff) * (key[i] >> 32);
  }
  QSM_ALWAYS_INLINE void operator()(std::uint64_t* out, const std::byte* at, std::size_t size,
                                    const std::byte* secret) const {
    constexpr auto& prime = xxhash64_primes;
    std::uint64_t lanes[8] = {xxh3_primes32[2], prime[0],         prime[1], prime[2],
                              prime[3],         xxh3_primes32[1], prime[4], xxh3_primes32[0]};
    const std::byte* const last = at + size - xxh3_stripe;
    for (std::size_t left = size; left > xxh3_block; left -= xxh3_block, at += xxh3_block) {
      for (std::size_t i = 0; i < 16; ++i) stripe(lanes, at + xxh3_stripe * i, secret + 8 * i);
      for (int i = 0; i < 8; ++i)
        lanes[i] = (lanes[i] ^ (lanes[i] >> 47) ^ read64(secret + 128 + 8 * i)) * xxh3_primes32[0];
    }
    for (std::size_t i = 0; at < last; ++i, at += xxh3_stripe) stripe(lanes, at, secret + 8 * i);
    stripe(lanes, last, secret + 121);
    for (int i = 0; i < 8; ++i) out[i] = lanes[i];
  }
};

inline std::uint64_t xxh3_long(const std::byte* at, std::size_t size, std::uint64_t seed) {
  const Xxh3Secret own = seed == 0 ? Xxh3Secret{} : xxh3_secret(seed);
  const std::byte* const secret = seed == 0 ? xxh3_first_secret().data() : own.data();
  std::uint64_t lanes[8];
  dispatch(Xxh3Long{}, &lanes[0], at, size, secret);
  std::uint64_t hash = size * xxhash64_primes[0];
  for (std::size_t i = 0; i < 4; ++i)
    hash += folded(lanes[2 * i] ^ read64(secret + 11 + 16 * i), lanes[2 * i + 1] ^ read64(secret + 19 + 16 * i));
  return xxh3_spread(hash);
}

}  // namespace detail

QSM_INLINE std::uint64_t xxh3(ByteView bytes, std::uint64_t seed) {
  if (bytes.size <= 16) return detail::xxh3_to_16(bytes.data, bytes.size, seed);
  if (bytes.size <= 240) return detail::xxh3_to_240(bytes.data, bytes.size, seed);
  return detail::xxh3_long(bytes.data, bytes.size, seed);
}

QSM_INLINE std::uint64_t xxh3(std::uint64_t value, std::uint64_t seed) { return detail::xxh3_of_8(value, seed); }

}  // namespace qsm::inline v0::inline core
