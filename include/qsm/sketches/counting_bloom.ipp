#include <algorithm>
#include <cmath>

#include <qsm/core/error.hpp>
#include <qsm/sketches/bloom.hpp>
#include <qsm/sketches/counting_bloom.hpp>
#include <qsm/sketches/detail/places.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

inline constexpr unsigned highest_counter = 15;

inline unsigned counter(const std::byte* table, std::uint64_t place) {
  return std::to_integer<unsigned>(table[place / 2] >> (place % 2 * 4)) & 15;
}
inline void put_counter(std::byte* table, std::uint64_t place, unsigned value) {
  const auto shift = static_cast<unsigned>(place % 2 * 4);
  table[place / 2] =
      (table[place / 2] & static_cast<std::byte>(0xf0 >> shift)) | static_cast<std::byte>(value << shift);
}

}  // namespace detail

QSM_INLINE CountingBloomFilter::CountingBloomFilter(std::uint64_t counters, int hashes, const Hasher& hasher,
                                                    const char* function)
    : OpenFilter(hasher), counters_(counters), hashes_(hashes) {
  Check check(function);
  check.that(counters >= 1 && counters <= std::uint64_t{1} << 40, "counters", static_cast<double>(counters),
             "an integer in [1, 2^40]");
  check.that(hashes >= 1 && hashes <= 64, "hashes", hashes, "an integer in [1, 64]");
  cells_ = detail::Cells(table_bytes());
}

QSM_INLINE CountingBloomFilter::CountingBloomFilter(double items, double rate, const Hasher& hasher)
    : OpenFilter(hasher), counters_(0), hashes_(0) {
  Check check("CountingBloomFilter");
  check.that(items >= 1 && items <= 0x1p40, "items", items, "in [1, 2^40]");
  check.inner_probability("rate", rate);
  const BloomSize size = bloom_size({.items = items, .rate = rate});
  check.that(size.bits <= 0x1p40, "items", items, "so few that 2^40 counters suffice");
  *this = CountingBloomFilter(static_cast<std::uint64_t>(size.bits), static_cast<int>(size.hashes), hasher,
                              "CountingBloomFilter");
}

QSM_INLINE CountingBloomFilter CountingBloomFilter::of_size(std::uint64_t counters, int hashes, const Hasher& hasher) {
  return {counters, hashes, hasher, "CountingBloomFilter.of_size"};
}

QSM_INLINE void CountingBloomFilter::add_each(std::span<const std::uint64_t> hashes) {
  std::byte* const table = cells_.change();
  for (const std::uint64_t hash : hashes) {
    detail::Places places(hash, counters_);
    for (int i = 0; i < hashes_; ++i) {
      const std::uint64_t place = places.next();
      detail::put_counter(table, place, std::min(detail::counter(table, place) + 1, detail::highest_counter));
    }
  }
}

QSM_INLINE void CountingBloomFilter::find_each(std::span<const std::uint64_t> hashes, bool* out) const {
  for (const std::uint64_t hash : hashes) {
    detail::Places places(hash, counters_);
    bool all = true;
    for (int i = 0; i < hashes_ && all; ++i) all = detail::counter(cells_.data(), places.next()) != 0;
    *out++ = all;
  }
}

QSM_INLINE bool CountingBloomFilter::remove_hash(std::uint64_t hash) {
  if (!contains_hash(hash)) return false;
  std::byte* const table = cells_.change();
  detail::Places places(hash, counters_);
  for (int i = 0; i < hashes_; ++i) {
    const std::uint64_t place = places.next();
    const unsigned count = detail::counter(table, place);
    if (count > 0 && count < detail::highest_counter) detail::put_counter(table, place, count - 1);
  }
  return true;
}

QSM_INLINE void CountingBloomFilter::merge(const CountingBloomFilter& other) {
  check_same("CountingBloomFilter.merge", "counters of other", static_cast<double>(counters_),
             static_cast<double>(other.counters_));
  check_same("CountingBloomFilter.merge", "hashes of other", hashes_, other.hashes_);
  detail::check_hashers("CountingBloomFilter.merge", hasher(), other.hasher());
  std::byte* const table = cells_.change();
  for (std::uint64_t place = 0; place < counters_; ++place)
    detail::put_counter(
        table, place,
        std::min(detail::counter(table, place) + detail::counter(other.cells_.data(), place), detail::highest_counter));
}

QSM_INLINE std::uint64_t CountingBloomFilter::counters_set() const {
  std::uint64_t set = 0;
  for (std::uint64_t place = 0; place < counters_; ++place) set += detail::counter(cells_.data(), place) != 0;
  return set;
}

QSM_INLINE std::uint64_t CountingBloomFilter::saturated() const {
  std::uint64_t full = 0;
  for (std::uint64_t place = 0; place < counters_; ++place)
    full += detail::counter(cells_.data(), place) == detail::highest_counter;
  return full;
}

QSM_INLINE Estimate CountingBloomFilter::estimate() const {
  return detail::bloom_items(static_cast<double>(counters_set()), static_cast<double>(counters_), hashes_);
}

QSM_INLINE double CountingBloomFilter::rate() const {
  return std::pow(static_cast<double>(counters_set()) / static_cast<double>(counters_), hashes_);
}

QSM_INLINE void CountingBloomFilter::put_sizes(ByteWriter& writer) const {
  writer.u64(counters_);
  writer.u8(static_cast<std::uint8_t>(hashes_));
}

QSM_INLINE CountingBloomFilter CountingBloomFilter::read_sizes(ByteReader& reader, const Hasher& hasher) {
  CountingBloomFilter filter = of_size(1, 1, hasher);
  filter.counters_ = reader.u64();
  if (filter.counters_ < 1 || filter.table_bytes() > reader.left()) reader.refuse("a number of counters that follow");
  filter.hashes_ = reader.u8();
  if (filter.hashes_ < 1 || filter.hashes_ > 64) reader.refuse("1 to 64 hash functions");
  return filter;
}

QSM_INLINE void CountingBloomFilter::check_table(const ByteReader& reader) const {
  if (counters_ % 2 == 1 && cells_.data()[cells_.size() - 1] >> 4 != std::byte{0})
    reader.refuse("no counters beyond the last");
}

}  // namespace qsm::inline v0::sketches
