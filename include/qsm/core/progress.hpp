#pragma once
/// @file
/// How long work tells its progress, and how it is stopped.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <stop_token>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::inline core {

/// Thrown out of work whose stop was requested.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

/// What a caller passes to long work; both parts may be left out.
struct Progress {
  /// Called with the fraction done [1], in [0, 1] and never falling, from one thread at a time; what it throws ends the
  /// work.
  std::function<void(double)> report = {};
  /// Asks the work to stop: it throws Interrupted within a fraction of a second.
  std::stop_token stop = {};
  /// Least time between two reports, the last one excepted.
  std::chrono::steady_clock::duration interval = std::chrono::milliseconds(50);
};

/// What long work holds while it runs. Workers on any thread call `advance` after each piece, which should take some
/// microseconds or more; it costs two atomic operations and a reading of the clock.
///
///     ProgressMeter meter(progress, customers);
///     for (...) { simulate(block); meter.advance(block.size()); }
///     meter.finish();
class ProgressMeter {
 public:
  /// `total` is the work to come [1], in any unit; zero counts as done.
  ProgressMeter(const Progress& progress, std::uint64_t total);

  /// Adds finished work, reports where a report is due, and throws Interrupted where a stop was requested.
  void advance(std::uint64_t done);
  /// Throws Interrupted where a stop was requested, and does nothing else.
  void check() const;
  /// Reports 1, unless that was said already.
  void finish();

 private:
  void report(double fraction);

  Progress progress_;
  std::uint64_t total_;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<std::chrono::steady_clock::rep> next_;  // when a report is due
  std::mutex reporting_;
  double reported_ = -1;
};

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/progress.ipp>
#endif
