#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <qsm/core/detail/integer_hashes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/murmur.hpp>
#include <qsm/core/siphash.hpp>
#include <qsm/core/wyhash.hpp>
#include <qsm/core/xxh3.hpp>
#include <qsm/sketches/hasher.hpp>

namespace qsm::inline v0::sketches {
namespace detail {

using qsm::detail::byte_swapped, qsm::detail::xxh3_of_8, qsm::detail::xxhash64_of_8, qsm::detail::murmur3_128_of_8,
    qsm::detail::murmur64a_of_8, qsm::detail::wyhash_of_8, qsm::detail::siphash_of_8;

/// Register of Redis in the lowest 14 bits, and the rest turned round: Redis counts zeros from below.
constexpr std::uint64_t redis_placed(std::uint64_t hash) {
  std::uint64_t x = hash >> 14;
  x = (x & 0x5555555555555555) << 1 | (x >> 1 & 0x5555555555555555);
  x = (x & 0x3333333333333333) << 2 | (x >> 2 & 0x3333333333333333);
  x = (x & 0x0f0f0f0f0f0f0f0f) << 4 | (x >> 4 & 0x0f0f0f0f0f0f0f0f);
  return byte_swapped(x) | (hash & 0x3fff);
}

constexpr std::uint64_t datasketches_placed(const std::array<std::uint64_t, 2>& hash) {
  constexpr std::uint64_t address = (std::uint64_t{1} << 26) - 1;
  return (hash[0] & address) | (hash[1] & ~address);
}

/// Replaces each of `size` values by map(value).
template <class Map>
struct MapEach {
  Map map;
  QSM_ALWAYS_INLINE void operator()(const std::uint64_t* in, std::uint64_t* out, std::size_t size) const {
    const Map own = map;  // a copy that no store can change
    for (std::size_t i = 0; i < size; ++i) out[i] = own(in[i]);
  }
};

/// Calls `use` with the hash of an integer as a function, and with that of bytes.
template <class Use>
auto with_hash(const Hasher& hasher, Use use) {
  const std::uint64_t seed = hasher.seed;
  switch (hasher.function) {
    case HashFunction::xxh3:
      return use([seed](std::uint64_t x) { return xxh3_of_8(x, seed); }, [seed](ByteView x) { return xxh3(x, seed); });
    case HashFunction::xxhash64:
      return use([seed](std::uint64_t x) { return xxhash64_of_8(x, seed); },
                 [seed](ByteView x) {
                   return xxhash64({x.data, x.size}, seed);
                 });
    case HashFunction::murmur3:
      return use([seed](std::uint64_t x) { return murmur3_128_of_8(x, seed)[0]; },
                 [seed](ByteView x) { return murmur3_128(x, seed)[0]; });
    case HashFunction::murmur64a:
      return use([seed](std::uint64_t x) { return murmur64a_of_8(x, seed); },
                 [seed](ByteView x) { return murmur64a(x, seed); });
    case HashFunction::wyhash:
      return use([seed](std::uint64_t x) { return wyhash_of_8(x, seed); },
                 [seed](ByteView x) { return wyhash(x, seed); });
    case HashFunction::siphash:
      return use([seed](std::uint64_t x) { return siphash_of_8(x, seed, 0); },
                 [seed](ByteView x) {
                   return siphash(x, {seed, 0});
                 });
    case HashFunction::redis:
      return use(
          [seed](std::uint64_t x) {
            char digits[24];
            const char* const end = std::to_chars(digits, digits + sizeof digits, static_cast<std::int64_t>(x)).ptr;
            return redis_placed(murmur64a(std::string_view(digits, end), seed));
          },
          [seed](ByteView x) { return redis_placed(murmur64a(x, seed)); });
    case HashFunction::datasketches:
      return use([seed](std::uint64_t x) { return datasketches_placed(murmur3_128_of_8(x, seed)); },
                 [seed](ByteView x) { return datasketches_placed(murmur3_128(x, seed)); });
  }
  throw std::invalid_argument("Hasher: function is none of the enumeration");
}

}  // namespace detail

QSM_INLINE std::uint64_t Hasher::operator()(std::uint64_t value) const {
  return detail::with_hash(*this, [value](auto integer, auto) { return integer(value); });
}

QSM_INLINE std::uint64_t Hasher::operator()(ByteView bytes) const {
  return detail::with_hash(*this, [bytes](auto, auto of_bytes) { return of_bytes(bytes); });
}

QSM_INLINE void Hasher::fill(std::span<const std::uint64_t> values, std::span<std::uint64_t> out) const {
  Check("Hasher.fill")
      .that(values.size() == out.size(), "size of out", static_cast<double>(out.size()), "that of values");
  detail::with_hash(*this, [&](auto integer, auto) {
    qsm::detail::dispatch(detail::MapEach<decltype(integer)>{integer}, values.data(), out.data(), out.size());
  });
}

QSM_INLINE void Hasher::fill(std::span<const ByteView> texts, std::span<std::uint64_t> out) const {
  Check("Hasher.fill")
      .that(texts.size() == out.size(), "size of out", static_cast<double>(out.size()), "that of texts");
  detail::with_hash(*this, [&](auto, auto of_bytes) {
    for (std::size_t i = 0; i < texts.size(); ++i) out[i] = of_bytes(texts[i]);
  });
}

QSM_INLINE std::string_view hash_name(HashFunction function) {
  constexpr std::string_view names[] = {"xxh3",   "xxhash64", "murmur3", "murmur64a",
                                        "wyhash", "siphash",  "redis",   "datasketches"};
  return names[static_cast<std::size_t>(function)];
}

}  // namespace qsm::inline v0::sketches
