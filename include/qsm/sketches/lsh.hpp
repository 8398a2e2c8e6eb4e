#pragma once
/// @file
/// An index of signatures: which sets are like a given one, without looking at all.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::sketches {

/// Probability that an index finds a set of this similarity: that of `bands` bands one or more agree in all `rows`
/// places of a signature.
///
/// @param similarity  s, share of places that agree [1], in [0, 1]
/// @param bands       b [1], an integer >= 1
/// @param rows        r, places in a band [1], an integer >= 1
/// @returns           1 - (1 - s^r)^b [1], in [0, 1]
/// @source            Leskovec, Rajaraman, Ullman 2020, Mining of Massive Datasets, 3.4.2
/// @golden            sketches/lsh.csv
double lsh_probability(double similarity, double bands, double rows);

/// Similarity at which an index is about as likely to find a set as not: where its probability rises fastest, near enough.
///
/// @param bands  b [1], an integer >= 1
/// @param rows   r, places in a band [1], an integer >= 1
/// @returns      (1 / b)^(1 / r) [1], in (0, 1]
/// @source       Leskovec, Rajaraman, Ullman 2020, Mining of Massive Datasets, 3.4.2
/// @golden       sketches/lsh.csv
double lsh_threshold(double bands, double rows);

/// Signatures under keys, found by any band of theirs that agrees: locality-sensitive hashing.
///
///     LshIndex index(32, 4);
///     index.add(7, ada.signature());
///     index.query(bob.signature());  // {7}, if alike
///
/// Two unlike bands are taken for one with probability 2^-64.
///
/// @source  Indyk, Motwani 1998, Approximate nearest neighbors: towards removing the curse of dimensionality; Leskovec,
///          Rajaraman, Ullman 2020, Mining of Massive Datasets, 3.4
class LshIndex {
 public:
  /// For signatures of bands times rows values: both integers >= 1, their product at most 65536.
  explicit LshIndex(int bands = 32, int rows = 4);

  /// Adds a set. Throws std::domain_error where the key is there already.
  ///
  /// @param key        what a query gives [1], any 64-bit integer
  /// @param signature  of the set [1], bands * rows 64-bit integers or more, of which the first are taken
  void add(std::uint64_t key, std::span<const std::uint64_t> signature);
  /// Keys of the sets that agree in a band or more, from small to large.
  ///
  /// @param signature  of the set [1], bands * rows 64-bit integers or more, of which the first are taken
  std::vector<std::uint64_t> query(std::span<const std::uint64_t> signature) const;
  /// Takes a set out. Throws std::domain_error where there is no such key.
  ///
  /// @param key  under which it was added [1], any 64-bit integer
  void remove(std::uint64_t key);
  /// Adds all sets of another of the same bands and rows. Throws std::domain_error, and adds none, where they share a
  /// key.
  void merge(const LshIndex& other);

  /// Number of bands [1].
  int bands() const { return bands_; }
  /// Places in a band [1].
  int rows() const { return rows_; }
  /// Number of sets [1].
  std::size_t size() const { return number_; }
  /// Whether there is a set under the key.
  ///
  /// @param key  under which it would have been added [1], any 64-bit integer
  bool contains(std::uint64_t key) const;
  /// The keys of all sets, from small to large.
  std::vector<std::uint64_t> keys() const;
  /// Memory of the index [B].
  std::size_t bytes_used() const;

  /// Its own bytes: "QLSH", version 1, bands, rows, number of sets, for each its key and a hash for each band, checksum.
  std::vector<std::byte> encode() const;
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static LshIndex decode(std::span<const std::byte> bytes);

  /// Whether bands, rows and sets are the same.
  friend bool operator==(const LshIndex& a, const LshIndex& b) { return a.encode() == b.encode(); }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  struct Chain {
    std::uint64_t hash = 0;      // of a band and its number; 0 is free, and one without sets is not
    std::uint32_t first = none;  // the newest set
  };

  void hash_bands(std::span<const std::uint64_t> signature, std::span<std::uint64_t> hashes) const;
  void put(std::uint64_t key, std::span<const std::uint64_t> hashes);
  void reserve_chains(std::size_t sets);
  std::size_t chain_of(std::uint64_t hash) const;
  std::size_t place_of(std::uint64_t key) const;
  std::span<const std::uint64_t> hashes_of(std::uint32_t set) const;
  std::vector<std::uint32_t> in_order() const;

  int bands_, rows_;
  std::vector<std::uint64_t> keys_;    // by set; sets that were removed leave a gap
  std::vector<std::uint64_t> hashes_;  // by set and band
  std::vector<std::uint32_t> next_;    // by set and band: the set before in its chain
  std::vector<std::uint32_t> gaps_;    // sets that were removed
  std::vector<Chain> chains_;          // open addressing by the hash; a power of two
  std::size_t used_ = 0;               // chains that are not free
  std::vector<std::uint32_t> by_key_;  // open addressing by the key: the set; a power of two
  std::size_t number_ = 0;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/lsh.ipp>
#endif
