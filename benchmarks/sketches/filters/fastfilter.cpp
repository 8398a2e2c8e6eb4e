// The blocked Bloom filter of fastfilter_cpp at the same 10.7 bits per key; built only where its headers are found, with
// AVX2 for this file.
#if __has_include(<simd-block-fixed-fpp.h>) && defined(__AVX2__)
#include <climits>
#include <cstring>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>
using std::vector;
#include <simd-block-fixed-fpp.h>

#include <benchmark/benchmark.h>

#include "../items/items.hpp"

namespace {

void query(benchmark::State& state) {
  const auto keys = items(many);
  SimdBlockFilterFixed<> filter(static_cast<int>(many));  // 10.7 bits of each
  filter.AddAll(keys, 0, keys.size());
  const auto questions = items(stream, many - stream / 2);
  std::size_t found = 0;
  for (auto _ : state) {
    found = 0;
    for (const std::uint64_t key : questions) found += filter.Find(key);
    benchmark::DoNotOptimize(found);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(stream));
  state.counters["found"] = static_cast<double>(found);
}

BENCHMARK(query)->Name("blocked_query_10M/fastfilter");

}  // namespace
#endif
