#pragma once
/// @file
/// Writing values as bytes and reading them back: fixed-width little-endian numbers, short integers, runs of bytes, and
/// a checksum. The layout is the same on every platform; malformed bytes cost an error that says where and what,
/// nothing else.

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::inline core {

/// Bytes that do not hold what they should: "sketch: at byte 12: expected 8 bytes of a double, 3 left".
class MalformedBytes : public std::runtime_error {
 public:
  MalformedBytes(std::string_view what, std::size_t offset, const std::string& expected);
  /// Where the trouble starts, counted from the first byte [B].
  std::size_t offset() const { return offset_; }

 private:
  std::size_t offset_;
};

/// Appends values to a growing run of bytes.
class ByteWriter {
 public:
  void u8(std::uint8_t value);
  void u16(std::uint16_t value);
  void u32(std::uint32_t value);
  void u64(std::uint64_t value);
  /// A double as the eight bytes of its IEEE 754 form; every bit survives, those of NaN too.
  void f64(double value);
  /// An integer in as few groups of seven bits as hold it, the least significant first (LEB128): 1 to 10 bytes.
  void varint(std::uint64_t value);
  /// The length as a varint, then the bytes.
  void bytes(std::span<const std::byte> value);
  void string(std::string_view value);
  /// The bytes alone.
  void raw(std::span<const std::byte> value);
  /// xxHash64 of all that was written so far, in eight bytes.
  void checksum();

  std::span<const std::byte> written() const { return bytes_; }
  /// Hands the bytes over and leaves the writer empty.
  std::vector<std::byte> take();

 private:
  void little_endian(std::uint64_t value, int width);

  std::vector<std::byte> bytes_;
};

/// Reads what a ByteWriter wrote, in the same order. Throws MalformedBytes where the bytes end early, a varint is
/// longer than it need be or than 64 bits, a checksum differs, or bytes are left at the end. The bytes must outlive the
/// reader.
class ByteReader {
 public:
  /// The name stands first in errors: the format, or the file.
  explicit ByteReader(std::span<const std::byte> bytes, std::string_view name = "bytes");

  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::uint64_t u64();
  double f64();
  std::uint64_t varint();
  /// A view into the bytes that are read.
  std::span<const std::byte> bytes();
  std::string string();
  /// A view of the next so many bytes.
  std::span<const std::byte> raw(std::size_t size);
  /// A varint that counts things of `size` bytes at least, so that a false count cannot ask for more than there is.
  std::size_t count(std::size_t size);
  /// Compares with the xxHash64 of all bytes before.
  void checksum();
  /// Refuses bytes that are left.
  void end() const;

  std::size_t offset() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }
  /// Throws MalformedBytes at the place of the last value read, for ranges that only the caller knows.
  [[noreturn]] void refuse(const std::string& expected) const;

 private:
  std::span<const std::byte> next(std::size_t size, const char* what);
  std::uint64_t little_endian(int width, const char* what);

  std::span<const std::byte> bytes_;
  std::string name_;
  std::size_t at_ = 0;
  std::size_t begin_of_last_ = 0;
};

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/bytes.ipp>
#endif
