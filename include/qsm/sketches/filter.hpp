#pragma once
/// @file
/// What filters share: sets that tell of an item whether it may be in, from a table of a few bits per item.
///
///     Filter            contains, rate, encode, decode, view, bytes_used, ==
///     OpenFilter        Filter fed by add
///     RemovableFilter   OpenFilter that can also remove what was added
///     StaticFilter      Filter made once from all its items by of
///
/// A filter lies in memory as it lies in its bytes, so that `view` answers from bytes in place: those of a file that is
/// mapped, or of an array.

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <ranges>
#include <span>
#include <vector>

#include <qsm/core/bytes.hpp>
#include <qsm/core/config.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

/// A filter that forgets an item when it is told to.
template <class Type>
concept RemovableFilter = MembershipSketch<Type> && requires(Type filter, std::uint64_t number, ByteView bytes) {
  { filter.remove(number) } -> std::same_as<bool>;
  { filter.remove(bytes) } -> std::same_as<bool>;
  { filter.remove_hash(number) } -> std::same_as<bool>;
};

/// A filter made once from all its items, smaller than those that grow.
template <class Type>
concept StaticFilter = std::copyable<Type> && std::equality_comparable<Type> &&
                       requires(const Type filter, std::uint64_t number, std::span<const std::uint64_t> numbers,
                                std::span<bool> out, std::span<const std::byte> bytes, const Hasher& hasher, int bits) {
                         { Type::of(numbers, bits, hasher) } -> std::same_as<Type>;
                         { Type::of_hashes(numbers, bits, hasher) } -> std::same_as<Type>;
                         { filter.contains(number) } -> std::same_as<bool>;
                         filter.contains_hashes(numbers, out);
                         { filter.rate() } -> std::convertible_to<double>;
                         { Type::decode(bytes) } -> std::same_as<Type>;
                       };

namespace detail {

/// Items that are looked up together, so that their memory comes while others are dealt with.
inline constexpr std::size_t fetched_ahead = 32;

inline void fetch_ahead(const void* at) {
#ifdef __GNUC__
  __builtin_prefetch(at);
#else
  (void)at;
#endif
}

/// A filter's table as it is written, the least significant byte first: its own, or one that lies in foreign bytes
/// until it is changed.
class Cells {
 public:
  Cells() = default;
  explicit Cells(std::size_t bytes);
  static Cells at(std::span<const std::byte> bytes);

  const std::byte* data() const { return foreign_ ? foreign_ : reinterpret_cast<const std::byte*>(own_.data()); }
  /// The table, to be changed: copied before where it is another's.
  std::byte* change();
  std::size_t size() const { return size_; }
  std::span<const std::byte> bytes() const { return {data(), size_}; }
  std::size_t bytes_used() const { return own_.capacity() * sizeof(Line); }

  friend bool operator==(const Cells& a, const Cells& b) {
    return a.size_ == b.size_ && (a.size_ == 0 || std::memcmp(a.data(), b.data(), a.size_) == 0);
  }

 private:
  struct alignas(64) Line {
    std::array<std::byte, 64> bytes;
  };

  std::vector<Line> own_;
  const std::byte* foreign_ = nullptr;
  std::size_t size_ = 0;
};

/// A number of a table, the least significant byte first.
template <class Number>
QSM_ALWAYS_INLINE Number cell(const std::byte* at) {
  if constexpr (std::endian::native == std::endian::little) {
    Number value;
    std::memcpy(&value, at, sizeof value);
    return value;
  } else {
    return static_cast<Number>(qsm::detail::little_endian<sizeof(Number)>(at));
  }
}
template <class Number>
QSM_ALWAYS_INLINE void put_cell(std::byte* at, Number value) {
  if constexpr (std::endian::native == std::endian::little)
    std::memcpy(at, &value, sizeof value);
  else
    for (std::size_t i = 0; i < sizeof value; ++i) at[i] = static_cast<std::byte>(value >> (8 * i));
}

/// Zeros up to a multiple of 64 bytes, then the table.
void put_cells(ByteWriter& writer, const Cells& cells);
Cells read_cells(ByteReader& reader, std::size_t bytes);
void check_answers(std::size_t questions, std::size_t answers);
/// Throws where a filter is to be made of more than 2^31 items.
void check_built_items(const char* function, std::size_t items);

}  // namespace detail

