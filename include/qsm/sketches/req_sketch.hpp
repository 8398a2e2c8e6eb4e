#pragma once
/// @file
/// REQ: quantiles whose rank error shrinks towards one end, for the highest percentiles.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/detail/quantiles.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// The end at which a ReqSketch knows ranks best.
enum class ReqEnd {
  high,  // errors in proportion to 1 - p: for p of 0.99 and above
  low,   // errors in proportion to p
};

/// Keeps some of the numbers, in levels: one of level h stands for 2^h. A level that is full gives half of its numbers from
/// one end to the next and keeps those of the other end, so that the outermost numbers there are all kept, and ranks p are
/// off by a share of 1 - p, or of p at the low end.
///
///     ReqSketch seconds(12);
///     seconds.add(0.0123);
///     seconds.quantile(0.9999);
///
/// Sizes below 8, which DataSketches takes, are refused: their bounds were seen to miss the truth in up to 73 of 100 runs.
/// Which numbers go up is drawn from the seed: the same numbers in the same order make the same sketch everywhere.
///
/// @source  Cormode, Karnin, Liberty, Thaler, Vesely 2021, Relative error streaming quantiles; the sizes of sections and the
///          error of ranks, found by experiment, are those of Apache DataSketches
class ReqSketch : public detail::Ranks<ReqSketch> {
 public:
  static constexpr const char* name = "ReqSketch";

  /// Of a size, which sets the error of ranks, and the memory.
  ///
  /// @param k     numbers of a section [1], an even integer in [8, 1024]
  /// @param end   where ranks are known best
  /// @param seed  of the draws [1], any 64-bit integer
  explicit ReqSketch(int k = 12, ReqEnd end = ReqEnd::high, std::uint64_t seed = 1);

  /// Adds a number, finite.
  void add(double number) { add(std::span(&number, 1)); }
  /// Adds many numbers, finite; where one is not, none has been added.
  void add(std::span<const double> numbers);
  /// Adds all numbers of another of the same k and end.
  void merge(const ReqSketch& other);
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

  /// What a rank, over n, is off at most in 99 of 100 cases [1]; 0 where all numbers beyond it are kept.
  ///
  /// @param rank  p [1], in [0, 1]
  double rank_error(double rank) const;
  /// Numbers of a section [1].
  int k() const { return k_; }
  /// Where ranks are known best.
  ReqEnd end() const { return end_; }
  /// Numbers that are kept [1].
  std::size_t kept() const { return kept_; }
  /// Memory of the numbers that are kept [B].
  std::size_t bytes_used() const;

  /// The sketch's own bytes: "QREQ", version 1, size, end, seed and draws, least, largest, levels, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static ReqSketch decode(std::span<const std::byte> bytes);

  /// Whether size, end and all numbers that are kept are the same; draws to come may differ.
  friend bool operator==(const ReqSketch& a, const ReqSketch& b) {
    return a.k_ == b.k_ && a.end_ == b.end_ && a.count_ == b.count_ &&
           (a.count_ == 0 || (a.least_ == b.least_ && a.largest_ == b.largest_)) && a.levels_ == b.levels_;
  }

 private:
  friend class detail::Ranks<ReqSketch>;

  struct Level {
    std::uint64_t compactions = 0;
    bool second = false;          // of each pair the second went up last
    std::vector<double> numbers;  // in order; of level 0 as they came

    friend bool operator==(const Level& a, const Level& b) {
      return a.compactions == b.compactions && a.numbers == b.numbers;
    }
  };
  struct Sections {
    std::size_t size, number;
    std::size_t room() const { return 2 * size * number; }
  };

  detail::RankedValues ranked() const;
  double lowest_rank(double rank) const { return std::max(0.0, rank - rank_error(rank)); }
  double highest_rank(double rank) const { return std::min(1.0, rank + rank_error(rank)); }
  const char* bound() const { return levels_.size() == 1 ? "REQ, exact" : "REQ, 99 %"; }

  Sections sections(std::uint64_t compactions) const;
  bool draw();
  void measure();
  void compress();
  void raise(std::size_t level);

  int k_;
  ReqEnd end_;
  std::uint64_t seed_;
  std::uint64_t draws_ = 0;
  std::uint64_t count_ = 0;
  double least_ = infinity;
  double largest_ = -infinity;
  std::vector<Level> levels_ = std::vector<Level>(1);
  std::size_t kept_ = 0;  // numbers of all levels
  std::size_t room_ = 0;  // numbers that all levels may hold
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/req_sketch.ipp>
#endif
