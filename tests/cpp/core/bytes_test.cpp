#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/bytes.hpp>
#include <qsm/core/hashing.hpp>

namespace {

using qsm::ByteReader;
using qsm::ByteWriter;

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

std::vector<std::byte> raw(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

std::string message(const std::vector<std::byte>& bytes, auto&& read) {
  try {
    ByteReader reader(bytes, "sketch");
    read(reader);
  } catch (const qsm::MalformedBytes& error) {
    return error.what();
  }
  return "no error";
}

TEST(bytes, have_a_fixed_layout) {
  ByteWriter writer;
  writer.u8(0x01);
  writer.u16(0x0302);
  writer.u32(0x07060504);
  writer.u64(0x0f0e0d0c0b0a0908);
  writer.f64(1.0);
  writer.varint(300);
  writer.string("ab");
  EXPECT_EQ(writer.take(), raw({1,  2, 3, 4, 5, 6, 7, 8,    9,    10,   11,   12, 13,  14,
                                15, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0xac, 0x02, 2,  'a', 'b'}));
  EXPECT_TRUE(writer.written().empty());
}

TEST(bytes, come_back_as_they_were_written) {
  const double odd_nan = std::bit_cast<double>(0x7ff8000000abcdef);
  const std::vector<std::uint64_t> integers{0, 1, 127, 128, 16383, 16384, 1ull << 62, 1ull << 63, largest};
  ByteWriter writer;
  for (const std::uint64_t value : integers) {
    writer.u64(value);
    writer.varint(value);
  }
  writer.f64(-0.0);
  writer.f64(odd_nan);
  writer.string("");
  writer.string(std::string(1000, 'x'));
  writer.checksum();
  const auto bytes = writer.take();
  ByteReader reader(bytes);
  for (const std::uint64_t value : integers) {
    EXPECT_EQ(reader.u64(), value);
    EXPECT_EQ(reader.varint(), value);
  }
  EXPECT_TRUE(std::signbit(reader.f64()));
  EXPECT_EQ(std::bit_cast<std::uint64_t>(reader.f64()), 0x7ff8000000abcdef);
  EXPECT_EQ(reader.string(), "");
  EXPECT_EQ(reader.string(), std::string(1000, 'x'));
  reader.checksum();
  reader.end();
}

TEST(bytes, errors_name_place_and_expectation) {
  EXPECT_EQ(message(raw({1, 2, 3, 4}),
                    [](ByteReader& reader) {
                      reader.u8();
                      reader.f64();
                    }),
            "sketch: at byte 1: expected 8 bytes of a double, 3 left");
  EXPECT_EQ(message(raw({0x80}), [](ByteReader& reader) { reader.varint(); }),
            "sketch: at byte 0: expected 1 bytes of a varint, 0 left");
  EXPECT_EQ(message(raw({0x80, 0x00}), [](ByteReader& reader) { reader.varint(); }),
            "sketch: at byte 0: expected a varint without empty groups at its end");
  const auto long_varint = raw({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02});
  EXPECT_EQ(message(long_varint, [](ByteReader& reader) { reader.varint(); }),
            "sketch: at byte 0: expected a varint below 2^64");
  EXPECT_EQ(
      message(raw({7, 5, 'a', 'b'}),
              [](ByteReader& reader) {
                reader.u8();
                reader.string();
              }),
      "sketch: at byte 1: expected a count of things of 1 bytes or more, of which the 2 bytes left cannot hold 5");
  EXPECT_EQ(message(raw({1, 2}), [](ByteReader& reader) { reader.end(); }),
            "sketch: at byte 0: expected the end, 2 bytes left");
  EXPECT_EQ(message(raw({1, 0, 0, 0, 0, 0, 0, 0, 0}),
                    [](ByteReader& reader) {
                      reader.u8();
                      reader.checksum();
                    }),
            "sketch: at byte 1: expected the checksum of the bytes before");
  const auto huge = raw({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01});
  EXPECT_NE(message(huge, [](ByteReader& reader) { reader.count(8); }), "no error");
}

/// A small format, read with and without its checksum.
std::vector<double> read_table(ByteReader& reader, bool sealed) {
  if (reader.u32() != 0x314d5351) reader.refuse("the mark QSM1");
  reader.string();
  std::vector<double> values(reader.count(8));
  for (double& value : values) value = reader.f64();
  const std::size_t names = reader.count(1);
  for (std::size_t i = 0; i < names; ++i) reader.string();
  reader.varint();
  if (sealed) {
    reader.checksum();
    reader.end();
  }
  return values;
}

TEST(bytes, a_hundred_thousand_mutations_cost_an_error_only) {
  ByteWriter writer;
  writer.u32(0x314d5351);
  writer.string("latency");
  writer.varint(20);
  for (int i = 0; i < 20; ++i) writer.f64(i * 0.1);
  writer.varint(3);
  for (const char* name : {"a", "bb", ""}) writer.string(name);
  writer.varint(largest);
  writer.checksum();
  const auto original = writer.take();
  ByteReader whole(original);
  EXPECT_EQ(read_table(whole, true).size(), 20u);

  std::uint64_t state = 1;
  const auto random = [&state](std::size_t bound) { return qsm::splitmix64(state++) % bound; };
  std::size_t errors = 0;
  std::size_t unsealed_errors = 0;
  constexpr std::size_t rounds = 100'000;
  for (std::size_t round = 0; round < rounds; ++round) {
    auto bytes = original;
    const std::size_t changes = 1 + random(4);
    for (std::size_t change = 0; change < changes; ++change) {
      const std::size_t at = random(bytes.size());
      switch (random(4)) {
        case 0:
          bytes[at] ^= static_cast<std::byte>(1 << random(8));
          break;
        case 1:
          bytes[at] = static_cast<std::byte>(random(2) == 0 ? 0xff : random(256));
          break;
        case 2:
          bytes.resize(at + 1);
          break;
        default:
          bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), static_cast<std::byte>(random(256)));
      }
    }
    if (bytes == original) {
      ++errors;  // changed back
      continue;
    }
    try {
      ByteReader reader(bytes);
      read_table(reader, true);
    } catch (const qsm::MalformedBytes& error) {
      EXPECT_LE(error.offset(), bytes.size());
      ++errors;
    }
    try {
      ByteReader reader(bytes);
      read_table(reader, false);
    } catch (const qsm::MalformedBytes&) {
      ++unsealed_errors;
    }
  }
  EXPECT_EQ(errors, rounds);
  EXPECT_GT(unsealed_errors, rounds / 4);
  EXPECT_LT(unsealed_errors, rounds);
}

}  // namespace
