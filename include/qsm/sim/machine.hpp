#pragma once
/// @file
/// Running a state machine on a calendar of events.

#include <concepts>
#include <cstdint>
#include <limits>

#include <qsm/core/error.hpp>
#include <qsm/core/progress.hpp>
#include <qsm/sim/calendar.hpp>

namespace qsm::inline v0::sim {

/// A plain state machine: a copyable value that answers an event by changing itself and scheduling further events.
///
///     struct Clock {
///       int ticks = 0;
///       void handle(Tick tick, Calendar<Tick>& calendar) {
///         ++ticks;
///         calendar.schedule_after(1, tick);
///       }
///     };
template <class Machine, class Event>
concept MachineOf = std::copyable<Machine> && requires(Machine& machine, Event event, Calendar<Event>& calendar) {
  machine.handle(event, calendar);
};

/// When to end a run, and where to report.
struct RunOptions {
  /// Handles events up to and at this time [s], not NaN.
  double until = std::numeric_limits<double>::infinity();
  /// Handles at most this many events [1], an integer >= 0 or infinity.
  double events = std::numeric_limits<double>::infinity();
  /// Where to report, and whether to stop.
  Progress progress = {};
};

/// How a run ended.
struct RunResult {
  /// Number of events handled [1].
  double events;
  /// What the clock shows [s]: `until` where nothing is left before it.
  double time;
};

/// Hands event after event to a machine until the time or the number is reached, or no event is left.
///
///     calendar.schedule_at(0, Tick{});
///     run(calendar, clock, {.until = 10});
///
/// May be called again to go on. Throws Interrupted where stopped: calendar and machine stand between two events.
template <class Event, class Machine>
  requires MachineOf<Machine, Event>
RunResult run(Calendar<Event>& calendar, Machine& machine, const RunOptions& options = {}) {
  constexpr std::uint64_t share = 1024;  // events between two looks at the stop token
  Check check("run");
  check.that(options.until >= calendar.now(), "until", options.until, ">= the time of the calendar");
  if (options.events != infinity) check.count("events", options.events);
  const bool counted = options.events != infinity;
  const auto total = counted ? static_cast<std::uint64_t>(options.events) : std::uint64_t{1} << 20;
  const double begin = calendar.now();
  std::uint64_t reported = 0, done = 0;
  ProgressMeter meter(options.progress, total);
  const auto tell = [&] {
    std::uint64_t now = done;
    if (!counted)  // by time, where it ends
      now = options.until == infinity || options.until == begin
                ? 0
                : static_cast<std::uint64_t>((calendar.now() - begin) / (options.until - begin) *
                                             static_cast<double>(total));
    meter.advance(now - reported);
    reported = now;
  };
  const std::uint64_t most = counted ? total : std::numeric_limits<std::uint64_t>::max();
  while (done < most && calendar.next_time() <= options.until && !calendar.empty()) {
    if (done % share == 0) tell();
    machine.handle(*calendar.next(), calendar);
    ++done;
  }
  if (done < most && options.until != infinity) calendar.advance_to(options.until);
  meter.finish();
  return {static_cast<double>(done), calendar.now()};
}

}  // namespace qsm::inline v0::sim
