#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/interval.hpp>
#include <qsm/core/murmur.hpp>
#include <qsm/sketches/detail/wilson.hpp>
#include <qsm/sketches/theta.hpp>

namespace qsm::inline v0::sketches {

QSM_INLINE ThetaSketch::ThetaSketch(int precision, const Hasher& hasher) : Items(hasher), precision_(precision) {
  Check("ThetaSketch").that(precision >= 5 && precision <= 26, "precision", precision, "an integer in [5, 26]");
}

/// The hash's slot, or the free one that it would take.
QSM_INLINE bool ThetaSketch::find(std::uint64_t hash, std::size_t& slot) const {
  const std::size_t mask = table_.size() - 1;
  for (slot = hash & mask; table_[slot] != 0; slot = (slot + 1) & mask)
    if (table_[slot] == hash) return true;
  return false;
}

QSM_INLINE void ThetaSketch::insert(std::uint64_t hash) {
  if (hash == 0 || hash >= theta_) return;
  if (2 * number_ >= table_.size()) {
    std::vector<std::uint64_t> old(std::clamp(4 * table_.size(), std::size_t{32}, std::bit_ceil(2 * most() + 2)));
    old.swap(table_);
    for (const std::uint64_t held : old)
      if (std::size_t slot; held != 0 && !find(held, slot)) table_[slot] = held;
  }
  std::size_t slot;
  if (find(hash, slot)) return;
  table_[slot] = hash;
  if (++number_ <= most()) return;
  auto all = kept();
  trim(all, std::size_t{1} << precision_);
  fill(all);
}

/// Leaves the `number` smallest of hashes, and sets theta to the one after.
QSM_INLINE void ThetaSketch::trim(std::vector<std::uint64_t>& all, std::size_t number) {
  if (all.size() <= number) return;
  std::ranges::nth_element(all, all.begin() + static_cast<std::ptrdiff_t>(number));
  theta_ = all[number];
  all.resize(number);
}

/// Holds these hashes, which are unlike and below theta, and no others.
QSM_INLINE void ThetaSketch::fill(std::span<const std::uint64_t> hashes) {
  table_.assign(std::max<std::size_t>(32, std::bit_ceil(2 * hashes.size() + 1)), 0);
  number_ = hashes.size();
  for (const std::uint64_t hash : hashes)
    if (std::size_t slot; !find(hash, slot)) table_[slot] = hash;
}

QSM_INLINE void ThetaSketch::add_hashes(std::span<const std::uint64_t> hashes) {
  for (const std::uint64_t hash : hashes)
    if (hash >> 1 < theta_) [[unlikely]]
      insert(hash >> 1);
}

QSM_INLINE std::vector<std::uint64_t> ThetaSketch::kept() const {
  std::vector<std::uint64_t> all(number_ + 1);
  std::size_t at = 0;
  for (const std::uint64_t held : table_) {  // without a branch, which would be wrong as often as right
    all[at] = held;
    at += held != 0;
  }
  all.pop_back();
  return all;
}

QSM_INLINE std::vector<std::uint64_t> ThetaSketch::hashes() const {
  auto all = kept();
  std::ranges::sort(all);
  return all;
}

QSM_INLINE double ThetaSketch::theta() const { return static_cast<double>(theta_) / static_cast<double>(largest); }

QSM_INLINE void ThetaSketch::check_hashers(const char* function, const ThetaSketch& other) const {
  detail::check_hashers(function, hasher(), other.hasher());
}

QSM_INLINE void ThetaSketch::merge(const ThetaSketch& other) {
  Check("ThetaSketch.merge")
      .that(other.precision_ == precision_, "precision of other", other.precision_, "that of this sketch");
  check_hashers("ThetaSketch.merge", other);
  if (&other == this) return;
  if (other.theta_ < theta_) {
    theta_ = other.theta_;
    auto all = kept();
    std::erase_if(all, [this](std::uint64_t hash) { return hash >= theta_; });
    fill(all);
  }
  for (const std::uint64_t hash : other.kept()) insert(hash);
}

QSM_INLINE ThetaSketch ThetaSketch::intersection(const ThetaSketch& other) const {
  check_hashers("ThetaSketch.intersection", other);
  ThetaSketch both(std::min(precision_, other.precision_), hasher());
  both.theta_ = std::min(theta_, other.theta_);
  std::vector<std::uint64_t> kept;
  std::ranges::set_intersection(hashes(), other.hashes(), std::back_inserter(kept));
  kept.erase(std::ranges::lower_bound(kept, both.theta_), kept.end());
  both.trim(kept, both.most());
  both.fill(kept);
  return both;
}

QSM_INLINE ThetaSketch ThetaSketch::difference(const ThetaSketch& other) const {
  check_hashers("ThetaSketch.difference", other);
  ThetaSketch rest(precision_, hasher());
  rest.theta_ = std::min(theta_, other.theta_);
  std::vector<std::uint64_t> kept;
  std::ranges::set_difference(hashes(), other.hashes(), std::back_inserter(kept));
  kept.erase(std::ranges::lower_bound(kept, rest.theta_), kept.end());
  rest.fill(kept);
  return rest;
}

QSM_INLINE ThetaSketch ThetaSketch::trimmed() const {
  ThetaSketch fewer(precision_, hasher());
  fewer.theta_ = theta_;
  auto all = kept();
  fewer.trim(all, std::size_t{1} << precision_);
  fewer.fill(all);
  return fewer;
}

/// n items of which each is kept with probability theta: |kept - n theta| = z sqrt(n theta (1 - theta)), to half an item.
QSM_INLINE Estimate ThetaSketch::estimate(double confidence) const {
  Check("ThetaSketch.estimate").inner_probability("confidence", confidence);
  const double kept = static_cast<double>(number_), share = theta();
  if (exact()) return {kept, kept, kept, "exact"};
  const double half = normal_quantile((1 + confidence) / 2) * std::sqrt(1 - share) / 2;
  const auto end = [&](double number, double sign) {
    const double root = sign * half + std::sqrt(half * half + number);
    return root * root / share;
  };
  return {kept / share, std::max(kept, end(std::max(0.0, kept - 0.5), -1)), end(kept + 0.5, 1),
          detail::with_percent("theta", confidence)};
}

QSM_INLINE Estimate ThetaSketch::similarity(const ThetaSketch& other, double confidence) const {
  Check("ThetaSketch.similarity").inner_probability("confidence", confidence);
  check_hashers("ThetaSketch.similarity", other);
  const std::uint64_t least = std::min(theta_, other.theta_);
  const auto below = [least](const ThetaSketch& sketch) {
    auto all = sketch.hashes();
    all.erase(std::ranges::lower_bound(all, least), all.end());
    return all;
  };
  const auto one = below(*this), two = below(other);
  std::vector<std::uint64_t> both;
  std::ranges::set_intersection(one, two, std::back_inserter(both));
  const double shared = static_cast<double>(both.size()), all = static_cast<double>(one.size() + two.size()) - shared;
  if (exact() && other.exact()) {
    const double share = all == 0 ? 1 : shared / all;
    return {share, share, share, "exact"};
  }
  return detail::wilson(shared, all, confidence, "theta");
}

QSM_INLINE std::vector<std::byte> ThetaSketch::encode() const {
  ByteWriter writer;
  detail::put_head(writer, "QTHT", 1, hasher());
  writer.u8(static_cast<std::uint8_t>(precision_));
  writer.u64(theta_);
  writer.varint(number_);
  std::uint64_t before = 0;
  for (const std::uint64_t hash : hashes()) writer.varint(hash - std::exchange(before, hash));
  writer.checksum();
  return writer.take();
}

QSM_INLINE ThetaSketch ThetaSketch::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "ThetaSketch");
  const Hasher hasher = detail::read_head(reader, "QTHT", 1);
  const int precision = reader.u8();
  if (precision < 5 || precision > 26) reader.refuse("a precision in [5, 26]");
  ThetaSketch sketch(precision, hasher);
  sketch.theta_ = reader.u64();
  if (sketch.theta_ == 0 || sketch.theta_ > largest) reader.refuse("theta in [1, 2^63)");
  const std::size_t number = reader.count(1);
  if (number > sketch.most()) reader.refuse("at most " + std::to_string(sketch.most()) + " hashes");
  std::vector<std::uint64_t> all;
  all.reserve(number);
  for (std::uint64_t hash = 0; all.size() < number; all.push_back(hash)) {
    const std::uint64_t step = reader.varint();
    if (step == 0 || step >= sketch.theta_ - hash) reader.refuse("unlike hashes in order below theta");
    hash += step;
  }
  sketch.fill(all);
  reader.checksum();
  reader.end();
  return sketch;
}

