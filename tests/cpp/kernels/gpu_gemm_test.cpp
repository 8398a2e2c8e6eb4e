// The GPU's matrix products on the emulator, beside the products of the processor.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/kernels/detail/gpu/emulator.hpp>
#include <qsm/kernels/detail/gpu/gemm.hpp>
#include <qsm/kernels/gemm.hpp>

#include "kernels/gpu_numbers.hpp"

namespace {

using namespace qsm::kernels;
namespace gpu = qsm::kernels::detail::gpu;
using Thread = gpu::Emulator::Thread;

enum class Version { naive, tiled, mma, hopper };

struct Shape {
  std::size_t rows, columns, depth;
};

template <class Number>
struct Product {
  Shape shape;
  bool w_transposed, finish;
  std::vector<Number> x, w, y, gate, residual;
  std::vector<float> bias;
  std::size_t aside = 0;  // numbers of y in front of the result

  Product(Shape sizes, bool transposed, bool more, std::uint64_t seed)
      : shape(sizes),
        w_transposed(transposed),
        finish(more),
        x(qsm_test::normal_numbers<Number>(sizes.rows * sizes.depth, seed)),
        w(qsm_test::normal_numbers<Number>(sizes.depth * sizes.columns, seed + 1)),
        y(sizes.rows * sizes.columns, Number(std::numeric_limits<float>::quiet_NaN())),
        gate(qsm_test::normal_numbers<Number>(y.size(), seed + 2)),
        residual(qsm_test::normal_numbers<Number>(y.size(), seed + 3)) {
    for (const Number value : qsm_test::normal_numbers<Number>(sizes.columns, seed + 4)) bias.push_back(value);
  }

  template <class Machine = Thread>
  void run(Version version, std::uint64_t seed) {
    gpu::GemmArguments<Machine, Number> arguments;
    const auto size = [](std::size_t n) { return static_cast<std::uint32_t>(n); };
    arguments.rows = size(shape.rows);
    arguments.columns = size(shape.columns);
    arguments.depth = size(shape.depth);
    arguments.x = {x.data(), x.size()};
    arguments.w = {w.data(), w.size()};
    arguments.y = {y.data() + aside, y.size() - aside};
    arguments.x_stride = size(shape.depth);
    arguments.w_stride = size(w_transposed ? shape.depth : shape.columns);
    arguments.y_stride = arguments.gate_stride = arguments.residual_stride = size(shape.columns);
    arguments.w_transposed = w_transposed;
    if (finish) {
      arguments.bias = {bias.data(), bias.size()};
      arguments.activation = static_cast<std::uint32_t>(Activation::silu);
      arguments.gate = {gate.data(), gate.size()};
      arguments.residual = {residual.data(), residual.size()};
    }
    const auto map = [&](const std::vector<Number>& matrix, std::size_t height, std::size_t width, std::uint32_t box) {
      gpu::EmulatedMap out;
      out.data = reinterpret_cast<const std::byte*>(matrix.data());
      out.sizes = {width, height, 1, 1};
      out.strides = {2, 2 * width, 0, 0};
      out.box = {gpu::panel_columns, box, 1, 1};
      return out;
    };
    const gpu::EmulatedMap x_map = map(x, shape.rows, shape.depth, gpu::hopper_rows);
    const gpu::EmulatedMap w_map = w_transposed ? map(w, shape.columns, shape.depth, gpu::hopper_columns)
                                                : map(w, shape.depth, shape.columns, gpu::hopper_depth);
    struct Form {
      std::uint32_t tile, threads, shared;
    };
    const Form forms[] = {{gpu::naive_tile, gpu::naive_tile * gpu::naive_tile, 16},
                          {gpu::tiled_tile, gpu::tiled_threads, gpu::tiled_shared},
                          {gpu::mma_tile, gpu::mma_threads, gpu::mma_shared},
                          {gpu::hopper_rows, gpu::hopper_threads, gpu::hopper_shared}};
    const Form& form = forms[static_cast<std::size_t>(version)];
    for (std::uint32_t i = 0; i < gpu::ceiling(arguments.rows, form.tile); ++i)
      for (std::uint32_t j = 0; j < gpu::ceiling(arguments.columns, form.tile); ++j) {
        gpu::Emulator block(form.threads, form.shared, seed + i + 7 * j);
        block.run(
            [&](Thread one) -> gpu::Role {
              const Machine thread(one);
              switch (version) {
                case Version::naive:
                  return gpu::gemm_naive(thread, arguments);
                case Version::tiled:
                  return gpu::gemm_tiled(thread, arguments);
                case Version::mma:
                  return w_transposed ? gpu::gemm_mma<Number, true>(thread, arguments)
                                      : gpu::gemm_mma<Number, false>(thread, arguments);
                default:
                  return w_transposed ? gpu::gemm_hopper<Number, true>(thread, arguments, x_map, w_map)
                                      : gpu::gemm_hopper<Number, false>(thread, arguments, x_map, w_map);
              }
            },
            {j, i, 0});
      }
  }

