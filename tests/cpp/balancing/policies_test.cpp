#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/balancing/any_balancer.hpp>
#include <qsm/balancing/consistent_hashing.hpp>
#include <qsm/balancing/latency_aware.hpp>
#include <qsm/balancing/least_loaded.hpp>
#include <qsm/balancing/rotation.hpp>
#include <qsm/core/random.hpp>
#include <qsm/policies/testing.hpp>
#include <qsm/sharding/bounded.hpp>
#include <qsm/sim/station.hpp>

namespace {

using namespace qsm::balancing;
using qsm::policies::check_balancer;
using Sentences = std::vector<std::string>;

struct Fixed {
  bool used = true;
  std::optional<std::size_t> pick(double, double, std::uint64_t) {
    return used ? std::optional<std::size_t>(0) : std::nullopt;
  }
  void remove(std::size_t) { used = false; }
  void add(std::size_t) { used = true; }
  std::size_t size() const { return 1; }
};
static_assert(qsm::policies::Balancer<Fixed> && !qsm::policies::ResponseAware<Fixed>);
static_assert(qsm::policies::ResponseAware<LeastConnections> && qsm::policies::LoadAware<LeastConnections>);
static_assert(qsm::policies::ProbeAware<Prequal> && !qsm::policies::ProbeAware<LeastConnections>);

std::vector<double> uniforms(std::size_t count, std::uint64_t seed) {
  std::vector<double> out(count);
  qsm::Stream(seed).uniforms(0, out);
  return out;
}

template <class Policy>
std::vector<std::size_t> picks(Policy policy, std::size_t count) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(policy.pick(static_cast<double>(i)).value());
  return out;
}

TEST(balancer, conforms) {
  const std::vector<double> weights{3, 1, 2, 0.5, 1, 1, 4};
  EXPECT_EQ(check_balancer(RoundRobin(7)), Sentences());
  EXPECT_EQ(check_balancer(SmoothRoundRobin(weights)), Sentences());
  EXPECT_EQ(check_balancer(RandomServer(weights)), Sentences());
  EXPECT_EQ(check_balancer(LeastConnections(7)), Sentences());
  EXPECT_EQ(check_balancer(WeightedLeastConnections(weights)), Sentences());
  EXPECT_EQ(check_balancer(LeastWork(weights)), Sentences());
  EXPECT_EQ(check_balancer(PowerOfChoices(7)), Sentences());
  EXPECT_EQ(check_balancer(PowerOfChoices(7, 3, 2)), Sentences());
  EXPECT_EQ(check_balancer(JoinIdleQueue(7)), Sentences());
  EXPECT_EQ(check_balancer(SizeInterval(std::vector<double>{0.5, 1, 1, 3})), Sentences());
  EXPECT_EQ(check_balancer(PeakEwma(7)), Sentences());
  EXPECT_EQ(check_balancer(Prequal(7)), Sentences());
  EXPECT_EQ(check_balancer(ConsistentHashing(7)), Sentences());
  EXPECT_EQ(check_balancer(RoundRobin(1)), Sentences());
}

TEST(balancer, conformance_check_sees_faults) {
  EXPECT_EQ(check_balancer(Fixed{}),
            (Sentences{"removes or adds a server that is unknown", "removes or adds a server twice"}));
  struct Deaf : RoundRobin {
    using RoundRobin::RoundRobin;
    std::optional<std::size_t> pick(double, double, std::uint64_t) { return 0; }
  };
  EXPECT_FALSE(check_balancer(Deaf(3)).empty());
}

TEST(round_robin, goes_round_without_those_removed) {
  RoundRobin policy(4);
  EXPECT_EQ(picks(policy, 6), (std::vector<std::size_t>{0, 1, 2, 3, 0, 1}));
  policy.remove(1);
  EXPECT_EQ(picks(policy, 6), (std::vector<std::size_t>{0, 2, 3, 0, 2, 3}));
  policy.add(1);
  EXPECT_EQ(picks(policy, 4), (std::vector<std::size_t>{0, 1, 2, 3}));
}

