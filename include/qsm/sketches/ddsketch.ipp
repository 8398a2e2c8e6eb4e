#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>

#include <qsm/core/bytes.hpp>
#include <qsm/core/elementary.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/sketches/ddsketch.hpp>
#include <qsm/sketches/detail/quantiles.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

inline constexpr double least_normal = std::numeric_limits<double>::min();
inline constexpr double largest_double = std::numeric_limits<double>::max();
inline constexpr std::uint64_t most_numbers = std::uint64_t{1} << 62;
inline constexpr double rounding = 2e-12;  // of bounds, more than what logarithm and exponential may be off

// log2(2^e (1 + s)) is about e + s (c + s (b + s a)), the cubic that needs the fewest buckets.
inline constexpr double cubic_a = 6.0 / 35, cubic_b = -3.0 / 5, cubic_c = 10.0 / 7;
inline constexpr double ln2 = 0.6931471805599453;

/// Largest integer not above x, of less than 2^31.
QSM_ALWAYS_INLINE std::int32_t floor_of(double x) {
  const auto whole = static_cast<std::int32_t>(x);
  return whole - static_cast<std::int32_t>(x < whole);
}

template <DDMapping mapping>
QSM_ALWAYS_INLINE std::int32_t dd_key(double magnitude, double multiplier) {
  if constexpr (mapping == DDMapping::logarithmic) return floor_of(core::detail::log_of_normal(magnitude) * multiplier);
  constexpr std::uint64_t one = 0x3ff0000000000000, digits = (std::uint64_t{1} << 52) - 1;
  const auto bits = std::bit_cast<std::uint64_t>(magnitude);
  const double s = std::bit_cast<double>((bits & digits) | one) - 1;
  const double e = std::bit_cast<double>((bits >> 52) | 0x4330000000000000) - (0x1p52 + 1023);
  using core::detail::fused;
  return floor_of(fused(fused(fused(cubic_a, s, cubic_b), s, cubic_c), s, e) * multiplier);
}

template <DDMapping mapping>
struct DDKeys {
  double multiplier;

  QSM_ALWAYS_INLINE void operator()(const double* numbers, std::size_t size, std::int32_t* keys) const {
    const double times = multiplier;
    for (std::size_t i = 0; i < size; ++i) {
      const double magnitude = std::abs(numbers[i]);
      keys[i] = dd_key<mapping>(magnitude < least_normal ? 1 : magnitude, times);
    }
  }
};

inline double dd_multiplier(double relative_error, DDMapping mapping) {
  const double ratio = std::log1p(2 * relative_error / (1 - relative_error));  // logarithm of that of the bounds
  return mapping == DDMapping::logarithmic ? 1 / ratio : 1 / (cubic_c * ratio);
}

inline std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
}

/// The number itself where it has few digits, else what is left of it by rounding.
inline double few_digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.12g", value);
  const double few = std::strtod(text, nullptr);
  return std::abs(few - value) <= 1e-12 * value ? few : value;
}

/// Calls take(field, reader, size) for each field of a protobuf message; `size` is that of the value where it is not a
/// varint. Fields of which `take` reads nothing are passed over.
inline void each_field(std::span<const std::byte> message,
                       const std::function<void(std::uint64_t field, int kind, ByteReader& reader)>& take) {
  ByteReader reader(message, "DDSketch");
  while (reader.left() > 0) {
    const std::uint64_t tag = reader.varint();
    const auto kind = static_cast<int>(tag & 7);
    if (tag >> 3 == 0 || tag >> 32 != 0 || (kind != 0 && kind != 1 && kind != 2 && kind != 5))
      reader.refuse("the tag of a protobuf field");
    const std::size_t before = reader.left();
    take(tag >> 3, kind, reader);
    if (reader.left() < before) continue;
    if (kind == 0) reader.varint();
    if (kind == 1) reader.u64();
    if (kind == 2) reader.bytes();
    if (kind == 5) reader.u32();
  }
}

