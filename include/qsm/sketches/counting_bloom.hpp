#pragma once
/// @file
/// The counting Bloom filter: counters in place of bits, so that an item can be removed again.

#include <cstddef>
#include <cstdint>
#include <span>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/filter.hpp>

namespace qsm::inline v0::sketches {

/// The counting Bloom filter: k counters of 4 bits of m for each item, four times the memory of a BloomFilter.
///
/// A counter that has come to 15 stays there whatever is removed, so that the filter never forgets an item that is in; it
/// may then hold one for ever that was removed. `saturated` says how many there are: at the planned load less than 1.4e-15
/// of all, where no item comes twice.
///
/// @source  Fan, Cao, Almeida, Broder 2000, Summary cache: a scalable wide-area web cache sharing protocol, section V.C
class CountingBloomFilter : public OpenFilter<CountingBloomFilter> {
 public:
  /// For so many items [1], >= 1, with this false-positive rate [1], in (0, 1), while so many are in.
  explicit CountingBloomFilter(double items, double rate = 0.01, const Hasher& hasher = {});
  /// With this size.
  ///
  /// @param counters  m [1], an integer in [1, 2^40]
  /// @param hashes    k [1], an integer in [1, 64]
  /// @param hasher    how items become 64 bits
  static CountingBloomFilter of_size(std::uint64_t counters, int hashes, const Hasher& hasher = {});

  /// Removes an item that was added, once; whether the filter held it. Another item than one that was added must not be
  /// removed: it lowers counters of others.
  bool remove(std::uint64_t item) { return remove_hash(hasher()(item)); }
  bool remove(ByteView item) { return remove_hash(hasher()(item)); }
  /// Removes an item by its hash, made elsewhere.
  bool remove_hash(std::uint64_t hash);
  /// Adds all items of another of the same size and hasher.
  void merge(const CountingBloomFilter& other);

  /// Number of unlike items [1], from the counters that are not 0, with its 95 % interval.
  Estimate estimate() const;
  /// False-positive rate [1] as the filter is now: that a new item finds k counters above 0.
  double rate() const;
  /// Counters m [1].
  std::uint64_t counters() const { return counters_; }
  /// Counters above 0 [1].
  std::uint64_t counters_set() const;
  /// Counters at 15, which stay there [1].
  std::uint64_t saturated() const;
  /// Hash functions k [1].
  int hashes() const { return hashes_; }

 private:
  friend Filter;
  friend OpenFilter;
  static constexpr char letters[] = "QCBF";
  static constexpr std::uint8_t version = 1;
  static constexpr const char* name() { return "CountingBloomFilter"; }

  CountingBloomFilter(std::uint64_t counters, int hashes, const Hasher& hasher, const char* function);
  void add_each(std::span<const std::uint64_t> hashes);
  void find_each(std::span<const std::uint64_t> hashes, bool* out) const;
  void put_sizes(ByteWriter& writer) const;
  static CountingBloomFilter read_sizes(ByteReader& reader, const Hasher& hasher);
  void check_table(const ByteReader& reader) const;
  std::size_t table_bytes() const { return counters_ / 2 + counters_ % 2; }

  std::uint64_t counters_;
  int hashes_;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/counting_bloom.ipp>
#endif
