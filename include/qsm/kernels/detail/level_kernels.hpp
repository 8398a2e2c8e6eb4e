#pragma once
// The kernels of matrix products for every level, and the table of them for the level in use.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include <qsm/kernels/detail/levels.hpp>
#include <qsm/kernels/detail/matrices.hpp>

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
  std::size_t tile_rows;  // of a tile of full height
};

inline constexpr std::size_t wide_panel = 64;  // columns of a panel of attention: keys, or places of a head
inline constexpr float infinite = std::numeric_limits<float>::infinity();

/// Scores of some queries with a block of keys, by panels of keys and in them by rows, and what is known of each row.
struct SoftmaxBlock {
  float* scores;
  std::size_t rows;
  std::size_t keys;
  float factor;    // what differences of scores are times to be powers of two, > 0
  float* largest;  // score of a row so far
  float* sums;     // of a row's probabilities so far
  float* shrink;   // what the row's results so far are to be multiplied by
  std::uint32_t* probabilities;
  std::size_t stride;         // words from a row to the next
  std::size_t keys_per_word;  // 2 for bfloat16, 1 for float32
};

struct AttentionKernels {
  MultiplyPanel multiply_float32, multiply_bfloat16;
  void (*softmax_rows)(const SoftmaxBlock& block);
  void (*shrink_rows)(float* values, std::size_t rows, std::size_t panels, const float* factors);
  void (*pack_keys)(const std::uint32_t* const* keys, std::size_t count, std::size_t words, std::uint32_t* to);
  void (*pack_value_pair)(const std::uint16_t* even, const std::uint16_t* odd, std::size_t size, std::uint32_t* to,
                          std::size_t panel_stride);
  std::size_t tile_rows;  // of a tile of full height
};

inline std::uint32_t word_at(const std::uint32_t* words, std::size_t index) {
  std::uint32_t word;
  std::memcpy(&word, reinterpret_cast<const char*>(words) + index * sizeof word, sizeof word);
  return word;
}

namespace scalar {
#include <qsm/kernels/detail/lanes_scalar.inc>
#include <qsm/kernels/detail/tiles_gemm.inc>
// attention multiplies with the tiles of products
#include <qsm/kernels/detail/tiles_attention.inc>
}  // namespace scalar

#if QSM_SIMD_X86
QSM_TARGET_BEGIN("avx2,fma,f16c")
namespace avx2 {
#include <qsm/kernels/detail/lanes_avx2.inc>
#include <qsm/kernels/detail/tiles_gemm.inc>
// attention multiplies with the tiles of products
#include <qsm/kernels/detail/tiles_attention.inc>
}  // namespace avx2
QSM_TARGET_END

QSM_TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c")
namespace avx512 {
#define QSM_DOT_PRODUCTS 0
#include <qsm/kernels/detail/lanes_avx512.inc>
#include <qsm/kernels/detail/tiles_gemm.inc>
// attention multiplies with the tiles of products
#include <qsm/kernels/detail/tiles_attention.inc>
#undef QSM_DOT_PRODUCTS
}  // namespace avx512
QSM_TARGET_END

QSM_TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512bf16,avx2,fma,f16c")
namespace avx512_bf16 {
#define QSM_DOT_PRODUCTS 1
#include <qsm/kernels/detail/lanes_avx512.inc>
#include <qsm/kernels/detail/tiles_gemm.inc>
// attention multiplies with the tiles of products
#include <qsm/kernels/detail/tiles_attention.inc>
#undef QSM_DOT_PRODUCTS
}  // namespace avx512_bf16
QSM_TARGET_END
#endif

/// The kernels of the level in use.
#if QSM_SIMD_X86
#define QSM_OF_LEVEL(table)      \
  switch (simd_level()) {        \
    case SimdLevel::avx512_bf16: \
      return avx512_bf16::table; \
    case SimdLevel::avx512:      \
      return avx512::table;      \
    case SimdLevel::avx2:        \
      return avx2::table;        \
    case SimdLevel::scalar:      \
      break;                     \
  }                              \
  return scalar::table
#else
#define QSM_OF_LEVEL(table) return scalar::table
#endif
inline const GemmKernels& gemm_kernels() { QSM_OF_LEVEL(gemm_kernels); }
inline const AttentionKernels& attention_kernels() { QSM_OF_LEVEL(attention_kernels); }

}  // namespace qsm::inline v0::kernels::detail
