#pragma once
/// @file
/// The kernels on a GPU: the products and the attention of qsm::kernels, for arrays in the GPU's memory.
///
/// Nothing here needs a driver to be linked or loaded; `missing` says whether one is there. A call only begins its work on
/// the caller's stream: nothing is allocated and nobody waits, so calls can be captured in a graph.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <qsm/kernels/attention.hpp>
#include <qsm/kernels/gemm.hpp>
#include <qsm/kernels/number.hpp>

namespace qsm::inline v0::cuda {

using kernels::Activation;
using kernels::ConstHeads;
using kernels::ConstMatrix;
using kernels::Dtype;
using kernels::MutableHeads;
using kernels::MutableMatrix;

/// Why no kernel can run here ("no CUDA driver", "no GPU"); empty where one can.
std::string missing();

/// The current GPU's compute capability, 10 major + minor [1]: 80, 90; 0 where there is none.
int capability();

/// The versions of the product, from the plainest to the fastest; README of the ladder: docs/explanation/gpu.md.
enum class GemmVersion { fastest, naive, tiled, mma, hopper };

/// How a product is made, and what is done with it: y = activation(x w + bias) * gate + residual.
struct GemmOptions {
  /// Added to each row, N numbers in the GPU's memory, or null.
  const float* bias = nullptr;
  /// Applied after the bias.
  Activation activation = Activation::none;
  /// Multiplies what comes out, M rows of N, of the Dtype of x.
  std::optional<ConstMatrix> gate = {};
  /// Added last, likewise.
  std::optional<ConstMatrix> residual = {};
  /// Which version; by default the fastest that the GPU and the arrays allow.
  GemmVersion version = GemmVersion::fastest;
  /// A cudaStream_t, or null.
  void* stream = nullptr;
};

/// Why a version does not take these arrays on a GPU of this capability; empty where it does.
///
/// @param version     not `fastest`
/// @param x           M rows of K
/// @param w           K rows of N, or a transposed view of N rows of K
/// @param y           M rows of N
/// @param options     what is done with the product
/// @param capability  10 major + minor [1]
std::string refusal(GemmVersion version, const ConstMatrix& x, const ConstMatrix& w, const MutableMatrix& y,
                    const GemmOptions& options, int capability);

/// The product y = x w of qsm::kernels::gemm on the GPU. Sums are float32 of exact products, in an order that depends on K
/// alone: a row of y does not depend on the other rows.
///
/// @param x        bfloat16 or float16, rows without gaps
/// @param w        of the Dtype of x, K x N, rows or columns without gaps
/// @param y        of the Dtype of x, or float32; rows without gaps
/// @param options  what is done with the product, and how
/// @throws std::invalid_argument where sizes or Dtypes do not fit, or the version refuses; std::runtime_error without a GPU
void gemm(const ConstMatrix& x, const ConstMatrix& w, const MutableMatrix& y, const GemmOptions& options = {});

}  // namespace qsm::inline v0::cuda
