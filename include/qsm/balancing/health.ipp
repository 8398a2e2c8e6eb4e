#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include <qsm/balancing/detail/members.hpp>
#include <qsm/balancing/health.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/random.hpp>

namespace qsm::inline v0::balancing {

QSM_INLINE HealthCheck::HealthCheck(double rise, double fall) : rise_(rise), fall_(fall) {
  Check check("HealthCheck");
  check.positive_count("rise", rise);
  check.positive_count("fall", fall);
}

QSM_INLINE bool HealthCheck::observe(bool succeeded) {
  run_ = succeeded == healthy_ ? 0 : run_ + 1;
  if (run_ >= (healthy_ ? fall_ : rise_)) {
    healthy_ = !healthy_;
    run_ = 0;
  }
  return healthy_;
}

QSM_INLINE OutlierEjection::OutlierEjection(double servers, const OutlierOptions& options)
    : options_(options), servers_(detail::checked_servers("OutlierEjection", servers)), interval_end_(0) {
  Check check("OutlierEjection");
  check.positive_count("failures", options.failures);
  check.positive("ejection_time", options.ejection_time);
  check.that(options.longest >= options.ejection_time && options.longest <= std::numeric_limits<double>::max(),
             "longest", options.longest, "finite and >= ejection_time");
  check.probability("share", options.share);
  check.positive("interval", options.interval);
  check.positive_count("least_requests", options.least_requests);
  check.positive_count("least_servers", options.least_servers);
  check.that(options.least_servers >= 2, "least_servers", options.least_servers, "an integer >= 2");
  check.positive("deviations", options.deviations);
}

QSM_INLINE void OutlierEjection::check(std::size_t server) const {
  if (server >= servers_.size()) [[unlikely]]
    Check("OutlierEjection")
        .that(false, "server", static_cast<double>(server),
              ("known, below " + std::to_string(servers_.size())).c_str());
}

QSM_INLINE bool OutlierEjection::eject(double now, std::size_t server) {
  const double most = std::max(1.0, std::floor(options_.share * static_cast<double>(servers_.size())));
  Server& one = servers_[server];
  if (one.out || out_ + 1 > most) return false;
  one.out = true;
  one.row = 0;
  ++out_;
  one.until = now + std::min(options_.longest, options_.ejection_time * ++one.ejections);
  return true;
}

QSM_INLINE bool OutlierEjection::observe(double now, std::size_t server, bool succeeded) {
  check(server);
  Check("OutlierEjection.observe").finite("now", now);
  if (!started_) {
    started_ = true;
    interval_end_ = now + options_.interval;
  }
  Server& one = servers_[server];
  ++one.seen;
  one.good += succeeded;
  one.row = succeeded ? 0 : one.row + 1;
  return one.row >= options_.failures && eject(now, server);
}

QSM_INLINE std::vector<std::size_t> OutlierEjection::sweep(double now) {
  Check("OutlierEjection.sweep").finite("now", now);
  std::vector<std::size_t> ejected;
  if (!started_ || now < interval_end_) return ejected;
  double count = 0, sum = 0, squares = 0;
  const auto counts = [&](const Server& one) { return !one.out && one.seen >= options_.least_requests; };
  for (const Server& one : servers_)
    if (counts(one)) ++count, sum += one.good / one.seen;
  const double mean = sum / count;
  for (const Server& one : servers_)
    if (counts(one)) squares += (one.good / one.seen - mean) * (one.good / one.seen - mean);
  const double least = mean - options_.deviations * std::sqrt(squares / count);
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    Server& one = servers_[i];
    if (!one.out && one.ejections > 0) --one.ejections;
    if (count >= options_.least_servers && counts(one) && one.good / one.seen < least && eject(now, i))
      ejected.push_back(i);
    one.good = one.seen = 0;
  }
  interval_end_ = now + options_.interval;
  return ejected;
}

QSM_INLINE std::vector<std::size_t> OutlierEjection::returning(double now) {
  std::vector<std::size_t> back;
  for (std::size_t i = 0; out_ > 0 && i < servers_.size(); ++i)
    if (servers_[i].out && servers_[i].until <= now) {
      servers_[i].out = false;
      --out_;
      back.push_back(i);
    }
  return back;
}

QSM_INLINE bool OutlierEjection::ejected(std::size_t server) const {
  check(server);
  return servers_[server].out;
}

QSM_INLINE double OutlierEjection::next_return() const {
  double first = std::numeric_limits<double>::infinity();
  for (const Server& one : servers_)
    if (one.out) first = std::min(first, one.until);
  return first;
}

QSM_INLINE double slow_start_share(double age, double window, double aggression, double least) {
  Check check("slow_start_share");
  check.not_negative("age", age);
  check.positive("window", window);
  check.positive("aggression", aggression);
  check.probability("least", least);
  return age >= window ? 1 : std::max(least, std::pow(age / window, 1 / aggression));
}

namespace detail {

/// Fisher-Yates on the first `wanted` of 0, ..., n - 1.
inline std::vector<std::size_t> shuffled(std::size_t n, std::size_t wanted, const Stream& stream) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<double> uniforms(wanted);
  stream.uniforms(0, uniforms);
  for (std::size_t i = 0; i < wanted; ++i) {
    const auto rest = static_cast<double>(n - i);
    std::swap(order[i], order[i + std::min(n - i - 1, static_cast<std::size_t>(uniforms[i] * rest))]);
  }
  return order;
}

inline std::size_t checked_subset(const char* function, double servers, double client, double size) {
  const std::size_t n = checked_servers(function, servers);
  Check check(function);
  check.count("client", client);
  check.positive_count("size", size);
  check.that(size <= servers, "size", size, "at most the number of servers");
  return n;
}

}  // namespace detail

QSM_INLINE std::vector<std::size_t> deterministic_subset(double servers, double client, double size,
                                                         std::uint64_t seed) {
  const std::size_t n = detail::checked_subset("deterministic_subset", servers, client, size);
  const auto of_round = static_cast<std::uint64_t>(servers / size), number = static_cast<std::uint64_t>(client);
  const auto order = detail::shuffled(n, n, Stream(seed).child("subset").child(number / of_round));
  const auto wanted = static_cast<std::size_t>(size), first = static_cast<std::size_t>(number % of_round) * wanted;
  return {order.begin() + static_cast<std::ptrdiff_t>(first),
          order.begin() + static_cast<std::ptrdiff_t>(first + wanted)};
}

QSM_INLINE std::vector<std::size_t> random_subset(double servers, double client, double size, std::uint64_t seed) {
  const std::size_t n = detail::checked_subset("random_subset", servers, client, size);
  const auto wanted = static_cast<std::size_t>(size);
  auto order =
      detail::shuffled(n, wanted, Stream(seed).child("random subset").child(static_cast<std::uint64_t>(client)));
  order.resize(wanted);
  return order;
}

}  // namespace qsm::inline v0::balancing
