#include <cmath>
#include <exception>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/core/distributions/hyperexponential.hpp>
#include <qsm/core/distributions/uniform.hpp>
#include <qsm/core/interval.hpp>
#include <qsm/queueing/mg1.hpp>
#include <qsm/queueing/mmck.hpp>
#include <qsm/queueing/network_simulation.hpp>

namespace {

using namespace qsm::queueing;
using qsm::Deterministic;
using qsm::Distribution;
using qsm::Erlang;
using qsm::Estimate;
using qsm::Exponential;
using qsm::Hyperexponential;

constexpr double replications = 20;

// |z| < 4, and an interval that would show a bias of some percent.
void expect_twin(const Estimate& estimate, double truth, const std::string& what, double width = 0.03) {
  const double error = estimate.half_width() / qsm::student_quantile(0.975, replications - 1);
  EXPECT_LT(std::abs(estimate.value - truth), 4 * error + 1e-12 * truth)
      << what << ": " << estimate.value << ", theory " << truth << ", error " << error;
  EXPECT_LT(estimate.half_width(), width * truth) << what;
}

// Every number that solve() and the simulation both give.
void expect_solution(const RoutedNetwork& network, double width = 0.03) {
  const NetworkSolution theory = solve(product_form(network));
  const NetworkSimulation seen = simulate_network(network, {.passages = 4e4, .warmup = 4e3});
  EXPECT_TRUE(seen.stable());
  for (std::size_t r = 0; r < network.classes.size(); ++r) {
    const std::string of = " of class " + std::to_string(r);
    expect_twin(seen.throughput(r), theory.throughput[r], "throughput" + of, width);
    expect_twin(seen.response_time(r), theory.response_time[r], "response time" + of, width);
    expect_twin(seen.mean_number(r), theory.mean_number[r], "number" + of, width);
    EXPECT_EQ(seen.probability_lost(r).value, 0);
    for (std::size_t i = 0; i < network.stations.size(); ++i) {
      if (theory.station_throughput(i, r) == 0) continue;
      const std::string at = of + " at station " + std::to_string(i);
      expect_twin(seen.station_throughput(i, r), theory.station_throughput(i, r), "throughput" + at, width);
      expect_twin(seen.station_utilization(i, r), theory.station_utilization(i, r), "utilization" + at, width);
      expect_twin(seen.station_number(i, r), theory.station_number(i, r), "number" + at, width);
      expect_twin(seen.station_sojourn_time(i, r), theory.station_sojourn_time(i, r), "sojourn" + at, width);
    }
  }
}

RoutedNetwork one_station(const Distribution& service, Discipline discipline, double rate = 0.7) {
  return {{{.service = {service}, .discipline = discipline}},
          {{.start = {1}, .routing = {{0}}, .interarrival = Exponential{rate}}}};
}

TEST(network_simulation, open_jackson_with_feedback) {
  expect_solution(
      {{{.service = {Exponential{2}}}, {.service = {Exponential{0.8}}, .servers = 2}, {.service = {Exponential{3}}}},
       {{.start = {0.7, 0.3, 0},
         .routing = {{0.1, 0.5, 0.2}, {0.3, 0, 0.3}, {0.2, 0.2, 0}},
         .interarrival = Exponential{0.5}}}});
}

TEST(network_simulation, closed_bcmp) {
  const Hyperexponential bursty({0.5, 0.5}, {0.4, 2});
  expect_solution(
      {{{.service = {bursty, Erlang{3, 4}}, .discipline = Discipline::ps},
        {.service = {Exponential{1}}},
        {.service = {bursty, Deterministic{0.3}}, .discipline = Discipline::lcfs_preemptive},
        {.service = {Exponential{0.4}}, .servers = 2},
        {.service = {Deterministic{2}, bursty}, .discipline = Discipline::delay}},
       {{.start = {1, 0, 0, 0, 0},
         .routing = {{0, 0.4, 0.3, 0, 0.3}, {0.5, 0, 0, 0.5, 0}, {1, 0, 0, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}},
         .population = 4,
         .think_time = Deterministic{1}},
        {.start = {0, 1, 0, 0, 0},
         .routing = {{0, 0, 1, 0, 0}, {0.6, 0, 0, 0.4, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 1}, {0, 0, 0, 0, 0}},
         .population = 3}}});
}

TEST(network_simulation, mixed_with_shared_servers) {
  expect_solution({{{.service = {Erlang{2, 4}, Exponential{4}}, .discipline = Discipline::ps, .servers = 2},
                    {.service = {Exponential{3}}}},
                   {{.start = {1, 0}, .routing = {{0, 0.5}, {0.5, 0}}, .interarrival = Exponential{1}},
                    {.start = {0, 1}, .routing = {{0, 0}, {1, 0}}, .population = 3, .think_time = Exponential{1}}}});
}

TEST(network_simulation, one_server_under_every_discipline) {
  const Distribution service = Hyperexponential({0.5, 0.5}, {0.75, 1.5});
  for (const auto& [discipline, name] : {std::pair{Discipline::fcfs, "fcfs"},
                                         {Discipline::lcfs, "lcfs"},
                                         {Discipline::lcfs_preemptive, "lcfs_preemptive"},
                                         {Discipline::ps, "ps"},
                                         {Discipline::srpt, "srpt"}}) {
    const auto seen = simulate_network(one_station(service, discipline, 0.6), {.passages = 1e5, .warmup = 1e4});
    const MG1 theory = mg1(0.6, service, name);
    expect_twin(seen.response_time(0), theory.mean_sojourn(), name);
    expect_twin(seen.station_wait(0, 0), theory.mean_sojourn() - service.mean(), name);
    expect_twin(seen.mean_number(0), theory.mean_number(), name);
  }
}

TEST(network_simulation, priorities) {  // waits and sojourns by A. Cobham 1954 and L. Kleinrock 1976
  RoutedNetwork network{{{.service = {Exponential{1}, Exponential{1.25}, Exponential{2}}}}, {}};
  for (const double rate : {.2, .3, .4})
    network.classes.push_back({.start = {1},
                               .routing = {{0}},
                               .interarrival = Exponential{rate},
                               .priority = static_cast<double>(network.classes.size())});
  const double waits[] = {.615, 1.098214285714, 2.440476190476}, sojourns[] = {1.25, 1.875, 3.333333333333};
  const NetworkSimulationOptions options{.passages = 1e5, .warmup = 1e4};
  network.stations[0].discipline = Discipline::priority;
  const auto patient = simulate_network(network, options);
  network.stations[0].discipline = Discipline::priority_preemptive;
  const auto urgent = simulate_network(network, options);
  for (std::size_t r = 0; r < 3; ++r) {
    expect_twin(patient.station_wait(0, r), waits[r], "non-preemptive wait");
    expect_twin(urgent.station_sojourn_time(0, r), sojourns[r], "preemptive sojourn");
  }
}

TEST(network_simulation, full_station_loses) {
  auto network = one_station(Exponential{1}, Discipline::fcfs, 1.5);
  network.stations[0].servers = 2;
  network.stations[0].capacity = 4;
  const auto seen = simulate_network(network);
  const MMCK theory = mmck(1.5, 1, 2, 4);
  EXPECT_TRUE(seen.stable());
  expect_twin(seen.probability_lost(0), theory.probability_blocked(), "lost");
  expect_twin(seen.station_probability_lost(0, 0), theory.probability_blocked(), "lost at the station");
  expect_twin(seen.mean_number(0), theory.mean_number(), "number");
  expect_twin(seen.station_wait(0, 0), theory.mean_wait(), "wait");
}

TEST(network_simulation, nobody_is_made_or_lost) {
  RoutedNetwork network{{}, {{.start = {1, 0, 0}, .routing = {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}, .population = 7}}};
  network.classes[0].routing = {{0, 1, 0}, {0, 0, 1}, {0, 0, 0}};
  for (auto discipline : {Discipline::fcfs, Discipline::lcfs, Discipline::lcfs_preemptive, Discipline::ps,
                          Discipline::priority, Discipline::priority_preemptive, Discipline::srpt}) {
    network.stations.assign(3, {.service = {Erlang{2, 2}}, .discipline = discipline, .servers = 2});
    const auto seen = simulate_network(network, {.passages = 1e3, .warmup = 100, .replications = 3});
    EXPECT_NEAR(seen.mean_number(0).value, 7, 1e-11);
    EXPECT_NEAR(seen.mean_number(0).half_width(), 0, 1e-10);
    for (std::size_t i = 0; i < 3; ++i)  // what one passes, the next receives, but for the seven on the way
      EXPECT_NEAR(seen.station_throughput(i, 0) / seen.throughput(0), 1, 7 / 1e3);
  }
}

TEST(network_simulation, constant_times_are_exact) {  // D/D/1 in a row: everybody takes 0.5 + 0.25, nobody waits
  const RoutedNetwork network{{{.service = {Deterministic{0.5}}}, {.service = {Deterministic{0.25}}}},
                              {{.start = {1, 0}, .routing = {{0, 1}, {0, 0}}, .interarrival = Deterministic{0.5}}}};
  const auto seen = simulate_network(network, {.passages = 1e3, .warmup = 10, .replications = 2});
  EXPECT_EQ(seen.response_time(0).value, 0.75);
  EXPECT_EQ(seen.response_quantile(0, 1).value, 0.75);
  EXPECT_EQ(seen.station_wait(0, 0).value, 0);
  EXPECT_EQ(seen.station_number(1, 0).value, 0.5);
  EXPECT_EQ(seen.throughput(0).value, 2);
  EXPECT_FALSE(seen.stable());  // a utilization of 1 has no margin
}

TEST(network_simulation, response_times_have_a_law) {  // M/M/1: exponential with rate 1 - 0.5
  const auto seen = simulate_network(one_station(Exponential{1}, Discipline::fcfs, 0.5));
  expect_twin(seen.response_quantile(0, 0.5), std::log(2) / 0.5, "median");
  expect_twin(seen.response_quantile(0, 0.99), std::log(100) / 0.5, "99th percentile");
  expect_twin(seen.response_cdf(0, 2), 1 - std::exp(-1), "distribution");
}

TEST(network_simulation, threads_do_not_matter) {
  const auto network = one_station(Exponential{1}, Discipline::srpt);
  NetworkSimulationOptions options{.passages = 2e3, .warmup = 100, .replications = 5, .threads = 1};
  const auto one = simulate_network(network, options);
  options.threads = 3;
  const auto three = simulate_network(network, options);
  EXPECT_EQ(one.response_time(0).value, three.response_time(0).value);
  EXPECT_EQ(one.response_time(0).high, three.response_time(0).high);
}

TEST(network_simulation, equal_seeds_bring_equal_customers) {
  // With the same customers no replication is better off with one server than with two.
  auto network = one_station(Exponential{1}, Discipline::fcfs);
  const NetworkSimulationOptions options{.passages = 1e3, .warmup = 0, .replications = 1};
  const auto one = simulate_network(network, options);
  // Stations where nobody goes change no number elsewhere, few or many.
  for (const std::size_t count : {2, 100}) {
    network.stations.resize(count, {.service = {Deterministic{1}}});
    network.classes[0].start.resize(count);
    network.classes[0].routing = Matrix(count, count);
    EXPECT_EQ(simulate_network(network, options).response_time(0).value, one.response_time(0).value);
  }
  network.stations[0].servers = 2;
  EXPECT_LT(simulate_network(network, options).response_time(0).value, one.response_time(0).value);
}

template <class Work>
std::string refusal(Work&& work) {
  try {
    work();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "accepted";
}

TEST(network_simulation, refuses_what_makes_no_sense) {
  const auto good = one_station(Exponential{1}, Discipline::fcfs);
  const auto refused = [&](auto&& spoil) {
    auto network = good;
    spoil(network);
    return refusal([&] { simulate_network(network); });
  };
  EXPECT_EQ(refused([](auto& n) { n.classes[0].routing = {{1.5}}; }),
            "simulate_network: class 0: routing from station 0 must be in [0, 1], got 1.5");
  EXPECT_EQ(refused([](auto& n) { n.classes[0].routing = {{1}}; }),
            "simulate_network: class 0: traffic: station must be one from which routing leads out, got 0");
  EXPECT_EQ(refused([](auto& n) { n.classes[0].start = {0.5}; }),
            "simulate_network: sum of start of class 0 must be 1 within 1e-12, got 0.5");
  EXPECT_EQ(refused([](auto& n) { n.classes[0].population = 2; }),
            "simulate_network: population of class 0 must be 0 where there is an interarrival law: a class is open or "
            "closed, got 2");
  EXPECT_EQ(refused([](auto& n) { n.classes[0].interarrival.reset(); }),
            "simulate_network: some class must have an interarrival law or a population");
  EXPECT_EQ(refused([](auto& n) { n.stations[0].servers = 0; }),
            "simulate_network: servers of station 0 must be an integer >= 1, got 0");
  EXPECT_EQ(refused([](auto& n) { n.stations[0].capacity = 0.5; }),
            "simulate_network: capacity of station 0 must be an integer >= servers, or infinity, got 0.5");
  EXPECT_EQ(refused([](auto& n) {
              n.stations[0].service = {qsm::Uniform{-1, 1}};
            }),
            "simulate_network: lower end of service of station 0 must be >= 0, got -1");
  EXPECT_EQ(refused([](auto& n) { n.stations.clear(); }), "simulate_network: stations must have at least one element");
  EXPECT_EQ(refused([](auto& n) {
              n.classes[0].interarrival.reset();
              n.classes[0].population = 2;
              n.stations[0].service = {Deterministic{0}};
            }),
            "simulate_network: mean time of a round of class 0 must be > 0, got 0");
  EXPECT_EQ(refusal([&] { simulate_network(good, {.passages = 0}); }),
            "simulate_network: passages must be an integer >= 1, got 0");
  EXPECT_EQ(refusal([&] { product_form(one_station(Deterministic{1}, Discipline::fcfs)); }),
            "product_form: station 0 must have exponential service under fcfs");
  EXPECT_EQ(refusal([&] { product_form(one_station(Exponential{1}, Discipline::srpt)); }),
            "product_form: station 0 must be fcfs, ps, lcfs_preemptive or delay");
  const auto seen = simulate_network(good, {.passages = 10, .warmup = 0, .replications = 2});
  EXPECT_EQ(refusal([&] { seen.throughput(1); }), "throughput: customer_class must be < number of classes, got 1");
  EXPECT_EQ(refusal([&] { seen.station_wait(1, 0); }), "station_wait: station must be < number of stations, got 1");
}

TEST(network_simulation, says_where_there_is_no_limit) {
  EXPECT_FALSE(simulate_network(one_station(Exponential{1}, Discipline::ps, 1.1),
                                {.passages = 100, .warmup = 0, .replications = 2})
                   .stable());
}

}  // namespace
