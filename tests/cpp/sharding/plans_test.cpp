#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/distributions.hpp>
#include <qsm/core/hashing.hpp>
#include <qsm/core/random.hpp>
#include <qsm/sharding.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::sharding;
using qsm::splitmix64;
using Starts = std::vector<std::uint64_t>;

std::vector<double> uniforms(std::uint64_t seed, std::size_t number) {
  std::vector<double> out(number);
  qsm::Stream(seed).uniforms(0, out);
  return out;
}

double heaviest(const std::vector<double>& loads, const Starts& starts) {
  double most = 0;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const auto end = i + 1 < starts.size() ? starts[i + 1] : loads.size();
    most = std::max(most, std::accumulate(loads.begin() + static_cast<std::ptrdiff_t>(starts[i]),
                                          loads.begin() + static_cast<std::ptrdiff_t>(end), 0.0));
  }
  return most;
}

// --- ranges -----------------------------------------------------------------------------------------------------------

TEST(even_ranges, are_the_best_there_are) {  // twin: dynamic programming over all cuts
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const std::size_t cells = 3 + seed % 25;
    std::vector<double> loads = uniforms(seed, cells);
    for (double& load : loads) load = seed % 3 == 0 ? std::floor(5 * load) : load * load * load;
    for (std::size_t ranges = 1; ranges <= cells; ranges += 1 + seed % 3) {
      std::vector<std::vector<double>> best(ranges + 1, std::vector<double>(cells + 1, 1e300));
      best[0][0] = 0;
      for (std::size_t r = 1; r <= ranges; ++r)
        for (std::size_t end = r; end <= cells; ++end)
          for (std::size_t begin = r - 1; begin < end; ++begin) {
            const double own = std::accumulate(loads.begin() + static_cast<std::ptrdiff_t>(begin),
                                               loads.begin() + static_cast<std::ptrdiff_t>(end), 0.0);
            best[r][end] = std::min(best[r][end], std::max(best[r - 1][begin], own));
          }
      const Starts found = even_ranges(loads, ranges);
      ASSERT_EQ(found.size(), ranges);
      ASSERT_EQ(found.front(), 0u);
      ASSERT_TRUE(std::is_sorted(found.begin(), found.end(), std::less_equal<>()) && found.back() < cells);
      ASSERT_NEAR(heaviest(loads, found), best[ranges][cells], 1e-12) << seed << " " << ranges;
    }
  }
}

TEST(split_and_merge, follows_the_load) {
  const std::vector<double> loads = {1, 1, 1, 1, 8, 1, 1, 1, 1};
  EXPECT_EQ(split_and_merge(loads, {0}, {.split_above = 5}), (Starts{0, 4, 5}));
  EXPECT_EQ(split_and_merge(loads, {0, 2, 4, 5, 7}, {.split_above = 20, .merge_below = 5}), (Starts{0, 4, 5}));
  EXPECT_EQ(split_and_merge(loads, {0, 3}), (Starts{0, 3}));
  for (std::uint64_t seed = 0; seed < 20; ++seed) {  // no range above the bound but single cells, no cold neighbours
    const auto random = uniforms(seed, 100);
    const Starts cut = split_and_merge(random, {0, 40}, {.split_above = 3, .merge_below = 2.5});
    for (std::size_t i = 0; i < cut.size(); ++i) {
      const auto end = i + 1 < cut.size() ? cut[i + 1] : random.size();
      EXPECT_LE(heaviest({random.begin() + static_cast<std::ptrdiff_t>(cut[i]),
                          random.begin() + static_cast<std::ptrdiff_t>(end)},
                         {0}),
                3);
      if (i + 2 < cut.size()) {
        EXPECT_GE(heaviest({random.begin() + static_cast<std::ptrdiff_t>(cut[i]),
                            random.begin() + static_cast<std::ptrdiff_t>(cut[i + 2])},
                           {0}),
                  2.5);
      }
    }
  }
}

