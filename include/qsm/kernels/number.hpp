#pragma once
/// @file
/// The short numbers of neural networks, and arrays of any of them.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::kernels {

namespace detail {

/// A float rounded to nearest, ties to even, to a sign, `exponent` bits biased by half their range and `fraction` bits.
/// With `infinite` the largest exponent means infinity and NaN; without it only its last fraction means NaN, and what is
/// too large becomes the largest number.
template <int exponent, int fraction, bool infinite>
constexpr std::uint32_t shorten(float value) {
  constexpr int bias = (1 << (exponent - 1)) - 1;
  constexpr std::uint32_t special = ((1u << exponent) - 1) << fraction;  // the largest exponent
  constexpr std::uint32_t not_a_number = infinite ? special | 1u << (fraction - 1) : special | ((1u << fraction) - 1);
  constexpr std::uint32_t too_large = infinite ? special : not_a_number - 1;
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits >> 31 << (exponent + fraction), magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | not_a_number;
  const int power = static_cast<int>(magnitude >> 23) - 127 + bias;  // the exponent that it gets, where it is normal
  std::uint64_t digits = (magnitude & 0x7fffff) | (magnitude >= 0x800000 ? 0x800000u : 0u);
  int cut = 23 - fraction;
  if (power < 1) cut += 1 - power;  // below the normal numbers
  if (cut > 40) return sign;
  const std::uint64_t half = (std::uint64_t{1} << (cut - 1)) - 1 + (digits >> cut & 1);
  digits = (digits + half) >> cut;
  const std::uint64_t shortened =
      power < 1 ? digits : digits + (static_cast<std::uint64_t>(power - 1) << fraction);  // a carry raises the exponent
  return sign | static_cast<std::uint32_t>(shortened < too_large ? shortened : too_large);
}

/// The float of the same value.
template <int exponent, int fraction, bool infinite>
constexpr float lengthen(std::uint32_t bits) {
  constexpr int bias = (1 << (exponent - 1)) - 1;
  constexpr std::uint32_t special = ((1u << exponent) - 1) << fraction;
  const std::uint32_t sign = bits >> (exponent + fraction) << 31,
                      magnitude = bits & ((1u << (exponent + fraction)) - 1);
  if (infinite ? magnitude > special : magnitude == (special | ((1u << fraction) - 1)))
    return std::bit_cast<float>(sign | 0x7fc00000);
  if (infinite && magnitude == special) return std::bit_cast<float>(sign | 0x7f800000);
  // As a float with an exponent too small by a known power of two, which one exact product mends.
  constexpr int shift = 23 - fraction;
  constexpr float scale = std::bit_cast<float>(static_cast<std::uint32_t>(127 + 127 - bias) << 23);
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude << shift) * scale));
}

}  // namespace detail

