#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/elementary.hpp>
#include <qsm/core/random.hpp>

#include "golden.hpp"

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double number(const qsm_test::Row& row, const std::string& column) {
  return std::strtod(row.text(column).c_str(), nullptr);
}

double ulp(double value) { return std::nextafter(std::abs(value), infinity) - std::abs(value); }

TEST(elementary, agrees_with_mpmath_at_60_digits) {
  double worst_log = 0;
  double worst_exp = 0;
  double worst_quantile = 0;
  for (const auto& row : qsm_test::golden("core/elementary.csv")) {
    const double x = number(row, "x");
    const double high = number(row, "high");
    const auto error = [&](double value) { return std::abs((value - high) - number(row, "low")); };
    if (row.text("function") == "log") {
      const double ulps = high == 0 ? error(qsm::portable_log(x)) : error(qsm::portable_log(x)) / ulp(high);
      EXPECT_LT(ulps, 1) << row.where;
      worst_log = std::max(worst_log, ulps);
    } else if (row.text("function") == "exp") {
      const double ulps = error(qsm::portable_exp(x)) / ulp(high);
      EXPECT_LT(ulps, 1) << row.where;
      worst_exp = std::max(worst_exp, ulps);
    } else {
      const double relative = high == 0 ? 0 : error(qsm::portable_normal_quantile(x)) / std::abs(high);
      EXPECT_LT(relative, 1e-15) << row.where;
      worst_quantile = std::max(worst_quantile, relative);
    }
  }
  RecordProperty("worst_log_ulps", std::to_string(worst_log));
  RecordProperty("worst_exp_ulps", std::to_string(worst_exp));
  RecordProperty("worst_quantile_relative_1e16", std::to_string(worst_quantile * 1e16));
}

TEST(elementary, agrees_with_the_standard_library_on_a_million_points) {
  std::vector<double> us(1'000'000);
  qsm::Stream(3).uniforms(0, us);
  for (const double u : us) {
    const double log = std::log(u);
    ASSERT_LE(std::abs(qsm::portable_log(u) - log), 1.5 * ulp(log)) << u;
    const double x = 1400 * (u - 0.5);
    const double exp = std::exp(x);
    ASSERT_LE(std::abs(qsm::portable_exp(x) - exp), 1.5 * ulp(exp)) << x;
  }
}

TEST(elementary, ends_of_the_range) {
  EXPECT_EQ(qsm::portable_log(1), 0);
  EXPECT_EQ(qsm::portable_log(0), -infinity);
  EXPECT_EQ(qsm::portable_log(-0.0), -infinity);
  EXPECT_EQ(qsm::portable_log(infinity), infinity);
  EXPECT_TRUE(std::isnan(qsm::portable_log(-1)));
  EXPECT_TRUE(std::isnan(qsm::portable_log(-infinity)));
  EXPECT_TRUE(std::isnan(qsm::portable_log(std::nan(""))));
  EXPECT_EQ(qsm::portable_exp(0), 1);
  EXPECT_EQ(qsm::portable_exp(-0.0), 1);
  EXPECT_EQ(qsm::portable_exp(infinity), infinity);
  EXPECT_EQ(qsm::portable_exp(-infinity), 0);
  EXPECT_EQ(qsm::portable_exp(710), infinity);
  EXPECT_EQ(qsm::portable_exp(-746), 0);
  EXPECT_EQ(qsm::portable_exp(1e300), infinity);
  EXPECT_EQ(qsm::portable_exp(-1e300), 0);
  EXPECT_TRUE(std::isnan(qsm::portable_exp(std::nan(""))));
  for (double x = -745; x < -708; x += 0.37)
    EXPECT_NEAR(qsm::portable_exp(x), std::exp(x), 1.01 * std::numeric_limits<double>::denorm_min()) << x;
  EXPECT_EQ(qsm::portable_normal_quantile(0.5), 0);
  EXPECT_EQ(qsm::portable_normal_quantile(0), -infinity);
  EXPECT_EQ(qsm::portable_normal_quantile(1), infinity);
  EXPECT_TRUE(std::isnan(qsm::portable_normal_quantile(1.1)));
  EXPECT_TRUE(std::isnan(qsm::portable_normal_quantile(-0.1)));
}

}  // namespace
