#pragma once
/// @file
/// HdrHistogram: counts of integers with a fixed number of significant digits over a wide range, in the bytes that the
/// HdrHistogram programs of other languages read and write.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::sketches {

/// A bucket of an HdrHistogram that holds something.
struct HdrBucket {
  /// Smallest value of the bucket [unit of values].
  std::int64_t low;
  /// Largest value of the bucket [unit of values].
  std::int64_t high;
  /// How many values fell into it [1].
  std::int64_t number;
};

/// Counts of integers >= 0, such as times in microseconds, kept to a number of significant decimal digits.
///
///     HdrHistogram times(1, 3'600'000'000, 3);  // 1 µs to 1 h
///     times.record(microseconds);
///     times.quantile(0.999);
///
/// A value shares its bucket with those that agree in its leading binary digits; answers are the largest value of a
/// bucket, as in the HdrHistogram of Java, unless they say otherwise. A recording costs two additions: how many, the
/// least and the largest are found from the counts. One writer at a time; merge what several threads have recorded.
///
/// @source  Tene 2012-2024, HdrHistogram 2.2, org.HdrHistogram.AbstractHistogram
class HdrHistogram {
 public:
  /// Tells values from `lowest` to `highest` apart to `significant_digits`. With `auto_resize` the histogram grows
  /// where a larger value comes; without it such a value is refused.
  explicit HdrHistogram(std::int64_t lowest = 1, std::int64_t highest = 3'600'000'000, int significant_digits = 3,
                        bool auto_resize = false);

  /// Counts one value [any unit], an integer in [0, highest].
  void record(std::int64_t value) {
    if (static_cast<std::uint64_t>(value) > static_cast<std::uint64_t>(highest_)) [[unlikely]]
      make_room(value);
    const std::size_t slot = index(value);
    ++counts_[slot];
    ++blocks_[slot / block];
  }
  /// Counts a value [any unit], an integer in [0, highest], `count` times [1], an integer >= 0.
  void record(std::int64_t value, std::int64_t count);
  /// Counts many values [any unit], integers in [0, highest]; where one is not, none has been counted.
  void record(std::span<const std::int64_t> values);
  /// Counts a value `count` times, and the values that a load generator left out while it waited for that one: value -
  /// interval, value - 2 interval, ... down to the interval [any unit], an integer >= 0; 0 adds nothing. Not to be
  /// followed by `corrected`, which would add them again.
  void record_corrected(std::int64_t value, std::int64_t expected_interval, std::int64_t count = 1);

  /// Adds all counts of another, of any range and digits. Refused as a whole where one of its values does not fit.
  void merge(const HdrHistogram& other);
  /// Takes all counts of another away. Refused as a whole where more would go than there are.
  void subtract(const HdrHistogram& other);
  /// The histogram that record_corrected would have made of the same values, found afterwards: each bucket stands for
  /// its largest value. `expected_interval` [unit of values], an integer >= 0.
  HdrHistogram corrected(std::int64_t expected_interval) const;
  /// Forgets all counts.
  void reset();

  /// Number of values n [1].
  std::int64_t count() const;
  /// Number of values that share the bucket of `value` [1].
  std::int64_t count_at(std::int64_t value) const;
  /// Smallest value x with n·p values at or below it [unit of values], p in [0, 1], as the largest of its bucket; p = 0
  /// gives the smallest value of the first bucket. One unit in the last place of p is forgiven, so that 0.1 of 10 is 1.
  /// 0 of nothing.
  std::int64_t quantile(double probability) const;
  /// Quantile of each probability in one pass [unit of values]; `out` has the size of `probabilities`.
  void fill_quantile(std::span<const double> probabilities, std::span<std::int64_t> out) const;
  /// quantile(percentile / 100) [unit of values], percentile in [0, 100], rounded as in Java.
  std::int64_t value_at_percentile(double percentile) const;
  /// Fraction of values at or below those of the bucket of `value` [1]; NaN of nothing.
  double cdf(std::int64_t value) const;
  /// Mean of the buckets' middles [unit of values]; NaN of nothing.
  double mean() const;
  /// Standard deviation of the population, divided by n, from the buckets' middles [unit of values]; NaN of nothing.
  double standard_deviation() const;
  /// Smallest value [unit of values], as the smallest of its bucket; 0 of nothing.
  std::int64_t min() const;
  /// Largest value [unit of values], as the largest of its bucket; 0 of nothing.
  std::int64_t max() const;

