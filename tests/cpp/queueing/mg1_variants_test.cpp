#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/core/distributions/uniform.hpp>
#include <qsm/core/random.hpp>
#include <qsm/queueing/mg1.hpp>
#include <qsm/queueing/mg1_variants.hpp>
#include <qsm/queueing/mm_infinity.hpp>
#include <qsm/queueing/mmc.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::queueing;
using qsm_test::agrees;
using qsm_test::golden;

/// A law of the golden rows.
qsm::Distribution law(const std::string& text) {
  if (text == "exponential(rate=2)") return qsm::exponential(2);
  if (text == "gamma(shape=2; scale=0.5)") return qsm::gamma(2, 0.5);
  if (text == "deterministic(value=0.75)") return qsm::deterministic(0.75);
  if (text == "uniform(low=0; high=1.5)") return qsm::uniform(0, 1.5);
  throw std::runtime_error("no law " + text);
}

void expect_means(const StationMeans& means, const qsm_test::Row& row) {
  EXPECT_EQ(means.stable, row["stable"] == 1) << row.where;
  EXPECT_TRUE(agrees(means.utilization, row, "utilization"));
  EXPECT_TRUE(agrees(means.mean_wait, row, "mean_wait"));
  EXPECT_TRUE(agrees(means.mean_sojourn, row, "mean_sojourn"));
  EXPECT_TRUE(agrees(means.mean_queue_length, row, "mean_queue_length"));
  EXPECT_TRUE(agrees(means.mean_number, row, "mean_number"));
}

TEST(mg1_variants, agree_with_50_digits) {
  for (const auto& row : golden("queueing/batch_arrivals.csv"))
    expect_means(batch_arrivals(row["batch_rate"], row["batch_mean"], row["batch_scv"], law(row.text("service"))), row);
  for (const auto& row : golden("queueing/vacations.csv"))
    expect_means(vacations(row["arrival_rate"], law(row.text("service")), law(row.text("vacation")),
                           row.text("kind") == "single" ? Vacations::single : Vacations::multiple),
                 row);
  for (const auto& row : golden("queueing/setup_times.csv"))
    expect_means(setup_times(row["arrival_rate"], law(row.text("service")), law(row.text("setup"))), row);
  for (const auto& row : golden("queueing/breakdowns.csv"))
    expect_means(
        breakdowns(row["arrival_rate"], law(row.text("service")), row["failure_rate"], law(row.text("repair"))), row);
  for (const auto& row : golden("queueing/unequal_servers.csv")) {
    std::vector<double> rates;
    std::istringstream text(row.text("service_rates"));
    for (double rate; text >> rate;) rates.push_back(rate);
    expect_means(unequal_servers(row["arrival_rate"], rates), row);
  }
}

TEST(mg_infinity, agrees_with_50_digits) {
  for (const auto& row : golden("queueing/mg_infinity.csv")) {
    const auto queue = mg_infinity(row["arrival_rate"], law(row.text("service")));
    EXPECT_TRUE(agrees(queue.mean_sojourn(), row, "mean_sojourn"));
    EXPECT_TRUE(agrees(queue.mean_number(), row, "mean_number"));
    EXPECT_TRUE(agrees(queue.mean_busy_period(), row, "mean_busy_period"));
    EXPECT_TRUE(agrees(queue.mean_number_at(row["time"]), row, "mean_number_at"));
    EXPECT_TRUE(agrees(queue.departure_rate_at(row["time"]), row, "departure_rate_at"));
    EXPECT_TRUE(agrees(queue.number_cdf(row["count"]), row, "number_cdf"));
  }
}

/// Mean wait over one long run of one server that is seized at `ready(arrival, free_at)` and held for `hold()`.
template <class Ready, class Hold>
double simulated_wait(double rate, std::uint64_t seed, Ready&& ready, Hold&& hold) {
  constexpr std::size_t customers = 2'000'000;
  const qsm::Stream stream(seed);
  std::vector<double> gaps(customers);
  qsm::exponential(rate).sample(stream.child(1), 0, gaps);
  double now = 0, free_at = 0, sum = 0;
  for (const double gap : gaps) {
    now += gap;
    const double start = ready(now, free_at);
    sum += start - now;
    free_at = start + hold();
  }
  return sum / customers;
}

