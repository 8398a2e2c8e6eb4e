#include <algorithm>

#include <qsm/kernels/detail/packed_access.hpp>
#include <qsm/kernels/packed.hpp>

namespace qsm::inline v0::kernels {

QSM_INLINE std::size_t PackedMatrix::panels() const {
  return (columns_ + detail::panel_width - 1) / detail::panel_width;
}

QSM_INLINE std::size_t PackedMatrix::depth() const {
  const std::size_t rows = detail::rows_per_word(format_);
  return (rows_ + rows - 1) / rows;
}

QSM_INLINE std::size_t PackedMatrix::bytes_used() const {
  return words_.capacity() * sizeof(std::uint32_t) + (scales_.capacity() + zeros_.capacity()) * sizeof(float);
}

QSM_INLINE PackedMatrix::PackedMatrix(PackedFormat format, std::size_t rows, std::size_t columns, std::size_t group)
    : format_(format), rows_(rows), columns_(columns), group_(group) {
  if (rows == 0 || columns == 0)
    throw std::invalid_argument("PackedMatrix: must have rows and columns, got " + std::to_string(rows) + " x " +
                                std::to_string(columns));
  words_.resize(panels() * depth() * detail::panel_width);
}

namespace detail {

inline PackedFormat format_of(Dtype dtype) {
  if (dtype == Dtype::float32) return PackedFormat::float32;
  if (dtype == Dtype::bfloat16) return PackedFormat::bfloat16;
  if (dtype == Dtype::float16) return PackedFormat::float16;
  refuse_dtype("PackedMatrix", "matrix", dtype, dtype == Dtype::int8, "float32, bfloat16, float16 or int8");
  return PackedFormat::int8;
}

}  // namespace detail

QSM_INLINE PackedMatrix::PackedMatrix(const ConstMatrix& matrix)
    : PackedMatrix(detail::format_of(matrix.dtype), matrix.rows, matrix.columns, 0) {
  const auto fill = [&](auto number) {
    if constexpr (requires { detail::stored_bits(number); })
      PackedAccess::fill(*this, [&](std::size_t row, std::size_t column) {
        return detail::stored_bits(detail::entry<decltype(number)>(matrix, row, column));
      });
  };
  if (format_ == PackedFormat::int8)
    fill(std::int8_t());
  else
    detail::with_float(matrix.dtype, fill);
}

QSM_INLINE std::vector<float> PackedMatrix::by_panels(const ConstMatrix& numbers, const char* function,
                                                      const char* argument) const {
  detail::refuse_dtype(function, argument, numbers.dtype, numbers.dtype == Dtype::float32, "float32");
  detail::refuse_size(function, argument, numbers, groups(), columns_);
  std::vector<float> panels_of(panels() * groups() * detail::panel_width);
  for (std::size_t group = 0; group < groups(); ++group)
    for (std::size_t column = 0; column < columns_; ++column) {
      const float number = detail::entry<float>(numbers, group, column);
      if (!(number - number == 0))
        throw std::domain_error(std::string(function) + ": " + argument + " must be finite, got " +
                                std::to_string(number) + " in row " + std::to_string(group) + ", column " +
                                std::to_string(column));
      panels_of[(column / detail::panel_width * groups() + group) * detail::panel_width +
                column % detail::panel_width] = number;
    }
  return panels_of;
}

QSM_INLINE std::vector<float> PackedMatrix::by_rows(const std::vector<float>& panels_of) const {
  std::vector<float> rows(panels_of.empty() ? 0 : groups() * columns_);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t group = i / columns_, column = i % columns_;
    rows[i] = panels_of[(column / detail::panel_width * groups() + group) * detail::panel_width +
                        column % detail::panel_width];
  }
  return rows;
}

namespace detail {

inline std::size_t checked_group(const char* function, std::size_t group, std::size_t rows) {
  if (group % 8 != 0)
    throw std::invalid_argument(std::string(function) + ": group must be a multiple of 8, or 0 for all rows, got " +
                                std::to_string(group));
  return group == 0 || group > rows ? rows : group;
}

}  // namespace detail

