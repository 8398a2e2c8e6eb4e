#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/core/distributions/hyperexponential.hpp>
#include <qsm/core/distributions/lognormal.hpp>
#include <qsm/core/distributions/uniform.hpp>
#include <qsm/core/distributions/weibull.hpp>
#include <qsm/queueing/mdc.hpp>
#include <qsm/queueing/mg1.hpp>
#include <qsm/queueing/mm1.hpp>
#include <qsm/queueing/simulate.hpp>

#include "golden.hpp"

namespace {

using qsm::queueing::gim1;
using qsm::queueing::mg1;
using qsm_test::agrees;

/// A law of the golden rows with this mean.
qsm::Distribution law(const std::string& name, double mean) {
  if (name == "exponential") return qsm::exponential(1 / mean);
  if (name == "uniform") return qsm::uniform(0, 2 * mean);
  if (name == "erlang") return qsm::gamma(2, mean / 2);
  if (name == "deterministic") return qsm::deterministic(mean);
  throw std::runtime_error("no law " + name);
}

testing::AssertionResult near(double value, double truth, double tolerance) {
  if (qsm_test::relative_error(value, truth) <= tolerance) return testing::AssertionSuccess();
  return testing::AssertionFailure() << value << " against " << truth;
}

// By the textbook's integrals over the density; the library's have none.
TEST(mg1, disciplines_agree_with_30_digits) {
  for (const auto& row : qsm_test::golden("queueing/mg1.csv")) {
    const auto queue = mg1(row["arrival_rate"], law(row.text("law"), 1), row.text("discipline"));
    EXPECT_TRUE(near(queue.mean_sojourn(), row["mean_sojourn"], 1e-12)) << row.where;
    EXPECT_TRUE(near(queue.mean_sojourn_of_size(1), row["mean_sojourn_of_unit"], 1e-12)) << row.where;
    EXPECT_TRUE(near(queue.mean_number(), row["mean_sojourn"] * queue.arrival_rate(), 1e-12));
  }
}

TEST(mg1, with_two_phases_agrees_with_the_published_case) {
  const auto queue = mg1(0.8, qsm::hyperexponential({0.5, 0.5}, {1, 4}));
  EXPECT_TRUE(near(queue.mean_wait(), 0.85, 1e-14));
  EXPECT_TRUE(near(queue.mean_number(), 1.18, 1e-14));
  EXPECT_TRUE(near(mg1(0.5, qsm::exponential(1)).wait_variance(), 3, 1e-14));
}

TEST(mg1, with_exponential_service_is_mm1) {
  const auto queue = mg1(0.8, qsm::exponential(1));
  const auto markov = qsm::queueing::mm1(0.8, 1);
  for (const double time : {0.0, 0.1, 1.0, 5.0, 100.0})
    EXPECT_TRUE(near(queue.wait_cdf(time), markov.wait_cdf(time), 1e-13)) << time;
  for (const double p : {0.1, 0.3, 0.9, 0.9999})
    EXPECT_TRUE(near(queue.wait_quantile(p), markov.wait_quantile(p), 1e-12)) << p;
}

TEST(mg1, with_constant_service_is_mdc) {
  const auto queue = mg1(0.8, qsm::deterministic(1));
  EXPECT_DOUBLE_EQ(queue.wait_cdf(3), qsm::queueing::mdc(0.8, 1, 1).wait_cdf(3));
  for (const char* order : {"fcfs", "sjf", "psjf", "srpt"})  // ties in the order of arrival
    EXPECT_TRUE(near(mg1(0.8, qsm::deterministic(1), order).mean_sojourn(), 3, 1e-12)) << order;
}

// A Weibull law of shape 1 is exponential, but has no phases: inversion against the closed form.
TEST(mg1, inversion_is_right_to_its_stated_error) {
  const auto queue = mg1(0.8, qsm::weibull(1, 1));
  const auto markov = qsm::queueing::mm1(0.8, 1);
  for (const double time : {1e-3, 0.1, 1.0, 5.0, 30.0})
    EXPECT_NEAR(queue.wait_cdf(time), markov.wait_cdf(time), 1e-9) << time;
  EXPECT_TRUE(near(queue.wait_quantile(0.99), markov.wait_quantile(0.99), 1e-8));
  // Near saturation 1 - φ is small: it must not come from a difference.
  const double load = 1 - 1e-6;
  for (const double p : {0.01, 0.5, 0.99})
    EXPECT_TRUE(
        near(mg1(load, qsm::weibull(1, 1)).wait_quantile(p), qsm::queueing::mm1(load, 1).wait_quantile(p), 1e-8))
        << p;
}

TEST(mg1, agrees_with_its_simulation) {
  qsm::queueing::SimulationOptions options;
  options.customers = 1e6;
  options.seed = 5;
  const auto run = qsm::queueing::simulate(qsm::exponential(0.7), qsm::uniform(0, 2), 1, INFINITY, options);
  const auto queue = mg1(0.7, qsm::uniform(0, 2));
  const auto close = [](const qsm::Estimate& estimate, double truth) {
    EXPECT_LT(std::abs(estimate.value - truth) / (estimate.half_width() / 2.09), 4) << estimate.value << ' ' << truth;
    EXPECT_LT(estimate.half_width(), 0.005 * truth);
  };
  close(run.mean_wait(), queue.mean_wait());
  close(run.wait_cdf(1), queue.wait_cdf(1));
  close(run.wait_quantile(0.95), queue.wait_quantile(0.95));
}

// What each discipline promises over any law: SRPT <= PSJF <= FB <= LRPT, SRPT <= all.
TEST(mg1, disciplines_keep_their_order) {
  const qsm::Distribution laws[] = {qsm::lognormal_from(1, 4), qsm::weibull(0.5, 1),
                                    qsm::hyperexponential_balanced(1, 9), qsm::exponential(1)};
  for (const auto& service : laws)
    for (const double load : {0.1, 0.5, 0.9}) {
      const auto mean = [&](const char* order) { return mg1(load / service.mean(), service, order).mean_sojourn(); };
      const double srpt = mean("srpt"), psjf = mean("psjf"), fb = mean("fb"), lrpt = mean("lrpt");
      EXPECT_LT(srpt, psjf);
      EXPECT_LT(psjf, fb * (1 + 1e-12));
      EXPECT_LT(fb, lrpt);
      for (const char* order : {"fcfs", "sjf", "ps"}) EXPECT_LT(srpt, mean(order)) << order;
      if (service.scv() > 1) {
        EXPECT_LT(fb, mean("ps") * (1 + 1e-12));  // falling hazard
      }
    }
}

// At load 1e-9 two customers never meet but once: E[T] = E[S] + O(λ), and PSJF lies between SRPT and FCFS.
TEST(mg1, disciplines_keep_their_digits_under_light_load) {
  EXPECT_GE(mg1(0.5, qsm::exponential(1e300), "srpt").mean_wait(), 0);
  const qsm::Distribution laws[] = {qsm::exponential(1), qsm::deterministic(1), qsm::uniform(0, 2)};
  for (const auto& service : laws) {
    const auto mean = [&](const char* order) { return mg1(1e-9, service, order).mean_sojourn(); };
    EXPECT_GE(mean("psjf"), mean("srpt") * (1 - 1e-14));
    EXPECT_LE(mean("psjf"), mean("fcfs") * (1 + 1e-14));
  }
}

TEST(mg1, without_a_steady_state_answers_infinity) {
  const auto queue = mg1(1, qsm::exponential(1), "srpt");
  EXPECT_FALSE(queue.stable());
  EXPECT_EQ(queue.mean_sojourn(), INFINITY);
  EXPECT_EQ(mg1(2, qsm::exponential(1)).wait_cdf(5), 0);
  EXPECT_EQ(mg1(0, qsm::exponential(1)).mean_wait(), 0);
}

TEST(mg1, refuses_what_is_out_of_range) {
  EXPECT_THROW(mg1(-1, qsm::exponential(1)), std::domain_error);
  EXPECT_THROW(mg1(1, qsm::deterministic(0)), std::domain_error);
  EXPECT_THROW(mg1(1, qsm::uniform(-1, 2)), std::domain_error);
  EXPECT_THROW(mg1(0.5, qsm::exponential(1), "lifo"), std::domain_error);
  EXPECT_THROW(mg1(0.5, qsm::exponential(1), "ps").wait_cdf(1), std::domain_error);
  EXPECT_THROW(mg1(0.5, qsm::exponential(1)).wait_quantile(2), std::domain_error);
  EXPECT_THROW(gim1(qsm::exponential(1), 0), std::domain_error);
}

TEST(gim1, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/gim1.csv")) {
    const auto queue = gim1(law(row.text("law"), 1 / row["load"]), 1);
    EXPECT_TRUE(near(queue.probability_wait(), row["probability_wait"], 1e-12)) << row.where;
    EXPECT_TRUE(near(queue.mean_wait(), row["mean_wait"], 2e-12)) << row.where;
    EXPECT_TRUE(near(queue.mean_sojourn(), row["mean_sojourn"], 2e-12)) << row.where;
    EXPECT_TRUE(near(queue.mean_queue_length(), row["mean_queue_length"], 2e-12)) << row.where;
    EXPECT_TRUE(near(queue.mean_number(), row["mean_number"], 2e-12)) << row.where;
    EXPECT_TRUE(near(queue.wait_cdf(row["time"]), row["wait_cdf"], 2e-12)) << row.where;
    EXPECT_TRUE(near(queue.wait_quantile(row["probability"]), row["wait_quantile"], 1e-11)) << row.where;
    EXPECT_TRUE(near(queue.sojourn_cdf(row["time"]), row["sojourn_cdf"], 2e-12)) << row.where;
    EXPECT_TRUE(near(queue.sojourn_quantile(row["probability"]), row["sojourn_quantile"], 2e-12)) << row.where;
  }
}

TEST(gim1, with_exponential_gaps_is_mm1) {
  for (const double load : {1e-12, 1e-9, 1e-3, 0.2, 0.3}) {  // σ = ρ to the last digit, light loads too
    const auto queue = gim1(qsm::exponential(load), 1);
    EXPECT_TRUE(near(queue.probability_wait(), load, 1e-14)) << load;
    EXPECT_TRUE(near(queue.mean_wait(), load / (1 - load), 1e-14)) << load;
  }
  // Constant gaps: σ is about exp(-50), of 0 digits in 1 - (1 - σ).
  EXPECT_TRUE(near(gim1(qsm::deterministic(50), 1).probability_wait(), std::exp(-50), 1e-13));
  EXPECT_TRUE(near(gim1(qsm::exponential(0.9), 1).mean_wait(), qsm::queueing::mm1(0.9, 1).mean_wait(), 1e-12));
  EXPECT_EQ(gim1(qsm::exponential(2), 1).mean_wait(), INFINITY);
  EXPECT_EQ(gim1(qsm::exponential(2), 1).probability_wait(), 1);
}

}  // namespace
