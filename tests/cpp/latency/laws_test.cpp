// Sums, extremes, retries, buckets: golden rows, bounds, and a twin by simulation for each.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

#include <qsm/core/distributions.hpp>
#include <qsm/core/statistics.hpp>
#include <qsm/core/testing.hpp>
#include <qsm/latency/bounds.hpp>
#include <qsm/latency/budget.hpp>
#include <qsm/latency/extremes.hpp>
#include <qsm/latency/retry.hpp>
#include <qsm/latency/revenue.hpp>
#include <qsm/latency/schedulability.hpp>
#include <qsm/latency/sum.hpp>

#include "golden.hpp"

namespace {

using namespace qsm;
using namespace qsm::latency;
using qsm_test::agrees;
using qsm_test::relative_error;

constexpr double infinity = std::numeric_limits<double>::infinity();

Distribution law(const std::string& text) {
  const std::vector<std::pair<std::string, Distribution>> laws = {
      {"exponential(2)", exponential(2)},        {"lognormal(0 1)", lognormal(0, 1)},
      {"lognormal(-1 0.5)", lognormal(-1, 0.5)}, {"pareto(1.5 1)", pareto(1.5, 1)},
      {"weibull(0.5 1)", weibull(0.5, 1)},       {"weibull(2 0.3)", weibull(2, 0.3)}};
  for (const auto& [name, found] : laws)
    if (name == text) return found;
  throw std::runtime_error("no law " + text);
}

std::string message(auto&& call) {
  try {
    call();
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "no error";
}

/// The twin: what `draw` gives for a block of variates must be a sample of the law (Kolmogorov-Smirnov, n = 40,000,
/// false alarm below 1e-5), and its mean the law's within four standard errors.
void expect_sample(const Distribution& model, const std::function<void(const Stream&, std::span<double>)>& draw) {
  std::vector<double> sample(40000);
  draw(Stream(51), sample);
  Moments moments;
  moments.add(sample);
  if (std::isfinite(model.variance())) {
    const double z = (moments.mean() - model.mean()) / (model.standard_deviation() / 200);
    EXPECT_LT(std::abs(z), 4) << model.describe() << " mean " << model.mean() << " sample " << moments.mean();
  }
  std::sort(sample.begin(), sample.end());
  double distance = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const auto n = static_cast<double>(sample.size());
    distance = std::max(distance, static_cast<double>(i + 1) / n - model.cdf(sample[i] * (1 + 1e-12)));
    distance =
        std::max(distance, model.cdf(std::nextafter(sample[i] * (1 - 1e-12), -infinity)) - static_cast<double>(i) / n);
  }
  EXPECT_LT(distance * 200, 2.5) << model.describe();
}

TEST(sum_of, agrees_with_quadrature) {
  for (const auto& row : qsm_test::golden("latency/sums.csv")) {
    const Distribution sum = sum_of({law(row.text("first")), law(row.text("second"))}, 0.01);
    const double truth = row["survival"], x = row["value"];
    const auto [lower, upper] = bounds(sum);
    EXPECT_LE(relative_error(sum.survival(x), truth), 1e-4 * std::max(1.0, -std::log(truth)))
        << row.where << " " << sum.survival(x) << " " << truth;
    EXPECT_LE(lower.survival(x), truth * (1 + 1e-12)) << row.where;
    EXPECT_GE(upper.survival(x), truth * (1 - 1e-12)) << row.where;
    if (truth < 1 && truth > 0) {
      const double low = lower.survival_quantile(truth * (1 - 1e-12)),
                   high = upper.survival_quantile(truth * (1 + 1e-12));
      EXPECT_LE(low, x * (1 + 1e-12)) << row.where;
      EXPECT_GE(high, x * (1 - 1e-12)) << row.where;
      EXPECT_LE((high - low) / x, 0.01) << row.where;
    }
  }
}

TEST(sum_of, knows_the_exact_forms) {
  EXPECT_EQ(sum_of({exponential(2), exponential(2)}).describe(), "erlang(stages=2, rate=2)");
  EXPECT_EQ(sum_of({erlang(3, 2), exponential(2)}).describe(), "erlang(stages=4, rate=2)");
  EXPECT_EQ(sum_of({qsm::gamma(0.5, 2), qsm::gamma(1.25, 2)}).describe(), "gamma(shape=1.75, scale=2)");
  EXPECT_EQ(sum_of({normal(1, 3), normal(2, 4)}).describe(), "normal(mean=3, standard_deviation=5)");
  EXPECT_EQ(sum_of({deterministic(1), deterministic(2.5)}).describe(), "deterministic(value=3.5)");
  EXPECT_EQ(sum_of({deterministic(1), lognormal(0, 1)}).describe(),
            "shifted(distribution=lognormal(log_mean=0, log_sd=1), offset=1)");
  EXPECT_EQ(sum_of(exponential(1), 1000).describe(), "erlang(stages=1000, rate=1)");
  EXPECT_EQ(sum_of({lognormal(0, 1)}).describe(), "lognormal(log_mean=0, log_sd=1)");
  // Stages of unlike rates: P(X + Y > x) = (b exp(-ax) - a exp(-bx)) / (b - a).
  const Distribution two = sum_of({exponential(1), shifted(exponential(3), 2)});
  for (const double x : {2.5, 4.0, 30.0})
    EXPECT_LT(relative_error(two.survival(x), (3 * std::exp(-(x - 2)) - std::exp(-3 * (x - 2))) / 2), 1e-12);
  const Distribution mixed = sum_of({hyperexponential({0.5, 0.5}, {1, 4}), coxian({2, 1}, {0.5})});
  EXPECT_NE(mixed.as<PhaseType>(), nullptr);
  EXPECT_NEAR(mixed.mean(), 0.625 + 1, 1e-13);
  EXPECT_EQ(bounds(mixed).upper.describe(), mixed.describe());
}

// Calls `work` twice: once to the end, where the fraction done rises to 1, and once with a stop at a third.
void expect_progress_and_stop(const std::function<void(const Progress&)>& work) {
  double last = 0;
  int calls = 0;
  Progress progress;
  progress.interval = 0;
  progress.report = [&](double done) {
    EXPECT_GE(done, last);
    last = done;
    ++calls;
  };
  work(progress);
  EXPECT_EQ(last, 1);
  EXPECT_GT(calls, 50);
  last = 0;
  progress.stop = [&] { return last > 1.0 / 3; };
  EXPECT_THROW(work(progress), Interrupted);
  EXPECT_LT(last, 0.4);
}

TEST(long_work, tells_its_progress_and_can_be_stopped) {
  const Distribution law = lognormal(0, 1);
  expect_progress_and_stop([&](const Progress& progress) { sum_of(law, 300, 0.05, progress); });
  expect_progress_and_stop([&](const Progress& progress) { sum_of({law, weibull(1, 2), law}, 0.05, progress); });
  expect_progress_and_stop(
      [&](const Progress& progress) { periodic_miss_probability(law, 3, 3, 1e5, 20, 1, 0.95, progress); });
  const Budget page = serial({stage("first", law), fan_out(stage("second", law), 100)});
  expect_progress_and_stop([&](const Progress& progress) { page.shares(0.9, 1e4, 1, 0.95, progress); });
}

TEST(sum_of, numbers_agree_with_exact_forms) {
  // weibull(1, m) is exponential but not known as such: the grid has to find the Erlang law.
  for (const double tolerance : {0.1, 0.02, 0.005})
    for (const double count : {2.0, 3.0, 8.0}) {
      if (count > 3 && tolerance < 0.02) continue;
      const Distribution sum = sum_of(weibull(1, 0.5), count, tolerance), truth = erlang(count, 2);
      const auto [lower, upper] = bounds(sum);
      for (const double q : {0.999, 0.9, 0.5, 0.1, 1e-3, 1e-6, 1e-9, 1e-13}) {
        const double exact = truth.survival_quantile(q);
        EXPECT_LE(relative_error(sum.survival_quantile(q), exact), 0.01 * tolerance) << count << " " << q;
        const double low = lower.survival_quantile(q), high = upper.survival_quantile(q);
        EXPECT_LE(low, exact);
        EXPECT_GE(high, exact);
        EXPECT_LE(high - low, tolerance * exact) << count << " " << q;
        EXPECT_GE(lower.cdf(exact) * (1 + 1e-12), truth.cdf(exact));
        EXPECT_LE(upper.cdf(exact), truth.cdf(exact) * (1 + 1e-12));
      }
      EXPECT_NEAR(sum.mean(), truth.mean(), 1e-12);
      EXPECT_NEAR(sum.variance(), truth.variance(), 1e-12);
      EXPECT_NEAR(sum.skewness(), truth.skewness(), 1e-12);
      EXPECT_NEAR(sum.moment(3), truth.moment(3), 1e-10 * truth.moment(3));
      EXPECT_NEAR(sum.laplace(0.7), truth.laplace(0.7), 1e-12);
      EXPECT_LE(lower.mean(), truth.mean());
      EXPECT_GE(upper.mean(), truth.mean());
    }
}

TEST(sum_of, keeps_its_tolerance_for_many) {
  for (const double count : {300.0, 100000.0}) {
    const Distribution sum = sum_of(weibull(1, 0.5), count, 0.1), truth = erlang(count, 2);
    const auto [lower, upper] = bounds(sum);
    for (const double q : {0.99, 0.5, 1e-3, 1e-12}) {
      const double exact = truth.survival_quantile(q);
      EXPECT_LE(relative_error(sum.survival_quantile(q), exact), 0.01) << count << " " << q;
      EXPECT_LE(lower.survival_quantile(q), exact);
      EXPECT_GE(upper.survival_quantile(q), exact);
      EXPECT_LE(upper.survival_quantile(q) - lower.survival_quantile(q), 0.1 * exact) << count << " " << q;
    }
  }
}

TEST(sum_of, takes_atoms_and_floors) {
  const Distribution dice = empirical({1, 2, 3, 4, 5, 6});
  const Distribution two = sum_of({dice, dice}, 0.01);
  const auto [lower, upper] = bounds(two);
  for (int k = 2; k <= 12; ++k) {
    const double truth = (k <= 7 ? k * (k - 1) / 2.0 : 36 - (12 - k) * (13 - k) / 2.0) / 36;
    EXPECT_GE(lower.cdf(k), truth - 1e-12);
    EXPECT_LE(upper.cdf(k), truth + 1e-12);
    EXPECT_LT(upper.cdf(k - 0.2), truth);
    EXPECT_NEAR(upper.cdf(k + 0.2), truth, 1e-12) << k;
    EXPECT_NEAR(lower.cdf(k + 0.2), truth, 1e-12) << k;
  }
  EXPECT_EQ(two.low(), 2);
  EXPECT_EQ(two.high(), 12);
  const Distribution far = sum_of({shifted(weibull(2, 1e-3), 10), lognormal(-8, 1)});
  EXPECT_GT(far.low(), 9.999);
  EXPECT_LT(bounds(far).upper.quantile(0.9) - bounds(far).lower.quantile(0.9), 1e-4);
}

TEST(sum_of, is_what_adding_variates_gives) {
  for (const auto& laws : std::vector<std::vector<Distribution>>{
           {lognormal(0, 1), weibull(0.5, 2)},
           {pareto(3.5, 1), exponential(1), uniform(0, 4)},
           {mixture({0.9, 0.1}, {lognormal(-2, 0.3), uniform(2, 3)}), qsm::gamma(0.4, 1), deterministic(0.5)}}) {
    expect_sample(sum_of(laws), [&](const Stream& stream, std::span<double> out) {
      std::vector<double> one(out.size());
      for (std::size_t k = 0; k < laws.size(); ++k) {
        laws[k].sample(stream.child(k), 0, one);
        for (std::size_t i = 0; i < out.size(); ++i) out[i] += one[i];
      }
    });
  }
  const Distribution smooth = sum_of({lognormal(0, 0.5), weibull(1.5, 2)}, 0.005);
  EXPECT_EQ(check_distribution(smooth), std::vector<std::string>());
  expect_sample(smooth, [&](const Stream& stream, std::span<double> out) { smooth.sample(stream, 0, out); });
}

TEST(sum_of, order_does_not_matter) {
  const std::vector<Distribution> laws = {lognormal(0, 1), weibull(0.5, 2), uniform(1, 2)};
  const Distribution one = sum_of({laws[0], laws[1], laws[2]}), other = sum_of({laws[2], sum_of({laws[1], laws[0]})});
  for (const double q : {0.9, 0.5, 0.01, 1e-6})
    EXPECT_NEAR(one.survival_quantile(q) / other.survival_quantile(q), 1, 1e-4);
}

TEST(extremes, agree_with_50_digits) {
  const Distribution x = lognormal(0, 1);
  for (const auto& row : qsm_test::golden("latency/extremes.csv")) {
    const Distribution found = row.text("kind") == "max"   ? max_of(x, row["number"])
                               : row.text("kind") == "min" ? min_of(x, row["number"])
                                                           : hedged(x, row["number"]);
    EXPECT_LE(relative_error(found.survival_quantile(row["probability"]), row["survival_quantile"]), 1e-12)
        << row.where << " " << found.survival_quantile(row["probability"]);
    EXPECT_LE(relative_error(found.survival(row["survival_quantile"]), row["probability"]), 1e-11) << row.where;
  }
  for (const auto& row : qsm_test::golden("latency/fan_out.csv")) {
    EXPECT_TRUE(agrees(fan_out_slow_probability(row["probability"], row["count"]), row, "fan_out_slow_probability"));
    EXPECT_TRUE(agrees(server_probability_for_fan_out(row["probability"], row["count"]), row,
                       "server_probability_for_fan_out"));
  }
}

TEST(extremes, are_laws) {
  for (const Distribution& found :
       {max_of(exponential(1), 50), max_of({lognormal(0, 1), exponential(1), uniform(0, 5)}),
        min_of(lognormal(0, 1), 3), min_of({lognormal(0, 1), uniform(0.2, 5)}), hedged(lognormal(-3, 1), 0.1),
        hedged(exponential(1), 0.5), max_of({empirical({1, 2, 3}), deterministic(2)})})
    EXPECT_EQ(check_distribution(found), std::vector<std::string>()) << found.describe();
}

TEST(extremes, are_what_comparing_variates_gives) {
  const auto compare = [](const std::vector<Distribution>& laws, double start) {
    return [laws, start](const Stream& stream, std::span<double> out) {
      std::vector<double> one(out.size());
      std::fill(out.begin(), out.end(), start);
      for (std::size_t k = 0; k < laws.size(); ++k) {
        laws[k].sample(stream.child(100 + k), 0, one);
        for (std::size_t i = 0; i < out.size(); ++i)
          out[i] = start < 0 ? std::max(out[i], one[i]) : std::min(out[i], one[i]);
      }
    };
  };
  const std::vector<Distribution> laws = {lognormal(0, 1), exponential(1), uniform(0, 5)};
  expect_sample(max_of(laws), compare(laws, -infinity));
  expect_sample(min_of(laws), compare(laws, infinity));
  expect_sample(max_of(weibull(0.7, 1), 10), compare(std::vector<Distribution>(10, weibull(0.7, 1)), -infinity));
  expect_sample(min_of(weibull(0.7, 1), 10), compare(std::vector<Distribution>(10, weibull(0.7, 1)), infinity));
  expect_sample(hedged(lognormal(0, 1), 2), compare({lognormal(0, 1), shifted(lognormal(0, 1), 2)}, infinity));
  for (const Distribution& found : {max_of(laws), max_of(weibull(0.7, 1), 10), min_of(weibull(0.7, 1), 10)})
    expect_sample(found, [&](const Stream& stream, std::span<double> out) { found.sample(stream, 0, out); });
}

TEST(extremes, keep_the_order) {
  const Distribution x = lognormal(-3, 1);
  for (const double q : {0.9, 0.5, 0.05, 1e-3, 1e-8}) {
    const double alone = x.survival_quantile(q);
    EXPECT_LE(min_of(x, 2).survival_quantile(q), hedged(x, 0.1).survival_quantile(q));
    EXPECT_LE(hedged(x, 0.1).survival_quantile(q), hedged(x, 0.5).survival_quantile(q));
    EXPECT_LE(hedged(x, 0.5).survival_quantile(q), alone);
    EXPECT_LE(alone, max_of(x, 2).survival_quantile(q));
    EXPECT_LE(max_of(x, 2).survival_quantile(q), sum_of(x, 2).survival_quantile(q));
  }
  EXPECT_EQ(min_of(exponential(2), 3).describe(), "exponential(rate=6)");
  EXPECT_EQ(min_of({exponential(2), exponential(5)}).describe(), "exponential(rate=7)");
  EXPECT_NEAR(max_of(exponential(1), 100).mean(), 5.18737751763962, 1e-10);  // the harmonic number
  // A tied request waits like the shorter queue and is served once.
  const Distribution tie = tied(exponential(1), exponential(4));
  EXPECT_NEAR(tie.mean(), 0.5 + 0.25, 1e-13);
}

TEST(retry, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("latency/retry.csv")) {
    const Distribution found =
        retry(exponential(row["rate"]), row["timeout"], row["attempts"], row["backoff"], row["multiplier"]);
    EXPECT_LE(relative_error(found.mean(), row["mean"]), 1e-12) << row.where;
    EXPECT_LE(relative_error(found.variance(), row["variance"]), 1e-10) << row.where;
    EXPECT_LE(relative_error(found.as<Retry>()->probability_failed(), row["failed"]), 1e-13) << row.where;
    EXPECT_LE(relative_error(found.survival(row["value"]), row["survival"]), 1e-12) << row.where;
  }
  for (const auto& row : qsm_test::golden("latency/retry_attempts.csv"))
    EXPECT_TRUE(agrees(retry_attempts(row["probability_timeout"], row["attempts"]), row, "retry_attempts"));
}

