// Keys and values that are kept: turned by their places, in 8 bits, and read by attention.
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/kernels/cache.hpp>

#include "core/simd_levels.hpp"

namespace {

using namespace qsm::kernels;
using qsm_test::at_each_level;

template <class Number = float>
std::vector<Number> numbers(std::size_t count, std::uint64_t seed) {
  std::vector<double> uniforms(count);
  qsm::Stream(seed).uniforms(0, uniforms);
  std::vector<Number> all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = Number(static_cast<float>(4 * uniforms[i] - 2));
  return all;
}

TEST(Rope, TurnsPairsAsComplexNumbersDo) {
  const std::size_t tokens = 100, heads = 3, size = 20;
  const auto x = numbers(tokens * heads * size, 1);
  std::vector<std::uint64_t> positions(tokens);
  for (std::size_t i = 0; i < tokens; ++i) positions[i] = 37 * i % 101;
  for (const bool interleaved : {false, true})
    for (const std::size_t turned : {size, std::size_t{8}}) {
      std::vector<float> out(x.size());
      rope(ConstHeads(x.data(), tokens, heads, size), positions, MutableHeads(out.data(), tokens, heads, size),
           {.base = 500, .turned = turned, .interleaved = interleaved});
      for (std::size_t t = 0; t < tokens; ++t)
        for (std::size_t h = 0; h < heads; ++h) {
          const std::size_t at = (t * heads + h) * size;
          for (std::size_t i = 0; i < turned / 2; ++i) {
            const std::size_t one = at + (interleaved ? 2 * i : i), other = interleaved ? one + 1 : one + turned / 2;
            const double speed = std::pow(500, -static_cast<double>(i) / (static_cast<double>(turned) / 2));
            const auto truth = std::complex<double>(static_cast<double>(x[one]), static_cast<double>(x[other])) *
                               std::polar(1.0, static_cast<double>(positions[t]) * speed);
            EXPECT_NEAR(static_cast<double>(out[one]), truth.real(), 1e-6);
            EXPECT_NEAR(static_cast<double>(out[other]), truth.imag(), 1e-6);
          }
          for (std::size_t i = turned; i < size; ++i) EXPECT_EQ(out[at + i], x[at + i]);
        }
    }
}

TEST(Rope, ProductsDependOnTheDistanceAlone) {
  const std::size_t size = 64;
  const auto x = numbers(2 * size, 3);
  const auto product = [&](std::uint64_t one, std::uint64_t other) {
    std::vector<float> out(2 * size);
    const std::uint64_t positions[] = {one, other};
    rope(ConstHeads(x.data(), 2, 1, size), positions, MutableHeads(out.data(), 2, 1, size));
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i) sum += static_cast<double>(out[i]) * static_cast<double>(out[size + i]);
    return sum;
  };
  EXPECT_NEAR(product(5, 12), product(1005, 1012), 1e-4);
  EXPECT_GT(std::abs(product(5, 12) - product(5, 13)), 1e-2);
}

constexpr std::size_t tokens = 70, slots_there = 128, heads = 2, size = 33, value_size = 48;

struct Kept {
  std::vector<float> k = numbers(tokens * heads * size, 5), v = numbers(tokens * heads * value_size, 6);
  std::vector<std::uint64_t> slots;
  Kept() {
    for (std::size_t i = 0; i < tokens; ++i) slots.push_back(i * 37 % slots_there);
  }
};

