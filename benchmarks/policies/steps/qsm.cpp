// One step of a limiter (a request every 10 ms, half of them admitted) and of a scheduler (one job in, one out, 1,000
// waiting); reference.cpp has the loops that one would write by hand.
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include <qsm/policies/fair.hpp>
#include <qsm/policies/limiter.hpp>
#include <qsm/policies/scheduler.hpp>

#include "jobs.hpp"

namespace {

using namespace qsm::policies;

template <class Limiter>
void admit(benchmark::State& state, Limiter limiter) {
  double now = 0;
  for (auto _ : state) benchmark::DoNotOptimize(limiter.admit(now += 0.01));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(admit, qsm_token_bucket, TokenBucket(50, 100));
BENCHMARK_CAPTURE(admit, qsm_gcra, Gcra(0.02, 1));
BENCHMARK_CAPTURE(admit, qsm_sliding_window_log, SlidingWindowLog(50, 1));

template <class Scheduler>
void serve(benchmark::State& state, Scheduler scheduler) {
  const auto jobs = drawn_jobs();
  std::size_t next = 0;
  double now = 0;
  for (; next < waiting; ++next) scheduler.push(now, jobs[next]);
  for (auto _ : state) {
    scheduler.push(now += 1, jobs[next++ % jobs.size()]);
    benchmark::DoNotOptimize(scheduler.pop(now));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(serve, qsm_earliest_deadline, EarliestDeadlineFirst());
BENCHMARK_CAPTURE(serve, qsm_self_clocked_fair, SelfClockedFairQueueing(std::vector<double>(flows, 1)));
BENCHMARK_CAPTURE(serve, qsm_weighted_fair, WeightedFairQueueing(std::vector<double>(flows, 1), 1));

}  // namespace
