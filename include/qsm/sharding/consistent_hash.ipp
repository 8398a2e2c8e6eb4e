#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <qsm/core/hashing.hpp>
#include <qsm/sharding/consistent_hash.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sharding {
namespace detail {

inline constexpr std::uint32_t most_positions = std::uint32_t{1} << 24;

inline std::string quoted(std::string_view text) { return std::string(1, '\'').append(text).append(1, '\''); }

}  // namespace detail

QSM_INLINE Nodes numbered_nodes(std::uint32_t number, std::string_view prefix) {
  Check("numbered_nodes")
      .that(number >= 1 && number <= detail::most_positions, "number", number, "an integer in [1, 2^24]");
  Nodes nodes(number);
  for (std::uint32_t i = 0; i < number; ++i) nodes[i].name = std::string(prefix) + std::to_string(i);
  return nodes;
}

// --- making -----------------------------------------------------------------------------------------------------------

QSM_INLINE Placement::Placement(const detail::Traits& traits, detail::Image image)
    : traits_(traits), image_(std::move(image)) {
  hasher()(std::uint64_t{0});  // refuses a function that is none
  if (image_.table.size() > detail::most_positions)
    refuse("", "nodes must be at most 2^24, got " + std::to_string(image_.table.size()));
  std::vector<bool> vacant(positions());
  for (const std::uint32_t i : image_.vacant) {
    if (traits.dense || taken(i) || vacant[i]) refuse("", "vacant positions must be unlike, and without a node");
    vacant[i] = true;
  }
  for (std::uint32_t i = 0; i < positions(); ++i) {
    if (vacant[i]) continue;
    check_node("", image_.table[i]);
    places_.emplace(image_.table[i].name, i);
  }
  if (places_.empty()) refuse("", "nodes must be at least one, got none");
  check_total("", total_weight());
}

QSM_INLINE void Placement::refuse(const char* member, const std::string& sentence) const {
  throw std::domain_error(traits_.name + std::string(*member ? "." : "") + member + ": " + sentence);
}

QSM_INLINE void Placement::check_node(const char* member, const Node& node) const {
  if (node.name.empty()) refuse(member, "name of a node must not be empty, got ''");
  if (contains(node.name)) refuse(member, "name of a node must be unlike all others, got " + detail::quoted(node.name));
  const std::string weight = "weight of node " + detail::quoted(node.name) + " must be ";
  if (!(node.weight >= 0 && node.weight <= 0x1p512))
    refuse(member, weight + "finite and >= 0, got " + qsm::detail::shortest(node.weight));
  if (!traits_.weighted && node.weight != 1)
    refuse(member, weight + "1, for this algorithm knows no weights, got " + qsm::detail::shortest(node.weight));
}

QSM_INLINE void Placement::check_total(const char* member, double total) const {
  if (!(total > 0)) refuse(member, "weights must sum to more than 0, got 0");
}

QSM_INLINE void Placement::check_room(const char* member, std::uint64_t nodes) const {
  if (nodes > detail::most_positions) refuse(member, "nodes must be at most 2^24, got " + std::to_string(nodes));
}

// --- nodes come and go ------------------------------------------------------------------------------------------------

QSM_INLINE void Placement::add(const Node& node) {
  check_node("add", node);
  check_room("add", std::uint64_t{size()} + 1);
  std::uint32_t position = positions();
  if (image_.vacant.empty()) {
    image_.table.push_back(node);
  } else {
    position = image_.vacant.back();
    image_.vacant.pop_back();
    image_.table[position] = node;
  }
  places_.emplace(node.name, position);
  added(position);
}

QSM_INLINE void Placement::remove(std::string_view name) {
  const auto found = places_.find(std::string(name));
  if (found == places_.end()) refuse("remove", "name must be that of a node, got " + detail::quoted(name));
  if (size() == 1) refuse("remove", "name must leave a node behind, got the last, " + detail::quoted(name));
  const std::uint32_t position = found->second;
  double rest = 0;
  for (std::uint32_t i = 0; i < positions(); ++i) rest += i == position ? 0 : image_.table[i].weight;
  check_total("remove", rest);
  places_.erase(found);
  if (traits_.dense && position + 1 < positions()) {
    image_.table[position] = std::move(image_.table.back());
    places_[image_.table[position].name] = position;
    image_.table.pop_back();
  } else if (position + 1 == positions() && image_.vacant.empty()) {
    image_.table.pop_back();
  } else {
    image_.table[position] = {"", 0, ""};
    image_.vacant.push_back(position);
  }
  removed(position);
}

QSM_INLINE std::uint32_t Placement::position(std::string_view name) const {
  const auto found = places_.find(std::string(name));
  if (found == places_.end()) refuse("position", "name must be that of a node, got " + detail::quoted(name));
  return found->second;
}

QSM_INLINE double Placement::total_weight() const {
  double total = 0;
  for (const Node& node : table()) total += node.name.empty() ? 0 : node.weight;
  return total;
}

// --- questions --------------------------------------------------------------------------------------------------------

QSM_INLINE void Placement::nodes(std::span<const std::uint64_t> keys, std::span<std::uint32_t> out) const {
  Check("nodes").that(keys.size() == out.size(), "size of out", static_cast<double>(out.size()), "that of keys");
  sketches::detail::in_blocks(hasher(), keys, [&](std::span<const std::uint64_t> hashes) {
    find_all(hashes, out.first(hashes.size()));
    out = out.subspan(hashes.size());
  });
}

