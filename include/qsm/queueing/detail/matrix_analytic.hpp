#pragma once
// Matrix-analytic algorithms. For .ipp files.

#include <cmath>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <qsm/core/distributions/phase_type.hpp>
#include <qsm/core/error.hpp>
#include <qsm/queueing/detail/dense.hpp>

namespace qsm::inline v0::queueing::detail {

/// Square, with this many rows, off the diagonal >= 0 or everywhere.
inline void check_transitions(const char* function, const char* argument, const Matrix& matrix, std::size_t size,
                              bool diagonal) {
  if (matrix.rows != size || matrix.columns != size || size == 0)
    throw std::invalid_argument(std::string(function) + ": " + argument + " must be square with " +
                                std::to_string(size) + " rows, got " + std::to_string(matrix.rows) + " by " +
                                std::to_string(matrix.columns));
  Check check(function);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j) {
      check.finite(argument, matrix(i, j));
      if (i != j || diagonal)
        check.that(matrix(i, j) >= 0, (std::string(argument) + (diagonal ? "" : " off the diagonal")).c_str(),
                   matrix(i, j), ">= 0");
    }
}

/// Rows of a generator sum to 0, beside the numbers of one of its parts.
inline void check_rows(const char* function, const char* what, const Dense& generator, const Dense& part) {
  Check check(function);
  for (std::size_t i = 0; i < generator.rows; ++i) {
    const double size = std::max(largest({generator.row(i), generator.columns}), largest({part.row(i), part.columns}));
    const double sum = row_sum(generator, i);
    check.that(std::abs(sum) <= 1e-10 * size, ("sum of row " + std::to_string(i) + " of " + what).c_str(), sum, "0");
  }
}

/// Stationary row of a generator whose rows sum to 0: censoring without subtraction (Grassmann, Taksar, Heyman 1985).
/// The diagonal is not read. Throws where some state does not lead back to the first ones.
inline Dense stationary(Dense jump, const char* function) {
  const std::size_t n = jump.rows;
  for (std::size_t k = n - 1; k > 0; --k) {
    const double total = sum({jump.row(k), k});
    if (!(total > 0))
      throw std::domain_error(std::string(function) + ": the Markov chain must lead from every phase to every other");
    for (std::size_t i = 0; i < k; ++i) {
      const double chance = jump(i, k) /= total;
      if (chance == 0) continue;
      for (std::size_t j = 0; j < k; ++j) jump(i, j) += chance * jump(k, j);
    }
  }
  Dense chances(1, n);
  chances(0) = 1;
  for (std::size_t k = 1; k < n; ++k)
    for (std::size_t i = 0; i < k; ++i) chances(k) += chances(i) * jump(i, k);
  return chances / sum(chances);
}

/// Where a return is certain, rows sum to 1: takes rounding errors out of them, which a load near 1 would multiply.
inline void make_certain(Dense& chances) {
  for (std::size_t i = 0; i < chances.rows; ++i)
    if (const double sum = row_sum(chances, i); std::abs(sum - 1) < 1e-6)
      for (std::size_t j = 0; j < chances.columns; ++j) chances(i, j) /= sum;
}

/// Phase probabilities at the first return to the level below, G, by logarithmic reduction; for stable processes.
inline Dense first_return(const Dense& backward, const Dense& local, const Dense& forward) {
  Dense up = solve(-local, forward), down = solve(-local, backward);
  Dense sum = down, reach = up;
  for (int round = 0; round < 64; ++round) {
    const Dense both = up * down + down * up;
    const Dense left = identity(up.rows) - both;
    up = solve(left, up * up);
    down = solve(left, down * down);
    const Dense step = reach * down;
    sum += step;
    reach = reach * up;
    if (largest(step) < 1e-18 || largest(reach) < 1e-18) break;
  }
  make_certain(sum);
  return sum;
}

/// R of the levels above.
inline Dense level_ratio(const Dense& backward, const Dense& local, const Dense& forward) {
  Dense within = local + forward * first_return(backward, local, forward);
  // Rows of it and of what goes down sum to 0: the diagonal without subtraction.
  for (std::size_t i = 0; i < within.rows; ++i) {
    within(i, i) = 0;
    within(i, i) = -(row_sum(within, i) + row_sum(backward, i));
  }
  return over(forward, -within);
}

/// Highest rate at which a phase is left.
inline double fastest(const Dense& generator) {
  double most = 0;
  for (std::size_t i = 0; i < generator.rows; ++i) most = std::max(most, -generator(i, i));
  return most;
}

