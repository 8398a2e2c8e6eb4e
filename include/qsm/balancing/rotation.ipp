#pragma once
#include <algorithm>
#include <cmath>

#include <qsm/balancing/rotation.hpp>

namespace qsm::inline v0::balancing {

QSM_INLINE RoundRobin::RoundRobin(double servers)
    : members_("RoundRobin", detail::checked_servers("RoundRobin", servers)) {}

QSM_INLINE std::optional<std::size_t> RoundRobin::pick(double, double, std::uint64_t) {
  if (members_.empty()) return std::nullopt;
  while (!members_.has(next_)) next_ = next_ + 1 == size() ? 0 : next_ + 1;
  const std::size_t picked = next_;
  next_ = next_ + 1 == size() ? 0 : next_ + 1;
  return picked;
}
QSM_INLINE void RoundRobin::remove(std::size_t server) { members_.remove(server); }
QSM_INLINE void RoundRobin::add(std::size_t server) { members_.add(server); }

QSM_INLINE SmoothRoundRobin::SmoothRoundRobin(std::span<const double> weights)
    : members_("SmoothRoundRobin", weights.empty() ? detail::checked_servers("SmoothRoundRobin", 0) : weights.size()),
      weights_(detail::checked_weights("SmoothRoundRobin", weights)),
      gained_(weights.size(), 0) {}

QSM_INLINE std::optional<std::size_t> SmoothRoundRobin::pick(double, double, std::uint64_t) {
  std::optional<std::size_t> best;
  double sum = 0;
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    if (!members_.has(i) || weights_[i] == 0) continue;
    gained_[i] += weights_[i];
    sum += weights_[i];
    if (!best || gained_[i] > gained_[*best]) best = i;
  }
  if (best) gained_[*best] -= sum;
  return best;
}
QSM_INLINE void SmoothRoundRobin::remove(std::size_t server) {
  members_.remove(server);
  gained_[server] = 0;
}
QSM_INLINE void SmoothRoundRobin::add(std::size_t server) { members_.add(server); }
QSM_INLINE void SmoothRoundRobin::set_weight(std::size_t server, double weight) {
  detail::change_weight("SmoothRoundRobin", members_, weights_, server, weight);
}

QSM_INLINE RandomServer::RandomServer(std::span<const double> weights, std::uint64_t seed)
    : members_("RandomServer", weights.empty() ? detail::checked_servers("RandomServer", 0) : weights.size()),
      dice_(seed),
      weights_(detail::checked_weights("RandomServer", weights)) {
  build();
}

QSM_INLINE void RandomServer::build() {
  const std::size_t n = weights_.size();
  keep_.assign(n, 0);
  alias_.assign(n, 0);
  sum_ = 0;
  for (std::size_t i = 0; i < n; ++i)
    if (members_.has(i)) sum_ += weights_[i];
  if (!(sum_ > 0)) return;
  std::vector<std::size_t> light, heavy;
  for (std::size_t i = 0; i < n; ++i) {
    keep_[i] = members_.has(i) ? weights_[i] / sum_ * static_cast<double>(n) : 0;
    (keep_[i] < 1 ? light : heavy).push_back(i);
  }
  while (!light.empty() && !heavy.empty()) {
    const std::size_t low = light.back(), high = heavy.back();
    light.pop_back();
    alias_[low] = high;
    keep_[high] -= 1 - keep_[low];
    if (keep_[high] < 1) {
      heavy.pop_back();
      light.push_back(high);
    }
  }
  // What rounding leaves over is whole; a server without a share never is.
  std::size_t heaviest = 0;
  for (std::size_t i = 1; i < n; ++i)
    if (members_.has(i) && (!members_.has(heaviest) || weights_[i] > weights_[heaviest])) heaviest = i;
  for (const auto* rest : {&light, &heavy})
    for (const std::size_t i : *rest) {
      alias_[i] = heaviest;
      keep_[i] = members_.has(i) && weights_[i] > 0 ? 1 : 0;
    }
}

QSM_INLINE std::optional<std::size_t> RandomServer::pick(double, double, std::uint64_t) {
  if (!(sum_ > 0)) return std::nullopt;
  const double u = dice_.uniform() * static_cast<double>(keep_.size());
  const std::size_t i = std::min(keep_.size() - 1, static_cast<std::size_t>(u));
  return u - static_cast<double>(i) < keep_[i] ? i : alias_[i];
}
QSM_INLINE void RandomServer::remove(std::size_t server) {
  members_.remove(server);
  build();
}
QSM_INLINE void RandomServer::add(std::size_t server) {
  members_.add(server);
  build();
}
QSM_INLINE void RandomServer::set_weight(std::size_t server, double weight) {
  detail::change_weight("RandomServer", members_, weights_, server, weight);
  build();
}

}  // namespace qsm::inline v0::balancing
