#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <stdexcept>

#include <qsm/core/error.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/sketches/detail/places.hpp>
#include <qsm/sketches/fuse.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

/// x of [0, 2^64) as one of [0, size), where the size has 32 bits; in halves, as vector instructions multiply.
QSM_ALWAYS_INLINE std::uint32_t short_share_of(std::uint64_t x, std::uint64_t size) {
  return static_cast<std::uint32_t>(((x >> 32) * size + ((x & 0xffffffff) * size >> 32)) >> 32);
}

using Three = std::array<std::uint32_t, 3>;

/// Places of an item in a binary fuse filter: one in each of three segments that follow each other.
struct FusePlaces {
  std::uint64_t first;  // places that the first may be
  std::uint32_t segment;

  QSM_ALWAYS_INLINE Three operator()(std::uint64_t hash) const {
    const std::uint32_t mask = segment - 1, place = short_share_of(hash, first);
    return {place, (place + segment) ^ (static_cast<std::uint32_t>(hash >> 18) & mask),
            (place + 2 * segment) ^ (static_cast<std::uint32_t>(hash) & mask)};
  }
};

/// Places of an item in an xor filter: one in each third.
struct ThirdPlaces {
  std::uint64_t third;

  QSM_ALWAYS_INLINE Three operator()(std::uint64_t hash) const {
    const auto part = [this](std::uint64_t bits) {
      return static_cast<std::uint32_t>((bits & 0xffffffff) * third >> 32);
    };
    const auto size = static_cast<std::uint32_t>(third);
    return {part(hash), part(hash << 21 | hash >> 43) + size, part(hash << 42 | hash >> 22) + 2 * size};
  }
};

template <class Fingerprint>
QSM_ALWAYS_INLINE Fingerprint fingerprint_of(std::uint64_t hash) {
  return static_cast<Fingerprint>(hash ^ (hash >> 32));
}

template <class Fingerprint, class Places>
struct FindFingerprints {
  Places places;
  std::uint64_t seed;

  QSM_ALWAYS_INLINE void operator()(const std::byte* table, const std::uint64_t* hashes, std::size_t number,
                                    bool* out) const {
    constexpr std::size_t length = fetched_ahead;
    const auto at = [table](std::uint32_t place) { return table + std::size_t{place} * sizeof(Fingerprint); };
    const Places where = places;
    const std::uint64_t own_seed = seed;
    std::uint32_t a[length], b[length], c[length];
    Fingerprint own[length];
    std::uint64_t rest[length] = {};
    for (std::size_t done = 0; done < number; done += length) {
      const std::size_t size = std::min(length, number - done);
      const std::uint64_t* block = hashes + done;
      if (size < length) {  // filled up, so that the loop has a fixed length
        std::copy_n(block, size, rest);
        block = rest;
      }
      for (std::size_t i = 0; i < length; ++i) {
        const std::uint64_t hash = seeded(block[i], own_seed);
        const Three three = where(hash);
        a[i] = three[0];
        b[i] = three[1];
        c[i] = three[2];
        own[i] = fingerprint_of<Fingerprint>(hash);
      }
      for (std::size_t i = 0; i < size; ++i) {
        fetch_ahead(at(a[i]));
        fetch_ahead(at(b[i]));
        fetch_ahead(at(c[i]));
      }
      for (std::size_t i = 0; i < size; ++i)
        out[done + i] =
            (cell<Fingerprint>(at(a[i])) ^ cell<Fingerprint>(at(b[i])) ^ cell<Fingerprint>(at(c[i]))) == own[i];
    }
  }
};

/// Items in an order in which each has a place of its own that none before it uses: (hash, which of its places). Found by
/// peeling off, again and again, an item that is alone at a place. Nothing where that does not end.
struct Peeled {
  std::vector<std::uint64_t> hashes;
  std::vector<std::uint8_t> which;
};

