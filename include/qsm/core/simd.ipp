#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <qsm/core/simd.hpp>

namespace qsm::inline v0::inline core {

namespace detail {

inline constexpr std::string_view simd_names[] = {"scalar", "avx2", "avx512", "avx512_bf16"};

inline SimdLevel checked_simd_level(const char* function, SimdLevel level) {
  if (level < SimdLevel::scalar || level > simd_level_of_machine())
    throw std::invalid_argument(std::string(function) + ": level " + std::string(simd_name(level)) +
                                " is not available, this machine has " +
                                std::string(simd_name(simd_level_of_machine())));
  return level;
}

inline SimdLevel first_simd_level() {
  const char* const wish = std::getenv("QSM_SIMD");
  if (wish == nullptr || *wish == '\0') return simd_level_of_machine();
  for (const auto level : {SimdLevel::scalar, SimdLevel::avx2, SimdLevel::avx512, SimdLevel::avx512_bf16})
    if (simd_name(level) == wish) return checked_simd_level("simd_level: QSM_SIMD", level);
  throw std::invalid_argument("simd_level: QSM_SIMD must be scalar, avx2, avx512 or avx512_bf16, got '" +
                              std::string(wish) + "'");
}

inline std::atomic<SimdLevel>& simd_level_in_use() {
  static std::atomic<SimdLevel> level{first_simd_level()};
  return level;
}

}  // namespace detail

QSM_INLINE SimdLevel simd_level_of_machine() {
#if QSM_SIMD_X86
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("f16c"))
    return SimdLevel::scalar;
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl"))
    return SimdLevel::avx2;
  if (!__builtin_cpu_supports("avx512vnni") || !__builtin_cpu_supports("avx512bf16")) return SimdLevel::avx512;
  return SimdLevel::avx512_bf16;
#else
  return SimdLevel::scalar;
#endif
}

QSM_INLINE SimdLevel simd_level() { return detail::simd_level_in_use().load(std::memory_order_relaxed); }

QSM_INLINE void force_simd_level(SimdLevel level) {
  detail::simd_level_in_use().store(detail::checked_simd_level("force_simd_level", level), std::memory_order_relaxed);
}

QSM_INLINE std::string_view simd_name(SimdLevel level) {
  const auto index = static_cast<std::size_t>(level);
  return index < std::size(detail::simd_names) ? detail::simd_names[index] : "unknown";
}

}  // namespace qsm::inline v0::inline core
