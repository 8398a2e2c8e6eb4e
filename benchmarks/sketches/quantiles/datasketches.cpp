// Apache DataSketches, the same work; built only where its headers are installed.
#if __has_include(<DataSketches/kll_sketch.hpp>)
#include <DataSketches/kll_sketch.hpp>
#include <DataSketches/tdigest.hpp>

#include <benchmark/benchmark.h>

#include "numbers.hpp"

namespace {

template <class Sketch>
void add_each(benchmark::State& state, const Sketch& empty) {
  for (auto _ : state) {
    Sketch sketch = empty;
    for (const double number : numbers()) sketch.update(number);
    benchmark::DoNotOptimize(sketch.is_empty());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(numbers().size()));
}

template <class Sketch>
void merge(benchmark::State& state, Sketch sketch) {
  for (const double number : numbers()) sketch.update(number);
  for (auto _ : state) {
    Sketch both = sketch;
    both.merge(sketch);
    benchmark::DoNotOptimize(both.is_empty());
  }
}

using Kll = datasketches::kll_sketch<double>;
using Digest = datasketches::tdigest<double>;
BENCHMARK_CAPTURE(add_each, DataSketches_kll_200, Kll(200));
BENCHMARK_CAPTURE(add_each, DataSketches_tdigest_100, Digest(100));
BENCHMARK_CAPTURE(merge, DataSketches_kll_200, Kll(200));
BENCHMARK_CAPTURE(merge, DataSketches_tdigest_100, Digest(100));

}  // namespace
#endif
