#include <cmath>

#include <gtest/gtest.h>

#include <qsm/queueing/mm1.hpp>
#include <qsm/queueing/mmc.hpp>

#include "golden.hpp"

namespace {

using qsm::queueing::mm1;
using qsm::queueing::mmc;
using qsm::queueing::servers_for_wait;
using qsm_test::agrees;

constexpr double sizes[] = {1, 2, 5, 99, 100, 10000};
constexpr double utilizations[] = {0, 1e-6, 0.3, 0.62, 0.9, 0.9999, 1, 1.7};

TEST(mmc, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/mmc.csv")) {
    const auto queue = mmc(row["arrival_rate"], row["service_rate"], row["servers"]);
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

TEST(mmc, with_one_server_is_mm1) {
  for (const double rho : utilizations) {
    const auto one = mm1(rho / 3, 1.0 / 3);
    const auto many = mmc(rho / 3, 1.0 / 3, 1);
    EXPECT_DOUBLE_EQ(many.mean_wait(), one.mean_wait());
    EXPECT_DOUBLE_EQ(many.mean_number(), one.mean_number());
    for (const double time : {0.0, 1e-6, 1.0, 30.0}) {
      EXPECT_DOUBLE_EQ(many.wait_cdf(time), one.wait_cdf(time)) << rho << ' ' << time;
      EXPECT_DOUBLE_EQ(many.sojourn_cdf(time), one.sojourn_cdf(time)) << rho << ' ' << time;
    }
    for (const double p : {0.0, 1e-6, 0.5, 0.999}) EXPECT_DOUBLE_EQ(many.sojourn_quantile(p), one.sojourn_quantile(p));
  }
}

TEST(mmc, obeys_littles_law) {
  for (const double servers : sizes)
    for (const double rho : utilizations) {
      const auto queue = mmc(rho * servers, 1, servers);
      if (!queue.stable() || rho == 0) continue;
      EXPECT_NEAR(queue.mean_number() / (queue.arrival_rate * queue.mean_sojourn()), 1, 1e-15);
    }
}

TEST(mmc, quantiles_turn_the_distribution_around_and_rise) {
  for (const double servers : sizes)
    for (const double rho : utilizations) {
      const auto queue = mmc(rho * servers, 1, servers);
      double wait = 0, sojourn = 0;
      for (double p = 0; p <= 1; p += 1.0 / 64) {
        EXPECT_GE(queue.wait_quantile(p), wait);
        EXPECT_GE(queue.sojourn_quantile(p), sojourn);
        EXPECT_GE(queue.sojourn_quantile(p), queue.wait_quantile(p));
        wait = queue.wait_quantile(p);
        sojourn = queue.sojourn_quantile(p);
        if (!queue.stable()) continue;
        EXPECT_GE(queue.wait_cdf(wait), p * (1 - 1e-14)) << servers << ' ' << rho << ' ' << p;
        EXPECT_NEAR(queue.sojourn_cdf(sojourn), p, 1e-14) << servers << ' ' << rho << ' ' << p;
      }
    }
}

TEST(mmc, waits_less_with_more_servers) {
  for (const double rho : {0.3, 0.9, 0.9999})
    for (double servers = 1; servers < 1e6; servers = std::ceil(servers * 1.4)) {
      const auto fewer = mmc(rho * servers, 1, servers), more = mmc(rho * servers, 1, servers + 1);
      EXPECT_LE(more.mean_wait(), fewer.mean_wait());
      EXPECT_GE(more.wait_cdf(0.1), fewer.wait_cdf(0.1) * (1 - 1e-14));
      EXPECT_GE(more.sojourn_cdf(1.0), fewer.sojourn_cdf(1.0) * (1 - 1e-14));
    }
}

TEST(mmc, without_a_steady_state_answers_infinity) {
  for (const double servers : sizes) {
    const auto queue = mmc(servers, 1, servers);
    EXPECT_FALSE(queue.stable());
    EXPECT_EQ(queue.mean_wait(), INFINITY);
    EXPECT_EQ(queue.mean_sojourn(), INFINITY);
    EXPECT_EQ(queue.sojourn_quantile(0.5), INFINITY);
    EXPECT_EQ(queue.wait_cdf(1e9), 0);
    EXPECT_EQ(queue.probability_wait(), 1);
  }
}

TEST(mmc, refuses_what_is_out_of_range) {
  EXPECT_THROW(mmc(1, 1, 0), std::domain_error);
  EXPECT_THROW(mmc(1, 1, 1.5), std::domain_error);
  EXPECT_THROW(mmc(-1, 1, 1), std::domain_error);
  EXPECT_THROW(mmc(1, 0, 1), std::domain_error);
  EXPECT_THROW(mmc(1, 1, 2).wait_quantile(-0.1), std::domain_error);
  EXPECT_THROW(mmc(1, 1, 2).sojourn_cdf(NAN), std::domain_error);
}

TEST(servers_for_wait, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/servers_for_wait.csv"))
    EXPECT_EQ(servers_for_wait(row["arrival_rate"], row["service_rate"], row["wait"], row["probability"]),
              row["servers_for_wait"])
        << row.where;
}

TEST(servers_for_wait, is_the_fewest_that_will_do) {
  for (const double load : {0.01, 3.0, 77.7, 1e4})
    for (const double wait : {0.0, 0.3})
      for (const double probability : {0.1, 0.9, 0.9999}) {
        const double servers = servers_for_wait(load, 1, wait, probability);
        EXPECT_GE(mmc(load, 1, servers).wait_cdf(wait), probability) << load << ' ' << wait;
        if (servers > 1) {
          EXPECT_LT(mmc(load, 1, servers - 1).wait_cdf(wait), probability) << load << ' ' << wait;
        }
      }
}

TEST(servers_for_wait, refuses_what_is_out_of_range) {
  EXPECT_THROW(servers_for_wait(1, 1, 1, 1), std::domain_error);
  EXPECT_THROW(servers_for_wait(1, 1, -1, 0.5), std::domain_error);
  EXPECT_THROW(servers_for_wait(1e300, 1e-300, 1, 0.5), std::domain_error);
}

}  // namespace
