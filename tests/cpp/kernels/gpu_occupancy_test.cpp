// Occupancy beside NVIDIA's own calculator, and what the kernels here come to.
#include <stdexcept>

#include <gtest/gtest.h>

#include <qsm/kernels/detail/gpu/attention.hpp>
#include <qsm/kernels/detail/gpu/gemm.hpp>
#include <qsm/kernels/detail/gpu/occupancy.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::kernels::detail::gpu;

TEST(GpuOccupancy, IsThatOfTheToolkit) {
  for (const auto& row : qsm_test::golden("kernels/occupancy.csv")) {
    const auto of = [&](const char* name) { return static_cast<std::uint32_t>(row[name]); };
    const Occupancy own =
        occupancy(multiprocessor(static_cast<int>(row["capability"])), of("threads"), of("registers"), of("shared"));
    EXPECT_EQ(own.blocks, of("blocks")) << row.where;
    EXPECT_LE(own.fraction, 1);
    EXPECT_EQ(own.limit == OccupancyLimit::none, own.blocks == 0);
  }
}

TEST(GpuOccupancy, KernelsFitTheirMultiprocessor) {
  const Multiprocessor hopper = multiprocessor(90), ampere = multiprocessor(80);
  EXPECT_EQ(occupancy(hopper, hopper_threads, 168, hopper_shared).blocks, 1u);
  EXPECT_EQ(occupancy(hopper, prefill_threads, 168, prefill_shared<128>).blocks, 1u);
  EXPECT_EQ(occupancy(ampere, mma_threads, 168, mma_shared).blocks, 1u);
  EXPECT_EQ(occupancy(multiprocessor(86), mma_threads, 168, mma_shared).blocks, 1u);
  EXPECT_GE(occupancy(hopper, decode_threads, 128, decode_shared<128>).blocks, 3u);
  // Registers after setmaxnreg are those that the block began with.
  EXPECT_LE(group_threads * (40 + 2 * 232), hopper_threads * 168);
}

TEST(GpuOccupancy, RefusesWhatIsNotThere) {
  EXPECT_THROW(multiprocessor(70), std::invalid_argument);
  EXPECT_THROW(occupancy(multiprocessor(80), 0, 32, 0), std::invalid_argument);
  EXPECT_THROW(occupancy(multiprocessor(80), 2048, 32, 0), std::invalid_argument);
  EXPECT_THROW(occupancy(multiprocessor(80), 32, 256, 0), std::invalid_argument);
}

}  // namespace