template <class Places>
std::optional<Peeled> peel(std::span<const std::uint64_t> hashes, std::size_t size, const Places& places) {
  std::vector<std::uint8_t> count(size);  // items at a place
  std::vector<std::uint64_t> all(size);   // their hashes, xored
  for (const std::uint64_t hash : hashes)
    for (const std::uint32_t place : places(hash)) {
      if (++count[place] == 0) return std::nullopt;  // 256 items: many alike
      all[place] ^= hash;
    }
  Peeled order{std::vector<std::uint64_t>(hashes.size()), std::vector<std::uint8_t>(hashes.size())};
  std::vector<std::uint32_t> alone(size);
  std::size_t waiting = 0, peeled = 0;
  for (std::size_t place = 0; place < size; ++place) {
    alone[waiting] = static_cast<std::uint32_t>(place);
    waiting += count[place] == 1;
  }
  while (waiting > 0) {
    const std::uint32_t place = alone[--waiting];
    if (count[place] != 1) continue;
    const std::uint64_t hash = all[place];
    const Three three = places(hash);
    order.hashes[peeled] = hash;
    order.which[peeled++] = place == three[0] ? 0 : place == three[1] ? 1 : 2;
    for (const std::uint32_t other : three) {
      all[other] ^= hash;
      alone[waiting] = other;
      waiting += --count[other] == 1;
    }
  }
  if (peeled < hashes.size()) return std::nullopt;
  return order;
}

/// Fills the table so that the three fingerprints of each item xor to its own.
template <class Fingerprint, class Places>
void put_fingerprints(std::byte* table, const Peeled& order, const Places& places) {
  const auto at = [table](std::uint32_t place) { return table + std::size_t{place} * sizeof(Fingerprint); };
  for (std::size_t i = order.hashes.size(); i-- > 0;) {
    const Three three = places(order.hashes[i]);
    Fingerprint own = fingerprint_of<Fingerprint>(order.hashes[i]);
    for (const std::uint32_t place : three) own ^= cell<Fingerprint>(at(place));
    put_cell(at(three[order.which[i]]), own);
  }
}

/// Hashes with the seed, those with the same highest bits together: neighbours in the table, where the first place comes
/// from those.
inline std::vector<std::uint64_t> seeded_in_order(std::span<const std::uint64_t> hashes, std::uint64_t seed,
                                                  std::uint64_t parts) {
  const int bits = std::max(1, static_cast<int>(std::bit_width(parts - 1)));
  std::vector<std::size_t> begin((std::size_t{1} << bits) + 1);
  for (const std::uint64_t hash : hashes) ++begin[(seeded(hash, seed) >> (64 - bits)) + 1];
  for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
  std::vector<std::uint64_t> out(hashes.size());
  for (const std::uint64_t hash : hashes) {
    const std::uint64_t mixed = seeded(hash, seed);
    out[begin[mixed >> (64 - bits)]++] = mixed;
  }
  return out;
}

/// Tries seeds until all items can be peeled off; where the first fails, of items that come more than once one is left.
/// Returns the seed and the unlike items.
template <class Places>
std::pair<std::uint64_t, std::uint64_t> fill_fingerprints(std::span<const std::uint64_t> hashes, int bits, Cells& cells,
                                                          std::uint64_t parts, const Places& places) {
  std::vector<std::uint64_t> unlike;
  const std::size_t size = cells.size() / static_cast<std::size_t>(bits / 8);
  for (std::uint64_t attempt = 0; attempt < 100; ++attempt) {
    const std::uint64_t seed = splitmix64(attempt);
    if (const auto order = peel(std::span<const std::uint64_t>(seeded_in_order(hashes, seed, parts)), size, places)) {
      if (bits == 8)
        put_fingerprints<std::uint8_t>(cells.change(), *order, places);
      else
        put_fingerprints<std::uint16_t>(cells.change(), *order, places);
      return {seed, hashes.size()};
    }
    if (attempt == 0) {
      unlike.assign(hashes.begin(), hashes.end());
      std::ranges::sort(unlike);
      unlike.erase(std::unique(unlike.begin(), unlike.end()), unlike.end());
      hashes = unlike;
    }
  }
  throw std::runtime_error("filter of fingerprints: 100 seeds failed");
}

