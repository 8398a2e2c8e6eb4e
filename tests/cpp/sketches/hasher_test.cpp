#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/murmur.hpp>
#include <qsm/sketches/hasher.hpp>

#include "core/simd_levels.hpp"

namespace {

using qsm::sketches::Hasher;
using qsm::sketches::HashFunction;

constexpr HashFunction all[] = {HashFunction::xxh3,      HashFunction::xxhash64,    HashFunction::murmur3,
                                HashFunction::murmur64a, HashFunction::wyhash,      HashFunction::siphash,
                                HashFunction::redis,     HashFunction::datasketches};

TEST(hasher, fills_what_it_gives_one_by_one) {
  std::vector<std::uint64_t> values(1003);
  std::iota(values.begin(), values.end(), std::uint64_t{0} - 500);
  qsm_test::at_each_level([&] {
    for (const auto function : all) {
      const Hasher hasher{function, 77};
      std::vector<std::uint64_t> hashes(values.size());
      hasher.fill(values, hashes);
      for (std::size_t i = 0; i < values.size(); ++i)
        ASSERT_EQ(hashes[i], hasher(values[i])) << hash_name(function) << " " << i;
    }
  });
}

TEST(hasher, takes_an_integer_as_its_bytes_but_for_redis) {
  const std::string bytes{'\x07', 0, 0, 0, 0, 0, 0, 0};
  for (const auto function : all) {
    const Hasher hasher{function, 5};
    EXPECT_EQ(hasher(std::uint64_t{7}), hasher(function == HashFunction::redis ? "7" : bytes)) << hash_name(function);
  }
  EXPECT_EQ(qsm::sketches::redis_hasher(~std::uint64_t{0}), qsm::sketches::redis_hasher("-1"));
}

TEST(hasher, places_the_bits_of_redis) {
  const std::uint64_t plain = qsm::murmur64a("item", 0xadc83b19), placed = qsm::sketches::redis_hasher("item");
  EXPECT_EQ(placed & 0x3fff, plain & 0x3fff);
  for (int i = 14; i < 64; ++i) EXPECT_EQ(placed >> (77 - i) & 1, plain >> i & 1) << i;
}

TEST(hasher, refuses_what_does_not_fit) {
  std::vector<std::uint64_t> values(3), out(2);
  EXPECT_THROW(Hasher{}.fill(values, out), std::domain_error);
  EXPECT_THROW((Hasher{static_cast<HashFunction>(99), 0}(std::uint64_t{1})), std::invalid_argument);
}

}  // namespace
