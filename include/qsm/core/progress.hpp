#pragma once
/// @file
/// How long work tells its progress, and how it is stopped.

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <stdexcept>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::inline core {

/// Thrown out of work that was asked to stop.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

/// What a caller passes to long work; each part may be left out. Both functions are called from any of the threads that
/// work, but from one at a time; what they throw ends the work on all its threads, and is thrown on.
struct Progress {
  /// Hears the fraction done [1], in [0, 1], which never falls.
  std::function<void(double)> report = {};
  /// Answers whether to stop; then the work throws Interrupted on all its threads. With a std::stop_token:
  /// `[token] { return token.stop_requested(); }`.
  std::function<bool()> stop = {};
  /// Least time between two calls [s], >= 0.
  double interval = 0.05;
};

/// What long work holds while it runs. Workers on any thread call `advance` after each piece of some microseconds or
/// more: it costs two atomic operations and a reading of the clock.
///
///     ProgressMeter meter(progress, customers);
///     for (...) { simulate(block); meter.advance(block.size()); }
///     meter.finish();
class ProgressMeter {
 public:
  /// `total` is the work to come [1], in any unit; more than that counts as all.
  ProgressMeter(const Progress& progress, std::uint64_t total);

  /// Adds finished work, and calls the functions of Progress where that is due.
  void advance(std::uint64_t done);
  /// Reports 1, unless that was done; to be called when all threads are done.
  void finish();

 private:
  void call(std::uint64_t done);
  void tell(std::uint64_t done);

  Progress progress_;
  std::uint64_t total_;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<std::int64_t> due_;  // time of the next call [ns]
  std::atomic<bool> calling_{false};
  std::atomic<bool> stopped_{false};
  std::exception_ptr failure_;  // why, written before stopped_
  double reported_ = -1;
};

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/progress.ipp>
#endif
