// The library: HyperLogLog, Bloom filters, Count-Min; items in batches, as they come from an array.
#include <memory>

#include <benchmark/benchmark.h>

#include <qsm/sketches/bloom.hpp>
#include <qsm/sketches/count_min.hpp>
#include <qsm/sketches/hyperloglog.hpp>

#include "items.hpp"

namespace {

using namespace qsm::sketches;

void per_item(benchmark::State& state, std::size_t number) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(number));
}

void hll_update(benchmark::State& state, const Hasher& hasher) {
  const auto all = items(stream);
  HyperLogLog sketch(12, hasher);
  for (auto _ : state) sketch.add(all);
  benchmark::DoNotOptimize(sketch.registers());
  per_item(state, stream);
}

void hll_merge(benchmark::State& state) {
  HyperLogLog sketch(12), other(12);
  sketch.add(items(stream));
  other.add(items(stream, stream));
  for (auto _ : state) {
    sketch.merge(other);
    benchmark::ClobberMemory();
  }
}

template <class Filter>
void filter_query(benchmark::State& state, std::size_t number) {
  Filter filter(static_cast<double>(number), 0.01);
  filter.add(items(number));
  const auto questions = items(stream, number - stream / 2);  // half of them known
  const auto answers = std::make_unique<bool[]>(stream);
  for (auto _ : state) {
    filter.contains(questions, std::span(answers.get(), stream));
    benchmark::ClobberMemory();
  }
  per_item(state, stream);
}

template <class Filter>
void filter_add(benchmark::State& state, std::size_t number) {
  const auto all = items(number);
  Filter filter(static_cast<double>(number), 0.01);
  for (auto _ : state) filter.add(all);
  per_item(state, number);
}

void count_min_update(benchmark::State& state, bool conservative) {
  const auto all = items(stream);
  auto sketch = CountMin::of_size(2048, 4, conservative);
  for (auto _ : state) sketch.add(all);
  per_item(state, stream);
}

constexpr auto add_classic = filter_add<BloomFilter>, add_blocked = filter_add<BlockedBloomFilter>;
constexpr auto query_classic = filter_query<BloomFilter>, query_blocked = filter_query<BlockedBloomFilter>;

BENCHMARK_CAPTURE(hll_update, xxh3, Hasher{})->Name("hll_update/qsm");
BENCHMARK_CAPTURE(hll_update, same, datasketches_hasher)->Name("hll_update/qsm_datasketches_hash");
BENCHMARK(hll_merge)->Name("hll_merge/qsm");
BENCHMARK_CAPTURE(add_classic, million, stream)->Name("bloom_add_1M/qsm");
BENCHMARK_CAPTURE(query_classic, million, stream)->Name("bloom_query_1M/qsm");
BENCHMARK_CAPTURE(add_blocked, million, stream)->Name("bloom_add_1M/qsm_blocked");
BENCHMARK_CAPTURE(query_blocked, million, stream)->Name("bloom_query_1M/qsm_blocked");
BENCHMARK_CAPTURE(add_blocked, many, many)->Name("bloom_add_10M/qsm_blocked");
BENCHMARK_CAPTURE(query_blocked, many, many)->Name("bloom_query_10M/qsm_blocked");
BENCHMARK_CAPTURE(count_min_update, plain, false)->Name("count_min_update/qsm");
BENCHMARK_CAPTURE(count_min_update, conservative, true)->Name("count_min_update/qsm_conservative");

}  // namespace