/// Phases in which a fluid that starts to rise comes back to its level, by the alternating-directional doubling
/// algorithm; both speeds are 1, and the level sinks in the mean.
inline Dense fluid_return(const Dense& rising, const Dense& turn_down, const Dense& turn_up, const Dense& falling) {
  const std::size_t up = rising.rows, down = falling.rows;
  if (up == 0 || down == 0) return Dense(up, down);
  // Minimal solution of X C X - X D - A X + B = 0.
  const double alpha = fastest(rising), beta = fastest(falling);
  const Dense a = -rising + beta * identity(up), d = -falling + alpha * identity(down);
  const Dense w = a - turn_down * solve(d, turn_up);
  const Dense v = d - turn_up * solve(a, turn_down);
  const double both = alpha + beta;
  const Dense w_inverse = inverse(w), v_inverse = inverse(v);
  Dense e = identity(down) - both * v_inverse;
  Dense f = identity(up) - both * w_inverse;
  Dense g = both * solve(d, turn_up) * w_inverse;
  Dense h = both * w_inverse * turn_down * inverse(d);
  for (int round = 0; round < 64; ++round) {
    const Dense e_left = e * inverse(identity(down) - g * h);
    const Dense f_left = f * inverse(identity(up) - h * g);
    const Dense step = f_left * h * e;
    g += e_left * g * f;
    h += step;
    e = e_left * e;
    f = f_left * f;
    // Only products of e and f count: keep them of one size.
    const double e_size = largest(e), f_size = largest(f);
    if (largest(step) < 1e-18 || !(e_size * f_size > 1e-200)) break;
    e *= std::sqrt(f_size / e_size);
    f *= std::sqrt(e_size / f_size);
  }
  make_certain(h);
  return h;
}

/// The law with density ∝ start exp(slope x) leave, and its total mass. Read backwards in time it is a phase-type law.
inline std::pair<double, std::optional<PhaseType>> phase_type_law(const Dense& start, const Dense& slope,
                                                                  const Dense& leave) {
  const Dense ahead = solve(-slope, leave);
  const double mass = dot(start, ahead);
  if (!(mass > 1e-290)) return {mass, std::nullopt};
  std::vector<std::size_t> kept;  // phases from which there is a way out
  for (std::size_t i = 0; i < ahead.size(); ++i)
    if (ahead(i) > 1e-300) kept.push_back(i);
  std::vector<double> initial;
  double sum = 0;
  for (const std::size_t i : kept) {
    initial.push_back(std::max(0.0, start(i) * ahead(i) / mass));
    sum += initial.back();
  }
  for (double& probability : initial) probability /= sum;
  std::vector<std::vector<double>> generator(kept.size(), std::vector<double>(kept.size()));
  for (std::size_t i = 0; i < kept.size(); ++i) {
    double out = std::max(0.0, leave(kept[i]) / ahead(kept[i]));
    for (std::size_t j = 0; j < kept.size(); ++j)
      if (i != j) {
        generator[i][j] = std::max(0.0, slope(kept[i], kept[j]) * ahead(kept[j]) / ahead(kept[i]));
        out += generator[i][j];
      }
    generator[i][i] = -out;
  }
  return {mass, PhaseType(std::move(initial), generator)};
}

inline Dense generator_of(const PhaseType& law) {
  Dense generator(law.initial().size(), law.initial().size());
  std::copy_n(law.generator().data(), generator.size(), generator.row(0));
  return generator;
}
inline Dense exits_of(const PhaseType& law) {
  const Dense generator = generator_of(law);
  Dense exits(generator.rows, 1);
  for (std::size_t i = 0; i < exits.rows; ++i) exits(i) = std::max(0.0, -row_sum(generator, i));
  return exits;
}

// Rates in units of 2^power per second: exact, and what mixes rates with numbers near 1 loses nothing.

inline Matrix in_units(Matrix rates, int power) {
  for (double& rate : rates.values) rate = std::ldexp(rate, -power);
  return rates;
}
inline PhaseType in_units(const PhaseType& law, int power) {
  const std::size_t phases = law.initial().size();
  std::vector<std::vector<double>> generator(phases, std::vector<double>(phases));
  for (std::size_t i = 0; i < phases; ++i)
    for (std::size_t j = 0; j < phases; ++j) generator[i][j] = std::ldexp(law.generator()[i * phases + j], -power);
  return {law.initial(), generator};
}

}  // namespace qsm::inline v0::queueing::detail
