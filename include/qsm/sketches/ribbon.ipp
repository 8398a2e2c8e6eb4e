#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/sketches/detail/places.hpp>
#include <qsm/sketches/ribbon.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

inline constexpr std::uint64_t ribbon_width = 64, ribbon_bucket = 128;
/// Rows per item of a layer that bumps: fewer than items, so that hardly a row stays free.
inline constexpr double ribbon_rows = 0.96;
/// Of a bucket's items those are bumped that start in its first so many rows: one of four numbers.
inline constexpr std::array<std::uint64_t, 4> ribbon_bumped = {0, 20, 44, ribbon_bucket};
/// The last layer bumps nothing; it takes the items from so few on.
inline constexpr std::size_t ribbon_rest = 256;

/// One layer of the table: two bits for each bucket, then blocks of 64 rows, column by column.
struct RibbonLayer {
  std::uint64_t rows, seed;
  int bits;
  std::size_t begin;  // byte of the table

  constexpr std::size_t buckets() const { return (rows + ribbon_bucket - 1) / ribbon_bucket; }
  constexpr std::size_t head_bytes() const { return (buckets() + 31) / 32 * 8; }
  constexpr std::size_t end() const { return begin + head_bytes() + rows / 8 * static_cast<std::size_t>(bits); }

  QSM_ALWAYS_INLINE std::uint64_t mixed(std::uint64_t hash) const { return seeded(hash, seed); }
  QSM_ALWAYS_INLINE std::uint64_t start(std::uint64_t mixed) const { return share_of(mixed, rows - ribbon_width); }
  QSM_ALWAYS_INLINE static std::uint64_t coefficients(std::uint64_t mixed) { return splitmix64(mixed) | 1; }
  QSM_ALWAYS_INLINE std::uint64_t fingerprint(std::uint64_t mixed) const {
    return mixed & ((std::uint64_t{1} << bits) - 1);
  }
  QSM_ALWAYS_INLINE const std::byte* block(const std::byte* table, std::uint64_t start) const {
    return table + begin + head_bytes() + start / 64 * 8 * static_cast<std::size_t>(bits);
  }
  QSM_ALWAYS_INLINE bool bumps(const std::byte* table, std::uint64_t start) const {
    const std::uint64_t bucket = start / ribbon_bucket;
    const auto which = std::to_integer<unsigned>(table[begin + bucket / 4] >> (2 * (bucket % 4))) & 3;
    return start % ribbon_bucket < ribbon_bumped[which];
  }
  QSM_ALWAYS_INLINE bool holds(const std::byte* table, std::uint64_t mixed) const {
    const std::uint64_t first = start(mixed), own = coefficients(mixed), print = fingerprint(mixed);
    const std::uint64_t low = own << (first % 64), high = own >> 1 >> (63 - first % 64);
    const std::byte* at = block(table, first);
    const std::size_t width = 8 * static_cast<std::size_t>(bits);
    std::uint64_t wrong = 0;
    for (int bit = 0; bit < bits; ++bit, at += 8) {
      const std::uint64_t hit = (cell<std::uint64_t>(at) & low) ^ (cell<std::uint64_t>(at + width) & high);
      wrong |= (static_cast<std::uint64_t>(std::popcount(hit)) ^ (print >> bit)) & 1;
    }
    return wrong == 0;
  }
};

struct FindInRibbon {
  const RibbonLayer* layers;
  std::size_t last;

  QSM_ALWAYS_INLINE bool find(const std::byte* table, std::uint64_t hash, std::size_t layer) const {
    for (;; ++layer) {
      const std::uint64_t mixed = layers[layer].mixed(hash);
      if (layer == last || !layers[layer].bumps(table, layers[layer].start(mixed)))
        return layers[layer].holds(table, mixed);
    }
  }
  QSM_ALWAYS_INLINE void operator()(const std::byte* table, const std::uint64_t* hashes, std::size_t number,
                                    bool* out) const {
    const RibbonLayer first = layers[0];
    std::array<std::uint64_t, fetched_ahead> mixed;
    for (std::size_t done = 0; done < number; done += fetched_ahead) {
      const std::size_t size = std::min(fetched_ahead, number - done);
      for (std::size_t i = 0; i < size; ++i) {
        mixed[i] = first.mixed(hashes[done + i]);
        const std::byte* const at = first.block(table, first.start(mixed[i]));
        fetch_ahead(at);
        fetch_ahead(at + 8 * static_cast<std::size_t>(first.bits));
      }
      for (std::size_t i = 0; i < size; ++i)
        out[done + i] = last > 0 && first.bumps(table, first.start(mixed[i])) ? find(table, hashes[done + i], 1)
                                                                              : first.holds(table, mixed[i]);
    }
  }
};

