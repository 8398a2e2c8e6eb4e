#pragma once
/// @file
/// Space-Saving: which items come most often, and how often, from a fixed number of counters.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/detail/counter_heap.hpp>
#include <qsm/sketches/frequent_item.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// Counts the items that come most often: one that has no counter takes over the smallest, with its count.
///
///     SpaceSaving requests(100);
///     requests.add("GET /");
///     requests.top(10);  // items with bounds that are certain
///
/// Every item that makes up more than 1 / capacity of all has a counter. Of equal counters the one with the smaller hash
/// goes first, so that the answer depends on the items and their order alone. The sketch knows an item by its hash: two
/// that share all 64 bits count as one.
///
/// @source  Metwally, Agrawal, El Abbadi 2005, Efficient computation of frequent and top-k elements in data streams;
///          Cafaro, Pulimeno, Tempesta 2016, A parallel space saving algorithm for frequent items and the Hurwitz zeta
///          distribution, for merging
class SpaceSaving : public detail::Items<SpaceSaving> {
 public:
  /// With so many counters.
  ///
  /// @param capacity  counters [1], an integer in [1, 2^28]
  /// @param hasher    how items become 64 bits
  explicit SpaceSaving(std::uint64_t capacity = 1000, const Hasher& hasher = {});

  /// Counts an integer.
  void add(std::uint64_t item);
  /// Counts a text or bytes.
  void add(ByteView item);
  /// Counts many integers.
  void add(std::span<const std::uint64_t> items);
  /// Counts an item so many times more, by a hash made elsewhere.
  void add_hash(std::uint64_t hash, std::uint64_t count = 1);
  /// Counts many items once each by hashes made elsewhere.
  void add_hashes(std::span<const std::uint64_t> hashes);
  /// Tells what an item of a counter is that came as a hash.
  void label(const ItemLabel& item) { counters_.label(hasher(), item); }
  /// Adds all counts of another of the same capacity and hasher. Bounds stay certain, and `error` at most total /
  /// capacity; where items have lost their counters, counts differ from those of one sketch fed with all.
  void merge(const SpaceSaving& other);
  /// Forgets all items.
  void reset();

  /// How often an item came [1]: `high`, which is also the value, is never below the truth, and `low` never above it.
  Estimate count(std::uint64_t item) const { return count_hash(hasher()(item)); }
  /// How often an item came [1], a text or bytes.
  Estimate count(ByteView item) const { return count_hash(hasher()(item)); }
  /// How often an item of this hash came [1].
  Estimate count_hash(std::uint64_t hash) const;
  /// How often items of these hashes came at most [1]; `out` has their size.
  void count_hashes(std::span<const std::uint64_t> hashes, std::span<std::uint64_t> out) const;
  /// The items with the largest counts, the largest first.
  ///
  /// @param number  how many at most [1], an integer >= 0
  std::vector<FrequentItem> top(std::uint64_t number = 10) const;
  /// Hashes of counters whose items came as hashes and have no label.
  std::vector<std::uint64_t> unlabelled() const { return counters_.unlabelled(); }

  /// Items in all [1].
  std::uint64_t total() const { return total_; }
  /// Number of counters [1].
  std::uint64_t capacity() const { return capacity_; }
  /// What an item without a counter has come at most, and a count has in excess at most [1]: the smallest count, 0 while
  /// there are free counters; at most total / capacity.
  std::uint64_t error() const { return counters_.size() < capacity_ ? 0 : counters_.least().count; }
  /// Memory of counters and labels [B], about.
  std::size_t bytes_used() const { return counters_.bytes_used(); }

  /// The sketch's own bytes: "QSSV", version 1, hasher, capacity, total, counters with labels, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static SpaceSaving decode(std::span<const std::byte> bytes);

  /// Whether capacity, hasher and all counters are the same; labels may be known to one alone.
  friend bool operator==(const SpaceSaving& a, const SpaceSaving& b) { return a.equals(b); }

 private:
  struct Entry {
    std::uint64_t hash, count, excess;
    ItemLabel label;

    bool operator<(const Entry& other) const { return count != other.count ? count < other.count : hash < other.hash; }
  };

  Entry& raise(std::uint64_t hash, std::uint64_t count);
  void check_room(std::uint64_t count) const;
  bool equals(const SpaceSaving& other) const;

  std::uint64_t capacity_;
  std::uint64_t total_ = 0;
  detail::CounterHeap<Entry> counters_;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/space_saving.ipp>
#endif
