#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/balancing/balls.hpp>
#include <qsm/balancing/mean_field.hpp>
#include <qsm/balancing/size_interval.hpp>
#include <qsm/core/distributions.hpp>
#include <qsm/core/random.hpp>
#include <qsm/queueing/mg1.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::balancing;
using qsm_test::golden;
using qsm_test::relative_error;

TEST(max_load, agrees_with_rational_numbers) {
  for (const auto& row : golden("balancing/max_load.csv")) {
    EXPECT_LT(relative_error(max_load_cdf(row["balls"], row["bins"], row["load"], row["choices"]), row["cdf"]), 1e-12)
        << row.where;
    EXPECT_LT(relative_error(mean_max_load(row["balls"], row["bins"], row["choices"]), row["mean"]), 1e-12)
        << row.where;
  }
}

// The twin: balls thrown.
TEST(max_load, agrees_with_balls_thrown) {
  const std::size_t trials = 20000;
  std::vector<double> u(trials * 60);
  qsm::Stream(2).uniforms(0, u);
  for (const int choices : {1, 3}) {
    double within = 0;
    for (std::size_t t = 0; t < trials; ++t) {
      std::vector<int> bins(9, 0);
      for (std::size_t ball = 0; ball < 20; ++ball) {
        std::size_t best = 0;
        for (int c = 0; c < choices; ++c) {
          const auto drawn = static_cast<std::size_t>(9 * u[t * 60 + ball * 3 + static_cast<std::size_t>(c)]);
          if (c == 0 || bins[drawn] < bins[best]) best = drawn;
        }
        ++bins[best];
      }
      within += *std::max_element(bins.begin(), bins.end()) <= (choices == 1 ? 5 : 3);
    }
    const double truth = max_load_cdf(20, 9, choices == 1 ? 5 : 3, choices);
    EXPECT_LT(std::abs(within / trials - truth), 4 * std::sqrt(truth * (1 - truth) / trials)) << choices;
  }
}

TEST(max_load, keeps_between_its_limits) {
  EXPECT_EQ(max_load_cdf(10, 3, 3), 0);  // 9 at most
  EXPECT_EQ(max_load_cdf(10, 3, 10), 1);
  EXPECT_EQ(max_load_cdf(0, 3, 0), 1);
  EXPECT_EQ(max_load_cdf(0, 3, 0, 2), 1);
  EXPECT_EQ(mean_max_load(7, 1), 7);
  for (double k = 2; k < 12; ++k) {
    EXPECT_LE(max_load_cdf(50, 20, k), max_load_cdf(50, 20, k + 1));
    EXPECT_LE(max_load_cdf(40, 20, k), max_load_cdf(40, 20, k, 2) + 1e-15);  // a choice never harms
  }
  // Gonnet's limit comes closer as the bins grow.
  const double far = mean_max_load(300, 300) - max_load_growth(300),
               near = mean_max_load(1500, 1500) - max_load_growth(1500);
  EXPECT_LT(std::abs(near), 0.25);
  EXPECT_LT(std::abs(near), std::abs(far) + 0.05);
}

TEST(load_fraction, agrees_with_taylor_series) {
  for (const auto& row : golden("balancing/load_fraction.csv"))
    EXPECT_NEAR(load_fraction(row["load"], row["balls_per_bin"], row["choices"]), row["fraction"], 1e-12) << row.where;
}

// Balls are conserved: the fractions add up to the balls per bin.
TEST(load_fraction, conserves_balls) {
  for (const double choices : {1, 2, 4})
    for (const double mean : {0.5, 3.0}) {
      double sum = 0;
      for (double k = 1; k < 40; ++k) sum += load_fraction(k, mean, choices);
      EXPECT_NEAR(sum, mean, 1e-11);
    }
}

