#pragma once
/// @file
/// SimHash: the angle between two vectors of counts, from a few bits of each.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// Signs of sums: each item adds +1 or -1 to each of `bits` sums, by the bits of its hash, as often as it comes. Two
/// sketches differ in a sign with the probability that the angle between their vectors of counts has of 180 degrees.
///
///     SimHash ada(64), bob(64);
///     ada.add("lace");
///     bob.add("lace");
///     ada.similarity(bob);  // cosine 1, with its 95 % interval
///
/// @source  Charikar 2002, Similarity estimation techniques from rounding algorithms; Manku, Jain, Das Sarma 2007,
///          Detecting near-duplicates for web crawling
class SimHash : public detail::Items<SimHash> {
 public:
  /// With so many bits, an integer in [64, 65536], rounded up to a multiple of 64.
  explicit SimHash(int bits = 64, const Hasher& hasher = {});

  using Items::add;
  /// Adds an item by a hash made elsewhere.
  void add_hash(std::uint64_t hash) { add_hashes({&hash, 1}); }
  /// Adds many items by hashes made elsewhere.
  void add_hashes(std::span<const std::uint64_t> hashes);
  /// Adds the counts of another of the same size and hasher.
  void merge(const SimHash& other);

  /// Cosine of the angle between the counts of this and another of the same size and hasher [1], in [-1, 1]; its interval
  /// is that of Wilson for the share of signs that differ.
  ///
  /// @param other       the other vector's
  /// @param confidence  of the interval [1], in (0, 1)
  Estimate similarity(const SimHash& other, double confidence = 0.95) const;

  /// Number of bits [1].
  int size() const { return static_cast<int>(sums_.size()); }
  /// The signs, 64 to a word: a bit is set where a sum is positive.
  std::vector<std::uint64_t> fingerprint() const;
  /// The words of the fingerprint as an index takes them.
  std::vector<std::uint64_t> signature() const { return fingerprint(); }
  /// Memory of the sums [B].
  std::size_t bytes_used() const { return sums_.capacity() * sizeof(std::int64_t); }

  /// The sketch's own bytes: "QSIM", version 1, hasher, number of words, sums, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static SimHash decode(std::span<const std::byte> bytes);

  /// Whether hasher and sums are the same.
  friend bool operator==(const SimHash& a, const SimHash& b) { return a.hasher() == b.hasher() && a.sums_ == b.sums_; }

 private:
  std::vector<std::int64_t> sums_;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/simhash.ipp>
#endif
