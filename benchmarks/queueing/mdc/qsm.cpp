// M/D/c at 99 % of what c servers can do. The goal: a mean wait with 10^5 servers within 50 ms.
#include <benchmark/benchmark.h>

#include <qsm/queueing/mdc.hpp>

namespace {

using namespace qsm::queueing;

MDC queue(const benchmark::State& state) {
  const auto servers = static_cast<double>(state.range(0));
  return mdc(0.99 * servers, 1, servers);
}

void mean_wait(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(queue(state).mean_wait());
}
BENCHMARK(mean_wait)->RangeMultiplier(10)->Range(10, 100'000)->Unit(benchmark::kMicrosecond);

void wait_quantile(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(queue(state).wait_quantile(0.99));
}
BENCHMARK(wait_quantile)->RangeMultiplier(10)->Range(10, 1000)->Unit(benchmark::kMicrosecond);

}  // namespace
