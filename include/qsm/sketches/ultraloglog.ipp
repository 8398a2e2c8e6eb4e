#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <string>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/sketches/detail/log_likelihood.hpp>
#include <qsm/sketches/ultraloglog.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

/// A register and what it stands for: the largest value, 1 where the highest bit after the address is set, and whether
/// the two values below it have come (the higher of the bits is that of the value next to it).
struct UltraRegister {
  int largest;  // 0 where nothing came
  unsigned below;

  UltraRegister(std::uint8_t held, int precision)
      : largest(held == 0 ? 0 : (held >> 2) + 2 - precision), below(held & 3u) {}

  bool possible(int last) const {
    return largest >= 0 && largest <= last && (largest != 1 || below == 0) && (largest != 2 || (below & 1) == 0);
  }
  /// Calls use(value, whether it has come) for the values that the bits tell of.
  template <class Use>
  void each(Use use) const {
    if (largest > 0) use(largest, true);
    if (largest > 1) use(largest - 1, (below & 2) != 0);
    if (largest > 2) use(largest - 2, (below & 1) != 0);
  }
  /// Rate at which an item changes the register, of one that comes to it.
  double chance(int last) const {
    double chance = largest == 0 ? 1 : largest == last ? 0 : std::ldexp(1.0, -largest);
    each([&](int value, bool came) { chance += came ? 0 : std::ldexp(1.0, -std::min(value, last - 1)); });
    return chance;
  }
};

struct MergeUltra {
  QSM_ALWAYS_INLINE void operator()(std::uint8_t* to, const std::uint8_t* from, std::size_t size) const {
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint8_t high = std::max(to[i], from[i]), low = std::min(to[i], from[i]);
      const std::uint8_t step = static_cast<std::uint8_t>((high >> 2) - (low >> 2)), below = low & 3;
      const std::uint8_t one = static_cast<std::uint8_t>(2 | below >> 1);  // where the lower is one less
      const std::uint8_t seen = step == 0 ? below : step == 1 ? one : step == 2 ? std::uint8_t{1} : std::uint8_t{0};
      to[i] = static_cast<std::uint8_t>(high | (low == 0 ? std::uint8_t{0} : seen));
    }
  }
};

/// The generalized estimator of the paper, section 4: a register of largest value k and low bits l gives
/// 2^(-tau k) eta[l], and the sum goes to the power -1/tau; registers at either end of the range give the mean of what
/// they would have given if there were no end.
namespace ultra {

inline constexpr double tau = 0.8194911375910897, variance = 0.6118931496978437;
inline constexpr std::array<double, 4> eta = {4.663135422063788, 2.1378502137958524, 2.781144650979996,
                                              0.9824082545153715};

/// psi of the paper: what registers give on average below the range, by the powers z and z^2.
inline double psi(double z, double square) {
  return z * square * (eta[0] - eta[1] - eta[2] + eta[3]) + square * (eta[2] - eta[3]) + z * (eta[1] - eta[3]) + eta[3];
}

inline double sigma(double z) {
  if (z <= 0) return eta[3];
  if (z >= 1) return std::numeric_limits<double>::infinity();
  double sum = 0, weight = 1;
  for (double power = z, before = -1; sum != before; weight *= std::exp2(tau)) {
    before = sum;
    const double next = power * power;
    sum += weight * (power - next) * psi(next, next * next);
    power = next;
  }
  return sum / z;
}

inline double phi(double z) {
  if (z <= 0) return 0;
  const double fall = std::exp2(-tau);
  if (z >= 1) return eta[0] * fall / (2 / fall - 1);
  double power = z, root = std::sqrt(z), here = psi(power, power * power);
  double weight = fall * fall / ((2 - fall) * (1 + root)), sum = 2 * root * here * weight;
  for (double before = -1; sum != before;) {
    before = sum;
    const double square = power;
    power = root;
    root = std::sqrt(root);
    const double next = psi(power, square);
    weight *= fall / (1 + root);
    sum += root * (2 * next - (power + root) * here) * weight;
    here = next;
  }
  return sum;
}

/// Number of registers by largest value and low bits.
using Counts = std::array<std::array<double, 4>, 66>;

inline double estimate(const Counts& counts, double registers, int last) {
  const double fall = std::exp2(-tau);
  double sum = 0;
  for (int value = last - 1; value >= 3; --value)
    for (std::size_t low = 0; low < 4; ++low)
      sum += counts[static_cast<std::size_t>(value)][low] * std::exp2(-tau * value) * eta[low];
  // Registers of few values: z is the chance that a register has none, by maximum likelihood of these alone.
  const double none = counts[0][0], one = counts[1][0], two = counts[2][0], both = counts[2][2];
  if (none + one + two + both > 0) {
    const double alpha = registers + 3 * (none + one + two + both), beta = registers - none - one;
    const double gamma = 4 * none + 2 * one + 3 * two + both;
    const double root = (std::sqrt(beta * beta + 4 * alpha * gamma) - beta) / (2 * alpha);
    const double z = root * root * root * root;
    if (none > 0) sum += none * sigma(z);
    sum += one * fall * psi(z, z * z);
    sum += two * fall * fall * (z * (eta[0] - eta[1]) + eta[1]) + both * fall * fall * (z * (eta[2] - eta[3]) + eta[3]);
  }
  // Full registers: z is the chance that the last value has not come.
  const auto& full = counts[static_cast<std::size_t>(last)];
  const double number = full[0] + full[1] + full[2] + full[3];
  if (number > 0) {
    const double alpha = registers + 3 * number, beta = full[0] + full[1] + 2 * (full[2] + full[3]);
    const double gamma = registers + 2 * full[0] + full[2] - full[3];
    const double z = std::sqrt((std::sqrt(beta * beta + 4 * alpha * gamma) - beta) / (2 * alpha)), root = std::sqrt(z);
    double share = phi(root) * number;
    for (std::size_t low = 0; low < 4; ++low) share += z * (1 + root) * full[low] * eta[low];
    share += root * fall *
             ((full[0] + full[1]) * (z * (eta[0] - eta[2]) + eta[2]) +
              (full[2] + full[3]) * (z * (eta[1] - eta[3]) + eta[3]));
    sum += share * std::exp2(-tau * last) / ((1 + root) * (1 + z));
  }
  return registers * std::pow(sum / registers, -1 / tau) / (1 + (1 + tau) / 2 * variance / registers);
}

}  // namespace ultra
}  // namespace detail

