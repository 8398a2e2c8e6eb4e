#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>

#include <qsm/core/bytes.hpp>
#include <qsm/core/detail/integer_hashes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/sketches/detail/log_likelihood.hpp>
#include <qsm/sketches/exaloglog.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

/// Eight bytes, the least significant first.
inline std::uint64_t word_at(const std::uint8_t* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return std::endian::native == std::endian::big ? qsm::detail::byte_swapped(word) : word;
}
inline void put_word(std::uint8_t* at, std::uint64_t word) {
  if (std::endian::native == std::endian::big) word = qsm::detail::byte_swapped(word);
  std::memcpy(at, &word, sizeof word);
}

/// What two registers of w window bits are together.
inline std::uint64_t merged_register(std::uint64_t one, std::uint64_t other, int window) {
  const std::uint64_t high = std::max(one, other), low = std::min(one, other);
  const std::uint64_t step = (high >> window) - (low >> window), top = std::uint64_t{1} << window;
  if (low >> window == 0 || step > static_cast<std::uint64_t>(window)) return high;
  return high | (step == 0 ? low : (top | (low & (top - 1))) >> step);
}

inline void check_exaloglog(const char* function, int sub_bits, int window_bits) {
  Check check(function);
  check.that(sub_bits >= 0 && sub_bits <= 3, "sub_bits", sub_bits, "an integer in [0, 3]");
  check.that(window_bits >= 0 && window_bits <= 48, "window_bits", window_bits, "an integer in [0, 48]");
}

}  // namespace detail

QSM_INLINE ExaLogLog::ExaLogLog(int precision, int sub_bits, int window_bits, const Hasher& hasher)
    : Items(hasher), precision_(precision), sub_bits_(sub_bits), window_bits_(window_bits) {
  Check("ExaLogLog").that(precision >= 2 && precision <= 20, "precision", precision, "an integer in [2, 20]");
  detail::check_exaloglog("ExaLogLog", sub_bits, window_bits);
  packed_.resize(state_size() + 7);
  chance_ = static_cast<double>(size());
}

/// 2^-exponent is the rate of a value, in a register to which one item comes.
QSM_INLINE int ExaLogLog::exponent(int value) const {
  return std::min(sub_bits_ + 1 + ((value - 1) >> sub_bits_), 64 - precision_);
}

QSM_INLINE std::uint64_t ExaLogLog::register_at(std::size_t index) const {
  const std::size_t bit = index * static_cast<std::size_t>(width());
  return detail::word_at(packed_.data() + bit / 8) >> (bit % 8) & ((std::uint64_t{1} << width()) - 1);
}

QSM_INLINE void ExaLogLog::put_register(std::size_t index, std::uint64_t held) {
  const std::size_t bit = index * static_cast<std::size_t>(width());
  std::uint8_t* const at = packed_.data() + bit / 8;
  const std::uint64_t mask = ((std::uint64_t{1} << width()) - 1) << (bit % 8);
  detail::put_word(at, (detail::word_at(at) & ~mask) | held << (bit % 8));
}

/// Calls use(value, whether it has come) for the values that the window tells of.
template <class Use>
void ExaLogLog::each_below(std::uint64_t held, Use use) const {
  const int largest = static_cast<int>(held >> window_bits_);
  for (int value = largest - 1; value >= 1 && value >= largest - window_bits_; --value)
    use(value, (held >> (window_bits_ - (largest - value)) & 1) != 0);
}

/// Rate at which an item changes the register, of one that comes to it.
QSM_INLINE double ExaLogLog::chance_of(std::uint64_t held) const {
  const int largest = static_cast<int>(held >> window_bits_);
  if (largest == 0) return 1;
  const int here = exponent(largest);
  double chance = std::ldexp(static_cast<double>((1 - sub_bits_ + here) << sub_bits_) - largest, -here);
  each_below(held, [&](int value, bool came) { chance += came ? 0 : std::ldexp(1.0, -exponent(value)); });
  return chance;
}

