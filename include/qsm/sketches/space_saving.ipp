#include <algorithm>
#include <utility>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/sketches/space_saving.hpp>

namespace qsm::inline v0::sketches {

QSM_INLINE SpaceSaving::SpaceSaving(std::uint64_t capacity, const Hasher& hasher) : Items(hasher), capacity_(capacity) {
  Check("SpaceSaving")
      .that(capacity >= 1 && capacity <= std::uint64_t{1} << 28, "capacity", static_cast<double>(capacity),
            "an integer in [1, 2^28]");
}

// --- counting ---------------------------------------------------------------------------------------------------------

QSM_INLINE void SpaceSaving::check_room(std::uint64_t count) const {
  Check("SpaceSaving.add")
      .that(count <= ~total_, "count", static_cast<double>(count), "so small that all stay below 2^64");
}

QSM_INLINE SpaceSaving::Entry& SpaceSaving::raise(std::uint64_t hash, std::uint64_t count) {
  total_ += count;
  std::uint32_t slot = counters_.find(hash);
  if (slot != counters_.none) {
    counters_[slot].count += count;
    counters_.grown(slot);
  } else if (counters_.size() < capacity_) {
    slot = counters_.push({hash, count, 0, {}});
  } else {
    const std::uint64_t least = counters_.least().count;
    slot = counters_.replace_least({hash, least + count, least, {}});
  }
  return counters_[slot];
}

QSM_INLINE void SpaceSaving::add_hash(std::uint64_t hash, std::uint64_t count) {
  check_room(count);
  if (count > 0) raise(hash, count);
}

QSM_INLINE void SpaceSaving::add_hashes(std::span<const std::uint64_t> hashes) {
  check_room(hashes.size());
  for (const std::uint64_t hash : hashes) raise(hash, 1);
}

QSM_INLINE void SpaceSaving::add(std::uint64_t item) {
  check_room(1);
  raise(hasher()(item), 1).label = static_cast<std::int64_t>(item);
}

QSM_INLINE void SpaceSaving::add(ByteView item) {
  check_room(1);
  Entry& entry = raise(hasher()(item), 1);
  if (std::holds_alternative<std::monostate>(entry.label))
    entry.label = std::string(reinterpret_cast<const char*>(item.data), item.size);
}

QSM_INLINE void SpaceSaving::add(std::span<const std::uint64_t> items) {
  check_room(items.size());
  detail::in_blocks(hasher(), items, [&](std::span<const std::uint64_t> hashes) {
    for (std::size_t i = 0; i < hashes.size(); ++i) raise(hashes[i], 1).label = static_cast<std::int64_t>(items[i]);
    items = items.subspan(hashes.size());
  });
}

QSM_INLINE void SpaceSaving::merge(const SpaceSaving& other) {
  Check check("SpaceSaving.merge");
  check.that(other.capacity_ == capacity_, "capacity of other", static_cast<double>(other.capacity_),
             "that of this sketch");
  check.that(other.total_ <= ~total_, "total of other", static_cast<double>(other.total_),
             "so small that all stay below 2^64");
  detail::check_hashers("SpaceSaving.merge", hasher(), other.hasher());
  // An item without a counter in one of them may have come as often as that one's smallest count.
  std::vector<Entry> all = counters_.entries();
  const std::uint64_t own = error(), foreign = other.error();
  for (Entry& entry : all)
    if (other.counters_.find(entry.hash) == counters_.none) {
      entry.count += foreign;
      entry.excess += foreign;
    }
  for (const Entry& entry : other.counters_.entries()) {
    if (const auto slot = counters_.find(entry.hash); slot != counters_.none) {
      Entry& both = all[slot];
      both.count += entry.count;
      both.excess += entry.excess;
      if (std::holds_alternative<std::monostate>(both.label)) both.label = entry.label;
    } else {
      all.push_back({entry.hash, entry.count + own, entry.excess + own, entry.label});
    }
  }
  if (all.size() > capacity_) {
    std::ranges::sort(all, [](const Entry& a, const Entry& b) { return b < a; });
    all.resize(capacity_, Entry{});
  }
  total_ += other.total_;
  counters_.take(std::move(all));
}

QSM_INLINE void SpaceSaving::reset() { *this = SpaceSaving(capacity_, hasher()); }

// --- answers ----------------------------------------------------------------------------------------------------------

QSM_INLINE Estimate SpaceSaving::count_hash(std::uint64_t hash) const {
  const auto slot = counters_.find(hash);
  if (slot == counters_.none)
    return {static_cast<double>(error()), 0, static_cast<double>(error()), "space-saving, certain"};
  const Entry& entry = counters_[slot];
  const auto high = static_cast<double>(entry.count);
  return {high, static_cast<double>(entry.count - entry.excess), high, "space-saving, certain"};
}

QSM_INLINE void SpaceSaving::count_hashes(std::span<const std::uint64_t> hashes, std::span<std::uint64_t> out) const {
  Check("SpaceSaving.count")
      .that(hashes.size() == out.size(), "size of out", static_cast<double>(out.size()), "that of the items");
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    const auto slot = counters_.find(hashes[i]);
    out[i] = slot == counters_.none ? error() : counters_[slot].count;
  }
}

