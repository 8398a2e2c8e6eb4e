#include <algorithm>
#include <cmath>
#include <deque>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/random.hpp>
#include <qsm/queueing/batch_service.hpp>
#include <qsm/queueing/mdc.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::queueing;
using qsm_test::agrees;

TEST(batch_service, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/fixed_batch.csv")) {
    const auto server = fixed_batch(row["arrival_rate"], row["setup_time"], row["item_time"], row["batch_size"]);
    EXPECT_EQ(server.stable(), row["stable"]) << row.where;
    EXPECT_TRUE(agrees(server.service_time(), row, "service_time"));
    EXPECT_TRUE(agrees(server.utilization(), row, "utilization"));
    EXPECT_TRUE(agrees(server.mean_fill(), row, "mean_fill"));
    EXPECT_TRUE(agrees(server.mean_wait(), row, "mean_wait"));
    EXPECT_TRUE(agrees(server.mean_sojourn(), row, "mean_sojourn"));
    EXPECT_TRUE(agrees(server.mean_number(), row, "mean_number"));
  }
  for (const auto& row : qsm_test::golden("queueing/dynamic_batch.csv")) {
    const auto server = dynamic_batch(row["arrival_rate"], row["setup_time"], row["item_time"], row["batch_size"]);
    EXPECT_EQ(server.stable(), row["stable"]) << row.where;
    EXPECT_TRUE(agrees(server.utilization(), row, "utilization"));
    EXPECT_TRUE(agrees(server.mean_batch(), row, "mean_batch"));
    EXPECT_TRUE(agrees(server.mean_wait(), row, "mean_wait"));
    EXPECT_TRUE(agrees(server.mean_sojourn(), row, "mean_sojourn"));
    EXPECT_TRUE(agrees(server.mean_number(), row, "mean_number"));
  }
  for (const auto& row : qsm_test::golden("queueing/best_fixed_batch.csv"))
    EXPECT_EQ(best_fixed_batch(row["arrival_rate"], row["setup_time"], row["item_time"], row["largest"]),
              row["best_fixed_batch"])
        << row.where;
}

/// Mean time in the system of a simulated server that begins with `least` customers at least and takes `most`.
double simulated(double arrival, double setup, double item, std::size_t least, std::size_t most) {
  const auto gap = qsm::exponential(arrival);
  const qsm::Stream stream(3);
  std::vector<double> gaps(1'500'000);
  gap.sample(stream, 0, gaps);
  std::deque<double> queue;
  double now = 0, next = gaps[0], total = 0, served = 0;
  for (std::size_t i = 1; i < gaps.size();) {
    while (i < gaps.size() && (queue.size() < least || next <= now)) {
      queue.push_back(next);
      if (queue.size() >= least) now = std::max(now, next);
      next += gaps[i++];
    }
    const auto taken = std::min(queue.size(), most);
    now += setup + item * static_cast<double>(taken);
    for (std::size_t k = 0; k < taken; ++k) {
      total += now - queue.front();
      queue.pop_front();
      ++served;
    }
  }
  return total / served;
}

// The twin: both to one percent, at about a tenth of that in random error.
TEST(batch_service, agrees_with_its_simulation) {
  EXPECT_NEAR(simulated(60, 0.02, 0.002, 8, 8) / fixed_batch(60, 0.02, 0.002, 8).mean_sojourn(), 1, 0.005);
  EXPECT_NEAR(simulated(90, 0.02, 0.002, 1, 8) / dynamic_batch(90, 0.02, 0.002, 8).mean_sojourn(), 1, 0.005);
}

TEST(batch_service, with_batches_of_one_is_md1) {
  const double exact = mdc(30, 0.022, 1).mean_sojourn();
  EXPECT_NEAR(fixed_batch(30, 0.02, 0.002, 1).mean_sojourn() / exact, 1, 1e-14);
  EXPECT_NEAR(dynamic_batch(30, 0.02, 0.002, 1).mean_sojourn() / exact, 1, 1e-13);
}

TEST(batch_service, dynamic_batches_beat_fixed_ones) {
  for (const double size : {2.0, 8.0, 32.0})
    EXPECT_LT(dynamic_batch(30, 0.02, 0.002, size).mean_sojourn(), fixed_batch(30, 0.02, 0.002, size).mean_sojourn());
}

TEST(batch_service, without_a_steady_state_answers_infinity) {
  EXPECT_EQ(fixed_batch(100, 0.02, 0.002, 2).mean_sojourn(), INFINITY);
  EXPECT_EQ(dynamic_batch(100, 0.02, 0.002, 2).mean_sojourn(), INFINITY);
  EXPECT_EQ(dynamic_batch(100, 0.02, 0.002, 2).utilization(), 1);
  EXPECT_EQ(best_fixed_batch(600, 0.02, 0.002, 100), INFINITY);
}

TEST(batch_service, refuses_what_is_out_of_range) {
  EXPECT_THROW(fixed_batch(0, 1, 1, 1), std::domain_error);
  EXPECT_THROW(fixed_batch(1, -1, 1, 1), std::domain_error);
  EXPECT_THROW(fixed_batch(1, 1, 1, 1.5), std::domain_error);
  EXPECT_THROW(dynamic_batch(1, 1, 0, 1), std::domain_error);
  EXPECT_THROW(dynamic_batch(1, 1, 1, 1001), std::domain_error);
  EXPECT_THROW(best_fixed_batch(1, 1, 1, 0), std::domain_error);
}

}  // namespace