QSM_INLINE void ExaLogLog::add_hashes(std::span<const std::uint64_t> hashes) {
  const std::uint64_t sub_mask = (std::uint64_t{1} << sub_bits_) - 1;
  const std::uint64_t mask = (std::uint64_t{1} << (sub_bits_ + precision_)) - 1;
  const std::uint64_t all = (std::uint64_t{1} << width()) - 1, bits = static_cast<std::uint64_t>(width());
  const int window = window_bits_, sub = sub_bits_;
  const std::uint8_t* const packed = packed_.data();
  for (const std::uint64_t hash : hashes) {
    const std::uint64_t index = (hash & mask) >> sub, bit = index * bits;
    const int value = (std::countl_zero(hash | mask) << sub) + static_cast<int>(hash & sub_mask) + 1;
    const std::uint64_t held = detail::word_at(packed + bit / 8) >> (bit % 8) & all;
    const int step = value - static_cast<int>(held >> window);
    if (step < -window || step == 0 || (step < 0 && (held >> (window + step) & 1) != 0)) [[likely]]
      continue;
    std::uint64_t next;
    if (step < 0) {
      next = held | std::uint64_t{1} << (window + step);
    } else {
      const std::uint64_t top = std::uint64_t{1} << window;
      next = static_cast<std::uint64_t>(value) << window;
      if (step <= window) next |= (top | (held & (top - 1))) >> step;
    }
    if (!merged_) {
      martingale_ += static_cast<double>(size()) / chance_;
      chance_ += chance_of(next) - chance_of(held);
    }
    put_register(index, next);
  }
}

QSM_INLINE void ExaLogLog::merge(const ExaLogLog& other) {
  Check check("ExaLogLog.merge");
  check.that(other.precision_ == precision_, "precision of other", other.precision_, "that of this sketch");
  check.that(other.sub_bits_ == sub_bits_, "sub_bits of other", other.sub_bits_, "that of this sketch");
  check.that(other.window_bits_ == window_bits_, "window_bits of other", other.window_bits_, "that of this sketch");
  detail::check_hashers("ExaLogLog.merge", hasher(), other.hasher());
  const auto empty = [](const ExaLogLog& sketch) {
    return std::ranges::none_of(sketch.packed_, [](std::uint8_t byte) { return byte != 0; });
  };
  if (empty(other)) return;
  if (empty(*this)) {
    *this = other;
    return;
  }
  merged_ = true;
  for (std::size_t i = 0; i < size(); ++i)
    put_register(i, detail::merged_register(register_at(i), other.register_at(i), window_bits_));
}

QSM_INLINE std::vector<std::uint64_t> ExaLogLog::registers() const {
  std::vector<std::uint64_t> all(size());
  for (std::size_t i = 0; i < size(); ++i) all[i] = register_at(i);
  return all;
}

QSM_INLINE double ExaLogLog::relative_error(CardinalityEstimator by) const {
  using enum CardinalityEstimator;
  if (by == best) by = merged_ ? maximum_likelihood : martingale;
  Check("ExaLogLog.relative_error")
      .that(by >= maximum_likelihood, "by", static_cast<double>(by), "maximum_likelihood or martingale");
  const detail::RegisterTheory theory(sub_bits_, window_bits_);
  return (by == martingale ? theory.martingale : theory.maximum_likelihood) / std::sqrt(static_cast<double>(size()));
}

QSM_INLINE double ExaLogLog::memory_variance_product(CardinalityEstimator by) const {
  const double error = relative_error(by);
  return static_cast<double>(size()) * width() * error * error;
}

QSM_INLINE Estimate ExaLogLog::estimate(CardinalityEstimator by, double confidence) const {
  using enum CardinalityEstimator;
  Check check("ExaLogLog.estimate");
  check.inner_probability("confidence", confidence);
  if (by == best) by = merged_ ? maximum_likelihood : martingale;
  const double error = relative_error(by);
  check.that(by != martingale || !merged_, "by", static_cast<double>(by),
             "another than martingale, which there is not after a merge");
  if (by == martingale) return detail::with_relative_error(martingale_, error, confidence, "martingale");
  detail::LogLikelihood likelihood;
  const auto came = [&](int value) { ++likelihood.present[static_cast<std::size_t>(exponent(value))]; };
  for (std::size_t i = 0; i < size(); ++i) {
    const std::uint64_t held = register_at(i);
    likelihood.absent += chance_of(held);
    if (held >> window_bits_ > 0) came(static_cast<int>(held >> window_bits_));
    each_below(held, [&](int value, bool is) {
      if (is) came(value);
    });
  }
  const double registers = static_cast<double>(size());
  const double bias = detail::RegisterTheory(sub_bits_, window_bits_).bias / registers;
  return detail::with_relative_error(registers * likelihood.rate() / (1 + bias), error, confidence,
                                     "maximum likelihood");
}

