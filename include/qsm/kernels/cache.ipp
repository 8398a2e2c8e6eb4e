#pragma once
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/kernels/attention.ipp>
#include <qsm/kernels/cache.hpp>
#include <qsm/kernels/detail/matrices.hpp>
#include <qsm/sim/parallel.hpp>

namespace qsm::inline v0::kernels {

namespace detail {

/// Cosine and sine for each pair of one place.
struct Turn {
  std::vector<float> cosines, sines;

  Turn(std::uint64_t position, std::size_t turned, double base) : cosines(turned / 2), sines(turned / 2) {
    for (std::size_t i = 0; i < cosines.size(); ++i) {
      const double angle =
          static_cast<double>(position) * std::pow(base, -2 * static_cast<double>(i) / static_cast<double>(turned));
      cosines[i] = static_cast<float>(std::cos(angle));
      sines[i] = static_cast<float>(std::sin(angle));
    }
  }
  void apply(float* head, bool interleaved) const {
    const std::size_t pairs = cosines.size();
    for (std::size_t i = 0; i < pairs; ++i) {
      float& one = head[interleaved ? 2 * i : i];
      float& other = head[interleaved ? 2 * i + 1 : i + pairs];
      const float first = one, second = other;
      one = first * cosines[i] - second * sines[i];
      other = first * sines[i] + second * cosines[i];
    }
  }
};

inline void read_head(const ConstHeads& heads, std::size_t token, std::size_t head, float* out) {
  with_float(heads.dtype, [&](auto number) {
    const auto* const from = head_of<decltype(number)>(heads, token, head);
    for (std::size_t i = 0; i < heads.size; ++i) out[i] = from[i];
  });
}

inline void write_head(const MutableHeads& heads, std::size_t token, std::size_t head, const float* from) {
  if (heads.dtype == Dtype::int8) {
    auto* const to = const_cast<std::int8_t*>(head_of<std::int8_t>(heads, token, head));
    for (std::size_t i = 0; i < heads.size; ++i)
      to[i] = static_cast<std::int8_t>(std::clamp(std::nearbyint(from[i]), -127.0f, 127.0f));
    return;
  }
  with_float(heads.dtype, [&](auto number) {
    using Number = decltype(number);
    auto* const to = const_cast<Number*>(head_of<Number>(heads, token, head));
    for (std::size_t i = 0; i < heads.size; ++i) to[i] = Number(from[i]);
  });
}

/// The largest number of a Dtype of 8 bits.
inline float largest_of(Dtype dtype) {
  return dtype == Dtype::int8 ? 127.0f : dtype == Dtype::float8_e4m3 ? 448.0f : 57344.0f;
}

/// Writes a head divided by a scale of its own, which goes to `scales`, or as it is where there are none.
inline void keep_head(const MutableHeads& cache, std::size_t slot, std::size_t head, float* numbers,
                      std::span<float> scales) {
  if (!scales.empty()) {
    float largest = 0;
    for (std::size_t i = 0; i < cache.size; ++i) largest = std::max(largest, std::abs(numbers[i]));
    const float scale = largest > 0 ? largest / largest_of(cache.dtype) : 1;
    for (std::size_t i = 0; i < cache.size; ++i) numbers[i] /= scale;
    scales[slot * cache.heads + head] = scale;
  }
  write_head(cache, slot, head, numbers);
}

inline std::size_t turned_of(const char* function, std::size_t size, const RopeOptions& options) {
  const std::size_t turned = options.turned == 0 ? size : options.turned;
  if (turned % 2 != 0 || turned > size)
    throw std::invalid_argument(std::string(function) + ": turned must be even and at most the size of a head, " +
                                std::to_string(size) + ", got " + std::to_string(turned));
  Check(function).that(options.base > 1 && std::isfinite(options.base), "base", options.base, "finite and > 1");
  if (options.threads < 0)
    throw std::invalid_argument(std::string(function) + ": threads must be >= 0, got " +
                                std::to_string(options.threads));
  return turned;
}

}  // namespace detail

QSM_INLINE void rope(const ConstHeads& x, std::span<const std::uint64_t> positions, const MutableHeads& out,
                     const RopeOptions& options) {
  detail::refuse_dtype("rope", "x", x.dtype, detail::is_float(x.dtype), "float32, bfloat16 or float16");
  detail::refuse_dtype("rope", "out", out.dtype, detail::is_float(out.dtype), "float32, bfloat16 or float16");
  if (out.tokens != x.tokens || out.heads != x.heads || out.size != x.size)
    throw std::invalid_argument("rope: out must be " + detail::size_text(x) + ", got " + detail::size_text(out));
  if (positions.size() != x.tokens)
    throw std::invalid_argument("rope: positions must have a number for each of " + std::to_string(x.tokens) +
                                " tokens, got " + std::to_string(positions.size()));
  const std::size_t turned = detail::turned_of("rope", x.size, options);
  sim::parallel_for(x.tokens, x.tokens < 64 ? 1 : options.threads, [&](std::size_t token) {
    const detail::Turn turn(positions[token], turned, options.base);
    std::vector<float> numbers(x.size);
    for (std::size_t head = 0; head < x.heads; ++head) {
      detail::read_head(x, token, head, numbers.data());
      turn.apply(numbers.data(), options.interleaved);
      detail::write_head(out, token, head, numbers.data());
    }
  });
}

QSM_INLINE void append_kv(const ConstHeads& k, const ConstHeads& v, const MutableHeads& key_cache,
                          const MutableHeads& value_cache, std::span<const std::uint64_t> slots,
                          const AppendOptions& options) {
  const auto refuse = [](const std::string& text) { throw std::invalid_argument("append_kv: " + text); };
  for (const auto& [name, heads] : {std::pair{"k", &k}, std::pair{"v", &v}})
    detail::refuse_dtype("append_kv", name, heads->dtype, detail::is_float(heads->dtype),
                         "float32, bfloat16 or float16");
  const bool bytes = detail::is_of_bytes(key_cache.dtype);
  detail::refuse_dtype("append_kv", "key_cache", key_cache.dtype, bytes || detail::is_float(key_cache.dtype),
                       "float32, bfloat16, float16, float8_e4m3, float8_e5m2 or int8");
  detail::refuse_dtype("append_kv", "value_cache", value_cache.dtype, value_cache.dtype == key_cache.dtype,
                       "of the Dtype of key_cache");
  if (v.tokens != k.tokens || v.heads != k.heads)
    refuse("v must have the tokens and heads of k, got k of " + detail::size_text(k) + ", v of " +
           detail::size_text(v));
  if (key_cache.heads != k.heads || key_cache.size != k.size || value_cache.heads != v.heads ||
      value_cache.size != v.size || value_cache.tokens != key_cache.tokens)
    refuse("caches must have the heads and sizes of k and v and tokens alike, got " + detail::size_text(key_cache) +
           " and " + detail::size_text(value_cache));
  if (slots.size() != k.tokens)
    refuse("slots must have a number for each of " + std::to_string(k.tokens) + " tokens, got " +
           std::to_string(slots.size()));
  for (const std::uint64_t slot : slots)
    if (slot >= key_cache.tokens)
      refuse("slots must be below the " + std::to_string(key_cache.tokens) + " tokens of the caches, got " +
             std::to_string(slot));
  if (!options.positions.empty() && options.positions.size() != k.tokens)
    refuse("positions must have a number for each of " + std::to_string(k.tokens) + " tokens, got " +
           std::to_string(options.positions.size()));
  const std::size_t kept = key_cache.tokens * k.heads;
  for (const auto& [name, scales] :
       {std::pair{"key_scales", options.key_scales}, std::pair{"value_scales", options.value_scales}}) {
    if (!scales.empty() && !bytes) refuse(std::string(name) + " are for caches of 8 bits");
    if (scales.empty() ? key_cache.dtype == Dtype::int8 : scales.size() != kept)
      refuse(std::string(name) + " must have " + std::to_string(kept) + " numbers, got " +
             std::to_string(scales.size()));
  }
  const std::size_t turned = options.positions.empty() ? 0 : detail::turned_of("append_kv", k.size, options.rope);
  sim::parallel_for(k.tokens, k.tokens < 64 ? 1 : options.rope.threads, [&](std::size_t token) {
    std::vector<float> numbers(std::max(k.size, v.size));
    const detail::Turn turn(options.positions.empty() ? 0 : options.positions[token], turned, options.rope.base);
    for (std::size_t head = 0; head < k.heads; ++head) {
      detail::read_head(k, token, head, numbers.data());
      if (!options.positions.empty()) turn.apply(numbers.data(), options.rope.interleaved);
      detail::keep_head(key_cache, slots[token], head, numbers.data(), options.key_scales);
      detail::read_head(v, token, head, numbers.data());
      detail::keep_head(value_cache, slots[token], head, numbers.data(), options.value_scales);
    }
  });
}

}  // namespace qsm::inline v0::kernels
