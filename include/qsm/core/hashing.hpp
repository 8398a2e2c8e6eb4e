#pragma once
/// @file
/// Hashes with fixed values on every platform: SplitMix64 for integers, xxHash64 for bytes. XXH3, Murmur, wyhash and
/// SipHash have headers of their own.

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace qsm::inline v0::inline core {

/// Bytes that are looked at: those of a text, or of a span.
struct ByteView {
  constexpr ByteView(std::span<const std::byte> bytes) : data(bytes.data()), size(bytes.size()) {}
  template <std::convertible_to<std::string_view> Text>
  ByteView(const Text& text) : ByteView(std::as_bytes(std::span(std::string_view(text)))) {}

  const std::byte* data;
  std::size_t size;
};

/// Next output of SplitMix64 from the state `value`: a bijection that spreads every input bit over all 64.
///
/// @param value  state before the step [1], any 64-bit integer
/// @returns      hash [1], any 64-bit integer
/// @source       Steele, Lea, Flood 2014, Fast splittable pseudorandom number generators (64-bit mix: Stafford's variant
///               13)
constexpr std::uint64_t splitmix64(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

namespace detail {

inline constexpr std::uint64_t xxhash64_primes[] = {0x9e3779b185ebca87, 0xc2b2ae3d27d4eb4f, 0x165667b19e3779f9,
                                                    0x85ebca77c2b2ae63, 0x27d4eb2f165667c5};

/// `width` bytes from `at`, the least significant first.
template <int width, class Byte>
constexpr std::uint64_t little_endian(const Byte* at) {
  std::uint64_t value = 0;
  for (int i = 0; i < width; ++i) value |= std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
  return value;
}

constexpr std::uint64_t xxhash64_round(std::uint64_t lane, std::uint64_t input) {
  return std::rotl(lane + input * xxhash64_primes[1], 31) * xxhash64_primes[0];
}

template <class Byte>
constexpr std::uint64_t xxhash64_bytes(const Byte* at, std::size_t size, std::uint64_t seed) {
  constexpr auto& prime = xxhash64_primes;
  const Byte* const end = at + size;
  std::uint64_t hash = seed + prime[4];
  if (size >= 32) {
    std::uint64_t lanes[] = {seed + prime[0] + prime[1], seed + prime[1], seed, seed - prime[0]};
    for (; end - at >= 32; at += 32)
      for (int lane = 0; lane < 4; ++lane) lanes[lane] = xxhash64_round(lanes[lane], little_endian<8>(at + 8 * lane));
    hash = std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7) + std::rotl(lanes[2], 12) + std::rotl(lanes[3], 18);
    for (const std::uint64_t lane : lanes) hash = (hash ^ xxhash64_round(0, lane)) * prime[0] + prime[3];
  }
  hash += size;
  for (; end - at >= 8; at += 8)
    hash = std::rotl(hash ^ xxhash64_round(0, little_endian<8>(at)), 27) * prime[0] + prime[3];
  if (end - at >= 4) {
    hash = std::rotl(hash ^ little_endian<4>(at) * prime[0], 23) * prime[1] + prime[2];
    at += 4;
  }
  for (; at != end; ++at) hash = std::rotl(hash ^ little_endian<1>(at) * prime[4], 11) * prime[0];
  hash = (hash ^ (hash >> 33)) * prime[1];
  hash = (hash ^ (hash >> 29)) * prime[2];
  return hash ^ (hash >> 32);
}

}  // namespace detail

/// xxHash64 of a run of bytes.
///
/// @param bytes  what is hashed [B], any length
/// @param seed   picks one of 2^64 unlike functions [1], any 64-bit integer
/// @returns      hash [1], any 64-bit integer
/// @source       Collet 2014-2020, xxHash fast digest algorithm, specification 0.1.1, section XXH64
constexpr std::uint64_t xxhash64(std::span<const std::byte> bytes, std::uint64_t seed = 0) {
  return detail::xxhash64_bytes(bytes.data(), bytes.size(), seed);
}

/// xxHash64 of a text.
///
/// @param text  what is hashed [B], any length
/// @param seed  picks one of 2^64 unlike functions [1], any 64-bit integer
/// @returns     hash [1], any 64-bit integer
/// @source      Collet 2014-2020, xxHash fast digest algorithm, specification 0.1.1, section XXH64
constexpr std::uint64_t xxhash64(std::string_view text, std::uint64_t seed = 0) {
  return detail::xxhash64_bytes(text.data(), text.size(), seed);
}

/// xxHash64 of an integer, taken as its eight bytes, the least significant first.
///
/// @param value  what is hashed [1], any 64-bit integer
/// @param seed   picks one of 2^64 unlike functions [1], any 64-bit integer
/// @returns      hash [1], any 64-bit integer
/// @source       Collet 2014-2020, xxHash fast digest algorithm, specification 0.1.1, section XXH64
constexpr std::uint64_t xxhash64(std::uint64_t value, std::uint64_t seed = 0) {
  unsigned char bytes[8]{};
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<unsigned char>(value >> (8 * i));
  return detail::xxhash64_bytes(bytes, 8, seed);
}

}  // namespace qsm::inline v0::inline core