/// The equations of a layer, each in the row of its first coefficient: Gauss's elimination as items come.
class RibbonRows {
 public:
  explicit RibbonRows(std::uint64_t rows) : coefficients_(rows), prints_(rows) {}

  static constexpr std::uint64_t none = ~std::uint64_t{0}, contradiction = none - 1;

  /// The row that an equation got; `none` where the others imply it, `contradiction` where they deny it.
  std::uint64_t put(std::uint64_t row, std::uint64_t coefficients, std::uint64_t print) {
    for (;;) {
      if (coefficients_[row] == 0) {
        coefficients_[row] = coefficients;
        prints_[row] = static_cast<std::uint16_t>(print);
        return row;
      }
      coefficients ^= coefficients_[row];
      print ^= prints_[row];
      if (coefficients == 0) return print == 0 ? none : contradiction;
      const int zeros = std::countr_zero(coefficients);
      coefficients >>= zeros;
      row += static_cast<std::uint64_t>(zeros);
    }
  }
  void take_back(std::uint64_t row) { coefficients_[row] = prints_[row] = 0; }

  /// Solves from the last row on, free rows as zeros, into blocks of 64 rows.
  void solve(std::byte* blocks, int bits) const {
    const auto columns = static_cast<std::size_t>(bits);
    std::array<std::uint64_t, 16> below{};
    for (std::size_t row = coefficients_.size(); row-- > 0;) {
      for (std::size_t column = 0; column < columns; ++column) {
        const std::uint64_t others = below[column] << 1;
        const auto sum = static_cast<std::uint64_t>(std::popcount(others & coefficients_[row]));
        below[column] = others | ((sum ^ (std::uint64_t{prints_[row]} >> column)) & 1);
      }
      if (row % 64 == 0)
        for (std::size_t column = 0; column < columns; ++column)
          put_cell(blocks + (row / 64 * columns + column) * 8, below[column]);
    }
  }

 private:
  std::vector<std::uint64_t> coefficients_;
  std::vector<std::uint16_t> prints_;
};

/// Fills a layer; the hashes that were bumped remain.
inline void fill_ribbon(const RibbonLayer& layer, std::vector<std::uint64_t>& hashes, std::byte* table) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> items(hashes.size());  // mixed, which
  for (std::size_t i = 0; i < hashes.size(); ++i) items[i] = {layer.mixed(hashes[i]), hashes[i]};
  std::ranges::sort(items);  // by start
  hashes.clear();
  RibbonRows rows(layer.rows);
  std::vector<std::uint64_t> taken;
  for (std::size_t begin = 0; begin < items.size();) {
    const std::uint64_t bucket = layer.start(items[begin].first) / ribbon_bucket;
    std::size_t end = begin;
    while (end < items.size() && layer.start(items[end].first) / ribbon_bucket == bucket) ++end;
    taken.clear();  // from the last on: what failed is to lie before all that is in
    std::size_t in = end;
    unsigned which = 0;
    while (in > begin) {
      const std::uint64_t mixed = items[in - 1].first, start = layer.start(mixed);
      const std::uint64_t row = rows.put(start, RibbonLayer::coefficients(mixed), layer.fingerprint(mixed));
      if (row == RibbonRows::contradiction) {
        while (ribbon_bumped[which] <= start % ribbon_bucket) ++which;
        break;
      }
      taken.push_back(row);
      --in;
    }
    for (; in < end && layer.start(items[in].first) % ribbon_bucket < ribbon_bumped[which]; ++in)
      if (!taken.empty() && end - in <= taken.size() && taken[end - in - 1] != RibbonRows::none)
        rows.take_back(taken[end - in - 1]);
    table[layer.begin + bucket / 4] |= static_cast<std::byte>(which << (2 * (bucket % 4)));
    for (std::size_t i = begin; i < in; ++i) hashes.push_back(items[i].second);
    begin = end;
  }
  rows.solve(table + layer.begin + layer.head_bytes(), layer.bits);
}

/// Fills the last layer, of all hashes; whether its equations agree.
inline bool fill_last_ribbon(const RibbonLayer& layer, std::span<const std::uint64_t> hashes, std::byte* table) {
  RibbonRows rows(layer.rows);
  for (const std::uint64_t hash : hashes) {
    const std::uint64_t mixed = layer.mixed(hash);
    if (rows.put(layer.start(mixed), RibbonLayer::coefficients(mixed), layer.fingerprint(mixed)) ==
        RibbonRows::contradiction)
      return false;
  }
  rows.solve(table + layer.begin + layer.head_bytes(), layer.bits);
  return true;
}