TEST(retry, is_what_trying_again_gives) {
  const Distribution attempt = lognormal(-2, 1.2);
  const double timeout = 0.3, pause = 0.1;
  const Distribution found = retry(attempt, timeout, 3, pause, 2);
  expect_sample(found, [&](const Stream& stream, std::span<double> out) {
    std::vector<double> tries(3 * out.size());
    attempt.sample(stream, 0, tries);
    for (std::size_t i = 0; i < out.size(); ++i) {
      double clock = 0, wait = pause;
      for (std::size_t k = 0; k < 3; ++k, wait *= 2) {
        clock += std::min(tries[3 * i + k], timeout);
        if (tries[3 * i + k] <= timeout || k == 2) break;
        clock += wait;
      }
      out[i] = clock;
    }
  });
  expect_sample(found, [&](const Stream& stream, std::span<double> out) { found.sample(stream, 0, out); });
  EXPECT_EQ(check_distribution(found), std::vector<std::string>());
  EXPECT_EQ(check_distribution(retry(uniform(0, 1), 2, 5)), std::vector<std::string>());
  EXPECT_EQ(retry(uniform(0, 1), 2, 5).high(), 1);
}

TEST(retry, keeps_its_digits) {
  const Distribution rare = retry(lognormal(0, 1), 1e-9, 3, 1);  // an answer in time: 1e-95
  EXPECT_GE(rare.cdf(1.5), rare.cdf(1e-9));
  EXPECT_GT(rare.cdf(1e-9), 0);
  const Distribution many = retry(exponential(1), 100, 50, 0.1, 1.5);
  EXPECT_EQ(many.quantile(1), many.high());
  EXPECT_EQ(retry(shifted(exponential(1), 5), 2, 3).low(), 6);  // no attempt answers
  // ∫ 2x P(X > x) dx to 2, with the kink at 1 between the nodes of a panel: 1 + 4 (√2 - 1).
  const Distribution cut = retry(pareto(1.5, 1), 2, 1);
  EXPECT_NEAR(cut.variance() + cut.mean() * cut.mean(), 4 * std::sqrt(2.0) - 3, 1e-12);
  const Distribution steps = retry(empirical({1, 1, 2, 5, 100}), 2, 3, 1);
  EXPECT_NEAR(steps.moment(2), steps.variance() + steps.mean() * steps.mean(), 1e-10);
}

