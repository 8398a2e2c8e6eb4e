#pragma once
/// @file
/// CoDel: drops from a queue that stands, and leaves alone a queue that only takes up a burst.

#include <cmath>

#include <qsm/core/detail/members.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::policies {

/// Controlled delay: while the time in the queue stays above `target` for `interval`, drops one job, then the next after
/// interval / √2, interval / √3 and so on, until the queue is short again.
///
///     while (auto job = queue.pop(now)) {
///       if (!codel.drop(now, now - job->arrival, queue.size())) return job;
///     }
///
/// @source          K. Nichols and V. Jacobson 2018, RFC 8289
class CoDel {
 public:
  /// Nothing seen yet.
  ///
  /// @param target    acceptable standing delay [s], finite and > 0
  /// @param interval  time that a worst-case round trip takes [s], finite and > 0
  explicit CoDel(double target = 0.005, double interval = 0.1) : target_(target), interval_(interval) {
    Check check("CoDel");
    check.positive("target", target);
    check.positive("interval", interval);
  }

  /// Whether to drop the job just taken from the queue: `waited` is its time in the queue [s], >= 0, `left` the number
  /// of jobs behind it [1]. Nothing is dropped while none is left.
  bool drop(double now, double waited, std::size_t left) {
    Check check("CoDel.drop");
    check.finite("now", now);
    check.not_negative("waited", waited);
    const bool standing = stands(now, waited, left);
    if (dropping_) {
      if (!standing) return dropping_ = dropped_ = false;
      if (dropped_) next_ = after(next_);
      dropped_ = now >= next_;
      if (dropped_) ++count_;
      return dropped_;
    }
    if (!standing) return false;
    // Soon after the last time, go on near the rate of drops that was needed then.
    const double grown = count_ - last_count_;
    count_ = grown > 1 && now - next_ < 16 * interval_ ? grown : 1;
    last_count_ = count_;
    next_ = after(now);
    dropping_ = true;
    return true;
  }
  /// Whether the queue is being shortened.
  bool dropping() const { return dropping_; }

 private:
  friend core::detail::Members;
  static auto members(auto& self) {
    return std::tie(self.target_, self.interval_, self.above_since_, self.next_, self.count_, self.last_count_,
                    self.dropping_, self.dropped_);
  }

  bool stands(double now, double waited, std::size_t left) {
    if (waited < target_ || left == 0) {
      above_since_ = none;
      return false;
    }
    if (above_since_ == none) {
      above_since_ = now;
      return false;
    }
    return now >= above_since_ + interval_;
  }
  double after(double time) const { return time + interval_ / std::sqrt(count_); }

  static constexpr double none = -std::numeric_limits<double>::infinity();
  double target_, interval_;
  double above_since_ = none, next_ = 0, count_ = 0, last_count_ = 0;
  bool dropping_ = false, dropped_ = false;
};

}  // namespace qsm::inline v0::policies
