#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/sketches/hdr_histogram.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

inline constexpr std::uint32_t hdr_cookie = 0x1c849303;             // V2; the second last digit says the word size
inline constexpr std::uint32_t hdr_compressed_cookie = 0x1c849304;  // V2 in a zlib stream
inline constexpr std::uint32_t hdr_word = 0x10;
inline constexpr std::size_t hdr_header = 40;

inline void put(std::vector<std::byte>& bytes, std::uint64_t value, int width) {
  for (int i = width - 1; i >= 0; --i) bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
}

/// ZigZag LEB128 in nine bytes at most: the ninth holds eight bits.
inline void put_count(std::vector<std::byte>& bytes, std::int64_t value) {
  auto left = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  for (int i = 0; i < 8 && left >= 0x80; ++i, left >>= 7) bytes.push_back(static_cast<std::byte>(left | 0x80));
  bytes.push_back(static_cast<std::byte>(left));
}

/// log2 of the buckets to each octave.
inline int hdr_half_magnitude(int significant_digits) {
  std::uint64_t single = 2;  // largest value with a bucket of its own
  for (int i = 0; i < significant_digits; ++i) single *= 10;
  return 63 - std::countl_zero(single - 1);
}

inline int hdr_unit_magnitude(std::uint64_t lowest) { return 63 - std::countl_zero(lowest); }

inline double middle(const HdrBucket& bucket) {
  const std::int64_t value = bucket.low + (bucket.high - bucket.low + 1) / 2;
  return static_cast<double>(value);
}

/// Big-endian numbers and counts, with the errors of ByteReader.
struct HdrReader {
  std::span<const std::byte> bytes;
  std::size_t at = 0;
  std::size_t begin = 0;  // of the last value read

  [[noreturn]] void refuse(const std::string& expected) const { throw MalformedBytes("HdrHistogram", begin, expected); }
  std::uint64_t number(std::size_t width) {
    begin = at;
    if (bytes.size() - at < width)
      refuse(std::to_string(width) + " bytes of a number, " + std::to_string(bytes.size() - at) + " left");
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value = value << 8 | std::to_integer<std::uint64_t>(bytes[at++]);
    return value;
  }
  std::int64_t count() {
    begin = at;
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      if (at == bytes.size()) refuse("the rest of a count");
      const auto group = std::to_integer<std::uint64_t>(bytes[at++]);
      const bool last = shift == 56 || group < 0x80;
      value |= (shift == 56 ? group : group & 0x7f) << shift;
      if (last) return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
    }
  }
  void cookie(std::uint32_t expected, const char* name) {
    const std::uint64_t found = number(4) & ~std::uint64_t{0xf0};
    if (found == expected) return;
    const bool other = expected == hdr_cookie ? found == hdr_compressed_cookie : found == hdr_cookie;
    const bool old = (found & ~std::uint64_t{0xf}) == 0x1c849300;
    refuse(std::string("the cookie of ") + name +
           (other ? ", found that of the other form"
            : old ? ", found that of an older version"
                  : ""));
  }
};

}  // namespace detail

QSM_INLINE HdrHistogram::HdrHistogram(std::int64_t lowest, std::int64_t highest, int significant_digits,
                                      bool auto_resize)
    : lowest_(lowest), highest_(highest), digits_(significant_digits), auto_resize_(auto_resize) {
  Check check("HdrHistogram");
  check.that(lowest >= 1, "lowest", static_cast<double>(lowest), "an integer >= 1");
  check.that(highest / 2 >= lowest, "highest", static_cast<double>(highest), "an integer >= 2 lowest");
  check.that(significant_digits >= 0 && significant_digits <= 5, "significant_digits", significant_digits,
             "an integer in [0, 5]");
  unit_magnitude_ = detail::hdr_unit_magnitude(static_cast<std::uint64_t>(lowest));
  half_magnitude_ = detail::hdr_half_magnitude(significant_digits);
  check.that(unit_magnitude_ + half_magnitude_ <= 61, "lowest", static_cast<double>(lowest),
             "small enough for its significant digits in 63 bits");
  leading_ = 64 - unit_magnitude_ - half_magnitude_ - 1;
  mask_ = ((std::uint64_t{2} << half_magnitude_) - 1) << unit_magnitude_;
  counts_.resize(slots_for(highest));
  blocks_.resize((counts_.size() + block - 1) / block);
}