TEST(hot_keys, are_certain) {
  qsm::sketches::SpaceSaving counts(100);
  for (std::uint64_t i = 0; i < 10'000; ++i) counts.add(i % 10 < 3 ? std::uint64_t{7} : i % 10 == 3 ? 8 : 1000 + i);
  const auto hot = hot_keys(counts, 0.05);
  ASSERT_EQ(hot.size(), 2u);
  EXPECT_EQ(hot[0].hash, counts.hasher()(std::uint64_t{7}));
  EXPECT_LE(hot[0].share.low, 0.3);
  EXPECT_GE(hot[0].share.high, 0.3);
  EXPECT_EQ(least_peak(0.3, 10), 3);
  EXPECT_EQ(least_peak(0.01, 10), 1);
}

// --- rebalancing ------------------------------------------------------------------------------------------------------

double peak_of(const std::vector<double>& loads, const std::vector<double>& capacities) {
  const double total = std::accumulate(loads.begin(), loads.end(), 0.0);
  const double capacity = std::accumulate(capacities.begin(), capacities.end(), 0.0);
  double peak = 0;
  for (std::size_t i = 0; i < loads.size(); ++i) peak = std::max(peak, loads[i] / (total * capacities[i] / capacity));
  return peak;
}

TEST(rebalance, lies_between_the_flow_bound_and_near_the_best_plan) {  // twin: every placement of a few shards
  int balanced = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto random = uniforms(1000 + seed, 40);
    const std::vector<double> capacities = {1, 1.5, 1};
    std::vector<Shard> shards;
    for (std::size_t i = 0; i < 8; ++i)
      shards.push_back({0.2 + random[i], 1 + std::floor(5 * random[10 + i]),
                        random[20 + i] < 0.6 ? 0u
                        : i % 3 == 0         ? 1u
                                             : 2u});
    const RebalanceOptions options{.tolerance = 1.3};
    const RebalancePlan plan = rebalance(shards, capacities, options);
    double best = qsm::infinity;
    for (std::size_t code = 0; code < 6561; ++code) {
      std::vector<double> loads(3);
      double bytes = 0;
      for (std::size_t i = 0, rest = code; i < 8; ++i, rest /= 3) {
        loads[rest % 3] += shards[i].load;
        bytes += shards[i].node == rest % 3 ? 0 : shards[i].bytes;
      }
      if (peak_of(loads, capacities) <= 1.3 * (1 + 1e-12)) best = std::min(best, bytes);
    }
    EXPECT_LE(plan.least_bytes, best + 1e-9) << seed;
    std::vector<double> loads(3);
    double bytes = 0;
    for (const Shard& shard : shards) loads[shard.node] += shard.load;
    EXPECT_NEAR(plan.peak_before, peak_of(loads, capacities), 1e-12);
    for (const Move& move : plan.moves) {
      EXPECT_EQ(move.source, shards[move.shard].node);
      EXPECT_NE(move.target, move.source);
      loads[move.source] -= shards[move.shard].load;
      loads[move.target] += shards[move.shard].load;
      bytes += shards[move.shard].bytes;
    }
    EXPECT_NEAR(plan.bytes, bytes, 1e-9);
    EXPECT_NEAR(plan.peak_after, peak_of(loads, capacities), 1e-9);
    EXPECT_EQ(plan.balanced, plan.peak_after <= 1.3 * (1 + 1e-12));
    EXPECT_LE(plan.peak_after, plan.peak_before + 1e-12);
    if (plan.balanced) {
      EXPECT_GE(plan.bytes, best - 1e-9);
      ++balanced;
    }
  }
  EXPECT_GE(balanced, 120);
}

TEST(rebalance, is_within_a_tenth_of_the_bound_with_many_shards) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto random = uniforms(seed, 3 * 2000);
    std::vector<Shard> shards;
    for (std::size_t i = 0; i < 2000; ++i)
      shards.push_back({std::pow(random[3 * i], 2), 1 + 9 * random[3 * i + 1],
                        static_cast<std::uint32_t>(20 * std::pow(random[3 * i + 2], 1.5))});
    const auto plan = rebalance(shards, std::vector<double>(20, 1), {.tolerance = 1.05});
    EXPECT_TRUE(plan.balanced);
    EXPECT_GE(plan.bytes, plan.least_bytes);
    EXPECT_LE(plan.bytes, 1.1 * plan.least_bytes);
    const auto less = rebalance(shards, std::vector<double>(20, 1), {.byte_limit = plan.bytes / 3, .tolerance = 1.05});
    EXPECT_LE(less.bytes, plan.bytes / 3);
    EXPECT_LT(less.peak_after, plan.peak_before);
    EXPECT_GE(less.peak_after, plan.peak_after);
  }
}

// --- transactions -----------------------------------------------------------------------------------------------------