inline std::uint64_t whole_count(ByteReader& reader) {
  const double count = reader.f64();
  if (!(count >= 0 && count <= largest_count && count == std::trunc(count)))
    reader.refuse("a whole count >= 0, below 2^53");
  return static_cast<std::uint64_t>(count);
}

}  // namespace detail

QSM_INLINE DDSketch::DDSketch(double relative_error, DDMapping mapping, std::uint64_t buckets, DDCollapse collapse)
    : relative_error_(relative_error), mapping_(mapping), buckets_(buckets), collapse_(collapse) {
  Check check("DDSketch");
  check.that(relative_error >= 1e-6 && relative_error <= 0.9, "relative_error", relative_error, "in [1e-6, 0.9]");
  check.that(buckets >= 1 && buckets <= std::uint64_t{1} << 24, "buckets", static_cast<double>(buckets),
             "an integer in [1, 2^24]");
  multiplier_ = detail::dd_multiplier(relative_error, mapping);
}

// --- buckets ----------------------------------------------------------------------------------------------------------

QSM_INLINE std::int64_t DDSketch::key(double magnitude) const {
  return mapping_ == DDMapping::logarithmic ? detail::dd_key<DDMapping::logarithmic>(magnitude, multiplier_)
                                            : detail::dd_key<DDMapping::cubic>(magnitude, multiplier_);
}

QSM_INLINE double DDSketch::lower_bound(std::int64_t key) const {
  const double place = static_cast<double>(key) / multiplier_;
  if (mapping_ == DDMapping::logarithmic) return portable_exp(place);
  const double exponent = std::floor(place), rest = place - exponent;
  double s = rest;  // Newton's iteration for the cubic
  for (int i = 0; i < 6; ++i) {
    const double value = ((detail::cubic_a * s + detail::cubic_b) * s + detail::cubic_c) * s;
    s -= (value - rest) / ((3 * detail::cubic_a * s + 2 * detail::cubic_b) * s + detail::cubic_c);
  }
  return std::ldexp(1 + s, static_cast<int>(exponent));
}

QSM_INLINE std::array<std::size_t, 2> DDSketch::Store::used() const {
  std::size_t from = 0, to = counts.size();
  while (from < to && counts[from] == 0) ++from;
  while (to > from && counts[to - 1] == 0) --to;
  return {from, to};
}

QSM_INLINE std::uint64_t& DDSketch::slot(Store& store, std::int64_t key) const {
  return store.holds(key) ? store.counts[static_cast<std::size_t>(key - store.first)] : make_room(store, key);
}

QSM_INLINE std::uint64_t& DDSketch::make_room(Store& store, std::int64_t key) const {
  const bool lowest = collapse_ == DDCollapse::lowest;
  const auto limit = static_cast<std::int64_t>(buckets_);
  if (store.counts.size() == buckets_) {  // a full store takes one more at its end without a search
    const bool beyond =
        lowest ? key < store.first && store.counts.back() > 0 : key >= store.first + limit && store.counts.front() > 0;
    if (beyond) {
      store.collapsed = true;
      return lowest ? store.counts.front() : store.counts.back();
    }
  }
  const auto [from, to] = store.used();
  std::int64_t low = key, high = key;
  if (from < to) {
    low = std::min(low, store.first + static_cast<std::int64_t>(from));
    high = std::max(high, store.first + static_cast<std::int64_t>(to) - 1);
  }
  if (high - low >= limit) {
    store.collapsed = true;
    (lowest ? low : high) = lowest ? high - limit + 1 : low + limit - 1;
  }
  const std::int64_t span = high - low + 1, size = std::min(limit, std::max<std::int64_t>(64, span + span / 2));
  const std::int64_t first = low - (size - span) / 2;
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(size));
  for (std::size_t i = from; i < to; ++i) {
    const std::int64_t place = std::clamp(store.first + static_cast<std::int64_t>(i), low, high);
    counts[static_cast<std::size_t>(place - first)] += store.counts[i];
  }
  store.counts = std::move(counts);
  store.first = first;
  return store.counts[static_cast<std::size_t>(std::clamp(key, low, high) - first)];
}

