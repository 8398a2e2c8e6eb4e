// The 30-line loop: xoshiro256++ (Blackman, Vigna 2021) and the library's logarithm; beside it the standard library's
// own.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>

#include <benchmark/benchmark.h>

namespace {

struct Xoshiro {
  std::uint64_t s[4] = {1, 2, 3, 4};

  std::uint64_t operator()() {
    const std::uint64_t result = std::rotl(s[0] + s[3], 23) + s[0];
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = std::rotl(s[3], 45);
    return result;
  }
  double uniform() { return (static_cast<double>((*this)() >> 12) + 0.5) * 0x1p-52; }
  double exponential() { return -std::log(uniform()); }
};

template <class Draw>
void variates(benchmark::State& state, Draw draw) {
  std::array<double, 512> out;
  for (auto _ : state) {
    for (double& value : out) value = draw();
    benchmark::DoNotOptimize(out);
  }
  const auto count = static_cast<double>(state.iterations() * 512);
  state.counters["per_variate"] = benchmark::Counter(count, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void xoshiro_uniform(benchmark::State& state) {
  variates(state, [generator = Xoshiro()]() mutable { return generator.uniform(); });
}
void xoshiro_exponential(benchmark::State& state) {
  variates(state, [generator = Xoshiro()]() mutable { return generator.exponential(); });
}
void xoshiro_lindley(benchmark::State& state) {
  variates(state, [generator = Xoshiro(), wait = 0.0]() mutable {
    return wait = std::max(0.0, wait + (0.8 * generator.exponential() - generator.exponential()));
  });
}
void standard_exponential(benchmark::State& state) {
  variates(state, [generator = std::mt19937_64(1), law = std::exponential_distribution<double>()]() mutable {
    return law(generator);
  });
}
void standard_normal(benchmark::State& state) {
  variates(state, [generator = std::mt19937_64(1), law = std::normal_distribution<double>()]() mutable {
    return law(generator);
  });
}

BENCHMARK(xoshiro_uniform)->Name("xoshiro/uniform");
BENCHMARK(xoshiro_exponential)->Name("xoshiro/exponential");
BENCHMARK(xoshiro_lindley)->Name("xoshiro/lindley");
BENCHMARK(standard_exponential)->Name("std/exponential");
BENCHMARK(standard_normal)->Name("std/normal");

}  // namespace
