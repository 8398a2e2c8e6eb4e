#pragma once
/// @file
/// The calendar of events and the virtual clock on which queues, protocols and servers run.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/sim/detail/event_heap.hpp>

namespace qsm::inline v0::sim {

/// Names one scheduled event, until it happens or is cancelled; never reused for another.
class EventHandle {
 public:
  /// A handle that names nothing.
  EventHandle() = default;
  friend bool operator==(EventHandle, EventHandle) = default;

 private:
  template <class Event>
  friend class Calendar;
  EventHandle(std::uint64_t number, std::uint32_t slot) : number_(number), slot_(slot) {}

  std::uint64_t number_ = 0;  // the running number of the event; 0 names none
  std::uint32_t slot_ = 0;
};

/// Future events in order, and the clock that moves from one to the next.
///
///     Calendar<Event> calendar;
///     calendar.schedule_after(service_time, Departure{customer});
///     while (const auto event = calendar.next()) machine.handle(*event, calendar);
///
/// The order is that of time, then of priority (lower first), then of scheduling: the same on every machine. A value: a
/// copy runs on by itself, and events are copied with it. Not for several threads at a time.
template <class Event>
class Calendar {
 public:
  /// Priority of events that name none.
  static constexpr int ordinary = 0;

  /// An empty calendar whose clock shows `start` [s], finite.
  explicit Calendar(double start = 0) : now_(start + 0.0) { Check("Calendar").finite("start", start); }

  Calendar(const Calendar&) = default;
  Calendar& operator=(const Calendar&) = default;
  Calendar(Calendar&& other) noexcept : Calendar(0.0) { *this = std::move(other); }
  /// Leaves `other` empty, at the same time.
  Calendar& operator=(Calendar&& other) noexcept {
    now_ = other.now_;
    number_ = other.number_;
    cancelled_ = std::exchange(other.cancelled_, 0);
    heap_ = std::exchange(other.heap_, {});
    slots_ = std::exchange(other.slots_, {});
    return *this;
  }

  /// What the clock shows [s].
  double now() const { return now_; }
  /// Number of events to come [1].
  std::size_t size() const { return heap_.size() - cancelled_; }
  /// Whether no event is to come.
  bool empty() const { return size() == 0; }

  /// Schedules an event at `time` [s], finite and >= now. At equal times, lower `priority` [1], in [-32768, 32767],
  /// comes first: let departures go before arrivals.
  EventHandle schedule_at(double time, Event event, int priority = ordinary) {
    Check check("Calendar.schedule_at");
    check.finite("time", time);
    check.that(time >= now_, "time", time, ">= now");
    return schedule(check, time + 0.0, std::move(event), priority);
  }
  /// Schedules an event `delay` [s] from now, finite and >= 0.
  EventHandle schedule_after(double delay, Event event, int priority = ordinary) {
    Check check("Calendar.schedule_after");
    check.not_negative("delay", delay);
    const double time = now_ + delay;
    check.that(time <= std::numeric_limits<double>::max(), "delay", delay, "so short that the clock stays finite");
    return schedule(check, time, std::move(event), priority);
  }

  /// Takes an event back; false where it has happened or been cancelled before. O(log n), amortised.
  bool cancel(EventHandle handle) {
    if (!pending(handle)) return false;
    slots_[handle.slot_].number = 0;
    ++cancelled_;
    if (heap_.size() > 64 && heap_.size() > 2 * size()) {
      heap_.keep_if([&](std::uint32_t slot) { return slots_[slot].number != 0; });
      cancelled_ = 0;
    }
    drop_cancelled();
    return true;
  }
  /// Whether an event is still to come.
  bool pending(EventHandle handle) const {
    return handle.number_ != 0 && handle.slot_ < slots_.size() && slots_[handle.slot_].number == handle.number_;
  }

  /// Time of the next event [s]; infinity where there is none.
  double next_time() const { return heap_.empty() ? infinity : heap_.first().time(); }
  /// Moves the clock to the next event and hands it out; nothing where there is none.
  std::optional<Event> next() {
    if (empty()) return std::nullopt;
    return take();  // apart: an optional that is filled here is copied at twice the cost of all else
  }
  /// Moves the clock to `time` [s], finite, >= now and not after the next event.
  void advance_to(double time) {
    Check check("Calendar.advance_to");
    check.finite("time", time);
    check.that(time >= now_ && time <= next_time(), "time", time, "from now to the next event");
    now_ = time + 0.0;
  }
  /// Forgets all events; the clock stays.
  void clear() {
    heap_ = {};
    slots_.clear();
    cancelled_ = 0;
  }

 private:
  // Cancelled events stay in the heap until they come to its top, or until they are the majority.
  struct Slot {
    std::uint64_t number;  // of the event in it; 0 where that has happened or been cancelled
    Event event;
  };

  EventHandle schedule(Check check, double time, Event event, int priority) {
    check.that(priority >= -32768 && priority <= 32767, "priority", priority, "in [-32768, 32767]");
    const std::uint64_t number = number_ + 1;
    const std::uint32_t slot = heap_.free_slot();
    if (slot < slots_.size())
      slots_[slot] = {number, std::move(event)};
    else
      slots_.push_back({number, std::move(event)});
    heap_.push({time, priority, number});
    number_ = number;
    return {number, slot};
  }
  Event take() {
    now_ = heap_.first().time();
    Slot& slot = slots_[heap_.first_slot()];
    Event event(std::move(slot.event));
    slot.number = 0;
    heap_.pop();
    drop_cancelled();
    return event;
  }
  void drop_cancelled() {
    for (; cancelled_ > 0 && slots_[heap_.first_slot()].number == 0; --cancelled_) heap_.pop();
  }

  double now_;
  std::uint64_t number_ = 0;  // of the event scheduled last
  std::size_t cancelled_ = 0;
  detail::EventHeap heap_;
  std::vector<Slot> slots_;
};

}  // namespace qsm::inline v0::sim
