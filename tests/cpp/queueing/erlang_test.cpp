#include <cmath>

#include <gtest/gtest.h>

#include <qsm/queueing/erlang.hpp>

#include "golden.hpp"

namespace {

using qsm::queueing::erlang_b;
using qsm::queueing::erlang_c;

constexpr double loads[] = {0, 1e-9, 0.3, 1, 7.5, 59, 61, 99, 100, 101, 139, 141, 5e3, 1e6, 1e12};

TEST(erlang, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/erlang.csv")) {
    EXPECT_TRUE(qsm_test::agrees(erlang_b(row["servers"], row["offered_load"]), row, "erlang_b"));
    EXPECT_TRUE(qsm_test::agrees(erlang_c(row["servers"], row["offered_load"]), row, "erlang_c"));
  }
}

TEST(erlang, blocking_is_below_waiting_and_both_are_probabilities) {
  for (const double load : loads)
    for (double servers = 0; servers < 1e7; servers = std::ceil(servers * 1.3 + 1)) {
      const double blocking = erlang_b(servers, load), waiting = erlang_c(servers, load);
      EXPECT_LE(0, blocking) << servers << ' ' << load;
      EXPECT_LE(blocking, waiting) << servers << ' ' << load;
      EXPECT_LE(waiting, 1) << servers << ' ' << load;
    }
}

TEST(erlang, one_server_has_the_textbook_forms) {
  for (const double load : loads) {
    EXPECT_DOUBLE_EQ(erlang_b(1, load), load / (1 + load));
    EXPECT_DOUBLE_EQ(erlang_c(1, load), std::min(load, 1.0));
  }
}

TEST(erlang, blocking_obeys_the_recurrence_across_methods) {
  for (const double load : loads)
    for (double servers = 1; servers < 2000; ++servers) {
      const double before = load * erlang_b(servers - 1, load), blocking = erlang_b(servers, load);
      if (blocking < 1e-290) continue;
      EXPECT_LE(qsm_test::relative_error(blocking, before / (servers + before)),
                1e-13 * std::max(1.0, -std::log(blocking)))
          << servers << ' ' << load;
    }
}

TEST(erlang, falls_with_servers_and_rises_with_load) {
  // Up to the rounding errors of neighbours that are all but equal.
  const double noise = 1 + 1e-12;
  for (const double load : loads)
    for (double servers = 1; servers < 1e7; servers = std::ceil(servers * 1.1)) {
      EXPECT_LE(erlang_b(servers + 1, load), erlang_b(servers, load) * noise) << servers << ' ' << load;
      EXPECT_LE(erlang_c(servers + 1, load), erlang_c(servers, load) * noise) << servers << ' ' << load;
      EXPECT_LE(erlang_b(servers, load), erlang_b(servers, load * 1.01) * noise) << servers << ' ' << load;
      EXPECT_LE(erlang_c(servers, load), erlang_c(servers, load * 1.01) * noise) << servers << ' ' << load;
    }
}

TEST(erlang, refuses_what_is_out_of_range) {
  EXPECT_THROW(erlang_b(10.7, 1), std::domain_error);
  EXPECT_THROW(erlang_b(-1, 1), std::domain_error);
  EXPECT_THROW(erlang_b(0x1p53, 1), std::domain_error);
  EXPECT_THROW(erlang_c(10, -1e-300), std::domain_error);
  EXPECT_THROW(erlang_c(10, INFINITY), std::domain_error);
  EXPECT_THROW(erlang_c(NAN, 1), std::domain_error);
}

}  // namespace
