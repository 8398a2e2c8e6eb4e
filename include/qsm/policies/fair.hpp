#pragma once
/// @file
/// Fair schedulers: each flow gets its weight's share of one server while it has work, whatever the others do.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include <qsm/core/detail/members.hpp>
#include <qsm/policies/scheduler.hpp>

namespace qsm::inline v0::policies {

namespace detail {

/// A job with the tag by which it waits.
struct Tagged {
  double tag;
  std::uint64_t number;
  Job job;
  static auto members(auto& self) { return std::tie(self.tag, self.number, self.job); }
};

/// A flow with the tag by which it waits.
struct TaggedFlow {
  double tag;
  std::size_t flow;
  static auto members(auto& self) { return std::tie(self.tag, self.flow); }
};

/// Weights, checked; `fair` names the scheduler in errors.
std::vector<double> checked_weights(const char* fair, std::span<const double> weights);

}  // namespace detail

/// Weighted fair queueing (PGPS): serves in the order in which generalised processor sharing would finish.
///
/// A job leaves at most one largest job later than under GPS. Follows the virtual time of GPS exactly, in O(log n).
///
/// @source         A. Parekh and R. Gallager 1993, A generalized processor sharing approach to flow control
class WeightedFairQueueing {
 public:
  /// Nothing waits.
  ///
  /// @param weights  share φ of each flow [1], each finite and > 0
  /// @param rate     work that the server does [size/s], finite and > 0
  WeightedFairQueueing(std::span<const double> weights, double rate);

  /// Lets a job wait from `now` [s]; its flow must have a weight.
  void push(double now, Job job);
  /// Takes the next job; nothing where none waits.
  std::optional<Job> pop(double now);
  /// Number of jobs that wait [1].
  std::size_t size() const { return heap_.size(); }
  /// Virtual time of GPS at `now` [size], by which equal work of flows of weight 1 is measured; 0 where it is idle.
  double virtual_time(double now) const;

 private:
  friend core::detail::Members;
  static auto members(auto& self) {
    return std::tie(self.weights_, self.finish_, self.busy_, self.rate_, self.now_, self.virtual_, self.active_weight_,
                    self.active_, self.pushed_, self.heap_, self.leaving_);
  }
  WeightedFairQueueing() = default;
  void advance(double now);

  std::vector<double> weights_, finish_;
  std::vector<bool> busy_;  // under GPS
  double rate_, now_, virtual_ = 0, active_weight_ = 0;
  std::size_t active_ = 0;
  std::uint64_t pushed_ = 0;
  std::vector<detail::Tagged> heap_;
  std::vector<detail::TaggedFlow> leaving_;  // flows by the last finish tag that they had when pushed
};

/// Self-clocked fair queueing: as WFQ, but virtual time is the tag of the job in service, in place of that of GPS.
///
/// Cheaper, and no rate is needed; a job may have to wait for one job of every other flow more than under WFQ.
///
/// @source         S. J. Golestani 1994, A self-clocked fair queueing scheme for broadband applications
class SelfClockedFairQueueing {
 public:
  /// Nothing waits.
  ///
  /// @param weights  share φ of each flow [1], each finite and > 0
  explicit SelfClockedFairQueueing(std::span<const double> weights);

  /// Lets a job wait from `now` [s]; its flow must have a weight.
  void push(double now, Job job);
  /// Takes the next job; nothing where none waits.
  std::optional<Job> pop(double now);
  /// Number of jobs that wait [1].
  std::size_t size() const { return heap_.size(); }

 private:
  friend core::detail::Members;
  static auto members(auto& self) {
    return std::tie(self.weights_, self.finish_, self.virtual_, self.pushed_, self.heap_);
  }
  SelfClockedFairQueueing() = default;

