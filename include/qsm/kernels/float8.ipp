#pragma once
#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <qsm/kernels/detail/matrices.hpp>
#include <qsm/kernels/float8.hpp>
#include <qsm/kernels/gemm.hpp>

namespace qsm::inline v0::kernels {

namespace detail {

inline constexpr std::size_t float8_block = 128;

/// Where the scale of each number stands: so many rows and columns share one.
struct ScaleGrid {
  std::size_t rows, columns;  // that share one
  std::size_t across, count;  // scales in a row of the grid, and in all

  ScaleGrid(std::size_t all_rows, std::size_t all_columns, std::size_t shared_rows, std::size_t shared_columns)
      : rows(shared_rows),
        columns(shared_columns),
        across((all_columns + shared_columns - 1) / shared_columns),
        count((all_rows + shared_rows - 1) / shared_rows * across) {}
  std::size_t place(std::size_t row, std::size_t column) const { return row / rows * across + column / columns; }
};

inline ScaleGrid grid_of(const ConstMatrix& matrix, Float8Scales scales, bool right) {
  const std::size_t rows = std::max<std::size_t>(1, matrix.rows), columns = std::max<std::size_t>(1, matrix.columns);
  if (scales == Float8Scales::tensor) return {rows, columns, rows, columns};
  if (scales == Float8Scales::row)
    return right ? ScaleGrid{rows, columns, rows, 1} : ScaleGrid{rows, columns, 1, columns};
  return {rows, columns, right ? float8_block : 1, float8_block};
}

inline bool is_float8(Dtype dtype) { return dtype == Dtype::float8_e4m3 || dtype == Dtype::float8_e5m2; }

inline Float8Matrix rounded_to_float8(const char* function, const char* argument, const ConstMatrix& matrix,
                                      Dtype dtype, Float8Scales scales, bool right) {
  refuse_dtype(function, argument, matrix.dtype,
               matrix.dtype == Dtype::float32 || matrix.dtype == Dtype::bfloat16 || matrix.dtype == Dtype::float16,
               "float32, bfloat16 or float16");
  refuse_dtype(function, "dtype", dtype, is_float8(dtype), "float8_e4m3 or float8_e5m2");
  const ScaleGrid grid = grid_of(matrix, scales, right);
  Float8Matrix made{std::vector<std::uint8_t>(matrix.rows * matrix.columns), std::vector<float>(grid.count)};
  const auto each = [&](auto use) {
    with_float(matrix.dtype, [&](auto number) {
      for (std::size_t r = 0; r < matrix.rows; ++r)
        for (std::size_t c = 0; c < matrix.columns; ++c)
          use(r, c, static_cast<float>(entry<decltype(number)>(matrix, r, c)));
    });
  };
  each([&](std::size_t r, std::size_t c, float value) {
    if (!std::isfinite(value)) throw std::invalid_argument(std::string(function) + ": " + argument + " must be finite");
    float& largest = made.scales[grid.place(r, c)];
    largest = std::max(largest, std::abs(value));
  });
  const bool fine = dtype == Dtype::float8_e4m3;
  for (float& scale : made.scales) scale = scale > 0 ? scale / (fine ? 448.0f : 57344.0f) : 1;
  each([&](std::size_t r, std::size_t c, float value) {
    value /= made.scales[grid.place(r, c)];
    made.bytes[r * matrix.columns + c] =
        fine ? float8_e4m3(value).bits : float8_e5m2(std::clamp(value, -57344.0f, 57344.0f)).bits;
  });
  return made;
}

/// Numbers times their scales, row by row.
inline std::vector<float> scaled(const char* argument, const ConstMatrix& matrix, std::span<const float> scales,
                                 bool right) {
  for (const Float8Scales kind : {Float8Scales::tensor, Float8Scales::row, Float8Scales::block}) {
    const ScaleGrid grid = grid_of(matrix, kind, right);
    if (scales.size() != grid.count) continue;
    std::vector<float> all(matrix.rows * matrix.columns);
    with_float(matrix.dtype, [&](auto number) {
      for (std::size_t r = 0; r < matrix.rows; ++r)
        for (std::size_t c = 0; c < matrix.columns; ++c)
          all[r * matrix.columns + c] =
              static_cast<float>(entry<decltype(number)>(matrix, r, c)) * scales[grid.place(r, c)];
    });
    return all;
  }
  throw std::invalid_argument("gemm_float8: " + std::string(argument) + " must have 1, " +
                              std::to_string(grid_of(matrix, Float8Scales::row, right).count) + " or " +
                              std::to_string(grid_of(matrix, Float8Scales::block, right).count) + " numbers, got " +
                              std::to_string(scales.size()));
}

}  // namespace detail

QSM_INLINE Float8Matrix to_float8(const ConstMatrix& x, Dtype dtype, Float8Scales scales) {
  return detail::rounded_to_float8("to_float8", "x", x, dtype, scales, false);
}

QSM_INLINE Float8Matrix weights_to_float8(const ConstMatrix& w, Dtype dtype, Float8Scales scales) {
  return detail::rounded_to_float8("weights_to_float8", "w", w, dtype, scales, true);
}

QSM_INLINE void gemm_float8(const ConstMatrix& x, const ConstMatrix& w, const MutableMatrix& y,
                            std::span<const float> x_scales, std::span<const float> w_scales,
                            const GemmOptions& options) {
  for (const auto& [name, matrix] : {std::pair{"x", &x}, std::pair{"w", &w}})
    detail::refuse_dtype("gemm_float8", name, matrix->dtype, detail::is_float8(matrix->dtype),
                         "float8_e4m3 or float8_e5m2");
  const auto left = detail::scaled("x_scales", x, x_scales, false),
             right = detail::scaled("w_scales", w, w_scales, true);
  gemm(ConstMatrix(left.data(), x.rows, x.columns), ConstMatrix(right.data(), w.rows, w.columns), y, options);
}

}  // namespace qsm::inline v0::kernels
