#pragma once
/// @file
/// Every state that a plain state machine can reach, breadth first: what always holds, and the shortest way to where it
/// does not.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/core/progress.hpp>
#include <qsm/sim/state_hash.hpp>

namespace qsm::inline v0::sim {

/// How far to explore, and where to report.
struct ExploreOptions {
  /// Most states kept [1], an integer in [1, 2^32 - 2].
  double states = 1e7;
  /// Most steps from the start [1], an integer >= 0 or infinity.
  double depth = std::numeric_limits<double>::infinity();
  /// Where to report the share of `states` found, and whether to stop.
  Progress progress = {};
};

/// One step of a trace: what was done, and what it led to.
template <class State>
struct ExploreStep {
  std::string action;
  State state;
};

/// What an exploration found.
template <class State>
struct Exploration {
  /// Number of unlike states found [1].
  double states = 0;
  /// Number of steps taken from them, those to states known before included [1].
  double steps = 0;
  /// Number of states without a step out of them: ends or deadlocks [1].
  double ends = 0;
  /// Longest distance from the start [1].
  double depth = 0;
  /// Whether all that can be reached was seen: no limit was met and no counterexample found.
  bool complete = false;
  /// A shortest way to a state that breaks the invariant, the start first, without action; empty where none was found.
  std::vector<ExploreStep<State>> counterexample;
};

/// Explores all that `start` can become.
///
///     struct Jugs {
///       int small = 0, large = 0;  // gallons
///       bool operator==(const Jugs&) const = default;
///     };
///     const auto steps = [](const Jugs& jugs, auto&& to) {
///       to("fill large", Jugs{jugs.small, 5});
///       to("empty small", Jugs{0, jugs.large});
///       // ...
///     };
///     explore(Jugs{}, steps, [](const Jugs& jugs) { return jugs.large != 4; }).counterexample;
///
/// A state is a copyable value with == and a `state_hash`. Time and chance are part of the state or a choice of steps.
/// Throws Interrupted where stopped.
///
/// @param start      where it begins
/// @param successors calls to(action, state), with a text and a state, for each step that is possible
/// @param invariant  whether a state is as it should be
/// @param options    limits and progress
/// @returns          counts, and a shortest counterexample
/// @source           Clarke, Grumberg, Peled 1999, Model Checking, section 2; Holzmann 1997, The model checker SPIN
template <class State, class Successors, class Invariant>
  requires std::copyable<State> && std::equality_comparable<State> && std::predicate<Invariant&, const State&>
Exploration<State> explore(const State& start, Successors&& successors, Invariant&& invariant,
                           const ExploreOptions& options = {}) {
  Check check("explore");
  check.positive_count("states", options.states);
  check.that(options.states <= 0x1p32 - 2, "states", options.states, "at most 2^32 - 2");
  if (options.depth != std::numeric_limits<double>::infinity()) check.count("depth", options.depth);

  struct Known {
    State state;
    std::uint32_t before;  // where it was found from
  };
  constexpr std::uint32_t none = 0xffffffff;
  std::vector<Known> known;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> table(1024, {0, none});  // hash and place, at most half full
  const auto slot_of = [&](std::uint64_t hash, const State* state) -> auto& {
    for (std::size_t i = hash;; ++i) {
      auto& slot = table[i & (table.size() - 1)];
      if (slot.second == none || (state && slot.first == hash && known[slot.second].state == *state)) return slot;
    }
  };
  const auto add = [&](const State& state, std::uint32_t before) {  // whether it is new
    const std::uint64_t hash = state_hash(state);
    auto& slot = slot_of(hash, &state);
    if (slot.second != none) return false;
    slot = {hash, static_cast<std::uint32_t>(known.size())};
    known.push_back({state, before});
    if (2 * known.size() > table.size()) {
      auto old = std::move(table);
      table.assign(2 * old.size(), {0, none});
      for (const auto& entry : old)
        if (entry.second != none) slot_of(entry.first, nullptr) = entry;
    }
    return true;
  };

  Exploration<State> found;
  ProgressMeter meter(options.progress, static_cast<std::uint64_t>(options.states));
  std::uint32_t broken = none;
  bool limited = false;
  add(start, none);
  if (!invariant(start)) broken = 0;
  std::size_t level_end = 1, reported = 0;
  for (std::size_t i = 0; i < known.size() && broken == none; ++i) {
    if (i % 256 == 0) meter.advance(known.size() - std::exchange(reported, known.size()));
    if (i == level_end) {  // all before were found at one step less
      level_end = known.size();
      ++found.depth;
    }
    const State state = known[i].state;  // a copy: what is known moves as it grows
    const bool last = found.depth >= options.depth;
    bool ended = true;
    successors(state, [&](std::string_view, const State& next) {
      ended = false;
      if (broken != none) return;
      ++found.steps;
      if (last || static_cast<double>(known.size()) >= options.states) {
        limited = limited || slot_of(state_hash(next), &next).second == none;
        return;
      }
      if (add(next, static_cast<std::uint32_t>(i)) && !invariant(next))
        broken = static_cast<std::uint32_t>(known.size() - 1);
    });
    found.ends += ended;
  }
  meter.finish();
  found.states = static_cast<double>(known.size());
  found.complete = broken == none && !limited;
  if (broken != none && broken >= level_end) ++found.depth;
  for (std::uint32_t at = broken; at != none; at = known[at].before) {
    ExploreStep<State> step{{}, known[at].state};
    bool named = false;
    if (known[at].before != none)
      successors(known[known[at].before].state, [&](std::string_view action, const State& next) {
        if (!named && next == step.state) step.action = action;
        named = named || next == step.state;
      });
    found.counterexample.push_back(std::move(step));
  }
  std::reverse(found.counterexample.begin(), found.counterexample.end());
  return found;
}

}  // namespace qsm::inline v0::sim
