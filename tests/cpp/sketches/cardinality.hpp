#pragma once
// The errors of estimators of a number of items over many runs, beside theory.

#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/sketches/sketch.hpp>

namespace qsm_test {

template <class Sketch>
Sketch filled(Sketch sketch, std::uint64_t items, std::uint64_t first = 0) {
  std::vector<std::uint64_t> all(items);
  std::iota(all.begin(), all.end(), first);
  sketch.add(all);
  return sketch;
}

struct Errors {
  double mean = 0, square = 0, covered = 0, theory = 0;
  int runs = 0;

  double ratio() const { return std::sqrt(square) / theory; }
  /// Mean over its own standard error.
  double z() const { return mean / std::sqrt(square / runs); }
};

template <class Sketch, class Estimator>
std::vector<Errors> errors_of(const Sketch& empty, std::uint64_t items, int runs,
                              const std::vector<Estimator>& estimators) {
  std::vector<Errors> errors(estimators.size());
  const double truth = static_cast<double>(items);
  for (int run = 0; run < runs; ++run) {
    const auto sketch = filled(empty, items, static_cast<std::uint64_t>(run) << 32);
    for (std::size_t i = 0; i < estimators.size(); ++i) {
      const auto estimate = sketch.estimate(estimators[i]);
      const double error = estimate / truth - 1;
      errors[i].mean += error / runs;
      errors[i].square += error * error / runs;
      errors[i].covered += (estimate.low <= truth && truth <= estimate.high) / static_cast<double>(runs);
      errors[i].theory = sketch.relative_error(estimators[i]);
      errors[i].runs = runs;
    }
  }
  return errors;
}

/// Of many items: no bias, the error that theory says within 2 %, and intervals that hold as often as they say.
template <class Sketch, class Estimator>
void expect_theory(const Sketch& empty, std::uint64_t items, int runs, const std::vector<Estimator>& estimators) {
  const auto errors = errors_of(empty, items, runs, estimators);
  for (std::size_t i = 0; i < errors.size(); ++i) {
    SCOPED_TRACE("estimator " + std::to_string(static_cast<int>(estimators[i])));
    EXPECT_LT(std::abs(errors[i].z()), 4);
    EXPECT_NEAR(errors[i].ratio(), 1, 0.02);
    EXPECT_NEAR(errors[i].covered, 0.95, 0.02);
  }
}

/// Of few items: hardly a bias, and errors below theory.
template <class Sketch, class Estimator>
void expect_within_theory(const Sketch& empty, std::uint64_t items, int runs, const std::vector<Estimator>& estimators,
                          double bias) {
  const auto errors = errors_of(empty, items, runs, estimators);
  for (std::size_t i = 0; i < errors.size(); ++i) {
    SCOPED_TRACE("estimator " + std::to_string(static_cast<int>(estimators[i])) + " of " + std::to_string(items));
    EXPECT_LT(std::abs(errors[i].mean), 4 * std::sqrt(errors[i].square / runs) + bias);
    EXPECT_LT(errors[i].ratio(), 1.05);
    EXPECT_GE(errors[i].covered, 0.93);
  }
}

}  // namespace qsm_test
