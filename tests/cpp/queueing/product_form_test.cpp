#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/queueing/mmc.hpp>
#include <qsm/queueing/product_form.hpp>

#include "matrices.hpp"

namespace {

using namespace qsm::queueing;
using qsm_test::close;
using qsm_test::golden;
using qsm_test::numbers;
using qsm_test::relative_error;

ProductForm network_of(const qsm_test::Row& row) {
  ProductForm network;
  network.service_times = qsm_test::matrix(row.text("service_times"));
  network.visits = qsm_test::matrix(row.text("visits"));
  const auto servers = numbers(row.text("servers"));
  const auto rates = qsm_test::rows(row.text("rates"));
  for (std::size_t i = 0; i < servers.size(); ++i) network.stations.push_back({"", servers[i], rates[i]});
  const auto population = numbers(row.text("population")), think = numbers(row.text("think_time"));
  const auto arrivals = numbers(row.text("arrival_rate"));
  for (std::size_t r = 0; r < population.size(); ++r)
    network.classes.push_back({"", arrivals[r], population[r], think[r]});
  return network;
}

TEST(product_form, agrees_with_exact_fractions) {
  for (const auto& row : golden("queueing/network.csv")) {
    const auto solution = solve(network_of(row));
    EXPECT_TRUE(close(solution.throughput, numbers(row.text("throughput")), 1e-12, row.where));
    EXPECT_TRUE(
        close(solution.station_number.values, qsm_test::matrix(row.text("station_number")).values, 1e-12, row.where));
    EXPECT_TRUE(close(solution.response_time, numbers(row.text("response_time")), 1e-12, row.where));
    for (const auto& [name, found] : {std::pair{"station_sojourn_time", solution.station_sojourn_time},
                                      {"station_residence_time", solution.station_residence_time},
                                      {"station_utilization", solution.station_utilization}})
      EXPECT_TRUE(close(found.values, qsm_test::matrix(row.text(name)).values, 1e-12, row.where + " " + name));
  }
}

TEST(product_form, jackson_agrees_with_50_digits) {
  for (const auto& row : golden("queueing/jackson.csv")) {
    const auto solution = jackson(numbers(row.text("arrival_rates")), qsm_test::matrix(row.text("routing")),
                                  numbers(row.text("service_rates")), numbers(row.text("servers")));
    EXPECT_TRUE(close(solution.station_throughput.values, numbers(row.text("station_throughput")), 1e-13, row.where));
    EXPECT_TRUE(close(solution.station_number.values, numbers(row.text("station_number")), 1e-12, row.where));
    EXPECT_LT(relative_error(solution.response_time[0], row["response_time"]), 1e-12);
  }
}

TEST(product_form, buzens_constants) {  // G. Bolch and others, ex. 8.1
  ProductForm network{{{"", 2}, {"", 3}, {"", 1}}, {{}}, {{1 / .8}, {1 / .6}, {1 / .4}}, {{1}, {.667}, {.2}}};
  const double printed[] = {2.861666667, 4.219568056, 4.46789839};
  for (int n = 1; n <= 3; ++n) {
    network.classes[0].population = n;
    EXPECT_LT(relative_error(std::exp(solve(network).log_normalization), printed[n - 1]), 3e-9);
  }
}

TEST(product_form, many_servers_where_mean_value_analysis_in_doubles_breaks_down) {
  for (const auto& [population, response] : {std::pair{70.0, 25.0}, {90.0, 35.0}, {1e4, 4990.0}}) {
    const auto solution = closed_mva({{4}}, {{population}}, {10}, {8});
    EXPECT_LT(relative_error(solution.response_time[0], response), 1e-12);
    EXPECT_LT(relative_error(solution.throughput[0], 2), 1e-12);
  }
  // A thousand servers for three thousand thinkers, against the birth-death chain.
  const auto large = closed_mva({{100}}, {{3000}}, {200}, {1000});
  double log_weight = -1216;  // of the empty station, relative to the likely numbers
  double total = 0;
  double mean = 0;
  for (int n = 0; n <= 3000; ++n) {
    total += std::exp(log_weight);
    mean += n * std::exp(log_weight);
    log_weight += std::log((3000.0 - n) / 200 / (std::min(n + 1, 1000) / 100.0));
  }
  EXPECT_LT(relative_error(large.mean_number[0], mean / total), 1e-11);
}

ProductForm random_network(std::uint64_t seed, bool single) {
  const qsm::Stream stream(seed);
  std::vector<double> u(64);
  stream.uniforms(0, u);
  std::size_t next = 0;
  const auto draw = [&] { return u[next++]; };
  const auto pick = [&](double most) { return std::floor(draw() * most); };
  ProductForm network;
  const auto stations = static_cast<std::size_t>(1 + pick(4)), classes = static_cast<std::size_t>(1 + pick(3));
  for (std::size_t i = 0; i < stations; ++i) {
    const double kind = draw();
    network.stations.push_back({"", kind < .2 ? INFINITY : kind < .6 || single ? 1 : 2 + pick(5)});
  }
  network.service_times = Matrix(stations, classes);
  for (auto& time : network.service_times.values) time = .01 + draw();
  for (std::size_t r = 0; r < classes; ++r) network.classes.push_back({"", 0, 1 + pick(6), 3 * draw()});
  return network;
}

// The twin: recursion over mean values against convolution of distributions.
TEST(product_form, mean_value_analysis_agrees_with_convolution) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto network = random_network(seed, true);
    const auto one = solve(network, "mva"), other = solve(network);
    ASSERT_TRUE(close(one.throughput, other.throughput, 1e-12, "seed " + std::to_string(seed)));
    ASSERT_TRUE(close(one.station_number.values, other.station_number.values, 1e-11, "seed " + std::to_string(seed)));
  }
}