TEST(extremes, density_where_an_atom_meets_none) {
  EXPECT_EQ(max_of({deterministic(1), pareto(1.5, 1)}).pdf(1), 1.5);
  EXPECT_EQ(min_of({deterministic(1), uniform(0, 1)}).pdf(1), 0);
  EXPECT_NEAR(max_of(empirical({1, 1, 2, 5, 100}), 2).mean(), 37.96, 1e-11);
}

TEST(revenue, does_not_overflow) {
  EXPECT_EQ(expected_revenue_ratio(deterministic(1000), 1000, 1), 1);
  EXPECT_NEAR(expected_revenue_ratio(shifted(exponential(1), 1000), 1000, 1), 0.5, 1e-12);
}

TEST(bounds, of_buckets_hold_the_truth) {
  const Distribution truth = lognormal(-3, 0.8);
  const std::vector<double> edges = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1};
  std::vector<double> low = {0}, high, counts;
  double before = 0;
  for (const double edge : edges) {
    counts.push_back(truth.cdf(edge) - before);
    before = truth.cdf(edge);
    high.push_back(edge);
    low.push_back(edge);
  }
  counts.push_back(1 - before);
  high.push_back(infinity);
  const Distribution found = from_buckets(low, high, counts);
  for (const double p : {0.1, 0.5, 0.9, 0.99, 0.999, 0.9999999}) {
    const Estimate quantile = quantile_bounds(found, p);
    EXPECT_LE(quantile.low, truth.quantile(p));
    EXPECT_GE(quantile.high, truth.quantile(p));
    EXPECT_LE(quantile.low, quantile.value);
    EXPECT_GE(quantile.high, quantile.value);
    // through the algebra
    const Estimate slowest = quantile_bounds(max_of(found, 10), p);
    EXPECT_LE(slowest.low, max_of(truth, 10).quantile(p));
    EXPECT_GE(slowest.high, max_of(truth, 10).quantile(p));
    const Estimate sum = quantile_bounds(sum_of({found, exponential(10)}), p);
    const Distribution true_sum = sum_of({truth, exponential(10)}, 0.01);
    EXPECT_LE(sum.low, true_sum.quantile(p));
    EXPECT_GE(sum.high, true_sum.quantile(p));
    const Estimate hedge = quantile_bounds(hedged(scaled(shifted(found, 1), 2), 3), p);
    EXPECT_LE(hedge.low, hedged(scaled(shifted(truth, 1), 2), 3).quantile(p));
    EXPECT_GE(hedge.high, hedged(scaled(shifted(truth, 1), 2), 3).quantile(p));
    const Estimate again = quantile_bounds(retry(found, 0.2, 3, 0.1), p);
    EXPECT_LE(again.low, retry(truth, 0.2, 3, 0.1).quantile(p));
    EXPECT_GE(again.high, retry(truth, 0.2, 3, 0.1).quantile(p));
  }
  EXPECT_EQ(found.quantile(0.99999999), 1);  // as Prometheus answers in the last bucket
  EXPECT_EQ(quantile_bounds(found, 0.9999999).high, infinity);
  EXPECT_EQ(message([&] { bounds(truncated(found, 0, 0.5)); }).substr(0, 37), "bounds: no bounds pass through trunca");
}