QSM_INLINE std::vector<std::byte> ExaLogLog::to_state() const {
  const auto bytes = std::as_bytes(std::span(packed_)).first(state_size());
  return {bytes.begin(), bytes.end()};
}

QSM_INLINE std::vector<std::byte> ExaLogLog::encode() const {
  ByteWriter writer;
  detail::put_head(writer, "QELL", 1, hasher());
  writer.u8(static_cast<std::uint8_t>(precision_));
  writer.u8(static_cast<std::uint8_t>(sub_bits_));
  writer.u8(static_cast<std::uint8_t>(window_bits_));
  writer.u8(merged_ ? 1 : 0);
  writer.f64(merged_ ? 0 : martingale_);
  for (std::size_t i = 0; i < state_size(); ++i) writer.u8(packed_[i]);
  writer.checksum();
  return writer.take();
}

QSM_INLINE void ExaLogLog::read_registers(ByteReader& reader) {
  if (reader.left() < state_size()) reader.refuse("all registers");
  for (std::size_t i = 0; i < state_size(); ++i) packed_[i] = reader.u8();
  chance_ = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    const std::uint64_t held = register_at(i);
    const int largest = static_cast<int>(held >> window_bits_);
    // Below value 1 the window holds a one for the empty register that there was, and zeros.
    const std::uint64_t window = held & ((std::uint64_t{1} << window_bits_) - 1);
    const int beyond = window_bits_ - largest;  // bits below that of value 0
    const bool possible = largest == 0  ? held == 0
                          : beyond >= 0 ? (window & ((std::uint64_t{2} << beyond) - 1)) == std::uint64_t{1} << beyond
                                        : true;
    if (!possible || largest > last()) reader.refuse("a register that items can make");
    chance_ += chance_of(held);
  }
  if (size() * static_cast<std::size_t>(width()) % 8 != 0 &&
      packed_[state_size() - 1] >> (size() * static_cast<std::size_t>(width()) % 8) != 0)
    reader.refuse("zeros after the last register");
}

QSM_INLINE ExaLogLog ExaLogLog::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "ExaLogLog");
  const Hasher hasher = detail::read_head(reader, "QELL", 1);
  const int precision = reader.u8(), sub_bits = reader.u8(), window_bits = reader.u8();
  if (precision < 2 || precision > 20 || sub_bits > 3 || window_bits > 48)
    reader.refuse("a precision in [2, 20], sub_bits in [0, 3] and window_bits in [0, 48]");
  const std::uint8_t merged = reader.u8();
  if (merged > 1) reader.refuse("0, or 1 after a merge");
  const double martingale = reader.f64();
  if (!(martingale >= 0 && std::isfinite(martingale))) reader.refuse("a finite estimate >= 0");
  if (reader.left() < (std::size_t{6} << precision) / 8) reader.refuse("all registers");
  ExaLogLog sketch(precision, sub_bits, window_bits, hasher);
  sketch.read_registers(reader);
  sketch.merged_ = merged == 1;
  sketch.martingale_ = martingale;
  reader.checksum();
  reader.end();
  return sketch;
}

QSM_INLINE ExaLogLog ExaLogLog::from_state(std::span<const std::byte> bytes, int sub_bits, int window_bits,
                                           const Hasher& hasher) {
  detail::check_exaloglog("ExaLogLog.from_state", sub_bits, window_bits);
  ByteReader reader(bytes, "state of ExaLogLog");
  const auto registers = 8 * bytes.size() / static_cast<std::size_t>(6 + sub_bits + window_bits);
  const int precision = static_cast<int>(std::bit_width(registers)) - 1;
  if (precision < 2 || precision > 20) reader.refuse("4 to 2^20 registers");
  ExaLogLog sketch(precision, sub_bits, window_bits, hasher);
  if (sketch.state_size() != bytes.size()) reader.refuse("a power of two of registers");
  sketch.read_registers(reader);
  sketch.merged_ = true;
  return sketch;
}

}  // namespace qsm::inline v0::sketches
