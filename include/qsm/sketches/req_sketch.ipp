#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/hashing.hpp>
#include <qsm/sketches/detail/sort.hpp>
#include <qsm/sketches/req_sketch.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

inline constexpr std::size_t req_sections = 3;  // of a level, at first
inline constexpr std::size_t req_least = 4;     // numbers of a section
inline constexpr std::size_t req_most_levels = 61;

}  // namespace detail

QSM_INLINE ReqSketch::ReqSketch(int k, ReqEnd end, std::uint64_t seed) : k_(k), end_(end), seed_(seed) {
  Check("ReqSketch").that(k >= 8 && k <= 1024 && k % 2 == 0, "k", k, "an even integer in [8, 1024]");
  measure();
}

/// Sections of a level after so many compactions: twice as many, and smaller by the root of two, each time that those there
/// are have all been used.
QSM_INLINE ReqSketch::Sections ReqSketch::sections(std::uint64_t compactions) const {
  Sections all{static_cast<std::size_t>(k_), detail::req_sections};
  auto exact = static_cast<float>(k_);  // float, as DataSketches has it
  for (; all.number < 64 && compactions >> (all.number - 1) != 0; all.number *= 2) {
    exact = static_cast<float>(exact / std::sqrt(2.0));
    const auto size = 2 * static_cast<std::size_t>(std::round(exact / 2));
    if (size < detail::req_least) break;
    all.size = size;
  }
  return all;
}

QSM_INLINE bool ReqSketch::draw() { return splitmix64(splitmix64(seed_) + draws_++) >> 63 != 0; }

QSM_INLINE void ReqSketch::measure() {
  kept_ = room_ = 0;
  for (const Level& level : levels_) {
    kept_ += level.numbers.size();
    room_ += sections(level.compactions).room();
  }
}

QSM_INLINE void ReqSketch::add(std::span<const double> numbers) {
  detail::check_finite(name, numbers);
  while (!numbers.empty()) {
    const auto part = numbers.first(std::min(numbers.size(), room_ - kept_));
    for (const double number : part) {
      levels_[0].numbers.push_back(number + 0.0);  // no -0, which sorting could not tell from 0
      least_ = std::min(least_, number + 0.0);
      largest_ = std::max(largest_, number + 0.0);
    }
    count_ += part.size();
    kept_ += part.size();
    if (kept_ == room_) compress();
    numbers = numbers.subspan(part.size());
  }
}

QSM_INLINE void ReqSketch::compress() {
  for (std::size_t level = 0; level < levels_.size(); ++level)
    if (levels_[level].numbers.size() >= sections(levels_[level].compactions).room()) raise(level);
  measure();
}

/// Of the numbers at one end every second goes up. The further in from there, the less often a section takes part: the first
/// each time, the next every second time, and so on, but those of the half at the other end never.
QSM_INLINE void ReqSketch::raise(std::size_t level) {
  if (level + 1 == levels_.size()) levels_.emplace_back();
  Level& from = levels_[level];
  if (level == 0) detail::sort_numbers(from.numbers);
  const Sections all = sections(from.compactions);
  const std::size_t taking_part = std::min<std::size_t>(std::countr_one(from.compactions) + 1u, all.number);
  std::size_t stay = all.room() / 2 + (all.number - taking_part) * all.size;
  stay += (from.numbers.size() - stay) % 2;
  const std::size_t go = from.numbers.size() - stay;
  from.second = from.compactions % 2 == 1 ? !from.second : draw();
  ++from.compactions;
  const auto begin = from.numbers.begin() + static_cast<std::ptrdiff_t>(end_ == ReqEnd::high ? 0 : stay);
  std::vector<double> up;
  for (std::size_t i = from.second ? 1 : 0; i < go; i += 2) up.push_back(begin[static_cast<std::ptrdiff_t>(i)]);
  from.numbers.erase(begin, begin + static_cast<std::ptrdiff_t>(go));
  std::vector<double>& to = levels_[level + 1].numbers;
  std::vector<double> both;
  std::ranges::merge(to, up, std::back_inserter(both));
  to = std::move(both);
}

QSM_INLINE void ReqSketch::merge(const ReqSketch& other) {
  constexpr std::uint64_t most = std::uint64_t{1} << 60;
  Check check("ReqSketch.merge");
  check.that(other.k_ == k_, "k of other", other.k_, "that of this sketch");
  check.that(other.end_ == end_, "end of other", static_cast<double>(other.end_), "that of this sketch");
  check.that(other.count_ <= most && count_ <= most - other.count_, "count of other", static_cast<double>(other.count_),
             "so small that all stay below 2^60");
  if (other.count_ == 0) return;
  if (&other == this) return merge(ReqSketch(other));
  if (levels_.size() < other.levels_.size()) levels_.resize(other.levels_.size());
  for (std::size_t i = 0; i < other.levels_.size(); ++i) {
    Level& own = levels_[i];
    const Level& theirs = other.levels_[i];
    own.compactions |= theirs.compactions;
    own.second = draw();  // what went up last was chosen for other numbers
    const auto middle = static_cast<std::ptrdiff_t>(own.numbers.size());
    own.numbers.insert(own.numbers.end(), theirs.numbers.begin(), theirs.numbers.end());
    if (i > 0) std::inplace_merge(own.numbers.begin(), own.numbers.begin() + middle, own.numbers.end());
  }
  count_ += other.count_;
  least_ = std::min(least_, other.least_);
  largest_ = std::max(largest_, other.largest_);
  measure();
  while (kept_ >= room_) compress();
}

