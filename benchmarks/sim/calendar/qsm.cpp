// Hold model: take the next of n events and schedule it again after an exponential delay.
#include <cstddef>
#include <vector>

#include <benchmark/benchmark.h>

#include <qsm/core/distributions/exponential.hpp>
#include <qsm/sim/calendar.hpp>

namespace {

struct Event {
  int kind;
  int subject;
};

void qsm_calendar(benchmark::State& state) {
  std::vector<double> delays(1 << 14);
  qsm::Exponential{1}.sample(qsm::Stream(1), 0, delays);
  qsm::sim::Calendar<Event> calendar;
  std::size_t i = 0;
  for (int n = 0; n < state.range(0); ++n) calendar.schedule_after(delays[i++ % delays.size()], {0, n});
  for (auto _ : state) calendar.schedule_after(delays[i++ % delays.size()], *calendar.next());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(qsm_calendar)->Arg(1)->Arg(4)->Arg(12)->Arg(64)->Arg(1024)->Arg(65536);

// Each event cancels a timer and sets another, as protocols do.
void qsm_calendar_with_timers(benchmark::State& state) {
  std::vector<double> delays(1 << 14);
  qsm::Exponential{1}.sample(qsm::Stream(1), 0, delays);
  qsm::sim::Calendar<Event> calendar;
  std::size_t i = 0;
  const auto count = static_cast<std::size_t>(state.range(0));
  std::vector<qsm::sim::EventHandle> timers(count);
  for (std::size_t n = 0; n < count; ++n)
    calendar.schedule_after(delays[i++ % delays.size()], {0, static_cast<int>(n)});
  for (auto _ : state) {
    const Event event = *calendar.next();
    auto& timer = timers[static_cast<std::size_t>(event.subject)];
    calendar.cancel(timer);
    timer = calendar.schedule_after(1000, {1, event.subject});
    calendar.schedule_after(delays[i++ % delays.size()], event);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(qsm_calendar_with_timers)->Arg(12)->Arg(1024);

}  // namespace
