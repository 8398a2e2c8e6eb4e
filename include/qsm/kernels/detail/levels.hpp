#pragma once
// Texts compiled once for each level of vector instructions: what stands between QSM_TARGET_BEGIN and QSM_TARGET_END may
// use the instructions of that level. Which level runs is asked when the program runs (core/simd.hpp).

#include <cstddef>
#include <cstdint>

#include <qsm/core/simd.hpp>

#if QSM_SIMD_X86
#include <immintrin.h>
#endif

#define QSM_PRAGMA(text) _Pragma(#text)
#if defined(__clang__)
#define QSM_TARGET_BEGIN(features) \
  QSM_PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define QSM_TARGET_END QSM_PRAGMA(clang attribute pop)
#define QSM_UNROLL QSM_PRAGMA(unroll)
#else
#define QSM_TARGET_BEGIN(features) QSM_PRAGMA(GCC push_options) QSM_PRAGMA(GCC target(features))
#define QSM_TARGET_END QSM_PRAGMA(GCC pop_options)
#define QSM_UNROLL QSM_PRAGMA(GCC unroll 8)
#endif

namespace qsm::inline v0::kernels::detail {

// Numbers travel to the kernels in words of 32 bits: one float, two bfloat16, or four bytes that lie side by side along
// the dimension that is summed over.
struct OfFloat32 {
  using Sum = float;
};
struct OfBfloat16 {
  using Sum = float;
};
struct OfInt8 {  // left signed, right unsigned
  using Sum = std::int32_t;
};
struct OfInt4 {  // left signed, right unsigned and at most 15
  using Sum = std::int32_t;
};

}  // namespace qsm::inline v0::kernels::detail