QSM_INLINE PackedMatrix PackedMatrix::of_int4(const ConstMatrix& values, const ConstMatrix& scales,
                                              const std::optional<ConstMatrix>& zeros, std::size_t group) {
  const char* const function = "PackedMatrix.of_int4";
  detail::refuse_dtype(function, "values", values.dtype, values.dtype == Dtype::int8, "int8");
  PackedMatrix packed(PackedFormat::int4, values.rows, values.columns,
                      detail::checked_group(function, group, values.rows));
  packed.scales_ = packed.by_panels(scales, function, "scales");
  if (zeros) packed.zeros_ = packed.by_panels(*zeros, function, "zeros");
  if (std::ranges::all_of(packed.zeros(), [](float zero) { return zero == 8; })) packed.zeros_.clear();
  PackedAccess::fill(packed, [&](std::size_t row, std::size_t column) {
    const int value = detail::entry<std::int8_t>(values, row, column);
    if (value < 0 || value > 15)
      throw std::domain_error(std::string(function) + ": values must be in [0, 15], got " + std::to_string(value) +
                              " in row " + std::to_string(row) + ", column " + std::to_string(column));
    return static_cast<std::uint32_t>(value);
  });
  return packed;
}

QSM_INLINE PackedMatrix PackedMatrix::of_int8(const ConstMatrix& values, const ConstMatrix& scales, std::size_t group) {
  const char* const function = "PackedMatrix.of_int8";
  detail::refuse_dtype(function, "values", values.dtype, values.dtype == Dtype::int8, "int8");
  PackedMatrix packed(values);
  packed.group_ = detail::checked_group(function, group, values.rows);
  packed.scales_ = packed.by_panels(scales, function, "scales");
  return packed;
}

QSM_INLINE void PackedMatrix::unpack(const MutableMatrix& out) const {
  static constexpr Dtype dtypes[] = {Dtype::float32, Dtype::bfloat16, Dtype::float16, Dtype::int8, Dtype::int8};
  const Dtype dtype = dtypes[static_cast<int>(format_)];
  detail::refuse_size("PackedMatrix.unpack", "out", out, rows_, columns_);
  detail::refuse_dtype("PackedMatrix.unpack", "out", out.dtype, out.dtype == dtype, dtype_name(dtype).data());
  for (std::size_t row = 0; row < rows_; ++row)
    for (std::size_t column = 0; column < columns_; ++column) {
      const std::uint32_t bits = PackedAccess::stored(*this, row, column);
      if (format_ == PackedFormat::float32)
        detail::entry<float>(out, row, column) = std::bit_cast<float>(bits);
      else if (format_ == PackedFormat::bfloat16 || format_ == PackedFormat::float16)
        detail::entry<std::uint16_t>(out, row, column) = static_cast<std::uint16_t>(bits);
      else
        detail::entry<std::int8_t>(out, row, column) =
            static_cast<std::int8_t>(static_cast<int>(bits) - (format_ == PackedFormat::int8 ? 128 : 0));
    }
}

QSM_INLINE void PackedMatrix::to_dense(const MutableMatrix& out) const {
  detail::refuse_size("PackedMatrix.to_dense", "out", out, rows_, columns_);
  detail::refuse_dtype("PackedMatrix.to_dense", "out", out.dtype, out.dtype == Dtype::float32, "float32");
  const std::vector<float> all_scales = scales(), all_zeros = zeros();
  for (std::size_t row = 0; row < rows_; ++row)
    for (std::size_t column = 0; column < columns_; ++column) {
      const std::uint32_t bits = PackedAccess::stored(*this, row, column);
      const std::size_t at = group_ == 0 ? 0 : row / group_ * columns_ + column;
      const float zero = format_ == PackedFormat::int8 ? 128.0f : all_zeros.empty() ? 8.0f : all_zeros[at];
      float value = 0;
      if (format_ == PackedFormat::float32)
        value = std::bit_cast<float>(bits);
      else if (format_ == PackedFormat::bfloat16)
        value = std::bit_cast<float>(bits << 16);
      else if (format_ == PackedFormat::float16)
        value = detail::lengthen<5, 10, true>(bits);
      else
        value = (static_cast<float>(bits) - zero) * (all_scales.empty() ? 1.0f : all_scales[at]);
      detail::entry<float>(out, row, column) = value;
    }
}

}  // namespace qsm::inline v0::kernels
