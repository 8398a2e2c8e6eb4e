#pragma once
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include <qsm/kernels/detail/level_kernels.hpp>
#include <qsm/kernels/detail/packed_access.hpp>
#include <qsm/kernels/gemm.hpp>
#include <qsm/sim/parallel.hpp>

namespace qsm::inline v0::kernels {

namespace detail {

/// How a product is made: what the tiles multiply, and how stored words become theirs.
struct Way {
  MultiplyPanel multiply;
  Expand expand;              // nothing where stored words are ready
  std::size_t rows_per_word;  // rows of w in a word of the tiles
  bool integers;              // sums are int32, of right-hand sides without a sign, too large by the middle
};

/// What right-hand sides of integers are too large by in the tiles.
constexpr std::int32_t middle_of(Format format) { return format == Format::int8 ? 128 : 8; }

inline Way way_of(Dtype left, Format format, bool quantized) {
  const GemmKernels& kernels = gemm_kernels();
  using enum PackedFormat;
  if (left == Dtype::int8 || quantized) {
    if (format == int8) return {kernels.multiply_int8, nullptr, 4, true};
    return {kernels.multiply_int4, kernels.int4_to_int8, 4, true};
  }
  if (left == Dtype::bfloat16) {
    if (format == bfloat16) return {kernels.multiply_bfloat16, nullptr, 2, false};
    if (format == int8) return {kernels.multiply_bfloat16, kernels.int8_to_bfloat16, 2, false};
    if (format == int4) return {kernels.multiply_bfloat16, kernels.int4_to_bfloat16, 2, false};
  }
  const Expand to_float32[] = {nullptr, kernels.bfloat16_to_float32, kernels.float16_to_float32,
                               kernels.int8_to_float32, kernels.int4_to_float32};
  return {kernels.multiply_float32, to_float32[static_cast<int>(format)], 1, false};
}

/// x in the words that the tiles take, and what zero points need to know of it.
struct Left {
  std::vector<std::uint32_t> own;
  const std::uint32_t* words = nullptr;
  std::size_t stride = 0;                // words from a row to the next
  std::vector<float> sums;               // of each row and group, where w has zero points
  std::vector<std::int32_t> whole_sums;  // of each row and group, of integers
  std::vector<float> scales;             // of each row, where it was rounded here
};

inline float load_float(const ConstMatrix& matrix, std::size_t row, std::size_t column) {
  return with_float(matrix.dtype,
                    [&](auto number) { return static_cast<float>(entry<decltype(number)>(matrix, row, column)); });
}

/// A row of x as floats.
inline void read_row(const ConstMatrix& x, std::size_t row, float* out) {
  with_float(x.dtype, [&](auto number) {
    for (std::size_t k = 0; k < x.columns; ++k) out[k] = entry<decltype(number)>(x, row, k);
  });
}

/// A row of integers that stand for the row's numbers divided by the scale that is returned.
inline float quantize_row(std::span<const float> row, std::int8_t* out) {
  const GemmKernels& kernels = gemm_kernels();
  const float largest = kernels.largest(row.data(), row.size());
  kernels.round_to_int8(row.data(), row.size(), largest > 0 ? 127 / largest : 0, out);
  return largest / 127;
}

/// The order in which rows of int4 come out of their words as bytes.
inline constexpr std::size_t int4_order[] = {0, 4, 1, 5, 2, 6, 3, 7};

inline Left left_of(const ConstMatrix& x, const PackedMatrix& w, const Way& way, const GemmOptions& options) {
  Left left;
  const bool fours = w.format() == Format::int4;
  const std::size_t group = w.group() == 0 ? x.columns : w.group(), groups = (x.columns + group - 1) / group;
  left.stride = PackedAccess::depth(w) * (rows_per_word(w.format()) / way.rows_per_word);
  const bool in_place = x.column_stride == 1 && !options.quantize_rows && !(way.integers && fours) &&
                        left.stride * way.rows_per_word == x.columns && dtype_size(x.dtype) * way.rows_per_word == 4 &&
                        x.row_stride >= 0 && static_cast<std::size_t>(x.row_stride) % way.rows_per_word == 0 &&
                        reinterpret_cast<std::uintptr_t>(x.data) % 4 == 0;
  if (in_place) {
    left.words = static_cast<const std::uint32_t*>(x.data);
    left.stride = static_cast<std::size_t>(x.row_stride) / way.rows_per_word;
    if (!way.integers && !w.has_zeros()) return left;
  } else {
    left.own.resize(x.rows * left.stride);
    left.words = left.own.data();
  }
  std::vector<float> row(x.columns);
  std::vector<std::int8_t> whole(way.integers ? left.stride * 4 : 0);
  const auto sum_groups = [&](const auto& numbers, auto& sums, auto zero) {
    for (std::size_t first = 0; first < x.columns; first += group) {
      auto sum = zero;
      for (std::size_t k = first; k < std::min(x.columns, first + group); ++k) sum += numbers[k];
      sums.push_back(static_cast<typename std::remove_cvref_t<decltype(sums)>::value_type>(sum));
    }
  };
  for (std::size_t r = 0; r < x.rows; ++r) {
    std::uint32_t* const to = in_place ? nullptr : left.own.data() + r * left.stride;
    if (way.integers) {
      if (x.dtype == Dtype::int8) {
        for (std::size_t k = 0; k < x.columns; ++k) whole[k] = entry<std::int8_t>(x, r, k);
      } else {
        read_row(x, r, row.data());
        left.scales.push_back(quantize_row(row, whole.data()));
      }
      sum_groups(whole, left.whole_sums, std::int32_t{0});
      if (w.has_zeros())
        left.sums.insert(left.sums.end(), left.whole_sums.end() - static_cast<std::ptrdiff_t>(groups),
                         left.whole_sums.end());
      if (to == nullptr) continue;
      auto* const bytes = reinterpret_cast<std::int8_t*>(to);
      for (std::size_t k = 0; k < whole.size(); ++k) bytes[k] = whole[fours ? k / 8 * 8 + int4_order[k % 8] : k];
      continue;
    }
    read_row(x, r, row.data());
    if (w.has_zeros()) sum_groups(row, left.sums, 0.0);
    for (std::size_t k = 0; to != nullptr && k < x.columns; ++k)
      if (way.rows_per_word == 1)
        to[k] = std::bit_cast<std::uint32_t>(row[k]);
      else
        to[k / 2] |= std::bit_cast<std::uint32_t>(row[k]) >> 16 << (k % 2 * 16);
  }
  return left;
}

inline float activated(Activation activation, float value) {
  switch (activation) {
    case Activation::relu:
      return std::max(0.0f, value);
    case Activation::silu:
      return value / (1 + std::exp(-value));
    case Activation::gelu:
      return value * 0.5f * std::erfc(value * -0.70710678f);
    case Activation::none:
      break;
  }
  return value;
}

inline constexpr std::size_t rows_at_once = 256;   // rows of x that go with a panel
inline constexpr std::size_t rows_of_sums = 32;    // rows whose sums of a group stay in the nearest cache
inline constexpr std::size_t words_at_once = 256;  // words down a panel

/// What one thread works with.
struct Workspace {
  std::vector<float> out = std::vector<float>(rows_at_once * panel_width);
  std::vector<float> sums = std::vector<float>(rows_of_sums * panel_width);
  std::vector<std::uint32_t> words = std::vector<std::uint32_t>(2 * words_at_once * panel_width);
};

/// out = x w for some rows and one panel; `out` has panel_width numbers for a row, int32 where w has no scales and the
/// tiles are of integers.
inline void multiply_block(const Left& left, const PackedMatrix& w, const Way& way, std::size_t first_row,
                           std::size_t rows, std::size_t panel, Workspace& space) {
  const GemmKernels& kernels = gemm_kernels();
  const AddScaled add_scaled = way.integers ? kernels.add_scaled_int32 : kernels.add_scaled_float32;
  const std::size_t columns = std::min(panel_width, w.columns() - panel * panel_width);
  const std::size_t stored_rows = rows_per_word(w.format()), made = stored_rows / way.rows_per_word;
  const std::size_t depth = PackedAccess::depth(w), groups = PackedAccess::groups(w);
  const std::size_t group_steps = groups <= 1 ? depth : w.group() / stored_rows;
  // Stored steps that are made ready together: for few rows of x the nearest cache should hold them. A group is cut only
  // where it is longer than the most there can be, so that rows are summed alike in every batch.
  const std::size_t most = words_at_once / made;
  std::size_t block = rows < 32 && made > 1 ? most / 4 : most;
  if (groups > 1 && group_steps > block) block = std::min(group_steps, most);
  const std::uint32_t* const words = PackedAccess::words(w, panel);
  const auto end = [&](std::size_t row, std::size_t some, std::size_t group, bool first, bool last, const float* sums,
                       float* out) {
    const std::size_t at = (first_row + row) * groups + group, of_panel = group * panel_width;
    float zeros[panel_width];
    if (last && w.has_zeros())
      for (std::size_t i = 0; i < panel_width; ++i) zeros[i] = PackedAccess::zeros(w, panel)[of_panel + i] - 8;
    add_scaled(
        sums, some,
        {PackedAccess::scales(w, panel) + of_panel, last && w.has_zeros() ? zeros : nullptr, left.sums.data() + at,
         first && way.integers ? left.whole_sums.data() + at : nullptr, groups, middle_of(w.format())},
        out);
  };
  const bool one_group = groups <= 1;
  if (!one_group) std::fill_n(space.out.begin(), rows * panel_width, 0.0f);
  for (std::size_t step = 0, steps; step < depth; step += steps) {
    steps = std::min(depth - step, block);
    if (!one_group && group_steps <= steps) steps -= steps % group_steps;  // whole groups, or
    if (!one_group && group_steps > block) steps = std::min(steps, group_steps - step % group_steps);  // a part of one
    const std::uint32_t* ready = words + step * panel_width;
    if (way.expand != nullptr) {
      way.expand(ready, steps, space.words.data());
      ready = space.words.data();
    }
    const std::uint32_t* const a = left.words + first_row * left.stride + step * made;
    if (one_group) {
      way.multiply(a, left.stride, rows, ready, columns, steps * made, space.out.data(), step == 0);
      continue;
    }
    for (std::size_t inner = 0, part; inner < steps; inner += part) {
      const std::size_t group = (step + inner) / group_steps, in_group = (step + inner) % group_steps;
      part = std::min(steps - inner, group_steps - in_group);
      const bool last = in_group + part == group_steps || step + inner + part == depth;
      for (std::size_t row = 0; row < rows; row += rows_of_sums) {
        const std::size_t some = std::min(rows_of_sums, rows - row);
        float* const sums = space.sums.data();
        way.multiply(a + row * left.stride + inner * made, left.stride, some, ready + inner * made * panel_width,
                     columns, part * made, sums, true);
        end(row, some, group, in_group == 0, last, sums, space.out.data() + row * panel_width);
      }
    }
  }
  if (groups == 1)
    for (std::size_t row = 0; row < rows; row += rows_of_sums) {
      const std::size_t some = std::min(rows_of_sums, rows - row);
      float* const out = space.out.data() + row * panel_width;
      std::copy_n(out, some * panel_width, space.sums.data());
      std::fill_n(out, some * panel_width, 0.0f);
      end(row, some, 0, true, true, space.sums.data(), out);
    }
}

/// Stores a block of results in y.
inline void store_block(const Left& left, const MutableMatrix& y, const GemmOptions& options, std::size_t first_row,
                        std::size_t rows, std::size_t panel, bool exact, const Workspace& space) {
  const std::size_t first = panel * panel_width, columns = std::min(panel_width, y.columns - first);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t r = first_row + row;
    const float* const sums = space.out.data() + row * panel_width;
    if (exact) {
      for (std::size_t c = 0; c < columns; ++c)
        entry<std::int32_t>(y, r, first + c) = std::bit_cast<std::int32_t>(sums[c]) - 128 * left.whole_sums[r];
      continue;
    }
    float scale = left.scales.empty() ? 1.0f : left.scales[r];
    if (!options.row_scales.empty()) scale *= options.row_scales[r];
    float values[panel_width];
    for (std::size_t c = 0; c < columns; ++c) values[c] = sums[c] * scale;
    if (!options.bias.empty())
      for (std::size_t c = 0; c < columns; ++c) values[c] += options.bias[first + c];
    if (options.activation != Activation::none)
      for (std::size_t c = 0; c < columns; ++c) values[c] = activated(options.activation, values[c]);
    if (options.gate)
      for (std::size_t c = 0; c < columns; ++c) values[c] *= load_float(*options.gate, r, first + c);
    if (options.residual)
      for (std::size_t c = 0; c < columns; ++c) values[c] += load_float(*options.residual, r, first + c);
    with_float(y.dtype, [&](auto number) {
      using Number = decltype(number);
      for (std::size_t c = 0; c < columns; ++c) entry<Number>(y, r, first + c) = Number(values[c]);
    });
  }
}

inline void check_gemm(const ConstMatrix& x, const PackedMatrix& w, const MutableMatrix& y, const GemmOptions& options,
                       bool exact) {
  const auto refuse = [](const std::string& text) { throw std::invalid_argument("gemm: " + text); };
  if (x.columns != w.rows())
    refuse("x is " + size_text(x) + " and w is " + std::to_string(w.rows()) + " x " + std::to_string(w.columns()) +
           ": x must have as many columns as w has rows");
  refuse_size("gemm", "y", y, x.rows, w.columns());
  const bool whole = w.format() == PackedFormat::int8 || w.format() == PackedFormat::int4;
  refuse_dtype("gemm", "x", x.dtype,
               x.dtype == Dtype::float32 || x.dtype == Dtype::bfloat16 || x.dtype == Dtype::float16 ||
                   (x.dtype == Dtype::int8 && whole),
               whole ? "float32, bfloat16, float16 or int8" : "float32, bfloat16 or float16 for this w");
  if (exact)
    refuse_dtype("gemm", "y", y.dtype, y.dtype == Dtype::int32, "int32 where x and w are int8 without scales");
  else
    refuse_dtype("gemm", "y", y.dtype,
                 y.dtype == Dtype::float32 || y.dtype == Dtype::bfloat16 || y.dtype == Dtype::float16,
                 "float32, bfloat16 or float16");
  const bool integers = x.dtype == Dtype::int8 || options.quantize_rows;
  if (options.quantize_rows && !whole) refuse("quantize_rows needs a w of integers");
  if (options.quantize_rows && x.dtype == Dtype::int8) refuse("quantize_rows needs a floating x, got int8");
  if (options.quantize_rows && w.group() == 0) refuse("quantize_rows needs a w with scales");
  if (integers && x.columns > 131072)
    refuse("sums of int8 products are exact for at most 131072 rows of w, got " + std::to_string(x.columns));
  if (!options.bias.empty() && options.bias.size() != w.columns())
    refuse("bias must have " + std::to_string(w.columns()) + " numbers, got " + std::to_string(options.bias.size()));
  if (!options.row_scales.empty() && options.row_scales.size() != x.rows)
    refuse("row_scales must have " + std::to_string(x.rows) + " numbers, got " +
           std::to_string(options.row_scales.size()));
  if (!options.row_scales.empty() && x.dtype != Dtype::int8) refuse("row_scales are for an x of int8");
  if (exact && (!options.bias.empty() || options.activation != Activation::none || options.gate || options.residual ||
                !options.row_scales.empty()))
    refuse("a product of integers without scales takes no bias, activation, gate, residual or row_scales");
  for (const auto& [name, matrix] : {std::pair{"gate", &options.gate}, std::pair{"residual", &options.residual}})
    if (*matrix) {
      refuse_size("gemm", name, **matrix, x.rows, w.columns());
      refuse_dtype("gemm", name, (*matrix)->dtype,
                   (*matrix)->dtype == Dtype::float32 || (*matrix)->dtype == Dtype::bfloat16, "float32 or bfloat16");
    }
  if (options.threads < 0) refuse("threads must be >= 0, got " + std::to_string(options.threads));
}

}  // namespace detail

