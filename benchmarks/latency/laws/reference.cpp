// The same by hand: bisection on the cdf, 100,000 sums drawn and sorted (three digits, no more), a plain loop.
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include "samples.hpp"

namespace {

double survival(double x) { return x > 0 ? std::erfc(std::log(x) / std::sqrt(2.0)) / 2 : 1; }

template <class Tail>
double quantile(Tail tail, double above) {
  double low = 0, high = 1;
  while (tail(high) > above) high *= 2;
  while (high - low > 1e-12 * high) {
    const double middle = low + (high - low) / 2;
    (tail(middle) > above ? low : high) = middle;
  }
  return high;
}

void reference_slowest_of_100(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(quantile([](double x) { return -std::expm1(100 * std::log1p(-survival(x))); }, 0.01));
}
BENCHMARK(reference_slowest_of_100)->Unit(benchmark::kMicrosecond);

void reference_hedged(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(quantile([](double x) { return survival(x) * survival(x - 3); }, 0.001));
}
BENCHMARK(reference_hedged)->Unit(benchmark::kMicrosecond);

void reference_sum_of_10(benchmark::State& state) {
  std::mt19937_64 generator(1);
  std::lognormal_distribution<double> law(0, 1);
  for (auto _ : state) {
    std::vector<double> sums(100'000);
    for (double& sum : sums)
      for (int part = 0; part < 10; ++part) sum += law(generator);
    std::nth_element(sums.begin(), sums.begin() + 99'000, sums.end());
    benchmark::DoNotOptimize(sums[99'000]);
  }
}
BENCHMARK(reference_sum_of_10)->Unit(benchmark::kMillisecond);

void reference_omission(benchmark::State& state) {
  const auto seen = latencies();
  for (auto _ : state) {
    std::vector<double> out;
    for (const double latency : seen) {
      out.push_back(latency);
      for (double missed = latency - interval; missed >= interval; missed -= interval) out.push_back(missed);
    }
    benchmark::DoNotOptimize(out);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(seen.size()));
}
BENCHMARK(reference_omission)->Unit(benchmark::kMillisecond);

}  // namespace
