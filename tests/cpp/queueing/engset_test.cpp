#include <cmath>

#include <gtest/gtest.h>

#include <qsm/queueing/erlang.hpp>
#include <qsm/queueing/finite_source.hpp>

#include "golden.hpp"

namespace {

using qsm::queueing::engset;
using qsm::queueing::erlang_b;
using qsm_test::agrees;

TEST(engset, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/engset.csv")) {
    const auto queue = engset(row["request_rate"], row["service_rate"], row["servers"], row["sources"]);
    EXPECT_TRUE(queue.stable());
    EXPECT_TRUE(agrees(queue.utilization(), row, "utilization"));
    EXPECT_TRUE(agrees(queue.probability_blocked(), row, "probability_blocked"));
    EXPECT_TRUE(agrees(queue.probability_full(), row, "probability_full"));
    EXPECT_TRUE(agrees(queue.throughput(), row, "throughput"));
    EXPECT_TRUE(agrees(queue.mean_number(), row, "mean_number"));
  }
}

TEST(engset, with_many_sources_is_erlangs_loss_system) {
  for (const double load : {0.1, 0.8, 1.5}) {
    const double sources = 1e9;
    const auto queue = engset(20 * load / sources, 1, 20, sources);
    EXPECT_NEAR(queue.probability_blocked() / erlang_b(20, 20 * load), 1, 1e-6);
  }
}

TEST(engset, refuses_what_is_out_of_range) {
  EXPECT_THROW(engset(-1, 1, 1, 1), std::domain_error);
  EXPECT_THROW(engset(1, 1, 1, 0), std::domain_error);
  EXPECT_EQ(engset(1, 1, 5, 3).probability_blocked(), 0);
  EXPECT_EQ(engset(0, 1, 5, 30).mean_number(), 0);
}

}  // namespace
