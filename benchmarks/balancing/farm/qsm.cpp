// The library: 1,000 servers at utilization 0.9, one replication on one thread; mean and 99th percentile of the time, most
// requests at a server, the law of the loads.
#include <string>

#include <benchmark/benchmark.h>

#include <qsm/balancing/simulate.hpp>
#include <qsm/core/distributions/exponential.hpp>

namespace {

constexpr double requests = 1e6, servers = 1000;

void run(benchmark::State& state, const std::string& policy) {
  qsm::balancing::FarmOptions options;
  options.requests = requests;
  options.warmup = 0;
  options.replications = 1;
  options.threads = 1;
  for (auto _ : state) {
    ++options.seed;
    const auto farm =
        qsm::balancing::simulate(qsm::Exponential{0.9 * servers}, qsm::Exponential{1}, servers, policy, options);
    benchmark::DoNotOptimize(farm.mean_sojourn().value + farm.sojourn_quantile(0.99).value + farm.load_tail(2).value);
  }
  state.counters["requests"] =
      benchmark::Counter(requests * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(run, qsm_random, "random")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, qsm_two_choices, "power_of_choices")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, qsm_least_connections, "least_connections")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, qsm_join_idle_queue, "join_idle_queue")->Unit(benchmark::kMillisecond);

}  // namespace
