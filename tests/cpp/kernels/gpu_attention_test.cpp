// The GPU's attention on the emulator, beside that of the processor.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/kernels/attention.hpp>
#include <qsm/kernels/detail/gpu/attention.hpp>
#include <qsm/kernels/detail/gpu/emulator.hpp>

#include "kernels/gpu_numbers.hpp"

namespace {

using namespace qsm::kernels;
namespace gpu = qsm::kernels::detail::gpu;
using Thread = gpu::Emulator::Thread;

constexpr float nan_of_tests = std::numeric_limits<float>::quiet_NaN();

std::uint32_t whole(std::size_t value) { return static_cast<std::uint32_t>(value); }

struct Prompt {
  std::size_t queries, keys, heads, key_heads;
  bool causal = false;
  std::int64_t before = -1;
  double softcap = 0;
};

template <class Number, std::uint32_t size>
struct Prefill {
  Prompt prompt;
  std::vector<Number> q, k, v, o;
  std::vector<float> lse;

  explicit Prefill(const Prompt& sizes)
      : prompt(sizes),
        q(qsm_test::normal_numbers<Number>(2 * sizes.queries * sizes.heads * size, 1)),
        k(qsm_test::normal_numbers<Number>(2 * sizes.keys * sizes.key_heads * size, 2)),
        v(qsm_test::normal_numbers<Number>(2 * sizes.keys * sizes.key_heads * size, 3)),
        o(q.size(), Number(nan_of_tests)),
        lse(2 * sizes.queries * sizes.heads, nan_of_tests) {}

  template <class Machine = Thread>
  void run(std::uint64_t seed) {
    gpu::PrefillArguments<Machine, Number> arguments;
    arguments.queries = whole(prompt.queries);
    arguments.keys = whole(prompt.keys);
    arguments.heads = whole(prompt.heads);
    arguments.key_heads = whole(prompt.key_heads);
    arguments.scores.scale = static_cast<float>(1 / std::sqrt(static_cast<double>(size)));
    arguments.scores.softcap = static_cast<float>(prompt.softcap);
    arguments.scores.offset = static_cast<std::int32_t>(prompt.keys) - static_cast<std::int32_t>(prompt.queries);
    if (prompt.causal) arguments.scores.after = 0;
    if (prompt.before >= 0) arguments.scores.before = static_cast<std::int32_t>(prompt.before);
    arguments.o = {o.data(), o.size()};
    arguments.lse = {lse.data(), lse.size()};
    const auto map = [](const std::vector<Number>& numbers, std::size_t heads, std::size_t tokens) {
      gpu::EmulatedMap out;
      out.data = reinterpret_cast<const std::byte*>(numbers.data());
      out.sizes = {size, heads, tokens, 2};
      out.strides = {2, size * 2, heads * size * 2, tokens * heads * size * 2};
      out.box = {gpu::panel_columns, 1, gpu::prefill_keys, 1};
      return out;
    };
    const auto q_map = map(q, prompt.heads, prompt.queries), k_map = map(k, prompt.key_heads, prompt.keys);
    const auto v_map = map(v, prompt.key_heads, prompt.keys);
    for (std::uint32_t batch = 0; batch < 2; ++batch)
      for (std::uint32_t head = 0; head < arguments.heads; ++head)
        for (std::uint32_t i = 0; i < gpu::ceiling(arguments.queries, gpu::prefill_rows); ++i) {
          gpu::Emulator block(gpu::prefill_threads, gpu::prefill_shared<size>, seed + i + 5 * head);
          block.run(
              [&](Thread thread) {
                return gpu::attention_prefill<Number, size>(Machine(thread), arguments, q_map, k_map, v_map);
              },
              {i, head, batch});
        }
  }

