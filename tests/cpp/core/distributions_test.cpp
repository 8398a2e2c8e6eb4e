#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include <qsm/core/distributions.hpp>
#include <qsm/core/testing.hpp>

namespace {

using namespace qsm;

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<Distribution> smooth_laws() {
  return {exponential(2),
          erlang(3, 2),
          erlang(40, 10),
          qsm::gamma(0.3, 2),
          qsm::gamma(7.5, 0.1),
          qsm::gamma(3e9, 1e-9),
          hyperexponential({0.9, 0.1}, {10, 0.5}),
          hyperexponential_balanced(3, 20),
          coxian({3, 2, 5}, {0.5, 0.75}),
          phase_type({0.1, 0.9, 0}, {{-6.2, 2, 0}, {2, -9, 1}, {1, 0, -3}}),
          normal(0.02, 0.003),
          lognormal(-1, 0.5),
          lognormal_from(2, 4),
          weibull(0.7, 2),
          weibull(3, 0.5),
          pareto(6.5, 2),
          bounded_pareto(1.5, 1, 1000),
          bounded_pareto(2.5, 1, 1.01),
          uniform(1, 3),
          mixture({0.25, 0.75}, {erlang(4, 2), lognormal(0, 1)}),
          mixture({0.05, 0.35, 0.6}, {uniform(50, 60), exponential(1), erlang(30, 10)}),
          shifted(qsm::gamma(2.5, 1), 0.5),
          scaled(weibull(2, 1), 1000),
          truncated(exponential(1), 0, 3),
          truncated(lognormal(0, 1), 50, 1000),
          truncated(qsm::gamma(3, 1), 1, infinity)};
}

std::vector<Distribution> laws() {
  auto all = smooth_laws();
  all.insert(all.end(),
             {deterministic(0.25), empirical({3, 1, 2, 2, 5.5}), mixture({0.5, 0.5}, {deterministic(1), uniform(0, 3)}),
              truncated(empirical({1, 2, 3, 4}), 1.5, 3), shifted(deterministic(1), 2)});
  return all;
}

std::string message(auto&& call) {
  try {
    call();
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "no error";
}

TEST(distributions_property, every_law_passes_the_check_that_users_run) {
  for (const Distribution& law : laws())
    EXPECT_EQ(check_distribution(law), std::vector<std::string>()) << law.describe();
}

// Up to what the last place of x itself is worth, which near an end of the support other than 0 is more than p is.
TEST(distributions_property, quantiles_invert_cdf_and_survival) {
  for (const Distribution& law : smooth_laws())
    for (const double p : {1e-12, 1e-5, 0.02, 0.4, 0.5, 0.6, 0.97}) {
      const auto place = [&](double x) { return 2e-15 * x * law.pdf(x) / p; };
      const double x = law.quantile(p);
      EXPECT_NEAR(law.cdf(x) / p, 1, 1e-12 + place(x)) << law.describe() << " p = " << p;
      const double y = law.survival_quantile(p);
      EXPECT_NEAR(law.survival(y) / p, 1, 1e-12 + place(y)) << law.describe() << " q = " << p;
    }
}

TEST(distributions_property, ends_of_the_support) {
  for (const Distribution& law : laws()) {
    EXPECT_EQ(law.quantile(0), law.low()) << law.describe();
    EXPECT_EQ(law.quantile(1), law.high()) << law.describe();
    EXPECT_EQ(law.survival_quantile(1), law.low()) << law.describe();
    EXPECT_EQ(law.survival_quantile(0), law.high()) << law.describe();
    EXPECT_EQ(law.survival(infinity), 0) << law.describe();
    EXPECT_EQ(law.cdf(-infinity), 0) << law.describe();
    EXPECT_EQ(law.survival(-infinity), 1) << law.describe();
    EXPECT_TRUE(law.low() != 0 || !std::signbit(law.low())) << law.describe();
  }
}

// Against numbers written here: the other test of the ends would not see a law that is wrong about both low() and
// quantile(0).
TEST(distributions_property, ends_of_the_support_are_those_of_the_definition) {
  struct Ends {
    Distribution law;
    double low, high;
  };
  const std::vector<Ends> cases = {{exponential(2), 0, infinity},
                                   {erlang(3, 2), 0, infinity},
                                   {qsm::gamma(0.3, 2), 0, infinity},
                                   {hyperexponential({0.9, 0.1}, {10, 0.5}), 0, infinity},
                                   {coxian({3, 2, 5}, {0.5, 0.75}), 0, infinity},
                                   {lognormal(-1, 0.5), 0, infinity},
                                   {weibull(0.7, 2), 0, infinity},
                                   {pareto(6.5, 2), 2, infinity},
                                   {bounded_pareto(1.5, 1, 1000), 1, 1000},
                                   {uniform(1, 3), 1, 3},
                                   {deterministic(0.25), 0.25, 0.25},
                                   {empirical({3, 1, 2, 2, 5.5}), 1, 5.5},
                                   {mixture({0.5, 0.5}, {deterministic(1), uniform(0, 3)}), 0, 3},
                                   {shifted(qsm::gamma(2.5, 1), 0.5), 0.5, infinity},
                                   {scaled(uniform(1, 3), 10), 10, 30},
                                   {truncated(exponential(1), 0, 3), 0, 3},
                                   {truncated(lognormal(0, 1), 50, 1000), 50, 1000}};
  for (const auto& [law, low, high] : cases) {
    EXPECT_EQ(law.low(), low) << law.describe();
    EXPECT_EQ(law.high(), high) << law.describe();
  }
}

TEST(distributions_property, laplace_is_one_at_zero_and_falls_with_slope_mean) {
  for (const Distribution& law : laws()) {
    EXPECT_EQ(law.laplace(0), 1) << law.describe();
    const double step = 1e-5 / law.mean();
    // 1 - L(s) = m s - E[X²] s²/2 + ...
    const double slope = (1 - law.laplace(step)) / step + law.moment(2) * step / 2;
    EXPECT_NEAR(slope / law.mean(), 1, 1e-6) << law.describe();
    EXPECT_LT(law.laplace(2 / law.mean()), law.laplace(1 / law.mean())) << law.describe();
    EXPECT_GE(law.laplace(1 / law.mean()), std::exp(-1) * (1 - 1e-12)) << law.describe() << ": Jensen";
  }
}

// Whatever the rate: no overflow, no hang, never above 1.
TEST(distributions_property, laplace_stays_within_0_and_1) {
  auto all = laws();
  all.insert(all.end(), {pareto(0.5, 1), bounded_pareto(10, 1e100, 1e200), weibull(1e6, 1), lognormal(0, 20)});
  for (const Distribution& law : all) {
    if (law.low() < 0) continue;
    double before = 1;
    for (const double rate : {1e-300, 1e-9, 1.0, 1e3, 1e6, 1e300}) {
      const double here = law.laplace(rate);
      EXPECT_GE(here, 0) << law.describe() << " s = " << rate;
      EXPECT_LE(here, before * (1 + 1e-12)) << law.describe() << " s = " << rate;
      before = here;
    }
  }
}

TEST(distributions, narrow_and_wide_bounded_pareto) {
  const auto narrow = bounded_pareto(1e9, 1, 2);  // all but an exponential law of rate 1e9, moved by 1
  EXPECT_NEAR(narrow.variance(), 1e-18, 1e-26);
  const auto wide = bounded_pareto(10, 1, 1e100);
  EXPECT_EQ(Distribution(wide).high(), 1e100);
  EXPECT_NEAR(wide.survival_quantile(1e-300) / 1e30, 1, 1e-13);
}

// Rates 1e-6 and 1e6: P(X > x) = (b exp(-ax) - a exp(-bx)) / (b - a), kept over a million million jumps.
TEST(distributions, stiff_phases_keep_their_digits) {
  const auto law = phase_type({1, 0}, {{-1e-6, 1e-6}, {0, -1e6}});
  for (const double x : {1e2, 1e5, 1e6, 1e8, 6e8}) {
    const double truth = std::exp(-1e-6 * x) / (1 - 1e-12);
    EXPECT_NEAR(law.survival(x) / truth, 1, 1e-13 * std::max(1.0, 1e-6 * x)) << x;
    EXPECT_NEAR(law.cdf(x) + law.survival(x), 1, 1e-15) << x;
  }
}

// The integral over quantiles sees a jump wherever it lies.
TEST(distribution_concept, moments_of_laws_with_jumps) {
  for (int k = 1; k <= 40; ++k) {
    struct Steps {
      double share;
      double mean() const { return 2 - share; }
      double variance() const { return share * (1 - share); }
      double cdf(double x) const { return x < 1 ? 0 : x < 2 ? share : 1; }
      double quantile(double p) const { return p <= share ? 1 : 2; }
    };
    const double share = 0.6 * std::exp(-0.03 * k);
    EXPECT_NEAR(Distribution(Steps{share}).moment(2), 4 - 3 * share, 1e-11) << share;
  }
}

TEST(distributions_property, variance_is_second_moment_less_square) {
  for (const Distribution& law : laws()) {
    const double mean = law.mean();
    EXPECT_NEAR(law.moment(1), mean, 1e-12 * mean) << law.describe();
    EXPECT_NEAR(law.moment(2) - mean * mean, law.variance(), 1e-11 * law.moment(2)) << law.describe();
    EXPECT_NEAR(law.standard_deviation() * law.standard_deviation(), law.variance(), 1e-12 * law.variance());
    EXPECT_NEAR(law.scv() * mean * mean, law.variance(), 1e-12 * law.variance());
  }
}

TEST(distributions_property, arrays_equal_scalars) {
  const std::vector<double> values = {-1, 0, 0.3, 1, 2, 7, 55, infinity};
  const std::vector<double> probabilities = {0, 1e-9, 0.2, 0.5, 0.7, 0.999, 1};
  for (const Distribution& law : laws()) {
    std::vector<double> out(values.size());
    law.fill_pdf(values, out);
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(out[i], law.pdf(values[i])) << law.describe();
    law.fill_cdf(values, out);
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(out[i], law.cdf(values[i])) << law.describe();
    law.fill_survival(values, out);
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(out[i], law.survival(values[i])) << law.describe();
    out.resize(probabilities.size());
    law.fill_quantile(probabilities, out);
    for (std::size_t i = 0; i < out.size(); ++i) EXPECT_EQ(out[i], law.quantile(probabilities[i])) << law.describe();
    law.fill_survival_quantile(probabilities, out);
    for (std::size_t i = 0; i < out.size(); ++i)
      EXPECT_EQ(out[i], law.survival_quantile(probabilities[i])) << law.describe();
  }
}

// Twin: 400,000 variates. Mean by its own standard error; counts below four quantiles by the binomial. A bias of 1 % of
// the standard deviation in the mean has z = 6.
TEST(distributions_twin, samples_have_the_mean_and_the_quantiles_of_theory) {
  constexpr std::size_t n = 400000;
  std::vector<double> values(n);
  std::uint64_t id = 0;
  for (const Distribution& law : laws()) {
    law.sample(Stream(7).child(id++), 0, values);
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    const double error = law.standard_deviation() / std::sqrt(static_cast<double>(n));
    EXPECT_LE(std::abs(mean - law.mean()), 4 * error) << law.describe();
    for (const double p : {0.1, 0.5, 0.9, 0.99}) {
      const double x = law.quantile(p);
      const double expected = law.cdf(x);
      const double share =
          static_cast<double>(std::count_if(values.begin(), values.end(), [x](double v) { return v <= x; })) / n;
      EXPECT_LE(std::abs(share - expected), 4 * std::sqrt(expected * (1 - expected) / n))
          << law.describe() << " p = " << p;
    }
  }
}

TEST(distributions, laws_that_are_the_same_agree) {
  const Distribution direct = erlang(3, 2);
  const std::vector<Distribution> ways = {qsm::gamma(3, 0.5),
                                          coxian({2, 2, 2}, {1, 1}),
                                          phase_type({1, 0, 0}, {{-2, 2, 0}, {0, -2, 2}, {0, 0, -2}}),
                                          scaled(erlang(3, 1), 0.5),
                                          mixture({0.5, 0.5}, {erlang(3, 2), erlang(3, 2)}),
                                          truncated(erlang(3, 2), 0, infinity)};
  for (const Distribution& way : ways)
    for (const double x : {1e-6, 0.1, 1.0, 5.0, 40.0, 200.0}) {
      EXPECT_NEAR(way.cdf(x) / direct.cdf(x), 1, 1e-12) << way.describe() << " at " << x;
      EXPECT_NEAR(way.survival(x) / direct.survival(x), 1, 2e-11) << way.describe() << " at " << x;
      EXPECT_NEAR(way.pdf(x) / direct.pdf(x), 1, 2e-11) << way.describe() << " at " << x;
      EXPECT_NEAR(way.laplace(x) / direct.laplace(x), 1, 1e-11) << way.describe() << " at " << x;
    }
}

TEST(distributions, shape_of_the_balanced_and_matched_laws) {
  const Distribution balanced = hyperexponential_balanced(3, 1e6);
  EXPECT_NEAR(balanced.mean() / 3, 1, 1e-12);
  EXPECT_NEAR(balanced.scv() / 1e6, 1, 1e-9);
  const Distribution matched = lognormal_from(2, 1e-8);
  EXPECT_NEAR(matched.mean() / 2, 1, 1e-12);
  EXPECT_NEAR(matched.scv() / 1e-8, 1, 1e-12);
}

TEST(distributions, heavy_tails_have_infinite_moments) {
  EXPECT_EQ(Distribution(pareto(1, 1)).mean(), infinity);
  EXPECT_EQ(Distribution(pareto(2, 1)).variance(), infinity);
  EXPECT_EQ(Distribution(pareto(2, 1)).scv(), infinity);
  EXPECT_EQ(Distribution(pareto(3, 1)).skewness(), infinity);
  EXPECT_EQ(Distribution(pareto(2.5, 1)).skewness(), infinity);  // between the poles of the formulas
  EXPECT_EQ(Distribution(pareto(1.5, 1)).variance(), infinity);
  EXPECT_EQ(Distribution(pareto(0.5, 1)).mean(), infinity);
  EXPECT_EQ(Distribution(pareto(2.5, 1)).moment(3), infinity);
  EXPECT_EQ(Distribution(mixture({0.5, 0.5}, {exponential(1), pareto(1.5, 1)})).scv(), infinity);
  EXPECT_EQ(Distribution(truncated(pareto(0.5, 1), 2, infinity)).mean(), infinity);
}

TEST(distributions, empirical_is_the_sample) {
  const Distribution law = empirical({3, 1, 2, 2});
  EXPECT_EQ(law.describe(), "empirical(samples=[1, 2, 2, 3])");
  EXPECT_EQ(law.mean(), 2);
  EXPECT_EQ(law.variance(), 0.5);
  EXPECT_EQ(law.quantile(0.25), 1);
  EXPECT_EQ(law.quantile(0.2500001), 2);
  EXPECT_EQ(law.quantile(0.75), 2);
  EXPECT_EQ(law.survival_quantile(0.25), 2);
  EXPECT_EQ(law.survival_quantile(0.2499999), 3);
  EXPECT_EQ(law.cdf(2), 0.75);
  EXPECT_EQ(law.survival(1.5), 0.75);
  EXPECT_EQ(law.pdf(2), infinity);
  EXPECT_EQ(law.pdf(2.5), 0);
}

TEST(distributions, quantile_of_cdf_returns_every_value_of_a_sample) {
  for (std::size_t n = 1; n <= 300; ++n) {
    std::vector<double> values(n);
    std::iota(values.begin(), values.end(), 1.0);
    const Empirical law = empirical(values);
    for (const double value : values) {
      ASSERT_EQ(law.quantile(law.cdf(value)), value) << n;
      ASSERT_EQ(law.survival_quantile(law.survival(value)), value) << n;
    }
  }
}

// Beside k/n, where n times the probability rounds to k, the next value is meant.
TEST(distributions, a_probability_just_beside_a_step_belongs_to_the_next_value) {
  for (std::size_t n = 2; n <= 300; ++n) {
    std::vector<double> values(n);
    std::iota(values.begin(), values.end(), 1.0);
    const Empirical law = empirical(values);
    for (std::size_t k = 1; k < n; ++k) {
      const double step = static_cast<double>(k) / static_cast<double>(n);
      ASSERT_EQ(law.quantile(std::nextafter(step, 2.0)), values[k]) << k << " of " << n;
      ASSERT_EQ(law.survival_quantile(std::nextafter(step, 0.0)), values[n - k]) << k << " of " << n;
    }
  }
}

TEST(distributions, truncation_keeps_an_atom_at_an_uncut_end_and_drops_one_at_a_cut) {
  const Distribution law = truncated(empirical({1, 2, 3, 4}), 1, 3);
  EXPECT_NEAR(law.mean(), 2, 1e-12);
  EXPECT_EQ(Distribution(truncated(empirical({1, 2, 3, 4}), 2, 10)).quantile(0.01), 3);
}

TEST(distributions, the_law_itself_can_be_asked_for) {
  const Distribution law = exponential(2);
  ASSERT_NE(law.as<Exponential>(), nullptr);
  EXPECT_EQ(law.as<Exponential>()->rate, 2);
  EXPECT_EQ(law.as<Gamma>(), nullptr);
  const Distribution copy = law;
  EXPECT_EQ(copy.as<Exponential>(), law.as<Exponential>());
}

TEST(distributions, refuse_bad_parameters) {
  EXPECT_EQ(message([] { exponential(0); }), "exponential: rate must be finite and > 0, got 0");
  EXPECT_EQ(message([] { erlang(2.5, 1); }), "erlang: stages must be an integer >= 1, got 2.5");
  EXPECT_EQ(message([] { qsm::gamma(-1, 1); }), "gamma: shape must be finite and > 0, got -1");
  EXPECT_EQ(message([] {
              hyperexponential({0.5, 0.6}, {1, 2});
            }),
            "hyperexponential: sum of probabilities must be 1 within 1e-12, got 1.1");
  EXPECT_EQ(message([] {
              hyperexponential({0.5, 0.5}, {1});
            }),
            "hyperexponential: rates must have as many elements as probabilities, 2, got 1");
  EXPECT_EQ(message([] { hyperexponential({}, {}); }),
            "hyperexponential: probabilities must have at least one element, got none");
  EXPECT_EQ(message([] { hyperexponential_balanced(1, 0.5); }),
            "hyperexponential_balanced: scv must be finite and >= 1, got 0.5");
  EXPECT_EQ(message([] {
              coxian({1, 2}, {0.5, 0.5});
            }),
            "coxian: continue_probabilities must have as many elements as rates less one, 1, got 2");
  EXPECT_EQ(message([] { phase_type({1}, {{1}}); }), "phase_type: generator on the diagonal must be < 0, got 1");
  EXPECT_EQ(message([] {
              phase_type({1, 0}, {{-1, 1}, {1, -1}});
            }),
            "phase_type: phase must be one from which the chain can leave, got 0");
  EXPECT_EQ(message([] {
              phase_type({1, 0}, {{-1, 2}, {1, -1}});
            }),
            "phase_type: sum of a row of generator must be <= 0, got 1");
  EXPECT_EQ(message([] {
              phase_type({1, 0}, {{-1, 1}, {-1, -1}});
            }),
            "phase_type: generator off the diagonal must be >= 0, got -1");
  EXPECT_EQ(message([] {
              phase_type({1, 0}, {{-1, 1}});
            }),
            "phase_type: generator must have as many elements as initial, 2, got 1");
  EXPECT_EQ(message([] { lognormal(NAN, 1); }), "lognormal: log_mean must be finite, got nan");
  EXPECT_EQ(message([] { lognormal_from(1, 0); }), "lognormal_from: scv must be finite and > 0, got 0");
  EXPECT_EQ(message([] { weibull(infinity, 1); }), "weibull: shape must be finite and > 0, got inf");
  EXPECT_EQ(message([] { pareto(1, 0); }), "pareto: minimum must be finite and > 0, got 0");
  EXPECT_EQ(message([] { bounded_pareto(1, 2, 2); }), "bounded_pareto: maximum must be > minimum, got 2");
  EXPECT_EQ(message([] { deterministic(NAN); }), "deterministic: value must be finite, got nan");
  EXPECT_EQ(message([] { uniform(2, 1); }), "uniform: high must be > low, got 1");
  EXPECT_EQ(message([] { mixture({1}, {}); }), "mixture: components must have as many elements as weights, 1, got 0");
  EXPECT_EQ(message([] {
              mixture({1, 0}, {exponential(1), exponential(2)});
            }),
            "mixture: weights must be in (0, 1], got 0");
  EXPECT_EQ(message([] { shifted(exponential(1), infinity); }), "shifted: offset must be finite, got inf");
  EXPECT_EQ(message([] { scaled(exponential(1), 0); }), "scaled: factor must be finite and > 0, got 0");
  EXPECT_EQ(message([] { truncated(uniform(0, 1), 2, 3); }), "truncated: P(low < X <= high) must be > 0, got 0");
  EXPECT_EQ(message([] { truncated(uniform(0, 1), 1, 0.5); }), "truncated: high must be > low, got 0.5");
  EXPECT_EQ(message([] { truncated(uniform(0, 1), 0.5, 0.5); }), "truncated: high must be > low, got 0.5");
  EXPECT_EQ(message([] { empirical({}); }), "empirical: samples must have at least one element, got none");
  EXPECT_EQ(message([] { empirical({1, NAN}); }), "empirical: samples must be finite, got nan");
}

TEST(distributions, refuse_bad_arguments) {
  const Distribution law = exponential(1);
  EXPECT_EQ(message([&] { law.quantile(1.5); }), "Distribution::quantile: probability must be in [0, 1], got 1.5");
  EXPECT_EQ(message([&] { law.survival_quantile(NAN); }),
            "Distribution::survival_quantile: probability must be in [0, 1], got nan");
  EXPECT_EQ(message([&] { law.laplace(-1); }), "Distribution::laplace: rate must be finite and >= 0, got -1");
  EXPECT_EQ(message([&] { law.moment(0); }), "Distribution::moment: order must be an integer >= 1, got 0");
  EXPECT_EQ(message([&] { law.cdf(NAN); }), "Distribution::cdf: value must be a number, got nan");
  EXPECT_EQ(message([&] { law.pdf(NAN); }), "Distribution::pdf: value must be a number, got nan");
  EXPECT_EQ(message([&] { law.survival(NAN); }), "Distribution::survival: value must be a number, got nan");
  std::vector<double> out(1);
  const std::vector<double> in = {0.5, 2};
  EXPECT_EQ(message([&] { law.fill_cdf(in, out); }),
            "Distribution::fill_cdf: out must have the size of values, 2, got 1");
  out.resize(2);
  EXPECT_EQ(message([&] { law.fill_quantile(in, out); }),
            "Distribution::fill_quantile: probability must be in [0, 1], got 2");
}

// A user's own law in ten lines, as in distribution.hpp.
struct Triangle {
  double mean() const { return 2.0 / 3; }
  double variance() const { return 1.0 / 18; }
  double cdf(double x) const { return x <= 0 ? 0 : x >= 1 ? 1 : x * x; }
  double quantile(double p) const { return std::sqrt(p); }
};

TEST(distribution_concept, four_members_suffice_and_the_rest_is_derived) {
  EXPECT_EQ(check_distribution(Triangle{}), std::vector<std::string>());
  const Distribution law = Triangle{};
  EXPECT_NEAR(law.pdf(0.4), 0.8, 1e-9);
  EXPECT_EQ(law.pdf(1.5), 0);
  EXPECT_NEAR(law.moment(5), 2.0 / 7, 1e-12);
  EXPECT_NEAR(law.skewness(), -2 * std::sqrt(2.0) / 5, 1e-11);
  EXPECT_NEAR(law.laplace(2), (1 - std::exp(-2.0) * 3) / 2, 1e-12);
  EXPECT_NEAR(law.survival_quantile(0.01), std::sqrt(0.99), 1e-14);
  EXPECT_EQ(law.low(), 0);
  EXPECT_EQ(law.high(), 1);
  EXPECT_EQ(law.describe().substr(0, 18), "distribution(mean=");
}

struct LightTail {  // exponential that keeps its tail to itself but for survival
  double mean() const { return 1; }
  double variance() const { return 1; }
  double cdf(double x) const { return x <= 0 ? 0 : -std::expm1(-x); }
  double survival(double x) const { return x <= 0 ? 1 : std::exp(-x); }
  double quantile(double p) const { return -std::log1p(-p); }
};

TEST(distribution_concept, survival_alone_gives_quantiles_of_the_tail) {
  const Distribution law = LightTail{};
  for (const double q : {0.3, 1e-3, 1e-18, 1e-200}) EXPECT_NEAR(law.survival_quantile(q) / -std::log(q), 1, 1e-14) << q;
  EXPECT_NEAR(law.moment(6), 720, 1e-8);
}

struct WrongMean : Triangle {
  double mean() const { return 0.6; }
};
struct WrongQuantile : Triangle {
  double quantile(double p) const { return p; }
};
struct WrongCdf : Triangle {
  double cdf(double x) const { return x <= 0 ? 0 : x >= 1 ? 1 : x * x + 0.1 * std::sin(40 * x); }
};
struct WrongSample : Triangle {
  void sample(const Stream& stream, std::uint64_t first, std::span<double> out) const { stream.uniforms(first, out); }
};
struct WrongBlocks : Triangle {
  void sample(const Stream& stream, std::uint64_t, std::span<double> out) const {
    stream.uniforms(0, out);
    for (double& value : out) value = std::sqrt(value);
  }
};
struct WrongPdf : Triangle {
  double pdf(double) const { return 1; }
};
struct WrongLaplace : Triangle {
  double laplace(double s) const { return std::exp(-s); }
};
struct WrongMoment : Triangle {
  double moment(int k) const { return k; }
};
struct Throws : Triangle {
  double quantile(double) const { throw std::runtime_error("not written"); }
};

template <class Law>
std::string first_failure() {
  const auto failures = check_distribution(Law{});
  return failures.empty() ? "none" : failures.front();
}

TEST(distribution_concept, the_check_reports_what_is_wrong) {
  EXPECT_EQ(first_failure<WrongMean>().substr(0, 11), "mean is 0.6");
  EXPECT_EQ(first_failure<WrongQuantile>().substr(0, 33), "cdf(quantile(p)) is below p at 1e");
  const auto failures = check_distribution(WrongCdf{});
  EXPECT_NE(std::find(failures.begin(), failures.end(), "cdf falls: it is not monotone"), failures.end());
  EXPECT_EQ(first_failure<WrongSample>().substr(0, 30), "sample does not follow the cdf");
  EXPECT_EQ(first_failure<WrongBlocks>(), "sample: a variate depends on where the block is cut");
  EXPECT_EQ(first_failure<WrongPdf>().substr(0, 36), "pdf does not integrate to the cdf be");
  EXPECT_EQ(first_failure<WrongLaplace>().substr(0, 8), "laplace(");
  EXPECT_EQ(first_failure<WrongMoment>().substr(0, 11), "moment(1) i");
  EXPECT_EQ(first_failure<Throws>(), "quantile and cdf threw: not written");
}

static_assert(DistributionLike<Triangle> && DistributionLike<Exponential> && DistributionLike<Distribution>);
static_assert(!DistributionLike<int> && !std::convertible_to<std::string, Distribution>);

}  // namespace
