#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <type_traits>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/sketches/detail/quantiles.hpp>
#include <qsm/sketches/detail/sort.hpp>
#include <qsm/sketches/tdigest.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

/// What the logarithm of k2 and k3 is divided by.
inline double tdigest_spread(TDigestScale scale, double delta, double n) {
  return 4 * std::log(std::max(1.0, n / delta)) + (scale == TDigestScale::k2 ? 24 : 21);
}

/// tdigest_fraction(tdigest_scale(q) + 1) without their functions, by the addition theorems of sine and exponential.
struct NextFraction {
  TDigestScale scale;
  double step;           // 1 of the scale, of what the function is of
  double first, second;  // its cosine and sine, or its exponential and the inverse of that

  NextFraction(TDigestScale which, double delta, double n) : scale(which) {
    if (scale == TDigestScale::k0)
      step = 2 / delta;
    else if (scale == TDigestScale::k1)
      step = 2 * std::numbers::pi / delta;
    else
      step = tdigest_spread(scale, delta, n) / delta;
    first = scale == TDigestScale::k1 ? std::cos(step) : std::exp(step);
    second = scale == TDigestScale::k1 ? std::sin(step) : std::exp(-step);
  }
  double operator()(double q) const {
    if (scale == TDigestScale::k0) return std::min(1.0, q + step);
    if (scale == TDigestScale::k1) {
      const double sine = 2 * q - 1;
      return sine >= first ? 1 : (sine * first + 2 * std::sqrt(q * (1 - q)) * second + 1) / 2;
    }
    if (scale == TDigestScale::k2) return q * first / (1 - q + q * first);
    if (q >= 0.5) return 1 - (1 - q) * second;
    return q * first <= 0.5 ? q * first : 1 - second / (4 * q);
  }
};

/// Big-endian numbers of the reference implementation, and where they stand.
struct BigEndian {
  std::span<const std::byte> bytes;
  std::size_t at = 0;

  [[noreturn]] void refuse(const char* expected) const { throw MalformedBytes("TDigest", at, expected); }
  std::uint64_t number(std::size_t width) {
    if (bytes.size() - at < width) refuse("more bytes of a number");
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value = value << 8 | std::to_integer<std::uint64_t>(bytes[at++]);
    return value;
  }
  double f64() { return std::bit_cast<double>(number(8)); }
  double f32() { return std::bit_cast<float>(static_cast<std::uint32_t>(number(4))); }
};

}  // namespace detail

QSM_INLINE double tdigest_scale(TDigestScale scale, double q, double delta, double n) {
  Check check("tdigest_scale");
  check.probability("q", q);
  check.positive("delta", delta);
  check.positive("n", n);
  if (scale == TDigestScale::k0) return delta * q / 2;
  if (scale == TDigestScale::k1) return delta * std::asin(2 * q - 1) / (2 * std::numbers::pi);
  const double factor = delta / detail::tdigest_spread(scale, delta, n);
  if (scale == TDigestScale::k2) return factor * std::log(q / (1 - q));
  return q <= 0.5 ? factor * std::log(2 * q) : -factor * std::log(2 * (1 - q));
}

QSM_INLINE double tdigest_fraction(TDigestScale scale, double k, double delta, double n) {
  Check check("tdigest_fraction");
  check.that(!std::isnan(k), "k", k, "a number");
  check.positive("delta", delta);
  check.positive("n", n);
  if (scale == TDigestScale::k0) return std::clamp(2 * k / delta, 0.0, 1.0);
  if (scale == TDigestScale::k1) {
    const double angle = std::clamp(2 * std::numbers::pi * k / delta, -std::numbers::pi / 2, std::numbers::pi / 2);
    return (std::sin(angle) + 1) / 2;
  }
  const double place = k * detail::tdigest_spread(scale, delta, n) / delta;
  if (scale == TDigestScale::k2)
    return place > 0 ? 1 / (1 + std::exp(-place)) : std::exp(place) / (1 + std::exp(place));
  return place <= 0 ? std::exp(place) / 2 : 1 - std::exp(-place) / 2;
}

QSM_INLINE TDigest::TDigest(double compression, TDigestScale scale) : compression_(compression), scale_(scale) {
  Check("TDigest").that(compression >= 10 && compression <= 65535, "compression", compression, "in [10, 65535]");
}

// --- adding -----------------------------------------------------------------------------------------------------------

