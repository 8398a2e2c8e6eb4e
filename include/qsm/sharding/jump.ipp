#include <qsm/core/error.hpp>
#include <qsm/sharding/jump.hpp>

namespace qsm::inline v0::sharding {
namespace detail {

inline void check_buckets(const char* function, std::uint32_t buckets) {
  Check(function).that(buckets >= 1 && buckets < 0x80000000, "buckets", buckets, "an integer in [1, 2^31 - 1]");
}

}  // namespace detail

QSM_INLINE std::uint32_t jump(std::uint64_t key, std::uint32_t buckets) {
  detail::check_buckets("jump", buckets);
  return detail::jump_of(key, buckets);
}

QSM_INLINE std::uint32_t jump_back(std::uint64_t key, std::uint32_t buckets) {
  detail::check_buckets("jump_back", buckets);
  std::uint64_t state;
  return detail::jump_back_of(key, buckets, state);
}

QSM_INLINE std::uint32_t Jump::find(std::uint64_t hash) const { return detail::jump_of(hash, size()); }

QSM_INLINE void Jump::find_all(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> out) const {
  const std::uint32_t buckets = size();
  for (std::size_t i = 0; i < hashes.size(); ++i) out[i] = detail::jump_of(hashes[i], buckets);
}

QSM_INLINE std::uint32_t JumpBack::find(std::uint64_t hash) const {
  std::uint64_t state;
  return detail::jump_back_of(hash, size(), state);
}

QSM_INLINE void JumpBack::find_all(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> out) const {
  const std::uint32_t buckets = size();
  std::uint64_t state;
  for (std::size_t i = 0; i < hashes.size(); ++i) out[i] = detail::jump_back_of(hashes[i], buckets, state);
}

}  // namespace qsm::inline v0::sharding
