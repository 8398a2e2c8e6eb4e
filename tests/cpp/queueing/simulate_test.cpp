#include <cmath>
#include <limits>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/core/distributions/hyperexponential.hpp>
#include <qsm/core/distributions/lognormal.hpp>
#include <qsm/core/distributions/uniform.hpp>
#include <qsm/core/interval.hpp>
#include <qsm/queueing/mmc.hpp>
#include <qsm/queueing/simulate.hpp>

namespace {

using qsm::Deterministic;
using qsm::Distribution;
using qsm::Erlang;
using qsm::Estimate;
using qsm::Exponential;
using qsm::Hyperexponential;
using qsm::Uniform;
using qsm::queueing::replay;
using qsm::queueing::simulate;
using qsm::queueing::SimulationOptions;
using qsm::queueing::StationSimulation;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double replications = 40;

// |z| < 4, and an interval so narrow (0.25 %) that a bias of 1 % is at z = 8.
void expect_twin(const Estimate& estimate, double truth, const char* what, double width = 0.0025) {
  const double error = estimate.half_width() / qsm::student_quantile(0.975, replications - 1);
  EXPECT_LT(std::abs(estimate.value - truth), 4 * error) << what << ": " << estimate.value << ", theory " << truth;
  EXPECT_LT(estimate.half_width(), width * truth) << what;
}

double erlang_c(int servers, double load) {  // by the recursion of Erlang B
  double blocking = 1;
  for (int k = 1; k <= servers; ++k) blocking = load * blocking / (k + load * blocking);
  return blocking / (1 - load / servers * (1 - blocking));
}

StationSimulation mmc(int servers, double utilization, double customers) {
  return simulate(Exponential{utilization * servers}, Exponential{1}, servers, infinity,
                  {.customers = customers, .replications = replications});
}

// Those that all customers contribute to, waiting or not.
void expect_flows(const StationSimulation& station, double load) {
  const double servers = station.servers();
  const double delay = erlang_c(static_cast<int>(servers), load), rate = servers - load;
  expect_twin(station.probability_wait(), delay, "probability of waiting");
  expect_twin(station.mean_sojourn(), delay / rate + 1, "mean sojourn");
  expect_twin(station.mean_number(), load * delay / rate + load, "mean number");
  expect_twin(station.utilization(), load / servers, "utilization");
  expect_twin(station.arrival_rate(), load, "arrival rate");
  expect_twin(station.throughput(), load, "throughput");
  expect_twin(station.service_rate(), 1, "service rate");
  EXPECT_EQ(station.probability_blocked().value, 0);
  EXPECT_TRUE(station.stable());
}

void expect_waits(const StationSimulation& station, double load) {
  const double delay = erlang_c(static_cast<int>(station.servers()), load), rate = station.servers() - load;
  expect_twin(station.mean_wait(), delay / rate, "mean wait");
  expect_twin(station.mean_queue_length(), load * delay / rate, "mean queue length");
  expect_twin(station.wait_cdf(1 / rate), 1 - delay * std::exp(-1), "distribution of wait");
  expect_twin(station.wait_quantile(0.9), std::log(delay / 0.1) / rate, "90th percentile of wait", 0.004);
  expect_twin(station.wait_quantile(0.99), std::log(delay / 0.01) / rate, "99th percentile of wait", 0.004);
}

TEST(simulate, mm1_is_the_closed_form) {
  const StationSimulation station = mmc(1, 0.6, 1.25e6);
  expect_flows(station, 0.6);
  expect_waits(station, 0.6);
  expect_twin(station.sojourn_quantile(0.99), std::log(100.0) / 0.4, "99th percentile of sojourn", 0.004);
  expect_twin(station.sojourn_cdf(1), 1 - std::exp(-0.4), "distribution of sojourn");
}

TEST(simulate, mm3_is_erlang_c) {
  const StationSimulation station = mmc(3, 0.7, 2.4e6);
  expect_flows(station, 2.1);
  expect_waits(station, 2.1);
}

TEST(simulate, mm20_is_erlang_c) { expect_flows(mmc(20, 0.8, 1.6e6), 16); }

TEST(simulate, mg1_is_pollaczek_khinchine) {
  const double rate = 0.5;
  for (const Distribution& service :
       {Distribution(Deterministic{1}), Distribution(Erlang{4, 4}), Distribution(Uniform{0, 2}),
        Distribution(Hyperexponential{{0.3, 0.7}, {0.5, 1.75}})}) {
    ASSERT_NEAR(service.mean(), 1, 1e-14);
    const StationSimulation station = simulate(Exponential{rate}, service, 1, infinity,
                                               {.customers = 8e5, .replications = replications, .sojourns = false});
    expect_twin(station.mean_wait(), rate * (1 + service.scv()) / (2 * (1 - rate)), service.describe().c_str());
    expect_twin(station.probability_wait(), rate, "probability of waiting");
  }
}

TEST(simulate, md1_has_crommelins_distribution) {
  // P(W <= t), service 1, utilization 0.8 (sixty-digit evaluation of Crommelin's sum).
  const StationSimulation station = simulate(Exponential{0.8}, Deterministic{1}, 1, infinity,
                                             {.customers = 5e5, .replications = replications, .sojourns = false});
  expect_twin(station.wait_cdf(1), 0.44510818569849, "t = 1");
  expect_twin(station.wait_cdf(2), 0.63451993632023, "t = 2");
  expect_twin(station.wait_cdf(5), 0.8995027617536, "t = 5");
  expect_twin(station.wait_cdf(10), 0.98834289173499, "t = 10");
}

TEST(simulate, dm1_is_geometric) {
  const double spacing = 1 / 0.7;
  double sigma = 0.5;  // σ = exp(-(1 - σ)/ρ), by iteration
  for (int i = 0; i < 200; ++i) sigma = std::exp(-(1 - sigma) * spacing);
  ASSERT_NEAR(sigma, 0.466996422218419, 1e-14);
  const StationSimulation station = simulate(Deterministic{spacing}, Exponential{1}, 1, infinity,
                                             {.customers = 1e6, .replications = replications, .sojourns = false});
  expect_twin(station.mean_wait(), sigma / (1 - sigma), "mean wait");
  expect_twin(station.probability_wait(), sigma, "probability of waiting");
  expect_twin(station.wait_quantile(0.95), std::log(sigma / 0.05) / (1 - sigma), "95th percentile of wait");
}

TEST(simulate, mm3_with_room_for_ten_is_a_birth_and_death_process) {
  for (const double load : {2.4, 4.5}) {
    std::vector<double> p(11, 1);
    double sum = 1;
    for (int n = 1; n <= 10; ++n)
      sum += p[static_cast<std::size_t>(n)] = p[static_cast<std::size_t>(n - 1)] * load / std::min(n, 3);
    double number = 0, waiting = 0;
    for (int n = 0; n <= 10; ++n) {
      p[static_cast<std::size_t>(n)] /= sum;
      number += n * p[static_cast<std::size_t>(n)];
      waiting += std::max(n - 3, 0) * p[static_cast<std::size_t>(n)];
    }
    const double admitted = load * (1 - p[10]);
    const StationSimulation station =
        simulate(Exponential{load}, Exponential{1}, 3, 10, {.customers = 1e6, .replications = replications});
    expect_twin(station.mean_wait(), waiting / admitted, "mean wait");
    expect_twin(station.mean_number(), number, "mean number");
    expect_twin(station.throughput(), admitted, "throughput");
    expect_twin(station.probability_wait(), 1 - (p[0] + p[1] + p[2]) / (1 - p[10]), "probability of waiting");
    expect_twin(station.probability_blocked(), p[10], "probability of blocking", 0.005);
    EXPECT_TRUE(station.stable());
  }
}

TEST(simulate, does_not_depend_on_the_number_of_threads) {
  const auto on = [](int threads) {  // long enough for each thread to get its share
    return simulate(Exponential{1.8}, Erlang{2, 2}, 2, infinity,
                    {.customers = 200000, .replications = 7, .threads = threads});
  };
  const StationSimulation one = on(1);
  for (const int threads : {2, 5}) {
    const StationSimulation many = on(threads);
    EXPECT_EQ(one.warmup(), many.warmup());
    EXPECT_EQ(one.mean_wait().value, many.mean_wait().value);
    EXPECT_EQ(one.mean_wait().high, many.mean_wait().high);
    EXPECT_EQ(one.sojourn_quantile(0.99).value, many.sojourn_quantile(0.99).value);
  }
  EXPECT_EQ(one.mean_wait().method, "7 replications of 2e+05 customers, t, 95 %");
}

TEST(simulate, warmup_grows_with_congestion) {
  const auto warmup = [](double utilization) {
    return simulate(Exponential{utilization}, Exponential{1}, 1, infinity, {.customers = 20000}).warmup();
  };
  EXPECT_GE(warmup(0.3), 200);
  EXPECT_LT(warmup(0.3), 2000);
  EXPECT_GT(warmup(0.99), 2 * warmup(0.3));
}

TEST(simulate, an_unstable_station_is_an_answer) {
  for (const double load : {2.0, 5.0}) {
    const StationSimulation station = simulate(Exponential{load}, Exponential{1}, 2, infinity, {.customers = 1e15});
    EXPECT_FALSE(station.stable());
    EXPECT_EQ(station.mean_wait().value, infinity);
    EXPECT_EQ(station.mean_wait().high, infinity);
    EXPECT_EQ(station.mean_number().value, infinity);
    EXPECT_EQ(station.wait_quantile(0.5).value, infinity);
    EXPECT_EQ(station.wait_cdf(100).value, 0);
    EXPECT_EQ(station.probability_wait().value, 1);
    EXPECT_EQ(station.utilization().value, 1);
    EXPECT_EQ(station.throughput().value, 2);
  }
  EXPECT_TRUE(simulate(Exponential{5}, Exponential{1}, 2, 2, {.customers = 1000}).stable());
}

TEST(simulate, stops_and_reports) {
  std::stop_source source;
  double reported = 0;
  const qsm::Progress progress{[&](double fraction) {
                                 EXPECT_GE(fraction, reported);
                                 reported = fraction;
                                 if (fraction > 1e-6) source.request_stop();
                               },
                               [&] { return source.stop_requested(); }, 0.001};
  EXPECT_THROW(simulate(Exponential{0.5}, Exponential{1}, 1, infinity,
                        {.customers = 1e10, .warmup = 0, .threads = 2, .progress = progress}),
               qsm::Interrupted);
  EXPECT_GT(reported, 0);
  EXPECT_LT(reported, 0.001);
}

TEST(simulate, what_the_report_throws_ends_it_at_once) {
  const qsm::Progress progress{.report = [](double) { throw std::runtime_error("from the report"); },
                               .interval = 0.001};
  try {
    simulate(Exponential{0.5}, Exponential{1}, 1, infinity,
             {.customers = 1e10, .warmup = 0, .threads = 2, .progress = progress});
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()), "from the report");
  }
}

