// Attention on one thread, 32 heads on 8 of keys, heads of 128. Arguments: queries, keys.
#include <vector>

#include <benchmark/benchmark.h>

#include <qsm/core/random.hpp>
#include <qsm/kernels/attention.hpp>

namespace {

using namespace qsm::kernels;

template <class Number>
std::vector<Number> numbers(std::size_t count, std::uint64_t seed) {
  std::vector<double> uniforms(count);
  qsm::Stream(seed).uniforms(0, uniforms);
  std::vector<Number> all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = Number(static_cast<float>(2 * uniforms[i] - 1));
  return all;
}

template <class Number>
void attend(benchmark::State& state) {
  const auto queries = static_cast<std::size_t>(state.range(0)), keys = static_cast<std::size_t>(state.range(1));
  const std::size_t heads = 32, key_heads = 8, size = 128;
  const auto q = numbers<Number>(queries * heads * size, 1), k = numbers<Number>(keys * key_heads * size, 2),
             v = numbers<Number>(keys * key_heads * size, 3);
  std::vector<Number> out(queries * heads * size);
  for (auto _ : state) {
    attention(ConstHeads(q.data(), queries, heads, size), ConstHeads(k.data(), keys, key_heads, size),
              ConstHeads(v.data(), keys, key_heads, size), MutableHeads(out.data(), queries, heads, size), {},
              {.causal = true, .threads = 1});
    benchmark::ClobberMemory();
  }
  double seen = 0;  // pairs of query and key
  for (std::size_t i = 0; i < queries; ++i) seen += static_cast<double>(keys - queries + i + 1);
  const double runs = static_cast<double>(state.iterations());
  state.counters["useful Gflop/s"] =
      benchmark::Counter(4e-9 * seen * static_cast<double>(heads * size) * runs, benchmark::Counter::kIsRate);
  state.counters["keys and values GB/s"] = benchmark::Counter(
      1e-9 * static_cast<double>(2 * keys * key_heads * size * sizeof(Number)) * runs, benchmark::Counter::kIsRate);
}

BENCHMARK(attend<bfloat16>)
    ->Args({512, 512})
    ->Args({2048, 2048})
    ->Args({1, 4096})
    ->Args({1, 65536})
    ->Name("qsm/bfloat16");
BENCHMARK(attend<float>)->Args({512, 512})->Args({1, 4096})->Name("qsm/float32");

}  // namespace
