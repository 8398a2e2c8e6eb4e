#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <utility>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/sketches/detail/log_likelihood.hpp>
#include <qsm/sketches/hyperloglog.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

struct LargerBytes {
  QSM_ALWAYS_INLINE void operator()(std::uint8_t* to, const std::uint8_t* from, std::size_t size) const {
    for (std::size_t i = 0; i < size; ++i) to[i] = std::max(to[i], from[i]);
  }
};

/// Ertl 2017, equations for registers that are still 0 and for full ones.
inline double hll_sigma(double x) {
  if (x == 1) return infinity;
  double sum = x;
  for (double power = x, weight = 1, before = -1; sum != before; weight *= 2) {
    before = sum;
    power *= power;
    sum += power * weight;
  }
  return sum;
}
inline double hll_tau(double x) {
  if (x == 0 || x == 1) return 0;
  double sum = 1 - x;
  for (double root = x, weight = 1, before = 2; sum != before;) {
    before = sum;
    root = std::sqrt(root);
    weight /= 2;
    sum -= (1 - root) * (1 - root) * weight;
  }
  return sum / 3;
}

inline constexpr double hll_alpha = 0.7213475204444817;  // 1 / (2 ln 2)

/// Of m registers, so that the raw estimate has no bias.
inline double hll_alpha_of(double size) {
  if (size == 16) return 0.673102023867666;
  if (size == 32) return 0.697122633801024;
  if (size == 64) return 0.709208452870023;
  return hll_alpha / (1 + 1.079 / size);
}

inline double hll_raw(std::span<const std::uint32_t> counts, double size) {
  double sum = 0;
  for (std::size_t rank = counts.size(); rank-- > 0;) sum += std::ldexp(counts[rank], -static_cast<int>(rank));
  return hll_alpha_of(size) * size * size / sum;
}

inline double hll_improved(std::span<const std::uint32_t> counts, double size) {
  double sum = size * hll_tau(1 - counts.back() / size);
  for (std::size_t rank = counts.size() - 1; rank-- > 1;) sum = 0.5 * (sum + counts[rank]);
  sum += size * hll_sigma(counts.front() / size);
  return hll_alpha * size * size / sum;
}

/// Mean of 2^-rank and of its square, of a register that n items reach at a load of n / m.
inline std::pair<double, double> hll_means(double load) {
  double mean = std::exp(-load), square = mean, before = mean;
  for (int rank = 1; rank <= 64; ++rank) {
    const double up_to = std::exp(-std::ldexp(load, -rank)), here = up_to - std::exchange(before, up_to);
    mean += std::ldexp(here, -rank);
    square += std::ldexp(here, -2 * rank);
  }
  return {mean, square};
}

/// The number of items at which the raw estimate is what it is on average, to the order of 1 / m.
inline double hll_unbiased(double raw, double size) {
  if (raw >= 20 * size) return raw;  // there the bias is below 1e-8
  const auto expected = [size](double load) {
    const auto [mean, square] = hll_means(load);
    return hll_alpha_of(size) * size / mean * (1 + (square / (mean * mean) - 1) / size);
  };
  double low = 0, high = 32;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (expected(middle) < raw ? low : high) = middle;
  }
  return size * (low + high) / 2;
}

/// Load from which the raw estimate without its bias errs less than linear counting.
inline constexpr double hll_crossing = 2.1399;

}  // namespace detail

QSM_INLINE HyperLogLog::HyperLogLog(int precision, const Hasher& hasher) : Items(hasher), precision_(precision) {
  Check("HyperLogLog").that(precision >= 4 && precision <= 21, "precision", precision, "an integer in [4, 21]");
}

QSM_INLINE void HyperLogLog::raise(std::size_t index, int rank) {
  std::uint8_t& held = registers_[index];
  if (rank <= held) return;
  if (!merged_) {
    martingale_ += static_cast<double>(size()) / chance_;
    chance_ -= std::ldexp(1.0, -held) - std::ldexp(1.0, -rank);
  }
  held = static_cast<std::uint8_t>(rank);
}

QSM_INLINE void HyperLogLog::add_hash(std::uint64_t hash) { add_hashes({&hash, 1}); }

