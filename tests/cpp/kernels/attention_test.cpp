// Attention beside its definition in double precision, at every level of vector instructions.
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/kernels/attention.hpp>

#include "core/simd_levels.hpp"

namespace {

using namespace qsm::kernels;
using qsm_test::at_each_level;

template <class Number>
std::vector<Number> numbers(std::size_t count, std::uint64_t seed) {
  std::vector<double> uniforms(count);
  qsm::Stream(seed).uniforms(0, uniforms);
  std::vector<Number> all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = Number(static_cast<float>(4 * uniforms[i] - 2));
  return all;
}

struct Shape {
  std::size_t queries, keys, heads, key_heads, size, value_size;
};

struct Result {
  std::vector<double> out, lse;
};

/// The definition; `seen(query, key)` says what is seen, `score` changes one.
template <class Number, class Seen, class Score>
Result reference(const Shape& shape, const std::vector<Number>& q, const std::vector<Number>& k,
                 const std::vector<Number>& v, double scale, Seen seen, Score change) {
  const auto& [queries, keys, heads, key_heads, size, value_size] = shape;
  Result result{std::vector<double>(queries * heads * value_size), std::vector<double>(queries * heads)};
  for (std::size_t i = 0; i < queries; ++i)
    for (std::size_t h = 0; h < heads; ++h) {
      const std::size_t g = h / (heads / key_heads);
      std::vector<double> scores(keys, -INFINITY);
      double largest = -INFINITY, sum = 0;
      for (std::size_t j = 0; j < keys; ++j) {
        if (!seen(i, j)) continue;
        double score = 0;
        for (std::size_t d = 0; d < size; ++d)
          score += static_cast<double>(q[(i * heads + h) * size + d]) *
                   static_cast<double>(k[(j * key_heads + g) * size + d]);
        scores[j] = change(score * scale, i, j, h);
        largest = std::max(largest, scores[j]);
      }
      if (largest == -INFINITY) {
        result.lse[i * heads + h] = -INFINITY;
        continue;
      }
      for (std::size_t j = 0; j < keys; ++j) {
        const double weight = std::exp(scores[j] - largest);
        sum += weight;
        for (std::size_t d = 0; weight > 0 && d < value_size; ++d)
          result.out[(i * heads + h) * value_size + d] +=
              weight * static_cast<double>(v[(j * key_heads + g) * value_size + d]);
      }
      for (std::size_t d = 0; d < value_size; ++d) result.out[(i * heads + h) * value_size + d] /= sum;
      result.lse[i * heads + h] = largest + std::log(sum);
    }
  return result;
}

template <class Number>
constexpr double tolerance = std::is_same_v<Number, bfloat16> ? 1e-2 : 2e-5;

template <class Number>
void expect_like(const Shape& shape, const AttentionOptions& options, auto seen, auto change) {
  const auto& [queries, keys, heads, key_heads, size, value_size] = shape;
  SCOPED_TRACE(std::to_string(queries) + " x " + std::to_string(keys) + ", heads " + std::to_string(heads) + "/" +
               std::to_string(key_heads) + " of " + std::to_string(size) + "/" + std::to_string(value_size));
  const auto q = numbers<Number>(queries * heads * size, 1), k = numbers<Number>(keys * key_heads * size, 2),
             v = numbers<Number>(keys * key_heads * value_size, 3);
  const double scale = options.scale.value_or(1 / std::sqrt(static_cast<double>(size)));
  const Result truth = reference(shape, q, k, v, scale, seen, change);
  std::vector<float> out(queries * heads * value_size, NAN), lse(queries * heads, NAN);
  attention(ConstHeads(q.data(), queries, heads, size), ConstHeads(k.data(), keys, key_heads, size),
            ConstHeads(v.data(), keys, key_heads, value_size), MutableHeads(out.data(), queries, heads, value_size),
            lse, options);
  for (std::size_t i = 0; i < out.size(); ++i)
    ASSERT_NEAR(static_cast<double>(out[i]), truth.out[i], tolerance<Number>) << "number " << i;
  for (std::size_t i = 0; i < lse.size(); ++i) {
    if (std::isinf(truth.lse[i]))
      ASSERT_EQ(lse[i], -INFINITY);
    else
      ASSERT_NEAR(static_cast<double>(lse[i]), truth.lse[i], tolerance<Number>);
  }
}

const auto all_seen = [](std::size_t, std::size_t) { return true; };
const auto unchanged = [](double score, std::size_t, std::size_t, std::size_t) { return score; };

const Shape shapes[] = {{1, 1, 1, 1, 64, 64},      {5, 3, 2, 1, 16, 16},   {61, 193, 4, 2, 80, 80},
                        {3, 400, 8, 1, 128, 128},  {64, 64, 3, 3, 33, 65}, {1, 1000, 8, 2, 128, 128},
                        {130, 130, 1, 1, 96, 192}, {2, 50, 128, 2, 64, 64}};

TEST(Attention, IsItsDefinition) {
  at_each_level([] {
    for (const Shape& shape : shapes) {
      expect_like<float>(shape, {}, all_seen, unchanged);
      expect_like<bfloat16>(shape, {}, all_seen, unchanged);
      expect_like<float16>(shape, {}, all_seen, unchanged);
    }
  });
}

TEST(Attention, MasksWhatIsNotSeen) {
  at_each_level([] {
    for (const Shape& shape : shapes) {
      const auto queries = static_cast<std::ptrdiff_t>(shape.queries), keys = static_cast<std::ptrdiff_t>(shape.keys);
      for (const auto alignment : {CausalAlignment::bottom_right, CausalAlignment::top_left}) {
        const std::ptrdiff_t shift = alignment == CausalAlignment::top_left ? 0 : keys - queries;
        const auto own = [shift](std::size_t i) { return static_cast<std::ptrdiff_t>(i) + shift; };
        const auto causal = [&](std::size_t i, std::size_t j) { return static_cast<std::ptrdiff_t>(j) <= own(i); };
        const auto window = [&](std::size_t i, std::size_t j) {
          const auto key = static_cast<std::ptrdiff_t>(j);
          return key >= own(i) - 20 && key <= own(i) + 3;
        };
        expect_like<float>(shape, {.causal = true, .alignment = alignment}, causal, unchanged);
        expect_like<bfloat16>(shape, {.causal = true, .alignment = alignment}, causal, unchanged);
        expect_like<float>(shape, {.alignment = alignment, .window_before = 20, .window_after = 3}, window, unchanged);
        expect_like<bfloat16>(
            shape, {.causal = true, .alignment = alignment, .window_before = 0},
            [&](std::size_t i, std::size_t j) { return static_cast<std::ptrdiff_t>(j) == own(i); }, unchanged);
      }
      std::vector<std::uint8_t> mask(shape.queries * shape.keys);
      for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = i % 3 == 0 || i % 7 == 1;
      expect_like<float>(
          shape, {.mask = mask}, [&](std::size_t i, std::size_t j) { return mask[i * shape.keys + j] != 0; },
          unchanged);
    }
  });
}

TEST(Attention, ChangesScores) {
  at_each_level([] {
    for (const Shape& shape : shapes) {
      expect_like<float>(shape, {.scale = 0.3, .softcap = 2}, all_seen,
                         [](double score, std::size_t, std::size_t, std::size_t) { return 2 * std::tanh(score / 2); });
      std::vector<float> slopes(shape.heads);
      for (std::size_t h = 0; h < shape.heads; ++h) slopes[h] = 1.0f / static_cast<float>(2 + h);
      expect_like<float>(shape, {.slopes = slopes}, all_seen,
                         [&](double score, std::size_t i, std::size_t j, std::size_t h) {
                           const double own = static_cast<double>(i + shape.keys) - static_cast<double>(shape.queries);
                           return score - static_cast<double>(slopes[h]) * std::abs(own - static_cast<double>(j));
                         });
    }
  });
}

TEST(Attention, TakesSinks) {
  const Shape shape{4, 30, 2, 1, 32, 32};
  const auto q = numbers<float>(4 * 2 * 32, 1), k = numbers<float>(30 * 32, 2), v = numbers<float>(30 * 32, 3);
  const std::vector<float> sinks = {0.5f, -2.0f};
  const Result plain = reference(shape, q, k, v, 1 / std::sqrt(32.0), all_seen, unchanged);
  std::vector<float> out(4 * 2 * 32), lse(8);
  attention(ConstHeads(q.data(), 4, 2, 32), ConstHeads(k.data(), 30, 1, 32), ConstHeads(v.data(), 30, 1, 32),
            MutableHeads(out.data(), 4, 2, 32), lse, {.sinks = sinks});
  for (std::size_t row = 0; row < 8; ++row) {
    // A sink joins the sum and brings nothing: the result shrinks by e^lse / (e^lse + e^sink).
    const double sink = static_cast<double>(sinks[row % 2]);
    const double with = plain.lse[row] + std::log1p(std::exp(sink - plain.lse[row]));
    EXPECT_NEAR(static_cast<double>(lse[row]), with, 1e-5);
    for (std::size_t d = 0; d < 32; ++d)
      EXPECT_NEAR(static_cast<double>(out[row * 32 + d]), plain.out[row * 32 + d] * std::exp(plain.lse[row] - with),
                  1e-5);
  }
}

// Cases with an exact answer, to the last bit.
TEST(Attention, IsExactWhereItCanBe) {
  at_each_level([] {
    const std::size_t keys = 256, size = 64;
    std::vector<bfloat16> q(size), k = numbers<bfloat16>(keys * size, 4), v(keys * size);
    for (std::size_t i = 0; i < v.size(); ++i) v[i] = bfloat16(static_cast<float>(i % 31) / 16);
    std::vector<float> out(size), lse(1);
    const auto run = [&](const AttentionOptions& options) {
      attention(ConstHeads(q.data(), 1, 1, size), ConstHeads(k.data(), keys, 1, size),
                ConstHeads(v.data(), keys, 1, size), MutableHeads(out.data(), 1, 1, size), lse, options);
    };
    run({});  // q = 0: the mean of all values
    for (std::size_t d = 0; d < size; ++d) {
      float sum = 0;
      for (std::size_t j = 0; j < keys; ++j) sum += v[j * size + d];
      EXPECT_EQ(out[d], sum / 256);
    }
    EXPECT_NEAR(static_cast<double>(lse[0]), std::log(256.0), 1e-6);
    // One key far ahead of the others: its value.
    for (auto& number : k) number = bfloat16(0.0f);
    for (std::size_t d = 0; d < size; ++d) q[d] = bfloat16(1.0f), k[201 * size + d] = bfloat16(1000.0f);
    run({});
    for (std::size_t d = 0; d < size; ++d) EXPECT_EQ(out[d], static_cast<float>(v[201 * size + d]));
    // A NaN in what is not seen does no harm.
    for (std::size_t j = 200; j < keys; ++j) v[j * size] = bfloat16(NAN), k[j * size] = bfloat16(NAN);
    run({.causal = true, .alignment = CausalAlignment::top_left});
    EXPECT_EQ(out[0], static_cast<float>(v[0]));
    // One in what is seen is not lost.
    run({});
    EXPECT_TRUE(std::isnan(out[0]));
    EXPECT_TRUE(std::isnan(lse[0]));
  });
}

TEST(Attention, GivesAQueryTheSameBitsInEveryBatch) {
  at_each_level([] {
    const std::size_t tokens = 300, heads = 6, key_heads = 2, size = 64;
    const auto q = numbers<bfloat16>(tokens * heads * size, 5), k = numbers<bfloat16>(tokens * key_heads * size, 6),
               v = numbers<bfloat16>(tokens * key_heads * size, 7);
    std::vector<float> all(tokens * heads * size), alone(heads * size), again(all.size());
    const auto keys = [&](const auto& numbers_of) { return ConstHeads(numbers_of.data(), tokens, key_heads, size); };
    attention(ConstHeads(q.data(), tokens, heads, size), keys(k), keys(v),
              MutableHeads(all.data(), tokens, heads, size), {}, {.causal = true, .threads = 1});
    attention(ConstHeads(q.data(), tokens, heads, size), keys(k), keys(v),
              MutableHeads(again.data(), tokens, heads, size), {}, {.causal = true, .threads = 2});
    EXPECT_EQ(all, again);
    for (const std::size_t token : {0, 19, 20, 191, 192, 299}) {
      attention(ConstHeads(q.data() + token * heads * size, 1, heads, size),
                ConstHeads(k.data(), token + 1, key_heads, size), ConstHeads(v.data(), token + 1, key_heads, size),
                MutableHeads(alone.data(), 1, heads, size), {}, {.causal = true});
      for (std::size_t i = 0; i < alone.size(); ++i) ASSERT_EQ(alone[i], all[token * heads * size + i]) << token;
    }
  });
}

TEST(Attention, GivesAQueryWithAWindowTheSameBitsInEveryBatch) {
  at_each_level([] {
    const std::size_t tokens = 500, size = 64;
    const auto q = numbers<float>(tokens * size, 11), k = numbers<float>(tokens * size, 12),
               v = numbers<float>(tokens * size, 13);
    std::vector<float> all(tokens * size), alone(size);
    const AttentionOptions options{.causal = true, .window_before = 150};
    attention(ConstHeads(q.data(), tokens, 1, size), ConstHeads(k.data(), tokens, 1, size),
              ConstHeads(v.data(), tokens, 1, size), MutableHeads(all.data(), tokens, 1, size), {}, options);
    for (const std::size_t token : {100, 239, 350, 499}) {
      attention(ConstHeads(q.data() + token * size, 1, 1, size), ConstHeads(k.data(), token + 1, 1, size),
                ConstHeads(v.data(), token + 1, 1, size), MutableHeads(alone.data(), 1, 1, size), {}, options);
      for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(alone[i], all[token * size + i]) << token;
    }
  });
}

TEST(Attention, TakesSequencesAndPages) {
  at_each_level([] {
    const std::size_t heads = 4, key_heads = 2, size = 32;
    const std::vector<std::uint64_t> query_starts = {0, 5, 5, 6, 40}, key_starts = {0, 70, 75, 300, 301};
    const auto q = numbers<bfloat16>(40 * heads * size, 8), k = numbers<bfloat16>(301 * key_heads * size, 9),
               v = numbers<bfloat16>(301 * key_heads * size, 10);
    std::vector<float> together(40 * heads * size, NAN), paged(together.size(), NAN), lse(40 * heads), paged_lse(lse);
    const ConstHeads all_q(q.data(), 40, heads, size);
    attention(all_q, ConstHeads(k.data(), 301, key_heads, size), ConstHeads(v.data(), 301, key_heads, size),
              MutableHeads(together.data(), 40, heads, size), lse,
              {.causal = true, .query_starts = query_starts, .key_starts = key_starts});
    for (std::size_t i = 0; i + 1 < query_starts.size(); ++i) {
      const std::size_t queries = query_starts[i + 1] - query_starts[i], keys = key_starts[i + 1] - key_starts[i];
      std::vector<float> alone(queries * heads * size);
      attention(ConstHeads(q.data() + query_starts[i] * heads * size, queries, heads, size),
                ConstHeads(k.data() + key_starts[i] * key_heads * size, keys, key_heads, size),
                ConstHeads(v.data() + key_starts[i] * key_heads * size, keys, key_heads, size),
                MutableHeads(alone.data(), queries, heads, size), {}, {.causal = true});
      for (std::size_t j = 0; j < alone.size(); ++j)
        ASSERT_EQ(alone[j], together[query_starts[i] * heads * size + j]) << i;
    }
    for (const std::size_t page : {1, 8, 16, 64}) {
      // The same keys in pages that lie backwards in a pool of NaN.
      const std::size_t pages = (225 + page - 1) / page, pool = 4 * pages * page, width = key_heads * size;
      std::vector<bfloat16> pool_k(pool * width, bfloat16(NAN)), pool_v(pool_k);
      std::vector<std::int32_t> table(4 * pages, -1);
      std::vector<std::uint64_t> counts(4);
      auto next = static_cast<std::int32_t>(4 * pages);
      for (std::size_t i = 0; i < 4; ++i) {
        counts[i] = key_starts[i + 1] - key_starts[i];
        for (std::size_t j = 0; j < counts[i]; ++j) {
          if (j % page == 0) table[i * pages + j / page] = --next;
          const std::size_t to = static_cast<std::size_t>(next) * page + j % page, from = key_starts[i] + j;
          for (std::size_t d = 0; d < width; ++d) {
            pool_k[to * width + d] = k[from * width + d];
            pool_v[to * width + d] = v[from * width + d];
          }
        }
      }
      attention(
          all_q, ConstHeads(pool_k.data(), pool, key_heads, size), ConstHeads(pool_v.data(), pool, key_heads, size),
          MutableHeads(paged.data(), 40, heads, size), paged_lse,
          {.causal = true, .query_starts = query_starts, .key_counts = counts, .page_table = table, .page_size = page});
      ASSERT_EQ(paged, together) << page;
      ASSERT_EQ(paged_lse, lse) << page;
    }
  });
}

std::string message(auto call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(Attention, RefusesWhatDoesNotFit) {
  std::vector<float> all(1000);
  const auto heads = [&](std::size_t tokens, std::size_t count, std::size_t size) {
    return MutableHeads(all.data(), tokens, count, size);
  };
  const auto run = [&](const ConstHeads& q, const ConstHeads& k, const ConstHeads& v, const MutableHeads& o,
                       const AttentionOptions& options = {}) {
    return message([&] { attention(q, k, v, o, {}, options); });
  };
  EXPECT_EQ(
      run(heads(2, 4, 8), heads(3, 3, 8), heads(3, 3, 8), heads(2, 4, 8)),
      "attention: heads of k must divide those of q, got q of 2 tokens x 4 heads x 8, k of 3 tokens x 3 heads x 8");
  EXPECT_EQ(
      run(heads(2, 4, 8), heads(3, 2, 4), heads(3, 2, 8), heads(2, 4, 8)),
      "attention: heads of q and k must be of one size, got q of 2 tokens x 4 heads x 8, k of 3 tokens x 2 heads x 4");
  EXPECT_EQ(
      run(heads(2, 4, 8), heads(3, 2, 8), heads(4, 2, 8), heads(2, 4, 8)),
      "attention: v must have the tokens and heads of k, got k of 3 tokens x 2 heads x 8, v of 4 tokens x 2 heads x 8");
  EXPECT_EQ(run(heads(2, 4, 8), heads(3, 2, 8), heads(3, 2, 8), heads(2, 4, 9)),
            "attention: o must have the tokens and heads of q and the size of v, got o of 2 tokens x 4 heads x 9");
  const std::vector<std::uint64_t> starts = {0, 1, 3}, counts = {2, 9};
  EXPECT_EQ(run(heads(2, 4, 8), heads(3, 2, 8), heads(3, 2, 8), heads(2, 4, 8), {.query_starts = starts}),
            "attention: query_starts must rise from 0 to the 2 tokens there are");
  const std::vector<std::int32_t> table = {0, 1, 1, 7};
  EXPECT_EQ(run(heads(3, 4, 8), heads(16, 2, 8), heads(16, 2, 8), heads(3, 4, 8),
                {.query_starts = starts, .key_counts = counts, .page_table = table, .page_size = 8}),
            "attention: page_table: page 7 of sequence 1 is not among the 2 there are");
  EXPECT_EQ(run(heads(2, 4, 8), heads(3, 2, 8), heads(3, 2, 8), heads(2, 4, 8), {.softcap = -1}),
            "attention: softcap must be finite and >= 0");
}

}  // namespace
