// A million numbers into each sketch, one call for each number or one for all; then 8 quantiles.
#include <array>
#include <cstdint>

#include <benchmark/benchmark.h>

#include <qsm/sketches/ddsketch.hpp>
#include <qsm/sketches/kll_sketch.hpp>
#include <qsm/sketches/tdigest.hpp>

#include "numbers.hpp"

namespace {

using qsm::sketches::DDMapping;
using qsm::sketches::DDSketch;
using qsm::sketches::KllSketch;
using qsm::sketches::TDigest;

void per_number(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(numbers().size()));
}

template <class Sketch>
void add_each(benchmark::State& state, const Sketch& empty) {
  for (auto _ : state) {
    Sketch sketch = empty;
    for (const double number : numbers()) sketch.add(number);
    benchmark::DoNotOptimize(sketch);
  }
  per_number(state);
}

template <class Sketch>
void add_all(benchmark::State& state, const Sketch& empty) {
  for (auto _ : state) {
    Sketch sketch = empty;
    sketch.add(numbers());
    benchmark::DoNotOptimize(sketch);
  }
  per_number(state);
}

template <class Sketch>
void ask(benchmark::State& state, Sketch sketch) {
  sketch.add(numbers());
  const std::array<double, 8> probabilities = {0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999};
  std::array<double, 8> values;
  for (auto _ : state) {
    sketch.fill_quantile(probabilities, values);
    benchmark::DoNotOptimize(values);
  }
}

template <class Sketch>
void merge(benchmark::State& state, Sketch sketch) {
  sketch.add(numbers());
  for (auto _ : state) {
    Sketch both = sketch;
    both.merge(sketch);
    benchmark::DoNotOptimize(both);
  }
}

#define QSM_BENCH(what, make)              \
  BENCHMARK_CAPTURE(add_each, what, make); \
  BENCHMARK_CAPTURE(add_all, what, make);  \
  BENCHMARK_CAPTURE(ask, what, make);      \
  BENCHMARK_CAPTURE(merge, what, make)

QSM_BENCH(qsm_kll_200, KllSketch(200));
QSM_BENCH(qsm_tdigest_100, TDigest(100));
QSM_BENCH(qsm_ddsketch_logarithmic, DDSketch(0.01));
QSM_BENCH(qsm_ddsketch_cubic, DDSketch(0.01, DDMapping::cubic));

}  // namespace
