#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/progress.hpp>

namespace {

using qsm::Progress;
using qsm::ProgressMeter;

TEST(progress, reports_rising_fractions_and_the_end) {
  std::vector<double> fractions;
  const Progress progress{.report = [&](double fraction) { fractions.push_back(fraction); }, .interval = 0};
  ProgressMeter meter(progress, 10);
  for (int i = 0; i < 10; ++i) meter.advance(1);
  meter.finish();
  ASSERT_EQ(fractions.size(), 10u);
  EXPECT_DOUBLE_EQ(fractions.front(), 0.1);
  EXPECT_TRUE(std::is_sorted(fractions.begin(), fractions.end()));
  EXPECT_EQ(fractions.back(), 1);
}

TEST(progress, is_limited_in_rate) {
  int reports = 0;
  int polls = 0;
  const Progress progress{.report = [&](double) { ++reports; }, .stop = [&] { return ++polls < 0; }, .interval = 3600};
  ProgressMeter meter(progress, 100'000);
  for (int i = 0; i < 100'000; ++i) meter.advance(1);
  EXPECT_EQ(reports + polls, 0);
  meter.finish();
  EXPECT_EQ(reports, 1);
}

TEST(progress, more_work_than_announced_is_not_more_than_all) {
  double last = 0;
  const Progress progress{.report = [&](double fraction) { last = fraction; }, .interval = 0};
  ProgressMeter meter(progress, 3);
  meter.advance(5);
  EXPECT_EQ(last, 1);
  ProgressMeter nothing(progress, 0);
  nothing.advance(0);
  EXPECT_EQ(last, 1);
}

TEST(progress, stops_every_thread_where_asked) {
  std::stop_source source;
  std::atomic<int> interrupted{0};
  std::atomic<int> inside{0};
  std::atomic<bool> overlap{false};
  double last = 0;
  bool fell = false;
  const auto report = [&](double fraction) {
    if (inside.fetch_add(1) != 0) overlap = true;
    std::this_thread::yield();
    fell = fell || fraction < last;
    last = fraction;
    if (fraction > 0.2) source.request_stop();
    --inside;
  };
  const Progress progress{
      .report = report, .stop = [token = source.get_token()] { return token.stop_requested(); }, .interval = 0};
  ProgressMeter meter(progress, 100'000'000);
  {
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < 4; ++worker)
      workers.emplace_back([&] {
        try {
          for (;;) meter.advance(1000);
        } catch (const qsm::Interrupted&) {
          ++interrupted;
        }
      });
  }
  EXPECT_EQ(interrupted, 4);
  EXPECT_FALSE(overlap);
  EXPECT_FALSE(fell);
  EXPECT_THROW(meter.advance(1), qsm::Interrupted);
  EXPECT_THROW(meter.finish(), qsm::Interrupted);
}

TEST(progress, what_the_report_throws_ends_the_work_on_every_thread) {
  bool thrown = false;
  const auto report = [&](double) {
    if (!std::exchange(thrown, true)) throw std::runtime_error("from the report");
  };
  ProgressMeter meter(Progress{.report = report, .interval = 0}, 1'000'000'000);
  std::atomic<int> ended{0};
  {
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < 4; ++worker)
      workers.emplace_back([&] {
        try {
          for (int piece = 0; piece < 1'000'000; ++piece) meter.advance(1);
        } catch (const std::runtime_error& error) {
          if (std::string(error.what()) == "from the report") ++ended;
        }
      });
  }
  EXPECT_EQ(ended, 4);
  EXPECT_THROW(meter.finish(), std::runtime_error);
}

TEST(progress, nobody_need_ask) {
  ProgressMeter meter(Progress{}, 1);
  meter.advance(1);
  meter.finish();
}

TEST(progress, refuses_an_interval_that_is_not_a_time) {
  EXPECT_THROW(ProgressMeter(Progress{.interval = -1}, 1), std::domain_error);
  EXPECT_THROW(ProgressMeter(Progress{.interval = std::nan("")}, 1), std::domain_error);
  ProgressMeter(Progress{.interval = std::numeric_limits<double>::infinity()}, 1);
}

}  // namespace