QSM_INLINE void DDSketch::count_keys(Store& store, std::span<const std::int32_t> keys) const {
  store.total += keys.size();
  for (const std::int32_t key : keys) ++slot(store, key);
}

QSM_INLINE void DDSketch::add_store(Store& store, const Store& other) const {
  const auto [from, to] = other.used();
  store.total += other.total;
  store.collapsed |= other.collapsed;
  for (std::size_t i = to; i > from; --i)
    if (other.counts[i - 1] > 0) slot(store, other.first + static_cast<std::int64_t>(i) - 1) += other.counts[i - 1];
}

// --- adding -----------------------------------------------------------------------------------------------------------

QSM_INLINE void DDSketch::add(std::span<const double> numbers) {
  detail::check_finite(name, numbers);
  constexpr std::size_t block = 256;
  std::array<std::int32_t, block> keys, below;
  while (!numbers.empty()) {
    const auto part = numbers.first(std::min(block, numbers.size()));
    double least = part[0], largest = part[0];
    for (const double number : part) {
      least = number < least ? number : least;
      largest = number > largest ? number : largest;
    }
    least_ = std::min(least_, least);
    largest_ = std::max(largest_, largest);
    if (mapping_ == DDMapping::logarithmic)
      core::detail::dispatch(detail::DDKeys<DDMapping::logarithmic>{multiplier_}, part.data(), part.size(),
                             keys.data());
    else
      core::detail::dispatch(detail::DDKeys<DDMapping::cubic>{multiplier_}, part.data(), part.size(), keys.data());
    std::size_t above = 0, under = 0;
    if (least >= detail::least_normal) {
      above = part.size();
    } else {
      for (std::size_t i = 0; i < part.size(); ++i) {
        if (part[i] >= detail::least_normal)
          keys[above++] = keys[i];
        else if (part[i] <= -detail::least_normal)
          below[under++] = keys[i];
        else
          ++zeros_;
      }
    }
    count_keys(positive_, std::span(keys).first(above));
    count_keys(negative_, std::span(below).first(under));
    numbers = numbers.subspan(part.size());
  }
}

QSM_INLINE void DDSketch::add(double number, std::uint64_t times) {
  detail::check_finite(name, {&number, 1});
  Check("DDSketch.add")
      .that(times <= detail::most_numbers - std::min(count(), detail::most_numbers), "times",
            static_cast<double>(times), "so small that all stay below 2^62");
  if (times == 0) return;
  least_ = std::min(least_, number);
  largest_ = std::max(largest_, number);
  if (std::abs(number) < detail::least_normal) {
    zeros_ += times;
    return;
  }
  Store& store = number > 0 ? positive_ : negative_;
  store.total += times;
  slot(store, key(std::abs(number))) += times;
}

QSM_INLINE void DDSketch::merge(const DDSketch& other) {
  Check check("DDSketch.merge");
  check.that(other.relative_error_ == relative_error_, "relative_error of other", other.relative_error_,
             "that of this sketch");
  check.that(other.mapping_ == mapping_, "mapping of other", static_cast<double>(other.mapping_),
             "that of this sketch");
  check.that(other.buckets_ == buckets_, "buckets of other", static_cast<double>(other.buckets_),
             "those of this sketch");
  check.that(other.collapse_ == collapse_, "collapse of other", static_cast<double>(other.collapse_),
             "that of this sketch");
  check.that(other.count() <= detail::most_numbers - std::min(count(), detail::most_numbers), "count of other",
             static_cast<double>(other.count()), "so small that all stay below 2^62");
  if (&other == this) return merge(DDSketch(other));
  add_store(positive_, other.positive_);
  add_store(negative_, other.negative_);
  zeros_ += other.zeros_;
  least_ = std::min(least_, other.least_);
  largest_ = std::max(largest_, other.largest_);
}

QSM_INLINE void DDSketch::reset() { *this = DDSketch(relative_error_, mapping_, buckets_, collapse_); }

// --- answers ----------------------------------------------------------------------------------------------------------

