#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/policies/fair.hpp>
#include <qsm/policies/limiter.hpp>
#include <qsm/policies/scheduler.hpp>
#include <qsm/queueing/network_calculus.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::queueing;
namespace policies = qsm::policies;
using Numbers = std::vector<double>;
using qsm_test::relative_error;

TEST(network_calculus, agrees_with_the_textbook) {
  for (const auto& row : qsm_test::golden("queueing/network_calculus.csv")) {
    const auto arrival =
        curve_minimum(token_bucket_curve(row["peak"], row["packet"]), token_bucket_curve(row["rate"], row["burst"]));
    const auto service = rate_latency_curve(row["service_rate"], row["latency"]);
    EXPECT_LT(relative_error(delay_bound(arrival, service), row["delay_bound"]), 1e-14) << row.where;
    EXPECT_LT(relative_error(backlog_bound(arrival, service), row["backlog_bound"]), 1e-14) << row.where;
  }
  const auto out = output_curve(token_bucket_curve(2, 5), rate_latency_curve(3, 4));  // burst + rate x latency
  EXPECT_EQ(out.values, Numbers{13});
  EXPECT_EQ(out.slopes, Numbers{2});
}

TEST(network_calculus, pays_bursts_only_once) {
  const auto arrival = token_bucket_curve(1, 6), first = rate_latency_curve(2, 1), second = rate_latency_curve(3, 2);
  const auto both = convolve(first, second);
  EXPECT_EQ(both.times, (Numbers{0, 3}));
  EXPECT_EQ(both.slopes, (Numbers{0, 2}));
  EXPECT_DOUBLE_EQ(delay_bound(arrival, both), 6.0 / 2 + 3);
  EXPECT_DOUBLE_EQ(delay_bound(arrival, first) + delay_bound(output_curve(arrival, first), second),
                   (6.0 / 2 + 1) + (7.0 / 3 + 2));
}

// The definition itself on a grid: min-plus convolution and deconvolution of curves with jumps and many lines.
TEST(network_calculus, convolution_is_the_least_of_all_splits) {
  const Curve curves[] = {{{0, 1, 4}, {2, 3, 9}, {1, 2, .5}},
                          {{0, 2, 3}, {0, 1, 1.5}, {.25, .5, 4}},
                          {{0}, {3}, {1}},
                          {{0, 2.5}, {0, 0}, {0, 3}}};
  const auto left = [](const Curve& curve, double t) { return t > 1e-9 ? curve_value(curve, t - 1e-9) : 0; };
  for (const auto& f : curves)
    for (const auto& g : curves) {
      const auto both = convolve(f, g);
      const auto same = convolve(g, f);
      for (double t = .0125; t < 9; t += .1) {
        double least = INFINITY;
        for (double s = 0; s <= t; s += .0125) least = std::min(least, left(f, s) + left(g, t - s));
        EXPECT_NEAR(left(both, t), std::min(least, left(both, t)), .07) << t;  // the grid is coarse from above
        EXPECT_LE(left(both, t), least + 1e-7) << t;
        EXPECT_NEAR(left(both, t), left(same, t), 1e-12);
      }
      if (f.slopes.back() > g.slopes.back()) continue;
      const auto out = output_curve(f, g);
      for (double t = .0125; t < 9; t += .1) {
        double most = 0;
        for (double s = 0; s < 12; s += .0125) most = std::max(most, curve_value(f, t + s) - left(g, s));
        EXPECT_GE(curve_value(out, t), most - 1e-7) << t;
        EXPECT_NEAR(curve_value(out, t), most, .07) << t;
      }
    }
}

struct Done {
  policies::Job job;
  double end;
};

/// One server, jobs to the end, by the scheduler that a service embeds.
template <policies::Scheduler Scheduler>
std::vector<Done> serve(Scheduler scheduler, std::vector<policies::Job> jobs, double rate) {
  std::stable_sort(jobs.begin(), jobs.end(), [](const auto& a, const auto& b) { return a.arrival < b.arrival; });
  std::vector<Done> done;
  double now = 0;
  std::size_t next = 0;
  while (done.size() < jobs.size()) {
    while (next < jobs.size() && jobs[next].arrival <= now) scheduler.push(jobs[next].arrival, jobs[next]), ++next;
    if (const auto job = scheduler.pop(now)) {
      now += job->size / rate;
      done.push_back({*job, now});
    } else {
      now = jobs[next].arrival;
    }
  }
  return done;
}

double longest_delay(const std::vector<Done>& done, std::size_t flow) {
  double longest = 0;
  for (const auto& [job, end] : done)
    if (job.flow == flow) longest = std::max(longest, end - job.arrival);
  return longest;
}

/// Jobs that the token bucket of `policies` lets pass as soon as it can: the greediest traffic below the curve.
void greedy(std::vector<policies::Job>& jobs, std::size_t flow, double rate, double burst, double size, double start,
            double until) {
  policies::TokenBucket bucket(rate, burst);
  for (double now = start; now < until;) {
    bucket.admit(now, size);
    policies::Job job;
    job.flow = flow, job.priority = static_cast<double>(flow), job.size = size, job.arrival = now;
    jobs.push_back(job);
    now = bucket.ready_at(now, size);
  }
}

