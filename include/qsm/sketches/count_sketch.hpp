#pragma once
/// @file
/// Count sketch: how often each item came, neither too low nor too high on average, from a table of a fixed size.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// Counts items in rows of counters that some items raise and others lower: the median of an item's rows is its count.
///
///     CountSketch requests(2048, 5);
///     requests.add("GET /");
///     requests.count("GET /");
///
/// Where CountMin errs by a share of all items, this errs by a share of the root of the sum of squared counts, which is
/// far less where few items make up most; its errors have no bias, and counts may be taken off again.
///
/// @source  Charikar, Chen, Farach-Colton 2002, Finding frequent items in data streams
class CountSketch : public detail::Items<CountSketch> {
 public:
  /// With a table of this size.
  ///
  /// @param width   counters in a row [1], an integer in [2, 2^28]
  /// @param rows    rows [1], an odd integer in [1, 63]
  /// @param hasher  how items become 64 bits
  explicit CountSketch(std::uint64_t width = 2048, int rows = 5, const Hasher& hasher = {});

  using Items::add;
  /// Counts an item so many times more, or fewer, by a hash made elsewhere.
  void add_hash(std::uint64_t hash, std::int64_t count = 1);
  /// Counts many items once each by hashes made elsewhere.
  void add_hashes(std::span<const std::uint64_t> hashes);
  /// Adds all counts of another of the same size and hasher.
  void merge(const CountSketch& other);
  /// Forgets all items.
  void reset();

  /// How often an item came [1], with an interval that holds the truth with 95 % for each item.
  Estimate count(std::uint64_t item) const { return count_hash(hasher()(item)); }
  /// How often an item came [1], a text or bytes.
  Estimate count(ByteView item) const { return count_hash(hasher()(item)); }
  /// How often an item of this hash came [1].
  Estimate count_hash(std::uint64_t hash) const;
  /// How often items of these hashes came [1]; `out` has their size.
  void count_hashes(std::span<const std::uint64_t> hashes, std::span<std::int64_t> out) const;

  /// What was counted in all, more and fewer alike [1].
  std::uint64_t total() const { return total_; }
  /// Sum of all squared counts [1], the median of the rows' estimates.
  double squares() const;
  /// Half the width of a count's 95 % interval [1].
  double error() const;
  /// Counters in a row [1].
  std::uint64_t width() const { return width_; }
  /// Number of rows [1].
  int rows() const { return rows_; }
  /// Memory of the counters [B].
  std::size_t bytes_used() const { return counts_.capacity() * sizeof(std::int64_t); }

  /// The sketch's own bytes: "QCSK", version 1, hasher, size, total, counters, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static CountSketch decode(std::span<const std::byte> bytes);

  /// Whether size, hasher and all counters are the same.
  friend bool operator==(const CountSketch& a, const CountSketch& b) {
    return a.width_ == b.width_ && a.hasher() == b.hasher() && a.total_ == b.total_ && a.counts_ == b.counts_;
  }

 private:
  void grow(std::uint64_t count);
  std::int64_t median(std::uint64_t hash) const;

  std::uint64_t width_;
  int rows_;
  std::uint64_t total_ = 0;
  std::vector<std::int64_t> counts_;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/count_sketch.ipp>
#endif
