#include <cmath>

#include <gtest/gtest.h>

#include <qsm/queueing/mm1.hpp>

#include "golden.hpp"

namespace {

using qsm::queueing::mm1;

constexpr double rates[] = {0, 1e-9, 0.5, 0.999999, 1, 2, 1e9};

TEST(mm1, agrees_with_50_digits) {
  using qsm_test::agrees;
  for (const auto& row : qsm_test::golden("queueing/mm1.csv")) {
    const auto queue = mm1(row["arrival_rate"], row["service_rate"]);
    const double time = row["time"], probability = row["probability"];
    EXPECT_EQ(queue.stable(), row["stable"]) << row.where;
    EXPECT_TRUE(agrees(queue.utilization(), row, "utilization"));
    EXPECT_TRUE(agrees(queue.mean_wait(), row, "mean_wait"));
    EXPECT_TRUE(agrees(queue.mean_sojourn(), row, "mean_sojourn"));
    EXPECT_TRUE(agrees(queue.mean_queue_length(), row, "mean_queue_length"));
    EXPECT_TRUE(agrees(queue.mean_number(), row, "mean_number"));
    EXPECT_TRUE(agrees(queue.probability_wait(), row, "probability_wait"));
    EXPECT_TRUE(agrees(queue.wait_cdf(time), row, "wait_cdf"));
    EXPECT_TRUE(agrees(queue.wait_quantile(probability), row, "wait_quantile"));
    EXPECT_TRUE(agrees(queue.sojourn_cdf(time), row, "sojourn_cdf"));
    EXPECT_TRUE(agrees(queue.sojourn_quantile(probability), row, "sojourn_quantile"));
  }
}

TEST(mm1, obeys_littles_law) {
  for (const double rate : rates) {
    const auto queue = mm1(rate, 1);
    if (!queue.stable()) continue;
    EXPECT_DOUBLE_EQ(queue.mean_number(), rate * queue.mean_sojourn());
    EXPECT_DOUBLE_EQ(queue.mean_queue_length(), rate * queue.mean_wait());
  }
}

TEST(mm1, quantiles_turn_the_distribution_around_and_rise) {
  for (const double rate : rates) {
    const auto queue = mm1(rate, 1);
    double wait = 0, sojourn = 0;
    for (double p = 0; p <= 1; p += 1.0 / 64) {
      EXPECT_GE(queue.wait_quantile(p), wait);
      EXPECT_GE(queue.sojourn_quantile(p), sojourn);
      EXPECT_GE(queue.sojourn_quantile(p), queue.wait_quantile(p));
      wait = queue.wait_quantile(p);
      sojourn = queue.sojourn_quantile(p);
      if (!queue.stable()) continue;
      EXPECT_GE(queue.wait_cdf(wait), p * (1 - 1e-14));
      EXPECT_NEAR(queue.sojourn_cdf(sojourn), p, 1e-14);
    }
  }
}

TEST(mm1, without_a_steady_state_answers_infinity) {
  for (const auto& queue : {mm1(1, 1), mm1(2, 1)}) {
    EXPECT_FALSE(queue.stable());
    EXPECT_EQ(queue.mean_wait(), INFINITY);
    EXPECT_EQ(queue.mean_number(), INFINITY);
    EXPECT_EQ(queue.wait_quantile(0.5), INFINITY);
    EXPECT_EQ(queue.sojourn_cdf(1e9), 0);
    EXPECT_EQ(queue.probability_wait(), 1);
  }
}

TEST(mm1, is_usable_in_constant_expressions) {
  static_assert(mm1(1, 2).mean_sojourn() == 1);
  static_assert(mm1(1, 2).probability_wait() == 0.5);
}

TEST(mm1, refuses_what_is_out_of_range) {
  EXPECT_THROW(mm1(-1, 1), std::domain_error);
  EXPECT_THROW(mm1(1, 0), std::domain_error);
  EXPECT_THROW(mm1(1, NAN), std::domain_error);
  EXPECT_THROW(mm1(1, 2).wait_cdf(-1), std::domain_error);
  EXPECT_THROW(mm1(1, 2).sojourn_quantile(1.1), std::domain_error);
}

}  // namespace
