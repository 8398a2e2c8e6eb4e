#include <algorithm>
#include <array>
#include <utility>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/sketches/detail/places.hpp>
#include <qsm/sketches/heavy_keeper.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

inline constexpr int keeper_print_bits = 24;
inline constexpr std::uint64_t keeper_print_mask = (std::uint64_t{1} << keeper_print_bits) - 1;

/// 1.08^-count of 2^64, for counts from which hardly a chance is left.
struct KeeperChances {
  std::array<std::uint64_t, 560> below{};

  constexpr KeeperChances() {
    double chance = 1;
    for (std::uint64_t& limit : below) {
      limit = chance == 1 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(chance * 0x1p64);
      chance /= 1.08;
    }
  }
  bool decays(std::uint64_t count, std::uint64_t draw) const { return count < below.size() && draw < below[count]; }
};
inline constexpr KeeperChances keeper_chances;

inline std::uint64_t keeper_print(std::uint64_t hash) { return splitmix64(~hash) & keeper_print_mask; }

}  // namespace detail

QSM_INLINE HeavyKeeper::HeavyKeeper(std::uint64_t capacity, std::uint64_t width, int rows, const Hasher& hasher)
    : Items(hasher), capacity_(capacity), width_(width), rows_(rows) {
  Check check("HeavyKeeper");
  check.that(capacity >= 1 && capacity <= std::uint64_t{1} << 24, "capacity", static_cast<double>(capacity),
             "an integer in [1, 2^24]");
  check.that(width >= 1 && width <= std::uint64_t{1} << 28, "width", static_cast<double>(width),
             "an integer in [1, 2^28]");
  check.that(rows >= 1 && rows <= 16, "rows", rows, "an integer in [1, 16]");
  buckets_.resize(width * static_cast<std::uint64_t>(rows));
}

QSM_INLINE void HeavyKeeper::check_room(std::uint64_t count) const {
  Check("HeavyKeeper.add")
      .that(total_ < std::uint64_t{1} << 40 && count < (std::uint64_t{1} << 40) - total_, "count",
            static_cast<double>(count), "so small that all stay below 2^40");
}

QSM_INLINE HeavyKeeper::Entry* HeavyKeeper::raise(std::uint64_t hash) {
  const std::uint64_t print = detail::keeper_print(hash), one = std::uint64_t{1} << detail::keeper_print_bits;
  std::uint64_t draw = ++total_, best = 0;
  detail::IndependentPlaces places(hash, width_);
  for (std::size_t row = 0; row < buckets_.size(); row += width_) {
    std::uint64_t& bucket = buckets_[row + places.next()];
    const std::uint64_t count = bucket >> detail::keeper_print_bits;
    draw = splitmix64(draw);
    if (count == 0)
      bucket = one | print;
    else if ((bucket & detail::keeper_print_mask) == print)
      bucket += one;
    else if (!detail::keeper_chances.decays(count, draw))
      continue;
    else if (count > 1) {
      bucket -= one;
      continue;
    } else {
      bucket = one | print;
    }
    best = std::max(best, bucket >> detail::keeper_print_bits);
  }
  std::uint32_t slot = list_.find(hash);
  if (slot != list_.none) {
    if (best > list_[slot].count) {
      list_[slot].count = best;
      list_.grown(slot);
    }
  } else if (best > 0 && list_.size() < capacity_) {
    slot = list_.push({hash, best, {}});
  } else if (best > 0 && best > list_.least().count) {
    slot = list_.replace_least({hash, best, {}});
  } else {
    return nullptr;
  }
  return &list_[slot];
}

QSM_INLINE void HeavyKeeper::label_as(Entry* entry, const ItemLabel& item) {
  if (entry && std::holds_alternative<std::monostate>(entry->label)) entry->label = item;
}

QSM_INLINE void HeavyKeeper::add_hash(std::uint64_t hash) {
  check_room(1);
  raise(hash);
}

