#pragma once
/// @file
/// Exact quantiles: all numbers are kept, behind the interface of the sketches that keep some.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/detail/quantiles.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// Keeps all numbers: what sketches are measured by, and the better choice for few.
///
///     ExactQuantiles seconds;
///     seconds.add(0.0123);
///     seconds.quantile(0.99);
///
/// @source  Hyndman, Fan 1996, Sample quantiles in statistical packages, definition 1
class ExactQuantiles : public detail::Ranks<ExactQuantiles> {
 public:
  static constexpr const char* name = "ExactQuantiles";

  /// Of nothing.
  ExactQuantiles() = default;

  /// Adds a number, finite.
  void add(double number) { add(std::span(&number, 1)); }
  /// Adds many numbers, finite; where one is not, none has been added.
  void add(std::span<const double> numbers);
  /// Adds all numbers of another.
  void merge(const ExactQuantiles& other);
  /// Forgets all numbers.
  void reset() { numbers_.clear(); }

  /// Number of numbers n [1].
  std::uint64_t count() const { return numbers_.size(); }
  /// Smallest number x with n p numbers at or below it, p in [0, 1].
  Estimate quantile(double probability) const { return Ranks::quantile(probability); }
  /// Quantile of each probability; `out` has the size of `probabilities`.
  void fill_quantile(std::span<const double> probabilities, std::span<double> out) const {
    Ranks::fill_quantile(probabilities, out);
  }
  /// Fraction of numbers at or below `number` [1].
  Estimate cdf(double number) const { return Ranks::cdf(number); }
  /// cdf of each number; `out` has the size of `numbers`.
  void fill_cdf(std::span<const double> numbers, std::span<double> out) const { Ranks::fill_cdf(numbers, out); }
  /// Smallest number.
  double min() const;
  /// Largest number.
  double max() const;
  /// Memory of the numbers [B].
  std::size_t bytes_used() const { return numbers_.capacity() * sizeof(double); }

  /// The sketch's own bytes: "QEXQ", version 1, numbers in order, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static ExactQuantiles decode(std::span<const std::byte> bytes);

  /// Whether all numbers are the same, in whatever order they came.
  friend bool operator==(const ExactQuantiles& a, const ExactQuantiles& b) { return a.in_order() == b.in_order(); }

 private:
  friend class detail::Ranks<ExactQuantiles>;

  std::vector<double> in_order() const;
  detail::RankedValues ranked() const;
  double lowest_rank(double rank) const { return rank; }
  double highest_rank(double rank) const { return rank; }
  const char* bound() const { return "exact"; }

  std::vector<double> numbers_;  // as they came
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/exact_quantiles.ipp>
#endif
