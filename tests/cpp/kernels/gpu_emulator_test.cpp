// The emulator: layouts beside published ones, and mistakes of every kind planted and found.
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/kernels/detail/gpu/emulator.hpp>
#include <qsm/kernels/detail/gpu/machine.hpp>

#include "kernels/gpu_numbers.hpp"

namespace {

using namespace qsm::kernels;
using namespace qsm::kernels::detail::gpu;
using Thread = Emulator::Thread;
using Kernel = std::function<Role(Thread)>;

/// Every fault in some schedules; "none" where one ended well.
std::set<std::string> found(std::uint32_t threads, std::uint32_t shared, const Kernel& kernel) {
  std::set<std::string> out;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Emulator block(threads, shared, seed);
    try {
      block.run(kernel);
      out.insert("none");
    } catch (const EmulatorFault& fault) {
      out.insert(fault_name(fault.fault));
    }
  }
  return out;
}

using Names = std::set<std::string>;

TEST(GpuLayouts, SwizzleIsThatOfCute) {
  // Row 2 of Swizzle<3,4,3> on 64 short numbers a row, printed by CuTe for columns 0, 8, ... 56.
  const std::uint32_t expected[] = {144, 152, 128, 136, 176, 184, 160, 168};
  for (std::uint32_t i = 0; i < 8; ++i) EXPECT_EQ(panel_address(0, 8, 2, 8 * i) / 2, expected[i]);
  std::set<std::uint32_t> all;
  for (std::uint32_t address = 0; address < 4096; ++address) all.insert(swizzled(address));
  EXPECT_EQ(all.size(), 4096u);
  EXPECT_EQ(*all.rbegin(), 4095u);
}

TEST(GpuLayouts, EightRowsOfAColumnAreInAllBanks) {
  for (std::uint32_t column = 0; column < 64; column += 8) {
    std::set<std::uint32_t> banks;
    for (std::uint32_t row = 0; row < 8; ++row) banks.insert(panel_address(0, 8, row, column) / 16 % 8);
    EXPECT_EQ(banks.size(), 8u);
  }
}

TEST(GpuLayouts, FragmentIsThatOfCute) {
  // ((4,8,4),(2,2,N/8)):((128,1,16),(64,8,512)) of CuTe: place of a sum in a tile of 64 rows, column after column.
  for (std::uint32_t t = 0; t < 128; ++t)
    for (std::uint32_t i = 0; i < 64; ++i) {
      const std::uint32_t place = t % 4 * 128 + t / 4 % 8 + t / 32 * 16 + i % 2 * 64 + i / 2 % 2 * 8 + i / 4 * 512;
      EXPECT_EQ(fragment_row(t, i) + 64 * fragment_column(t, i), place);
    }
}

TEST(GpuLayouts, DescriptorHasTheFieldsOfThePtxManual) {
  const std::uint64_t text = descriptor(0x12340, 2048, 1024);
  EXPECT_EQ(text & 0x3fff, 0x1234u);
  EXPECT_EQ(text >> 16 & 0x3fff, 128u);
  EXPECT_EQ(text >> 32 & 0x3fff, 64u);
  EXPECT_EQ(text >> 62, 1u);
}

TEST(GpuEmulator, ABlockSharesMemory) {
  const Kernel kernel = [](Thread machine) -> Role {
    machine.store_shared(machine.shared() + 4 * machine.thread(), machine.thread());
    co_await machine.sync_block();
    const auto other = machine.load_shared<std::uint32_t>(machine.shared() + 4 * (63 - machine.thread()));
    if (other != 63 - machine.thread()) throw std::logic_error("wrong number");
  };
  EXPECT_EQ(found(64, 256, kernel), Names{"none"});
}

TEST(GpuEmulator, RacesAreFoundInEverySchedule) {
  EXPECT_EQ(found(64, 256,
                  [](Thread machine) -> Role {  // all write one word
                    machine.store_shared(machine.shared(), machine.thread());
                    co_return;
                  }),
            Names{"race"});
  EXPECT_EQ(found(64, 256,
                  [](Thread machine) -> Role {  // read, and overwritten by another without a barrier between
                    machine.store_shared(machine.shared() + 4 * machine.thread(), 1u);
                    co_await machine.sync_block();
                    machine.load_shared<std::uint32_t>(machine.shared() + 4 * (63 - machine.thread()));
                    machine.store_shared(machine.shared() + 4 * machine.thread(), 2u);
                  }),
            Names{"race"});
  EXPECT_EQ(found(64, 256,
                  [](Thread machine) -> Role {  // the warp's barrier does not order two warps
                    if (machine.thread() == 0) machine.store_shared(machine.shared(), 1u);
                    co_await machine.sync_warp();
                    if (machine.thread() == 40) machine.store_shared(machine.shared(), 2u);
                  }),
            Names{"race"});
}

