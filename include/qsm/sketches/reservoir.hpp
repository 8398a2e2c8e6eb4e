#pragma once
/// @file
/// Reservoir: a random sample of numbers, each as likely as its weight, from a stream of any length.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/random.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// Keeps a sample without replacement: as if numbers were drawn one after the other, each with a chance in proportion
/// to its weight among those that are left.
///
///     Reservoir seconds(1000);
///     seconds.add(0.0123);
///     seconds.sample();
///
/// Every number has a key, exponential over its weight, and those with the smallest keys stay; so merged reservoirs are
/// a sample of all, in any order. Numbers without a chance are jumped over: of n, about size log(n / size) cost a draw.
/// Reservoirs that are to be merged need seeds of their own, else their samples resemble each other.
///
/// @source  Efraimidis, Spirakis 2006, Weighted random sampling with a reservoir, algorithm A-ExpJ; Cohen, Kaplan 2007,
///          Summarizing data using bottom-k sketches, for the weights of the sample
class Reservoir {
 public:
  /// Of a size.
  ///
  /// @param size  of the sample [1], an integer in [1, 2^28]
  /// @param seed  of the draws [1], any 64-bit integer
  explicit Reservoir(std::uint64_t size = 1000, std::uint64_t seed = 1);

  /// Adds a number of weight 1, finite.
  void add(double number) { add(std::span(&number, 1)); }
  /// Adds many numbers of weight 1, finite; where one is not, none has been added.
  void add(std::span<const double> numbers);
  /// Adds many numbers, finite, each with its weight, finite and > 0; where one is not, none has been added.
  void add(std::span<const double> numbers, std::span<const double> weights);
  /// Takes the numbers of another of the same size and with another seed for its own.
  void merge(const Reservoir& other);
  /// Forgets all numbers; the draws go on.
  void reset();

  /// Number of numbers that were added n [1].
  std::uint64_t count() const { return count_; }
  /// Sum of their weights.
  double total() const { return total_; }
  /// The sample, in the order in which it would have been drawn; all numbers where there are no more.
  std::vector<double> sample() const;
  /// What each number of the sample stands for, in its order: the sum of these over numbers of any kind is on average
  /// the sum of all weights of that kind.
  std::vector<double> weights() const;

  /// Size of the sample [1].
  std::uint64_t size() const { return size_; }
  /// Seed of the draws [1].
  std::uint64_t seed() const { return seed_; }
  /// Memory of the sample [B].
  std::size_t bytes_used() const { return entries_.capacity() * sizeof(Entry); }

  /// The sketch's own bytes: "QRSV", version 1, size, seed and draws, sums, jump, numbers with keys, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static Reservoir decode(std::span<const std::byte> bytes);

  /// Whether size, sums and sample are the same; draws to come may differ.
  friend bool operator==(const Reservoir& a, const Reservoir& b) {
    return a.size_ == b.size_ && a.count_ == b.count_ && a.in_order() == b.in_order();
  }

 private:
  struct Entry {
    double key, number, weight;

    friend auto operator<=>(const Entry&, const Entry&) = default;
  };

  double uniform();
  void offer(double number, double weight);
  void jump();
  bool full() const { return entries_.size() > size_; }
  std::vector<Entry> in_order() const;

  std::uint64_t size_;
  std::uint64_t seed_;
  std::uint64_t draws_ = 0;
  std::uint64_t count_ = 0;
  double total_ = 0;
  double jump_ = 0;             // weight until the next number that gets in
  std::vector<Entry> entries_;  // one more than the sample; a heap with the largest key first, once it is full
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/reservoir.ipp>
#endif