  void expect_twin(double bound) const {
    std::vector<float> twin(o.size()), twin_lse(lse.size());
    AttentionOptions options;
    options.causal = prompt.causal;
    if (prompt.before >= 0) options.window_before = static_cast<std::uint64_t>(prompt.before);
    options.softcap = prompt.softcap;
    options.threads = 1;
    for (std::size_t batch = 0; batch < 2; ++batch) {
      const std::size_t keys_at = batch * prompt.keys * prompt.key_heads * size, at = batch * o.size() / 2;
      attention({q.data() + at, prompt.queries, prompt.heads, size},
                {k.data() + keys_at, prompt.keys, prompt.key_heads, size},
                {v.data() + keys_at, prompt.keys, prompt.key_heads, size},
                {twin.data() + at, prompt.queries, prompt.heads, size},
                std::span(twin_lse).subspan(batch * lse.size() / 2, lse.size() / 2), options);
    }
    EXPECT_LE(qsm_test::relative_error(o, twin), bound);
    EXPECT_LE(qsm_test::worst_lse(lse, twin_lse), 1e-3);
  }
};

TEST(GpuAttention, PromptsAreAsOnTheProcessor) {
  const auto check = [](auto prefill, double bound, std::uint64_t seed) {
    ASSERT_NO_THROW(prefill.run(seed));
    prefill.expect_twin(bound);
  };
  check(Prefill<bfloat16, 128>({130, 300, 2, 1, true}), 4e-3, 1);
  check(Prefill<float16, 64>({70, 260, 3, 3, false}), 6e-4, 2);
  check(Prefill<bfloat16, 64>({200, 520, 2, 2, true, 140, 15}), 4e-3, 3);  // keys before the window, and softcap
  check(Prefill<bfloat16, 128>({150, 40, 1, 1, true}), 4e-3, 4);           // rows that see no key
}

/// Attention in double; or as plainly as can be in short numbers, with scores, probabilities and results rounded.
template <class Number, std::uint32_t size>
std::vector<double> plain_attention(const Prefill<Number, size>& of, bool rounded) {
  const auto round = [&](double value) {
    return rounded ? static_cast<double>(Number(static_cast<float>(value))) : value;
  };
  const Prompt& prompt = of.prompt;
  std::vector<double> out(of.o.size(), 0.0);
  for (std::size_t batch = 0; batch < 2; ++batch)
    for (std::size_t query = 0; query < prompt.queries; ++query)
      for (std::size_t head = 0; head < prompt.heads; ++head) {
        const std::size_t key_head = head / (prompt.heads / prompt.key_heads);
        const std::size_t at = ((batch * prompt.queries + query) * prompt.heads + head) * size;
        const auto row_of = [&](std::size_t key) {
          return ((batch * prompt.keys + key) * prompt.key_heads + key_head) * size;
        };
        const std::size_t seen = prompt.causal ? query + 1 + prompt.keys - prompt.queries : prompt.keys;
        std::vector<double> scores(seen);
        double largest = -1e30, sum = 0;
        for (std::size_t key = 0; key < seen; ++key) {
          double score = 0;
          for (std::size_t i = 0; i < size; ++i) score += static_cast<double>(of.q[at + i]) * of.k[row_of(key) + i];
          scores[key] = round(score / std::sqrt(static_cast<double>(size)));
          largest = std::max(largest, scores[key]);
        }
        for (double& score : scores) sum += score = std::exp(score - largest);
        for (std::size_t key = 0; key < seen; ++key)
          for (std::size_t i = 0; i < size; ++i)
            out[at + i] += round(scores[key] / sum) * static_cast<double>(of.v[row_of(key) + i]);
        for (std::size_t i = 0; i < size; ++i) out[at + i] = round(out[at + i]);
      }
  return out;
}

/// The errors of a prompt that is computed in tiles, and in plain short numbers: of the norm, and the largest.
template <class Number, std::uint32_t size>
void expect_small_errors(double bound, const Prompt& prompt) {
  Prefill<Number, size> prefill(prompt);
  ASSERT_NO_THROW(prefill.run(3));
  const auto exact = plain_attention(prefill, false), naive = plain_attention(prefill, true);
  double norm = 0, own = 0, own_largest = 0, other = 0, other_largest = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const double error = static_cast<double>(prefill.o[i]) - exact[i], plain = naive[i] - exact[i];
    norm += exact[i] * exact[i];
    own += error * error;
    other += plain * plain;
    own_largest = std::max(own_largest, std::abs(error));
    other_largest = std::max(other_largest, std::abs(plain));
  }
  EXPECT_LE(std::sqrt(own / norm), bound);
  EXPECT_LE(own_largest, 1.5 * other_largest);
  ::testing::Test::RecordProperty("relative", std::to_string(std::sqrt(own / norm)));
  ::testing::Test::RecordProperty("relative_of_naive", std::to_string(std::sqrt(other / norm)));
  ::testing::Test::RecordProperty("largest_of_that_of_naive", std::to_string(own_largest / other_largest));
}