  std::vector<double> weights_, finish_;
  double virtual_ = 0;
  std::uint64_t pushed_ = 0;
  std::vector<detail::Tagged> heap_;
};

/// Worst-case fair weighted fair queueing (WF2Q+): of the jobs that GPS would have begun, the one it finishes first.
///
/// No flow runs ahead of its share, so that jobs of a heavy flow are spread instead of sent in a burst. Virtual time
/// moves on by the size of each job as it is taken.
///
/// @source         J. Bennett and H. Zhang 1997, Hierarchical packet fair queueing algorithms
class WorstCaseFairQueueing {
 public:
  /// Nothing waits.
  ///
  /// @param weights  share φ of each flow [1], each finite and > 0
  explicit WorstCaseFairQueueing(std::span<const double> weights);

  /// Lets a job wait from `now` [s]; its flow must have a weight.
  void push(double now, Job job);
  /// Takes the next job; nothing where none waits.
  std::optional<Job> pop(double now);
  /// Number of jobs that wait [1].
  std::size_t size() const { return size_; }

 private:
  friend core::detail::Members;
  static auto members(auto& self) {
    return std::tie(self.weights_, self.finish_, self.virtual_, self.total_weight_, self.size_, self.flows_,
                    self.waiting_, self.eligible_);
  }
  WorstCaseFairQueueing() = default;
  void let_wait(std::size_t flow);

  std::vector<double> weights_, finish_;
  double virtual_ = 0, total_weight_ = 0;
  std::size_t size_ = 0;
  std::vector<std::deque<Job>> flows_;
  std::vector<detail::TaggedFlow> waiting_;   // by start tag, that lies in the future
  std::vector<detail::TaggedFlow> eligible_;  // by finish tag
};

/// Deficit round robin: flows in turn, each with credit for its quantum of work; O(1) where quanta reach the largest job.
///
/// @source         M. Shreedhar and G. Varghese 1996, Efficient fair queuing using deficit round-robin
class DeficitRoundRobin {
 public:
  /// Nothing waits.
  ///
  /// @param weights  share φ of each flow [1], each finite and > 0
  /// @param quantum  work that a visit allows a flow of weight 1 [size], finite and > 0
  DeficitRoundRobin(std::span<const double> weights, double quantum);

  /// Lets a job wait from `now` [s]; its flow must have a weight, and its size may take 2^50 visits.
  void push(double now, Job job);
  /// Takes the next job; nothing where none waits.
  std::optional<Job> pop(double now);
  /// Number of jobs that wait [1].
  std::size_t size() const { return size_; }

 private:
  friend core::detail::Members;
  static auto members(auto& self) {
    return std::tie(self.quanta_, self.deficit_, self.flows_, self.round_, self.visited_, self.size_);
  }
  DeficitRoundRobin() = default;

  std::vector<double> quanta_, deficit_;
  std::vector<std::deque<Job>> flows_;
  std::deque<std::size_t> round_;  // flows with work, the visited one in front
  bool visited_ = false;           // whether the one in front has had its quantum
  std::size_t size_ = 0;
};

/// How evenly shares are spread, (Σx)² / (n Σx²): 1 where all are equal, 1/n where one has all.
///
/// @param shares  x, what each got [any], each finite and >= 0; at least one > 0
/// @returns       Jain's index [1], in (0, 1]
/// @source        R. Jain, D. Chiu and W. Hawe 1984, A quantitative measure of fairness and discrimination
double jain_index(std::span<const double> shares);

/// Weighted max-min fair shares: nobody gets more than asked for, and what they leave goes to the others by weight.
///
/// @param capacity  what there is to share [any], finite and >= 0
/// @param demands   what each asks for [unit of capacity], each >= 0, may be infinite
/// @param weights   share φ of each [1], each finite and > 0; empty for equal ones
/// @returns         what each gets [unit of capacity]
/// @source          D. Bertsekas and R. Gallager 1992, Data Networks, section 6.5.2
std::vector<double> max_min_shares(double capacity, const std::vector<double>& demands,
                                   const std::vector<double>& weights = {});

}  // namespace qsm::inline v0::policies

#ifdef QSM_HEADER_ONLY
#include <qsm/policies/fair.ipp>
#endif
