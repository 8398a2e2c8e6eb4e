#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/policies/limiter.hpp>
#include <qsm/policies/testing.hpp>

namespace {

using namespace qsm::policies;
using Sentences = std::vector<std::string>;

struct Closed {
  bool admit(double, double) { return false; }
  double ready_at(double, double) const { return std::numeric_limits<double>::infinity(); }
};
static_assert(RateLimiter<Closed>);
static_assert(RateLimiter<TokenBucket> && RateLimiter<LeakyBucket> && RateLimiter<SlidingWindowCounter>);

std::vector<double> poisson_times(double rate, std::size_t count, std::uint64_t seed) {
  std::vector<double> times(count);
  qsm::Stream(seed).uniforms(0, times);
  double now = 0;
  for (double& time : times) time = now += -std::log(time) / rate;
  return times;
}

/// Most that passes in any interval of this length, open at its beginning.
double busiest(const std::vector<double>& times, const std::vector<bool>& passed, double length) {
  double most = 0, inside = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    inside += passed[i];
    while (times[first] <= times[i] - length) inside -= passed[first++];
    most = std::max(most, inside);
  }
  return most;
}

TEST(limiter, conforms) {
  EXPECT_EQ(check_limiter(TokenBucket(10, 5)), Sentences());
  EXPECT_EQ(check_limiter(Gcra(0.1, 0.35)), Sentences());
  EXPECT_EQ(check_limiter(LeakyBucket(10, 5)), Sentences());
  EXPECT_EQ(check_limiter(FixedWindow(10, 1)), Sentences());
  EXPECT_EQ(check_limiter(SlidingWindowLog(10, 1)), Sentences());
  EXPECT_EQ(check_limiter(SlidingWindowCounter(10, 1)), Sentences());
}

TEST(limiter, conformance_check_sees_faults) {
  struct Forgetful : TokenBucket {
    using TokenBucket::TokenBucket;
    bool admit(double now, double cost = 1) { return TokenBucket(*this).admit(now, cost + 1); }
  };
  EXPECT_FALSE(check_limiter(Forgetful(10, 5)).empty());
  struct Careless : FixedWindow {
    using FixedWindow::FixedWindow;
    double ready_at(double now, double) const { return now; }
  };
  EXPECT_FALSE(check_limiter(Careless(10, 1)).empty());
  EXPECT_EQ(check_limiter(Closed{}), (Sentences{"takes a time before the last"}));
}

// The twin: tokens that are counted one by one, on times and rates that binary fractions hold exactly.
TEST(limiter, token_bucket_counts_as_tokens_do) {
  std::vector<std::uint64_t> bits(20000);
  qsm::Stream(3).bits(0, bits);
  TokenBucket bucket(4, 8);
  double tokens = 8, now = 0;
  int admitted = 0;
  for (const auto word : bits) {
    const double gap = static_cast<double>(word % 64) / 128, cost = static_cast<double>(1 + (word >> 32) % 3);
    now += gap;
    tokens = std::min(8.0, tokens + 4 * gap);
    const bool enough = tokens >= cost;
    ASSERT_EQ(bucket.tokens(now), tokens);
    ASSERT_EQ(bucket.admit(now, cost), enough);
    if (enough) tokens -= cost, ++admitted;
  }
  EXPECT_GT(admitted, 5000);
  EXPECT_LT(admitted, 15000);
}

// I.371: the virtual scheduling algorithm is a token bucket of rate 1/T and burst 1 + τ/T.
TEST(limiter, gcra_is_a_token_bucket) {
  const auto times = poisson_times(12, 20000, 5);
  Gcra gcra(0.125, 0.5);
  TokenBucket bucket(8, 5);
  const auto cells = admitted(gcra, times);
  EXPECT_EQ(cells, admitted(bucket, times));
  EXPECT_GT(std::count(cells.begin(), cells.end(), false), 1000);
}

// T = 10, τ = 15: a cell may be early by 15 against its theoretical arrival time; times by hand from the algorithm.
TEST(limiter, gcra_follows_the_virtual_scheduling_algorithm) {
  Gcra gcra(10, 15);
  const std::vector<double> times{0, 1, 2, 3, 5, 6, 15, 16, 40};
  // TAT: 10, 20, 2 < 20 - 15 refused, 3 refused, 5 conforms -> 30, 6 < 15 refused, 15 -> 40, 16 < 25, 40 -> 50
  EXPECT_EQ(admitted(gcra, times), (std::vector<bool>{1, 1, 0, 0, 1, 0, 1, 0, 1}));
  EXPECT_EQ(gcra.expected(), 50);
}

// Seconds since 1970 are 2.4e-7 apart as doubles: steps below that must add up all the same.
TEST(limiter, fast_buckets_hold_at_unix_times) {
  const double start = 1.8e9;
  for (const double rate : {3e6, 1e7, 1e9}) {
    TokenBucket bucket(rate, 1000);
    Gcra gcra(1 / rate, 999 / rate);
    LeakyBucket leaky(rate, 1000);
    double tokens = 0, cells = 0, drops = 0;
    for (int tick = 0; tick < 40; ++tick) {  // 40 steps of the clock, each with more than comes in meanwhile
      const double now = start + tick * 0x1p-22;
      for (int i = 0; i < 1200; ++i) tokens += bucket.admit(now), cells += gcra.admit(now), drops += leaky.admit(now);
      ASSERT_GT(bucket.ready_at(now), now);
      ASSERT_LE(bucket.ready_at(now), now + 0x1p-21);
    }
    const double most = 1000 + rate * 39 * 0x1p-22;
    EXPECT_LE(tokens, most);
    EXPECT_GE(tokens, most - 1);
    EXPECT_EQ(cells, tokens);
    EXPECT_EQ(drops, tokens);
  }
}