QSM_INLINE UltraLogLog::UltraLogLog(int precision, const Hasher& hasher) : Items(hasher), precision_(precision) {
  Check("UltraLogLog").that(precision >= 3 && precision <= 24, "precision", precision, "an integer in [3, 24]");
  registers_.resize(std::size_t{1} << precision);
  chance_ = static_cast<double>(size());
}

QSM_INLINE void UltraLogLog::add_hashes(std::span<const std::uint64_t> hashes) {
  const int shift = 64 - precision_;
  std::uint8_t* const registers = registers_.data();
  for (const std::uint64_t hash : hashes) {
    std::uint8_t& held = registers[hash >> shift];
    // The bit of this value in the word of which the register keeps the highest bit and the two below.
    const int bit = std::countl_zero(hash << precision_ | (std::uint64_t{1} << (precision_ - 1))) + precision_ - 1;
    const int step = bit - (held >> 2);
    if (step < -2 || step == 0 || (step < 0 && (held >> (2 + step) & 1) != 0)) [[likely]]
      continue;
    std::uint8_t next = static_cast<std::uint8_t>(held | 1 << (2 + std::min(step, 0)));
    if (step > 0) next = static_cast<std::uint8_t>(bit << 2 | (held == 0 || step > 2 ? 0 : (4 | (held & 3)) >> step));
    if (!merged_) {
      const int last = 65 - precision_;
      martingale_ += static_cast<double>(size()) / chance_;
      chance_ -= detail::UltraRegister(held, precision_).chance(last);
      chance_ += detail::UltraRegister(next, precision_).chance(last);
    }
    held = next;
  }
}

QSM_INLINE void UltraLogLog::merge(const UltraLogLog& other) {
  Check("UltraLogLog.merge")
      .that(other.precision_ == precision_, "precision of other", other.precision_, "that of this sketch");
  detail::check_hashers("UltraLogLog.merge", hasher(), other.hasher());
  const auto empty = [](const UltraLogLog& sketch) {
    return std::ranges::count(sketch.registers_, 0) == std::ssize(sketch.registers_);
  };
  if (empty(other)) return;
  if (empty(*this)) {
    *this = other;
    return;
  }
  merged_ = true;
  qsm::detail::dispatch(detail::MergeUltra{}, registers_.data(), other.registers_.data(), size());
}

/// Several registers become one: of all but the first the address has bits that count as zeros and ones now.
QSM_INLINE UltraLogLog UltraLogLog::reduced(int precision) const {
  Check("UltraLogLog.reduced")
      .that(precision >= 3 && precision <= precision_, "precision", precision,
            "an integer in [3, precision of the sketch]");
  if (precision == precision_) return *this;
  UltraLogLog fewer(precision, hasher());
  const int step = precision_ - precision;
  for (std::size_t i = 0; i < fewer.size(); ++i) {
    std::uint64_t seen = 0;
    for (std::size_t k = 0; k < std::size_t{1} << step; ++k) {
      const std::uint8_t held = registers_[i << step | k];
      if (held == 0) continue;
      // The word's highest bits, or the one bit that the rest of the address makes of any value.
      seen |= k == 0 ? std::uint64_t{4u | (held & 3u)} << ((held >> 2) - 2)
                     : std::uint64_t{1} << (precision + step - static_cast<int>(std::bit_width(k)) - 1);
    }
    if (seen == 0) continue;
    const int bit = static_cast<int>(std::bit_width(seen)) - 1;
    fewer.registers_[i] = static_cast<std::uint8_t>(static_cast<unsigned>(bit) << 2 | (seen >> (bit - 2) & 3));
  }
  fewer.merged_ = std::ranges::count(fewer.registers_, 0) != std::ssize(fewer.registers_);
  return fewer;
}

