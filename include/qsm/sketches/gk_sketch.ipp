#include <cmath>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/sketches/detail/sort.hpp>
#include <qsm/sketches/gk_sketch.hpp>

namespace qsm::inline v0::sketches {

QSM_INLINE GkSketch::GkSketch(double error) : error_(error) {
  Check("GkSketch").that(error >= 1e-5 && error <= 0.5, "error", error, "in [1e-5, 0.5]");
}

QSM_INLINE std::uint64_t GkSketch::width() const {
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(2 * error_ * static_cast<double>(count_)));
}

QSM_INLINE void GkSketch::add(std::span<const double> numbers) {
  detail::check_finite(name, numbers);
  for (const double number : numbers) {
    fresh_.push_back(number + 0.0);  // no -0, which sorting could not tell from 0
    least_ = std::min(least_, number + 0.0);
    largest_ = std::max(largest_, number + 0.0);
    if (fresh_.size() == block) settle();
  }
}

QSM_INLINE void GkSketch::settle() {
  if (fresh_.empty()) return;
  detail::sort_numbers(fresh_);
  std::vector<Entry> entries;
  for (const double number : fresh_) entries.push_back({number, 1, 0});
  const std::uint64_t size = fresh_.size();
  fresh_.clear();
  join(entries, size);
}

QSM_INLINE GkSketch GkSketch::settled() const {
  GkSketch copy = *this;
  copy.settle();
  return copy;
}

/// Both summaries in one: a number may stand behind all that the next one of the other summary stands for but itself.
/// Then neighbours become one wherever they are close enough together.
QSM_INLINE void GkSketch::join(const std::vector<Entry>& others, std::uint64_t others_count) {
  std::vector<Entry> all;
  all.reserve(entries_.size() + others.size());
  for (std::size_t i = 0, j = 0; i < entries_.size() || j < others.size();) {
    const bool own = j == others.size() || (i < entries_.size() && entries_[i].value <= others[j].value);
    Entry entry = own ? entries_[i] : others[j];
    if (own && j < others.size()) entry.span += others[j].gap + others[j].span - 1;
    if (!own && i < entries_.size()) entry.span += entries_[i].gap + entries_[i].span - 1;
    ++(own ? i : j);
    all.push_back(entry);
  }
  count_ += others_count;
  const std::uint64_t most = width();
  entries_.clear();
  for (std::size_t i = all.size(); i > 0; --i) {  // from the largest; the first and the last number stay
    Entry& entry = all[i - 1];
    if (i > 1 && !entries_.empty() && i < all.size() && entry.gap + entries_.back().gap + entries_.back().span <= most)
      entries_.back().gap += entry.gap;
    else
      entries_.push_back(entry);
  }
  std::reverse(entries_.begin(), entries_.end());
}

QSM_INLINE void GkSketch::merge(const GkSketch& other) {
  constexpr std::uint64_t limit = std::uint64_t{1} << 52;
  Check check("GkSketch.merge");
  check.that(other.error_ == error_, "error of other", other.error_, "that of this sketch");
  check.that(other.count() <= limit && count() <= limit - other.count(), "count of other",
             static_cast<double>(other.count()), "so small that all stay below 2^52");
  if (other.count() == 0) return;
  const GkSketch theirs = other.settled();
  settle();
  join(theirs.entries_, theirs.count_);
  least_ = std::min(least_, theirs.least_);
  largest_ = std::max(largest_, theirs.largest_);
}

QSM_INLINE void GkSketch::reset() { *this = GkSketch(error_); }

/// A number stands for a rank where its largest rank is still within the error of it, and the next number's is not.
QSM_INLINE detail::RankedValues GkSketch::ranked() const {
  const GkSketch all = settled();
  detail::RankedValues ranked;
  const auto error = static_cast<std::uint64_t>(error_ * static_cast<double>(all.count_));
  std::uint64_t least_rank = 0, up_to = 0;
  for (std::size_t i = 0; i < all.entries_.size(); ++i) {
    least_rank += all.entries_[i].gap;
    if (i + 1 < all.entries_.size()) {
      const std::uint64_t next = least_rank + all.entries_[i + 1].gap + all.entries_[i + 1].span;
      up_to = std::max(up_to, next > error + 1 ? next - error - 1 : 0);
    } else {
      up_to = all.count_;
    }
    ranked.values.push_back(all.entries_[i].value);
    ranked.up_to.push_back(std::min(up_to, all.count_));
  }
  return ranked;
}

QSM_INLINE std::vector<std::byte> GkSketch::encode() const {
  const GkSketch all = settled();
  ByteWriter writer;
  detail::put_letters(writer, "QGKS", 1);
  writer.f64(error_);
  writer.varint(all.entries_.size());
  for (const Entry& entry : all.entries_) {
    writer.f64(entry.value);
    writer.varint(entry.gap);
    writer.varint(entry.span);
  }
  writer.checksum();
  return writer.take();
}

QSM_INLINE GkSketch GkSketch::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "GkSketch");
  detail::read_letters(reader, "QGKS", 1);
  const double error = reader.f64();
  if (!(error >= 1e-5 && error <= 0.5)) reader.refuse("an error in [1e-5, 0.5]");
  GkSketch sketch(error);
  sketch.entries_.resize(reader.count(10), Entry{});
  for (std::size_t i = 0; i < sketch.entries_.size(); ++i) {
    Entry& entry = sketch.entries_[i];
    entry.value = reader.f64();
    if (!std::isfinite(entry.value) || (i > 0 && entry.value < sketch.entries_[i - 1].value))
      reader.refuse("finite numbers in order");
    entry.gap = reader.varint();
    entry.span = reader.varint();
    if (entry.gap == 0 || entry.gap >> 52 != 0 || entry.span >> 52 != 0) reader.refuse("ranks of 1 to 2^52");
    sketch.count_ += entry.gap;
    if (sketch.count_ >> 52 != 0) reader.refuse("ranks of 1 to 2^52");
  }
  for (const Entry& entry : sketch.entries_)
    if (entry.gap + entry.span > sketch.width()) reader.refuse("ranks that are known to within the error");
  if (!sketch.entries_.empty()) {
    const Entry &first = sketch.entries_.front(), &last = sketch.entries_.back();
    if (first.gap != 1 || first.span != 0 || last.span != 0) reader.refuse("a first and a last number of certain rank");
    sketch.least_ = first.value;
    sketch.largest_ = last.value;
  }
  reader.checksum();
  reader.end();
  return sketch;
}

}  // namespace qsm::inline v0::sketches