/// A float's upper half: 8 bits of exponent, 7 of fraction ("brain floating point"). Rounds to nearest, ties to even.
struct bfloat16 {
  std::uint16_t bits = 0;
  bfloat16() = default;
  explicit constexpr bfloat16(float value) : bits(rounded(value)) {}
  constexpr operator float() const { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

 private:
  static constexpr std::uint16_t rounded(float value) {
    const auto whole = std::bit_cast<std::uint32_t>(value);
    if ((whole & 0x7fffffff) > 0x7f800000) return static_cast<std::uint16_t>(whole >> 16 | 0x40);
    return static_cast<std::uint16_t>((whole + 0x7fff + (whole >> 16 & 1)) >> 16);
  }
};

/// IEEE's half precision: 5 bits of exponent, 10 of fraction. Rounds to nearest, ties to even.
struct float16 {
  std::uint16_t bits = 0;
  float16() = default;
  explicit constexpr float16(float value) : bits(static_cast<std::uint16_t>(detail::shorten<5, 10, true>(value))) {}
  constexpr operator float() const { return detail::lengthen<5, 10, true>(bits); }
};

/// 4 bits of exponent, 3 of fraction, no infinity: values up to 448. Rounds to nearest, ties to even, and saturates.
struct float8_e4m3 {
  std::uint8_t bits = 0;
  float8_e4m3() = default;
  explicit constexpr float8_e4m3(float value) : bits(static_cast<std::uint8_t>(detail::shorten<4, 3, false>(value))) {}
  constexpr operator float() const { return detail::lengthen<4, 3, false>(bits); }
};

/// 5 bits of exponent, 2 of fraction: values up to 57,344, and infinity. Rounds to nearest, ties to even.
struct float8_e5m2 {
  std::uint8_t bits = 0;
  float8_e5m2() = default;
  explicit constexpr float8_e5m2(float value) : bits(static_cast<std::uint8_t>(detail::shorten<5, 2, true>(value))) {}
  constexpr operator float() const { return detail::lengthen<5, 2, true>(bits); }
};

/// What numbers an array holds.
enum class Dtype { float32, bfloat16, float16, float8_e4m3, float8_e5m2, int8, int32 };

/// "float32", "bfloat16" and so on.
std::string_view dtype_name(Dtype dtype);
/// Bytes of one number [B].
std::size_t dtype_size(Dtype dtype);

/// The Dtype of a C++ type.
template <class Number>
inline constexpr Dtype dtype_of = [] {
  using Plain = std::remove_cv_t<Number>;
  if constexpr (std::is_same_v<Plain, float>)
    return Dtype::float32;
  else if constexpr (std::is_same_v<Plain, bfloat16>)
    return Dtype::bfloat16;
  else if constexpr (std::is_same_v<Plain, float16>)
    return Dtype::float16;
  else if constexpr (std::is_same_v<Plain, float8_e4m3>)
    return Dtype::float8_e4m3;
  else if constexpr (std::is_same_v<Plain, float8_e5m2>)
    return Dtype::float8_e5m2;
  else if constexpr (std::is_same_v<Plain, std::int8_t>)
    return Dtype::int8;
  else {
    static_assert(std::is_same_v<Plain, std::int32_t>, "no Dtype of this type");
    return Dtype::int32;
  }
}();

/// Somebody's numbers of any Dtype in rows and columns, to be read; strides are in numbers and may have any sign.
struct ConstMatrix {
  const void* data = nullptr;
  Dtype dtype = Dtype::float32;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t column_stride = 1;

  ConstMatrix() = default;
  ConstMatrix(const void* numbers, Dtype type, std::size_t row_count, std::size_t column_count,
              std::ptrdiff_t between_rows, std::ptrdiff_t between_columns = 1)
      : data(numbers),
        dtype(type),
        rows(row_count),
        columns(column_count),
        row_stride(between_rows),
        column_stride(between_columns) {}
  /// Rows that follow each other.
  template <class Number>
  ConstMatrix(const Number* numbers, std::size_t row_count, std::size_t column_count)
      : ConstMatrix(numbers, dtype_of<Number>, row_count, column_count, static_cast<std::ptrdiff_t>(column_count)) {}

  /// Rows as columns, without a copy.
  ConstMatrix transposed() const { return {data, dtype, columns, rows, column_stride, row_stride}; }
};

/// The same, to be written.
struct MutableMatrix : ConstMatrix {
  MutableMatrix() = default;
  MutableMatrix(void* numbers, Dtype type, std::size_t row_count, std::size_t column_count, std::ptrdiff_t between_rows,
                std::ptrdiff_t between_columns = 1)
      : ConstMatrix(numbers, type, row_count, column_count, between_rows, between_columns) {}
  /// Rows that follow each other.
  template <class Number>
  MutableMatrix(Number* numbers, std::size_t row_count, std::size_t column_count)
      : ConstMatrix(numbers, row_count, column_count) {
    static_assert(!std::is_const_v<Number>);
  }
  void* writable() const { return const_cast<void*>(data); }
};

}  // namespace qsm::inline v0::kernels

#ifdef QSM_HEADER_ONLY
#include <qsm/kernels/number.ipp>
#endif