TEST(mean_field, agrees_with_40_digits) {
  for (const auto& row : golden("balancing/mean_field.csv")) {
    EXPECT_LT(relative_error(mean_field_tail(row["load"], row["utilization"], row["choices"]), row["tail"]),
              1e-13 * std::max(1.0, -std::log(row["tail"])))
        << row.where;
    EXPECT_LT(relative_error(mean_field_sojourn(row["utilization"], row["choices"]), row["sojourn"]), 2e-13)
        << row.where;
  }
}

// Published: mean times of two and more choices among very many servers, to the digits printed.
TEST(mean_field, agrees_with_known_rows) {
  EXPECT_NEAR(mean_field_sojourn(0.5), 1.26568603609, 1e-11);
  EXPECT_NEAR(mean_field_sojourn(0.99), 5.43199657916, 1e-11);
  EXPECT_NEAR(mean_field_sojourn(0.9, 3), 2.027855969, 1e-9);
  EXPECT_NEAR(mean_field_sojourn(0.99, 5), 2.90168282917, 1e-11);
  EXPECT_NEAR(mean_field_tail(4, 0.9), 0.2058911321, 1e-10);
  EXPECT_NEAR(mean_field_tail(8, 0.99), 0.07708584233, 1e-11);
  // Simulated with 100 servers (Mitzenmacher 2001, table 1): within 0.6 %, the worst near saturation.
  const std::vector<std::pair<double, double>> simulated{{0.5, 1.2673}, {0.7, 1.6202},  {0.8, 1.9585},
                                                         {0.9, 2.6454}, {0.95, 3.4610}, {0.99, 5.9275}};
  for (const auto& [rho, mean] : simulated)
    EXPECT_LT(relative_error(refined_mean_field_sojourn(rho, 100), mean), rho < 0.9 ? 5e-4 : 7e-3) << rho;
}

TEST(mean_field, keeps_its_order) {
  for (const double rho : {0.3, 0.9, 0.99}) {
    double before = mean_field_sojourn(rho, 1);
    for (const double choices : {2, 3, 10, 1000}) {
      const double now = mean_field_sojourn(rho, choices);
      EXPECT_LE(now, before);
      before = now;
    }
    EXPECT_GE(before, mean_field_sojourn(rho, INFINITY));
    EXPECT_EQ(mean_field_sojourn(rho, INFINITY, 4), 0.25);
    double sum = 0;
    for (double k = 1; k < 400; ++k) sum += mean_field_tail(k, rho, 2);
    EXPECT_NEAR(sum / rho, mean_field_sojourn(rho, 2), 1e-12);  // Little
    EXPECT_GT(least_sojourn(rho, 10), 1);
    EXPECT_LE(least_sojourn(rho, 10), refined_mean_field_sojourn(rho, 10));
    EXPECT_NEAR(refined_mean_field_sojourn(rho, 1e7, 2, 2), mean_field_sojourn(rho, 2, 2), 1e-5);
  }
  EXPECT_EQ(mean_field_sojourn(1), INFINITY);
  EXPECT_EQ(least_sojourn(1.5, 3), INFINITY);
  EXPECT_EQ(mean_field_sojourn(0, 2, 2), 0.5);
  // Near saturation ln(1 / (1 - ρ)) / ln 2, slowly.
  EXPECT_NEAR(mean_field_sojourn(1 - 1e-12) / (std::log(1e12) / std::log(2)), 1, 0.05);
}

TEST(refined_mean_field, agrees_with_derivatives_by_differences) {
  for (const auto& row : golden("balancing/refined_mean_field.csv"))
    EXPECT_LT(
        relative_error(refined_mean_field_sojourn(row["utilization"], row["servers"], row["choices"]), row["sojourn"]),
        1e-8)
        << row.where;
}

qsm::Distribution law_of(const qsm_test::Row& row) {
  if (row.text("law") == "exponential") return qsm::exponential(row["parameter"]);
  if (row.text("law") == "uniform") return qsm::uniform(row["parameter"], row["other"]);
  return qsm::weibull(row["parameter"], row["other"]);
}

