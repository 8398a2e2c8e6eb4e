#pragma once
#include <algorithm>
#include <limits>

#include <qsm/policies/circuit_breaker.hpp>

namespace qsm::inline v0::policies {

QSM_INLINE CircuitBreaker::CircuitBreaker(const CircuitOptions& options) : options_(options) {
  Check check("CircuitBreaker");
  check.that(options.failure_share > 0 && options.failure_share <= 1, "failure_share", options.failure_share,
             "in (0, 1]");
  check.positive_count("window", options.window);
  check.that(options.window <= 0x1p24, "window", options.window, "at most 2^24");
  check.positive_count("least_calls", options.least_calls);
  check.that(options.least_calls <= options.window, "least_calls", options.least_calls, "at most window");
  check.positive("open_time", options.open_time);
  check.positive_count("probes", options.probes);
  failed_.assign(static_cast<std::size_t>(options.window), false);
}

QSM_INLINE CircuitState CircuitBreaker::state(double now) const {
  return state_ == CircuitState::open && now >= opened_ + options_.open_time ? CircuitState::half_open : state_;
}

QSM_INLINE bool CircuitBreaker::allow(double now) {
  Check("CircuitBreaker.allow").finite("now", now);
  if (state_ != CircuitState::closed && now >= opened_ + options_.open_time) {  // or the last probes never ended
    state_ = CircuitState::half_open;
    opened_ = now;
    probes_sent_ = probes_passed_ = 0;
  }
  if (state_ == CircuitState::closed) return true;
  if (state_ == CircuitState::open || probes_sent_ == options_.probes) return false;
  ++probes_sent_;
  return true;
}

QSM_INLINE void CircuitBreaker::observe(double now, bool succeeded) {
  Check("CircuitBreaker.observe").finite("now", now);
  if (state_ == CircuitState::open) return;  // a call from before
  if (state_ == CircuitState::half_open) {
    if (probes_sent_ == 0) return;
    if (!succeeded) return open(now);
    if (++probes_passed_ >= options_.probes) forget();
    return;
  }
  if (counted_ < failed_.size())
    ++counted_;
  else
    failures_ -= failed_[next_];
  failed_[next_] = !succeeded;
  failures_ += !succeeded;
  next_ = (next_ + 1) % failed_.size();
  const auto calls = static_cast<double>(counted_);
  if (calls >= options_.least_calls && static_cast<double>(failures_) >= options_.failure_share * calls) open(now);
}

QSM_INLINE void CircuitBreaker::open(double now) {
  forget();
  state_ = CircuitState::open;
  opened_ = now;
}

QSM_INLINE void CircuitBreaker::forget() {
  state_ = CircuitState::closed;
  std::fill(failed_.begin(), failed_.end(), false);
  next_ = counted_ = failures_ = 0;
}

}  // namespace qsm::inline v0::policies
