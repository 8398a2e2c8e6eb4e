#include <algorithm>
#include <bit>

#include <qsm/core/hashing.hpp>
#include <qsm/core/random.hpp>

namespace qsm::inline v0::inline core {

namespace detail {

// Multipliers and Weyl steps of Philox4x32.
inline constexpr std::uint32_t philox_multiplier[] = {0xd2511f53, 0xcd9e8d57};
inline constexpr std::uint32_t philox_step[] = {0x9e3779b9, 0xbb67ae85};

// What is added to keys for three purposes, so that none shares a key with the draws or with another.
inline constexpr std::uint64_t seed_key = xxhash64("seed");
inline constexpr std::uint64_t number_key = xxhash64("child by number");
inline constexpr std::uint64_t name_key = xxhash64("child by name");

constexpr std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
constexpr std::uint32_t high(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }

QSM_INLINE std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{philox_multiplier[0]} * counter[0];
    const std::uint64_t product1 = std::uint64_t{philox_multiplier[1]} * counter[2];
    counter = {high(product1) ^ counter[1] ^ key[0], low(product1), high(product0) ^ counter[3] ^ key[1],
               low(product0)};
    key[0] += philox_step[0];
    key[1] += philox_step[1];
  }
  return counter;
}

// Positions 2 * index and 2 * index + 1.
inline std::array<std::uint64_t, 2> philox_pair(std::uint64_t key, std::uint64_t block, std::uint64_t index) {
  const auto words = philox({low(index), high(index), low(block), high(block)}, {low(key), high(key)});
  return {words[0] | std::uint64_t{words[1]} << 32, words[2] | std::uint64_t{words[3]} << 32};
}

inline double uniform_from(std::uint64_t bits) {
  return std::bit_cast<double>(bits >> 12 | 0x3ff0000000000000) - (1 - 0x1p-53);  // exact
}

}  // namespace detail

QSM_INLINE Stream::Stream(std::uint64_t seed) : Stream(derive(detail::seed_key, 0, seed)) {}

QSM_INLINE Stream Stream::child(std::uint64_t id) const { return derive(key_ + detail::number_key, block_, id); }

QSM_INLINE Stream Stream::child(std::string_view name) const {
  return derive(key_ + detail::name_key, block_, xxhash64(name));
}

QSM_INLINE Stream Stream::derive(std::uint64_t key, std::uint64_t block, std::uint64_t id) {
  const auto pair = detail::philox_pair(key, block, id);
  return {pair[0], pair[1]};
}

QSM_INLINE void Stream::bits(std::uint64_t first, std::span<std::uint64_t> out) const {
  for (std::size_t i = 0; i < out.size();) {
    const std::uint64_t position = first + i;
    const auto pair = detail::philox_pair(key_, block_, position / 2);
    out[i++] = pair[position % 2];
    if (position % 2 == 0 && i < out.size()) out[i++] = pair[1];
  }
}

QSM_INLINE void Stream::uniforms(std::uint64_t first, std::span<double> out) const {
  std::array<std::uint64_t, 512> block;
  while (!out.empty()) {
    const std::size_t count = std::min(out.size(), block.size());
    bits(first, std::span(block).first(count));
    std::transform(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(count), out.begin(),
                   detail::uniform_from);
    out = out.subspan(count);
    first += count;
  }
}

}  // namespace qsm::inline v0::inline core
