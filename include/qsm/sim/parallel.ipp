#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/sim/parallel.hpp>

namespace qsm::inline v0::sim {

QSM_INLINE int default_threads() {
  const char* text = std::getenv("QSM_THREADS");
  if (text == nullptr || *text == '\0') return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  int count = 0;
  const char* end = text + std::strlen(text);
  const auto [rest, error] = std::from_chars(text, end, count);
  if (error != std::errc{} || rest != end || count < 1)
    throw std::invalid_argument(std::string("QSM_THREADS must be an integer >= 1, got '") + text + "'");
  return count;
}

QSM_INLINE void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& piece) {
  Check("parallel_for").that(threads >= 0, "threads", threads, "an integer >= 0");
  const auto workers = std::min(static_cast<std::size_t>(threads > 0 ? threads : default_threads()), count);
  if (workers <= 1) {
    for (std::size_t i = 0; i < count; ++i) piece(i);
    return;
  }
  std::atomic<std::size_t> next{0};
  std::mutex failing;
  std::size_t failed = count;
  std::exception_ptr failure;
  const auto work = [&] {
    for (std::size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) {
      try {
        piece(i);
      } catch (...) {
        next.store(count, std::memory_order_relaxed);
        const std::lock_guard lock(failing);
        if (i < failed) {
          failed = i;
          failure = std::current_exception();
        }
      }
    }
  };
  {
    std::vector<std::jthread> pool;
    for (std::size_t i = 1; i < workers; ++i) pool.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace qsm::inline v0::sim
