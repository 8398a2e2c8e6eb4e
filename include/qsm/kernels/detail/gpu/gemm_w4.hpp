#pragma once
/// @file
/// The product with weights of 4 bits on the GPU, which reads the words of a PackedMatrix as they are.

#include <qsm/kernels/detail/gpu/gemm.hpp>

namespace qsm::inline v0::kernels::detail::gpu {

inline constexpr std::uint32_t w4_panel = 48;     // columns of a panel of the PackedMatrix
inline constexpr std::uint32_t w4_rows = 64;      // of a block
inline constexpr std::uint32_t w4_columns = 96;   // two panels
inline constexpr std::uint32_t w4_threads = 256;  // 4 x 2 warps with 16 x 48 sums each
inline constexpr std::uint32_t w4_depth = 64;     // of a stage: a panel of x, 8 words of each column
inline constexpr std::uint32_t w4_stages = 4;
inline constexpr std::uint32_t w4_x_bytes = w4_rows * w4_depth * 2;
inline constexpr std::uint32_t w4_panel_bytes = w4_depth / 8 * w4_panel * 4;
inline constexpr std::uint32_t w4_stage_bytes = rounded_up(w4_x_bytes + 2 * w4_panel_bytes, atom_bytes);
inline constexpr std::uint32_t w4_shared = w4_stages * w4_stage_bytes + atom_bytes;

template <class Machine, class Number>
struct GemmW4Arguments : GemmArguments<Machine, Number> {
  typename Machine::template Global<const std::uint32_t> words{};  // panel, 8 rows, column
  typename Machine::template Global<const float> scales{};         // panel, group, column
  std::uint32_t group = 0;                                         // rows of a group, a multiple of 16
};

/// A word has 8 rows of a column in the order of the tensor core: a lane's two are one shift and one mask. The product of x
/// and the integers is exact until it is summed; a group's sums are scaled when the group ends.
template <class Number, class Machine>
QSM_DEVICE typename Machine::Role gemm_w4(Machine machine, const GemmW4Arguments<Machine, Number>& arguments) {
  const std::uint32_t thread = machine.thread(), lane = thread % warp_lanes, warp = thread / warp_lanes;
  const std::uint32_t first_row = machine.block(1) * w4_rows, first_column = machine.block(0) * w4_columns;
  const std::uint32_t warp_row = warp / 2 * 16, half = warp % 2;
  const std::uint32_t shared = rounded_up(machine.shared(), atom_bytes);
  const std::uint32_t steps = ceiling(arguments.depth, w4_depth), words = ceiling(arguments.depth, 8);
  const std::uint32_t groups = ceiling(arguments.depth, arguments.group);
  const std::uint32_t panels = ceiling(arguments.columns, w4_panel), panel = machine.block(0) * 2 + half;
  const auto begin = [&](std::uint32_t step) {
    const std::uint32_t at = shared + step % w4_stages * w4_stage_bytes;
    copy_panels<w4_threads, w4_rows, w4_depth, Machine, Number>(machine, at, arguments.x, arguments.x_stride, first_row,
                                                                step * w4_depth, arguments.rows, arguments.depth);
    constexpr std::uint32_t chunks = w4_panel_bytes / 16;
    if (thread < 2 * chunks) {
      const std::uint32_t of = machine.block(0) * 2 + thread / chunks,
                          word = step * (w4_depth / 8) + thread % chunks / 12;
      const bool there = of < panels && word < words;
      machine.template copy_16<std::uint32_t>(at + w4_x_bytes + thread * 16, arguments.words,
                                              there ? (std::size_t{of} * words + word) * w4_panel + thread % 12 * 4 : 0,
                                              there ? 16 : 0);
    }
  };
  for (std::uint32_t step = 0; step + 1 < w4_stages; ++step) {
    if (step < steps) begin(step);
    machine.copy_commit();
  }
  float sums[6][4], part[6][4];
  QSM_UNROLL
  for (std::uint32_t j = 0; j < 6; ++j) QSM_UNROLL
  for (std::uint32_t c = 0; c < 4; ++c) sums[j][c] = part[j][c] = 0;

  for (std::uint32_t step = 0; step < steps; ++step) {
    machine.template copy_wait<w4_stages - 2>();
    QSM_AWAIT machine.sync_block();  // this step's tiles are there, and all have left those of the last step
    if (step + w4_stages - 1 < steps) begin(step + w4_stages - 1);
    machine.copy_commit();
    const std::uint32_t x_at = shared + step % w4_stages * w4_stage_bytes;
    const std::uint32_t w_at = x_at + w4_x_bytes + half * w4_panel_bytes;
    QSM_UNROLL
    for (std::uint32_t k = 0; k < w4_depth; k += 16) {
      std::uint32_t x[4];
      QSM_AWAIT machine.load_matrix(x, panel_address(x_at, w4_rows, warp_row + lane % 16, k + lane / 16 * 8));
      QSM_UNROLL
      for (std::uint32_t j = 0; j < 6; ++j) {
        std::uint32_t w[2];
        QSM_UNROLL
        for (std::uint32_t i = 0; i < 2; ++i)
          w[i] = machine.template from_fours<Number>(
              machine.template load_shared<std::uint32_t>(w_at + ((k / 8 + i) * w4_panel + j * 8 + lane / 4) * 4) >>
              lane % 4 * 4);
        QSM_AWAIT machine.template multiply<Number>(part[j], x, w);
      }
      const std::uint32_t done = step * w4_depth + k + 16;
      if (done % arguments.group == 0 || (done >= arguments.depth && done < arguments.depth + 16)) {
        const std::uint32_t group = smaller((done - 1) / arguments.group, groups - 1);
        QSM_UNROLL
        for (std::uint32_t j = 0; j < 6; ++j) QSM_UNROLL
        for (std::uint32_t c = 0; c < 4; ++c) {
          const float scale = panel < panels
                                  ? machine.load(arguments.scales, (std::size_t{panel} * groups + group) * w4_panel +
                                                                       j * 8 + fragment_column(lane, c % 2))
                                  : 0.0f;
          sums[j][c] += scale * part[j][c];
          part[j][c] = 0;
        }
      }
    }
  }
  machine.template copy_wait<0>();
  QSM_AWAIT machine.sync_block();
  QSM_UNROLL
  for (std::uint32_t j = 0; j < 6; ++j)
    stage_fragment(machine, shared, lane, warp_row, half * w4_panel + j * 8, sums[j]);
  QSM_AWAIT machine.sync_block();
  store_staged<w4_columns, Machine, Number>(machine, arguments, shared, thread, w4_threads, w4_rows, first_row,
                                            first_column);
}

}  // namespace qsm::inline v0::kernels::detail::gpu
