#pragma once
/// @file
/// What balancers are made of: which servers are in use, random choices, and a ranking by number of requests.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/core/random.hpp>

namespace qsm::inline v0::balancing::detail {

/// Random choices of one balancer.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : stream_(Stream(seed).child("balancer")) {}

  /// Uniform on (0, 1).
  double uniform() {
    if (next_ == block_.size()) {
      stream_.uniforms(drawn_, block_);
      drawn_ += block_.size();
      next_ = 0;
    }
    return block_[next_++];
  }
  /// 0, ..., count - 1, all alike.
  std::size_t below(std::size_t count) {
    return std::min(count - 1, static_cast<std::size_t>(uniform() * static_cast<double>(count)));
  }

 private:
  Stream stream_;
  std::uint64_t drawn_ = 0;
  std::array<double, 64> block_{};
  std::size_t next_ = 64;
};

inline std::size_t checked_servers(const char* balancer, double servers) {
  Check check(balancer);
  check.positive_count("servers", servers);
  check.that(servers <= 0x1p24, "servers", servers, "at most 2^24");
  return static_cast<std::size_t>(servers);
}

/// Weights, each finite and >= 0, whose sum is > 0.
inline std::vector<double> checked_weights(const char* balancer, std::span<const double> weights) {
  checked_servers(balancer, static_cast<double>(weights.size()));
  const Check check(balancer);
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] >= 0 && weights[i] <= std::numeric_limits<double>::max()))
      check.that(false, ("weights[" + std::to_string(i) + "]").c_str(), weights[i], "finite and >= 0");
    sum += weights[i];
  }
  check.that(sum > 0 && sum <= std::numeric_limits<double>::max(), "sum of weights", sum, "finite and > 0");
  return {weights.begin(), weights.end()};
}

/// Which servers are in use: all at first.
class Members {
 public:
  Members(const char* balancer, std::size_t servers) : balancer_(balancer), used_(servers), place_(servers) {
    std::iota(used_.begin(), used_.end(), std::size_t{0});
    std::iota(place_.begin(), place_.end(), std::size_t{0});
  }

  std::size_t size() const { return place_.size(); }
  std::size_t count() const { return used_.size(); }
  bool empty() const { return used_.empty(); }
  bool has(std::size_t server) const { return place_[server] != none; }
  /// The servers in use, in no order.
  std::span<const std::size_t> all() const { return used_; }
  std::size_t operator[](std::size_t i) const { return used_[i]; }
  std::size_t draw(Dice& dice) const { return used_[dice.below(used_.size())]; }

  void check(std::size_t server) const {
    if (server >= size()) [[unlikely]]
      Check(balancer_).that(false, "server", static_cast<double>(server),
                            ("known, below " + std::to_string(size())).c_str());
  }
  void remove(std::size_t server) {
    check(server);
    Check(balancer_).that(has(server), "server to remove", static_cast<double>(server), "one in use");
    const std::size_t place = std::exchange(place_[server], none);
    if (used_.back() != server) place_[used_[place] = used_.back()] = place;
    used_.pop_back();
  }
  void add(std::size_t server) {
    check(server);
    Check(balancer_).that(!has(server), "server to add", static_cast<double>(server), "one that was removed");
    place_[server] = used_.size();
    used_.push_back(server);
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  const char* balancer_;
  std::vector<std::size_t> used_, place_;
};

/// One weight changed, all checked as in the beginning.
inline void change_weight(const char* balancer, const Members& members, std::vector<double>& weights,
                          std::size_t server, double weight) {
  members.check(server);
  std::vector<double> changed = weights;
  changed[server] = weight;
  weights = checked_weights(balancer, changed);
}

/// Draws `count` different servers in use into `drawn`, in random order; all where there are not more.
inline void draw_some(const Members& members, Dice& dice, std::size_t count, std::vector<std::size_t>& drawn) {
  drawn.clear();
  if (2 * count < members.count()) {  // few of many: again where one comes twice
    while (drawn.size() < count) {
      const std::size_t server = members.draw(dice);
      if (std::find(drawn.begin(), drawn.end(), server) == drawn.end()) drawn.push_back(server);
    }
    return;
  }
  drawn.assign(members.all().begin(), members.all().end());
  const std::size_t kept = std::min(count, drawn.size());
  for (std::size_t i = 0; i < kept; ++i) std::swap(drawn[i], drawn[i + dice.below(drawn.size() - i)]);
  drawn.resize(kept);
}

/// A count that was reported: an integer >= 0.
inline std::uint32_t checked_load(const char* balancer, double load) {
  Check check(balancer);
  check.count("load", load);
  check.that(load <= 0x1p31, "load", load, "at most 2^31");
  return static_cast<std::uint32_t>(load);
}

/// Servers in use in the order of their number of requests; each step up or down is O(1), since those of one number stand
/// together.
class Ranking {
 public:
  explicit Ranking(std::size_t servers) : count_(servers, 0), place_(servers) { rebuild_all(); }

  std::uint32_t count(std::size_t server) const { return count_[server]; }
  std::uint32_t least() const { return count_[order_[0]]; }
  /// One of those with the fewest requests; not where none is in use.
  std::size_t draw_least(Dice& dice) const { return order_[dice.below(first_[least() + 1])]; }

  void up(std::size_t server) {
    const std::uint32_t level = count_[server]++;
    if (place_[server] == none) return;
    if (level + 2 >= first_.size()) first_.push_back(order_.size());
    swap(place_[server], --first_[level + 1]);
  }
  void down(std::size_t server) {
    const std::uint32_t level = count_[server];
    if (level == 0) return;
    --count_[server];
    if (place_[server] != none) swap(place_[server], first_[level]++);
  }
  void set(std::size_t server, std::uint32_t count) {
    while (count_[server] < count) up(server);
    while (count_[server] > count) down(server);
  }
  /// After servers came into use or went out of it.
  void rebuild(std::span<const std::size_t> used) {
    order_.assign(used.begin(), used.end());
    std::sort(order_.begin(), order_.end(),
              [&](std::size_t a, std::size_t b) { return count_[a] < count_[b] || (count_[a] == count_[b] && a < b); });
    place_.assign(count_.size(), none);
    for (std::size_t i = 0; i < order_.size(); ++i) place_[order_[i]] = i;
    const std::uint32_t most = order_.empty() ? 0 : count_[order_.back()];
    first_.assign(most + 2, order_.size());
    for (std::size_t i = order_.size(); i-- > 0;) first_[count_[order_[i]]] = i;
    for (std::size_t level = most + 1; level-- > 0;) first_[level] = std::min(first_[level], first_[level + 1]);
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  void rebuild_all() {
    std::vector<std::size_t> all(count_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    rebuild(all);
  }
  void swap(std::size_t a, std::size_t b) {
    std::swap(order_[a], order_[b]);
    place_[order_[a]] = a;
    place_[order_[b]] = b;
  }

  std::vector<std::uint32_t> count_;
  std::vector<std::size_t> order_, place_;
  std::vector<std::size_t> first_;  // first_[k]: how many hold fewer than k
};

}  // namespace qsm::inline v0::balancing::detail