// The example of nginx's change of 2012: a a b a c a a.
TEST(smooth_round_robin, spreads_as_nginx_does) {
  EXPECT_EQ(picks(SmoothRoundRobin(std::vector<double>{5, 1, 1}), 14),
            (std::vector<std::size_t>{0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0}));
  // Each run as long as the sum of the weights holds every server as often as its weight, wherever it begins.
  const std::vector<double> weights{4, 0, 7, 1, 3};
  const auto many = picks(SmoothRoundRobin(weights), 60);
  for (std::size_t begin = 0; begin < 45; ++begin)
    for (std::size_t s = 0; s < weights.size(); ++s)
      EXPECT_EQ(std::count(many.begin() + static_cast<std::ptrdiff_t>(begin),
                           many.begin() + static_cast<std::ptrdiff_t>(begin + 15), s),
                weights[s]);
}

// χ² with 5 degrees of freedom stays below 25.7 with probability 0.9999.
TEST(random_server, follows_its_weights) {
  std::vector<double> weights{1, 2, 0, 4, 0.5, 2.5, 3};
  RandomServer policy(weights, 5);
  policy.set_weight(6, 1);
  weights[6] = 1;
  policy.remove(1);
  policy.remove(3);
  policy.add(3);
  std::vector<double> seen(7, 0);
  const double count = 100000;
  for (int i = 0; i < count; ++i) ++seen[policy.pick(0).value()];
  EXPECT_EQ(seen[1], 0);
  EXPECT_EQ(seen[2], 0);
  double square = 0;
  for (const std::size_t s : {0, 3, 4, 5, 6}) {
    const double expected = count * weights[s] / 9;
    square += (seen[s] - expected) * (seen[s] - expected) / expected;
  }
  EXPECT_LT(square, 23.5);  // four degrees of freedom
  EXPECT_GT(square, 0.05);
}

// The twin: counts kept one by one, and searched.
TEST(least_connections, picks_one_of_the_fewest) {
  const std::size_t n = 9;
  LeastConnections policy(n, true, 3);
  std::vector<int> count(n, 0);
  std::vector<bool> used(n, true);
  std::vector<int> first(n, 0);
  const auto u = uniforms(60000, 4);
  for (std::size_t i = 0; i < u.size(); i += 3) {
    const auto server = static_cast<std::size_t>(u[i + 1] * n);
    if (u[i] < 0.5) {
      int least = 1 << 30;
      for (std::size_t s = 0; s < n; ++s)
        if (used[s]) least = std::min(least, count[s]);
      const auto picked = policy.pick(0);
      ASSERT_EQ(picked.has_value(), least < 1 << 30);
      if (!picked) continue;
      ASSERT_EQ(count[*picked], least);
      ASSERT_TRUE(used[*picked]);
      ++count[*picked];
      ++first[*picked];
    } else if (u[i] < 0.9) {
      policy.finish(0, server);
      count[server] = std::max(0, count[server] - 1);
    } else if (u[i] < 0.95) {
      used[server] ? policy.remove(server) : policy.add(server);
      used[server] = !used[server];
    } else {
      count[server] = static_cast<int>(u[i + 2] * 12);
      policy.report(0, server, count[server]);
    }
    ASSERT_EQ(policy.load(server), static_cast<std::size_t>(count[server]));
  }
  for (const int often : first) EXPECT_GT(often, 500);
}

TEST(least_connections, without_counting_it_follows_the_last_report) {
  LeastConnections policy(3, false);
  for (std::size_t s = 0; s < 3; ++s) policy.report(0, s, 5);
  policy.report(1, 2, 4);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(policy.pick(1), 2u);
  LeastConnections counting(3);
  for (std::size_t s = 0; s < 3; ++s) counting.report(0, s, 5);
  std::array<int, 3> seen{};
  for (int i = 0; i < 99; ++i) ++seen[counting.pick(1).value()];
  EXPECT_EQ(seen, (std::array<int, 3>{33, 33, 33}));
}

