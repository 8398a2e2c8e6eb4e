// The GPU's product with weights of 4 bits on the emulator, beside that of the processor, on the same words.
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/kernels/detail/gpu/emulator.hpp>
#include <qsm/kernels/detail/gpu/gemm_w4.hpp>
#include <qsm/kernels/detail/packed_access.hpp>
#include <qsm/kernels/gemm.hpp>

#include "kernels/gpu_numbers.hpp"

namespace {

using namespace qsm::kernels;
namespace gpu = qsm::kernels::detail::gpu;
using Thread = gpu::Emulator::Thread;

PackedMatrix random_fours(std::size_t rows, std::size_t columns, std::size_t group) {
  std::mt19937 random(7);
  std::vector<std::int8_t> values(rows * columns);
  for (auto& value : values) value = static_cast<std::int8_t>(random() % 16);
  const std::size_t groups = group == 0 ? 1 : (rows + group - 1) / group;
  std::vector<float> scales(groups * columns);
  for (auto& scale : scales) scale = 0.01f + static_cast<float>(random() % 1000) * 1e-4f;
  return PackedMatrix::of_int4({values.data(), rows, columns}, {scales.data(), groups, columns}, std::nullopt, group);
}

template <class Number>
void expect_twin(std::size_t rows, std::size_t columns, std::size_t depth, std::size_t group, std::uint64_t seed) {
  const PackedMatrix w = random_fours(depth, columns, group);
  const auto x = qsm_test::normal_numbers<Number>(rows * depth, seed);
  std::vector<Number> y(rows * columns, Number(std::numeric_limits<float>::quiet_NaN()));
  std::vector<float> twin(y.size());
  const std::size_t panels = (columns + gpu::w4_panel - 1) / gpu::w4_panel;
  gpu::GemmW4Arguments<Thread, Number> arguments;
  const auto size = [](std::size_t n) { return static_cast<std::uint32_t>(n); };
  arguments.rows = size(rows);
  arguments.columns = arguments.y_stride = size(columns);
  arguments.depth = arguments.x_stride = size(depth);
  arguments.x = {x.data(), x.size()};
  arguments.y = {y.data(), y.size()};
  arguments.words = {PackedAccess::words(w, 0), panels * PackedAccess::depth(w) * gpu::w4_panel};
  arguments.scales = {PackedAccess::scales(w, 0), panels * PackedAccess::groups(w) * gpu::w4_panel};
  arguments.group = size(w.group());
  for (std::uint32_t i = 0; i < gpu::ceiling(arguments.rows, gpu::w4_rows); ++i)
    for (std::uint32_t j = 0; j < gpu::ceiling(arguments.columns, gpu::w4_columns); ++j) {
      gpu::Emulator block(gpu::w4_threads, gpu::w4_shared, seed + i + 3 * j);
      ASSERT_NO_THROW(block.run([&](Thread thread) { return gpu::gemm_w4<Number>(thread, arguments); }, {j, i, 0}));
    }
  GemmOptions options;
  options.threads = 1;
  gemm(ConstMatrix(x.data(), rows, depth), w, MutableMatrix(twin.data(), rows, columns), options);
  EXPECT_LE(qsm_test::worst_of_rounding(y, twin), 1.01) << rows << " x " << columns << " x " << depth;
}

TEST(GpuGemmW4, BitsBehindAnExponentAreTheNumberAndMore) {  // as ptx.hpp makes numbers of four bits
  const auto brain = [](unsigned bits) { return std::bit_cast<float>(bits << 16); };
  const auto half = [](unsigned bits) {
    float16 number;
    number.bits = static_cast<std::uint16_t>(bits);
    return static_cast<float>(number);
  };
  for (unsigned four = 0; four < 16; ++four) {
    const float value = static_cast<float>(four) - 8;
    EXPECT_EQ(brain(0x4300 | four) * brain(0x3f80) + brain(0xc308), value);
    EXPECT_EQ(half(0x6400 | four) - half(0x6408), value);
  }
}

TEST(GpuGemmW4, IsTheTwinOnTheSameWords) {
  expect_twin<bfloat16>(1, 96, 128, 128, 1);
  expect_twin<bfloat16>(70, 130, 328, 64, 2);  // a last group that is not whole
  expect_twin<float16>(33, 48, 256, 32, 3);
  expect_twin<float16>(5, 200, 520, 16, 4);
  expect_twin<bfloat16>(16, 100, 136, 0, 5);  // one group of all rows
}

}  // namespace
