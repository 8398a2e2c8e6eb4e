#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/core/distributions/hyperexponential.hpp>
#include <qsm/core/distributions/transformed.hpp>
#include <qsm/core/fit.hpp>
#include <qsm/core/random.hpp>
#include <qsm/queueing/phase_type_fit.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::queueing;
using qsm_test::relative_error;

TEST(phase_type_fit, laws_become_chains) {
  for (const qsm::Distribution& law :
       {qsm::Distribution(qsm::exponential(3)), qsm::Distribution(qsm::hyperexponential({.2, .8}, {1, 5})),
        qsm::Distribution(qsm::coxian({3, 2}, {.4})), qsm::Distribution(qsm::erlang(4, 2)),
        qsm::Distribution(qsm::scaled(qsm::match_moments(2, .3), 1.5))}) {
    const auto phases = as_phase_type(law);
    for (const double time : {.01, .4, 3.0, 11.0})
      EXPECT_LT(relative_error(phases.survival(time), law.survival(time)), 1e-12);
  }
  EXPECT_THROW(as_phase_type(qsm::deterministic(1)), std::invalid_argument);
  EXPECT_THROW(as_phase_type(qsm::gamma(2.5, 1)), std::invalid_argument);
  EXPECT_THROW(as_phase_type(qsm::scaled(qsm::deterministic(1), 2)), std::invalid_argument);
}

TEST(phase_type_fit, two_moments) {
  for (const double scv : {.01, .1, .2, .25, .3, .5, .7, 1.0, 1.5, 20.0}) {
    const auto law = phase_type_by_moments(.3, scv);
    EXPECT_LT(relative_error(law.mean(), .3), 1e-12) << scv;
    EXPECT_LT(relative_error(law.variance() / .09, scv), 1e-10) << scv;
  }
  EXPECT_EQ(phase_type_by_moments(1, .25).initial().size(), 4U);
  EXPECT_THROW(phase_type_by_moments(1, 0), std::domain_error);
  EXPECT_THROW(phase_type_by_moments(0, 1), std::domain_error);
}

TEST(phase_type_fit, three_moments) {
  for (const qsm::Distribution& law :
       {qsm::Distribution(qsm::hyperexponential({.2, .8}, {1, 5})), qsm::Distribution(qsm::coxian({3, 2}, {.4})),
        qsm::Distribution(qsm::erlang(2, 3)), qsm::Distribution(qsm::exponential(3)),
        qsm::Distribution(qsm::coxian({2, 5}, {.9}))}) {
    const auto fit = phase_type_by_three_moments(law.moment(1), law.moment(2), law.moment(3));
    for (int k = 1; k <= 3; ++k) EXPECT_LT(relative_error(fit.moment(k), law.moment(k)), 1e-6) << law.describe();
  }
  EXPECT_THROW(phase_type_by_three_moments(1, 1.2, 1.6), std::domain_error);
  EXPECT_THROW(phase_type_by_three_moments(1, 4, 5), std::domain_error);
}

// The twin: what was sampled is found again.
TEST(phase_type_fit, a_sample_gives_its_law_back) {
  std::vector<double> samples(20'000);
  const qsm::Distribution law = qsm::hyperexponential({.3, .7}, {.5, 6});
  law.sample(qsm::Stream(3), 0, samples);
  const auto fit = fit_hyper_erlang(samples, 2);
  ASSERT_EQ(fit.stages.size(), 2U);
  const auto slow = fit.rates[0] < fit.rates[1] ? 0U : 1U;
  EXPECT_NEAR(fit.probabilities[slow], .3, .02);
  EXPECT_NEAR(fit.rates[slow], .5, .03);
  EXPECT_NEAR(fit.rates[1 - slow], 6, .3);
  const qsm::Distribution erlang = qsm::erlang(3, 2);
  erlang.sample(qsm::Stream(4), 0, samples);
  const auto one = fit_hyper_erlang(samples, 3);
  EXPECT_EQ(one.stages, std::vector<double>{3});
  EXPECT_NEAR(one.rates[0], 2, .03);
  double likelihood = 0;
  for (const double sample : samples) likelihood += std::log(erlang.pdf(sample));
  EXPECT_GE(one.log_likelihood, likelihood);
  EXPECT_LT(relative_error(one.law().mean(), 3 / one.rates[0]), 1e-13);
  EXPECT_THROW(fit_hyper_erlang(std::vector<double>{1, -1}, 2), std::domain_error);
  EXPECT_THROW(fit_hyper_erlang(std::vector<double>{1}, 2), std::domain_error);
  EXPECT_THROW(fit_hyper_erlang(samples, 2.5), std::domain_error);
}

}  // namespace
