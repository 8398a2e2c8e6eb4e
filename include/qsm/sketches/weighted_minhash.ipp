#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include <qsm/core/bytes.hpp>
#include <qsm/core/elementary.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/hashing.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/sketches/detail/wilson.hpp>
#include <qsm/sketches/weighted_minhash.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

inline constexpr std::uint64_t no_point = ~std::uint64_t{0};

/// Ioffe's steps: ln y = r (t - β) is the largest of a lattice of step r and phase β that is not above the logarithm of
/// the weight, and ln a = ln c - ln y - r tells when it comes, r and c being gamma distributed of shape 2.
struct FirstPoints {
  QSM_ALWAYS_INLINE void operator()(std::uint64_t* points, double* least, std::size_t size, std::uint64_t hash,
                                    double log_weight) const {
    const auto uniform = [](std::uint64_t bits) {
      return (static_cast<double>(static_cast<std::int64_t>(bits >> 12)) + 0.5) * 0x1p-52;
    };
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint64_t seed = splitmix64(hash + i * 0xd1342543de82ef95);
      const auto draw = [&](std::uint64_t number) { return uniform(splitmix64(seed + number * 0x9e3779b97f4a7c15)); };
      const double step = -qsm::detail::log_of_normal(draw(1) * draw(2)), phase = draw(3);
      const double time = -qsm::detail::log_of_normal(draw(4) * draw(5));
      const double number = std::floor(log_weight / step + phase);
      const double when = qsm::detail::fused(-step, number - phase, qsm::detail::log_of_normal(time)) - step;
      const std::uint64_t point = splitmix64(seed ^ static_cast<std::uint64_t>(static_cast<std::int64_t>(number)));
      const bool first = when < least[i];
      points[i] = first ? point : points[i];
      least[i] = first ? when : least[i];
    }
  }
};

}  // namespace detail

QSM_INLINE WeightedMinHash::WeightedMinHash(int size, const Hasher& hasher) : hasher_(hasher) {
  Check("WeightedMinHash").that(size >= 1 && size <= 65536, "size", size, "an integer in [1, 65536]");
  hasher_(std::uint64_t{0});
  points_.assign(static_cast<std::size_t>(size), detail::no_point);
  least_.assign(points_.size(), std::numeric_limits<double>::infinity());
}

QSM_INLINE void WeightedMinHash::add_hash(std::uint64_t hash, double weight) {
  Check("WeightedMinHash.add").not_negative("weight", weight);
  if (weight == 0) return;
  qsm::detail::dispatch(detail::FirstPoints{}, points_.data(), least_.data(), points_.size(), hash,
                        portable_log(weight));
}

QSM_INLINE void WeightedMinHash::add_hashes(std::span<const std::uint64_t> hashes, std::span<const double> weights) {
  Check check("WeightedMinHash.add");
  check.that(weights.size() == hashes.size(), "number of weights", static_cast<double>(weights.size()),
             "that of the items");
  for (const double weight : weights) check.not_negative("weights", weight);
  for (std::size_t i = 0; i < hashes.size(); ++i) add_hash(hashes[i], weights[i]);
}

QSM_INLINE void WeightedMinHash::merge(const WeightedMinHash& other) {
  Check("WeightedMinHash.merge").that(other.size() == size(), "size of other", other.size(), "that of this sketch");
  detail::check_hashers("WeightedMinHash.merge", hasher_, other.hasher_);
  for (std::size_t i = 0; i < points_.size(); ++i) {
    if (!(other.least_[i] < least_[i])) continue;
    least_[i] = other.least_[i];
    points_[i] = other.points_[i];
  }
}

QSM_INLINE Estimate WeightedMinHash::similarity(const WeightedMinHash& other, double confidence) const {
  Check check("WeightedMinHash.similarity");
  check.inner_probability("confidence", confidence);
  check.that(other.size() == size(), "size of other", other.size(), "that of this sketch");
  detail::check_hashers("WeightedMinHash.similarity", hasher_, other.hasher_);
  std::size_t same = 0;
  for (std::size_t i = 0; i < points_.size(); ++i) same += points_[i] == other.points_[i];
  return detail::wilson(static_cast<double>(same), size(), confidence, "weighted minhash");
}

QSM_INLINE std::vector<std::byte> WeightedMinHash::encode() const {
  ByteWriter writer;
  detail::put_head(writer, "QWMH", 1, hasher_);
  writer.varint(points_.size());
  for (std::size_t i = 0; i < points_.size(); ++i) {
    writer.u64(points_[i]);
    writer.f64(least_[i]);
  }
  writer.checksum();
  return writer.take();
}

QSM_INLINE WeightedMinHash WeightedMinHash::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "WeightedMinHash");
  const Hasher hasher = detail::read_head(reader, "QWMH", 1);
  const std::size_t size = reader.count(16);
  if (size < 1 || size > 65536) reader.refuse("1 to 65536 points");
  WeightedMinHash sketch(static_cast<int>(size), hasher);
  for (std::size_t i = 0; i < size; ++i) {
    sketch.points_[i] = reader.u64();
    sketch.least_[i] = reader.f64();
    if (std::isnan(sketch.least_[i]) || sketch.least_[i] == -std::numeric_limits<double>::infinity() ||
        (std::isinf(sketch.least_[i]) && sketch.points_[i] != detail::no_point))
      reader.refuse("a finite time of a point");
  }
  reader.checksum();
  reader.end();
  return sketch;
}

}  // namespace qsm::inline v0::sketches
