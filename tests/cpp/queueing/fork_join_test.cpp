#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/random.hpp>
#include <qsm/queueing/fork_join.hpp>

#include "golden.hpp"

namespace {

using qsm::queueing::fork_join;
using qsm_test::agrees;

TEST(fork_join, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/fork_join.csv")) {
    const auto queue = fork_join(row["arrival_rate"], row["service_rate"], row["branches"]);
    EXPECT_TRUE(agrees(queue.utilization(), row, "utilization"));
    EXPECT_TRUE(agrees(queue.mean_sojourn(), row, "mean_sojourn"));
    EXPECT_TRUE(agrees(queue.mean_sojourn_low(), row, "mean_sojourn_low"));
    EXPECT_TRUE(agrees(queue.mean_sojourn_high(), row, "mean_sojourn_high"));
    EXPECT_TRUE(agrees(queue.mean_number(), row, "mean_number"));
  }
}

/// Mean of batch means of the time of a job, and its standard error.
std::pair<double, double> simulated(double load, std::size_t branches, std::uint64_t seed) {
  constexpr std::size_t jobs = 50'000, batches = 40;
  const qsm::Stream stream(seed);
  const qsm::Distribution gap = qsm::exponential(load), service = qsm::exponential(1);
  std::vector<double> gaps(jobs), times(jobs), waits(branches);
  std::vector<double> means;
  for (std::size_t batch = 0; batch <= batches; ++batch) {
    gap.sample(stream.child("gaps"), batch * jobs, gaps);
    std::vector<std::vector<double>> services(branches, std::vector<double>(jobs));
    for (std::size_t k = 0; k < branches; ++k) service.sample(stream.child(k), batch * jobs, services[k]);
    double sum = 0;
    for (std::size_t j = 0; j < jobs; ++j) {
      double longest = 0;
      for (std::size_t k = 0; k < branches; ++k) {
        waits[k] = std::max(0.0, waits[k] - gaps[j]) + services[k][j];
        longest = std::max(longest, waits[k]);
      }
      sum += longest;
    }
    if (batch > 0) means.push_back(sum / jobs);
  }
  double mean = 0, square = 0;
  for (const double m : means) mean += m / batches;
  for (const double m : means) square += (m - mean) * (m - mean);
  return {mean, std::sqrt(square / (batches - 1) / batches)};
}

// The twin. Exact for two branches: |z| < 4; the approximation stays within its stated 5 %.
TEST(fork_join, agrees_with_simulation) {
  for (const double load : {.3, .7}) {
    const auto [mean, error] = simulated(load, 2, 5);
    EXPECT_LT(std::abs(mean - fork_join(load, 1, 2).mean_sojourn()), 4 * error);
    EXPECT_LT(2 * error, .01 * mean);
    const auto [many, rough] = simulated(load, 16, 6);
    const auto queue = fork_join(load, 1, 16);
    EXPECT_LT(std::abs(many / queue.mean_sojourn() - 1), .05 + 4 * rough / many);
    EXPECT_LT(queue.mean_sojourn_low(), many + 4 * rough);
    EXPECT_GT(queue.mean_sojourn_high(), many - 4 * rough);
  }
}

TEST(fork_join, overload_and_idleness_are_answers) {
  EXPECT_TRUE(std::isinf(fork_join(2, 1, 3).mean_sojourn()));
  EXPECT_FALSE(fork_join(1, 1, 3).stable());
  EXPECT_EQ(fork_join(0, 1, 3).mean_number(), 0);
  EXPECT_NEAR(fork_join(0, 1, 2).mean_sojourn(), 1.5, 1e-15);
  EXPECT_NEAR(fork_join(0, 1, 1e3).mean_sojourn(), fork_join(0, 1, 1001).mean_sojourn() - 1e-3, 1e-5);
}

TEST(fork_join, refuses_what_is_out_of_range) {
  EXPECT_THROW(fork_join(-1, 1, 2), std::domain_error);
  EXPECT_THROW(fork_join(1, 0, 2), std::domain_error);
  EXPECT_THROW(fork_join(1, 1, 0), std::domain_error);
  EXPECT_THROW(fork_join(1, 1, 2.5), std::domain_error);
}

}  // namespace