/// What stands for the numbers of the i-th key of a store, whose keys from `from` to before `to` are in use.
QSM_INLINE DDSketch::Bucket DDSketch::bucket_of(const Store& store, std::size_t i, std::size_t from,
                                                std::size_t to) const {
  const std::int64_t key = store.first + static_cast<std::int64_t>(i);
  const double edge = lower_bound(key);
  Bucket bucket{edge * (1 - detail::rounding), edge * (1 + relative_error_),
                lower_bound(key + 1) * (1 + detail::rounding), store.counts[i]};
  if (store.collapsed && collapse_ == DDCollapse::lowest && i == from) bucket.low = 0;
  if (store.collapsed && collapse_ == DDCollapse::highest && i + 1 == to) bucket.high = infinity;
  if (&store == &negative_) bucket = {-bucket.high, -bucket.value, -bucket.low, bucket.number};
  for (double* end : {&bucket.low, &bucket.value, &bucket.high}) *end = std::clamp(*end, least_, largest_);
  return bucket;
}

QSM_INLINE std::vector<DDSketch::Bucket> DDSketch::in_order() const {
  std::vector<Bucket> buckets;
  const auto [from, to] = negative_.used();
  for (std::size_t i = to; i > from; --i)
    if (negative_.counts[i - 1] > 0) buckets.push_back(bucket_of(negative_, i - 1, from, to));
  if (zeros_ > 0) buckets.push_back({0, 0, 0, zeros_});
  const auto [first, last] = positive_.used();
  for (std::size_t i = first; i < last; ++i)
    if (positive_.counts[i] > 0) buckets.push_back(bucket_of(positive_, i, first, last));
  return buckets;
}

/// The bucket of the rank-th number, from 1 to n.
QSM_INLINE DDSketch::Bucket DDSketch::at_rank(std::uint64_t rank) const {
  if (rank <= negative_.total) {
    const auto [from, to] = negative_.used();
    std::size_t i = to - 1;
    for (; negative_.counts[i] < rank; --i) rank -= negative_.counts[i];
    return bucket_of(negative_, i, from, to);
  }
  rank -= negative_.total;
  if (rank <= zeros_) return {0, 0, 0, zeros_};
  rank -= zeros_;
  const auto [from, to] = positive_.used();
  std::size_t i = from;
  for (; positive_.counts[i] < rank; ++i) rank -= positive_.counts[i];
  return bucket_of(positive_, i, from, to);
}

QSM_INLINE double DDSketch::min() const { return count() == 0 ? detail::nothing : least_; }
QSM_INLINE double DDSketch::max() const { return count() == 0 ? detail::nothing : largest_; }

QSM_INLINE Estimate DDSketch::quantile(double probability) const {
  double value{};
  detail::check_probabilities(name, {&probability, 1}, {&value, 1});
  const char* method = "DDSketch, certain";
  if (count() == 0) return {detail::nothing, detail::nothing, detail::nothing, method};
  if (probability == 0) return {least_, least_, least_, method};
  if (probability == 1) return {largest_, largest_, largest_, method};
  const Bucket bucket = at_rank(detail::rank_of(probability, count()));
  return {bucket.value, bucket.low, bucket.high, method};
}

QSM_INLINE void DDSketch::fill_quantile(std::span<const double> probabilities, std::span<double> out) const {
  detail::check_probabilities(name, probabilities, out);
  const std::uint64_t n = count();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double p = probabilities[i];
    out[i] = n == 0 || p == 0 ? min() : p == 1 ? max() : at_rank(detail::rank_of(p, n)).value;
  }
}

QSM_INLINE Estimate DDSketch::cdf(double number) const {
  double value{};
  fill_cdf({&number, 1}, {&value, 1});
  const char* method = "DDSketch, certain";
  if (count() == 0 || number < least_ || number >= largest_) return {value, value, value, method};
  std::uint64_t surely = 0, perhaps = 0;
  for (const Bucket& bucket : in_order()) {
    surely += bucket.high <= number ? bucket.number : 0;
    perhaps += bucket.low <= number ? bucket.number : 0;
  }
  const auto all = static_cast<double>(count());
  return {value, static_cast<double>(surely) / all, static_cast<double>(perhaps) / all, method};
}

