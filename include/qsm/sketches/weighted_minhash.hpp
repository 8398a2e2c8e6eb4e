#pragma once
/// @file
/// Weighted MinHash: how alike two sets of items with weights are.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// Draws `size` points of the items' weights, so that two sketches have the same point with the probability that their
/// weighted similarity is: the sum of the lesser weights of each item over the sum of the greater. All weights 1 make
/// it that of MinHash.
///
///     WeightedMinHash ada, bob;
///     ada.add("lace", 2);
///     bob.add("lace", 3);
///     ada.similarity(bob);  // about 2/3, with its 95 % interval
///
/// An item that comes twice, or in both of two that are merged, has the greater of its weights.
///
/// @source  Ioffe 2010, Improved consistent sampling, weighted minhash and L1 sketching
class WeightedMinHash {
 public:
  /// With so many points, an integer in [1, 65536].
  explicit WeightedMinHash(int size = 128, const Hasher& hasher = {});

  /// Adds an item.
  ///
  /// @param item    an integer [1], of 64 bits
  /// @param weight  how much of it there is [any], finite and >= 0; 0 is nothing
  void add(std::uint64_t item, double weight) { add_hash(hasher_(item), weight); }
  /// Adds a text or bytes.
  ///
  /// @param item    text or bytes [B], any length
  /// @param weight  how much of it there is [any], finite and >= 0; 0 is nothing
  void add(ByteView item, double weight) { add_hash(hasher_(item), weight); }
  /// Adds an item by a hash made elsewhere.
  ///
  /// @param hash    of the item [1], any 64-bit integer
  /// @param weight  how much of it there is [any], finite and >= 0; 0 is nothing
  void add_hash(std::uint64_t hash, double weight);
  /// Adds many items by hashes made elsewhere; where one weight is refused, none has been added.
  ///
  /// @param hashes   of the items [1], any 64-bit integers
  /// @param weights  as many [any], each finite and >= 0
  void add_hashes(std::span<const std::uint64_t> hashes, std::span<const double> weights);
  /// Adds what another of the same size and hasher has seen.
  void merge(const WeightedMinHash& other);

  /// Weighted similarity with another of the same size and hasher [1], in [0, 1], with Wilson's interval.
  ///
  /// @param other       the other set's
  /// @param confidence  of the interval [1], in (0, 1)
  Estimate similarity(const WeightedMinHash& other, double confidence = 0.95) const;

  /// How items become 64 bits.
  const Hasher& hasher() const { return hasher_; }
  /// Number of points [1].
  int size() const { return static_cast<int>(points_.size()); }
  /// The points, as hashes of an item and a step of its weight; 2^64 - 1 without items.
  const std::vector<std::uint64_t>& signature() const { return points_; }
  /// Memory of the points, and of what they are chosen by [B].
  std::size_t bytes_used() const {
    return points_.capacity() * sizeof(std::uint64_t) + least_.capacity() * sizeof(double);
  }

  /// The sketch's own bytes: "QWMH", version 1, hasher, size, points with what they were chosen by, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static WeightedMinHash decode(std::span<const std::byte> bytes);

  friend bool operator==(const WeightedMinHash&, const WeightedMinHash&) = default;

 private:
  Hasher hasher_;
  std::vector<std::uint64_t> points_;
  std::vector<double> least_;  // logarithm of the time at which the point comes, of all points the first
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/weighted_minhash.ipp>
#endif