namespace detail {

inline constexpr std::uint8_t theta_family = 3, theta_version = 3;
inline constexpr std::uint8_t theta_read_only = 2, theta_empty = 4, theta_compact = 8, theta_ordered = 16;

/// What DataSketches writes of a seed, to tell those of others.
inline std::uint16_t datasketches_seed_hash(std::uint64_t seed) {
  std::byte bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<std::byte>(seed >> (8 * i));
  return static_cast<std::uint16_t>(murmur3_128(ByteView(bytes), 0)[0]);
}

}  // namespace detail

QSM_INLINE std::vector<std::byte> ThetaSketch::to_datasketches() const {
  detail::check_hashers("ThetaSketch.to_datasketches", {HashFunction::murmur3, hasher().seed}, hasher());
  const bool empty = exact() && number_ == 0;
  const int longs = !exact() ? 3 : number_ <= 1 ? 1 : 2;
  ByteWriter writer;
  writer.u8(static_cast<std::uint8_t>(longs));
  writer.u8(detail::theta_version);
  writer.u8(detail::theta_family);
  writer.u16(0);
  writer.u8(static_cast<std::uint8_t>(detail::theta_read_only | detail::theta_compact | detail::theta_ordered |
                                      (empty ? detail::theta_empty : 0)));
  writer.u16(detail::datasketches_seed_hash(hasher().seed));
  if (longs > 1) writer.u64(number_);
  if (longs > 2) writer.u64(theta_);
  for (const std::uint64_t hash : hashes()) writer.u64(hash);
  return writer.take();
}

