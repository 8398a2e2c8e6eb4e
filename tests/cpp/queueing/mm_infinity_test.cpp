#include <cmath>

#include <gtest/gtest.h>

#include <qsm/queueing/mm_infinity.hpp>
#include <qsm/queueing/mmc.hpp>

#include "golden.hpp"

namespace {

using qsm::queueing::mm_infinity;
using qsm_test::agrees;

TEST(mm_infinity, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/mm_infinity.csv")) {
    const auto queue = mm_infinity(row["arrival_rate"], row["service_rate"]);
    EXPECT_TRUE(queue.stable());
    EXPECT_TRUE(agrees(queue.mean_sojourn(), row, "mean_sojourn"));
    EXPECT_TRUE(agrees(queue.mean_number(), row, "mean_number"));
    EXPECT_TRUE(agrees(queue.mean_number_at(row["time"]), row, "mean_number_at"));
    EXPECT_TRUE(agrees(queue.number_cdf(row["count"]), row, "number_cdf"));
    EXPECT_TRUE(agrees(queue.number_quantile(row["probability"]), row, "number_quantile"));
    EXPECT_TRUE(agrees(queue.sojourn_cdf(row["time"]), row, "sojourn_cdf"));
    EXPECT_TRUE(agrees(queue.sojourn_quantile(row["probability"]), row, "sojourn_quantile"));
  }
}

TEST(mm_infinity, is_what_many_servers_become) {
  const auto many = qsm::queueing::mmc(3, 1.5, 100);
  EXPECT_NEAR(mm_infinity(3, 1.5).mean_number(), many.mean_number(), 1e-13);
}

TEST(mm_infinity, refuses_what_is_out_of_range) {
  EXPECT_THROW(mm_infinity(-1, 1), std::domain_error);
  EXPECT_THROW(mm_infinity(1, 0), std::domain_error);
  EXPECT_THROW(mm_infinity(1, 1).number_cdf(0.5), std::domain_error);
  EXPECT_THROW(mm_infinity(1, 1).number_quantile(1), std::domain_error);
  EXPECT_THROW(mm_infinity(1, 1).mean_number_at(-1), std::domain_error);
}

}  // namespace
