// HdrHistogram_c, the same work; built only where it is installed.
#if __has_include(<hdr/hdr_histogram.h>)
#include <array>
#include <hdr/hdr_histogram.h>

#include <benchmark/benchmark.h>

#include "values.hpp"

namespace {

hdr_histogram* make() {
  hdr_histogram* histogram = nullptr;
  hdr_init(1, 3'600'000'000, 3, &histogram);
  return histogram;
}

void record(benchmark::State& state) {
  auto* histogram = make();
  for (auto _ : state)
    for (const std::int64_t value : values()) hdr_record_value(histogram, value);
  benchmark::DoNotOptimize(histogram->total_count);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(values().size()));
  hdr_close(histogram);
}

void eight_percentiles(benchmark::State& state) {
  auto* histogram = make();
  for (const std::int64_t value : values()) hdr_record_value(histogram, value);
  constexpr std::array<double, 8> p = {50, 75, 90, 95, 99, 99.9, 99.99, 99.999};
  std::array<std::int64_t, 8> out;
  for (auto _ : state) {
    hdr_value_at_percentiles(histogram, p.data(), out.data(), p.size());
    benchmark::DoNotOptimize(out);
  }
  hdr_close(histogram);
}

void eight_single_percentiles(benchmark::State& state) {
  auto* histogram = make();
  for (const std::int64_t value : values()) hdr_record_value(histogram, value);
  for (auto _ : state)
    for (const double p : {50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 99.99, 99.999})
      benchmark::DoNotOptimize(hdr_value_at_percentile(histogram, p));
  hdr_close(histogram);
}

void merge(benchmark::State& state) {
  auto *histogram = make(), *other = make();
  for (const std::int64_t value : values()) hdr_record_value(other, value);
  for (auto _ : state) hdr_add(histogram, other);
  benchmark::DoNotOptimize(histogram->total_count);
  hdr_close(histogram);
  hdr_close(other);
}

BENCHMARK(record)->Name("record/HdrHistogram_c");
BENCHMARK(eight_percentiles)->Name("eight_percentiles/HdrHistogram_c");
BENCHMARK(eight_single_percentiles)->Name("eight_single_percentiles/HdrHistogram_c");
BENCHMARK(merge)->Name("merge/HdrHistogram_c");

}  // namespace
#endif
