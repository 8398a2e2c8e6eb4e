#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/hashing.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/sketches/detail/places.hpp>
#include <qsm/sketches/detail/wilson.hpp>
#include <qsm/sketches/minhash.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

inline constexpr std::uint64_t no_item = ~std::uint64_t{0};
inline constexpr int most_hashes = 65536;

inline std::size_t check_signature_size(const char* function, int size) {
  Check(function).that(size >= 1 && size <= most_hashes, "size", size, "an integer in [1, 65536]");
  return static_cast<std::size_t>(size);
}

/// What two sketches that are compared or merged must have in common.
template <class Sketch>
void check_alike(const char* function, const Sketch& one, const Sketch& other) {
  Check(function).that(other.size() == one.size(), "size of other", other.size(), "that of this sketch");
  check_hashers(function, one.hasher(), other.hasher());
}

inline void keep_least(std::span<std::uint64_t> to, std::span<const std::uint64_t> from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = std::min(to[i], from[i]);
}

template <class Sketch>
std::vector<std::byte> encode_least(const char (&name)[5], const Sketch& sketch, std::span<const std::uint64_t> least) {
  ByteWriter writer;
  put_head(writer, name, 1, sketch.hasher());
  writer.varint(least.size());
  for (const std::uint64_t value : least) writer.u64(value);
  writer.checksum();
  return writer.take();
}

/// Hasher and values; the end of the bytes is left to the caller, who knows what values there can be.
inline std::pair<Hasher, std::vector<std::uint64_t>> decode_least(const char (&name)[5], ByteReader& reader) {
  const Hasher hasher = read_head(reader, name, 1);
  const std::size_t size = reader.count(8);
  if (size < 1 || size > most_hashes) reader.refuse("1 to 65536 values");
  std::vector<std::uint64_t> least(size);
  for (std::uint64_t& value : least) value = reader.u64();
  return {hasher, std::move(least)};
}

/// The places in which two signatures agree.
inline double agreeing(std::span<const std::uint64_t> one, std::span<const std::uint64_t> other) {
  std::size_t same = 0;
  for (std::size_t i = 0; i < one.size(); ++i) same += one[i] == other[i];
  return static_cast<double>(same);
}

struct Multipliers {
  alignas(64) std::array<std::uint64_t, most_hashes> factor, term;
};
/// Not a lambda: a compiler would try to run a constant one when it reads the header, for seconds.
inline std::unique_ptr<Multipliers> make_multipliers() {
  auto made = std::make_unique<Multipliers>();
  for (std::uint64_t i = 0; i < most_hashes; ++i) {
    made->factor[i] = splitmix64(2 * i) | 1;
    made->term[i] = splitmix64(2 * i + 1);
  }
  return made;
}
/// The i-th hash is factor[i] x + term[i].
inline const Multipliers& multipliers() {
  static const Multipliers* const all = make_multipliers().release();
  return *all;
}

/// The least of each hash, a tile of them at a time for all items, so that they stay in registers.
struct LeastHashes {
  QSM_ALWAYS_INLINE void operator()(std::uint64_t* least, std::size_t size, const std::uint64_t* factors,
                                    const std::uint64_t* terms, const std::uint64_t* hashes, std::size_t number) const {
    constexpr std::size_t tile = 32;
    std::size_t first = 0;
    for (; first + tile <= size; first += tile) {
      std::uint64_t held[tile], factor[tile], term[tile];
      for (std::size_t i = 0; i < tile; ++i) {
        held[i] = least[first + i];
        factor[i] = factors[first + i];
        term[i] = terms[first + i];
      }
      for (std::size_t k = 0; k < number; ++k) {
        const std::uint64_t hash = hashes[k];
        for (std::size_t i = 0; i < tile; ++i) {
          const std::uint64_t value = factor[i] * hash + term[i];
          held[i] = value < held[i] ? value : held[i];
        }
      }
      for (std::size_t i = 0; i < tile; ++i) least[first + i] = held[i];
    }
    for (; first < size; ++first)
      for (std::size_t k = 0; k < number; ++k)
        least[first] = std::min(least[first], factors[first] * hashes[k] + terms[first]);
  }
};

}  // namespace detail

