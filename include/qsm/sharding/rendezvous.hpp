#pragma once
/// @file
/// Rendezvous (highest random weight): every node bids for a key, the highest bid wins.

#include <cstdint>
#include <memory>
#include <vector>

#include <qsm/sharding/consistent_hash.hpp>

namespace qsm::inline v0::sharding {

namespace detail {

/// Bidders: what they are known by, and the inverse of their weights where these differ.
struct Bidders {
  std::vector<std::uint64_t> seeds;
  std::vector<double> inverse_weights;  // empty where all weights are alike
  std::vector<std::uint32_t> names;     // what each stands for

  void add(std::uint64_t seed, double weight, std::uint32_t name);
  /// Forgets the weights where all are alike.
  void settle();
  std::uint32_t winner(std::uint64_t hash) const;
  void winners(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> out) const;
  /// The `count` highest bidders, the highest first.
  void rank(std::uint64_t hash, std::uint32_t count, std::vector<std::uint32_t>& out) const;
  std::size_t bytes() const;
};

}  // namespace detail

/// Places a key on the node whose bid, a hash of key and node, is the highest; of weight w, on the node with the largest
/// ln(bid) / w, so that shares are as the weights, exactly.
///
///     Rendezvous caches({{"a"}, {"b"}, {"c", 2}});
///     caches.node("user:17");
///
/// Movement is the least there can be, whatever node comes, goes or changes its weight. A lookup asks every node; many
/// keys together are asked in vectors.
///
/// @source  Thaler, Ravishankar 1998, Using name-based mappings to increase hit rates; Schindelhauer, Schomaker 2005,
///          Weighted distributed hash tables, for the weights
class Rendezvous final : public Placement {
 public:
  static constexpr detail::Traits traits{"Rendezvous", true, false};

  /// Of these nodes.
  ///
  /// @param nodes   names, weights and domains, one at least
  /// @param hasher  how keys and nodes become 64 bits
  explicit Rendezvous(const Nodes& nodes, const Hasher& hasher = {})
      : Rendezvous(detail::Image{hasher, {}, nodes, {}}) {}
  explicit Rendezvous(const detail::Image& image);

  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static Rendezvous decode(std::span<const std::byte> bytes) { return read<Rendezvous>(bytes); }
  std::unique_ptr<Placement> clone() const override { return std::make_unique<Rendezvous>(*this); }

 private:
  std::uint32_t find(std::uint64_t hash) const override { return bidders_.winner(hash); }
  void find_all(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> out) const override {
    bidders_.winners(hashes, out);
  }
  void rank(std::uint64_t hash, std::uint32_t count, std::vector<std::uint32_t>& out) const override {
    bidders_.rank(hash, count, out);
  }
  QSM_INLINE void rebuild() override;
  std::size_t own_bytes() const override { return bidders_.bytes(); }

  detail::Bidders bidders_;
};

/// Rendezvous in two steps: first the failure domains bid, each with the weights of its nodes together, then the nodes of
/// the winner. A lookup asks domains + nodes per domain instead of all nodes.
///
///     HierarchicalRendezvous shards({{"a", 1, "east"}, {"b", 1, "east"}, {"c", 1, "west"}});
///
/// Shares are as the weights. When a node leaves, keys of its neighbours in the domain move too, for the domain bids with
/// less: `hierarchical_movement`.
///
/// @source  Thaler, Ravishankar 1998, Using name-based mappings to increase hit rates; Wang, Ravishankar 2009, On the
///          scalability of hierarchical cooperation, for the hierarchy
class HierarchicalRendezvous final : public Placement {
 public:
  static constexpr detail::Traits traits{"HierarchicalRendezvous", true, false};

  /// Of these nodes.
  ///
  /// @param nodes   names, weights and domains, one at least
  /// @param hasher  how keys, nodes and domains become 64 bits
  explicit HierarchicalRendezvous(const Nodes& nodes, const Hasher& hasher = {})
      : HierarchicalRendezvous(detail::Image{hasher, {}, nodes, {}}) {}
  explicit HierarchicalRendezvous(const detail::Image& image);

  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static HierarchicalRendezvous decode(std::span<const std::byte> bytes) { return read<HierarchicalRendezvous>(bytes); }
  std::unique_ptr<Placement> clone() const override { return std::make_unique<HierarchicalRendezvous>(*this); }

 private:
  std::uint32_t find(std::uint64_t hash) const override { return members_[domains_.winner(hash)].winner(hash); }
  QSM_INLINE void rank(std::uint64_t hash, std::uint32_t count, std::vector<std::uint32_t>& out) const override;
  QSM_INLINE void rebuild() override;
  QSM_INLINE std::size_t own_bytes() const override;

  detail::Bidders domains_;
  std::vector<detail::Bidders> members_;
};

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/rendezvous.ipp>
#endif
