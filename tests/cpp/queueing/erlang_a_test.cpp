#include <cmath>

#include <gtest/gtest.h>

#include <qsm/queueing/erlang_a.hpp>
#include <qsm/queueing/mmc.hpp>

#include "golden.hpp"

namespace {

using qsm::queueing::erlang_a;
using qsm_test::agrees;

TEST(erlang_a, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/erlang_a.csv")) {
    const auto queue = erlang_a(row["arrival_rate"], row["service_rate"], row["abandonment_rate"], row["servers"]);
    EXPECT_TRUE(queue.stable());
    EXPECT_TRUE(agrees(queue.utilization(), row, "utilization"));
    EXPECT_TRUE(agrees(queue.probability_wait(), row, "probability_wait"));
    EXPECT_TRUE(agrees(queue.probability_abandon(), row, "probability_abandon"));
    EXPECT_TRUE(agrees(queue.throughput(), row, "throughput"));
    EXPECT_TRUE(agrees(queue.mean_wait(), row, "mean_wait"));
    EXPECT_TRUE(agrees(queue.mean_wait_served(), row, "mean_wait_served"));
    EXPECT_TRUE(agrees(queue.mean_sojourn(), row, "mean_sojourn"));
    EXPECT_TRUE(agrees(queue.mean_queue_length(), row, "mean_queue_length"));
    EXPECT_TRUE(agrees(queue.mean_number(), row, "mean_number"));
    EXPECT_TRUE(agrees(queue.probability_served_within(row["time"]), row, "probability_served_within"));
    EXPECT_TRUE(agrees(queue.wait_cdf(row["time"]), row, "wait_cdf"));
    EXPECT_TRUE(agrees(queue.wait_quantile(row["probability"]), row, "wait_quantile"));
    EXPECT_TRUE(agrees(queue.served_wait_cdf(row["time"]), row, "served_wait_cdf"));
    EXPECT_TRUE(agrees(queue.served_wait_quantile(row["probability"]), row, "served_wait_quantile"));
  }
}

TEST(erlang_a, with_endless_patience_is_mmc) {
  const auto queue = erlang_a(4.5, 1, 1e-9, 5);
  const auto patient = qsm::queueing::mmc(4.5, 1, 5);
  EXPECT_NEAR(queue.mean_wait() / patient.mean_wait(), 1, 1e-6);
  EXPECT_NEAR(queue.probability_wait() / patient.probability_wait(), 1, 1e-6);
  EXPECT_NEAR(queue.wait_quantile(0.99) / patient.wait_quantile(0.99), 1, 1e-6);
}

// With patience like service (θ = μ) the number in the system is that of M/M/∞, Poisson.
TEST(erlang_a, with_patience_like_service_is_an_unlimited_system) {
  for (const double load : {0.3, 50.0, 110.0, 3e5})
    EXPECT_NEAR(erlang_a(load, 1, 1, 100).mean_number() / load, 1, 1e-12) << load;
}

TEST(erlang_a, conserves_customers_at_any_size) {
  for (const double servers : {1.0, 100.0, 1e4, 1e6})
    for (const double rho : {0.1, 0.9, 1.0, 1.1, 3.0})
      for (const double patience : {1e-3, 1.0, 1e3}) {
        const auto queue = erlang_a(rho * servers, 1, patience, servers);
        EXPECT_NEAR(queue.throughput() / queue.arrival_rate + queue.probability_abandon(), 1, 1e-12)
            << servers << ' ' << rho << ' ' << patience;
      }
}

// Where all servers are always busy the answers are plain; and they must meet the sums over states.
TEST(erlang_a, holds_however_far_into_overload) {
  const auto flood = erlang_a(1e15, 1, 0.5, 6);
  EXPECT_DOUBLE_EQ(flood.throughput(), 6);
  EXPECT_DOUBLE_EQ(flood.mean_queue_length(), (1e15 - 6) / 0.5);
  EXPECT_EQ(flood.probability_wait(), 1);
  const double harmonic_12 = 86021. / 27720;
  EXPECT_NEAR(flood.mean_wait_served(), (std::log(2e15) - harmonic_12 + 0.577215664901532861) / 0.5, 1e-12);
  for (const double servers : {3.0, 4000.0}) {  // 38 deviations above saturation one way ends and the other begins
    const double edge = std::pow(19 + std::sqrt(361 + servers), 2);
    const auto below = erlang_a(edge * (1 - 1e-9), 1, 1, servers), above = erlang_a(edge * (1 + 1e-9), 1, 1, servers);
    EXPECT_NEAR(below.mean_wait_served() / above.mean_wait_served(), 1, 1e-8);
    EXPECT_NEAR(below.mean_queue_length() / above.mean_queue_length(), 1, 1e-8);
  }
}

// Patience like service: the number is Poisson, so that E[Q] = c P(N = c) at a load of c.
TEST(erlang_a, holds_for_any_number_of_states) {
  for (const double servers : {1e11, 1e12, 1.1e12, 1e15}) {
    const auto queue = erlang_a(servers, 1, 1, servers);
    EXPECT_NEAR(queue.mean_queue_length() / std::sqrt(servers / (2 * std::acos(-1.0))), 1, 1e-10) << servers;
    EXPECT_NEAR(queue.mean_wait_served() / (queue.mean_queue_length() / servers), 1, 3 / std::sqrt(servers));
  }
}

TEST(servers_for_service, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/servers_for_service.csv"))
    EXPECT_EQ(qsm::queueing::servers_for_service(row["arrival_rate"], row["service_rate"], row["abandonment_rate"],
                                                 row["wait"], row["probability"]),
              row["servers_for_service"])
        << row.where;
}

TEST(erlang_a, refuses_what_is_out_of_range) {
  EXPECT_THROW(erlang_a(1, 1, 0, 1), std::domain_error);
  EXPECT_THROW(erlang_a(1, 1, 1, 0), std::domain_error);
  EXPECT_THROW(erlang_a(1, 1, 1, 1).wait_cdf(-1), std::domain_error);
  EXPECT_THROW(erlang_a(1, 1, 1, 1).wait_quantile(1.1), std::domain_error);
  EXPECT_THROW(erlang_a(1, 1, 1, 1).served_wait_quantile(-0.1), std::domain_error);
  EXPECT_THROW(qsm::queueing::servers_for_service(1, 1, 1, 1, 1), std::domain_error);
}

}  // namespace
