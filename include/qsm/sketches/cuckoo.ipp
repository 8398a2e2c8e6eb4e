#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include <qsm/core/error.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/sketches/cuckoo.hpp>
#include <qsm/sketches/detail/places.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

inline constexpr int cuckoo_moves = 500;

/// A bucket: four fingerprints in one number; 0 is a free place.
template <class Bucket>
struct CuckooBuckets {
  static constexpr int bits = 2 * sizeof(Bucket);
  static constexpr Bucket lowest = static_cast<Bucket>(~Bucket{0} / ((Bucket{1} << bits) - 1));  // 1 in each place
  static constexpr Bucket highest = static_cast<Bucket>(lowest << (bits - 1));

  /// Fingerprint of a hash, never 0.
  static constexpr std::uint64_t print_of(std::uint64_t hash) {
    return 1 + ((hash & 0xffffffff) * ((std::uint64_t{1} << bits) - 1) >> 32);
  }
  /// Not 0 where one of the four is 0; exact in that, not in which.
  QSM_ALWAYS_INLINE static Bucket has_zero(Bucket bucket) { return (bucket - lowest) & ~bucket & highest; }
  QSM_ALWAYS_INLINE static bool has(Bucket bucket, std::uint64_t print) {
    return has_zero(bucket ^ static_cast<Bucket>(print * lowest)) != 0;
  }
  /// Bits below the first place that holds the fingerprint; of all bits where none does.
  static int place_of(Bucket bucket, std::uint64_t print) {
    const Bucket found = has_zero(bucket ^ static_cast<Bucket>(print * lowest));
    return found == 0 ? 4 * bits : std::countr_zero(found) / bits * bits;
  }
};

/// The other bucket of a fingerprint; the other of the other is the first again.
QSM_ALWAYS_INLINE std::uint64_t other_bucket(std::uint64_t bucket, std::uint64_t print, std::uint64_t buckets) {
  const std::uint64_t sum = share_of(splitmix64(print), buckets);
  return sum >= bucket ? sum - bucket : sum + buckets - bucket;
}

template <class Bucket>
struct FindInBuckets {
  QSM_ALWAYS_INLINE void operator()(const std::byte* table, std::uint64_t buckets, const std::uint64_t* hashes,
                                    std::size_t number, bool* out) const {
    std::uint64_t print[fetched_ahead], one[fetched_ahead], other[fetched_ahead];
    for (std::size_t done = 0; done < number; done += fetched_ahead) {
      const std::size_t size = std::min(fetched_ahead, number - done);
      for (std::size_t i = 0; i < size; ++i) {
        const std::uint64_t hash = hashes[done + i];
        print[i] = CuckooBuckets<Bucket>::print_of(hash);
        one[i] = share_of(hash, buckets);
        other[i] = other_bucket(one[i], print[i], buckets);
        fetch_ahead(table + one[i] * sizeof(Bucket));
        fetch_ahead(table + other[i] * sizeof(Bucket));
      }
      for (std::size_t i = 0; i < size; ++i)
        out[done + i] = CuckooBuckets<Bucket>::has(cell<Bucket>(table + one[i] * sizeof(Bucket)), print[i]) |
                        CuckooBuckets<Bucket>::has(cell<Bucket>(table + other[i] * sizeof(Bucket)), print[i]);
    }
  }
};

/// Replaces a fingerprint of a bucket by another where it is found there.
template <class Bucket>
bool replace_print(std::byte* table, std::uint64_t bucket, std::uint64_t print, std::uint64_t by) {
  std::byte* const at = table + bucket * sizeof(Bucket);
  const auto before = cell<Bucket>(at);
  const int place = CuckooBuckets<Bucket>::place_of(before, print);
  if (place == 8 * static_cast<int>(sizeof(Bucket))) return false;
  put_cell(at, static_cast<Bucket>(before ^ static_cast<Bucket>((print ^ by) << place)));
  return true;
}

/// Puts a fingerprint into one of its two buckets, moving others to their other bucket; puts all back where that fails.
template <class Bucket>
bool place_print(std::byte* table, std::uint64_t buckets, std::uint64_t bucket, std::uint64_t print) {
  constexpr int bits = CuckooBuckets<Bucket>::bits;
  const std::uint64_t other = other_bucket(bucket, print, buckets);
  if (replace_print<Bucket>(table, bucket, 0, print) || replace_print<Bucket>(table, other, 0, print)) return true;
  std::vector<std::pair<std::uint64_t, int>> moves;  // bucket, bits below the place
  std::uint64_t choice = splitmix64(bucket + print), here = choice % 2 == 0 ? bucket : other;
  const auto exchange = [&](std::uint64_t where, int place) {
    std::byte* const at = table + where * sizeof(Bucket);
    const auto before = cell<Bucket>(at);
    const auto out = static_cast<std::uint64_t>(before >> place) & ((std::uint64_t{1} << bits) - 1);
    put_cell(at, static_cast<Bucket>(before ^ static_cast<Bucket>((out ^ print) << place)));
    print = out;
  };
  for (int i = 0; i < cuckoo_moves; ++i) {
    choice = splitmix64(choice);
    moves.emplace_back(here, static_cast<int>(choice % 4) * bits);
    exchange(moves.back().first, moves.back().second);
    here = other_bucket(here, print, buckets);
    if (replace_print<Bucket>(table, here, 0, print)) return true;
  }
  for (std::size_t i = moves.size(); i-- > 0;) exchange(moves[i].first, moves[i].second);
  return false;
}

/// Calls use with a bucket of the width that four fingerprints take.
template <class Use>
auto with_bucket(int bits, Use use) {
  return bits == 8 ? use(std::uint32_t{0}) : use(std::uint64_t{0});
}

}  // namespace detail

