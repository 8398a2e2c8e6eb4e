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
  const std::size_t pages = options.page_table.size() / (options.key_starts.empty() ? 1 : options.key_starts.size());
  const std::int32_t page = options.page_table[sequence.index * pages + key / options.page_size];
  return static_cast<std::size_t>(page) * options.page_size + key % options.page_size;
}

/// What one thread works with.
struct AttentionWorkspace {
  std::vector<std::uint32_t> queries, keys, values, probabilities;
  std::vector<float> scores, out, converted;
  float largest[rows_of_block], sums[rows_of_block], shrink[rows_of_block];
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

/// Some queries of a sequence and the heads that share one of the keys.
inline void attend(const ConstHeads& q, const ConstHeads& k, const ConstHeads& v, const MutableHeads& o,
                   std::span<float> lse, const AttentionOptions& options, const Sequence& sequence,
                   std::size_t first_query, std::size_t queries, std::size_t first_head, std::size_t heads,
                   AttentionWorkspace& space) {
  const AttentionKernels& kernels = attention_kernels();
  const bool pairs = q.dtype == Dtype::bfloat16;
  const std::size_t group = q.heads / k.heads, key_head = first_head / group, rows = queries * heads;
  const std::size_t words = pairs ? (q.size + 1) / 2 : q.size, keys_per_word = pairs ? 2 : 1;
  const std::size_t value_panels = (v.size + wide_panel - 1) / wide_panel;
  const std::size_t key_panels = keys_of_block / wide_panel;
  const MultiplyPanel multiply = pairs ? kernels.multiply_bfloat16 : kernels.multiply_float32;
  const float log2_e = 1.44269504f;
  const auto scale = static_cast<float>(options.scale.value_or(1 / std::sqrt(static_cast<double>(q.size))));
  const bool adjusted = options.softcap > 0 || !options.slopes.empty() || !(scale > 0);
  const float factor = adjusted ? log2_e : scale * log2_e;  // of scores as they stand in the block

  space.queries.assign(rows * words, 0);
  space.keys.resize(key_panels * words * wide_panel);
  space.values.assign(value_panels * (keys_of_block / keys_per_word) * wide_panel, 0);
  space.scores.resize(key_panels * rows * wide_panel);
  space.probabilities.resize(rows * keys_of_block / keys_per_word);
  space.out.assign(value_panels * rows * wide_panel, 0.0f);
  space.converted.resize(keys_of_block * std::max(q.size, v.size));
  std::fill_n(space.largest, rows, -infinite);
  std::fill_n(space.sums, rows, 0.0f);

  // Row r is query r / heads of the block with head r % heads of the group.
  std::size_t first = sequence.keys, last = 0;
  for (std::size_t query = 0; query < queries; ++query) {
    const KeyRange seen = keys_seen(sequence, first_query + query, options);
    if (seen.first < seen.last) {
      first = std::min(first, seen.first);
      last = std::max(last, seen.last);
    }
    for (std::size_t head = 0; head < heads; ++head) {
      std::uint32_t* const own = space.queries.data() + (query * heads + head) * words;
      const std::uint32_t* const from = words_of(q, sequence.first_query + first_query + query, first_head + head, own);
      if (from != own) std::memcpy(own, from, words * 4);
    }
  }
  // Blocks begin at multiples of their size, so that what a query gets does not depend on those beside it.
  for (std::size_t start = first / keys_of_block * keys_of_block; start < last; start += keys_of_block) {
    const std::size_t keys = std::min(keys_of_block, last - start), panels = (keys + wide_panel - 1) / wide_panel;
    const std::uint32_t* at[wide_panel];
    for (std::size_t panel = 0; panel < panels; ++panel) {
      const std::size_t some = std::min(wide_panel, keys - panel * wide_panel);
      for (std::size_t j = 0; j < some; ++j)
        at[j] = words_of(k, token_of(sequence, start + panel * wide_panel + j, options), key_head,
                         reinterpret_cast<std::uint32_t*>(space.converted.data()) + j * words);
      std::uint32_t* const to = space.keys.data() + panel * words * wide_panel;
      kernels.pack_keys(at, some, words, to);
      multiply(space.queries.data(), words, rows, to, wide_panel, words,
               space.scores.data() + panel * rows * wide_panel, true);
    }
    // Scores of keys that are not seen.
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t query = first_query + row / heads, head = first_head + row % heads;
      const KeyRange seen = keys_seen(sequence, query, options);
      const auto score = [&](std::size_t key) -> float& {
        return space.scores[((key - start) / wide_panel * rows + row) * wide_panel + (key - start) % wide_panel];
      };
      if (adjusted) {
        const float slope = options.slopes.empty() ? 0.0f : options.slopes[head];
        const auto cap = static_cast<float>(options.softcap);
        const std::ptrdiff_t own = place_of(sequence, query, options);
        for (std::size_t key = start; key < start + keys; ++key) {
          float& value = score(key);
          value *= scale;
          if (cap > 0) value = cap * std::tanh(value / cap);
          value -= slope * static_cast<float>(std::abs(own - static_cast<std::ptrdiff_t>(key)));
        }
      }
      for (std::size_t key = start; key < std::min(seen.first, start + keys); ++key) score(key) = -infinite;
      for (std::size_t key = std::max(start, seen.last); key < start + panels * wide_panel; ++key)
        score(key) = -infinite;
      if (!options.mask.empty()) {
        const std::uint8_t* const shown = options.mask.data() + (sequence.first_query + query) * sequence.keys;
        for (std::size_t key = start; key < start + keys; ++key)
          if (shown[key] == 0) score(key) = -infinite;
      }
    }
    const std::size_t stride = panels * wide_panel / keys_per_word;
    kernels.softmax_rows({space.scores.data(), rows, keys, factor, space.largest, space.sums, space.shrink,
                          space.probabilities.data(), stride, keys_per_word});
    kernels.shrink_rows(space.out.data(), rows, value_panels, space.shrink);

    const std::size_t steps = (keys + keys_per_word - 1) / keys_per_word;
    const std::size_t panel_stride = steps * wide_panel;
    for (std::size_t step = 0; step < steps; ++step) {
      std::uint32_t* const to = space.values.data() + step * wide_panel;
      const std::size_t token = token_of(sequence, start + step * keys_per_word, options);
      if (pairs) {
        const auto* const even = reinterpret_cast<const std::uint16_t*>(head_of<bfloat16>(v, token, key_head));
        if (step * 2 + 1 < keys) {
          const std::size_t next = token_of(sequence, start + step * 2 + 1, options);
          kernels.pack_value_pair(even, reinterpret_cast<const std::uint16_t*>(head_of<bfloat16>(v, next, key_head)),
                                  v.size, to, panel_stride);
        } else {
          for (std::size_t i = 0; i < v.size; ++i) to[i / wide_panel * panel_stride + i % wide_panel] = even[i];
        }
      } else {
        const std::uint32_t* const from =
            words_of(v, token, key_head, reinterpret_cast<std::uint32_t*>(space.converted.data()));
        for (std::size_t i = 0; i < v.size; i += wide_panel)
          std::memcpy(to + i / wide_panel * panel_stride, reinterpret_cast<const char*>(from) + i * 4,
                      std::min(wide_panel, v.size - i) * 4);
      }
    }
    for (std::size_t panel = 0; panel < value_panels; ++panel)
      multiply(space.probabilities.data(), stride, rows, space.values.data() + panel * panel_stride, wide_panel, steps,
               space.out.data() + panel * rows * wide_panel, false);
  }

  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t token = sequence.first_query + first_query + row / heads, head = first_head + row % heads;
    float sum = space.sums[row], largest = space.largest[row] * factor, shrink = 1;
    if (!options.sinks.empty()) {
      const float sink = options.sinks[head] * log2_e, more = std::max(largest, sink);
      shrink = largest == -infinite ? 0.0f : std::exp2(largest - more);
      sum = sum * shrink + std::exp2(sink - more);
      largest = more;
    }
    if (!lse.empty()) lse[token * q.heads + head] = sum == 0 ? -infinite : (largest + std::log2(sum)) * 0.69314718f;
    const float inverse = sum == 0 ? 0.0f : shrink / sum;
    with_float(o.dtype, [&](auto number) {
      using Number = decltype(number);
      auto* const to = const_cast<Number*>(head_of<Number>(o, token, head));
      for (std::size_t i = 0; i < v.size; ++i)
        to[i] = Number(space.out[(i / wide_panel * rows + row) * wide_panel + i % wide_panel] * inverse);
    });
  }
}

