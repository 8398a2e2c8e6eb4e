#pragma once
/// @file
/// The sketch of Greenwald and Khanna: quantiles whose rank error is certain.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/detail/quantiles.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// Keeps some of the numbers, each with the least and the largest rank that it may have, so close together that every
/// rank is known to within the error.
///
///     GkSketch seconds(0.01);
///     seconds.add(0.0123);
///     seconds.quantile(0.99);  // the 0.98 to 1 quantile, for certain
///
/// Merged sketches keep the error, but there is no bound of their size.
///
/// @source  Greenwald, Khanna 2001, Space-efficient online computation of quantile summaries; Agarwal et al. 2013,
///          Mergeable summaries, section 2.2, for merging
class GkSketch : public detail::Ranks<GkSketch> {
 public:
  static constexpr const char* name = "GkSketch";

  /// With an error of ranks.
  ///
  /// @param error  of ranks, over n [1], in [1e-5, 0.5]
  explicit GkSketch(double error = 0.01);

  /// Adds a number, finite.
  void add(double number) { add(std::span(&number, 1)); }
  /// Adds many numbers, finite; where one is not, none has been added.
  void add(std::span<const double> numbers);
  /// Adds all numbers of another of the same error.
  void merge(const GkSketch& other);
  /// Forgets all numbers.
  void reset();

  /// Number of numbers n [1].
  std::uint64_t count() const { return count_ + fresh_.size(); }
  /// Number whose rank is n p within the error, p in [0, 1]; the bounds are certain.
  Estimate quantile(double probability) const { return Ranks::quantile(probability); }
  /// Quantile of each probability; `out` has the size of `probabilities`.
  void fill_quantile(std::span<const double> probabilities, std::span<double> out) const {
    Ranks::fill_quantile(probabilities, out);
  }
  /// Fraction of numbers at or below `number` [1], within the error.
  Estimate cdf(double number) const { return Ranks::cdf(number); }
  /// cdf of each number; `out` has the size of `numbers`.
  void fill_cdf(std::span<const double> numbers, std::span<double> out) const { Ranks::fill_cdf(numbers, out); }
  /// Smallest number.
  double min() const { return count() == 0 ? detail::nothing : least_; }
  /// Largest number.
  double max() const { return count() == 0 ? detail::nothing : largest_; }

  /// Error of ranks, over n [1].
  double error() const { return error_; }
  /// Numbers that are kept [1].
  std::size_t kept() const { return settled().entries_.size(); }
  /// Memory of the numbers that are kept [B].
  std::size_t bytes_used() const { return entries_.capacity() * sizeof(Entry) + fresh_.capacity() * sizeof(double); }

  /// The sketch's own bytes: "QGKS", version 1, error, numbers with their ranks, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static GkSketch decode(std::span<const std::byte> bytes);

  /// Whether the error and all numbers that are kept are the same.
  friend bool operator==(const GkSketch& a, const GkSketch& b) {
    return a.error_ == b.error_ && a.settled().entries_ == b.settled().entries_;
  }

 private:
  friend class detail::Ranks<GkSketch>;
  static constexpr std::size_t block = 512;

  struct Entry {
    double value;
    std::uint64_t gap;   // least rank, less that of the entry before
    std::uint64_t span;  // largest rank, less the least

    friend bool operator==(const Entry&, const Entry&) = default;
  };

  detail::RankedValues ranked() const;
  double slack() const { return error_ + 1 / static_cast<double>(count()); }  // for the rounding of ranks
  double lowest_rank(double rank) const { return std::max(0.0, rank - slack()); }
  double highest_rank(double rank) const { return std::min(1.0, rank + slack()); }
  const char* bound() const { return "GK, certain"; }

  std::uint64_t width() const;  // most that gap and span may be together
  GkSketch settled() const;
  void settle();
  void join(const std::vector<Entry>& others, std::uint64_t others_count);

  double error_;
  std::uint64_t count_ = 0;  // of the entries
  double least_ = infinity;
  double largest_ = -infinity;
  std::vector<Entry> entries_;
  std::vector<double> fresh_;  // as they came
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/gk_sketch.ipp>
#endif
