#pragma once
/// @file
/// Attention: o = softmax(scale q kᵀ + what masks say) v, for sequences of any lengths, by blocks that fit into a cache.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <qsm/core/config.hpp>
#include <qsm/kernels/number.hpp>

namespace qsm::inline v0::kernels {

/// Somebody's numbers by token, head and place in the head, to be read; the places of a head follow each other.
struct ConstHeads {
  const void* data = nullptr;
  Dtype dtype = Dtype::float32;
  std::size_t tokens = 0;
  std::size_t heads = 0;
  std::size_t size = 0;             // of a head
  std::ptrdiff_t token_stride = 0;  // in numbers
  std::ptrdiff_t head_stride = 0;

  ConstHeads() = default;
  ConstHeads(const void* numbers, Dtype type, std::size_t token_count, std::size_t head_count, std::size_t head_size,
             std::ptrdiff_t between_tokens, std::ptrdiff_t between_heads)
      : data(numbers),
        dtype(type),
        tokens(token_count),
        heads(head_count),
        size(head_size),
        token_stride(between_tokens),
        head_stride(between_heads) {}
  /// Tokens that follow each other, and in them heads.
  template <class Number>
  ConstHeads(const Number* numbers, std::size_t token_count, std::size_t head_count, std::size_t head_size)
      : ConstHeads(numbers, dtype_of<Number>, token_count, head_count, head_size,
                   static_cast<std::ptrdiff_t>(head_count * head_size), static_cast<std::ptrdiff_t>(head_size)) {}
};

/// The same, to be written.
struct MutableHeads : ConstHeads {
  MutableHeads() = default;
  MutableHeads(void* numbers, Dtype type, std::size_t token_count, std::size_t head_count, std::size_t head_size,
               std::ptrdiff_t between_tokens, std::ptrdiff_t between_heads)
      : ConstHeads(numbers, type, token_count, head_count, head_size, between_tokens, between_heads) {}
  template <class Number>
  MutableHeads(Number* numbers, std::size_t token_count, std::size_t head_count, std::size_t head_size)
      : ConstHeads(numbers, token_count, head_count, head_size) {
    static_assert(!std::is_const_v<Number>);
  }
  void* writable() const { return const_cast<void*>(data); }
};

/// Which keys a causal mask shows to a query where there are more of the ones than of the others.
enum class CausalAlignment {
  bottom_right,  // the last query sees all keys: query i sees key j where j <= i + keys - queries
  top_left,      // the first query sees the first key: j <= i
};

/// What is seen by whom, and how scores are changed.
struct AttentionOptions {
  /// Factor of the scores [1], finite; 1 / sqrt(size of a head) where not given.
  std::optional<double> scale = {};
  /// Whether a query sees no key after it.
  bool causal = false;
  /// What "after" means where there are unlike numbers of queries and keys.
  CausalAlignment alignment = CausalAlignment::bottom_right;
  /// Keys before its own that a query sees [1], an integer >= 0; all where not given. Places are by `alignment`.
  std::optional<std::uint64_t> window_before = {};
  /// Keys after its own that a query sees [1], an integer >= 0; all where not given.
  std::optional<std::uint64_t> window_after = {};
  /// Scores s become cap tanh(s / cap) [1], > 0; 0 for none.
  double softcap = 0;
  /// What a score loses for each key between query and key [1], a number for each head of q (ALiBi); or empty.
  std::span<const float> slopes = {};
  /// A score that takes part in the softmax without a value [1], a number for each head of q; or empty.
  std::span<const float> sinks = {};
  /// 1 where a query sees a key, else 0: tokens of q x tokens of k of its sequence, row by row; or empty.
  std::span<const std::uint8_t> mask = {};
  /// Where the queries of each sequence begin, and where the last ends [1], one more than there are sequences, not
  /// falling; empty for one sequence.
  std::span<const std::uint64_t> query_starts = {};
  /// Where the keys of each sequence begin, likewise; empty where there are pages.
  std::span<const std::uint64_t> key_starts = {};
  /// How many keys each sequence has in its pages [1], an integer >= 0; empty where there are no pages.
  std::span<const std::uint64_t> key_counts = {};
  /// Keys and values lie in pages: for each sequence the page of its keys 0 to page_size - 1, then of the next.
  std::span<const std::int32_t> page_table = {};
  /// Tokens of a page [1], an integer >= 1; 0 where there are no pages.
  std::uint64_t page_size = 0;
  /// What keys of 8 bits are multiplied by [1]: one number for all, one for each head of k, or one for each token and
  /// head of k, token by token; empty for 1.
  std::span<const float> key_scales = {};
  /// The same of values.
  std::span<const float> value_scales = {};
  /// Threads [1], >= 0; 0 takes one per processor.
  int threads = 0;
};

/// Attention of queries to keys and values, on the processor.
///
/// Heads of q share heads of k and v in groups that follow each other: multi-head, grouped-query and multi-query
/// attention. Products of bfloat16 are summed in float32 and probabilities are rounded to bfloat16 before they meet the
/// values; everything else is float32. Results of a query do not depend on other queries, sequences or threads, to the
/// last bit. A query that sees no key gets 0 and minus infinity.
///
/// Keys and values of 8 bits are multiplied by their scales and rounded to the Dtype of q, or to float32 where that is
/// float16. The values may be a part of the keys, as in multi-head latent attention (MLA), where one head of 576 numbers
/// serves all heads of q and its first 512 are the value.
///
/// @param q        float32, bfloat16 or float16
/// @param k        the Dtype of q, int8, float8_e4m3 or float8_e5m2; its heads divide those of q
/// @param v        the Dtype of k, tokens and heads of k; the size of its heads may differ
/// @param o        float32, bfloat16 or float16; tokens and heads of q, size of the heads of v
/// @param lse      takes the logarithm of the sum of the exponentials of the scores [1], tokens of q x heads of q; or empty
/// @param options  what is seen by whom
/// @throws std::invalid_argument where sizes or Dtypes do not fit; both are named
/// @source  Dao, Fu, Ermon, Rudra, Re 2022, FlashAttention, algorithm 1; Milakov, Gimelshein 2018, Online normalizer
///          calculation for softmax
void attention(const ConstHeads& q, const ConstHeads& k, const ConstHeads& v, const MutableHeads& o,
               std::span<float> lse = {}, const AttentionOptions& options = {});

}  // namespace qsm::inline v0::kernels

#ifdef QSM_HEADER_ONLY
#include <qsm/kernels/attention.ipp>
#endif
