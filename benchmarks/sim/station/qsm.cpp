// The library: one replication on one thread; mean, 50th, 90th and 99th percentile of wait.
#include <limits>

#include <benchmark/benchmark.h>

#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/queueing/simulate.hpp>

namespace {

constexpr double customers = 2e6;

void run(benchmark::State& state, const qsm::Distribution& interarrival, const qsm::Distribution& service,
         double servers, double capacity, bool sojourns = false) {
  std::uint64_t seed = 0;
  for (auto _ : state) {
    const auto station = qsm::queueing::simulate(
        interarrival, service, servers, capacity,
        {.customers = customers, .replications = 1, .warmup = 0, .seed = ++seed, .threads = 1, .sojourns = sojourns});
    benchmark::DoNotOptimize(station.mean_wait().value + station.wait_quantile(0.5).value +
                             station.wait_quantile(0.9).value + station.wait_quantile(0.99).value);
  }
  state.counters["customers"] =
      benchmark::Counter(customers * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

constexpr double infinity = std::numeric_limits<double>::infinity();
using qsm::Exponential;

BENCHMARK_CAPTURE(run, qsm_mm1, Exponential{0.8}, Exponential{1}, 1, infinity)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, qsm_mm1_with_sojourns, Exponential{0.8}, Exponential{1}, 1, infinity, true)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, qsm_mm3_10, Exponential{2.7}, Exponential{1}, 3, 10)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, qsm_mm64, Exponential{57.6}, Exponential{1}, 64, infinity)->Unit(benchmark::kMillisecond);

}  // namespace
