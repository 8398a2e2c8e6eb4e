#include <algorithm>
#include <cctype>
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/core/distributions/hyperexponential.hpp>
#include <qsm/core/distributions/uniform.hpp>
#include <qsm/queueing/mg1.hpp>
#include <qsm/queueing/priority.hpp>

#include "matrices.hpp"

namespace {

using qsm::queueing::dps_mean_sojourn;
using qsm::queueing::priority_mean_sojourn;
using Numbers = std::vector<double>;

const Numbers rates{0.2, 0.3, 0.4};
const std::vector<qsm::Distribution> services{qsm::exponential(1), qsm::exponential(1.25), qsm::exponential(2)};

// Recomputed at 50 digits.
TEST(priority, agrees_with_the_published_case) {
  const double waits[] = {0.615, 1.098214285714286, 2.440476190476190}, sojourns[] = {1.25, 1.875, 3.333333333333333};
  const auto head = priority_mean_sojourn(rates, services, false);
  const auto resume = priority_mean_sojourn(rates, services, true);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(head[i] - services[i].mean(), waits[i], 2e-14);
    EXPECT_NEAR(resume[i], sojourns[i], 2e-14);
  }
}

/// Rows that hold one number in place of one for each class.
Numbers listed(std::string text) {
  std::replace(text.begin(), text.end(), ';', ' ');
  return qsm_test::numbers(text);
}

/// One law of the golden rows, as "gamma(shape=2; scale=0.4)".
qsm::Distribution law(const std::string& text) {
  std::string values = text.substr(text.find('('));
  for (char& letter : values)
    if (letter != '.' && !std::isdigit(static_cast<unsigned char>(letter))) letter = ' ';
  const Numbers given = qsm_test::numbers(values);
  if (text.starts_with("exponential")) return qsm::exponential(given.at(0));
  if (text.starts_with("uniform")) return qsm::uniform(given.at(0), given.at(1));
  if (text.starts_with("deterministic")) return qsm::deterministic(given.at(0));
  if (text.starts_with("gamma")) return qsm::gamma(given.at(0), given.at(1));
  throw std::runtime_error("no law " + text);
}

TEST(priority, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("queueing/mg1_classes.csv")) {
    std::vector<qsm::Distribution> laws;
    std::istringstream stream(row.text("services"));
    for (std::string text; std::getline(stream, text, '|');) laws.push_back(law(text));
    const auto& name = row.text("discipline");
    const auto of = name == "fcfs"       ? qsm::queueing::ClassDiscipline::fcfs
                    : name == "priority" ? qsm::queueing::ClassDiscipline::priority
                                         : qsm::queueing::ClassDiscipline::preemptive_priority;
    const auto lambda = listed(row.text("arrival_rates")), truth = listed(row.text("mean_sojourn"));
    EXPECT_TRUE(qsm_test::close(qsm::queueing::mg1_classes(lambda, laws, of).mean_sojourn, truth, 1e-12, row.where));
    if (name != "fcfs") {
      EXPECT_TRUE(qsm_test::close(priority_mean_sojourn(lambda, laws, name != "priority"), truth, 1e-12, row.where));
    }
  }
  for (const auto& row : qsm_test::golden("queueing/dps.csv"))
    EXPECT_TRUE(qsm_test::close(dps_mean_sojourn(listed(row.text("arrival_rates")), listed(row.text("service_rates")),
                                                 listed(row.text("weights"))),
                                listed(row.text("dps_mean_sojourn")), 1e-11, row.where));
}

// Kleinrock's conservation law: Σ ρ W is the same in any order of the classes.
TEST(priority, conserves_the_waiting_work) {
  const auto work = [](const Numbers& lambda, const std::vector<qsm::Distribution>& laws) {
    const auto sojourn = priority_mean_sojourn(lambda, laws, false);
    double sum = 0;
    for (std::size_t i = 0; i < lambda.size(); ++i) sum += lambda[i] * laws[i].mean() * (sojourn[i] - laws[i].mean());
    return sum;
  };
  const std::vector<qsm::Distribution> turned{services[2], services[0], services[1]};
  EXPECT_NEAR(work(rates, services) / work({0.4, 0.2, 0.3}, turned), 1, 1e-13);
}

TEST(priority, one_class_is_mg1) {
  const auto service = qsm::uniform(0, 2);
  const double fcfs = qsm::queueing::mg1(0.7, service).mean_sojourn();
  EXPECT_NEAR(priority_mean_sojourn(Numbers{0.7}, {service}, false)[0] / fcfs, 1, 1e-14);
  EXPECT_NEAR(priority_mean_sojourn(Numbers{0.7}, {service}, true)[0] / fcfs, 1, 1e-14);
}

