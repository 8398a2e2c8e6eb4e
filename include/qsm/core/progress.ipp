#include <chrono>

#include <qsm/core/error.hpp>
#include <qsm/core/progress.hpp>

namespace qsm::inline v0::inline core {

namespace detail {

inline std::int64_t nanoseconds_now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

inline std::int64_t later(std::int64_t now, double seconds) {
  return now + static_cast<std::int64_t>(seconds < 1e9 ? seconds * 1e9 : 1e18);
}

}  // namespace detail

QSM_INLINE ProgressMeter::ProgressMeter(const Progress& progress, std::uint64_t total)
    : progress_(progress), total_(total), due_(detail::later(detail::nanoseconds_now(), progress.interval)) {
  Check("Progress").extended("interval", progress.interval);
}

QSM_INLINE void ProgressMeter::advance(std::uint64_t done) {
  const std::uint64_t all = done_.fetch_add(done, std::memory_order_relaxed) + done;
  if (stopped_.load(std::memory_order_acquire)) std::rethrow_exception(failure_);
  if (!progress_.report && !progress_.stop) return;
  if (detail::nanoseconds_now() < due_.load(std::memory_order_relaxed)) return;
  if (calling_.exchange(true, std::memory_order_acquire)) return;  // another thread is at it
  call(all);
}

QSM_INLINE void ProgressMeter::finish() {
  if (!calling_.exchange(true, std::memory_order_acquire)) call(total_);
}

QSM_INLINE void ProgressMeter::call(std::uint64_t done) {
  struct Turn {
    ProgressMeter& meter;
    ~Turn() {
      meter.due_.store(detail::later(detail::nanoseconds_now(), meter.progress_.interval), std::memory_order_relaxed);
      meter.calling_.store(false, std::memory_order_release);
    }
  } const turn{*this};
  if (stopped_.load(std::memory_order_acquire)) std::rethrow_exception(failure_);
  try {
    tell(done);
  } catch (...) {
    failure_ = std::current_exception();
    stopped_.store(true, std::memory_order_release);
    throw;
  }
}

QSM_INLINE void ProgressMeter::tell(std::uint64_t done) {
  if (progress_.stop && progress_.stop()) throw Interrupted();
  const double fraction = done >= total_ ? 1 : static_cast<double>(done) / static_cast<double>(total_);
  if (!progress_.report || fraction <= reported_) return;
  reported_ = fraction;
  progress_.report(fraction);
}

}  // namespace qsm::inline v0::inline core
