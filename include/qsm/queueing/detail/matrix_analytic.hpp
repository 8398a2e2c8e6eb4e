#pragma once
// Matrix-analytic algorithms on Eigen's matrices. For .ipp files.

#include <cmath>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#if __has_include(<Eigen/LU>)
#include <Eigen/LU>
#else  // Debian's place, where nothing says otherwise
#include <eigen3/Eigen/LU>
#endif

#include <qsm/core/distributions/phase_type.hpp>
#include <qsm/core/error.hpp>
#include <qsm/queueing/matrix.hpp>

namespace qsm::inline v0::queueing::detail {

using Dense = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Column = Eigen::VectorXd;
using Row = Eigen::RowVectorXd;
using Index = Eigen::Index;

// Each operation once, as a function: as Eigen's expressions they would be compiled anew in each place, 14 s together.
[[gnu::noinline]] inline Dense operator*(const Dense& a, const Dense& b) { return a.operator*(b); }
[[gnu::noinline]] inline Row operator*(const Row& a, const Dense& b) { return a.lazyProduct(b); }
[[gnu::noinline]] inline Column operator*(const Dense& a, const Column& b) { return a.lazyProduct(b); }
[[gnu::noinline]] inline Dense operator*(double a, const Dense& b) { return b.operator*(a); }
[[gnu::noinline]] inline Dense operator+(const Dense& a, const Dense& b) { return a.operator+(b); }
[[gnu::noinline]] inline Dense operator-(const Dense& a, const Dense& b) { return a.operator-(b); }
[[gnu::noinline]] inline Dense operator-(const Dense& a) { return a.operator-(); }

inline Dense dense(const Matrix& matrix) {
  return Eigen::Map<const Dense>(matrix.values.data(), static_cast<Index>(matrix.rows),
                                 static_cast<Index>(matrix.columns));
}
inline Matrix plain(const Dense& values) {
  Matrix matrix(static_cast<std::size_t>(values.rows()), static_cast<std::size_t>(values.cols()));
  Eigen::Map<Dense>(matrix.values.data(), values.rows(), values.cols()) = values;
  return matrix;
}
inline Row row(const std::vector<double>& list) {
  return Eigen::Map<const Row>(list.data(), static_cast<Index>(list.size()));
}
inline std::vector<double> list(const Row& values) { return {values.data(), values.data() + values.size()}; }
inline Dense identity(Index size) { return Dense::Identity(size, size); }
inline Column ones(Index size) { return Column::Ones(size); }

inline Dense kron(const Dense& a, const Dense& b) {
  Dense product(a.rows() * b.rows(), a.cols() * b.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) product.block(i * b.rows(), j * b.cols(), b.rows(), b.cols()) = a(i, j) * b;
  return product;
}

/// matrix⁻¹ right.
[[gnu::noinline]] inline Dense solve(const Dense& matrix, const Dense& right) {
  return matrix.partialPivLu().solve(right);
}
inline Column solve(const Dense& matrix, const Column& right) { return solve(matrix, Dense(right)); }
inline Dense inverse(const Dense& matrix) { return solve(matrix, identity(matrix.rows())); }
/// Row times inverse.
inline Row over(const Row& left, const Dense& matrix) {
  return solve(Dense(matrix.transpose()), Dense(left.transpose())).transpose();
}

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
  for (Index i = 0; i < generator.rows(); ++i) {
    const double size = std::max(generator.row(i).cwiseAbs().maxCoeff(), part.row(i).cwiseAbs().maxCoeff());
    const double sum = generator.row(i).sum();
    check.that(std::abs(sum) <= 1e-10 * size, ("sum of row " + std::to_string(i) + " of " + what).c_str(), sum, "0");
  }
}

