#pragma once
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <qsm/kernels/attention.hpp>
#include <qsm/kernels/detail/level_kernels.hpp>
#include <qsm/sim/parallel.hpp>

namespace qsm::inline v0::kernels {

namespace detail {

inline constexpr std::size_t rows_of_block = 60;   // queries times heads that share a head of keys
inline constexpr std::size_t keys_of_block = 192;  // keys at a time

/// A number of keys from one, of those of a sequence.
struct KeyRange {
  std::size_t first, last;
};

/// One sequence: where its queries and keys are, and which key a query sees.
struct Sequence {
  std::size_t index, first_query, queries, first_key, keys;
};

/// The place of a query among the keys.
inline std::ptrdiff_t place_of(const Sequence& sequence, std::size_t query, const AttentionOptions& options) {
  const auto own = static_cast<std::ptrdiff_t>(query);
  if (options.alignment == CausalAlignment::top_left) return own;
  return own + static_cast<std::ptrdiff_t>(sequence.keys) - static_cast<std::ptrdiff_t>(sequence.queries);
}

inline KeyRange keys_seen(const Sequence& sequence, std::size_t query, const AttentionOptions& options) {
  const std::ptrdiff_t own = place_of(sequence, query, options), keys = static_cast<std::ptrdiff_t>(sequence.keys);
  std::ptrdiff_t first = 0, last = keys;
  const auto reach = [](std::uint64_t window) {  // no window is longer than all there is
    return static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(window, static_cast<std::uint64_t>(1) << 40));
  };
  if (options.causal) last = std::min(keys, own + 1);
  if (options.window_before) first = std::max<std::ptrdiff_t>(0, own - reach(*options.window_before));
  if (options.window_after) last = std::min(last, own + 1 + reach(*options.window_after));
  last = std::max<std::ptrdiff_t>(last, 0);
  return {static_cast<std::size_t>(std::min(first, last)), static_cast<std::size_t>(last)};
}

template <class Number>
const Number* head_of(const ConstHeads& heads, std::size_t token, std::size_t head) {
  return static_cast<const Number*>(heads.data) + static_cast<std::ptrdiff_t>(token) * heads.token_stride +
         static_cast<std::ptrdiff_t>(head) * heads.head_stride;
}

/// Where a key of a sequence is.
inline std::size_t token_of(const Sequence& sequence, std::size_t key, const AttentionOptions& options) {
  if (options.page_size == 0) return sequence.first_key + key;
  const std::size_t pages = options.page_table.size() / (options.key_counts.empty() ? 1 : options.key_counts.size());
  const std::int32_t page = options.page_table[sequence.index * pages + key / options.page_size];
  return static_cast<std::size_t>(page) * options.page_size + key % options.page_size;
}

/// The heads of q that share a head of keys, or some of them, and what is known of their queries so far. Row r is query
/// r / heads of the block with head first + r % heads.
struct SharedHeads {
  std::size_t first = 0, heads = 0;
  std::vector<std::uint32_t> queries;
  std::vector<float> out;
  float largest[rows_of_block], sums[rows_of_block];
};

/// What one thread works with.
struct AttentionWorkspace {
  std::vector<SharedHeads> shared;
  std::vector<std::uint32_t> keys, values, probabilities;
  std::vector<float> scores, converted;
  float shrink[rows_of_block];
};

/// A head of a token in the words of the tiles, `own` where it must be converted or padded.
inline const std::uint32_t* words_of(const ConstHeads& heads, std::size_t token, std::size_t head, std::uint32_t* own) {
  if (heads.dtype == Dtype::float32) return reinterpret_cast<const std::uint32_t*>(head_of<float>(heads, token, head));
  if (heads.dtype == Dtype::bfloat16) {
    const auto* from = head_of<bfloat16>(heads, token, head);
    if (heads.size % 2 == 0) return reinterpret_cast<const std::uint32_t*>(from);
    own[heads.size / 2] = from[heads.size - 1].bits;
    std::memcpy(own, from, heads.size / 2 * 4);
    return own;
  }
  const auto* from = head_of<float16>(heads, token, head);
  for (std::size_t i = 0; i < heads.size; ++i) own[i] = std::bit_cast<std::uint32_t>(static_cast<float>(from[i]));
  return own;
}

inline bool is_float(Dtype dtype) {
  return dtype == Dtype::float32 || dtype == Dtype::bfloat16 || dtype == Dtype::float16;
}
inline bool is_of_bytes(Dtype dtype) {
  return dtype == Dtype::int8 || dtype == Dtype::float8_e4m3 || dtype == Dtype::float8_e5m2;
}

/// What every byte stands for.
inline const std::vector<float>& byte_values(Dtype dtype) {
  const auto make = [](auto number) {
    std::vector<float> values(256);
    for (std::size_t i = 0; i < values.size(); ++i) {
      number.bits = static_cast<std::uint8_t>(i);
      values[i] = number;
    }
    return values;
  };
  static const std::vector<float> e4m3 = make(float8_e4m3()), e5m2 = make(float8_e5m2());
  return dtype == Dtype::float8_e4m3 ? e4m3 : e5m2;
}

/// A head of 8 bits times its scale, as float32 or as pairs of bfloat16.
struct ReadBytes {
  QSM_ALWAYS_INLINE void operator()(const std::int8_t* from, std::size_t size, const float* values, float scale,
                                    bool pairs, void* out) const {
    auto* const floats = static_cast<float*>(out);
    auto* const halves = static_cast<bfloat16*>(out);
    const auto looked_up = [&](std::size_t i) { return scale * values[static_cast<std::uint8_t>(from[i])]; };
    const auto whole = [&](std::size_t i) { return scale * static_cast<float>(from[i]); };
    if (pairs && values == nullptr)
      for (std::size_t i = 0; i < size; ++i) halves[i] = bfloat16(whole(i));
    else if (pairs)
      for (std::size_t i = 0; i < size; ++i) halves[i] = bfloat16(looked_up(i));
    else if (values == nullptr)
      for (std::size_t i = 0; i < size; ++i) floats[i] = whole(i);
    else
      for (std::size_t i = 0; i < size; ++i) floats[i] = looked_up(i);
  }
};

inline float scale_of(std::span<const float> scales, const ConstHeads& heads, std::size_t token, std::size_t head) {
  if (scales.empty()) return 1;
  return scales.size() == 1 ? scales[0] : scales[scales.size() == heads.heads ? head : token * heads.heads + head];
}

/// A head of a token in the words of the tiles, as `words_of` gives it, of keys or values of 8 bits too.
inline const std::uint32_t* words_of(const ConstHeads& heads, std::size_t token, std::size_t head,
                                     std::span<const float> scales, bool pairs, std::uint32_t* own) {
  if (!is_of_bytes(heads.dtype)) return words_of(heads, token, head, own);
  const bool whole = heads.dtype == Dtype::int8;
  if (pairs) own[heads.size / 2] = 0;  // where the size is odd
  core::detail::dispatch(ReadBytes{}, head_of<std::int8_t>(heads, token, head), heads.size,
                         whole ? nullptr : byte_values(heads.dtype).data(), scale_of(scales, heads, token, head), pairs,
                         static_cast<void*>(own));
  return own;
}

/// Some queries of a sequence, with blocks of keys one after the other.
class QueryBlock {
 public:
  QueryBlock(const ConstHeads& q, const ConstHeads& k, const ConstHeads& v, const MutableHeads& o, std::span<float> lse,
             const AttentionOptions& options, const Sequence& sequence, std::size_t first_query, std::size_t queries,
             AttentionWorkspace& space)
      : q_(q),
        k_(k),
        v_(v),
        o_(o),
        lse_(lse),
        options_(options),
        sequence_(sequence),
        first_query_(first_query),
        queries_(queries),
        space_(space) {
    space.keys.resize(keys_of_block * words_);
    space.values.assign(value_panels_ * (keys_of_block / keys_per_word_) * wide_panel, 0);
    space.converted.resize(keys_of_block * (std::max(q.size, v.size) + 1));
  }

