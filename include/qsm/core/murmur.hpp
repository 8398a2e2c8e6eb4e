#pragma once
/// @file
/// Austin Appleby's Murmur hashes, which many stored formats rest on: 64A (Redis), 3 in 128 bits (Apache DataSketches,
/// Cassandra) and in 32 bits.

#include <array>
#include <cstdint>

#include <qsm/core/config.hpp>
#include <qsm/core/hashing.hpp>

namespace qsm::inline v0::inline core {

/// MurmurHash3 in 128 bits for 64-bit processors (x64_128), of a run of bytes or a text.
///
/// @param bytes  what is hashed [B], any length
/// @param seed   start of both halves [1], any 64-bit integer; the author's program takes 32 bits
/// @returns      first and second half of the hash
/// @source       Appleby 2011-2016, SMHasher, MurmurHash3_x64_128
std::array<std::uint64_t, 2> murmur3_128(ByteView bytes, std::uint64_t seed = 0);

/// MurmurHash3 in 128 bits, of an integer, taken as its eight bytes, the least significant first.
///
/// @param value  what is hashed [1], any 64-bit integer
/// @param seed   start of both halves [1], any 64-bit integer
/// @returns      first and second half of the hash
/// @source       Appleby 2011-2016, SMHasher, MurmurHash3_x64_128
std::array<std::uint64_t, 2> murmur3_128(std::uint64_t value, std::uint64_t seed = 0);

/// MurmurHash3 in 32 bits (x86_32), of a run of bytes or a text.
///
/// @param bytes  what is hashed [B], any length
/// @param seed   picks one of 2^32 unlike functions [1], any 32-bit integer
/// @returns      hash [1], any 32-bit integer
/// @source       Appleby 2011-2016, SMHasher, MurmurHash3_x86_32
std::uint32_t murmur3_32(ByteView bytes, std::uint32_t seed = 0);

/// MurmurHash2 in 64 bits for 64-bit processors (64A), of a run of bytes or a text.
///
/// @param bytes  what is hashed [B], any length
/// @param seed   picks one of 2^64 unlike functions [1], any 64-bit integer
/// @returns      hash [1], any 64-bit integer
/// @source       Appleby 2008-2016, SMHasher, MurmurHash64A
std::uint64_t murmur64a(ByteView bytes, std::uint64_t seed = 0);

/// MurmurHash2 in 64 bits, of an integer, taken as its eight bytes, the least significant first.
///
/// @param value  what is hashed [1], any 64-bit integer
/// @param seed   picks one of 2^64 unlike functions [1], any 64-bit integer
/// @returns      hash [1], any 64-bit integer
/// @source       Appleby 2008-2016, SMHasher, MurmurHash64A
std::uint64_t murmur64a(std::uint64_t value, std::uint64_t seed = 0);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/murmur.ipp>
#endif
