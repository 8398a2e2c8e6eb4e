#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/sketches/bloom.hpp>
#include <qsm/sketches/detail/places.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

inline constexpr double log2_e = 1.4426950408889634;  // 1 / ln 2
inline constexpr std::uint64_t most_bloom_bits = std::uint64_t{1} << 40;

/// Law of the number of bits set, throw by throw.
inline double bloom_rate_exact(double throws, double bits, double hashes) {
  std::vector<double> law(static_cast<std::size_t>(std::min(throws, bits)) + 1);
  law[0] = 1;
  std::size_t reached = 0;
  for (double thrown = 0; thrown < throws; ++thrown) {
    reached = std::min(reached + 1, law.size() - 1);
    for (std::size_t set = reached + 1; set-- > 0;) {
      const double share = static_cast<double>(set) / bits;
      law[set] = law[set] * share + (set > 0 ? law[set - 1] * (1 - (static_cast<double>(set) - 1) / bits) : 0);
    }
  }
  double rate = 0;
  for (std::size_t set = 0; set < law.size(); ++set)
    rate += law[set] * std::pow(static_cast<double>(set) / bits, hashes);
  return rate;
}

/// E[(fill)^k] from mean and variance of the fill.
inline double bloom_rate_near(double throws, double bits, double hashes) {
  const double one = throws * std::log1p(-1 / bits), two = throws * std::log1p(-2 / bits);
  const double fill = -std::expm1(one);
  // Var(empty) / m^2 = q2 - q1^2 + (q1 - q2) / m, where q2 < q1^2 by little.
  const double squares = std::exp(2 * one) * std::expm1(two - 2 * one);
  const double variance = squares + (std::exp(one) - std::exp(two)) / bits;
  return std::pow(fill, hashes) * (1 + hashes * (hashes - 1) / 2 * variance / (fill * fill));
}

/// Odd numbers that turn 32 bits of a hash into 8 unlike choices.
inline constexpr std::uint32_t block_salts[] = {0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f,
                                                0x165667b1, 0x47b6137b, 0x44974d91, 0x8824ad5b};

#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
// Eight words at once; the compiler splits them where registers are shorter.
using BlockWords = std::uint64_t __attribute__((vector_size(64)));
using BlockHalves = std::uint32_t __attribute__((vector_size(32)));
using FourWords = std::uint64_t __attribute__((vector_size(32)));
using TwoWords = std::uint64_t __attribute__((vector_size(16)));

/// The bit of each word.
QSM_ALWAYS_INLINE void block_masks(std::uint64_t hash, BlockWords& masks) {
  BlockHalves salts;
  std::memcpy(&salts, block_salts, sizeof salts);
  const BlockHalves bits = (salts * static_cast<std::uint32_t>(hash)) >> 26;
  masks = (BlockWords{} + 1) << __builtin_convertvector(bits, BlockWords);
}
QSM_ALWAYS_INLINE void set_bits(std::byte* block, std::uint64_t hash) {
  BlockWords masks, words;
  block_masks(hash, masks);
  std::memcpy(&words, block, sizeof words);
  words |= masks;
  std::memcpy(block, &words, sizeof words);
}
QSM_ALWAYS_INLINE bool has_bits(const std::byte* block, std::uint64_t hash) {
  BlockWords masks, words;
  block_masks(hash, masks);
  std::memcpy(&words, block, sizeof words);
  masks &= ~words;
  const FourWords four =
      __builtin_shufflevector(masks, masks, 0, 1, 2, 3) | __builtin_shufflevector(masks, masks, 4, 5, 6, 7);
  const TwoWords two = __builtin_shufflevector(four, four, 0, 1) | __builtin_shufflevector(four, four, 2, 3);
  return (two[0] | two[1]) == 0;
}
#else
inline std::uint64_t block_mask(std::uint64_t hash, std::size_t i) {
  return std::uint64_t{1} << (static_cast<std::uint32_t>(hash) * block_salts[i] >> 26);
}
inline void set_bits(std::byte* block, std::uint64_t hash) {
  for (std::size_t i = 0; i < 8; ++i, block += 8) put_cell(block, cell<std::uint64_t>(block) | block_mask(hash, i));
}
inline bool has_bits(const std::byte* block, std::uint64_t hash) {
  std::uint64_t missing = 0;
  for (std::size_t i = 0; i < 8; ++i, block += 8) missing |= block_mask(hash, i) & ~cell<std::uint64_t>(block);
  return missing == 0;
}
#endif

