#pragma once
/// @file
/// What every scheduler is, and those that keep one order: first come, priority, deadline, remaining size.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <qsm/core/detail/members.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::policies {

/// What waits to be served.
struct Job {
  /// Whatever the caller knows it by.
  std::uint64_t id = 0;
  /// Work that is left [1 or s or bytes], finite and > 0.
  double size = 1;
  /// Flow, tenant or class, from 0.
  std::size_t flow = 0;
  /// Lower is served first [1].
  double priority = 0;
  /// When it should be done [s].
  double deadline = std::numeric_limits<double>::infinity();
  /// When it came [s]; NaN until it is first pushed, so that a job taken from its server keeps its place in time.
  double arrival = std::numeric_limits<double>::quiet_NaN();

  friend bool operator==(const Job&, const Job&) = default;
};

/// Says which job is served next. `push(now, job)` lets one wait; `pop(now)`, called when a server is free, takes the
/// next one, nothing where none waits. Jobs that are equal to the policy keep their order. A value: a copy goes on by
/// itself. `now` [s] starts anywhere and does not run backwards.
///
///     struct LastComeFirstServed {
///       std::vector<Job> jobs;
///       void push(double, const Job& job) { jobs.push_back(job); }
///       std::optional<Job> pop(double) {
///         if (jobs.empty()) return std::nullopt;
///         const Job job = jobs.back();
///         jobs.pop_back();
///         return job;
///       }
///       std::size_t size() const { return jobs.size(); }
///     };
template <class Type>
concept Scheduler = std::copyable<Type> && requires(Type scheduler, const Type& seen, double now, const Job& job) {
  scheduler.push(now, job);
  { scheduler.pop(now) } -> std::same_as<std::optional<Job>>;
  { seen.size() } -> std::convertible_to<std::size_t>;
};

/// A Scheduler that can say whether the next job should take the server from the one that is served; the size of
/// `running` is then what is left of it.
template <class Type>
concept PreemptiveScheduler = Scheduler<Type> && requires(const Type& seen, const Job& running) {
  { seen.preempts(running) } -> std::same_as<bool>;
};

/// Serves in the order of a key, the least first, equal keys in the order in which they were pushed. A new policy is a
/// new key: a callable that makes a number of a Job, the same number as long as the job waits.
template <class Key>
class OrderedScheduler {
 public:
  /// Nothing waits.
  explicit OrderedScheduler(Key key = {}) : key_(std::move(key)) {}

  /// Lets a job wait from `now` [s].
  void push(double now, Job job) {
    Check check("Scheduler.push");
    check.finite("now", now);
    check.positive("size", job.size);
    if (job.arrival != job.arrival) job.arrival = now;
    const double key = key_(job);
    check.that(key == key, "key of the job", key, "a number");
    heap_.push_back({key, pushed_++, job});
    std::push_heap(heap_.begin(), heap_.end(), later);
  }
  /// Takes the next job; nothing where none waits.
  std::optional<Job> pop(double) {
    if (heap_.empty()) return std::nullopt;
    std::pop_heap(heap_.begin(), heap_.end(), later);
    const Job job = heap_.back().job;
    heap_.pop_back();
    return job;
  }
  /// Whether the next job comes strictly before `running`.
  bool preempts(const Job& running) const { return !heap_.empty() && heap_.front().key < key_(running); }
  /// Number of jobs that wait [1].
  std::size_t size() const { return heap_.size(); }

 private:
  friend core::detail::Members;
  static auto members(auto& self) { return std::tie(self.key_, self.pushed_, self.heap_); }

  struct Entry {
    double key;
    std::uint64_t number;
    Job job;
    static auto members(auto& self) { return std::tie(self.key, self.number, self.job); }
  };
  static bool later(const Entry& a, const Entry& b) { return a.key > b.key || (a.key == b.key && a.number > b.number); }

  Key key_;
  std::uint64_t pushed_ = 0;
  std::vector<Entry> heap_;
};

/// First come, first served: the key is the time of arrival.
struct ArrivalOrder {
  static auto members(auto&) { return std::tie(); }
  double operator()(const Job& job) const { return job.arrival; }
};
/// Earliest deadline first: optimal for one server where all deadlines can be met (Dertouzos 1974).
struct DeadlineOrder {
  static auto members(auto&) { return std::tie(); }
  double operator()(const Job& job) const { return job.deadline; }
};
/// Shortest remaining size first: the least mean sojourn of all policies of one server (Schrage 1968).
struct SizeOrder {
  static auto members(auto&) { return std::tie(); }
  double operator()(const Job& job) const { return job.size; }
};
/// Priority, the lowest number first. With ageing the number falls by `ageing` for each second of waiting, so that
/// nobody starves: since all fall alike, priority + ageing x arrival keeps the order and never has to be renewed.
struct PriorityOrder {
  /// Levels that a second of waiting is worth [1/s], finite and >= 0.
  double ageing = 0;
  static auto members(auto& self) { return std::tie(self.ageing); }
  double operator()(const Job& job) const { return job.priority + ageing * job.arrival; }
};

/// First come, first served.
using Fifo = OrderedScheduler<ArrivalOrder>;
/// Earliest deadline first.
using EarliestDeadlineFirst = OrderedScheduler<DeadlineOrder>;
/// Shortest remaining processing time where the caller honours `preempts`, shortest job first where not.
using ShortestRemaining = OrderedScheduler<SizeOrder>;
/// Priorities, with ageing against starvation.
using PriorityScheduler = OrderedScheduler<PriorityOrder>;

}  // namespace qsm::inline v0::policies