QSM_INLINE void HeavyKeeper::add_hashes(std::span<const std::uint64_t> hashes) {
  check_room(hashes.size());
  for (const std::uint64_t hash : hashes) raise(hash);
}

QSM_INLINE void HeavyKeeper::add(std::uint64_t item) {
  check_room(1);
  label_as(raise(hasher()(item)), static_cast<std::int64_t>(item));
}

QSM_INLINE void HeavyKeeper::add(ByteView item) {
  check_room(1);
  Entry* const entry = raise(hasher()(item));
  if (entry && std::holds_alternative<std::monostate>(entry->label))
    entry->label = std::string(reinterpret_cast<const char*>(item.data), item.size);
}

QSM_INLINE void HeavyKeeper::add(std::span<const std::uint64_t> items) {
  check_room(items.size());
  detail::in_blocks(hasher(), items, [&](std::span<const std::uint64_t> hashes) {
    for (std::size_t i = 0; i < hashes.size(); ++i) label_as(raise(hashes[i]), static_cast<std::int64_t>(items[i]));
    items = items.subspan(hashes.size());
  });
}

QSM_INLINE void HeavyKeeper::merge(const HeavyKeeper& other) {
  Check check("HeavyKeeper.merge");
  const auto same = [&check](const char* size, std::uint64_t own, std::uint64_t theirs) {
    check.that(own == theirs, size, static_cast<double>(theirs), "that of this sketch");
  };
  same("capacity of other", capacity_, other.capacity_);
  same("width of other", width_, other.width_);
  same("rows of other", static_cast<std::uint64_t>(rows_), static_cast<std::uint64_t>(other.rows_));
  check.that(other.total_ < (std::uint64_t{1} << 40) - total_, "total of other", static_cast<double>(other.total_),
             "so small that all stay below 2^40");
  detail::check_hashers("HeavyKeeper.merge", hasher(), other.hasher());
  std::vector<Entry> all = list_.entries();
  for (Entry& entry : all) entry.count += other.value(entry.hash);
  for (const Entry& entry : other.list_.entries()) {
    if (const auto slot = list_.find(entry.hash); slot == list_.none)
      all.push_back({entry.hash, entry.count + value(entry.hash), entry.label});
    else if (std::holds_alternative<std::monostate>(all[slot].label))
      all[slot].label = entry.label;
  }
  std::ranges::sort(all, [](const Entry& a, const Entry& b) { return b < a; });
  all.resize(std::min<std::size_t>(all.size(), capacity_), Entry{});
  list_.take(std::move(all));
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    const std::uint64_t own = buckets_[i], theirs = other.buckets_[i];
    const bool alike = ((own ^ theirs) & detail::keeper_print_mask) == 0;
    buckets_[i] = alike ? own + (theirs & ~detail::keeper_print_mask) : std::max(own, theirs);
  }
  total_ += other.total_;
}

QSM_INLINE void HeavyKeeper::reset() { *this = HeavyKeeper(capacity_, width_, rows_, hasher()); }

QSM_INLINE std::uint64_t HeavyKeeper::value(std::uint64_t hash) const {
  if (const auto slot = list_.find(hash); slot != list_.none) return list_[slot].count;
  const std::uint64_t print = detail::keeper_print(hash);
  std::uint64_t best = 0;
  detail::IndependentPlaces places(hash, width_);
  for (std::size_t row = 0; row < buckets_.size(); row += width_) {
    const std::uint64_t bucket = buckets_[row + places.next()];
    if ((bucket & detail::keeper_print_mask) == print) best = std::max(best, bucket >> detail::keeper_print_bits);
  }
  return best;
}

QSM_INLINE Estimate HeavyKeeper::count_hash(std::uint64_t hash) const {
  return {static_cast<double>(value(hash)), 0, static_cast<double>(total_), "heavy keeper, no bound"};
}

