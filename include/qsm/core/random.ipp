#include <algorithm>
#include <bit>
#include <type_traits>

#include <qsm/core/hashing.hpp>
#include <qsm/core/random.hpp>
#include <qsm/core/simd.hpp>

#if QSM_SIMD_X86
#include <immintrin.h>
#endif

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
QSM_AVX2 inline __m256i all256(std::uint64_t value) { return _mm256_set1_epi64x(static_cast<long long>(value)); }
QSM_AVX512 inline __m512i all512(std::uint64_t value) { return _mm512_set1_epi64(static_cast<long long>(value)); }

template <class Value>
QSM_AVX2 void philox_groups_avx2(std::uint64_t key, std::uint64_t block, std::uint64_t index, Value* out,
                                 std::size_t groups) {
  const __m256i multiplier0 = all256(philox_multiplier[0]);
  const __m256i multiplier1 = all256(philox_multiplier[1]);
  for (std::size_t half_group = 0; half_group < 2 * groups; ++half_group, index += 4, out += 8) {
    __m256i word0 = _mm256_add_epi64(all256(index), _mm256_setr_epi64x(0, 2, 1, 3));
    __m256i word1 = _mm256_srli_epi64(word0, 32);
    __m256i word2 = all256(block);
    __m256i word3 = all256(block >> 32);
    std::uint32_t key0 = low(key);
    std::uint32_t key1 = high(key);
    for (int round = 0; round < 10; ++round, key0 += philox_step[0], key1 += philox_step[1]) {
      const __m256i product0 = _mm256_mul_epu32(word0, multiplier0);
      const __m256i product1 = _mm256_mul_epu32(word2, multiplier1);
      word0 = _mm256_xor_si256(_mm256_srli_epi64(product1, 32), _mm256_xor_si256(word1, all256(key0)));
      word2 = _mm256_xor_si256(_mm256_srli_epi64(product0, 32), _mm256_xor_si256(word3, all256(key1)));
      word1 = product1;
      word3 = product0;
    }
    const __m256i even = _mm256_blend_epi32(word0, _mm256_slli_epi64(word1, 32), 0xaa);
    const __m256i odd = _mm256_blend_epi32(word2, _mm256_slli_epi64(word3, 32), 0xaa);
    __m256i bits[] = {_mm256_unpacklo_epi64(even, odd), _mm256_unpackhi_epi64(even, odd)};
    for (__m256i& part : bits) {
      if constexpr (std::is_same_v<Value, double>)
        part = _mm256_castpd_si256(
            _mm256_sub_pd(_mm256_castsi256_pd(_mm256_or_si256(_mm256_srli_epi64(part, 12), all256(0x3ff0000000000000))),
                          _mm256_set1_pd(1 - 0x1p-53)));
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), bits[0]);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 4), bits[1]);
  }
}

template <class Value>
QSM_AVX512 void philox_groups_avx512(std::uint64_t key, std::uint64_t block, std::uint64_t index, Value* out,
                                     std::size_t groups) {
  constexpr __mmask8 every = 0xff;  // GCC 12 warns of its own code in the forms without mask
  const __m512i multiplier0 = all512(philox_multiplier[0]);
  const __m512i multiplier1 = all512(philox_multiplier[1]);
  for (std::size_t group = 0; group < groups; ++group, index += 8, out += 16) {
    __m512i word0 = _mm512_add_epi64(all512(index), _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7));
    __m512i word1 = _mm512_maskz_srli_epi64(every, word0, 32);
    __m512i word2 = all512(block);
    __m512i word3 = all512(block >> 32);
    std::uint32_t key0 = low(key);
    std::uint32_t key1 = high(key);
    for (int round = 0; round < 10; ++round, key0 += philox_step[0], key1 += philox_step[1]) {
      const __m512i product0 = _mm512_maskz_mul_epu32(every, word0, multiplier0);
      const __m512i product1 = _mm512_maskz_mul_epu32(every, word2, multiplier1);
      word0 = _mm512_ternarylogic_epi64(_mm512_maskz_srli_epi64(every, product1, 32), word1, all512(key0),
                                        0x96);  // three-way xor
      word2 = _mm512_ternarylogic_epi64(_mm512_maskz_srli_epi64(every, product0, 32), word3, all512(key1), 0x96);
      word1 = product1;
      word3 = product0;
    }
    const __m512i even = _mm512_mask_shuffle_epi32(word0, 0xaaaa, word1, _MM_PERM_CCAA);
    const __m512i odd = _mm512_mask_shuffle_epi32(word2, 0xaaaa, word3, _MM_PERM_CCAA);
    __m512i bits[] = {_mm512_maskz_unpacklo_epi64(every, even, odd), _mm512_maskz_unpackhi_epi64(every, even, odd)};
    for (__m512i& part : bits) {
      if constexpr (std::is_same_v<Value, double>)
        part = _mm512_castpd_si512(_mm512_sub_pd(
            _mm512_castsi512_pd(_mm512_or_si512(_mm512_maskz_srli_epi64(every, part, 12), all512(0x3ff0000000000000))),
            _mm512_set1_pd(1 - 0x1p-53)));
    }
    _mm512_storeu_si512(out, bits[0]);
    _mm512_storeu_si512(out + 8, bits[1]);
  }
}
#endif

template <class Value>
void philox_fill(std::uint64_t key, std::uint64_t block, std::uint64_t first, std::span<Value> out) {
  auto groups_of_level = philox_groups<Value>;
#if QSM_SIMD_X86
  const SimdLevel level = simd_level();
  if (level == SimdLevel::avx2) groups_of_level = philox_groups_avx2<Value>;
  if (level == SimdLevel::avx512) groups_of_level = philox_groups_avx512<Value>;
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
