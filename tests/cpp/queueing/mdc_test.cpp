#include <cmath>

#include <gtest/gtest.h>

#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/queueing/mdc.hpp>
#include <qsm/queueing/simulate.hpp>

#include "golden.hpp"

namespace {

using qsm::queueing::mdc;
using qsm_test::agrees;

TEST(mdc, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/mdc.csv")) {
    const auto queue = mdc(row["arrival_rate"], row["service_time"], row["servers"]);
    EXPECT_TRUE(queue.stable());
    EXPECT_TRUE(agrees(queue.utilization(), row, "utilization"));
    EXPECT_TRUE(agrees(queue.mean_wait(), row, "mean_wait"));
    EXPECT_TRUE(agrees(queue.mean_sojourn(), row, "mean_sojourn"));
    EXPECT_TRUE(agrees(queue.mean_queue_length(), row, "mean_queue_length"));
    EXPECT_TRUE(agrees(queue.mean_number(), row, "mean_number"));
    EXPECT_TRUE(agrees(queue.probability_wait(), row, "probability_wait"));
    EXPECT_TRUE(agrees(queue.wait_cdf(row["time"]), row, "wait_cdf"));
    EXPECT_TRUE(agrees(queue.wait_quantile(row["probability"]), row, "wait_quantile"));
    EXPECT_TRUE(agrees(queue.sojourn_cdf(row["time"]), row, "sojourn_cdf"));
    EXPECT_TRUE(agrees(queue.sojourn_quantile(row["probability"]), row, "sojourn_quantile"));
  }
}

// The twin: a 1 % bias of either side fails, since the half-widths are below 0.25 %.
void close(const qsm::Estimate& estimate, double truth, double widest = 0.0025) {
  const double z = (estimate.value - truth) / (estimate.half_width() / 2.09);  // t of 19 degrees at 95 %
  EXPECT_LT(std::abs(z), 4) << estimate.value << " against " << truth;
  EXPECT_LT(estimate.half_width(), widest * truth);
}

TEST(mdc, means_agree_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/mdc_means.csv")) {
    const auto queue = mdc(row["arrival_rate"], row["service_time"], row["servers"]);
    EXPECT_TRUE(agrees(queue.mean_wait(), row, "mean_wait"));
    EXPECT_TRUE(agrees(queue.mean_queue_length(), row, "mean_queue_length"));
    EXPECT_TRUE(agrees(queue.probability_wait(), row, "probability_wait"));
  }
}

TEST(mdc, agrees_with_its_simulation) {
  qsm::queueing::SimulationOptions options;
  options.customers = 1e6;
  options.seed = 11;
  const auto run = qsm::queueing::simulate(qsm::exponential(4), qsm::deterministic(1), 5, INFINITY, options);
  const auto model = mdc(4, 1, 5);
  close(run.mean_wait(), model.mean_wait(), 0.005);
  close(run.probability_wait(), model.probability_wait());
  close(run.wait_cdf(0.3), model.wait_cdf(0.3));
  close(run.wait_quantile(0.95), model.wait_quantile(0.95), 0.005);
}

// Means of the wait from its law.
TEST(mdc, mean_is_the_integral_of_the_tail) {
  for (const double servers : {1.0, 3.0, 40.0}) {
    const auto queue = mdc(0.8 * servers, 1, servers);
    const double step = 20 / (0.2 * servers) / 5000;
    double sum = 0;
    for (int i = 0; i < 5000; ++i) sum += step * (1 - queue.wait_cdf(step * (i + 0.5)));
    EXPECT_NEAR(sum / queue.mean_wait(), 1, 1e-4) << servers;
  }
}

TEST(mdc, without_a_steady_state_answers_infinity) {
  EXPECT_EQ(mdc(1.5, 1e-300, 2).wait_cdf(1e10), 1);  // more service times than a double holds
  const auto queue = mdc(5, 1, 5);
  EXPECT_FALSE(queue.stable());
  EXPECT_EQ(queue.mean_wait(), INFINITY);
  EXPECT_EQ(queue.probability_wait(), 1);
  EXPECT_EQ(queue.wait_cdf(10), 0);
  EXPECT_EQ(queue.sojourn_quantile(0.5), INFINITY);
}

TEST(mdc, refuses_what_is_out_of_range) {
  EXPECT_THROW(mdc(1, 0, 1), std::domain_error);
  EXPECT_THROW(mdc(1, 1, 1e7), std::domain_error);
  EXPECT_THROW(mdc(0.5, 1, 1).wait_cdf(-1), std::domain_error);
  EXPECT_THROW(mdc(0.5, 1, 1).wait_quantile(1.5), std::domain_error);
}

}  // namespace
