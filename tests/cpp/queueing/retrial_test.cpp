#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/queueing/mmc.hpp>
#include <qsm/queueing/retrial.hpp>

#include "golden.hpp"

namespace {

using qsm::queueing::retrial;
using qsm_test::agrees;

TEST(retrial, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/retrial.csv")) {
    const auto queue = retrial(row["arrival_rate"], row["service_rate"], row["retrial_rate"], row["servers"]);
    EXPECT_TRUE(queue.stable());
    EXPECT_TRUE(agrees(queue.utilization(), row, "utilization"));
    EXPECT_TRUE(agrees(queue.probability_blocked(), row, "probability_blocked"));
    EXPECT_TRUE(agrees(queue.mean_queue_length(), row, "mean_queue_length"));
    EXPECT_TRUE(agrees(queue.mean_number(), row, "mean_number"));
    EXPECT_TRUE(agrees(queue.mean_wait(), row, "mean_wait"));
    EXPECT_TRUE(agrees(queue.mean_sojourn(), row, "mean_sojourn"));
    EXPECT_TRUE(agrees(queue.mean_attempts(), row, "mean_attempts"));
    EXPECT_TRUE(agrees(queue.orbit_cdf(row["count"]), row, "orbit_cdf"));
  }
}

// The twin: the chain of (busy, orbit) by repeated steps in plain floating point.
TEST(retrial, agrees_with_the_chain_iterated) {
  constexpr int c = 3, cut = 60;
  const double arrival = 1.2, again = 0.6;
  std::vector<double> p((c + 1) * cut, 1.0 / ((c + 1) * cut)), next(p.size());
  const double clock = arrival + c + cut * again;
  for (int step = 0; step < 20000; ++step) {
    std::fill(next.begin(), next.end(), 0.0);
    for (int j = 0; j < cut; ++j)
      for (int i = 0; i <= c; ++i) {
        const double here = p[static_cast<std::size_t>(j * (c + 1) + i)];
        double stay = clock;
        const auto go = [&](int busy, int orbit, double rate) {
          if (rate == 0 || orbit >= cut) return;
          next[static_cast<std::size_t>(orbit * (c + 1) + busy)] += here * rate / clock;
          stay -= rate;
        };
        i < c ? go(i + 1, j, arrival) : go(i, j + 1, arrival);
        if (i > 0) go(i - 1, j, i);
        if (i < c && j > 0) go(i + 1, j - 1, j * again);
        next[static_cast<std::size_t>(j * (c + 1) + i)] += here * stay / clock;
      }
    p.swap(next);
  }
  double orbit = 0, full = 0;
  for (int j = 0; j < cut; ++j)
    for (int i = 0; i <= c; ++i) {
      orbit += j * p[static_cast<std::size_t>(j * (c + 1) + i)];
      if (i == c) full += p[static_cast<std::size_t>(j * (c + 1) + i)];
    }
  const auto queue = retrial(arrival, 1, again, c);
  EXPECT_NEAR(queue.mean_queue_length() / orbit, 1, 1e-9);
  EXPECT_NEAR(queue.probability_blocked() / full, 1, 1e-9);
}

TEST(retrial, comes_back_at_once_like_a_queue) {
  const auto queue = retrial(4, 1, 1e7, 5);
  EXPECT_NEAR(queue.mean_wait() / qsm::queueing::mmc(4, 1, 5).mean_wait(), 1, 1e-5);
}

TEST(retrial, without_a_steady_state_answers_infinity) {
  EXPECT_FALSE(retrial(5, 1, 1, 5).stable());
  EXPECT_EQ(retrial(5, 1, 1, 5).mean_wait(), INFINITY);
  EXPECT_EQ(retrial(5, 1, 1, 5).probability_blocked(), 1);
}

TEST(retrial, refuses_what_is_out_of_range) {
  EXPECT_EQ(retrial(1e-300, 1, 1, 2).orbit_cdf(0), 1);  // nobody calls again
  EXPECT_EQ(retrial(1e-300, 1, 1, 2).mean_queue_length(), 0);
  EXPECT_THROW(retrial(0.5, 1, 1e-300, 2).mean_queue_length(), std::runtime_error);  // nearly all are in orbit
  EXPECT_THROW(retrial(1, 1, 0, 1), std::domain_error);
  EXPECT_THROW(retrial(1, 1, 1, 10001), std::domain_error);
  EXPECT_THROW(retrial(0.5, 1, 1, 1).orbit_cdf(0.5), std::domain_error);
}

}  // namespace
