#pragma once
/// @file
/// Intervals around what was estimated: means of replications, means of one long run, quantiles, control variates.

#include <span>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>

namespace qsm::inline v0::inline core {

/// Quantile of the standard normal distribution.
///
/// @param probability  p [1], in [0, 1]
/// @returns            z with Φ(z) = p [1]; infinite at both ends
/// @source             Wichura 1988, Algorithm AS 241: the percentage points of the normal distribution, PPND16
double normal_quantile(double probability);

/// Quantile of Student's t distribution.
///
/// @param probability  p [1], in [0, 1]
/// @param degrees      ν, degrees of freedom [1], > 0; infinity gives the normal distribution
/// @returns            t with P(T <= t) = p [1]; infinite at both ends
/// @source             Student 1908, The probable error of a mean; Abramowitz and Stegun 1964, 26.7
double student_quantile(double probability, double degrees);

/// Mean of independent values with its t interval.
///
/// x̄ ± t(ν = n - 1) s/√n. One value has an infinite interval. Where a value is infinite, so are mean and interval.
///
/// @param values      independent values of one law, such as one per replication [any]; at least one, none NaN
/// @param confidence  1 - α [1], in (0, 1)
/// @returns           mean and interval [unit of values]
/// @source            Student 1908, The probable error of a mean
Estimate mean_interval(std::span<const double> values, double confidence = 0.95);

/// Mean of one long correlated series, with the t interval of its batch means.
///
/// The series is cut into equal batches; the remainder at its beginning, where a warm-up would be, is left out.
///
/// @param series      successive values [any]; at least one for each batch, none NaN
/// @param batches     number of batches [1], an integer >= 2
/// @param confidence  1 - α [1], in (0, 1)
/// @returns           mean and interval [unit of series]
/// @source            Schmeiser 1982, Batch size effects in the analysis of simulation output
Estimate batch_means(std::span<const double> series, double batches = 20, double confidence = 0.95);

/// Quantile of a sample with an interval that holds for every continuous law.
///
/// The value is the smallest x of the sample with F̂(x) >= p. The interval lies between two order statistics, chosen by
/// the binomial distribution of the number below the true quantile; an end is infinite where the sample is too small.
///
/// @param samples      independent values [any], in any order; at least one, none NaN
/// @param probability  p [1], in [0, 1]
/// @param confidence   1 - α [1], in (0, 1); reached or exceeded
/// @returns            quantile and interval [unit of samples]
/// @source             David and Nagaraja 2003, Order Statistics, section 7.1
Estimate quantile_interval(std::span<const double> samples, double probability, double confidence = 0.95);

/// Mean of independent values, sharpened by a second value whose mean is known.
///
/// ȳ - b(x̄ - μ) with the slope b of the regression of y on x; the interval is that of the regression line at μ, with
/// n - 2 degrees of freedom. Where the control does not vary it is the mean alone.
///
/// @param values      y, independent values [any]; at least three, finite
/// @param controls    x, one for each value [any], from the same replication; finite
/// @param known_mean  μ = E[x] [unit of controls], finite
/// @param confidence  1 - α [1], in (0, 1)
/// @returns           E[y] and interval [unit of values]
/// @source            Lavenberg and Welch 1981, A perspective on the use of control variables to increase the
///                    efficiency of Monte Carlo simulations
Estimate control_variate(std::span<const double> values, std::span<const double> controls, double known_mean,
                         double confidence = 0.95);

/// Mean difference of two systems simulated on common random numbers, from their differences replication by
/// replication.
///
/// @param values      of the first system, one per replication [any]; at least one, none NaN
/// @param others      of the second system, for the same replications [unit of values]; none NaN
/// @param confidence  1 - α [1], in (0, 1)
/// @returns           E[value] - E[other] and interval [unit of values]
/// @source            Heikes, Montgomery and Rardin 1976, Using common random numbers in simulation experiments
Estimate paired_difference(std::span<const double> values, std::span<const double> others, double confidence = 0.95);

/// How much of the beginning of a series to leave out.
struct Warmup {
  /// Number of values to leave out [1].
  double observations;
  /// False where the rule found no settled second half: the series is too short.
  bool settled;
};

/// Length of the warm-up by MSER: the cut that makes the standard error of the rest smallest.
///
/// Over batches of m values, minimises Σ(z - z̄)²/(n - d)² of what remains after d batches, for d up to half the series.
///
/// @param series  successive values [any]; at least ten batches of them, finite
/// @param batch   m, values in a batch [1], an integer >= 1; five by custom
/// @returns       the cut, a multiple of m
/// @source        White 1997, An effective truncation heuristic for bias reduction in simulation output
/// @source        White, Cobb and Spratt 2000, A comparison of five steady-state truncation heuristics for simulation
Warmup mser_warmup(std::span<const double> series, double batch = 5);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/interval.ipp>
#endif
