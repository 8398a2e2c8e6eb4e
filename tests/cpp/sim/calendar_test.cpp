#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <stop_token>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/sim/calendar.hpp>
#include <qsm/sim/machine.hpp>
#include <qsm/sim/trace.hpp>

namespace {

using qsm::sim::Calendar;
using qsm::sim::EventHandle;

TEST(calendar, orders_by_time_then_priority_then_scheduling) {
  Calendar<int> calendar(-1);
  calendar.schedule_at(2, 5);
  calendar.schedule_at(1, 3);
  calendar.schedule_at(1, 4);
  calendar.schedule_at(1, 2, -1);
  calendar.schedule_at(-0.5, 1);
  calendar.schedule_at(2, 6, 1);
  for (int i = 1; i <= 6; ++i) EXPECT_EQ(calendar.next(), i);
  EXPECT_EQ(calendar.now(), 2);
  EXPECT_EQ(calendar.next(), std::nullopt);
  EXPECT_EQ(calendar.next_time(), std::numeric_limits<double>::infinity());
}

TEST(calendar, agrees_with_an_ordered_set_under_random_scheduling_and_cancelling) {
  Calendar<int> calendar;
  using Key = std::tuple<double, int, int>;
  std::set<Key> model;
  std::vector<std::pair<EventHandle, Key>> handles;
  std::vector<std::uint64_t> bits(100000);
  qsm::Stream(3).bits(0, bits);
  int cancelled = 0;
  for (int i = 0; i < 100000; ++i) {
    const std::uint64_t b = bits[static_cast<std::size_t>(i)];
    // The share of scheduling changes, so that the calendar grows to thousands and empties again.
    const auto choice = static_cast<int>(b % 100);
    if (choice < (i / 10000 % 2 == 0 ? 55 : 25)) {
      const double delay = static_cast<double>(b >> 8 & 31) / 4;
      const int priority = static_cast<int>(b >> 16 & 3) - 1;
      const Key key{calendar.now() + delay, priority, i};
      handles.emplace_back(calendar.schedule_after(delay, i, priority), key);
      model.insert(key);
    } else if (choice < 80 && !handles.empty()) {
      const auto& [handle, key] = handles[(b >> 8) % handles.size()];
      const bool there = model.erase(key) > 0;
      EXPECT_EQ(calendar.pending(handle), there);
      EXPECT_EQ(calendar.cancel(handle), there);
      EXPECT_FALSE(calendar.cancel(handle));
      cancelled += there;
    } else if (!model.empty()) {
      ASSERT_EQ(calendar.next_time(), std::get<0>(*model.begin()));
      ASSERT_EQ(calendar.next(), std::get<2>(*model.begin()));
      ASSERT_EQ(calendar.now(), std::get<0>(*model.begin()));
      model.erase(model.begin());
    }
    ASSERT_EQ(calendar.size(), model.size());
  }
  EXPECT_GT(cancelled, 5000);
  while (!model.empty()) {
    ASSERT_EQ(calendar.next(), std::get<2>(*model.begin()));
    model.erase(model.begin());
  }
  EXPECT_TRUE(calendar.empty());
}

// The same against what could not be plainer: a sorted vector. Few and many events, ties, copies and moves half-way.
TEST(calendar, agrees_with_a_sorted_vector_through_copies_and_moves) {
  for (const std::uint64_t most : {1u, 2u, 5u, 6u, 21u, 22u, 200u, 10000u}) {
    Calendar<int> calendar(-3);
    using Row = std::tuple<double, int, int, EventHandle>;  // time, priority, number
    std::vector<Row> model;
    const auto earlier = [](const Row& a, const Row& b) {
      return std::tie(std::get<0>(a), std::get<1>(a), std::get<2>(a)) <
             std::tie(std::get<0>(b), std::get<1>(b), std::get<2>(b));
    };
    std::vector<std::uint64_t> bits(20000);
    qsm::Stream(most).bits(0, bits);
    EventHandle gone;
    for (int i = 0; i < 20000; ++i) {
      const std::uint64_t b = bits[static_cast<std::size_t>(i)];
      const bool filling = most == 10000 && i < 12000;
      if (b % 100 < (filling ? 95u : 50u) && model.size() < most) {
        const double time = calendar.now() + static_cast<double>(b >> 8 & 63) / 4;
        const int priority = static_cast<int>(b >> 16 & 65535) % 3 == 0 ? 0 : static_cast<int>(b >> 16 & 65535) - 32768;
        const Row row(time, priority, i, calendar.schedule_at(time, i, priority));
        model.insert(std::upper_bound(model.begin(), model.end(), row, earlier), row);
      } else if (b % 100 < (most > 100 ? 60u : 70u) && !model.empty()) {
        const auto place = model.begin() + static_cast<std::ptrdiff_t>((b >> 8) % model.size());
        ASSERT_TRUE(calendar.cancel(gone = std::get<3>(*place)));
        model.erase(place);
      } else if (!model.empty()) {
        ASSERT_EQ(calendar.next_time(), std::get<0>(model.front()));
        ASSERT_EQ(calendar.next(), std::get<2>(model.front()));
        ASSERT_EQ(calendar.now(), std::get<0>(model.front()));
        gone = std::get<3>(model.front());
        model.erase(model.begin());
      }
      ASSERT_FALSE(calendar.cancel(gone));
      ASSERT_EQ(calendar.size(), model.size());
      ASSERT_EQ(calendar.empty(), model.empty());
      ASSERT_EQ(calendar.next_time(),
                model.empty() ? std::numeric_limits<double>::infinity() : std::get<0>(model.front()));
      if (b >> 40 < 1 << 14) {  // one in 1024
        Calendar<int> copy = calendar;
        while (calendar.next()) continue;  // what the copy must not see
        calendar = std::move(copy);
        ASSERT_TRUE(copy.empty());  // NOLINT(bugprone-use-after-move)
        ASSERT_EQ(copy.next(), std::nullopt);
        copy.schedule_after(1, 7);
        ASSERT_EQ(copy.next(), 7);
      }
    }
  }
}

TEST(calendar, keeps_events_that_cannot_be_copied) {
  Calendar<std::unique_ptr<int>> calendar;
  for (int i = 0; i < 100; ++i) calendar.schedule_after(100 - i, std::make_unique<int>(i));
  Calendar<std::unique_ptr<int>> moved(std::move(calendar));
  for (int i = 100; i-- > 0;) EXPECT_EQ(**moved.next(), i);
  EXPECT_TRUE(moved.empty());
}

TEST(calendar, minus_zero_is_zero) {
  Calendar<int> calendar(-0.0);
  calendar.schedule_at(0.0, 1);
  calendar.schedule_at(-0.0, 2);
  calendar.schedule_after(-0.0, 3);
  for (int i = 1; i <= 3; ++i) EXPECT_EQ(calendar.next(), i);
}

TEST(calendar, handles_are_not_reused_and_copies_run_apart) {
  Calendar<int> calendar;
  const EventHandle first = calendar.schedule_after(1, 1);
  calendar.next();
  const EventHandle second = calendar.schedule_after(1, 2);  // takes the place of the first
  EXPECT_FALSE(calendar.cancel(first));
  EXPECT_FALSE(calendar.cancel(EventHandle{}));
  Calendar<int> copy = calendar;
  EXPECT_TRUE(copy.cancel(second));
  EXPECT_EQ(copy.next(), std::nullopt);
  EXPECT_EQ(calendar.next(), 2);
  calendar.schedule_after(1, 3);
  calendar.clear();
  EXPECT_EQ(calendar.next(), std::nullopt);
}

TEST(calendar, refuses_the_past_and_what_is_no_time) {
  Calendar<int> calendar(10);
  EXPECT_THROW(calendar.schedule_at(9.999, 0), std::domain_error);
  EXPECT_THROW(calendar.schedule_at(NAN, 0), std::domain_error);
  EXPECT_THROW(calendar.schedule_at(std::numeric_limits<double>::infinity(), 0), std::domain_error);
  EXPECT_THROW(calendar.schedule_after(-1, 0), std::domain_error);
  EXPECT_THROW(calendar.schedule_after(1, 0, 40000), std::domain_error);
  calendar.schedule_at(12, 0);
  EXPECT_THROW(calendar.advance_to(13), std::domain_error);
  calendar.advance_to(11);
  EXPECT_THROW(calendar.schedule_at(10.5, 0), std::domain_error);
  EXPECT_EQ(calendar.size(), 1u);
  EXPECT_THROW(Calendar<int>(NAN), std::domain_error);
}

struct Clock {
  int ticks = 0;
  void handle(int, Calendar<int>& calendar) {
    ++ticks;
    calendar.schedule_after(1, 0);
  }
};

TEST(run, ends_by_time_or_number_and_goes_on) {
  Calendar<int> calendar;
  calendar.schedule_at(0, 0);
  Clock clock;
  auto ended = qsm::sim::run(calendar, clock, {.until = 10.5});
  EXPECT_EQ(clock.ticks, 11);
  EXPECT_EQ(ended.events, 11);
  EXPECT_EQ(ended.time, 10.5);
  ended = qsm::sim::run(calendar, clock, {.events = 4});
  EXPECT_EQ(ended.events, 4);
  EXPECT_EQ(ended.time, 14);
  EXPECT_EQ(clock.ticks, 15);
  EXPECT_THROW(qsm::sim::run(calendar, clock, {.until = 3}), std::domain_error);
  EXPECT_THROW(qsm::sim::run(calendar, clock, {.until = NAN}), std::domain_error);
  EXPECT_THROW(qsm::sim::run(calendar, clock, {.events = 1.5}), std::domain_error);
}

TEST(run, stops_between_two_events_and_reports) {
  Calendar<int> calendar;
  calendar.schedule_at(0, 0);
  Clock clock;
  std::stop_source source;
  double reported = 0;
  qsm::Progress progress{[&](double fraction) {
                           EXPECT_GE(fraction, reported);
                           reported = fraction;
                           if (fraction > 0.1) source.request_stop();
                         },
                         [&] { return source.stop_requested(); }, 0};
  EXPECT_THROW(qsm::sim::run(calendar, clock, {.until = 1e6, .progress = progress}), qsm::Interrupted);
  EXPECT_GT(reported, 0.1);
  EXPECT_LT(reported, 0.2);
  EXPECT_EQ(calendar.now(), clock.ticks - 1);  // nothing half done
  EXPECT_EQ(qsm::sim::run(calendar, clock, {.events = 3}).events, 3);
}

TEST(trace, keeps_rows_up_to_its_limit) {
  qsm::sim::Trace trace(2);
  trace.record(0.5, 1, 7, -1, 3);
  trace.record(1.5, 2, 7, 3);
  trace.record(2.5, 2, 8);
  EXPECT_EQ(trace.size(), 2u);
  EXPECT_EQ(trace.omitted(), 1u);
  EXPECT_EQ(trace[1], (qsm::sim::TraceRow{1.5, 2, 7, 3, -1}));
  EXPECT_THROW(qsm::sim::Trace(-1), std::domain_error);
}

}  // namespace
