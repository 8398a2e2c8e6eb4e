// Any program of reads over any bytes: a value or MalformedBytes, and what was read writes back to the same bytes.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <qsm/core/bytes.hpp>
#include <qsm/core/hashing.hpp>

namespace {

/// Reads one value and writes it again.
void copy(std::uint8_t kind, qsm::ByteReader& reader, qsm::ByteWriter& writer, std::span<std::byte> bytes) {
  switch (kind % 10) {
    case 0:
      return writer.u8(reader.u8());
    case 1:
      return writer.u16(reader.u16());
    case 2:
      return writer.u32(reader.u32());
    case 3:
      return writer.u64(reader.u64());
    case 4:
      return writer.f64(reader.f64());
    case 5:
      return writer.varint(reader.varint());
    case 6:
      return writer.bytes(reader.bytes());
    case 7:
      return writer.string(reader.string());
    case 8: {
      const std::size_t size = kind < 240 ? std::size_t{1} << (kind / 10 * 2) : 0;
      const std::size_t things = reader.count(size);
      if (size > 0 && things > reader.left() / size) std::abort();
      return writer.varint(things);
    }
    default:
      if (kind >= 128 && reader.left() >= 8) {  // let it be right, as chance never would
        const std::uint64_t hash = qsm::xxhash64(std::span<const std::byte>(bytes.first(reader.offset())));
        for (std::size_t i = 0; i < 8; ++i) bytes[reader.offset() + i] = static_cast<std::byte>(hash >> (8 * i));
      }
      reader.checksum();
      return writer.checksum();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The first byte says how many of the next are the program; the rest is read.
  if (size == 0) return 0;
  const std::size_t steps = std::min<std::size_t>(data[0] % 32, size - 1);
  const std::span program(data + 1, steps);
  std::vector<std::byte> bytes(size - 1 - steps);
  if (!bytes.empty()) std::memcpy(bytes.data(), data + 1 + steps, bytes.size());

  qsm::ByteReader reader(bytes, "fuzz");
  qsm::ByteWriter writer;
  try {
    for (const std::uint8_t kind : program) {
      copy(kind, reader, writer, bytes);
      if (reader.offset() + reader.left() != bytes.size()) std::abort();
      const auto written = writer.written();
      if (written.size() != reader.offset()) std::abort();
      if (!std::equal(written.begin(), written.end(), bytes.begin())) std::abort();
    }
    reader.end();
    if (reader.left() != 0) std::abort();
  } catch (const qsm::MalformedBytes& error) {
    if (error.offset() > bytes.size()) std::abort();
  }
  return 0;
}
