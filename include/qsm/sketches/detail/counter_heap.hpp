#pragma once
// Counters found by their item's hash, and the smallest of them at hand.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <qsm/sketches/detail/slot_table.hpp>
#include <qsm/sketches/frequent_item.hpp>

namespace qsm::inline v0::sketches::detail {

/// Entries have `hash`, `label`, and `<`: by their counts, and then by their hashes. A slot is an entry's number.
template <class Entry>
class CounterHeap {
 public:
  static constexpr std::uint32_t none = SlotTable::none;

  std::size_t size() const { return entries_.size(); }
  std::uint32_t find(std::uint64_t hash) const { return slots_.find(hash, entries_); }
  Entry& operator[](std::uint32_t slot) { return entries_[slot]; }
  const Entry& operator[](std::uint32_t slot) const { return entries_[slot]; }
  const Entry& least() const { return entries_[heap_.front()]; }
  const std::vector<Entry>& entries() const { return entries_; }

  /// Puts in an entry of a new hash; its slot.
  std::uint32_t push(Entry entry) {
    const auto slot = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back(std::move(entry));
    heap_.push_back(slot);
    where_.push_back(slot);
    slots_.insert(slot, entries_);
    for (std::size_t place = slot; place > 0 && less(place, (place - 1) / 2); place = (place - 1) / 2)
      swap(place, (place - 1) / 2);
    return slot;
  }
  /// Puts an entry of a new hash in the place of the smallest, which it is not below; its slot.
  std::uint32_t replace_least(Entry entry) {
    const std::uint32_t slot = heap_.front();
    slots_.erase(entries_[slot].hash, entries_);
    entries_[slot] = std::move(entry);
    slots_.insert(slot, entries_);
    sink(0);
    return slot;
  }
  /// To be called after an entry has grown.
  void grown(std::uint32_t slot) { sink(where_[slot]); }
  /// Replaces all.
  void take(std::vector<Entry> entries) {
    std::ranges::sort(entries, [](const Entry& a, const Entry& b) { return a < b; });  // a sorted run is a heap
    entries_ = std::move(entries);
    heap_.resize(entries_.size());
    std::iota(heap_.begin(), heap_.end(), 0);
    where_ = heap_;
    slots_.clear();
    for (const std::uint32_t slot : heap_) slots_.insert(slot, entries_);
  }
  /// The entries, the largest first.
  std::vector<Entry> sorted() const {
    std::vector<Entry> all = entries_;
    std::ranges::sort(all, [](const Entry& a, const Entry& b) { return b < a; });
    return all;
  }
  /// Whether no two entries have one hash.
  bool unlike() const {
    for (std::uint32_t slot = 0; slot < size(); ++slot)
      if (find(entries_[slot].hash) != slot) return false;
    return true;
  }
  void label(const Hasher& hasher, const ItemLabel& item) {
    if (std::holds_alternative<std::monostate>(item)) return;
    if (const auto slot = find(label_hash(hasher, item)); slot != none) entries_[slot].label = item;
  }
  /// Hashes of entries whose items came as hashes and have no label.
  std::vector<std::uint64_t> unlabelled() const {
    std::vector<std::uint64_t> hashes;
    for (const Entry& entry : entries_)
      if (std::holds_alternative<std::monostate>(entry.label)) hashes.push_back(entry.hash);
    return hashes;
  }
  std::size_t bytes_used() const {
    std::size_t bytes = entries_.capacity() * sizeof(Entry) + slots_.bytes_used() +
                        (heap_.capacity() + where_.capacity()) * sizeof(std::uint32_t);
    for (const Entry& entry : entries_)
      if (const auto* text = std::get_if<std::string>(&entry.label)) bytes += text->capacity();
    return bytes;
  }

 private:
  bool less(std::size_t one, std::size_t other) const { return entries_[heap_[one]] < entries_[heap_[other]]; }
  void swap(std::size_t one, std::size_t other) {
    std::swap(heap_[one], heap_[other]);
    where_[heap_[one]] = static_cast<std::uint32_t>(one);
    where_[heap_[other]] = static_cast<std::uint32_t>(other);
  }
  void sink(std::size_t place) {
    while (true) {
      std::size_t least = place;
      for (std::size_t child = 2 * place + 1; child <= 2 * place + 2 && child < heap_.size(); ++child)
        if (less(child, least)) least = child;
      if (least == place) return;
      swap(place, least);
      place = least;
    }
  }

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> heap_;   // slots, that of the smallest entry first
  std::vector<std::uint32_t> where_;  // in the heap, of each slot
  SlotTable slots_;                   // of hashes
};

}  // namespace qsm::inline v0::sketches::detail
