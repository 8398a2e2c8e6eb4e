#pragma once
/// @file
/// Keys and values that are kept for later queries: rotated to their places, in 8 bits where wanted.

#include <cstdint>
#include <span>

#include <qsm/core/config.hpp>
#include <qsm/kernels/attention.hpp>
#include <qsm/kernels/number.hpp>

namespace qsm::inline v0::kernels {

/// How heads are turned by their places in a sequence (rotary position embedding).
struct RopeOptions {
  /// Base of the wave lengths [1], finite and > 1.
  double base = 10000;
  /// Numbers of a head that are turned, from its first on [1], an even integer; 0 for all.
  std::uint64_t turned = 0;
  /// Whether numbers 2i and 2i + 1 make a pair; else i and i + half of those that are turned.
  bool interleaved = false;
  /// Threads [1], >= 0; 0 takes one per processor.
  int threads = 0;
};

/// Turns pair i of each head by the angle place base^(-2i / turned), so that products of queries and keys depend on how
/// far apart they are.
///
/// @param x          float32, bfloat16 or float16
/// @param positions  place of each token in its sequence [1], integers >= 0
/// @param out        float32, bfloat16 or float16, sizes of x; may be x
/// @param options    which pairs, and how fast
/// @throws std::invalid_argument where sizes or Dtypes do not fit; says which
/// @source  Su, Lu, Pan, Murtadha, Wen, Liu 2021, RoFormer, section 3.2.2
void rope(const ConstHeads& x, std::span<const std::uint64_t> positions, const MutableHeads& out,
          const RopeOptions& options = {});

/// Where tokens are kept, and how.
struct AppendOptions {
  /// Place of each token in its sequence [1], by which keys are turned; or empty, and keys stay as they are.
  std::span<const std::uint64_t> positions = {};
  /// How keys are turned.
  RopeOptions rope = {};
  /// Takes for each token of the caches and head what their keys are to be multiplied by [1]; needed by int8, or empty.
  std::span<float> key_scales = {};
  /// The same of values.
  std::span<float> value_scales = {};
};

/// Writes keys and values into caches, which attention() reads.
///
/// With scales each head of a token is divided by its own, so that its largest number is the largest of the caches' Dtype;
/// without, numbers are rounded as they are, and too large ones saturate in float8_e4m3.
///
/// @param k            float32, bfloat16 or float16
/// @param v            float32, bfloat16 or float16; tokens and heads of k
/// @param key_cache    heads and size of k; float32, bfloat16, float16, float8_e4m3, float8_e5m2 or int8
/// @param value_cache  heads and size of v; the Dtype and tokens of key_cache
/// @param slots        token of the caches that takes each token of k [1], integers in [0, tokens of the caches); in pages
///                     page times page_size plus place in the page
/// @param options      scales, and how keys are turned
/// @throws std::invalid_argument where sizes, Dtypes or slots do not fit; says which
/// @source  Su, Lu, Pan, Murtadha, Wen, Liu 2021, RoFormer, section 3.2.2, for the rotation
void append_kv(const ConstHeads& k, const ConstHeads& v, const MutableHeads& key_cache, const MutableHeads& value_cache,
               std::span<const std::uint64_t> slots, const AppendOptions& options = {});

}  // namespace qsm::inline v0::kernels

#ifdef QSM_HEADER_ONLY
#include <qsm/kernels/cache.ipp>
#endif
