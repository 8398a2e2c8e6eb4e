#pragma once
/// @file
/// Products of numbers of 8 bits with scales for all, for rows, or for blocks: what GPUs compute, as they define it.

#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/kernels/gemm.hpp>
#include <qsm/kernels/number.hpp>

namespace qsm::inline v0::kernels {

/// What shares a scale.
enum class Float8Scales {
  tensor,  // all numbers
  row,     // numbers that are summed together: a row of x, a column of w
  block,   // 128 numbers of a row of x; 128 x 128 of w
};

/// Numbers of 8 bits with their scales.
struct Float8Matrix {
  /// The numbers divided by their scales, row by row, as bytes.
  std::vector<std::uint8_t> bytes;
  /// Scales, row by row: one; one for each row of x or column of w; or one for each block [1].
  std::vector<float> scales;
};

/// Rounds a left-hand side to 8 bits, the largest number that shares a scale becoming the largest there is.
///
/// @param x       float32, bfloat16 or float16, M rows, K columns; finite
/// @param dtype   float8_e4m3 or float8_e5m2
/// @param scales  what shares a scale; blocks are of one row and 128 columns
/// @returns       bytes and scales: 1, M, or M x ceil(K / 128)
/// @throws std::invalid_argument where sizes or Dtypes do not fit; says which
/// @source        Micikevicius et al. 2022, FP8 formats for deep learning, section 3
Float8Matrix to_float8(const ConstMatrix& x, Dtype dtype = Dtype::float8_e4m3,
                       Float8Scales scales = Float8Scales::tensor);

/// Rounds a right-hand side to 8 bits, likewise.
///
/// @param w       float32, bfloat16 or float16, K rows, N columns; finite
/// @param dtype   float8_e4m3 or float8_e5m2
/// @param scales  what shares a scale; blocks are of 128 rows and 128 columns
/// @returns       bytes and scales: 1, N, or ceil(K / 128) x ceil(N / 128)
/// @throws std::invalid_argument where sizes or Dtypes do not fit; says which
/// @source        as above
Float8Matrix weights_to_float8(const ConstMatrix& w, Dtype dtype = Dtype::float8_e4m3,
                               Float8Scales scales = Float8Scales::tensor);

/// The product of two matrices of 8-bit floats with scales: each number is multiplied by its scale and rounded to float32,
/// in which products are summed. On the processor this is the reference of what GPUs do, and no faster than float32.
///
/// @param x         float8_e4m3 or float8_e5m2, M rows, K columns
/// @param w         float8_e4m3 or float8_e5m2, K rows, N columns
/// @param y         float32, bfloat16 or float16, M rows, N columns
/// @param x_scales  1, M, or M x ceil(K / 128) numbers [1]
/// @param w_scales  1, N, or ceil(K / 128) x ceil(N / 128) numbers [1]
/// @param options   what is done with the product; without row_scales and quantize_rows
/// @throws std::invalid_argument where sizes or Dtypes do not fit; says which
/// @source          Micikevicius et al. 2022, FP8 formats for deep learning, section 3; DeepSeek-AI 2024, DeepSeek-V3,
///                  section 3.3, for the blocks
void gemm_float8(const ConstMatrix& x, const ConstMatrix& w, const MutableMatrix& y, std::span<const float> x_scales,
                 std::span<const float> w_scales, const GemmOptions& options = {});

}  // namespace qsm::inline v0::kernels

#ifdef QSM_HEADER_ONLY
#include <qsm/kernels/float8.ipp>
#endif