/// Whole octaves that hold `highest`.
QSM_INLINE std::size_t HdrHistogram::slots_for(std::int64_t highest) const {
  std::size_t octaves = 1;
  for (std::uint64_t beyond = std::uint64_t{2} << (half_magnitude_ + unit_magnitude_);
       beyond <= static_cast<std::uint64_t>(highest); beyond <<= 1)
    ++octaves;
  return (octaves + 1) << half_magnitude_;
}

QSM_INLINE std::int64_t HdrHistogram::value_at(std::size_t index) const {
  const std::size_t half = std::size_t{1} << half_magnitude_;
  if (index < 2 * half) return static_cast<std::int64_t>(index << unit_magnitude_);
  const std::size_t bucket = (index >> half_magnitude_) - 1;
  const std::uint64_t sub = (index & (half - 1)) + half;
  return static_cast<std::int64_t>(sub << (bucket + static_cast<std::size_t>(unit_magnitude_)));
}

QSM_INLINE std::int64_t HdrHistogram::highest_equivalent(std::int64_t value) const {
  const int bucket = leading_ - std::countl_zero(static_cast<std::uint64_t>(value) | mask_);
  return lowest_equivalent(value) + ((std::int64_t{1} << (bucket + unit_magnitude_)) - 1);
}

QSM_INLINE void HdrHistogram::make_room(std::int64_t value) {
  Check check("HdrHistogram.record");
  check.that(value >= 0, "value", static_cast<double>(value), "an integer >= 0");
  check.that(auto_resize_, "value", static_cast<double>(value),
             ("an integer <= highest = " + std::to_string(highest_)).c_str());
  grow(value);
}

QSM_INLINE void HdrHistogram::grow(std::int64_t value) {
  const std::size_t slots = slots_for(value);
  if (slots > counts_.size()) {
    counts_.resize(slots);
    blocks_.resize((slots + block - 1) / block);
  }
  highest_ = std::max(highest_, highest_equivalent(value_at(counts_.size() - 1)));
}

QSM_INLINE void HdrHistogram::record(std::int64_t value, std::int64_t count) {
  Check check("HdrHistogram.record");
  check.that(count >= 0, "count", static_cast<double>(count), "an integer >= 0");
  check.that(static_cast<std::uint64_t>(count) <=
                 static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) - total(),
             "count", static_cast<double>(count), "small enough for all counts together to stay below 2^63");
  if (value < 0 || value > highest_) make_room(value);
  add(value, count);
}

QSM_INLINE void HdrHistogram::add(std::int64_t value, std::int64_t count) {
  const std::size_t slot = index(value);
  counts_[slot] += static_cast<std::uint64_t>(count);
  blocks_[slot / block] += static_cast<std::uint64_t>(count);
}

QSM_INLINE void HdrHistogram::record(std::span<const std::int64_t> values) {
  // All bits together are at least the largest value, and cheap; only where they are too many is each value looked at.
  std::uint64_t bits = 0;
  for (const std::int64_t value : values) bits |= static_cast<std::uint64_t>(value);
  if (bits > static_cast<std::uint64_t>(highest_)) {
    std::int64_t largest = 0;
    for (const std::int64_t value : values) {
      if (value < 0) make_room(value);
      largest = std::max(largest, value);
    }
    if (largest > highest_) make_room(largest);
  }
  for (const std::int64_t value : values) {
    const std::size_t slot = index(value);
    ++counts_[slot];
    ++blocks_[slot / block];
  }
}

QSM_INLINE void HdrHistogram::record_corrected(std::int64_t value, std::int64_t expected_interval, std::int64_t count) {
  Check check("HdrHistogram.record_corrected");
  check.that(expected_interval >= 0, "expected_interval", static_cast<double>(expected_interval), "an integer >= 0");
  check.that(count >= 0, "count", static_cast<double>(count), "an integer >= 0");
  const std::int64_t copies = expected_interval == 0 ? 1 : std::max<std::int64_t>(1, value / expected_interval);
  check.that(count <= std::numeric_limits<std::int64_t>::max() / copies, "count", static_cast<double>(count),
             "small enough for all counts together to stay below 2^63");
  record(value, copies * count);  // refuses what does not fit
  if (copies == 1) return;
  add(value, -((copies - 1) * count));
  // Bucket by bucket from the top: how many of the left out values fall into each.
  for (value -= expected_interval; value >= expected_interval;) {
    const std::int64_t low = std::max(lowest_equivalent(value), expected_interval);
    const std::int64_t fall = (value - low) / expected_interval + 1;
    add(value, fall * count);
    value -= fall * expected_interval;
  }
}

