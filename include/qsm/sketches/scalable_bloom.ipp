#include <algorithm>
#include <cmath>
#include <utility>

#include <qsm/core/error.hpp>
#include <qsm/sketches/bloom.hpp>
#include <qsm/sketches/detail/places.hpp>
#include <qsm/sketches/scalable_bloom.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

/// A stage's own function of a hash, so that what two stages claim is independent.
inline std::uint64_t stage_hash(std::uint64_t hash, std::uint8_t size) { return splitmix64(hash + size); }

}  // namespace detail

QSM_INLINE ScalableBloomFilter::ScalableBloomFilter(double items, double rate, double tightening, const Hasher& hasher)
    : OpenFilter(hasher), capacity_(std::ceil(items)), rate_(rate), tightening_(tightening) {
  Check check("ScalableBloomFilter");
  check.that(items >= 1 && items <= 0x1p34, "items", items, "in [1, 2^34]");
  check.inner_probability("rate", rate);
  check.that(tightening >= 0.1 && tightening <= 0.95, "tightening", tightening, "in [0.1, 0.95]");
  stages_ = {stage(0)};
  cells_ = detail::Cells(table_bytes());
}

QSM_INLINE ScalableBloomFilter::Stage ScalableBloomFilter::stage(int size) const {
  const double items = std::ldexp(capacity_, size), rate = rate_ * (1 - tightening_) * std::pow(tightening_, size);
  Check("ScalableBloomFilter.add").that(size < 60 && items <= 0x1p40, "items", items, "at most 2^40 in one stage");
  const double hashes = bloom_size({.items = items, .rate = rate}).hashes;
  const BloomSize best = bloom_size({.items = items, .rate = rate, .hashes = hashes});  // the rounded k pays in bits
  return {static_cast<std::uint8_t>(size), static_cast<std::uint8_t>(best.hashes),
          static_cast<std::uint64_t>(best.bits), 0};
}

QSM_INLINE double ScalableBloomFilter::room(const Stage& stage) const {
  return std::ldexp(capacity_, stage.size) - static_cast<double>(stage.items);
}

QSM_INLINE std::size_t ScalableBloomFilter::table_bytes() const {
  std::size_t bytes = 0;
  for (const Stage& stage : stages_) bytes += stage.bytes();
  return bytes;
}

QSM_INLINE void ScalableBloomFilter::append(const Stage& stage) {
  detail::Cells grown(table_bytes() + stage.bytes());
  std::ranges::copy(cells_.bytes(), grown.change());
  cells_ = std::move(grown);
  stages_.push_back(stage);
}

QSM_INLINE void ScalableBloomFilter::add_each(std::span<const std::uint64_t> hashes) {
  std::byte* table = cells_.change();
  for (const std::uint64_t hash : hashes) {
    if (contains_hash(hash)) continue;
    std::size_t begin = 0, which = 0;
    int largest = 0;
    for (; which < stages_.size() && room(stages_[which]) < 1; ++which) {
      begin += stages_[which].bytes();
      largest = std::max<int>(largest, stages_[which].size);
    }
    if (which == stages_.size()) {
      append(stage(largest + 1));
      table = cells_.change();
    }
    Stage& fed = stages_[which];
    detail::put_bits<detail::IndependentPlaces>(table + begin, fed.bits, fed.hashes,
                                                detail::stage_hash(hash, fed.size));
    ++fed.items;
  }
}

QSM_INLINE void ScalableBloomFilter::find_each(std::span<const std::uint64_t> hashes, bool* out) const {
  for (const std::uint64_t hash : hashes) {
    const std::byte* end = cells_.data() + cells_.size();
    bool found = false;
    for (std::size_t i = stages_.size(); i-- > 0 && !found;) {  // most items are in the last
      const Stage& stage = stages_[i];
      end -= stage.bytes();
      found = detail::all_bits<detail::IndependentPlaces>(end, stage.bits, stage.hashes,
                                                          detail::stage_hash(hash, stage.size));
    }
    *out++ = found;
  }
}

QSM_INLINE void ScalableBloomFilter::forget() {
  stages_ = {stage(0)};
  cells_ = detail::Cells(table_bytes());
}

