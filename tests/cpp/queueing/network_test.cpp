#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/bytes.hpp>
#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/core/distributions/hyperexponential.hpp>
#include <qsm/core/distributions/uniform.hpp>
#include <qsm/core/interval.hpp>
#include <qsm/queueing/erlang_a.hpp>
#include <qsm/queueing/finite_source.hpp>
#include <qsm/queueing/mg1.hpp>
#include <qsm/queueing/mg1_variants.hpp>
#include <qsm/queueing/mmc.hpp>
#include <qsm/queueing/mmck.hpp>
#include <qsm/queueing/network.hpp>
#include <qsm/queueing/time_varying.hpp>

#include "golden.hpp"

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

// Every number that solve() and simulate() both give.
void expect_solution(const Network& network, double width = 0.03,
                     const NetworkSimulationOptions& options = {.passages = 4e4, .warmup = 4e3}) {
  const NetworkSolution theory = network.solve();
  const NetworkSimulation seen = network.simulate(options);
  EXPECT_TRUE(seen.stable());
  for (std::size_t r = 0; r < network.classes.size(); ++r) {
    const std::string of = " of class " + std::to_string(r);
    expect_twin(seen.throughput()[r], theory.throughput[r], "throughput" + of, width);
    expect_twin(seen.response_time()[r], theory.response_time[r], "response time" + of, width);
    expect_twin(seen.mean_number()[r], theory.mean_number[r], "number" + of, width);
    for (const auto& [found, truth] : {std::pair{seen.probability_lost()[r], theory.probability_lost[r]},
                                       {seen.probability_reneged()[r], theory.probability_reneged[r]}})
      if (truth > 0)
        expect_twin(found, truth, "lost or reneged" + of, 3 * width);
      else
        EXPECT_EQ(found.value, 0);
    for (std::size_t i = 0; i < network.stations.size(); ++i) {
      if (theory.station_throughput(i, r) == 0) continue;
      const std::string at = of + " at station " + std::to_string(i);
      expect_twin(seen.station_throughput()[i][r], theory.station_throughput(i, r), "throughput" + at, width);
      expect_twin(seen.station_utilization()[i][r], theory.station_utilization(i, r), "utilization" + at, width);
      expect_twin(seen.station_number()[i][r], theory.station_number(i, r), "number" + at, width);
      expect_twin(seen.station_sojourn_time()[i][r], theory.station_sojourn_time(i, r), "sojourn" + at, width);
      expect_twin(seen.station_residence_time()[i][r], theory.station_number(i, r) / theory.throughput[r],
                  "residence" + at, width);
      if (theory.station_wait(i, r) > 1e-9)
        expect_twin(seen.station_wait()[i][r], theory.station_wait(i, r), "wait" + at, 4 * width);
    }
  }
}

Network one_station(const Distribution& service, Discipline discipline, double rate = 0.7) {
  return {{{.service = service, .discipline = discipline}}, {{.interarrival = Exponential{rate}}}};
}

TEST(network, open_jackson_with_feedback) {
  expect_solution(
      {{{.service = Exponential{2}}, {.service = Exponential{0.8}, .servers = 2}, {.service = Exponential{3}}},
       {{.interarrival = Exponential{0.5}, .start = {0.7, 0.3, 0}}},
       {{{0.1, 0.5, 0.2}, {0.3, 0, 0.3}, {0.2, 0.2, 0}}}});
}

TEST(network, without_routing_stations_stand_in_a_row) {
  expect_solution({{{.service = Exponential{2}}, {.service = Exponential{1.5}}}, {{.interarrival = Exponential{1}}}});
}

TEST(network, closed_bcmp) {
  const Hyperexponential bursty({0.5, 0.5}, {0.4, 2});
  expect_solution({{{.service = {bursty, Erlang{3, 4}}, .discipline = Discipline::ps},
                    {.service = Exponential{1}},
                    {.service = {bursty, Deterministic{0.3}}, .discipline = Discipline::lcfs_preemptive},
                    {.service = Exponential{0.4}, .servers = 2},
                    {.service = {Deterministic{2}, bursty}, .discipline = Discipline::delay}},
                   {{.population = 4, .think_time = Deterministic{1}, .start = {1, 0, 0, 0, 0}},
                    {.population = 3, .start = {0, 1, 0, 0, 0}}},
                   {{{0, 0.4, 0.3, 0, 0.3}, {0.5, 0, 0, 0.5, 0}, {1, 0, 0, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}},
                    {{0, 0, 1, 0, 0}, {0.6, 0, 0, 0.4, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 1}, {0, 0, 0, 0, 0}}}});
}

TEST(network, mixed_with_shared_servers) {
  expect_solution({{{.service = {Erlang{2, 4}, Exponential{4}}, .servers = 2, .discipline = Discipline::ps},
                    {.service = Exponential{3}}},
                   {{.interarrival = Exponential{1}, .start = {1, 0}},
                    {.population = 3, .think_time = Exponential{1}, .start = {0, 1}}},
                   {{{0, 0.5}, {0.5, 0}}, {{0, 0}, {1, 0}}}});
}

TEST(network, speed_by_the_number_present) {
  expect_solution(
      {{{.service = Erlang{2, 2}, .discipline = Discipline::ps, .rates = {1, 1.5, 1.2}}, {.service = Exponential{1.5}}},
       {{.population = 5, .think_time = Exponential{0.5}}}});
}

TEST(network, one_server_under_every_discipline) {
  const Distribution service = Hyperexponential({0.5, 0.5}, {0.75, 1.5});
  for (const Discipline discipline : {Discipline::fcfs, Discipline::lcfs, Discipline::lcfs_preemptive,
                                      Discipline::random, Discipline::ps, Discipline::sjf, Discipline::srpt})
    expect_solution(one_station(service, discipline, 0.6), 0.04, {.passages = 5e4, .warmup = 1e4});
}

TEST(network, priorities) {  // waits and sojourns by A. Cobham 1954 and L. Kleinrock 1976
  Network network{{{.service = {Exponential{1}, Exponential{1.25}, Exponential{2}}}}, {}};
  for (const double rate : {.2, .3, .4})
    network.classes.push_back(
        {.interarrival = Exponential{rate}, .priority = static_cast<double>(network.classes.size())});
  const double waits[] = {.615, 1.098214285714, 2.440476190476}, sojourns[] = {1.25, 1.875, 3.333333333333};
  const NetworkSimulationOptions options{.passages = 1e5, .warmup = 1e4};
  network.stations[0].discipline = Discipline::priority;
  const auto patient = network.simulate(options).station_wait();
  network.stations[0].discipline = Discipline::priority_preemptive;
  const auto urgent = network.simulate(options).station_sojourn_time();
  for (std::size_t r = 0; r < 3; ++r) {
    expect_twin(patient[0][r], waits[r], "non-preemptive wait");
    expect_twin(urgent[0][r], sojourns[r], "preemptive sojourn");
  }
}