QSM_INLINE void HdrHistogram::merge(const HdrHistogram& other) {
  const std::int64_t largest = other.max();
  Check check("HdrHistogram.merge");
  const std::int64_t needed = other.lowest_equivalent(largest);
  check.that(needed <= highest_ || auto_resize_, "largest value", static_cast<double>(needed),
             ("<= highest = " + std::to_string(highest_)).c_str());
  const auto limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  check.that(other.total() <= limit - total(), "count", static_cast<double>(other.total()),
             "small enough for all counts together to stay below 2^63");
  if (needed > highest_) grow(needed);
  const std::size_t end = other.used();
  for (std::size_t i = 0; i < end; ++i) {
    if (other.counts_[i] == 0) continue;
    const std::size_t slot = alike(other) ? i : index(other.value_at(i));
    counts_[slot] += other.counts_[i];
    blocks_[slot / block] += other.counts_[i];
  }
}

QSM_INLINE void HdrHistogram::subtract(const HdrHistogram& other) {
  std::vector<std::uint64_t> less(counts_.size());
  const std::size_t end = other.used();
  for (std::size_t i = 0; i < end; ++i) {
    if (other.counts_[i] == 0) continue;
    const std::int64_t value = other.value_at(i);
    const std::size_t slot = value > highest_ ? less.size() : index(value);
    if (slot < less.size()) less[slot] += other.counts_[i];
    Check("HdrHistogram.subtract")
        .that(slot < less.size() && less[slot] <= counts_[slot], "count", static_cast<double>(other.counts_[i]),
              ("at most the count here, for value " + std::to_string(value)).c_str());
  }
  for (std::size_t i = 0; i < less.size(); ++i) {
    counts_[i] -= less[i];
    blocks_[i / block] -= less[i];
  }
}

QSM_INLINE HdrHistogram HdrHistogram::corrected(std::int64_t expected_interval) const {
  HdrHistogram copy(lowest_, highest_, digits_, auto_resize_);
  for (const HdrBucket& bucket : buckets())
    copy.record_corrected(std::min(bucket.high, highest_), expected_interval, bucket.number);
  return copy;
}

QSM_INLINE void HdrHistogram::reset() {
  std::fill(counts_.begin(), counts_.end(), 0);
  std::fill(blocks_.begin(), blocks_.end(), 0);
}

QSM_INLINE std::uint64_t HdrHistogram::total() const {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : blocks_) sum += count;
  return sum;
}

QSM_INLINE std::int64_t HdrHistogram::count() const { return static_cast<std::int64_t>(total()); }

QSM_INLINE std::int64_t HdrHistogram::count_at(std::int64_t value) const {
  Check("HdrHistogram.count_at").that(value >= 0, "value", static_cast<double>(value), "an integer >= 0");
  return value > highest_ ? 0 : static_cast<std::int64_t>(counts_[index(value)]);
}

/// Slot of the rank-th value; rank is at least one and at most the number of values.
QSM_INLINE std::size_t HdrHistogram::slot_of_rank(std::uint64_t rank) const {
  std::size_t at = 0;
  for (; blocks_[at] < rank; ++at) rank -= blocks_[at];
  for (at *= block; counts_[at] < rank; ++at) rank -= counts_[at];
  return at;
}

QSM_INLINE std::int64_t HdrHistogram::value_of_rank(double rank, std::uint64_t total) const {
  const double whole = std::max(1.0, std::ceil(rank));
  return highest_equivalent(
      value_at(slot_of_rank(whole < static_cast<double>(total) ? static_cast<std::uint64_t>(whole) : total)));
}