TEST(weighted_least_connections, fills_by_weight) {
  WeightedLeastConnections policy(std::vector<double>{1, 3, 2, 0});
  std::array<int, 4> seen{};
  for (int i = 0; i < 60; ++i) ++seen[policy.pick(0).value()];
  EXPECT_EQ(seen, (std::array<int, 4>{10, 30, 20, 0}));
  for (int i = 0; i < 30; ++i) policy.finish(0, 1);
  EXPECT_EQ(policy.load(1), 0u);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(policy.pick(0), 1u);
}

// The twin: the recursion of Kiefer and Wolfowitz for one line before all servers, customer by customer.
TEST(least_work, waits_as_one_line_before_all_servers) {
  const std::size_t servers = 5, count = 20000;
  const auto a = uniforms(count, 1), s = uniforms(count, 2);
  std::vector<double> gaps(count), sizes(count), waits(count);
  for (std::size_t i = 0; i < count; ++i) gaps[i] = -std::log(a[i]) / 4.5, sizes[i] = -std::log(s[i]);
  qsm::sim::Station station(servers);
  station.serve(gaps, sizes, waits);
  LeastWork policy(std::vector<double>(servers, 1));
  double now = 0;
  for (std::size_t i = 0; i < count; ++i) {
    now += gaps[i];
    double least = 1e300;
    for (std::size_t k = 0; k < servers; ++k) least = std::min(least, policy.work(now, k));
    ASSERT_NEAR(least, waits[i], 1e-8);
    policy.pick(now, sizes[i]);
  }
  LeastWork unlike(std::vector<double>{1, 4});
  EXPECT_EQ(unlike.pick(0, 4), 1u);  // done at 1 in place of 4
  EXPECT_EQ(unlike.pick(0, 0.5), 0u);
  EXPECT_EQ(unlike.work(0.25, 0), 0.25);
}

TEST(power_of_choices, takes_the_least_loaded_of_those_drawn) {
  PowerOfChoices all(6, 100);
  std::vector<std::size_t> seen(6, 0);
  for (int i = 0; i < 600; ++i) ++seen[all.pick(0).value()];
  EXPECT_EQ(seen, std::vector<std::size_t>(6, 100));  // the least of all, each time
  // The last one is drawn in a pair with probability 1 / 3 of six, and wins only where it is not the heavier.
  PowerOfChoices two(6, 2, 0, false, 9);
  for (std::size_t s = 0; s < 6; ++s) two.report(0, s, s == 5 ? 1 : 2);
  double wins = 0;
  for (int i = 0; i < 60000; ++i) wins += two.pick(0) == 5u;
  EXPECT_NEAR(wins / 60000, 1.0 / 3, 4 * std::sqrt(2.0 / 9 / 60000));
  for (std::size_t s = 0; s < 6; ++s) two.report(0, s, s == 5 ? 3 : 2);
  for (int i = 0; i < 1000; ++i) EXPECT_NE(two.pick(0), 5u);
  // With memory the light one stays known once it was drawn.
  PowerOfChoices memory(6, 1, 1, false, 9);
  for (std::size_t s = 0; s < 6; ++s) memory.report(0, s, s == 5 ? 1 : 2);
  while (memory.pick(0) != 5u) continue;
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(memory.pick(0), 5u);
}

TEST(join_idle_queue, picks_an_idle_one_while_there_is_one) {
  const std::size_t n = 8;
  JoinIdleQueue policy(n, 2);
  const auto u = uniforms(20000, 6);
  for (std::size_t i = 0; i < u.size(); i += 2) {
    if (u[i] < 0.5) {
      std::size_t idle = 0;
      for (std::size_t s = 0; s < n; ++s) idle += policy.load(s) == 0;
      const auto before = policy;
      const std::size_t picked = policy.pick(0).value();
      ASSERT_TRUE(idle == 0 || before.load(picked) == 0);
    } else {
      policy.finish(0, static_cast<std::size_t>(u[i + 1] * n));
    }
  }
}