// One who comes back as soon as served, among urgent others: completion times by D. Gaver 1962.
TEST(network, who_made_way_resumes_restarts_or_draws_anew) {
  const double rate = 0.4, urgent = 0.5, busy = urgent / (1 - rate * urgent);  // mean busy period of the urgent
  const Distribution service = Erlang{2, 2};
  Network network{{{.service = {Exponential{1 / urgent}, service}, .discipline = Discipline::priority_preemptive}},
                  {{.interarrival = Exponential{rate}}, {.population = 1, .priority = 1}}};
  const double growth = std::pow(2 / (2 - rate), 2);  // E[exp(rate S)]
  const std::pair<Preemption, double> modes[] = {
      {Preemption::resume, service.mean() * (1 + rate * busy)},
      {Preemption::restart, (growth - 1) * (1 / rate + busy)},
      {Preemption::resample, (1 / service.laplace(rate) - 1) * (1 / rate + busy)}};
  for (const auto& [mode, completion] : modes) {
    network.stations[0].preemption = mode;
    const auto seen = network.simulate({.passages = 5e4, .warmup = 1e3});
    expect_twin(seen.response_time()[1], completion, "completion");
    expect_twin(seen.response_time()[0], urgent / (1 - rate * urgent), "the urgent do not notice");
    const double idle = 1 - rate * urgent;  // somebody is always served
    expect_twin(seen.station_utilization()[0][1], idle, "what is served in vain counts");
  }
}

TEST(network, full_station_loses) {
  Network network = one_station(Exponential{1}, Discipline::fcfs, 1.5);
  network.stations[0].servers = 2;
  network.stations[0].capacity = 4;
  expect_solution(network, 0.03, {});
  const auto seen = network.simulate();
  expect_twin(seen.station_probability_lost()[0][0], mmck(1.5, 1, 2, 4).probability_blocked(), "at the station");
}

TEST(network, a_closed_class_that_is_turned_away_thinks_again) {  // Engset
  const Network network{{{.service = Exponential{1}, .servers = 3, .capacity = 3}},
                        {{.population = 8, .think_time = Exponential{0.5}}}};
  const Engset theory = engset(0.5, 1, 3, 8);
  expect_twin(network.simulate().probability_lost()[0], theory.probability_blocked(), "lost");
}

TEST(network, impatience) {
  Network network = one_station(Exponential{1}, Discipline::fcfs, 9);
  network.stations[0].servers = 8;
  network.stations[0].patience = Exponential{2};
  expect_solution(network, 0.04, {});
  expect_twin(network.simulate().station_probability_reneged()[0][0], erlang_a(9, 1, 2, 8).probability_abandon(),
              "at the station");
  // With patience that lasts a constant time, who is served has waited less.
  network.stations[0].patience = Deterministic{0.25};
  const auto seen = network.simulate();
  EXPECT_LT(seen.response_quantile(0, 1).value, 1e3);
  EXPECT_GT(seen.probability_reneged()[0].value, 0.01);
}

TEST(network, queues_that_are_not_joined) {  // birth and death: rates 0.9, 0.9 / 2, 0.9 / 3, then none
  Network network = one_station(Exponential{1}, Discipline::fcfs, 0.9);
  network.stations[0].joining = {1, 1.0 / 2, 1.0 / 3, 0};
  const double weights[] = {1, .9, .9 * .45, .9 * .45 * .3};
  double total = 0, number = 0, served = 0;
  for (int n = 0; n < 4; ++n) {
    total += weights[n];
    number += n * weights[n];
    if (n > 0) served += weights[n];
  }
  const auto seen = network.simulate();
  expect_twin(seen.mean_number()[0], number / total, "number");
  expect_twin(seen.throughput()[0], served / total, "served");
  expect_twin(seen.probability_lost()[0], 1 - served / total / 0.9, "lost");
}

// Numbers in two queues by their own chain: arrivals to either alike, each serves at rate 1; from a difference of
// `threshold` on, the last of the longer one changes over.
double jockeying_number(double rate, int threshold) {
  constexpr int most = 40;
  std::vector<double> now((most + 1) * (most + 1)), next;
  const auto at = [](int one, int two) { return static_cast<std::size_t>(one * (most + 1) + two); };
  const auto settle = [&](int one, int two) {
    while (std::abs(one - two) >= threshold) (one > two ? --one, ++two : (++one, --two));
    return at(one, two);
  };
  now[0] = 1;
  const double step = 1 / (rate + 2);
  for (int round = 0; round < 2500; ++round) {
    next.assign(now.size(), 0);
    for (int one = 0; one <= most; ++one)
      for (int two = 0; two <= most; ++two) {
        const double here = now[at(one, two)];
        if (here == 0) continue;
        const bool full = one == most || two == most;
        next[full ? at(one, two) : settle(one + 1, two)] += here * step * rate / 2;
        next[full ? at(one, two) : settle(one, two + 1)] += here * step * rate / 2;
        next[one > 0 ? settle(one - 1, two) : at(one, two)] += here * step;
        next[two > 0 ? settle(one, two - 1) : at(one, two)] += here * step;
      }
    now.swap(next);
  }
  double number = 0;
  for (int one = 0; one <= most; ++one)
    for (int two = 0; two <= most; ++two) number += now[at(one, two)] * (one + two);
  return number;
}

TEST(network, jockeying_between_queues) {
  Network network = one_station(Exponential{1}, Discipline::fcfs, 1.5);
  network.stations[0].servers = 2;
  network.stations[0].dispatch = Dispatch::random;
  for (const int threshold : {2, 3, 5}) {
    network.stations[0].jockeying = threshold;
    expect_twin(network.simulate({.passages = 5e4}).mean_number()[0], jockeying_number(1.5, threshold), "number", 0.04);
  }
  network.stations[0].jockeying = 2;  // no server is idle while somebody waits
  expect_twin(network.simulate().mean_number()[0], mmc(1.5, 1, 2).mean_number(), "as one queue");
}

