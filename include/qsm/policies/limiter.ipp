#pragma once
#include <algorithm>
#include <cmath>

#include <qsm/policies/limiter.hpp>

namespace qsm::inline v0::policies {
namespace detail {

inline void check_window(const char* name, double limit, double window) {
  Check check(name);
  check.positive("limit", limit);
  check.positive("window", window);
}

/// End of the window [k w, (k + 1) w) that holds `now`, such that the start of the next is this end.
inline double window_end(double now, double window) {
  const double end = (std::floor(now / window) + 1) * window;
  return end > now ? end : std::max(end + window, std::nextafter(now, std::numeric_limits<double>::infinity()));
}

inline constexpr double never = std::numeric_limits<double>::infinity();

}  // namespace detail

QSM_INLINE FixedWindow::FixedWindow(double limit, double window)
    : limit_(limit), window_(window), end_(-std::numeric_limits<double>::max()) {
  detail::check_window("FixedWindow", limit, window);
}

QSM_INLINE bool FixedWindow::admit(double now, double cost) {
  const bool ready = ready_at(now, cost) <= now;
  clock_.advance(now);
  if (now >= end_) {
    end_ = detail::window_end(now, window_);
    used_ = 0;
  }
  if (ready) used_ += cost;
  return ready;
}

QSM_INLINE double FixedWindow::ready_at(double now, double cost) const {
  Check check("FixedWindow");
  clock_.check(check, now);
  check.positive("cost", cost);
  if (cost > limit_) return detail::never;
  return now >= end_ || used_ + cost <= limit_ ? now : end_;
}

QSM_INLINE SlidingWindowLog::SlidingWindowLog(double limit, double window) : limit_(limit), window_(window) {
  detail::check_window("SlidingWindowLog", limit, window);
}

QSM_INLINE bool SlidingWindowLog::admit(double now, double cost) {
  const bool ready = ready_at(now, cost) <= now;
  clock_.advance(now);
  while (!log_.empty() && log_.front().leaves <= now) {
    gone_ = log_.front().total;
    log_.pop_front();
  }
  if (log_.empty()) total_ = gone_ = 0;  // nothing is added up for ever
  if (ready) log_.push_back({now + window_, total_ += cost});
  return ready;
}

QSM_INLINE double SlidingWindowLog::ready_at(double now, double cost) const {
  Check check("SlidingWindowLog");
  clock_.check(check, now);
  check.positive("cost", cost);
  if (cost > limit_) return detail::never;
  // The first entry whose leaving makes room; entries lie in the order of both their times and their totals.
  if (total_ - gone_ + cost <= limit_) return now;
  const auto first = std::partition_point(log_.begin(), log_.end(),
                                          [&](const Entry& entry) { return total_ - entry.total + cost > limit_; });
  return first == log_.end() ? now : std::max(now, first->leaves);
}

QSM_INLINE SlidingWindowCounter::SlidingWindowCounter(double limit, double window)
    : limit_(limit), window_(window), start_(-std::numeric_limits<double>::max()) {
  detail::check_window("SlidingWindowCounter", limit, window);
}

QSM_INLINE void SlidingWindowCounter::roll(double now) {
  if (now < start_ + window_) return;
  previous_ = now < start_ + 2 * window_ ? current_ : 0;
  start_ = previous_ > 0 ? start_ + window_ : std::min(now, detail::window_end(now, window_) - window_);
  current_ = 0;
}

QSM_INLINE bool SlidingWindowCounter::admit(double now, double cost) {
  const bool ready = ready_at(now, cost) <= now;
  clock_.advance(now);
  roll(now);
  if (ready) current_ += cost;
  return ready;
}

QSM_INLINE double SlidingWindowCounter::ready_at(double now, double cost) const {
  Check check("SlidingWindowCounter");
  clock_.check(check, now);
  check.positive("cost", cost);
  if (cost > limit_) return detail::never;
  SlidingWindowCounter at = *this;
  at.roll(now);
  // When what came before counts little enough: in this window, else in the next.
  const auto in_window = [&](double start, double before, double taken) {
    const double room = limit_ - taken - cost;
    return before <= room ? start : start + window_ * (1 - room / before);
  };
  if (at.current_ + cost <= limit_) return std::max(now, in_window(at.start_, at.previous_, at.current_));
  return std::max(now, in_window(at.start_ + window_, at.current_, 0));
}

}  // namespace qsm::inline v0::policies