// --- MinHash ---------------------------------------------------------------------------------------------------------

QSM_INLINE MinHash::MinHash(int size, const Hasher& hasher)
    : Items(hasher), least_(detail::check_signature_size("MinHash", size), detail::no_item) {}

QSM_INLINE void MinHash::add_hashes(std::span<const std::uint64_t> hashes) {
  const auto& all = detail::multipliers();
  qsm::detail::dispatch(detail::LeastHashes{}, least_.data(), least_.size(), all.factor.data(), all.term.data(),
                        hashes.data(), hashes.size());
}

QSM_INLINE void MinHash::merge(const MinHash& other) {
  detail::check_alike("MinHash.merge", *this, other);
  detail::keep_least(least_, other.least_);
}

QSM_INLINE Estimate MinHash::similarity(const MinHash& other, double confidence) const {
  Check("MinHash.similarity").inner_probability("confidence", confidence);
  detail::check_alike("MinHash.similarity", *this, other);
  return detail::wilson(detail::agreeing(least_, other.least_), size(), confidence, "minhash");
}

QSM_INLINE BBitMinHash MinHash::compressed(int bits) const {
  Check("MinHash.compressed").that(bits >= 1 && bits <= 32, "bits", bits, "an integer in [1, 32]");
  BBitMinHash fewer(size(), bits, hasher());
  const std::size_t width = static_cast<std::size_t>(bits);
  for (std::size_t i = 0; i < least_.size(); ++i) {
    const std::uint64_t value = splitmix64(least_[i]) >> (64 - bits);
    const std::size_t at = i * width, rest = at % 64;
    fewer.words_[at / 64] |= value << rest;
    if (rest + width > 64) fewer.words_[at / 64 + 1] |= value >> (64 - rest);
  }
  return fewer;
}

QSM_INLINE std::vector<std::byte> MinHash::encode() const { return detail::encode_least("QMIN", *this, least_); }

QSM_INLINE MinHash MinHash::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "MinHash");
  auto [hasher, least] = detail::decode_least("QMIN", reader);
  reader.checksum();
  reader.end();
  MinHash sketch(static_cast<int>(least.size()), hasher);
  sketch.least_ = std::move(least);
  return sketch;
}

// --- b bits ----------------------------------------------------------------------------------------------------------

QSM_INLINE BBitMinHash::BBitMinHash(int size, int bits, const Hasher& hasher)
    : size_(size), bits_(bits), hasher_(hasher) {
  words_.resize((static_cast<std::size_t>(size) * static_cast<std::size_t>(bits) + 63) / 64);
}

QSM_INLINE std::uint64_t BBitMinHash::at(std::size_t index) const {
  const std::size_t bit = index * static_cast<std::size_t>(bits_), rest = bit % 64;
  std::uint64_t value = words_[bit / 64] >> rest;
  if (rest + static_cast<std::size_t>(bits_) > 64) value |= words_[bit / 64 + 1] << (64 - rest);
  return value & ((std::uint64_t{1} << bits_) - 1);
}

QSM_INLINE Estimate BBitMinHash::similarity(const BBitMinHash& other, double confidence) const {
  Check check("BBitMinHash.similarity");
  check.inner_probability("confidence", confidence);
  check.that(other.bits_ == bits_, "bits of other", other.bits_, "those of this sketch");
  detail::check_alike("BBitMinHash.similarity", *this, other);
  std::size_t same = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(size_); ++i) same += at(i) == other.at(i);
  auto estimate = detail::wilson(static_cast<double>(same), size_, confidence, "b-bit minhash");
  const double chance = std::ldexp(1.0, -bits_);
  for (double* part : {&estimate.value, &estimate.low, &estimate.high})
    *part = std::max(0.0, (*part - chance) / (1 - chance));
  return estimate;
}

QSM_INLINE std::vector<std::byte> BBitMinHash::encode() const {
  ByteWriter writer;
  detail::put_head(writer, "QBIT", 1, hasher_);
  writer.varint(static_cast<std::uint64_t>(size_));
  writer.u8(static_cast<std::uint8_t>(bits_));
  for (const std::uint64_t word : words_) writer.u64(word);
  writer.checksum();
  return writer.take();
}