QSM_INLINE void TDigest::add(std::span<const double> numbers) {
  detail::check_finite(name, numbers);
  while (!numbers.empty()) {
    const auto part = numbers.first(std::min(numbers.size(), block - fresh_.size()));
    double least = least_, largest = largest_;
    const std::size_t before = fresh_.size();
    fresh_.resize(before + part.size());
    for (std::size_t i = 0; i < part.size(); ++i) {
      const double number = part[i] + 0.0;  // no -0, which sorting could not tell from 0
      fresh_[before + i] = number;
      least = number < least ? number : least;
      largest = number > largest ? number : largest;
    }
    least_ = least;
    largest_ = largest;
    if (fresh_.size() == block) settle();
    numbers = numbers.subspan(part.size());
  }
}

/// Puts what is fresh into clusters.
QSM_INLINE void TDigest::settle() {
  if (fresh_.empty()) return;
  detail::sort_numbers(fresh_);
  thread_local std::vector<double> means, weights;
  means.resize(centroids_.size() + fresh_.size());
  weights.assign(means.size(), 1);
  std::size_t from = 0, at = 0;
  for (const auto& [mean, weight] : centroids_) {
    for (; from < fresh_.size() && fresh_[from] <= mean; ++from) means[at++] = fresh_[from];
    means[at] = mean;
    weights[at++] = static_cast<double>(weight);
  }
  std::copy(fresh_.begin() + static_cast<std::ptrdiff_t>(from), fresh_.end(),
            means.begin() + static_cast<std::ptrdiff_t>(at));
  weight_ += fresh_.size();
  fresh_.clear();
  combine(means, weights);
}

/// Makes clusters of all, in turn from either end, so that neither is favoured.
QSM_INLINE void TDigest::combine(std::span<const double> means, std::span<const double> weights) {
  const auto n = static_cast<double>(weight_);
  const detail::NextFraction next_fraction(scale_, 5 * compression_, n);
  const std::size_t last = means.size() - 1;
  const auto put = [&]<bool backwards>(std::bool_constant<backwards>) {
    const auto place = [last](std::size_t i) { return backwards ? last - i : i; };
    const auto keep = [&](std::size_t i) {
      centroids_.push_back({means[place(i)], static_cast<std::uint64_t>(weights[place(i)])});
    };
    // The first and the last stay as they are, so that the ends are sharp.
    keep(0);
    double before = weights[place(0)];  // weight of the clusters that are done
    for (std::size_t i = 1; i < last;) {
      const double limit = n * next_fraction(std::min(1.0, before / n)) - before;
      const double first = means[place(i)];
      double weight = weights[place(i)], sum = first * weight;
      std::size_t next = i + 1;
      for (; next < last; ++next) {
        const double more = weights[place(next)];
        if (weight + more > limit) break;
        weight += more;
        sum += means[place(next)] * more;
      }
      const double end = means[place(next - 1)];
      double mean = next == i + 1 ? first : sum / weight;
      if (!std::isfinite(mean)) mean = first / 2 + end / 2;
      mean = backwards ? std::clamp(mean, end, first) : std::clamp(mean, first, end);
      centroids_.push_back({mean, static_cast<std::uint64_t>(weight)});
      before += weight;
      i = next;
    }
    if (last > 0) keep(last);
  };
  centroids_.clear();
  if (backwards_) {
    put(std::true_type());
    std::reverse(centroids_.begin(), centroids_.end());
  } else {
    put(std::false_type());
  }
  backwards_ = !backwards_;
}

QSM_INLINE TDigest TDigest::settled() const {
  TDigest copy = *this;
  copy.settle();
  return copy;
}

QSM_INLINE void TDigest::merge(const TDigest& other) {
  constexpr std::uint64_t most = std::uint64_t{1} << 53;
  Check("TDigest.merge")
      .that(other.count() <= most && count() <= most - other.count(), "count of other",
            static_cast<double>(other.count()), "so small that all stay below 2^53");
  if (other.count() == 0) return;
  if (&other == this) return merge(TDigest(other));
  add(other.fresh_);
  if (other.centroids_.empty()) return;
  settle();
  std::vector<Centroid> all(centroids_.size() + other.centroids_.size());
  std::ranges::merge(centroids_, other.centroids_, all.begin(), {}, &Centroid::mean, &Centroid::mean);
  std::vector<double> means, weights;
  for (const auto& [mean, weight] : all) {
    means.push_back(mean);
    weights.push_back(static_cast<double>(weight));
  }
  weight_ += other.weight_;
  least_ = std::min(least_, other.least_);
  largest_ = std::max(largest_, other.largest_);
  combine(means, weights);
}

QSM_INLINE void TDigest::reset() { *this = TDigest(compression_, scale_); }

// --- answers ----------------------------------------------------------------------------------------------------------

