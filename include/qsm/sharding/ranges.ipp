#include <algorithm>
#include <string>

#include <qsm/sharding/ranges.hpp>

namespace qsm::inline v0::sharding {
namespace detail {

/// Start and owner of each range, one after the other.
inline Image ranges_image(const Nodes& nodes, const std::vector<std::uint64_t>& starts, const Hasher& hasher) {
  Image image{hasher, {}, nodes, {}};
  Check("Ranges").that(starts.empty() || starts.size() == nodes.size(), "number of starts",
                       static_cast<double>(starts.size()), "that of nodes, or none");
  const std::uint64_t part = nodes.empty() ? 0 : ~std::uint64_t{0} / nodes.size();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    image.settings.push_back(starts.empty() ? i * part : starts[i]);
    image.settings.push_back(i);
  }
  return image;
}

}  // namespace detail

QSM_INLINE Ranges::Ranges(const Nodes& nodes, const std::vector<std::uint64_t>& starts, const Hasher& hasher)
    : Ranges(detail::ranges_image(nodes, starts, hasher)) {}

QSM_INLINE Ranges::Ranges(const detail::Image& image) : Placement(traits, image) {
  if (image.settings.size() != 2 * std::size_t{size()}) refuse("", "ranges must be as many as nodes");
  std::vector<bool> seen(positions());
  for (std::size_t i = 0; i < image.settings.size(); i += 2) {
    const std::uint64_t start = image.settings[i], owner = image.settings[i + 1];
    if (i == 0 ? start != 0 : start <= ranges_.back().start)
      refuse("", "starts must increase from 0 on, got " + std::to_string(start));
    if (owner >= positions() || !taken(static_cast<std::uint32_t>(owner)) || seen[owner])
      refuse("", "ranges must have unlike nodes");
    seen[owner] = true;
    ranges_.push_back({start, static_cast<std::uint32_t>(owner)});
  }
}

QSM_INLINE std::size_t Ranges::index_of(std::uint64_t place) const {
  const auto after = std::ranges::upper_bound(ranges_, place, std::less<>(), &Range::start);
  return static_cast<std::size_t>(after - ranges_.begin()) - 1;
}

QSM_INLINE std::uint32_t Ranges::find(std::uint64_t hash) const { return ranges_[index_of(hash)].owner; }

QSM_INLINE void Ranges::rank(std::uint64_t hash, std::uint32_t count, std::vector<std::uint32_t>& out) const {
  for (std::size_t i = index_of(hash); out.size() < count; i = i == 0 ? ranges_.size() - 1 : i - 1)
    out.push_back(ranges_[i].owner);
}

QSM_INLINE void Ranges::note() {
  settings().clear();
  for (const Range& range : ranges_) {
    settings().push_back(range.start);
    settings().push_back(range.owner);
  }
}

QSM_INLINE void Ranges::added(std::uint32_t position) {
  std::uint64_t start = next_split_;
  if (start == 0) {
    std::uint64_t widest = 0;
    for (std::size_t i = 0; i < ranges_.size(); ++i) {
      const std::uint64_t end = i + 1 == ranges_.size() ? ~std::uint64_t{0} : ranges_[i + 1].start - 1;
      if (const std::uint64_t width = end - ranges_[i].start; width > widest) {
        widest = width;
        start = ranges_[i].start + width / 2 + 1;
      }
    }
  }
  const std::size_t before = index_of(start);
  ranges_.insert(ranges_.begin() + static_cast<std::ptrdiff_t>(before) + 1, {start, position});
  note();
}

QSM_INLINE void Ranges::removed(std::uint32_t position) {
  const auto found = std::ranges::find(ranges_, position, &Range::owner);
  ranges_.erase(found);
  ranges_.front().start = 0;  // what the first leaves goes to the one after it
  note();
}

QSM_INLINE void Ranges::split(std::string_view name, std::uint64_t at, const Node& node) {
  const std::uint32_t owner = position(name);
  if (at == start(name) || find(at) != owner)
    refuse("split", "at must be a place within the range of '" + std::string(name) + "' and not its start, got " +
                        std::to_string(at));
  next_split_ = at;
  try {
    add(node);
  } catch (...) {
    next_split_ = 0;
    throw;
  }
  next_split_ = 0;
}

QSM_INLINE std::uint64_t Ranges::start(std::string_view name) const {
  return std::ranges::find(ranges_, position(name), &Range::owner)->start;
}

QSM_INLINE std::vector<std::uint64_t> Ranges::starts() const {
  std::vector<std::uint64_t> starts;
  for (const Range& range : ranges_) starts.push_back(range.start);
  return starts;
}

QSM_INLINE std::vector<std::uint32_t> Ranges::owners() const {
  std::vector<std::uint32_t> owners;
  for (const Range& range : ranges_) owners.push_back(range.owner);
  return owners;
}

QSM_INLINE std::vector<std::uint32_t> Ranges::nodes_between(std::uint64_t first, std::uint64_t last) const {
  if (last < first)
    refuse("nodes_between",
           "last must not be before first, " + std::to_string(first) + ", got " + std::to_string(last));
  std::vector<std::uint32_t> owners;
  for (std::size_t i = index_of(first); i <= index_of(last); ++i) owners.push_back(ranges_[i].owner);
  return owners;
}

QSM_INLINE std::uint64_t ordered(std::string_view text) {
  std::uint64_t place = 0;
  for (std::size_t i = 0; i < 8; ++i) place = place << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  return place;
}

}  // namespace qsm::inline v0::sharding