QSM_INLINE void gemm(const ConstMatrix& x, const PackedMatrix& w, const MutableMatrix& y, const GemmOptions& options) {
  const bool exact = x.dtype == Dtype::int8 && w.format() == PackedFormat::int8 && w.group() == 0;
  detail::check_gemm(x, w, y, options, exact);
  if (x.rows == 0) return;
  const detail::Way way = detail::way_of(x.dtype, w.format(), options.quantize_rows);
  const detail::Left left = detail::left_of(x, w, way, options);
  const std::size_t panels = (w.columns() + detail::panel_width - 1) / detail::panel_width;
  const std::size_t blocks = (x.rows + detail::rows_at_once - 1) / detail::rows_at_once;
  const std::size_t work = x.rows * w.rows() * w.columns();
  const int threads = work < (std::size_t{1} << 18) ? 1 : options.threads;
  sim::parallel_for(blocks * panels, threads, [&](std::size_t piece) {
    thread_local detail::Workspace space;
    const std::size_t first = piece / panels * detail::rows_at_once, panel = piece % panels;
    const std::size_t rows = std::min(detail::rows_at_once, x.rows - first);
    detail::multiply_block(left, w, way, first, rows, panel, space);
    detail::store_block(left, y, options, first, rows, panel, exact, space);
  });
}

QSM_INLINE void gemm(const ConstMatrix& x, const ConstMatrix& w, const MutableMatrix& y, const GemmOptions& options) {
  gemm(x, PackedMatrix(w), y, options);
}

}  // namespace qsm::inline v0::kernels