/// Calls use(i) for each of so many, after the memory of a few was called for.
template <class Where, class Use>
QSM_ALWAYS_INLINE void fetched(std::size_t number, Where where, Use use) {
  for (std::size_t at = 0; at < number; at += fetched_ahead) {
    const std::size_t end = std::min(at + fetched_ahead, number);
    for (std::size_t i = at; i < end; ++i) fetch_ahead(where(i));
    for (std::size_t i = at; i < end; ++i) use(i);
  }
}

struct AddToBlocks {
  QSM_ALWAYS_INLINE void operator()(std::byte* blocks, std::uint64_t size, const std::uint64_t* hashes,
                                    std::size_t number) const {
    const auto block = [=](std::size_t i) { return blocks + 64 * share_of(hashes[i], size); };
    fetched(number, block, [=](std::size_t i) { set_bits(block(i), hashes[i]); });
  }
};

struct FindInBlocks {
  QSM_ALWAYS_INLINE void operator()(const std::byte* blocks, std::uint64_t size, const std::uint64_t* hashes,
                                    std::size_t number, bool* out) const {
    const auto block = [=](std::size_t i) { return blocks + 64 * share_of(hashes[i], size); };
    fetched(number, block, [=](std::size_t i) { out[i] = has_bits(block(i), hashes[i]); });
  }
};

/// Bits set in a table of whole words.
inline std::uint64_t count_bits(std::span<const std::byte> table) {
  std::uint64_t set = 0;
  for (std::size_t at = 0; at < table.size(); at += 8)
    set += static_cast<std::uint64_t>(std::popcount(cell<std::uint64_t>(table.data() + at)));
  return set;
}

/// Sets the bits that another table of the same size has.
inline void join_bits(std::byte* table, std::span<const std::byte> other) {
  for (std::size_t i = 0; i < other.size(); ++i) table[i] |= other[i];
}

}  // namespace detail

QSM_INLINE Estimate detail::bloom_items(double set, double bits, double hashes) {
  const double empty = bits - set;
  const auto items_of = [&](double share) { return share <= 0 ? infinity : -bits / hashes * std::log(share); };
  const double load = -std::log(empty / bits);
  const double spread = set == 0 || empty == 0 ? 0 : std::sqrt(std::max(0.0, (std::expm1(load) - load) / bits));
  const double value = items_of(empty / bits), reach = 1.959963984540054 * spread * bits / hashes;
  return {value, std::max(0.0, value - reach), value + reach, "bits set, 95 %"};
}

QSM_INLINE double bloom_rate(double items, double bits, double hashes) {
  Check check("bloom_rate");
  check.count("items", items);
  check.positive_count("bits", bits);
  check.that(hashes >= 1 && hashes <= 64 && hashes == std::trunc(hashes), "hashes", hashes, "an integer in [1, 64]");
  const double throws = items * hashes;
  if (items == 0) return 0;
  if (bits == 1) return 1;
  return throws * std::min(throws, bits) <= 2e7 ? detail::bloom_rate_exact(throws, bits, hashes)
                                                : detail::bloom_rate_near(throws, bits, hashes);
}

QSM_INLINE BloomSize bloom_size(const BloomSizeOptions& known) {
  Check check("bloom_size");
  if (known.items) check.positive("items", *known.items);
  if (known.bits) check.positive_count("bits", *known.bits);
  if (known.rate) check.inner_probability("rate", *known.rate);
  if (known.hashes)
    check.that(*known.hashes >= 1 && *known.hashes <= 64 && *known.hashes == std::trunc(*known.hashes), "hashes",
               *known.hashes, "an integer in [1, 64]");
  const int given = (known.items ? 1 : 0) + (known.bits ? 1 : 0) + (known.rate ? 1 : 0) + (known.hashes ? 1 : 0);
  check.that(given == 2 || given == 3, "number of arguments", given, "two or three");
  check.that(known.items || known.bits, "items", given, "given, or bits");
  check.that(!(known.items && known.bits && known.rate), "rate", known.rate.value_or(0),
             "left out where items and bits are given");
  constexpr double ln2 = 1 / detail::log2_e;
  // Bits per item, then what is left.
  double per_item = 0;
  if (known.items && known.bits)
    per_item = *known.bits / *known.items;
  else if (known.rate && known.hashes)
    per_item = -*known.hashes / std::log(-std::expm1(std::log(*known.rate) / *known.hashes));
  else if (known.rate)
    per_item = -std::log(*known.rate) / (ln2 * ln2);
  else
    per_item = *known.hashes / ln2;
  BloomSize size{};
  size.items = known.items ? *known.items : std::floor(*known.bits / per_item);
  size.bits = known.bits ? *known.bits : std::ceil(*known.items * per_item);
  size.hashes = known.hashes ? *known.hashes : std::clamp(std::round(per_item * ln2), 1.0, 64.0);
  size.textbook_rate = std::pow(-std::expm1(-size.hashes * size.items / size.bits), size.hashes);
  size.rate = bloom_rate(std::ceil(size.items), size.bits, size.hashes);
  return size;
}

