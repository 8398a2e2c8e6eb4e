#pragma once
/// @file
/// Phase-type laws for what is known of a time: its law, its moments, or a sample.

#include <span>
#include <vector>

#include <qsm/core/distribution.hpp>
#include <qsm/core/distributions/phase_type.hpp>

namespace qsm::inline v0::queueing {

/// A law that is of phase type, as its Markov chain.
///
/// @param law  exponential, Erlang of at most 1000 stages, hyperexponential, Coxian, phase type, or a mixture or
///             multiple of such
/// @returns    the same law; throws std::invalid_argument for any other
/// @source     M. Neuts 1981, Matrix-Geometric Solutions in Stochastic Models, ch. 2
PhaseType as_phase_type(const Distribution& law);

/// Phase-type law with this mean and variability: hyperexponential with balanced means above c² = 1, a mixture of two
/// Erlang laws of one rate below.
///
/// @param mean  m [s], finite and > 0
/// @param scv   squared coefficient of variation c² [1], in [0.001, 1e12]: 1/c² phases below 1
/// @returns     the law
/// @source      H. Tijms 1994, Stochastic Models: An Algorithmic Approach, appendix B
PhaseType phase_type_by_moments(double mean, double scv);

/// Phase-type law of two phases with these three moments.
///
/// @param first   E[X] [s], finite and > 0
/// @param second  E[X²] [s²], finite and > 0
/// @param third   E[X³] [s³], finite and > 0; refused where no two phases have all three
/// @returns       the law
/// @source        M. Telek and A. Heindl 2002, Matching moments for acyclic discrete and continuous phase-type
///                distributions of second order
PhaseType phase_type_by_three_moments(double first, double second, double third);

/// Mixture of Erlang laws.
///
/// @param stages         phases of each [1], integers >= 1
/// @param probabilities  of each [1], in [0, 1], summing to 1 within 1e-12
/// @param rates          of each one's phases [1/s], finite and > 0
/// @returns              the law
/// @source               H. Tijms 1994, Stochastic Models: An Algorithmic Approach, section 5.5
PhaseType hyper_erlang(const std::vector<double>& stages, const std::vector<double>& probabilities,
                       const std::vector<double>& rates);

/// A fitted mixture of Erlang laws.
struct HyperErlangFit {
  /// Phases of each Erlang law [1].
  std::vector<double> stages = {};
  /// Probability of each [1].
  std::vector<double> probabilities = {};
  /// Rate of each one's phases [1/s].
  std::vector<double> rates = {};
  /// ln of the sample's density [1].
  double log_likelihood = 0;
  /// Rounds of expectation and maximisation, all tries together [1], an integer.
  double iterations = 0;

  /// The law as a Markov chain, hyper_erlang(stages, probabilities, rates).
  PhaseType law() const;
};

/// Mixture of Erlang laws with this many phases in all that makes a sample most likely.
///
/// Expectation maximisation for every way to divide the phases; the best is kept. A local maximum.
///
/// @param samples  times [s], each finite and > 0, at least 2
/// @param phases   phases in all [1], integer in [1, 12]
/// @returns        the fit
/// @source         A. Thümmler, P. Buchholz, M. Telek 2006, A novel approach for phase-type fitting with the EM algorithm
HyperErlangFit fit_hyper_erlang(std::span<const double> samples, double phases = 4);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/phase_type_fit.ipp>
#endif
