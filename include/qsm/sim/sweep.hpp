#pragma once
/// @file
/// Any model or simulation over a grid of its arguments.

#include <array>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/core/progress.hpp>
#include <qsm/sim/parallel.hpp>

namespace qsm::inline v0::sim {

/// One argument of a sweep: its name and the values it takes.
struct Axis {
  /// Name, for tables and plots.
  std::string name;
  /// Values, in order; at least one.
  std::vector<double> values;
};

/// On how many threads to sweep, and where to report.
struct SweepOptions {
  /// Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
  int threads = 0;
  /// Where to report, and whether to stop.
  Progress progress = {};
};

/// Results over a grid, with its axes.
template <class Result, std::size_t dimensions>
struct Swept {
  /// The axes, slowest first.
  std::array<Axis, dimensions> axes;
  /// One result for each point in C order: the last axis runs fastest.
  std::vector<Result> results;

  /// The result at one index for each axis; throws std::out_of_range beyond an axis.
  template <class... Index>
    requires(sizeof...(Index) == dimensions)
  const Result& at(Index... index) const {
    const std::array<std::size_t, dimensions> indices{static_cast<std::size_t>(index)...};
    std::size_t place = 0;
    for (std::size_t d = 0; d < dimensions; ++d) {
      const std::size_t length = axes[d].values.size();
      if (indices[d] >= length)
        throw std::out_of_range("Swept.at: index " + std::to_string(indices[d]) + " of axis " + axes[d].name +
                                " must be below " + std::to_string(length));
      place = place * length + indices[d];
    }
    return results[place];
  }
};

/// Evaluates `function` at every point of a grid, on threads.
///
///     const auto waits = sweep([](double load, double servers) { return erlang_c(servers, load); },
///                              {{"offered_load", {1, 2, 3}}, {"servers", {4, 8}}});
///     waits.at(2, 0);
///
/// The function takes one double for each axis, is called from several threads at a time, and returns any value. Throws
/// Interrupted where stopped; what the function throws at the first bad point is thrown on.
template <class Function, std::size_t dimensions>
auto sweep(Function&& function, const Axis (&axes)[dimensions], const SweepOptions& options = {}) {
  const auto call = [&]<std::size_t... d>(const std::array<double, dimensions>& point, std::index_sequence<d...>) {
    return function(point[d]...);
  };
  using Result = std::decay_t<decltype(call(std::array<double, dimensions>{}, std::make_index_sequence<dimensions>{}))>;
  Swept<Result, dimensions> swept;
  double points = 1;
  for (std::size_t d = 0; d < dimensions; ++d) {
    if (axes[d].values.empty()) throw std::invalid_argument("sweep: axis " + axes[d].name + " must hold a value");
    swept.axes[d] = axes[d];
    points *= static_cast<double>(axes[d].values.size());
  }
  Check("sweep").that(points <= 0x1p40, "points", points, "at most 2^40");
  const auto count = static_cast<std::size_t>(points);
  ProgressMeter meter(options.progress, count);
  std::vector<std::optional<Result>> slots(count);
  parallel_for(count, options.threads, [&](std::size_t place) {
    meter.advance(0);
    std::array<double, dimensions> point{};
    std::size_t rest = place;
    for (std::size_t d = dimensions; d-- > 0;) {
      point[d] = axes[d].values[rest % axes[d].values.size()];
      rest /= axes[d].values.size();
    }
    slots[place].emplace(call(point, std::make_index_sequence<dimensions>{}));
    meter.advance(1);
  });
  meter.finish();
  swept.results.reserve(count);
  for (auto& slot : slots) swept.results.push_back(std::move(*slot));
  return swept;
}

}  // namespace qsm::inline v0::sim
