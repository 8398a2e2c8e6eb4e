#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/uniform.hpp>
#include <qsm/queueing/mmc.hpp>
#include <qsm/queueing/time_varying.hpp>

#include "matrices.hpp"

namespace {

using namespace qsm::queueing;
using qsm_test::relative_error;

TEST(time_varying, transients_agree_with_40_digits) {
  for (const auto& row : qsm_test::golden("queueing/transient.csv")) {
    const auto chances = transient_distribution(row["arrival_rate"], row["service_rate"], row["servers"],
                                                row["initial"], row["time"], row["capacity"]);
    const auto truths = qsm_test::numbers(row.text("probabilities"));
    ASSERT_EQ(chances.size(), truths.size());
    for (std::size_t n = 0; n < truths.size(); ++n) EXPECT_NEAR(chances[n], truths[n], 1e-13) << row.where;
  }
}

TEST(time_varying, transients_end_in_the_steady_state) {
  const auto model = mmc(4, 1, 5);
  const auto chances = transient_distribution(4, 1, 5, 3, 400);
  double mean = 0, waiting = 0;
  for (std::size_t n = 0; n < chances.size(); ++n) {
    mean += static_cast<double>(n) * chances[n];
    if (n >= 5) waiting += chances[n];
  }
  EXPECT_NEAR(std::accumulate(chances.begin(), chances.end(), 0.0), 1, 1e-13);
  EXPECT_LT(relative_error(mean, model.mean_number()), 1e-6);
  EXPECT_LT(relative_error(waiting, model.probability_wait()), 1e-6);
  EXPECT_EQ(transient_distribution(4, 1, 5, 3, 0)[3], 1);
}

const std::vector<double> day{2, 5, 9, 12, 8, 3, 1, 1};

// The twin: with servers for all, the exact chain has the mean of the integral.
TEST(time_varying, many_servers_are_infinitely_many) {
  const auto load = time_varying_load(day, .7, qsm::exponential(.8));
  const auto exact = time_varying_mmc(day, .7, .8, std::vector<double>{400});
  for (std::size_t k = 0; k < day.size(); ++k) {
    EXPECT_LT(relative_error(exact.mean_number[k], load[k]), 1e-12);
    EXPECT_LT(exact.probability_wait[k], 1e-15);
  }
  // Services of one length count the arrivals of that time.
  const auto fixed = time_varying_load(day, 1, qsm::deterministic(1.5));
  EXPECT_LT(relative_error(fixed[3], 12 + 9 * .5), 1e-12);
  const auto spread = time_varying_load(day, 1, qsm::uniform(0, 2));
  EXPECT_LT(relative_error(spread[1], 5 * .75 + 2 * .25), 1e-12);
}

TEST(time_varying, approximations_come_near_where_they_should) {
  std::vector<double> slow;
  for (int k = 0; k < 96; ++k) slow.push_back(8 + 2 * std::sin(k * 3.14159265 / 48));
  const std::vector<double> servers{13};
  const auto exact = time_varying_mmc(slow, 2.5, 1, servers);
  const auto stationary = pointwise_stationary(slow, 2.5, 1, servers);
  const auto modified = modified_offered_load(slow, 2.5, qsm::exponential(1), servers);
  double off = 0, off_modified = 0;
  for (std::size_t k = 24; k < slow.size(); ++k) {
    off = std::max(off, std::abs(stationary.probability_wait[k] - exact.probability_wait[k]));
    off_modified = std::max(off_modified, std::abs(modified.probability_wait[k] - exact.probability_wait[k]));
  }
  EXPECT_LT(off, .03);
  EXPECT_LT(off_modified, off);
  const auto constant = time_varying_mmc(std::vector<double>(40, 3), 5, 1, std::vector<double>{4});
  EXPECT_LT(relative_error(constant.mean_number.back(), mmc(3, 1, 4).mean_number()), 1e-8);
  EXPECT_EQ(pointwise_stationary(std::vector<double>{5}, 1, 1, std::vector<double>{4}).probability_wait[0], 1);
}

TEST(time_varying, multiplexing_agrees_with_exact_sums) {
  for (const auto& row : qsm_test::golden("queueing/multiplexed_capacity.csv"))
    EXPECT_EQ(multiplexed_capacity(row["sources"], row["activity"], row["overflow_probability"]),
              row["multiplexed_capacity"])
        << row.where;
  EXPECT_EQ(multiplexing_gain(100, 1, .01), 1);
  EXPECT_GT(multiplexing_gain(1000, .1, 1e-6), multiplexing_gain(100, .1, 1e-6));
}

TEST(time_varying, refuses_what_is_out_of_range) {
  EXPECT_THROW(time_varying_mmc(day, 1e15, 1, std::vector<double>{20}), std::domain_error);
  const std::vector<double> one{1}, two{1, 2};
  EXPECT_THROW(transient_distribution(-1, 1, 1, 0, 1), std::domain_error);
  EXPECT_THROW(transient_distribution(1, 1, 1, 5, 1, 4), std::domain_error);
  EXPECT_THROW(transient_distribution(1, 1, 3, 0, 1, 2), std::domain_error);
  EXPECT_THROW(transient_distribution(1e9, 1, 3, 0, 1e6), std::domain_error);
  EXPECT_THROW(time_varying_mmc(day, 1, 1, two), std::invalid_argument);
  EXPECT_THROW(time_varying_mmc(day, 0, 1, one), std::domain_error);
  EXPECT_THROW(time_varying_mmc(day, 1, 1, std::vector<double>{1.5}), std::domain_error);
  EXPECT_THROW(time_varying_load(std::vector<double>{-1}, 1, qsm::exponential(1)), std::domain_error);
  EXPECT_THROW(multiplexed_capacity(0, .5, .1), std::domain_error);
  EXPECT_THROW(multiplexed_capacity(5, 1.5, .1), std::domain_error);
  EXPECT_THROW(multiplexed_capacity(5, .5, 0), std::domain_error);
}

}  // namespace
