#pragma once
// How the numbers of a PackedMatrix lie in its words.

#include <algorithm>
#include <bit>

#include <qsm/kernels/detail/matrices.hpp>
#include <qsm/kernels/packed.hpp>

namespace qsm::inline v0::kernels {

namespace detail {

using Format = PackedFormat;

/// Rows that share a word of 32 bits.
constexpr std::size_t rows_per_word(Format format) {
  constexpr std::size_t rows[] = {1, 2, 2, 4, 8};
  return rows[static_cast<int>(format)];
}

/// Where in its word a row stands [bits]. Fours go to the two halves in turn, so that one shift and one mask give pairs.
constexpr int place_in_word(Format format, std::size_t row) {
  if (format == Format::int4) return static_cast<int>(row / 2 % 4 * 4 + row % 2 * 16);
  const std::size_t rows = rows_per_word(format);
  return static_cast<int>(row % rows * (32 / rows));
}

constexpr std::uint32_t word_mask(Format format) {
  return static_cast<std::uint32_t>((std::uint64_t{1} << (32 / rows_per_word(format))) - 1);
}

inline std::uint32_t stored_bits(float number) { return std::bit_cast<std::uint32_t>(number); }
inline std::uint32_t stored_bits(bfloat16 number) { return number.bits; }
inline std::uint32_t stored_bits(float16 number) { return number.bits; }
inline std::uint32_t stored_bits(std::int8_t number) { return static_cast<std::uint32_t>(number + 128); }

}  // namespace detail

/// The storage, for the products.
struct PackedAccess {
  static const std::uint32_t* words(const PackedMatrix& matrix, std::size_t panel) {
    return matrix.words_.data() + panel * matrix.depth() * detail::panel_width;
  }
  static const float* scales(const PackedMatrix& matrix, std::size_t panel) {
    return matrix.scales_.empty() ? nullptr : matrix.scales_.data() + panel * matrix.groups() * detail::panel_width;
  }
  static const float* zeros(const PackedMatrix& matrix, std::size_t panel) {
    return matrix.zeros_.empty() ? nullptr : matrix.zeros_.data() + panel * matrix.groups() * detail::panel_width;
  }
  static std::size_t depth(const PackedMatrix& matrix) { return matrix.depth(); }
  static std::size_t groups(const PackedMatrix& matrix) { return matrix.groups(); }

  /// The word that holds an entry.
  static auto& word(auto& matrix, std::size_t row, std::size_t column) {
    const std::size_t step = row / detail::rows_per_word(matrix.format_);
    return matrix.words_[(column / detail::panel_width * matrix.depth() + step) * detail::panel_width +
                         column % detail::panel_width];
  }
  static std::uint32_t stored(const PackedMatrix& matrix, std::size_t row, std::size_t column) {
    return word(matrix, row, column) >> detail::place_in_word(matrix.format_, row) & detail::word_mask(matrix.format_);
  }
  /// Lays out bits(row, column) of every entry.
  template <class Bits>
  static void fill(PackedMatrix& matrix, Bits bits) {
    for (std::size_t first = 0; first < matrix.columns_; first += detail::panel_width) {
      const std::size_t last = std::min(matrix.columns_, first + detail::panel_width);
      for (std::size_t row = 0; row < matrix.rows_; ++row) {
        std::uint32_t* const step = &word(matrix, row, first);
        const int place = detail::place_in_word(matrix.format_, row);
        for (std::size_t column = first; column < last; ++column) step[column - first] |= bits(row, column) << place;
      }
    }
  }
};

}  // namespace qsm::inline v0::kernels
