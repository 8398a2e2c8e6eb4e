#pragma once
/// @file
/// Matrix products: y = x w, where w may be stored in 32, 16, 8 or 4 bits.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/kernels/number.hpp>
#include <qsm/kernels/packed.hpp>

namespace qsm::inline v0::kernels {

/// What is applied to each number of a product before it is stored.
enum class Activation {
  none,
  relu,  // max(0, y)
  silu,  // y / (1 + e^-y)
  gelu,  // y Phi(y), Phi the normal distribution function
};

/// How a product is made, and what is done with it: y = activation(x w + bias) * gate + residual.
struct GemmOptions {
  /// Added to each row [unit of y], N numbers, or empty.
  std::span<const float> bias = {};
  /// Applied after the bias.
  Activation activation = Activation::none;
  /// Multiplies what comes out, M rows of N, float32 or bfloat16.
  std::optional<ConstMatrix> gate = {};
  /// Added last, M rows of N, float32 or bfloat16.
  std::optional<ConstMatrix> residual = {};
  /// Rounds each row of a floating x to integers of 8 bits with a scale of its own first: fastest, where w is of integers.
  bool quantize_rows = false;
  /// A factor for each row of an x of int8 [1], M numbers, or empty.
  std::span<const float> row_scales = {};
  /// Threads [1], >= 0; 0 takes one per processor.
  int threads = 0;
};

/// The product y = x w, with x of M rows and K columns, w of K rows and N columns.
///
/// Nothing is rounded before it is multiplied: bfloat16 times bfloat16, or times integers, is summed in float32 from
/// exact products; all other floating numbers are computed in float32; int8 times int8 is exact in int32, K <= 131,072.
/// A row of y does not depend on the other rows or on the threads, to the last bit ("batch invariant"); between levels
/// of vector instructions float32 sums differ by their rounding.
///
/// @param x        float32, bfloat16, float16, or int8 where w is of integers; any strides
/// @param w        laid out by PackedMatrix
/// @param y        float32, bfloat16 or float16; int32 for int8 times int8 without scales; may not overlap x
/// @param options  what is done with the product, and how
/// @throws std::invalid_argument where sizes or Dtypes do not fit; both are named
/// @source  Goto, Van de Geijn 2008, Anatomy of high-performance matrix multiplication
void gemm(const ConstMatrix& x, const PackedMatrix& w, const MutableMatrix& y, const GemmOptions& options = {});

/// The same with w as it lies in memory, which is laid out for this call.
///
/// @param x        as above
/// @param w        float32, bfloat16, float16 or int8, K rows of N columns; any strides
/// @param y        as above
/// @param options  as above
/// @source  as above
void gemm(const ConstMatrix& x, const ConstMatrix& w, const MutableMatrix& y, const GemmOptions& options = {});

}  // namespace qsm::inline v0::kernels

#ifdef QSM_HEADER_ONLY
#include <qsm/kernels/gemm.ipp>
#endif
