#pragma once
/// @file
/// Phase-type laws: the time until a Markov chain is absorbed.

#include <vector>

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::inline core {

/// Phase-type law, survival α exp(Tx) 1; made by phase_type().
///
/// All sums run over numbers >= 0 (uniformisation, elimination without subtraction), so that small tails keep their
/// digits: relative error at most about 1e-13 max(1, |ln result|).
class PhaseType {
 public:
  /// Checks and prepares; see phase_type().
  PhaseType(std::vector<double> initial, const std::vector<std::vector<double>>& generator);

  /// Initial probabilities α [1].
  const std::vector<double>& initial() const { return initial_; }
  /// Generator T [1/s], row by row.
  const std::vector<double>& generator() const { return generator_; }

  double mean() const;
  double variance() const;
  double skewness() const;
  double moment(int order) const;
  double pdf(double value) const;
  double cdf(double value) const;
  double survival(double value) const;
  double quantile(double probability) const;
  double survival_quantile(double probability) const;
  double laplace(double argument) const;
  void sample(const Stream& stream, std::uint64_t first, std::span<double> out) const;
  std::string describe() const;

 private:
  std::vector<double> state(double value) const;
  std::vector<double> solve(double killing, std::vector<double> right) const;

  std::vector<double> initial_;
  std::vector<double> generator_;
  std::vector<double> exits_;  // rates into absorption
  double fastest_ = 0;         // largest rate out of a phase
};

/// Coxian law: stages in a row, each of which may be the last; made by coxian().
struct Coxian {
  /// Rates of the stages λᵢ [1/s].
  std::vector<double> rates;
  /// Probabilities of going on after each stage but the last [1].
  std::vector<double> continue_probabilities;
  /// The same law as an absorbed chain.
  PhaseType phases;

  double mean() const { return phases.mean(); }
  double variance() const { return phases.variance(); }
  double skewness() const { return phases.skewness(); }
  double moment(int order) const { return phases.moment(order); }
  double pdf(double value) const { return phases.pdf(value); }
  double cdf(double value) const { return phases.cdf(value); }
  double survival(double value) const { return phases.survival(value); }
  double quantile(double probability) const { return phases.quantile(probability); }
  double survival_quantile(double probability) const { return phases.survival_quantile(probability); }
  double laplace(double argument) const { return phases.laplace(argument); }
  void sample(const Stream& stream, std::uint64_t first, std::span<double> out) const;
  std::string describe() const;
};

/// Phase-type law: the time a Markov chain takes to leave its phases.
///
/// The chain starts in phase i with probability αᵢ, jumps from i to j at rate Tᵢⱼ and leaves at rate -Σⱼ Tᵢⱼ.
///
/// @param initial    α [1], each in [0, 1], summing to 1 within 1e-12
/// @param generator  T [1/s], square: off the diagonal >= 0, rows sum to <= 0, every phase leads out
/// @returns          the law
/// @source           Neuts 1981, Matrix-Geometric Solutions in Stochastic Models, ch. 2
PhaseType phase_type(std::vector<double> initial, const std::vector<std::vector<double>>& generator);

/// Coxian law: stage i takes an exponential time, then the next follows with probability cᵢ.
///
/// @param rates                   λᵢ [1/s], each finite and > 0
/// @param continue_probabilities  cᵢ [1], each in [0, 1], one fewer than rates
/// @returns                       the law
/// @source                        Cox 1955, A use of complex probabilities in the theory of stochastic processes
Coxian coxian(std::vector<double> rates, std::vector<double> continue_probabilities);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/distributions/phase_type.ipp>
#endif
