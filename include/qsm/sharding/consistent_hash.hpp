#pragma once
/// @file
/// Which node holds a key: the one interface of all placements, and what they share.
///
/// A placement has nodes at positions 0, 1, ...; it turns a key into 64 bits and these into a position. A position keeps
/// its node until the node is removed, then the next new node takes it.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <qsm/core/bytes.hpp>
#include <qsm/core/config.hpp>
#include <qsm/core/error.hpp>
#include <qsm/sketches/hasher.hpp>

namespace qsm::inline v0::sharding {

using sketches::Hasher;

/// A node that holds keys.
struct Node {
  /// Its name, not empty and unlike all others'.
  std::string name;
  /// Its share against that of the others [1], finite and >= 0.
  double weight = 1;
  /// What fails together with it: a rack, a zone, a region. A node without one stands for itself.
  std::string domain = "";

  friend bool operator==(const Node&, const Node&) = default;
};

using Nodes = std::vector<Node>;

/// So many nodes, named by a prefix and their number: "node-0", "node-1", ...
///
/// @param number  nodes [1], an integer in [1, 2^24]
/// @param prefix  what stands before the number
/// @returns       the nodes
/// @source        by counting
Nodes numbered_nodes(std::uint32_t number, std::string_view prefix = "node-");

/// A placement of keys on nodes that moves few keys when nodes come and go.
template <class Type>
concept ConsistentHash =
    std::copyable<Type> && std::equality_comparable<Type> &&
    requires(Type changed, const Type constant, std::uint64_t number, ByteView bytes, const Node& node,
             std::span<const std::uint64_t> numbers, std::span<std::uint32_t> out, std::string_view name) {
      { constant.node(number) } -> std::convertible_to<std::uint32_t>;
      { constant.node(bytes) } -> std::convertible_to<std::uint32_t>;
      { constant.node_of_hash(number) } -> std::convertible_to<std::uint32_t>;
      constant.nodes(numbers, out);
      constant.nodes_of_hashes(numbers, out);
      { constant.replicas_of_hash(number, std::uint32_t{2}) } -> std::convertible_to<std::vector<std::uint32_t>>;
      { constant.table() } -> std::convertible_to<Nodes>;
      changed.add(node);
      changed.remove(name);
      { constant.bytes_used() } -> std::convertible_to<std::size_t>;
      { constant.encode() } -> std::convertible_to<std::vector<std::byte>>;
    };

namespace detail {

/// What a placement is made of, whether by its user or from bytes.
struct Image {
  Hasher hasher;
  std::vector<std::uint64_t> settings;  // what its own options come to
  Nodes table;                          // by position; without a name where there is no node
  std::vector<std::uint32_t> vacant;    // positions without a node, the one to be taken next at the end
};

/// How a placement treats its table.
struct Traits {
  const char* name;       // of the class
  bool weighted = false;  // whether nodes may have unlike weights
  bool dense = false;     // whether the last node takes the place of one that is removed
};

}  // namespace detail

/// Base of the placements of this library.
class Placement {
 public:
  virtual ~Placement() = default;

  /// Position of the node that holds a key.
  std::uint32_t node(std::uint64_t key) const { return find(hasher()(key)); }
  /// Position of the node that holds a key, a text or bytes.
  std::uint32_t node(ByteView key) const { return find(hasher()(key)); }
  /// Position of the node that holds a key of this hash.
  std::uint32_t node_of_hash(std::uint64_t hash) const { return find(hash); }
  /// Positions of the nodes that hold the keys; `out` has their size.
  void nodes(std::span<const std::uint64_t> keys, std::span<std::uint32_t> out) const;
  /// Positions of the nodes that hold keys of these hashes; `out` has their size.
  void nodes_of_hashes(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> out) const;

  /// Positions of so many unlike nodes for a key of this hash: first its node, then those that would hold it if the
  /// nodes before were not there. A failure domain is taken again only when every other has been taken as often.
  std::vector<std::uint32_t> replicas_of_hash(std::uint64_t hash, std::uint32_t count) const;
  /// The same for a key.
  std::vector<std::uint32_t> replicas(std::uint64_t key, std::uint32_t count) const {
    return replicas_of_hash(hasher()(key), count);
  }
  /// The same for a key, a text or bytes.
  std::vector<std::uint32_t> replicas(ByteView key, std::uint32_t count) const {
    return replicas_of_hash(hasher()(key), count);
  }
  /// Positions of so many unlike nodes in the order in which a key of this hash prefers them, whatever their domains.
  std::vector<std::uint32_t> preferred(std::uint64_t hash, std::uint32_t count) const;

