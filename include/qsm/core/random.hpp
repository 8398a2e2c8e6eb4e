#pragma once
/// @file
/// Streams of random numbers: values without state. Variate i of a stream depends on nothing but the stream and i, so
/// that runs repeat on every platform and thread count, and two systems can be driven by the same numbers.

#include <cstdint>
#include <span>
#include <string_view>

namespace qsm::inline v0::inline core {

/// A stream of Philox4x32-10, addressed by position.
///
///     const Stream seed(42);
///     const Stream arrivals = seed.child("arrivals").child(replication);
///     arrivals.uniforms(0, block);
///
/// Children are found by hashing, so that no two streams share a key by accident of seeds that lie close together.
class Stream {
 public:
  explicit Stream(std::uint64_t seed);

  Stream child(std::uint64_t id) const;
  Stream child(std::string_view name) const;

  /// 64 random bits for each of the positions first, first + 1, ...
  void bits(std::uint64_t first, std::span<std::uint64_t> out) const;
  /// Uniform on the open interval (0, 1), a multiple of 2^-53 off both ends.
  void uniforms(std::uint64_t first, std::span<double> out) const;

  friend bool operator==(const Stream&, const Stream&) = default;

 private:
  Stream(std::uint64_t key, std::uint64_t block) : key_(key), block_(block) {}

  std::uint64_t key_;    // Philox key
  std::uint64_t block_;  // upper half of the Philox counter
};

}  // namespace qsm::inline v0::inline core
