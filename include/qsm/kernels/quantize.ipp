#pragma once
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#if __has_include(<Eigen/Cholesky>)
#include <Eigen/Cholesky>
#else  // Debian's place, where nothing says otherwise
#include <eigen3/Eigen/Cholesky>
#endif

#include <qsm/core/error.hpp>
#include <qsm/kernels/detail/matrices.hpp>
#include <qsm/kernels/gemm.hpp>
#include <qsm/kernels/quantize.hpp>
#include <qsm/sim/parallel.hpp>

namespace qsm::inline v0::kernels {

namespace detail {

/// Numbers of a matrix row by row.
struct Dense {
  std::size_t rows = 0, columns = 0;
  std::vector<float> numbers;

  Dense(std::size_t row_count, std::size_t column_count)
      : rows(row_count), columns(column_count), numbers(row_count * column_count) {}
  explicit Dense(const ConstMatrix& matrix) : Dense(matrix.rows, matrix.columns) {
    with_float(matrix.dtype, [&](auto number) {
      for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c) at(r, c) = entry<decltype(number)>(matrix, r, c);
    });
  }
  float& at(std::size_t row, std::size_t column) { return numbers[row * columns + column]; }
  float at(std::size_t row, std::size_t column) const { return numbers[row * columns + column]; }
  ConstMatrix view() const { return {numbers.data(), rows, columns}; }
  double norm() const {
    double sum = 0;
    for (const float one : numbers) sum += static_cast<double>(one) * static_cast<double>(one);
    return std::sqrt(sum);
  }
};

inline Dense product(const Dense& x, const Dense& w, int threads) {
  Dense y(x.rows, w.columns);
  gemm(x.view(), w.view(), MutableMatrix(y.numbers.data(), y.rows, y.columns), {.threads = threads});
  return y;
}

/// Integers, with a scale and a zero point for each group and column.
struct Integers {
  std::size_t group;
  int bits;
  bool zero_points;
  std::vector<std::int8_t> values;
  Dense scales, zeros;

  Integers(std::size_t rows, std::size_t columns, const QuantizeOptions& options)
      : group(options.group == 0 ? rows : std::min<std::size_t>(options.group, rows)),
        bits(options.bits),
        zero_points(options.zero_points),
        values(rows * columns),
        scales((rows + group - 1) / group, columns),
        zeros(scales.rows, columns) {}

