// Variates of our streams at each vector level of the machine: the argument is the level (0 scalar, 1 AVX2, 2 AVX-512).

#include <algorithm>
#include <array>
#include <string>

#include <benchmark/benchmark.h>

#include <qsm/core/random.hpp>
#include <qsm/core/samplers.hpp>
#include <qsm/core/simd.hpp>

namespace {

constexpr std::size_t block = 512;

template <auto fill>
void variates(benchmark::State& state) {
  const auto level = static_cast<qsm::SimdLevel>(state.range(0));
  if (level > qsm::simd_level_of_machine()) return state.SkipWithError("not on this machine");
  qsm::force_simd_level(level);
  const qsm::Stream stream(1);
  std::array<double, block> out;
  std::uint64_t first = 0;
  for (auto _ : state) {
    fill(stream, first, std::span<double>(out));
    benchmark::DoNotOptimize(out);
    first += block;
  }
  const auto count = static_cast<double>(state.iterations() * static_cast<benchmark::IterationCount>(block));
  state.counters["per_variate"] = benchmark::Counter(count, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.SetLabel(std::string(qsm::simd_name(level)));
}

void uniform(const qsm::Stream& stream, std::uint64_t first, std::span<double> out) { stream.uniforms(first, out); }
void exponential(const qsm::Stream& stream, std::uint64_t first, std::span<double> out) {
  qsm::fill_exponential(stream, first, 1, out);
}
void normal(const qsm::Stream& stream, std::uint64_t first, std::span<double> out) {
  qsm::fill_normal(stream, first, 0, 1, out);
}
void lognormal(const qsm::Stream& stream, std::uint64_t first, std::span<double> out) {
  qsm::fill_lognormal(stream, first, 0, 1, out);
}
void erlang_3(const qsm::Stream& stream, std::uint64_t first, std::span<double> out) {
  qsm::fill_erlang(stream, first, 3, 1, out);
}
void gamma(const qsm::Stream& stream, std::uint64_t first, std::span<double> out) {
  qsm::fill_gamma(stream, first, 1.3, 1, out);
}
void hyperexponential(const qsm::Stream& stream, std::uint64_t first, std::span<double> out) {
  constexpr double weights[] = {3, 1};
  constexpr double means[] = {0.5, 4};
  qsm::fill_hyperexponential(stream, first, weights, means, out);
}

/// Waits of an M/M/1 queue by Lindley's recursion: two exponentials and a step per customer.
void lindley(const qsm::Stream& stream, std::uint64_t first, std::span<double> waits) {
  std::array<double, block> gaps;
  qsm::fill_exponential(stream.child(1), first, 1, gaps);
  qsm::fill_exponential(stream.child(2), first, 0.8, waits);
  double wait = 0;
  for (std::size_t i = 0; i < block; ++i) {
    const double service = waits[i];
    waits[i] = wait;
    wait = std::max(0.0, wait + (service - gaps[i]));
  }
}

BENCHMARK(variates<uniform>)->DenseRange(0, 2)->Name("qsm/uniform");
BENCHMARK(variates<exponential>)->DenseRange(0, 2)->Name("qsm/exponential");
BENCHMARK(variates<normal>)->DenseRange(0, 2)->Name("qsm/normal");
BENCHMARK(variates<lognormal>)->DenseRange(0, 2)->Name("qsm/lognormal");
BENCHMARK(variates<erlang_3>)->DenseRange(0, 2)->Name("qsm/erlang_3");
BENCHMARK(variates<gamma>)->DenseRange(0, 2)->Name("qsm/gamma");
BENCHMARK(variates<hyperexponential>)->DenseRange(0, 2)->Name("qsm/hyperexponential");
BENCHMARK(variates<lindley>)->DenseRange(0, 2)->Name("qsm/lindley");

}  // namespace
