#include <algorithm>
#include <bit>
#include <type_traits>

#include <qsm/core/hashing.hpp>
#include <qsm/core/random.hpp>
#include <qsm/core/simd.hpp>

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

// The bits themselves, or the uniform that they make.
template <class Value>
Value value_from(std::uint64_t bits) {
  if constexpr (std::is_same_v<Value, double>)
    return std::bit_cast<double>(bits >> 12 | 0x3ff0000000000000) - (1 - 0x1p-53);  // exact
  else
    return bits;
}

// Fills 16 values a group, from position 2 * index. The vector forms compute one Philox block in each lane of 64 bits,
// the four counter words in the lower halves of four registers: a product then leaves one word in place and one to
// shift. The multiplication takes the lower halves alone, so what the upper halves hold does not matter. Lanes count in
// the order in which the final interleaving of words brings them home.
inline constexpr std::size_t philox_group = 16;

template <class Value>
void philox_groups(std::uint64_t key, std::uint64_t block, std::uint64_t index, Value* out, std::size_t groups) {
  for (std::size_t i = 0; i < groups * philox_group / 2; ++i) {
    const auto pair = philox_pair(key, block, index + i);
    out[2 * i] = value_from<Value>(pair[0]);
    out[2 * i + 1] = value_from<Value>(pair[1]);
  }
}

#if QSM_SIMD_X86
// Registers of the compiler's own vector type: the header of intrinsics costs every includer 0.3 s of compile time.
template <std::size_t bytes>
struct Lanes {
  typedef std::uint64_t Bits [[gnu::vector_size(bytes)]];
  typedef double Reals [[gnu::vector_size(bytes)]];
  typedef std::uint64_t Stored [[gnu::vector_size(bytes), gnu::aligned(8), gnu::may_alias]];
};

// The product of the lower halves, lane by lane: one instruction, as clang sees and GCC does not.
template <class Bits>
QSM_ALWAYS_INLINE void multiply_lower(Bits& product, const Bits& a, const Bits& b) {
#ifdef __clang__
  product = (a & 0xffffffff) * (b & 0xffffffff);
#else
  asm("vpmuludq {%2, %1, %0|%0, %1, %2}" : "=v"(product) : "v"(a), "v"(b));
#endif
}

template <std::size_t bytes, class Value>
QSM_ALWAYS_INLINE void philox_lanes(std::uint64_t key, std::uint64_t block, std::uint64_t index, Value* out,
                                    std::size_t groups) {
  using Bits = typename Lanes<bytes>::Bits;
  using Reals = typename Lanes<bytes>::Reals;
  constexpr std::size_t lanes = bytes / 8;
  const Bits multiplier0 = Bits{} + philox_multiplier[0];
  const Bits multiplier1 = Bits{} + philox_multiplier[1];
  for (std::size_t done = 0; done < groups * philox_group; done += 2 * lanes, index += lanes, out += 2 * lanes) {
    Bits word0;
    if constexpr (lanes == 4)
      word0 = Bits{0, 2, 1, 3} + index;
    else
      word0 = Bits{0, 4, 1, 5, 2, 6, 3, 7} + index;
    Bits word1 = word0 >> 32;
    Bits word2 = Bits{} + block;
    Bits word3 = word2 >> 32;
    std::uint32_t key0 = low(key);
    std::uint32_t key1 = high(key);
    for (int round = 0; round < 10; ++round, key0 += philox_step[0], key1 += philox_step[1]) {
      Bits product0;
      Bits product1;
      multiply_lower(product0, word0, multiplier0);
      multiply_lower(product1, word2, multiplier1);
      word0 = (product1 >> 32) ^ (word1 ^ key0);
      word2 = (product0 >> 32) ^ (word3 ^ key1);
      word1 = product1;
      word3 = product0;
    }
    const Bits even = (word0 & 0xffffffff) | word1 << 32;
    const Bits odd = (word2 & 0xffffffff) | word3 << 32;
    Bits bits[2];
    if constexpr (lanes == 4) {
      bits[0] = __builtin_shufflevector(even, odd, 0, 4, 2, 6);
      bits[1] = __builtin_shufflevector(even, odd, 1, 5, 3, 7);
    } else {
      bits[0] = __builtin_shufflevector(even, odd, 0, 8, 2, 10, 4, 12, 6, 14);
      bits[1] = __builtin_shufflevector(even, odd, 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (std::size_t i = 0; i < 2; ++i) {
      if constexpr (std::is_same_v<Value, double>)
        bits[i] = Bits(Reals(bits[i] >> 12 | 0x3ff0000000000000) - (1 - 0x1p-53));
      reinterpret_cast<typename Lanes<bytes>::Stored*>(out)[i] = bits[i];
    }
  }
}

template <class Value>
QSM_AVX2 void philox_groups_avx2(std::uint64_t key, std::uint64_t block, std::uint64_t index, Value* out,
                                 std::size_t groups) {
  philox_lanes<32>(key, block, index, out, groups);
}

template <class Value>
QSM_AVX512 void philox_groups_avx512(std::uint64_t key, std::uint64_t block, std::uint64_t index, Value* out,
                                     std::size_t groups) {
  philox_lanes<64>(key, block, index, out, groups);
}
#endif

template <class Value>
void philox_fill(std::uint64_t key, std::uint64_t block, std::uint64_t first, std::span<Value> out) {
  auto groups_of_level = philox_groups<Value>;
#if QSM_SIMD_X86
  const SimdLevel level = simd_level();
  if (level == SimdLevel::avx2) groups_of_level = philox_groups_avx2<Value>;
  if (level >= SimdLevel::avx512) groups_of_level = philox_groups_avx512<Value>;
#endif
  std::uint64_t index = first / 2;
  if (first % 2 == 1 && !out.empty()) {
    out.front() = value_from<Value>(philox_pair(key, block, index++)[1]);
    out = out.subspan(1);
  }
  const std::size_t groups = out.size() / philox_group;
  groups_of_level(key, block, index, out.data(), groups);
  index += groups * philox_group / 2;
  out = out.subspan(groups * philox_group);
  if (out.size() <= 2) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = value_from<Value>(philox_pair(key, block, index)[i]);
  } else {
    Value last[philox_group];
    groups_of_level(key, block, index, last, 1);
    std::copy_n(last, out.size(), out.begin());
  }
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
  detail::philox_fill(key_, block_, first, out);
}

QSM_INLINE void Stream::uniforms(std::uint64_t first, std::span<double> out) const {
  detail::philox_fill(key_, block_, first, out);
}

}  // namespace qsm::inline v0::inline core