TEST(transactions, golden) {
  for (const auto& row : qsm_test::golden("sharding/shards_law.csv")) {
    const auto law = shards_law(row["shards"], row["keys"]);
    EXPECT_LT(qsm_test::relative_error(law.at(static_cast<std::size_t>(row["used"]) - 1), row["probability"]), 1e-12)
        << row.where;
  }
  for (const auto& row : qsm_test::golden("sharding/lock_conflict.csv"))
    EXPECT_NEAR(lock_conflict(row["load"], 1, row["keys"], row["database"]), row["conflict"], 1e-12) << row.where;
}

TEST(transactions, laws_agree_with_the_means) {
  for (const double shards : {1, 3, 16, 1000})
    for (const double keys : {1, 2, 5, 40}) {
      const auto law = shards_law(shards, keys);
      double sum = 0, mean = 0;
      for (std::size_t i = 0; i < law.size(); ++i) {
        sum += law[i];
        mean += law[i] * static_cast<double>(i + 1);
      }
      EXPECT_NEAR(sum, 1, 1e-12);
      EXPECT_NEAR(mean, shards_touched(shards, keys), 1e-10 * mean);
      EXPECT_NEAR(1 - law[0], cross_shard_probability(shards, keys), 1e-12);
    }
}

TEST(transactions, two_phase_commit_waits_for_the_slowest) {  // the largest of k exponentials has the mean H(k)
  double harmonic = 1;
  for (int k = 2; k < 12; ++k) {
    harmonic += 1.0 / k;
    const auto cost = two_phase_commit(qsm::exponential(2), k, 0.25);
    EXPECT_NEAR(cost.latency, harmonic / 2 + 0.25, 1e-9);
    EXPECT_NEAR(cost.hold, harmonic + 0.25, 1e-9);
  }
  EXPECT_NEAR(two_phase_commit(qsm::exponential(2), 1, 0.25).latency, 0.5, 1e-12);
}

/// Transactions come, look at the locks, and hold them for a random time; those that meet one give up.
TEST(transactions, conflicts_are_as_often_as_it_says) {
  constexpr double rate = 8, hold = 0.5;
  constexpr std::size_t keys = 3, database = 60, transactions = 200'000;
  for (const bool exponential : {true, false}) {
    const auto random = uniforms(exponential ? 5 : 6, transactions * (2 + 3 * keys));
    std::vector<double> held_until(database);
    double now = 0, conflicts = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < transactions; ++i) {
      now -= std::log(random[at++]) / rate;
      const double time = hold * (exponential ? -std::log(random[at]) : 2 * random[at]);
      ++at;
      std::set<std::size_t> own;
      for (std::size_t tried = 0; own.size() < keys; ++tried)
        own.insert(static_cast<std::size_t>(static_cast<double>(database) *
                                            (tried < 3 * keys ? random[at + tried] : 0.999 * random[at + tried % 7])));
      at += 3 * keys;
      const bool meets = std::any_of(own.begin(), own.end(), [&](std::size_t key) { return held_until[key] > now; });
      conflicts += meets;
      if (!meets)
        for (const std::size_t key : own) held_until[key] = now + time;
    }
    const double theory = lock_conflict(rate, hold, keys, database);
    EXPECT_NEAR(conflicts / transactions, theory, 4 * 1.5 * std::sqrt(theory * (1 - theory) / transactions));
  }
}

TEST(transactions, cost_is_the_mean_over_the_shards) {
  const auto round = qsm::exponential(1000);
  const auto one = transaction_cost(1, 4, 100, 1e6, round, 0.001);
  EXPECT_EQ(one.cross_shard, 0);
  EXPECT_NEAR(one.latency, 0.001, 1e-12);
  EXPECT_EQ(one.messages, 2);
  const auto many = transaction_cost(16, 4, 100, 1e6, round, 0.001);
  EXPECT_NEAR(many.shards, shards_touched(16, 4), 1e-12);
  EXPECT_GT(many.latency, one.latency);
  EXPECT_NEAR(many.conflict, lock_conflict(100, many.hold, 4, 1e6), 1e-15);
}

// --- the optimiser ----------------------------------------------------------------------------------------------------