TEST(GpuAttention, ErrorsOfBfloat16) { expect_small_errors<bfloat16, 128>(4e-3, {128, 512, 2, 1, true}); }
TEST(GpuAttention, ErrorsOfFloat16) { expect_small_errors<float16, 128>(6e-4, {128, 512, 2, 1, true}); }

TEST(GpuAttention, ExactCasesAreExact) {
  // Queries of 0 take the mean: of 256 keys with values that are multiples of 1/8, exact in bfloat16 where all are equal by
  // column; and the logarithm of the sum is that of the number of keys.
  Prefill<bfloat16, 64> mean({70, 256, 1, 1});
  std::fill(mean.q.begin(), mean.q.end(), bfloat16(0.0f));
  for (std::size_t i = 0; i < mean.v.size(); ++i)
    mean.v[i] = bfloat16(static_cast<float>(i % 64) / 8 + (i / 64 % 2 == 0 ? 1.0f : -1.0f));
  ASSERT_NO_THROW(mean.run(1));
  for (std::size_t i = 0; i < mean.o.size(); ++i)
    ASSERT_EQ(static_cast<float>(mean.o[i]), static_cast<float>(i % 64) / 8);
  for (const float lse : mean.lse) ASSERT_NEAR(lse, std::log(256.0f), 1e-6);
  // The first query of a causal square sees the first key alone.
  Prefill<bfloat16, 64> first({130, 130, 1, 1, true});
  ASSERT_NO_THROW(first.run(2));
  for (std::size_t i = 0; i < 64; ++i) ASSERT_EQ(first.o[i].bits, first.v[i].bits);
  // One key that outweighs all others by far gives its value, wherever it is; the rest shrinks to nothing.
  for (const std::size_t key : {3u, 140u, 299u}) {
    Prefill<bfloat16, 64> one({64, 300, 1, 1});
    for (std::size_t i = 0; i < one.q.size(); ++i) one.q[i] = bfloat16(i % 64 == 0 ? 100.0f : 0.0f);
    for (std::size_t i = 0; i < one.k.size(); ++i)
      one.k[i] = bfloat16(i % 64 == 0 && i / 64 % 300 == key ? 100.0f : -100.0f);
    ASSERT_NO_THROW(one.run(3));
    for (std::size_t i = 0; i < one.o.size() / 2; ++i) ASSERT_EQ(one.o[i].bits, one.v[key * 64 + i % 64].bits);
  }
}

TEST(GpuAttention, EveryScheduleGivesTheSameBits) {
  Prefill<bfloat16, 64> first({100, 400, 1, 1, true});
  first.run(0);
  for (std::uint64_t seed = 1; seed < 5; ++seed) {
    Prefill<bfloat16, 64> other({100, 400, 1, 1, true});
    ASSERT_NO_THROW(other.run(100 * seed));
    for (std::size_t i = 0; i < first.o.size(); ++i) ASSERT_EQ(first.o[i].bits, other.o[i].bits);
  }
}

