#pragma once
// The kernels of matrix products for every level, and the table of them for the level in use.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include <qsm/kernels/detail/levels.hpp>
#include <qsm/kernels/detail/packed_access.hpp>

namespace qsm::inline v0::kernels::detail {

/// sums += a b, or = a b: a by rows of words, b a panel, sums by rows of panel_width.
using MultiplyPanel = void (*)(const std::uint32_t* a, std::size_t stride, std::size_t rows, const std::uint32_t* b,
                               std::size_t columns, std::size_t depth, void* sums, bool afresh);
/// Makes a panel's words ready for the tiles.
using Expand = void (*)(const std::uint32_t* from, std::size_t steps, std::uint32_t* to);

/// What a group's sums are multiplied by and lessened by: scale (sum - middle whole_sum - zero sum of the row's numbers).
struct GroupTerms {
  const float* scales;
  const float* zeros;              // or nothing
  const float* sums;               // of each row of x in the group, `stride` apart
  const std::int32_t* whole_sums;  // the same of integers, or nothing
  std::size_t stride;
  std::int32_t middle;
};
/// out += the group's sums with its terms, row by row.
using AddScaled = void (*)(const void* sums, std::size_t rows, const GroupTerms& terms, float* out);

struct GemmKernels {
  MultiplyPanel multiply_float32, multiply_bfloat16, multiply_int8, multiply_int4;
  Expand bfloat16_to_float32, float16_to_float32, int8_to_float32, int8_to_bfloat16, int4_to_float32, int4_to_bfloat16,
      int4_to_int8;
  AddScaled add_scaled_float32, add_scaled_int32;
  void (*round_to_int8)(const float* numbers, std::size_t size, float factor, std::int8_t* out);
  float (*largest)(const float* numbers, std::size_t size);
};

namespace scalar {
#include <qsm/kernels/detail/lanes_scalar.inc>
#include <qsm/kernels/detail/tiles_gemm.inc>
}  // namespace scalar

#if QSM_SIMD_X86
QSM_TARGET_BEGIN("avx2,fma,f16c")
namespace avx2 {
#include <qsm/kernels/detail/lanes_avx2.inc>
#include <qsm/kernels/detail/tiles_gemm.inc>
}  // namespace avx2
QSM_TARGET_END

QSM_TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c")
namespace avx512 {
#define QSM_DOT_PRODUCTS 0
#include <qsm/kernels/detail/lanes_avx512.inc>
#include <qsm/kernels/detail/tiles_gemm.inc>
#undef QSM_DOT_PRODUCTS
}  // namespace avx512
QSM_TARGET_END

QSM_TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512bf16,avx2,fma,f16c")
namespace avx512_bf16 {
#define QSM_DOT_PRODUCTS 1
#include <qsm/kernels/detail/lanes_avx512.inc>
#include <qsm/kernels/detail/tiles_gemm.inc>
#undef QSM_DOT_PRODUCTS
}  // namespace avx512_bf16
QSM_TARGET_END
#endif

/// The kernels of the level in use.
inline const GemmKernels& gemm_kernels() {
#if QSM_SIMD_X86
  switch (simd_level()) {
    case SimdLevel::avx512_bf16:
      return avx512_bf16::kernels;
    case SimdLevel::avx512:
      return avx512::kernels;
    case SimdLevel::avx2:
      return avx2::kernels;
    case SimdLevel::scalar:
      break;
  }
#endif
  return scalar::kernels;
}

}  // namespace qsm::inline v0::kernels::detail