TEST(GpuEmulator, UnwrittenAndForeignBytesAreFound) {
  EXPECT_EQ(found(32, 64,
                  [](Thread machine) -> Role {
                    machine.load_shared<float>(machine.shared());
                    co_return;
                  }),
            Names{"unwritten"});
  EXPECT_EQ(found(32, 64,
                  [](Thread machine) -> Role {
                    machine.store_shared(machine.shared() + 4 * machine.thread(), 1.0f);
                    co_return;
                  }),
            Names{"out of range"});
  EXPECT_EQ(found(32, 64,
                  [](Thread machine) -> Role {
                    machine.store_shared(machine.shared() + 2, 1.0f);
                    co_return;
                  }),
            Names{"misaligned"});
  std::vector<float> numbers(32);
  EXPECT_EQ(found(32, 64,
                  [&](Thread machine) -> Role {
                    machine.store(Checked<float>(numbers.data(), 31), machine.thread(), 1.0f);
                    co_return;
                  }),
            Names{"out of range"});
}

TEST(GpuEmulator, DeadlocksAreFound) {
  EXPECT_EQ(found(64, 64,
                  [](Thread machine) -> Role {
                    if (machine.thread() < 32) co_await machine.sync_block();
                  }),
            Names{"deadlock"});
  EXPECT_EQ(found(64, 64,
                  [](Thread machine) -> Role {
                    if (machine.thread() == 0) machine.barrier_init(machine.shared(), 2);
                    co_await machine.sync_block();
                    if (machine.thread() == 1) machine.barrier_arrive(machine.shared());
                    co_await machine.barrier_wait(machine.shared(), 0);
                  }),
            Names{"deadlock"});
}

TEST(GpuEmulator, UnlikeLanesAreFound) {
  EXPECT_EQ(found(32, 64,
                  [](Thread machine) -> Role {
                    if (machine.thread() == 7)
                      co_await machine.sync_warp();
                    else
                      co_await machine.shuffle_xor(1.0f, 1);
                  }),
            Names{"divergent"});
}

TEST(GpuEmulator, BarriersCountPhases) {
  const auto kernel = [](std::uint32_t rounds, std::uint32_t arrivals) {
    return [=](Thread machine) -> Role {
      const std::uint32_t barrier = machine.shared(), word = barrier + 8;
      if (machine.thread() == 0) machine.barrier_init(barrier, arrivals);
      co_await machine.sync_block();
      for (std::uint32_t round = 0; round < rounds; ++round) {
        if (machine.thread() == round) machine.store_shared(word + 4 * round, round);
        if (machine.thread() < 32) machine.barrier_arrive(barrier);
        co_await machine.barrier_wait(barrier, round & 1);
        if (machine.load_shared<std::uint32_t>(word + 4 * round) != round) throw std::logic_error("wrong number");
      }
    };
  };
  EXPECT_EQ(found(32, 64, kernel(5, 32)), Names{"none"});
  EXPECT_EQ(found(32, 64, kernel(5, 33)), Names{"deadlock"});
  EXPECT_EQ(found(32, 64,
                  [](Thread machine) -> Role {
                    machine.barrier_arrive(machine.shared());
                    co_return;
                  }),
            Names{"barrier"});
}

TEST(GpuEmulator, ShuffleExchangesLanes) {
  const Kernel kernel = [](Thread machine) -> Role {
    float sum = static_cast<float>(machine.thread());
    for (std::uint32_t mask = 1; mask < 32; mask *= 2) sum += co_await machine.shuffle_xor(sum, mask);
    if (sum != 496.0f) throw std::logic_error("wrong sum");
  };
  EXPECT_EQ(found(32, 64, kernel), Names{"none"});
}