struct NoRelease : Thread {
  explicit NoRelease(Thread thread) : Thread(thread) {}
  void barrier_arrive(std::uint32_t) const {}
};
struct NoWait : Thread {
  explicit NoWait(Thread thread) : Thread(thread) {}
  Pause barrier_wait(std::uint32_t address, std::uint32_t parity) const {
    return thread() == 0 ? Thread::barrier_wait(address, parity) : Thread::barrier_wait(address, 1);
  }
};
struct NoSync : Thread {
  explicit NoSync(Thread thread) : Thread(thread) {}
  Pause sync_block() const { return Thread::sync_warp(); }
};

TEST(GpuAttention, WhatIsSpoiledIsFound) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    Prefill<bfloat16, 64> prefill({60, 400, 1, 1, true});
    EXPECT_THROW(prefill.run<NoRelease>(seed), gpu::EmulatorFault);
    EXPECT_THROW(prefill.run<NoWait>(seed), gpu::EmulatorFault);
    EXPECT_THROW(prefill.run<NoSync>(seed), gpu::EmulatorFault);
  }
}

template <class Number, std::uint32_t size>
struct Decode {
  std::size_t heads, key_heads, page_size, pages, splits = 3;
  std::vector<std::int32_t> lengths, page_table;
  std::vector<Number> q, k, v, o;
  std::vector<float> lse, part, part_lse;
  std::int64_t before = -1;

  Decode(std::size_t head_count, std::size_t key_head_count, std::size_t tokens_of_page, std::vector<std::int32_t> keys)
      : heads(head_count),
        key_heads(key_head_count),
        page_size(tokens_of_page),
        pages((static_cast<std::size_t>(*std::max_element(keys.begin(), keys.end())) + tokens_of_page - 1) /
              tokens_of_page),
        lengths(std::move(keys)),
        page_table(lengths.size() * pages, -1),
        q(qsm_test::normal_numbers<Number>(lengths.size() * heads * size, 1)),
        k(qsm_test::normal_numbers<Number>((lengths.size() * pages + 1) * page_size * key_heads * size, 2)),
        v(qsm_test::normal_numbers<Number>(k.size(), 3)),
        o(q.size(), Number(nan_of_tests)),
        lse(lengths.size() * heads, nan_of_tests),
        part(lse.size() * splits * size, nan_of_tests),
        part_lse(lse.size() * splits, nan_of_tests) {
    // Pages from the last to the first; those beyond a sequence stay -1, and what lies behind its last key is NaN.
    auto next = static_cast<std::int32_t>(lengths.size() * pages);
    for (std::size_t i = 0; i < lengths.size(); ++i)
      for (std::size_t page = 0; page * page_size < static_cast<std::size_t>(lengths[i]); ++page) {
        page_table[i * pages + page] = next;
        for (std::size_t token = 0; token < page_size; ++token)
          if (page * page_size + token >= static_cast<std::size_t>(lengths[i]))
            for (std::size_t j = 0; j < key_heads * size; ++j)
              k[(static_cast<std::size_t>(next) * page_size + token) * key_heads * size + j] =
                  v[(static_cast<std::size_t>(next) * page_size + token) * key_heads * size + j] = Number(nan_of_tests);
        --next;
      }
  }