TEST(bounds, of_percentiles_hold_the_truth) {
  const Distribution truth = weibull(0.6, 1);
  const std::vector<double> known = {0.5, 0.9, 0.99};
  std::vector<double> values;
  for (const double p : known) values.push_back(truth.quantile(p));
  const Distribution found = from_percentiles(known, values);
  for (const double p : {0.2, 0.5, 0.7, 0.9, 0.95, 0.99, 0.995}) {
    EXPECT_LE(quantile_bounds(found, p).low, truth.quantile(p));
    EXPECT_GE(quantile_bounds(found, p).high, truth.quantile(p) * (1 - 1e-12));
  }
  EXPECT_EQ(check_distribution(from_percentiles(known, values, 0, 50)), std::vector<std::string>());
}

TEST(laws, refuse_bad_input) {
  const Distribution x = exponential(1);
  EXPECT_EQ(message([&] { max_of(x, 0); }), "max_of: count must be an integer >= 1, got 0");
  EXPECT_EQ(message([&] { max_of(x, 2.5); }), "max_of: count must be an integer >= 1, got 2.5");
  EXPECT_EQ(message([&] { min_of(std::vector<Distribution>{}); }),
            "min_of: distributions must have at least one element, got none");
  EXPECT_EQ(message([&] { sum_of(std::vector<Distribution>{}); }),
            "sum_of: distributions must have at least one element, got none");
  EXPECT_EQ(message([&] { sum_of({x, x}, 0); }), "sum_of: tolerance must be in [0.001, 0.5], got 0");
  EXPECT_EQ(message([&] { sum_of(x, -1); }), "sum_of: count must be an integer >= 1, got -1");
  EXPECT_EQ(message([&] { hedged(x, -1); }), "hedged: delay must be finite and >= 0, got -1");
  EXPECT_EQ(message([&] { retry(x, 0, 3); }), "retry: timeout must be finite and > 0, got 0");
  EXPECT_EQ(message([&] { retry(x, 1, 0); }), "retry: attempts must be an integer >= 1, got 0");
  EXPECT_EQ(message([&] { retry(normal(0, 1), 1, 2); }), "retry: lowest value of distribution must be >= 0, got -inf");
  EXPECT_EQ(message([&] { fan_out_slow_probability(1.5, 3); }),
            "fan_out_slow_probability: probability must be in [0, 1], got 1.5");
  EXPECT_EQ(message([&] {
              from_buckets({0, 1}, {1, 2}, {0, 0});
            }),
            "from_buckets: sum of counts must be finite and > 0, got 0");
  EXPECT_EQ(message([&] {
              from_buckets({0, 0.5}, {1, 2}, {1, 1});
            }),
            "from_buckets: lower_edges must be >= the upper edge before, got 0.5");
  EXPECT_EQ(message([&] {
              from_percentiles({0.9, 0.5}, {1, 2});
            }),
            "from_percentiles: probabilities must be in (0, 1] and rising, got 0.5");
  EXPECT_EQ(message([&] {
              from_percentiles({0.5, 0.9}, {2, 1});
            }),
            "from_percentiles: values must be not falling, got 1");
}

}  // namespace