TEST(size_intervals, agrees_with_integrals_of_densities) {
  for (const auto& row : golden("balancing/size_intervals.csv")) {
    std::vector<double> cutoffs{row["cutoff"]};
    if (row["cutoff_2"] > 0) cutoffs.push_back(row["cutoff_2"]);
    const auto farm = size_intervals(row["arrival_rate"], law_of(row), cutoffs);
    EXPECT_LT(relative_error(farm.mean_wait, row["mean_wait"]), 1e-11) << row.where;
    if (row["best"] == 0) continue;
    const auto best = size_interval_cutoffs(row["arrival_rate"], law_of(row), 2);
    EXPECT_LT(relative_error(best.cutoffs[0], row["best"]), 1e-5) << row.where;
    EXPECT_LT(relative_error(best.mean_wait, row["least_wait"]), 1e-10) << row.where;
  }
}

TEST(size_intervals, one_server_is_mg1_and_cuts_are_optimal) {
  const qsm::Distribution law = qsm::lognormal_from(1, 4);
  const auto one = size_intervals(0.7, law, std::vector<double>{});
  EXPECT_LT(relative_error(one.mean_wait, qsm::queueing::mg1(0.7, law).mean_wait()), 1e-10);
  const auto equal = size_interval_cutoffs(2.4, law, 3, "equal_load");
  for (const double load : equal.utilizations) EXPECT_NEAR(load, 0.8, 1e-9);
  const auto best = size_interval_cutoffs(2.4, law, 3);
  EXPECT_LT(best.mean_wait, equal.mean_wait);
  for (std::size_t i = 0; i < 2; ++i)
    for (const double step : {0.98, 1.02}) {
      auto moved = best.cutoffs;
      moved[i] *= step;
      EXPECT_GT(size_intervals(2.4, law, moved).mean_wait, best.mean_wait);
    }
  double shares = 0, loads = 0;
  for (std::size_t i = 0; i < 3; ++i) shares += best.shares[i], loads += best.utilizations[i];
  EXPECT_NEAR(shares, 1, 1e-12);
  EXPECT_NEAR(loads, 2.4, 1e-9);
  const auto over = size_interval_cutoffs(3.2, law, 3);
  EXPECT_FALSE(over.stable);
  EXPECT_EQ(over.mean_wait, INFINITY);
}

TEST(balancing_theory, refuses_what_is_out_of_range) {
  EXPECT_THROW(max_load_cdf(61, 5, 2, 2), std::domain_error);
  EXPECT_THROW(max_load_cdf(10, 0, 2), std::domain_error);
  EXPECT_THROW(max_load_cdf(10, 3, 1.5), std::domain_error);
  EXPECT_THROW(mean_max_load(10, 3, 0), std::domain_error);
  EXPECT_THROW(max_load_growth(2), std::domain_error);
  EXPECT_THROW(load_fraction(2, -1), std::domain_error);
  EXPECT_THROW(mean_field_tail(1, 1), std::domain_error);
  EXPECT_THROW(mean_field_sojourn(0.5, 0), std::domain_error);
  EXPECT_THROW(mean_field_sojourn(NAN), std::domain_error);
  EXPECT_THROW(refined_mean_field_sojourn(1, 10), std::domain_error);
  EXPECT_THROW(refined_mean_field_sojourn(0.5, 2, 3), std::domain_error);
  EXPECT_THROW(least_sojourn(0.5, 0), std::domain_error);
  EXPECT_THROW(size_intervals(1, qsm::exponential(1), std::vector<double>{2, 1}), std::domain_error);
  EXPECT_THROW(size_interval_cutoffs(1, qsm::exponential(1), 1), std::domain_error);
  EXPECT_THROW(size_interval_cutoffs(1, qsm::exponential(1), 2, "best"), std::invalid_argument);
}

}  // namespace
