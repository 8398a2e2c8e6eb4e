#include <algorithm>
#include <cmath>
#include <limits>

#include <qsm/core/error.hpp>
#include <qsm/core/histogram.hpp>

namespace qsm::inline v0::inline core {

QSM_INLINE void Histogram::record(std::span<const double> values) {
  double sums[4] = {}, largest[4] = {max_, max_, max_, max_};  // four chains, so that additions overlap
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) {
      const double value = values[i + lane];
      count_value(value);
      sums[lane] += value;
      largest[lane] = value > largest[lane] ? value : largest[lane];
    }
  }
  sum_ += (sums[0] + sums[1]) + (sums[2] + sums[3]);
  max_ = std::max({largest[0], largest[1], largest[2], largest[3]});
  count_ += i;
  for (; i < values.size(); ++i) record(values[i]);
}

QSM_INLINE void Histogram::count_elsewhere(double value) {
  Check("Histogram.record").not_negative("value", value);
  if (value == 0) {  // -0.0
    ++counts_.back();
    return;
  }
  const auto bucket = std::bit_cast<std::uint64_t>(value) >> shift;
  cover(bucket, bucket + 1);
  ++counts_[bucket - first_];
}

// Makes room for the buckets from low to below high, by whole octaves, and for some more on a side that grows.
QSM_INLINE void Histogram::cover(std::uint64_t low, std::uint64_t high) {
  constexpr std::uint64_t octave = 2048;
  low = low / octave * octave;
  high = (high + octave - 1) / octave * octave;
  if (size() == 0) first_ = low;
  const std::uint64_t more = std::max(2 * octave, size() / 4 / octave * octave);
  low = low < first_ ? std::min(low, first_ - std::min(first_, more)) : first_;
  high = high > first_ + size() ? std::max(high, first_ + size() + more) : first_ + size();
  std::vector<std::uint64_t> wider(high - low + 1);
  std::copy(counts_.begin(), counts_.end() - 1, wider.begin() + static_cast<std::ptrdiff_t>(first_ - low));
  wider.back() = counts_.back();
  counts_ = std::move(wider);
  first_ = low;
}

QSM_INLINE void Histogram::merge(const Histogram& other) {
  if (other.size() > 0) {
    if (size() == 0 || other.first_ < first_ || other.first_ + other.size() > first_ + size())
      cover(other.first_, other.first_ + other.size());
    for (std::size_t i = 0; i < other.size(); ++i) counts_[other.first_ - first_ + i] += other.counts_[i];
  }
  counts_.back() += other.counts_.back();
  count_ += other.count_;
  sum_ += other.sum_;
  max_ = std::max(max_, other.max_);
}

QSM_INLINE double Histogram::mean() const {
  return count_ > 0 ? sum_ / count() : std::numeric_limits<double>::quiet_NaN();
}

QSM_INLINE double Histogram::max() const { return count_ > 0 ? max_ : std::numeric_limits<double>::quiet_NaN(); }

QSM_INLINE double Histogram::quantile(double probability) const {
  Check("Histogram.quantile").probability("probability", probability);
  if (count_ == 0) return std::numeric_limits<double>::quiet_NaN();
  const double rank = probability * count();
  double below = zeros();
  if (below > 0 && rank <= below) return 0;
  for (std::size_t i = 0; i < size(); ++i) {
    if (counts_[i] == 0) continue;
    const auto here = static_cast<double>(counts_[i]);
    if (rank <= below + here) {
      const double low = edge(first_ + i), high = std::min(edge(first_ + i + 1), std::max(max_, low));
      return std::min(low + (high - low) * ((rank - below) / here), max_);
    }
    below += here;
  }
  return max_;
}

QSM_INLINE double Histogram::cdf(double value) const {
  Check("Histogram.cdf").that(!std::isnan(value), "value", value, "a number");
  if (count_ == 0) return std::numeric_limits<double>::quiet_NaN();
  if (value < 0) return 0;
  if (value >= max_) return 1;
  const auto bucket = std::bit_cast<std::uint64_t>(value) >> shift;
  double below = zeros();
  if (value == 0) return below / count();
  for (std::size_t i = 0; i < size() && first_ + i <= bucket; ++i) {
    const auto here = static_cast<double>(counts_[i]);
    if (first_ + i < bucket) {
      below += here;
    } else {
      const double low = edge(bucket), high = std::min(edge(bucket + 1), max_);
      below += high > low ? here * ((value - low) / (high - low)) : here;
    }
  }
  return below / count();
}

QSM_INLINE std::vector<Histogram::Bucket> Histogram::buckets() const {
  std::vector<Bucket> filled;
  if (counts_.back() > 0) filled.push_back({0, 0, zeros()});
  for (std::size_t i = 0; i < size(); ++i)
    if (counts_[i] > 0) filled.push_back({edge(first_ + i), edge(first_ + i + 1), static_cast<double>(counts_[i])});
  return filled;
}

QSM_INLINE void Histogram::write(ByteWriter& bytes) const {
  bytes.varint(first_);
  bytes.varint(counts_.size());
  for (const auto count : counts_) bytes.varint(count);
  bytes.f64(sum_);
  bytes.f64(max_);
}

QSM_INLINE Histogram Histogram::read(ByteReader& bytes) {
  Histogram read;
  read.first_ = bytes.varint();
  read.counts_.resize(bytes.count(1));
  if (read.counts_.empty()) bytes.refuse("a count of zeros");
  for (auto& count : read.counts_) read.count_ += count = bytes.varint();
  read.sum_ = bytes.f64();
  read.max_ = bytes.f64();
  return read;
}

}  // namespace qsm::inline v0::inline core