/// Draws one by one.
class Draws {
 public:
  Draws(const qsm::Distribution& law, std::uint64_t seed) : law_(law), stream_(seed), values_(4096) {}
  double operator()() {
    if (next_ % values_.size() == 0) law_.sample(stream_, next_, values_);
    return values_[next_++ % values_.size()];
  }

 private:
  qsm::Distribution law_;
  qsm::Stream stream_;
  std::vector<double> values_;
  std::uint64_t next_ = 0;
};

// Customer by customer, from the rules of the server alone.
TEST(mg1_variants, agree_with_their_simulations) {
  const qsm::Distribution service = qsm::uniform(0, 1.5), away = qsm::gamma(2, 0.5);
  Draws serve(service, 11), leave(away, 12);
  const double rate = 0.8;
  const auto hold = [&] { return serve(); };
  const double multiple = simulated_wait(
      rate, 1,
      [&](double now, double free_at) {
        while (free_at < now) free_at += leave();
        return free_at;
      },
      hold);
  EXPECT_NEAR(multiple / vacations(rate, service, away).mean_wait, 1, 0.01);
  const double single = simulated_wait(
      rate, 2, [&](double now, double free_at) { return free_at < now ? std::max(free_at + leave(), now) : free_at; },
      hold);
  EXPECT_NEAR(single / vacations(rate, service, away, Vacations::single).mean_wait, 1, 0.01);
  const double setup = simulated_wait(
      rate, 3, [&](double now, double free_at) { return free_at < now ? now + leave() : free_at; }, hold);
  EXPECT_NEAR(setup / setup_times(rate, service, away).mean_wait, 1, 0.01);
  Draws gap(qsm::exponential(0.25), 13);
  const double failing = simulated_wait(
      rate, 4, [](double now, double free_at) { return std::max(now, free_at); },
      [&] {
        double left = serve(), time = left;
        for (left -= gap(); left > 0; left -= gap()) time += leave();
        return time;
      });
  EXPECT_NEAR(failing / breakdowns(rate, service, 0.25, away).mean_wait, 1, 0.02);
  int of_batch = 0;
  Draws pause(qsm::exponential(0.3), 14);
  double now = 0, free_at = 0, sum = 0;  // batches of one or four with equal chance
  Draws coin(qsm::uniform(0, 1), 15);
  constexpr int customers = 1'000'000;
  for (int i = 0; i < customers; ++i) {
    if (of_batch == 0) now += pause(), of_batch = coin() < 0.5 ? 1 : 4;
    --of_batch;
    free_at = std::max(now, free_at);
    sum += free_at - now;
    free_at += serve();
  }
  EXPECT_NEAR(sum / customers / batch_arrivals(0.3, 2.5, 2.25 / 6.25, service).mean_wait, 1, 0.01);
}

TEST(mg1_variants, have_mg1_as_their_limit) {
  const qsm::Distribution service = qsm::gamma(2, 0.5), moment = qsm::deterministic(1e-12);
  const double plain = mg1(0.7, service).mean_wait();
  for (const auto& means : {batch_arrivals(0.7, 1, 0, service), vacations(0.7, service, moment),
                            vacations(0.7, service, moment, Vacations::single), setup_times(0.7, service, moment),
                            breakdowns(0.7, service, 0, service), breakdowns(0.7, service, 3, moment)})
    EXPECT_NEAR(means.mean_wait / plain, 1, 1e-10);
  EXPECT_GT(vacations(0.7, service, service).mean_wait, vacations(0.7, service, service, Vacations::single).mean_wait);
}