TEST(size_interval, goes_by_size) {
  SizeInterval policy(std::vector<double>{1, 10});
  EXPECT_EQ(policy.pick(0, 0.5), 0u);
  EXPECT_EQ(policy.pick(0, 1), 0u);
  EXPECT_EQ(policy.pick(0, 1.5), 1u);
  EXPECT_EQ(policy.pick(0, 1e9), 2u);
  policy.remove(1);
  EXPECT_EQ(policy.pick(0, 5), 2u);
  policy.remove(2);
  EXPECT_EQ(policy.pick(0, 5), 0u);
}

TEST(peak_ewma, jumps_up_and_sinks_slowly) {
  PeakEwma policy(2, 10);
  policy.finish(0, 0, 1);
  EXPECT_EQ(policy.latency(0), 1);
  policy.finish(5, 0, 3);
  EXPECT_EQ(policy.latency(0), 3);
  policy.finish(15, 0, 1);
  EXPECT_DOUBLE_EQ(policy.latency(0), 3 * std::exp(-1) + 1 * (1 - std::exp(-1)));
  policy.finish(15, 1, 0.1);  // 0.1 x requests + 0.1 against about 1.74: 17 go there before the first goes elsewhere
  int there = 0;
  while (policy.pick(15) == 1u) ++there;
  EXPECT_EQ(there, 17);
}

TEST(prequal, prefers_fast_ones_among_those_not_hot) {
  PrequalOptions options;
  options.hot = 0.5;
  options.drops = 0;
  options.probes = 1;
  options.age = 2;
  Prequal policy(12, options);
  policy.report(0, 0, 10, 0.001);  // hot though fast
  policy.report(0, 1, 1, 0.5);
  policy.report(0, 2, 1, 0.2);
  EXPECT_EQ(policy.pick(0), 2u);
  EXPECT_EQ(policy.pool(), 3u);
  for (const double load : {20, 20, 20}) policy.report(0.5, 0, load, 0.001);  // the quantile rises: ten is cold now
  EXPECT_EQ(policy.pick(0.5), 0u);
  EXPECT_EQ(policy.probes(1).size(), 1u);
  policy.pick(2.75);  // all but nothing has become old
  EXPECT_EQ(policy.pool(), 0u);
}

TEST(prequal, all_hot_takes_the_fewest_requests) {
  PrequalOptions options;
  options.hot = 0;
  options.drops = 0;
  Prequal policy(40, options);
  policy.report(0, 9, 0, 9);
  policy.report(0, 3, 5, 0.1);
  policy.report(0, 4, 3, 0.4);
  policy.report(0, 5, 4, 0.2);
  policy.remove(9);
  EXPECT_EQ(policy.pick(0), 4u);
}

// The twin: bounded loads of the sharding room, key by key.
TEST(consistent_hashing, places_as_bounded_loads_do) {
  const auto u = uniforms(40000, 8);
  for (const double balance : {1.1, 1.25, 2.0}) {
    ConsistentHashing policy(13, balance);
    qsm::sharding::BoundedLoads twin(qsm::sharding::Ring(qsm::sharding::numbered_nodes(13)), {balance});
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < u.size(); i += 2) {
      const auto key = static_cast<std::uint64_t>(u[i] * 300);
      const std::size_t picked = policy.pick(0, 1, key).value();
      ASSERT_EQ(picked, twin.place(key));
      open.push_back(picked);
      if (open.size() > 100) {
        const auto done = static_cast<std::size_t>(u[i + 1] * static_cast<double>(open.size()));
        policy.finish(0, open[done]);
        twin.release(static_cast<std::uint32_t>(open[done]));
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(done));
      }
    }
    EXPECT_EQ(policy.overflowed(), twin.overflowed());
    EXPECT_GT(policy.overflowed(), 100u);
  }
}

TEST(consistent_hashing, moves_the_keys_of_a_removed_server_only) {
  ConsistentHashing policy(10, INFINITY);
  std::vector<std::size_t> before;
  for (std::uint64_t key = 0; key < 2000; ++key) before.push_back(policy.pick(0, 1, key).value());
  policy.remove(4);
  for (std::uint64_t key = 0; key < 2000; ++key) {
    const std::size_t now = policy.pick(0, 1, key).value();
    EXPECT_NE(now, 4u);
    if (before[key] != 4) {
      EXPECT_EQ(now, before[key]);
    }
  }
  policy.add(4);
  for (std::uint64_t key = 0; key < 2000; ++key) EXPECT_EQ(policy.pick(0, 1, key), before[key]);
  EXPECT_EQ(policy.overflowed(), 0u);
}

