#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include <qsm/core/distributions.hpp>

#include "golden.hpp"

namespace {

using namespace qsm;

/// The laws of tests/golden/core/distributions.csv; found by their text, which so is tested too.
const std::vector<Distribution>& laws() {
  static const std::vector<Distribution> all = {
      exponential(2),
      exponential(0.003),
      erlang(3, 2),
      erlang(400, 10),
      qsm::gamma(0.3, 2),
      qsm::gamma(7.5, 0.1),
      qsm::gamma(2500000.5, 1),
      qsm::gamma(1500.25, 1),
      hyperexponential({0.9, 0.1}, {10, 0.5}),
      hyperexponential({0.25, 0.5, 0.25}, {1000, 1, 0.001}),
      coxian({3, 2, 5}, {0.5, 0.75}),
      phase_type({0.1, 0.9, 0}, {{-6.2, 2, 0}, {2, -9, 1}, {1, 0, -3}}),
      phase_type({1, 0, 0}, {{-1, 1, 0}, {0, -1000, 999}, {0.5, 0, -1}}),
      normal(0.02, 0.003),
      lognormal(-1, 0.5),
      lognormal(0.5, 2.5),
      weibull(0.4, 2),
      weibull(3, 0.5),
      weibull(200, 1),
      pareto(1.5, 2),
      pareto(4.5, 0.1),
      bounded_pareto(1.5, 1, 1000),
      bounded_pareto(1, 0.001, 1e6),
      uniform(-1, 3),
      uniform(0, 0.1),
      mixture({0.25, 0.75}, {erlang(4, 2), lognormal(0, 1)}),
      shifted(qsm::gamma(2.5, 1), 0.5),
      scaled(weibull(2, 1), 1000),
      truncated(exponential(1), 0, 3),
      truncated(lognormal(0, 1), 50, 1000),
  };
  return all;
}

double evaluate(const Distribution& law, const std::string& function, double argument) {
  if (function == "mean") return law.mean();
  if (function == "variance") return law.variance();
  if (function == "skewness") return law.skewness();
  if (function == "moment") return law.moment(static_cast<int>(argument));
  if (function == "laplace") return law.laplace(argument);
  if (function == "pdf") return law.pdf(argument);
  if (function == "cdf") return law.cdf(argument);
  if (function == "survival") return law.survival(argument);
  if (function == "quantile") return law.quantile(argument);
  if (function == "survival_quantile") return law.survival_quantile(argument);
  throw std::runtime_error("unknown function " + function);
}

std::string csv_text(std::string text) {
  std::replace(text.begin(), text.end(), ',', ';');
  return text;
}

TEST(distributions, agree_with_50_digits) {
  std::set<std::string> seen;
  for (const auto& row : qsm_test::golden("core/distributions.csv")) {
    const auto law = std::find_if(laws().begin(), laws().end(),
                                  [&](const Distribution& d) { return csv_text(d.describe()) == row.text("law"); });
    ASSERT_NE(law, laws().end()) << row.where << ": no law reads " << row.text("law");
    seen.insert(row.text("law"));
    const double truth = row["value"];
    const double value = evaluate(*law, row.text("function"), row["argument"]);
    const double scale = std::isfinite(truth) ? std::max(1.0, std::abs(std::log(std::abs(truth)))) : 1;
    EXPECT_LE(qsm_test::relative_error(value, truth), row["tolerance"] * scale)
        << row.where << ": " << row.text("law") << " " << row.text("function") << "(" << row.text("argument") << ") is "
        << value << ", must be " << truth << ", error " << qsm_test::relative_error(value, truth) / scale;
  }
  EXPECT_EQ(seen.size(), laws().size());
}

}  // namespace
