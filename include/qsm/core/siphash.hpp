#pragma once
/// @file
/// SipHash-2-4, a hash with a secret key, so that nobody without it can make items collide.

#include <array>
#include <cstdint>

#include <qsm/core/config.hpp>
#include <qsm/core/hashing.hpp>

namespace qsm::inline v0::inline core {

/// SipHash-2-4 in 64 bits, of a run of bytes or a text.
///
/// @param bytes  what is hashed [B], any length
/// @param key    the 128 bits of the key, the lower half first [1], any 64-bit integers
/// @returns      hash [1], any 64-bit integer
/// @source       Aumasson, Bernstein 2012, SipHash: a fast short-input PRF, section 2
std::uint64_t siphash(ByteView bytes, const std::array<std::uint64_t, 2>& key);

/// SipHash-2-4 in 64 bits, of an integer, taken as its eight bytes, the least significant first.
///
/// @param value  what is hashed [1], any 64-bit integer
/// @param key    the 128 bits of the key, the lower half first [1], any 64-bit integers
/// @returns      hash [1], any 64-bit integer
/// @source       Aumasson, Bernstein 2012, SipHash: a fast short-input PRF, section 2
std::uint64_t siphash(std::uint64_t value, const std::array<std::uint64_t, 2>& key);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/siphash.ipp>
#endif
