#include <algorithm>
#include <string>

#include <qsm/core/hashing.hpp>
#include <qsm/sharding/anchor.hpp>
#include <qsm/sharding/jump.hpp>

namespace qsm::inline v0::sharding {
namespace detail {

inline Image with_capacity(const Nodes& nodes, const Hasher& hasher, const CapacityOptions& options) {
  return {hasher, {options.capacity == 0 ? 2 * std::uint64_t{nodes.size()} : options.capacity}, nodes, {}};
}

/// Uniform in [0, bound) from a sequence of SplitMix64, by Lemire's product of 32 bits.
inline std::uint32_t below(std::uint32_t bound, std::uint64_t& state) {
  while (true) {
    const std::uint64_t product = (splitmix64(state) & 0xffffffff) * bound;
    state += 0x9e3779b97f4a7c15;
    const auto low = static_cast<std::uint32_t>(product);
    if (low >= bound || low >= (std::uint64_t{1} << 32) % bound) return static_cast<std::uint32_t>(product >> 32);
  }
}

}  // namespace detail

// --- Anchor -----------------------------------------------------------------------------------------------------------

QSM_INLINE Anchor::Anchor(const Nodes& nodes, const Hasher& hasher, const CapacityOptions& options)
    : Anchor(detail::with_capacity(nodes, hasher, options)) {}

QSM_INLINE Anchor::Anchor(const detail::Image& image) : Placement(traits, image) {
  check(capacity() >= 1 && capacity() <= std::uint64_t{1} << 24, "capacity", static_cast<double>(capacity()),
        "an integer in [1, 2^24]");
  check_room("", positions());
  removals_.clear(static_cast<std::uint32_t>(capacity()));
  for (auto i = static_cast<std::uint32_t>(capacity()); i-- > positions();) removals_.remove(i, i);
  std::uint32_t left = positions();
  for (const std::uint32_t position : image.vacant) removals_.remove(position, --left);
}

QSM_INLINE void Anchor::check_room(const char* member, std::uint64_t nodes) const {
  if (nodes > capacity())
    refuse(member,
           "nodes must be at most the capacity, " + std::to_string(capacity()) + ", got " + std::to_string(nodes));
}

QSM_INLINE void Anchor::removed(std::uint32_t position) { removals_.remove(position, size()); }

QSM_INLINE std::uint32_t Anchor::find(std::uint64_t hash) const {
  auto position = static_cast<std::uint32_t>(hash % capacity());
  std::uint64_t state = hash;
  while (const std::uint32_t left = removals_.left(position))
    position = removals_.seen(detail::below(left, state), left);
  return position;
}

// --- JumpBackAnchor ---------------------------------------------------------------------------------------------------

QSM_INLINE JumpBackAnchor::JumpBackAnchor(const detail::Image& image) : Placement(traits, image) {
  removals_.clear(positions());
  std::uint32_t left = positions();
  for (const std::uint32_t position : image.vacant) removals_.remove(position, --left);
}

QSM_INLINE void JumpBackAnchor::added(std::uint32_t position) {
  removals_.grow(positions());
  removals_.restore(position);
}

QSM_INLINE void JumpBackAnchor::removed(std::uint32_t position) {
  if (position < positions()) removals_.remove(position, size());
}

QSM_INLINE std::uint32_t JumpBackAnchor::find(std::uint64_t hash) const {
  std::uint64_t state;
  std::uint32_t position = detail::jump_back_of(hash, positions(), state);
  while (const std::uint32_t left = removals_.left(position))
    position = removals_.seen(detail::below(left, state), left);
  return position;
}

// --- Memento ----------------------------------------------------------------------------------------------------------

QSM_INLINE Memento::Memento(const detail::Image& image) : Placement(traits, image) {
  std::uint32_t left = positions();
  for (const std::uint32_t position : image.vacant) replacers_[position] = --left;
}

QSM_INLINE void Memento::removed(std::uint32_t position) {
  if (position < positions()) replacers_[position] = size();
}

QSM_INLINE std::uint32_t Memento::find(std::uint64_t hash) const {
  std::uint32_t position = detail::jump_of(hash, positions());
  if (replacers_.empty()) return position;
  for (auto found = replacers_.find(position); found != replacers_.end(); found = replacers_.find(position)) {
    const std::uint32_t left = found->second;
    position = static_cast<std::uint32_t>(splitmix64(hash ^ splitmix64(position)) % left);
    for (auto next = replacers_.find(position); next != replacers_.end() && next->second >= left;
         next = replacers_.find(position))
      position = next->second;
  }
  return position;
}

QSM_INLINE std::size_t Memento::own_bytes() const {
  return replacers_.bucket_count() * sizeof(void*) +
         replacers_.size() * (sizeof(void*) + sizeof(std::pair<std::uint32_t, std::uint32_t>));
}

// --- Dx ---------------------------------------------------------------------------------------------------------------

QSM_INLINE Dx::Dx(const Nodes& nodes, const Hasher& hasher, const CapacityOptions& options)
    : Dx(detail::with_capacity(nodes, hasher, options)) {}

QSM_INLINE Dx::Dx(const detail::Image& image) : Placement(traits, image) {
  check(capacity() >= 1 && capacity() <= std::uint64_t{1} << 24, "capacity", static_cast<double>(capacity()),
        "an integer in [1, 2^24]");
  check_room("", positions());
  there_.assign((capacity() + 63) / 64, 0);
  for (std::uint32_t i = 0; i < positions(); ++i)
    if (taken(i)) added(i);
}

QSM_INLINE void Dx::check_room(const char* member, std::uint64_t nodes) const {
  if (nodes > capacity())
    refuse(member,
           "nodes must be at most the capacity, " + std::to_string(capacity()) + ", got " + std::to_string(nodes));
}

QSM_INLINE std::uint32_t Dx::find(std::uint64_t hash) const {
  const auto bound = static_cast<std::uint32_t>(capacity());
  std::uint64_t state = hash;
  while (true) {
    const std::uint32_t position = detail::below(bound, state);
    if (there_[position >> 6] >> (position & 63) & 1) return position;
  }
}

}  // namespace qsm::inline v0::sharding
