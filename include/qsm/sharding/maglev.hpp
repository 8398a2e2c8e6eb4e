#pragma once
/// @file
/// Maglev: a table that nodes fill in turn, each in an order of its own; a lookup is one read of memory.

#include <memory>
#include <span>
#include <vector>

#include <qsm/sharding/consistent_hash.hpp>

namespace qsm::inline v0::sharding {

/// How a Maglev table is made.
struct MaglevOptions {
  /// Entries of the table M [1], a prime in [2, 2^26]: a hundred times the nodes or more.
  std::uint64_t table_size = 65537;
};

/// Fills a Maglev table: in turn each node takes the next free entry of its order offset, offset + skip, ... modulo
/// `size`; a node of weight w in only w / (the largest weight) of all turns.
///
/// @param offsets  first entry of each node's order [1], integers in [0, size)
/// @param skips    steps of these orders [1], integers in [1, size)
/// @param weights  shares [1], finite and >= 0, not all 0; empty where all are alike
/// @param size     entries M [1], a prime in [2, 2^26]
/// @returns        which node holds each entry
/// @source         Eisenbud, Yi, Contavalli, Smith, Kononov, Mann-Hielscher, Cilingiroglu, Cheyney, Shang, Hosein 2016,
///                 Maglev: a fast and reliable software network load balancer, section 3.4
/// @golden         sharding/maglev_table.csv
std::vector<std::uint32_t> maglev_table(const std::vector<std::uint32_t>& offsets,
                                        const std::vector<std::uint32_t>& skips, const std::vector<double>& weights,
                                        std::uint32_t size);

/// Places a key by a table that is shared out as evenly as can be: no node of weight 1 has two entries more than another.
///
///     Maglev backends(numbered_nodes(100));
///     backends.remove("node-3");  // moves the hundredth that must move, and a little more
///
/// A node's order begins at h(name, seed) mod M with step h(name, seed + 1) mod (M - 1) + 1, as in Envoy, whose tables
/// come out where the hasher is xxhash64 with seed 0. The order of the nodes counts.
///
/// @source  Eisenbud and others 2016, Maglev: a fast and reliable software network load balancer, section 3.4
class Maglev final : public Placement {
 public:
  static constexpr detail::Traits traits{"Maglev", true, false};

  /// Of these nodes.
  ///
  /// @param nodes    names, weights and domains, one at least
  /// @param hasher   how keys and nodes become 64 bits
  /// @param options  size of the table
  explicit Maglev(const Nodes& nodes, const Hasher& hasher = {}, const MaglevOptions& options = {})
      : Maglev(detail::Image{hasher, {options.table_size}, nodes, {}}) {}
  explicit Maglev(const detail::Image& image);

  /// Entries of the table [1].
  std::uint64_t table_size() const { return setting(0); }
  /// Position of the node that holds each entry.
  const std::vector<std::uint32_t>& entries() const { return entries_; }

  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static Maglev decode(std::span<const std::byte> bytes) { return read<Maglev>(bytes); }
  std::unique_ptr<Placement> clone() const override { return std::make_unique<Maglev>(*this); }

 private:
  std::uint32_t find(std::uint64_t hash) const override { return entries_[hash % entries_.size()]; }
  void find_all(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> out) const override {
    for (std::size_t i = 0; i < hashes.size(); ++i) out[i] = entries_[hashes[i] % entries_.size()];
  }
  QSM_INLINE void check_room(const char* member, std::uint64_t nodes) const override;
  QSM_INLINE void rebuild() override;
  std::size_t own_bytes() const override { return entries_.capacity() * sizeof(std::uint32_t); }

  std::vector<std::uint32_t> entries_;
};

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/maglev.ipp>
#endif
