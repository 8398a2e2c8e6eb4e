#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/hardware/profile.hpp>
#include <qsm/sim/parallel.hpp>

namespace qsm::inline v0::hardware {

namespace detail {

inline double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Time that the calling thread has run [s].
inline double thread_seconds() {
#ifdef CLOCK_THREAD_CPUTIME_ID
  timespec now;
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0)
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
#endif
  return wall_seconds();
}

/// The sum of some words, by a loop that compilers turn into vector instructions.
struct ReadAll {
  QSM_ALWAYS_INLINE void operator()(const std::uint64_t* words, std::size_t count, std::uint64_t* out) const {
    std::uint64_t sums[64] = {};
    for (std::size_t i = 0; i + 64 <= count; i += 64)
      for (std::size_t j = 0; j < 64; ++j) sums[j] += words[i + j];
    for (const std::uint64_t sum : sums) *out += sum;
  }
};

inline std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name") && line.find(": ") != std::string::npos) return line.substr(line.find(": ") + 2);
  return "this machine";
}

inline std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16] = {};
  if (const std::tm* const parts = std::gmtime(&now)) std::strftime(text, sizeof text, "%Y-%m-%d", parts);
  return text;
}

}  // namespace detail

QSM_INLINE Probe::Probe(std::string what, double size, std::function<void()> call)
    : name_(std::move(what)), work_(size), call_(std::move(call)) {
  Check("Probe").positive("size", size);
}

QSM_INLINE Estimate time_call(const std::function<void()>& call, const TimingOptions& options) {
  Check("time_call").positive("seconds", options.seconds);
  const auto now = options.threads ? detail::wall_seconds : detail::thread_seconds;
  const auto sample = [&](std::size_t calls) {
    const double start = now();
    for (std::size_t i = 0; i < calls; ++i) call();
    return (now() - start) / static_cast<double>(calls);
  };
  call();  // what the first call makes ready
  double once = sample(1);
  const double least_sample = std::min(2e-4, options.seconds / 8);  // long beside the clock's step
  const auto calls = static_cast<std::size_t>(std::clamp(std::ceil(least_sample / std::max(once, 1e-9)), 1.0, 1e6));
  std::vector<double> times;
  const double end = detail::wall_seconds() + options.seconds;
  do times.push_back(sample(calls));
  while (times.size() < 3 || detail::wall_seconds() < end);
  std::sort(times.begin(), times.end());
  std::string method = "least of ";
  method += std::to_string(times.size());
  method += " samples, above it their median";
  return {times.front(), times.front(), times[times.size() / 2], std::move(method)};
}

QSM_INLINE Accelerator profile_machine(std::span<const Probe> probes, const TimingOptions& options) {
  Accelerator machine;
  const int threads = sim::default_threads();
  machine.name = detail::processor_name();
  machine.source = "measured on " + detail::today() + ", vector instructions ";
  machine.source += simd_name(simd_level());
  machine.kind = "cpu";
  machine.processors = threads;
  machine.memory = 0;
  machine.launch = 0;
  constexpr std::size_t whole = std::size_t{1} << 25;  // words: 256 MiB
  const std::vector<std::uint64_t> words(whole, 1);
  for (int count = 1; count <= threads; count *= 2)
    for (std::size_t size = std::size_t{1} << 11; size <= whole; size *= 4) {
      if (count > 1 && size < (std::size_t{1} << 17)) continue;  // starting threads would be what is measured
      const auto some = static_cast<std::size_t>(count);
      std::vector<std::uint64_t> sums(some * 8);
      const Estimate time = time_call(
          [&] {
            sim::parallel_for(some, count, [&](std::size_t i) {
              core::detail::dispatch(detail::ReadAll{}, words.data() + i * (size / some), size / some,
                                     sums.data() + 8 * i);
            });
          },
          {.seconds = options.seconds, .threads = count > 1});
      machine.bandwidths.push_back(
          {8 * static_cast<double>(size), static_cast<double>(count), 8 * static_cast<double>(size) / time.value});
    }
  if (threads > 1)
    machine.launch =
        time_call([&] { sim::parallel_for(static_cast<std::size_t>(threads), threads, [](std::size_t) {}); },
                  {.seconds = options.seconds, .threads = true});
  for (const Probe& probe : probes)
    machine.rates.push_back(
        {probe.name(), probe.work() / time_call([&] { probe.run(); }, {.seconds = options.seconds})});
  return machine;
}

}  // namespace qsm::inline v0::hardware
