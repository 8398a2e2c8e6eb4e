#include <algorithm>

#include <qsm/sharding/maglev.hpp>

namespace qsm::inline v0::sharding {
namespace detail {

inline bool is_prime(std::uint64_t number) {
  if (number < 4) return number >= 2;
  if (number % 2 == 0) return false;
  for (std::uint64_t factor = 3; factor * factor <= number; factor += 2)
    if (number % factor == 0) return false;
  return true;
}

inline constexpr std::uint64_t most_entries = std::uint64_t{1} << 26;

/// A node's way through the table.
struct Turn {
  std::uint32_t place, skip, node;
  double weight, waits;  // weight against the largest; how much of it is wanted for the next entry
};

inline void fill_maglev(std::vector<Turn>& turns, std::vector<std::uint32_t>& entries) {
  const auto size = static_cast<std::uint32_t>(entries.size());
  double largest = 0;
  for (const Turn& turn : turns) largest = std::max(largest, turn.weight);
  std::erase_if(turns, [](const Turn& turn) { return turn.weight == 0; });
  const bool alike = std::ranges::all_of(turns, [&](const Turn& turn) { return turn.weight == largest; });
  std::vector<std::uint64_t> full((std::size_t{size} + 63) / 64);  // a bit per entry
  std::uint32_t left = size;
  for (double round = 1;; ++round)
    for (Turn& turn : turns) {
      if (!alike) {
        if (round * turn.weight < turn.waits) continue;
        turn.waits += largest;
      }
      std::uint32_t place = turn.place;
      const std::uint32_t skip = turn.skip;
      while (full[place >> 6] >> (place & 63) & 1) {
        place += skip;
        place = std::min(place, place - size);  // a remainder without a branch: what is below zero wraps round
      }
      full[place >> 6] |= std::uint64_t{1} << (place & 63);
      entries[place] = turn.node;
      turn.place = place;
      if (--left == 0) return;
    }
}

}  // namespace detail

QSM_INLINE std::vector<std::uint32_t> maglev_table(const std::vector<std::uint32_t>& offsets,
                                                   const std::vector<std::uint32_t>& skips,
                                                   const std::vector<double>& weights, std::uint32_t size) {
  Check check("maglev_table");
  check.that(detail::is_prime(size) && size <= detail::most_entries, "size", size, "a prime in [2, 2^26]");
  check.that(!offsets.empty(), "number of offsets", 0, "at least 1");
  check.that(skips.size() == offsets.size(), "number of skips", static_cast<double>(skips.size()), "that of offsets");
  check.that(weights.empty() || weights.size() == offsets.size(), "number of weights",
             static_cast<double>(weights.size()), "that of offsets, or none");
  std::vector<detail::Turn> turns(offsets.size());
  double total = 0;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    check.that(offsets[i] < size, "offsets", offsets[i], "in [0, size)");
    check.that(skips[i] >= 1 && skips[i] < size, "skips", skips[i], "in [1, size)");
    const double weight = weights.empty() ? 1 : weights[i];
    check.not_negative("weights", weight);
    total += weight;
    turns[i] = {offsets[i], skips[i], static_cast<std::uint32_t>(i), weight, 0};
  }
  check.that(total > 0, "sum of weights", total, "more than 0");
  std::vector<std::uint32_t> entries(size);
  detail::fill_maglev(turns, entries);
  return entries;
}

QSM_INLINE Maglev::Maglev(const detail::Image& image) : Placement(traits, image) {
  check(detail::is_prime(table_size()) && table_size() <= detail::most_entries, "table_size",
        static_cast<double>(table_size()), "a prime in [2, 2^26]");
  check_room("", size());
  rebuild();
}

QSM_INLINE void Maglev::check_room(const char* member, std::uint64_t nodes) const {
  if (nodes > table_size())
    refuse(member, "nodes must be at most the table's size, " + std::to_string(table_size()) + ", got " +
                       std::to_string(nodes));
}

QSM_INLINE void Maglev::rebuild() {
  const auto size = static_cast<std::uint32_t>(table_size());
  const Hasher other{hasher().function, hasher().seed + 1};
  std::vector<detail::Turn> turns;
  for (std::uint32_t i = 0; i < positions(); ++i)
    if (taken(i)) {
      const Node& node = table()[i];
      const ByteView name(node.name);
      turns.push_back({static_cast<std::uint32_t>(hasher()(name) % size),
                       static_cast<std::uint32_t>(other(name) % (size - 1)) + 1, i, node.weight, 0});
    }
  entries_.resize(size);
  detail::fill_maglev(turns, entries_);
}

}  // namespace qsm::inline v0::sharding