QSM_INLINE void HeavyKeeper::count_hashes(std::span<const std::uint64_t> hashes, std::span<std::uint64_t> out) const {
  Check("HeavyKeeper.count")
      .that(hashes.size() == out.size(), "size of out", static_cast<double>(out.size()), "that of the items");
  for (std::size_t i = 0; i < hashes.size(); ++i) out[i] = value(hashes[i]);
}

QSM_INLINE std::vector<FrequentItem> HeavyKeeper::top(std::uint64_t number) const {
  std::vector<FrequentItem> items;
  for (const Entry& entry : list_.sorted()) {
    if (items.size() == number) break;
    items.push_back({entry.label, entry.hash, count_hash(entry.hash)});
  }
  return items;
}

QSM_INLINE bool HeavyKeeper::equals(const HeavyKeeper& other) const {
  return capacity_ == other.capacity_ && width_ == other.width_ && rows_ == other.rows_ && hasher() == other.hasher() &&
         total_ == other.total_ && buckets_ == other.buckets_ &&
         std::ranges::equal(list_.sorted(), other.list_.sorted(),
                            [](const Entry& a, const Entry& b) { return a.hash == b.hash && a.count == b.count; });
}

QSM_INLINE std::vector<std::byte> HeavyKeeper::encode() const {
  ByteWriter writer;
  detail::put_head(writer, "QHVK", 1, hasher());
  writer.varint(capacity_);
  writer.varint(width_);
  writer.u8(static_cast<std::uint8_t>(rows_));
  writer.varint(total_);
  for (const std::uint64_t bucket : buckets_) writer.u64(bucket);
  writer.varint(list_.size());
  for (const Entry& entry : list_.sorted()) {
    writer.u64(entry.hash);
    writer.varint(entry.count);
    detail::put_label(writer, entry.label);
  }
  writer.checksum();
  return writer.take();
}

QSM_INLINE HeavyKeeper HeavyKeeper::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "HeavyKeeper");
  const Hasher hasher = detail::read_head(reader, "QHVK", 1);
  const std::uint64_t capacity = reader.varint();
  if (capacity < 1 || capacity > std::uint64_t{1} << 24) reader.refuse("a list of 1 to 2^24 items");
  const std::uint64_t width = reader.varint();
  if (width < 1 || width > std::uint64_t{1} << 28) reader.refuse("1 to 2^28 buckets of a row");
  const int rows = reader.u8();
  if (rows < 1 || rows > 16) reader.refuse("1 to 16 rows");
  if (width * static_cast<std::uint64_t>(rows) > reader.left() / 8) reader.refuse("a number of buckets that follow");
  HeavyKeeper sketch(capacity, width, rows, hasher);
  sketch.total_ = reader.varint();
  if (sketch.total_ >= std::uint64_t{1} << 40) reader.refuse("a total below 2^40");
  for (std::uint64_t& bucket : sketch.buckets_) {
    bucket = reader.u64();
    const std::uint64_t count = bucket >> detail::keeper_print_bits;
    if (count > sketch.total_ || (count == 0 && bucket != 0)) reader.refuse("counts of the total at most");
  }
  const std::size_t number = reader.count(10);
  if (number > capacity) reader.refuse("no more items than the list may have");
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < number; ++i) {
    Entry entry{reader.u64(), 0, {}};
    entry.count = reader.varint();
    if (entry.count == 0 || entry.count > sketch.total_) reader.refuse("counts > 0 of the total at most");
    if (i > 0 && !(entry < entries.back())) reader.refuse("items in order, the largest count first");
    entry.label = detail::read_label(reader, hasher, entry.hash);
    entries.push_back(std::move(entry));
  }
  sketch.list_.take(std::move(entries));
  if (!sketch.list_.unlike()) reader.refuse("unlike items");
  reader.checksum();
  reader.end();
  return sketch;
}

}  // namespace qsm::inline v0::sketches
