// Apache DataSketches, the same work; built only where its headers are installed.
#if __has_include(<DataSketches/theta_union.hpp>)
#include <DataSketches/hll.hpp>
#include <DataSketches/theta_sketch.hpp>
#include <DataSketches/theta_union.hpp>

#include <benchmark/benchmark.h>

#include "../items/items.hpp"

namespace {

/// A million items into an empty sketch.
template <class Make>
void update(benchmark::State& state, Make make) {
  const auto all = items(stream);
  for (auto _ : state) {
    auto sketch = make();
    for (const std::uint64_t item : all) sketch.update(item);
    benchmark::DoNotOptimize(&sketch);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(stream));
}

datasketches::hll_sketch hll() { return datasketches::hll_sketch(12, datasketches::HLL_8); }
datasketches::update_theta_sketch theta() { return datasketches::update_theta_sketch::builder().set_lg_k(12).build(); }

template <class Sketch>
Sketch filled(Sketch sketch, std::uint64_t first) {
  for (const std::uint64_t item : items(stream, first)) sketch.update(item);
  return sketch;
}

void hll_merge(benchmark::State& state) {
  const auto other = filled(hll(), stream);
  datasketches::hll_union both(12);
  both.update(filled(hll(), 0));
  for (auto _ : state) {
    both.update(other);
    benchmark::ClobberMemory();
  }
}

void theta_union(benchmark::State& state) {
  const auto one = filled(theta(), 0), other = filled(theta(), stream);
  for (auto _ : state) {
    auto both = datasketches::theta_union::builder().set_lg_k(12).build();
    both.update(one);
    both.update(other);
    benchmark::DoNotOptimize(both.get_result(false).get_num_retained());
  }
}

BENCHMARK_CAPTURE(update, hll, hll)->Name("hll_update/DataSketches");
BENCHMARK_CAPTURE(update, theta, theta)->Name("theta_update/DataSketches");
BENCHMARK(hll_merge)->Name("hll_merge/DataSketches");
BENCHMARK(theta_union)->Name("theta_union/DataSketches");

}  // namespace
#endif