TEST(product_form, conserves_customers_and_obeys_little) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto network = random_network(seed, false);
    const auto solution = solve(network);
    for (std::size_t r = 0; r < network.classes.size(); ++r) {
      const auto& kind = network.classes[r];
      ASSERT_NEAR(solution.mean_number[r] + solution.throughput[r] * kind.think_time, kind.population,
                  1e-11 * kind.population);
      ASSERT_NEAR(solution.throughput[r] * solution.response_time[r], solution.mean_number[r], 1e-12 * kind.population);
    }
    for (std::size_t i = 0; i < network.stations.size(); ++i) {
      if (std::isinf(network.stations[i].servers)) continue;
      double busy = 0;
      for (std::size_t r = 0; r < network.classes.size(); ++r) busy += solution.station_utilization(i, r);
      ASSERT_LE(busy, 1 + 1e-14);
    }
  }
}

TEST(product_form, a_class_without_customers_has_no_times) {
  const auto closed = closed_mva({{1, 2}, {3, 4}}, {{5, 0}}, {1, 1});
  const auto idle = jackson({{0, 1}}, {{0, 0}, {0, 0}}, {{2, 3}});
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(closed.station_wait(i, 1), 0);
    EXPECT_EQ(closed.station_sojourn_time(i, 1), 0);
    EXPECT_GE(idle.station_wait(i, 0), 0);
  }
}

TEST(product_form, the_distribution_has_the_solutions_mean) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto network = random_network(seed, false);
    const auto solution = solve(network);
    for (std::size_t i = 0; i < network.stations.size(); ++i) {
      const auto chances = station_distribution(network, i);
      double sum = 0, mean = 0, number = 0;
      for (std::size_t n = 0; n < chances.size(); ++n) {
        sum += chances[n];
        mean += static_cast<double>(n) * chances[n];
      }
      for (std::size_t r = 0; r < network.classes.size(); ++r) number += solution.station_number(i, r);
      ASSERT_NEAR(sum, 1, 1e-13);
      ASSERT_NEAR(mean, number, 1e-11 * number);
    }
  }
}

TEST(product_form, a_lone_open_station_is_mmc) {
  for (const double servers : {1.0, 2.0, 5.0, 40.0}) {
    const auto model = mmc(.9 * servers, 1, servers);
    const auto solution = solve({{{"", servers}}, {{"", .9 * servers}}, {{1}}});
    EXPECT_LT(relative_error(solution.response_time[0], model.mean_sojourn()), 1e-12);
  }
}

TEST(product_form, approximations_come_near) {
  // K. Chandy and D. Neuse 1982, as in LQNS: tolerances of its tests.
  const ProductForm test{{{}}, {{"", 0, 8, 8}, {"", 0, 1}}, {{1, 1}}};
  EXPECT_NEAR(8 - solve(test, "linearizer").mean_number[0], 5.231, 2e-3);
  EXPECT_NEAR(8 - solve(test, "schweitzer").mean_number[0], 5.108, 2e-3);
  const auto lazowska = solve({{{}, {}, {}}, {{"", 0, 3, 15}}, {{.605}, {2.1}, {1.35}}}, "schweitzer");
  EXPECT_NEAR(lazowska.throughput[0], .1510, 5e-5);
  EXPECT_NEAR(lazowska.response_time[0], 4.87, 5e-3);
  EXPECT_TRUE(close(lazowska.station_number.values, {.0973, .4021, .2359}, 1e-3));
  const auto two = solve({{{}, {}}, {{"", 0, 1}, {"", 0, 1}}, {{1, 2}, {3, 4}}}, "schweitzer");
  EXPECT_TRUE(close(two.station_number.values, {.192, .248, .808, .752}, 3e-3));
  double worst_schweitzer = 0, worst_linearizer = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto network = random_network(seed, true);
    const auto truth = solve(network), rough = solve(network, "schweitzer"), fine = solve(network, "linearizer");
    for (std::size_t r = 0; r < truth.throughput.size(); ++r) {
      worst_schweitzer = std::max(worst_schweitzer, relative_error(rough.throughput[r], truth.throughput[r]));
      worst_linearizer = std::max(worst_linearizer, relative_error(fine.throughput[r], truth.throughput[r]));
    }
  }
  EXPECT_LT(worst_schweitzer, .15);
  EXPECT_LT(worst_linearizer, .02);
  EXPECT_LT(worst_linearizer, worst_schweitzer / 4);
}

