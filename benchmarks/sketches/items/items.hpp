#pragma once
// Items for all: 64-bit integers without order.

#include <cstdint>
#include <vector>

#include <qsm/core/hashing.hpp>

inline std::vector<std::uint64_t> items(std::size_t number, std::uint64_t first = 0) {
  std::vector<std::uint64_t> all(number);
  for (std::size_t i = 0; i < number; ++i) all[i] = qsm::splitmix64(first + i);
  return all;
}

inline constexpr std::size_t many = 10'000'000;   // keys of the large filter
inline constexpr std::size_t stream = 1'000'000;  // items of the others