  /// The largest difference from the processor's product, of what a rounding of y may be.
  double error() const {
    std::vector<float> twin(y.size());
    const ConstMatrix plain(w.data(), w_transposed ? shape.columns : shape.depth,
                            w_transposed ? shape.depth : shape.columns);
    GemmOptions options;
    options.threads = 1;
    std::vector<float> long_gate(gate.begin(), gate.end()), long_residual(residual.begin(), residual.end());
    if (finish) {
      options.bias = bias;
      options.activation = Activation::silu;
      options.gate = ConstMatrix(long_gate.data(), shape.rows, shape.columns);
      options.residual = ConstMatrix(long_residual.data(), shape.rows, shape.columns);
    }
    gemm(ConstMatrix(x.data(), shape.rows, shape.depth), w_transposed ? plain.transposed() : plain,
         MutableMatrix(twin.data(), shape.rows, shape.columns), options);
    return qsm_test::worst_of_rounding(y, twin);
  }
};

template <class Number>
void expect_twin(Version version, Shape shape, bool w_transposed, bool finish, std::uint64_t seed) {
  Product<Number> product(shape, w_transposed, finish, seed);
  ASSERT_NO_THROW(product.run(version, seed));
  EXPECT_LE(product.error(), 1.01) << shape.rows << " x " << shape.columns << " x " << shape.depth << " seed " << seed;
}

TEST(GpuGemm, TheNaiveVersionIsTheTwin) {
  expect_twin<bfloat16>(Version::naive, {19, 33, 41}, false, true, 1);
  expect_twin<float16>(Version::naive, {19, 33, 41}, true, false, 2);
}

TEST(GpuGemm, TheTiledVersionIsTheTwin) {
  expect_twin<bfloat16>(Version::tiled, {33, 47, 71}, false, true, 1);
  expect_twin<float16>(Version::tiled, {33, 47, 71}, true, false, 2);
}

TEST(GpuGemm, TheVersionOfWarpsIsTheTwin) {
  expect_twin<bfloat16>(Version::mma, {130, 136, 72}, false, true, 1);
  expect_twin<float16>(Version::mma, {5, 24, 328}, false, false, 2);
  expect_twin<bfloat16>(Version::mma, {130, 17, 136}, true, false, 3);
  expect_twin<float16>(Version::mma, {128, 128, 64}, true, true, 4);
}

TEST(GpuGemm, TheHopperVersionIsTheTwin) {
  expect_twin<bfloat16>(Version::hopper, {130, 136, 72}, false, true, 1);
  expect_twin<float16>(Version::hopper, {5, 24, 520}, false, false, 2);  // more steps than stages
  expect_twin<bfloat16>(Version::hopper, {130, 17, 136}, true, false, 3);
  expect_twin<float16>(Version::hopper, {128, 128, 64}, true, true, 4);
}

TEST(GpuGemm, AResultMayBeginAtAnyNumber) {
  for (const Version version : {Version::mma, Version::hopper}) {
    Product<bfloat16> plain({20, 24, 40}, true, false, 1), moved = plain;
    plain.run(version, 1);
    moved.y.insert(moved.y.begin(), bfloat16(1));
    moved.aside = 1;
    ASSERT_NO_THROW(moved.run(version, 1));
    EXPECT_EQ(static_cast<float>(moved.y[0]), 1);
    for (std::size_t i = 0; i < plain.y.size(); ++i) ASSERT_EQ(moved.y[i + 1].bits, plain.y[i].bits);
  }
}

TEST(GpuGemm, IntegersAreExact) {
  for (const Version version : {Version::naive, Version::tiled, Version::mma, Version::hopper})
    for (const bool transposed : {false, true}) {
      Product<float16> product({33, 40, 136}, transposed, false, 1);
      for (std::size_t i = 0; i < product.x.size(); ++i) product.x[i] = float16(static_cast<float>(i * 7 % 5) - 2);
      for (std::size_t i = 0; i < product.w.size(); ++i) product.w[i] = float16(static_cast<float>(i * 5 % 7) - 3);
      ASSERT_NO_THROW(product.run(version, 4));
      for (std::size_t i = 0; i < 33; ++i)
        for (std::size_t j = 0; j < 40; ++j) {
          float exact = 0;
          for (std::size_t k = 0; k < 136; ++k)
            exact += product.x[i * 136 + k] * product.w[transposed ? j * 136 + k : k * 40 + j];
          ASSERT_EQ(static_cast<float>(product.y[i * 40 + j]), exact);
        }
    }
}

TEST(GpuGemm, EveryScheduleGivesTheSameBits) {
  for (const Version version : {Version::mma, Version::hopper}) {
    Product<bfloat16> first({40, 40, 456}, true, false, 5);
    first.run(version, 0);
    for (std::uint64_t seed = 1; seed < 7; ++seed) {
      Product<bfloat16> other({40, 40, 456}, true, false, 5);
      ASSERT_NO_THROW(other.run(version, seed * 100));
      for (std::size_t i = 0; i < first.y.size(); ++i) ASSERT_EQ(first.y[i].bits, other.y[i].bits) << seed;
    }
  }
}

// The kernels with one operation spoiled: the emulator finds it in every schedule.

struct WrongParityOfConsumers : Thread {
  explicit WrongParityOfConsumers(Thread thread) : Thread(thread) {}
  Pause barrier_wait(std::uint32_t address, std::uint32_t parity) const {
    return Thread::barrier_wait(address, thread() == 0 ? parity : parity ^ 1);
  }
};
struct WrongParityOfProducer : Thread {
  explicit WrongParityOfProducer(Thread thread) : Thread(thread) {}
  Pause barrier_wait(std::uint32_t address, std::uint32_t parity) const {
    return Thread::barrier_wait(address, thread() == 0 ? parity ^ 1 : parity);
  }
};
struct NoRelease : Thread {
  explicit NoRelease(Thread thread) : Thread(thread) {}
  void barrier_arrive(std::uint32_t) const {}
};
struct ReleaseBeforeTheProductIsDone : Thread {
  explicit ReleaseBeforeTheProductIsDone(Thread thread) : Thread(thread) {}
  template <std::uint32_t left>
  Pause group_wait() const {
    return Thread::group_wait<left + 1>();
  }
};
struct NoBarrierFence : Thread {
  explicit NoBarrierFence(Thread thread) : Thread(thread) {}
  void fence_barrier_init() const {}
};
struct TooFewBytes : Thread {
  explicit TooFewBytes(Thread thread) : Thread(thread) {}
  void barrier_expect(std::uint32_t address, std::uint32_t bytes) const { Thread::barrier_expect(address, bytes / 2); }
};
struct CopiesNotAwaited : Thread {
  explicit CopiesNotAwaited(Thread thread) : Thread(thread) {}
  template <std::uint32_t left>
  void copy_wait() const {
    Thread::copy_wait<(left > 0 ? left + 1 : 0)>();
  }
};
struct NoSync : Thread {
  explicit NoSync(Thread thread) : Thread(thread) {}
  Pause sync_block() const { return Thread::sync_warp(); }
};

template <class Machine>
std::vector<gpu::Fault> faults(Version version) {
  std::vector<gpu::Fault> out;
  for (std::uint64_t seed = 0; seed < 9; ++seed) {
    Product<bfloat16> product({40, 40, 456}, true, false, 5);
    try {
      product.run<Machine>(version, seed);
    } catch (const gpu::EmulatorFault& fault) {
      out.push_back(fault.fault);
    }
  }
  return out;
}

void expect_all(const std::vector<gpu::Fault>& found, std::initializer_list<gpu::Fault> expected) {
  EXPECT_EQ(found.size(), 9u);
  for (const gpu::Fault fault : found)
    EXPECT_NE(std::find(expected.begin(), expected.end(), fault), expected.end()) << gpu::fault_name(fault);
}

TEST(GpuGemm, WhatIsSpoiledIsFoundInEverySchedule) {
  using enum gpu::Fault;
  EXPECT_TRUE(faults<Thread>(Version::hopper).empty());
  expect_all(faults<WrongParityOfConsumers>(Version::hopper), {unwritten, race, deadlock});
  expect_all(faults<WrongParityOfProducer>(Version::hopper), {deadlock});
  expect_all(faults<NoRelease>(Version::hopper), {deadlock});
  expect_all(faults<ReleaseBeforeTheProductIsDone>(Version::hopper), {race, deadlock});
  expect_all(faults<NoBarrierFence>(Version::hopper), {unfenced});
  expect_all(faults<TooFewBytes>(Version::hopper), {race, unwritten});
  expect_all(faults<CopiesNotAwaited>(Version::mma), {race});
  expect_all(faults<NoSync>(Version::mma), {race, unwritten});
  expect_all(faults<NoSync>(Version::tiled), {race, unwritten});
}

}  // namespace