/// Keeps in bytes, and gives back what they stand for.
template <class Number>
void expect_kept(bool scaled, double step) {
  const Kept one;
  std::vector<Number> key_cache(slots_there * heads * size), value_cache(slots_there * heads * value_size);
  std::vector<float> key_scales(slots_there * heads, NAN), value_scales(slots_there * heads, NAN);
  const MutableHeads keys(key_cache.data(), slots_there, heads, size),
      values(value_cache.data(), slots_there, heads, value_size);
  AppendOptions options;
  if (scaled) {
    options.key_scales = key_scales;
    options.value_scales = value_scales;
  }
  append_kv(ConstHeads(one.k.data(), tokens, heads, size), ConstHeads(one.v.data(), tokens, heads, value_size), keys,
            values, one.slots, options);
  std::vector<float> k(one.k.size());
  for (std::size_t t = 0; t < tokens; ++t)
    for (std::size_t h = 0; h < heads; ++h) {
      const float scale = scaled ? key_scales[one.slots[t] * heads + h] : 1;
      float largest = 0;
      for (std::size_t i = 0; i < size; ++i) largest = std::max(largest, std::abs(one.k[(t * heads + h) * size + i]));
      for (std::size_t i = 0; i < size; ++i) {
        const std::size_t at = (t * heads + h) * size + i;
        k[at] = scale * static_cast<float>(key_cache[(one.slots[t] * heads + h) * size + i]);
        EXPECT_LE(std::abs(k[at] - one.k[at]), step * static_cast<double>(scaled ? largest : 2.0f));
      }
    }
  // Attention to the cache is attention to what it stands for, in pages of one token.
  std::vector<std::int32_t> table(one.slots.begin(), one.slots.end());
  std::vector<float> v(one.v.size());
  for (std::size_t t = 0; t < tokens; ++t)
    for (std::size_t h = 0; h < heads; ++h)
      for (std::size_t i = 0; i < value_size; ++i)
        v[(t * heads + h) * value_size + i] =
            (scaled ? value_scales[one.slots[t] * heads + h] : 1) *
            static_cast<float>(value_cache[(one.slots[t] * heads + h) * value_size + i]);
  const auto attend = [&]<class Query>(Query, float tolerance) {
    const auto q = numbers<Query>(3 * 4 * size, 7);
    std::vector<Query> short_k(k.begin(), k.end()), short_v(v.begin(), v.end());
    std::vector<float> out(3 * 4 * value_size), truth(out.size());
    const std::vector<std::uint64_t> counts = {tokens};
    const ConstHeads queries(q.data(), 3, 4, size);
    attention(queries, keys, values, MutableHeads(out.data(), 3, 4, value_size), {},
              {.causal = true,
               .key_counts = counts,
               .page_table = table,
               .page_size = 1,
               .key_scales = options.key_scales,
               .value_scales = options.value_scales});
    attention(queries, ConstHeads(short_k.data(), tokens, heads, size),
              ConstHeads(short_v.data(), tokens, heads, value_size), MutableHeads(truth.data(), 3, 4, value_size), {},
              {.causal = true});
    for (std::size_t i = 0; i < out.size(); ++i) EXPECT_NEAR(out[i], truth[i], tolerance);
  };
  attend(float(), 0);  // the same numbers, to the last bit
  attend(bfloat16(), 0);
}

TEST(Cache, HoldsBytesThatAttentionReads) {
  at_each_level([] {
    expect_kept<std::int8_t>(true, 0.5 / 127 * 1.001);
    expect_kept<float8_e4m3>(true, 1.0 / 16);
    expect_kept<float8_e4m3>(false, 1.0 / 16);
    expect_kept<float8_e5m2>(true, 1.0 / 8);
  });
}

TEST(Cache, KeysAreTurnedBeforeTheyAreKept) {
  const Kept one;
  std::vector<std::uint64_t> positions(tokens);
  for (std::size_t i = 0; i < tokens; ++i) positions[i] = 3 * i;
  const std::size_t even = 32;
  std::vector<float> turned(tokens * heads * even), kept(slots_there * heads * even),
      values(slots_there * heads * even);
  const ConstHeads k(one.k.data(), tokens, heads, even);
  rope(k, positions, MutableHeads(turned.data(), tokens, heads, even), {.base = 1e6});
  append_kv(k, k, MutableHeads(kept.data(), slots_there, heads, even),
            MutableHeads(values.data(), slots_there, heads, even), one.slots,
            {.positions = positions, .rope = {.base = 1e6}});
  for (std::size_t t = 0; t < tokens; ++t)
    for (std::size_t i = 0; i < heads * even; ++i) {
      EXPECT_EQ(kept[one.slots[t] * heads * even + i], turned[t * heads * even + i]);
      EXPECT_EQ(values[one.slots[t] * heads * even + i], one.k[t * heads * even + i]);
    }
}

TEST(Cache, ScalesMayBeOneForAllOrOneForEachHead) {
  const auto k = numbers(64 * 2 * 16, 8);
  std::vector<std::int8_t> bytes(k.size());
  std::vector<float> dense(k.size());
  const float by_head[] = {0.01f, 0.03f}, one[] = {0.02f};
  const auto q = numbers(2 * 2 * 16, 9);
  for (const std::span<const float> scales : {std::span<const float>(by_head), std::span<const float>(one)}) {
    for (std::size_t i = 0; i < k.size(); ++i) {
      bytes[i] = static_cast<std::int8_t>(50 * k[i]);
      dense[i] = scales[i / 16 % 2 % scales.size()] * static_cast<float>(bytes[i]);
    }
    std::vector<float> out(2 * 2 * 16), truth(out.size());
    const ConstHeads queries(q.data(), 2, 2, 16), cache(bytes.data(), 64, 2, 16), plain(dense.data(), 64, 2, 16);
    attention(queries, cache, cache, MutableHeads(out.data(), 2, 2, 16), {},
              {.key_scales = scales, .value_scales = scales});
    attention(queries, plain, plain, MutableHeads(truth.data(), 2, 2, 16));
    EXPECT_EQ(out, truth);
  }
}

