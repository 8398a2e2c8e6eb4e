#pragma once
/// @file
/// The scalable Bloom filter: grows with its items and keeps its false-positive rate.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/filter.hpp>

namespace qsm::inline v0::sketches {

/// A scalable Bloom filter: classic ones in stages, each for twice as many items as the one before and at a rate smaller by
/// the tightening ratio, so that the rates of all, however many, sum up to the one asked for.
///
///     ScalableBloomFilter seen(1000, 0.01);
///     for (const auto& line : lines) seen.add(line);  // as many as there are
///
/// An item that it already claims to hold is not added again. Merging keeps the stages of both filters, so that the merged
/// one's rate is at most the sum of the two; `rate` tells.
///
/// @source  Almeida, Baquero, Preguica, Hutchison 2007, Scalable Bloom filters
class ScalableBloomFilter : public OpenFilter<ScalableBloomFilter> {
 public:
  /// With a first stage for so many items [1], in [1, 2^34], and never more than this false-positive rate [1], in (0, 1); each
  /// stage's rate is that of the one before times the tightening ratio [1], in [0.1, 0.95].
  explicit ScalableBloomFilter(double items, double rate = 0.01, double tightening = 0.5, const Hasher& hasher = {});

  /// Adds all items of another of the same parameters and hasher. Stages of one size are joined where they have room for
  /// both, else both stay.
  void merge(const ScalableBloomFilter& other);
  /// Number of unlike items [1], from the bits that are set, with its 95 % interval; of merged filters an item that was in
  /// both may count twice.
  Estimate estimate() const;
  /// False-positive rate [1] as the filter is now: that a new item finds its bits set in one of the stages.
  double rate() const;
  /// Items that were added and not yet claimed to be in [1].
  std::uint64_t items() const;
  /// Stages [1].
  std::uint64_t stages() const { return stages_.size(); }
  /// Bits of all stages [1].
  std::uint64_t bits() const { return 8 * table_bytes(); }

 private:
  friend Filter;
  friend OpenFilter;
  static constexpr char letters[] = "QSBF";
  static constexpr std::uint8_t version = 1;
  static constexpr const char* name() { return "ScalableBloomFilter"; }

  struct Stage {
    std::uint8_t size;    // how often the first one's capacity was doubled
    std::uint8_t hashes;  // k
    std::uint64_t bits;   // m
    std::uint64_t items;  // that are in
    std::size_t bytes() const { return (bits + 63) / 64 * 8; }
  };

  /// A stage of this size, empty.
  Stage stage(int size) const;
  double room(const Stage& stage) const;
  void add_each(std::span<const std::uint64_t> hashes);
  void find_each(std::span<const std::uint64_t> hashes, bool* out) const;
  void forget();
  void put_sizes(ByteWriter& writer) const;
  static ScalableBloomFilter read_sizes(ByteReader& reader, const Hasher& hasher);
  void check_table(const ByteReader& reader) const;
  std::size_t table_bytes() const;
  void append(const Stage& stage);

  double capacity_;
  double rate_;
  double tightening_;
  std::vector<Stage> stages_;  // their tables lie one after the other; the first that has room is fed
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/scalable_bloom.ipp>
#endif
