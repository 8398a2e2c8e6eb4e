#include <qsm/core/detail/integer_hashes.hpp>
#include <qsm/core/siphash.hpp>

namespace qsm::inline v0::inline core {

QSM_INLINE std::uint64_t siphash(ByteView bytes, const std::array<std::uint64_t, 2>& key) {
  detail::SipState state(key[0], key[1]);
  const std::byte* at = bytes.data;
  std::size_t left = bytes.size;
  for (; left >= 8; at += 8, left -= 8) state.take(detail::read64(at));
  std::uint64_t rest = static_cast<std::uint64_t>(bytes.size) << 56;
  for (std::size_t i = 0; i < left; ++i) rest |= std::to_integer<std::uint64_t>(at[i]) << (8 * i);
  state.take(rest);
  return state.finish();
}

QSM_INLINE std::uint64_t siphash(std::uint64_t value, const std::array<std::uint64_t, 2>& key) {
  return detail::siphash_of_8(value, key[0], key[1]);
}

}  // namespace qsm::inline v0::inline core
