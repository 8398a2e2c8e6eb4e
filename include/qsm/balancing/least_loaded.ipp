#pragma once
#include <algorithm>
#include <cmath>
#include <limits>

#include <qsm/balancing/least_loaded.hpp>

namespace qsm::inline v0::balancing {

QSM_INLINE LeastConnections::LeastConnections(double servers, bool counts, std::uint64_t seed)
    : members_("LeastConnections", detail::checked_servers("LeastConnections", servers)),
      dice_(seed),
      ranking_(members_.size()),
      counts_(counts) {}

QSM_INLINE std::optional<std::size_t> LeastConnections::pick(double, double, std::uint64_t) {
  if (members_.empty()) return std::nullopt;
  const std::size_t picked = ranking_.draw_least(dice_);
  if (counts_) ranking_.up(picked);
  return picked;
}
QSM_INLINE void LeastConnections::finish(double, std::size_t server, double, bool) {
  members_.check(server);
  if (counts_) ranking_.down(server);
}
QSM_INLINE void LeastConnections::report(double, std::size_t server, double load, double) {
  members_.check(server);
  ranking_.set(server, detail::checked_load("LeastConnections", load));
}
QSM_INLINE std::size_t LeastConnections::load(std::size_t server) const {
  members_.check(server);
  return ranking_.count(server);
}
QSM_INLINE void LeastConnections::remove(std::size_t server) {
  members_.remove(server);
  ranking_.rebuild(members_.all());
}
QSM_INLINE void LeastConnections::add(std::size_t server) {
  members_.add(server);
  ranking_.rebuild(members_.all());
}

QSM_INLINE WeightedLeastConnections::WeightedLeastConnections(std::span<const double> weights)
    : members_("WeightedLeastConnections",
               weights.empty() ? detail::checked_servers("WeightedLeastConnections", 0) : weights.size()),
      weights_(detail::checked_weights("WeightedLeastConnections", weights)),
      counts_(weights.size(), 0) {}

QSM_INLINE std::optional<std::size_t> WeightedLeastConnections::pick(double, double, std::uint64_t) {
  std::optional<std::size_t> best;
  double least = std::numeric_limits<double>::infinity();
  const std::size_t n = weights_.size();
  for (std::size_t k = 0, i = turn_; k < n; ++k, i = i + 1 == n ? 0 : i + 1) {  // from the next one on: ties go round
    if (!members_.has(i) || weights_[i] == 0) continue;
    const double cost = (static_cast<double>(counts_[i]) + 1) / weights_[i];
    if (cost < least) least = cost, best = i;
  }
  if (best) {
    ++counts_[*best];
    turn_ = *best + 1 == n ? 0 : *best + 1;
  }
  return best;
}
QSM_INLINE void WeightedLeastConnections::finish(double, std::size_t server, double, bool) {
  members_.check(server);
  if (counts_[server] > 0) --counts_[server];
}
QSM_INLINE void WeightedLeastConnections::report(double, std::size_t server, double load, double) {
  members_.check(server);
  counts_[server] = detail::checked_load("WeightedLeastConnections", load);
}
QSM_INLINE std::size_t WeightedLeastConnections::load(std::size_t server) const {
  members_.check(server);
  return counts_[server];
}
QSM_INLINE void WeightedLeastConnections::remove(std::size_t server) { members_.remove(server); }
QSM_INLINE void WeightedLeastConnections::add(std::size_t server) { members_.add(server); }
QSM_INLINE void WeightedLeastConnections::set_weight(std::size_t server, double weight) {
  detail::change_weight("WeightedLeastConnections", members_, weights_, server, weight);
}

QSM_INLINE LeastWork::LeastWork(std::span<const double> speeds)
    : members_("LeastWork", detail::checked_servers("LeastWork", static_cast<double>(speeds.size()))),
      speeds_(speeds.begin(), speeds.end()),
      free_at_(speeds.size(), -std::numeric_limits<double>::infinity()) {
  Check check("LeastWork");
  for (std::size_t i = 0; i < speeds.size(); ++i)
    check.positive(("speeds[" + std::to_string(i) + "]").c_str(), speeds[i]);
}

QSM_INLINE std::optional<std::size_t> LeastWork::pick(double now, double size, std::uint64_t) {
  Check("LeastWork.pick").not_negative("size", size);
  if (members_.empty()) return std::nullopt;
  std::size_t best = 0;
  double first = std::numeric_limits<double>::infinity();
  for (const std::size_t i : members_.all()) {
    const double end = std::max(now, free_at_[i]) + size / speeds_[i];
    if (end < first) first = end, best = i;
  }
  free_at_[best] = first;
  return best;
}
QSM_INLINE double LeastWork::work(double now, std::size_t server) const {
  members_.check(server);
  return std::max(0.0, free_at_[server] - now);
}
QSM_INLINE void LeastWork::remove(std::size_t server) { members_.remove(server); }
QSM_INLINE void LeastWork::add(std::size_t server) {
  members_.add(server);
  free_at_[server] = -std::numeric_limits<double>::infinity();
}

QSM_INLINE PowerOfChoices::PowerOfChoices(double servers, double choices, double memory, bool counts,
                                          std::uint64_t seed)
    : members_("PowerOfChoices", detail::checked_servers("PowerOfChoices", servers)),
      dice_(seed),
      counts_(members_.size(), 0),
      counting_(counts) {
  Check check("PowerOfChoices");
  check.positive_count("choices", choices);
  check.count("memory", memory);
  choices_ = static_cast<std::size_t>(std::min(choices, servers));
  memory_ = static_cast<std::size_t>(std::min(memory, servers));
}

QSM_INLINE std::optional<std::size_t> PowerOfChoices::pick(double, double, std::uint64_t) {
  const std::size_t in_use = members_.count();
  if (in_use == 0) return std::nullopt;
  if (choices_ == 2 && memory_ == 0 && in_use > 1) {
    const std::size_t one = dice_.below(in_use);
    std::size_t two = dice_.below(in_use - 1);
    two += two >= one;
    const std::size_t a = members_[one], b = members_[two];
    const std::size_t picked = counts_[b] < counts_[a] ? b : a;
    if (counting_) ++counts_[picked];
    return picked;
  }
  detail::draw_some(members_, dice_, choices_, drawn_);
  for (const std::size_t server : remembered_)
    if (members_.has(server) && std::find(drawn_.begin(), drawn_.end(), server) == drawn_.end())
      drawn_.push_back(server);
  const auto lighter = [&](std::size_t a, std::size_t b) { return counts_[a] < counts_[b]; };
  const std::size_t picked = *std::min_element(drawn_.begin(), drawn_.end(), lighter);
  if (counting_) ++counts_[picked];
  if (memory_ > 0) {
    const std::size_t kept = std::min(memory_, drawn_.size());
    std::partial_sort(drawn_.begin(), drawn_.begin() + static_cast<std::ptrdiff_t>(kept), drawn_.end(), lighter);
    remembered_.assign(drawn_.begin(), drawn_.begin() + static_cast<std::ptrdiff_t>(kept));
  }
  return picked;
}
QSM_INLINE void PowerOfChoices::finish(double, std::size_t server, double, bool) {
  members_.check(server);
  if (counting_ && counts_[server] > 0) --counts_[server];
}
QSM_INLINE void PowerOfChoices::report(double, std::size_t server, double load, double) {
  members_.check(server);
  counts_[server] = detail::checked_load("PowerOfChoices", load);
}
QSM_INLINE std::size_t PowerOfChoices::load(std::size_t server) const {
  members_.check(server);
  return counts_[server];
}
QSM_INLINE void PowerOfChoices::remove(std::size_t server) { members_.remove(server); }
QSM_INLINE void PowerOfChoices::add(std::size_t server) { members_.add(server); }

QSM_INLINE JoinIdleQueue::JoinIdleQueue(double servers, std::uint64_t seed)
    : members_("JoinIdleQueue", detail::checked_servers("JoinIdleQueue", servers)),
      dice_(seed),
      counts_(members_.size(), 0),
      queued_(members_.size(), false),
      ring_(members_.size(), 0) {
  for (std::size_t i = 0; i < members_.size(); ++i) idle(i);
}

QSM_INLINE void JoinIdleQueue::idle(std::size_t server) {
  if (queued_[server]) return;
  queued_[server] = true;
  ring_[(first_ + waiting_++) % ring_.size()] = server;
}

QSM_INLINE std::optional<std::size_t> JoinIdleQueue::pick(double, double, std::uint64_t) {
  if (members_.empty()) return std::nullopt;
  while (waiting_ > 0) {
    const std::size_t server = ring_[first_];
    first_ = first_ + 1 == ring_.size() ? 0 : first_ + 1;
    --waiting_;
    queued_[server] = false;
    if (!members_.has(server) || counts_[server] > 0) continue;
    ++counts_[server];
    return server;
  }
  const std::size_t picked = members_.draw(dice_);
  ++counts_[picked];
  return picked;
}
QSM_INLINE void JoinIdleQueue::finish(double, std::size_t server, double, bool) {
  members_.check(server);
  if (counts_[server] > 0 && --counts_[server] == 0) idle(server);
}
QSM_INLINE void JoinIdleQueue::report(double, std::size_t server, double load, double) {
  members_.check(server);
  counts_[server] = detail::checked_load("JoinIdleQueue", load);
  if (counts_[server] == 0) idle(server);
}
QSM_INLINE std::size_t JoinIdleQueue::load(std::size_t server) const {
  members_.check(server);
  return counts_[server];
}
QSM_INLINE void JoinIdleQueue::remove(std::size_t server) { members_.remove(server); }
QSM_INLINE void JoinIdleQueue::add(std::size_t server) {
  members_.add(server);
  if (counts_[server] == 0) idle(server);
}

QSM_INLINE SizeInterval::SizeInterval(std::span<const double> cutoffs)
    : members_("SizeInterval", detail::checked_servers("SizeInterval", static_cast<double>(cutoffs.size()) + 1)),
      cutoffs_(cutoffs.begin(), cutoffs.end()) {
  Check check("SizeInterval");
  for (std::size_t i = 0; i < cutoffs.size(); ++i) {
    const std::string name = "cutoffs[" + std::to_string(i) + "]";
    check.positive(name.c_str(), cutoffs[i]);
    check.that(i == 0 || cutoffs[i] >= cutoffs[i - 1], name.c_str(), cutoffs[i], ">= the one before it");
  }
}

QSM_INLINE std::optional<std::size_t> SizeInterval::pick(double, double size, std::uint64_t) {
  Check("SizeInterval.pick").not_negative("size", size);
  if (members_.empty()) return std::nullopt;
  const auto own =
      static_cast<std::size_t>(std::lower_bound(cutoffs_.begin(), cutoffs_.end(), size) - cutoffs_.begin());
  for (std::size_t i = own; i <= cutoffs_.size(); ++i)
    if (members_.has(i)) return i;
  for (std::size_t i = own; i-- > 0;)
    if (members_.has(i)) return i;
  return std::nullopt;
}
QSM_INLINE void SizeInterval::remove(std::size_t server) { members_.remove(server); }
QSM_INLINE void SizeInterval::add(std::size_t server) { members_.add(server); }

}  // namespace qsm::inline v0::balancing
