#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/sketches/detail/log_likelihood.hpp>
#include <qsm/sketches/detail/places.hpp>
#include <qsm/sketches/linear_counter.hpp>

namespace qsm::inline v0::sketches {

QSM_INLINE LinearCounter::LinearCounter(std::uint64_t bits, const Hasher& hasher) : Items(hasher) {
  Check("LinearCounter")
      .that(bits >= 64 && bits <= std::uint64_t{1} << 33, "bits", static_cast<double>(bits),
            "an integer in [64, 2^33]");
  words_.resize((bits + 63) / 64);
}

QSM_INLINE void LinearCounter::add_hashes(std::span<const std::uint64_t> hashes) {
  const std::uint64_t size = bits();
  std::uint64_t* const words = words_.data();
  for (const std::uint64_t hash : hashes) {
    const std::uint64_t place = detail::share_of(hash, size);
    words[place / 64] |= std::uint64_t{1} << (place % 64);
  }
}

QSM_INLINE void LinearCounter::merge(const LinearCounter& other) {
  Check("LinearCounter.merge")
      .that(other.bits() == bits(), "bits of other", static_cast<double>(other.bits()), "those of this sketch");
  detail::check_hashers("LinearCounter.merge", hasher(), other.hasher());
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
}

QSM_INLINE std::uint64_t LinearCounter::zeros() const {
  std::uint64_t ones = 0;
  for (const std::uint64_t word : words_) ones += static_cast<std::uint64_t>(std::popcount(word));
  return bits() - ones;
}

QSM_INLINE double LinearCounter::relative_error(double items) const {
  Check("LinearCounter.relative_error").not_negative("items", items);
  return detail::linear_counting_error(items, static_cast<double>(bits()));
}

QSM_INLINE Estimate LinearCounter::estimate(double confidence) const {
  Check("LinearCounter.estimate").inner_probability("confidence", confidence);
  const double size = static_cast<double>(bits()), free = static_cast<double>(zeros());
  if (free == 0) {
    // Fewer items leave no bit zero with a probability below 1 - confidence.
    const double least = size * std::max(1.0, std::log(size / -std::log1p(-confidence)));
    return {std::numeric_limits<double>::infinity(), least, std::numeric_limits<double>::infinity(),
            "all bits set, no bound from above"};
  }
  const double value = size == free ? 0 : size * std::log(size / free);
  return detail::with_relative_error(value, relative_error(value), confidence, "linear counting");
}

QSM_INLINE std::vector<std::byte> LinearCounter::encode() const {
  ByteWriter writer;
  detail::put_head(writer, "QLIN", 1, hasher());
  writer.varint(words_.size());
  for (const std::uint64_t word : words_) writer.u64(word);
  writer.checksum();
  return writer.take();
}

QSM_INLINE LinearCounter LinearCounter::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "LinearCounter");
  const Hasher hasher = detail::read_head(reader, "QLIN", 1);
  const std::size_t number = reader.count(8);
  if (number < 1 || number > std::size_t{1} << 27) reader.refuse("1 to 2^27 words");
  LinearCounter sketch(64 * std::uint64_t{number}, hasher);
  for (std::uint64_t& word : sketch.words_) word = reader.u64();
  reader.checksum();
  reader.end();
  return sketch;
}

}  // namespace qsm::inline v0::sketches