QSM_INLINE double TDigest::min() const { return count() == 0 ? detail::nothing : least_; }
QSM_INLINE double TDigest::max() const { return count() == 0 ? detail::nothing : largest_; }

/// Ranks and values between which quantiles rise evenly: a single number stands over all of its rank, a cluster at the
/// middle of its.
QSM_INLINE std::vector<TDigest::Knot> TDigest::knots() const {
  const TDigest all = settled();
  std::vector<Knot> knots;
  knots.reserve(2 * all.centroids_.size() + 4);
  const auto n = static_cast<double>(all.weight_);
  double before = 0;
  for (const Centroid& cluster : all.centroids_) {
    const auto weight = static_cast<double>(cluster.weight);
    if (before == 0) {
      knots.push_back({0, least_});
      if (weight > 1) knots.push_back({1, least_});
    }
    if (weight == 1) {
      knots.push_back({before, cluster.mean});
      knots.push_back({before + 1, cluster.mean});
    } else {
      knots.push_back({before + weight / 2, cluster.mean});
    }
    before += weight;
    if (before == n) {
      if (weight > 1) knots.push_back({n - 1, largest_});
      knots.push_back({n, largest_});
    }
  }
  return knots;
}

QSM_INLINE void TDigest::fill_quantile(std::span<const double> probabilities, std::span<double> out) const {
  detail::check_probabilities(name, probabilities, out);
  const auto all = knots();
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (all.empty()) {
      out[i] = detail::nothing;
      continue;
    }
    const double rank = probabilities[i] * static_cast<double>(count());
    const auto above = std::ranges::partition_point(all, [&](const Knot& knot) { return knot.rank < rank; });
    if (above == all.begin() || above == all.end()) {
      out[i] = above == all.end() ? all.back().value : all.front().value;
      continue;
    }
    const Knot &low = *(above - 1), &high = *above;
    const double part = (rank - low.rank) / (high.rank - low.rank);
    const double value = std::isfinite(high.value - low.value) ? low.value + part * (high.value - low.value)
                                                               : low.value * (1 - part) + high.value * part;
    out[i] = std::clamp(value, low.value, high.value);
  }
}

QSM_INLINE void TDigest::fill_cdf(std::span<const double> numbers, std::span<double> out) const {
  detail::check_places(name, numbers, out);
  const auto all = knots();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double number = numbers[i];
    if (all.empty() || number < least_ || number > largest_) {
      out[i] = all.empty() ? detail::nothing : number < least_ ? 0 : 1;
      continue;
    }
    const auto first = std::ranges::partition_point(all, [&](const Knot& knot) { return knot.value < number; });
    const auto after = std::partition_point(first, all.end(), [&](const Knot& knot) { return knot.value <= number; });
    double rank;
    if (first == all.end()) {
      rank = all.back().rank;
    } else if (first < after) {
      rank = (first->rank + (after - 1)->rank) / 2;
    } else {
      const Knot low = first == all.begin() ? *first : *(first - 1);
      const double part = first == all.begin() ? 0 : (number / 2 - low.value / 2) / (first->value / 2 - low.value / 2);
      rank = low.rank + part * (first->rank - low.rank);
    }
    out[i] = std::clamp(rank / static_cast<double>(count()), 0.0, 1.0);
  }
}

QSM_INLINE Estimate TDigest::quantile(double probability) const {
  double value{};
  fill_quantile({&probability, 1}, {&value, 1});
  return {value, min(), max(), "t-digest, no bound"};
}

QSM_INLINE Estimate TDigest::cdf(double number) const {
  double value{};
  fill_cdf({&number, 1}, {&value, 1});
  const bool inside = number >= least_ && number <= largest_;
  return {value, inside ? 0 : value, inside ? 1 : value, "t-digest, no bound"};
}

QSM_INLINE std::size_t TDigest::bytes_used() const {
  return centroids_.capacity() * sizeof(Centroid) + fresh_.capacity() * sizeof(double);
}

QSM_INLINE bool TDigest::equals(const TDigest& other) const {
  const auto same = [](const Centroid& a, const Centroid& b) { return a.mean == b.mean && a.weight == b.weight; };
  return compression_ == other.compression_ && scale_ == other.scale_ && backwards_ == other.backwards_ &&
         least_ == other.least_ && largest_ == other.largest_ && fresh_ == other.fresh_ &&
         std::ranges::equal(centroids_, other.centroids_, same);
}

// --- bytes ------------------------------------------------------------------------------------------------------------

