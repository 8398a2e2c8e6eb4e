#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/hashing.hpp>
#include <qsm/sketches/detail/sort.hpp>
#include <qsm/sketches/kll_sketch.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

inline constexpr std::size_t kll_least = 8;  // numbers of the smallest level
inline constexpr std::size_t kll_most_levels = 61;

/// Numbers that a level may hold: k (2/3)^depth, rounded as DataSketches does.
inline std::size_t kll_capacity(int k, std::size_t levels, std::size_t level) {
  const std::size_t depth = levels - level - 1;
  if (depth > 30) return kll_least;
  std::uint64_t power = 1;
  for (std::size_t i = 0; i < depth; ++i) power *= 3;
  const std::uint64_t twice = (static_cast<std::uint64_t>(2 * k) << depth) / power;
  return std::max<std::size_t>(kll_least, (twice + 1) / 2);
}
inline std::size_t kll_capacity(int k, std::size_t levels) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < levels; ++i) sum += kll_capacity(k, levels, i);
  return sum;
}

}  // namespace detail

QSM_INLINE KllSketch::KllSketch(int k, std::uint64_t seed) : k_(k), smallest_k_(k), seed_(seed) {
  Check("KllSketch").that(k >= 8 && k <= 65535, "k", k, "an integer in [8, 65535]");
}

QSM_INLINE bool KllSketch::draw() { return splitmix64(seed_ + draws_++) >> 63 != 0; }

QSM_INLINE void KllSketch::add(std::span<const double> numbers) {
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
    count_ += part.size();
    if (fresh_.size() == block) settle();
    numbers = numbers.subspan(part.size());
  }
}

/// Merges numbers in order into a level.
QSM_INLINE void KllSketch::put_into(std::vector<double>& level, std::span<const double> numbers) {
  if (level.empty()) return level.assign(numbers.begin(), numbers.end());
  thread_local std::vector<double> work;
  work.resize(level.size() + numbers.size());
  std::merge(level.begin(), level.end(), numbers.begin(), numbers.end(), work.begin());
  level.assign(work.begin(), work.end());
}

/// Puts what is fresh into the lowest level.
QSM_INLINE void KllSketch::settle() {
  if (fresh_.empty()) return;
  detail::sort_numbers(fresh_);
  put_into(levels_[0], fresh_);
  fresh_.clear();
  compress();
}

QSM_INLINE void KllSketch::compress() {
  std::size_t held = 0;
  for (const auto& level : levels_) held += level.size();
  while (held > detail::kll_capacity(k_, levels_.size())) {
    std::size_t level = 0;
    while (levels_[level].size() < detail::kll_capacity(k_, levels_.size(), level)) ++level;
    held -= levels_[level].size() / 2;
    raise(level);
  }
}

/// Every second number of a level goes up; of an odd number of numbers one stays.
QSM_INLINE void KllSketch::raise(std::size_t level) {
  if (level + 1 == levels_.size()) levels_.emplace_back();
  std::vector<double>& from = levels_[level];
  std::vector<double>& to = levels_[level + 1];
  double left = 0;
  const bool odd = from.size() % 2 == 1;
  std::size_t first = 0;
  if (odd) {
    const bool last = draw();
    left = last ? from.back() : from.front();
    first = last ? 0 : 1;
  }
  const std::size_t half = from.size() / 2;
  first += draw() ? 1 : 0;
  for (std::size_t i = 0; i < half; ++i) from[i] = from[first + 2 * i];
  put_into(to, std::span(from).first(half));
  from = std::vector<double>(odd ? 1 : 0, left);  // without the room
}

QSM_INLINE void KllSketch::merge(const KllSketch& other) {
  constexpr std::uint64_t most = std::uint64_t{1} << 60;
  Check("KllSketch.merge")
      .that(other.count_ <= most && count_ <= most - other.count_, "count of other", static_cast<double>(other.count_),
            "so small that all stay below 2^60");
  if (other.count_ == 0) return;
  if (&other == this) return merge(KllSketch(other));
  if (other.rank_error() > 0) smallest_k_ = std::min(smallest_k_, other.smallest_k_);
  add(other.fresh_);
  if (levels_.size() < other.levels_.size()) levels_.resize(other.levels_.size());
  for (std::size_t i = 0; i < other.levels_.size(); ++i) {
    if (other.levels_[i].empty()) continue;
    put_into(levels_[i], other.levels_[i]);
    count_ += static_cast<std::uint64_t>(other.levels_[i].size()) << i;
  }
  least_ = std::min(least_, other.least_);
  largest_ = std::max(largest_, other.largest_);
  compress();
}

