#include <bit>

#include <qsm/core/error.hpp>
#include <qsm/core/hashing.hpp>
#include <qsm/sharding/power.hpp>

namespace qsm::inline v0::sharding {
namespace detail {

/// Bucket among a power of two of them: the highest bit set says the octave, a hash of its own the place in it.
inline std::uint32_t power_of_two_bucket(std::uint64_t key, std::uint32_t buckets) {
  const std::uint32_t bits = static_cast<std::uint32_t>(key) & (buckets - 1);
  if (bits == 0) return 0;
  const std::uint32_t octave = std::bit_floor(bits);
  return octave + (static_cast<std::uint32_t>(splitmix64(key ^ splitmix64(octave)) >> 32) & (octave - 1));
}

inline std::uint32_t power_of(std::uint64_t key, std::uint32_t buckets) {
  const std::uint32_t whole = std::bit_ceil(buckets);
  const std::uint32_t first = power_of_two_bucket(key, whole);
  if (first < buckets) return first;
  const std::uint32_t half = whole / 2;
  std::uint32_t bucket = half - 1;
  for (std::uint64_t state = splitmix64(key ^ 0x6a09e667f3bcc908);; state += 0x9e3779b97f4a7c15) {
    const double uniform = (static_cast<double>(splitmix64(state) >> 11) + 0.5) * 0x1p-53;
    const double next = (static_cast<double>(bucket) + 1) / uniform;
    if (next >= buckets) break;
    bucket = static_cast<std::uint32_t>(next);
  }
  return bucket >= half ? bucket : power_of_two_bucket(key, half);
}

}  // namespace detail

QSM_INLINE std::uint32_t power(std::uint64_t key, std::uint32_t buckets) {
  Check("power").that(buckets >= 1 && buckets < 0x80000000, "buckets", buckets, "an integer in [1, 2^31 - 1]");
  return detail::power_of(key, buckets);
}

QSM_INLINE std::uint32_t Power::find(std::uint64_t hash) const { return detail::power_of(hash, size()); }

QSM_INLINE void Power::find_all(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> out) const {
  const std::uint32_t buckets = size();
  for (std::size_t i = 0; i < hashes.size(); ++i) out[i] = detail::power_of(hashes[i], buckets);
}

}  // namespace qsm::inline v0::sharding
