// Places, percentiles, coordinated omission, Little's law, schedulability, budgets, revenue.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include <qsm/core/distributions.hpp>
#include <qsm/core/statistics.hpp>
#include <qsm/latency.hpp>
#include <qsm/sketches/hdr_histogram.hpp>

#include "golden.hpp"

namespace {

using namespace qsm;
using namespace qsm::latency;
using qsm_test::agrees;
using qsm_test::relative_error;

constexpr double infinity = std::numeric_limits<double>::infinity();

std::string message(auto&& call) {
  try {
    call();
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "no error";
}

std::vector<double> numbers(const std::string& text) {
  std::istringstream stream(text);
  std::vector<double> found;
  for (std::string word; stream >> word;) found.push_back(word == "inf" ? infinity : std::stod(word));
  return found;
}

TEST(propagation, agrees_with_geographiclib) {
  for (const auto& row : qsm_test::golden("latency/geodesic.csv")) {
    const double found =
        geodesic_distance(row["latitude_a"], row["longitude_a"], row["latitude_b"], row["longitude_b"]);
    EXPECT_NEAR(found, row["geodesic_distance"], 2e-8) << row.where;
    EXPECT_NEAR(geodesic_distance(-row["latitude_b"], row["longitude_b"], -row["latitude_a"],
                                  row["longitude_a"] + 360 * (row["longitude_a"] < 0 ? 1 : 0)),
                found, 2e-8)
        << row.where;
  }
  for (const auto& row : qsm_test::golden("latency/fibre_delay.csv"))
    EXPECT_LE(
        relative_error(fibre_delay(row["distance"], row["refractive_index"], row["route_factor"]), row["fibre_delay"]),
        4e-16);
}

TEST(propagation, is_a_distance_near_that_on_a_sphere) {
  std::mt19937_64 draw(1);
  std::uniform_real_distribution<double> unit(-1, 1);
  const auto rad = std::numbers::pi / 180;
  for (int round = 0; round < 300; ++round) {
    double lat[3], lon[3];
    for (int i = 0; i < 3; ++i) lat[i] = std::asin(unit(draw)) / rad, lon[i] = 180 * unit(draw);
    const auto distance = [&](int i, int j) { return geodesic_distance(lat[i], lon[i], lat[j], lon[j]); };
    const double a = distance(0, 1), b = distance(1, 2), c = distance(0, 2);
    EXPECT_LE(c, a + b + 1e-6);
    EXPECT_NEAR(a, distance(1, 0), 1e-7);
    const double sphere =
        6371008.8 *
        std::acos(std::clamp(std::sin(lat[0] * rad) * std::sin(lat[1] * rad) +
                                 std::cos(lat[0] * rad) * std::cos(lat[1] * rad) * std::cos((lon[1] - lon[0]) * rad),
                             -1.0, 1.0));
    EXPECT_NEAR(a / sphere, 1, 0.0057);
  }
  const Place london{51.5074, -0.1278}, york{40.7128, -74.006};
  EXPECT_NEAR(propagation_delay(york, london), 0.02735, 1e-5);
  EXPECT_EQ(propagation_delay(york, london, true), 2 * propagation_delay(york, london));
  EXPECT_EQ(message([] { geodesic_distance(91, 0, 0, 0); }),
            "geodesic_distance: latitude_a must be in [-90, 90], got 91");
  EXPECT_EQ(message([] { geodesic_distance(0, 0, 0, NAN); }),
            "geodesic_distance: longitude_b must be in [-540, 540], got nan");
  EXPECT_EQ(message([] { fibre_delay(1, 0.9); }), "fibre_delay: refractive_index must be finite and >= 1, got 0.9");
}

TEST(percentiles, cover_the_truth) {
  const Distribution law = lognormal(0, 1);
  const std::vector<double> p = {0.5, 0.9, 0.99};
  int covered = 0;
  constexpr int runs = 400;
  std::vector<double> sample(500);
  for (int run = 0; run < runs; ++run) {
    law.sample(Stream(7).child(static_cast<std::uint64_t>(run)), 0, sample);
    const auto found = percentiles(sample, p, 0.9);
    for (std::size_t i = 0; i < p.size(); ++i)
      covered += law.quantile(p[i]) >= found[i].low && law.quantile(p[i]) <= found[i].high;
  }
  EXPECT_GE(covered / (3.0 * runs), 0.9 - 0.02);
  EXPECT_EQ(percentiles(sample, std::vector<double>{0.99999})[0].high, infinity);
}

TEST(percentiles, are_merged_by_bounds_not_by_averaging) {
  // 900 fast requests and 100 slow ones.
  const Distribution fast = exponential(100), slow = exponential(10);
  const std::vector<double> known = {0.5, 0.9, 0.95, 0.99, 0.999};
  std::vector<std::vector<double>> values(2);
  for (const double p : known) values[0].push_back(fast.quantile(p)), values[1].push_back(slow.quantile(p));
  const Distribution both = mixture({0.9, 0.1}, {fast, slow});
  for (const double p : {0.5, 0.9, 0.95, 0.99}) {
    const Estimate merged = merged_percentile({900, 100}, known, values, p);
    EXPECT_LE(merged.low, both.quantile(p));
    EXPECT_GE(merged.high, both.quantile(p));
    EXPECT_LT(merged.high, infinity);
  }
  const double average = 0.9 * values[0][3] + 0.1 * values[1][3];
  EXPECT_GT(both.quantile(0.99), 2 * average);
  EXPECT_EQ(message([&] { merged_percentile({1}, known, values, 0.5); }),
            "merged_percentile: values must have as many elements as counts, 1, got 2");
  EXPECT_EQ(deadline_miss_probability(exponential(1), 50), std::exp(-50));
}

TEST(omission, is_corrected_as_hdr_histogram_does) {
  std::vector<double> samples(10000, 0.001);
  samples.push_back(100);
  std::vector<double> corrected = correct_coordinated_omission(samples, 0.01);
  ASSERT_EQ(corrected.size(), 20000u);
  EXPECT_TRUE(std::equal(samples.begin(), samples.end(), corrected.begin()));
  sketches::HdrHistogram histogram;
  histogram.record(1000, 10000);
  histogram.record_corrected(100000000, 10000);
  std::sort(corrected.begin(), corrected.end());
  for (const auto& row : qsm_test::golden("latency/coordinated_omission.csv")) {
    const auto rank = static_cast<std::size_t>(std::ceil(row["probability"] * 20000 * (1 - 1e-12)));
    EXPECT_LE(relative_error(corrected[rank - 1], row["quantile"]), 1e-12) << row.where;
    EXPECT_NEAR(static_cast<double>(histogram.quantile(row["probability"])) * 1e-6 / row["quantile"], 1, 1e-3);
  }
  EXPECT_EQ(correct_coordinated_omission(std::vector<double>{0.01, 0.0199}, 0.01).size(), 2u);
  EXPECT_EQ(correct_coordinated_omission(std::vector<double>{0.02}, 0.01), (std::vector<double>{0.02, 0.01}));
  EXPECT_EQ(message([] { correct_coordinated_omission(std::vector<double>{1}, 0); }),
            "correct_coordinated_omission: expected_interval must be finite and > 0, got 0");
  EXPECT_EQ(message([] { correct_coordinated_omission(std::vector<double>{-1}, 1); }),
            "correct_coordinated_omission: samples must be finite and >= 0, got -1");
}

double quantile(std::vector<double> values, double p) { return Distribution(empirical(std::move(values))).quantile(p); }

TEST(omission, hides_the_stall_and_correction_finds_it) {
  // wrk2's second example in shape: 30 s at 2000/s, one stall of 1.4 s.
  const double service = 0.0001, rate = 2000, stall = 1.4, duration = 30;
  const auto seen = simulate_coordinated_omission(deterministic(service), rate, duration, 10, stall);
  const Distribution truth = stalled_latency(service, rate, stall, duration);
  for (const double p : {0.9, 0.96, 0.99, 0.999}) {
    EXPECT_NEAR(quantile(seen.open, p), truth.quantile(p), 0.001 + 1e-3 * truth.quantile(p)) << p;
    EXPECT_NEAR(quantile(seen.intended, p), truth.quantile(p), 0.001 + 1e-3 * truth.quantile(p)) << p;
    EXPECT_LT(quantile(seen.recorded, p), 0.0011) << p;
  }
  EXPECT_GT(quantile(seen.intended, 0.99) / quantile(seen.recorded, 0.99), 100);
  // Corrected: as many values were left out as the stall has intervals; the backlog itself is not seen twice.
  const auto corrected = correct_coordinated_omission(seen.recorded, 1 / rate);
  EXPECT_NEAR(static_cast<double>(corrected.size() - seen.recorded.size()), stall * rate, 3);
  EXPECT_GT(quantile(corrected, 0.99), 0.7 * truth.quantile(0.99));
  // Many connections see more of it, and never more than the users.
  const auto many = simulate_coordinated_omission(deterministic(service), rate, duration, 10, stall, 100);
  EXPECT_GT(quantile(many.recorded, 0.999), quantile(seen.recorded, 0.999));
  for (std::size_t i = 0; i < many.open.size(); ++i) {
    EXPECT_LE(many.recorded[i], many.intended[i] + 1e-9);
    EXPECT_GE(many.open[i], service - 1e-9);
  }
}

TEST(omission, without_a_stall_and_with_many_connections_all_three_agree) {
  const auto seen = simulate_coordinated_omission(exponential(1000), 500, 100, 0, 0, 1e6, 3);
  EXPECT_EQ(seen.open, seen.recorded);
  EXPECT_EQ(seen.open, seen.intended);
  EXPECT_EQ(message([] { stalled_latency(1, 2, 1, 10); }),
            "stalled_latency: rate must be below 1 / service_time, got 2");
  EXPECT_EQ(message([] { simulate_coordinated_omission(exponential(1), 1, 10, 0, 1, 0); }),
            "simulate_coordinated_omission: connections must be an integer >= 1, got 0");
  EXPECT_EQ(message([] { simulate_coordinated_omission(exponential(1), 1e6, 1e6, 0, 1); }),
            "simulate_coordinated_omission: rate * duration must be in [1, 1e7], got 1e+12");
}

TEST(littles_law, is_bookkeeping_in_every_window) {
  std::mt19937_64 draw(5);
  std::exponential_distribution<double> gap(1), stay(0.2);
  std::vector<double> arrivals, departures;
  for (double t = 0; t < 200;) {
    t += gap(draw);
    arrivals.push_back(t);
    departures.push_back(t + stay(draw));
  }
  std::uniform_real_distribution<double> time(0, 200);
  for (int round = 0; round < 50; ++round) {
    double begin = time(draw), end = time(draw);
    if (begin > end) std::swap(begin, end);
    const auto law = littles_law(arrivals, departures, begin, end);
    EXPECT_NEAR(law.mean_number, law.predicted() + law.difference(), 1e-9 * (1 + law.left + law.predicted()));
    // L by a walk over all events.
    std::vector<std::pair<double, int>> events;
    for (std::size_t i = 0; i < arrivals.size(); ++i)
      events.push_back({arrivals[i], 1}), events.push_back({departures[i], -1});
    std::sort(events.begin(), events.end());
    double area = 0, last = 0, inside = 0;
    for (const auto& [at, change] : events) {
      area += inside * std::max(0.0, std::min(at, end) - std::max(last, begin));
      inside += change;
      last = at;
    }
    EXPECT_NEAR(law.mean_number, area / (end - begin), 1e-9);
  }
  const auto open = littles_law(std::vector<double>{0, 1}, std::vector<double>{2, infinity}, 0, 4);
  EXPECT_EQ(open.mean_number, 5.0 / 4);
  EXPECT_EQ(open.inside_at_end, 1);
  EXPECT_EQ(open.mean_sojourn, infinity);
  EXPECT_TRUE(std::isnan(littles_law({}, {}, 0, 1).mean_sojourn));
  EXPECT_EQ(message([] { littles_law(std::vector<double>{1}, std::vector<double>{0.5}, 0, 1); }),
            "littles_law: departures must be >= its arrival, got 0.5");
  EXPECT_EQ(message([] { littles_law({}, {}, 1, 1); }), "littles_law: end must be > begin, got 1");
}

TEST(schedulability, agrees_with_the_books) {
  for (const auto& row : qsm_test::golden("latency/response_times.csv")) {
    const auto found = response_times(numbers(row.text("periods")), numbers(row.text("executions")),
                                      numbers(row.text("jitters")), numbers(row.text("blockings")));
    EXPECT_EQ(found, numbers(row.text("responses"))) << row.where;
  }
  for (const auto& row : qsm_test::golden("latency/liu_layland.csv"))
    EXPECT_TRUE(agrees(liu_layland_bound(row["tasks"]), row, "liu_layland_bound"));
}

/// The twin: a processor with pre-emption, step by step in whole time units, all tasks released together.
std::vector<double> simulate_tasks(const std::vector<int>& periods, const std::vector<int>& executions,
                                   const std::vector<int>& deadlines, bool edf, int horizon) {
  struct Job {
    int task, release, deadline, left;
  };
  std::vector<Job> jobs;
  std::vector<double> worst(periods.size());
  for (int t = 0; t < horizon; ++t) {
    for (int i = 0; i < static_cast<int>(periods.size()); ++i)
      if (t % periods[static_cast<std::size_t>(i)] == 0)
        jobs.push_back({i, t, t + deadlines[static_cast<std::size_t>(i)], executions[static_cast<std::size_t>(i)]});
    const auto next = std::min_element(jobs.begin(), jobs.end(), [&](const Job& a, const Job& b) {
      return edf ? a.deadline < b.deadline : std::pair(a.task, a.release) < std::pair(b.task, b.release);
    });
    if (next == jobs.end() || --next->left > 0) continue;
    auto& slowest = worst[static_cast<std::size_t>(next->task)];
    slowest = std::max(slowest, t + 1.0 - next->release);
    jobs.erase(next);
  }
  for (const Job& job : jobs)
    if (job.deadline <= horizon) worst[static_cast<std::size_t>(job.task)] = infinity;
  return worst;
}

TEST(schedulability, agrees_with_a_simulated_processor) {
  std::mt19937_64 draw(11);
  int yes = 0, no = 0;
  for (int round = 0; round < 300; ++round) {
    const std::size_t n = 2 + draw() % 3;
    std::vector<int> periods, executions, deadlines;
    std::vector<double> t, c, d;
    for (std::size_t i = 0; i < n; ++i) {
      static constexpr int choices[] = {4, 5, 6, 8, 10, 12, 15, 20};
      periods.push_back(choices[draw() % 8]);
      executions.push_back(1 + static_cast<int>(draw() % 3));
      deadlines.push_back(std::max(executions.back(), periods.back() - static_cast<int>(draw() % 5)));
      t.push_back(periods.back()), c.push_back(executions.back()), d.push_back(deadlines.back());
    }
    double load = 0;
    for (std::size_t i = 0; i < n; ++i) load += c[i] / t[i];
    if (load <= 1 - 1e-9) {
      EXPECT_EQ(response_times(t, c), simulate_tasks(periods, executions, deadlines, false, 4 * 120));
    }
    const auto responses = simulate_tasks(periods, executions, deadlines, true, 4 * 120);
    bool met = true;
    for (std::size_t i = 0; i < n; ++i) met = met && responses[i] <= d[i];
    EXPECT_EQ(edf_schedulable(t, c, d), met && load <= 1 + 1e-9) << load;
    (met ? yes : no)++;
  }
  EXPECT_GT(yes, 50);
  EXPECT_GT(no, 50);
}

TEST(schedulability, of_random_loops) {
  // D/M/1 with period 2, rate 1: P(T > d) = exp(-(1 - σ) d), σ = exp(-2(1 - σ)).
  const double sigma = 0.20318786997998;
  const Estimate found = periodic_miss_probability(exponential(1), 2, 3, 100000, 10);
  EXPECT_LT(std::abs(found.value - std::exp(-(1 - sigma) * 3)), 2 * found.half_width());
  EXPECT_LT(found.half_width(), 0.03 * found.value);
  EXPECT_EQ(periodic_miss_probability(uniform(0, 1), 2, 0.75).value, 0.25);
  EXPECT_EQ(periodic_miss_probability(exponential(1), 1, 1).value, 1);
  EXPECT_EQ(message([] { response_times({1, -1}, {1, 1}); }), "response_times: periods must be finite and > 0, got -1");
  EXPECT_EQ(message([] {
              response_times({1}, {1, 1});
            }),
            "response_times: executions must have as many elements as periods, 1, got 2");
  EXPECT_EQ(message([] { edf_schedulable({1}, {1}, {0}); }),
            "edf_schedulable: deadlines must be finite and > 0, got 0");
  // Full load with periods that never meet again: nothing bounds the deadlines that would have to be checked.
  EXPECT_EQ(message([] {
              edf_schedulable({2, 2 * std::sqrt(2.0)}, {1, std::sqrt(2.0)}, {1.9, 2.7});
            }),
            "edf_schedulable: load must be below 1 where jobs never let the processor idle, got 1");
  EXPECT_TRUE(edf_schedulable({2, 4}, {1, 2}, {1, 4}));
}

Budget page() {
  return serial({stage("network", shifted(lognormal(-4, 0.5), 0.01)),
                 parallel({stage("ads", exponential(50)), fan_out(stage("shard", qsm::gamma(2, 0.002)), 20)}),
                 optional(stage("disk", lognormal(-5, 1)), 0.1)});
}

TEST(budget, shares_add_up) {
  const Distribution whole = page().distribution();
  const auto shares = page().shares(0.99, 100000);
  ASSERT_EQ(shares.size(), 4u);
  double mean = 0, tail = 0;
  for (const auto& share : shares) mean += share.mean.value, tail += share.tail.value;
  EXPECT_NEAR(mean / whole.mean(), 1, 0.01);
  EXPECT_NEAR(tail / whole.quantile(0.99), 1, 0.02);
  EXPECT_EQ(shares[0].stage, "network");
  EXPECT_GT(shares[3].tail.value, shares[3].mean.value);
  // Two equal stages share equally; a stage that never decides has nothing.
  const auto two = serial({stage("a", exponential(1)), stage("b", exponential(1))}).shares(0.9, 100000);
  EXPECT_NEAR(two[0].tail.value, two[1].tail.value, two[0].tail.half_width() * 2);
  EXPECT_NEAR(two[0].tail.value + two[1].tail.value, Distribution(erlang(2, 1)).quantile(0.9), 0.02);
  const auto idle = parallel({stage("slow", uniform(2, 3)), stage("quick", uniform(0, 1))}).shares(0.5, 2000);
  EXPECT_EQ(idle[1].tail.value, 0);
  const auto won = race({stage("slow", uniform(2, 3)), stage("quick", uniform(0, 1))}).shares(0.5, 2000);
  EXPECT_EQ(won[0].mean.value, 0);
}

TEST(budget, has_the_law_of_its_algebra) {
  const Budget tree =
      parallel({serial({stage("a", exponential(1)), stage("b", exponential(1))}), stage("c", uniform(0, 3))});
  const Distribution whole = tree.distribution(), truth = max_of({erlang(2, 1), uniform(0, 3)});
  for (const double p : {0.1, 0.5, 0.9, 0.999}) EXPECT_EQ(whole.quantile(p), truth.quantile(p));
  EXPECT_EQ(race({stage("a", exponential(1)), stage("b", exponential(2))}).distribution().describe(),
            "exponential(rate=3)");
  EXPECT_EQ(tree.describe(),
            "parallel\n  serial\n    a: exponential(rate=1)\n    b: exponential(rate=1)\n  c: uniform(low=0, high=3)");
  EXPECT_EQ(message([] { serial({}); }), "serial: parts must have at least one element, got none");
  EXPECT_EQ(message([] { stage("", exponential(1)); }), "stage: name must not be empty");
  EXPECT_EQ(message([] { fan_out(stage("a", exponential(1)), 0); }), "fan_out: count must be an integer >= 1, got 0");
  EXPECT_EQ(message([] { optional(stage("a", exponential(1)), 0); }), "optional: probability must be in (0, 1], got 0");
  EXPECT_EQ(message([&] { tree.shares(0.99, 100); }),
            "Budget.shares: requests must be enough for 100 of them near the percentile, got 100");
}

TEST(revenue, agrees_with_50_digits) {
  for (const auto& row : qsm_test::golden("latency/revenue.csv")) {
    EXPECT_LE(relative_error(revenue_sensitivity(row["loss"], row["added_latency"]), row["revenue_sensitivity"]),
              4e-16);
    EXPECT_LE(relative_error(revenue_ratio(row["latency"], row["baseline"], row["sensitivity"]), row["revenue_ratio"]),
              1e-15);
  }
  EXPECT_NEAR(expected_revenue_ratio(deterministic(0.3), 0.1, 0.5), revenue_ratio(0.3, 0.1, 0.5), 1e-15);
  EXPECT_GT(expected_revenue_ratio(exponential(1 / 0.3), 0.1, 0.5), revenue_ratio(0.3, 0.1, 0.5));
  EXPECT_EQ(message([] { revenue_sensitivity(1, 1); }), "revenue_sensitivity: loss must be finite and < 1, got 1");
}

}  // namespace