// How much the square of the half-width falls; the bounds below leave room for the noise of a hundred replications.
double variance_cut(const Distribution& interarrival, const Distribution& service, double servers, double capacity) {
  SimulationOptions options{.customers = 10000, .replications = 100, .warmup = 2000, .sojourns = false};
  const Estimate plain = simulate(interarrival, service, servers, capacity, options).mean_wait();
  options.control_variate = true;
  const Estimate sharp = simulate(interarrival, service, servers, capacity, options).mean_wait();
  options = {.customers = 2e5, .replications = 20, .seed = 77, .sojourns = false};
  const Estimate wait = simulate(interarrival, service, servers, capacity, options).mean_wait();
  EXPECT_LT(std::abs(sharp.value - wait.value), 4 * (sharp.half_width() + wait.half_width()) / 2)
      << service.describe() << ": " << sharp.value << ", without a twin " << wait.value;
  EXPECT_EQ(sharp.method, "100 replications of 10000 customers, t, 95 %, control variate");
  const double ratio = plain.half_width() / sharp.half_width();
  return ratio * ratio;
}

TEST(simulate, a_twin_sharpens_the_means) {
  const Exponential arrivals{2.8};
  EXPECT_GT(variance_cut(arrivals, Erlang{2, 2}, 4, infinity), 5);
  EXPECT_GT(variance_cut(arrivals, qsm::lognormal(-std::log(2.0) / 2, std::sqrt(std::log(2.0))), 4, infinity), 5);
  EXPECT_GT(variance_cut(arrivals, qsm::hyperexponential_balanced(1, 2), 4, infinity), 3);
  EXPECT_GT(variance_cut(Erlang{2, 5.6}, Exponential{1}, 4, infinity), 5);
  EXPECT_GT(variance_cut(Exponential{4}, Erlang{2, 2}, 4, 10), 3);
  EXPECT_GT(variance_cut(arrivals, Deterministic{1}, 4, infinity), 1.1);  // an atom, with nothing shared but arrivals
}

