#pragma once
/// @file
/// What sketches tell of the items that come most often.

#include <cstdint>
#include <string>
#include <variant>

#include <qsm/core/bytes.hpp>
#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/hasher.hpp>

namespace qsm::inline v0::sketches {

/// An item as it was added: an integer of 64 bits, a float, or a text; nothing where it came as a hash.
using ItemLabel = std::variant<std::monostate, std::int64_t, double, std::string>;

/// One of the items that come most often.
struct FrequentItem {
  /// The item itself.
  ItemLabel item;
  /// Its hash.
  std::uint64_t hash;
  /// How often it came [1].
  Estimate count;
};

namespace detail {

/// Hash of the item that a label names; 0 of none.
std::uint64_t label_hash(const Hasher& hasher, const ItemLabel& item);
void put_label(ByteWriter& writer, const ItemLabel& item);
/// Refuses the label of another item than that of this hash.
ItemLabel read_label(ByteReader& reader, const Hasher& hasher, std::uint64_t hash);

}  // namespace detail

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/frequent_item.ipp>
#endif
