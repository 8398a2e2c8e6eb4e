// What one would write in thirty lines: std::mt19937_64, a std::priority_queue of departures, the lengths of all queues in a
// vector, searched from end to end for the shortest; every time kept for its quantile.
#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <queue>
#include <random>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

namespace {

constexpr std::size_t servers = 1000;

void run(benchmark::State& state, std::size_t choices, std::size_t requests) {
  std::uint64_t seed = 0;
  for (auto _ : state) {
    std::mt19937_64 generator(++seed);
    std::exponential_distribution<double> gap(0.9 * servers), size(1);
    std::uniform_int_distribution<std::size_t> any(0, servers - 1);
    using Departure = std::pair<double, std::size_t>;
    std::priority_queue<Departure, std::vector<Departure>, std::greater<>> departures;
    std::vector<std::deque<double>> queues(servers);
    std::vector<std::size_t> lengths(servers, 0);
    std::vector<double> times;
    double now = 0;
    for (std::size_t i = 0; i < requests; ++i) {
      now += gap(generator);
      while (!departures.empty() && departures.top().first <= now) {
        const auto [end, server] = departures.top();
        departures.pop();
        times.push_back(end - queues[server].front());
        queues[server].pop_front();
        if (--lengths[server] > 0) departures.push({end + size(generator), server});
      }
      std::size_t best = any(generator);
      if (choices == servers)
        best = static_cast<std::size_t>(std::min_element(lengths.begin(), lengths.end()) - lengths.begin());
      for (std::size_t c = 1; c < choices && choices < servers; ++c)
        if (const std::size_t other = any(generator); lengths[other] < lengths[best]) best = other;
      queues[best].push_back(now);
      if (lengths[best]++ == 0) departures.push({now + size(generator), best});
    }
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() * 99 / 100), times.end());
    benchmark::DoNotOptimize(times[times.size() * 99 / 100]);
  }
  state.counters["requests"] = benchmark::Counter(
      static_cast<double>(requests) * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(run, reference_random, 1, 1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, reference_two_choices, 2, 1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, reference_least_connections, servers, 200'000)->Unit(benchmark::kMillisecond);

}  // namespace
