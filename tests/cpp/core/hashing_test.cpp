#include <bit>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/hashing.hpp>

#include "golden.hpp"

namespace {

static_assert(qsm::xxhash64("") == 0xef46db3751d8e999);
static_assert(qsm::splitmix64(0) == 0xe220a8397b1dcdaf);

TEST(xxhash64, gives_the_golden_hashes) {
  std::string data;
  for (std::uint64_t state = 2654435761; data.size() < 1000; state *= 11400714785074694797u)
    data.push_back(static_cast<char>(state >> 56));
  for (const auto& row : qsm_test::golden("core/xxhash64.csv")) {
    const auto text = std::string_view(data).substr(0, static_cast<std::size_t>(row["length"]));
    const auto seed = std::strtoull(row.text("seed").c_str(), nullptr, 10);
    const auto hash = std::strtoull(row.text("hash").c_str(), nullptr, 16);
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