TEST(unequal_servers, with_equal_rates_is_mmc) {
  for (const std::size_t servers : {1u, 5u, 300u})
    for (const double load : {0.01, 0.8, 0.999}) {
      const double count = static_cast<double>(servers);
      const auto means = unequal_servers(2 * load * count, std::vector<double>(servers, 2));
      const auto queue = mmc(2 * load * count, 2, count);
      EXPECT_NEAR(means.mean_sojourn / queue.mean_sojourn(), 1, 1e-11) << servers << ' ' << load;
      if (queue.mean_wait() > 1e-290) {
        EXPECT_NEAR(means.mean_wait / queue.mean_wait(), 1, 1e-10) << servers << ' ' << load;
      }
    }
}

TEST(mg_infinity, depends_on_the_law_only_before_the_steady_state) {
  const auto some = mg_infinity(3, qsm::uniform(0, 2)), markov = mg_infinity(3, qsm::exponential(1));
  EXPECT_EQ(some.number_cdf(4), markov.number_cdf(4));
  EXPECT_EQ(some.number_quantile(0.99), mm_infinity(3, 1).number_quantile(0.99));
  EXPECT_NEAR(markov.mean_number_at(0.7), mm_infinity(3, 1).mean_number_at(0.7), 1e-14);
  EXPECT_EQ(some.mean_number_at(0), 0);
  EXPECT_DOUBLE_EQ(some.mean_number_at(INFINITY), 3);
}

TEST(mg_infinity, is_poisson_at_every_time) {
  const auto queue = qsm::queueing::mg_infinity(8, qsm::gamma(2, .5));
  for (const double time : {0.0, .3, 1.0, 7.0}) {
    const double mean = queue.mean_number_at(time);
    double term = std::exp(-mean), sum = 0;
    for (int n = 0; n < 12; ++n) {
      sum += term;
      EXPECT_NEAR(queue.number_cdf_at(n, time), sum, 1e-13) << time << ' ' << n;
      term *= mean / (n + 1);
    }
  }
  EXPECT_DOUBLE_EQ(queue.number_cdf_at(5, INFINITY), queue.number_cdf(5));
  EXPECT_THROW(queue.number_cdf_at(1, -1), std::domain_error);
}

TEST(mg1_variants, without_a_steady_state_answer_infinity) {
  const auto service = qsm::exponential(1);
  for (const auto& means :
       {batch_arrivals(0.5, 2, 0, service), vacations(1, service, service), setup_times(2, service, service),
        breakdowns(0.6, service, 1, service), unequal_servers(3, std::vector<double>{1, 2})}) {
    EXPECT_FALSE(means.stable);
    EXPECT_EQ(means.mean_wait, INFINITY);
    EXPECT_EQ(means.mean_number, INFINITY);
  }
  EXPECT_EQ(breakdowns(0, service, 1, service).mean_number, 0);
  EXPECT_EQ(unequal_servers(0, std::vector<double>{1, 2}).mean_sojourn, 0.75);
}

TEST(mg1_variants, refuse_what_is_out_of_range) {
  const auto service = qsm::exponential(1);
  EXPECT_THROW(batch_arrivals(-1, 1, 0, service), std::domain_error);
  EXPECT_THROW(batch_arrivals(1, 0.5, 0, service), std::domain_error);
  EXPECT_THROW(batch_arrivals(0.1, 1.5, 0.1, service), std::domain_error);  // 1 and 2 scatter by 1/9 at least
  EXPECT_THROW(vacations(0.5, service, qsm::deterministic(0)), std::domain_error);
  EXPECT_THROW(setup_times(0.5, service, qsm::uniform(-1, 1)), std::domain_error);
  EXPECT_THROW(breakdowns(0.5, service, -1, service), std::domain_error);
  EXPECT_THROW(unequal_servers(1, {}), std::invalid_argument);
  EXPECT_THROW(unequal_servers(1, std::vector<double>{1, 0}), std::domain_error);
  EXPECT_THROW(mg_infinity(-1, service), std::domain_error);
  EXPECT_THROW(mg_infinity(1, service).number_quantile(1), std::domain_error);
}

}  // namespace
