#pragma once
/// @file
/// Multi-probe: one point per node on the circle, several tries per key; a ring without its memory.

#include <memory>

#include <qsm/sharding/consistent_hash.hpp>
#include <qsm/sharding/detail/circle.hpp>

namespace qsm::inline v0::sharding {

/// How a multi-probe placement is made.
struct MultiProbeOptions {
  /// Tries of a key k [1], an integer in [1, 1024].
  std::uint64_t probes = 21;
};

/// Places a key on the node that follows most closely the nearest of several hashes of the key.
///
///     MultiProbe shards(numbered_nodes(1000));
///     shards.node("user:17");
///
/// No node has more than k / (k - 1) of its fair share while there are many nodes: `multi_probe_peak`.
///
/// @source  Appleton, O'Reilly 2015, Multi-probe consistent hashing
class MultiProbe final : public Placement {
 public:
  static constexpr detail::Traits traits{"MultiProbe", false, false};

  /// Of these nodes.
  ///
  /// @param nodes    names, one at least, of weight 1
  /// @param hasher   how keys and nodes become 64 bits
  /// @param options  how often a key is tried
  explicit MultiProbe(const Nodes& nodes, const Hasher& hasher = {}, const MultiProbeOptions& options = {})
      : MultiProbe(detail::Image{hasher, {options.probes}, nodes, {}}) {}
  explicit MultiProbe(const detail::Image& image);

  /// Tries of a key [1].
  std::uint64_t probes() const { return setting(0); }

  /// Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
  static MultiProbe decode(std::span<const std::byte> bytes) { return read<MultiProbe>(bytes); }
  std::unique_ptr<Placement> clone() const override { return std::make_unique<MultiProbe>(*this); }

 private:
  QSM_INLINE std::uint32_t find(std::uint64_t hash) const override;
  void added(std::uint32_t position) override { circle_.insert({point_of(position)}); }
  void removed(std::uint32_t position) override { circle_.erase(position); }
  std::size_t own_bytes() const override { return circle_.bytes(); }
  detail::Circle::Point point_of(std::uint32_t position) const {
    return {hasher()(ByteView(table()[position].name)), position};
  }

  detail::Circle circle_;
};

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/multi_probe.ipp>
#endif
