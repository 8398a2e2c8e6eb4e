// The library: filters at ten million keys, eight to twelve bits each; keys in batches, as they come from an array.
#include <memory>

#include <benchmark/benchmark.h>

#include <qsm/sketches/bloom.hpp>
#include <qsm/sketches/cuckoo.hpp>
#include <qsm/sketches/fuse.hpp>

#include "../items/items.hpp"

namespace {

using namespace qsm::sketches;

template <class Filter>
Filter filled(std::size_t number) {
  if constexpr (StaticFilter<Filter>) {
    return Filter::of(items(number));
  } else {
    Filter filter(static_cast<double>(number));
    filter.add(items(number));
    return filter;
  }
}

template <class Filter>
void query(benchmark::State& state, std::size_t number) {
  const auto filter = filled<Filter>(number);
  const auto questions = items(stream, number - stream / 2);  // half of them known
  const auto answers = std::make_unique<bool[]>(stream);
  for (auto _ : state) {
    filter.contains(questions, std::span(answers.get(), stream));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(stream));
  state.counters["bits_per_item"] = 8 * static_cast<double>(filter.bytes_used()) / static_cast<double>(number);
}

template <class Filter>
void build(benchmark::State& state, std::size_t number) {
  const auto all = items(number);
  for (auto _ : state) benchmark::DoNotOptimize(Filter::of(all).items());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(number));
}

constexpr auto query_fuse = query<BinaryFuseFilter>, query_xor = query<XorFilter>;
constexpr auto query_blocked = query<BlockedBloomFilter>, query_cuckoo = query<CuckooFilter>;
constexpr auto build_fuse = build<BinaryFuseFilter>;

BENCHMARK_CAPTURE(query_fuse, million, stream)->Name("fuse_query_1M/qsm");
BENCHMARK_CAPTURE(query_fuse, many, many)->Name("fuse_query_10M/qsm");
BENCHMARK_CAPTURE(query_xor, many, many)->Name("xor_query_10M/qsm");
BENCHMARK_CAPTURE(query_blocked, many, many)->Name("blocked_query_10M/qsm");
BENCHMARK_CAPTURE(query_cuckoo, many, many)->Name("cuckoo_query_10M/qsm");
BENCHMARK_CAPTURE(build_fuse, million, stream)->Name("fuse_build_1M/qsm");
BENCHMARK_CAPTURE(build_fuse, many, many)->Name("fuse_build_10M/qsm")->Iterations(1);

}  // namespace
