// Erlang A and the finite sources against runs customer by customer, from the rules of the queue alone.

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/random.hpp>
#include <qsm/queueing/erlang_a.hpp>
#include <qsm/queueing/finite_source.hpp>

namespace {

using Times = std::priority_queue<double, std::vector<double>, std::greater<>>;
constexpr std::size_t customers = 1'000'000;

std::vector<double> draws(double rate, std::uint64_t id) {
  std::vector<double> out(customers);
  qsm::exponential(rate).sample(qsm::Stream(52).child(id), 0, out);
  return out;
}

Times all_at(std::size_t count, double time) {
  Times out;
  for (std::size_t i = 0; i < count; ++i) out.push(time);
  return out;
}

TEST(erlang_a, agrees_with_its_simulation) {
  for (const double rate : {4.0, 6.5}) {  // below and above what five servers can do
    const auto gaps = draws(rate, 1), services = draws(1, 2), patience = draws(0.5, 3);
    auto free = all_at(5, 0);
    double now = 0, left = 0, waited = 0, delayed = 0, early = 0;
    for (std::size_t i = 0; i < customers; ++i) {
      now += gaps[i];
      const double offered = std::max(free.top() - now, 0.0), wait = std::min(offered, patience[i]);
      waited += wait, delayed += offered > 0, early += wait <= 0.4;
      if (offered > patience[i]) {
        ++left;
        continue;
      }
      free.pop();
      free.push(now + offered + services[i]);
    }
    const auto queue = qsm::queueing::erlang_a(rate, 1, 0.5, 5);
    const double n = customers;
    EXPECT_NEAR(left / n / queue.probability_abandon(), 1, 0.02) << rate;
    EXPECT_NEAR(waited / n / queue.mean_wait(), 1, 0.02) << rate;
    EXPECT_NEAR(delayed / n / queue.probability_wait(), 1, 0.01) << rate;
    EXPECT_NEAR(early / n / queue.wait_cdf(0.4), 1, 0.01) << rate;
  }
}

TEST(mmc_finite_source, agrees_with_its_simulation) {
  const auto thinking = draws(0.4, 4), services = draws(1, 5);
  Times asks;
  auto free = all_at(2, 0);
  for (std::size_t i = 0; i < 6; ++i) asks.push(thinking[i]);
  double now = 0, waited = 0, delayed = 0;
  for (std::size_t i = 6; i < customers; ++i) {
    now = asks.top();
    const double start = std::max(now, free.top());
    asks.pop(), free.pop();
    waited += start - now, delayed += start > now;
    free.push(start + services[i]);
    asks.push(start + services[i] + thinking[i]);
  }
  const auto queue = qsm::queueing::mmc_finite_source(0.4, 1, 2, 6);
  const double n = customers - 6;
  EXPECT_NEAR(waited / n / queue.mean_wait(), 1, 0.01);
  EXPECT_NEAR(delayed / n / queue.probability_wait(), 1, 0.01);
  EXPECT_NEAR(n / now / queue.throughput(), 1, 0.01);
}

TEST(engset, agrees_with_its_simulation) {
  const auto thinking = draws(0.4, 6), services = draws(1, 7);
  Times asks;
  auto free = all_at(2, 0);
  for (std::size_t i = 0; i < 6; ++i) asks.push(thinking[i]);
  double now = 0, blocked = 0;
  for (std::size_t i = 6; i < customers; ++i) {
    now = asks.top();
    asks.pop();
    double idle = now;
    if (free.top() > now) {
      ++blocked;
    } else {
      free.pop();
      idle += services[i];
      free.push(idle);
    }
    asks.push(idle + thinking[i]);
  }
  const auto queue = qsm::queueing::engset(0.4, 1, 2, 6);
  const double n = customers - 6;
  EXPECT_NEAR(blocked / n / queue.probability_blocked(), 1, 0.01);
  EXPECT_NEAR((n - blocked) / now / queue.throughput(), 1, 0.01);
}

}  // namespace
