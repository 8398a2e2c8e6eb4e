#include <algorithm>

#include <qsm/core/error.hpp>
#include <qsm/sketches/filter.hpp>

namespace qsm::inline v0::sketches::detail {

QSM_INLINE Cells::Cells(std::size_t bytes) : own_((bytes + sizeof(Line) - 1) / sizeof(Line)), size_(bytes) {}

QSM_INLINE Cells Cells::at(std::span<const std::byte> bytes) {
  Cells cells;
  cells.foreign_ = bytes.data();
  cells.size_ = bytes.size();
  return cells;
}

QSM_INLINE std::byte* Cells::change() {
  if (foreign_) {
    Cells own(size_);
    if (size_ > 0) std::memcpy(own.own_.data(), foreign_, size_);
    *this = std::move(own);
  }
  return reinterpret_cast<std::byte*>(own_.data());
}

QSM_INLINE void put_cells(ByteWriter& writer, const Cells& cells) {
  while (writer.written().size() % 64 != 0) writer.u8(0);
  writer.raw(cells.bytes());
}

QSM_INLINE Cells read_cells(ByteReader& reader, std::size_t bytes) {
  while (reader.offset() % 64 != 0)
    if (reader.u8() != 0) reader.refuse("zeros before the table");
  return Cells::at(reader.raw(bytes));
}

QSM_INLINE void check_answers(std::size_t questions, std::size_t answers) {
  Check("contains").that(questions == answers, "size of out", static_cast<double>(answers), "that of the items");
}

QSM_INLINE void check_built_items(const char* function, std::size_t items) {
  Check(function).that(items <= std::size_t{1} << 31, "number of hashes", static_cast<double>(items), "at most 2^31");
}

}  // namespace qsm::inline v0::sketches::detail
