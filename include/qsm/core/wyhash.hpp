#pragma once
/// @file
/// wyhash, a hash of bytes by 128-bit products.

#include <cstdint>

#include <qsm/core/config.hpp>
#include <qsm/core/hashing.hpp>

namespace qsm::inline v0::inline core {

/// wyhash, final version 4.3 with its own secret, of a run of bytes or a text.
///
/// @param bytes  what is hashed [B], any length
/// @param seed   picks one of 2^64 unlike functions [1], any 64-bit integer
/// @returns      hash [1], any 64-bit integer
/// @source       Wang Yi 2019-2024, wyhash final version 4.3
std::uint64_t wyhash(ByteView bytes, std::uint64_t seed = 0);

/// wyhash of an integer, taken as its eight bytes, the least significant first.
///
/// @param value  what is hashed [1], any 64-bit integer
/// @param seed   picks one of 2^64 unlike functions [1], any 64-bit integer
/// @returns      hash [1], any 64-bit integer
/// @source       Wang Yi 2019-2024, wyhash final version 4.3
std::uint64_t wyhash(std::uint64_t value, std::uint64_t seed = 0);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/wyhash.ipp>
#endif
