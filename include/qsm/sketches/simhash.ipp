#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <utility>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/hashing.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/sketches/detail/wilson.hpp>
#include <qsm/sketches/simhash.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

inline constexpr std::int64_t largest_sum = std::int64_t{1} << 53;

/// Adds the signs that word `word` of the hashes' bits gives to 64 sums.
struct AddSigns {
  QSM_ALWAYS_INLINE void operator()(std::int64_t* sums, const std::uint64_t* hashes, std::size_t number,
                                    std::uint64_t word) const {
    std::int64_t ones[64] = {};
    for (std::size_t k = 0; k < number; ++k) {
      const std::uint64_t bits = splitmix64(hashes[k] + word * 0xd1342543de82ef95);
      for (std::uint64_t i = 0; i < 64; ++i) ones[i] += static_cast<std::int64_t>(bits >> i & 1);
    }
    for (std::size_t i = 0; i < 64; ++i) sums[i] += 2 * ones[i] - static_cast<std::int64_t>(number);
  }
};

}  // namespace detail

QSM_INLINE SimHash::SimHash(int bits, const Hasher& hasher) : Items(hasher) {
  Check("SimHash").that(bits >= 64 && bits <= 65536, "bits", bits, "an integer in [64, 65536]");
  sums_.resize((static_cast<std::size_t>(bits) + 63) / 64 * 64);
}

QSM_INLINE void SimHash::add_hashes(std::span<const std::uint64_t> hashes) {
  for (std::size_t word = 0; word < sums_.size() / 64; ++word)
    qsm::detail::dispatch(detail::AddSigns{}, sums_.data() + 64 * word, hashes.data(), hashes.size(),
                          std::uint64_t{word});
}

QSM_INLINE void SimHash::merge(const SimHash& other) {
  Check("SimHash.merge").that(other.size() == size(), "size of other", other.size(), "that of this sketch");
  detail::check_hashers("SimHash.merge", hasher(), other.hasher());
  for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += other.sums_[i];
}

QSM_INLINE std::vector<std::uint64_t> SimHash::fingerprint() const {
  std::vector<std::uint64_t> words(sums_.size() / 64);
  for (std::size_t i = 0; i < sums_.size(); ++i) words[i / 64] |= std::uint64_t{sums_[i] > 0} << (i % 64);
  return words;
}

QSM_INLINE Estimate SimHash::similarity(const SimHash& other, double confidence) const {
  Check check("SimHash.similarity");
  check.inner_probability("confidence", confidence);
  check.that(other.size() == size(), "size of other", other.size(), "that of this sketch");
  detail::check_hashers("SimHash.similarity", hasher(), other.hasher());
  const auto one = fingerprint(), two = other.fingerprint();
  int differ = 0;
  for (std::size_t i = 0; i < one.size(); ++i) differ += std::popcount(one[i] ^ two[i]);
  auto angle = detail::wilson(differ, size(), confidence, "simhash");  // of 180 degrees
  const auto cosine = [](double share) { return share == 0.5 ? 0 : std::cos(std::numbers::pi * share); };
  return {cosine(angle.value), cosine(angle.high), cosine(angle.low), std::move(angle.method)};
}

QSM_INLINE std::vector<std::byte> SimHash::encode() const {
  ByteWriter writer;
  detail::put_head(writer, "QSIM", 1, hasher());
  writer.varint(sums_.size() / 64);
  for (const std::int64_t sum : sums_) writer.u64(static_cast<std::uint64_t>(sum));
  writer.checksum();
  return writer.take();
}

QSM_INLINE SimHash SimHash::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "SimHash");
  const Hasher hasher = detail::read_head(reader, "QSIM", 1);
  const std::size_t words = reader.count(512);
  if (words < 1 || words > 1024) reader.refuse("1 to 1024 words");
  SimHash sketch(static_cast<int>(64 * words), hasher);
  for (std::int64_t& sum : sketch.sums_) {
    sum = static_cast<std::int64_t>(reader.u64());
    if (sum < -detail::largest_sum || sum > detail::largest_sum) reader.refuse("a sum in [-2^53, 2^53]");
  }
  reader.checksum();
  reader.end();
  return sketch;
}

}  // namespace qsm::inline v0::sketches
