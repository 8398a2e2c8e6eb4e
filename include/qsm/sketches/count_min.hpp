#pragma once
/// @file
/// Count-Min: how often each item came, never too low, from a table of a fixed size.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/detail/counters.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// Counts items in rows of counters: an item has one in each row, and its count is the least of them.
///
///     CountMin requests(0.001, 0.99);
///     requests.add("GET /");
///     requests.count("GET /");  // at least the truth, and with 99 % at most 0.001 of all items above it
///
/// With `conservative` update only those counters grow that would else be too small: counts are nearer to the truth and
/// still never below it, but merging gives larger ones than adding to one sketch would.
///
/// @source  Cormode, Muthukrishnan 2005, An improved data stream summary: the count-min sketch and its applications;
///          Estan, Varghese 2002, New directions in traffic measurement and accounting, section 3.3.2, for conservative
///          update
class CountMin : public detail::Items<CountMin> {
 public:
  /// Errs by at most error times the items in all, with this probability for each item.
  ///
  /// @param error         excess over all items [1], in [1.1e-8, 1]
  /// @param confidence    probability that it is kept [1], in [0.5, 1)
  /// @param conservative  whether only counters that would be too small grow
  /// @param hasher        how items become 64 bits
  explicit CountMin(double error = 0.001, double confidence = 0.99, bool conservative = false,
                    const Hasher& hasher = {});
  /// With a table of this size.
  ///
  /// @param width         counters in a row [1], an integer in [1, 2^28]
  /// @param rows          rows [1], an integer in [1, 64]
  /// @param conservative  whether only counters that would be too small grow
  /// @param hasher        how items become 64 bits
  static CountMin of_size(std::uint64_t width, int rows, bool conservative = false, const Hasher& hasher = {});

  using Items::add;
  /// Counts an item so many times more, by a hash made elsewhere.
  void add_hash(std::uint64_t hash, std::uint64_t count = 1);
  /// Counts many items once each by hashes made elsewhere.
  void add_hashes(std::span<const std::uint64_t> hashes);
  /// Adds all counts of another of the same size, update and hasher.
  void merge(const CountMin& other);
  /// Forgets all items.
  void reset();

  /// How often an item came [1]: `high`, which is also the value, is never below the truth; `low` is above it with a
  /// probability of 1 - confidence.
  Estimate count(std::uint64_t item) const { return count_hash(hasher()(item)); }
  /// How often an item came [1], a text or bytes.
  Estimate count(ByteView item) const { return count_hash(hasher()(item)); }
  /// How often an item of this hash came [1].
  Estimate count_hash(std::uint64_t hash) const;
  /// How often items of these hashes came at most [1]; `out` has their size.
  void count_hashes(std::span<const std::uint64_t> hashes, std::span<std::uint64_t> out) const;

  /// Items in all [1].
  std::uint64_t total() const { return total_; }
  /// Counters in a row [1].
  std::uint64_t width() const { return width_; }
  /// Number of rows [1].
  int rows() const { return rows_; }
  /// Whether only counters that would be too small grow.
  bool conservative() const { return conservative_; }
  /// Excess over all items that is kept [1]: e / width.
  double error() const;
  /// Probability with which it is kept for an item [1]: 1 - e^-rows.
  double confidence() const;
  /// Memory of the counters [B]: 4 for each, and 8 from 2^32 items on.
  std::size_t bytes_used() const { return counts_.bytes_used(); }

  /// The sketch's own bytes: "QCMS", version 1, hasher, size, update, total, counters, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static CountMin decode(std::span<const std::byte> bytes);

  /// Whether size, update, hasher and all counters are the same.
  friend bool operator==(const CountMin& a, const CountMin& b) {
    return a.width_ == b.width_ && a.conservative_ == b.conservative_ && a.hasher() == b.hasher() &&
           a.total_ == b.total_ && a.counts_ == b.counts_;
  }

 private:
  CountMin(std::uint64_t width, int rows, bool conservative, const Hasher& hasher, const char* function);
  void grow(std::uint64_t count);
  void raise(std::span<const std::uint64_t> hashes, std::uint64_t count);
  std::uint64_t least(std::uint64_t hash) const;

  std::uint64_t width_;
  int rows_;
  bool conservative_;
  std::uint64_t total_ = 0;
  detail::Counters counts_;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/count_min.ipp>
#endif