QSM_INLINE CuckooFilter::CuckooFilter(const Hasher& hasher, int bits, std::uint64_t buckets)
    : OpenFilter(hasher), bits_(bits), buckets_(buckets) {}

QSM_INLINE CuckooFilter::CuckooFilter(double items, int bits, const Hasher& hasher)
    : OpenFilter(hasher), bits_(bits), buckets_(0) {
  Check check("CuckooFilter");
  check.that(items >= 1 && items <= 0x1p34, "items", items, "in [1, 2^34]");
  check.that(bits == 8 || bits == 16, "bits", bits, "8 or 16");
  buckets_ = static_cast<std::uint64_t>(std::ceil(items / 4 / 0.94)) + 2;  // few buckets fill less evenly
  cells_ = detail::Cells(table_bytes());
}

QSM_INLINE void CuckooFilter::insert(std::byte* table, std::uint64_t bucket, std::uint64_t print) {
  const bool placed = detail::with_bucket(
      bits_, [&]<class Bucket>(Bucket) { return detail::place_print<Bucket>(table, buckets_, bucket, print); });
  if (!placed)
    throw std::length_error("CuckooFilter.add: no place for an item, " + std::to_string(items_) + " of " +
                            std::to_string(places()) + " places are taken");
  ++items_;
}

QSM_INLINE void CuckooFilter::add_each(std::span<const std::uint64_t> hashes) {
  std::byte* const table = cells_.change();
  detail::with_bucket(bits_, [&]<class Bucket>(Bucket) {
    for (std::size_t at = 0; at < hashes.size(); at += detail::fetched_ahead) {
      const auto block = hashes.subspan(at, std::min(detail::fetched_ahead, hashes.size() - at));
      for (const std::uint64_t hash : block)
        detail::fetch_ahead(table + detail::share_of(hash, buckets_) * sizeof(Bucket));
      for (const std::uint64_t hash : block)
        insert(table, detail::share_of(hash, buckets_), detail::CuckooBuckets<Bucket>::print_of(hash));
    }
  });
}

QSM_INLINE void CuckooFilter::find_each(std::span<const std::uint64_t> hashes, bool* out) const {
  detail::with_bucket(bits_, [&]<class Bucket>(Bucket) {
    qsm::detail::dispatch(detail::FindInBuckets<Bucket>{}, cells_.data(), buckets_, hashes.data(), hashes.size(), out);
  });
}

QSM_INLINE bool CuckooFilter::remove_hash(std::uint64_t hash) {
  std::byte* const table = cells_.change();
  const bool found = detail::with_bucket(bits_, [&]<class Bucket>(Bucket) {
    const std::uint64_t print = detail::CuckooBuckets<Bucket>::print_of(hash),
                        bucket = detail::share_of(hash, buckets_);
    return detail::replace_print<Bucket>(table, bucket, print, 0) ||
           detail::replace_print<Bucket>(table, detail::other_bucket(bucket, print, buckets_), print, 0);
  });
  items_ -= found;
  return found;
}

QSM_INLINE void CuckooFilter::merge(const CuckooFilter& other) {
  check_same("CuckooFilter.merge", "places of other", static_cast<double>(places()),
             static_cast<double>(other.places()));
  check_same("CuckooFilter.merge", "bits of other", bits_, other.bits_);
  detail::check_hashers("CuckooFilter.merge", hasher(), other.hasher());
  CuckooFilter both = *this;
  std::byte* const table = both.cells_.change();
  const std::size_t width = static_cast<std::size_t>(bits_ / 8);
  for (std::size_t place = 0; place < places(); ++place) {
    const std::byte* const at = other.cells_.data() + place * width;
    const std::uint64_t print = bits_ == 8 ? detail::cell<std::uint8_t>(at) : detail::cell<std::uint16_t>(at);
    if (print != 0) both.insert(table, place / 4, print);
  }
  *this = std::move(both);
}

QSM_INLINE Estimate CuckooFilter::estimate() const {
  const auto value = static_cast<double>(items_);
  return {value, value, value, "counted, exact"};
}

QSM_INLINE double CuckooFilter::rate() const {
  const double asked = 8 * static_cast<double>(items_) / static_cast<double>(places());  // fingerprints of two buckets
  return -std::expm1(asked * std::log1p(-1 / (std::exp2(bits_) - 1)));
}

QSM_INLINE void CuckooFilter::put_sizes(ByteWriter& writer) const {
  writer.u8(static_cast<std::uint8_t>(bits_));
  writer.u64(buckets_);
  writer.u64(items_);
}

QSM_INLINE CuckooFilter CuckooFilter::read_sizes(ByteReader& reader, const Hasher& hasher) {
  const int bits = reader.u8();
  if (bits != 8 && bits != 16) reader.refuse("fingerprints of 8 or 16 bits");
  CuckooFilter filter(hasher, bits, reader.u64());
  if (filter.buckets_ < 1 || filter.buckets_ > reader.left() / 4) reader.refuse("a number of buckets that follow");
  filter.items_ = reader.u64();
  return filter;
}

QSM_INLINE void CuckooFilter::check_table(const ByteReader& reader) const {
  std::uint64_t taken = 0;
  for (std::size_t at = 0; at < cells_.size(); at += static_cast<std::size_t>(bits_ / 8))
    taken += cells_.data()[at] != std::byte{0} || (bits_ == 16 && cells_.data()[at + 1] != std::byte{0});
  if (taken != items_) reader.refuse("as many fingerprints as items");
}

}  // namespace qsm::inline v0::sketches
