#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/queueing/network_bounds.hpp>
#include <qsm/queueing/product_form.hpp>

#include "matrices.hpp"

namespace {

using namespace qsm::queueing;

TEST(network_bounds, agree_with_printed_tables) {
  for (const auto& row : qsm_test::golden("queueing/network_bounds.csv")) {
    const auto demands = qsm_test::numbers(row.text("demands"));
    const auto call = row.text("method") == "geometric" ? geometric_bounds : proportional_bounds;
    const auto bounds = call(demands, row["population"], row["think_time"]);
    EXPECT_NEAR(bounds.throughput_low, row["throughput_low"], 6e-5) << row.where;
    EXPECT_NEAR(bounds.throughput_high, row["throughput_high"], 6e-5) << row.where;
  }
}

// The twin: the exact solution lies between all of them.
TEST(network_bounds, hold) {
  double width[4] = {};
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const qsm::Stream stream(seed);
    std::vector<double> u(16);
    stream.uniforms(0, u);
    const auto stations = static_cast<std::size_t>(1 + std::floor(6 * u[0]));
    const double population = 1 + std::floor(30 * u[1]), think_time = u[2] < .5 ? 0 : 10 * u[3];
    const std::vector<double> demands(u.begin() + 4, u.begin() + 4 + static_cast<std::ptrdiff_t>(stations));
    Matrix column(stations, 1);
    column.values = demands;
    const auto truth = closed_mva(column, {{population}}, {think_time});
    int which = 0;
    for (const auto call : {asymptotic_bounds, balanced_job_bounds, proportional_bounds, geometric_bounds}) {
      const auto bounds = call(demands, population, think_time);
      ASSERT_LE(bounds.throughput_low, truth.throughput[0] * (1 + 1e-12)) << which << " seed " << seed;
      ASSERT_GE(bounds.throughput_high, truth.throughput[0] * (1 - 1e-12)) << which << " seed " << seed;
      ASSERT_LE(bounds.response_low, truth.response_time[0] + 1e-10 * population);
      ASSERT_GE(bounds.response_high, truth.response_time[0] - 1e-10 * population);
      width[which++] += (bounds.throughput_high - bounds.throughput_low) / truth.throughput[0];
    }
  }
  EXPECT_LT(width[1], width[0]);
  EXPECT_LT(width[3], width[1]);
}

TEST(network_bounds, refuse_what_is_out_of_range) {
  const std::vector<double> demands{1, 2}, none{0, 0}, negative{1, -1};
  for (const auto call : {asymptotic_bounds, balanced_job_bounds, proportional_bounds, geometric_bounds}) {
    EXPECT_THROW(call(none, 2, 0), std::domain_error);
    EXPECT_THROW(call(negative, 2, 0), std::domain_error);
    EXPECT_THROW(call(demands, 0, 0), std::domain_error);
    EXPECT_THROW(call(demands, 1.5, 0), std::domain_error);
    EXPECT_THROW(call(demands, 2, -1), std::domain_error);
  }
}

}  // namespace