  /// Adds a node.
  ///
  /// @param node  its name, weight and failure domain
  void add(const Node& node);
  /// Removes a node; the last one stays.
  ///
  /// @param name  of a node
  void remove(std::string_view name);

  /// Nodes by position; one without a name where there is none.
  const Nodes& table() const { return image_.table; }
  /// Whether there is a node with this name.
  bool contains(std::string_view name) const { return places_.contains(std::string(name)); }
  /// Position of a node [1].
  ///
  /// @param name  of a node
  std::uint32_t position(std::string_view name) const;
  /// Number of nodes [1].
  std::uint32_t size() const { return static_cast<std::uint32_t>(places_.size()); }
  /// Sum of all weights [1].
  double total_weight() const;
  /// How keys become 64 bits.
  const Hasher& hasher() const { return image_.hasher; }
  /// Name of the algorithm.
  std::string_view algorithm() const { return traits_.name; }
  /// Memory of the placement [B], about.
  std::size_t bytes_used() const;

  /// The placement's own bytes: "QSPL", version 1, hasher, algorithm, settings, nodes, vacant positions, checksum.
  std::vector<std::byte> encode() const;
  /// A copy.
  virtual std::unique_ptr<Placement> clone() const = 0;

  /// Whether algorithm, hasher, settings and nodes with their positions are the same.
  friend bool operator==(const Placement& a, const Placement& b) { return a.encode() == b.encode(); }

 protected:
  Placement(const detail::Traits& traits, detail::Image image);
  Placement(const Placement&) = default;
  Placement(Placement&&) = default;
  Placement& operator=(const Placement&) = default;
  Placement& operator=(Placement&&) = default;

  /// Reads what `encode` of the same class wrote.
  template <class Type>
  static Type read(std::span<const std::byte> bytes) {
    try {
      return Type(read_image(bytes, Type::traits.name));
    } catch (const std::logic_error& error) {
      throw MalformedBytes(Type::traits.name, bytes.size(), std::string("a placement that can be: ") + error.what());
    }
  }

  virtual std::uint32_t find(std::uint64_t hash) const = 0;
  QSM_INLINE virtual void find_all(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> out) const;
  /// The first `count` nodes in the order in which the key prefers them.
  QSM_INLINE virtual void rank(std::uint64_t hash, std::uint32_t count, std::vector<std::uint32_t>& out) const;
  /// After a node has been added to or removed from the table.
  virtual void added(std::uint32_t) { rebuild(); }
  virtual void removed(std::uint32_t) { rebuild(); }
  virtual void rebuild() {}
  /// Throws where another node has no place.
  QSM_INLINE virtual void check_room(const char* member, std::uint64_t nodes) const;
  virtual std::size_t own_bytes() const = 0;

  const detail::Image& image() const { return image_; }
  std::vector<std::uint64_t>& settings() { return image_.settings; }
  std::uint64_t setting(std::size_t i) const { return image_.settings[i]; }
  /// Positions, vacant ones among them [1].
  std::uint32_t positions() const { return static_cast<std::uint32_t>(image_.table.size()); }
  bool taken(std::uint32_t position) const { return !image_.table[position].name.empty(); }
  [[noreturn]] void refuse(const char* member, const std::string& sentence) const;
  /// Throws std::domain_error where a setting does not hold.
  void check(bool holds, const char* argument, double value, const char* range) const {
    Check(traits_.name).that(holds, argument, value, range);
  }

 private:
  static detail::Image read_image(std::span<const std::byte> bytes, const char* name);
  void check_node(const char* member, const Node& node) const;
  void check_total(const char* member, double total) const;

  detail::Traits traits_;
  detail::Image image_;
  std::unordered_map<std::string, std::uint32_t> places_;
};

}  // namespace qsm::inline v0::sharding

#ifdef QSM_HEADER_ONLY
#include <qsm/sharding/consistent_hash.ipp>
#endif