TEST(product_form, large_populations_approach_the_bottleneck) {
  const ProductForm network{{{}, {}}, {{"", 0, 1e5, 10}}, {{.01}, {.02}}};
  for (const std::string method : {"exact", "mva"})
    EXPECT_LT(relative_error(solve(network, method).throughput[0], 50), 1e-12);
  EXPECT_LT(relative_error(solve(network, "schweitzer").throughput[0], 50), 1e-6);
  const auto two = solve({{{}, {"", 3}}, {{"", 0, 300, 5}, {"", 0, 400, 40}}, {{.02, .05}, {.1, .3}}});
  EXPECT_LT(relative_error(two.mean_number[0] + two.throughput[0] * 5, 300), 1e-11);
  EXPECT_LT(relative_error(two.mean_number[1] + two.throughput[1] * 40, 400), 1e-11);
}

TEST(product_form, derivatives_agree_with_differences) {
  const ProductForm network{{{"", 3}, {"", 2}, {"", 1, {1, 1.5, 1.2}}},
                            {{"", 0, 3, 1}, {"", .7}, {"", 0, 2}},
                            {{1, .5, .3}, {.2, .8, .1}, {.3, .2, .4}},
                            {{1, 2, .5}, {1, 1, 2}, {.5, 1, 1}}};
  ProductForm single = network;
  for (auto& station : single.stations) station = {};
  single.classes[1].arrival_rate = .2;
  const auto check = [](const ProductForm& base, const std::string& method, const std::string& parameter, std::size_t i,
                        std::size_t r) {
    const auto slope = derivative(base, parameter, i, r, method);
    const double step = 1e-5;
    NetworkSolution sides[2];
    for (int side = 0; side < 2; ++side) {
      ProductForm moved = base;
      const double by = side == 0 ? -step : step;
      if (parameter == "service_time") moved.service_times(i, r) += by;
      if (parameter == "visits") moved.visits(i, r) += by;
      if (parameter == "arrival_rate") moved.classes[r].arrival_rate += by;
      if (parameter == "think_time") moved.classes[r].think_time += by;
      sides[side] = solve(moved, method);
    }
    const auto differences = [&](const std::vector<double>& low, const std::vector<double>& high,
                                 const std::vector<double>& exact) {
      for (std::size_t k = 0; k < exact.size(); ++k) EXPECT_NEAR((high[k] - low[k]) / (2 * step), exact[k], 2e-7) << k;
    };
    differences(sides[0].throughput, sides[1].throughput, slope.throughput);
    differences(sides[0].response_time, sides[1].response_time, slope.response_time);
    differences(sides[0].station_number.values, sides[1].station_number.values, slope.station_number.values);
    differences(sides[0].station_sojourn_time.values, sides[1].station_sojourn_time.values,
                slope.station_sojourn_time.values);
    differences(sides[0].station_utilization.values, sides[1].station_utilization.values,
                slope.station_utilization.values);
  };
  for (const auto& [parameter, r] : {std::pair{std::string("service_time"), 0},
                                     {"service_time", 1},
                                     {"visits", 2},
                                     {"arrival_rate", 1},
                                     {"think_time", 0}}) {
    for (std::size_t i = 0; i < 3; ++i) check(network, "exact", parameter, i, static_cast<std::size_t>(r));
    for (const std::string method : {"exact", "mva", "schweitzer", "linearizer"})
      check(single, method, parameter, 0, static_cast<std::size_t>(r));
  }
  // From zero: a station not used so far.
  ProductForm unused = network;
  unused.service_times(0, 1) = 0;
  const double slope = derivative(unused, "service_time", 0, 1).throughput[0];
  unused.service_times(0, 1) = 1e-6;
  const double moved = solve(unused).throughput[0];
  unused.service_times(0, 1) = 0;
  EXPECT_NEAR(slope, (moved - solve(unused).throughput[0]) / 1e-6, 1e-5);
}

