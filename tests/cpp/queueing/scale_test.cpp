// Whatever the unit of time is, the numbers are the same: rates times 2^k, up to the ends of double's range.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/core/distributions/hyperexponential.hpp>
#include <qsm/core/distributions/phase_type.hpp>
#include <qsm/core/distributions/uniform.hpp>
#include <qsm/queueing/markovian_arrivals.hpp>
#include <qsm/queueing/markovian_priority.hpp>
#include <qsm/queueing/markovian_queue.hpp>
#include <qsm/queueing/mg1.hpp>
#include <qsm/queueing/network_bounds.hpp>

namespace {

using namespace qsm::queueing;
using qsm::Distribution;
using qsm::Erlang;
using qsm::Exponential;
using qsm::Hyperexponential;
using qsm::PhaseType;

constexpr int powers[] = {-990, -500, -40, -20, 20, 40, 500, 990};

Matrix times(Matrix rates, double factor) {
  for (double& rate : rates.values) rate *= factor;
  return rates;
}
PhaseType phases(double factor) { return {{0.6, 0.4}, {{-3 * factor, factor}, {0.5 * factor, -2 * factor}}}; }
MarkovianArrivals arrivals(double factor) {
  return markovian_arrivals(times({{-3, 1}, {0.5, -1}}, factor), times({{1, 1}, {0.2, 0.3}}, factor));
}
void expect_same(double value, double truth, double tolerance = 1e-12) {
  EXPECT_LE(std::abs(value - truth), tolerance * std::abs(truth)) << value << ", in seconds " << truth;
}

TEST(scale, laws_of_phases) {
  for (const int power : powers) {
    SCOPED_TRACE(power);
    const double factor = std::ldexp(1.0, power);
    expect_same(phases(factor).skewness(), phases(1).skewness());
    const Hyperexponential law{{0.3, 0.7}, {factor, 2 * factor}};
    expect_same(law.skewness(), Hyperexponential{{0.3, 0.7}, {1, 2}}.skewness());
    if (std::abs(power) > 500) continue;
    expect_same(phases(factor).variance() * factor * factor, phases(1).variance());
  }
  EXPECT_EQ(phases(std::ldexp(1.0, 990)).variance(), 0);
  EXPECT_EQ(phases(std::ldexp(1.0, -990)).variance(), INFINITY);
}

TEST(scale, markovian_queues) {
  const auto one = arrivals(1);
  const auto queue = map_ph_c(one, phases(1), 3);
  const auto service = markovian_arrivals({{-8, 1}, {0.5, -9}}, {{5, 2}, {4, 4.5}});
  const auto both = map_map_1(one, service);
  for (const int power : powers) {
    SCOPED_TRACE(power);
    const double factor = std::ldexp(1.0, power);
    const auto fast = arrivals(factor);
    expect_same(fast.rate(), one.rate() * factor);
    expect_same(fast.dispersion(), one.dispersion());
    expect_same(fast.correlation(2), one.correlation(2));
    const auto scaled = map_ph_c(fast, phases(factor), 3);
    EXPECT_EQ(scaled.arrival_rate(), queue.arrival_rate() * factor);
    expect_same(scaled.mean_wait() * factor, queue.mean_wait());
    expect_same(scaled.mean_sojourn() * factor, queue.mean_sojourn());
    expect_same(scaled.probability_wait(), queue.probability_wait());
    expect_same(scaled.probability(4), queue.probability(4));
    expect_same(scaled.wait_quantile(0.99) * factor, queue.wait_quantile(0.99), 1e-10);
    const auto marked =
        map_map_1(fast, markovian_arrivals(times(service.hidden(), factor), times(service.arriving(), factor)));
    expect_same(marked.mean_wait() * factor, both.mean_wait());
    expect_same(marked.sojourn_quantile(0.9) * factor, both.sojourn_quantile(0.9), 1e-10);
  }
}

TEST(scale, classes_of_correlated_arrivals) {
  const auto means = [](ClassDiscipline discipline, double factor) {
    return mmap_ph_1(times({{-3, 1}, {0.5, -1}}, factor),
                     {times({{0.5, 0.5}, {0.1, 0.2}}, factor), times({{0.5, 0.5}, {0.1, 0.1}}, factor)},
                     {phases(3 * factor), Exponential{7 * factor}}, discipline);
  };
  for (const auto discipline :
       {ClassDiscipline::fcfs, ClassDiscipline::priority, ClassDiscipline::preemptive_priority}) {
    const auto truth = means(discipline, 1);
    for (const int power : powers) {
      SCOPED_TRACE(power);
      const double factor = std::ldexp(1.0, power);
      const auto scaled = means(discipline, factor);
      for (std::size_t k = 0; k < 2; ++k) {
        expect_same(scaled.mean_wait[k] * factor, truth.mean_wait[k]);
        expect_same(scaled.mean_number[k], truth.mean_number[k]);
      }
    }
  }
}

TEST(scale, one_server) {
  for (const char* discipline : {"fcfs", "sjf", "srpt", "fb"})
    for (const Distribution& law : {Distribution(Erlang{2, 4}), Distribution(Hyperexponential{{0.3, 0.7}, {1.5, 2}})}) {
      if (law.as<Erlang>() && std::string(discipline) != "fcfs") continue;
      const MG1 truth = mg1(1, law, discipline);
      for (const int power : {-990, 990}) {
        SCOPED_TRACE(std::string(discipline) + ", power " + std::to_string(power));
        const double factor = std::ldexp(1.0, power);
        const MG1 scaled =
            mg1(factor,
                law.as<Erlang>() ? Distribution(Erlang{2, 4 * factor})
                                 : Distribution(Hyperexponential{{0.3, 0.7}, {1.5 * factor, 2 * factor}}),
                discipline);
        expect_same(scaled.mean_sojourn() * factor, truth.mean_sojourn(), 1e-9);
        expect_same(scaled.mean_wait() * factor, truth.mean_wait(), 1e-9);
        expect_same(scaled.mean_number(), truth.mean_number(), 1e-9);
        expect_same(scaled.mean_sojourn_of_size(2 / factor) * factor, truth.mean_sojourn_of_size(2), 1e-9);
        if (std::string(discipline) != "fcfs") continue;
        expect_same(scaled.wait_cdf(1.5 / factor), truth.wait_cdf(1.5), 1e-7);
        expect_same(scaled.wait_quantile(0.9) * factor, truth.wait_quantile(0.9), 1e-6);
        if (std::abs(power) <= 500) expect_same(scaled.wait_variance() * factor * factor, truth.wait_variance(), 1e-9);
      }
    }
}

TEST(scale, one_server_refuses_what_it_cannot_measure) {
  EXPECT_THROW(mg1(1e-90, qsm::Uniform{0, 1e90}), std::domain_error);
  expect_same(mg1(0.5e-90, qsm::Deterministic{1e90}).mean_wait(), 0.5e90);
}

TEST(scale, bounds_of_networks) {
  const auto truth = geometric_bounds(std::vector<double>{1, 2}, 5, 3);
  for (const int power : powers) {
    SCOPED_TRACE(power);
    const double factor = std::ldexp(1.0, power);
    const auto scaled = geometric_bounds(std::vector<double>{1 / factor, 2 / factor}, 5, 3 / factor);
    expect_same(scaled.throughput_low / factor, truth.throughput_low);
    expect_same(scaled.response_low * factor, truth.response_low);
    expect_same(scaled.response_high * factor, truth.response_high);
  }
}

}  // namespace
