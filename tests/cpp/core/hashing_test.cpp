#include <bit>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/hashing.hpp>
#include <qsm/core/murmur.hpp>
#include <qsm/core/siphash.hpp>
#include <qsm/core/wyhash.hpp>
#include <qsm/core/xxh3.hpp>

#include "golden.hpp"
#include "simd_levels.hpp"

namespace {

static_assert(qsm::xxhash64("") == 0xef46db3751d8e999);
static_assert(qsm::splitmix64(0) == 0xe220a8397b1dcdaf);

/// Test bytes of xxHash's author.
std::string test_bytes(std::size_t size) {
  std::string data;
  for (std::uint64_t state = 2654435761; data.size() < size; state *= 11400714785074694797u)
    data.push_back(static_cast<char>(state >> 56));
  return data;
}

std::uint64_t hexadecimal(const std::string& digits) { return std::strtoull(digits.c_str(), nullptr, 16); }

TEST(hashes, give_the_golden_hashes) {
  const std::string data = test_bytes(5000);
  qsm_test::at_each_level([&] {
    for (const auto& row : qsm_test::golden("core/hashes.csv")) {
      const auto text = std::string_view(data).substr(0, static_cast<std::size_t>(row["length"]));
      const auto seed = std::strtoull(row.text("seed").c_str(), nullptr, 10);
      const std::string& halves = row.text("murmur3_128");
      EXPECT_EQ(qsm::xxh3(text, seed), hexadecimal(row.text("xxh3"))) << row.where;
      EXPECT_EQ(qsm::murmur3_128(text, seed)[0], hexadecimal(halves.substr(0, 16))) << row.where;
      EXPECT_EQ(qsm::murmur3_128(text, seed)[1], hexadecimal(halves.substr(16))) << row.where;
      EXPECT_EQ(qsm::murmur3_32(text, static_cast<std::uint32_t>(seed)), hexadecimal(row.text("murmur3_32")))
          << row.where;
      EXPECT_EQ(qsm::murmur64a(text, seed), hexadecimal(row.text("murmur64a"))) << row.where;
      EXPECT_EQ(qsm::siphash(text, {seed, seed + 1}), hexadecimal(row.text("siphash"))) << row.where;
    }
  });
}

TEST(hashes, give_what_their_authors_published) {
  // SipHash: paper, appendix A. Murmur3 of 0, 1, 2 under the seed 9001: DataSketches.
  std::string fifteen;
  for (char i = 0; i < 15; ++i) fifteen.push_back(i);
  EXPECT_EQ(qsm::siphash(fifteen, {0x0706050403020100, 0x0f0e0d0c0b0a0908}), 0xa129ca6149be45e5);
  EXPECT_EQ(qsm::murmur3_128(std::uint64_t{2}, 9001),
            (std::array<std::uint64_t, 2>{0x3d3ae10225f92f86, 0x36ea833e82fcfb0a}));
  EXPECT_EQ(qsm::xxh3("abc"), 0x78af5f94892f3950);
  EXPECT_EQ(qsm::murmur3_32("hello"), 0x248bfa47u);
}

TEST(wyhash, gives_the_golden_hashes) {
  std::string data;
  for (int i = 0; i < 1024; ++i) data.push_back(static_cast<char>(i));
  for (const auto& row : qsm_test::golden("core/wyhash.csv")) {
    const auto seed = std::strtoull(row.text("seed").c_str(), nullptr, 10);
    const auto text = std::string_view(data).substr(0, static_cast<std::size_t>(row["length"]));
    EXPECT_EQ(qsm::wyhash(text, seed), hexadecimal(row.text("wyhash"))) << row.where;
  }
}

TEST(hashes, of_an_integer_are_those_of_its_bytes) {
  for (std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{0x8090a0b0c0d0e0f0}}) {
    for (std::uint64_t value = 1; value != 0; value *= 6) {
      std::string bytes;
      for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
      EXPECT_EQ(qsm::xxh3(value, seed), qsm::xxh3(bytes, seed));
      EXPECT_EQ(qsm::murmur3_128(value, seed), qsm::murmur3_128(bytes, seed));
      EXPECT_EQ(qsm::murmur64a(value, seed), qsm::murmur64a(bytes, seed));
      EXPECT_EQ(qsm::wyhash(value, seed), qsm::wyhash(bytes, seed));
      EXPECT_EQ(qsm::siphash(value, {seed, 7}), qsm::siphash(bytes, {seed, 7}));
    }
  }
}

TEST(xxhash64, gives_the_golden_hashes) {
  const std::string data = test_bytes(1000);
  for (const auto& row : qsm_test::golden("core/xxhash64.csv")) {
    const auto text = std::string_view(data).substr(0, static_cast<std::size_t>(row["length"]));
    const auto seed = std::strtoull(row.text("seed").c_str(), nullptr, 10);
    const auto hash = hexadecimal(row.text("hash"));
    EXPECT_EQ(qsm::xxhash64(text, seed), hash) << row.where;
    EXPECT_EQ(qsm::xxhash64(std::as_bytes(std::span(text)), seed), hash) << row.where;
  }
}

TEST(xxhash64, of_an_integer_is_that_of_its_bytes) {
  const std::string bytes{'\x08', '\x07', '\x06', '\x05', '\x04', '\x03', '\x02', '\x01'};
  EXPECT_EQ(qsm::xxhash64(std::uint64_t{0x0102030405060708}, 9), qsm::xxhash64(bytes, 9));
}

TEST(splitmix64, gives_the_published_sequence) {
  // Outputs for the seed 1234567, as the authors' implementations print them.
  std::uint64_t state = 1234567;
  for (const std::uint64_t expected : {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                       4593380528125082431u, 16408922859458223821u}) {
    EXPECT_EQ(qsm::splitmix64(state), expected);
    state += 0x9e3779b97f4a7c15;
  }
}

TEST(splitmix64, one_bit_changes_half_of_the_bits) {
  double changed = 0;
  for (std::uint64_t value = 0; value < 1000; ++value)
    for (int bit = 0; bit < 64; ++bit)
      changed += std::popcount(qsm::splitmix64(value) ^ qsm::splitmix64(value ^ (std::uint64_t{1} << bit)));
  EXPECT_NEAR(changed / 64'000, 32, 0.1);
}

}  // namespace
