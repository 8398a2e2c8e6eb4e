// The same by hand, without checks: a bucket of two numbers, a deque of times, std::priority_queue, a tag for each flow.
#include <algorithm>
#include <cstddef>
#include <deque>
#include <queue>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "jobs.hpp"

namespace {

struct Bucket {
  double rate, burst, tokens, last;
  bool admit(double now) {
    tokens = std::min(burst, tokens + rate * (now - last));
    last = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  }
};

struct WindowLog {
  std::size_t limit;
  double window;
  std::deque<double> times;
  bool admit(double now) {
    while (!times.empty() && times.front() <= now - window) times.pop_front();
    if (times.size() == limit) return false;
    times.push_back(now);
    return true;
  }
};

template <class Limiter>
void admit(benchmark::State& state, Limiter limiter) {
  double now = 0;
  for (auto _ : state) benchmark::DoNotOptimize(limiter.admit(now += 0.01));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(admit, reference_token_bucket, Bucket{50, 100, 100, 0});
BENCHMARK_CAPTURE(admit, reference_sliding_window_log, WindowLog{50, 1, {}});

using qsm::policies::Job;

struct Later {
  bool operator()(const std::pair<double, Job>& a, const std::pair<double, Job>& b) const { return a.first > b.first; }
};
using Heap = std::priority_queue<std::pair<double, Job>, std::vector<std::pair<double, Job>>, Later>;

struct Deadlines {
  Heap heap;
  void push(const Job& job) { heap.push({job.deadline, job}); }
  void pop() { heap.pop(); }
};

struct FairTags {
  Heap heap;
  double clock = 0;
  std::vector<double> last = std::vector<double>(flows);
  void push(const Job& job) {
    last[job.flow] = std::max(last[job.flow], clock) + job.size;
    heap.push({last[job.flow], job});
  }
  void pop() {
    clock = heap.top().first;
    heap.pop();
  }
};

template <class Scheduler>
void serve(benchmark::State& state, Scheduler scheduler) {
  const auto jobs = drawn_jobs();
  std::size_t next = 0;
  for (; next < waiting; ++next) scheduler.push(jobs[next]);
  for (auto _ : state) {
    scheduler.push(jobs[next++ % jobs.size()]);
    benchmark::DoNotOptimize(scheduler);
    scheduler.pop();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(serve, reference_earliest_deadline, Deadlines{});
BENCHMARK_CAPTURE(serve, reference_self_clocked_fair, FairTags{});

}  // namespace
