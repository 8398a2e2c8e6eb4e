#pragma once
/// @file
/// Quasi-birth-death processes and fluid queues: Markov chains with a level that goes up and down without end.

#include <optional>
#include <span>
#include <vector>

#include <qsm/core/detail/members.hpp>
#include <qsm/core/distributions/phase_type.hpp>
#include <qsm/queueing/matrix.hpp>

namespace qsm::inline v0::queueing {

/// Steady state of a quasi-birth-death process: levels 0, 1, 2, ..., phases within; made by quasi_birth_death().
///
/// From level 1 on, the probabilities of the phases are π₁ Rⁿ⁻¹.
class QuasiBirthDeath {
 public:
  QuasiBirthDeath(bool stable, std::vector<double> empty, std::vector<double> first, Matrix ratio, double rate);

  /// Whether the level does not drift to infinity.
  bool stable() const { return stable_; }
  /// R [1]: what level n + 1 has of level n.
  const Matrix& ratio() const { return ratio_; }
  /// Probabilities of the phases at level 0 [1].
  const std::vector<double>& empty() const { return empty_; }
  /// Steps up per second [1/s].
  double rate() const { return rate_; }
  /// P(level = n) [1].
  ///
  /// @param level  n [1], an integer >= 0
  double probability(double level) const;
  /// P(level > n) [1].
  ///
  /// @param level  n [1], an integer >= 0
  double survival(double level) const;
  /// Mean level [1].
  double mean() const;
  /// Variance of the level [1].
  double variance() const;

 private:
  friend core::detail::Members;
  static auto members(auto& self) { return std::tie(self.stable_, self.empty_, self.first_, self.ratio_, self.rate_); }
  QuasiBirthDeath() = default;

  bool stable_;
  std::vector<double> empty_;
  std::vector<double> first_;
  Matrix ratio_;
  double rate_;
};

/// Steady state of a quasi-birth-death process whose level 0 has the phases of all others.
///
/// Solved by logarithmic reduction.
///
/// @param backward  transitions to the level below [1/s], >= 0
/// @param local     transitions within a level [1/s], off the diagonal >= 0
/// @param forward   transitions to the level above [1/s], >= 0; rows of all three sum to 0
/// @param boundary  transitions within level 0 [1/s], rows with forward sum to 0; empty: local + backward
/// @returns         the steady state
/// @source          G. Latouche and V. Ramaswami 1993, A logarithmic reduction algorithm for quasi-birth-death processes
/// @golden          queueing/matrix_analytic.csv
QuasiBirthDeath quasi_birth_death(const Matrix& backward, const Matrix& local, const Matrix& forward,
                                  const Matrix& boundary = {});

/// Steady state of a fluid queue: a level that rises and falls at rates set by a Markov chain; made by fluid_queue().
class FluidQueue {
 public:
  FluidQueue(bool stable, double probability_empty, std::optional<PhaseType> level);

  /// Whether the level does not drift to infinity.
  bool stable() const { return stable_; }
  /// P(level = 0) [1].
  double probability_empty() const { return probability_empty_; }
  /// Mean level [1].
  double mean() const;
  /// P(level <= x) [1].
  ///
  /// @param level  x [1], >= 0, may be infinite
  double cdf(double level) const;
  /// P(level > x) [1].
  ///
  /// @param level  x [1], >= 0, may be infinite
  double survival(double level) const;
  /// Level that is not exceeded in a fraction p of the time [1].
  ///
  /// @param probability  p [1], in [0, 1]
  double quantile(double probability) const;

 private:
  friend core::detail::Members;
  static auto members(auto& self) { return std::tie(self.stable_, self.probability_empty_, self.level_); }
  FluidQueue() = default;

  bool stable_;
  double probability_empty_;
  std::optional<PhaseType> level_;  // where it is above 0
};

/// Steady state of a fluid queue.
///
/// Solved by the alternating-directional doubling algorithm.
///
/// @param generator  of the chain Q [1/s], off the diagonal >= 0, rows sum to 0
/// @param rates      net rate of the level in each phase, inflow less outflow [1/s], finite
/// @returns          the steady state
/// @source           V. Ramaswami 1999, Matrix analytic methods for stochastic fluid flows; W. Wang, W. Wang, R. Li 2012,
///                   Alternating-directional doubling algorithm for M-matrix algebraic Riccati equations
/// @golden           queueing/matrix_analytic.csv
FluidQueue fluid_queue(const Matrix& generator, std::span<const double> rates);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/quasi_birth_death.ipp>
#endif
