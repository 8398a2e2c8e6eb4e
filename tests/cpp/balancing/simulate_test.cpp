#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/balancing/compare.hpp>
#include <qsm/balancing/latency_aware.hpp>
#include <qsm/balancing/least_loaded.hpp>
#include <qsm/balancing/mean_field.hpp>
#include <qsm/balancing/rotation.hpp>
#include <qsm/balancing/simulate.hpp>
#include <qsm/balancing/size_interval.hpp>
#include <qsm/core/bytes.hpp>
#include <qsm/core/distributions.hpp>
#include <qsm/core/random.hpp>
#include <qsm/queueing/mg1.hpp>
#include <qsm/queueing/mmc.hpp>
#include <qsm/queueing/simulate.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::balancing;
using qsm::Estimate;
using qsm::exponential;

FarmOptions of(double requests, double replications = 20) {
  FarmOptions options;
  options.requests = requests;
  options.warmup = requests / 10;
  options.replications = replications;
  options.seed = 7;
  return options;
}

// A bias of 1 % must fail where `widest` is 0.25 %.
void expect_close(const Estimate& estimate, double truth, double widest) {
  const double z = (estimate.value - truth) / (estimate.half_width() / 2.09);  // t of 19 degrees at 95 %
  EXPECT_LT(std::abs(z), 4) << estimate.value << " against " << truth;
  EXPECT_LT(estimate.half_width(), widest * truth);
}

TEST(farm, random_choice_is_mm1) {
  const auto run = simulate(exponential(3.5), exponential(1), 5, "random", of(5e5));
  const auto model = qsm::queueing::mmc(0.7, 1, 1);
  expect_close(run.mean_sojourn(), model.mean_sojourn(), 0.005);
  expect_close(run.mean_wait(), model.mean_wait(), 0.008);
  expect_close(run.utilization(), 0.7, 0.0025);
  expect_close(run.wait_cdf(1.5), model.wait_cdf(1.5), 0.003);
  expect_close(run.sojourn_quantile(0.9), model.sojourn_quantile(0.9), 0.006);
  expect_close(run.probability_idle(), 0.3, 0.005);
  for (const double k : {1, 2, 5}) expect_close(run.load_tail(k), std::pow(0.7, k), 0.02);
  // Little's law on the same run.
  EXPECT_NEAR(run.mean_load().value * 5 / (run.throughput().value * run.mean_sojourn().value), 1, 1e-3);
  EXPECT_TRUE(run.stable());
  EXPECT_EQ(run.probability_failed().value, 0);
  EXPECT_EQ(run.availability().value, 1);
}

TEST(farm, least_work_is_one_line) {
  const auto run = simulate(exponential(6.4), exponential(1), 8, "least_work", of(3e5));
  expect_close(run.mean_sojourn(), qsm::queueing::mmc(6.4, 1, 8).mean_sojourn(), 0.005);
}

TEST(farm, round_robin_is_a_queue_with_erlang_arrivals) {
  const auto run = simulate(exponential(3.2), exponential(1), 4, "round_robin", of(3e5));
  expect_close(run.mean_sojourn(), qsm::queueing::gim1(qsm::erlang(4, 3.2), 1).mean_sojourn(), 0.012);
}

// The Markov chain of both lengths.
TEST(farm, shortest_of_two_queues) {
  for (const auto& row : qsm_test::golden("balancing/two_queues.csv")) {
    const double rho = row["utilization"];
    expect_close(simulate(exponential(2 * rho), exponential(1), 2, "least_connections", of(4e5)).mean_sojourn(),
                 row["sojourn"], rho < 0.85 ? 0.008 : 0.015);
    expect_close(simulate(exponential(2 * rho), exponential(1), 2, "power_of_choices", of(4e5)).mean_sojourn(),
                 row["sojourn"], rho < 0.85 ? 0.008 : 0.015);
  }
}

