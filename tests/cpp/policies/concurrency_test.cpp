#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/policies/codel.hpp>
#include <qsm/policies/concurrency.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::policies;

static_assert(ConcurrencyLimit<AimdLimit> && ConcurrencyLimit<VegasLimit> && ConcurrencyLimit<GradientLimit>);

LatencySample sample(double latency, double in_flight, bool dropped = false) {
  return {0, latency, in_flight, dropped};
}

// The cases of the peer's own tests: a sequence of samples each, and the limit after every one.
TEST(concurrency, vegas_agrees_with_its_reference) {
  std::string name;
  VegasLimit limit;
  for (const auto& row : qsm_test::golden("policies/vegas.csv")) {
    if (row.text("case") != name) limit = VegasLimit(row["initial"], 20000, row["smoothing"], row["backoff"], 1e9);
    name = row.text("case");
    limit.observe(sample(row["latency"], row["in_flight"]));
    EXPECT_EQ(limit.limit(), row["limit"]) << row.where;
  }
}

TEST(concurrency, vegas_does_not_grow_while_idle_and_probes) {
  VegasLimit limit(10, 1000, 1, 1, 2);
  limit.observe(sample(0.010, 10));
  limit.observe(sample(0.010, 4));
  EXPECT_EQ(limit.limit(), 10);
  for (int i = 0; i < 18; ++i) limit.observe(sample(0.020, 4));
  EXPECT_EQ(limit.least_latency(), 0.020);  // the twentieth request is a probe
}

TEST(concurrency, aimd_rises_by_one_and_falls_by_a_factor) {
  AimdLimit limit(10, 0.9, 5, 1, 20);
  limit.observe(sample(0.001, 10));
  EXPECT_EQ(limit.limit(), 11);
  limit.observe(sample(0.001, 5));  // less than half of the limit in use
  EXPECT_EQ(limit.limit(), 11);
  AimdLimit dropped(10);
  dropped.observe(sample(0.001, 10, true));
  EXPECT_EQ(dropped.limit(), 9);
  AimdLimit slow(10);
  slow.observe(sample(6, 10));
  EXPECT_EQ(slow.limit(), 9);
  for (int i = 0; i < 100; ++i) limit.observe(sample(0.001, 100));
  EXPECT_EQ(limit.limit(), 20);
  for (int i = 0; i < 100; ++i) limit.observe(sample(6, 100));
  EXPECT_EQ(limit.limit(), 1);
}

/// A service of so many slots, each request of one second: in flight at the limit, latency = limit / slots when above.
template <class Limit>
double settles_at(Limit limit, double slots, int requests) {
  for (int i = 0; i < requests; ++i) limit.observe(sample(std::max(1.0, limit.limit() / slots), limit.limit()));
  return limit.limit();
}

TEST(concurrency, limits_find_the_slots_of_a_service) {
  // Vegas: 100 slots and a queue from 3 g to 6 g with g = 2.
  const double vegas = settles_at(VegasLimit(10, 1000, 1, 1, 1e9), 100, 5000);
  EXPECT_GE(vegas, 100);
  EXPECT_LE(vegas, 113);
  // Gradient drifts under a steady overload: the long-term latency follows, until the limit is at its greatest.
  EXPECT_EQ(settles_at(GradientLimit(20, 20, 200, 4, 0.2, 600), 100, 20000), 200);
}

TEST(concurrency, gradient_by_hand) {
  GradientLimit limit(50, 20, 200, 4, 0.2, 600);
  limit.observe(sample(1, 50));  // gradient 1: 50 + 0.2 x 4
  EXPECT_NEAR(limit.limit(), 50, 0);
  limit.observe(sample(1, 50));
  EXPECT_EQ(limit.limit(), 51);  // 51.6
  limit.observe(sample(4, 50));  // long term 2, gradient 1/2: 51.6 + 0.2 (25.8 + 4 - 51.6) = 47.24
  EXPECT_EQ(limit.limit(), 47);
  EXPECT_EQ(limit.long_latency(), 2);
  limit.observe(sample(0.5, 1));  // long term (2 x 3 + 0.5) / 4 = 1.625 > 2 x 0.5: forgets a tenth
  EXPECT_NEAR(limit.long_latency(), 1.625 * 0.9, 1e-15);
  EXPECT_EQ(limit.limit(), 47);
}

