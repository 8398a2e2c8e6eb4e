// Lookups of a million keys by each placement, beside the loops that papers give; and the making of a Maglev table.
// Result: benchmarks/results/sharding_consistent_hash.json, by scripts/bench.sh sharding_consistent_hash.

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <qsm/core/hashing.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/sharding.hpp>

namespace {

using namespace qsm::sharding;

const std::vector<std::uint64_t>& hashes() {
  static const std::vector<std::uint64_t> all = [] {
    std::vector<std::uint64_t> made(1 << 16);
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = qsm::splitmix64(i);
    return made;
  }();
  return all;
}

/// Nanoseconds per key, from which ratios are made.
void per_key(benchmark::State& state, std::size_t keys) {
  state.counters["ns_per_key"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(keys) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

template <class Lookup>
void look_up(benchmark::State& state, Lookup lookup) {
  std::vector<std::uint32_t> out(hashes().size());
  for (auto _ : state) {
    lookup(out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  per_key(state, out.size());
}

template <class Type>
void placement(benchmark::State& state) {
  const Type made(numbered_nodes(static_cast<std::uint32_t>(state.range(0))));
  look_up(state, [&](std::vector<std::uint32_t>& out) { made.nodes_of_hashes(hashes(), out); });
}

// --- peers ------------------------------------------------------------------------------------------------------------

/// The loop of Lamping and Veach 2014, figure 1.
void jump_of_the_paper(benchmark::State& state) {
  const auto buckets = static_cast<std::int32_t>(state.range(0));
  look_up(state, [&](std::vector<std::uint32_t>& out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      std::uint64_t key = hashes()[i];
      std::int64_t b = -1, j = 0;
      while (j < buckets) {
        b = j;
        key = key * 2862933555777941757ULL + 1;
        j = static_cast<std::int64_t>(static_cast<double>(b + 1) *
                                      (static_cast<double>(1LL << 31) / static_cast<double>((key >> 33) + 1)));
      }
      out[i] = static_cast<std::uint32_t>(b);
    }
  });
}

/// Every node asked, one after the other.
void rendezvous_by_a_loop(benchmark::State& state) {
  std::vector<std::uint64_t> seeds(static_cast<std::size_t>(state.range(0)));
  for (std::size_t i = 0; i < seeds.size(); ++i) seeds[i] = qsm::splitmix64(~i);
  look_up(state, [&](std::vector<std::uint32_t>& out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      std::uint64_t best = 0;
      std::uint32_t winner = 0;
      for (std::uint32_t node = 0; node < seeds.size(); ++node)
        if (const std::uint64_t bid = qsm::splitmix64(hashes()[i] ^ seeds[node]); bid > best) {
          best = bid;
          winner = node;
        }
      out[i] = winner;
    }
  });
}

void weighted_rendezvous_by_a_loop(benchmark::State& state) {
  std::vector<std::uint64_t> seeds(static_cast<std::size_t>(state.range(0)));
  for (std::size_t i = 0; i < seeds.size(); ++i) seeds[i] = qsm::splitmix64(~i);
  look_up(state, [&](std::vector<std::uint32_t>& out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      double best = -1;
      std::uint32_t winner = 0;
      for (std::uint32_t node = 0; node < seeds.size(); ++node) {
        const double uniform = (static_cast<double>(qsm::splitmix64(hashes()[i] ^ seeds[node]) >> 11) + 0.5) * 0x1p-53;
        if (const double bid = (1 + node % 3) / -std::log(uniform); bid > best) {
          best = bid;
          winner = node;
        }
      }
      out[i] = winner;
    }
  });
}

void rendezvous_weighted(benchmark::State& state) {
  Nodes nodes = numbered_nodes(static_cast<std::uint32_t>(state.range(0)));
  for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i].weight = static_cast<double>(1 + i % 3);
  const Rendezvous made(nodes);
  look_up(state, [&](std::vector<std::uint32_t>& out) { made.nodes_of_hashes(hashes(), out); });
}

void maglev_build(benchmark::State& state) {
  const auto nodes = static_cast<std::size_t>(state.range(0));
  std::vector<std::uint32_t> offsets(nodes), skips(nodes);
  for (std::size_t i = 0; i < nodes; ++i) {
    offsets[i] = static_cast<std::uint32_t>(qsm::splitmix64(i) % 65537);
    skips[i] = static_cast<std::uint32_t>(qsm::splitmix64(~i) % 65536) + 1;
  }
  for (auto _ : state) benchmark::DoNotOptimize(maglev_table(offsets, skips, {}, 65537));
}

/// The making of the table as the paper's pseudocode has it: permutations written out, then taken in turn.
void maglev_of_the_paper(benchmark::State& state) {
  const auto nodes = static_cast<std::size_t>(state.range(0));
  const std::uint64_t size = 65537;
  for (auto _ : state) {
    std::vector<std::uint64_t> next(nodes, 0);
    std::vector<std::int64_t> entry(size, -1);
    std::size_t filled = 0;
    while (filled < size)
      for (std::size_t i = 0; i < nodes && filled < size; ++i) {
        const std::uint64_t offset = qsm::splitmix64(i) % size, skip = qsm::splitmix64(~i) % (size - 1) + 1;
        std::uint64_t c = (offset + next[i] * skip) % size;
        while (entry[c] >= 0) c = (offset + ++next[i] * skip) % size;
        entry[c] = static_cast<std::int64_t>(i);
        ++next[i];
        ++filled;
      }
    benchmark::DoNotOptimize(entry.data());
  }
}

#define SIZES Arg(10)->Arg(100)->Arg(1000)
BENCHMARK(jump_of_the_paper)->SIZES->Arg(100000);
BENCHMARK(placement<Jump>)->SIZES->Arg(100000);
BENCHMARK(placement<JumpBack>)->SIZES->Arg(100000);
BENCHMARK(placement<Power>)->SIZES->Arg(100000);
BENCHMARK(placement<Modulo>)->SIZES;
BENCHMARK(placement<Ring>)->SIZES;
BENCHMARK(placement<MultiProbe>)->SIZES;
BENCHMARK(placement<Maglev>)->SIZES;
BENCHMARK(placement<Anchor>)->SIZES;
BENCHMARK(placement<JumpBackAnchor>)->SIZES;
BENCHMARK(placement<Memento>)->SIZES;
BENCHMARK(placement<Dx>)->SIZES;
BENCHMARK(rendezvous_by_a_loop)->SIZES->Unit(benchmark::kMillisecond);
BENCHMARK(placement<Rendezvous>)->SIZES->Unit(benchmark::kMillisecond);
BENCHMARK(weighted_rendezvous_by_a_loop)->Arg(100)->Unit(benchmark::kMillisecond);
BENCHMARK(rendezvous_weighted)->Arg(100)->Unit(benchmark::kMillisecond);
BENCHMARK(maglev_build)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(maglev_of_the_paper)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
