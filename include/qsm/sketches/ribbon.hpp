#pragma once
/// @file
/// The ribbon filter: made once, and the smallest of all, near the least that any filter of its rate can take.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <qsm/core/config.hpp>
#include <qsm/sketches/filter.hpp>

namespace qsm::inline v0::sketches {

/// The bumped ribbon filter: for a million items 0.4 %, for ten thousand 3 % more than the `bits` per item that a rate of
/// 2^-bits costs any filter, where the binary fuse filter takes 13 % more; slower to ask. Items that come more than once are
/// in once.
///
///     const auto filter = RibbonFilter::of(keys, 7);
///     filter.contains(keys[0]);  // true
///
/// An item's fingerprint is the xor of some of the 64 rows from a start on. The rows solve linear equations, one for each
/// item; where items crowd, those that start early in a bucket of 128 rows are bumped to a next, smaller layer.
///
/// @source  Dillinger, Huebschle-Schneider, Sanders, Walzer 2022, Fast succinct retrieval and approximate membership using
///          ribbon; Dillinger, Walzer 2021, Ribbon filter: practically smaller than Bloom and xor, for the equations
class RibbonFilter : public BuiltFilter<RibbonFilter> {
 public:
  /// A filter of items by their hashes, made elsewhere.
  ///
  /// @param hashes  of the items, at most 2^31 [1], any 64-bit integers
  /// @param bits    of a fingerprint [1], an integer in [1, 16]
  /// @param hasher  how items become 64 bits
  static RibbonFilter of_hashes(std::span<const std::uint64_t> hashes, int bits = 8, const Hasher& hasher = {});

  /// Unlike items [1].
  std::uint64_t items() const { return items_; }
  /// Bits of a fingerprint [1], an integer in [1, 16].
  int bits() const { return bits_; }
  /// False-positive rate [1]: 2^-bits.
  double rate() const;

 private:
  friend Filter;
  friend BuiltFilter;
  static constexpr char letters[] = "QRIB";
  static constexpr std::uint8_t version = 1;
  static constexpr const char* name() { return "RibbonFilter"; }
  static constexpr std::size_t most_layers = 8;

  RibbonFilter(int bits, const Hasher& hasher, const char* function);
  void find_each(std::span<const std::uint64_t> hashes, bool* out) const;
  void put_sizes(ByteWriter& writer) const;
  static RibbonFilter read_sizes(ByteReader& reader, const Hasher& hasher);
  std::size_t table_bytes() const;

  int bits_;
  std::uint64_t items_ = 0;
  std::uint64_t last_seed_ = 0;  // of the last layer, which must take all that is left
  std::size_t layers_ = 1;
  std::array<std::uint64_t, most_layers> rows_{};  // of each layer, a multiple of 64, at least 128
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/ribbon.ipp>
#endif
