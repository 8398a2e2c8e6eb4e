#pragma once
/// @file
/// The one interface of all sketches, and what those of items share.
///
///     Sketch              merge, bytes_used, encode, decode, ==
///     ItemSketch          Sketch fed by add: an integer, a text or bytes, many integers, or hashes made elsewhere
///     CardinalitySketch   ItemSketch with estimate(): how many unlike items
///     MembershipSketch    ItemSketch with contains(): has the item been added
///     FrequencySketch     ItemSketch with count(): how often
///     QuantileSketch      Sketch of numbers with quantile() and cdf(): where in their order they stand
///
/// A sketch of one's own that meets a concept is checked by check_sketch, or check_quantile_sketch, of
/// <qsm/sketches/testing.hpp>.

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/sketches/hasher.hpp>

namespace qsm::inline v0::sketches {

/// A summary of many things that stays small: merged with another it summarises both, and travels as bytes.
template <class Type>
concept Sketch = std::copyable<Type> && std::equality_comparable<Type> &&
                 requires(Type changed, const Type constant, std::span<const std::byte> bytes) {
                   changed.merge(constant);
                   { constant.bytes_used() } -> std::convertible_to<std::size_t>;
                   { constant.encode() } -> std::convertible_to<std::vector<std::byte>>;
                   { Type::decode(bytes) } -> std::same_as<Type>;
                 };

/// A sketch of items, which it sees as 64-bit hashes.
template <class Type>
concept ItemSketch = Sketch<Type> && requires(Type changed, const Type constant, std::uint64_t number, ByteView bytes,
                                              std::span<const std::uint64_t> numbers) {
  changed.add(number);
  changed.add(bytes);
  changed.add(numbers);
  changed.add_hash(number);
  changed.add_hashes(numbers);
  { constant.hasher() } -> std::convertible_to<Hasher>;
};

/// How the number of unlike items is found from m registers. Relative errors hold from some m items on; where no other is
/// named they are those of HyperLogLog.
enum class CardinalityEstimator {
  best,         // martingale, or maximum_likelihood once sketches have been merged
  raw,          // Flajolet et al. 2007 without correction: biased below 5 m items; 1.039 / sqrt(m)
  classic,      // raw, but below 5/2 m linear counting of registers that are still 0, as in the paper
  plus_plus,    // Heule et al. 2013: raw less its bias, which is worked out and not tabulated, or linear counting
  improved,     // Ertl 2017, section 4, as Redis counts: no bias anywhere; 1.039 / sqrt(m)
  generalized,  // Ertl 2023, of UltraLogLog alone: a sum over registers to a power; 0.782 / sqrt(m)
  maximum_likelihood,  // of Poisson arrivals, Ertl 2017, section 6; 1.037 / sqrt(m), UltraLogLog 0.761 / sqrt(m)
  martingale,          // Ting 2014, Cohen 2015: adds up as items come, so not after a merge; 0.833 and 0.658 / sqrt(m)
};

/// How wide the items of an Apache DataSketches sketch of numbers are; its bytes do not say.
enum class DataSketchesItems {
  doubles,  // kll_doubles_sketch, tdigest_double
  floats,   // kll_floats_sketch, tdigest_float: each number rounded
};

/// How many unlike items there were.
template <class Type>
concept CardinalitySketch = ItemSketch<Type> && requires(const Type sketch) {
  { sketch.estimate() } -> std::convertible_to<Estimate>;
};

/// Whether an item has been added: never "no" where it has, sometimes "yes" where it has not.
template <class Type>
concept MembershipSketch = ItemSketch<Type> && requires(const Type sketch, std::uint64_t number,
                                                        std::span<const std::uint64_t> numbers, std::span<bool> out) {
  { sketch.contains(number) } -> std::same_as<bool>;
  { sketch.contains_hash(number) } -> std::same_as<bool>;
  sketch.contains_hashes(numbers, out);
};

/// How often an item has been added.
template <class Type>
concept FrequencySketch = ItemSketch<Type> && requires(const Type sketch, std::uint64_t number) {
  { sketch.count(number) } -> std::convertible_to<Estimate>;
};

/// Where in the order of the numbers added a number stands, and which one stands where. An answer is an Estimate whose
/// `method` says what its bounds are worth, or that there are none; answers of nothing are NaN.
template <class Type>
concept QuantileSketch = Sketch<Type> && requires(Type changed, const Type constant, double number,
                                                  std::span<const double> numbers, std::span<double> out) {
  changed.add(number);
  changed.add(numbers);
  { constant.count() } -> std::same_as<std::uint64_t>;
  { constant.quantile(number) } -> std::same_as<Estimate>;
  { constant.cdf(number) } -> std::same_as<Estimate>;
  constant.fill_quantile(numbers, out);
  constant.fill_cdf(numbers, out);
  { constant.min() } -> std::same_as<double>;
  { constant.max() } -> std::same_as<double>;
};

namespace detail {

inline constexpr std::size_t hash_block = 256;

/// Calls use(hashes) with the hashes of all items, block by block.
template <class Use>
void in_blocks(const Hasher& hasher, std::span<const std::uint64_t> items, Use use) {
  std::array<std::uint64_t, hash_block> hashes;
  while (!items.empty()) {
    const auto block = items.first(std::min(items.size(), hash_block));
    hasher.fill(block, std::span(hashes).first(block.size()));
    use(std::span<const std::uint64_t>(hashes).first(block.size()));
    items = items.subspan(block.size());
  }
}

/// What stands at the head of every sketch's own bytes: a name of four letters, its version, and of items the hasher.
void put_letters(ByteWriter& writer, const char (&name)[5], std::uint8_t version);
void read_letters(ByteReader& reader, const char (&name)[5], std::uint8_t version);
void put_head(ByteWriter& writer, const char (&name)[5], std::uint8_t version, const Hasher& hasher);
Hasher read_head(ByteReader& reader, const char (&name)[5], std::uint8_t version);
/// Throws where the hashers of two sketches that are to be merged differ.
void check_hashers(const char* function, const Hasher& one, const Hasher& other);

/// Feeds a sketch that takes hashes.
template <class Self>
class Items {
 public:
  explicit Items(const Hasher& hasher) : hasher_(hasher) { hasher(std::uint64_t{0}); }

  void add(std::uint64_t item) { self().add_hash(hasher_(item)); }
  void add(ByteView item) { self().add_hash(hasher_(item)); }
  void add(std::span<const std::uint64_t> items) {
    in_blocks(hasher_, items, [this](std::span<const std::uint64_t> hashes) { self().add_hashes(hashes); });
  }
  const Hasher& hasher() const { return hasher_; }

 private:
  Self& self() { return static_cast<Self&>(*this); }

  Hasher hasher_;
};

}  // namespace detail

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/sketch.ipp>
#endif