  /// All of it, for the heads that the workspace names. Each block of keys meets all heads before the next: heads of a
  /// token lie side by side, and so memory is read from front to back.
  void attend() {
    for (SharedHeads& shared : space_.shared) begin(shared);
    std::size_t first = sequence_.keys, last = 0;
    for (std::size_t query = 0; query < queries_; ++query) {
      const KeyRange seen = keys_seen(sequence_, first_query_ + query, options_);
      if (seen.first < seen.last) {
        first = std::min(first, seen.first);
        last = std::max(last, seen.last);
      }
    }
    // Blocks begin at multiples of their size, so that what a query gets does not depend on those beside it.
    for (std::size_t start = first / keys_of_block * keys_of_block; start < last; start += keys_of_block)
      for (SharedHeads& shared : space_.shared) meet(shared, start, std::min(keys_of_block, last - start));
    for (SharedHeads& shared : space_.shared) end(shared);
  }

 private:
  void begin(SharedHeads& shared) const {
    const std::size_t rows = queries_ * shared.heads;
    shared.queries.assign(rows * words_, 0);
    shared.out.assign(value_panels_ * rows * wide_panel, 0.0f);
    std::fill_n(shared.largest, rows, -infinite);
    std::fill_n(shared.sums, rows, 0.0f);
    for (std::size_t row = 0; row < rows; ++row) {
      std::uint32_t* const own = shared.queries.data() + row * words_;
      const std::size_t token = sequence_.first_query + first_query_ + row / shared.heads;
      const std::uint32_t* const from = words_of(q_, token, shared.first + row % shared.heads, own);
      if (from != own) std::memcpy(own, from, words_ * 4);
    }
  }