TEST(simulate, a_twin_of_its_own_kind_gives_the_closed_form) {
  const auto station = simulate(Exponential{2.1}, Exponential{1}, 3, infinity,
                                {.customers = 5000, .replications = 5, .control_variate = true});
  const double delay = erlang_c(3, 2.1);
  EXPECT_NEAR(station.mean_wait().value, delay / 0.9, 1e-12);
  EXPECT_NEAR(station.mean_sojourn().value, delay / 0.9 + 1, 1e-12);
  EXPECT_NEAR(station.mean_queue_length().value, 2.1 * delay / 0.9, 1e-12);
  EXPECT_NEAR(station.mean_number().value, 2.1 * delay / 0.9 + 2.1, 1e-12);
  EXPECT_NEAR(station.probability_wait().value, delay, 1e-12);
  EXPECT_NEAR(station.utilization().value, 0.7, 1e-12);
  EXPECT_NEAR(station.throughput().value, 2.1, 1e-12);
  EXPECT_NEAR(station.arrival_rate().value, 2.1, 1e-12);
  EXPECT_NEAR(station.service_rate().value, 1, 1e-12);
  EXPECT_EQ(station.probability_blocked().value, 0);
  EXPECT_LT(station.mean_wait().half_width(), 1e-9);
  EXPECT_EQ(station.wait_quantile(0.9).method, "5 replications of 5000 customers, t, 95 %");
}

