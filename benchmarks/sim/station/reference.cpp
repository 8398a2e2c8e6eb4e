// What one would write in thirty lines: xoshiro256++, -std::log(u), Lindley or a heap whose top is replaced, and every
// wait kept for its quantiles (std::nth_element) or, in the second form, for the mean alone.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <benchmark/benchmark.h>

namespace {

constexpr std::size_t customers = 2'000'000;

struct Xoshiro {
  std::uint64_t s[4];
  explicit Xoshiro(std::uint64_t seed) {
    for (auto& word : s) {  // splitmix64
      std::uint64_t z = (seed += 0x9e3779b97f4a7c15);
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
      z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
      word = z ^ (z >> 31);
    }
  }
  std::uint64_t next() {
    const std::uint64_t result = std::rotl(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = std::rotl(s[3], 45);
    return result;
  }
  double exponential(double mean) { return -std::log((static_cast<double>(next() >> 11) + 0.5) * 0x1p-53) * mean; }
};

// Puts a value in the place of the smallest.
void replace_top(std::vector<double>& heap, double value) {
  std::size_t place = 0;
  for (std::size_t child; (child = 2 * place + 1) < heap.size(); place = child) {
    if (child + 1 < heap.size() && heap[child + 1] < heap[child]) ++child;
    if (heap[child] >= value) break;
    heap[place] = heap[child];
  }
  heap[place] = value;
}

struct Keep {  // every wait, for quantiles
  std::vector<double> waits;
  Keep() { waits.reserve(customers); }
  void operator()(double wait) { waits.push_back(wait); }
  double result() {
    double sum = 0;
    for (const double wait : waits) sum += wait;
    double all = sum / static_cast<double>(waits.size());
    for (const double p : {0.5, 0.9, 0.99}) {
      const auto place = waits.begin() + static_cast<std::ptrdiff_t>(p * static_cast<double>(waits.size()));
      std::nth_element(waits.begin(), place, waits.end());
      all += *place;
    }
    return all;
  }
};

struct Mean {  // the mean alone
  double sum = 0;
  void operator()(double wait) { sum += wait; }
  double result() const { return sum / static_cast<double>(customers); }
};

template <class Record>
double single(double rate, std::uint64_t seed) {
  Xoshiro random(seed);
  Record record;
  double wait = 0, service = 0;
  for (std::size_t i = 0; i < customers; ++i) {
    wait = std::max(0.0, wait + service - random.exponential(1 / rate));
    service = random.exponential(1);
    record(wait);
  }
  return record.result();
}

template <class Record>
double several(double rate, std::size_t servers, std::size_t room, std::uint64_t seed) {
  Xoshiro random(seed);
  Record record;
  std::vector<double> free(servers, 0.0), starts(std::max<std::size_t>(room, 1), -1.0);
  double now = 0;
  std::size_t oldest = 0;
  for (std::size_t i = 0; i < customers; ++i) {
    now += random.exponential(1 / rate);
    const double service = random.exponential(1);
    const double start = std::max(now, free[0]);
    if (room > 0) {
      if (starts[oldest] > now) continue;
      starts[oldest] = start;
      oldest = oldest + 1 == room ? 0 : oldest + 1;
    }
    record(start - now);
    replace_top(free, start + service);
  }
  return record.result();
}

template <class Call>
void run(benchmark::State& state, Call call) {
  std::uint64_t seed = 0;
  for (auto _ : state) benchmark::DoNotOptimize(call(++seed));
  state.counters["customers"] = benchmark::Counter(
      static_cast<double>(customers) * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(run, reference_mm1, [](auto seed) { return single<Keep>(0.8, seed); })
    -> Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, reference_mm1_mean_only, [](auto seed) { return single<Mean>(0.8, seed); })
    -> Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, reference_mm3_10, [](auto seed) { return several<Keep>(2.7, 3, 7, seed); })
    -> Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, reference_mm64, [](auto seed) { return several<Keep>(57.6, 64, 0, seed); })
    -> Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, reference_mm64_mean_only, [](auto seed) { return several<Mean>(57.6, 64, 0, seed); })
    -> Unit(benchmark::kMillisecond);

}  // namespace
