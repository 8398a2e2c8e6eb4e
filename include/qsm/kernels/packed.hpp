#pragma once
/// @file
/// The right-hand side of matrix products, laid out once for any number of rows on the left and for every processor.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/kernels/number.hpp>

namespace qsm::inline v0::kernels {

/// How the entries of a PackedMatrix are stored.
enum class PackedFormat { float32, bfloat16, float16, int8, int4 };

/// A matrix of K rows (inputs) and N columns (outputs) in panels of 48 columns, each of which is read from front to back.
///
/// Stored are float32, bfloat16, float16, or integers of 8 or 4 bits with a scale, and where wanted a zero point, for
/// each column and group of rows: an entry is scale (integer - zero). The layout is the same on every processor, and
/// `unpack` brings every bit back.
///
/// Thread safety: a value; may be read from any number of threads.
///
/// @source  Goto, Van de Geijn 2008, Anatomy of high-performance matrix multiplication, section 4, for the panels
class PackedMatrix {
 public:
  /// Lays out float32, bfloat16, float16, or int8 as they are.
  ///
  /// @param matrix  K rows, N columns, any strides; K, N >= 1
  explicit PackedMatrix(const ConstMatrix& matrix);

  /// Lays out integers of 4 bits with their scales.
  ///
  /// @param values  int8, K rows of N integers in [0, 15], as they are stored
  /// @param scales  float32, a row for each group of rows of `values`, N columns
  /// @param zeros   float32 as `scales`, zero points; 8 where not given
  /// @param group   rows of a group [1], a multiple of 8, or 0 for one group of all rows
  static PackedMatrix of_int4(const ConstMatrix& values, const ConstMatrix& scales,
                              const std::optional<ConstMatrix>& zeros = std::nullopt, std::size_t group = 0);
  /// Lays out integers of 8 bits with their scales; entries are scale times integer.
  ///
  /// @param values  int8, K rows of N integers
  /// @param scales  float32, a row for each group of rows of `values`, N columns
  /// @param group   rows of a group [1], a multiple of 8, or 0 for one group of all rows
  static PackedMatrix of_int8(const ConstMatrix& values, const ConstMatrix& scales, std::size_t group = 0);

  /// Inputs K [1].
  std::size_t rows() const { return rows_; }
  /// Outputs N [1].
  std::size_t columns() const { return columns_; }
  /// How entries are stored.
  PackedFormat format() const { return format_; }
  /// Rows of a group [1]; K where there is one group, 0 where there are no scales.
  std::size_t group() const { return group_; }
  /// Whether there are zero points other than the middle.
  bool has_zeros() const { return !zeros_.empty(); }
  /// Memory [B].
  std::size_t bytes_used() const;

  /// The stored numbers as they were given: `out` has K rows, N columns and their Dtype, int8 for integers.
  void unpack(const MutableMatrix& out) const;
  /// The entries, exact products of scale and integer rounded to float32: `out` has K rows and N columns of float32.
  void to_dense(const MutableMatrix& out) const;
  /// The scales [1], one row per group, N columns, row by row.
  std::vector<float> scales() const { return by_rows(scales_); }
  /// The zero points [1], as the scales; empty where all are 8.
  std::vector<float> zeros() const { return by_rows(zeros_); }

  /// Whether all stored bits are the same.
  friend bool operator==(const PackedMatrix&, const PackedMatrix&) = default;

 private:
  friend struct PackedAccess;
  PackedMatrix(PackedFormat format, std::size_t rows, std::size_t columns, std::size_t group);
  std::size_t groups() const { return group_ == 0 ? 0 : (rows_ + group_ - 1) / group_; }
  std::size_t panels() const;
  std::size_t depth() const;
  std::vector<float> by_panels(const ConstMatrix& numbers, const char* function, const char* argument) const;
  std::vector<float> by_rows(const std::vector<float>& panels) const;

  PackedFormat format_;
  std::size_t rows_, columns_, group_;
  std::vector<std::uint32_t> words_;   // panel by panel, in each word by word down the rows, 48 words for a step
  std::vector<float> scales_, zeros_;  // panel by panel, group by group, 48 numbers
};

}  // namespace qsm::inline v0::kernels

#ifdef QSM_HEADER_ONLY
#include <qsm/kernels/packed.ipp>
#endif
