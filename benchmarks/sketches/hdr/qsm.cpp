// The library: recording one value, recording many at once, eight percentiles, merging.
#include <array>

#include <benchmark/benchmark.h>

#include <qsm/sketches/hdr_histogram.hpp>

#include "values.hpp"

namespace {

using qsm::sketches::HdrHistogram;

void record(benchmark::State& state) {
  HdrHistogram histogram(1, 3'600'000'000, 3);
  for (auto _ : state)
    for (const std::int64_t value : values()) histogram.record(value);
  benchmark::DoNotOptimize(histogram.count());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(values().size()));
}

void record_many(benchmark::State& state) {
  HdrHistogram histogram(1, 3'600'000'000, 3);
  for (auto _ : state) histogram.record(values());
  benchmark::DoNotOptimize(histogram.count());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(values().size()));
}

void eight_percentiles(benchmark::State& state) {
  HdrHistogram histogram(1, 3'600'000'000, 3);
  histogram.record(values());
  constexpr std::array<double, 8> p = {0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999};
  std::array<std::int64_t, 8> out;
  for (auto _ : state) {
    histogram.fill_quantile(p, out);
    benchmark::DoNotOptimize(out);
  }
}

void merge(benchmark::State& state) {
  HdrHistogram histogram(1, 3'600'000'000, 3), other(1, 3'600'000'000, 3);
  other.record(values());
  for (auto _ : state) histogram.merge(other);
  benchmark::DoNotOptimize(histogram.count());
}

BENCHMARK(record)->Name("record/qsm");
BENCHMARK(record_many)->Name("record_many/qsm");
BENCHMARK(eight_percentiles)->Name("eight_percentiles/qsm");
BENCHMARK(merge)->Name("merge/qsm");

}  // namespace