TEST(network, queues_of_their_own) {
  Network network = one_station(Exponential{1}, Discipline::fcfs, 0.7 * 50);
  network.stations[0].servers = 50;
  network.stations[0].dispatch = Dispatch::random;  // 50 times M/M/1
  expect_twin(network.simulate().response_time()[0], 1 / 0.3, "random");
  network.stations[0].dispatch = Dispatch::round_robin;  // each meets Erlang arrivals
  const double in_turn = network.simulate().response_time()[0];
  network.stations[0].dispatch = Dispatch::shortest;
  network.stations[0].choices = 2;  // 1.61445 in the limit of many, N. Vvedenskaya and others 1996
  const auto two = network.simulate().response_time()[0];
  EXPECT_NEAR(two, 1.61445377032, 0.02);
  network.stations[0].choices = INFINITY;
  const double all = network.simulate().response_time()[0];
  EXPECT_LT(all, two);
  EXPECT_LT(two, in_turn);
  EXPECT_LT(in_turn, 1 / 0.3);
  EXPECT_GT(all, mmc(35, 1, 50).mean_sojourn());
}

// Of n queues the mean time differs from the limit of many by a term of order 1/n.
TEST(network, shortest_of_drawn_queues_comes_near_the_mean_field) {
  for (const auto& row : qsm_test::golden("queueing/shortest_of_drawn.csv")) {
    if (row["load"] > 0.9) continue;  // the steady state is far off
    Network network = one_station(Exponential{1}, Discipline::fcfs, 1000 * row["load"]);
    network.stations[0].servers = 1000;
    network.stations[0].dispatch = Dispatch::shortest;
    network.stations[0].choices = row["choices"];
    NetworkSimulationOptions options;
    options.passages = options.warmup = 2e5;
    options.replications = 10;
    const auto seen = network.simulate(options).response_time()[0];
    EXPECT_NEAR(seen.value / row["mean_sojourn"], 1, 0.01) << row.where;
    EXPECT_LT(seen.half_width(), 0.015 * seen.value) << row.where;
  }
}

// Two stations in a circle; the second has room for one and blocks: its number and those blocked are M/M/1/2.
TEST(network, blocking_after_service) {
  const double ratio = 1.5, total = 1 + ratio + ratio * ratio;
  const Network network{{{.service = Exponential{1.5}}, {.service = Exponential{1}, .capacity = 1, .blocking = true}},
                        {{.population = 4}}};
  const auto seen = network.simulate();
  expect_twin(seen.throughput()[0], 1 - 1 / total, "throughput");
  expect_twin(seen.station_blocked()[0][0], ratio * ratio / total, "blocked");
  expect_twin(seen.station_number()[1][0], 1 - 1 / total, "number at the second");
  EXPECT_NEAR(seen.mean_number()[0], 4, 1e-10);
  EXPECT_EQ(seen.deadlock(), "");
  EXPECT_EQ(seen.probability_deadlock().value, 0);
  EXPECT_TRUE(std::isnan(seen.deadlock_time().value));
}

// An open row whose second station blocks: loss at the first, K = 2, by the chain of (first, blocked, second).
TEST(network, blocking_in_an_open_row) {
  const double arrive = 0.8, one = 1.2, two = 1;
  // States: (n1, blocked, n2), n1 counts who is at the first, the blocked one too; n1 <= 2, n2 <= 1.
  struct State {
    int first, blocked, second;
  };
  std::vector<State> states;
  for (int n = 0; n <= 2; ++n)
    for (int b = 0; b <= (n > 0 ? 1 : 0); ++b)
      for (int m = b; m <= 1; ++m) states.push_back({n, b, m});
  const auto find = [&](int n, int b, int m) {
    return static_cast<std::size_t>(
        std::find_if(states.begin(), states.end(),
                     [&](const State& s) { return s.first == n && s.blocked == b && s.second == m; }) -
        states.begin());
  };
  std::vector<double> chance(states.size(), 0.0), next;
  chance[0] = 1;
  for (int round = 0; round < 5000; ++round) {
    next.assign(states.size(), 0);
    for (std::size_t s = 0; s < states.size(); ++s) {
      const auto [n, b, m] = states[s];
      const double step = chance[s] / (arrive + one + two);
      next[n < 2 ? find(n + 1, b, m) : s] += step * arrive;
      next[n == 0 || b ? s : m == 0 ? find(n - 1, 0, 1) : find(n, 1, 1)] += step * one;
      next[m == 0 ? s : b ? find(n - 1, 0, 1) : find(n, 0, 0)] += step * two;
    }
    chance.swap(next);
  }
  double number = 0, served = 0;
  for (std::size_t s = 0; s < states.size(); ++s) {
    number += chance[s] * (states[s].first + states[s].second);
    served += chance[s] * states[s].second * two;
  }
  const Network network{
      {{.service = Exponential{one}, .capacity = 2}, {.service = Exponential{two}, .capacity = 1, .blocking = true}},
      {{.interarrival = Exponential{arrive}}}};
  const auto seen = network.simulate();
  expect_twin(seen.throughput()[0], served, "throughput");
  expect_twin(seen.mean_number()[0], number, "number");
  expect_twin(seen.probability_lost()[0], 1 - served / arrive, "lost");
}

TEST(network, deadlock) {
  // Each of two waits for the other's place as soon as both are served: E max of two exponential times.
  Network network{{{.name = "left", .service = Exponential{1}, .capacity = 1, .blocking = true},
                   {.name = "right", .service = Exponential{2}, .capacity = 1, .blocking = true}},
                  {{.population = 2, .present = {1, 1}}}};
  const auto seen = network.simulate({.passages = 1e6, .warmup = 0, .replications = 4000});
  EXPECT_EQ(seen.deadlock().substr(0, 8), "station ");
  EXPECT_NE(seen.deadlock().find("station left -> station right"), std::string::npos);
  EXPECT_EQ(seen.probability_deadlock().value, 1);
  const Estimate time = seen.deadlock_time();
  EXPECT_LT(std::abs(time.value - (1 + 0.5 - 1.0 / 3)), 4 * time.half_width() / 1.96);
  EXPECT_LT(time.half_width(), 0.05);
  // With one customer fewer there is always room.
  network.classes[0].population = 1;
  network.classes[0].present = {1, 0};
  EXPECT_EQ(network.simulate({.passages = 1e3, .replications = 5}).probability_deadlock().value, 0);
}

