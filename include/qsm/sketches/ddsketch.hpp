#pragma once
/// @file
/// DDSketch: quantiles with a certain relative error; reads and writes the protobuf form of Datadog's libraries.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// How a number becomes the key of its bucket.
enum class DDMapping {
  logarithmic,  // by its logarithm: fewest buckets
  cubic,        // by a cubic polynomial of its binary digits: faster, 1 % more buckets
};

/// Which buckets become one where there are too many, counted by their distance from zero.
enum class DDCollapse {
  lowest,   // those of numbers near zero: large quantiles keep their error
  highest,  // those of numbers far from zero
};

/// Whose keys the protobuf form holds: those of Python are one more, because a bucket there has its upper bound, and
/// the base of its cubic mapping is that of the error. Nothing in the bytes says which.
enum class DDWriter {
  java,    // sketches-java and sketches-go
  python,  // sketches-py and sketches-js
};

/// Counts numbers in buckets whose bounds are a fixed ratio apart, so that quantiles have a certain relative error.
///
///     DDSketch seconds(0.01);
///     seconds.add(0.0123);
///     seconds.quantile(0.99);  // within 1 %
///
/// Numbers below 2.2e-308 are zeros; the least and the largest number are kept as they are. Keys are the same on every
/// platform. Merging is exact: in any order it gives the sketch of all numbers.
///
/// @source  Masson, Rim, Lee 2019, DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees;
///          the cubic mapping is that of sketches-java
class DDSketch {
 public:
  static constexpr const char* name = "DDSketch";

  /// With a relative error, and so many buckets at most on each side of zero.
  ///
  /// @param relative_error  of quantiles [1], in [1e-6, 0.9]
  /// @param mapping         how a number becomes a key
  /// @param buckets         on each side of zero at most [1], an integer in [1, 2^24]
  /// @param collapse        which buckets become one where there would be more
  explicit DDSketch(double relative_error = 0.01, DDMapping mapping = DDMapping::logarithmic,
                    std::uint64_t buckets = 2048, DDCollapse collapse = DDCollapse::lowest);

  /// Adds a number, finite.
  void add(double number) { add(std::span(&number, 1)); }
  /// Adds many numbers, finite; where one is not, none has been added.
  void add(std::span<const double> numbers);
  /// Adds a number, finite, so many times.
  void add(double number, std::uint64_t times);
  /// Adds all numbers of another with the same error, mapping, buckets and collapse.
  void merge(const DDSketch& other);
  /// Forgets all numbers.
  void reset();

  /// Number of numbers n [1].
  std::uint64_t count() const { return positive_.total + negative_.total + zeros_; }
  /// Smallest number x with n p numbers at or below it, p in [0, 1], within the relative error, with bounds that are
  /// certain; those of collapsed buckets are far apart.
  Estimate quantile(double probability) const;
  /// Quantile of each probability; `out` has the size of `probabilities`.
  void fill_quantile(std::span<const double> probabilities, std::span<double> out) const;
  /// Fraction of numbers at or below `number` [1], with bounds that are certain: it counts half of the number's own
  /// bucket.
  Estimate cdf(double number) const;
  /// cdf of each number; `out` has the size of `numbers`.
  void fill_cdf(std::span<const double> numbers, std::span<double> out) const;
  /// Smallest number.
  double min() const;
  /// Largest number.
  double max() const;

  /// Relative error of quantiles [1].
  double relative_error() const { return relative_error_; }
  /// How a number becomes a key.
  DDMapping mapping() const { return mapping_; }
  /// Buckets on each side of zero at most [1].
  std::uint64_t buckets() const { return buckets_; }
  /// Which buckets become one.
  DDCollapse collapse() const { return collapse_; }
  /// Whether buckets have become one, so that some quantiles have lost their error.
  bool collapsed() const { return positive_.collapsed || negative_.collapsed; }
  /// Memory of the buckets [B].
  std::size_t bytes_used() const {
    return (positive_.counts.capacity() + negative_.counts.capacity()) * sizeof(std::uint64_t);
  }

  /// The sketch's own bytes: "QDDS", version 1, error, mapping, collapse, buckets, least, largest, zeros, counts,
  /// checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static DDSketch decode(std::span<const std::byte> bytes);

  /// The protobuf form, which holds neither least and largest number nor the limit of buckets.
  ///
  /// @param writer  whose keys they are to be
  std::vector<std::byte> to_protobuf(DDWriter writer = DDWriter::java) const;
  /// Reads the protobuf form, of logarithmic or cubic mapping and with whole counts; throws MalformedBytes where the
  /// bytes are anything else. The least and largest number become bounds of their buckets.
  ///
  /// @param bytes     the message DDSketch
  /// @param writer    whose keys they are
  /// @param buckets   on each side of zero at most [1], an integer in [1, 2^24]
  /// @param collapse  which buckets become one where there are more
  static DDSketch from_protobuf(std::span<const std::byte> bytes, DDWriter writer = DDWriter::java,
                                std::uint64_t buckets = 2048, DDCollapse collapse = DDCollapse::lowest);

  /// Whether error, mapping, limits and all counts are the same, and the least and the largest number.
  friend bool operator==(const DDSketch& a, const DDSketch& b) { return a.equals(b); }

 private:
  /// Counts of keys from `first` on.
  struct Store {
    std::vector<std::uint64_t> counts = {};
    std::int64_t first = 0;
    std::uint64_t total = 0;
    bool collapsed = false;

    bool holds(std::int64_t key) const { return static_cast<std::uint64_t>(key - first) < counts.size(); }
    std::array<std::size_t, 2> used() const;  // from, to
  };
  struct Bucket {
    double low, value, high;
    std::uint64_t number;
  };

  std::int64_t key(double magnitude) const;
  double lower_bound(std::int64_t key) const;
  std::uint64_t& slot(Store& store, std::int64_t key) const;
  std::uint64_t& make_room(Store& store, std::int64_t key) const;
  void count_keys(Store& store, std::span<const std::int32_t> keys) const;
  void add_store(Store& store, const Store& other) const;
  std::vector<Bucket> in_order() const;
  Bucket bucket_of(const Store& store, std::size_t i, std::size_t from, std::size_t to) const;
  Bucket at_rank(std::uint64_t rank) const;
  bool equals(const DDSketch& other) const;

  double relative_error_;
  DDMapping mapping_;
  std::uint64_t buckets_;
  DDCollapse collapse_;
  double multiplier_;  // keys to each unit of the logarithm, or its stand-in
  Store positive_, negative_;
  std::uint64_t zeros_ = 0;
  double least_ = infinity;
  double largest_ = -infinity;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/ddsketch.ipp>
#endif
