#include <bit>
#include <limits>
#include <utility>

#include <qsm/core/bytes.hpp>
#include <qsm/core/hashing.hpp>

namespace qsm::inline v0::inline core {

QSM_INLINE MalformedBytes::MalformedBytes(std::string_view what, std::size_t offset, const std::string& expected)
    : std::runtime_error(std::string(what) + ": at byte " + std::to_string(offset) + ": expected " + expected),
      offset_(offset) {}

QSM_INLINE void ByteWriter::little_endian(std::uint64_t value, int width) {
  for (int i = 0; i < width; ++i) bytes_.push_back(static_cast<std::byte>(value >> (8 * i)));
}

QSM_INLINE void ByteWriter::u8(std::uint8_t value) { little_endian(value, 1); }
QSM_INLINE void ByteWriter::u16(std::uint16_t value) { little_endian(value, 2); }
QSM_INLINE void ByteWriter::u32(std::uint32_t value) { little_endian(value, 4); }
QSM_INLINE void ByteWriter::u64(std::uint64_t value) { little_endian(value, 8); }
QSM_INLINE void ByteWriter::f64(double value) { u64(std::bit_cast<std::uint64_t>(value)); }

QSM_INLINE void ByteWriter::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<std::byte>(value | 0x80));
  bytes_.push_back(static_cast<std::byte>(value));
}

QSM_INLINE void ByteWriter::bytes(std::span<const std::byte> value) {
  varint(value.size());
  raw(value);
}

QSM_INLINE void ByteWriter::string(std::string_view value) { bytes(std::as_bytes(std::span(value))); }

QSM_INLINE void ByteWriter::raw(std::span<const std::byte> value) {
  bytes_.insert(bytes_.end(), value.begin(), value.end());
}

QSM_INLINE void ByteWriter::checksum() { u64(xxhash64(std::span<const std::byte>(bytes_))); }

QSM_INLINE std::vector<std::byte> ByteWriter::take() { return std::exchange(bytes_, {}); }

QSM_INLINE ByteReader::ByteReader(std::span<const std::byte> bytes, std::string_view name)
    : bytes_(bytes), name_(name) {}

QSM_INLINE void ByteReader::refuse(const std::string& expected) const {
  throw MalformedBytes(name_, begin_of_last_, expected);
}

QSM_INLINE std::span<const std::byte> ByteReader::next(std::size_t size, const char* what) {
  if (size > left()) refuse(std::to_string(size) + " bytes of " + what + ", " + std::to_string(left()) + " left");
  const auto part = bytes_.subspan(at_, size);
  at_ += size;
  return part;
}

QSM_INLINE std::uint64_t ByteReader::little_endian(int width, const char* what) {
  begin_of_last_ = at_;
  std::uint64_t value = 0;
  int shift = 0;
  for (const std::byte byte : next(static_cast<std::size_t>(width), what)) {
    value |= std::to_integer<std::uint64_t>(byte) << shift;
    shift += 8;
  }
  return value;
}

QSM_INLINE std::uint8_t ByteReader::u8() { return static_cast<std::uint8_t>(little_endian(1, "an 8-bit integer")); }
QSM_INLINE std::uint16_t ByteReader::u16() { return static_cast<std::uint16_t>(little_endian(2, "a 16-bit integer")); }
QSM_INLINE std::uint32_t ByteReader::u32() { return static_cast<std::uint32_t>(little_endian(4, "a 32-bit integer")); }
QSM_INLINE std::uint64_t ByteReader::u64() { return little_endian(8, "a 64-bit integer"); }
QSM_INLINE double ByteReader::f64() { return std::bit_cast<double>(little_endian(8, "a double")); }

QSM_INLINE std::uint64_t ByteReader::varint() {
  begin_of_last_ = at_;
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto group = std::to_integer<std::uint64_t>(next(1, "a varint").front());
    if (shift == 63 && group > 1) refuse("a varint below 2^64");
    value |= (group & 0x7f) << shift;
    if (group < 0x80) {
      if (group == 0 && shift > 0) refuse("a varint without empty groups at its end");
      return value;
    }
  }
  refuse("a varint of 10 bytes at most");
}

QSM_INLINE std::span<const std::byte> ByteReader::bytes() {
  const std::size_t size = count(1);
  return next(size, "a run of bytes");
}

QSM_INLINE std::string ByteReader::string() {
  const auto text = bytes();
  return {reinterpret_cast<const char*>(text.data()), text.size()};
}

QSM_INLINE std::span<const std::byte> ByteReader::raw(std::size_t size) {
  begin_of_last_ = at_;
  return next(size, "a run of bytes");
}

QSM_INLINE std::size_t ByteReader::count(std::size_t size) {
  const std::uint64_t things = varint();
  if (size > 0 && things > left() / size)
    refuse("a count of things of " + std::to_string(size) + " bytes or more, of which the " + std::to_string(left()) +
           " bytes left cannot hold " + std::to_string(things));
  if (things > std::numeric_limits<std::size_t>::max()) refuse("a count that this machine can hold");
  return static_cast<std::size_t>(things);
}

QSM_INLINE void ByteReader::checksum() {
  const std::uint64_t truth = xxhash64(bytes_.first(at_));
  if (u64() != truth) refuse("the checksum of the bytes before");
}

QSM_INLINE void ByteReader::end() const {
  if (left() > 0) throw MalformedBytes(name_, at_, "the end, " + std::to_string(left()) + " bytes left");
}

}  // namespace qsm::inline v0::inline core