/// Stationary row of a generator whose rows sum to 0: censoring without subtraction (Grassmann, Taksar, Heyman 1985).
/// The diagonal is not read. Throws where some state does not lead back to the first ones.
inline Row stationary(Dense jump, const char* function) {
  const Index n = jump.rows();
  for (Index k = n - 1; k > 0; --k) {
    const double total = jump.row(k).head(k).sum();
    if (!(total > 0))
      throw std::domain_error(std::string(function) + ": the Markov chain must lead from every phase to every other");
    jump.col(k).head(k) /= total;
    jump.topLeftCorner(k, k).noalias() += jump.col(k).head(k) * jump.row(k).head(k);
  }
  Row chances(n);
  chances(0) = 1;
  for (Index k = 1; k < n; ++k) chances(k) = chances.head(k).dot(jump.col(k).head(k));
  return chances / chances.sum();
}

/// Where a return is certain, rows sum to 1: takes rounding errors out of them, which a load near 1 would multiply.
inline void make_certain(Dense& chances) {
  for (Index i = 0; i < chances.rows(); ++i)
    if (const double sum = chances.row(i).sum(); std::abs(sum - 1) < 1e-6) chances.row(i) /= sum;
}

/// Phase probabilities at the first return to the level below, G, by logarithmic reduction; for stable processes.
inline Dense first_return(const Dense& backward, const Dense& local, const Dense& forward) {
  Dense up = solve(-local, forward), down = solve(-local, backward);
  Dense sum = down, reach = up;
  for (int round = 0; round < 64; ++round) {
    const Dense both = up * down + down * up;
    const Dense left = identity(up.rows()) - both;
    up = solve(left, up * up);
    down = solve(left, down * down);
    const Dense step = reach * down;
    sum += step;
    reach = reach * up;
    if (step.cwiseAbs().maxCoeff() < 1e-18 || reach.cwiseAbs().maxCoeff() < 1e-18) break;
  }
  make_certain(sum);
  return sum;
}

/// R of the levels above.
inline Dense level_ratio(const Dense& backward, const Dense& local, const Dense& forward) {
  Dense within = local + forward * first_return(backward, local, forward);
  // Rows of it and of what goes down sum to 0: the diagonal without subtraction.
  for (Index i = 0; i < within.rows(); ++i) {
    within(i, i) = 0;
    within(i, i) = -(within.row(i).sum() + backward.row(i).sum());
  }
  return solve(Dense(-within.transpose()), Dense(forward.transpose())).transpose();
}

/// Phases in which a fluid that starts to rise comes back to its level, by the alternating-directional doubling
/// algorithm; both speeds are 1, and the level sinks in the mean.
inline Dense fluid_return(const Dense& rising, const Dense& turn_down, const Dense& turn_up, const Dense& falling) {
  const Index up = rising.rows(), down = falling.rows();
  if (up == 0 || down == 0) return Dense::Zero(up, down);
  // Minimal solution of X C X - X D - A X + B = 0.
  const double alpha = (-rising.diagonal()).maxCoeff(), beta = (-falling.diagonal()).maxCoeff();
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
    const double e_size = e.cwiseAbs().maxCoeff(), f_size = f.cwiseAbs().maxCoeff();
    if (step.cwiseAbs().maxCoeff() < 1e-18 || !(e_size * f_size > 1e-200)) break;
    e *= std::sqrt(f_size / e_size);
    f *= std::sqrt(e_size / f_size);
  }
  make_certain(h);
  return h;
}

/// The law with density ∝ start exp(slope x) leave, and its total mass. Read backwards in time it is a phase-type law.
inline std::pair<double, std::optional<PhaseType>> phase_type_law(const Row& start, const Dense& slope,
                                                                  const Column& leave) {
  const Column ahead = solve(-slope, leave);
  const double mass = start.dot(ahead);
  if (!(mass > 1e-290)) return {mass, std::nullopt};
  std::vector<Index> kept;  // phases from which there is a way out
  for (Index i = 0; i < ahead.size(); ++i)
    if (ahead(i) > 1e-300) kept.push_back(i);
  std::vector<double> initial;
  double sum = 0;
  for (const Index i : kept) {
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
  const auto n = static_cast<Index>(law.initial().size());
  return Eigen::Map<const Dense>(law.generator().data(), n, n);
}
inline Column exits_of(const PhaseType& law) {
  return (-generator_of(law) * ones(static_cast<Index>(law.initial().size()))).cwiseMax(0.0);
}

}  // namespace qsm::inline v0::queueing::detail
