#include <algorithm>
#include <cmath>

#include <qsm/core/bytes.hpp>
#include <qsm/core/elementary.hpp>
#include <qsm/core/error.hpp>
#include <qsm/sketches/detail/quantiles.hpp>
#include <qsm/sketches/reservoir.hpp>

namespace qsm::inline v0::sketches {

QSM_INLINE Reservoir::Reservoir(std::uint64_t size, std::uint64_t seed) : size_(size), seed_(seed) {
  Check("Reservoir")
      .that(size >= 1 && size <= std::uint64_t{1} << 28, "size", static_cast<double>(size), "an integer in [1, 2^28]");
}

QSM_INLINE double Reservoir::uniform() {
  double value{};
  Stream(seed_).uniforms(draws_++, {&value, 1});
  return value;
}

/// Draws how much weight goes by before a number gets in.
QSM_INLINE void Reservoir::jump() { jump_ = -portable_log(uniform()) / entries_.front().key; }

/// Takes a number in: while there is room, as it comes; then one whose key is known to be below the largest.
QSM_INLINE void Reservoir::offer(double number, double weight) {
  if (!full()) {
    entries_.push_back({-portable_log(uniform()) / weight, number, weight});
    if (!full()) return;
    std::ranges::make_heap(entries_);
    return jump();
  }
  const double below = -std::expm1(-weight * entries_.front().key);  // chance of a key below the largest
  std::ranges::pop_heap(entries_);
  entries_.back() = {-std::log1p(-uniform() * below) / weight, number, weight};
  std::ranges::push_heap(entries_);
  jump();
}

QSM_INLINE void Reservoir::add(std::span<const double> numbers) {
  detail::check_finite("Reservoir", numbers);
  std::size_t at = 0;
  while (at < numbers.size()) {
    if (full()) {
      const auto left = static_cast<double>(numbers.size() - at);
      if (jump_ > left) {
        jump_ -= left;
        break;
      }
      at += static_cast<std::size_t>(std::max(1.0, std::ceil(jump_))) - 1;
    }
    offer(numbers[at++], 1);
  }
  count_ += numbers.size();
  total_ += static_cast<double>(numbers.size());
}

QSM_INLINE void Reservoir::add(std::span<const double> numbers, std::span<const double> weights) {
  detail::check_finite("Reservoir", numbers);
  Check check("Reservoir.add");
  check.that(weights.size() == numbers.size(), "size of weights", static_cast<double>(weights.size()),
             "that of the numbers");
  double sum = 0;
  for (const double weight : weights) {
    check.positive("weight", weight);
    sum += weight;
  }
  check.that(std::isfinite(total_ + sum), "sum of weights", total_ + sum, "finite");
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (full()) {
      jump_ -= weights[i];
      if (jump_ > 0) continue;
    }
    offer(numbers[i], weights[i]);
  }
  count_ += numbers.size();
  total_ += sum;
}

QSM_INLINE void Reservoir::merge(const Reservoir& other) {
  Check check("Reservoir.merge");
  check.that(other.size_ == size_, "size of other", static_cast<double>(other.size_), "that of this one");
  if (other.count_ == 0) return;
  check.that(other.seed_ != seed_ || count_ == 0, "seed of other", static_cast<double>(other.seed_),
             "another than that of this one");
  check.that(std::isfinite(total_ + other.total_), "total of other", other.total_, "so small that the sum is finite");
  entries_.insert(entries_.end(), other.entries_.begin(), other.entries_.end());
  count_ += other.count_;
  total_ += other.total_;
  if (!full()) return;
  std::ranges::sort(entries_);
  entries_.resize(size_ + 1, Entry{});
  std::ranges::make_heap(entries_);
  jump();  // the exponential law has no memory: a new draw is as good as what was left of the old one
}

QSM_INLINE void Reservoir::reset() {
  entries_.clear();
  count_ = 0;
  total_ = jump_ = 0;
}

QSM_INLINE std::vector<Reservoir::Entry> Reservoir::in_order() const {
  std::vector<Entry> ordered = entries_;
  std::ranges::sort(ordered);
  return ordered;
}

QSM_INLINE std::vector<double> Reservoir::sample() const {
  std::vector<double> numbers;
  for (const Entry& entry : in_order())
    if (numbers.size() < size_) numbers.push_back(entry.number);
  return numbers;
}

QSM_INLINE std::vector<double> Reservoir::weights() const {
  const auto ordered = in_order();
  std::vector<double> weights;
  for (const Entry& entry : ordered)
    if (weights.size() < size_)
      weights.push_back(full() ? entry.weight / -std::expm1(-entry.weight * ordered.back().key) : entry.weight);
  return weights;
}

QSM_INLINE std::vector<std::byte> Reservoir::encode() const {
  ByteWriter writer;
  detail::put_letters(writer, "QRSV", 1);
  writer.varint(size_);
  writer.u64(seed_);
  writer.varint(draws_);
  writer.varint(count_);
  writer.f64(total_);
  writer.f64(jump_);
  writer.varint(entries_.size());
  for (const Entry& entry : in_order()) {
    writer.f64(entry.key);
    writer.f64(entry.number);
    writer.f64(entry.weight);
  }
  writer.checksum();
  return writer.take();
}

QSM_INLINE Reservoir Reservoir::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "Reservoir");
  detail::read_letters(reader, "QRSV", 1);
  const std::uint64_t size = reader.varint();
  if (size < 1 || size > std::uint64_t{1} << 28) reader.refuse("a size of 1 to 2^28");
  Reservoir sketch(size);
  sketch.seed_ = reader.u64();
  sketch.draws_ = reader.varint();
  sketch.count_ = reader.varint();
  sketch.total_ = reader.f64();
  if (!(sketch.total_ >= 0 && std::isfinite(sketch.total_))) reader.refuse("a finite sum of weights >= 0");
  sketch.jump_ = reader.f64();
  if (!(sketch.jump_ >= 0)) reader.refuse("a jump >= 0");
  sketch.entries_.resize(reader.count(3 * sizeof(double)), Entry{});
  if (sketch.entries_.size() != std::min(sketch.count_, size + 1))
    reader.refuse("as many numbers as there were, or one more than the sample");
  for (Entry& entry : sketch.entries_) {
    entry.key = reader.f64();
    if (!(entry.key > 0 && std::isfinite(entry.key))) reader.refuse("a finite key > 0");
    if (&entry != sketch.entries_.data() && !((&entry)[-1].key <= entry.key)) reader.refuse("keys in order");
    entry.number = reader.f64();
    if (!std::isfinite(entry.number)) reader.refuse("a finite number");
    entry.weight = reader.f64();
    if (!(entry.weight > 0 && entry.weight <= sketch.total_)) reader.refuse("a weight > 0, at most that of all");
  }
  if (sketch.full()) std::ranges::make_heap(sketch.entries_);
  reader.checksum();
  reader.end();
  return sketch;
}

}  // namespace qsm::inline v0::sketches
