#include <cmath>
#include <queue>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/policies/retry.hpp>
#include <qsm/queueing/retry_collapse.hpp>

#include "matrices.hpp"

namespace {

using namespace qsm::queueing;
using qsm_test::relative_error;

TEST(retry_collapse, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/retry_equilibria.csv")) {
    std::vector<double> attempts, good;
    for (const auto& state :
         retry_equilibria(row["arrival_rate"], row["service_rate"], row["timeout"], row["retries"], row["budget"]))
      attempts.push_back(state.attempt_rate), good.push_back(state.goodput);
    EXPECT_TRUE(qsm_test::close(attempts, qsm_test::numbers(row.text("attempt_rates")), 1e-11, row.where));
    EXPECT_TRUE(qsm_test::close(good, qsm_test::numbers(row.text("goodputs")), 1e-10, row.where));
  }
}

TEST(retry_collapse, has_two_stable_states_between_its_rates) {
  const double low = collapse_rate(100, 3), high = tipping_rate(100, .2, 3);
  EXPECT_EQ(low, 25);
  EXPECT_GT(high, 70);
  EXPECT_LT(high, 100);
  EXPECT_EQ(retry_equilibria(low * .99, 100, .2, 3).size(), 1u);
  EXPECT_EQ(retry_equilibria(high * 1.001, 100, .2, 3).size(), 1u);
  for (const double rate : {26.0, 50.0, high * .999}) {
    const auto states = retry_equilibria(rate, 100, .2, 3);
    ASSERT_EQ(states.size(), 3u) << rate;
    EXPECT_TRUE(states[0].stable && !states[1].stable && states[2].stable);
    EXPECT_GT(states[0].goodput, states[1].goodput);
    EXPECT_EQ(states[2].goodput, 0);
  }
  EXPECT_EQ(collapse_rate(100, 3, .1), 100 / 1.1);
  EXPECT_EQ(retry_equilibria(80, 100, .2, 3, .1).size(), 1u);  // the budget takes the bad state away
  EXPECT_EQ(retry_equilibria(0, 100, .2, 3).size(), 1u);
  EXPECT_EQ(tipping_rate(100, .2, 0), 100);
}

/// Goodput of the last third of a run: one exponential server, Poisson requests, a pause before each retry; during the
/// first `burst` seconds three times as many requests come.
double simulate(double rate, double mu, double timeout, int retries, qsm::policies::RetryBudget* budget, double burst) {
  struct Attempt {
    double time;
    int number;
    bool operator<(const Attempt& other) const { return time > other.time; }
  };
  qsm::Stream stream(11);
  std::uint64_t drawn = 0;
  std::vector<double> block(4096);
  const auto exponential = [&](double mean) {
    if (drawn % block.size() == 0) stream.uniforms(drawn, block);
    return -std::log1p(-block[drawn++ % block.size()]) * mean;
  };
  constexpr double end = 600;
  std::priority_queue<Attempt> coming;
  for (double now = 0; now < end;) {
    now += exponential(1 / (now < burst ? 3 * rate : rate));
    coming.push({now, 0});
  }
  double free = 0, good = 0;
  while (!coming.empty() && coming.top().time < end) {
    const auto [time, number] = coming.top();
    coming.pop();
    if (budget && number == 0) budget->request(time);
    free = std::max(free, time) + exponential(1 / mu);
    if (free - time <= timeout) {
      good += time > end * 2 / 3;
    } else if (number < retries) {
      if (budget == nullptr || budget->retry(time)) coming.push({time + timeout + exponential(5), number + 1});
    }
  }
  return good / (end / 3);
}

TEST(retry_collapse, stays_where_a_burst_has_pushed_it) {
  const double rate = 60, mu = 100, timeout = .2;
  const auto states = retry_equilibria(rate, mu, timeout, 3);
  EXPECT_NEAR(simulate(rate, mu, timeout, 3, nullptr, 0), states.front().goodput, .04 * rate);
  EXPECT_LT(simulate(rate, mu, timeout, 3, nullptr, 30), .05 * rate);  // the collapsed state
  qsm::policies::RetryBudget budget(.1, 0);
  EXPECT_NEAR(simulate(rate, mu, timeout, 3, &budget, 30), retry_equilibria(rate, mu, timeout, 3, .1).front().goodput,
              .04 * rate);
  // Below collapse_rate() nothing stays.
  EXPECT_NEAR(simulate(20, mu, timeout, 3, nullptr, 30), 20, 1);
}

TEST(retry_collapse, refuses_what_is_out_of_range) {
  EXPECT_THROW(retry_equilibria(-1, 1, 1, 1), std::domain_error);
  EXPECT_THROW(retry_equilibria(1, 0, 1, 1), std::domain_error);
  EXPECT_THROW(tipping_rate(1, 1, 1.5), std::domain_error);
  EXPECT_THROW(collapse_rate(1, 1, -1), std::domain_error);
}

}  // namespace