  void meet(SharedHeads& shared, std::size_t start, std::size_t keys) {
    const std::size_t panels = (keys + wide_panel - 1) / wide_panel, rows = queries_ * shared.heads;
    const std::size_t key_head = shared.first / (q_.heads / k_.heads), heads = shared.heads;
    space_.scores.resize(keys_of_block * rows);
    space_.probabilities.resize(rows * keys_of_block / keys_per_word_);
    auto* const own = reinterpret_cast<std::uint32_t*>(space_.converted.data());
    const std::uint32_t* at[wide_panel];
    for (std::size_t panel = 0; panel < panels; ++panel) {
      const std::size_t some = std::min(wide_panel, keys - panel * wide_panel);
      for (std::size_t j = 0; j < some; ++j)
        at[j] = words_of(k_, token_of(sequence_, start + panel * wide_panel + j, options_), key_head,
                         options_.key_scales, pairs_, own + j * (words_ + 1));
      std::uint32_t* const to = space_.keys.data() + panel * words_ * wide_panel;
      kernels_.pack_keys(at, some, words_, to);
      multiply_(shared.queries.data(), words_, rows, to, wide_panel, words_,
                space_.scores.data() + panel * rows * wide_panel, true);
    }
    // Scores of keys that are not seen.
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t query = first_query_ + row / heads, head = shared.first + row % heads;
      const KeyRange seen = keys_seen(sequence_, query, options_);
      const auto score = [&](std::size_t key) -> float& {
        return space_.scores[((key - start) / wide_panel * rows + row) * wide_panel + (key - start) % wide_panel];
      };
      if (adjusted_) {
        const float slope = options_.slopes.empty() ? 0.0f : options_.slopes[head];
        const auto cap = static_cast<float>(options_.softcap);
        const std::ptrdiff_t place = place_of(sequence_, query, options_);
        for (std::size_t key = start; key < start + keys; ++key) {
          float& value = score(key);
          value *= scale_;
          if (cap > 0) value = cap * std::tanh(value / cap);
          value -= slope * static_cast<float>(std::abs(place - static_cast<std::ptrdiff_t>(key)));
        }
      }
      for (std::size_t key = start; key < std::min(seen.first, start + keys); ++key) score(key) = -infinite;
      for (std::size_t key = std::max(start, seen.last); key < start + panels * wide_panel; ++key)
        score(key) = -infinite;
      if (!options_.mask.empty()) {
        const std::uint8_t* const shown = options_.mask.data() + (sequence_.first_query + query) * sequence_.keys;
        for (std::size_t key = start; key < start + keys; ++key)
          if (shown[key] == 0) score(key) = -infinite;
      }
    }
    const std::size_t stride = panels * wide_panel / keys_per_word_;
    kernels_.softmax_rows({space_.scores.data(), rows, keys, factor_, shared.largest, shared.sums, space_.shrink,
                           space_.probabilities.data(), stride, keys_per_word_});
    kernels_.shrink_rows(shared.out.data(), rows, value_panels_, space_.shrink);