TEST(network, batches) {
  Network network = one_station(Erlang{2, 8}, Discipline::fcfs, 0.5);
  network.classes[0].batch = {0.5, 0.2, 0, 0.3};
  const double mean = 0.5 + 0.4 + 1.2, square = 0.5 + 0.8 + 4.8;
  const StationMeans theory = batch_arrivals(0.5, mean, square / mean / mean - 1, Erlang{2, 8});
  const auto seen = network.simulate();
  expect_twin(seen.mean_number()[0], theory.mean_number, "number");
  expect_twin(seen.station_wait()[0][0], theory.mean_wait, "wait");
  expect_twin(seen.throughput()[0], 0.5 * mean, "throughput");
}

Network batch_server(double size, double least, const Distribution& item, const Distribution& setup, double rate) {
  Network network = one_station(item, Discipline::fcfs, rate);
  network.stations[0].batch_size = size;
  network.stations[0].batch_least = least;
  network.stations[0].batch_setup = setup;
  return network;
}

TEST(network, batch_servers) {  // against dynamic_batch and fixed_batch
  expect_solution(batch_server(4, 1, Deterministic{0.1}, Deterministic{0.5}, 3));
  expect_solution(batch_server(1, 1, Deterministic{0.1}, Deterministic{0.5}, 1));
  expect_solution(batch_server(5, 5, Deterministic{0.1}, Deterministic{0.5}, 4));
}

TEST(network, batch_servers_with_exponential_times) {
  // M/M/1 whose server takes up to B: n wait while it is busy with probability p r^n, λ(1 - r) = μ r(1 - r^B) (Bailey 1954).
  const double arrivals = 2.2, rate = 1, size = 3;
  double low = 0, high = 1 - 1e-9;
  for (int step = 0; step < 100; ++step) {
    const double r = (low + high) / 2;
    (arrivals * (1 - r) > rate * r * (1 - std::pow(r, size)) ? low : high) = r;
  }
  const double busy = 1 / (rate / arrivals + 1 / (1 - low));
  const auto network = batch_server(size, 1, Deterministic{0}, Exponential{rate}, arrivals);
  const auto seen = network.simulate({.passages = 1e5});
  expect_twin(seen.station_wait()[0][0], busy * low / (1 - low) / (1 - low) / arrivals, "wait");
  expect_twin(seen.station_utilization()[0][0], busy / (1 - low), "utilization");
  EXPECT_FALSE(batch_server(size, 1, Deterministic{0}, Exponential{rate}, 3.1).simulate({.passages = 100}).stable());
}

TEST(network, batches_of_a_closed_network) {
  for (const auto discipline :
       {Discipline::fcfs, Discipline::lcfs, Discipline::random, Discipline::priority, Discipline::edf, Discipline::sjf})
    for (const auto dispatch : {Dispatch::shared, Dispatch::shortest}) {
      Network network{{}, {{.population = 12}}, {{{0, 0.5}, {0, 0}}}};
      network.stations.assign(2, {.service = Erlang{2, 2},
                                  .servers = 2,
                                  .discipline = discipline,
                                  .dispatch = dispatch,
                                  .batch_size = 3,
                                  .batch_setup = Deterministic{0.25}});
      const auto seen = network.simulate({.passages = 2e3, .warmup = 100, .replications = 3});
      EXPECT_NEAR(seen.mean_number()[0].value, 12, 1e-11);
      EXPECT_NEAR(seen.station_throughput()[1][0] / seen.station_throughput()[0][0], 0.5, 0.03);
      EXPECT_EQ(seen.deadlock(), "");
    }
  // At most 2 servers times 3 in 0.25 + 3: with customers enough, no less.
  Network full{{{.service = Deterministic{1}, .servers = 2, .batch_size = 3, .batch_setup = Deterministic{0.25}}},
               {{.population = 20}}};
  EXPECT_NEAR(full.simulate({.passages = 1e4, .warmup = 1e3, .replications = 2}).throughput()[0].value, 6 / 3.25, 1e-3);
  // Ten wait for ever for two more.
  full.stations[0].name = "oven";
  full.stations[0].batch_size = full.stations[0].batch_least = 12;
  full.classes[0].population = 10;
  const auto stuck = full.simulate({.passages = 1e3, .replications = 2});
  EXPECT_EQ(stuck.deadlock(), "station oven");
  EXPECT_EQ(stuck.deadlock_time().value, 0);
  EXPECT_EQ(full.simulate({.replications = 2, .duration = 5}).deadlock_time().value, 0);
}

TEST(network, who_gives_up_may_go_elsewhere) {
  const ErlangA queue = erlang_a(9, 1, 2, 8);
  Network network{{{.service = Exponential{1}, .servers = 8, .patience = Exponential{2}, .renege_to = {0, 0.75}},
                   {.service = Exponential{0.5}, .discipline = Discipline::delay}},
                  {{.interarrival = Exponential{9}}},
                  {Matrix(2, 2)}};
  const auto seen = network.simulate();
  const double gave_up = queue.probability_abandon();
  expect_twin(seen.station_probability_reneged()[0][0], gave_up, "give up", 0.06);
  expect_twin(seen.station_throughput()[1][0], 9 * gave_up * 0.75, "go on", 0.06);
  expect_twin(seen.station_number()[1][0], 9 * gave_up * 0.75 * 2, "at the other place", 0.06);
  expect_twin(seen.probability_reneged()[0], gave_up * 0.25, "leave", 0.09);
  // All who circle between two impatient places are still there.
  Network round{{}, {{.population = 9, .think_time = Exponential{1}}}, {Matrix(2, 2)}};
  round.stations = {{.service = Exponential{1}, .patience = Exponential{1}, .renege_to = {0, 1}},
                    {.service = Exponential{1}, .patience = Exponential{1}, .renege_to = {1, 0}, .dispatch = {}}};
  const auto circling = round.simulate();
  EXPECT_EQ(circling.probability_reneged()[0].value, 0);
  EXPECT_GT(circling.station_probability_reneged()[1][0].value, 0.1);
  expect_twin(circling.throughput()[0],
              circling.station_throughput()[0][0].value + circling.station_throughput()[1][0].value, "ends", 0.03);
}

