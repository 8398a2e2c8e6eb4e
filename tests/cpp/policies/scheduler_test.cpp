#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/policies/fair.hpp>
#include <qsm/policies/scheduler.hpp>
#include <qsm/policies/testing.hpp>

namespace {

using namespace qsm::policies;
using Sentences = std::vector<std::string>;

static_assert(PreemptiveScheduler<Fifo> && PreemptiveScheduler<ShortestRemaining>);
static_assert(Scheduler<WeightedFairQueueing> && !PreemptiveScheduler<WeightedFairQueueing>);

const std::vector<double> weights{1, 2, 4};

Job job(std::uint64_t id, double size, std::size_t flow = 0) {
  Job made;
  made.id = id;
  made.size = size;
  made.flow = flow;
  return made;
}

template <class Policy>
std::vector<std::uint64_t> drain(Policy& policy, double now) {
  std::vector<std::uint64_t> order;
  while (const auto next = policy.pop(now)) {
    order.push_back(next->id);
    now += next->size;
  }
  return order;
}

TEST(scheduler, conforms) {
  EXPECT_EQ(check_scheduler(Fifo()), Sentences());
  EXPECT_EQ(check_scheduler(EarliestDeadlineFirst()), Sentences());
  EXPECT_EQ(check_scheduler(ShortestRemaining()), Sentences());
  EXPECT_EQ(check_scheduler(PriorityScheduler(PriorityOrder{0.1})), Sentences());
  EXPECT_EQ(check_scheduler(WeightedFairQueueing(weights, 2.5), 3), Sentences());
  EXPECT_EQ(check_scheduler(SelfClockedFairQueueing(weights), 3), Sentences());
  EXPECT_EQ(check_scheduler(WorstCaseFairQueueing(weights), 3), Sentences());
  EXPECT_EQ(check_scheduler(DeficitRoundRobin(weights, 2), 3), Sentences());
}

TEST(scheduler, conformance_check_sees_faults) {
  struct Backwards {
    std::vector<Job> jobs;
    void push(double, const Job& one) { jobs.push_back(one); }
    std::optional<Job> pop(double) {
      if (jobs.empty()) return std::nullopt;
      const Job last = jobs.back();
      jobs.pop_back();
      return last;
    }
    std::size_t size() const { return jobs.size(); }
  };
  EXPECT_EQ(check_scheduler(Backwards()), Sentences{"equal jobs of one flow change their order"});
  EXPECT_EQ(check_scheduler(Backwards(), 1, 1, false), Sentences());
  struct Loses : Fifo {
    std::optional<Job> pop(double now) {
      Fifo::pop(now);
      return Fifo::pop(now);
    }
  };
  EXPECT_FALSE(check_scheduler(Loses()).empty());
}

TEST(scheduler, orders_by_its_key) {
  Fifo fifo;
  EarliestDeadlineFirst deadlines;
  ShortestRemaining shortest;
  PriorityScheduler priorities;
  std::uint64_t id = 0;
  for (const double value : {3.0, 1.0, 2.0, 1.0}) {
    Job one = job(id++, value);
    one.deadline = one.priority = value;
    fifo.push(0, one);
    deadlines.push(0, one);
    shortest.push(0, one);
    priorities.push(0, one);
  }
  EXPECT_EQ(drain(fifo, 0), (std::vector<std::uint64_t>{0, 1, 2, 3}));
  const std::vector<std::uint64_t> rising{1, 3, 2, 0};
  EXPECT_EQ(drain(deadlines, 0), rising);
  EXPECT_EQ(drain(shortest, 0), rising);
  EXPECT_EQ(drain(priorities, 0), rising);
}

TEST(scheduler, shortest_remaining_preempts_what_has_more_left) {
  ShortestRemaining shortest;
  shortest.push(0, job(1, 3));
  EXPECT_TRUE(shortest.preempts(job(2, 3.5)));
  EXPECT_FALSE(shortest.preempts(job(2, 3)));
  EXPECT_FALSE(ShortestRemaining().preempts(job(2, 3)));
}

// Strict priority starves level 1 while level 0 has work; ageing serves it after 10 / 0.5 seconds at the latest.
TEST(scheduler, ageing_ends_starvation) {
  const auto wait_of_the_last = [](double ageing) {
    PriorityScheduler policy(PriorityOrder{ageing});
    Job low = job(0, 1);
    low.priority = 10;
    policy.push(0, low);
    for (std::uint64_t second = 0; second < 100; ++second) {
      policy.push(static_cast<double>(second), job(1 + second, 1));
      if (policy.pop(static_cast<double>(second))->id == 0) return static_cast<double>(second);
    }
    return HUGE_VAL;
  };
  EXPECT_EQ(wait_of_the_last(0), HUGE_VAL);
  EXPECT_EQ(wait_of_the_last(0.5), 20);
}

// Bennett and Zhang 1996, figure 2: session 1 has half of the link and eleven packets at time 0, ten sessions have a
// twentieth each and one packet. WFQ sends ten packets of session 1 in a row, WF2Q alternates.
TEST(scheduler, worst_case_fair_spreads_what_wfq_bunches) {
  std::vector<double> shares(11, 1);
  shares[0] = 10;
  WeightedFairQueueing bunches(shares, 1);
  WorstCaseFairQueueing spreads(shares);
  for (std::uint64_t i = 0; i < 21; ++i) {
    const auto packet = job(i, 1, i < 11 ? 0 : static_cast<std::size_t>(i) - 10);
    bunches.push(0, packet);
    spreads.push(0, packet);
  }
  const auto flows = [](const std::vector<std::uint64_t>& order) {
    std::string text;
    for (const auto id : order) text += id < 11 ? '1' : '.';
    return text;
  };
  EXPECT_EQ(flows(drain(bunches, 0)), "1111111111..........1");
  EXPECT_EQ(flows(drain(spreads, 0)), "1.1.1.1.1.1.1.1.1.1.1");
}

/// Finish times under GPS, by small steps of fluid: the twin of the virtual time.
std::vector<double> fluid(const std::vector<Job>& jobs, const std::vector<double>& shares, double rate, double step) {
  std::vector<std::vector<std::size_t>> queues(shares.size());
  std::vector<double> left, done(jobs.size());
  for (const Job& one : jobs) left.push_back(one.size);
  std::size_t next = 0, served = 0;
  for (double now = 0; served < jobs.size(); now += step) {
    while (next < jobs.size() && jobs[next].arrival <= now) queues[jobs[next].flow].push_back(next), ++next;
    double active = 0;
    for (std::size_t f = 0; f < shares.size(); ++f) active += queues[f].empty() ? 0 : shares[f];
    for (std::size_t f = 0; f < shares.size(); ++f) {
      double work = active > 0 ? step * rate * shares[f] / active : 0;
      while (!queues[f].empty() && work > 0) {
        const std::size_t head = queues[f].front();
        const double part = std::min(work, left[head]);
        left[head] -= part;
        work -= part;
        if (left[head] > 1e-12) break;
        done[head] = now;
        ++served;
        queues[f].erase(queues[f].begin());
      }
    }
  }
  return done;
}

// Parekh and Gallager, theorem 1: under WFQ no job ends later than under GPS by more than the largest job takes.
TEST(scheduler, wfq_is_within_one_job_of_the_fluid) {
  std::vector<double> u(900);
  qsm::Stream(17).uniforms(0, u);
  std::vector<Job> jobs;
  double now = 0;
  for (std::size_t i = 0; i < 300; ++i) {
    now += -std::log(u[3 * i]) * 0.6;
    Job one = job(i, 0.2 + u[3 * i + 1], static_cast<std::size_t>(3 * u[3 * i + 2]));
    one.arrival = now;
    jobs.push_back(one);
  }
  const double rate = 1.25, step = 0.002;
  const auto ideal = fluid(jobs, weights, rate, step);
  WeightedFairQueueing policy(weights, rate);
  std::vector<double> done(jobs.size());
  double clock = 0;
  std::size_t next = 0;
  double worst = 0, gain = 0;
  for (std::size_t served = 0; served < jobs.size(); ++served) {
    if (policy.size() == 0) clock = std::max(clock, jobs[next].arrival);
    while (next < jobs.size() && jobs[next].arrival <= clock) policy.push(jobs[next].arrival, jobs[next]), ++next;
    const auto one = policy.pop(clock);
    ASSERT_TRUE(one);
    clock += one->size / rate;
    while (next < jobs.size() && jobs[next].arrival <= clock) policy.push(jobs[next].arrival, jobs[next]), ++next;
    worst = std::max(worst, clock - ideal[one->id]);
    gain = std::max(gain, ideal[one->id] - clock);
  }
  EXPECT_LT(worst, 1.2 / rate + 2 * step);
  EXPECT_GT(worst, 0.1);
  EXPECT_GT(gain, 0.1);
}

/// Work that each flow got while all had some, by weight.
template <class Policy>
std::vector<double> shares_under_load(Policy policy) {
  std::vector<double> u(30000), got(3, 0);
  qsm::Stream(23).uniforms(0, u);
  for (std::size_t i = 0; i < u.size(); ++i) policy.push(0, job(i, 0.5 + u[i], i % 3));
  double now = 0;
  for (int i = 0; i < 10000; ++i) {
    const auto one = policy.pop(now);
    now += one->size;
    got[one->flow] += one->size / weights[one->flow];
  }
  return got;
}

// The fairness bounds of the papers: services by weight differ by at most L/φi + L/φj (SCFQ), by a job and a quantum (DRR).
TEST(scheduler, shares_follow_the_weights) {
  const auto spread = [](const std::vector<double>& got) {
    return *std::max_element(got.begin(), got.end()) - *std::min_element(got.begin(), got.end());
  };
  const double largest = 1.5;
  EXPECT_LE(spread(shares_under_load(WeightedFairQueueing(weights, 1))), largest / 1 + largest / 2);
  EXPECT_LE(spread(shares_under_load(SelfClockedFairQueueing(weights))), largest / 1 + largest / 2);
  EXPECT_LE(spread(shares_under_load(WorstCaseFairQueueing(weights))), largest / 1 + largest / 2);
  EXPECT_LE(spread(shares_under_load(DeficitRoundRobin(weights, 2))), 2 + largest + largest / 2);
  EXPECT_GT(spread(shares_under_load(Fifo())), 1000);
  EXPECT_GT(jain_index(shares_under_load(DeficitRoundRobin(weights, 2))), 0.999999);
}

TEST(scheduler, deficit_round_robin_skips_rounds_without_service) {
  DeficitRoundRobin policy(std::vector<double>{1, 3}, 1e-9);
  policy.push(0, job(0, 1, 0));
  policy.push(0, job(1, 1, 1));
  policy.push(0, job(2, 1, 1));
  EXPECT_EQ(drain(policy, 0), (std::vector<std::uint64_t>{1, 2, 0}));
}

// By hand, quantum 2: credit ends with the work, and a flow whose work has ended does not take the next one's quantum.
TEST(scheduler, deficit_round_robin_keeps_no_credit_without_work) {
  DeficitRoundRobin policy(std::vector<double>{1, 1}, 2);
  policy.push(0, job(0, 1, 0));
  EXPECT_EQ(policy.pop(0)->id, 0u);  // 1 of 2 is left over, and lost
  policy.push(0, job(1, 3, 0));
  policy.push(0, job(2, 2, 1));
  EXPECT_EQ(drain(policy, 0), (std::vector<std::uint64_t>{2, 1}));
  DeficitRoundRobin turns(std::vector<double>{1, 1, 1}, 1);
  for (std::uint64_t i = 0; i < 3; ++i) turns.push(0, job(i, 1, i));
  EXPECT_EQ(drain(turns, 0), (std::vector<std::uint64_t>{0, 1, 2}));
}

// A flow that was idle is not owed the time in which it had no work.
TEST(scheduler, self_clocked_starts_a_new_flow_at_the_present) {
  SelfClockedFairQueueing policy(std::vector<double>{1, 1});
  for (std::uint64_t i = 0; i < 100; ++i) policy.push(0, job(i, 1, 0));
  for (int i = 0; i < 50; ++i) policy.pop(i);
  for (std::uint64_t i = 100; i < 120; ++i) policy.push(50, job(i, 1, 1));
  int late = 0;
  for (int i = 0; i < 20; ++i) late += policy.pop(50 + i)->flow == 1;
  EXPECT_EQ(late, 10);
}

TEST(scheduler, fair_tags_stay_exact_after_any_past) {
  const auto check = [](auto policy) {
    policy.push(0, job(1, 1e17));
    ASSERT_EQ(drain(policy, 0).size(), 1U);
    policy.push(2e17, job(2, 3, 0));
    policy.push(2e17, job(3, 2, 1));  // would finish first; beside a tag of 1e17 both sizes are rounded away
    EXPECT_EQ(policy.pop(2e17)->id, 3U);
  };
  check(WeightedFairQueueing(weights, 1));
  check(SelfClockedFairQueueing(weights));
  check(WorstCaseFairQueueing(weights));
}

TEST(scheduler, max_min_shares_leave_nothing_that_somebody_wants) {
  // Bertsekas and Gallager's rule by hand: 1.5 and 2 are satisfied, the others share 8.5 - 3.5 by weight.
  EXPECT_EQ(max_min_shares(8.5, {1.5, INFINITY, 2, 9}), (std::vector<double>{1.5, 2.5, 2, 2.5}));
  EXPECT_EQ(max_min_shares(9, {INFINITY, INFINITY}, {1, 2}), (std::vector<double>{3, 6}));
  EXPECT_EQ(max_min_shares(100, {1, 2}), (std::vector<double>{1, 2}));
  EXPECT_EQ(max_min_shares(0, {1, 2}), (std::vector<double>{0, 0}));
  EXPECT_EQ(max_min_shares(5, {}), std::vector<double>());
}

TEST(scheduler, jain_index_at_its_ends) {
  EXPECT_DOUBLE_EQ(jain_index(std::vector<double>{2, 2, 2, 2}), 1);
  EXPECT_DOUBLE_EQ(jain_index(std::vector<double>{0, 0, 5, 0}), 0.25);
  EXPECT_DOUBLE_EQ(jain_index(std::vector<double>{1e300, 1e300}), 1);
}

TEST(scheduler, refuses_what_is_out_of_range) {
  EXPECT_THROW(Fifo().push(NAN, job(0, 1)), std::domain_error);
  EXPECT_THROW(Fifo().push(0, job(0, 0)), std::domain_error);
  EXPECT_THROW(WeightedFairQueueing({}, 1), std::domain_error);
  EXPECT_THROW(WeightedFairQueueing(weights, 0), std::domain_error);
  EXPECT_THROW(SelfClockedFairQueueing(std::vector<double>{1, 0}), std::domain_error);
  EXPECT_THROW(WorstCaseFairQueueing(weights).push(0, job(0, 1, 3)), std::domain_error);
  EXPECT_THROW(DeficitRoundRobin(weights, -1), std::domain_error);
  WeightedFairQueueing policy(weights, 1);
  policy.push(5, job(0, 1));
  EXPECT_THROW(policy.push(4, job(1, 1)), std::domain_error);
  EXPECT_THROW(max_min_shares(-1, {1}), std::domain_error);
  EXPECT_THROW(max_min_shares(1, {1}, {1, 2}), std::domain_error);
  EXPECT_THROW(jain_index(std::vector<double>{}), std::domain_error);
  EXPECT_THROW(jain_index(std::vector<double>{1, -1}), std::domain_error);
}

// Credit that is rounded away never reaches the size: without the limit, pop would not return.
TEST(scheduler, deficit_round_robin_refuses_quanta_that_would_be_rounded_away) {
  const std::vector<double> one{1};
  DeficitRoundRobin tiny(one, 0x1p-53), small(one, 0x1p-50);
  EXPECT_THROW(tiny.push(0, {.size = 1 + 0x1p-52}), std::domain_error);
  EXPECT_EQ(tiny.pop(0), std::nullopt);
  small.push(0, {.id = 7, .size = 1});
  EXPECT_EQ(small.pop(0)->id, 7);
}

}  // namespace
