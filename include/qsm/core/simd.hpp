#pragma once
/// @file
/// Vector instructions, chosen when the program runs: one text of a kernel, compiled for each level; the processor (or
/// the environment variable QSM_SIMD = scalar, avx2, avx512 or avx512_bf16) says which is called. Every level gives the same bits, except
/// where the room `kernels` says otherwise.

#include <cstddef>
#include <string_view>

#include <qsm/core/config.hpp>

#if defined(__x86_64__) && defined(__GNUC__)
#define QSM_SIMD_X86 1
#define QSM_ALWAYS_INLINE [[gnu::always_inline]] inline
#define QSM_AVX2 [[gnu::target("avx2,fma"), gnu::flatten]]
#define QSM_AVX512 [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"), gnu::flatten]]
#else
#define QSM_SIMD_X86 0
#define QSM_ALWAYS_INLINE inline
#endif

namespace qsm::inline v0::inline core {

/// What vector instructions kernels use; each level includes those before it.
enum class SimdLevel {
  scalar,       // what the compiler was told it may use
  avx2,         // 256 bits, with fused multiply-add
  avx512,       // 512 bits: F, BW, DQ, VL
  avx512_bf16,  // and dot products of short numbers: VNNI, BF16
};

/// Highest level of this processor.
SimdLevel simd_level_of_machine();

/// Level in use: that of the machine, unless QSM_SIMD or force_simd_level says otherwise. Throws std::invalid_argument
/// where QSM_SIMD names no level, or one that the machine lacks.
SimdLevel simd_level();

/// Makes every later call, on every thread, use the level; for tests and benchmarks. Throws std::invalid_argument
/// where the machine lacks it.
void force_simd_level(SimdLevel level);

/// "scalar", "avx2", "avx512" or "avx512_bf16".
std::string_view simd_name(SimdLevel level);

namespace detail {

#if QSM_SIMD_X86
template <class Kernel, class... Arguments>
QSM_AVX2 void run_avx2(const Kernel& kernel, Arguments... arguments) {
  kernel(arguments...);
}
template <class Kernel, class... Arguments>
QSM_AVX512 void run_avx512(const Kernel& kernel, Arguments... arguments) {
  kernel(arguments...);
}
#endif

/// Calls the kernel compiled for the level in use. Its operator() and all that it calls must be QSM_ALWAYS_INLINE.
template <class Kernel, class... Arguments>
void dispatch(const Kernel& kernel, Arguments... arguments) {
#if QSM_SIMD_X86
  const SimdLevel level = simd_level();
  if (level >= SimdLevel::avx512) return run_avx512(kernel, arguments...);
  if (level == SimdLevel::avx2) return run_avx2(kernel, arguments...);
#endif
  kernel(arguments...);
}

/// Kernel that replaces each value by map(value). Whole blocks of fixed length are loops that compilers vectorise; the
/// rest is a block filled up.
template <class Map>
struct InPlace {
  Map mapping;

  QSM_ALWAYS_INLINE void operator()(double* values, std::size_t size) const {
    const Map map = mapping;  // a copy that no store to values can change
    constexpr std::size_t length = 32;
    std::size_t at = 0;
    for (; at + length <= size; at += length)
      for (std::size_t i = 0; i < length; ++i) values[at + i] = map(values[at + i]);
    if (at == size) return;
    double rest[length];
    for (std::size_t i = 0; i < length; ++i) rest[i] = at + i < size ? values[at + i] : 0.5;
    for (std::size_t i = 0; i < length; ++i) rest[i] = map(rest[i]);
    for (std::size_t i = at; i < size; ++i) values[i] = rest[i - at];
  }
};

}  // namespace detail

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/simd.ipp>
#endif
