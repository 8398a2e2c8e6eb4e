#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>

#include <qsm/policies/fair.hpp>

namespace qsm::inline v0::policies {
namespace detail {

QSM_INLINE std::vector<double> checked_weights(const char* fair, std::span<const double> weights) {
  Check check(fair);
  check.that(!weights.empty(), "weights.size()", 0, ">= 1");
  for (const double weight : weights) check.positive("weights", weight);
  return {weights.begin(), weights.end()};
}

inline bool later(const Tagged& a, const Tagged& b) { return a.tag > b.tag || (a.tag == b.tag && a.number > b.number); }
inline bool later(const TaggedFlow& a, const TaggedFlow& b) {
  return a.tag > b.tag || (a.tag == b.tag && a.flow > b.flow);
}

/// The heaps of this page: the least tag first.
template <class Item>
void put(std::vector<Item>& heap, Item item) {
  heap.push_back(item);
  std::push_heap(heap.begin(), heap.end(), [](const Item& a, const Item& b) { return later(a, b); });
}
template <class Item>
Item take(std::vector<Item>& heap) {
  std::pop_heap(heap.begin(), heap.end(), [](const Item& a, const Item& b) { return later(a, b); });
  const Item item = heap.back();
  heap.pop_back();
  return item;
}

/// What every push checks; notes the time of arrival.
inline void receive(const char* function, double now, Job& job, std::size_t flows) {
  Check check(function);
  check.finite("now", now);
  check.positive("size", job.size);
  check.that(job.flow < flows, "flow", static_cast<double>(job.flow), "below the number of weights");
  if (job.arrival != job.arrival) job.arrival = now;
}

/// The server is idle: virtual time begins at 0 again, so that tags stay small for ever.
inline void begin_anew(double& virtual_time, std::vector<double>& finish) {
  if (virtual_time == 0) return;
  virtual_time = 0;
  std::fill(finish.begin(), finish.end(), 0.0);
}

}  // namespace detail

QSM_INLINE WeightedFairQueueing::WeightedFairQueueing(std::span<const double> weights, double rate)
    : weights_(detail::checked_weights("WeightedFairQueueing", weights)),
      finish_(weights.size(), 0),
      busy_(weights.size(), false),
      rate_(rate),
      now_(-std::numeric_limits<double>::max()) {
  Check("WeightedFairQueueing").positive("rate", rate);
}

QSM_INLINE void WeightedFairQueueing::advance(double now) {
  Check("WeightedFairQueueing").that(now >= now_, "now", now, ">= the time of the last call");
  // Under GPS virtual time grows by rate / (weight of the flows with work); a flow has work until its last finish tag.
  while (active_ > 0) {
    const auto [tag, flow] = leaving_.front();
    if (tag < finish_[flow]) {  // got more work meanwhile
      detail::take(leaving_);
      detail::put(leaving_, {finish_[flow], flow});
      continue;
    }
    const double needed = (tag - virtual_) * active_weight_ / rate_;
    if (now - now_ < needed) {
      virtual_ += (now - now_) * rate_ / active_weight_;
      break;
    }
    now_ += std::max(0.0, needed);
    virtual_ = std::max(virtual_, tag);
    detail::take(leaving_);
    busy_[flow] = false;
    active_weight_ = --active_ == 0 ? 0 : active_weight_ - weights_[flow];
  }
  now_ = now;
  if (active_ == 0 && heap_.empty()) virtual_ = 0;  // so that tags stay small for ever
}

QSM_INLINE double WeightedFairQueueing::virtual_time(double now) const {
  WeightedFairQueueing at = *this;
  at.advance(now);
  return at.virtual_;
}

QSM_INLINE void WeightedFairQueueing::push(double now, Job job) {
  detail::receive("WeightedFairQueueing.push", now, job, weights_.size());
  advance(now);
  double& finish = finish_[job.flow];
  finish = (busy_[job.flow] ? finish : virtual_) + job.size / weights_[job.flow];
  if (!busy_[job.flow]) {
    busy_[job.flow] = true;
    ++active_;
    active_weight_ += weights_[job.flow];
    detail::put(leaving_, {finish, job.flow});
  }
  detail::put(heap_, {finish, pushed_++, job});
}

QSM_INLINE std::optional<Job> WeightedFairQueueing::pop(double now) {
  advance(now);
  if (heap_.empty()) return std::nullopt;
  return detail::take(heap_).job;
}

QSM_INLINE SelfClockedFairQueueing::SelfClockedFairQueueing(std::span<const double> weights)
    : weights_(detail::checked_weights("SelfClockedFairQueueing", weights)), finish_(weights.size(), 0) {}

QSM_INLINE void SelfClockedFairQueueing::push(double now, Job job) {
  detail::receive("SelfClockedFairQueueing.push", now, job, weights_.size());
  double& finish = finish_[job.flow];
  finish = std::max(finish, virtual_) + job.size / weights_[job.flow];
  detail::put(heap_, {finish, pushed_++, job});
}

QSM_INLINE std::optional<Job> SelfClockedFairQueueing::pop(double) {
  if (heap_.empty()) {
    detail::begin_anew(virtual_, finish_);
    return std::nullopt;
  }
  const auto next = detail::take(heap_);
  virtual_ = next.tag;
  return next.job;
}

QSM_INLINE WorstCaseFairQueueing::WorstCaseFairQueueing(std::span<const double> weights)
    : weights_(detail::checked_weights("WorstCaseFairQueueing", weights)),
      finish_(weights.size(), 0),
      total_weight_(std::accumulate(weights.begin(), weights.end(), 0.0)),
      flows_(weights.size()) {}

QSM_INLINE void WorstCaseFairQueueing::let_wait(std::size_t flow) {
  detail::put(waiting_, {finish_[flow], flow});  // the start tag of its first job
}

QSM_INLINE void WorstCaseFairQueueing::push(double now, Job job) {
  detail::receive("WorstCaseFairQueueing.push", now, job, weights_.size());
  auto& flow = flows_[job.flow];
  flow.push_back(job);
  ++size_;
  if (flow.size() > 1) return;
  finish_[job.flow] = std::max(finish_[job.flow], virtual_);
  let_wait(job.flow);
}

QSM_INLINE std::optional<Job> WorstCaseFairQueueing::pop(double) {
  if (size_ == 0) {
    detail::begin_anew(virtual_, finish_);
    return std::nullopt;
  }
  if (eligible_.empty()) virtual_ = std::max(virtual_, waiting_.front().tag);
  while (!waiting_.empty() && waiting_.front().tag <= virtual_) {
    const auto [start, flow] = detail::take(waiting_);
    finish_[flow] = start + flows_[flow].front().size * total_weight_ / weights_[flow];
    detail::put(eligible_, {finish_[flow], flow});
  }
  const std::size_t flow = detail::take(eligible_).flow;
  const Job job = flows_[flow].front();
  flows_[flow].pop_front();
  --size_;
  virtual_ += job.size;
  if (!flows_[flow].empty()) let_wait(flow);
  return job;
}

QSM_INLINE DeficitRoundRobin::DeficitRoundRobin(std::span<const double> weights, double quantum)
    : quanta_(detail::checked_weights("DeficitRoundRobin", weights)),
      deficit_(weights.size(), 0),
      flows_(weights.size()) {
  Check check("DeficitRoundRobin");
  check.positive("quantum", quantum);
  for (double& share : quanta_) check.positive("weights x quantum", share *= quantum);
}

QSM_INLINE void DeficitRoundRobin::push(double now, Job job) {
  detail::receive("DeficitRoundRobin.push", now, job, quanta_.size());
  const double visits = job.size / quanta_[job.flow];
  Check("DeficitRoundRobin.push").that(visits <= 0x1p50, "size / (weight x quantum)", visits, "at most 2^50");
  if (flows_[job.flow].empty()) round_.push_back(job.flow);
  flows_[job.flow].push_back(job);
  ++size_;
}

QSM_INLINE std::optional<Job> DeficitRoundRobin::pop(double) {
  if (size_ == 0) return std::nullopt;
  for (std::size_t visits = 0;; ++visits) {
    if (visits == round_.size() + 1) {  // a whole round without a job: skip the rounds in which nobody is served
      double rounds = std::numeric_limits<double>::infinity();
      for (const std::size_t flow : round_)
        rounds = std::min(rounds, std::ceil((flows_[flow].front().size - deficit_[flow]) / quanta_[flow]) - 1);
      for (const std::size_t flow : round_) deficit_[flow] += std::max(0.0, rounds) * quanta_[flow];
      visits = 0;
    }
    const std::size_t flow = round_.front();
    if (!visited_) deficit_[flow] += quanta_[flow];
    const Job job = flows_[flow].front();
    visited_ = job.size <= deficit_[flow];
    if (!visited_) {
      round_.pop_front();
      round_.push_back(flow);
      continue;
    }
    deficit_[flow] -= job.size;
    flows_[flow].pop_front();
    --size_;
    if (flows_[flow].empty()) {
      deficit_[flow] = 0;
      round_.pop_front();
      visited_ = false;
    }
    return job;
  }
}

QSM_INLINE double jain_index(std::span<const double> shares) {
  Check check("jain_index");
  const double largest = shares.empty() ? 0 : *std::max_element(shares.begin(), shares.end());
  check.that(largest > 0, "greatest of shares", largest, "> 0");
  double sum = 0, squares = 0;
  for (const double share : shares) {
    check.not_negative("shares", share);
    sum += share / largest;
    squares += share / largest * (share / largest);
  }
  return sum * sum / (static_cast<double>(shares.size()) * squares);
}

QSM_INLINE std::vector<double> max_min_shares(double capacity, const std::vector<double>& demands,
                                              const std::vector<double>& weights) {
  Check check("max_min_shares");
  check.not_negative("capacity", capacity);
  for (const double demand : demands) check.extended("demands", demand);
  for (const double weight : weights) check.positive("weights", weight);
  check.that(weights.empty() || weights.size() == demands.size(), "weights.size()", static_cast<double>(weights.size()),
             "0 or the number of demands");
  const auto weight = [&](std::size_t i) { return weights.empty() ? 1 : weights[i]; };
  // In the order of demand by weight: each is satisfied, or from there on all get the same share of what is left.
  std::vector<std::size_t> order(demands.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return demands[a] / weight(a) < demands[b] / weight(b); });
  std::vector<double> weight_from(demands.size() + 1, 0), shares(demands.size());
  for (std::size_t i = demands.size(); i-- > 0;) weight_from[i] = weight_from[i + 1] + weight(order[i]);
  double left = capacity;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t one = order[i];
    shares[one] = std::min(demands[one], left * (weight(one) / weight_from[i]));
    left = std::max(0.0, left - shares[one]);
  }
  return shares;
}

}  // namespace qsm::inline v0::policies