TEST(farm, two_choices_approach_the_refined_mean_field) {
  const auto run = simulate(exponential(90), exponential(1), 100, "power_of_choices", of(4e5, 10));
  EXPECT_NEAR(run.mean_sojourn().value / refined_mean_field_sojourn(0.9, 100), 1, 0.008);
  EXPECT_GT(run.mean_sojourn().value, mean_field_sojourn(0.9));
  const auto many = simulate(exponential(900), exponential(1), 1000, "power_of_choices", of(4e5, 10));
  for (const double k : {1, 2, 3}) EXPECT_NEAR(many.load_tail(k).value / mean_field_tail(k, 0.9), 1, 0.02) << k;
}

TEST(farm, size_intervals_are_mg1_queues) {
  const qsm::Distribution law = qsm::lognormal_from(1, 2);
  const auto best = size_interval_cutoffs(1.4, law, 2);
  const auto run = simulate(exponential(1.4), law, 2, SizeInterval(best.cutoffs), of(4e5));
  expect_close(run.mean_wait(), best.mean_wait, 0.02);
}

// What better information buys, on the same requests.
TEST(farm, policies_keep_their_order) {
  const auto mean = [](const AnyBalancer& balancer) {
    return simulate(exponential(18), exponential(1), 20, balancer, of(1e5, 5)).mean_sojourn().value;
  };
  const double random = mean("random"), round_robin = mean("round_robin"), two = mean("power_of_choices");
  const double memory = mean(PowerOfChoices(20, 2, 1)), five = mean(PowerOfChoices(20, 5));
  const double idle = mean("join_idle_queue"), shortest = mean("least_connections"), work = mean("least_work");
  EXPECT_LT(round_robin, random);
  EXPECT_LT(two, round_robin);
  EXPECT_LT(memory, two);
  EXPECT_LT(five, two);
  EXPECT_LT(shortest, idle);
  EXPECT_LT(idle, two);
  EXPECT_LT(work, shortest);
  EXPECT_LT(mean("prequal"), random);
  EXPECT_LT(mean("peak_ewma"), round_robin);
}

// Old information: the best of all becomes worse than chance, two choices hold longer (Mitzenmacher 2000).
TEST(farm, old_reports_make_a_herd) {
  const auto mean = [](const AnyBalancer& balancer, double every) {
    FarmOptions options = of(5e4, 4);
    options.report_every = every;
    return simulate(exponential(90), exponential(1), 100, balancer, options).mean_sojourn().value;
  };
  const LeastConnections herd(100, false);
  const PowerOfChoices two(100, 2, 0, false);
  const double random = mean("random", INFINITY);
  EXPECT_LT(mean(herd, 0.005), 2);
  EXPECT_GT(mean(herd, 5), random);
  EXPECT_LT(mean(two, 0.1), random / 2);
  EXPECT_LT(mean(two, 5), mean(herd, 5));
  EXPECT_LT(mean(two, 0.1), mean(two, 2));
  // Counting one's own requests in between undoes it.
  EXPECT_LT(mean(LeastConnections(100), 5), 1.2);
  // Reports at each change are as good as counting; old ones are worse.
  FarmOptions told = of(5e4, 4);
  told.report_every = 0;
  const double at_once = simulate(exponential(90), exponential(1), 100, herd, told).mean_sojourn().value;
  EXPECT_LT(at_once, 1.2);
  told.report_delay = 1;
  EXPECT_GT(simulate(exponential(90), exponential(1), 100, herd, told).mean_sojourn().value, 2 * at_once);
}

TEST(farm, dispatchers_that_see_their_own_requests_only_do_worse) {
  FarmOptions options = of(1e5, 5);
  const double one = simulate(exponential(9), exponential(1), 10, "least_connections", options).mean_sojourn().value;
  options.dispatchers = 10;
  const double ten = simulate(exponential(9), exponential(1), 10, "least_connections", options).mean_sojourn().value;
  const double random = simulate(exponential(9), exponential(1), 10, "random", options).mean_sojourn().value;
  EXPECT_GT(ten, 1.5 * one);
  EXPECT_LT(ten, random);
  options.report_every = 0;  // told the truth, each is as good as one, but for what is on its way
  EXPECT_NEAR(simulate(exponential(9), exponential(1), 10, "least_connections", options).mean_sojourn().value / one, 1,
              0.02);
}

