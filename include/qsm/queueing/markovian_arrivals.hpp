#pragma once
/// @file
/// Markovian arrival processes: arrivals that come in bursts, correlated from one to the next.

#include <span>
#include <vector>

#include <qsm/core/distributions/phase_type.hpp>
#include <qsm/queueing/matrix.hpp>

namespace qsm::inline v0::queueing {

/// Markovian arrival process (MAP): a Markov chain some of whose transitions are arrivals; made by markovian_arrivals()
/// and its relatives. As the service of a busy server its events are departures.
class MarkovianArrivals {
 public:
  /// Checks and prepares; see markovian_arrivals().
  MarkovianArrivals(Matrix hidden, Matrix arriving, const char* function = "markovian_arrivals");

  /// Transitions without an arrival D₀ [1/s].
  const Matrix& hidden() const { return hidden_; }
  /// Transitions with an arrival D₁ [1/s].
  const Matrix& arriving() const { return arriving_; }
  /// Probabilities of the phases at any time π [1].
  const std::vector<double>& phases() const { return phases_; }
  /// Arrivals per second λ = π D₁ 1 [1/s].
  double rate() const;
  /// Law of the time between two arrivals.
  PhaseType interarrival() const;
  /// Correlation of times between arrivals that are `lag` apart [1].
  ///
  /// @param lag  how far apart [1], integer >= 1
  double correlation(int lag = 1) const;
  /// Variance over mean of the number of arrivals in a long time [1]; 1 for a Poisson process.
  double dispersion() const;

 private:
  Matrix hidden_;
  Matrix arriving_;
  std::vector<double> phases_;
};

/// Markovian arrival process from its two matrices.
///
/// @param hidden    transitions without an arrival D₀ [1/s], off the diagonal >= 0
/// @param arriving  transitions with an arrival D₁ [1/s], >= 0, not all 0; rows of D₀ + D₁ sum to 0, every phase is
///                  reached from every other one that it reaches
/// @returns         the process
/// @source          D. Lucantoni, K. Meier-Hellstern, M. Neuts 1990, A single-server queue with server vacations and a
///                  class of non-renewal arrival processes
MarkovianArrivals markovian_arrivals(const Matrix& hidden, const Matrix& arriving);

/// Poisson process.
///
/// @param rate  λ [1/s], finite and > 0
/// @returns     the process
/// @source      L. Kleinrock 1975, Queueing Systems I, section 2.4
MarkovianArrivals poisson_arrivals(double rate);

/// Renewal process: independent times between arrivals.
///
/// @param interarrival  law of these times, of phase type as in as_phase_type()
/// @returns             the process
/// @source              M. Neuts 1979, A versatile Markovian point process
MarkovianArrivals renewal_arrivals(const Distribution& interarrival);

/// Markov-modulated Poisson process: the rate of a Poisson process changes with a Markov chain.
///
/// @param generator  of the chain Q [1/s], off the diagonal >= 0, rows sum to 0
/// @param rates      of arrivals in each phase [1/s], finite and >= 0, not all 0
/// @returns          the process
/// @source           W. Fischer and K. Meier-Hellstern 1993, The Markov-modulated Poisson process (MMPP) cookbook
MarkovianArrivals modulated_arrivals(const Matrix& generator, std::span<const double> rates);

/// Process with this mean, variability and correlation of the times between arrivals.
///
/// For c² > 1 and correlations in [0, (1 - 1/c²)/2) the times are hyperexponential with balanced means; after each arrival
/// the phase is kept with probability γ, and drawn anew otherwise: the correlation at lag k is γᵏ (c² - 1)/(2c²). Beyond,
/// the times are of two kinds, equally frequent, of means (1 ± d) times the mean and each of phase type with as few phases
/// as its variability takes; the kind is kept with probability (1 + γ)/2, γ < 0 where long and short ones alternate: the
/// correlation at lag k is γᵏ d²/c².
///
/// @param mean         time between arrivals [s], finite and > 0
/// @param scv          its squared coefficient of variation c² [1], in [0.001, 1e12]
/// @param correlation  of one time and the next ρ [1], |ρ| < min(1, 1/c²), or in [0, (1 - 1/c²)/2)
/// @returns            the process
/// @source             A. Heindl 2004, Inverse characterization of hyperexponential MAP(2)s
MarkovianArrivals arrivals_by_moments(double mean, double scv, double correlation);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/markovian_arrivals.ipp>
#endif
