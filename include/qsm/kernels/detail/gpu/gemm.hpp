#pragma once
/// @file
/// The texts of the matrix products on the GPU, from the plainest to the fastest: y = activation(x w + bias) * gate + residual.
///
/// x is M x K, rows follow each other. w is K x N ("by rows" of K), or is given as its transpose, N x K, as layers of
/// networks keep it. Sums are float32, of exact products, in an order that depends on K alone: a row of y does not depend
/// on the other rows.

#include <qsm/kernels/detail/gpu/machine.hpp>

namespace qsm::inline v0::kernels::detail::gpu {

/// What every version takes. Strides are in numbers.
template <class Machine, class Number>
struct GemmArguments {
  template <class T>
  using Global = typename Machine::template Global<T>;
  std::uint32_t rows = 0, columns = 0, depth = 0;  // M, N, K
  Global<const Number> x{}, w{};
  std::uint32_t x_stride = 0, w_stride = 0, y_stride = 0, gate_stride = 0, residual_stride = 0;
  bool w_transposed = false;  // w lies as N x K
  Global<Number> y{};         // one of the two
  Global<float> y_long{};
  Global<const float> bias{};
  std::uint32_t activation = 0;  // as Activation
  Global<const Number> gate{}, residual{};
};

/// What is done with the sum of a row and column.
template <class Machine, class Number>
QSM_DEVICE float finished(Machine machine, const GemmArguments<Machine, Number>& arguments, std::uint32_t row,
                          std::uint32_t column, float sum) {
  if (arguments.bias) sum += machine.load(arguments.bias, column);
  switch (arguments.activation) {
    case 1:
      sum = sum > 0 ? sum : 0.0f;
      break;
    case 2:
      sum = sum / (1.0f + machine.exp(-sum));
      break;
    case 3:
      sum = 0.5f * sum * (1.0f + machine.erf(sum * 0.70710678f));
      break;
    default:
      break;
  }
  if (arguments.gate)
    sum *= machine.to_float(machine.load(arguments.gate, std::size_t{row} * arguments.gate_stride + column));
  if (arguments.residual)
    sum += machine.to_float(machine.load(arguments.residual, std::size_t{row} * arguments.residual_stride + column));
  return sum;
}

template <class Machine, class Number>
QSM_DEVICE void store_finished(Machine machine, const GemmArguments<Machine, Number>& arguments, std::uint32_t row,
                               std::uint32_t column, float sum) {
  if (row >= arguments.rows || column >= arguments.columns) return;
  const float value = finished(machine, arguments, row, column, sum);
  const std::size_t place = std::size_t{row} * arguments.y_stride + column;
  if (arguments.y_long)
    machine.store(arguments.y_long, place, value);
  else
    machine.store(arguments.y, place, machine.template to_number<Number>(value));
}

/// Two columns that follow each other, the first even.
template <class Machine, class Number>
QSM_DEVICE void store_finished_pair(Machine machine, const GemmArguments<Machine, Number>& arguments, std::uint32_t row,
                                    std::uint32_t column, float first, float second) {
  const std::size_t place = std::size_t{row} * arguments.y_stride + column;
  const bool whole = row < arguments.rows && column + 1 < arguments.columns;
  if (whole && !arguments.y_long && machine.pair_fits(arguments.y, place)) {
    machine.store_pair(arguments.y, place, finished(machine, arguments, row, column, first),
                       finished(machine, arguments, row, column + 1, second));
  } else {
    store_finished(machine, arguments, row, column, first);
    store_finished(machine, arguments, row, column + 1, second);
  }
}

inline constexpr std::uint32_t staged_pitch = 136;  // numbers between rows of 128 sums: fragments go to different banks

/// Sums of a fragment, `rows` x 128 of the threads together, to rows of shared memory.
template <std::uint32_t count, class Machine>
QSM_DEVICE void stage_fragment(Machine machine, std::uint32_t to, std::uint32_t thread, std::uint32_t first_row,
                               std::uint32_t first_column, const float (&sums)[count]) {
  QSM_UNROLL
  for (std::uint32_t i = 0; i < count; ++i)
    machine.template store_shared<float>(
        to + ((first_row + fragment_row(thread, i)) * staged_pitch + first_column + fragment_column(thread, i)) * 4,
        sums[i]);
}

/// Rows of sums in shared memory, finished and stored; neighbours store what lies side by side.
template <std::uint32_t columns = 128, class Machine, class Number>
QSM_DEVICE void store_staged(Machine machine, const GemmArguments<Machine, Number>& arguments, std::uint32_t from,
                             std::uint32_t thread, std::uint32_t threads, std::uint32_t rows, std::uint32_t first_row,
                             std::uint32_t first_column) {
  QSM_ROLLED
  for (std::uint32_t i = thread; i < rows * (columns / 2); i += threads) {
    const std::uint32_t row = i / (columns / 2), column = i % (columns / 2) * 2,
                        at = from + (row * staged_pitch + column) * 4;
    store_finished_pair(machine, arguments, first_row + row, first_column + column,
                        machine.template load_shared<float>(at), machine.template load_shared<float>(at + 4));
  }
}

template <class Machine, class Number>
QSM_DEVICE float number_of_w(Machine machine, const GemmArguments<Machine, Number>& arguments, std::uint32_t k,
                             std::uint32_t column) {
  return machine.to_float(machine.load(arguments.w, arguments.w_transposed
                                                        ? std::size_t{column} * arguments.w_stride + k
                                                        : std::size_t{k} * arguments.w_stride + column));
}

// Step 1 of the ladder.

inline constexpr std::uint32_t naive_tile = 16;  // a block of 16 x 16 threads

/// A thread for each number of y: each number of x is read N times.
template <class Machine, class Number>
QSM_DEVICE typename Machine::Role gemm_naive(Machine machine, const GemmArguments<Machine, Number>& arguments) {
  const std::uint32_t row = machine.block(1) * naive_tile + machine.thread() / naive_tile;
  const std::uint32_t column = machine.block(0) * naive_tile + machine.thread() % naive_tile;
  if (row < arguments.rows && column < arguments.columns) {
    float sum = 0;
    for (std::uint32_t k = 0; k < arguments.depth; ++k)
      sum += machine.to_float(machine.load(arguments.x, std::size_t{row} * arguments.x_stride + k)) *
             number_of_w(machine, arguments, k, column);
    store_finished(machine, arguments, row, column, sum);
  }
  QSM_END;
}

// Step 2.

inline constexpr std::uint32_t tiled_tile = 32;  // a block of 256 threads makes 32 x 32 numbers
inline constexpr std::uint32_t tiled_threads = 256;
inline constexpr std::uint32_t tiled_shared = 2 * tiled_tile * (tiled_tile + 1) * 4;

/// Tiles of x and w in shared memory: each number is read once for 32 rows or columns. A thread makes four numbers.
template <class Machine, class Number>
QSM_DEVICE typename Machine::Role gemm_tiled(Machine machine, const GemmArguments<Machine, Number>& arguments) {
  constexpr std::uint32_t pitch = tiled_tile + 1;  // an odd number of words: a column of a tile is in 32 banks
  const std::uint32_t thread = machine.thread(), lane = thread % tiled_tile, strip = thread / tiled_tile;
  const std::uint32_t first_row = machine.block(1) * tiled_tile, first_column = machine.block(0) * tiled_tile;
  const std::uint32_t x_tile = machine.shared(), w_tile = x_tile + tiled_tile * pitch * 4;
  float sums[4] = {0, 0, 0, 0};
  for (std::uint32_t start = 0; start < arguments.depth; start += tiled_tile) {
    for (std::uint32_t i = strip; i < tiled_tile; i += 8) {
      const std::uint32_t row = first_row + i, k = start + lane;
      const bool there = row < arguments.rows && k < arguments.depth;
      machine.store_shared(
          x_tile + (i * pitch + lane) * 4,
          there ? machine.to_float(machine.load(arguments.x, std::size_t{row} * arguments.x_stride + k)) : 0.0f);
      // Lanes go where numbers follow each other.
      const std::uint32_t depth = start + (arguments.w_transposed ? lane : i);
      const std::uint32_t column = first_column + (arguments.w_transposed ? i : lane);
      const bool w_there = depth < arguments.depth && column < arguments.columns;
      machine.store_shared(w_tile + ((depth - start) * pitch + column - first_column) * 4,
                           w_there ? number_of_w(machine, arguments, depth, column) : 0.0f);
    }
    QSM_AWAIT machine.sync_block();
    for (std::uint32_t k = 0; k < tiled_tile; ++k) {
      const float w = machine.template load_shared<float>(w_tile + (k * pitch + lane) * 4);
      QSM_UNROLL
      for (std::uint32_t i = 0; i < 4; ++i)
        sums[i] += machine.template load_shared<float>(x_tile + ((strip * 4 + i) * pitch + k) * 4) * w;
    }
    QSM_AWAIT machine.sync_block();
  }
  for (std::uint32_t i = 0; i < 4; ++i)
    store_finished(machine, arguments, first_row + strip * 4 + i, first_column + lane, sums[i]);
}

// Step 3: tensor cores of a warp, for compute capability 8.0 and later.

inline constexpr std::uint32_t mma_tile = 128;     // rows and columns of a block
inline constexpr std::uint32_t mma_depth = 64;     // of a stage: a panel of x
inline constexpr std::uint32_t mma_threads = 256;  // 4 x 2 warps with 32 x 64 sums each
inline constexpr std::uint32_t mma_stages = 3;
inline constexpr std::uint32_t mma_stage_bytes = 2 * mma_tile * mma_depth * 2;
inline constexpr std::uint32_t mma_shared = mma_stages * mma_stage_bytes + atom_bytes;

/// A matrix of `rows` x `columns` in the panels of shared memory; what lies outside of the matrix is 0.
template <std::uint32_t threads, std::uint32_t rows, std::uint32_t columns, class Machine, class Number>
QSM_DEVICE void copy_panels(Machine machine, std::uint32_t to, typename Machine::template Global<const Number> from,
                            std::uint32_t stride, std::uint32_t first_row, std::uint32_t first_column,
                            std::uint32_t all_rows, std::uint32_t all_columns) {
  constexpr std::uint32_t chunks = columns / 8;
  QSM_UNROLL
  for (std::uint32_t i = 0; i < rows * chunks / threads; ++i) {
    const std::uint32_t chunk = machine.thread() + i * threads;
    const std::uint32_t row = chunk / chunks, column = chunk % chunks * 8;
    const std::uint32_t left = first_column + column < all_columns ? all_columns - first_column - column : 0;
    const bool there = first_row + row < all_rows && left > 0;
    machine.template copy_16<Number>(panel_address(to, rows, row, column), from,
                                     there ? std::size_t{first_row + row} * stride + first_column + column : 0,
                                     there ? smaller(left, 8) * 2 : 0);
  }
}

/// cp.async brings panels in three stages; ldmatrix takes them without bank conflicts, because the panels are swizzled.
template <class Number, bool w_transposed, class Machine>
QSM_DEVICE typename Machine::Role gemm_mma(Machine machine, const GemmArguments<Machine, Number>& arguments) {
  const std::uint32_t thread = machine.thread(), lane = thread % warp_lanes, warp = thread / warp_lanes;
  const std::uint32_t first_row = machine.block(1) * mma_tile, first_column = machine.block(0) * mma_tile;
  const std::uint32_t warp_row = warp / 2 * 32, warp_column = warp % 2 * 64;
  const std::uint32_t shared = rounded_up(machine.shared(), atom_bytes);
  const std::uint32_t steps = ceiling(arguments.depth, mma_depth);
  const auto begin = [&](std::uint32_t step) {
    const std::uint32_t x_at = shared + step % mma_stages * mma_stage_bytes, w_at = x_at + mma_stage_bytes / 2;
    copy_panels<mma_threads, mma_tile, mma_depth, Machine, Number>(
        machine, x_at, arguments.x, arguments.x_stride, first_row, step * mma_depth, arguments.rows, arguments.depth);
    if constexpr (w_transposed)
      copy_panels<mma_threads, mma_tile, mma_depth, Machine, Number>(machine, w_at, arguments.w, arguments.w_stride,
                                                                     first_column, step * mma_depth, arguments.columns,
                                                                     arguments.depth);
    else
      copy_panels<mma_threads, mma_depth, mma_tile, Machine, Number>(machine, w_at, arguments.w, arguments.w_stride,
                                                                     step * mma_depth, first_column, arguments.depth,
                                                                     arguments.columns);
  };
  for (std::uint32_t step = 0; step + 1 < mma_stages; ++step) {
    if (step < steps) begin(step);
    machine.copy_commit();
  }
  float sums[2][8][4];
  QSM_UNROLL
  for (std::uint32_t i = 0; i < 2; ++i) QSM_UNROLL
  for (std::uint32_t j = 0; j < 8; ++j) QSM_UNROLL
  for (std::uint32_t c = 0; c < 4; ++c) sums[i][j][c] = 0;

  for (std::uint32_t step = 0; step < steps; ++step) {
    machine.template copy_wait<mma_stages - 2>();
    QSM_AWAIT machine.sync_block();  // this step's panels are there, and all have left those of the last step
    if (step + mma_stages - 1 < steps) begin(step + mma_stages - 1);
    machine.copy_commit();
    const std::uint32_t x_at = shared + step % mma_stages * mma_stage_bytes, w_at = x_at + mma_stage_bytes / 2;
    QSM_UNROLL
    for (std::uint32_t k = 0; k < mma_depth; k += 16) {
      std::uint32_t x[2][4], w[4][4];
      // Lane i names row i % 8 of the 8 x 8 matrix i / 8: the upper and lower rows, then the next 8 of the sum.
      QSM_UNROLL
      for (std::uint32_t i = 0; i < 2; ++i)
        QSM_AWAIT machine.load_matrix(x[i],
                                      panel_address(x_at, mma_tile, warp_row + i * 16 + lane % 16, k + lane / 16 * 8));
      QSM_UNROLL
      for (std::uint32_t j = 0; j < 4;
           ++j) {  // 16 columns: first and second 8 of the sum, for 8 columns, then the next
        if constexpr (w_transposed)
          QSM_AWAIT machine.load_matrix(
              w[j],
              panel_address(w_at, mma_tile, warp_column + j * 16 + lane / 16 * 8 + lane % 8, k + lane / 8 % 2 * 8));
        else
          QSM_AWAIT machine.load_matrix_transposed(
              w[j], panel_address(w_at, mma_depth, k + lane % 16, warp_column + j * 16 + lane / 16 * 8));
      }
      QSM_UNROLL
      for (std::uint32_t i = 0; i < 2; ++i) QSM_UNROLL
      for (std::uint32_t j = 0; j < 8; ++j)
        QSM_AWAIT machine.template multiply<Number>(sums[i][j], x[i], w[j / 2] + j % 2 * 2);
    }
  }
  machine.template copy_wait<0>();
  QSM_AWAIT machine.sync_block();
  QSM_UNROLL
  for (std::uint32_t i = 0; i < 2; ++i) QSM_UNROLL
  for (std::uint32_t j = 0; j < 8; ++j)
    stage_fragment(machine, shared, lane, warp_row + i * 16, warp_column + j * 8, sums[i][j]);
  QSM_AWAIT machine.sync_block();
  store_staged(machine, arguments, shared, thread, mma_threads, mma_tile, first_row, first_column);
}

// Step 4: TMA, wgmma and roles, for Hopper.

inline constexpr std::uint32_t hopper_rows = 128;  // of a block: 64 for each of the two warpgroups that multiply
inline constexpr std::uint32_t hopper_columns = 128;
inline constexpr std::uint32_t hopper_depth = 64;     // of a stage
inline constexpr std::uint32_t hopper_threads = 384;  // one warpgroup copies
inline constexpr std::uint32_t hopper_stages = 5;
inline constexpr std::uint32_t hopper_half_bytes = hopper_rows * hopper_depth * 2;  // x, or w, of a stage
inline constexpr std::uint32_t hopper_shared = atom_bytes + hopper_stages * (2 * hopper_half_bytes + 16);

/// TMA fills stages of shared memory; each has a barrier that says it is full and one that says it has been read.
/// The boxes of `x_map` are 64 x 128 (numbers of a row, rows); those of `w_map` the same where w lies as N x K, else 64 x 64.
template <class Number, bool w_transposed, class Machine>
QSM_DEVICE typename Machine::Role gemm_hopper(Machine machine, const GemmArguments<Machine, Number>& arguments,
                                              const typename Machine::Map& x_map, const typename Machine::Map& w_map) {
  const std::uint32_t thread = machine.thread();
  const std::uint32_t first_row = machine.block(1) * hopper_rows, first_column = machine.block(0) * hopper_columns;
  const std::uint32_t shared = rounded_up(machine.shared(), atom_bytes);
  const std::uint32_t full = shared + hopper_stages * 2 * hopper_half_bytes, empty = full + 8 * hopper_stages;
  const std::uint32_t steps = ceiling(arguments.depth, hopper_depth);
  if (thread == 0) {
    for (std::uint32_t stage = 0; stage < hopper_stages; ++stage) {
      machine.barrier_init(full + 8 * stage, 1);
      machine.barrier_init(empty + 8 * stage, 2);  // a thread of each warpgroup that multiplies
    }
    machine.fence_barrier_init();
  }
  QSM_AWAIT machine.sync_block();

  if (thread < group_threads) {
    machine.template give_registers<copy_registers>();
    if (thread == 0) {
      for (std::uint32_t step = 0; step < steps; ++step) {
        const std::uint32_t stage = step % hopper_stages, x_at = shared + stage * 2 * hopper_half_bytes;
        const std::uint32_t w_at = x_at + hopper_half_bytes;
        // Nobody has read before the first round: the phase before the first counts as over.
        QSM_AWAIT machine.barrier_wait(empty + 8 * stage, (step / hopper_stages & 1) ^ 1);
        machine.barrier_expect(full + 8 * stage, 2 * hopper_half_bytes);
        const auto k = static_cast<std::int32_t>(step * hopper_depth);
        machine.copy_box(x_map, x_at, full + 8 * stage, k, static_cast<std::int32_t>(first_row));
        if constexpr (w_transposed) {
          machine.copy_box(w_map, w_at, full + 8 * stage, k, static_cast<std::int32_t>(first_column));
        } else {
          for (std::uint32_t panel = 0; panel < hopper_columns / panel_columns; ++panel)
            machine.copy_box(w_map, w_at + panel * hopper_depth * panel_bytes, full + 8 * stage,
                             static_cast<std::int32_t>(first_column + panel * panel_columns), k);
        }
      }
    }
  } else {
    machine.template take_registers<multiply_registers>();
    const std::uint32_t own = thread - group_threads, half = own / group_threads;
    float sums[hopper_columns / 2];
    QSM_UNROLL
    for (std::uint32_t i = 0; i < hopper_columns / 2; ++i) sums[i] = 0;
    for (std::uint32_t step = 0; step < steps; ++step) {
      const std::uint32_t stage = step % hopper_stages, x_at = shared + stage * 2 * hopper_half_bytes;
      const std::uint32_t w_at = x_at + hopper_half_bytes;
      QSM_AWAIT machine.barrier_wait(full + 8 * stage, step / hopper_stages & 1);
      machine.group_fence();
      QSM_UNROLL
      for (std::uint32_t k = 0; k < hopper_depth; k += 16) {
        const std::uint64_t x = descriptor_by_rows(x_at + half * 64 * panel_bytes + k * 2);
        const std::uint64_t w = w_transposed ? descriptor_by_rows(w_at + k * 2)
                                             : descriptor_by_columns(w_at + k * panel_bytes, hopper_depth);
        machine.template group_multiply<Number, hopper_columns, w_transposed>(sums, x, w, true);
      }
      machine.group_commit();
      QSM_AWAIT machine.template group_wait<0>();
      if (own % group_threads == 0) machine.barrier_arrive(empty + 8 * stage);
    }
    // All have read the last stages, so that sums may go there.
    QSM_AWAIT machine.sync_named(1, 2 * group_threads);
    const std::uint32_t staged = shared + half * 64 * staged_pitch * 4;
    stage_fragment(machine, staged, own % group_threads, 0, 0, sums);
    QSM_AWAIT machine.sync_named(2 + half, group_threads);
    store_staged(machine, arguments, staged, own % group_threads, group_threads, 64, first_row + half * 64,
                 first_column);
  }
}

}  // namespace qsm::inline v0::kernels::detail::gpu