inline std::string size_text(const ConstHeads& heads) {
  return std::to_string(heads.tokens) + " tokens x " + std::to_string(heads.heads) + " heads x " +
         std::to_string(heads.size);
}

inline bool is_float(Dtype dtype) {
  return dtype == Dtype::float32 || dtype == Dtype::bfloat16 || dtype == Dtype::float16;
}

inline std::vector<Sequence> sequences_of(const ConstHeads& q, const ConstHeads& k, const AttentionOptions& options) {
  const auto refuse = [](const std::string& text) { throw std::invalid_argument("attention: " + text); };
  const auto check_starts = [&](std::span<const std::uint64_t> starts, const char* name, std::size_t tokens) {
    if (starts.size() < 2 || starts[0] != 0 || starts.back() != tokens || !std::is_sorted(starts.begin(), starts.end()))
      refuse(std::string(name) + " must rise from 0 to the " + std::to_string(tokens) + " tokens there are");
  };
  std::vector<Sequence> all;
  const bool paged = options.page_size > 0;
  if (paged && options.key_starts.empty()) refuse("key_starts must say how many keys each sequence has in its pages");
  if (!paged && !options.page_table.empty()) refuse("page_size must be >= 1 where there is a page_table, got 0");
  const std::size_t count = options.query_starts.empty() ? 1 : options.query_starts.size() - 1;
  if (!options.query_starts.empty()) check_starts(options.query_starts, "query_starts", q.tokens);
  if (paged) {
    if (options.key_starts.size() != count)
      refuse("key_starts must have a number for each of " + std::to_string(count) + " sequences, got " +
             std::to_string(options.key_starts.size()));
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
      one.keys = options.key_starts[i];
      if (one.keys > pages * options.page_size)
        refuse("key_starts: sequence " + std::to_string(i) + " has " + std::to_string(one.keys) + " keys in " +
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
  refuse_dtype("attention", "k", k.dtype, k.dtype == q.dtype, "of the Dtype of q");
  refuse_dtype("attention", "v", v.dtype, v.dtype == q.dtype, "of the Dtype of q");
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
  // A piece is a block of queries with heads that share one of the keys.
  struct Piece {
    detail::Sequence sequence;
    std::size_t first_query, queries, first_head, heads;
  };
  const std::size_t group = q.heads / k.heads, heads = std::min(group, detail::rows_of_block);
  const std::size_t tokens = detail::rows_of_block / heads;
  std::vector<Piece> pieces;
  for (const auto& sequence : detail::sequences_of(q, k, options))
    for (std::size_t key_head = 0; key_head < k.heads; ++key_head)
      for (std::size_t head = 0; head < group; head += heads)
        for (std::size_t query = 0; query < sequence.queries; query += tokens)
          pieces.push_back({sequence, query, std::min(tokens, sequence.queries - query), key_head * group + head,
                            std::min(heads, group - head)});
  sim::parallel_for(pieces.size(), options.threads, [&](std::size_t i) {
    thread_local detail::AttentionWorkspace space;
    const Piece& piece = pieces[i];
    detail::attend(q, k, v, o, lse, options, piece.sequence, piece.first_query, piece.queries, piece.first_head,
                   piece.heads, space);
  });
}

}  // namespace qsm::inline v0::kernels