TEST(concurrency, quota_guarantees_and_lends) {
  SlotQuota quota(10, std::vector<double>{4, 2});
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(quota.acquire(0));  // 4 of its own and 4 that nobody is sure of
  EXPECT_FALSE(quota.acquire(0));
  EXPECT_TRUE(quota.acquire(1));
  EXPECT_TRUE(quota.acquire(1));
  EXPECT_FALSE(quota.acquire(1));
  quota.release(0);
  EXPECT_TRUE(quota.acquire(1));
  EXPECT_EQ(quota.used(1), 3);
}

TEST(concurrency, quota_keeps_its_promises_in_any_order) {
  std::vector<std::uint64_t> bits(20000);
  qsm::Stream(5).bits(0, bits);
  const std::vector<double> guarantees{3, 0, 5};
  SlotQuota quota(11, guarantees);
  std::vector<double> used(3, 0);
  for (const auto word : bits) {
    const std::size_t tenant = word % 3;
    if (word >> 63 && used[tenant] > 0) {
      quota.release(tenant);
      --used[tenant];
    } else {
      const bool below = used[tenant] < guarantees[tenant];
      const bool got = quota.acquire(tenant);
      ASSERT_TRUE(got || !below);
      used[tenant] += got;
    }
    ASSERT_LE(used[0] + used[1] + used[2], 11);
    ASSERT_EQ(quota.used(tenant), used[tenant]);
  }
}

/// One server of 1 ms each and arrivals every `gap`, served in order under CoDel: times of drops and the longest wait.
struct Run {
  std::vector<double> drops;
  double longest_late_wait = 0;
};
Run serve(double gap, double seconds) {
  CoDel codel;
  Run run;
  double head = 0, now = 0;
  while (now < seconds) {
    now = std::max(now, head);
    const double waited = now - head;
    const auto left = static_cast<std::size_t>((now - head) / gap);
    if (codel.drop(now, waited, left)) {
      run.drops.push_back(now);
    } else {
      if (now > seconds / 2) run.longest_late_wait = std::max(run.longest_late_wait, waited);
      now += 0.001;
    }
    head += gap;
  }
  return run;
}

TEST(codel, leaves_a_server_alone_that_keeps_up) { EXPECT_TRUE(serve(0.0011, 10).drops.empty()); }

TEST(codel, drops_by_the_control_law) {
  const auto run = serve(0.0009, 5);
  ASSERT_GT(run.drops.size(), 10u);
  // The first drop comes an interval after the wait passed the target; then after 100 ms / √n.
  double next = run.drops[0];
  for (std::size_t n = 1; n < 10; ++n) {
    next += 0.1 / std::sqrt(static_cast<double>(n));
    EXPECT_NEAR(run.drops[n], next, 0.0021) << n;
  }
  // 10 % more than the server can do: at the end the queue is held far below the 250 ms that it would have reached.
  EXPECT_LT(serve(0.0009, 60).longest_late_wait, 0.06);
}

TEST(codel, never_drops_the_last_one) {
  CoDel codel;
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(codel.drop(i * 0.01, 1, 0));
}

TEST(concurrency, refuses_what_is_out_of_range) {
  EXPECT_THROW(AimdLimit(0.5), std::domain_error);
  EXPECT_THROW(AimdLimit(10, 1), std::domain_error);
  EXPECT_THROW(VegasLimit(10, 5), std::domain_error);
  EXPECT_THROW(VegasLimit(10, 20, 0), std::domain_error);
  EXPECT_THROW(GradientLimit(20, 20, 10), std::domain_error);
  VegasLimit limit;
  EXPECT_THROW(limit.observe(sample(0, 1)), std::domain_error);
  EXPECT_THROW(limit.observe(sample(1, NAN)), std::domain_error);
  EXPECT_THROW(SlotQuota(2, std::vector<double>{3}), std::domain_error);
  EXPECT_THROW(SlotQuota(2.5, std::vector<double>{1}), std::domain_error);
  EXPECT_THROW(SlotQuota(2, std::vector<double>{}), std::domain_error);
  SlotQuota quota(2, std::vector<double>{1});
  EXPECT_THROW(quota.release(0), std::domain_error);
  EXPECT_THROW(quota.acquire(1), std::domain_error);
  EXPECT_THROW(CoDel(0), std::domain_error);
  EXPECT_THROW(CoDel().drop(0, -1, 1), std::domain_error);
}

}  // namespace
