#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include <qsm/queueing/ggc.hpp>
#include <qsm/queueing/mdc.hpp>
#include <qsm/queueing/mmc.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::queueing;
using qsm_test::agrees;
using qsm_test::golden;

TEST(ggc, agrees_with_50_digits) {
  for (const auto& row : golden("queueing/gg1.csv")) {
    const double a[] = {row["arrival_rate"], row["arrival_scv"], row["service_rate"], row["service_scv"]};
    EXPECT_TRUE(agrees(gg1_kingman(a[0], a[1], a[2], a[3]), row, "gg1_kingman"));
    EXPECT_TRUE(agrees(gg1_marchal(a[0], a[1], a[2], a[3]), row, "gg1_marchal"));
  }
  for (const auto& row : golden("queueing/ggc.csv")) {
    const double a[] = {row["arrival_rate"], row["arrival_scv"], row["service_rate"], row["service_scv"],
                        row["servers"]};
    EXPECT_TRUE(agrees(ggc_allen_cunneen(a[0], a[1], a[2], a[3], a[4]), row, "ggc_allen_cunneen"));
    EXPECT_TRUE(agrees(ggc_kraemer_langenbach_belz(a[0], a[1], a[2], a[3], a[4]), row, "ggc_kraemer_langenbach_belz"));
    EXPECT_TRUE(agrees(ggc_whitt(a[0], a[1], a[2], a[3], a[4]), row, "ggc_whitt"));
  }
  for (const auto& row : golden("queueing/mgc.csv")) {
    const double a[] = {row["arrival_rate"], row["service_rate"], row["service_scv"], row["servers"]};
    EXPECT_TRUE(agrees(mgc_cosmetatos(a[0], a[1], a[2], a[3]), row, "mgc_cosmetatos"));
    EXPECT_TRUE(agrees(mgc_kimura(a[0], a[1], a[2], a[3]), row, "mgc_kimura"));
  }
}

TEST(ggc, joint_call_agrees_with_its_methods) {
  for (const auto& row : golden("queueing/ggc_methods.csv")) {
    const auto& name = row.text("method");
    const auto method = name == "whitt"           ? WaitApproximation::whitt
                        : name == "allen_cunneen" ? WaitApproximation::allen_cunneen
                                                  : WaitApproximation::kraemer_langenbach_belz;
    const auto means =
        ggc(row["arrival_rate"], row["arrival_scv"], row["service_rate"], row["service_scv"], row["servers"], method);
    EXPECT_TRUE(agrees(means.mean_wait, row, "mean_wait"));
    EXPECT_TRUE(agrees(means.mean_sojourn, row, "mean_sojourn"));
    EXPECT_TRUE(agrees(means.mean_queue_length, row, "mean_queue_length"));
    EXPECT_TRUE(agrees(means.mean_number, row, "mean_number"));
  }
}

// The errors that the texts state, against exact waits.
TEST(ggc, errors_are_those_of_the_texts) {
  std::map<double, double> allen, whitt, cosmetatos, kimura;
  const auto keep = [](std::map<double, double>& worst, double scv, double error) {
    if (std::abs(error) > std::abs(worst[scv])) worst[scv] = error;
  };
  for (const auto& row : golden("queueing/ggc_exact.csv")) {
    const double rate = row["arrival_rate"], scv = row["service_scv"], c = row["servers"], exact = row["mean_wait"];
    keep(allen, scv, ggc_allen_cunneen(rate, 1, 1, scv, c) / exact - 1);
    keep(whitt, scv, ggc_whitt(rate, 1, 1, scv, c) / exact - 1);
    keep(kimura, scv, mgc_kimura(rate, 1, scv, c) / exact - 1);
    if (scv <= 1) keep(cosmetatos, scv, mgc_cosmetatos(rate, 1, scv, c) / exact - 1);
    EXPECT_EQ(ggc_kraemer_langenbach_belz(rate, 1, 1, scv, c), ggc_allen_cunneen(rate, 1, 1, scv, c));
  }
  const double shapes[] = {0, 0.5, 2, 4};
  const double of_allen[] = {-0.239, -0.091, 0.248, 0.636}, of_whitt[] = {-0.056, 0.046, -0.046, 0.155},
               of_kimura[] = {0, 0.032, 0.117, 0.328}, of_cosmetatos[] = {-0.0095, -0.0072};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(allen[shapes[i]], of_allen[i], 5e-4);
    EXPECT_NEAR(whitt[shapes[i]], of_whitt[i], 5e-4);
    EXPECT_NEAR(kimura[shapes[i]], of_kimura[i], 5e-4);
    if (i < 2) {
      EXPECT_NEAR(cosmetatos[shapes[i]], of_cosmetatos[i], 5e-5);
    }
  }
}

