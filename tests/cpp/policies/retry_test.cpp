#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/policies/circuit_breaker.hpp>
#include <qsm/policies/hedging.hpp>
#include <qsm/policies/retry.hpp>

namespace {

using namespace qsm::policies;

TEST(backoff, doubles_up_to_the_longest) {
  const Backoff plain(0.1, 1, 2, Jitter::none);
  EXPECT_DOUBLE_EQ(plain.pause(0, 0.3), 0.1);
  EXPECT_DOUBLE_EQ(plain.pause(3, 0.3), 0.8);
  EXPECT_EQ(plain.pause(4, 0.3), 1);
  EXPECT_EQ(plain.pause(5000, 0.3), 1);
  EXPECT_DOUBLE_EQ(Backoff(0.1, 1, 2, Jitter::full).pause(1, 0.25), 0.05);
  EXPECT_DOUBLE_EQ(Backoff(0.1, 1, 2, Jitter::equal).pause(1, 0.25), 0.125);
}

// A service that fails for good: retries never exceed ratio x requests + reserve x time, and come close to it.
TEST(retry_budget, bounds_the_load_on_a_failing_service) {
  RetryBudget budget(0.1, 1, 10);
  std::vector<double> u(100000);
  qsm::Stream(2).uniforms(0, u);
  double now = 0, requests = 0, retries = 0;
  for (const double uniform : u) {
    now += -std::log(uniform) / 500;
    budget.request(now);
    ++requests;
    retries += budget.retry(now);
    ASSERT_LE(retries, 0.1 * requests + 1 * now + 10 + 1e-6);
  }
  EXPECT_GT(retries, 0.095 * requests);
}

TEST(retry_budget, a_quiet_client_may_retry_and_tokens_fade) {
  RetryBudget budget(0.1, 1, 10);
  budget.request(0);
  EXPECT_TRUE(budget.retry(0));  // from the reserve
  RetryBudget strict(0.1, 0, 10);
  for (int i = 0; i < 10; ++i) strict.request(0);
  EXPECT_TRUE(RetryBudget(strict).retry(0));
  EXPECT_FALSE(RetryBudget(strict).retry(10));
  RetryBudget even(1, 0, 10);
  for (int i = 0; i < 5; ++i) even.request(0);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(even.retry(0));
  EXPECT_FALSE(even.retry(0));
}

TEST(retry_throttle, follows_the_rule_of_grpc) {
  RetryThrottle throttle(10, 0.1);
  for (int i = 0; i < 4; ++i) throttle.observe(false);
  EXPECT_TRUE(throttle.allows());  // 6 of 10 left
  throttle.observe(false);
  EXPECT_FALSE(throttle.allows());  // 5 is not more than half
  throttle.observe(true);
  EXPECT_TRUE(throttle.allows());
  for (int i = 0; i < 100; ++i) throttle.observe(false);
  for (int i = 0; i < 49; ++i) throttle.observe(true);
  EXPECT_FALSE(throttle.allows());
  for (int i = 0; i < 3; ++i) throttle.observe(true);
  EXPECT_TRUE(throttle.allows());
}

CircuitOptions small() {
  CircuitOptions options;
  options.window = 4;
  options.least_calls = 4;
  options.failure_share = 0.5;
  options.open_time = 10;
  options.probes = 2;
  return options;
}

TEST(circuit_breaker, opens_waits_probes_and_closes) {
  CircuitBreaker breaker(small());
  for (const bool good : {true, true, false}) {
    EXPECT_TRUE(breaker.allow(0));
    breaker.observe(0, good);
  }
  EXPECT_EQ(breaker.state(0), CircuitState::closed);
  breaker.observe(1, false);  // 2 of 4
  EXPECT_EQ(breaker.state(1), CircuitState::open);
  EXPECT_FALSE(breaker.allow(10.9));
  breaker.observe(10.9, true);  // a call from before
  EXPECT_EQ(breaker.state(11), CircuitState::half_open);
  EXPECT_TRUE(breaker.allow(11));
  EXPECT_TRUE(breaker.allow(11));
  EXPECT_FALSE(breaker.allow(11));
  breaker.observe(12, true);
  EXPECT_EQ(breaker.state(12), CircuitState::half_open);
  breaker.observe(12, true);
  EXPECT_EQ(breaker.state(12), CircuitState::closed);
  breaker.observe(12, false);
  EXPECT_EQ(breaker.state(12), CircuitState::closed);  // what was before is forgotten
}

TEST(circuit_breaker, a_failed_probe_opens_it_again) {
  CircuitBreaker breaker(small());
  for (int i = 0; i < 4; ++i) breaker.observe(0, false);
  EXPECT_TRUE(breaker.allow(10));
  breaker.observe(10.5, false);
  EXPECT_EQ(breaker.state(20), CircuitState::open);
  EXPECT_EQ(breaker.state(20.5), CircuitState::half_open);
}

TEST(circuit_breaker, sends_probes_anew_whose_end_is_never_told) {
  CircuitBreaker breaker(small());
  for (int i = 0; i < 4; ++i) breaker.observe(0, false);
  EXPECT_TRUE(breaker.allow(10));
  EXPECT_TRUE(breaker.allow(10));
  EXPECT_FALSE(breaker.allow(19.9));
  EXPECT_TRUE(breaker.allow(20));
  EXPECT_TRUE(breaker.allow(20));
  EXPECT_FALSE(breaker.allow(20));
  breaker.observe(21, true);
  breaker.observe(21, true);
  EXPECT_EQ(breaker.state(21), CircuitState::closed);
}

TEST(circuit_breaker, counts_the_last_calls_only) {
  CircuitBreaker breaker(small());
  for (int i = 0; i < 1000; ++i) {
    breaker.observe(i, i % 4 != 0);  // a quarter fails
    ASSERT_EQ(breaker.state(i), CircuitState::closed);
  }
  breaker.observe(1000, false);
  breaker.observe(1001, false);
  EXPECT_EQ(breaker.state(1001), CircuitState::open);
}

TEST(hedge, waits_for_the_quantile_and_keeps_its_budget) {
  Hedge hedge(0.95, 0.05, 1000);
  EXPECT_EQ(hedge.delay(), HUGE_VAL);
  std::vector<double> u(50000);
  qsm::Stream(8).uniforms(0, u);
  double sent = 0, late = 0;
  for (const double uniform : u) {
    const double latency = -std::log(uniform);
    if (latency > hedge.delay()) {
      ++late;
      sent += hedge.hedge();
    }
    hedge.observe(latency);
  }
  EXPECT_NEAR(hedge.delay(), std::log(20), 0.35);  // three standard errors of a quantile of 1,000
  EXPECT_NEAR(late / 50000, 0.05, 0.005);
  EXPECT_GT(sent, 0.9 * late);
  // All slow at once: the budget, not the delay, decides.
  double storm = 0;
  for (int i = 0; i < 1000; ++i) {
    storm += hedge.hedge();
    hedge.observe(0.1);
  }
  EXPECT_LE(storm, 0.05 * 1000 + 50);
}

TEST(retry, refuses_what_is_out_of_range) {
  EXPECT_THROW(Backoff(0), std::domain_error);
  EXPECT_THROW(Backoff(1, 0.5), std::domain_error);
  EXPECT_THROW(Backoff().pause(0.5, 0), std::domain_error);
  EXPECT_THROW(Backoff().pause(0, 1.5), std::domain_error);
  EXPECT_THROW(RetryBudget(-1), std::domain_error);
  RetryBudget budget;
  budget.request(5);
  EXPECT_THROW(budget.retry(4), std::domain_error);
  EXPECT_THROW(RetryThrottle(0), std::domain_error);
  CircuitOptions options;
  options.least_calls = 30;
  EXPECT_THROW(CircuitBreaker{options}, std::domain_error);
  options = {};
  options.failure_share = 0;
  EXPECT_THROW(CircuitBreaker{options}, std::domain_error);
  EXPECT_THROW(Hedge(1), std::domain_error);
  EXPECT_THROW(Hedge(0.9, 0.1, 5), std::domain_error);
  EXPECT_THROW(Hedge().observe(-1), std::domain_error);
}

}  // namespace
