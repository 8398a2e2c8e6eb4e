#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/hashing.hpp>
#include <qsm/sketches/lsh.hpp>

namespace qsm::inline v0::sketches {

QSM_INLINE double lsh_probability(double similarity, double bands, double rows) {
  Check check("lsh_probability");
  check.probability("similarity", similarity);
  check.positive_count("bands", bands);
  check.positive_count("rows", rows);
  return -std::expm1(bands * std::log1p(-std::pow(similarity, rows)));
}

QSM_INLINE double lsh_threshold(double bands, double rows) {
  Check check("lsh_threshold");
  check.positive_count("bands", bands);
  check.positive_count("rows", rows);
  return std::pow(bands, -1 / rows);
}

QSM_INLINE LshIndex::LshIndex(int bands, int rows) : bands_(bands), rows_(rows) {
  Check check("LshIndex");
  check.that(bands >= 1 && bands <= 65536, "bands", bands, "an integer in [1, 65536]");
  check.that(rows >= 1 && rows <= 65536 / bands, "rows", rows, "an integer >= 1, with bands * rows <= 65536");
  chains_.resize(64);
  by_key_.resize(16, none);
}

QSM_INLINE void LshIndex::hash_bands(std::span<const std::uint64_t> signature, std::span<std::uint64_t> hashes) const {
  const std::size_t bands = static_cast<std::size_t>(bands_), rows = static_cast<std::size_t>(rows_);
  Check("LshIndex")
      .that(signature.size() >= bands * rows, "size of signature", static_cast<double>(signature.size()),
            "at least bands * rows");
  for (std::size_t band = 0; band < bands; ++band) {
    std::uint64_t hash = splitmix64(band);
    for (std::size_t row = 0; row < rows; ++row) hash = splitmix64(hash ^ signature[band * rows + row]);
    hashes[band] = std::max(hash, std::uint64_t{1});  // 0 marks a chain that is free
  }
}

/// The chain of a hash, or the free one that it would take.
QSM_INLINE std::size_t LshIndex::chain_of(std::uint64_t hash) const {
  const std::size_t mask = chains_.size() - 1;
  std::size_t at = hash & mask;
  while (chains_[at].hash != 0 && chains_[at].hash != hash) at = (at + 1) & mask;
  return at;
}

/// Where the set of a key stands in the table of keys, or the free place that it would take.
QSM_INLINE std::size_t LshIndex::place_of(std::uint64_t key) const {
  const std::size_t mask = by_key_.size() - 1;
  std::size_t at = splitmix64(key) & mask;
  while (by_key_[at] != none && keys_[by_key_[at]] != key) at = (at + 1) & mask;
  return at;
}

QSM_INLINE std::span<const std::uint64_t> LshIndex::hashes_of(std::uint32_t set) const {
  return std::span(hashes_).subspan(set * static_cast<std::size_t>(bands_), static_cast<std::size_t>(bands_));
}

/// Makes room for so many sets more.
QSM_INLINE void LshIndex::reserve_chains(std::size_t sets) {
  const std::size_t more = sets * static_cast<std::size_t>(bands_);
  if (3 * (used_ + more) > 2 * chains_.size()) {
    std::vector<Chain> old(std::bit_ceil(2 * (used_ + more)));
    old.swap(chains_);
    used_ = 0;
    for (const Chain& chain : old) {
      if (chain.first == none) continue;
      chains_[chain_of(chain.hash)] = chain;
      ++used_;
    }
  }
  if (2 * (number_ + sets) > by_key_.size()) {
    by_key_.assign(std::bit_ceil(4 * (number_ + sets)), none);
    for (const std::uint32_t set : in_order()) by_key_[place_of(keys_[set])] = set;
  }
}

QSM_INLINE bool LshIndex::contains(std::uint64_t key) const { return by_key_[place_of(key)] != none; }

QSM_INLINE void LshIndex::put(std::uint64_t key, std::span<const std::uint64_t> hashes) {
  if (contains(key))
    throw std::domain_error("LshIndex.add: key must be one that is not there, got " + std::to_string(key));
  reserve_chains(1);
  const std::size_t bands = static_cast<std::size_t>(bands_);
  std::uint32_t set;
  if (gaps_.empty()) {
    set = static_cast<std::uint32_t>(keys_.size());
    keys_.push_back(key);
    hashes_.insert(hashes_.end(), hashes.begin(), hashes.end());
    next_.resize(next_.size() + bands);
  } else {
    set = gaps_.back();
    gaps_.pop_back();
    keys_[set] = key;
    std::ranges::copy(hashes, hashes_.begin() + static_cast<std::ptrdiff_t>(set * bands));
  }
  by_key_[place_of(key)] = set;
  ++number_;
  for (std::size_t band = 0; band < bands; ++band) {
    Chain& chain = chains_[chain_of(hashes[band])];
    if (std::exchange(chain.hash, hashes[band]) == 0) ++used_;
    next_[set * bands + band] = std::exchange(chain.first, set);
  }
}

QSM_INLINE void LshIndex::add(std::uint64_t key, std::span<const std::uint64_t> signature) {
  std::vector<std::uint64_t> hashes(static_cast<std::size_t>(bands_));
  hash_bands(signature, hashes);
  put(key, hashes);
}

QSM_INLINE std::vector<std::uint64_t> LshIndex::query(std::span<const std::uint64_t> signature) const {
  const std::size_t bands = static_cast<std::size_t>(bands_);
  std::vector<std::uint64_t> hashes(bands), found;
  hash_bands(signature, hashes);
  for (std::size_t band = 0; band < bands; ++band)
    for (std::uint32_t set = chains_[chain_of(hashes[band])].first; set != none; set = next_[set * bands + band])
      found.push_back(keys_[set]);
  std::ranges::sort(found);
  const auto repeated = std::ranges::unique(found);
  found.erase(repeated.begin(), repeated.end());
  return found;
}

QSM_INLINE void LshIndex::remove(std::uint64_t key) {
  const std::size_t place = place_of(key), bands = static_cast<std::size_t>(bands_);
  const std::uint32_t set = by_key_[place];
  if (set == none)
    throw std::domain_error("LshIndex.remove: key must be one that is there, got " + std::to_string(key));
  for (std::size_t band = 0; band < bands; ++band) {
    std::uint32_t* at = &chains_[chain_of(hashes_of(set)[band])].first;
    while (*at != set) at = &next_[*at * bands + band];
    *at = next_[set * bands + band];
  }
  // The table of keys closes up, so that those behind the place are still found.
  const std::size_t mask = by_key_.size() - 1;
  by_key_[place] = none;
  for (std::size_t at = (place + 1) & mask; by_key_[at] != none; at = (at + 1) & mask) {
    const std::uint32_t moved = std::exchange(by_key_[at], none);
    by_key_[place_of(keys_[moved])] = moved;
  }
  gaps_.push_back(set);
  --number_;
}

/// Sets that have not been removed.
QSM_INLINE std::vector<std::uint32_t> LshIndex::in_order() const {
  std::vector<bool> gone(keys_.size());
  for (const std::uint32_t set : gaps_) gone[set] = true;
  std::vector<std::uint32_t> sets;
  for (std::uint32_t set = 0; set < keys_.size(); ++set)
    if (!gone[set]) sets.push_back(set);
  std::ranges::sort(sets, {}, [this](std::uint32_t set) { return keys_[set]; });
  return sets;
}

QSM_INLINE std::vector<std::uint64_t> LshIndex::keys() const {
  std::vector<std::uint64_t> all;
  for (const std::uint32_t set : in_order()) all.push_back(keys_[set]);
  return all;
}

QSM_INLINE void LshIndex::merge(const LshIndex& other) {
  Check check("LshIndex.merge");
  check.that(other.bands_ == bands_, "bands of other", other.bands_, "those of this index");
  check.that(other.rows_ == rows_, "rows of other", other.rows_, "those of this index");
  const auto sets = other.in_order();
  for (const std::uint32_t set : sets)
    if (contains(other.keys_[set]))
      throw std::domain_error("LshIndex.merge: keys of other must be new, got " + std::to_string(other.keys_[set]));
  reserve_chains(sets.size());
  for (const std::uint32_t set : sets) put(other.keys_[set], other.hashes_of(set));
}

QSM_INLINE std::size_t LshIndex::bytes_used() const {
  return (keys_.capacity() + hashes_.capacity()) * sizeof(std::uint64_t) + chains_.capacity() * sizeof(Chain) +
         (next_.capacity() + gaps_.capacity() + by_key_.capacity()) * sizeof(std::uint32_t);
}

QSM_INLINE std::vector<std::byte> LshIndex::encode() const {
  ByteWriter writer;
  for (const char letter : {'Q', 'L', 'S', 'H'}) writer.u8(static_cast<std::uint8_t>(letter));
  writer.u8(1);
  writer.varint(static_cast<std::uint64_t>(bands_));
  writer.varint(static_cast<std::uint64_t>(rows_));
  writer.varint(number_);
  for (const std::uint32_t set : in_order()) {
    writer.u64(keys_[set]);
    for (const std::uint64_t hash : hashes_of(set)) writer.u64(hash);
  }
  writer.checksum();
  return writer.take();
}

QSM_INLINE LshIndex LshIndex::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "LshIndex");
  for (const char letter : {'Q', 'L', 'S', 'H'})
    if (reader.u8() != static_cast<std::uint8_t>(letter)) reader.refuse("the letters QLSH");
  if (reader.u8() != 1) reader.refuse("version 1");
  const std::uint64_t bands = reader.varint(), rows = reader.varint();
  if (bands < 1 || rows < 1 || bands > 65536 || rows > 65536 / bands) reader.refuse("bands * rows in [1, 65536]");
  LshIndex index(static_cast<int>(bands), static_cast<int>(rows));
  const std::size_t number = reader.count(8 * (bands + 1));
  index.reserve_chains(number);
  std::vector<std::uint64_t> hashes(bands);
  for (std::uint64_t i = 0, before = 0; i < number; ++i) {
    const std::uint64_t key = reader.u64();
    if (i > 0 && key <= before) reader.refuse("unlike keys in order");
    before = key;
    for (std::uint64_t& hash : hashes)
      if (hash = reader.u64(); hash == 0) reader.refuse("a hash other than 0");
    index.put(key, hashes);
  }
  reader.checksum();
  reader.end();
  return index;
}

}  // namespace qsm::inline v0::sketches