QSM_INLINE std::vector<FrequentItem> SpaceSaving::top(std::uint64_t number) const {
  std::vector<FrequentItem> items;
  for (const Entry& entry : counters_.sorted()) {
    if (items.size() == number) break;
    items.push_back({entry.label, entry.hash, count_hash(entry.hash)});
  }
  return items;
}

QSM_INLINE bool SpaceSaving::equals(const SpaceSaving& other) const {
  return capacity_ == other.capacity_ && hasher() == other.hasher() && total_ == other.total_ &&
         std::ranges::equal(counters_.sorted(), other.counters_.sorted(), [](const Entry& a, const Entry& b) {
           return a.hash == b.hash && a.count == b.count && a.excess == b.excess;
         });
}

// --- bytes ------------------------------------------------------------------------------------------------------------

QSM_INLINE std::vector<std::byte> SpaceSaving::encode() const {
  ByteWriter writer;
  detail::put_head(writer, "QSSV", 1, hasher());
  writer.varint(capacity_);
  writer.varint(total_);
  writer.varint(counters_.size());
  for (const Entry& entry : counters_.sorted()) {
    writer.u64(entry.hash);
    writer.varint(entry.count);
    writer.varint(entry.excess);
    detail::put_label(writer, entry.label);
  }
  writer.checksum();
  return writer.take();
}

QSM_INLINE SpaceSaving SpaceSaving::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "SpaceSaving");
  const Hasher hasher = detail::read_head(reader, "QSSV", 1);
  const std::uint64_t capacity = reader.varint();
  if (capacity < 1 || capacity > std::uint64_t{1} << 28) reader.refuse("1 to 2^28 counters");
  SpaceSaving sketch(capacity, hasher);
  sketch.total_ = reader.varint();
  const std::size_t number = reader.count(11);
  if (number > capacity) reader.refuse("no more counters than there may be");
  std::uint64_t left = sketch.total_;
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < number; ++i) {
    Entry entry{reader.u64(), 0, 0, {}};
    entry.count = reader.varint();
    if (entry.count == 0 || entry.count > left) reader.refuse("counts > 0 that add up to the total at most");
    left -= entry.count;
    if (i > 0 && !(entry < entries.back())) reader.refuse("counters in order, the largest first");
    entry.excess = reader.varint();
    if (entry.excess >= entry.count || (number < capacity && entry.excess > 0))
      reader.refuse("an excess below the count, and none while there are free counters");
    entry.label = detail::read_label(reader, hasher, entry.hash);
    entries.push_back(std::move(entry));
  }
  if (number < capacity && left != 0) reader.refuse("counts that add up to the total while there are free counters");
  sketch.counters_.take(std::move(entries));
  if (!sketch.counters_.unlike()) reader.refuse("counters of unlike items");
  reader.checksum();
  reader.end();
  return sketch;
}

}  // namespace qsm::inline v0::sketches