QSM_INLINE double UltraLogLog::count_most_likely() const {
  const int last = 65 - precision_;
  detail::LogLikelihood likelihood;
  for (const std::uint8_t held : registers_) {
    const detail::UltraRegister seen(held, precision_);
    likelihood.absent += seen.chance(last);
    seen.each(
        [&](int value, bool came) { likelihood.present[static_cast<std::size_t>(std::min(value, last - 1))] += came; });
  }
  const double registers = static_cast<double>(size());
  return registers * likelihood.rate() / (1 + detail::RegisterTheory(0, 2).bias / registers);
}

QSM_INLINE double UltraLogLog::count_generalized() const {
  const int last = 65 - precision_;
  detail::ultra::Counts counts{};
  for (const std::uint8_t held : registers_) {
    const detail::UltraRegister seen(held, precision_);
    ++counts[static_cast<std::size_t>(seen.largest)][seen.below];
  }
  return detail::ultra::estimate(counts, static_cast<double>(size()), last);
}

QSM_INLINE double UltraLogLog::relative_error(CardinalityEstimator by) const {
  using enum CardinalityEstimator;
  if (by == best) by = merged_ ? maximum_likelihood : martingale;
  Check("UltraLogLog.relative_error")
      .that(by >= generalized, "by", static_cast<double>(by), "generalized, maximum_likelihood or martingale");
  const detail::RegisterTheory theory(0, 2);
  const double factor = by == martingale           ? theory.martingale
                        : by == maximum_likelihood ? theory.maximum_likelihood
                                                   : std::sqrt(detail::ultra::variance);
  return factor / std::sqrt(static_cast<double>(size()));
}

QSM_INLINE Estimate UltraLogLog::estimate(CardinalityEstimator by, double confidence) const {
  using enum CardinalityEstimator;
  Check check("UltraLogLog.estimate");
  check.inner_probability("confidence", confidence);
  if (by == best) by = merged_ ? maximum_likelihood : martingale;
  check.that(by >= generalized, "by", static_cast<double>(by), "generalized, maximum_likelihood or martingale");
  check.that(by != martingale || !merged_, "by", static_cast<double>(by),
             "another than martingale, which there is not after a merge");
  const double value = by == martingale ? martingale_ : by == generalized ? count_generalized() : count_most_likely();
  const char* name = by == martingale ? "martingale" : by == generalized ? "generalized" : "maximum likelihood";
  return detail::with_relative_error(value, relative_error(by), confidence, name);
}

QSM_INLINE std::vector<std::byte> UltraLogLog::encode() const {
  ByteWriter writer;
  detail::put_head(writer, "QULL", 1, hasher());
  writer.u8(static_cast<std::uint8_t>(precision_));
  writer.u8(merged_ ? 1 : 0);
  writer.f64(merged_ ? 0 : martingale_);
  for (const std::uint8_t held : registers_) writer.u8(held);
  writer.checksum();
  return writer.take();
}

QSM_INLINE void UltraLogLog::read_registers(ByteReader& reader) {
  if (reader.left() < size()) reader.refuse("all registers");
  chance_ = 0;
  for (std::uint8_t& held : registers_) {
    held = reader.u8();
    const detail::UltraRegister seen(held, precision_);
    if (!seen.possible(65 - precision_) || (seen.largest == 0 && held != 0))
      reader.refuse("a register that items can make");
    chance_ += seen.chance(65 - precision_);
  }
}

QSM_INLINE UltraLogLog UltraLogLog::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "UltraLogLog");
  const Hasher hasher = detail::read_head(reader, "QULL", 1);
  const int precision = reader.u8();
  if (precision < 3 || precision > 24) reader.refuse("a precision in [3, 24]");
  const std::uint8_t merged = reader.u8();
  if (merged > 1) reader.refuse("0, or 1 after a merge");
  const double martingale = reader.f64();
  if (!(martingale >= 0 && std::isfinite(martingale))) reader.refuse("a finite estimate >= 0");
  if (reader.left() < std::size_t{1} << precision) reader.refuse("all registers");
  UltraLogLog sketch(precision, hasher);
  sketch.read_registers(reader);
  sketch.merged_ = merged == 1;
  sketch.martingale_ = martingale;
  reader.checksum();
  reader.end();
  return sketch;
}

QSM_INLINE std::vector<std::byte> UltraLogLog::to_hash4j() const {
  const auto bytes = std::as_bytes(std::span(registers_));
  return {bytes.begin(), bytes.end()};
}

QSM_INLINE UltraLogLog UltraLogLog::from_hash4j(std::span<const std::byte> bytes, const Hasher& hasher) {
  ByteReader reader(bytes, "UltraLogLog of hash4j");
  if (bytes.size() < 8 || bytes.size() > std::size_t{1} << 24 || !std::has_single_bit(bytes.size()))
    reader.refuse("a power of two of registers in [8, 2^24]");
  UltraLogLog sketch(std::countr_zero(bytes.size()), hasher);
  sketch.read_registers(reader);
  sketch.merged_ = true;
  return sketch;
}

}  // namespace qsm::inline v0::sketches