TEST(network, arrivals_and_servers_by_a_timetable) {  // against the equations of M(t)/M/c(t) from empty
  Network network = one_station(Exponential{0.5}, Discipline::priority_preemptive, 1);
  const double rates[] = {0.5, 1, 3, 2}, servers[] = {6, 3};
  for (const double rate : rates) network.classes[0].schedule.push_back({2, rate});
  for (const double open : servers) network.stations[0].schedule.push_back({3, open});
  std::vector<double> fine_rates, fine_servers;
  const double step = 0.05, end = 16;
  for (double time = step / 2; time < end; time += step) {
    fine_rates.push_back(rates[static_cast<std::size_t>(time / 2) % 4]);
    fine_servers.push_back(servers[static_cast<std::size_t>(time / 3) % 2]);
  }
  const auto theory = time_varying_mmc(fine_rates, step, 0.5, fine_servers);
  double truth = -theory.mean_number.back() / 2;
  for (const double number : theory.mean_number) truth += number;
  truth *= step / end;
  const Estimate seen = network.simulate({.replications = 4000, .duration = end}).mean_number()[0];
  EXPECT_NEAR(seen, truth, 2 * seen.half_width() + 1e-3 * truth);
  EXPECT_LT(seen.half_width(), 0.02 * truth);
}

// Mean number over [0, time] of one queue whose servers change, by Euler's rule on its chain.
double mean_number_of(const std::vector<Period>& schedule, double arrive, double serve, double time, bool preemptive) {
  constexpr int most = 40;
  const int levels = 5;
  std::vector<double> now(most * levels), next;  // numbers present and in service
  now[0] = 1;
  const double step = 1e-3;
  double area = 0, clock = 0;
  const auto busy_of = [&](int n, int open) { return std::min(n, open); };
  double cycle = 0;
  for (const auto& period : schedule) cycle += period.duration;
  int open_before = static_cast<int>(schedule[0].level);
  for (; clock < time - step / 2; clock += step) {
    double within = std::fmod(clock + step / 2, cycle);
    std::size_t k = 0;
    while (within > schedule[k].duration) within -= schedule[k++].duration;
    const int open = static_cast<int>(schedule[k].level);
    if (open != open_before) {
      next.assign(now.size(), 0);
      for (int n = 0; n < most; ++n)
        for (int b = 0; b < levels; ++b) {
          const int then = preemptive ? busy_of(n, open) : std::max(b, busy_of(n, open));
          next[static_cast<std::size_t>(n * levels + then)] += now[static_cast<std::size_t>(n * levels + b)];
        }
      now.swap(next);
      open_before = open;
    }
    next = now;
    for (int n = 0; n < most; ++n)
      for (int b = 0; b < levels; ++b) {
        const double here = now[static_cast<std::size_t>(n * levels + b)];
        if (here == 0) continue;
        area += here * n * step;
        const auto move = [&](int m, int then, double rate) {
          next[static_cast<std::size_t>(n * levels + b)] -= here * rate * step;
          next[static_cast<std::size_t>(m * levels + then)] += here * rate * step;
        };
        if (n + 1 < most) move(n + 1, b < open ? b + 1 : b, arrive);
        if (b > 0) move(n - 1, b > open || n - 1 < b ? b - 1 : b, b * serve);
      }
    now.swap(next);
  }
  return area / time;
}

TEST(network, servers_by_a_timetable) {
  Network network = one_station(Exponential{1}, Discipline::fcfs, 1.2);
  network.stations[0].schedule = {{1.5, 3}, {1, 0}, {2, 1}};
  for (const Discipline discipline : {Discipline::fcfs, Discipline::priority_preemptive}) {
    network.stations[0].discipline = discipline;
    const bool preemptive = discipline != Discipline::fcfs;
    const double truth = mean_number_of(network.stations[0].schedule, 1.2, 1, 9, preemptive);
    const auto seen = network.simulate({.replications = 8000, .duration = 9}).mean_number()[0];
    EXPECT_NEAR(seen, truth, 2 * seen.half_width() + 1e-3 * truth) << preemptive;
    EXPECT_LT(seen.half_width(), 0.03 * truth);
  }
}

TEST(network, customers_from_the_beginning) {  // against the transient chain
  Network network = one_station(Exponential{1}, Discipline::fcfs, 1.5);
  network.stations[0].servers = 2;
  network.classes[0].present = {7};
  const auto seen = network.simulate({.replications = 8000, .duration = 4});
  double area = 0;
  const int steps = 200;
  for (int k = 0; k <= steps; ++k) {
    const auto chances = transient_distribution(1.5, 1, 2, 7, 4.0 * k / steps, 100);
    double number = 0;
    for (std::size_t n = 0; n < chances.size(); ++n) number += static_cast<double>(n) * chances[n];
    area += number * (k == 0 || k == steps ? 1 : k % 2 ? 4 : 2) / 3 / steps;
  }
  const Estimate number = seen.mean_number()[0];
  EXPECT_NEAR(number, area, 2 * number.half_width());
  EXPECT_LT(number.half_width(), 0.03 * area);
  EXPECT_EQ(seen.duration().value, 4);
}

TEST(network, due_dates) {
  Network network{{{.service = Exponential{1}, .discipline = Discipline::edf}},
                  {{.interarrival = Exponential{0.4}, .deadline = Deterministic{0}},
                   {.interarrival = Exponential{0.4}, .deadline = Deterministic{1e9}}}};
  const NetworkSimulationOptions options{.passages = 2e4, .warmup = 100, .replications = 4};
  const auto due = [&](Discipline discipline) {
    network.stations[0].discipline = discipline;
    return network.simulate(options);
  };
  network.classes[1].priority = 1;
  // Two dates far apart are two priorities, customer by customer.
  for (std::size_t r = 0; r < 2; ++r) {
    EXPECT_EQ(due(Discipline::edf).response_time()[r].value, due(Discipline::priority).response_time()[r].value);
    EXPECT_EQ(due(Discipline::edf_preemptive).response_time()[r].value,
              due(Discipline::priority_preemptive).response_time()[r].value);
  }
  EXPECT_EQ(due(Discipline::edf).probability_late()[0].value, 1);
  EXPECT_EQ(due(Discipline::edf).probability_late()[1].value, 0);
  // Equal times to the date are no preference.
  network.classes[0].deadline = network.classes[1].deadline = Deterministic{3};
  EXPECT_EQ(due(Discipline::edf).response_time()[0].value, due(Discipline::fcfs).response_time()[0].value);
  // With dates that differ, fewer are late than by order of arrival.
  network.classes[0].deadline = network.classes[1].deadline = Exponential{0.1};
  EXPECT_LT(due(Discipline::edf).probability_late()[0].value, due(Discipline::fcfs).probability_late()[0].value);
}