QSM_INLINE void HyperLogLog::add_hashes(std::span<const std::uint64_t> hashes) {
  const std::uint64_t mask = size() - 1;
  const auto rank_of = [mask](std::uint64_t hash) { return std::countl_zero(hash | mask) + 1; };
  std::size_t at = 0;
  for (; at < hashes.size() && sparse(); ++at) {
    constexpr std::uint64_t address = (std::uint64_t{1} << address_bits) - 1;
    keep(static_cast<std::uint32_t>((hashes[at] & address) << 6) | static_cast<std::uint32_t>(rank_of(hashes[at])));
  }
  const std::uint8_t* const held = registers_.data();
  for (; at < hashes.size(); ++at) {
    const std::size_t index = hashes[at] & mask;
    // More zeros than held: no one among as many of the highest bits.
    if ((hashes[at] | mask) >> 1 >> (63 - held[index]) == 0) [[unlikely]]
      raise(index, rank_of(hashes[at]));
  }
}

/// Sorts the new ones in when they are as many as those in order, so that each costs a logarithm.
QSM_INLINE void HyperLogLog::keep(std::uint32_t item) {
  items_.push_back(item);
  if (items_.size() < 2 * sorted_ + 32 && items_.size() <= most_items()) return;
  items_ = items();
  sorted_ = items_.size();
  if (sorted_ > most_items()) spread();
}

QSM_INLINE void HyperLogLog::take(std::uint32_t item) {
  if (sparse())
    keep(item);
  else
    raise((item >> 6) & (size() - 1), static_cast<int>(item & 63));
}

QSM_INLINE std::vector<std::uint32_t> HyperLogLog::items() const {
  auto all = items_;
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(sorted_);
  std::sort(middle, all.end());
  std::inplace_merge(all.begin(), middle, all.end());
  std::size_t kept = 0;  // of one address the largest, which is the last
  for (std::size_t i = 0; i < all.size(); ++i)
    if (i + 1 == all.size() || all[i] >> 6 != all[i + 1] >> 6) all[kept++] = all[i];
  all.resize(kept);
  return all;
}

/// From items to registers.
QSM_INLINE void HyperLogLog::spread() {
  const double so_far = estimate().value;
  registers_ = registers();
  items_ = std::vector<std::uint32_t>();
  sorted_ = 0;
  martingale_ = so_far;
  find_chance();
}

QSM_INLINE void HyperLogLog::find_chance() {
  chance_ = 0;
  for (const std::uint8_t rank : registers_) chance_ += std::ldexp(1.0, -rank);
}

QSM_INLINE std::vector<std::uint8_t> HyperLogLog::registers() const {
  if (!sparse()) return registers_;
  std::vector<std::uint8_t> all(size());
  for (const std::uint32_t item : items_) {
    std::uint8_t& held = all[(item >> 6) & (size() - 1)];
    held = std::max(held, static_cast<std::uint8_t>(item & 63));
  }
  return all;
}

QSM_INLINE void HyperLogLog::merge(const HyperLogLog& other) {
  Check("HyperLogLog.merge")
      .that(other.precision_ == precision_, "precision of other", other.precision_, "that of this sketch");
  detail::check_hashers("HyperLogLog.merge", hasher(), other.hasher());
  const bool nothing = sparse() && items_.empty();
  if (other.sparse() && other.items_.empty()) return;
  if (nothing) {
    *this = other;
    return;
  }
  merged_ = true;
  if (other.sparse()) {
    for (const std::uint32_t item : other.items()) take(item);
  } else {
    if (sparse()) spread();
    qsm::detail::dispatch(detail::LargerBytes{}, registers_.data(), other.registers_.data(), size());
  }
}

QSM_INLINE HyperLogLog HyperLogLog::reduced(int precision) const {
  Check("HyperLogLog.reduced")
      .that(precision >= 4 && precision <= precision_, "precision", precision,
            "an integer in [4, precision of the sketch]");
  if (precision == precision_) return *this;
  HyperLogLog fewer(precision, hasher());
  if (sparse()) {
    for (const std::uint32_t item : items()) fewer.take(item);
    fewer.merged_ = merged_;
    return fewer;
  }
  fewer.spread();
  for (std::size_t i = 0; i < registers_.size(); ++i) {
    std::uint8_t& held = fewer.registers_[i & (fewer.size() - 1)];
    held = std::max(held, registers_[i]);
  }
  fewer.merged_ = true;
  return fewer;
}

QSM_INLINE void HyperLogLog::reset() { *this = HyperLogLog(precision_, hasher()); }

