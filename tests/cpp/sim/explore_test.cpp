#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/sim/explore.hpp>

namespace {

using qsm::sim::Exploration;
using qsm::sim::explore;
using qsm::sim::state_hash;

// Two jugs of 3 and 5 gallons, a tap and a drain: one is always empty or full, which 4 * 6 - 2 * 4 states are, and all
// of these can be reached, since 3 and 5 have no common divisor.
struct Jugs {
  int small = 0, large = 0;  // gallons
  bool operator==(const Jugs&) const = default;
};

constexpr auto pour = [](const Jugs& jugs, auto&& to) {
  const int down = std::min(jugs.large, 3 - jugs.small), up = std::min(jugs.small, 5 - jugs.large);
  to("fill small", Jugs{3, jugs.large});
  to("fill large", Jugs{jugs.small, 5});
  to("empty small", Jugs{0, jugs.large});
  to("empty large", Jugs{jugs.small, 0});
  to("small to large", Jugs{jugs.small - up, jugs.large + up});
  to("large to small", Jugs{jugs.small + down, jugs.large - down});
};

TEST(explore, finds_four_gallons_in_six_steps) {
  const auto all = explore(Jugs{}, pour, [](const Jugs&) { return true; });
  EXPECT_EQ(all.states, 16);
  EXPECT_EQ(all.steps, 96);
  EXPECT_EQ(all.ends, 0);
  EXPECT_TRUE(all.complete);
  EXPECT_TRUE(all.counterexample.empty());

  const auto four = explore(Jugs{}, pour, [](const Jugs& jugs) { return jugs.large != 4; });
  EXPECT_FALSE(four.complete);
  std::vector<std::string> actions;
  for (const auto& step : four.counterexample) actions.push_back(step.action);
  EXPECT_EQ(actions, (std::vector<std::string>{"", "fill large", "large to small", "empty small", "large to small",
                                               "fill large", "large to small"}));
  ASSERT_FALSE(four.counterexample.empty());
  EXPECT_EQ(four.counterexample.front().state, Jugs{});
  EXPECT_EQ(four.counterexample.back().state, (Jugs{3, 4}));
  EXPECT_EQ(four.depth, 6);
}

// The sliding puzzle of 3 x 3: 9!/2 states, the furthest 31 moves away (Reinefeld 1993, Complete solution of the
// Eight-Puzzle, IJCAI).
TEST(explore, knows_the_eight_puzzle) {
  using Board = std::array<std::uint8_t, 9>;
  const auto slide = [](const Board& board, auto&& to) {
    const int hole = static_cast<int>(std::find(board.begin(), board.end(), 0) - board.begin());
    for (const auto& [row, column] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
      const int there = hole + 3 * row + column;
      if (hole / 3 + row < 0 || hole / 3 + row > 2 || hole % 3 + column < 0 || hole % 3 + column > 2) continue;
      Board next = board;
      std::swap(next[static_cast<std::size_t>(hole)], next[static_cast<std::size_t>(there)]);
      to("slide", next);
    }
  };
  const auto all = explore(Board{1, 2, 3, 4, 5, 6, 7, 8, 0}, slide, [](const Board&) { return true; });
  EXPECT_EQ(all.states, 181440);
  EXPECT_EQ(all.depth, 31);
  EXPECT_EQ(all.steps, 181440 / 9 * 24);  // two moves from four corners, three from four edges, four from the centre
  EXPECT_TRUE(all.complete);
}

// Two processes that want the critical section: 0 away, 1 wanting, 2 has told the turn, 3 inside.
struct Processes {
  std::array<int, 2> place{};
  std::array<bool, 2> wants{};
  int turn = 0;
  bool operator==(const Processes&) const = default;
  auto fields() const { return std::tie(place, wants, turn); }
};

template <bool give_way>
void peterson(const Processes& now, auto&& to) {
  for (std::size_t me = 0; me < 2; ++me) {
    const std::size_t other = 1 - me;
    Processes next = now;
    const std::string name = me == 0 ? "first" : "second";
    if (now.place[me] == 0) {
      next.wants[me] = true;
      next.place[me] = 1;
      to(name + " wants", next);
    } else if (now.place[me] == 1) {
      next.turn = static_cast<int>(give_way ? other : me);
      next.place[me] = 2;
      to(name + " sets the turn", next);
    } else if (now.place[me] == 2) {
      next.place[me] = 3;
      if (!now.wants[other] || now.turn == static_cast<int>(me)) to(name + " enters", next);
    } else {
      next.wants[me] = false;
      next.place[me] = 0;
      to(name + " leaves", next);
    }
  }
}

constexpr auto exclusive = [](const Processes& now) { return now.place[0] != 3 || now.place[1] != 3; };

TEST(explore, proves_peterson) {
  const auto found = explore(
      Processes{}, [](const auto& now, auto&& to) { peterson<true>(now, to); }, exclusive);
  EXPECT_TRUE(found.complete);
  EXPECT_TRUE(found.counterexample.empty());
  EXPECT_EQ(found.ends, 0);  // no deadlock
}

TEST(explore, finds_a_turn_that_is_kept) {
  const auto found = explore(
      Processes{}, [](const auto& now, auto&& to) { peterson<false>(now, to); }, exclusive);
  ASSERT_EQ(found.counterexample.size(), 7u);  // each wants, sets the turn, enters
  EXPECT_FALSE(exclusive(found.counterexample.back().state));
  for (std::size_t i = 0; i + 1 < 7; ++i) EXPECT_TRUE(exclusive(found.counterexample[i].state));
}

// Looking first and raising the flag after: both look, then both enter. Four steps, and no fewer will do.
TEST(explore, finds_a_flag_that_is_raised_too_late) {
  const auto naive = [](const Processes& now, auto&& to) {
    for (std::size_t me = 0; me < 2; ++me) {
      Processes next = now;
      next.place[me] = now.place[me] == 0 ? 1 : now.place[me] == 1 ? 3 : 0;
      next.wants[me] = next.place[me] == 3;
      if (now.place[me] != 0 || !now.wants[1 - me]) to(me == 0 ? "first" : "second", next);
    }
  };
  const auto found = explore(Processes{}, naive, exclusive);
  ASSERT_EQ(found.counterexample.size(), 5u);
  EXPECT_EQ(found.depth, 4);
  EXPECT_EQ(found.counterexample.back().state.place, (std::array<int, 2>{3, 3}));
}

TEST(explore, is_bounded_and_tells_it) {
  const auto count = [](std::uint64_t n, auto&& to) { to("one more", n + 1); };
  const auto fine = [](std::uint64_t) { return true; };
  const auto some = explore(std::uint64_t{0}, count, fine, {.states = 1000});
  EXPECT_EQ(some.states, 1000);
  EXPECT_EQ(some.depth, 999);
  EXPECT_FALSE(some.complete);
  const auto near = explore(std::uint64_t{0}, count, fine, {.depth = 7});
  EXPECT_EQ(near.states, 8);
  EXPECT_EQ(near.depth, 7);
  EXPECT_FALSE(near.complete);
  EXPECT_TRUE(explore(Jugs{}, pour, [](const Jugs&) { return true; }, {.states = 16}).complete);
  EXPECT_FALSE(explore(Jugs{}, pour, [](const Jugs&) { return true; }, {.states = 15}).complete);
  const auto stuck = explore(
      3, [](int n, auto&& to) { n > 0 ? to("down", n - 1) : void(); }, [](int) { return true; });
  EXPECT_EQ(stuck.ends, 1);
  EXPECT_EQ(explore(
                3, [](int, auto&&) {}, [](int) { return false; })
                .counterexample.size(),
            1u);
}

TEST(explore, reports_stops_and_refuses) {
  const auto count = [](std::uint64_t n, auto&& to) { to("one more", n + 1); };
  const auto fine = [](std::uint64_t) { return true; };
  double reported = 0;
  explore(std::uint64_t{0}, count, fine,
          {.states = 5000, .progress = {.report = [&](double done) { reported = done; }, .interval = 0}});
  EXPECT_EQ(reported, 1);
  int asked = 0;
  EXPECT_THROW(
      explore(std::uint64_t{0}, count, fine, {.progress = {.stop = [&] { return ++asked == 3; }, .interval = 0}}),
      qsm::Interrupted);
  EXPECT_THROW(explore(std::uint64_t{0}, count, fine, {.states = 0}), std::domain_error);
  EXPECT_THROW(explore(std::uint64_t{0}, count, fine, {.states = 0x1p33}), std::domain_error);
  EXPECT_THROW(explore(std::uint64_t{0}, count, fine, {.depth = -1}), std::domain_error);
}

TEST(state_hash, equal_states_have_equal_hashes) {
  EXPECT_EQ(state_hash(0.0), state_hash(-0.0));
  EXPECT_EQ(state_hash(Jugs{1, 2}), state_hash(Jugs{1, 2}));
  EXPECT_EQ(state_hash(std::string("ab")), state_hash(std::vector<char>{'a', 'b'}));
  EXPECT_EQ(state_hash(std::set<int>{2, 1}), state_hash(std::set<int>{1, 2}));
  std::vector<int> roomy = {1, 2};
  roomy.reserve(100);
  EXPECT_EQ(state_hash(roomy), state_hash(std::vector<int>{1, 2}));
}

TEST(state_hash, unlike_states_have_unlike_hashes) {
  using Nested = std::vector<std::vector<int>>;
  EXPECT_NE(state_hash(Nested{{1}, {}}), state_hash(Nested{{}, {1}}));
  EXPECT_NE(state_hash(Nested{{1, 2}}), state_hash(Nested{{1}, {2}}));
  EXPECT_NE(state_hash(Nested{}), state_hash(Nested{{}}));
  EXPECT_NE(state_hash(std::pair{1, 2}), state_hash(std::pair{2, 1}));
  EXPECT_NE(state_hash(std::optional<int>{}), state_hash(std::optional<int>{0}));
  EXPECT_NE(state_hash(std::variant<int, long>{1}), state_hash(std::variant<int, long>{1L}));
  EXPECT_NE(state_hash(std::map<int, int>{{1, 2}}), state_hash(std::map<int, int>{{2, 1}}));
  std::unordered_set<std::uint64_t> hashes;
  for (int small = 0; small < 300; ++small)
    for (int large = 0; large < 300; ++large) {
      hashes.insert(state_hash(std::pair{small, large}));
      hashes.insert(state_hash(Jugs{small, large}));
    }
  EXPECT_EQ(hashes.size(), 180000u);
}

}  // namespace
