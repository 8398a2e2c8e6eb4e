#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/interval.hpp>
#include <qsm/sim/replications.hpp>
#include <qsm/sim/sweep.hpp>

namespace {

double mean_of_uniforms(const qsm::Stream& stream) {
  std::vector<double> values(1000);
  stream.uniforms(0, values);
  return std::accumulate(values.begin(), values.end(), 0.0) / 1000;
}

TEST(parallel_for, runs_each_piece_once_and_throws_the_first_failure) {
  std::vector<std::atomic<int>> runs(200000);
  std::atomic<int> begun = 0;
  qsm::sim::parallel_for(runs.size(), 4, [&](std::size_t i) {
    ++runs[i];
    if (i < 2)  // the others are run by two threads at least
      for (++begun; begun < 2;) std::this_thread::yield();
  });
  for (const auto& count : runs) EXPECT_EQ(count, 1);
  qsm::sim::parallel_for(0, 4, [](std::size_t) { FAIL(); });
  for (const int threads : {1, 4}) {
    try {
      qsm::sim::parallel_for(100, threads, [](std::size_t i) {
        if (i == 0) throw std::runtime_error("piece 0");
      });
      FAIL();
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(std::string(error.what()), "piece 0");
    }
  }
  EXPECT_THROW(qsm::sim::parallel_for(1, -1, [](std::size_t) {}), std::domain_error);
}

TEST(replicate, does_not_depend_on_the_number_of_threads) {
  const auto one = qsm::sim::replicate(mean_of_uniforms, {.replications = 50, .seed = 9, .threads = 1});
  for (const int threads : {2, 3, 8}) {
    std::mutex writing;
    std::set<std::thread::id> workers;
    const auto slowly = [&](const qsm::Stream& stream) {  // so that no thread does it all before the others begin
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      const std::lock_guard lock(writing);
      workers.insert(std::this_thread::get_id());
      return mean_of_uniforms(stream);
    };
    EXPECT_EQ(one, qsm::sim::replicate(slowly, {.replications = 50, .seed = 9, .threads = threads}));
    EXPECT_GT(workers.size(), 1u);
  }
  EXPECT_NE(one, qsm::sim::replicate(mean_of_uniforms, {.replications = 50, .seed = 10}));
  const qsm::Estimate mean = qsm::sim::estimate(one, [](double value) { return value; });
  EXPECT_LT(std::abs(mean.value - 0.5), 4 * std::sqrt(1.0 / 12 / 50000));
}

TEST(replicate, common_random_numbers_sharpen_a_difference) {
  const qsm::sim::ReplicationOptions options{.replications = 30, .seed = 2};
  const auto plain = qsm::sim::replicate(mean_of_uniforms, options);
  const auto squared =
      qsm::sim::replicate([](const qsm::Stream& stream) { return std::pow(mean_of_uniforms(stream), 2); }, options);
  const double paired = qsm::paired_difference(plain, squared).half_width();
  EXPECT_LT(paired, qsm::mean_interval(plain).half_width() / 10);
  EXPECT_THROW(qsm::paired_difference(plain, std::vector<double>{1}), std::invalid_argument);
}

TEST(replicate, reports_stops_and_refuses) {
  std::stop_source source;
  double reported = 0;
  std::atomic<int> calls = 0;
  const qsm::Progress progress{[&](double fraction) {
                                 EXPECT_GE(fraction, reported);
                                 reported = fraction;
                               },
                               [&] { return source.stop_requested(); }, 0};
  qsm::sim::replicate(mean_of_uniforms, {.replications = 10, .threads = 2, .progress = progress});
  EXPECT_EQ(reported, 1);
  const auto stopping = [&](const qsm::Stream&) {
    if (++calls >= 3) {
      source.request_stop();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));  // the other thread may be off its core as it looks
    }
    return 0;
  };
  EXPECT_THROW(
      qsm::sim::replicate(
          stopping, {.replications = 1000, .threads = 2, .progress = {{}, [&] { return source.stop_requested(); }, 0}}),
      qsm::Interrupted);
  EXPECT_LT(calls, 100);
  EXPECT_THROW(qsm::sim::replicate(mean_of_uniforms, {.replications = 0}), std::domain_error);
  EXPECT_THROW(qsm::sim::replicate(mean_of_uniforms, {.replications = 2.5}), std::domain_error);
}

TEST(sweep, is_in_c_order_on_any_number_of_threads) {
  for (const int threads : {1, 3}) {
    const auto swept = qsm::sim::sweep([](double x, double y, double z) { return 100 * x + 10 * y + z; },
                                       {{"x", {1, 2}}, {"y", {3, 4, 5}}, {"z", {6, 7}}}, {.threads = threads});
    EXPECT_EQ(swept.results.size(), 12u);
    EXPECT_EQ(swept.results[0], 136);
    EXPECT_EQ(swept.results[1], 137);
    EXPECT_EQ(swept.results[6], 236);
    EXPECT_EQ(swept.at(1, 2, 0), 256);
    EXPECT_EQ(swept.axes[1].name, "y");
    EXPECT_THROW(swept.at(0, 3, 0), std::out_of_range);
  }
}

TEST(sweep, returns_any_value_and_stops) {
  const auto swept = qsm::sim::sweep([](double x) { return std::to_string(x).substr(0, 3); }, {{"x", {0.5, 1.5}}});
  EXPECT_EQ(swept.at(1), "1.5");
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(qsm::sim::sweep([](double x) { return x; }, {{"x", {1}}},
                               {.progress = {{}, [&] { return source.stop_requested(); }, 0}}),
               qsm::Interrupted);
  EXPECT_THROW(qsm::sim::sweep([](double x) { return x; }, {{"x", {}}}), std::invalid_argument);
}

TEST(threads, come_from_the_environment) {
  setenv("QSM_THREADS", "3", 1);
  EXPECT_EQ(qsm::sim::default_threads(), 3);
  for (const char* bad : {"0", "-1", "two", "2.5", "99999999999"}) {
    setenv("QSM_THREADS", bad, 1);
    EXPECT_THROW(qsm::sim::default_threads(), std::invalid_argument) << bad;
  }
  unsetenv("QSM_THREADS");
  EXPECT_GE(qsm::sim::default_threads(), 1);
}

}  // namespace
