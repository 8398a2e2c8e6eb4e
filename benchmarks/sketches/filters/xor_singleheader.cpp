// The C headers of xor_singleheader, the same work; built only where they are found.
#if __has_include(<binaryfusefilter.h>)
extern "C" {
#include <binaryfusefilter.h>
#include <xorfilter.h>
}

#include <cstdlib>

#include <benchmark/benchmark.h>

#include <qsm/sketches/fuse.hpp>

#include "../items/items.hpp"

namespace {

binary_fuse8_t filled(std::vector<std::uint64_t> keys) {
  binary_fuse8_t filter;
  const auto number = static_cast<std::uint32_t>(keys.size());
  if (!binary_fuse8_allocate(number, &filter) || !binary_fuse8_populate(keys.data(), number, &filter)) std::abort();
  return filter;
}

void query(benchmark::State& state, std::size_t number) {
  binary_fuse8_t filter = filled(items(number));
  const auto questions = items(stream, number - stream / 2);
  for (auto _ : state) {
    std::size_t found = 0;
    for (const std::uint64_t key : questions) found += binary_fuse8_contain(key, &filter);
    benchmark::DoNotOptimize(found);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(stream));
  binary_fuse8_free(&filter);
}

void query_xor(benchmark::State& state, std::size_t number) {
  auto keys = items(number);
  xor8_t filter;
  const auto size = static_cast<std::uint32_t>(number);
  if (!xor8_allocate(size, &filter) || !xor8_buffered_populate(keys.data(), size, &filter)) std::abort();
  const auto questions = items(stream, number - stream / 2);
  for (auto _ : state) {
    std::size_t found = 0;
    for (const std::uint64_t key : questions) found += xor8_contain(key, &filter);
    benchmark::DoNotOptimize(found);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(stream));
  xor8_free(&filter);
}

void build(benchmark::State& state, std::size_t number) {
  const auto all = items(number);
  for (auto _ : state) {
    binary_fuse8_t filter = filled(all);
    binary_fuse8_free(&filter);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(number));
}

/// The header reads what the library writes.
void reads_ours(benchmark::State& state) {
  const auto keys = items(stream);
  const auto bytes = qsm::sketches::BinaryFuseFilter::of_hashes(keys).to_xor_singleheader();
  binary_fuse8_t filter;
  if (!binary_fuse8_deserialize(&filter, reinterpret_cast<const char*>(bytes.data()))) std::abort();
  for (auto _ : state)
    for (const std::uint64_t key : keys)
      if (!binary_fuse8_contain(key, &filter)) std::abort();
  binary_fuse8_free(&filter);
}

BENCHMARK_CAPTURE(query, million, stream)->Name("fuse_query_1M/xor_singleheader");
BENCHMARK_CAPTURE(query, many, many)->Name("fuse_query_10M/xor_singleheader");
BENCHMARK_CAPTURE(query_xor, many, many)->Name("xor_query_10M/xor_singleheader");
BENCHMARK_CAPTURE(build, million, stream)->Name("fuse_build_1M/xor_singleheader");
BENCHMARK_CAPTURE(build, many, many)->Name("fuse_build_10M/xor_singleheader")->Iterations(1);
BENCHMARK(reads_ours)->Name("reads_ours/xor_singleheader")->Iterations(1);

}  // namespace
#endif