TEST(product_form, overload_from_outside_is_an_answer) {
  const ProductForm network{{{}, {}}, {{"", 2}, {"", 0, 3, 1}}, {{.6, .1}, {.1, .1}}};
  const auto solution = solve(network);
  EXPECT_FALSE(solution.stable);
  EXPECT_TRUE(std::isinf(solution.response_time[0]));
  EXPECT_EQ(solution.throughput[1], 0);
  EXPECT_EQ(solution.mean_number[1], 3);
  EXPECT_TRUE(std::isinf(solution.response_time[1]));
  EXPECT_LT(relative_error(solution.station_sojourn_time(1, 0), .1 / .8), 1e-14);
  EXPECT_FALSE(jackson({{1}}, Matrix{{0}}, {{1}}).stable);
}

TEST(product_form, visits_satisfy_the_traffic_equations) {
  const auto ratios = visit_ratios({{0, .3, .7}, {.5, 0, .5}, {.2, .8, 0}});
  EXPECT_TRUE(close(ratios, {1, .86 / .6, .7 + .5 * .86 / .6}, 1e-14));
  EXPECT_TRUE(close(visit_ratios({{0, 1, 0}, {1, 0, 0}, {1, 0, 0}}), {1, 1, 0}, 1e-15));
  EXPECT_TRUE(close(visit_ratios({{.5, .5}, {1, 0}}), {1, .5}, 1e-15));
  EXPECT_TRUE(close(traffic({{1, 0, 0}}, {{0, 0, 0}, {0, 0, 1}, {0, 1, 0}}), {1, 0, 0}, 1e-15));
}

std::string message(auto&& call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(product_form, refuses_what_is_out_of_range) {
  const std::vector<double> one{1};
  EXPECT_EQ(message([&] {
              jackson({{1, 1}}, {{0, .5}, {.7, .5}}, {{1, 1}});
            }),
            "traffic: sum of row 1 of routing must be <= 1, got 1.2");
  EXPECT_EQ(message([&] {
              jackson({{1, 1}}, {{0, 1}, {1, 0}}, {{1, 1}});
            }),
            "traffic: station must be one from which routing leads out, got 0");
  EXPECT_EQ(message([&] {
              visit_ratios({{0, .5}, {1, 0}});
            }),
            "visit_ratios: sum of row 0 of routing must be 1 within 1e-12, got 0.5");
  EXPECT_EQ(message([&] {
              visit_ratios({{0, 1}, {0, 1}});
            }),
            "visit_ratios: station must be one from which routing leads back to station 0, got 1");
  EXPECT_NE(message([&] { jackson(one, Matrix{{-.1}}, one); }), "");
  EXPECT_NE(message([&] { jackson(one, Matrix{{0}}, {{0}}); }), "");
  EXPECT_NE(message([&] { jackson(one, Matrix{{0}}, one, {1.5}); }), "");
  EXPECT_NE(message([&] { jackson(one, Matrix{{0, 0}, {0, 0}}, one); }), "");
  EXPECT_EQ(message([&] {
              closed_mva({{1}, {-1}}, one);
            }),
            "closed_mva: service_times of station 1, class 0 must be finite and >= 0, got -1");
  EXPECT_EQ(message([&] { closed_mva({{1}}, {{2.5}}); }), "closed_mva: population must be an integer >= 0, got 2.5");
  EXPECT_EQ(message([&] { closed_mva({{0}}, one); }), "solve: time of a round of class 0 must be > 0, got 0");
  EXPECT_NE(message([&] { closed_mva({{1, 1}}, one); }), "");
  EXPECT_NE(message([&] { closed_mva({{1}}, one, {{1, 2}}); }), "");
  EXPECT_NE(message([&] { closed_mva({{1, 1, 1}}, {{1e5, 1e5, 1e5}}); }), "");
  EXPECT_NE(message([&] { solve({{{"", 2}}, {{"", 0, 3}}, {{1}}}, "mva"); }), "");
  EXPECT_NE(message([&] { solve({{{}}, {{"", 1, 3}}, {{1}}}); }), "");
  EXPECT_NE(message([&] { solve({{}, {{"", 1}}, {}}); }), "");
  EXPECT_NE(message([&] { derivative({{{}}, {{"", 0, 3}}, {{1}}}, "service_time", 1, 0); }), "");
  EXPECT_EQ(message([&] {
              solve({{{}}, {{"", 1}}, {{1}}}, "fast");
            }),
            "solve: method must be exact, mva, schweitzer or linearizer, got fast");
  EXPECT_THROW((Matrix{{1, 2}, {3}}), std::invalid_argument);
}

}  // namespace
