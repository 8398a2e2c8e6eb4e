#pragma once
/// @file
/// Linear counting: how many unlike items there were, from one bit for about each of them.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// Sets a bit for each item and counts the bits that are still zero: m ln(m / zeros). Where no bit is zero there is no
/// bound from above: the estimate is infinite.
///
///     LinearCounter visitors(1024);
///     visitors.add("Ada");
///     visitors.estimate();  // 1, with its 95 % interval
///
/// @source  Whang, Vander-Zanden, Taylor 1990, A linear-time probabilistic counting algorithm for database applications
class LinearCounter : public detail::Items<LinearCounter> {
 public:
  /// With so many bits, an integer in [64, 2^33], rounded up to a multiple of 64. As many bits as items give an error of
  /// 0.85 / sqrt(bits).
  explicit LinearCounter(std::uint64_t bits, const Hasher& hasher = {});

  using Items::add;
  /// Counts an item by a hash made elsewhere.
  void add_hash(std::uint64_t hash) { add_hashes({&hash, 1}); }
  /// Counts many items by hashes made elsewhere.
  void add_hashes(std::span<const std::uint64_t> hashes);
  /// Counts what another of the same size and hasher has counted.
  void merge(const LinearCounter& other);

  /// Number of unlike items [1], with its interval.
  ///
  /// @param confidence  of the interval [1], in (0, 1)
  Estimate estimate(double confidence = 0.95) const;
  /// Standard error over truth [1] where there are so many items.
  ///
  /// @param items  number of unlike items [1], finite and >= 0
  double relative_error(double items) const;

  /// Number of bits [1], a multiple of 64.
  std::uint64_t bits() const { return 64 * words_.size(); }
  /// Number of bits that no item has set [1].
  std::uint64_t zeros() const;
  /// Memory of the bits [B].
  std::size_t bytes_used() const { return words_.capacity() * sizeof(std::uint64_t); }

  /// The sketch's own bytes: "QLIN", version 1, hasher, number of words, words, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static LinearCounter decode(std::span<const std::byte> bytes);

  /// Whether hasher and bits are the same.
  friend bool operator==(const LinearCounter& a, const LinearCounter& b) {
    return a.hasher() == b.hasher() && a.words_ == b.words_;
  }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/linear_counter.ipp>
#endif
