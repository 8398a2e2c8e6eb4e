#pragma once
#include <algorithm>
#include <cmath>
#include <numeric>

#include <qsm/policies/concurrency.hpp>

namespace qsm::inline v0::policies {
namespace detail {

/// The checks that the limits share.
inline void check_limits(Check& check, double initial, double least, double most) {
  check.that(std::isfinite(least) && least >= 1, "least", least, "finite and >= 1");
  check.that(std::isfinite(most) && most >= least, "most", most, "finite and >= least");
  check.that(initial >= least && initial <= most, "initial", initial, "from least to most");
}
inline void check_smoothing(Check& check, double smoothing) {
  check.that(smoothing > 0 && smoothing <= 1, "smoothing", smoothing, "in (0, 1]");
}
inline void check_sample(const char* function, const LatencySample& sample) {
  Check check(function);
  check.positive("latency", sample.latency);
  check.not_negative("in_flight", sample.in_flight);
}

}  // namespace detail

QSM_INLINE AimdLimit::AimdLimit(double initial, double backoff, double timeout, double least, double most)
    : estimate_(initial), backoff_(backoff), timeout_(timeout), least_(least), most_(most) {
  Check check("AimdLimit");
  detail::check_limits(check, initial, least, most);
  check.inner_probability("backoff", backoff);
  check.that(timeout > 0, "timeout", timeout, "> 0");
}

QSM_INLINE void AimdLimit::observe(const LatencySample& sample) {
  detail::check_sample("AimdLimit.observe", sample);
  if (sample.dropped || sample.latency > timeout_)
    estimate_ = std::floor(estimate_ * backoff_);
  else if (2 * sample.in_flight >= estimate_)
    estimate_ += 1;
  estimate_ = std::clamp(estimate_, least_, most_);
}

QSM_INLINE double AimdLimit::limit() const { return std::floor(estimate_); }

QSM_INLINE VegasLimit::VegasLimit(double initial, double most, double smoothing, double backoff, double probe)
    : estimate_(initial), most_(most), smoothing_(smoothing), backoff_(backoff), probe_(probe) {
  Check check("VegasLimit");
  detail::check_limits(check, initial, 1, most);
  detail::check_smoothing(check, smoothing);
  check.that(backoff > 0 && backoff <= 1, "backoff", backoff, "in (0, 1]");
  check.that(probe > 0, "probe", probe, "> 0");
}

QSM_INLINE void VegasLimit::observe(const LatencySample& sample) {
  detail::check_sample("VegasLimit.observe", sample);
  const bool probe = ++since_probe_ >= probe_ * estimate_;
  if (probe || least_latency_ == 0 || sample.latency < least_latency_) {
    if (probe) since_probe_ = 0;
    least_latency_ = sample.latency;
    return;
  }
  const double queue = std::ceil(estimate_ * (1 - least_latency_ / sample.latency));
  const double step = std::max(1.0, std::floor(std::log10(std::floor(estimate_))));
  const double less = backoff_ < 1 ? estimate_ * backoff_ : estimate_ - step;
  double next = less;
  if (!sample.dropped) {
    if (2 * sample.in_flight < estimate_ || (3 * step <= queue && queue <= 6 * step)) return;
    if (queue < 3 * step) next = estimate_ + (queue <= step ? 6 : 1) * step;
  }
  estimate_ += smoothing_ * (std::clamp(next, 1.0, most_) - estimate_);
}

QSM_INLINE double VegasLimit::limit() const { return std::floor(estimate_); }

QSM_INLINE GradientLimit::GradientLimit(double initial, double least, double most, double queue, double smoothing,
                                        double window)
    : estimate_(initial), least_(least), most_(most), queue_(queue), smoothing_(smoothing), window_(window) {
  Check check("GradientLimit");
  detail::check_limits(check, initial, least, most);
  check.positive("queue", queue);
  detail::check_smoothing(check, smoothing);
  check.that(std::isfinite(window) && window >= 1, "window", window, "finite and >= 1");
}

QSM_INLINE void GradientLimit::observe(const LatencySample& sample) {
  detail::check_sample("GradientLimit.observe", sample);
  constexpr double plain_average = 10;  // the first requests count alike
  ++seen_;
  const double share = seen_ <= plain_average ? 1 / seen_ : 2 / (window_ + 1);
  long_latency_ += share * (sample.latency - long_latency_);
  const double gradient = std::clamp(long_latency_ / sample.latency, 0.5, 1.0);
  if (long_latency_ > 2 * sample.latency) long_latency_ *= 0.9;  // an overload is over: forget it faster
  if (sample.in_flight < estimate_ / 2) return;
  estimate_ += smoothing_ * (estimate_ * gradient + queue_ - estimate_);
  estimate_ = std::clamp(estimate_, least_, most_);
}

QSM_INLINE double GradientLimit::limit() const { return std::floor(estimate_); }

QSM_INLINE SlotQuota::SlotQuota(double total, std::span<const double> guarantees)
    : guarantees_(guarantees.begin(), guarantees.end()), used_(guarantees.size(), 0) {
  Check check("SlotQuota");
  check.positive_count("total", total);
  check.that(!guarantees.empty(), "guarantees.size()", 0, ">= 1");
  for (const double slots : guarantees) check.count("guarantees", slots);
  const double kept = std::accumulate(guarantees.begin(), guarantees.end(), 0.0);
  check.that(kept <= total, "sum of guarantees", kept, "at most total");
  free_ = total - kept;
}

QSM_INLINE void SlotQuota::check_tenant(const char* function, std::size_t tenant) const {
  Check(function).that(tenant < used_.size(), "tenant", static_cast<double>(tenant), "below the number of guarantees");
}

QSM_INLINE bool SlotQuota::acquire(std::size_t tenant) {
  check_tenant("SlotQuota.acquire", tenant);
  if (used_[tenant] >= guarantees_[tenant]) {
    if (free_ == 0) return false;
    --free_;
  }
  ++used_[tenant];
  return true;
}

QSM_INLINE void SlotQuota::release(std::size_t tenant) {
  check_tenant("SlotQuota.release", tenant);
  Check("SlotQuota.release").that(used_[tenant] > 0, "slots of the tenant", used_[tenant], ">= 1");
  if (used_[tenant]-- > guarantees_[tenant]) ++free_;
}

QSM_INLINE double SlotQuota::used(std::size_t tenant) const {
  check_tenant("SlotQuota.used", tenant);
  return used_[tenant];
}

}  // namespace qsm::inline v0::policies
