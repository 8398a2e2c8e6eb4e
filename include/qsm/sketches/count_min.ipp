#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <type_traits>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/sketches/count_min.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

inline constexpr double euler = 2.718281828459045;

/// Counters of an item, row by row, from the halves of its hash by double hashing.
class RowPlaces {
 public:
  RowPlaces(std::uint64_t hash, std::uint64_t width)
      : place_(static_cast<std::uint32_t>(hash)), step_(static_cast<std::uint32_t>(hash >> 32) | 1), width_(width) {}

  std::uint64_t next() {
    const std::uint64_t place = place_ * width_ >> 32;
    place_ += step_;
    return place;
  }

 private:
  std::uint32_t place_, step_;
  std::uint64_t width_;
};

/// Calls use(rows), for the usual numbers of rows by one that the compiler knows.
template <class Use>
void with_rows(int rows, Use use) {
  switch (rows) {
    case 3:
      return use(std::integral_constant<int, 3>());
    case 4:
      return use(std::integral_constant<int, 4>());
    case 5:
      return use(std::integral_constant<int, 5>());
    case 7:
      return use(std::integral_constant<int, 7>());
    default:
      return use(rows);
  }
}

}  // namespace detail

QSM_INLINE CountMin::CountMin(std::uint64_t width, int rows, bool conservative, const Hasher& hasher,
                              const char* function)
    : Items(hasher), width_(width), rows_(rows), conservative_(conservative) {
  Check check(function);
  check.that(width >= 1 && width <= std::uint64_t{1} << 28, "width", static_cast<double>(width),
             "an integer in [1, 2^28]");
  check.that(rows >= 1 && rows <= 64, "rows", rows, "an integer in [1, 64]");
  counts_ = detail::Counters(width * static_cast<std::uint64_t>(rows));
}

QSM_INLINE CountMin::CountMin(double error, double confidence, bool conservative, const Hasher& hasher)
    : Items(hasher), width_(0), rows_(0), conservative_(conservative) {
  Check check("CountMin");
  check.that(error >= 1.1e-8 && error <= 1, "error", error, "in [1.1e-8, 1]");
  check.that(confidence >= 0.5 && confidence < 1, "confidence", confidence, "in [0.5, 1)");
  *this = CountMin(static_cast<std::uint64_t>(std::ceil(detail::euler / error)),
                   static_cast<int>(std::ceil(-std::log1p(-confidence))), conservative, hasher, "CountMin");
}

QSM_INLINE CountMin CountMin::of_size(std::uint64_t width, int rows, bool conservative, const Hasher& hasher) {
  return {width, rows, conservative, hasher, "CountMin.of_size"};
}

QSM_INLINE void CountMin::grow(std::uint64_t count) {
  Check("CountMin.add")
      .that(count <= ~total_, "count", static_cast<double>(count), "so small that all stay below 2^64");
  total_ += count;
  counts_.make_room(total_);
}

QSM_INLINE void CountMin::add_hash(std::uint64_t hash, std::uint64_t count) {
  grow(count);
  raise({&hash, 1}, count);
}

QSM_INLINE void CountMin::add_hashes(std::span<const std::uint64_t> hashes) {
  grow(hashes.size());
  raise(hashes, 1);
}

QSM_INLINE void CountMin::raise(std::span<const std::uint64_t> hashes, std::uint64_t count) {
  const std::uint64_t width = width_;
  counts_.with([&]<class Counter>(Counter* table) {
    detail::with_rows(rows_, [&](auto rows) {
      const auto more = static_cast<Counter>(count);
      if (!conservative_) {
        for (const std::uint64_t hash : hashes) {
          detail::RowPlaces places(hash, width);
          for (int i = 0; i < rows; ++i) table[static_cast<std::uint64_t>(i) * width + places.next()] += more;
        }
        return;
      }
      for (const std::uint64_t hash : hashes) {
        std::uint64_t at[64];
        detail::RowPlaces places(hash, width);
        Counter least = std::numeric_limits<Counter>::max();
        for (int i = 0; i < rows; ++i) {
          at[i] = static_cast<std::uint64_t>(i) * width + places.next();
          least = std::min(least, table[at[i]]);
        }
        least = static_cast<Counter>(least + more);
        for (int i = 0; i < rows; ++i) table[at[i]] = std::max(table[at[i]], least);
      }
    });
  });
}

