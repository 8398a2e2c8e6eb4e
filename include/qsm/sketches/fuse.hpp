#pragma once
/// @file
/// Filters made once that answer by the xor of three fingerprints: the binary fuse filter, 1.13 fingerprints per item,
/// and the xor filter that came before it, 1.23. Their bytes are those of the C header xor_singleheader, too.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/sketches/filter.hpp>

namespace qsm::inline v0::sketches {

/// Base of the two: the fingerprints of an item's three places, xored, are its own.
template <class Self>
class FingerprintFilter : public BuiltFilter<Self> {
 public:
  /// Unlike items [1].
  std::uint64_t items() const { return items_; }
  /// Bits of a fingerprint [1]: 8 or 16.
  int bits() const { return bits_; }
  /// False-positive rate [1]: 2^-bits.
  double rate() const { return bits_ == 8 ? 0x1p-8 : 0x1p-16; }

 protected:
  FingerprintFilter(int bits, const Hasher& hasher, const char* function);

  int bits_;
  std::uint64_t items_ = 0;
  std::uint64_t seed_ = 0;
};

/// The binary fuse filter: 9.0 or 18.0 bits per item for a rate of 2^-8 or 2^-16. Items that come more than once are in
/// once.
///
///     const auto filter = BinaryFuseFilter::of(keys);
///     filter.contains(keys[0]);  // true
///
/// @source  Graf, Lemire 2022, Binary fuse filters: fast and smaller than xor filters
class BinaryFuseFilter : public FingerprintFilter<BinaryFuseFilter> {
 public:
  /// A filter of items by their hashes, made elsewhere.
  ///
  /// @param hashes  of the items, at most 2^31 [1], any 64-bit integers
  /// @param bits    of a fingerprint [1], 8 or 16
  /// @param hasher  how items become 64 bits
  static BinaryFuseFilter of_hashes(std::span<const std::uint64_t> hashes, int bits = 8, const Hasher& hasher = {});

  /// The bytes of xor_singleheader's binary_fuse8_serialize, or 16. Its keys are our hashes.
  std::vector<std::byte> to_xor_singleheader() const;
  /// Reads what binary_fuse8_serialize or binary_fuse16_serialize wrote; throws MalformedBytes where the bytes are
  /// anything else. `contains_hash` asks for the keys of that filter; `hasher` is how they were made of items.
  static BinaryFuseFilter from_xor_singleheader(std::span<const std::byte> bytes, int bits = 8,
                                                const Hasher& hasher = {});

 private:
  friend Filter;
  friend BuiltFilter;
  static constexpr char letters[] = "QBFF";
  static constexpr std::uint8_t version = 1;
  static constexpr const char* name() { return "BinaryFuseFilter"; }

  using FingerprintFilter::FingerprintFilter;
  void find_each(std::span<const std::uint64_t> hashes, bool* out) const;
  void size_for(std::uint64_t items);
  void put_sizes(ByteWriter& writer) const;
  static BinaryFuseFilter read_sizes(ByteReader& reader, const Hasher& hasher);
  std::size_t table_bytes() const { return (segments_ + 2) * segment_ * static_cast<std::size_t>(bits_ / 8); }

  std::uint64_t segment_ = 4;   // fingerprints of a segment, a power of two
  std::uint64_t segments_ = 1;  // where the first place may be; two more follow
};

/// The xor filter: 9.84 or 19.7 bits per item for a rate of 2^-8 or 2^-16; BinaryFuseFilter does the same in less.
///
/// @source  Graf, Lemire 2020, Xor filters: faster and smaller than Bloom and cuckoo filters
class XorFilter : public FingerprintFilter<XorFilter> {
 public:
  /// A filter of items by their hashes, made elsewhere.
  ///
  /// @param hashes  of the items, at most 2^31 [1], any 64-bit integers
  /// @param bits    of a fingerprint [1], 8 or 16
  /// @param hasher  how items become 64 bits
  static XorFilter of_hashes(std::span<const std::uint64_t> hashes, int bits = 8, const Hasher& hasher = {});

  /// The bytes of xor_singleheader's xor8_serialize, or 16. Its keys are our hashes.
  std::vector<std::byte> to_xor_singleheader() const;
  /// Reads what xor8_serialize or xor16_serialize wrote; throws MalformedBytes where the bytes are anything else. The
  /// number of items is not among them: `items` is estimated from the size. `contains_hash` asks for the keys of that
  /// filter; `hasher` is how they were made of items.
  static XorFilter from_xor_singleheader(std::span<const std::byte> bytes, int bits = 8, const Hasher& hasher = {});

 private:
  friend Filter;
  friend BuiltFilter;
  static constexpr char letters[] = "QXOR";
  static constexpr std::uint8_t version = 1;
  static constexpr const char* name() { return "XorFilter"; }

  using FingerprintFilter::FingerprintFilter;
  void find_each(std::span<const std::uint64_t> hashes, bool* out) const;
  void put_sizes(ByteWriter& writer) const;
  static XorFilter read_sizes(ByteReader& reader, const Hasher& hasher);
  std::size_t table_bytes() const { return 3 * third_ * static_cast<std::size_t>(bits_ / 8); }

  std::uint64_t third_ = 1;  // fingerprints of each of the three parts
};

}  // namespace qsm::inline v0::sketches

#ifdef QSM_HEADER_ONLY
#include <qsm/sketches/fuse.ipp>
#endif