QSM_INLINE BBitMinHash BBitMinHash::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "BBitMinHash");
  const Hasher hasher = detail::read_head(reader, "QBIT", 1);
  const std::uint64_t size = reader.varint();
  if (size < 1 || size > detail::most_hashes) reader.refuse("1 to 65536 values");
  const int bits = reader.u8();
  if (bits < 1 || bits > 32) reader.refuse("1 to 32 bits");
  BBitMinHash sketch(static_cast<int>(size), bits, hasher);
  for (std::uint64_t& word : sketch.words_) word = reader.u64();
  if (const auto rest = size * static_cast<std::uint64_t>(bits) % 64; rest != 0 && sketch.words_.back() >> rest != 0)
    reader.refuse("zeros after the last value");
  reader.checksum();
  reader.end();
  return sketch;
}

// --- one permutation -------------------------------------------------------------------------------------------------

QSM_INLINE OnePermutationMinHash::OnePermutationMinHash(int size, const Hasher& hasher)
    : Items(hasher), least_(detail::check_signature_size("OnePermutationMinHash", size), detail::no_item) {}

/// A hash as a number in [0, size): its whole part is the bin, the rest what is compared there.
QSM_INLINE void OnePermutationMinHash::add_hashes(std::span<const std::uint64_t> hashes) {
  const std::uint64_t size = least_.size();
  std::uint64_t* const least = least_.data();
  for (const std::uint64_t hash : hashes) {
    const auto product = qsm::detail::multiply(hash, size);
    if (product.low < least[product.high]) [[unlikely]]
      least[product.high] = product.low;
  }
}

QSM_INLINE void OnePermutationMinHash::merge(const OnePermutationMinHash& other) {
  detail::check_alike("OnePermutationMinHash.merge", *this, other);
  detail::keep_least(least_, other.least_);
}

QSM_INLINE int OnePermutationMinHash::empty_bins() const {
  return static_cast<int>(std::ranges::count(least_, detail::no_item));
}

QSM_INLINE Estimate OnePermutationMinHash::similarity(const OnePermutationMinHash& other, double confidence) const {
  Check("OnePermutationMinHash.similarity").inner_probability("confidence", confidence);
  detail::check_alike("OnePermutationMinHash.similarity", *this, other);
  std::size_t same = 0, both_empty = 0;
  for (std::size_t i = 0; i < least_.size(); ++i) {
    same += least_[i] == other.least_[i];
    both_empty += least_[i] == detail::no_item && other.least_[i] == detail::no_item;
  }
  const double agree = static_cast<double>(same - both_empty);
  return detail::wilson(agree, static_cast<double>(least_.size() - both_empty), confidence, "one permutation");
}

QSM_INLINE std::vector<std::uint64_t> OnePermutationMinHash::signature() const {
  auto filled = least_;
  if (empty_bins() == size()) return filled;
  for (std::size_t i = 0; i < filled.size(); ++i)
    for (std::uint64_t attempt = 0; filled[i] == detail::no_item; ++attempt)
      filled[i] = least_[detail::share_of(splitmix64(i << 32 | attempt), filled.size())];
  return filled;
}

QSM_INLINE std::vector<std::byte> OnePermutationMinHash::encode() const {
  return detail::encode_least("QONE", *this, least_);
}

QSM_INLINE OnePermutationMinHash OnePermutationMinHash::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "OnePermutationMinHash");
  auto [hasher, least] = detail::decode_least("QONE", reader);
  reader.checksum();
  reader.end();
  OnePermutationMinHash sketch(static_cast<int>(least.size()), hasher);
  sketch.least_ = std::move(least);
  return sketch;
}

// --- SuperMinHash ----------------------------------------------------------------------------------------------------

QSM_INLINE SuperMinHash::SuperMinHash(int size, const Hasher& hasher)
    : Items(hasher), least_(detail::check_signature_size("SuperMinHash", size), detail::no_item) {
  places_.resize(least_.size());
  touched_.resize(least_.size());
  find_rounds();
}

QSM_INLINE std::size_t SuperMinHash::round_of(std::uint64_t value) const {
  return std::min<std::size_t>(value >> fraction_bits, least_.size() - 1);
}

