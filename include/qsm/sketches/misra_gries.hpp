#pragma once
/// @file
/// Misra-Gries: which items come often, and how often at least, from a fixed number of counters.

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/frequent_item.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// Counts the items that come often: where there are too many, all counts are lowered until enough are gone.
///
///     MisraGries requests(100);
///     requests.add("GET /");
///     requests.top(10);  // items with bounds that are certain
///
/// Every item that makes up more than 1 / (capacity + 1) of all has a counter. Counters are lowered in bulk, at twice the
/// capacity, by the largest count that is not among the first `capacity`; so the cost of an item is constant, and merging
/// keeps the bound.
///
/// @source  Misra, Gries 1982, Finding repeated elements; Agarwal et al. 2013, Mergeable summaries, section 3, for merging
class MisraGries : public detail::Items<MisraGries> {
 public:
  /// With so many counters after each lowering.
  ///
  /// @param capacity  counters [1], an integer in [1, 2^27]
  /// @param hasher    how items become 64 bits
  explicit MisraGries(std::uint64_t capacity = 1000, const Hasher& hasher = {});

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
  void label(const ItemLabel& item);
  /// Adds all counts of another of the same capacity and hasher. Bounds stay certain, and `error` at most total /
  /// (capacity + 1); counts may differ from those of one sketch fed with all.
  void merge(const MisraGries& other);
  /// Forgets all items.
  void reset();

  /// How often an item came [1]: `low`, which is also the value, is never above the truth, and `high` never below it.
  Estimate count(std::uint64_t item) const { return count_hash(hasher()(item)); }
  /// How often an item came [1], a text or bytes.
  Estimate count(ByteView item) const { return count_hash(hasher()(item)); }
  /// How often an item of this hash came [1].
  Estimate count_hash(std::uint64_t hash) const;
  /// How often items of these hashes came at least [1]; `out` has their size.
  void count_hashes(std::span<const std::uint64_t> hashes, std::span<std::uint64_t> out) const;
  /// The items with the largest counts, the largest first.
  ///
  /// @param number  how many at most [1], an integer >= 0
  std::vector<FrequentItem> top(std::uint64_t number = 10) const;
  /// Hashes of counters whose items came as hashes and have no label.
  std::vector<std::uint64_t> unlabelled() const;

  /// Items in all [1].
  std::uint64_t total() const { return total_; }
  /// Number of counters after a lowering [1].
  std::uint64_t capacity() const { return capacity_; }
  /// What counts were lowered by in all [1]: at most total / (capacity + 1).
  std::uint64_t error() const { return error_; }
  /// Memory of counters and labels [B], about.
  std::size_t bytes_used() const;

  /// The sketch's own bytes: "QMGR", version 1, hasher, capacity, total, error, counters with labels, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static MisraGries decode(std::span<const std::byte> bytes);

  /// Whether capacity, hasher and all counters are the same; labels may be known to one alone.
  friend bool operator==(const MisraGries& a, const MisraGries& b) { return a.equals(b); }

 private:
  struct Counter {
    std::uint64_t count = 0;
    ItemLabel label = {};
  };

  void check_room(std::uint64_t count) const;
  void raise(std::uint64_t hash, std::uint64_t count, const ItemLabel& label);
  void lower();
  std::vector<std::pair<std::uint64_t, const Counter*>> sorted() const;
  bool equals(const MisraGries& other) const;

  std::uint64_t capacity_;
  std::uint64_t total_ = 0, error_ = 0;
  std::unordered_map<std::uint64_t, Counter> counters_;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/misra_gries.ipp>
#endif
