// A row of 10 stations at 0.8, 64 customers going round 16 stations at random, the shorter of two queues of 1,000, and
// M/M/1: the simulator beside a loop written for each model, which keeps the numbers present, their integrals and the
// times of passages, and nothing else.
#include <array>
#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/histogram.hpp>
#include <qsm/core/random.hpp>
#include <qsm/queueing/network.hpp>

namespace {

using namespace qsm::queueing;
using qsm::Exponential;
using qsm::Stream;

constexpr double passages = 1e5;
constexpr std::size_t row = 10, ring = 16, customers = 64, servers = 1000;

// Exponential times of mean 1, from one stream in blocks.
class Times {
 public:
  double next() {
    if (used_ == block_.size()) {
      Exponential{1}.sample(stream_, drawn_, block_);
      drawn_ += block_.size();
      used_ = 0;
    }
    return block_[used_++];
  }

 private:
  Stream stream_{1};
  std::uint64_t drawn_ = 0;
  std::array<double, 1024> block_{};
  std::size_t used_ = block_.size();
};

template <std::size_t count>
std::size_t earliest(const std::array<double, count>& times) {
  std::size_t first = 0;
  for (std::size_t i = 1; i < count; ++i)
    if (times[i] < times[first]) first = i;
  return first;
}

struct Queue {
  std::vector<double> began = std::vector<double>(8);  // of passages, in a ring
  std::size_t first = 0, size = 0;
  double since = 0, area = 0;

  void move(double now) {
    area += static_cast<double>(size) * (now - since);
    since = now;
  }
  void push(double time, double now) {
    move(now);
    if (size == began.size()) {
      std::vector<double> wider(2 * size);
      for (std::size_t i = 0; i < size; ++i) wider[i] = began[(first + i) & (size - 1)];
      began.swap(wider);
      first = 0;
    }
    began[(first + size++) & (began.size() - 1)] = time;
  }
  double pop(double now) {
    move(now);
    const double time = began[first];
    first = (first + 1) & (began.size() - 1);
    --size;
    return time;
  }
};

Network tandem() {
  Network network{{}, {{.interarrival = Exponential{0.8}}}};
  network.stations.assign(row, {.service = Exponential{1}});
  return network;
}

// Each visit is the end of a passage with probability 1/16, so that it goes on to any station alike.
Network closed() {
  Network network{{},
                  {{.population = customers, .start = std::vector<double>(ring, 1.0 / ring)}},
                  {Matrix(ring, ring, 1.0 / ring - 1.0 / ring / ring)}};
  network.stations.assign(ring, {.service = Exponential{1}});
  return network;
}

// Jobs for many servers with a queue each: the shorter of two that are drawn.
Network farm() {
  return {{{.service = Exponential{1}, .servers = servers, .dispatch = Dispatch::shortest, .choices = 2}},
          {{.interarrival = Exponential{0.9 * servers}}}};
}

Network single() { return {{{.service = Exponential{1}}}, {{.interarrival = Exponential{0.9}}}}; }

void simulated(benchmark::State& state, const Network& network, double events) {
  for (auto _ : state)
    benchmark::DoNotOptimize(
        network.simulate({.passages = passages, .warmup = 0, .replications = 1, .threads = 1}).stable());
  state.counters["events"] = benchmark::Counter(events, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK_CAPTURE(simulated, tandem, tandem(), passages*(row + 1))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulated, closed, closed(), passages* ring)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulated, farm, farm(), passages * 2)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulated, single, single(), passages * 2)->Unit(benchmark::kMillisecond);

