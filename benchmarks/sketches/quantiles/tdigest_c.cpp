// t-digest-c of RedisBloom, the same work; built only where it is installed.
#if __has_include(<tdigest.h>)
#include <array>
#include <tdigest.h>

#include <benchmark/benchmark.h>

#include "numbers.hpp"

namespace {

void add_each(benchmark::State& state) {
  for (auto _ : state) {
    td_histogram_t* digest = td_new(100);
    for (const double number : numbers()) td_add(digest, number, 1);
    benchmark::DoNotOptimize(digest);
    td_free(digest);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(numbers().size()));
}

void ask(benchmark::State& state) {
  td_histogram_t* digest = td_new(100);
  for (const double number : numbers()) td_add(digest, number, 1);
  const std::array<double, 8> probabilities = {0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999};
  std::array<double, 8> values;
  for (auto _ : state) {
    td_quantiles(digest, probabilities.data(), values.data(), values.size());
    benchmark::DoNotOptimize(values);
  }
  td_free(digest);
}

BENCHMARK(add_each)->Name("add_each/t_digest_c_100");
BENCHMARK(ask)->Name("ask/t_digest_c_100");

}  // namespace
#endif
