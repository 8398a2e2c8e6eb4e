#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <limits>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/sim/calendar.hpp>
#include <qsm/sim/machine.hpp>
#include <qsm/sim/station.hpp>

namespace {

using qsm::sim::Calendar;
using qsm::sim::Station;

// Times that are multiples of 2^-10: sums and differences are exact, and many events fall on one instant.
std::vector<double> dyadic_exponential(const char* name, double mean, std::size_t count) {
  std::vector<double> times(count);
  qsm::Stream(7).child(name).uniforms(0, times);
  for (double& time : times) time = std::round(-std::log(time) * mean * 1024) / 1024;
  return times;
}

// The same station as a machine on the calendar of events: nothing in common with the recursion.
struct Event {
  bool departure;
  std::size_t customer;
};

struct StationMachine {
  std::size_t servers;
  double capacity;
  const std::vector<double>* interarrival;
  const std::vector<double>* service;
  std::vector<double> waits;
  std::vector<double> arrived;
  std::deque<std::size_t> queue;
  std::size_t busy = 0;

  void handle(Event event, Calendar<Event>& calendar) {
    if (event.departure) {
      --busy;
      if (!queue.empty()) {
        begin(queue.front(), calendar);
        queue.pop_front();
      }
      return;
    }
    const std::size_t customer = event.customer;
    arrived[customer] = calendar.now();
    if (customer + 1 < interarrival->size())
      calendar.schedule_after((*interarrival)[customer + 1], Event{false, customer + 1});
    if (static_cast<double>(busy + queue.size()) >= capacity)
      waits[customer] = std::numeric_limits<double>::infinity();
    else if (busy < servers)
      begin(customer, calendar);
    else
      queue.push_back(customer);
  }
  void begin(std::size_t customer, Calendar<Event>& calendar) {
    ++busy;
    waits[customer] = calendar.now() - arrived[customer];
    calendar.schedule_after((*service)[customer], Event{true, customer}, -1);  // departures first
  }
};

std::vector<double> by_events(std::size_t servers, double capacity, const std::vector<double>& interarrival,
                              const std::vector<double>& service) {
  StationMachine machine{servers, capacity, &interarrival, &service, {}, {}, {}};
  machine.waits.resize(interarrival.size());
  machine.arrived.resize(interarrival.size());
  Calendar<Event> calendar;
  calendar.schedule_after(interarrival[0], Event{false, 0});
  qsm::sim::run(calendar, machine);
  return machine.waits;
}

struct Case {
  double servers;
  double capacity;
  double load;  // per server
};

TEST(station, agrees_with_the_event_simulation_customer_by_customer) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const Case& c :
       {Case{3, 10, 0.95}, Case{3, 10, 2.0}, Case{1, infinity, 0.9}, Case{1, 1, 1.5}, Case{1, 4, 0.9}, Case{2, 2, 0.9},
        Case{2, infinity, 0.95}, Case{4, infinity, 0.9}, Case{5, 7, 1.1}, Case{6, infinity, 0.9}, Case{7, 9, 0.9},
        Case{8, infinity, 0.95}, Case{9, infinity, 0.95}, Case{9, 12, 1.2}, Case{16, 16, 1.0}, Case{33, 40, 1.0},
        Case{64, infinity, 0.97}, Case{3, 5003, 1.5}}) {
    constexpr std::size_t count = 30000;
    const auto interarrival = dyadic_exponential("interarrival", 1 / (c.load * c.servers), count);
    const auto service = dyadic_exponential("service", 1, count);
    const auto events = by_events(static_cast<std::size_t>(c.servers), c.capacity, interarrival, service);

    Station station(c.servers, c.capacity);
    std::vector<double> waits(count);
    std::size_t refused = 0;
    for (std::size_t first = 0, size = 1; first < count; first += size, size = size * 3 % 1000 + 1) {
      size = std::min(size, count - first);
      refused += station.serve(std::span(interarrival).subspan(first, size), std::span(service).subspan(first, size),
                               std::span(waits).subspan(first, size));
    }
    std::size_t different = 0;
    for (std::size_t i = 0; i < count; ++i) different += waits[i] != events[i];
    EXPECT_EQ(different, 0u) << c.servers << " " << c.capacity;
    EXPECT_EQ(refused, static_cast<std::size_t>(std::count(events.begin(), events.end(), Station::turned_away)));
    if (c.capacity == 10) {
      EXPECT_GT(refused, 0u);
    }
    EXPECT_GT(std::count(events.begin(), events.end(), 0.0), 0);
    EXPECT_GT(*std::max_element(events.begin(), events.end()), 0);
  }
}

