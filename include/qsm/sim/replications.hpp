#pragma once
/// @file
/// Independent replications of one simulation, each on a stream of its own.

#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/core/interval.hpp>
#include <qsm/core/progress.hpp>
#include <qsm/core/random.hpp>
#include <qsm/sim/parallel.hpp>

namespace qsm::inline v0::sim {

/// How often, on which numbers and on how many threads to simulate.
struct ReplicationOptions {
  /// Number of replications [1], an integer in [1, 2^24].
  double replications = 20;
  /// Seed of the stream whose children drive the replications.
  std::uint64_t seed = 1;
  /// Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
  int threads = 0;
  /// Where to report, and whether to stop.
  Progress progress = {};
};

/// Runs simulate(stream) once for each replication r, on the stream `Stream(seed).child(r)`, and returns what it
/// returned in the order of r.
///
///     const auto waits = replicate([](const Stream& stream) { return mean_wait_of_a_day(stream); }, options);
///     const Estimate wait = mean_interval(waits);
///
/// Two systems that draw the same things from children of the same name see common random numbers: their differences,
/// replication by replication, have a far smaller variance (`paired_difference`). Throws Interrupted where stopped.
template <class Simulate>
auto replicate(Simulate&& simulate, const ReplicationOptions& options = {}) {
  using Result = std::decay_t<std::invoke_result_t<Simulate&, const Stream&>>;
  Check check("replicate");
  check.positive_count("replications", options.replications);
  check.that(options.replications <= 0x1p24, "replications", options.replications, "at most 2^24");
  const auto count = static_cast<std::size_t>(options.replications);
  const Stream stream(options.seed);
  ProgressMeter meter(options.progress, count);
  std::vector<std::optional<Result>> slots(count);
  parallel_for(count, options.threads, [&](std::size_t i) {
    meter.advance(0);
    slots[i].emplace(simulate(stream.child(static_cast<std::uint64_t>(i))));
    meter.advance(1);
  });
  meter.finish();
  std::vector<Result> results;
  results.reserve(count);
  for (auto& slot : slots) results.push_back(std::move(*slot));
  return results;
}

/// Mean of one number of each replication, with its t interval.
///
/// @param results     what `replicate` returned
/// @param number      what to take of a result: a callable or a pointer to a member
/// @param confidence  1 - α [1], in (0, 1)
template <class Result, class Number>
Estimate estimate(const std::vector<Result>& results, Number&& number, double confidence = 0.95) {
  std::vector<double> values;
  values.reserve(results.size());
  for (const Result& result : results) values.push_back(std::invoke(number, result));
  return mean_interval(values, confidence);
}

}  // namespace qsm::inline v0::sim
