#pragma once
/// @file
/// What the texts of the GPU kernels are written against: one text runs on a GPU (ptx.hpp) and on the host (emulator.hpp).
///
/// A kernel is a template over a Machine, what one thread sees of a GPU. What waits is written `QSM_AWAIT machine.wait(...)`:
/// a call on the GPU, a coroutine's pause on the emulator. A function that may wait gives `typename Machine::Role`, and one
/// that happens not to ends with QSM_END.

#include <cstddef>
#include <cstdint>

#include <qsm/core/config.hpp>

#ifdef __CUDACC__
#define QSM_DEVICE __device__ __forceinline__
#define QSM_BOTH __host__ __device__ __forceinline__
#define QSM_AWAIT
#define QSM_END
#define QSM_UNROLL _Pragma("unroll")
#define QSM_ROLLED _Pragma("unroll 1")
#else
#define QSM_DEVICE inline
#define QSM_BOTH inline
#define QSM_AWAIT co_await
#define QSM_END co_return
#define QSM_UNROLL
#define QSM_ROLLED
#endif

namespace qsm::inline v0::kernels::detail::gpu {

inline constexpr std::uint32_t warp_lanes = 32;
inline constexpr std::uint32_t group_threads = 128;  // a warpgroup, the four warps that share a wgmma
inline constexpr std::uint32_t panel_bytes = 128;    // of a row of a panel; one has 64 short numbers
inline constexpr std::uint32_t panel_columns = 64;   // short numbers of a row of a panel
inline constexpr std::uint32_t atom_bytes = 1024;    // eight rows of a panel, what the swizzle permutes

// Registers of a thread where 384 have 65,536: those of the warpgroup that copies go to the two that multiply. If these asked
// for more than there are, they would wait for ever.
inline constexpr std::uint32_t start_registers = 168, copy_registers = 40, multiply_registers = 232;
static_assert(copy_registers + 2 * multiply_registers <= 3 * start_registers);

/// Where the byte at an address of shared memory really lies under the 128-byte swizzle: bits 4-6 are exchanged by bits 7-9.
QSM_BOTH constexpr std::uint32_t swizzled(std::uint32_t address) { return address ^ (address >> 7 & 7) << 4; }

/// A matrix in panels of 64 columns: a row of one is 128 bytes, a panel has all rows. Address of 16 bytes (8 numbers) of it.
QSM_BOTH constexpr std::uint32_t panel_address(std::uint32_t base, std::uint32_t rows, std::uint32_t row,
                                               std::uint32_t column) {
  return swizzled(base + column / panel_columns * rows * panel_bytes + row * panel_bytes + column % panel_columns * 2);
}

/// wgmma's description of a matrix in shared memory under the 128-byte swizzle: bits 0-13 its address, 16-29 and 32-45 two
/// strides, all in units of 16 bytes, and the swizzle in bits 62-63.
QSM_BOTH constexpr std::uint64_t descriptor(std::uint32_t address, std::uint32_t leading_bytes,
                                            std::uint32_t stride_bytes) {
  return (address & 0x3ffffu) >> 4 | static_cast<std::uint64_t>(leading_bytes >> 4) << 16 |
         static_cast<std::uint64_t>(stride_bytes >> 4) << 32 | static_cast<std::uint64_t>(1) << 62;
}

/// Rows are what is summed over columns of: 64 columns of a panel whose rows follow each other ("K-major").
QSM_BOTH constexpr std::uint64_t descriptor_by_rows(std::uint32_t address) {
  return descriptor(address, 16, atom_bytes);
}

/// Sums go down the rows: panels of `rows` rows with 64 columns each ("MN-major").
QSM_BOTH constexpr std::uint64_t descriptor_by_columns(std::uint32_t address, std::uint32_t rows) {
  return descriptor(address, rows * panel_bytes, atom_bytes);
}

/// Row of the tile of 64 of a wgmma, or of the 16 of an mma, in which a thread of the warpgroup holds sum i: with
/// i = 4 j + 2 h + c, row 16 warp + lane / 4 + 8 h, column 8 j + 2 (lane % 4) + c.
QSM_BOTH constexpr std::uint32_t fragment_row(std::uint32_t thread, std::uint32_t i) {
  return thread / 32 * 16 + thread % 32 / 4 + (i >> 1 & 1) * 8;
}
/// Column of the same.
QSM_BOTH constexpr std::uint32_t fragment_column(std::uint32_t thread, std::uint32_t i) {
  return i / 4 * 8 + thread % 4 * 2 + (i & 1);
}

QSM_BOTH constexpr std::uint32_t smaller(std::uint32_t a, std::uint32_t b) { return a < b ? a : b; }
QSM_BOTH constexpr std::uint32_t ceiling(std::uint32_t a, std::uint32_t b) { return (a + b - 1) / b; }
QSM_BOTH constexpr std::uint32_t rounded_up(std::uint32_t a, std::uint32_t b) { return ceiling(a, b) * b; }

}  // namespace qsm::inline v0::kernels::detail::gpu
