#pragma once
/// @file
/// The calendar of events and the virtual clock on which queues, protocols and servers run.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <qsm/core/error.hpp>

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
  EventHandle(std::uint32_t slot, std::uint32_t turn) : slot_(slot), turn_(turn) {}

  std::uint32_t slot_ = 0;
  std::uint32_t turn_ = 0;  // odd while the slot is in use
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
  explicit Calendar(double start = 0) : now_(start) { Check("Calendar").finite("start", start); }

  /// What the clock shows [s].
  double now() const { return now_; }
  /// Number of events to come [1].
  std::size_t size() const { return size_; }
  /// Whether no event is to come.
  bool empty() const { return size_ == 0; }

  /// Schedules an event at `time` [s], finite and >= now. At equal times, lower `priority` [1], in [-32768, 32767],
  /// comes first: let departures go before arrivals.
  EventHandle schedule_at(double time, Event event, int priority = ordinary) {
    Check check("Calendar.schedule_at");
    check.finite("time", time);
    check.that(time >= now_, "time", time, ">= now");
    return schedule(check, time, std::move(event), priority);
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
    release(handle.slot_);
    --size_;
    if (heap_.size() > 64 && heap_.size() > 2 * size_) sweep();
    if (!heap_.empty() && !alive(heap_.front())) drop_dead();
    return true;
  }
  /// Whether an event is still to come.
  bool pending(EventHandle handle) const {
    return handle.slot_ < slots_.size() && (handle.turn_ & 1) != 0 && slots_[handle.slot_].turn == handle.turn_;
  }

  /// Time of the next event [s]; infinity where there is none.
  double next_time() const {
    return heap_.empty() ? std::numeric_limits<double>::infinity() : time_of(heap_.front().instant);
  }
  /// Moves the clock to the next event and hands it out; nothing where there is none.
  std::optional<Event> next() {
    if (heap_.empty()) return std::nullopt;
    const Entry first = heap_.front();
    now_ = time_of(first.instant);
    std::optional<Event> event(std::move(slots_[first.slot].event));
    release(first.slot);
    --size_;
    pop();
    if (!heap_.empty() && !alive(heap_.front())) drop_dead();
    return event;
  }
  /// Moves the clock to `time` [s], finite, >= now and not after the next event.
  void advance_to(double time) {
    Check check("Calendar.advance_to");
    check.finite("time", time);
    check.that(time >= now_ && time <= next_time(), "time", time, "from now to the next event");
    now_ = time;
  }
  /// Forgets all events; the clock stays.
  void clear() {
    for (const Entry& entry : heap_)
      if (alive(entry)) release(entry.slot);
    heap_.clear();
    size_ = 0;
  }

 private:
  // The heap holds times and where to find the event; events that were cancelled stay in it until they come up, or
  // until they are the majority.
  struct Entry {
    std::uint64_t instant;  // the time, as an integer of the same order: integers compare without a branch
    std::uint64_t order;    // priority in the upper 16 bits, then a running number
    std::uint32_t slot;
    std::uint32_t turn;

    bool before(const Entry& other) const {
      return (instant < other.instant) | ((instant == other.instant) & (order < other.order));
    }
  };
  static constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  static std::uint64_t instant_of(double time) {
    const auto bits = std::bit_cast<std::uint64_t>(time + 0.0);  // -0.0 is 0.0
    return bits & sign ? ~bits : bits | sign;
  }
  static double time_of(std::uint64_t instant) {
    return std::bit_cast<double>(instant & sign ? instant ^ sign : ~instant);
  }
  struct Slot {
    std::uint32_t turn;
    Event event;
  };

  bool alive(const Entry& entry) const { return slots_[entry.slot].turn == entry.turn; }

  EventHandle schedule(Check check, double time, Event event, int priority) {
    check.that(priority >= -32768 && priority <= 32767, "priority", priority, "in [-32768, 32767]");
    std::uint32_t slot;
    if (free_.empty()) {
      if (slots_.size() >= std::numeric_limits<std::uint32_t>::max())
        throw std::length_error("Calendar: more than 2^32 - 1 events at a time");
      slot = static_cast<std::uint32_t>(slots_.size());
      slots_.push_back({1, std::move(event)});
    } else {
      slot = free_.back();
      free_.pop_back();
      slots_[slot].event = std::move(event);
      ++slots_[slot].turn;
    }
    const std::uint64_t order = (static_cast<std::uint64_t>(priority + 32768) << 48) | number_++;
    push({instant_of(time), order, slot, slots_[slot].turn});
    ++size_;
    return {slot, slots_[slot].turn};
  }
  void release(std::uint32_t slot) {
    ++slots_[slot].turn;
    free_.push_back(slot);
  }

  void push(const Entry& entry) {
    heap_.push_back(entry);
    rise(heap_.size() - 1, entry);
  }
  // The hole at the top sinks to the bottom along the earlier children, without a branch to guess; what stood last
  // fills it and rises from there, which is seldom far.
  void pop() {
    const Entry last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) fill(0, last);
  }
  void fill(std::size_t place, const Entry& entry) {
    const std::size_t top = place;
    Entry* const heap = heap_.data();
    const std::size_t count = heap_.size();
    std::size_t child = 2 * place + 1;
    while (child + 1 < count) {
      child += heap[child + 1].before(heap[child]);
      heap[place] = heap[child];
      place = child;
      child = 2 * place + 1;
    }
    if (child < count) {
      heap[place] = heap[child];
      place = child;
    }
    rise(place, entry, top);
  }
  void rise(std::size_t place, const Entry& entry, std::size_t top = 0) {
    Entry* const heap = heap_.data();
    while (place > top) {
      const std::size_t parent = (place - 1) / 2;
      if (!entry.before(heap[parent])) break;
      heap[place] = heap[parent];
      place = parent;
    }
    heap[place] = entry;
  }
  void drop_dead() {
    while (!heap_.empty() && !alive(heap_.front())) pop();
  }
  void sweep() {
    std::erase_if(heap_, [&](const Entry& entry) { return !alive(entry); });
    for (std::size_t place = heap_.size() / 2; place-- > 0;) fill(place, Entry(heap_[place]));
  }

  double now_;
  std::size_t size_ = 0;
  std::uint64_t number_ = 0;
  std::vector<Entry> heap_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace qsm::inline v0::sim