QSM_INLINE std::uint64_t CountMin::least(std::uint64_t hash) const {
  std::uint64_t least = 0;
  count_hashes({&hash, 1}, {&least, 1});
  return least;
}

QSM_INLINE Estimate CountMin::count_hash(std::uint64_t hash) const {
  const auto high = static_cast<double>(least(hash));
  char text[48];
  std::snprintf(text, sizeof text, "count-min, %.3g %%", 100 * confidence());
  return {high, std::max(0.0, high - std::ceil(error() * static_cast<double>(total_))), high, text};
}

QSM_INLINE void CountMin::count_hashes(std::span<const std::uint64_t> hashes, std::span<std::uint64_t> out) const {
  Check("CountMin.count")
      .that(hashes.size() == out.size(), "size of out", static_cast<double>(out.size()), "that of the items");
  counts_.with([&]<class Counter>(const Counter* table) {
    detail::with_rows(rows_, [&](auto rows) {
      for (std::size_t k = 0; k < hashes.size(); ++k) {
        detail::RowPlaces places(hashes[k], width_);
        Counter least = std::numeric_limits<Counter>::max();
        for (int i = 0; i < rows; ++i)
          least = std::min(least, table[static_cast<std::uint64_t>(i) * width_ + places.next()]);
        out[k] = least;
      }
    });
  });
}

QSM_INLINE void CountMin::merge(const CountMin& other) {
  Check check("CountMin.merge");
  check.that(other.width_ == width_, "width of other", static_cast<double>(other.width_), "that of this sketch");
  check.that(other.rows_ == rows_, "rows of other", other.rows_, "those of this sketch");
  check.that(other.conservative_ == conservative_, "conservative of other", other.conservative_, "that of this sketch");
  check.that(other.total_ <= ~total_, "total of other", static_cast<double>(other.total_),
             "so small that all stay below 2^64");
  detail::check_hashers("CountMin.merge", hasher(), other.hasher());
  total_ += other.total_;
  counts_.make_room(total_);
  counts_.with([&]<class Counter>(Counter* table) {
    for (std::size_t i = 0; i < counts_.size(); ++i) table[i] += static_cast<Counter>(other.counts_[i]);
  });
}

QSM_INLINE void CountMin::reset() {
  counts_ = detail::Counters(counts_.size());
  total_ = 0;
}

QSM_INLINE double CountMin::error() const { return detail::euler / static_cast<double>(width_); }
QSM_INLINE double CountMin::confidence() const { return -std::expm1(-rows_); }

QSM_INLINE std::vector<std::byte> CountMin::encode() const {
  ByteWriter writer;
  detail::put_head(writer, "QCMS", 1, hasher());
  writer.u64(width_);
  writer.u8(static_cast<std::uint8_t>(rows_));
  writer.u8(conservative_ ? 1 : 0);
  writer.u64(total_);
  for (std::size_t i = 0; i < counts_.size(); ++i) writer.varint(counts_[i]);
  writer.checksum();
  return writer.take();
}

QSM_INLINE CountMin CountMin::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "CountMin");
  const Hasher hasher = detail::read_head(reader, "QCMS", 1);
  const std::uint64_t width = reader.u64();
  if (width < 1 || width > std::uint64_t{1} << 28) reader.refuse("1 to 2^28 counters in a row");
  const int rows = reader.u8();
  if (rows < 1 || rows > 64 || width > reader.left() / static_cast<std::uint64_t>(rows))
    reader.refuse("1 to 64 rows, whose counters follow");
  const int conservative = reader.u8();
  if (conservative > 1) reader.refuse("0 or 1, whether update is conservative");
  CountMin sketch = of_size(width, rows, conservative == 1, hasher);
  sketch.total_ = reader.u64();
  sketch.counts_.make_room(sketch.total_);
  for (int row = 0; row < rows; ++row) {
    std::uint64_t left = sketch.total_;
    for (std::uint64_t i = 0; i < width; ++i) {
      const std::uint64_t counter = reader.varint();
      if (counter > left) reader.refuse("counters of a row that add up to the total at most");
      left -= counter;
      sketch.counts_.with([&]<class Counter>(Counter* table) {
        table[static_cast<std::uint64_t>(row) * width + i] = static_cast<Counter>(counter);
      });
    }
    if (conservative == 0 && left != 0) reader.refuse("counters of a row that add up to the total");
  }
  reader.checksum();
  reader.end();
  return sketch;
}

}  // namespace qsm::inline v0::sketches