TEST(farm,
     dispatchers_and_replications_choose_by_themselves) {  // the random servers of 30 dispatchers are those of one
  FarmOptions options = of(1e5, 5);
  options.dispatchers = 30;
  const double truth = 1 / (1 - 0.8);  // M/M/1 at each server
  EXPECT_NEAR(simulate(exponential(40), exponential(1), 50, "random", options).mean_sojourn().value, truth,
              0.1 * truth);
  const RandomServer mine(std::vector<double>(50, 1.0));
  EXPECT_NEAR(simulate(exponential(40), exponential(1), 50, mine, options).mean_sojourn().value, truth, 0.1 * truth);
  PowerOfChoices again(10), other(10);
  other.reseed(2);
  std::vector<std::size_t> first, second;
  for (int i = 0; i < 20; ++i) first.push_back(*again.pick(0)), second.push_back(*other.pick(0));
  EXPECT_NE(first, second);
}

TEST(farm, weights_follow_speeds) {
  FarmOptions options = of(1e5, 5);
  options.speeds = {1, 1, 4};
  const auto even = simulate(exponential(4), exponential(1), 3, "round_robin", options);
  const auto weighted = simulate(exponential(4), exponential(1), 3, "smooth_round_robin", options);
  EXPECT_GT(even.server_utilization()[0].value, 0.98);
  for (const auto& one : weighted.server_utilization()) EXPECT_NEAR(one.value, 4.0 / 6, 0.02);
  EXPECT_NEAR(weighted.imbalance().value, 1, 0.05);
  EXPECT_GT(even.imbalance().value, 1.2);
}

// M/M/1: who waits longer than the timeout in all is lost to the client, though served.
TEST(farm, timeouts_follow_the_tail_of_mm1) {
  FarmOptions options = of(3e5);
  options.timeout = 4;
  const auto run = simulate(exponential(0.7), exponential(1), 1, "random", options);
  expect_close(run.probability_failed(), std::exp(-0.3 * 4), 0.02);
  expect_close(run.utilization(), 0.7, 0.005);
  options.requests = 2e4;
  options.retries = 2;
  const auto retried = simulate(exponential(0.7), exponential(1), 1, "random", options);
  EXPECT_GT(retried.utilization().value, 0.85);  // a storm
  options.retry_ratio = 0.1;
  const auto budget = simulate(exponential(0.7), exponential(1), 1, "random", options);
  EXPECT_LT(budget.retries().value, 0.3);
  EXPECT_LT(budget.utilization().value, retried.utilization().value);
}

TEST(farm, failing_servers_are_down_as_often_as_they_must) {
  FarmOptions options = of(1e5);
  options.time_to_failure = 90;
  options.time_to_repair = 10;
  const auto run = simulate(exponential(2), exponential(1), 10, "random", options);
  expect_close(run.availability(), 0.9, 0.01);
  expect_close(run.crash_rate(), 10 * 0.9 / 90, 0.05);
  EXPECT_NEAR(run.probability_failed().value, 0.1, 0.02);  // those who find it down, and a few who are in it
  options.requests = 2e4;
  // A server that is down draws least connections in; checks, ejection and retries help.
  const double drawn =
      simulate(exponential(6), exponential(1), 10, "least_connections", options).probability_failed().value;
  EXPECT_GT(drawn, 0.2);
  FarmOptions checked = options;
  checked.check_every = 0.5;
  const auto safer = simulate(exponential(6), exponential(1), 10, "least_connections", checked);
  EXPECT_LT(safer.probability_failed().value, drawn / 3);
  EXPECT_GT(safer.removal_rate().value, 0.08);
  FarmOptions ejecting = options;
  ejecting.eject_after = 3;
  ejecting.ejection_time = 5;
  ejecting.ejected_share = 0.5;
  EXPECT_LT(simulate(exponential(6), exponential(1), 10, "least_connections", ejecting).probability_failed().value,
            drawn / 2);
  FarmOptions retrying = options;
  retrying.retries = 3;
  const auto retried = simulate(exponential(2), exponential(1), 10, "random", retrying);
  EXPECT_LT(retried.probability_failed().value, 0.005);
  EXPECT_NEAR(retried.retries().value, 0.12, 0.03);
}