TEST(network, replays_what_was_seen) {
  const Network network{{{.name = "web", .service = Exponential{10}}, {.name = "disk", .service = Exponential{1}}},
                        {{.interarrival = Exponential{1}}, {.interarrival = Exponential{1}}}};
  // By hand: web 1 s each, then disk 2 s each; they leave at 3, 5, 11.
  const NetworkTrace trace{{0, 0.5, 8}, {0, 1, 0}, {{1, 2}, {1, 2}, {1, 2}}};
  const auto seen = network.replay(trace);
  EXPECT_DOUBLE_EQ(seen.response_time()[0].value, 3);
  EXPECT_DOUBLE_EQ(seen.response_time()[1].value, 4.5);
  EXPECT_DOUBLE_EQ(seen.duration().value, 11);
  EXPECT_DOUBLE_EQ(seen.station_wait()[0][1].value, 0.5);
  EXPECT_DOUBLE_EQ(seen.station_wait()[1][1].value, 1);
  EXPECT_DOUBLE_EQ(seen.station_number()[1][0].value, 4.0 / 11);
  const ReplayedCustomers each = seen.replayed();
  EXPECT_EQ(each.arrival_times, trace.arrival_times);
  EXPECT_EQ(each.waits, (std::vector<double>{0, 0.5 + 1, 0}));
  EXPECT_EQ(each.response_times, (std::vector<double>{3, 4.5, 3}));
  EXPECT_EQ(each.outcomes, std::vector<Outcome>(3, Outcome::completed));
  // What the trace leaves open is drawn: a trace of Poisson arrivals is M/M/1.
  NetworkTrace poisson;
  double now = 0;
  std::vector<double> gaps(200000);
  Exponential{0.5}.sample(qsm::Stream(7), 0, gaps);
  for (const double gap : gaps) poisson.arrival_times.push_back(now += gap);
  const auto station = one_station(Exponential{1}, Discipline::fcfs, 99);
  const auto replayed = station.replay(poisson, {.replications = 20});
  EXPECT_NEAR(replayed.response_time()[0], 2, 0.06);
  EXPECT_NEAR(replayed.throughput()[0] * replayed.duration(), 200000, 1e-3);
  const auto second = replayed.replayed(1);
  EXPECT_NE(second.waits, replayed.replayed(2).waits);
  EXPECT_EQ(*std::min_element(second.waits.begin(), second.waits.end()), 0);
  double sum = 0;
  for (std::size_t k = 0; k < 20; ++k)
    for (const double time : replayed.replayed(k).response_times) sum += time;
  EXPECT_NEAR(sum / 20 / 200000, replayed.response_time()[0].value, 1e-9);
}

TEST(network, a_replay_knows_each_customer) {  // by hand
  const Network network{
      {{.service = Deterministic{2}, .capacity = 3, .patience = Deterministic{0.5}, .renege_to = {0, 1, 0}},
       {.service = Deterministic{1}, .patience = Deterministic{0.25}},
       {.service = Deterministic{1}, .batch_size = 2, .batch_least = 2}},
      {{.interarrival = Exponential{1}}, {.interarrival = Exponential{1}, .start = {0, 0, 1}}},
      {Matrix(3, 3)}};
  // The first is served; the second gives up at 0.6 and is served elsewhere; the third finds that busy and gives up twice;
  // the fourth finds the first place full. Two share the last server from 6 to 8; the last of all waits for a second.
  const NetworkTrace trace{{0, 0.1, 0.2, 0.3, 5, 6, 7}, {0, 0, 0, 0, 1, 1, 1}};
  const auto seen = network.replay(trace, {.replications = 2});
  for (const std::size_t replication : {0, 1}) {
    const auto each = seen.replayed(replication);
    using enum Outcome;
    EXPECT_EQ(each.outcomes, (std::vector<Outcome>{completed, completed, reneged, lost, completed, completed, inside}));
    const double waits[] = {0, 0.5, 0.75, 0, 1, 0, 0}, times[] = {2, 1.5, 0.75, 0, 3, 2};
    for (std::size_t k = 0; k < 7; ++k) EXPECT_DOUBLE_EQ(each.waits[k], waits[k]) << k;
    for (std::size_t k = 0; k < 6; ++k) EXPECT_DOUBLE_EQ(each.response_times[k], times[k]) << k;
    EXPECT_TRUE(std::isnan(each.response_times[6]));
  }
  EXPECT_EQ(seen.deadlock(), "");
  const auto bytes = seen.to_bytes();
  EXPECT_EQ(NetworkSimulation::from_bytes(bytes).to_bytes(), bytes);
  EXPECT_EQ(NetworkSimulation::from_bytes(bytes).replayed(1).outcomes, seen.replayed(1).outcomes);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut)
    EXPECT_THROW(NetworkSimulation::from_bytes(std::span(bytes).first(cut)), qsm::MalformedBytes);
  EXPECT_TRUE(one_station(Exponential{1}, Discipline::fcfs).simulate({.passages = 10}).replayed().waits.empty());
}

TEST(network, nobody_is_made_or_lost) {
  for (const auto discipline : {Discipline::fcfs, Discipline::lcfs, Discipline::lcfs_preemptive, Discipline::random,
                                Discipline::ps, Discipline::priority, Discipline::priority_preemptive, Discipline::edf,
                                Discipline::edf_preemptive, Discipline::sjf, Discipline::srpt})
    for (const auto dispatch : {Dispatch::shared, Dispatch::shortest}) {
      Network network{{}, {{.population = 7}}};
      network.stations.assign(3,
                              {.service = Erlang{2, 2}, .servers = 2, .discipline = discipline, .dispatch = dispatch});
      const auto seen = network.simulate({.passages = 1e3, .warmup = 100, .replications = 3});
      EXPECT_NEAR(seen.mean_number()[0].value, 7, 1e-11);
      EXPECT_NEAR(seen.mean_number()[0].half_width(), 0, 1e-10);
      for (std::size_t i = 0; i < 3; ++i)  // what one passes, the next receives, but for the seven on the way
        EXPECT_NEAR(seen.station_throughput()[i][0] / seen.throughput()[0], 1, 7 / 1e3);
    }
}