QSM_INLINE double blocked_bloom_rate(double bits_per_item) {
  Check("blocked_bloom_rate").positive("bits_per_item", bits_per_item);
  const double mean = 512 / bits_per_item;
  if (mean > 1e5) return 1;
  double rate = 0;
  const double reach = 12 * std::sqrt(mean) + 40;
  const double from = std::max(0.0, std::floor(mean - reach));
  double chance = std::exp(from * std::log(mean) - mean - std::lgamma(from + 1));
  for (double items = from; items <= mean + reach; ++items) {
    rate += chance * std::pow(-std::expm1(items * std::log1p(-1.0 / 64)), 8);
    chance *= mean / (items + 1);
  }
  return rate;
}

QSM_INLINE BloomFilter::BloomFilter(std::uint64_t bits, int hashes, const Hasher& hasher, const char* function)
    : OpenFilter(hasher), bits_(bits), hashes_(hashes) {
  Check check(function);
  check.that(bits >= 1 && bits <= detail::most_bloom_bits, "bits", static_cast<double>(bits),
             "an integer in [1, 2^40]");
  check.that(hashes >= 1 && hashes <= 64, "hashes", hashes, "an integer in [1, 64]");
  cells_ = detail::Cells(table_bytes());
}

QSM_INLINE BloomFilter::BloomFilter(double items, double rate, const Hasher& hasher)
    : OpenFilter(hasher), bits_(0), hashes_(0) {
  Check check("BloomFilter");
  check.that(items >= 1 && items <= largest_count, "items", items, "finite and >= 1");
  check.inner_probability("rate", rate);
  const double per_item = -std::log(rate) * detail::log2_e * detail::log2_e;
  check.that(items * per_item <= static_cast<double>(detail::most_bloom_bits), "items", items,
             "so few that 2^40 bits suffice");
  *this = BloomFilter(static_cast<std::uint64_t>(std::ceil(items * per_item)),
                      static_cast<int>(std::clamp(std::round(per_item / detail::log2_e), 1.0, 64.0)), hasher,
                      "BloomFilter");
}

QSM_INLINE BloomFilter BloomFilter::of_size(std::uint64_t bits, int hashes, const Hasher& hasher) {
  return {bits, hashes, hasher, "BloomFilter.of_size"};
}

QSM_INLINE void BloomFilter::add_each(std::span<const std::uint64_t> hashes) {
  std::byte* const table = cells_.change();
  for (const std::uint64_t hash : hashes) detail::put_bits(table, bits_, hashes_, hash);
}

QSM_INLINE void BloomFilter::find_each(std::span<const std::uint64_t> hashes, bool* out) const {
  const std::byte* const table = cells_.data();
  for (const std::uint64_t hash : hashes) *out++ = detail::all_bits(table, bits_, hashes_, hash);
}

QSM_INLINE void BloomFilter::merge(const BloomFilter& other) {
  check_same("BloomFilter.merge", "bits of other", static_cast<double>(bits_), static_cast<double>(other.bits_));
  check_same("BloomFilter.merge", "hashes of other", hashes_, other.hashes_);
  detail::check_hashers("BloomFilter.merge", hasher(), other.hasher());
  detail::join_bits(cells_.change(), other.cells_.bytes());
}

QSM_INLINE std::uint64_t BloomFilter::bits_set() const { return detail::count_bits(cells_.bytes()); }

QSM_INLINE Estimate BloomFilter::estimate() const {
  return detail::bloom_items(static_cast<double>(bits_set()), static_cast<double>(bits_), hashes_);
}

QSM_INLINE double BloomFilter::rate() const {
  return std::pow(static_cast<double>(bits_set()) / static_cast<double>(bits_), hashes_);
}

QSM_INLINE void BloomFilter::put_sizes(ByteWriter& writer) const {
  writer.u64(bits_);
  writer.u8(static_cast<std::uint8_t>(hashes_));
}

