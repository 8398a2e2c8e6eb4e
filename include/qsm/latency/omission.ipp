#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>
#include <utility>

#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/mixture.hpp>
#include <qsm/core/distributions/uniform.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/random.hpp>
#include <qsm/latency/omission.hpp>

namespace qsm::inline v0::latency {

QSM_INLINE std::vector<double> correct_coordinated_omission(std::span<const double> samples, double expected_interval) {
  Check check("correct_coordinated_omission");
  check.positive("expected_interval", expected_interval);
  double added = 0;
  for (const double sample : samples) {
    check.not_negative("samples", sample);
    added += std::max(0.0, std::floor(sample / expected_interval) - 1);
  }
  check.that(added <= 1e9, "values to add", added, "<= 1e9");
  std::vector<double> all(samples.begin(), samples.end());
  all.reserve(samples.size() + static_cast<std::size_t>(added));
  for (const double sample : samples)
    // The k-th from the sample itself, so that rounding errors do not add up; a hair below the interval still counts.
    for (double k = 1; sample - k * expected_interval >= expected_interval * (1 - 1e-12); ++k)
      all.push_back(sample - k * expected_interval);
  return all;
}

namespace detail {

/// One server in order of arrival that stands still from `start` for `length`.
class StallingServer {
 public:
  StallingServer(double start, double length) : start_(start), length_(length) {}

  /// When the answer to a request that arrives now, not before the last, is done.
  double serve(double arrival, double service) {
    double begin = std::max(arrival, free_);
    if (begin >= start_ && begin < start_ + length_) begin = start_ + length_;
    free_ = begin + service + (begin < start_ && begin + service > start_ ? length_ : 0);
    return free_;
  }

 private:
  double start_, length_, free_ = 0;
};

}  // namespace detail

QSM_INLINE CoordinatedOmission simulate_coordinated_omission(const Distribution& service, double rate, double duration,
                                                             double stall_start, double stall, double connections,
                                                             std::uint64_t seed) {
  Check check("simulate_coordinated_omission");
  check.positive("rate", rate);
  check.positive("duration", duration);
  check.not_negative("stall_start", stall_start);
  check.not_negative("stall", stall);
  check.positive_count("connections", connections);
  check.that(service.low() >= 0, "lowest value of service", service.low(), ">= 0");
  const double requests = std::floor(rate * duration);
  check.that(requests >= 1 && requests <= 1e7, "rate * duration", requests, "in [1, 1e7]");
  const auto n = static_cast<std::size_t>(requests);
  std::vector<double> times(n);
  service.sample(Stream(seed), 0, times);

  CoordinatedOmission result{std::vector<double>(n), std::vector<double>(n), std::vector<double>(n)};
  detail::StallingServer open(stall_start, stall), closed(stall_start, stall);
  for (std::size_t i = 0; i < n; ++i) {
    const double planned = static_cast<double>(i) / rate;
    result.open[i] = open.serve(planned, times[i]) - planned;
  }
  // Each connection's next request: when it will be sent, and its number.
  using Next = std::pair<double, std::size_t>;
  std::priority_queue<Next, std::vector<Next>, std::greater<>> waiting;
  const auto lanes = static_cast<std::size_t>(std::min(connections, requests));
  for (std::size_t lane = 0; lane < lanes; ++lane) waiting.push({static_cast<double>(lane) / rate, lane});
  while (!waiting.empty()) {
    const auto [sent, i] = waiting.top();
    waiting.pop();
    const double planned = static_cast<double>(i) / rate;
    const double done = closed.serve(sent, times[i]);
    result.recorded[i] = done - sent;
    result.intended[i] = done - planned;
    if (i + lanes < n) waiting.push({std::max(done, static_cast<double>(i + lanes) / rate), i + lanes});
  }
  return result;
}

QSM_INLINE Distribution stalled_latency(double service_time, double rate, double stall, double duration) {
  Check check("stalled_latency");
  check.positive("service_time", service_time);
  check.positive("rate", rate);
  check.not_negative("stall", stall);
  const double idle = 1 - rate * service_time;
  check.that(idle > 0, "rate", rate, "below 1 / service_time");
  check.finite("duration", duration);
  const double recovery = stall / idle;
  check.that(duration >= recovery && duration > 0, "duration", duration, "at least stall / (1 - utilization)");
  if (stall == 0) return deterministic(service_time);
  const double share = recovery / duration;
  if (share == 1) return uniform(service_time, service_time + stall);
  return mixture({1 - share, share}, {deterministic(service_time), uniform(service_time, service_time + stall)});
}

}  // namespace qsm::inline v0::latency