  /// The buckets that hold something, in order.
  std::vector<HdrBucket> buckets() const;

  /// Smallest value of the bucket of `value` [unit of values].
  std::int64_t lowest_equivalent(std::int64_t value) const { return value_at(index(value)); }
  /// Largest value of the bucket of `value` [unit of values].
  std::int64_t highest_equivalent(std::int64_t value) const;

  /// Smallest value told from 0 [unit of values].
  std::int64_t lowest() const { return lowest_; }
  /// Largest value that can be recorded [unit of values].
  std::int64_t highest() const { return highest_; }
  /// Significant decimal digits [1].
  int significant_digits() const { return digits_; }
  /// Whether a larger value makes the histogram grow.
  bool auto_resize() const { return auto_resize_; }
  /// Memory of the counts [B].
  std::size_t bytes_used() const { return (counts_.capacity() + blocks_.capacity()) * sizeof(std::uint64_t); }
  /// Number of counts, as other HdrHistograms name it [1].
  std::size_t counts_length() const { return counts_.size(); }

  /// The bytes of format V2: 40 bytes of header, big-endian, then counts in ZigZag LEB128, runs of zeros as one
  /// negative number.
  std::vector<std::byte> encode() const;
  /// Reads format V2; throws MalformedBytes where the bytes are anything else. Whether the histogram may grow is not in
  /// the bytes.
  static HdrHistogram decode(std::span<const std::byte> bytes, bool auto_resize = false);

  /// Turns bytes into a zlib stream, or back into bytes, of at most `limit`.
  using Codec = std::function<std::vector<std::byte>(std::span<const std::byte> bytes, std::size_t limit)>;
  /// The bytes of `encode` in the envelope of compressed format V2, which logs hold: 8 bytes of header, then the zlib
  /// stream that `deflate` makes. This library brings no compressor: in C++ that is `compress` of zlib or a like
  /// function of two lines, in Python the module zlib.
  std::vector<std::byte> encode_compressed(const Codec& deflate) const;
  /// Reads compressed format V2 with the help of `inflate`.
  static HdrHistogram decode_compressed(std::span<const std::byte> bytes, const Codec& inflate,
                                        bool auto_resize = false);

  /// Whether range, digits and all counts are the same.
  friend bool operator==(const HdrHistogram& a, const HdrHistogram& b) {
    return a.lowest_ == b.lowest_ && a.highest_ == b.highest_ && a.digits_ == b.digits_ && a.counts_ == b.counts_;
  }

 private:
  static constexpr std::size_t block = 64;  // counts whose sum is kept

  std::size_t index(std::int64_t value) const {
    const auto bits = static_cast<std::uint64_t>(value);
    const int bucket = leading_ - std::countl_zero(bits | mask_);
    return (static_cast<std::size_t>(bucket) << half_magnitude_) + (bits >> (bucket + unit_magnitude_));
  }
  std::int64_t value_at(std::size_t index) const;
  std::size_t slots_for(std::int64_t highest) const;
  bool alike(const HdrHistogram& other) const {
    return unit_magnitude_ == other.unit_magnitude_ && half_magnitude_ == other.half_magnitude_;
  }
  void make_room(std::int64_t value);
  void add(std::int64_t value, std::int64_t count);
  void grow(std::int64_t value);
  std::uint64_t total() const;
  std::size_t slot_of_rank(std::uint64_t rank) const;
  std::int64_t value_of_rank(double rank, std::uint64_t total) const;
  std::size_t used() const;  // slots up to the last that holds something, at least one

  std::int64_t lowest_;
  std::int64_t highest_;
  int digits_;
  bool auto_resize_;
  int unit_magnitude_;  // log2 of the width of the narrowest bucket
  int half_magnitude_;  // log2 of the buckets to each octave
  int leading_;         // leading zeros of a value of the first octave
  std::uint64_t mask_;  // largest value of the first octave, so that it has no octave below
  std::vector<std::uint64_t> counts_;
  std::vector<std::uint64_t> blocks_;  // sums of 64 counts each, so that quantiles skip
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/hdr_histogram.ipp>
#endif
