#pragma once
/// @file
/// The heap of the calendar: keys in order, and the slots in which their events stand.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

namespace qsm::inline v0::sim::detail {

/// Orders events by time, priority and running number.
struct EventKey {
  std::int64_t instant;  // the time, as an integer of the same order
  std::uint64_t order;   // priority in the upper 16 bits, then the running number

  EventKey(double time, int priority, std::uint64_t number)
      : instant(turned(std::bit_cast<std::int64_t>(time))),
        order(static_cast<std::uint64_t>(priority + 32768) << 48 | number) {}
  double time() const { return std::bit_cast<double>(turned(instant)); }

  bool before(const EventKey& other) const {
#ifdef __SIZEOF_INT128__
    __extension__ using Wide = __int128;  // one subtraction with borrow: no branch to guess
    return (Wide{instant} << 64 | order) < (Wide{other.instant} << 64 | other.order);
#else
    return (instant < other.instant) | ((instant == other.instant) & (order < other.order));
#endif
  }

 private:
  // Negative doubles are ordered as their bits but the sign, turned round; -0.0 would come before 0.0.
  static std::int64_t turned(std::int64_t bits) {
    return bits ^ static_cast<std::int64_t>(static_cast<std::uint64_t>(bits >> 63) >> 1);
  }
};

/// Memory that begins at a line of the cache.
template <class T>
struct LineAllocator {
  using value_type = T;
  static constexpr std::align_val_t line{64};

  LineAllocator() = default;
  template <class Other>
  LineAllocator(const LineAllocator<Other>&) {}
  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), line)); }
  void deallocate(T* memory, std::size_t) { ::operator delete(memory, line); }
  friend bool operator==(LineAllocator, LineAllocator) { return true; }
};

/// A heap of four children to a parent. Keys stand apart from slots, and the children of a parent share one line of the
/// cache: the top stands at place 3, and lines are filled up with keys after all others. A key that is taken leaves a
/// hole at the top for the next that is pushed, which then sinks once where two would have moved. Behind the end stand
/// the free slots.
class EventHeap {
 public:
  bool empty() const { return size() == 0; }
  std::size_t size() const { return count_ - hole_; }

  /// The first key in order, and its slot. Not on an empty heap.
  const EventKey& first() const { return key(first_place()); }
  std::uint32_t first_slot() const { return slots_[first_place()]; }

  /// The slot that the next push will use: a free one, or the number after all others.
  std::uint32_t free_slot() {
    const std::size_t place = hole_ ? top : end();
    if (place >= slots_.size()) grow();
    return slots_[place];
  }
  /// Adds a key; after free_slot().
  void push(EventKey added) {
    if (hole_) {
      hole_ = false;
      sink(top, added, slots_[top]);
    } else {
      ++count_;
      rise(end() - 1, added, slots_[end() - 1]);
    }
  }
  /// Takes the first key out and frees its slot. Not on an empty heap.
  void pop() {
    close_hole();
    hole_ = true;
  }
  /// Takes out all keys whose slot is refused, and frees the slots.
  template <class Keep>
  void keep_if(Keep keep) {
    close_hole();
    std::size_t kept = top;
    for (std::size_t place = top; place < end(); ++place)
      if (keep(slots_[place])) {
        std::swap(key(kept), key(place));
        std::swap(slots_[kept++], slots_[place]);
      }
    for (std::size_t place = kept; place < end(); ++place) key(place) = never();
    count_ = kept - top;
    for (std::size_t place = parent(end()); place >= top; --place) sink(place, key(place), slots_[place]);
  }

 private:
  static EventKey never() { return {std::numeric_limits<double>::infinity(), 32767, (std::uint64_t{1} << 48) - 1}; }
  static constexpr std::size_t top = 3;
  static constexpr std::size_t children(std::size_t place) { return 4 * place - 8; }
  static constexpr std::size_t parent(std::size_t place) { return place / 4 + 2; }

  std::size_t end() const { return top + count_; }
  std::size_t first_place() const { return hole_ ? earliest_child(top) : top; }
  EventKey& key(std::size_t place) { return keys_[place]; }
  const EventKey& key(std::size_t place) const { return keys_[place]; }
  void put(std::size_t place, EventKey put_there, std::uint32_t slot) {
    key(place) = put_there;
    slots_[place] = slot;
  }

  std::size_t earliest_child(std::size_t place) const {
    const std::size_t first = children(place);
    const EventKey* const keys = &keys_[first];
    const std::size_t left = keys[1].before(keys[0]), right = 2 + keys[3].before(keys[2]);
    const std::size_t either = std::size_t{0} - keys[right].before(keys[left]);  // a mask: compilers would branch
    return first + (left ^ ((left ^ right) & either));
  }
  void fetch([[maybe_unused]] std::size_t first) const {
#ifdef __GNUC__
    if (first + 16 > slots_.size()) return;
    for (std::size_t line = 0; line < 16; line += 4) __builtin_prefetch(&keys_[first + line]);
    __builtin_prefetch(&slots_[first]);
#endif
  }
  void sink(std::size_t place, EventKey sinking, std::uint32_t slot) {
    while (children(place) < end()) {
      if (count_ > 4096) fetch(children(children(place)));  // what the next level compares, where caches are small
      const std::size_t child = earliest_child(place);
      if (sinking.before(key(child))) break;
      put(place, key(child), slots_[child]);
      place = child;
    }
    put(place, sinking, slot);
  }
  void rise(std::size_t place, EventKey rising, std::uint32_t slot) {
    for (; place > top && rising.before(key(parent(place))); place = parent(place))
      put(place, key(parent(place)), slots_[parent(place)]);
    put(place, rising, slot);
  }
  void close_hole() {
    if (!hole_) return;
    hole_ = false;
    const std::size_t last = end() - 1;
    const EventKey moved = key(last);
    const std::uint32_t slot = slots_[last];
    put(last, never(), slots_[top]);
    if (--count_ > 0) sink(top, moved, slot);
  }
  void grow() {
    const std::size_t place = end();
    if (place - top >= std::numeric_limits<std::uint32_t>::max())
      throw std::length_error("Calendar: more than 2^32 - 1 events at a time");
    keys_.resize(children(parent(place)) + 4, never());
    slots_.resize(place + 1);
    slots_[place] = static_cast<std::uint32_t>(place - top);
  }

  std::size_t count_ = 0;  // with the hole
  bool hole_ = false;
  std::vector<EventKey, LineAllocator<EventKey>> keys_;
  std::vector<std::uint32_t> slots_;
};

}  // namespace qsm::inline v0::sim::detail
