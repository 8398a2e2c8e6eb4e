#include <cmath>

#include <gtest/gtest.h>

#include <qsm/queueing/erlang.hpp>
#include <qsm/queueing/mmc.hpp>
#include <qsm/queueing/mmck.hpp>
#include <qsm/queueing/staffing.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::queueing;
using qsm_test::agrees;
using qsm_test::golden;

TEST(staffing, agrees_with_50_digits) {
  for (const auto& row : golden("queueing/erlang_b_continuous.csv"))
    EXPECT_TRUE(agrees(erlang_b_continuous(row["servers"], row["offered_load"]), row, "erlang_b_continuous"));
  for (const auto& row : golden("queueing/servers_for_blocking.csv"))
    EXPECT_EQ(servers_for_blocking(row["offered_load"], row["probability"]), row["servers_for_blocking"]) << row.where;
  for (const auto& row : golden("queueing/servers_for_waiting.csv"))
    EXPECT_EQ(servers_for_waiting(row["offered_load"], row["probability"]), row["servers_for_waiting"]) << row.where;
  for (const auto& row : golden("queueing/servers_for_utilization.csv"))
    EXPECT_EQ(servers_for_utilization(row["offered_load"], row["utilization"]), row["servers_for_utilization"])
        << row.where;
  for (const auto& row : golden("queueing/load_for_probability.csv")) {
    EXPECT_TRUE(agrees(load_for_blocking(row["servers"], row["probability"]), row, "load_for_blocking"));
    EXPECT_TRUE(agrees(load_for_waiting(row["servers"], row["probability"]), row, "load_for_waiting"));
  }
  for (const auto& row : golden("queueing/rates_for_wait.csv")) {
    const double wait = row["wait"], p = row["probability"];
    EXPECT_TRUE(
        agrees(arrival_rate_for_wait(row["service_rate"], row["servers"], wait, p), row, "arrival_rate_for_wait"));
    EXPECT_TRUE(
        agrees(service_rate_for_wait(row["arrival_rate"], row["servers"], wait, p), row, "service_rate_for_wait"));
  }
  for (const auto& row : golden("queueing/mmck_inverses.csv")) {
    const double arrival = row["arrival_rate"], service = row["service_rate"], servers = row["servers"];
    const double capacity = row["capacity"], p = row["probability"];
    EXPECT_EQ(capacity_for_blocking(arrival, service, servers, p), row["capacity_for_blocking"]) << row.where;
    EXPECT_EQ(servers_for_blocking_within(arrival, service, capacity, p), row["servers_for_blocking_within"])
        << row.where;
    EXPECT_TRUE(agrees(arrival_rate_for_blocking(service, servers, capacity, p), row, "arrival_rate_for_blocking"));
    EXPECT_TRUE(agrees(service_rate_for_blocking(arrival, servers, capacity, p), row, "service_rate_for_blocking"));
  }
}

TEST(staffing, continuous_servers_meet_whole_ones) {
  for (const double servers : {0.0, 1.0, 7.0, 99.0, 100.0, 1000.0})
    for (const double load : {0.5, 0.9, 1.0, 3.0, 1e4}) {
      const double a = load * (servers + 1);
      EXPECT_NEAR(erlang_b_continuous(servers, a) / erlang_b(servers, a), 1, 1e-13) << servers << ' ' << a;
    }
}

TEST(staffing, refuses_what_is_out_of_range) {
  EXPECT_THROW(servers_for_blocking(1, 0), std::domain_error);
  EXPECT_THROW(servers_for_blocking(-1, 0.1), std::domain_error);
  EXPECT_THROW(load_for_blocking(1.5, 0.1), std::domain_error);
  EXPECT_THROW(load_for_waiting(0, 0.1), std::domain_error);
  EXPECT_THROW(servers_for_waiting(1e16, 0.1), std::domain_error);
  EXPECT_THROW(servers_for_utilization(1, 1), std::domain_error);
  EXPECT_THROW(arrival_rate_for_wait(1, 1, -1, 0.5), std::domain_error);
  EXPECT_THROW(service_rate_for_wait(0, 1, 1, 0.5), std::domain_error);
  EXPECT_THROW(capacity_for_blocking(1, 1, 0, 0.5), std::domain_error);
  EXPECT_THROW(servers_for_blocking_within(1, 1, 0, 0.5), std::domain_error);
  EXPECT_THROW(arrival_rate_for_blocking(1, 3, 2, 0.5), std::domain_error);
  EXPECT_THROW(service_rate_for_blocking(1, 1, 2, 1), std::domain_error);
}

}  // namespace
