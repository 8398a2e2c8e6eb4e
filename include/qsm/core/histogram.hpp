#pragma once
/// @file
/// A histogram of times on a logarithmic scale: a few cycles per value, quantiles within 0.05 %, mergeable.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/bytes.hpp>
#include <qsm/core/config.hpp>

namespace qsm::inline v0::inline core {

/// Counts of values >= 0 in buckets read off the bits of the double: 2048 buckets to each octave, so that none is wider
/// than 0.049 % of its values. Zeros are counted apart, sum and maximum are kept as they are.
///
///     Histogram waits;
///     waits.record(block);
///     waits.quantile(0.99);
///
/// Memory is 16 KiB for each octave between the smallest and the largest value seen. One writer at a time; merge what
/// several threads have recorded.
class Histogram {
 public:
  /// Counts one value [any unit], finite and >= 0.
  void record(double value) {
    count_value(value);
    sum_ += value;
    if (value > max_) max_ = value;
    ++count_;
  }
  /// Counts a block of values [any unit], finite and >= 0; where one is not, those before it have been counted.
  void record(std::span<const double> values);
  /// Adds all that another has counted.
  void merge(const Histogram& other);

  /// Number of values n [1].
  double count() const { return static_cast<double>(count_); }
  /// Number of values that were exactly zero [1].
  double zeros() const { return static_cast<double>(counts_.back()); }
  /// Mean, from the sum of the values themselves; NaN of nothing.
  double mean() const;
  /// Largest value; NaN of nothing.
  double max() const;
  /// Smallest x with n·p values at or below it, p in [0, 1]; linear inside a bucket, within 0.049 % of the sample's own
  /// quantile; NaN of nothing.
  double quantile(double probability) const;
  /// Fraction of values at or below `value` [any unit], not NaN; NaN of nothing.
  double cdf(double value) const;

  /// Where a bucket begins and ends, and how many values fell into it.
  struct Bucket {
    double low;
    double high;
    double count;
  };
  /// The buckets that hold something, in order; zeros are the bucket from 0 to 0.
  std::vector<Bucket> buckets() const;

  /// Appends all that is counted to bytes.
  void write(ByteWriter& bytes) const;
  /// What `write` wrote; throws MalformedBytes.
  static Histogram read(ByteReader& bytes);

 private:
  static constexpr int shift = 52 - 11;
  static double edge(std::uint64_t bucket) { return std::bit_cast<double>(bucket << shift); }

  std::size_t size() const { return counts_.size() - 1; }
  void count_value(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const bool zero = bits == 0;
    const std::uint64_t slot = zero ? size() : (bits >> shift) - first_;
    if ((slot < size()) | zero) [[likely]]
      ++counts_[slot];
    else
      count_elsewhere(value);
  }
  void count_elsewhere(double value);
  void cover(std::uint64_t low, std::uint64_t high);

  std::uint64_t first_ = 0;                  // bucket of counts_[0]
  std::vector<std::uint64_t> counts_ = {0};  // the last one counts the zeros
  std::uint64_t count_ = 0;
  double sum_ = 0;
  double max_ = 0;
};

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/histogram.ipp>
#endif