TEST(priority, starves_who_comes_last) {
  const auto sojourn = priority_mean_sojourn(Numbers{0.5, 0.6}, {qsm::exponential(1), qsm::exponential(1)}, true);
  EXPECT_DOUBLE_EQ(sojourn[0], 2);
  EXPECT_EQ(sojourn[1], INFINITY);
}

TEST(mg1_classes, takes_the_discipline_that_is_named) {
  using enum qsm::queueing::ClassDiscipline;
  using qsm::queueing::mg1_classes;
  EXPECT_EQ(mg1_classes(rates, services, priority).mean_sojourn, priority_mean_sojourn(rates, services, false));
  EXPECT_EQ(mg1_classes(rates, services, preemptive_priority).mean_sojourn,
            priority_mean_sojourn(rates, services, true));
  const auto shared = mg1_classes(rates, services, ps);
  const auto weighted = dps_mean_sojourn(rates, Numbers{1, 1.25, 2}, Numbers{1, 1, 1});
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(shared.mean_sojourn[i] / weighted[i], 1, 1e-13);
    EXPECT_NEAR(shared.mean_number[i], rates[i] * shared.mean_sojourn[i], 1e-15);
    EXPECT_NEAR(shared.mean_queue_length[i], rates[i] * shared.mean_wait[i], 1e-15);
  }
  // In the order of arrival the classes are one queue whose service is a mixture.
  const Numbers weights{2. / 9, 3. / 9, 4. / 9};
  const double together = qsm::queueing::mg1(0.9, qsm::hyperexponential(weights, Numbers{1, 1.25, 2})).mean_wait();
  for (const double wait : mg1_classes(rates, services).mean_wait) EXPECT_NEAR(wait / together, 1, 1e-13);
  EXPECT_EQ(mg1_classes(Numbers{0.5, 0.6}, {services[0], services[0]}, ps).mean_number[0], INFINITY);
  EXPECT_THROW(mg1_classes(Numbers{}, {}), std::invalid_argument);
  EXPECT_THROW(mg1_classes(Numbers{0.1}, services), std::invalid_argument);
  EXPECT_THROW(mg1_classes(Numbers{-0.1}, {services[0]}), std::domain_error);
}

TEST(dps, agrees_with_the_published_case) {
  const auto sojourn = dps_mean_sojourn(Numbers{0.2, 0.3}, Numbers{1, 2}, Numbers{1, 3});
  EXPECT_NEAR(sojourn[0], 1.61668839635, 1e-11);
  EXPECT_NEAR(sojourn[1], 0.66492829205, 1e-11);
}

TEST(dps, with_equal_weights_shares_equally) {
  const auto sojourn = dps_mean_sojourn(Numbers{0.2, 0.3, 0.1}, Numbers{1, 2, 0.5}, Numbers{7, 7, 7});
  const double slack = 1 - 0.2 - 0.15 - 0.2, means[] = {1, 0.5, 2};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(sojourn[i], means[i] / slack, 1e-13);
}

// A class of overwhelming weight has preemptive priority.
TEST(dps, with_unequal_weights_becomes_priority) {
  const auto sojourn = dps_mean_sojourn(Numbers{0.2, 0.3}, Numbers{1, 2}, Numbers{1e9, 1});
  const auto limit = priority_mean_sojourn(Numbers{0.2, 0.3}, {qsm::exponential(1), qsm::exponential(2)}, true);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(sojourn[i] / limit[i], 1, 1e-7);
}

TEST(priority, refuses_what_is_out_of_range) {
  EXPECT_THROW(priority_mean_sojourn(Numbers{}, {}, true), std::invalid_argument);
  EXPECT_THROW(priority_mean_sojourn(Numbers{0.1, 0.1}, {qsm::exponential(1)}, true), std::invalid_argument);
  EXPECT_THROW(priority_mean_sojourn(Numbers{-0.1}, {qsm::exponential(1)}, true), std::domain_error);
  EXPECT_THROW(dps_mean_sojourn(Numbers{0.1}, Numbers{0}, Numbers{1}), std::domain_error);
  EXPECT_THROW(dps_mean_sojourn(Numbers{0.1}, Numbers{1}, Numbers{1, 2}), std::invalid_argument);
  EXPECT_EQ(dps_mean_sojourn(Numbers{1}, Numbers{1}, Numbers{1})[0], INFINITY);
}

}  // namespace
