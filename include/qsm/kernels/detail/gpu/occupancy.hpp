#pragma once
/// @file
/// How many blocks of a kernel a multiprocessor of a GPU holds at one time, and what stands in the way of more.

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::kernels::detail::gpu {

/// What a multiprocessor has.
struct Multiprocessor {
  int capability;               // 10 major + minor
  std::uint32_t threads;        // at one time
  std::uint32_t blocks;         // at one time
  std::uint32_t registers;      // of 32 bits
  std::uint32_t shared;         // [B]
  std::uint32_t shared_of_one;  // [B], of a block that asks for it
};

/// Of NVIDIA's compute capabilities 8.0 to 9.0: CUDA C++ Programming Guide, technical specifications per compute capability.
inline Multiprocessor multiprocessor(int capability) {
  constexpr Multiprocessor known[] = {{80, 2048, 32, 65536, 164 << 10, 163 << 10},
                                      {86, 1536, 16, 65536, 100 << 10, 99 << 10},
                                      {89, 1536, 24, 65536, 100 << 10, 99 << 10},
                                      {90, 2048, 32, 65536, 228 << 10, 227 << 10}};
  for (const Multiprocessor& one : known)
    if (one.capability == capability) return one;
  std::string text = "multiprocessor: capability must be 80, 86, 89 or 90, got ";
  text += std::to_string(capability);
  throw std::invalid_argument(text);
}

enum class OccupancyLimit { none, threads, blocks, registers, shared };

struct Occupancy {
  std::uint32_t blocks;  // at one time on a multiprocessor
  double fraction;       // of the warps that it could hold
  OccupancyLimit limit;  // what allows the fewest blocks; `none` where a block does not fit at all
};

/// Registers are given to a warp in units of 256 by one of four schedulers, each of which has a quarter of them; shared
/// memory in units of 128 bytes, with 1 KiB for the system in each block.
///
/// @param threads    of a block [1], 1 to 1,024
/// @param registers  of a thread [1], 1 to 255
/// @param shared     static and dynamic, of a block [B]
inline Occupancy occupancy(const Multiprocessor& has, std::uint32_t threads, std::uint32_t registers,
                           std::uint32_t shared) {
  const auto refuse = [](const char* what, std::uint32_t got) {
    std::string text = "occupancy: ";
    text += what;
    text += ", got ";
    text += std::to_string(got);
    throw std::invalid_argument(text);
  };
  if (threads == 0 || threads > 1024) refuse("threads must be 1 to 1024", threads);
  if (registers == 0 || registers > 255) refuse("registers must be 1 to 255", registers);
  const std::uint32_t warps = (threads + 31) / 32;
  const std::uint32_t of_warp = (registers * 32 + 255) / 256 * 256;
  const std::uint32_t by_threads = has.threads / 32 / warps;
  const std::uint32_t by_registers = has.registers / 4 / of_warp * 4 / warps;
  const std::uint32_t by_shared = shared > has.shared_of_one ? 0 : has.shared / ((shared + 1024 + 127) / 128 * 128);
  const std::uint32_t blocks = std::min({by_threads, has.blocks, by_registers, by_shared});
  OccupancyLimit limit = OccupancyLimit::none;
  if (blocks > 0)
    limit = blocks == by_threads     ? OccupancyLimit::threads
            : blocks == has.blocks   ? OccupancyLimit::blocks
            : blocks == by_registers ? OccupancyLimit::registers
                                     : OccupancyLimit::shared;
  return {blocks, static_cast<double>(blocks * warps) / (has.threads / 32), limit};
}

}  // namespace qsm::inline v0::kernels::detail::gpu