QSM_INLINE void DDSketch::fill_cdf(std::span<const double> numbers, std::span<double> out) const {
  detail::check_places(name, numbers, out);
  const auto buckets = in_order();
  std::vector<std::uint64_t> before(buckets.size() + 1);
  for (std::size_t i = 0; i < buckets.size(); ++i) before[i + 1] = before[i] + buckets[i].number;
  const auto all = static_cast<double>(count());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double number = numbers[i];
    if (buckets.empty() || number < least_ || number >= largest_) {
      out[i] = buckets.empty() ? detail::nothing : number < least_ ? 0 : 1;
      continue;
    }
    const auto at = std::ranges::partition_point(buckets, [&](const Bucket& bucket) { return bucket.high <= number; });
    double below = static_cast<double>(before[static_cast<std::size_t>(at - buckets.begin())]);
    if (at != buckets.end() && at->low < number)
      below += static_cast<double>(at->number) * ((number - at->low) / (at->high - at->low));
    out[i] = below / all;
  }
}

QSM_INLINE bool DDSketch::equals(const DDSketch& other) const {
  const auto same = [](const Store& a, const Store& b) {
    const auto [from, to] = a.used();
    const auto [other_from, other_to] = b.used();
    return a.total == b.total && a.collapsed == b.collapsed && to - from == other_to - other_from &&
           (from == to ||
            a.first + static_cast<std::int64_t>(from) == b.first + static_cast<std::int64_t>(other_from)) &&
           std::equal(a.counts.begin() + static_cast<std::ptrdiff_t>(from),
                      a.counts.begin() + static_cast<std::ptrdiff_t>(to),
                      b.counts.begin() + static_cast<std::ptrdiff_t>(other_from));
  };
  return relative_error_ == other.relative_error_ && mapping_ == other.mapping_ && buckets_ == other.buckets_ &&
         collapse_ == other.collapse_ && zeros_ == other.zeros_ && least_ == other.least_ &&
         largest_ == other.largest_ && same(positive_, other.positive_) && same(negative_, other.negative_);
}

// --- bytes ------------------------------------------------------------------------------------------------------------

QSM_INLINE std::vector<std::byte> DDSketch::encode() const {
  ByteWriter writer;
  detail::put_letters(writer, "QDDS", 1);
  writer.f64(relative_error_);
  writer.u8(static_cast<std::uint8_t>(mapping_));
  writer.u8(static_cast<std::uint8_t>(collapse_));
  writer.varint(buckets_);
  writer.f64(least_);
  writer.f64(largest_);
  writer.varint(zeros_);
  for (const Store* store : {&positive_, &negative_}) {
    const auto [from, to] = store->used();
    writer.varint(to - from);
    if (from == to) continue;
    writer.varint(detail::zigzag(store->first + static_cast<std::int64_t>(from)));
    writer.u8(store->collapsed ? 1 : 0);
    for (std::size_t i = from; i < to; ++i) writer.varint(store->counts[i]);
  }
  writer.checksum();
  return writer.take();
}