TEST(limiter, bucket_that_never_fills_is_refused) {
  try {
    TokenBucket(1e-300, 1e300);
    FAIL() << "built";
  } catch (const std::domain_error& error) {
    EXPECT_STREQ(error.what(), "TokenBucket: burst / rate must be finite and > 0, got inf");
  }
}

TEST(limiter, leaky_bucket_lets_out_at_a_constant_rate) {
  LeakyBucket bucket(2, 3);
  EXPECT_EQ(bucket.offer(10), 10);
  EXPECT_EQ(bucket.offer(10), 10.5);
  EXPECT_EQ(bucket.level(10), 2);
  EXPECT_EQ(bucket.offer(10.25), 11);  // level 1.5 + 1
  EXPECT_EQ(bucket.offer(10.25), std::nullopt);
  EXPECT_EQ(bucket.ready_at(10.25), 10.5);
  EXPECT_EQ(bucket.offer(10.5), 11.5);
  EXPECT_EQ(bucket.offer(20), 20);
}

// What each promises for any traffic, and that traffic comes close to it.
TEST(limiter, admits_no_more_than_promised) {
  const auto times = poisson_times(30, 60000, 11);
  for (const double length : {0.05, 0.5, 1.0, 3.0}) {
    TokenBucket bucket(10, 5);
    EXPECT_LE(busiest(times, admitted(bucket, times), length), std::floor(5 + 10 * length));
  }
  SlidingWindowLog log(10, 1);
  EXPECT_EQ(busiest(times, admitted(log, times), 1), 10);
  FixedWindow fixed(10, 1);
  const double around = busiest(times, admitted(fixed, times), 1);
  EXPECT_LE(around, 20);
  EXPECT_GT(around, 15);
  SlidingWindowCounter counter(10, 1);
  const double estimated = busiest(times, admitted(counter, times), 1);
  EXPECT_LE(estimated, 20);
  EXPECT_LT(estimated, around);
}

// The twin of the log: all admitted times, counted anew at each request.
TEST(limiter, sliding_log_counts_what_is_inside) {
  const auto times = poisson_times(15, 20000, 13);
  SlidingWindowLog log(10, 1);
  std::vector<double> inside;
  for (const double now : times) {
    std::erase_if(inside, [&](double then) { return then + 1 <= now; });
    ASSERT_EQ(log.admit(now), inside.size() < 10);
    if (inside.size() < 10) inside.push_back(now);
  }
}

TEST(limiter, windows_are_aligned) {
  FixedWindow window(2, 10);
  EXPECT_TRUE(window.admit(9));
  EXPECT_TRUE(window.admit(9.5));
  EXPECT_FALSE(window.admit(9.9));
  EXPECT_EQ(window.ready_at(9.9), 10);
  EXPECT_TRUE(window.admit(10));
  EXPECT_TRUE(window.admit(10));
  EXPECT_EQ(window.ready_at(10), 20);
}

TEST(limiter, sliding_counter_weighs_the_last_window) {
  SlidingWindowCounter counter(10, 1);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(counter.admit(0.5));
  EXPECT_EQ(counter.ready_at(0.5), 1.1);  // 10 (1 - e) + 1 <= 10
  EXPECT_FALSE(counter.admit(1.05));
  EXPECT_TRUE(counter.admit(1.1));
  EXPECT_FALSE(counter.admit(1.15));
  EXPECT_TRUE(counter.admit(1.2));
}

TEST(limiter, sliding_log_forgets) {
  SlidingWindowLog log(3, 1);
  for (int i = 0; i < 100; ++i) log.admit(i);
  EXPECT_EQ(log.size(), 1u);
}

TEST(limiter, survives_times_far_apart) {
  for (const double far : {1e15, 1e300}) {
    FixedWindow fixed(1, 1e-3);
    EXPECT_TRUE(fixed.admit(0));
    EXPECT_TRUE(fixed.admit(far));
    SlidingWindowCounter counter(1, 1e-3);
    EXPECT_TRUE(counter.admit(0));
    EXPECT_TRUE(counter.admit(far));
    TokenBucket bucket(1e-3, 1);
    EXPECT_TRUE(bucket.admit(-far));
    EXPECT_TRUE(bucket.admit(far));
  }
}

TEST(limiter, refuses_what_is_out_of_range) {
  EXPECT_THROW(TokenBucket(0, 1), std::domain_error);
  EXPECT_THROW(TokenBucket(1, NAN), std::domain_error);
  EXPECT_THROW(Gcra(1, -1), std::domain_error);
  EXPECT_THROW(LeakyBucket(1, 0), std::domain_error);
  EXPECT_THROW(FixedWindow(1, 0), std::domain_error);
  EXPECT_THROW(SlidingWindowLog(-1, 1), std::domain_error);
  EXPECT_THROW(SlidingWindowCounter(1, INFINITY), std::domain_error);
  TokenBucket bucket(1, 1);
  EXPECT_TRUE(bucket.admit(5));
  EXPECT_THROW(bucket.admit(4), std::domain_error);
  EXPECT_THROW(bucket.admit(6, 0), std::domain_error);
  EXPECT_THROW(bucket.admit(NAN), std::domain_error);
  EXPECT_THROW(bucket.tokens(NAN), std::domain_error);
  EXPECT_FALSE(bucket.admit(5));  // nothing was lost
  EXPECT_EQ(bucket.ready_at(5, 2), INFINITY);
  EXPECT_THROW(admitted(bucket, std::vector<double>{6, 7}, std::vector<double>{1}), std::domain_error);
}

}  // namespace
