#pragma once
/// @file
/// MinHash and its relatives: how alike two sets are, from a few hundred numbers of each.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// Items that two sets share over items in either: its `signature` agrees with that of another in as many places.
///
///     SimilaritySketch    ItemSketch with similarity(other), and signature() for an index
template <class Type>
concept SimilaritySketch = ItemSketch<Type> && requires(const Type sketch) {
  { sketch.similarity(sketch) } -> std::convertible_to<Estimate>;
  { sketch.signature() } -> std::convertible_to<std::vector<std::uint64_t>>;
};

class BBitMinHash;

/// The least of each of `size` hashes of all items. Two sets have the same least hash with the probability that their
/// similarity is (Jaccard: shared items over items in either).
///
///     MinHash ada, bob;
///     ada.add("lace");
///     bob.add("lace");
///     ada.similarity(bob);  // 1, with its 95 % interval
///
/// An item's hashes are a x + b of its one hash x, modulo 2^64.
///
/// @source  Broder 1997, On the resemblance and containment of documents
class MinHash : public detail::Items<MinHash> {
 public:
  /// With so many hashes, an integer in [1, 65536]. 128 err by at most 0.044 (one standard deviation).
  explicit MinHash(int size = 128, const Hasher& hasher = {});

  using Items::add;
  /// Adds an item by a hash made elsewhere.
  void add_hash(std::uint64_t hash) { add_hashes({&hash, 1}); }
  /// Adds many items by hashes made elsewhere.
  void add_hashes(std::span<const std::uint64_t> hashes);
  /// Adds what another of the same size and hasher has seen: the sketch of the union.
  void merge(const MinHash& other);

  /// Similarity with the set of another of the same size and hasher [1], in [0, 1], with Wilson's interval.
  ///
  /// @param other       the other set's
  /// @param confidence  of the interval [1], in (0, 1)
  Estimate similarity(const MinHash& other, double confidence = 0.95) const;
  /// Only the lowest bits of each hash, mixed again: 64 times smaller with one bit.
  ///
  /// @param bits  of each hash [1], an integer in [1, 32]
  BBitMinHash compressed(int bits = 1) const;

  /// Number of hashes [1].
  int size() const { return static_cast<int>(least_.size()); }
  /// The least hashes; 2^64 - 1 without items.
  const std::vector<std::uint64_t>& signature() const { return least_; }
  /// Memory of the hashes [B].
  std::size_t bytes_used() const { return least_.capacity() * sizeof(std::uint64_t); }

  /// The sketch's own bytes: "QMIN", version 1, hasher, size, least hashes, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static MinHash decode(std::span<const std::byte> bytes);

  /// Whether hasher and hashes are the same.
  friend bool operator==(const MinHash& a, const MinHash& b) {
    return a.hasher() == b.hasher() && a.least_ == b.least_;
  }

 private:
  std::vector<std::uint64_t> least_;
};

/// A few bits of each hash of a MinHash: what is left to store once a set is complete. It takes no more items, and cannot
/// be merged.
///
/// @source  Li, König 2010, b-bit minwise hashing
class BBitMinHash {
 public:
  /// Similarity with the set of another of the same size, bits and hasher [1]: the places that agree, less those that
  /// agree by chance, with Wilson's interval.
  ///
  /// @param other       the other set's
  /// @param confidence  of the interval [1], in (0, 1)
  Estimate similarity(const BBitMinHash& other, double confidence = 0.95) const;

  /// Number of hashes [1].
  int size() const { return size_; }
  /// Bits of each hash [1].
  int bits() const { return bits_; }
  /// How items became 64 bits.
  const Hasher& hasher() const { return hasher_; }
  /// Memory of the bits [B].
  std::size_t bytes_used() const { return words_.capacity() * sizeof(std::uint64_t); }

  /// Its own bytes: "QBIT", version 1, hasher, size, bits, words, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static BBitMinHash decode(std::span<const std::byte> bytes);

  friend bool operator==(const BBitMinHash&, const BBitMinHash&) = default;

 private:
  friend class MinHash;
  BBitMinHash(int size, int bits, const Hasher& hasher);
  std::uint64_t at(std::size_t index) const;

  int size_, bits_;
  Hasher hasher_;
  std::vector<std::uint64_t> words_;
};