    const std::size_t steps = (keys + keys_per_word_ - 1) / keys_per_word_;
    const std::size_t panel_stride = steps * wide_panel;
    for (std::size_t step = 0; step < steps; ++step) {
      std::uint32_t* const to = space_.values.data() + step * wide_panel;
      const std::size_t token = token_of(sequence_, start + step * keys_per_word_, options_);
      if (pairs_) {
        const auto bits = [&](std::size_t at_token, std::uint32_t* to_own) {
          return reinterpret_cast<const std::uint16_t*>(
              is_float(v_.dtype) ? reinterpret_cast<const std::uint32_t*>(head_of<bfloat16>(v_, at_token, key_head))
                                 : words_of(v_, at_token, key_head, options_.value_scales, true, to_own));
        };
        const std::uint16_t* const even = bits(token, own);
        if (step * 2 + 1 < keys) {
          const std::size_t next = token_of(sequence_, start + step * 2 + 1, options_);
          kernels_.pack_value_pair(even, bits(next, own + v_.size), v_.size, to, panel_stride);
        } else {
          for (std::size_t i = 0; i < v_.size; ++i) to[i / wide_panel * panel_stride + i % wide_panel] = even[i];
        }
      } else {
        const std::uint32_t* const from = words_of(v_, token, key_head, options_.value_scales, false, own);
        const auto* const bytes = reinterpret_cast<const char*>(from);
        std::size_t i = 0;
        for (; i + wide_panel <= v_.size; i += wide_panel)  // of a size known here: fast moves
          std::memcpy(to + i / wide_panel * panel_stride, bytes + i * 4, wide_panel * 4);
        if (i < v_.size) std::memcpy(to + i / wide_panel * panel_stride, bytes + i * 4, (v_.size - i) * 4);
      }
    }
    for (std::size_t panel = 0; panel < value_panels_; ++panel)
      multiply_(space_.probabilities.data(), stride, rows, space_.values.data() + panel * panel_stride, wide_panel,
                steps, shared.out.data() + panel * rows * wide_panel, false);
  }

  void end(const SharedHeads& shared) const {
    const std::size_t rows = queries_ * shared.heads;
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t token = sequence_.first_query + first_query_ + row / shared.heads,
                        head = shared.first + row % shared.heads;
      float sum = shared.sums[row], largest = shared.largest[row] * factor_, shrink = 1;
      if (!options_.sinks.empty()) {
        const float sink = options_.sinks[head] * log2_e_, more = std::max(largest, sink);
        shrink = largest == -infinite ? 0.0f : std::exp2(largest - more);
        sum = sum * shrink + std::exp2(sink - more);
        largest = more;
      }
      if (!lse_.empty())
        lse_[token * q_.heads + head] = sum == 0 ? -infinite : (largest + std::log2(sum)) * 0.69314718f;
      const float inverse = sum == 0 ? 0.0f : shrink / sum;
      with_float(o_.dtype, [&](auto number) {
        using Number = decltype(number);
        auto* const to = const_cast<Number*>(head_of<Number>(o_, token, head));
        for (std::size_t i = 0; i < v_.size; ++i)
          to[i] = Number(shared.out[(i / wide_panel * rows + row) * wide_panel + i % wide_panel] * inverse);
      });
    }
  }

  const ConstHeads &q_, &k_, &v_;
  const MutableHeads& o_;
  std::span<float> lse_;
  const AttentionOptions& options_;
  const Sequence& sequence_;
  std::size_t first_query_, queries_;
  AttentionWorkspace& space_;
  const AttentionKernels& kernels_ = attention_kernels();
  const bool pairs_ = q_.dtype == Dtype::bfloat16;
  const std::size_t words_ = pairs_ ? (q_.size + 1) / 2 : q_.size, keys_per_word_ = pairs_ ? 2 : 1;
  const std::size_t value_panels_ = (v_.size + wide_panel - 1) / wide_panel;
  const MultiplyPanel multiply_ = pairs_ ? kernels_.multiply_bfloat16 : kernels_.multiply_float32;
  static constexpr float log2_e_ = 1.44269504f;
  const float scale_ = static_cast<float>(options_.scale.value_or(1 / std::sqrt(static_cast<double>(q_.size))));
  const bool adjusted_ = options_.softcap > 0 || !options_.slopes.empty() || !(scale_ > 0);
  const float factor_ = adjusted_ ? log2_e_ : scale_ * log2_e_;  // of scores as they stand in the block
};

inline std::string size_text(const ConstHeads& heads) {
  return std::to_string(heads.tokens) + " tokens x " + std::to_string(heads.heads) + " heads x " +
         std::to_string(heads.size);
}

