// Matrix products on one thread, weights laid out beforehand. Arguments: rows, depth, columns.
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <qsm/core/random.hpp>
#include <qsm/kernels/gemm.hpp>

namespace {

using namespace qsm::kernels;

template <class Number>
std::vector<Number> numbers(std::size_t count, std::uint64_t seed, float low, float high) {
  std::vector<double> uniforms(count);
  qsm::Stream(seed).uniforms(0, uniforms);
  std::vector<Number> all(count);
  for (std::size_t i = 0; i < count; ++i)
    all[i] = static_cast<Number>(low + (high - low) * static_cast<float>(uniforms[i]));
  return all;
}

void run(benchmark::State& state, const auto& x, const PackedMatrix& w, auto y, const GemmOptions& options) {
  const auto m = static_cast<std::size_t>(state.range(0)), k = w.rows(), n = w.columns();
  y.resize(m * n);
  for (auto _ : state) {
    gemm(ConstMatrix(x.data(), m, k), w, MutableMatrix(y.data(), m, n), options);
    benchmark::ClobberMemory();
  }
  const double products = static_cast<double>(m) * static_cast<double>(k) * static_cast<double>(n);
  state.counters["Gop/s"] =
      benchmark::Counter(2e-9 * products * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.counters["weights GB/s"] =
      benchmark::Counter(1e-9 * static_cast<double>(w.bytes_used()) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate);
}

template <class Number, class Result>
void dense(benchmark::State& state) {
  const auto m = static_cast<std::size_t>(state.range(0)), k = static_cast<std::size_t>(state.range(1)),
             n = static_cast<std::size_t>(state.range(2));
  const float size = std::is_integral_v<Number> ? 127 : 1;
  const auto x = numbers<Number>(m * k, 1, -size, size), w = numbers<Number>(k * n, 2, -size, size);
  run(state, x, PackedMatrix(ConstMatrix(w.data(), k, n)), std::vector<Result>(), {.threads = 1});
}

template <class Number, bool quantized>
void fours(benchmark::State& state) {
  const auto m = static_cast<std::size_t>(state.range(0)), k = static_cast<std::size_t>(state.range(1)),
             n = static_cast<std::size_t>(state.range(2)), group = static_cast<std::size_t>(state.range(3));
  const auto values = numbers<std::int8_t>(k * n, 3, 0, 15.99f);
  const auto scales = numbers<float>(k / group * n, 4, 0.001f, 0.01f);
  const auto packed = PackedMatrix::of_int4(ConstMatrix(values.data(), k, n), ConstMatrix(scales.data(), k / group, n),
                                            std::nullopt, group);
  run(state, numbers<Number>(m * k, 1, -1, 1), packed, std::vector<float>(),
      {.quantize_rows = quantized, .threads = 1});
}

/// What the machine reads from memory on one thread, for products that are bound by it.
void read(benchmark::State& state) {
  std::vector<std::uint64_t> all(std::size_t{1} << 25, 1);  // 256 MiB
  for (auto _ : state) {
    std::uint64_t sums[32] = {};
    for (std::size_t i = 0; i < all.size(); i += 32)
      for (std::size_t j = 0; j < 32; ++j) sums[j] += all[i + j];
    benchmark::DoNotOptimize(sums);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(8 * all.size()) * state.iterations());
}

BENCHMARK(read)->Name("read from memory");
BENCHMARK(dense<float, float>)->Args({256, 4096, 4096})->Name("qsm/float32");
BENCHMARK(dense<bfloat16, float>)->Args({256, 4096, 4096})->Name("qsm/bfloat16");
BENCHMARK(dense<std::int8_t, std::int32_t>)->Args({256, 4096, 4096})->Name("qsm/int8");
BENCHMARK(fours<float, true>)->Args({256, 4096, 4096, 128})->Name("qsm/w4a8");
BENCHMARK(fours<float, true>)->Args({8, 4096, 4096, 128})->Name("qsm/w4a8");
BENCHMARK(fours<float, true>)->Args({1, 4096, 14336, 128})->Name("qsm/w4a8");
BENCHMARK(fours<bfloat16, false>)->Args({256, 4096, 4096, 128})->Name("qsm/w4a16");
BENCHMARK(fours<bfloat16, false>)->Args({8, 4096, 4096, 128})->Name("qsm/w4a16");
BENCHMARK(fours<bfloat16, false>)->Args({1, 4096, 14336, 128})->Name("qsm/w4a16");

}  // namespace