TEST(GpuEmulator, BoxesAreSwizzledAndPaddedWithZeros) {
  std::vector<bfloat16> numbers(20 * 72);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = bfloat16(static_cast<float>(i % 256));
  EmulatedMap map;
  map.data = reinterpret_cast<const std::byte*>(numbers.data());
  map.sizes = {72, 20, 1, 1};
  map.strides = {2, 144, 0, 0};
  map.box = {64, 16, 1, 1};
  const auto kernel = [&](bool waits, bool fences) {
    return [&map, waits, fences](Thread machine) -> Role {
      const std::uint32_t base = rounded_up(machine.shared(), atom_bytes), barrier = base + 2048;
      if (machine.thread() == 0) {
        machine.barrier_init(barrier, 1);
        if (fences) machine.fence_barrier_init();
        machine.barrier_expect(barrier, 2048);
        machine.copy_box(map, base, barrier, 16, 8);
      }
      co_await machine.sync_block();
      if (waits) co_await machine.barrier_wait(barrier, 0);
      for (std::uint32_t i = machine.thread(); i < 16 * 64; i += 32) {
        const std::uint32_t row = i / 64, column = i % 64, at = panel_address(base, 16, row, column / 8 * 8);
        bfloat16 value;
        value.bits = machine.load_shared<std::uint16_t>(at + column % 8 * 2);
        const bool inside = row + 8 < 20 && column + 16 < 72;
        const float expected = inside ? static_cast<float>(((row + 8) * 72 + column + 16) % 256) : 0.0f;
        if (static_cast<float>(value) != expected) throw std::logic_error("wrong number");
      }
    };
  };
  EXPECT_EQ(found(32, 4096, kernel(true, true)), Names{"none"});
  EXPECT_EQ(found(32, 4096, kernel(true, false)), Names{"unfenced"});
  for (const auto& name : found(32, 4096, kernel(false, true)))
    EXPECT_TRUE(name == "unwritten" || name == "race" || name == "unfinished") << name;
  EXPECT_EQ(found(32, 4096,
                  [&](Thread machine) -> Role {  // the block ends, the copy does not
                    const std::uint32_t base = rounded_up(machine.shared(), atom_bytes), barrier = base + 2048;
                    if (machine.thread() == 0) {
                      machine.barrier_init(barrier, 1);
                      machine.fence_barrier_init();
                      machine.copy_box(map, base, barrier, 0, 0);
                    }
                    co_return;
                  }),
            Names{"unfinished"});
}

// A wgmma of 64 x 64 x 16 with numbers written by the threads; `b` by rows of 64 columns ("MN-major") or transposed.
struct WgmmaForm {
  bool b_by_rows = true, registers = false, fences = true, waits = true, whole = true, group_fence = true;
};

Kernel wgmma_kernel(const std::vector<bfloat16>& a, const std::vector<bfloat16>& b, std::vector<float>& out,
                    WgmmaForm form) {
  return [&a, &b, &out, form](Thread machine) -> Role {
    const std::uint32_t base = rounded_up(machine.shared(), atom_bytes), t = machine.thread();
    const std::uint32_t a_at = base, b_at = base + 8192;  // 64 rows of 128 bytes each, of which 32 are used by rows
    const auto put = [&](std::uint32_t at, std::uint32_t row, std::uint32_t column, bfloat16 value) {
      machine.store_shared(swizzled(at + row * panel_bytes + column * 2), value.bits);
    };
    for (std::uint32_t i = t; i < 64 * 16; i += 128) {
      put(a_at, i / 16, i % 16, a[i]);
      if (form.b_by_rows)
        put(b_at, i / 16, i % 16, b[i]);
      else
        put(b_at, i % 16, i / 16, b[i]);
    }
    if (form.fences) machine.fence_async();
    co_await machine.sync_block();
    float sums[32];
    for (float& sum : sums) sum = 1;
    std::uint32_t words[4];
    for (std::uint32_t i = 0; i < 4; ++i) {
      const std::uint32_t place = fragment_row(t, 2 * i) * 16 + fragment_column(t, 0) + i / 2 * 8;
      words[i] = a[place].bits | static_cast<std::uint32_t>(a[place + 1].bits) << 16;
    }
    if (!form.whole && t >= 64) co_return;
    if (form.group_fence) machine.group_fence();
    const std::uint64_t b_text = form.b_by_rows ? descriptor_by_rows(b_at) : descriptor_by_columns(b_at, 16);
    if (form.b_by_rows && form.registers)
      machine.group_multiply<bfloat16, 64, true>(sums, words, b_text, true);
    else if (form.b_by_rows)
      machine.group_multiply<bfloat16, 64, true>(sums, descriptor_by_rows(a_at), b_text, true);
    else if (form.registers)
      machine.group_multiply<bfloat16, 64, false>(sums, words, b_text, true);
    else
      machine.group_multiply<bfloat16, 64, false>(sums, descriptor_by_rows(a_at), b_text, true);
    machine.group_commit();
    if (form.waits)
      co_await machine.group_wait<0>();
    else
      co_await machine.group_wait<1>();
    for (std::uint32_t i = 0; i < 32; ++i) out[fragment_row(t, i) * 64 + fragment_column(t, i)] = sums[i];
  };
}

TEST(GpuEmulator, WgmmaMultipliesInEveryForm) {
  const auto a = qsm_test::normal_numbers<bfloat16>(64 * 16, 1), b = qsm_test::normal_numbers<bfloat16>(64 * 16, 2);
  for (const bool by_rows : {true, false})
    for (const bool registers : {true, false}) {
      std::vector<float> out(64 * 64, 0);
      EXPECT_EQ(found(128, 20480, wgmma_kernel(a, b, out, {by_rows, registers})), Names{"none"});
      for (std::size_t i = 0; i < 64; ++i)
        for (std::size_t j = 0; j < 64; ++j) {
          double exact = 1;
          for (std::size_t k = 0; k < 16; ++k) exact += static_cast<double>(a[i * 16 + k]) * b[j * 16 + k];
          EXPECT_NEAR(out[i * 64 + j], exact, 1e-5);
        }
    }
}