/// Base of filters: asks for items, and goes to bytes and back. The filter itself, `Self`, makes this its friend and has
/// `letters` (four of them), `version`, `find_each(hashes, out)`, `put_sizes(writer)`, `read_sizes(reader, hasher)`, which
/// makes a filter without a table, and `table_bytes()`.
template <class Self>
class Filter {
 public:
  bool contains(std::uint64_t item) const { return contains_hash(hasher_(item)); }
  bool contains(ByteView item) const { return contains_hash(hasher_(item)); }
  void contains(std::span<const std::uint64_t> items, std::span<bool> out) const {
    detail::check_answers(items.size(), out.size());
    detail::in_blocks(hasher_, items, [&](std::span<const std::uint64_t> hashes) {
      self().find_each(hashes, out.data());
      out = out.subspan(hashes.size());
    });
  }
  /// Whether an item of this hash may have been added.
  bool contains_hash(std::uint64_t hash) const {
    bool found = false;
    self().find_each(std::span<const std::uint64_t>(&hash, 1), &found);
    return found;
  }
  /// Whether items of these hashes may have been added; `out` has their size.
  void contains_hashes(std::span<const std::uint64_t> hashes, std::span<bool> out) const {
    detail::check_answers(hashes.size(), out.size());
    self().find_each(hashes, out.data());
  }
  const Hasher& hasher() const { return hasher_; }
  /// Memory of the table [B]; 0 where it lies in bytes that are looked at.
  std::size_t bytes_used() const { return cells_.bytes_used(); }

  /// The filter's own bytes: four letters, version, hasher, sizes, zeros up to a multiple of 64 bytes, the table,
  /// checksum.
  std::vector<std::byte> encode() const {
    ByteWriter writer;
    detail::put_head(writer, Self::letters, Self::version, hasher_);
    self().put_sizes(writer);
    detail::put_cells(writer, cells_);
    writer.checksum();
    return writer.take();
  }
  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static Self decode(std::span<const std::byte> bytes) {
    Self filter = view(bytes);
    filter.cells_.change();
    return filter;
  }
  /// A filter that answers from the bytes that `encode` wrote, in place; they must stay as long as it and its copies. It
  /// takes a table of its own when it is first changed. Without `check` the checksum is not compared, so that bytes of a
  /// mapped file are read only where a question needs them.
  static Self view(std::span<const std::byte> bytes, bool check = true) {
    ByteReader reader(bytes, Self::name());
    Self filter = Self::read_sizes(reader, detail::read_head(reader, Self::letters, Self::version));
    filter.cells_ = detail::read_cells(reader, filter.table_bytes());
    if (check)
      reader.checksum();
    else
      reader.u64();
    reader.end();
    filter.check_table(reader);
    return filter;
  }

  /// Whether hasher, sizes and table are the same.
  friend bool operator==(const Self& a, const Self& b) { return a.equals(b); }

 protected:
  explicit Filter(const Hasher& hasher) : hasher_(hasher) { hasher(std::uint64_t{0}); }

  /// What else is refused of a table that was read.
  void check_table(const ByteReader&) const {}
  /// Throws where two filters that are to be merged differ in what the sizes say.
  void check_same(const char* function, const char* size, double own, double other) const {
    Check(function).that(own == other, size, other, "that of this filter");
  }

  detail::Cells cells_;

 private:
  const Self& self() const { return static_cast<const Self&>(*this); }
  bool equals(const Filter& other) const {
    ByteWriter own, others;
    self().put_sizes(own);
    other.self().put_sizes(others);
    return hasher_ == other.hasher_ && own.take() == others.take() && cells_ == other.cells_;
  }

  Hasher hasher_;
};

/// Base of filters that are fed: `Self` has `add_each(hashes)` besides.
template <class Self>
class OpenFilter : public Filter<Self> {
 public:
  void add(std::uint64_t item) { add_hash(this->hasher()(item)); }
  void add(ByteView item) { add_hash(this->hasher()(item)); }
  void add(std::span<const std::uint64_t> items) {
    detail::in_blocks(this->hasher(), items,
                      [this](std::span<const std::uint64_t> hashes) { self().add_each(hashes); });
  }
  /// Adds an item by a hash made elsewhere.
  void add_hash(std::uint64_t hash) { self().add_each(std::span<const std::uint64_t>(&hash, 1)); }
  /// Adds many items by hashes made elsewhere.
  void add_hashes(std::span<const std::uint64_t> hashes) { self().add_each(hashes); }
  /// Forgets all items.
  void reset() {
    this->cells_ = detail::Cells(self().table_bytes());
    self().forget();
  }

 protected:
  using Filter<Self>::Filter;

  /// What else has to be forgotten.
  void forget() {}

 private:
  Self& self() { return static_cast<Self&>(*this); }
};

/// Base of filters that are made once: `Self` has `of_hashes(hashes, bits, hasher)`.
template <class Self>
class BuiltFilter : public Filter<Self> {
 public:
  /// A filter of these items: integers of 64 bits, or texts.
  template <std::ranges::input_range Items>
  static Self of(const Items& items, int bits = 8, const Hasher& hasher = {}) {
    std::vector<std::uint64_t> hashes;
    if constexpr (std::convertible_to<const Items&, std::span<const std::uint64_t>>) {
      const std::span<const std::uint64_t> numbers(items);
      hashes.resize(numbers.size());
      hasher.fill(numbers, hashes);
    } else {
      for (const auto& item : items) hashes.push_back(hasher(item));
    }
    return Self::of_hashes(hashes, bits, hasher);
  }

 protected:
  using Filter<Self>::Filter;
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/filter.ipp>
#endif
