#pragma once
// Which entry of an array has a hash: open addressing over the entries' numbers, half full at most.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace qsm::inline v0::sketches::detail {

/// Entries have a field `hash`; they are handed in, since they lie in the owner's array.
class SlotTable {
 public:
  static constexpr std::uint32_t none = 0xffffffff;

  template <class Entries>
  std::uint32_t find(std::uint64_t hash, const Entries& entries) const {
    if (slots_.empty()) return none;
    for (std::size_t at = home(hash);; at = next(at)) {
      const std::uint32_t slot = slots_[at];
      if (slot == none || entries[slot].hash == hash) return slot;
    }
  }
  /// Takes in an entry whose hash is not yet there.
  template <class Entries>
  void insert(std::uint32_t slot, const Entries& entries) {
    if (2 * (size_ + 1) > slots_.size()) {
      const std::vector<std::uint32_t> before = std::exchange(slots_, {});
      slots_.assign(std::bit_ceil(4 * (size_ + 4)), none);
      for (const std::uint32_t old : before)
        if (old != none) put(old, entries);
    }
    put(slot, entries);
    ++size_;
  }
  /// Lets an entry go, while it still has its hash; those behind it move up.
  template <class Entries>
  void erase(std::uint64_t hash, const Entries& entries) {
    std::size_t hole = home(hash);
    while (entries[slots_[hole]].hash != hash) hole = next(hole);
    for (std::size_t at = next(hole); slots_[at] != none; at = next(at)) {
      const std::size_t wanted = home(entries[slots_[at]].hash);
      if (((at - wanted) & (slots_.size() - 1)) < ((at - hole) & (slots_.size() - 1))) continue;
      slots_[hole] = slots_[at];
      hole = at;
    }
    slots_[hole] = none;
    --size_;
  }
  void clear() { *this = {}; }
  std::size_t bytes_used() const { return slots_.capacity() * sizeof(std::uint32_t); }

 private:
  std::size_t home(std::uint64_t hash) const {
    return static_cast<std::size_t>((hash * 0x9e3779b97f4a7c15) >> (64 - std::countr_zero(slots_.size())));
  }
  std::size_t next(std::size_t at) const { return (at + 1) & (slots_.size() - 1); }
  template <class Entries>
  void put(std::uint32_t slot, const Entries& entries) {
    std::size_t at = home(entries[slot].hash);
    while (slots_[at] != none) at = next(at);
    slots_[at] = slot;
  }

  std::vector<std::uint32_t> slots_;
  std::size_t size_ = 0;
};

}  // namespace qsm::inline v0::sketches::detail
