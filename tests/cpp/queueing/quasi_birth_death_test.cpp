#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/queueing/quasi_birth_death.hpp>

#include "matrices.hpp"

namespace {

using namespace qsm::queueing;
using qsm_test::relative_error;

TEST(quasi_birth_death, agrees_with_40_digits) {
  const auto process = quasi_birth_death({{6, 1, 0}, {0, 4, 1}, {2, 0, 0}}, {{-14, 3, 2}, {0, -14, 4}, {3, 1, -10}},
                                         {{0, 1, 1}, {5, 0, 0}, {1, 3, 0}});
  const auto fluid = fluid_queue({{-9, 2, 4, 0, 1, 2},
                                  {6, -25, 5, 3, 7, 4},
                                  {1, 3, -4, 0, 0, 0},
                                  {0, 0, 0, -8, 3, 5},
                                  {7, 3, 0, 2, -13, 1},
                                  {7, 8, 0, 3, 8, -26}},
                                 std::vector<double>{-2, 0, 1, 0, -3, 1});
  int seen = 0;
  for (const auto& row : qsm_test::golden("queueing/matrix_analytic.csv")) {
    const auto& what = row.text("quantity");
    double value = 0;
    if (row.text("model") == "quasi_birth_death")
      value = what == "mean"            ? process.mean()
              : what == "second moment" ? process.variance() + process.mean() * process.mean()
              : what == "time"          ? process.mean() / process.rate()
                                        : process.probability(0);
    else if (row.text("model") == "fluid_queue")
      value = what == "mean" ? fluid.mean() : fluid.probability_empty();
    else
      continue;
    EXPECT_LT(relative_error(value, row["value"]), 1e-12) << row.where;
    ++seen;
  }
  EXPECT_EQ(seen, 6);
  double sum = 0;
  for (double n = 0; n <= 10; ++n) sum += process.probability(n);
  EXPECT_NEAR(sum + process.survival(10), 1, 1e-14);
  EXPECT_NEAR(fluid.cdf(.4) + fluid.survival(.4), 1, 1e-14);
  EXPECT_LT(relative_error(fluid.cdf(fluid.quantile(.9)), .9), 1e-13);
  EXPECT_EQ(fluid.quantile(.2), 0);
}

// D. Anick, D. Mitra, M. Sondhi 1982: one on-off source into a link, in closed form.
TEST(quasi_birth_death, fluid_of_one_source) {
  const double on = .4, off = 1, peak = 3, link = 1.5;
  const auto queue = fluid_queue({{-on, on}, {off, -off}}, std::vector<double>{-link, peak - link});
  const double decay = off / (peak - link) - on / link, busy = on / (on + off) * peak / link;
  for (const double level : {0.0, .7, 12.0, 300.0})
    EXPECT_LT(relative_error(queue.survival(level), busy * std::exp(-decay * level)), 1e-12);
  EXPECT_FALSE(fluid_queue({{-on, on}, {off, -off}}, std::vector<double>{-1, 3}).stable());
  EXPECT_EQ(fluid_queue({{-on, on}, {off, -off}}, std::vector<double>{-1, 0}).probability_empty(), 1);
}

TEST(quasi_birth_death, of_one_phase_is_mm1) {
  const auto process = quasi_birth_death({{1}}, {{-1.75}}, {{.75}});
  EXPECT_LT(relative_error(process.mean(), 3), 1e-14);
  EXPECT_LT(relative_error(process.variance(), 12), 1e-13);
  EXPECT_LT(relative_error(process.probability(5), .25 * std::pow(.75, 5)), 1e-14);
  EXPECT_LT(relative_error(process.rate(), .75), 1e-15);
  const auto overloaded = quasi_birth_death({{1}}, {{-2}}, {{1}});
  EXPECT_FALSE(overloaded.stable());
  EXPECT_TRUE(std::isinf(overloaded.mean()));
}

// One step at a time, the last two would take years.
TEST(quasi_birth_death, far_levels_take_no_time) {
  const auto queue = quasi_birth_death({{1}}, {{-1.999}}, {{.999}});
  EXPECT_NEAR(queue.survival(100) / std::pow(.999, 101), 1, 1e-11);
  EXPECT_NEAR(queue.survival(1e5) / std::exp(100001 * std::log(.999)), 1, 1e-9);
  EXPECT_NEAR(queue.probability(1e5) / (queue.survival(99999) - queue.survival(1e5)), 1, 1e-9);
  EXPECT_EQ(queue.probability(1e15), 0);
  const auto full = quasi_birth_death({{1}}, {{-2 + 0x1p-40}}, {{1 - 0x1p-40}});
  EXPECT_NEAR(full.survival(0x1p40), std::exp(-1), 1e-3);
}

TEST(quasi_birth_death, refuses_what_is_out_of_range) {
  EXPECT_THROW(quasi_birth_death({{1}}, {{-1}}, {{.5}}), std::domain_error);
  EXPECT_THROW(quasi_birth_death({{-1}}, {{.5}}, {{.5}}), std::domain_error);
  EXPECT_THROW(quasi_birth_death({{1, 0}}, {{-1}}, {{.5}}), std::invalid_argument);
  EXPECT_THROW(quasi_birth_death({{1}}, {{-1.5}}, {{.5}}, {{-1}}), std::domain_error);
  EXPECT_THROW(fluid_queue({{-1, 1}, {1, -1}}, std::vector<double>{1}), std::invalid_argument);
  EXPECT_THROW(fluid_queue({{-1, 1}, {1, -1}}, std::vector<double>{1, NAN}), std::domain_error);
  EXPECT_THROW(fluid_queue({{-1, 2}, {1, -1}}, std::vector<double>{1, -1}), std::domain_error);
}

}  // namespace
