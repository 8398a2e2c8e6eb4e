#pragma once
/// @file
/// The cuckoo filter: fingerprints in buckets of four, each item's in one of two, so that it can be removed again.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/filter.hpp>

namespace qsm::inline v0::sketches {

/// The cuckoo filter: holds items by fingerprints of 8 or 16 bits, and lets them be removed.
///
///     CuckooFilter sessions(1'000'000, 16);
///     sessions.add("Ada");
///     sessions.remove("Ada");
///
/// An item that is added twice is in twice, and at most 8 times: its two buckets have no more room. A filter that finds no
/// place for an item refuses it with std::length_error, and is then as it was before that item. How items lie depends on
/// their order; what the filter answers does not.
///
/// @source  Fan, Andersen, Kaminsky, Mitzenmacher 2014, Cuckoo filter: practically better than Bloom
class CuckooFilter : public OpenFilter<CuckooFilter> {
 public:
  /// For so many items [1], in [1, 2^34], with fingerprints of so many bits [1], 8 or 16; it is 94 % full then.
  explicit CuckooFilter(double items, int bits = 16, const Hasher& hasher = {});

  /// Removes an item that was added, once; whether there was one like it. Another item than one that was added must not
  /// be removed: it takes the place of one that has the same fingerprint.
  bool remove(std::uint64_t item) { return remove_hash(hasher()(item)); }
  bool remove(ByteView item) { return remove_hash(hasher()(item)); }
  /// Removes an item by its hash, made elsewhere.
  bool remove_hash(std::uint64_t hash);
  /// Adds all items of another of the same size and hasher; throws std::length_error, and changes nothing, where they have
  /// no room.
  void merge(const CuckooFilter& other);

  /// Items that are in [1], one that was added twice twice.
  std::uint64_t items() const { return items_; }
  /// Items that are in [1]: exact.
  Estimate estimate() const;
  /// False-positive rate [1] as the filter is now: that a new item finds its fingerprint in one of its two buckets.
  double rate() const;
  /// Bits of a fingerprint [1]: 8 or 16.
  int bits() const { return bits_; }
  /// Places for fingerprints [1].
  std::uint64_t places() const { return 4 * buckets_; }

 private:
  friend Filter;
  friend OpenFilter;
  static constexpr char letters[] = "QCUC";
  static constexpr std::uint8_t version = 1;
  static constexpr const char* name() { return "CuckooFilter"; }

  CuckooFilter(const Hasher& hasher, int bits, std::uint64_t buckets);
  void add_each(std::span<const std::uint64_t> hashes);
  void insert(std::byte* table, std::uint64_t bucket, std::uint64_t print);
  void find_each(std::span<const std::uint64_t> hashes, bool* out) const;
  void forget() { items_ = 0; }
  void put_sizes(ByteWriter& writer) const;
  static CuckooFilter read_sizes(ByteReader& reader, const Hasher& hasher);
  void check_table(const ByteReader& reader) const;
  std::size_t table_bytes() const { return buckets_ * static_cast<std::size_t>(bits_ / 2); }

  int bits_;
  std::uint64_t buckets_;
  std::uint64_t items_ = 0;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/cuckoo.ipp>
#endif