QSM_INLINE std::int64_t HdrHistogram::quantile(double probability) const {
  std::int64_t value{};
  fill_quantile({&probability, 1}, {&value, 1});
  return value;
}

QSM_INLINE void HdrHistogram::fill_quantile(std::span<const double> probabilities, std::span<std::int64_t> out) const {
  Check check("HdrHistogram.quantile");
  check.that(probabilities.size() == out.size(), "size of out", static_cast<double>(out.size()),
             "that of probabilities");
  for (const double probability : probabilities) check.probability("probability", probability);
  const std::uint64_t values = total();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double below = std::nextafter(probabilities[i], 0);
    out[i] = values == 0               ? 0
             : probabilities[i] == 0.0 ? min()
             : probabilities[i] == 1.0 ? max()  // also where the last place is more than one value
                                       : value_of_rank(below * static_cast<double>(values), values);
  }
}

QSM_INLINE std::int64_t HdrHistogram::value_at_percentile(double percentile) const {
  Check("HdrHistogram.value_at_percentile")
      .that(percentile >= 0 && percentile <= 100, "percentile", percentile, "in [0, 100]");
  const std::uint64_t values = total();
  if (values == 0 || percentile == 0) return values == 0 ? 0 : min();
  return value_of_rank(std::nextafter(percentile, 0) * static_cast<double>(values) / 100, values);
}

QSM_INLINE double HdrHistogram::cdf(std::int64_t value) const {
  if (value < 0) return total() == 0 ? std::numeric_limits<double>::quiet_NaN() : 0;
  const std::size_t end = value > highest_ ? counts_.size() : index(value) + 1;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < end / block; ++i) sum += blocks_[i];
  for (std::size_t i = end / block * block; i < end; ++i) sum += counts_[i];
  return static_cast<double>(sum) / static_cast<double>(total());
}

QSM_INLINE double HdrHistogram::mean() const {
  double sum = 0;
  for (const HdrBucket& bucket : buckets()) {
    sum += static_cast<double>(bucket.number) * detail::middle(bucket);
  }
  return sum / static_cast<double>(total());
}

QSM_INLINE double HdrHistogram::standard_deviation() const {
  const double center = mean();
  double sum = 0;
  for (const HdrBucket& bucket : buckets()) {
    const double off = detail::middle(bucket) - center;
    sum += static_cast<double>(bucket.number) * off * off;
  }
  return std::sqrt(sum / static_cast<double>(total()));
}

QSM_INLINE std::int64_t HdrHistogram::min() const { return total() == 0 ? 0 : value_at(slot_of_rank(1)); }

QSM_INLINE std::int64_t HdrHistogram::max() const {
  return total() == 0 ? 0 : highest_equivalent(value_at(used() - 1));
}

QSM_INLINE std::size_t HdrHistogram::used() const {
  std::size_t last = blocks_.size();
  while (last > 0 && blocks_[last - 1] == 0) --last;
  if (last == 0) return 1;
  std::size_t end = std::min(last * block, counts_.size());
  while (counts_[end - 1] == 0) --end;
  return end;
}

QSM_INLINE std::vector<HdrBucket> HdrHistogram::buckets() const {
  std::vector<HdrBucket> held;
  for (std::size_t at = 0; at < blocks_.size(); ++at) {
    if (blocks_[at] == 0) continue;
    for (std::size_t i = at * block; i < std::min((at + 1) * block, counts_.size()); ++i) {
      if (counts_[i] == 0) continue;
      const std::int64_t low = value_at(i);
      held.push_back({low, highest_equivalent(low), static_cast<std::int64_t>(counts_[i])});
    }
  }
  return held;
}

QSM_INLINE std::vector<std::byte> HdrHistogram::encode() const {
  std::vector<std::byte> counts;
  const std::size_t end = used();
  for (std::size_t i = 0; i < end;) {
    std::size_t next = i + 1;
    if (counts_[i] == 0)
      while (next < end && counts_[next] == 0) ++next;
    detail::put_count(counts, static_cast<std::int64_t>(counts_[i] == 0 ? i - next : counts_[i]));
    i = next;
  }
  std::vector<std::byte> bytes;
  bytes.reserve(detail::hdr_header + counts.size());
  detail::put(bytes, detail::hdr_cookie | detail::hdr_word, 4);
  detail::put(bytes, counts.size(), 4);
  detail::put(bytes, 0, 4);  // normalizing index offset
  detail::put(bytes, static_cast<std::uint64_t>(digits_), 4);
  detail::put(bytes, static_cast<std::uint64_t>(lowest_), 8);
  detail::put(bytes, static_cast<std::uint64_t>(highest_), 8);
  detail::put(bytes, std::bit_cast<std::uint64_t>(1.0), 8);  // integer to double conversion ratio
  bytes.insert(bytes.end(), counts.begin(), counts.end());
  return bytes;
}