QSM_INLINE void ScalableBloomFilter::merge(const ScalableBloomFilter& other) {
  check_same("ScalableBloomFilter.merge", "items of other", capacity_, other.capacity_);
  check_same("ScalableBloomFilter.merge", "rate of other", rate_, other.rate_);
  check_same("ScalableBloomFilter.merge", "tightening of other", tightening_, other.tightening_);
  detail::check_hashers("ScalableBloomFilter.merge", hasher(), other.hasher());
  const ScalableBloomFilter source = other;  // it may be this one
  const std::byte* from = source.cells_.data();
  for (const Stage& stage : source.stages_) {
    std::size_t begin = 0, which = 0;
    const auto joins = [&](const Stage& own) {
      return own.size == stage.size && room(own) >= static_cast<double>(stage.items);
    };
    for (; which < stages_.size() && !joins(stages_[which]); ++which) begin += stages_[which].bytes();
    if (which == stages_.size()) append({stage.size, stage.hashes, stage.bits, 0});
    detail::join_bits(cells_.change() + begin, {from, stage.bytes()});
    stages_[which].items += stage.items;
    from += stage.bytes();
  }
}

QSM_INLINE Estimate ScalableBloomFilter::estimate() const {
  double value = 0, squares = 0;
  std::size_t begin = 0;
  for (const Stage& stage : stages_) {
    const auto set = static_cast<double>(detail::count_bits(cells_.bytes().subspan(begin, stage.bytes())));
    const Estimate items = detail::bloom_items(set, static_cast<double>(stage.bits), stage.hashes);
    value += items.value;
    squares += (items.high - items.value) * (items.high - items.value);
    begin += stage.bytes();
  }
  return {value, std::max(0.0, value - std::sqrt(squares)), value + std::sqrt(squares), "bits set, 95 %"};
}

QSM_INLINE double ScalableBloomFilter::rate() const {
  double none = 1;
  std::size_t begin = 0;
  for (const Stage& stage : stages_) {
    const auto set = static_cast<double>(detail::count_bits(cells_.bytes().subspan(begin, stage.bytes())));
    none *= 1 - std::pow(set / static_cast<double>(stage.bits), stage.hashes);
    begin += stage.bytes();
  }
  return 1 - none;
}

QSM_INLINE std::uint64_t ScalableBloomFilter::items() const {
  std::uint64_t all = 0;
  for (const Stage& stage : stages_) all += stage.items;
  return all;
}

QSM_INLINE void ScalableBloomFilter::put_sizes(ByteWriter& writer) const {
  writer.f64(capacity_);
  writer.f64(rate_);
  writer.f64(tightening_);
  writer.varint(stages_.size());
  for (const Stage& stage : stages_) {
    writer.u8(stage.size);
    writer.u8(stage.hashes);
    writer.u64(stage.bits);
    writer.u64(stage.items);
  }
}

QSM_INLINE ScalableBloomFilter ScalableBloomFilter::read_sizes(ByteReader& reader, const Hasher& hasher) {
  const double items = reader.f64();
  if (!(items >= 1 && items <= 0x1p34 && items == std::trunc(items))) reader.refuse("items of the first stage");
  const double rate = reader.f64();
  if (!(rate > 0 && rate < 1)) reader.refuse("a rate in (0, 1)");
  const double tightening = reader.f64();
  if (!(tightening >= 0.1 && tightening <= 0.95)) reader.refuse("a tightening ratio in [0.1, 0.95]");
  ScalableBloomFilter filter(1, 0.5, 0.5, hasher);
  filter.capacity_ = items;
  filter.rate_ = rate;
  filter.tightening_ = tightening;
  filter.stages_.resize(reader.count(18));
  if (filter.stages_.empty()) reader.refuse("a stage");
  for (Stage& stage : filter.stages_) {
    stage.size = reader.u8();
    if (stage.size > 40) reader.refuse("a stage of at most 2^40 times the first");
    stage.hashes = reader.u8();
    if (stage.hashes < 1 || stage.hashes > 64) reader.refuse("1 to 64 hash functions");
    stage.bits = reader.u64();
    if (stage.bits < 1 || stage.bits > 8 * reader.left()) reader.refuse("a number of bits that follow");
    stage.items = reader.u64();
    if (filter.room(stage) < 0) reader.refuse("as many items as have room");
  }
  if (filter.table_bytes() > reader.left()) reader.refuse("tables that follow");
  return filter;
}

QSM_INLINE void ScalableBloomFilter::check_table(const ByteReader& reader) const {
  const std::byte* end = cells_.data();
  for (const Stage& stage : stages_) {
    end += stage.bytes();
    if (stage.bits % 64 != 0 && detail::cell<std::uint64_t>(end - 8) >> (stage.bits % 64) != 0)
      reader.refuse("no bits beyond a stage's last");
  }
}

}  // namespace qsm::inline v0::sketches