QSM_INLINE void KllSketch::reset() { *this = KllSketch(k_, seed_); }

// --- answers ----------------------------------------------------------------------------------------------------------

QSM_INLINE double KllSketch::rank_error(bool of_difference) const {
  if (levels_.size() == 1) return 0;
  const double k = smallest_k_;
  return of_difference ? 2.446 / std::pow(k, 0.9433) : 2.296 / std::pow(k, 0.9723);
}

QSM_INLINE std::size_t KllSketch::kept() const {
  std::size_t numbers = fresh_.size();
  for (const auto& level : levels_) numbers += level.size();
  return numbers;
}

QSM_INLINE std::size_t KllSketch::bytes_used() const {
  std::size_t room = fresh_.capacity();
  for (const auto& level : levels_) room += level.capacity();
  return room * sizeof(double);
}

QSM_INLINE detail::RankedValues KllSketch::ranked() const {
  std::vector<std::pair<double, std::uint64_t>> weighted;
  weighted.reserve(kept());
  for (const double number : fresh_) weighted.emplace_back(number, 1);
  for (std::size_t i = 0; i < levels_.size(); ++i)
    for (const double number : levels_[i]) weighted.emplace_back(number, std::uint64_t{1} << i);
  return detail::RankedValues::of(std::move(weighted));
}

// --- bytes ------------------------------------------------------------------------------------------------------------

QSM_INLINE std::vector<std::byte> KllSketch::encode() const {
  ByteWriter writer;
  detail::put_letters(writer, "QKLL", 1);
  writer.varint(static_cast<std::uint64_t>(k_));
  writer.varint(static_cast<std::uint64_t>(smallest_k_));
  writer.u64(seed_);
  writer.varint(draws_);
  writer.f64(least_);
  writer.f64(largest_);
  writer.varint(fresh_.size());
  for (const double number : fresh_) writer.f64(number);
  writer.varint(levels_.size());
  for (const auto& level : levels_) {
    writer.varint(level.size());
    for (const double number : level) writer.f64(number);
  }
  writer.checksum();
  return writer.take();
}

QSM_INLINE KllSketch KllSketch::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "KllSketch");
  detail::read_letters(reader, "QKLL", 1);
  const std::uint64_t k = reader.varint();
  if (k < 8 || k > 65535) reader.refuse("a size of 8 to 65535");
  KllSketch sketch(static_cast<int>(k));
  const std::uint64_t smallest = reader.varint();
  if (smallest < 8 || smallest > k) reader.refuse("a smallest size of 8 to the size");
  sketch.smallest_k_ = static_cast<int>(smallest);
  sketch.seed_ = reader.u64();
  sketch.draws_ = reader.varint();
  sketch.least_ = reader.f64();
  sketch.largest_ = reader.f64();
  const auto numbers = [&](std::vector<double>& to, bool ordered) {
    to.resize(reader.count(sizeof(double)));
    for (std::size_t i = 0; i < to.size(); ++i) {
      to[i] = reader.f64();
      if (!(to[i] >= sketch.least_ && to[i] <= sketch.largest_) || !std::isfinite(to[i]))
        reader.refuse("a finite number between the least and the largest");
      if (ordered && i > 0 && to[i] < to[i - 1]) reader.refuse("numbers of a level in order");
    }
  };
  numbers(sketch.fresh_, false);
  if (sketch.fresh_.size() >= block) reader.refuse("fewer fresh numbers than a block");
  const std::uint64_t levels = reader.varint();
  if (levels < 1 || levels > detail::kll_most_levels) reader.refuse("1 to 61 levels");
  sketch.levels_.resize(levels);
  sketch.count_ = sketch.fresh_.size();
  std::size_t held = 0;
  for (std::size_t i = 0; i < levels; ++i) {
    numbers(sketch.levels_[i], true);
    held += sketch.levels_[i].size();
    sketch.count_ += static_cast<std::uint64_t>(sketch.levels_[i].size()) << i;
    if (held > detail::kll_capacity(sketch.k_, levels) || sketch.count_ >> 60 != 0)
      reader.refuse("no more numbers than the levels hold");
  }
  if (sketch.count_ == 0 ? sketch.least_ != infinity || sketch.largest_ != -infinity
                         : !(sketch.least_ <= sketch.largest_) || !std::isfinite(sketch.largest_ - sketch.least_ / 2))
    reader.refuse("a least and a largest number where there are numbers, else none");
  reader.checksum();
  reader.end();
  return sketch;
}

