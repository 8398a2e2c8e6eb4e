#pragma once
/// @file
/// The kernels on a GPU: the products and the attention of qsm::kernels, for arrays in the GPU's memory.
///
/// Nothing here needs a driver to be linked or loaded; `missing` says whether one is there. A call only begins its work on
/// the caller's stream: nothing is allocated and nobody waits, so calls can be captured in a graph.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <qsm/kernels/attention.hpp>
#include <qsm/kernels/gemm.hpp>
#include <qsm/kernels/number.hpp>
#include <qsm/kernels/packed.hpp>

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

/// The versions of the product, from the plainest to the fastest; the ladder of docs/explanation/gpu.md.
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

/// A PackedMatrix of 4 bits in the GPU's memory: the words and scales that `fours_of` gives.
struct PackedFours {
  const std::uint32_t* words = nullptr;
  const float* scales = nullptr;
  std::size_t rows = 0, columns = 0, group = 0;
};

/// The storage of a PackedMatrix of 4 bits, for the GPU's memory as it is: one layout for the processor and the GPU.
struct Fours {
  std::span<const std::uint32_t> words;
  std::span<const float> scales;
};

/// @param matrix  of 4 bits without zero points, groups of a multiple of 16 rows or one of all
/// @throws std::invalid_argument where the matrix is otherwise
Fours fours_of(const kernels::PackedMatrix& matrix);

/// The product y = x w with weights of 4 bits: x meets the integers, sums of a group are scaled when it ends, all in float32.
///
/// @param x        bfloat16 or float16, M rows of K without gaps that begin at multiples of 16 bytes
/// @param w        K rows of N
/// @param y        of the Dtype of x, or float32; rows without gaps
/// @param options  what is done with the product; `version` has no meaning
/// @throws std::invalid_argument where sizes or Dtypes do not fit; std::runtime_error without a GPU of capability 8.0
void gemm(const ConstMatrix& x, const PackedFours& w, const MutableMatrix& y, const GemmOptions& options = {});

/// What is seen by whom, and how scores are changed.
struct AttentionOptions {
  /// Factor of the scores [1], finite; 1 / sqrt(size of a head) where not given.
  std::optional<double> scale = {};
  /// Whether a query sees no key after it; the last query sees all keys.
  bool causal = false;
  /// Keys before its own that a query sees [1]; all where not given.
  std::optional<std::uint32_t> window_before = {};
  /// Keys after its own that a query sees [1]; all where not given.
  std::optional<std::uint32_t> window_after = {};
  /// Scores s become cap tanh(s / cap) [1], > 0; 0 for none.
  double softcap = 0;
  /// Sequences of one length that follow each other in q and o, and in k and v [1], >= 1.
  std::size_t batches = 1;
  /// A cudaStream_t, or null.
  void* stream = nullptr;
};

/// Attention of prompts, as qsm::kernels::attention, on Hopper's tensor cores. A query that sees no key gets 0.
///
/// @param q        bfloat16 or float16, heads of 64 or 128; strides are multiples of 8 numbers
/// @param k        the Dtype of q; its heads divide those of q
/// @param v        the Dtype, tokens, heads and size of k
/// @param o        the Dtype, tokens, heads and size of q, without gaps
/// @param lse      takes the logarithm of the sum of the exponentials of the scores, tokens of q x heads of q; or null
/// @param options  what is seen by whom
/// @throws std::invalid_argument where sizes or Dtypes do not fit; std::runtime_error without a GPU of capability 9.0
void attention(const ConstHeads& q, const ConstHeads& k, const ConstHeads& v, const MutableHeads& o,
               float* lse = nullptr, const AttentionOptions& options = {});

/// Where the keys and values of sequences lie: pages of `page_size` tokens, and for each sequence the pages it has.
struct PagedKeys {
  ConstHeads k, v;                           // tokens of all pages, without gaps
  const std::int32_t* page_table = nullptr;  // in the GPU's memory: sequences x pages
  const std::int32_t* lengths = nullptr;     // in the GPU's memory: keys of each sequence, at most `longest`
  std::size_t pages = 0;                     // of each sequence
  std::size_t page_size = 0;
  std::size_t longest = 0;  // keys
};

/// Memory that attention_decode works in [B].
std::size_t decode_workspace(const ConstHeads& q, const PagedKeys& keys);

/// Attention of one new token for each sequence, which sees all keys of its sequence, or the last of them. Keys are split
/// at fixed places and the parts merged: a sequence gets the same bits in every batch.
///
/// The page table and the lengths are in the GPU's memory and are not checked.
///
/// @param q          bfloat16 or float16, a token for each sequence, heads of 64 or 128, at most 16 for each of the keys
/// @param keys       where the keys and values are
/// @param o          as q, without gaps
/// @param workspace  of decode_workspace bytes
/// @param lse        as in attention, or null
/// @param options    scale, window_before, softcap and stream
/// @throws std::invalid_argument where sizes or Dtypes do not fit; std::runtime_error without a GPU of capability 8.0
void attention_decode(const ConstHeads& q, const PagedKeys& keys, const MutableHeads& o, void* workspace,
                      float* lse = nullptr, const AttentionOptions& options = {});

}  // namespace qsm::inline v0::cuda
