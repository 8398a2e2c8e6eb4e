#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/hyperexponential.hpp>
#include <qsm/queueing/markovian_queue.hpp>
#include <qsm/queueing/mmc.hpp>
#include <qsm/queueing/simulate.hpp>

#include "matrices.hpp"

namespace {

using namespace qsm::queueing;
using qsm::PhaseType;
using qsm_test::relative_error;

const MarkovianArrivals bursts = markovian_arrivals({{-3, .5}, {.25, -.75}}, {{2.5, 0}, {.125, .375}});
PhaseType exponential_phases(double rate) { return {{1}, {{-rate}}}; }
PhaseType erlang3(double rate) { return {{1, 0, 0}, {{-rate, rate, 0}, {0, -rate, rate}, {0, 0, -rate}}}; }

TEST(markovian_queue, agrees_with_40_digits) {
  for (const auto& row : qsm_test::golden("queueing/ph_c.csv")) {
    const PhaseType service(qsm_test::numbers(row.text("initial")), qsm_test::rows(row.text("generator")));
    const auto arrivals =
        markovian_arrivals(qsm_test::matrix(row.text("hidden")), qsm_test::matrix(row.text("arriving")));
    const auto queue = map_ph_c(arrivals, service, row["servers"]);
    EXPECT_LT(relative_error(queue.mean_wait(), row["mean_wait"]), 1e-11) << row.where;
    EXPECT_LT(relative_error(queue.probability_wait(), row["probability_wait"]), 1e-11) << row.where;
    EXPECT_LT(relative_error(queue.wait_survival(row["time"]), row["wait_survival"]), 1e-11) << row.where;
    EXPECT_LT(relative_error(queue.mean_sojourn(), row["mean_wait"] + service.mean()), 1e-11) << row.where;
    // The mean by the levels and by the law of the wait: unlike algorithms.
    EXPECT_LT(relative_error(queue.probability_wait() * queue.wait_of_waiting()->mean(), queue.mean_wait()), 1e-11);
    EXPECT_LT(relative_error(queue.sojourn()->mean(), queue.mean_sojourn()), 1e-11);
  }
}

TEST(markovian_queue, butools_map_map_1) {
  const auto queue =
      map_map_1(markovian_arrivals({{-8, 1, 2}, {0, -6, 4}, {3, 0, -3}}, {{4, 1, 0}, {0, 2, 0}, {0, 0, 0}}),
                markovian_arrivals({{-10, 4}, {0, -7}}, {{5, 1}, {4, 3}}));
  EXPECT_LT(relative_error(queue.sojourn()->moment(2), .1314530565761404), 1e-12);  // as BuTools prints it
  int seen = 0;
  for (const auto& row : qsm_test::golden("queueing/matrix_analytic.csv")) {
    if (row.text("model") != "map_map_1") continue;
    const auto& what = row.text("quantity");
    const double value = what == "mean_number"    ? queue.mean_number()
                         : what == "mean_sojourn" ? queue.mean_sojourn()
                         : what.starts_with("p")  ? queue.probability(std::stod(what.substr(12)))
                                                  : queue.sojourn_cdf(.5);
    EXPECT_LT(relative_error(value, row["value"]), 1e-12) << row.where;
    ++seen;
  }
  EXPECT_EQ(seen, 7);
  EXPECT_LT(relative_error(queue.sojourn()->moment(2), .1314530565761404), 1e-12);  // BuTools
  EXPECT_LT(relative_error(queue.sojourn_cdf(queue.sojourn_quantile(.999)), .999), 1e-12);
}

TEST(markovian_queue, is_mmc_where_all_is_exponential) {
  for (const double servers : {1.0, 2.0, 7.0, 50.0})
    for (const double load : {.05, .8, .999}) {
      const auto model = mmc(load * servers * 2, 2, servers);
      const auto queue = map_ph_c(poisson_arrivals(load * servers * 2), exponential_phases(2), servers);
      const double allowed = 1e-13 / (1 - load) * servers;
      EXPECT_LT(relative_error(queue.mean_wait(), model.mean_wait()), allowed);
      EXPECT_LT(relative_error(queue.probability_wait(), model.probability_wait()), allowed);
      EXPECT_LT(relative_error(queue.sojourn_quantile(.99), model.sojourn_quantile(.99)), allowed);
      if (queue.probability_wait() > .01) {
        EXPECT_LT(relative_error(queue.wait_quantile(.999), model.wait_quantile(.999)), 10 * allowed);
      }
    }
}

TEST(markovian_queue, probabilities_sum_to_one_and_obey_little) {
  const auto queue = map_ph_c(bursts, erlang3(4.5), 2);
  double sum = 0, mean = 0;
  for (double n = 0; n < 3000; ++n) {
    sum += queue.probability(n);
    mean += n * queue.probability(n);
  }
  EXPECT_NEAR(sum, 1, 1e-12);
  EXPECT_LT(relative_error(mean, queue.mean_number()), 1e-10);
  EXPECT_EQ(queue.wait_cdf(0), 1 - queue.probability_wait());
  EXPECT_EQ(queue.wait_quantile(.1), 0);
  EXPECT_LT(relative_error(queue.wait_survival(queue.wait_quantile(1 - 1e-9)), 1e-9), 1e-6);
  EXPECT_NEAR(queue.wait_cdf(1.3) + queue.wait_survival(1.3), 1, 1e-14);
  // As many states as its limit allows.
  EXPECT_GT(map_ph_c(poisson_arrivals(60), PhaseType({.5, .5}, {{-1, 0}, {0, -2}}), 70).mean_wait(), 0);
}

// The twin: renewal arrivals and phase-type service in the simulator.
TEST(markovian_queue, agrees_with_its_simulation) {
  const auto law = qsm::hyperexponential_balanced(1.0 / 2.4, 3);
  const PhaseType gaps(law.probabilities, {{-law.rates[0], 0}, {0, -law.rates[1]}});
  const auto model = ph_ph_c(gaps, erlang3(3), 3);
  qsm::queueing::SimulationOptions options;
  options.customers = 4e5;
  options.seed = 11;
  const auto run = simulate(qsm::Distribution(gaps), qsm::Distribution(erlang3(3)), 3, INFINITY, options);
  const auto close = [](const qsm::Estimate& estimate, double truth, double widest) {
    EXPECT_LT(std::abs(estimate.value - truth), 4 * estimate.half_width() / 2.09) << truth;
    EXPECT_LT(estimate.half_width(), widest * truth);
  };
  close(run.mean_wait(), model.mean_wait(), .02);
  close(run.probability_wait(), model.probability_wait(), .01);
  close(run.mean_number(), model.mean_number(), .01);
  EXPECT_LT(relative_error(run.wait_quantile(.99).value, model.wait_quantile(.99)), .03);
}

TEST(markovian_queue, overload_is_an_answer) {
  const auto queue = map_ph_c(poisson_arrivals(2), erlang3(3), 2);
  EXPECT_FALSE(queue.stable());
  EXPECT_TRUE(std::isinf(queue.mean_wait()));
  EXPECT_EQ(queue.probability_wait(), 1);
  EXPECT_EQ(queue.wait_cdf(5), 0);
  EXPECT_TRUE(std::isinf(queue.sojourn_quantile(.5)));
  EXPECT_EQ(queue.probability(3), 0);
}

TEST(markovian_arrivals, moments_and_correlations) {
  const auto process = arrivals_by_moments(.5, 4, .3);
  EXPECT_LT(relative_error(process.rate(), 2), 1e-14);
  EXPECT_LT(relative_error(process.interarrival().variance(), 1), 1e-13);
  EXPECT_LT(relative_error(process.correlation(1), .3), 1e-13);
  EXPECT_LT(relative_error(process.correlation(2), .24), 1e-13);
  EXPECT_LT(relative_error(process.dispersion(), 4 * (1 + 2 * .3 / (1 - .8))), 1e-12);
  EXPECT_LT(std::abs(arrivals_by_moments(.5, 4, 0).correlation(3)), 1e-14);
  EXPECT_LT(relative_error(poisson_arrivals(3).dispersion(), 1), 1e-14);
  EXPECT_LT(relative_error(renewal_arrivals(erlang3(6)).dispersion(), 1.0 / 3), 1e-13);
  // W. Fischer and K. Meier-Hellstern 1993: a two-phase MMPP's dispersion in closed form.
  const auto modulated = modulated_arrivals({{-.5, .5}, {.25, -.25}}, std::vector<double>{5, 1});
  const double rate = (5 * .25 + 1 * .5) / .75;
  EXPECT_LT(relative_error(modulated.rate(), rate), 1e-14);
  EXPECT_LT(relative_error(modulated.dispersion(), 1 + 2 * .5 * .25 * 16 / (.75 * .75 * .75 * rate)), 1e-13);
}

TEST(markovian_arrivals, by_moments_that_alternate_or_vary_little) {
  for (const auto& [scv, correlation] :
       {std::pair{1.0, -.3}, {.5, .4}, {.3, -.6}, {4.0, -.1}, {1.0, .5}, {.2, 0.0}, {9.0, -.1}}) {
    const auto process = arrivals_by_moments(2, scv, correlation);
    EXPECT_LT(relative_error(process.rate(), .5), 1e-12);
    const auto law = process.interarrival();
    EXPECT_LT(relative_error(law.mean(), 2), 1e-12);
    EXPECT_LT(relative_error(law.variance(), 4 * scv), 1e-10) << scv;
    EXPECT_NEAR(process.correlation(), correlation, 1e-11) << scv;
    EXPECT_LE(std::abs(process.correlation(2)), std::abs(correlation) + 1e-11);
  }
  // Who comes at alternating distances waits less than who comes at the same distances in any order.
  const auto service = qsm::exponential(.8);
  EXPECT_LT(map_ph_c(arrivals_by_moments(2, .5, -.5), service).mean_wait(),
            map_ph_c(arrivals_by_moments(2, .5, 0), service).mean_wait());
}

TEST(markovian_queue, refuses_what_is_out_of_range) {
  EXPECT_THROW(map_ph_c(poisson_arrivals(1), qsm::exponential(1), 1e15), std::domain_error);
  EXPECT_THROW(map_ph_c(poisson_arrivals(1), PhaseType({1, 0}, {{-1, 1}, {0, -1}}), 2000),
               std::domain_error);  // 64 GB of matrices
  const auto message = [](auto&& call) -> std::string {
    try {
      call();
    } catch (const std::exception& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message([] {
              markovian_arrivals({{-1, .5}, {1, -1}}, {{.5, 0}, {0, .5}});
            }),
            "markovian_arrivals: sum of row 1 of hidden + arriving must be 0, got 0.5");
  EXPECT_EQ(message([] {
              markovian_arrivals({{-1, -.5}, {1, -1}}, {{.5, 0}, {0, .5}});
            }),
            "markovian_arrivals: hidden off the diagonal must be >= 0, got -0.5");
  EXPECT_NE(message([] { markovian_arrivals({{-1, 1}, {1, -1}}, {{0, 0}, {0, 0}}); }), "");
  EXPECT_NE(message([] { markovian_arrivals({{-1, 0}, {0, -1}}, {{1, 0}, {0, 1}}); }), "");
  EXPECT_NE(message([] { markovian_arrivals({}, {}); }), "");
  EXPECT_NE(message([] { poisson_arrivals(0); }), "");
  EXPECT_NE(message([] { arrivals_by_moments(1, 0, 0); }), "");
  EXPECT_NE(message([] { arrivals_by_moments(1, .5, -1); }), "");
  EXPECT_NE(message([] { arrivals_by_moments(1, 4, .4); }), "");
  EXPECT_NE(message([] { map_ph_c(bursts, erlang3(1), 1.5); }), "");
  EXPECT_NE(message([] { map_ph_c(bursts, erlang3(1), 1000); }), "");
  EXPECT_NE(message([] { map_ph_c(bursts, erlang3(9), 1).wait_quantile(1.5); }), "");
  EXPECT_NE(message([] { map_ph_c(bursts, erlang3(9), 1).probability(.5); }), "");
}

}  // namespace