TEST(any_balancer, is_what_it_holds) {
  AnyBalancer any = RoundRobin(3);
  AnyBalancer copy = any;
  EXPECT_EQ(any.pick(0), 0u);
  EXPECT_EQ(any.pick(0), 1u);
  EXPECT_EQ(copy.pick(0), 0u);
  EXPECT_FALSE(any.response_aware());
  EXPECT_TRUE(AnyBalancer(Prequal(3)).probe_aware());
  const std::vector<double> speeds{1, 3};
  AnyBalancer named = AnyBalancer("smooth_round_robin").made(speeds);
  EXPECT_EQ(named.size(), 2u);
  EXPECT_EQ(named.pick(0), 1u);
  EXPECT_EQ(check_balancer(named), Sentences());
}

std::string refusal(auto&& call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "accepted";
}

TEST(balancer, refuses_what_is_out_of_range) {
  EXPECT_EQ(refusal([] { RoundRobin(0); }), "RoundRobin: servers must be an integer >= 1, got 0");
  EXPECT_EQ(refusal([] { LeastConnections(2.5); }), "LeastConnections: servers must be an integer >= 1, got 2.5");
  EXPECT_EQ(refusal([] {
              RandomServer(std::vector<double>{0, 0});
            }),
            "RandomServer: sum of weights must be finite and > 0, got 0");
  EXPECT_EQ(refusal([] { SmoothRoundRobin(std::vector<double>{}); }),
            "SmoothRoundRobin: servers must be an integer >= 1, got 0");
  EXPECT_EQ(refusal([] {
              WeightedLeastConnections(std::vector<double>{1, -1});
            }),
            "WeightedLeastConnections: weights[1] must be finite and >= 0, got -1");
  EXPECT_EQ(refusal([] {
              LeastWork(std::vector<double>{1, 0});
            }),
            "LeastWork: speeds[1] must be finite and > 0, got 0");
  EXPECT_EQ(refusal([] { PowerOfChoices(3, 0); }), "PowerOfChoices: choices must be an integer >= 1, got 0");
  EXPECT_EQ(refusal([] {
              SizeInterval(std::vector<double>{2, 1});
            }),
            "SizeInterval: cutoffs[1] must be >= the one before it, got 1");
  EXPECT_EQ(refusal([] { PeakEwma(3, 0); }), "PeakEwma: decay must be finite and > 0, got 0");
  EXPECT_EQ(refusal([] { ConsistentHashing(3, 1); }), "ConsistentHashing: balance must be > 1, got 1");
  EXPECT_EQ(refusal([] { RoundRobin(3).remove(7); }), "RoundRobin: server must be known, below 3, got 7");
  EXPECT_EQ(refusal([] {
              RoundRobin policy(3);
              policy.remove(2);
              policy.remove(2);
            }),
            "RoundRobin: server to remove must be one in use, got 2");
  EXPECT_EQ(refusal([] { RoundRobin(3).add(1); }), "RoundRobin: server to add must be one that was removed, got 1");
  EXPECT_EQ(refusal([] { LeastConnections(3).finish(0, 3); }),
            "LeastConnections: server must be known, below 3, got 3");
  EXPECT_EQ(refusal([] { LeastConnections(3).report(0, 1, 0.5); }),
            "LeastConnections: load must be an integer >= 0, got 0.5");
  EXPECT_EQ(refusal([] {
              RandomServer(std::vector<double>{1, 0}).set_weight(0, 0);
            }),
            "RandomServer: sum of weights must be finite and > 0, got 0");
  EXPECT_EQ(refusal([] { AnyBalancer("best"); }),
            "balancer: no policy 'best'; there are: round_robin, smooth_round_robin, random, least_connections, "
            "weighted_least_connections, least_work, power_of_choices, join_idle_queue, peak_ewma, prequal, "
            "consistent_hashing");
}

}  // namespace
