// A closed network of two classes, 40 and 4 customers, at 6 stations; and one of 8 servers for 90 thinkers.
#include <benchmark/benchmark.h>

#include <qsm/queueing/product_form.hpp>

namespace {

using namespace qsm::queueing;

ProductForm computer() {
  ProductForm network;
  network.stations.resize(6);
  network.classes = {{"", 0, 40, 5}, {"", 0, 4, 10}};
  network.service_times = {{.0111, 2}, {.0097, .175}, {.0097, .175}, {.0097, .175}, {.0097, .175}, {.004, .03}};
  return network;
}

void solved(benchmark::State& state, const char* method) {
  const auto network = computer();
  for (auto _ : state) benchmark::DoNotOptimize(solve(network, method).throughput[0]);
}
BENCHMARK_CAPTURE(solved, mva, "mva")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(solved, exact, "exact")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(solved, schweitzer, "schweitzer")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(solved, linearizer, "linearizer")->Unit(benchmark::kMicrosecond);

void derived(benchmark::State& state) {
  const auto network = computer();
  for (auto _ : state) benchmark::DoNotOptimize(derivative(network, "service_time", 0, 0).throughput[0]);
}
BENCHMARK(derived)->Unit(benchmark::kMicrosecond);

void many_servers(benchmark::State& state) {
  const ProductForm network{{{"", 8}}, {{"", 0, 90, 10}}, {{4}}};
  for (auto _ : state) benchmark::DoNotOptimize(solve(network).throughput[0]);
}
BENCHMARK(many_servers)->Unit(benchmark::kMicrosecond);

}  // namespace