TEST(simulate, messages_name_the_function_that_was_called) {
  const auto message = [](auto&& call) {
    try {
      call();
    } catch (const std::domain_error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  const Exponential law{1};
  const std::vector<double> one = {1};
  EXPECT_EQ(message([&] { simulate(law, law, 0); }), "simulate: servers must be an integer >= 1, got 0");
  EXPECT_EQ(message([&] { simulate(law, law, 2, 1); }),
            "simulate: capacity must be an integer >= servers, or infinity, got 1");
  EXPECT_EQ(message([&] { replay(one, one, 0.5); }), "replay: servers must be an integer >= 1, got 0.5");
  EXPECT_EQ(message([&] { replay(one, one, 2, 1); }),
            "replay: capacity must be an integer >= servers, or infinity, got 1");
  EXPECT_EQ(message([&] { simulate(law, law, 2, infinity, {.warmup = -2}); }),
            "simulate: warmup must be an integer >= 0, or -1 to find one by MSER, got -2");
  EXPECT_EQ(message([&] { qsm::queueing::servers_for_wait_in_simulation(law, law, 1, 0.5, {.customers = 0.5}); }),
            "servers_for_wait_in_simulation: customers must be an integer >= 1, got 0.5");
  EXPECT_EQ(message([&] { simulate(law, law, 2, infinity, {.replications = 2, .control_variate = true}); }),
            "simulate: replications must be >= 3 with control_variate, got 2");
  // One server, no room to wait, and the only customer that counts comes while the first is served.
  EXPECT_EQ(message([&] { simulate(Exponential{1}, Deterministic{1e9}, 1, 1, {.customers = 1, .warmup = 1}); }),
            "simulate: customers must be so many that each replication admits one: in one, all were turned away, "
            "got 1");
}

TEST(simulate, refuses_bad_input) {
  const Exponential law{1};
  const auto with = [&](SimulationOptions options) { simulate(law, Exponential{2}, 1, infinity, options); };
  EXPECT_THROW(with({.customers = 0}), std::domain_error);
  EXPECT_THROW(with({.customers = 10.5}), std::domain_error);
  EXPECT_THROW(with({.replications = 0}), std::domain_error);
  EXPECT_THROW(with({.warmup = -2}), std::domain_error);
  EXPECT_THROW(with({.threads = -1}), std::domain_error);
  EXPECT_THROW(with({.confidence = 1}), std::domain_error);
  EXPECT_THROW(simulate(law, law, 0), std::domain_error);
  EXPECT_THROW(simulate(law, law, 1.5), std::domain_error);
  EXPECT_THROW(simulate(law, law, 2, 1), std::domain_error);
  EXPECT_THROW(simulate(Uniform{-1, 2}, law, 2), std::domain_error);
  const StationSimulation station =
      simulate(law, Exponential{2}, 1, infinity, {.customers = 100, .replications = 2, .sojourns = false});
  EXPECT_THROW(station.sojourn_quantile(0.5), std::invalid_argument);
  EXPECT_THROW(station.wait_quantile(1.5), std::domain_error);
  EXPECT_THROW(station.wait_cdf(-1), std::domain_error);
}

TEST(replay, a_trace_by_hand) {
  // Two servers, room for three. Arrivals 0, 1, 1, 2, 6 with services 4, 4, 2, 9, 1:
  // served at 0, 1, and 4 (a wait of 3, until 6); the fourth finds three and is turned away; the fifth begins at 6.
  const std::vector<double> arrivals = {0, 1, 1, 2, 6}, services = {4, 4, 2, 9, 1};
  const StationSimulation station = replay(arrivals, services, 2, 3);
  EXPECT_EQ(station.mean_wait().value, 3.0 / 4);
  EXPECT_EQ(station.mean_wait().low, station.mean_wait().high);
  EXPECT_EQ(station.mean_wait().method, "replay");
  EXPECT_EQ(station.mean_sojourn().value, (3.0 + 11) / 4);
  EXPECT_EQ(station.probability_blocked().value, 1.0 / 5);
  EXPECT_EQ(station.probability_wait().value, 1.0 / 4);
  EXPECT_EQ(station.arrival_rate().value, 5.0 / 7);  // the last departure is at 7
  EXPECT_EQ(station.throughput().value, 4.0 / 7);
  EXPECT_EQ(station.utilization().value, 11.0 / 14);
  EXPECT_EQ(station.mean_queue_length().value, 3.0 / 7);
  EXPECT_EQ(station.mean_number().value, 14.0 / 7);
  EXPECT_EQ(station.wait_cdf(2.999).value, 3.0 / 4);
  EXPECT_EQ(station.wait_cdf(3).value, 1);
  EXPECT_EQ(station.wait_quantile(0.75).value, 0);
  EXPECT_EQ(station.wait_quantile(0.76).value, 3);
  EXPECT_EQ(station.sojourn_quantile(1).value, 5);
  EXPECT_EQ(station.sojourn_cdf(4).value, 3.0 / 4);
}

TEST(replay, shifting_the_clock_changes_nothing) {
  const std::vector<double> arrivals = {0, 0.5, 1, 2.25}, services = {1, 1, 1, 1};
  std::vector<double> later = arrivals;
  for (double& time : later) time += 1700000000;
  EXPECT_EQ(replay(arrivals, services, 1).mean_wait().value, replay(later, services, 1).mean_wait().value);
}

TEST(replay, one_customer_and_no_time) {
  const std::vector<double> at = {5}, nothing = {0};
  const StationSimulation station = replay(at, nothing, 1);
  EXPECT_EQ(station.mean_wait().value, 0);
  EXPECT_EQ(station.mean_number().value, 0);
  EXPECT_EQ(station.utilization().value, 0);
}

TEST(replay, refuses_bad_traces) {
  const auto message = [](std::vector<double> arrivals, std::vector<double> services) {
    try {
      replay(arrivals, services, 1);
    } catch (const std::logic_error& error) {  // domain_error and invalid_argument
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(message({0, 2, 1}, {1, 1, 1}), "replay: arrival_times[2] must be >= the one before it, 2, got 1");
  EXPECT_EQ(message({0, NAN}, {1, 1}), "replay: arrival_times[1] must be finite, got nan");
  EXPECT_EQ(message({0, 1}, {1, -1}), "replay: service_times[1] must be finite and >= 0, got -1");
  EXPECT_EQ(message({0, 1}, {infinity, 1}), "replay: service_times[0] must be finite and >= 0, got inf");
  EXPECT_EQ(message({0, 1}, {1}), "replay: service_times must be as many as arrival_times (2), got 1");
  EXPECT_EQ(message({}, {}), "replay: arrival_times must not be empty");
}

TEST(servers_for_wait, in_a_replay_is_the_first_that_suffices) {
  std::vector<double> arrivals(5000), services(5000);
  Exponential{1}.sample(qsm::Stream(4), 0, arrivals);
  Exponential{0.1}.sample(qsm::Stream(5), 0, services);
  for (std::size_t i = 1; i < arrivals.size(); ++i) arrivals[i] += arrivals[i - 1];
  for (const double wait : {0.0, 1.0, 30.0})
    for (const double probability : {0.0, 0.5, 0.99, 1.0}) {
      const double servers = qsm::queueing::servers_for_wait_in_replay(arrivals, services, wait, probability);
      EXPECT_GE(replay(arrivals, services, servers).wait_cdf(wait).value, probability);
      if (servers > 1) {
        EXPECT_LT(replay(arrivals, services, servers - 1).wait_cdf(wait).value, probability);
      }
    }
  EXPECT_THROW(qsm::queueing::servers_for_wait_in_replay(arrivals, services, -1, 0.5), std::domain_error);
  EXPECT_THROW(qsm::queueing::servers_for_wait_in_replay(arrivals, services, 1, 1.5), std::domain_error);
}

TEST(servers_for_wait, in_a_simulation_matches_erlang_c) {
  // λ = 20, μ = 1, P(W <= 0.1) >= 0.95
  int truth = 21;
  while (erlang_c(truth, 20) * std::exp(-(truth - 20) * 0.1) > 0.05) ++truth;
  const auto found = qsm::queueing::servers_for_wait_in_simulation(Exponential{20}, Exponential{1}, 0.1, 0.95,
                                                                   {.customers = 2e5, .replications = 10});
  EXPECT_EQ(found.servers, truth);
  EXPECT_GE(found.probability.value, 0.95);
  EXPECT_THROW(qsm::queueing::servers_for_wait_in_simulation(Exponential{20}, Exponential{1}, 0.1, 1),
               std::domain_error);
}

TEST(intervals, cover_the_truth_as_often_as_they_say) {
  // 1,000 short runs of M/M/1 at utilization 0.5: the mean wait is 1.
  int covered = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const Estimate wait = simulate(Exponential{0.5}, Exponential{1}, 1, infinity,
                                   {.customers = 2000, .replications = 10, .seed = seed, .sojourns = false})
                              .mean_wait();
    covered += wait.low <= 1 && 1 <= wait.high;
  }
  EXPECT_GE(covered, 930);
  EXPECT_LE(covered, 970);
}

TEST(intervals, a_tail_is_not_too_low_where_replications_are_short) {
  // M/M/1 at 0.9 forgets within about 400 customers, so that a replication sees fifty pieces of the past.
  const double truth = qsm::queueing::mmc(0.9, 1.0, 1.0).wait_quantile(0.99);
  SimulationOptions options;
  options.customers = 20'000;
  int covered = 0;
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    options.seed = seed;
    const auto wait = simulate(Exponential{0.9}, Exponential{1}, 1, infinity, options).wait_quantile(0.99);
    sum += wait.value / truth;
    covered += wait.low <= truth && truth <= wait.high;
  }
  EXPECT_NEAR(sum / 200, 1, 0.02);  // the mean of the replications' own is 4 % too low, and its interval covers 81 %
  EXPECT_GE(covered, 176);
}

}  // namespace
