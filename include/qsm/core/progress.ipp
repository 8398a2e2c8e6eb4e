#include <algorithm>

#include <qsm/core/progress.hpp>

namespace qsm::inline v0::inline core {

QSM_INLINE ProgressMeter::ProgressMeter(const Progress& progress, std::uint64_t total)
    : progress_(progress),
      total_(total),
      next_((std::chrono::steady_clock::now() + progress.interval).time_since_epoch().count()) {}

QSM_INLINE void ProgressMeter::check() const {
  if (progress_.stop.stop_requested()) throw Interrupted();
}

QSM_INLINE void ProgressMeter::advance(std::uint64_t done) {
  const std::uint64_t all = done_.fetch_add(done, std::memory_order_relaxed) + done;
  check();
  if (!progress_.report) return;
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  auto due = next_.load(std::memory_order_relaxed);
  const auto after = (now + progress_.interval).count();
  if (now.count() < due || !next_.compare_exchange_strong(due, after, std::memory_order_relaxed)) return;
  report(all >= total_ ? 1 : static_cast<double>(all) / static_cast<double>(total_));
}

QSM_INLINE void ProgressMeter::finish() {
  check();
  if (progress_.report) report(1);
}

QSM_INLINE void ProgressMeter::report(double fraction) {
  const std::lock_guard lock(reporting_);
  if (fraction <= reported_) return;
  reported_ = fraction;
  progress_.report(fraction);
}

}  // namespace qsm::inline v0::inline core
