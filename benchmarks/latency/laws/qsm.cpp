// Latency laws and their percentiles; reference.cpp does the same as one would write it in a program.
#include <vector>

#include <benchmark/benchmark.h>

#include <qsm/core/distributions/lognormal.hpp>
#include <qsm/latency/bounds.hpp>
#include <qsm/latency/extremes.hpp>
#include <qsm/latency/omission.hpp>
#include <qsm/latency/sum.hpp>

#include "samples.hpp"

namespace {

using namespace qsm::latency;

const qsm::Lognormal law{0, 1};

void qsm_slowest_of_100(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(max_of(law, 100).quantile(0.99));
}
BENCHMARK(qsm_slowest_of_100)->Unit(benchmark::kMicrosecond);

void qsm_hedged(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(hedged(law, 3).quantile(0.999));
}
BENCHMARK(qsm_hedged)->Unit(benchmark::kMicrosecond);

void qsm_sum_of_10(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(quantile_bounds(sum_of(law, 10), 0.99));
}
BENCHMARK(qsm_sum_of_10)->Unit(benchmark::kMillisecond);

void qsm_omission(benchmark::State& state) {
  const auto seen = latencies();
  for (auto _ : state) benchmark::DoNotOptimize(correct_coordinated_omission(seen, interval));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(seen.size()));
}
BENCHMARK(qsm_omission)->Unit(benchmark::kMillisecond);

}  // namespace
