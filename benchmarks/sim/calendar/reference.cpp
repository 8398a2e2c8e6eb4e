// The same on std::priority_queue, with insertion order kept and no cancellation.
#include <cstddef>
#include <cstdint>
#include <queue>
#include <vector>

#include <benchmark/benchmark.h>

#include <qsm/core/distributions/exponential.hpp>

namespace {

struct Entry {
  double time;
  std::uint64_t order;
  int kind;
  int subject;
  bool operator<(const Entry& other) const { return time > other.time || (time == other.time && order > other.order); }
};

void reference_calendar(benchmark::State& state) {
  std::vector<double> delays(1 << 14);
  qsm::Exponential{1}.sample(qsm::Stream(1), 0, delays);
  std::priority_queue<Entry> queue;
  std::size_t i = 0;
  std::uint64_t order = 0;
  for (int n = 0; n < state.range(0); ++n) queue.push({delays[i++ % delays.size()], order++, 0, n});
  for (auto _ : state) {
    Entry entry = queue.top();
    queue.pop();
    entry.time += delays[i++ % delays.size()];
    entry.order = order++;
    queue.push(entry);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(reference_calendar)->Arg(1)->Arg(4)->Arg(12)->Arg(64)->Arg(1024)->Arg(65536);

}  // namespace
