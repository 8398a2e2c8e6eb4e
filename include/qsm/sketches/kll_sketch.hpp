#pragma once
/// @file
/// KLL: quantiles whose rank error depends on the size alone; reads and writes the bytes of Apache DataSketches.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/detail/quantiles.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// Keeps some of the numbers, in levels: one of level h stands for 2^h. A level that is full is sorted, and every second
/// of its numbers goes up.
///
///     KllSketch seconds(200);
///     seconds.add(0.0123);
///     seconds.quantile(0.99);  // the 0.99 - 0.0133 to 0.99 + 0.0133 quantile, in 99 of 100 cases
///
/// 512 numbers at a time are sorted together, so that the lowest levels err less than those of DataSketches. Which
/// numbers go up is drawn from the seed: the same numbers in the same order make the same sketch everywhere.
///
/// @source  Karnin, Lang, Liberty 2016, Optimal quantile approximation in streams; the sizes of levels and the error of
///          ranks are those of Apache DataSketches
class KllSketch : public detail::Ranks<KllSketch> {
 public:
  static constexpr const char* name = "KllSketch";

  /// Of a size, which sets the error of ranks, and the memory.
  ///
  /// @param k     numbers in the largest level [1], an integer in [8, 65535]
  /// @param seed  of the draws [1], any 64-bit integer
  explicit KllSketch(int k = 200, std::uint64_t seed = 1);

  /// Adds a number, finite.
  void add(double number) { add(std::span(&number, 1)); }
  /// Adds many numbers, finite; where one is not, none has been added.
  void add(std::span<const double> numbers);
  /// Adds all numbers of another. The error becomes that of the smaller k.
  void merge(const KllSketch& other);
  /// Forgets all numbers.
  void reset();

  /// Number of numbers n [1].
  std::uint64_t count() const { return count_; }
  /// Smallest number x of those kept with n p numbers at or below it, p in [0, 1]; the bounds are the quantiles that
  /// `rank_error` away stand on either side, and hold in 99 of 100 cases.
  Estimate quantile(double probability) const { return Ranks::quantile(probability); }
  /// Quantile of each probability; `out` has the size of `probabilities`.
  void fill_quantile(std::span<const double> probabilities, std::span<double> out) const {
    Ranks::fill_quantile(probabilities, out);
  }
  /// Fraction of numbers at or below `number` [1]; the bounds are `rank_error` away.
  Estimate cdf(double number) const { return Ranks::cdf(number); }
  /// cdf of each number; `out` has the size of `numbers`.
  void fill_cdf(std::span<const double> numbers, std::span<double> out) const { Ranks::fill_cdf(numbers, out); }
  /// Smallest number.
  double min() const { return count_ == 0 ? detail::nothing : least_; }
  /// Largest number.
  double max() const { return count_ == 0 ? detail::nothing : largest_; }

  /// What the rank of a quantile, over n, is off at most in 99 of 100 cases [1]; 0 while all numbers are kept.
  ///
  /// @param of_difference  whether it is the difference of two ranks that is asked for
  double rank_error(bool of_difference = false) const;
  /// Numbers in the largest level [1].
  int k() const { return k_; }
  /// Numbers that are kept [1].
  std::size_t kept() const;
  /// Memory of the numbers that are kept [B].
  std::size_t bytes_used() const;

  /// The sketch's own bytes: "QKLL", version 1, sizes, seed and draws, least, largest, numbers by levels, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static KllSketch decode(std::span<const std::byte> bytes);

  /// A KLL sketch of Apache DataSketches.
  ///
  /// @param items  how wide its items are
  std::vector<std::byte> to_datasketches(DataSketchesItems items = DataSketchesItems::doubles) const;
  /// Reads a KLL sketch of Apache DataSketches of finite numbers; throws MalformedBytes where the bytes are anything
  /// else.
  ///
  /// @param bytes  the sketch
  /// @param items  how wide its items are
  /// @param seed   of the draws to come [1], any 64-bit integer
  static KllSketch from_datasketches(std::span<const std::byte> bytes,
                                     DataSketchesItems items = DataSketchesItems::doubles, std::uint64_t seed = 1);

  /// Whether sizes and all numbers that are kept are the same; draws to come may differ.
  friend bool operator==(const KllSketch& a, const KllSketch& b) {
    return a.k_ == b.k_ && a.smallest_k_ == b.smallest_k_ && a.count_ == b.count_ &&
           (a.count_ == 0 || (a.least_ == b.least_ && a.largest_ == b.largest_)) && a.fresh_ == b.fresh_ &&
           a.levels_ == b.levels_;
  }

 private:
  friend class detail::Ranks<KllSketch>;
  static constexpr std::size_t block = 512;

  detail::RankedValues ranked() const;
  double lowest_rank(double rank) const { return std::max(0.0, rank - rank_error()); }
  double highest_rank(double rank) const { return std::min(1.0, rank + rank_error()); }
  const char* bound() const { return rank_error() == 0 ? "KLL, exact" : "KLL, 99 %"; }

  static void put_into(std::vector<double>& level, std::span<const double> numbers);
  void settle();
  void compress();
  void raise(std::size_t level);
  bool draw();

  int k_;
  int smallest_k_;  // of all that were merged
  std::uint64_t seed_;
  std::uint64_t draws_ = 0;
  std::uint64_t count_ = 0;
  double least_ = infinity;
  double largest_ = -infinity;
  std::vector<double> fresh_;                                                      // as they came
  std::vector<std::vector<double>> levels_ = std::vector<std::vector<double>>(1);  // each in order
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/kll_sketch.ipp>
#endif
