#pragma once
/// @file
/// The quotient filter: fingerprints in one sorted table, so that items can be removed, filters merged, and the table made
/// larger without the items.

#include <cstddef>
#include <cstdint>
#include <span>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/filter.hpp>

namespace qsm::inline v0::sketches {

/// The quotient filter: a slot of a table of 2^q, and three bits beside it, hold an item's fingerprint of q + r bits.
///
///     QuotientFilter seen(1'000'000, 0.001);
///     seen.add("Ada");
///     seen.resize(seen.quotient_bits() + 1);  // room for twice as many
///     seen.remove("Ada");
///
/// An item that is added twice is in twice. A filter that is 95 % full refuses the next item with std::length_error. How the
/// table lies depends on the items alone, not on their order.
///
/// @source  Bender et al. 2012, Don't thrash: how to cache your hash on flash, section 3
class QuotientFilter : public OpenFilter<QuotientFilter> {
 public:
  /// For so many items [1], in [1, 2^34], with this false-positive rate [1], in [1e-12, 0.5], once all are in.
  explicit QuotientFilter(double items, double rate = 0.01, const Hasher& hasher = {});
  /// With this size.
  ///
  /// @param quotient_bits   q [1], an integer in [3, 40]: 2^q slots
  /// @param remainder_bits  r [1], an integer in [1, 50]; q + r at most 60
  /// @param hasher          how items become 64 bits
  static QuotientFilter of_size(int quotient_bits, int remainder_bits, const Hasher& hasher = {});

  /// Removes an item that was added, once; whether there was one like it. Another item than one that was added must not
  /// be removed: it takes the place of one that has the same fingerprint.
  bool remove(std::uint64_t item) { return remove_hash(hasher()(item)); }
  bool remove(ByteView item) { return remove_hash(hasher()(item)); }
  /// Removes an item by its hash, made elsewhere.
  bool remove_hash(std::uint64_t hash);
  /// Adds all items of another of the same hasher and as many bits of a fingerprint, q + r; its slots may be more or fewer.
  /// Throws std::length_error, and changes nothing, where they have no room.
  void merge(const QuotientFilter& other);
  /// Gives the table other slots and keeps the fingerprints, so the rate too; throws std::length_error, and changes
  /// nothing, where the items have no room.
  ///
  /// @param quotient_bits  q [1], an integer in [3, 40] and below the bits of a fingerprint: 2^q slots
  void resize(int quotient_bits);

  /// Items that are in [1], one that was added twice twice.
  std::uint64_t items() const { return items_; }
  /// Items that are in [1]: exact.
  Estimate estimate() const;
  /// False-positive rate [1] as the filter is now: that a new item's fingerprint is one of those in the table.
  double rate() const;
  /// Bits of a fingerprint that say its slot, q [1].
  int quotient_bits() const { return quotient_bits_; }
  /// Bits of a fingerprint that the slot holds, r [1].
  int remainder_bits() const { return remainder_bits_; }
  /// Slots [1].
  std::uint64_t slots() const { return std::uint64_t{1} << quotient_bits_; }
  /// Items that have room [1]: 95 % of the slots.
  std::uint64_t capacity() const { return slots() - (slots() + 19) / 20; }

 private:
  friend Filter;
  friend OpenFilter;
  static constexpr char letters[] = "QQUO";
  static constexpr std::uint8_t version = 1;
  static constexpr const char* name() { return "QuotientFilter"; }

  QuotientFilter(int quotient_bits, int remainder_bits, const Hasher& hasher, const char* function);
  void add_each(std::span<const std::uint64_t> hashes);
  void insert(std::uint64_t fingerprint);
  void need_room(std::uint64_t more, const char* function) const;
  void find_each(std::span<const std::uint64_t> hashes, bool* out) const;
  void forget() { items_ = 0; }
  void put_sizes(ByteWriter& writer) const;
  static QuotientFilter read_sizes(ByteReader& reader, const Hasher& hasher);
  void check_table(const ByteReader& reader) const;
  std::size_t table_bytes() const { return (slots() * static_cast<std::size_t>(remainder_bits_ + 3) / 8 + 15) / 8 * 8; }
  int bits() const { return quotient_bits_ + remainder_bits_; }

  int quotient_bits_;
  int remainder_bits_;
  std::uint64_t items_ = 0;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/quotient.ipp>
#endif