QSM_INLINE std::size_t HyperLogLog::bytes_used() const {
  return registers_.capacity() + items_.capacity() * sizeof(std::uint32_t);
}

QSM_INLINE std::vector<std::uint32_t> HyperLogLog::counts() const {
  const auto all = registers();
  std::vector<std::uint32_t> counts(static_cast<std::size_t>(66 - precision_));
  for (const std::uint8_t rank : all) ++counts[rank];
  return counts;
}

QSM_INLINE double HyperLogLog::most_likely(std::span<const std::uint32_t> counts) const {
  const std::size_t last = counts.size() - 1;  // ranks at or above it are not told apart
  detail::LogLikelihood likelihood;
  for (std::size_t rank = 0; rank < last; ++rank)
    likelihood.absent += std::ldexp(counts[rank], -static_cast<int>(rank));
  for (std::size_t rank = 1; rank <= last; ++rank) likelihood.present[std::min(rank, last - 1)] += counts[rank];
  const double registers = static_cast<double>(size());
  return registers * likelihood.rate() / (1 + detail::RegisterTheory(0, 0).bias / registers);
}

QSM_INLINE double HyperLogLog::relative_error(CardinalityEstimator by) const {
  using enum CardinalityEstimator;
  if (by == best) by = merged_ ? maximum_likelihood : martingale;
  const detail::RegisterTheory theory(0, 0);
  const double factor = by == martingale           ? theory.martingale
                        : by == maximum_likelihood ? theory.maximum_likelihood
                                                   : 1.0389617614136892;
  return factor / std::sqrt(static_cast<double>(size()));
}

QSM_INLINE Estimate HyperLogLog::estimate(CardinalityEstimator by, double confidence) const {
  using enum CardinalityEstimator;
  Check check("HyperLogLog.estimate");
  check.inner_probability("confidence", confidence);
  check.that(by != martingale || !merged_, "by", static_cast<double>(by),
             "another than martingale, which there is not after a merge");
  constexpr const char* names[] = {
      "best", "raw", "classic", "plus plus", "improved", "generalized", "maximum likelihood", "martingale"};
  check.that(by != generalized, "by", static_cast<double>(by), "another than generalized, which UltraLogLog has");
  const double registers = static_cast<double>(size());
  double value = 0, error = relative_error(by);
  const char* name = names[static_cast<std::size_t>(by)];
  if (sparse() && (by == best || by == martingale)) {
    constexpr double addresses = 1 << address_bits;
    value = -addresses * std::log1p(-static_cast<double>(items().size()) / addresses);
    error = detail::linear_counting_error(value, addresses);
    name = "linear counting";
  } else if (by == martingale || (by == best && !merged_)) {
    value = martingale_;
    name = names[static_cast<std::size_t>(martingale)];
  } else {
    const auto all = counts();
    if (by == best) name = names[static_cast<std::size_t>(maximum_likelihood)];
    if (by == raw || by == classic || by == plus_plus) value = detail::hll_raw(all, registers);
    if (by == classic && value <= 2.5 * registers && all[0] > 0) value = registers * std::log(registers / all[0]);
    if (by == plus_plus) {
      const double counted = all[0] > 0 ? registers * std::log(registers / all[0]) : infinity;
      value = counted < detail::hll_crossing * registers ? counted : detail::hll_unbiased(value, registers);
    }
    if (by == improved) value = detail::hll_improved(all, registers);
    if (by == best || by == maximum_likelihood) value = most_likely(all);
  }
  return detail::with_relative_error(value, error, confidence, name);
}

// --- bytes: its own, those of Redis, those of Apache DataSketches ------------------------------------------------------
namespace detail {

/// Six bits each, the least significant first.
inline void put_sixes(ByteWriter& writer, std::span<const std::uint8_t> values) {
  for (std::size_t i = 0; i < values.size(); i += 4) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) group |= std::uint32_t{values[i + k]} << (6 * k);
    for (int shift = 0; shift < 24; shift += 8) writer.u8(static_cast<std::uint8_t>(group >> shift));
  }
}
inline void read_sixes(ByteReader& reader, std::span<std::uint8_t> values, int largest) {
  for (std::size_t i = 0; i < values.size(); i += 4) {
    std::uint32_t group = reader.u8();
    group |= std::uint32_t{reader.u8()} << 8;
    group |= std::uint32_t{reader.u8()} << 16;
    for (std::size_t k = 0; k < 4; ++k) {
      values[i + k] = group >> (6 * k) & 63;
      if (values[i + k] > largest) reader.refuse("registers of at most " + std::to_string(largest));
    }
  }
}

