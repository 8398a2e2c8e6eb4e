#include <cmath>

#include <gtest/gtest.h>

#include <qsm/queueing/finite_source.hpp>
#include <qsm/queueing/mmc.hpp>

#include "golden.hpp"

namespace {

using qsm::queueing::mmc_finite_source;
using qsm_test::agrees;

TEST(mmc_finite_source, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/mmc_finite_source.csv")) {
    const auto queue = mmc_finite_source(row["request_rate"], row["service_rate"], row["servers"], row["sources"]);
    EXPECT_TRUE(queue.stable());
    EXPECT_TRUE(agrees(queue.utilization(), row, "utilization"));
    EXPECT_TRUE(agrees(queue.throughput(), row, "throughput"));
    EXPECT_TRUE(agrees(queue.probability_wait(), row, "probability_wait"));
    EXPECT_TRUE(agrees(queue.mean_wait(), row, "mean_wait"));
    EXPECT_TRUE(agrees(queue.mean_sojourn(), row, "mean_sojourn"));
    EXPECT_TRUE(agrees(queue.mean_queue_length(), row, "mean_queue_length"));
    EXPECT_TRUE(agrees(queue.mean_number(), row, "mean_number"));
    EXPECT_TRUE(agrees(queue.availability(), row, "availability"));
    EXPECT_TRUE(agrees(queue.wait_cdf(row["time"]), row, "wait_cdf"));
    EXPECT_TRUE(agrees(queue.wait_quantile(row["probability"]), row, "wait_quantile"));
  }
}

TEST(mmc_finite_source, obeys_littles_law_over_the_cycle) {
  for (const double sources : {1.0, 5.0, 1000.0, 1e6})
    for (const double rate : {1e-6, 0.01, 1.0, 100.0}) {
      const auto queue = mmc_finite_source(rate, 1, 5, sources);
      EXPECT_NEAR(queue.throughput() * (1 / rate + queue.mean_sojourn()) / sources, 1, 1e-12);
    }
}

TEST(mmc_finite_source, with_many_sources_is_mmc) {
  const double sources = 1e9;
  const auto queue = mmc_finite_source(4.5 / sources, 1, 5, sources);
  EXPECT_NEAR(queue.mean_wait() / qsm::queueing::mmc(4.5, 1, 5).mean_wait(), 1, 1e-6);
  EXPECT_NEAR(queue.wait_quantile(0.99) / qsm::queueing::mmc(4.5, 1, 5).wait_quantile(0.99), 1, 1e-6);
}

// Deep in overload all servers are busy: N = X/α + E[W] X + c, a state 2^(2^31) times as likely as an empty queue.
TEST(mmc_finite_source, holds_for_millions_of_sources) {
  const auto queue = mmc_finite_source(1e300, 1, 10, 3e6);
  EXPECT_EQ(queue.throughput(), 10);
  EXPECT_NEAR(queue.mean_wait(), 3e6 / 10 - 1, 1e-3);
  EXPECT_EQ(queue.probability_wait(), 1);
}

TEST(mmc_finite_source, the_wait_has_a_law_at_any_number_of_sources) {
  const auto limit = qsm::queueing::mmc(4.5, 1, 5);
  for (const double sources : {1e7, 1e9, 1e12})
    for (const double time : {0.1, 1.0, 20.0})
      EXPECT_NEAR(mmc_finite_source(4.5 / sources, 1, 5, sources).wait_cdf(time), limit.wait_cdf(time), 1e3 / sources);
  const auto flooded = mmc_finite_source(1, 1, 10, 1e9);  // all but 10 wait, each for about 1e8
  EXPECT_NEAR(flooded.wait_quantile(0.5) / 1e8, 1, 1e-6);
  EXPECT_NEAR(flooded.mean_queue_length(), 1e9 - 20, 1e-6);
}

TEST(mmc_finite_source, holds_where_sources_never_think) {
  for (const double rate : {1e40, 1e100, 1e300, 1e306}) {
    const auto queue = mmc_finite_source(rate, 1, 2, 10);
    EXPECT_EQ(queue.throughput(), 2);
    EXPECT_DOUBLE_EQ(queue.mean_wait(), 4);
    EXPECT_EQ(queue.probability_wait(), 1);
  }
}

TEST(mmc_finite_source, refuses_what_is_out_of_range) {
  EXPECT_THROW(mmc_finite_source(1, 0, 1, 1), std::domain_error);
  EXPECT_THROW(mmc_finite_source(1, 1, 1.5, 1), std::domain_error);
  EXPECT_THROW(mmc_finite_source(1, 1, 1, 5).wait_cdf(-1), std::domain_error);
  EXPECT_THROW(mmc_finite_source(1, 1, 1, 5).wait_quantile(2), std::domain_error);
}

}  // namespace
