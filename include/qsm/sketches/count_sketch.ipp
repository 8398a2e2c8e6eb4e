#include <algorithm>
#include <array>
#include <cmath>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/sketches/count_sketch.hpp>
#include <qsm/sketches/detail/places.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

inline constexpr std::uint64_t most_counted = std::uint64_t{1} << 62;

/// Of an item in one row after the other: its counter, and the sign with which it counts there.
class SignedPlaces {
 public:
  SignedPlaces(std::uint64_t hash, std::uint64_t width) : places_(hash, width), signs_(splitmix64(~hash)) {}

  std::uint64_t place() { return places_.next(); }
  std::int64_t sign() {
    const bool minus = signs_ & 1;
    signs_ >>= 1;
    return minus ? -1 : 1;
  }

 private:
  Places places_;
  std::uint64_t signs_;
};

/// The chance of one row to err with which the median of so many errs with 5 %.
inline double row_chance(int rows) {
  const auto median_errs = [rows](double chance) {
    double sum = 0;
    for (int bad = rows / 2 + 1; bad <= rows; ++bad)
      sum += std::exp(std::lgamma(rows + 1) - std::lgamma(bad + 1) - std::lgamma(rows - bad + 1) +
                      bad * std::log(chance) + (rows - bad) * std::log1p(-chance));
    return sum;
  };
  double low = 1e-6, high = 0.5;
  for (int i = 0; i < 60; ++i) (median_errs((low + high) / 2) < 0.05 ? low : high) = (low + high) / 2;
  return low;
}

}  // namespace detail

QSM_INLINE CountSketch::CountSketch(std::uint64_t width, int rows, const Hasher& hasher)
    : Items(hasher), width_(width), rows_(rows) {
  Check check("CountSketch");
  check.that(width >= 2 && width <= std::uint64_t{1} << 28, "width", static_cast<double>(width),
             "an integer in [2, 2^28]");
  check.that(rows >= 1 && rows <= 63 && rows % 2 == 1, "rows", rows, "an odd integer in [1, 63]");
  counts_.resize(width * static_cast<std::uint64_t>(rows));
}

QSM_INLINE void CountSketch::grow(std::uint64_t count) {
  Check("CountSketch.add")
      .that(count <= detail::most_counted && total_ <= detail::most_counted - count, "count",
            static_cast<double>(count), "so small that all stay below 2^62");
  total_ += count;
}

QSM_INLINE void CountSketch::add_hash(std::uint64_t hash, std::int64_t count) {
  grow(count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count));
  detail::SignedPlaces places(hash, width_);
  std::int64_t* row = counts_.data();
  for (int i = 0; i < rows_; ++i, row += width_) row[places.place()] += places.sign() * count;
}

QSM_INLINE void CountSketch::add_hashes(std::span<const std::uint64_t> hashes) {
  grow(hashes.size());
  const std::uint64_t width = width_;
  const int rows = rows_;
  std::int64_t* const table = counts_.data();
  for (const std::uint64_t hash : hashes) {
    detail::SignedPlaces places(hash, width);
    std::int64_t* row = table;
    for (int i = 0; i < rows; ++i, row += width) row[places.place()] += places.sign();
  }
}

QSM_INLINE std::int64_t CountSketch::median(std::uint64_t hash) const {
  std::array<std::int64_t, 64> values{};
  detail::SignedPlaces places(hash, width_);
  const std::int64_t* row = counts_.data();
  for (std::size_t i = 0; i < static_cast<std::size_t>(rows_); ++i, row += width_)
    values[i] = row[places.place()] * places.sign();
  const auto middle = values.begin() + rows_ / 2;
  std::nth_element(values.begin(), middle, values.begin() + rows_);
  return *middle;
}

QSM_INLINE double CountSketch::squares() const {
  std::vector<double> sums(static_cast<std::size_t>(rows_));
  for (std::size_t i = 0; i < counts_.size(); ++i)
    sums[i / width_] += static_cast<double>(counts_[i]) * static_cast<double>(counts_[i]);
  const auto middle = sums.begin() + rows_ / 2;
  std::ranges::nth_element(sums, middle);
  return *middle;
}

QSM_INLINE double CountSketch::error() const {
  // A row's error has the variance of all squares over the width (Chebyshev).
  return std::sqrt(squares() / static_cast<double>(width_) / detail::row_chance(rows_));
}

QSM_INLINE Estimate CountSketch::count_hash(std::uint64_t hash) const {
  const auto value = static_cast<double>(median(hash));
  const double reach = error();
  return {value, value - reach, value + reach, "count sketch, 95 %"};
}

QSM_INLINE void CountSketch::count_hashes(std::span<const std::uint64_t> hashes, std::span<std::int64_t> out) const {
  Check("CountSketch.count")
      .that(hashes.size() == out.size(), "size of out", static_cast<double>(out.size()), "that of the items");
  for (std::size_t i = 0; i < hashes.size(); ++i) out[i] = median(hashes[i]);
}

QSM_INLINE void CountSketch::merge(const CountSketch& other) {
  Check check("CountSketch.merge");
  check.that(other.width_ == width_, "width of other", static_cast<double>(other.width_), "that of this sketch");
  check.that(other.rows_ == rows_, "rows of other", other.rows_, "those of this sketch");
  check.that(other.total_ <= detail::most_counted - total_, "total of other", static_cast<double>(other.total_),
             "so small that all stay below 2^62");
  detail::check_hashers("CountSketch.merge", hasher(), other.hasher());
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  total_ += other.total_;
}

QSM_INLINE void CountSketch::reset() {
  std::ranges::fill(counts_, 0);
  total_ = 0;
}

QSM_INLINE std::vector<std::byte> CountSketch::encode() const {
  ByteWriter writer;
  detail::put_head(writer, "QCSK", 1, hasher());
  writer.u64(width_);
  writer.u8(static_cast<std::uint8_t>(rows_));
  writer.varint(total_);
  for (const std::int64_t counter : counts_)  // zigzag: 0, -1, 1, -2, ...
    writer.varint(static_cast<std::uint64_t>(counter) << 1 ^ static_cast<std::uint64_t>(counter >> 63));
  writer.checksum();
  return writer.take();
}

QSM_INLINE CountSketch CountSketch::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "CountSketch");
  const Hasher hasher = detail::read_head(reader, "QCSK", 1);
  const std::uint64_t width = reader.u64();
  if (width < 2 || width > std::uint64_t{1} << 28) reader.refuse("2 to 2^28 counters in a row");
  const int rows = reader.u8();
  if (rows > 63 || rows % 2 == 0 || width > reader.left() / static_cast<std::uint64_t>(rows))
    reader.refuse("an odd number of rows up to 63, whose counters follow");
  CountSketch sketch(width, rows, hasher);
  sketch.total_ = reader.varint();
  if (sketch.total_ > detail::most_counted) reader.refuse("a total of at most 2^62");
  for (int row = 0; row < rows; ++row) {
    std::uint64_t left = sketch.total_;
    for (std::uint64_t i = 0; i < width; ++i) {
      const std::uint64_t zigzag = reader.varint(), size = zigzag / 2 + zigzag % 2;
      if (size > left) reader.refuse("counters of a row that add up to the total at most");
      left -= size;
      sketch.counts_[static_cast<std::uint64_t>(row) * width + i] =
          static_cast<std::int64_t>(zigzag >> 1 ^ (0 - (zigzag & 1)));
    }
  }
  reader.checksum();
  reader.end();
  return sketch;
}

}  // namespace qsm::inline v0::sketches
