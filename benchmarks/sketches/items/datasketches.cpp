// Apache DataSketches, the same work; built only where its headers are installed.
#if __has_include(<DataSketches/hll.hpp>)
#include <DataSketches/bloom_filter.hpp>
#include <DataSketches/count_min.hpp>
#include <DataSketches/hll.hpp>

#include <benchmark/benchmark.h>

#include "items.hpp"

namespace {

void per_item(benchmark::State& state, std::size_t number) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(number));
}

void hll_update(benchmark::State& state) {
  const auto all = items(stream);
  datasketches::hll_sketch sketch(12, datasketches::HLL_8);
  for (auto _ : state)
    for (const std::uint64_t item : all) sketch.update(item);
  benchmark::DoNotOptimize(sketch.get_estimate());
  per_item(state, stream);
}

void hll_merge(benchmark::State& state) {
  datasketches::hll_sketch one(12, datasketches::HLL_8), other(12, datasketches::HLL_8);
  for (const std::uint64_t item : items(stream)) one.update(item);
  for (const std::uint64_t item : items(stream, stream)) other.update(item);
  datasketches::hll_union both(12);
  both.update(one);
  for (auto _ : state) {
    both.update(other);
    benchmark::ClobberMemory();
  }
}

datasketches::bloom_filter filled(const std::vector<std::uint64_t>& all) {
  auto filter = datasketches::bloom_filter::builder::create_by_accuracy(all.size(), 0.01, 9001);
  for (const std::uint64_t item : all) filter.update(item);
  return filter;
}

void filter_add(benchmark::State& state, std::size_t number) {
  const auto all = items(number);
  auto filter = datasketches::bloom_filter::builder::create_by_accuracy(number, 0.01, 9001);
  for (auto _ : state)
    for (const std::uint64_t item : all) filter.update(item);
  per_item(state, number);
}

void filter_query(benchmark::State& state, std::size_t number) {
  const auto filter = filled(items(number));
  const auto questions = items(stream, number - stream / 2);
  for (auto _ : state) {
    std::size_t found = 0;
    for (const std::uint64_t item : questions) found += filter.query(item);
    benchmark::DoNotOptimize(found);
  }
  per_item(state, stream);
}

void count_min_update(benchmark::State& state) {
  const auto all = items(stream);
  datasketches::count_min_sketch<std::uint64_t> sketch(4, 2048);
  for (auto _ : state)
    for (const std::uint64_t item : all) sketch.update(item);
  per_item(state, stream);
}

BENCHMARK(hll_update)->Name("hll_update/DataSketches");
BENCHMARK(hll_merge)->Name("hll_merge/DataSketches");
BENCHMARK_CAPTURE(filter_add, million, stream)->Name("bloom_add_1M/DataSketches");
BENCHMARK_CAPTURE(filter_query, million, stream)->Name("bloom_query_1M/DataSketches");
BENCHMARK_CAPTURE(filter_query, many, many)->Name("bloom_query_10M/DataSketches");
BENCHMARK(count_min_update)->Name("count_min_update/DataSketches");

}  // namespace
#endif