void tandem_loop(benchmark::State& state) {
  for (auto _ : state) {
    Times times;
    std::array<Queue, row> queues;
    std::array<double, row + 1> clocks;
    clocks.fill(qsm::infinity);
    clocks[row] = times.next() / 0.8;
    qsm::Histogram sojourns;
    for (double ended = 0; ended < passages;) {
      const std::size_t i = earliest(clocks);
      const double now = clocks[i];
      const auto enter = [&](std::size_t place, double began) {
        if (queues[place].size == 0) clocks[place] = now + times.next();
        queues[place].push(began, now);
      };
      if (i == row) {
        clocks[row] = now + times.next() / 0.8;
        enter(0, now);
        continue;
      }
      const double began = queues[i].pop(now);
      clocks[i] = queues[i].size > 0 ? now + times.next() : qsm::infinity;
      if (i + 1 < row) {
        enter(i + 1, began);
      } else {
        sojourns.record(now - began);
        ++ended;
      }
    }
    benchmark::DoNotOptimize(sojourns.mean());
  }
  state.counters["events"] = benchmark::Counter(passages * (row + 1), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(tandem_loop)->Unit(benchmark::kMillisecond);

void closed_loop(benchmark::State& state) {
  for (auto _ : state) {
    Times times;
    const Stream routes(2);
    std::array<double, 1024> uniforms;
    std::uint64_t drawn = 0;
    std::array<Queue, ring> queues;
    std::array<double, ring> clocks;
    clocks.fill(qsm::infinity);
    qsm::Histogram sojourns;
    double now = 0;
    const auto uniform = [&] {
      if (drawn % uniforms.size() == 0) routes.uniforms(drawn, uniforms);
      return uniforms[drawn++ % uniforms.size()];
    };
    const auto enter = [&](double began) {
      const auto place = static_cast<std::size_t>(uniform() * ring);
      if (queues[place].size == 0) clocks[place] = now + times.next();
      queues[place].push(began, now);
    };
    for (std::size_t n = 0; n < customers; ++n) enter(0);
    for (double ended = 0; ended < passages;) {
      const std::size_t i = earliest(clocks);
      now = clocks[i];
      double began = queues[i].pop(now);
      clocks[i] = queues[i].size > 0 ? now + times.next() : qsm::infinity;
      if (uniform() < 1.0 / ring) {
        sojourns.record(now - began);
        ++ended;
        began = now;
      }
      enter(began);
    }
    benchmark::DoNotOptimize(sojourns.mean());
  }
  state.counters["events"] = benchmark::Counter(passages * ring, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(closed_loop)->Unit(benchmark::kMillisecond);

void farm_loop(benchmark::State& state) {
  for (auto _ : state) {
    Times times;
    const Stream choices(2);
    std::array<double, 1024> uniforms;
    std::uint64_t drawn = 0;
    const auto pick = [&] {
      if (drawn % uniforms.size() == 0) choices.uniforms(drawn, uniforms);
      return static_cast<std::size_t>(uniforms[drawn++ % uniforms.size()] * static_cast<double>(servers));
    };
    std::vector<Queue> queues(servers);
    using Event = std::pair<double, std::size_t>;  // departures
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events;
    constexpr double gap = 1 / (0.9 * static_cast<double>(servers));
    double arrival = times.next() * gap, number = 0, since = 0, area = 0;
    const auto move = [&](double now, double change) {
      area += number * (now - since);
      since = now;
      number += change;
    };
    qsm::Histogram sojourns;
    for (double ended = 0; ended < passages;) {
      if (events.empty() || arrival < events.top().first) {
        const double now = arrival;
        arrival = now + times.next() * gap;
        const std::size_t one = pick();
        std::size_t two = pick();
        while (two == one) two = pick();
        const std::size_t best = queues[two].size < queues[one].size ? two : one;
        if (queues[best].size == 0) events.push({now + times.next(), best});
        queues[best].push(now, now);
        move(now, 1);
      } else {
        const auto [now, i] = events.top();
        events.pop();
        sojourns.record(now - queues[i].pop(now));
        if (queues[i].size > 0) events.push({now + times.next(), i});
        move(now, -1);
        ++ended;
      }
    }
    benchmark::DoNotOptimize(sojourns.mean());
    benchmark::DoNotOptimize(area);
  }
  state.counters["events"] = benchmark::Counter(passages * 2, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(farm_loop)->Unit(benchmark::kMillisecond);

void single_loop(benchmark::State& state) {
  for (auto _ : state) {
    Times times;
    Queue queue;
    double arrival = times.next() / 0.9, departure = qsm::infinity;
    qsm::Histogram sojourns;
    for (double ended = 0; ended < passages;) {
      if (arrival < departure) {
        const double now = arrival;
        arrival = now + times.next() / 0.9;
        if (queue.size == 0) departure = now + times.next();
        queue.push(now, now);
      } else {
        const double now = departure;
        sojourns.record(now - queue.pop(now));
        departure = queue.size > 0 ? now + times.next() : qsm::infinity;
        ++ended;
      }
    }
    benchmark::DoNotOptimize(sojourns.mean());
  }
  state.counters["events"] = benchmark::Counter(passages * 2, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(single_loop)->Unit(benchmark::kMillisecond);

}  // namespace
