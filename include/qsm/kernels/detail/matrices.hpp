#pragma once
// How numbers of any Dtype are read, and what does not fit is refused.

#include <cstddef>
#include <stdexcept>
#include <string>

#include <qsm/kernels/number.hpp>

namespace qsm::inline v0::kernels::detail {

inline constexpr std::size_t panel_width = 48;  // columns that lie side by side, on every processor

inline std::string size_text(const ConstMatrix& matrix) {
  return std::to_string(matrix.rows) + " x " + std::to_string(matrix.columns);
}

inline void refuse_size(const char* function, const char* argument, const ConstMatrix& matrix, std::size_t rows,
                        std::size_t columns) {
  if (matrix.rows != rows || matrix.columns != columns)
    throw std::invalid_argument(std::string(function) + ": " + argument + " must be " + std::to_string(rows) + " x " +
                                std::to_string(columns) + ", got " + size_text(matrix));
}

inline void refuse_dtype(const char* function, const char* argument, Dtype dtype, bool allowed, const char* known) {
  if (!allowed)
    throw std::invalid_argument(std::string(function) + ": " + argument + " must be " + known + ", got " +
                                std::string(dtype_name(dtype)));
}

template <class Number>
const Number& entry(const ConstMatrix& matrix, std::size_t row, std::size_t column) {
  return static_cast<const Number*>(matrix.data)[static_cast<std::ptrdiff_t>(row) * matrix.row_stride +
                                                 static_cast<std::ptrdiff_t>(column) * matrix.column_stride];
}

template <class Number>
Number& entry(const MutableMatrix& matrix, std::size_t row, std::size_t column) {
  return const_cast<Number&>(entry<Number>(static_cast<const ConstMatrix&>(matrix), row, column));
}

/// Calls use(number) with a value of the C++ type of a float's Dtype.
template <class Use>
auto with_float(Dtype dtype, Use use) {
  switch (dtype) {
    case Dtype::bfloat16:
      return use(bfloat16());
    case Dtype::float16:
      return use(float16());
    case Dtype::float8_e4m3:
      return use(float8_e4m3());
    case Dtype::float8_e5m2:
      return use(float8_e5m2());
    default:
      return use(float());
  }
}

}  // namespace qsm::inline v0::kernels::detail
