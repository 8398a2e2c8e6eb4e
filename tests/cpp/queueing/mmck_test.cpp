#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include <qsm/core/distributions/exponential.hpp>
#include <qsm/queueing/erlang.hpp>
#include <qsm/queueing/mmc.hpp>
#include <qsm/queueing/mmck.hpp>
#include <qsm/queueing/simulate.hpp>

#include "golden.hpp"

namespace {

using qsm::queueing::mmck;
using qsm_test::agrees;

TEST(mmck, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/mmck.csv")) {
    const auto queue = mmck(row["arrival_rate"], row["service_rate"], row["servers"], row["capacity"]);
    EXPECT_TRUE(agrees(queue.utilization(), row, "utilization"));
    EXPECT_TRUE(agrees(queue.probability_blocked(), row, "probability_blocked"));
    EXPECT_TRUE(agrees(queue.throughput(), row, "throughput"));
    EXPECT_TRUE(agrees(queue.probability_wait(), row, "probability_wait"));
    EXPECT_TRUE(agrees(queue.mean_wait(), row, "mean_wait"));
    EXPECT_TRUE(agrees(queue.mean_sojourn(), row, "mean_sojourn"));
    EXPECT_TRUE(agrees(queue.mean_queue_length(), row, "mean_queue_length"));
    EXPECT_TRUE(agrees(queue.mean_number(), row, "mean_number"));
    EXPECT_TRUE(agrees(queue.wait_cdf(row["time"]), row, "wait_cdf"));
    EXPECT_TRUE(agrees(queue.wait_quantile(row["probability"]), row, "wait_quantile"));
    EXPECT_TRUE(agrees(queue.sojourn_cdf(row["time"]), row, "sojourn_cdf"));
    EXPECT_TRUE(agrees(queue.sojourn_quantile(row["probability"]), row, "sojourn_quantile"));
  }
}

// The twin: a 1 % bias of either side fails, since the half-widths are below 0.25 %.
TEST(mmck, agrees_with_its_simulation) {
  const auto model = mmck(6, 2.5, 3, 10);
  qsm::queueing::SimulationOptions options;
  options.customers = 1e6;
  options.seed = 7;
  const auto run = qsm::queueing::simulate(qsm::exponential(6), qsm::exponential(2.5), 3, 10, options);
  const auto close = [](const qsm::Estimate& estimate, double truth, double widest) {
    const double z = (estimate.value - truth) / (estimate.half_width() / 2.09);  // t of 19 degrees at 95 %
    EXPECT_LT(std::abs(z), 4) << estimate.value << " against " << truth;
    EXPECT_LT(estimate.half_width(), widest * truth);
  };
  close(run.mean_sojourn(), model.mean_sojourn(), 0.0025);
  close(run.mean_number(), model.mean_number(), 0.0025);
  close(run.utilization(), model.utilization(), 0.0025);
  close(run.probability_wait(), model.probability_wait(), 0.0025);
  close(run.probability_blocked(), model.probability_blocked(), 0.02);
  close(run.wait_cdf(0.3), model.wait_cdf(0.3), 0.0025);
  close(run.wait_quantile(0.9), model.wait_quantile(0.9), 0.005);
  close(run.sojourn_cdf(0.6), model.sojourn_cdf(0.6), 0.0025);
  close(run.sojourn_quantile(0.9), model.sojourn_quantile(0.9), 0.005);
}

TEST(mmck, sojourns_between_their_limits) {
  const auto wide = mmck(4.5, 1, 5, 1e9), loss = mmck(9, 2, 4, 4);
  const auto open = qsm::queueing::mmc(4.5, 1, 5);
  for (const double time : {0.0, 1e-9, 0.1, 1.0, 5.0, 40.0}) {
    EXPECT_NEAR(wide.sojourn_cdf(time), open.sojourn_cdf(time), 1e-13 * open.sojourn_cdf(time)) << time;
    EXPECT_NEAR(loss.sojourn_cdf(time), -std::expm1(-2 * time), 1e-14) << time;  // nobody waits
    EXPECT_LE(wide.sojourn_cdf(time), wide.wait_cdf(time));
  }
  for (const double time : {1e6, 1e15, 1e300, double{INFINITY}}) EXPECT_EQ(mmck(4.5, 1e9, 5, 9).sojourn_cdf(time), 1);
  EXPECT_EQ(wide.sojourn_cdf(INFINITY), 1);
  EXPECT_EQ(wide.sojourn_quantile(0), 0);
  EXPECT_EQ(wide.sojourn_quantile(1), INFINITY);
  const auto flooded = mmck(1e6, 1, 2, 100000);  // all wait for about K departures
  EXPECT_NEAR(flooded.sojourn_quantile(0.5), 50000, 30);
}

TEST(mmck, waits_between_its_limits) {
  for (const double load : {0.1, 0.9, 1.0, 1.0 + 1e-12, 3.0}) {
    const auto loss = mmck(4 * load, 1, 4, 4);
    EXPECT_EQ(loss.wait_cdf(0), 1);
    EXPECT_EQ(loss.wait_quantile(0.999), 0);
    const auto queue = mmck(4 * load, 1, 4, 30);
    EXPECT_NEAR(queue.wait_cdf(0), 1 - queue.probability_wait(), 1e-14);
    EXPECT_EQ(queue.wait_cdf(INFINITY), 1);
    EXPECT_EQ(queue.wait_quantile(0), 0);
    EXPECT_EQ(queue.wait_quantile(1), INFINITY);
    for (const double p : {0.93, 0.99, 1 - 1e-9}) {
      const double wait = queue.wait_quantile(p);
      EXPECT_NEAR(queue.wait_cdf(wait), std::max(p, queue.wait_cdf(0)), 1e-13);
    }
  }
  const auto unlimited = qsm::queueing::mmc(3.6, 1, 4);
  const auto limited = mmck(3.6, 1, 4, 1e9);
  for (const double time : {0.0, 1e-9, 0.7, 5.0, 60.0})
    EXPECT_NEAR(limited.wait_cdf(time) / unlimited.wait_cdf(time), 1, 1e-13);
  for (const double p : {0.3, 0.9, 1 - 1e-9})
    EXPECT_NEAR(limited.wait_quantile(p), unlimited.wait_quantile(p), 1e-12 * unlimited.wait_quantile(p));
  EXPECT_THROW(limited.wait_cdf(-1), std::domain_error);
  EXPECT_THROW(limited.wait_quantile(1.5), std::domain_error);
}

TEST(mmck, refuses_what_is_out_of_range) {
  EXPECT_THROW(mmck(1, 1, 3, 2), std::domain_error);
  EXPECT_THROW(mmck(1, 1, 3, 3.5), std::domain_error);
  EXPECT_THROW(mmck(1, 1, 3, INFINITY), std::domain_error);
}

}  // namespace