// A breakdown under load puts its load on the others.
TEST(farm, breakdowns_cascade_under_high_load) {
  const auto availability = [](double rate, double crash_load) {
    FarmOptions options = of(2e4, 5);
    options.crash_load = crash_load;
    options.time_to_repair = 20;
    options.check_every = 1;
    options.fall = 1;
    options.retries = 3;
    return simulate(exponential(rate), exponential(1), 10, "power_of_choices", options).availability().value;
  };
  EXPECT_GT(availability(5, 12), 0.999);
  EXPECT_LT(availability(9.5, 12), 0.9);
  EXPECT_LT(availability(9.5, 8), availability(9.5, 12));
  EXPECT_EQ(availability(9.5, INFINITY), 1);
}

TEST(farm, slow_start_spares_a_server_that_returns) {
  FarmOptions options = of(5e4, 4);
  options.time_to_failure = 100;
  options.time_to_repair = 20;
  options.check_every = 1;
  options.fall = 1;
  const auto at_once = simulate(exponential(6), exponential(1), 10, "random", options);
  options.slow_start = 30;
  const auto slowly = simulate(exponential(6), exponential(1), 10, "random", options);
  EXPECT_GT(slowly.imbalance().value, 1);
  EXPECT_NE(slowly.mean_sojourn().value, at_once.mean_sojourn().value);
  EXPECT_GT(slowly.mean_sojourn().value,
            at_once.mean_sojourn().value);  // memoryless servers need no warming: it only costs
}

TEST(farm, replay_of_one_server_is_the_queue) {
  const std::size_t count = 5000;
  std::vector<double> u(2 * count), arrivals(count), sizes(count);
  qsm::Stream(3).uniforms(0, u);
  double now = 100;
  for (std::size_t i = 0; i < count; ++i) {
    arrivals[i] = now += -std::log(u[2 * i]);
    sizes[i] = -0.8 * std::log(u[2 * i + 1]);
  }
  const auto farm = replay(arrivals, sizes, 1, "random");
  const auto queue = qsm::queueing::replay(arrivals, sizes, 1);
  EXPECT_NEAR(farm.mean_wait().value, queue.mean_wait().value, 1e-9);
  EXPECT_NEAR(farm.utilization().value, queue.utilization().value, 1e-9);
  EXPECT_NEAR(farm.mean_load().value, queue.mean_number().value, 1e-9);
  EXPECT_NEAR(farm.sojourn_quantile(0.99).value / queue.sojourn_quantile(0.99).value, 1, 2e-3);
  // In turn to two servers: two traces of every second request.
  const auto two = replay(arrivals, sizes, 2, "round_robin");
  double sum = 0;
  for (const std::size_t first : {0, 1}) {
    std::vector<double> a, s;
    for (std::size_t i = first; i < count; i += 2) a.push_back(arrivals[i]), s.push_back(sizes[i]);
    sum += qsm::queueing::replay(a, s, 1).mean_wait().value / 2;
  }
  EXPECT_NEAR(two.mean_wait().value, sum, 1e-9);
}

