#pragma once
/// @file
/// Bloom filters: sets that never forget an item and at times remember one that was not there. The classic one, and one
/// of 64-byte blocks that costs one access to memory.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/filter.hpp>

namespace qsm::inline v0::sketches {

namespace detail {

/// The number of items that sets so many of `bits` with `hashes` each, and its error: of the items, that of the bits set
/// over what each still sets.
Estimate bloom_items(double set, double bits, double hashes);

}  // namespace detail

/// What is known of a classic Bloom filter that is to be sized.
struct BloomSizeOptions {
  /// Items n [1], > 0.
  std::optional<double> items = {};
  /// Bits m [1], an integer >= 1.
  std::optional<double> bits = {};
  /// False-positive rate p [1], in (0, 1).
  std::optional<double> rate = {};
  /// Hash functions k [1], an integer in [1, 64].
  std::optional<double> hashes = {};
};

/// A classic Bloom filter's size, and its false-positive rate by two formulas.
struct BloomSize {
  /// Items n [1].
  double items;
  /// Bits m [1], integer.
  double bits;
  /// Hash functions k [1], integer.
  double hashes;
  /// False-positive rate (1 - e^(-kn/m))^k [1], as textbooks have it: too small, most for small filters.
  double textbook_rate;
  /// False-positive rate [1], by the law of the number of bits that are set.
  double rate;
};

/// Size of a classic Bloom filter from two of items, bits, rate and hash functions; the rest is chosen best. A third
/// one, hash functions or bits, is taken as given.
///
/// @param known  items or bits, and another
/// @returns      the size, and both rates
/// @source       Bloom 1970, Space/time trade-offs in hash coding; Bose et al. 2008, On the false-positive rate of Bloom
///               filters; Christensen, Roginsky, Jimeno 2010, A new analysis of the false-positive rate of a Bloom filter
BloomSize bloom_size(const BloomSizeOptions& known);

/// False-positive rate of a classic Bloom filter with independent hash functions: exact while the product of hashes,
/// items and bits is below 2 10^7, else to second order about the mean fill, which is right to 1e-6.
///
/// @param items   n [1], an integer >= 0
/// @param bits    m [1], an integer >= 1
/// @param hashes  k [1], an integer in [1, 64]
/// @returns       rate [1]
/// @source        Bose et al. 2008, On the false-positive rate of Bloom filters, theorem 4
double bloom_rate(double items, double bits, double hashes);

/// False-positive rate of a BlockedBloomFilter: the blocks' items are Poisson, each sets one bit in each of 8 words.
///
/// @param bits_per_item  512 times blocks over items [1], > 0
/// @returns              rate [1]
/// @source               Putze, Sanders, Singler 2009, Cache-, hash- and space-efficient Bloom filters, section 3; Apple
///                       2023, Split block Bloom filters
double blocked_bloom_rate(double bits_per_item);

/// The classic Bloom filter: k bits of m for each item.
///
///     BloomFilter seen(1'000'000, 0.01);
///     seen.add("Ada");
///     seen.contains("Ada");  // true
///
/// The k places come from one 64-bit hash by double hashing, so that rates below about 1e-12 are not reached.
///
/// @source  Bloom 1970, Space/time trade-offs in hash coding with allowable errors; Kirsch, Mitzenmacher 2006, Less
///          hashing, same performance, for the places
class BloomFilter : public OpenFilter<BloomFilter> {
 public:
  /// For so many items [1], >= 1, with this false-positive rate [1], in (0, 1), once all are in.
  explicit BloomFilter(double items, double rate = 0.01, const Hasher& hasher = {});
  /// With this size.
  ///
  /// @param bits    m [1], an integer in [1, 2^40]
  /// @param hashes  k [1], an integer in [1, 64]
  /// @param hasher  how items become 64 bits
  static BloomFilter of_size(std::uint64_t bits, int hashes, const Hasher& hasher = {});

  /// Adds all items of another of the same size and hasher.
  void merge(const BloomFilter& other);
  /// Number of unlike items [1], from the bits that are set, with its 95 % interval.
  Estimate estimate() const;
  /// False-positive rate [1] as the filter is now: that a new item finds k bits set.
  double rate() const;
  /// Bits m [1].
  std::uint64_t bits() const { return bits_; }
  /// Bits that are set [1].
  std::uint64_t bits_set() const;
  /// Hash functions k [1].
  int hashes() const { return hashes_; }

 private:
  friend Filter;
  friend OpenFilter;
  static constexpr char letters[] = "QBLM";
  static constexpr std::uint8_t version = 2;
  static constexpr const char* name() { return "BloomFilter"; }

  BloomFilter(std::uint64_t bits, int hashes, const Hasher& hasher, const char* function);
  void add_each(std::span<const std::uint64_t> hashes);
  void find_each(std::span<const std::uint64_t> hashes, bool* out) const;
  void put_sizes(ByteWriter& writer) const;
  static BloomFilter read_sizes(ByteReader& reader, const Hasher& hasher);
  void check_table(const ByteReader& reader) const;
  std::size_t table_bytes() const { return (bits_ + 63) / 64 * 8; }

  std::uint64_t bits_;
  int hashes_;
};

/// A Bloom filter of blocks of 64 bytes: the hash picks a block and in each of its 8 words one bit. Faster than the
/// classic one by far, for about a tenth more memory at the same rate; best between 8 and 16 bits per item.
///
/// @source  Putze, Sanders, Singler 2009, Cache-, hash- and space-efficient Bloom filters; Apple 2023, Split block Bloom
///          filters
class BlockedBloomFilter : public OpenFilter<BlockedBloomFilter> {
 public:
  /// For so many items [1], >= 1, with this false-positive rate [1], in [1e-7, 0.5], once all are in.
  explicit BlockedBloomFilter(double items, double rate = 0.01, const Hasher& hasher = {});
  /// With so many blocks.
  ///
  /// @param blocks  of 64 bytes [1], an integer in [1, 2^31]
  /// @param hasher  how items become 64 bits
  static BlockedBloomFilter of_size(std::uint64_t blocks, const Hasher& hasher = {});

  /// Adds all items of another of the same size and hasher.
  void merge(const BlockedBloomFilter& other);
  /// Number of unlike items [1], from the bits that are set, with its 95 % interval.
  Estimate estimate() const;
  /// False-positive rate [1] as the filter is now: that a new item finds its 8 bits set.
  double rate() const;
  /// Blocks of 64 bytes [1].
  std::uint64_t blocks() const { return blocks_; }

 private:
  friend Filter;
  friend OpenFilter;
  static constexpr char letters[] = "QBLB";
  static constexpr std::uint8_t version = 2;
  static constexpr const char* name() { return "BlockedBloomFilter"; }

  BlockedBloomFilter(std::uint64_t blocks, const Hasher& hasher, const char* function);
  void add_each(std::span<const std::uint64_t> hashes);
  void find_each(std::span<const std::uint64_t> hashes, bool* out) const;
  void put_sizes(ByteWriter& writer) const { writer.u64(blocks_); }
  static BlockedBloomFilter read_sizes(ByteReader& reader, const Hasher& hasher);
  std::size_t table_bytes() const { return blocks_ * 64; }

  std::uint64_t blocks_;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/bloom.ipp>
#endif
