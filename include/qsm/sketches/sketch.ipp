#include <stdexcept>
#include <string>

#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches::detail {

QSM_INLINE void put_letters(ByteWriter& writer, const char (&name)[5], std::uint8_t version) {
  for (int i = 0; i < 4; ++i) writer.u8(static_cast<std::uint8_t>(name[i]));
  writer.u8(version);
}

QSM_INLINE void read_letters(ByteReader& reader, const char (&name)[5], std::uint8_t version) {
  for (int i = 0; i < 4; ++i)
    if (reader.u8() != static_cast<std::uint8_t>(name[i])) reader.refuse("the letters " + std::string(name));
  if (reader.u8() != version) reader.refuse("version " + std::to_string(version));
}

QSM_INLINE void put_head(ByteWriter& writer, const char (&name)[5], std::uint8_t version, const Hasher& hasher) {
  put_letters(writer, name, version);
  writer.u8(static_cast<std::uint8_t>(hasher.function));
  writer.u64(hasher.seed);
}

QSM_INLINE Hasher read_head(ByteReader& reader, const char (&name)[5], std::uint8_t version) {
  read_letters(reader, name, version);
  const std::uint8_t function = reader.u8();
  if (function > static_cast<std::uint8_t>(HashFunction::datasketches)) reader.refuse("the number of a hash function");
  return {static_cast<HashFunction>(function), reader.u64()};
}

QSM_INLINE void check_hashers(const char* function, const Hasher& one, const Hasher& other) {
  const auto text = [](const Hasher& hasher) {
    return std::string(hash_name(hasher.function)) + " with seed " + std::to_string(hasher.seed);
  };
  if (one != other)
    throw std::domain_error(std::string(function) + ": other must have the hasher " + text(one) + ", got " +
                            text(other));
}

}  // namespace qsm::inline v0::sketches::detail