QSM_INLINE void SuperMinHash::find_rounds() {
  rounds_.assign(least_.size(), 0);
  for (const std::uint64_t value : least_) ++rounds_[round_of(value)];
  last_ = least_.size() - 1;
  while (rounds_[last_] == 0) --last_;
}

/// A random permutation, place by place, until no place can get less than it holds.
QSM_INLINE void SuperMinHash::add_hash(std::uint64_t hash) {
  const std::uint64_t size = least_.size();
  ++turn_;
  const auto place_at = [this](std::size_t index) -> std::uint32_t& {
    if (touched_[index] != turn_) {
      touched_[index] = turn_;
      places_[index] = static_cast<std::uint32_t>(index);
    }
    return places_[index];
  };
  std::uint64_t state = hash;
  const auto draw = [&state] {
    const std::uint64_t drawn = splitmix64(state);
    state += 0x9e3779b97f4a7c15;
    return drawn;
  };
  for (std::size_t round = 0; round <= last_; ++round) {
    const std::uint64_t value = std::uint64_t{round} << fraction_bits | draw() >> (64 - fraction_bits);
    const std::size_t other = round + detail::share_of(draw(), size - round);
    std::uint32_t& here = place_at(round);
    std::swap(here, place_at(other));
    std::uint64_t& held = least_[here];
    if (value >= held) continue;
    const std::size_t before = round_of(std::exchange(held, value));
    if (round >= before) continue;
    --rounds_[before];
    ++rounds_[round];
    while (rounds_[last_] == 0) --last_;
  }
}

QSM_INLINE void SuperMinHash::add_hashes(std::span<const std::uint64_t> hashes) {
  for (const std::uint64_t hash : hashes) add_hash(hash);
}

QSM_INLINE void SuperMinHash::merge(const SuperMinHash& other) {
  detail::check_alike("SuperMinHash.merge", *this, other);
  detail::keep_least(least_, other.least_);
  find_rounds();
}

QSM_INLINE Estimate SuperMinHash::similarity(const SuperMinHash& other, double confidence) const {
  Check("SuperMinHash.similarity").inner_probability("confidence", confidence);
  detail::check_alike("SuperMinHash.similarity", *this, other);
  return detail::wilson(detail::agreeing(least_, other.least_), size(), confidence, "superminhash");
}

/// Ertl 2017, equation 9.
QSM_INLINE double SuperMinHash::variance_ratio(double items) const {
  Check("SuperMinHash.variance_ratio").that(items >= 1 && items <= largest_count, "items", items, "finite and >= 1");
  const double m = size();
  if (m == 1 || items == 1) return m == 1 ? 1 : 0;
  double sum = 0;
  for (double l = 1; l < m; ++l) {
    // l^u ((l+1)^u + (l-1)^u - 2 l^u) / ((m-1)^(u-1) m^u (u-1)), by powers of ratios below one.
    const double scale = std::pow(l / (m - 1), items - 1) * l / (items - 1);
    sum += scale * (std::pow((l + 1) / m, items) + std::pow((l - 1) / m, items) - 2 * std::pow(l / m, items));
  }
  return 1 - sum;
}

QSM_INLINE std::size_t SuperMinHash::bytes_used() const {
  return (least_.capacity() + touched_.capacity()) * sizeof(std::uint64_t) +
         (rounds_.capacity() + places_.capacity()) * sizeof(std::uint32_t);
}

QSM_INLINE std::vector<std::byte> SuperMinHash::encode() const { return detail::encode_least("QSUP", *this, least_); }

QSM_INLINE SuperMinHash SuperMinHash::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "SuperMinHash");
  auto [hasher, least] = detail::decode_least("QSUP", reader);
  for (const std::uint64_t value : least)
    if (value != detail::no_item && value >> fraction_bits >= least.size())
      reader.refuse("values of rounds below the size");
  reader.checksum();
  reader.end();
  SuperMinHash sketch(static_cast<int>(least.size()), hasher);
  sketch.least_ = std::move(least);
  sketch.find_rounds();
  return sketch;
}

}  // namespace qsm::inline v0::sketches