QSM_INLINE BloomFilter BloomFilter::read_sizes(ByteReader& reader, const Hasher& hasher) {
  BloomFilter filter = of_size(1, 1, hasher);
  filter.bits_ = reader.u64();
  if (filter.bits_ < 1 || filter.bits_ > 8 * reader.left()) reader.refuse("a number of bits that follow");
  filter.hashes_ = reader.u8();
  if (filter.hashes_ < 1 || filter.hashes_ > 64) reader.refuse("1 to 64 hash functions");
  return filter;
}

QSM_INLINE void BloomFilter::check_table(const ByteReader& reader) const {
  const auto last = detail::cell<std::uint64_t>(cells_.data() + cells_.size() - 8);
  if (bits_ % 64 != 0 && last >> (bits_ % 64) != 0) reader.refuse("no bits beyond the last");
}

QSM_INLINE BlockedBloomFilter::BlockedBloomFilter(std::uint64_t blocks, const Hasher& hasher, const char* function)
    : OpenFilter(hasher), blocks_(blocks) {
  Check(function).that(blocks >= 1 && blocks <= std::uint64_t{1} << 31, "blocks", static_cast<double>(blocks),
                       "an integer in [1, 2^31]");
  cells_ = detail::Cells(table_bytes());
}

QSM_INLINE BlockedBloomFilter::BlockedBloomFilter(double items, double rate, const Hasher& hasher)
    : OpenFilter(hasher), blocks_(0) {
  Check check("BlockedBloomFilter");
  check.that(items >= 1 && items <= largest_count, "items", items, "finite and >= 1");
  check.that(rate >= 1e-7 && rate <= 0.5, "rate", rate, "in [1e-7, 0.5]");
  double low = 1, high = 200;  // bits per item
  for (int i = 0; i < 60; ++i) (blocked_bloom_rate((low + high) / 2) > rate ? low : high) = (low + high) / 2;
  const double blocks = std::ceil(items * high / 512);
  check.that(blocks <= 0x1p31, "items", items, "so few that 2^31 blocks suffice");
  *this = BlockedBloomFilter(static_cast<std::uint64_t>(blocks), hasher, "BlockedBloomFilter");
}

QSM_INLINE BlockedBloomFilter BlockedBloomFilter::of_size(std::uint64_t blocks, const Hasher& hasher) {
  return {blocks, hasher, "BlockedBloomFilter.of_size"};
}

QSM_INLINE void BlockedBloomFilter::add_each(std::span<const std::uint64_t> hashes) {
  qsm::detail::dispatch(detail::AddToBlocks{}, cells_.change(), blocks_, hashes.data(), hashes.size());
}

QSM_INLINE void BlockedBloomFilter::find_each(std::span<const std::uint64_t> hashes, bool* out) const {
  qsm::detail::dispatch(detail::FindInBlocks{}, cells_.data(), blocks_, hashes.data(), hashes.size(), out);
}

QSM_INLINE void BlockedBloomFilter::merge(const BlockedBloomFilter& other) {
  check_same("BlockedBloomFilter.merge", "blocks of other", static_cast<double>(blocks_),
             static_cast<double>(other.blocks_));
  detail::check_hashers("BlockedBloomFilter.merge", hasher(), other.hasher());
  detail::join_bits(cells_.change(), other.cells_.bytes());
}

QSM_INLINE Estimate BlockedBloomFilter::estimate() const {
  const auto set = static_cast<double>(detail::count_bits(cells_.bytes()));
  return detail::bloom_items(set, 512 * static_cast<double>(blocks_), 8);
}

QSM_INLINE double BlockedBloomFilter::rate() const {
  double sum = 0;
  for (std::size_t block = 0; block < cells_.size(); block += 64) {
    double chance = 1;
    for (std::size_t at = block; at < block + 64; at += 8)
      chance *= std::popcount(detail::cell<std::uint64_t>(cells_.data() + at)) / 64.0;
    sum += chance;
  }
  return sum / static_cast<double>(blocks_);
}

QSM_INLINE BlockedBloomFilter BlockedBloomFilter::read_sizes(ByteReader& reader, const Hasher& hasher) {
  BlockedBloomFilter filter = of_size(1, hasher);
  filter.blocks_ = reader.u64();
  if (filter.blocks_ < 1 || filter.blocks_ > reader.left() / 64) reader.refuse("a number of blocks that follow");
  return filter;
}

}  // namespace qsm::inline v0::sketches