TEST(farm, is_the_same_on_any_number_of_threads_and_through_bytes) {
  FarmOptions options = of(2000, 6);
  options.time_to_failure = 20;
  options.check_every = 1;
  options.threads = 1;
  const auto one = simulate(exponential(4), exponential(1), 5, Prequal(5), options);
  options.threads = 3;
  const auto three = simulate(exponential(4), exponential(1), 5, Prequal(5), options);
  EXPECT_EQ(one.to_bytes(), three.to_bytes());
  const auto back = FarmSimulation::from_bytes(one.to_bytes());
  EXPECT_EQ(back.to_bytes(), one.to_bytes());
  EXPECT_EQ(back.mean_sojourn().value, one.mean_sojourn().value);
  auto bytes = one.to_bytes();
  bytes.resize(bytes.size() / 2);
  EXPECT_THROW(FarmSimulation::from_bytes(bytes), qsm::MalformedBytes);
  options.seed = 8;
  EXPECT_NE(simulate(exponential(4), exponential(1), 5, Prequal(5), options).to_bytes(), one.to_bytes());
}

TEST(farm, compares_theory_simulation_and_trace) {
  const auto rows = compare(exponential(8), exponential(1), 10,
                            {"random", "least_work", "round_robin", "least_connections"}, of(1e5, 10));
  ASSERT_EQ(rows.size(), 4u);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(rows[i].simulation.value / rows[i].model.value(), 1, 0.02) << rows[i].policy;
  EXPECT_FALSE(rows[3].model.has_value());
  EXPECT_FALSE(rows[0].trace.has_value());
  EXPECT_LT(rows[3].quantile_99.value, rows[0].quantile_99.value);
  std::vector<double> arrivals, sizes;
  for (int i = 0; i < 1000; ++i)
    arrivals.push_back(i), sizes.push_back(1.5);  // even: two servers suffice without a wait
  const auto traced = compare(arrivals, sizes, 2, {"round_robin"}, of(1e3, 2));
  EXPECT_EQ(traced[0].trace, 1.5);
}

TEST(farm, unstable_farms_say_so) {
  const auto run = simulate(exponential(12), exponential(1), 10, "random", of(1000, 2));
  EXPECT_FALSE(run.stable());
}

std::string refusal(auto&& call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "accepted";
}

TEST(farm, refuses_what_is_out_of_range) {
  const auto with = [](auto&& change) {
    FarmOptions options;
    change(options);
    return refusal([&] { simulate(exponential(1), exponential(1), 2, "random", options); });
  };
  EXPECT_EQ(with([](FarmOptions& o) { o.speeds = {1}; }),
            "simulate: number of speeds must be the number of servers, got 1");
  EXPECT_EQ(with([](FarmOptions& o) { o.dispatchers = 0; }), "simulate: dispatchers must be an integer >= 1, got 0");
  EXPECT_EQ(with([](FarmOptions& o) { o.report_every = -1; }), "simulate: report_every must be >= 0, got -1");
  EXPECT_EQ(with([](FarmOptions& o) { o.retries = 1.5; }), "simulate: retries must be an integer >= 0, got 1.5");
  EXPECT_EQ(with([](FarmOptions& o) { o.timeout = 0; }), "simulate: timeout must be > 0, got 0");
  EXPECT_EQ(with([](FarmOptions& o) { o.crash_load = 0; }), "simulate: crash_load must be an integer >= 1, got 0");
  EXPECT_EQ(with([](FarmOptions& o) { o.replications = 0; }), "simulate: replications must be an integer >= 1, got 0");
  EXPECT_EQ(refusal([] { simulate(exponential(1), exponential(1), 0, "random"); }),
            "simulate: servers must be an integer >= 1, got 0");
  EXPECT_EQ(refusal([] { simulate(exponential(1), exponential(1), 3, RoundRobin(4)); }),
            "simulate: servers of the balancer must be the number of servers, got 4");
  const std::vector<double> times{1, 2, 1}, sizes{1, 1, 1};
  EXPECT_EQ(refusal([&] { replay(times, sizes, 1, "random"); }),
            "replay: arrival_times[2] must be >= the one before it, got 1");
  EXPECT_EQ(refusal([&] { compare(exponential(1), exponential(1), 1, {}); }), "compare: policies must not be empty");
}

}  // namespace
