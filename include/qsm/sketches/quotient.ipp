#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/sketches/quotient.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

/// The slots of a quotient filter: three bits and a remainder each, one after the other without gaps; the last is followed
/// by the first. The items of one quotient are a run, in the order of their remainders; runs that touch are a cluster, in
/// the order of their quotients.
template <class Byte>
class QuotientSlots {
 public:
  static constexpr std::uint64_t occupied = 1;   // this place's quotient has items, here or further on
  static constexpr std::uint64_t continued = 2;  // the item here is not the first of its run
  static constexpr std::uint64_t shifted = 4;    // the item here is not at the place of its quotient

  QuotientSlots(Byte* table, int quotient_bits, int remainder_bits)
      : table_(table),
        mask_((std::uint64_t{1} << quotient_bits) - 1),
        remainder_bits_(remainder_bits),
        width_(static_cast<std::uint64_t>(remainder_bits) + 3),
        slot_mask_((std::uint64_t{1} << width_) - 1) {}

  std::uint64_t slots() const { return mask_ + 1; }
  Byte* place(std::uint64_t at) const { return table_ + at * width_ / 8; }
  std::uint64_t get(std::uint64_t at) const { return cell<std::uint64_t>(place(at)) >> (at * width_ % 8) & slot_mask_; }
  void set(std::uint64_t at, std::uint64_t slot) const {
    const int below = static_cast<int>(at * width_ % 8);
    put_cell(place(at), (cell<std::uint64_t>(place(at)) & ~(slot_mask_ << below)) | slot << below);
  }
  std::uint64_t next(std::uint64_t at) const { return (at + 1) & mask_; }
  std::uint64_t before(std::uint64_t at) const { return (at - 1) & mask_; }

  std::uint64_t quotient(std::uint64_t fingerprint) const { return fingerprint >> remainder_bits_; }
  std::uint64_t remainder(std::uint64_t fingerprint) const {
    return fingerprint & ((std::uint64_t{1} << remainder_bits_) - 1);
  }
  std::uint64_t fingerprint(std::uint64_t quotient, std::uint64_t remainder) const {
    return quotient << remainder_bits_ | remainder;
  }

  std::uint64_t cluster_of(std::uint64_t at) const {
    while (get(at) & shifted) at = before(at);
    return at;
  }
  /// Where a quotient's run begins, or would begin; the slot of that quotient is not free.
  std::uint64_t run_of(std::uint64_t quotient) const {
    std::uint64_t home = cluster_of(quotient), run = home;
    while (home != quotient) {
      do run = next(run);
      while (get(run) & continued);
      do home = next(home);
      while (!(get(home) & occupied));
    }
    return run;
  }
  bool has(std::uint64_t fingerprint) const {
    const std::uint64_t home = quotient(fingerprint), own = remainder(fingerprint);
    if (!(get(home) & occupied)) return false;
    for (std::uint64_t at = run_of(home);;) {
      const std::uint64_t here = get(at) >> 3;
      if (here >= own) return here == own;
      at = next(at);
      if (!(get(at) & continued)) return false;
    }
  }
  /// Puts a fingerprint in, where at least one slot is free, and moves those behind it by one.
  void insert(std::uint64_t fingerprint) const {
    const std::uint64_t home = quotient(fingerprint), own = remainder(fingerprint), slot = get(home);
    if (slot == 0) return set(home, occupied | own << 3);
    const bool first = !(slot & occupied);
    if (first) set(home, slot | occupied);
    std::uint64_t at = run_of(home);
    const std::uint64_t run = at;
    if (!first) {
      while (get(at) >> 3 < own) {
        at = next(at);
        if (!(get(at) & continued)) break;
      }
    }
    std::uint64_t in = own << 3 | (at != run ? continued : 0) | (at != home ? shifted : 0);
    bool after_begin = !first && at == run;  // what began the run now goes on with it
    for (;; at = next(at)) {
      const std::uint64_t out = get(at);
      set(at, in | (out & occupied));
      if (out == 0) return;
      in = (out & ~occupied) | shifted | (after_begin ? continued : 0);
      after_begin = false;
    }
  }
  /// Calls use(fingerprint) for all from a free slot on, in the order of the table.
  template <class Use>
  void each(Use use) const {
    std::uint64_t start = 0;
    while (get(start) != 0) ++start;
    std::uint64_t home = start;
    for (std::uint64_t step = 1; step <= mask_; ++step) {
      const std::uint64_t at = (start + step) & mask_, slot = get(at);
      if (slot == 0) continue;
      if (!(slot & continued)) {
        if (!(slot & shifted))
          home = at;
        else
          do home = next(home);
          while (!(get(home) & occupied));
      }
      use(fingerprint(home, slot >> 3));
    }
  }
  /// Whether the slots are such as insertion makes, and hold so many items; at least one must be free.
  bool holds(std::uint64_t items) const {
    std::uint64_t start = 0, found = 0, waiting = 0, least = 0;
    while (start <= mask_ && get(start) != 0) ++start;
    if (start > mask_) return false;
    std::uint64_t home = start;
    bool in_run = false;
    for (std::uint64_t step = 1; step <= mask_; ++step) {
      const std::uint64_t at = (start + step) & mask_, slot = get(at);
      if ((slot & (occupied | continued | shifted)) == 0) {
        if (slot != 0 || waiting > 0) return false;
        in_run = false;
        continue;
      }
      waiting += slot & occupied;
      if (!(slot & continued)) {
        if (waiting == 0) return false;
        --waiting;
        do home = next(home);
        while (!(get(home) & occupied));
      } else if (!in_run || slot >> 3 < least) {
        return false;
      }
      if (((slot & shifted) != 0) != (home != at)) return false;
      in_run = true;
      least = slot >> 3;
      ++found;
    }
    return waiting == 0 && found == items;
  }

