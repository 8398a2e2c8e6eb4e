#include <bit>

#include <qsm/core/detail/integer_hashes.hpp>
#include <qsm/core/murmur.hpp>

namespace qsm::inline v0::inline core {
namespace detail {

/// Up to eight bytes, the least significant first; 0 of none.
inline std::uint64_t read_few(const std::byte* at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value |= std::to_integer<std::uint64_t>(at[i]) << (8 * i);
  return value;
}

}  // namespace detail

QSM_INLINE std::array<std::uint64_t, 2> murmur3_128(ByteView bytes, std::uint64_t seed) {
  constexpr auto& prime = detail::murmur_primes;
  const auto first = [](std::uint64_t word) { return std::rotl(word * prime[0], 31) * prime[1]; };
  const auto second = [](std::uint64_t word) { return std::rotl(word * prime[1], 33) * prime[0]; };
  std::uint64_t one = seed, two = seed;
  const std::byte* at = bytes.data;
  std::size_t left = bytes.size;
  for (; left >= 16; at += 16, left -= 16) {
    one = (std::rotl(one ^ first(detail::read64(at)), 27) + two) * 5 + 0x52dce729;
    two = (std::rotl(two ^ second(detail::read64(at + 8)), 31) + one) * 5 + 0x38495ab5;
  }
  if (left > 8) two ^= second(detail::read_few(at + 8, left - 8));
  if (left > 0) one ^= first(detail::read_few(at, left < 8 ? left : 8));
  return detail::murmur3_finished(one, two, bytes.size);
}

QSM_INLINE std::array<std::uint64_t, 2> murmur3_128(std::uint64_t value, std::uint64_t seed) {
  return detail::murmur3_128_of_8(value, seed);
}

QSM_INLINE std::uint32_t murmur3_32(ByteView bytes, std::uint32_t seed) {
  const auto mixed = [](std::uint64_t word) {
    return std::rotl(static_cast<std::uint32_t>(word) * 0xcc9e2d51u, 15) * 0x1b873593u;
  };
  std::uint32_t hash = seed;
  const std::byte* at = bytes.data;
  std::size_t left = bytes.size;
  for (; left >= 4; at += 4, left -= 4) hash = std::rotl(hash ^ mixed(detail::read32(at)), 13) * 5 + 0xe6546b64u;
  if (left > 0) hash ^= mixed(detail::read_few(at, left));
  hash ^= static_cast<std::uint32_t>(bytes.size);
  hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
  return hash ^ (hash >> 16);
}

QSM_INLINE std::uint64_t murmur64a(ByteView bytes, std::uint64_t seed) {
  constexpr std::uint64_t prime = detail::murmur64a_prime;
  std::uint64_t hash = seed ^ bytes.size * prime;
  const std::byte* at = bytes.data;
  std::size_t left = bytes.size;
  for (; left >= 8; at += 8, left -= 8) {
    const std::uint64_t word = detail::read64(at) * prime;
    hash = (hash ^ (word ^ (word >> 47)) * prime) * prime;
  }
  if (left > 0) hash = (hash ^ detail::read_few(at, left)) * prime;
  hash = (hash ^ (hash >> 47)) * prime;
  return hash ^ (hash >> 47);
}

QSM_INLINE std::uint64_t murmur64a(std::uint64_t value, std::uint64_t seed) {
  return detail::murmur64a_of_8(value, seed);
}

}  // namespace qsm::inline v0::inline core