template <class Places>
void find_fingerprints(int bits, const Places& places, std::uint64_t seed, const Cells& cells,
                       std::span<const std::uint64_t> hashes, bool* out) {
  if (bits == 8)
    qsm::detail::dispatch(FindFingerprints<std::uint8_t, Places>{places, seed}, cells.data(), hashes.data(),
                          hashes.size(), out);
  else
    qsm::detail::dispatch(FindFingerprints<std::uint16_t, Places>{places, seed}, cells.data(), hashes.data(),
                          hashes.size(), out);
}

/// Reads whether fingerprints have one byte or two.
inline int read_bits(ByteReader& reader) {
  const int bits = reader.u8();
  if (bits != 8 && bits != 16) reader.refuse("fingerprints of 8 or 16 bits");
  return bits;
}

}  // namespace detail

template <class Self>
FingerprintFilter<Self>::FingerprintFilter(int bits, const Hasher& hasher, const char* function)
    : BuiltFilter<Self>(hasher), bits_(bits) {
  Check(function).that(bits == 8 || bits == 16, "bits", bits, "8 or 16");
}

// --- binary fuse ------------------------------------------------------------------------------------------------------

QSM_INLINE void BinaryFuseFilter::size_for(std::uint64_t items) {
  const auto n = static_cast<double>(items);
  segment_ = 4;
  segments_ = 1;
  if (items <= 1) return;
  // Both by the paper's experiments.
  segment_ = std::min(std::uint64_t{1} << static_cast<int>(std::floor(std::log(n) / std::log(3.33) + 2.25)),
                      std::uint64_t{1} << 18);
  const double places = std::round(n * std::max(1.125, 0.875 + 0.25 * std::log(1e6) / std::log(n)));
  const std::uint64_t all = (static_cast<std::uint64_t>(places) + segment_ - 1) / segment_;
  segments_ = all > 2 ? all - 2 : 1;
}

QSM_INLINE BinaryFuseFilter BinaryFuseFilter::of_hashes(std::span<const std::uint64_t> hashes, int bits,
                                                        const Hasher& hasher) {
  BinaryFuseFilter filter(bits, hasher, "BinaryFuseFilter");
  detail::check_built_items("BinaryFuseFilter", hashes.size());
  filter.size_for(hashes.size());
  filter.cells_ = detail::Cells(filter.table_bytes());
  std::tie(filter.seed_, filter.items_) = detail::fill_fingerprints(
      hashes, bits, filter.cells_, filter.segments_,
      detail::FusePlaces{filter.segments_ * filter.segment_, static_cast<std::uint32_t>(filter.segment_)});
  return filter;
}

QSM_INLINE void BinaryFuseFilter::find_each(std::span<const std::uint64_t> hashes, bool* out) const {
  detail::find_fingerprints(bits_, detail::FusePlaces{segments_ * segment_, static_cast<std::uint32_t>(segment_)},
                            seed_, cells_, hashes, out);
}

QSM_INLINE void BinaryFuseFilter::put_sizes(ByteWriter& writer) const {
  writer.u8(static_cast<std::uint8_t>(bits_));
  writer.u64(items_);
  writer.u64(seed_);
  writer.u64(segment_);
  writer.u64(segments_);
}

QSM_INLINE BinaryFuseFilter BinaryFuseFilter::read_sizes(ByteReader& reader, const Hasher& hasher) {
  BinaryFuseFilter filter(detail::read_bits(reader), hasher, "BinaryFuseFilter");
  filter.items_ = reader.u64();
  filter.seed_ = reader.u64();
  filter.segment_ = reader.u64();
  if (!std::has_single_bit(filter.segment_) || filter.segment_ > std::uint64_t{1} << 18)
    reader.refuse("a segment of a power of two, at most 2^18");
  filter.segments_ = reader.u64();
  if (filter.segments_ < 1 || filter.segments_ > reader.left() || filter.table_bytes() > reader.left() ||
      (filter.segments_ + 2) * filter.segment_ > 0xffffffff)
    reader.refuse("a number of segments that follow");
  return filter;
}

QSM_INLINE std::vector<std::byte> BinaryFuseFilter::to_xor_singleheader() const {
  ByteWriter writer;
  writer.u64(seed_);
  for (const std::uint64_t size : {items_, segment_, segments_, segments_ * segment_, (segments_ + 2) * segment_})
    writer.u32(static_cast<std::uint32_t>(size));
  writer.raw(cells_.bytes());
  return writer.take();
}

