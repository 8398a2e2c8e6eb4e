#pragma once
/// @file
/// Ranges: each node holds what lies between two split points, of hashes or of ordered keys.

#include <memory>

#include <qsm/sharding/consistent_hash.hpp>

namespace qsm::inline v0::sharding {

/// Places a 64-bit number by sorted split points: one range per node.
///
///     Ranges slots(numbered_nodes(4));                       // of hashes, in equal parts
///     Ranges users(numbered_nodes(3), {0, 1000, 50'000});    // of ordered numbers, by node_of_hash
///     users.split("node-1", 20'000, {"node-3"});
///
/// `node` hashes a key first, as every placement does; `node_of_hash` takes a place in an order as it is, so that what is
/// near stays together: `ordered` makes such a place of a text. A node that comes takes the upper half of the widest
/// range; the range of one that leaves goes to the node before it.
///
/// @source  Chang, Dean, Ghemawat and others 2006, Bigtable: a distributed storage system for structured data, section 5
class Ranges final : public Placement {
 public:
  static constexpr detail::Traits traits{"Ranges", false, false};

  /// Of these nodes.
  ///
  /// @param nodes   names, one at least, of weight 1
  /// @param starts  where each node's range begins, in increasing order from 0 on; empty for equal parts
  /// @param hasher  how keys become 64 bits
  explicit Ranges(const Nodes& nodes, const std::vector<std::uint64_t>& starts = {}, const Hasher& hasher = {});
  explicit Ranges(const detail::Image& image);

  /// The node gives what lies from a place on to a new node.
  ///
  /// @param name  of a node
  /// @param at    place [1], within its range and not its start
  /// @param node  the new one
  void split(std::string_view name, std::uint64_t at, const Node& node);
  /// Where the range of a node begins [1].
  ///
  /// @param name  of a node
  std::uint64_t start(std::string_view name) const;
  /// Where the ranges begin, in increasing order.
  std::vector<std::uint64_t> starts() const;
  /// Position of the node of each range, in the order of their starts.
  std::vector<std::uint32_t> owners() const;
  /// Positions of the nodes that hold the places from `first` to `last`, in their order.
  ///
  /// @param first  place [1], any 64-bit integer
  /// @param last   place [1], an integer >= first
  std::vector<std::uint32_t> nodes_between(std::uint64_t first, std::uint64_t last) const;

  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static Ranges decode(std::span<const std::byte> bytes) { return read<Ranges>(bytes); }
  std::unique_ptr<Placement> clone() const override { return std::make_unique<Ranges>(*this); }

 private:
  struct Range {
    std::uint64_t start;
    std::uint32_t owner;
  };

  QSM_INLINE std::uint32_t find(std::uint64_t hash) const override;
  QSM_INLINE void rank(std::uint64_t hash, std::uint32_t count, std::vector<std::uint32_t>& out) const override;
  QSM_INLINE void added(std::uint32_t position) override;
  QSM_INLINE void removed(std::uint32_t position) override;
  std::size_t own_bytes() const override { return ranges_.capacity() * sizeof(Range); }
  std::size_t index_of(std::uint64_t place) const;
  void note();

  std::vector<Range> ranges_;     // in the order of their starts
  std::uint64_t next_split_ = 0;  // where a node that comes begins; 0 for the middle of the widest range
};

/// Place of a text in the order of 64-bit numbers: its first eight bytes, the first the most significant.
///
/// @param text  key, any length
/// @returns     place [1], any 64-bit integer; texts that begin alike share it
/// @source      order of bytes
std::uint64_t ordered(std::string_view text);

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/ranges.ipp>
#endif