TEST(network, constant_times_are_exact) {  // D/D/1 in a row: everybody takes 0.5 + 0.25, nobody waits
  const Network network{{{.service = Deterministic{0.5}}, {.service = Deterministic{0.25}}},
                        {{.interarrival = Deterministic{0.5}}}};
  const auto seen = network.simulate({.passages = 1e3, .warmup = 10, .replications = 2});
  EXPECT_EQ(seen.response_time()[0].value, 0.75);
  EXPECT_EQ(seen.response_quantile(0, 1).value, 0.75);
  EXPECT_EQ(seen.station_wait()[0][0].value, 0);
  EXPECT_EQ(seen.station_number()[1][0].value, 0.5);
  EXPECT_EQ(seen.throughput()[0].value, 2);
  EXPECT_FALSE(seen.stable());  // a utilization of 1 has no margin
}

TEST(network, response_times_have_a_law) {  // M/M/1: exponential with rate 1 - 0.5
  const auto seen = one_station(Exponential{1}, Discipline::fcfs, 0.5).simulate();
  expect_twin(seen.response_quantile(0, 0.5), std::log(2) / 0.5, "median");
  expect_twin(seen.response_quantile(0, 0.99), std::log(100) / 0.5, "99th percentile");
  expect_twin(seen.response_cdf(0, 2), 1 - std::exp(-1), "distribution");
}

TEST(network, threads_do_not_matter) {
  const auto network = one_station(Exponential{1}, Discipline::srpt);
  NetworkSimulationOptions options{.passages = 2e3, .warmup = 100, .replications = 5, .threads = 1};
  const auto one = network.simulate(options);
  options.threads = 3;
  EXPECT_EQ(one.to_bytes(), network.simulate(options).to_bytes());
}

TEST(network, equal_seeds_bring_equal_customers) {
  // With the same customers no replication is better off with one server than with two.
  auto network = one_station(Exponential{1}, Discipline::fcfs);
  const NetworkSimulationOptions options{.passages = 1e3, .warmup = 0, .replications = 1};
  const double one = network.simulate(options).response_time()[0];
  // Stations where nobody goes change no number elsewhere, few or many.
  for (const std::size_t count : {2, 100, 400}) {
    network.stations.resize(count, {.service = Deterministic{1}});
    network.routing = {Matrix(count, count)};
    EXPECT_EQ(network.simulate(options).response_time()[0].value, one);
  }
  network.stations[0].servers = 2;
  EXPECT_LT(network.simulate(options).response_time()[0].value, one);
}

TEST(network, a_simulation_is_bytes) {
  Network network{{{.name = "left", .service = Exponential{1}, .capacity = 1, .blocking = true},
                   {.name = "right", .service = Exponential{2}, .capacity = 1, .blocking = true}},
                  {{.name = "cars", .population = 2, .present = {1, 1}}}};
  const auto seen = network.simulate({.passages = 100, .replications = 3});
  const auto bytes = seen.to_bytes();
  const auto again = NetworkSimulation::from_bytes(bytes);
  EXPECT_EQ(again.to_bytes(), bytes);
  EXPECT_EQ(again.deadlock(), seen.deadlock());
  EXPECT_EQ(again.classes()[0], "cars");
  EXPECT_EQ(again.mean_number()[0].high, seen.mean_number()[0].high);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut)
    EXPECT_THROW(NetworkSimulation::from_bytes(std::span(bytes).first(cut)), qsm::MalformedBytes);
  for (std::size_t at = 0; at < bytes.size(); at += 7) {
    auto spoilt = bytes;
    spoilt[at] ^= std::byte{0x41};
    EXPECT_THROW(NetworkSimulation::from_bytes(spoilt), qsm::MalformedBytes);
  }
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

