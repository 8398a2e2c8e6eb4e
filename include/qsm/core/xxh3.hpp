#pragma once
/// @file
/// XXH3, the 64-bit hash of the xxHash family for bytes of any length: fast on short texts as on long ones.

#include <cstdint>

#include <qsm/core/config.hpp>
#include <qsm/core/hashing.hpp>

namespace qsm::inline v0::inline core {

/// XXH3 in 64 bits, of a run of bytes or a text.
///
/// @param bytes  what is hashed [B], any length
/// @param seed   picks one of 2^64 unlike functions [1], any 64-bit integer
/// @returns      hash [1], any 64-bit integer
/// @source       Collet 2019-2023, xxHash fast digest algorithm, specification 0.2.0, section XXH3
std::uint64_t xxh3(ByteView bytes, std::uint64_t seed = 0);

/// XXH3 in 64 bits, of an integer, taken as its eight bytes, the least significant first.
///
/// @param value  what is hashed [1], any 64-bit integer
/// @param seed   picks one of 2^64 unlike functions [1], any 64-bit integer
/// @returns      hash [1], any 64-bit integer
/// @source       Collet 2019-2023, xxHash fast digest algorithm, specification 0.2.0, section XXH3
std::uint64_t xxh3(std::uint64_t value, std::uint64_t seed = 0);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/xxh3.ipp>
#endif
