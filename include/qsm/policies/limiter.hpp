#pragma once
/// @file
/// What every rate limiter is, and the five that services use.
///
/// A limiter is a value that is told the time [s] with each request, from any start: the same class runs in virtual time
/// in a simulation and in real time in a service. Not for several threads at a time; a copy goes on by itself. A time
/// before that of the last call is refused: threads that share a limiter read the clock under the lock that guards it.

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <deque>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include <qsm/core/detail/members.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::policies {

/// Lets requests through at a limited rate. `admit(now, cost)` takes the cost if it may; `ready_at(now, cost)` is the
/// earliest time, not before now, at which the same request would be admitted if none came between; infinity if never.
/// So `admit(now, cost)` is true exactly where `ready_at(now, cost) <= now`.
///
///     struct Closed {
///       bool admit(double, double) { return false; }
///       double ready_at(double, double) const { return INFINITY; }
///     };
template <class Type>
concept RateLimiter = std::copyable<Type> && requires(Type limiter, const Type& seen, double now, double cost) {
  { limiter.admit(now, cost) } -> std::same_as<bool>;
  { seen.ready_at(now, cost) } -> std::same_as<double>;
};

namespace detail {

/// The time of the last call: refuses a clock that runs backwards.
class Latest {
 public:
  void check(Check& check, double now) const {
    check.finite("now", now);
    check.that(now >= latest_, "now", now, ">= the time of the last call");
  }
  void advance(double now) { latest_ = now; }
  double time() const { return latest_; }

 private:
  friend core::detail::Members;
  static auto members(auto& self) { return std::tie(self.latest_); }
  double latest_ = -std::numeric_limits<double>::max();
};

/// An instant in two doubles: seconds since 1970 in one would lose steps below a quarter of a microsecond.
class Instant {
 public:
  /// Moves on by `step` from this instant, or from `now` where that is later.
  void advance(double now, double step) {
    if (now > whole_) whole_ = now, rest_ = 0;
    add(step);
  }
  /// The first double at or after the instant `early` before this one.
  double before(double early) const {
    Instant at = *this;
    at.add(-early);
    return at.rest_ > 0 ? std::nextafter(at.whole_, std::numeric_limits<double>::infinity()) : at.whole_;
  }
  /// From `now` to this instant; not below 0.
  double from(double now) const { return std::max(0.0, (whole_ - now) + rest_); }
  double nearest() const { return whole_; }

 private:
  friend core::detail::Members;
  static auto members(auto& self) { return std::tie(self.whole_, self.rest_); }
  void add(double step) {  // D. Knuth, The Art of Computer Programming 2, 4.2.2: the error of a sum is a double
    const double sum = whole_ + step, added = sum - whole_;
    const double rest = rest_ + ((whole_ - (sum - added)) + (step - added));
    whole_ = sum + rest;
    rest_ = rest - (whole_ - sum);
  }

  double whole_ = -std::numeric_limits<double>::max(), rest_ = 0;
};

}  // namespace detail

/// Token bucket: up to `burst` tokens, refilled at `rate`; a request takes as many as it costs.
///
/// Held as the instant at which the bucket is full again, so that no rounding adds up. In any interval of length t it
/// admits at most burst + rate t.
///
/// @source       J. Turner 1986, New directions in communications
class TokenBucket {
 public:
  /// A full bucket.
  ///
  /// @param rate   r, tokens that come in [1/s], finite and > 0
  /// @param burst  b, tokens that the full bucket holds [1], finite and > 0
  TokenBucket(double rate, double burst) : rate_(rate), burst_(burst) {
    Check check("TokenBucket");
    check.positive("rate", rate);
    check.positive("burst", burst);
    check.positive("burst / rate", burst / rate);
  }

  /// Takes `cost` tokens [1], > 0, at `now` [s] if they are there.
  bool admit(double now, double cost = 1) {
    const bool ready = ready_at(now, cost) <= now;
    clock_.advance(now);
    if (ready) full_at_.advance(now, cost / rate_);
    return ready;
  }
  /// Earliest time at which `cost` tokens [1] can be taken [s]; infinite above `burst`.
  double ready_at(double now, double cost = 1) const {
    Check check("TokenBucket");
    clock_.check(check, now);
    check.positive("cost", cost);
    if (cost > burst_) return std::numeric_limits<double>::infinity();
    return std::max(now, full_at_.before((burst_ - cost) / rate_));
  }
  /// Tokens in the bucket at `now` [1].
  double tokens(double now) const {
    Check("TokenBucket.tokens").finite("now", now);
    return burst_ - full_at_.from(now) * rate_;
  }
  /// When the bucket is full again if nothing more is taken [s].
  double full_at() const { return full_at_.nearest(); }
  /// r [1/s].
  double rate() const { return rate_; }
  /// b [1].
  double burst() const { return burst_; }

 private:
  friend core::detail::Members;
  static auto members(auto& self) { return std::tie(self.rate_, self.burst_, self.full_at_, self.clock_); }
  TokenBucket() = default;

  double rate_, burst_;
  detail::Instant full_at_;
  detail::Latest clock_;
};

/// Generic cell rate algorithm: one cell every `interval`, early by at most `tolerance`.
///
/// The virtual scheduling algorithm: a token bucket of rate 1/T and burst 1 + τ/T, in the words of traffic contracts.
///
/// @source           ITU-T I.371, annex A
class Gcra {
 public:
  /// No cell seen yet.
  ///
  /// @param interval   T, emission interval [s], finite and > 0
  /// @param tolerance  τ, delay variation tolerance [s], finite and >= 0
  Gcra(double interval, double tolerance) : interval_(interval), tolerance_(tolerance) {
    Check check("Gcra");
    check.positive("interval", interval);
    check.not_negative("tolerance", tolerance);
  }

  /// Admits `cost` cells [1], > 0, at `now` [s] if they conform.
  bool admit(double now, double cost = 1) {
    const bool conforms = ready_at(now, cost) <= now;
    clock_.advance(now);
    if (conforms) expected_.advance(now, cost * interval_);
    return conforms;
  }
  /// Earliest time at which `cost` cells [1] conform [s]; infinite where the tolerance never suffices.
  double ready_at(double now, double cost = 1) const {
    Check check("Gcra");
    clock_.check(check, now);
    check.positive("cost", cost);
    const double early = tolerance_ - (cost - 1) * interval_;
    return early < 0 ? std::numeric_limits<double>::infinity() : std::max(now, expected_.before(early));
  }
  /// Theoretical arrival time of the next cell [s].
  double expected() const { return expected_.nearest(); }

 private:
  friend core::detail::Members;
  static auto members(auto& self) { return std::tie(self.interval_, self.tolerance_, self.expected_, self.clock_); }
  Gcra() = default;

  double interval_, tolerance_;
  detail::Instant expected_;
  detail::Latest clock_;
};

/// Leaky bucket as a queue: what is admitted leaves at a constant rate, what would overflow is refused.
///
/// As a meter it admits what a token bucket of the same size admits; beside that it says when the request leaves.
///
/// @source          J. Turner 1986, New directions in communications
class LeakyBucket {
 public:
  /// An empty bucket.
  ///
  /// @param rate      r, rate of the leak [1/s], finite and > 0
  /// @param capacity  b, what the bucket holds [1], finite and > 0
  LeakyBucket(double rate, double capacity) : bucket_(rate, capacity) {}

  /// Puts `cost` [1], > 0, into the bucket at `now` [s] if there is room.
  bool admit(double now, double cost = 1) { return offer(now, cost).has_value(); }
  /// Earliest time at which there is room for `cost` [1] [s]; infinite above the capacity.
  double ready_at(double now, double cost = 1) const { return bucket_.ready_at(now, cost); }
  /// As `admit`; says when the request begins to leave [s], nothing where it is refused.
  std::optional<double> offer(double now, double cost = 1) {
    const double start = std::max(now, bucket_.full_at());
    if (!bucket_.admit(now, cost)) return std::nullopt;
    return start;
  }
  /// What is in the bucket at `now` [1].
  double level(double now) const { return bucket_.burst() - bucket_.tokens(now); }

 private:
  friend core::detail::Members;
  static auto members(auto& self) { return std::tie(self.bucket_); }
  LeakyBucket() : bucket_(core::detail::Members::blank<TokenBucket>()) {}

  TokenBucket bucket_;
};

/// At most `limit` in each window [k w, (k + 1) w): cheap, but twice the limit can pass around a boundary.
///
/// @source        property: at most 2 limit in any interval of length w
class FixedWindow {
 public:
  /// No request seen yet.
  ///
  /// @param limit   most that a window admits [1], finite and > 0
  /// @param window  w, length of a window [s], finite and > 0
  FixedWindow(double limit, double window);

  /// Admits `cost` [1], > 0, at `now` [s] if the window has room.
  bool admit(double now, double cost = 1);
  /// Earliest time at which `cost` [1] is admitted [s]; infinite above the limit.
  double ready_at(double now, double cost = 1) const;

 private:
  friend core::detail::Members;
  static auto members(auto& self) { return std::tie(self.limit_, self.window_, self.end_, self.used_, self.clock_); }
  FixedWindow() = default;

  double limit_, window_, end_, used_ = 0;
  detail::Latest clock_;
};

/// At most `limit` in every interval of length `window`: exact, remembers each admitted request.
///
/// @source        property: at most the limit in any interval (t - w, t]
class SlidingWindowLog {
 public:
  /// No request seen yet.
  ///
  /// @param limit   most that an interval admits [1], finite and > 0
  /// @param window  w, length of the interval [s], finite and > 0
  SlidingWindowLog(double limit, double window);

  /// Admits `cost` [1], > 0, at `now` [s] if the last w seconds leave room.
  bool admit(double now, double cost = 1);
  /// Earliest time at which `cost` [1] is admitted [s]; infinite above the limit.
  double ready_at(double now, double cost = 1) const;
  /// Number of requests remembered [1].
  std::size_t size() const { return log_.size(); }

 private:
  friend core::detail::Members;
  static auto members(auto& self) {
    return std::tie(self.limit_, self.window_, self.total_, self.gone_, self.log_, self.clock_);
  }
  SlidingWindowLog() = default;

  struct Entry {
    double leaves;  // when it no longer counts
    double total;   // cost of this and all before it
    static auto members(auto& self) { return std::tie(self.leaves, self.total); }
  };
  double limit_, window_;
  double total_ = 0, gone_ = 0;  // cost of all admitted, and of those that left the log
  std::deque<Entry> log_;
  detail::Latest clock_;
};

/// As the log, from two counters: the last window counts by the share that the interval still covers.
///
/// Exact where requests of a window come evenly; otherwise up to twice the limit in an interval of length w.
///
/// @source        property: used <= limit with used = current + previous (1 - elapsed / w)
class SlidingWindowCounter {
 public:
  /// No request seen yet.
  ///
  /// @param limit   most that an interval admits [1], finite and > 0
  /// @param window  w, length of the interval [s], finite and > 0
  SlidingWindowCounter(double limit, double window);

  /// Admits `cost` [1], > 0, at `now` [s] if the estimate leaves room.
  bool admit(double now, double cost = 1);
  /// Earliest time at which `cost` [1] is admitted [s]; infinite above the limit.
  double ready_at(double now, double cost = 1) const;

 private:
  friend core::detail::Members;
  static auto members(auto& self) {
    return std::tie(self.limit_, self.window_, self.start_, self.current_, self.previous_, self.clock_);
  }
  SlidingWindowCounter() = default;
  void roll(double now);

  double limit_, window_, start_, current_ = 0, previous_ = 0;
  detail::Latest clock_;
};

/// Which requests of a trace a limiter admits, from its state on.
///
/// @param limiter  any RateLimiter; goes on from its state, which changes
/// @param times    arrival times [s], not falling
/// @param costs    cost of each request [1], > 0, or empty for 1 each
template <RateLimiter Limiter>
std::vector<bool> admitted(Limiter& limiter, std::span<const double> times, std::span<const double> costs = {}) {
  Check check("admitted");
  check.that(costs.empty() || costs.size() == times.size(), "costs.size()", static_cast<double>(costs.size()),
             "0 or the number of times");
  std::vector<bool> passed(times.size());
  for (std::size_t i = 0; i < times.size(); ++i) passed[i] = limiter.admit(times[i], costs.empty() ? 1 : costs[i]);
  return passed;
}

}  // namespace qsm::inline v0::policies

#ifdef QSM_HEADER_ONLY
#include <qsm/policies/limiter.ipp>
#endif