QSM_INLINE DDSketch DDSketch::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "DDSketch");
  detail::read_letters(reader, "QDDS", 1);
  const double relative_error = reader.f64();
  if (!(relative_error >= 1e-6 && relative_error <= 0.9)) reader.refuse("a relative error in [1e-6, 0.9]");
  const std::uint8_t mapping = reader.u8();
  if (mapping > 1) reader.refuse("the number of a mapping");
  const std::uint8_t collapse = reader.u8();
  if (collapse > 1) reader.refuse("the number of a collapse");
  const std::uint64_t buckets = reader.varint();
  if (buckets < 1 || buckets > std::uint64_t{1} << 24) reader.refuse("1 to 2^24 buckets");
  DDSketch sketch(relative_error, static_cast<DDMapping>(mapping), buckets, static_cast<DDCollapse>(collapse));
  sketch.least_ = reader.f64();
  sketch.largest_ = reader.f64();
  const bool some = std::isfinite(sketch.least_) && std::isfinite(sketch.largest_) && sketch.least_ <= sketch.largest_;
  if (!some && !(sketch.least_ == infinity && sketch.largest_ == -infinity))
    reader.refuse("a least number that is not above the largest");
  std::uint64_t left = detail::most_numbers;
  const auto number = [&] {
    const std::uint64_t count = reader.varint();
    if (count > left) reader.refuse("counts that together stay below 2^62");
    left -= count;
    return count;
  };
  sketch.zeros_ = number();
  for (Store* store : {&sketch.positive_, &sketch.negative_}) {
    const std::size_t span = reader.count(1);
    if (span > buckets) reader.refuse("no more buckets than there may be");
    if (span == 0) continue;
    store->first = detail::unzigzag(reader.varint());
    const std::int64_t last = sketch.key(detail::largest_double);
    if (store->first < sketch.key(detail::least_normal) || store->first > last ||
        static_cast<std::int64_t>(span) > last - store->first + 1)
      reader.refuse("keys of finite numbers");
    const std::uint8_t collapsed = reader.u8();
    if (collapsed > 1 || (collapsed == 1 && span != buckets)) reader.refuse("whether full buckets have become one");
    store->collapsed = collapsed == 1;
    store->counts.resize(span);
    for (std::uint64_t& count : store->counts) store->total += count = number();
    if (store->counts.front() == 0 || store->counts.back() == 0) reader.refuse("a first and a last count > 0");
  }
  if (some != (sketch.count() > 0)) reader.refuse("counts where there is a least number, else none");
  reader.checksum();
  reader.end();
  return sketch;
}

QSM_INLINE std::vector<std::byte> DDSketch::to_protobuf(DDWriter writer) const {
  const bool logarithmic = mapping_ == DDMapping::logarithmic;
  const double ratio = (1 + relative_error_) / (1 - relative_error_);
  const bool java = writer == DDWriter::java;
  ByteWriter message, mapping;
  mapping.u8(1 << 3 | 1);
  mapping.f64(logarithmic || !java ? ratio : std::pow(ratio, detail::cubic_c * detail::ln2));
  if (!logarithmic) {
    mapping.u8(3 << 3);
    mapping.varint(3);
  }
  message.u8(1 << 3 | 2);
  message.bytes(mapping.written());
  std::uint8_t field = 2;
  for (const Store* store : {&positive_, &negative_}) {
    const auto [from, to] = store->used();
    if (from < to) {
      ByteWriter counts, inner;
      for (std::size_t i = from; i < to; ++i) counts.f64(static_cast<double>(store->counts[i]));
      inner.u8(2 << 3 | 2);
      inner.bytes(counts.written());
      inner.u8(3 << 3);
      inner.varint(detail::zigzag(store->first + static_cast<std::int64_t>(from) + (java ? 0 : 1)));
      message.u8(static_cast<std::uint8_t>(field << 3 | 2));
      message.bytes(inner.written());
    }
    ++field;
  }
  if (zeros_ > 0) {
    message.u8(4 << 3 | 1);
    message.f64(static_cast<double>(zeros_));
  }
  return message.take();
}