/// One hash an item instead of many: it falls into one of `size` bins, of which each keeps its least. Faster by the
/// number of hashes, and as exact where there are a few items to each bin.
///
/// @source  Li, Owen, Zhang 2012, One permutation hashing; Shrivastava 2017, Optimal densification for fast and accurate
///          minwise hashing
class OnePermutationMinHash : public detail::Items<OnePermutationMinHash> {
 public:
  /// With so many bins, an integer in [1, 65536].
  explicit OnePermutationMinHash(int size = 128, const Hasher& hasher = {});

  using Items::add;
  /// Adds an item by a hash made elsewhere.
  void add_hash(std::uint64_t hash) { add_hashes({&hash, 1}); }
  /// Adds many items by hashes made elsewhere.
  void add_hashes(std::span<const std::uint64_t> hashes);
  /// Adds what another of the same size and hasher has seen: the sketch of the union.
  void merge(const OnePermutationMinHash& other);

  /// Similarity with the set of another of the same size and hasher [1], in [0, 1]: bins that agree over bins that are
  /// not empty in both, with Wilson's interval.
  ///
  /// @param other       the other set's
  /// @param confidence  of the interval [1], in (0, 1)
  Estimate similarity(const OnePermutationMinHash& other, double confidence = 0.95) const;

  /// Number of bins [1].
  int size() const { return static_cast<int>(least_.size()); }
  /// Number of bins without an item [1].
  int empty_bins() const;
  /// The least hash of each bin; empty bins have that of another, drawn by their number until one is not empty, so that
  /// signatures agree in as many places as sets are alike however few items there are.
  std::vector<std::uint64_t> signature() const;
  /// Memory of the bins [B].
  std::size_t bytes_used() const { return least_.capacity() * sizeof(std::uint64_t); }

  /// The sketch's own bytes: "QONE", version 1, hasher, size, least hashes, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static OnePermutationMinHash decode(std::span<const std::byte> bytes);

  /// Whether hasher and bins are the same.
  friend bool operator==(const OnePermutationMinHash& a, const OnePermutationMinHash& b) {
    return a.hasher() == b.hasher() && a.least_ == b.least_;
  }

 private:
  std::vector<std::uint64_t> least_;
};

/// MinHash whose places share one permutation, so that an item leaves its least values in unlike places: fewer errors
/// where sets are small, down to a half of the variance, and less work where they are large.
///
/// @source  Ertl 2017, SuperMinHash: a new minwise hashing algorithm for Jaccard similarity estimation
class SuperMinHash : public detail::Items<SuperMinHash> {
 public:
  /// With so many values, an integer in [1, 65536].
  explicit SuperMinHash(int size = 128, const Hasher& hasher = {});

  using Items::add;
  /// Adds an item by a hash made elsewhere.
  void add_hash(std::uint64_t hash);
  /// Adds many items by hashes made elsewhere.
  void add_hashes(std::span<const std::uint64_t> hashes);
  /// Adds what another of the same size and hasher has seen: the sketch of the union.
  void merge(const SuperMinHash& other);

  /// Similarity with the set of another of the same size and hasher [1], in [0, 1], with Wilson's interval, which is
  /// wider than need be for small sets.
  ///
  /// @param other       the other set's
  /// @param confidence  of the interval [1], in (0, 1)
  Estimate similarity(const SuperMinHash& other, double confidence = 0.95) const;
  /// Variance of the similarity over that of MinHash with as many values [1], in (0, 1].
  ///
  /// @param items  in either set [1], finite and >= 1
  double variance_ratio(double items) const;

  /// Number of values [1].
  int size() const { return static_cast<int>(least_.size()); }
  /// The least values; 2^64 - 1 without items.
  const std::vector<std::uint64_t>& signature() const { return least_; }
  /// Memory of the values, and of what finds them [B].
  std::size_t bytes_used() const;

  /// The sketch's own bytes: "QSUP", version 1, hasher, size, least values, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static SuperMinHash decode(std::span<const std::byte> bytes);

  /// Whether hasher and values are the same.
  friend bool operator==(const SuperMinHash& a, const SuperMinHash& b) {
    return a.hasher() == b.hasher() && a.least_ == b.least_;
  }

 private:
  static constexpr int fraction_bits = 47;

  std::size_t round_of(std::uint64_t value) const;
  void find_rounds();

  std::vector<std::uint64_t> least_;    // the round an item's permutation came there, and a fraction
  std::vector<std::uint32_t> rounds_;   // number of places by round, the last of them or none
  std::vector<std::uint32_t> places_;   // the permutation of the item at hand
  std::vector<std::uint64_t> touched_;  // which item it was that last moved a place
  std::size_t last_ = 0;                // largest round of any place
  std::uint64_t turn_ = 0;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/minhash.ipp>
#endif