  template <class Machine = Thread>
  void run(std::uint64_t seed) {
    gpu::DecodeArguments<Machine, Number> arguments;
    arguments.sequences = whole(lengths.size());
    arguments.heads = whole(heads);
    arguments.key_heads = whole(key_heads);
    arguments.splits = whole(splits);
    arguments.page_size = whole(page_size);
    arguments.pages = whole(pages);
    arguments.scores.scale = static_cast<float>(1 / std::sqrt(static_cast<double>(size)));
    if (before >= 0) arguments.scores.before = static_cast<std::int32_t>(before);
    arguments.q = {q.data(), q.size()};
    arguments.k = {k.data(), k.size()};
    arguments.v = {v.data(), v.size()};
    arguments.page_table = {page_table.data(), page_table.size()};
    arguments.lengths = {lengths.data(), lengths.size()};
    arguments.part = {part.data(), part.size()};
    arguments.part_lse = {part_lse.data(), part_lse.size()};
    arguments.o = {o.data(), o.size()};
    arguments.lse = {lse.data(), lse.size()};
    for (std::uint32_t sequence = 0; sequence < arguments.sequences; ++sequence) {
      for (std::uint32_t head = 0; head < arguments.key_heads; ++head)
        for (std::uint32_t split = 0; split < arguments.splits; ++split) {
          gpu::Emulator block(gpu::decode_threads, gpu::decode_shared<size>, seed + split);
          block.run([&](Thread thread) { return gpu::attention_decode<Number, size>(Machine(thread), arguments); },
                    {split, head, sequence});
        }
      for (std::uint32_t head = 0; head < arguments.heads; ++head) {
        gpu::Emulator block(size, 16, seed);
        block.run([&](Thread thread) { return gpu::attention_merge<Number, size>(Machine(thread), arguments); },
                  {head, sequence, 0});
      }
    }
  }

  void expect_twin(double bound) const {
    std::vector<float> twin(o.size()), twin_lse(lse.size());
    AttentionOptions options;
    std::vector<std::uint64_t> starts(lengths.size() + 1), keys(lengths.begin(), lengths.end());
    std::iota(starts.begin(), starts.end(), 0u);
    std::vector<std::int32_t> table = page_table;
    std::replace(table.begin(), table.end(), -1, 0);
    options.query_starts = starts;
    options.key_counts = keys;
    options.page_table = table;
    options.page_size = page_size;
    options.threads = 1;
    if (before >= 0) options.window_before = static_cast<std::uint64_t>(before);
    const std::size_t tokens = k.size() / key_heads / size;
    attention({q.data(), lengths.size(), heads, size}, {k.data(), tokens, key_heads, size},
              {v.data(), tokens, key_heads, size}, {twin.data(), lengths.size(), heads, size}, twin_lse, options);
    EXPECT_LE(qsm_test::relative_error(o, twin), bound);
    EXPECT_LE(qsm_test::worst_lse(lse, twin_lse), 1e-3);
  }
};

TEST(GpuAttention, NewTokensAreAsOnTheProcessor) {
  const auto check = [](auto decode, double bound, std::uint64_t seed) {
    ASSERT_NO_THROW(decode.run(seed));
    decode.expect_twin(bound);
  };
  check(Decode<bfloat16, 128>(8, 2, 16, {1, 700, 64}), 4e-3, 1);
  check(Decode<float16, 64>(5, 1, 1, {600, 3}), 6e-4, 2);
  check(Decode<bfloat16, 64>(16, 1, 64, {0, 1100}), 4e-3, 3);  // a sequence without keys
  Decode<bfloat16, 64> window(2, 2, 8, {900, 70});
  window.before = 130;
  check(window, 4e-3, 4);
}

TEST(GpuAttention, ASequenceGetsTheSameBitsInEveryBatch) {
  Decode<bfloat16, 64> alone(4, 2, 16, {700}), both(4, 2, 16, {700, 700});
  both.q.assign(alone.q.begin(), alone.q.end());
  both.q.insert(both.q.end(), alone.q.begin(), alone.q.end());
  both.k = alone.k;
  both.v = alone.v;
  both.page_table = alone.page_table;
  both.page_table.insert(both.page_table.end(), alone.page_table.begin(), alone.page_table.end());
  alone.run(1);
  both.run(2);
  for (std::size_t i = 0; i < both.o.size(); ++i) ASSERT_EQ(both.o[i].bits, alone.o[i % alone.o.size()].bits);
}

TEST(GpuAttention, SpoiledDecodingIsFound) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    Decode<bfloat16, 64> decode(4, 2, 16, {200});
    EXPECT_THROW(decode.run<NoSync>(seed), gpu::EmulatorFault);
    decode.page_table[1] = 100;  // not among the pages
    EXPECT_THROW(decode.run(seed), gpu::EmulatorFault);
  }
}

}  // namespace