  /// The step and zero point for a group of a column with this range.
  void set_scale(std::size_t row, std::size_t column, float least, float most) {
    float step, zero = bits == 4 ? 8 : 0;
    if (zero_points) {
      least = std::min(least, 0.0f);  // a zero stays one
      step = (std::max(most, 0.0f) - least) / 15;
      zero = step > 0 ? std::round(-least / step) : 0;
    } else {
      step = std::max(most, -least) / (bits == 4 ? 7.0f : 127.0f);
    }
    scales.at(row / group, column) = step > 0 ? step : 1;
    zeros.at(row / group, column) = zero;
  }
  /// Makes an integer of a number, and gives what it stands for.
  double round(std::size_t row, std::size_t column, double number) {
    const double step = static_cast<double>(scales.at(row / group, column)),
                 zero = static_cast<double>(zeros.at(row / group, column));
    const double low = bits == 4 ? 0 : -127, high = bits == 4 ? 15 : 127;
    const double whole = std::clamp(std::nearbyint(number / step) + zero, low, high);
    values[row * scales.columns + column] = static_cast<std::int8_t>(whole);
    return (whole - zero) * step;
  }
  PackedMatrix packed(std::size_t rows) const {
    const ConstMatrix whole(values.data(), rows, scales.columns);
    const std::size_t given = group == rows ? 0 : group;
    if (bits == 8) return PackedMatrix::of_int8(whole, scales.view(), given);
    return PackedMatrix::of_int4(whole, scales.view(),
                                 zero_points ? std::optional<ConstMatrix>(zeros.view()) : std::nullopt, given);
  }
};

/// The range of a group in one column: of the rows from `row` on, as `number(row)` gives them.
template <class Numbers>
void set_range(Integers& integers, std::size_t row, std::size_t rows, std::size_t column, Numbers number) {
  float least = number(row), most = least;
  for (std::size_t r = row; r < std::min(rows, row + integers.group); ++r) {
    least = std::min(least, number(r));
    most = std::max(most, number(r));
  }
  integers.set_scale(row, column, least, most);
}

inline PackedMatrix round_to_nearest(const Dense& w, const QuantizeOptions& options) {
  Integers integers(w.rows, w.columns, options);
  for (std::size_t c = 0; c < w.columns; ++c)
    for (std::size_t r = 0; r < w.rows; ++r) {
      if (r % integers.group == 0) set_range(integers, r, w.rows, c, [&](std::size_t k) { return w.at(k, c); });
      integers.round(r, c, static_cast<double>(w.at(r, c)));
    }
  return integers.packed(w.rows);
}

/// U, upper triangular, of H^-1 = Uᵀ U, where H are the summed squares of the inputs with some damping.
inline Eigen::MatrixXd inverse_factor(const Dense& x, double damping) {
  using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto size = static_cast<Eigen::Index>(x.columns);
  const Eigen::MatrixXd inputs =
      Eigen::Map<const Rows>(x.numbers.data(), static_cast<Eigen::Index>(x.rows), size).cast<double>();
  Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(size, size);
  squares.selfadjointView<Eigen::Lower>().rankUpdate(inputs.transpose());
  squares = Eigen::MatrixXd(squares.selfadjointView<Eigen::Lower>());
  for (Eigen::Index i = 0; i < size; ++i)
    if (squares(i, i) == 0) squares(i, i) = 1;  // an input that is always zero: its weight does not matter
  squares.diagonal().array() += damping * squares.diagonal().mean();
  // H = R Rᵀ with R upper triangular is the factorization of H read backwards, and U = R^-1.
  const Eigen::MatrixXd backwards = squares.reverse();
  const Eigen::LLT<Eigen::MatrixXd> factors(backwards);
  if (factors.info() != Eigen::Success)
    throw std::invalid_argument("quantize: the squares of the inputs are no positive matrix; more damping is needed");
  Eigen::MatrixXd inverse = Eigen::MatrixXd::Identity(size, size);
  factors.matrixL().solveInPlace(inverse);
  return inverse.reverse();
}

inline PackedMatrix by_gptq(const Dense& w, const Dense& x, const QuantizeOptions& options) {
  const Eigen::MatrixXd factor = inverse_factor(x, options.damping);
  const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows_of_factor = factor;
  Integers integers(w.rows, w.columns, options);
  constexpr std::size_t strip = 64;  // columns, which do not depend on each other
  sim::parallel_for((w.columns + strip - 1) / strip, options.threads, [&](std::size_t part) {
    const std::size_t first = part * strip, columns = std::min(strip, w.columns - first);
    std::vector<double> left(w.rows * strip);
    for (std::size_t r = 0; r < w.rows; ++r)
      for (std::size_t c = 0; c < columns; ++c) left[r * strip + c] = static_cast<double>(w.at(r, first + c));
    for (std::size_t r = 0; r < w.rows; ++r) {
      if (r % integers.group == 0)
        for (std::size_t c = 0; c < columns; ++c)
          set_range(integers, r, w.rows, first + c,
                    [&](std::size_t k) { return static_cast<float>(left[k * strip + c]); });
      const double* const row = rows_of_factor.data() + r * w.rows;
      double lost[strip] = {};
      for (std::size_t c = 0; c < columns; ++c) {
        const double number = left[r * strip + c];
        lost[c] = (number - integers.round(r, first + c, number)) / row[r];
      }
      for (std::size_t later = r + 1; later < w.rows; ++later) {
        double* const to = left.data() + later * strip;
        const double share = row[later];
        for (std::size_t c = 0; c < strip; ++c) to[c] -= share * lost[c];
      }
    }
  });
  return integers.packed(w.rows);
}

inline void refuse_weights(const char* function, const ConstMatrix& w) {
  refuse_dtype(function, "w", w.dtype,
               w.dtype == Dtype::float32 || w.dtype == Dtype::bfloat16 || w.dtype == Dtype::float16,
               "float32, bfloat16 or float16");
}

inline void refuse_inputs(const char* function, const std::optional<ConstMatrix>& inputs, std::size_t rows) {
  if (!inputs) return;
  refuse_dtype(function, "inputs", inputs->dtype,
               inputs->dtype == Dtype::float32 || inputs->dtype == Dtype::bfloat16 || inputs->dtype == Dtype::float16,
               "float32, bfloat16 or float16");
  if (inputs->rows == 0) throw std::invalid_argument(std::string(function) + ": inputs must have a row");
  refuse_size(function, "inputs", *inputs, inputs->rows, rows);
}

inline QuantizationError error_of(const Dense& w, const PackedMatrix& quantized, const Dense* x,
                                  std::span<const float> input_scales, int threads) {
  Dense lost(w.rows, w.columns), half(w.rows, w.columns);
  quantized.to_dense(MutableMatrix(lost.numbers.data(), w.rows, w.columns));
  const std::vector<float> scales = quantized.scales();
  QuantizationError error{0, 0, 0, std::nullopt, std::nullopt};
  for (std::size_t r = 0; r < w.rows; ++r)
    for (std::size_t c = 0; c < w.columns; ++c) {
      const float divided = input_scales.empty() ? 1.0f : input_scales[r];
      lost.at(r, c) = lost.at(r, c) / divided - w.at(r, c);
      error.largest = std::max(error.largest, std::abs(static_cast<double>(lost.at(r, c))));
      if (scales.empty()) continue;
      half.at(r, c) = std::abs(scales[r / quantized.group() * w.columns + c]) / divided / 2;
      error.half_step = std::max(error.half_step, static_cast<double>(half.at(r, c)));
    }
  const auto relative = [](double part, double whole) { return part == 0 ? 0.0 : part / whole; };
  error.weights = relative(lost.norm(), w.norm());
  if (x != nullptr) {
    const double results = product(*x, w, threads).norm();
    error.results = relative(product(*x, lost, threads).norm(), results);
    Dense sizes = *x;
    for (float& one : sizes.numbers) one = std::abs(one);
    error.results_bound = relative(product(sizes, half, threads).norm(), results);
  }
  return error;
}

/// Weights with their inputs' scales, for the power of the mean magnitudes that loses least.
inline std::pair<PackedMatrix, std::vector<float>> by_awq(const Dense& w, const Dense& x,
                                                          const QuantizeOptions& options) {
  std::vector<double> magnitudes(w.rows);
  for (std::size_t r = 0; r < x.rows; ++r)
    for (std::size_t k = 0; k < w.rows; ++k)
      magnitudes[k] += std::abs(static_cast<double>(x.at(r, k))) / static_cast<double>(x.rows);
  std::optional<std::pair<PackedMatrix, std::vector<float>>> best;
  double least = 0;
  for (int step = 0; step <= 20; ++step) {
    std::vector<float> scales(w.rows, 1);
    double low = INFINITY, high = 0;
    for (std::size_t k = 0; k < w.rows; ++k) {
      const double scale = magnitudes[k] > 0 ? std::pow(magnitudes[k], step / 20.0) : 1;
      scales[k] = static_cast<float>(std::clamp(scale, 1e-4, 1e4));
      low = std::min(low, static_cast<double>(scales[k]));
      high = std::max(high, static_cast<double>(scales[k]));
    }
    for (float& scale : scales) scale /= static_cast<float>(std::sqrt(low * high));
    if (step == 0) std::fill(scales.begin(), scales.end(), 1.0f);
    Dense scaled = w;
    for (std::size_t k = 0; k < w.rows; ++k)
      for (std::size_t c = 0; c < w.columns; ++c) scaled.at(k, c) *= scales[k];
    PackedMatrix packed = round_to_nearest(scaled, options);
    Dense lost(w.rows, w.columns);
    packed.to_dense(MutableMatrix(lost.numbers.data(), w.rows, w.columns));
    for (std::size_t k = 0; k < w.rows; ++k)
      for (std::size_t c = 0; c < w.columns; ++c) lost.at(k, c) = lost.at(k, c) / scales[k] - w.at(k, c);
    const double error = product(x, lost, options.threads).norm();
    if (best && error >= least) continue;
    least = error;
    best.emplace(std::move(packed), std::move(scales));
  }
  return std::move(*best);
}

}  // namespace detail