QSM_INLINE HdrHistogram HdrHistogram::decode(std::span<const std::byte> bytes, bool auto_resize) {
  detail::HdrReader reader{bytes};
  reader.cookie(detail::hdr_cookie, "an HdrHistogram V2");
  const std::uint64_t size = reader.number(4);
  if (bytes.size() < detail::hdr_header || size != bytes.size() - detail::hdr_header)
    reader.refuse("the number of bytes after the header, " +
                  std::to_string(std::max(bytes.size(), detail::hdr_header) - detail::hdr_header) + ", found " +
                  std::to_string(size));
  if (reader.number(4) != 0) reader.refuse("a normalizing index offset of 0");
  const std::uint64_t digits = reader.number(4);
  if (digits > 5) reader.refuse("0 to 5 significant digits");
  const std::uint64_t lowest = reader.number(8);
  if (lowest < 1 || detail::hdr_unit_magnitude(lowest) + detail::hdr_half_magnitude(static_cast<int>(digits)) > 61)
    reader.refuse("a lowest value >= 1 that leaves room for its digits");
  const std::uint64_t highest = reader.number(8);
  if (highest > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) || highest / 2 < lowest)
    reader.refuse("a highest value of twice the lowest at least");
  if (std::bit_cast<double>(reader.number(8)) != 1) reader.refuse("the conversion ratio 1 of a histogram of integers");

  HdrHistogram histogram(static_cast<std::int64_t>(lowest), static_cast<std::int64_t>(highest),
                         static_cast<int>(digits), auto_resize);
  std::uint64_t left = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::size_t slot = 0;
  while (reader.at < bytes.size()) {
    const std::int64_t count = reader.count();
    const std::uint64_t slots = count < 0 ? 0 - static_cast<std::uint64_t>(count) : 1;
    if (slots > histogram.counts_.size() - slot) reader.refuse("no more counts than the range has");
    if (count > 0) {
      if (static_cast<std::uint64_t>(count) > left) reader.refuse("counts that together stay below 2^63");
      left -= static_cast<std::uint64_t>(count);
      histogram.counts_[slot] = static_cast<std::uint64_t>(count);
      histogram.blocks_[slot / block] += static_cast<std::uint64_t>(count);
    }
    slot += slots;
  }
  return histogram;
}

QSM_INLINE std::vector<std::byte> HdrHistogram::encode_compressed(const Codec& deflate) const {
  const auto stream = deflate(encode(), std::numeric_limits<std::int32_t>::max());
  std::vector<std::byte> bytes;
  detail::put(bytes, detail::hdr_compressed_cookie | detail::hdr_word, 4);
  detail::put(bytes, stream.size(), 4);
  bytes.insert(bytes.end(), stream.begin(), stream.end());
  return bytes;
}

QSM_INLINE HdrHistogram HdrHistogram::decode_compressed(std::span<const std::byte> bytes, const Codec& inflate,
                                                        bool auto_resize) {
  detail::HdrReader reader{bytes};
  reader.cookie(detail::hdr_compressed_cookie, "a compressed HdrHistogram V2");
  const std::uint64_t size = reader.number(4);
  if (size != bytes.size() - reader.at)
    reader.refuse("the number of bytes that follow, " + std::to_string(bytes.size() - reader.at) + ", found " +
                  std::to_string(size));
  // The largest range with five digits has 48 x 2^17 counts of nine bytes at most.
  constexpr std::size_t limit = detail::hdr_header + 9 * (std::size_t{48} << 17);
  return decode(inflate(bytes.subspan(reader.at), limit), auto_resize);
}

}  // namespace qsm::inline v0::sketches