TEST(network, refuses_what_makes_no_sense) {
  const auto good = one_station(Exponential{1}, Discipline::fcfs);
  const auto refused = [&](auto&& spoil) {
    auto network = good;
    spoil(network);
    return refusal([&] { network.simulate(); });
  };
  EXPECT_EQ(refused([](auto& n) { n.routing = {{{1.5}}}; }),
            "simulate_network: class 0: routing from station 0 must be in [0, 1], got 1.5");
  EXPECT_EQ(refused([](auto& n) { n.routing = {{{1}}}; }),
            "simulate_network: class 0: traffic: station must be one from which routing leads out, got 0");
  EXPECT_EQ(refused([](auto& n) { n.routing.resize(3); }),
            "simulate_network: routing must have no matrix, 1, or one for each class (1), got 3");
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
              n.stations[0].service = qsm::Uniform{-1, 1};
            }),
            "simulate_network: lower end of service of station 0 must be >= 0, got -1");
  EXPECT_EQ(refused([](auto& n) { n.stations[0].service = {}; }),
            "simulate_network: service of station 0 must have 1 element or one for each class (1), got 0");
  EXPECT_EQ(refused([](auto& n) { n.stations.clear(); }), "simulate_network: stations must have at least one element");
  EXPECT_EQ(refused([](auto& n) {
              n.classes[0].interarrival.reset();
              n.classes[0].population = 2;
              n.stations[0].service = Deterministic{0};
            }),
            "simulate_network: mean time of a round of class 0 must be > 0, got 0");
  EXPECT_EQ(
      refused([](auto& n) {
        n.classes[0].interarrival.reset();
        n.classes[0].population = 2;
        n.stations[0].capacity = 1;
      }),
      "simulate_network: capacity of station 0 must be infinity on the way of a closed class, or blocking, or the "
      "class needs a think_time, got 1");
  EXPECT_EQ(refused([](auto& n) { n.stations[0].jockeying = 2; }),
            "simulate_network: jockeying of station 0 needs a queue of its own for each server: dispatch random, "
            "round_robin or shortest");
  EXPECT_EQ(refused([](auto& n) { n.stations[0].jockeying = 1; }),
            "simulate_network: jockeying of station 0 must be an integer >= 2, or infinity, got 1");
  EXPECT_EQ(refused([](auto& n) {
              n.stations[0].joining = {1, 1.5};
            }),
            "simulate_network: joining of station 0 must be in [0, 1], got 1.5");
  EXPECT_EQ(refused([](auto& n) {
              n.stations[0].schedule = {{1, 0}};
            }),
            "simulate_network: largest level in schedule of station 0 must be > 0, got 0");
  EXPECT_EQ(refused([](auto& n) {
              n.stations[0].schedule = {{0, 1}};
            }),
            "simulate_network: duration in schedule of station 0 must be finite and > 0, got 0");
  EXPECT_EQ(refused([](auto& n) {
              n.stations[0].rates = {1, 2};
            }),
            "simulate_network: rates of station 0 need the discipline ps");
  EXPECT_EQ(refused([](auto& n) {
              n.stations[0].discipline = Discipline::ps;
              n.stations[0].patience = Exponential{1};
            }),
            "simulate_network: patience of station 0 needs a discipline under which customers wait");
  EXPECT_EQ(refused([](auto& n) {
              n.classes[0].batch = {0.5, 0.6};
            }),
            "simulate_network: sum of batch of class 0 must be 1 within 1e-12, got 1.1");
  EXPECT_EQ(refused([](auto& n) {
              n.stations[0].capacity = 2;
              n.classes[0].present = {3};
            }),
            "simulate_network: sum of present at station 0 must be at most the capacity, got 3");
  EXPECT_EQ(refusal([&] { good.simulate({.passages = 0}); }),
            "simulate_network: passages must be an integer >= 1, got 0");
  EXPECT_EQ(refusal([&] { good.simulate({.duration = -1}); }), "simulate_network: duration must be > 0, got -1");
  const auto seen = good.simulate({.passages = 10, .warmup = 0, .replications = 2});
  EXPECT_EQ(refusal([&] { seen.response_cdf(1, 1); }),
            "response_cdf: customer_class must be < number of classes, got 1");
  EXPECT_EQ(refused([](auto& n) { n.stations[0].batch_size = 1.5; }),
            "simulate_network: batch_size of station 0 must be an integer >= 1, got 1.5");
  EXPECT_EQ(refused([](auto& n) { n.stations[0].batch_least = 2; }),
            "simulate_network: batch_least of station 0 must be at most batch_size, got 2");
  EXPECT_EQ(refused([](auto& n) {
              n.stations[0].batch_size = 2;
              n.stations[0].discipline = Discipline::srpt;
            }),
            "simulate_network: batches of station 0 need a discipline under which customers wait and nobody makes way: "
            "fcfs, lcfs, random, priority, edf or sjf");
  EXPECT_EQ(refused([](auto& n) {
              n.stations[0].batch_setup = Exponential{1};
              n.stations[0].blocking = true;
            }),
            "simulate_network: batches of station 0 need a network in which no station blocks");
  EXPECT_EQ(refused([](auto& n) { n.stations[0].renege_to = {0}; }),
            "simulate_network: renege_to of station 0 needs a law of patience");
  const auto renege = [&](std::vector<double> to, double patience = 1) {
    return refused([&](auto& n) {
      n.stations.push_back({.service = Exponential{9}});
      n.routing = {{{0, 0}, {0, 1}}};
      n.stations[0].patience = Deterministic{patience};
      n.stations[0].renege_to = to;
    });
  };
  EXPECT_EQ(renege({0}), "simulate_network: renege_to of station 0 must have as many elements as stations, 2, got 1");
  EXPECT_EQ(renege({0.5, 0}), "simulate_network: renege_to of station 0 at the station itself must be 0, got 0.5");
  EXPECT_EQ(renege({0, 1.5}), "simulate_network: renege_to of station 0 must be in [0, 1], got 1.5");
  EXPECT_EQ(renege({0.75, 0.75}), "simulate_network: sum of renege_to of station 0 must be at most 1, got 1.5");
  EXPECT_EQ(renege({0, 1}, 0), "simulate_network: mean of patience where some go on must be finite and > 0, got 0");
  EXPECT_EQ(
      renege({0, 1}),
      "simulate_network: renege_to of station 0: class 0: traffic: station must be one from which routing leads out, "
      "got 1");
  EXPECT_EQ(refusal([&] { seen.replayed(20); }), "replayed: replication must be < number of replications, got 20");
  EXPECT_EQ(refusal([&] { good.replay({{2, 1}}); }), "replay_network: arrival_times must be never falling, got 1");
  EXPECT_EQ(refusal([&] { good.replay({}); }), "replay_network: arrival_times must have at least one element");
  EXPECT_EQ(refusal([&] {
              good.replay({{1}, {1}});
            }),
            "replay_network: customer_classes must be the number of an open class, got 1");
  EXPECT_EQ(refusal([&] {
              good.replay({{1}, {}, {{1, 1}}});
            }),
            "replay_network: service_times must have 1 rows and 1 columns, got 1 and 2");
}

TEST(network, says_why_it_is_not_solved) {
  const auto refused = [&](auto&& spoil) {
    Network network{{{.name = "web", .service = Exponential{2}}, {.service = Exponential{3}}},
                    {{.name = "users", .interarrival = Exponential{1}}}};
    spoil(network);
    return refusal([&] { network.solve(); });
  };
  const std::string own = "solve_network: ", end = " to be solved; simulate_network takes every network";
  EXPECT_EQ(refused([](auto& n) { n.stations[0].service = Deterministic{0.5}; }),
            own + "station web must have exponential service under fcfs, lcfs or random" + end);
  EXPECT_EQ(refused([](auto& n) { n.stations[1].discipline = Discipline::srpt; }),
            own + "station 1 must be fcfs, lcfs, random, ps, lcfs_preemptive or delay" + end);
  EXPECT_EQ(refused([](auto& n) { n.stations[0].capacity = 3; }),
            own + "station web must have infinite capacity" + end);
  EXPECT_EQ(refused([](auto& n) { n.stations[0].patience = Exponential{1}; }),
            own + "station web must have patient customers, without patience" + end);
  EXPECT_EQ(refused([](auto& n) {
              n.stations[0].schedule = {{1, 1}};
            }),
            own + "station web must have its servers all the time, without a schedule" + end);
  EXPECT_EQ(refused([](auto& n) { n.classes[0].interarrival = Deterministic{1}; }),
            own + "class users must arrive as a Poisson process" + end);
  EXPECT_EQ(refused([](auto& n) { n.classes[0].batch = {0, 1}; }), own + "class users must arrive one by one" + end);
  Network network{{{.service = Exponential{2}}}, {{.interarrival = Exponential{1}}}};
  EXPECT_EQ(refusal([&] { network.solve("quick"); }),
            "solve_network: method must be exact, mva, schweitzer or linearizer, got quick");
}

TEST(network, says_where_there_is_no_limit) {
  const auto network = one_station(Exponential{1}, Discipline::ps, 1.1);
  EXPECT_FALSE(network.simulate({.passages = 100, .warmup = 0, .replications = 2}).stable());
  EXPECT_FALSE(network.solve().stable);
}

}  // namespace
