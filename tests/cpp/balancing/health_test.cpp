#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/balancing/health.hpp>

namespace {

using namespace qsm::balancing;

TEST(health_check, needs_results_in_a_row) {
  HealthCheck check(2, 3);
  for (const bool good : {false, false, true, false, false}) EXPECT_TRUE(check.observe(good));
  EXPECT_FALSE(check.observe(false));
  EXPECT_FALSE(check.observe(true));
  EXPECT_FALSE(check.observe(false));
  EXPECT_FALSE(check.observe(true));
  EXPECT_TRUE(check.observe(true));
  EXPECT_TRUE(check.healthy());
}

OutlierOptions quick() {
  OutlierOptions options;
  options.failures = 3;
  options.ejection_time = 10;
  options.longest = 25;
  options.share = 0.5;
  options.interval = 100;
  options.least_requests = 10;
  options.least_servers = 3;
  return options;
}

TEST(outlier_ejection, ejects_after_failures_in_a_row_for_longer_each_time) {
  OutlierEjection outliers(4, quick());
  double now = 0;
  const auto fail = [&](std::size_t server) {
    bool out = false;
    for (int i = 0; i < 3; ++i) {
      EXPECT_FALSE(out);
      out = outliers.observe(now, server, false);
    }
    return out;
  };
  outliers.observe(now, 0, false);
  outliers.observe(now, 0, false);
  outliers.observe(now, 0, true);
  EXPECT_TRUE(fail(0));
  EXPECT_EQ(outliers.next_return(), 10);
  EXPECT_TRUE(outliers.returning(9.9).empty());
  EXPECT_EQ(outliers.returning(10), std::vector<std::size_t>{0});
  now = 20;
  EXPECT_TRUE(fail(0));
  EXPECT_EQ(outliers.next_return(), 40);  // twice as long
  EXPECT_TRUE(fail(1));
  EXPECT_FALSE(fail(2));  // half of four are out
  EXPECT_TRUE(outliers.ejected(0));
  EXPECT_FALSE(outliers.ejected(2));
  EXPECT_EQ(outliers.returning(40), (std::vector<std::size_t>{0, 1}));
  now = 50;
  EXPECT_TRUE(fail(0));
  EXPECT_EQ(outliers.next_return(), 75);  // the longest
  EXPECT_EQ(outliers.returning(75), std::vector<std::size_t>{0});
  EXPECT_TRUE(outliers.sweep(100).empty());  // forgives one
  now = 110;
  EXPECT_TRUE(fail(0));
  EXPECT_EQ(outliers.next_return(), 135);
}

// Success rates 0.9 five times and 0.5: mean 0.8333, deviation 0.149; 1.9 of them below is 0.55.
TEST(outlier_ejection, sweeps_out_rates_far_below_the_mean) {
  OutlierOptions options = quick();
  options.failures = 50;
  OutlierEjection outliers(6, options);
  for (std::size_t s = 0; s < 6; ++s)
    for (int i = 0; i < 20; ++i) outliers.observe(0, s, i % 10 != 0 && !(s == 4 && i % 10 > 5));
  EXPECT_TRUE(outliers.sweep(99).empty());
  EXPECT_EQ(outliers.sweep(100), std::vector<std::size_t>{4});
  EXPECT_TRUE(outliers.sweep(200).empty());  // nothing was seen since
}

TEST(slow_start, rises_to_one) {
  EXPECT_EQ(slow_start_share(0, 10), 0.1);
  EXPECT_EQ(slow_start_share(4, 10), 0.4);
  EXPECT_EQ(slow_start_share(4, 10, 2), std::sqrt(0.4));
  EXPECT_EQ(slow_start_share(10, 10, 0.3), 1);
  EXPECT_EQ(slow_start_share(1e300, 10), 1);
}

TEST(subsets, deterministic_ones_are_even) {
  std::vector<int> clients(13, 0);
  for (double client = 0; client < 300; ++client) {
    const auto subset = deterministic_subset(13, client, 4);
    EXPECT_EQ(std::set<std::size_t>(subset.begin(), subset.end()).size(), 4u);
    for (const std::size_t s : subset) ++clients[s];
  }
  // 100 rounds of three clients leave one of 13 servers out each: the numbers differ by chance of that alone.
  EXPECT_LE(*std::max_element(clients.begin(), clients.end()), 100);
  EXPECT_GE(*std::min_element(clients.begin(), clients.end()), 75);
  std::vector<int> random(13, 0);
  for (double client = 0; client < 300; ++client)
    for (const std::size_t s : random_subset(13, client, 4)) ++random[s];
  const auto spread = [](const std::vector<int>& counts) {
    return *std::max_element(counts.begin(), counts.end()) - *std::min_element(counts.begin(), counts.end());
  };
  EXPECT_GT(spread(random), spread(clients));
  EXPECT_EQ(deterministic_subset(5, 3, 5).size(), 5u);
}

TEST(health, refuses_what_is_out_of_range) {
  EXPECT_THROW(HealthCheck(0, 1), std::domain_error);
  EXPECT_THROW(OutlierEjection(0), std::domain_error);
  OutlierOptions options;
  options.longest = 1;
  EXPECT_THROW(OutlierEjection(3, options), std::domain_error);
  EXPECT_THROW(OutlierEjection(3).observe(0, 3, true), std::domain_error);
  EXPECT_THROW(OutlierEjection(3).ejected(5), std::domain_error);
  EXPECT_THROW(slow_start_share(-1, 10), std::domain_error);
  EXPECT_THROW(slow_start_share(1, 0), std::domain_error);
  EXPECT_THROW(deterministic_subset(3, 0, 4), std::domain_error);
  EXPECT_THROW(random_subset(3, -1, 2), std::domain_error);
}

}  // namespace