inline constexpr std::size_t redis_sparse_most = 3000;  // bytes after which Redis turns to registers

/// Runs of equal registers in one or two bytes each; empty where Redis has no word for a value.
inline std::vector<std::byte> redis_runs(std::span<const std::uint8_t> registers) {
  ByteWriter writer;
  for (std::size_t i = 0; i < registers.size();) {
    const std::uint8_t value = registers[i];
    const std::size_t most = value == 0 ? registers.size() : 4;
    std::size_t run = 1;
    while (run < most && i + run < registers.size() && registers[i + run] == value) ++run;
    if (value > 32 || writer.written().size() > redis_sparse_most) return {};
    if (value > 0) {
      writer.u8(static_cast<std::uint8_t>(0x80 | (value - 1) << 2 | static_cast<int>(run - 1)));
    } else if (run <= 64) {
      writer.u8(static_cast<std::uint8_t>(run - 1));
    } else {
      writer.u8(static_cast<std::uint8_t>(0x40 | (run - 1) >> 8));
      writer.u8(static_cast<std::uint8_t>(run - 1));
    }
    i += run;
  }
  return writer.take();
}

enum class DataSketchesMode : std::uint8_t { list, set, registers };
inline constexpr std::uint8_t datasketches_family = 7, datasketches_type8 = 2;
inline constexpr std::uint8_t datasketches_empty = 4, datasketches_compact = 8, datasketches_out_of_order = 16;

}  // namespace detail

QSM_INLINE std::vector<std::byte> HyperLogLog::encode() const {
  ByteWriter writer;
  detail::put_head(writer, "QHLL", 1, hasher());
  writer.u8(static_cast<std::uint8_t>(precision_));
  writer.u8(static_cast<std::uint8_t>((sparse() ? 1 : 0) | (merged_ ? 2 : 0)));
  if (sparse()) {
    const auto all = items();
    writer.varint(all.size());
    std::uint32_t before = 0;
    for (const std::uint32_t item : all) writer.varint(item - std::exchange(before, item));
  } else {
    writer.f64(merged_ ? 0 : martingale_);
    for (const std::uint8_t rank : registers_) writer.u8(rank);
  }
  writer.checksum();
  return writer.take();
}

QSM_INLINE HyperLogLog HyperLogLog::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "HyperLogLog");
  const Hasher hasher = detail::read_head(reader, "QHLL", 1);
  const int precision = reader.u8();
  if (precision < 4 || precision > 21) reader.refuse("a precision in [4, 21]");
  HyperLogLog sketch(precision, hasher);
  const std::uint8_t flags = reader.u8();
  if (flags > 3) reader.refuse("flags 1, 2 or both");
  sketch.merged_ = (flags & 2) != 0;
  const std::uint32_t largest = static_cast<std::uint32_t>(65 - precision);
  if ((flags & 1) != 0) {
    const std::size_t number = reader.count(1);
    if (number > sketch.most_items()) reader.refuse("at most " + std::to_string(sketch.most_items()) + " items");
    std::uint64_t item = 0;
    for (std::size_t i = 0; i < number; ++i) {
      const std::uint64_t before = item, step = reader.varint();
      item += step;
      if (step > ~std::uint32_t{0} || item > ~std::uint32_t{0} || (i > 0 && item >> 6 <= before >> 6) ||
          (item & 63) < 1 || (item & 63) > largest)
        reader.refuse("items in order, each with 1 to " + std::to_string(largest) + " zeros and one");
      sketch.items_.push_back(static_cast<std::uint32_t>(item));
    }
    sketch.sorted_ = number;
  } else {
    sketch.martingale_ = reader.f64();
    if (!(sketch.martingale_ >= 0 && std::isfinite(sketch.martingale_))) reader.refuse("a finite estimate >= 0");
    if (reader.left() < sketch.size()) reader.refuse("all registers");
    sketch.registers_.resize(sketch.size());
    for (std::uint8_t& rank : sketch.registers_) {
      rank = reader.u8();
      if (rank > largest) reader.refuse("registers of at most " + std::to_string(largest));
    }
    sketch.find_chance();
  }
  reader.checksum();
  reader.end();
  return sketch;
}

