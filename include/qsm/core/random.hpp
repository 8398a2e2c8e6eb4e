#pragma once
/// @file
/// Streams of random numbers: values without state. Variate i of a stream depends on nothing but the stream and i, so
/// that runs repeat on every platform and thread count, and two systems can be driven by the same numbers.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::inline core {

namespace detail {

/// One block of Philox4x32-10: a bijection of the counter for every key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

}  // namespace detail

/// A stream of Philox4x32-10 (Salmon et al. 2011, Parallel random numbers: as easy as 1, 2, 3), addressed by position.
///
///     const Stream seed(42);
///     const Stream arrivals = seed.child("arrivals").child(replication);
///     arrivals.uniforms(0, block);
///
/// A stream is 128 bits: the key and the upper half of the counter. Those of a child are one Philox block of the
/// parent's bits and the id, under a key that no draw uses. So siblings with different ids are always different
/// streams, and seeds that lie close together give streams that do not. Copies, and use from many threads, are free.
class Stream {
 public:
  /// The stream of a seed.
  explicit Stream(std::uint64_t seed);

  /// The stream that belongs to a number: a replication, a station, a customer.
  Stream child(std::uint64_t id) const;
  /// The stream that belongs to a name; never the same as one that belongs to a number.
  Stream child(std::string_view name) const;

  /// 64 random bits for each of the positions first, first + 1, ...
  void bits(std::uint64_t first, std::span<std::uint64_t> out) const;
  /// Uniform on the open interval (0, 1), exactly (b + 1/2) 2^-52 with b the upper 52 of the 64 bits at the position;
  /// so u and 1 - u are equally likely, the least is 2^-53 and the greatest 1 - 2^-53.
  void uniforms(std::uint64_t first, std::span<double> out) const;

  /// The 128 bits that the stream is: key, and upper half of the counter.
  std::array<std::uint64_t, 2> state() const { return {key_, block_}; }
  /// The stream with this state.
  static Stream from_state(const std::array<std::uint64_t, 2>& state) { return {state[0], state[1]}; }

  friend bool operator==(const Stream&, const Stream&) = default;

 private:
  Stream(std::uint64_t key, std::uint64_t block) : key_(key), block_(block) {}
  static Stream derive(std::uint64_t key, std::uint64_t block, std::uint64_t id);

  std::uint64_t key_;    // Philox key
  std::uint64_t block_;  // upper half of the Philox counter
};

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/random.ipp>
#endif