QSM_INLINE std::vector<std::byte> TDigest::encode() const {
  ByteWriter writer;
  detail::put_letters(writer, "QTDG", 1);
  writer.f64(compression_);
  writer.u8(static_cast<std::uint8_t>(scale_));
  writer.u8(backwards_ ? 1 : 0);
  writer.f64(least_);
  writer.f64(largest_);
  writer.varint(centroids_.size());
  for (const Centroid& cluster : centroids_) {
    writer.f64(cluster.mean);
    writer.varint(cluster.weight);
  }
  writer.varint(fresh_.size());
  for (const double number : fresh_) writer.f64(number);
  writer.checksum();
  return writer.take();
}

/// Refuses clusters that are out of order or outside of least and largest number, and adds up their weights.
QSM_INLINE void TDigest::check_clusters(ByteReader& reader) {
  for (std::size_t i = 0; i < centroids_.size(); ++i) {
    const auto& [mean, weight] = centroids_[i];
    if (!std::isfinite(mean) || !(mean >= least_ && mean <= largest_) || (i > 0 && mean < centroids_[i - 1].mean))
      reader.refuse("finite means in order, between the least and the largest number");
    if (weight == 0 || weight >> 52 != 0) reader.refuse("weights > 0 that together stay below 2^52");
    weight_ += weight;
    if (weight_ >> 52 != 0) reader.refuse("weights > 0 that together stay below 2^52");
  }
  for (const double number : fresh_)
    if (!std::isfinite(number) || !(number >= least_ && number <= largest_))
      reader.refuse("finite numbers between the least and the largest");
  const bool some = std::isfinite(least_) && std::isfinite(largest_);
  if (count() > 0 ? !some : least_ != infinity || largest_ != -infinity)
    reader.refuse("a least and a largest number where there are numbers, else none");
}

QSM_INLINE TDigest TDigest::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "TDigest");
  detail::read_letters(reader, "QTDG", 1);
  const double compression = reader.f64();
  if (!(compression >= 10 && compression <= 65535)) reader.refuse("a compression in [10, 65535]");
  const std::uint8_t scale = reader.u8();
  if (scale > 3) reader.refuse("the number of a scale");
  TDigest digest(compression, static_cast<TDigestScale>(scale));
  const std::uint8_t backwards = reader.u8();
  if (backwards > 1) reader.refuse("0 or 1");
  digest.backwards_ = backwards == 1;
  digest.least_ = reader.f64();
  digest.largest_ = reader.f64();
  digest.centroids_.resize(reader.count(9));
  for (Centroid& cluster : digest.centroids_) {
    cluster.mean = reader.f64();
    cluster.weight = reader.varint();
  }
  digest.fresh_.resize(reader.count(sizeof(double)));
  if (digest.fresh_.size() >= block) reader.refuse("fewer fresh numbers than a block");
  for (double& number : digest.fresh_) number = reader.f64();
  digest.check_clusters(reader);
  reader.checksum();
  reader.end();
  return digest;
}

QSM_INLINE std::vector<std::byte> TDigest::to_datasketches(DataSketchesItems items) const {
  const bool floats = items == DataSketchesItems::floats;
  Check check("TDigest.to_datasketches");
  check.that(compression_ == std::trunc(compression_), "compression", compression_, "an integer");
  if (floats && count() > 0) {
    const double largest = std::max(-least_, largest_);
    check.that(largest <= std::numeric_limits<float>::max(), "largest number", largest, "one that a float holds");
    check.that(count() <= 0xffffffff, "count", static_cast<double>(count()), "below 2^32");
  }
  const TDigest all = settled();
  const bool single = all.weight_ == 1;
  ByteWriter writer;
  const auto put = [&](double number) {
    floats ? writer.u32(std::bit_cast<std::uint32_t>(static_cast<float>(number))) : writer.f64(number);
  };
  writer.u8(all.weight_ <= 1 ? 1 : 2);
  writer.u8(1);
  writer.u8(20);
  writer.u16(static_cast<std::uint16_t>(compression_));
  writer.u8(static_cast<std::uint8_t>((all.weight_ == 0 ? 1 : 0) | (single ? 2 : 0) | (all.backwards_ ? 4 : 0)));
  writer.u16(0);
  if (single) put(least_);
  if (all.weight_ > 1) {
    writer.u32(static_cast<std::uint32_t>(all.centroids_.size()));
    writer.u32(0);
    put(least_);
    put(largest_);
    for (const Centroid& cluster : all.centroids_) {
      put(cluster.mean);
      floats ? writer.u32(static_cast<std::uint32_t>(cluster.weight)) : writer.u64(cluster.weight);
    }
  }
  return writer.take();
}

