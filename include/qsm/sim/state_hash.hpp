#pragma once
/// @file
/// Hashes of plain states, so that an explorer knows one when it comes back.

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <variant>

#include <qsm/core/hashing.hpp>

namespace qsm::inline v0::sim {

namespace detail {

template <class>
inline constexpr bool is_optional = false;
template <class Value>
inline constexpr bool is_optional<std::optional<Value>> = true;
template <class>
inline constexpr bool is_variant = false;
template <class... Values>
inline constexpr bool is_variant<std::variant<Values...>> = true;

template <class State>
concept HasFields = requires(const State& state) { std::tuple_size<decltype(state.fields())>::value; };
template <class State>
concept TupleLike = requires { std::tuple_size<State>::value; };
// Containers without an order may hold equal things in unlike orders.
template <class State>
concept OrderedRange =
    requires(const State& state) { std::begin(state) != std::end(state); } && !requires { typename State::hasher; };
// Equal values have equal bytes: no padding, no floating point. Pointers are no part of a state.
template <class State>
concept PlainBytes = std::is_trivially_copyable_v<State> && std::has_unique_object_representations_v<State> &&
                     std::is_class_v<State> && !TupleLike<State>;

}  // namespace detail

/// Hash of a state: equal states have equal hashes. What is hashed: numbers, enumerations, ranges in order, tuples,
/// pairs, optionals, variants, structs of integers without padding, and structs that offer their fields:
///
///     struct Counter {
///       double level = 0;
///       std::vector<int> seen;
///       auto fields() const { return std::tie(level, seen); }
///     };
///
/// @param state  a plain value
/// @param seed   where the hash begins [1], any 64-bit integer
/// @returns      hash [1], any 64-bit integer
/// @source       Steele, Lea, Flood 2014, Fast splittable pseudorandom number generators, for the mixing
template <class State>
std::uint64_t state_hash(const State& state, std::uint64_t seed = 0) {
  if constexpr (std::floating_point<State>) {
    return splitmix64(seed ^ std::bit_cast<std::uint64_t>(static_cast<double>(state) + 0.0));  // -0.0 equals 0.0
  } else if constexpr (std::integral<State>) {
    return splitmix64(seed ^ static_cast<std::uint64_t>(state));
  } else if constexpr (std::is_enum_v<State>) {
    return splitmix64(seed ^ static_cast<std::uint64_t>(static_cast<std::underlying_type_t<State>>(state)));
  } else if constexpr (detail::HasFields<State>) {
    return state_hash(state.fields(), seed);
  } else if constexpr (detail::is_optional<State>) {
    return state ? state_hash(*state, splitmix64(seed ^ 1)) : splitmix64(seed);
  } else if constexpr (detail::is_variant<State>) {
    return std::visit([&](const auto& value) { return state_hash(value, splitmix64(seed ^ state.index())); }, state);
  } else if constexpr (detail::OrderedRange<State>) {
    std::uint64_t hash = seed, size = 0;
    for (const auto& value : state) {
      hash = state_hash(value, hash);
      ++size;
    }
    return splitmix64(hash ^ size);
  } else if constexpr (detail::TupleLike<State>) {
    std::apply([&](const auto&... values) { ((seed = state_hash(values, seed)), ...); }, state);
    return splitmix64(seed);
  } else {
    static_assert(detail::PlainBytes<State>,
                  "state_hash: give this type `auto fields() const { return std::tie(...); }`");
    return xxhash64(std::as_bytes(std::span(&state, 1)), seed);
  }
}

}  // namespace qsm::inline v0::sim