QSM_INLINE void Placement::nodes_of_hashes(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> out) const {
  Check("nodes_of_hashes")
      .that(hashes.size() == out.size(), "size of out", static_cast<double>(out.size()), "that of hashes");
  find_all(hashes, out);
}

QSM_INLINE void Placement::find_all(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> out) const {
  for (std::size_t i = 0; i < hashes.size(); ++i) out[i] = find(hashes[i]);
}

/// The key is hashed again and again; what is still missing after many turns follows in an order of its own.
QSM_INLINE void Placement::rank(std::uint64_t hash, std::uint32_t count, std::vector<std::uint32_t>& out) const {
  std::vector<bool> seen(positions());
  const auto take = [&](std::uint32_t position) {
    if (seen[position]) return;
    seen[position] = true;
    out.push_back(position);
  };
  const std::uint64_t turns = 64 + 4 * std::uint64_t{positions()};
  for (std::uint64_t turn = 0, again = hash; turn < turns && out.size() < count; ++turn, again = splitmix64(again))
    take(find(again));
  if (out.size() == count) return;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> rest;
  for (std::uint32_t i = 0; i < positions(); ++i)
    if (taken(i) && !seen[i] && table()[i].weight > 0) rest.emplace_back(splitmix64(hash ^ splitmix64(i)), i);
  std::ranges::sort(rest);
  for (const auto& [score, i] : rest)
    if (out.size() < count) take(i);
}

QSM_INLINE std::vector<std::uint32_t> Placement::preferred(std::uint64_t hash, std::uint32_t count) const {
  const auto able = static_cast<std::uint32_t>(
      std::ranges::count_if(table(), [](const Node& node) { return !node.name.empty() && node.weight > 0; }));
  if (count > able)
    refuse("replicas", "count must be at most the number of nodes with a weight, " + std::to_string(able) + ", got " +
                           std::to_string(count));
  std::vector<std::uint32_t> out;
  out.reserve(count);
  if (count > 0) rank(hash, count, out);
  return out;
}

QSM_INLINE std::vector<std::uint32_t> Placement::replicas_of_hash(std::uint64_t hash, std::uint32_t count) const {
  if (std::ranges::all_of(table(), [](const Node& node) { return node.domain.empty(); })) return preferred(hash, count);
  preferred(hash, count);  // refuses a count that is too large
  const auto able =
      std::ranges::count_if(table(), [](const Node& node) { return !node.name.empty() && node.weight > 0; });
  std::vector<std::uint32_t> order = preferred(hash, static_cast<std::uint32_t>(able)), out;
  std::map<std::string_view, std::uint32_t> used;
  for (std::uint32_t turn = 1; out.size() < count; ++turn) {
    std::erase_if(order, [&](std::uint32_t position) {
      const std::string& domain = table()[position].domain;
      if (out.size() == count || (!domain.empty() && used[domain] >= turn)) return false;
      if (!domain.empty()) ++used[domain];
      out.push_back(position);
      return true;
    });
  }
  return out;
}

QSM_INLINE std::size_t Placement::bytes_used() const {
  std::size_t bytes = sizeof(Placement) + image_.vacant.capacity() * sizeof(std::uint32_t) +
                      image_.settings.capacity() * sizeof(std::uint64_t) + places_.bucket_count() * sizeof(void*) +
                      places_.size() * (sizeof(*places_.begin()) + 2 * sizeof(void*));
  const std::size_t within = std::string().capacity();
  const auto text = [&](const std::string& name) { return name.capacity() > within ? name.capacity() + 1 : 0; };
  for (const Node& node : image_.table) bytes += sizeof(Node) + 2 * text(node.name) + text(node.domain);
  return bytes + own_bytes();
}

// --- bytes ------------------------------------------------------------------------------------------------------------

QSM_INLINE std::vector<std::byte> Placement::encode() const {
  ByteWriter writer;
  sketches::detail::put_head(writer, "QSPL", 1, hasher());
  writer.string(traits_.name);
  writer.varint(image_.settings.size());
  for (const std::uint64_t setting : image_.settings) writer.varint(setting);
  writer.varint(image_.table.size());
  for (const Node& node : image_.table) {
    writer.string(node.name);
    writer.f64(node.weight);
    writer.string(node.domain);
  }
  writer.varint(image_.vacant.size());
  for (const std::uint32_t position : image_.vacant) writer.varint(position);
  writer.checksum();
  return writer.take();
}

QSM_INLINE detail::Image Placement::read_image(std::span<const std::byte> bytes, const char* name) {
  ByteReader reader(bytes, name);
  detail::Image image;
  image.hasher = sketches::detail::read_head(reader, "QSPL", 1);
  if (const std::string algorithm = reader.string(); algorithm != name)
    reader.refuse("a placement by " + std::string(name) + ", not by " + algorithm);
  image.settings.resize(reader.count(1));
  for (std::uint64_t& setting : image.settings) setting = reader.varint();
  image.table.resize(reader.count(10));
  for (Node& node : image.table) {
    node.name = reader.string();
    node.weight = reader.f64();
    node.domain = reader.string();
    if (node.name.empty() && (node.weight != 0 || !node.domain.empty()))
      reader.refuse("nothing of a node without a name");
  }
  image.vacant.resize(reader.count(1));
  for (std::uint32_t& position : image.vacant) {
    const std::uint64_t read = reader.varint();
    if (read >= image.table.size()) reader.refuse("a position of the table");
    position = static_cast<std::uint32_t>(read);
  }
  reader.checksum();
  reader.end();
  return image;
}

}  // namespace qsm::inline v0::sharding
