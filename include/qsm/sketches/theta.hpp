#pragma once
/// @file
/// Theta sketch: how many unlike items there were, also in the union, intersection and difference of sets; reads and
/// writes the bytes of Apache DataSketches.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// Keeps the hashes below a threshold theta, which falls so that there are at least 2^precision of them, and fewer than
/// twice as many.
///
///     ThetaSketch ada(12), bob(12);
///     ada.add("lace");
///     bob.add("lace");
///     ada.intersection(bob).estimate();  // 1
///
/// All items' hashes are kept while they are few: then every answer is exact. How far theta has fallen depends on the
/// order of merges; `trimmed` does not: it is the sketch of the 2^precision smallest hashes of all items, whatever
/// happened.
///
/// @source  Dasgupta, Lang, Rhodes, Thaler 2016, A framework for estimating stream expression cardinalities, ICDT;
///          Bar-Yossef, Jayram, Kumar, Sivakumar, Trevisan 2002, Counting distinct elements in a data stream
class ThetaSketch : public detail::Items<ThetaSketch> {
 public:
  /// With at least 2^precision hashes, an integer in [5, 26]. 12 gives 1.2 % to 1.6 % error in 128 KiB. The default
  /// hasher is that of Apache DataSketches, with its seed.
  explicit ThetaSketch(int precision = 12, const Hasher& hasher = {HashFunction::murmur3, 9001});

  using Items::add;
  /// Counts an item by a hash made elsewhere.
  void add_hash(std::uint64_t hash) { add_hashes({&hash, 1}); }
  /// Counts many items by hashes made elsewhere.
  void add_hashes(std::span<const std::uint64_t> hashes);
  /// Counts what another of the same precision and hasher has counted: the sketch of the union.
  void merge(const ThetaSketch& other);
  /// The sketch of the items of both; their precisions may differ.
  ThetaSketch intersection(const ThetaSketch& other) const;
  /// The sketch of the items of this one that the other has not; their precisions may differ.
  ThetaSketch difference(const ThetaSketch& other) const;
  /// The sketch with the 2^precision smallest hashes, where there are more.
  ThetaSketch trimmed() const;
  /// Forgets all items.
  void reset() { *this = ThetaSketch(precision_, hasher()); }

  /// Number of unlike items [1]: hashes over theta, with the interval in which the truth lies by Wilson's score.
  ///
  /// @param confidence  of the interval [1], in (0, 1)
  Estimate estimate(double confidence = 0.95) const;
  /// Items in both over items in either [1], by Jaccard: of the smallest hashes of the union those that both have, with
  /// Wilson's interval.
  ///
  /// @param other       a sketch with the same hasher
  /// @param confidence  of the interval [1], in (0, 1)
  Estimate similarity(const ThetaSketch& other, double confidence = 0.95) const;

  /// log2 of the least number of hashes [1].
  int precision() const { return precision_; }
  /// Share of all hashes that are kept [1], in (0, 1].
  double theta() const;
  /// Number of hashes that are kept [1].
  std::size_t retained() const { return number_; }
  /// Whether all items' hashes are kept, so that answers are exact.
  bool exact() const { return theta_ == largest; }
  /// Memory of the hashes [B].
  std::size_t bytes_used() const { return table_.capacity() * sizeof(std::uint64_t); }
  /// The hashes that are kept, from small to large; half of what the hasher gave.
  std::vector<std::uint64_t> hashes() const;

  /// The sketch's own bytes: "QTHT", version 1, hasher, precision, theta, hashes in order, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static ThetaSketch decode(std::span<const std::byte> bytes);

  /// A compact ordered Theta sketch of Apache DataSketches, serial version 3. Needs the hash function murmur3.
  std::vector<std::byte> to_datasketches() const;
  /// Reads a compact Theta sketch of Apache DataSketches, serial version 3; throws MalformedBytes where the bytes are
  /// anything else, or were hashed with another seed. Its nominal number of entries is not in the bytes.
  ///
  /// @param bytes      compact form, ordered or not
  /// @param precision  of the sketch that is made [1], an integer in [5, 26]
  /// @param seed       with which its items were hashed [1], any 64-bit integer
  static ThetaSketch from_datasketches(std::span<const std::byte> bytes, int precision = 12, std::uint64_t seed = 9001);

  /// Whether precision, hasher, theta and hashes are the same.
  friend bool operator==(const ThetaSketch& a, const ThetaSketch& b) {
    return a.precision_ == b.precision_ && a.hasher() == b.hasher() && a.theta_ == b.theta_ && a.hashes() == b.hashes();
  }

 private:
  static constexpr std::uint64_t largest = ~std::uint64_t{0} >> 1;  // theta of one

  std::size_t most() const { return (std::size_t{15} << precision_) / 8; }
  bool find(std::uint64_t hash, std::size_t& slot) const;
  void insert(std::uint64_t hash);
  std::vector<std::uint64_t> kept() const;  // the hashes in no order
  void fill(std::span<const std::uint64_t> hashes);
  void trim(std::vector<std::uint64_t>& all, std::size_t number);
  void check_hashers(const char* function, const ThetaSketch& other) const;

  int precision_;
  std::uint64_t theta_ = largest;     // kept are those below it
  std::vector<std::uint64_t> table_;  // open addressing, 0 is free; a power of two
  std::size_t number_ = 0;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/theta.ipp>
#endif