TEST(GpuEmulator, MistakesWithWgmmaAreFound) {
  const auto a = qsm_test::normal_numbers<bfloat16>(64 * 16, 1), b = qsm_test::normal_numbers<bfloat16>(64 * 16, 2);
  std::vector<float> out(64 * 64, 0);
  const auto names = [&](WgmmaForm form) { return found(128, 20480, wgmma_kernel(a, b, out, form)); };
  EXPECT_EQ(names({.fences = false}), Names{"unfenced"});
  EXPECT_EQ(names({.group_fence = false}), Names{"unfenced"});
  EXPECT_EQ(names({.whole = false}), Names{"deadlock"});
  EXPECT_EQ(names({.waits = false}), Names{"unfinished"});
}

TEST(GpuEmulator, SumsOfAWgmmaAreNotThereBeforeTheWait) {
  const auto a = qsm_test::normal_numbers<bfloat16>(64 * 16, 1), b = a;
  std::vector<float> out(64 * 64, 0);
  Emulator block(128, 20480, 6);  // a seed by which work in the background is done as late as can be
  EXPECT_THROW(block.run(wgmma_kernel(a, b, out, {.waits = false})), EmulatorFault);
  EXPECT_TRUE(std::isnan(out[0]));
}

TEST(GpuEmulator, AsyncCopiesMustBeAwaitedBeforeTheBarrier) {
  std::vector<bfloat16> numbers(32 * 8);
  const auto kernel = [&](bool waits) {
    return [&numbers, waits](Thread machine) -> Role {
      machine.copy_16<bfloat16>(machine.shared() + 16 * machine.thread(), {numbers.data(), numbers.size()},
                                8 * machine.thread(), 16);
      machine.copy_commit();
      if (waits) machine.copy_wait<0>();
      co_await machine.sync_block();
      machine.load_shared<std::uint32_t>(machine.shared() + 16 * (31 - machine.thread()));
      machine.copy_wait<0>();
    };
  };
  EXPECT_EQ(found(32, 512, kernel(true)), Names{"none"});
  EXPECT_EQ(found(32, 512, kernel(false)), Names{"race"});
}

TEST(GpuEmulator, LdmatrixAndMmaMultiply) {
  const auto a = qsm_test::normal_numbers<float16>(16 * 16, 1), b = qsm_test::normal_numbers<float16>(16 * 16, 2);
  for (const bool transposed : {false, true}) {  // b as 16 columns of 16, or 16 rows
    std::vector<float> out(16 * 16, 0);
    const Kernel kernel = [&](Thread machine) -> Role {
      const std::uint32_t base = rounded_up(machine.shared(), atom_bytes), lane = machine.thread();
      for (std::uint32_t i = lane; i < 256; i += 32) {
        machine.store_shared(swizzled(base + i / 16 * 128 + i % 16 * 2), a[i].bits);
        const std::uint32_t row = transposed ? i % 16 : i / 16, column = transposed ? i / 16 : i % 16;
        machine.store_shared(swizzled(base + 2048 + row * 128 + column * 2), b[i].bits);
      }
      co_await machine.sync_block();
      std::uint32_t x[4], w[4];
      co_await machine.load_matrix(x, panel_address(base, 16, lane % 16, lane / 16 * 8));
      if (transposed)
        co_await machine.load_matrix_transposed(w, panel_address(base + 2048, 16, lane % 16, lane / 16 * 8));
      else
        co_await machine.load_matrix(w, panel_address(base + 2048, 16, lane / 16 * 8 + lane % 8, lane / 8 % 2 * 8));
      for (std::uint32_t j = 0; j < 2; ++j) {
        float sums[4] = {};
        co_await machine.multiply<float16>(sums, x, w + 2 * j);
        for (std::uint32_t i = 0; i < 4; ++i)
          out[fragment_row(lane, i) * 16 + j * 8 + fragment_column(lane, i)] = sums[i];
      }
    };
    EXPECT_EQ(found(32, 8192, kernel), Names{"none"});
    for (std::size_t i = 0; i < 16; ++i)
      for (std::size_t j = 0; j < 16; ++j) {
        double exact = 0;
        for (std::size_t k = 0; k < 16; ++k) exact += static_cast<double>(a[i * 16 + k]) * b[j * 16 + k];
        EXPECT_NEAR(out[i * 16 + j], exact, 1e-5);
      }
  }
}

}  // namespace
