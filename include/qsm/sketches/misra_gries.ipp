#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/sketches/misra_gries.hpp>

namespace qsm::inline v0::sketches {

QSM_INLINE MisraGries::MisraGries(std::uint64_t capacity, const Hasher& hasher) : Items(hasher), capacity_(capacity) {
  Check("MisraGries")
      .that(capacity >= 1 && capacity <= std::uint64_t{1} << 27, "capacity", static_cast<double>(capacity),
            "an integer in [1, 2^27]");
}

QSM_INLINE void MisraGries::check_room(std::uint64_t count) const {
  Check("MisraGries.add")
      .that(count <= ~total_, "count", static_cast<double>(count), "so small that all stay below 2^64");
}

QSM_INLINE void MisraGries::raise(std::uint64_t hash, std::uint64_t count, const ItemLabel& label) {
  total_ += count;
  Counter& counter = counters_[hash];
  counter.count += count;
  if (std::holds_alternative<std::monostate>(counter.label)) counter.label = label;
  if (counters_.size() > 2 * capacity_) lower();
}

QSM_INLINE void MisraGries::lower() {
  if (counters_.size() <= capacity_) return;
  std::vector<std::uint64_t> counts;
  counts.reserve(counters_.size());
  for (const auto& [hash, counter] : counters_) counts.push_back(counter.count);
  const auto first_to_go = counts.begin() + static_cast<std::ptrdiff_t>(capacity_);
  std::ranges::nth_element(counts, first_to_go, std::greater());
  const std::uint64_t by = *first_to_go;
  error_ += by;
  for (auto entry = counters_.begin(); entry != counters_.end();) {
    if (entry->second.count <= by) {
      entry = counters_.erase(entry);
    } else {
      entry->second.count -= by;
      ++entry;
    }
  }
}

QSM_INLINE void MisraGries::add_hash(std::uint64_t hash, std::uint64_t count) {
  check_room(count);
  if (count > 0) raise(hash, count, {});
}

QSM_INLINE void MisraGries::add_hashes(std::span<const std::uint64_t> hashes) {
  check_room(hashes.size());
  for (const std::uint64_t hash : hashes) raise(hash, 1, {});
}

QSM_INLINE void MisraGries::add(std::uint64_t item) {
  check_room(1);
  raise(hasher()(item), 1, static_cast<std::int64_t>(item));
}

QSM_INLINE void MisraGries::add(ByteView item) {
  check_room(1);
  raise(hasher()(item), 1, std::string(reinterpret_cast<const char*>(item.data), item.size));
}

QSM_INLINE void MisraGries::add(std::span<const std::uint64_t> items) {
  check_room(items.size());
  detail::in_blocks(hasher(), items, [&](std::span<const std::uint64_t> hashes) {
    for (std::size_t i = 0; i < hashes.size(); ++i) raise(hashes[i], 1, static_cast<std::int64_t>(items[i]));
    items = items.subspan(hashes.size());
  });
}

QSM_INLINE void MisraGries::label(const ItemLabel& item) {
  if (std::holds_alternative<std::monostate>(item)) return;
  if (const auto found = counters_.find(detail::label_hash(hasher(), item)); found != counters_.end())
    found->second.label = item;
}

QSM_INLINE void MisraGries::merge(const MisraGries& other) {
  Check check("MisraGries.merge");
  check.that(other.capacity_ == capacity_, "capacity of other", static_cast<double>(other.capacity_),
             "that of this sketch");
  check.that(other.total_ <= ~total_, "total of other", static_cast<double>(other.total_),
             "so small that all stay below 2^64");
  detail::check_hashers("MisraGries.merge", hasher(), other.hasher());
  auto theirs = other.counters_;  // a copy, since other may be this
  for (auto& [hash, counter] : theirs) {
    Counter& both = counters_[hash];
    both.count += counter.count;
    if (std::holds_alternative<std::monostate>(both.label)) both.label = std::move(counter.label);
  }
  total_ += other.total_;
  error_ += other.error_;
  if (counters_.size() > 2 * capacity_) lower();
}

QSM_INLINE void MisraGries::reset() { *this = MisraGries(capacity_, hasher()); }

QSM_INLINE Estimate MisraGries::count_hash(std::uint64_t hash) const {
  const auto found = counters_.find(hash);
  const std::uint64_t low = found == counters_.end() ? 0 : found->second.count;
  return {static_cast<double>(low), static_cast<double>(low), static_cast<double>(low + error_),
          "misra-gries, certain"};
}

QSM_INLINE void MisraGries::count_hashes(std::span<const std::uint64_t> hashes, std::span<std::uint64_t> out) const {
  Check("MisraGries.count")
      .that(hashes.size() == out.size(), "size of out", static_cast<double>(out.size()), "that of the items");
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    const auto found = counters_.find(hashes[i]);
    out[i] = found == counters_.end() ? 0 : found->second.count;
  }
}

