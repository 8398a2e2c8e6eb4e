#include <qsm/core/detail/integer_hashes.hpp>
#include <qsm/core/wyhash.hpp>

namespace qsm::inline v0::inline core {

QSM_INLINE std::uint64_t wyhash(ByteView bytes, std::uint64_t seed) {
  using detail::folded, detail::read32, detail::read64;
  constexpr auto& secret = detail::wyhash_secret;
  const std::byte* at = bytes.data;
  const std::size_t size = bytes.size;
  seed ^= folded(seed ^ secret[0], secret[1]);
  std::uint64_t a = 0, b = 0;
  if (size > 16) {
    const std::byte* const end = at + size;
    if (size >= 48) {
      std::uint64_t two = seed, three = seed;
      for (; end - at >= 48; at += 48) {
        seed = folded(read64(at) ^ secret[1], read64(at + 8) ^ seed);
        two = folded(read64(at + 16) ^ secret[2], read64(at + 24) ^ two);
        three = folded(read64(at + 32) ^ secret[3], read64(at + 40) ^ three);
      }
      seed ^= two ^ three;
    }
    for (; end - at > 16; at += 16) seed = folded(read64(at) ^ secret[1], read64(at + 8) ^ seed);
    a = read64(end - 16);
    b = read64(end - 8);
  } else if (size >= 4) {
    const std::size_t step = size / 8 * 4;
    a = read32(at) << 32 | read32(at + step);
    b = read32(at + size - 4) << 32 | read32(at + size - 4 - step);
  } else if (size > 0) {
    const auto byte = [at](std::size_t i) { return std::to_integer<std::uint64_t>(at[i]); };
    a = byte(0) << 16 | byte(size / 2) << 8 | byte(size - 1);
  }
  return detail::wyhash_finished(a, b, seed, size);
}

QSM_INLINE std::uint64_t wyhash(std::uint64_t value, std::uint64_t seed) { return detail::wyhash_of_8(value, seed); }

}  // namespace qsm::inline v0::inline core
