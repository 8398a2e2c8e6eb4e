#include <cmath>
#include <map>
#include <numeric>

#include <gtest/gtest.h>

#include <qsm/core/distributions.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/fit.hpp>

#include "golden.hpp"

namespace {

using namespace qsm;

std::string message(auto&& call) {
  try {
    call();
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "no error";
}

std::vector<double> draw(const Distribution& law, std::size_t n, std::uint64_t seed) {
  std::vector<double> values(n);
  law.sample(Stream(seed), 0, values);
  return values;
}

std::pair<double, double> parameters(const Distribution& law) {
  if (const auto* own = law.as<Exponential>()) return {own->rate, 0};
  if (const auto* own = law.as<Gamma>()) return {own->shape, own->scale};
  if (const auto* own = law.as<Erlang>()) return {own->stages, own->rate};
  if (const auto* own = law.as<Lognormal>()) return {own->log_mean, own->log_sd};
  if (const auto* own = law.as<Weibull>()) return {own->shape, own->scale};
  if (const auto* own = law.as<Pareto>()) return {own->shape, own->minimum};
  throw std::runtime_error("no such law: " + law.describe());
}

TEST(fit, agrees_with_scipy) {
  std::map<std::string, std::vector<double>> samples;
  for (const auto& row : qsm_test::golden("core/fit_samples.csv")) samples[row.text("sample")].push_back(row["value"]);
  for (const auto& row : qsm_test::golden("core/fit.csv")) {
    const Fit fit = fit_best(samples.at(row.text("sample")), {row.text("family")}).front();
    const std::string where = row.where + ": " + fit.distribution.describe();
    EXPECT_EQ(fit.family, row.text("family"));
    const auto [first, second] = parameters(fit.distribution);
    EXPECT_NEAR(first, row["first"], 1e-6 * std::abs(row["first"])) << where;
    EXPECT_NEAR(second, row["second"], 1e-6 * std::abs(row["second"])) << where;
    EXPECT_LE(qsm_test::relative_error(fit.log_likelihood, row["log_likelihood"]), 1e-8) << where;
    EXPECT_LE(qsm_test::relative_error(fit.aic, row["aic"]), 1e-8) << where;
    EXPECT_NEAR(fit.ks_statistic, row["ks_statistic"], 1e-6) << where;
    EXPECT_NEAR(fit.ks_p_value, row["p_value"], 1e-3) << where;
    if (std::isinf(row["anderson_darling"])) {
      EXPECT_EQ(fit.anderson_darling, row["anderson_darling"]) << where;
    } else {
      EXPECT_LE(qsm_test::relative_error(fit.anderson_darling, row["anderson_darling"]), 2e-5) << where;
    }
    // The same numbers from the density alone.
    const Fit again = goodness_of_fit(fit.distribution, samples.at(row.text("sample")), fit.parameters);
    EXPECT_NEAR(again.log_likelihood, fit.log_likelihood, 1e-9 * std::abs(fit.log_likelihood)) << where;
    EXPECT_EQ(again.ks_statistic, fit.ks_statistic);
  }
}

// Recovery from 100,000 variates: the tolerance is four asymptotic standard errors of the estimate.
TEST(fit, recovers_the_law_that_made_the_sample) {
  constexpr std::size_t n = 100000;
  const double root = std::sqrt(static_cast<double>(n));
  EXPECT_NEAR(fit_exponential(draw(exponential(2), n, 1)).distribution.mean(), 0.5, 4 * 0.5 / root);
  {
    const auto law = fit_gamma(draw(qsm::gamma(2.5, 0.4), n, 2)).distribution;
    EXPECT_NEAR(law.as<Gamma>()->shape, 2.5, 4 * 3.31 / root);  // √(a / (a ψ'(a) - 1)) = 3.31
  }
  {
    const auto law = fit_erlang(draw(erlang(7, 3), n, 3)).distribution;
    EXPECT_EQ(law.as<Erlang>()->stages, 7);
  }
  {
    const auto law = fit_lognormal(draw(lognormal(-1, 0.8), n, 4)).distribution;
    EXPECT_NEAR(law.as<Lognormal>()->log_mean, -1, 4 * 0.8 / root);
    EXPECT_NEAR(law.as<Lognormal>()->log_sd, 0.8, 4 * 0.8 / std::sqrt(2.0) / root);
  }
  {
    const auto law = fit_weibull(draw(weibull(0.6, 3), n, 5)).distribution;
    EXPECT_NEAR(law.as<Weibull>()->shape, 0.6, 4 * 0.78 * 0.6 / root);
    EXPECT_NEAR(law.as<Weibull>()->scale, 3, 4 * 1.053 * 3 / 0.6 / root);
  }
  {
    const auto law = fit_pareto(draw(pareto(1.7, 2), n, 6)).distribution;
    EXPECT_NEAR(law.as<Pareto>()->shape, 1.7, 4 * 1.7 / root);
    EXPECT_NEAR(law.as<Pareto>()->minimum, 2, 20 / 1.7 / n * 2);
  }
  {
    const auto law = fit_hyperexponential(draw(hyperexponential({0.8, 0.2}, {10, 0.5}), n, 7)).distribution;
    const auto& own = *law.as<Hyperexponential>();
    EXPECT_NEAR(own.probabilities[0], 0.8, 0.01);
    EXPECT_NEAR(own.rates[0], 10, 0.2);
    EXPECT_NEAR(own.rates[1], 0.5, 0.02);
  }
}

// Down to the last digits of the sample: a narrow gamma is normal, its shape 1 / c², its likelihood that of the normal law.
TEST(fit, gamma_of_narrow_samples) {
  for (const double spread : {1e-3, 1e-6, 1e-8, 1e-11}) {
    std::vector<double> samples;
    double mean = 0, squares = 0;
    for (int i = 0; i < 1000; ++i) samples.push_back(normal(3, 3 * spread).quantile((i + 0.5) / 1000));
    for (const double x : samples) mean += (x - 3) / 1000;
    for (const double x : samples) squares += (x - 3 - mean) * (x - 3 - mean) / 1000;
    const Fit fit = fit_gamma(samples);
    const double shape = fit.distribution.as<Gamma>()->shape;
    EXPECT_NEAR(shape * squares / 9, 1, 1e-5 + 10 * spread) << spread;
    EXPECT_NEAR(fit.log_likelihood, -500 * (std::log(2 * 3.14159265358979324 * squares) + 1), 1e-2) << spread;
    EXPECT_LT(fit.ks_statistic, 0.001) << spread;
    EXPECT_NEAR(fit_lognormal(samples).log_likelihood, fit.log_likelihood, 1e-2) << spread;
    EXPECT_GE(fit_erlang(samples).distribution.as<Erlang>()->stages, std::min(shape, largest_count) * (1 - 1e-5) - 1);
  }
}

TEST(fit, best_names_the_family_that_made_the_sample) {
  const std::map<std::string, Distribution> truths = {{"lognormal", lognormal(0, 1)},
                                                      {"weibull", weibull(0.5, 1)},
                                                      {"gamma", qsm::gamma(2.5, 1)},
                                                      {"pareto", pareto(1.5, 1)},
                                                      {"hyperexponential", hyperexponential({0.9, 0.1}, {10, 0.2})}};
  for (const auto& [family, law] : truths) {
    const auto fits = fit_best(draw(law, 20000, 11));
    ASSERT_EQ(fits.size(), 7U);
    EXPECT_EQ(fits.front().family, family);
    EXPECT_GT(fits.front().ks_p_value, 0.001) << family;
    EXPECT_LT(fits.back().ks_p_value, 1e-6) << family;
    for (std::size_t i = 1; i < fits.size(); ++i) EXPECT_LE(fits[i - 1].aic, fits[i].aic);
  }
}

TEST(fit, likelihood_of_more_phases_is_no_lower) {
  const auto samples = draw(lognormal(0, 1.5), 5000, 3);
  const double one = fit_hyperexponential(samples, 1).log_likelihood;
  const double two = fit_hyperexponential(samples, 2).log_likelihood;
  const double three = fit_hyperexponential(samples, 3).log_likelihood;
  EXPECT_NEAR(one, fit_exponential(samples).log_likelihood, 1e-6);
  EXPECT_GT(two, one);
  EXPECT_GT(three, two);
}

TEST(fit, hyperexponential_stands_on_the_highest_top) {
  std::map<std::string, std::vector<double>> samples;
  for (const auto& row : qsm_test::golden("core/fit_samples.csv")) samples[row.text("sample")].push_back(row["value"]);
  for (const auto& row : qsm_test::golden("core/hyperexponential_fit.csv")) {
    if (!samples.contains(row.text("sample"))) continue;  // the packaged trace, which the Python test reads
    const Fit fit = fit_hyperexponential(samples.at(row.text("sample")), static_cast<int>(row["phases"]));
    const auto& law = *fit.distribution.as<Hyperexponential>();
    EXPECT_NEAR(fit.log_likelihood, row["log_likelihood"], 1e-6) << row.where;
    EXPECT_NEAR(law.probabilities[0], row["weight"], 1e-4 * row["weight"]) << row.where;
    EXPECT_NEAR(law.probabilities[1], row["other_weight"], 1e-4 * row["other_weight"]) << row.where;
    EXPECT_NEAR(law.rates[0], row["rate"], 1e-4 * row["rate"]) << row.where;
    EXPECT_NEAR(law.rates[1], row["other_rate"], 1e-4 * row["other_rate"]) << row.where;
  }
}

// Where few values are very short there is a second, lower top. Twice what the fit gains over the truth has the χ² law
// of three degrees of freedom: above 16.3 with probability 0.001.
TEST(fit, hyperexponential_finds_few_short_values) {
  const Distribution truth = hyperexponential({0.02, 0.98}, {1000, 5});
  const auto samples = draw(truth, 20000, 10);
  const auto fit = fit_hyperexponential(samples);
  const double gain = fit.log_likelihood - goodness_of_fit(truth, samples).log_likelihood;
  EXPECT_GT(gain, 0);
  EXPECT_LT(2 * gain, 16.3);
  const double mean = std::accumulate(samples.begin(), samples.end(), 0.0) / 20000;
  EXPECT_NEAR(fit.distribution.mean(), mean, 1e-6 * mean);  // as at every top
}

TEST(fit, one_phase_suffices_for_what_varies_little) {
  const auto samples = draw(qsm::gamma(3, 1), 5000, 2);
  EXPECT_NEAR(fit_hyperexponential(samples, 3).log_likelihood, fit_exponential(samples).log_likelihood, 1e-6);
}

TEST(fit, reports_and_stops) {
  const auto samples = draw(lognormal(0, 1.5), 5000, 3);
  double reported = 0;
  const Progress report{.report = [&](double done) { reported = done; }, .interval = 0};
  fit_hyperexponential(samples, 2, report);
  EXPECT_EQ(reported, 1);
  reported = 0;
  EXPECT_EQ(fit_best(samples, {}, report).size(), 7U);
  EXPECT_EQ(reported, 1);
  int asked = 0;
  const Progress stop{.stop = [&] { return ++asked == 100; }, .interval = 0};
  EXPECT_THROW(fit_hyperexponential(samples, 2, stop), Interrupted);
  asked = 0;
  EXPECT_THROW(fit_best(samples, {"gamma", "hyperexponential"}, stop), Interrupted);
}

// The likelihood of two phases for nearly exponential gaps is a flat, bent ridge, on which expectation-maximisation stops
// early. At the top no change of a parameter gains; a change of 1e-3 loses more than rounding does.
TEST(fit, hyperexponential_reaches_the_top_of_a_flat_ridge) {
  const auto samples = draw(qsm::gamma(0.87, 0.2), 20000, 5);
  const auto likelihood = [&](double weight, double fast, double slow) {
    const Distribution law = hyperexponential({weight, 1 - weight}, {fast, slow});
    double sum = 0;
    for (const double x : samples) sum += std::log(law.pdf(x));
    return sum;
  };
  const Fit fit = fit_hyperexponential(samples);
  const auto& law = *fit.distribution.as<Hyperexponential>();
  const double weight = law.probabilities[0], fast = law.rates[0], slow = law.rates[1];
  EXPECT_NEAR(likelihood(weight, fast, slow), fit.log_likelihood, 1e-6);
  for (const double change : {1 - 1e-3, 1 + 1e-3}) {
    EXPECT_LT(likelihood(weight * change, fast, slow), fit.log_likelihood) << change;
    EXPECT_LT(likelihood(weight, fast * change, slow), fit.log_likelihood) << change;
    EXPECT_LT(likelihood(weight, fast, slow * change), fit.log_likelihood) << change;
  }
}

TEST(fit, zeros_are_fine_where_the_law_has_them) {
  std::vector<double> samples = draw(exponential(1), 1000, 1);
  samples.resize(1500);  // 500 zeros
  EXPECT_GT(fit_hyperexponential(samples).log_likelihood, fit_exponential(samples).log_likelihood);
}

TEST(fit, matched_moments_match) {
  for (const double scv : {0.0, 1e-6, 0.01, 0.2, 0.25, 0.3, 0.5, 0.7, 0.999, 1.0, 1.001, 4.0, 1e4}) {
    const Distribution law = match_moments(3, scv);
    EXPECT_NEAR(law.mean(), 3, 1e-12) << law.describe();
    EXPECT_NEAR(law.scv(), scv, 1e-10 * std::max(scv, 1e-3)) << law.describe();
  }
  EXPECT_EQ(match_moments(3, 0.25).describe(), "erlang(stages=4, rate=1.3333333333333333)");
  const std::vector<double> samples = {1, 2, 3, 4};
  EXPECT_NEAR(fit_moments(samples).mean(), 2.5, 1e-12);
  EXPECT_NEAR(fit_moments(samples).variance(), 5.0 / 3, 1e-12);
}

// Exact values of the distribution of D_n from SciPy's kstwo (scipy.stats.kstwo.sf, 1.11 and newer).
TEST(fit, kolmogorov_p_values_lie_within_two_thousandths) {
  for (const auto& row : qsm_test::golden("core/kolmogorov.csv"))
    EXPECT_NEAR(kolmogorov_p_value(row["statistic"], row["samples"]), row["p_value"], 2e-3) << row.where;
}

TEST(fit, refuses_what_a_law_cannot_have) {
  const std::vector<double> zero = {1, 0, 2};
  const std::vector<double> negative = {1, -2};
  const std::vector<double> equal = {2, 2, 2};
  const std::vector<double> nothing;
  EXPECT_EQ(message([&] { fit_gamma(zero); }), "fit_gamma: samples must be finite and > 0, got 0");
  EXPECT_EQ(message([&] { fit_erlang(zero); }), "fit_erlang: samples must be finite and > 0, got 0");
  EXPECT_EQ(message([&] { fit_lognormal(zero); }), "fit_lognormal: samples must be finite and > 0, got 0");
  EXPECT_EQ(message([&] { fit_weibull(zero); }), "fit_weibull: samples must be finite and > 0, got 0");
  EXPECT_EQ(message([&] { fit_pareto(zero); }), "fit_pareto: samples must be finite and > 0, got 0");
  EXPECT_EQ(message([&] { fit_exponential(negative); }), "fit_exponential: samples must be finite and >= 0, got -2");
  EXPECT_EQ(message([&] { fit_hyperexponential(negative); }),
            "fit_hyperexponential: samples must be finite and >= 0, got -2");
  EXPECT_EQ(message([&] { fit_hyperexponential(zero, 0); }),
            "fit_hyperexponential: phases must be an integer >= 1, got 0");
  EXPECT_EQ(message([&] { fit_hyperexponential(zero, 4); }),
            "fit_hyperexponential: samples must have at least 4 elements, got 3");
  EXPECT_EQ(message([&] { fit_gamma(equal); }), "fit_gamma: samples must not all be equal");
  EXPECT_EQ(message([&] { fit_exponential(nothing); }),
            "fit_exponential: samples must have at least 1 elements, got 0");
  EXPECT_EQ(message([&] { match_moments(0, 1); }), "match_moments: mean must be finite and > 0, got 0");
  EXPECT_EQ(message([&] { match_moments(1, -1); }), "match_moments: scv must be finite and >= 0, got -1");
  EXPECT_EQ(message([&] { fit_best(equal, {"normal"}); }),
            "fit_best: candidates must be out of exponential, erlang, gamma, lognormal, weibull, pareto, "
            "hyperexponential, got 'normal'");
}

}  // namespace