QSM_INLINE void ReqSketch::reset() { *this = ReqSketch(k_, end_, seed_); }

// --- answers ----------------------------------------------------------------------------------------------------------

QSM_INLINE double ReqSketch::rank_error(double rank) const {
  Check("ReqSketch.rank_error").probability("rank", rank);
  const double from_end = end_ == ReqEnd::high ? 1 - rank : rank;
  const double all_kept = static_cast<double>(k_) * detail::req_sections;
  if (levels_.size() == 1 || from_end * static_cast<double>(count_) <= all_kept) return 0;
  return 2.576 / k_ * std::min(std::sqrt(0.0512 / detail::req_sections) * from_end, 0.084);
}

QSM_INLINE std::size_t ReqSketch::bytes_used() const {
  std::size_t bytes = 0;
  for (const Level& level : levels_) bytes += sizeof level + level.numbers.capacity() * sizeof(double);
  return bytes;
}

QSM_INLINE detail::RankedValues ReqSketch::ranked() const {
  std::vector<std::pair<double, std::uint64_t>> weighted;
  weighted.reserve(kept_);
  for (std::size_t i = 0; i < levels_.size(); ++i)
    for (const double number : levels_[i].numbers) weighted.emplace_back(number, std::uint64_t{1} << i);
  return detail::RankedValues::of(std::move(weighted));
}

// --- bytes ------------------------------------------------------------------------------------------------------------

QSM_INLINE std::vector<std::byte> ReqSketch::encode() const {
  ByteWriter writer;
  detail::put_letters(writer, "QREQ", 1);
  writer.varint(static_cast<std::uint64_t>(k_));
  writer.u8(static_cast<std::uint8_t>(end_));
  writer.u64(seed_);
  writer.varint(draws_);
  writer.f64(least_);
  writer.f64(largest_);
  writer.varint(levels_.size());
  for (const Level& level : levels_) {
    writer.varint(level.compactions);
    writer.u8(level.second ? 1 : 0);
    writer.varint(level.numbers.size());
    for (const double number : level.numbers) writer.f64(number);
  }
  writer.checksum();
  return writer.take();
}

QSM_INLINE ReqSketch ReqSketch::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "ReqSketch");
  detail::read_letters(reader, "QREQ", 1);
  const std::uint64_t k = reader.varint();
  if (k < 8 || k > 1024 || k % 2 != 0) reader.refuse("an even size of 8 to 1024");
  ReqSketch sketch(static_cast<int>(k));
  const int end = reader.u8();
  if (end > 1) reader.refuse("an end, 0 or 1");
  sketch.end_ = static_cast<ReqEnd>(end);
  sketch.seed_ = reader.u64();
  sketch.draws_ = reader.varint();
  sketch.least_ = reader.f64();
  sketch.largest_ = reader.f64();
  const std::uint64_t levels = reader.varint();
  if (levels < 1 || levels > detail::req_most_levels) reader.refuse("1 to 61 levels");
  sketch.levels_.resize(levels);
  for (std::size_t i = 0; i < levels; ++i) {
    Level& level = sketch.levels_[i];
    level.compactions = reader.varint();
    const int second = reader.u8();
    if (second > 1) reader.refuse("the last choice of a level, 0 or 1");
    level.second = second == 1;
    level.numbers.resize(reader.count(sizeof(double)));
    for (std::size_t j = 0; j < level.numbers.size(); ++j) {
      level.numbers[j] = reader.f64();
      if (!(level.numbers[j] >= sketch.least_ && level.numbers[j] <= sketch.largest_) ||
          !std::isfinite(level.numbers[j]))
        reader.refuse("a finite number between the least and the largest");
      if (i > 0 && j > 0 && level.numbers[j] < level.numbers[j - 1]) reader.refuse("numbers of a level in order");
    }
    sketch.count_ += static_cast<std::uint64_t>(level.numbers.size()) << i;
    if (level.numbers.size() >> 32 != 0 || sketch.count_ >> 60 != 0) reader.refuse("numbers below 2^60 in all");
  }
  sketch.measure();
  if (sketch.kept_ >= sketch.room_) reader.refuse("fewer numbers than the levels have room for");
  if (sketch.count_ == 0 ? sketch.least_ != infinity || sketch.largest_ != -infinity
                         : !(sketch.least_ <= sketch.largest_) || !std::isfinite(sketch.largest_ - sketch.least_ / 2))
    reader.refuse("a least and a largest number where there are numbers, else none");
  reader.checksum();
  reader.end();
  return sketch;
}

}  // namespace qsm::inline v0::sketches