QSM_INLINE BinaryFuseFilter BinaryFuseFilter::from_xor_singleheader(std::span<const std::byte> bytes, int bits,
                                                                    const Hasher& hasher) {
  BinaryFuseFilter filter(bits, hasher, "BinaryFuseFilter.from_xor_singleheader");
  ByteReader reader(bytes, "BinaryFuseFilter.from_xor_singleheader");
  filter.seed_ = reader.u64();
  filter.items_ = reader.u32();
  filter.segment_ = reader.u32();
  if (!std::has_single_bit(filter.segment_) || filter.segment_ > std::uint64_t{1} << 18)
    reader.refuse("a segment of a power of two, at most 2^18");
  filter.segments_ = reader.u32();
  if (filter.segments_ < 1 || filter.segments_ > reader.left()) reader.refuse("a number of segments that follow");
  if (reader.u32() != filter.segments_ * filter.segment_) reader.refuse("segments times their length");
  if (reader.u32() != (filter.segments_ + 2) * filter.segment_) reader.refuse("two more segments than first places");
  filter.cells_ = detail::Cells::at(reader.raw(filter.table_bytes()));
  filter.cells_.change();
  reader.end();
  return filter;
}

// --- xor --------------------------------------------------------------------------------------------------------------

QSM_INLINE XorFilter XorFilter::of_hashes(std::span<const std::uint64_t> hashes, int bits, const Hasher& hasher) {
  XorFilter filter(bits, hasher, "XorFilter");
  detail::check_built_items("XorFilter", hashes.size());
  filter.third_ = static_cast<std::uint64_t>(32 + 1.23 * static_cast<double>(hashes.size())) / 3;
  filter.cells_ = detail::Cells(filter.table_bytes());
  std::tie(filter.seed_, filter.items_) =
      detail::fill_fingerprints(hashes, bits, filter.cells_, 1, detail::ThirdPlaces{filter.third_});
  return filter;
}

QSM_INLINE void XorFilter::find_each(std::span<const std::uint64_t> hashes, bool* out) const {
  detail::find_fingerprints(bits_, detail::ThirdPlaces{third_}, seed_, cells_, hashes, out);
}

QSM_INLINE void XorFilter::put_sizes(ByteWriter& writer) const {
  writer.u8(static_cast<std::uint8_t>(bits_));
  writer.u64(items_);
  writer.u64(seed_);
  writer.u64(third_);
}

QSM_INLINE XorFilter XorFilter::read_sizes(ByteReader& reader, const Hasher& hasher) {
  XorFilter filter(detail::read_bits(reader), hasher, "XorFilter");
  filter.items_ = reader.u64();
  filter.seed_ = reader.u64();
  filter.third_ = reader.u64();
  if (filter.third_ < 1 || filter.third_ > 0xffffffff / 3 || filter.table_bytes() > reader.left())
    reader.refuse("a third of the fingerprints that follow");
  return filter;
}

QSM_INLINE std::vector<std::byte> XorFilter::to_xor_singleheader() const {
  ByteWriter writer;
  writer.u64(seed_);
  writer.u64(third_);
  writer.raw(cells_.bytes());
  return writer.take();
}

QSM_INLINE XorFilter XorFilter::from_xor_singleheader(std::span<const std::byte> bytes, int bits,
                                                      const Hasher& hasher) {
  XorFilter filter(bits, hasher, "XorFilter.from_xor_singleheader");
  ByteReader reader(bytes, "XorFilter.from_xor_singleheader");
  filter.seed_ = reader.u64();
  filter.third_ = reader.u64();
  if (filter.third_ < 1 || filter.third_ > 0xffffffff / 3 || filter.table_bytes() > reader.left())
    reader.refuse("a third of the fingerprints that follow");
  filter.items_ = static_cast<std::uint64_t>(std::max(0.0, (3 * static_cast<double>(filter.third_) - 32) / 1.23));
  filter.cells_ = detail::Cells::at(reader.raw(filter.table_bytes()));
  filter.cells_.change();
  reader.end();
  return filter;
}

}  // namespace qsm::inline v0::sketches