TEST(station, a_departure_comes_before_an_arrival_at_the_same_instant) {
  const std::vector<double> interarrival = {0, 1, 1, 1}, service = {1, 1, 1, 1};
  std::vector<double> waits(4);
  Station loss(1, 1);
  EXPECT_EQ(loss.serve(interarrival, service, waits), 0u);
  EXPECT_EQ(waits, (std::vector<double>{0, 0, 0, 0}));
}

TEST(station, results_do_not_depend_on_the_cut_into_spans) {
  constexpr std::size_t count = 20000;
  std::vector<double> interarrival(count), service(count), whole(count), cut(count);
  qsm::Stream(1).uniforms(0, interarrival);
  qsm::Stream(2).uniforms(0, service);
  for (const double servers : {1.0, 3.0, 12.0}) {
    std::vector<double> scaled = service;
    for (double& time : scaled) time *= servers * 0.98;
    Station one(servers), many(servers);
    one.serve(interarrival, scaled, whole);
    for (std::size_t i = 0; i < count; i += 625)
      many.serve(std::span(interarrival).subspan(i, 625), std::span(scaled).subspan(i, 625),
                 std::span(cut).subspan(i, 625));
    EXPECT_EQ(whole, cut);
  }
}

TEST(station, keeps_its_digits_however_long_the_run) {
  // Two servers, thousands of customers 2^30 seconds apart, then thousands a second apart, then three at once: 0.1 must come out as it went in.
  Station station(2);
  const std::vector<double> gap(8192, 0x1p30), none(8192, 0.0);
  std::vector<double> waits(8192);
  for (int i = 0; i < 8; ++i) station.serve(gap, none, waits);
  const std::vector<double> interarrival = {0x1p-30, 0, 0}, service = {0.1, 0.1, 0.1};
  const std::span<double> last = std::span(waits).first(3);
  for (int i = 0; i < 4096; ++i) station.serve(std::vector<double>{1}, std::vector<double>{0}, last.first(1));
  station.serve(interarrival, service, last);
  EXPECT_EQ(last[0], 0);
  EXPECT_NEAR(last[2], 0.1, 1e-11);
}

TEST(station, more_servers_never_make_anyone_wait_longer) {
  constexpr std::size_t count = 5000;
  const auto interarrival = dyadic_exponential("interarrival", 1, count);
  const auto service = dyadic_exponential("service", 9, count);
  std::vector<double> before(count, 1e300), waits(count);
  for (double servers = 1; servers <= 12; ++servers) {
    Station(servers).serve(interarrival, service, waits);
    for (std::size_t i = 0; i < count; ++i) ASSERT_LE(waits[i], before[i]);
    before = waits;
  }
}

TEST(station, refuses_bad_input_by_index) {
  Station station(2);
  std::vector<double> waits(3);
  const std::vector<double> good = {1, 0, -0.0};
  station.serve(good, good, waits);
  for (const double bad : {-1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    const std::vector<double> times = {1, bad, 1};
    try {
      station.serve(times, good, waits);
      FAIL();
    } catch (const std::domain_error& error) {
      EXPECT_NE(std::string(error.what()).find("Station.serve: interarrival[1] must be finite and >= 0"),
                std::string::npos);
    }
    EXPECT_THROW(station.serve(good, times, waits), std::domain_error);
  }
  EXPECT_THROW(station.serve(good, std::vector<double>{1}, waits), std::invalid_argument);
  EXPECT_THROW(Station(0), std::domain_error);
  EXPECT_THROW(Station(2.5), std::domain_error);
  EXPECT_THROW(Station(1e9), std::domain_error);
  EXPECT_THROW(Station(3, 2), std::domain_error);
  EXPECT_THROW(Station(3, 4.5), std::domain_error);
  EXPECT_THROW(Station(3, NAN), std::domain_error);
}

}  // namespace