 private:
  Byte* table_;
  std::uint64_t mask_;
  int remainder_bits_;
  std::uint64_t width_, slot_mask_;
};

}  // namespace detail

QSM_INLINE QuotientFilter::QuotientFilter(int quotient_bits, int remainder_bits, const Hasher& hasher,
                                          const char* function)
    : OpenFilter(hasher), quotient_bits_(quotient_bits), remainder_bits_(remainder_bits) {
  Check check(function);
  check.that(quotient_bits >= 3 && quotient_bits <= 40, "quotient_bits", quotient_bits, "an integer in [3, 40]");
  check.that(remainder_bits >= 1 && remainder_bits <= 50 && bits() <= 60, "remainder_bits", remainder_bits,
             "an integer in [1, 50], with quotient_bits at most 60");
  cells_ = detail::Cells(table_bytes());
}

QSM_INLINE QuotientFilter::QuotientFilter(double items, double rate, const Hasher& hasher)
    : OpenFilter(hasher), quotient_bits_(3), remainder_bits_(1) {
  Check check("QuotientFilter");
  check.that(items >= 1 && items <= 0x1p34, "items", items, "in [1, 2^34]");
  check.that(rate >= 1e-12 && rate <= 0.5, "rate", rate, "in [1e-12, 0.5]");
  while (static_cast<double>(capacity()) < items) ++quotient_bits_;
  const double load = items / static_cast<double>(slots());
  const int remainder_bits = std::max(1, static_cast<int>(std::ceil(std::log2(load / rate))));
  check.that(quotient_bits_ + remainder_bits <= 60, "rate", rate, "so large that 60 bits of a hash suffice");
  *this = QuotientFilter(quotient_bits_, remainder_bits, hasher, "QuotientFilter");
}

QSM_INLINE QuotientFilter QuotientFilter::of_size(int quotient_bits, int remainder_bits, const Hasher& hasher) {
  return {quotient_bits, remainder_bits, hasher, "QuotientFilter.of_size"};
}

QSM_INLINE void QuotientFilter::need_room(std::uint64_t more, const char* function) const {
  if (more > capacity() - std::min(capacity(), items_))
    throw std::length_error(std::string(function) + ": no room, " + std::to_string(items_) + " of " +
                            std::to_string(capacity()) + " items are in and " + std::to_string(more) +
                            " more were to be; resize first");
}

QSM_INLINE void QuotientFilter::insert(std::uint64_t fingerprint) {
  detail::QuotientSlots(cells_.change(), quotient_bits_, remainder_bits_).insert(fingerprint);
  ++items_;
}

QSM_INLINE void QuotientFilter::add_each(std::span<const std::uint64_t> hashes) {
  const detail::QuotientSlots slots(cells_.change(), quotient_bits_, remainder_bits_);
  for (std::size_t at = 0; at < hashes.size(); at += detail::fetched_ahead) {
    const auto block = hashes.subspan(at, std::min(detail::fetched_ahead, hashes.size() - at));
    for (const std::uint64_t hash : block) detail::fetch_ahead(slots.place(hash >> (64 - quotient_bits_)));
    for (const std::uint64_t hash : block) {
      need_room(1, "QuotientFilter.add");
      slots.insert(hash >> (64 - bits()));
      ++items_;
    }
  }
}

QSM_INLINE void QuotientFilter::find_each(std::span<const std::uint64_t> hashes, bool* out) const {
  const detail::QuotientSlots slots(cells_.data(), quotient_bits_, remainder_bits_);
  for (std::size_t at = 0; at < hashes.size(); at += detail::fetched_ahead) {
    const auto block = hashes.subspan(at, std::min(detail::fetched_ahead, hashes.size() - at));
    for (const std::uint64_t hash : block) detail::fetch_ahead(slots.place(hash >> (64 - quotient_bits_)));
    for (const std::uint64_t hash : block) *out++ = slots.has(hash >> (64 - bits()));
  }
}