/// Multi-head latent attention: one head of keys for all, whose first numbers are the values.
TEST(Cache, LatentAttentionReadsValuesOutOfKeys) {
  const std::size_t keys = 300, all = 16, latent = 512, place = 64, wide = latent + place;
  const auto q = numbers<bfloat16>(all * wide, 10), cache = numbers<bfloat16>(keys * wide, 11);
  std::vector<float> out(all * latent), apart(out.size());
  std::vector<bfloat16> copied;
  for (std::size_t j = 0; j < keys; ++j)
    copied.insert(copied.end(), cache.begin() + static_cast<std::ptrdiff_t>(j * wide),
                  cache.begin() + static_cast<std::ptrdiff_t>(j * wide + latent));
  const ConstHeads queries(q.data(), 1, all, wide), kept(cache.data(), keys, 1, wide);
  const ConstHeads inside(cache.data(), Dtype::bfloat16, keys, 1, latent, static_cast<std::ptrdiff_t>(wide), 0);
  const AttentionOptions options{.scale = 1 / std::sqrt(128.0 + 64), .causal = true};
  attention(queries, kept, inside, MutableHeads(out.data(), 1, all, latent), {}, options);
  attention(queries, kept, ConstHeads(copied.data(), keys, 1, latent), MutableHeads(apart.data(), 1, all, latent), {},
            options);
  EXPECT_EQ(out, apart);
  for (std::size_t h = 0; h < all; h += 5) {  // and it is the definition
    std::vector<double> weights(keys);
    double sum = 0, largest = -INFINITY;
    for (std::size_t j = 0; j < keys; ++j) {
      for (std::size_t i = 0; i < wide; ++i)
        weights[j] +=
            static_cast<double>(q[h * wide + i]) * static_cast<double>(cache[j * wide + i]) / std::sqrt(192.0);
      largest = std::max(largest, weights[j]);
    }
    for (double& weight : weights) sum += weight = std::exp(weight - largest);
    for (std::size_t i = 0; i < latent; i += 31) {
      double truth = 0;
      for (std::size_t j = 0; j < keys; ++j) truth += weights[j] / sum * static_cast<double>(cache[j * wide + i]);
      EXPECT_NEAR(static_cast<double>(out[h * latent + i]), truth, 1e-2);
    }
  }
}

TEST(Cache, RefusesWhatDoesNotFit) {
  const Kept one;
  std::vector<std::int8_t> bytes(slots_there * heads * value_size);
  std::vector<float> scales(slots_there * heads), floats(bytes.size());
  const ConstHeads k(one.k.data(), tokens, heads, size), v(one.v.data(), tokens, heads, value_size);
  const MutableHeads keys(bytes.data(), slots_there, heads, size), values(bytes.data(), slots_there, heads, value_size);
  AppendOptions options{.key_scales = scales, .value_scales = scales};
  EXPECT_NO_THROW(append_kv(k, v, keys, values, one.slots, options));
  EXPECT_THROW(append_kv(k, v, keys, values, one.slots), std::invalid_argument);  // int8 without scales
  auto far = one.slots;
  far[3] = slots_there;
  EXPECT_THROW(append_kv(k, v, keys, values, far, options), std::invalid_argument);
  EXPECT_THROW(append_kv(k, v, values, keys, one.slots, options), std::invalid_argument);
  EXPECT_THROW(append_kv(k, v, keys, MutableHeads(floats.data(), slots_there, heads, value_size), one.slots, options),
               std::invalid_argument);
  options.positions = one.slots;
  EXPECT_THROW(append_kv(k, v, keys, values, one.slots, options), std::invalid_argument);  // 33 numbers are no pairs
  EXPECT_THROW(rope(k, one.slots, MutableHeads(floats.data(), tokens, heads, size), {.turned = 34}),
               std::invalid_argument);
  EXPECT_THROW(rope(k, one.slots, MutableHeads(floats.data(), tokens, heads, size), {.base = 1, .turned = 32}),
               std::domain_error);
  // attention
  const std::vector<float> three(3, 1.0f);
  const ConstHeads q(one.k.data(), 2, heads, size);
  const MutableHeads o(floats.data(), 2, heads, value_size);
  EXPECT_THROW(attention(q, keys, values, o, {}, {.key_scales = three}), std::invalid_argument);
  EXPECT_THROW(attention(q, k, v, o, {}, {.key_scales = scales}), std::invalid_argument);
  const std::vector<std::uint64_t> counts = {2}, starts = {0, 2};
  const std::vector<std::int32_t> table = {0, 1};
  EXPECT_NO_THROW(attention(q, k, v, o, {}, {.key_counts = counts, .page_table = table, .page_size = 1}));
  EXPECT_THROW(attention(q, k, v, o, {}, {.key_starts = starts, .page_table = table, .page_size = 1}),
               std::invalid_argument);
  EXPECT_THROW(attention(q, k, v, o, {}, {.key_counts = counts}), std::invalid_argument);
}

}  // namespace