inline std::vector<Sequence> sequences_of(const ConstHeads& q, const ConstHeads& k, const AttentionOptions& options) {
  const auto refuse = [](const std::string& text) { throw std::invalid_argument("attention: " + text); };
  const auto check_starts = [&](std::span<const std::uint64_t> starts, const char* name, std::size_t tokens) {
    if (starts.size() < 2 || starts[0] != 0 || starts.back() != tokens || !std::is_sorted(starts.begin(), starts.end()))
      refuse(std::string(name) + " must rise from 0 to the " + std::to_string(tokens) + " tokens there are");
  };
  std::vector<Sequence> all;
  const bool paged = options.page_size > 0;
  if (paged && options.key_counts.empty()) refuse("key_counts must say how many keys each sequence has in its pages");
  if (paged && !options.key_starts.empty()) refuse("key_starts are for keys without pages; key_counts say how many");
  if (!paged && !options.key_counts.empty()) refuse("key_counts are for keys in pages");
  if (!paged && !options.page_table.empty()) refuse("page_size must be >= 1 where there is a page_table, got 0");
  const std::size_t count = options.query_starts.empty() ? 1 : options.query_starts.size() - 1;
  if (!options.query_starts.empty()) check_starts(options.query_starts, "query_starts", q.tokens);
  if (paged) {
    if (options.key_counts.size() != count)
      refuse("key_counts must have a number for each of " + std::to_string(count) + " sequences, got " +
             std::to_string(options.key_counts.size()));
    if (options.page_table.size() % count != 0)
      refuse("page_table must have as many pages for each of " + std::to_string(count) + " sequences, got " +
             std::to_string(options.page_table.size()) + " in all");
  } else if (options.query_starts.empty() != options.key_starts.empty()) {
    refuse("query_starts and key_starts must be given together");
  } else if (!options.key_starts.empty()) {
    if (options.key_starts.size() != options.query_starts.size())
      refuse("key_starts must be of the size of query_starts, " + std::to_string(options.query_starts.size()) +
             ", got " + std::to_string(options.key_starts.size()));
    check_starts(options.key_starts, "key_starts", k.tokens);
  }
  const std::size_t pages = paged ? options.page_table.size() / count : 0;
  for (std::size_t i = 0; i < count; ++i) {
    Sequence one{i, 0, q.tokens, 0, k.tokens};
    if (!options.query_starts.empty()) {
      one.first_query = options.query_starts[i];
      one.queries = options.query_starts[i + 1] - one.first_query;
    }
    if (paged) {
      one.keys = options.key_counts[i];
      if (one.keys > pages * options.page_size)
        refuse("key_counts: sequence " + std::to_string(i) + " has " + std::to_string(one.keys) + " keys in " +
               std::to_string(pages) + " pages of " + std::to_string(options.page_size));
      for (std::size_t page = 0; page * options.page_size < one.keys; ++page) {
        const std::int32_t at = options.page_table[i * pages + page];
        if (at < 0 || (static_cast<std::size_t>(at) + 1) * options.page_size > k.tokens)
          refuse("page_table: page " + std::to_string(at) + " of sequence " + std::to_string(i) + " is not among the " +
                 std::to_string(k.tokens / options.page_size) + " there are");
      }
    } else if (!options.key_starts.empty()) {
      one.first_key = options.key_starts[i];
      one.keys = options.key_starts[i + 1] - one.first_key;
    }
    all.push_back(one);
  }
  return all;
}