QSM_INLINE bool QuotientFilter::remove_hash(std::uint64_t hash) {
  const std::uint64_t fingerprint = hash >> (64 - bits());
  {
    const detail::QuotientSlots slots(cells_.data(), quotient_bits_, remainder_bits_);
    if (!slots.has(fingerprint)) return false;
  }
  // The cluster is taken out and put back without it.
  const detail::QuotientSlots slots(cells_.change(), quotient_bits_, remainder_bits_);
  const std::uint64_t begin = slots.cluster_of(slots.quotient(fingerprint));
  std::vector<std::uint64_t> others;
  std::uint64_t home = begin;
  bool left_out = false;
  for (std::uint64_t at = begin; slots.get(at) != 0; at = slots.next(at)) {
    const std::uint64_t slot = slots.get(at);
    if (at != begin && !(slot & slots.shifted)) break;  // the next cluster
    if (at != begin && !(slot & slots.continued)) do
        home = slots.next(home);
      while (!(slots.get(home) & slots.occupied));
    const std::uint64_t here = slots.fingerprint(home, slot >> 3);
    if (here == fingerprint && !left_out)
      left_out = true;
    else
      others.push_back(here);
  }
  for (std::uint64_t i = 0, at = begin; i <= others.size(); ++i, at = slots.next(at)) slots.set(at, 0);
  for (const std::uint64_t other : others) slots.insert(other);
  --items_;
  return true;
}

QSM_INLINE void QuotientFilter::merge(const QuotientFilter& other) {
  check_same("QuotientFilter.merge", "bits of a fingerprint of other", bits(), other.bits());
  detail::check_hashers("QuotientFilter.merge", hasher(), other.hasher());
  need_room(other.items_, "QuotientFilter.merge");
  const QuotientFilter source = other;  // it may be this one
  detail::QuotientSlots(source.cells_.data(), source.quotient_bits_, source.remainder_bits_)
      .each([this](std::uint64_t fingerprint) { insert(fingerprint); });
}

QSM_INLINE void QuotientFilter::resize(int quotient_bits) {
  Check("QuotientFilter.resize")
      .that(quotient_bits >= 3 && quotient_bits <= 40 && quotient_bits < bits() && bits() - quotient_bits <= 50,
            "quotient_bits", quotient_bits, "an integer in [3, 40], 1 to 50 below the bits of a fingerprint");
  QuotientFilter other(quotient_bits, bits() - quotient_bits, hasher(), "QuotientFilter.resize");
  other.need_room(items_, "QuotientFilter.resize");
  other.merge(*this);
  *this = std::move(other);
}

QSM_INLINE Estimate QuotientFilter::estimate() const {
  const auto value = static_cast<double>(items_);
  return {value, value, value, "counted, exact"};
}

QSM_INLINE double QuotientFilter::rate() const {
  return -std::expm1(static_cast<double>(items_) * std::log1p(-std::exp2(-bits())));
}

QSM_INLINE void QuotientFilter::put_sizes(ByteWriter& writer) const {
  writer.u8(static_cast<std::uint8_t>(quotient_bits_));
  writer.u8(static_cast<std::uint8_t>(remainder_bits_));
  writer.u64(items_);
}

QSM_INLINE QuotientFilter QuotientFilter::read_sizes(ByteReader& reader, const Hasher& hasher) {
  QuotientFilter filter = of_size(3, 1, hasher);
  filter.quotient_bits_ = reader.u8();
  if (filter.quotient_bits_ < 3 || filter.quotient_bits_ > 40) reader.refuse("3 to 40 bits of a quotient");
  filter.remainder_bits_ = reader.u8();
  if (filter.remainder_bits_ < 1 || filter.remainder_bits_ > 50 || filter.bits() > 60)
    reader.refuse("1 to 50 bits of a remainder, 60 with those of the quotient");
  filter.items_ = reader.u64();
  if (filter.items_ > filter.capacity()) reader.refuse("as many items as have room");
  return filter;
}

QSM_INLINE void QuotientFilter::check_table(const ByteReader& reader) const {
  const detail::QuotientSlots slots(cells_.data(), quotient_bits_, remainder_bits_);
  const std::uint64_t used = slots.slots() * static_cast<std::uint64_t>(remainder_bits_ + 3) / 8;
  for (std::size_t at = used; at < cells_.size(); ++at)
    if (cells_.data()[at] != std::byte{0}) reader.refuse("zeros behind the slots");
  if (!slots.holds(items_)) reader.refuse("slots of as many items, in order");
}

}  // namespace qsm::inline v0::sketches