QSM_INLINE std::vector<std::byte> KllSketch::to_datasketches(DataSketchesItems items) const {
  if (items == DataSketchesItems::floats && count_ > 0)
    Check("KllSketch.to_datasketches")
        .that(std::max(-least_, largest_) <= std::numeric_limits<float>::max(), "largest number",
              std::max(-least_, largest_), "one that a float holds");
  KllSketch settled = *this;
  settled.settle();
  settled.compress();
  const auto& levels = settled.levels_;
  ByteWriter writer;
  const auto put = [&](double number) {
    if (items == DataSketchesItems::doubles)
      writer.f64(number);
    else
      writer.u32(std::bit_cast<std::uint32_t>(static_cast<float>(number)));
  };
  const bool few = count_ <= 1;
  writer.u8(few ? 2 : 5);
  writer.u8(count_ == 1 ? 2 : 1);
  writer.u8(15);
  writer.u8(count_ == 0 ? 1 : count_ == 1 ? 4 : 2);
  writer.u16(static_cast<std::uint16_t>(k_));
  writer.u16(detail::kll_least);
  if (count_ > 1) {
    writer.u64(count_);
    writer.u16(static_cast<std::uint16_t>(smallest_k_));
    writer.u16(static_cast<std::uint16_t>(levels.size()));
    std::size_t at = detail::kll_capacity(k_, levels.size()) - settled.kept();
    for (const auto& level : levels) {
      writer.u32(static_cast<std::uint32_t>(at));
      at += level.size();
    }
    put(least_);
    put(largest_);
  }
  for (const auto& level : levels)
    for (const double number : level) put(number);
  return writer.take();
}

QSM_INLINE KllSketch KllSketch::from_datasketches(std::span<const std::byte> bytes, DataSketchesItems items,
                                                  std::uint64_t seed) {
  ByteReader reader(bytes, "KLL of DataSketches");
  const int words = reader.u8(), version = reader.u8();
  if (version != 1 && version != 2) reader.refuse("serial version 1 or 2");
  if (reader.u8() != 15) reader.refuse("family 15, KLL");
  const int flags = reader.u8();
  const bool empty = (flags & 1) != 0, ordered = (flags & 2) != 0, single = (flags & 4) != 0;
  if (words != (empty || single ? 2 : 5)) reader.refuse("a preamble as long as the flags say");
  const int k = reader.u16();
  if (k < 8) reader.refuse("a size k of 8 to 65535");
  if (reader.u8() != detail::kll_least) reader.refuse("a smallest level of 8");
  reader.u8();
  KllSketch sketch(k, seed);
  const auto number = [&] {
    const double value = items == DataSketchesItems::doubles ? reader.f64() : std::bit_cast<float>(reader.u32());
    if (!std::isfinite(value)) reader.refuse("a finite number");
    return value + 0.0;
  };
  if (single && !empty) sketch.add(number());
  if (!empty && !single) {
    sketch.count_ = reader.u64();
    sketch.smallest_k_ = reader.u16();
    if (sketch.smallest_k_ < 8 || sketch.smallest_k_ > k) reader.refuse("a smallest k of 8 to k");
    const std::size_t levels = reader.u8();
    if (levels < 1 || levels > detail::kll_most_levels) reader.refuse("1 to 61 levels");
    reader.u8();
    const std::size_t capacity = detail::kll_capacity(k, levels);
    std::vector<std::size_t> starts(levels + 1, capacity);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < levels; ++i) {
      starts[i] = reader.u32();
      if (starts[i] > capacity || (i > 0 && starts[i] < starts[i - 1])) reader.refuse("starts of levels in order");
      if (i > 0) sum += static_cast<std::uint64_t>(starts[i] - starts[i - 1]) << (i - 1);
    }
    sum += static_cast<std::uint64_t>(capacity - starts[levels - 1]) << (levels - 1);
    if (sum != sketch.count_ || sum == 0 || sum >> 60 != 0) reader.refuse("levels of as many numbers as there were");
    sketch.least_ = number();
    sketch.largest_ = number();
    sketch.levels_.resize(levels);
    for (std::size_t i = 0; i < levels; ++i) {
      auto& level = sketch.levels_[i];
      for (std::size_t j = starts[i]; j < starts[i + 1]; ++j) {
        level.push_back(number());
        if (level.back() < sketch.least_ || level.back() > sketch.largest_)
          reader.refuse("numbers between the least and the largest");
        if ((i > 0 || ordered) && level.size() > 1 && level.back() < level[level.size() - 2])
          reader.refuse("numbers of a level in order");
      }
    }
    std::sort(sketch.levels_[0].begin(), sketch.levels_[0].end());
  }
  reader.end();
  return sketch;
}

}  // namespace qsm::inline v0::sketches