TEST(ggc, is_exact_for_mmc) {
  for (const double servers : {1.0, 5.0, 100.0}) {
    const double rate = 0.8 * servers, exact = mmc(rate, 1, servers).mean_wait();
    for (const double value : {ggc_allen_cunneen(rate, 1, 1, 1, servers), ggc_whitt(rate, 1, 1, 1, servers),
                               ggc_kraemer_langenbach_belz(rate, 1, 1, 1, servers), mgc_cosmetatos(rate, 1, 1, servers),
                               mgc_kimura(rate, 1, 1, servers)})
      EXPECT_NEAR(value / exact, 1, 1e-14) << servers;
  }
  EXPECT_NEAR(gg1_marchal(0.8, 1, 1, 0) / mdc(0.8, 1, 1).mean_wait(), 1, 1e-14);
  EXPECT_GT(gg1_kingman(0.8, 1, 1, 0), mdc(0.8, 1, 1).mean_wait());
}

TEST(ggc, kimura_is_zero_where_the_waits_are_below_the_least_double) {
  for (const double scv : {0.0, 0.5, 1.0, 3.0}) EXPECT_EQ(mgc_kimura(1e-10, 1, scv, 100), 0) << scv;
}

TEST(ggc, takes_the_method_that_is_named) {
  using enum WaitApproximation;
  const auto wait = [](double arrival_scv, double servers, WaitApproximation method) {
    return ggc(1.8, arrival_scv, 2, 0.5, servers, method).mean_wait;
  };
  EXPECT_EQ(wait(2, 3, whitt), ggc_whitt(1.8, 2, 2, 0.5, 3));
  EXPECT_EQ(wait(2, 3, allen_cunneen), ggc_allen_cunneen(1.8, 2, 2, 0.5, 3));
  EXPECT_EQ(wait(2, 3, kraemer_langenbach_belz), ggc_kraemer_langenbach_belz(1.8, 2, 2, 0.5, 3));
  EXPECT_EQ(wait(1, 3, kimura), mgc_kimura(1.8, 2, 0.5, 3));
  EXPECT_EQ(wait(1, 3, cosmetatos), mgc_cosmetatos(1.8, 2, 0.5, 3));
  EXPECT_EQ(wait(2, 1, marchal), gg1_marchal(1.8, 2, 2, 0.5));
  EXPECT_EQ(wait(2, 1, kingman), gg1_kingman(1.8, 2, 2, 0.5));
  const auto means = ggc(8, 1, 2, 1, 5);
  const auto exact = mmc(8, 2, 5);
  EXPECT_TRUE(means.stable);
  EXPECT_NEAR(means.utilization, 0.8, 1e-15);
  EXPECT_NEAR(means.mean_sojourn / exact.mean_sojourn(), 1, 1e-14);
  EXPECT_NEAR(means.mean_number / exact.mean_number(), 1, 1e-14);
  EXPECT_NEAR(means.mean_queue_length / exact.mean_queue_length(), 1, 1e-14);
  EXPECT_FALSE(ggc(10, 1, 2, 1, 5).stable);
  EXPECT_EQ(ggc(10, 1, 2, 1, 5).mean_number, INFINITY);
}

TEST(ggc, refuses_what_is_out_of_range) {
  EXPECT_THROW(ggc(1, 2, 1, 1, 2, WaitApproximation::kimura), std::domain_error);
  EXPECT_THROW(ggc(1, 1, 1, 2, 2, WaitApproximation::cosmetatos), std::domain_error);
  EXPECT_THROW(ggc(1, 1, 1, 1, 2, WaitApproximation::kingman), std::domain_error);
  EXPECT_THROW(ggc(0, 1, 1, 1, 2), std::domain_error);
  EXPECT_THROW(gg1_kingman(0, 1, 1, 1), std::domain_error);
  EXPECT_THROW(gg1_marchal(1, -1, 1, 1), std::domain_error);
  EXPECT_THROW(ggc_allen_cunneen(1, 1, 0, 1, 1), std::domain_error);
  EXPECT_THROW(ggc_kraemer_langenbach_belz(1, 1, 1, -1, 1), std::domain_error);
  EXPECT_THROW(ggc_whitt(1, 1, 1, 1, 1.5), std::domain_error);
  EXPECT_THROW(mgc_cosmetatos(1, 1, 2, 1), std::domain_error);
  EXPECT_THROW(mgc_kimura(1, 1, 1, 1e7), std::domain_error);
}

}  // namespace
