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
  explicit Calendar(double start = 0) : now_(start) { Check("Calendar").finite("start", start); }

  /// What the clock shows [s].
  double now() const { return now_; }
  /// Number of events to come [1].
  std::size_t size() const { return count_ - hole_ - dead_; }
  /// Whether no event is to come.
  bool empty() const { return size() == 0; }

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
    close_hole();
    slots_[handle.slot_].number = 0;
    ++dead_;
    if (count_ > 64 && count_ > 2 * size()) sweep();
    drop_dead();
    return true;
  }
  /// Whether an event is still to come.
  bool pending(EventHandle handle) const {
    return handle.number_ != 0 && handle.slot_ < slots_.size() && slots_[handle.slot_].number == handle.number_;
  }

  /// Time of the next event [s]; infinity where there is none.
  double next_time() const {
    if (empty()) return std::numeric_limits<double>::infinity();
    return time_of(key(hole_ ? earliest(children(top)) : top).instant);
  }
  /// Moves the clock to the next event and hands it out; nothing where there is none.
  std::optional<Event> next() {
    close_hole();
    if (count_ == 0) return std::nullopt;
    now_ = time_of(key(top).instant);
    Slot& slot = slots_[slot_at(top)];
    std::optional<Event> event(std::move(slot.event));
    slot.number = 0;
    hole_ = true;
    if (dead_ > 0) {
      close_hole();
      drop_dead();
    }
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
    lines_.clear();
    slot_at_.clear();
    slots_.clear();
    count_ = dead_ = 0;
    hole_ = false;
  }

 private:
  // A heap of four children to a parent. Keys stand apart from what they bring up, four to a line of the cache; the
  // top stands at place 3, so that children share a line, and after the last key the lines are filled with `never`.
  // Three things stay in the heap for a while: the hole that the last event left at the top, for the next one to be
  // scheduled; what was cancelled, until it comes up or is the majority (the top is never such); and, behind the
  // heap, the numbers of the slots that are free.
  struct Key {
    std::uint64_t instant;  // the time, as an integer of the same order
    std::uint64_t order;    // priority in the upper 16 bits, then a running number

    bool before(const Key& other) const {
#ifdef __SIZEOF_INT128__
      __extension__ using Wide = unsigned __int128;  // one subtraction with borrow, and no branch to guess
      return (Wide{instant} << 64 | order) < (Wide{other.instant} << 64 | other.order);
#else
      return (instant < other.instant) | ((instant == other.instant) & (order < other.order));
#endif
    }
  };
  struct alignas(64) Line {
    Key keys[4] = {never, never, never, never};
  };
  struct Slot {
    std::uint64_t number;  // 0 while no event is in it, or a cancelled one
    Event event;
  };
  static constexpr Key never = {~std::uint64_t{0}, ~std::uint64_t{0}};
  static constexpr std::size_t top = 3;
  static constexpr std::size_t children(std::size_t place) { return 4 * place - 8; }
  static constexpr std::size_t parent(std::size_t place) { return place / 4 + 2; }

  static constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  static std::uint64_t instant_of(double time) {
    const auto bits = std::bit_cast<std::uint64_t>(time + 0.0);  // -0.0 is 0.0
    return bits & sign ? ~bits : bits | sign;
  }
  static double time_of(std::uint64_t instant) {
    return std::bit_cast<double>(instant & sign ? instant ^ sign : ~instant);
  }

  Key& key(std::size_t place) { return lines_[place / 4].keys[place % 4]; }
  const Key& key(std::size_t place) const { return lines_[place / 4].keys[place % 4]; }
  std::uint32_t& slot_at(std::size_t place) { return slot_at_[place]; }
  void put(std::size_t place, const Key& key_, std::uint32_t slot) {
    key(place) = key_;
    slot_at(place) = slot;
  }
  std::size_t end() const { return top + count_; }
  std::size_t earliest(std::size_t first) const {
    const Key* const keys = lines_[first / 4].keys;
    const std::size_t left = keys[1].before(keys[0]), right = 2 + keys[3].before(keys[2]);
    return first + (keys[right].before(keys[left]) ? right : left);
  }

  EventHandle schedule(Check check, double time, Event event, int priority) {
    check.that(priority >= -32768 && priority <= 32767, "priority", priority, "in [-32768, 32767]");
    const std::uint64_t number = number_ + 1;
    const Key added{instant_of(time), (static_cast<std::uint64_t>(priority + 32768) << 48) | number};
    const std::size_t place = hole_ ? top : end();
    if (place == top + slots_.size())
      grow({number, std::move(event)});
    else
      slots_[slot_at(place)] = {number, std::move(event)};
    number_ = number;
    const std::uint32_t slot = slot_at(place);
    if (hole_) {
      hole_ = false;
      sink(top, added, slot);
    } else {
      ++count_;
      rise(place, added, slot);
    }
    return {number, slot};
  }
  void grow(Slot&& slot) {
    if (slots_.size() >= std::numeric_limits<std::uint32_t>::max())
      throw std::length_error("Calendar: more than 2^32 - 1 events at a time");
    const std::size_t place = top + slots_.size();
    lines_.resize(place / 4 + 1);
    slot_at_.resize(place + 1);
    slot_at(place) = static_cast<std::uint32_t>(slots_.size());
    slots_.push_back(std::move(slot));
  }

  void sink(std::size_t place, const Key& sinking, std::uint32_t slot) {
    for (std::size_t child; (child = children(place)) < end(); place = child) {
      child = earliest(child);
      if (sinking.before(key(child))) break;
      put(place, key(child), slot_at(child));
    }
    put(place, sinking, slot);
  }
  void rise(std::size_t place, const Key& rising, std::uint32_t slot) {
    for (; place > top && rising.before(key(parent(place))); place = parent(place))
      put(place, key(parent(place)), slot_at(parent(place)));
    put(place, rising, slot);
  }
  void pop() {
    const std::uint32_t freed = slot_at(top);
    const std::size_t last = end() - 1;
    const Key moved = key(last);
    const std::uint32_t slot = slot_at(last);
    put(last, never, freed);
    --count_;
    if (count_ > 0) sink(top, moved, slot);
  }
  void close_hole() {
    if (!hole_) return;
    hole_ = false;
    pop();
  }
  void drop_dead() {
    for (; count_ > 0 && slots_[slot_at(top)].number == 0; --dead_) pop();
  }
  void sweep() {
    std::size_t kept = top;
    for (std::size_t place = top; place < end(); ++place)
      if (slots_[slot_at(place)].number != 0) {
        std::swap(key(kept), key(place));
        std::swap(slot_at(kept++), slot_at(place));
      }
    for (std::size_t place = kept; place < end(); ++place) key(place) = never;
    count_ = kept - top;
    dead_ = 0;
    for (std::size_t place = parent(end()); place >= top; --place) sink(place, Key(key(place)), slot_at(place));
  }

  double now_;
  std::size_t count_ = 0;  // in the heap, with the hole and the dead
  std::size_t dead_ = 0;
  bool hole_ = false;
  std::uint64_t number_ = 0;
  std::vector<Line> lines_;
  std::vector<std::uint32_t> slot_at_;
  std::vector<Slot> slots_;
};

}  // namespace qsm::inline v0::sim