QSM_INLINE std::vector<std::byte> HyperLogLog::to_redis() const {
  Check check("HyperLogLog.to_redis");
  check.that(precision_ == 14, "precision", precision_, "14");
  detail::check_hashers("HyperLogLog.to_redis", redis_hasher, hasher());
  const auto all = registers();
  const auto runs = detail::redis_runs(all);
  const bool dense = runs.empty() || runs.size() + 16 > detail::redis_sparse_most;
  ByteWriter writer;
  for (const char letter : {'H', 'Y', 'L', 'L'}) writer.u8(static_cast<std::uint8_t>(letter));
  writer.u32(dense ? 0 : 1);
  writer.u64(std::uint64_t{1} << 63);  // Redis is to count anew
  if (dense)
    detail::put_sixes(writer, all);
  else
    for (const std::byte byte : runs) writer.u8(std::to_integer<std::uint8_t>(byte));
  return writer.take();
}

QSM_INLINE HyperLogLog HyperLogLog::from_redis(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "HyperLogLog of Redis");
  for (const char letter : {'H', 'Y', 'L', 'L'})
    if (reader.u8() != static_cast<std::uint8_t>(letter)) reader.refuse("the letters HYLL");
  const std::uint32_t encoding = reader.u32();
  if (encoding > 1) reader.refuse("encoding 0 or 1, and three bytes of 0");
  reader.u64();  // what Redis counted last
  HyperLogLog sketch(14, redis_hasher);
  sketch.spread();
  sketch.merged_ = true;
  const auto registers = std::span(sketch.registers_);
  if (encoding == 0) detail::read_sixes(reader, registers, 51);
  for (std::size_t at = 0; encoding == 1 && at < registers.size();) {
    const unsigned word = reader.u8();
    const std::size_t run = word >= 0x80   ? (word & 3) + 1
                            : word >= 0x40 ? ((word & 63) << 8 | reader.u8()) + std::size_t{1}
                                           : word + 1;
    if (run > registers.size() - at) reader.refuse("runs of 16,384 registers together");
    if (word >= 0x80) std::ranges::fill(registers.subspan(at, run), static_cast<std::uint8_t>((word >> 2 & 31) + 1));
    at += run;
  }
  reader.end();
  return sketch;
}

QSM_INLINE std::vector<std::byte> HyperLogLog::to_datasketches() const {
  using enum detail::DataSketchesMode;
  detail::check_hashers("HyperLogLog.to_datasketches", {HashFunction::datasketches, hasher().seed}, hasher());
  const auto kept = items();
  const auto mode = !sparse() ? registers : kept.size() < 8 ? list : precision_ > 7 ? set : registers;
  const auto all = mode == registers ? this->registers() : std::vector<std::uint8_t>();
  const int table = std::max(5, static_cast<int>(std::bit_width((4 * kept.size() - 1) / 3)));
  ByteWriter writer;
  writer.u8(mode == list ? 2 : mode == set ? 3 : 10);
  writer.u8(1);
  writer.u8(detail::datasketches_family);
  writer.u8(static_cast<std::uint8_t>(precision_));
  writer.u8(static_cast<std::uint8_t>(mode == list ? 3 : mode == set ? table : 0));
  writer.u8(static_cast<std::uint8_t>(detail::datasketches_compact |
                                      (sparse() && kept.empty() ? detail::datasketches_empty : 0) |
                                      (mode == registers && merged_ ? detail::datasketches_out_of_order : 0)));
  writer.u8(static_cast<std::uint8_t>(mode == list ? kept.size() : 0));
  writer.u8(static_cast<std::uint8_t>(static_cast<int>(mode) | detail::datasketches_type8 << 2));
  if (mode == registers) {
    double sums[2] = {};
    for (const std::uint8_t rank : all) sums[rank < 32 ? 0 : 1] += std::ldexp(1.0, -rank);
    writer.f64(merged_ ? 0 : estimate().value);
    writer.f64(sums[0]);
    writer.f64(sums[1]);
    writer.u32(static_cast<std::uint32_t>(std::ranges::count(all, 0)));
    writer.u32(0);
    for (const std::uint8_t rank : all) writer.u8(rank);
  } else {
    if (mode == set) writer.u32(static_cast<std::uint32_t>(kept.size()));
    for (const std::uint32_t item : kept) writer.u32(item << address_bits | item >> 6);
  }
  return writer.take();
}

