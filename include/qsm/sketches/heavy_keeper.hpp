#pragma once
/// @file
/// HeavyKeeper: the most frequent items from buckets whose small counts decay.

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

/// Tells the k items that come most often: in each row an item finds one bucket; it counts there, or else takes one off the
/// count of another with a probability of 1.08^-count, so that small counts make way and large ones stay.
///
///     HeavyKeeper requests(100);
///     requests.add("GET /");
///     requests.top(10);
///
/// There is no bound: an answer is nearly always below the truth, by little for frequent items; SpaceSaving and MisraGries
/// have bounds that are certain, and need more memory for the same list. Decay draws its chance from the number of items
/// so far, so that the answer depends on the items and their order alone.
///
/// @source  Gong et al. 2018, HeavyKeeper: an accurate algorithm for finding top-k elephant flows
class HeavyKeeper : public detail::Items<HeavyKeeper> {
 public:
  /// For a list of so many items.
  ///
  /// @param capacity  k [1], an integer in [1, 2^24]
  /// @param width     buckets of a row [1], an integer in [1, 2^28]
  /// @param rows      rows [1], an integer in [1, 16]
  /// @param hasher    how items become 64 bits
  explicit HeavyKeeper(std::uint64_t capacity = 100, std::uint64_t width = 2048, int rows = 2,
                       const Hasher& hasher = {});

  /// Counts an integer.
  void add(std::uint64_t item);
  /// Counts a text or bytes.
  void add(ByteView item);
  /// Counts many integers.
  void add(std::span<const std::uint64_t> items);
  /// Counts an item by a hash made elsewhere.
  void add_hash(std::uint64_t hash);
  /// Counts many items by hashes made elsewhere.
  void add_hashes(std::span<const std::uint64_t> hashes);
  /// Tells what an item of the list is that came as a hash.
  void label(const ItemLabel& item) { list_.label(hasher(), item); }
  /// Adds all counts of another of the same size and hasher: like items' are summed, of unlike ones in a bucket the larger
  /// stays. Other counts than those of one sketch fed with all.
  void merge(const HeavyKeeper& other);
  /// Forgets all items.
  void reset();

  /// How often an item came [1]: an estimate, with no better bounds than 0 and `total`.
  Estimate count(std::uint64_t item) const { return count_hash(hasher()(item)); }
  /// How often an item came [1], a text or bytes.
  Estimate count(ByteView item) const { return count_hash(hasher()(item)); }
  /// How often an item of this hash came [1].
  Estimate count_hash(std::uint64_t hash) const;
  /// How often items of these hashes came [1]; `out` has their size.
  void count_hashes(std::span<const std::uint64_t> hashes, std::span<std::uint64_t> out) const;
  /// The items with the largest counts, the largest first.
  ///
  /// @param number  how many at most [1], an integer >= 0
  std::vector<FrequentItem> top(std::uint64_t number = 10) const;
  /// Hashes of the list whose items came as hashes and have no label.
  std::vector<std::uint64_t> unlabelled() const { return list_.unlabelled(); }

  /// Items in all [1].
  std::uint64_t total() const { return total_; }
  /// Items that the list holds at most, k [1].
  std::uint64_t capacity() const { return capacity_; }
  /// Buckets of a row [1].
  std::uint64_t width() const { return width_; }
  /// Rows [1].
  int rows() const { return rows_; }
  /// Memory of buckets, list and labels [B], about.
  std::size_t bytes_used() const { return buckets_.capacity() * sizeof(std::uint64_t) + list_.bytes_used(); }

  /// The sketch's own bytes: "QHVK", version 1, hasher, sizes, total, buckets, list with labels, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static HeavyKeeper decode(std::span<const std::byte> bytes);

  /// Whether sizes, hasher, buckets and list are the same; labels may be known to one alone.
  friend bool operator==(const HeavyKeeper& a, const HeavyKeeper& b) { return a.equals(b); }

 private:
  struct Entry {
    std::uint64_t hash, count;
    ItemLabel label;

    bool operator<(const Entry& other) const { return count != other.count ? count < other.count : hash < other.hash; }
  };

  void check_room(std::uint64_t count) const;
  /// Counts an item; its entry, or nothing where it is not on the list.
  Entry* raise(std::uint64_t hash);
  void label_as(Entry* entry, const ItemLabel& item);
  std::uint64_t value(std::uint64_t hash) const;
  bool equals(const HeavyKeeper& other) const;

  std::uint64_t capacity_;
  std::uint64_t width_;
  int rows_;
  std::uint64_t total_ = 0;
  std::vector<std::uint64_t> buckets_;  // a count of 40 bits above a fingerprint of 24, row by row
  detail::CounterHeap<Entry> list_;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/heavy_keeper.ipp>
#endif