TEST(optimize_sharding, finds_what_suits_the_trace) {
  // Accesses in transactions of four keys of one group; group 0 makes a fifth of all.
  const auto random = uniforms(3, 3 * 40'000);
  std::vector<std::uint64_t> keys, groups, transactions, places;
  for (std::size_t i = 0; i < 40'000; ++i) {
    const std::size_t transaction = i / 4;
    const auto group =
        static_cast<std::uint64_t>(random[3 * transaction] < 0.2 ? 0 : 1 + 300 * random[3 * transaction + 1]);
    const auto item = static_cast<std::uint64_t>(50 * random[3 * i + 2]);
    keys.push_back(splitmix64(1000 * group + item));
    groups.push_back(splitmix64(group));
    transactions.push_back(transaction);
    places.push_back(1000 * group + item);
  }
  const auto plans = optimize_sharding(
      keys, 8, {.transactions = transactions, .places = places, .groups = groups, .transaction_cost = 10});
  ASSERT_EQ(plans.size(), 5u);
  EXPECT_TRUE(plans[0].strategy == "groups, hot groups apart" || plans[0].strategy == "groups") << plans[0].strategy;
  for (const auto& plan : plans) {
    EXPECT_NEAR(plan.cost, plan.peak - 1 + 10 * plan.cross_shard, 1e-12);
    EXPECT_NEAR(plan.peak, plan.later_peak, 0.1 * plan.peak) << plan.strategy;
    EXPECT_NEAR(plan.cross_shard, plan.later_cross_shard, 0.03) << plan.strategy;
    if (plan.strategy == "hash") {
      EXPECT_GT(plan.cross_shard, 0.95);  // nearly 1 - 8^-3
    }
    if (plan.strategy.starts_with("groups")) {
      EXPECT_EQ(plan.cross_shard, 0);
      EXPECT_GE(plan.peak, least_peak(0.19, 8));
    }
  }
  const auto alone = optimize_sharding(keys, 8, {.before = std::vector<std::uint64_t>(keys.size(), 3)});
  for (const auto& plan : alone)
    if (plan.strategy == "as before") {
      EXPECT_EQ(plan.moved, 0);
      EXPECT_EQ(plan.peak, 8);
    } else {
      EXPECT_NEAR(plan.moved, 7.0 / 8, 0.03);
    }
}

TEST(optimize_sharding, hot_keys_apart_is_cooler) {
  const auto random = uniforms(9, 60'000);
  std::vector<std::uint64_t> keys;  // a few keys make most of the load
  for (const double u : random) keys.push_back(splitmix64(static_cast<std::uint64_t>(std::pow(1e5, u))));
  double hash = 0, apart = 0;
  for (const auto& plan : optimize_sharding(keys, 10, {.hot_share = 0.001}))
    (plan.strategy == "hash" ? hash : apart) = plan.later_peak;
  EXPECT_LT(apart, hash);
  EXPECT_LT(apart, 1.08);
}

TEST(plans, bad_input) {
  EXPECT_THROW(even_ranges({}, 1), std::domain_error);
  EXPECT_THROW(even_ranges({1, -1}, 1), std::domain_error);
  EXPECT_THROW(even_ranges({1, 1}, 3), std::domain_error);
  EXPECT_THROW(split_and_merge({1, 1}, {1}, {}), std::domain_error);
  EXPECT_THROW(split_and_merge({1, 1}, {0, 2}, {}), std::domain_error);
  EXPECT_THROW(split_and_merge({1, 1}, {0}, {.split_above = 1, .merge_below = 2}), std::domain_error);
  EXPECT_THROW(hot_keys(qsm::sketches::SpaceSaving(10), 0), std::domain_error);
  EXPECT_THROW(rebalance({{1, 1, 3}}, {1, 1}), std::domain_error);
  EXPECT_THROW(rebalance({{1, 0, 0}}, {1, 1}), std::domain_error);
  EXPECT_THROW(rebalance({{1, 1, 0}}, {}), std::domain_error);
  EXPECT_THROW(rebalance({{1, 1, 0}}, {0}), std::domain_error);
  EXPECT_THROW(rebalance({{1, 1, 0}}, {1}, {.tolerance = 0.9}), std::domain_error);
  EXPECT_THROW(shards_law(0, 1), std::domain_error);
  EXPECT_THROW(lock_conflict(1, 1, 5, 4), std::domain_error);
  EXPECT_THROW(lock_conflict(1e9, 1, 5, 40), std::domain_error);
  EXPECT_EQ(lock_conflict(0, 1, 5, 40), 0);
  EXPECT_THROW(two_phase_commit(qsm::exponential(1), 0), std::domain_error);
  EXPECT_THROW(optimize_sharding({1}, 2), std::domain_error);
  EXPECT_THROW(optimize_sharding({1, 2}, 0), std::domain_error);
  EXPECT_THROW(optimize_sharding({1, 2}, 2, {.groups = {1}}), std::domain_error);
  EXPECT_THROW(optimize_sharding({1, 2}, 2, {.before = {0, 2}}), std::domain_error);
}

}  // namespace
