// The library: counters of unlike items; items in batches, as they come from an array.
#include <benchmark/benchmark.h>

#include <qsm/sketches/exaloglog.hpp>
#include <qsm/sketches/hyperloglog.hpp>
#include <qsm/sketches/theta.hpp>
#include <qsm/sketches/ultraloglog.hpp>

#include "../items/items.hpp"

namespace {

using namespace qsm::sketches;

/// A million items into an empty sketch.
template <class Sketch>
void update(benchmark::State& state, const Sketch& empty) {
  const auto all = items(stream);
  for (auto _ : state) {
    Sketch sketch = empty;
    sketch.add(all);
    benchmark::DoNotOptimize(&sketch);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(stream));
}

template <class Sketch>
void merge(benchmark::State& state, const Sketch& empty) {
  Sketch sketch = empty, other = empty;
  sketch.add(items(stream));
  other.add(items(stream, stream));
  for (auto _ : state) {
    sketch.merge(other);
    benchmark::ClobberMemory();
  }
}

void theta_union(benchmark::State& state) {
  ThetaSketch one(12), other(12);
  one.add(items(stream));
  other.add(items(stream, stream));
  for (auto _ : state) {
    ThetaSketch both = one;
    both.merge(other);
    benchmark::DoNotOptimize(both.trimmed().retained());
  }
}

BENCHMARK_CAPTURE(update, hll, HyperLogLog(12))->Name("hll_update/qsm");
BENCHMARK_CAPTURE(update, hll_same, HyperLogLog(12, datasketches_hasher))->Name("hll_update/qsm_datasketches_hash");
BENCHMARK_CAPTURE(update, ultraloglog, UltraLogLog(12))->Name("ultraloglog_update/qsm");
BENCHMARK_CAPTURE(update, exaloglog, ExaLogLog(10))->Name("exaloglog_update/qsm");
BENCHMARK_CAPTURE(update, theta, ThetaSketch(12))->Name("theta_update/qsm");
BENCHMARK_CAPTURE(merge, hll, HyperLogLog(12))->Name("hll_merge/qsm");
BENCHMARK_CAPTURE(merge, ultraloglog, UltraLogLog(12))->Name("ultraloglog_merge/qsm");
BENCHMARK_CAPTURE(merge, exaloglog, ExaLogLog(10))->Name("exaloglog_merge/qsm");
BENCHMARK(theta_union)->Name("theta_union/qsm");

}  // namespace