TEST(network_calculus, first_come_first_served_attains_its_bounds) {
  std::vector<policies::Job> jobs;
  greedy(jobs, 0, 1, 8, .5, 0, 40);
  const double bound = delay_bound(token_bucket_curve(1, 8), rate_latency_curve(2));
  EXPECT_DOUBLE_EQ(longest_delay(serve(policies::Fifo(), jobs, 2), 0), bound);
}

// A large low job has just begun when all higher traffic and the flow itself burst.
TEST(network_calculus, a_priority_class_attains_its_bound) {
  constexpr double rate = 10, small = 1.0 / 64;
  std::vector<policies::Job> jobs;
  policies::Job low;
  low.flow = 2, low.priority = 2, low.size = 3, low.arrival = 0;
  jobs.push_back(low);
  greedy(jobs, 0, 4, 6, small, 1e-9, 30);
  greedy(jobs, 1, 2, 5, small, 1e-9, 30);
  const auto left = residual_service(rate_latency_curve(rate), token_bucket_curve(4, 6), 3);
  const double bound = delay_bound(token_bucket_curve(2, 5), left);
  EXPECT_DOUBLE_EQ(bound, (6 + 3) / 6.0 + 5 / 6.0);
  const double longest = longest_delay(serve(policies::PriorityScheduler(), jobs, rate), 1);
  EXPECT_LE(longest, bound);
  EXPECT_GE(longest, .99 * bound);
}

TEST(network_calculus, fair_schedulers_keep_their_bounds) {
  constexpr double rate = 10, quantum = 4;
  const Numbers weights{1, 2, 1}, largest{.5, 1, 2}, rates{2.4, 4.8, 2.4}, bursts{4, 6, 8};
  qsm::Stream stream(5);
  double closest[4] = {0, 0, 0, 0};
  std::uint64_t drawn = 0;
  for (int run = 0; run < 60; ++run) {
    std::vector<policies::Job> jobs;
    Numbers starts(3);
    stream.uniforms(drawn, starts), drawn += 3;
    for (std::size_t flow = 0; flow < 3; ++flow)
      greedy(jobs, flow, rates[flow], bursts[flow], run % 2 == 0 ? largest[flow] : largest[flow] / 4,
             run < 2 ? 0 : starts[flow] * 2, 30);
    for (int kind = 0; kind < 4; ++kind) {
      const auto done = kind == 0   ? serve(policies::WeightedFairQueueing(weights, rate), jobs, rate)
                        : kind == 1 ? serve(policies::WorstCaseFairQueueing(weights), jobs, rate)
                        : kind == 2 ? serve(policies::SelfClockedFairQueueing(weights), jobs, rate)
                                    : serve(policies::DeficitRoundRobin(weights, quantum), jobs, rate);
      for (std::size_t flow = 0; flow < 3; ++flow) {
        const auto service =
            fair_service(static_cast<FairScheduler>(kind), rate, weights, largest, static_cast<double>(flow), quantum);
        const double bound = delay_bound(token_bucket_curve(rates[flow], bursts[flow]), service);
        const double longest = longest_delay(done, flow);
        EXPECT_LE(longest, bound * (1 + 1e-12)) << kind << ' ' << flow << ' ' << run;
        closest[kind] = std::max(closest[kind], longest / bound);
      }
    }
  }
  for (const double ratio : closest) EXPECT_GT(ratio, .6);  // not a bound that means nothing
}

TEST(network_calculus, refuses_what_is_out_of_range) {
  const auto arrival = token_bucket_curve(2, 1), service = rate_latency_curve(1);
  EXPECT_EQ(delay_bound(arrival, service), INFINITY);
  EXPECT_EQ(backlog_bound(arrival, service), INFINITY);
  EXPECT_THROW(output_curve(arrival, service), std::domain_error);
  EXPECT_THROW(token_bucket_curve(-1, 1), std::domain_error);
  EXPECT_THROW(delay_bound({{0, 1}, {1}, {1}}, service), std::invalid_argument);
  EXPECT_THROW(delay_bound({{1}, {1}, {1}}, service), std::domain_error);
  EXPECT_THROW(delay_bound({{0, 1}, {2, 1}, {1, 1}}, service), std::domain_error);
  EXPECT_THROW(residual_service(service, arrival, -1), std::domain_error);
  EXPECT_THROW(fair_service(FairScheduler::wfq, 1, Numbers{1}, Numbers{}, 0), std::invalid_argument);
  EXPECT_THROW(fair_service(FairScheduler::wfq, 1, Numbers{1}, Numbers{1}, 1), std::domain_error);
  EXPECT_THROW(fair_service(FairScheduler::drr, 1, Numbers{1}, Numbers{1}, 0), std::domain_error);
  EXPECT_EQ(curve_value(residual_service(service, arrival), 100), 0);
}

}  // namespace