QSM_INLINE ThetaSketch ThetaSketch::from_datasketches(std::span<const std::byte> bytes, int precision,
                                                      std::uint64_t seed) {
  ThetaSketch sketch(precision, {HashFunction::murmur3, seed});
  ByteReader reader(bytes, "Theta of DataSketches");
  const int longs = reader.u8() & 63;
  if (longs < 1 || longs > 3) reader.refuse("a preamble of 1 to 3 words of eight bytes");
  if (reader.u8() != detail::theta_version) reader.refuse("serial version 3");
  if (reader.u8() != detail::theta_family) reader.refuse("family 3, compact Theta");
  reader.u16();
  const int flags = reader.u8();
  if ((flags & detail::theta_compact) == 0) reader.refuse("the flag of the compact form");
  const bool empty = (flags & detail::theta_empty) != 0;
  if (const auto hash = reader.u16(); !empty && hash != detail::datasketches_seed_hash(seed))
    reader.refuse("the hash of seed " + std::to_string(seed));
  std::size_t number = empty ? 0 : 1;
  if (longs > 1) {
    number = reader.u32();
    reader.u32();
  }
  if (longs > 2) sketch.theta_ = reader.u64();
  if (sketch.theta_ == 0 || sketch.theta_ > largest) reader.refuse("theta in [1, 2^63)");
  if (reader.left() / 8 < number) reader.refuse("as many hashes as are told");
  std::vector<std::uint64_t> all(number);
  for (std::uint64_t& hash : all) {
    hash = reader.u64();
    if (hash == 0 || hash >= sketch.theta_) reader.refuse("hashes in [1, theta)");
  }
  std::ranges::sort(all);
  if (std::ranges::adjacent_find(all) != all.end()) reader.refuse("unlike hashes");
  reader.end();
  sketch.trim(all, sketch.most());
  sketch.fill(all);
  return sketch;
}

}  // namespace qsm::inline v0::sketches