QSM_INLINE std::vector<std::pair<std::uint64_t, const MisraGries::Counter*>> MisraGries::sorted() const {
  std::vector<std::pair<std::uint64_t, const Counter*>> all;
  for (const auto& [hash, counter] : counters_) all.emplace_back(hash, &counter);
  std::ranges::sort(all, [](const auto& a, const auto& b) {
    return a.second->count != b.second->count ? a.second->count > b.second->count : a.first < b.first;
  });
  return all;
}

QSM_INLINE std::vector<FrequentItem> MisraGries::top(std::uint64_t number) const {
  std::vector<FrequentItem> items;
  for (const auto& [hash, counter] : sorted()) {
    if (items.size() == number) break;
    items.push_back({counter->label, hash, count_hash(hash)});
  }
  return items;
}

QSM_INLINE std::vector<std::uint64_t> MisraGries::unlabelled() const {
  std::vector<std::uint64_t> hashes;
  for (const auto& [hash, counter] : counters_)
    if (std::holds_alternative<std::monostate>(counter.label)) hashes.push_back(hash);
  return hashes;
}

QSM_INLINE std::size_t MisraGries::bytes_used() const {
  std::size_t bytes =
      counters_.bucket_count() * sizeof(void*) + counters_.size() * (sizeof(void*) + sizeof(*counters_.begin()));
  for (const auto& [hash, counter] : counters_)
    if (const auto* text = std::get_if<std::string>(&counter.label)) bytes += text->capacity();
  return bytes;
}

QSM_INLINE bool MisraGries::equals(const MisraGries& other) const {
  return capacity_ == other.capacity_ && hasher() == other.hasher() && total_ == other.total_ &&
         error_ == other.error_ && counters_.size() == other.counters_.size() &&
         std::ranges::all_of(counters_, [&other](const auto& entry) {
           const auto found = other.counters_.find(entry.first);
           return found != other.counters_.end() && found->second.count == entry.second.count;
         });
}

QSM_INLINE std::vector<std::byte> MisraGries::encode() const {
  ByteWriter writer;
  detail::put_head(writer, "QMGR", 1, hasher());
  writer.varint(capacity_);
  writer.varint(total_);
  writer.varint(error_);
  writer.varint(counters_.size());
  for (const auto& [hash, counter] : sorted()) {
    writer.u64(hash);
    writer.varint(counter->count);
    detail::put_label(writer, counter->label);
  }
  writer.checksum();
  return writer.take();
}

QSM_INLINE MisraGries MisraGries::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "MisraGries");
  const Hasher hasher = detail::read_head(reader, "QMGR", 1);
  const std::uint64_t capacity = reader.varint();
  if (capacity < 1 || capacity > std::uint64_t{1} << 27) reader.refuse("1 to 2^27 counters");
  MisraGries sketch(capacity, hasher);
  sketch.total_ = reader.varint();
  sketch.error_ = reader.varint();
  if (sketch.error_ > sketch.total_ / (capacity + 1)) reader.refuse("an error of total / (capacity + 1) at most");
  std::uint64_t left = sketch.total_ - sketch.error_ * (capacity + 1);  // each unit took one off capacity + 1 counts
  const std::size_t number = reader.count(10);
  if (number > 2 * capacity) reader.refuse("no more counters than there may be");
  std::pair<std::uint64_t, std::uint64_t> last{~std::uint64_t{0}, 0};
  for (std::size_t i = 0; i < number; ++i) {
    const std::uint64_t hash = reader.u64(), count = reader.varint();
    if (count == 0 || count > left) reader.refuse("counts > 0 that add up to what the total and the error leave");
    left -= count;
    if (i > 0 && !(count < last.first || (count == last.first && hash > last.second)))
      reader.refuse("counters in order, the largest first");
    last = {count, hash};
    if (!sketch.counters_.emplace(hash, Counter{count, detail::read_label(reader, hasher, hash)}).second)
      reader.refuse("counters of unlike items");
  }
  if (sketch.error_ == 0 && left != 0) reader.refuse("counts that add up to the total where none was lowered");
  reader.checksum();
  reader.end();
  return sketch;
}

}  // namespace qsm::inline v0::sketches