QSM_INLINE DDSketch DDSketch::from_protobuf(std::span<const std::byte> bytes, DDWriter writer, std::uint64_t buckets,
                                            DDCollapse collapse) {
  Check("DDSketch.from_protobuf")
      .that(buckets >= 1 && buckets <= std::uint64_t{1} << 24, "buckets", static_cast<double>(buckets),
            "an integer in [1, 2^24]");
  double gamma = 0, offset = 0;
  std::uint64_t interpolation = 0, zeros = 0, total = 0;
  std::span<const std::byte> stores[2];
  detail::each_field(bytes, [&](std::uint64_t field, int kind, ByteReader& reader) {
    if (field == 1 && kind == 2)
      detail::each_field(reader.bytes(), [&](std::uint64_t inner, int inner_kind, ByteReader& values) {
        if (inner == 1 && inner_kind == 1) gamma = values.f64();
        if (inner == 2 && inner_kind == 1) offset = values.f64();
        if (inner == 3 && inner_kind == 0) interpolation = values.varint();
      });
    if ((field == 2 || field == 3) && kind == 2) stores[field - 2] = reader.bytes();
    if (field == 4 && kind == 1) zeros = detail::whole_count(reader);
  });
  const ByteReader reader(bytes, "DDSketch");
  if (interpolation != 0 && interpolation != 3) reader.refuse("a mapping that is logarithmic or cubic");
  const bool logarithmic = interpolation == 0;
  const bool java = writer == DDWriter::java;
  const double ratio = logarithmic || !java ? gamma : std::pow(gamma, 1 / (detail::cubic_c * detail::ln2));
  const double relative_error = detail::few_digits((ratio - 1) / (ratio + 1));
  if (!(gamma > 1 && relative_error >= 1e-6 && relative_error <= 0.9))
    reader.refuse("a gamma whose relative error is in [1e-6, 0.9]");
  if (!(std::abs(offset) <= 0x1p31 && offset == std::trunc(offset))) reader.refuse("a whole index offset");
  const auto shift = static_cast<std::int64_t>(offset) + (java ? 0 : 1);

  DDSketch sketch(relative_error, logarithmic ? DDMapping::logarithmic : DDMapping::cubic, buckets, collapse);
  const std::int64_t lowest = sketch.key(detail::least_normal), highest = sketch.key(detail::largest_double);
  std::int64_t nearest[2] = {highest + 1, highest + 1}, farthest[2] = {lowest - 1, lowest - 1};
  const auto count = [&](int side, std::int64_t key, std::uint64_t number, const ByteReader& at) {
    if (number == 0) return;
    if (key < lowest || key > highest) at.refuse("keys of finite numbers");
    if (total > detail::most_numbers - number) at.refuse("counts that together stay below 2^62");
    total += number;
    nearest[side] = std::min(nearest[side], key);
    farthest[side] = std::max(farthest[side], key);
    Store& store = side == 0 ? sketch.positive_ : sketch.negative_;
    store.total += number;
    sketch.slot(store, key) += number;
  };
  for (int side = 0; side < 2; ++side) {
    std::int64_t first = 0;
    std::vector<std::uint64_t> counts;
    const auto key_of = [&](ByteReader& values) {
      const std::uint64_t coded = values.varint();
      if (coded >> 32 != 0) values.refuse("a key of 32 bits");
      return detail::unzigzag(coded) - shift;
    };
    first = -shift;
    detail::each_field(stores[side], [&](std::uint64_t field, int kind, ByteReader& values) {
      if (field == 1 && kind == 2) {
        std::int64_t key = -shift;
        std::uint64_t number = 0;
        detail::each_field(values.bytes(), [&](std::uint64_t inner, int inner_kind, ByteReader& entry) {
          if (inner == 1 && inner_kind == 0) key = key_of(entry);
          if (inner == 2 && inner_kind == 1) number = detail::whole_count(entry);
        });
        count(side, key, number, values);
      }
      if (field == 2 && kind == 2) {
        const auto packed = values.bytes();
        ByteReader each(packed, "DDSketch");
        while (each.left() > 0) counts.push_back(detail::whole_count(each));
      }
      if (field == 2 && kind == 1) counts.push_back(detail::whole_count(values));
      if (field == 3 && kind == 0) first = key_of(values);
    });
    for (std::size_t i = 0; i < counts.size(); ++i)
      count(side, first + static_cast<std::int64_t>(i), counts[i], reader);
  }
  if (zeros > detail::most_numbers - total) reader.refuse("counts that together stay below 2^62");
  sketch.zeros_ = zeros;
  if (total + zeros == 0) return sketch;
  const auto outer = [&](std::int64_t key) { return std::min(sketch.lower_bound(key + 1), detail::largest_double); };
  const bool above = sketch.positive_.total > 0, below = sketch.negative_.total > 0;
  sketch.least_ = below ? -outer(farthest[1]) : zeros > 0 ? 0 : sketch.lower_bound(nearest[0]);
  sketch.largest_ = above ? outer(farthest[0]) : zeros > 0 ? 0 : -sketch.lower_bound(nearest[1]);
  return sketch;
}

}  // namespace qsm::inline v0::sketches