/// Layers as they lie in the table.
inline std::array<RibbonLayer, 8> ribbon_layers(std::span<const std::uint64_t> rows, std::uint64_t last_seed,
                                                int bits) {
  std::array<RibbonLayer, 8> layers{};
  std::size_t begin = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    layers[i] = {rows[i], splitmix64(i + (i + 1 == rows.size() ? last_seed << 8 : 0)), bits, begin};
    begin = layers[i].end();
  }
  return layers;
}

}  // namespace detail

QSM_INLINE RibbonFilter::RibbonFilter(int bits, const Hasher& hasher, const char* function)
    : BuiltFilter(hasher), bits_(bits) {
  Check(function).that(bits >= 1 && bits <= 16, "bits", bits, "an integer in [1, 16]");
  rows_[0] = 2 * detail::ribbon_width;
}

QSM_INLINE double RibbonFilter::rate() const { return std::exp2(-bits_); }

QSM_INLINE std::size_t RibbonFilter::table_bytes() const {
  return detail::ribbon_layers(std::span(rows_).first(layers_), last_seed_, bits_)[layers_ - 1].end();
}

QSM_INLINE RibbonFilter RibbonFilter::of_hashes(std::span<const std::uint64_t> hashes, int bits, const Hasher& hasher) {
  RibbonFilter filter(bits, hasher, "RibbonFilter");
  detail::check_built_items("RibbonFilter", hashes.size());
  std::vector<std::uint64_t> left(hashes.begin(), hashes.end());
  std::ranges::sort(left);
  left.erase(std::unique(left.begin(), left.end()), left.end());
  filter.items_ = left.size();
  std::vector<std::byte> table;
  const auto layer = [&filter, &table] {
    const auto last = detail::ribbon_layers(std::span(filter.rows_).first(filter.layers_), filter.last_seed_,
                                            filter.bits_)[filter.layers_ - 1];
    table.resize(last.begin);
    table.resize(last.end());
    return last;
  };
  const auto blocks = [](double rows) { return 64 * static_cast<std::uint64_t>(std::ceil(rows / 64)); };
  for (; left.size() > detail::ribbon_rest && filter.layers_ < most_layers; ++filter.layers_) {
    filter.rows_[filter.layers_ - 1] = blocks(detail::ribbon_rows * static_cast<double>(left.size())) + 64;
    auto here = layer();
    here.seed = splitmix64(filter.layers_ - 1);
    detail::fill_ribbon(here, left, table.data());
  }
  for (;; ++filter.last_seed_) {
    const double slack = 1.1 + 0.02 * static_cast<double>(filter.last_seed_);
    filter.rows_[filter.layers_ - 1] = blocks(slack * static_cast<double>(left.size())) + 128;
    const auto last = layer();
    if (detail::fill_last_ribbon(last, left, table.data())) break;
    if (filter.last_seed_ == 200) throw std::runtime_error("RibbonFilter: 200 seeds failed");
  }
  filter.cells_ = detail::Cells::at(table);
  filter.cells_.change();
  return filter;
}

QSM_INLINE void RibbonFilter::find_each(std::span<const std::uint64_t> hashes, bool* out) const {
  const auto layers = detail::ribbon_layers(std::span(rows_).first(layers_), last_seed_, bits_);
  qsm::detail::dispatch(detail::FindInRibbon{layers.data(), layers_ - 1}, cells_.data(), hashes.data(), hashes.size(),
                        out);
}

QSM_INLINE void RibbonFilter::put_sizes(ByteWriter& writer) const {
  writer.u8(static_cast<std::uint8_t>(bits_));
  writer.u64(items_);
  writer.u64(last_seed_);
  writer.u8(static_cast<std::uint8_t>(layers_));
  for (std::size_t i = 0; i < layers_; ++i) writer.u64(rows_[i]);
}

QSM_INLINE RibbonFilter RibbonFilter::read_sizes(ByteReader& reader, const Hasher& hasher) {
  const int bits = reader.u8();
  if (bits < 1 || bits > 16) reader.refuse("fingerprints of 1 to 16 bits");
  RibbonFilter filter(bits, hasher, "RibbonFilter");
  filter.items_ = reader.u64();
  filter.last_seed_ = reader.u64();
  filter.layers_ = reader.u8();
  if (filter.layers_ < 1 || filter.layers_ > most_layers) reader.refuse("1 to 8 layers");
  for (std::size_t i = 0; i < filter.layers_; ++i) {
    filter.rows_[i] = reader.u64();
    if (filter.rows_[i] % 64 != 0 || filter.rows_[i] < 128 || filter.rows_[i] / 8 > reader.left())
      reader.refuse("a number of rows that follow, a multiple of 64");
  }
  if (filter.table_bytes() > reader.left()) reader.refuse("rows that follow");
  return filter;
}

}  // namespace qsm::inline v0::sketches
