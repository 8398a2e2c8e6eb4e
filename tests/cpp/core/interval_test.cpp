#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/interval.hpp>

#include "golden.hpp"

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(interval, normal_quantile_matches_golden_rows) {
  for (const auto& row : qsm_test::golden("core/normal_quantile.csv"))
    EXPECT_LE(qsm_test::relative_error(qsm::normal_quantile(row["probability"]), row["quantile"]), 1e-14) << row.where;
  EXPECT_EQ(qsm::normal_quantile(0), -infinity);
  EXPECT_EQ(qsm::normal_quantile(0.5), 0);
  EXPECT_EQ(qsm::normal_quantile(1), infinity);
}

TEST(interval, student_quantile_matches_golden_rows) {
  for (const auto& row : qsm_test::golden("core/student_quantile.csv"))
    EXPECT_LE(qsm_test::relative_error(qsm::student_quantile(row["probability"], row["degrees"]), row["quantile"]),
              1e-12)
        << row.where;
  EXPECT_EQ(qsm::student_quantile(0.975, infinity), qsm::normal_quantile(0.975));
  EXPECT_EQ(qsm::student_quantile(0, 3), -infinity);
}

TEST(interval, mean_of_three_by_hand) {
  // 1, 2, 3: mean 2, s = 1, t(0.975, 2) = 4.302652729749464
  const std::vector<double> values = {1, 2, 3};
  const qsm::Estimate estimate = qsm::mean_interval(values);
  EXPECT_DOUBLE_EQ(estimate.value, 2);
  EXPECT_NEAR(estimate.half_width(), 4.302652729749464 / std::sqrt(3.0), 1e-13);
  EXPECT_EQ(estimate.method, "3 replications, t, 95 %");
}

TEST(interval, one_value_says_nothing_about_its_error) {
  const std::vector<double> one = {5};
  EXPECT_EQ(qsm::mean_interval(one).low, -infinity);
  EXPECT_EQ(qsm::mean_interval(one).high, infinity);
}

TEST(interval, infinite_values_are_an_answer) {
  const std::vector<double> values = {1, infinity};
  EXPECT_EQ(qsm::mean_interval(values).value, infinity);
  EXPECT_EQ(qsm::mean_interval(values).low, infinity);
}

TEST(interval, batch_means_leave_out_the_beginning) {
  const std::vector<double> series = {100, 1, 3, 2, 4};  // batches (1, 3) and (2, 4)
  const qsm::Estimate estimate = qsm::batch_means(series, 2);
  EXPECT_DOUBLE_EQ(estimate.value, 2.5);
  EXPECT_NEAR(estimate.half_width(), 12.706204736174698 * 0.5, 1e-12);  // t(0.975, 1), s/√2 = 1/2
}

TEST(interval, quantile_uses_the_order_statistics_of_the_binomial_table) {
  // n = 20, p = 1/2: the 95 % interval for the median is (X(6), X(15)), coverage 95.86 % (David and Nagaraja).
  std::vector<double> values;
  for (int i = 20; i >= 1; --i) values.push_back(i);
  const qsm::Estimate median = qsm::quantile_interval(values, 0.5);
  EXPECT_EQ(median.value, 10);
  EXPECT_EQ(median.low, 6);
  EXPECT_EQ(median.high, 15);
  // n = 10, p = 1/2: P(Bin <= 0) = 0.001, P(Bin <= 1) = 0.0107, P(Bin <= 2) = 0.0547, so (X(2), X(9)), coverage 97.85 %.
  const qsm::Estimate ten = qsm::quantile_interval(std::span(values).first(10), 0.5);  // 20, ..., 11
  EXPECT_EQ(ten.low, 12);
  EXPECT_EQ(ten.high, 19);
  // n = 5: P(Bin <= 0) = 1/32 > 0.025, so that nothing bounds the median at 95 %.
  EXPECT_EQ(qsm::quantile_interval(std::span(values).first(5), 0.5).low, -infinity);
  EXPECT_EQ(qsm::quantile_interval(std::span(values).first(5), 0.5).high, infinity);
  // 1 - 0.99^20 < 0.025: nothing bounds the 99th percentile of twenty values from above.
  EXPECT_EQ(qsm::quantile_interval(values, 0.99).high, infinity);
  EXPECT_EQ(qsm::quantile_interval(values, 0.95).value, 19);
  EXPECT_EQ(qsm::quantile_interval(values, 0).value, 1);
  EXPECT_EQ(qsm::quantile_interval(values, 1).value, 20);
}

TEST(interval, control_variate_of_a_line_is_exact) {
  const std::vector<double> x = {1, 2, 4, 8}, y = {5, 7, 11, 19};  // y = 3 + 2x
  const qsm::Estimate estimate = qsm::control_variate(y, x, 3.0);
  EXPECT_NEAR(estimate.value, 9, 1e-12);
  EXPECT_NEAR(estimate.half_width(), 0, 1e-6);
}

TEST(interval, control_variate_matches_the_regression_by_hand) {
  // x = 0, 1, 2, 3; y = 1, 2, 2, 4: slope 0.9, residual sum 0.7; at x = 2: 2.25 + 0.9 · 0.5 = 2.7,
  // half-width t(0.975, 2) √(0.7/2 · (1/4 + 0.25/5))
  const std::vector<double> x = {0, 1, 2, 3}, y = {1, 2, 2, 4};
  const qsm::Estimate estimate = qsm::control_variate(y, x, 2.0);
  EXPECT_NEAR(estimate.value, 2.7, 1e-14);
  EXPECT_NEAR(estimate.half_width(), 4.302652729749464 * std::sqrt(0.35 * 0.3), 1e-13);
}

TEST(interval, mser_finds_the_end_of_a_ramp) {
  std::vector<double> series(500);
  for (std::size_t i = 0; i < series.size(); ++i)
    series[i] = (i < 100 ? 100.0 - static_cast<double>(i) : 0.0) + (i * 7919 % 13 < 6 ? 0.5 : -0.5);
  const qsm::Warmup warmup = qsm::mser_warmup(series);
  EXPECT_NEAR(warmup.observations, 100, 10);
  EXPECT_TRUE(warmup.settled);
  for (std::size_t i = 0; i < series.size(); ++i) series[i] = static_cast<double>(i);
  EXPECT_FALSE(qsm::mser_warmup(series).settled);
}

TEST(interval, refuses_bad_input) {
  const std::vector<double> none, one = {1}, bad = {1, 2, NAN};
  EXPECT_THROW(qsm::mean_interval(none), std::invalid_argument);
  EXPECT_THROW(qsm::mean_interval(bad), std::domain_error);
  EXPECT_THROW(qsm::mean_interval(one, 1), std::domain_error);
  EXPECT_THROW(qsm::batch_means(one), std::domain_error);
  EXPECT_THROW(qsm::batch_means(bad, 2.5), std::domain_error);
  EXPECT_THROW(qsm::quantile_interval(one, -0.1), std::domain_error);
  EXPECT_THROW(qsm::control_variate(bad, one, 0), std::invalid_argument);
  EXPECT_THROW(qsm::mser_warmup(one), std::invalid_argument);
  EXPECT_THROW(qsm::student_quantile(0.5, 0), std::domain_error);
  EXPECT_THROW(qsm::normal_quantile(NAN), std::domain_error);
}

}  // namespace