QSM_INLINE QuantizedWeights quantize(const ConstMatrix& w, QuantizeMethod method,
                                     const std::optional<ConstMatrix>& inputs, const QuantizeOptions& options) {
  const auto refuse = [](const std::string& text) { throw std::invalid_argument("quantize: " + text); };
  detail::refuse_weights("quantize", w);
  if (w.rows == 0 || w.columns == 0) refuse("w must have rows and columns, got " + detail::size_text(w));
  detail::refuse_inputs("quantize", inputs, w.rows);
  if (options.bits != 4 && options.bits != 8) refuse("bits must be 4 or 8, got " + std::to_string(options.bits));
  if (options.bits == 8 && options.zero_points) refuse("zero_points are for 4 bits");
  if (options.group % 8 != 0) refuse("group must be a multiple of 8, got " + std::to_string(options.group));
  if (options.threads < 0) refuse("threads must be >= 0, got " + std::to_string(options.threads));
  Check("quantize").positive("damping", options.damping);
  if (method != QuantizeMethod::nearest && !inputs) refuse("inputs are needed by gptq and awq");
  const detail::Dense weights(w);
  std::optional<detail::Dense> x;
  if (inputs) x.emplace(*inputs);
  if (!std::isfinite(weights.norm())) refuse("w must be finite");
  if (x && !std::isfinite(x->norm())) refuse("inputs must be finite");
  std::vector<float> input_scales;
  std::optional<PackedMatrix> packed;
  if (method == QuantizeMethod::awq) {
    auto [best, scales] = detail::by_awq(weights, *x, options);
    packed.emplace(std::move(best));
    input_scales = std::move(scales);
  } else {
    packed.emplace(method == QuantizeMethod::gptq ? detail::by_gptq(weights, *x, options)
                                                  : detail::round_to_nearest(weights, options));
  }
  const auto error = detail::error_of(weights, *packed, x ? &*x : nullptr, input_scales, options.threads);
  return {std::move(*packed), std::move(input_scales), error};
}

QSM_INLINE QuantizationError quantization_error(const ConstMatrix& w, const PackedMatrix& quantized,
                                                const std::optional<ConstMatrix>& inputs,
                                                const std::vector<float>& input_scales) {
  const auto refuse = [](const std::string& text) { throw std::invalid_argument("quantization_error: " + text); };
  detail::refuse_weights("quantization_error", w);
  detail::refuse_size("quantization_error", "w", w, quantized.rows(), quantized.columns());
  detail::refuse_inputs("quantization_error", inputs, w.rows);
  if (!input_scales.empty() && input_scales.size() != w.rows)
    refuse("input_scales must have " + std::to_string(w.rows) + " numbers, got " + std::to_string(input_scales.size()));
  for (const float scale : input_scales)
    if (!(scale > 0) || !std::isfinite(scale)) refuse("input_scales must be finite and > 0");
  std::optional<detail::Dense> x;
  if (inputs) x.emplace(*inputs);
  return detail::error_of(detail::Dense(w), quantized, x ? &*x : nullptr, input_scales, 0);
}

}  // namespace qsm::inline v0::kernels
