#include <bit>
#include <cmath>
#include <type_traits>

#include <qsm/sketches/frequent_item.hpp>

namespace qsm::inline v0::sketches::detail {

QSM_INLINE std::uint64_t label_hash(const Hasher& hasher, const ItemLabel& item) {
  return std::visit(
      [&hasher]<class Kind>(const Kind& value) -> std::uint64_t {
        if constexpr (std::is_same_v<Kind, std::int64_t>)
          return hasher(static_cast<std::uint64_t>(value));
        else if constexpr (std::is_same_v<Kind, double>)
          return hasher(std::isnan(value) ? std::uint64_t{0x7ff8000000000000}
                                          : std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value));
        else if constexpr (std::is_same_v<Kind, std::string>)
          return hasher(ByteView(value));
        else
          return 0;
      },
      item);
}

QSM_INLINE void put_label(ByteWriter& writer, const ItemLabel& item) {
  writer.u8(static_cast<std::uint8_t>(item.index()));
  if (const auto* integer = std::get_if<std::int64_t>(&item)) writer.u64(static_cast<std::uint64_t>(*integer));
  if (const auto* number = std::get_if<double>(&item)) writer.f64(*number);
  if (const auto* text = std::get_if<std::string>(&item)) writer.string(*text);
}

QSM_INLINE ItemLabel read_label(ByteReader& reader, const Hasher& hasher, std::uint64_t hash) {
  ItemLabel label;
  const int kind = reader.u8();
  if (kind > 3) reader.refuse("the kind of a label, 0 to 3");
  if (kind == 1) label = static_cast<std::int64_t>(reader.u64());
  if (kind == 2) label = reader.f64();
  if (kind == 3) label = reader.string();
  if (kind > 0 && label_hash(hasher, label) != hash) reader.refuse("a label that has the counter's hash");
  return label;
}

}  // namespace qsm::inline v0::sketches::detail