QSM_INLINE TDigest TDigest::from_datasketches(std::span<const std::byte> bytes, TDigestScale scale,
                                              DataSketchesItems items) {
  const bool floats = items == DataSketchesItems::floats;
  ByteReader reader(bytes, "t-digest of DataSketches");
  const auto number = [&] { return floats ? double{std::bit_cast<float>(reader.u32())} : reader.f64(); };
  const std::size_t width = floats ? 4 : 8;
  const int longs = reader.u8();
  if (reader.u8() != 1) reader.refuse("serial version 1");
  if (reader.u8() != 20) reader.refuse("family 20, t-digest");
  const std::uint16_t k = reader.u16();
  if (k < 10) reader.refuse("a k of 10 to 65535");
  const int flags = reader.u8();
  const bool empty = (flags & 1) != 0, single = (flags & 2) != 0;
  if (longs != (empty || single ? 1 : 2)) reader.refuse("a preamble as long as the flags say");
  reader.u16();
  TDigest digest(k, scale);
  digest.backwards_ = (flags & 4) != 0;
  std::vector<double> buffered;
  if (single && !empty) {
    digest.least_ = digest.largest_ = number();
    digest.centroids_.push_back({digest.least_, 1});
  } else if (!empty) {
    const std::size_t clusters = reader.u32(), fresh = reader.u32();
    digest.least_ = number();
    digest.largest_ = number();
    if (clusters > reader.left() / (2 * width) || fresh > (reader.left() - 2 * width * clusters) / width)
      reader.refuse("as many bytes as clusters and numbers need");
    digest.centroids_.resize(clusters);
    for (Centroid& cluster : digest.centroids_) {
      cluster.mean = number() + 0.0;
      cluster.weight = floats ? reader.u32() : reader.u64();
    }
    for (std::size_t i = 0; i < fresh; ++i) buffered.push_back(number());
    if (clusters + fresh == 0) reader.refuse("some clusters or numbers");
  }
  std::swap(digest.fresh_, buffered);
  digest.check_clusters(reader);
  std::swap(digest.fresh_, buffered);
  reader.end();
  digest.add(buffered);
  return digest;
}

QSM_INLINE std::vector<std::byte> TDigest::to_reference() const {
  const TDigest all = settled();
  std::vector<std::byte> bytes;
  const auto put = [&](std::uint64_t value, int width) {
    for (int i = width - 1; i >= 0; --i) bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
  };
  const auto number = [&](double value) { put(std::bit_cast<std::uint64_t>(value), 8); };
  put(1, 4);
  number(least_);
  number(largest_);
  number(compression_);
  put(all.centroids_.size(), 4);
  for (const Centroid& cluster : all.centroids_) {
    number(static_cast<double>(cluster.weight));
    number(cluster.mean);
  }
  return bytes;
}

QSM_INLINE TDigest TDigest::from_reference(std::span<const std::byte> bytes, TDigestScale scale) {
  detail::BigEndian reader{bytes};
  const std::uint64_t form = reader.number(4);
  if (form != 1 && form != 2) reader.refuse("form 1 or 2 of a t-digest");
  const double least = reader.f64(), largest = reader.f64(), compression = form == 1 ? reader.f64() : reader.f32();
  if (!(compression >= 10 && compression <= 65535)) reader.refuse("a compression in [10, 65535]");
  TDigest digest(compression, scale);
  if (form == 2) reader.number(4);  // room for clusters and buffer
  const std::uint64_t clusters = reader.number(form == 1 ? 4 : 2), width = form == 1 ? 16 : 8;
  if (clusters != (bytes.size() - reader.at) / width || (bytes.size() - reader.at) % width != 0)
    reader.refuse("as many bytes as clusters need");
  digest.least_ = least;
  digest.largest_ = largest;
  for (std::uint64_t i = 0; i < clusters; ++i) {
    const double weight = form == 1 ? reader.f64() : reader.f32(), mean = form == 1 ? reader.f64() : reader.f32();
    if (!(weight >= 1 && weight < 0x1p52 && weight == std::trunc(weight))) reader.refuse("a whole weight > 0");
    // Means of the small form are rounded, perhaps past the least or the largest number.
    digest.centroids_.push_back(
        {form == 1 || !std::isfinite(mean) ? mean + 0.0 : std::min(std::max(mean, least), largest),
         static_cast<std::uint64_t>(weight)});
  }
  ByteReader place(bytes, "TDigest");
  digest.check_clusters(place);
  return digest;
}

}  // namespace qsm::inline v0::sketches
