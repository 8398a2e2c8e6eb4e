#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/balancing/geography.hpp>
#include <qsm/core/random.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::balancing;
using Matrix = std::vector<std::vector<double>>;

/// As in the script of the golden rows.
struct Instance {
  std::vector<double> demands, capacities, prices;
  Matrix latencies;
  Instance(int m, int n, int kind) {
    double total = 0, room = 0;
    for (int i = 0; i < m; ++i) total += demands.emplace_back(1 + (5 * i + kind) % 7);
    for (int j = 0; j < n; ++j) room += capacities.emplace_back(2 + (3 * j + kind) % 5);
    for (double& capacity : capacities) capacity *= 1.2 * total / room;
    for (int j = 0; j < n; ++j) prices.push_back(((2 * j + kind) % 3) / 4.0);
    for (int i = 0; i < m; ++i) {
      latencies.emplace_back();
      for (int j = 0; j < n; ++j) latencies.back().push_back((((i + 1) * (7 * j + 3) + kind * j * j) % 23 + 1) / 8.0);
    }
  }
};

TEST(geographic_plan, agrees_with_a_linear_program) {
  for (const auto& row : qsm_test::golden("balancing/geography.csv")) {
    const Instance one(static_cast<int>(row["regions"]), static_cast<int>(row["sites"]), static_cast<int>(row["kind"]));
    const auto plan = geographic_plan(one.demands, one.capacities, one.latencies,
                                      {.prices = one.prices, .latency_price = 1, .latency_limit = row["limit"]});
    EXPECT_TRUE(plan.feasible) << row.where;
    EXPECT_LT(qsm_test::relative_error(plan.cost, row["cost"]), 1e-9) << row.where;
  }
}

TEST(geographic_plan, proves_itself_and_keeps_its_constraints) {
  std::vector<double> u(100000);
  qsm::Stream(5).uniforms(0, u);
  std::size_t at = 0;
  for (int trial = 0; trial < 60; ++trial) {
    const auto m = static_cast<std::size_t>(1 + 12 * u[at++]), n = static_cast<std::size_t>(1 + 12 * u[at++]);
    std::vector<double> demands(m), capacities(n), prices(n);
    double total = 0, room = 0;
    for (double& demand : demands) total += demand = u[at++];
    for (double& capacity : capacities) room += capacity = u[at++];
    for (double& capacity : capacities) capacity *= (1 + u[at]) * total / room;
    ++at;
    for (double& price : prices) price = u[at++];
    Matrix latencies(m, std::vector<double>(n));
    for (auto& row : latencies)
      for (double& latency : row) latency = u[at++];
    const auto plan = geographic_plan(demands, capacities, latencies, {.prices = prices, .latency_price = 2});
    ASSERT_TRUE(plan.feasible);
    EXPECT_NEAR(plan.bound, plan.cost, 1e-9 * plan.cost);
    double price = 0, latency = 0;
    for (std::size_t j = 0; j < n; ++j) {
      double load = 0;
      for (std::size_t i = 0; i < m; ++i) {
        EXPECT_GE(plan.rates[i][j], 0);
        load += plan.rates[i][j];
        latency += plan.rates[i][j] * latencies[i][j];
      }
      EXPECT_NEAR(load, plan.loads[j], 1e-12);
      EXPECT_LE(load, capacities[j] * (1 + 1e-12));
      price += load * prices[j];
    }
    for (std::size_t i = 0; i < m; ++i) {
      double sum = 0;
      for (const double rate : plan.rates[i]) sum += rate;
      EXPECT_NEAR(sum, demands[i], 1e-11);
    }
    EXPECT_NEAR(plan.price, price, 1e-12);
    EXPECT_NEAR(plan.mean_latency, latency / total, 1e-12);
    EXPECT_NEAR(plan.cost, price + 2 * latency, 1e-11);
    // More capacity saves what its price says, at most.
    auto wider = capacities;
    wider[0] += 0.01;
    const auto cheaper = geographic_plan(demands, wider, latencies, {.prices = prices, .latency_price = 2});
    EXPECT_LE(cheaper.cost, plan.cost + 1e-12);
    EXPECT_GE(cheaper.cost, plan.cost - 0.01 * plan.capacity_prices[0] - 1e-12);
  }
}

// By hand: the near site is full, so that the region which loses least goes elsewhere.
TEST(geographic_plan, sends_away_who_loses_least) {
  const auto plan = geographic_plan({10, 10}, {10, 100}, {{0.01, 0.05}, {0.02, 0.03}}, {.latency_price = 100});
  EXPECT_EQ(plan.rates, (Matrix{{10, 0}, {0, 10}}));
  EXPECT_NEAR(plan.cost, 100 * (10 * 0.01 + 10 * 0.03), 1e-12);
  EXPECT_NEAR(plan.capacity_prices[0], 1, 1e-12);  // one more there saves 10 ms of one request
  EXPECT_EQ(plan.longest_latency, 0.03);
  const auto limited = geographic_plan({10, 10}, {15, 100}, {{0.01, 0.05}, {0.02, 0.03}}, {.latency_limit = 0.025});
  EXPECT_FALSE(limited.feasible);
  EXPECT_EQ(limited.loads, (std::vector<double>{15, 0}));
  EXPECT_EQ(limited.unserved[0] + limited.unserved[1], 5);
  EXPECT_EQ(limited.bound, INFINITY);
  const auto nothing = geographic_plan({0}, {1}, {{0.1}});
  EXPECT_TRUE(nothing.feasible);
  EXPECT_EQ(nothing.cost, 0);
}

TEST(geographic_plan, refuses_what_is_out_of_range) {
  EXPECT_THROW(geographic_plan({}, {1}, {}), std::domain_error);
  EXPECT_THROW(geographic_plan({1}, {}, {{}}), std::domain_error);
  EXPECT_THROW(geographic_plan({-1}, {1}, {{1}}), std::domain_error);
  EXPECT_THROW(geographic_plan({1}, {NAN}, {{1}}), std::domain_error);
  EXPECT_THROW(geographic_plan({1}, {1}, {{1, 2}}), std::domain_error);
  EXPECT_THROW(geographic_plan({1}, {1}, {{-1}}), std::domain_error);
  EXPECT_THROW(geographic_plan({1}, {1}, {{1}}, {.prices = {1, 2}}), std::domain_error);
  EXPECT_THROW(geographic_plan({1}, {1}, {{1}}, {.latency_price = -1}), std::domain_error);
}

}  // namespace
