#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/sim/parallel.hpp>

namespace qsm::inline v0::sim {

QSM_INLINE void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& piece) {
  Check("parallel_for").that(threads >= 0, "threads", threads, "an integer >= 0");
  std::size_t workers = threads > 0 ? static_cast<std::size_t>(threads) : std::thread::hardware_concurrency();
  workers = std::min(std::max<std::size_t>(workers, 1), count);
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