QSM_INLINE HyperLogLog HyperLogLog::from_datasketches(std::span<const std::byte> bytes, std::uint64_t seed) {
  using enum detail::DataSketchesMode;
  ByteReader reader(bytes, "HLL of DataSketches");
  const int words = reader.u8();
  if (words != 2 && words != 3 && words != 10) reader.refuse("a preamble of 2, 3 or 10 words");
  if (reader.u8() != 1) reader.refuse("version 1");
  if (reader.u8() != detail::datasketches_family) reader.refuse("family 7, HLL");
  const int precision = reader.u8();
  if (precision < 4 || precision > 21) reader.refuse("lgK in [4, 21]");
  const int table = reader.u8();
  if (table > 21) reader.refuse("a table of at most 2^21 words");
  const int flags = reader.u8();
  const bool compact = (flags & detail::datasketches_compact) != 0;
  const int count = reader.u8();  // of a list; of registers the least
  const int mode = reader.u8(), type = mode >> 2;
  if ((mode & 3) > 2 || type > 2) reader.refuse("mode 0 to 2 of type 0 to 2");
  const auto kind = static_cast<detail::DataSketchesMode>(mode & 3);
  if (words != (kind == list ? 2 : kind == set ? 3 : 10)) reader.refuse("a mode of this preamble");

  HyperLogLog sketch(precision, {HashFunction::datasketches, seed});
  const std::uint32_t largest = static_cast<std::uint32_t>(65 - precision);
  const auto coupons = [&](std::size_t number, std::size_t slots, auto use) {
    if (reader.left() < 4 * (compact ? number : slots)) reader.refuse("as many coupons as are told");
    for (std::size_t i = 0, found = 0; i < (compact ? number : slots); ++i) {
      const std::uint32_t coupon = reader.u32(), rank = coupon >> address_bits;
      if (coupon == 0 && !compact) continue;
      if (rank < 1 || rank > largest || ++found > number)
        reader.refuse("coupons of 1 to " + std::to_string(largest) + " zeros and one, as many as are told");
      use(coupon, rank);
    }
  };
  const auto keep_all = [&](std::size_t number, std::size_t slots) {
    coupons(number, slots, [&](std::uint32_t coupon, std::uint32_t rank) { sketch.take(coupon << 6 | rank); });
  };
  if (kind == list) {
    if (count > 8) reader.refuse("at most 8 coupons in a list");
    keep_all(static_cast<std::size_t>(count), 8);
  } else if (kind == set) {
    const std::uint32_t number = reader.u32();
    if (number > sketch.size()) reader.refuse("fewer coupons than registers");
    keep_all(number, std::size_t{1} << table);
  } else {
    sketch.spread();
    const double estimate = reader.f64();
    sketch.merged_ = (flags & detail::datasketches_out_of_order) != 0;
    if (!sketch.merged_ && !(estimate >= 0 && std::isfinite(estimate))) reader.refuse("a finite estimate >= 0");
    sketch.martingale_ = sketch.merged_ ? 0 : estimate;
    reader.f64();
    reader.f64();
    reader.u32();
    const std::uint32_t exceptions = reader.u32();
    if (exceptions > sketch.size()) reader.refuse("fewer exceptions than registers");
    const auto registers = std::span(sketch.registers_);
    if (type == 0) {
      for (std::size_t i = 0; i < registers.size(); i += 2) {
        const int pair = reader.u8();
        registers[i] = static_cast<std::uint8_t>((pair & 15) + count);
        registers[i + 1] = static_cast<std::uint8_t>((pair >> 4) + count);
        if (count > 63) reader.refuse("a least register of at most 63");
      }
      coupons(exceptions, exceptions == 0 ? 0 : std::size_t{1} << table, [&](std::uint32_t coupon, std::uint32_t rank) {
        registers[coupon & (registers.size() - 1)] = static_cast<std::uint8_t>(rank);
      });
    } else if (type == 1) {
      detail::read_sixes(reader, registers, static_cast<int>(largest));
      reader.u8();  // DataSketches leaves room for two bytes at the last register
    } else {
      for (std::uint8_t& rank : registers) rank = reader.u8();
    }
    if (std::ranges::any_of(registers, [&](std::uint8_t rank) { return rank > largest; }))
      reader.refuse("registers of at most " + std::to_string(largest));
    sketch.find_chance();
  }
  if (compact) reader.end();
  return sketch;
}

}  // namespace qsm::inline v0::sketches