inline void check_attention(const ConstHeads& q, const ConstHeads& k, const ConstHeads& v, const MutableHeads& o,
                            std::span<float> lse, const AttentionOptions& options) {
  const auto refuse = [](const std::string& text) { throw std::invalid_argument("attention: " + text); };
  refuse_dtype("attention", "q", q.dtype, is_float(q.dtype), "float32, bfloat16 or float16");
  refuse_dtype("attention", "k", k.dtype, k.dtype == q.dtype || is_of_bytes(k.dtype),
               "of the Dtype of q, or of 8 bits");
  refuse_dtype("attention", "v", v.dtype, v.dtype == k.dtype, "of the Dtype of k");
  refuse_dtype("attention", "o", o.dtype, is_float(o.dtype), "float32, bfloat16 or float16");
  if (q.size == 0 || v.size == 0 || q.heads == 0 || k.heads == 0)
    refuse("heads must have a size, got q of " + size_text(q));
  if (q.size > 1024 || v.size > 1024) refuse("heads of at most 1024 numbers are supported, got q of " + size_text(q));
  if (k.size != q.size)
    refuse("heads of q and k must be of one size, got q of " + size_text(q) + ", k of " + size_text(k));
  if (q.heads % k.heads != 0)
    refuse("heads of k must divide those of q, got q of " + size_text(q) + ", k of " + size_text(k));
  if (v.tokens != k.tokens || v.heads != k.heads)
    refuse("v must have the tokens and heads of k, got k of " + size_text(k) + ", v of " + size_text(v));
  if (o.tokens != q.tokens || o.heads != q.heads || o.size != v.size)
    refuse("o must have the tokens and heads of q and the size of v, got o of " + size_text(o));
  if (!lse.empty() && lse.size() != q.tokens * q.heads)
    refuse("lse must have " + std::to_string(q.tokens * q.heads) + " numbers, got " + std::to_string(lse.size()));
  for (const auto& [name, numbers] : {std::pair{"slopes", options.slopes}, std::pair{"sinks", options.sinks}})
    if (!numbers.empty() && numbers.size() != q.heads)
      refuse(std::string(name) + " must have a number for each of " + std::to_string(q.heads) + " heads, got " +
             std::to_string(numbers.size()));
  for (const auto& [name, scales] :
       {std::pair{"key_scales", options.key_scales}, std::pair{"value_scales", options.value_scales}})
    if (!scales.empty()) {
      if (!is_of_bytes(k.dtype)) refuse(std::string(name) + " are for keys and values of 8 bits");
      if (scales.size() != 1 && scales.size() != k.heads && scales.size() != k.heads * k.tokens)
        refuse(std::string(name) + " must have a number, one for each of " + std::to_string(k.heads) +
               " heads, or one for each token and head, got " + std::to_string(scales.size()));
    }
  if (!options.mask.empty() && (!options.query_starts.empty() || options.page_size > 0))
    refuse("a mask is for one sequence without pages");
  if (!options.mask.empty() && options.mask.size() != q.tokens * k.tokens)
    refuse("mask must be " + std::to_string(q.tokens) + " x " + std::to_string(k.tokens) + ", got " +
           std::to_string(options.mask.size()) + " numbers");
  if (!(options.softcap >= 0) || std::isinf(options.softcap)) refuse("softcap must be finite and >= 0");
  if (options.scale && !std::isfinite(*options.scale)) refuse("scale must be finite");
  if (options.threads < 0) refuse("threads must be >= 0, got " + std::to_string(options.threads));
}

}  // namespace detail

QSM_INLINE void attention(const ConstHeads& q, const ConstHeads& k, const ConstHeads& v, const MutableHeads& o,
                          std::span<float> lse, const AttentionOptions& options) {
  detail::check_attention(q, k, v, o, lse, options);
  // A piece is a block of queries with heads that share one of the keys; where a sequence has no other such block, with as
  // many heads as leave work for all threads.
  struct Piece {
    detail::Sequence sequence;
    std::size_t first_query, queries, first_head, heads;
  };
  const std::size_t group = q.heads / k.heads, heads = std::min(group, detail::rows_of_block);
  const std::size_t tokens = detail::rows_of_block / heads;
  const auto sequences = detail::sequences_of(q, k, options);
  const auto threads = static_cast<std::size_t>(options.threads > 0 ? options.threads : sim::default_threads());
  const std::size_t together = std::max<std::size_t>(1, k.heads * sequences.size() / threads);
  std::vector<Piece> pieces;
  for (const auto& sequence : sequences) {
    const std::size_t key_heads = sequence.queries > tokens ? 1 : std::min(k.heads, together);
    for (std::size_t key_head = 0; key_head < k.heads; key_head += key_heads)
      for (std::size_t query = 0; query < sequence.queries; query += tokens)
        pieces.push_back({sequence, query, std::min(tokens, sequence.queries - query), key_head * group,
                          std::min(key_heads, k.heads - key_head) * group});
  }
  sim::parallel_for(pieces.size(), options.threads, [&](std::size_t i) {
    thread_local detail::AttentionWorkspace space;
    const Piece& piece = pieces[i];
    space.shared.resize(piece.heads / group * ((group + heads - 1) / heads));
    auto shared = space.shared.begin();
    for (std::size_t first = piece.first_head; first < piece.first_head + piece.heads; first += group)
      for (std::size_t head = 0; head < group; head += heads, ++shared) {
        shared->first = first + head;
        shared->heads = std::min(heads, group - head);
      }
    detail::QueryBlock(q, k, v, o, lse, options, piece.sequence, piece.first_query, piece.queries, space).attend();
  });
}

}  // namespace qsm::inline v0::kernels
